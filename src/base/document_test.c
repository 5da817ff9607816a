#include "base/document.h"

#include "base/testing.h"
#include "base/testing_folder.h"

#include <stdlib.h>
#include <string.h>
#include <zip.h>

/* An order as a township would send it, with a table and a second page. */
static struct document *make(struct arena *arena, enum document_kind kind, size_t rows)
{
    static const int shares[] = {1, 3, 2};
    day made;
    assert_true(day_parse(STR("2020-09-20"), &made));
    struct document *document = document_new(arena, kind, STR("责令限期改正通知书"), made);
    document_add(document, DOCUMENT_TITLE, STR("责令限期改正通知书"));
    document_add(document, DOCUMENT_NUMBER, STR("郭政控通〔2020〕3号"));
    document_add(document, DOCUMENT_TO, STR("王大山："));
    document_add(
        document, DOCUMENT_BODY,
        STR("经查，你的被监护人王小明（男，2012年3月5日出生，身份证件号620422********0013）"
            "系适龄儿童少年，自2020年9月1日起未按时入学接受义务教育。依照《中华人民共和国"
            "义务教育法》第五十八条的规定，现责令你于2020年9月30日前送其返校。<&>"));
    document_table(document, shares, 3);
    document_row(document,
                 (struct document_cell[]){
                     {.text = STR("序号")}, {.text = STR("走访情况")}, {.text = STR("结果")}},
                 3, true, 0);
    for (size_t i = 0; i < rows; i++) {
        document_row(document,
                     (struct document_cell[]){
                         {.text = STR("1"), .middle = true},
                         {.text = STR("家访，父亲在家，称孩子随其外出务工"), .span = 2}},
                     2, false, 0);
    }
    document_add(document, DOCUMENT_SIGNED, STR("会宁县郭城驿镇人民政府（盖章）"));
    document_add(document, DOCUMENT_SIGNED, STR("2020年9月20日"));
    return document;
}

static void keep(const char *name, struct str bytes)
{
    const char *folder = getenv("BAOXUE_TEST_KEEP");
    struct err err = ERR_INIT;
    char path[1024];
    if (folder == NULL) return;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_true(file_write(path, bytes, 0644, &err));
}

static void test_pdf(void **state)
{
    (void)state;
    static const char *const names[] = {"letter.pdf", "form.pdf", "wide.pdf"};
    for (int kind = 0; kind < DOCUMENT_KIND_COUNT; kind++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct str first, again;
        struct document *document = make(&arena, (enum document_kind)kind, 2);
        assert_true(document_pdf(document, &first, &err));
        assert_true(str_starts(first, STR("%PDF-")));
        assert_int_equal(document_pages(document), 1);
        keep(names[kind], first);
        document = make(&arena, (enum document_kind)kind, 2);
        assert_true(document_pdf(document, &again, &err));
        assert_true(str_equal(first, again));
        arena_free(&arena);
    }
}

/* Rows go on to further pages, each under the head, and a row higher than a page ends. */
static void test_pages(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct str pdf;
    struct document *document = make(&arena, DOCUMENT_FORM, 90);
    assert_true(document_pdf(document, &pdf, &err));
    assert_true(document_pages(document) >= 3);
    keep("pages.pdf", pdf);
    struct text tall;
    text_init(&tall, &arena, 1 << 20);
    for (int i = 0; i < 4000; i++) text_add_c(&tall, "很长的记录，");
    document_table(document, (int[]){1}, 1);
    document_row(document, &(struct document_cell){.text = text_str(&tall)}, 1, false, 0);
    int before = document_pages(document);
    assert_true(document_pdf(document, &pdf, &err));
    assert_true(document_pages(document) <= before + 2);
    arena_free(&arena);
}

static struct str part_of(struct arena *arena, struct str docx, const char *name)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(docx.ptr, docx.len, 0, &error);
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY, &error);
    assert_non_null(zip);
    zip_stat_t size;
    assert_int_equal(zip_stat(zip, name, 0, &size), 0);
    zip_file_t *file = zip_fopen(zip, name, 0);
    char *bytes = arena_alloc(arena, size.size + 1);
    assert_int_equal(zip_fread(file, bytes, size.size), (zip_int64_t)size.size);
    zip_fclose(file);
    zip_discard(zip);
    return (struct str){bytes, size.size};
}

static void test_docx(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct str first, again;
    assert_true(document_docx(make(&arena, DOCUMENT_LETTER, 2), &first, &err));
    assert_true(document_docx(make(&arena, DOCUMENT_LETTER, 2), &again, &err));
    assert_true(str_equal(first, again));
    keep("letter.docx", first);
    struct str body = part_of(&arena, first, "word/document.xml");
    assert_true(str_find(body, STR("王大山：")) != SIZE_MAX);
    assert_true(str_find(body, STR("&lt;&amp;&gt;")) != SIZE_MAX);
    assert_true(str_find(body, STR("<w:gridSpan w:val=\"2\"/>")) != SIZE_MAX);
    assert_true(str_ends(body, STR("</w:sectPr></w:body></w:document>")));
    struct str footer = part_of(&arena, first, "word/footer1.xml");
    assert_true(str_find(footer, STR("NUMPAGES")) != SIZE_MAX);
    arena_free(&arena);
}

/* Whatever is written, what comes out is text between tags. */
static void test_odd(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct str out;
    struct document *document = document_new(&arena, DOCUMENT_LETTER, STR("\xFF<"), DAY_NONE);
    document_add(document, DOCUMENT_BODY, STR("\x01\xFF\xFE]]>\n\n第二行\t完"));
    document_add(document, DOCUMENT_BODY, STR(""));
    assert_true(document_pdf(document, &out, &err));
    assert_true(document_docx(document, &out, &err));
    struct str body = part_of(&arena, out, "word/document.xml");
    assert_true(str_find(body, STR("]]&gt;")) != SIZE_MAX);
    assert_true(utf8_valid(body));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pdf),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_docx),
        cmocka_unit_test(test_odd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
