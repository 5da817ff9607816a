#include "jobs/eligible_internal.h"

struct reading {
    struct arena *arena;
    struct eligible_known *known;
    LIST(struct eligible_candidate) candidates;
    LIST(struct eligible_admission) admissions;
    struct reading_fields {
        int number, name, id, year, school, school_code, asked, open, plan, institution;
    } fields; /* of the register that is being read; -1: none */
};

static struct str value_of(const struct statement *statement, int field)
{
    return field < 0 ? STR_EMPTY : statement->values[field];
}

/* The year of the examination; 0: a list that names none is of the one that is asked about. */
static int year_of(const struct reading *reading, const struct statement *statement)
{
    struct str year = value_of(statement, reading->fields.year);
    int64_t number;
    if (year.len < 4 || !str_to_i64(str_slice(year, 0, 4), &number)) return 0;
    return (int)number;
}

static struct str kept(const struct reading *reading, const struct statement *statement, int field)
{
    return str_copy(reading->arena, value_of(statement, field));
}

static bool keep_candidate(void *context, const struct statement *statement)
{
    struct reading *reading = context;
    const struct reading_fields *fields = &reading->fields;
    struct eligible_candidate *who = list_push(reading->arena, &reading->candidates);
    *who = (struct eligible_candidate){.record = statement->number,
                                       .number = kept(reading, statement, fields->number),
                                       .name = kept(reading, statement, fields->name),
                                       .id = kept(reading, statement, fields->id),
                                       .school = kept(reading, statement, fields->school),
                                       .school_code = kept(reading, statement, fields->school_code),
                                       .asked = kept(reading, statement, fields->asked),
                                       .area = str_copy(reading->arena, statement->area),
                                       .year = year_of(reading, statement)};
    /* A list that has only what was found open to them was made of those who asked for it. */
    if (who->asked.len == 0) who->asked = kept(reading, statement, fields->open);
    who->asked_plans = plans_named(&reading->known->plans, who->asked);
    return true;
}

static bool keep_admission(void *context, const struct statement *statement)
{
    struct reading *reading = context;
    const struct plans_text *plans = &reading->known->plans;
    const struct reading_fields *fields = &reading->fields;
    struct eligible_admission *admission = list_push(reading->arena, &reading->admissions);
    *admission = (struct eligible_admission){.record = statement->number,
                                             .number = kept(reading, statement, fields->number),
                                             .id = kept(reading, statement, fields->id),
                                             .plan = kept(reading, statement, fields->plan),
                                             .area = str_copy(reading->arena, statement->area),
                                             .year = year_of(reading, statement)};
    admission->institution = kept(reading, statement, fields->institution);
    for (size_t p = 0; p < plans->count; p++) {
        if (admission->plan.len > 0 && str_equal(plans->plans[p].admitted, admission->plan)) {
            admission->plans |= (uint64_t)1 << p;
        }
    }
    return true;
}

static bool read_register(struct reading *reading, struct workspace *workspace,
                          const struct asker *asker, struct read_at when, const char *key,
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
                                .school_code = profile_field_number(profile, "school_code"),
                                .asked = profile_field_number(profile, "asked"),
                                .open = profile_field_number(profile, "plans"),
                                .plan = profile_field_number(profile, "plan"),
                                .institution = profile_field_number(profile, "institution")};
    return registry_read(&workspace->registry, asker, profile, when, keep, reading, err);
}

bool eligible_read(struct eligible_known *known, struct workspace *workspace, struct arena *arena,
                   const struct asker *asker, struct read_at when, struct err *err)
{
    struct reading reading = {.arena = arena, .known = known};
    if (!read_register(&reading, workspace, asker, when, "candidates", keep_candidate, err)
        || !read_register(&reading, workspace, asker, when, "admissions", keep_admission, err)) {
        return false;
    }
    known->candidates = reading.candidates.items;
    known->candidate_count = reading.candidates.count;
    known->admissions = reading.admissions.items;
    known->admission_count = reading.admissions.count;
    return true;
}
