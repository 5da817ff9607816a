#include "link/engine_internal.h"
#include "link/engine_testing.h"

#include <stdlib.h>

/* Blocking held against the plain way: every pair, every rule, by texts. */

static const char spec_text[] = "compare: {name: {on: name, levels: [exact]},\n"
                                "  town: {on: town, levels: [exact]}, phone: {on: phone, "
                                "levels: [exact]}}\n"
                                "block:\n"
                                "  - name & town\n"
                                "  - phone\n"
                                "  - {on: born | deletes, max: 60}\n"
                                "  - {on: town, max: 30}\n"
                                "  - town | grams 6 & born | first 5\n"
                                "  - phone | wildcards & town\n";

static bool one_edit_key(struct str a, struct str b, bool wildcards)
{
    struct value_text x, y;
    struct arena arena = {0};
    value_text_read(&arena, a, &x);
    value_text_read(&arena, b, &y);
    bool found = false;
    if (wildcards) {
        int differ = 0;
        for (int i = 0; x.count == y.count && i < x.count; i++) differ += x.codes[i] != y.codes[i];
        found = x.count == y.count && differ <= 1;
    } else {
        /* Two texts share a deletion when taking one character from each, or from one, is enough.
         */
        for (int i = -1; i < x.count && !found; i++) {
            for (int j = -1; j < y.count && !found; j++) {
                struct text one, two;
                text_init(&one, &arena, 256);
                text_init(&two, &arena, 256);
                for (int k = 0; k < x.count; k++)
                    if (k != i) text_add_code(&one, x.codes[k]);
                for (int k = 0; k < y.count; k++)
                    if (k != j) text_add_code(&two, y.codes[k]);
                found = one.len > 0 && str_equal(text_str(&one), text_str(&two));
            }
        }
    }
    arena_free(&arena);
    return found;
}

static bool shares_gram(struct str a, struct str b)
{
    for (size_t i = 0; i + 6 <= a.len; i++) {
        for (size_t j = 0; j + 6 <= b.len; j++) {
            if (str_equal(str_slice(a, i, i + 6), str_slice(b, j, j + 6))) return true;
        }
    }
    return false;
}

/* Whether a rule's keys bring two records together, caps aside. */
static bool naive_meets(const struct table *table, size_t rule, uint32_t a, uint32_t b)
{
    struct str one[4], two[4];
    for (size_t c = 0; c < 4; c++) {
        one[c] = table_text(table, c, a);
        two[c] = table_text(table, c, b);
    }
    enum { NAME, BORN, TOWN, PHONE };
    bool name = one[NAME].len > 0 && str_equal(one[NAME], two[NAME]);
    bool town = one[TOWN].len > 0 && str_equal(one[TOWN], two[TOWN]);
    bool have_phone = one[PHONE].len > 0 && two[PHONE].len > 0;
    bool have_born = one[BORN].len > 0 && two[BORN].len > 0;
    struct str born_a = str_slice(one[BORN], 0, 5), born_b = str_slice(two[BORN], 0, 5);
    switch (rule) {
    case 0: return name && town;
    case 1: return have_phone && str_equal(one[PHONE], two[PHONE]);
    case 2: return have_born && one_edit_key(one[BORN], two[BORN], false);
    case 3: return town;
    case 4: return have_born && str_equal(born_a, born_b) && shares_gram(one[TOWN], two[TOWN]);
    default: return have_phone && town && one_edit_key(one[PHONE], two[PHONE], true);
    }
}

struct seen {
    uint8_t *pairs; /* a × count + b: times walked */
    uint32_t count;
};

static void see(void *context, size_t thread, size_t task, const struct candidate *pairs,
                size_t count)
{
    (void)thread;
    (void)task;
    struct seen *seen = context;
    for (size_t i = 0; i < count; i++) {
        uint32_t a = pairs[i].a, b = pairs[i].b;
        if (a > b) a = pairs[i].b, b = pairs[i].a;
        seen->pairs[(size_t)a * seen->count + b]++;
    }
}

static void walk(struct link_engine *engine, struct seen *seen)
{
    pairs_walk(engine, 1,
               &(struct pair_walk){.batch = see, .context = seen, .stage_en = "", .stage_zh = ""});
}

/* Without caps: exactly the pairs that some rule brings together, each once. `lists`: the records
 * come as two lists, one behind the other. `told`: the columns of the rules are compared too, so
 * that the rows of records tell what a rule covers. */
static void check_all(bool between, bool lists, bool told)
{
    struct arena arena = {0};
    struct table table;
    table_open(&table, &arena, 900, people_columns, 4);
    table_people(&table, 120, 4, (struct people_rates){100000, 80000}, 3);
    for (uint32_t r = 0; r < table.count && lists; r++) {
        table.sources[r] = r < table.count / 3 ? 2 : 0;
    }
    struct text text;
    text_init(&text, &arena, 4096);
    text_add_c(&text, "block_max: 100000\n");
    text_add_c(&text, between ? "pairs: between\n" : "");
    text_add_c(&text, "compare: {name: {on: name, levels: [exact]}");
    text_add_c(&text, told ? ", town: {on: town, levels: [exact]}" : "");
    text_add_c(&text, told ? ", phone: {on: phone, levels: [exact]}" : "");
    text_add_c(
        &text,
        "}\nblock: [name & town, phone, 'born | deletes', town, 'town | grams 6 & born | first 5', "
        "'phone | wildcards & town']\n");
    struct link_engine *engine = engine_of(&arena, &table, spec_of(&arena, text.ptr));
    struct link_rule_count *rules;
    size_t rule_count;
    link_plan(engine, 2, &rules, &rule_count);
    assert_int_equal(engine->rules[0].told_by != 0, told);
    struct seen seen = {.count = table.count};
    seen.pairs = arena_array(&arena, uint8_t, (size_t)table.count * table.count);
    walk(engine, &seen);
    uint64_t met[6] = {0}, all = 0, walked = 0;
    for (uint32_t a = 0; a < table.count; a++) {
        for (uint32_t b = a + 1; b < table.count; b++) {
            bool any = false, allowed = !between || table.sources[a] != table.sources[b];
            for (size_t q = 0; q < 6; q++) {
                bool meets = allowed && naive_meets(&table, q, a, b);
                met[q] += meets;
                any = any || meets;
                if (allowed)
                    assert_int_equal(rule_covers(engine, q, equal_fields(engine, a, b), a, b),
                                     meets);
            }
            all += any;
            walked += seen.pairs[(size_t)a * table.count + b];
            assert_int_equal(seen.pairs[(size_t)a * table.count + b], any);
        }
    }
    assert_true(all > 100);
    assert_int_equal(walked, all);
    /* Rules of single keys count their pairs exactly; others may count one by several keys. */
    assert_int_equal(rules[0].pairs, met[0]);
    assert_int_equal(rules[1].pairs, met[1]);
    assert_int_equal(rules[3].pairs, met[3]);
    assert_true(rules[2].pairs >= met[2]);
    assert_true(rules[4].pairs >= met[4]);
    arena_free(&arena);
}

static void test_all(void **state)
{
    (void)state;
    for (int told = 0; told < 2; told++) {
        check_all(false, false, told == 1);
        check_all(true, false, told == 1);
        check_all(true, true, told == 1);
    }
}

/* With caps: what was passed over is counted, and no pair that a smaller block holds is lost. */
static void test_caps(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct table table;
    table_open(&table, &arena, 3000, people_columns, 4);
    table_people(&table, 450, 4, (struct people_rates){100000, 80000}, 4);
    struct link_engine *engine = engine_of(&arena, &table, spec_of(&arena, spec_text));
    struct link_rule_count *rules;
    size_t rule_count;
    link_plan(engine, 2, &rules, &rule_count);
    assert_int_equal(rule_count, 6);
    uint32_t sizes[64] = {0};
    for (uint32_t r = 0; r < table.count; r++) sizes[table.values[2][r]]++;
    uint64_t pairs = 0, skipped = 0;
    uint32_t blocks_skipped = 0, largest = 0;
    for (uint32_t v = 0; v < table.texts[2].count; v++) {
        if (table.texts[2].texts[v].len == 0) continue;
        uint64_t here = (uint64_t)sizes[v] * (sizes[v] - 1) / 2;
        pairs += here;
        if (sizes[v] > largest) largest = sizes[v];
        if (sizes[v] > 30) skipped += here, blocks_skipped++;
    }
    assert_true(blocks_skipped > 0);
    assert_int_equal(rules[3].pairs, pairs);
    assert_int_equal(rules[3].pairs_skipped, skipped);
    assert_int_equal(rules[3].blocks_skipped, blocks_skipped);
    assert_int_equal(rules[3].block_largest, largest);
    struct seen seen = {.count = table.count};
    seen.pairs = arena_array(&arena, uint8_t, (size_t)table.count * table.count);
    walk(engine, &seen);
    for (uint32_t a = 0; a < table.count; a++) {
        for (uint32_t b = a + 1; b < table.count; b++) {
            bool any = false;
            for (size_t q = 0; q < 6; q++)
                any = any || rule_covers(engine, q, equal_fields(engine, a, b), a, b);
            assert_int_equal(seen.pairs[(size_t)a * table.count + b], any);
            bool plain = naive_meets(&table, 0, a, b) || naive_meets(&table, 1, a, b);
            if (plain) assert_true(any);
        }
    }
    arena_free(&arena);
}

/* So many records that keys are made in several chunks and spread over several bins: those with a
 * text that is not alone have a group, one for each text, and each such group is there once. */
static void test_groups(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct table table;
    table_open(&table, &arena, 200000, people_columns, 4);
    table_people(&table, 40000, 4, (struct people_rates){400000, 80000}, 5);
    struct link_engine *engine = engine_of(
        &arena, &table,
        spec_of(&arena, "block_max: 100000\ncompare: {name: {on: name, levels: [exact]}}\n"
                        "block: [phone & born, phone]\n"));
    struct link_rule_count *rules;
    size_t rule_count;
    link_plan(engine, 3, &rules, &rule_count);
    uint32_t bound = table.texts[1].count * table.texts[3].count;
    assert_true(table.count > 80000);
    for (size_t q = 0; q < rule_count; q++) {
        uint32_t *sizes = arena_array(&arena, uint32_t, bound);
        uint32_t *groups = arena_array(&arena, uint32_t, bound), found = 0, alone = 0;
        uint64_t pairs = 0;
        for (int round = 0; round < 2; round++) {
            for (uint32_t r = 0; r < table.count; r++) {
                uint32_t phone = table.values[3][r], born = q == 0 ? table.values[1][r] : 0;
                uint32_t at = phone * table.texts[1].count + born;
                uint32_t group = engine->rule_keys[r * rule_count + q];
                bool has = table_text(&table, 3, r).len > 0
                           && (q == 1 || table_text(&table, 1, r).len > 0);
                if (round == 0) {
                    if (has) pairs += sizes[at]++;
                    continue;
                }
                assert_int_equal(group != 0, has && sizes[at] > 1);
                alone += has && sizes[at] == 1;
                if (group == 0) continue;
                if (groups[at] == 0) groups[at] = group, found++;
                assert_int_equal(groups[at], group);
            }
        }
        assert_true(q == 1 || alone > 1000);
        assert_int_equal(found, engine->rules[q].group_count);
        assert_int_equal(rules[q].pairs, pairs);
        assert_int_equal(rules[q].blocks, found);
    }
    arena_free(&arena);
}

static void test_sort(void **state)
{
    (void)state;
    struct rng rng = rng_seed(1);
    static const size_t sizes[] = {0, 1, 2, 63, 64, 65, 1000, 5000};
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct arena arena = {0};
        uint64_t *keys = arena_array(&arena, uint64_t, sizes[s]);
        uint32_t *values = arena_array(&arena, uint32_t, sizes[s]);
        for (uint32_t i = 0; i < sizes[s]; i++) {
            keys[i] = s % 2 == 0 ? rng_next(&rng) : rng_below(&rng, 300);
            values[i] = i;
        }
        sort_keys(&arena, keys, values, sizes[s]);
        for (size_t i = 1; i < sizes[s]; i++) {
            assert_true(keys[i - 1] <= keys[i]);
            if (keys[i - 1] == keys[i]) assert_true(values[i - 1] < values[i]);
        }
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_caps),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_sort),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
