#include "link/spec_keys.h"

#include "base/testing.h"

static const char good[] = "id: number\n"
                           "source: office\n"
                           "derive:\n"
                           "  name: name | clean\n"
                           "  key: name | surname | first 1\n"
                           "compare:\n"
                           "  name:\n"
                           "    on: name\n"
                           "    label: {en: name, zh: 姓名}\n"
                           "    levels: chinese_name\n"
                           "    frequency: yes\n"
                           "  born:\n"
                           "    on: birth_date\n"
                           "    levels:\n"
                           "      - date\n"
                           "      - {test: one_digit, label: {en: a digit, zh: 一位}}\n"
                           "    otherwise: far\n"
                           "block:\n"
                           "  - name & birth_date | year\n"
                           "  - {on: id_number | wildcards, max: 50}\n"
                           "interactions: [[name, born]]\n"
                           "review: -3.5\n"
                           "match: 6\n";

static void test_good(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct link_spec *spec;
    assert_true(link_spec_parse(&arena, str_from(good), "a.yaml", &spec, &err));
    assert_str_is(link_spec_id_column(spec), "number");
    assert_str_is(link_spec_source_column(spec), "office");
    const struct str *names;
    assert_int_equal(link_spec_columns(spec, &names), 3);
    assert_str_is(names[0], "name");
    assert_str_is(names[1], "birth_date");
    assert_str_is(names[2], "id_number");
    assert_int_equal(link_spec_review(spec), -3500);
    assert_int_equal(link_spec_match(spec), 6000);
    assert_int_equal(spec->comparison_count, 2);
    assert_int_equal(spec->comparisons[0].level_count, 10);
    assert_str_is(spec->comparisons[0].label_zh, "姓名");
    assert_int_equal(spec->comparisons[1].level_count, 3);
    assert_str_is(spec->comparisons[1].levels[1].label_zh, "一位");
    assert_str_is(spec->comparisons[1].levels[2].label_en, "far");
    assert_true(spec->comparisons[0].levels[0].frequency[0] == spec->comparisons[0].fields[0]);
    assert_int_equal(spec->comparisons[0].levels[9].frequency[0], SPEC_NONE);
    assert_int_equal(spec->rules[1].block_max, 50);
    assert_true(spec->rules[1].many);
    assert_false(spec->rules[0].many);
    assert_int_equal(spec->interaction_count, 1);
    arena_free(&arena);
}

#define COMPARE "compare: {a: {on: a, levels: [exact]}}\n"
#define BLOCK "block: [a]\n"

/* A long word is cut at a whole character. */
static void test_cut(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct link_spec *spec;
    struct text text;
    text_init(&text, &arena, 4096);
    text_add_c(&text, COMPARE "block: ['a | x");
    for (int i = 0; i < 50; i++) text_add_c(&text, "列");
    text_add_c(&text, "']\n");
    assert_false(link_spec_parse(&arena, text_str(&text), "s", &spec, &err));
    assert_true(utf8_valid(str_from(err.en)));
    assert_true(utf8_valid(str_from(err.zh)));
    arena_free(&arena);
}

static const struct {
    const char *text, *place;
} bad_cases[] = {
    {"", "s:1:1"},
    {COMPARE, "s:1:1"},
    {COMPARE BLOCK "colour: red\n", "s:3:1"},
    {COMPARE "block: [a | nonsense]\n", "s:2:9"},
    {COMPARE "block: ['a | first']\n", "s:2:9"},
    {COMPARE "block: ['a | first x']\n", "s:2:9"},
    {COMPARE "block: ['a | lower 3']\n", "s:2:9"},
    {COMPARE "block: ['a |']\n", "s:2:9"},
    {COMPARE "block: ['a & ']\n", "s:2:9"},
    {COMPARE "block: [{on: a, max: 1}]\n", "s:2:22"},
    {COMPARE "block: a\n", "s:2:8"},
    {"compare: {a: {on: a, levels: [similar]}}\n" BLOCK, "s:1:31"},
    {"compare: {a: {on: a, levels: [jaro_winkler]}}\n" BLOCK, "s:1:31"},
    {"compare: {a: {on: a, levels: [jaro_winkler 2]}}\n" BLOCK, "s:1:31"},
    {"compare: {a: {on: a, levels: [exact 1]}}\n" BLOCK, "s:1:31"},
    {"compare: {a: {on: a, levels: [levenshtein 1.5]}}\n" BLOCK, "s:1:31"},
    {"compare: {a: {on: a, levels: [2 exact]}}\n" BLOCK, "s:1:31"},
    {"compare: {a: {on: a, levels: [crossed]}}\n" BLOCK, "s:1:31"},
    {"compare: {a: {on: a, levels: names}}\n" BLOCK, "s:1:30"},
    {"compare: {a: {on: a, levels: []}}\n" BLOCK, "s:1:30"},
    {"compare: {a: {levels: [exact]}}\n" BLOCK, "s:1:14"},
    {"compare: {a: {on: 'a | tokens', levels: [exact]}}\n" BLOCK, "s:1:19"},
    {"compare: {a: {on: a, levels: [exact], missing: some}}\n" BLOCK, "s:1:48"},
    {"compare: {a: {on: a, levels: [exact], anchor: maybe}}\n" BLOCK, "s:1:47"},
    {"compare: {a: {on: a, levels: [exact], frequency_weight: 2}}\n" BLOCK, "s:1:57"},
    {COMPARE BLOCK "interactions: [[a, b]]\n", "s:3:20"},
    {COMPARE BLOCK "interactions: [[a, a]]\n", "s:3:16"},
    {COMPARE BLOCK "review: 5\nmatch: 4\n", "s:4:8"},
    {COMPARE BLOCK "match: much\n", "s:3:8"},
    {COMPARE BLOCK "pairs: some\n", "s:3:8"},
    {COMPARE BLOCK "one_to_one: 1\n", "s:3:13"},
    {"derive: {b: 'a | tokens | or c'}\n" COMPARE BLOCK, "s:1:13"},
    {"derive: [a]\n" COMPARE BLOCK, "s:1:9"},
};

static void test_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_cases / sizeof *bad_cases; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct link_spec *spec = NULL;
        bool parsed = link_spec_parse(&arena, str_from(bad_cases[i].text), "s", &spec, &err);
        if (parsed) print_error("accepted: %s", bad_cases[i].text);
        assert_false(parsed);
        assert_null(spec);
        assert_int_equal(err.kind, ERR_INPUT);
        if (!str_starts(str_from(err.en), str_from(bad_cases[i].place))) {
            print_error("%s: %s\n", bad_cases[i].text, err.en);
        }
        assert_true(str_starts(str_from(err.en), str_from(bad_cases[i].place)));
        assert_true(str_starts(str_from(err.zh), str_from(bad_cases[i].place)));
        arena_free(&arena);
    }
}

/* A misspelt key is told from an unknown one. */
static void test_near(void **state)
{
    (void)state;
    static const struct {
        const char *text, *sentence;
    } cases[] = {
        {"compar: 1\n", "s:1:1: this key is not known here; did you mean `compare`?"},
        {COMPARE BLOCK "reveiw: 1\n", "s:3:1: this key is not known here; did you mean `review`?"},
        {"compare: {a: {on: a, level: [exact]}}\n",
         "s:1:22: this key is not known here; did you mean `levels`?"},
        {COMPARE BLOCK "colour: red\n", "s:3:1: this key is not known here"},
        {COMPARE BLOCK "match: 1000.5\n", "s:3:8: expected a number from -1000 to 1000"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct link_spec *spec;
        assert_false(link_spec_parse(&arena, str_from(cases[i].text), "s", &spec, &err));
        assert_string_equal(err.en, cases[i].sentence);
        arena_free(&arena);
    }
}

/* The table and the reader hold the same keys: what stands in the table is read, also where nobody
 * wrote a spec with it. What is read and does not stand there is refused by the table. */
static void test_table(void **state)
{
    (void)state;
    size_t count;
    const struct spec_key *keys = spec_keys(&count);
    static const char *const values[] = {[SPEC_TEXT] = "x",
                                         [SPEC_BOOL] = "yes",
                                         [SPEC_NUMBER] = "1",
                                         [SPEC_INTEGER] = "7",
                                         [SPEC_COLUMN] = "x",
                                         [SPEC_COLUMNS] = "x",
                                         [SPEC_RULE_TEXT] = "x",
                                         [SPEC_TEST] = "exact",
                                         [SPEC_LEVELS] = "text",
                                         [SPEC_LABEL] = "x",
                                         [SPEC_FREQUENCY] = "x",
                                         [SPEC_DERIVE] = "{x: y}",
                                         [SPEC_COMPARE] = "{x: {on: x, levels: text}}",
                                         [SPEC_RULES] = "[x]",
                                         [SPEC_INTERACTIONS] = "[]"};
    static const char *const around[SPEC_PLACES] = {
        [SPEC_TOP] = "%s%s: %s\n",
        [SPEC_COMPARISON] = "block: [z]\ncompare: {a: {%s%s: %s}}\n",
        [SPEC_LEVEL] = "block: [z]\ncompare: {a: {on: a, levels: [{%s%s: %s}]}}\n",
        [SPEC_RULE] = "compare: {a: {on: a, levels: text}}\nblock: [{%s%s: %s}]\n",
        [SPEC_WORDS] = "block: [z]\ncompare: {a: {on: a, levels: text, label: {%s%s: %s}}}\n"};
    for (size_t i = 0; i < count; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct link_spec *spec;
        struct text text, before;
        text_init(&text, &arena, 4096);
        text_init(&before, &arena, 4096);
        for (size_t k = 0; k < count; k++) {
            if (k == i || keys[k].place != keys[i].place || !keys[k].needed) continue;
            text_add_f(&before, keys[i].place == SPEC_TOP ? "%s: %s\n" : "%s: %s, ", keys[k].name,
                       values[keys[k].kind]);
        }
        text_add_byte(&before, '\0');
        const char *value = keys[i].kind == SPEC_CHOICE ? "all" : values[keys[i].kind];
        text_add_f(&text, around[keys[i].place], before.ptr, keys[i].name, value);
        bool parsed = link_spec_parse(&arena, text_str(&text), "s", &spec, &err);
        if (!parsed) print_error("%.*s%s\n", (int)text.len, text.ptr, err.en);
        assert_true(parsed);
        arena_free(&arena);
    }
}

/* Limits are refused, not overrun. */
static void test_limits(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct link_spec *spec;
    struct text text;
    text_init(&text, &arena, 1 << 20);
    text_add_c(&text, "compare:\n");
    for (int i = 0; i < 17; i++) text_add_f(&text, "  c%d: {on: a, levels: [exact]}\n", i);
    text_add_c(&text, BLOCK);
    assert_false(link_spec_parse(&arena, text_str(&text), "s", &spec, &err));
    text_clear(&text);
    text_add_c(&text, COMPARE "block:\n");
    for (int i = 0; i < 33; i++) text_add_f(&text, "  - a | first %d\n", i + 1);
    assert_false(link_spec_parse(&arena, text_str(&text), "s", &spec, &err));
    text_clear(&text);
    text_add_c(&text, COMPARE "block:\n");
    for (int i = 0; i < 32; i++) text_add_f(&text, "  - a%d & b%d & c%d\n", i, i, i);
    assert_false(link_spec_parse(&arena, text_str(&text), "s", &spec, &err));
    text_clear(&text);
    text_add_c(&text, "compare: {a: {on: a, levels: [");
    for (int i = 0; i < 15; i++) text_add_f(&text, "levenshtein %d, ", i);
    text_add_c(&text, "exact]}}\n" BLOCK);
    assert_false(link_spec_parse(&arena, text_str(&text), "s", &spec, &err));
    text_clear(&text);
    text_add_c(&text, COMPARE "block: ['a");
    for (int i = 0; i < 17; i++) text_add_c(&text, " | lower");
    text_add_c(&text, "']\n");
    assert_false(link_spec_parse(&arena, text_str(&text), "s", &spec, &err));
    arena_free(&arena);
}

/* Levels may each ask how common values of another column are, but of so many in all. */
static void test_frequencies(void **state)
{
    (void)state;
    for (int more = 0; more < 2; more++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct link_spec *spec;
        struct text text;
        text_init(&text, &arena, 1 << 20);
        text_add_c(&text, "compare:\n");
        for (int i = 0; i < LINK_FREQUENCIES_MAX + more; i++) {
            if (i % 8 == 0) text_add_f(&text, "  c%d:\n    on: a\n    levels:\n", i);
            text_add_f(&text, "      - {test: levenshtein %d, frequency: b%d}\n", i % 8 + 1, i);
        }
        text_add_c(&text, BLOCK);
        bool parsed = link_spec_parse(&arena, text_str(&text), "s", &spec, &err);
        assert_int_equal(parsed, more == 0);
        if (more == 1) assert_non_null(strstr(err.en, "more than 32 columns have a frequency"));
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_bad),         cmocka_unit_test(test_near),
        cmocka_unit_test(test_table),       cmocka_unit_test(test_limits),
        cmocka_unit_test(test_frequencies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
