#include "base/testing.h"

#include "placing/duty_read.h"

/* Numbers that are required and lacking, days as stated, and who is picked. */

static const struct duty_rules rules = {.years = 6, .share_percent = 10, .key_percent = 20};

static struct duty_count counted(int64_t eligible, int64_t exchanged, int64_t key)
{
    struct duty_count count = {.eligible = eligible, .exchanged = exchanged, .key_exchanged = key};
    duty_reckon(&rules, &count);
    return count;
}

static void test_shares(void **state)
{
    (void)state;
    static const struct {
        int64_t eligible, exchanged, key, required, lacking, key_lacking;
        bool met, key_met;
    } cases[] = {
        {0, 0, 0, 0, 0, 0, true, true},      {1, 0, 0, 1, 1, 1, false, true},
        {100, 0, 0, 10, 10, 2, false, true}, {101, 10, 2, 11, 1, 1, false, true},
        {100, 10, 2, 10, 0, 0, true, true},  {100, 10, 1, 10, 0, 2, true, false},
        {100, 20, 1, 10, 0, 4, true, false}, {100, 5, 1, 10, 5, 1, false, true},
        {10, 1, 1, 1, 0, 0, true, true},     {2000, 150, 30, 200, 50, 10, false, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct duty_count got = counted(cases[i].eligible, cases[i].exchanged, cases[i].key);
        assert_int_equal(got.required, cases[i].required);
        assert_int_equal(got.lacking, cases[i].lacking);
        assert_int_equal(got.key_lacking, cases[i].key_lacking);
        assert_int_equal(got.met, cases[i].met);
        assert_int_equal(got.key_met, cases[i].key_met);
    }
}

/* Who exchanges besides: with all who are lacking both shares are kept, with one less one is not.
 */
static void test_lacking_is_enough(void **state)
{
    (void)state;
    for (int64_t eligible = 0; eligible < 60; eligible += 3)
        for (int64_t exchanged = 0; exchanged < 30; exchanged++)
            for (int64_t key = 0; key <= exchanged; key++) {
                struct duty_count now = counted(eligible, exchanged, key);
                int64_t more = now.lacking > now.key_lacking ? now.lacking : now.key_lacking;
                struct duty_count then = counted(eligible, exchanged + more, key + now.key_lacking);
                assert_true(then.met && then.key_met);
                assert_int_equal(then.lacking + then.key_lacking, 0);
                if (now.lacking > 0)
                    assert_false(counted(eligible, exchanged + now.lacking - 1, key).met);
                if (now.key_lacking > 0)
                    assert_true(
                        counted(eligible, exchanged + more, key + now.key_lacking - 1).key_lacking
                        > 0);
            }
}

static void assert_span(struct arena *arena, const char *text, const char *first, const char *last)
{
    char shown[DAY_TEXT_SIZE];
    struct duty_span span = duty_span_of(arena, str_from(text));
    assert_string_equal(day_format(span.first, shown), first);
    assert_string_equal(day_format(span.last, shown), last);
}

static void test_days_as_stated(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_span(&arena, "2014-09-01", "2014-09-01", "2014-09-01");
    assert_span(&arena, "2016-02", "2016-02-01", "2016-02-29");
    assert_span(&arena, "2014-12", "2014-12-01", "2014-12-31");
    assert_span(&arena, "2014", "2014-01-01", "2014-12-31");
    assert_span(&arena, "2014-13", "", "");
    assert_span(&arena, "2014-09-31", "", "");
    assert_span(&arena, "14", "", "");
    assert_span(&arena, "", "", "");
    arena_free(&arena);
}

static void test_percent(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_true(str_is(duty_percent(&arena, 1, 12), "8.33"));
    assert_true(str_is(duty_percent(&arena, 1, 6), "16.67"));
    assert_true(str_is(duty_percent(&arena, 3, 3), "100.00"));
    assert_true(str_is(duty_percent(&arena, 1, 16000), "0.01"));
    assert_int_equal(duty_percent(&arena, 0, 0).len, 0);
    arena_free(&arena);
}

static struct duty_teacher teacher(int64_t record, const char *area, int years, bool key)
{
    return (struct duty_teacher){.record = record,
                                 .area = str_from(area),
                                 .state = DUTY_ELIGIBLE,
                                 .years = years,
                                 .key = key};
}

static void test_picks(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct duty_teacher teachers[] = {
        teacher(1, "620422101", 20, false), teacher(2, "620422102", 9, false),
        teacher(3, "620422101", 7, true),   teacher(4, "620422101", 8, true),
        teacher(5, "620421101", 30, true),  teacher(6, "620422101", 20, false),
        teacher(7, "620422101", 30, false), teacher(8, "620422101", 30, false)};
    teachers[6].exchanged = true;
    teachers[7].state = DUTY_UNKNOWN;
    struct duty_count county = {
        .area = STR("620422"), .code = STR("620422"), .lacking = 3, .key_lacking = 1};
    struct duty_found found = {
        .teachers = teachers, .teacher_count = 8, .counties = &county, .county_count = 1};
    duty_pick(&found, &arena);
    static const bool due[] = {true, false, false, true, false, true, false, false};
    for (size_t i = 0; i < 8; i++) assert_int_equal(teachers[i].due, due[i]);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares),         cmocka_unit_test(test_lacking_is_enough),
        cmocka_unit_test(test_days_as_stated), cmocka_unit_test(test_percent),
        cmocka_unit_test(test_picks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
