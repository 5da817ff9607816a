#include "link/engine_internal.h"

#include "base/dict.h"
#include "base/list.h"
#include "base/rng.h"
#include "base/thread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Tallies: training works on counts of patterns, so its cost does not depend on how many pairs
 * there are. Which pairs are sampled depends on what the records say, never on their order. */

enum {
    SLOTS_FIRST = 1 << 12,
    RANDOM_TASK = 1 << 13,
    RANDOM_PAIRS_LEAST = 200000,
    RANDOM_PAIRS_MOST = 600000,
    RANDOM_PAIRS_A_RECORD = 4,
    ALL_PAIRS_MOST = 1500000, /* up to this all pairs are looked at instead of a sample */
};

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
    uint64_t keep_below; /* a pair is sampled when its mixed ranks are below */
    bool keep;           /* patterns of all pairs stay in the tasks */
};

/* The comparisons that some rule which covers the pair does not depend on. */
static uint32_t free_comparisons(const struct tally_job *job, uint32_t a, uint32_t b)
{
    uint32_t free = 0;
    for (size_t q = 0; q < job->engine->spec->rule_count; q++) {
        if ((job->free_of_rule[q] & ~free) == 0) continue;
        if (rule_covers(job->engine, q, a, b)) free |= job->free_of_rule[q];
    }
    return free;
}

static bool is_sampled(const struct tally_job *job, uint32_t a, uint32_t b)
{
    if (job->keep_below == UINT64_MAX) return true;
    uint64_t one = job->engine->ranks[a], two = job->engine->ranks[b];
    uint64_t key = one < two ? one << 32 | two : two << 32 | one;
    return u64_mix(u64_mix(key + 0x9E3779B97F4A7C15u)) < job->keep_below;
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

/* Random pairs. One comparison of equal values is counted exactly from how often values occur;
 * the sample speaks for pairs of different values alone. */
struct random_counts {
    double levels[LINK_COMPARISONS_MAX][LINK_LEVELS_MAX + 1];  /* of different values */
    double inverse[LINK_COMPARISONS_MAX][LINK_LEVELS_MAX + 1]; /* sum of 1 / frequency */
    double differ[LINK_COMPARISONS_MAX];                       /* pairs of different values */
};

struct random_job {
    struct link_engine *engine;
    struct random_counts *counts; /* by task */
    uint64_t pair_count;
    bool all; /* every pair, by number */
};

static bool values_equal(const struct link_engine *engine, size_t comparison, uint32_t a,
                         uint32_t b)
{
    const struct spec_comparison *spec = &engine->spec->comparisons[comparison];
    uint32_t first = engine->comparisons[comparison].first_field;
    const uint32_t *va = &engine->rows[(size_t)a * engine->field_count + first];
    const uint32_t *vb = &engine->rows[(size_t)b * engine->field_count + first];
    return memcmp(va, vb, spec->field_count * sizeof *va) == 0;
}

static double level_share(const struct link_engine *engine, size_t comparison, unsigned part,
                          uint32_t a, uint32_t b)
{
    int32_t log_share;
    return level_log_share(engine, NULL, comparison, part, a, b, &log_share)
               ? exp2(log_share / 1000.0)
               : 0;
}

/* Pairs at random seldom share their values with an earlier pair: nothing is remembered. */
static void count_random(const struct link_engine *engine, struct random_counts *counts, uint32_t a,
                         uint32_t b)
{
    for (size_t c = 0; c < engine->spec->comparison_count; c++) {
        unsigned part = pair_level(engine, NULL, c, a, b);
        if (part == 0) continue;
        double share = level_share(engine, c, part, a, b);
        if (values_equal(engine, c, a, b)) continue;
        counts->differ[c]++;
        counts->levels[c][part - 1]++;
        if (share > 0) counts->inverse[c][part - 1] += 1 / share;
    }
}

static void random_task(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct random_job *job = context;
    const struct link_engine *engine = job->engine;
    struct random_counts *counts = &job->counts[number];
    struct rng rng = rng_branch(20201125, number);
    if (job->all) {
        uint32_t a = engine->order[number];
        for (uint32_t rank = (uint32_t)number + 1; rank < engine->record_count; rank++) {
            uint32_t b = engine->order[rank];
            if (pair_allowed(engine, a, b)) count_random(engine, counts, a, b);
        }
        return;
    }
    for (int done = 0; done < RANDOM_TASK; done += PAIR_BATCH) {
        struct candidate pairs[PAIR_BATCH];
        size_t count = 0;
        for (size_t i = 0; i < PAIR_BATCH; i++) {
            pairs[i].a = (uint32_t)rng_below(&rng, engine->record_count);
            pairs[i].b = (uint32_t)rng_below(&rng, engine->record_count);
            __builtin_prefetch(&engine->order[pairs[i].a]);
            __builtin_prefetch(&engine->order[pairs[i].b]);
        }
        for (size_t i = 0; i < PAIR_BATCH; i++) {
            uint32_t a = engine->order[pairs[i].a], b = engine->order[pairs[i].b];
            if (a == b || !pair_allowed(engine, a, b)) continue;
            pairs[count++] = (struct candidate){a, b};
        }
        fetch_pairs(engine, pairs, count);
        for (size_t i = 0; i < count; i++) {
            count_random(engine, counts, pairs[i].a, pairs[i].b);
        }
    }
}

/* Pairs among those possible whose values of one comparison are equal, and how many have both:
 * counted by value, all records first, then less those inside one source. */
struct equal_pairs {
    double equal[LINK_LEVELS_MAX + 1];   /* by level */
    double inverse[LINK_LEVELS_MAX + 1]; /* sum of 1 / frequency over them */
    double present;
};

/* Adds or takes away the pairs of `size` records that are equal in comparison c, two of which are
 * given. */
static void count_equal_run(const struct link_engine *engine, size_t c, double size, double sign,
                            uint32_t a, uint32_t b, struct equal_pairs *out)
{
    double pairs = size * (size - 1) / 2;
    unsigned part = pair_level(engine, NULL, c, a, b);
    if (part == 0) return;
    double share = level_share(engine, c, part, a, b);
    out->equal[part - 1] += sign * pairs;
    if (share > 0) out->inverse[part - 1] += sign * pairs / share;
}

static void count_present(double records, double sign, struct equal_pairs *out)
{
    out->present += sign * records * (records - 1) / 2;
}

/* Of one column: a counter for each value, taken back to zero as it is read. */
struct value_counts {
    const struct coded_column *column;
    uint32_t *counts; /* by value: records */
    uint32_t
        *last; /* by value: the last of them; NULL where the value alone says how common it is */
};

/* True when the levels of a comparison ask how common its own values are, or nothing. */
static bool counts_own(const struct link_engine *engine, size_t c)
{
    uint32_t column = engine->fields[engine->comparisons[c].first_field].column;
    for (size_t k = 0; k <= LINK_LEVELS_MAX; k++) {
        for (size_t i = 0; i < 2; i++) {
            uint32_t number = engine->comparisons[c].frequency[k][i];
            if (k >= engine->spec->comparisons[c].level_count || number == SPEC_NONE) continue;
            if (engine->frequencies[number].column != column) return false;
        }
    }
    return true;
}

/* The same as count_equal_run for two records of one value that stands for its own frequency. */
static void count_equal_value(const struct link_engine *engine, size_t c, double size, double sign,
                              uint32_t value, struct equal_pairs *out)
{
    const struct comparison_state *state = &engine->comparisons[c];
    double pairs = size * (size - 1) / 2;
    unsigned part = self_level(state, value);
    if (part == 0) return;
    int32_t log_share = 0;
    bool any = false;
    for (size_t i = 0; i < 2 && state->frequency[part - 1][i] != SPEC_NONE; i++) {
        log_share += engine->frequencies[state->frequency[part - 1][i]].log_share[value];
        any = true;
    }
    out->equal[part - 1] += sign * pairs;
    if (any) out->inverse[part - 1] += sign * pairs / exp2(log_share / 1000.0);
}

static void count_values(const struct link_engine *engine, size_t c, const uint32_t *records,
                         size_t count, double sign, struct value_counts *values,
                         struct equal_pairs *out)
{
    uint32_t present = 0, value_count = values->column->value_count;
    for (size_t i = 0; i < count; i++) {
        uint32_t value = column_value(values->column, records[i]);
        present += value != 0;
        values->counts[value]++;
        if (values->last != NULL) values->last[value] = records[i];
    }
    count_present(present, sign, out);
    values->counts[0] = 0;
    if (values->last == NULL && count > value_count / 8) {
        /* Most values occur: they are gone through in their own order, not in that of records. */
        for (uint32_t value = 1; value < value_count; value++) {
            uint32_t size = values->counts[value];
            values->counts[value] = 0;
            if (size > 1) count_equal_value(engine, c, size, sign, value, out);
        }
        return;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t value = column_value(values->column, records[i]), size = values->counts[value];
        values->counts[value] = 0;
        if (size < 2) continue;
        if (values->last == NULL)
            count_equal_value(engine, c, size, sign, value, out);
        else
            count_equal_run(engine, c, size, sign, records[i], values->last[value], out);
    }
}

/* Of several columns: records sorted by all of them, runs counted. */
static void count_runs(const struct link_engine *engine, size_t c, const uint32_t *records,
                       size_t count, double sign, struct arena *scratch, struct equal_pairs *out)
{
    const struct spec_comparison *spec = &engine->spec->comparisons[c];
    uint32_t first = engine->comparisons[c].first_field;
    uint64_t *keys = arena_array(scratch, uint64_t, count);
    uint32_t *sorted = arena_array(scratch, uint32_t, count);
    size_t present = 0;
    for (size_t i = 0; i < count; i++) {
        const uint32_t *row = &engine->rows[(size_t)records[i] * engine->field_count + first];
        uint64_t key = 0;
        size_t missing = 0;
        for (size_t f = 0; f < spec->field_count; f++) {
            missing += row[f] == 0;
            key = u64_mix(key + row[f] + f * 0x9E3779B97F4A7C15u);
        }
        if (spec->missing_all ? missing == spec->field_count : missing > 0) continue;
        keys[present] = key;
        sorted[present++] = records[i];
    }
    sort_keys(scratch, keys, sorted, present);
    count_present((double)present, sign, out);
    for (size_t from = 0, end; from < present; from = end) {
        for (end = from + 1; end < present && keys[end] == keys[from];) end++;
        if (end - from < 2) continue;
        count_equal_run(engine, c, (double)(end - from), sign, sorted[from], sorted[from + 1], out);
    }
}

static void count_stretch(const struct link_engine *engine, size_t c, const uint32_t *records,
                          size_t count, double sign, struct value_counts *values,
                          struct equal_pairs *out)
{
    if (values->counts != NULL) {
        count_values(engine, c, records, count, sign, values, out);
        return;
    }
    struct arena scratch = {0};
    count_runs(engine, c, records, count, sign, &scratch, out);
    arena_free(&scratch);
}

struct equal_job {
    struct link_engine *engine;
    const uint32_t *by_source; /* all records; ordered by source where that matters */
    struct equal_pairs *pairs; /* by comparison */
};

static void equal_task(void *context, size_t c, size_t thread)
{
    (void)thread;
    struct equal_job *job = context;
    const struct link_engine *engine = job->engine;
    const uint32_t *sources = engine->input->sources;
    struct arena scratch = {0};
    struct value_counts values = {0};
    if (engine->spec->comparisons[c].field_count == 1) {
        uint32_t column = engine->fields[engine->comparisons[c].first_field].column;
        uint32_t count = engine->columns[column].value_count;
        values.column = &engine->columns[column];
        values.counts = arena_array(&scratch, uint32_t, count);
        if (!counts_own(engine, c)) values.last = arena_array(&scratch, uint32_t, count);
    }
    count_stretch(engine, c, job->by_source, engine->record_count, 1, &values, &job->pairs[c]);
    if (engine->spec->between && sources != NULL) {
        /* The pairs inside each source are taken away. */
        for (uint32_t from = 0, end; from < engine->record_count; from = end) {
            uint32_t source = sources[job->by_source[from]];
            for (end = from; end < engine->record_count; end++) {
                if (sources[job->by_source[end]] != source) break;
            }
            count_stretch(engine, c, job->by_source + from, end - from, -1, &values,
                          &job->pairs[c]);
        }
    }
    arena_free(&scratch);
}

static void count_equal(struct link_engine *engine, size_t threads, struct equal_pairs *out)
{
    struct arena scratch = {0};
    uint32_t count = engine->record_count;
    uint64_t *keys = arena_array(&scratch, uint64_t, count);
    uint32_t *by_source = arena_array(&scratch, uint32_t, count);
    for (uint32_t r = 0; r < count; r++) {
        keys[r] = engine->input->sources == NULL ? 0 : engine->input->sources[r];
        by_source[r] = r;
    }
    if (engine->spec->between) sort_keys(&scratch, keys, by_source, count);
    struct equal_job job = {.engine = engine, .by_source = by_source, .pairs = out};
    thread_run(threads, engine->spec->comparison_count, equal_task, &job);
    arena_free(&scratch);
}

/* Puts the two parts together: equal pairs as counted, the others as sampled. */
static void combine(const struct link_engine *engine, const struct equal_pairs *equal,
                    const struct random_counts *sample, struct random_levels *out)
{
    for (size_t c = 0; c < engine->spec->comparison_count; c++) {
        double all_equal = 0;
        size_t levels = engine->spec->comparisons[c].level_count;
        for (size_t k = 0; k < levels; k++) all_equal += equal[c].equal[k];
        double differ = equal[c].present - all_equal;
        double scale = sample->differ[c] > 0 ? differ / sample->differ[c] : 0;
        out->present[c] = equal[c].present;
        for (size_t k = 0; k < levels; k++) {
            double sampled = scale * sample->levels[c][k];
            out->counts[c][k] = equal[c].equal[k] + sampled;
            out->equal[c][k] = equal[c].equal[k] > sampled;
            bool unseen = sample->levels[c][k] <= 0 && equal[c].equal[k] <= 0;
            out->least[c][k] = unseen ? 0.25 * scale : 0;
            double inverse = equal[c].inverse[k] + scale * sample->inverse[c][k];
            out->inverse[c][k] = out->counts[c][k] > 0 ? inverse / out->counts[c][k] : 0;
        }
    }
}

void tally_random(struct link_engine *engine, size_t threads, struct random_levels *out)
{
    struct arena scratch = {0};
    uint64_t records = engine->record_count;
    uint64_t wish = records * RANDOM_PAIRS_A_RECORD;
    if (wish < RANDOM_PAIRS_LEAST) wish = RANDOM_PAIRS_LEAST;
    if (wish > RANDOM_PAIRS_MOST) wish = RANDOM_PAIRS_MOST;
    if (threads == 0) threads = thread_count_default();
    struct random_job job = {.engine = engine, .all = records * records / 2 <= ALL_PAIRS_MOST};
    size_t tasks = job.all ? records : (size_t)((wish + RANDOM_TASK - 1) / RANDOM_TASK);
    job.counts = arena_array(&scratch, struct random_counts, tasks);
    thread_run(threads, tasks, random_task, &job);
    struct random_counts total = {0};
    for (size_t i = 0; i < tasks; i++) {
        const struct random_counts *counts = &job.counts[i];
        for (size_t c = 0; c < LINK_COMPARISONS_MAX; c++) {
            total.differ[c] += counts->differ[c];
            for (size_t k = 0; k <= LINK_LEVELS_MAX; k++) {
                total.levels[c][k] += counts->levels[c][k];
                total.inverse[c][k] += counts->inverse[c][k];
            }
        }
    }
    struct equal_pairs *equal = arena_array(&scratch, struct equal_pairs, LINK_COMPARISONS_MAX);
    count_equal(engine, threads, equal);
    *out = (struct random_levels){0};
    combine(engine, equal, &total, out);
    arena_free(&scratch);
}
