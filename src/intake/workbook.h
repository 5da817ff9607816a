#ifndef INTAKE_WORKBOOK_H
#define INTAKE_WORKBOOK_H

#include "base/err.h"
#include "base/str.h"

/* One way to read every kind of file that clerks send: csv and tab text (UTF-8, GB18030, UTF-16),
 * xlsx, true xls, and HTML, XML or text named xls. The kind is told from the first bytes, never
 * from the name. Rows come as a stream; memory stays bounded whatever the file holds:
 *
 *   limits: WORKBOOK_FILE_BYTES_MAX for the file, WORKBOOK_UNZIPPED_BYTES_MAX for one part of an
 * xlsx, WORKBOOK_CELL_BYTES_MAX for a cell, WORKBOOK_ROWS_MAX rows and WORKBOOK_COLUMNS_MAX
 * columns.
 *
 * Bytes that are broken in a text that is otherwise sound (a name cut in the middle of a character)
 * come as U+FFFD; control characters never come but tab and line feed.
 *
 * Errors (one sentence each, zh and en): empty file, unknown kind, truncated, encrypted, entity or
 * zip bomb, NUL bytes in text, a field too large, text in no known encoding. ERR_INPUT or
 * ERR_LIMIT; ERR_IO when the file cannot be read. Sentences name the sheet and row, not the file:
 * the caller puts its name before them. A workbook is used by one thread at a time. */

enum {
    WORKBOOK_SHEETS_MAX = 256,
    WORKBOOK_ROWS_MAX = 5000000,
    WORKBOOK_COLUMNS_MAX = 1024,
    WORKBOOK_CELL_BYTES_MAX = 65536,
};
#define WORKBOOK_FILE_BYTES_MAX ((uint64_t)1 << 30)
#define WORKBOOK_UNZIPPED_BYTES_MAX ((uint64_t)4 << 30)

enum cell_kind {
    CELL_EMPTY,
    CELL_TEXT,   /* text as written */
    CELL_NUMBER, /* a number in a spreadsheet: `text` in the shortest exact decimal form; a number
                    of more than 15 digits has lost the rest (`lost_digits`) */
    CELL_DATE,   /* a number with a date style: `text` is "2012-03-05" (time dropped) */
};

struct cell {
    enum cell_kind kind;
    bool lost_digits; /* a spreadsheet kept only 15 digits, or the text is like 6.2E+17 */
    bool merged;      /* filled from the first cell of a merged area, to its left or above */
    struct str text;  /* UTF-8, valid until the next workbook_next */
};

struct workbook_row {
    uint64_t number;    /* as the user sees it, from 1; in text files the line it begins on */
    struct cell *cells; /* merged areas are filled with their first cell's value (`merged`), title
                           lines over the whole width too */
    size_t count;
};

struct workbook;

/* Opens and recognises the file. Nothing is written. */
MUST_USE bool workbook_open(struct workbook **out, const char *path, struct err *err);
void workbook_release(struct workbook *workbook); /* NULL accepted */

/* "csv", "text" (separated by tabs), "xlsx", "xls", "html" or "xml" (that of Excel 2003). */
struct str workbook_kind(const struct workbook *workbook);

size_t workbook_sheet_count(const struct workbook *workbook);
struct str workbook_sheet_name(const struct workbook *workbook,
                               size_t sheet); /* "" for text files */
bool workbook_sheet_hidden(const struct workbook *workbook, size_t sheet);

/* Goes to the start of a sheet (also again, to read it a second time). */
MUST_USE bool workbook_sheet(struct workbook *workbook, size_t sheet, struct err *err);

/* The next row; rows in which no cell has a text of its own (blank rows, rows that only repeat a
 * merged cell from above) are left out. *more is false at the end of the sheet. */
MUST_USE bool workbook_next(struct workbook *workbook, struct workbook_row *row, bool *more,
                            struct err *err);

/* Share of the sheet that is read, in parts per thousand, for a progress bar. */
unsigned workbook_done_permille(const struct workbook *workbook);

#endif
