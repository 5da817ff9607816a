#include "link/engine_internal.h"

#include "base/prefetch.h"
#include "base/thread.h"

/* Walks the pairs of the blocks. No set of pairs is kept: a pair belongs to the first rule that
 * covers it, which the rows of the two records tell at once or the rules' keys do, and inside a
 * rule of several keys to the first block that the two share. */

enum { FETCH_AHEAD = 24 }; /* members, of this group and those behind it */

struct walker {
    struct link_engine *engine;
    const struct pair_walk *walk;
    uint64_t done, total;
};

/* A batch being filled by one task. */
struct batch {
    const struct walker *walker;
    size_t thread, task;
    uint32_t rule;
    const bool *fresh; /* by record: a pair needs one that is; NULL: all pairs are wanted */
    size_t count;
    struct candidate pairs[PAIR_BATCH];
};

static void flush(struct batch *batch)
{
    const struct pair_walk *walk = batch->walker->walk;
    if (batch->count > 0) {
        walk->batch(walk->context, batch->thread, batch->task, batch->pairs, batch->count);
    }
    batch->count = 0;
}

static bool covered_before(const struct link_engine *engine, uint32_t rule, uint32_t a, uint32_t b)
{
    uint64_t equal = rule == 0 ? 0 : equal_fields(engine, a, b);
    for (uint32_t q = 0; q < rule; q++) {
        if (rule_covers(engine, q, equal, a, b)) return true;
    }
    return false;
}

static inline void offer(struct batch *batch, uint32_t a, uint32_t b)
{
    const struct link_engine *engine = batch->walker->engine;
    if (batch->fresh != NULL && !batch->fresh[a] && !batch->fresh[b]) return;
    if (!pair_allowed(engine, a, b) || covered_before(engine, batch->rule, a, b)) return;
    batch->pairs[batch->count++] = (struct candidate){a, b};
    if (batch->count == PAIR_BATCH) flush(batch);
}

static void walk_group(struct batch *batch, const struct block_rule *rule, uint32_t group)
{
    const uint32_t *members = rule->members + rule->group_starts[group - 1];
    uint32_t count = rule->group_starts[group] - rule->group_starts[group - 1];
    const struct link_engine *engine = batch->walker->engine;
    uint32_t left = rule->group_starts[rule->group_count] - rule->group_starts[group - 1];
    /* The first rule asks for nobody's keys. */
    uint32_t fetched = batch->rule == 0 ? 0 : count + FETCH_AHEAD;
    for (uint32_t i = FETCH_AHEAD; i < fetched && i < left; i++) {
        prefetch(&engine->rows[(size_t)members[i] * engine->field_count]);
        if (engine->rule_keys != NULL)
            prefetch(&engine->rule_keys[members[i] * engine->spec->rule_count]);
    }
    for (uint32_t i = 0; i < count; i++) {
        for (uint32_t j = i + 1; j < count; j++) offer(batch, members[i], members[j]);
    }
}

/* The first block that two tuples share. */
static uint32_t first_shared(const struct block_rule *rule, uint32_t a, uint32_t b)
{
    uint32_t i = rule->key_starts[a], j = rule->key_starts[b];
    while (rule->keys[i] != rule->keys[j]) {
        if (rule->keys[i] < rule->keys[j])
            i++;
        else
            j++;
    }
    return rule->keys[i];
}

static void walk_tuples(struct batch *batch, const struct block_rule *rule, uint32_t a, uint32_t b)
{
    for (uint32_t i = rule->group_starts[a - 1]; i < rule->group_starts[a]; i++) {
        for (uint32_t j = rule->group_starts[b - 1]; j < rule->group_starts[b]; j++) {
            offer(batch, rule->members[i], rule->members[j]);
        }
    }
}

static void walk_key_block(struct batch *batch, const struct block_rule *rule, uint32_t block)
{
    const uint32_t *tuples = rule->block_tuples;
    uint32_t end = rule->block_starts[block];
    for (uint32_t i = rule->block_starts[block - 1]; i < end; i++) {
        for (uint32_t j = i + 1; j < end; j++) {
            if (first_shared(rule, tuples[i], tuples[j]) != block) continue;
            walk_tuples(batch, rule, tuples[i], tuples[j]);
        }
    }
}

/* Of an increment the pairs with a fresh record, but all in a block that was over the cap. */
static const bool *wanted_of(const struct link_engine *engine, const struct block_rule *rule,
                             uint32_t unit)
{
    if (engine->increment == NULL) return NULL;
    bool tuple = rule->many && unit >= rule->block_count;
    bool whole = tuple ? rule->whole_tuples[unit - rule->block_count + 1] : rule->whole[unit + 1];
    return whole ? NULL : engine->increment->fresh;
}

/* Pairs that were found once are not looked for again. */
static void walk_known(const struct walker *walker, size_t number, size_t thread)
{
    const struct pair_task *task = &walker->engine->tasks[number];
    const struct pair_walk *walk = walker->walk;
    for (size_t at = 0; at < task->pattern_count; at += PAIR_BATCH) {
        size_t count = task->pattern_count - at;
        walk->batch(walk->context, thread, number, task->candidates + at,
                    count < PAIR_BATCH ? count : PAIR_BATCH);
    }
}

static void walk_units(const struct walker *walker, size_t number, size_t thread)
{
    const struct pair_task *task = &walker->engine->tasks[number];
    const struct block_rule *rule = &walker->engine->rules[task->rule];
    struct batch batch;
    batch.walker = walker;
    batch.thread = thread;
    batch.task = number;
    batch.rule = task->rule;
    batch.count = 0;
    for (uint32_t unit = task->from; unit < task->end; unit++) {
        batch.fresh = wanted_of(walker->engine, rule, unit);
        if (!rule->many)
            walk_group(&batch, rule, unit + 1);
        else if (unit < rule->block_count)
            walk_key_block(&batch, rule, unit + 1);
        else if (!rule->closed[unit - rule->block_count + 1]) {
            walk_group(&batch, rule, unit - rule->block_count + 1);
        }
    }
    flush(&batch);
}

static void run_task(void *context, size_t number, size_t thread)
{
    struct walker *walker = context;
    const struct pair_task *task = &walker->engine->tasks[number];
    if (task->candidates != NULL)
        walk_known(walker, number, thread);
    else
        walk_units(walker, number, thread);
    if (walker->walk->task_end != NULL) {
        walker->walk->task_end(walker->walk->context, thread, number);
    }
    uint64_t done = __atomic_add_fetch(&walker->done, task->pairs, __ATOMIC_RELAXED);
    if (thread == 0) {
        progress_report(walker->walk->progress, walker->walk->stage_en, walker->walk->stage_zh,
                        done, walker->total);
    }
}

void pairs_walk(struct link_engine *engine, size_t threads, const struct pair_walk *walk)
{
    struct walker walker = {.engine = engine, .walk = walk};
    for (size_t i = 0; i < engine->task_count; i++) walker.total += engine->tasks[i].pairs;
    thread_run(threads, engine->task_count, run_task, &walker);
}
