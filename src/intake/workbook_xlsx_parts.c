#include "base/list.h"
#include "intake/workbook_number.h"
#include "intake/workbook_xlsx.h"

#include <string.h>

enum { STYLES_MAX = 70000, FORMATS_MAX = 10000 };

bool xlsx_reference(const char *text, uint32_t *column, uint32_t *row)
{
    uint32_t c = 0, r = 0;
    const char *at = text;
    for (; (*at >= 'A' && *at <= 'Z') || (*at >= 'a' && *at <= 'z'); at++) {
        if (at - text == 4) return false;
        c = c * 26 + (uint32_t)((*at | 0x20) - 'a') + 1;
    }
    const char *digits = at;
    for (; *at >= '0' && *at <= '9'; at++) {
        if (at - digits == 9) return false;
        r = r * 10 + (uint32_t)(*at - '0');
    }
    if (*at != '\0') return false;
    *column = c - 1;
    *row = r - 1;
    return true;
}

uint64_t xlsx_number(const char *text, uint64_t otherwise)
{
    int64_t value;
    if (text == NULL || !str_to_i64(str_trim(str_from(text)), &value) || value < 0)
        return otherwise;
    return (uint64_t)value;
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
        uint64_t number = xlsx_number(xml_attribute(attributes, "numFmtId"), 0);
        if (code == NULL || parse->date_formats.count + parse->other_formats.count == FORMATS_MAX)
            return;
        if (format_is_date(str_from(code)))
            *list_push(parse->arena, &parse->date_formats) = number;
        else
            *list_push(parse->arena, &parse->other_formats) = number;
    }
    if (strcmp(name, "xf") == 0 && parse->in_cell_styles && parse->dates.count < STYLES_MAX) {
        uint64_t number = xlsx_number(xml_attribute(attributes, "numFmtId"), 0);
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
    bool more;
    if (!xml_open(&xml, package, part, &events, &parse, err)) return false;
    bool done = xml_run(&xml, &more, err);
    xml_close(&xml);
    if (!done) return err_at(err, "styles", "单元格样式");
    *styles = (struct xlsx_styles){parse.dates.items, parse.dates.count};
    return true;
}

struct shared_parse {
    struct xlsx_shared *shared;
    struct arena scratch; /* of one text */
    struct text text;
    bool in_item, in_text;
    int phonetic; /* depth inside <rPh> */
};

static char *shared_room(struct xlsx_shared *shared, size_t length)
{
    if (shared->block_count == 0 || shared->block_used + length > SHARED_BLOCK_BYTES) {
        if (shared->block_count == SHARED_BLOCKS_MAX) return NULL;
        shared->blocks[shared->block_count++] = arena_alloc(shared->arena, SHARED_BLOCK_BYTES);
        shared->block_used = 0;
    }
    char *room = shared->blocks[shared->block_count - 1] + shared->block_used;
    return room;
}

static bool shared_add(struct xlsx_shared *shared, struct str text)
{
    size_t page = shared->count / SHARED_PAGE_TEXTS;
    if (page == SHARED_PAGES_MAX) return false;
    if (shared->pages[page] == NULL) {
        shared->pages[page] = arena_array(shared->arena, uint64_t, SHARED_PAGE_TEXTS);
    }
    char *room = shared_room(shared, text.len);
    if (room == NULL) return false;
    if (text.len > 0) memcpy(room, text.ptr, text.len);
    uint64_t place = (shared->block_count - 1) * (uint64_t)SHARED_BLOCK_BYTES + shared->block_used;
    shared->block_used += text.len;
    shared->pages[page][shared->count % SHARED_PAGE_TEXTS] = place << 20 | text.len;
    shared->count++;
    return true;
}

bool xlsx_shared_text(const struct xlsx_shared *shared, uint64_t number, struct str *text)
{
    if (shared == NULL || number >= shared->count) return false;
    uint64_t entry = shared->pages[number / SHARED_PAGE_TEXTS][number % SHARED_PAGE_TEXTS];
    uint64_t place = entry >> 20;
    const char *block = shared->blocks[place / SHARED_BLOCK_BYTES];
    *text = (struct str){block + place % SHARED_BLOCK_BYTES, entry & 0xFFFFF};
    return true;
}

static void shared_start(struct xml_reader *xml, const char *name, const char **attributes)
{
    (void)attributes;
    struct shared_parse *parse = xml->context;
    if (strcmp(name, "si") == 0) {
        text_clear(&parse->text);
        parse->in_item = true;
        parse->phonetic = 0;
    } else if (strcmp(name, "rPh") == 0) {
        parse->phonetic++;
    } else if (strcmp(name, "t") == 0) {
        parse->in_text = parse->in_item && parse->phonetic == 0;
    }
}

static void shared_end(struct xml_reader *xml, const char *name)
{
    struct shared_parse *parse = xml->context;
    if (strcmp(name, "t") == 0) {
        parse->in_text = false;
    } else if (strcmp(name, "rPh") == 0) {
        parse->phonetic--;
    } else if (strcmp(name, "si") == 0) {
        parse->in_item = false;
        struct str text = text_str(&parse->text);
        text = cell_text_clean(&parse->scratch, xlsx_unescape(&parse->scratch, text));
        if (text.len > WORKBOOK_CELL_BYTES_MAX) text.len = WORKBOOK_CELL_BYTES_MAX + 1;
        bool added = shared_add(parse->shared, text);
        arena_reset(&parse->scratch);
        if (added) return;
        err_set(&xml->failure, ERR_LIMIT, "more than %d MB of shared texts; split the file",
                "共享文字超过 %d MB，请拆分文件", SHARED_BLOCKS_MAX);
        xml_stop(xml);
    }
}

static void shared_text(struct xml_reader *xml, struct str text)
{
    struct shared_parse *parse = xml->context;
    if (!parse->in_text) return;
    /* One byte too many is enough to refuse the text where it is used. */
    text_add(&parse->text, str_slice(text, 0, parse->text.max - parse->text.len));
}

bool xlsx_shared_read(const struct package *package, const char *part, struct arena *arena,
                      struct xlsx_shared *shared, struct err *err)
{
    static const struct xml_events events = {shared_start, shared_end, shared_text};
    struct shared_parse parse = {.shared = shared};
    struct arena texts = {0};
    struct xml_reader xml = {0};
    bool more;
    *shared = (struct xlsx_shared){.arena = arena};
    text_init(&parse.text, &texts, WORKBOOK_CELL_BYTES_MAX + 1);
    if (!xml_open(&xml, package, part, &events, &parse, err)) return false;
    bool done = xml_run(&xml, &more, err);
    xml_close(&xml);
    arena_free(&texts);
    arena_free(&parse.scratch);
    return done || err_at(err, "shared texts", "共享文字");
}
