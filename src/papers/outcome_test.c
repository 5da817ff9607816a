#include "papers/outcome.h"

#include "base/testing.h"
#include "base/testing_folder.h"

struct world {
    struct arena arena;
    struct profiles profiles;
    struct procedures procedures;
    struct outcomes outcomes;
};

static int setup(void **state)
{
    struct arena arena = {0};
    struct world *world = arena_new(&arena, struct world);
    struct err err = ERR_INIT;
    world->arena = arena;
    assert_true(profiles_load(&world->profiles, &world->arena, NULL, &err));
    assert_true(procedures_load(&world->procedures, &world->arena, NULL, &err));
    if (!outcomes_load(&world->outcomes, &world->arena, &world->profiles, &world->procedures, NULL,
                       &err)) {
        fail_msg("%s", err.en);
    }
    *state = world;
    return 0;
}

static int teardown(void **state)
{
    struct arena arena = ((struct world *)*state)->arena;
    arena_free(&arena);
    return 0;
}

static uint64_t facts_of(const struct outcomes *outcomes, const char *words)
{
    struct str rest = str_from(words), word;
    uint64_t facts = 0;
    while (str_split(&rest, ' ', &word)) {
        size_t number = 0;
        while (number < outcomes->fact_count && !str_equal(outcomes->facts[number], word)) number++;
        if (number == outcomes->fact_count) fail_msg("no fact is called so: %.*s", STR_ARG(word));
        facts |= 1ull << number;
    }
    return facts;
}

/* Who is dead is closed as dead whatever else is written; a child both at school and said to have
 * gone to work is decided by the school, and looked at by somebody. */
static void test_codes(void **state)
{
    static const struct {
        const char *facts, *code;
    } cases[] = {
        {"dead on_roll attending", "06"},
        {"on_roll attending", "01"},
        {"on_roll attending number_differs", "04"},
        {"on_roll", "01"},
        {"on_roll absent", ""},
        {"on_roll not_listed", ""},
        {"on_roll absent working", "11"},
        {"attending", "02"},
        {"elsewhere_near", "02"},
        {"elsewhere_far", "03"},
        {"elsewhere_far transferred", "03"},
        {"moved_out", "05"},
        {"beyond attending", "07"},
        {"over_age", "07"},
        {"over_age on_roll attending", "01"},
        {"abroad", "08"},
        {"homebound on_roll", "09"},
        {"deferred", "09"},
        {"lost", "10"},
        {"married working", "12"},
        {"weary", "14"},
        {"poor", "16"},
        {"custody", "17"},
        {"alone", "05"},
        {"transferred", ""},
    };
    const struct world *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct outcome_clause *clause =
            outcome_decide(&world->outcomes, facts_of(&world->outcomes, cases[i].facts));
        struct str code = clause == NULL ? STR("") : world->outcomes.codes[clause->code].code;
        if (!str_is(code, cases[i].code)) fail_msg("%s: %.*s", cases[i].facts, STR_ARG(code));
    }
}

/* Out of school without a lawful reason never closes a case, and whatever closes asks for a proof.
 */
static void test_closing(void **state)
{
    const struct world *world = *state;
    for (size_t i = 0; i < world->outcomes.code_count; i++) {
        const struct outcome_code *code = &world->outcomes.codes[i];
        /* Those who are out of school stay open; who is in custody or a special school is not. */
        bool out = str_compare(code->code, STR("10")) >= 0 && !str_is(code->code, "17");
        assert_int_equal(code->closes, !out);
        assert_true(code->proof_count > 0);
    }
}

struct words_case {
    const char *fact, *register_key, *field, *value;
    bool holds;
};

static bool holds(const struct world *world, const struct words_case *c)
{
    const struct outcomes *outcomes = &world->outcomes;
    const struct profile *profile = profile_find(&world->profiles, str_from(c->register_key));
    struct str *values =
        arena_array((struct arena *)&world->arena, struct str, profile->field_count);
    int field = profile_field_number(profile, c->field);
    assert_true(field >= 0);
    values[field] = str_from(c->value);
    for (size_t i = 0; i < outcomes->source_count; i++) {
        const struct outcome_source *source = &outcomes->sources[i];
        if (source->profile != profile) continue;
        if (!str_is(outcomes->facts[source->fact], c->fact)) continue;
        if (outcome_source_holds(source, values, STR("2020-09-15"), STR("甘肃"))) return true;
    }
    return false;
}

static void test_words(void **state)
{
    static const struct words_case cases[] = {
        {"elsewhere_near", "elsewhere", "province", "甘肃省", true},
        {"elsewhere_near", "elsewhere", "province", "宁夏回族自治区", false},
        {"elsewhere_far", "elsewhere", "province", "宁夏回族自治区", true},
        {"elsewhere_far", "elsewhere", "province", "国外", false},
        {"abroad", "elsewhere", "province", "国外", true},
        {"elsewhere_near", "elsewhere", "school_name", "甘肃省兰州市第三小学", true},
        {"elsewhere_unstated", "elsewhere", "school_name", "第三小学", true},
        {"working", "door_survey", "reason", "外出打工", true},
        {"weary", "door_survey", "reason", "厌学在家", true},
        {"working", "door_survey", "reason", "", false},
        {"on_roll", "roll", "status", "", true},
        {"on_roll", "roll", "status", "transferred_out", false},
        {"on_roll", "roll", "stage", "preschool", false},
        {"deferred", "deferred", "to", "2021-08-31", true},
        {"deferred", "deferred", "to", "2020-07", false},
        {"deferred", "deferred", "from", "2020-10-01", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (holds(*state, &cases[i]) == cases[i].holds) continue;
        fail_msg("%s %s=%s", cases[i].fact, cases[i].field, cases[i].value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_closing),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
