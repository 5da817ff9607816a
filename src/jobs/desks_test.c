#include "jobs/ahead.h"

#include "access/user.h"
#include "figures/figure_count.h"
#include "figures/figure_rows.h"
#include "jobs/town_testing.h"

#include <pthread.h>

struct office {
    struct town town;
    struct arena arena;
    struct workspace workspace;
    struct desks *desks;
    day at;
};

static void office_open(void **state, struct office *office)
{
    struct err err = ERR_INIT;
    *office = (struct office){.town = town_open(state)};
    struct workspace_options options = {.path = office->town.world->path,
                                        .clock = office->town.world->registry.clock};
    assert_true(workspace_open(&office->workspace, &options, &err));
    assert_true(day_from_ymd(2020, 9, 1, &office->at));
    desks_open(&office->desks, &office->arena, &office->workspace);
}

static void office_close(struct office *office)
{
    desks_close(office->desks);
    workspace_close(&office->workspace);
    arena_free(&office->arena);
    town_close(&office->town);
}

static int64_t count(struct office *office, const struct asker *asker, const char *key)
{
    struct err err = ERR_INIT;
    struct arena arena = {0};
    struct desk_taken taken;
    struct figure_value value;
    if (!desks_take(office->desks, &arena, asker, office->at, &taken, &err)) fail_msg("%s", err.en);
    const struct figure *figure = figure_find(taken.figures, str_from(key));
    assert_non_null(figure);
    if (!figure_count(taken.desk, figure, &value, &err)) fail_msg("%s", err.en);
    desks_give(office->desks, &taken);
    arena_free(&arena);
    return value.rows;
}

static void execute(struct office *office, const char *what)
{
    struct err err = ERR_INIT;
    struct store *store = office->town.world->registry.store;
    bool open = str_is(str_from(what), "open");
    bool done =
        open ? store_exec(
            store,
            "INSERT INTO finding (kind, person, key, status, opened, seen, queue, area, "
            "probability_ppm, reason) VALUES ('not_enrolled', 999999, '', "
            "'suspected', '2020-09-01', '', 'township', '620422100', 0, '')",
            &err)
             : store_exec(store, "UPDATE finding SET status = 'closed', closed = '2020-09-01'",
                          &err);
    if (!done) fail_msg("%s", err.en);
}

static void a_change_is_seen_at_once(void **state)
{
    struct office office;
    const struct asker all = asker_local();
    office_open(state, &office);
    int64_t pupils = count(&office, &all, "enrolled_primary");
    assert_true(pupils > 20);
    assert_int_equal(count(&office, &all, "enrolled_primary"), pupils);
    int64_t suspected = count(&office, &all, "suspected_not_enrolled");
    struct load_result result = world_load(
        state, office.town.world,
        "roll,2020-09-01\n"
        "name,id_number,birth_date,guardian_name,area,school_code,school_name,stage,grade\n"
        "周新来,,2012-01-02,周大,620422100,2162000001,郭城小学,primary,primary:3\n",
        world_options());
    assert_int_equal(result.status, LOAD_LOADED);
    assert_int_equal(count(&office, &all, "enrolled_primary"), pupils + 1);
    execute(&office, "open");
    assert_int_equal(count(&office, &all, "suspected_not_enrolled"), suspected + 1);
    assert_int_equal(count(&office, &all, "enrolled_primary"), pupils + 1);
    execute(&office, "close");
    assert_int_equal(count(&office, &all, "suspected_not_enrolled"), 0);
    struct err err = ERR_INIT;
    assert_true(registry_undo(&office.town.world->registry, &all, result.batch, &err));
    assert_int_equal(count(&office, &all, "enrolled_primary"), pupils);
    office_close(&office);
}

static void each_sees_their_areas(void **state)
{
    struct office office;
    const struct asker all = asker_local(), county = town_asker_of_area("620422"),
                       one = town_asker_of_area("620422100"),
                       other = town_asker_of_area("620422101");
    office_open(state, &office);
    int64_t whole = count(&office, &all, "enrolled_primary");
    int64_t first = count(&office, &one, "enrolled_primary");
    int64_t second = count(&office, &other, "enrolled_primary");
    assert_true(first > 0 && second > 0);
    assert_int_equal(first + second, whole);
    assert_int_equal(count(&office, &county, "enrolled_primary"), whole);
    assert_int_equal(count(&office, &one, "enrolled_primary"), first);
    office_close(&office);
}

static bool note(void *context, const struct figure_row *row, struct err *err)
{
    (void)err;
    text_add_f(context, "%.*s %lld %lld %.*s %.*s;", STR_ARG(row->of), (long long)row->record,
               (long long)row->person, STR_ARG(row->name), STR_ARG(row->area));
    return true;
}

static struct str page(struct arena *arena, struct desk_taken *taken, const struct figure *figure,
                       uint64_t skip)
{
    struct err err = ERR_INIT;
    struct text text;
    text_init(&text, arena, 1 << 16);
    const struct figure_listener listener = {note, &text};
    if (!figure_rows_page(taken->desk, figure, FIGURE_ROWS, skip, 5, &listener, &err)) {
        fail_msg("%s", err.en);
    }
    return text_str(&text);
}

/* Rows that are kept are listed as they would be without, from any row on, and past the end. */
static void kept_rows_are_the_same(void **state)
{
    struct office office;
    struct err err = ERR_INIT;
    struct desk_taken taken;
    const struct asker all = asker_local();
    office_open(state, &office);
    assert_true(desks_take(office.desks, &office.arena, &all, office.at, &taken, &err));
    for (size_t i = 0; i < taken.figures->count; i++) {
        const struct figure *figure = &taken.figures->items[i];
        struct figure_value before, after;
        assert_true(figure_count(taken.desk, figure, &before, &err));
        struct str first = page(&office.arena, &taken, figure, 0);
        struct str later = page(&office.arena, &taken, figure, 7);
        assert_true(figure_desk_keep(taken.desk, figure, FIGURE_ROWS, &err));
        assert_true(figure_desk_is_kept(taken.desk, figure, FIGURE_ROWS));
        assert_true(figure_count(taken.desk, figure, &after, &err));
        assert_int_equal(after.rows, before.rows);
        assert_int_equal(after.amount, before.amount);
        assert_true(str_equal(page(&office.arena, &taken, figure, 0), first));
        assert_true(str_equal(page(&office.arena, &taken, figure, 7), later));
        assert_int_equal(page(&office.arena, &taken, figure, 10000).len, 0);
    }
    desks_give(office.desks, &taken);
    office_close(&office);
}

static void add_user(struct office *office, const char *name, enum role role, const char *place)
{
    struct err err = ERR_INIT;
    const struct asker local = asker_local();
    struct user user = {.name = str_from(name), .display_name = str_from(name), .role = role};
    if (role == ROLE_SCHOOL)
        user.school = str_from(place);
    else
        user.areas[user.area_count++] = str_from(place);
    if (!user_add(office->workspace.store, &office->workspace.clock, &local, &user,
                  STR("only-once-2020"), &err)) {
        fail_msg("%s", err.en);
    }
}

static bool is_laid(struct office *office, const struct asker *asker)
{
    struct err err = ERR_INIT;
    struct arena arena = {0};
    struct desk_taken taken;
    /* What is not there has to be opened. */
    const char *path = office->workspace.path;
    office->workspace.path = "/nowhere/at/all.db";
    bool there = desks_take(office->desks, &arena, asker, office->at, &taken, &err);
    if (there) desks_give(office->desks, &taken);
    office->workspace.path = path;
    arena_free(&arena);
    return there;
}

static void run_ahead(struct office *office, const struct ahead *ahead)
{
    struct err err = ERR_INIT;
    struct arena arena = {0};
    struct tasks *tasks;
    struct task_view view = {0};
    assert_true(tasks_open(&tasks, &arena, NULL, &err));
    ahead_wish(ahead, tasks, office->at);
    while (!task_is_over(view.state)) {
        uint64_t seen = tasks_change(tasks);
        assert_true(task_find(tasks, &arena, 1, &view, &err));
        if (!task_is_over(view.state)) tasks_await(tasks, seen, 1000);
    }
    if (view.state != TASK_DONE) fail_msg("%s", view.error.en);
    tasks_close(tasks);
    arena_free(&arena);
}

/* Who may log in finds their desk laid; whoever else asks has it laid then. Of the city the
 * counties are there too. */
static void desks_are_laid_ahead(void **state)
{
    struct office office;
    struct reckoned *reckoned;
    const struct asker city = town_asker_of_area("620400"), county = town_asker_of_area("620422"),
                       town = town_asker_of_area("620422100"),
                       other = town_asker_of_area("620422101"),
                       school = town_asker_of_school("2162000001");
    office_open(state, &office);
    reckoned_open(&reckoned, &office.arena);
    add_user(&office, "town", ROLE_TOWNSHIP, "620422100");
    add_user(&office, "school", ROLE_SCHOOL, "2162000001");
    add_user(&office, "keeper", ROLE_CITY, "620400");
    const struct ahead ahead = {&office.workspace, office.town.hub, office.desks, reckoned};
    assert_false(is_laid(&office, &city));
    run_ahead(&office, &ahead);
    assert_true(is_laid(&office, &city));
    assert_true(is_laid(&office, &county));
    assert_true(is_laid(&office, &town));
    assert_true(is_laid(&office, &school));
    assert_false(is_laid(&office, &other));
    int64_t pupils = count(&office, &town, "enrolled_primary");
    office.at.days++;
    assert_int_equal(count(&office, &town, "enrolled_primary"), pupils);
    office.at.days--;
    run_ahead(&office, &ahead);
    office.at.days++;
    assert_false(is_laid(&office, &town)); /* of another day: it made room */
    reckoned_close(reckoned);
    office_close(&office);
}

struct crowd {
    struct office *office;
    struct asker asker;
    int64_t expected;
};

static void *ask_often(void *context)
{
    struct crowd *crowd = context;
    for (int i = 0; i < 20; i++) {
        if (count(crowd->office, &crowd->asker, "enrolled_primary") != crowd->expected)
            return crowd;
    }
    return NULL;
}

/* More days and areas than are kept, by several threads at once. */
static void many_ask_at_once(void **state)
{
    enum { THREADS = 4 };
    struct office office;
    pthread_t threads[THREADS];
    struct crowd crowd[THREADS];
    static const char *const areas[] = {"620422100", "620422101", "620422", "620422100"};
    office_open(state, &office);
    for (int i = 0; i < THREADS; i++) {
        crowd[i] = (struct crowd){&office, town_asker_of_area(areas[i]), 0};
        crowd[i].expected = count(&office, &crowd[i].asker, "enrolled_primary");
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, ask_often, &crowd[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *wrong = NULL;
        assert_int_equal(pthread_join(threads[i], &wrong), 0);
        assert_null(wrong);
    }
    const struct asker all = asker_local();
    for (int i = 0; i < DESKS_MAX + 3; i++) {
        office.at.days++;
        assert_true(count(&office, &all, "enrolled_primary") > 0);
    }
    office_close(&office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_seen_at_once), cmocka_unit_test(each_sees_their_areas),
        cmocka_unit_test(kept_rows_are_the_same),   cmocka_unit_test(desks_are_laid_ahead),
        cmocka_unit_test(many_ask_at_once),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
