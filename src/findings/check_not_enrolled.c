#include "findings/check_internal.h"

/* Who is in no school: everyone expected and of age, less everyone whom some record shows to be in
 * school, to have finished or to have a lawful reason. */

static const uint32_t in_school = SAYS(SAYS_ENROLLED) | SAYS(SAYS_ATTENDING) | SAYS(SAYS_FINISHED)
                                  | SAYS(SAYS_LAWFUL) | SAYS(SAYS_ABSENT);

/* Below this chance of being of age nobody is looked at more closely, in a thousand. */
enum { AGE_PERMILLE_MIN = 100 };

/* Households and guardians of children who are lawfully at school elsewhere. */
struct away {
    struct dict families;
};

static void add_families(const struct check *check, uint32_t person, struct away *away, bool *found)
{
    static const enum person_field fields[] = {PERSON_HOUSEHOLD_NUMBER, PERSON_GUARDIAN_ID,
                                               PERSON_GUARDIAN2_ID};
    const struct people *people = check->people;
    const struct person *p = &people->persons[person];
    for (uint32_t i = 0; i < p->count; i++) {
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
            struct str text = people_text(people, people->order[p->first + i], fields[f]);
            if (text.len == 0) continue;
            if (found == NULL)
                (void)dict_put(&away->families, text);
            else if (dict_find(&away->families, text) != DICT_NONE)
                *found = true;
        }
    }
}

static void find_families_away(const struct check *check, struct away *away)
{
    const struct people *people = check->people;
    dict_init(&away->families, check->arena);
    for (uint32_t p = 0; p < people->person_count; p++) {
        if ((check->children[p].says & SAYS(SAYS_LAWFUL)) == 0) continue;
        uint32_t record = check_record_saying(check, p, SAYS_LAWFUL);
        if (str_is(check_clause(check, record, SAYS_LAWFUL)->reason, "elsewhere")) {
            add_families(check, p, away, NULL);
        }
    }
}

struct suspects {
    LIST(uint32_t) persons;
    struct second_answer *answers;
};

static void find_suspects(struct check *check, struct suspects *suspects)
{
    for (uint32_t p = 0; p < check->people->person_count; p++) {
        const struct child *child = &check->children[p];
        if ((child->says & SAYS(SAYS_EXPECTED)) == 0) continue;
        if (child->age_permille < AGE_PERMILLE_MIN) continue;
        bool lacks = (child->says & in_school) == 0;
        if (!lacks && !check_hangs_by_a_thread(check, p, SAYS(SAYS_EXPECTED), in_school)) continue;
        *list_push(check->arena, &suspects->persons) = p;
    }
    suspects->answers = arena_array(check->arena, struct second_answer, suspects->persons.count);
    struct second_look look = {.mine = SAYS(SAYS_EXPECTED),
                               .wanted = in_school,
                               .persons = suspects->persons.items,
                               .count = suspects->persons.count};
    check_second_look(check, &look, suspects->answers);
}

/* Where the child was and how it left; NULL when no record says. */
static const struct rule_clause *how_left(const struct check *check, uint32_t person,
                                          struct str *school)
{
    uint32_t record = check_record_saying(check, person, SAYS_LEFT);
    if (record == UINT32_MAX) return NULL;
    *school = people_text(check->people, record, PERSON_SCHOOL_NAME);
    return check_clause(check, record, SAYS_LEFT);
}

/* Reasons, the strongest first; gives the share of such lines that prove true. */
static int64_t state_reasons(struct check *check, struct finding *finding, uint32_t person,
                             bool sibling_away)
{
    const struct child *child = &check->children[person];
    int64_t permille = 1000;
    bool seen = (child->says & SAYS(SAYS_UNSCHOOLED)) != 0;
    bool stated = (child->says & SAYS(SAYS_SCHOOLED)) != 0;
    const struct rule_clause *left = how_left(check, person, &finding->school);
    const char *keys[6] = {NULL};
    int count = 0;
    if (seen) keys[count++] = "seen_unschooled";
    if (left != NULL) keys[count++] = str_cstr(check->arena, left->reason);
    if (stated) keys[count++] = "stated_school";
    if (sibling_away) keys[count++] = "sibling_elsewhere";
    if (child->still_preschool) keys[count++] = "still_preschool";
    if (count == 0) keys[count++] = "no_record";
    for (int i = 0; i < count; i++) {
        int64_t share = rules_reason_permille(check->rules, str_from(keys[i]));
        /* Somebody has seen it: what else is said of the child does not matter. */
        if (i == 0 || (!seen && share < permille)) permille = share;
        check_add_reason(check, finding, keys[i]);
    }
    if (stated && !seen) {
        uint32_t record = check_record_saying(check, person, SAYS_SCHOOLED);
        finding->school = people_text(check->people, record, PERSON_SCHOOL_NAME);
    }
    if (!seen && (stated || sibling_away || left != NULL)) finding->queue = QUEUE_ASK_ELSEWHERE;
    return permille;
}

static void add_suspect(struct check *check, const struct away *away, uint32_t person,
                        const struct second_answer *answer)
{
    enum { DOUBT_PERMILLE = 100 };
    const struct child *child = &check->children[person];
    bool sibling_away = false;
    add_families(check, person, (struct away *)away, &sibling_away);
    struct finding draft = {.queue = QUEUE_VISIT};
    int64_t permille = state_reasons(check, &draft, person, sibling_away);
    double chance = (1 - answer->found) * child->age_permille / 1000.0 * (double)permille / 1000.0;
    struct finding *finding = check_add(check, FINDING_NOT_ENROLLED, person, chance);
    if (finding == NULL) return;
    finding->queue = draft.queue;
    finding->school = draft.school;
    finding->reason = draft.reason;
    finding->nearest = answer->nearest;
    finding->nearest_weight_millibits = answer->weight_millibits;
    finding->nearest_probability_ppm = (uint32_t)(answer->nearest_found * 1000000);
    if (day_is_none(child->birth)) check_add_reason(check, finding, "age_unknown");
    if (answer->found * 1000 >= DOUBT_PERMILLE || day_is_none(child->birth)) {
        finding->queue = QUEUE_FIX_DATA;
    }
    if (answer->found * 1000 >= DOUBT_PERMILLE) check_add_reason(check, finding, "same_as");
}

static void summarise(struct check *check)
{
    struct check_summary *out = check->summary;
    for (uint32_t p = 0; p < check->people->person_count; p++) {
        const struct child *child = &check->children[p];
        if ((child->says & SAYS(SAYS_EXPECTED)) == 0 || child->age_permille < 500) continue;
        out->expected++;
        if ((child->says & (SAYS(SAYS_ENROLLED) | SAYS(SAYS_ATTENDING) | SAYS(SAYS_ABSENT))) != 0) {
            out->on_roll++;
        } else if ((child->says & SAYS(SAYS_FINISHED)) != 0) {
            out->finished++;
        } else if ((child->says & SAYS(SAYS_LAWFUL)) != 0) {
            out->lawful++;
        } else if ((child->says & SAYS(SAYS_SCHOOLED)) != 0) {
            out->reported_schooled++;
        } else {
            out->not_enrolled++;
        }
    }
}

/* What a look-up by ID number would list, as clerks do it today. */
static void count_id_lookup(struct check *check)
{
    const struct people *people = check->people;
    bool *listed = arena_array(check->arena, bool, people->texts[PERSON_ID_NUMBER].count);
    const uint32_t rolls = SAYS(SAYS_ENROLLED) | SAYS(SAYS_ATTENDING);
    for (uint32_t i = 0; i < people->record_count; i++) {
        if ((check->says[i] & rolls) != 0) {
            listed[people->records[i].values[PERSON_ID_NUMBER]] = true;
        }
    }
    for (uint32_t p = 0; p < people->person_count; p++) {
        const struct child *child = &check->children[p];
        if ((child->says & SAYS(SAYS_EXPECTED)) == 0 || child->age_permille < 500) continue;
        uint32_t id = people->records[check_shown(check, p)].values[PERSON_ID_NUMBER];
        check->summary->id_lookup_missing += id == 0 || !listed[id];
    }
}

void check_not_enrolled(struct check *check)
{
    struct suspects suspects = {0};
    struct unreported unreported;
    struct away away;
    if (!check->has[SAYS_EXPECTED]) return;
    find_suspects(check, &suspects);
    bool *missing = arena_array(check->arena, bool, suspects.persons.count);
    for (size_t i = 0; i < suspects.persons.count; i++) {
        const struct child *child = &check->children[suspects.persons.items[i]];
        missing[i] = suspects.answers[i].found < 0.5 && child->age_permille >= 500;
    }
    check_unreported_areas(check, suspects.persons.items, missing, suspects.persons.count,
                           &unreported);
    find_families_away(check, &away);
    for (size_t i = 0; i < suspects.persons.count; i++) {
        uint32_t person = suspects.persons.items[i];
        if (!unreported.persons[person]) {
            add_suspect(check, &away, person, &suspects.answers[i]);
        }
    }
    summarise(check);
    count_id_lookup(check);
}
