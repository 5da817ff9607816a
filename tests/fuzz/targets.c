#include "targets.h"

#include "base/csv.h"
#include "base/xls_out.h"
#include "base/yaml.h"
#include "intake/workbook.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { TARGETS = 6, PARTS = 7, ZIP_BYTES_MAX = 1 << 22 };

/* What the readers promise of every row, whatever the file. */
static void check_row(const struct workbook_row *row)
{
    CHECK(row->count <= WORKBOOK_COLUMNS_MAX);
    for (size_t i = 0; i < row->count; i++) {
        struct str text = row->cells[i].text;
        CHECK(text.len <= WORKBOOK_CELL_BYTES_MAX);
        CHECK(utf8_valid(text));
        CHECK((row->cells[i].kind == CELL_EMPTY) == (text.len == 0));
        for (size_t k = 0; k < text.len; k++) {
            unsigned char c = (unsigned char)text.ptr[k];
            CHECK(c >= 0x20 || c == '\t' || c == '\n');
        }
    }
}

/* Reads every sheet twice: a second reading must give as many rows. */
static void read_all(struct workbook *workbook)
{
    for (size_t i = 0; i < workbook_sheet_count(workbook); i++) {
        uint64_t rows[2] = {0, 0};
        bool good[2] = {false, false};
        for (size_t time = 0; time < 2; time++) {
            struct err err = ERR_INIT;
            struct workbook_row row;
            bool more = true;
            good[time] = workbook_sheet(workbook, i, &err);
            uint64_t last = 0;
            while (good[time] && (good[time] = workbook_next(workbook, &row, &more, &err))
                   && more) {
                check_row(&row);
                CHECK(row.number > last);
                last = row.number;
                rows[time]++;
            }
            CHECK(good[time] || err.kind != ERR_NONE);
            CHECK(workbook_done_permille(workbook) <= 1000);
        }
        CHECK(rows[0] == rows[1]);
        CHECK(good[0] == good[1]);
    }
}

static void run_workbook(struct str input)
{
    char path[64];
    struct err err = ERR_INIT;
    struct workbook *workbook;
    int fd = memfd_create("fuzz", MFD_CLOEXEC);
    CHECK(fd >= 0);
    for (size_t done = 0; done < input.len;) {
        ssize_t put = write(fd, input.ptr + done, input.len - done);
        CHECK(put > 0);
        done += (size_t)put;
    }
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (workbook_open(&workbook, path, &err)) {
        read_all(workbook);
        workbook_release(workbook);
    } else {
        CHECK(err.kind == ERR_INPUT || err.kind == ERR_LIMIT);
        CHECK(err.en[0] != '\0' && err.zh[0] != '\0');
    }
    close(fd);
}

static uint32_t crc32_of(struct str bytes)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < bytes.len; i++) {
        crc ^= (unsigned char)bytes.ptr[i];
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

static void add_number(struct text *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++, value >>= 8) text_add_byte(out, (char)(value & 0xFF));
}

/* The part of a zip record that its local and its central head share. */
static void add_head(struct text *out, struct str name, struct str content)
{
    add_number(out, 20, 2);
    add_number(out, 0, 2 + 2 + 4);
    add_number(out, crc32_of(content), 4);
    add_number(out, content.len, 4);
    add_number(out, content.len, 4);
    add_number(out, name.len, 2);
    add_number(out, 0, 2);
}

/* A zip of stored parts: what is fuzzed is what stands in a part, not the packing. */
static struct str make_zip(struct arena *arena, const struct str *names, const struct str *contents,
                           size_t count)
{
    struct text out, central;
    text_init(&out, arena, ZIP_BYTES_MAX);
    text_init(&central, arena, ZIP_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        size_t offset = out.len;
        text_add(&out, STR("PK\3\4"));
        add_head(&out, names[i], contents[i]);
        text_add(&out, names[i]);
        text_add(&out, contents[i]);
        text_add(&central, STR("PK\1\2"));
        add_number(&central, 20, 2);
        add_head(&central, names[i], contents[i]);
        add_number(&central, 0, 2 + 2 + 2 + 4);
        add_number(&central, offset, 4);
        text_add(&central, names[i]);
    }
    size_t start = out.len;
    text_add(&out, text_str(&central));
    text_add(&out, STR("PK\5\6"));
    add_number(&out, 0, 4);
    add_number(&out, count, 2);
    add_number(&out, count, 2);
    add_number(&out, central.len, 4);
    add_number(&out, start, 4);
    add_number(&out, 0, 2);
    return out.cut || central.cut ? STR_EMPTY : text_str(&out);
}

#define R "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

/* The first byte says which part of a sound workbook the rest of the input replaces. */
static void run_xlsx(struct str input)
{
    const struct str names[PARTS] = {STR("xl/sheet.xml"),  STR("xl/shared.xml"),
                                     STR("xl/styles.xml"), STR("xl/workbook.xml"),
                                     STR("_rels/.rels"),   STR("xl/_rels/workbook.xml.rels"),
                                     STR("xl/other.xml")};
    struct str parts[PARTS] = {
        STR("<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c "
            "s=\"1\"><v>40973</v></c>"
            "</row><row><c><v>1.5</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:A2\"/>"
            "</mergeCells></worksheet>"),
        STR("<sst><si><t>a</t></si></sst>"),
        STR("<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf "
            "numFmtId=\"14\"/></cellXfs></styleSheet>"),
        STR("<workbook><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>"),
        STR("<Relationships><Relationship Id=\"a\" Type=\"" R "officeDocument\" "
            "Target=\"xl/workbook.xml\"/></Relationships>"),
        STR("<Relationships><Relationship Id=\"r1\" Type=\"" R "worksheet\" Target=\"sheet.xml\"/>"
            "<Relationship Id=\"r2\" Type=\"" R
            "styles\" Target=\"styles.xml\"/><Relationship Id=\"r3\" "
            "Type=\"" R "sharedStrings\" Target=\"shared.xml\"/></Relationships>"),
        STR(""),
    };
    if (input.len == 0) return;
    struct arena arena = {0};
    parts[(unsigned char)input.ptr[0] % PARTS] = str_slice(input, 1, input.len);
    run_workbook(make_zip(&arena, names, parts, PARTS));
    arena_free(&arena);
}

static void run_csv(struct str input)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct csv_reader reader;
    struct csv_row row;
    bool more = true;
    uint64_t last = 0;
    csv_open(&reader, input, 0);
    while (csv_next(&reader, &arena, &row, &more, &err) && more) {
        CHECK(row.count > 0 && row.count <= CSV_CELLS_MAX);
        CHECK(reader.line > last);
        last = reader.line;
        for (size_t i = 0; i < row.count; i++) CHECK(row.cells[i].len <= 2 * CSV_CELL_BYTES_MAX);
        arena_reset(&arena);
    }
    arena_free(&arena);
}

static void run_yaml(struct str input)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct yaml_node *node;
    if (yaml_parse(&arena, input, "fuzz", &node, &err)) {
        struct str *texts, text;
        size_t count;
        int64_t number;
        (void)!yaml_texts(&arena, node, "a", "fuzz", &texts, &count, &err);
        (void)!yaml_text(node, "b", "fuzz", &text, &err);
        (void)!yaml_integer_or(node, "c", "fuzz", 1, &number, &err);
        (void)!yaml_check_used(node, "fuzz", &err);
    }
    arena_free(&arena);
}

/* A small true xls as a seed. */
static struct str make_xls(struct arena *arena)
{
    enum { XLS_BYTES_MAX = 1 << 16 };
    int fd = memfd_create("seed", MFD_CLOEXEC);
    CHECK(fd >= 0);
    struct xls_out *out = xls_open(arena, fd, "名单");
    CHECK(xls_put_text(out, 0, 0, STR("姓名"), XLS_BOLD));
    CHECK(xls_put_number(out, 1, 0, 40973, XLS_DATE));
    xls_merge(out, 0, 0, 0, 1);
    CHECK(xls_close(out));
    char *bytes = arena_alloc(arena, XLS_BYTES_MAX);
    ssize_t size = pread(fd, bytes, XLS_BYTES_MAX, 0);
    CHECK(size > 0);
    close(fd);
    return (struct str){bytes, (size_t)size};
}

#define XML_2003                                                                                   \
    "<?xml version=\"1.0\"?><Workbook xmlns:ss=\"urn:schemas-microsoft-com:office:spr"             \
    "eadsheet\"><Worksheet ss:Name=\"a\"><Table><Row ss:Index=\"3\"><Cell ss:MergeDow"             \
    "n=\"1\"><Data ss:Type=\"Number\">1</Data></Cell></Row><Row><Cell ss:Index=\"2\">"             \
    "<Data>x</Data></Cell></Row></Table></Worksheet></Workbook>"

/* Those of this file, then those that have one of their own. */
static const struct fuzz_target *with_others(struct arena *arena,
                                             const struct fuzz_target made[TARGETS])
{
    const struct fuzz_target others[] = {fuzz_link_target(),     fuzz_http_target(),
                                         fuzz_students_target(), fuzz_article_target(),
                                         fuzz_policy_target(),   fuzz_sheet_target(arena),
                                         fuzz_place_target()};
    enum { OTHERS = sizeof others / sizeof *others };
    struct fuzz_target *targets = arena_array(arena, struct fuzz_target, TARGETS + OTHERS + 1);
    memcpy(targets, made, TARGETS * sizeof *targets);
    memcpy(targets + TARGETS, others, sizeof others);
    return targets;
}

const struct fuzz_target *fuzz_targets(struct arena *arena, bool seeds)
{
    const struct fuzz_target made[TARGETS] = {
        {"text",
         run_workbook,
         {STR("姓名,号\n王,\"1\n2\"\n"), STR("a\tb\r\n1\t2\r\n"), STR("sep=;\na;b\n"),
          STR("\xD0\xD5\xC3\xFB,\xBA\xC5\n\xCD\xF5,1\n"), STR("\xFF\xFE\x00\x4E,\0\x09\x4E\n\0"),
          STR("\xFE\xFF\x4E\x00\0,\0\n")},
         "\" , ; \t \n \r\n \xFF\xFE \xEF\xBB\xBF \x81\x30\x81\x30 6.2E+17"},
        {"html",
         run_workbook,
         {STR("<table><tr><td colspan=2>a&amp;b<td rowspan=\"3\">c</td></tr><tr><td>1</table>"),
          STR("<html><head><title>t</title><style>x</style></head><!-- c "
              "--><p>t<table><tr><th>a</th>"
              "<td x:num=\"6.2\">6.2E+17<br>x</td></tr></table></html>"),
          STR(XML_2003)},
         "<table> </table> <tr> </tr> <td> <td\tcolspan=1024> <td\trowspan=0 <!-- --> &nbsp; "
         "&#x4E00; "
         "<br> <script> </script> <td\tx:num='1'> \" ' > & "
         "<Worksheet> </Worksheet> <Row> <Cell> ss:Index='9' ss:MergeAcross='2' <Comment> "
         "</Comment>"},
        {"xls",
         run_workbook,
         {seeds ? make_xls(arena) : STR(""),
          STR("\x09\x08\x08\0\0\x06\x10\0\0\0\0\0\x04\x02\x0B\0\0\0\0\0\0\0\x01\0\x01\0\x4E\x0A\0\0"
              "\0"),
          STR("\x09\0\x04\0\x02\0\x10\0\x04\0\x0A\0\0\0\0\0\0\0\0\2ab\x0A\0\0\0")},
         "\xFC \x3C \xFD \x04\x02 \x03\x02 \xBD \x7E\x02 \x06 \x07\x02 \xE5 \x09\x08 \x0A \x85 "
         "\xE0"},
        {"xlsx",
         run_xlsx,
         {STR("\0<worksheet><dimension ref=\"A1\"/><sheetData><row r=\"3\"><c r=\"B3\" "
              "t=\"inlineStr\"><is>"
              "<t>a&#10;_x000D_</t><rPh><t>b</t></rPh></is></c><c t=\"b\"><v>1</v></c><c "
              "t=\"e\"><v>#N/A</v>"
              "</c><c s=\"1\"><v>6.2E+17</v></c><c t=\"d\"><v>2012-03-05</v></c></row></sheetData>"
              "<mergeCells><mergeCell ref=\"B3:D9\"/></mergeCells></worksheet>"),
          STR("\1<sst><si><r><t>a</t></r><r><t><![CDATA[b]]></t></r></si><si><t/></si></sst>"),
          STR("\2<styleSheet><numFmts><numFmt numFmtId=\"14\" "
              "formatCode=\"yyyy&quot;x&quot;\"/></numFmts>"
              "<cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
          STR("\3<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"x\" state=\"hidden\" "
              "r:id=\"r1\"/></sheets></workbook>"),
          STR("\4<Relationships><Relationship Id=\"a\" Type=\"x/officeDocument\" "
              "Target=\"/xl/./a/../"
              "workbook.xml\"/></Relationships>"),
          STR("\5<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"sheet.xml\" "
              "TargetMode=\"Internal\"/></Relationships>")},
         "<row> </row> <c> </c> <v> </v> <c\tt=\"s\"> r=\"XFD1048576\" r=\"A1\" <![CDATA[ ]]> <!-- "
         "--> <!DOCTYPE "
         "&amp; &#x110000; </sheetData> <mergeCell\tref=\"A1:XFD1048576\"/> <is> <t> <rPh> _x0000_ "
         "<? ?>"},
        {"csv",
         run_csv,
         {STR("a,b\n\"x\"\"y\",\"1\n2\"\n"), STR("a; b\n1; 2\n")},
         "\" \"\" , ; \t \n \r |"},
        {"yaml",
         run_yaml,
         {STR("a: [x, y]\nb: \"z\"\nc: 12\nd:\n  - e: f\n    g: h\n")},
         "- : ? [ ] { } & * ! | > ' \" # \n  \n--- %YAML <<"},
    };
    return with_others(arena, made);
}
