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

/* A row of a result, as the input knows it. */
struct place_row {
    uint32_t applicant, group, programme; /* in the input's arrays */
    uint32_t batch;                       /* in its rules; PLACE_NONE where it was not asked for */
};

/* Gives each row of a result to `take`, until it is false; the batch is read only where it is asked
 * for. ERR_INPUT with file and line for an applicant, group, programme or batch that the input does
 * not have, or an applicant twice. */
typedef bool place_take_row(void *context, const struct place_row *row, struct err *err);
MUST_USE bool place_read_result(struct arena *arena, const struct place_input *input,
                                const char *path, bool batches, place_take_row *take, void *context,
                                struct err *err);

/* Reads "applicant,group,programme" of the result and counts. ERR_INPUT with file and line
 * for an applicant, group or programme that the input does not have, or an applicant twice. Sorted
 * by plan in the order of the rules, then county, group and programme. In the arena. */
MUST_USE bool place_account(struct arena *arena, const struct place_input *input, const char *path,
                            enum place_by by, struct place_count **out, size_t *count,
                            struct err *err);

/* Seats that were given to junior schools, and what became of them. */
struct place_use {
    struct str source;               /* empty: applicants without a junior school (by source) */
    struct str batch, group;         /* by allotment */
    int64_t given, used;             /* seats */
    int64_t flowed_back, left_empty; /* those not used, by what the rules say of them */
    int64_t applicants, placed;      /* by source: of the school, and placed anywhere; else 0 */
    int64_t lowest, highest;         /* totals of those placed by such seats; 0 when nobody is */
};

/* Reads "applicant,batch,group,programme" of the result and counts by junior school, or by batch,
 * group and junior school; in that order. As place_account. In the arena. */
MUST_USE bool place_account_use(struct arena *arena, const struct place_input *input,
                                const char *path, bool by_source, struct place_use **out,
                                size_t *count, struct err *err);

#endif
