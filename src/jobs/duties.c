#include "jobs/duties.h"

#include <pthread.h>

enum { DUTY_SCOPE_BYTES_MAX = 4096 };

/* One that was reckoned; it lies in its own arena and never changes. */
struct kept_duty {
    struct kept_duty *next;
    struct arena arena;
    struct str scope;
    int64_t revision; /* of the registers it was reckoned from */
    struct duty_rules rules;
    struct duty_found found;
    /* Guarded by the lock. */
    size_t users;
    uint64_t used; /* when it was used last */
};

struct duties {
    pthread_mutex_t lock;
    struct kept_duty *all;
    size_t count;
    uint64_t uses;
};

static void lock(struct duties *duties)
{
    CHECK(pthread_mutex_lock(&duties->lock) == 0);
}

static void unlock(struct duties *duties)
{
    CHECK(pthread_mutex_unlock(&duties->lock) == 0);
}

void duties_open(struct duties **out, struct arena *arena)
{
    struct duties *duties = arena_new(arena, struct duties);
    CHECK(pthread_mutex_init(&duties->lock, NULL) == 0);
    *out = duties;
}

static void forget(struct kept_duty *kept)
{
    struct arena arena = kept->arena;
    arena_free(&arena);
}

void duties_close(struct duties *duties)
{
    if (duties == NULL) return;
    while (duties->all != NULL) {
        struct kept_duty *kept = duties->all;
        CHECK(kept->users == 0);
        duties->all = kept->next;
        forget(kept);
    }
    CHECK(pthread_mutex_destroy(&duties->lock) == 0);
}

/* All that decides about the rows but what the registers say. */
static struct str scope_of(struct arena *arena, const struct asker *asker, day at, int year)
{
    struct text text;
    text_init(&text, arena, DUTY_SCOPE_BYTES_MAX);
    text_add_f(&text, "%d %d %d %.*s", at.days, year, asker->all_areas, STR_ARG(asker->school));
    for (size_t i = 0; i < asker->area_count; i++) {
        text_add_f(&text, " %.*s", STR_ARG(area_prefix(asker->areas[i])));
    }
    CHECK(!text.cut);
    return text_str(&text);
}

static bool reckon(struct kept_duty *kept, struct workspace *workspace, const struct asker *asker,
                   day at, int year, struct err *err)
{
    struct read_at when = {.at = at};
    return duty_rules_load(&kept->rules, &kept->arena, workspace->policies, &workspace->profiles,
                           err)
           && registry_now(&workspace->registry, &when.known_ms, err)
           && duty_find(&kept->found, &kept->arena, &kept->rules, &workspace->registry, asker, when,
                        year, err);
}

/* Under the lock. */
static struct kept_duty *find(const struct duties *duties, struct str scope, int64_t revision)
{
    struct kept_duty *kept = duties->all;
    while (kept != NULL && !(kept->revision == revision && str_equal(kept->scope, scope))) {
        kept = kept->next;
    }
    return kept;
}

/* Under the lock: the one that nobody uses and that was used longest ago, when there are too many;
 * NULL when there are not. */
static struct kept_duty *take_out_oldest(struct duties *duties)
{
    struct kept_duty **oldest = NULL;
    for (struct kept_duty **at = &duties->all; *at != NULL; at = &(*at)->next) {
        if ((*at)->users == 0 && (oldest == NULL || (*at)->used < (*oldest)->used)) oldest = at;
    }
    if (duties->count <= DUTIES_KEPT_MAX || oldest == NULL) return NULL;
    struct kept_duty *gone = *oldest;
    *oldest = gone->next;
    duties->count--;
    return gone;
}

static bool use(struct duties *duties, struct str scope, int64_t revision, struct duty_taken *out)
{
    lock(duties);
    struct kept_duty *kept = find(duties, scope, revision);
    if (kept != NULL) {
        kept->users++;
        kept->used = ++duties->uses;
        *out = (struct duty_taken){&kept->rules, &kept->found, kept};
    }
    unlock(duties);
    return kept != NULL;
}

/* The revision is read first: what changes meanwhile makes another one next time. */
bool duties_take(struct duties *duties, struct workspace *workspace, const struct asker *asker,
                 day at, int year, struct duty_taken *out, struct err *err)
{
    int64_t revision = 0;
    struct arena arena = {0};
    struct kept_duty *kept = arena_new(&arena, struct kept_duty);
    kept->arena = arena;
    kept->scope = scope_of(&kept->arena, asker, at, year);
    bool good = registry_revision(&workspace->registry, &revision, err);
    if (!good || use(duties, kept->scope, revision, out)) {
        forget(kept);
        return good;
    }
    kept->revision = revision;
    if (!reckon(kept, workspace, asker, at, year, err)) {
        forget(kept);
        return false;
    }
    lock(duties);
    kept->next = duties->all;
    kept->users = 1;
    kept->used = ++duties->uses;
    duties->all = kept;
    duties->count++;
    unlock(duties);
    *out = (struct duty_taken){&kept->rules, &kept->found, kept};
    return true;
}

void duties_give(struct duties *duties, struct duty_taken *taken)
{
    lock(duties);
    taken->kept->users--;
    struct kept_duty *gone = take_out_oldest(duties);
    unlock(duties);
    if (gone != NULL) forget(gone);
    *taken = (struct duty_taken){0};
}
