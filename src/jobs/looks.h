#ifndef JOBS_LOOKS_H
#define JOBS_LOOKS_H

#include "access/asker.h"
#include "jobs/workspace.h"

/* Who has looked at whose page, on its way to the audit trail. A page that is read must not wait
 * until an import has let go of the database, so what was looked at is noted here and written by a
 * thread of its own, a second later as a rule, many at once. A power cut may lose what was not
 * written yet; a stop of the program does not. Revealing and exporting do not go this way: they are
 * on record before anything is shown.
 *
 * looks_note may be called by any thread. */

enum {
    LOOKS_WAITING_MAX = 100000, /* more are refused */
    LOOKS_EVERY_MS = 1000,
};

struct looks;

/* Starts the thread, with a store handle of its own; lives in the arena. ERR_STORE, ERR_LIMIT. */
MUST_USE bool looks_open(struct looks **out, struct arena *arena, const struct workspace *workspace,
                         struct err *err);

/* Writes what waits and ends the thread. NULL accepted. */
void looks_close(struct looks *looks);

/* Notes that the asker looks at person `person` now. ERR_LIMIT when nothing could be written for so
 * long that too many wait: then the page must not be shown. */
MUST_USE bool looks_note(struct looks *looks, const struct asker *asker, int64_t person,
                         struct err *err);

/* The same of a row of a register of adults, who is not linked: `what` is a constant ("candidate"),
 * `record` its statement. */
MUST_USE bool looks_note_record(struct looks *looks, const struct asker *asker, const char *what,
                                int64_t record, struct err *err);

/* Waits until all that was noted is written, at most `wait_ms`; whether it is. */
bool looks_settle(struct looks *looks, int wait_ms);

#endif
