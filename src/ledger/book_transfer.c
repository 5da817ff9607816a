#include "ledger/book_internal.h"

#include "access/codec.h"

#include <string.h>

/* A call is worked out in memory first, against the accounts and against what the call itself made
 * so far; only what is created is then written, in one go. A chain that fails is taken back from
 * the end, so everything that it left is last. */

enum { HASH_INPUT_MAX = 160 + 2 * BOOK_TEXT_BYTES_MAX, NONE = -1 };

/* A transfer that this call creates. */
struct fresh {
    struct book_transfer transfer;
    uint32_t target;  /* in asking.targets, or DICT_NONE */
    int32_t previous; /* the one before with this target, or NONE */
};

/* An account's balances before a transfer touched it. */
struct undo {
    uint32_t place;
    struct book_account account;
};

struct asking {
    struct book *book;
    struct arena scratch;
    int64_t now_ms;
    bool sweeping; /* expired ones are voided just now */
    struct fresh *fresh;
    size_t fresh_count;
    struct undo *undos;
    size_t undo_count;
    struct dict ids, targets;
    int32_t *by_id;     /* by number in ids: in fresh, or NONE */
    int32_t *by_target; /* by number in targets: the last in fresh, or NONE */
};

/* What is known of the transfer that another names. */
struct target {
    struct book_transfer transfer;
    bool found, posted, voided;
    int64_t corrected;
};

static struct str id_bytes(const struct book_id *id)
{
    return (struct str){(const char *)id->bytes, sizeof id->bytes};
}

static bool id_equal(struct book_id a, struct book_id b)
{
    return memcmp(a.bytes, b.bytes, sizeof a.bytes) == 0;
}

static void put_i64(unsigned char *out, size_t *at, int64_t value)
{
    for (int i = 0; i < 8; i++) out[(*at)++] = (unsigned char)((uint64_t)value >> (56 - 8 * i));
}

static void put_text(unsigned char *out, size_t *at, struct str text)
{
    out[(*at)++] = (unsigned char)(text.len >> 8);
    out[(*at)++] = (unsigned char)text.len;
    if (text.len > 0) memcpy(out + *at, text.ptr, text.len);
    *at += text.len;
}

void book_hash(const unsigned char before[BOOK_HASH_BYTES], const struct book_transfer *transfer,
               unsigned char out[BOOK_HASH_BYTES])
{
    unsigned char input[HASH_INPUT_MAX];
    size_t at = 0;
    CHECK(transfer->reason.len <= BOOK_TEXT_BYTES_MAX);
    CHECK(transfer->reference.len <= BOOK_TEXT_BYTES_MAX);
    memcpy(input, before, BOOK_HASH_BYTES);
    at = BOOK_HASH_BYTES;
    put_i64(input, &at, transfer->number);
    memcpy(input + at, transfer->id.bytes, BOOK_ID_BYTES);
    at += BOOK_ID_BYTES;
    input[at++] = (unsigned char)transfer->kind;
    input[at++] = transfer->linked;
    put_i64(input, &at, transfer->debit);
    put_i64(input, &at, transfer->credit);
    put_i64(input, &at, transfer->fen);
    memcpy(input + at, transfer->target.bytes, BOOK_ID_BYTES);
    at += BOOK_ID_BYTES;
    put_i64(input, &at, transfer->expires_ms);
    put_i64(input, &at, transfer->at_ms);
    put_text(input, &at, transfer->reason);
    put_text(input, &at, transfer->reference);
    CHECK(at <= sizeof input);
    sm3_hash((struct str){(const char *)input, at}, out);
}

/* A transfer by its id: of this call, or of the store. Texts live as long as the call. */
static bool find_transfer(struct asking *asking, struct book_id id, struct book_transfer *out,
                          bool *found, struct err *err)
{
    uint32_t number = dict_find(&asking->ids, id_bytes(&id));
    if (number != DICT_NONE && asking->by_id[number] != NONE) {
        *out = asking->fresh[asking->by_id[number]].transfer;
        *found = true;
        return true;
    }
    return book_transfer_read(asking->book, &asking->scratch, id, out, found, err);
}

static void add_effect(struct target *target, enum book_kind kind, int64_t fen)
{
    if (kind == BOOK_POST_PENDING) target->posted = true;
    if (kind == BOOK_VOID_PENDING) target->voided = true;
    if (kind == BOOK_CORRECT) target->corrected += fen;
}

static bool find_target(struct asking *asking, struct book_id id, struct target *out,
                        struct err *err)
{
    struct store_statement *rows = asking->book->read_targets;
    bool row = false, good;
    *out = (struct target){0};
    if (!find_transfer(asking, id, &out->transfer, &out->found, err)) return false;
    if (!out->found) return true;
    store_bind_blob(rows, "$target", id_bytes(&id));
    while ((good = store_step(rows, &row, err)) && row) {
        add_effect(out, (enum book_kind)store_i64(rows, 0), store_i64(rows, 1));
    }
    store_reset(rows);
    uint32_t number = dict_find(&asking->targets, id_bytes(&id));
    int32_t last = number == DICT_NONE ? NONE : asking->by_target[number];
    for (; last != NONE; last = asking->fresh[last].previous) {
        const struct book_transfer *effect = &asking->fresh[last].transfer;
        add_effect(out, effect->kind, effect->fen);
    }
    return good;
}

/* Fields that a call leaves open, or that say the same in another way, are not compared. */
static bool is_same(const struct book_transfer *asked, const struct book_transfer *there)
{
    bool named = asked->kind >= BOOK_POST_PENDING;
    return asked->kind == there->kind && asked->linked == there->linked
           && ((named && asked->debit == 0) || asked->debit == there->debit)
           && ((named && asked->credit == 0) || asked->credit == there->credit)
           && ((named && asked->fen == 0) || asked->fen == there->fen)
           && id_equal(asked->target, there->target) && asked->expires_ms == there->expires_ms
           && str_equal(asked->reason, there->reason)
           && str_equal(asked->reference, there->reference);
}

static enum book_status check_fields(const struct asking *asking, const struct book_transfer *asked)
{
    bool named = asked->kind >= BOOK_POST_PENDING;
    if (book_id_is_none(asked->id)) return BOOK_REFUSED_ID;
    if (asked->reason.len > BOOK_TEXT_BYTES_MAX || asked->reference.len > BOOK_TEXT_BYTES_MAX) {
        return BOOK_REFUSED_TEXT;
    }
    if (asked->fen > BOOK_FEN_MAX || asked->fen < 0 || (!named && asked->fen == 0)) {
        return BOOK_REFUSED_AMOUNT;
    }
    if (named == book_id_is_none(asked->target)) return BOOK_REFUSED_TARGET;
    if (asked->expires_ms != 0
        && (asked->kind != BOOK_PENDING || asked->expires_ms <= asking->now_ms)) {
        return BOOK_REFUSED_EXPIRY;
    }
    return BOOK_CREATED;
}

/* Fills in what a transfer takes from the one that it names. */
static enum book_status take_target(const struct asking *asking, const struct target *target,
                                    struct book_transfer *asked)
{
    const struct book_transfer *there = &target->transfer;
    bool correct = asked->kind == BOOK_CORRECT;
    if (!target->found) return BOOK_REFUSED_TARGET;
    bool moved =
        there->kind == BOOK_POST || there->kind == BOOK_POST_PENDING || there->kind == BOOK_CORRECT;
    if (correct ? !moved : there->kind != BOOK_PENDING) return BOOK_REFUSED_TARGET;
    int64_t debit = correct ? there->credit : there->debit;
    int64_t credit = correct ? there->debit : there->credit;
    if ((asked->debit != 0 && asked->debit != debit)
        || (asked->credit != 0 && asked->credit != credit)) {
        return BOOK_REFUSED_TARGET_DIFFERS;
    }
    if (target->posted) return BOOK_REFUSED_POSTED;
    if (target->voided) return BOOK_REFUSED_VOIDED;
    bool expired = there->expires_ms != 0 && there->expires_ms <= asking->now_ms;
    if (!correct && expired && !asking->sweeping) return BOOK_REFUSED_EXPIRED;
    int64_t left = there->fen - target->corrected;
    if (asked->fen > left || left == 0) return BOOK_REFUSED_TARGET_MORE;
    bool all = asked->fen == 0;
    if (asked->kind == BOOK_VOID_PENDING && !all && asked->fen != left) {
        return BOOK_REFUSED_TARGET_MORE;
    }
    asked->debit = debit;
    asked->credit = credit;
    if (all) asked->fen = left;
    return BOOK_CREATED;
}

static bool add(int64_t *sum, int64_t fen)
{
    return !__builtin_add_overflow(*sum, fen, sum);
}

/* The balances of one side after a transfer; false when a sum would pass its limit. */
static bool move(int64_t *posted, int64_t *pending, const struct book_transfer *asked,
                 int64_t reserved)
{
    switch (asked->kind) {
    case BOOK_PENDING: return add(pending, asked->fen);
    case BOOK_POST_PENDING: *pending -= reserved; return add(posted, asked->fen);
    case BOOK_VOID_PENDING: *pending -= reserved; return true;
    default: return add(posted, asked->fen);
    }
}

static bool is_within(int64_t posted, int64_t pending, int64_t limit)
{
    int64_t sum;
    return !__builtin_add_overflow(posted, pending, &sum) && sum <= limit;
}

static enum book_status apply(struct asking *asking, uint32_t debit_place, uint32_t credit_place,
                              const struct book_transfer *asked, int64_t reserved)
{
    struct book_cached *accounts = asking->book->accounts;
    struct book_account debit = accounts[debit_place].account;
    struct book_account credit = accounts[credit_place].account;
    if (!move(&debit.debits_posted, &debit.debits_pending, asked, reserved)
        || !move(&credit.credits_posted, &credit.credits_pending, asked, reserved)) {
        return BOOK_REFUSED_OVERFLOW;
    }
    CHECK(debit.debits_pending >= 0);
    CHECK(credit.credits_pending >= 0);
    bool frees = asked->kind == BOOK_POST_PENDING || asked->kind == BOOK_VOID_PENDING;
    if (!frees && (debit.flags & BOOK_DEBITS_WITHIN_CREDITS) != 0
        && !is_within(debit.debits_posted, debit.debits_pending, debit.credits_posted)) {
        return BOOK_REFUSED_EXCEEDS;
    }
    if (!frees && (credit.flags & BOOK_CREDITS_WITHIN_DEBITS) != 0
        && !is_within(credit.credits_posted, credit.credits_pending, credit.debits_posted)) {
        return BOOK_REFUSED_EXCEEDS;
    }
    asking->undos[asking->undo_count++] = (struct undo){debit_place, accounts[debit_place].account};
    asking->undos[asking->undo_count++] =
        (struct undo){credit_place, accounts[credit_place].account};
    accounts[debit_place].account = debit;
    accounts[credit_place].account = credit;
    accounts[debit_place].changed = accounts[credit_place].changed = true;
    return BOOK_CREATED;
}

/* Notes a transfer as created by this call. */
static void note(struct asking *asking, struct book_transfer *asked)
{
    struct book *book = asking->book;
    int32_t place = (int32_t)asking->fresh_count++;
    struct fresh *fresh = &asking->fresh[place];
    asked->number = book->head.count + (int64_t)asking->fresh_count;
    asked->at_ms = asking->now_ms;
    *fresh = (struct fresh){.transfer = *asked, .target = DICT_NONE, .previous = NONE};
    uint32_t known, number = dict_put(&asking->ids, id_bytes(&asked->id));
    asking->by_id[number] = place;
    if (book_id_is_none(asked->target)) return;
    known = asking->targets.count;
    fresh->target = dict_put(&asking->targets, id_bytes(&asked->target));
    if (fresh->target < known) fresh->previous = asking->by_target[fresh->target];
    asking->by_target[fresh->target] = place;
}

/* Takes back what was noted last, down to `fresh_count`. */
static void take_back(struct asking *asking, size_t fresh_count, size_t undo_count)
{
    while (asking->undo_count > undo_count) {
        const struct undo *undo = &asking->undos[--asking->undo_count];
        asking->book->accounts[undo->place].account = undo->account;
    }
    while (asking->fresh_count > fresh_count) {
        const struct fresh *fresh = &asking->fresh[--asking->fresh_count];
        asking->by_id[dict_find(&asking->ids, id_bytes(&fresh->transfer.id))] = NONE;
        if (fresh->target != DICT_NONE) asking->by_target[fresh->target] = fresh->previous;
    }
}

static bool place_of(struct book *book, int64_t account, uint32_t *out, bool *found,
                     struct err *err)
{
    struct book_cached *cached = NULL;
    if (!book_cached(book, account, &cached, err)) return false;
    *found = cached != NULL;
    if (*found) *out = (uint32_t)(cached - book->accounts);
    return true;
}

static bool ask(struct asking *asking, struct book_transfer *asked, enum book_status *status,
                struct err *err)
{
    struct book_transfer there = {0};
    struct target target = {0};
    uint32_t debit = 0, credit = 0;
    bool found = false, has_debit = false, has_credit = false;
    *status = check_fields(asking, asked);
    if (*status == BOOK_REFUSED_ID || *status == BOOK_REFUSED_TEXT) return true;
    if (!find_transfer(asking, asked->id, &there, &found, err)) return false;
    if (found) {
        *status = is_same(asked, &there) ? BOOK_EXISTS : BOOK_REFUSED_EXISTS_OTHER;
        if (*status == BOOK_EXISTS) {
            asked->number = there.number;
            asked->at_ms = there.at_ms;
        }
        return true;
    }
    if (*status != BOOK_CREATED) return true;
    struct book_transfer wanted = *asked;
    if (wanted.kind >= BOOK_POST_PENDING) {
        if (!find_target(asking, wanted.target, &target, err)) return false;
        *status = take_target(asking, &target, &wanted);
        if (*status != BOOK_CREATED) return true;
    }
    if (!place_of(asking->book, wanted.debit, &debit, &has_debit, err)) return false;
    if (!place_of(asking->book, wanted.credit, &credit, &has_credit, err)) return false;
    *status = !has_debit || !has_credit ? BOOK_REFUSED_ACCOUNT
              : debit == credit         ? BOOK_REFUSED_SAME_ACCOUNT
                                : apply(asking, debit, credit, &wanted, target.transfer.fen);
    if (*status != BOOK_CREATED) return true;
    note(asking, &wanted);
    asked->number = wanted.number;
    asked->at_ms = wanted.at_ms;
    return true;
}

/* A chain holds when all of it is created, or all of it was created before. */
static void judge_chain(struct asking *asking, enum book_status *statuses, size_t count,
                        bool is_open, size_t fresh_count, size_t undo_count)
{
    size_t created = 0, exist = 0;
    for (size_t i = 0; i < count; i++) {
        created += statuses[i] == BOOK_CREATED;
        exist += statuses[i] == BOOK_EXISTS;
    }
    if (!is_open && (created == count || exist == count)) return;
    take_back(asking, fresh_count, undo_count);
    for (size_t i = 0; i < count; i++) {
        if (statuses[i] == BOOK_CREATED) statuses[i] = BOOK_REFUSED_CHAIN;
    }
    if (is_open) statuses[count - 1] = BOOK_REFUSED_CHAIN_OPEN;
}

static bool ask_all(struct asking *asking, struct book_transfer *transfers, size_t count,
                    enum book_status *statuses, struct err *err)
{
    for (size_t i = 0; i < count;) {
        size_t end = i, fresh_count = asking->fresh_count, undo_count = asking->undo_count;
        bool refused = false;
        do {
            if (refused) {
                statuses[end] = BOOK_REFUSED_CHAIN;
            } else if (!ask(asking, &transfers[end], &statuses[end], err)) {
                return false;
            }
            refused = refused || statuses[end] > BOOK_EXISTS;
        } while (transfers[end++].linked && end < count);
        bool is_open = transfers[end - 1].linked;
        judge_chain(asking, statuses + i, end - i, is_open, fresh_count, undo_count);
        i = end;
    }
    return true;
}

static bool write_transfers(struct asking *asking, struct book_head *head, struct err *err)
{
    struct store_statement *insert = asking->book->insert;
    for (size_t i = 0; i < asking->fresh_count; i++) {
        const struct book_transfer *transfer = &asking->fresh[i].transfer;
        unsigned char hash[BOOK_HASH_BYTES];
        book_hash(head->hash, transfer, hash);
        memcpy(head->hash, hash, sizeof hash);
        store_bind_i64_at(insert, 1, transfer->number);
        store_bind_blob_at(insert, 2, id_bytes(&transfer->id));
        store_bind_i64_at(insert, 3, transfer->kind);
        store_bind_i64_at(insert, 4, transfer->linked);
        store_bind_i64_at(insert, 5, transfer->debit);
        store_bind_i64_at(insert, 6, transfer->credit);
        store_bind_i64_at(insert, 7, transfer->fen);
        if (book_id_is_none(transfer->target)) {
            store_bind_null_at(insert, 8);
        } else {
            store_bind_blob_at(insert, 8, id_bytes(&transfer->target));
        }
        store_bind_i64_at(insert, 9, transfer->expires_ms);
        store_bind_str_at(insert, 10, transfer->reason.ptr == NULL ? STR("") : transfer->reason);
        store_bind_str_at(insert, 11,
                          transfer->reference.ptr == NULL ? STR("") : transfer->reference);
        store_bind_i64_at(insert, 12, transfer->at_ms);
        store_bind_blob_at(insert, 13, (struct str){(const char *)head->hash, sizeof head->hash});
        if (!store_run(insert, err)) return false;
    }
    head->count += (int64_t)asking->fresh_count;
    return true;
}

static bool write_balances(struct book *book, struct err *err)
{
    struct store_statement *write = book->write_balance;
    for (size_t i = 0; i < book->account_count; i++) {
        const struct book_account *account = &book->accounts[i].account;
        if (!book->accounts[i].changed) continue;
        store_bind_i64(write, "$account", account->number);
        store_bind_i64(write, "$debits_posted", account->debits_posted);
        store_bind_i64(write, "$debits_pending", account->debits_pending);
        store_bind_i64(write, "$credits_posted", account->credits_posted);
        store_bind_i64(write, "$credits_pending", account->credits_pending);
        if (!store_run(write, err)) return false;
        book->accounts[i].changed = false;
    }
    return true;
}

static bool write_all(struct asking *asking, struct err *err)
{
    struct book *book = asking->book;
    struct book_head head = book->head;
    head.at_ms = asking->now_ms;
    head.swept_ms = asking->now_ms;
    if (!write_transfers(asking, &head, err) || !write_balances(book, err)) return false;
    store_bind_i64(book->write_head, "$count", head.count);
    store_bind_i64(book->write_head, "$at_ms", head.at_ms);
    store_bind_i64(book->write_head, "$swept_ms", head.swept_ms);
    store_bind_blob(book->write_head, "$hash",
                    (struct str){(const char *)head.hash, sizeof head.hash});
    if (!store_run(book->write_head, err)) return false;
    book->head = head;
    return true;
}

/* The pending transfers whose moment has passed since the last sweep. */
static bool find_expired(struct asking *asking, struct book_id **out, size_t *count,
                         struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, good = false;
    size_t capacity = 0;
    *count = 0;
    if (!store_prepare(asking->book->store, &rows,
                       "SELECT id FROM book_transfer AS reserved WHERE expires_ms > $since AND "
                       "expires_ms <= $now AND expires_ms > 0 AND NOT EXISTS (SELECT 1 FROM "
                       "book_transfer AS done WHERE done.target = reserved.id) ORDER BY number",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$since", asking->book->head.swept_ms);
    store_bind_i64(rows, "$now", asking->now_ms);
    while ((good = store_step(rows, &row, err)) && row) {
        if (*count == capacity) {
            struct book_id *more =
                arena_array(&asking->scratch, struct book_id, capacity = capacity * 2 + 64);
            if (*count > 0) memcpy(more, *out, *count * sizeof *more);
            *out = more;
        }
        struct str bytes = store_str(rows, 0);
        CHECK(bytes.len == BOOK_ID_BYTES);
        memcpy((*out)[(*count)++].bytes, bytes.ptr, BOOK_ID_BYTES);
    }
    store_finish(rows);
    return good;
}

static void make_room(struct asking *asking, size_t count)
{
    asking->fresh = arena_array(&asking->scratch, struct fresh, count);
    asking->undos = arena_array(&asking->scratch, struct undo, 2 * count);
    asking->by_id = arena_array(&asking->scratch, int32_t, count);
    asking->by_target = arena_array(&asking->scratch, int32_t, count);
}

static bool void_expired(struct asking *asking, const struct book_id *ids, size_t count,
                         struct err *err)
{
    asking->sweeping = true;
    for (size_t i = 0; i < count; i++) {
        enum book_status status;
        char name[6 + BOOK_ID_BYTES] = "expire";
        memcpy(name + 6, ids[i].bytes, BOOK_ID_BYTES);
        struct book_transfer expiry = {.id = book_id_of((struct str){name, sizeof name}),
                                       .kind = BOOK_VOID_PENDING,
                                       .target = ids[i],
                                       .reason = STR("expire")};
        if (!ask(asking, &expiry, &status, err)) return false;
        CHECK(status == BOOK_CREATED);
    }
    asking->sweeping = false;
    return true;
}

/* In a transaction: expired ones first, so that what they reserved is free for the call. */
static bool run(struct book *book, struct book_transfer *transfers, size_t count,
                enum book_status *statuses, uint64_t *swept, struct err *err)
{
    struct asking asking = {.book = book};
    struct book_id *expired = NULL;
    size_t expired_count = 0;
    bool good = false;
    dict_init(&asking.ids, &asking.scratch);
    dict_init(&asking.targets, &asking.scratch);
    if (!book_refresh(book, err)) goto out;
    asking.now_ms = clock_now_ms(book->clock);
    if (asking.now_ms < book->head.at_ms) asking.now_ms = book->head.at_ms;
    if (!find_expired(&asking, &expired, &expired_count, err)) goto out;
    make_room(&asking, count + expired_count);
    good = void_expired(&asking, expired, expired_count, err)
           && ask_all(&asking, transfers, count, statuses, err);
    if (good && (asking.fresh_count > 0 || expired_count > 0)) good = write_all(&asking, err);
    if (swept != NULL) *swept = expired_count;
out:
    arena_free(&asking.scratch);
    if (!good) book_forget(book);
    return good;
}

static bool run_whole(struct book *book, struct book_transfer *transfers, size_t count,
                      enum book_status *statuses, uint64_t *swept, struct err *err)
{
    if (store_in_transaction(book->store)) {
        return run(book, transfers, count, statuses, swept, err);
    }
    if (!store_begin(book->store, err)) return false;
    bool done = run(book, transfers, count, statuses, swept, err);
    if (store_end(book->store, done, err)) return true;
    book_forget(book);
    return false;
}

bool book_transfer(struct book *book, struct book_transfer *transfers, size_t count,
                   enum book_status *statuses, struct err *err)
{
    CHECK(book != NULL);
    CHECK(count <= BOOK_BATCH_MAX);
    return run_whole(book, transfers, count, statuses, NULL, err);
}

bool book_expire(struct book *book, uint64_t *count, struct err *err)
{
    CHECK(count != NULL);
    return run_whole(book, NULL, 0, NULL, count, err);
}

bool book_state_read(struct book *book, struct book_id id, struct book_state *out, bool *found,
                     struct err *err)
{
    struct asking asking = {.book = book};
    struct target target;
    dict_init(&asking.ids, &asking.scratch);
    dict_init(&asking.targets, &asking.scratch);
    bool good = book_refresh(book, err) && find_target(&asking, id, &target, err);
    arena_free(&asking.scratch);
    if (!good) return false;
    int64_t now = clock_now_ms(book->clock);
    int64_t expires = target.transfer.expires_ms;
    *found = target.found;
    *out = (struct book_state){
        .pending = target.found && target.transfer.kind == BOOK_PENDING && !target.posted
                   && !target.voided && (expires == 0 || expires > now),
        .corrected = target.corrected,
    };
    return true;
}

bool book_seal(struct book *book, day sealed, int64_t *number, unsigned char root[BOOK_HASH_BYTES],
               struct err *err)
{
    struct store_statement *last = NULL, *insert = NULL;
    bool row = false, good = false;
    CHECK(!day_is_none(sealed));
    CHECK(store_in_transaction(book->store));
    *number = 0;
    if (!book_refresh(book, err)) return false;
    if (!store_prepare(book->store, &last,
                       "SELECT day, transfer FROM book_seal ORDER BY day DESC LIMIT 1", err)) {
        return false;
    }
    if (!store_step(last, &row, err)) goto out;
    if (row && store_day(last, 0).days >= sealed.days) {
        err_set(err, ERR_CONFLICT, "the books are sealed up to that day or a later one",
                "账簿已封存到该日或更晚");
        goto out;
    }
    good = true;
    if (book->head.count == 0 || (row && store_i64(last, 1) == book->head.count)) goto out;
    good = store_prepare(book->store, &insert,
                         "INSERT INTO book_seal (day, transfer, root) VALUES ($day, $transfer, "
                         "$root)",
                         err);
    if (!good) goto out;
    store_bind_day(insert, "$day", sealed);
    store_bind_i64(insert, "$transfer", book->head.count);
    store_bind_blob(insert, "$root",
                    (struct str){(const char *)book->head.hash, sizeof book->head.hash});
    good = store_run(insert, err);
    if (!good) goto out;
    *number = book->head.count;
    memcpy(root, book->head.hash, BOOK_HASH_BYTES);
out:
    store_finish(last);
    store_finish(insert);
    return good;
}
