#ifndef JOBS_DESKS_H
#define JOBS_DESKS_H

#include "figures/figure_desk.h"
#include "jobs/task.h"
#include "jobs/workspace.h"

/* Desks of figures (figures/figure_desk.h), laid out for all figures and kept between requests. A
 * desk holds the rows of one day and of one list of areas, and is used only for who asks for just
 * these; whoever else asks gets another. What is asked of one is answered as if it were laid out
 * anew: before each use it is thrown away when anything has changed from which it was filled
 * (figure_desk_version).
 *
 * Each lies in a store handle of its own, which one thread uses at a time: who wants the same desk
 * waits. Kept are those used last, as many as fit. All functions may be called from any thread. */

enum { DESKS_MAX = 128 };
#define DESKS_BYTES_MAX ((size_t)512 << 20) /* of all that are kept and not in use */

struct desks;

/* `workspace` must live as long; it is not used but to open others beside. Lives in the arena. */
void desks_open(struct desks **out, struct arena *arena, const struct workspace *workspace);
void desks_close(struct desks *desks); /* none may be in use; NULL accepted */

/* A desk taken: nobody else has it until it is given back. */
struct desk_taken {
    const struct figures *figures; /* live as long as the desks */
    struct figure_desk *desk;
    struct figure_desk_version version; /* what it tells: the same in two takings, the same rows */
    struct kept_desk *kept;
};

/* Takes the desk of a day for the asker's areas, laying it out when it is not there or no longer
 * true. What is read through it comes into `arena`; the asker must live until it is given back.
 * Errors as figures_load, workspace_share, figure_desk_open. */
MUST_USE bool desks_take(struct desks *desks, struct arena *arena, const struct asker *asker,
                         day at, struct desk_taken *out, struct err *err);
void desks_give(struct desks *desks, struct desk_taken *taken);

/* Counts all figures and, where they are many, keeps their rows on the desk of the day and the
 * asker's areas, so that they are there when asked for; ends early when `tasks` (NULL: none) are in
 * a hurry. Errors as desks_take. */
MUST_USE bool desks_prepare(struct desks *desks, const struct asker *asker, day at,
                            struct tasks *tasks, struct err *err);

/* Throws away those of other days that nobody uses. Whether one more can be prepared for nobody in
 * particular. */
bool desks_make_room(struct desks *desks, day at);

#endif
