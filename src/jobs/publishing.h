#ifndef JOBS_PUBLISHING_H
#define JOBS_PUBLISHING_H

#include "figures/publication.h"
#include "jobs/workspace.h"

/* Freezing figures from the console, as `baoxue figures publish` does: on a desk laid out for them
 * alone, in a store handle of its own, so that nothing of it lies about afterwards. */

enum { PUBLISHING_FIGURES_MAX = 40 };

struct publishing {
    const struct str *keys; /* of the figures */
    size_t count;           /* 1 … PUBLISHING_FIGURES_MAX */
    day at;
    struct str reason;
};

/* All of them or none; `out` has room for `count`, in the order of the keys. ERR_NOT_FOUND for a
 * key that is none, ERR_INPUT for one that stands twice, ERR_CONFLICT where nothing is stated of
 * what a figure rests on; others as workspace_share and publications_make. */
MUST_USE bool publishing_make(const struct workspace *from, struct arena *arena,
                              const struct asker *asker, const struct publishing *order,
                              struct publication *out, struct err *err);

#endif
