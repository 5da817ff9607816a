#ifndef BASE_SHEET_OUT_H
#define BASE_SHEET_OUT_H

#include "base/str.h"

/* A table written to a file: a workbook where the name ends in ".xlsx" or ".xls", else CSV (UTF-8,
 * comma, header row). The file appears whole under its name when sheet_close succeeds; until then,
 * and on any failure, an older file of that name stays as it was. Rows are written in order and not
 * kept in memory. Cells are text, so that ID numbers keep their digits; sheet_numbers names the
 * columns that are numbers. The same rows give the same bytes. */

struct sheet_out;

enum {
    SHEET_COLUMNS_MAX = 512,
    SHEET_XLS_ROWS_MAX = 65535,
    SHEET_XLSX_ROWS_MAX = 1048575 /* under the header */
};

/* `sheet` names the workbook's sheet (ignored for CSV); what a workbook does not allow in a sheet's
 * name is replaced by "_" and the name cut at 31 characters. `bom` writes a UTF-8 byte order mark
 * into CSV. Errors: ERR_IO. */
MUST_USE bool sheet_open(struct sheet_out **out, const char *path, const char *sheet, bool bom,
                         struct err *err);

/* The header row: bold and frozen in a workbook, with the widths of the columns in characters
 * (NULL for a default). */
MUST_USE bool sheet_header(struct sheet_out *sheet, const struct str *cells, size_t count,
                           const int *widths, struct err *err);

/* Says which of the first `count` columns hold numbers: there a cell that is a plain decimal number
 * of at most 15 digits becomes a number in a workbook. Nothing changes in CSV. */
void sheet_numbers(struct sheet_out *sheet, const bool *columns, size_t count);

/* The next row. Errors: ERR_IO; ERR_LIMIT when a workbook's sheet is full, or one cell of it has
 * more than 32,767 characters (CSV holds both). */
MUST_USE bool sheet_row(struct sheet_out *sheet, const struct str *cells, size_t count,
                        struct err *err);

/* Another sheet of a workbook, behind the one before: sheet_header, sheet_numbers and rows are of
 * it from now on. ERR_USAGE where the file is none (only .xlsx has several). */
MUST_USE bool sheet_next(struct sheet_out *sheet, const char *name, struct err *err);

/* A picture in a workbook: bars of the numbers in column `value`, of `count` rows from `first` (0:
 * the first under the header), with the texts of column `label`; its corner stands in column `at`
 * of row `at_row`. Nothing in other files. */
void sheet_bars(struct sheet_out *sheet, const char *title, size_t label, size_t value,
                uint64_t first, uint64_t count, size_t at_row, size_t at);

/* Whether the file is CSV; then rows that are written as CSV already (base/csv.h, each with its
 * line end) can be added many at once. */
bool sheet_is_csv(const struct sheet_out *sheet);
MUST_USE bool sheet_csv(struct sheet_out *sheet, struct str rows, struct err *err);

/* Puts the file in its place. The handle is gone after either of these; NULL is accepted by
 * sheet_abandon, which leaves nothing behind. */
MUST_USE bool sheet_close(struct sheet_out *sheet, struct err *err);
void sheet_abandon(struct sheet_out *sheet);

#endif
