#include "jobs/eligible_internal.h"

#include <stdlib.h>

enum { DETAIL_BYTES_MAX = 4096 };

const char *eligible_conflict_key(enum eligible_conflict kind)
{
    static const char *const keys[] = {[CONFLICT_REGISTERED_TWICE] = "registered_twice",
                                       [CONFLICT_ADMITTED_TWICE] = "admitted_twice",
                                       [CONFLICT_EXCLUSIVE] = "exclusive_plans",
                                       [CONFLICT_MOVED_LATE] = "moved_late"};
    return keys[kind];
}

const char *eligible_conflict_text(enum eligible_conflict kind, enum lang lang)
{
    static const char *const zh[] = {[CONFLICT_REGISTERED_TWICE] = "重复报名",
                                     [CONFLICT_ADMITTED_TWICE] = "同年按两项专项录取",
                                     [CONFLICT_EXCLUSIVE] = "申报互斥的专项",
                                     [CONFLICT_MOVED_LATE] = "迁入或入学过晚"};
    static const char *const en[] = {
        [CONFLICT_REGISTERED_TWICE] = "registered twice",
        [CONFLICT_ADMITTED_TWICE] = "admitted under two plans in a year",
        [CONFLICT_EXCLUSIVE] = "asks for plans that exclude one another",
        [CONFLICT_MOVED_LATE] = "moved in, or came to the school, too late"};
    return lang == LANG_ZH ? zh[kind] : en[kind];
}

static struct str value_of(const struct statement *statement, int field)
{
    return field < 0 ? STR_EMPTY : statement->values[field];
}

static bool of_year(const struct eligible_reading *reading, const struct statement *statement)
{
    struct str year = value_of(statement, reading->fields.year);
    int64_t number;
    if (year.len < 4) return true; /* a list that names no year is of the one asked about */
    return str_to_i64(str_slice(year, 0, 4), &number) && number == reading->eligible->year;
}

static struct str kept(const struct eligible_reading *reading, const struct statement *statement,
                       int field)
{
    return str_copy(reading->arena, value_of(statement, field));
}

static bool keep_candidate(void *context, const struct statement *statement)
{
    struct eligible_reading *reading = context;
    const struct reading_fields *fields = &reading->fields;
    if (!of_year(reading, statement)) return true;
    struct eligible_applicant *who = list_push(reading->arena, &reading->applicants);
    *who = (struct eligible_applicant){.record = statement->number,
                                       .number = kept(reading, statement, fields->number),
                                       .name = kept(reading, statement, fields->name),
                                       .id = kept(reading, statement, fields->id),
                                       .school = kept(reading, statement, fields->school),
                                       .asked = kept(reading, statement, fields->asked),
                                       .area = str_copy(reading->arena, statement->area)};
    /* A list that has only what was found open to them was made of those who asked for it. */
    if (who->asked.len == 0) who->asked = kept(reading, statement, fields->open);
    who->asked_plans = plans_named(&reading->eligible->plans, who->asked);
    who->lines = arena_array(reading->arena, struct eligible_line, reading->eligible->plans.count);
    return true;
}

static bool keep_admission(void *context, const struct statement *statement)
{
    struct eligible_reading *reading = context;
    const struct plans_text *plans = &reading->eligible->plans;
    const struct reading_fields *fields = &reading->fields;
    if (!of_year(reading, statement)) return true;
    struct eligible_admission *admission = list_push(reading->arena, &reading->admissions);
    *admission = (struct eligible_admission){.record = statement->number,
                                             .number = kept(reading, statement, fields->number),
                                             .id = kept(reading, statement, fields->id),
                                             .plan = kept(reading, statement, fields->plan),
                                             .area = str_copy(reading->arena, statement->area)};
    admission->institution = kept(reading, statement, fields->institution);
    for (size_t p = 0; p < plans->count; p++) {
        if (admission->plan.len > 0 && str_equal(plans->plans[p].admitted, admission->plan)) {
            admission->plans |= (uint64_t)1 << p;
        }
    }
    return true;
}

static bool read_register(struct eligible_reading *reading, struct workspace *workspace,
                          struct read_at when, const char *key,
                          bool (*keep)(void *, const struct statement *), struct err *err)
{
    const struct profile *profile = profile_find(&workspace->profiles, str_from(key));
    if (profile == NULL) return true;
    reading->fields =
        (struct reading_fields){.number = profile_field_number(profile, "exam_number"),
                                .name = profile_field_number(profile, "name"),
                                .id = profile_field_number(profile, "id_number"),
                                .year = profile_field_number(profile, "year"),
                                .school = profile_field_number(profile, "school_name"),
                                .asked = profile_field_number(profile, "asked"),
        .open = profile_field_number(profile, "plans"),
                                .plan = profile_field_number(profile, "plan"),
                                .institution = profile_field_number(profile, "institution")};
    return registry_read(&workspace->registry, reading->asker, profile, when, keep, reading, err);
}

bool eligible_read(struct eligible_reading *reading, struct workspace *workspace,
                   struct read_at when, struct err *err)
{
    if (!read_register(reading, workspace, when, "candidates", keep_candidate, err)
        || !read_register(reading, workspace, when, "admissions", keep_admission, err)) {
        return false;
    }
    reading->eligible->applicants = reading->applicants.items;
    reading->eligible->applicant_count = reading->applicants.count;
    return true;
}

/* One of the things that may belong to one person. */
struct entry {
    struct str id;
    size_t at;
    int64_t record;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int by_id = str_compare(x->id, y->id);
    if (by_id != 0) return by_id;
    return x->record < y->record ? -1 : x->record > y->record;
}

static void find_registered_twice(struct eligible_reading *reading)
{
    const struct eligible *eligible = reading->eligible;
    struct entry *entries = arena_array(reading->arena, struct entry, eligible->applicant_count);
    size_t count = 0;
    for (size_t i = 0; i < eligible->applicant_count; i++) {
        const struct eligible_applicant *who = &eligible->applicants[i];
        if (who->id.len > 0) entries[count++] = (struct entry){who->id, i, who->record};
    }
    if (count > 1) qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 1; i < count; i++) {
        const struct eligible_applicant *a = &eligible->applicants[entries[i - 1].at];
        const struct eligible_applicant *b = &eligible->applicants[entries[i].at];
        if (!str_equal(a->id, b->id) || str_equal(a->number, b->number)) continue;
        struct text detail;
        text_init(&detail, reading->arena, DETAIL_BYTES_MAX);
        text_add_f(&detail, "%.*s %.*s / %.*s %.*s", STR_ARG(a->area), STR_ARG(a->school),
                   STR_ARG(b->area), STR_ARG(b->school));
        *list_push(reading->arena, &reading->findings) =
            (struct eligible_finding){.kind = CONFLICT_REGISTERED_TWICE,
                                      .number = a->number,
                                      .other = b->number,
                                      .area = a->area,
                                      .school = a->school,
                                      .detail = text_str(&detail)};
    }
}

static struct str names_of(const struct eligible_reading *reading, uint64_t plans)
{
    const struct plans_text *text = &reading->eligible->plans;
    struct text names;
    text_init(&names, reading->arena, DETAIL_BYTES_MAX);
    for (size_t p = 0; p < text->count; p++) {
        if ((plans >> p & 1) == 0) continue;
        if (names.len > 0) text_add_byte(&names, ';');
        text_add(&names, text->plans[p].scheme_key);
    }
    return text_str(&names);
}

static void find_admitted_twice(struct eligible_reading *reading)
{
    size_t count = 0;
    const struct eligible_admission *items = reading->admissions.items;
    struct entry *entries = arena_array(reading->arena, struct entry, reading->admissions.count);
    for (size_t i = 0; i < reading->admissions.count; i++) {
        struct str who = items[i].id.len > 0 ? items[i].id : items[i].number;
        if (items[i].plans != 0) entries[count++] = (struct entry){who, i, items[i].record};
    }
    if (count > 1) qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 1; i < count; i++) {
        const struct eligible_admission *a = &items[entries[i - 1].at], *b = &items[entries[i].at];
        if (!str_equal(entries[i - 1].id, entries[i].id) || a->plans == b->plans) continue;
        struct text detail;
        text_init(&detail, reading->arena, DETAIL_BYTES_MAX);
        text_add_f(&detail, "%.*s / %.*s", STR_ARG(a->institution), STR_ARG(b->institution));
        *list_push(reading->arena, &reading->findings) =
            (struct eligible_finding){.kind = CONFLICT_ADMITTED_TWICE,
                                      .number = a->number,
                                      .other = b->number,
                                      .area = a->area,
                                      .plans = names_of(reading, a->plans | b->plans),
                                      .detail = text_str(&detail)};
    }
}

static void find_exclusive(struct eligible_reading *reading)
{
    const struct eligible *eligible = reading->eligible;
    for (size_t i = 0; i < eligible->applicant_count; i++) {
        const struct eligible_applicant *who = &eligible->applicants[i];
        for (size_t e = 0; e < eligible->plans.exclusive_count; e++) {
            uint64_t both = who->asked_plans & eligible->plans.exclusive[e];
            if ((both & (both - 1)) == 0) continue;
            *list_push(reading->arena, &reading->findings) =
                (struct eligible_finding){.kind = CONFLICT_EXCLUSIVE,
                                          .number = who->number,
                                          .area = who->area,
                                          .school = who->school,
                                          .plans = names_of(reading, both),
                                          .detail = who->asked};
        }
    }
}

static int compare_findings(const void *a, const void *b)
{
    const struct eligible_finding *x = a, *y = b;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    int order = str_compare(x->number, y->number);
    if (order == 0) order = str_compare(x->plans, y->plans);
    return order == 0 ? str_compare(x->other, y->other) : order;
}

void eligible_find_conflicts(struct eligible_reading *reading)
{
    find_registered_twice(reading);
    find_admitted_twice(reading);
    find_exclusive(reading);
    reading->eligible->findings = reading->findings.items;
    reading->eligible->finding_count = reading->findings.count;
    if (reading->findings.count > 1) {
        qsort(reading->findings.items, reading->findings.count, sizeof(struct eligible_finding),
              compare_findings);
    }
}
