#ifndef BASE_XLS_OUT_H
#define BASE_XLS_OUT_H

#include "base/str.h"

/* A true xls workbook (BIFF 8 in a compound file) of one sheet, written row by row; sheet_out.h
 * uses it for names that end in ".xls". Little is kept in memory: the file's table of sectors is
 * made at the end. Limits of the format: XLS_ROWS_MAX rows, XLS_COLUMNS_MAX columns,
 * XLS_CELL_UNITS_MAX UTF-16 units a cell. */

enum { XLS_ROWS_MAX = 65536, XLS_COLUMNS_MAX = 256, XLS_CELL_UNITS_MAX = 4000 };

struct xls_out;

/* Writes to `fd`, which stays the caller's and stands at its start. The name (UTF-8) must be one
 * that Excel allows, of at most 31 characters. On any failure errno says why. */
struct xls_out *xls_open(struct arena *arena, int fd, const char *sheet);

/* How a cell is shown; a day is a number from 1899-12-30 on. */
enum xls_style { XLS_PLAIN, XLS_BOLD, XLS_DATE };

/* Cells by row and column from 0; rows must not go back. False when a write failed. */
MUST_USE bool xls_put_text(struct xls_out *out, unsigned row, unsigned column, struct str text,
                           enum xls_style style);
MUST_USE bool xls_put_number(struct xls_out *out, unsigned row, unsigned column, double value,
                             enum xls_style style);

/* Cells from (row_first, column_first) to (row_last, column_last) become one; written at the end.
 * At most XLS_MERGES_MAX. */
enum { XLS_MERGES_MAX = 1000 };
void xls_merge(struct xls_out *out, unsigned row_first, unsigned row_last, unsigned column_first,
               unsigned column_last);

/* Completes the file. */
MUST_USE bool xls_close(struct xls_out *out);

#endif
