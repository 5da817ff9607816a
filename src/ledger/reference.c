#include "ledger/reference.h"

#include "ledger/ledger.h"

enum { FOLDED_BYTES_MAX = 1 << 16 };

struct str reference_of(struct arena *arena, int64_t batch, int64_t ordinal)
{
    struct text text;
    text_init(&text, arena, 64);
    text_add_f(&text, "P%lld-%lld", (long long)batch, (long long)ordinal);
    return text_str(&text);
}

/* Hyphens, dashes and the minus sign, which the compatibility form leaves as they are. */
static bool is_dash(uint32_t code)
{
    return (code >= 0x2010 && code <= 0x2015) || code == 0x2212 || code == 0x2500;
}

static bool is_invisible(uint32_t code)
{
    return code <= ' ' || code == 0x7F || code == 0xAD || code == 0xFEFF || code == 0x2060
           || (code >= 0x200B && code <= 0x200F);
}

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.ptr[i] <= ' ' || (unsigned char)s.ptr[i] >= 0x7F) return false;
    }
    return true;
}

struct str reference_serial(struct arena *arena, struct str written)
{
    struct text text;
    size_t at = 0;
    uint32_t code;
    if (is_plain(written)) return written;
    struct str folded = utf8_nfkc(arena, written);
    text_init(&text, arena, FOLDED_BYTES_MAX);
    while (utf8_next(folded, &at, &code)) {
        if (code != ' ' && is_invisible(code)) continue;
        text_add_code(&text, is_dash(code) ? '-' : code);
    }
    return str_trim(text_str(&text));
}

/* Digits alone: no sign, and at most what fits. */
static bool read_number(struct str digits, int64_t *out)
{
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9') return false;
    }
    return str_to_i64(digits, out) && *out > 0;
}

bool reference_read(struct str clean, int64_t *batch, int64_t *ordinal)
{
    size_t dash = str_find(clean, STR("-"));
    return dash != SIZE_MAX && clean.ptr[0] == 'P' && read_number(str_slice(clean, 1, dash), batch)
           && read_number(str_slice(clean, dash + 1, clean.len), ordinal) && *batch < UINT32_MAX;
}

static char capital(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

struct str reference_clean(struct arena *arena, struct str written)
{
    struct str folded = reference_serial(arena, written);
    struct text text;
    int64_t batch, ordinal;
    text_init(&text, arena, FOLDED_BYTES_MAX);
    for (size_t i = 0; i < folded.len; i++) {
        char c = folded.ptr[i];
        if (c == ' ') continue;
        text_add_byte(&text, capital(c));
    }
    struct str clean = text_str(&text);
    return reference_read(clean, &batch, &ordinal) ? reference_of(arena, batch, ordinal) : clean;
}

bool reference_same(struct str a, struct str b)
{
    struct arena scratch = {0};
    bool same =
        str_equal(a, b) || str_equal(reference_clean(&scratch, a), reference_clean(&scratch, b));
    arena_free(&scratch);
    return same;
}

bool reference_stands_in(struct str words, struct str reference)
{
    for (size_t at = 0; at + reference.len <= words.len; at++) {
        size_t same = 0;
        while (same < reference.len
               && capital(words.ptr[at + same]) == capital(reference.ptr[same])) {
            same++;
        }
        if (same == reference.len) return true;
    }
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

int64_t reference_batch(struct str words)
{
    for (size_t i = 0; i + 1 < words.len; i++) {
        size_t end = i + 1;
        int64_t number;
        if ((words.ptr[i] != 'P' && words.ptr[i] != 'p') || (i > 0 && is_word(words.ptr[i - 1]))) {
            continue;
        }
        while (end < words.len && is_digit(words.ptr[end])) end++;
        if (end == i + 1 || (end < words.len && words.ptr[end] == '-')) continue;
        if (str_to_i64(str_slice(words, i + 1, end), &number)) return number;
    }
    return 0;
}
