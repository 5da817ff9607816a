#include "jobs/view_risk.h"
#include "web/case_desk.h"
#include "web/routes.h"

static void write_points(struct json *json, const struct risk_text *text)
{
    json_key(json, "points");
    json_list(json);
    for (size_t i = 0; i < text->point_count; i++) {
        const struct risk_point *point = &text->points[i];
        json_object(json);
        json_key(json, "point");
        answer_words(json, point->key, point->zh, point->en);
        json_key_i64(json, "points", point->points);
        json_key_str(json, "confidence", point->confidence);
        json_object_end(json);
    }
    json_list_end(json);
}

/* The points of the text. */
static bool points(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    if (!show_open(request, answer, &view, err)) return false;
    if (show_unchanged(answer, request)) return true;
    struct json *json = answer_json(answer);
    json_object(json);
    write_points(json, &view.snapshot->risk.text);
    json_object_end(json);
    return true;
}

static void write_reasons(struct json *json, const struct view *view, const struct view_risk *row)
{
    const struct facts *facts = view->snapshot->risk.facts;
    json_key(json, "reasons");
    json_list(json);
    for (size_t i = 0; i < row->reason_count; i++) {
        struct risk_reason told = row->reasons[i];
        const struct risk_reason *reason = &told;
        uint32_t other = told.person;
        bool seen = other != UINT32_MAX && view_sees_person(view, other);
        if (!seen) told.person = UINT32_MAX; /* who it is stays with those who may see them */
        json_object(json);
        json_key(json, "point");
        answer_words(json, reason->point->key, reason->point->zh, reason->point->en);
        json_key_i64(json, "points", reason->point->points);
        json_key(json, "said");
        answer_words(json, risk_reason_key(view->arena, facts, reason),
                     risk_reason_words(view->arena, facts, reason, LANG_ZH),
                     risk_reason_words(view->arena, facts, reason, LANG_EN));
        json_key_i64(json, "person", seen ? facts->people->persons[other].number : 0);
        json_object_end(json);
    }
    json_list_end(json);
}

/* Past and present cases of the child that the asker sees. */
static bool write_cases(struct json *json, const struct case_desk *desk,
                        const struct request *request, int64_t person, struct err *err)
{
    const struct case_filter filter = {
        .role = -1, .status = -2, .due = DAY_NONE, .at = desk->at, .person = person, .bare = true};
    struct case_row *rows;
    size_t count;
    if (!case_list(&desk->work, request->arena, &request->asker, &filter, &rows, &count, err)) {
        return false;
    }
    json_key(json, "cases");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        const struct case_row *row = &rows[i];
        const struct procedure_outcome *outcome =
            row->procedure == NULL ? NULL : procedure_outcome_find(row->procedure, row->outcome);
        const struct procedure_state *state =
            row->procedure == NULL ? NULL : procedure_state_find(row->procedure, row->state);
        json_object(json);
        json_key_i64(json, "case", row->number);
        json_key(json, "procedure");
        answer_words(json, row->procedure_key,
                     row->procedure == NULL ? row->procedure_key : row->procedure->zh,
                     row->procedure == NULL ? row->procedure_key : row->procedure->en);
        json_key(json, "stands");
        answer_words(json, row->state,
                     outcome != NULL ? outcome->zh
                     : state != NULL ? state->zh
                                     : row->state,
                     outcome != NULL ? outcome->en
                     : state != NULL ? state->en
                                     : row->state);
        answer_day(json, "opened", row->opened);
        json_object_end(json);
    }
    json_list_end(json);
    return true;
}

static bool write_row(struct json *json, const struct case_desk *desk,
                      const struct request *request, const struct view_risk *row, struct err *err)
{
    const struct risk_list *list = &desk->view.snapshot->risk;
    struct arena *arena = desk->view.arena;
    uint32_t unknown = row->child->unknown;
    int64_t person = list->facts->people->persons[row->child->person].number;
    struct str home = list->facts->areas[row->child->row];
    json_object(json);
    json_key_i64(json, "person", person);
    json_key_str(json, "name", row->line.name);
    json_key_str(json, "id_number", row->line.id_number);
    json_key_str(json, "birth_date", row->line.birth_date);
    json_key_str(json, "area_name", view_area_name(&desk->view, home));
    json_key_str(json, "school", row->school);
    json_key_str(json, "grade", row->line.grade);
    json_key_i64(json, "points", row->child->points);
    write_reasons(json, &desk->view, row);
    json_key(json, "unknown");
    answer_words(json, risk_unknown_keys(arena, &list->text, unknown),
                 risk_unknown_words(arena, &list->text, list->facts, unknown, LANG_ZH),
                 risk_unknown_words(arena, &list->text, list->facts, unknown, LANG_EN));
    if (!write_cases(json, desk, request, person, err)) return false;
    json_object_end(json);
    return true;
}

static bool risks(struct request *request, struct answer *answer, struct err *err)
{
    struct case_desk desk;
    struct view_risk *rows;
    size_t count, total;
    const struct view_risk_query query = {.area = request_text(request, "area"),
                                          .school = request_text(request, "school"),
                                          .point = request_text(request, "point"),
                                          .least = request_i64(request, "min", 1),
                                          .person = request_i64(request, "person", 0),
                                          .page = show_page(request)};
    if (!case_desk_open(request, answer, &desk, err)) return false;
    view_risks(&desk.view, &query, &rows, &count, &total);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) {
        if (!write_row(json, &desk, request, &rows[i], err)) return false;
    }
    answer_rows_end(answer, request, total);
    return true;
}

const struct route routes_risk[] = {
    {.method = METHOD_GET,
     .pattern = "/api/risk/points",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_NONE,
     .handle = points,
     .zh = "排查辍学风险的记分项",
     .en = "the points of the risk list"},
    {.method = METHOD_GET,
     .pattern = "/api/risk",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = risks,
     .zh = "辍学风险排查：按分值排先后，逐项写明原因、出处和不详的；不作任何认定",
     .en = "who may leave school next, by points, each with reason and source and what is not "
           "known; never a decision",
     .parameters = {ROUTE_AREA,
                    {"school", IN_QUERY, PARAMETER_TEXT, false, 0, 200, NULL, "学校标识码或名称",
                     "code or name of a school"},
                    {"point", IN_QUERY, PARAMETER_TEXT, false, 0, 64, NULL, "有这一项的",
                     "for whom this point holds"},
                    {"min", IN_QUERY, PARAMETER_INTEGER, false, 1, 100000, NULL, "分值不低于",
                     "this many points or more"},
                    {"person", IN_QUERY, PARAMETER_INTEGER, false, 1, 0, NULL, "人员编号",
                     "number of a person"},
                    ROUTE_PAGE}},
    {.pattern = NULL},
};
