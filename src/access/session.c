#include "access/session.h"

#include "access/audit.h"
#include "access/password.h"
#include "access/second_factor.h"
#include "access/user_internal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static struct str hash_view(const unsigned char hash[SESSION_HASH_BYTES])
{
    return (struct str){(const char *)hash, SESSION_HASH_BYTES};
}

static void name_hash(struct str name, unsigned char out[SESSION_HASH_BYTES])
{
    struct arena scratch = {0};
    sm3_hash(user_name_canonical(&scratch, name), out);
    arena_free(&scratch);
}

/* The request token follows from the session's own, which a page of another site cannot read. */
static void request_token(struct str token, char out[SESSION_TOKEN_SIZE])
{
    struct arena scratch = {0};
    struct text text;
    unsigned char hash[SESSION_HASH_BYTES];
    text_init(&text, &scratch, 2 * SESSION_TOKEN_SIZE);
    text_add_c(&text, "request ");
    text_add(&text, token);
    sm3_hash(text_str(&text), hash);
    hex_of(hash, sizeof hash, out);
    arena_free(&scratch);
}

bool session_request_token_matches(const struct session *session, struct str given)
{
    return given.len == SESSION_TOKEN_SIZE - 1
           && sodium_memcmp(given.ptr, session->request_token, given.len) == 0;
}

bool login_check(struct store *reader, const struct login *login, struct login_check *check,
                 struct err *err)
{
    struct arena scratch = {0};
    int64_t number = 0;
    const char *hash = NULL;
    bool done = user_password_hash(reader, &scratch, login->user, &number, &hash, err);
    if (done) {
        *check = (struct login_check){.user = number,
                                      .password_right = password_matches(hash, login->password)};
    }
    arena_free(&scratch);
    return done;
}

static bool read_failures(struct store *store, const unsigned char *hash, int64_t now_ms,
                          int64_t *count, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "SELECT count FROM login_failure WHERE name_hash = $hash "
                       "AND last_ms > $since AND last_ms < $until",
                       err)) {
        return false;
    }
    store_bind_blob(statement, "$hash", hash_view(hash));
    store_bind_i64(statement, "$since", now_ms - LOGIN_LOCK_MS);
    store_bind_i64(statement, "$until", now_ms + LOGIN_LOCK_MS);
    bool row = false;
    bool done = store_step(statement, &row, err);
    if (done) *count = row ? store_i64(statement, 0) : 0;
    store_finish(statement);
    return done;
}

static bool write_failures(struct store *store, const unsigned char *hash, int64_t now_ms,
                           int64_t count, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "INSERT INTO login_failure (name_hash, count, last_ms) "
                       "VALUES ($hash, $count, $now) ON CONFLICT (name_hash) DO UPDATE SET "
                       "count = $count, last_ms = $now",
                       err)) {
        return false;
    }
    store_bind_blob(statement, "$hash", hash_view(hash));
    store_bind_i64(statement, "$count", count);
    store_bind_i64(statement, "$now", now_ms);
    return store_run_once(statement, err);
}

bool user_forget_failures(struct store *store, struct str name, struct err *err)
{
    unsigned char hash[SESSION_HASH_BYTES];
    struct store_statement *statement = NULL;
    name_hash(name, hash);
    if (!store_prepare(store, &statement, "DELETE FROM login_failure WHERE name_hash = $hash",
                       err)) {
        return false;
    }
    store_bind_blob(statement, "$hash", hash_view(hash));
    return store_run_once(statement, err);
}

/* What a log-in is about, while its transaction runs. */
struct attempt {
    struct store *store;
    struct codec *codec;
    const struct clock *clock;
    const struct login *login;
    const struct login_check *check;
    struct arena *arena;
    unsigned char name_hash[SESSION_HASH_BYTES];
    int64_t now_ms, failures;
    struct user user;
    enum login_outcome outcome;
};

static bool record(const struct attempt *attempt, enum audit_action action, const char *reason,
                   struct err *err)
{
    struct asker asker = {.name = attempt->check->user == 0 ? STR("?") : attempt->user.name};
    return audit_append(attempt->store, attempt->clock, &asker, action, STR("session"),
                        str_from(reason), err);
}

/* The sealed secret of the user's second factor and the last step used; ptr NULL: none. */
static bool read_factor(const struct attempt *attempt, struct str *secret, int64_t *used,
                        struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(attempt->store, &statement,
                       "SELECT second_factor, second_factor_used FROM user_account "
                       "WHERE number = $number AND second_factor IS NOT NULL",
                       err)) {
        return false;
    }
    store_bind_i64(statement, "$number", attempt->user.number);
    bool row = false;
    bool done = store_step(statement, &row, err);
    struct str sealed = STR_EMPTY;
    if (done && row) {
        sealed = str_copy(attempt->arena, store_str(statement, 0));
        *used = store_i64(statement, 1);
    }
    store_finish(statement);
    if (!done) return false;
    *secret = STR_EMPTY;
    if (sealed.len == 0) return true;
    return codec_unseal(attempt->codec, attempt->arena,
                        user_secret_context(attempt->arena, attempt->user.number), sealed, secret,
                        err);
}

static bool write_used(const struct attempt *attempt, int64_t step, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(attempt->store, &statement,
                       "UPDATE user_account SET second_factor_used = $step WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(statement, "$step", step);
    store_bind_i64(statement, "$number", attempt->user.number);
    return store_run_once(statement, err);
}

static bool check_factor(struct attempt *attempt, struct err *err)
{
    struct str secret;
    int64_t used = 0, step = 0;
    if (!read_factor(attempt, &secret, &used, err)) return false;
    if (secret.len == 0) return true;
    CHECK(secret.len == SECOND_FACTOR_SECRET_BYTES);
    if (str_trim(attempt->login->code).len == 0) {
        attempt->outcome = LOGIN_CODE_WANTED;
        return true;
    }
    if (!second_factor_matches((const unsigned char *)secret.ptr, attempt->login->code,
                               attempt->now_ms, used, &step)) {
        attempt->outcome = LOGIN_WRONG;
        return true;
    }
    return write_used(attempt, step, err);
}

/* Who it is, and whether they are let in. */
static bool judge(struct attempt *attempt, struct err *err)
{
    attempt->outcome = LOGIN_DONE;
    if (!read_failures(attempt->store, attempt->name_hash, attempt->now_ms, &attempt->failures,
                       err)) {
        return false;
    }
    if (attempt->check->user != 0
        && !user_find_number(attempt->store, attempt->arena, attempt->check->user, &attempt->user,
                             err)) {
        return false;
    }
    if (attempt->failures >= LOGIN_FAILURES_MAX) {
        attempt->outcome = LOGIN_LOCKED;
        return true;
    }
    if (!attempt->check->password_right || attempt->user.disabled_ms != 0) {
        attempt->outcome = LOGIN_WRONG;
        return true;
    }
    return check_factor(attempt, err);
}

static bool insert_session(const struct attempt *attempt, struct session *session, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(attempt->store, &statement,
                       "INSERT INTO session (hash, user, made_ms, seen_ms) "
                       "VALUES ($hash, $user, $now, $now)",
                       err)) {
        return false;
    }
    store_bind_blob(statement, "$hash", hash_view(session->hash));
    store_bind_i64(statement, "$user", attempt->user.number);
    store_bind_i64(statement, "$now", attempt->now_ms);
    bool done = store_run_once(statement, err);
    if (!done
        || !store_prepare(attempt->store, &statement,
                          "UPDATE user_account SET seen_ms = $now WHERE number = $user", err)) {
        return false;
    }
    store_bind_i64(statement, "$user", attempt->user.number);
    store_bind_i64(statement, "$now", attempt->now_ms);
    done = store_run(statement, err);
    store_finish(statement);
    return done;
}

static bool let_in(struct attempt *attempt, struct session *session, char *token, struct err *err)
{
    unsigned char bytes[SESSION_HASH_BYTES];
    CHECK(sodium_init() >= 0);
    randombytes_buf(bytes, sizeof bytes);
    hex_of(bytes, sizeof bytes, token);
    sodium_memzero(bytes, sizeof bytes);
    *session = (struct session){
        .user = attempt->user, .made_ms = attempt->now_ms, .seen_ms = attempt->now_ms};
    sm3_hash(str_from(token), session->hash);
    request_token(str_from(token), session->request_token);
    return insert_session(attempt, session, err)
           && user_forget_failures(attempt->store, attempt->login->user, err)
           && record(attempt, AUDIT_LOGIN, "", err);
}

static bool conclude(struct attempt *attempt, struct session *session, char *token, struct err *err)
{
    switch (attempt->outcome) {
    case LOGIN_DONE: return let_in(attempt, session, token, err);
    case LOGIN_CODE_WANTED: return true;
    case LOGIN_LOCKED: return record(attempt, AUDIT_LOGIN_REFUSED, "locked", err);
    case LOGIN_WRONG: break;
    }
    return write_failures(attempt->store, attempt->name_hash, attempt->now_ms,
                          attempt->failures + 1, err)
           && record(attempt, AUDIT_LOGIN_REFUSED,
                     attempt->failures + 1 >= LOGIN_FAILURES_MAX ? "wrong, now locked" : "wrong",
                     err);
}

bool login_finish(struct store *store, struct codec *codec, const struct clock *clock,
                  const struct login *login, const struct login_check *check, struct arena *arena,
                  enum login_outcome *outcome, struct session *session,
                  char token[SESSION_TOKEN_SIZE], struct err *err)
{
    struct attempt attempt = {.store = store,
                              .codec = codec,
                              .clock = clock,
                              .login = login,
                              .check = check,
                              .arena = arena,
                              .now_ms = clock_now_ms(clock)};
    struct session fresh;
    char fresh_token[SESSION_TOKEN_SIZE] = "";
    name_hash(login->user, attempt.name_hash);
    if (!store_begin(store, err)) return false;
    bool done = judge(&attempt, err) && conclude(&attempt, &fresh, fresh_token, err);
    if (!store_end(store, done, err)) return false;
    *outcome = attempt.outcome;
    if (attempt.outcome == LOGIN_DONE) {
        *session = fresh;
        memcpy(token, fresh_token, sizeof fresh_token);
    }
    return true;
}

static bool is_token(struct str token)
{
    if (token.len != SESSION_TOKEN_SIZE - 1) return false;
    for (size_t i = 0; i < token.len; i++) {
        char c = token.ptr[i];
        if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) return false;
    }
    return true;
}

bool session_find(struct store *reader, const struct clock *clock, struct arena *arena,
                  struct str token, bool *found, struct session *session, struct err *err)
{
    struct session at = {0};
    struct store_statement *statement = NULL;
    *found = false;
    if (!is_token(token)) return true;
    sm3_hash(token, at.hash);
    if (!store_prepare(reader, &statement,
                       "SELECT user, made_ms, seen_ms FROM session WHERE hash = $hash", err)) {
        return false;
    }
    store_bind_blob(statement, "$hash", hash_view(at.hash));
    bool row = false;
    bool done = store_step(statement, &row, err);
    int64_t number = 0, now_ms = clock_now_ms(clock);
    if (done && row) {
        number = store_i64(statement, 0);
        at.made_ms = store_i64(statement, 1);
        at.seen_ms = store_i64(statement, 2);
    }
    store_finish(statement);
    if (!done) return false;
    /* As far ahead is over, too: the clock was set back. */
    if (!row || llabs(now_ms - at.made_ms) >= SESSION_LIFE_MS
        || llabs(now_ms - at.seen_ms) >= SESSION_IDLE_MS) {
        return true;
    }
    if (!user_find_number(reader, arena, number, &at.user, err)) return false;
    if (at.user.disabled_ms != 0) return true;
    request_token(token, at.request_token);
    *session = at;
    *found = true;
    return true;
}

bool session_seen(struct store *store, const struct clock *clock, const struct session *session,
                  struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement, "UPDATE session SET seen_ms = $now WHERE hash = $hash",
                       err)) {
        return false;
    }
    store_bind_i64(statement, "$now", clock_now_ms(clock));
    store_bind_blob(statement, "$hash", hash_view(session->hash));
    return store_run_once(statement, err);
}

bool session_end(struct store *store, const struct clock *clock, const struct session *session,
                 struct err *err)
{
    struct store_statement *statement = NULL;
    struct asker asker = user_asker(&session->user);
    if (!store_begin(store, err)) return false;
    bool done = store_prepare(store, &statement, "DELETE FROM session WHERE hash = $hash", err);
    if (done) {
        store_bind_blob(statement, "$hash", hash_view(session->hash));
        done = store_run(statement, err)
               && audit_append(store, clock, &asker, AUDIT_LOGOUT, STR("session"), STR_EMPTY, err);
        store_finish(statement);
    }
    return store_end(store, done, err);
}

static bool tidy_sessions(struct store *store, int64_t now_ms, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "DELETE FROM session WHERE abs($now - made_ms) >= $life "
                       "OR abs($now - seen_ms) >= $idle",
                       err)) {
        return false;
    }
    store_bind_i64(statement, "$now", now_ms);
    store_bind_i64(statement, "$life", SESSION_LIFE_MS);
    store_bind_i64(statement, "$idle", SESSION_IDLE_MS);
    return store_run_once(statement, err);
}

/* Also the oldest beyond LOGIN_NAMES_MAX, so that names made up one after another fill nothing. */
static bool tidy_failures(struct store *store, int64_t now_ms, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(
            store, &statement,
            "DELETE FROM login_failure WHERE abs($now - last_ms) >= $lock OR name_hash IN "
            "(SELECT name_hash FROM login_failure ORDER BY last_ms DESC, name_hash "
            "LIMIT -1 OFFSET $most)",
            err)) {
        return false;
    }
    store_bind_i64(statement, "$now", now_ms);
    store_bind_i64(statement, "$lock", LOGIN_LOCK_MS);
    store_bind_i64(statement, "$most", LOGIN_NAMES_MAX);
    return store_run_once(statement, err);
}

bool session_tidy(struct store *store, const struct clock *clock, struct err *err)
{
    int64_t now_ms = clock_now_ms(clock);
    return tidy_sessions(store, now_ms, err) && tidy_failures(store, now_ms, err);
}
