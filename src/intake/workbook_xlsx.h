#ifndef INTAKE_WORKBOOK_XLSX_H
#define INTAKE_WORKBOOK_XLSX_H

#include "intake/workbook_reader.h"
#include "intake/workbook_scan.h"
#include "intake/workbook_shared.h"
#include "intake/workbook_xml.h"

/* The parts of an xlsx workbook; only workbook_xlsx*.c include this. */

/* Which cell styles show days. */
struct xlsx_styles {
    bool *dates; /* per style (cellXfs), may be NULL */
    size_t count;
};

/* Reads the style part; a workbook without one has no dates. */
MUST_USE bool xlsx_styles_read(const struct package *package, const char *part, struct arena *arena,
                               struct xlsx_styles *styles, struct err *err);

/* Reads the shared texts. Errors: those of scan_next; ERR_LIMIT when they are too many. */
MUST_USE bool xlsx_shared_read(const struct package *package, const char *part, struct arena *arena,
                               struct shared_texts *shared, struct err *err);

struct xlsx_sheet {
    const char *part; /* its name in the package */
    bool merges_read;
    struct merged_area *merges; /* in the workbook's arena */
    size_t merge_count;
};

struct xlsx_state {
    struct package package;
    bool date1904;
    struct xlsx_styles styles;
    struct shared_texts *shared; /* NULL when the workbook has none */
    const char *shared_part, *styles_part;
    bool parts_read; /* styles and shared texts, with the first sheet */
    struct xlsx_sheet *sheets;
    size_t merge_count;           /* of all sheets read so far */
    struct xlsx_reading *reading; /* the sheet being read, of workbook_xlsx_sheet.c */
};

/* The sheet stream; see struct workbook_reader. */
bool xlsx_sheet_start(struct workbook *workbook, size_t sheet, struct err *err);
bool xlsx_sheet_next(struct workbook *workbook, struct workbook_row *row, bool *more,
                     struct err *err);
unsigned xlsx_sheet_done(const struct workbook *workbook);
void xlsx_sheet_close(struct xlsx_state *state);

/* "AB12" → column 27 and row 11 (from 0); either may be missing (UINT32_MAX). False when it is not
 * of that form. */
bool xlsx_reference(struct str text, uint32_t *column, uint32_t *row);

/* A text with "_x000D_" put back to the characters that it stands for. */
struct str xlsx_unescape(struct arena *arena, struct str text);

/* The whole number in an attribute, or `otherwise` when absent or no number. */
uint64_t xlsx_number(struct str text, uint64_t otherwise);

#endif
