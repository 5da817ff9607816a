#ifndef JOBS_TASK_H
#define JOBS_TASK_H

#include "base/progress.h"
#include "jobs/failure.h"

/* Work that takes longer than a request may. Tasks run in the background, one at a time in the
 * order they were started, on a thread of their own; each says how far it is, and how it ended can
 * be asked for until TASKS_KEPT_MAX newer ones have ended. All functions here may be called by any
 * thread.
 *
 * What is waiting when the program stops is not run; what is running comes to its end, or stops
 * where it can. */

enum {
    TASKS_WAITING_MAX = 64, /* more are refused with ERR_LIMIT */
    TASKS_KEPT_MAX = 256,
    TASK_STAGE_BYTES_MAX = 128,
    TASK_RESULT_BYTES_MAX = 1 << 20,
};

/* A task ends as done, failed or cancelled. */
enum task_state { TASK_WAITING, TASK_RUNNING, TASK_DONE, TASK_FAILED, TASK_CANCELLED };

struct tasks;

/* What a task has while it runs. */
struct task_run {
    struct arena *arena;             /* freed when the task has ended */
    const struct progress *progress; /* not wanted any more once cancelled or the program stops */
    struct text *result;             /* one JSON value for whoever asks later; left empty: null */
    struct tasks *tasks;
    struct failures *failures; /* for errors that a task keeps in what it makes; may be NULL */
};

struct task_order {
    const char *kind; /* "import", "refresh": one word, a constant */
    struct str owner; /* the user who may ask about it; empty: everybody; copied */
    bool stops;       /* asks progress_wanted, so that it can be cancelled while it runs */
    bool once; /* while a task of this kind and owner waits, starting another gives that one */
    struct arena arena; /* what `context` lies in: tasks takes it over, also when starting fails */
    void *context;
    bool (*run)(void *context, struct task_run *run, struct err *err);
};

struct task_view {
    int64_t number; /* from 1 */
    const char *kind;
    struct str owner; /* this text and `result` lie in the arena given */
    enum task_state state;
    char stage_en[TASK_STAGE_BYTES_MAX], stage_zh[TASK_STAGE_BYTES_MAX];
    uint64_t done, total; /* of the stage; total 0 when unknown */
    int64_t left_ms;      /* of the stage, at the pace so far; -1 when unknown */
    struct str result;    /* JSON; ptr NULL when there is none */
    struct err error;     /* of a task that failed */
    int64_t failure;      /* its number where the system failed (failure.h); else 0 */
    uint64_t change;      /* of tasks_change: when it was last changed */
};

/* Starts the thread; `tasks` lives in the arena. `failures` (may be NULL) is told of tasks that the
 * system failed. ERR_LIMIT when the system gives no thread. */
MUST_USE bool tasks_open(struct tasks **out, struct arena *arena, struct failures *failures,
                         struct err *err);

/* Waits for the task that runs; those that wait end as failed. NULL accepted. */
void tasks_close(struct tasks *tasks);

/* Puts a task in the queue; *number is its own, or that of the waiting one that stands for it.
 * ERR_LIMIT when too many wait or the tasks are closing. */
MUST_USE bool task_start(struct tasks *tasks, struct task_order *order, int64_t *number,
                         struct err *err);

/* How a task stands. ERR_NOT_FOUND when there is none of this number (any more). */
MUST_USE bool task_find(struct tasks *tasks, struct arena *arena, int64_t number,
                        struct task_view *out, struct err *err);

/* Nobody wants it any more: one that waits ends at once, one that runs where it next asks; whatever
 * it made is not told. ERR_NOT_FOUND; ERR_CONFLICT when it has ended, or runs and cannot stop. */
MUST_USE bool task_cancel(struct tasks *tasks, int64_t number, struct err *err);

/* Whether a task has ended, one way or another. */
bool task_is_over(enum task_state state);

/* Whether a task of this kind waits or runs. */
bool task_is_under_way(struct tasks *tasks, const char *kind);

/* Whether the program is about to stop: a task of several steps can end after one of them. */
bool tasks_stopping(struct tasks *tasks);

/* Whether it is, or another task waits: one that can be taken up again later ends. */
bool tasks_hurry(struct tasks *tasks);

/* A number that grows with each change of any task. tasks_await returns it as soon as it differs
 * from `seen`, at the latest after `wait_ms`. */
uint64_t tasks_change(struct tasks *tasks);
uint64_t tasks_await(struct tasks *tasks, uint64_t seen, int wait_ms);

/* "waiting", "running", "done", "failed", "cancelled". */
const char *task_state_key(enum task_state state);

#endif
