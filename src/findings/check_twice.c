#include "findings/check_internal.h"
#include "link/engine.h"

#include <math.h>
#include <stdlib.h>

/* Who is on a roll twice: under one number, or under two. */

enum { ROLLS_MAX = 16 };

static double share_of(const struct check *check, const char *reason)
{
    return (double)rules_reason_permille(check->rules, str_from(reason)) / 1000.0;
}

static bool same_school(const struct people *people, uint32_t a, uint32_t b)
{
    const struct person_record *x = &people->records[a], *y = &people->records[b];
    bool codes = x->values[PERSON_SCHOOL_CODE] != 0 && y->values[PERSON_SCHOOL_CODE] != 0;
    if (codes) return x->values[PERSON_SCHOOL_CODE] == y->values[PERSON_SCHOOL_CODE];
    return x->values[PERSON_SCHOOL_NAME] == y->values[PERSON_SCHOOL_NAME];
}

static void add_twice(struct check *check, uint32_t person, const uint32_t *rolls, size_t count)
{
    const struct people *people = check->people;
    size_t second = 1;
    while (second < count && same_school(people, rolls[0], rolls[second])) second++;
    bool two = second < count;
    if (!two) second = 1;
    const char *why = two ? "two_rolls" : "two_records";
    int32_t weight = weigher_pair(check->weigher, rolls[0], rolls[second]);
    double joined = (double)link_probability_ppm(weight - 12000) / 1000000.0;
    struct unit unit = check_whole(check, person);
    struct finding *finding =
        check_add(check, FINDING_ENROLLED_TWICE, &unit, joined * share_of(check, why));
    if (finding == NULL) return;
    finding->queue = QUEUE_FIX_DATA;
    finding->nearest = rolls[second];
    finding->nearest_weight_millibits = weight;
    finding->nearest_probability_ppm = (uint32_t)(joined * 1000000);
    finding->school = people_text(people, rolls[0], PERSON_SCHOOL_NAME);
    struct text key;
    text_init(&key, check->arena, 512);
    text_add(&key, finding->school);
    if (two) text_add_byte(&key, '/');
    if (two) text_add(&key, people_text(people, rolls[second], PERSON_SCHOOL_NAME));
    finding->key = text_str(&key);
    check_add_reason(check, finding, why);
}

static void find_joined(struct check *check)
{
    const struct people *people = check->people;
    for (uint32_t p = 0; p < people->person_count; p++) {
        const struct person *person = &people->persons[p];
        uint32_t rolls[ROLLS_MAX];
        size_t count = 0;
        if ((check->children[p].says & SAYS(SAYS_ENROLLED)) == 0) continue;
        for (uint32_t i = 0; i < person->count && count < ROLLS_MAX; i++) {
            uint32_t record = people->order[person->first + i];
            if ((check->says[record] & SAYS(SAYS_ENROLLED)) != 0) rolls[count++] = record;
        }
        if (count > 1) add_twice(check, p, rolls, count);
    }
}

/* Rolls of pupils who may be one child under two numbers share a day of birth and a guardian or the
 * name. */
struct entry {
    uint64_t key;
    uint32_t record;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return x->record < y->record ? -1 : x->record > y->record;
}

struct roll_entries {
    LIST(struct entry) items;
    double pupils;
};

static void collect_rolls(const struct check *check, struct arena *work,
                          struct roll_entries *entries)
{
    static const enum person_field shared[] = {PERSON_NAME, PERSON_GUARDIAN_NAME,
                                               PERSON_GUARDIAN_ID};
    const struct people *people = check->people;
    for (uint32_t i = 0; i < people->record_count; i++) {
        const struct person_record *record = &people->records[i];
        if ((check->says[i] & SAYS(SAYS_ENROLLED)) == 0 || day_is_none(record->birth)) continue;
        if (!check->children[record->person].compulsory_roll) continue;
        entries->pupils++;
        for (size_t f = 0; f < sizeof shared / sizeof *shared; f++) {
            uint32_t text = record->values[shared[f]];
            if (text == 0) continue;
            uint64_t hash = people->texts[shared[f]].hashes[text];
            uint64_t key = u64_mix(u64_mix(hash + f) ^ (uint64_t)(uint32_t)record->birth.days);
            *list_push(work, &entries->items) = (struct entry){key, i};
        }
    }
}

uint32_t check_own_number(const struct check *check, uint32_t person)
{
    struct unit unit = check_whole(check, person);
    for (uint32_t i = 0; i < unit.count; i++) {
        const struct person_record *record = &check->people->records[unit.records[i]];
        bool resident = (check->says[unit.records[i]] & SAYS(SAYS_EXPECTED)) != 0;
        if (resident && record->id_kind == PERSON_ID_OWN) return record->values[PERSON_ID_NUMBER];
    }
    return 0;
}

/* Names by which one child may stand on two rolls; those of twins differ by a character that sounds
 * otherwise. */
static bool names_agree(uint8_t name)
{
    return name <= WEIGH_NAME_ALIKE || name == WEIGH_NAME_PART;
}

/* Few pupils have a second roll under another number: of so many, and among as many others. Of
 * children whose family lives here nine in ten are registered, so where only one of the two is, the
 * other is the less likely to be a twin. */
static const double share_under_two_numbers = 0.003, one_registered = 10;

static double chance_of_one(const struct check *check, uint32_t a, uint32_t b, double pupils,
                            int32_t *weight)
{
    const struct people *people = check->people;
    uint32_t person_a = people->records[a].person, person_b = people->records[b].person;
    struct weigh_levels levels = weigher_levels(check->weigher, a, b);
    if (!names_agree(levels.name) || levels.birth > WEIGH_BIRTH_SLIP) return 0;
    uint32_t own_a = check_own_number(check, person_a), own_b = check_own_number(check, person_b);
    if (own_a != 0 && own_b != 0 && own_a != own_b) return 0;
    /* That two valid numbers differ is what is asked about, and says nothing. */
    if (levels.id == WEIGH_ID_OTHER) levels.id = WEIGH_ID_MISSING;
    /* Nor does it that the schools do. */
    if (levels.school == WEIGH_SCHOOL_OTHER) levels.school = WEIGH_SCHOOL_MISSING;
    *weight = weigher_of_levels(check->weigher, levels, a, b);
    double odds = exp2(*weight / 1000.0) * share_under_two_numbers / pupils;
    if ((own_a == 0) != (own_b == 0)) odds *= one_registered;
    return odds / (1 + odds);
}

static void add_under_two_numbers(struct check *check, uint32_t a, uint32_t b, double chance,
                                  int32_t weight)
{
    static const char why[] = "two_numbers";
    const struct people *people = check->people;
    struct unit unit = check_whole(check, people->records[a].person);
    struct finding *finding =
        check_add(check, FINDING_ENROLLED_TWICE, &unit, chance * share_of(check, why));
    if (finding == NULL) return;
    finding->queue = QUEUE_FIX_DATA;
    finding->nearest = b;
    finding->nearest_weight_millibits = weight;
    finding->nearest_probability_ppm = (uint32_t)(chance * 1000000);
    finding->school = people_text(people, a, PERSON_SCHOOL_NAME);
    struct text key;
    text_init(&key, check->arena, 512);
    text_add(&key, finding->school);
    text_add_byte(&key, '+');
    text_add(&key, people_text(people, b, PERSON_SCHOOL_NAME));
    finding->key = text_str(&key);
    check_add_reason(check, finding, why);
}

/* Each pair of persons once, at the first pair of rolls that brings them together. */
static bool is_new_pair(struct u64_map *seen, uint32_t a, uint32_t b)
{
    uint64_t pair = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
    if (u64_map_find(seen, pair) != DICT_NONE) return false;
    u64_map_put(seen, pair, 1);
    return true;
}

static void find_under_two_numbers(struct check *check)
{
    enum { BLOCK_MAX = 40 };
    const struct people *people = check->people;
    struct arena work = {0};
    struct roll_entries entries = {0};
    struct u64_map seen;
    u64_map_init(&seen, &work);
    collect_rolls(check, &work, &entries);
    size_t count = entries.items.count;
    struct entry *items = entries.items.items;
    if (count > 1) qsort(items, count, sizeof *items, compare_entries);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count && j < i + BLOCK_MAX; j++) {
            if (items[j].key != items[i].key) break;
            uint32_t a = items[i].record, b = items[j].record;
            uint32_t person_a = people->records[a].person, person_b = people->records[b].person;
            int32_t weight = 0;
            if (person_a == person_b || !is_new_pair(&seen, person_a, person_b)) continue;
            double chance = chance_of_one(check, a, b, entries.pupils, &weight);
            if (chance > 0) add_under_two_numbers(check, a, b, chance, weight);
        }
    }
    arena_free(&work);
}

void check_enrolled_twice(struct check *check)
{
    find_joined(check);
    find_under_two_numbers(check);
}
