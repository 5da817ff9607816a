#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stddef.h>

/* Work on all cores whose result does not depend on how many there are: tasks are numbered, each
 * writes only what belongs to its number, and the caller reads the results in number order. */

/* The number of threads that the machine offers, 1 … THREADS_MAX. */
size_t thread_count_default(void);

enum { THREADS_MAX = 64 };

/* Calls task(context, number, thread) for each number 0 … count - 1 on up to `threads` threads
 * (the caller's among them) and returns when all are done. Numbers are taken in ascending order.
 * `thread` is 0 … threads - 1, for scratch memory of its own. threads 0 means the default. */
void thread_run(size_t threads, size_t count,
                void (*task)(void *context, size_t number, size_t thread), void *context);

/* Locks a mutex and lets it go; that either fails is a fault of the program. */
void thread_lock(pthread_mutex_t *mutex);
void thread_unlock(pthread_mutex_t *mutex);

/* From now on this thread, and those that it starts, run when others leave the processor free: for
 * work that nobody waits for. Only a wish: where the system does not know it per thread nothing
 * changes. */
void thread_give_way(void);

#endif
