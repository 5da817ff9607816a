#ifndef ACCESS_SECOND_FACTOR_H
#define ACCESS_SECOND_FACTOR_H

#include "base/str.h"

/* The second factor: six digits that change every 30 seconds (TOTP, RFC 6238, with HMAC-SHA-1 as
 * all authenticator programs do it; RFC 4226 for the digits). Pure: no database, no clock. */

enum {
    SECOND_FACTOR_SECRET_BYTES = 20,
    SECOND_FACTOR_SECRET_SIZE = 33, /* 32 characters of base 32 (RFC 4648) and the zero */
    SECOND_FACTOR_STEP_MS = 30000,
    SECOND_FACTOR_DIGITS = 6,
};

/* A new secret from the system's random numbers. */
void second_factor_make(unsigned char secret[SECOND_FACTOR_SECRET_BYTES]);

/* The secret as people type it into an authenticator program. */
void second_factor_text(const unsigned char secret[SECOND_FACTOR_SECRET_BYTES],
                        char out[SECOND_FACTOR_SECRET_SIZE]);

/* The step at a moment (milliseconds since 1970), and the number of that step (0 … 999999). */
int64_t second_factor_step(int64_t now_ms);
uint32_t second_factor_code(const unsigned char secret[SECOND_FACTOR_SECRET_BYTES], int64_t step);

/* Whether `code` (six digits, blanks allowed) is that of the step now, the one before or the one
 * after, and of a step later than `used` (each code is good once). *step is that step. */
bool second_factor_matches(const unsigned char secret[SECOND_FACTOR_SECRET_BYTES], struct str code,
                           int64_t now_ms, int64_t used, int64_t *step);

#endif
