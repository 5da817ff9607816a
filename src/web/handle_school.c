#include "jobs/view_place.h"
#include "web/routes.h"
#include "web/show.h"

static void write_school(struct json *json, const struct view *view,
                         const struct snapshot_school *school)
{
    json_object(json);
    json_key_str(json, "code", school->code);
    json_key_str(json, "name", school->name);
    json_key_str(json, "area", school->area);
    json_key_str(json, "area_name", view_area_name(view, school->area));
    json_key_str(json, "kind", school->kind);
    show_keys(json, "stages", school->stages);
    json_key_i64(json, "on_roll", (int64_t)school->on_roll);
    json_key_i64(json, "attending", (int64_t)school->attending);
    json_key_i64(json, "findings", (int64_t)school->findings);
    json_key_bool(json, "reported", !school->unreported);
    show_ms_or_null(json, "last_file_ms", school->last_file_ms);
    json_object_end(json);
}

static bool schools(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    const struct snapshot_school **rows;
    size_t count, total;
    struct view_page page = show_page(request);
    if (!show_open(request, answer, &view, err)) return false;
    if (show_unchanged(answer, request)) return true;
    view_schools(&view, request_text(request, "area"), request_text(request, "q"), &page, &rows,
                 &count, &total);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) write_school(json, &view, rows[i]);
    answer_rows_end(answer, request, total);
    return true;
}

static bool school(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct str code = request_text(request, "code");
    if (!show_open(request, answer, &view, err)) return false;
    const struct snapshot_school *found = snapshot_school(view.snapshot, code);
    if (code.len == 0 || found == NULL || !view_sees_school(&view, found)) {
        return err_set(err, ERR_NOT_FOUND, "there is no school of this code in your areas",
                       "本人范围内没有此代码的学校");
    }
    write_school(answer_json(answer), &view, found);
    return true;
}

const struct route routes_school[] = {
    {.method = METHOD_GET,
     .pattern = "/api/schools",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = schools,
     .zh = "学校：学籍与到校人数、线索、是否报送；按区划、代码、名称排序",
     .en = "schools with pupils, findings and what they reported; by area, code and name",
     .parameters = {ROUTE_AREA,
                    {"q", IN_QUERY, PARAMETER_TEXT, false, 0, 100, NULL, "名称或代码的一部分",
                     "part of a name or code"},
                    ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/schools/{code}",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .handle = school,
     .zh = "一所学校",
     .en = "one school",
     .parameters = {{"code", IN_PATH, PARAMETER_TEXT, true, 0, 20, NULL, "学校标识码",
                     "code of the school"}}},
    {.pattern = NULL},
};
