#ifndef JOBS_RECKONED_H
#define JOBS_RECKONED_H

#include "access/asker.h"
#include "base/err.h"
#include "jobs/shelf.h"

/* What takes long to reckon and is asked for again: kept between requests, for who asks for just
 * the same areas and school, as long as what it rests on is the same. It never changes, and several
 * look at it at a time. All functions may be called from any thread. */

enum { RECKONED_MAX = 512 };
#define RECKONED_BYTES_MAX ((size_t)96 << 20)

struct reckoned;

void reckoned_open(struct reckoned **out, struct arena *arena);
void reckoned_close(struct reckoned *reckoned); /* nothing may be in use; NULL accepted */

/* What is to be reckoned, and all that decides about it. */
struct reckoning {
    const char *what;          /* one word */
    int64_t rests_on;          /* revision of the registers, or number of the snapshot */
    const struct asker *asker; /* areas and school */
    struct str how;            /* day, year, whatever else was asked for */
    /* Lives in the arena; NULL on failure. */
    const void *(*reckon)(struct arena *arena, const void *context, struct err *err);
    const void *context;
};

/* One taken: it stays as it is until it is given back. */
struct reckoned_taken {
    const void *found;
    struct reckoned_item *item;
};

/* Errors as `reckon`. */
MUST_USE bool reckoned_take(struct reckoned *reckoned, const struct reckoning *reckoning,
                            struct reckoned_taken *out, struct err *err);
void reckoned_give(struct reckoned *reckoned, struct reckoned_taken *taken);

#endif
