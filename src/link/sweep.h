#ifndef LINK_SWEEP_H
#define LINK_SWEEP_H

#include "link/evaluate.h"

/* The clusters of a linkage at many thresholds: how many, how large and, where the truth is known,
 * how good. Clusters join and never part as `match` falls, so one pass from the strongest evidence
 * down counts them at every threshold; one to one a lower threshold may choose other pairs, and
 * then each threshold is worked out by itself. */

enum { MATCH_STEPS_MAX = 256 };

struct match_step {
    int32_t threshold_millibits; /* what `match` would be */
    uint32_t clusters;           /* those of one record too */
    uint32_t linked;             /* records in clusters of two or more */
    uint32_t largest;            /* records in the largest */
    uint64_t pairs;              /* inside clusters */
    struct evaluation inside;    /* of those pairs; zero without a truth */
};

/* Fills a step for each threshold, in the order given, exactly as match_run with that `match` would
 * have joined. `truth` as match_evaluate's, or NULL. ERR_USAGE when a threshold is below the spec's
 * `review`, since lighter pairs were not kept; errors of the truth as match_evaluate. */
MUST_USE bool match_steps(const struct match *match, const char *truth, const int32_t *thresholds,
                          size_t count, size_t threads, struct match_step *out, struct err *err);

/* Thresholds that show the whole: whole bits from `review` to the heaviest pair, at most `most` of
 * them at equal steps, rising. Returns how many. */
size_t match_step_thresholds(const struct match *match, size_t most, int32_t *out);

#endif
