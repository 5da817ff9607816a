#include "findings/check_internal.h"

/* Clauses by register, so that each record meets only its own. */
struct clause_list {
    const struct rule_clause **items;
    size_t count;
};

static struct clause_list clauses_of(struct arena *arena, const struct rules *rules,
                                     const struct profile *profile)
{
    struct clause_list list = {arena_array(arena, const struct rule_clause *, rules->clause_count),
                               0};
    for (size_t i = 0; i < rules->clause_count; i++) {
        if (str_equal(rules->clauses[i].register_key, profile->key)) {
            list.items[list.count++] = &rules->clauses[i];
        }
    }
    return list;
}

void check_read_says(struct check *check)
{
    const struct people *people = check->people;
    struct clause_list *lists =
        arena_array(check->arena, struct clause_list, people->register_count);
    for (size_t r = 0; r < people->register_count; r++) {
        lists[r] = clauses_of(check->arena, check->rules, people->registers[r]);
    }
    check->says = arena_array(check->arena, uint16_t, people->record_count);
    for (uint32_t i = 0; i < people->record_count; i++) {
        const struct clause_list *list = &lists[people->records[i].register_number];
        uint32_t says = 0;
        for (size_t c = 0; c < list->count; c++) {
            if ((says & SAYS(list->items[c]->says)) == 0
                && rules_clause_holds(list->items[c], people, i)) {
                says |= SAYS(list->items[c]->says);
            }
        }
        check->says[i] = (uint16_t)says;
        for (int s = 0; s < SAYS_COUNT; s++) check->has[s] |= (says & SAYS(s)) != 0;
    }
}

const struct rule_clause *check_clause(const struct check *check, uint32_t record,
                                       enum rule_says says)
{
    const struct people *people = check->people;
    const struct profile *profile = people->registers[people->records[record].register_number];
    for (size_t i = 0; i < check->rules->clause_count; i++) {
        const struct rule_clause *clause = &check->rules->clauses[i];
        if (clause->says == says && str_equal(clause->register_key, profile->key)
            && rules_clause_holds(clause, people, record)) {
            return clause;
        }
    }
    return NULL;
}

/* Where in the clauses a register first says this: the order in which records are shown. */
static size_t clause_rank(const struct check *check, uint32_t record, enum rule_says says)
{
    const struct rule_clause *clause = check_clause(check, record, says);
    return clause == NULL ? SIZE_MAX : (size_t)(clause - check->rules->clauses);
}

struct unit check_whole(const struct check *check, uint32_t person)
{
    const struct person *p = &check->people->persons[person];
    return (struct unit){
        .person = person, .records = check->people->order + p->first, .count = p->count};
}

uint32_t check_record_saying(const struct check *check, const struct unit *unit,
                             enum rule_says says)
{
    const struct people *people = check->people;
    uint32_t best = UINT32_MAX;
    size_t best_rank = SIZE_MAX;
    bool best_own = false;
    for (uint32_t i = 0; i < unit->count; i++) {
        uint32_t record = unit->records[i];
        if ((check->says[record] & SAYS(says)) == 0) continue;
        size_t rank = clause_rank(check, record, says);
        bool own = people->records[record].id_kind == PERSON_ID_OWN;
        if (rank < best_rank || (rank == best_rank && own && !best_own)) {
            best = record;
            best_rank = rank;
            best_own = own;
        }
    }
    return best;
}

size_t check_rank(const struct check *check, const struct unit *unit)
{
    uint32_t record = check_record_saying(check, unit, SAYS_EXPECTED);
    return record == UINT32_MAX ? SIZE_MAX : clause_rank(check, record, SAYS_EXPECTED);
}

uint32_t check_shown(const struct check *check, const struct unit *unit)
{
    static const enum rule_says order[] = {SAYS_EXPECTED, SAYS_ENROLLED, SAYS_ATTENDING,
                                           SAYS_ABSENT, SAYS_GONE};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        uint32_t record = check_record_saying(check, unit, order[i]);
        if (record != UINT32_MAX) return record;
    }
    return unit->records[0];
}

uint32_t check_area_number(const struct check *check, const struct unit *unit)
{
    const struct people *people = check->people;
    uint32_t area = people->records[check_shown(check, unit)].values[PERSON_AREA];
    for (uint32_t i = 0; i < unit->count && area == 0; i++) {
        area = people->records[unit->records[i]].values[PERSON_AREA];
    }
    return area;
}

struct str check_area_of(const struct check *check, const struct unit *unit)
{
    return dict_text(&check->people->texts[PERSON_AREA], check_area_number(check, unit));
}

/* A kindergarten speaks for a child only up to some age. */
static void drop_preschool(const struct check *check, const uint32_t *records, uint32_t count,
                           struct child *child)
{
    const uint32_t schooling = SAYS(SAYS_ENROLLED) | SAYS(SAYS_ATTENDING);
    if ((child->says & schooling) == 0) return;
    if (child->age <= check->rules->preschool_age_to || !child->age_sure) return;
    uint32_t rest = child->says & ~schooling;
    for (uint32_t i = 0; i < count; i++) {
        if (!check_is_preschool(check, records[i])) rest |= check->says[records[i]] & schooling;
    }
    child->still_preschool = rest != child->says && (rest & schooling) == 0;
    if (child->still_preschool) child->says = rest;
}

bool check_is_preschool(const struct check *check, uint32_t record)
{
    return str_is(people_text(check->people, record, PERSON_STAGE), "preschool")
           || str_starts(people_text(check->people, record, PERSON_GRADE), STR("preschool:"));
}

static bool is_compulsory(const struct check *check, uint32_t record)
{
    struct str stage = people_text(check->people, record, PERSON_STAGE);
    struct str grade = people_text(check->people, record, PERSON_GRADE);
    if (stage.len == 0) (void)str_split(&grade, ':', &stage);
    if (stage.len == 0) return true; /* no stage stated: the age decides */
    for (size_t i = 0; i < check->rules->stage_count; i++) {
        if (str_equal(stage, check->rules->stages[i])) return true;
    }
    return false;
}

void check_read_child(const struct check *check, const uint32_t *records, uint32_t count,
                      struct child *out)
{
    *out = (struct child){0};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t says = check->says[records[i]];
        out->says |= says;
        if ((says & (SAYS(SAYS_ENROLLED) | SAYS(SAYS_ATTENDING))) == 0) continue;
        if (!is_compulsory(check, records[i])) continue;
        out->compulsory_roll |= (says & SAYS(SAYS_ENROLLED)) != 0;
        out->compulsory_attends |= (says & SAYS(SAYS_ATTENDING)) != 0;
    }
    check_settle_birth(check, records, count, out);
    drop_preschool(check, records, count, out);
}

void check_read_children(struct check *check)
{
    const struct people *people = check->people;
    check->children = arena_array(check->arena, struct child, people->person_count);
    for (uint32_t p = 0; p < people->person_count; p++) {
        const struct person *person = &people->persons[p];
        check_read_child(check, people->order + person->first, person->count, &check->children[p]);
    }
}
