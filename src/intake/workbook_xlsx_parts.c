#include "base/list.h"
#include "intake/workbook_number.h"
#include "intake/workbook_xlsx.h"

#include <string.h>

enum { STYLES_MAX = 70000, FORMATS_MAX = 10000 };

bool xlsx_reference(struct str text, uint32_t *column, uint32_t *row)
{
    uint32_t c = 0, r = 0;
    size_t at = 0;
    for (;
         at < text.len && (char)(text.ptr[at] | 0x20) >= 'a' && (char)(text.ptr[at] | 0x20) <= 'z';
         at++) {
        if (at == 4) return false;
        c = c * 26 + (uint32_t)((text.ptr[at] | 0x20) - 'a') + 1;
    }
    size_t digits = at;
    for (; at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9'; at++) {
        if (at - digits == 9) return false;
        r = r * 10 + (uint32_t)(text.ptr[at] - '0');
    }
    if (at != text.len) return false;
    *column = c - 1;
    *row = r - 1;
    return true;
}

uint64_t xlsx_number(struct str text, uint64_t otherwise)
{
    int64_t value;
    return str_to_i64(str_trim(text), &value) && value >= 0 ? (uint64_t)value : otherwise;
}

static bool hex_escape(struct str text, size_t at, uint32_t *code)
{
    if (text.len - at < 7 || text.ptr[at + 1] != 'x' || text.ptr[at + 6] != '_') return false;
    *code = 0;
    for (size_t i = at + 2; i < at + 6; i++) {
        char c = text.ptr[i], low = (char)(c | 0x20);
        bool digit = c >= '0' && c <= '9', letter = low >= 'a' && low <= 'f';
        if (!digit && !letter) return false;
        *code = *code * 16 + (uint32_t)(digit ? c - '0' : low - 'a' + 10);
    }
    return true;
}

struct str xlsx_unescape(struct arena *arena, struct str text)
{
    if (str_find(text, STR("_x")) == SIZE_MAX) return text;
    struct text out;
    text_init(&out, arena, text.len);
    for (size_t at = 0; at < text.len;) {
        uint32_t code;
        if (text.ptr[at] == '_' && hex_escape(text, at, &code)) {
            text_add_code(&out, code);
            at += 7;
        } else {
            text_add_byte(&out, text.ptr[at++]);
        }
    }
    return text_str(&out);
}

struct style_parse {
    struct arena *arena;
    LIST(uint64_t) date_formats; /* numbers of custom formats that show days */
    LIST(uint64_t) other_formats;
    LIST(bool) dates;
    bool in_cell_styles;
};

static bool has_number(const uint64_t *numbers, size_t count, uint64_t number)
{
    for (size_t i = 0; i < count; i++) {
        if (numbers[i] == number) return true;
    }
    return false;
}

static bool style_is_date(const struct style_parse *parse, uint64_t format)
{
    if (has_number(parse->date_formats.items, parse->date_formats.count, format)) return true;
    if (has_number(parse->other_formats.items, parse->other_formats.count, format)) return false;
    return format_builtin_is_date(format);
}

static void style_start(struct xml_reader *xml, const char *name, const char **attributes)
{
    struct style_parse *parse = xml->context;
    if (strcmp(name, "cellXfs") == 0) parse->in_cell_styles = true;
    if (strcmp(name, "numFmt") == 0 && !parse->in_cell_styles) {
        const char *code = xml_attribute(attributes, "formatCode");
        uint64_t number = xlsx_number(str_from(xml_attribute(attributes, "numFmtId")), 0);
        if (code == NULL || parse->date_formats.count + parse->other_formats.count == FORMATS_MAX)
            return;
        if (format_is_date(str_from(code)))
            *list_push(parse->arena, &parse->date_formats) = number;
        else
            *list_push(parse->arena, &parse->other_formats) = number;
    }
    if (strcmp(name, "xf") == 0 && parse->in_cell_styles && parse->dates.count < STYLES_MAX) {
        uint64_t number = xlsx_number(str_from(xml_attribute(attributes, "numFmtId")), 0);
        *list_push(parse->arena, &parse->dates) = style_is_date(parse, number);
    }
}

static void style_end(struct xml_reader *xml, const char *name)
{
    struct style_parse *parse = xml->context;
    if (strcmp(name, "cellXfs") == 0) parse->in_cell_styles = false;
}

bool xlsx_styles_read(const struct package *package, const char *part, struct arena *arena,
                      struct xlsx_styles *styles, struct err *err)
{
    static const struct xml_events events = {.start = style_start, .end = style_end};
    *styles = (struct xlsx_styles){0};
    if (part == NULL || !package_has(package, part)) return true;
    struct style_parse parse = {.arena = arena};
    struct xml_reader xml = {0};
    if (!xml_open(&xml, package, part, &events, &parse, err)) return false;
    bool done = xml_run(&xml, err);
    xml_close(&xml);
    if (!done) return err_at(err, "styles", "单元格样式");
    *styles = (struct xlsx_styles){parse.dates.items, parse.dates.count};
    return true;
}

/* Reads one <si>, whose start is the last token: the text of its runs, without readings (<rPh>). */
static bool read_item(struct xml_scan *scan, struct text *text, struct err *err)
{
    int phonetic = 0;
    bool in_text = false;
    text_clear(text);
    for (;;) {
        const struct scan_token *token = &scan->token;
        if (!scan_next(scan, err)) return false;
        bool start = token->kind == SCAN_START;
        if (token->kind == SCAN_OVER) return scan_damaged(err);
        if (token->kind == SCAN_TEXT) {
            if (in_text && !scan_text(token, text)) return scan_damaged(err);
        } else if (SCAN_IS(token, "t")) {
            in_text = start && phonetic == 0;
        } else if (SCAN_IS(token, "rPh")) {
            phonetic += start ? 1 : -1;
        } else if (SCAN_IS(token, "si")) {
            return true;
        }
    }
}

static bool read_items(struct xml_scan *scan, struct shared_texts *shared, struct arena *scratch,
                       struct text *text, struct err *err)
{
    for (;;) {
        if (!scan_next(scan, err)) return false;
        if (scan->token.kind == SCAN_OVER) return scan_damaged(err);
        if (scan->token.kind == SCAN_END && SCAN_IS(&scan->token, "sst")) return true;
        if (scan->token.kind != SCAN_START || !SCAN_IS(&scan->token, "si")) continue;
        if (!read_item(scan, text, err)) return false;
        struct str clean = cell_text_clean(scratch, xlsx_unescape(scratch, text_str(text)));
        if (!shared_add(shared, clean, err)) return false;
        arena_reset(scratch);
    }
}

bool xlsx_shared_read(const struct package *package, const char *part, struct arena *arena,
                      struct shared_texts *shared, struct err *err)
{
    struct arena texts = {0}, scratch = {0};
    struct xml_scan scan = {0};
    struct text text;
    *shared = (struct shared_texts){.arena = arena};
    text_init(&text, &texts, WORKBOOK_CELL_BYTES_MAX + 4);
    bool done = scan_open(&scan, &texts, package, part, err)
                && read_items(&scan, shared, &scratch, &text, err);
    scan_close(&scan);
    arena_free(&texts);
    arena_free(&scratch);
    return done || err_at(err, "shared texts", "共享文字");
}
