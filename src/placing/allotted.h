#ifndef PLACING_ALLOTTED_H
#define PLACING_ALLOTTED_H

#include "placing/placing.h"

/* Seats that are allotted to junior schools (指标到校): which of them an applicant may ask for, and
 * how many a batch may not give because they are another's. */

/* The allotment of the group to the applicant's junior school in this batch, if it has a seat;
 * PLACE_NONE. The group is one of the input. */
uint32_t place_allotment_of(const struct place_input *input, const struct place_batch *batch,
                            const struct place_applicant *applicant,
                            const struct place_group *group);

/* Whether an allotment stands before that of `batch`, `group` and `source`. */
bool place_allotment_before(const struct place_allotment *allotment, uint32_t batch, uint32_t group,
                            uint32_t source);

/* By group (`held`, as many as there are groups): seats that batch `number`, which allots none, may
 * not give, when `left` of each allotment are unused: those of batches to come, and those behind
 * it whose unused seats are not open to all by now. */
void place_hold(const struct place_input *input, const int64_t *left, uint32_t number,
                int64_t *held);

/* By allotment: the unused seats when batch `number` begins, by who is placed before it. In the
 * arena. */
int64_t *place_left_of(struct arena *arena, const struct place_input *input,
                       const struct place_result *result, uint32_t number);

/* The lowest total with which a file of the allotment is sent in the batch when the general line of
 * its group is `general`; INT64_MIN: any. */
int64_t place_floor_of(const struct place_batch *batch, int64_t general);

#endif
