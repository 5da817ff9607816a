#include "base/testing.h"

#include "identity/division_tree.h"

static struct divisions *load(struct arena *arena)
{
    struct divisions *divisions;
    struct err err = ERR_INIT;
    assert_true(divisions_load(&divisions, arena, NULL, &err));
    return divisions;
}

/* "code level parent;" of each, the first few. */
static struct str shown(struct arena *arena, const struct division_node *nodes, size_t count)
{
    struct text text;
    text_init(&text, arena, 4096);
    text_add_c(&text, "");
    for (size_t i = 0; i < count && i < 6; i++) {
        struct str parent = nodes[i].parent == NULL ? STR("-") : nodes[i].parent->code;
        text_add_f(&text, "%.*s %s %.*s%s;", STR_ARG(nodes[i].division->code), nodes[i].level,
                   STR_ARG(parent), nodes[i].more ? "" : " leaf");
    }
    return text_str(&text);
}

static void the_top_is_the_own_place(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct divisions *divisions = load(&arena);
    struct division_node *nodes;
    size_t count;
    division_tree_top(divisions, &arena, &nodes, &count);
    assert_true(count > 7 + 60 && count < 7 + 100);
    assert_str_is(shown(&arena, nodes, 4), "620000 province -;620400 prefecture 620000;"
                                           "620402 county 620400;620402001 township 620402;");
    arena_free(&arena);
}

static void one_goes_down(void **state)
{
    (void)state;
    static const struct {
        const char *code, *first;
        size_t least;
    } cases[] = {
        {"620000", "620100 prefecture 620000;", 14},
        {"620400", "620402 county 620400;", 5},
        {"620422", "620422100 township 620422;", 10},
        {"620402001", "620402001001 village 620402001 leaf;", 5},
        {"110000", "110101 county 110000 leaf;", 10}, /* no prefecture between */
        {"620402001001", "", 0},
        {"999999", "", 0},
    };
    struct arena arena = {0};
    struct divisions *divisions = load(&arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct division_node *nodes;
        size_t count;
        division_tree_below(divisions, &arena, str_from(cases[i].code), &nodes, &count);
        assert_true(count >= cases[i].least);
        assert_str_is(shown(&arena, nodes, count > 0), cases[i].first);
    }
    arena_free(&arena);
}

static void names_and_codes_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t most;
        const char *found;
    } cases[] = {
        {"郭城驿", 1,
         "620000 province -;620400 prefecture 620000;620422 county 620400;"
         "620422101 township 620422;"},
        {"会宁县", 9, "620000 province -;620400 prefecture 620000;620422 county 620400;"},
        {"620422101", 1,
         "620000 province -;620400 prefecture 620000;620422 county 620400;"
         "620422101 township 620422;"},
        {"没有这个地方", 9, ""},
    };
    struct arena arena = {0};
    struct divisions *divisions = load(&arena);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct division_node *nodes;
        size_t count;
        division_tree_find(divisions, &arena, str_from(cases[i].text), cases[i].most, &nodes,
                           &count);
        assert_str_is(shown(&arena, nodes, count), cases[i].found);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_top_is_the_own_place),
        cmocka_unit_test(one_goes_down),
        cmocka_unit_test(names_and_codes_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
