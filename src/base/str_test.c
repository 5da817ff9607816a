#include "base/asset.h"
#include "base/str.h"
#include "base/testing.h"

#include <stdio.h>

static void test_views(void **state)
{
    (void)state;
    int64_t n;
    assert_str_is(str_trim(STR(" \t a b\r\n")), "a b");
    assert_int_equal(str_find(STR("abcabc"), STR("ca")), 2);
    assert_true(str_find(STR("abc"), STR("x")) == SIZE_MAX);
    assert_true(str_compare(STR("a"), STR("ab")) < 0);
    assert_true(str_starts(STR("abc"), STR("ab")) && str_ends(STR("abc"), STR("bc")));
    assert_true(str_to_i64(STR("-9223372036854775808"), &n) && n == INT64_MIN);
    assert_false(str_to_i64(STR("9223372036854775808"), &n));
    assert_false(str_to_i64(STR(""), &n) || str_to_i64(STR("-"), &n) || str_to_i64(STR("1x"), &n));
    struct str rest = STR("a;;b"), part;
    assert_true(str_split(&rest, ';', &part) && str_is(part, "a"));
    assert_true(str_split(&rest, ';', &part) && str_is(part, ""));
    assert_true(str_split(&rest, ';', &part) && str_is(part, "b"));
    assert_false(str_split(&rest, ';', &part));
}

static void test_text(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct text text;
    text_init(&text, &arena, 10);
    text_add_f(&text, "%d-%s", 12, "ab");
    text_add_code(&text, 0x5B66);
    assert_string_equal(text.ptr, "12-ab学");
    text_add_c(&text, "xyz");
    assert_true(text.cut);
    assert_string_equal(text.ptr, "12-ab学");
    arena_free(&arena);
}

static void test_utf8(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_true(utf8_valid(STR("学𠮷a")));
    assert_false(utf8_valid(STR("\xE5\xAD")) || utf8_valid(STR("\xC0\x80"))
                 || utf8_valid(STR("\xED\xA0\x80")));
    assert_int_equal(utf8_count(STR("学𠮷a")), 3);
    assert_int_equal(utf8_width(STR("学𠮷a")), 5);
    assert_str_is(utf8_nfkc(&arena, STR("６２０ＡＢ（１）")), "620AB(1)");
    assert_str_is(utf8_cut(STR("学𠮷a"), 8), "学𠮷a");
    assert_str_is(utf8_cut(STR("学𠮷a"), 7), "学𠮷");
    assert_str_is(utf8_cut(STR("学𠮷a"), 6), "学");
    assert_str_is(utf8_cut(STR("学𠮷a"), 2), "");
    assert_str_is(utf8_cut(STR(""), 0), "");
    size_t at = 0, steps = 0;
    uint32_t code;
    while (utf8_next(STR("a\xFF\xE5\xAD"), &at, &code)) steps++;
    assert_int_equal(steps, 4);
    arena_free(&arena);
}

/* Any three bytes are read as the table of the standard says (Unicode 15, table 3-7). */
static void test_three_bytes(void **state)
{
    (void)state;
    for (uint32_t number = 0; number < 1u << 24; number += number < 0xE00000 ? 4099 : 1) {
        unsigned char bytes[3] = {(unsigned char)(number >> 16), (unsigned char)(number >> 8),
                                  (unsigned char)number};
        if (bytes[0] >= 0xF0 || bytes[0] < 0xE0) continue;
        bool least = bytes[0] != 0xE0 || bytes[1] >= 0xA0,
             most = bytes[0] != 0xED || bytes[1] < 0xA0;
        bool good = (bytes[1] & 0xC0) == 0x80 && (bytes[2] & 0xC0) == 0x80 && least && most;
        uint32_t value = (bytes[0] & 15u) << 12 | (bytes[1] & 63u) << 6 | (bytes[2] & 63u), code;
        size_t at = 0;
        if (!utf8_next((struct str){(const char *)bytes, 3}, &at, &code)) fail();
        if (at != (good ? 3 : 1) || code != (good ? value : 0xFFFD)) {
            fail_msg("%06x is read as %x", number, code);
        }
    }
}

static void test_assets(void **state)
{
    (void)state;
    struct str content;
    const struct asset *first;
    size_t count;
    assert_true(asset_find("policies/national/rules/compulsory.yaml", &content));
    assert_true(str_find(content, STR("age_from: 6")) != SIZE_MAX);
    assert_false(asset_find("policies/national", &content));
    asset_range("policies/national/", &first, &count);
    assert_true(count >= 1);
    for (size_t i = 0; i < count; i++) {
        assert_true(str_starts(str_from(first[i].name), STR("policies/national/")));
    }
}

static void test_digits(void **state)
{
    (void)state;
    uint64_t number = 1;
    for (int power = 0; power < 20; power++, number *= 10) {
        const uint64_t around[] = {number - 1, number, number + 1, number * 7 + 3,
                                   UINT64_MAX - number};
        for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
            char digits[20], want[24];
            int length = snprintf(want, sizeof want, "%llu", (unsigned long long)around[i]);
            assert_int_equal(u64_digits(around[i], digits), length);
            assert_memory_equal(digits, want, (size_t)length);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_views),  cmocka_unit_test(test_text),
        cmocka_unit_test(test_utf8),   cmocka_unit_test(test_three_bytes),
        cmocka_unit_test(test_assets), cmocka_unit_test(test_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
