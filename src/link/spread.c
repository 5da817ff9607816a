#include "link/engine_internal.h"

#include "base/thread.h"

/* How all pairs are spread over the weights. Linking itself gives a pair up as soon as it cannot
 * reach `review`, so what lies below is known only by walking the blocks once more: worth it where
 * somebody asks what the thresholds cost, and nowhere else. Counts by whole millibits lose nothing
 * and add up to the same whatever thread they came from. */

struct spread_thread {
    struct arena arena;
    struct level_cache *cache;
    uint64_t *counts;
    struct link_pair below;
    bool has_below;
    uint64_t task_at; /* next kept pattern of the task */
    size_t task;
};

struct spread_job {
    struct link_engine *engine;
    const struct weights *weights;
    struct spread_thread *threads;
};

static size_t weight_place(int32_t weight)
{
    if (weight > LINK_WEIGHT_MAX) weight = LINK_WEIGHT_MAX;
    if (weight < -LINK_WEIGHT_MAX) weight = -LINK_WEIGHT_MAX;
    return (size_t)(weight + LINK_WEIGHT_MAX);
}

/* Heavier first; of equal weights the first by a, then b. */
static bool goes_before(const struct link_pair *x, const struct link_pair *y)
{
    if (x->weight_millibits != y->weight_millibits) {
        return x->weight_millibits > y->weight_millibits;
    }
    return x->a != y->a ? x->a < y->a : x->b < y->b;
}

static void offer_below(struct spread_thread *thread, uint32_t a, uint32_t b, int32_t weight)
{
    if (thread->has_below && weight < thread->below.weight_millibits) return;
    struct link_pair pair = {.a = a < b ? a : b, .b = a < b ? b : a, .weight_millibits = weight};
    if (thread->has_below && !goes_before(&pair, &thread->below)) return;
    thread->below = pair;
    thread->has_below = true;
}

static void spread_batch(void *context, size_t thread_number, size_t task_number,
                         const struct candidate *pairs, size_t count)
{
    struct spread_job *job = context;
    struct spread_thread *thread = &job->threads[thread_number];
    const struct pair_task *task = &job->engine->tasks[task_number];
    if (thread->task != task_number) {
        thread->task = task_number;
        thread->task_at = 0;
    }
    fetch_pairs(job->engine, pairs, count);
    for (size_t i = 0; i < count; i++) {
        uint32_t a = pairs[i].a, b = pairs[i].b;
        uint64_t pattern = task->patterns != NULL ? task->patterns[thread->task_at++]
                                                  : pair_pattern(job->engine, thread->cache, a, b);
        int32_t weight = pattern_weight(job->engine, job->weights, pattern, a, b);
        thread->counts[weight_place(weight)]++;
        if (weight < job->engine->spec->review) offer_below(thread, a, b, weight);
    }
}

static void count_records(const struct link_engine *engine, const struct weights *weights,
                          uint64_t *counts)
{
    struct arena scratch = {0};
    struct level_cache *cache = level_cache_new(&scratch, engine);
    for (uint32_t r = 0; r < engine->record_count; r++) {
        uint64_t pattern = pair_pattern(engine, cache, r, r);
        counts[weight_place(pattern_weight(engine, weights, pattern, r, r))]++;
    }
    arena_free(&scratch);
}

static void gather(const struct spread_job *job, size_t threads, struct link_weight_counts *out)
{
    for (size_t t = 0; t < threads; t++) {
        const struct spread_thread *thread = &job->threads[t];
        for (size_t w = 0; w < LINK_WEIGHTS; w++) out->pairs[w] += thread->counts[w];
        if (!thread->has_below) continue;
        if (out->has_below && !goes_before(&thread->below, &out->below)) continue;
        out->below = thread->below;
        out->has_below = true;
    }
    if (!out->has_below) return;
    out->below.probability_ppm = link_probability_ppm(out->below.weight_millibits);
}

void link_count_weights(struct link_engine *engine, const struct link_model *model, size_t threads,
                        const struct progress *progress, struct link_weight_counts *out)
{
    CHECK(engine != NULL);
    CHECK(model != NULL);
    struct arena scratch = {0};
    struct weights weights;
    if (threads == 0) threads = thread_count_default();
    blocks_open(engine, threads);
    weights_open(engine, model, &weights);
    struct spread_job job = {.engine = engine, .weights = &weights};
    job.threads = arena_array(&scratch, struct spread_thread, threads);
    for (size_t t = 0; t < threads; t++) {
        struct spread_thread *thread = &job.threads[t];
        thread->cache = level_cache_new(&thread->arena, engine);
        thread->counts = arena_array(&thread->arena, uint64_t, LINK_WEIGHTS);
        thread->task = SIZE_MAX;
    }
    pairs_walk(engine, threads,
               &(struct pair_walk){.batch = spread_batch,
                                   .context = &job,
                                   .progress = progress,
                                   .stage_en = "counting weights",
                                   .stage_zh = "统计权重"});
    *out = (struct link_weight_counts){
        .pairs = arena_array(engine->arena, uint64_t, LINK_WEIGHTS),
        .records = arena_array(engine->arena, uint64_t, LINK_WEIGHTS),
    };
    gather(&job, threads, out);
    count_records(engine, &weights, out->records);
    for (size_t t = 0; t < threads; t++) arena_free(&job.threads[t].arena);
    arena_free(&scratch);
}
