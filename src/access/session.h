#ifndef ACCESS_SESSION_H
#define ACCESS_SESSION_H

#include "access/user.h"

/* Log-in and what follows it. A session is known by a token of 256 random bits that only the
 * browser keeps: the database has its hash. It ends an hour after it was last used, twelve hours
 * after log-in, at log-out, and when its user is disabled or reset. What was written as far ahead
 * of the clock as it would hold is over as well: a clock that was wrong leaves nothing behind.
 *
 * Five wrong passwords or codes in a row lock a name for fifteen minutes, also a name that nobody
 * has, so that an answer never tells whether there is such a user. Log-ins that fail are audited
 * under the name typed when there is such a user, else under "?". */

enum {
    SESSION_TOKEN_SIZE = 65, /* 64 hexadecimal digits and the zero */
    SESSION_HASH_BYTES = 32,
    SESSION_IDLE_MS = 60 * 60 * 1000,
    SESSION_LIFE_MS = 12 * 60 * 60 * 1000,
    SESSION_SEEN_EVERY_MS = 5 * 60 * 1000,
    LOGIN_FAILURES_MAX = 5,
    LOGIN_LOCK_MS = 15 * 60 * 1000,
    LOGIN_NAMES_MAX = 10000, /* names whose failures are remembered */
};

struct session {
    struct user user;
    unsigned char hash[SESSION_HASH_BYTES];
    char request_token[SESSION_TOKEN_SIZE]; /* to come back in a header with each change */
    int64_t made_ms, seen_ms;
};

enum login_outcome {
    LOGIN_DONE,
    LOGIN_WRONG,       /* no such user, disabled, wrong password or code: nobody is told which */
    LOGIN_CODE_WANTED, /* the password is right, the code is missing */
    LOGIN_LOCKED,
};

struct login {
    struct str user, password, code; /* as typed; code empty when none */
};

/* The slow half: reads the user and hashes the password (a tenth of a second, 64 MiB), writes
 * nothing and holds no lock. */
struct login_check {
    int64_t user; /* 0: nobody */
    bool password_right;
};
MUST_USE bool login_check(struct store *reader, const struct login *login,
                          struct login_check *check, struct err *err);

/* The quick half, in a transaction of its own: counts failures or makes the session. `token` and
 * `session` (texts in the arena) are filled for LOGIN_DONE only. Nothing of a session that the
 * browser had before is used again. */
MUST_USE bool login_finish(struct store *store, struct codec *codec, const struct clock *clock,
                           const struct login *login, const struct login_check *check,
                           struct arena *arena, enum login_outcome *outcome,
                           struct session *session, char token[SESSION_TOKEN_SIZE],
                           struct err *err);

/* The session of a token. *found is false for a token that is none, and for a session that is over.
 * Reads only; when seen_ms is older than SESSION_SEEN_EVERY_MS call session_seen. */
MUST_USE bool session_find(struct store *reader, const struct clock *clock, struct arena *arena,
                           struct str token, bool *found, struct session *session, struct err *err);
MUST_USE bool session_seen(struct store *store, const struct clock *clock,
                           const struct session *session, struct err *err);

/* Log-out: this session. Audited. */
MUST_USE bool session_end(struct store *store, const struct clock *clock,
                          const struct session *session, struct err *err);

/* Takes sessions away that are over, and failures that no longer lock. */
MUST_USE bool session_tidy(struct store *store, const struct clock *clock, struct err *err);

/* Whether `given` is the session's request token; takes the same time whatever is given. */
bool session_request_token_matches(const struct session *session, struct str given);

#endif
