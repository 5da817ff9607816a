#ifndef FIGURES_WITHHOLD_H
#define FIGURES_WITHHOLD_H

#include "figures/figure_count.h"

/* Small numbers of people point at persons; in what is given to the public they are withheld, and
 * with them what would let a reader compute them from a total. The threshold is policy text
 * (policies/PACK/figures/order.yaml, small_below). */

/* Whether the number may not be shown by itself. */
bool figure_is_small(const struct figures *figures, const struct figure *figure,
                     const struct figure_value *value);

/* Which of the parts may not be shown when the total is: small ones, and where what is withheld
 * adds up to less than the threshold or is one part alone, the smallest other part as well.
 * `withheld` has room for all. */
void figure_withhold(const struct figures *figures, const struct figure *figure,
                     const struct figure_part_value *parts, size_t count, bool *withheld);

#endif
