#include "jobs/desks.h"

#include "base/thread.h"
#include "figures/figure_count.h"
#include "jobs/shelf.h"

enum { SCOPE_BYTES_MAX = 4096 };

/* On a smaller desk, as of a township, rows are found and sorted at once: keeping all of them
 * before anybody asks would double it. */
#define LARGE_DESK_BYTES ((size_t)12 << 20)

/* Used by one at a time: its lock is held as long as it is taken. */
struct kept_desk {
    struct shelf_item item;
    day at;
    bool laid;
    struct arena arena; /* of the desk */
    struct workspace own;
    struct figure_desk desk;
    int64_t store_version;
    struct figure_desk_version version;
};

struct desks {
    const struct workspace *workspace;
    pthread_mutex_t sharing; /* held while another is opened beside it; guards … */
    struct arena arena;      /* … this, of the figures … */
    struct figures figures;  /* … and these: of all desks, read for the first of them */
    bool loaded;
    struct shelf *shelf;
};

static void clear(struct kept_desk *kept)
{
    workspace_close(&kept->own);
    arena_free(&kept->arena);
    kept->own = (struct workspace){0};
    kept->arena = (struct arena){0};
    kept->laid = false;
}

static void clear_item(struct shelf_item *item)
{
    clear((struct kept_desk *)item);
}

void desks_open(struct desks **out, struct arena *arena, const struct workspace *workspace)
{
    static const struct shelf_rules rules = {.size = sizeof(struct kept_desk),
                                             .items_max = DESKS_MAX,
                                             .bytes_max = DESKS_BYTES_MAX,
                                             .clear = clear_item};
    struct desks *desks = arena_new(arena, struct desks);
    desks->workspace = workspace;
    CHECK(pthread_mutex_init(&desks->sharing, NULL) == 0);
    shelf_open(&desks->shelf, arena, &rules);
    *out = desks;
}

void desks_close(struct desks *desks)
{
    if (desks == NULL) return;
    shelf_close(desks->shelf);
    arena_free(&desks->arena);
    CHECK(pthread_mutex_destroy(&desks->sharing) == 0);
}

/* What decides about the rows on a desk: the day, and the areas in their order. */
static struct str scope_of(struct arena *arena, const struct asker *asker, day at)
{
    struct text text;
    text_init(&text, arena, SCOPE_BYTES_MAX);
    text_add_f(&text, "%d", at.days);
    asker_add_areas(&text, asker);
    CHECK(!text.cut);
    return text_str(&text);
}

/* Whether the desk tells the truth, or does again once findings and cases lie on it anew. */
static bool make_true(struct kept_desk *kept, bool *out, struct err *err)
{
    int64_t store_number = 0;
    struct figure_desk_version version;
    *out = true;
    if (!store_version(kept->own.store, &store_number, err)) return false;
    if (store_number == kept->store_version) return true;
    if (!figure_desk_version(&kept->own.registry, &version, err)) return false;
    *out = version.registers == kept->version.registers;
    if (!*out) return true;
    if (!figure_desk_renew(&kept->desk, &kept->version, &version, err)) return false;
    kept->store_version = store_number;
    kept->version = version;
    return true;
}

/* A handle of its own, and the figures. */
static bool share(struct desks *desks, struct kept_desk *kept, struct err *err)
{
    thread_lock(&desks->sharing);
    bool shared = workspace_share(&kept->own, desks->workspace, STORE_READ, err);
    if (shared && !desks->loaded) {
        shared = figures_load(&desks->figures, &desks->arena, kept->own.policies, err);
        desks->loaded = shared;
    }
    thread_unlock(&desks->sharing);
    return shared;
}

/* The versions are read first: what changes meanwhile makes the desk a new one next time. */
static bool lay(struct desks *desks, struct kept_desk *kept, const struct asker *asker,
                struct err *err)
{
    struct read_at when = {.at = kept->at};
    struct registry *registry = &kept->own.registry;
    const struct figures *figures = &desks->figures;
    if (!share(desks, kept, err) || !store_cache_little(kept->own.store, err)
        || !store_version(kept->own.store, &kept->store_version, err)
        || !figure_desk_version(registry, &kept->version, err)
        || !registry_now(registry, &when.known_ms, err)) {
        return false;
    }
    size_t count = figures->count + figures->list_count;
    const struct figure **all = arena_array(&kept->arena, const struct figure *, count);
    for (size_t i = 0; i < count; i++) all[i] = &figures->items[i];
    kept->laid =
        figure_desk_open(&kept->desk, &kept->arena, registry, asker, when, all, count, err);
    return kept->laid;
}

bool desks_take(struct desks *desks, struct arena *arena, const struct asker *asker, day at,
                struct desk_taken *out, struct err *err)
{
    CHECK(!day_is_none(at));
    struct kept_desk *kept =
        (struct kept_desk *)shelf_take(desks->shelf, scope_of(arena, asker, at));
    thread_lock(&kept->item.lock);
    kept->at = at;
    bool is_true = false;
    kept->desk.arena = arena;
    kept->desk.asker = asker;
    bool good = !kept->laid || make_true(kept, &is_true, err);
    if (good && !is_true) {
        clear(kept);
        good = lay(desks, kept, asker, err);
    }
    if (!good) {
        clear(kept);
        thread_unlock(&kept->item.lock);
        shelf_give(desks->shelf, &kept->item, 0);
        return false;
    }
    kept->desk.arena = arena;
    kept->desk.asker = asker;
    *out = (struct desk_taken){
        .figures = &desks->figures, .desk = &kept->desk, .version = kept->version, .kept = kept};
    return true;
}

void desks_give(struct desks *desks, struct desk_taken *taken)
{
    struct kept_desk *kept = taken->kept;
    kept->desk.arena = NULL;
    kept->desk.asker = NULL;
    size_t bytes = store_desk_bytes(kept->own.store) + kept->arena.bytes;
    thread_unlock(&kept->item.lock);
    shelf_give(desks->shelf, &kept->item, bytes);
    *taken = (struct desk_taken){0};
}

/* All that pages ask of a figure. */
static bool prepare(const struct desk_taken *taken, struct arena *arena,
                    const struct figure *figure, struct err *err)
{
    struct figure_value value;
    struct figure_everyone everyone;
    struct figure_part_value *parts;
    struct err split = ERR_INIT;
    size_t count;
    bool large = store_desk_bytes(taken->kept->own.store) >= LARGE_DESK_BYTES;
    for (int part = 0; large && part < FIGURE_QUERIES; part++) {
        if (figure->queries[part].sql.len == 0) continue;
        if (!figure_desk_keep(taken->desk, figure, (enum figure_part)part, err)) return false;
    }
    if (!figure_count(taken->desk, figure, &value, err)
        || (figure->everyone && !figure_count_everyone(taken->desk, figure, &everyone, err))) {
        return false;
    }
    if (figure_count_by(taken->desk, arena, figure, FIGURE_BY_COUNTY, &parts, &count, &split)
        || split.kind == ERR_USAGE) {
        return true;
    }
    *err = split;
    return false;
}

bool desks_prepare(struct desks *desks, const struct asker *asker, day at, struct tasks *tasks,
                   struct err *err)
{
    struct arena arena = {0};
    struct desk_taken taken;
    bool good = desks_take(desks, &arena, asker, at, &taken, err);
    size_t count = good ? taken.figures->count + taken.figures->list_count : 0;
    if (good) desks_give(desks, &taken);
    /* One figure at a time: who asks meanwhile comes in between. */
    for (size_t i = 0; good && i < count; i++) {
        if (tasks != NULL && tasks_hurry(tasks)) break;
        good = desks_take(desks, &arena, asker, at, &taken, err);
        if (!good) break;
        if (i < taken.figures->count + taken.figures->list_count)
            good = prepare(&taken, &arena, &taken.figures->items[i], err);
        desks_give(desks, &taken);
    }
    arena_free(&arena);
    return good;
}

static bool is_of_day(const void *context, const struct shelf_item *item)
{
    return ((const struct kept_desk *)item)->at.days == ((const day *)context)->days;
}

bool desks_make_room(struct desks *desks, day at)
{
    shelf_sort_out(desks->shelf, is_of_day, &at);
    return shelf_has_room(desks->shelf);
}
