#include "cases/household.h"

#include "base/dict.h"
#include "base/list.h"

enum { COUNTY_DIGITS = 6, GUARDIAN_FIELDS = 3 };

static const enum person_field guardian_fields[GUARDIAN_FIELDS] = {
    PERSON_GUARDIAN_ID, PERSON_GUARDIAN2_ID, PERSON_HEAD_ID};

static bool same_county(const struct people *people, uint32_t a, uint32_t b)
{
    struct str x = people_text(people, a, PERSON_AREA), y = people_text(people, b, PERSON_AREA);
    return str_equal(str_slice(x, 0, COUNTY_DIGITS), str_slice(y, 0, COUNTY_DIGITS));
}

static bool same_number(const struct people *people, uint32_t a, uint32_t b)
{
    const struct person_record *x = &people->records[a], *y = &people->records[b];
    uint32_t number = x->values[PERSON_HOUSEHOLD_NUMBER];
    return number != 0 && number == y->values[PERSON_HOUSEHOLD_NUMBER]
           && x->register_number == y->register_number && same_county(people, a, b);
}

/* The numbers stand in dictionaries of their own for each field, so texts are compared. */
static bool same_guardian(const struct people *people, uint32_t a, uint32_t b)
{
    for (int i = 0; i < GUARDIAN_FIELDS; i++) {
        struct str mine = people_text(people, a, guardian_fields[i]);
        for (int k = 0; mine.len > 0 && k < GUARDIAN_FIELDS; k++) {
            if (str_equal(mine, people_text(people, b, guardian_fields[k]))) return true;
        }
    }
    return false;
}

void household_members(struct arena *arena, const struct people *people, uint32_t person,
                       struct household_member **out, size_t *count)
{
    CHECK(person < people->person_count);
    const struct person *mine = &people->persons[person];
    LIST(struct household_member) list = {0};
    for (uint32_t p = 0; p < people->person_count; p++) {
        const struct person *other = &people->persons[p];
        struct household_member member = {.person = p};
        for (uint32_t i = 0; p != person && i < other->count; i++) {
            uint32_t theirs = people->order[other->first + i];
            for (uint32_t k = 0; k < mine->count; k++) {
                uint32_t record = people->order[mine->first + k];
                member.same_number |= same_number(people, record, theirs);
                member.same_guardian |= same_guardian(people, record, theirs);
            }
        }
        if (member.same_number || member.same_guardian) *list_push(arena, &list) = member;
    }
    *out = list.items;
    *count = list.count;
}

enum { KEY_BYTES_MAX = 256, KEYS_MAX = 1 + GUARDIAN_FIELDS };

/* By which texts a record is tied to others: its household's number, its guardians. */
static size_t keys_of(const struct people *people, uint32_t record, struct text keys[KEYS_MAX])
{
    size_t count = 0;
    struct str number = people_text(people, record, PERSON_HOUSEHOLD_NUMBER);
    if (number.len > 0) {
        struct str area = people_text(people, record, PERSON_AREA);
        text_clear(&keys[count]);
        text_add_f(&keys[count++], "%u/%.*s/%.*s",
                   (unsigned)people->records[record].register_number,
                   STR_ARG(str_slice(area, 0, COUNTY_DIGITS)), STR_ARG(number));
    }
    for (int i = 0; i < GUARDIAN_FIELDS; i++) {
        struct str guardian = people_text(people, record, guardian_fields[i]);
        if (guardian.len == 0) continue;
        text_clear(&keys[count]);
        text_add(&keys[count++], guardian);
    }
    return count;
}

/* The two lowest of those asked about who are tied by a text: one is never the other. */
struct tied {
    uint32_t first, second;
};

struct ties {
    struct arena *arena;
    struct dict keys;
    LIST(struct tied) tied; /* by number in keys */
};

static void tie(struct ties *ties, struct str key, uint32_t person)
{
    uint32_t number = dict_put(&ties->keys, key);
    if (number == ties->tied.count) {
        *list_push(ties->arena, &ties->tied) = (struct tied){UINT32_MAX, UINT32_MAX};
    }
    struct tied *tied = &ties->tied.items[number];
    if (tied->first == UINT32_MAX) {
        tied->first = person;
    } else if (tied->first != person && tied->second == UINT32_MAX) {
        tied->second = person;
    }
}

static uint32_t nearest(const struct people *people, const struct ties *ties, uint32_t person,
                        struct text keys[KEYS_MAX])
{
    const struct person *mine = &people->persons[person];
    uint32_t best = UINT32_MAX;
    for (uint32_t i = 0; i < mine->count; i++) {
        size_t count = keys_of(people, people->order[mine->first + i], keys);
        for (size_t k = 0; k < count; k++) {
            uint32_t number = dict_find(&ties->keys, text_str(&keys[k]));
            if (number == DICT_NONE) continue;
            const struct tied *tied = &ties->tied.items[number];
            uint32_t other = tied->first == person ? tied->second : tied->first;
            if (other < best) best = other;
        }
    }
    return best;
}

void household_around(const struct people *people, const bool *of, uint32_t *out)
{
    struct arena arena = {0};
    struct ties ties = {.arena = &arena};
    struct text keys[KEYS_MAX];
    dict_init(&ties.keys, &arena);
    for (int i = 0; i < KEYS_MAX; i++) text_init(&keys[i], &arena, KEY_BYTES_MAX);
    for (uint32_t p = 0; p < people->person_count; p++) {
        const struct person *person = &people->persons[p];
        for (uint32_t i = 0; of[p] && i < person->count; i++) {
            size_t count = keys_of(people, people->order[person->first + i], keys);
            for (size_t k = 0; k < count; k++) tie(&ties, text_str(&keys[k]), p);
        }
    }
    for (uint32_t p = 0; p < people->person_count; p++) out[p] = nearest(people, &ties, p, keys);
    arena_free(&arena);
}
