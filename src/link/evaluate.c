#include "link/evaluate.h"

#include "base/dict.h"
#include "base/file.h"
#include "link/match_read.h"

#include <stdlib.h>

/* What is true: entities by id, or a set of pairs of ids. */
struct truth {
    struct arena arena;
    struct dict ids;
    uint32_t *entities; /* by id number, when entities are told; UINT32_MAX none */
    uint32_t entity_count;
    uint64_t *pairs; /* sorted, when pairs are told */
    size_t pair_count;
    bool by_entity;
    uint64_t true_pairs;
};

static uint64_t pair_key(uint32_t a, uint32_t b)
{
    return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static uint64_t pairs_of(uint64_t count)
{
    return count == 0 ? 0 : count * (count - 1) / 2;
}

static bool read_entities(struct truth *truth, const char *path, struct err *err)
{
    const struct str names[] = {STR("id"), STR("entity")};
    struct match_table table;
    struct arena scratch = {0};
    struct dict entities;
    if (!match_table_read(&truth->arena, path, names, 2, &table, err)) return false;
    dict_init(&entities, &scratch);
    truth->entities = arena_array(&truth->arena, uint32_t, table.row_count);
    uint64_t *sizes = arena_array(&scratch, uint64_t, table.row_count);
    bool good = true;
    for (uint32_t r = 0; r < table.row_count && good; r++) {
        if (dict_put(&truth->ids, table.cells[0][r]) != r) {
            struct str name = file_name(path);
            good = err_set(err, ERR_INPUT, "%.*s: line %llu: the id stands twice",
                           "%.*s：第 %llu 行：编号重复", STR_ARG(name),
                           (unsigned long long)table.lines[r]);
            break;
        }
        truth->entities[r] = dict_put(&entities, table.cells[1][r]);
        sizes[truth->entities[r]]++;
    }
    for (uint32_t e = 0; e < entities.count; e++) truth->true_pairs += pairs_of(sizes[e]);
    truth->entity_count = entities.count;
    truth->by_entity = true;
    arena_free(&scratch);
    return good;
}

static bool read_true_pairs(struct truth *truth, const char *path, struct err *err)
{
    const struct str names[] = {STR("left_id"), STR("right_id")};
    struct match_table table;
    if (!match_table_read(&truth->arena, path, names, 2, &table, err)) return false;
    truth->pairs = arena_array(&truth->arena, uint64_t, table.row_count);
    size_t count = 0;
    for (uint32_t r = 0; r < table.row_count; r++) {
        uint32_t a = dict_put(&truth->ids, table.cells[0][r]);
        uint32_t b = dict_put(&truth->ids, table.cells[1][r]);
        if (a != b) truth->pairs[count++] = pair_key(a, b);
    }
    if (count > 1) qsort(truth->pairs, count, sizeof *truth->pairs, compare_u64);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && truth->pairs[i] == truth->pairs[i - 1]) continue;
        truth->pairs[truth->pair_count++] = truth->pairs[i];
    }
    truth->true_pairs = truth->pair_count;
    return true;
}

static bool read_truth(struct truth *truth, const char *path, struct err *err)
{
    bool by_entity;
    dict_init(&truth->ids, &truth->arena);
    if (!match_table_has(&truth->arena, path, "entity", &by_entity, err)) return false;
    return by_entity ? read_entities(truth, path, err) : read_true_pairs(truth, path, err);
}

static bool is_true(const struct truth *truth, uint32_t a, uint32_t b)
{
    if (a == b || a == DICT_NONE || b == DICT_NONE) return false;
    if (truth->by_entity) return truth->entities[a] == truth->entities[b];
    uint64_t key = pair_key(a, b);
    return truth->pair_count > 0
           && bsearch(&key, truth->pairs, truth->pair_count, sizeof key, compare_u64) != NULL;
}

static void finish(struct evaluation *evaluation)
{
    uint64_t listed = evaluation->found + evaluation->wrong;
    uint64_t both = listed + evaluation->true_pairs;
    double found = 1e6 * (double)evaluation->found;
    evaluation->precision_ppm = listed == 0 ? 0 : (uint32_t)(found / (double)listed + 0.5);
    evaluation->recall_ppm =
        evaluation->true_pairs == 0 ? 0 : (uint32_t)(found / (double)evaluation->true_pairs + 0.5);
    evaluation->f1_ppm = both == 0 ? 0 : (uint32_t)(2 * found / (double)both + 0.5);
}

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
        pairs[r] = (struct listed_pair){pair_key(a, b), (int32_t)weight,
                                        a < known && b < known && is_true(truth, a, b)};
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
        finish(&now);
        if (now.f1_ppm > out->best.f1_ppm) out->best = now;
    }
    finish(&out->at);
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
        finish(&now);
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
    if (cell_count > 1) qsort(cells, cell_count, sizeof *cells, compare_u64);
    for (size_t from = 0, end; from < cell_count; from = end) {
        for (end = from + 1; end < cell_count && cells[end] == cells[from];) end++;
        out->found += pairs_of(end - from);
    }
    for (size_t i = 0; i < truth->pair_count; i++) {
        uint32_t a = cluster_of[truth->pairs[i] >> 32];
        out->found += a != 0 && a == cluster_of[truth->pairs[i] & UINT32_MAX];
    }
    out->wrong = listed - out->found;
    finish(out);
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
    bool done = read_truth(&truth, truth_path, err);
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
    CHECK(match->result.model != NULL);
    struct truth truth = {0};
    struct evaluation_report report = {.has_clusters = true,
                                       .pairs_possible = match->result.pairs_possible};
    if (!read_truth(&truth, truth_path, err)) {
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
        pairs[i] = (struct listed_pair){pair_key(a, b), pair->weight_millibits,
                                        a < known && b < known && is_true(&truth, a, b)};
    }
    count = order_pairs(pairs, count);
    sweep(&truth, pairs, count, link_spec_match(match->spec), &report);
    fill_steps(&truth, pairs, count, &report);
    *out = report;
    arena_free(&truth.arena);
    return true;
}
