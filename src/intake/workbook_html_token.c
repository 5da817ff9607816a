#include "intake/workbook_html_token.h"

#include "intake/workbook_scan.h"

#include <string.h>
#include <strings.h>

enum { ENTITY_BYTES_MAX = 12, NUMBER_BYTES_MAX = 9 };

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool html_start(struct html_reader *reader, struct err *err)
{
    decoder_rewind(reader->decoder);
    reader->used = 0;
    reader->skip[0] = '\0';
    return decoder_more(reader->decoder, &reader->end, err);
}

/* Behind the tag's ">"; SIZE_MAX when it is not in `s`. A ">" in quotes does not count, unless the
 * quotes never close: people forget them. */
static size_t tag_end(struct str s, bool all)
{
    char quote = '\0';
    size_t i = 1;
    for (; i < s.len && i < HTML_TAG_BYTES_MAX; i++) {
        char c = s.ptr[i];
        if (quote != '\0') {
            if (c == quote) quote = '\0';
        } else if (c == '>') {
            return i + 1;
        } else if ((c == '"' || c == '\'') && s.ptr[i - 1] == '=') {
            quote = c;
        }
    }
    if (i < HTML_TAG_BYTES_MAX && !all) return SIZE_MAX;
    const char *close = memchr(s.ptr, '>', s.len);
    return close == NULL ? s.len : (size_t)(close - s.ptr) + 1;
}

static void read_tag(struct html_token *token, struct str tag)
{
    size_t at = 1, length = 0;
    token->kind = HTML_OPEN;
    if (tag.ptr[at] == '/') {
        token->kind = HTML_CLOSE;
        at++;
    }
    if (tag.len - at > 3 && memcmp(tag.ptr + at, "ss:", 3) == 0) at += 3; /* XML of 2003 */
    for (; at < tag.len && (is_letter(tag.ptr[at]) || (tag.ptr[at] >= '0' && tag.ptr[at] <= '9'));
         at++) {
        if (length + 1 < sizeof token->name) {
            token->name[length++] =
                (char)(is_letter(tag.ptr[at]) ? tag.ptr[at] | 0x20 : tag.ptr[at]);
        }
    }
    token->name[length] = '\0';
    token->attributes = str_slice(tag, at, tag.len > at ? tag.len - 1 : at);
}

/* The end of a text: before the next tag or, when the window is to go on, before an "&" that may be
 * the start of an entity; 0 when that is where the text begins. */
static size_t text_end(struct str s, bool all)
{
    const char *tag = memchr(s.ptr + 1, '<', s.len - 1);
    if (tag != NULL) return (size_t)(tag - s.ptr);
    size_t last = s.len < ENTITY_BYTES_MAX ? s.len : ENTITY_BYTES_MAX;
    const char *mark = memrchr(s.ptr + s.len - last, '&', last);
    if (all || mark == NULL) return s.len;
    return (size_t)(mark - s.ptr);
}

/* Looks for the end tag of what is passed over; *used counts what may be dropped. */
static bool find_skip_end(struct html_reader *reader, struct str s, size_t *used)
{
    size_t length = strlen(reader->skip);
    for (size_t at = 0; at + length + 2 <= s.len; at++) {
        const char *tag = memchr(s.ptr + at, '<', s.len - at);
        if (tag == NULL) break;
        at = (size_t)(tag - s.ptr);
        if (at + length + 2 > s.len) break;
        if (tag[1] == '/' && strncasecmp(tag + 2, reader->skip, length) == 0) {
            reader->skip[0] = '\0';
            *used = at;
            return true;
        }
    }
    *used = s.len > length + 2 ? s.len - length - 2 : 0;
    return false;
}

/* Takes one token from the window; false when it needs more text. */
static bool take(struct html_reader *reader, struct html_token *token, struct str s)
{
    bool all = reader->end;
    token->kind = HTML_OVER;
    if (reader->skip[0] != '\0') {
        if (!find_skip_end(reader, s, &reader->used)) {
            if (all) reader->used = s.len;
            return false;
        }
        s = str_slice(s, reader->used, s.len);
    }
    size_t before = reader->used, length;
    bool tag = s.len >= 2 && s.ptr[0] == '<'
               && (is_letter(s.ptr[1]) || (s.ptr[1] == '/' && s.len > 2 && is_letter(s.ptr[2])));
    if (str_starts(s, STR("<!--"))) {
        size_t close = str_find(str_slice(s, 4, s.len), STR("-->"));
        if (close == SIZE_MAX && !all) return false;
        length = close == SIZE_MAX ? s.len : close + 7;
        token->kind = HTML_TEXT;
        token->text = STR_EMPTY;
    } else if (tag || str_starts(s, STR("<!")) || str_starts(s, STR("<?"))) {
        length = tag_end(s, all);
        if (length == SIZE_MAX) return false;
        token->kind = HTML_TEXT;
        token->text = STR_EMPTY;
        if (tag) read_tag(token, str_slice(s, 0, length));
    } else {
        if (s.len < 4 && s.ptr[0] == '<' && !all) return false;
        length = text_end(s, all);
        if (length == 0) return false;
        token->kind = HTML_TEXT;
        token->text = str_slice(s, 0, length);
    }
    reader->used = before + length;
    static const char *const skipped[] = {"script", "style", "title"};
    for (size_t i = 0; i < 3 && token->kind == HTML_OPEN; i++) {
        if (strcmp(token->name, skipped[i]) == 0) memcpy(reader->skip, token->name, 7);
    }
    return true;
}

bool html_next(struct html_reader *reader, struct html_token *token, struct err *err)
{
    for (;;) {
        decoder_drop(reader->decoder, reader->used);
        reader->used = 0;
        struct str window = decoder_window(reader->decoder);
        if (window.len > 0 && take(reader, token, window)) return true;
        if (reader->end) {
            decoder_drop(reader->decoder, window.len);
            reader->used = 0;
            token->kind = HTML_OVER;
            return true;
        }
        if (!decoder_more(reader->decoder, &reader->end, err)) return false;
    }
}

struct str html_attribute(struct str attributes, const char *name)
{
    size_t length = strlen(name), at = 0;
    while (at < attributes.len) {
        while (at < attributes.len && (is_space(attributes.ptr[at]) || attributes.ptr[at] == '/'))
            at++;
        size_t key = at;
        while (at < attributes.len && !is_space(attributes.ptr[at]) && attributes.ptr[at] != '=')
            at++;
        bool wanted = at - key == length && strncasecmp(attributes.ptr + key, name, length) == 0;
        while (at < attributes.len && is_space(attributes.ptr[at])) at++;
        struct str value = {"", 0};
        if (at < attributes.len && attributes.ptr[at] == '=') {
            at++;
            while (at < attributes.len && is_space(attributes.ptr[at])) at++;
            char quote = at < attributes.len ? attributes.ptr[at] : '\0';
            bool quoted = quote == '"' || quote == '\'';
            size_t start = at += quoted;
            while (at < attributes.len
                   && (quoted ? attributes.ptr[at] != quote : !is_space(attributes.ptr[at]))) {
                at++;
            }
            value = str_slice(attributes, start, at);
            at += quoted;
        }
        if (wanted) return value;
    }
    return STR_EMPTY;
}

uint64_t html_attribute_number(struct str attributes, const char *name, uint64_t otherwise)
{
    struct str value = str_trim(html_attribute(attributes, name));
    size_t digits = 0;
    while (digits < value.len && value.ptr[digits] >= '0' && value.ptr[digits] <= '9') digits++;
    int64_t number;
    return str_to_i64(str_slice(value, 0, digits), &number) ? (uint64_t)number : otherwise;
}

/* The entities that tables of names and places hold. */
static bool entity(struct str name, uint32_t *code)
{
    static const struct {
        const char *name;
        uint32_t code;
    } known[] = {
        {"nbsp", ' '},     {"amp", '&'},       {"lt", '<'},       {"gt", '>'},
        {"quot", '"'},     {"apos", '\''},     {"middot", 0xB7},  {"bull", 0x2022},
        {"ensp", ' '},     {"emsp", ' '},      {"thinsp", ' '},   {"ldquo", 0x201C},
        {"rdquo", 0x201D}, {"lsquo", 0x2018},  {"rsquo", 0x2019}, {"mdash", 0x2014},
        {"ndash", 0x2013}, {"hellip", 0x2026}, {"times", 0xD7},   {"divide", 0xF7},
        {"yen", 0xA5},     {"deg", 0xB0},      {"laquo", 0xAB},   {"raquo", 0xBB},
    };
    if (name.len > 0 && name.ptr[0] == '#')
        return scan_character_number(name, NUMBER_BYTES_MAX, code);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (!str_is(name, known[i].name)) continue;
        *code = known[i].code;
        return true;
    }
    return false;
}

static void add_code(struct text *out, uint32_t code)
{
    bool space = code == ' ' || code == '\n' || code == '\t' || code == '\r' || code == 0xA0;
    char last = out->len == 0 ? ' ' : out->ptr[out->len - 1];
    if (space && (last == ' ' || last == '\n')) return;
    if (!space && (code < 0x20 || (code >= 0x7F && code < 0xA0))) return;
    text_add_code(out, space ? ' ' : code);
}

void html_add_text(struct text *out, struct str raw)
{
    size_t at = 0;
    while (at < raw.len) {
        if (raw.ptr[at] == '&') {
            size_t left = raw.len - at < ENTITY_BYTES_MAX ? raw.len - at : ENTITY_BYTES_MAX;
            const char *close = memchr(raw.ptr + at, ';', left);
            uint32_t code;
            if (close != NULL
                && entity((struct str){raw.ptr + at + 1, (size_t)(close - raw.ptr) - at - 1},
                          &code)) {
                add_code(out, code);
                at = (size_t)(close - raw.ptr) + 1;
                continue;
            }
        }
        uint32_t code;
        if (utf8_next(raw, &at, &code)) add_code(out, code);
    }
}
