#include "sample/city_testing.h"

#include "base/dict.h"
#include "base/testing.h"

static int set_up(void **state)
{
    *state = city_world_open(0, 11);
    return 0;
}

static void test_sizes(void **state)
{
    const struct city_world *world = *state;
    const struct city *city = &world->city;
    uint32_t schools[STAGE_COUNT] = {0}, pupils[STAGE_COUNT] = {0}, ages[AGES] = {0};
    for (size_t i = 0; i < city->schools.count; i++) schools[city->schools.items[i].stage]++;
    for (size_t i = 0; i < city->children.count; i++) {
        const struct child *child = &city->children.items[i];
        if (child->on_roll) pupils[child->stage]++;
        ages[child->age]++;
    }
    for (size_t stage = 1; stage < STAGE_COUNT; stage++)
        assert_int_equal(schools[stage], world->settings.schools[stage]);
    assert_in_range(city->counted, 280000, 280003);
    assert_in_range(city->of_age, 120000, 145000);
    assert_in_range(pupils[STAGE_PRESCHOOL], 30000, 50000);
    assert_in_range(pupils[STAGE_PRIMARY], 70000, 110000);
    assert_in_range(pupils[STAGE_JUNIOR], 32000, 55000);
    for (size_t age = 3; age < AGES; age++) assert_in_range(ages[age], 10000, 18000);
}

/* The stated share of those of age, story by story. */
static void test_missing(void **state)
{
    const struct city_world *world = *state;
    const struct city *city = &world->city;
    uint32_t stories[STORY_COUNT] = {0}, all = 0;
    for (size_t i = 0; i < city->children.count; i++) {
        const struct child *child = &city->children.items[i];
        if (child->situation != IS_MISSING) continue;
        assert_true(child->outcome != OUTCOME_NONE);
        assert_true(child->story != STORY_NONE);
        assert_in_range(child->age, 6, 14);
        assert_false(child->on_roll);
        assert_false(child->listed_elsewhere);
        stories[child->story]++;
        all++;
    }
    assert_int_equal(all, city->first_missing);
    assert_in_range(all, 450, 600);
    for (size_t i = 1; i < STORY_COUNT; i++) {
        uint64_t stated = (uint64_t)world->settings.missing[i] * city->of_age / PPM;
        assert_in_range(stories[i], stated, stated + 4);
    }
}

/* Names differ among brothers and sisters, twins share the day, parents are older. */
static void test_families(void **state)
{
    const struct city_world *world = *state;
    const struct city *city = &world->city;
    uint32_t twins = 0, namesakes = 0;
    struct dict names;
    dict_init(&names, (struct arena *)&world->arena);
    for (size_t f = 0; f < city->families.count; f++) {
        const struct family *family = &city->families.items[f];
        for (uint32_t i = 0; i < family->child_count; i++) {
            const struct child *child = &city->children.items[family->first_child + i];
            uint32_t guardian = family_guardian(family);
            assert_true(guardian != NOBODY);
            assert_true(city->adults.items[guardian].birth.days + 18 * 365 < child->birth.days);
            for (uint32_t k = 0; k < i; k++) {
                const struct child *other = &city->children.items[family->first_child + k];
                assert_false(str_equal(child->name, other->name));
                assert_true(other->birth.days <= child->birth.days);
                twins += other->birth.days == child->birth.days;
            }
            uint32_t before = names.count;
            namesakes += dict_put(&names, child->name) < before;
        }
    }
    assert_in_range(twins, 2000, 4500);
    assert_true(namesakes > city->children.count / 10);
}

/* The rest is told at its rate, of pupils whose school reports. */
static void test_others(void **state)
{
    const struct city_world *world = *state;
    const struct city *city = &world->city;
    uint32_t absent = 0, twice = 0, unregistered = 0, silent = 0, late = 0;
    for (size_t i = 0; i < city->schools.count; i++) silent += !city->schools.items[i].reports;
    for (size_t i = 0; i < city->children.count; i++) {
        const struct child *child = &city->children.items[i];
        absent += child->reason_absent != STORY_NONE;
        twice += child->second_school != NOBODY;
        unregistered += child->situation == IS_AT_SCHOOL && !child->on_roll;
        late += child->listed_late;
        if (child->second_school != NOBODY) assert_true(child->second_school != child->school);
        if (child->reason_absent != STORY_NONE) assert_true(child->on_roll);
    }
    const uint32_t *shares = world->settings.shares;
    assert_in_range(absent, (uint64_t)shares[SHARE_NOT_ATTENDING] * city->of_age / PPM - 1, absent);
    assert_in_range(unregistered, 150, 300);
    assert_in_range(twice, 100, 300);
    assert_int_equal(silent, world->settings.schools_not_reported);
    assert_in_range(late, 20, 1500);
}

/* One in six moved in, after they were born and before the first day of the registers. */
static void test_moved_in(void **state)
{
    const struct city_world *world = *state;
    const struct city *city = &world->city;
    struct rng rng = rng_seed(5);
    size_t moved = 0;
    for (size_t i = 0; i < city->children.count; i++) {
        const struct child *child = &city->children.items[i];
        day since = child_moved_in(child, &rng);
        if (day_is_none(since)) continue;
        moved++;
        assert_true(since.days >= child->birth.days);
        assert_true(since.days < city->cutoff.days);
    }
    assert_in_range(moved, city->children.count / 8, city->children.count / 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),    cmocka_unit_test(test_missing),
        cmocka_unit_test(test_families), cmocka_unit_test(test_others),
        cmocka_unit_test(test_moved_in),
    };
    return cmocka_run_group_tests(tests, set_up, city_world_close);
}
