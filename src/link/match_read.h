#ifndef LINK_MATCH_READ_H
#define LINK_MATCH_READ_H

#include "base/err.h"
#include "base/str.h"

/* A table read from a file for linking: the columns asked for, as texts by row. */

struct match_table {
    const struct str *names; /* the columns asked for */
    size_t column_count;
    struct str **cells; /* by column, then row; trimmed */
    uint64_t *lines;    /* by row: its line (or row) in the file */
    uint32_t row_count;
};

enum { MATCH_ROWS_MAX = 1 << 30 };

/* Reads the columns with these names; all lives in the arena. ERR_INPUT as match_find_columns, and
 * for an empty file; ERR_IO, ERR_LIMIT. Errors name the file. */
MUST_USE bool match_table_read(struct arena *arena, const char *path, const struct str *names,
                               size_t column_count, struct match_table *out, struct err *err);

/* Finds the columns with these names among the cells of a first row. ERR_INPUT names one that
 * stands twice, or is missing: with the columns that are there, unless none of the names is, for
 * then the row may be data. */
MUST_USE bool match_find_columns(const struct str *cells, size_t cell_count,
                                 const struct str *names, size_t count, size_t *places,
                                 struct err *err);

/* The number of the column with this name among those of the file's first row, or SIZE_MAX. */
MUST_USE bool match_table_has(struct arena *arena, const char *path, const char *name, bool *out,
                              struct err *err);

#endif
