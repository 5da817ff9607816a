#ifndef BASE_TESTING_FOLDER_H
#define BASE_TESTING_FOLDER_H

/* A folder for what tests write, where temporary files belong: of the whole program (give
 * test_folder_make and test_folder_remove to cmocka_run_group_tests) or of one test (to
 * cmocka_unit_test_setup_teardown). The test finds it in its `state`. */

#include "base/testing.h"

#include "base/file.h"

#include <stdlib.h>
#include <unistd.h>

/* What setup leaves in `state`. */
struct test_folder {
    struct arena arena;
    const char *path;
    int files;
};

/* From a template as mkdtemp takes it. */
static inline int test_folder_make_at(void **state, char *path)
{
    struct arena arena = {0};
    if (mkdtemp(path) == NULL) return 1;
    struct test_folder *folder = arena_new(&arena, struct test_folder);
    folder->path = str_cstr(&arena, str_from(path));
    folder->arena = arena;
    *state = folder;
    return 0;
}

static inline int test_folder_make(void **state)
{
    char path[] = "/tmp/baoxue_test_XXXXXX";
    return test_folder_make_at(state, path);
}

/* In memory where the system has a folder for that: for tests of order, not of the disk. */
static inline int test_folder_make_fast(void **state)
{
    char path[] = "/dev/shm/baoxue_test_XXXXXX";
    return file_is_folder("/dev/shm") ? test_folder_make_at(state, path) : test_folder_make(state);
}

/* A path in the folder; lives as long as the folder. */
static inline const char *test_folder_path(struct test_folder *folder, const char *name)
{
    struct text text;
    text_init(&text, &folder->arena, 4096);
    text_add_f(&text, "%s/%s", folder->path, name);
    return str_cstr(&folder->arena, text_str(&text));
}

/* A file in the folder, and its path. */
static inline const char *test_folder_put(struct test_folder *folder, const char *name,
                                          struct str content)
{
    struct err err = ERR_INIT;
    const char *path = test_folder_path(folder, name);
    assert_true(file_write(path, content, 0644, &err));
    return path;
}

/* Removes a folder and all in it. */
static inline int test_folder_clear(struct arena *arena, const char *path)
{
    struct str *names = NULL;
    size_t count = 0;
    struct err err = ERR_INIT;
    if (!file_list(arena, path, &names, &count, &err)) return 1;
    for (size_t i = 0; i < count; i++) {
        struct text text;
        text_init(&text, arena, 4096);
        text_add_f(&text, "%s/%.*s", path, STR_ARG(names[i]));
        const char *inside = str_cstr(arena, text_str(&text));
        if (!file_is_folder(inside))
            unlink(inside);
        else if (test_folder_clear(arena, inside) != 0)
            return 1;
    }
    return rmdir(path);
}

/* Removes the test's folder. */
static inline int test_folder_remove(void **state)
{
    struct test_folder *folder = *state;
    int code = test_folder_clear(&folder->arena, folder->path);
    struct arena arena = folder->arena;
    arena_free(&arena);
    return code;
}

#endif
