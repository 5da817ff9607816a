#include "jobs/looks.h"

#include "access/audit.h"
#include "base/thread.h"

#include <pthread.h>
#include <time.h>

enum { NAME_BYTES_MAX = 128, OBJECT_BYTES_MAX = 64, ATTEMPTS_AT_END = 20 };

struct look {
    struct look *next; /* later */
    struct str user;
    const char *what; /* "person" */
    int64_t number, at_ms;
};

/* Looks that wait, with the memory that they lie in. */
struct batch_of_looks {
    struct arena arena;
    struct look *first, *last;
    size_t count;
};

struct looks {
    struct workspace workspace;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    pthread_t thread;
    bool runs, closing;
    struct batch_of_looks waiting;
    size_t writing; /* taken from those waiting and not yet written */
};

static bool write_one(struct looks *looks, const struct look *look, struct err *err)
{
    struct arena arena = {0};
    struct text object;
    struct asker asker = {.name = look->user};
    /* Looked at then, whenever it comes to be written. */
    struct clock clock = clock_fixed(look->at_ms);
    text_init(&object, &arena, OBJECT_BYTES_MAX);
    text_add_f(&object, "%s %lld", look->what, (long long)look->number);
    bool good = audit_append(looks->workspace.store, &clock, &asker, AUDIT_LOOK, text_str(&object),
                             STR_EMPTY, err);
    arena_free(&arena);
    return good;
}

static bool write_all(struct looks *looks, const struct batch_of_looks *batch)
{
    struct err err = ERR_INIT;
    if (batch->count == 0) return true;
    struct store *store = looks->workspace.store;
    if (!store_begin(store, &err)) return false;
    bool good = true;
    for (const struct look *look = batch->first; good && look != NULL; look = look->next) {
        good = write_one(looks, look, &err);
    }
    if (good && store_commit(store, &err)) return true;
    store_rollback(store);
    return false;
}

static void pause_ms(int ms)
{
    struct timespec pause = {.tv_nsec = ms * 1000000L};
    nanosleep(&pause, NULL);
}

/* Lets more come in, unless the looks close. Under the lock, which is let go meanwhile. */
static void gather(struct looks *looks)
{
    enum { SLICE_MS = 20 };
    for (int waited = 0; waited < LOOKS_EVERY_MS && !looks->closing; waited += SLICE_MS) {
        thread_unlock(&looks->mutex);
        pause_ms(SLICE_MS);
        thread_lock(&looks->mutex);
    }
}

/* One batch at a time; one that cannot be written is tried again. */
static void *write_on(void *argument)
{
    struct looks *looks = argument;
    struct batch_of_looks batch = {0};
    int attempts = 0;
    thread_lock(&looks->mutex);
    for (;;) {
        while (looks->waiting.count == 0 && batch.count == 0 && !looks->closing) {
            CHECK(pthread_cond_wait(&looks->changed, &looks->mutex) == 0);
        }
        gather(looks);
        if (batch.count == 0) {
            batch = looks->waiting;
            looks->waiting = (struct batch_of_looks){0};
            looks->writing = batch.count;
        }
        thread_unlock(&looks->mutex);
        bool good = write_all(looks, &batch);
        if (good) arena_free(&batch.arena);
        thread_lock(&looks->mutex);
        if (good) {
            batch = (struct batch_of_looks){0};
            looks->writing = 0;
        }
        bool done = batch.count == 0 && looks->waiting.count == 0;
        if (looks->closing && (done || ++attempts == ATTEMPTS_AT_END)) break;
    }
    thread_unlock(&looks->mutex);
    arena_free(&batch.arena);
    return NULL;
}

bool looks_open(struct looks **out, struct arena *arena, const struct workspace *workspace,
                struct err *err)
{
    struct looks *looks = arena_new(arena, struct looks);
    if (!workspace_share(&looks->workspace, workspace, STORE_WRITE, err)) {
        workspace_close(&looks->workspace);
        return false;
    }
    CHECK(pthread_mutex_init(&looks->mutex, NULL) == 0);
    CHECK(pthread_cond_init(&looks->changed, NULL) == 0);
    if (pthread_create(&looks->thread, NULL, write_on, looks) != 0) {
        looks_close(looks);
        return err_set(err, ERR_LIMIT, "no thread could be started, too many run on this machine",
                       "无法启动后台线程，本机运行的线程过多");
    }
    looks->runs = true;
    *out = looks;
    return true;
}

void looks_close(struct looks *looks)
{
    if (looks == NULL) return;
    thread_lock(&looks->mutex);
    looks->closing = true;
    CHECK(pthread_cond_broadcast(&looks->changed) == 0);
    thread_unlock(&looks->mutex);
    if (looks->runs) CHECK(pthread_join(looks->thread, NULL) == 0);
    CHECK(pthread_cond_destroy(&looks->changed) == 0);
    CHECK(pthread_mutex_destroy(&looks->mutex) == 0);
    arena_free(&looks->waiting.arena);
    workspace_close(&looks->workspace);
}

bool looks_note(struct looks *looks, const struct asker *asker, int64_t person, struct err *err)
{
    return looks_note_record(looks, asker, "person", person, err);
}

bool looks_note_record(struct looks *looks, const struct asker *asker, const char *what,
                       int64_t record, struct err *err)
{
    CHECK(looks != NULL);
    CHECK(asker->name.len <= NAME_BYTES_MAX);
    bool full;
    thread_lock(&looks->mutex);
    full = looks->waiting.count + looks->writing >= LOOKS_WAITING_MAX;
    if (!full) {
        struct batch_of_looks *waiting = &looks->waiting;
        struct look *look = arena_new(&waiting->arena, struct look);
        *look = (struct look){.user = str_copy(&waiting->arena, asker->name),
                              .what = what,
                              .number = record,
                              .at_ms = clock_now_ms(&looks->workspace.clock)};
        if (waiting->last == NULL) {
            waiting->first = look;
        } else {
            waiting->last->next = look;
        }
        waiting->last = look;
        waiting->count++;
        CHECK(pthread_cond_signal(&looks->changed) == 0);
    }
    thread_unlock(&looks->mutex);
    if (!full) return true;
    return err_set(err, ERR_LIMIT,
                   "the trail of who looks at whom cannot be written, so nothing is shown until it "
                   "can",
                   "查看记录无法写入，恢复之前不予显示");
}

bool looks_settle(struct looks *looks, int wait_ms)
{
    enum { LOOK_EVERY_MS = 10 };
    for (int64_t end_ms = clock_elapsed_ms() + wait_ms;;) {
        thread_lock(&looks->mutex);
        bool settled = looks->waiting.count + looks->writing == 0;
        thread_unlock(&looks->mutex);
        if (settled || clock_elapsed_ms() >= end_ms) return settled;
        pause_ms(LOOK_EVERY_MS);
    }
}
