#include "link/library.h"
#include "link/spec.h"

#include <string.h>

enum baoxue_link_status baoxue_link_decide(struct baoxue_link *link, uint32_t one, uint32_t two,
                                           int same, struct baoxue_link_error *error)
{
    enum baoxue_link_status status = baoxue_link_prepare(link, error);
    if (status != BAOXUE_LINK_OK) return status;
    uint32_t count = baoxue_link_record_count(link);
    if (one >= count || two >= count || one == two) {
        return library_misuse(error, "a decision is about two records that are there",
                              "决定须针对两条存在的记录");
    }
    struct link_decision decision = {one < two ? one : two, one < two ? two : one, same != 0};
    uint64_t key = (uint64_t)decision.a << 32 | decision.b;
    uint32_t known = u64_map_find(&link->decided, key);
    if (known != DICT_NONE) {
        link->decisions.items[known] = decision;
        return BAOXUE_LINK_OK;
    }
    if (link->decisions.count == BAOXUE_LINK_DECISIONS_MAX) {
        struct err err = ERR_INIT;
        (void)!err_set(&err, ERR_LIMIT, "more than %d decisions", "决定超过 %d 条",
                       BAOXUE_LINK_DECISIONS_MAX);
        return library_fail(&err, error);
    }
    u64_map_put(&link->decided, key, (uint32_t)link->decisions.count);
    *list_push(&link->arena, &link->decisions) = decision;
    return BAOXUE_LINK_OK;
}

/* Learns a model, or links; results are taken over when all went well. */
static enum baoxue_link_status run(struct baoxue_link *link, bool model_only,
                                   const struct link_model *model, struct link_result *out,
                                   struct baoxue_link_error *error)
{
    struct err err = ERR_INIT;
    enum baoxue_link_status status = baoxue_link_prepare(link, error);
    if (status != BAOXUE_LINK_OK) return status;
    link->match.engine_input->decisions = link->decisions.items;
    link->match.engine_input->decision_count = link->decisions.count;
    struct link_options options = {.threads = link->threads,
                                   .progress = &link->progress,
                                   .model = model,
                                   .model_only = model_only,
                                   .previous = link->previous,
                                   .keep_state = link->keyed};
    if (link_run(link->match.engine, &options, out, &err)) return BAOXUE_LINK_OK;
    status = library_fail(&err, error);
    if (err.kind != ERR_NOT_FOUND) return status;
    if (error != NULL) error->status = BAOXUE_LINK_UNLEARNT;
    return BAOXUE_LINK_UNLEARNT;
}

static void use_model(struct baoxue_link *link, const struct link_model *model)
{
    link->model = model;
    link->model_text = NULL;
}

enum baoxue_link_status baoxue_link_train(struct baoxue_link *link, struct baoxue_link_error *error)
{
    struct link_result result;
    enum baoxue_link_status status = run(link, true, NULL, &result, error);
    if (status == BAOXUE_LINK_OK) use_model(link, result.model);
    return status;
}

const char *baoxue_link_model(struct baoxue_link *link)
{
    if (link == NULL || link->model == NULL) return NULL;
    if (link->model_text == NULL) {
        link->model_text = str_cstr(&link->arena, link_model_write(&link->arena, link->model));
    }
    return link->model_text;
}

enum baoxue_link_status baoxue_link_set_model(struct baoxue_link *link, const char *json,
                                              size_t length, struct baoxue_link_error *error)
{
    struct err err = ERR_INIT;
    struct link_model *model;
    if (link == NULL || json == NULL) {
        return library_misuse(error, "a handle and a model are needed", "需要句柄和模型");
    }
    struct str text = {json, length == BAOXUE_LINK_ALL ? strlen(json) : length};
    text = str_copy(&link->arena, text);
    if (!link_model_read(&link->arena, text, link->spec, &model, &err)) {
        return library_fail(&err, error);
    }
    use_model(link, model);
    return BAOXUE_LINK_OK;
}

enum baoxue_link_status baoxue_link_run(struct baoxue_link *link, struct baoxue_link_error *error)
{
    struct link_result result;
    enum baoxue_link_status status =
        run(link, false, link == NULL ? NULL : link->model, &result, error);
    if (status != BAOXUE_LINK_OK) return status;
    if (link->model != result.model) use_model(link, result.model);
    link->match.result = result;
    link->members = NULL;
    link->state = STR_EMPTY;
    link->ran = true;
    return BAOXUE_LINK_OK;
}

enum baoxue_link_status baoxue_link_keep_state(struct baoxue_link *link,
                                               struct baoxue_link_error *error)
{
    if (link == NULL) return library_misuse(error, "a handle is needed", "需要句柄");
    if (link->prepared && !link->keyed) {
        return library_misuse(error, "the lists are closed: a state is asked for before prepare",
                              "名单已经封闭，应在 prepare 之前要求状态");
    }
    link->keyed = true;
    return BAOXUE_LINK_OK;
}

const void *baoxue_link_state(struct baoxue_link *link, size_t *length)
{
    if (link == NULL || !link->ran || link->match.result.state == NULL) return NULL;
    if (link->state.len == 0) link->state = match_state_put(&link->arena, &link->match.result);
    if (length != NULL) *length = link->state.len;
    return link->state.ptr;
}

enum baoxue_link_status baoxue_link_set_state(struct baoxue_link *link, const void *bytes,
                                              size_t length, struct baoxue_link_error *error)
{
    struct err err = ERR_INIT;
    struct link_model *model;
    struct link_state *state;
    if (link == NULL || bytes == NULL) {
        return library_misuse(error, "a handle and a state are needed", "需要句柄和状态");
    }
    bool keyed = link->keyed;
    enum baoxue_link_status status = baoxue_link_keep_state(link, error);
    if (status != BAOXUE_LINK_OK) return status;
    struct str text = str_copy(&link->arena, (struct str){bytes, length});
    if (!match_state_take(&link->arena, link->spec, text, &model, &state, &err)) {
        link->keyed = keyed;
        return library_fail(&err, error);
    }
    use_model(link, model);
    link->previous = state;
    return BAOXUE_LINK_OK;
}

uint32_t baoxue_link_fresh_count(const struct baoxue_link *link)
{
    return link == NULL || !link->ran ? 0 : link->match.result.records_fresh;
}

void baoxue_link_counts(const struct baoxue_link *link, struct baoxue_link_counts *out)
{
    if (out == NULL) return;
    *out = (struct baoxue_link_counts){.records = baoxue_link_record_count(link)};
    if (link == NULL || !link->ran) return;
    const struct link_result *result = &link->match.result;
    out->pairs_possible = result->pairs_possible;
    out->pairs_compared = result->pairs_compared;
    for (size_t q = 0; q < result->rule_count; q++) {
        out->pairs_skipped += result->rules[q].pairs_skipped;
    }
    out->pairs = result->pair_count;
    out->clusters = (uint32_t)result->cluster_count;
    out->records_tied = result->records_tied;
}

size_t baoxue_link_pair_count(const struct baoxue_link *link)
{
    return link == NULL || !link->ran ? 0 : link->match.result.pair_count;
}

enum baoxue_link_status baoxue_link_pair(const struct baoxue_link *link, size_t number,
                                         struct baoxue_link_pair *out)
{
    if (out == NULL || number >= baoxue_link_pair_count(link)) return BAOXUE_LINK_MISUSE;
    const struct link_result *result = &link->match.result;
    const struct link_pair *pair = &result->pairs[number];
    *out =
        (struct baoxue_link_pair){.one = pair->a,
                                  .two = pair->b,
                                  .weight_millibits = pair->weight_millibits,
                                  .probability_ppm = pair->probability_ppm,
                                  .joined = result->clusters[pair->a] == result->clusters[pair->b]};
    return BAOXUE_LINK_OK;
}

uint32_t baoxue_link_cluster_count(const struct baoxue_link *link)
{
    return link == NULL || !link->ran ? 0 : (uint32_t)link->match.result.cluster_count;
}

uint32_t baoxue_link_cluster_of(const struct baoxue_link *link, uint32_t record)
{
    if (record >= baoxue_link_record_count(link) || !link->ran) return BAOXUE_LINK_NONE;
    return link->match.result.clusters[record];
}

static void list_members(struct baoxue_link *link)
{
    const struct link_result *result = &link->match.result;
    size_t records = link->match.input.record_count, clusters = result->cluster_count;
    uint32_t *starts = arena_array(&link->arena, uint32_t, clusters + 2);
    uint32_t *members = arena_array(&link->arena, uint32_t, records);
    /* One place on, so that placing moves each start to its own. */
    for (size_t r = 0; r < records; r++) starts[result->clusters[r] + 2]++;
    for (size_t c = 0; c < clusters; c++) starts[c + 2] += starts[c + 1];
    for (uint32_t r = 0; r < records; r++) members[starts[result->clusters[r] + 1]++] = r;
    link->member_starts = starts;
    link->members = members;
}

const uint32_t *baoxue_link_members(struct baoxue_link *link, uint32_t cluster, uint32_t *count)
{
    if (cluster >= baoxue_link_cluster_count(link)) return NULL;
    if (link->members == NULL) list_members(link);
    uint32_t start = link->member_starts[cluster];
    if (count != NULL) *count = link->member_starts[cluster + 1] - start;
    return link->members + start;
}

static enum baoxue_link_status check_ran(const struct baoxue_link *link,
                                         struct baoxue_link_error *error)
{
    if (link != NULL && link->ran) return BAOXUE_LINK_OK;
    return library_misuse(error, "there is no result before a run", "运行之前没有结果");
}

enum baoxue_link_status baoxue_link_clusters_at(struct baoxue_link *link,
                                                const int32_t *thresholds_millibits, size_t count,
                                                struct baoxue_link_step *out,
                                                struct baoxue_link_error *error)
{
    struct match_step steps[MATCH_STEPS_MAX];
    struct err err = ERR_INIT;
    enum baoxue_link_status status = check_ran(link, error);
    if (status != BAOXUE_LINK_OK) return status;
    if (count > MATCH_STEPS_MAX || (count > 0 && (thresholds_millibits == NULL || out == NULL))) {
        return library_misuse(error, "at most 256 thresholds, and room for as many steps",
                              "最多 256 个阈值，并须有同样多的位置");
    }
    if (!match_steps(&link->match, NULL, thresholds_millibits, count, link->threads, steps, &err)) {
        return library_fail(&err, error);
    }
    for (size_t i = 0; i < count; i++) {
        out[i] = (struct baoxue_link_step){.threshold_millibits = steps[i].threshold_millibits,
                                           .clusters = steps[i].clusters,
                                           .linked = steps[i].linked,
                                           .largest = steps[i].largest,
                                           .pairs = steps[i].pairs};
    }
    return BAOXUE_LINK_OK;
}

static enum baoxue_link_status write_file(struct baoxue_link *link, const char *path,
                                          bool (*write)(const struct match *, const char *,
                                                        struct err *),
                                          struct baoxue_link_error *error)
{
    struct err err = ERR_INIT;
    enum baoxue_link_status status = check_ran(link, error);
    if (status != BAOXUE_LINK_OK) return status;
    if (path == NULL) return library_misuse(error, "a file needs its name", "需要文件名");
    return write(&link->match, path, &err) ? BAOXUE_LINK_OK : library_fail(&err, error);
}

enum baoxue_link_status baoxue_link_write_pairs(struct baoxue_link *link, const char *path,
                                                struct baoxue_link_error *error)
{
    return write_file(link, path, match_write_pairs, error);
}

enum baoxue_link_status baoxue_link_write_clusters(struct baoxue_link *link, const char *path,
                                                   struct baoxue_link_error *error)
{
    return write_file(link, path, match_write_clusters, error);
}

static void give_field(struct arena *arena, const struct link_field *field,
                       struct baoxue_link_field *out)
{
    *out = (struct baoxue_link_field){
        .comparison = str_cstr(arena, field->comparison),
        .label_en = str_cstr(arena, field->label_en),
        .label_zh = str_cstr(arena, field->label_zh),
        .level_en = str_cstr(arena, field->level_en),
        .level_zh = str_cstr(arena, field->level_zh),
        .one = str_cstr(arena, field->left),
        .two = str_cstr(arena, field->right),
        .level = field->level,
        .weight_millibits = field->weight_millibits,
        .frequency_millibits = field->frequency_millibits,
    };
}

enum baoxue_link_status baoxue_link_explain(struct baoxue_link *link, uint32_t one, uint32_t two,
                                            struct baoxue_link_explanation *out,
                                            struct baoxue_link_error *error)
{
    struct link_explanation why;
    enum baoxue_link_status status = baoxue_link_prepare(link, error);
    if (status != BAOXUE_LINK_OK) return status;
    uint32_t count = baoxue_link_record_count(link);
    if (out == NULL || one >= count || two >= count || one == two) {
        return library_misuse(error, "an explanation is of two records that are there",
                              "解释须针对两条存在的记录");
    }
    if (link->model == NULL) {
        status = baoxue_link_train(link, error);
        if (status != BAOXUE_LINK_OK) return status;
    }
    struct arena *given = &link->given;
    arena_reset(given);
    link_explain(given, link->match.engine, link->model, one, two, &why);
    struct baoxue_link_field *fields =
        arena_array(given, struct baoxue_link_field, why.field_count);
    for (size_t f = 0; f < why.field_count; f++) give_field(given, &why.fields[f], &fields[f]);
    const char *rule = NULL;
    if (why.rule >= 0) rule = str_cstr(given, link->spec->rules[why.rule].text);
    *out = (struct baoxue_link_explanation){.prior_millibits = why.prior_millibits,
                                            .weight_millibits = why.weight_millibits,
                                            .probability_ppm = why.probability_ppm,
                                            .rule = rule,
                                            .field_count = why.field_count,
                                            .fields = fields};
    return BAOXUE_LINK_OK;
}
