#include "link/cluster.h"

#include "base/thread.h"

#include <stdlib.h>
#include <string.h>

/* Components of the kept pairs, and who works on which. */

enum { TASK_PAIRS = 1 << 13 };

struct cluster_job {
    struct link_engine *engine;
    const struct weights *weights;
    struct link_result *result;
    const uint32_t *members; /* records by component */
    const uint32_t *starts;  /* of components in members */
    const uint32_t *tasks;   /* first component of each task */
    size_t task_count;
    const size_t *pair_starts;       /* by record: its pairs as the smaller one */
    uint32_t *local;                 /* by record: its number in its component */
    uint32_t *roots;                 /* by record: outcome, a record of its cluster */
    const uint32_t *decision_starts; /* by record */
    const uint32_t *decisions;
    struct level_cache **caches;
    struct arena *arenas; /* by thread */
    const struct progress *progress;
    int32_t match;
    bool any_once;
    struct join_list *joins;                 /* by thread; NULL when nobody asks */
    uint64_t *records_tied, *records_greedy; /* by thread */
};

/* All pairs there and nothing against: one cluster wherever the threshold is at most the least
 * weight, which is given. */
static bool is_plain(const struct cluster_job *job, const uint32_t *records, uint32_t count,
                     int32_t *least)
{
    const struct link_spec *spec = job->engine->spec;
    const struct link_input *input = job->engine->input;
    if (spec->one_to_one || count > 64) return false;
    size_t pairs = 0;
    *least = INT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t r = records[i];
        if (job->decision_starts[r] != job->decision_starts[r + 1]) return false;
        uint32_t source = input->sources == NULL ? 0 : input->sources[r];
        for (uint32_t j = 0; j < i && input->source_list[source].once_per_entity; j++) {
            if (input->sources == NULL || input->sources[records[j]] == source) return false;
        }
        for (size_t p = job->pair_starts[r]; p < job->pair_starts[r + 1]; p++) {
            int32_t weight = job->result->pairs[p].weight_millibits;
            if (weight < job->match) return false;
            if (weight < *least) *least = weight;
            pairs++;
        }
    }
    return pairs == (size_t)count * (count - 1) / 2;
}

/* The joins of a plain component, from `first` in the list on: none later than its least weight. */
static void raise_joins(struct join_list *joins, size_t first, const uint32_t *records,
                        uint32_t count, int32_t least)
{
    for (size_t i = first; i < joins->list.count; i++) {
        int32_t *level = &joins->list.items[i].level_millibits;
        if (*level < least) *level = least;
    }
    for (uint32_t i = 1; i < count; i++) {
        *list_push(joins->arena, &joins->list) = (struct link_join){records[0], records[i], least};
    }
}

/* Makes one cluster of records that a person said are the same. */
static void apply_same(const struct cluster_job *job, struct component *component,
                       uint32_t *group_of)
{
    for (uint32_t i = 0; i < component->count; i++) {
        uint32_t r = component->records[i];
        for (uint32_t d = job->decision_starts[r]; d < job->decision_starts[r + 1]; d++) {
            const struct link_decision *decision =
                &job->engine->input->decisions[job->decisions[d]];
            if (!decision->same || decision->a != r) continue;
            uint32_t to = group_of[i], from = group_of[job->local[decision->b]];
            if (to == from) continue;
            cluster_append(component, to, from, INT32_MAX);
            for (uint32_t j = component->groups[to].first + 1; j != 0;
                 j = component->following[j - 1]) {
                group_of[j - 1] = to;
            }
        }
    }
}

static void apply_different(const struct cluster_job *job, struct component *component,
                            const uint32_t *group_of)
{
    for (uint32_t i = 0; i < component->count; i++) {
        uint32_t r = component->records[i];
        for (uint32_t d = job->decision_starts[r]; d < job->decision_starts[r + 1]; d++) {
            const struct link_decision *decision =
                &job->engine->input->decisions[job->decisions[d]];
            if (decision->same || decision->a != r) continue;
            uint32_t j = job->local[decision->b];
            bool inside = j < component->count && component->records[j] == decision->b;
            if (inside) cluster_forbid(component, group_of[i], group_of[j]);
        }
    }
}

static void open_component(struct cluster_job *job, size_t thread, const uint32_t *records,
                           uint32_t count, struct component *out)
{
    struct arena *arena = &job->arenas[thread];
    *out = (struct component){.arena = arena,
                              .engine = job->engine,
                              .weights = job->weights,
                              .result = job->result,
                              .cache = job->caches[thread],
                              .match = job->match,
                              .any_once = job->any_once,
                              .joins = job->joins == NULL ? NULL : &job->joins[thread],
                              .queue = {.arena = arena},
                              .records = records,
                              .count = count};
    out->following = arena_array(arena, uint32_t, count);
    out->groups = arena_array(arena, struct group, count);
    u64_map_init(&out->bond_of, arena);
    for (uint32_t i = 0; i < count; i++) {
        out->groups[i] = (struct group){
            .first = i, .last = i, .count = 1, .rank = job->engine->ranks[records[i]]};
    }
}

/* Gives each record a record of its cluster, the least. */
static void keep_roots(struct cluster_job *job, const struct component *component)
{
    const uint32_t *records = component->records;
    for (uint32_t g = 0; g < component->count; g++) {
        if (component->groups[g].dead) continue;
        uint32_t least = UINT32_MAX;
        for (uint32_t i = component->groups[g].first + 1; i != 0; i = component->following[i - 1]) {
            if (records[i - 1] < least) least = records[i - 1];
        }
        for (uint32_t i = component->groups[g].first + 1; i != 0; i = component->following[i - 1]) {
            job->roots[records[i - 1]] = least;
        }
    }
}

static void run_component(struct cluster_job *job, size_t thread, const uint32_t *records,
                          uint32_t count)
{
    struct join_list *joins = job->joins == NULL ? NULL : &job->joins[thread];
    size_t joins_before = joins == NULL ? 0 : joins->list.count;
    int32_t least;
    for (uint32_t i = 0; i < count; i++) job->roots[records[i]] = records[0];
    if (count == 1) return;
    bool plain = is_plain(job, records, count, &least);
    if (plain && joins == NULL) return;
    struct component component;
    for (uint32_t i = 0; i < count; i++) job->local[records[i]] = i;
    open_component(job, thread, records, count, &component);
    uint32_t *group_of = arena_array(component.arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) group_of[i] = i;
    apply_same(job, &component, group_of);
    for (uint32_t i = 0; i < count; i++) {
        for (size_t p = job->pair_starts[records[i]]; p < job->pair_starts[records[i] + 1]; p++) {
            const struct link_pair *pair = &job->result->pairs[p];
            cluster_add_pair(&component, group_of, i, job->local[pair->b], pair);
        }
    }
    apply_different(job, &component, group_of);
    cluster_join_all(&component);
    if (plain) raise_joins(joins, joins_before, records, count, least);
    job->records_tied[thread] += component.records_tied;
    job->records_greedy[thread] += component.records_greedy;
    keep_roots(job, &component);
    arena_reset(component.arena);
}

static void run_task(void *context, size_t number, size_t thread)
{
    struct cluster_job *job = context;
    for (uint32_t c = job->tasks[number]; c < job->tasks[number + 1]; c++) {
        run_component(job, thread, job->members + job->starts[c],
                      job->starts[c + 1] - job->starts[c]);
    }
    if (thread == 0) {
        progress_report(job->progress, "joining", "归并", number + 1, job->task_count);
    }
}

static uint32_t find_root(uint32_t *parents, uint32_t record)
{
    while (parents[record] != record) {
        parents[record] = parents[parents[record]];
        record = parents[record];
    }
    return record;
}

/* The smaller record becomes the root, so that a component is named by its smallest. */
static void unite(uint32_t *parents, uint32_t a, uint32_t b)
{
    a = find_root(parents, a);
    b = find_root(parents, b);
    if (a < b)
        parents[b] = a;
    else
        parents[a] = b;
}

/* Lists records by component: members, starts; gives the number of components. */
static uint32_t find_components(const struct link_engine *engine, const struct link_result *result,
                                struct arena *scratch, uint32_t **members, uint32_t **starts)
{
    uint32_t count = engine->record_count, components = 0;
    uint32_t *parents = arena_array(scratch, uint32_t, count);
    for (uint32_t r = 0; r < count; r++) parents[r] = r;
    for (size_t p = 0; p < result->pair_count; p++) {
        unite(parents, result->pairs[p].a, result->pairs[p].b);
    }
    for (size_t d = 0; d < engine->input->decision_count; d++) {
        const struct link_decision *decision = &engine->input->decisions[d];
        if (decision->same) unite(parents, decision->a, decision->b);
    }
    uint32_t *sizes = arena_array(scratch, uint32_t, (size_t)count + 1);
    uint32_t *number = arena_array(scratch, uint32_t, count);
    for (uint32_t r = 0; r < count; r++) {
        uint32_t root = find_root(parents, r);
        if (root == r)
            number[r] = components++;
        else
            number[r] = number[root];
        sizes[number[r] + 1]++;
    }
    for (uint32_t c = 0; c < components; c++) sizes[c + 1] += sizes[c];
    *members = arena_array(scratch, uint32_t, count);
    uint32_t *places = arena_copy(scratch, sizes, ((size_t)components + 1) * sizeof *sizes);
    for (uint32_t r = 0; r < count; r++) (*members)[places[number[r]]++] = r;
    *starts = sizes;
    return components;
}

static void index_pairs(const struct link_result *result, uint32_t records, size_t *starts)
{
    size_t at = 0;
    for (uint32_t r = 0; r <= records; r++) {
        while (at < result->pair_count && result->pairs[at].a < r) at++;
        starts[r] = at;
    }
}

/* Decisions by each of their two records. */
static void index_decisions(const struct link_engine *engine, struct arena *scratch,
                            uint32_t **starts, uint32_t **list)
{
    const struct link_input *input = engine->input;
    *starts = arena_array(scratch, uint32_t, (size_t)engine->record_count + 2);
    *list = arena_array(scratch, uint32_t, input->decision_count * 2);
    for (size_t d = 0; d < input->decision_count; d++) {
        (*starts)[input->decisions[d].a + 1]++;
        (*starts)[input->decisions[d].b + 1]++;
    }
    for (uint32_t r = 0; r <= engine->record_count; r++) (*starts)[r + 1] += (*starts)[r];
    uint32_t *places =
        arena_copy(scratch, *starts, ((size_t)engine->record_count + 2) * sizeof **starts);
    for (uint32_t d = 0; d < input->decision_count; d++) {
        (*list)[places[input->decisions[d].a]++] = d;
        (*list)[places[input->decisions[d].b]++] = d;
    }
}

/* Cuts components into tasks of about the same number of pairs. */
static void cut_tasks(struct cluster_job *job, struct arena *scratch, uint32_t components)
{
    LIST(uint32_t) tasks = {0};
    size_t pairs = 0;
    *list_push(scratch, &tasks) = 0;
    for (uint32_t c = 0; c < components; c++) {
        for (uint32_t i = job->starts[c]; i < job->starts[c + 1]; i++) {
            uint32_t r = job->members[i];
            pairs += job->pair_starts[r + 1] - job->pair_starts[r] + 1;
        }
        if (pairs < TASK_PAIRS && c + 1 < components) continue;
        *list_push(scratch, &tasks) = c + 1;
        pairs = 0;
    }
    job->tasks = tasks.items;
    job->task_count = tasks.count - 1;
}

static void number_clusters(struct arena *arena, uint32_t count, const uint32_t *roots,
                            struct link_result *result)
{
    result->clusters = arena_array(arena, uint32_t, count);
    result->cluster_count = 0;
    for (uint32_t r = 0; r < count; r++) {
        result->clusters[r] =
            roots[r] == r ? (uint32_t)result->cluster_count++ : result->clusters[roots[r]];
    }
}

static void open_job(struct cluster_job *job, struct arena *scratch, size_t threads)
{
    struct link_engine *engine = job->engine;
    uint32_t *members, *starts, *decision_starts, *decisions;
    uint32_t components = find_components(engine, job->result, scratch, &members, &starts);
    size_t *pair_starts = arena_array(scratch, size_t, (size_t)engine->record_count + 1);
    index_pairs(job->result, engine->record_count, pair_starts);
    index_decisions(engine, scratch, &decision_starts, &decisions);
    job->members = members;
    job->starts = starts;
    job->pair_starts = pair_starts;
    job->decision_starts = decision_starts;
    job->decisions = decisions;
    job->local = arena_array(scratch, uint32_t, engine->record_count);
    job->roots = arena_array(scratch, uint32_t, engine->record_count);
    job->caches = arena_array(scratch, struct level_cache *, threads);
    job->arenas = arena_array(scratch, struct arena, threads);
    job->records_tied = arena_array(scratch, uint64_t, threads);
    job->records_greedy = arena_array(scratch, uint64_t, threads);
    for (size_t t = 0; t < threads; t++) job->caches[t] = level_cache_new(scratch, engine);
    for (size_t s = 0; s < engine->input->source_count; s++) {
        job->any_once = job->any_once || engine->input->source_list[s].once_per_entity;
    }
    cut_tasks(job, scratch, components);
}

/* Fills clusters, cluster_count and what one to one counts. */
static void run_job(struct cluster_job *job, struct arena *arena, size_t threads)
{
    struct arena scratch = {0};
    struct link_result *result = job->result;
    if (threads == 0) threads = thread_count_default();
    open_job(job, &scratch, threads);
    thread_run(threads, job->task_count, run_task, job);
    number_clusters(arena, job->engine->record_count, job->roots, result);
    result->records_tied = result->records_greedy = 0;
    for (size_t t = 0; t < threads; t++) {
        result->records_tied += job->records_tied[t];
        result->records_greedy += job->records_greedy[t];
        arena_free(&job->arenas[t]);
    }
    arena_free(&scratch);
}

void cluster_records(struct link_engine *engine, size_t threads, const struct weights *weights,
                     const struct progress *progress, struct link_result *result)
{
    struct cluster_job job = {.engine = engine,
                              .weights = weights,
                              .result = result,
                              .progress = progress,
                              .match = engine->spec->match};
    run_job(&job, engine->arena, threads);
}

void link_cluster_at(struct arena *arena, struct link_engine *engine,
                     const struct link_result *result, int32_t threshold_millibits, size_t threads,
                     uint32_t **clusters, size_t *cluster_count)
{
    CHECK(result->model != NULL);
    CHECK(threshold_millibits >= engine->spec->review);
    struct weights weights;
    struct link_result again = *result;
    weights_open(engine, result->model, &weights);
    struct cluster_job job = {
        .engine = engine, .weights = &weights, .result = &again, .match = threshold_millibits};
    run_job(&job, arena, threads);
    *clusters = again.clusters;
    *cluster_count = again.cluster_count;
}

static int by_level(const void *a, const void *b)
{
    const struct link_join *x = a, *y = b;
    if (x->level_millibits != y->level_millibits) {
        return x->level_millibits > y->level_millibits ? -1 : 1;
    }
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

void link_joins(struct arena *arena, struct link_engine *engine, const struct link_result *result,
                size_t threads, struct link_join **joins, size_t *join_count)
{
    CHECK(result->model != NULL);
    CHECK(!engine->spec->one_to_one);
    struct arena scratch = {0};
    struct weights weights;
    struct link_result again = *result;
    if (threads == 0) threads = thread_count_default();
    weights_open(engine, result->model, &weights);
    struct cluster_job job = {
        .engine = engine, .weights = &weights, .result = &again, .match = engine->spec->review};
    struct arena *arenas = arena_array(&scratch, struct arena, threads);
    job.joins = arena_array(&scratch, struct join_list, threads);
    for (size_t t = 0; t < threads; t++) job.joins[t].arena = &arenas[t];
    run_job(&job, &scratch, threads);
    size_t count = 0, at = 0;
    for (size_t t = 0; t < threads; t++) count += job.joins[t].list.count;
    struct link_join *all = arena_array(arena, struct link_join, count);
    for (size_t t = 0; t < threads; t++) {
        size_t here = job.joins[t].list.count;
        if (here > 0) memcpy(all + at, job.joins[t].list.items, here * sizeof *all);
        at += here;
        arena_free(&arenas[t]);
    }
    if (count > 1) qsort(all, count, sizeof *all, by_level);
    arena_free(&scratch);
    *joins = all;
    *join_count = count;
}
