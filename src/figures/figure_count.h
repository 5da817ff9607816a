#ifndef FIGURES_FIGURE_COUNT_H
#define FIGURES_FIGURE_COUNT_H

#include "figures/figure_desk.h"

/* Numbers out of a figure's queries. Exact: a count, a sum of whole numbers, and for a share the
 * two sums that it is the quotient of. */

struct figure_value {
    bool
        known; /* something was stated of what it rests on; else all below is 0 and means nothing */
    int64_t rows;   /* how many are listed (of a share: above the line) */
    int64_t amount; /* a count: the rows; a sum: fen where the unit is yuan; a share: above */
    int64_t over;   /* of a share: below the line; else 0 */
};

/* For figures about everyone. */
struct figure_everyone {
    int64_t expected, verified, open;
    int64_t unreported; /* expected less the two */
};

/* What the figure comes to on the desk. ERR_INPUT for a value that is no whole number. */
MUST_USE bool figure_count(struct figure_desk *desk, const struct figure *figure,
                           struct figure_value *out, struct err *err);

/* `figure` has `everyone` set (CHECKed). */
MUST_USE bool figure_count_everyone(struct figure_desk *desk, const struct figure *figure,
                                    struct figure_everyone *out, struct err *err);

/* By what a figure is split. */
enum figure_by { FIGURE_BY_COUNTY, FIGURE_BY_TOWNSHIP, FIGURE_BY_SCHOOL, FIGURE_BY_COUNT };
const char *figure_by_key(enum figure_by by); /* "county" "township" "school" */
int figure_by_of(struct str key);             /* or -1 */

/* A part of a figure. The parts' rows add up to the figure's. */
struct figure_part_value {
    struct str place; /* division code of 6 or 9 digits, or school code; empty: not known */
    struct figure_value value;
};

/* By place, those not known first; in the arena. ERR_USAGE when a query gives no column `area` (or
 * `school`). */
MUST_USE bool figure_count_by(struct figure_desk *desk, struct arena *arena,
                              const struct figure *figure, enum figure_by by,
                              struct figure_part_value **out, size_t *count, struct err *err);

/* The value as a number of the unit: "725000000" or "725000000.50" yuan, "95.4" percent (halves
 * away from zero at the second place), "6420"; empty when it is not known, or the line below a
 * share is 0. In the arena. */
struct str figure_value_text(struct arena *arena, const struct figure *figure,
                             const struct figure_value *value);

/* The same in ten-thousandths of the unit; false when it has none or is too large for that. */
bool figure_value_e4(const struct figure *figure, const struct figure_value *value, int64_t *out);

#endif
