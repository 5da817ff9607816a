#include "sample/clerk.h"

#include "base/file.h"
#include "base/testing.h"

#include <stdlib.h>
#include <unistd.h>

/* A file of each kind with a title, two rows and a foot. */
struct written {
    struct arena arena;
    char path[64];
    struct str bytes;
    uint64_t rows[2];
};

static void write_one(struct written *out, enum file_format format, bool title)
{
    struct str headings[] = {STR("姓名"), STR("出生日期"), STR("身份证号")};
    struct layout layout = {.format = format,
                            .headings = headings,
                            .column_count = 3,
                            .total = title,
                            .foot = title ? STR("填表人：") : STR_EMPTY};
    struct clerk_cell rows[2][3] = {
        {{STR("王<小>明"), CELL_TEXT},
         {STR("2012-03-05"), CELL_DAY},
         {STR("620422201203059013"), CELL_NUMBER}},
        {{STR("李,红"), CELL_TEXT}, {STR(""), CELL_DAY}, {STR("7"), CELL_NUMBER}}};
    struct clerk *clerk;
    struct err err = ERR_INIT;
    int fd;
    memset(out, 0, sizeof *out);
    memcpy(out->path, "/tmp/clerk-XXXXXX", 18);
    fd = mkstemp(out->path);
    assert_true(fd >= 0);
    close(fd);
    assert_true(
        clerk_open(&clerk, &out->arena, out->path, &layout, title ? STR("名册") : STR_EMPTY, &err));
    assert_true(clerk_sheet(clerk, STR("一"), &err));
    for (size_t i = 0; i < 2; i++) assert_true(clerk_row(clerk, rows[i], 3, &out->rows[i], &err));
    assert_true(clerk_close(clerk, &err));
    assert_true(file_read(&out->arena, out->path, 1 << 20, &out->bytes, &err));
    assert_int_equal(unlink(out->path), 0);
}

static void test_csv(void **state)
{
    (void)state;
    struct written plain, marked, titled;
    write_one(&plain, FORMAT_CSV, false);
    write_one(&marked, FORMAT_CSV_BOM, false);
    write_one(&titled, FORMAT_CSV, true);
    assert_str_is(plain.bytes, "姓名,出生日期,身份证号\r\n王<小>明,2012-03-05,6.20422E+17\r\n"
                               "\"李,红\",,7\r\n");
    assert_str_is(str_slice(marked.bytes, 0, 3), "\xEF\xBB\xBF");
    assert_true(str_equal(str_slice(marked.bytes, 3, marked.bytes.len), plain.bytes));
    assert_str_is(str_slice(titled.bytes, 0, 10), "名册,,\r\n");
    assert_true(str_ends(titled.bytes, STR("\r\n合计,2\r\n填表人：\r\n")));
    assert_int_equal(plain.rows[0], 2);
    assert_int_equal(plain.rows[1], 3);
    assert_int_equal(titled.rows[0], 3);
    arena_free(&plain.arena);
    arena_free(&marked.arena);
    arena_free(&titled.arena);
}

static void test_encodings(void **state)
{
    (void)state;
    struct written office, tabs, page;
    write_one(&office, FORMAT_CSV_GB18030, false);
    write_one(&tabs, FORMAT_TEXT_UTF16, false);
    write_one(&page, FORMAT_HTML, true);
    assert_str_is(str_slice(office.bytes, 0, 5), "\xD0\xD5\xC3\xFB,");
    assert_true(str_equal(str_slice(tabs.bytes, 0, 8),
                          (struct str){"\xFF\xFE\xD3\x59\x0D\x54\x09\x00", 8}));
    assert_true(str_find(page.bytes, STR("<td colspan=\"3\" align=\"center\">名册</td>"))
                != SIZE_MAX);
    assert_true(str_find(page.bytes, STR("王&lt;小&gt;明")) != SIZE_MAX);
    assert_int_equal(page.rows[0], 3);
    arena_free(&office.arena);
    arena_free(&tabs.arena);
    arena_free(&page.arena);
}

static void test_workbook(void **state)
{
    (void)state;
    struct written first, second;
    write_one(&first, FORMAT_XLSX, true);
    sleep(2); /* a zip counts in twos */
    write_one(&second, FORMAT_XLSX, true);
    assert_str_is(str_slice(first.bytes, 0, 2), "PK");
    /* Written two seconds later: no clock has left its mark. */
    assert_true(str_equal(first.bytes, second.bytes));
    assert_int_equal(first.rows[0], 3);
    assert_int_equal(first.rows[1], 4);
    arena_free(&first.arena);
    arena_free(&second.arena);
}

static void test_failure(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct str headings[] = {STR("姓名")};
    static const enum file_format formats[] = {FORMAT_CSV, FORMAT_HTML};
    for (size_t i = 0; i < 2; i++) {
        struct layout layout = {.format = formats[i], .headings = headings, .column_count = 1};
        struct clerk *clerk;
        struct err err = ERR_INIT;
        assert_false(clerk_open(&clerk, &arena, "/nowhere/at/all.csv", &layout, STR_EMPTY, &err));
        assert_int_equal(err.kind, ERR_IO);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_workbook),
        cmocka_unit_test(test_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
