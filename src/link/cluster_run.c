#include "link/cluster.h"

#include "base/prefetch.h"
#include "base/thread.h"

#include <stdlib.h>
#include <string.h>

/* Components of the kept pairs, and who works on which. Most are a record or two, and plain: they
 * are told by what lies at their first record, without a look at the others. */

#define HEAD (UINT32_C(1) << 31) /* no record's number has it */

enum { TASK_RECORDS = 1 << 13, TASK_PAIRS = 1 << 14, FEW = 64, FETCH_AHEAD = 16 };

/* A record in the chain of its component, which ascends. */
struct link_of_chain {
    uint32_t next;  /* the next record + 1, 0: none; with HEAD at the first */
    uint32_t local; /* first the last record of the chain; then its number in the component */
};

struct cluster_job {
    struct link_engine *engine;
    const struct weights *weights;
    struct link_result *result;
    struct link_of_chain *chains;    /* by record */
    uint32_t *pair_starts;           /* by record: its pairs as the smaller one */
    uint32_t *roots;                 /* by record: outcome, the least record of its cluster */
    const uint32_t *decision_starts; /* by record; NULL: nothing was decided */
    const uint32_t *decisions;
    size_t task_count;
    struct level_cache **caches;
    struct arena *arenas; /* by thread */
    const struct progress *progress;
    int32_t match;
    bool any_once;
    struct join_list *joins;                 /* by thread; NULL when nobody asks */
    uint64_t *records_tied, *records_greedy; /* by thread */
};

/* Whether a person decided about the record, or one of those before lists the entity too. */
static bool is_bound(const struct cluster_job *job, const uint32_t *records, uint32_t i)
{
    const struct link_input *input = job->engine->input;
    uint32_t r = records[i];
    if (job->decision_starts != NULL && job->decision_starts[r] != job->decision_starts[r + 1]) {
        return true;
    }
    if (!job->any_once) return false;
    uint32_t source = input->sources == NULL ? 0 : input->sources[r];
    for (uint32_t j = 0; j < i && input->source_list[source].once_per_entity; j++) {
        if (input->sources == NULL || input->sources[records[j]] == source) return true;
    }
    return false;
}

/* All pairs there and nothing against: one cluster wherever the threshold is at most the least
 * weight, which is given. */
static bool is_plain(const struct cluster_job *job, const uint32_t *records, uint32_t count,
                     int32_t *least)
{
    if (job->engine->spec->one_to_one || count > FEW) return false;
    size_t pairs = 0;
    *least = INT32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        if (is_bound(job, records, i)) return false;
        if (i + 1 == count) break; /* the last record is the smaller one of no pair */
        for (size_t p = job->pair_starts[records[i]]; p < job->pair_starts[records[i] + 1]; p++) {
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
        if (job->decision_starts == NULL) return;
        for (uint32_t d = job->decision_starts[r]; d < job->decision_starts[r + 1]; d++) {
            const struct link_decision *decision =
                &job->engine->input->decisions[job->decisions[d]];
            if (!decision->same || decision->a != r) continue;
            uint32_t to = group_of[i], from = group_of[job->chains[decision->b].local];
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
        if (job->decision_starts == NULL) return;
        for (uint32_t d = job->decision_starts[r]; d < job->decision_starts[r + 1]; d++) {
            const struct link_decision *decision =
                &job->engine->input->decisions[job->decisions[d]];
            if (decision->same || decision->a != r) continue;
            uint32_t j = job->chains[decision->b].local;
            bool inside = j < component->count && component->records[j] == decision->b;
            if (inside) cluster_forbid(component, group_of[i], group_of[j]);
        }
    }
}

struct member {
    uint64_t hash;
    uint32_t local;
};

/* Members are listed by record, and equal ones stay in that order. */
static int compare_contents(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    if (x->hash != y->hash) return x->hash < y->hash ? -1 : 1;
    return x->local < y->local ? -1 : x->local > y->local;
}

static void rank_members(const struct link_engine *engine, struct component *component)
{
    uint32_t count = component->count;
    struct member *members = arena_array(component->arena, struct member, count);
    component->ranks = arena_array(component->arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        members[i] = (struct member){engine->hashes[component->records[i]], i};
    }
    qsort(members, count, sizeof *members, compare_contents);
    for (uint32_t i = 0; i < count; i++) component->ranks[members[i].local] = i;
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
    rank_members(job->engine, out);
    for (uint32_t i = 0; i < count; i++) {
        out->groups[i] = (struct group){.first = i, .last = i, .count = 1, .rank = out->ranks[i]};
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
    bool plain = is_plain(job, records, count, &least);
    if (plain && joins == NULL) return;
    struct component component;
    for (uint32_t i = 0; i < count; i++) job->chains[records[i]].local = i;
    open_component(job, thread, records, count, &component);
    uint32_t *group_of = arena_array(component.arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) group_of[i] = i;
    apply_same(job, &component, group_of);
    for (uint32_t i = 0; i < count; i++) {
        for (size_t p = job->pair_starts[records[i]]; p < job->pair_starts[records[i] + 1]; p++) {
            const struct link_pair *pair = &job->result->pairs[p];
            cluster_add_pair(&component, group_of, i, job->chains[pair->b].local, pair);
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

/* A component of more than two records. */
static void run_chain(struct cluster_job *job, size_t thread, uint32_t first)
{
    uint32_t few[FEW], *records = few, count = 0, at = 0;
    struct arena scratch = {0};
    for (uint32_t next = first + 1; next != 0; next = job->chains[next - 1].next & ~HEAD) count++;
    if (count > FEW) records = arena_array(&scratch, uint32_t, count);
    for (uint32_t next = first + 1; next != 0; next = job->chains[next - 1].next & ~HEAD) {
        records[at++] = next - 1;
    }
    run_component(job, thread, records, count);
    arena_free(&scratch);
}

static void run_task(void *context, size_t number, size_t thread)
{
    struct cluster_job *job = context;
    uint32_t from = (uint32_t)number * TASK_RECORDS, end = from + TASK_RECORDS;
    if (end > job->engine->record_count) end = job->engine->record_count;
    for (uint32_t r = from; r < end; r++) {
        /* The rest of a chain's link belongs to whoever runs its head. */
        uint32_t next = job->chains[r].next;
        if ((next & HEAD) == 0 || next == HEAD) continue;
        uint32_t second = (next & ~HEAD) - 1;
        if (second == job->chains[r].local)
            run_component(job, thread, (uint32_t[]){r, second}, 2);
        else
            run_chain(job, thread, r);
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

static void open_records(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct cluster_job *job = context;
    uint32_t from = (uint32_t)number * TASK_RECORDS, end = from + TASK_RECORDS;
    if (end > job->engine->record_count) end = job->engine->record_count;
    for (uint32_t r = from; r < end; r++) {
        job->roots[r] = r;
        job->chains[r] = (struct link_of_chain){.next = HEAD, .local = r};
    }
}

/* Chains the records of each component; the root of each is its first record. */
static void find_components(struct cluster_job *job)
{
    const struct link_result *result = job->result;
    const struct link_input *input = job->engine->input;
    uint32_t *roots = job->roots, count = job->engine->record_count;
    for (size_t p = 0; p < result->pair_count; p++) {
        if (p + FETCH_AHEAD < result->pair_count) {
            prefetch(&roots[result->pairs[p + FETCH_AHEAD].b]);
        }
        unite(roots, result->pairs[p].a, result->pairs[p].b);
    }
    for (size_t d = 0; d < input->decision_count; d++) {
        const struct link_decision *decision = &input->decisions[d];
        if (decision->same) unite(roots, decision->a, decision->b);
    }
    for (uint32_t r = 0; r < count; r++) {
        if (r + FETCH_AHEAD < count) {
            uint32_t ahead = roots[r + FETCH_AHEAD];
            prefetch(&job->chains[ahead]);
            prefetch(&roots[ahead]);
        }
        uint32_t root = find_root(roots, r);
        if (root == r) continue;
        roots[r] = root;
        job->chains[job->chains[root].local].next |= r + 1;
        job->chains[r].next = 0;
        job->chains[root].local = r;
    }
}

/* From the record behind that of the pair before to that of the pair: here their pairs begin. */
static void index_pairs(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct cluster_job *job = context;
    const struct link_result *result = job->result;
    size_t end = (number + 1) * TASK_PAIRS;
    if (end > result->pair_count + 1) end = result->pair_count + 1;
    for (size_t p = number * TASK_PAIRS; p < end; p++) {
        uint32_t from = p == 0 ? 0 : result->pairs[p - 1].a + 1;
        uint32_t last = p == result->pair_count ? job->engine->record_count : result->pairs[p].a;
        for (uint32_t r = from; r <= last; r++) job->pair_starts[r] = (uint32_t)p;
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

/* Roots become the numbers of their clusters; each is before those that it is the root of. */
static void number_clusters(uint32_t count, uint32_t *roots, struct link_result *result)
{
    result->cluster_count = 0;
    for (uint32_t r = 0; r < count; r++) {
        roots[r] = roots[r] == r ? (uint32_t)result->cluster_count++ : roots[roots[r]];
    }
    result->clusters = roots;
}

static void open_job(struct cluster_job *job, struct arena *arena, struct arena *scratch,
                     size_t threads)
{
    struct link_engine *engine = job->engine;
    uint32_t *decision_starts, *decisions;
    CHECK(job->result->pair_count < UINT32_MAX);
    job->task_count = ((size_t)engine->record_count + TASK_RECORDS - 1) / TASK_RECORDS;
    job->roots = arena_room(arena, uint32_t, engine->record_count);
    job->chains = arena_room(scratch, struct link_of_chain, engine->record_count);
    thread_run(threads, job->task_count, open_records, job);
    find_components(job);
    job->pair_starts = arena_room(scratch, uint32_t, (size_t)engine->record_count + 1);
    thread_run(threads, job->result->pair_count / TASK_PAIRS + 1, index_pairs, job);
    if (engine->input->decision_count > 0) {
        index_decisions(engine, scratch, &decision_starts, &decisions);
        job->decision_starts = decision_starts;
        job->decisions = decisions;
    }
    job->caches = arena_array(scratch, struct level_cache *, threads);
    job->arenas = arena_array(scratch, struct arena, threads);
    job->records_tied = arena_array(scratch, uint64_t, threads);
    job->records_greedy = arena_array(scratch, uint64_t, threads);
    for (size_t t = 0; t < threads; t++) job->caches[t] = level_cache_new(scratch, engine);
    for (size_t s = 0; s < engine->input->source_count; s++) {
        job->any_once = job->any_once || engine->input->source_list[s].once_per_entity;
    }
}

/* Fills clusters, cluster_count and what one to one counts. */
static void run_job(struct cluster_job *job, struct arena *arena, size_t threads)
{
    struct arena scratch = {0};
    struct link_result *result = job->result;
    if (threads == 0) threads = thread_count_default();
    open_job(job, arena, &scratch, threads);
    thread_run(threads, job->task_count, run_task, job);
    number_clusters(job->engine->record_count, job->roots, result);
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
