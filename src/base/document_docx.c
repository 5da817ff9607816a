#include "base/document_internal.h"

#include <string.h>
#include <zip.h>

/* Office Open XML (ECMA-376): the few parts that WPS, LibreOffice and Word ask for. Lengths are
 * twentieths of a point, sizes of type half points. */

static const char head_xml[] = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
static const char word_space[] =
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

static const char types_xml[] =
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    "<Default Extension=\"rels\" "
    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
    "<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-"
    "officedocument.wordprocessingml.document.main+xml\"/>"
    "<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-"
    "officedocument.wordprocessingml.styles+xml\"/>"
    "<Override PartName=\"/word/footer1.xml\" ContentType=\"application/vnd.openxmlformats-"
    "officedocument.wordprocessingml.footer+xml\"/>"
    "<Override PartName=\"/docProps/core.xml\" "
    "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>";

static const char links_xml[] =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
    "relationships/officeDocument\" Target=\"word/document.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/"
    "relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>";

static const char document_links_xml[] =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
    "relationships/styles\" Target=\"styles.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/"
    "relationships/footer\" Target=\"footer1.xml\"/></Relationships>";

/* Text between tags: what has a meaning there is written in words. */
static void add_text(struct text *out, struct str written)
{
    size_t at = 0;
    uint32_t code;
    while (utf8_next(written, &at, &code)) {
        bool control =
            code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0xFFFE || code == 0xFFFF;
        if (code == '&')
            text_add_c(out, "&amp;");
        else if (code == '<')
            text_add_c(out, "&lt;");
        else if (code == '>')
            text_add_c(out, "&gt;");
        else if (code == '\t')
            text_add_byte(out, ' ');
        else
            text_add_code(out, control ? 0xFFFD : code);
    }
}

static long twips(double points)
{
    return (long)(points * 20 + 0.5);
}

static const char *font_of(enum document_style style)
{
    if (style == DOCUMENT_TITLE) return "方正小标宋简体";
    return style == DOCUMENT_HEADING ? "黑体" : "仿宋";
}

/* Runs of one look; line ends begin new lines. */
static void add_runs(struct text *out, struct str text, const char *font, double size, bool bold)
{
    struct str rest = text, line;
    bool first = true;
    while (str_split(&rest, '\n', &line)) {
        text_add_f(out,
                   "<w:r><w:rPr><w:rFonts w:ascii=\"Times New Roman\" w:hAnsi=\"Times New Roman\" "
                   "w:eastAsia=\"%s\"/>%s<w:sz w:val=\"%ld\"/><w:szCs w:val=\"%ld\"/></w:rPr>",
                   font, bold ? "<w:b/>" : "", (long)(size * 2 + 0.5), (long)(size * 2 + 0.5));
        if (!first) text_add_c(out, "<w:br/>");
        text_add_c(out, "<w:t xml:space=\"preserve\">");
        add_text(out, line);
        text_add_c(out, "</w:t></w:r>");
        first = false;
    }
}

static void add_paragraph(struct text *out, const struct document *document,
                          const struct document_block *block, bool seal)
{
    struct document_print print = document_print_of(document, block->style);
    static const char *const aligns[] = {"left", "center", "right"};
    bool bold = print.bold && block->style != DOCUMENT_TITLE && block->style != DOCUMENT_HEADING;
    double above = print.above + (seal ? 40 : 0);
    text_add_f(out,
               "<w:p><w:pPr>%s<w:spacing w:before=\"%ld\" w:line=\"%ld\" w:lineRule=\"%s\"/>"
               "<w:ind w:rightChars=\"%d\" w:right=\"%ld\" w:firstLineChars=\"%d\" "
               "w:firstLine=\"%ld\"/><w:jc w:val=\"%s\"/></w:pPr>",
               block->style == DOCUMENT_SIGNED ? "<w:keepNext/>" : "", twips(above),
               twips(print.pitch), block->style == DOCUMENT_TITLE ? "atLeast" : "exact",
               print.outdent * 100, twips(print.outdent * print.size), print.indent * 100,
               twips(print.indent * print.size), aligns[print.align + 1]);
    add_runs(out, block->text, font_of(block->style), print.size, bold);
    text_add_c(out, "</w:p>");
}

static void column_widths(const struct document *document, const struct document_block *table,
                          long widths[DOCUMENT_COLUMNS_MAX])
{
    const struct document_form *form = &document_forms[document->kind];
    double whole = form->width - form->left - form->right, sum = 0;
    for (size_t i = 0; i < table->count; i++) sum += table->shares[i];
    for (size_t i = 0; i < table->count; i++) widths[i] = twips(whole * table->shares[i] / sum);
}

static void begin_table(struct text *out, const struct document *document,
                        const struct document_block *table)
{
    static const char *const sides[] = {"top", "left", "bottom", "right", "insideH", "insideV"};
    long widths[DOCUMENT_COLUMNS_MAX];
    column_widths(document, table, widths);
    text_add_c(out, "<w:tbl><w:tblPr><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblBorders>");
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        text_add_f(out, "<w:%s w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>",
                   sides[i]);
    }
    text_add_c(out, "</w:tblBorders><w:tblLayout w:type=\"fixed\"/><w:tblCellMar>"
                    "<w:left w:w=\"60\" w:type=\"dxa\"/><w:right w:w=\"60\" w:type=\"dxa\"/>"
                    "</w:tblCellMar></w:tblPr><w:tblGrid>");
    for (size_t i = 0; i < table->count; i++) {
        text_add_f(out, "<w:gridCol w:w=\"%ld\"/>", widths[i]);
    }
    text_add_c(out, "</w:tblGrid>");
}

static void add_row(struct text *out, const struct document *document,
                    const struct document_block *table, const struct document_block *row)
{
    const struct document_form *form = &document_forms[document->kind];
    long widths[DOCUMENT_COLUMNS_MAX];
    size_t column = 0;
    column_widths(document, table, widths);
    text_add_c(out, "<w:tr><w:trPr><w:cantSplit/>");
    if (row->height > 0) {
        text_add_f(out, "<w:trHeight w:val=\"%ld\" w:hRule=\"atLeast\"/>", twips(row->height));
    }
    text_add_f(out, "%s</w:trPr>", row->head ? "<w:tblHeader/>" : "");
    for (size_t i = 0; i < row->count; i++) {
        const struct document_cell *cell = &row->cells[i];
        bool strong = row->head || cell->label;
        long width = 0;
        for (int k = 0; k < cell->span; k++) width += widths[column++];
        text_add_f(out, "<w:tc><w:tcPr><w:tcW w:w=\"%ld\" w:type=\"dxa\"/>", width);
        if (cell->span > 1) text_add_f(out, "<w:gridSpan w:val=\"%d\"/>", cell->span);
        text_add_f(out,
                   "<w:vAlign w:val=\"center\"/></w:tcPr><w:p><w:pPr><w:spacing w:line=\"%ld\" "
                   "w:lineRule=\"atLeast\"/><w:jc w:val=\"%s\"/></w:pPr>",
                   twips(form->cell_pitch), strong || cell->middle ? "center" : "left");
        add_runs(out, cell->text, "仿宋", form->cell, strong);
        text_add_c(out, "</w:p></w:tc>");
    }
    text_add_c(out, "</w:tr>");
}

static void add_section(struct text *out, const struct document *document)
{
    const struct document_form *form = &document_forms[document->kind];
    text_add_f(out,
               "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId2\"/>"
               "<w:pgSz w:w=\"%ld\" w:h=\"%ld\"%s/>"
               "<w:pgMar w:top=\"%ld\" w:right=\"%ld\" w:bottom=\"%ld\" w:left=\"%ld\" "
               "w:header=\"720\" w:footer=\"%ld\" w:gutter=\"0\"/></w:sectPr>",
               twips(form->width), twips(form->height),
               form->width > form->height ? " w:orient=\"landscape\"" : "", twips(form->top),
               twips(form->right), twips(form->bottom), twips(form->left),
               twips(form->bottom - 30));
}

static void write_body(struct text *out, const struct document *document)
{
    const struct document_block *table = NULL;
    bool in_table = false, signing = false;
    text_add_c(out, head_xml);
    text_add_f(out, "<w:document %s><w:body>", word_space);
    for (size_t i = 0; i < document->blocks.count; i++) {
        const struct document_block *block = &document->blocks.items[i];
        if (in_table && block->kind != BLOCK_ROW) {
            text_add_c(out, "</w:tbl>");
            if (block->kind == BLOCK_TABLE) text_add_c(out, "<w:p/>");
            in_table = false;
        }
        bool sign = block->kind == BLOCK_PARAGRAPH && block->style == DOCUMENT_SIGNED;
        switch (block->kind) {
        case BLOCK_PARAGRAPH: add_paragraph(out, document, block, sign && !signing); break;
        case BLOCK_TABLE: table = block; break;
        case BLOCK_ROW:
            if (!in_table) begin_table(out, document, table);
            in_table = true;
            add_row(out, document, table, block);
            break;
        case BLOCK_ROOM: text_add_c(out, "<w:p/>"); break;
        case BLOCK_PAGE: text_add_c(out, "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>"); break;
        }
        signing = sign;
    }
    /* A table at the very end needs a paragraph behind it. */
    if (in_table) text_add_c(out, "</w:tbl><w:p/>");
    add_section(out, document);
    text_add_c(out, "</w:body></w:document>");
}

static void write_styles(struct text *out)
{
    text_add_c(out, head_xml);
    text_add_f(out,
               "<w:styles %s><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Times New "
               "Roman\" w:hAnsi=\"Times New Roman\" w:eastAsia=\"仿宋\"/><w:lang w:val=\"en-US\" "
               "w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault></w:docDefaults><w:style "
               "w:type=\"paragraph\" w:default=\"1\" w:styleId=\"a\"><w:name w:val=\"Normal\"/>"
               "</w:style></w:styles>",
               word_space);
}

static void add_field(struct text *out, const char *field)
{
    text_add_f(out,
               "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText "
               "xml:space=\"preserve\"> %s </w:instrText></w:r><w:r><w:fldChar "
               "w:fldCharType=\"separate\"/></w:r><w:r><w:rPr><w:sz w:val=\"18\"/></w:rPr><w:t>1"
               "</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>",
               field);
}

static void write_footer(struct text *out)
{
    text_add_c(out, head_xml);
    text_add_f(out, "<w:ftr %s><w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>", word_space);
    add_runs(out, STR("第 "), "宋体", 9, false);
    add_field(out, "PAGE");
    add_runs(out, STR(" 页 共 "), "宋体", 9, false);
    add_field(out, "NUMPAGES");
    add_runs(out, STR(" 页"), "宋体", 9, false);
    text_add_c(out, "</w:p></w:ftr>");
}

static void write_properties(struct text *out, const struct document *document)
{
    char made[DAY_TEXT_SIZE];
    day on = document->made;
    if (day_is_none(on)) CHECK(day_from_ymd(2000, 1, 1, &on));
    text_add_c(out, head_xml);
    text_add_c(out, "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/"
                    "metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
                    "xmlns:dcterms=\"http://purl.org/dc/terms/\" "
                    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>");
    add_text(out, document->title);
    text_add_f(out,
               "</dc:title><dcterms:created xsi:type=\"dcterms:W3CDTF\">%sT00:00:00Z"
               "</dcterms:created></cp:coreProperties>",
               day_format(on, made));
}

static bool add_part(zip_t *zip, const char *name, struct str content)
{
    zip_source_t *source = zip_source_buffer(zip, content.ptr, content.len, 0);
    if (source == NULL) return false;
    zip_int64_t number = zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8);
    if (number < 0) {
        zip_source_free(source);
        return false;
    }
    /* 1 January 1980, 0:00, the first that the format knows: the same bytes whenever written. */
    return zip_file_set_dostime(zip, (zip_uint64_t)number, 0, 0x21, 0) == 0;
}

struct part {
    const char *name;
    struct text text;
};

static bool pack(struct arena *arena, const struct part *parts, size_t count, struct str *out)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &error);
    if (source == NULL) return false;
    zip_source_keep(source);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, &error);
    bool good = zip != NULL;
    if (!good) zip_source_free(source);
    for (size_t i = 0; good && i < count; i++) {
        good = add_part(zip, parts[i].name, text_str(&parts[i].text));
    }
    if (good)
        good = zip_close(zip) == 0;
    else if (zip != NULL)
        zip_discard(zip);
    zip_stat_t size;
    good = good && zip_source_stat(source, &size) == 0 && zip_source_open(source) == 0;
    if (good) {
        char *bytes = arena_alloc(arena, size.size);
        good = zip_source_read(source, bytes, size.size) == (zip_int64_t)size.size;
        zip_source_close(source);
        *out = (struct str){bytes, size.size};
    }
    zip_source_free(source);
    return good;
}

bool document_docx(struct document *document, struct str *out, struct err *err)
{
    struct part parts[] = {
        {.name = "[Content_Types].xml"}, {.name = "_rels/.rels"},
        {.name = "word/document.xml"},   {.name = "word/_rels/document.xml.rels"},
        {.name = "word/styles.xml"},     {.name = "word/footer1.xml"},
        {.name = "docProps/core.xml"}};
    enum { PARTS = sizeof parts / sizeof *parts };
    bool cut = false;
    for (size_t i = 0; i < PARTS; i++) {
        text_init(&parts[i].text, document->arena, DOCUMENT_BYTES_MAX);
    }
    text_add_c(&parts[0].text, head_xml);
    text_add_c(&parts[0].text, types_xml);
    text_add_c(&parts[1].text, head_xml);
    text_add_c(&parts[1].text, links_xml);
    write_body(&parts[2].text, document);
    text_add_c(&parts[3].text, head_xml);
    text_add_c(&parts[3].text, document_links_xml);
    write_styles(&parts[4].text);
    write_footer(&parts[5].text);
    write_properties(&parts[6].text, document);
    for (size_t i = 0; i < PARTS; i++) cut = cut || parts[i].text.cut;
    if (!cut && pack(document->arena, parts, PARTS, out)) return true;
    return err_set(err, ERR_LIMIT, "the paper is larger than %d bytes", "文书超过 %d 字节",
                   DOCUMENT_BYTES_MAX);
}
