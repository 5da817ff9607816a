#include "sample/spoil.h"

#include "base/testing.h"
#include "identity/id_number.h"

enum { TRIES = 20000 };

struct world {
    struct arena arena, scratch;
    struct settings settings;
    struct city city;
    struct child child; /* a boy with a brother, disabled, number ends in X */
};

static int set_up(void **state)
{
    struct world *world = test_calloc(1, sizeof *world);
    struct err err = ERR_INIT;
    assert_true(sample_settings_load(&world->settings, &world->arena, NULL, &err));
    city_people(&world->city, &world->arena, &world->settings, 500, 1);
    struct family *family = &world->city.families.items[0];
    while (family->child_count < 2) family++;
    world->child = world->city.children.items[family->first_child];
    world->child.name = STR("王晓丽");
    world->child.surname = STR("王");
    assert_true(day_from_ymd(2012, 3, 5, &world->child.birth));
    uint32_t sequence = 0;
    do {
        sample_id_number(world->child.id, STR("620422"), world->child.birth, true, sequence++);
    } while (world->child.id[17] != 'X');
    world->child.disability_kind = 3;
    world->child.disability_grade = 2;
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    arena_free(&world->scratch);
    arena_free(&world->arena);
    test_free(world);
    return 0;
}

static struct spoiler spoiler_of(struct world *world, enum spoil what, uint32_t ppm)
{
    struct spoiler spoiler = {.arena = &world->scratch, .city = &world->city, .rng = rng_seed(5)};
    spoiler.rates[what] = ppm;
    return spoiler;
}

/* What one error makes of the name. */
static void test_names(void **state)
{
    struct world *world = *state;
    static const struct {
        enum spoil what;
        const char *some; /* one of what may come out */
    } cases[] = {
        {SPOIL_HOMOPHONE, "王小丽"}, {SPOIL_LOOK_ALIKE, "王晓俪"},  {SPOIL_TRADITIONAL, "王曉麗"},
        {SPOIL_NAME_CUT, "王晓"},    {SPOIL_NAME_BLANK, "王 晓丽"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct spoiler spoiler = spoiler_of(world, cases[i].what, PPM);
        bool seen = false;
        for (int k = 0; k < 200; k++) {
            struct str name = spoil_name(&spoiler, world->child.name);
            assert_false(str_equal(name, world->child.name));
            seen = seen || str_is(name, cases[i].some);
        }
        assert_true(seen);
    }
    struct spoiler none = spoiler_of(world, SPOIL_HOMOPHONE, 0);
    assert_str_is(spoil_name(&none, world->child.name), "王晓丽");
    struct spoiler rare = spoiler_of(world, SPOIL_RARE_LOST, PPM);
    struct str lost = spoil_name(&rare, STR("李\xF0\xAC\xAD\x8E文"));
    assert_true(str_is(lost, "李?文") || str_is(lost, "李文"));
}

/* What one error makes of the number: its length, whether it is still a valid one, the places that
 * differ (-1: not asked). */
static void test_numbers(void **state)
{
    struct world *world = *state;
    static const struct {
        enum spoil what;
        enum id_state state;
        int distance;
    } cases[] = {
        {SPOIL_ID_MISSING, ID_ABSENT, -1},       {SPOIL_ID_DIGIT, ID_WRONG_CHECK, 1},
        {SPOIL_ID_SWAP, ID_WRONG_CHECK, 2},      {SPOIL_ID_SHORT, ID_DAMAGED, -1},
        {SPOIL_ID_PARENT, ID_VALID, -1},         {SPOIL_ID_SIBLING, ID_VALID, -1},
        {SPOIL_ID_FLOAT, ID_DAMAGED, -1},        {SPOIL_ID_CERTIFICATE, ID_VALID, 0},
        {SPOIL_ID_STUDENT_NUMBER, ID_VALID, -1}, {SPOIL_LOWER_X, ID_VALID, 0},
        {SPOIL_FULL_WIDTH, ID_VALID, 0},         {SPOIL_TRAILING_BLANK, ID_VALID, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct spoiler spoiler = spoiler_of(world, cases[i].what, PPM);
        for (int k = 0; k < 100; k++) {
            enum spoil how;
            struct id_number read;
            bool swapped;
            struct str id = spoil_id(&spoiler, &world->child, &how);
            assert_false(str_is(id, world->child.id));
            id_number_read(id, &read);
            assert_int_equal(read.state, cases[i].state);
            if (cases[i].distance >= 0)
                assert_int_equal(
                    id_number_distance(str_from(read.text), str_from(world->child.id), &swapped),
                    cases[i].distance);
        }
    }
}

/* An error happens as often as is stated. */
static void test_rates(void **state)
{
    struct world *world = *state;
    static const uint32_t rates[] = {0, 3000, 50000, 400000};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        struct spoiler spoiler = spoiler_of(world, SPOIL_ID_DIGIT, rates[i]);
        uint32_t changed = 0;
        for (int k = 0; k < TRIES; k++) {
            enum spoil how;
            (void)spoil_id(&spoiler, &world->child, &how);
            changed += how == SPOIL_ID_DIGIT;
        }
        uint32_t wanted = (uint32_t)((uint64_t)TRIES * rates[i] / PPM);
        assert_in_range(changed, wanted * 3 / 4, wanted * 5 / 4);
    }
    uint32_t scaled[SPOIL_COUNT];
    uint32_t stated = world->settings.errors[SOURCE_ROLL][SPOIL_ID_MISSING];
    spoil_rates(scaled, &world->settings, SOURCE_ROLL, 3000);
    assert_int_equal(scaled[SPOIL_ID_MISSING], 3 * stated);
    spoil_rates(scaled, &world->settings, SOURCE_ROLL, 1000000);
    assert_int_equal(scaled[SPOIL_ID_MISSING], 900000);
}

static void test_births(void **state)
{
    struct world *world = *state;
    static const struct {
        enum spoil what;
        const char *result; /* NULL: any other day */
    } cases[] = {{SPOIL_BIRTH_SWAP, "2012-05-03"},
                 {SPOIL_BIRTH_DEFAULT, "2012-01-01"},
                 {SPOIL_BIRTH_MISSING, ""},
                 {SPOIL_BIRTH_DAY, NULL},
                 {SPOIL_BIRTH_LUNAR, NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct spoiler spoiler = spoiler_of(world, cases[i].what, PPM);
        bool odd;
        day found;
        struct str birth = spoil_birth(&spoiler, world->child.birth, &odd);
        if (cases[i].result != NULL) {
            assert_str_is(birth, cases[i].result);
            continue;
        }
        assert_true(day_parse(birth, &found));
        assert_true(found.days != world->child.birth.days);
        assert_in_range(found.days, world->child.birth.days - 48, world->child.birth.days + 9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_births),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
