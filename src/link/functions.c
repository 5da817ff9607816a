#include "link/functions.h"

#include "identity/id_number.h"
#include "identity/name.h"
#include "identity/reading.h"
#include "link/compare.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

enum { TEXT_BYTES_MAX = 1 << 16 };

static struct text builder(struct arena *arena)
{
    struct text text;
    text_init(&text, arena, TEXT_BYTES_MAX);
    return text;
}

static bool is_letter_or_digit(uint32_t code)
{
    if (code < 128) {
        return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z')
               || (code >= 'A' && code <= 'Z');
    }
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO)
           || (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

static struct str lower(struct arena *arena, struct str s)
{
    struct text out = builder(arena);
    size_t at = 0;
    uint32_t code;
    while (utf8_next(s, &at, &code)) {
        text_add_code(&out, (uint32_t)utf8proc_tolower((utf8proc_int32_t)code));
    }
    return text_str(&out);
}

/* Keeps letters and digits; what stands between words becomes one blank, or nothing. */
static struct str words_only(struct arena *arena, struct str s, bool blanks)
{
    struct text out = builder(arena);
    size_t at = 0;
    uint32_t code;
    bool gap = false;
    while (utf8_next(s, &at, &code)) {
        if (!is_letter_or_digit(code)) {
            gap = true;
            continue;
        }
        if (gap && blanks && out.len > 0) text_add_byte(&out, ' ');
        gap = false;
        text_add_code(&out, code);
    }
    return text_str(&out);
}

static struct str clean(struct arena *arena, struct str s)
{
    return words_only(arena, lower(arena, utf8_nfkc(arena, s)), true);
}

static struct str squeeze(struct arena *arena, struct str s)
{
    struct text out = builder(arena);
    size_t at = 0;
    uint32_t code;
    while (utf8_next(s, &at, &code)) {
        bool blank = code <= ' ' || code == 0xA0 || code == 0x3000;
        if (!blank) text_add_code(&out, code);
    }
    return text_str(&out);
}

static struct str digits(struct arena *arena, struct str s)
{
    struct str plain = utf8_nfkc(arena, s);
    struct text out = builder(arena);
    for (size_t i = 0; i < plain.len; i++) {
        if (plain.ptr[i] >= '0' && plain.ptr[i] <= '9') text_add_byte(&out, plain.ptr[i]);
    }
    return text_str(&out);
}

static struct str first(struct str s, size_t count)
{
    size_t at = 0;
    uint32_t code;
    while (count > 0 && utf8_next(s, &at, &code)) count--;
    return str_slice(s, 0, at);
}

static struct str last(struct str s, size_t count)
{
    size_t total = utf8_count(s);
    if (total <= count) return s;
    return str_slice(s, first(s, total - count).len, s.len);
}

static bool next_word(struct str *rest, struct str *word)
{
    *rest = str_trim(*rest);
    if (rest->len == 0) return false;
    size_t end = 0;
    while (end < rest->len && rest->ptr[end] != ' ') end++;
    *word = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end, rest->len);
    return true;
}

/* At most FUNCTION_ITEMS_MAX words. */
static void split_words(struct str s, struct function_items *out)
{
    struct str word;
    out->count = 0;
    while (out->count < FUNCTION_ITEMS_MAX && next_word(&s, &word)) out->items[out->count++] = word;
}

static void sort_items(struct function_items *items)
{
    for (size_t i = 1; i < items->count; i++) {
        struct str item = items->items[i];
        size_t at = i;
        for (; at > 0 && str_compare(items->items[at - 1], item) > 0; at--) {
            items->items[at] = items->items[at - 1];
        }
        items->items[at] = item;
    }
}

static struct str word(struct str s, int32_t number)
{
    struct function_items words;
    split_words(s, &words);
    size_t count = words.count;
    size_t at = number > 0 ? (size_t)number - 1 : (size_t)-number;
    if (number > 0) return at < count ? words.items[at] : STR_EMPTY;
    return at <= count ? words.items[count - at] : STR_EMPTY;
}

static struct str sort_words(struct arena *arena, struct str s)
{
    struct function_items words;
    split_words(s, &words);
    sort_items(&words);
    struct text out = builder(arena);
    for (size_t i = 0; i < words.count; i++) {
        if (i > 0) text_add_byte(&out, ' ');
        text_add(&out, words.items[i]);
    }
    return text_str(&out);
}

static struct str initials(struct arena *arena, struct str s)
{
    struct str part;
    struct text out = builder(arena);
    while (next_word(&s, &part)) text_add(&out, first(part, 1));
    return text_str(&out);
}

struct str function_soundex(struct arena *arena, struct str s)
{
    /*                            ABCDEFGHIJKLMNOPQRSTUVWXYZ */
    static const char codes[] = "01230120022455012623010202";
    char out[4] = {0};
    size_t length = 0;
    char before = 0;
    for (size_t i = 0; i < s.len && length < sizeof out; i++) {
        char c = s.ptr[i];
        if (c >= 'a' && c <= 'z') c = (char)(c - 'a' + 'A');
        if (c < 'A' || c > 'Z') continue;
        char code = codes[c - 'A'];
        if (length == 0) {
            out[length++] = c;
        } else if (code != '0' && code != before) {
            out[length++] = code;
        }
        /* H and W do not part two letters of the same code; vowels do. */
        if (c != 'H' && c != 'W') before = code;
    }
    if (length == 0) return STR_EMPTY;
    while (length < sizeof out) out[length++] = '0';
    return (struct str){arena_copy(arena, out, sizeof out), sizeof out};
}

/* The first letter and the consonants after it, doubles once: what survives most typing. */
static struct str skeleton(struct arena *arena, struct str s)
{
    struct text out = builder(arena);
    size_t at = 0;
    uint32_t code, before = 0;
    while (utf8_next(s, &at, &code)) {
        code = (uint32_t)utf8proc_tolower((utf8proc_int32_t)code);
        if (!is_letter_or_digit(code)) continue;
        bool vowel = code == 'a' || code == 'e' || code == 'i' || code == 'o' || code == 'u'
                     || code == 'y' || code == 'h';
        if (out.len > 0 && (vowel || code == before)) continue;
        text_add_code(&out, code);
        before = code;
    }
    return text_str(&out);
}

static struct str name_part(struct arena *arena, struct str s, enum function function)
{
    struct name name;
    if (name_is_blank(s)) return STR_EMPTY;
    name_read(arena, s, &name);
    if (function == FUNCTION_SURNAME) return name.surname;
    if (function == FUNCTION_GIVEN) return name.given;
    if (function == FUNCTION_READING) return reading_name(arena, name.surname, name.given);
    return name.clean;
}

/* Reading classes of all characters, as hexadecimal text. */
static struct str reading_classes(struct arena *arena, struct str s)
{
    struct name name;
    if (name_is_blank(s)) return STR_EMPTY;
    name_read(arena, s, &name);
    size_t at = 0, surname_end = name.surname.len;
    uint32_t code;
    struct text out = builder(arena);
    while (utf8_next(name.clean, &at, &code)) {
        uint16_t readings[READINGS_PER_CHARACTER_MAX];
        uint16_t syllable = 0;
        if (at <= surname_end) {
            syllable = reading_of_surname(code);
        } else if (reading_of(code, readings) > 0) {
            syllable = readings[0];
        }
        if (syllable == 0) {
            text_add_code(&out, code);
        } else {
            text_add_f(&out, "%x.", reading_class(syllable));
        }
    }
    return text_str(&out);
}

static struct str date_part(struct arena *arena, struct str s, enum function function)
{
    int year, month, day_of_month;
    char out[16];
    if (!compare_date_read(s, &year, &month, &day_of_month)) return STR_EMPTY;
    bool need_month = function != FUNCTION_YEAR && function != FUNCTION_DATE;
    bool need_day = function == FUNCTION_DAY || function == FUNCTION_MONTH_DAY;
    if ((need_month && month == 0 && function != FUNCTION_DAY) || (need_day && day_of_month == 0)) {
        return STR_EMPTY;
    }
    int length = 0;
    switch (function) {
    case FUNCTION_YEAR: length = snprintf(out, sizeof out, "%04d", year); break;
    case FUNCTION_MONTH: length = snprintf(out, sizeof out, "%02d", month); break;
    case FUNCTION_DAY: length = snprintf(out, sizeof out, "%02d", day_of_month); break;
    case FUNCTION_YEAR_MONTH: length = snprintf(out, sizeof out, "%04d-%02d", year, month); break;
    case FUNCTION_MONTH_DAY:
        length = snprintf(out, sizeof out, "%02d-%02d", month, day_of_month);
        break;
    default:
        length = day_of_month != 0
                     ? snprintf(out, sizeof out, "%04d-%02d-%02d", year, month, day_of_month)
                 : month != 0 ? snprintf(out, sizeof out, "%04d-%02d", year, month)
                              : snprintf(out, sizeof out, "%04d", year);
    }
    return (struct str){arena_copy(arena, out, (size_t)length), (size_t)length};
}

static struct str id_part(struct arena *arena, struct str s, enum function function)
{
    struct id_number id;
    id_number_read(s, &id);
    if (id.state == ID_ABSENT) return STR_EMPTY;
    struct str text = str_copy(arena, str_from(id.text));
    if (function == FUNCTION_ID) return text;
    if (function == FUNCTION_ID_VALID) return id.state == ID_VALID ? text : STR_EMPTY;
    if (function == FUNCTION_ID_BIRTH) {
        char buffer[DAY_TEXT_SIZE];
        if (day_is_none(id.birth)) return STR_EMPTY;
        return str_copy(arena, str_from(day_format(id.birth, buffer)));
    }
    if (function == FUNCTION_ID_AREA) {
        bool long_enough = id.state == ID_VALID || id.state == ID_WRONG_CHECK;
        return long_enough ? str_slice(text, 0, 6) : STR_EMPTY;
    }
    return id.sex == 0 ? STR_EMPTY : id.sex == 'M' ? STR("M") : STR("F");
}

/* Digits alone, without the country code; of a mobile number the last eleven. */
static struct str phone(struct arena *arena, struct str s)
{
    struct str number = digits(arena, s);
    if (str_starts(number, STR("0086"))) number = str_slice(number, 4, number.len);
    if (number.len > 11 && str_starts(number, STR("86"))) number = str_slice(number, 2, number.len);
    return number.len < 5 ? STR_EMPTY : number;
}

/* The first `count` digits of a division code that has as many. */
static struct str division(struct arena *arena, struct str s, size_t count)
{
    struct str code = digits(arena, s);
    while (code.len > 6 && code.len % 3 == 0 && str_ends(code, STR("000"))) {
        code = str_slice(code, 0, code.len - 3);
    }
    return code.len < count ? STR_EMPTY : str_slice(code, 0, count);
}

static bool is_listed(const struct spec_step *step, struct str s)
{
    for (size_t i = 0; i < step->word_count; i++) {
        if (str_equal(str_trim(s), step->words[i])) return true;
    }
    return false;
}

static struct str apply_one(struct arena *arena, const struct spec_step *step, struct str s)
{
    size_t number = step->number > 0 ? (size_t)step->number : 0;
    switch (step->function) {
    case FUNCTION_CLEAN: return clean(arena, s);
    case FUNCTION_NFKC: return utf8_nfkc(arena, s);
    case FUNCTION_LOWER: return lower(arena, s);
    case FUNCTION_LETTERS: return words_only(arena, s, false);
    case FUNCTION_SQUEEZE: return squeeze(arena, s);
    case FUNCTION_DIGITS: return digits(arena, s);
    case FUNCTION_FIRST: return first(s, number);
    case FUNCTION_LAST: return last(s, number);
    case FUNCTION_AT_LEAST: return utf8_count(s) >= number ? s : STR_EMPTY;
    case FUNCTION_BLANK: return is_listed(step, s) ? STR_EMPTY : s;
    case FUNCTION_WORD: return word(s, step->number);
    case FUNCTION_SORT_WORDS: return sort_words(arena, s);
    case FUNCTION_INITIALS: return initials(arena, s);
    case FUNCTION_SOUNDEX: return function_soundex(arena, s);
    case FUNCTION_SKELETON: return skeleton(arena, s);
    case FUNCTION_NAME:
    case FUNCTION_SURNAME:
    case FUNCTION_GIVEN:
    case FUNCTION_READING: return name_part(arena, s, step->function);
    case FUNCTION_READING_CLASS: return reading_classes(arena, s);
    case FUNCTION_DATE:
    case FUNCTION_YEAR:
    case FUNCTION_MONTH:
    case FUNCTION_DAY:
    case FUNCTION_YEAR_MONTH:
    case FUNCTION_MONTH_DAY: return date_part(arena, s, step->function);
    case FUNCTION_ID:
    case FUNCTION_ID_VALID:
    case FUNCTION_ID_BIRTH:
    case FUNCTION_ID_AREA:
    case FUNCTION_ID_SEX: return id_part(arena, s, step->function);
    case FUNCTION_PHONE: return phone(arena, s);
    case FUNCTION_DIVISION: return division(arena, s, number);
    default: break;
    }
    return s;
}

static void put(struct function_items *items, struct str item)
{
    if (item.len > 0 && items->count < FUNCTION_ITEMS_MAX) items->items[items->count++] = item;
}

/* One key for each place, that place left open ("?"): texts that differ in one place share one. */
static void wildcards(struct arena *arena, struct str s, struct function_items *out)
{
    size_t at = 0, from = 0;
    uint32_t code;
    while (utf8_next(s, &at, &code) && out->count < FUNCTION_ITEMS_MAX) {
        struct text key = builder(arena);
        text_add(&key, str_slice(s, 0, from));
        text_add_byte(&key, '?');
        text_add(&key, str_slice(s, at, s.len));
        put(out, text_str(&key));
        from = at;
    }
}

/* The text and it with each one character left out: texts one edit apart share one. */
static void deletes(struct arena *arena, struct str s, struct function_items *out)
{
    size_t at = 0, from = 0;
    uint32_t code;
    put(out, s);
    while (utf8_next(s, &at, &code) && out->count < FUNCTION_ITEMS_MAX) {
        struct text key = builder(arena);
        text_add(&key, str_slice(s, 0, from));
        text_add(&key, str_slice(s, at, s.len));
        put(out, text_str(&key));
        from = at;
    }
}

static void grams(struct str s, size_t count, struct function_items *out)
{
    size_t at = 0;
    uint32_t code;
    for (;;) {
        struct str piece = first(str_slice(s, at, s.len), count);
        if (utf8_count(piece) < count) return;
        put(out, piece);
        if (!utf8_next(s, &at, &code)) return;
    }
}

/* Every two words of the text, in sorted order. */
static void token_pairs(struct arena *arena, struct str s, struct function_items *out)
{
    struct function_items words;
    split_words(s, &words);
    sort_items(&words);
    for (size_t i = 0; i < words.count; i++) {
        for (size_t j = i + 1; j < words.count; j++) {
            struct text key = builder(arena);
            text_add(&key, words.items[i]);
            text_add_byte(&key, ' ');
            text_add(&key, words.items[j]);
            put(out, text_str(&key));
        }
    }
}

void function_apply(struct arena *arena, const struct spec_step *step, struct function_items *items)
{
    CHECK(step->function != FUNCTION_OR);
    CHECK(step->function != FUNCTION_JOIN);
    struct function_items out;
    out.count = 0;
    for (size_t i = 0; i < items->count; i++) {
        struct str item = items->items[i];
        switch (step->function) {
        case FUNCTION_TOKENS: {
            struct function_items words;
            split_words(item, &words);
            for (size_t j = 0; j < words.count; j++) put(&out, words.items[j]);
            break;
        }
        case FUNCTION_WILDCARDS: wildcards(arena, item, &out); break;
        case FUNCTION_DELETES: deletes(arena, item, &out); break;
        case FUNCTION_GRAMS: grams(item, (size_t)step->number, &out); break;
        case FUNCTION_PAIRS: token_pairs(arena, item, &out); break;
        default: put(&out, apply_one(arena, step, item));
        }
    }
    items->count = out.count;
    memcpy(items->items, out.items, out.count * sizeof *out.items);
}
