#include "profile/profile.h"

#include <string.h>

enum { HEADING_BYTES_MAX = 2048 };

static bool is_opening(uint32_t code)
{
    return code == '(' || code == '[' || code == '{' || code == '<' || code == 0x3010
           || code == 0x3014 || code == 0x300A || code == 0x3008;
}

static bool is_closing(uint32_t code)
{
    return code == ')' || code == ']' || code == '}' || code == '>' || code == 0x3011
           || code == 0x3015 || code == 0x300B || code == 0x3009;
}

/* Blanks of every width, marks that cannot be seen, punctuation. The signs √ and × are words. */
static bool is_dropped(uint32_t code)
{
    if (code <= ' ' || code == 0x7F || code == 0xFFFD) return true;
    if (code < 0x80) return strchr("!\"#$%&'*+,-./:;=?@\\^_`|~", (int)code) != NULL;
    if (code >= 0x80 && code < 0xB0) return true;
    if (code >= 0x2000 && code <= 0x206F) return true;
    if (code >= 0x3000 && code <= 0x3004) return true;
    return code == 0xB7 || code == 0xFEFF || code == 0x300C || code == 0x300D || code == 0x300E
           || code == 0x300F || code == 0x30FB || code == 0x2605 || code == 0x2606 || code == 0x25CF
           || code == 0x25B2 || code == 0x25CB || code == 0x2022 || code == 0x2502
           || code == 0x2550;
}

static bool is_number_sign(uint32_t code)
{
    if (code >= '0' && code <= '9') return true;
    static const uint32_t numerals[] = {0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94,
                                        0x516D, 0x4E03, 0x516B, 0x4E5D, 0x5341};
    for (size_t i = 0; i < sizeof numerals / sizeof *numerals; i++) {
        if (code == numerals[i]) return true;
    }
    return false;
}

/* Where the text behind a leading number and its mark begins: "1.", "12、", "(3)", "一、". A number
 * without a mark belongs to the heading ("18位身份证号"). */
static size_t numbering_end(struct str s)
{
    size_t at = 0, digits = 0;
    uint32_t code;
    bool bracket = false;
    if (!utf8_next(s, &at, &code)) return 0;
    if (code == '(') {
        bracket = true;
        if (!utf8_next(s, &at, &code)) return 0;
    }
    while (is_number_sign(code)) {
        digits++;
        if (!utf8_next(s, &at, &code)) return 0;
    }
    bool mark = bracket ? code == ')'
                        : code == '.' || code == ',' || code == 0x3001 || code == ':' || code == ')'
                              || code == 0x3002;
    return digits > 0 && digits <= 3 && mark && at < s.len ? at : 0;
}

static void add_lower(struct text *text, uint32_t code)
{
    text_add_code(text, code >= 'A' && code <= 'Z' ? code + 32 : code);
}

struct str heading_split(struct arena *arena, struct str written, struct str *inside)
{
    CHECK(arena != NULL);
    if (written.len > HEADING_BYTES_MAX) written.len = HEADING_BYTES_MAX;
    struct str text = str_trim(utf8_nfkc(arena, written));
    struct text out, in;
    text_init(&out, arena, (size_t)HEADING_BYTES_MAX * 4);
    text_init(&in, arena, (size_t)HEADING_BYTES_MAX * 4);
    int depth = 0;
    uint32_t code;
    for (size_t at = numbering_end(text); utf8_next(text, &at, &code);) {
        if (is_opening(code)) {
            depth++;
        } else if (is_closing(code)) {
            depth -= depth > 0;
        } else if (!is_dropped(code)) {
            add_lower(depth > 0 ? &in : &out, code);
        }
    }
    *inside = text_str(&in);
    if (out.len > 0) return text_str(&out);
    struct str all = *inside;
    *inside = STR_EMPTY;
    return all;
}

struct str heading_clean(struct arena *arena, struct str written)
{
    struct str inside;
    return heading_split(arena, written, &inside);
}
