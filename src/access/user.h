#ifndef ACCESS_USER_H
#define ACCESS_USER_H

#include "access/asker.h"
#include "access/codec.h"
#include "base/clock.h"
#include "store/store.h"

/* The people who log in. A user is never deleted, since the trail names them: one who leaves is
 * disabled. Every change is audited in the transaction that makes it. The module's tables:
 * user_account, user_area, session (session.h), login_failure. */

enum { USER_NAME_BYTES_MAX = 64, USERS_MAX = 100000 };

struct user {
    int64_t number;
    struct str name;         /* what is typed at log-in, lower case */
    struct str display_name; /* 张晓明 */
    enum role role;
    struct str areas[ASKER_AREAS_MAX]; /* division codes of 6, 9 or 12 digits */
    size_t area_count;
    struct str school; /* code of a school, for the role that has one */
    bool must_change_password;
    bool has_second_factor;
    int64_t made_ms, seen_ms, disabled_ms; /* 0: never; seen: the last log-in */
    int64_t version;                       /* of what user_change and user_disable write; from 1 */
};

/* What a user asks with: capabilities of the role, areas and school. Borrows the user's texts. */
struct asker user_asker(const struct user *user);

/* Makes a user with a password for one log-in. The name is 2 to USER_NAME_BYTES_MAX bytes of
 * letters (also Chinese ones), digits, and . _ - inside; capitals become small. ERR_INPUT for a
 * name, areas or school that do not fit the role; ERR_CONFLICT when the name is taken; ERR_LIMIT.
 */
MUST_USE bool user_add(struct store *store, const struct clock *clock, const struct asker *asker,
                       const struct user *user, struct str password, struct err *err);

/* The three administrators (users system, security and auditor), where nobody of their role is
 * there. `passwords` gets one for each made, "" for the others. */
enum { ADMINISTRATORS = 3, ADMINISTRATOR_PASSWORD_SIZE = 20 };
MUST_USE bool user_add_administrators(struct store *store, const struct clock *clock,
                                      const struct asker *asker,
                                      char passwords[ADMINISTRATORS][ADMINISTRATOR_PASSWORD_SIZE],
                                      struct err *err);
const char *user_administrator_name(int number); /* 0 … ADMINISTRATORS - 1 */

/* Display name, role, areas and school become those of `user` (found by name). What the role was
 * taken from them, their sessions lose at once. ERR_CONFLICT, and nothing is changed, when the
 * user's version is no longer `user->version`; 0 does not ask. ERR_NOT_FOUND, ERR_INPUT. */
MUST_USE bool user_change(struct store *store, const struct clock *clock, const struct asker *asker,
                          const struct user *user, struct err *err);

/* Ends all sessions and lets nobody in under this name, or lets them in again; `version` as in
 * user_change. The last user of the role security who is not disabled stays (ERR_CONFLICT).
 * ERR_NOT_FOUND. */
MUST_USE bool user_disable(struct store *store, const struct clock *clock,
                           const struct asker *asker, struct str name, bool disabled,
                           int64_t version, struct err *err);

/* A forgotten password or a lost telephone: a new password for one log-in, no second factor, no
 * lock, no sessions. ERR_NOT_FOUND. */
MUST_USE bool user_reset(struct store *store, const struct clock *clock, const struct asker *asker,
                         struct str name, struct str password, struct err *err);

/* The user's own new password; ends all other sessions (`keep`: hash of the one that stays, or
 * empty). ERR_DENIED when `old` is wrong, ERR_INPUT when `fresh` is not acceptable or is `old`.
 * Hashes twice, before it writes. */
MUST_USE bool user_set_password(struct store *store, const struct clock *clock, struct str name,
                                struct str old, struct str fresh, struct str keep, struct err *err);

/* The second factor: begin gives a secret as text (SECOND_FACTOR_SECRET_SIZE bytes) that becomes
 * valid when the user shows a code of it. ERR_DENIED for a wrong code; remove wants the password.
 */
MUST_USE bool user_second_factor_begin(struct store *store, struct codec *codec,
                                       const struct clock *clock, struct str name, char *secret,
                                       struct err *err);
MUST_USE bool user_second_factor_confirm(struct store *store, struct codec *codec,
                                         const struct clock *clock, struct str name,
                                         struct str code, struct err *err);
MUST_USE bool user_second_factor_remove(struct store *store, const struct clock *clock,
                                        struct str name, struct str password, struct err *err);

/* A user by name or number (texts in the arena); ERR_NOT_FOUND. */
MUST_USE bool user_find(struct store *store, struct arena *arena, struct str name, struct user *out,
                        struct err *err);
MUST_USE bool user_find_number(struct store *store, struct arena *arena, int64_t number,
                               struct user *out, struct err *err);

/* All users, by name. */
MUST_USE bool user_list(struct store *store, struct arena *arena, struct user **out, size_t *count,
                        struct err *err);

/* How many users there are. */
MUST_USE bool user_count(struct store *store, int64_t *count, struct err *err);

#endif
