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

uint32_t check_record_saying(const struct check *check, uint32_t person, enum rule_says says)
{
    const struct people *people = check->people;
    const struct person *p = &people->persons[person];
    uint32_t best = UINT32_MAX;
    size_t best_rank = SIZE_MAX;
    bool best_own = false;
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t record = people->order[p->first + i];
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

uint32_t check_shown(const struct check *check, uint32_t person)
{
    static const enum rule_says order[] = {SAYS_EXPECTED, SAYS_ENROLLED, SAYS_ATTENDING,
                                           SAYS_ABSENT, SAYS_GONE};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        uint32_t record = check_record_saying(check, person, order[i]);
        if (record != UINT32_MAX) return record;
    }
    return check->people->order[check->people->persons[person].first];
}

struct str check_area_of(const struct check *check, uint32_t person)
{
    const struct people *people = check->people;
    struct str area = people_text(people, check_shown(check, person), PERSON_AREA);
    const struct person *p = &people->persons[person];
    for (uint32_t i = 0; i < p->count && area.len == 0; i++) {
        area = people_text(people, people->order[p->first + i], PERSON_AREA);
    }
    return area;
}

enum { BIRTH_CHOICES_MAX = 12 };

struct birth_votes {
    day births[BIRTH_CHOICES_MAX];
    int votes[BIRTH_CHOICES_MAX];
    int count, total;
    int year; /* of a record that states no more */
};

static void vote(struct birth_votes *votes, day birth, int weight)
{
    int at = 0;
    while (at < votes->count && votes->births[at].days != birth.days) at++;
    if (at == BIRTH_CHOICES_MAX) return;
    if (at == votes->count) {
        votes->births[at] = birth;
        votes->votes[at] = 0;
        votes->count++;
    }
    votes->votes[at] += weight;
    votes->total += weight;
}

/* What most records say. A day that a valid number confirms counts more; the first of January,
 * which stands for a day that nobody knew, and the digits of a damaged number count less. */
static void vote_birth(const struct check *check, uint32_t record, struct birth_votes *votes)
{
    const struct person_record *row = &check->people->records[record];
    if (day_is_none(row->birth)) {
        if (row->birth_year != 0) votes->year = row->birth_year;
        return;
    }
    int year, month, dom;
    day_to_ymd(row->birth, &year, &month, &dom);
    int weight = row->birth_source == PERSON_BIRTH_DAMAGED ? 2 : 6;
    if (month == 1 && dom == 1) weight -= 1;
    if (row->birth_source == PERSON_BIRTH_STATED && row->id_kind == PERSON_ID_OWN) {
        struct str id = people_text(check->people, record, PERSON_ID_NUMBER);
        char text[DAY_TEXT_SIZE];
        day_format(row->birth, text);
        bool agree = id.len == 18 && memcmp(id.ptr + 6, text, 4) == 0
                     && memcmp(id.ptr + 10, text + 5, 2) == 0
                     && memcmp(id.ptr + 12, text + 8, 2) == 0;
        if (agree) weight += 3;
    }
    if ((check->says[record] & SAYS(SAYS_EXPECTED)) != 0) weight += 1;
    vote(votes, row->birth, weight);
}

static bool is_of_age(const struct check *check, int age)
{
    return age >= check->rules->age_from && age <= check->rules->age_to;
}

static void settle_age(const struct check *check, const struct birth_votes *votes,
                       struct child *child)
{
    day cutoff = day_school_cutoff(check->people->when.at);
    child->age = -1;
    child->birth = DAY_NONE;
    int best = -1, of_age = 0;
    for (int i = 0; i < votes->count; i++) {
        bool born = votes->births[i].days <= cutoff.days;
        if (born && is_of_age(check, day_age(votes->births[i], cutoff))) of_age += votes->votes[i];
        if (best < 0 || votes->votes[i] > votes->votes[best]) best = i;
    }
    if (best >= 0) {
        child->birth = votes->births[best];
        child->age =
            (int16_t)(child->birth.days <= cutoff.days ? day_age(child->birth, cutoff) : 0);
        bool inside = is_of_age(check, child->age);
        int share = of_age * 1000 / votes->total;
        child->age_permille = (uint16_t)(inside ? 700 + share * 3 / 10 : share * 3 / 10);
        return;
    }
    if (votes->year == 0) {
        child->age_permille = 400; /* the share of children of age among all up to 18 */
        return;
    }
    int year, month, dom;
    day_to_ymd(cutoff, &year, &month, &dom);
    child->age = (int16_t)(year - votes->year - 1 > 0 ? year - votes->year - 1 : 0);
    /* Two in three of a year are born before September. */
    bool older = is_of_age(check, year - votes->year), younger = is_of_age(check, child->age);
    child->age_permille = (uint16_t)((older ? 667 : 0) + (younger ? 333 : 0));
    if (older) child->age++;
}

/* A kindergarten speaks for a child only up to some age. */
static void drop_preschool(struct check *check, uint32_t p)
{
    const struct people *people = check->people;
    const struct person *person = &people->persons[p];
    struct child *child = &check->children[p];
    const uint32_t schooling = SAYS(SAYS_ENROLLED) | SAYS(SAYS_ATTENDING);
    if ((child->says & schooling) == 0) return;
    if (child->age <= check->rules->preschool_age_to || child->age_permille < 1000) return;
    uint32_t rest = child->says & ~schooling;
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t record = people->order[person->first + i];
        if (!check_is_preschool(check, record)) rest |= check->says[record] & schooling;
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

void check_read_children(struct check *check)
{
    const struct people *people = check->people;
    check->children = arena_array(check->arena, struct child, people->person_count);
    for (uint32_t p = 0; p < people->person_count; p++) {
        struct child *child = &check->children[p];
        struct birth_votes votes = {0};
        const struct person *person = &people->persons[p];
        for (uint32_t i = 0; i < person->count; i++) {
            uint32_t record = people->order[person->first + i];
            uint32_t says = check->says[record];
            child->says |= says;
            vote_birth(check, record, &votes);
            if ((says & (SAYS(SAYS_ENROLLED) | SAYS(SAYS_ATTENDING))) == 0) continue;
            if (!is_compulsory(check, record)) continue;
            child->compulsory_roll |= (says & SAYS(SAYS_ENROLLED)) != 0;
            child->compulsory_attends |= (says & SAYS(SAYS_ATTENDING)) != 0;
        }
        settle_age(check, &votes, child);
        drop_preschool(check, p);
    }
}
