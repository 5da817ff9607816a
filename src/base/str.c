#include "base/str.h"

#include "base/scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>
#include <xxhash.h>

struct str str_from(const char *text)
{
    return (struct str){text, text == NULL ? 0 : strlen(text)};
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.len) to = s.len;
    if (from > to) from = to;
    return (struct str){s.len == 0 ? s.ptr : s.ptr + from, to - from};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

struct str str_trim(struct str s)
{
    while (s.len > 0 && is_blank(s.ptr[0])) s.ptr++, s.len--;
    while (s.len > 0 && is_blank(s.ptr[s.len - 1])) s.len--;
    return s;
}

struct str str_copy(struct arena *arena, struct str s)
{
    return (struct str){str_cstr(arena, s), s.len};
}

const char *str_cstr(struct arena *arena, struct str s)
{
    char *copy = arena_alloc(arena, s.len + 1);
    if (s.len > 0) memcpy(copy, s.ptr, s.len);
    return copy;
}

bool str_equal(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool str_is(struct str s, const char *text)
{
    return str_equal(s, str_from(text));
}

int str_compare(struct str a, struct str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter == 0 ? 0 : memcmp(a.ptr, b.ptr, shorter);
    if (order != 0) return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_equal(str_slice(s, 0, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_equal(str_slice(s, s.len - suffix.len, s.len), suffix);
}

size_t str_find(struct str s, struct str part)
{
    if (part.len == 0) return 0;
    if (s.len < part.len) return SIZE_MAX;
    const char *at = memmem(s.ptr, s.len, part.ptr, part.len);
    return at == NULL ? SIZE_MAX : (size_t)(at - s.ptr);
}

uint64_t str_hash(struct str s)
{
    return XXH3_64bits(s.ptr, s.len);
}

bool str_split(struct str *rest, char separator, struct str *part)
{
    if (rest->ptr == NULL) return false;
    const char *at = rest->len == 0 ? NULL : memchr(rest->ptr, separator, rest->len);
    if (at == NULL) {
        *part = *rest;
        *rest = STR_EMPTY;
        return true;
    }
    size_t length = (size_t)(at - rest->ptr);
    *part = (struct str){rest->ptr, length};
    *rest = (struct str){at + 1, rest->len - length - 1};
    return true;
}

bool str_to_i64(struct str s, int64_t *out)
{
    size_t at = 0;
    bool minus = s.len > 0 && s.ptr[0] == '-';
    if (s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+')) at = 1;
    if (at == s.len) return false;
    int64_t value = 0;
    for (; at < s.len; at++) {
        if (s.ptr[at] < '0' || s.ptr[at] > '9') return false;
        int64_t digit = s.ptr[at] - '0';
        if (__builtin_mul_overflow(value, 10, &value)) return false;
        if (__builtin_add_overflow(value, minus ? -digit : digit, &value)) return false;
    }
    *out = value;
    return true;
}

size_t u64_digits(uint64_t number, char out[20])
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                                "25262728293031323334353637383940414243444546474849"
                                "50515253545556575859606162636465666768697071727374"
                                "75767778798081828384858687888990919293949596979899";
    uint64_t rest = number;
    size_t count = 1;
    for (; rest >= 100; rest /= 100) count += 2;
    count += rest >= 10;
    size_t at = count;
    for (; number >= 10; number /= 100) {
        at -= 2;
        memcpy(out + at, pairs + number % 100 * 2, 2);
    }
    if (at > 0) out[0] = (char)('0' + number);
    return count;
}

struct str str_i64(struct arena *arena, int64_t number)
{
    struct text text;
    text_init(&text, arena, 24);
    text_add_f(&text, "%lld", (long long)number);
    return text_str(&text);
}

struct str str_u64(struct arena *arena, uint64_t number)
{
    char digits[20];
    return str_copy(arena, (struct str){digits, u64_digits(number, digits)});
}

void text_init(struct text *text, struct arena *arena, size_t max)
{
    CHECK(arena != NULL);
    *text = (struct text){.arena = arena, .max = max};
    text->capacity = max < 63 ? max + 1 : 64;
    text->ptr = arena_alloc(arena, text->capacity);
}

void text_clear(struct text *text)
{
    text->len = 0;
    text->ptr[0] = '\0';
    text->cut = false;
}

static bool text_room(struct text *text, size_t more)
{
    if (text->cut || more > text->max - text->len) {
        text->cut = true;
        return false;
    }
    size_t need = text->len + more + 1;
    if (need <= text->capacity) return true;
    size_t capacity = text->capacity * 2;
    if (capacity < need) capacity = need;
    char *bigger = arena_alloc(text->arena, capacity);
    memcpy(bigger, text->ptr, text->len);
    text->ptr = bigger;
    text->capacity = capacity;
    return true;
}

char *text_extend(struct text *text, size_t more)
{
    if (!text_room(text, more)) return NULL;
    char *place = text->ptr + text->len;
    text->len += more;
    text->ptr[text->len] = '\0';
    return place;
}

void text_add(struct text *text, struct str s)
{
    char *place = s.len == 0 ? NULL : text_extend(text, s.len);
    if (place != NULL) memcpy(place, s.ptr, s.len);
}

void text_add_c(struct text *text, const char *s)
{
    text_add(text, str_from(s));
}

void text_add_byte(struct text *text, char byte)
{
    text_add(text, (struct str){&byte, 1});
}

void text_add_code(struct text *text, uint32_t code)
{
    utf8proc_uint8_t bytes[4];
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) code = 0xFFFD;
    utf8proc_ssize_t length = utf8proc_encode_char((utf8proc_int32_t)code, bytes);
    text_add(text, (struct str){(const char *)bytes, (size_t)length});
}

void text_add_f(struct text *text, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int need = vsnprintf(NULL, 0, format, args);
    va_end(args);
    CHECK(need >= 0);
    if (text_room(text, (size_t)need)) {
        vsnprintf(text->ptr + text->len, (size_t)need + 1, format, again);
        text->len += (size_t)need;
    }
    va_end(again);
}

struct str text_str(const struct text *text)
{
    return (struct str){text->ptr, text->len};
}

bool utf8_next(struct str s, size_t *at, uint32_t *code)
{
    if (*at >= s.len) return false;
    unsigned char first = (unsigned char)s.ptr[*at];
    if (first < 0x80) {
        *code = first;
        (*at)++;
        return true;
    }
    /* A Chinese character, as nearly always. */
    if ((first & 0xF0) == 0xE0 && s.len - *at >= 3) {
        unsigned char second = (unsigned char)s.ptr[*at + 1], third = (unsigned char)s.ptr[*at + 2];
        uint32_t read = (first & 0x0Fu) << 12 | (second & 0x3Fu) << 6 | (third & 0x3Fu);
        bool whole = (second & 0xC0) == 0x80 && (third & 0xC0) == 0x80;
        if (whole && read >= 0x800 && (read < 0xD800 || read > 0xDFFF)) {
            *code = read;
            *at += 3;
            return true;
        }
    }
    utf8proc_int32_t value;
    utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + *at,
                                               (utf8proc_ssize_t)(s.len - *at), &value);
    *code = length > 0 ? (uint32_t)value : 0xFFFD;
    *at += length > 0 ? (size_t)length : 1;
    return true;
}

bool utf8_valid(struct str s)
{
    const struct scan *variants[SCAN_VARIANTS_MAX];
    scan_variants(variants);
    return variants[0]->utf8_valid(s.ptr, s.len);
}

size_t utf8_count(struct str s)
{
    size_t count = 0, at = 0;
    uint32_t code;
    while (utf8_next(s, &at, &code)) count++;
    return count;
}

struct str utf8_cut(struct str s, size_t most)
{
    if (s.len <= most) return s;
    while (most > 0 && ((unsigned char)s.ptr[most] & 0xC0) == 0x80) most--;
    return str_slice(s, 0, most);
}

int utf8_width(struct str s)
{
    int width = 0;
    size_t at = 0;
    uint32_t code;
    while (utf8_next(s, &at, &code)) width += utf8proc_charwidth((utf8proc_int32_t)code);
    return width;
}

struct str utf8_nfkc(struct arena *arena, struct str s)
{
    bool ascii = true;
    for (size_t i = 0; i < s.len && ascii; i++) ascii = (unsigned char)s.ptr[i] < 0x80;
    if (ascii) return s;
    utf8proc_uint8_t *out = NULL;
    utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
    utf8proc_ssize_t length =
        utf8proc_map((const utf8proc_uint8_t *)s.ptr, (utf8proc_ssize_t)s.len, &out, options);
    if (length < 0) return s; /* not UTF-8: left as it is */
    struct str result = str_copy(arena, (struct str){(const char *)out, (size_t)length});
    free(out);
    return result;
}
