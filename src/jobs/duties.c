#include "jobs/duties.h"

#include "jobs/shelf.h"

enum { DUTY_SCOPE_BYTES_MAX = 4096 };

/* Once it is reckoned it never changes: several look at it at a time. */
struct kept_duty {
    struct shelf_item item;
    bool reckoned;
    struct duty_rules rules;
    struct duty_found found;
};

struct duties {
    struct shelf *shelf;
};

void duties_open(struct duties **out, struct arena *arena)
{
    static const struct shelf_rules rules = {.size = sizeof(struct kept_duty),
                                             .items_max = DUTIES_KEPT_MAX,
                                             .bytes_max = DUTIES_BYTES_MAX};
    *out = arena_new(arena, struct duties);
    shelf_open(&(*out)->shelf, arena, &rules);
}

void duties_close(struct duties *duties)
{
    if (duties != NULL) shelf_close(duties->shelf);
}

/* All that decides about the rows: the registers, and who asks when. */
static struct str scope_of(struct arena *arena, const struct asker *asker, int64_t revision, day at,
                           int year)
{
    struct text text;
    text_init(&text, arena, DUTY_SCOPE_BYTES_MAX);
    text_add_f(&text, "%lld %d %d %d %.*s", (long long)revision, at.days, year, asker->all_areas,
               STR_ARG(asker->school));
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
    struct arena *arena = &kept->item.arena;
    return duty_rules_load(&kept->rules, arena, workspace->policies, &workspace->profiles, err)
           && registry_now(&workspace->registry, &when.known_ms, err)
           && duty_find(&kept->found, arena, &kept->rules, &workspace->registry, asker, when, year,
                        err);
}

/* The revision is read first: what changes meanwhile makes another one next time. */
bool duties_take(struct duties *duties, struct workspace *workspace, const struct asker *asker,
                 day at, int year, struct duty_taken *out, struct err *err)
{
    int64_t revision = 0;
    struct arena scratch = {0};
    if (!registry_revision(&workspace->registry, &revision, err)) return false;
    struct kept_duty *kept = (struct kept_duty *)shelf_take(
        duties->shelf, scope_of(&scratch, asker, revision, at, year));
    arena_free(&scratch);
    CHECK(pthread_mutex_lock(&kept->item.lock) == 0);
    if (!kept->reckoned) kept->reckoned = reckon(kept, workspace, asker, at, year, err);
    bool good = kept->reckoned;
    CHECK(pthread_mutex_unlock(&kept->item.lock) == 0);
    *out = (struct duty_taken){&kept->rules, &kept->found, kept};
    if (!good) duties_give(duties, out);
    return good;
}

void duties_give(struct duties *duties, struct duty_taken *taken)
{
    struct kept_duty *kept = taken->kept;
    CHECK(pthread_mutex_lock(&kept->item.lock) == 0);
    size_t bytes = kept->item.arena.bytes;
    CHECK(pthread_mutex_unlock(&kept->item.lock) == 0);
    shelf_give(duties->shelf, &kept->item, bytes);
    *taken = (struct duty_taken){0};
}
