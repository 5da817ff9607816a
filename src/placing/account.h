#ifndef PLACING_ACCOUNT_H
#define PLACING_ACCOUNT_H

#include "placing/placing.h"

/* Plans against results: how many seats there were and how many are taken, as a bureau publishes
 * it, from a result file (that of place_run, or one that a province's office sent). */

enum place_by { PLACE_BY_PLAN, PLACE_BY_COUNTY, PLACE_BY_GROUP, PLACE_BY_PROGRAMME };
const char *place_by_key(enum place_by by); /* "plan" "county" "group" "programme" */
int place_by_of(struct str key);            /* or -1 */

struct place_count {
    struct str plan;   /* of the rules */
    struct str county; /* by county: of the applicant, or the seats' own; empty: none stated */
    struct str group, programme; /* by group and by programme */
    int64_t seats;               /* by county: those given to that county alone */
    int64_t placed;
    int64_t applicants;      /* who are proven eligible for the plan (by plan; else 0) */
    int64_t lowest, highest; /* totals of those placed; 0 when nobody is */
};

/* Reads "applicant,batch,group,programme" of the result and counts. ERR_INPUT with file and line
 * for an applicant, group or programme that the input does not have, or an applicant twice. Sorted
 * by plan in the order of the rules, then county, group and programme. In the arena. */
MUST_USE bool place_account(struct arena *arena, const struct place_input *input, const char *path,
                            enum place_by by, struct place_count **out, size_t *count,
                            struct err *err);

#endif
