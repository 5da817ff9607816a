#include "base/thread.h"

#include "base/check.h"

#include <stdatomic.h>
#ifdef __linux__
#include <sys/resource.h>
#include <sys/syscall.h>
#endif
#include <unistd.h>

struct crew {
    void (*task)(void *context, size_t number, size_t thread);
    void *context;
    size_t count;
    atomic_size_t next;
};

struct worker {
    struct crew *crew;
    size_t thread;
    pthread_t handle;
};

size_t thread_count_default(void)
{
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    if (online < 1) return 1;
    return online > THREADS_MAX ? THREADS_MAX : (size_t)online;
}

static void *worker_main(void *argument)
{
    struct worker *worker = argument;
    struct crew *crew = worker->crew;
    for (;;) {
        size_t number = atomic_fetch_add(&crew->next, 1);
        if (number >= crew->count) return NULL;
        crew->task(crew->context, number, worker->thread);
    }
}

void thread_run(size_t threads, size_t count,
                void (*task)(void *context, size_t number, size_t thread), void *context)
{
    CHECK(task != NULL);
    if (threads == 0) threads = thread_count_default();
    if (threads > THREADS_MAX) threads = THREADS_MAX;
    if (threads > count) threads = count == 0 ? 1 : count;
    struct crew crew = {.task = task, .context = context, .count = count};
    struct worker workers[THREADS_MAX];
    size_t started = 1;
    for (size_t i = 0; i < threads; i++) workers[i] = (struct worker){.crew = &crew, .thread = i};
    /* Fewer threads than asked for do the same work, so a failed start is no error. */
    while (started < threads
           && pthread_create(&workers[started].handle, NULL, worker_main, &workers[started]) == 0) {
        started++;
    }
    worker_main(&workers[0]);
    for (size_t i = 1; i < started; i++) CHECK(pthread_join(workers[i].handle, NULL) == 0);
}

void thread_lock(pthread_mutex_t *mutex)
{
    CHECK(pthread_mutex_lock(mutex) == 0);
}

void thread_unlock(pthread_mutex_t *mutex)
{
    CHECK(pthread_mutex_unlock(mutex) == 0);
}

void thread_give_way(void)
{
#ifdef __linux__
    enum { NICENESS = 10 };
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICENESS);
#endif
}
