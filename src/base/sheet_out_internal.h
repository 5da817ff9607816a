#ifndef BASE_SHEET_OUT_INTERNAL_H
#define BASE_SHEET_OUT_INTERNAL_H

#include "base/sheet_out.h"
#include "base/xls_out.h"

#include <xlsxwriter.h>

/* What sheet_out.c and sheet_form.c share. */

struct sheet_out {
    struct arena arena;
    const char *path;
    const char *temporary;
    bool numbers[SHEET_COLUMNS_MAX];
    int fd;                 /* CSV and xls: the temporary file */
    struct text buffer;     /* CSV: rows not written yet */
    uint64_t bytes, begun;  /* CSV: written, and of these given to the disk */
    struct xls_out *xls;    /* NULL for all but xls */
    lxw_workbook *workbook; /* NULL for all but xlsx */
    lxw_worksheet *worksheet;
    const char *sheet_name;
    lxw_format *header;                     /* of header rows */
    lxw_format *formats[SHEET_COLUMNS_MAX]; /* workbook: of the cells of a column; NULL: plain */
    bool is_form;
    struct text cell; /* workbook: one cell, cleaned and zero-terminated */
    lxw_row_t rows;
};

#endif
