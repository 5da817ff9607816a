#include "jobs/desks.h"

#include "access/user.h"
#include "figures/figure_count.h"

#include <pthread.h>

enum { SCOPE_BYTES_MAX = 4096 };

struct kept_desk {
    struct kept_desk *next;
    pthread_mutex_t lock; /* guards all up to the line */
    bool laid;
    struct arena arena; /* of the desk */
    struct workspace own;
    struct figures figures;
    struct figure_desk desk;
    int64_t store_version;
    struct figure_desk_version version;
    /* Guarded by the lock of all desks. */
    struct str scope;
    day at;
    size_t users, bytes;
    uint64_t used;     /* when it was used last */
    struct arena self; /* of this structure and its key */
};

struct desks {
    const struct workspace *workspace;
    pthread_mutex_t lock;
    struct kept_desk *all;
    size_t count;
    uint64_t uses;
};

static void lock(pthread_mutex_t *mutex)
{
    CHECK(pthread_mutex_lock(mutex) == 0);
}

static void unlock(pthread_mutex_t *mutex)
{
    CHECK(pthread_mutex_unlock(mutex) == 0);
}

void desks_open(struct desks **out, struct arena *arena, const struct workspace *workspace)
{
    struct desks *desks = arena_new(arena, struct desks);
    desks->workspace = workspace;
    CHECK(pthread_mutex_init(&desks->lock, NULL) == 0);
    *out = desks;
}

static void clear(struct kept_desk *kept)
{
    if (kept->own.store != NULL) workspace_close(&kept->own);
    arena_free(&kept->arena);
    kept->own = (struct workspace){0};
    kept->arena = (struct arena){0};
    kept->laid = false;
}

static void throw_away(struct kept_desk *kept)
{
    clear(kept);
    CHECK(pthread_mutex_destroy(&kept->lock) == 0);
    struct arena self = kept->self;
    arena_free(&self);
}

void desks_close(struct desks *desks)
{
    if (desks == NULL) return;
    while (desks->all != NULL) {
        struct kept_desk *kept = desks->all;
        CHECK(kept->users == 0);
        desks->all = kept->next;
        throw_away(kept);
    }
    CHECK(pthread_mutex_destroy(&desks->lock) == 0);
}

/* What decides about the rows on a desk: the areas, in their order. */
static struct str scope_of(struct arena *arena, const struct asker *asker)
{
    struct text text;
    if (asker->all_areas) return STR("*");
    text_init(&text, arena, SCOPE_BYTES_MAX);
    for (size_t i = 0; i < asker->area_count; i++) {
        text_add_f(&text, "%.*s,", STR_ARG(area_prefix(asker->areas[i])));
    }
    CHECK(!text.cut);
    return text_str(&text);
}

static struct kept_desk *make(struct str scope, day at)
{
    struct arena self = {0};
    struct kept_desk *kept = arena_new(&self, struct kept_desk);
    kept->scope = str_copy(&self, scope);
    kept->at = at;
    kept->self = self;
    CHECK(pthread_mutex_init(&kept->lock, NULL) == 0);
    return kept;
}

/* The desk of this key, made when there is none; counted as in use. */
static struct kept_desk *find(struct desks *desks, struct str scope, day at)
{
    lock(&desks->lock);
    struct kept_desk *kept = desks->all;
    while (kept != NULL && !(kept->at.days == at.days && str_equal(kept->scope, scope))) {
        kept = kept->next;
    }
    if (kept == NULL) {
        kept = make(scope, at);
        kept->next = desks->all;
        desks->all = kept;
        desks->count++;
    }
    kept->users++;
    kept->used = ++desks->uses;
    unlock(&desks->lock);
    return kept;
}

/* Takes the desk that nobody uses and that was used longest ago out of the list, when all are too
 * many or too large; NULL when they are not. */
static struct kept_desk *take_out_oldest(struct desks *desks)
{
    size_t bytes = 0;
    struct kept_desk **oldest = NULL;
    for (struct kept_desk **link = &desks->all; *link != NULL; link = &(*link)->next) {
        bytes += (*link)->bytes;
        if ((*link)->users > 0) continue;
        if (oldest == NULL || (*link)->used < (*oldest)->used) oldest = link;
    }
    bool fits = desks->count <= DESKS_MAX && (bytes <= DESKS_BYTES_MAX || desks->count <= 1);
    if (fits || oldest == NULL) return NULL;
    struct kept_desk *gone = *oldest;
    *oldest = gone->next;
    desks->count--;
    return gone;
}

/* What has to go goes without the lock, for that may take a while. */
static void let_go(struct desks *desks, struct kept_desk *kept, size_t bytes)
{
    lock(&desks->lock);
    kept->users--;
    kept->bytes = bytes;
    for (;;) {
        struct kept_desk *gone = take_out_oldest(desks);
        unlock(&desks->lock);
        if (gone == NULL) return;
        throw_away(gone);
        lock(&desks->lock);
    }
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
    if (version.work != kept->version.work && !figure_desk_renew(&kept->desk, err)) return false;
    kept->store_version = store_number;
    kept->version = version;
    return true;
}

/* The versions are read first: what changes meanwhile makes the desk a new one next time. */
static bool lay(struct desks *desks, struct kept_desk *kept, const struct asker *asker,
                struct err *err)
{
    struct read_at when = {.at = kept->at};
    struct registry *registry = &kept->own.registry;
    lock(&desks->lock);
    bool shared = workspace_share(&kept->own, desks->workspace, STORE_READ, err);
    unlock(&desks->lock);
    if (!shared || !store_cache_little(kept->own.store, err)
        || !store_version(kept->own.store, &kept->store_version, err)
        || !figure_desk_version(registry, &kept->version, err)
        || !figures_load(&kept->figures, &kept->arena, kept->own.policies, err)
        || !registry_now(registry, &when.known_ms, err)) {
        return false;
    }
    size_t count = kept->figures.count + kept->figures.list_count;
    const struct figure **all = arena_array(&kept->arena, const struct figure *, count);
    for (size_t i = 0; i < count; i++) all[i] = &kept->figures.items[i];
    kept->laid =
        figure_desk_open(&kept->desk, &kept->arena, registry, asker, when, all, count, err);
    return kept->laid;
}

bool desks_take(struct desks *desks, struct arena *arena, const struct asker *asker, day at,
                struct desk_taken *out, struct err *err)
{
    CHECK(!day_is_none(at));
    struct kept_desk *kept = find(desks, scope_of(arena, asker), at);
    lock(&kept->lock);
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
        unlock(&kept->lock);
        let_go(desks, kept, 0);
        return false;
    }
    kept->desk.arena = arena;
    kept->desk.asker = asker;
    *out = (struct desk_taken){.figures = &kept->figures, .desk = &kept->desk, .kept = kept};
    return true;
}

void desks_give(struct desks *desks, struct desk_taken *taken)
{
    struct kept_desk *kept = taken->kept;
    kept->desk.arena = NULL;
    kept->desk.asker = NULL;
    size_t bytes = store_desk_bytes(kept->own.store);
    unlock(&kept->lock);
    let_go(desks, kept, bytes);
    *taken = (struct desk_taken){0};
}

static bool prepare(const struct desk_taken *taken, const struct figure *figure, struct err *err)
{
    struct figure_value value;
    for (int part = 0; part < FIGURE_QUERIES; part++) {
        if (figure->queries[part].sql.len == 0) continue;
        if (!figure_desk_keep(taken->desk, figure, (enum figure_part)part, err)) return false;
    }
    return figure_count(taken->desk, figure, &value, err);
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
        if (tasks != NULL && tasks_stopping(tasks)) break;
        good = desks_take(desks, &arena, asker, at, &taken, err);
        if (!good) break;
        if (i < taken.figures->count + taken.figures->list_count)
            good = prepare(&taken, &taken.figures->items[i], err);
        desks_give(desks, &taken);
    }
    arena_free(&arena);
    return good;
}

struct wish {
    struct desks *desks;
    day at;
};

/* The shortest code among those of a user's areas; 0: none. */
static size_t width_of(const struct user *user)
{
    size_t shortest = 0;
    for (size_t i = 0; i < user->area_count; i++) {
        size_t digits = area_prefix(user->areas[i]).len;
        if (shortest == 0 || digits < shortest) shortest = digits;
    }
    return shortest;
}

/* Who sees most of those who may log in; false when nobody sees any area. */
static bool find_widest(struct desks *desks, struct arena *arena, struct asker *out, bool *found,
                        struct err *err)
{
    struct workspace own;
    struct user *users;
    size_t count, widest = 0;
    lock(&desks->lock);
    bool good = workspace_share(&own, desks->workspace, STORE_READ, err);
    unlock(&desks->lock);
    good = good && user_list(own.store, arena, &users, &count, err);
    *found = false;
    for (size_t i = 0; good && i < count; i++) {
        struct asker asker = user_asker(&users[i]);
        size_t width = width_of(&users[i]);
        if (width == 0 || users[i].disabled_ms > 0 || !asker_may(&asker, CAPABILITY_LOOK)
            || (*found && width >= widest)) {
            continue;
        }
        *out = asker;
        *found = true;
        widest = width;
    }
    workspace_close(&own);
    return good;
}

static bool run_task(void *context, struct task_run *run, struct err *err)
{
    const struct wish *wish = context;
    struct asker asker;
    bool found = false;
    return find_widest(wish->desks, run->arena, &asker, &found, err)
           && (!found || desks_prepare(wish->desks, &asker, wish->at, run->tasks, err));
}

void desks_wish(struct desks *desks, struct tasks *tasks, day at)
{
    struct task_order order = {
        .kind = "figures", .owner = STR("local"), .once = true, .run = run_task};
    struct wish *wish = arena_new(&order.arena, struct wish);
    struct err ignored = ERR_INIT;
    int64_t number;
    *wish = (struct wish){desks, at};
    order.context = wish;
    (void)!task_start(tasks, &order, &number, &ignored);
}
