#include "findings/check_internal.h"
#include "link/engine.h"

struct group {
    LIST(uint32_t) persons;
};

/* For the places in school of children who sit in a stage of compulsory schooling. */
static void look_for(struct check *check, const struct group *group, uint32_t mine, uint32_t wanted,
                     struct second_answer **answers)
{
    const uint32_t places = SAYS(SAYS_ENROLLED) | SAYS(SAYS_ATTENDING);
    struct unit *units = arena_array(check->arena, struct unit, group->persons.count);
    for (size_t i = 0; i < group->persons.count; i++) {
        units[i] = check_whole(check, group->persons.items[i]);
    }
    *answers = arena_array(check->arena, struct second_answer, group->persons.count);
    struct second_look look = {.mine = mine,
                               .wanted = wanted,
                               .units = units,
                               .count = group->persons.count,
                               .compulsory = (wanted & ~places) == 0};
    check_second_look(check, &look, *answers);
}

/* Those of a group who lack what is wanted, and have no reason to lack it. */
static struct group lacking(struct check *check, const struct group *group, uint32_t wanted)
{
    struct group out = {0};
    for (size_t i = 0; i < group->persons.count; i++) {
        if ((check->children[group->persons.items[i]].says & wanted) != 0) continue;
        *list_push(check->arena, &out.persons) = group->persons.items[i];
    }
    return out;
}

static void set_nearest(struct finding *finding, const struct second_answer *answer)
{
    finding->nearest = answer->nearest;
    finding->nearest_weight_millibits = answer->weight_millibits;
    finding->nearest_probability_ppm = (uint32_t)(answer->nearest_found * 1000000);
}

static void set_school(const struct check *check, struct finding *finding, uint32_t person,
                       enum rule_says says)
{
    struct unit unit = check_whole(check, person);
    uint32_t record = check_record_saying(check, &unit, says);
    if (record == UINT32_MAX) return;
    finding->school = people_text(check->people, record, PERSON_SCHOOL_NAME);
    finding->key = people_text(check->people, record, PERSON_SCHOOL_CODE);
    if (finding->key.len == 0) finding->key = finding->school;
}

static double share_of(const struct check *check, const char *reason)
{
    return (double)rules_reason_permille(check->rules, str_from(reason)) / 1000.0;
}

/* A school too small to tell from one that has not reported: below the listing bound. */
static const double too_small = 0.4;

void check_attending_unregistered(struct check *check)
{
    const uint32_t mine = SAYS(SAYS_ATTENDING), wanted = SAYS(SAYS_ENROLLED);
    struct group all = {0};
    struct unreported unreported;
    struct second_answer *answers;
    if (!check->has[SAYS_ATTENDING] || !check->has[SAYS_ENROLLED]) return;
    for (uint32_t p = 0; p < check->people->person_count; p++) {
        if (check->children[p].compulsory_attends) *list_push(check->arena, &all.persons) = p;
    }
    check_unreported_schools(check, mine, wanted, all.persons.items, all.persons.count, "no_roll",
                             &unreported);
    struct group group = lacking(check, &all, wanted);
    look_for(check, &group, mine, wanted, &answers);
    for (size_t i = 0; i < group.persons.count; i++) {
        uint32_t person = group.persons.items[i];
        struct unit unit = check_whole(check, person);
        if (unreported.persons[person]) continue;
        double chance = (1 - answers[i].found) * share_of(check, "no_roll");
        if (unreported.empty_school[person]) chance *= too_small;
        struct finding *finding = check_add(check, FINDING_ATTENDING_UNREGISTERED, &unit, chance);
        if (finding == NULL) continue;
        finding->queue = QUEUE_FIX_DATA;
        set_nearest(finding, &answers[i]);
        set_school(check, finding, person, SAYS_ATTENDING);
        check_add_reason(check, finding, "no_roll");
    }
}

/* On a roll of compulsory schooling, or marked as gone from one; not the lawfully absent. */
static bool ought_to_attend(const struct child *child)
{
    const uint32_t absent = SAYS(SAYS_ABSENT);
    if ((child->says & SAYS(SAYS_LAWFUL)) != 0) return false;
    return child->compulsory_roll || (child->says & absent) != 0;
}

static const char *why_absent(const struct check *check, uint32_t person)
{
    struct unit unit = check_whole(check, person);
    uint32_t record = check_record_saying(check, &unit, SAYS_ABSENT);
    if (record == UINT32_MAX) return "not_listed";
    bool dropped = str_is(people_text(check->people, record, PERSON_STATUS), "dropped_out");
    return dropped ? "dropped_out" : "absent";
}

void check_not_attending(struct check *check)
{
    const uint32_t mine = SAYS(SAYS_ENROLLED), wanted = SAYS(SAYS_ATTENDING);
    struct group all = {0};
    struct unreported unreported;
    struct second_answer *answers;
    for (uint32_t p = 0; p < check->people->person_count; p++) {
        const struct child *child = &check->children[p];
        if (!ought_to_attend(child)) continue;
        /* Without any list of those present only marks speak. */
        if (check->has[SAYS_ATTENDING] || (child->says & SAYS(SAYS_ABSENT)) != 0) {
            *list_push(check->arena, &all.persons) = p;
        } else {
            check->unreported[p] = true;
        }
    }
    check_unreported_schools(check, mine, wanted | SAYS(SAYS_ABSENT), all.persons.items,
                             all.persons.count, "not_listed", &unreported);
    struct group group = lacking(check, &all, wanted);
    look_for(check, &group, mine | SAYS(SAYS_ABSENT), wanted, &answers);
    for (size_t i = 0; i < group.persons.count; i++) {
        uint32_t person = group.persons.items[i];
        struct unit unit = check_whole(check, person);
        const char *why = why_absent(check, person);
        bool marked = (check->children[person].says & SAYS(SAYS_ABSENT)) != 0;
        if (!marked && unreported.persons[person]) {
            check->unreported[person] = true;
            continue;
        }
        double chance = (1 - answers[i].found) * share_of(check, why);
        if (!marked && unreported.empty_school[person]) chance *= too_small;
        struct finding *finding = check_add(check, FINDING_NOT_ATTENDING, &unit, chance);
        if (finding == NULL) continue;
        set_nearest(finding, &answers[i]);
        set_school(check, finding, person, SAYS_ENROLLED);
        if (finding->school.len == 0) set_school(check, finding, person, SAYS_ABSENT);
        check_add_reason(check, finding, why);
    }
}

/* Two numbers that most people of the population carry begin alike; a roll whose number begins with
 * digits that few have came from elsewhere. */
struct origins {
    struct dict heads;
    LIST(uint32_t) counts;
    uint32_t all;
};

enum { ORIGIN_DIGITS = 4 };

static void count_origins(const struct check *check, struct origins *origins)
{
    const struct people *people = check->people;
    dict_init(&origins->heads, check->arena);
    for (uint32_t i = 0; i < people->record_count; i++) {
        if ((check->says[i] & SAYS(SAYS_EXPECTED)) == 0) continue;
        if (people->records[i].id_kind != PERSON_ID_OWN) continue;
        struct str head = str_slice(people_text(people, i, PERSON_ID_NUMBER), 0, ORIGIN_DIGITS);
        uint32_t number = dict_put(&origins->heads, head);
        if (number == origins->counts.count) (void)list_push(check->arena, &origins->counts);
        origins->counts.items[number]++;
        origins->all++;
    }
}

static bool from_elsewhere(const struct check *check, const struct origins *origins,
                           uint32_t record)
{
    enum { NUMBERS_MIN = 100 }; /* of fewer, nothing is told about what is usual here */
    if (origins->all < NUMBERS_MIN) return false;
    if (check->people->records[record].id_kind != PERSON_ID_OWN) return false;
    struct str id = people_text(check->people, record, PERSON_ID_NUMBER);
    uint32_t number = dict_find(&origins->heads, str_slice(id, 0, ORIGIN_DIGITS));
    return number == DICT_NONE || origins->counts.items[number] * 50 < origins->all;
}

void check_roll_unknown(struct check *check)
{
    const uint32_t mine = SAYS(SAYS_ENROLLED), wanted = SAYS(SAYS_EXPECTED) | SAYS(SAYS_GONE);
    struct group all = {0};
    struct unreported unreported;
    struct second_answer *answers;
    struct origins origins = {0};
    if (!check->has[SAYS_EXPECTED] || !check->has[SAYS_ENROLLED]) return;
    for (uint32_t p = 0; p < check->people->person_count; p++) {
        const struct child *child = &check->children[p];
        if ((child->says & mine) == 0 || !child->compulsory_roll) continue;
        *list_push(check->arena, &all.persons) = p;
    }
    check_unreported_schools(check, mine, wanted, all.persons.items, all.persons.count,
                             "no_household", &unreported);
    struct group group = lacking(check, &all, wanted);
    look_for(check, &group, mine, wanted, &answers);
    count_origins(check, &origins);
    for (size_t i = 0; i < group.persons.count; i++) {
        uint32_t person = group.persons.items[i];
        struct unit unit = check_whole(check, person);
        if (unreported.persons[person]) continue;
        bool away = from_elsewhere(check, &origins, check_shown(check, &unit));
        const char *why = away ? "household_elsewhere" : "no_household";
        double chance = (1 - answers[i].found) * share_of(check, why);
        struct finding *finding = check_add(check, FINDING_ROLL_UNKNOWN, &unit, chance);
        if (finding == NULL) continue;
        finding->queue = QUEUE_ASK_ELSEWHERE;
        set_nearest(finding, &answers[i]);
        set_school(check, finding, person, SAYS_ENROLLED);
        check_add_reason(check, finding, why);
    }
}
