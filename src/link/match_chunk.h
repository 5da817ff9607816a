#ifndef LINK_MATCH_CHUNK_H
#define LINK_MATCH_CHUNK_H

#include "base/scan.h"

#include <string.h>

/* A csv text cut into chunks that are read side by side. A chunk begins where a line does; whether
 * that line begins a row is known only when the rows before it are read (a quoted cell may hold
 * line ends), so a chunk is read as if it did, and again when the chunk before turns out to end
 * elsewhere. Rows and cells are what base/csv.h makes of them. */

/* How the text is to be read. */
struct match_layout {
    const struct scan *scan;
    struct str text; /* of the whole file */
    char separator;
    bool blank_after;
    const size_t *places; /* by column asked for: its number in a row */
    size_t column_count;
};

enum { MATCH_WORDS = 3, MATCH_SHORT_BYTES = 24 };

/* A cell, trimmed. Names, days and identity numbers of every kind are short: with the length, the
 * words are all of a cell of at most MATCH_SHORT_BYTES. */
struct match_cell {
    /* The first sixteen bytes and the last eight, or all of fewer; of a longer cell the second word
     * is where its bytes lie. */
    uint64_t words[MATCH_WORDS];
    uint32_t length;
    uint32_t hash; /* 0 for the empty cell */
};

struct match_chunk {
    struct arena arena;       /* of what is used again for the next chunk */
    struct arena texts;       /* of cells in which quotes were doubled, and of slow rows */
    struct str lasting;       /* long cells that lie in it stay; others go with the next read */
    size_t from, end;         /* rows that begin here */
    size_t stop;              /* behind the last row: at least `end` unless failed */
    struct match_cell *cells; /* by column, each with room for row_capacity */
    size_t row_capacity;
    size_t row_count;
    uint64_t *marks; /* two arrays, of cells and of lines */
    size_t block_capacity;
    bool failed; /* a row is no csv; base/csv.h says why */
};

/* How many rows begin in these bytes, which begin where a row does: exact where no cell is quoted
 * and no row but an empty line holds nothing, else a guess. The second number is never too small.
 */
struct match_row_count {
    size_t rows, most;
};
struct match_row_count match_count_rows(const struct scan *scan, const char *bytes, size_t size);

/* Reads the rows that begin in from … end - 1, without those that hold nothing. */
void match_chunk_read(const struct match_layout *layout, struct match_chunk *chunk);

/* Makes room for this many rows of that many columns; the cells are as they were before. */
void match_chunk_room(struct match_chunk *chunk, size_t rows, size_t column_count);

/* Makes a cell of these bytes. Its hash is never 0 but for the empty one. */
void match_cell_fill(const char *bytes, size_t length, struct match_cell *out);

/* The bytes of a long cell. */
static inline const char *match_cell_long(const struct match_cell *cell)
{
    return (const char *)(uintptr_t)cell->words[1];
}

/* Whether two cells hold the same bytes, told by their length and words. */
static inline bool match_words_equal(uint32_t length, const uint64_t *a, const uint64_t *b)
{
    if (a[0] != b[0] || a[2] != b[2]) return false;
    if (a[1] == b[1]) return true;
    return length > MATCH_SHORT_BYTES
           && memcmp((const void *)(uintptr_t)a[1], (const void *)(uintptr_t)b[1], length) == 0;
}

/* Writes the bytes of a cell, `length` of them. */
void match_cell_write(const struct match_cell *cell, char *out);

/* Gives its memory back. */
void match_chunk_free(struct match_chunk *chunk);

#endif
