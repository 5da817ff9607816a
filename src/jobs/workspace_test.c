#include "jobs/workspace.h"

#include "store/testing.h"

static const char *key_of(void **state, const char *path)
{
    struct test_folder *folder = *state;
    struct text name;
    text_init(&name, &folder->arena, 4096);
    text_add_f(&name, "%s.key", path);
    return name.ptr;
}

static bool opens(const char *path, bool create, struct err *err)
{
    struct workspace workspace;
    struct workspace_options options = {.path = path, .create = create, .clock = clock_system()};
    bool opened = workspace_open(&workspace, &options, err);
    workspace_close(&workspace);
    return opened;
}

/* Killed after the store and before the key was made: nothing is in it that a key could be lost
 * for, so it opens. */
static void one_cut_off_before_its_key_opens(void **state)
{
    struct err err = ERR_INIT;
    struct store *store = NULL;
    const char *path = test_path_fresh(state);
    assert_true(store_open(&store, path, STORE_CREATE, &err));
    store_close(store);
    assert_false(file_exists(key_of(state, path)));
    assert_true(opens(path, false, &err));
    assert_true(file_exists(key_of(state, path)));
    assert_true(opens(path, false, &err));
}

static void a_lost_key_is_not_replaced(void **state)
{
    struct err err = ERR_INIT;
    const char *path = test_path_fresh(state);
    assert_true(opens(path, true, &err));
    assert_int_equal(unlink(key_of(state, path)), 0);
    assert_false(opens(path, true, &err));
    assert_int_equal(err.kind, ERR_STORE);
    assert_false(file_exists(key_of(state, path)));
}

static void a_trial_leaves_nothing(void **state)
{
    struct err err = ERR_INIT;
    struct workspace workspace;
    const char *path = test_path_fresh(state);
    struct workspace_options options = {.path = path, .trial = true, .clock = clock_system()};
    for (int cut_off = 0; cut_off < 2; cut_off++) {
        if (cut_off) assert_true(file_write(path, STR_EMPTY, 0600, &err));
        assert_true(workspace_open(&workspace, &options, &err));
        int64_t revision = -1;
        assert_true(registry_revision(&workspace.registry, &revision, &err));
        assert_int_equal(revision, 0);
        workspace_close(&workspace);
        assert_int_equal(file_exists(path), cut_off);
        assert_false(file_exists(key_of(state, path)));
    }
    /* One that is there is opened as it is, and a lost key is told. */
    assert_int_equal(unlink(path), 0);
    assert_true(opens(path, true, &err));
    assert_true(workspace_open(&workspace, &options, &err));
    workspace_close(&workspace);
    assert_int_equal(unlink(key_of(state, path)), 0);
    assert_false(workspace_open(&workspace, &options, &err));
    workspace_close(&workspace);
    assert_int_equal(err.kind, ERR_STORE);
    assert_false(file_exists(key_of(state, path)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_cut_off_before_its_key_opens),
        cmocka_unit_test(a_lost_key_is_not_replaced),
        cmocka_unit_test(a_trial_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
