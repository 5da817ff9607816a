#ifndef STORE_TESTING_H
#define STORE_TESTING_H

/* Workspaces in the folder of the tests of one program (base/testing_folder.h). */

#include "base/testing_folder.h"

#include "store/store.h"

/* A path in the folder; lives as long as the folder. */
static inline const char *test_path(void **state, const char *name)
{
    return test_folder_path(*state, name);
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

#endif
