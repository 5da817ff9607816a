#ifndef REGISTRY_CONVEYOR_H
#define REGISTRY_CONVEYOR_H

#include "base/err.h"

#include <stddef.h>

/* A belt of numbered slots that go through three stations in order: `fill` puts items into a slot,
 * `work` does the heavy part on any thread, `drain` takes them out. Slots are filled and drained
 * one at a time in number order, so the outcome is the same for any number of threads; the first
 * error in that order is the one reported. Threads that cannot be started are done without. */

enum { CONVEYOR_SLOTS = 8, CONVEYOR_WORKERS_MAX = 4 };

struct conveyor {
    void *context;
    /* Fills slot (0 … CONVEYOR_SLOTS - 1). *more is false when nothing comes after it. */
    bool (*fill)(void *context, size_t slot, bool *more, struct err *err);
    /* `worker` is 0 … workers, for scratch of its own; never called twice at once with the same. */
    bool (*work)(void *context, size_t slot, size_t worker, struct err *err);
    /* Empties the slot, on the caller's thread. *go_on false stops the belt without an error. */
    bool (*drain)(void *context, size_t slot, bool *go_on, struct err *err);
    bool fill_apart; /* fill runs on a thread of its own; else on the caller's */
    size_t workers;  /* threads that only work; the caller works too while it waits */
};

/* Runs the belt to its end. False with the first error; *fill_failed then says whether it came from
 * `fill`. When it returns no thread of it is left. */
MUST_USE bool conveyor_run(const struct conveyor *conveyor, bool *fill_failed, struct err *err);

/* Workers that suit this machine: one core is the caller's; at least 1. */
size_t conveyor_workers(void);

#endif
