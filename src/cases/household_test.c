#include "cases/household.h"

#include "base/rng.h"
#include "base/testing.h"

#include <stdio.h>

/* Households of everybody at once, against each asked about by itself. */

enum { PERSONS = 40, RECORDS_MAX = 3, SEEDS = 300, NUMBERS = 12, GUARDIANS = 10 };

static void say(struct people *people, struct person_record *record, enum person_field field,
                const char *kind, uint32_t number)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%s%u", kind, (unsigned)number);
    record->values[field] = dict_put(&people->texts[field], str_from(text));
}

static void make(struct people *people, struct arena *arena, struct rng *rng)
{
    static const char *const counties[] = {"620422101", "620422102", "620421100"};
    static const enum person_field guardians[] = {PERSON_GUARDIAN_ID, PERSON_GUARDIAN2_ID,
                                                  PERSON_HEAD_ID};
    *people = (struct people){.arena = arena};
    people->persons = arena_array(arena, struct person, PERSONS);
    people->records = arena_array(arena, struct person_record, PERSONS * RECORDS_MAX);
    people->order = arena_array(arena, uint32_t, PERSONS * RECORDS_MAX);
    for (int f = 0; f < PERSON_FIELD_COUNT; f++) {
        dict_init(&people->texts[f], arena);
        (void)dict_put(&people->texts[f], STR_EMPTY);
    }
    for (uint32_t p = 0; p < PERSONS; p++) {
        uint32_t count = 1 + rng_below(rng, RECORDS_MAX);
        people->persons[p] = (struct person){p + 1, (uint32_t)people->record_count, count};
        for (uint32_t i = 0; i < count; i++) {
            uint32_t number = (uint32_t)people->record_count++;
            struct person_record *record = &people->records[number];
            people->order[number] = number;
            record->register_number = rng_below(rng, 2);
            say(people, record, PERSON_AREA, counties[rng_below(rng, 3)], rng_below(rng, 3));
            if (rng_below(rng, 3) == 0) {
                say(people, record, PERSON_HOUSEHOLD_NUMBER, "H", rng_below(rng, NUMBERS));
            }
            if (rng_below(rng, 4) == 0) {
                say(people, record, guardians[rng_below(rng, 3)], "G", rng_below(rng, GUARDIANS));
            }
        }
    }
    people->person_count = PERSONS;
}

static void everybody_at_once(void **state)
{
    size_t found = 0, alone = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct arena arena = {0};
        struct rng rng = rng_seed(seed);
        struct people people;
        bool of[PERSONS];
        uint32_t out[PERSONS];
        make(&people, &arena, &rng);
        for (size_t p = 0; p < PERSONS; p++) of[p] = rng_below(&rng, 4) == 0;
        household_around(&people, of, out);
        for (uint32_t p = 0; p < PERSONS; p++) {
            struct household_member *members;
            size_t count;
            uint32_t wanted = UINT32_MAX;
            household_members(&arena, &people, p, &members, &count);
            for (size_t i = 0; i < count; i++) {
                if (of[members[i].person] && members[i].person < wanted) {
                    wanted = members[i].person;
                }
            }
            assert_int_equal(out[p], wanted);
            found += wanted != UINT32_MAX;
            alone += wanted == UINT32_MAX;
        }
        arena_free(&arena);
    }
    assert_true(found > PERSONS * SEEDS / 20);
    assert_true(alone > PERSONS * SEEDS / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(everybody_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
