#ifndef JOBS_DOCTOR_H
#define JOBS_DOCTOR_H

#include "jobs/workspace.h"

/* What is unsafe or stale in this installation, for whoever runs it: files that others can read, a
 * damaged workspace or trail, users who should not be there any more, backups that are too old,
 * registers that nobody has renewed, data past their time, a disk that fills up. Reads only. */

enum doctor_weight {
    DOCTOR_FINE,   /* looked at, and in order */
    DOCTOR_NOTE,   /* worth knowing */
    DOCTOR_UNSAFE, /* must not be */
};

struct doctor_remark {
    const char *key; /* "key_file_mode": a constant */
    enum doctor_weight weight;
    struct str zh, en; /* one sentence each, with what to do */
};

/* Ages from which a thing is too old, in days. */
enum {
    DOCTOR_BACKUP_DAYS = 7,
    DOCTOR_PASSWORD_DAYS = 7,  /* a one-time password that nobody used */
    DOCTOR_UNUSED_DAYS = 90,   /* a user who did not log in */
    DOCTOR_REGISTER_DAYS = 60, /* a register that was not renewed */
};

/* One remark for each thing looked at, the worst first, then by key; in the arena. `path` is the
 * workspace's. ERR_STORE when the workspace cannot be read. */
MUST_USE bool doctor_look(struct workspace *workspace, const char *path, struct arena *arena,
                          struct doctor_remark **out, size_t *count, struct err *err);

/* "fine" "note" "unsafe"; "正常" and so on. */
const char *doctor_weight_key(enum doctor_weight weight);
const char *doctor_weight_text(enum doctor_weight weight, enum lang lang);

#endif
