#include "link/engine_internal.h"

#include "base/prefetch.h"
#include "base/thread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Weights: whole millibits added up, and the pairs at or above the review threshold. */

enum {
    CHUNK_PAIRS = 1 << 14,
    RANGE_BITS = 14, /* records of a range at least, so that what is known of each fits a cache */
    RANGES_MAX = 1 << 10,
    KNOWN_PAIRS = 1 << 14,
    SURE =
        21000, /* millibits from which on the probability rounds to one, or below minus to none */
};

uint32_t link_probability_ppm(int32_t weight_millibits)
{
    if (weight_millibits >= SURE) return 1000000;
    if (weight_millibits <= -SURE) return 0;
    double odds = exp2(weight_millibits / 1000.0);
    return (uint32_t)lround(1e6 * odds / (1 + odds));
}

static bool has_frequency(const struct link_engine *engine, size_t c, size_t level)
{
    const uint32_t *numbers = engine->comparisons[c].frequency[level];
    return numbers[0] != SPEC_NONE || numbers[1] != SPEC_NONE;
}

/* The most that a rare value can add: one that two records have. */
static int32_t frequency_most(const struct link_engine *engine, const struct weights *weights,
                              size_t c, size_t level, int32_t base)
{
    if (!has_frequency(engine, c, level)) return 0;
    int32_t rarest = 0;
    for (size_t i = 0; i < 2; i++) {
        uint32_t number = engine->comparisons[c].frequency[level][i];
        if (number != SPEC_NONE) rarest -= (int32_t)ceil(1000 * log2((double)weights->rarest + 1));
    }
    int64_t most = ((int64_t)base - rarest) * engine->spec->comparisons[c].frequency_permille;
    return most < 0 ? 0 : (int32_t)(most / 1000) + 1;
}

static void open_interactions(const struct link_spec *spec, const struct link_model *model,
                              struct weights *out)
{
    CHECK(model->interaction_count == spec->interaction_count);
    for (size_t i = 0; i < spec->interaction_count; i++) {
        const struct spec_interaction *pair = &spec->interactions[i];
        for (size_t k = 0; k < spec->comparisons[pair->first].level_count; k++) {
            for (size_t l = 0; l < spec->comparisons[pair->second].level_count; l++) {
                out->interactions[i][k + 1][l + 1] = model->interactions[i].bits[k][l];
            }
        }
    }
}

/* The most that interactions of comparison c with earlier ones can add. */
static int32_t interactions_most(const struct link_spec *spec, const struct weights *weights,
                                 size_t c)
{
    int32_t sum = 0;
    for (size_t i = 0; i < spec->interaction_count; i++) {
        if (spec->interactions[i].second != c) continue;
        int32_t most = 0;
        for (size_t k = 0; k < 16; k++) {
            for (size_t l = 0; l < 16; l++) {
                if (weights->interactions[i][k][l] > most) most = weights->interactions[i][k][l];
            }
        }
        sum += most;
    }
    return sum;
}

void weights_open(struct link_engine *engine, const struct link_model *model, struct weights *out)
{
    *out = (struct weights){.prior = model->prior, .model = model};
    frequencies_use(engine, model->frequencies, out);
    size_t count = engine->spec->comparison_count;
    CHECK(model->comparison_count == count);
    open_interactions(engine->spec, model, out);
    for (size_t c = count; c-- > 0;) {
        int32_t most = 0, together = interactions_most(engine->spec, out, c);
        for (size_t k = 0; k < model->comparisons[c].level_count; k++) {
            out->levels[c][k + 1] = model->comparisons[c].m[k] - model->comparisons[c].u[k];
            out->base[c][k + 1] = model->comparisons[c].frequency_base[k];
            int32_t weight =
                out->levels[c][k + 1] + frequency_most(engine, out, c, k, out->base[c][k + 1]);
            if (weight > most) most = weight;
        }
        out->rest_max[c] = out->rest_max[c + 1] + most + together;
    }
}

int32_t frequency_bits(const struct link_engine *engine, const struct weights *weights,
                       size_t comparison, unsigned part, uint32_t a, uint32_t b)
{
    int32_t log_share;
    if (part == 0 || !level_log_share(engine, weights, comparison, part, a, b, &log_share)) {
        return 0;
    }
    int64_t bits = (int64_t)weights->base[comparison][part] - log_share;
    return (int32_t)(bits * engine->spec->comparisons[comparison].frequency_permille / 1000);
}

int32_t pattern_weight(const struct link_engine *engine, const struct weights *weights,
                       uint64_t pattern, uint32_t a, uint32_t b)
{
    int32_t weight = weights->prior;
    for (size_t c = 0; c < engine->spec->comparison_count; c++) {
        unsigned part = pattern_part(pattern, c);
        weight += weights->levels[c][part] + frequency_bits(engine, weights, c, part, a, b)
                  + interaction_bits(engine->spec, weights, c, pattern);
    }
    return weight;
}

struct scored_chunk {
    struct scored_chunk *next;
    size_t count;
    struct link_pair pairs[CHUNK_PAIRS];
};

struct score_thread {
    struct arena arena;
    struct level_cache *cache;
    struct scored_chunk *chunks;
    struct pattern_table table;
    uint64_t compared;
    uint64_t task_at; /* next kept pattern of the task */
    size_t task;
};

struct score_job {
    struct link_engine *engine;
    const struct weights *weights;
    struct score_thread *threads;
    uint64_t *compared;   /* by task */
    uint64_t chunk_count; /* of all threads */
    bool full;
};

/* The weight of a pair, given up as soon as the rest cannot lift it to the threshold. */
static bool weigh(const struct score_job *job, struct score_thread *thread, uint32_t a, uint32_t b,
                  uint64_t *pattern, int32_t *weight)
{
    const struct link_engine *engine = job->engine;
    const struct weights *weights = job->weights;
    int32_t sum = weights->prior;
    uint64_t parts = 0;
    for (size_t c = 0; c < engine->spec->comparison_count; c++) {
        if (sum + weights->rest_max[c] < engine->spec->review) return false;
        unsigned part = pair_level(engine, thread->cache, c, a, b);
        parts |= (uint64_t)part << (PATTERN_BITS * c);
        sum += weights->levels[c][part] + frequency_bits(engine, weights, c, part, a, b)
               + interaction_bits(engine->spec, weights, c, parts);
    }
    *pattern = parts;
    *weight = sum;
    return sum >= engine->spec->review;
}

/* A further chunk, or false when all that may be listed is. */
static bool may_grow(struct score_job *job)
{
    uint64_t most = job->engine->pairs_max;
    uint64_t chunks = __atomic_add_fetch(&job->chunk_count, 1, __ATOMIC_RELAXED);
    if (most == 0 || (chunks - 1) * CHUNK_PAIRS < most) return true;
    __atomic_store_n(&job->full, true, __ATOMIC_RELAXED);
    return false;
}

static void keep_pair(struct score_job *job, struct score_thread *thread, uint32_t a, uint32_t b,
                      uint64_t pattern, int32_t weight)
{
    if (thread->chunks == NULL || thread->chunks->count == CHUNK_PAIRS) {
        if (__atomic_load_n(&job->full, __ATOMIC_RELAXED) || !may_grow(job)) return;
        struct scored_chunk *chunk = arena_new(&thread->arena, struct scored_chunk);
        chunk->next = thread->chunks;
        thread->chunks = chunk;
    }
    struct link_pair *pair = &thread->chunks->pairs[thread->chunks->count++];
    pair->a = a < b ? a : b;
    pair->b = a < b ? b : a;
    pair->weight_millibits = weight;
    pair->pattern = pattern_number(&thread->table, pattern);
}

/* Asks for what weighing known patterns will touch: rows, then how common the values are that stand
 * there. Memory is slower than comparing. */
static void fetch_shares(const struct score_job *job, const struct candidate *pairs, size_t count)
{
    const struct link_engine *engine = job->engine;
    size_t width = engine->field_count;
    fetch_beside(engine->rows, width, pairs, count);
    for (uint32_t f = 0; f < engine->frequency_count; f++) {
        uint32_t field = engine->frequencies[f].field;
        const int32_t *shares = job->weights->log_share[f];
        for (size_t i = 0; i < count && field != SPEC_NONE; i++) {
            prefetch(&shares[engine->rows[pairs[i].a * width + field]]);
            prefetch(&shares[engine->rows[pairs[i].b * width + field]]);
        }
    }
}

static void score_batch(void *context, size_t thread_number, size_t task_number,
                        const struct candidate *pairs, size_t count)
{
    struct score_job *job = context;
    struct score_thread *thread = &job->threads[thread_number];
    const struct pair_task *task = &job->engine->tasks[task_number];
    if (thread->task != task_number) {
        thread->task = task_number;
        thread->task_at = 0;
    }
    job->compared[task_number] += count;
    if (task->patterns != NULL) fetch_shares(job, pairs, count);
    for (size_t i = 0; i < count; i++) {
        uint32_t a = pairs[i].a, b = pairs[i].b;
        uint64_t pattern;
        int32_t weight;
        if (task->patterns != NULL) {
            pattern = task->patterns[thread->task_at++];
            weight = pattern_weight(job->engine, job->weights, pattern, a, b);
            if (weight < job->engine->spec->review) continue;
        } else if (!weigh(job, thread, a, b, &pattern, &weight)) {
            continue;
        }
        keep_pair(job, thread, a, b, pattern, weight);
    }
}

static int compare_patterns(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* One list of patterns for all threads, ascending. */
static void merge_patterns(struct link_engine *engine, struct score_job *job, size_t threads,
                           struct pattern_table *sorted, struct link_result *result)
{
    struct pattern_table all = {.arena = sorted->arena};
    for (size_t t = 0; t < threads; t++) {
        const struct pattern_table *table = &job->threads[t].table;
        for (uint32_t i = 0; i < table->count; i++) pattern_number(&all, table->patterns[i]);
    }
    if (all.count > 1) qsort(all.patterns, all.count, sizeof *all.patterns, compare_patterns);
    result->patterns = arena_copy(engine->arena, all.patterns, all.count * sizeof *all.patterns);
    result->pattern_count = all.count;
    for (uint32_t i = 0; i < all.count; i++) pattern_number(sorted, result->patterns[i]);
}

static int compare_pairs(const void *a, const void *b)
{
    const struct link_pair *x = a, *y = b;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static void sort_few(struct link_pair *pairs, size_t count)
{
    if (count > 32) {
        qsort(pairs, count, sizeof *pairs, compare_pairs);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct link_pair pair = pairs[i];
        size_t at = i;
        for (; at > 0 && pairs[at - 1].b > pair.b; at--) pairs[at] = pairs[at - 1];
        pairs[at] = pair;
    }
}

/* The pairs of all threads on their way into one list: spread over ranges of a, then put in order
 * inside each range. */
struct gathering {
    struct link_result *result;
    struct scored_list {
        const struct scored_chunk *chunk;
        const uint32_t *numbers; /* by the thread's number of a pattern: its number in the list */
    } * lists;
    size_t list_count, range_count;
    unsigned shift;       /* a's range: a >> shift */
    size_t *places;       /* by list, then range: how many; then where the next one goes */
    size_t *range_starts; /* in the list of all */
    struct sort_room {
        struct arena arena;
        uint32_t *starts; /* by record of the range, from its first */
        struct link_pair *pairs;
        size_t capacity;
    } * rooms; /* by thread */
};

static void count_list(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct gathering *gathering = context;
    const struct scored_chunk *chunk = gathering->lists[number].chunk;
    size_t *counts = gathering->places + number * gathering->range_count;
    for (size_t i = 0; i < chunk->count; i++) counts[chunk->pairs[i].a >> gathering->shift]++;
}

static void place_list(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct gathering *gathering = context;
    const struct scored_list *list = &gathering->lists[number];
    size_t *places = gathering->places + number * gathering->range_count;
    for (size_t i = 0; i < list->chunk->count; i++) {
        struct link_pair pair = list->chunk->pairs[i];
        pair.pattern = list->numbers[pair.pattern];
        pair.probability_ppm = link_probability_ppm(pair.weight_millibits);
        gathering->result->pairs[places[pair.a >> gathering->shift]++] = pair;
    }
}

/* Counted by a, then sorted inside. */
static void sort_range(void *context, size_t range, size_t thread)
{
    struct gathering *gathering = context;
    struct sort_room *room = &gathering->rooms[thread];
    size_t first = gathering->range_starts[range];
    size_t count = gathering->range_starts[range + 1] - first,
           records = (size_t)1 << gathering->shift;
    struct link_pair *pairs = gathering->result->pairs + first;
    uint32_t a = (uint32_t)(range << gathering->shift);
    if (count > room->capacity) {
        arena_give_back(&room->arena, room->pairs, room->capacity * sizeof *pairs);
        room->capacity = count + count / 4;
        room->pairs = arena_room(&room->arena, struct link_pair, room->capacity);
    }
    if (room->starts == NULL) room->starts = arena_room(&room->arena, uint32_t, records + 2);
    memset(room->starts, 0, (records + 2) * sizeof *room->starts);
    CHECK(count <= UINT32_MAX);
    for (size_t i = 0; i < count; i++) room->starts[pairs[i].a - a + 2]++;
    for (size_t r = 2; r < records + 2; r++) room->starts[r] += room->starts[r - 1];
    if (count > 0) memcpy(room->pairs, pairs, count * sizeof *pairs);
    for (size_t i = 0; i < count; i++) {
        pairs[room->starts[room->pairs[i].a - a + 1]++] = room->pairs[i];
    }
    for (size_t r = 0; r < records; r++) {
        sort_few(pairs + room->starts[r], room->starts[r + 1] - room->starts[r]);
    }
}

static void list_chunks(struct gathering *gathering, struct arena *scratch,
                        const struct score_job *job, struct pattern_table *sorted, size_t threads)
{
    size_t count = 0;
    for (size_t t = 0; t < threads; t++) {
        const struct scored_chunk *chunk = job->threads[t].chunks;
        for (; chunk != NULL; chunk = chunk->next) count++;
    }
    gathering->lists = arena_array(scratch, struct scored_list, count);
    for (size_t t = 0; t < threads; t++) {
        const struct pattern_table *table = &job->threads[t].table;
        uint32_t *numbers = arena_array(scratch, uint32_t, table->count);
        for (uint32_t i = 0; i < table->count; i++) {
            numbers[i] = pattern_number(sorted, table->patterns[i]);
        }
        const struct scored_chunk *chunk = job->threads[t].chunks;
        for (; chunk != NULL; chunk = chunk->next) {
            gathering->lists[gathering->list_count++] = (struct scored_list){chunk, numbers};
        }
    }
}

/* Turns counts into places: ranges one behind another. */
static void sum_ranges(struct gathering *gathering)
{
    size_t sum = 0;
    for (size_t r = 0; r < gathering->range_count; r++) {
        gathering->range_starts[r] = sum;
        for (size_t i = 0; i < gathering->list_count; i++) {
            size_t *place = &gathering->places[i * gathering->range_count + r], here = *place;
            *place = sum;
            sum += here;
        }
    }
    gathering->range_starts[gathering->range_count] = sum;
}

/* Puts the pairs of all threads in order of a, then b. */
static void gather(struct link_engine *engine, struct score_job *job, size_t threads,
                   struct link_result *result)
{
    struct arena scratch = {0};
    struct pattern_table sorted = {.arena = &scratch};
    struct gathering gathering = {.result = result, .shift = RANGE_BITS};
    merge_patterns(engine, job, threads, &sorted, result);
    list_chunks(&gathering, &scratch, job, &sorted, threads);
    while (engine->record_count >> gathering.shift >= RANGES_MAX) gathering.shift++;
    gathering.range_count = (engine->record_count >> gathering.shift) + 1;
    gathering.places = arena_array(&scratch, size_t, gathering.list_count * gathering.range_count);
    gathering.range_starts = arena_array(&scratch, size_t, gathering.range_count + 1);
    gathering.rooms = arena_array(&scratch, struct sort_room, threads);
    thread_run(threads, gathering.list_count, count_list, &gathering);
    sum_ranges(&gathering);
    result->pair_count = gathering.range_starts[gathering.range_count];
    result->pairs = arena_room(engine->arena, struct link_pair, result->pair_count);
    thread_run(threads, gathering.list_count, place_list, &gathering);
    thread_run(threads, gathering.range_count, sort_range, &gathering);
    for (size_t t = 0; t < threads; t++) arena_free(&gathering.rooms[t].arena);
    arena_free(&scratch);
}

/* Takes over the pairs of the earlier run whose records stand unchanged. */
static void keep_known(void *context, size_t number, size_t thread)
{
    struct score_job *job = context;
    struct link_engine *engine = job->engine;
    const struct increment *increment = engine->increment;
    const struct link_state *before = increment->previous;
    size_t end = (number + 1) * KNOWN_PAIRS;
    if (end > before->pair_count) end = before->pair_count;
    for (size_t p = number * KNOWN_PAIRS; p < end; p++) {
        const struct state_pair *pair = &before->pairs[p];
        uint32_t a = increment->places[pair->a], b = increment->places[pair->b];
        if (a == UINT32_MAX || b == UINT32_MAX || !increment_covers(engine, a, b)) continue;
        uint64_t pattern = before->patterns[pair->pattern];
        int32_t weight = pattern_weight(engine, job->weights, pattern, a, b);
        if (weight < engine->spec->review) continue;
        keep_pair(job, &job->threads[thread], a, b, pattern, weight);
    }
}

/* A block that came back under the cap gives pairs anew that other blocks gave before. */
static void drop_repeated(struct link_result *result)
{
    size_t kept = 0;
    for (size_t p = 0; p < result->pair_count; p++) {
        const struct link_pair *last = kept == 0 ? NULL : &result->pairs[kept - 1];
        bool repeated =
            last != NULL && last->a == result->pairs[p].a && last->b == result->pairs[p].b;
        if (!repeated) result->pairs[kept++] = result->pairs[p];
    }
    result->pair_count = kept;
}

static bool too_many_pairs(const struct link_engine *engine, struct err *err)
{
    return err_set(
        err, ERR_LIMIT,
        "more than %llu pairs reach the review threshold, which is more than fit into "
        "the memory allowed; allow more, or raise review in %s",
        "达到 review 阈值的记录对超过 %llu 对，所许内存放不下；请许更多内存，或提高 %s 中的 review",
        (unsigned long long)engine->pairs_max, engine->spec->name);
}

bool score_pairs(struct link_engine *engine, size_t threads, const struct weights *weights,
                 const struct progress *progress, struct link_result *result, struct err *err)
{
    struct arena scratch = {0};
    if (threads == 0) threads = thread_count_default();
    struct score_job job = {.engine = engine, .weights = weights};
    job.threads = arena_array(&scratch, struct score_thread, threads);
    job.compared = arena_array(&scratch, uint64_t, engine->task_count);
    for (size_t t = 0; t < threads; t++) {
        job.threads[t].cache = level_cache_new(&job.threads[t].arena, engine);
        job.threads[t].table.arena = &job.threads[t].arena;
        job.threads[t].task = SIZE_MAX;
    }
    pairs_walk(engine, threads,
               &(struct pair_walk){.batch = score_batch,
                                   .context = &job,
                                   .progress = progress,
                                   .stage_en = "comparing",
                                   .stage_zh = "比较"});
    if (engine->increment != NULL) {
        size_t known = engine->increment->previous->pair_count;
        thread_run(threads, (known + KNOWN_PAIRS - 1) / KNOWN_PAIRS, keep_known, &job);
    }
    bool fits = !job.full || too_many_pairs(engine, err);
    if (fits) gather(engine, &job, threads, result);
    if (engine->increment != NULL) drop_repeated(result);
    for (size_t i = 0; i < engine->task_count; i++) {
        engine->rules[engine->tasks[i].rule].count.pairs_new += job.compared[i];
        result->pairs_compared += job.compared[i];
    }
    for (size_t t = 0; t < threads; t++) arena_free(&job.threads[t].arena);
    arena_free(&scratch);
    return fits;
}
