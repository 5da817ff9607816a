#include "jobs/person_told.h"

#include "cases/case_write.h"
#include "jobs/person_testing.h"

/* On random small towns, for every person: what is answered from what the last check left is what a
 * check of everybody answers. Families live in households that the population lists with relations
 * alone, names and birthdays repeat, numbers are mistyped, parents name children in cells, people
 * are joined and split by decisions, and records come and go. */

/* Asks for a person by number, as it stands. */
static bool find_number(void *context, const struct people *people, uint32_t *person,
                        struct err *err)
{
    size_t at = people_find(people, *(const int64_t *)context);
    if (at == SIZE_MAX) return err_set(err, ERR_NOT_FOUND, "nobody", "没有");
    *person = (uint32_t)at;
    return true;
}

static bool ask(struct place *place, struct arena *arena, day at, int64_t number,
                struct person_told *out, struct err *err)
{
    const struct person_question question = {.when = {at, INT64_MAX},
                                             .now = true,
                                             .wanted = {.number = number},
                                             .find = find_number,
                                             .context = &number};
    return job_person_told(&place->workspace, arena, &place->world->local, &question, NULL, out,
                           err);
}

static void count_met(struct place *place, const struct person_told *told)
{
    const struct people *people = told->people;
    const struct person *person = &people->persons[told->person];
    bool named = false;
    for (uint32_t i = 0; i < person->count; i++) {
        const struct person_record *record = &people->records[people->order[person->first + i]];
        place->derived += record->kin_derived;
        place->mentioned += record->part > 0;
    }
    for (size_t f = 0; f < told->finding_count; f++) {
        named = named || told->findings[f].nearest_person != 0;
    }
    place->found += told->finding_count;
    place->named += named;
    place->searched += !named && told->nearest != UINT32_MAX;
}

/* Every person as a check tells and as the index does. Gives how many there were. */
static size_t compare_all(struct place *place, const char *at)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct check_run run;
    struct read_at when = {place_day(at), INT64_MAX};
    assert_true(job_check(&place->workspace, &arena, &place->world->local, when, NULL, &run, &err));
    size_t count = run.people.person_count;
    for (size_t p = 0; p < count; p++) {
        struct arena work = {0};
        struct person_told by_index, checked;
        int64_t number = run.people.persons[p].number;
        assert_true(ask(place, &work, when.at, number, &by_index, &err));
        assert_true(by_index.by_index);
        struct str got = place_print_told(&work, &by_index);
        job_person_of_check(&work, &run, (uint32_t)p, &checked);
        struct str want = place_print_told(&work, &checked);
        assert_str_is(got, want.ptr);
        count_met(place, &checked);
        arena_free(&work);
    }
    arena_free(&arena);
    return count;
}

static void town_of(void **state, uint64_t seed)
{
    struct place place = place_open(state, seed);
    place_load(state, &place, "2020-09-01", FAMILIES);
    assert_true(compare_all(&place, "2020-09-15") > FAMILIES);
    (void)place_decide(&place, "2020-09-15");
    (void)compare_all(&place, "2020-09-15");
    place_load(state, &place, "2020-10-01", FAMILIES / 2);
    (void)compare_all(&place, "2020-10-15");
    (void)compare_all(&place, "2020-09-15"); /* a look back */
    assert_true(place.derived > 0 && place.mentioned > 0 && place.found > 0);
    assert_true(place.named > 0 && place.searched > 0);
    world_close(place.world);
}

static void the_same_answer_for_everybody(void **state)
{
    const uint64_t seeds = getenv("BAOXUE_TEST_FEW") != NULL ? 1 : 4;
    for (uint64_t seed = 1; seed <= seeds; seed++) town_of(state, seed);
}

/* Whether the question was answered without a check. */
static bool by_index(struct place *place, const char *at, int64_t number)
{
    struct arena arena = {0};
    struct person_told told;
    struct err err = ERR_INIT;
    if (!ask(place, &arena, place_day(at), number, &told, &err)) fail_msg("%s", err.en);
    bool found = told.by_index;
    arena_free(&arena);
    return found;
}

/* A case of a child, and whose it is. */
static void find_case(struct place *place, int64_t *number, int64_t *person)
{
    struct err err = ERR_INIT;
    struct store_statement *find = NULL;
    assert_true(store_prepare(place->world->registry.store, &find,
                              "SELECT number, person FROM case_file WHERE person > 0 "
                              "ORDER BY number LIMIT 1",
                              &err));
    assert_true(store_step_row(find, &err));
    *number = store_i64(find, 0);
    *person = store_i64(find, 1);
    store_finish(find);
}

static void write_contact(struct place *place, int64_t number)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct casework work;
    size_t conflicts;
    int64_t version;
    struct case_fields fields = {.arena = &arena};
    const struct read_at when = {place_day("2020-09-15"), INT64_MAX};
    case_fields_add(&fields, "way", STR("home"));
    case_fields_add(&fields, "who", STR("父亲"));
    case_fields_add(&fields, "result", STR("undecided"));
    struct case_event event = {.kind = EVENT_CONTACT,
                               .on = place_day("2020-09-16"),
                               .fields = fields.items.items,
                               .field_count = fields.items.count};
    const struct case_write write = {
        .number = number, .seen = CASE_SEEN_ANY, .events = &event, .count = 1};
    assert_true(casework_open(&work, &arena, &place->workspace.registry,
                              &place->workspace.procedures, &place->workspace.chains, when, &err));
    if (!case_write(&work, &arena, &place->world->local, &write, NULL, &conflicts, &version,
                    &err)) {
        fail_msg("%s", err.en);
    }
    arena_free(&arena);
}

static void what_changed_asks_for_a_check(void **state)
{
    struct place place = place_open(state, 7);
    const char *at = "2020-09-15", *other_day = "2020-09-20";
    int64_t number, person, other;
    place_load(state, &place, "2020-09-01", FAMILIES);
    assert_false(by_index(&place, at, 1)); /* nothing is kept yet */
    assert_true(by_index(&place, at, 1));
    find_case(&place, &number, &person);
    other = person == 1 ? 2 : 1;
    write_contact(&place, number);
    assert_true(by_index(&place, at, other)); /* what happens in one case concerns that child */
    assert_false(by_index(&place, at, person));
    assert_true(by_index(&place, at, person));
    assert_true(place_decide(&place, at) > 0);
    assert_false(by_index(&place, at, other));
    assert_true(by_index(&place, at, other));
    assert_false(by_index(&place, other_day, other));
    assert_true(by_index(&place, other_day, other));
    assert_false(by_index(&place, at, other)); /* the links are those of the other day */
    assert_true(by_index(&place, at, other));
    place_load(state, &place, "2020-09-10", 3);
    assert_false(by_index(&place, at, other));
    assert_true(by_index(&place, at, other));
    world_close(place.world);
}

/* Who sees a part is told of that part, by a check of it. */
static void a_part_of_the_areas_is_checked(void **state)
{
    struct place place = place_open(state, 3);
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct person_told told;
    const struct asker asker = asker_within(&place.world->local, STR("620422100"));
    int64_t number = 1;
    const struct person_question question = {.when = {place_day("2020-09-15"), INT64_MAX},
                                             .now = true,
                                             .wanted = {.number = number},
                                             .find = find_number,
                                             .context = &number};
    place_load(state, &place, "2020-09-01", FAMILIES / 4);
    assert_false(by_index(&place, "2020-09-15", number));
    if (job_person_told(&place.workspace, &arena, &asker, &question, NULL, &told, &err)) {
        assert_false(told.by_index);
    } else {
        assert_int_equal(err.kind, ERR_NOT_FOUND);
    }
    assert_true(by_index(&place, "2020-09-15", number));
    arena_free(&arena);
    world_close(place.world);
}

/* Who asks for an area in which all lies is answered as by a check of it; as soon as a row lies
 * elsewhere, or nobody knows where, by that check. */
static void an_area_that_is_all_is_asked_alike(void **state)
{
    static const char *const more[] = {
        "population,2020-09-02\nname,id_number,area\n王小明," ID_A ",620402101200\n",
        "population,2020-09-03\nname,id_number,area\n李红," ID_B ",\n"};
    struct place place = place_open(state, 12);
    struct err err = ERR_INIT;
    const struct asker area = asker_within(&place.world->local, STR("620422"));
    struct read_at when = {place_day("2020-09-15"), INT64_MAX};
    place_load(state, &place, "2020-09-01", FAMILIES);
    assert_false(by_index(&place, "2020-09-15", 1));
    struct arena arena = {0};
    struct check_run run;
    assert_true(job_check(&place.workspace, &arena, &area, when, NULL, &run, &err));
    for (size_t p = 0; p < run.people.person_count; p++) {
        struct person_told told, checked;
        int64_t number = run.people.persons[p].number;
        const struct person_question question = {.when = when,
                                                 .now = true,
                                                 .wanted = {.number = number},
                                                 .find = find_number,
                                                 .context = &number};
        assert_true(job_person_told(&place.workspace, &arena, &area, &question, NULL, &told, &err));
        assert_true(told.by_index && !told.people->all_areas);
        job_person_of_check(&arena, &run, (uint32_t)p, &checked);
        struct str got = place_print_told(&arena, &told);
        assert_str_is(got, place_print_told(&arena, &checked).ptr);
    }
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        int64_t number = 1;
        struct person_told told;
        const struct person_question question = {.when = when,
                                                 .now = true,
                                                 .wanted = {.number = number},
                                                 .find = find_number,
                                                 .context = &number};
        struct load_result result = world_load(state, place.world, more[i], world_options());
        assert_int_equal(result.status, LOAD_LOADED);
        assert_false(by_index(&place, "2020-09-15", 1));
        assert_true(by_index(&place, "2020-09-15", 1));
        assert_true(job_person_told(&place.workspace, &arena, &area, &question, NULL, &told, &err));
        assert_false(told.by_index);
    }
    arena_free(&arena);
    world_close(place.world);
}

/* Another program at the same workspace. */
struct other {
    struct place place;
    const char *at;
    int64_t number;
    bool done;
    struct arena arena;
};

static struct other open_other(const struct place *place, const char *at, int64_t number)
{
    struct other other = {.place = *place, .at = at, .number = number};
    struct err err = ERR_INIT;
    struct store *store = NULL;
    assert_true(store_open(&store, place->world->path, STORE_WRITE, &err));
    other.place.workspace.store = store;
    other.place.workspace.registry.store = store;
    return other;
}

static void close_other(struct other *other)
{
    store_close(other->place.workspace.store);
    arena_free(&other->arena);
}

static bool find_while_other_checks(void *context, const struct people *people, uint32_t *person,
                                    struct err *err)
{
    struct other *other = context;
    struct check_run run;
    struct read_at when = {place_day(other->at), INT64_MAX};
    if (!other->done) {
        other->done = true;
        assert_true(job_check(&other->place.workspace, &other->arena, &other->place.world->local,
                              when, NULL, &run, err));
    }
    return find_number(&other->number, people, person, err);
}

/* Whoever asks while another checks another day is told of one state of the workspace. */
static void an_answer_is_of_one_state(void **state)
{
    struct place place = place_open(state, 5);
    place_load(state, &place, "2020-09-01", FAMILIES);
    place_load(state, &place, "2020-10-01", FAMILIES / 2);
    assert_false(by_index(&place, "2020-10-15", 1));
    for (int64_t number = 1; number < FAMILIES / 2; number++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct person_told before, told;
        struct other other = open_other(&place, "2020-09-15", number);
        const struct person_question question = {.when = {place_day("2020-10-15"), INT64_MAX},
                                                 .now = true,
                                                 .wanted = {.number = number},
                                                 .find = find_while_other_checks,
                                                 .context = &other};
        if (!ask(&place, &arena, question.when.at, number, &before, &err)) {
            close_other(&other);
            arena_free(&arena);
            continue; /* of the other day alone */
        }
        struct str want = place_print_told(&arena, &before);
        assert_true(by_index(&place, "2020-10-15", number));
        assert_true(job_person_told(&place.workspace, &arena, &place.world->local, &question, NULL,
                                    &told, &err));
        assert_true(told.by_index && other.done);
        assert_str_is(place_print_told(&arena, &told), want.ptr);
        close_other(&other);
        arena_free(&arena);
    }
    world_close(place.world);
}

static void undo_while_read(void *context, uint32_t register_number,
                            const struct statement *statement, bool set_aside)
{
    (void)register_number;
    (void)statement;
    (void)set_aside;
    struct other *other = context;
    struct err err = ERR_INIT;
    if (other->done) return;
    other->done = true;
    assert_true(store_exec(other->place.workspace.store,
                           "UPDATE batch SET undone_ms = imported_ms + 1 "
                           "WHERE number = (SELECT max(number) FROM batch)",
                           &err));
}

/* A file that goes, by a moment before that of the check, while it reads: it is not asked again
 * what that check found. */
static void what_changed_during_a_check_asks_for_another(void **state)
{
    struct place place = place_open(state, 9);
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct check_run run;
    place_load(state, &place, "2020-09-01", FAMILIES / 4);
    struct other other = open_other(&place, "2020-09-15", 1);
    const struct people_listener listener = {undo_while_read, &other};
    struct read_at when = {place_day("2020-09-15"), INT64_MAX};
    assert_true(job_check_heard(&place.workspace, &arena, &place.world->local, when, &listener,
                                NULL, &run, &err));
    assert_true(other.done);
    assert_false(by_index(&place, "2020-09-15", 1));
    assert_true(by_index(&place, "2020-09-15", 1));
    close_other(&other);
    arena_free(&arena);
    world_close(place.world);
}

/* What cannot be opened, changed or sealed under another key, is no reason to answer nothing. */
static void what_is_damaged_is_made_anew(void **state)
{
    struct place place = place_open(state, 11);
    struct store *store = place.world->registry.store;
    struct err err = ERR_INIT;
    const char *at = "2020-09-15";
    place_load(state, &place, "2020-09-01", FAMILIES / 4);
    assert_false(by_index(&place, at, 1));
    assert_true(store_exec(store, "UPDATE near_part SET sealed = zeroblob(64)", &err));
    assert_false(by_index(&place, at, 1));
    assert_true(by_index(&place, at, 1));
    assert_true(store_exec(store, "UPDATE near_run SET key_bits = 60", &err));
    assert_false(by_index(&place, at, 1));
    assert_true(by_index(&place, at, 1));
    assert_true(store_exec(store, "UPDATE near_part SET sealed = zeroblob(64)", &err));
    struct arena arena = {0};
    struct people people;
    const struct people_question question = {
        .when = {place_day(at), INT64_MAX}, .now = true, .person = 1};
    assert_true(job_people_around(&place.workspace, &arena, &place.world->local, &question, NULL,
                                  &people, &err));
    assert_true(people_find(&people, 1) != SIZE_MAX);
    arena_free(&arena);
    world_close(place.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_answer_for_everybody),
        cmocka_unit_test(what_changed_asks_for_a_check),
        cmocka_unit_test(a_part_of_the_areas_is_checked),
        cmocka_unit_test(an_area_that_is_all_is_asked_alike),
        cmocka_unit_test(an_answer_is_of_one_state),
        cmocka_unit_test(what_is_damaged_is_made_anew),
        cmocka_unit_test(what_changed_during_a_check_asks_for_another)};
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
