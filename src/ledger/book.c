#include "ledger/book_internal.h"

#include "access/codec.h"
#include "base/asset.h"

#include <string.h>

struct book_id book_id_of(struct str text)
{
    unsigned char hash[BOOK_HASH_BYTES];
    struct book_id id;
    sm3_hash(text, hash);
    memcpy(id.bytes, hash, sizeof id.bytes);
    return id;
}

bool book_id_is_none(struct book_id id)
{
    static const struct book_id none = {0};
    return memcmp(id.bytes, none.bytes, sizeof id.bytes) == 0;
}

bool book_migrate(struct store *store, struct err *err)
{
    struct str script;
    CHECK(asset_find("src/ledger/schema.sql", &script));
    return store_migrate(store, "book", &script, 1, err);
}

static bool prepare(struct book *book, struct err *err)
{
    struct store *store = book->store;
    return store_prepare(store, &book->read_head,
                         "SELECT count, at_ms, swept_ms, hash FROM book_head", err)
           && store_prepare(store, &book->write_head,
                            "UPDATE book_head SET count = $count, at_ms = $at_ms, "
                            "swept_ms = $swept_ms, hash = $hash",
                            err)
           && store_prepare(store, &book->read_account,
                            "SELECT number, id, code, flags, debits_posted, debits_pending, "
                            "credits_posted, credits_pending FROM book_account "
                            "JOIN book_balance ON account = number WHERE number = $number",
                            err)
           && store_prepare(store, &book->find_account,
                            "SELECT number FROM book_account WHERE code = $code", err)
           && store_prepare(store, &book->write_balance,
                            "UPDATE book_balance SET debits_posted = $debits_posted, "
                            "debits_pending = $debits_pending, credits_posted = $credits_posted, "
                            "credits_pending = $credits_pending WHERE account = $account",
                            err)
           && store_prepare(store, &book->read_transfer,
                            "SELECT " BOOK_COLUMNS " FROM book_transfer WHERE id = $id", err)
           && store_prepare(store, &book->read_targets,
                            "SELECT kind, fen FROM book_transfer WHERE target = $target", err)
           && store_prepare(store, &book->insert,
                            "INSERT INTO book_transfer (" BOOK_COLUMNS ", hash) VALUES ($number, "
                            "$id, $kind, $linked, $debit, $credit, $fen, $target, $expires_ms, "
                            "$reason, $reference, $at_ms, $hash)",
                            err);
}

bool book_open(struct book **out, struct arena *arena, struct store *store,
               const struct clock *clock, struct err *err)
{
    CHECK(store != NULL);
    struct book *book = arena_new(arena, struct book);
    *book = (struct book){.arena = arena, .store = store, .clock = clock};
    u64_map_init(&book->numbers, &book->cache);
    if (!prepare(book, err)) {
        book_close(book);
        return false;
    }
    *out = book;
    return true;
}

void book_close(struct book *book)
{
    if (book == NULL) return;
    store_finish(book->read_head);
    store_finish(book->write_head);
    store_finish(book->read_account);
    store_finish(book->find_account);
    store_finish(book->write_balance);
    store_finish(book->read_transfer);
    store_finish(book->read_targets);
    store_finish(book->insert);
    arena_free(&book->cache);
}

void book_forget(struct book *book)
{
    arena_reset(&book->cache);
    u64_map_init(&book->numbers, &book->cache);
    book->accounts = NULL;
    book->account_count = book->account_capacity = 0;
    book->head_known = false;
}

bool book_refresh(struct book *book, struct err *err)
{
    struct book_head head = {0};
    if (!store_step_row(book->read_head, err)) {
        store_reset(book->read_head);
        return false;
    }
    head.count = store_i64(book->read_head, 0);
    head.at_ms = store_i64(book->read_head, 1);
    head.swept_ms = store_i64(book->read_head, 2);
    struct str hash = store_str(book->read_head, 3);
    CHECK(hash.len == BOOK_HASH_BYTES);
    memcpy(head.hash, hash.ptr, sizeof head.hash);
    store_reset(book->read_head);
    bool same = book->head_known && memcmp(head.hash, book->head.hash, sizeof head.hash) == 0;
    if (!same) book_forget(book);
    book->head = head;
    book->head_known = true;
    return true;
}

static struct book_id id_at(struct store_statement *row, int column)
{
    struct book_id id = {0};
    struct str bytes = store_str(row, column);
    if (bytes.len == sizeof id.bytes) memcpy(id.bytes, bytes.ptr, sizeof id.bytes);
    return id;
}

struct book_transfer book_row(struct store_statement *row)
{
    return (struct book_transfer){
        .number = store_i64(row, 0),
        .id = id_at(row, 1),
        .kind = (enum book_kind)store_i64(row, 2),
        .linked = store_i64(row, 3) != 0,
        .debit = store_i64(row, 4),
        .credit = store_i64(row, 5),
        .fen = store_i64(row, 6),
        .target = id_at(row, 7),
        .expires_ms = store_i64(row, 8),
        .reason = store_str(row, 9),
        .reference = store_str(row, 10),
        .at_ms = store_i64(row, 11),
    };
}

static struct book_cached *add_cached(struct book *book)
{
    if (book->account_count == book->account_capacity) {
        size_t more = book->account_capacity == 0 ? 256 : book->account_capacity * 2;
        struct book_cached *fresh = arena_array(&book->cache, struct book_cached, more);
        if (book->account_count > 0) {
            memcpy(fresh, book->accounts, book->account_count * sizeof *fresh);
        }
        book->accounts = fresh;
        book->account_capacity = more;
    }
    return &book->accounts[book->account_count++];
}

bool book_cached(struct book *book, int64_t number, struct book_cached **out, struct err *err)
{
    uint32_t place = u64_map_find(&book->numbers, (uint64_t)number);
    if (place != DICT_NONE) {
        *out = &book->accounts[place];
        return true;
    }
    struct store_statement *read = book->read_account;
    bool row = false;
    store_bind_i64(read, "$number", number);
    bool good = store_step(read, &row, err);
    *out = NULL;
    if (good && row) {
        struct book_cached *cached = add_cached(book);
        cached->changed = false;
        cached->account = (struct book_account){
            .number = number,
            .id = id_at(read, 1),
            .code = str_copy(&book->cache, store_str(read, 2)),
            .flags = (unsigned)store_i64(read, 3),
            .debits_posted = store_i64(read, 4),
            .debits_pending = store_i64(read, 5),
            .credits_posted = store_i64(read, 6),
            .credits_pending = store_i64(read, 7),
        };
        u64_map_put(&book->numbers, (uint64_t)number, (uint32_t)(book->account_count - 1));
        *out = cached;
    }
    store_reset(read);
    return good;
}

bool book_account_read(struct book *book, int64_t number, struct book_account *out, bool *found,
                       struct err *err)
{
    struct book_cached *cached = NULL;
    if (!book_refresh(book, err) || !book_cached(book, number, &cached, err)) return false;
    *found = cached != NULL;
    if (cached == NULL) return true;
    *out = cached->account;
    out->code = str_copy(book->arena, cached->account.code);
    return true;
}

bool book_account_find(struct book *book, struct str code, struct book_account *out, bool *found,
                       struct err *err)
{
    bool row = false;
    store_bind_str(book->find_account, "$code", code);
    bool good = store_step(book->find_account, &row, err);
    int64_t number = good && row ? store_i64(book->find_account, 0) : 0;
    store_reset(book->find_account);
    *found = false;
    if (!good || !row) return good;
    return book_account_read(book, number, out, found, err);
}

static bool insert_account(struct book *book, struct book_account *account, struct err *err)
{
    struct store_statement *insert = NULL, *balance = NULL;
    bool good = false;
    struct str id = {(const char *)account->id.bytes, sizeof account->id.bytes};
    if (!store_prepare(book->store, &insert,
                       "INSERT INTO book_account (id, code, flags) VALUES ($id, $code, $flags)",
                       err)) {
        return false;
    }
    store_bind_blob(insert, "$id", id);
    store_bind_str(insert, "$code", account->code);
    store_bind_i64(insert, "$flags", account->flags);
    if (!store_run(insert, err)) goto out;
    account->number = store_last_id(book->store);
    if (!store_prepare(book->store, &balance,
                       "INSERT INTO book_balance (account, debits_posted, debits_pending, "
                       "credits_posted, credits_pending) VALUES ($account, 0, 0, 0, 0)",
                       err)) {
        goto out;
    }
    store_bind_i64(balance, "$account", account->number);
    good = store_run(balance, err);
out:
    store_finish(insert);
    store_finish(balance);
    return good;
}

static bool find_by_id(struct book *book, struct book_id id, bool *found, struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(book->store, &find, "SELECT number FROM book_account WHERE id = $id", err)) {
        return false;
    }
    store_bind_blob(find, "$id", (struct str){(const char *)id.bytes, sizeof id.bytes});
    bool good = store_step(find, found, err);
    store_finish(find);
    return good;
}

static bool open_account(struct book *book, struct book_account *account, struct err *err)
{
    struct book_account found = {0};
    bool is_there = false, id_taken = false;
    if (!book_account_find(book, account->code, &found, &is_there, err)) return false;
    if (is_there) {
        bool same = memcmp(found.id.bytes, account->id.bytes, sizeof found.id.bytes) == 0
                    && found.flags == account->flags;
        if (!same) {
            return err_set(err, ERR_CONFLICT, "the account \"%.*s\" was opened in another way",
                           "账户“%.*s”已按别的方式开立", STR_ARG(account->code));
        }
        account->number = found.number;
        return true;
    }
    if (!find_by_id(book, account->id, &id_taken, err)) return false;
    if (id_taken) {
        return err_set(err, ERR_CONFLICT, "the id for \"%.*s\" stands for another account",
                       "账户“%.*s”的编号已用于别的账户", STR_ARG(account->code));
    }
    return insert_account(book, account, err);
}

bool book_account_open(struct book *book, struct book_account *account, struct err *err)
{
    CHECK(!book_id_is_none(account->id));
    if (account->code.len == 0 || account->code.len > BOOK_TEXT_BYTES_MAX) {
        return err_set(err, ERR_INPUT, "an account's code has 1 to %d bytes",
                       "账户代码为 1 至 %d 字节", BOOK_TEXT_BYTES_MAX);
    }
    if (store_in_transaction(book->store)) return open_account(book, account, err);
    if (!store_begin(book->store, err)) return false;
    return store_end(book->store, open_account(book, account, err), err);
}

bool book_transfer_read(struct book *book, struct arena *arena, struct book_id id,
                        struct book_transfer *out, bool *found, struct err *err)
{
    struct store_statement *read = book->read_transfer;
    store_bind_blob(read, "$id", (struct str){(const char *)id.bytes, sizeof id.bytes});
    bool good = store_step(read, found, err);
    if (good && *found) {
        *out = book_row(read);
        out->reason = str_copy(arena, out->reason);
        out->reference = str_copy(arena, out->reference);
    }
    store_reset(read);
    return good;
}

bool book_walk(struct store *store, int64_t account, int64_t from,
               bool (*each)(void *context, const struct book_transfer *), void *context,
               struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    good = account == 0
               ? store_prepare(store, &rows,
                               "SELECT " BOOK_COLUMNS " FROM book_transfer WHERE number >= $from "
                               "ORDER BY number",
                               err)
               : store_prepare(store, &rows,
                               "SELECT " BOOK_COLUMNS " FROM book_transfer WHERE number >= $from "
                               "AND number IN (SELECT number FROM book_transfer WHERE debit = "
                               "$account UNION SELECT number FROM book_transfer WHERE credit = "
                               "$account) ORDER BY number",
                               err);
    if (!good) return false;
    store_bind_i64(rows, "$from", from);
    if (account != 0) store_bind_i64(rows, "$account", account);
    while ((good = store_step(rows, &row, err)) && row) {
        struct book_transfer transfer = book_row(rows);
        if (!each(context, &transfer)) break;
    }
    store_finish(rows);
    return good;
}
