#ifndef LINK_EXPECT_H
#define LINK_EXPECT_H

#include "link/engine.h"

/* How many errors a threshold makes, by the model alone: nobody has to know the truth. Each pair
 * matches with the probability that its weight says, so the pairs at or above a threshold hold an
 * expected number of matches; the rest of them are false. What is true below is missed. Pairs that
 * no rule brought together are not counted: what blocking loses is not in here. The figures are as
 * good as the model: where its weights are too sure of themselves, so are they. */

struct link_expected {
    int32_t threshold_millibits;
    uint64_t pairs;                     /* at or above the threshold */
    double matches;                     /* expected among them */
    double missed;                      /* matches expected below */
    uint32_t precision_ppm, recall_ppm; /* of `pairs`; of all matches; 0 where there are none */
    uint32_t false_discovery_ppm;       /* 1 - precision; 0 where no pair is listed */
    uint32_t false_negative_ppm;        /* 1 - recall; 0 where no match is expected */
};

/* For thresholds in ascending order. `counts` as link_weight_counts.pairs. */
void link_expect(const uint64_t *counts, const int32_t *thresholds, size_t threshold_count,
                 struct link_expected *out);

#endif
