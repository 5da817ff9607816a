#include "base/testing.h"
#include "base/yaml.h"

static void test_tree(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct yaml_node *root;
    assert_true(yaml_parse(&arena, STR("a: 1\nb: [x, y]\nc: {d: yes, e: \"1.05\"}\n"), "t", &root,
                           &err));
    int64_t n;
    bool yes;
    double decimal;
    struct str text, *texts;
    size_t count;
    assert_true(yaml_integer_or(root, "a", "t", 0, &n, &err) && n == 1);
    assert_true(yaml_integer_or(root, "missing", "t", 9, &n, &err) && n == 9);
    assert_true(yaml_texts(&arena, root, "b", "t", &texts, &count, &err) && count == 2);
    assert_str_is(texts[1], "y");
    assert_true(yaml_bool_or(yaml_get(root, "c"), "d", "t", false, &yes, &err) && yes);
    assert_false(yaml_check_used(root, "t", &err));
    assert_string_equal(err.en, "t:3:13: this key is not known here");
    assert_true(yaml_decimal_or(yaml_get(root, "c"), "e", "t", 0, &decimal, &err));
    assert_true(yaml_check_used(root, "t", &err));
    assert_false(yaml_text(root, "z", "t", &text, &err));
    assert_string_equal(err.en, "\"z\": t:1:1: a key is missing");
    arena_free(&arena);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *place;
    } cases[] = {
        {"a: 1\na: 2\n", "t:2:1"},   {"a: &x 1\n", "t:1:4"}, {"a: &x [1]\nb: *x\n", "t:2:4"},
        {"a: [1, 2\n", "t:2:1"},     {"[a]: 1\n", "t:1:1"},  {"a: 1\n---\nb: 2\n", "t:2:1"},
        {"a: \"\xE5\xAD\"\n", "t:"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = ERR_INIT;
        struct yaml_node *root = NULL;
        assert_false(yaml_parse(&arena, str_from(cases[i].text), "t", &root, &err));
        assert_int_equal(err.kind, ERR_INPUT);
        assert_true(str_starts(str_from(err.en), str_from(cases[i].place)));
        assert_null(root);
    }
    struct text deep;
    struct err err = ERR_INIT;
    struct yaml_node *root = NULL;
    text_init(&deep, &arena, 1000);
    for (int i = 0; i < 100; i++) text_add_byte(&deep, '[');
    assert_false(yaml_parse(&arena, text_str(&deep), "t", &root, &err));
    assert_non_null(strstr(err.zh, "层次过深"));
    assert_true(yaml_parse(&arena, STR_EMPTY, "t", &root, &err));
    assert_int_equal(root->kind, YAML_MAP);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_tree),
                                       cmocka_unit_test(test_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
