#include "figures/repair_internal.h"

#include "identity/hanzi.h"
#include "identity/reading.h"
#include "intake/workbook_html_token.h"

#include <string.h>

enum { PINYIN_LETTERS_MAX = 6, CODE_LOST = 0xFFFD };

bool code_is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

bool code_is_blank(uint32_t code)
{
    return code == ' ' || code == '\t' || code == 0xA0 || code == 0x3000
           || (code >= 0x2000 && code <= 0x200A) || code == 0x202F || code == 0x205F;
}

struct codes codes_of(struct arena *arena, struct str text)
{
    struct codes codes = {.count = utf8_count(text)};
    size_t at = 0;
    codes.at = arena_array(arena, uint32_t, codes.count + 1);
    codes.starts = arena_array(arena, size_t, codes.count + 1);
    for (size_t i = 0; i < codes.count; i++) {
        codes.starts[i] = at;
        (void)utf8_next(text, &at, &codes.at[i]);
    }
    codes.starts[codes.count] = text.len;
    return codes;
}

struct str codes_slice(const struct codes *codes, struct str text, size_t from, size_t to)
{
    CHECK(from <= to);
    CHECK(to <= codes->count);
    return str_slice(text, codes->starts[from], codes->starts[to]);
}

/* Entities; pages that were escaped twice hold "&amp;nbsp;", so it is done until nothing changes.
 */
static struct str mend_entities(struct arena *arena, struct str line, size_t number,
                                struct repairs *repairs)
{
    enum { TIMES_MAX = 3 };
    for (int time = 0; time < TIMES_MAX && memchr(line.ptr, '&', line.len) != NULL; time++) {
        struct text out;
        text_init(&out, arena, line.len * 4 + 16);
        text_add_byte(&out, '\r'); /* so that blanks at the start stay */
        html_add_text(&out, line);
        struct str mended = str_slice(text_str(&out), 1, out.len);
        size_t before = 0, after = 0;
        for (size_t i = 0; i < line.len; i++) before += line.ptr[i] == '&';
        for (size_t i = 0; i < mended.len; i++) after += mended.ptr[i] == '&';
        if (mended.len == line.len || (before == after && time > 0)) break;
        if (str_find(line, STR(";")) == SIZE_MAX) break;
        repair_note(repairs, arena, REPAIR_ENTITY, number, line, mended);
        line = mended;
    }
    return line;
}

static bool is_invisible(uint32_t code)
{
    return (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E)
           || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF || code == 0xAD
           || (code >= 0x80 && code <= 0x9F) || (code >= 0xE000 && code <= 0xF8FF)
           || (code >= 0xFE00 && code <= 0xFE0F);
}

/* The letters of pinyin: the plain letter and whether it carries a tone mark; 0: no such letter. */
static char pinyin_letter(uint32_t code, bool *tone)
{
    static const struct {
        uint32_t code;
        char letter;
    } marked[] = {
        {0x101, 'a'}, {0xE1, 'a'},  {0x1CE, 'a'}, {0xE0, 'a'},  {0x113, 'e'}, {0xE9, 'e'},
        {0x11B, 'e'}, {0xE8, 'e'},  {0x12B, 'i'}, {0xED, 'i'},  {0x1D0, 'i'}, {0xEC, 'i'},
        {0x14D, 'o'}, {0xF3, 'o'},  {0x1D2, 'o'}, {0xF2, 'o'},  {0x16B, 'u'}, {0xFA, 'u'},
        {0x1D4, 'u'}, {0xF9, 'u'},  {0x1D6, 'v'}, {0x1D8, 'v'}, {0x1DA, 'v'}, {0x1DC, 'v'},
        {0x144, 'n'}, {0x148, 'n'}, {0x1F9, 'n'},
    };
    if (code >= 'a' && code <= 'z') return (char)code;
    if (code == 0xFC) return 'v';
    if (code == 0x251) return 'a'; /* the script a of schoolbooks */
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++) {
        if (marked[i].code != code) continue;
        *tone = true;
        return marked[i].letter;
    }
    return 0;
}

/* Where the brackets with a reading end that open at `at` behind a character; 0: none do. Without a
 * tone mark the reading must be the character's own. */
static size_t pinyin_end(const struct codes *codes, size_t at)
{
    char letters[PINYIN_LETTERS_MAX + 1] = {0};
    size_t count = 0, i = at + 1;
    bool tone = false, same = false;
    for (; i < codes->count && count < PINYIN_LETTERS_MAX; i++) {
        if (codes->at[i] >= 0x300 && codes->at[i] <= 0x36F) {
            tone = true;
            continue;
        }
        if (code_is_blank(codes->at[i])) continue;
        char letter = pinyin_letter(codes->at[i], &tone);
        if (letter == 0) break;
        letters[count++] = letter;
    }
    while (i < codes->count && codes->at[i] >= 0x300 && codes->at[i] <= 0x36F) i++;
    while (i < codes->count && code_is_blank(codes->at[i])) i++;
    bool closed = i < codes->count && (codes->at[i] == ')' || codes->at[i] == 0xFF09);
    if (count == 0 || (!closed && !tone)) return 0;
    bool behind_hanzi = at > 0 && hanzi_is(codes->at[at - 1]);
    if (tone) return closed || behind_hanzi ? i + (closed ? 1 : 0) : 0;
    if (!behind_hanzi) return 0;
    uint16_t readings[READINGS_PER_CHARACTER_MAX];
    size_t known = reading_of(hanzi_simple(codes->at[at - 1]), readings);
    for (size_t k = 0; k < known; k++)
        same = same || strcmp(reading_text(readings[k]), letters) == 0;
    return same ? i + 1 : 0;
}

/* The form that `code` is compared as: half width for digits, letters and the marks in numbers, the
 * ordinary character for compatibility forms. Marks of Chinese writing stay. */
static uint32_t half_width(struct arena *arena, uint32_t code)
{
    if (code >= 0xFF10 && code <= 0xFF19) return code - 0xFF10 + '0';
    if ((code >= 0xFF21 && code <= 0xFF3A) || (code >= 0xFF41 && code <= 0xFF5A))
        return code - 0xFF21 + 'A';
    if (code == 0xFF05) return '%';
    if (code == 0xFF0E || code == 0xFE52) return '.';
    if (code == 0x2236 || code == 0xFE55) return 0xFF1A;
    bool form = (code >= 0x2E80 && code <= 0x2FDF) || (code >= 0xF900 && code <= 0xFAFF)
                || (code >= 0xFE30 && code <= 0xFE4F);
    if (!form) return code;
    struct text one;
    uint32_t plain = code;
    size_t at = 0;
    text_init(&one, arena, 8);
    text_add_code(&one, code);
    struct str folded = utf8_nfkc(arena, text_str(&one));
    return utf8_next(folded, &at, &plain) && at == folded.len ? plain : code;
}

/* U+FFFD, or what it becomes when its bytes are read as GB18030 (in either script). */
static bool is_lost(const struct codes *codes, size_t at)
{
    if (codes->at[at] == CODE_LOST) return true;
    bool first = codes->at[at] == 0x951F || codes->at[at] == 0x9315;
    return first && at + 2 < codes->count && codes->at[at + 1] == 0x65A4;
}

static size_t lost_end(const struct codes *codes, size_t at)
{
    while (at < codes->count) {
        bool rest = codes->at[at] == 0x65A4 || codes->at[at] == 0x62F7 || codes->at[at] == 0x951F
                    || codes->at[at] == 0x9315 || codes->at[at] == CODE_LOST;
        if (!rest) break;
        at++;
    }
    return at;
}

/* Without what has no width and what is lost. */
static struct str drop_unseen(struct arena *arena, struct str line, size_t number,
                              struct repairs *repairs)
{
    struct codes codes = codes_of(arena, line);
    struct text out;
    text_init(&out, arena, line.len + 16);
    for (size_t i = 0; i < codes.count;) {
        bool lost = is_lost(&codes, i);
        size_t end = lost ? lost_end(&codes, i) : i + 1;
        if (lost || is_invisible(codes.at[i])) {
            size_t to = i + 6 < codes.count ? i + 6 : codes.count;
            repair_note(repairs, arena, lost ? REPAIR_LOST : REPAIR_INVISIBLE, number,
                        codes_slice(&codes, line, i > 2 ? i - 2 : 0, to), STR_EMPTY);
        } else {
            text_add(&out, codes_slice(&codes, line, i, end));
        }
        i = end;
    }
    return text_str(&out);
}

/* Readings in brackets, and width, character by character. */
static struct str mend_characters(struct arena *arena, struct str line, size_t number,
                                  struct repairs *repairs)
{
    struct codes codes = codes_of(arena, line);
    struct text out;
    text_init(&out, arena, line.len * 2 + 16);
    for (size_t i = 0; i < codes.count; i++) {
        uint32_t code = codes.at[i], half = half_width(arena, code);
        bool bracket = code == '(' || code == 0xFF08;
        size_t end = bracket ? pinyin_end(&codes, i) : 0;
        if (end > 0) {
            repair_note(repairs, arena, REPAIR_PINYIN, number,
                        codes_slice(&codes, line, i - (i > 0), end),
                        codes_slice(&codes, line, i - (i > 0), i));
            i = end - 1;
            continue;
        }
        if (half != code) {
            struct text one;
            text_init(&one, arena, 8);
            text_add_code(&one, half);
            repair_note(repairs, arena, REPAIR_WIDTH, number, codes_slice(&codes, line, i, i + 1),
                        text_str(&one));
        }
        text_add_code(&out, half);
    }
    return text_str(&out);
}

/* "?/p>": what is left of an end tag whose first byte went with the character before it. */
static struct str cut_tag_rest(struct arena *arena, struct str line, size_t number,
                               struct repairs *repairs)
{
    static const char *const rests[] = {"?/p>", "?/span>", "?/div>", "?/td>",
                                        "?br>", "?/b>",    "?/li>"};
    for (size_t i = 0; i < sizeof rests / sizeof *rests; i++) {
        struct str rest = str_from(rests[i]);
        if (line.len <= rest.len || !str_ends(line, rest)) continue;
        repair_note(repairs, arena, REPAIR_LOST, number, line, STR_EMPTY);
        return str_slice(line, 0, line.len - rest.len);
    }
    return line;
}

struct str repair_line(struct arena *arena, struct str line, size_t number, struct repairs *repairs)
{
    if (line.len == 0) return line;
    line = cut_tag_rest(arena, line, number, repairs);
    line = mend_entities(arena, line, number, repairs);
    line = repair_mojibake(arena, line, number, repairs);
    line = drop_unseen(arena, line, number, repairs);
    return mend_characters(arena, line, number, repairs);
}

/* Letters of a reading from `at` on; *end is behind them. */
static size_t count_letters(const struct codes *codes, size_t at, size_t *end)
{
    size_t count = 0;
    bool tone = false;
    while (at < codes->count && count <= PINYIN_LETTERS_MAX) {
        bool mark = codes->at[at] >= 0x300 && codes->at[at] <= 0x36F;
        if (!mark && pinyin_letter(codes->at[at], &tone) == 0) break;
        count += !mark;
        at++;
    }
    *end = at;
    return count;
}

void repair_reading_break(struct arena *arena, struct str *line, struct str *next)
{
    enum { TAIL_BYTES_MAX = 24 };
    size_t from = line->len > TAIL_BYTES_MAX ? line->len - TAIL_BYTES_MAX : 0, end, behind;
    while (from < line->len && (line->ptr[from] & 0xC0) == 0x80) from++;
    struct str tail = str_slice(*line, from, line->len);
    struct codes codes = codes_of(arena, tail),
                 after = codes_of(arena, str_slice(*next, 0, TAIL_BYTES_MAX));
    size_t open = codes.count;
    while (open > 0 && codes.at[open - 1] != '(' && codes.at[open - 1] != 0xFF08) open--;
    if (open < 2 || !hanzi_is(codes.at[open - 2])) return;
    size_t letters = count_letters(&codes, open, &end) + count_letters(&after, 0, &behind);
    bool closed = behind < after.count && (after.at[behind] == ')' || after.at[behind] == 0xFF09);
    if (end != codes.count || !closed || letters == 0 || letters > PINYIN_LETTERS_MAX) return;
    size_t move = after.starts[behind + 1];
    struct text whole;
    text_init(&whole, arena, line->len + move);
    text_add(&whole, *line);
    text_add(&whole, str_slice(*next, 0, move));
    *line = text_str(&whole);
    *next = str_slice(*next, move, next->len);
}
