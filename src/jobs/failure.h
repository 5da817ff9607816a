#ifndef JOBS_FAILURE_H
#define JOBS_FAILURE_H

#include "base/clock.h"
#include "base/err.h"

#include <stdatomic.h>

/* What failed in the system itself (the workspace, the disk) while a server ran. Its sentence names
 * paths and codes of the machine, so it is told in two places under one number: all of it in the
 * log, and to whoever asked that the server failed, with the number by which an engineer finds the
 * line. All functions may be called by any thread. */

struct failures {
    void (*tell)(void *context, const char *zh,
                 const char *en); /* a line of the log; may be NULL */
    void *context;
    _Atomic int64_t last; /* number given out last */
};

/* Numbers begin at the second it is opened in, so that those of an earlier run do not come again.
 */
void failures_open(struct failures *failures, const struct clock *clock,
                   void (*tell)(void *context, const char *zh, const char *en), void *context);

/* Where the error is the system's: tells the log of it ("GET /api/figures" is `where`, in both
 * languages), puts the sentence for everybody in its place and returns its number. Otherwise 0, and
 * nothing is changed. `failures` NULL: always so. */
int64_t failure_note(struct failures *failures, const char *where, struct err *err);

#endif
