#include "figures/balance.h"

#include "base/testing.h"

/* 生均图书: students 45, 37, 89, 76, 55 and books 279, 137, 935, 160, 402 give 0.515. */
static void test_published(void **state)
{
    (void)state;
    const struct balance_part parts[] = {
        {45, 27900}, {37, 13700}, {89, 93500}, {76, 16000}, {55, 40200}};
    int64_t millionths = 0;
    assert_true(balance_coefficient(parts, 5, &millionths));
    assert_int_equal(millionths, 515257);
    assert_int_equal(balance_per(&parts[0], 1), 620);
    assert_int_equal(balance_per(&parts[2], 1), 1050);
}

static void test_coefficients(void **state)
{
    (void)state;
    static const struct {
        struct balance_part parts[3];
        int64_t millionths; /* -1: none */
    } cases[] = {
        {{{10, 1000}, {20, 2000}, {70, 7000}}, 0},
        {{{10, 0}, {10, 2000}, {0, 500}}, 1000000}, /* half have nothing */
        {{{1, 100}, {1, 300}, {0, 0}}, 500000},     /* 1 and 3 about 2 */
        {{{1, 100}, {3, 100}, {0, 0}}, 577350},     /* 1/√3 */
        {{{5, 0}, {7, 0}, {0, 900}}, -1},
        {{{0, 100}, {0, 100}, {0, 100}}, -1},
        {{{1, 1}, {9999999, 0}, {0, 0}}, 3162277502}, /* √(10^7 − 1) */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t millionths = -1;
        bool some = balance_coefficient(cases[i].parts, 3, &millionths);
        assert_int_equal(some, cases[i].millionths >= 0);
        if (some && millionths != cases[i].millionths)
            fail_msg("case %zu: %lld", i, (long long)millionths);
    }
}

/* Units do not matter, nor does a school that is written as two of the same. */
static void test_invariant(void **state)
{
    (void)state;
    const struct balance_part one[] = {{120, 40000}, {30, 90000}, {411, 1000}};
    const struct balance_part scaled[] = {{120, 4000000}, {30, 9000000}, {411, 100000}};
    const struct balance_part twice[] = {{120, 40000}, {15, 45000}, {15, 45000}, {411, 1000}};
    int64_t a = 0, b = 0, c = 0;
    assert_true(balance_coefficient(one, 3, &a));
    assert_true(balance_coefficient(scaled, 3, &b));
    assert_true(balance_coefficient(twice, 4, &c));
    assert_true(a > 0);
    assert_int_equal(a, b);
    assert_int_equal(a, c);
}

/* 166 pupils of the primary and 210 of the junior stage share 23,226 books. */
static void test_split(void **state)
{
    (void)state;
    const int64_t pupils[BALANCE_STAGES] = {166, 210, 0};
    int64_t out[BALANCE_STAGES];
    balance_split(2322600, pupils, out);
    assert_int_equal(out[BALANCE_PRIMARY], 971163);
    assert_int_equal(out[BALANCE_JUNIOR], 1351437);
    assert_int_equal(out[BALANCE_SENIOR], 0);
    const int64_t secondary[BALANCE_STAGES] = {0, 600, 500};
    balance_split(1200, secondary, out);
    assert_int_equal(out[BALANCE_JUNIOR], 600); /* 600 : 1.2 × 500 */
    assert_int_equal(out[BALANCE_SENIOR], 600);
    for (int64_t whole = 0; whole < 40; whole++) {
        const int64_t all[BALANCE_STAGES] = {1, 7, 3};
        balance_split(whole, all, out);
        assert_int_equal(out[0] + out[1] + out[2], whole);
        assert_true(out[0] >= 0 && out[1] >= 0 && out[2] >= 0);
    }
}

static void test_lacking(void **state)
{
    (void)state;
    const struct balance_part school = {250, 1000}; /* ten teachers */
    assert_int_equal(balance_lacking(&school, 420, 100), 50);
    assert_int_equal(balance_lacking(&school, 400, 100), 0);
    assert_int_equal(balance_per(&school, 100), 400);
    const struct balance_part odd = {7, 0};
    assert_int_equal(balance_lacking(&odd, 90, 100), 7); /* 6.3, up */
}

static void test_decimals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int places;
        int64_t value; /* -1: refused */
    } cases[] = {{"4.25", 2, 425},    {"4.2", 2, 420},   {"12", 2, 1200},
                 {"0.65", 6, 650000}, {"1.250", 2, 125}, {"1.255", 2, -1},
                 {"", 2, -1},         {".5", 2, -1},     {"5.", 2, -1},
                 {"-1", 2, -1},       {"1,2", 2, -1},    {"99999999999999999999", 2, -1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value = -1;
        bool read = balance_decimal(str_from(cases[i].text), cases[i].places, &value);
        if (read != (cases[i].value >= 0) || (read && value != cases[i].value))
            fail_msg("%s is %lld", cases[i].text, (long long)value);
    }
    const int64_t coefficients[] = {500000, 500001};
    assert_int_equal(balance_mean(coefficients, 2), 500001);
}

/* The least level that is enough: the one below is not, nobody loses, and what is added is what
 * those below it lack. */
static void test_even(void **state)
{
    (void)state;
    enum { SCHOOLS = 5 };
    const struct balance_part schools[SCHOOLS] = {
        {45, 27900}, {37, 13700}, {89, 93500}, {76, 16000}, {55, 40200}};
    struct balance_part room[SCHOOLS];
    struct balance_even even;
    int64_t coefficient;
    assert_true(balance_even(schools, SCHOOLS, 1, false, 515257, room, &even));
    assert_int_equal(even.level, 0);
    assert_int_equal(even.added, 0);
    assert_true(balance_even(schools, SCHOOLS, 1, false, 300000, room, &even));
    assert_int_equal(even.raised, 2);
    for (int64_t level = even.level; level >= even.level - 1; level--) {
        int64_t added = 0;
        for (size_t i = 0; i < SCHOOLS; i++) {
            room[i] = schools[i];
            room[i].hundredths += balance_lacking(&schools[i], level, 1);
            added += room[i].hundredths - schools[i].hundredths;
        }
        assert_true(balance_coefficient(room, SCHOOLS, &coefficient));
        assert_int_equal(coefficient <= 300000, level == even.level);
        if (level == even.level) assert_int_equal(added, even.added);
    }
    /* Whole books only. */
    assert_true(balance_even(schools, SCHOOLS, 1, true, 300000, room, &even));
    assert_int_equal(even.added % 100, 0);
    assert_false(balance_even(schools, 0, 1, false, 300000, room, &even));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published), cmocka_unit_test(test_coefficients),
        cmocka_unit_test(test_invariant), cmocka_unit_test(test_split),
        cmocka_unit_test(test_lacking),   cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
