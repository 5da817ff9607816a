#include "link/people_build.h"
#include "link/people_levels.h"

#include "base/testing.h"

#define PARENT "620422198803124018"
#define CHILD "620422201203050013"

static void tells_slips_of_a_day_from_other_days(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool slip;
    } cases[] = {
        {"2012-03-05", "2012-03-05", true},  {"2012-03-05", "2012-05-03", true},
        {"2012-03-05", "2012-01-01", true},  {"2012-03-05", "2012-02-08", true},
        {"2012-03-05", "2011-03-05", true},  {"2012-03-05", "2012-10-05", true},
        {"2012-03-05", "2013-01-20", false}, {"2012-03-05", "2009-11-17", false},
        {"2012-03-05", "2012-10-17", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        day a, b;
        assert_true(day_parse(str_from(cases[i].a), &a));
        assert_true(day_parse(str_from(cases[i].b), &b));
        assert_int_equal(people_birth_slip(a, b), cases[i].slip);
        assert_int_equal(people_birth_slip(b, a), cases[i].slip);
    }
}

static void finds_the_days_a_wrong_number_may_mean(void **state)
{
    (void)state;
    static const struct {
        const char *id;
        const char *day; /* one that must be among them; "" for none at all */
    } cases[] = {
        {"620422201203050019", "2012-03-05"}, /* the check character is wrong */
        {"620422201303050013", "2012-03-05"}, /* a digit of the year */
        {"620422201230050013", "2012-03-05"}, /* two neighbours exchanged */
        {"62042221203050013", "2012-03-05"},  /* a digit lost */
        {"620422201203050000", ""},           /* cut by a spreadsheet: the rest is right */
        {"6.2E+17", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        day out[PEOPLE_REPAIRS_MAX], want = DAY_NONE;
        size_t count = people_births_repaired(str_from(cases[i].id), out);
        if (cases[i].day[0] == '\0') {
            assert_int_equal(count, 0);
            continue;
        }
        assert_true(day_parse(str_from(cases[i].day), &want));
        bool found = false;
        for (size_t d = 0; d < count; d++) found |= out[d].days == want.days;
        assert_true(found);
    }
}

struct world {
    struct arena arena;
    struct profiles profiles;
    struct people people;
    struct people_builder *builder;
};

static struct world *world_open(void)
{
    static struct world world;
    struct err err = ERR_INIT;
    struct read_at when = {.known_ms = 0};
    world = (struct world){0};
    assert_true(day_parse(STR("2020-09-15"), &when.at));
    assert_true(profiles_load(&world.profiles, &world.arena, NULL, &err));
    world.builder = people_begin(&world.people, &world.arena, &world.profiles, when, 0);
    return &world;
}

static const struct person_record *add(struct world *world, const char *register_key,
                                       const char *name, const char *id, const char *birth)
{
    struct str values[PERSON_FIELD_COUNT] = {0};
    size_t before = world->people.record_count;
    values[PERSON_NAME] = str_from(name);
    values[PERSON_ID_NUMBER] = str_from(id);
    values[PERSON_BIRTH_DATE] = str_from(birth);
    values[PERSON_GUARDIAN_ID] = STR(PARENT);
    int number = people_register(&world->people, register_key);
    assert_true(number >= 0);
    people_add(world->builder, (uint32_t)number, (int64_t)before + 1, 0, values);
    return world->people.record_count == before ? NULL : &world->people.records[before];
}

/* The parents of a child are set aside as adults; what they are to the child stays. */
static void parents_of_the_household_become_guardians(void **state)
{
    (void)state;
    static const struct {
        const char *relation, *name, *id, *birth, *guardian;
    } rows[] = {
        {"户主", "王大山", PARENT, "1988-03-12", ""},
        {"之长子", "王小明", CHILD, "2012-03-05", ""},
        {"之次子", "王小亮", "", "2014-03-05", "李二"},
        {"妻", "李桂花", "", "1989-03-12", ""},
    };
    struct world *world = world_open();
    int number = people_register(&world->people, "population");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str values[PERSON_FIELD_COUNT] = {
            [PERSON_HOUSEHOLD_NUMBER] = STR("7"), [PERSON_AREA] = STR("620422101")};
        values[PERSON_RELATION] = str_from(rows[i].relation);
        values[PERSON_NAME] = str_from(rows[i].name);
        values[PERSON_ID_NUMBER] = str_from(rows[i].id);
        values[PERSON_BIRTH_DATE] = str_from(rows[i].birth);
        values[PERSON_GUARDIAN_NAME] = str_from(rows[i].guardian);
        people_add(world->builder, (uint32_t)number, (int64_t)i + 1, 0, values);
    }
    people_settle_kin(world->builder);
    const struct people *people = &world->people;
    assert_int_equal(people->record_count, 2);
    assert_true(people->records[0].kin_derived);
    assert_str_is(people_text(people, 0, PERSON_GUARDIAN_NAME), "王大山");
    assert_str_is(people_text(people, 0, PERSON_GUARDIAN_ID), PARENT);
    assert_str_is(people_text(people, 0, PERSON_GUARDIAN2_NAME), "李桂花");
    assert_str_is(people_text(people, 0, PERSON_HEAD_NAME), "王大山");
    assert_str_is(people_text(people, 1, PERSON_GUARDIAN_NAME), "李二");
    assert_str_is(people_text(people, 1, PERSON_GUARDIAN2_NAME), "");
    arena_free(&world->arena);
}

/* One row states a day that the number in both denies: it is no more the other's. A brother's name
 * is another, and then the day tells him apart. */
static void a_number_of_another_says_no_day(void **state)
{
    (void)state;
    static const struct {
        const char *other, *birth;
        int level;
    } cases[] = {{"王小明", "", WEIGH_BIRTH_MISSING},
                 {"王小亮", "", WEIGH_BIRTH_FAR},
                 {"王小明", "2012-03-05", WEIGH_BIRTH_FAR}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = world_open();
        struct features features;
        assert_non_null(add(world, "attending", cases[i].other, CHILD, cases[i].birth));
        assert_non_null(add(world, "roll", "王小明", CHILD, "2006-09-20"));
        features_open(&features, &world->arena, &world->people, 1);
        struct weigh_levels levels = people_levels(&features, 0, 1);
        assert_int_equal(levels.id, WEIGH_ID_EQUAL_DOUBTFUL);
        assert_int_equal(levels.birth, cases[i].level);
        arena_free(&world->arena);
    }
}

/* A sister's number in a pupil's row: no child sits three classes above its age. */
static void a_number_too_young_for_the_class_is_anothers(void **state)
{
    (void)state;
    static const struct {
        const char *grade;
        int kind;
    } cases[] = {{"primary:2", PERSON_ID_OWN},      {"primary:5", PERSON_ID_OWN},
                 {"primary:6", PERSON_ID_DOUBTFUL}, {"junior:3", PERSON_ID_DOUBTFUL},
                 {"preschool:3", PERSON_ID_OWN},    {"", PERSON_ID_OWN}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = world_open();
        struct str values[PERSON_FIELD_COUNT] = {
            [PERSON_NAME] = STR("王小明"), [PERSON_ID_NUMBER] = STR(CHILD)};
        values[PERSON_GRADE] = str_from(cases[i].grade);
        int number = people_register(&world->people, "attending");
        people_add(world->builder, (uint32_t)number, 1, 0, values);
        assert_int_equal(world->people.records[0].id_kind, cases[i].kind);
        assert_int_equal(day_is_none(world->people.records[0].birth),
                         cases[i].kind == PERSON_ID_DOUBTFUL);
        arena_free(&world->arena);
    }
}

static void judges_whose_number_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *register_key, *id, *birth;
        int kind;          /* -1: set aside as an adult */
        const char *known; /* day of birth */
    } cases[] = {
        {"roll", CHILD, "2012-03-05", PERSON_ID_OWN, "2012-03-05"},
        {"roll", CHILD, "", PERSON_ID_OWN, "2012-03-05"},
        {"roll", CHILD, "2012-02-10", PERSON_ID_OWN, "2012-02-10"},
        {"roll", CHILD, "2014-09-20", PERSON_ID_DOUBTFUL, "2014-09-20"},
        {"roll", PARENT, "2012-03-05", PERSON_ID_DOUBTFUL, "2012-03-05"},
        {"roll", PARENT, "", PERSON_ID_DOUBTFUL, ""},
        {"roll", "620422201203050019", "", PERSON_ID_WRONG, "2012-03-05"},
        {"roll", "", "2012-03-05", PERSON_ID_NONE, "2012-03-05"},
        {"roll", "6.2E+17", "2012", PERSON_ID_NONE, ""},
        {"roll", "620422120305001", "", PERSON_ID_NONE, ""},
        {"roll", "620422120305001", "2012-03-05", PERSON_ID_NONE, "2012-03-05"},
        {"population", "620422200305001", "2020-03-05", PERSON_ID_NONE, "2020-03-05"},
        {"population", PARENT, "1988-03-12", -1, ""},
        {"population", PARENT, "2012-03-05", PERSON_ID_DOUBTFUL, "2012-03-05"},
        {"population", CHILD, "1912-03-05", PERSON_ID_OWN, "1912-03-05"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = world_open();
        const struct person_record *record =
            add(world, cases[i].register_key, "王小明", cases[i].id, cases[i].birth);
        if (cases[i].kind < 0) {
            assert_null(record);
            assert_int_equal(world->people.adults_aside, 1);
        } else {
            char text[DAY_TEXT_SIZE];
            assert_non_null(record);
            assert_int_equal(record->id_kind, cases[i].kind);
            assert_string_equal(day_format(record->birth, text), cases[i].known);
        }
        arena_free(&world->arena);
    }
}

static void a_student_number_stands_in(void **state)
{
    (void)state;
    struct world *world = world_open();
    struct str values[PERSON_FIELD_COUNT] = {0};
    uint32_t roll = (uint32_t)people_register(&world->people, "roll");
    values[PERSON_NAME] = STR("王小明");
    values[PERSON_STUDENT_NUMBER] = STR("G" CHILD);
    people_add(world->builder, roll, 1, 0, values);
    assert_str_is(people_text(&world->people, 0, PERSON_ID_NUMBER), CHILD);
    values[PERSON_STUDENT_NUMBER] = STR("J" CHILD);
    values[PERSON_ID_NUMBER] = STR(CHILD);
    people_add(world->builder, roll, 2, 0, values);
    assert_int_equal(world->people.records[1].id_kind, PERSON_ID_SCHOOL_MADE);
    arena_free(&world->arena);
}

/* Twins: born on one day of the same parents, neighbouring numbers, names one character apart. */
static void twins_stay_apart(void **state)
{
    (void)state;
    struct world *world = world_open();
    struct people_join join = {.threads = 1};
    struct err err = ERR_INIT;
    add(world, "population", "王子轩", CHILD, "2012-03-05");
    add(world, "population", "王子涵", "62042220120305003X", "2012-03-05");
    add(world, "roll", "王子轩", "", "2012-03-05");
    add(world, "roll", "王子涵", "62042220120305003X", "2012-03-05");
    assert_true(people_join(&world->people, &join, &err));
    assert_int_equal(world->people.person_count, 2);
    const struct person_record *records = world->people.records;
    assert_int_equal(records[0].person, records[2].person);
    assert_int_equal(records[1].person, records[3].person);
    arena_free(&world->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_slips_of_a_day_from_other_days),
        cmocka_unit_test(finds_the_days_a_wrong_number_may_mean),
        cmocka_unit_test(judges_whose_number_it_is),
        cmocka_unit_test(parents_of_the_household_become_guardians),
        cmocka_unit_test(a_number_of_another_says_no_day),
        cmocka_unit_test(a_number_too_young_for_the_class_is_anothers),
        cmocka_unit_test(a_student_number_stands_in),
        cmocka_unit_test(twins_stay_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
