#include "jobs/ahead.h"

#include "access/user.h"
#include "base/list.h"
#include "jobs/view.h"

#include <stdlib.h>

enum { COUNTY_DIGITS = 6, AREAS_BYTES_MAX = 1024 };

/* The areas of somebody who may ask. */
struct scope {
    struct asker asker;
    struct str areas; /* as text, as desks know them */
    size_t width;     /* digits of the shortest code; 0: no area */
    int64_t seen_ms;
};

struct scopes {
    LIST(struct scope) items;
};

struct wish {
    const struct ahead *ahead;
    day at;
};

static size_t width_of(const struct asker *asker)
{
    size_t shortest = 0;
    for (size_t i = 0; i < asker->area_count; i++) {
        size_t digits = area_prefix(asker->areas[i]).len;
        if (shortest == 0 || digits < shortest) shortest = digits;
    }
    return shortest;
}

/* Desks are of areas: those of schools, which have none, are one. */
static void add_scope(struct scopes *scopes, struct arena *arena, struct asker asker,
                      int64_t seen_ms)
{
    struct text areas;
    text_init(&areas, arena, AREAS_BYTES_MAX);
    asker_add_areas(&areas, &asker);
    CHECK(!areas.cut);
    asker.school = STR_EMPTY;
    for (size_t i = 0; i < scopes->items.count; i++) {
        struct scope *there = &scopes->items.items[i];
        if (!str_equal(there->areas, text_str(&areas))) continue;
        if (seen_ms > there->seen_ms) there->seen_ms = seen_ms;
        return;
    }
    *list_push(arena, &scopes->items) =
        (struct scope){asker, text_str(&areas), width_of(&asker), seen_ms};
}

/* Who sees a whole city goes down to its counties one by one. */
static void add_counties(struct scopes *scopes, struct arena *arena,
                         const struct divisions *divisions, const struct asker *asker)
{
    for (size_t i = 0; i < asker->area_count; i++) {
        struct str prefix = area_prefix(asker->areas[i]);
        const struct division *counties;
        size_t count = 0;
        if (prefix.len >= COUNTY_DIGITS) continue;
        division_below(divisions, prefix, COUNTY_DIGITS, &counties, &count);
        for (size_t k = 0; k < count; k++) {
            if (area_prefix(counties[k].code).len < COUNTY_DIGITS) continue;
            add_scope(scopes, arena, asker_within(asker, counties[k].code), 0);
        }
    }
}

static int by_width(const void *a, const void *b)
{
    const struct scope *x = a, *y = b;
    if (x->width != y->width) return x->width < y->width ? -1 : 1;
    return x->seen_ms > y->seen_ms ? -1 : x->seen_ms < y->seen_ms ? 1 : 0;
}

static bool list_scopes(struct scopes *out, struct arena *arena, const struct workspace *workspace,
                        struct err *err)
{
    struct user *users;
    size_t count;
    if (!user_list(workspace->store, arena, &users, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        struct asker asker = user_asker(&users[i]);
        if (users[i].disabled_ms > 0 || !asker_may(&asker, CAPABILITY_LOOK)) continue;
        add_scope(out, arena, asker, users[i].seen_ms);
        add_counties(out, arena, workspace->divisions, &asker);
    }
    if (out->items.count > 1) {
        qsort(out->items.items, out->items.count, sizeof(struct scope), by_width);
    }
    return true;
}

static void prepare_persons(const struct ahead *ahead, const struct asker *asker)
{
    struct arena arena = {0};
    const struct snapshot *snapshot = snapshot_take(ahead->hub);
    struct view view = {
        .snapshot = snapshot, .asker = asker, .arena = &arena, .reckoned = ahead->reckoned};
    if (snapshot != NULL && !day_is_none(snapshot->at)) view_prepare_persons(&view);
    snapshot_release(ahead->hub, snapshot);
    arena_free(&arena);
}

static bool prepare(const struct wish *wish, struct workspace *workspace, struct tasks *tasks,
                    const struct asker *asker, struct err *err)
{
    const struct ahead *ahead = wish->ahead;
    struct reckoned_taken duty;
    if (!desks_prepare(ahead->desks, asker, wish->at, tasks, err)
        || !duties_take(ahead->reckoned, workspace, asker, wish->at, 0, &duty, err)) {
        return false;
    }
    reckoned_give(ahead->reckoned, &duty);
    prepare_persons(ahead, asker);
    return true;
}

static bool run_task(void *context, struct task_run *run, struct err *err)
{
    const struct wish *wish = context;
    const struct ahead *ahead = wish->ahead;
    struct workspace own;
    struct scopes scopes = {0};
    bool good = workspace_share(&own, ahead->workspace, STORE_READ, err)
                && list_scopes(&scopes, run->arena, &own, err);
    for (size_t i = 0; good && i < scopes.items.count; i++) {
        if (tasks_hurry(run->tasks) || !desks_make_room(ahead->desks, wish->at)) break;
        good = prepare(wish, &own, run->tasks, &scopes.items.items[i].asker, err);
    }
    workspace_close(&own);
    if (good && tasks_hurry(run->tasks)) ahead_wish(ahead, run->tasks, wish->at);
    return good;
}

void ahead_wish(const struct ahead *ahead, struct tasks *tasks, day at)
{
    struct task_order order = {
        .kind = "figures", .owner = STR("local"), .once = true, .run = run_task};
    struct wish *wish = arena_new(&order.arena, struct wish);
    struct err ignored = ERR_INIT;
    int64_t number;
    *wish = (struct wish){ahead, at};
    order.context = wish;
    (void)!task_start(tasks, &order, &number, &ignored);
}
