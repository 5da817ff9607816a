#ifndef PLACING_APPORTION_H
#define PLACING_APPORTION_H

#include "placing/placing.h"

/* How many seats of each senior school go to each junior school, by the number of its applicants
 * (指标分配): before there are choices. By largest remainders: each gets its exact share rounded
 * down, then one more those with the largest rest, of equal rests the school with more applicants,
 * then the smaller name. The shares of one group add up to its seats. */

enum { PLACE_WEIGHT = 100, PLACE_WEIGHT_MAX = 1000 };

/* What is asked for. */
struct place_apportioning {
    uint32_t batch;                             /* that allots seats */
    int64_t share_numerator, share_denominator; /* of each group's seats, rounded up: 6/10 */
    int64_t each;        /* that every junior school with applicants gets at least, of each group */
    const char *weights; /* a file "source,weight": an applicant counts for so many hundredths;
                            NULL: all alike */
};

/* The allotments of the batch, by group and source, none of no seats: of the groups that the rules
 * name, or of all that the batch fills. A group that is open to one county or track counts only
 * applicants of it. ERR_INPUT: a group has several programmes, or fewer seats than `each` asks for;
 * the file of weights with its line; ERR_LIMIT. In the arena. */
MUST_USE bool place_apportion(struct arena *arena, const struct place_input *input,
                              const struct place_apportioning *asked, struct place_allotment **out,
                              size_t *count, struct err *err);

#endif
