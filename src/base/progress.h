#ifndef BASE_PROGRESS_H
#define BASE_PROGRESS_H

#include "base/err.h"
#include "base/str.h"

/* How a long job tells how far it is, and asks whether it is still wanted. Library code calls
 * progress_report; who listens (a bar on the terminal, a server-sent event) decides what is shown.
 */

struct progress {
    /* `stage_en`/`stage_zh` name the step; done of total in any unit, total 0 when unknown. */
    void (*report)(void *context, const char *stage_en, const char *stage_zh, uint64_t done,
                   uint64_t total);
    /* Whether anybody still waits for the job; NULL: always. */
    bool (*wanted)(void *context);
    void *context;
};

/* Tells the listener, if there is one (`progress` may be NULL). Cheap: call every few thousand
 * items. Called from one thread at a time. */
static inline void progress_report(const struct progress *progress, const char *stage_en,
                                   const char *stage_zh, uint64_t done, uint64_t total)
{
    if (progress != NULL && progress->report != NULL) {
        progress->report(progress->context, stage_en, stage_zh, done, total);
    }
}

/* Whether to go on: ERR_CONFLICT when the job was given up meanwhile. Ask where stopping leaves
 * nothing half done. */
MUST_USE static inline bool progress_wanted(const struct progress *progress, struct err *err)
{
    if (progress == NULL || progress->wanted == NULL || progress->wanted(progress->context)) {
        return true;
    }
    return err_set(err, ERR_CONFLICT, "given up before it was done", "已取消，未做完");
}

#endif
