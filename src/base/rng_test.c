#include "base/rng.h"
#include "base/testing.h"

static void test_same_everywhere(void **state)
{
    (void)state;
    struct rng a = rng_seed(42), b = rng_seed(42), c = rng_branch(42, 1), d = rng_branch(42, 2);
    for (int i = 0; i < 100; i++) assert_true(rng_next(&a) == rng_next(&b));
    assert_true(rng_next(&c) != rng_next(&d));
    /* The first output for the state that SplitMix64 makes of 0, worked out by hand from the
     * reference code of xoshiro256**. */
    struct rng zero = rng_seed(0);
    assert_true(zero.state[0] == 0xE220A8397B1DCDAFu);
    assert_true(rng_next(&zero) == 0x99EC5F36CB75F2B4u);
}

static void test_below_is_even(void **state)
{
    (void)state;
    struct rng rng = rng_seed(7);
    int counts[6] = {0}, chance = 0;
    for (int i = 0; i < 60000; i++) counts[rng_below(&rng, 6)]++;
    for (int i = 0; i < 6; i++) assert_in_range(counts[i], 9600, 10400);
    for (int i = 0; i < 100000; i++) chance += rng_chance_ppm(&rng, 30000);
    assert_in_range(chance, 2800, 3200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_everywhere),
                                       cmocka_unit_test(test_below_is_even)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
