#include "link/evaluate.h"

#include "base/file.h"
#include "link/match_read.h"
#include "link/truth.h"

#include <stdlib.h>

struct listed_pair {
    uint64_t key; /* of the ids, unknown ones numbered behind the known */
    int32_t weight;
    bool same;
};

static int by_key(const void *a, const void *b)
{
    const struct listed_pair *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return x->weight > y->weight ? -1 : x->weight < y->weight;
}

static int by_weight(const void *a, const void *b)
{
    const struct listed_pair *x = a, *y = b;
    return x->weight > y->weight ? -1 : x->weight < y->weight;
}

/* Each pair once, heaviest first. Returns how many remain. */
static size_t order_pairs(struct listed_pair *pairs, size_t count)
{
    size_t kept = 0;
    if (count > 1) qsort(pairs, count, sizeof *pairs, by_key);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || pairs[i].key != pairs[i - 1].key) pairs[kept++] = pairs[i];
    }
    if (kept > 1) qsort(pairs, kept, sizeof *pairs, by_weight);
    return kept;
}

/* Reads the pairs, each once, heaviest first. */
static bool read_pairs(struct truth *truth, const char *path, struct listed_pair **out,
                       size_t *count, struct err *err)
{
    const struct str names[] = {STR("left_id"), STR("right_id"), STR("weight_millibits")};
    struct match_table table;
    if (!match_table_read(&truth->arena, path, names, 3, &table, err)) return false;
    uint32_t known = truth->ids.count;
    struct listed_pair *pairs = arena_array(&truth->arena, struct listed_pair, table.row_count);
    for (uint32_t r = 0; r < table.row_count; r++) {
        int64_t weight;
        if (!str_to_i64(table.cells[2][r], &weight) || weight < INT32_MIN || weight > INT32_MAX) {
            struct str name = file_name(path);
            return err_set(err, ERR_INPUT, "%.*s: line %llu: the weight is not a whole number",
                           "%.*s：第 %llu 行：权重不是整数", STR_ARG(name),
                           (unsigned long long)table.lines[r]);
        }
        uint32_t a = dict_put(&truth->ids, table.cells[0][r]);
        uint32_t b = dict_put(&truth->ids, table.cells[1][r]);
        pairs[r] = (struct listed_pair){truth_key(a, b), (int32_t)weight,
                                        a < known && b < known && truth_same(truth, a, b)};
    }
    *count = order_pairs(pairs, table.row_count);
    *out = pairs;
    return true;
}

static void sweep(const struct truth *truth, const struct listed_pair *pairs, size_t count,
                  int32_t threshold, struct evaluation_report *out)
{
    struct evaluation now = {.true_pairs = truth->true_pairs};
    out->at = now;
    out->at.threshold_millibits = threshold;
    out->best = now;
    for (size_t i = 0; i < count; i++) {
        if (pairs[i].same)
            now.found++;
        else
            now.wrong++;
        if (pairs[i].weight >= threshold) {
            out->at.found = now.found;
            out->at.wrong = now.wrong;
        }
        if (i + 1 < count && pairs[i + 1].weight == pairs[i].weight) continue;
        now.threshold_millibits = pairs[i].weight;
        evaluation_finish(&now);
        if (now.f1_ppm > out->best.f1_ppm) out->best = now;
    }
    evaluation_finish(&out->at);
}

/* The largest multiple of a step that is not above the weight. */
static int64_t step_floor(int64_t weight)
{
    int64_t over = weight % EVALUATION_STEP_MILLIBITS;
    return weight - (over < 0 ? over + EVALUATION_STEP_MILLIBITS : over);
}

/* The curve. Pairs lighter than its last step are left to the row of all pairs. */
static void fill_steps(const struct truth *truth, const struct listed_pair *pairs, size_t count,
                       struct evaluation_report *out)
{
    struct evaluation now = {.true_pairs = truth->true_pairs};
    if (count == 0) return;
    int64_t threshold = step_floor(pairs[0].weight), last = step_floor(pairs[count - 1].weight);
    size_t at = 0;
    for (; threshold >= last && out->step_count < EVALUATION_STEPS_MAX;
         threshold -= EVALUATION_STEP_MILLIBITS) {
        for (; at < count && pairs[at].weight >= threshold; at++) {
            if (pairs[at].same)
                now.found++;
            else
                now.wrong++;
        }
        now.threshold_millibits = threshold < INT32_MIN ? INT32_MIN : (int32_t)threshold;
        evaluation_finish(&now);
        out->steps[out->step_count++] = now;
    }
}

/* Pairs inside clusters, counted by cluster and entity, never listed. `ids` and `numbers` of
 * clusters (below `count`) stand by record. */
static void evaluate_clusters(const struct truth *truth, const struct str *ids,
                              const uint32_t *numbers, size_t count, struct evaluation *out)
{
    struct arena scratch = {0};
    uint64_t *sizes = arena_array(&scratch, uint64_t, count);
    uint64_t *cells = arena_array(&scratch, uint64_t, count);
    uint32_t *cluster_of = arena_array(&scratch, uint32_t, (size_t)truth->ids.count + 1);
    size_t cell_count = 0;
    uint64_t listed = 0;
    *out = (struct evaluation){.true_pairs = truth->true_pairs};
    for (size_t r = 0; r < count; r++) {
        uint32_t cluster = numbers[r], id = dict_find(&truth->ids, ids[r]);
        listed += sizes[cluster]++;
        if (id == DICT_NONE) continue;
        cluster_of[id] = cluster + 1;
        if (truth->by_entity) cells[cell_count++] = (uint64_t)cluster << 32 | truth->entities[id];
    }
    if (cell_count > 1) qsort(cells, cell_count, sizeof *cells, truth_compare_keys);
    for (size_t from = 0, end; from < cell_count; from = end) {
        for (end = from + 1; end < cell_count && cells[end] == cells[from];) end++;
        out->found += truth_pairs_of(end - from);
    }
    for (size_t i = 0; i < truth->pair_count; i++) {
        uint32_t a = cluster_of[truth->pairs[i] >> 32];
        out->found += a != 0 && a == cluster_of[truth->pairs[i] & UINT32_MAX];
    }
    out->wrong = listed - out->found;
    evaluation_finish(out);
    arena_free(&scratch);
}

static bool read_clusters(struct truth *truth, const char *path, struct evaluation *out,
                          struct err *err)
{
    const struct str names[] = {STR("id"), STR("cluster")};
    struct match_table table;
    struct dict clusters;
    if (!match_table_read(&truth->arena, path, names, 2, &table, err)) return false;
    dict_init(&clusters, &truth->arena);
    uint32_t *numbers = arena_array(&truth->arena, uint32_t, table.row_count);
    for (uint32_t r = 0; r < table.row_count; r++) {
        numbers[r] = dict_put(&clusters, table.cells[1][r]);
    }
    evaluate_clusters(truth, table.cells[0], numbers, table.row_count, out);
    return true;
}

bool match_evaluate(const char *pairs, const char *truth_path, const char *clusters,
                    int32_t threshold_millibits, struct evaluation_report *out, struct err *err)
{
    CHECK(pairs != NULL);
    CHECK(truth_path != NULL);
    struct truth truth = {0};
    struct evaluation_report report = {.has_clusters = clusters != NULL};
    struct listed_pair *listed = NULL;
    size_t count = 0;
    bool done = truth_read(&truth, truth_path, err);
    if (done && clusters != NULL) done = read_clusters(&truth, clusters, &report.clusters, err);
    if (done) done = read_pairs(&truth, pairs, &listed, &count, err);
    if (done) {
        sweep(&truth, listed, count, threshold_millibits, &report);
        fill_steps(&truth, listed, count, &report);
        *out = report;
    }
    arena_free(&truth.arena);
    return done;
}

bool match_evaluate_result(const struct match *match, const char *truth_path,
                           struct evaluation_report *out, struct err *err)
{
    CHECK(match->result.model != NULL || match->unlearnt.kind != ERR_NONE);
    struct truth truth = {0};
    struct evaluation_report report = {.has_clusters = true,
                                       .pairs_possible = match->result.pairs_possible};
    if (!truth_read(&truth, truth_path, err)) {
        arena_free(&truth.arena);
        return false;
    }
    evaluate_clusters(&truth, match->ids, match->result.clusters, match->input.record_count,
                      &report.clusters);
    uint32_t known = truth.ids.count;
    size_t count = match->result.pair_count;
    struct listed_pair *pairs = arena_array(&truth.arena, struct listed_pair, count);
    for (size_t i = 0; i < count; i++) {
        const struct link_pair *pair = &match->result.pairs[i];
        uint32_t a = dict_put(&truth.ids, match->ids[pair->a]);
        uint32_t b = dict_put(&truth.ids, match->ids[pair->b]);
        pairs[i] = (struct listed_pair){truth_key(a, b), pair->weight_millibits,
                                        a < known && b < known && truth_same(&truth, a, b)};
    }
    count = order_pairs(pairs, count);
    sweep(&truth, pairs, count, link_spec_match(match->spec), &report);
    fill_steps(&truth, pairs, count, &report);
    *out = report;
    arena_free(&truth.arena);
    return true;
}
