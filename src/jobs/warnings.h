#ifndef JOBS_WARNINGS_H
#define JOBS_WARNINGS_H

#include "jobs/stages.h"

/* Warnings of relapse after a check: students of households that came newly into monitoring
 * (household_watched), schools and villages that fell below a standard that they met
 * (standard_lost). What is watched is text (warning_text.h); what has become so since the program
 * looked first is told by watch_store.h. */

/* The warnings that stand on the day of the run, by watch and then unit, in the arena; those of the
 * asker's areas. `keep`: the run is over all areas and of what is known now, so the look is
 * remembered. Inside the caller's transaction. ERR_STORE; ERR_INPUT for a faulty text. */
MUST_USE bool job_warnings(struct workspace *workspace, struct arena *arena,
                           const struct asker *asker, struct read_at when,
                           const struct check_run *run, bool keep, struct finding **out,
                           size_t *count, struct err *err);

#endif
