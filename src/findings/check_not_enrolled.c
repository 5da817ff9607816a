#include "findings/check_internal.h"

/* Who is in no school: everyone expected and of age, less everyone whom some record shows to be in
 * school, to have finished or to have a lawful reason. */

/* Households and guardians of children who are lawfully at school elsewhere. */
struct away {
    struct dict families;
};

static void add_families(const struct check *check, const struct unit *unit, struct away *away,
                         bool *found)
{
    static const enum person_field fields[] = {PERSON_HOUSEHOLD_NUMBER, PERSON_GUARDIAN_ID,
                                               PERSON_GUARDIAN2_ID};
    for (uint32_t i = 0; i < unit->count; i++) {
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++) {
            struct str text = people_text(check->people, unit->records[i], fields[f]);
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
    dict_init(&away->families, check->arena);
    for (uint32_t p = 0; p < check->people->person_count; p++) {
        if ((check->children[p].says & SAYS(SAYS_LAWFUL)) == 0) continue;
        struct unit unit = check_whole(check, p);
        uint32_t record = check_record_saying(check, &unit, SAYS_LAWFUL);
        if (str_is(check_clause(check, record, SAYS_LAWFUL)->reason, "elsewhere")) {
            add_families(check, &unit, away, NULL);
        }
    }
}

struct suspects {
    struct unit_list units;
    struct second_answer *answers;
    double *of_age; /* chance */
};

/* Below this chance of being of age nobody is looked at more closely. */
static const double of_age_min = 0.05;

static void find_suspects(struct check *check, struct suspects *suspects)
{
    struct unit_list all = {0};
    for (uint32_t p = 0; p < check->people->person_count; p++) {
        if ((check->children[p].says & SAYS(SAYS_EXPECTED)) == 0) continue;
        if (check->children[p].age_sure && !check->children[p].of_age) continue;
        check_units_lacking(check, p, SAYS(SAYS_EXPECTED), CHECK_IN_SCHOOL, &all);
    }
    suspects->of_age = arena_array(check->arena, double, all.items.count);
    for (size_t i = 0; i < all.items.count; i++) {
        const struct unit *unit = &all.items.items[i];
        double chance = check_chance_of_age(check, unit);
        if (chance < of_age_min) continue;
        suspects->of_age[suspects->units.items.count] = chance;
        *list_push(check->arena, &suspects->units.items) = *unit;
    }
    suspects->answers =
        arena_array(check->arena, struct second_answer, suspects->units.items.count);
    struct second_look look = {.mine = SAYS(SAYS_EXPECTED),
                               .wanted = CHECK_IN_SCHOOL,
                               .units = suspects->units.items.items,
                               .count = suspects->units.items.count};
    check_second_look(check, &look, suspects->answers);
}

/* Where the child was and how it left; NULL when no record says. */
static const struct rule_clause *how_left(const struct check *check, const struct unit *unit,
                                          struct str *school)
{
    uint32_t record = check_record_saying(check, unit, SAYS_LEFT);
    if (record == UINT32_MAX) return NULL;
    *school = people_text(check->people, record, PERSON_SCHOOL_NAME);
    return check_clause(check, record, SAYS_LEFT);
}

/* Reasons, the strongest first; gives the share of such lines that prove true. */
static double state_reasons(struct check *check, struct finding *finding, const struct unit *unit,
                            const struct child *child, bool sibling_away)
{
    int64_t permille = 1000;
    bool seen = (child->says & SAYS(SAYS_UNSCHOOLED)) != 0;
    bool stated = (child->says & SAYS(SAYS_SCHOOLED)) != 0;
    const struct rule_clause *left = how_left(check, unit, &finding->school);
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
        uint32_t record = check_record_saying(check, unit, SAYS_SCHOOLED);
        finding->school = people_text(check->people, record, PERSON_SCHOOL_NAME);
    }
    if (!seen && (stated || sibling_away || left != NULL)) finding->queue = QUEUE_ASK_ELSEWHERE;
    return (double)permille / 1000.0;
}

static void add_suspect(struct check *check, struct away *away, const struct suspects *suspects,
                        size_t number)
{
    static const double doubt = 0.1;
    const struct unit *unit = &suspects->units.items.items[number];
    const struct second_answer *answer = &suspects->answers[number];
    struct child child;
    bool sibling_away = false;
    check_read_child(check, unit->records, unit->count, &child);
    add_families(check, unit, away, &sibling_away);
    struct finding draft = {.queue = QUEUE_VISIT};
    double share = state_reasons(check, &draft, unit, &child, sibling_away);
    double chance = (1 - answer->found) * suspects->of_age[number] * share;
    struct finding *finding = check_add(check, FINDING_NOT_ENROLLED, unit, chance);
    if (finding == NULL) return;
    finding->queue = draft.queue;
    finding->school = draft.school;
    finding->reason = draft.reason;
    finding->birth = child.birth;
    finding->nearest = answer->nearest;
    finding->nearest_weight_millibits = answer->weight_millibits;
    finding->nearest_probability_ppm = (uint32_t)(answer->nearest_found * 1000000);
    if (day_is_none(child.birth)) check_add_reason(check, finding, "age_unknown");
    if (answer->found >= doubt || suspects->of_age[number] < 1 - doubt) {
        finding->queue = QUEUE_FIX_DATA;
    }
    if (answer->found >= doubt) check_add_reason(check, finding, "same_as");
}

/* Whom the second look all but surely met in school stands as the record met says, as if linking
 * had joined the two. */
static void take_found(struct check *check, const struct suspects *suspects)
{
    static const double sure = 0.95;
    for (size_t i = 0; i < suspects->units.items.count; i++) {
        const struct unit *unit = &suspects->units.items.items[i];
        const struct second_answer *answer = &suspects->answers[i];
        if (unit->part || answer->found < sure || answer->nearest == UINT32_MAX) continue;
        check->children[unit->person].found |= check->says[answer->nearest] & CHECK_IN_SCHOOL;
    }
}

/* Where two units are one child, one stands for both and brings the other's records along, so that
 * what either says of the child counts. */
static void join_doubles(struct check *check, struct suspects *suspects, bool *missing)
{
    size_t count = suspects->units.items.count;
    struct unit *units = suspects->units.items.items;
    uint32_t *same_as = arena_array(check->arena, uint32_t, count);
    check_find_doubles(check, units, missing, count, same_as);
    for (size_t i = 0; i < count; i++) {
        size_t whole = same_as[i];
        while (same_as[whole] != whole) whole = same_as[whole];
        if (whole == i) continue;
        struct unit *unit = &units[whole];
        uint32_t *records = arena_array(check->arena, uint32_t, unit->count + units[i].count);
        memcpy(records, unit->records, unit->count * sizeof *records);
        memcpy(records + unit->count, units[i].records, units[i].count * sizeof *records);
        unit->records = records;
        unit->count += units[i].count;
        missing[i] = false;
        double of_age = check_chance_of_age(check, unit);
        if (of_age > suspects->of_age[whole]) suspects->of_age[whole] = of_age;
    }
}

void check_not_enrolled(struct check *check)
{
    struct suspects suspects = {0};
    struct unreported unreported;
    struct away away;
    if (!check->has[SAYS_EXPECTED]) return;
    find_suspects(check, &suspects);
    const struct unit *units = suspects.units.items.items;
    size_t count = suspects.units.items.count;
    bool *missing = arena_array(check->arena, bool, count);
    for (size_t i = 0; i < count; i++) {
        missing[i] = suspects.answers[i].found < 0.5 && suspects.of_age[i] > 0.5;
    }
    check_unreported_areas(check, units, missing, count, &unreported);
    for (size_t i = 0; i < count; i++) {
        bool gap = missing[i] && unreported.persons[units[i].person];
        check->unreported[units[i].person] |= gap;
        missing[i] &= !gap;
    }
    take_found(check, &suspects);
    join_doubles(check, &suspects, missing);
    find_families_away(check, &away);
    for (size_t i = 0; i < count; i++) {
        if (missing[i]) add_suspect(check, &away, &suspects, i);
    }
}
