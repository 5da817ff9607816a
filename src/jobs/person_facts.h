#ifndef JOBS_PERSON_FACTS_H
#define JOBS_PERSON_FACTS_H

#include "cases/risk_words.h"
#include "jobs/risk.h"

/* What aid is due to one person and why, and how likely that person leaves school, without reading
 * everybody: from the person's own rows, those of the schools, and what the newest check over all
 * areas left (awards/facts_known.h, link/people_near.h). As long as nothing has changed on which
 * that rests (the day, the files, the links, decisions about them, the rules asked about) it is the
 * same as that of all; else all are read, as job_facts. */

struct facts_question {
    struct read_at when;
    bool now;       /* `when` is as known now: no moment was asked for */
    int64_t person; /* number; need not be anybody's */
};

/* The rows are those of the person alone (one, or none), or of everybody; *by_index says which. In
 * the arena, which has to live as long as `out` does; *out may not be moved. Errors as job_facts.
 */
MUST_USE bool job_facts_of_person(struct workspace *workspace, struct arena *arena,
                                  const struct asker *asker, const struct facts_question *question,
                                  const struct aid_rules *rules, const struct progress *progress,
                                  struct aid_run *out, bool *by_index, struct err *err);

/* job_risk with the person among its children as in that of all; others may be missing. Errors as
 * job_risk. */
MUST_USE bool job_risk_of_person(struct workspace *workspace, struct arena *arena,
                                 const struct asker *asker, const struct facts_question *question,
                                 const struct casework *work, const struct progress *progress,
                                 struct risk_list *out, bool *by_index, struct err *err);

#endif
