#include "cases/household.h"

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
