#include "access/second_factor.h"

#include "base/testing.h"

#include <string.h>

static const unsigned char *known_secret(void)
{
    return (const unsigned char *)"12345678901234567890";
}

/* RFC 6238, appendix B, the last six of its eight digits. */
static void codes_are_those_of_the_standard(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        uint32_t code;
    } cases[] = {{59, 287082},       {1111111109, 81804},  {1111111111, 50471},
                 {1234567890, 5924}, {2000000000, 279037}, {20000000000, 353130}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t step = second_factor_step(cases[i].seconds * 1000);
        assert_int_equal(second_factor_code(known_secret(), step), cases[i].code);
    }
}

static void the_secret_is_written_in_base_32(void **state)
{
    (void)state;
    char text[SECOND_FACTOR_SECRET_SIZE];
    second_factor_text(known_secret(), text);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    unsigned char one[SECOND_FACTOR_SECRET_BYTES], other[SECOND_FACTOR_SECRET_BYTES];
    second_factor_make(one);
    second_factor_make(other);
    assert_memory_not_equal(one, other, sizeof one);
}

static bool matches(const char *code, int64_t seconds, int64_t used)
{
    int64_t step = 0;
    return second_factor_matches(known_secret(), str_from(code), seconds * 1000, used, &step);
}

static void a_code_is_good_for_a_while_and_once(void **state)
{
    (void)state;
    int64_t step = 0;
    assert_true(matches("287082", 59, 0));
    assert_true(matches("287 082", 59, 0));
    assert_true(matches("287082", 89, 0));
    assert_false(matches("287082", 120, 0));
    assert_true(matches("287082", 29, 0));
    assert_false(matches("28708", 59, 0));
    assert_false(matches("2870821", 59, 0));
    assert_false(matches("28708x", 59, 0));
    assert_false(matches("", 59, 0));
    assert_true(second_factor_matches(known_secret(), STR("287082"), 59000, 0, &step));
    assert_int_equal(step, 1);
    assert_false(matches("287082", 59, step));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_standard),
        cmocka_unit_test(the_secret_is_written_in_base_32),
        cmocka_unit_test(a_code_is_good_for_a_while_and_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
