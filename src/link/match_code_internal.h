#ifndef LINK_MATCH_CODE_INTERNAL_H
#define LINK_MATCH_CODE_INTERNAL_H

#include "base/list.h"
#include "base/thread.h"
#include "link/match_code.h"

/* Between match_code.c, which finds out which cells are equal, and match_number.c, which numbers
 * the texts when all have been seen. */

enum {
    CODE_PART_BITS = 6,
    CODE_PARTS = 1 << CODE_PART_BITS,
    CODE_LOCAL_BITS = 32 - CODE_PART_BITS,
    CODE_LOCAL_MAX = (1 << CODE_LOCAL_BITS) - 3, /* texts of a part; the last two are no numbers */
    CODE_BLOCK_BITS = 11,
    CODE_BLOCK_ENTRIES = 1 << CODE_BLOCK_BITS,
};

/* What stands in coding.values until texts have numbers: part and local number, or one of these. */
#define CODE_EMPTY UINT32_MAX
#define CODE_WAITS (UINT32_MAX - 1)

/* A text of a column; of a long one the second word is where its copy lies. */
struct code_entry {
    uint64_t words[MATCH_WORDS];
    uint32_t length;
    uint32_t first_row;
};

/* The texts of a column whose hashes share their upper bits. */
struct code_part {
    uint64_t *slots; /* hash, then local number + 1; 0 is free */
    size_t slot_count;
    LIST(struct code_entry *) blocks; /* by local number, and so by first row; they never move */
    uint32_t count;
    uint32_t *numbers; /* by local number, at last */
};

/* The text with a local number below the count. */
static inline struct code_entry *code_entry_at(const struct code_part *part, uint32_t local)
{
    return &part->blocks.items[local >> CODE_BLOCK_BITS][local & (CODE_BLOCK_ENTRIES - 1)];
}

struct coding {
    struct code_part parts[CODE_PARTS];
    uint32_t *values; /* by row */
    bool few;         /* so few texts that a cell is looked up as soon as it is read */
    bool full;
};

/* The cells of a chunk's column that wait until all parts are gone through, by part. */
struct code_run {
    struct match_cell *cells;
    uint32_t *rows; /* of the chunk */
    uint32_t *values;
    uint32_t starts[CODE_PARTS + 1];
};

struct code_chunk {
    size_t row;            /* its first */
    struct code_run *runs; /* by column */
};

/* Room that is given up at once and used again: fresh memory costs more than what is put there. */
struct code_pool {
    LIST(unsigned char *) blocks;
    size_t at, left; /* blocks begun, bytes left of the last of them */
    struct arena large;
};

/* Of a thread: parts are small, and memory of each its own would be mostly empty. */
struct code_place {
    struct arena tables;
    struct arena texts; /* long ones */
    struct arena blocks;
    struct code_pool pool;
    /* Tables outgrown, by the logarithm of their words: all parts of a column grow at about the
     * same time, and giving memory back to the system while threads run costs all of them. */
    struct outgrown {
        struct outgrown *next;
    } * outgrown[48];
};

struct match_coder {
    struct code_place places[THREADS_MAX];
    size_t column_count, row_max, skipped, counted, wave_cells;
    struct coding *columns;
    uint64_t *contents;             /* by row */
    LIST(struct code_chunk) chunks; /* whose cells wait */
    size_t fresh;                   /* the first of them of the wave at hand */
    size_t waiting;                 /* cells */
    bool begun;
    struct arena wave;
    /* Closing. */
    struct arena *arena;
    struct link_column *out;
    size_t row_count;
    struct code_block *blocks; /* by column, then block of rows */
    size_t block_count;
    char **rooms; /* by column: of its texts */
};

/* match_number.c: numbers texts and rows; what `out` gets lives in coder->arena. */
void match_number(struct match_coder *coder, size_t threads);

#endif
