#include "base/testing.h"

#include "policy/period.h"

static day day_in(const char *text)
{
    day out;
    assert_true(day_parse(str_from(text), &out));
    return out;
}

static const struct period_case {
    const char *at, *term, *year, *first, *last;
} cases[] = {
    {"2020-11-25", "2020-autumn", "2020-2021", "2020-09-01", "2021-02-28"},
    {"2024-02-29", "2023-autumn", "2023-2024", "2023-09-01", "2024-02-29"},
    {"2024-03-01", "2024-spring", "2023-2024", "2024-03-01", "2024-08-31"},
    {"2024-08-31", "2024-spring", "2023-2024", "2024-03-01", "2024-08-31"},
    {"2024-09-01", "2024-autumn", "2024-2025", "2024-09-01", "2025-02-28"},
    {"2025-01-15", "2024-autumn", "2024-2025", "2024-09-01", "2025-02-28"},
    {"2025-12-31", "2025-autumn", "2025-2026", "2025-09-01", "2026-02-28"},
};

static void days_fall_into_terms_and_years(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[PERIOD_TEXT_SIZE], bound[DAY_TEXT_SIZE];
        struct period term = period_of(PERIOD_TERM, day_in(cases[i].at)), read;
        assert_string_equal(period_format(term, text), cases[i].term);
        assert_true(period_parse(str_from(text), &read));
        assert_true(period_equal(term, read));
        assert_string_equal(day_format(period_first(term), bound), cases[i].first);
        assert_string_equal(day_format(period_last(term), bound), cases[i].last);
        struct period year = period_of(PERIOD_YEAR, day_in(cases[i].at));
        assert_string_equal(period_format(year, text), cases[i].year);
        assert_true(period_parse(str_from(text), &read));
        assert_true(period_equal(year, read));
        assert_false(period_equal(year, term));
    }
}

static void periods_have_words(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct period term = {PERIOD_TERM, 2024, true}, year = {PERIOD_YEAR, 2024, false};
    assert_str_is(period_text(&arena, term, LANG_ZH), "2024年春季学期");
    assert_str_is(period_text(&arena, term, LANG_EN), "spring term 2024");
    assert_str_is(period_text(&arena, year, LANG_ZH), "2024—2025学年");
    assert_str_is(period_text(&arena, year, LANG_EN), "school year 2024–2025");
    arena_free(&arena);
}

static void other_texts_are_no_periods(void **state)
{
    (void)state;
    const char *texts[] = {"",          "2024",      "2024-",       "2024-winter", "2024-2026",
                           "2024-2024", "24-spring", "2024-Spring", "+024-spring", "2024-spring ",
                           "1024-1025", "2024-+025"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct period read;
        assert_false(period_parse(str_from(texts[i]), &read));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_fall_into_terms_and_years),
        cmocka_unit_test(periods_have_words),
        cmocka_unit_test(other_texts_are_no_periods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
