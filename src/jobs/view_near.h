#ifndef JOBS_VIEW_NEAR_H
#define JOBS_VIEW_NEAR_H

#include "jobs/view_person.h"

/* Records of others that may be a person's: the nearest that a finding names, pairs that wait for a
 * decision, and whoever has a name of the same sound and is born within a year, or has the same
 * number. The same whether links were made anew or read back. */

struct view_near {
    uint32_t record, other;   /* the person's, and the other's */
    int32_t weight_millibits; /* as weigher_pair gives it */
    uint32_t probability_ppm;
};

/* The nearest, one of each other person, heaviest first; returns how many. A few hundred pairs are
 * weighed at most. */
size_t view_near(const struct view *view, uint32_t person,
                 struct view_near out[VIEW_CANDIDATES_MAX]);

#endif
