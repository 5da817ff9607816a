#ifndef CLI_BAR_H
#define CLI_BAR_H

#include "base/err.h"
#include "base/progress.h"

/* How far a long job is, on standard error: a bar with the time that is left, for stages that take
 * more than two seconds. Silent when standard error is no terminal or the user asked for quiet. */

struct bar {
    struct progress progress; /* hand this to the job */
    enum lang lang;
    bool on;
    bool drawn;             /* something stands on the line */
    const char *stage;      /* the stage at hand, by its English name */
    int64_t stage_began_ms; /* steady clock */
    int64_t drawn_ms;
};

/* Nothing is drawn yet; `bar->progress` may be handed on. */
void bar_start(struct bar *bar, enum lang lang, bool quiet);

/* Clears the line. */
void bar_end(struct bar *bar);

#endif
