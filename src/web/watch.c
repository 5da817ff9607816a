#include "web/watch.h"

#include "base/clock.h"
#include "base/thread.h"
#include "web/limits.h"

#include <pthread.h>
#include <sys/socket.h>
#include <time.h>

enum { WATCH_EVERY_MS = 500 };

struct watch {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t closing_came;
    struct watch_guest guests[WEB_CONNECTIONS_MAX];
    struct watch_guest *free;
    bool closing;
};

/* Under the lock, so that no socket is closed and its number given to another meanwhile. */
static void end_late_ones(struct watch *watch)
{
    int64_t now_ms = clock_elapsed_ms();
    for (size_t i = 0; i < WEB_CONNECTIONS_MAX; i++) {
        struct watch_guest *guest = &watch->guests[i];
        if (guest->socket < 0 || atomic_load(&guest->deadline_ms) > now_ms) continue;
        /* The library sees the end of the stream and takes the connection down. */
        shutdown(guest->socket, SHUT_RDWR);
        atomic_store(&guest->deadline_ms, INT64_MAX);
    }
}

static void *watch_main(void *argument)
{
    struct watch *watch = argument;
    thread_lock(&watch->mutex);
    while (!watch->closing) {
        int64_t end_ms = clock_elapsed_ms() + WATCH_EVERY_MS;
        struct timespec end = {.tv_sec = end_ms / 1000, .tv_nsec = end_ms % 1000 * 1000000};
        pthread_cond_clockwait(&watch->closing_came, &watch->mutex, CLOCK_MONOTONIC, &end);
        end_late_ones(watch);
    }
    thread_unlock(&watch->mutex);
    return NULL;
}

bool watch_open(struct watch **out, struct arena *arena, struct err *err)
{
    struct watch *watch = arena_new(arena, struct watch);
    CHECK(pthread_mutex_init(&watch->mutex, NULL) == 0);
    CHECK(pthread_cond_init(&watch->closing_came, NULL) == 0);
    for (size_t i = 0; i < WEB_CONNECTIONS_MAX; i++) {
        watch->guests[i].socket = -1;
        atomic_init(&watch->guests[i].deadline_ms, INT64_MAX);
        watch->guests[i].next = watch->free;
        watch->free = &watch->guests[i];
    }
    if (pthread_create(&watch->thread, NULL, watch_main, watch) != 0) {
        return err_set(err, ERR_LIMIT, "the system gives no more threads", "系统无法再建立线程");
    }
    *out = watch;
    return true;
}

void watch_close(struct watch *watch)
{
    if (watch == NULL) return;
    thread_lock(&watch->mutex);
    watch->closing = true;
    CHECK(pthread_cond_broadcast(&watch->closing_came) == 0);
    thread_unlock(&watch->mutex);
    CHECK(pthread_join(watch->thread, NULL) == 0);
    CHECK(pthread_cond_destroy(&watch->closing_came) == 0);
    CHECK(pthread_mutex_destroy(&watch->mutex) == 0);
}

struct watch_guest *watch_add(struct watch *watch, int socket)
{
    thread_lock(&watch->mutex);
    struct watch_guest *guest = watch->free;
    if (guest != NULL) {
        watch->free = guest->next;
        guest->socket = socket;
        watch_allow(guest, WEB_HEAD_MS_MAX);
    }
    thread_unlock(&watch->mutex);
    return guest;
}

void watch_remove(struct watch *watch, struct watch_guest *guest)
{
    if (guest == NULL) return;
    thread_lock(&watch->mutex);
    guest->socket = -1;
    guest->next = watch->free;
    watch->free = guest;
    thread_unlock(&watch->mutex);
}

void watch_allow(struct watch_guest *guest, int64_t ms)
{
    if (guest == NULL) return;
    atomic_store(&guest->deadline_ms, ms == 0 ? INT64_MAX : clock_elapsed_ms() + ms);
}
