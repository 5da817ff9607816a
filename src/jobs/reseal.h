#ifndef JOBS_RESEAL_H
#define JOBS_RESEAL_H

#include "jobs/workspace.h"

/* Everything that is sealed in a workspace sealed anew, under a fresh data key: for when a copy of
 * the key may be in other hands (with a new key file, data_key_rotate, it opens nothing made
 * after).
 *
 * Table by table, some thousands of rows in a transaction; then all is looked at once more, and
 * only when nothing lies under the key before is that forgotten. A run that was killed goes on
 * where it stopped; until it is done the workspace opens for nothing else. */

struct reseal_result {
    uint64_t rows;    /* looked at, the second time over */
    uint64_t damaged; /* opened by neither key; they were damaged before, and stay as they are */
    bool resumed;
};

/* `workspace` was opened with options.reseal. Its codec is the new one afterwards. Audited: when it
 * began, when it went on, and when it was done. ERR_STORE, ERR_IO; ERR_CONFLICT when it was given
 * up. */
MUST_USE bool job_reseal(struct workspace *workspace, const struct asker *asker,
                         const struct progress *progress, struct reseal_result *out,
                         struct err *err);

#endif
