#include "access/audit.h"
#include "access/password.h"
#include "access/second_factor.h"
#include "access/user_internal.h"

#include <sodium.h>

struct str user_secret_context(struct arena *arena, int64_t user)
{
    struct text text;
    text_init(&text, arena, 64);
    text_add_f(&text, "user_account second_factor %lld", (long long)user);
    return text_str(&text);
}

bool user_password_hash(struct store *store, struct arena *arena, struct str name, int64_t *number,
                        const char **hash, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "SELECT number, password FROM user_account "
                       "WHERE name = $name AND disabled_ms = 0",
                       err)) {
        return false;
    }
    store_bind_str(statement, "$name", user_name_canonical(arena, name));
    bool row = false;
    bool done = store_step(statement, &row, err);
    if (done) {
        *number = row ? store_i64(statement, 0) : 0;
        *hash = row ? str_cstr(arena, store_str(statement, 1)) : NULL;
    }
    store_finish(statement);
    return done;
}

bool user_end_sessions(struct store *store, int64_t user, struct str keep, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "DELETE FROM session WHERE user = $user AND hash <> $keep", err)) {
        return false;
    }
    store_bind_i64(statement, "$user", user);
    store_bind_blob(statement, "$keep", keep.ptr == NULL ? STR("") : keep);
    return store_run_once(statement, err);
}

/* The user as the one who asks, for the trail of what they do to their own account. */
static bool record_own(struct store *store, const struct clock *clock, const struct user *user,
                       enum audit_action action, struct err *err)
{
    struct asker asker = user_asker(user);
    struct arena scratch = {0};
    struct text object;
    text_init(&object, &scratch, 256);
    text_add_f(&object, "user %.*s", STR_ARG(user->name));
    bool done = audit_append(store, clock, &asker, action, text_str(&object), STR_EMPTY, err);
    arena_free(&scratch);
    return done;
}

static bool wrong_password(struct err *err)
{
    return err_set(err, ERR_DENIED, "the password is wrong", "密码不对");
}

/* The password is checked outside a transaction, for it takes long. */
static bool prove(struct store *store, struct arena *scratch, struct str name, struct str password,
                  struct err *err)
{
    int64_t number;
    const char *hash;
    if (!user_password_hash(store, scratch, name, &number, &hash, err)) return false;
    return password_matches(hash, password) || wrong_password(err);
}

static bool write_password(struct store *store, int64_t number, const char *hash, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "UPDATE user_account SET password = $password, must_change = 0 "
                       "WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_str(statement, "$password", str_from(hash));
    store_bind_i64(statement, "$number", number);
    return store_run_once(statement, err);
}

bool user_set_password(struct store *store, const struct clock *clock, struct str name,
                       struct str old, struct str fresh, struct str keep, struct err *err)
{
    struct arena scratch = {0};
    struct user user;
    char hash[PASSWORD_HASH_SIZE];
    bool done = prove(store, &scratch, name, old, err) && password_acceptable(fresh, name, err);
    if (done && str_equal(old, fresh)) {
        done = err_set(err, ERR_INPUT, "the new password is the old one", "新密码与旧密码相同");
    }
    done = done && password_hash(fresh, hash, err) && store_begin(store, err);
    if (done) {
        done = user_find(store, &scratch, name, &user, err)
               && write_password(store, user.number, hash, err)
               && user_end_sessions(store, user.number, keep, err)
               && record_own(store, clock, &user, AUDIT_PASSWORD, err);
        done = store_end(store, done, err);
    }
    arena_free(&scratch);
    return done;
}

static bool write_pending(struct store *store, int64_t number, struct str sealed, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "UPDATE user_account SET second_factor_pending = $sealed "
                       "WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_blob(statement, "$sealed", sealed);
    store_bind_i64(statement, "$number", number);
    return store_run_once(statement, err);
}

bool user_second_factor_begin(struct store *store, struct codec *codec, const struct clock *clock,
                              struct str name, char *secret, struct err *err)
{
    struct arena scratch = {0};
    struct user user;
    unsigned char bytes[SECOND_FACTOR_SECRET_BYTES];
    second_factor_make(bytes);
    bool done = store_begin(store, err);
    if (done) {
        done =
            user_find(store, &scratch, name, &user, err)
            && write_pending(store, user.number,
                             codec_seal(codec, &scratch, user_secret_context(&scratch, user.number),
                                        (struct str){(const char *)bytes, sizeof bytes}),
                             err)
            && record_own(store, clock, &user, AUDIT_SECOND_FACTOR_BEGIN, err);
        done = store_end(store, done, err);
    }
    if (done) second_factor_text(bytes, secret);
    sodium_memzero(bytes, sizeof bytes);
    arena_free(&scratch);
    return done;
}

/* The secret that waits to be confirmed; ERR_CONFLICT when none does. */
static bool read_pending(struct store *store, struct codec *codec, struct arena *arena,
                         int64_t number, struct str *secret, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "SELECT second_factor_pending FROM user_account WHERE number = $number "
                       "AND second_factor_pending IS NOT NULL",
                       err)) {
        return false;
    }
    store_bind_i64(statement, "$number", number);
    bool row = false;
    bool done = store_step(statement, &row, err);
    struct str sealed = done && row ? str_copy(arena, store_str(statement, 0)) : STR_EMPTY;
    store_finish(statement);
    if (!done) return false;
    if (!row) {
        return err_set(err, ERR_CONFLICT, "no second factor waits to be confirmed, begin again",
                       "没有待确认的第二因素，请重新开始");
    }
    return codec_unseal(codec, arena, user_secret_context(arena, number), sealed, secret, err);
}

static bool write_confirmed(struct store *store, int64_t number, int64_t step, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "UPDATE user_account SET second_factor = second_factor_pending, "
                       "second_factor_pending = NULL, second_factor_used = $step "
                       "WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(statement, "$step", step);
    store_bind_i64(statement, "$number", number);
    return store_run_once(statement, err);
}

static bool confirm(struct store *store, struct codec *codec, const struct clock *clock,
                    struct arena *scratch, const struct user *user, struct str code,
                    struct err *err)
{
    struct str secret;
    int64_t step = 0;
    if (!read_pending(store, codec, scratch, user->number, &secret, err)) return false;
    CHECK(secret.len == SECOND_FACTOR_SECRET_BYTES);
    if (!second_factor_matches((const unsigned char *)secret.ptr, code, clock_now_ms(clock), 0,
                               &step)) {
        return err_set(err, ERR_DENIED, "the code is wrong; is the telephone's clock right?",
                       "验证码不对，请检查手机时间是否准确");
    }
    return write_confirmed(store, user->number, step, err)
           && record_own(store, clock, user, AUDIT_SECOND_FACTOR, err);
}

bool user_second_factor_confirm(struct store *store, struct codec *codec, const struct clock *clock,
                                struct str name, struct str code, struct err *err)
{
    struct arena scratch = {0};
    struct user user;
    if (!store_begin(store, err)) return false;
    bool done = user_find(store, &scratch, name, &user, err)
                && confirm(store, codec, clock, &scratch, &user, code, err);
    done = store_end(store, done, err);
    arena_free(&scratch);
    return done;
}

static bool write_removed(struct store *store, int64_t number, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "UPDATE user_account SET second_factor = NULL, second_factor_pending = NULL "
                       "WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(statement, "$number", number);
    return store_run_once(statement, err);
}

bool user_second_factor_remove(struct store *store, const struct clock *clock, struct str name,
                               struct str password, struct err *err)
{
    struct arena scratch = {0};
    struct user user;
    bool done = prove(store, &scratch, name, password, err) && store_begin(store, err);
    if (done) {
        done = user_find(store, &scratch, name, &user, err)
               && write_removed(store, user.number, err)
               && record_own(store, clock, &user, AUDIT_SECOND_FACTOR_REMOVE, err);
        done = store_end(store, done, err);
    }
    arena_free(&scratch);
    return done;
}
