#ifndef JOBS_DOSSIERS_H
#define JOBS_DOSSIERS_H

#include "jobs/desks.h"
#include "jobs/snapshot.h"
#include "jobs/upload.h"

/* Dossiers for inspections (dossier.h) that are made in the background and wait to be taken. Each
 * takes the kept desk of its areas figure by figure: no page waits long for it, and all of it
 * speaks of one state of the data. It lies in a folder of uploads and is given only to who asked
 * for it, as long as they see all that it covers. It goes after DOSSIER_LIFE_MS, when its owner has
 * DOSSIERS_OF_ONE_MAX newer ones, and when the program ends. All functions may be called by any
 * thread. */

enum { DOSSIERS_OF_ONE_MAX = 4, DOSSIER_LIFE_MS = 60 * 60 * 1000 };

struct dossiers;

/* What they work with; all must live as long. */
struct dossiers_parts {
    const struct workspace *workspace; /* others are opened beside it */
    struct desks *desks;
    struct tasks *tasks;
    struct snapshot_hub *hub;
    struct uploads *uploads;
};

void dossiers_open(struct dossiers **out, struct arena *arena, const struct dossiers_parts *parts);
void dossiers_close(struct dossiers *dossiers); /* no task may run any more; NULL accepted */

struct dossier_wish {
    const struct asker *asker; /* narrowed to the area that it is to cover */
    struct str reason;
    enum lang lang;
};

/* Has one made, as *task of kind "dossier", which can be cancelled and whose result is
 * {"dossier":NUMBER}. Errors as task_start. */
MUST_USE bool dossiers_start(struct dossiers *dossiers, const struct dossier_wish *wish,
                             int64_t *task, struct err *err);

struct dossier_taken {
    const char *path; /* of the workbook, which stays where it is */
    struct str reason;
};

/* What was made, for who asked for it, in the arena. ERR_NOT_FOUND when there is none of this
 * number and owner (any more); ERR_DENIED when it covers what the asker does not see now. */
MUST_USE bool dossiers_take(struct dossiers *dossiers, struct arena *arena,
                            const struct asker *asker, int64_t number, struct dossier_taken *out,
                            struct err *err);

#endif
