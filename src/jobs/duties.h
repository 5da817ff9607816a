#ifndef JOBS_DUTIES_H
#define JOBS_DUTIES_H

#include "jobs/workspace.h"
#include "placing/duty.h"

/* The duty to exchange (placing/duty.h) as it was reckoned, kept between requests: for one day,
 * school year and list of areas, and used only for who asks for just these, as long as no file came
 * or was taken back. Kept are those used last. All functions may be called from any thread. */

enum { DUTIES_KEPT_MAX = 128 };
#define DUTIES_BYTES_MAX ((size_t)64 << 20)

struct duties;

void duties_open(struct duties **out, struct arena *arena);
void duties_close(struct duties *duties); /* none may be in use; NULL accepted */

/* One taken: it stays as it is until it is given back. */
struct duty_taken {
    const struct duty_rules *rules;
    const struct duty_found *found;
    struct kept_duty *kept;
};

/* The duty at a day (`year` 0: in its school year) of what the asker sees, reckoned in `workspace`
 * where it is not there or no longer true. To be given back. Errors as duty_rules_load, duty_find,
 * registry_revision. */
MUST_USE bool duties_take(struct duties *duties, struct workspace *workspace,
                          const struct asker *asker, day at, int year, struct duty_taken *out,
                          struct err *err);
void duties_give(struct duties *duties, struct duty_taken *taken);

#endif
