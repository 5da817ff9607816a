#ifndef LEDGER_REFERENCE_H
#define LEDGER_REFERENCE_H

#include "base/str.h"

#include <stdbool.h>

/* References by which bank and office speak of one payment, "P12-345" (batch and ordinal) or what
 * another wrote, and the bank's serial numbers. People type them, and so they come in capitals or
 * not, in full width or half, with blanks and with any of the dashes: what is the same reference is
 * told here and nowhere else. Written out they are as they were given. */

/* The reference that is written in our orders. In the arena. */
struct str reference_of(struct arena *arena, int64_t batch, int64_t ordinal);

/* The one form of a reference, however it was typed: two references are the same when these are.
 * In the arena, or the text itself. */
struct str reference_clean(struct arena *arena, struct str written);

/* Whether the two are one reference. */
bool reference_same(struct str a, struct str b);

/* Which payment a reference means; false when it is none of ours. `clean` is of reference_clean. */
bool reference_read(struct str clean, int64_t *batch, int64_t *ordinal);

/* The one form of a bank's serial number, and of the words that it or a voucher's may stand in:
 * half width, one dash, no blanks around. Capitals are kept: two serial numbers may differ by them
 * alone; a voucher of ours is a reference. In the arena, or the text itself. */
struct str reference_serial(struct arena *arena, struct str written);

/* Whether a reference stands in words, in capitals or not; both are of reference_serial. */
bool reference_stands_in(struct str words, struct str reference);

/* The batch that words name, "P12" and no payment of it; 0: none. `words` is of reference_serial.
 */
int64_t reference_batch(struct str words);

#endif
