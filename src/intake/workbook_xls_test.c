#include "base/sheet_out.h"
#include "base/xls_out.h"
#include "intake/workbook_testing.h"

#define BYTES(literal) "" literal "", sizeof(literal) - 1

/* A stream of records under construction; a file may be such a stream without a compound file. */
struct stream {
    unsigned char bytes[65536];
    size_t size;
};

static void add(struct stream *stream, unsigned type, const void *data, size_t size)
{
    unsigned char head[] = {(unsigned char)type, (unsigned char)(type >> 8), (unsigned char)size,
                            (unsigned char)(size >> 8)};
    assert_true(stream->size + 4 + size <= sizeof stream->bytes);
    memcpy(stream->bytes + stream->size, head, 4);
    if (size > 0) memcpy(stream->bytes + stream->size + 4, data, size);
    stream->size += 4 + size;
}

static void start(struct stream *stream)
{
    stream->size = 0;
    add(stream, 0x0809, BYTES("\x00\x06\x05\x00\xBB\x0D\xCC\x07\0\0\0\0\x06\0\0\0"));
}

/* The list of sheets with one sheet that begins right behind, and the end of the globals. */
static void start_sheet(struct stream *stream, unsigned char hidden)
{
    size_t offset = stream->size + 4 + 10 + 4;
    unsigned char sheet[] = {(unsigned char)offset,
                             (unsigned char)(offset >> 8),
                             0,
                             0,
                             hidden,
                             0,
                             1,
                             1,
                             0x32,
                             0x75}; /* 甲 */
    add(stream, 0x0085, sheet, sizeof sheet);
    add(stream, 0x000A, "", 0);
    add(stream, 0x0809, BYTES("\x00\x06\x10\x00\xBB\x0D\xCC\x07\0\0\0\0\x06\0\0\0"));
}

static void check(const struct stream *stream, const char *want)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct str got = test_read_bytes(&arena, stream->bytes, stream->size, &err);
    assert_string_equal(err.en, "");
    assert_string_equal(got.ptr, want);
    arena_free(&arena);
}

static void test_cells(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct stream *s = arena_new(&arena, struct stream);
    start(s);
    add(s, 0x0022, BYTES("\0\0"));
    add(s, 0x041E, BYTES("\xA4\0\x0C\0\0yyyy\"x\"m\"x\"d"));
    add(s, 0x00E0, BYTES("\0\0\0\0"));   /* style 0 */
    add(s, 0x00E0, BYTES("\0\0\xA4\0")); /* style 1: a custom date */
    add(s, 0x00E0, BYTES("\0\0\x0E\0")); /* style 2: a built-in date */
    /* Three shared texts: one with formatting and a reading, one broken over two records in the
     * middle of its characters, one in the second record. */
    add(s, 0x00FC,
        BYTES("\x03\0\0\0\x03\0\0\0\x01\0\x0D\x01\0\x04\0\0\0\x00\x4E\0\0\0\0RRRR"
              "\x04\0\x01\x8C\x4E\x09\x4E"));
    add(s, 0x003C,
        BYTES("\x00"
              "ab\x01\0\x01\xDB\x56"));
    start_sheet(s, 1);
    add(s, 0x00FD, BYTES("\0\0\0\0\0\0\0\0\0\0"));
    add(s, 0x00FD, BYTES("\0\0\x01\0\0\0\x01\0\0\0"));
    add(s, 0x00FD, BYTES("\0\0\x02\0\0\0\x02\0\0\0"));
    add(s, 0x0203, BYTES("\x01\0\0\0\x01\0\0\0\0\0\xA0\x01\xE4\x40"));       /* 40973 */
    add(s, 0x027E, BYTES("\x01\0\x01\0\x02\0\x36\x80\x02\0"));               /* 40973 */
    add(s, 0x027E, BYTES("\x01\0\x02\0\0\0\x37\x80\x02\0"));                 /* 409.73 */
    add(s, 0x00BD, BYTES("\x01\0\x03\0\0\0\x06\0\0\0\0\0\x0A\0\0\0\x04\0")); /* 1 and 2 */
    add(s, 0x0205, BYTES("\x02\0\0\0\0\0\x01\0"));
    add(s, 0x0205, BYTES("\x02\0\x01\0\0\0\x2A\x01"));
    add(s, 0x0006, BYTES("\x02\0\x02\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0"));
    add(s, 0x0207, BYTES("\x02\0\0xy"));
    add(s, 0x0006, BYTES("\x02\0\x03\0\0\0\0\0\0\0\0\0\0\x40\0\0")); /* 2 */
    add(s, 0x0204, BYTES("\x04\0\0\0\0\0\x02\0\x01\x11\x62\x0D\0"));
    add(s, 0x00E5, BYTES("\x01\0\0\0\x01\0\x04\0\x04\0")); /* one area, and nothing in it */
    add(s, 0x000A, "", 0);
    check(s, "xls 甲(hidden){1:一|二三ab|四/2:@2012-03-05|@2012-03-05|#409.73|#1|#2/"
             "3:TRUE|#N/A|xy|#2/5:我\n/}");
    arena_free(&arena);
}

static void test_order_and_areas(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct stream *s = arena_new(&arena, struct stream);
    start(s);
    start_sheet(s, 0);
    add(s, 0x0204, BYTES("\x02\0\0\0\0\0\x01\0\0c")); /* rows in a jumble, a chart among them */
    add(s, 0x0204, BYTES("\0\0\0\0\0\0\x01\0\0a"));
    add(s, 0x0809, BYTES("\x00\x06\x20\x00\0\0\0\0"));
    add(s, 0x0204, BYTES("\0\0\x03\0\0\0\x01\0\0n"));
    add(s, 0x000A, "", 0);
    add(s, 0x0006, BYTES("\x01\0\x01\0\0\0\0\0\0\0\0\0\xFF\xFF\0\0"));
    add(s, 0x0207, BYTES("\x01\0\0f"));
    add(s, 0x0204, BYTES("\0\0\x01\0\0\0\x01\0\0b"));
    add(s, 0x00E5, BYTES("\x02\0\0\0\x01\0\0\0\0\0\0\0\0\0\x01\0\x03\0"));
    add(s, 0x000A, "", 0);
    check(s, "xls 甲{1:a|b|^b|^b/2:^a|f/3:c/}");
    arena_free(&arena);
}

static void test_old_versions(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct stream *s = arena_new(&arena, struct stream);
    add(s, 0x0009, BYTES("\x02\0\x10\0"));
    add(s, 0x0004, BYTES("\0\0\0\0\0\0\0\x04\xD0\xD5\xC3\xFB"));
    add(s, 0x0002, BYTES("\x01\0\0\0\0\0\0\x0C\0"));
    add(s, 0x0003, BYTES("\x01\0\x01\0\0\0\0\0\0\0\0\0\0\xF8\x3F"));
    add(s, 0x000A, "", 0);
    check(s, "xls {1:姓名/2:#12|#1.5/}");

    s->size = 0; /* version 5: texts in GBK */
    add(s, 0x0809, BYTES("\x00\x05\x05\x00\0\0\0\0"));
    size_t offset = s->size + 4 + 9 + 4;
    unsigned char sheet[] = {(unsigned char)offset, 0, 0, 0, 0, 0, 2, 0xBC, 0xD7};
    add(s, 0x0085, sheet, sizeof sheet);
    add(s, 0x000A, "", 0);
    add(s, 0x0809, BYTES("\x00\x05\x10\x00\0\0\0\0"));
    add(s, 0x0204, BYTES("\0\0\0\0\0\0\x05\0\xCD\xF5\xD0\xA1\xC3"));
    add(s, 0x000A, "", 0);
    check(s, "xls 甲{1:王小\uFFFD/}");
    arena_free(&arena);
}

static void test_compound_file(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    char path[64];
    test_file(path, "", 0);
    FILE *file = fopen(path, "w+");
    assert_non_null(file);
    struct xls_out *out = xls_open(&arena, fileno(file), "名单");
    assert_true(xls_put_text(out, 0, 0, STR("标题"), XLS_BOLD));
    assert_true(xls_put_text(out, 1, 0, STR("王𠮷"), XLS_PLAIN));
    assert_true(xls_put_number(out, 1, 1, 40973, XLS_DATE));
    assert_true(xls_put_number(out, 1, 2, 620422201203050013.0, XLS_PLAIN));
    xls_merge(out, 0, 0, 0, 2);
    assert_true(xls_close(out));
    fclose(file);
    struct str got = test_read(&arena, path, &err);
    assert_string_equal(err.en, "");
    assert_string_equal(got.ptr,
                        "xls 名单{1:标题|^标题|^标题/2:王𠮷|@2012-03-05|#620422201203050000~/}");
    unlink(path);
    arena_free(&arena);
}

/* Beyond 7 MB a compound file needs a second level of tables. */
static void test_large(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    char path[80], base[64];
    test_file(base, "", 0);
    snprintf(path, sizeof path, "%s.xls", base);
    struct sheet_out *out;
    char wide[400];
    memset(wide, 'x', sizeof wide);
    assert_true(sheet_open(&out, path, "大", false, &err));
    for (int i = 0; i < 12000; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        struct str cells[] = {str_from(number), {wide, sizeof wide}};
        assert_true(sheet_row(out, cells, 2, &err));
    }
    assert_true(sheet_close(out, &err));
    struct workbook *workbook;
    struct workbook_row row;
    bool more;
    assert_true(workbook_open(&workbook, path, &err));
    assert_true(workbook_sheet(workbook, 0, &err));
    for (int i = 0; i < 12000; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        assert_true(workbook_next(workbook, &row, &more, &err));
        assert_true(more);
        assert_int_equal(row.count, 2);
        assert_str_is(row.cells[0].text, number);
        assert_int_equal(row.cells[1].text.len, sizeof wide);
    }
    assert_true(workbook_next(workbook, &row, &more, &err));
    assert_false(more);
    workbook_release(workbook);
    unlink(path);
    unlink(base);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),        cmocka_unit_test(test_order_and_areas),
        cmocka_unit_test(test_old_versions), cmocka_unit_test(test_compound_file),
        cmocka_unit_test(test_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
