#include "link/engine_internal.h"

#include "base/dict.h"
#include "base/prefetch.h"
#include "base/rng.h"
#include "base/thread.h"

#include <math.h>
#include <string.h>

/* Pairs at random, for how often two records agree by chance. A task draws few records and compares
 * each with several others of them, so that memory is waited for once a record, not once a pair.
 * Which records depends on what they say, never on their order. */

enum {
    RANDOM_SET = 1 << 10, /* records of a task */
    RANDOM_TURNS = 1 << 3,
    RANDOM_TASK = RANDOM_SET * RANDOM_TURNS, /* at most */
    RANDOM_PAIRS = 600000,
    ALL_PAIRS_MOST = 1500000, /* up to this all pairs are looked at instead of a sample */
};

/* One comparison of equal values is counted exactly from how often values occur; the sample speaks
 * for pairs of different values alone. */
struct random_counts {
    double levels[LINK_COMPARISONS_MAX][LINK_LEVELS_MAX + 1];  /* of different values */
    double inverse[LINK_COMPARISONS_MAX][LINK_LEVELS_MAX + 1]; /* sum of 1 / frequency */
    double differ[LINK_COMPARISONS_MAX];                       /* pairs of different values */
};

struct random_job {
    struct link_engine *engine;
    struct random_counts *counts; /* by task */
    uint32_t *drawn;              /* records, in an order that depends on contents alone */
    uint32_t drawn_count;
    bool all; /* every pair of those drawn, who are all */
};

/* A record and where its row stands. */
struct drawn {
    uint32_t record;
    const uint32_t *row;
};

static struct drawn drawn_at(const struct link_engine *engine, uint32_t record)
{
    return (struct drawn){record, &engine->rows[(size_t)record * engine->field_count]};
}

static bool values_equal(const struct link_engine *engine, size_t comparison, const uint32_t *a,
                         const uint32_t *b)
{
    size_t first = engine->comparisons[comparison].first_field;
    const uint32_t *va = a + first, *vb = b + first;
    for (size_t f = 0; f < engine->spec->comparisons[comparison].field_count; f++) {
        if (va[f] != vb[f]) return false;
    }
    return true;
}

static double level_share(const struct link_engine *engine, size_t comparison, unsigned part,
                          uint32_t a, uint32_t b)
{
    int32_t log_share;
    return level_log_share(engine, NULL, comparison, part, a, b, &log_share)
               ? exp2(log_share / 1000.0)
               : 0;
}

static void count_level(const struct link_engine *engine, struct random_counts *counts, size_t c,
                        unsigned part, uint32_t a, uint32_t b)
{
    if (part == 0) return;
    counts->differ[c]++;
    counts->levels[c][part - 1]++;
    if (engine->comparisons[c].frequency[part - 1][0] == SPEC_NONE) return;
    double share = level_share(engine, c, part, a, b);
    if (share > 0) counts->inverse[c][part - 1] += 1 / share;
}

/* Pairs at random seldom share their values with an earlier pair: nothing is remembered. */
static void count_random(const struct link_engine *engine, struct random_counts *counts, size_t c,
                         struct drawn a, struct drawn b)
{
    if (values_equal(engine, c, a.row, b.row)) return;
    count_level(engine, counts, c, row_level(engine, NULL, c, a.row, b.row), a.record, b.record);
}

/* Lists the records whose hashes are not above a bound, by hash; gives how many different ones. */
static size_t list_below(struct random_job *job, struct arena *keep, uint64_t below)
{
    const struct link_engine *engine = job->engine;
    struct arena scratch = {0};
    size_t kept = 0, at = 0, different = 0;
    for (uint32_t r = 0; r < engine->record_count; r++) kept += engine->hashes[r] <= below;
    uint64_t *keys = arena_array(&scratch, uint64_t, kept);
    job->drawn = arena_array(keep, uint32_t, kept);
    job->drawn_count = (uint32_t)kept;
    for (uint32_t r = 0; r < engine->record_count; r++) {
        if (engine->hashes[r] > below) continue;
        keys[at] = engine->hashes[r];
        job->drawn[at++] = r;
    }
    sort_keys(&scratch, keys, job->drawn, kept);
    for (size_t i = 0; i < kept; i++) different += i == 0 || keys[i] != keys[i - 1];
    arena_free(&scratch);
    return different;
}

/* Draws at even distances from the list of all records by hash, so that what many records say comes
 * as often as they do; neighbours in the list go to different tasks. */
static void draw_evenly(struct random_job *job, struct arena *scratch, size_t wish)
{
    struct arena list = {0};
    uint32_t *drawn = arena_array(scratch, uint32_t, wish);
    size_t tasks = wish / RANDOM_SET;
    list_below(job, &list, UINT64_MAX);
    for (uint64_t i = 0; i < wish; i++) {
        drawn[i % tasks * RANDOM_SET + i / tasks] = job->drawn[i * job->drawn_count / wish];
    }
    arena_free(&list);
    job->drawn = drawn;
    job->drawn_count = (uint32_t)wish;
}

/* Lists the records whose hashes are least: about `wish`, or all where there are few. Records that
 * say the same are drawn all or none; where that matters, it is done the longer way. */
static void draw_records(struct random_job *job, struct arena *scratch, uint64_t wish)
{
    uint64_t count = job->engine->record_count;
    double share = count == 0 ? 1 : (double)wish / (double)count;
    uint64_t below = share < 1 ? (uint64_t)(share * 0x1p64) : UINT64_MAX;
    uint64_t expected = wish < count ? wish : count;
    size_t different = list_below(job, scratch, below), kept = job->drawn_count;
    bool uneven = kept < expected - expected / 8 || kept > expected + expected / 8;
    if (!job->all && (uneven || different < kept / 4)) draw_evenly(job, scratch, wish);
}

/* The records of a task, their rows beside each other, and pairs of their numbers among them. */
struct random_set {
    uint32_t records[RANDOM_SET];
    uint32_t *rows;
    struct candidate pairs[RANDOM_TASK];
    size_t count; /* of pairs */
};

/* Draws the records of a task; what comparing them touches is asked for. */
static void take_records(const struct random_job *job, size_t number, struct random_set *set)
{
    const struct link_engine *engine = job->engine;
    size_t width = engine->field_count;
    uint32_t *records = set->records;
    struct candidate *pairs = set->pairs;
    for (size_t i = 0; i < RANDOM_SET; i++) {
        records[i] = job->drawn[(number * RANDOM_SET + i) % job->drawn_count];
    }
    for (size_t i = 0; i < RANDOM_SET / 2; i++) {
        pairs[i] = (struct candidate){records[2 * i], records[2 * i + 1]};
    }
    for (size_t i = 0; i < RANDOM_SET / 2; i += PAIR_BATCH) {
        fetch_pairs(engine, pairs + i, PAIR_BATCH);
    }
    for (size_t i = 0; i < RANDOM_SET; i++) {
        memcpy(&set->rows[i * width], &engine->rows[records[i] * width], width * sizeof *set->rows);
    }
}

static void take_pairs(const struct random_job *job, size_t number, struct random_set *set)
{
    struct rng rng = rng_branch(20201125, number);
    set->count = 0;
    for (size_t turn = 0; turn < RANDOM_TURNS; turn++) {
        uint32_t ahead = 1 + rng_below(&rng, RANDOM_SET - 1);
        for (uint32_t i = 0; i < RANDOM_SET; i++) {
            uint32_t j = (i + ahead) % RANDOM_SET, a = set->records[i], b = set->records[j];
            set->pairs[set->count] = (struct candidate){i, j};
            set->count += a != b && pair_allowed(job->engine, a, b);
        }
    }
}

/* Comparison by comparison: so the same levels come one behind another. */
static void random_task(const struct random_job *job, size_t number)
{
    struct arena scratch = {0};
    size_t width = job->engine->field_count;
    struct random_set set;
    set.rows = arena_room(&scratch, uint32_t, RANDOM_SET * width);
    take_records(job, number, &set);
    take_pairs(job, number, &set);
    for (size_t c = 0; c < job->engine->spec->comparison_count; c++) {
        for (size_t p = 0; p < set.count; p++) {
            uint32_t a = set.pairs[p].a, b = set.pairs[p].b;
            count_random(job->engine, &job->counts[number], c,
                         (struct drawn){set.records[a], &set.rows[a * width]},
                         (struct drawn){set.records[b], &set.rows[b * width]});
        }
    }
    arena_free(&scratch);
}

/* All pairs of a record with those behind it. */
static void all_task(const struct random_job *job, size_t number)
{
    const struct link_engine *engine = job->engine;
    uint32_t a = job->drawn[number];
    for (uint32_t i = (uint32_t)number + 1; i < job->drawn_count; i++) {
        uint32_t b = job->drawn[i];
        if (!pair_allowed(engine, a, b)) continue;
        for (size_t c = 0; c < engine->spec->comparison_count; c++) {
            count_random(engine, &job->counts[number], c, drawn_at(engine, a), drawn_at(engine, b));
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

/* Of one column: counters for each value. */
struct value_counts {
    const struct coded_column *column;
    uint32_t *counts; /* by value: records of the source at hand, zero between */
    uint32_t *totals; /* by value: records of all sources */
    uint32_t *last;   /* by value: a record; NULL where the value alone says how common it is */
    /* The share worked out last: most values are equally rare. */
    int32_t log_share;
    double share;
};

/* Records of one source, or all: those listed, or from … end - 1 themselves. */
struct stretch {
    const uint32_t *records;
    uint32_t from, end;
};

static uint32_t stretch_record(const struct stretch *stretch, uint32_t i)
{
    return stretch->records == NULL ? i : stretch->records[i];
}

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
                              uint32_t value, struct value_counts *values, struct equal_pairs *out)
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
    if (!any) return;
    if (values->log_share != log_share || values->share <= 0) {
        values->log_share = log_share;
        values->share = exp2(log_share / 1000.0);
    }
    out->inverse[part - 1] += sign * pairs / values->share;
}

static void count_equal_records(const struct link_engine *engine, size_t c, uint32_t size,
                                double sign, uint32_t value, struct value_counts *values,
                                struct equal_pairs *out)
{
    if (size < 2) return;
    if (values->last == NULL)
        count_equal_value(engine, c, size, sign, value, values, out);
    else
        count_equal_run(engine, c, size, sign, values->last[value], values->last[value], out);
}

/* Takes away the pairs inside a source, when `inside`, and adds its records to the totals. */
static void count_values(const struct link_engine *engine, size_t c, const struct stretch *stretch,
                         bool inside, struct value_counts *values, struct equal_pairs *out)
{
    uint32_t value_count = values->column->value_count;
    for (uint32_t i = stretch->from; i < stretch->end; i++) {
        uint32_t record = stretch_record(stretch, i);
        uint32_t value = column_value(values->column, record);
        values->counts[value]++;
        if (values->last != NULL) values->last[value] = record;
    }
    if (inside) count_present(stretch->end - stretch->from - values->counts[0], -1, out);
    if (stretch->end - stretch->from > value_count / 8) {
        /* Most values occur: they are gone through in their own order, not in that of records. */
        for (uint32_t value = 0; value < value_count; value++) {
            uint32_t size = values->counts[value];
            values->counts[value] = 0;
            values->totals[value] += size;
            if (inside && value > 0) count_equal_records(engine, c, size, -1, value, values, out);
        }
        return;
    }
    for (uint32_t i = stretch->from; i < stretch->end; i++) {
        uint32_t value = column_value(values->column, stretch_record(stretch, i));
        uint32_t size = values->counts[value];
        values->counts[value] = 0;
        values->totals[value] += size;
        if (inside && value > 0) count_equal_records(engine, c, size, -1, value, values, out);
    }
}

/* Adds the pairs of all records that have been counted. */
static void count_totals(const struct link_engine *engine, size_t c, struct value_counts *values,
                         struct equal_pairs *out)
{
    count_present(engine->record_count - values->totals[0], 1, out);
    for (uint32_t value = 1; value < values->column->value_count; value++) {
        count_equal_records(engine, c, values->totals[value], 1, value, values, out);
    }
}

/* Of several columns: records sorted by all of them, runs counted. */
static void count_runs(const struct link_engine *engine, size_t c, const struct stretch *stretch,
                       double sign, struct arena *scratch, struct equal_pairs *out)
{
    const struct spec_comparison *spec = &engine->spec->comparisons[c];
    uint32_t first = engine->comparisons[c].first_field;
    uint64_t *keys = arena_array(scratch, uint64_t, stretch->end - stretch->from);
    uint32_t *sorted = arena_array(scratch, uint32_t, stretch->end - stretch->from);
    size_t present = 0;
    for (uint32_t i = stretch->from; i < stretch->end; i++) {
        uint32_t record = stretch_record(stretch, i);
        const uint32_t *row = &engine->rows[(size_t)record * engine->field_count + first];
        uint64_t key = 0;
        size_t missing = 0;
        for (size_t f = 0; f < spec->field_count; f++) {
            missing += row[f] == 0;
            key = u64_mix(key + row[f] + f * 0x9E3779B97F4A7C15u);
        }
        if (spec->missing_all ? missing == spec->field_count : missing > 0) continue;
        keys[present] = key;
        sorted[present++] = record;
    }
    sort_keys(scratch, keys, sorted, present);
    count_present((double)present, sign, out);
    for (size_t from = 0, end; from < present; from = end) {
        for (end = from + 1; end < present && keys[end] == keys[from];) end++;
        if (end - from < 2) continue;
        count_equal_run(engine, c, (double)(end - from), sign, sorted[from], sorted[from + 1], out);
    }
}

struct equal_job {
    struct link_engine *engine;
    struct stretch *stretches; /* the sources where pairs inside one do not count, else all */
    uint32_t stretch_count;
    bool inside;               /* pairs inside a stretch are taken away */
    struct equal_pairs *pairs; /* by comparison */
};

static void count_single(const struct equal_job *job, size_t c, struct arena *scratch)
{
    const struct link_engine *engine = job->engine;
    uint32_t column = engine->fields[engine->comparisons[c].first_field].column;
    uint32_t count = engine->columns[column].value_count;
    struct value_counts values = {.column = &engine->columns[column],
                                  .counts = arena_array(scratch, uint32_t, count),
                                  .totals = arena_array(scratch, uint32_t, count)};
    if (!counts_own(engine, c)) values.last = arena_array(scratch, uint32_t, count);
    for (uint32_t s = 0; s < job->stretch_count; s++) {
        count_values(engine, c, &job->stretches[s], job->inside, &values, &job->pairs[c]);
    }
    count_totals(engine, c, &values, &job->pairs[c]);
}

static void equal_task(const struct equal_job *job, size_t c)
{
    const struct link_engine *engine = job->engine;
    struct arena scratch = {0};
    if (engine->spec->comparisons[c].field_count == 1) {
        count_single(job, c, &scratch);
    } else {
        struct stretch all = {.end = engine->record_count};
        count_runs(engine, c, &all, 1, &scratch, &job->pairs[c]);
        for (uint32_t s = 0; s < job->stretch_count && job->inside; s++) {
            count_runs(engine, c, &job->stretches[s], -1, &scratch, &job->pairs[c]);
        }
    }
    arena_free(&scratch);
}

/* Records by source, where pairs inside one do not count. */
static void open_stretches(struct equal_job *job, struct arena *scratch)
{
    const struct link_engine *engine = job->engine;
    const uint32_t *sources = engine->input->sources;
    uint32_t count = engine->record_count, *by_source = NULL;
    job->inside = engine->spec->between && sources != NULL;
    job->stretches = arena_array(scratch, struct stretch, engine->input->source_count + 1);
    if (!job->inside) {
        job->stretches[job->stretch_count++] = (struct stretch){.end = count};
        return;
    }
    bool ascending = true;
    for (uint32_t r = 1; r < count; r++) ascending = ascending && sources[r - 1] <= sources[r];
    if (!ascending) {
        uint64_t *keys = arena_array(scratch, uint64_t, count);
        by_source = arena_array(scratch, uint32_t, count);
        for (uint32_t r = 0; r < count; r++) {
            keys[r] = sources[r];
            by_source[r] = r;
        }
        sort_keys(scratch, keys, by_source, count);
    }
    for (uint32_t from = 0, end; from < count; from = end) {
        struct stretch *stretch = &job->stretches[job->stretch_count++];
        *stretch = (struct stretch){.records = by_source, .from = from, .end = count};
        uint32_t source = sources[stretch_record(stretch, from)];
        for (end = from; end < count; end++) {
            if (sources[stretch_record(stretch, end)] != source) break;
        }
        stretch->end = end;
    }
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

/* The records are drawn while equal values are counted, one task a comparison, as these take
 * longest; whoever has need of those drawn waits for a task that was begun before. */
struct count_job {
    struct equal_job equal;
    struct random_job random;
    struct arena arena; /* of the records drawn */
    uint64_t wish;      /* records to be drawn */
    pthread_mutex_t mutex;
    pthread_cond_t moved;
    bool drawn; /* under the mutex */
};

static void draw_task(struct count_job *job)
{
    draw_records(&job->random, &job->arena, job->wish);
    thread_lock(&job->mutex);
    job->drawn = true;
    CHECK(pthread_cond_broadcast(&job->moved) == 0);
    thread_unlock(&job->mutex);
}

static void wait_for_records(struct count_job *job)
{
    thread_lock(&job->mutex);
    while (!job->drawn) CHECK(pthread_cond_wait(&job->moved, &job->mutex) == 0);
    thread_unlock(&job->mutex);
}

static void count_task(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct count_job *job = context;
    size_t comparisons = job->equal.engine->spec->comparison_count;
    if (number == 0) {
        draw_task(job);
    } else if (number <= comparisons) {
        equal_task(&job->equal, number - 1);
    } else {
        wait_for_records(job);
        (job->random.all ? all_task : random_task)(&job->random, number - 1 - comparisons);
    }
}

static void add_counts(const struct random_counts *counts, struct random_counts *total)
{
    for (size_t c = 0; c < LINK_COMPARISONS_MAX; c++) {
        total->differ[c] += counts->differ[c];
        for (size_t k = 0; k <= LINK_LEVELS_MAX; k++) {
            total->levels[c][k] += counts->levels[c][k];
            total->inverse[c][k] += counts->inverse[c][k];
        }
    }
}

void tally_random(struct link_engine *engine, size_t threads, struct random_levels *out)
{
    struct arena scratch = {0};
    uint64_t records = engine->record_count;
    struct count_job job = {.equal.engine = engine,
                            .random.engine = engine,
                            .mutex = PTHREAD_MUTEX_INITIALIZER,
                            .moved = PTHREAD_COND_INITIALIZER};
    job.random.all = records * records / 2 <= ALL_PAIRS_MOST;
    size_t tasks = job.random.all ? records : (RANDOM_PAIRS + RANDOM_TASK - 1) / RANDOM_TASK;
    job.random.counts = arena_array(&scratch, struct random_counts, tasks);
    job.wish = job.random.all ? records : tasks * RANDOM_SET;
    job.equal.pairs = arena_array(&scratch, struct equal_pairs, LINK_COMPARISONS_MAX);
    open_stretches(&job.equal, &scratch);
    thread_run(threads, 1 + engine->spec->comparison_count + tasks, count_task, &job);
    struct random_counts total = {0};
    for (size_t i = 0; i < tasks; i++) add_counts(&job.random.counts[i], &total);
    *out = (struct random_levels){0};
    combine(engine, job.equal.pairs, &total, out);
    arena_free(&job.arena);
    arena_free(&scratch);
}
