#include "cases/case_evidence.h"

#include "identity/id_number.h"

enum { EVIDENCE_BYTES_MAX = 1024 };

static const struct person *person_at(const struct case_check *check, uint32_t person)
{
    CHECK(person < check->people->person_count);
    return &check->people->persons[person];
}

/* The record that stands for the person: the population's, else the first. */
static uint32_t shown_record(const struct case_check *check, uint32_t number)
{
    const struct people *people = check->people;
    const struct person *person = person_at(check, number);
    int population = people_register(people, "population");
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t record = people->order[person->first + i];
        if ((int)people->records[record].register_number == population) return record;
    }
    return people->order[person->first];
}

/* The code of the school named, else school and code of the last record that has one. */
static void find_school(const struct case_check *check, uint32_t number, struct str school,
                        struct case_facts *out)
{
    const struct people *people = check->people;
    const struct person *person = person_at(check, number);
    out->school = school;
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t record = people->order[person->first + i];
        struct str name = people_text(people, record, PERSON_SCHOOL_NAME);
        struct str code = people_text(people, record, PERSON_SCHOOL_CODE);
        if (name.len == 0 && code.len == 0) continue;
        if (school.len > 0 && !str_equal(name, school)) continue;
        if (out->school.len == 0) out->school = name;
        if (code.len > 0 && str_equal(name, out->school)) out->school_code = code;
    }
}

static struct str area_of(const struct case_check *check, uint32_t person)
{
    uint32_t number = check->kept->areas[person];
    return number == 0 ? STR_EMPTY : dict_text(&check->people->texts[PERSON_AREA], number);
}

void case_facts_of(struct arena *arena, const struct case_check *check, uint32_t person,
                   uint32_t record, struct str area, struct str school, struct case_facts *out)
{
    const struct people *people = check->people;
    char text[DAY_TEXT_SIZE];
    if (record == UINT32_MAX) record = shown_record(check, person);
    *out = (struct case_facts){.name = people_text(people, record, PERSON_NAME)};
    struct str id = people_text(people, record, PERSON_ID_NUMBER);
    if (id.len > 0) out->id_masked = id_number_mask(arena, id);
    day birth = people->records[record].birth;
    if (!day_is_none(birth)) out->birth = str_copy(arena, str_from(day_format(birth, text)));
    out->area = area.len > 0 ? area : area_of(check, person);
    find_school(check, person, school, out);
}

/* The first record of the person that says so, for one of the reasons (none named: any). */
static uint32_t record_saying(const struct case_check *check, uint32_t number, enum rule_says says,
                              const struct str *reasons, size_t reason_count)
{
    const struct people *people = check->people;
    const struct person *person = person_at(check, number);
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t record = people->order[person->first + i];
        if ((check->kept->says[record] >> says & 1) == 0) continue;
        if (reason_count == 0) return record;
        struct str key = people->registers[people->records[record].register_number]->key;
        for (size_t c = 0; c < check->rules->clause_count; c++) {
            const struct rule_clause *clause = &check->rules->clauses[c];
            if (clause->says != says || !str_equal(clause->register_key, key)) continue;
            if (!rules_clause_holds(clause, people, record)) continue;
            for (size_t r = 0; r < reason_count; r++) {
                if (str_equal(reasons[r], clause->reason)) return record;
            }
        }
    }
    return UINT32_MAX;
}

static bool is_over_age(const struct case_check *check, struct str birth)
{
    day born;
    if (!day_parse(birth, &born)) return false;
    return day_age(born, day_school_cutoff(check->at)) > check->rules->age_to;
}

static bool is_of_age(const struct case_check *check, uint32_t person)
{
    const struct people *people = check->people;
    day birth = people->records[shown_record(check, person)].birth;
    if (day_is_none(birth)) return false;
    int age = day_age(birth, day_school_cutoff(check->at));
    return age >= check->rules->age_from && age <= check->rules->age_to;
}

bool case_is_lawful(const struct case_check *check, uint32_t person, const struct str *reasons,
                    size_t count)
{
    return count > 0 && is_of_age(check, person)
           && record_saying(check, person, SAYS_LAWFUL, reasons, count) != UINT32_MAX;
}

static struct str evidence_text(struct arena *arena, const struct case_check *check,
                                uint32_t record)
{
    struct text text;
    const struct people *people = check->people;
    if (record == UINT32_MAX) return STR_EMPTY;
    const struct person_record *row = &people->records[record];
    struct str school = people_text(people, record, PERSON_SCHOOL_NAME);
    text_init(&text, arena, EVIDENCE_BYTES_MAX);
    text_add_f(&text, "%.*s %lld%s%.*s", STR_ARG(people->registers[row->register_number]->key),
               (long long)row->statement, school.len > 0 ? " " : "", STR_ARG(school));
    return text_str(&text);
}

/* Whether a case is of these kinds alone. */
static bool is_of_kinds(uint32_t kinds, struct str stated)
{
    struct str rest = stated, part;
    if (kinds == 0) return true;
    while (str_split(&rest, ';', &part)) {
        int kind = finding_kind_of(part);
        if (kind < 0 || (kinds >> kind & 1) == 0) return false;
    }
    return true;
}

/* Whether it is proved; *record tells by which record, where there is one. */
static bool proves(const struct case_check *check, const struct procedure_settle *settle,
                   uint32_t person, struct str birth, uint32_t *record)
{
    static const enum rule_says says[SETTLE_BY_COUNT] = {
        [SETTLE_BY_PRESENT] = SAYS_ATTENDING, [SETTLE_BY_ON_ROLL] = SAYS_ENROLLED,
        [SETTLE_BY_FINISHED] = SAYS_FINISHED, [SETTLE_BY_LAWFUL] = SAYS_LAWFUL,
        [SETTLE_BY_GONE] = SAYS_GONE,
    };
    *record = UINT32_MAX;
    if (settle->by == SETTLE_BY_ABSENCE) return true;
    if (settle->by == SETTLE_BY_OVER_AGE) return is_over_age(check, birth);
    if (person == UINT32_MAX) return false;
    *record = record_saying(check, person, says[settle->by], settle->reasons, settle->reason_count);
    return *record != UINT32_MAX;
}

const struct procedure_settle *case_settlement(struct arena *arena, const struct case_check *check,
                                               const struct procedure *procedure,
                                               enum case_status status, struct str kinds,
                                               uint32_t person, struct str birth,
                                               struct str *evidence)
{
    for (size_t i = 0; i < procedure->settle_count; i++) {
        const struct procedure_settle *settle = &procedure->settles[i];
        uint32_t record;
        if ((settle->during >> status & 1) == 0 || !is_of_kinds(settle->kinds, kinds)) continue;
        if (!proves(check, settle, person, birth, &record)) continue;
        *evidence = evidence_text(arena, check, record);
        return settle;
    }
    *evidence = STR_EMPTY;
    return NULL;
}
