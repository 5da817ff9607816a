#include "findings/watch_store.h"

#include "base/rng.h"
#include "findings/finding_store.h"
#include "registry/registry_testing.h"

#include <stdio.h>

/* What has become bad, against a reading of the whole story so far. */

enum { UNITS = 6, LOOKS = 60, SEEDS = 10 };

struct unit_look {
    bool named, bad;
};

struct story {
    struct unit_look looks[LOOKS][UNITS];
    int32_t days[LOOKS];
    size_t count; /* looks that were kept */
    char watch[16];
};

static struct world *open_world(void **state)
{
    struct err err = ERR_INIT;
    struct world *world = world_open(state);
    assert_true(finding_migrate(world->registry.store, &err));
    return world;
}

/* The last kept look that says something of the unit; -1: none. */
static int last_word(const struct story *story, bool only_bad, size_t unit)
{
    for (size_t i = story->count; i-- > 0;) {
        if (only_bad || story->looks[i][unit].named) return (int)i;
    }
    return -1;
}

static bool was_bad(const struct story *story, bool only_bad, int look, size_t unit)
{
    const struct unit_look *at = &story->looks[look][unit];
    return only_bad ? at->named && at->bad : at->bad;
}

/* Since when the unit stands badly, by the story: back to where it last did not. */
static day naive_since(const struct story *story, bool only_bad, size_t unit, day stated, day at)
{
    int word = last_word(story, only_bad, unit);
    if (story->count == 0) return DAY_NONE;
    bool ever = false;
    for (size_t i = 0; i < story->count; i++) ever = ever || story->looks[i][unit].named;
    bool now_stands = word >= 0 && was_bad(story, only_bad, word, unit);
    if (!now_stands) {
        if (!only_bad) return ever ? at : DAY_NONE;
        bool before = !day_is_none(stated) && stated.days < story->days[0];
        return before ? DAY_NONE : at;
    }
    /* The look that first saw this stretch of standing badly. */
    int first = word;
    for (int i = word; i >= 0; i--) {
        if (!only_bad && !story->looks[i][unit].named) continue;
        if (!was_bad(story, only_bad, i, unit)) break;
        first = i;
    }
    bool began = first == 0;
    if (!only_bad) {
        bool before = false;
        for (int i = 0; i < first; i++) before = before || story->looks[i][unit].named;
        began = !before;
    }
    if (began) return DAY_NONE;
    if (only_bad && !day_is_none(stated) && stated.days < story->days[0]) return DAY_NONE;
    return story->days[first] <= at.days ? (day){story->days[first]} : DAY_NONE;
}

static void look_once(struct world *world, struct story *story, struct rng *rng, bool only_bad,
                      const day *stated)
{
    struct err err = ERR_INIT;
    struct watch_unit units[UNITS];
    char names[UNITS][16];
    size_t count = 0, which[UNITS];
    int32_t newest = story->count == 0 ? 18000 : story->days[story->count - 1];
    bool back = story->count > 0 && rng_below(rng, 5) == 0;
    bool keep = rng_below(rng, 8) != 0;
    day at = {back ? newest - 1 - (int32_t)rng_below(rng, 20)
                   : newest + (int32_t)rng_below(rng, 10)};
    struct unit_look *kept = story->looks[story->count];
    memset(kept, 0, sizeof story->looks[0]);
    for (size_t u = 0; u < UNITS; u++) {
        bool bad = rng_below(rng, 3) == 0;
        if (only_bad ? !bad : rng_below(rng, 4) == 0) continue;
        (void)snprintf(names[u], sizeof names[u], "unit/%zu", u);
        units[count] = (struct watch_unit){
            .unit = str_from(names[u]), .bad = bad, .stated = only_bad ? stated[u] : DAY_NONE};
        which[count++] = u;
        kept[u] = (struct unit_look){true, bad};
    }
    assert_true(store_begin(world->registry.store, &err));
    assert_true(watch_take(world->registry.store,
                           &(struct watch_look){str_from(story->watch), only_bad, at, keep}, units,
                           count, &err));
    assert_true(store_commit(world->registry.store, &err));
    for (size_t i = 0; i < count; i++) {
        day wanted = units[i].bad ? naive_since(story, only_bad, which[i],
                                                only_bad ? stated[which[i]] : DAY_NONE, at)
                                  : DAY_NONE;
        assert_int_equal(units[i].since.days, wanted.days);
    }
    if (keep && !back) story->days[story->count++] = at.days;
}

static void a_story_of_looks(void **state, bool only_bad)
{
    struct world *world = open_world(state);
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct rng rng = rng_seed(seed);
        struct story story = {.count = 0};
        (void)snprintf(story.watch, sizeof story.watch, "watch %u", (unsigned)seed);
        day stated[UNITS];
        for (size_t u = 0; u < UNITS; u++) {
            stated[u] = u % 2 == 0 ? DAY_NONE : (day){17990 + (int32_t)rng_below(&rng, 30)};
        }
        for (int i = 0; i < LOOKS - 1; i++) look_once(world, &story, &rng, only_bad, stated);
        assert_true(story.count > 10);
    }
    world_close(world);
}

static void those_that_stand_badly(void **state)
{
    a_story_of_looks(state, true);
}

static void those_that_are_judged(void **state)
{
    a_story_of_looks(state, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_that_stand_badly),
        cmocka_unit_test(those_that_are_judged),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
