#include "jobs/view_risk.h"

#include "base/list.h"

static bool is_wanted(const struct view *view, const struct view_risk_query *query,
                      const struct risk_child *child)
{
    const struct risk_list *list = &view->snapshot->risk;
    const struct facts *facts = list->facts;
    uint32_t roll = facts->records[child->row];
    if (child->points < query->least) return false;
    if (query->person != 0 && facts->people->persons[child->person].number != query->person) {
        return false;
    }
    if (query->area.len > 0 && !area_covers(query->area, facts->areas[child->row])) return false;
    if (query->school.len > 0
        && !str_equal(query->school, people_text(facts->people, roll, PERSON_SCHOOL_CODE))
        && !str_equal(query->school, people_text(facts->people, roll, PERSON_SCHOOL_NAME))) {
        return false;
    }
    bool asked = query->point.len == 0;
    for (size_t i = 0; i < list->text.point_count && !asked; i++) {
        asked = (child->holds >> i & 1) != 0 && str_equal(query->point, list->text.points[i].key);
    }
    return asked && view_sees_person(view, child->person);
}

static void show(const struct view *view, const struct risk_child *child, struct view_risk *out)
{
    const struct risk_list *list = &view->snapshot->risk;
    uint32_t shown = view_shown(view, child->person);
    *out = (struct view_risk){.child = child};
    if (shown != UINT32_MAX) view_line(view, shown, &out->line);
    out->school =
        people_text(list->facts->people, list->facts->records[child->row], PERSON_SCHOOL_NAME);
    risk_reasons(view->arena, &list->text, list->facts, &list->known, child, &out->reasons,
                 &out->reason_count);
}

void view_risks(const struct view *view, const struct view_risk_query *query,
                struct view_risk **out, size_t *count, size_t *total)
{
    const struct risk_list *list = &view->snapshot->risk;
    LIST(struct view_risk) rows = {0};
    size_t seen = 0;
    struct view quick = *view;
    view_prepare_persons(&quick);
    for (size_t i = 0; i < list->count; i++) {
        if (!is_wanted(&quick, query, &list->children[i])) continue;
        if (view_on_page(&query->page, seen++)) {
            show(view, &list->children[i], list_push(view->arena, &rows));
        }
    }
    *out = rows.items;
    *count = rows.count;
    *total = seen;
}
