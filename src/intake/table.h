#ifndef INTAKE_TABLE_H
#define INTAKE_TABLE_H

#include "base/err.h"
#include "base/str.h"

/* The rows of a file that is one plain table: headings in its first row, then data, whatever kind
 * of file it is. Csv in UTF-8 is read where it lies (mapped), everything else by workbook.h (its
 * first sheet). Rows that hold nothing are left out; cells are trimmed. */

struct table;

struct table_row {
    struct str *cells; /* good until the next row */
    size_t count;
    uint64_t line; /* in the file, from 1 */
    bool wider;    /* it has cells that hold something beyond the last heading */
};

/* Opens a file; `columns` of the first row are looked for by their exact names, and rows come with
 * their cells in that order: an absent one is STR_EMPTY where its name may be missing (`optional`
 * by column, NULL: none may), else ERR_INPUT names it. ERR_INPUT for a file without headings, two
 * columns of one name, or as workbook_open; ERR_IO. Errors name the file. */
MUST_USE bool table_open(struct table **out, struct arena *arena, const char *path,
                         const char *const *columns, const bool *optional, size_t count,
                         struct err *err);

/* Whether the file has the column with this place in `columns`. */
bool table_has(const struct table *table, size_t column);

/* The headings of the first row as written. */
const struct str *table_headings(const struct table *table, size_t *count);

/* The next row; *more is false at the end. Errors name the file and the line. */
MUST_USE bool table_next(struct table *table, struct table_row *row, bool *more, struct err *err);

/* An upper bound of the rows that are left, to make room: exact enough for csv, a guess for other
 * kinds. */
size_t table_rows_most(const struct table *table);

/* err_at with "FILE: line N: " before the sentence, N that of the row last read. False. */
bool table_fail(const struct table *table, struct err *err);

/* True, and the number set, when a cell holds a whole number; false with an error that names the
 * column, the file and the line. */
MUST_USE bool table_number(const struct table *table, const struct table_row *row, size_t column,
                           int64_t *out, struct err *err);

/* The headings alone, as written, into the arena; what is below them is not looked at where that is
 * possible. ERR_INPUT for an empty file; ERR_IO. Errors name the file. */
MUST_USE bool table_read_headings(struct arena *arena, const char *path, struct str **headings,
                                  size_t *count, struct err *err);

/* True for bytes that are surely no csv: a workbook, or a table in HTML or XML. */
bool table_is_workbook(struct str bytes);

void table_close(struct table *table); /* NULL accepted */

#endif
