#include "link/assign.h"
#include "link/engine_internal.h"
#include "link/queue.h"

#include "base/dict.h"
#include "base/list.h"
#include "base/thread.h"

#include <stdlib.h>
#include <string.h>

/* Who is joined. Clusters grow from single records by joining the two whose joint evidence is the
 * strongest, while it reaches the match threshold. The evidence between two clusters is that of two
 * records each made of all it holds: for each comparison the mean over the pairs across in which
 * nothing is missing, plus the prior once. So one strong pair does not join clusters whose other
 * pairs disagree, and a record that says little is not held against the others. Pairs that no rule
 * covered are compared when a join hangs on them. Sources that list an entity once cost the penalty
 * when joined; decisions of people bind.
 *
 * One to one between two sources nothing grows beyond a pair, so there is a best choice of pairs as
 * a whole, and that is taken (link/assign.h) instead of the strongest first.
 *
 * Components of the kept pairs do not touch one another and are worked on by all threads. */

enum { TASK_PAIRS = 1 << 13, CROSS_PAIRS_MAX = 256, CROSS_SIDE_MAX = 16 };

static const int32_t never = INT32_MIN;

/* A comparison or an interaction summed over pairs across two clusters; arrays of these hold the
 * comparisons first, then the interactions. */
struct evidence {
    int64_t sum;
    uint32_t count;
};

/* Two clusters with kept pairs between them. */
struct bond {
    uint32_t ends[2];
    struct evidence *evidence; /* NULL: of the one pair alone */
    const struct link_pair *pair;
    uint64_t known; /* pairs that the evidence speaks of */
    int32_t score;
    uint32_t version;
    uint32_t stamps[2]; /* of the clusters when scored */
    bool dead, forbidden;
};

struct half {
    uint32_t bond, next; /* next + 1; 0 ends the list */
};

struct group {
    uint32_t first, last, count; /* members: local numbers, linked by `following` */
    uint32_t halves;             /* first half + 1 */
    uint32_t half_count, stamp;
    uint32_t rank; /* least rank of its members */
    bool dead;
};

struct component {
    struct arena *arena;
    const struct link_engine *engine;
    const struct weights *weights;
    const struct link_result *result;
    struct level_cache *cache;
    bool any_once;           /* some source lists an entity once */
    const uint32_t *records; /* by local number */
    uint32_t count;
    uint32_t *following;  /* next member + 1 */
    struct group *groups; /* by local number */
    struct u64_map bond_of;
    LIST(struct bond) bonds;
    LIST(struct half) halves;
    struct queue queue;
    uint64_t records_tied, records_greedy;
};

static void add_evidence(const struct component *component, uint64_t pattern, uint32_t a,
                         uint32_t b, struct evidence *evidence)
{
    const struct link_engine *engine = component->engine;
    const struct link_spec *spec = engine->spec;
    for (size_t c = 0; c < spec->comparison_count; c++) {
        unsigned part = pattern_part(pattern, c);
        if (part == 0) continue;
        evidence[c].count++;
        evidence[c].sum += component->weights->levels[c][part]
                           + frequency_bits(engine, component->weights, c, part, a, b);
    }
    for (size_t i = 0; i < spec->interaction_count; i++) {
        unsigned first = pattern_part(pattern, spec->interactions[i].first);
        unsigned second = pattern_part(pattern, spec->interactions[i].second);
        if (first == 0 || second == 0) continue;
        evidence[spec->comparison_count + i].count++;
        evidence[spec->comparison_count + i].sum +=
            component->weights->interactions[i][first][second];
    }
}

static size_t evidence_count(const struct component *component)
{
    return component->engine->spec->comparison_count + component->engine->spec->interaction_count;
}

/* The evidence of a bond as sums, made on first need. */
static struct evidence *evidence_of(struct component *component, struct bond *bond)
{
    if (bond->evidence != NULL) return bond->evidence;
    bond->evidence = arena_array(component->arena, struct evidence, evidence_count(component));
    if (bond->pair == NULL) return bond->evidence;
    add_evidence(component, component->result->patterns[bond->pair->pattern], bond->pair->a,
                 bond->pair->b, bond->evidence);
    return bond->evidence;
}

/* Once-per-entity sources (or, one to one, any source) that both clusters hold. */
static int64_t shared_sources(const struct component *component, const struct group *one,
                              const struct group *two)
{
    const struct link_input *input = component->engine->input;
    bool one_to_one = component->engine->spec->one_to_one;
    int64_t shared = 0;
    if (!one_to_one && !component->any_once) return 0;
    for (uint32_t i = one->first + 1; i != 0; i = component->following[i - 1]) {
        uint32_t record = component->records[i - 1];
        uint32_t source = input->sources == NULL ? 0 : input->sources[record];
        if (!one_to_one && !input->source_list[source].once_per_entity) continue;
        bool seen = false;
        for (uint32_t j = one->first + 1; j != i && !seen; j = component->following[j - 1]) {
            uint32_t other = component->records[j - 1];
            seen = input->sources == NULL || input->sources[other] == source;
        }
        if (seen) continue;
        for (uint32_t j = two->first + 1; j != 0; j = component->following[j - 1]) {
            uint32_t other = component->records[j - 1];
            if (input->sources != NULL && input->sources[other] != source) continue;
            shared++;
            break;
        }
    }
    return shared;
}

static int32_t score_of(struct component *component, struct bond *bond)
{
    const struct link_spec *spec = component->engine->spec;
    if (bond->forbidden) return never;
    const struct group *one = &component->groups[bond->ends[0]];
    const struct group *two = &component->groups[bond->ends[1]];
    int64_t shared = shared_sources(component, one, two);
    if (shared > 0 && spec->one_to_one) return never;
    int64_t score;
    if (bond->evidence == NULL && bond->pair != NULL) {
        score = bond->pair->weight_millibits;
    } else {
        const struct evidence *evidence = evidence_of(component, bond);
        score = component->weights->prior;
        for (size_t c = 0; c < evidence_count(component); c++) {
            if (evidence[c].count == 0) continue;
            score += evidence[c].sum / (int64_t)evidence[c].count;
        }
    }
    score -= shared * spec->once_penalty;
    return score < -1000000 ? -1000000 : (int32_t)score;
}

static void push_bond(struct component *component, uint32_t number)
{
    struct bond *bond = &component->bonds.items[number];
    const struct group *one = &component->groups[bond->ends[0]];
    const struct group *two = &component->groups[bond->ends[1]];
    bond->score = score_of(component, bond);
    bond->version++;
    bond->stamps[0] = one->stamp;
    bond->stamps[1] = two->stamp;
    /* Below the threshold nothing is joined; a later join that changes the bond pushes it again. */
    if (bond->score < component->engine->spec->match) return;
    bool ascending = one->rank < two->rank;
    queue_push(&component->queue,
               (struct queue_entry){.score = bond->score,
                                    .rank_low = ascending ? one->rank : two->rank,
                                    .rank_high = ascending ? two->rank : one->rank,
                                    .bond = number,
                                    .version = bond->version});
}

static void add_half(struct component *component, uint32_t group, uint32_t bond)
{
    struct half *half = list_push(component->arena, &component->halves);
    *half = (struct half){bond, component->groups[group].halves};
    component->groups[group].halves = (uint32_t)component->halves.count;
    component->groups[group].half_count++;
}

static uint64_t bond_key(uint32_t one, uint32_t two)
{
    return one < two ? (uint64_t)one << 32 | two : (uint64_t)two << 32 | one;
}

/* The bond between two clusters; made when there is none. */
static struct bond *bond_between(struct component *component, uint32_t one, uint32_t two)
{
    uint64_t key = bond_key(one, two);
    uint32_t number = u64_map_find(&component->bond_of, key);
    if (number != DICT_NONE) return &component->bonds.items[number];
    number = (uint32_t)component->bonds.count;
    struct bond *bond = list_push(component->arena, &component->bonds);
    *bond = (struct bond){.ends = {one, two}};
    u64_map_put(&component->bond_of, key, number);
    add_half(component, one, number);
    add_half(component, two, number);
    return bond;
}

static int compare_members(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Members of a cluster by rank, at most `most` of them spread over the whole. */
static size_t list_members(const struct component *component, const struct group *group,
                           size_t most, uint32_t *out)
{
    uint64_t *keys = arena_array(component->arena, uint64_t, group->count);
    size_t count = 0;
    for (uint32_t i = group->first + 1; i != 0; i = component->following[i - 1]) {
        uint32_t record = component->records[i - 1];
        keys[count++] = (uint64_t)component->engine->ranks[record] << 32 | record;
    }
    if (count > most) qsort(keys, count, sizeof *keys, compare_members);
    size_t taken = count < most ? count : most;
    for (size_t i = 0; i < taken; i++) out[i] = (uint32_t)keys[i * count / taken];
    return taken;
}

/* Compares all pairs across (a sample where they are many), so that the evidence is whole. */
static void complete(struct component *component, struct bond *bond)
{
    const struct group *one = &component->groups[bond->ends[0]];
    const struct group *two = &component->groups[bond->ends[1]];
    uint64_t across = (uint64_t)one->count * two->count;
    size_t most_one = one->count, most_two = two->count;
    if (across > CROSS_PAIRS_MAX) {
        if (most_one > CROSS_SIDE_MAX) most_one = CROSS_SIDE_MAX;
        if (most_two > CROSS_PAIRS_MAX / most_one) most_two = CROSS_PAIRS_MAX / most_one;
    }
    uint32_t *left = arena_array(component->arena, uint32_t, most_one);
    uint32_t *right = arena_array(component->arena, uint32_t, most_two);
    size_t left_count = list_members(component, one, most_one, left);
    size_t right_count = list_members(component, two, most_two, right);
    struct evidence *evidence = evidence_of(component, bond);
    memset(evidence, 0, evidence_count(component) * sizeof *evidence);
    for (size_t i = 0; i < left_count; i++) {
        for (size_t j = 0; j < right_count; j++) {
            uint64_t pattern = pair_pattern(component->engine, component->cache, left[i], right[j]);
            add_evidence(component, pattern, left[i], right[j], evidence);
        }
    }
    bond->known = across;
}

static void move_bond(struct component *component, uint32_t number, uint32_t from, uint32_t to)
{
    struct bond *bond = &component->bonds.items[number];
    uint32_t other = bond->ends[0] == from ? bond->ends[1] : bond->ends[0];
    if (other == to) {
        bond->dead = true;
        return;
    }
    uint32_t known = u64_map_find(&component->bond_of, bond_key(to, other));
    if (known == DICT_NONE) {
        bond->ends[bond->ends[0] == from ? 0 : 1] = to;
        u64_map_put(&component->bond_of, bond_key(to, other), number);
        add_half(component, to, number);
        push_bond(component, number);
        return;
    }
    struct bond *kept = &component->bonds.items[known];
    struct evidence *sum = evidence_of(component, kept), *more = evidence_of(component, bond);
    for (size_t c = 0; c < evidence_count(component); c++) {
        sum[c].sum += more[c].sum;
        sum[c].count += more[c].count;
    }
    kept->known += bond->known;
    kept->forbidden = kept->forbidden || bond->forbidden;
    bond->dead = true;
    push_bond(component, known);
}

static void append_members(struct component *component, struct group *to, struct group *from)
{
    component->following[to->last] = from->first + 1;
    to->last = from->last;
    to->count += from->count;
    if (from->rank < to->rank) to->rank = from->rank;
    to->stamp++;
    from->dead = true;
}

static void join(struct component *component, uint32_t one, uint32_t two)
{
    /* The one with fewer bonds moves. */
    bool swap = component->groups[one].half_count < component->groups[two].half_count;
    uint32_t to = swap ? two : one, from = swap ? one : two;
    append_members(component, &component->groups[to], &component->groups[from]);
    for (uint32_t at = component->groups[from].halves; at != 0;) {
        struct half half = component->halves.items[at - 1];
        at = half.next;
        if (!component->bonds.items[half.bond].dead) move_bond(component, half.bond, from, to);
    }
}

/* Takes the best bond again and again. A bond whose clusters changed since it was scored, or whose
 * evidence is not whole, is scored anew and waits for its turn. */
static void agglomerate(struct component *component)
{
    struct queue_entry top;
    queue_open(&component->queue);
    while (queue_pop(&component->queue, &top)) {
        struct bond *bond = &component->bonds.items[top.bond];
        if (bond->dead || bond->version != top.version) continue;
        const struct group *one = &component->groups[bond->ends[0]];
        const struct group *two = &component->groups[bond->ends[1]];
        bool stale = bond->stamps[0] != one->stamp || bond->stamps[1] != two->stamp;
        uint64_t across = (uint64_t)one->count * two->count;
        if (bond->known < across) {
            complete(component, bond);
            stale = true;
        }
        if (stale) {
            push_bond(component, top.bond);
            continue;
        }
        join(component, bond->ends[0], bond->ends[1]);
    }
}

/* A pair between two clusters that decisions may already have made larger than one record. */
static void add_pair(struct component *component, const uint32_t *group_of, uint32_t a, uint32_t b,
                     const struct link_pair *pair)
{
    uint32_t one = group_of[a], two = group_of[b];
    if (one == two) return;
    struct bond *bond = bond_between(component, one, two);
    if (bond->known == 0) {
        bond->pair = pair;
    } else {
        struct evidence *evidence = evidence_of(component, bond);
        add_evidence(component, component->result->patterns[pair->pattern], pair->a, pair->b,
                     evidence);
    }
    bond->known++;
}

/* Numbers the groups of each of the two sources that the component's records are of. A group that
 * holds both stays out: nothing can be joined to it. False when there are three sources. */
static bool number_sides(const struct component *component, uint32_t *numbers, uint32_t counts[2])
{
    const uint32_t *sources = component->engine->input->sources;
    uint32_t known[2], known_count = 0;
    counts[0] = counts[1] = 0;
    if (sources == NULL) return false;
    for (uint32_t g = 0; g < component->count; g++) {
        bool holds[2] = {false};
        if (component->groups[g].dead) continue;
        for (uint32_t i = component->groups[g].first + 1; i != 0; i = component->following[i - 1]) {
            uint32_t source = sources[component->records[i - 1]], side = 0;
            while (side < known_count && known[side] != source) side++;
            if (side == 2) return false;
            if (side == known_count) known[known_count++] = source;
            holds[side] = true;
        }
        if (holds[0] != holds[1]) numbers[g] = counts[holds[1]]++ << 1 | holds[1];
    }
    return true;
}

/* The bonds at the threshold as edges, the best first. Their evidence is whole. */
static struct assign_edge *list_edges(struct component *component, const uint32_t *numbers,
                                      uint32_t *edge_bonds, size_t *count)
{
    struct assign_edge *edges =
        arena_array(component->arena, struct assign_edge, component->bonds.count);
    struct queue_entry top;
    *count = 0;
    queue_open(&component->queue);
    while (queue_pop(&component->queue, &top)) {
        const struct bond *bond = &component->bonds.items[top.bond];
        uint32_t one = numbers[bond->ends[0]], two = numbers[bond->ends[1]];
        bool swap = one & 1;
        CHECK((one & 1) != (two & 1));
        edge_bonds[*count] = top.bond;
        edges[(*count)++] = (struct assign_edge){
            .left = (swap ? two : one) >> 1,
            .right = (swap ? one : two) >> 1,
            .gain = (int32_t)((int64_t)bond->score - component->engine->spec->match + 1)};
    }
    return edges;
}

/* One to one: of all choices of pairs the one whose bits above the threshold are the most together,
 * which is the likeliest one where a pair at the threshold is as good as none. Where several are
 * equal nothing is joined. */
static bool assign_pairs(struct component *component)
{
    struct arena *arena = component->arena;
    uint32_t counts[2], *numbers = arena_array(arena, uint32_t, component->count);
    if (!number_sides(component, numbers, counts)) return false;
    for (uint32_t b = 0; b < component->bonds.count; b++) {
        struct bond *bond = &component->bonds.items[b];
        const struct group *one = &component->groups[bond->ends[0]];
        const struct group *two = &component->groups[bond->ends[1]];
        if (bond->known < (uint64_t)one->count * two->count) complete(component, bond);
        push_bond(component, b);
    }
    size_t count;
    uint32_t *edge_bonds = arena_array(arena, uint32_t, component->bonds.count);
    struct assign_edge *edges = list_edges(component, numbers, edge_bonds, &count);
    assign_solve(arena, edges, count, counts[0], counts[1], ASSIGN_WORK_MAX);
    bool *tied = arena_array(arena, bool, component->count);
    bool *greedy = arena_array(arena, bool, component->count);
    for (size_t e = 0; e < count; e++) {
        const uint32_t *ends = component->bonds.items[edge_bonds[e]].ends;
        for (size_t i = 0; i < 2; i++) {
            tied[ends[i]] = tied[ends[i]] || edges[e].tied;
            greedy[ends[i]] = greedy[ends[i]] || edges[e].greedy;
        }
    }
    for (uint32_t g = 0; g < component->count; g++) {
        if (tied[g]) component->records_tied += component->groups[g].count;
        if (greedy[g]) component->records_greedy += component->groups[g].count;
    }
    for (size_t e = 0; e < count; e++) {
        const uint32_t *ends = component->bonds.items[edge_bonds[e]].ends;
        if (!edges[e].chosen) continue;
        append_members(component, &component->groups[ends[0]], &component->groups[ends[1]]);
    }
    return true;
}

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
    bool any_once;
    uint64_t *records_tied, *records_greedy; /* by thread */
};

/* All pairs there, all at the threshold, nothing against: one cluster. */
static bool is_plain(const struct cluster_job *job, const uint32_t *records, uint32_t count)
{
    const struct link_spec *spec = job->engine->spec;
    const struct link_input *input = job->engine->input;
    if (spec->one_to_one || count > 64) return false;
    size_t pairs = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t r = records[i];
        if (job->decision_starts[r] != job->decision_starts[r + 1]) return false;
        uint32_t source = input->sources == NULL ? 0 : input->sources[r];
        for (uint32_t j = 0; j < i && input->source_list[source].once_per_entity; j++) {
            if (input->sources == NULL || input->sources[records[j]] == source) return false;
        }
        for (size_t p = job->pair_starts[r]; p < job->pair_starts[r + 1]; p++) {
            if (job->result->pairs[p].weight_millibits < spec->match) return false;
            pairs++;
        }
    }
    return pairs == (size_t)count * (count - 1) / 2;
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
            append_members(component, &component->groups[to], &component->groups[from]);
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
            if (!inside || group_of[i] == group_of[j]) continue;
            bond_between(component, group_of[i], group_of[j])->forbidden = true;
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
                              .any_once = job->any_once,
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

static void run_component(struct cluster_job *job, size_t thread, const uint32_t *records,
                          uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) job->roots[records[i]] = records[0];
    if (count == 1 || is_plain(job, records, count)) return;
    struct component component;
    for (uint32_t i = 0; i < count; i++) job->local[records[i]] = i;
    open_component(job, thread, records, count, &component);
    uint32_t *group_of = arena_array(component.arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) group_of[i] = i;
    apply_same(job, &component, group_of);
    for (uint32_t i = 0; i < count; i++) {
        for (size_t p = job->pair_starts[records[i]]; p < job->pair_starts[records[i] + 1]; p++) {
            const struct link_pair *pair = &job->result->pairs[p];
            add_pair(&component, group_of, i, job->local[pair->b], pair);
        }
    }
    apply_different(job, &component, group_of);
    if (!job->engine->spec->one_to_one || !assign_pairs(&component)) {
        for (uint32_t b = 0; b < component.bonds.count; b++) push_bond(&component, b);
        agglomerate(&component);
    }
    job->records_tied[thread] += component.records_tied;
    job->records_greedy[thread] += component.records_greedy;
    for (uint32_t g = 0; g < count; g++) {
        if (component.groups[g].dead) continue;
        uint32_t least = UINT32_MAX;
        for (uint32_t i = component.groups[g].first + 1; i != 0; i = component.following[i - 1]) {
            if (records[i - 1] < least) least = records[i - 1];
        }
        for (uint32_t i = component.groups[g].first + 1; i != 0; i = component.following[i - 1]) {
            job->roots[records[i - 1]] = least;
        }
    }
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

static void number_clusters(struct link_engine *engine, const uint32_t *roots,
                            struct link_result *result)
{
    result->clusters = arena_array(engine->arena, uint32_t, engine->record_count);
    for (uint32_t r = 0; r < engine->record_count; r++) {
        result->clusters[r] =
            roots[r] == r ? (uint32_t)result->cluster_count++ : result->clusters[roots[r]];
    }
}

void cluster_records(struct link_engine *engine, size_t threads, const struct weights *weights,
                     const struct progress *progress, struct link_result *result)
{
    struct arena scratch = {0};
    if (threads == 0) threads = thread_count_default();
    struct cluster_job job = {
        .engine = engine, .weights = weights, .result = result, .progress = progress};
    uint32_t *members, *starts, *decision_starts, *decisions;
    uint32_t components = find_components(engine, result, &scratch, &members, &starts);
    size_t *pair_starts = arena_array(&scratch, size_t, (size_t)engine->record_count + 1);
    index_pairs(result, engine->record_count, pair_starts);
    index_decisions(engine, &scratch, &decision_starts, &decisions);
    job.members = members;
    job.starts = starts;
    job.pair_starts = pair_starts;
    job.decision_starts = decision_starts;
    job.decisions = decisions;
    job.local = arena_array(&scratch, uint32_t, engine->record_count);
    job.roots = arena_array(&scratch, uint32_t, engine->record_count);
    job.caches = arena_array(&scratch, struct level_cache *, threads);
    job.arenas = arena_array(&scratch, struct arena, threads);
    job.records_tied = arena_array(&scratch, uint64_t, threads);
    job.records_greedy = arena_array(&scratch, uint64_t, threads);
    for (size_t t = 0; t < threads; t++) job.caches[t] = level_cache_new(&scratch, engine);
    for (size_t s = 0; s < engine->input->source_count; s++) {
        job.any_once = job.any_once || engine->input->source_list[s].once_per_entity;
    }
    cut_tasks(&job, &scratch, components);
    thread_run(threads, job.task_count, run_task, &job);
    number_clusters(engine, job.roots, result);
    for (size_t t = 0; t < threads; t++) {
        result->records_tied += job.records_tied[t];
        result->records_greedy += job.records_greedy[t];
        arena_free(&job.arenas[t]);
    }
    arena_free(&scratch);
}
