#include "figures/claim_internal.h"

#include <string.h>

bool passage_starts(const struct passage *passage, size_t at, const char *word)
{
    if (at > passage->codes.count) return false;
    size_t byte = passage->codes.starts[at], length = strlen(word);
    return passage->text.len - byte >= length
           && memcmp(passage->text.ptr + byte, word, length) == 0;
}

bool passage_ends(const struct passage *passage, size_t at, const char *word)
{
    if (at > passage->codes.count) return false;
    size_t byte = passage->codes.starts[at], length = strlen(word);
    return byte >= length && memcmp(passage->text.ptr + byte - length, word, length) == 0;
}

struct str passage_slice(const struct passage *passage, size_t from, size_t to)
{
    if (to > passage->codes.count) to = passage->codes.count;
    return from >= to ? STR_EMPTY : codes_slice(&passage->codes, passage->text, from, to);
}

bool passage_has(const struct passage *passage, size_t from, size_t to, const char *word,
                 size_t *at)
{
    size_t length = utf8_count(str_from(word));
    for (size_t i = from; i + length <= to; i++) {
        if (!passage_starts(passage, i, word)) continue;
        if (at != NULL) *at = i;
        return true;
    }
    return false;
}

uint32_t passage_code(const struct passage *passage, size_t at)
{
    return at < passage->codes.count ? passage->codes.at[at] : 0;
}

const char *passage_starts_one(const struct passage *passage, size_t at, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (passage_starts(passage, at, *words)) return *words;
    }
    return NULL;
}

const char *passage_ends_one(const struct passage *passage, size_t at, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (passage_ends(passage, at, *words)) return *words;
    }
    return NULL;
}

bool passage_has_one(const struct passage *passage, size_t from, size_t to,
                     const char *const *words)
{
    for (; *words != NULL; words++) {
        if (passage_has(passage, from, to, *words, NULL)) return true;
    }
    return false;
}

bool code_ends_sentence(uint32_t code)
{
    return code == 0x3002 || code == 0xFF01 || code == 0xFF1F || code == '!' || code == '?';
}

bool code_ends_clause(uint32_t code)
{
    return code_ends_sentence(code) || code == 0xFF0C || code == 0xFF1B || code == 0xFF1A
           || code == 0x3001 || code == ';' || code == ',' || code == ':' || code == ' ';
}

void claim_bounds(const struct claim *claim, int64_t *low, int64_t *high)
{
    int64_t v = claim->value_e4, p = claim->place_e4, z = claim->zeros_e4;
    bool rounded =
        claim->scale_e4 > CLAIM_E4 || claim->unit == CLAIM_PERCENT || claim->decimals > 0;
    int64_t tenth = v / 10, half = p / 2 < tenth ? p / 2 : tenth;
    int64_t width = claim->unit == CLAIM_PERCENT ? half : z / 2 < tenth ? z / 2 : tenth;
    *low = *high = v;
    switch (claim->exactness) {
    case CLAIM_EXACT:
        if (!rounded) return;
        *low = v - half;
        *high = v + half - (half > 0);
        if (claim->unit == CLAIM_PERCENT && claim->everyone) *low = *high = v;
        return;
    case CLAIM_ABOUT:
        if (width < v / 50) width = v / 50;
        *low = v - width;
        *high = v + width;
        return;
    case CLAIM_MORE: *high = claim->unit == CLAIM_PERCENT ? INT64_MAX : v + z - 1; return;
    case CLAIM_NEARLY: *low = v - (z < v / 5 ? z : v / 5) + (z > 1); return;
    case CLAIM_AT_LEAST: *high = INT64_MAX; return;
    case CLAIM_AT_MOST: *low = 0; return;
    case CLAIM_RANGE: *high = claim->high_e4; return;
    case CLAIM_EXACTNESS_COUNT: break;
    }
    CHECK(false);
}

struct str claim_decimal(struct arena *arena, int64_t value_e4)
{
    struct text out;
    text_init(&out, arena, 40);
    uint64_t size = value_e4 < 0 ? (uint64_t)0 - (uint64_t)value_e4 : (uint64_t)value_e4;
    uint64_t part = size % CLAIM_E4;
    text_add_f(&out, "%s%llu", value_e4 < 0 ? "-" : "", (unsigned long long)(size / CLAIM_E4));
    if (part > 0) {
        text_add_f(&out, ".%04llu", (unsigned long long)part);
        while (out.ptr[out.len - 1] == '0') out.ptr[--out.len] = '\0';
    }
    return text_str(&out);
}

const char *claim_exactness_key(enum claim_exactness exactness)
{
    static const char *const keys[CLAIM_EXACTNESS_COUNT] = {
        [CLAIM_EXACT] = "exact",   [CLAIM_ABOUT] = "about",       [CLAIM_MORE] = "more",
        [CLAIM_NEARLY] = "nearly", [CLAIM_AT_LEAST] = "at_least", [CLAIM_AT_MOST] = "at_most",
        [CLAIM_RANGE] = "range",
    };
    CHECK(exactness < CLAIM_EXACTNESS_COUNT);
    return keys[exactness];
}
