#include "jobs/town_testing.h"

#include <pthread.h>
#include <stdatomic.h>

static void indexes_find_what_is_there(void **state)
{
    struct town town = town_open(state);
    const struct snapshot *snapshot = snapshot_take(town.hub);
    const struct check_run *run = &snapshot->run;
    char at[DAY_TEXT_SIZE];
    assert_string_equal(day_format(snapshot->at, at), "2020-09-01");
    assert_int_equal(snapshot->number, 1);
    assert_true(run->count >= 2);
    for (uint32_t p = 0; p < run->people.person_count; p++) {
        assert_int_equal(snapshot_person(snapshot, run->people.persons[p].number), p);
    }
    assert_int_equal(snapshot_person(snapshot, 0), UINT32_MAX);
    assert_int_equal(snapshot_person(snapshot, 1 << 30), UINT32_MAX);
    size_t of_persons = 0;
    for (size_t i = 0; i < run->count; i++) {
        assert_int_equal(snapshot_finding(snapshot, run->entries[i].number), i);
        of_persons += run->findings[i].person != UINT32_MAX;
    }
    assert_int_equal(snapshot_finding(snapshot, -1), SIZE_MAX);
    assert_int_equal(snapshot->finding_first[run->people.person_count], of_persons);
    uint32_t qian = town_person(snapshot, "钱多多");
    assert_int_equal(snapshot->finding_first[qian + 1] - snapshot->finding_first[qian], 1);
    uint32_t finding = snapshot->finding_of[snapshot->finding_first[qian]];
    assert_int_equal(run->findings[finding].kind, FINDING_NOT_ENROLLED);
    assert_str_is(snapshot->whos[finding].name, "钱多多");
    assert_int_equal(snapshot->batch_count, 4);
    assert_non_null(snapshot_batch(snapshot, snapshot->batches[2].number));
    assert_null(snapshot_batch(snapshot, 99));
    snapshot_release(town.hub, snapshot);
    town_close(&town);
}

static void persons_stand_by_area_then_number(void **state)
{
    struct town town = town_open(state);
    const struct snapshot *snapshot = snapshot_take(town.hub);
    const struct people *people = &snapshot->run.people;
    struct arena arena = {0};
    uint32_t *at = arena_array(&arena, uint32_t, people->person_count);
    for (uint32_t p = 0; p < people->person_count; p++) at[snapshot->person_ranks[p]] = p;
    for (uint32_t i = 1; i < people->person_count; i++) {
        struct str before =
            dict_text(&people->texts[PERSON_AREA], snapshot->person_areas[at[i - 1]]);
        struct str area = dict_text(&people->texts[PERSON_AREA], snapshot->person_areas[at[i]]);
        int order = str_compare(before, area);
        assert_true(
            order < 0
            || (order == 0 && people->persons[at[i - 1]].number < people->persons[at[i]].number));
    }
    uint64_t persons = 0, missing = 0;
    for (uint32_t a = 0; a < people->texts[PERSON_AREA].count; a++) {
        persons += snapshot->areas[a].persons;
        missing += snapshot->areas[a].standings[STANDING_NOT_ENROLLED];
    }
    assert_int_equal(persons, people->person_count);
    assert_int_equal(missing, snapshot->run.summary.not_enrolled);
    snapshot_release(town.hub, snapshot);
    arena_free(&arena);
    town_close(&town);
}

static void schools_count_their_pupils(void **state)
{
    struct town town = town_open(state);
    const struct snapshot *snapshot = snapshot_take(town.hub);
    const struct snapshot_school *school = snapshot_school(snapshot, STR("2162000001"));
    assert_non_null(school);
    assert_str_is(school->name, "郭城小学");
    assert_str_is(school->area, "620422100");
    assert_str_is(school->stages, "primary");
    assert_true(school->listed);
    assert_false(school->unreported);
    assert_int_equal(school->on_roll, 25);
    assert_int_equal(school->attending, 25);
    assert_int_equal(school->last_file_ms, snapshot->batches[3].imported_ms);
    assert_int_equal(snapshot_school(snapshot, STR("2162000002"))->on_roll, 1);
    assert_null(snapshot_school(snapshot, STR("2162000003")));
    snapshot_release(town.hub, snapshot);
    town_close(&town);
}

/* Who holds an old one keeps it; who asks anew gets the newest. */
static void an_old_one_stays_until_it_is_released(void **state)
{
    struct town town = town_open(state);
    struct err err = ERR_INIT;
    const struct snapshot *old = snapshot_take(town.hub);
    world_load(state, town.world,
               "roll,2020-10-01\nname,birth_date,guardian_name,area,school_code,stage,grade\n"
               "孙一一,2011-05-06,孙大,620422101,2162000001,primary,primary:4\n",
               world_options());
    assert_true(snapshot_hub_refresh(town.hub, NULL, &err));
    const struct snapshot *fresh = snapshot_take(town.hub);
    assert_ptr_not_equal(old, fresh);
    assert_int_equal(fresh->number, 2);
    assert_int_not_equal(old->revision, fresh->revision);
    uint32_t sun = town_person(old, "孙一一"), now = town_person(fresh, "孙一一");
    assert_int_equal(old->run.people.persons[sun].count, 1);
    assert_int_equal(fresh->run.people.persons[now].count, 2);
    assert_int_equal(old->run.people.persons[sun].number, fresh->run.people.persons[now].number);
    snapshot_release(town.hub, old);
    snapshot_release(town.hub, fresh);
    snapshot_release(town.hub, NULL);
    town_close(&town);
}

static void an_empty_workspace_is_shown_empty(void **state)
{
    struct snapshot_hub *hub = NULL;
    struct err err = ERR_INIT;
    struct snapshot_state before, after;
    struct workspace_options options = {
        .path = test_path_fresh(state), .create = true, .clock = clock_fixed(1606780800000)};
    assert_true(snapshot_hub_open(&hub, &options, &err));
    assert_null(snapshot_take(hub));
    snapshot_hub_state(hub, &before);
    assert_int_equal(before.number, 0);
    assert_true(snapshot_hub_refresh(hub, NULL, &err));
    snapshot_hub_state(hub, &after);
    assert_int_equal(after.number, 1);
    assert_int_equal(after.made_ms, 1606780800000);
    assert_false(after.refreshing);
    const struct snapshot *snapshot = snapshot_take(hub);
    assert_true(day_is_none(snapshot->at));
    assert_int_equal(snapshot->run.count, 0);
    assert_int_equal(snapshot_person(snapshot, 1), UINT32_MAX);
    snapshot_release(hub, snapshot);
    snapshot_hub_close(hub);
}

static void a_failed_refresh_keeps_the_old_one(void **state)
{
    struct town town = town_open(state);
    struct err err = ERR_INIT;
    struct snapshot_state after;
    assert_true(store_exec(town.world->registry.store, "ALTER TABLE finding RENAME TO gone", &err));
    assert_false(snapshot_hub_refresh(town.hub, NULL, &err));
    snapshot_hub_state(town.hub, &after);
    assert_int_equal(after.number, 1);
    assert_int_equal(after.error.kind, ERR_STORE);
    assert_false(after.refreshing);
    assert_true(store_exec(town.world->registry.store, "ALTER TABLE gone RENAME TO finding", &err));
    assert_true(snapshot_hub_refresh(town.hub, NULL, &err));
    snapshot_hub_state(town.hub, &after);
    assert_int_equal(after.number, 2);
    assert_int_equal(after.error.kind, ERR_NONE);
    town_close(&town);
}

enum { READERS = 4, REFRESHES = 5 };

struct reader {
    struct snapshot_hub *hub;
    atomic_bool *stop;
    int64_t newest, taken;
    bool went_back, damaged;
};

static void *read_on(void *argument)
{
    struct reader *reader = argument;
    while (!atomic_load(reader->stop)) {
        const struct snapshot *snapshot = snapshot_take(reader->hub);
        struct snapshot_state at;
        if (snapshot == NULL) continue;
        if (snapshot->number < reader->newest) reader->went_back = true;
        reader->newest = snapshot->number;
        for (uint32_t p = 0; p < snapshot->run.people.person_count; p++) {
            int64_t number = snapshot->run.people.persons[p].number;
            if (snapshot_person(snapshot, number) != p) reader->damaged = true;
        }
        reader->taken++;
        snapshot_hub_state(reader->hub, &at);
        snapshot_release(reader->hub, snapshot);
    }
    return NULL;
}

/* Made, wished for and read by several threads at once; what it proves it proves under the thread
 * sanitizer. */
static void threads_take_and_release(void **state)
{
    struct town town = town_open(state);
    struct err err = ERR_INIT;
    struct reader readers[READERS];
    pthread_t threads[READERS];
    atomic_bool stop = false;
    struct arena arena = {0};
    struct tasks *tasks = NULL;
    assert_true(tasks_open(&tasks, &arena, NULL, &err));
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct reader){.hub = town.hub, .stop = &stop};
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readers[i]), 0);
    }
    for (int i = 0; i < REFRESHES; i++) {
        int64_t number;
        assert_true(snapshot_wish(town.hub, tasks, &number, &err));
        assert_true(snapshot_hub_refresh(town.hub, NULL, &err));
    }
    while (task_is_under_way(tasks, "refresh")) (void)tasks_await(tasks, tasks_change(tasks), 10);
    atomic_store(&stop, true);
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_false(readers[i].went_back);
        assert_false(readers[i].damaged);
    }
    struct snapshot_state at;
    snapshot_hub_state(town.hub, &at);
    tasks_close(tasks);
    arena_free(&arena);
    assert_false(at.refreshing);
    assert_int_equal(at.error.kind, ERR_NONE);
    assert_in_range(at.number, 1 + REFRESHES, 1 + 2 * REFRESHES);
    town_close(&town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indexes_find_what_is_there),
        cmocka_unit_test(persons_stand_by_area_then_number),
        cmocka_unit_test(schools_count_their_pupils),
        cmocka_unit_test(an_old_one_stays_until_it_is_released),
        cmocka_unit_test(an_empty_workspace_is_shown_empty),
        cmocka_unit_test(a_failed_refresh_keeps_the_old_one),
        cmocka_unit_test(threads_take_and_release),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
