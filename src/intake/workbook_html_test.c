#include "intake/workbook_testing.h"

static void test_rows(void **state)
{
    (void)state;
    static const struct {
        const char *html, *want;
    } cases[] = {
        {"<table><tr><td>a</td><td>b</td></tr><tr><td>1<td>2</table>", "html {1:a|b/2:1|2/}"},
        {"<html><head><meta "
         "charset=gbk><title>名册</title><style>td{color:red}</style></head><body>"
         "<h1>会宁县  2020年\n名册</h1><TABLE border=1 id='x>y'><TR><TH "
         "nowrap>姓名</TH></TR></TABLE>"
         "<p>制表人：王</p></body></html>",
         "html {1:会宁县 2020年 名册/2:姓名/3:制表人：王/}"},
        {"<table><tr><td colspan=\"3\">标题</td></tr><tr><td rowspan=2>姓名</td><td "
         "colspan=2>监护人"
         "</td></tr><tr><td>名</td><td>号</td></tr><tr><td>甲</td><td></td><td>1</td></tr></table>",
         "html {1:标题|^标题|^标题/2:姓名|监护人|^监护人/3:^姓名|名|号/4:甲||1/}"},
        {"<table><tr><td rowspan=3>7</td><td>甲</td></tr><tr></tr><tr><td>乙</td></tr>"
         "<tr><td>8</td><td>丙</td></tr></table>",
         "html {1:7|甲/3:^7|乙/4:8|丙/}"},
        {"<table><tr><td>a&amp;b&nbsp;&nbsp;c&#8226;&#x4E00;&unknown; d<br>e "
         "<b>f</b></td><td>&nbsp;"
         "</td><td><p>x</p><p>y</p></td></tr></table>",
         "html {1:a&b c•一&unknown; d\ne f||x\ny/}"},
        {"<table><tr><td style='mso-number-format:\"\\@\"'>620422201203050013</td>"
         "<td x:num=\"620422201203050013\">6.20422E+17</td><td>6.20422E+17</td></tr></table>",
         "html {1:620422201203050013|#620422201203050013|6.20422E+17~/}"},
        {"<table><tr><td>外<table><tr><td>里</td></tr></table></td><td>后</td></tr></table>",
         "html {1:外/2:里/3:后/}"},
        {"<!-- <table> --><?xml version='1.0'?><table><!--[if x]><tr><td>no<![endif]--><tr><td>1 < "
         "2"
         "<script>if (a<b) \"</td>\"</script></td></tr></table>",
         "html {1:1 < 2/}"},
        {"<tr><td>无表</td></tr>", "html {1:无表/}"},
        {"<table><tr><td class=\"x>1</td></tr><tr><td>2</td></tr></table>", "html {1:1/2:2/}"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = ERR_INIT;
        struct str got = test_read_bytes(&arena, cases[i].html, strlen(cases[i].html), &err);
        assert_string_equal(err.en, "");
        assert_string_equal(got.ptr, cases[i].want);
    }
    arena_free(&arena);
}

static void test_encodings_and_refusals(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    static const char gbk[] = "<table><tr><td>\xD0\xD5\xC3\xFB</td></tr></table>";
    assert_str_is(test_read_bytes(&arena, gbk, sizeof gbk - 1, &err), "html {1:姓名/}");
    static const char utf16[] = "\xFF\xFE<\0t\0r\0>\0<\0t\0d\0>\0\x00\x4E<\0/\0t\0d\0>\0";
    assert_string_equal(err.en, "");
    assert_str_is(test_read_bytes(&arena, utf16, sizeof utf16 - 1, &err), "html {1:一/}");
    static const char login[] = "<html><body>请登录<form></form></body></html>";
    test_read_bytes(&arena, login, sizeof login - 1, &err);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.en, "without a table"));
    assert_non_null(strstr(err.zh, "没有表格的网页"));
    static const char empty[] = "<table><tr><td>&nbsp;</td></tr></table>";
    test_read_bytes(&arena, empty, sizeof empty - 1, &err);
    assert_non_null(strstr(err.en, "no row with anything"));
    arena_free(&arena);
}

static void test_xml_2003(void **state)
{
    (void)state;
    static const char xml[] =
        "<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n"
        "<Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" "
        "xmlns:ss=\"urn:schemas-microsoft-"
        "com:office:spreadsheet\"><DocumentProperties><Author>王</Author></DocumentProperties>"
        "<Worksheet ss:Name=\"一&amp;二\"><Table><Row><Cell ss:MergeAcross=\"2\"><Data "
        "ss:Type=\"String\">名册"
        "</Data></Cell></Row><Row ss:Index=\"4\"><Cell ss:MergeDown=\"1\"><Data "
        "ss:Type=\"Number\">7</Data>"
        "</Cell><Cell ss:Index=\"3\"><Data "
        "ss:Type=\"DateTime\">2012-03-05T00:00:00.000</Data><Comment>"
        "<ss:Data>批注</ss:Data></Comment></Cell></Row><Row><Cell ss:Index=\"2\"><ss:Data "
        "ss:Type=\"String\">"
        "<Font>王</Font>小</ss:Data></Cell><Cell><Data ss:Type=\"Boolean\">1</Data></Cell>"
        "<Cell><Data ss:Type=\"Number\">6.2042220120305E+17</Data></Cell></Row></Table></Worksheet>"
        "<Worksheet ss:Name=\"空\"><Table/></Worksheet></Workbook>";
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct str got = test_read_bytes(&arena, xml, sizeof xml - 1, &err);
    assert_string_equal(err.en, "");
    assert_string_equal(got.ptr, "xml 一&二{1:名册|^名册|^名册/4:#7||@2012-03-05/"
                                 "5:^#7|王小|TRUE|#620422201203050000~/} 空{}");
    arena_free(&arena);
}

/* Tags, entities and texts that straddle the blocks. */
static void test_large(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct text html, want;
    text_init(&html, &arena, 1 << 24);
    text_init(&want, &arena, 1 << 24);
    text_add_c(&html, "<table>");
    text_add_c(&want, "html {");
    for (int i = 1; i <= 30000; i++) {
        text_add_f(&html, "<tr><td class=\"x%.*s\">王&middot;%d</td><td>  a<br/>b</td></tr>\n",
                   i % 7, "yyyyyyy", i);
        text_add_f(&want, "%d:王·%d|a\nb/", i, i);
    }
    text_add_c(&want, "}");
    struct str got = test_read_bytes(&arena, html.ptr, html.len, &err);
    assert_string_equal(err.en, "");
    assert_true(str_equal(got, text_str(&want)));

    char *big = arena_alloc(&arena, 10 << 20);
    memset(big, 'x', (10 << 20) - 1);
    memcpy(big, "<table><tr><td>", 15);
    test_read_bytes(&arena, big, (10 << 20) - 1, &err);
    assert_int_equal(err.kind, ERR_LIMIT);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_encodings_and_refusals),
        cmocka_unit_test(test_xml_2003),
        cmocka_unit_test(test_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
