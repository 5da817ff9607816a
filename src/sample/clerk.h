#ifndef SAMPLE_CLERK_H
#define SAMPLE_CLERK_H

#include "sample/settings.h"

/* Writes one file as a clerk's office program would: text in its encoding, HTML named xls, or a
 * workbook with titles, merged heads, totals and signatures. Same rows, same bytes. */

struct clerk;

enum cell_form {
    CELL_TEXT,
    CELL_NUMBER, /* a whole number */
    CELL_DAY,    /* "2012-03-05", written as a day of the spreadsheet where it has such */
};

/* One cell: its text and how a spreadsheet would hold it. */
struct clerk_cell {
    struct str text;
    enum cell_form form;
};

/* "csv" or "xlsx" or "xls", by the format. */
const char *format_ending(enum file_format format);

/* Opens the file; `layout` says format and what stands around the rows; `title` is its title with
 * names filled in. */
MUST_USE bool clerk_open(struct clerk **out, struct arena *arena, const char *path,
                         const struct layout *layout, struct str title, struct err *err);

/* Begins a sheet (the first too); text files have one and ignore the name. */
MUST_USE bool clerk_sheet(struct clerk *clerk, struct str name, struct err *err);

/* The next row of the table. *number is the row as a reader counts it: row of the sheet, line of
 * the text, row of the HTML table. */
MUST_USE bool clerk_row(struct clerk *clerk, const struct clerk_cell *cells, size_t count,
                        uint64_t *number, struct err *err);

/* Totals and signatures below the rows of the sheet, and the file in its place. The handle is gone
 * after either. */
MUST_USE bool clerk_close(struct clerk *clerk, struct err *err);
void clerk_abandon(struct clerk *clerk);

#endif
