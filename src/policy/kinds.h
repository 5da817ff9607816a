#ifndef POLICY_KINDS_H
#define POLICY_KINDS_H

#include "policy/rows.h"

/* Rows that are alike in some columns, numbered once: what is decided of one is decided of all. A
 * city of a million pupils has some thousands of them. */

/* What counts of a column. */
struct kind_column {
    const void *codes;       /* by row, `width` bytes each */
    uint32_t width;          /* 1, 2 or 4 */
    const uint32_t *classes; /* by code: its class; NULL: each code is one */
    uint32_t class_count;    /* classes are below it */
};

struct kinds {
    uint32_t *kind_of; /* by row */
    uint32_t *rows;    /* by kind: its first row; ascending */
    size_t count;
};

/* Finds the kinds. False, and nothing is set, when the kinds of each KINDS_PIECE_ROWS rows come to
 * more than `most` in all: then it does not pay. threads 0: as many as the machine offers; the
 * outcome does not depend on it. In the arena. */
bool kinds_find(struct arena *arena, const struct kind_column *columns, size_t column_count,
                size_t row_count, size_t threads, size_t most, struct kinds *out);

enum { KINDS_PIECE_ROWS = 1 << 15 };

/* The column of an input with each different thing once, in the order of first appearance; reasons
 * why something is unknown are not told apart. Where `open` (by row; may be NULL) is not 0, the
 * value counts though it is not known: the words of a set that are. In the arena. */
void kinds_code(struct arena *arena, const struct policy_rows *rows, uint16_t input,
                const uint64_t *open, struct policy_column *column, struct policy_codes *codes);

#endif
