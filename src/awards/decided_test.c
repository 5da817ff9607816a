#include "awards/decided.h"
#include "awards/impact.h"
#include "awards/student_file.h"
#include "base/testing.h"
#include "base/testing_folder.h"
#include "policy/read.h"

/* Two policies, one of which pays more and to others, and what they decide for one list. */

static const char head[] = "pack p \"包\" / \"Pack\"\n"
                           "subject student \"学生\" / \"student\"\n"
                           "document d \"文〔2020〕1号\" \"办法\" / \"Rules\"\n"
                           "input stage \"学段\" / \"stage\": choice (primary \"小学\" / "
                           "\"primary\", junior \"初中\" / \"junior\")\n"
                           "input boarding \"寄宿\" / \"boarding\": yes_no\n"
                           "input orphan \"孤儿\" / \"orphan\": yes_no\n";

static const struct policy *read_policy(struct arena *arena, const char *schemes)
{
    struct text text;
    struct err err = ERR_INIT;
    const struct policy *policy = NULL;
    text_init(&text, arena, 1 << 16);
    text_add_c(&text, head);
    text_add_c(&text, schemes);
    struct policy_source source = {STR("p.policy"), text_str(&text)};
    if (!policy_read(arena, &source, 1, NULL, &policy, &err)) fail_msg("%s", err.en);
    return policy;
}

static const char before_text[] = "scheme bed \"寄宿补助\" / \"boarding aid\"\n"
                                  "  applies stage in (primary, junior)\n"
                                  "  period term\n  form cash\n  from 2020-09-01\n"
                                  "  right: boarding cite d\n"
                                  "  amount: 100 yuan cite d\n"
                                  "scheme old \"旧项\" / \"an old one\"\n"
                                  "  applies stage is junior\n"
                                  "  period year\n  form cash\n  from 2020-09-01\n"
                                  "  right: orphan cite d\n"
                                  "  amount: 7 yuan cite d\n";

static const char after_text[] = "scheme bed \"寄宿补助\" / \"boarding aid\"\n"
                                 "  applies stage in (primary, junior)\n"
                                 "  period term\n  form cash\n  from 2020-09-01\n"
                                 "  right: boarding or orphan cite d\n"
                                 "  amount: 150 yuan cite d\n";

static const char people_text[] = "id,stage,boarding,orphan\n"
                                  "c,junior,yes,yes\n"
                                  "a,primary,yes,\n"
                                  "b,primary,no,yes\n"
                                  "\"d,1\",primary,,no\n"
                                  "e,junior,no,\n";

struct both {
    struct award_people people[2];
    struct award_decided decided[2];
};

static void decide_both(struct test_folder *folder, struct both *both)
{
    struct arena *arena = &folder->arena;
    const char *texts[] = {before_text, after_text};
    struct policy_decide_options options = {0};
    assert_true(day_parse(STR("2020-11-25"), &options.at));
    for (int i = 0; i < 2; i++) {
        struct student_file file;
        struct err err = ERR_INIT;
        struct student_wish wish = {.policy = read_policy(arena, texts[i])};
        wish.path = test_folder_put(folder, "people.csv", str_from(people_text));
        if (!student_file_read(arena, &wish, &file, &err)) fail_msg("%s", err.en);
        both->people[i] = file.people;
        award_decide_people(arena, wish.policy, &both->people[i], &options, 1, &both->decided[i]);
    }
}

static bool collect(void *context, struct str bytes, uint64_t rows, struct err *err)
{
    (void)rows;
    (void)err;
    text_add(context, bytes);
    return true;
}

static void test_csv(void **state)
{
    struct test_folder *folder = *state;
    struct both both;
    decide_both(folder, &both);
    for (size_t threads = 1; threads < 4; threads++) {
        struct text out;
        struct err err = ERR_INIT;
        text_init(&out, &folder->arena, 1 << 16);
        struct award_sink sink = {collect, &out};
        assert_true(award_write_csv(&both.decided[0], threads, &sink, &err));
        assert_string_equal(out.ptr, "a,bed,yes,10000,2020-autumn,,文〔2020〕1号\n"
                                     "b,bed,no,,2020-autumn,,文〔2020〕1号\n"
                                     "c,bed,yes,10000,2020-autumn,,文〔2020〕1号\n"
                                     "c,old,yes,700,2020-2021,,文〔2020〕1号\n"
                                     "\"d,1\",bed,unknown,,2020-autumn,boarding,文〔2020〕1号\n"
                                     "e,bed,no,,2020-autumn,,文〔2020〕1号\n"
                                     "e,old,unknown,,2020-2021,orphan,文〔2020〕1号\n");
    }
    struct str cells[AWARD_COLUMNS];
    size_t first, end;
    policy_decisions_of(&both.decided[0].kinds, 0, &first, &end);
    assert_int_equal(end - first, 2);
    struct policy_decision decision = policy_decision_at(&both.decided[0].kinds, 0, first + 1);
    award_cells(&folder->arena, &both.decided[0], &decision, cells);
    assert_str_is(cells[0], "c");
    assert_str_is(cells[3], "700");
}

static void test_impact(void **state)
{
    struct test_folder *folder = *state;
    static const struct {
        const char *id, *scheme, *change;
        int64_t before_fen, after_fen;
    } wanted[] = {
        {"a", "bed", "more", 10000, 15000}, {"b", "bed", "gains", 0, 15000},
        {"c", "bed", "more", 10000, 15000}, {"c", "old", "loses", 700, 0},
        {"e", "bed", "clouds", 0, 0},       {"e", "old", "clears", 0, 0},
    };
    struct both both;
    struct award_impact impact;
    decide_both(folder, &both);
    award_impact(&folder->arena, &both.decided[0], &both.decided[1], &impact);
    assert_int_equal(impact.row_count, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < impact.row_count; i++) {
        const struct award_impact_row *row = &impact.rows[i];
        assert_str_is(both.people[0].ids[row->row], wanted[i].id);
        assert_str_is(row->scheme, wanted[i].scheme);
        assert_string_equal(award_change_key(row->change), wanted[i].change);
        assert_int_equal(row->before_fen, wanted[i].before_fen);
        assert_int_equal(row->after_fen, wanted[i].after_fen);
    }
    assert_int_equal(impact.total_count, 2);
    assert_int_equal(impact.totals[0].people[AWARD_GAINS], 1);
    assert_int_equal(impact.totals[0].people[AWARD_MORE], 2);
    assert_int_equal(impact.totals[0].before_fen, 20000);
    assert_int_equal(impact.totals[0].after_fen, 45000);
    assert_int_equal(impact.totals[1].before_fen, 700);
    assert_int_equal(impact.totals[1].after_fen, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_impact),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
