#ifndef BASE_LEB128_H
#define BASE_LEB128_H

#include "base/str.h"

#include <stdbool.h>

/* Whole numbers in as few bytes as they need: seven bits a byte, the lowest first, the upper bit of
 * all but the last is set (LEB128). */

/* Adds one of at most 63 bits. */
void leb128_put(struct text *text, uint64_t number);

/* Takes one from the front of `rest`; false when the bytes end before the number does, or say more
 * than 63 bits. */
bool leb128_take(struct str *rest, uint64_t *number);

#endif
