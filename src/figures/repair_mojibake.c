#include "figures/repair_internal.h"

#include "identity/hanzi.h"

#include <iconv.h>
#include <string.h>

/* Three ways in which Chinese text is commonly spoilt: its UTF-8 read as the Latin of Windows
 * ("æ•™è‚²"), its GB18030 read so ("½ÌÓý"), and its UTF-8 read as GB18030 ("鏁欒偛"). Each is
 * undone by going back to the bytes; what comes out must be plain Chinese, or nothing is changed.
 */

enum { PIECE_CODES_MAX = 4096, LATIN_MIN = 3, LATIN_GB_MIN = 4, HANZI_MIN = 3 };

/* What Windows-1252 has where Latin-1 has controls, from 0x80 on. */
static const uint16_t windows[32] = {
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178,
};

static int latin_byte(uint32_t code)
{
    if (code < 0x100) return (int)code;
    for (int i = 0; i < 32; i++) {
        if (windows[i] == code) return 0x80 + i;
    }
    return -1;
}

static bool convert(struct arena *arena, const char *to, const char *from, struct str in,
                    struct str *out)
{
    iconv_t conversion = iconv_open(to, from);
    if (conversion == (iconv_t)-1) return false;
    size_t room = in.len * 4 + 16, left = in.len, size = room;
    char *start = arena_alloc(arena, room), *put = start;
    char *take = arena_copy(arena, in.len > 0 ? in.ptr : "", in.len);
    bool good = iconv(conversion, &take, &left, &put, &room) != (size_t)-1 && left == 0;
    iconv_close(conversion);
    if (good) *out = (struct str){start, size - room};
    return good;
}

bool repair_from_gb18030(struct arena *arena, struct str bytes, struct str *out)
{
    return convert(arena, "UTF-8", "GB18030", bytes, out);
}

/* Characters of everyday Chinese: those of GB 2312's first level, digits and marks. Two bytes of
 * GB 2312 tell the level. */
static bool is_common(struct arena *arena, uint32_t code)
{
    if (code < 0x80) return code >= 0x20;
    if (code == 0x3000 || (code >= 0xFF01 && code <= 0xFF5E)) return true;
    if ((code >= 0x3001 && code <= 0x3015) || (code >= 0x2013 && code <= 0x2026) || code == 0xB7)
        return true;
    if (!hanzi_is(code)) return false;
    struct text one;
    struct str bytes;
    text_init(&one, arena, 8);
    text_add_code(&one, hanzi_simple(code));
    if (!convert(arena, "GB18030", "UTF-8", text_str(&one), &bytes) || bytes.len != 2) return false;
    unsigned char lead = (unsigned char)bytes.ptr[0], trail = (unsigned char)bytes.ptr[1];
    return lead >= 0xB0 && lead <= 0xD7 && trail >= 0xA1;
}

/* Counts the characters of a text and those that are common. */
static void count_common(struct arena *arena, struct str text, size_t *count, size_t *common,
                         size_t *hanzi)
{
    size_t at = 0;
    uint32_t code;
    *count = *common = *hanzi = 0;
    while (utf8_next(text, &at, &code)) {
        ++*count;
        *common += is_common(arena, code);
        *hanzi += hanzi_is(code);
    }
}

static bool is_plain(struct arena *arena, struct str text)
{
    size_t count, common, hanzi;
    count_common(arena, text, &count, &common, &hanzi);
    return hanzi > 0 && common * 10 >= count * 9;
}

/* A run of Latin characters that stand for bytes: one character of UTF-8 is enough, since hardly
 * any three Latin letters are one; GB18030 takes more. */
static bool undo_latin(struct arena *arena, struct str bytes, struct str *out)
{
    *out = bytes;
    if (utf8_valid(bytes) && is_plain(arena, bytes)) return true;
    return bytes.len >= LATIN_GB_MIN && repair_from_gb18030(arena, bytes, out)
           && is_plain(arena, *out);
}

/* A run of hanzi that are bytes of UTF-8 in pairs. The last byte of an odd number is gone: with it
 * the last character. */
static bool undo_hanzi(struct arena *arena, struct str text, struct str *out)
{
    struct str bytes;
    size_t count, common, hanzi;
    count_common(arena, text, &count, &common, &hanzi);
    if (common * 2 > count || !convert(arena, "GB18030", "UTF-8", text, &bytes)) return false;
    for (int cut = 0; cut < 2 && bytes.len > 1 && !utf8_valid(bytes); cut++) bytes.len--;
    *out = bytes;
    return utf8_valid(bytes) && is_plain(arena, bytes);
}

static size_t latin_run(const struct codes *codes, size_t from, struct text *bytes)
{
    size_t to = from, high = 0;
    while (to < codes->count && to - from < PIECE_CODES_MAX) {
        int byte = latin_byte(codes->at[to]);
        if (byte < 0x80) break;
        text_add_byte(bytes, (char)byte);
        high++;
        to++;
    }
    return high >= LATIN_MIN ? to : from;
}

static size_t hanzi_run(const struct codes *codes, size_t from)
{
    size_t to = from;
    while (to < codes->count && to - from < PIECE_CODES_MAX
           && (hanzi_is(codes->at[to]) || codes->at[to] == 0x20AC)) {
        to++;
    }
    return to - from >= HANZI_MIN ? to : from;
}

struct str repair_mojibake(struct arena *arena, struct str line, size_t number,
                           struct repairs *repairs)
{
    struct codes codes = codes_of(arena, line);
    struct text out;
    bool changed = false;
    text_init(&out, arena, line.len * 4 + 16);
    for (size_t i = 0; i < codes.count;) {
        struct text bytes;
        struct str good;
        text_init(&bytes, arena, PIECE_CODES_MAX);
        size_t end = latin_run(&codes, i, &bytes);
        bool undone = end > i && undo_latin(arena, text_str(&bytes), &good);
        if (!undone && end == i) {
            end = hanzi_run(&codes, i);
            undone = end > i && undo_hanzi(arena, codes_slice(&codes, line, i, end), &good);
        }
        if (end == i) end = i + 1;
        struct str piece = codes_slice(&codes, line, i, end);
        if (undone) repair_note(repairs, arena, REPAIR_MOJIBAKE, number, piece, good);
        changed = changed || undone;
        text_add(&out, undone ? good : piece);
        i = end;
    }
    return changed ? text_str(&out) : line;
}
