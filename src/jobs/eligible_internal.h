#ifndef JOBS_ELIGIBLE_INTERNAL_H
#define JOBS_ELIGIBLE_INTERNAL_H

#include "base/list.h"
#include "jobs/eligible.h"

/* What the files that find who is eligible share. */

/* eligible_read.c: the candidates and admissions of all years that the asker may see. Errors as
 * registry_read. */
MUST_USE bool eligible_read(struct eligible_known *known, struct workspace *workspace,
                            struct arena *arena, const struct asker *asker, struct read_at when,
                            struct err *err);

/* eligible_conflict.c: what contradicts itself, by kind, then number. */
void eligible_find_conflicts(struct eligible *eligible, struct arena *arena);

#endif
