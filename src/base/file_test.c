#include "base/file.h"
#include "base/testing.h"
#include "base/thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void test_files(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    char folder[] = "/tmp/baoxue_file_XXXXXX", deep[64], path[80];
    assert_non_null(mkdtemp(folder));
    snprintf(deep, sizeof deep, "%s/a/b", folder);
    snprintf(path, sizeof path, "%s/x.csv", deep);
    assert_true(file_make_folder(deep, &err));
    assert_true(file_make_folder(deep, &err));
    assert_true(file_write(path, STR("first"), 0600, &err));
    assert_true(file_write(path, STR("second"), 0600, &err));
    struct str got;
    assert_true(file_read(&arena, path, 100, &got, &err));
    assert_str_is(got, "second");
    assert_false(file_read(&arena, path, 3, &got, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    assert_true(file_map(path, &got, &err));
    assert_str_is(got, "second");
    file_unmap(got);
    struct str *names;
    size_t count;
    assert_true(file_list(&arena, deep, &names, &count, &err));
    assert_int_equal(count, 1);
    assert_str_is(names[0], "x.csv");
    assert_str_is(file_name(path), "x.csv");
    assert_int_equal(unlink(path), 0);
    assert_false(file_read(&arena, path, 100, &got, &err));
    assert_int_equal(err.kind, ERR_IO);
    assert_non_null(strstr(err.en, "no such file"));
    assert_non_null(strstr(err.zh, "没有这个文件"));
    assert_int_equal(rmdir(deep), 0);
    arena_free(&arena);
}

/* A device or a pipe is not thrown away for a file of its name, nor is a link to one. */
static void test_not_regular(void **state)
{
    (void)state;
    char folder[] = "/tmp/baoxue_file_XXXXXX", pipe[64], other[64];
    assert_non_null(mkdtemp(folder));
    snprintf(pipe, sizeof pipe, "%s/pipe", folder);
    snprintf(other, sizeof other, "%s/link", folder);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(symlink("pipe", other), 0);
    const char *const paths[] = {pipe, other};
    for (size_t i = 0; i < 2; i++) {
        struct err err = ERR_INIT;
        struct stat info;
        assert_false(file_write(paths[i], STR("text"), 0600, &err));
        assert_int_equal(err.kind, ERR_IO);
        assert_non_null(strstr(err.en, "not a regular file"));
        assert_int_equal(stat(paths[i], &info), 0);
        assert_true(S_ISFIFO(info.st_mode));
    }
    assert_int_equal(unlink(other), 0);
    assert_int_equal(unlink(pipe), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void count_task(void *context, size_t number, size_t thread)
{
    (void)thread;
    ((unsigned char *)context)[number]++;
}

static void test_threads(void **state)
{
    (void)state;
    for (size_t threads = 0; threads <= 8; threads += 4) {
        unsigned char done[1000] = {0};
        thread_run(threads, sizeof done, count_task, done);
        for (size_t i = 0; i < sizeof done; i++) assert_int_equal(done[i], 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_files),
                                       cmocka_unit_test(test_not_regular),
                                       cmocka_unit_test(test_threads)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
