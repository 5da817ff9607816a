#ifndef JOBS_VIEW_EXPORT_H
#define JOBS_VIEW_EXPORT_H

#include "jobs/view_finding.h"

/* A list of findings as a workbook (Chinese headings and words, for people) or as CSV (keys, for
 * programs, as `baoxue check` writes it). */

struct view_export {
    const char *path;   /* ends in ".xlsx" or ".csv" */
    bool whole_numbers; /* ID numbers in full, for who has given a reason that is on record */
};

/* Writes all rows that the query finds, whatever its page; *count says how many. Errors as
 * sheet_out.h; ERR_LIMIT when a workbook cannot hold them. */
MUST_USE bool view_export(const struct view *view, const struct view_finding_query *query,
                          const struct view_export *wanted, size_t *count, struct err *err);

/* What a query asks for, in one line without personal data, the same for equal queries: "kind=…
 * area=…". In the arena. */
struct str view_query_text(struct arena *arena, const struct view_finding_query *query);

#endif
