#include "link/sweep.h"

#include "link/truth.h"

#include <stdlib.h>

/* Clusters as sets that are united, the smaller into the larger; each union adds the true pairs
 * between the two. Of entities it is enough to count, per cluster, how many records each has. */

#define NONE UINT32_MAX

struct sweep {
    struct arena arena;
    const struct truth *truth; /* NULL when not known */
    uint32_t count;
    uint32_t *parents, *sizes;
    uint32_t *last, *next;    /* members of a root: root, then next[…]; NONE ends */
    uint32_t *entities;       /* by record, or NONE; by entity only */
    struct u64_map counts;    /* records by root and entity */
    uint32_t *starts, *pairs; /* by record: records that are the same by a list of pairs */
    struct match_step now;
};

static void open_entities(struct sweep *sweep, const uint32_t *ids)
{
    sweep->entities = arena_array(&sweep->arena, uint32_t, sweep->count);
    u64_map_init(&sweep->counts, &sweep->arena);
    for (uint32_t r = 0; r < sweep->count; r++) {
        bool known = ids[r] != DICT_NONE;
        sweep->entities[r] = known ? sweep->truth->entities[ids[r]] : NONE;
        if (known) u64_map_put(&sweep->counts, (uint64_t)r << 32 | sweep->entities[r], 1);
    }
}

static void open_pairs(struct sweep *sweep, const uint32_t *ids)
{
    const struct truth *truth = sweep->truth;
    uint32_t *record = arena_array(&sweep->arena, uint32_t, truth->ids.count);
    for (uint32_t r = 0; r < sweep->count; r++) {
        if (ids[r] != DICT_NONE) record[ids[r]] = r + 1;
    }
    /* By the number of a record and one more, so that placing moves each start to its own place. */
    sweep->starts = arena_array(&sweep->arena, uint32_t, (size_t)sweep->count + 2);
    sweep->pairs = arena_array(&sweep->arena, uint32_t, 2 * truth->pair_count);
    for (int round = 0; round < 2; round++) {
        for (size_t p = 0; p < truth->pair_count; p++) {
            uint32_t a = record[truth->pairs[p] >> 32], b = record[truth->pairs[p] & UINT32_MAX];
            if (a == 0 || b == 0) continue;
            if (round == 0) {
                sweep->starts[a + 1]++;
                sweep->starts[b + 1]++;
            } else {
                sweep->pairs[sweep->starts[a]++] = b - 1;
                sweep->pairs[sweep->starts[b]++] = a - 1;
            }
        }
        for (uint32_t r = 0; round == 0 && r < sweep->count; r++) {
            sweep->starts[r + 2] += sweep->starts[r + 1];
        }
    }
}

/* Every record by itself. */
static void open_sweep(struct sweep *sweep, const struct match *match, const struct truth *truth)
{
    struct arena *arena = &sweep->arena;
    sweep->truth = truth;
    sweep->count = (uint32_t)match->input.record_count;
    sweep->parents = arena_array(arena, uint32_t, sweep->count);
    sweep->sizes = arena_array(arena, uint32_t, sweep->count);
    sweep->last = arena_array(arena, uint32_t, sweep->count);
    sweep->next = arena_array(arena, uint32_t, sweep->count);
    uint32_t *ids = arena_array(arena, uint32_t, sweep->count);
    for (uint32_t r = 0; r < sweep->count; r++) {
        sweep->parents[r] = sweep->last[r] = r;
        sweep->sizes[r] = 1;
        sweep->next[r] = NONE;
        ids[r] = truth == NULL ? DICT_NONE : dict_find(&truth->ids, match->ids[r]);
    }
    sweep->now = (struct match_step){.clusters = sweep->count, .largest = sweep->count > 0};
    if (truth == NULL) return;
    sweep->now.inside.true_pairs = truth->true_pairs;
    if (truth->by_entity)
        open_entities(sweep, ids);
    else
        open_pairs(sweep, ids);
}

static uint32_t find_root(uint32_t *parents, uint32_t record)
{
    while (parents[record] != record) {
        parents[record] = parents[parents[record]];
        record = parents[record];
    }
    return record;
}

static uint64_t true_between(struct sweep *sweep, uint32_t large, uint32_t small)
{
    uint64_t found = 0;
    if (sweep->truth == NULL) return 0;
    for (uint32_t r = small; r != NONE; r = sweep->next[r]) {
        if (sweep->truth->by_entity) {
            if (sweep->entities[r] == NONE) continue;
            uint64_t key = (uint64_t)large << 32 | sweep->entities[r];
            uint32_t same = u64_map_find(&sweep->counts, key);
            found += same == DICT_NONE ? 0 : same;
            continue;
        }
        for (uint32_t k = sweep->starts[r]; k < sweep->starts[r + 1]; k++) {
            found += find_root(sweep->parents, sweep->pairs[k]) == large;
        }
    }
    return found;
}

static void add_counts(struct sweep *sweep, uint32_t large, uint32_t small)
{
    if (sweep->truth == NULL || !sweep->truth->by_entity) return;
    for (uint32_t r = small; r != NONE; r = sweep->next[r]) {
        if (sweep->entities[r] == NONE) continue;
        uint64_t key = (uint64_t)large << 32 | sweep->entities[r];
        uint32_t same = u64_map_find(&sweep->counts, key);
        u64_map_put(&sweep->counts, key, same == DICT_NONE ? 1 : same + 1);
    }
}

static void unite(struct sweep *sweep, uint32_t a, uint32_t b)
{
    struct match_step *now = &sweep->now;
    uint32_t large = find_root(sweep->parents, a), small = find_root(sweep->parents, b);
    if (large == small) return;
    if (sweep->sizes[large] < sweep->sizes[small]) {
        uint32_t other = large;
        large = small;
        small = other;
    }
    now->inside.found += true_between(sweep, large, small);
    add_counts(sweep, large, small);
    now->pairs += (uint64_t)sweep->sizes[large] * sweep->sizes[small];
    now->linked += sweep->sizes[large] == 1;
    now->linked += sweep->sizes[small] == 1;
    now->clusters--;
    sweep->sizes[large] += sweep->sizes[small];
    if (sweep->sizes[large] > now->largest) now->largest = sweep->sizes[large];
    sweep->parents[small] = large;
    sweep->next[sweep->last[large]] = small;
    sweep->last[large] = sweep->last[small];
}

static void keep_step(const struct sweep *sweep, int32_t threshold, struct match_step *out)
{
    *out = sweep->now;
    out->threshold_millibits = threshold;
    if (sweep->truth == NULL) return;
    out->inside.threshold_millibits = threshold;
    out->inside.wrong = out->pairs - out->inside.found;
    evaluation_finish(&out->inside);
}

/* Numbers of thresholds, the highest first. */
static uint32_t *order_thresholds(struct arena *arena, const int32_t *thresholds, size_t count)
{
    uint32_t *order = arena_array(arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = i;
        for (; at > 0 && thresholds[order[at - 1]] < thresholds[i]; at--) order[at] = order[at - 1];
        order[at] = i;
    }
    return order;
}

static void sweep_joins(const struct match *match, const struct truth *truth,
                        const int32_t *thresholds, size_t count, size_t threads,
                        struct match_step *out)
{
    struct sweep sweep = {0};
    struct link_join *joins = NULL;
    size_t join_count = 0, at = 0;
    open_sweep(&sweep, match, truth);
    if (match->result.model != NULL) {
        link_joins(&sweep.arena, match->engine, &match->result, threads, &joins, &join_count);
    }
    const uint32_t *order = order_thresholds(&sweep.arena, thresholds, count);
    for (size_t i = 0; i < count; i++) {
        int32_t threshold = thresholds[order[i]];
        for (; at < join_count && joins[at].level_millibits >= threshold; at++) {
            unite(&sweep, joins[at].a, joins[at].b);
        }
        keep_step(&sweep, threshold, &out[order[i]]);
    }
    arena_free(&sweep.arena);
}

static void one_threshold(const struct match *match, const struct truth *truth, int32_t threshold,
                          size_t threads, struct match_step *out)
{
    struct sweep sweep = {0};
    uint32_t *clusters;
    size_t cluster_count;
    open_sweep(&sweep, match, truth);
    link_cluster_at(&sweep.arena, match->engine, &match->result, threshold, threads, &clusters,
                    &cluster_count);
    uint32_t *first = arena_array(&sweep.arena, uint32_t, cluster_count);
    for (uint32_t r = 0; r < sweep.count; r++) {
        if (first[clusters[r]] == 0)
            first[clusters[r]] = r + 1;
        else
            unite(&sweep, first[clusters[r]] - 1, r);
    }
    keep_step(&sweep, threshold, out);
    arena_free(&sweep.arena);
}

static bool check_thresholds(const struct match *match, const int32_t *thresholds, size_t count,
                             struct err *err)
{
    int32_t review = link_spec_review(match->spec);
    for (size_t i = 0; i < count; i++) {
        if (thresholds[i] >= review) continue;
        return err_set(
            err, ERR_USAGE,
            "a threshold of %ld millibits is below the spec's `review` of %ld: such "
            "pairs were not kept; lower `review`",
            "阈值 %ld 毫比特低于比对说明的 review（%ld），这样的对没有留下；请降低 review",
            (long)thresholds[i], (long)review);
    }
    return true;
}

bool match_steps(const struct match *match, const char *truth_path, const int32_t *thresholds,
                 size_t count, size_t threads, struct match_step *out, struct err *err)
{
    CHECK(match->result.model != NULL || match->unlearnt.kind != ERR_NONE);
    CHECK(count <= MATCH_STEPS_MAX);
    struct truth truth = {0};
    if (!check_thresholds(match, thresholds, count, err)) return false;
    if (truth_path != NULL && !truth_read(&truth, truth_path, err)) {
        arena_free(&truth.arena);
        return false;
    }
    const struct truth *known = truth_path == NULL ? NULL : &truth;
    /* Without a model there is no pair and nothing to assign. */
    if (link_spec_one_to_one(match->spec) && match->result.model != NULL) {
        for (size_t i = 0; i < count; i++) {
            one_threshold(match, known, thresholds[i], threads, &out[i]);
        }
    } else {
        sweep_joins(match, known, thresholds, count, threads, out);
    }
    arena_free(&truth.arena);
    return true;
}

size_t match_step_thresholds(const struct match *match, size_t most, int32_t *out)
{
    CHECK(most > 0);
    int64_t low = link_spec_review(match->spec), high = low;
    for (size_t i = 0; i < match->result.pair_count; i++) {
        int32_t weight = match->result.pairs[i].weight_millibits;
        if (weight > high) high = weight;
    }
    int64_t first = low / 1000, last = high / 1000 + 1;
    if (first * 1000 < low) first++;
    int64_t step = 1 + (last - first) / (int64_t)most;
    size_t count = 0;
    for (int64_t bit = first; bit <= last && count < most; bit += step) {
        out[count++] = (int32_t)(bit * 1000);
    }
    return count;
}
