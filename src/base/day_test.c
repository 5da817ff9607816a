#include "base/clock.h"
#include "base/day.h"
#include "base/testing.h"

static day on(const char *text)
{
    day d = DAY_NONE;
    assert_true(day_parse(str_from(text), &d));
    return d;
}

static void test_round_trip(void **state)
{
    (void)state;
    day first, last;
    assert_true(day_from_ymd(1800, 1, 1, &first));
    assert_true(day_from_ymd(2200, 12, 31, &last));
    for (int32_t i = first.days; i <= last.days; i++) {
        char text[DAY_TEXT_SIZE];
        day back;
        assert_true(day_parse(str_from(day_format((day){i}, text)), &back));
        assert_int_equal(back.days, i);
    }
    assert_int_equal(on("1970-01-01").days, 0);
    assert_int_equal(on("2020-11-25").days, 18591);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",           "2020-1-1",   "2019-02-29", "1900-02-29",
                                        "2020-13-01", "2020-00-01", "2020-01-32", "2020/01/01",
                                        "1799-12-31", "2020-01-0x", "-020-01-01"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        day d = {7};
        assert_false(day_parse(str_from(wrong[i]), &d));
        assert_int_equal(d.days, 7);
    }
}

static void test_age_and_cutoff(void **state)
{
    (void)state;
    assert_int_equal(day_age(on("2014-08-31"), on("2020-08-31")), 6);
    assert_int_equal(day_age(on("2014-09-01"), on("2020-08-31")), 5);
    assert_int_equal(day_age(on("2012-02-29"), on("2019-02-28")), 6);
    assert_int_equal(day_age(on("2012-02-29"), on("2019-03-01")), 7);
    assert_int_equal(day_school_cutoff(on("2020-09-15")).days, on("2020-08-31").days);
    assert_int_equal(day_school_cutoff(on("2020-08-31")).days, on("2020-08-31").days);
    assert_int_equal(day_school_cutoff(on("2020-08-30")).days, on("2019-08-31").days);
    assert_int_equal(day_school_cutoff(on("2021-01-01")).days, on("2020-08-31").days);
}

static void test_clock(void **state)
{
    (void)state;
    char text[CLOCK_TEXT_SIZE], date[DAY_TEXT_SIZE];
    struct clock clock = clock_fixed(1606233600123); /* 2020-11-24T16:00:00.123Z */
    assert_string_equal(clock_format(clock_now_ms(&clock), text), "2020-11-24T16:00:00.123Z");
    assert_string_equal(day_format(clock_today(&clock), date), "2020-11-25");
}

static void months_are_counted_with_the_last_day(void **state)
{
    (void)state;
    static const struct {
        const char *from, *through;
        int months;
    } cases[] = {
        {"2018-09-01", "2021-08-31", 36}, {"2018-09-02", "2021-08-31", 35},
        {"2018-08-31", "2021-08-31", 36}, {"2020-01-31", "2020-02-29", 1},
        {"2020-01-31", "2020-02-28", 0},  {"2021-01-31", "2021-02-28", 1},
        {"2021-09-01", "2021-08-31", 0},  {"2021-10-01", "2021-08-31", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(day_months(on(cases[i].from), on(cases[i].through)), cases[i].months);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_are_counted_with_the_last_day),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_age_and_cutoff),
        cmocka_unit_test(test_clock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
