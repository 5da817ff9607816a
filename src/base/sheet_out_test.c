#include "base/sheet_out.h"

#include "base/file.h"
#include "base/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A fresh folder for one test; removed with what the test names in it. */
static void make_folder(char folder[64])
{
    snprintf(folder, 64, "/tmp/baoxue_sheet_XXXXXX");
    assert_non_null(mkdtemp(folder));
}

static struct str read_back(struct arena *arena, const char *path)
{
    struct err err = ERR_INIT;
    struct str got;
    assert_true(file_read(arena, path, 1 << 20, &got, &err));
    return got;
}

static void test_csv(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    char folder[64], path[128];
    make_folder(folder);
    snprintf(path, sizeof path, "%s/a.csv", folder);
    struct sheet_out *out;
    struct str header[] = {STR("姓名"), STR("号")}, row[] = {STR("王,小"), STR("=1+1")};
    assert_true(sheet_open(&out, path, "名单", true, &err));
    assert_true(sheet_header(out, header, 2, NULL, &err));
    assert_true(sheet_row(out, row, 2, &err));
    assert_false(file_exists(path));
    assert_true(sheet_close(out, &err));
    assert_str_is(read_back(&arena, path), "\xEF\xBB\xBF姓名,号\n\"王,小\",'=1+1\n");

    assert_true(sheet_open(&out, path, "名单", false, &err));
    assert_true(sheet_header(out, header, 2, NULL, &err));
    sheet_abandon(out);
    assert_str_is(read_back(&arena, path), "\xEF\xBB\xBF姓名,号\n\"王,小\",'=1+1\n");

    struct str *names;
    size_t count;
    assert_true(file_list(&arena, folder, &names, &count, &err));
    assert_int_equal(count, 1);
    unlink(path);
    rmdir(folder);
    arena_free(&arena);
}

static void write_workbook(const char *path)
{
    struct err err = ERR_INIT;
    struct sheet_out *out;
    bool numbers[] = {false, true};
    int widths[] = {12, 300};
    struct str header[] = {STR("姓名"), STR("元")};
    struct str row[] = {STR("王\x01小\xFF明"), STR("12.50")};
    assert_true(sheet_open(&out, path, "a/b[1]", false, &err));
    sheet_numbers(out, numbers, 2);
    assert_true(sheet_header(out, header, 2, widths, &err));
    assert_true(sheet_row(out, row, 2, &err));
    assert_true(sheet_close(out, &err));
}

static void test_workbook(void **state)
{
    (void)state;
    struct arena arena = {0};
    char folder[64], path[128], again[128];
    make_folder(folder);
    snprintf(path, sizeof path, "%s/a.xlsx", folder);
    snprintf(again, sizeof again, "%s/b.xlsx", folder);
    write_workbook(path);
    write_workbook(again);
    struct str bytes = read_back(&arena, path);
    assert_true(str_starts(bytes, STR("PK\x03\x04")));
    assert_true(str_equal(bytes, read_back(&arena, again)));
    unlink(path);
    unlink(again);
    assert_int_equal(rmdir(folder), 0);
    arena_free(&arena);
}

/* Two sheets, with a picture on the second; CSV has one. */
static void test_sheets(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct sheet_out *out;
    char folder[64], path[128];
    bool numbers[] = {false, true};
    struct str header[] = {STR("县"), STR("人")};
    struct str row[] = {STR("会宁县"), STR("12")};
    make_folder(folder);
    snprintf(path, sizeof path, "%s/a.xlsx", folder);
    assert_true(sheet_open(&out, path, "一", false, &err));
    assert_true(sheet_header(out, header, 2, NULL, &err));
    assert_true(sheet_next(out, "二", &err));
    sheet_numbers(out, numbers, 2);
    assert_true(sheet_header(out, header, 2, NULL, &err));
    assert_true(sheet_row(out, row, 2, &err));
    sheet_bars(out, "人数", 0, 1, 0, 1, 0, 3);
    sheet_bars(out, "没有", 0, 1, 1, 0, 16, 3);
    assert_true(sheet_close(out, &err));
    struct str bytes = read_back(&arena, path);
    assert_true(str_find(bytes, STR("xl/worksheets/sheet2.xml")) != SIZE_MAX);
    assert_true(str_find(bytes, STR("xl/charts/chart1.xml")) != SIZE_MAX);
    assert_true(str_find(bytes, STR("xl/charts/chart2.xml")) == SIZE_MAX);
    unlink(path);
    snprintf(path, sizeof path, "%s/a.csv", folder);
    assert_true(sheet_open(&out, path, "一", false, &err));
    sheet_bars(out, "人数", 0, 1, 0, 1, 0, 3);
    assert_false(sheet_next(out, "二", &err));
    assert_int_equal(err.kind, ERR_USAGE);
    sheet_abandon(out);
    assert_int_equal(rmdir(folder), 0);
    arena_free(&arena);
}

static void test_refusals(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct sheet_out *out = NULL;
    char folder[64], path[128];
    make_folder(folder);
    assert_false(sheet_open(&out, "/nowhere/at/all.csv", "x", false, &err));
    assert_int_equal(err.kind, ERR_IO);
    assert_false(sheet_open(&out, "/nowhere/at/all.xlsx", "x", false, &err));
    assert_int_equal(err.kind, ERR_IO);
    assert_non_null(strstr(err.zh, "没有这个文件"));
    assert_false(sheet_open(&out, folder, "x", false, &err));
    assert_null(out);

    snprintf(path, sizeof path, "%s/long.xlsx", folder);
    char *big = arena_alloc(&arena, 40000);
    memset(big, 'x', 39999);
    struct str cell = str_from(big);
    assert_true(sheet_open(&out, path, "x", false, &err));
    assert_false(sheet_row(out, &cell, 1, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    sheet_abandon(out);
    sheet_abandon(NULL);
    assert_int_equal(rmdir(folder), 0);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_workbook),
        cmocka_unit_test(test_sheets),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
