#include "link/engine_testing.h"

/* Families: brothers and sisters share guardian, phone and address, and there are many more of them
 * than of children who are listed twice. */

static const char *const columns[] = {"name", "born", "guardian", "phone", "address"};

static const char plain[] = "compare:\n"
                            "  name: {on: name, levels: [exact, damerau 1]}\n"
                            "  born: {on: born, levels: [exact, prefix 4]}\n"
                            "  guardian: {on: guardian, levels: [exact]}\n"
                            "  phone: {on: phone, levels: [exact]}\n"
                            "  address: {on: address, levels: [exact]}\n"
                            "block: [phone, guardian & address, name & born, name & guardian,\n"
                            "        born & address]\n"
                            "review: -5\nmatch: 5\n";
static const char shared[] = "compare:\n"
                             "  name: {on: name, levels: [exact, damerau 1]}\n"
                             "  born: {on: born, levels: [exact, prefix 4]}\n"
                             "  guardian: {on: guardian, levels: [exact], shared: yes}\n"
                             "  phone: {on: phone, levels: [exact], shared: yes}\n"
                             "  address: {on: address, levels: [exact], shared: yes}\n"
                             "block: [phone, guardian & address, name & born, name & guardian,\n"
                             "        born & address]\n"
                             "review: -5\nmatch: 5\n";

/* A child, and perhaps the same once more with a cell or two from elsewhere. */
static void add_child(struct table *table, struct rng *rng, uint32_t person, char cells[5][24])
{
    const char *row[] = {cells[0], cells[1], cells[2], cells[3], cells[4]};
    table_add(table, 0, person, row);
    if (rng_below(rng, 12) > 0) return;
    char other[24];
    snprintf(other, sizeof other, "x%u", rng_below(rng, 3000));
    uint32_t wrong = rng_below(rng, 8);
    if (wrong < 5) row[wrong] = other;
    table_add(table, 0, person, row);
}

static void add_families(struct table *table, uint32_t families)
{
    struct rng rng = rng_seed(11);
    for (uint32_t f = 0, person = 0; f < families; f++) {
        char cells[5][24];
        uint32_t children = 1 + rng_below(&rng, 3);
        snprintf(cells[2], sizeof cells[2], "guardian%u", rng_below(&rng, 4000));
        snprintf(cells[3], sizeof cells[3], "phone%u", f);
        snprintf(cells[4], sizeof cells[4], "address%u", rng_below(&rng, 5000));
        for (uint32_t i = 0; i < children; i++) {
            snprintf(cells[0], sizeof cells[0], "name%u", rng_below(&rng, 900));
            snprintf(cells[1], sizeof cells[1], "%u-%u", 2005 + rng_below(&rng, 9),
                     rng_below(&rng, 365));
            add_child(table, &rng, person++, cells);
        }
    }
}

/* Pairs inside clusters that are right, and that are not. */
static void count_pairs(const struct table *table, const struct link_result *result,
                        uint32_t *right, uint32_t *wrong)
{
    *right = *wrong = 0;
    for (uint32_t a = 0; a < table->count; a++) {
        for (uint32_t b = a + 1; b < table->count; b++) {
            if (result->clusters[a] != result->clusters[b]) continue;
            if (table->entities[a] == table->entities[b])
                ++*right;
            else
                ++*wrong;
        }
    }
}

static void test_families(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct table table;
    uint32_t right, wrong, true_pairs = 0;
    size_t comparison = 99;
    table_open(&table, &arena, 5000, columns, 5);
    add_families(&table, 1500);
    for (uint32_t r = 1; r < table.count; r++) {
        true_pairs += table.entities[r] == table.entities[r - 1];
    }
    /* Who is not told what a household shares takes it for one child; and can be told so. */
    struct link_result blind = run_of(engine_of(&arena, &table, spec_of(&arena, plain)),
                                      (struct link_options){.threads = 2});
    count_pairs(&table, &blind, &right, &wrong);
    assert_true(wrong > 2 * right);
    assert_true(link_model_is_household(blind.model, &comparison));
    assert_true(comparison < 2);
    struct link_spec *spec = spec_of(&arena, shared);
    struct link_result told =
        run_of(engine_of(&arena, &table, spec), (struct link_options){.threads = 2});
    count_pairs(&table, &told, &right, &wrong);
    print_message("%u true pairs, %u found, %u wrong\n", true_pairs, right, wrong);
    assert_true(right * 10 > true_pairs * 7);
    assert_true(wrong * 20 < right);
    assert_false(link_model_is_household(told.model, &comparison));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_families),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
