#ifndef POLICY_TELLING_H
#define POLICY_TELLING_H

#include "policy/decide_internal.h"
#include "policy/kinds.h"

/* What a program can tell apart. Of a column it sees whether a value is known, on which side of a
 * limit and in which list it is, and which row of a standard it finds: values that are alike in all
 * of this are of one class. What only goes into amounts need not be told apart either: an input
 * with many values of which nothing else depends is *set aside*, and its amounts are worked out row
 * by row (kinds of pupils whose fees differ are decided once, what each is paid is a sum). */

struct telling {
    struct kind_column columns[POLICY_INPUTS_MAX]; /* of the inputs that matter */
    size_t column_count;
    uint64_t aside;  /* inputs */
    uint64_t *flows; /* by node: inputs whose value goes into its own */
};

enum { TELLING_ASIDE_ABOVE = 256 }; /* different values */

/* In the arena. threads 0: as many as the machine offers. */
void policy_tell(struct arena *arena, const struct policy_program *program,
                 const struct policy_rows *rows, size_t threads, struct telling *out);

#endif
