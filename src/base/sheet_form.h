#ifndef BASE_SHEET_FORM_H
#define BASE_SHEET_FORM_H

#include "base/sheet_out.h"

/* What makes a sheet of a workbook (.xlsx) a form that people fill in: cells that may be written
 * and cells that may not, lists to choose from, A4 paper. Protection has no password: it keeps
 * people from slips, not from changing what stands there; whoever reads the form back checks. In
 * other files nothing of it happens. */

enum sheet_cell {
    SHEET_CELL_FIXED,    /* cannot be written */
    SHEET_CELL_OPEN,     /* text to be filled in: what is typed stays as typed ("03") */
    SHEET_CELL_OPEN_DAY, /* a day to be filled in, shown as 2020-11-25 */
    SHEET_CELL_HIDDEN,   /* cannot be written, and is not seen */
};

/* The sheet that is being written is a form whose first `count` columns are these; before its
 * header and rows. Printed on A4 across, one page wide, the header on each page. */
void sheet_form(struct sheet_out *sheet, const enum sheet_cell *cells, size_t count);

/* Hides the columns that are SHEET_CELL_HIDDEN; behind sheet_header. */
void sheet_form_hide_columns(struct sheet_out *sheet, const enum sheet_cell *cells, size_t count);

/* Rows `first` to `last` of a column (row 0 is the first of the sheet) are chosen from the first
 * `count` rows of column `from_column` of the sheet `from`, which may come later. */
void sheet_form_choices(struct sheet_out *sheet, size_t column, uint64_t first, uint64_t last,
                        const char *from, size_t from_column, uint64_t count);

/* Nobody sees the sheet that is being written; not the first one. */
void sheet_form_hide(struct sheet_out *sheet);

#endif
