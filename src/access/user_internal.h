#ifndef ACCESS_USER_INTERNAL_H
#define ACCESS_USER_INTERNAL_H

#include "access/user.h"

/* What the files of users and sessions share; nobody else includes it. */

/* A user's name as it is kept: without blanks around, capitals small. In the arena. */
struct str user_name_canonical(struct arena *arena, struct str name);

/* The sealed secrets of a user are bound to this place. In the arena. */
struct str user_secret_context(struct arena *arena, int64_t user);

/* Number and hash (in the arena) of a user who is not disabled; *number is 0 when there is none. */
MUST_USE bool user_password_hash(struct store *store, struct arena *arena, struct str name,
                                 int64_t *number, const char **hash, struct err *err);

/* Ends the sessions of a user, but for the one with hash `keep` (may be empty). */
MUST_USE bool user_end_sessions(struct store *store, int64_t user, struct str keep,
                                struct err *err);

/* Wrong passwords under this name are forgotten. */
MUST_USE bool user_forget_failures(struct store *store, struct str name, struct err *err);

#endif
