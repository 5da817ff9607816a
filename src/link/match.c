#include "link/match.h"

#include "base/file.h"
#include "base/prefetch.h"
#include "base/sheet_out.h"
#include "base/thread.h"
#include "link/engine_internal.h"
#include "link/match_tables.h"

#include <stdlib.h>
#include <string.h>

enum { SPEC_BYTES_MAX = 1 << 20, MODEL_FILE_BYTES_MAX = 1 << 20, FETCH_AHEAD = 16 };

bool match_open(struct match *out, struct arena *arena, const char *spec, const char *left,
                const char *right, struct err *err)
{
    return match_open_as(out, arena, spec, left, right, &(struct match_how){0}, err);
}

bool match_open_as(struct match *out, struct arena *arena, const char *spec, const char *left,
                   const char *right, const struct match_how *how, struct err *err)
{
    CHECK(arena != NULL);
    CHECK(spec != NULL);
    CHECK(left != NULL);
    struct str text;
    struct str spec_name = file_name(spec);
    const char *const paths[2] = {left, right};
    if (!file_read(arena, spec, SPEC_BYTES_MAX, &text, err)) return false;
    *out = (struct match){.arena = arena, .keyed = how->keyed};
    if (!link_spec_parse(arena, text, str_cstr(arena, spec_name), &out->spec, err)) return false;
    return match_use_files(out, paths, right == NULL ? 1 : 2, how, err);
}

static bool read_model(struct match *match, const char *path, struct link_model **model,
                       struct err *err)
{
    struct str text;
    *model = NULL;
    if (path == NULL) return true;
    if (!file_read(match->arena, path, MODEL_FILE_BYTES_MAX, &text, err)) return false;
    return link_model_read(match->arena, text, match->spec, model, err);
}

/* Nothing was learnt: no pair is listed and every record is a cluster of its own. */
static bool keep_apart(struct match *match, size_t threads, const struct err *why)
{
    size_t count = match->input.record_count;
    struct link_result *result = &match->result;
    *result = (struct link_result){.cluster_count = count};
    result->clusters = arena_array(match->arena, uint32_t, count);
    for (size_t r = 0; r < count; r++) result->clusters[r] = (uint32_t)r;
    result->pairs_possible = match->engine->pairs_possible;
    link_plan(match->engine, threads, &result->rules, &result->rule_count);
    match->unlearnt = *why;
    return true;
}

static bool run(struct match *match, const struct match_options *options, bool model_only,
                struct err *err)
{
    struct link_model *model;
    struct link_state *previous = NULL;
    CHECK(match->keyed || (options->previous == NULL && options->state == NULL));
    bool read = options->previous == NULL
                    ? read_model(match, options->model_in, &model, err)
                    : match_state_read(match, options->previous, &model, &previous, err);
    if (!read) return false;
    struct link_options link_options = {.threads = options->threads,
                                        .progress = options->progress,
                                        .model = model,
                                        .model_only = model_only,
                                        .previous = previous,
                                        .keep_state = options->state != NULL,
                                        .memory_bytes = options->memory_bytes};
    struct err why = ERR_INIT;
    if (!link_run(match->engine, &link_options, &match->result, &why)) {
        bool nothing = why.kind == ERR_NOT_FOUND;
        if (nothing && !model_only) return keep_apart(match, options->threads, &why);
        *err = why;
        if (nothing) err->kind = ERR_INPUT;
        return false;
    }
    if (options->state != NULL && !match_state_write(match, options->state, err)) return false;
    if (options->model_out == NULL) return true;
    struct str text = link_model_write(match->arena, match->result.model);
    return file_write(options->model_out, text, 0644, err);
}

void match_count(struct match *match, size_t threads, const struct progress *progress,
                 struct link_rule_count **rules, size_t *rule_count)
{
    CHECK(match->engine != NULL);
    link_count_pairs(match->engine, threads, progress, rules, rule_count);
}

bool match_run(struct match *match, const struct match_options *options, struct err *err)
{
    CHECK(match->engine != NULL);
    return run(match, options, false, err);
}

/* Pair numbers in the order of their left, then right ids; the left record comes first. */
static uint32_t *sort_pairs(const struct match *match, struct arena *scratch, uint32_t *lefts,
                            uint32_t *rights)
{
    size_t count = match->result.pair_count;
    uint32_t *places = arena_array(scratch, uint32_t, match->input.record_count);
    for (uint32_t i = 0; i < match->input.record_count; i++) places[match->order[i]] = i;
    uint64_t *keys = arena_array(scratch, uint64_t, count);
    uint32_t *numbers = arena_array(scratch, uint32_t, count);
    for (uint32_t p = 0; p < count; p++) {
        uint32_t a = match->result.pairs[p].a, b = match->result.pairs[p].b;
        bool across = a < match->left_count && b >= match->left_count;
        bool swap = !across && places[a] > places[b];
        lefts[p] = swap ? b : a;
        rights[p] = swap ? a : b;
        keys[p] = (uint64_t)places[lefts[p]] << 32 | places[rights[p]];
        numbers[p] = p;
    }
    sort_keys(scratch, keys, numbers, count);
    return numbers;
}

static bool write_rows(struct sheet_out *sheet, const struct str *header, size_t columns,
                       bool (*row)(void *context, size_t number, struct str *cells), void *context,
                       size_t rows, struct err *err)
{
    struct str cells[4];
    CHECK(columns <= 4);
    if (!sheet_header(sheet, header, columns, NULL, err)) return false;
    for (size_t i = 0; i < rows; i++) {
        if (!row(context, i, cells)) continue;
        if (!sheet_row(sheet, cells, columns, err)) return false;
    }
    return true;
}

static bool write_file(const char *path, const char *name, const struct str *header, size_t columns,
                       bool (*row)(void *, size_t, struct str *), void *context, size_t rows,
                       struct err *err)
{
    struct sheet_out *sheet;
    if (!sheet_open(&sheet, path, name, false, err)) return false;
    if (!write_rows(sheet, header, columns, row, context, rows, err)) {
        sheet_abandon(sheet);
        return false;
    }
    return sheet_close(sheet, err);
}

struct pair_rows {
    const struct match *match;
    const uint32_t *numbers, *lefts, *rights;
    size_t count;
    char weight[24], probability[24];
};

/* Rows go by id, so what they show lies anywhere: it is asked for ahead, in two steps. */
static void fetch_pair(const struct pair_rows *rows, size_t number)
{
    if (number + 2 * (size_t)FETCH_AHEAD < rows->count) {
        uint32_t p = rows->numbers[number + 2 * (size_t)FETCH_AHEAD];
        prefetch(&rows->lefts[p]);
        prefetch(&rows->rights[p]);
        prefetch(&rows->match->result.pairs[p]);
    }
    if (number + FETCH_AHEAD >= rows->count) return;
    uint32_t p = rows->numbers[number + FETCH_AHEAD];
    prefetch(&rows->match->ids[rows->lefts[p]]);
    prefetch(&rows->match->ids[rows->rights[p]]);
}

static bool pair_row(void *context, size_t number, struct str *cells)
{
    struct pair_rows *rows = context;
    fetch_pair(rows, number);
    uint32_t p = rows->numbers[number];
    const struct link_pair *pair = &rows->match->result.pairs[p];
    size_t sign = pair->weight_millibits < 0;
    rows->weight[0] = '-';
    uint64_t weight = (uint64_t)llabs(pair->weight_millibits);
    size_t length = sign + u64_digits(weight, rows->weight + sign);
    /* One millionth and more, as 0.000001 … 1.000000: a seventh digit in front keeps the zeros. */
    u64_digits(10000000 + pair->probability_ppm, rows->probability);
    rows->probability[0] = rows->probability[1];
    rows->probability[1] = '.';
    cells[0] = rows->match->ids[rows->lefts[p]];
    cells[1] = rows->match->ids[rows->rights[p]];
    cells[2] = (struct str){rows->weight, length};
    cells[3] = (struct str){rows->probability, 8};
    return true;
}

bool match_write_pairs(const struct match *match, const char *path, struct err *err)
{
    const struct str header[] = {STR("left_id"), STR("right_id"), STR("weight_millibits"),
                                 STR("probability")};
    struct arena scratch = {0};
    size_t count = match->result.pair_count;
    uint32_t *lefts = arena_array(&scratch, uint32_t, count);
    uint32_t *rights = arena_array(&scratch, uint32_t, count);
    struct pair_rows rows = {.match = match, .lefts = lefts, .rights = rights, .count = count};
    rows.numbers = sort_pairs(match, &scratch, lefts, rights);
    bool done = write_file(path, "pairs", header, 4, pair_row, &rows, count, err);
    arena_free(&scratch);
    return done;
}

struct cluster_rows {
    const struct match *match;
    uint32_t *numbers; /* by cluster: number given, 0 none yet */
    uint32_t given;
    char text[20];
};

static bool cluster_row(void *context, size_t number, struct str *cells)
{
    struct cluster_rows *rows = context;
    const struct match *match = rows->match;
    if (number + FETCH_AHEAD < match->input.record_count) {
        uint32_t ahead = match->order[number + FETCH_AHEAD];
        prefetch(&match->ids[ahead]);
        prefetch(&match->result.clusters[ahead]);
    }
    uint32_t record = match->order[number];
    uint32_t *cluster = &rows->numbers[match->result.clusters[record]];
    if (*cluster == 0) *cluster = ++rows->given;
    cells[0] = match->ids[record];
    cells[1] = match->input.source_list[match->input.sources[record]].name;
    cells[2] = (struct str){rows->text, u64_digits(*cluster, rows->text)};
    return true;
}

bool match_write_clusters(const struct match *match, const char *path, struct err *err)
{
    const struct str header[] = {STR("id"), STR("source"), STR("cluster")};
    struct arena scratch = {0};
    struct cluster_rows rows = {.match = match};
    rows.numbers = arena_array(&scratch, uint32_t, match->result.cluster_count);
    bool done =
        write_file(path, "clusters", header, 3, cluster_row, &rows, match->input.record_count, err);
    arena_free(&scratch);
    return done;
}

struct write_task {
    const struct match *match;
    const char *paths[2]; /* pairs, clusters */
    struct err errors[2];
    bool done[2];
};

static void write_one(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct write_task *task = context;
    const char *path = task->paths[number];
    struct err *err = &task->errors[number];
    if (path == NULL) {
        task->done[number] = true;
    } else {
        task->done[number] = number == 0 ? match_write_pairs(task->match, path, err)
                                         : match_write_clusters(task->match, path, err);
    }
}

bool match_write(const struct match *match, const char *pairs, const char *clusters,
                 struct err *err)
{
    struct write_task task = {.match = match, .paths = {pairs, clusters}};
    thread_run(0, 2, write_one, &task);
    for (size_t i = 0; i < 2; i++) {
        if (task.done[i]) continue;
        *err = task.errors[i];
        return false;
    }
    return true;
}

static bool find_record(const struct match *match, struct str id, uint32_t from, uint32_t end,
                        uint32_t *out, struct err *err)
{
    for (uint32_t r = from; r < end; r++) {
        if (!str_equal(match->ids[r], id)) continue;
        *out = r;
        return true;
    }
    return err_set(err, ERR_NOT_FOUND, "there is no record \"%.*s\"", "没有记录“%.*s”",
                   STR_ARG(id));
}

bool match_explain(struct match *match, struct arena *arena, const struct match_options *options,
                   struct str left_id, struct str right_id, struct link_explanation *out,
                   struct err *err)
{
    uint32_t left = 0, right = 0, count = (uint32_t)match->input.record_count;
    bool two = match->left_count < count;
    if (!find_record(match, left_id, 0, match->left_count, &left, err)) return false;
    if (!find_record(match, right_id, two ? match->left_count : 0, count, &right, err)) {
        return false;
    }
    if (match->result.model == NULL && !run(match, options, true, err)) return false;
    link_explain(arena, match->engine, match->result.model, left, right, out);
    return true;
}
