#include "cli/moment.h"

#include "base/testing.h"

static void test_moments(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms; /* -1: refused */
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"2020-11-25T08:00:00Z", 1606291200000},
        {"2020-11-25T08:00:00.250Z", 1606291200250},
        {"2020-11-25", 1606319999999}, /* 23:59:59.999 in China */
        {"2020-11-31", -1},
        {"2020-11-25T24:00:00Z", -1},
        {"2020-11-25T08:60:00Z", -1},
        {"2020-11-25T08:00:00", -1},
        {"2020-11-25T08:00:00+08:00", -1},
        {"2020-11-25 08:00:00Z", -1},
        {"yesterday", -1},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t ms = -1;
        assert_int_equal(moment_read(cases[i].text, &ms), cases[i].ms != -1);
        assert_int_equal(ms, cases[i].ms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_moments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
