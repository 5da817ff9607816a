#include "jobs/looks.h"

#include "access/audit.h"
#include "store/testing.h"

#include <pthread.h>

struct office {
    struct arena arena;
    struct workspace workspace;
    struct looks *looks;
};

static void open_office(void **state, struct office *office)
{
    struct err err = ERR_INIT;
    struct workspace_options options = {
        .path = test_path_fresh(state), .create = true, .clock = clock_fixed(1606780800000)};
    office->arena = (struct arena){0};
    assert_true(workspace_open(&office->workspace, &options, &err));
    assert_true(looks_open(&office->looks, &office->arena, &office->workspace, &err));
}

static size_t written(struct office *office, const char *object)
{
    struct audit_entry *entries;
    size_t count;
    struct err err = ERR_INIT;
    struct audit_filter filter = {.object = str_from(object), .most = SIZE_MAX >> 1};
    assert_true(audit_select(office->workspace.store, &office->arena, &filter, &entries, &count,
                             NULL, &err));
    for (size_t i = 0; i < count; i++) assert_str_is(entries[i].action, "look");
    return count;
}

static void close_office(struct office *office)
{
    struct err err = ERR_INIT;
    int64_t broken = -1;
    looks_close(office->looks);
    assert_true(audit_verify(office->workspace.store, &broken, &err));
    assert_int_equal(broken, 0);
    workspace_close(&office->workspace);
    arena_free(&office->arena);
}

static void what_is_noted_is_written(void **state)
{
    struct office office;
    struct err err = ERR_INIT;
    struct asker asker = {.name = STR("张晓明")};
    open_office(state, &office);
    assert_true(looks_note(office.looks, &asker, 345, &err));
    assert_true(looks_note(office.looks, &asker, 345, &err));
    assert_true(looks_note(office.looks, &asker, 7, &err));
    assert_true(looks_settle(office.looks, 10000));
    assert_int_equal(written(&office, "person 345"), 2);
    assert_int_equal(written(&office, "person 7"), 1);
    close_office(&office);
}

/* Also what came in a moment before the program stops. */
static void closing_writes_what_waits(void **state)
{
    struct office office;
    struct err err = ERR_INIT;
    struct asker asker = {.name = STR("li")};
    open_office(state, &office);
    for (int i = 0; i < 100; i++) assert_true(looks_note(office.looks, &asker, 1, &err));
    looks_close(office.looks);
    office.looks = NULL;
    assert_int_equal(written(&office, "person 1"), 100);
    close_office(&office);
}

/* While somebody else holds the database nothing is lost and nobody waits. */
static void a_writer_beside_delays_and_loses_nothing(void **state)
{
    struct office office;
    struct err err = ERR_INIT;
    struct asker asker = {.name = STR("li")};
    open_office(state, &office);
    assert_true(store_begin(office.workspace.store, &err));
    int64_t start_ms = clock_elapsed_ms();
    assert_true(looks_note(office.looks, &asker, 2, &err));
    assert_true(clock_elapsed_ms() - start_ms < 500);
    assert_false(looks_settle(office.looks, 1500));
    assert_true(store_commit(office.workspace.store, &err));
    assert_true(looks_settle(office.looks, 20000));
    assert_int_equal(written(&office, "person 2"), 1);
    close_office(&office);
}

enum { LOOKERS = 4, LOOKS_EACH = 200 };

static void *look_on(void *argument)
{
    struct looks *looks = argument;
    struct err err = ERR_INIT;
    struct asker asker = {.name = STR("wang")};
    for (int i = 0; i < LOOKS_EACH; i++) {
        if (!looks_note(looks, &asker, 3, &err)) return argument;
    }
    return NULL;
}

static void threads_note_at_once(void **state)
{
    struct office office;
    pthread_t threads[LOOKERS];
    open_office(state, &office);
    for (int i = 0; i < LOOKERS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, look_on, office.looks), 0);
    }
    for (int i = 0; i < LOOKERS; i++) {
        void *failed = NULL;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    assert_true(looks_settle(office.looks, 20000));
    assert_int_equal(written(&office, "person 3"), LOOKERS * LOOKS_EACH);
    close_office(&office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_noted_is_written),
        cmocka_unit_test(closing_writes_what_waits),
        cmocka_unit_test(a_writer_beside_delays_and_loses_nothing),
        cmocka_unit_test(threads_note_at_once),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
