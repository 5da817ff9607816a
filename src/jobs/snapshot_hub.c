#include "jobs/snapshot.h"

#include "base/thread.h"

/* A snapshot and how many hold it; the hub itself holds the newest. */
struct held {
    struct held *next;
    struct snapshot *snapshot;
    size_t users;
};

struct snapshot_hub {
    struct arena arena; /* of this structure and of `free_held` */
    struct workspace workspace;
    pthread_mutex_t making; /* held while a snapshot is made; guards workspace */
    pthread_mutex_t lock;   /* guards all below */
    bool running;
    struct held *newest;
    struct held *all;       /* newest and those before it that are still held */
    struct held *free_held; /* to be used again */
    int64_t made;           /* how many there were */
    const char *stage_en, *stage_zh;
    uint64_t done, total;
    struct err error;
    struct snapshot_then then;
};

/* Takes a snapshot that nobody holds any more out of the list; the caller frees it without the
 * lock, for that may take a while. */
static struct snapshot *take_out(struct snapshot_hub *hub, struct held *held)
{
    struct held **link = &hub->all;
    while (*link != held) link = &(*link)->next;
    *link = held->next;
    struct snapshot *snapshot = held->snapshot;
    *held = (struct held){.next = hub->free_held};
    hub->free_held = held;
    return snapshot;
}

static struct snapshot *let_go(struct snapshot_hub *hub, struct held *held)
{
    CHECK(held->users > 0);
    return --held->users == 0 ? take_out(hub, held) : NULL;
}

static void put_in_place(struct snapshot_hub *hub, struct snapshot *snapshot)
{
    struct snapshot *gone = NULL;
    thread_lock(&hub->lock);
    struct held *held = hub->free_held;
    if (held != NULL) {
        hub->free_held = held->next;
    } else {
        held = arena_new(&hub->arena, struct held);
    }
    snapshot->number = ++hub->made;
    *held = (struct held){.next = hub->all, .snapshot = snapshot, .users = 1};
    hub->all = held;
    if (hub->newest != NULL) gone = let_go(hub, hub->newest);
    hub->newest = held;
    thread_unlock(&hub->lock);
    snapshot_free(gone);
}

struct listener {
    struct snapshot_hub *hub;
    const struct progress *other;
};

static void listen(void *context, const char *stage_en, const char *stage_zh, uint64_t done,
                   uint64_t total)
{
    struct listener *listener = context;
    struct snapshot_hub *hub = listener->hub;
    thread_lock(&hub->lock);
    hub->stage_en = stage_en;
    hub->stage_zh = stage_zh;
    hub->done = done;
    hub->total = total;
    thread_unlock(&hub->lock);
    progress_report(listener->other, stage_en, stage_zh, done, total);
}

bool snapshot_hub_refresh(struct snapshot_hub *hub, const struct progress *progress,
                          struct err *err)
{
    CHECK(hub != NULL);
    struct listener listener = {hub, progress};
    struct progress both = {.report = listen, .context = &listener};
    struct snapshot *fresh = NULL;
    struct err failed = ERR_INIT;
    thread_lock(&hub->making);
    thread_lock(&hub->lock);
    hub->running = true;
    thread_unlock(&hub->lock);
    bool good = snapshot_make(&hub->workspace, &both, &fresh, &failed);
    if (good) put_in_place(hub, fresh);
    thread_lock(&hub->lock);
    hub->running = false;
    hub->stage_en = hub->stage_zh = "";
    hub->done = hub->total = 0;
    hub->error = failed;
    thread_unlock(&hub->lock);
    thread_unlock(&hub->making);
    if (!good && err != NULL) *err = failed;
    return good;
}

static bool run_task(void *context, struct task_run *run, struct err *err)
{
    struct snapshot_hub *hub = *(struct snapshot_hub **)context;
    struct snapshot_state state;
    if (!snapshot_hub_refresh(hub, run->progress, err)) return false;
    snapshot_hub_state(hub, &state);
    if (hub->then.made != NULL) hub->then.made(hub->then.context, run->tasks, state.at);
    return true;
}

bool snapshot_wish(struct snapshot_hub *hub, struct tasks *tasks, int64_t *number, struct err *err)
{
    CHECK(hub != NULL);
    struct task_order order = {.kind = "refresh", .once = true, .run = run_task};
    struct snapshot_hub **context = arena_new(&order.arena, struct snapshot_hub *);
    *context = hub;
    order.context = context;
    return task_start(tasks, &order, number, err);
}

void snapshot_hub_then(struct snapshot_hub *hub, const struct snapshot_then *then)
{
    hub->then = *then;
}

bool snapshot_hub_open(struct snapshot_hub **out, const struct workspace_options *options,
                       struct err *err)
{
    struct arena arena = {0};
    struct snapshot_hub *hub = arena_new(&arena, struct snapshot_hub);
    hub->arena = arena;
    hub->stage_en = hub->stage_zh = "";
    if (!workspace_open(&hub->workspace, options, err)) {
        workspace_close(&hub->workspace);
        arena = hub->arena;
        arena_free(&arena);
        return false;
    }
    CHECK(pthread_mutex_init(&hub->making, NULL) == 0);
    CHECK(pthread_mutex_init(&hub->lock, NULL) == 0);
    *out = hub;
    return true;
}

void snapshot_hub_close(struct snapshot_hub *hub)
{
    if (hub == NULL) return;
    CHECK(!hub->running);
    if (hub->newest != NULL) snapshot_free(let_go(hub, hub->newest));
    CHECK(hub->all == NULL);
    CHECK(pthread_mutex_destroy(&hub->lock) == 0);
    CHECK(pthread_mutex_destroy(&hub->making) == 0);
    workspace_close(&hub->workspace);
    struct arena arena = hub->arena;
    arena_free(&arena);
}

const struct snapshot *snapshot_take(struct snapshot_hub *hub)
{
    CHECK(hub != NULL);
    const struct snapshot *snapshot = NULL;
    thread_lock(&hub->lock);
    if (hub->newest != NULL) {
        hub->newest->users++;
        snapshot = hub->newest->snapshot;
    }
    thread_unlock(&hub->lock);
    return snapshot;
}

void snapshot_release(struct snapshot_hub *hub, const struct snapshot *snapshot)
{
    CHECK(hub != NULL);
    if (snapshot == NULL) return;
    thread_lock(&hub->lock);
    struct held *held = hub->all;
    while (held != NULL && held->snapshot != snapshot) held = held->next;
    CHECK(held != NULL);
    struct snapshot *gone = let_go(hub, held);
    thread_unlock(&hub->lock);
    snapshot_free(gone);
}

void snapshot_hub_state(struct snapshot_hub *hub, struct snapshot_state *out)
{
    CHECK(hub != NULL);
    thread_lock(&hub->lock);
    const struct snapshot *newest = hub->newest == NULL ? NULL : hub->newest->snapshot;
    *out = (struct snapshot_state){
        .number = newest == NULL ? 0 : newest->number,
        .made_ms = newest == NULL ? 0 : newest->made_ms,
        .at = newest == NULL ? DAY_NONE : newest->at,
        .refreshing = hub->running,
        .stage_en = hub->stage_en,
        .stage_zh = hub->stage_zh,
        .done = hub->done,
        .total = hub->total,
        .error = hub->error,
    };
    thread_unlock(&hub->lock);
}
