#include "jobs/view_place.h"
#include "web/routes.h"
#include "web/show.h"

#include <stdio.h>

static void write_counts(struct json *json, const struct view_area *area)
{
    json_key(json, "findings");
    json_object(json);
    for (int k = 0; k < FINDING_KIND_COUNT; k++) {
        json_key_i64(json, finding_kind_key((enum finding_kind)k), (int64_t)area->findings[k]);
    }
    json_object_end(json);
}

static void write_area(struct json *json, const struct view_area *area)
{
    json_object(json);
    json_key_str(json, "code", area->code);
    json_key_str(json, "name", area->name);
    json_key_str(json, "level", str_from(area->level));
    show_text_or_null(json, "parent", area->parent);
    json_key_i64(json, "expected", (int64_t)area->expected);
    json_key_i64(json, "not_enrolled", (int64_t)area->standings[STANDING_NOT_ENROLLED]);
    write_counts(json, area);
    json_object_end(json);
}

/* The tree is asked for whole, so that its rows are short. */
static void write_branch(struct json *json, const struct view_area *area)
{
    json_object(json);
    json_key_str(json, "code", area->code);
    json_key_str(json, "name", area->name);
    json_key_str(json, "level", str_from(area->level));
    show_text_or_null(json, "parent", area->parent);
    json_key_i64(json, "children_expected", (int64_t)area->expected);
    json_object_end(json);
}

static void write_finding_counts(struct json *json, const struct view_summary *summary)
{
    json_key(json, "findings");
    json_list(json);
    for (size_t i = 0; i < summary->finding_count; i++) {
        const struct view_finding_count *count = &summary->findings[i];
        char sum[48];
        snprintf(sum, sizeof sum, "%llu.%06llu",
                 (unsigned long long)(count->expected_true_ppm / 1000000),
                 (unsigned long long)(count->expected_true_ppm % 1000000));
        json_object(json);
        json_key_str(json, "kind", str_from(finding_kind_key(count->kind)));
        json_key_str(json, "queue", str_from(queue_key(count->queue)));
        json_key_str(json, "status", str_from(finding_status_key(count->status)));
        json_key_i64(json, "count", (int64_t)count->count);
        json_key_str(json, "expected_true", str_from(sum));
        json_object_end(json);
    }
    json_list_end(json);
}

static void write_summary(struct json *json, const struct view_summary *summary)
{
    const uint64_t *standings = summary->standings;
    json_key_i64(json, "expected", (int64_t)summary->expected);
    json_key_i64(json, "on_roll", (int64_t)standings[STANDING_ON_ROLL]);
    json_key_i64(json, "finished", (int64_t)standings[STANDING_FINISHED]);
    json_key_i64(json, "lawful", (int64_t)standings[STANDING_LAWFUL]);
    json_key_i64(json, "reported_schooled", (int64_t)standings[STANDING_REPORTED_SCHOOLED]);
    json_key_i64(json, "not_enrolled", (int64_t)standings[STANDING_NOT_ENROLLED]);
    write_finding_counts(json, summary);
    json_key(json, "areas");
    json_list(json);
    for (size_t i = 0; i < summary->area_count; i++) write_area(json, &summary->areas[i]);
    json_list_end(json);
    json_key_i64(json, "reviews", (int64_t)summary->reviews);
    json_key(json, "imports");
    json_object(json);
    show_ms_or_null(json, "last_ms", summary->last_import_ms);
    json_key_i64(json, "rejected_open", (int64_t)summary->rejected);
    json_object_end(json);
}

/* Also before the first snapshot: the page then says that it is being made. */
static bool summary(struct request *request, struct answer *answer, struct err *err)
{
    (void)err;
    struct view_summary counts = {0};
    if (request->snapshot != NULL) {
        struct view view;
        if (!show_open(request, answer, &view, err)) return false;
        view_summary(&view, request_text(request, "area"), &counts);
    }
    struct json *json = answer_json(answer);
    json_object(json);
    show_snapshot(json, "snapshot", request);
    write_summary(json, &counts);
    json_object_end(json);
    return true;
}

static bool areas(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_area *rows;
    size_t count;
    if (!show_open(request, answer, &view, err)) return false;
    if (show_unchanged(answer, request)) return true;
    view_areas(&view, &rows, &count);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) write_branch(json, &rows[i]);
    answer_rows_all(answer, count);
    return true;
}

static bool villages(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_village *rows;
    size_t count, total;
    struct view_page page = show_page(request);
    if (!show_open(request, answer, &view, err)) return false;
    if (show_unchanged(answer, request)) return true;
    view_villages(&view, request_text(request, "area"), &page, &rows, &count, &total);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        json_key_str(json, "code", rows[i].code);
        json_key_str(json, "name", rows[i].name);
        json_key_str(json, "township", rows[i].township);
        json_key_i64(json, "expected", (int64_t)rows[i].expected);
        json_key_i64(json, "findings", (int64_t)rows[i].findings);
        json_object_end(json);
    }
    answer_rows_end(answer, request, total);
    return true;
}

const struct route routes_summary[] = {
    {.method = METHOD_GET,
     .pattern = "/api/summary",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = summary,
     .zh = "一个区划的概况：应在学校的儿童、线索、下级区划、待裁定、最近导入",
     .en = "an area at a glance: children expected, findings, the areas below, pairs that wait",
     .parameters = {ROUTE_AREA}},
    {.method = METHOD_GET,
     .pattern = "/api/areas",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .handle = areas,
     .zh = "数据中出现的区划，按代码排序，上级在前",
     .en = "the divisions that occur, by code, parents before children"},
    {.method = METHOD_GET,
     .pattern = "/api/villages",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = villages,
     .zh = "村（社区）及其应在学校的儿童和线索，按代码排序",
     .en = "villages with children expected and findings, by code",
     .parameters = {ROUTE_AREA, ROUTE_PAGE}},
    {.pattern = NULL},
};
