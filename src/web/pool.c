#include "web/pool.h"

#include "base/thread.h"
#include "web/limits.h"

#include <pthread.h>

struct pool_queue {
    struct pool_work *first, *last;
    pthread_cond_t came;
};

struct pool_worker {
    struct pool *pool;
    struct pool_queue *queue;
    struct workspace workspace;
    pthread_t thread;
    bool started;
};

struct pool {
    pthread_mutex_t mutex;
    struct pool_queue reads, writes;
    struct pool_worker workers[POOL_READERS_MAX + POOL_WRITERS];
    size_t worker_count;
    bool closing;
};

static void *worker_main(void *argument)
{
    struct pool_worker *worker = argument;
    struct pool *pool = worker->pool;
    thread_lock(&pool->mutex);
    for (;;) {
        struct pool_work *work = worker->queue->first;
        if (work == NULL && pool->closing) break;
        if (work == NULL) {
            CHECK(pthread_cond_wait(&worker->queue->came, &pool->mutex) == 0);
            continue;
        }
        worker->queue->first = work->next;
        if (worker->queue->first == NULL) worker->queue->last = NULL;
        thread_unlock(&pool->mutex);
        work->run(work, &worker->workspace);
        CHECK(!store_in_transaction(worker->workspace.store));
        thread_lock(&pool->mutex);
    }
    thread_unlock(&pool->mutex);
    return NULL;
}

static bool start_worker(struct pool *pool, const struct workspace *workspace, bool writes,
                         struct err *err)
{
    struct pool_worker *worker = &pool->workers[pool->worker_count++];
    worker->pool = pool;
    worker->queue = writes ? &pool->writes : &pool->reads;
    if (!workspace_share(&worker->workspace, workspace, writes ? STORE_WRITE : STORE_READ, err)) {
        return false;
    }
    if (writes) store_wait_set(worker->workspace.store, WEB_BUSY_WAIT_MS);
    if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0) {
        return err_set(err, ERR_LIMIT, "the system gives no more threads", "系统无法再建立线程");
    }
    worker->started = true;
    return true;
}

bool pool_open(struct pool **out, struct arena *arena, const struct workspace *workspace,
               size_t readers, struct err *err)
{
    struct pool *pool = arena_new(arena, struct pool);
    CHECK(pthread_mutex_init(&pool->mutex, NULL) == 0);
    CHECK(pthread_cond_init(&pool->reads.came, NULL) == 0);
    CHECK(pthread_cond_init(&pool->writes.came, NULL) == 0);
    *out = pool;
    if (readers == 0) readers = thread_count_default() + 2;
    if (readers > POOL_READERS_MAX) readers = POOL_READERS_MAX;
    for (size_t i = 0; i < readers; i++) {
        if (!start_worker(pool, workspace, false, err)) return false;
    }
    for (size_t i = 0; i < POOL_WRITERS; i++) {
        if (!start_worker(pool, workspace, true, err)) return false;
    }
    return true;
}

void pool_close(struct pool *pool)
{
    if (pool == NULL) return;
    thread_lock(&pool->mutex);
    pool->closing = true;
    CHECK(pthread_cond_broadcast(&pool->reads.came) == 0);
    CHECK(pthread_cond_broadcast(&pool->writes.came) == 0);
    thread_unlock(&pool->mutex);
    for (size_t i = 0; i < pool->worker_count; i++) {
        struct pool_worker *worker = &pool->workers[i];
        if (worker->started) CHECK(pthread_join(worker->thread, NULL) == 0);
        workspace_close(&worker->workspace);
    }
    CHECK(pthread_cond_destroy(&pool->reads.came) == 0);
    CHECK(pthread_cond_destroy(&pool->writes.came) == 0);
    CHECK(pthread_mutex_destroy(&pool->mutex) == 0);
}

bool pool_post(struct pool *pool, struct pool_work *work, bool writes)
{
    struct pool_queue *queue = writes ? &pool->writes : &pool->reads;
    CHECK(work->run != NULL);
    work->next = NULL;
    thread_lock(&pool->mutex);
    bool open = !pool->closing;
    if (open) {
        if (queue->last == NULL)
            queue->first = work;
        else
            queue->last->next = work;
        queue->last = work;
        CHECK(pthread_cond_signal(&queue->came) == 0);
    }
    thread_unlock(&pool->mutex);
    return open;
}
