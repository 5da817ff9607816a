#include "jobs/town_testing.h"
#include "jobs/view_aid.h"

static int64_t number_of(const struct view *view, const char *name)
{
    return view->snapshot->run.people.persons[town_person(view->snapshot, name)].number;
}

static const struct view_scheme *scheme_of(const struct view *view, const char *key)
{
    const struct policy *policy;
    struct view_scheme *rows;
    size_t count;
    view_schemes(view, &policy, &rows, &count);
    for (size_t i = 0; i < count; i++) {
        if (str_is(rows[i].scheme->name.key, key)) return &rows[i];
    }
    fail();
    return NULL;
}

static uint64_t concerned(const struct view_scheme *row)
{
    return row->verdicts[POLICY_NO] + row->verdicts[POLICY_ENTITLED]
           + row->verdicts[POLICY_UNKNOWN];
}

/* Nobody has sent the lists of households in hardship: nothing is known of them. */
static void schemes_count_the_students_seen(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct asker askers[] = {asker_local(), town_asker_of_area("620422101"),
                             town_asker_of_school("2162000002")};
    uint64_t students[3];
    for (int a = 0; a < 3; a++) {
        struct view view = town_look(&town, &arena, &askers[a]);
        struct view_student_query query = {.verdict = -1, .paid = -1, .page = {1, 3}};
        struct view_student *rows;
        size_t count, total;
        const struct view_scheme *row = scheme_of(&view, "day_subsidy");
        students[a] = concerned(row);
        assert_int_equal(row->verdicts[POLICY_ENTITLED], 0);
        assert_int_equal(row->paid, 0);
        query.scheme = policy_find_scheme(view.snapshot->run.aid->rules.policy, STR("day_subsidy"));
        view_students(&view, &query, &rows, &count, &total);
        assert_int_equal(total, students[a]);
        assert_int_equal(count, total < 3 ? total : 3);
        for (size_t i = 0; i < count; i++) assert_true(rows[i].line.visible);
        query.verdict = POLICY_ENTITLED;
        view_students(&view, &query, &rows, &count, &total);
        assert_int_equal(total, 0);
        town_leave(&town, &view);
    }
    assert_int_equal(students[0], 26);
    assert_true(students[1] < students[0]);
    assert_int_equal(students[2], 1);
    arena_free(&arena);
    town_close(&town);
}

static void a_student_is_told_why(void **state)
{
    struct town town = town_open(state);
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct asker all = asker_local(), other = town_asker_of_school("2162000001");
    struct view view = town_look(&town, &arena, &all);
    struct view_aid_person aid;
    struct award_explained explained;
    int64_t pupil = number_of(&view, "单于飞");
    assert_true(view_aid_person(&view, pupil, &aid, &err));
    assert_true(aid.student);
    assert_true(aid.explained_count >= 2);
    assert_int_equal(aid.payment_count, 0);
    assert_true(view_aid_explain(&view, pupil, STR("day_subsidy"), &explained, &err));
    assert_int_equal(explained.explanation.decision.verdict, POLICY_UNKNOWN);
    assert_true(explained.explanation.decision.needs != 0);
    assert_false(view_aid_explain(&view, pupil, STR("vocational_grant"), &explained, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_true(view_aid_person(&view, number_of(&view, "钱多多"), &aid, &err));
    assert_false(aid.student);
    assert_int_equal(aid.explained_count, 0);
    town_leave(&town, &view);
    view = town_look(&town, &arena, &other);
    assert_false(view_aid_person(&view, pupil, &aid, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    town_leave(&town, &view);
    arena_free(&arena);
    town_close(&town);
}

/* The text of the rules that holds `part`, with another in its place. */
static struct view_impact_query changed_text(const struct view *view, const char *part,
                                             const char *other)
{
    const struct aid_rules *rules = &view->snapshot->run.aid->rules;
    for (size_t i = 0; i + 1 < rules->source_count; i++) {
        struct str text = rules->sources[i].text;
        const char *at = memmem(text.ptr, text.len, part, strlen(part));
        if (at == NULL) continue;
        struct text made;
        size_t before = (size_t)(at - text.ptr), behind = before + strlen(part);
        text_init(&made, view->arena, 1 << 20);
        text_add(&made, str_slice(text, 0, before));
        text_add_c(&made, other);
        text_add(&made, str_slice(text, behind, text.len));
        return (struct view_impact_query){rules->sources[i].name, text_str(&made)};
    }
    fail();
    return (struct view_impact_query){0};
}

static void another_text_says_what_it_would_bring(void **state)
{
    static const char rule[] = "资格: 寄宿 且 家庭经济困难";
    struct town town = town_open(state);
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct asker askers[] = {asker_local(), town_asker_of_school("2162000002")};
    static const size_t gains[] = {26, 1};
    struct view_impact impact;
    for (int a = 0; a < 2; a++) {
        struct view view = town_look(&town, &arena, &askers[a]);
        struct view_impact_query query = changed_text(&view, rule, rule);
        assert_true(view_impact(&view, &query, &impact, &err));
        assert_int_equal(impact.faults.count, 0);
        assert_int_equal(impact.impact.row_count, 0);
        query = changed_text(&view, rule, "资格: 学段 属于 (小学, 初中)");
        assert_true(view_impact(&view, &query, &impact, &err));
        /* Who boards is due nothing as a day pupil, which is thereby known. */
        assert_int_equal(impact.impact.row_count, 2 * gains[a]);
        for (size_t i = 0; i < impact.impact.row_count; i++) {
            const struct award_impact_row *row = &impact.impact.rows[i];
            assert_int_equal(row->change,
                             str_is(row->scheme, "boarding_subsidy") ? AWARD_GAINS : AWARD_CLEARS);
        }
        query = changed_text(&view, rule, "资格: 寄宿 且 家庭经济困南");
        assert_true(view_impact(&view, &query, &impact, &err));
        assert_true(impact.faults.count > 0);
        query.source = STR("no such text");
        assert_false(view_impact(&view, &query, &impact, &err));
        assert_int_equal(err.kind, ERR_NOT_FOUND);
        town_leave(&town, &view);
    }
    arena_free(&arena);
    town_close(&town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schemes_count_the_students_seen),
        cmocka_unit_test(a_student_is_told_why),
        cmocka_unit_test(another_text_says_what_it_would_bring),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
