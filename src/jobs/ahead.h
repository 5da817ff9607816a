#ifndef JOBS_AHEAD_H
#define JOBS_AHEAD_H

#include "jobs/desks.h"
#include "jobs/duties.h"
#include "jobs/snapshot.h"

/* What pages ask for first, prepared in the background so that nobody waits for it: the desk of
 * figures, the duty to exchange posts and who of all persons is seen, for the areas of those who
 * may log in and for the counties of whoever sees several of them. The widest areas come first,
 * among the same the one whose user logged in last; as many as fit. */

struct ahead {
    const struct workspace *workspace;
    struct snapshot_hub *hub;
    struct desks *desks;
    struct reckoned *reckoned;
};

/* As a task of kind "figures" that no user may ask about; it makes way for others and is taken up
 * again behind them. `ahead` must live as long as the tasks. A failure tells nobody: who asks is
 * told then. */
void ahead_wish(const struct ahead *ahead, struct tasks *tasks, day at);

#endif
