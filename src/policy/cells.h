#ifndef POLICY_CELLS_H
#define POLICY_CELLS_H

#include "policy/rows.h"

/* The different people that a piece of policy can tell apart: for each input that an expression
 * reads, one value of every kind that it treats alike (each word of a choice, each word of a set
 * that is named and one that is not, the numbers around each limit, each code that is listed and
 * one that is not, yes and no). What holds for all combinations of these holds for everybody. The
 * proof that two amounts never meet, the least change of a decision, the cases at each boundary
 * and the check of mutants all stand on this. */

struct policy_cell_values {
    uint16_t input;
    int64_t *values; /* ascending; a set: its bits */
    size_t count;
};
struct policy_cells {
    struct policy_cell_values *inputs; /* by number of the input */
    size_t count;
};

/* The values for all inputs read by `exprs` on day `at`, definitions and standards they use
 * included. For a set: none, each named word alone, and with one not named. In the arena. */
void policy_cells_of(struct arena *arena, const struct policy *policy,
                     const struct policy_expr *const *exprs, size_t count, day at,
                     struct policy_cells *out);

/* The number of combinations, at most `limit` + 1. `and_unknown`: each input may be unknown too. */
size_t policy_cells_count(const struct policy_cells *cells, bool and_unknown, size_t limit);

/* All combinations as rows, the last input turning fastest; inputs not read are unknown. The
 * caller has made sure that they are not too many. In the arena. */
void policy_cells_rows(struct arena *arena, const struct policy_cells *cells, uint16_t subject,
                       bool and_unknown, struct policy_rows *out);

#endif
