#include "figures/difference.h"
#include "figures/figure.h"
#include "jobs/publishing.h"
#include "web/routes.h"
#include "web/show.h"

/* What was published, and why two publications of a figure differ. */

static void write_words(struct json *json, const char *key, const char *zh, const char *en)
{
    json_key(json, key);
    json_object(json);
    json_key_str(json, "zh", str_from(zh));
    json_key_str(json, "en", str_from(en));
    json_object_end(json);
}

/* Of a figure that is in no pack any more only the key is known. */
static void write_name(struct json *json, const struct figures *figures, struct str key)
{
    const struct figure *figure = figure_find(figures, key);
    json_key_str(json, "figure", key);
    json_key_str(json, "zh", figure == NULL ? key : figure->zh);
    json_key_str(json, "en", figure == NULL ? key : figure->en);
    json_key(json, "unit");
    if (figure == NULL) {
        json_null(json);
        return;
    }
    json_object(json);
    json_key_str(json, "zh", str_from(figure_unit_text(figure->unit, LANG_ZH)));
    json_key_str(json, "en", str_from(figure_unit_text(figure->unit, LANG_EN)));
    json_object_end(json);
}

static void write_publication(struct json *json, const struct figures *figures,
                              const struct publication *one)
{
    char hash[2 * PUBLICATION_HASH_BYTES + 1];
    json_object(json);
    json_key_i64(json, "number", one->number);
    write_name(json, figures, one->figure);
    json_key_str(json, "value", one->value);
    json_key_i64(json, "rows", one->counted.rows);
    answer_day(json, "at", one->at);
    json_key_str(json, "areas", one->areas);
    hex_of(one->members_hash, PUBLICATION_HASH_BYTES, hash);
    json_key_str(json, "members_hash", str_from(hash));
    hex_of(one->definition_hash, PUBLICATION_HASH_BYTES, hash);
    json_key_str(json, "definition_hash", str_from(hash));
    json_key_i64(json, "made_ms", one->made_ms);
    json_key_str(json, "user", one->user_name);
    json_key_str(json, "reason", one->reason);
    json_object_end(json);
}

static bool publications(struct request *request, struct answer *answer, struct err *err)
{
    struct figures figures;
    struct publication *items;
    size_t count;
    if (!figures_load(&figures, request->arena, request->workspace->policies, err)
        || !publication_list(request->workspace->store, request->arena, &request->asker,
                             request_text(request, "figure"), &items, &count, err)) {
        return false;
    }
    const struct view_page page = show_page(request);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) {
        if (view_on_page(&page, i)) write_publication(json, &figures, &items[i]);
    }
    answer_rows_end(answer, request, count);
    return true;
}

static bool read_keys(const struct request *request, struct str *keys, size_t *count,
                      struct err *err)
{
    const struct json_value *list = request_list(request, "figures");
    *count = list == NULL ? 0 : list->count;
    if (*count == 0) {
        return err_set(err, ERR_INPUT, "name the figures that are to be published",
                       "请选择要发布的指标");
    }
    for (size_t i = 0; i < *count; i++) {
        if (!object_text(&list->items[i], "figure", 60, true, &keys[i], err)) return false;
    }
    return true;
}

/* The day of the snapshot unless another is given, as the pages show it. */
static bool publish(struct request *request, struct answer *answer, struct err *err)
{
    struct figures figures;
    struct str keys[PUBLISHING_FIGURES_MAX];
    struct publication made[PUBLISHING_FIGURES_MAX];
    struct publishing order = {
        .keys = keys, .at = request_day(request, "at"), .reason = request_text(request, "reason")};
    if (day_is_none(order.at) && request->snapshot != NULL) order.at = request->snapshot->at;
    if (day_is_none(order.at)) order.at = clock_today(&request->workspace->clock);
    if (!read_keys(request, keys, &order.count, err)
        || !figures_load(&figures, request->arena, request->workspace->policies, err)
        || !publishing_make(request->workspace, request->arena, &request->asker, &order, made,
                            err)) {
        return false;
    }
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < order.count; i++) write_publication(json, &figures, &made[i]);
    answer_rows_all(answer, order.count);
    return true;
}

static void write_difference(struct json *json, const struct difference *one)
{
    json_object(json);
    json_key_str(json, "change", str_from(difference_kind_key(one->kind)));
    write_words(json, "change_words", difference_kind_text(one->kind, LANG_ZH),
                difference_kind_text(one->kind, LANG_EN));
    json_key_str(json, "part", str_from(figure_part_key(one->part)));
    json_key_str(json, "of", one->of);
    json_key_i64(json, "record", one->record);
    json_key_i64(json, "person", one->person);
    json_key_i64(json, "was", one->was);
    json_key_i64(json, "now", one->now);
    json_key_str(json, "why", str_from(difference_why_key(one->why)));
    write_words(json, "why_words", difference_why_text(one->why, LANG_ZH),
                difference_why_text(one->why, LANG_EN));
    json_object_end(json);
}

static bool differences(struct request *request, struct answer *answer, struct err *err)
{
    struct publication first, second;
    struct difference *items;
    size_t count;
    struct store *store = request->workspace->store;
    struct arena *arena = request->arena;
    if (!publication_find(store, arena, &request->asker, request_i64(request, "first", 0), &first,
                          err)
        || !publication_find(store, arena, &request->asker, request_i64(request, "second", 0),
                             &second, err)
        || !publication_compare(&request->workspace->registry, arena, &first, &second, &items,
                                &count, err)) {
        return false;
    }
    const struct view_page page = show_page(request);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) {
        if (view_on_page(&page, i)) write_difference(json, &items[i]);
    }
    answer_rows_end(answer, request, count);
    return true;
}

const struct route routes_publication[] = {
    {.method = METHOD_GET,
     .pattern = "/api/publications",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .handle = publications,
     .zh = "已发布并固定的指标，新的在前：数值、截至、校验值",
     .en = "figures published and frozen, newest first: value, day, hashes",
     .parameters = {{"figure", IN_QUERY, PARAMETER_TEXT, false, 0, 60, NULL, "只要这一项指标",
                     "only this figure"},
                    ROUTE_PAGE}},
    {.method = METHOD_POST,
     .pattern = "/api/publications",
     .capability = CAPABILITY_EXPORT,
     .area = ROUTE_AREA_GIVEN,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = publish,
     .zh = "发布指标：数值、口径和所计的每一条记录就此固定；要么全部发布，要么都不发布",
     .en = "publishes figures: freezes value, definition and every record counted; all of them or "
           "none",
     .parameters = {ROUTE_AREA,
                    {"figures", IN_BODY, PARAMETER_LIST, true, 0, PUBLISHING_FIGURES_MAX, NULL,
                     "指标，每项 {\"figure\": 键}", "the figures, each {\"figure\": key}"},
                    {"at", IN_BODY, PARAMETER_DAY, false, 0, 0, NULL,
                     "哪一天（默认名册所述的最近一天）", "which day (default: the newest)"},
                    ROUTE_REASON}},
    {.method = METHOD_GET,
     .pattern = "/api/publications/{first}/differences/{second}",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .handle = differences,
     .zh = "同一指标的两次发布为何不同，逐条列出，按部分、名册、记录号排序",
     .en = "why two publications of a figure differ, row by row, by part, register, record",
     .parameters = {{"first", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "先一次的发布号",
                     "number of the first"},
                    {"second", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "后一次的发布号",
                     "number of the second"},
                    ROUTE_PAGE}},
    {.pattern = NULL},
};
