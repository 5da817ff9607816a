#ifndef JOBS_DUTIES_H
#define JOBS_DUTIES_H

#include "jobs/reckoned.h"
#include "jobs/workspace.h"
#include "placing/duty.h"

/* The duty to exchange (placing/duty.h) as it was reckoned, kept as long as no file came or was
 * taken back. */

struct duties {
    struct duty_rules rules;
    struct duty_found found;
};

/* The duty at a day (`year` 0: in its school year) of what the asker sees, reckoned in `workspace`
 * where it is not there: a struct duties, to be given back. Errors as duty_rules_load, duty_find,
 * registry_revision. */
MUST_USE bool duties_take(struct reckoned *reckoned, struct workspace *workspace,
                          const struct asker *asker, day at, int year, struct reckoned_taken *out,
                          struct err *err);

#endif
