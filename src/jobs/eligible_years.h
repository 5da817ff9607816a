#ifndef JOBS_ELIGIBLE_YEARS_H
#define JOBS_ELIGIBLE_YEARS_H

#include "jobs/eligible.h"

/* Who is eligible, of every year that the candidates' register names, decided beside other work on
 * the same people (eligible_hear). */

struct eligible_years {
    struct eligible_known known;
    struct eligible *items; /* the newest first */
    size_t count;
};

/* After people were linked who were read with the listener: decides all years by the policy. *out
 * is NULL where `hearing` is. In the arena. Errors as eligible_known_of. */
MUST_USE bool eligible_years_make(struct eligible_hearing *hearing, struct workspace *workspace,
                                  struct arena *arena, const struct asker *asker,
                                  const struct policy *policy, const struct people *people,
                                  struct eligible_years **out, struct err *err);

/* The year asked for; 0: that of `at` if candidates name it, else the newest. NULL: there is none.
 */
const struct eligible *eligible_years_find(const struct eligible_years *years, int year, day at);

#endif
