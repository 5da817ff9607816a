#include "access/data_key.h"

#include "access/audit.h"
#include "access/key_file.h"

enum { FINGERPRINT_BYTES = 8 };

static struct str context(void)
{
    return STR("data_key wrapped");
}

static struct str print_of(struct codec *codec, unsigned char print[FINGERPRINT_BYTES])
{
    codec_fingerprint(codec, print);
    return (struct str){(const char *)print, FINGERPRINT_BYTES};
}

/* How many wrapped keys there are, and the one for this key file (ptr NULL: none). */
static bool read_wrapped(struct store *store, struct arena *arena, struct str print, int64_t *count,
                         struct str *wrapped, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement, "SELECT key_fingerprint, wrapped FROM data_key", err)) {
        return false;
    }
    bool row = false, done = false;
    *count = 0;
    *wrapped = STR_EMPTY;
    while ((done = store_step(statement, &row, err)) && row) {
        (*count)++;
        if (!str_equal(store_str(statement, 0), print)) continue;
        *wrapped = str_copy(arena, store_str(statement, 1));
    }
    store_finish(statement);
    return done;
}

static bool unwrap(struct codec *file_key, struct arena *arena, struct str wrapped,
                   struct codec **out, struct err *err)
{
    if (wrapped.ptr == NULL) {
        return err_set(err, ERR_STORE,
                       "the key file does not belong to this workspace, put back the one that was "
                       "made with it",
                       "密钥文件不属于这个工作区，请换回与它一同建立的那个");
    }
    return codec_unwrap(file_key, arena, context(), wrapped, out, err);
}

bool data_key_open(struct store *store, struct codec *file_key, struct codec **out, struct err *err)
{
    struct arena scratch = {0};
    unsigned char print[FINGERPRINT_BYTES];
    int64_t count = 0;
    struct str wrapped;
    struct codec *codec = NULL;
    bool done = read_wrapped(store, &scratch, print_of(file_key, print), &count, &wrapped, err);
    if (done && count == 0) {
        *out = file_key;
        return true;
    }
    done = done && unwrap(file_key, &scratch, wrapped, &codec, err);
    codec_close(file_key);
    arena_free(&scratch);
    if (done) *out = codec;
    return done;
}

static bool insert(struct store *store, const struct clock *clock, struct str print,
                   struct str wrapped, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "INSERT OR REPLACE INTO data_key (key_fingerprint, wrapped, made_ms) "
                       "VALUES ($print, $wrapped, $now)",
                       err)) {
        return false;
    }
    store_bind_blob(statement, "$print", print);
    store_bind_blob(statement, "$wrapped", wrapped);
    store_bind_i64(statement, "$now", clock_now_ms(clock));
    return store_run_once(statement, err);
}

static bool keep_only(struct store *store, struct str print, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement, "DELETE FROM data_key WHERE key_fingerprint <> $print",
                       err)) {
        return false;
    }
    store_bind_blob(statement, "$print", print);
    return store_run_once(statement, err);
}

static bool wrap_under(struct store *store, const struct clock *clock, struct arena *scratch,
                       struct codec *file_key, const struct codec *data, struct err *err)
{
    unsigned char print[FINGERPRINT_BYTES];
    struct str wrapped = codec_wrap(file_key, scratch, context(), data);
    return insert(store, clock, print_of(file_key, print), wrapped, err);
}

/* The old key file still opens the workspace when this is done, and so does the new one. */
static bool admit(struct store *store, const struct clock *clock, struct arena *scratch,
                  const char *workspace, struct codec *fresh, const struct codec *data,
                  struct err *err)
{
    struct codec *old = NULL;
    if (!codec_open(&old, workspace, false, err)) return false;
    bool done = store_begin(store, err);
    if (done) {
        done = wrap_under(store, clock, scratch, old, data, err)
               && wrap_under(store, clock, scratch, fresh, data, err);
        done = store_end(store, done, err);
    }
    codec_close(old);
    return done;
}

/* Another rotation may have ended since admit(), and let only its own key file in. */
static bool check_admitted(struct store *store, struct arena *scratch, struct codec *fresh,
                           struct err *err)
{
    unsigned char print[FINGERPRINT_BYTES];
    int64_t count;
    struct str wrapped;
    if (!read_wrapped(store, scratch, print_of(fresh, print), &count, &wrapped, err)) return false;
    if (wrapped.ptr != NULL) return true;
    return err_set(err, ERR_CONFLICT,
                   "another program put in a new key file just now; this one put in none",
                   "另一个程序刚刚更换了密钥文件，本次未更换");
}

/* The new key file takes the old one's place while nobody else may write: two rotations at once
 * could otherwise each put the other's key out. */
static bool replace(struct store *store, const struct clock *clock, const struct asker *asker,
                    struct arena *scratch, struct key_file_next *next, struct codec *fresh,
                    struct err *err)
{
    unsigned char print[FINGERPRINT_BYTES];
    if (!store_begin(store, err)) return false;
    bool done =
        check_admitted(store, scratch, fresh, err) && key_file_put(next, err)
        && keep_only(store, print_of(fresh, print), err)
        && audit_append(store, clock, asker, AUDIT_KEY_ROTATE, STR("key file"), STR_EMPTY, err);
    return store_end(store, done, err);
}

bool data_key_rotate(struct store *store, const struct clock *clock, const struct asker *asker,
                     const char *workspace, const struct codec *data, struct err *err)
{
    struct arena scratch = {0};
    struct key_file_next next;
    bool done = key_file_prepare(&scratch, workspace, &next, err);
    if (done) {
        struct codec *fresh = codec_from_secret(next.secret);
        /* The order matters: at each step the key file that is there opens the workspace. */
        done = admit(store, clock, &scratch, workspace, fresh, data, err)
               && replace(store, clock, asker, &scratch, &next, fresh, err);
        codec_close(fresh);
        key_file_forget(&next);
    }
    arena_free(&scratch);
    return done;
}

static struct str context_before(void)
{
    return STR("data_key before");
}

static bool keep_before(struct store *store, const struct clock *clock, struct str wrapped,
                        struct err *err)
{
    struct store_statement *insert = NULL;
    if (!store_prepare(store, &insert,
                       "INSERT INTO reseal (one, old_wrapped, began_ms, checking, part, after, "
                       "after_b, rows, damaged) VALUES (1, $wrapped, $now, 0, '', 0, 0, 0, 0)",
                       err)) {
        return false;
    }
    store_bind_blob(insert, "$wrapped", wrapped);
    store_bind_i64(insert, "$now", clock_now_ms(clock));
    return store_run_once(insert, err);
}

bool data_key_renew(struct store *store, const struct clock *clock, const struct asker *asker,
                    const char *workspace, const struct codec *data, struct codec **fresh,
                    struct err *err)
{
    struct arena scratch = {0};
    struct codec *file_key = NULL, *made = NULL;
    unsigned char print[FINGERPRINT_BYTES];
    CHECK(store_in_transaction(store));
    bool done =
        codec_open(&file_key, workspace, false, err) && codec_fresh(&made, err)
        && wrap_under(store, clock, &scratch, file_key, made, err)
        && keep_only(store, print_of(file_key, print), err)
        && keep_before(store, clock, codec_wrap(made, &scratch, context_before(), data), err)
        && audit_append(store, clock, asker, AUDIT_KEY_RESEAL, STR("begun"), STR_EMPTY, err);
    codec_close(file_key);
    arena_free(&scratch);
    if (done)
        *fresh = made;
    else
        codec_close(made);
    return done;
}

bool data_key_before(struct store *store, struct codec *data, struct codec **old, struct err *err)
{
    struct arena scratch = {0};
    struct store_statement *select = NULL;
    if (!store_prepare(store, &select, "SELECT old_wrapped FROM reseal", err)) return false;
    bool done = store_step_row(select, err);
    struct str wrapped = done ? str_copy(&scratch, store_str(select, 0)) : STR_EMPTY;
    store_finish(select);
    done = done && codec_unwrap(data, &scratch, context_before(), wrapped, old, err);
    arena_free(&scratch);
    return done;
}

bool data_key_retire(struct store *store, const struct clock *clock, const struct asker *asker,
                     uint64_t rows, uint64_t damaged, struct err *err)
{
    struct arena scratch = {0};
    struct text object;
    CHECK(store_in_transaction(store));
    text_init(&object, &scratch, 64);
    text_add_f(&object, "done: %llu rows", (unsigned long long)rows);
    if (damaged > 0) text_add_f(&object, " (%llu damaged)", (unsigned long long)damaged);
    bool done =
        store_exec(store, "DELETE FROM reseal", err)
        && audit_append(store, clock, asker, AUDIT_KEY_RESEAL, text_str(&object), STR_EMPTY, err);
    arena_free(&scratch);
    return done;
}
