#include "intake/workbook_testing.h"

#include <iconv.h>

#define BYTES(literal) "" literal "", sizeof(literal) - 1

static struct str convert(struct arena *arena, const char *to, const char *text)
{
    size_t left = strlen(text), room = 4 * left + 16, size = room;
    char *in = arena_copy(arena, text, left), *out = arena_alloc(arena, room), *start = out;
    iconv_t conversion = iconv_open(to, "UTF-8");
    assert_true(conversion != (iconv_t)-1);
    assert_true(iconv(conversion, &in, &left, &out, &room) != (size_t)-1);
    iconv_close(conversion);
    return (struct str){start, size - room};
}

static void test_kinds_of_text(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        const char *want;
    } cases[] = {
        {BYTES("姓名,号\n王,1\n"), "csv {1:姓名|号/2:王|1/}"},
        {BYTES("\xEF\xBB\xBF姓名;号\r\n王;1\r\n"), "csv {1:姓名|号/2:王|1/}"},
        {BYTES("a\tb\r1\t2\r"), "text {1:a|b/2:1|2/}"},
        {BYTES("a,b\n\n , \n\"x\r\ny\",6.20422E+17\n\n"), "csv {1:a|b/4:x\ny|6.20422E+17~/}"},
        {BYTES("sep=;\na;b,c\n"), "csv {2:a|b,c/}"},
        {BYTES("a,b\nx\x01y\x7F,z\xC2\x85\n"), "csv {1:a|b/2:xy|z/}"},
        /* Names cut in the middle of a character. */
        {BYTES("姓名,号\n王小\xE6\x98,1\n李\xE6"), "csv {1:姓名|号/2:王小\uFFFD|1/3:李\uFFFD/}"},
        {BYTES("\xD0\xD5\xC3\xFB,\xBA\xC5\n\xCD\xF5\xD0,1\n\xC0\xEE\xC3"),
         "csv {1:姓名|号/2:王\uFFFD|1/3:李\uFFFD/}"},
        {BYTES("caf\xC3\xA9,b\n"), "csv {1:café|b/}"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = ERR_INIT;
        struct str got = test_read_bytes(&arena, cases[i].bytes, cases[i].size, &err);
        assert_string_equal(err.en, "");
        assert_string_equal(got.ptr, cases[i].want);
    }
    arena_free(&arena);
}

static void test_encodings(void **state)
{
    (void)state;
    static const char text[] = "姓名,身份证号,乡镇\n王𠮷明,620422201203050013,会师镇\n";
    static const char want[] = "csv {1:姓名|身份证号|乡镇/2:王𠮷明|620422201203050013|会师镇/}";
    static const char *const encodings[] = {"UTF-8", "GB18030", "UTF-16LE", "UTF-16BE", "UTF-16",
                                            /* with a mark */};
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        struct err err = ERR_INIT;
        struct str bytes = convert(&arena, encodings[i], text);
        struct str got = test_read_bytes(&arena, bytes.ptr, bytes.len, &err);
        assert_string_equal(err.en, "");
        assert_string_equal(got.ptr, want);
    }
    arena_free(&arena);
}

/* Rows, quoted line ends and characters that straddle the blocks come out as they went in. */
static void test_blocks(void **state)
{
    (void)state;
    struct arena arena = {0};
    static const char *const encodings[] = {"UTF-8", "GB18030", "UTF-16LE"};
    struct text text, want;
    text_init(&text, &arena, 1 << 24);
    text_init(&want, &arena, 1 << 24);
    text_add_c(&want, "csv {");
    unsigned line = 1;
    for (unsigned i = 0; i < 40000; i++, line++) {
        text_add_f(&text, "%u,王小明%.*s,\"a\nb\"\r\n", i, (int)(i % 7), "xxxxxxx");
        text_add_f(&want, "%u:%u|王小明%.*s|a\nb/", line++, i, (int)(i % 7), "xxxxxxx");
    }
    text_add_c(&want, "}");
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        struct err err = ERR_INIT;
        struct str bytes = convert(&arena, encodings[i], text.ptr);
        struct str got = test_read_bytes(&arena, bytes.ptr, bytes.len, &err);
        assert_string_equal(err.en, "");
        assert_true(str_equal(got, text_str(&want)));
    }
    arena_free(&arena);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        enum err_kind kind;
        const char *en, *zh;
    } cases[] = {
        {BYTES(""), ERR_INPUT, "the file is empty", "文件是空的"},
        {BYTES("\xEF\xBB\xBF \n,,\n"), ERR_INPUT, "no row", "没有任何一行"},
        {BYTES("a,b\n1,\0\n"), ERR_INPUT, "NUL bytes", "空字节"},
        {BYTES("%PDF-1.4\n%"), ERR_INPUT, "a PDF file", "PDF 文件"},
        {BYTES("\x89PNG\r\n\x1A\n\0"), ERR_INPUT, "a picture (PNG)", "图片（PNG）"},
        {BYTES("Rar!\x1A\x07"), ERR_INPUT, "a RAR archive", "RAR 压缩包"},
        {BYTES(
             "a,"
             "\xA6\x72\xA6\x57\xA8\xAD\xA5\xF7\xC3\xD2\xB8\xB9\xBE\xC7\xAE\xD5\xA6\x7E\xAF\xC5\n"),
         ERR_INPUT, "no known encoding", "编码无法识别"}, /* Big5 */
        {BYTES("a,\xFF\xFF\xFE\xFD\xFF\n"), ERR_INPUT, "no known encoding", "编码无法识别"},
        {BYTES("a,b\n1,\"2\n3,4\n"), ERR_INPUT, "line 2: a quote", "第 2 行：引号没有闭合"},
        {BYTES("<?xml version=\"1.0\"?><a/>"), ERR_INPUT, "an XML file", "XML 文件"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = ERR_INIT;
        test_read_bytes(&arena, cases[i].bytes, cases[i].size, &err);
        assert_int_equal(err.kind, cases[i].kind);
        assert_non_null(strstr(err.en, cases[i].en));
        assert_non_null(strstr(err.zh, cases[i].zh));
    }
    struct err err = ERR_INIT;
    test_read(&arena, ".", &err);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_string_equal(err.zh, "这是文件夹，不是文件");
    test_read(&arena, "no/such/file", &err);
    assert_int_equal(err.kind, ERR_IO);
    arena_free(&arena);
}

static void test_large_fields(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    size_t size = 10 * 1024 * 1024;
    char *bytes = arena_alloc(&arena, size);
    memset(bytes, 'x', size);
    memcpy(bytes, "a,b\n1,", 6);
    test_read_bytes(&arena, bytes, size, &err);
    assert_int_equal(err.kind, ERR_LIMIT);
    assert_non_null(strstr(err.en, "line 2"));
    bytes[6] = '"';
    bytes[size - 2] = '"';
    test_read_bytes(&arena, bytes, size, &err);
    assert_int_equal(err.kind, ERR_LIMIT);
    assert_non_null(strstr(err.zh, "第 2 行"));
    test_read_bytes(&arena, bytes, 6 + 70000, &err); /* over our limit, not over that of csv.h */
    assert_true(err.kind != ERR_NONE);
    memset(bytes, ',', 2000);
    memcpy(bytes + 2000, "x\n", 3);
    test_read_bytes(&arena, bytes, 2002, &err);
    assert_int_equal(err.kind, ERR_LIMIT);
    assert_non_null(strstr(err.en, "more than 1024 columns"));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds_of_text), cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_blocks),        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_large_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
