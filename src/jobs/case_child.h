#ifndef JOBS_CASE_CHILD_H
#define JOBS_CASE_CHILD_H

#include "cases/case_store.h"
#include "jobs/workspace.h"
#include "papers/notice.h"

/* What the registers state of the child of a case, for papers: child.*, guardian.* and school.*.
 * Of what several state the first counts, in the order of `registers` in case_child.c; ID numbers
 * are masked unless `reveal`. Facts of the case itself are set first by the caller and stay. */
MUST_USE bool case_child_values(struct workspace *workspace, const struct case_file *file,
                                bool reveal, struct notice_values *values, struct err *err);

#endif
