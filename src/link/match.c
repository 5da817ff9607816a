#include "link/match.h"

#include "base/file.h"
#include "base/sheet_out.h"
#include "base/thread.h"
#include "link/engine_internal.h"
#include "link/match_code.h"

#include <stdio.h>
#include <string.h>

enum {
    SPEC_BYTES_MAX = 1 << 20,
    MODEL_FILE_BYTES_MAX = 1 << 20,
    COLUMNS_MAX = LINK_COLUMNS_MAX + 2
};

/* What is asked of each file: the spec's columns, then the id and the source where they are named.
 */
struct wanted {
    struct str names[COLUMNS_MAX];
    size_t count, id, source; /* SIZE_MAX when not named */
};

static void find_wanted(const struct link_spec *spec, struct wanted *wanted)
{
    const struct str *names;
    wanted->count = link_spec_columns(spec, &names);
    memcpy(wanted->names, names, wanted->count * sizeof *names);
    wanted->id = wanted->source = SIZE_MAX;
    if (spec->id_column.len > 0) {
        wanted->id = wanted->count;
        wanted->names[wanted->count++] = spec->id_column;
    }
    if (spec->source_column.len > 0) {
        wanted->source = wanted->count;
        wanted->names[wanted->count++] = spec->source_column;
    }
}

/* Ids of one file: as written, or its rows counted from 1 when the spec names no column. */
static bool read_ids(struct arena *arena, const struct match_table *table,
                     const struct wanted *wanted, struct str *ids, struct err *err)
{
    for (uint32_t r = 0; r < table->row_count; r++) {
        if (wanted->id == SIZE_MAX) {
            struct text text;
            text_init(&text, arena, 16);
            text_add_f(&text, "%u", r + 1);
            ids[r] = text_str(&text);
            continue;
        }
        ids[r] = table->cells[wanted->id][r];
        if (ids[r].len > 0) continue;
        return err_set(err, ERR_INPUT, "line %llu: the id is empty", "第 %llu 行：编号是空的",
                       (unsigned long long)table->lines[r]);
    }
    return true;
}

/* Refuses an id that stands twice in one file, at the first place where one does. */
static bool check_ids(const struct match *match, const struct match_table *tables,
                      const char *const *paths, struct err *err)
{
    uint32_t count = (uint32_t)match->input.record_count, first = count;
    for (uint32_t i = 1; i < count; i++) {
        uint32_t before = match->order[i - 1], here = match->order[i];
        bool apart = before < match->left_count && here >= match->left_count;
        if (here >= first || apart || !str_equal(match->ids[before], match->ids[here])) continue;
        first = here;
    }
    if (first == count) return true;
    size_t t = first < match->left_count ? 0 : 1;
    uint32_t row = t == 0 ? first : first - match->left_count;
    struct str name = file_name(paths[t]);
    err_set(err, ERR_INPUT, "line %llu: the id stands twice", "第 %llu 行：编号重复",
            (unsigned long long)tables[t].lines[row]);
    return err_at(err, "%.*s", "%.*s", STR_ARG(name));
}

static bool set_sources(struct match *match, const struct wanted *wanted,
                        const struct link_column *columns, bool two, struct err *err)
{
    struct link_input *input = &match->input;
    struct link_source *list;
    if (wanted->source != SIZE_MAX) {
        const struct link_column *column = &columns[wanted->source];
        if (column->text_count > LINK_SOURCES_MAX) {
            return err_set(err, ERR_LIMIT, "the column \"%.*s\" names more than %d sources",
                           "“%.*s”列的来源超过 %d 个", STR_ARG(column->name), LINK_SOURCES_MAX);
        }
        list = arena_array(match->arena, struct link_source, column->text_count);
        for (uint32_t s = 0; s < column->text_count; s++) list[s].name = column->texts[s];
        input->sources = column->values;
        input->source_count = column->text_count;
    } else {
        uint32_t *sources = arena_array(match->arena, uint32_t, input->record_count);
        for (size_t r = match->left_count; r < input->record_count; r++) sources[r] = 1;
        list = arena_array(match->arena, struct link_source, 2);
        list[0].name = STR("left");
        list[1].name = STR("right");
        input->sources = sources;
        input->source_count = two ? 2 : 1;
    }
    for (size_t s = 0; s < input->source_count; s++) {
        list[s].once_per_entity = match->spec->once;
        list[s].group = (uint32_t)(s < LINK_GROUPS_MAX ? s : LINK_GROUPS_MAX - 1);
    }
    input->source_list = list;
    return true;
}

struct read_task {
    const struct wanted *wanted;
    const char *paths[2];
    struct match_table *tables;
    struct arena arenas[2];
    struct err errors[2];
    bool done[2];
};

static void read_one(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct read_task *task = context;
    task->done[number] =
        match_table_read(&task->arenas[number], task->paths[number], task->wanted->names,
                         task->wanted->count, &task->tables[number], &task->errors[number]);
}

/* Reads the files side by side; of two errors the left file's counts. */
static bool read_files(struct read_task *task, size_t count, struct arena *scratch, struct err *err)
{
    bool done = true;
    thread_run(0, count, read_one, task);
    for (size_t t = 0; t < count; t++) {
        arena_join(scratch, &task->arenas[t]);
        if (done && !task->done[t]) *err = task->errors[t];
        done = done && task->done[t];
    }
    return done;
}

static bool read_tables(struct match *match, const struct wanted *wanted, const char *left,
                        const char *right, struct arena *scratch, struct match_table tables[2],
                        struct err *err)
{
    size_t total = 0, count = right == NULL ? 1 : 2;
    struct read_task task = {.wanted = wanted, .paths = {left, right}, .tables = tables};
    if (!read_files(&task, count, scratch, err)) return false;
    for (size_t t = 0; t < count; t++) total += tables[t].row_count;
    if (total > INT32_MAX) {
        return err_set(err, ERR_LIMIT, "more than 2^31 records", "记录超过 2^31 条");
    }
    match->input.record_count = total;
    match->left_count = tables[0].row_count;
    struct str *ids = arena_array(scratch, struct str, total);
    uint32_t at = 0;
    for (size_t t = 0; t < count; t++) {
        if (!read_ids(scratch, &tables[t], wanted, ids + at, err)) {
            struct str name = file_name(task.paths[t]);
            return err_at(err, "%.*s", "%.*s", STR_ARG(name));
        }
        at += tables[t].row_count;
    }
    match->ids = match_keep_texts(match->arena, ids, total);
    match->order = match_order_ids(match->arena, match->ids, (uint32_t)total);
    return wanted->id == SIZE_MAX || check_ids(match, tables, task.paths, err);
}

bool match_open(struct match *out, struct arena *arena, const char *spec, const char *left,
                const char *right, struct err *err)
{
    CHECK(arena != NULL);
    CHECK(spec != NULL);
    CHECK(left != NULL);
    struct str text;
    struct str spec_name = file_name(spec);
    if (!file_read(arena, spec, SPEC_BYTES_MAX, &text, err)) return false;
    *out = (struct match){.arena = arena};
    if (!link_spec_parse(arena, text, str_cstr(arena, spec_name), &out->spec, err)) return false;
    if (right != NULL && !out->spec->between_stated) out->spec->between = true;
    struct wanted wanted;
    struct match_table tables[2];
    struct arena scratch = {0};
    find_wanted(out->spec, &wanted);
    bool done = read_tables(out, &wanted, left, right, &scratch, tables, err);
    if (done) {
        struct link_column *columns = arena_array(arena, struct link_column, wanted.count);
        match_code_columns(arena, tables, right == NULL ? 1 : 2, wanted.count, wanted.id, columns);
        out->input.columns = columns;
        out->input.column_count = wanted.id == SIZE_MAX ? wanted.count : wanted.id;
        done = set_sources(out, &wanted, columns, right != NULL, err);
    }
    arena_free(&scratch);
    if (!done) return false;
    /* The engine has an input of its own, so that a match can be moved. */
    const struct link_input *input = arena_copy(arena, &out->input, sizeof out->input);
    return link_open(arena, input, out->spec, &out->engine, err);
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
    if (!read_model(match, options->model_in, &model, err)) return false;
    struct link_options link_options = {.threads = options->threads,
                                        .progress = options->progress,
                                        .model = model,
                                        .model_only = model_only};
    struct err why = ERR_INIT;
    if (!link_run(match->engine, &link_options, &match->result, &why)) {
        bool nothing = why.kind == ERR_NOT_FOUND;
        if (nothing && !model_only) return keep_apart(match, options->threads, &why);
        *err = why;
        if (nothing) err->kind = ERR_INPUT;
        return false;
    }
    if (options->model_out == NULL) return true;
    struct str text = link_model_write(match->arena, match->result.model);
    return file_write(options->model_out, text, 0644, err);
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
    char weight[16], probability[16];
};

static bool pair_row(void *context, size_t number, struct str *cells)
{
    struct pair_rows *rows = context;
    uint32_t p = rows->numbers[number];
    const struct link_pair *pair = &rows->match->result.pairs[p];
    int weight = snprintf(rows->weight, sizeof rows->weight, "%d", pair->weight_millibits);
    int probability = snprintf(rows->probability, sizeof rows->probability, "%u.%06u",
                               pair->probability_ppm / 1000000, pair->probability_ppm % 1000000);
    cells[0] = rows->match->ids[rows->lefts[p]];
    cells[1] = rows->match->ids[rows->rights[p]];
    cells[2] = (struct str){rows->weight, (size_t)weight};
    cells[3] = (struct str){rows->probability, (size_t)probability};
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
    struct pair_rows rows = {.match = match, .lefts = lefts, .rights = rights};
    rows.numbers = sort_pairs(match, &scratch, lefts, rights);
    bool done = write_file(path, "pairs", header, 4, pair_row, &rows, count, err);
    arena_free(&scratch);
    return done;
}

struct cluster_rows {
    const struct match *match;
    uint32_t *numbers; /* by cluster: number given, 0 none yet */
    uint32_t given;
    char text[16];
};

static bool cluster_row(void *context, size_t number, struct str *cells)
{
    struct cluster_rows *rows = context;
    uint32_t record = rows->match->order[number];
    uint32_t *cluster = &rows->numbers[rows->match->result.clusters[record]];
    if (*cluster == 0) *cluster = ++rows->given;
    int length = snprintf(rows->text, sizeof rows->text, "%u", *cluster);
    cells[0] = rows->match->ids[record];
    cells[1] = rows->match->input.source_list[rows->match->input.sources[record]].name;
    cells[2] = (struct str){rows->text, (size_t)length};
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
