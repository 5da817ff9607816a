#include "jobs/town_testing.h"
#include "jobs/view_finding.h"

/* Every finding that a list of this asker shows, as "kind name area;". */
static struct str print_findings(const struct view *view, struct view_finding_query query)
{
    struct view_finding *rows;
    size_t count, total;
    struct text text;
    text_init(&text, view->arena, 1 << 16);
    view_findings(view, &query, &rows, &count, &total);
    for (size_t i = 0; i < count; i++) {
        text_add_f(&text, "%s %.*s %.*s;", finding_kind_key(rows[i].kind), STR_ARG(rows[i].name),
                   STR_ARG(rows[i].area));
    }
    text_add_f(&text, "%zu", total);
    return text_str(&text);
}

static struct view_finding_query any(void)
{
    return (struct view_finding_query){.kind = -1,
                                       .queue = -1,
                                       .status = -1,
                                       .opened_since = DAY_NONE,
                                       .opened_until = DAY_NONE,
                                       .page = {.page = 1, .size = VIEW_PAGE_SIZE}};
}

/* Who is seen of all persons, found at once and kept, is who is seen one by one. */
static void persons_are_seen_alike(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct reckoned *reckoned;
    const struct asker askers[] = {asker_local(), town_asker_of_area("620422"),
                                   town_asker_of_area("620422101"), town_asker_of_area("620421100"),
                                   town_asker_of_school("2162000001")};
    reckoned_open(&reckoned, &arena);
    for (size_t i = 0; i < 2 * (sizeof askers / sizeof *askers); i++) {
        struct view view = town_look(&town, &arena, &askers[i / 2]);
        struct view quick = view;
        uint32_t seen = 0, count = (uint32_t)view.snapshot->run.people.person_count;
        quick.reckoned = reckoned;
        view_prepare_persons(&quick);
        for (uint32_t p = 0; p < count; p++) {
            bool one = view_shown(&view, p) != UINT32_MAX;
            seen += one;
            assert_int_equal(view_sees_any_record(&quick, p), one);
            assert_int_equal(view_sees_any_record(&view, p), one);
            assert_int_equal(view_shown(&quick, p), view_shown(&view, p));
            assert_int_equal(view_sees_person(&quick, p), view_sees_person(&view, p));
        }
        assert_true(seen > 0);
        assert_true(view.asker->all_areas || i / 2 == 1 || seen < count);
        town_leave(&town, &view);
    }
    reckoned_close(reckoned);
    arena_free(&arena);
    town_close(&town);
}

static void findings_are_filtered_and_paged(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct asker all = asker_local();
    struct view view = town_look(&town, &arena, &all);
    struct view_finding_query query = any();
    query.kind = FINDING_NOT_ENROLLED;
    assert_str_is(print_findings(&view, query),
                  "not_enrolled 钱多多 620422100;not_enrolled 孙一一 620422101;2");
    query.area = STR("620422101");
    assert_str_is(print_findings(&view, query), "not_enrolled 孙一一 620422101;1");
    query.area = STR("620422");
    query.page = (struct view_page){.page = 2, .size = 1};
    assert_str_is(print_findings(&view, query), "not_enrolled 孙一一 620422101;2");
    query.page.page = 3;
    assert_str_is(print_findings(&view, query), "2");
    query = any();
    query.probability_min_ppm = 1000001;
    assert_str_is(print_findings(&view, query), "0");
    query = any();
    query.status = FINDING_CLOSED;
    assert_str_is(print_findings(&view, query), "0");
    query = any();
    query.kind = FINDING_NOT_ENROLLED;
    query.school = STR("2162000001");
    assert_str_is(print_findings(&view, query), "0");
    town_leave(&town, &view);
    arena_free(&arena);
    town_close(&town);
}

static void findings_are_those_of_the_asker(void **state)
{
    static const struct {
        const char *area, *want;
    } cases[] = {
        {"620422100", "not_enrolled 钱多多 620422100;1"},
        {"620422", "not_enrolled 钱多多 620422100;not_enrolled 孙一一 620422101;2"},
        {"620421", "0"},
        {"630000", "0"},
    };
    struct town town = town_open(state);
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct asker asker = town_asker_of_area(cases[i].area);
        struct view view = town_look(&town, &arena, &asker);
        struct view_finding_query query = any();
        query.kind = FINDING_NOT_ENROLLED;
        assert_str_is(print_findings(&view, query), cases[i].want);
        town_leave(&town, &view);
    }
    struct asker school = town_asker_of_school("2162000001"), nobody = {.name = STR("auditor")};
    struct view view = town_look(&town, &arena, &school);
    assert_str_is(print_findings(&view, any()), "0");
    view.asker = &nobody;
    assert_str_is(print_findings(&view, any()), "0");
    town_leave(&town, &view);
    arena_free(&arena);
    town_close(&town);
}

static void findings_are_picked_out(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct asker all = asker_local();
    struct view view = town_look(&town, &arena, &all);
    struct view_finding_query query = any();
    struct view_finding *rows;
    size_t count, total, of_all;
    view_findings(&view, &query, &rows, &count, &of_all);
    assert_true(of_all > 1);
    int64_t number = rows[1].number;
    day opened = rows[1].opened;
    query.numbers = &number;
    query.number_count = 1;
    view_findings(&view, &query, &rows, &count, &total);
    assert_int_equal(total, 1);
    assert_int_equal(rows[0].number, number);
    query.opened_since = query.opened_until = opened;
    view_findings(&view, &query, &rows, &count, &total);
    assert_int_equal(total, 1);
    query.opened_since.days++;
    view_findings(&view, &query, &rows, &count, &total);
    assert_int_equal(total, 0);
    query = any();
    query.opened_until.days = opened.days - 1;
    view_findings(&view, &query, &rows, &count, &total);
    assert_true(total < of_all);
    town_leave(&town, &view);
    arena_free(&arena);
    town_close(&town);
}

static void who_sees_whom(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct asker askers[] = {asker_local(),
                             town_asker_of_area("620422100"),
                             town_asker_of_area("620421"),
                             town_asker_of_area("620422101"),
                             town_asker_of_school("2162000001"),
                             town_asker_of_school("2162000002"),
                             {.name = STR("auditor")}};
    static const struct {
        const char *name;
        bool seen[7];
    } cases[] = {
        {"钱多多", {true, true, false, false, false, false, false}},
        {"孙一一", {true, false, false, true, false, false, false}},
        {"曾重庆", {true, true, false, false, true, false, false}},
        /* Registered in one county, at school in the other. */
        {"单于飞", {true, false, true, true, false, true, false}},
    };
    for (size_t a = 0; a < sizeof askers / sizeof *askers; a++) {
        struct view view = town_look(&town, &arena, &askers[a]);
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
            uint32_t person = town_person(view.snapshot, cases[i].name);
            assert_int_equal(view_sees_person(&view, person), cases[i].seen[a]);
        }
        town_leave(&town, &view);
    }
    arena_free(&arena);
    town_close(&town);
}

/* Of a record elsewhere only register and area are told. */
static void a_line_hides_what_is_elsewhere(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct asker teacher = town_asker_of_school("2162000002");
    struct view view = town_look(&town, &arena, &teacher);
    const struct people *people = &view.snapshot->run.people;
    uint32_t person = town_person(view.snapshot, "单于飞");
    int seen = 0, hidden = 0;
    for (uint32_t i = 0; i < people->persons[person].count; i++) {
        struct view_line line;
        view_line(&view, people->order[people->persons[person].first + i], &line);
        if (line.visible) {
            assert_str_is(line.school, "白塔小学");
            assert_str_is(line.id_number, "620422********0013");
            seen++;
        } else {
            assert_str_is(line.profile->key, "population");
            assert_str_is(line.area, "620421100");
            assert_int_equal(line.name.len + line.id_number.len + line.birth_date.len, 0);
            assert_int_equal(line.statement + line.person, 0);
            hidden++;
        }
    }
    assert_int_equal(seen, 2);
    assert_int_equal(hidden, 1);
    town_leave(&town, &view);
    arena_free(&arena);
    town_close(&town);
}

static void values_are_masked(void **state)
{
    static const struct {
        enum field_type type;
        const char *value, *want;
    } cases[] = {
        {FIELD_ID_NUMBER, "620422201203050013", "620422********0013"},
        {FIELD_STUDENT_NUMBER, "G620422201203050013", "***************0013"},
        {FIELD_PHONE, "13893012345", "*******2345"},
        {FIELD_ADDRESS, "会宁县郭城驿镇红堡子村三社12号", "***"},
        {FIELD_PEOPLE, "王大：620422201203050013", "***"},
        {FIELD_PHONE, "", ""},
    };
    struct arena arena = {0};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_str_is(view_mask(&arena, cases[i].type, str_from(cases[i].value)), cases[i].want);
    }
    arena_free(&arena);
}

static void areas_have_names(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct asker all = asker_local();
    struct view view = town_look(&town, &arena, &all);
    assert_str_is(view_area_name(&view, STR("620422")), "会宁县");
    assert_str_is(view_area_name(&view, STR("999999")), "999999");
    assert_str_is(view_area_name(&view, STR_EMPTY), "");
    assert_true(str_starts(view_area_name(&view, STR("620422100")), STR("会宁县")));
    town_leave(&town, &view);
    arena_free(&arena);
    town_close(&town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(persons_are_seen_alike),
        cmocka_unit_test(findings_are_filtered_and_paged),
        cmocka_unit_test(findings_are_picked_out),
        cmocka_unit_test(findings_are_those_of_the_asker),
        cmocka_unit_test(who_sees_whom),
        cmocka_unit_test(a_line_hides_what_is_elsewhere),
        cmocka_unit_test(values_are_masked),
        cmocka_unit_test(areas_have_names),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
