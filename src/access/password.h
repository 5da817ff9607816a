#ifndef ACCESS_PASSWORD_H
#define ACCESS_PASSWORD_H

#include "base/err.h"
#include "base/str.h"

/* Passwords: Argon2id (RFC 9106) by libsodium, three passes over 64 MiB: a tenth of a second and 64
 * MiB for each call that hashes, so callers see to it that few run at once. */

enum {
    PASSWORD_HASH_SIZE = 128, /* text with parameters and salt, zero-terminated */
    PASSWORD_CHARACTERS_MIN = 10,
    PASSWORD_BYTES_MAX = 256,
    PASSWORD_ONE_TIME_SIZE = 20, /* "xxxx-xxxx-xxxx-xxxx" and its zero */
};

/* ERR_INPUT with what is wanted when a password is too short or long, is the user's name, repeats
 * few characters or is among the most used ones. */
MUST_USE bool password_acceptable(struct str password, struct str user, struct err *err);

/* ERR_LIMIT when the memory is not there. */
MUST_USE bool password_hash(struct str password, char out[PASSWORD_HASH_SIZE], struct err *err);

/* Whether the password is the one that was hashed. A NULL `hash` (no such user) takes as long and
 * is always false. */
bool password_matches(const char *hash, struct str password);

/* A password of 16 random letters and digits (79 bits), for one log-in. */
void password_one_time(char out[PASSWORD_ONE_TIME_SIZE]);

#endif
