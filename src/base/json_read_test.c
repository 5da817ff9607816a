#include "base/testing.h"

#include "base/json_read.h"

static void test_good(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct json_value value;
    struct str document =
        STR(" {\"a\": [1, -20, 3.5e+2, true, null, \"x\"], \"名\\u6C34\": \"\\n\\\""
            "\\uD83D\\uDE00\", \"\": {}, \"e\": [ ]}\n");
    assert_true(json_read(&arena, document, &value, &err));
    assert_int_equal(value.kind, JSON_IS_OBJECT);
    assert_int_equal(value.count, 4);
    const struct json_value *list = json_get(&value, "a");
    assert_int_equal(list->count, 6);
    assert_int_equal(list->items[1].number, -20);
    assert_int_equal(list->items[2].kind, JSON_IS_NUMBER);
    assert_str_is(list->items[2].text, "3.5e+2");
    assert_int_equal(list->items[3].number, 1);
    assert_int_equal(list->items[4].kind, JSON_IS_NULL);
    assert_str_is(json_get(&value, "名水")->text, "\n\"\xF0\x9F\x98\x80");
    assert_int_equal(json_get(&value, "")->kind, JSON_IS_OBJECT);
    assert_null(json_get(&value, "b"));
    assert_null(json_get(list, "a"));
    arena_free(&arena);
}

static void test_bad(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "",
        " ",
        "{",
        "}",
        "[1,]",
        "{\"a\":1,}",
        "{\"a\" 1}",
        "{a:1}",
        "01",
        "-",
        "1.",
        ".5",
        "1e",
        "+1",
        "nul",
        "tru",
        "\"a",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\uDC00\"",
        "\"\\uD800\"",
        "1 2",
        "[1 2]",
        "\"\t\"",
        "'a'",
        "NaN",
        "{\"a\":1,\"a\":2}",
        "\"\\u0000\"",
        "\"\xFF\"",
        "\"\\uD800\\u0041\"",
        "[",
        "[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]",
        "//",
        "\"a\\",
    };
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct json_value value = {.count = 77};
        if (json_read(&arena, str_from(documents[i]), &value, &err)) fail_msg("%s", documents[i]);
        assert_true(err.kind == ERR_INPUT || err.kind == ERR_LIMIT);
        assert_int_equal(value.count, 77);
        arena_free(&arena);
    }
}

static void test_place(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct json_value value;
    assert_false(json_read(&arena, STR("{\n  \"a\": x}"), &value, &err));
    assert_string_equal(err.en, "JSON, line 2, column 8: this character is not expected");
    arena_free(&arena);
}

/* 2^63 - 1 is whole, one more is only a number. */
static void test_integers(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct json_value value;
    assert_true(json_read(&arena, STR("9223372036854775807"), &value, &err));
    assert_int_equal(value.kind, JSON_IS_INTEGER);
    assert_true(json_read(&arena, STR("9223372036854775808"), &value, &err));
    assert_int_equal(value.kind, JSON_IS_NUMBER);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_place),
        cmocka_unit_test(test_integers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
