#include "jobs/view_finding.h"

#include "base/list.h"
#include "findings/reason.h"
#include "identity/id_number.h"

/* The child of a finding is named by the record that the check shows, where the asker sees it. */
static void name_child(const struct view *view, size_t number, struct view_finding *out)
{
    const struct snapshot *snapshot = view->snapshot;
    const struct people *people = &snapshot->run.people;
    const struct finding *finding = &snapshot->run.findings[number];
    out->person = people->persons[finding->person].number;
    if (finding->record != UINT32_MAX && view_sees_record(view, finding->record)) {
        out->name = snapshot->whos[number].name;
        out->id_number_whole = snapshot->whos[number].id_number;
    } else {
        uint32_t shown = view_shown(view, finding->person);
        if (shown == UINT32_MAX) return;
        out->name = people_text(people, shown, PERSON_NAME);
        out->id_number_whole = people_text(people, shown, PERSON_ID_NUMBER);
    }
    out->id_number = id_number_mask(view->arena, out->id_number_whole);
}

struct str view_reason(const struct view *view, struct str reasons, enum lang lang)
{
    const struct workspace *workspace = view->snapshot->workspace;
    const struct aid_check *aid = view->snapshot->run.aid;
    const struct eligible_years *years = view->snapshot->run.eligible;
    const struct reason_words words = {.rules = &workspace->rules,
                                       .profiles = &workspace->profiles,
                                       .policy = aid != NULL     ? aid->rules.policy
                                                 : years != NULL ? years->known.policy
                                                                 : NULL,
                                       .steps = workspace->procedures.steps,
                                       .step_count = workspace->procedures.step_count,
                                       .lang = lang};
    return reason_text(view->arena, &words, reasons);
}

void view_finding(const struct view *view, size_t number, struct view_finding *out)
{
    const struct check_run *run = &view->snapshot->run;
    CHECK(number < run->count);
    CHECK(view_sees_finding(view, number));
    const struct finding *finding = &run->findings[number];
    const struct finding_entry *entry = &run->entries[number];
    *out =
        (struct view_finding){.number = entry->number,
                              .kind = finding->kind,
                              .queue = finding->queue,
                              .status = entry->status,
                              .birth = finding->birth,
                              .age = view_age(view, finding->birth),
                              .area = finding->area,
                              .area_name = view_area_name(view, finding->area),
                              .school = finding->school,
                              .probability_ppm = finding->probability_ppm,
                              .reason = finding->reason,
                              .scheme = finding->scheme,
                              .period = finding->period,
                              .due_fen = finding->due_fen,
                              .paid_fen = finding->paid_fen,
                              .notes_zh = view_reason(view, reason_notes(finding->reason), LANG_ZH),
                              .notes_en = view_reason(view, reason_notes(finding->reason), LANG_EN),
                              .opened = entry->opened};
    if (finding->person != UINT32_MAX) name_child(view, number, out);
    if (finding->nearest == UINT32_MAX) return;
    out->has_nearest = true;
    out->nearest_probability_ppm = finding->nearest_probability_ppm;
    out->nearest_weight_millibits = finding->nearest_weight_millibits;
    view_line(view, finding->nearest, &out->nearest);
}

static bool of_school(const struct snapshot *snapshot, const struct finding *finding,
                      struct str school)
{
    if (str_equal(finding->school, school) || str_equal(finding->key, school)) return true;
    if (finding->person == UINT32_MAX) return false;
    const struct people *people = &snapshot->run.people;
    const struct person *person = &people->persons[finding->person];
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t place = snapshot->record_schools[people->order[person->first + i]];
        if (place != UINT32_MAX && str_equal(snapshot->schools[place].code, school)) return true;
    }
    return false;
}

/* Whether it was opened in time, and stands in the list of those picked out. */
static bool is_picked(const struct view_finding_query *query, const struct finding_entry *entry)
{
    if (!day_is_none(query->opened_since) && entry->opened.days < query->opened_since.days) {
        return false;
    }
    if (!day_is_none(query->opened_until) && entry->opened.days > query->opened_until.days) {
        return false;
    }
    for (size_t i = 0; i < query->number_count; i++) {
        if (query->numbers[i] == entry->number) return true;
    }
    return query->number_count == 0;
}

bool view_names_scheme(const struct finding *finding, struct str scheme)
{
    struct str rest = finding->scheme, key;
    if (rest.len == 0) return false;
    while (str_split(&rest, '|', &key)) {
        if (str_equal(key, scheme)) return true;
    }
    return false;
}

static bool is_asked_for(const struct view *view, const struct view_finding_query *query,
                         size_t number)
{
    const struct check_run *run = &view->snapshot->run;
    const struct finding *finding = &run->findings[number];
    if (query->kind >= 0 && (int)finding->kind != query->kind) return false;
    if (query->queue >= 0 && (int)finding->queue != query->queue) return false;
    if (query->status >= 0 && (int)run->entries[number].status != query->status) return false;
    if (finding->probability_ppm < query->probability_min_ppm) return false;
    if (!is_picked(query, &run->entries[number])) return false;
    if (!finding_concerns(finding, query->area)) return false;
    if (query->scheme.len > 0 && !view_names_scheme(finding, query->scheme)) return false;
    if (query->school.len > 0 && !of_school(view->snapshot, finding, query->school)) return false;
    return view_sees_finding(view, number);
}

void view_findings(const struct view *view, const struct view_finding_query *query,
                   struct view_finding **out, size_t *count, size_t *total)
{
    LIST(struct view_finding) rows = {0};
    size_t seen = 0;
    for (size_t i = 0; i < view->snapshot->run.count; i++) {
        if (!is_asked_for(view, query, i)) continue;
        if (view_on_page(&query->page, seen++)) {
            view_finding(view, i, list_push(view->arena, &rows));
        }
    }
    *out = rows.items;
    *count = rows.count;
    *total = seen;
}
