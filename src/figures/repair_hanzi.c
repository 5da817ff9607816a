#include "figures/repair_internal.h"

#include "identity/hanzi.h"

#include <string.h>

/* Characters that are standard in some words, so that identity keeps them, but are traditional
 * forms in most texts: what they become, and the words, as the two characters around the place,
 * in which they stay. */
static const struct {
    const char *from, *to;
    const char *keep[12]; /* words with the character, in which it stays; up to a NULL */
} senses[] = {
    {"於", "于", {NULL}},
    {"乾", "干", {"乾坤", "乾隆", "乾陵", "乾县", NULL}},
    {"著",
     "着",
     {"著名", "显著", "著作", "名著", "著称", "编著", "专著", "原著", "卓著", "昭著", "土著",
      NULL}},
    {"瞭", "了", {"瞭望", NULL}},
    {"藉", "借", {"慰藉", "狼藉", NULL}},
    {"昇", "升", {NULL}},
    {"徵", "征", {NULL}},
    {"鍾", "钟", {NULL}},
    {"係", "系", {NULL}},
    {"佔", "占", {NULL}},
    {"週", "周", {NULL}},
    {"裏", "里", {NULL}},
    {"裡", "里", {NULL}},
    {"閒", "闲", {NULL}},
    {"麽", "么", {NULL}},
    {"唸", "念", {NULL}},
    {"彙", "汇", {NULL}},
    {"迴", "回", {NULL}},
    {"摺", "折", {NULL}},
    {"夥", "伙", {NULL}},
    {"甦", "苏", {NULL}},
    {"準", "准", {NULL}},
    {"捲", "卷", {NULL}},
    {"綫", "线", {NULL}},
    {"勐", "猛", {"勐海", "勐腊", NULL}},
};

size_t repair_count_traditional(struct str text)
{
    size_t at = 0, count = 0;
    uint32_t code;
    while (utf8_next(text, &at, &code)) count += hanzi_simple(code) != code;
    return count;
}

/* Whether the character at `at` (of `length` bytes) of a text in which all others are simplified
 * already stands in one of the words. */
static bool in_word(struct str text, size_t at, size_t length, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        struct str word = str_from(words[i]);
        size_t place = str_find(word, str_slice(text, at, at + length));
        if (place == SIZE_MAX || place > at) continue;
        if (str_starts(str_slice(text, at - place, text.len), word)) return true;
    }
    return false;
}

static struct str settle_senses(struct arena *arena, struct str text)
{
    struct text out;
    size_t at = 0, from = 0;
    uint32_t code;
    text_init(&out, arena, text.len * 2 + 16);
    while (utf8_next(text, &at, &code)) {
        struct str one = str_slice(text, from, at);
        for (size_t i = 0; hanzi_is(code) && i < sizeof senses / sizeof *senses; i++) {
            if (!str_is(one, senses[i].from)) continue;
            if (!in_word(text, from, at - from, senses[i].keep)) one = str_from(senses[i].to);
            break;
        }
        text_add(&out, one);
        from = at;
    }
    return text_str(&out);
}

struct str repair_simplify(struct arena *arena, struct str line, size_t number,
                           struct repairs *repairs)
{
    size_t count = repair_count_traditional(line), at = 0;
    struct text out;
    uint32_t code;
    text_init(&out, arena, line.len * 2 + 16);
    while (utf8_next(line, &at, &code)) text_add_code(&out, hanzi_simple(code));
    struct str simple = settle_senses(arena, text_str(&out));
    if (count > 0) {
        repair_note(repairs, arena, REPAIR_TRADITIONAL, number, line, simple);
        repairs->counts[REPAIR_TRADITIONAL] += count - 1; /* characters are counted */
    } else if (!str_equal(simple, line)) {
        repair_note(repairs, arena, REPAIR_TRADITIONAL, number, line, simple);
    }
    return simple;
}
