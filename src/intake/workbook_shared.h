#ifndef INTAKE_WORKBOOK_SHARED_H
#define INTAKE_WORKBOOK_SHARED_H

#include "base/err.h"
#include "base/str.h"

/* The shared texts of a workbook, by number: cleaned, in blocks that never move, so that memory is
 * little more than the texts. A text longer than WORKBOOK_CELL_BYTES_MAX is kept one byte longer
 * than that, so that the cell that uses it is refused. */

enum {
    SHARED_BLOCK_BYTES = 1 << 20,
    SHARED_BLOCKS_MAX = 256, /* of text: 256 MB */
    SHARED_PAGE_TEXTS = 1 << 14,
    SHARED_PAGES_MAX = 1024, /* 16.7 million texts */
};

struct shared_texts {
    struct arena *arena;
    uint64_t *pages[SHARED_PAGES_MAX]; /* per text: its place << 20 | its length */
    size_t count;
    char *blocks[SHARED_BLOCKS_MAX];
    size_t block_count, block_used;
};

/* Adds the next text. Errors: ERR_LIMIT. */
MUST_USE bool shared_add(struct shared_texts *shared, struct str text, struct err *err);

/* The text with this number; false when there is none (or `shared` is NULL). */
bool shared_text(const struct shared_texts *shared, uint64_t number, struct str *text);

#endif
