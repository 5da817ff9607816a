#ifndef BASE_SHEET_OUT_H
#define BASE_SHEET_OUT_H

#include "base/str.h"

/* A table written to a file: a workbook where the name ends in ".xlsx", else CSV (UTF-8, comma,
 * header row). The file appears whole under its name when sheet_close succeeds; until then, and on
 * any failure, an older file of that name stays as it was. Rows are written in order and not kept
 * in memory. Cells are text (so that ID numbers keep their digits) unless put as numbers. */

struct sheet_out;

enum { SHEET_COLUMNS_MAX = 512, SHEET_XLSX_ROWS_MAX = 1048575 };

/* `sheet` names the workbook's sheet (ignored for CSV). `bom` writes a UTF-8 byte order mark into
 * CSV. Errors: ERR_IO. */
MUST_USE bool sheet_open(struct sheet_out **out, const char *path, const char *sheet, bool bom,
                         struct err *err);

/* The header row: bold and frozen in a workbook, with the widths of the columns in characters
 * (NULL for a default). */
MUST_USE bool sheet_header(struct sheet_out *sheet, const struct str *cells, size_t count,
                           const int *widths, struct err *err);

MUST_USE bool sheet_row(struct sheet_out *sheet, const struct str *cells, size_t count,
                        struct err *err);

/* Puts the file in its place. The handle is gone after either of these; NULL is accepted by
 * sheet_abandon, which leaves nothing behind. */
MUST_USE bool sheet_close(struct sheet_out *sheet, struct err *err);
void sheet_abandon(struct sheet_out *sheet);

#endif
