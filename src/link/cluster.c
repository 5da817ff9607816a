#include "link/cluster.h"

#include "link/assign.h"

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

enum { CROSS_PAIRS_MAX = 256, CROSS_SIDE_MAX = 16 };

static const int32_t never = INT32_MIN;

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
    if (bond->score < component->match) return;
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
        keys[count++] = (uint64_t)component->ranks[i - 1] << 32 | component->records[i - 1];
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

void cluster_append(struct component *component, uint32_t to, uint32_t from, int32_t level)
{
    struct group *kept = &component->groups[to], *moved = &component->groups[from];
    if (component->joins != NULL) {
        *list_push(component->joins->arena, &component->joins->list) = (struct link_join){
            component->records[kept->first], component->records[moved->first], level};
    }
    component->following[kept->last] = moved->first + 1;
    kept->last = moved->last;
    kept->count += moved->count;
    if (moved->rank < kept->rank) kept->rank = moved->rank;
    kept->stamp++;
    moved->dead = true;
}

static void join(struct component *component, uint32_t one, uint32_t two)
{
    /* The one with fewer bonds moves. */
    bool swap = component->groups[one].half_count < component->groups[two].half_count;
    uint32_t to = swap ? two : one, from = swap ? one : two;
    cluster_append(component, to, from, component->level);
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
        /* A higher threshold would not have come as far as this. */
        if (top.score < component->level) component->level = top.score;
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
void cluster_add_pair(struct component *component, const uint32_t *group_of, uint32_t a, uint32_t b,
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
        edges[(*count)++] =
            (struct assign_edge){.left = (swap ? two : one) >> 1,
                                 .right = (swap ? one : two) >> 1,
                                 .gain = (int32_t)((int64_t)bond->score - component->match + 1)};
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
        cluster_append(component, ends[0], ends[1], edges[e].gain);
    }
    return true;
}

void cluster_forbid(struct component *component, uint32_t one, uint32_t two)
{
    if (one != two) bond_between(component, one, two)->forbidden = true;
}

void cluster_join_all(struct component *component)
{
    component->level = INT32_MAX;
    if (component->engine->spec->one_to_one && assign_pairs(component)) return;
    for (uint32_t b = 0; b < component->bonds.count; b++) push_bond(component, b);
    agglomerate(component);
}
