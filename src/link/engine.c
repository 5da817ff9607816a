#include "link/engine_internal.h"

/* The order of the steps. */

static uint64_t pairs_possible(const struct link_engine *engine, struct arena *scratch)
{
    uint64_t records = engine->record_count, pairs = records * (records - 1) / 2;
    if (records == 0) return 0;
    if (!engine->spec->between || engine->input->sources == NULL) return pairs;
    uint64_t *counts = arena_array(scratch, uint64_t, engine->input->source_count);
    for (size_t r = 0; r < records; r++) counts[engine->input->sources[r]]++;
    for (size_t s = 0; s < engine->input->source_count; s++) {
        if (counts[s] > 0) pairs -= counts[s] * (counts[s] - 1) / 2;
    }
    return pairs;
}

bool link_open(struct arena *arena, const struct link_input *input, const struct link_spec *spec,
               struct link_engine **out, struct err *err)
{
    CHECK(arena != NULL);
    CHECK(input->record_count < 1u << 31);
    CHECK(input->source_count >= 1);
    CHECK(input->source_count <= LINK_SOURCES_MAX);
    struct link_engine *engine = arena_new(arena, struct link_engine);
    engine->arena = arena;
    engine->input = input;
    engine->spec = spec;
    engine->record_count = (uint32_t)input->record_count;
    if (!columns_open(engine, err)) return false;
    prepare_fields(engine);
    struct arena scratch = {0};
    engine->pairs_possible = pairs_possible(engine, &scratch);
    arena_free(&scratch);
    *out = engine;
    return true;
}

static void copy_rule_counts(struct link_engine *engine, struct link_rule_count **rules,
                             size_t *rule_count)
{
    *rule_count = engine->spec->rule_count;
    *rules = arena_array(engine->arena, struct link_rule_count, *rule_count);
    for (size_t q = 0; q < *rule_count; q++) (*rules)[q] = engine->rules[q].count;
}

void link_plan(struct link_engine *engine, size_t threads, struct link_rule_count **rules,
               size_t *rule_count)
{
    CHECK(engine != NULL);
    blocks_open(engine, threads);
    copy_rule_counts(engine, rules, rule_count);
}

bool link_run(struct link_engine *engine, const struct link_options *options,
              struct link_result *out, struct err *err)
{
    CHECK(engine != NULL);
    CHECK(options != NULL);
    progress_report(options->progress, "blocking", "分块", 0, 1);
    blocks_open(engine, options->threads);
    progress_report(options->progress, "blocking", "分块", 1, 1);
    struct link_result result = {.model = options->model, .pairs_possible = engine->pairs_possible};
    if (result.model == NULL) {
        struct link_model *learnt;
        if (!model_train(engine, options->threads, options->progress, &learnt, err)) return false;
        result.model = learnt;
    }
    if (!options->model_only) {
        struct weights weights;
        weights_open(engine, result.model, &weights);
        for (size_t q = 0; q < engine->spec->rule_count; q++) engine->rules[q].count.pairs_new = 0;
        score_pairs(engine, options->threads, &weights, options->progress, &result);
        cluster_records(engine, options->threads, &weights, options->progress, &result);
        if (options->keep_rejected) {
            find_rejected(engine, options->threads, &weights, options->progress, &result);
        }
    }
    copy_rule_counts(engine, &result.rules, &result.rule_count);
    *out = result;
    return true;
}
