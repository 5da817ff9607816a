#include "figures/repair_internal.h"

#include "identity/hanzi.h"

#include <string.h>

/* Marks that stand inside a number: "35. 78", "3, 635". */
static bool joins_digits(uint32_t code)
{
    return code == '.' || code == ',' || code == 0xFF0C;
}

static bool is_mark(uint32_t code)
{
    return (code >= 0x3001 && code <= 0x3011) || code == 0xFF0C || code == 0xFF1B || code == 0xFF1A
           || code == 0xFF08 || code == 0xFF09 || (code >= 0x2014 && code <= 0x201D);
}

static bool is_letter(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
}

/* Four digits that stand alone and look like a year. */
static bool is_year(const struct codes *codes, size_t end)
{
    size_t from = end;
    while (from > 0 && code_is_digit(codes->at[from - 1])) from--;
    if (end - from != 4) return false;
    return (codes->at[from] == '1' && codes->at[from + 1] == '9')
           || (codes->at[from] == '2' && codes->at[from + 1] == '0');
}

/* "09:37" at a place. */
static bool is_clock(const struct codes *codes, size_t at)
{
    while (at < codes->count && code_is_digit(codes->at[at])) at++;
    return at < codes->count && (codes->at[at] == ':' || codes->at[at] == 0xFF1A);
}

/* Whether the blanks from `from` to `to` part nothing. */
static bool is_needless(const struct codes *codes, size_t from, size_t to)
{
    uint32_t left = codes->at[from - 1], right = codes->at[to];
    bool wide = to - from > 1 || codes->at[from] == 0x3000 || codes->at[from] == '\t';
    if (code_is_digit(left) && code_is_digit(right) && is_clock(codes, to)) return false;
    if (code_is_digit(left) && code_is_digit(right))
        return to - from == 1 && codes->at[from] == ' ' && !is_year(codes, from);
    if (code_is_digit(left) && joins_digits(right))
        return to + 1 < codes->count
               && (code_is_digit(codes->at[to + 1]) || code_is_blank(codes->at[to + 1]));
    if (joins_digits(left) && code_is_digit(right))
        return from > 1
               && (code_is_digit(codes->at[from - 2]) || code_is_blank(codes->at[from - 2]));
    if (code_is_digit(left) && (hanzi_is(right) || right == '%')) return true;
    if (is_letter(left) || is_letter(right)) return false;
    if (is_mark(left) || is_mark(right)) return true;
    if (hanzi_is(left) && (hanzi_is(right) || code_is_digit(right))) return !wide;
    return false;
}

struct str repair_blanks(struct arena *arena, struct str line, size_t number,
                         struct repairs *repairs)
{
    struct codes codes = codes_of(arena, line);
    struct text out;
    bool changed = false;
    text_init(&out, arena, line.len + 16);
    for (size_t i = 0; i < codes.count;) {
        size_t end = i;
        while (end < codes.count && code_is_blank(codes.at[end])) end++;
        if (end == i) {
            text_add(&out, codes_slice(&codes, line, i, i + 1));
            i++;
            continue;
        }
        bool inside = i > 0 && end < codes.count;
        if (inside && is_needless(&codes, i, end)) {
            changed = true;
            size_t to = end + 3 < codes.count ? end + 3 : codes.count;
            repair_note(repairs, arena, REPAIR_BLANK, number,
                        codes_slice(&codes, line, i > 3 ? i - 3 : 0, to), STR_EMPTY);
        } else if (inside) {
            changed = changed || end - i > 1 || codes.at[i] != ' ';
            text_add_byte(&out, ' ');
        }
        i = end;
    }
    return changed ? text_str(&out) : str_trim(line);
}
