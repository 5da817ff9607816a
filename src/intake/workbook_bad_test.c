#include "intake/workbook_xlsx_testing.h"

#include <sys/resource.h>
#include <sys/wait.h>

/* Bad files: each gets one sentence that says what is wrong, in bounded memory and time. */

enum { MEMORY_BYTES_MAX = 512 << 20, SECONDS_MAX = 60 };

#define BYTES(literal) "" literal "", sizeof(literal) - 1

/* Opens and reads a file in a child with little memory, and compares kind and sentences; removes
 * it. */
static void expect(const char *path, enum err_kind kind, const char *en, const char *zh)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
#if !defined(__SANITIZE_ADDRESS__)
        struct rlimit memory = {MEMORY_BYTES_MAX, MEMORY_BYTES_MAX};
        setrlimit(RLIMIT_AS, &memory);
#endif
        struct rlimit seconds = {SECONDS_MAX, SECONDS_MAX};
        setrlimit(RLIMIT_CPU, &seconds);
        struct arena arena = {0};
        struct err err = ERR_INIT;
        test_read(&arena, path, &err);
        bool good = err.kind == kind && strstr(err.en, en) != NULL && strstr(err.zh, zh) != NULL;
        if (!good)
            fprintf(stderr, "kind %d, \"%s\", \"%s\"; not %s\n", err.kind, err.en, err.zh, en);
        arena_free(&arena);
        _exit(good ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    unlink(path);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void expect_bytes(const void *bytes, size_t size, enum err_kind kind, const char *en,
                         const char *zh)
{
    char path[64];
    expect(test_file(path, bytes, size), kind, en, zh);
}

static void expect_parts(const struct test_part *parts, enum err_kind kind, const char *en,
                         const char *zh)
{
    char path[64];
    expect(test_zip(path, parts), kind, en, zh);
}

static void expect_sheet(const char *sheet, const char *shared, enum err_kind kind, const char *en,
                         const char *zh)
{
    char path[64];
    expect(test_xlsx(path, sheet, shared, NULL, NULL), kind, en, zh);
}

static struct str read_file(struct arena *arena, const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = arena_alloc(arena, 1 << 20);
    size_t size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    unlink(path);
    return (struct str){bytes, size};
}

/* A small sound workbook, for spoiling. */
static struct str sound_xlsx(struct arena *arena)
{
    char path[64];
    test_xlsx(path, TEST_SHEET("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>", ""),
              "<sst><si><t>姓名</t></si></sst>", NULL, NULL);
    return read_file(arena, path);
}

static void test_other_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *part, *en, *zh;
    } packages[] = {
        {"word/document.xml", "a Word document", "Word 文档"},
        {"ppt/presentation.xml", "PowerPoint", "PowerPoint"},
        {"content.xml", "OpenDocument", "OpenDocument"},
        {"xl/workbook.bin", "xlsb", "xlsb"},
        {"[Content_Types].xml", "list of sheets is missing", "缺少工作表目录"},
        {"photo.jpg", "a zip archive", "zip 压缩包"},
    };
    for (size_t i = 0; i < sizeof packages / sizeof *packages; i++) {
        struct test_part parts[] = {{packages[i].part, "<x/>", 0}, {0}};
        expect_parts(parts, ERR_INPUT, packages[i].en, packages[i].zh);
    }
    expect_bytes(BYTES(""), ERR_INPUT, "empty", "空的");
    expect_bytes(BYTES("%PDF-1.7\n"), ERR_INPUT, "a PDF file", "PDF 文件");
    expect_bytes(BYTES("\xFF\xD8\xFF\xE0"), ERR_INPUT, "JPEG", "JPEG");
    expect_bytes(BYTES("SQLite format 3\0"), ERR_INPUT, "SQLite", "SQLite");
    expect_bytes(BYTES("a\0b,c\n"), ERR_INPUT, "NUL bytes", "空字节");
    expect_bytes(BYTES("PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), ERR_INPUT, "a zip archive",
                 "zip 压缩包");
}

/* A compound file of one stream or storage, with the given name and content. */
static const char *compound_file(char path[64], const char *name, const void *content, size_t size)
{
    unsigned char bytes[512 * 13] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    memset(bytes + 512, 0xFF, 512);
    memcpy(bytes + 24, "\x3E\0\3\0\xFE\xFF\x09\0\x06\0", 10);
    bytes[44] = 1; /* one table sector: 0 */
    bytes[48] = 1; /* the directory: sector 1 */
    memcpy(bytes + 56, "\0\x10\0\0\xFE\xFF\xFF\xFF", 8);
    memcpy(bytes + 68, "\xFE\xFF\xFF\xFF", 4);
    memset(bytes + 80, 0xFF, 512 - 80);
    memcpy(bytes + 512, "\xFD\xFF\xFF\xFF\xFE\xFF\xFF\xFF", 8);
    for (unsigned i = 2; i < 10; i++) {
        memcpy(bytes + 512 + 4 * i, i == 9 ? "\xFE\xFF\xFF\xFF" : "\0\0\0\0", 4);
        if (i < 9) bytes[512 + 4 * i] = (unsigned char)(i + 1);
    }
    unsigned char *root = bytes + 1024, *entry = root + 128;
    const char *names[] = {"Root Entry", name};
    for (size_t i = 0; i < 2; i++) {
        size_t length = strlen(names[i]);
        for (size_t k = 0; k < length; k++) root[128 * i + 2 * k] = (unsigned char)names[i][k];
        root[128 * i + 64] = (unsigned char)(2 * length + 2);
    }
    root[66] = 5;
    entry[66] = 2;
    entry[116] = 2;
    entry[121] = 0x10; /* 4096 bytes */
    memcpy(bytes + 512 * 3, content, size);
    return test_file(path, bytes, sizeof bytes);
}

static void test_compound_files(void **state)
{
    (void)state;
    char path[64];
    struct arena arena = {0};
    expect(compound_file(path, "EncryptedPackage", "", 0), ERR_INPUT, "has a password", "设有密码");
    expect(compound_file(path, "WordDocument", "", 0), ERR_INPUT, "a Word document", "Word 文档");
    expect(compound_file(path, "Something", "", 0), ERR_INPUT, "without a workbook", "不含工作簿");
    expect(compound_file(path, "Workbook", "", 0), ERR_INPUT, "truncated or damaged", "已损坏");
    static const char locked[] = "\x09\x08\x10\0\0\x06\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\x2F\0\2\0\0\0";
    expect(compound_file(path, "Workbook", locked, sizeof locked - 1), ERR_INPUT, "has a password",
           "设有密码");
    static const char open[] = "\x09\x08\x10\0\0\x06\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\x0A\0\0\0";
    expect(compound_file(path, "Workbook", open, sizeof open - 1), ERR_INPUT, "has no sheet",
           "没有工作表");
    expect_bytes(open, sizeof open - 1, ERR_INPUT, "has no sheet", "没有工作表");
    struct str bytes = read_file(&arena, compound_file(path, "Workbook", open, sizeof open - 1));
    expect_bytes(bytes.ptr, 700, ERR_INPUT, "truncated or damaged", "不完整");
    expect_bytes(bytes.ptr, 3000, ERR_INPUT, "truncated or damaged", "不完整");
    char *loop = arena_copy(&arena, bytes.ptr, bytes.len);
    memcpy(loop + 512 + 4, "\1\0\0", 4); /* the directory's chain goes round and round */
    loop[1024 + 128 + 66] = 0;
    expect_bytes(loop, bytes.len, ERR_INPUT, "without a workbook", "不含工作簿");
    arena_free(&arena);
}

static void test_spoiled_packages(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct str sound = sound_xlsx(&arena);
    struct err err = ERR_INIT;
    assert_str_is(test_read_bytes(&arena, sound.ptr, sound.len, &err), "xlsx 甲{1:姓名/}");
    for (size_t size = 4; size < sound.len; size += sound.len / 7) {
        expect_bytes(sound.ptr, size, ERR_INPUT, "truncated or damaged", "不完整");
    }
    char *locked = arena_copy(&arena, sound.ptr, sound.len);
    for (size_t i = 0; i + 10 < sound.len; i++) { /* the flag "encrypted" of each part */
        if (memcmp(locked + i, "PK\3\4", 4) == 0) locked[i + 6] |= 1;
        if (memcmp(locked + i, "PK\1\2", 4) == 0) locked[i + 8] |= 1;
    }
    expect_bytes(locked, sound.len, ERR_INPUT, "password", "密码");
    char *crowded = arena_copy(&arena, sound.ptr, sound.len);
    size_t end = sound.len - 22;
    memcpy(crowded + end + 8, "\xFF\xFF\xFF\xFF", 4);
    expect_bytes(crowded, sound.len, ERR_LIMIT, "a zip bomb", "压缩炸弹");
    char *spoiled = arena_copy(&arena, sound.ptr, sound.len);
    for (size_t i = 60; i < sound.len - 300; i++) spoiled[i] = (char)(spoiled[i] ^ 0x55);
    memcpy(spoiled, sound.ptr, 60);
    expect_bytes(spoiled, sound.len, ERR_INPUT, "damaged", "损坏");
    arena_free(&arena);
}

static void test_spoiled_parts(void **state)
{
    (void)state;
#define ROW1 "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>x</v></c></row>"
    expect_sheet("<worksheet><sheetData>" ROW1 "<row r=\"2\"><c r=\"A2\"><v>1</v></c>", NULL,
                 ERR_INPUT, "row 2: damaged", "第 2 行：文件已损坏");
    expect_sheet("<worksheet><sheetData>" ROW1, NULL, ERR_INPUT, "after row 1: damaged",
                 "第 1 行之后：文件已损坏");
    expect_sheet("<worksheet><sheetData>" ROW1 "<row r=5 x></sheetData></worksheet>", NULL,
                 ERR_INPUT, "damaged", "损坏");
    expect_sheet(
        "<worksheet><sheetData><row><c t=\"str\"><v>&bomb;</v></c></row></sheetData></worksheet>",
        NULL, ERR_INPUT, "damaged", "损坏");
    expect_sheet(TEST_SHEET("<row><c t=\"s\"><v>7</v></c></row>", ""),
                 "<sst><si><t>a</t></si></sst>", ERR_INPUT, "shared text that is missing",
                 "共享文字不存在");
    expect_sheet(TEST_SHEET(ROW1, ""), "<sst><si><t>a</t>", ERR_INPUT, "shared texts: damaged",
                 "共享文字：文件已损坏");
    expect_sheet(TEST_SHEET("<row><c s=\"1\"/></row>", ""), NULL, ERR_INPUT, "no sheet has a row",
                 "都是空的");
    expect_sheet("\xFF\xFE<\0", NULL, ERR_INPUT, "not UTF-8", "不是 UTF-8");
    expect_sheet("<?xml version=\"1.0\" encoding=\"gb2312\"?>" TEST_SHEET(ROW1, ""), NULL,
                 ERR_INPUT, "damaged", "损坏");
    struct test_part parts[] = {
        {"_rels/.rels", TEST_ROOT_RELS, 0},
        {"xl/workbook.xml", TEST_WORKBOOK("<sheets><sheet name=\"甲\" r:id=\"r1\"/></sheets>"), 0},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships>" TEST_RELATION("r1", "worksheet", "sheets/gone.xml") "</Relationships>",
         0},
        {0},
    };
    expect_parts(parts, ERR_INPUT,
                 "sheet \"甲\": damaged: the part \"xl/sheets/gone.xml\" is missing",
                 "缺少“xl/sheets/gone.xml”");
    parts[1].content = "<workbook><sheets>";
    expect_parts(parts, ERR_INPUT, "list of sheets: damaged", "工作表目录：文件已损坏");
    parts[1].content = "<workbook/>";
    expect_parts(parts, ERR_INPUT, "has no sheet", "没有工作表");
}

static void test_entity_bombs(void **state)
{
    (void)state;
#define DOCTYPE "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>"
    expect_sheet(DOCTYPE "<worksheet><sheetData><row><c t=\"str\"><v>&b;</v></c></row></sheetData>"
                         "</worksheet>",
                 NULL, ERR_INPUT, "entity bomb", "实体炸弹");
    expect_sheet(TEST_SHEET(ROW1, ""), DOCTYPE "<sst><si><t>&b;</t></si></sst>", ERR_INPUT,
                 "shared texts: refused", "实体炸弹");
    struct test_part parts[] = {
        {"_rels/.rels", TEST_ROOT_RELS, 0},
        {"xl/workbook.xml", DOCTYPE "<workbook>&b;</workbook>", 0},
        {0},
    };
    expect_parts(parts, ERR_INPUT, "entity bomb", "实体炸弹");
}

/* `count` times `piece` between two texts. */
static const char *repeat(struct arena *arena, const char *before, const char *piece, size_t count,
                          const char *after)
{
    size_t length = strlen(piece);
    char *out = arena_alloc(arena, strlen(before) + length * count + strlen(after) + 1), *at = out;
    memcpy(at, before, strlen(before));
    at += strlen(before);
    for (size_t i = 0; i < count; i++, at += length) memcpy(at, piece, length);
    memcpy(at, after, strlen(after));
    return out;
}

static void test_bombs(void **state)
{
    (void)state;
    struct arena arena = {0};
    const size_t large = 10 << 20;
    const char *sheet = repeat(&arena, "<worksheet><sheetData>" ROW1, "<row/>          ", 6 << 20,
                               "</sheetData></worksheet>");
    expect_sheet(sheet, NULL, ERR_LIMIT, "a zip bomb", "压缩炸弹");
    arena_free(&arena);
    sheet = repeat(&arena, "<worksheet><sheetData><row><c t=\"str\"><v>", "x", large,
                   "</v></c></row></sheetData></worksheet>");
    expect_sheet(sheet, NULL, ERR_LIMIT, "row 1", "第 1 行");
    sheet = repeat(&arena, "<worksheet><sheetData><row><c t=\"str\"><v>", "x", 70000,
                   "</v></c></row></sheetData></worksheet>");
    expect_sheet(sheet, NULL, ERR_LIMIT, "column 1: a field is larger", "第 1 列：一格内容超过");
    sheet = repeat(&arena, "<worksheet><sheetData><row x=\"", "x", large,
                   "\"/></sheetData></worksheet>");
    expect_sheet(sheet, NULL, ERR_LIMIT, "larger than", "超过");
    const char *shared = repeat(&arena, "<sst><si><t>", "y", 70000, "</t></si></sst>");
    expect_sheet(TEST_SHEET("<row><c t=\"s\"><v>0</v></c></row>", ""), shared, ERR_LIMIT,
                 "a field is larger", "一格内容超过");
    shared = repeat(&arena, "<sst><si><t>", "y", large, "</t></si></sst>");
    expect_sheet(TEST_SHEET(ROW1, ""), shared, ERR_LIMIT, "larger than", "超过");
    struct test_part parts[] = {
        {"_rels/.rels", TEST_ROOT_RELS, 0}, {"xl/workbook.xml", NULL, 0}, {0}};
    parts[1].content = repeat(&arena, "", "<a>", 100000, "");
    expect_parts(parts, ERR_LIMIT, "nested deeper", "嵌套");
    parts[1].content =
        repeat(&arena, "<workbook><sheets>", "<sheet name=\"a\"/>", 300, "</sheets></workbook>");
    expect_parts(parts, ERR_LIMIT, "more than 256 sheets", "超过 256 个工作表");
    parts[1].content = repeat(&arena, "<workbook x='", "a", large, "'/>");
    expect_parts(parts, ERR_LIMIT, "XML tag is larger", "标签超过");
    arena_free(&arena);
}

/* A sheet that is large when unpacked is no bomb: it is read in little memory. */
static void test_large_but_sound(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    char path[64];
    const char *sheet = repeat(
        &arena, "<worksheet><sheetData>" ROW1,
        "<row><c r=\"XFD9\" s=\"1\"/><c s=\"2\"/><c s=\"3\"/><c s=\"4\"/><c s=\"5\"/></row>",
        500000, "<row r=\"1048576\"><c t=\"str\"><v>末</v></c></row></sheetData></worksheet>");
    test_xlsx(path, sheet, NULL, NULL, NULL);
    arena_free(&arena);
    assert_str_is(test_read(&arena, path, &err), "xlsx 甲{1:x/1048576:末/}");
    unlink(path);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_other_kinds),      cmocka_unit_test(test_compound_files),
        cmocka_unit_test(test_spoiled_packages), cmocka_unit_test(test_spoiled_parts),
        cmocka_unit_test(test_entity_bombs),     cmocka_unit_test(test_bombs),
        cmocka_unit_test(test_large_but_sound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
