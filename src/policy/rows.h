#ifndef POLICY_ROWS_H
#define POLICY_ROWS_H

#include "policy/policy.h"

/* The people of one subject, a column an input. What a row does not state is unknown, with the
 * reason why. Columns belong to whoever filled them. */

/* Why an input is not known. */
enum policy_state {
    POLICY_KNOWN,
    POLICY_MISSING,     /* no register states it */
    POLICY_CONFLICTING, /* registers state different things */
    POLICY_STALE,       /* what is stated is too old to rest on */
};

struct policy_column {
    const uint8_t *states; /* by row: enum policy_state; NULL: all missing */
    const int64_t *values; /* by row, where known; a set: its bits; see enum policy_type */
};

struct policy_rows {
    uint16_t subject;
    size_t count;
    struct policy_column columns[POLICY_INPUTS_MAX]; /* by input; those of other subjects unused */
};

#endif
