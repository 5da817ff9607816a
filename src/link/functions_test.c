#include "link/functions.h"

#include "base/testing.h"
#include "base/yaml.h"

/* Expressions applied to a text; several keys are shown with "|" between. */
static const struct {
    const char *expression, *text, *result;
} cases[] = {
    {"a | clean", " Ann-Marie  O'Neil\xEF\xBC\x91 ", "ann marie o neil1"},
    {"a | nfkc", "\xEF\xBC\xA1\xEF\xBC\xA2", "AB"},
    {"a | lower", "\xC3\x89T\xC3\x89", "\xC3\xA9t\xC3\xA9"},
    {"a | letters", "o'neil 2", "oneil2"},
    {"a | squeeze",
     "ab c\xE3\x80\x80"
     "d",
     "abcd"},
    {"a | digits", "tel. 0943-8221234", "09438221234"},
    {"a | first 2", "王小明", "王小"},
    {"a | last 2", "王小明", "小明"},
    {"a | last 5", "王小明", "王小明"},
    {"a | at_least 3", "ab", ""},
    {"a | at_least 3", "abc", "abc"},
    {"a | blank 无 n/a", "n/a", ""},
    {"a | blank 无 n/a", "na", "na"},
    {"a | word 2", "john paul smith", "paul"},
    {"a | word -1", "john paul smith", "smith"},
    {"a | word 4", "john paul smith", ""},
    {"a | word -4", "john paul smith", ""},
    {"a | sort_words", "smith john paul", "john paul smith"},
    {"a | initials", "john paul", "jp"},
    {"a | soundex", "Robert", "R163"},
    {"a | soundex", "rupert", "R163"},
    {"a | soundex", "Ashcraft", "A261"},
    {"a | soundex", "Tymczak", "T522"},
    {"a | soundex", "Pfister", "P236"},
    {"a | soundex", "123", ""},
    {"a | skeleton", "Allen", "aln"},
    {"a | name", "王 小明（双）", "王小明"},
    {"a | surname", "欧阳娜娜", "欧阳"},
    {"a | given", "欧阳娜娜", "娜娜"},
    {"a | name", "不详", ""},
    {"a | reading", "王小明", "wangxiaoming"},
    {"a | date", "2012年3月5日", "2012-03-05"},
    {"a | date", "2012/3", "2012-03"},
    {"a | date", "05/03/2012", "2012-03-05"},
    {"a | date", "none", ""},
    {"a | year", "20120305", "2012"},
    {"a | month", "20120305", "03"},
    {"a | day", "2012-03", ""},
    {"a | year_month", "20120305", "2012-03"},
    {"a | month_day", "20120305", "03-05"},
    {"a | id", "'11010519491231002x", "11010519491231002X"},
    {"a | id_valid", "110105194912310021", ""},
    {"a | id_birth", "11010519491231002X", "1949-12-31"},
    {"a | id_area", "11010519491231002X", "110105"},
    {"a | id_sex", "11010519491231002X", "F"},
    {"a | phone", "+86 139-0943-0001", "13909430001"},
    {"a | phone", "123", ""},
    {"a | division 6", "620422100201", "620422"},
    {"a | division 9", "620422000000", ""},
    {"a | tokens", "john  paul", "john|paul"},
    {"a | token_pairs", "c a b", "a b|a c|b c"},
    {"a | wildcards", "王小", "?小|王?"},
    {"a | deletes", "abc", "abc|bc|ac|ab"},
    {"a | grams 2", "abcd", "ab|bc|cd"},
    {"a | grams 5", "abcd", ""},
    {"a | tokens | first 1", "john paul", "j|p"},
    {"a | clean | tokens | soundex", "Robert Rupert", "R163|R163"},
};

static void test_functions(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct link_spec spec = {0};
        struct yaml_node node = {.line = 1, .column = 1};
        struct spec_reader reader = {.arena = &arena, .spec = &spec, .name = "s", .err = &err};
        uint32_t column;
        spec.inputs = arena_array(&arena, struct str, LINK_COLUMNS_MAX);
        spec.columns = arena_array(&arena, struct spec_column, SPEC_DERIVED_MAX);
        assert_true(spec_column_read(&reader, &node, str_from(cases[i].expression), &column));
        struct function_items items = {.items = {str_from(cases[i].text)}, .count = 1};
        for (size_t s = 0; s < spec.columns[column].step_count; s++) {
            function_apply(&arena, &spec.columns[column].steps[s], &items);
        }
        struct text text;
        text_init(&text, &arena, 4096);
        for (size_t k = 0; k < items.count; k++) {
            if (k > 0) text_add_byte(&text, '|');
            text_add(&text, items.items[k]);
        }
        if (!str_is(text_str(&text), cases[i].result)) {
            print_error("%s of %s: %s\n", cases[i].expression, cases[i].text, text.ptr);
        }
        assert_str_is(text_str(&text), cases[i].result);
        arena_free(&arena);
    }
}

/* A text with more pieces than there is room for loses the rest, nothing else. */
static void test_many(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct text text;
    text_init(&text, &arena, 1 << 16);
    for (int i = 0; i < 3000; i++) text_add_f(&text, "w%d ", i);
    static const enum function functions[] = {FUNCTION_TOKENS, FUNCTION_WILDCARDS, FUNCTION_DELETES,
                                              FUNCTION_GRAMS, FUNCTION_PAIRS};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        struct spec_step step = {.function = functions[i], .number = 3};
        struct function_items items = {.items = {text_str(&text)}, .count = 1};
        function_apply(&arena, &step, &items);
        assert_int_equal(items.count, FUNCTION_ITEMS_MAX);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
