#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/str.h"

/* Comma-separated text, RFC 4180 and what people make of it: any one-byte separator, quoted cells
 * with doubled quotes and line ends inside, LF, CRLF or CR, blanks after the separator. */

enum { CSV_CELL_BYTES_MAX = 1 << 20, CSV_CELLS_MAX = 4096 };

struct csv_reader {
    struct str rest;      /* what is not read yet */
    char separator;
    bool blank_after;     /* skip blanks that follow a separator ("a, b") */
    uint64_t line;        /* line of the row last read, from 1; a quoted cell may span lines */
    uint64_t line_next;
    size_t width;         /* cells of the row last read: room to begin the next with */
};

/* A row: cells point into the input where they can, into the arena where quotes were doubled. */
struct csv_row {
    struct str *cells;
    size_t count;
};

/* Starts at `text` (UTF-8; a byte order mark is skipped). separator 0: found from the first lines
 * (comma, semicolon, tab; a comma and blank). */
void csv_open(struct csv_reader *reader, struct str text, char separator);

/* Reads the next row. *more is false at the end. Empty lines give a row of one empty cell.
 * Errors: ERR_INPUT (a quote that is never closed, with its line), ERR_LIMIT (cell or row too
 * large). */
MUST_USE bool csv_next(struct csv_reader *reader, struct arena *arena, struct csv_row *row,
                       bool *more, struct err *err);

/* Appends one cell, quoted when it must be. Cells that a spreadsheet would run as a formula
 * (starting with = + - @, not numbers) get a leading apostrophe: CSV injection. */
void csv_put(struct text *text, struct str cell, bool first);

/* Appends a row of such cells, and its line end. */
void csv_put_row(struct text *text, const struct str *cells, size_t count);

#endif
