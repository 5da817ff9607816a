#include "registry/conveyor.h"

#include "base/thread.h"

#include <pthread.h>
#include <stdint.h>

enum slot_state { SLOT_FREE, SLOT_FILLED, SLOT_DONE };

struct slot {
    enum slot_state state;
    bool failed;
    bool failed_in_fill;
    struct err err;
};

struct belt {
    const struct conveyor *conveyor;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct slot slots[CONVEYOR_SLOTS];
    uint64_t filled; /* slots filled so far; the next one to fill has this number */
    uint64_t taken;  /* slots that a worker has taken */
    uint64_t drained;
    bool filled_all; /* nothing comes after the slots filled so far */
    bool stopped;
};

struct worker {
    struct belt *belt;
    size_t number;
    pthread_t thread;
};

static void tell(struct belt *belt)
{
    CHECK(pthread_cond_broadcast(&belt->changed) == 0);
}

static void wait_change(struct belt *belt)
{
    CHECK(pthread_cond_wait(&belt->changed, &belt->lock) == 0);
}

static bool can_fill(const struct belt *belt)
{
    return !belt->filled_all && belt->filled - belt->drained < CONVEYOR_SLOTS;
}

/* Fills the next slot. Called and returns with the lock held; only one thread fills. */
static void fill_next(struct belt *belt)
{
    size_t number = (size_t)(belt->filled % CONVEYOR_SLOTS);
    struct slot *slot = &belt->slots[number];
    CHECK(slot->state == SLOT_FREE);
    thread_unlock(&belt->lock);
    bool more = false;
    slot->err = ERR_INIT;
    bool done = belt->conveyor->fill(belt->conveyor->context, number, &more, &slot->err);
    thread_lock(&belt->lock);
    slot->failed = slot->failed_in_fill = !done;
    slot->state = SLOT_FILLED;
    belt->filled++;
    belt->filled_all = !done || !more;
    tell(belt);
}

/* Works on the oldest slot that nobody has taken. Called and returns with the lock held. */
static void work_next(struct belt *belt, size_t worker)
{
    size_t number = (size_t)(belt->taken++ % CONVEYOR_SLOTS);
    struct slot *slot = &belt->slots[number];
    CHECK(slot->state == SLOT_FILLED);
    thread_unlock(&belt->lock);
    if (!slot->failed) {
        slot->failed = !belt->conveyor->work(belt->conveyor->context, number, worker, &slot->err);
    }
    thread_lock(&belt->lock);
    slot->state = SLOT_DONE;
    tell(belt);
}

static void *fill_main(void *argument)
{
    struct belt *belt = argument;
    thread_lock(&belt->lock);
    while (!belt->stopped && !belt->filled_all) {
        if (can_fill(belt))
            fill_next(belt);
        else
            wait_change(belt);
    }
    thread_unlock(&belt->lock);
    return NULL;
}

static void *work_main(void *argument)
{
    struct worker *worker = argument;
    struct belt *belt = worker->belt;
    thread_lock(&belt->lock);
    while (!belt->stopped && !(belt->filled_all && belt->taken == belt->filled)) {
        if (belt->taken < belt->filled)
            work_next(belt, worker->number);
        else
            wait_change(belt);
    }
    thread_unlock(&belt->lock);
    return NULL;
}

/* Takes out the oldest slot. Called and returns with the lock held; false ends the belt. */
static bool drain_next(struct belt *belt, bool *fill_failed, struct err *err, bool *failed)
{
    size_t number = (size_t)(belt->drained % CONVEYOR_SLOTS);
    struct slot *slot = &belt->slots[number];
    bool go_on = true;
    if (slot->failed) {
        *fill_failed = slot->failed_in_fill;
        if (err != NULL) *err = slot->err;
        *failed = true;
        return false;
    }
    thread_unlock(&belt->lock);
    *failed = !belt->conveyor->drain(belt->conveyor->context, number, &go_on, err);
    thread_lock(&belt->lock);
    slot->state = SLOT_FREE;
    belt->drained++;
    tell(belt);
    return !*failed && go_on;
}

/* The caller drains when it can, else fills if that is its part, else works, else waits. */
static bool drain_all(struct belt *belt, bool fill_here, bool *fill_failed, struct err *err)
{
    size_t self = belt->conveyor->workers;
    bool failed = false;
    thread_lock(&belt->lock);
    for (bool go_on = true; go_on;) {
        bool ready = belt->drained < belt->filled
                     && belt->slots[belt->drained % CONVEYOR_SLOTS].state == SLOT_DONE;
        if (ready)
            go_on = drain_next(belt, fill_failed, err, &failed);
        else if (belt->filled_all && belt->drained == belt->filled)
            go_on = false;
        else if (fill_here && can_fill(belt))
            fill_next(belt);
        else if (belt->taken < belt->filled)
            work_next(belt, self);
        else
            wait_change(belt);
    }
    belt->stopped = true;
    tell(belt);
    thread_unlock(&belt->lock);
    return !failed;
}

size_t conveyor_workers(void)
{
    size_t threads = thread_count_default();
    if (threads <= 2) return 1;
    return threads - 1 > CONVEYOR_WORKERS_MAX ? CONVEYOR_WORKERS_MAX : threads - 1;
}

bool conveyor_run(const struct conveyor *conveyor, bool *fill_failed, struct err *err)
{
    CHECK(conveyor->workers <= CONVEYOR_WORKERS_MAX);
    struct belt belt = {.conveyor = conveyor};
    CHECK(pthread_mutex_init(&belt.lock, NULL) == 0);
    CHECK(pthread_cond_init(&belt.changed, NULL) == 0);
    pthread_t filler;
    bool apart = conveyor->fill_apart && pthread_create(&filler, NULL, fill_main, &belt) == 0;
    struct worker workers[CONVEYOR_WORKERS_MAX];
    size_t started = 0;
    for (; started < conveyor->workers; started++) {
        workers[started] = (struct worker){.belt = &belt, .number = started};
        if (pthread_create(&workers[started].thread, NULL, work_main, &workers[started]) != 0) {
            break;
        }
    }
    *fill_failed = false;
    bool done = drain_all(&belt, !apart, fill_failed, err);
    for (size_t i = 0; i < started; i++) CHECK(pthread_join(workers[i].thread, NULL) == 0);
    if (apart) CHECK(pthread_join(filler, NULL) == 0);
    CHECK(pthread_cond_destroy(&belt.changed) == 0);
    CHECK(pthread_mutex_destroy(&belt.lock) == 0);
    return done;
}
