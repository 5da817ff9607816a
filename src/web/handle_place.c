#include "identity/division_tree.h"
#include "jobs/view_place.h"
#include "web/routes.h"
#include "web/show.h"

/* Places to choose from where a user's areas or school are set: no child is counted here, so that
 * who makes users can ask. */

enum { FOUND_MAX = 50 };

static bool divisions(struct request *request, struct answer *answer, struct err *err)
{
    const struct divisions *all = request->workspace->divisions;
    struct str text = str_trim(request_text(request, "q"));
    struct division_node *nodes;
    size_t count;
    (void)err;
    if (text.len > 0) {
        division_tree_find(all, request->arena, text, FOUND_MAX, &nodes, &count);
    } else if (request_given(request, "below")) {
        division_tree_below(all, request->arena, request_text(request, "below"), &nodes, &count);
    } else {
        division_tree_top(all, request->arena, &nodes, &count);
    }
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        json_key_str(json, "code", nodes[i].division->code);
        json_key_str(json, "name", nodes[i].division->name);
        json_key_str(json, "level", str_from(nodes[i].level));
        show_text_or_null(json, "parent",
                          nodes[i].parent == NULL ? STR_EMPTY : nodes[i].parent->code);
        json_key_bool(json, "more", nodes[i].more);
        json_object_end(json);
    }
    answer_rows_all(answer, count);
    return true;
}

static bool schools(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    const struct snapshot_school **rows;
    size_t count;
    if (!show_open(request, answer, &view, err)) return false;
    view_school_names(&view, str_trim(request_text(request, "q")), FOUND_MAX, &rows, &count);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        json_key_str(json, "code", rows[i]->code);
        json_key_str(json, "name", rows[i]->name);
        json_key_str(json, "area_name", view_area_name(&view, rows[i]->area));
        json_object_end(json);
    }
    answer_rows_all(answer, count);
    return true;
}

#define FIND(zh, en)                                                                               \
    {                                                                                              \
        "q", IN_QUERY, PARAMETER_TEXT, false, 0, 100, NULL, zh, en                                 \
    }

const struct route routes_place[] = {
    {.method = METHOD_GET,
     .pattern = "/api/places/divisions",
     .capability = CAPABILITY_USERS,
     .handle = divisions,
     .zh = "区划树：本地各乡镇及其上级；某区划的下级；或按名称、代码查找（连同上级）",
     .en = "the divisions as a tree: the own counties; those below one; or those found, with what "
           "they lie in",
     .parameters = {{"below", IN_QUERY, PARAMETER_TEXT, false, 0, 12, NULL, "上级区划代码",
                     "code of the division above"},
                    FIND("名称的一部分或代码开头", "part of a name, or how the code begins")}},
    {.method = METHOD_GET,
     .pattern = "/api/places/schools",
     .capability = CAPABILITY_USERS,
     .handle = schools,
     .zh = "学校的代码和名称，最多 50 所",
     .en = "codes and names of schools, at most 50",
     .parameters = {FIND("名称或代码的一部分", "part of a name or code")}},
    {.pattern = NULL},
};
