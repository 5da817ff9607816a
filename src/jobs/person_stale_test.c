#include "jobs/person_facts.h"
#include "jobs/person_testing.h"

/* What a check left is used as long as it is true of the workspace, and no longer: another text of
 * the policy, other boundaries, what an older program left, a clock that was set back, a backup
 * that was brought back. Each question is asked of what is kept and of a check. */

static const char at[] = "2020-09-15";

enum { DAY_MS = 86400000, ASKED = 6 };

/* Which questions about somebody are answered without everybody. */
enum { QUICK_PERSON = 1, QUICK_AID = 2, QUICK_BOTH = 3 };

static bool find_number(void *context, const struct people *people, uint32_t *person,
                        struct err *err)
{
    size_t place = people_find(people, *(const int64_t *)context);
    if (place == SIZE_MAX) return err_set(err, ERR_NOT_FOUND, "nobody", "没有");
    *person = (uint32_t)place;
    return true;
}

static struct read_at now_of(struct place *place)
{
    struct read_at when = {.at = place_day(at)};
    struct err err = ERR_INIT;
    assert_true(registry_now(&place->workspace.registry, &when.known_ms, &err));
    return when;
}

/* Aid first, for it leaves nothing behind. */
static int quick(struct place *place, int64_t number)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct person_told told;
    struct aid_rules rules;
    struct aid_run aid;
    bool by_index = false;
    const struct asker *local = &place->world->local;
    struct workspace *workspace = &place->workspace;
    const struct facts_question facts = {.when = now_of(place), .now = true, .person = number};
    const struct person_question question = {.when = facts.when,
                                             .now = true,
                                             .wanted = {.number = number},
                                             .find = find_number,
                                             .context = &number};
    assert_true(job_rules(workspace, &arena, &rules, &err));
    if (!job_facts_of_person(workspace, &arena, local, &facts, &rules, NULL, &aid, &by_index, &err)
        || !job_person_told(workspace, &arena, local, &question, NULL, &told, &err)) {
        fail_msg("%s", err.en);
    }
    int found = (told.by_index ? QUICK_PERSON : 0) | (by_index ? QUICK_AID : 0);
    arena_free(&arena);
    return found;
}

/* Some persons by what is kept and by a check: the same. */
static void compare_some(struct place *place)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct check_run run;
    struct str got[ASKED + 1];
    const struct asker *local = &place->world->local;
    for (int64_t number = 1; number <= ASKED; number++) {
        struct person_told told;
        const struct person_question question = {.when = now_of(place),
                                                 .now = true,
                                                 .wanted = {.number = number},
                                                 .find = find_number,
                                                 .context = &number};
        if (!job_person_told(&place->workspace, &arena, local, &question, NULL, &told, &err)) {
            fail_msg("%s", err.en);
        }
        assert_true(told.by_index);
        got[number] = place_print_told(&arena, &told);
    }
    assert_true(job_check(&place->workspace, &arena, local, now_of(place), NULL, &run, &err));
    for (int64_t number = 1; number <= ASKED; number++) {
        struct person_told told;
        size_t person = people_find(&run.people, number);
        assert_true(person != SIZE_MAX);
        job_person_of_check(&arena, &run, (uint32_t)person, &told);
        assert_str_is(place_print_told(&arena, &told), got[number].ptr);
    }
    arena_free(&arena);
}

/* A town of which a check left what it found. */
static struct place checked_place(void **state, uint64_t seed)
{
    struct place place = place_open(state, seed);
    place_load(state, &place, "2020-09-01", FAMILIES);
    assert_int_equal(quick(&place, 1), 0);
    assert_int_equal(quick(&place, 1), QUICK_BOTH);
    return place;
}

/* Aid is decided by a policy that says one word more, and kept. */
static void decide_by_another_text(struct place *place)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct aid_rules rules;
    struct aid_run run;
    struct award_saved saved;
    struct award_kinds kinds;
    struct workspace *workspace = &place->workspace;
    const struct asker *local = &place->world->local;
    const struct read_at when = now_of(place);
    assert_true(job_rules(workspace, &arena, &rules, &err));
    assert_true(job_facts(workspace, &arena, local, when, &rules, NULL, &run, &err));
    struct policy_source *sources =
        arena_copy(&arena, rules.sources, rules.source_count * sizeof *sources);
    struct text text;
    text_init(&text, &arena, 1 << 20);
    text_add(&text, sources[0].text);
    text_add_c(&text, "\n# another\n");
    sources[0].text = text_str(&text);
    rules.sources = sources;
    const struct policy_decide_options options = {.subject = run.facts.subject, .at = run.facts.at};
    award_decide_kinds(&arena, policy_compile(&arena, rules.policy, &options), &run.facts.rows,
                       &run.facts.open, 1, &kinds);
    assert_true(
        job_award_save(workspace, local, &rules, &run, &kinds, when.known_ms, &saved, &err));
    assert_true(saved.run > 0);
    arena_free(&arena);
}

/* The policy of a question that was asked at a moment. */
static bool is_todays_policy(struct place *place, int64_t known_ms)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct aid_rules today, then;
    assert_true(job_rules(&place->workspace, &arena, &today, &err));
    assert_true(job_rules_known(&place->workspace, &arena, known_ms, &then, &err));
    bool same = memcmp(today.policy->hash, then.policy->hash, sizeof then.policy->hash) == 0;
    arena_free(&arena);
    return same;
}

/* Aid was decided by an older text; the one in force is another. Who asks now is answered by that
 * in force, also where the clock goes on between the question and the look at the rules. */
static void a_changed_policy_file(void **state)
{
    struct place place = checked_place(state, 41);
    const int64_t opened_ms = clock_now_ms(&place.workspace.clock);
    decide_by_another_text(&place);
    place.workspace.opened_ms = opened_ms + 5;
    place.workspace.registry.clock = clock_fixed(opened_ms + 20);
    assert_true(is_todays_policy(&place, opened_ms + 20));
    assert_true(is_todays_policy(&place, opened_ms + 10));
    assert_false(is_todays_policy(&place, opened_ms + 1));
    /* By which rules aid was decided is a part of what findings rest on; facts have their own. */
    assert_int_equal(quick(&place, 1), QUICK_AID);
    assert_int_equal(quick(&place, 1), QUICK_BOTH);
    compare_some(&place);
    /* A folder of texts may change at any time. */
    place.workspace.registry.policies = "policies";
    assert_int_equal(quick(&place, 1), 0);
    assert_int_equal(quick(&place, 1), 0);
    world_close(place.world);
}

/* Where a village lies is told by a register; what was loaded keeps the area it had. */
static void changed_boundaries(void **state)
{
    struct place place = checked_place(state, 42);
    struct load_result result = world_load(
        state, place.world,
        "villages,2020-09-10\nvillage,area_code,area\n北山村,620422101200,620422101200\n",
        world_options());
    assert_int_equal(result.status, LOAD_LOADED);
    assert_int_equal(quick(&place, 1), 0);
    assert_int_equal(quick(&place, 1), QUICK_BOTH);
    compare_some(&place);
    result = world_load(state, place.world,
                        "villages,2020-09-12\nvillage,area_code,area\n"
                        "北山村,620422100200,620422100200\n",
                        world_options());
    assert_int_equal(result.status, LOAD_LOADED);
    assert_int_equal(quick(&place, 1), 0);
    compare_some(&place);
    world_close(place.world);
}

/* Another release kept the same tables of the same state: what rests on its texts is not used, and
 * nothing of it is mixed with what this one keeps. */
static void what_an_older_program_left(void **state)
{
    static const struct {
        const char *sql;
        int left; /* what is still answered from the rest */
    } cases[] = {
        {"UPDATE near_run SET rests = '18520 4 0123456789abcdef 1'", 0},
        {"UPDATE told_run SET rests = replace(rests, ' ', ' 0')", QUICK_AID},
        {"UPDATE fact_run SET rests = replace(rests, ' ', ' 0')", QUICK_PERSON},
        {"DELETE FROM told_run", QUICK_AID},
        {"DELETE FROM fact_run; DELETE FROM fact_part", QUICK_PERSON},
        {"DELETE FROM near_run; DELETE FROM near_part; DELETE FROM near_kin", 0},
    };
    struct place place = checked_place(state, 43);
    struct err err = ERR_INIT;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct check_run run;
        if (!store_exec_literal(place.world->registry.store, cases[i].sql, &err)) {
            fail_msg("%s: %s", cases[i].sql, err.en);
        }
        assert_int_equal(quick(&place, 1), cases[i].left);
        assert_true(job_check(&place.workspace, &arena, &place.world->local, now_of(&place), NULL,
                              &run, &err));
        assert_int_equal(quick(&place, 1), QUICK_BOTH);
        arena_free(&arena);
    }
    compare_some(&place);
    world_close(place.world);
}

/* What is known is told by the order of what happened, not by the clock. */
static void a_clock_set_back(void **state)
{
    struct place place = checked_place(state, 7);
    const int64_t then_ms = clock_now_ms(&place.workspace.clock) - 30 * (int64_t)DAY_MS;
    place.workspace.clock = place.workspace.registry.clock = clock_fixed(then_ms);
    place.world->registry.clock = place.workspace.clock;
    assert_int_equal(quick(&place, 1), QUICK_BOTH);
    compare_some(&place);
    assert_true(place_decide(&place, at) > 0);
    assert_int_equal(quick(&place, 1), 0);
    assert_int_equal(quick(&place, 1), QUICK_BOTH);
    compare_some(&place);
    place_load(state, &place, "2020-09-10", 3);
    assert_int_equal(quick(&place, 1), 0);
    compare_some(&place);
    world_close(place.world);
}

/* Another program at a copy of the workspace. */
static struct place open_copy(const struct place *place, const char *path)
{
    struct place copy = *place;
    struct err err = ERR_INIT;
    struct store *store = NULL;
    assert_true(store_open(&store, path, STORE_WRITE, &err));
    copy.workspace.store = store;
    copy.workspace.registry.store = store;
    return copy;
}

/* A backup is a workspace of its own state: what it keeps is true of it, and not of what the other
 * became since, though numbers are given alike in both. */
static void a_restored_backup(void **state)
{
    struct place place = checked_place(state, 45);
    struct err err = ERR_INIT;
    struct world *world = place.world;
    const char *path = test_path_fresh(state);
    assert_true(store_backup(world->registry.store, path, &err));
    place_load(state, &place, "2020-09-10", 3);
    assert_int_equal(quick(&place, 1), 0);
    struct place copy = open_copy(&place, path);
    assert_int_equal(quick(&copy, 1), QUICK_BOTH);
    compare_some(&copy);
    /* As many files as the other has, and other files. */
    struct store *first = world->registry.store;
    world->registry.store = copy.workspace.store;
    place_load(state, &copy, "2020-09-11", 5);
    assert_int_equal(quick(&copy, 1), 0);
    assert_int_equal(quick(&copy, 1), QUICK_BOTH);
    compare_some(&copy);
    world->registry.store = first;
    assert_int_equal(quick(&place, 1), QUICK_BOTH);
    compare_some(&place);
    store_close(copy.workspace.store);
    world_close(place.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_changed_policy_file),      cmocka_unit_test(changed_boundaries),
        cmocka_unit_test(what_an_older_program_left), cmocka_unit_test(a_clock_set_back),
        cmocka_unit_test(a_restored_backup),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
