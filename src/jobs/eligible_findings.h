#ifndef JOBS_ELIGIBLE_FINDINGS_H
#define JOBS_ELIGIBLE_FINDINGS_H

#include "findings/check.h"
#include "jobs/eligible_years.h"

/* Conflicts of candidates (eligible.h) as findings of a check: who is registered twice
 * (exam_twice), asks for plans that exclude one another or was admitted under two
 * (plans_exclusive), and came too late for what was asked for (moved_late). Of the examinations of
 * the year of `at` and later ones: what an earlier one contradicted cannot be mended any more. */

/* By conflict, then number of the examination; of the asker's areas. Of the linked person where the
 * candidate's ID number leads to one, else of the number. `years` may be NULL. In the arena. */
void eligible_findings(const struct eligible_years *years, struct arena *arena,
                       const struct asker *asker, day at, struct finding **out, size_t *count);

#endif
