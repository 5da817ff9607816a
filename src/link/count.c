#include "link/engine_internal.h"

#include "base/dict.h"
#include "base/list.h"
#include "base/thread.h"

#include <stdlib.h>

/* Tallies: training works on counts of patterns, so its cost does not depend on how many pairs
 * there are. Which pairs are sampled depends on what the records say, never on their order. */

enum { SLOTS_FIRST = 1 << 12 };

struct tally_table {
    struct arena arena;
    struct tally *slots; /* count 0: free */
    uint32_t slot_count, count;
};

static uint64_t tally_hash(uint64_t pattern, uint32_t free)
{
    return u64_mix(pattern + free * 0x9E3779B97F4A7C15u);
}

static struct tally *tally_slot(struct tally_table *table, uint64_t pattern, uint32_t free)
{
    uint32_t at = (uint32_t)tally_hash(pattern, free) & (table->slot_count - 1);
    for (; table->slots[at].count > 0; at = (at + 1) & (table->slot_count - 1)) {
        if (table->slots[at].pattern == pattern && table->slots[at].free == free) break;
    }
    return &table->slots[at];
}

static void tally_add(struct tally_table *table, uint64_t pattern, uint32_t free, double count)
{
    if (table->count >= table->slot_count / 2) {
        struct tally_table bigger = {.arena = table->arena, .count = table->count};
        bigger.slot_count = table->slot_count == 0 ? SLOTS_FIRST : table->slot_count * 2;
        bigger.slots = arena_array(&bigger.arena, struct tally, bigger.slot_count);
        for (uint32_t i = 0; i < table->slot_count; i++) {
            const struct tally *tally = &table->slots[i];
            if (tally->count > 0) *tally_slot(&bigger, tally->pattern, tally->free) = *tally;
        }
        *table = bigger;
    }
    struct tally *tally = tally_slot(table, pattern, free);
    if (tally->count <= 0) {
        table->count++;
        tally->pattern = pattern;
        tally->free = free;
    }
    tally->count += count;
}

static int compare_tallies(const void *a, const void *b)
{
    const struct tally *x = a, *y = b;
    if (x->pattern != y->pattern) return x->pattern < y->pattern ? -1 : 1;
    return x->free < y->free ? -1 : x->free > y->free;
}

struct tally_thread {
    struct tally_table table;
    struct level_cache *cache;
    struct arena arena;      /* of the cache and the kept patterns */
    LIST(uint64_t) patterns; /* of the task at work */
    LIST(struct candidate) candidates;
    struct arena work; /* of these two */
};

struct tally_job {
    struct link_engine *engine;
    struct tally_thread *threads;
    uint32_t free_of_rule[LINK_RULES_MAX];
    uint64_t keep_below; /* a pair is sampled when its mixed hashes are below */
    bool keep;           /* patterns of all pairs stay in the tasks */
};

/* The comparisons that some rule which covers the pair does not depend on. */
static uint32_t free_comparisons(const struct tally_job *job, uint32_t a, uint32_t b)
{
    const struct link_engine *engine = job->engine;
    uint64_t equal = equal_fields(engine, a, b);
    uint32_t free = 0;
    for (size_t q = 0; q < engine->spec->rule_count; q++) {
        if ((job->free_of_rule[q] & ~free) == 0) continue;
        if (rule_covers(engine, q, equal, a, b)) free |= job->free_of_rule[q];
    }
    return free;
}

static bool is_sampled(const struct tally_job *job, uint32_t a, uint32_t b)
{
    if (job->keep_below == UINT64_MAX) return true;
    uint64_t one = job->engine->hashes[a], two = job->engine->hashes[b];
    uint64_t key = one < two ? u64_mix(one) + two : u64_mix(two) + one;
    return u64_mix(key) < job->keep_below;
}

static void tally_batch(void *context, size_t thread_number, size_t task,
                        const struct candidate *pairs, size_t count)
{
    (void)task;
    struct tally_job *job = context;
    struct tally_thread *thread = &job->threads[thread_number];
    struct candidate sampled[PAIR_BATCH];
    size_t sampled_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (is_sampled(job, pairs[i].a, pairs[i].b)) sampled[sampled_count++] = pairs[i];
    }
    if (sampled_count == 0) return;
    if (job->engine->rule_keys != NULL) {
        fetch_beside(job->engine->rule_keys, job->engine->spec->rule_count, sampled, sampled_count);
    }
    fetch_pairs(job->engine, sampled, sampled_count);
    for (size_t i = 0; i < sampled_count; i++) {
        uint32_t a = sampled[i].a, b = sampled[i].b;
        uint64_t pattern = pair_pattern(job->engine, thread->cache, a, b);
        tally_add(&thread->table, pattern, free_comparisons(job, a, b), 1);
        if (!job->keep) continue;
        *list_push(&thread->work, &thread->patterns) = pattern;
        *list_push(&thread->work, &thread->candidates) = sampled[i];
    }
}

static void tally_task_end(void *context, size_t thread_number, size_t number)
{
    struct tally_job *job = context;
    struct tally_thread *thread = &job->threads[thread_number];
    struct pair_task *task = &job->engine->tasks[number];
    if (!job->keep) return;
    task->pattern_count = thread->patterns.count;
    task->patterns = arena_copy(&thread->arena, thread->patterns.items,
                                task->pattern_count * sizeof *task->patterns);
    task->candidates = arena_copy(&thread->arena, thread->candidates.items,
                                  task->pattern_count * sizeof *task->candidates);
    thread->patterns.count = thread->candidates.count = 0;
}

/* Adds up the threads' tables: whole counts, so the order of adding does not matter. */
static void merge_tables(struct arena *arena, struct tally_thread *threads, size_t count,
                         double scale, struct tallies *out)
{
    struct tally_table all = {0};
    for (size_t t = 0; t < count; t++) {
        for (uint32_t i = 0; i < threads[t].table.slot_count; i++) {
            const struct tally *tally = &threads[t].table.slots[i];
            if (tally->count > 0) tally_add(&all, tally->pattern, tally->free, tally->count);
        }
    }
    out->items = arena_array(arena, struct tally, all.count);
    out->count = 0;
    out->pairs = 0;
    for (uint32_t i = 0; i < all.slot_count; i++) {
        if (all.slots[i].count > 0) out->items[out->count++] = all.slots[i];
    }
    arena_free(&all.arena);
    qsort(out->items, out->count, sizeof *out->items, compare_tallies);
    for (size_t i = 0; i < out->count; i++) {
        out->items[i].count *= scale;
        out->pairs += out->items[i].count;
    }
}

static void find_free(struct tally_job *job)
{
    const struct link_spec *spec = job->engine->spec;
    for (size_t q = 0; q < spec->rule_count; q++) {
        for (size_t c = 0; c < spec->comparison_count; c++) {
            bool touches = (spec->rules[q].touches & spec->comparisons[c].touches) != 0;
            if (!touches) job->free_of_rule[q] |= 1u << c;
        }
    }
}

void tally_blocked(struct link_engine *engine, size_t threads, uint64_t sample_max,
                   const struct progress *progress, struct tallies *out)
{
    struct arena scratch = {0};
    if (threads == 0) threads = thread_count_default();
    struct tally_job job = {.engine = engine, .keep_below = UINT64_MAX};
    uint64_t pairs = 0;
    for (size_t i = 0; i < engine->task_count; i++) pairs += engine->tasks[i].pairs;
    double share = pairs > sample_max ? (double)sample_max / (double)pairs : 1;
    if (share < 1) job.keep_below = (uint64_t)(share * 0x1p64);
    job.keep = share >= 1 && pairs <= engine->kept_pairs_max;
    find_free(&job);
    job.threads = arena_array(&scratch, struct tally_thread, threads);
    for (size_t t = 0; t < threads; t++) {
        job.threads[t].cache = level_cache_new(&job.threads[t].arena, engine);
    }
    pairs_walk(engine, threads,
               &(struct pair_walk){.batch = tally_batch,
                                   .task_end = tally_task_end,
                                   .context = &job,
                                   .progress = progress,
                                   .stage_en = "learning weights",
                                   .stage_zh = "学习权重"});
    merge_tables(engine->arena, job.threads, threads, 1 / share, out);
    for (size_t t = 0; t < threads; t++) {
        if (job.keep) arena_join(engine->arena, &job.threads[t].arena);
        arena_free(&job.threads[t].arena);
        arena_free(&job.threads[t].work);
        arena_free(&job.threads[t].table.arena);
    }
    arena_free(&scratch);
}
