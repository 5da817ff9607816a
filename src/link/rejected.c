#include "link/engine_internal.h"

#include "base/dict.h"
#include "base/list.h"
#include "base/thread.h"

#include <stdlib.h>

/* The nearest record that was not joined, for each record and each group of sources that its
 * cluster holds nothing of: what to show where something is missing. Blocks are walked once more,
 * and only pairs that matter here are compared again. */

struct rejected_thread {
    struct arena arena;
    struct level_cache *cache;
    struct u64_map best; /* record × groups + group: number in pairs */
    struct {
        struct link_pair *items;
        size_t count, capacity;
    } pairs;
    struct pattern_table table;
};

struct rejected_job {
    struct link_engine *engine;
    const struct weights *weights;
    const struct link_result *result;
    const uint64_t *held; /* by cluster: groups of its records */
    struct rejected_thread *threads;
};

static uint32_t group_of(const struct link_engine *engine, uint32_t record)
{
    uint32_t source = engine->input->sources == NULL ? 0 : engine->input->sources[record];
    return engine->input->source_list[source].group;
}

/* Heavier first; equal weights by content, so that the order of records decides only between equal
 * ones. */
static bool is_nearer(const struct link_engine *engine, const struct link_pair *a,
                      const struct link_pair *b)
{
    if (a->weight_millibits != b->weight_millibits) {
        return a->weight_millibits > b->weight_millibits;
    }
    uint64_t one = engine->hashes[a->b], two = engine->hashes[b->b];
    return one != two ? one < two : a->b < b->b;
}

static void offer(const struct rejected_job *job, struct rejected_thread *thread,
                  struct link_pair pair)
{
    uint64_t key = (uint64_t)pair.a * LINK_GROUPS_MAX + group_of(job->engine, pair.b);
    uint32_t known = u64_map_find(&thread->best, key);
    if (known == DICT_NONE) {
        list_grow(&thread->arena, (void **)&thread->pairs.items, &thread->pairs.capacity,
                  thread->pairs.count, sizeof *thread->pairs.items);
        known = (uint32_t)thread->pairs.count++;
        u64_map_put(&thread->best, key, known);
    } else if (!is_nearer(job->engine, &pair, &thread->pairs.items[known])) {
        return;
    }
    thread->pairs.items[known] = pair;
}

static bool lacks(const struct rejected_job *job, uint32_t record, uint32_t other)
{
    uint64_t group = 1ull << group_of(job->engine, other);
    return (job->held[job->result->clusters[record]] & group) == 0;
}

static void rejected_batch(void *context, size_t thread_number, size_t task,
                           const struct candidate *pairs, size_t count)
{
    (void)task;
    const struct rejected_job *job = context;
    struct rejected_thread *thread = &job->threads[thread_number];
    for (size_t i = 0; i < count; i++) {
        uint32_t a = pairs[i].a, b = pairs[i].b;
        bool for_a = lacks(job, a, b), for_b = lacks(job, b, a);
        if (!for_a && !for_b) continue;
        uint64_t pattern = pair_pattern(job->engine, thread->cache, a, b);
        int32_t weight = pattern_weight(job->engine, job->weights, pattern, a, b);
        struct link_pair pair = {.a = a,
                                 .b = b,
                                 .weight_millibits = weight,
                                 .pattern = pattern_number(&thread->table, pattern)};
        if (for_a) offer(job, thread, pair);
        pair.a = b;
        pair.b = a;
        if (for_b) offer(job, thread, pair);
    }
}

static int compare_rejected(const void *a, const void *b)
{
    const struct link_pair *x = a, *y = b;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    /* probability_ppm holds the group until the list is sorted. */
    return x->probability_ppm < y->probability_ppm ? -1 : x->probability_ppm > y->probability_ppm;
}

/* Adds patterns that only rejected pairs show behind the result's list. */
static void number_patterns(const struct rejected_job *job, struct rejected_thread *all,
                            struct link_result *result)
{
    struct pattern_table table = {.arena = &all->arena};
    for (size_t i = 0; i < result->pattern_count; i++) pattern_number(&table, result->patterns[i]);
    for (size_t i = 0; i < all->pairs.count; i++) {
        struct link_pair *pair = &all->pairs.items[i];
        pair->pattern = pattern_number(&table, all->table.patterns[pair->pattern]);
        pair->probability_ppm = link_probability_ppm(pair->weight_millibits);
    }
    result->patterns =
        arena_copy(job->engine->arena, table.patterns, table.count * sizeof *table.patterns);
    result->pattern_count = table.count;
}

static void gather(const struct rejected_job *job, size_t threads, struct link_result *result)
{
    struct rejected_thread all = {0};
    u64_map_init(&all.best, &all.arena);
    all.table.arena = &all.arena;
    for (size_t t = 0; t < threads; t++) {
        const struct rejected_thread *thread = &job->threads[t];
        for (size_t i = 0; i < thread->pairs.count; i++) {
            struct link_pair pair = thread->pairs.items[i];
            pair.pattern = pattern_number(&all.table, thread->table.patterns[pair.pattern]);
            offer(job, &all, pair);
        }
    }
    for (size_t i = 0; i < all.pairs.count; i++) {
        all.pairs.items[i].probability_ppm = group_of(job->engine, all.pairs.items[i].b);
    }
    if (all.pairs.count > 1) {
        qsort(all.pairs.items, all.pairs.count, sizeof *all.pairs.items, compare_rejected);
    }
    number_patterns(job, &all, result);
    result->rejected =
        arena_copy(job->engine->arena, all.pairs.items, all.pairs.count * sizeof *all.pairs.items);
    result->rejected_count = all.pairs.count;
    arena_free(&all.arena);
}

void find_rejected(struct link_engine *engine, size_t threads, const struct weights *weights,
                   const struct progress *progress, struct link_result *result)
{
    struct arena scratch = {0};
    if (threads == 0) threads = thread_count_default();
    uint64_t *held = arena_array(&scratch, uint64_t, result->cluster_count);
    for (uint32_t r = 0; r < engine->record_count; r++) {
        held[result->clusters[r]] |= 1ull << group_of(engine, r);
    }
    struct rejected_job job = {
        .engine = engine, .weights = weights, .result = result, .held = held};
    job.threads = arena_array(&scratch, struct rejected_thread, threads);
    for (size_t t = 0; t < threads; t++) {
        struct rejected_thread *thread = &job.threads[t];
        thread->cache = level_cache_new(&thread->arena, engine);
        thread->table.arena = &thread->arena;
        u64_map_init(&thread->best, &thread->arena);
    }
    pairs_walk(engine, threads,
               &(struct pair_walk){.batch = rejected_batch,
                                   .context = &job,
                                   .progress = progress,
                                   .stage_en = "nearest others",
                                   .stage_zh = "最近的其他记录"});
    gather(&job, threads, result);
    for (size_t t = 0; t < threads; t++) arena_free(&job.threads[t].arena);
    arena_free(&scratch);
}
