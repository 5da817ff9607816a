#include "link/packed.h"

#include "base/word.h"

#include <string.h>

enum { PIECE_BYTES = 1 << 15 };

static unsigned char *take_room(struct packed_room *room, size_t size)
{
    if (room->left < size) {
        room->left = PIECE_BYTES;
        room->at = arena_alloc(room->arena, room->left);
    }
    unsigned char *at = room->at;
    size = (size + sizeof(uint32_t) - 1) / sizeof(uint32_t) * sizeof(uint32_t);
    room->at += size;
    room->left -= size;
    return at;
}

/* Packs a text of few bytes, none of them above 0x7F. */
static bool fill_ascii(struct str text, struct packed_text *out)
{
    if (text.len > PACKED_INSIDE_BYTES) return false;
    /* A Chinese text is told by its first byte. */
    if (text.len > 0 && (unsigned char)text.ptr[0] >= 0x80) return false;
    unsigned char all = 0;
    uint64_t signature = 0;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.ptr[i];
        all |= byte;
        signature |= 1ull << (byte & 63);
    }
    if (all >= 0x80) return false;
    *out = (struct packed_text){
        .signature = signature, .count = (uint16_t)text.len, .latin = true, .inside = true};
    if (text.len > 0) memcpy(out->room, text.ptr, text.len);
    return true;
}

/* Packs a text of few characters, one of them above 0xFF. */
static bool fill_few(struct str text, struct packed_text *out)
{
    uint32_t codes[PACKED_INSIDE_CODES] = {0}, all = 0;
    uint16_t count = 0;
    uint64_t signature = 0;
    for (size_t at = 0; at < text.len; count++) {
        if (count == PACKED_INSIDE_CODES || !utf8_next(text, &at, &codes[count])) return false;
        all |= codes[count];
        signature |= 1ull << (codes[count] & 63);
    }
    if (all <= 0xFF) return false;
    *out = (struct packed_text){.signature = signature, .count = count, .inside = true};
    memcpy(out->room, codes, sizeof codes);
    return true;
}

void packed_text_fill(struct str text, struct packed_room *room, struct packed_text *out)
{
    if (fill_ascii(text, out) || fill_few(text, out)) return;
    uint32_t codes[VALUE_CODES_MAX];
    struct value_text read;
    value_text_fill(codes, text, &read);
    size_t size = read.latin ? read.count : read.count * sizeof *codes;
    *out = (struct packed_text){.signature = read.signature,
                                .count = read.count,
                                .latin = read.latin,
                                .inside = size <= PACKED_INSIDE_BYTES};
    unsigned char *to = out->room;
    if (!out->inside) {
        to = take_room(room, size);
        memcpy(out->room, &to, sizeof to);
    }
    if (!read.latin) memcpy(to, codes, size);
    for (size_t i = 0; read.latin && i < read.count; i++) to[i] = (unsigned char)codes[i];
}

struct value_text packed_text_open(const struct packed_text *packed,
                                   uint32_t codes[VALUE_CODES_MAX])
{
    const unsigned char *bytes = packed_text_codes(packed);
    struct value_text text = {.codes =
                                  packed->latin ? codes : (const uint32_t *)(const void *)bytes,
                              .count = packed->count,
                              .latin = packed->latin,
                              .signature = packed->signature};
    for (size_t i = 0; packed->latin && i < packed->count; i++) codes[i] = bytes[i];
    return text;
}

enum { WORDS = 3, REACH = 7 };

/* The first bytes of a latin text stand lowest. */
static void load_words(const struct packed_text *text, uint64_t words[WORDS])
{
    words[0] = word_in_order(text->room);
    words[1] = word_in_order(text->room + 8);
    words[2] = le32toh(half_word_at(text->room + 16));
}

/* How many bytes at the begin of two rooms are equal. */
static int32_t equal_bytes(const struct packed_text *a, const struct packed_text *b)
{
    uint64_t one[WORDS], two[WORDS];
    int w = 0;
    load_words(a, one);
    load_words(b, two);
    while (w < WORDS && one[w] == two[w]) w++;
    return w == WORDS ? PACKED_INSIDE_BYTES : 8 * w + __builtin_ctzll(one[w] ^ two[w]) / 8;
}

int32_t packed_prefix(const struct packed_text *a, const struct packed_text *b)
{
    int32_t least = a->count < b->count ? a->count : b->count;
    if (a->latin == b->latin && a->inside && b->inside) {
        int32_t common = equal_bytes(a, b) / (a->latin ? 1 : (int32_t)sizeof(uint32_t));
        return common < least ? common : least;
    }
    uint32_t codes[2][VALUE_CODES_MAX];
    struct value_text first = packed_text_open(a, codes[0]);
    struct value_text second = packed_text_open(b, codes[1]);
    return text_prefix(&first, &second);
}

/* An edit spoils at most one character of the first text; any other stands within reach of its
 * equal in the second (Xin et al. 2015, shifted Hamming distance). */
static int unmatched(const struct packed_text *a, const struct packed_text *b, int reach)
{
    uint64_t one[WORDS], two[WORDS], hits[WORDS];
    int matched = 0;
    load_words(a, one);
    load_words(b, two);
    for (int w = 0; w < WORDS; w++) hits[w] = word_equal_bytes(one[w], two[w]);
    for (int bits = 8; bits <= 8 * reach; bits += 8) {
        hits[0] |= word_equal_bytes(one[0], two[0] << bits);
        hits[1] |= word_equal_bytes(one[1], (two[1] << bits | two[0] >> (64 - bits)));
        hits[2] |= word_equal_bytes(one[2], (two[2] << bits | two[1] >> (64 - bits)));
        hits[0] |= word_equal_bytes(one[0], (two[0] >> bits | two[1] << (64 - bits)));
        hits[1] |= word_equal_bytes(one[1], (two[1] >> bits | two[2] << (64 - bits)));
        hits[2] |= word_equal_bytes(one[2], two[2] >> bits);
    }
    for (int w = 0, left = a->count; w < WORDS && left > 0; w++, left -= 8) {
        uint64_t own = left >= 8 ? UINT64_MAX : (1ull << 8 * left) - 1;
        matched += (int)word_high_bit_count(hits[w] & own);
    }
    return a->count - matched;
}

static bool has_more_bits(uint64_t word, int32_t most)
{
    for (; most > 0 && word != 0; most--) word &= word - 1;
    return word != 0;
}

bool packed_edits_above(const struct packed_text *a, const struct packed_text *b, int32_t most)
{
    int32_t longer = a->count - b->count;
    if (longer > most || -longer > most) return true;
    /* A character that the other text lacks altogether costs an edit. */
    if (has_more_bits(a->signature & ~b->signature, most)
        || has_more_bits(b->signature & ~a->signature, most)) {
        return true;
    }
    /* Characters move by what is put in before them less what is taken out, and by one more where
     * two neighbours are swapped. */
    int reach = (most + 1 + (longer < 0 ? -longer : longer)) / 2;
    bool lines = a->latin && b->latin && a->inside && b->inside && reach <= REACH;
    return lines && unmatched(a, b, reach) > most;
}
