#include "jobs/person_facts.h"

#include "awards/explained.h"
#include "jobs/person_testing.h"

/* On random small towns, for every person: what is known for aid, what of it is explained and from
 * which rows, and the risk of leaving school are the same whether they are made of that person's
 * rows and of what a check left, or of everybody's rows. */

enum { PRINT_BYTES_MAX = 1 << 22 };

/* What was met of each, so that it was tried. */
struct met {
    size_t students, others, households, silent, unsent, risks, siblings;
};

struct sides {
    struct place *place;
    struct read_at when;
    struct aid_rules rules;
    struct casework work;
    struct arena arena; /* of everybody */
    struct aid_run all;
    struct risk_list risks;
    struct met met;
};

static struct facts_question question_of(const struct sides *sides, int64_t person)
{
    return (struct facts_question){.when = sides->when, .now = true, .person = person};
}

static void print_sources(struct sides *sides, struct arena *arena, const struct aid_run *run,
                          size_t row, struct award_sources *sources, struct text *text)
{
    struct err err = ERR_INIT;
    const struct policy *policy = run->facts.policy;
    assert_true(award_sources_find(&sides->place->workspace.registry, arena,
                                   &sides->place->world->local, &run->facts, row, sources, &err));
    for (uint16_t i = 0; i < policy->input_count; i++) {
        const struct policy_column *column = &run->facts.rows.columns[i];
        if (column->states == NULL) continue;
        size_t at = policy_place_in(&run->facts.rows, i, row);
        text_add_f(text, "\n%.*s %d %lld", STR_ARG(policy->inputs[i].name.key), column->states[at],
                   (long long)column->values[at]);
        for (size_t s = 0; s < sources->counts[i]; s++) {
            const struct award_stated *stated = &sources->items[i][s];
            sides->met.households += stated->source.of_household;
            sides->met.silent += stated->source.kind == FACT_SILENT;
            sides->met.unsent += stated->source.kind == FACT_NOT_SENT;
            text_add_c(text, "; ");
            text_add(text, award_source_text(arena, sources, i, stated, LANG_ZH));
        }
    }
}

/* All that is known of a person, and all schemes explained; "none" of who is no student. */
static struct str print_facts(struct sides *sides, struct arena *arena, const struct aid_run *run,
                              int64_t person, bool explained)
{
    struct text text;
    struct award_sources sources;
    const struct facts *facts = &run->facts;
    size_t row = facts_row_of(facts, person);
    if (row == SIZE_MAX) return STR("none");
    text_init(&text, arena, PRINT_BYTES_MAX);
    struct str school = dict_text(&facts->school_texts, facts->schools[row]);
    text_add_f(&text, "%.*s %.*s; %.*s, %.*s at %.*s; %llx", STR_ARG(run->rows.ids[row]),
               STR_ARG(run->rows.names[row]), STR_ARG(facts->areas[row]), STR_ARG(school),
               STR_ARG(facts->school_areas[row]), (unsigned long long)facts->open.masks[row]);
    print_sources(sides, arena, run, row, &sources, &text);
    for (uint16_t s = 0; explained && s < facts->policy->scheme_count; s++) {
        struct award_explained one;
        bool concerned = false;
        if (facts->policy->schemes[s].subject != facts->subject
            || facts->policy->schemes[s].form == POLICY_DECLARED) {
            continue;
        }
        award_explain(arena, facts->policy, &run->rows, row, s, facts->at, &concerned, &one);
        if (!concerned) continue;
        one.sources = &sources;
        award_explained_lines(arena, &one, LANG_ZH, &text);
    }
    CHECK(!text.cut);
    return text_str(&text);
}

static struct str print_risk(struct sides *sides, struct arena *arena, const struct risk_list *list,
                             int64_t person)
{
    struct text text;
    text_init(&text, arena, PRINT_BYTES_MAX);
    for (size_t i = 0; i < list->count; i++) {
        const struct risk_child *child = &list->children[i];
        const struct people *people = list->facts->people;
        struct risk_reason *reasons;
        size_t count;
        if (people->persons[child->person].number != person) continue;
        text_add_f(&text, "%lld %x", (long long)child->points, child->unknown);
        risk_reasons(arena, &list->text, list->facts, &list->known, child, &reasons, &count);
        for (size_t r = 0; r < count; r++) {
            sides->met.siblings += reasons[r].person != UINT32_MAX;
            text_add_c(&text, "; ");
            text_add(&text, risk_reason_key(arena, list->facts, &reasons[r]));
            text_add(&text, risk_reason_words(arena, list->facts, &reasons[r], LANG_ZH));
        }
    }
    return text_str(&text);
}

static void compare_person(struct sides *sides, int64_t person, bool explained)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct aid_run one;
    struct risk_list risk;
    bool by_index = false;
    struct workspace *workspace = &sides->place->workspace;
    const struct asker *local = &sides->place->world->local;
    const struct facts_question question = question_of(sides, person);
    if (!job_facts_of_person(workspace, &arena, local, &question, &sides->rules, NULL, &one,
                             &by_index, &err)) {
        fail_msg("%s", err.en);
    }
    assert_true(by_index);
    struct str got = print_facts(sides, &arena, &one, person, explained);
    struct str want = print_facts(sides, &arena, &sides->all, person, explained);
    assert_str_is(got, want.ptr);
    bool student = !str_is(want, "none");
    sides->met.students += student;
    sides->met.others += !student;
    assert_true(job_risk_of_person(workspace, &arena, local, &question, &sides->work, NULL, &risk,
                                   &by_index, &err));
    assert_true(by_index);
    got = print_risk(sides, &arena, &risk, person);
    want = print_risk(sides, &arena, &sides->risks, person);
    assert_str_is(got, want.ptr);
    sides->met.risks += want.len > 0;
    arena_free(&arena);
}

static void check(struct place *place, struct read_at when)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct check_run run;
    assert_true(job_check(&place->workspace, &arena, &place->world->local, when, NULL, &run, &err));
    arena_free(&arena);
}

static void read_all(struct sides *sides)
{
    struct err err = ERR_INIT;
    struct workspace *workspace = &sides->place->workspace;
    const struct asker *local = &sides->place->world->local;
    assert_true(job_rules(workspace, &sides->arena, &sides->rules, &err));
    assert_true(casework_open(&sides->work, &sides->arena, &workspace->registry,
                              &workspace->procedures, &workspace->chains, sides->when, &err));
    if (!job_facts(workspace, &sides->arena, local, sides->when, &sides->rules, NULL, &sides->all,
                   &err)
        || !job_risk(workspace, &sides->arena, local, sides->when, &sides->work, NULL,
                     &sides->risks, &err)) {
        fail_msg("%s", err.en);
    }
}

/* Every person of a day both ways; every `nth` student's schemes are explained. */
static void compare_all(struct place *place, const char *at, size_t nth, struct met *met)
{
    struct sides sides = {.place = place, .when = {place_day(at), INT64_MAX}, .met = *met};
    check(place, sides.when);
    read_all(&sides);
    const struct people *people = &sides.all.people;
    for (size_t p = 0; p < people->person_count; p++) {
        compare_person(&sides, people->persons[p].number, p % nth == 0);
    }
    compare_person(&sides, people->persons[people->person_count - 1].number + 1, false);
    *met = sides.met;
    arena_free(&sides.arena);
}

static void town_of(void **state, uint64_t seed, struct met *met)
{
    struct place place = place_open(state, seed);
    place_load(state, &place, "2020-09-01", FAMILIES);
    compare_all(&place, "2020-09-15", 5, met);
    (void)place_decide(&place, "2020-09-15");
    compare_all(&place, "2020-09-15", 7, met);
    place_load(state, &place, "2020-10-01", FAMILIES / 2);
    compare_all(&place, "2020-10-15", 3, met);
    world_close(place.world);
}

static void the_same_for_everybody(void **state)
{
    const uint64_t seeds = getenv("BAOXUE_TEST_FEW") != NULL ? 1 : 4;
    struct met met = {0};
    for (uint64_t seed = 21; seed < 21 + seeds; seed++) town_of(state, seed, &met);
    assert_true(met.students > 0 && met.others > 0 && met.households > 0);
    assert_true(met.silent > 0 && met.unsent > 0);
    assert_true(met.risks > 0 && met.siblings > 0);
}

/* Whether somebody's facts are made without those of all, by these rules. */
static bool by_index(struct place *place, const struct asker *asker, const struct aid_rules *rules,
                     const char *at)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct aid_run one;
    bool found = false;
    const struct facts_question question = {
        .when = {place_day(at), INT64_MAX}, .now = true, .person = 3};
    if (!job_facts_of_person(&place->workspace, &arena, asker, &question, rules, NULL, &one, &found,
                             &err)) {
        fail_msg("%s", err.en);
    }
    assert_true(!found || one.facts.rows.count <= 1);
    arena_free(&arena);
    return found;
}

static void other_rules_ask_for_all(void **state)
{
    struct place place = place_open(state, 31);
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct aid_rules rules;
    const struct asker *local = &place.world->local;
    const char *at = "2020-09-15";
    place_load(state, &place, "2020-09-01", FAMILIES / 2);
    assert_true(job_rules(&place.workspace, &arena, &rules, &err));
    assert_false(by_index(&place, local, &rules, at)); /* nothing is kept */
    check(&place, (struct read_at){place_day(at), INT64_MAX});
    assert_true(by_index(&place, local, &rules, at));
    struct policy policy = *rules.policy;
    struct facts_text text = *rules.text;
    policy.hash[0] ^= 1;
    text.source = STR("# another");
    assert_false(by_index(&place, local, &(struct aid_rules){&policy, rules.text, NULL, 0}, at));
    assert_false(by_index(&place, local, &(struct aid_rules){rules.policy, &text, NULL, 0}, at));
    assert_true(by_index(&place, local, &rules, at));
    arena_free(&arena);
    world_close(place.world);
}

static void what_changed_asks_for_all(void **state)
{
    struct place place = place_open(state, 32);
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct aid_rules rules;
    const struct asker *local = &place.world->local;
    const char *at = "2020-09-15", *later = "2020-09-20";
    const struct read_at when = {place_day(at), INT64_MAX};
    place_load(state, &place, "2020-09-01", FAMILIES / 2);
    assert_true(job_rules(&place.workspace, &arena, &rules, &err));
    check(&place, when);
    assert_true(by_index(&place, local, &rules, at));
    assert_false(by_index(&place, local, &rules, later)); /* which links anew */
    assert_false(by_index(&place, local, &rules, at));
    check(&place, when);
    assert_true(by_index(&place, local, &rules, at));
    assert_true(place_decide(&place, at) > 0);
    assert_false(by_index(&place, local, &rules, at));
    check(&place, when);
    assert_true(by_index(&place, local, &rules, at));
    place_load(state, &place, "2020-09-10", 3);
    assert_false(by_index(&place, local, &rules, at));
    arena_free(&arena);
    world_close(place.world);
}

/* What cannot be opened is no reason to answer nothing, and the next check makes it anew. */
static void what_is_damaged_is_made_anew(void **state)
{
    struct place place = place_open(state, 33);
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct aid_rules rules;
    struct store *store = place.world->registry.store;
    const struct asker *local = &place.world->local;
    const char *at = "2020-09-15";
    const struct read_at when = {place_day(at), INT64_MAX};
    place_load(state, &place, "2020-09-01", FAMILIES / 2);
    assert_true(job_rules(&place.workspace, &arena, &rules, &err));
    check(&place, when);
    assert_true(store_exec(store, "UPDATE fact_part SET sealed = zeroblob(64)", &err));
    assert_false(by_index(&place, local, &rules, at));
    check(&place, when);
    assert_true(by_index(&place, local, &rules, at));
    assert_true(store_exec(store, "UPDATE near_kin SET sealed = zeroblob(64)", &err));
    assert_false(by_index(&place, local, &rules, at));
    check(&place, when);
    assert_true(by_index(&place, local, &rules, at));
    arena_free(&arena);
    world_close(place.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_same_for_everybody),
                                       cmocka_unit_test(other_rules_ask_for_all),
                                       cmocka_unit_test(what_changed_asks_for_all),
                                       cmocka_unit_test(what_is_damaged_is_made_anew)};
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
