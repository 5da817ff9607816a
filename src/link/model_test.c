#include "link/engine_testing.h"
#include "link/spec.h"

/* A model says what it was learnt for, and serves no other spec. */

#define END "block: [a]\n"

static const struct {
    const char *taught, *given; /* the spec that it was learnt with, and the one it is given to */
    const char *en, *zh;        /* what is said; NULL: it is taken */
} specs[] = {
    {"compare: {n: {on: a, levels: [exact, damerau 1]}}\n" END,
     "compare: {n: {on: a, levels: [exact, damerau 2]}}\n" END,
     "comparison \"n\": level 2 is \"damerau 1\" in the model and \"damerau 2\" in the spec; use "
     "the spec that the model was learnt with, or learn a model anew",
     "比较项“n”：第 2 级在模型中为“damerau 1”，在规格中为“damerau 2”；请用学习该模型时的规格，"
     "或重新学习模型"},
    {"compare: {n: {on: a, levels: [exact, damerau 1]}}\n" END,
     "compare: {n: {on: a, levels: [exact]}}\n" END,
     "comparison \"n\": level 2 is \"damerau 1\" in the model and \"otherwise\" in the spec; use ",
     "比较项“n”：第 2 级在模型中为“damerau 1”，在规格中为“otherwise”；"},
    {"compare: {n: {on: a, levels: [exact]}}\n" END,
     "compare: {n: {on: a, levels: [exact, damerau 1, prefix 2]}}\n" END,
     "comparison \"n\": level 2 is \"otherwise\" in the model and \"damerau 1\" in the spec; use ",
     "比较项“n”：第 2 级在模型中为“otherwise”，在规格中为“damerau 1”；"},
    {"compare: {n: {on: a, levels: date}}\n" END, "compare: {n: {on: a, levels: [date]}}\n" END,
     "comparison \"n\": level 2 is \"digits_swapped\" in the model and \"otherwise\" in the ",
     "比"},
    {"compare: {n: {on: [a, b], levels: [1 exact & 2 damerau 1]}}\n" END,
     "compare: {n: {on: [a, b], levels: [exact & 2 damerau 1]}}\n" END,
     "comparison \"n\": level 1 is \"1 exact & 2 damerau 1\" in the model and \"exact & 2 ", "比"},
    {"compare: {n: {on: a, levels: [exact]}}\n" END, "compare: {n: {on: b, levels: [exact]}}\n" END,
     "comparison \"n\": column 1 is \"a\" in the model and \"b\" in the spec; use the spec that ",
     "比较项“n”：第 1 列在模型中为“a”，在规格中为“b”；请用学习该模型时的规格，"},
    {"compare: {n: {on: [a, b], levels: [exact]}}\n" END,
     "compare: {n: {on: a, levels: [exact]}}\n" END,
     "comparison \"n\": column 2 is \"b\" in the model and \"\" in the spec; use ",
     "比较项“n”：第 2 列在模型中为“b”，在规格中为“”；"},
    /* The column that a derived one is made of counts, not its name. */
    {"derive: {x: a | lower}\ncompare: {n: {on: x | first 3, levels: [exact]}}\n" END,
     "derive: {x: a | clean}\ncompare: {n: {on: x | first 3, levels: [exact]}}\n" END,
     "comparison \"n\": column 1 is \"a | lower | first 3\" in the model and \"a | clean | ", "比"},
    {"derive: {x: b | lower}\ncompare: {n: {on: a | or x, levels: [exact]}}\n" END,
     "compare: {n: {on: a | or b, levels: [exact]}}\n" END,
     "comparison \"n\": column 1 is \"a | or (b | lower)\" in the model and \"a | or b\" ", "比"},
    /* Which values weigh by how rare they are. */
    {"compare: {n: {on: a, levels: [exact]}}\n" END,
     "compare: {n: {on: a, levels: [exact], frequency: yes}}\n" END,
     "comparison \"n\": frequency of level 1 is \"no\" in the model and \"[a]\" in the spec; use "
     "the spec that the model was learnt with, or learn a model anew",
     "比较项“n”：第 1 级的 frequency 在模型中为“no”，在规格中为“[a]”；请用学习该模型时的规格，"
     "或重新学习模型"},
    {"compare: {n: {on: a, levels: [exact], frequency: yes}}\n" END,
     "compare: {n: {on: a, levels: [exact]}}\n" END,
     "comparison \"n\": frequency of level 1 is \"[a]\" in the model and \"no\" in the spec; use ",
     "比较项“n”：第 1 级的 frequency 在模型中为“[a]”，在规格中为“no”；"},
    {"compare: {n: {on: a, levels: [exact, damerau 1], frequency: yes}}\n" END,
     "compare: {n: {on: a, levels: [exact, {test: damerau 1, frequency: no}], frequency: "
     "yes}}\n" END,
     "comparison \"n\": frequency of level 2 is \"[a]\" in the model and \"no\" in the spec; use ",
     "比较项“n”：第 2 级的 frequency 在模型中为“[a]”，在规格中为“no”；"},
    {"compare: {n: {on: [a, b], levels: [exact], frequency: a}}\n" END,
     "compare: {n: {on: [a, b], levels: [exact], frequency: yes}}\n" END,
     "comparison \"n\": frequency of level 1 is \"[a]\" in the model and \"[a, b]\" in the ", "比"},
    /* How common values were is kept in the order of the columns. */
    {"compare: {n: {on: [a, b], levels: [exact], frequency: [b, a]}}\n" END,
     "compare: {n: {on: [a, b], levels: [exact], frequency: yes}}\n" END,
     "comparison \"n\": frequency of level 1 is \"[b, a]\" in the model and \"[a, b]\" in the ",
     "比"},
    {"derive: {x: a | lower}\ncompare: {n: {on: a, levels: [exact], frequency: x}}\n" END,
     "derive: {x: a | clean}\ncompare: {n: {on: a, levels: [exact], frequency: x}}\n" END,
     "comparison \"n\": frequency of level 1 is \"[a | lower]\" in the model and \"[a | clean]\" ",
     "比"},
    {"compare: {n: {on: [a, b], levels: [exact], frequency: [a | lower | clean | name | surname | "
     "lower | clean | name | surname, b | lower | clean | name | surname | lower | clean | name | "
     "surname]}}\n" END,
     "compare: {n: {on: [a, b], levels: [exact]}}\n" END,
     "comparison \"n\": frequency of level 1 is \"[a | lower | clean | name | surname | lower | "
     "clean "
     "| name , b | lower | clean | name | surname | lower | clean | name ]\" in the model and "
     "\"no\" in the spec; use the spec that the model was learnt with, or learn a model anew",
     "比"},
    {"compare: {n: {on: a, levels: [exact]}}\n" END,
     "compare: {n: {on: a, levels: [exact], frequency: 'no | lower'}}\n" END,
     "comparison \"n\": frequency of level 1 is \"no\" in the model and \"[no | lower]\" in ",
     "比"},
    /* When a comparison says nothing. */
    {"compare: {n: {on: [a, b], levels: [1 exact]}}\n" END,
     "compare: {n: {on: [a, b], levels: [1 exact], missing: all}}\n" END,
     "comparison \"n\": missing is \"any\" in the model and \"all\" in the spec; use the spec that "
     "the model was learnt with, or learn a model anew",
     "比较项“n”：missing 在模型中为“any”，在规格中为“all”；请用学习该模型时的规格，"
     "或重新学习模型"},
    {"compare: {n: {on: [a, b], levels: [1 exact], missing: all}}\n" END,
     "compare: {n: {on: [a, b], levels: [1 exact]}}\n" END,
     "comparison \"n\": missing is \"all\" in the model and \"any\" in the spec; use the spec "
     "that ",
     "比较项“n”：missing 在模型中为“all”，在规格中为“any”；"},
    /* The same, said otherwise. */
    {"compare: {n: {on: a, levels: [exact, damerau 1], frequency: yes}}\n" END,
     "compare: {n: {on: a, levels: [{test: exact, frequency: a}, {test: damerau 1, frequency: "
     "[a]}], frequency: no, frequency_weight: 0.5}}\n" END,
     NULL, NULL},
    {"derive: {x: a|lower}\ncompare: {n: {on: x, levels: [exact], frequency: yes}}\n" END,
     "compare: {n: {on: a | lower, levels: [exact], frequency: [a  | lower]}}\n" END, NULL, NULL},
    {"compare: {n: {on: [a, b], levels: [exact], frequency: no, missing: any}}\n" END,
     "compare: {n: {on: [a, b], levels: [exact]}}\n" END, NULL, NULL},
    {"compare: {n: {on: a, levels: [exact], missing: all}}\n" END, /* of one column it is the same
                                                                    */
     "compare: {n: {on: a, levels: [exact]}}\n" END, NULL, NULL},
    {"compare: {n: {on: a, levels: [exact, jaro_winkler 0.90&exact, within 1.50]}}\n" END,
     "compare: {n: {on: a, levels: [exact, 'jaro_winkler   .9  &  exact', within 1.5]}}\n" END,
     NULL, NULL},
    {"compare: {n: {on: a, levels: text}}\n" END,
     "compare: {n: {on: a, levels: [exact, {test: jaro_winkler 0.92, label: near}, jaro_winkler "
     "0.8], otherwise: far}}\n" END,
     NULL, NULL},
    {"derive: {x: a|lower|blank no none}\ncompare: {n: {on: x, levels: [exact]}}\n" END,
     "compare: {n: {on: a | lower | blank no  none, levels: [exact]}}\nreview: -9\nblock: [b]\n",
     NULL, NULL},
};

static struct link_model *model_of(struct arena *arena, const struct link_spec *spec)
{
    struct link_model *model = arena_new(arena, struct link_model);
    model->comparison_count = spec->comparison_count;
    model->prior = -9000;
    for (size_t c = 0; c < spec->comparison_count; c++) {
        struct link_model_comparison *comparison = &model->comparisons[c];
        comparison->name = spec->comparisons[c].key;
        comparison->asked = &spec->comparisons[c];
        comparison->level_count = spec->comparisons[c].level_count;
        comparison->m[0] = -100;
        comparison->u[0] = -9000;
    }
    return model;
}

static void test_specs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct link_model *read = NULL;
        const struct link_spec *taught = spec_of(&arena, specs[i].taught);
        const struct link_spec *given = spec_of(&arena, specs[i].given);
        struct str json = link_model_write(&arena, model_of(&arena, taught));
        bool taken = link_model_read(&arena, json, given, &read, &err);
        if (taken != (specs[i].en == NULL)) print_error("%zu: %s\n", i, err.en);
        assert_int_equal(taken, specs[i].en == NULL);
        if (taken) {
            assert_true(str_equal(link_model_write(&arena, read), json));
        } else {
            assert_int_equal(err.kind, ERR_INPUT);
            assert_null(read);
            if (!str_starts(str_from(err.en), str_from(specs[i].en))) print_error("%s\n", err.en);
            assert_true(str_starts(str_from(err.en), str_from(specs[i].en)));
            assert_true(str_starts(str_from(err.zh), str_from(specs[i].zh)));
        }
        arena_free(&arena);
    }
}

static const char spec_text[] =
    "compare:\n"
    "  n: {on: [a, b], levels: [exact, {test: 2 damerau 1, frequency: b | lower}, prefix 2], "
    "frequency: yes, missing: all}\n"
    "  \"o\": {on: c, levels: [exact]}\n" END;

static void test_words(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct str json = link_model_write(&arena, model_of(&arena, spec_of(&arena, spec_text)));
    assert_true(
        str_find(json, STR("{\"name\":\"n\",\"on\":[\"a\",\"b\"],\"levels\":[\"exact\","
                           "\"2 damerau 1\",\"prefix 2\",\"otherwise\"],\"frequency\":[[\"a\","
                           "\"b\"],[\"b | lower\"],[\"a\",\"b\"],[]],\"missing\":\"all\","
                           "\"m\":["))
        != SIZE_MAX);
    assert_true(str_find(json, STR("{\"name\":\"o\",\"on\":[\"c\"],\"levels\":[\"exact\","
                                   "\"otherwise\"],\"m\":["))
                != SIZE_MAX);
    arena_free(&arena);
}

/* A model of an older program says neither, is taken as before, and stays as it is. */
static void test_older(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct link_model *read = NULL;
    const struct link_spec *spec = spec_of(&arena, spec_text);
    struct str json = STR(
        "{\"version\":1,\"prior\":-9000,\"comparisons\":[{\"name\":\"n\",\"m\":[-1,-2,-3,"
        "-4],\"u\":[-4,-3,-2,-1],\"frequency_base\":[0,0,0,0]},{\"name\":\"o\",\"m\":[-1,-2],\"u\":"
        "[-2,-1],\"frequency_base\":[0,0]}]}");
    assert_true(link_model_read(&arena, json, spec, &read, &err));
    assert_null(read->comparisons[0].asked);
    assert_true(str_equal(link_model_write(&arena, read), json));
    arena_free(&arena);
}

#define ASKED "\"on\":[\"a\"],\"levels\":[\"exact\",\"otherwise\"]"

static const char *const damaged[] = {
    "\"on\":[\"a\"]",
    "\"levels\":[\"exact\",\"otherwise\"]",
    "\"on\":\"a\",\"levels\":[[\"exact\"],\"otherwise\"]",
    "\"on\":[\"a\"],\"levels\":{\"exact\":1}",
    "\"on\":[],\"levels\":[]",
    "\"frequency\":[[],[]]",
    "\"missing\":\"any\"",
    "\"on\":[\"a\"],\"levels\":[\"exact\",\"otherwise\",\"otherwise\",\"exact\"]",
    ASKED ",\"frequency\":\"a\"",
    ASKED ",\"frequency\":[\"a\",\"\"]",
    ASKED ",\"frequency\":[[]]",
    ASKED ",\"frequency\":[[],[],[]]",
    ASKED ",\"frequency\":[[],[\"a\"]]",
    ASKED ",\"frequency\":[[[\"a\"]],[]]",
    ASKED ",\"frequency\":[[\"a\",\"b\",\"a\"],[]]",
    ASKED ",\"frequency\":{\"a\":[],\"b\":[]}",
    ASKED ",\"missing\":\"none\"",
    ASKED ",\"missing\":[\"any\"]",
};

static void test_damaged(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct link_model *read = NULL;
        struct text text;
        text_init(&text, &arena, 4096);
        text_add_f(&text,
                   "{\"version\":1,\"prior\":0,\"comparisons\":[{\"name\":\"n\",%s,\"m\":[-1,-2],"
                   "\"u\":[-2,-1],\"frequency_base\":[0,0]}]}",
                   damaged[i]);
        const struct link_spec *spec =
            spec_of(&arena, "compare: {n: {on: a, levels: [exact]}}\n" END);
        assert_false(link_model_read(&arena, text_str(&text), spec, &read, &err));
        assert_int_equal(err.kind, ERR_INPUT);
        assert_null(read);
        arena_free(&arena);
    }
}

/* Derived columns that double with each step, and names without end: the model stays short. */
static void test_long(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct link_model *read = NULL;
    struct text text;
    text_init(&text, &arena, 1 << 20);
    text_add_c(&text, "derive:\n  x0: a | lower\n");
    for (int i = 1; i < 60; i++) text_add_f(&text, "  x%d: x%d | join x%d\n", i, i - 1, i - 1);
    text_add_c(&text, "  y: \"b");
    for (int i = 0; i < 3000; i++) text_add_c(&text, "长");
    text_add_c(&text, " | lower\"\ncompare: {n: {on: [x59, y], levels: [exact]}}\n" END);
    const struct link_spec *spec = spec_of(&arena, text_str(&text).ptr);
    struct str json = link_model_write(&arena, model_of(&arena, spec));
    assert_true(json.len < 4096);
    assert_true(utf8_valid(json));
    assert_true(str_find(json, STR("\"b长长长")) != SIZE_MAX);
    assert_true(link_model_read(&arena, json, spec, &read, &err));
    arena_free(&arena);
}

/* The longest that a model can be: each level of each comparison names two columns of a thousand
 * bytes, each of which takes six in JSON. */
static void test_largest(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct link_model *read = NULL;
    struct text text;
    text_init(&text, &arena, 1 << 20);
    text_add_c(&text, "derive:\n");
    for (int i = 0; i < 4; i++) {
        text_add_f(&text, "  x%d: \"%d", i, i);
        for (int k = 0; k < 998; k++) text_add_c(&text, "\\x01");
        text_add_c(&text, "\"\n");
    }
    text_add_c(&text, "compare:\n");
    for (int c = 0; c < LINK_COMPARISONS_MAX; c++) {
        text_add_f(&text, "  n%d: {on: [x0, x1, x2, x3], frequency: yes, levels: [", c);
        for (int k = 0; k < LINK_LEVELS_MAX; k++) text_add_f(&text, "%sexact", k > 0 ? ", " : "");
        text_add_c(&text, "]}\n");
    }
    text_add_c(&text, END);
    const struct link_spec *spec = spec_of(&arena, text_str(&text).ptr);
    struct str json = link_model_write(&arena, model_of(&arena, spec));
    assert_true(json.len > 2500000);
    if (!link_model_read(&arena, json, spec, &read, &err)) fail_msg("%s", err.en);
    assert_true(str_equal(link_model_write(&arena, read), json));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_specs), cmocka_unit_test(test_words),
        cmocka_unit_test(test_older), cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_long),  cmocka_unit_test(test_largest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
