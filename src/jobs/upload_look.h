#ifndef JOBS_UPLOAD_LOOK_H
#define JOBS_UPLOAD_LOOK_H

#include "jobs/upload.h"

/* How a file is looked at before it is imported: what upload_task.c asks of upload_look.c. */

/* Reads the file and tries the import without keeping anything. A file that is refused is a look
 * too; false is for failures of store or system. All lives in the arena. */
MUST_USE bool upload_look_at(struct upload_look *out, struct arena *arena,
                             struct workspace *workspace, const struct asker *asker,
                             const char *path, const struct intake_options *options,
                             const struct progress *progress, struct err *err);

#endif
