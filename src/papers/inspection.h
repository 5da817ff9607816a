#ifndef PAPERS_INSPECTION_H
#define PAPERS_INSPECTION_H

#include "findings/finding_store.h"
#include "identity/division.h"
#include "papers/notice.h"

/* What inspectors ask for, filled in from a check: the three ledgers (三本台账: children of age,
 * suspected, confirmed out of school) and the four reports (四个一: a school's month, a county's
 * quarter, a term, a school year; 教基厅函〔2024〕15号). Reads, writes nothing. */

enum inspection_ledger { INSPECTION_CHILDREN, INSPECTION_SUSPECTED, INSPECTION_DROPPED };
enum inspection_span { INSPECTION_MONTH, INSPECTION_QUARTER, INSPECTION_TERM, INSPECTION_YEAR };

struct inspection {
    const struct divisions *divisions;
    const struct people *people;
    const struct rules *rules;
    const struct check_kept *kept;
    const struct finding *findings;
    const struct finding_entry *entries; /* one a finding */
    size_t count;
    day at;
    struct str area;   /* empty: all that was checked */
    struct str school; /* name of one school; empty: all */
    bool reveal;       /* ID numbers whole, else masked */
};

/* Rows of the list `children`, by area, then name as written, with area.name, day and count. */
void inspection_ledger(const struct inspection *inspection, enum inspection_ledger which,
                       struct notice_values *values);

/* Counts of the area or school, findings by kind and by the units below, what was opened in the
 * span that `at` lies in, what is open. */
void inspection_report(const struct inspection *inspection, enum inspection_span span,
                       struct notice_values *values);

/* "ledger_children" … "report_year": the paper of each. False for other papers. */
bool inspection_ledger_of(struct str key, enum inspection_ledger *out);
bool inspection_span_of(struct str key, enum inspection_span *out);

/* The first day of the span that a day lies in: month, quarter, term (1 September, 1 March), school
 * year. */
day inspection_first(enum inspection_span span, day at);

#endif
