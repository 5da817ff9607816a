#ifndef JOBS_UPLOAD_H
#define JOBS_UPLOAD_H

#include "jobs/stages.h"

/* Files that wait to be imported, kept outside the workspace in a private folder beside it
 * ("WORKSPACE.uploads/NUMBER/"). */

struct uploads;

/* Opens the folder, making it where it is not there; lives in the arena. ERR_IO. */
MUST_USE bool uploads_open(struct uploads **out, struct arena *arena, const char *workspace,
                           struct err *err);
void uploads_close(struct uploads *uploads); /* NULL accepted */

/* Makes the folder of a new upload. ERR_IO. Any thread. */
MUST_USE bool upload_begin(struct uploads *uploads, struct arena *arena, int64_t *number,
                           const char **folder, struct err *err);

/* Takes an upload away with all its files; one that is not there is no error. Any thread. */
void upload_discard(struct uploads *uploads, int64_t number);

#endif
