#include "base/leb128.h"

#include "base/testing.h"

static void what_is_put_is_taken(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {0, 1, 127, 128, 255, 300, UINT32_MAX, UINT64_MAX >> 1};
    const size_t count = sizeof numbers / sizeof *numbers;
    struct arena arena = {0};
    struct text text;
    text_init(&text, &arena, 256);
    for (size_t i = 0; i < count; i++) leb128_put(&text, numbers[i]);
    struct str rest = text_str(&text);
    for (size_t i = 0; i < count; i++) {
        uint64_t number;
        assert_true(leb128_take(&rest, &number));
        assert_true(number == numbers[i]);
    }
    assert_int_equal(rest.len, 0);
    arena_free(&arena);
}

static void what_is_cut_is_told(void **state)
{
    (void)state;
    static const char *const cut[] = {"", "\x80", "\xFF\xFF",
                                      "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"};
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        struct str rest = str_from(cut[i]);
        uint64_t number;
        assert_false(leb128_take(&rest, &number));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_put_is_taken),
                                       cmocka_unit_test(what_is_cut_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
