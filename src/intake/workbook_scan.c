#include "intake/workbook_scan.h"

#include <string.h>

enum { NUMBER_BYTES_MAX = 10 };

enum step { STEP_TOKEN, STEP_PASSED, STEP_MORE, STEP_BROKEN, STEP_DOCTYPE };

bool scan_damaged(struct err *err)
{
    return err_set(err, ERR_INPUT, "damaged: the XML inside is broken; export the file again",
                   "文件已损坏：内部 XML 不完整，请重新导出");
}

/* Reads on behind what is left of the buffer, which moves to its front and grows when it is full.
 */
bool scan_more(struct xml_scan *scan, struct err *err)
{
    size_t length = scan->end - scan->at, got;
    if (scan->at > 0) memmove(scan->buffer, scan->buffer + scan->at, length);
    scan->at = 0;
    scan->end = length;
    if (scan->capacity - length < SCAN_BLOCK_BYTES / 2) {
        size_t capacity = scan->capacity * 2;
        if (capacity > SCAN_TOKEN_BYTES_MAX) {
            return err_set(err, ERR_LIMIT, "a field or a tag is larger than %d bytes",
                           "一格内容或一个标签超过 %d 字节", SCAN_TOKEN_BYTES_MAX / 2);
        }
        char *bigger = arena_alloc(scan->arena, capacity);
        memcpy(bigger, scan->buffer, length);
        scan->buffer = bigger;
        scan->capacity = capacity;
    }
    size_t room = scan->capacity - length;
    if (!package_part_read(&scan->part, scan->buffer + length, room, &got, err)) return false;
    scan->end += got;
    scan->part_ended = got == 0;
    return true;
}

bool scan_open(struct xml_scan *scan, struct arena *arena, const struct package *package,
               const char *name, struct err *err)
{
    struct package_part part;
    if (!package_part_open(package, name, &part, err)) return false;
    char *buffer = scan->buffer;
    size_t capacity = scan->capacity;
    if (buffer == NULL) {
        capacity = SCAN_BLOCK_BYTES;
        buffer = arena_alloc(arena, capacity);
    }
    *scan = (struct xml_scan){.part = part, .arena = arena, .buffer = buffer, .capacity = capacity};
    if (!scan_more(scan, err)) {
        scan_close(scan);
        return false;
    }
    if (scan->end >= 3 && memcmp(buffer, "\xEF\xBB\xBF", 3) == 0) scan->at = 3;
    if (scan->end >= 2
        && (memcmp(buffer, "\xFF\xFE", 2) == 0 || memcmp(buffer, "\xFE\xFF", 2) == 0)) {
        scan_close(scan);
        return err_set(err, ERR_INPUT,
                       "the XML inside is not UTF-8; save the file again with Excel",
                       "内部 XML 不是 UTF-8，请用 Excel 重新保存");
    }
    return true;
}

void scan_close(struct xml_scan *scan)
{
    package_part_close(&scan->part);
    scan->at = scan->end = 0;
    scan->part_ended = true;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* A name ends at a blank, "/", ">", "=" or "<"; *local is what follows its prefix. */
static const char *read_name(const char *at, const char *end, struct str *local)
{
    static const bool ends[256] = {[' '] = true, ['\n'] = true, ['\t'] = true, ['\r'] = true,
                                   ['/'] = true, ['>'] = true,  ['='] = true,  ['<'] = true};
    const char *start = at;
    while (at < end && !ends[(unsigned char)*at]) {
        if (*at == ':') start = at + 1;
        at++;
    }
    *local = (struct str){start, (size_t)(at - start)};
    return at;
}

/* <name a="b" c='d'> or <name/>, from the "<" on. */
static enum step read_start(struct xml_scan *scan, const char *at, const char *end)
{
    struct str name, key;
    size_t count = 0;
    at = read_name(at + 1, end, &name);
    for (;;) {
        while (at < end && is_space(*at)) at++;
        if (at == end) return STEP_MORE;
        if (*at == '>') break;
        if (*at == '/') {
            if (at + 1 == end) return STEP_MORE;
            if (at[1] != '>') return STEP_BROKEN;
            scan->half = true;
            at++;
            break;
        }
        at = read_name(at, end, &key);
        while (at < end && is_space(*at)) at++;
        if (at == end) return STEP_MORE;
        if (key.len == 0 || *at != '=') return STEP_BROKEN;
        at++;
        while (at < end && is_space(*at)) at++;
        if (at == end) return STEP_MORE;
        if (*at != '"' && *at != '\'') return STEP_BROKEN;
        const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));
        if (close == NULL) return STEP_MORE;
        if (count < SCAN_ATTRIBUTES_MAX) {
            scan->attributes[count].name = key;
            scan->attributes[count++].value = (struct str){at + 1, (size_t)(close - at - 1)};
        }
        at = close + 1;
    }
    if (name.len == 0) return STEP_BROKEN;
    scan->attribute_count = count;
    scan->token = (struct scan_token){.kind = SCAN_START, .name = name};
    scan->at = (size_t)(at + 1 - scan->buffer);
    return STEP_TOKEN;
}

static enum step read_end(struct xml_scan *scan, const char *at, const char *end)
{
    struct str name;
    at = read_name(at + 2, end, &name);
    while (at < end && is_space(*at)) at++;
    if (at == end) return STEP_MORE;
    if (*at != '>' || name.len == 0) return STEP_BROKEN;
    scan->token = (struct scan_token){.kind = SCAN_END, .name = name};
    scan->at = (size_t)(at + 1 - scan->buffer);
    return STEP_TOKEN;
}

/* Behind what closes a comment, an instruction or a CDATA section; *inside is what it holds. */
static enum step read_until(struct xml_scan *scan, const char *at, const char *end, size_t skip,
                            struct str close, struct str *inside)
{
    if ((size_t)(end - at) < skip) return STEP_MORE;
    struct str rest = {at + skip, (size_t)(end - at) - skip};
    size_t place = str_find(rest, close);
    if (place == SIZE_MAX) return STEP_MORE;
    *inside = str_slice(rest, 0, place);
    scan->at = (size_t)(rest.ptr + place + close.len - scan->buffer);
    return STEP_PASSED;
}

static bool encoding_is_utf8(struct str instruction)
{
    size_t at = str_find(instruction, STR("encoding="));
    if (!str_starts(instruction, STR("xml ")) || at == SIZE_MAX) return true;
    struct str value = str_slice(instruction, at + 10, at + 15);
    static const char *const known[] = {"UTF-8",  "utf-8", "Utf-8", "UTF8\"",
                                        "utf8\"", "US-AS", "us-as"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_is(value, known[i])) return true;
    }
    return false;
}

static enum step read_special(struct xml_scan *scan, const char *at, const char *end)
{
    struct str inside;
    size_t left = (size_t)(end - at);
    if (at[1] == '?') {
        enum step step = read_until(scan, at, end, 2, STR("?>"), &inside);
        return step == STEP_PASSED && !encoding_is_utf8(inside) ? STEP_BROKEN : step;
    }
    if (left < 9) return STEP_MORE;
    if (memcmp(at, "<!--", 4) == 0) return read_until(scan, at, end, 4, STR("-->"), &inside);
    if (memcmp(at, "<![CDATA[", 9) != 0) return STEP_DOCTYPE;
    enum step step = read_until(scan, at, end, 9, STR("]]>"), &inside);
    if (step != STEP_PASSED) return step;
    scan->token = (struct scan_token){.kind = SCAN_TEXT, .text = inside, .literal = true};
    return STEP_TOKEN;
}

static enum step read_token(struct xml_scan *scan)
{
    const char *at = scan->buffer + scan->at, *end = scan->buffer + scan->end;
    if (at == end) return STEP_MORE;
    if (*at != '<') {
        const char *tag = memchr(at, '<', (size_t)(end - at));
        if (tag == NULL) return STEP_MORE;
        scan->token = (struct scan_token){.kind = SCAN_TEXT, .text = {at, (size_t)(tag - at)}};
        scan->at = (size_t)(tag - scan->buffer);
        return STEP_TOKEN;
    }
    if (end - at < 2) return STEP_MORE;
    if (at[1] == '/') return read_end(scan, at, end);
    if (at[1] == '!' || at[1] == '?') return read_special(scan, at, end);
    return read_start(scan, at, end);
}

bool scan_next(struct xml_scan *scan, struct err *err)
{
    if (scan->half) {
        scan->half = false;
        scan->token.kind = SCAN_END;
        return true;
    }
    for (;;) {
        switch (read_token(scan)) {
        case STEP_TOKEN: return true;
        case STEP_PASSED: break;
        case STEP_BROKEN: return scan_damaged(err);
        case STEP_DOCTYPE:
            return err_set(err, ERR_INPUT,
                           "refused: a document type in a workbook is an entity bomb",
                           "拒绝读取：工作簿中含有实体定义（实体炸弹）");
        case STEP_MORE:
            scan->half = false;
            if (scan->part_ended) {
                struct str rest = {scan->buffer + scan->at, scan->end - scan->at};
                if (str_trim(rest).len > 0) return scan_damaged(err);
                scan->token = (struct scan_token){.kind = SCAN_OVER};
                return true;
            }
            if (!scan_more(scan, err)) return false;
        }
    }
}

struct str scan_attribute(const struct xml_scan *scan, const char *name)
{
    for (size_t i = 0; i < scan->attribute_count; i++) {
        if (str_is(scan->attributes[i].name, name)) return scan->attributes[i].value;
    }
    return STR_EMPTY;
}

bool scan_character_number(struct str name, size_t bytes_max, uint32_t *code)
{
    bool hex = name.len > 1 && (name.ptr[1] == 'x' || name.ptr[1] == 'X');
    uint32_t value = 0;
    if (name.len < (hex ? 3u : 2u) || name.len > bytes_max) return false;
    for (size_t i = hex ? 2 : 1; i < name.len; i++) {
        char c = name.ptr[i], low = (char)(c | 0x20);
        if (c >= '0' && c <= '9')
            value = value * (hex ? 16 : 10) + (uint32_t)(c - '0');
        else if (hex && low >= 'a' && low <= 'f')
            value = value * 16 + (uint32_t)(low - 'a' + 10);
        else
            return false;
    }
    *code = value;
    return true;
}

/* XML forbids 0, which becomes U+FFFD. */
static bool numeric_entity(struct str name, uint32_t *code)
{
    if (!scan_character_number(name, NUMBER_BYTES_MAX, code)) return false;
    if (*code == 0) *code = 0xFFFD;
    return true;
}

static bool entity(struct str name, uint32_t *code)
{
    static const struct {
        const char *name;
        uint32_t code;
    } known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    if (name.len > 0 && name.ptr[0] == '#') return numeric_entity(name, code);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!str_is(name, known[i].name)) continue;
        *code = known[i].code;
        return true;
    }
    return false;
}

static void add_clipped(struct text *out, struct str text)
{
    text_add(out, str_slice(text, 0, out->max - out->len));
}

bool scan_text(const struct scan_token *token, struct text *out)
{
    struct str rest = token->text;
    while (rest.len > 0) {
        const char *mark = token->literal ? NULL : memchr(rest.ptr, '&', rest.len);
        if (mark == NULL) {
            add_clipped(out, rest);
            return true;
        }
        size_t at = (size_t)(mark - rest.ptr);
        add_clipped(out, str_slice(rest, 0, at));
        const char *close = memchr(mark, ';', rest.len - at < 12 ? rest.len - at : 12);
        uint32_t code;
        if (close == NULL || !entity((struct str){mark + 1, (size_t)(close - mark - 1)}, &code)) {
            return false;
        }
        if (out->max - out->len >= 4) text_add_code(out, code);
        rest = str_slice(rest, (size_t)(close + 1 - rest.ptr), rest.len);
    }
    return true;
}
