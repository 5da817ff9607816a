#include "base/err.h"
#include "base/testing.h"

#include <string.h>

static void test_sentences(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    assert_string_equal(err_text(&err, LANG_ZH), "");
    assert_false(err_set(&err, ERR_INPUT, "no %s in %d", "%s 不在 %d 中", "name", 7));
    assert_string_equal(err_text(&err, LANG_EN), "no name in 7");
    assert_string_equal(err_text(&err, LANG_ZH), "name 不在 7 中");
    assert_false(err_at(&err, "row %d", "第 %d 行", 3));
    assert_string_equal(err.en, "row 3: no name in 7");
    assert_string_equal(err.zh, "第 3 行：name 不在 7 中");
    assert_null(err.hint_en);
    assert_false(err_hint(&err, "--at DAY", "--at 日期"));
    assert_false(err_at(&err, "file", "文件"));
    assert_string_equal(err.en, "file: row 3: no name in 7");
    assert_string_equal(err.hint_en, "--at DAY");
    assert_string_equal(err.hint_zh, "--at 日期");
    assert_false(err_set(&err, ERR_INPUT, "x", "x"));
    assert_null(err.hint_zh);
    assert_false(err_set(NULL, ERR_INPUT, "x", "x"));
    struct err none = ERR_INIT;
    assert_false(err_hint(&none, "--at DAY", "--at 日期"));
    assert_null(none.hint_en);
}

static void test_cut_is_utf8(void **state)
{
    (void)state;
    char long_text[3000];
    for (size_t i = 0; i < 999; i++) memcpy(long_text + 3 * i, "学", 3);
    long_text[2997] = '\0';
    for (int pad = 0; pad < 4; pad++) {
        struct err err = ERR_INIT;
        err_set(&err, ERR_IO, "%.*s%s", "%.*s%s", pad, "....", long_text);
        size_t length = strlen(err.zh);
        assert_int_equal((length - (size_t)pad) % 3, 0);
        assert_true(length > ERR_TEXT_MAX - 5);
    }
}

static void test_exit_codes(void **state)
{
    (void)state;
    static const struct {
        enum err_kind kind;
        int code;
    } cases[] = {{ERR_NONE, 0},  {ERR_USAGE, 2},     {ERR_INPUT, 3}, {ERR_LIMIT, 3},
                 {ERR_STORE, 4}, {ERR_NOT_FOUND, 2}, {ERR_IO, 4},    {ERR_DENIED, 5}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(err_exit_code(cases[i].kind), cases[i].code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_cut_is_utf8),
        cmocka_unit_test(test_exit_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
