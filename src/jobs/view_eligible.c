#include "jobs/view_eligible.h"

#include "base/dict.h"
#include "base/list.h"
#include "identity/id_number.h"

#include <stdlib.h>

enum { COUNTY_DIGITS = 6 };

/* The name of the asker's school where no other school is called so; else empty. */
static struct str own_school_name(const struct view *view)
{
    const struct snapshot *snapshot = view->snapshot;
    if (view->asker->school.len == 0) return STR_EMPTY;
    const struct snapshot_school *own = snapshot_school(snapshot, view->asker->school);
    if (own == NULL) return STR_EMPTY;
    for (size_t i = 0; i < snapshot->school_count; i++) {
        const struct snapshot_school *other = &snapshot->schools[i];
        if (other != own && other->code.len > 0 && str_equal(other->name, own->name)) {
            return STR_EMPTY;
        }
    }
    return own->name;
}

static bool is_seen(const struct view *view, struct str school,
                    const struct eligible_candidate *who)
{
    if (asker_sees(view->asker, who->area)) return true;
    if (view->asker->school.len == 0) return false;
    if (who->school_code.len > 0) return str_equal(who->school_code, view->asker->school);
    return school.len > 0 && str_equal(who->school, school);
}

void view_eligible(const struct view *view, int year, struct view_eligible *out)
{
    const struct snapshot *snapshot = view->snapshot;
    struct str school = own_school_name(view);
    *out = (struct view_eligible){
        .eligible = eligible_years_find(snapshot->run.eligible, year, snapshot->at)};
    if (out->eligible == NULL) return;
    out->seen = arena_array(view->arena, bool, out->eligible->applicant_count);
    for (size_t i = 0; i < out->eligible->applicant_count; i++) {
        out->seen[i] = is_seen(view, school, out->eligible->applicants[i].who);
        out->seen_count += out->seen[i];
    }
}

bool view_eligible_wants(const struct view_eligible_query *query, size_t plan,
                         const struct eligible_line *line)
{
    if (!line->concerned || (query->plan >= 0 && (size_t)query->plan != plan)) return false;
    if (query->asked && !line->asked) return false;
    return query->verdict < 0 || line->verdict == query->verdict;
}

/* Somebody whom no plan can concern, for no rule in force is about them, is listed where nothing is
 * asked for. */
static bool is_wanted(const struct view_eligible_query *query, size_t plans,
                      const struct eligible_applicant *applicant)
{
    const struct eligible_candidate *who = applicant->who;
    bool some = query->plan < 0 && query->verdict < 0 && !query->asked;
    for (size_t p = 0; p < plans; p++) {
        some = some || view_eligible_wants(query, p, &applicant->lines[p]);
    }
    if (!some) return false;
    if (query->school.len > 0 && !str_equal(query->school, who->school)
        && !str_equal(query->school, who->school_code)) {
        return false;
    }
    return query->text.len == 0 || str_starts(who->number, query->text)
           || str_find(who->name, query->text) != SIZE_MAX || str_equal(who->id, query->text);
}

void view_eligible_rows(const struct view *view, const struct view_eligible *of,
                        const struct view_eligible_query *query, size_t **out, size_t *count,
                        size_t *total)
{
    LIST(size_t) rows = {0};
    *total = 0;
    for (size_t i = 0; of->eligible != NULL && i < of->eligible->applicant_count; i++) {
        size_t plans = of->eligible->known->plans.count;
        if (!of->seen[i] || !is_wanted(query, plans, &of->eligible->applicants[i])) continue;
        if (view_on_page(&query->page, (*total)++)) *list_push(view->arena, &rows) = i;
    }
    *out = rows.items;
    *count = rows.count;
}

struct str view_eligible_county(const struct view *view, struct str area)
{
    struct str county = str_slice(area, 0, COUNTY_DIGITS);
    struct str name = division_name_of(view->snapshot->workspace->divisions, county);
    return name.len > 0 ? name : area;
}

static int compare_counts(const void *a, const void *b)
{
    const struct view_eligible_count *x = a, *y = b;
    int order = str_compare(x->unit, y->unit);
    if (order != 0) return order;
    return x->plan < y->plan ? -1 : x->plan > y->plan;
}

static void count_line(struct view_eligible_count *count, const struct eligible_line *line)
{
    count->applicants += line->concerned;
    count->asked += line->asked;
    if (!line->concerned) return;
    count->verdicts[line->verdict]++;
    if (line->asked) count->asked_verdicts[line->verdict]++;
}

void view_eligible_counts(const struct view *view, const struct view_eligible *of,
                          enum view_eligible_by by, int plan, struct view_eligible_count **out,
                          size_t *count)
{
    const struct eligible *eligible = of->eligible;
    size_t plans = eligible == NULL ? 0 : eligible->known->plans.count, found = 0;
    struct dict units;
    dict_init(&units, view->arena);
    if (by == ELIGIBLE_BY_ALL) dict_put(&units, STR_EMPTY);
    struct view_eligible_count *counts =
        arena_array(view->arena, struct view_eligible_count, (of->seen_count + 1) * plans);
    for (size_t i = 0; eligible != NULL && i < eligible->applicant_count; i++) {
        const struct eligible_candidate *who = eligible->applicants[i].who;
        if (!of->seen[i]) continue;
        struct str unit = by == ELIGIBLE_BY_SCHOOL   ? who->school
                          : by == ELIGIBLE_BY_COUNTY ? str_slice(who->area, 0, COUNTY_DIGITS)
                                                     : STR_EMPTY;
        size_t first = dict_put(&units, unit) * plans;
        for (size_t p = 0; p < plans; p++) {
            count_line(&counts[first + p], &eligible->applicants[i].lines[p]);
        }
    }
    for (size_t i = 0; i < units.count * plans; i++) {
        struct view_eligible_count *at = &counts[found];
        *at = counts[i];
        at->unit = dict_text(&units, (uint32_t)(i / plans));
        at->plan = i % plans;
        at->name = by == ELIGIBLE_BY_COUNTY ? view_eligible_county(view, at->unit) : at->unit;
        found += plan < 0 || (size_t)plan == at->plan;
    }
    if (found > 1) qsort(counts, found, sizeof *counts, compare_counts);
    *out = counts;
    *count = found;
}

static bool sees_conflict(const struct view *view, const struct view_eligible *of,
                          const struct eligible_finding *finding)
{
    if (finding->applicant != SIZE_MAX && of->seen[finding->applicant]) return true;
    if (finding->other_applicant != SIZE_MAX && of->seen[finding->other_applicant]) return true;
    return asker_sees(view->asker, finding->area);
}

void view_eligible_conflicts(const struct view *view, const struct view_eligible *of, int kind,
                             const struct eligible_finding ***out, size_t *count)
{
    LIST(const struct eligible_finding *) rows = {0};
    for (size_t i = 0; of->eligible != NULL && i < of->eligible->finding_count; i++) {
        const struct eligible_finding *finding = &of->eligible->findings[i];
        if (kind >= 0 && (int)finding->kind != kind) continue;
        if (sees_conflict(view, of, finding)) *list_push(view->arena, &rows) = finding;
    }
    *out = rows.items;
    *count = rows.count;
}

bool view_eligible_find(const struct view *view, int64_t record, struct view_eligible *of,
                        size_t *out, struct err *err)
{
    const struct eligible_years *years = view->snapshot->run.eligible;
    for (size_t y = 0; years != NULL && y < years->count; y++) {
        view_eligible(view, years->items[y].year, of);
        for (size_t i = 0; i < of->eligible->applicant_count; i++) {
            if (of->eligible->applicants[i].who->record != record || !of->seen[i]) continue;
            *out = i;
            return true;
        }
    }
    return err_set(err, ERR_NOT_FOUND, "there is no applicant %lld in your areas",
                   "本人范围内没有编号为 %lld 的考生", (long long)record);
}

void view_eligible_teller(const struct view *view, const struct view_eligible *of,
                          struct eligible_teller *out)
{
    const struct snapshot *snapshot = view->snapshot;
    eligible_teller_make(out, view->arena, of->eligible, view->registry, view->asker,
                         snapshot->batches, snapshot->batch_count);
}

void view_eligible_line(const struct view *view, const struct eligible_applicant *applicant,
                        struct view_line *out)
{
    const struct eligible_candidate *who = applicant->who;
    const struct people *people = &view->snapshot->run.people;
    bool linked = who->person != UINT32_MAX && view_sees_person(view, who->person);
    *out = (struct view_line){
        .visible = true,
        .profile = profile_find(&view->snapshot->workspace->profiles, STR("candidates")),
        .area = who->area,
        .area_name = view_eligible_county(view, who->area),
        .statement = who->record,
        .person = linked ? people->persons[who->person].number : 0,
        .name = who->name,
        .id_number = id_number_mask(view->arena, who->id),
        .school = who->school};
}

bool view_eligible_reveal(const struct view *view, const struct eligible_applicant *applicant,
                          struct view_revealed **out, size_t *count, struct err *err)
{
    /* Whether the asker sees the applicant was asked before; a school's own may be of another area.
     */
    const struct asker all = asker_local();
    LIST(struct view_revealed) list = {0};
    struct statement statement;
    struct view_line line;
    view_eligible_line(view, applicant, &line);
    if (!registry_statement(view->registry, view->arena, &all, line.profile, applicant->who->record,
                            &statement, err)) {
        return false;
    }
    for (size_t f = 0; f < line.profile->field_count; f++) {
        const struct profile_field *field = &line.profile->fields[f];
        if (!field->identifying || statement.values[f].len == 0) continue;
        *list_push(view->arena, &list) = (struct view_revealed){line, field, statement.values[f]};
    }
    *out = list.items;
    *count = list.count;
    return true;
}
