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

/* As two files give them: all records of one source, then all of another. */
static uint32_t find_split(const struct link_input *input)
{
    const uint32_t *sources = input->sources;
    size_t split = 0, end;
    if (sources == NULL) return 0;
    while (split < input->record_count && sources[split] == sources[0]) split++;
    for (end = split; end < input->record_count && sources[end] == sources[split];) end++;
    return split < end && end == input->record_count ? (uint32_t)split : 0;
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
    engine->split = find_split(input);
    if (!columns_open(engine, err)) return false;
    prepare_fields(engine);
    struct arena scratch = {0};
    engine->pairs_possible = pairs_possible(engine, &scratch);
    arena_free(&scratch);
    *out = engine;
    return true;
}

void link_give_back(struct link_engine *engine)
{
    size_t records = engine->record_count;
    for (uint32_t f = 0; f < engine->field_count; f++) {
        const struct packed_text *texts = engine->fields[f].texts;
        uint32_t values = engine->columns[engine->fields[f].column].value_count;
        arena_give_back(engine->arena, (void *)(uintptr_t)texts, values * sizeof *texts);
        engine->fields[f].texts = NULL;
    }
    arena_give_back(engine->arena, engine->rows,
                    records * engine->field_count * sizeof *engine->rows);
    if (engine->hashes != engine->input->contents) {
        arena_give_back(engine->arena, (void *)(uintptr_t)engine->hashes,
                        records * sizeof *engine->hashes);
    }
    engine->rows = NULL;
    engine->hashes = NULL;
    if (engine->rules == NULL) return;
    arena_give_back(engine->arena, engine->rule_keys,
                    records * engine->spec->rule_count * sizeof *engine->rule_keys);
    blocks_close(engine);
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

/* Pairs found, by task. */
struct count_job {
    uint64_t *found;
};

static void count_batch(void *context, size_t thread, size_t task, const struct candidate *pairs,
                        size_t count)
{
    (void)thread;
    (void)pairs;
    struct count_job *job = context;
    job->found[task] += count;
}

void link_count_pairs(struct link_engine *engine, size_t threads, const struct progress *progress,
                      struct link_rule_count **rules, size_t *rule_count)
{
    CHECK(engine != NULL);
    struct arena scratch = {0};
    link_plan(engine, threads, rules, rule_count);
    struct count_job job = {.found = arena_array(&scratch, uint64_t, engine->task_count)};
    pairs_walk(engine, threads,
               &(struct pair_walk){.batch = count_batch,
                                   .context = &job,
                                   .progress = progress,
                                   .stage_en = "counting pairs",
                                   .stage_zh = "统计记录对"});
    for (size_t q = 0; q < *rule_count; q++) (*rules)[q].pairs_new = 0;
    for (size_t i = 0; i < engine->task_count; i++) {
        (*rules)[engine->tasks[i].rule].pairs_new += job.found[i];
    }
    arena_free(&scratch);
}

/* Blocks all there is, or, where the state of an earlier run serves, what is new. */
static void open_blocks(struct link_engine *engine, const struct link_options *options,
                        const uint64_t *contents, struct link_result *result)
{
    bool may = options->previous != NULL && options->model != NULL && contents != NULL
               && !options->keep_rejected && !options->model_only;
    result->records_fresh = engine->record_count;
    progress_report(options->progress, "blocking", "分块", 0, 1);
    if (may
        && increment_open(engine, options->previous, options->model, contents, options->threads)) {
        result->resumed = true;
        result->records_fresh = engine->increment->fresh_count;
    }
    blocks_open(engine, options->threads);
    if (result->resumed) increment_settle(engine);
    progress_report(options->progress, "blocking", "分块", 1, 1);
}

static bool find_model(struct link_engine *engine, const struct link_options *options,
                       struct link_result *result, struct err *err)
{
    struct link_model *learnt = NULL;
    result->model = options->model;
    if (result->model == NULL) {
        if (!model_train(engine, options->threads, options->progress, &learnt, err)) return false;
        result->model = learnt;
    }
    if (!options->keep_state || result->model->frequencies != NULL) return true;
    learnt = arena_copy(engine->arena, result->model, sizeof *learnt);
    learnt->frequencies = frequencies_freeze(engine);
    result->model = learnt;
    return true;
}

bool link_run(struct link_engine *engine, const struct link_options *options,
              struct link_result *out, struct err *err)
{
    CHECK(engine != NULL);
    CHECK(options != NULL);
    CHECK(engine->increment == NULL);
    struct link_result result = {.pairs_possible = engine->pairs_possible};
    bool keyed = engine->input->keys != NULL && (options->keep_state || options->previous != NULL);
    const uint64_t *contents =
        keyed ? record_contents(engine, engine->arena, options->threads) : NULL;
    open_blocks(engine, options, contents, &result);
    if (!memory_plan(engine, options, err)) return false;
    if (!find_model(engine, options, &result, err)) return false;
    if (!options->model_only) {
        struct weights weights;
        weights_open(engine, result.model, &weights);
        for (size_t q = 0; q < engine->spec->rule_count; q++) engine->rules[q].count.pairs_new = 0;
        if (!score_pairs(engine, options->threads, &weights, options->progress, &result, err)) {
            return false;
        }
        cluster_records(engine, options->threads, &weights, options->progress, &result);
        if (options->keep_rejected) {
            find_rejected(engine, options->threads, &weights, options->progress, &result);
        }
    }
    copy_rule_counts(engine, &result.rules, &result.rule_count);
    if (options->keep_state && keyed && !options->model_only) {
        result.state = state_make(engine, contents, &result);
    }
    if (result.resumed) {
        /* Whoever walks the blocks later wants them all. */
        blocks_close(engine);
        engine->increment = NULL;
    }
    *out = result;
    return true;
}
