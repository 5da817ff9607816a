#ifndef JOBS_UPLOAD_INTERNAL_H
#define JOBS_UPLOAD_INTERNAL_H

#include "base/list.h"
#include "jobs/upload.h"

#include <pthread.h>

/* What upload.c (which uploads there are) and upload_task.c (what is done with them) share. */

/* What was corrected in a file; texts in the upload's arena. */
struct upload_corrections {
    struct str as;
    LIST(struct intake_column) columns;
    LIST(struct intake_fix) fixes;
};

struct stored_upload {
    struct arena arena; /* this lies in it */
    struct stored_upload *next;
    struct upload view;
    struct asker asker; /* as they were when they asked last; texts in the arena */
    struct upload_wish wish;
    int64_t made_ms;
    struct upload_corrections *corrections; /* by file */
    struct arena *looks;                    /* by file: what its last look lies in */
};

struct uploads {
    pthread_mutex_t mutex; /* guards all below */
    const struct workspace *base;
    struct tasks *tasks;
    struct snapshot_hub *hub;
    const char *folder;
    int held;     /* the folder, locked */
    int64_t last; /* number given out last */
    struct stored_upload *first;
    size_t count;
};

/* Under the lock: the upload, or NULL. */
struct stored_upload *uploads_find(struct uploads *uploads, int64_t number);

/* Starts a look at all files of an upload that were not imported, or at one (`file`, else
 * SIZE_MAX); not under the lock. */
MUST_USE bool upload_look_start(struct uploads *uploads, int64_t number, size_t file, int64_t *task,
                                struct err *err);

/* The options that a file is read with: a copy in the arena, of its wish and corrections. Under the
 * lock. */
void upload_options(struct intake_options *out, struct arena *arena,
                    const struct stored_upload *stored, size_t file);

/* Where a file of the asker's upload lies and what it is read with, in the arena; not under the
 * lock. ERR_NOT_FOUND. */
MUST_USE bool upload_source(struct uploads *uploads, const struct asker *asker, int64_t number,
                            struct str file, struct arena *arena, const char **path,
                            struct intake_options *options, struct err *err);

#endif
