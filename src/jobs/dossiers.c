#include "jobs/dossiers.h"

#include "base/json.h"
#include "base/thread.h"
#include "jobs/dossier.h"

#include <pthread.h>

enum { DOSSIER_PATH_BYTES_MAX = 8192 };

/* One that is made; it lies in its own arena. */
struct kept_dossier {
    struct kept_dossier *next; /* older */
    struct arena arena;
    struct asker asker; /* as it was made for */
    struct str reason;
    const char *path;
    int64_t number, made_ms; /* the number is its upload's */
};

struct dossiers {
    struct dossiers_parts parts;
    pthread_mutex_t mutex; /* guards the list */
    struct kept_dossier *newest;
};

void dossiers_open(struct dossiers **out, struct arena *arena, const struct dossiers_parts *parts)
{
    struct dossiers *dossiers = arena_new(arena, struct dossiers);
    dossiers->parts = *parts;
    CHECK(pthread_mutex_init(&dossiers->mutex, NULL) == 0);
    *out = dossiers;
}

static void forget(struct kept_dossier *kept)
{
    struct arena arena = kept->arena;
    arena_free(&arena);
}

void dossiers_close(struct dossiers *dossiers)
{
    if (dossiers == NULL) return;
    while (dossiers->newest != NULL) {
        struct kept_dossier *kept = dossiers->newest;
        dossiers->newest = kept->next;
        forget(kept);
    }
    CHECK(pthread_mutex_destroy(&dossiers->mutex) == 0);
}

/* Under the lock: takes out one that is too old, or of an owner who has too many; NULL: none. */
static struct kept_dossier *take_out(struct dossiers *dossiers, struct str owner)
{
    size_t own = 0;
    int64_t now_ms = clock_now_ms(&dossiers->parts.workspace->clock);
    for (struct kept_dossier **at = &dossiers->newest; *at != NULL; at = &(*at)->next) {
        struct kept_dossier *kept = *at;
        own += str_equal(kept->asker.name, owner);
        if (own <= DOSSIERS_OF_ONE_MAX && now_ms - kept->made_ms <= DOSSIER_LIFE_MS) continue;
        *at = kept->next;
        return kept;
    }
    return NULL;
}

static void tidy_up(struct dossiers *dossiers, struct str owner)
{
    struct kept_dossier *gone;
    for (;;) {
        thread_lock(&dossiers->mutex);
        gone = take_out(dossiers, owner);
        thread_unlock(&dossiers->mutex);
        if (gone == NULL) return;
        upload_discard(dossiers->parts.uploads, gone->number);
        forget(gone);
    }
}

/* What a task works on, in the arena of its order. */
struct making {
    struct dossiers *dossiers;
    struct asker asker;
    struct str reason;
    enum lang lang;
};

static void keep(const struct making *making, int64_t number, const char *path)
{
    struct dossiers *dossiers = making->dossiers;
    struct arena arena = {0};
    struct kept_dossier *kept = arena_new(&arena, struct kept_dossier);
    kept->asker = asker_copy(&arena, &making->asker);
    kept->reason = str_copy(&arena, making->reason);
    kept->path = str_cstr(&arena, str_from(path));
    kept->number = number;
    kept->made_ms = clock_now_ms(&dossiers->parts.workspace->clock);
    kept->arena = arena;
    thread_lock(&dossiers->mutex);
    kept->next = dossiers->newest;
    dossiers->newest = kept;
    thread_unlock(&dossiers->mutex);
    tidy_up(dossiers, making->asker.name);
}

static bool make(const struct making *making, struct task_run *run, struct workspace *workspace,
                 const struct snapshot *snapshot, const char *path, struct err *err)
{
    const struct asker *asker = &making->asker;
    struct desks *desks = making->dossiers->parts.desks;
    day at = day_is_none(snapshot->at) ? clock_today(&workspace->clock) : snapshot->at;
    struct view view = {.snapshot = snapshot,
                        .registry = &workspace->registry,
                        .asker = asker,
                        .arena = run->arena};
    struct dossier dossier = {.workspace = workspace,
                              .view = &view,
                              .desks = desks,
                              .asker = asker,
                              .at = at,
                              .reason = making->reason,
                              .lang = making->lang,
                              .progress = run->progress};
    /* Of one area its name; of everything that the asker sees that of its only area, else all. */
    if (!asker->all_areas && asker->area_count == 1)
        dossier.place = view_area_name(&view, asker->areas[0]);
    progress_report(run->progress, "laying out the registers", "铺开名册", 0, 0);
    return desks_prepare(desks, asker, at, NULL, err) && progress_wanted(run->progress, err)
           && dossier_write(run->arena, &dossier, path, err);
}

static bool make_on_snapshot(const struct making *making, struct task_run *run, const char *path,
                             struct err *err)
{
    const struct dossiers_parts *parts = &making->dossiers->parts;
    const struct snapshot *snapshot = snapshot_take(parts->hub);
    struct workspace workspace = {0};
    if (snapshot == NULL) {
        return err_set(err, ERR_CONFLICT,
                       "the workspace is being read for the first time, try again in a minute",
                       "正在首次读取工作区，请一分钟后再试");
    }
    bool good = workspace_share(&workspace, parts->workspace, STORE_READ, err)
                && make(making, run, &workspace, snapshot, path, err);
    workspace_close(&workspace);
    snapshot_release(parts->hub, snapshot);
    return good;
}

static bool run_making(void *context, struct task_run *run, struct err *err)
{
    const struct making *making = context;
    struct uploads *uploads = making->dossiers->parts.uploads;
    struct text path;
    const char *folder;
    int64_t number;
    if (!upload_begin(uploads, run->arena, &number, &folder, err)) return false;
    text_init(&path, run->arena, DOSSIER_PATH_BYTES_MAX);
    text_add_f(&path, "%s/dossier.xlsx", folder);
    if (!make_on_snapshot(making, run, path.ptr, err)) {
        upload_discard(uploads, number);
        return false;
    }
    keep(making, number, path.ptr);
    text_add_f(run->result, "{\"dossier\":%lld}", (long long)number);
    return true;
}

bool dossiers_start(struct dossiers *dossiers, const struct dossier_wish *wish, int64_t *task,
                    struct err *err)
{
    struct task_order order = {
        .kind = "dossier", .owner = wish->asker->name, .stops = true, .run = run_making};
    struct making *making = arena_new(&order.arena, struct making);
    *making = (struct making){.dossiers = dossiers,
                              .asker = asker_copy(&order.arena, wish->asker),
                              .reason = str_copy(&order.arena, wish->reason),
                              .lang = wish->lang};
    order.context = making;
    return task_start(dossiers->parts.tasks, &order, task, err);
}

/* Whether the asker still sees all that was seen when it was made. */
static bool still_sees(const struct asker *asker, const struct asker *then)
{
    if (asker->all_areas) return true;
    if (then->all_areas || !asker_may(asker, CAPABILITY_EXPORT)) return false;
    if (then->school.len > 0 && !str_equal(then->school, asker->school)) return false;
    for (size_t i = 0; i < then->area_count; i++) {
        if (!asker_sees(asker, then->areas[i])) return false;
    }
    return true;
}

/* Under the lock. */
static struct kept_dossier *find(struct dossiers *dossiers, struct str owner, int64_t number)
{
    struct kept_dossier *kept = dossiers->newest;
    while (kept != NULL && !(kept->number == number && str_equal(kept->asker.name, owner))) {
        kept = kept->next;
    }
    return kept;
}

bool dossiers_take(struct dossiers *dossiers, struct arena *arena, const struct asker *asker,
                   int64_t number, struct dossier_taken *out, struct err *err)
{
    tidy_up(dossiers, asker->name);
    thread_lock(&dossiers->mutex);
    const struct kept_dossier *kept = find(dossiers, asker->name, number);
    bool seen = kept != NULL && still_sees(asker, &kept->asker);
    if (seen) {
        *out = (struct dossier_taken){.path = str_cstr(arena, str_from(kept->path)),
                                      .reason = str_copy(arena, kept->reason)};
    }
    thread_unlock(&dossiers->mutex);
    if (seen) return true;
    if (kept == NULL) {
        return err_set(err, ERR_NOT_FOUND, "there is no dossier %lld any more, make it again",
                       "迎检资料 %lld 已不在，请重新编制", (long long)number);
    }
    return err_set(err, ERR_DENIED, "dossier %lld covers areas that are no longer yours",
                   "迎检资料 %lld 所含区划已不在您的范围内", (long long)number);
}
