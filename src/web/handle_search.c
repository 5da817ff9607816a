#include "jobs/search.h"
#include "web/routes.h"
#include "web/show.h"

static void write_person(struct json *json, const struct view *view, const struct search_hit *hit)
{
    struct view_line line;
    view_line(view, hit->record, &line);
    json_object(json);
    json_key_i64(json, "person", line.person);
    json_key_str(json, "name", line.name);
    json_key_str(json, "sex", line.sex);
    json_key_str(json, "birth_date", line.birth_date);
    json_key_str(json, "id_number", line.id_number);
    json_key_str(json, "area_name", line.area_name);
    json_key_str(json, "school", line.school);
    json_key_str(json, "match", str_from(search_match_key(hit->match)));
    json_object_end(json);
}

static bool search(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct search_found found;
    if (!show_open(request, answer, &view, err)) return false;
    search_find(&view, request_text(request, "q"),
                (size_t)request_i64(request, "limit", SEARCH_LIMIT), &found);
    struct json *json = answer_json(answer);
    json_object(json);
    json_key(json, "persons");
    json_list(json);
    for (size_t i = 0; i < found.person_count; i++) write_person(json, &view, &found.persons[i]);
    json_list_end(json);
    json_key(json, "schools");
    json_list(json);
    for (size_t i = 0; i < found.school_count; i++) {
        const struct snapshot_school *school = &view.snapshot->schools[found.schools[i]];
        json_object(json);
        json_key_str(json, "code", school->code);
        json_key_str(json, "name", school->name);
        json_key_str(json, "area_name", view_area_name(&view, school->area));
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

/* What is searched for stands in the body, for addresses are kept by proxies. */
const struct route routes_search[] = {
    {.method = METHOD_POST,
     .pattern = "/api/search",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .body = ROUTE_BODY_JSON,
     .handle = search,
     .zh = "按姓名、拼音、首字母、证件号、学籍号、人员编号查人，按名称、代码查学校；最相符的在前",
     .en = "children by name, pinyin, initials and numbers, schools by name and code; best first",
     .parameters = {{"q", IN_BODY, PARAMETER_TEXT, true, 0, SEARCH_BYTES_MAX, NULL, "所查的词",
                     "what is looked for"},
                    {"area", IN_BODY, PARAMETER_AREA, false, 0, 0, NULL, "区划代码，须在本人范围内",
                     "a division code among the asker's"},
                    {"limit", IN_BODY, PARAMETER_INTEGER, false, 1, SEARCH_LIMIT_MAX, NULL,
                     "最多几人", "at most so many persons"}}},
    {.pattern = NULL},
};
