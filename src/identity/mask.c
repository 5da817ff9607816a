#include "identity/mask.h"

#include "identity/id_number.h"

enum {
    RUN_LONG = 13,    /* damaged ID numbers have lost digits */
    RUN_CHECKED = 14, /* a check character may follow so many */
    ID_LONG = 18,
    MOBILE_LENGTH = 11,
    FIXED_LENGTH = 10,
    GAP_MAX = 2, /* characters between two digits of one number */
    PLAIN_LENGTH_MAX = 4,
};

/* The digit that a character is, of either width; 0 when it is none. */
static char digit_of(uint32_t code)
{
    if (code >= '0' && code <= '9') return (char)code;
    if (code >= 0xFF10 && code <= 0xFF19) return (char)('0' + (code - 0xFF10));
    return 0;
}

static bool is_star(uint32_t code)
{
    return code == '*' || code == 0xFF0A;
}

static bool is_check_character(uint32_t code)
{
    return code == 'X' || code == 'x' || code == 0xFF38 || code == 0xFF58 || code == 0xD7;
}

static bool is_gap(uint32_t code)
{
    static const uint32_t gaps[] = {' ',    '-',    '_',    ',',    '\'',   0xA0,  0x3000,
                                    0x2010, 0x2011, 0x2013, 0x2014, 0xFF0C, 0xFF0D};
    for (size_t i = 0; i < sizeof gaps / sizeof *gaps; i++) {
        if (gaps[i] == code) return true;
    }
    return false;
}

static bool may_be_number(struct str digits)
{
    if (digits.len >= RUN_LONG) return true;
    if (digits.len == MOBILE_LENGTH && digits.ptr[0] == '1') return digits.ptr[1] > '2';
    return digits.len >= FIXED_LENGTH && digits.ptr[0] == '0';
}

/* The run that begins with the digit at `from`, in plain digits; returns the byte behind it. */
static size_t read_run(struct str text, size_t from, struct text *digits)
{
    size_t at = from, end = from;
    uint32_t code;
    int gap = 0;
    text_clear(digits);
    while (gap <= GAP_MAX && utf8_next(text, &at, &code)) {
        char digit = is_star(code) ? '*' : digit_of(code);
        bool last = digits->len >= RUN_CHECKED && is_check_character(code);
        if (last) digit = 'X';
        if (digit == 0 && !is_gap(code)) break;
        gap = digit == 0 ? gap + 1 : 0;
        if (digit == 0) continue;
        text_add_byte(digits, digit);
        end = at;
        if (last) break;
    }
    return end;
}

struct str mask_numbers(struct arena *arena, struct str text)
{
    struct text out, digits;
    size_t at = 0;
    uint32_t code;
    text_init(&out, arena, 3 * text.len + 1); /* a broken byte becomes three */
    text_init(&digits, arena, text.len + 1);
    while (at < text.len) {
        size_t start = at;
        if (!utf8_next(text, &at, &code)) break;
        if (digit_of(code) == 0) {
            text_add_code(&out, code);
            continue;
        }
        at = read_run(text, start, &digits);
        bool masked = may_be_number(text_str(&digits));
        text_add(&out,
                 masked ? id_number_mask(arena, text_str(&digits)) : str_slice(text, start, at));
    }
    return text_str(&out);
}

static int two_digits(const char *digits)
{
    return (digits[0] - '0') * 10 + digits[1] - '0';
}

static bool has_birth(const char *month_and_day)
{
    int month = two_digits(month_and_day), on = two_digits(month_and_day + 2);
    return month >= 1 && month <= 12 && on >= 1 && on <= 31;
}

/* Whether digits (the last may be X) are the number of somebody. */
static bool is_of_person(struct str digits)
{
    enum { ID_SHORT = 15, CENTURY = 6 };
    bool checked = digits.len > 0 && digits.ptr[digits.len - 1] == 'X';
    if (digits.len == ID_LONG) {
        int century = two_digits(digits.ptr + CENTURY);
        return digits.ptr[0] != '0' && (century == 19 || century == 20)
               && has_birth(digits.ptr + CENTURY + 4);
    }
    if (checked || digits.ptr[0] == '0') return false;
    if (digits.len == ID_SHORT) return has_birth(digits.ptr + CENTURY + 2);
    return digits.len == MOBILE_LENGTH && digits.ptr[0] == '1' && digits.ptr[1] > '2';
}

/* The digits that begin at `from`, over blanks, as read_run: up to the end of somebody's number
 * where they begin with one, for a telephone often follows. */
static size_t read_plain_run(struct str text, size_t from, struct text *digits)
{
    size_t at = from, end = from;
    uint32_t code;
    text_clear(digits);
    while (utf8_next(text, &at, &code)) {
        bool last = digits->len + 1 == ID_LONG && is_check_character(code);
        char digit = last ? 'X' : digit_of(code);
        if (digit == 0 && ((code != ' ' && code != 0x3000) || is_of_person(text_str(digits))))
            break;
        if (digit == 0) continue;
        text_add_byte(digits, digit);
        end = at;
        if (last || (digits->len == ID_LONG && is_of_person(text_str(digits)))) break;
    }
    return end;
}

static struct str without_people(struct arena *arena, struct str text, bool masked)
{
    struct text out, digits;
    size_t at = 0, found = 0;
    uint32_t code;
    text_init(&out, arena, 3 * text.len + 1);
    text_init(&digits, arena, text.len + 1);
    while (at < text.len) {
        size_t start = at;
        if (!utf8_next(text, &at, &code)) break;
        if (digit_of(code) == 0) {
            text_add(&out, str_slice(text, start, at));
            continue;
        }
        at = read_plain_run(text, start, &digits);
        bool person = is_of_person(text_str(&digits));
        found += person;
        if (!person) text_add(&out, str_slice(text, start, at));
        if (person && masked) text_add(&out, id_number_mask(arena, text_str(&digits)));
    }
    return found == 0 ? text : text_str(&out);
}

/* Most cells hold no digits at all. */
static bool may_hold_people(struct str text)
{
    size_t digits = 0;
    if (text.len < MOBILE_LENGTH) return false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        digits += (byte >= '0' && byte <= '9') || byte == 0xEF;
    }
    return digits >= MOBILE_LENGTH;
}

struct str mask_people(struct arena *arena, struct str text)
{
    return may_hold_people(text) ? without_people(arena, text, true) : text;
}

struct str mask_people_out(struct arena *arena, struct str text)
{
    return may_hold_people(text) ? without_people(arena, text, false) : text;
}

/* Without what stands between, when nothing but digits, letters and signs of numbers is there. */
static bool as_number(struct str text, struct text *out)
{
    size_t at = 0;
    uint32_t code;
    bool digits = false;
    while (utf8_next(text, &at, &code)) {
        char digit = digit_of(code);
        bool letter = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
        if (digit != 0) {
            digits = true;
            text_add_byte(out, digit);
        } else if (letter || is_star(code)) {
            text_add_byte(out, letter ? (char)code : '*');
        } else if (!is_gap(code) && code != '.' && code != '+' && code != '(' && code != ')') {
            return false;
        }
    }
    return digits;
}

static bool has_digit(struct str text)
{
    size_t at = 0;
    uint32_t code;
    while (utf8_next(text, &at, &code)) {
        if (digit_of(code) != 0) return true;
    }
    return false;
}

struct str mask_value(struct arena *arena, struct str text)
{
    struct text number;
    text_init(&number, arena, text.len + 1);
    if (as_number(text, &number)) return id_number_mask(arena, text_str(&number));
    if (utf8_count(text) <= PLAIN_LENGTH_MAX && !has_digit(text)) return text;
    return STR("***");
}

struct str mask_name(struct arena *arena, struct str name)
{
    struct text out;
    size_t at = 0;
    uint32_t code;
    text_init(&out, arena, 3 * name.len + 1); /* a broken byte becomes three */
    for (bool first = true; utf8_next(name, &at, &code); first = false) {
        text_add_code(&out, first ? code : '*');
    }
    return text_str(&out);
}
