#include "link/engine_testing.h"

/* A run that rests on an earlier one gives what a run over everything gives: pairs, patterns,
 * clusters, and the state it leaves, byte for byte. Records come, go and change at random. Caps are
 * low, so that blocks go over them and come back all the time. */

enum { POOL = 900, STEPS = 24, LEARN_PERSONS = 6000, DECISIONS = 12 };

static const char common[] = "compare:\n"
                             "  name: {on: name, levels: [exact, damerau 1], frequency: yes}\n"
                             "  born: {on: born, levels: [exact, damerau 1]}\n"
                             "  town: {on: town, levels: [exact]}\n"
                             "  phone: {on: phone, levels: [exact, damerau 1], frequency: yes}\n";

struct variant {
    const char *rules;
    uint32_t turnover; /* at most so many records change in a step */
    bool permuted;     /* records stand in another order in each step */
};

static const struct variant variants[] = {
    {"block: [name & born, phone, name & town, born & town]\nreview: -4\nmatch: 4\n", 30, false},
    {"block: [name & born, phone, name, town & born | first 5]\nblock_max: 5\n"
     "review: -8\nmatch: 2\n",
     40, false},
    {"block: [phone | deletes, name | wildcards & town, born | grams 3 & name, town & name]\n"
     "block_max: 7\nreview: -8\nmatch: 2\n",
     40, true},
    {"block: [name, born, town & phone | grams 2]\nblock_max: 4\npairs: between\none_to_one: yes\n"
     "review: -10\nmatch: 0\n",
     60, true},
};

/* What may stand in the table at some time. */
struct pool {
    struct table rows;
    bool present[POOL];
    uint32_t version[POOL];
    struct rng rng;
};

static uint32_t row_of(const struct pool *pool, uint32_t id)
{
    return (uint32_t)(u64_mix(id + ((uint64_t)pool->version[id] << 32)) % pool->rows.count);
}

static void change(struct pool *pool, uint32_t turnover)
{
    for (uint32_t i = rng_below(&pool->rng, turnover + 1); i > 0; i--) {
        uint32_t id = rng_below(&pool->rng, POOL);
        if (pool->present[id] && rng_below(&pool->rng, 3) == 0)
            pool->version[id]++;
        else
            pool->present[id] = !pool->present[id];
    }
}

/* The table as it stands now, with its keys and decisions. */
static void fill(struct arena *arena, struct pool *pool, bool permuted, struct table *out)
{
    uint32_t ids[POOL], count = 0;
    for (uint32_t id = 0; id < POOL; id++) {
        if (pool->present[id]) ids[count++] = id;
    }
    for (uint32_t i = 1; permuted && i < count; i++) {
        uint32_t j = rng_below(&pool->rng, i + 1), id = ids[i];
        ids[i] = ids[j];
        ids[j] = id;
    }
    table_open(out, arena, POOL, people_columns, 4);
    uint64_t *keys = arena_array(arena, uint64_t, POOL);
    for (uint32_t i = 0; i < count; i++) {
        const char *cells[4];
        uint32_t row = row_of(pool, ids[i]);
        for (size_t c = 0; c < 4; c++) cells[c] = table_text(&pool->rows, c, row).ptr;
        table_add(out, pool->rows.sources[row], 0, cells);
        keys[i] = u64_mix(ids[i]);
    }
    struct link_decision *decisions = arena_array(arena, struct link_decision, DECISIONS);
    for (uint32_t d = 0; d < DECISIONS && count > 1; d++) {
        uint32_t a = rng_below(&pool->rng, count), b = rng_below(&pool->rng, count);
        if (a == b) continue;
        decisions[out->input.decision_count++] = (struct link_decision){a, b, d % 2 == 0};
    }
    for (uint32_t s = 0; s < 4; s++) out->list[s].once_per_entity = s == 1;
    out->input.keys = keys;
    out->input.decisions = decisions;
}

static void assert_same(struct arena *arena, const struct link_result *full,
                        const struct link_result *part, uint32_t records)
{
    assert_int_equal(full->pair_count, part->pair_count);
    assert_memory_equal(full->pairs, part->pairs, full->pair_count * sizeof *full->pairs);
    assert_int_equal(full->pattern_count, part->pattern_count);
    assert_memory_equal(full->patterns, part->patterns,
                        full->pattern_count * sizeof *full->patterns);
    assert_int_equal(full->cluster_count, part->cluster_count);
    assert_memory_equal(full->clusters, part->clusters, records * sizeof *full->clusters);
    assert_true(
        str_equal(link_state_write(arena, full->state), link_state_write(arena, part->state)));
}

/* A model learnt from many people, with its frequencies; through their bytes, as programs keep it.
 */
static const struct link_model *learn(struct arena *arena, const struct link_spec *spec)
{
    struct err err = ERR_INIT;
    struct table table;
    struct link_model *model;
    table_open(&table, arena, LEARN_PERSONS * 3, people_columns, 4);
    table_people(&table, LEARN_PERSONS, 3, (struct people_rates){60000, 50000}, 21);
    struct link_result result =
        run_of(engine_of(arena, &table, spec),
               (struct link_options){.model_only = true, .keep_state = true});
    assert_null(result.state);
    struct str json = link_model_write(arena, result.model);
    struct str frequencies = link_frequencies_write(arena, result.model->frequencies);
    assert_true(link_model_read(arena, json, spec, &model, &err));
    assert_true(link_frequencies_read(arena, frequencies, spec, &model->frequencies, &err));
    return model;
}

static struct link_state *through_bytes(struct arena *arena, const struct link_state *state)
{
    struct err err = ERR_INIT;
    struct link_state *out;
    assert_true(link_state_read(arena, link_state_write(arena, state), &out, &err));
    return out;
}

/* What happened in a run of steps, so that a test that tests nothing fails. */
struct seen {
    uint64_t pairs, resumed, full_compared, part_compared, skipped;
};

static void run_variant(const struct variant *variant, uint64_t seed, struct seen *seen)
{
    struct arena arena = {0};
    struct text text;
    struct pool pool = {.rng = rng_seed(seed)};
    const struct link_state *before = NULL;
    text_init(&text, &arena, 4096);
    text_add_f(&text, "%s%s", common, variant->rules);
    struct link_spec *spec = spec_of(&arena, text_str(&text).ptr);
    const struct link_model *model = learn(&arena, spec);
    table_open(&pool.rows, &arena, POOL * 3, people_columns, 4);
    table_people(&pool.rows, POOL, 3, (struct people_rates){100000, 80000}, seed + 1);
    for (uint32_t id = 0; id < POOL; id++) pool.present[id] = rng_below(&pool.rng, 3) > 0;
    for (int step = 0; step < STEPS; step++) {
        struct table *table = arena_new(&arena, struct table);
        if (step > 0) change(&pool, variant->turnover);
        fill(&arena, &pool, variant->permuted, table);
        size_t threads = 1 + (size_t)step % 2;
        struct link_result full =
            run_of(engine_of(&arena, table, spec),
                   (struct link_options){.threads = threads, .model = model, .keep_state = true});
        struct link_result part = run_of(
            engine_of(&arena, table, spec),
            (struct link_options){
                .threads = 3 - threads, .model = model, .keep_state = true, .previous = before});
        assert_false(full.resumed);
        assert_int_equal(part.resumed, before != NULL);
        assert_same(&arena, &full, &part, table->count);
        seen->pairs += full.pair_count;
        seen->resumed += part.resumed;
        seen->full_compared += full.pairs_compared;
        seen->part_compared += part.resumed ? part.pairs_compared : 0;
        for (size_t q = 0; q < full.rule_count; q++) seen->skipped += full.rules[q].blocks_skipped;
        before = through_bytes(&arena, part.state);
    }
    arena_free(&arena);
}

static void test_increment_equals_full(void **state)
{
    (void)state;
    for (size_t v = 0; v < sizeof variants / sizeof *variants; v++) {
        struct seen seen = {0};
        for (uint64_t seed = 1; seed <= 3; seed++) run_variant(&variants[v], seed, &seen);
        assert_int_equal(seen.resumed, 3 * (STEPS - 1));
        assert_true(seen.pairs > 1000);
        assert_true(seen.part_compared < seen.full_compared / 2);
        assert_true(v == 0 || seen.skipped > 100);
    }
}

/* A state that does not fit is passed over, never trusted. */
static void test_states_that_do_not_fit(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct text text;
    struct table table;
    struct pool pool = {.rng = rng_seed(3)};
    text_init(&text, &arena, 4096);
    text_add_f(&text, "%s%s", common, variants[0].rules);
    struct link_spec *spec = spec_of(&arena, text_str(&text).ptr);
    text_add_c(&text, "# as before\n");
    struct link_spec *other = spec_of(&arena, text_str(&text).ptr);
    const struct link_model *model = learn(&arena, spec);
    struct link_model shifted = *model;
    shifted.prior += 1;
    table_open(&pool.rows, &arena, POOL * 3, people_columns, 4);
    table_people(&pool.rows, POOL, 3, (struct people_rates){100000, 80000}, 4);
    for (uint32_t id = 0; id < POOL; id++) pool.present[id] = id % 2 == 0;
    fill(&arena, &pool, false, &table);
    struct link_options options = {.model = model, .keep_state = true};
    options.previous = run_of(engine_of(&arena, &table, spec), options).state;
    assert_true(run_of(engine_of(&arena, &table, spec), options).resumed);
    assert_false(run_of(engine_of(&arena, &table, other), options).resumed);
    options.keep_rejected = true;
    assert_false(run_of(engine_of(&arena, &table, spec), options).resumed);
    options.keep_rejected = false;
    options.model = &shifted;
    assert_false(run_of(engine_of(&arena, &table, spec), options).resumed);
    options.model = model;
    for (uint32_t id = 0; id < POOL; id++) pool.present[id] = true;
    fill(&arena, &pool, false, &table);
    assert_false(run_of(engine_of(&arena, &table, spec), options).resumed);
    arena_free(&arena);
}

/* Sets the sum at the end right, so that what comes before is read too. */
static void mend_sum(struct str bytes)
{
    if (bytes.len < 8) return;
    uint64_t sum = str_hash(str_slice(bytes, 0, bytes.len - 8));
    char *end = (char *)(uintptr_t)bytes.ptr + bytes.len - 8;
    for (int i = 0; i < 8; i++) end[i] = (char)(sum >> (8 * i));
}

/* Damaged bytes are refused or read as some state; they never do harm. */
static void test_damaged_states(void **state)
{
    (void)state;
    struct arena arena = {0}, work = {0};
    struct err err = ERR_INIT;
    struct rng rng = rng_seed(5);
    struct text text;
    struct table table;
    struct pool pool = {.rng = rng_seed(6)};
    text_init(&text, &arena, 4096);
    text_add_f(&text, "%s%s", common, variants[1].rules);
    struct link_spec *spec = spec_of(&arena, text_str(&text).ptr);
    const struct link_model *model = learn(&arena, spec);
    table_open(&pool.rows, &arena, POOL * 3, people_columns, 4);
    table_people(&pool.rows, POOL, 3, (struct people_rates){100000, 80000}, 7);
    for (uint32_t id = 0; id < 120; id++) pool.present[id] = true;
    fill(&arena, &pool, false, &table);
    struct link_options options = {.model = model, .keep_state = true};
    const struct link_result run = run_of(engine_of(&arena, &table, spec), options);
    struct str parts[2] = {link_state_write(&arena, run.state),
                           link_frequencies_write(&arena, model->frequencies)};
    for (int i = 0; i < 3000; i++) {
        struct str bytes = str_copy(&work, parts[i % 2]);
        struct link_state *read;
        const struct link_frequencies *frequencies;
        char *at = (char *)(uintptr_t)bytes.ptr + rng_below(&rng, (uint32_t)bytes.len);
        *at = (char)rng_below(&rng, 256);
        if (i % 4 > 1) bytes.len = rng_below(&rng, (uint32_t)bytes.len);
        if (i % 8 > 3) mend_sum(bytes);
        if (i % 2 == 1) {
            bool good = link_frequencies_read(&work, bytes, spec, &frequencies, &err);
            assert_true(good || err.kind == ERR_INPUT);
        } else if (link_state_read(&work, bytes, &read, &err)) {
            options.previous = read;
            struct link_result again = run_of(engine_of(&work, &table, spec), options);
            assert_true(again.pairs_compared <= run.pairs_compared);
        }
        arena_reset(&work);
    }
    arena_free(&work);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_increment_equals_full),
        cmocka_unit_test(test_states_that_do_not_fit),
        cmocka_unit_test(test_damaged_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
