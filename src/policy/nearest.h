#ifndef POLICY_NEAREST_H
#define POLICY_NEAREST_H

#include "base/str.h"

/* Which known name a mistyped one may have meant. */

/* The one with the fewest characters added, left out, replaced or swapped with their neighbour,
 * when these are at most a third of the name (one for a name of two or three); the first of
 * several; the empty text when none is near. */
struct str nearest_of(struct str name, const struct str *known, size_t count);

#endif
