#include "base/json_read.h"

#include "base/list.h"

#include <string.h>

struct json_reader {
    struct arena *arena;
    struct str document;
    size_t at;
    int depth;
    struct err *err;
};

static bool read_value(struct json_reader *reader, struct json_value *out);

/* Puts the place before the sentence that is set; always false. */
static bool here(struct json_reader *reader)
{
    size_t line = 1, column = 1;
    for (size_t i = 0; i < reader->at && i < reader->document.len; i++) {
        column++;
        if (reader->document.ptr[i] != '\n') continue;
        line++;
        column = 1;
    }
    return err_at(reader->err, "JSON, line %zu, column %zu", "JSON 第 %zu 行第 %zu 列", line,
                  column);
}

static bool unexpected(struct json_reader *reader)
{
    if (reader->at >= reader->document.len)
        err_set(reader->err, ERR_INPUT, "it ends too early", "内容不完整");
    else
        err_set(reader->err, ERR_INPUT, "this character is not expected", "此处字符有误");
    return here(reader);
}

static int peek(const struct json_reader *reader)
{
    if (reader->at >= reader->document.len) return -1;
    return (unsigned char)reader->document.ptr[reader->at];
}

static void skip_blanks(struct json_reader *reader)
{
    int c;
    while ((c = peek(reader)) == ' ' || c == '\t' || c == '\n' || c == '\r') reader->at++;
}

static bool take_word(struct json_reader *reader, const char *word)
{
    struct str rest = str_slice(reader->document, reader->at, reader->document.len);
    if (!str_starts(rest, str_from(word))) return false;
    reader->at += strlen(word);
    return true;
}

static bool read_hex(struct json_reader *reader, uint32_t *out)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        int c = peek(reader);
        uint32_t digit;
        if (c >= '0' && c <= '9')
            digit = (uint32_t)(c - '0');
        else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
            digit = (uint32_t)((c | 0x20) - 'a' + 10);
        else
            return unexpected(reader);
        value = value * 16 + digit;
        reader->at++;
    }
    *out = value;
    return true;
}

/* What stands behind "\u"; two of them where it takes two. */
static bool read_escaped_code(struct json_reader *reader, struct text *text)
{
    uint32_t code, low;
    if (!read_hex(reader, &code)) return false;
    if (code == 0 || (code >= 0xDC00 && code <= 0xDFFF)) return unexpected(reader);
    if (code >= 0xD800 && code <= 0xDBFF) {
        if (!take_word(reader, "\\u")) return unexpected(reader);
        if (!read_hex(reader, &low)) return false;
        if (low < 0xDC00 || low > 0xDFFF) return unexpected(reader);
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    text_add_code(text, code);
    return true;
}

static bool read_escape(struct json_reader *reader, struct text *text)
{
    static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    int c = peek(reader);
    if (c == 'u') {
        reader->at++;
        return read_escaped_code(reader, text);
    }
    const char *found = c <= 0 ? NULL : strchr(names, c);
    if (found == NULL) return unexpected(reader);
    text_add_byte(text, meant[found - names]);
    reader->at++;
    return true;
}

static bool read_text(struct json_reader *reader, struct str *out)
{
    struct text text = {0};
    size_t from = ++reader->at;
    int c;
    while ((c = peek(reader)) != '"') {
        if (c < 0x20) return unexpected(reader);
        if (c != '\\') {
            reader->at++;
            continue;
        }
        if (text.arena == NULL) text_init(&text, reader->arena, reader->document.len);
        text_add(&text, str_slice(reader->document, from, reader->at));
        reader->at++;
        if (!read_escape(reader, &text)) return false;
        from = reader->at;
    }
    struct str rest = str_slice(reader->document, from, reader->at);
    reader->at++;
    if (text.arena == NULL) {
        *out = rest;
        return true;
    }
    text_add(&text, rest);
    CHECK(!text.cut);
    *out = text_str(&text);
    return true;
}

static size_t skip_digits(struct json_reader *reader)
{
    size_t from = reader->at;
    while (peek(reader) >= '0' && peek(reader) <= '9') reader->at++;
    return reader->at - from;
}

static bool read_number(struct json_reader *reader, struct json_value *out)
{
    size_t from = reader->at;
    bool whole = true;
    if (peek(reader) == '-') reader->at++;
    bool zero = peek(reader) == '0';
    size_t digits = skip_digits(reader);
    if (digits == 0) return unexpected(reader);
    if (zero && digits > 1) {
        reader->at -= digits - 1;
        return unexpected(reader);
    }
    if (peek(reader) == '.') {
        whole = false;
        reader->at++;
        if (skip_digits(reader) == 0) return unexpected(reader);
    }
    if (peek(reader) == 'e' || peek(reader) == 'E') {
        whole = false;
        reader->at++;
        if (peek(reader) == '+' || peek(reader) == '-') reader->at++;
        if (skip_digits(reader) == 0) return unexpected(reader);
    }
    out->text = str_slice(reader->document, from, reader->at);
    out->kind = whole && str_to_i64(out->text, &out->number) ? JSON_IS_INTEGER : JSON_IS_NUMBER;
    return true;
}

static bool deeper(struct json_reader *reader)
{
    reader->at++;
    if (++reader->depth <= JSON_READ_DEPTH_MAX) return true;
    err_set(reader->err, ERR_LIMIT, "it is nested more than %d deep", "嵌套超过 %d 层",
            (int)JSON_READ_DEPTH_MAX);
    return here(reader);
}

/* After an entry: true with *more when a comma stands there, false with *failed when neither a
 * comma nor the end does. */
static bool next_entry(struct json_reader *reader, char end, bool *more)
{
    skip_blanks(reader);
    int c = peek(reader);
    if (c != ',' && c != end) return unexpected(reader);
    reader->at++;
    *more = c == ',';
    if (*more) skip_blanks(reader);
    return true;
}

static bool read_list(struct json_reader *reader, struct json_value *out)
{
    LIST(struct json_value) items = {0};
    if (!deeper(reader)) return false;
    skip_blanks(reader);
    bool more = peek(reader) != ']';
    if (!more) reader->at++;
    while (more) {
        struct json_value value = {0};
        if (!read_value(reader, &value) || !next_entry(reader, ']', &more)) return false;
        *list_push(reader->arena, &items) = value;
    }
    reader->depth--;
    out->kind = JSON_IS_LIST;
    out->items = items.items;
    out->count = items.count;
    return true;
}

struct json_entries {
    LIST(struct str) keys;
    LIST(struct json_value) items;
};

static bool read_entry(struct json_reader *reader, struct json_entries *entries)
{
    struct str key;
    struct json_value value = {0};
    if (peek(reader) != '"') return unexpected(reader);
    if (!read_text(reader, &key)) return false;
    for (size_t i = 0; i < entries->keys.count; i++) {
        if (!str_equal(entries->keys.items[i], key)) continue;
        err_set(reader->err, ERR_INPUT, "a key stands there twice", "键重复");
        return here(reader);
    }
    if (entries->keys.count == JSON_READ_KEYS_MAX) {
        err_set(reader->err, ERR_LIMIT, "an object has more than %d keys", "对象超过 %d 个键",
                (int)JSON_READ_KEYS_MAX);
        return here(reader);
    }
    skip_blanks(reader);
    if (peek(reader) != ':') return unexpected(reader);
    reader->at++;
    if (!read_value(reader, &value)) return false;
    *list_push(reader->arena, &entries->keys) = key;
    *list_push(reader->arena, &entries->items) = value;
    return true;
}

static bool read_object(struct json_reader *reader, struct json_value *out)
{
    struct json_entries entries = {0};
    if (!deeper(reader)) return false;
    skip_blanks(reader);
    bool more = peek(reader) != '}';
    if (!more) reader->at++;
    while (more) {
        if (!read_entry(reader, &entries) || !next_entry(reader, '}', &more)) return false;
    }
    reader->depth--;
    out->kind = JSON_IS_OBJECT;
    out->keys = entries.keys.items;
    out->items = entries.items.items;
    out->count = entries.keys.count;
    return true;
}

static bool read_value(struct json_reader *reader, struct json_value *out)
{
    skip_blanks(reader);
    switch (peek(reader)) {
    case '{': return read_object(reader, out);
    case '[': return read_list(reader, out);
    case '"': out->kind = JSON_IS_TEXT; return read_text(reader, &out->text);
    case 't':
    case 'f':
        out->kind = JSON_IS_BOOL;
        out->number = peek(reader) == 't';
        return take_word(reader, out->number == 1 ? "true" : "false") || unexpected(reader);
    case 'n': out->kind = JSON_IS_NULL; return take_word(reader, "null") || unexpected(reader);
    default: return read_number(reader, out);
    }
}

bool json_read(struct arena *arena, struct str document, struct json_value *out, struct err *err)
{
    struct json_reader reader = {.arena = arena, .document = document, .err = err};
    struct json_value value = {0};
    if (!utf8_valid(document)
        || memchr(document.ptr == NULL ? "" : document.ptr, 0, document.len)) {
        return err_set(err, ERR_INPUT, "JSON must be UTF-8 without zeros",
                       "JSON 须为 UTF-8 编码且不含空字符");
    }
    if (!read_value(&reader, &value)) return false;
    skip_blanks(&reader);
    if (reader.at < document.len) return unexpected(&reader);
    *out = value;
    return true;
}

const struct json_value *json_get(const struct json_value *object, const char *key)
{
    if (object == NULL || object->kind != JSON_IS_OBJECT) return NULL;
    for (size_t i = 0; i < object->count; i++) {
        if (!str_is(object->keys[i], key)) continue;
        return object->items[i].kind == JSON_IS_NULL ? NULL : &object->items[i];
    }
    return NULL;
}
