#include "access/audit.h"

#include "access/codec.h"
#include "base/asset.h"
#include "base/list.h"

#include <stdio.h>
#include <string.h>

enum { HASH_BYTES = AUDIT_HASH_BYTES, ENTRY_BYTES_MAX = 1 << 20 };

bool access_migrate(struct store *store, struct err *err)
{
    struct str scripts[4];
    CHECK(asset_find("src/access/schema.sql", &scripts[0]));
    CHECK(asset_find("src/access/schema_user.sql", &scripts[1]));
    CHECK(asset_find("src/access/schema_user_2.sql", &scripts[2]));
    CHECK(asset_find("src/access/schema_user_3.sql", &scripts[3]));
    return store_migrate(store, "access", scripts, 4, err);
}

static void add_number(struct text *text, int64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8) {
        text_add_byte(text, (char)(((uint64_t)number >> shift) & 0xFF));
    }
}

/* Lengths stand before the texts, so that no two entries give the same bytes. */
static void add_counted(struct text *text, struct str s)
{
    add_number(text, (int64_t)s.len);
    text_add(text, s);
}

static void entry_hash(struct arena *scratch, struct str before, const struct audit_entry *entry,
                       unsigned char out[HASH_BYTES])
{
    struct text bytes;
    text_init(&bytes, scratch, ENTRY_BYTES_MAX);
    text_add(&bytes, before);
    add_number(&bytes, entry->number);
    add_number(&bytes, entry->at_ms);
    add_counted(&bytes, entry->user);
    add_counted(&bytes, entry->action);
    add_counted(&bytes, entry->object);
    add_counted(&bytes, entry->reason);
    sm3_hash(text_str(&bytes), out);
}

/* Where the trail ends: number of rows and hash of the last. */
static bool read_head(struct store *store, int64_t *count, unsigned char hash[HASH_BYTES],
                      struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement, "SELECT count, hash FROM audit_head", err)) return false;
    bool row = false;
    bool done = store_step(statement, &row, err);
    if (done) {
        struct str bytes = row ? store_str(statement, 1) : STR_EMPTY;
        *count = row ? store_i64(statement, 0) : -1;
        memset(hash, 0, HASH_BYTES);
        memcpy(hash, bytes.ptr == NULL ? "" : bytes.ptr,
               bytes.len < HASH_BYTES ? bytes.len : HASH_BYTES);
    }
    store_finish(statement);
    return done;
}

static bool write_entry(struct store *store, const struct audit_entry *entry, struct str hash,
                        struct err *err)
{
    struct store_statement *insert = NULL, *head = NULL;
    bool done = false;
    if (!store_prepare(store, &insert,
                       "INSERT INTO audit (number, at_ms, user_name, action, object, reason, hash) "
                       "VALUES ($number, $at_ms, $user, $action, $object, $reason, $hash)",
                       err)) {
        goto out;
    }
    store_bind_i64(insert, "$number", entry->number);
    store_bind_i64(insert, "$at_ms", entry->at_ms);
    store_bind_text(insert, "$user", entry->user);
    store_bind_str(insert, "$action", entry->action);
    store_bind_text(insert, "$object", entry->object);
    store_bind_text(insert, "$reason", entry->reason);
    store_bind_blob(insert, "$hash", hash);
    if (!store_run(insert, err)) goto out;
    if (!store_prepare(store, &head, "UPDATE audit_head SET count = $count, hash = $hash", err)) {
        goto out;
    }
    store_bind_i64(head, "$count", entry->number);
    store_bind_blob(head, "$hash", hash);
    done = store_run(head, err);
out:
    store_finish(insert);
    store_finish(head);
    return done;
}

static bool append(struct store *store, const struct audit_entry *given, struct err *err)
{
    struct audit_entry entry = *given;
    unsigned char before[HASH_BYTES], hash[HASH_BYTES];
    int64_t count = 0;
    if (!read_head(store, &count, before, err)) return false;
    entry.number = count + 1;
    struct arena scratch = {0};
    entry_hash(&scratch, (struct str){(const char *)before, HASH_BYTES}, &entry, hash);
    arena_free(&scratch);
    return write_entry(store, &entry, (struct str){(const char *)hash, HASH_BYTES}, err);
}

bool audit_append(struct store *store, const struct clock *clock, const struct asker *asker,
                  enum audit_action action, struct str object, struct str reason, struct err *err)
{
    CHECK(store != NULL);
    CHECK(asker != NULL);
    if (asker->name.len + object.len + reason.len > ENTRY_BYTES_MAX / 2) {
        return err_set(err, ERR_LIMIT, "the reason is too long", "理由过长");
    }
    const struct audit_entry entry = {
        .at_ms = clock_now_ms(clock),
        .user = asker->name,
        .action = str_from(audit_action_key(action)),
        .object = object,
        .reason = reason,
    };
    if (store_in_transaction(store)) return append(store, &entry, err);
    if (!store_begin(store, err)) return false;
    if (!append(store, &entry, err)) {
        store_rollback(store);
        return false;
    }
    return store_commit(store, err);
}

static bool prepare_walk(struct store *store, struct store_statement **out, struct err *err)
{
    return store_prepare(store, out,
                         "SELECT number, at_ms, user_name, action, object, reason, hash FROM audit "
                         "ORDER BY number",
                         err);
}

static struct audit_entry entry_at(struct store_statement *statement)
{
    return (struct audit_entry){
        .number = store_i64(statement, 0),
        .at_ms = store_i64(statement, 1),
        .user = store_str(statement, 2),
        .action = store_str(statement, 3),
        .object = store_str(statement, 4),
        .reason = store_str(statement, 5),
    };
}

bool audit_list(struct store *store, bool (*each)(void *context, const struct audit_entry *),
                void *context, struct err *err)
{
    CHECK(each != NULL);
    struct store_statement *statement = NULL;
    if (!prepare_walk(store, &statement, err)) return false;
    bool row = false, done = false;
    while ((done = store_step(statement, &row, err)) && row) {
        struct audit_entry entry = entry_at(statement);
        if (!each(context, &entry)) break;
    }
    store_finish(statement);
    return done;
}

static void bind_filter(struct store_statement *statement, const struct audit_filter *filter)
{
    if (filter->object.len > 0) store_bind_str(statement, "$object", filter->object);
    store_bind_text(statement, "$user", filter->user);
    store_bind_text(statement, "$action", filter->action);
    store_bind_i64(statement, "$from", filter->from_ms);
    store_bind_i64(statement, "$to", filter->to_ms == 0 ? INT64_MAX : filter->to_ms);
}

/* An object is found by its index, so it stands in the statement only where one is asked for. */
#define AUDIT_OF_OBJECT "FROM audit WHERE object = $object AND " AUDIT_FITS
#define AUDIT_OF_ALL "FROM audit WHERE " AUDIT_FITS
#define AUDIT_FITS                                                                                 \
    "($user = '' OR user_name = $user) AND ($action = '' OR action = $action) "                    \
    "AND at_ms >= $from AND at_ms < $to "

static bool count_fitting(struct store *store, const struct audit_filter *filter, uint64_t *total,
                          struct err *err)
{
    struct store_statement *statement = NULL;
    bool done = filter->object.len > 0
                    ? store_prepare(store, &statement, "SELECT count(*) " AUDIT_OF_OBJECT, err)
                    : store_prepare(store, &statement, "SELECT count(*) " AUDIT_OF_ALL, err);
    if (!done) return false;
    bind_filter(statement, filter);
    done = store_step_row(statement, err);
    if (done) *total = (uint64_t)store_i64(statement, 0);
    store_finish(statement);
    return done;
}

#define AUDIT_COLUMNS "SELECT number, at_ms, user_name, action, object, reason "
#define AUDIT_NEWEST "ORDER BY number DESC LIMIT $most OFFSET $skip"

bool audit_select(struct store *store, struct arena *arena, const struct audit_filter *filter,
                  struct audit_entry **out, size_t *count, uint64_t *total, struct err *err)
{
    struct store_statement *statement = NULL;
    LIST(struct audit_entry) found = {0};
    uint64_t all = 0;
    if (total != NULL && !count_fitting(store, filter, &all, err)) return false;
    bool done =
        filter->object.len > 0
            ? store_prepare(store, &statement, AUDIT_COLUMNS AUDIT_OF_OBJECT AUDIT_NEWEST, err)
            : store_prepare(store, &statement, AUDIT_COLUMNS AUDIT_OF_ALL AUDIT_NEWEST, err);
    if (!done) return false;
    bind_filter(statement, filter);
    store_bind_i64(statement, "$most", (int64_t)filter->most);
    store_bind_i64(statement, "$skip", (int64_t)filter->skip);
    bool row = false;
    while ((done = store_step(statement, &row, err)) && row) {
        struct audit_entry entry = entry_at(statement);
        entry.user = str_copy(arena, entry.user);
        entry.action = str_copy(arena, entry.action);
        entry.object = str_copy(arena, entry.object);
        entry.reason = str_copy(arena, entry.reason);
        *list_push(arena, &found) = entry;
    }
    store_finish(statement);
    if (!done) return false;
    *out = found.items;
    *count = found.count;
    if (total != NULL) *total = all;
    return true;
}

static bool walk(struct store *store, int64_t *broken_at, struct err *err)
{
    unsigned char before[HASH_BYTES] = {0}, hash[HASH_BYTES], last[HASH_BYTES];
    int64_t count = 0, expected = 1;
    if (!read_head(store, &count, last, err)) return false;
    struct store_statement *statement = NULL;
    if (!prepare_walk(store, &statement, err)) return false;
    struct arena scratch = {0};
    bool row = false, done = false, whole = true;
    while (whole && (done = store_step(statement, &row, err)) && row) {
        struct audit_entry entry = entry_at(statement);
        struct str stored = store_str(statement, 6);
        entry_hash(&scratch, (struct str){(const char *)before, HASH_BYTES}, &entry, hash);
        arena_reset(&scratch);
        whole = entry.number == expected
                && str_equal(stored, (struct str){(const char *)hash, HASH_BYTES});
        if (whole) expected++;
        memcpy(before, hash, HASH_BYTES);
    }
    arena_free(&scratch);
    store_finish(statement);
    if (!done) return false;
    whole = whole && count == expected - 1 && memcmp(before, last, HASH_BYTES) == 0;
    *broken_at = whole ? 0 : expected;
    return true;
}

bool audit_verify(struct store *store, int64_t *broken_at, struct err *err)
{
    CHECK(broken_at != NULL);
    /* Head and rows are read from one moment, though others may be appending. */
    if (store_in_transaction(store)) return walk(store, broken_at, err);
    if (!store_begin(store, err)) return false;
    bool done = walk(store, broken_at, err);
    store_rollback(store);
    return done;
}

bool audit_root(struct store *store, struct audit_root *out, struct err *err)
{
    struct audit_root root = {0};
    if (!read_head(store, &root.entries, root.hash, err)) return false;
    if (root.entries < 0) root.entries = 0; /* the head is gone: audit_verify tells */
    *out = root;
    return true;
}

const char *audit_root_text(const struct audit_root *root, char out[AUDIT_ROOT_SIZE])
{
    char hash[2 * HASH_BYTES + 1];
    hex_of(root->hash, HASH_BYTES, hash);
    snprintf(out, AUDIT_ROOT_SIZE, "%lld:%s", (long long)root->entries, hash);
    return out;
}

static int nibble(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool audit_root_read(struct str text, struct audit_root *out)
{
    struct audit_root root = {0};
    struct str rest = str_trim(text), number;
    if (!str_split(&rest, ':', &number) || !str_to_i64(number, &root.entries) || root.entries < 0
        || rest.len != (size_t)2 * HASH_BYTES) {
        return false;
    }
    for (size_t i = 0; i < HASH_BYTES; i++) {
        int high = nibble(rest.ptr[2 * i]), low = nibble(rest.ptr[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        root.hash[i] = (unsigned char)(high * 16 + low);
    }
    *out = root;
    return true;
}

bool audit_holds(struct store *store, const struct audit_root *noted, bool *holds, struct err *err)
{
    struct store_statement *find = NULL;
    if (noted->entries == 0) {
        *holds = true;
        return true;
    }
    if (!store_prepare(store, &find, "SELECT 1 FROM audit WHERE number = $number AND hash = $hash",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$number", noted->entries);
    store_bind_blob(find, "$hash", (struct str){(const char *)noted->hash, HASH_BYTES});
    bool good = store_step(find, holds, err);
    store_finish(find);
    return good;
}
