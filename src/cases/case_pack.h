#ifndef CASES_CASE_PACK_H
#define CASES_CASE_PACK_H

#include "cases/case_sheet.h"
#include "cases/case_store.h"

/* Packs the steps that are owed in an area as a case sheet. */

struct case_pack_wish {
    struct str area;   /* division code; empty: all that the asker sees */
    struct str school; /* code or name; empty: all */
    int position;      /* in chains.positions: only what lies there on the day; -1: all */
    day at;            /* what is overdue is counted to this day */
    const char *path;  /* ends in ".xlsx" */
};

struct case_pack_result {
    struct str pack; /* number of the workbook, in the arena */
    size_t rows, cases;
};

/* Writes one row for each step owed in each open case that the asker sees, by the cases' earliest
 * due day and number, then in the order of the procedure. Cases are as they are now, also those of
 * which something happened behind `at`. ID numbers are masked. Audited. ERR_NOT_FOUND where nothing
 * is owed; ERR_LIMIT for more than CASE_SHEET_ROWS_MAX rows; errors of case_sheet_write. */
MUST_USE bool case_pack(const struct casework *work, struct arena *arena, const struct asker *asker,
                        const struct divisions *divisions, const struct case_pack_wish *wish,
                        struct case_pack_result *out, struct err *err);

#endif
