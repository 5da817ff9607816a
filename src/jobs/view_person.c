#include "jobs/view_person.h"

#include "base/list.h"
#include "identity/mask.h"
#include "jobs/view_near.h"

static struct str shown_value(const struct view *view, const struct profile_field *field,
                              struct str value)
{
    return field->identifying ? view_mask(view->arena, field->type, value)
                              : mask_people(view->arena, value);
}

static struct view_value *add_value(const struct view *view, struct view_record *out,
                                    const struct profile_field *field, struct str value)
{
    struct view_value *added = &out->values[out->value_count++];
    *added = (struct view_value){.field = field, .value = shown_value(view, field, value)};
    return added;
}

/* What linking read from the row's ID number, where the row does not say it. */
static void add_derived(const struct view *view, uint32_t record, struct view_record *out)
{
    static const enum person_field fields[] = {PERSON_BIRTH_DATE, PERSON_SEX};
    const struct profile *profile = out->line.profile;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct str value = people_text(&view->snapshot->run.people, record, fields[i]);
        int field = profile_field_number(profile, person_field_key(fields[i]));
        bool stated = false;
        if (field < 0 || value.len == 0) continue;
        for (size_t v = 0; v < out->value_count; v++) {
            stated = stated || out->values[v].field == &profile->fields[field];
        }
        if (!stated) add_value(view, out, &profile->fields[field], value)->derived = true;
    }
}

static bool read_statement(const struct view *view, uint32_t record, struct statement *statement,
                           struct err *err)
{
    const struct people *people = &view->snapshot->run.people;
    const struct person_record *row = &people->records[record];
    /* What the asker may see was decided by view_sees_record; the registry would refuse a school,
     * which it knows only by its area. */
    const struct asker all = asker_local();
    return registry_statement(view->registry, view->arena, &all,
                              people->registers[row->register_number], row->statement, statement,
                              err);
}

bool view_record(const struct view *view, uint32_t record, struct view_record *out, struct err *err)
{
    struct view_record fresh = {0};
    struct statement statement;
    view_line(view, record, &fresh.line);
    if (!fresh.line.visible) {
        *out = fresh;
        return true;
    }
    if (!read_statement(view, record, &statement, err)) return false;
    const struct profile *profile = fresh.line.profile;
    fresh.batch = snapshot_batch(view->snapshot, statement.batch);
    fresh.sheet = statement.sheet + 1;
    fresh.row = statement.row;
    fresh.since = statement.valid_from;
    fresh.values = arena_array(view->arena, struct view_value, profile->field_count + 2);
    for (size_t f = 0; f < profile->field_count; f++) {
        bool written = statement.written[f].ptr != NULL;
        if (statement.values[f].len == 0 && !written) continue;
        struct view_value *value =
            add_value(view, &fresh, &profile->fields[f], statement.values[f]);
        if (written) value->written = shown_value(view, value->field, statement.written[f]);
    }
    if (fresh.line.part == 0) add_derived(view, record, &fresh);
    *out = fresh;
    return true;
}

static void tell_near(const struct view *view, const struct view_near *near,
                      struct view_candidate *out)
{
    const struct check_run *run = &view->snapshot->run;
    *out = (struct view_candidate){.weight_millibits = near->weight_millibits,
                                   .probability_ppm = near->probability_ppm};
    view_line(view, near->other, &out->line);
    out->explained = out->line.visible && view_sees_record(view, near->record);
    if (!out->explained) return;
    explain_pair(view->arena, &run->people, run->kept.weigher, near->record, near->other,
                 EXPLAIN_MASKED, &out->explanation);
}

static void find_candidates(const struct view *view, uint32_t person, struct view_person *out)
{
    struct view_near nearest[VIEW_CANDIDATES_MAX];
    out->candidate_count = view_near(view, person, nearest);
    for (size_t i = 0; i < out->candidate_count; i++) {
        tell_near(view, &nearest[i], &out->candidates[i]);
    }
}

static bool find_person(const struct view *view, int64_t number, uint32_t *person, struct err *err)
{
    *person = snapshot_person(view->snapshot, number);
    if (*person != UINT32_MAX && view_sees_person(view, *person)) return true;
    return err_set(err, ERR_NOT_FOUND, "there is no person %lld in your areas",
                   "本人范围内没有编号为 %lld 的人员", (long long)number);
}

static void list_findings(const struct view *view, uint32_t person, struct view_person *out)
{
    const struct snapshot *snapshot = view->snapshot;
    uint32_t first = snapshot->finding_first[person], end = snapshot->finding_first[person + 1];
    out->findings = arena_array(view->arena, struct view_finding, end - first);
    for (uint32_t i = first; i < end; i++) {
        if (!view_sees_finding(view, snapshot->finding_of[i])) continue;
        view_finding(view, snapshot->finding_of[i], &out->findings[out->finding_count++]);
    }
}

bool view_person(const struct view *view, int64_t number, struct view_person *out, struct err *err)
{
    const struct people *people = &view->snapshot->run.people;
    uint32_t place;
    if (!find_person(view, number, &place, err)) return false;
    const struct person *person = &people->persons[place];
    struct view_person fresh = {.number = number,
                                .age = -1,
                                .standing =
                                    (enum standing)view->snapshot->run.kept.standings[place]};
    uint32_t shown = view_shown(view, place);
    fresh.named = shown != UINT32_MAX;
    if (fresh.named) {
        view_line(view, shown, &fresh.line);
        fresh.age = view_age(view, people->records[shown].birth);
    }
    list_findings(view, place, &fresh);
    fresh.records = arena_array(view->arena, struct view_record, person->count);
    for (uint32_t i = 0; i < person->count; i++) {
        if (!view_record(view, people->order[person->first + i], &fresh.records[i], err)) {
            return false;
        }
        fresh.record_count++;
    }
    find_candidates(view, place, &fresh);
    *out = fresh;
    return true;
}

/* The one number that all of a number's records went to, or 0. */
static int64_t only_part(const struct person_past *past)
{
    int64_t only = 0;
    for (size_t i = 0; i < past->part_count; i++) {
        if (only != 0 && past->parts[i].person != only) return 0;
        only = past->parts[i].person;
    }
    return past->ended ? only : 0;
}

bool view_joined_into(const struct view *view, int64_t number, int64_t *into, struct err *err)
{
    enum { STEPS_MAX = 64 };
    int64_t at = number;
    *into = 0;
    for (int step = 0; step < STEPS_MAX && at != 0; step++) {
        uint32_t person = snapshot_person(view->snapshot, at);
        if (person != UINT32_MAX) {
            if (at != number && view_sees_person(view, person)) *into = at;
            return true;
        }
        struct person_past past;
        if (!person_past(view->arena, view->registry, at, &past, err)) return false;
        at = only_part(&past);
    }
    return true;
}

bool view_reveal(const struct view *view, int64_t number, struct view_revealed **out, size_t *count,
                 struct err *err)
{
    const struct people *people = &view->snapshot->run.people;
    LIST(struct view_revealed) list = {0};
    uint32_t place;
    if (!find_person(view, number, &place, err)) return false;
    const struct person *person = &people->persons[place];
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t record = people->order[person->first + i];
        struct statement statement;
        struct view_line line;
        if (!view_sees_record(view, record)) continue;
        view_line(view, record, &line);
        /* A child named in a cell of another's row: the row's numbers are not its own. */
        if (line.part != 0) continue;
        if (!read_statement(view, record, &statement, err)) return false;
        for (size_t f = 0; f < line.profile->field_count; f++) {
            const struct profile_field *field = &line.profile->fields[f];
            struct str value = statement.values[f];
            if (statement.written[f].ptr != NULL && !field->identifying) {
                value = statement.written[f];
            }
            /* A number that stands in a remark is shown as well. */
            bool hidden = field->identifying || mask_people(view->arena, value).ptr != value.ptr;
            if (!hidden || value.len == 0) continue;
            *list_push(view->arena, &list) = (struct view_revealed){line, field, value};
        }
    }
    *out = list.items;
    *count = list.count;
    return true;
}
