#ifndef JOBS_CLERKS_H
#define JOBS_CLERKS_H

#include "jobs/stages.h"

/* The people of the sample city at work: they answer what the program asked, each as the truth
 * beside the files has it. They see what a real clerk sees (a doubtful pair, a case) and write only
 * through what a real clerk writes with, so the trail has every answer. */

struct clerks_result {
    uint64_t asked, decided;    /* doubtful pairs that matter; those that the truth tells of */
    uint64_t cases;             /* open cases of children suspected to be out of school */
    uint64_t contacts;          /* families reached or tried */
    uint64_t closed, confirmed; /* cases by what came of it; the rest stays open */
};

/* Decides those doubtful pairs of `run` on which it depends whether a child is in school, and works
 * the open cases of the dropout procedure: one contact in the week behind the case's opening (never
 * behind `at`) and its outcome; `last`: on the last day of the story, on which also those who were
 * confirmed and are missing by the registers still are asked about. FOLDER is that of sample_write,
 * whose files `run` has read. What is decided of pairs stands at the next check. ERR_IO, ERR_STORE.
 */
MUST_USE bool clerks_work(struct workspace *workspace, struct arena *arena,
                          const struct asker *asker, const char *folder, struct check_run *run,
                          bool last, const struct progress *progress, struct clerks_result *out,
                          struct err *err);

#endif
