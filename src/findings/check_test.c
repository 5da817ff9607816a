#include "findings/check.h"

#include "base/testing.h"
#include "link/people_build.h"

/* A county of 24 children who are all in school, and one child more about whom each case says
 * something. Rows are "register field=value field=value …". */

enum { NEIGHBOURS = 24 };

struct world {
    struct arena arena;
    struct profiles profiles;
    struct rules rules;
    struct people people;
    struct people_builder *builder;
    int64_t statement;
    struct finding *findings;
    size_t count;
    struct check_summary summary;
    struct check_kept kept;
};

static void add_row(struct world *world, const char *row)
{
    struct str rest = str_from(row), part, values[PERSON_FIELD_COUNT] = {0};
    assert_true(str_split(&rest, ' ', &part));
    int number = people_register(&world->people, str_cstr(&world->arena, part));
    assert_true(number >= 0);
    while (str_split(&rest, ' ', &part)) {
        if (part.len == 0) continue;
        size_t equals = str_find(part, STR("="));
        assert_true(equals != SIZE_MAX);
        int field = person_field_of(str_slice(part, 0, equals));
        assert_true(field >= 0);
        values[field] = str_slice(part, equals + 1, part.len);
    }
    people_add(world->builder, (uint32_t)number, ++world->statement, 0, values);
}

/* Children 0 … count - 1 of the county, in each of the registers. */
static void add_neighbours(struct world *world, const char *register_key, const char *fields)
{
    static const char *const given[] = {"伟", "芳", "敏", "静", "强", "磊", "洋", "艳",
                                        "勇", "杰", "娟", "涛", "明", "超", "霞", "平",
                                        "刚", "丽", "辉", "玲", "鹏", "红", "斌", "燕"};
    for (int i = 0; i < NEIGHBOURS; i++) {
        struct text row;
        text_init(&row, &world->arena, 1024);
        text_add_f(&row,
                   "%s name=赵小%s birth_date=20%02d-%02d-%02d area=62042210%d "
                   "guardian_name=赵大%s%s",
                   register_key, given[i], 7 + i % 6, 1 + i % 12, 3 + i, i % 3, given[(i + 7) % 24],
                   fields);
        add_row(world, row.ptr);
    }
}

static struct world *world_open(void)
{
    static struct world world;
    struct err err = ERR_INIT;
    struct read_at when = {.known_ms = 0};
    world = (struct world){0};
    assert_true(day_parse(STR("2020-09-15"), &when.at));
    assert_true(profiles_load(&world.profiles, &world.arena, NULL, &err));
    assert_true(rules_load(&world.rules, &world.arena, &world.profiles, NULL, &err));
    world.builder = people_begin(&world.people, &world.arena, &world.profiles, when, 0);
    return &world;
}

static void run(struct world *world, const char *area)
{
    struct err err = ERR_INIT;
    struct people_join join = {.threads = 1};
    struct check_options options = {
        .rules = &world->rules, .area = str_from(area), .kept = &world->kept};
    assert_true(people_join(&world->people, &join, &err));
    assert_true(check_people(&world->arena, &world->people, &options, &world->findings,
                             &world->count, &world->summary, &err));
}

/* Rows must come in order of registers: a case gives its own by register, these are put between. */
static void check_area(const char *const *rows, struct world *world, const char *area)
{
    static const char *const school = " school_name=郭城小学 grade=primary:3 stage=primary";
    for (size_t r = 0; r < world->people.register_count; r++) {
        struct str key = world->people.registers[r]->key;
        const char *name = str_cstr(&world->arena, key);
        if (str_is(key, "population")) add_neighbours(world, name, " status=normal");
        if (str_is(key, "roll")) {
            struct text fields;
            text_init(&fields, &world->arena, 256);
            text_add_f(&fields, "%s status=enrolled", school);
            add_neighbours(world, name, fields.ptr);
        }
        if (str_is(key, "attending")) add_neighbours(world, name, school);
        for (size_t i = 0; rows[i] != NULL; i++) {
            struct str row = str_from(rows[i]), first;
            (void)str_split(&row, ' ', &first);
            if (str_equal(first, key)) add_row(world, rows[i]);
        }
    }
    run(world, area);
}

static void check_with(const char *const *rows, struct world *world)
{
    check_area(rows, world, "");
}

#define CHILD "name=钱多多 birth_date=2012-03-05 area=620422100 guardian_name=钱大 "
#define ID "id_number=620422201203050013 "
#define AGAIN                                                                                      \
    "name=钱多多 birth_date=2012-03-05 area=620423101 guardian_name=孙二 "                    \
    "id_number=620423201203059081 "
#define SCHOOL "school_name=郭城小学 grade=primary:3 stage=primary "

static const struct {
    const char *rows[5]; /* ends with NULL */
    const char *kind;    /* of the only finding; "" for none */
    const char *reason;  /* that must be among its reasons */
    enum queue queue;
} sayings[] = {
    {{"population " CHILD ID}, "not_enrolled", "no_record", QUEUE_VISIT},
    {{"residents " CHILD ID}, "not_enrolled", "no_record", QUEUE_VISIT},
    {{"door_survey " CHILD "reason=务工"}, "not_enrolled", "seen_unschooled", QUEUE_VISIT},
    {{"population " CHILD ID, "roll " CHILD ID SCHOOL "status=enrolled",
      "attending " CHILD ID SCHOOL},
     "",
     "",
     0},
    /* The same child, two numbers: one wrong digit. */
    {{"population " CHILD ID, "roll " CHILD "id_number=620422201203050073 " SCHOOL,
      "attending " CHILD ID SCHOOL},
     "",
     "",
     0},
    /* A school writes the old form of a number that was never given out in it, and no birth. */
    {{"population " CHILD ID,
      "roll name=钱多 id_number=620422120305001 area=620422100 " SCHOOL "status=enrolled",
      "attending name=钱多 id_number=620422120305001 area=620422100 " SCHOOL},
     "",
     "",
     0},
    /* Registered in two counties, under two valid numbers. */
    {{"population " CHILD ID, "population " AGAIN, "roll " AGAIN SCHOOL "status=enrolled",
      "attending " AGAIN SCHOOL},
     "",
     "",
     0},
    {{"population " CHILD ID "status=moved_out"}, "", "", 0},
    {{"population " CHILD ID "status=cancelled_death"}, "", "", 0},
    {{"population " CHILD ID, "deaths " CHILD ID}, "", "", 0},
    {{"population " CHILD ID, "elsewhere " CHILD ID}, "", "", 0},
    {{"population " CHILD ID, "homebound " CHILD ID}, "", "", 0},
    {{"population " CHILD ID, "deferred " CHILD ID "from=2020-08-20 to=2021-08-31"}, "", "", 0},
    {{"population " CHILD ID, "deferred " CHILD ID "from=2018-08-20 to=2019-08-31"},
     "not_enrolled",
     "no_record",
     QUEUE_VISIT},
    {{"population " CHILD ID, "roll " CHILD ID SCHOOL "status=suspended"}, "", "", 0},
    {{"population " CHILD ID, "roll " CHILD ID SCHOOL "status=transferred_out"},
     "not_enrolled",
     "transferred_out",
     QUEUE_ASK_ELSEWHERE},
    {{"population " CHILD ID, "roll " CHILD ID SCHOOL "status=enrolled"},
     "not_attending",
     "not_listed",
     QUEUE_VISIT},
    {{"population " CHILD ID, "roll " CHILD ID SCHOOL "status=enrolled",
      "attending " CHILD ID SCHOOL "status=absent"},
     "not_attending",
     "absent",
     QUEUE_VISIT},
    {{"population " CHILD ID, "roll " CHILD ID SCHOOL "status=dropped_out"},
     "not_attending",
     "dropped_out",
     QUEUE_VISIT},
    {{"population " CHILD ID, "attending " CHILD ID SCHOOL},
     "attending_unregistered",
     "no_roll",
     QUEUE_FIX_DATA},
    {{"roll " CHILD ID SCHOOL "status=enrolled", "attending " CHILD ID SCHOOL},
     "roll_unknown",
     "no_household",
     QUEUE_ASK_ELSEWHERE},
    {{"population " CHILD ID, "roll " CHILD ID SCHOOL "status=enrolled",
      "roll " CHILD ID "school_name=头寨小学 grade=primary:3 stage=primary status=enrolled",
      "attending " CHILD ID SCHOOL},
     "enrolled_twice",
     "two_rolls",
     QUEUE_FIX_DATA},
    {{"population name=钱多多 birth_date=2014-08-31 area=620422100"},
     "not_enrolled",
     "no_record",
     QUEUE_VISIT},
    {{"population name=钱多多 birth_date=2014-09-01 area=620422100"}, "", "", 0},
    {{"population name=钱多多 birth_date=2005-09-01 area=620422100"},
     "not_enrolled",
     "no_record",
     QUEUE_VISIT},
    {{"population name=钱多多 birth_date=2005-08-31 area=620422100"}, "", "", 0},
    {{"population name=钱多多 area=620422100 " ID}, "not_enrolled", "no_record", QUEUE_VISIT},
};

static void says_what_each_case_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++) {
        struct world *world = world_open();
        check_with(sayings[i].rows, world);
        size_t wanted = sayings[i].kind[0] != '\0';
        if (world->count != wanted) print_message("case %zu: %zu findings\n", i, world->count);
        assert_int_equal(world->count, wanted);
        if (wanted == 1) {
            const struct finding *finding = &world->findings[0];
            assert_string_equal(finding_kind_key(finding->kind), sayings[i].kind);
            assert_true(str_find(finding->reason, str_from(sayings[i].reason)) != SIZE_MAX);
            assert_int_equal(finding->queue, sayings[i].queue);
            assert_true(finding->probability_ppm >= 500000);
            assert_true(finding->probability_ppm <= 1000000);
        }
        arena_free(&world->arena);
    }
}

/* The roll of a county has not come: nobody is suspected, and a line says what is lacking. */
static void suspects_nobody_where_no_roll_has_come(void **state)
{
    (void)state;
    struct world *world = world_open();
    add_neighbours(world, "population", " status=normal");
    run(world, "");
    assert_true(world->count >= 1);
    for (size_t i = 0; i < world->count; i++) {
        assert_int_equal(world->findings[i].kind, FINDING_NOT_REPORTED);
        assert_int_equal(world->findings[i].queue, QUEUE_REPORT_MISSING);
    }
    arena_free(&world->arena);
}

static void a_school_that_sent_no_list_is_named_once(void **state)
{
    (void)state;
    struct world *world = world_open();
    add_row(world, "attending name=孙一 birth_date=2012-01-01 school_name=头寨小学 stage=primary");
    add_neighbours(world, "population", "");
    add_row(world, "population name=孙一 birth_date=2012-01-01 area=620422100");
    add_neighbours(world, "roll", " school_name=郭城小学 stage=primary status=enrolled");
    add_row(world, "roll name=孙一 birth_date=2012-01-01 school_name=头寨小学 stage=primary");
    run(world, "");
    assert_int_equal(world->count, 1);
    assert_int_equal(world->findings[0].kind, FINDING_NOT_REPORTED);
    assert_str_is(world->findings[0].school, "郭城小学");
    arena_free(&world->arena);
}

static void keeps_to_the_area_asked_about(void **state)
{
    (void)state;
    static const struct {
        const char *area;
        size_t count;
    } cases[] = {{"620422", 1}, {"620422100", 1}, {"620422101", 0}, {"620423", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = world_open();
        add_neighbours(world, "population", "");
        add_row(world, "population " CHILD);
        add_neighbours(world, "roll", " status=enrolled");
        run(world, cases[i].area);
        assert_int_equal(world->count, cases[i].count);
        arena_free(&world->arena);
    }
}

/* The counts of the areas come to those of the county, and are the same whether an area is asked
 * about from the start or counted afterwards. */
static void counts_an_area_by_itself(void **state)
{
    (void)state;
    static const char *const areas[] = {"620422100", "620422101", "620422102"};
    struct world *world = world_open();
    const char *rows[] = {"population " CHILD, NULL};
    check_with(rows, world);
    const struct check_summary all = world->summary;
    uint64_t expected = 0, on_roll = 0, missing = 0, by_id = 0, listed = 0;
    for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        struct check_summary after, *now = &world->summary;
        check_summarise(&world->people, &world->kept, world->findings, world->count,
                        str_from(areas[i]), &after);
        expected += after.expected;
        on_roll += after.on_roll;
        missing += after.not_enrolled;
        by_id += after.id_lookup_missing;
        listed += after.findings[FINDING_NOT_ENROLLED];
        arena_free(&world->arena);
        world = world_open();
        check_area(rows, world, areas[i]);
        assert_memory_equal(now, &after, sizeof after);
        arena_free(&world->arena);
        world = world_open();
        check_with(rows, world);
    }
    assert_true(all.expected > 20);
    assert_int_equal(expected, all.expected);
    assert_int_equal(on_roll, all.on_roll);
    assert_int_equal(missing, 1);
    assert_int_equal(by_id, all.id_lookup_missing);
    assert_int_equal(listed, 1);
    arena_free(&world->arena);
}

/* Where the whole county's roll is lacking, whoever asks about a township is told so. */
static void a_list_that_a_wider_area_lacks_concerns_each_part(void **state)
{
    (void)state;
    struct world *world = world_open();
    add_neighbours(world, "population", " status=normal");
    run(world, "620422101");
    assert_true(world->count >= 1);
    for (size_t i = 0; i < world->count; i++) {
        assert_int_equal(world->findings[i].kind, FINDING_NOT_REPORTED);
    }
    assert_int_equal(world->summary.findings[FINDING_NOT_REPORTED], world->count);
    arena_free(&world->arena);
}

static void counts_what_a_look_up_by_number_would_list(void **state)
{
    (void)state;
    struct world *world = world_open();
    const char *rows[] = {"population " CHILD ID, "roll " CHILD SCHOOL "status=enrolled",
                          "attending " CHILD SCHOOL, NULL};
    check_with(rows, world);
    assert_int_equal(world->count, 0);
    /* Nobody in this county has a number, so the look-up finds nobody. */
    assert_int_equal(world->summary.id_lookup_missing, world->summary.expected);
    assert_int_equal(world->summary.on_roll, world->summary.expected);
    arena_free(&world->arena);
}

/* All that a register of residents says of twins agrees, but for one character and the number. */
static void twins_in_no_school_are_two(void **state)
{
    (void)state;
    static const char *const homes[] = {
        "household_number=100023 head_name=钱大 sex=M status=normal",
        "guardian_id=620422198601010010 guardian2_name=周芳 sex=M status=normal",
    };
    for (size_t i = 0; i < sizeof homes / sizeof *homes; i++) {
        struct world *world = world_open();
        struct text one, other;
        text_init(&one, &world->arena, 1024);
        text_init(&other, &world->arena, 1024);
        text_add_f(&one, "population " CHILD ID "%s", homes[i]);
        text_add_f(&other,
                   "population name=钱多来 birth_date=2012-03-05 area=620422100 "
                   "guardian_name=钱大 id_number=620422201203050080 %s",
                   homes[i]);
        const char *rows[] = {one.ptr, other.ptr, NULL};
        check_with(rows, world);
        assert_int_equal(world->count, 2);
        for (size_t f = 0; f < world->count; f++) {
            assert_int_equal(world->findings[f].kind, FINDING_NOT_ENROLLED);
        }
        arena_free(&world->arena);
    }
}

/* Two registers list both; in the second the number of one is lacking, and his name holds that of
 * the other. */
static void twins_whom_two_registers_list_are_two(void **state)
{
    (void)state;
    static const char *const seen[] = {"", "reason=务工"};
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        struct world *world = world_open();
        struct text one, other;
        text_init(&one, &world->arena, 1024);
        text_init(&other, &world->arena, 1024);
        text_add_f(&one, "door_survey " CHILD "%s", seen[i]);
        text_add_f(&other,
                   "door_survey name=钱多 birth_date=2012-03-05 area=620422100 guardian_name=钱大 "
                   "id_number=620422201203050099 %s",
                   seen[i]);
        const char *rows[] = {one.ptr, other.ptr, "population " CHILD ID "status=normal",
                              "population name=钱多 birth_date=2012-03-05 area=620422100 "
                              "guardian_name=钱大 id_number=620422201203050099 status=normal",
                              NULL};
        check_with(rows, world);
        assert_int_equal(world->count, 2);
        arena_free(&world->arena);
    }
}

/* Hundreds of kindergarten rolls without an attendance list say nothing about the one roll of a
 * primary school that has no match in its list. */
static void kindergartens_do_not_hide_a_pupil(void **state)
{
    (void)state;
    static const char *const signs[] = {"赵", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "卫"};
    struct world *world = world_open();
    add_neighbours(world, "attending", " " SCHOOL);
    add_row(world, "attending name=钱多多 area=620422100 " SCHOOL);
    add_neighbours(world, "population", "");
    add_row(world, "population " CHILD ID);
    add_neighbours(world, "roll", " status=enrolled " SCHOOL);
    add_row(world, "roll " CHILD ID "status=enrolled school_name=会宁县郭城小学 grade=primary:3 "
                   "stage=primary");
    for (int i = 0; i < 1000; i++) {
        struct text row;
        text_init(&row, &world->arena, 1024);
        text_add_f(&row,
                   "roll name=%s%s%s birth_date=201%d-%02d-%02d area=62042210%d stage=preschool "
                   "grade=preschool:2 school_name=城关幼儿园 status=enrolled",
                   signs[i % 10], signs[i / 10 % 10], signs[i / 100], 5 + i % 2, 1 + i % 12,
                   1 + i % 28, i % 3);
        add_row(world, row.ptr);
    }
    run(world, "");
    for (size_t i = 0; i < world->count; i++) {
        assert_int_not_equal(world->findings[i].kind, FINDING_ATTENDING_UNREGISTERED);
        assert_int_not_equal(world->findings[i].kind, FINDING_NOT_ATTENDING);
    }
    arena_free(&world->arena);
}

/* Two rolls under two valid numbers: one child, unless the residents' register lists two. */
static void a_child_under_two_numbers_is_on_a_roll_twice(void **state)
{
    (void)state;
    static const struct {
        const char *second, *resident; /* name of the second roll; a second resident or NULL */
        bool twice;
    } cases[] = {
        {"钱多多", NULL, true},
        {"钱朵多", NULL, true},
        {"钱大壮", NULL, false}, /* a twin */
        {"钱多多",
         "population name=钱多多 birth_date=2012-03-05 area=620422100 guardian_name=钱大 "
         "id_number=620422201203050099 status=normal",
         false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = world_open();
        struct text roll, attending;
        text_init(&roll, &world->arena, 1024);
        text_init(&attending, &world->arena, 1024);
        text_add_f(&attending,
                   "attending name=%s birth_date=2012-03-05 guardian_name=钱大 "
                   "guardian_id=620422198601010010 id_number=620422201203050099 "
                   "school_name=头寨小学 grade=primary:3 stage=primary",
                   cases[i].second);
        text_add_f(&roll, "roll %s status=enrolled",
                   str_cstr(&world->arena, str_slice(text_str(&attending), 10, attending.len)));
        const char *rows[] = {
            "attending " CHILD ID "guardian_id=620422198601010010 " SCHOOL,
            attending.ptr,
            "population " CHILD ID "guardian_id=620422198601010010 status=normal",
            "roll " CHILD ID "guardian_id=620422198601010010 " SCHOOL "status=enrolled",
            roll.ptr,
            cases[i].resident,
            NULL,
        };
        check_with(rows, world);
        bool twice = false;
        for (size_t f = 0; f < world->count; f++) {
            if (world->findings[f].kind != FINDING_ENROLLED_TWICE) continue;
            twice = true;
            assert_true(str_find(world->findings[f].reason, STR("two_")) != SIZE_MAX);
        }
        if (twice != cases[i].twice) print_message("case %zu\n", i);
        assert_int_equal(twice, cases[i].twice);
        arena_free(&world->arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_each_case_is),
        cmocka_unit_test(suspects_nobody_where_no_roll_has_come),
        cmocka_unit_test(a_school_that_sent_no_list_is_named_once),
        cmocka_unit_test(keeps_to_the_area_asked_about),
        cmocka_unit_test(counts_an_area_by_itself),
        cmocka_unit_test(a_list_that_a_wider_area_lacks_concerns_each_part),
        cmocka_unit_test(counts_what_a_look_up_by_number_would_list),
        cmocka_unit_test(twins_in_no_school_are_two),
        cmocka_unit_test(twins_whom_two_registers_list_are_two),
        cmocka_unit_test(kindergartens_do_not_hide_a_pupil),
        cmocka_unit_test(a_child_under_two_numbers_is_on_a_roll_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
