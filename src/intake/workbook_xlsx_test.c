#include "intake/workbook_number.h"
#include "intake/workbook_xlsx_testing.h"

/* Reads a one-sheet workbook of these parts and compares. */
static void check(const char *sheet, const char *shared, const char *styles, const char *properties,
                  const char *want)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    char path[64];
    test_xlsx(path, sheet, shared, styles, properties);
    struct str got = test_read(&arena, path, &err);
    unlink(path);
    assert_string_equal(err.en, "");
    assert_string_equal(got.ptr, want);
    arena_free(&arena);
}

static void test_cell_types(void **state)
{
    (void)state;
    check(
        TEST_SHEET(
            "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"s\"><v>0</v></c></row>"
            "<row r=\"3\"><c r=\"A3\"><v>12</v></c><c r=\"B3\" t=\"inlineStr\"><is><r><t>内</t></r>"
            "<r><t> 联</t></r><rPh sb=\"0\" eb=\"1\"><t>nei</t></rPh></is></c>"
            "<c r=\"C3\" t=\"b\"><v>1</v></c><c r=\"D3\" t=\"e\"><v>#N/A</v></c>"
            "<c r=\"E3\" t=\"str\"><f>A1&amp;B1</f><v>x&amp;y</v></c>"
            "<c r=\"F3\"><f>1+1</f><v>2</v></c><c r=\"G3\" t=\"d\"><v>2012-03-05T00:00:00</v></c>"
            "</row>",
            ""),
        "<sst count=\"2\"><si><t>甲</t></si><si><r><t>姓_x000D_\n</t></r><r><t>名</t></r>"
        "<rPh><t>xing ming</t></rPh><phoneticPr/></si></sst>",
        NULL, NULL, "xlsx 甲{1:姓\n名||甲/3:#12|内 联|TRUE|#N/A|x&y|#2|@2012-03-05/}");
}

/* Rows and cells without r=, gaps, an empty styled cell far right, blank rows, a stray order. */
static void test_odd_rows(void **state)
{
    (void)state;
    check(TEST_SHEET(
              "<row/><row><c><v>1</v></c><c/><c><v>3</v></c></row>"
              "<row r=\"9\"><c r=\"XFD9\" s=\"1\"/><c r=\"B9\"><v>2</v></c><c><v>3</v></c></row>"
              "<row r=\"4\" spans=\"1:3\"><c r=\"A4\" t=\"inlineStr\"><is><t> </t></is></c></row>"
              "<row><c t=\"inlineStr\"><is><t>尾</t></is></c></row>"
              "<row r=\"1048576\"><c r=\"A1048576\" s=\"1\"/></row>",
              ""),
          NULL, NULL, NULL, "xlsx 甲{2:#1||#3/9:|#2|#3/11:尾/}");
}

static void test_merged(void **state)
{
    (void)state;
    static const char cells[] = TEST_SHEET(
        "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>标题</v></c></row>"
        "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>姓名</v></c><c r=\"B2\" "
        "t=\"str\"><v>监护人</v></c></row>"
        "<row r=\"3\"><c r=\"B3\" t=\"str\"><v>名</v></c><c r=\"C3\" t=\"str\"><v>号</v></c></row>"
        "<row r=\"4\"><c r=\"A4\"><v>7</v></c><c r=\"B4\" t=\"str\"><v>甲</v></c></row>"
        "<row r=\"5\"><c r=\"A5\" s=\"1\"/><c r=\"B5\" t=\"str\"><v>乙</v></c></row>"
        "<row r=\"6\"><c r=\"A6\" s=\"1\"/></row>"
        "<row r=\"7\"><c r=\"A7\"/><c r=\"B7\" t=\"str\"><v>丙</v></c></row>",
        "<mergeCells count=\"4\"><mergeCell ref=\"A4:A6\"/><mergeCell ref=\"A1:C1\"/>"
        "<mergeCell ref=\"A2:A3\"/><mergeCell ref=\"B2:C2\"/><mergeCell ref=\"nonsense\"/>"
        "<mergeCell ref=\"A9:XFD1048576\"/></mergeCells>");
    check(
        cells, NULL, NULL, NULL,
        "xlsx 甲{1:标题|^标题|^标题/2:姓名|监护人|^监护人/3:^姓名|名|号/4:#7|甲/5:^#7|乙/7:|丙/}");
}

static void test_dates(void **state)
{
    (void)state;
    static const char styles[] =
        "<styleSheet><numFmts><numFmt numFmtId=\"176\" "
        "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d"
        "&quot;日&quot;;@\"/><numFmt numFmtId=\"177\" formatCode=\"0.00_ \"/></numFmts>"
        "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
        "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"176\"/><xf "
        "numFmtId=\"177\"/>"
        "<xf numFmtId=\"31\"/><xf numFmtId=\"20\"/></cellXfs></styleSheet>";
    static const char rows[] = TEST_SHEET(
        "<row><c s=\"1\"><v>40973</v></c><c s=\"2\"><v>40973.75</v></c><c s=\"3\"><v>40973</v></c>"
        "<c s=\"4\"><v>1</v></c><c s=\"5\"><v>0.5</v></c><c s=\"1\"><v>20120305</v></c>"
        "<c s=\"0\"><v>40973</v></c><c s=\"99\"><v>5</v></c><c s=\"1\"><v>60</v></c></row>",
        "");
    check(rows, NULL, styles, NULL,
          "xlsx 甲{1:@2012-03-05|@2012-03-05|#40973|@1900-01-01|#0.5|#20120305|#40973|#5|#60/}");
    check(rows, NULL, styles, "<workbookPr date1904=\"1\"/>",
          "xlsx "
          "甲{1:@2016-03-06|@2016-03-06|#40973|@1904-01-02|#0.5|#20120305|#40973|#5|@1904-03-01/}");
}

static void test_formats(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        bool date;
    } cases[] = {
        {"General", false},
        {"yyyy-mm-dd", true},
        {"0.00E+00", false},
        {"#,##0.00;[Red]-#,##0.00", false},
        {"[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", true},
        {"h:mm:ss", false},
        {"[h]:mm:ss", false},
        {"mm:ss.0", false},
        {"m\"月\"d\"日\"", true},
        {"\"day\"0", false},
        {"yyyy-mm-dd hh:mm:ss.000", true},
        {"@", false},
        {"mmm", true},
        {"0_);[Red](0)", false},
        {"[DBNum1][$-804]yyyy\"年\"m\"月\"", true},
        {"h\"时\"mm\"分\"", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(format_is_date(str_from(cases[i].code)), cases[i].date);
    }
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *written, *want;
        bool lost;
    } cases[] = {
        {"12", "12", false},
        {"43.100000000000001", "43.1", false},
        {"0.1", "0.1", false},
        {"-1.50", "-1.5", false},
        {"1E-3", "0.001", false},
        {"1.2345E-7", "0.00000012345", false},
        {"13893312345", "13893312345", false},
        {"6.2042220120305E+17", "620422201203050000", true},
        {"620422201203050000", "620422201203050000", true},
        {"620422201203050013", "620422201203050013", false}, /* no double: written by a program */
        {"620422201203050112", "620422201203050100", true},  /* a double's own digits */
        {"1E+30", "1E+30", false},
        {"0", "0", false},
        {"-0", "0", false},
        {"0012", "12", false},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char buffer[NUMBER_TEXT_SIZE];
        struct cell cell = number_cell(str_from(cases[i].written), buffer);
        assert_int_equal(cell.kind, CELL_NUMBER);
        assert_string_equal(str_cstr(&arena, cell.text), cases[i].want);
        assert_int_equal(cell.lost_digits, cases[i].lost);
    }
    char buffer[NUMBER_TEXT_SIZE];
    assert_int_equal(number_cell(STR("nan"), buffer).kind, CELL_TEXT);
    assert_int_equal(number_cell(STR("0x10"), buffer).kind, CELL_TEXT);
    assert_int_equal(number_cell(STR("1-2"), buffer).kind, CELL_TEXT);
    arena_free(&arena);
}

/* Several sheets, hidden ones, a chart sheet, absolute targets, prefixes, strict names, odd case.
 */
static void test_package(void **state)
{
    (void)state;
    static const struct test_part parts[] = {
        {"[Content_Types].xml", "<Types/>", 0},
        {"_rels/.rels",
         "<Relationships><Relationship Id=\"a\" Type=\"http://purl.oclc.org/ooxml/officeDocument/"
         "relationships/officeDocument\" Target=\"/book/main.xml\"/></Relationships>",
         0},
        {"book/main.xml",
         "<x:workbook xmlns:x=\"m\" xmlns:q=\"r\"><x:sheets>"
         "<x:sheet name=\"一\" sheetId=\"1\" q:id=\"i1\"/>"
         "<x:sheet name=\"图\" sheetId=\"2\" q:id=\"i2\"/>"
         "<x:sheet name=\"藏\" sheetId=\"3\" state=\"veryHidden\" "
         "q:id=\"i3\"/></x:sheets></x:workbook>",
         0},
        {"book/_rels/main.xml.rels",
         "<Relationships><Relationship Id=\"i1\" Type=\"http://purl.oclc.org/ooxml/officeDocument/"
         "relationships/worksheet\" Target=\"/Sheets/./x/../One.xml\"/>"
         "<Relationship Id=\"i2\" Type=\"a/chartsheet\" Target=\"chart.xml\"/>"
         "<Relationship Id=\"i3\" Type=\"a/worksheet\" "
         "Target=\"../sheets/two.xml\"/></Relationships>",
         0},
        {"sheets/one.xml",
         "\xEF\xBB\xBF<x:worksheet xmlns:x=\"m\"><x:sheetData><x:row r=\"1\"><x:c r=\"A1\" "
         "t=\"str\">"
         "<x:v>头</x:v></x:c></x:row></x:sheetData><x:mergeCells><x:mergeCell ref=\"A1:B1\"/>"
         "</x:mergeCells></x:worksheet>",
         0},
        {"sheets/two.xml", "<worksheet><sheetData/></worksheet>", 0},
        {0},
    };
    struct arena arena = {0};
    struct err err = ERR_INIT;
    char path[64];
    test_zip(path, parts);
    struct str got = test_read(&arena, path, &err);
    unlink(path);
    assert_string_equal(err.en, "");
    assert_string_equal(got.ptr, "xlsx 一{1:头|^头/} 藏(hidden){}");
    arena_free(&arena);
}

/* A household number merged over each household, in a sheet larger than any block. */
static void test_many_merges(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct text sheet, want;
    struct err err = ERR_INIT;
    char path[64];
    text_init(&sheet, &arena, 1 << 24);
    text_init(&want, &arena, 1 << 24);
    text_add_c(&sheet, "<worksheet><sheetData>");
    text_add_c(&want, "xlsx 甲{");
    for (int i = 1; i <= 20000; i++) {
        bool head = i % 4 == 1;
        if (head)
            text_add_f(&sheet, "<row r=\"%d\"><c r=\"A%d\"><v>%d</v></c>", i, i, i);
        else
            text_add_f(&sheet, "<row r=\"%d\"><c r=\"A%d\" s=\"1\"/>", i, i);
        text_add_f(&sheet, "<c r=\"B%d\" t=\"str\"><v>人%d</v></c></row>", i, i);
        text_add_f(&want, "%d:%s#%d|人%d/", i, head ? "" : "^", (i - 1) / 4 * 4 + 1, i);
    }
    text_add_c(&sheet, "</sheetData><mergeCells>");
    for (int i = 1; i <= 20000; i += 4) {
        text_add_f(&sheet, "<mergeCell ref=\"A%d:A%d\"/>", i, i + 3);
    }
    text_add_c(&sheet, "</mergeCells></worksheet>");
    text_add_c(&want, "}");
    test_xlsx(path, sheet.ptr, NULL, NULL, NULL);
    struct str got = test_read(&arena, path, &err);
    unlink(path);
    assert_string_equal(err.en, "");
    assert_true(str_equal(got, text_str(&want)));
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cell_types), cmocka_unit_test(test_odd_rows),
        cmocka_unit_test(test_merged),     cmocka_unit_test(test_dates),
        cmocka_unit_test(test_formats),    cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_package),    cmocka_unit_test(test_many_merges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
