#include "link/compare.h"

#include "base/word.h"

#include <stdlib.h>
#include <string.h>

/* Similarity of texts, by bit-parallel methods where the shorter text fits a machine word: Myers
 * 1999 for Levenshtein, Hyyrö 2003 for neighbours swapped, and the same masks of places for Jaro.
 */

enum { LATIN_COUNT = 256 };

void value_text_fill(uint32_t codes[VALUE_CODES_MAX], struct str text, struct value_text *out)
{
    size_t at = 0;
    uint16_t count = 0;
    uint64_t signature = 0;
    bool latin = true;
    while (count < VALUE_CODES_MAX && at < text.len) {
        unsigned char byte = (unsigned char)text.ptr[at];
        if (byte < 0x80)
            codes[count] = byte, at++;
        else if (!utf8_next(text, &at, &codes[count]))
            break;
        latin = latin && codes[count] < LATIN_COUNT;
        signature |= 1ull << (codes[count++] & 63);
    }
    *out = (struct value_text){codes, count, latin, signature};
}

void value_text_read(struct arena *arena, struct str text, struct value_text *out)
{
    uint32_t codes[VALUE_CODES_MAX];
    value_text_fill(codes, text, out);
    out->codes = arena_copy(arena, codes, out->count * sizeof *codes);
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void tokens_finish(struct arena *arena, uint64_t *hashes, size_t count,
                          struct value_tokens *out)
{
    qsort(hashes, count, sizeof *hashes, compare_u64);
    out->hashes = arena_copy(arena, hashes, count * sizeof *hashes);
    out->count = (uint16_t)count;
}

void value_tokens_read(struct arena *arena, struct str text, struct value_tokens *out)
{
    uint64_t hashes[VALUE_TOKENS_MAX];
    size_t count = 0, end;
    for (size_t at = 0; at < text.len && count < VALUE_TOKENS_MAX; at = end + 1) {
        end = at;
        while (end < text.len && text.ptr[end] != ' ') end++;
        if (end > at) hashes[count++] = str_hash(str_slice(text, at, end));
    }
    tokens_finish(arena, hashes, count, out);
}

void value_grams_read(struct arena *arena, struct str text, struct value_tokens *out)
{
    uint64_t hashes[VALUE_CODES_MAX];
    size_t count = 0, at = 0;
    uint32_t code, before;
    if (utf8_next(text, &at, &before)) {
        while (count < VALUE_CODES_MAX && utf8_next(text, &at, &code)) {
            hashes[count++] = (uint64_t)before << 32 | code;
            before = code;
        }
    }
    tokens_finish(arena, hashes, count, out);
}

static size_t common_tokens(const struct value_tokens *a, const struct value_tokens *b)
{
    size_t common = 0;
    for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
        if (a->hashes[i] == b->hashes[j])
            common++, i++, j++;
        else if (a->hashes[i] < b->hashes[j])
            i++;
        else
            j++;
    }
    return common;
}

int32_t tokens_overlap(const struct value_tokens *a, const struct value_tokens *b)
{
    size_t shorter = a->count < b->count ? a->count : b->count;
    return shorter == 0 ? 0 : (int32_t)(common_tokens(a, b) * 1000000 / shorter);
}

int32_t tokens_dice(const struct value_tokens *a, const struct value_tokens *b)
{
    size_t total = (size_t)a->count + b->count;
    return total == 0 ? 0 : (int32_t)(2 * common_tokens(a, b) * 1000000 / total);
}

int32_t text_prefix(const struct value_text *a, const struct value_text *b)
{
    int32_t common = 0;
    while (common < a->count && common < b->count && a->codes[common] == b->codes[common]) common++;
    return common;
}

int32_t text_facts(const struct value_text *a, const struct value_text *b)
{
    const struct value_text *shorter = a->count < b->count ? a : b;
    const struct value_text *longer = a->count < b->count ? b : a;
    if (shorter->count == 0) return 0;
    int32_t facts = 0;
    if (shorter->count == 1 && shorter->codes[0] == longer->codes[0]) facts |= TEXT_INITIAL;
    for (size_t at = 0; at + shorter->count <= longer->count; at++) {
        if (memcmp(longer->codes + at, shorter->codes, shorter->count * sizeof(uint32_t)) == 0) {
            return facts | TEXT_CONTAINS;
        }
    }
    return facts;
}

/* For each place of `text`, a bit for each place of `pattern` (at most 64) with the same code. */
static void place_masks(const struct value_text *pattern, const struct value_text *text,
                        uint64_t masks[VALUE_CODES_MAX])
{
    if (pattern->latin) {
        uint64_t table[LATIN_COUNT];
        for (size_t j = 0; j < text->count; j++) table[text->codes[j] & 0xFF] = 0;
        for (size_t i = 0; i < pattern->count; i++) table[pattern->codes[i]] = 0;
        for (size_t i = 0; i < pattern->count; i++) table[pattern->codes[i]] |= 1ull << i;
        for (size_t j = 0; j < text->count; j++) {
            masks[j] = text->codes[j] < LATIN_COUNT ? table[text->codes[j]] : 0;
        }
        return;
    }
    for (size_t j = 0; j < text->count; j++) {
        uint64_t mask = 0;
        for (size_t i = 0; i < pattern->count; i++) {
            mask |= (uint64_t)(pattern->codes[i] == text->codes[j]) << i;
        }
        masks[j] = mask;
    }
}

static bool texts_equal(const struct value_text *a, const struct value_text *b)
{
    return a->count == b->count
           && (a->count == 0 || memcmp(a->codes, b->codes, a->count * sizeof(uint32_t)) == 0);
}

/* Common characters in order and how many stand in another order, for texts of any length. */
static void jaro_long(const struct value_text *a, const struct value_text *b, size_t *common,
                      size_t *moved)
{
    bool used_a[VALUE_CODES_MAX] = {false}, used_b[VALUE_CODES_MAX] = {false};
    size_t longest = a->count > b->count ? a->count : b->count;
    size_t window = longest / 2 > 0 ? longest / 2 - 1 : 0;
    *common = *moved = 0;
    for (size_t j = 0; j < b->count; j++) {
        size_t from = j > window ? j - window : 0;
        for (size_t i = from; i < a->count && i <= j + window; i++) {
            if (used_a[i] || a->codes[i] != b->codes[j]) continue;
            used_a[i] = used_b[j] = true;
            (*common)++;
            break;
        }
    }
    for (size_t i = 0, j = 0; i < a->count; i++) {
        if (!used_a[i]) continue;
        while (!used_b[j]) j++;
        *moved += a->codes[i] != b->codes[j++];
    }
}

static void jaro_word(const struct value_text *a, const struct value_text *b, size_t *common,
                      size_t *moved)
{
    uint64_t masks[VALUE_CODES_MAX];
    place_masks(a, b, masks);
    size_t longest = a->count > b->count ? a->count : b->count;
    size_t window = longest / 2 > 0 ? longest / 2 - 1 : 0;
    uint64_t used_a = 0;
    uint32_t matched[WORD_BITS];
    size_t count = 0;
    for (size_t j = 0; j < b->count; j++) {
        size_t from = j > window ? j - window : 0;
        size_t end = j + window + 1;
        if (from >= WORD_BITS) break;
        uint64_t reach = end >= WORD_BITS ? ~0ull : (1ull << end) - 1;
        uint64_t free = masks[j] & reach & (~0ull << from) & ~used_a;
        if (free == 0) continue;
        used_a |= free & -free;
        matched[count++] = b->codes[j];
    }
    *common = count;
    *moved = 0;
    for (size_t k = 0; used_a != 0; k++, used_a &= used_a - 1) {
        *moved += a->codes[__builtin_ctzll(used_a)] != matched[k];
    }
}

/* Which of two texts is looked through first changes which characters pair up; an order of their
 * own keeps the measure the same both ways. */
static bool comes_after(const struct value_text *a, const struct value_text *b)
{
    if (a->count != b->count) return a->count > b->count;
    return memcmp(a->codes, b->codes, a->count * sizeof *a->codes) > 0;
}

int32_t text_jaro_winkler(const struct value_text *a, const struct value_text *b)
{
    if (a->count == 0 || b->count == 0) return 0;
    if (texts_equal(a, b)) return 1000000;
    size_t common, moved;
    if (comes_after(a, b)) {
        const struct value_text *swap = a;
        a = b;
        b = swap;
    }
    if (a->count <= WORD_BITS)
        jaro_word(a, b, &common, &moved);
    else
        jaro_long(a, b, &common, &moved);
    if (common == 0) return 0;
    double c = (double)common;
    double jaro = (c / a->count + c / b->count + (c - (double)(moved / 2)) / c) / 3;
    int32_t prefix = text_prefix(a, b);
    if (prefix > 4) prefix = 4;
    return (int32_t)((jaro + prefix * 0.1 * (1 - jaro)) * 1e6 + 0.5);
}

bool text_jaro_winkler_below(const struct value_text *a, const struct value_text *b, int32_t least)
{
    if ((a->signature & b->signature) == 0) return least > 0;
    /* Each character that the other text lacks altogether stays without a partner. */
    int common = a->count - (int)word_bit_count(a->signature & ~b->signature);
    int other = b->count - (int)word_bit_count(b->signature & ~a->signature);
    if (other < common) common = other;
    if (common <= 0) return least > 0;
    double jaro = ((double)common / a->count + (double)common / b->count + 1) / 3;
    int32_t prefix = text_prefix(a, b);
    if (prefix > 4) prefix = 4;
    return (jaro + prefix * 0.1 * (1 - jaro)) * 1e6 + 1 < least;
}

static int32_t least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* The table of edits row by row; three rows for swapped neighbours. */
static int32_t edits_long(const struct value_text *a, const struct value_text *b, bool swaps)
{
    int32_t rows[3][VALUE_CODES_MAX + 1];
    for (int32_t j = 0; j <= b->count; j++) rows[0][j] = j;
    for (int32_t i = 1; i <= a->count; i++) {
        int32_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];
        row[0] = i;
        for (int32_t j = 1; j <= b->count; j++) {
            bool equal = a->codes[i - 1] == b->codes[j - 1];
            int32_t best = above[j - 1] + !equal;
            best = least(best, least(above[j], row[j - 1]) + 1);
            bool crossed = swaps && i > 1 && j > 1 && a->codes[i - 1] == b->codes[j - 2]
                           && a->codes[i - 2] == b->codes[j - 1];
            if (crossed) best = least(best, second[j - 2] + 1);
            row[j] = best;
        }
    }
    return rows[a->count % 3][b->count];
}

static int32_t edits_word(const struct value_text *a, const struct value_text *b, bool swaps)
{
    uint64_t masks[VALUE_CODES_MAX];
    place_masks(a, b, masks);
    uint64_t up = ~0ull, down = 0, diagonal = 0, mask_before = 0;
    uint64_t last = 1ull << (a->count - 1);
    int32_t edits = a->count;
    for (size_t j = 0; j < b->count; j++) {
        uint64_t mask = masks[j];
        uint64_t crossed = swaps ? ((~diagonal & mask) << 1) & mask_before : 0;
        diagonal = (((mask & up) + up) ^ up) | mask | down | crossed;
        uint64_t right_up = down | ~(diagonal | up);
        uint64_t right_down = diagonal & up;
        edits += (right_up & last) != 0;
        edits -= (right_down & last) != 0;
        right_up = right_up << 1 | 1;
        right_down <<= 1;
        up = right_down | ~(diagonal | right_up);
        down = right_up & diagonal;
        mask_before = mask;
    }
    return edits;
}

/* Equal ends cost nothing and hide no cheaper way, so only what lies between is looked at: of two
 * ID numbers of one county and birthday four characters. */
static int32_t edits(const struct value_text *one, const struct value_text *two, bool swaps)
{
    struct value_text a = one->count > two->count ? *two : *one;
    struct value_text b = one->count > two->count ? *one : *two;
    uint16_t prefix = (uint16_t)text_prefix(&a, &b);
    a.codes += prefix, a.count = (uint16_t)(a.count - prefix);
    b.codes += prefix, b.count = (uint16_t)(b.count - prefix);
    while (a.count > 0 && a.codes[a.count - 1] == b.codes[b.count - 1]) a.count--, b.count--;
    if (a.count == 0) return b.count;
    return a.count <= WORD_BITS ? edits_word(&a, &b, swaps) : edits_long(&a, &b, swaps);
}

int32_t text_levenshtein(const struct value_text *a, const struct value_text *b)
{
    return edits(a, b, false);
}

int32_t text_damerau(const struct value_text *a, const struct value_text *b)
{
    return edits(a, b, true);
}

void value_number_read(struct str text, struct value_number *out)
{
    *out = (struct value_number){0};
    char digits[32];
    text = str_trim(text);
    if (text.len == 0 || text.len >= sizeof digits) return;
    memcpy(digits, text.ptr, text.len);
    digits[text.len] = '\0';
    char *end;
    double value = strtod(digits, &end);
    if (*end != '\0' || !(value > -1e15 && value < 1e15)) return;
    out->thousandths = (int64_t)(value * 1000 + (value < 0 ? -0.5 : 0.5));
    out->known = true;
}
