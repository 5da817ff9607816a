#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include "base/str.h"

/* Which known word a mistyped one may have meant: the one with the fewest letters added, left out,
 * replaced or swapped with their neighbour, when these are at most a third of the word. */

struct suggestion {
    struct str typed;
    const char *word;     /* the best so far; NULL when none is near enough */
    size_t distance_best; /* letters */
};

/* Nothing found yet for what was typed. */
struct suggestion suggest_start(struct str typed);

/* Looks at one more word; an earlier one stands when both are as near. */
void suggest_try(struct suggestion *suggestion, const char *word);

#endif
