#ifndef JOBS_VIEW_LEDGER_H
#define JOBS_VIEW_LEDGER_H

#include "cases/ledger.h"
#include "jobs/view.h"

/* The three ledgers (cases/ledger.h) as pages show them: of the snapshot's day and what the cases
 * say now, of what the asker sees. */

struct view_ledger {
    enum ledger_kind kind;
    struct ledger_text text;
    struct ledger_row *rows; /* by area, school, then person; ID numbers masked */
    size_t count;
};

/* Makes one, of one area where `area` is not empty; empty where the workspace holds nothing.
 * Errors as ledger_text_load, ledger_rows. In the view's arena. */
MUST_USE bool view_ledger(const struct view *view, const struct casework *work,
                          enum ledger_kind kind, struct str area, struct view_ledger *out,
                          struct err *err);

/* What was found, or which groups: "查户籍 查学籍" of the marks whose bit is set; in the arena. */
struct str view_ledger_marks(const struct view *view, const struct ledger_mark *marks, size_t count,
                             uint32_t bits);

/* Writes it as a workbook for people: the rows, and on a second sheet the counts by `by`. `path`
 * ends in ".xlsx". Errors as sheet_out.h. */
MUST_USE bool view_ledger_export(const struct view *view, const struct view_ledger *ledger,
                                 enum ledger_by by, const char *path, struct err *err);

#endif
