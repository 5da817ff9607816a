#include "figures/match_internal.h"

#include <string.h>

/* Our number as the article would have written it: in its scale, to its last place, with its 余. */

static int64_t down(int64_t value, int64_t place)
{
    return value / place * place;
}

static int64_t up(int64_t value, int64_t place)
{
    return value > INT64_MAX - place ? down(value, place) : down(value + place - 1, place);
}

static int64_t rounded(const struct claim *claim, int64_t ours)
{
    switch (claim->exactness) {
    case CLAIM_MORE:
    case CLAIM_AT_LEAST: return down(ours, claim->zeros_e4);
    case CLAIM_NEARLY:
    case CLAIM_AT_MOST: return up(ours, claim->zeros_e4);
    case CLAIM_ABOUT: return down(ours + claim->zeros_e4 / 2, claim->zeros_e4);
    case CLAIM_EXACT:
    case CLAIM_RANGE:
    case CLAIM_EXACTNESS_COUNT: break;
    }
    return claim->scale_e4 > CLAIM_E4 || claim->decimals > 0 || claim->unit == CLAIM_PERCENT
               ? down(ours + claim->place_e4 / 2, claim->place_e4)
               : ours;
}

static const char *scale_word(int64_t scale)
{
    switch (scale / CLAIM_E4) {
    case 10: return "十";
    case 100: return "百";
    case 1000: return "千";
    case 10000: return "万";
    case 100000: return "十万";
    case 1000000: return "百万";
    case 10000000: return "千万";
    case 100000000: return "亿";
    case 1000000000000: return "万亿";
    default: return "";
    }
}

static struct str number_text(struct arena *arena, const struct claim *claim, int64_t ours)
{
    static const char *const more[] = {"余", "多", "来"};
    struct text out;
    int64_t value = rounded(claim, ours), scale = claim->scale_e4, off = value - ours;
    const char *word = scale_word(scale);
    text_init(&out, arena, 64);
    bool plain = claim->unit == CLAIM_PERCENT || *word == '\0';
    if (off < 0) off = -off;
    if (value == 0 || off > ours / 10) { /* too coarse for so small a number */
        text_add(&out, claim_decimal(arena, ours));
        return text_str(&out);
    }
    if (plain) {
        text_add(&out, claim_decimal(arena, value));
    } else {
        int64_t ten_thousandths = value / (scale / CLAIM_E4);
        text_add(&out, claim_decimal(arena, ten_thousandths));
        text_add_c(&out, word);
    }
    for (size_t i = 0; i < 3; i++) {
        if (str_find(claim->number, str_from(more[i])) == SIZE_MAX) continue;
        text_add_c(&out, more[i]);
        break;
    }
    if (claim->unit == CLAIM_PERCENT && str_find(claim->number, STR("分之")) != SIZE_MAX)
        text_add_c(&out, "%");
    return text_str(&out);
}

/* What a universal claim becomes when it is not true; empty where its sentence must be written
 * anew. */
static struct str instead(struct arena *arena, const struct claim *claim, int64_t ours)
{
    static const char *const none[] = {"无一名",  "没有一名", "未有一名", "无1名",
                                       "没有1名", "无一人",   "没有一人"};
    struct text out;
    text_init(&out, arena, 64);
    struct str number = claim_decimal(arena, ours);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (!str_is(claim->number, none[i])) continue;
        text_add_f(&out, "有%.*s%s", STR_ARG(number), i < 5 ? "名" : "人");
        return text_str(&out);
    }
    if (str_is(claim->number, "全覆盖")) text_add_f(&out, "覆盖%.*s%%", STR_ARG(number));
    if (str_is(claim->number, "为零") || str_is(claim->number, "为0"))
        text_add_f(&out, "为%.*s", STR_ARG(number));
    return text_str(&out);
}

struct str match_corrected(struct arena *arena, const struct claim *claim, int64_t ours_e4)
{
    struct str sentence = claim->sentence;
    uint32_t first = 0;
    size_t at = 0;
    if (claim->number.ptr < sentence.ptr
        || claim->number.ptr + claim->number.len > sentence.ptr + sentence.len || ours_e4 < 0) {
        return STR_EMPTY;
    }
    (void)utf8_next(claim->number, &at, &first);
    bool numeral =
        claim->decimals > 0 || !claim->everyone || (first >= '0' && first <= '9') || claim->hanzi;
    struct str fresh =
        numeral ? number_text(arena, claim, ours_e4) : instead(arena, claim, ours_e4);
    if (fresh.len == 0) return STR_EMPTY;
    size_t from = (size_t)(claim->number.ptr - sentence.ptr);
    struct text out;
    text_init(&out, arena, sentence.len + 128);
    text_add(&out, str_slice(sentence, 0, from));
    text_add(&out, fresh);
    text_add(&out, str_slice(sentence, from + claim->number.len, sentence.len));
    return text_str(&out);
}
