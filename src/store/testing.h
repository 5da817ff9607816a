#ifndef STORE_TESTING_H
#define STORE_TESTING_H

/* A folder of its own for the tests of one program, and workspaces in it. Give test_folder_make
 * and test_folder_remove to cmocka_run_group_tests; each test finds the folder in its `state`. */

#include "base/testing.h"

#include "base/file.h"
#include "store/store.h"

#include <stdlib.h>
#include <unistd.h>

/* What setup leaves in `state`. */
struct test_folder {
    struct arena arena;
    const char *path;
    int files;
};

static inline int test_folder_make(void **state)
{
    struct arena arena = {0};
    char path[] = "/tmp/baoxue_test_XXXXXX";
    if (mkdtemp(path) == NULL) return 1;
    struct test_folder *folder = arena_new(&arena, struct test_folder);
    folder->path = str_cstr(&arena, str_from(path));
    folder->arena = arena;
    *state = folder;
    return 0;
}

/* A path in the folder; lives as long as the folder. */
static inline const char *test_path(void **state, const char *name)
{
    struct test_folder *folder = *state;
    struct text text;
    text_init(&text, &folder->arena, 4096);
    text_add_f(&text, "%s/%s", folder->path, name);
    return str_cstr(&folder->arena, text_str(&text));
}

/* A path at which nothing is yet. */
static inline const char *test_path_fresh(void **state)
{
    struct test_folder *folder = *state;
    struct text name;
    text_init(&name, &folder->arena, 64);
    text_add_f(&name, "%d.db", ++folder->files);
    return test_path(state, str_cstr(&folder->arena, text_str(&name)));
}

/* A new workspace, to be closed by the test. */
static inline struct store *test_store_fresh(void **state)
{
    struct store *store = NULL;
    struct err err = ERR_INIT;
    assert_true(store_open(&store, test_path_fresh(state), STORE_CREATE, &err));
    return store;
}

/* Removes the folder and the files in it. */
static inline int test_folder_remove(void **state)
{
    struct test_folder *folder = *state;
    struct str *names = NULL;
    size_t count = 0;
    struct err err = ERR_INIT;
    if (!file_list(&folder->arena, folder->path, &names, &count, &err)) return 1;
    for (size_t i = 0; i < count; i++) unlink(test_path(state, names[i].ptr));
    int code = rmdir(folder->path);
    struct arena arena = folder->arena;
    arena_free(&arena);
    return code;
}

#endif
