#include "link/match.h"

#include "base/file.h"
#include "link/engine_internal.h"
#include "link/match_tables.h"

enum { SPEC_BYTES_MAX = 1 << 20 };

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
    if (!file_read(match->arena, path, LINK_MODEL_BYTES_MAX, &text, err)) return false;
    if (link_model_read(match->arena, text, match->spec, model, err)) return true;
    err_at(err, "%s", "%s", path);
    return err_hint(err, "without --model one is learnt", "不带 --model 就会重新学习");
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

static bool find_record(const struct match *match, struct str id, size_t file, uint32_t *out)
{
    uint32_t count = (uint32_t)match->input.record_count;
    uint32_t from = file == 0 ? 0 : match->left_count, end = file == 0 ? match->left_count : count;
    for (uint32_t r = from; r < end; r++) {
        if (!str_equal(match->ids[r], id)) continue;
        *out = r;
        return true;
    }
    return false;
}

static bool refuse_record(const struct match *match, struct str id, size_t file, struct err *err)
{
    uint32_t right = (uint32_t)match->input.record_count - match->left_count, there;
    struct str name = match->files[file], other = match->files[1 - file];
    struct str column = link_spec_id_column(match->spec);
    if (column.len == 0) {
        err_set(err, ERR_NOT_FOUND,
                "there is no record \"%.*s\"; the spec names no id column, so the %u records are "
                "numbered from 1",
                "没有记录“%.*s”；规格没有写编号列，%u 条记录从 1 起编号", STR_ARG(id),
                file == 0 ? match->left_count : right);
    } else if (other.len > 0 && find_record(match, id, 1 - file, &there)) {
        err_set(
            err, ERR_NOT_FOUND,
            "there is no record \"%.*s\", but %.*s has one; name the records in the order of the "
            "files",
            "没有记录“%.*s”，而 %.*s 中有；请按两份文件的顺序写编号", STR_ARG(id), STR_ARG(other));
    } else {
        err_set(err, ERR_NOT_FOUND,
                "there is no record \"%.*s\"; name it as the column \"%.*s\" does",
                "没有记录“%.*s”；请照“%.*s”列的写法", STR_ARG(id), STR_ARG(column));
    }
    return err_at(err, "%.*s", "%.*s", STR_ARG(name));
}

bool match_explain(struct match *match, struct arena *arena, const struct match_options *options,
                   struct str left_id, struct str right_id, struct link_explanation *out,
                   struct err *err)
{
    uint32_t left = 0, right = 0;
    size_t second = match->files[1].len > 0 ? 1 : 0;
    if (!find_record(match, left_id, 0, &left)) return refuse_record(match, left_id, 0, err);
    if (!find_record(match, right_id, second, &right)) {
        return refuse_record(match, right_id, second, err);
    }
    if (match->result.model == NULL && !run(match, options, true, err)) return false;
    link_explain(arena, match->engine, match->result.model, left, right, out);
    return true;
}
