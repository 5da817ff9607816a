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

/* By row, or by code where the column has codes: where few different things are stated, each of
 * them stands once. */
struct policy_column {
    const uint8_t *states; /* enum policy_state; NULL: all missing */
    const int64_t *values; /* where known; a set: its bits; see enum policy_type */
};
struct policy_codes {
    const void *by_row; /* numbers of `width` bytes; NULL: there are none, the row is its own */
    uint32_t width;     /* 1, 2 or 4 */
    uint32_t count;     /* codes are below it */
};

struct policy_rows {
    uint16_t subject;
    size_t count;
    struct policy_column columns[POLICY_INPUTS_MAX]; /* by input; those of other subjects unused */
    struct policy_codes codes[POLICY_INPUTS_MAX];
};

/* Where a row's state and value stand in the column of an input. */
static inline size_t policy_place_in(const struct policy_rows *rows, uint16_t input, size_t row)
{
    const struct policy_codes *codes = &rows->codes[input];
    if (codes->by_row == NULL) return row;
    if (codes->width == 1) return ((const uint8_t *)codes->by_row)[row];
    if (codes->width == 2) return ((const uint16_t *)codes->by_row)[row];
    return ((const uint32_t *)codes->by_row)[row];
}

/* enum policy_state. */
static inline uint8_t policy_state_of(const struct policy_rows *rows, uint16_t input, size_t row)
{
    const uint8_t *states = rows->columns[input].states;
    return states == NULL ? POLICY_MISSING : states[policy_place_in(rows, input, row)];
}

/* Whether a row states an input; *value is then what. */
static inline bool policy_states(const struct policy_rows *rows, uint16_t input, size_t row,
                                 int64_t *value)
{
    const struct policy_column *column = &rows->columns[input];
    if (column->states == NULL) return false;
    size_t place = policy_place_in(rows, input, row);
    if (column->states[place] != POLICY_KNOWN) return false;
    *value = column->values[place];
    return true;
}

#endif
