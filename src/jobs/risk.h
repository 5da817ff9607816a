#ifndef JOBS_RISK_H
#define JOBS_RISK_H

#include "cases/risk_words.h"
#include "jobs/awards.h"

/* The risk list of a workspace: pupils by points, from linked registers and cases. */

struct risk_list {
    const struct facts *facts; /* NULL: nobody is on a roll; the rest is empty */
    struct risk_text text;
    struct risk_known known;
    struct risk_child *children; /* risk_find */
    size_t count;
};

/* From facts that were made already. In the arena, which borrows them. ERR_STORE; ERR_INPUT for a
 * faulty text. */
MUST_USE bool job_risk_of(struct workspace *workspace, struct arena *arena,
                          const struct facts *facts, const struct casework *work,
                          struct risk_list *out, struct err *err);

/* Reads and links people and gathers the facts first; the asker's people only. Errors as job_facts.
 */
MUST_USE bool job_risk(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                       struct read_at when, const struct casework *work,
                       const struct progress *progress, struct risk_list *out, struct err *err);

#endif
