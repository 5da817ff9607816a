#ifndef LINK_MATCH_LOAD_H
#define LINK_MATCH_LOAD_H

#include "link/match_tables.h"

/* The records of a linkage, read and coded on all threads. Csv in UTF-8 is mapped and read in waves
 * of chunks, and no text of it is kept but the ids and one copy of each distinct text; what else a
 * file may be is read by intake/workbook.h first. */

struct match_wish {
    const struct match_wanted *wanted;
    size_t count;                     /* files or tables: one or two */
    const char *const *paths;         /* of files; NULL: tables are at hand */
    const struct match_table *tables; /* of the columns wanted */
    const struct str *places;         /* what errors call them */
    const char *simd;                 /* as scan_choose takes it */
    size_t chunk_bytes;               /* pieces that csv is read in; 0: as is fast */
    uint64_t memory_bytes;            /* that may be held in all; 0: no bound */
};

struct match_loaded {
    struct link_column *columns; /* as wanted; that of the id is empty */
    struct str *ids;             /* by record, zero-terminated as texts are */
    uint64_t *contents;          /* by record: hash of what it says */
    size_t record_count;
    size_t row_room; /* records that the numbers of each column have room for */
    size_t first[3]; /* by file: its first record; then the number of records */
};

/* Reads what is wished; all lives in the arena. Errors name the file: as match_table_read;
 * ERR_INPUT for an id that is empty, with its line; ERR_LIMIT. */
MUST_USE bool match_load(struct arena *arena, const struct match_wish *wish,
                         struct match_loaded *out, struct err *err);

/* The line of a file's row, numbered from 0. For messages: it reads the file again. */
MUST_USE bool match_line(const struct match_wish *wish, size_t file, size_t row, uint64_t *line,
                         struct err *err);

#endif
