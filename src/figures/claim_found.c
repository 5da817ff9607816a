#include "figures/claim_internal.h"

#include <string.h>

/* One number with its unit: how it is read, how exact it is, and what makes it none. */

/* What stands right before a number and says how exact it is. */
static const struct {
    const char *word;
    enum claim_exactness exactness;
    const char *not_after; /* characters before the word with which it is another word */
} before_words[] = {
    {"不少于", CLAIM_AT_LEAST, NULL},
    {"不得少于", CLAIM_AT_LEAST, NULL},
    {"不能少于", CLAIM_AT_LEAST, NULL},
    {"不应少于", CLAIM_AT_LEAST, NULL},
    {"不得低于", CLAIM_AT_LEAST, NULL},
    {"不能低于", CLAIM_AT_LEAST, NULL},
    {"不应低于", CLAIM_AT_LEAST, NULL},
    {"不下于", CLAIM_AT_LEAST, NULL},
    {"不下", CLAIM_AT_LEAST, NULL},
    {"起码", CLAIM_AT_LEAST, NULL},
    {"≥", CLAIM_AT_LEAST, NULL},
    {"不得超过", CLAIM_AT_MOST, NULL},
    {"不能超过", CLAIM_AT_MOST, NULL},
    {"不得高于", CLAIM_AT_MOST, NULL},
    {"不得多于", CLAIM_AT_MOST, NULL},
    {"未超过", CLAIM_AT_MOST, NULL},
    {"不超", CLAIM_AT_MOST, NULL},
    {"小于", CLAIM_AT_MOST, NULL},
    {"≤", CLAIM_AT_MOST, NULL},
    {"<", CLAIM_AT_MOST, NULL},
    {"不低于", CLAIM_AT_LEAST, NULL},
    {"不小于", CLAIM_AT_LEAST, NULL},
    {"至少", CLAIM_AT_LEAST, NULL},
    {"不超过", CLAIM_AT_MOST, NULL},
    {"不高于", CLAIM_AT_MOST, NULL},
    {"不大于", CLAIM_AT_MOST, NULL},
    {"低于", CLAIM_AT_MOST, NULL},
    {"少于", CLAIM_AT_MOST, NULL},
    {"至多", CLAIM_AT_MOST, NULL},
    {"大约", CLAIM_ABOUT, NULL},
    {"约为", CLAIM_ABOUT, NULL},
    {"约合人民币", CLAIM_ABOUT, NULL},
    {"约合", CLAIM_ABOUT, NULL},
    {"约计", CLAIM_ABOUT, NULL},
    {"约达", CLAIM_ABOUT, NULL},
    {"约有", CLAIM_ABOUT, NULL},
    {"约占", CLAIM_ABOUT, NULL},
    {"约", CLAIM_ABOUT, "签预合节条公违集大婚契"},
    {"大概", CLAIM_ABOUT, NULL},
    {"大致", CLAIM_ABOUT, NULL},
    {"约莫", CLAIM_ABOUT, NULL},
    {"差不多", CLAIM_ABOUT, NULL},
    {"差不多有", CLAIM_ABOUT, NULL},
    {"约是", CLAIM_ABOUT, NULL},
    {"≈", CLAIM_ABOUT, NULL},
    {"将近", CLAIM_NEARLY, NULL},
    {"接近", CLAIM_NEARLY, NULL},
    {"不足", CLAIM_NEARLY, NULL},
    {"不到", CLAIM_NEARLY, NULL},
    {"不满", CLAIM_NEARLY, NULL},
    {"未满", CLAIM_NEARLY, NULL},
    {"逼近", CLAIM_NEARLY, NULL},
    {"近", CLAIM_NEARLY, "最附就邻远靠亲临相"},
    {"超过了", CLAIM_MORE, NULL},
    {"超过", CLAIM_MORE, NULL},
    {"超出", CLAIM_MORE, NULL},
    {"突破", CLAIM_MORE, NULL},
    {"高于", CLAIM_MORE, NULL},
    {"多于", CLAIM_MORE, NULL},
    {"逾", CLAIM_MORE, NULL},
    {"超", CLAIM_MORE, "赶反"},
    {"大于", CLAIM_MORE, NULL},
    {"不止", CLAIM_MORE, NULL},
    {"突破了", CLAIM_MORE, NULL},
    {"高出", CLAIM_MORE, NULL},
};

static const struct {
    const char *word;
    enum claim_exactness exactness;
} behind_words[] = {
    {"以上", CLAIM_AT_LEAST}, {"及以上", CLAIM_AT_LEAST}, {"或以上", CLAIM_AT_LEAST},
    {"左右", CLAIM_ABOUT},    {"上下", CLAIM_ABOUT},      {"以内", CLAIM_AT_MOST},
    {"之内", CLAIM_AT_MOST},  {"以下", CLAIM_AT_MOST},    {"及以下", CLAIM_AT_MOST},
    {"还多", CLAIM_MORE},     {"有余", CLAIM_MORE},       {"开外", CLAIM_MORE},
    {"出头", CLAIM_MORE},     {"不到", CLAIM_NEARLY},     {"余", CLAIM_MORE},
    {"多", CLAIM_MORE},
};

/* A letter or digit beside: part of a name or a code (G109, A4, 5G). */
static bool is_latin(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code_is_digit(code)
           || code == '_' || code == '/' || code == '#' || code == '@';
}

/* Whether what stands before makes the number one of a row, a code or a rate by another number. */
static bool is_of_a_row(const struct passage *passage, const struct numeral *numeral)
{
    static const char *const rows[] = {"第",   "每",   "编号", "号码", "电话", "邮编", "〔", "[",
                                       "排名", "热线", "№",    "No.",  "同一", "QQ",   NULL};
    static const char *const grades[] = {"高", "初", NULL};
    static const char *const these[] = {"这", "那", "上述", "其他", "其它", "后", "以下", NULL};
    /* 目前, 年底前 and the like are no rows; 前3名 is. */
    static const char *const others = "目之此以当年底日月期提空先学从生节";
    uint32_t before = numeral->from > 0 ? passage_code(passage, numeral->from - 1) : 0;
    if (is_latin(before)) return true;
    bool sign = before == '-' || before == '.' || before == ':' || before == '+';
    if (sign && numeral->from > 1 && is_latin(passage_code(passage, numeral->from - 2)))
        return true;
    if (numeral->hanzi && passage_ends_one(passage, numeral->from, grades) != NULL) return true;
    enum { POINTS_MAX = 20 };
    bool points = numeral->hanzi && numeral->value_e4 <= POINTS_MAX * (int64_t)CLAIM_E4;
    if (points && passage_ends_one(passage, numeral->from, these) != NULL) return true;
    if (passage_ends(passage, numeral->from, "前")) {
        size_t front = numeral->from - 1;
        return front == 0
               || str_find(str_from(others), passage_slice(passage, front - 1, front)) == SIZE_MAX;
    }
    return passage_ends_one(passage, numeral->from, rows) != NULL;
}

/* Inside the title of a document: 《…十项准则》. */
static bool is_in_title(const struct passage *passage, const struct numeral *numeral)
{
    enum { TITLE_CODES_MAX = 60 };
    const uint32_t open = 0x300A, close = 0x300B;
    size_t first = numeral->from > TITLE_CODES_MAX ? numeral->from - TITLE_CODES_MAX : 0;
    size_t i = numeral->from;
    while (i > first && passage_code(passage, i - 1) != open
           && passage_code(passage, i - 1) != close) {
        i--;
    }
    if (i == first || passage_code(passage, i - 1) != open) return false;
    for (i = numeral->to; i < numeral->to + TITLE_CODES_MAX; i++) {
        if (passage_code(passage, i) == close) return true;
        if (passage_code(passage, i) == open) return false;
    }
    return false;
}

/* The words around 人 that make a size or an age of it: 66人以上大班额, 100人以下的学校. */
static bool is_size(const struct passage *passage, size_t behind)
{
    static const char *const sizes[] = {"以上", "及以上", "以下", "及以下", "以内", NULL};
    static const char *const nouns[] = {"的",   "大班", "超大",   "规模", "小规模",
                                        "学校", "班级", "教学点", "班额", "大校额",
                                        "小班", "“",    NULL};
    const char *word = passage_starts_one(passage, behind, sizes);
    if (word == NULL) return false;
    size_t at = behind + utf8_count(str_from(word));
    return passage_starts_one(passage, at, nouns) != NULL;
}

/* A short name in quotes that begins with the number: “三个课堂”, “20条底线”. */
static bool is_quoted_name(const struct passage *passage, const struct numeral *numeral)
{
    enum { NAME_CODES_MAX = 10 };
    uint32_t before = numeral->from > 0 ? passage_code(passage, numeral->from - 1) : 0;
    if (before != 0x201C && before != 0x2018 && before != 0x300C) return false;
    for (size_t i = numeral->to; i < numeral->to + NAME_CODES_MAX; i++) {
        uint32_t code = passage_code(passage, i);
        if (code == 0x201D || code == 0x2019 || code == 0x300D) return true;
        if (code_ends_clause(code)) return false;
    }
    return false;
}

static bool is_range_mark(uint32_t code)
{
    return code == '-' || code == '~' || code == 0x2014 || code == 0x2013 || code == 0xFF5E
           || code == 0x81F3 || code == 0x5230 || code == 0xFF0D || code == 0x2015;
}

/* Parts of a hundred or a thousand: 百分之九十, 千分之三. */
static bool read_parts(const struct passage *passage, size_t at, struct found *out)
{
    static const struct {
        const char *word;
        int64_t per;
    } parts[] = {{"百分之", 1}, {"千分之", 10}, {"万分之", 100}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!passage_starts(passage, at, parts[i].word)) continue;
        *out = (struct found){.from = at};
        if (!numeral_read(passage, at + 3, &out->low)) return false;
        out->to = out->end = out->low.to;
        out->measure = (struct measure){.unit = CLAIM_PERCENT, .per = parts[i].per, .times = 1};
        return true;
    }
    return false;
}

/* 三分之二, 四分之一: a percentage to two places. */
static bool read_fraction(const struct passage *passage, struct found *out)
{
    enum { PARTS_MAX = 20, HUNDREDTH_E4 = CLAIM_E4 / 100 };
    struct numeral *low = &out->low, over;
    int64_t parts = low->value_e4 / CLAIM_E4;
    if (low->decimals > 0 || low->vague || parts < 2 || parts > PARTS_MAX) return false;
    if (!passage_starts(passage, low->to, "分之")) return false;
    if (!numeral_read(passage, low->to + 2, &over) || over.value_e4 >= low->value_e4) return false;
    if (over.vague || over.decimals > 0) return false;
    int64_t value = over.value_e4 * 100 / parts;
    low->value_e4 = (value + HUNDREDTH_E4 / 2) / HUNDREDTH_E4 * HUNDREDTH_E4;
    low->place_e4 = low->zeros_e4 = CLAIM_E4;
    low->to = out->to = out->end = over.to;
    out->measure = (struct measure){.unit = CLAIM_PERCENT, .per = 1, .times = 1};
    return true;
}

/* 一半, 半数: where the words around say that it is a share. */
static bool read_half(const struct passage *passage, size_t at, struct found *out)
{
    static const char *const halves[] = {"一半", "半数", NULL};
    static const char *const before[] = {"占", "达",   "达到", "近",   "超", "超过",
                                         "过", "约",   "不到", "不足", "了", "接近",
                                         "仅", "只有", "近有", "有",   NULL};
    static const char *const behind[] = {"以上", "左右", "以下", "多", NULL};
    if (passage_starts_one(passage, at, halves) == NULL) return false;
    if (passage_starts_one(passage, at + 2, behind) == NULL
        && passage_ends_one(passage, at, before) == NULL) {
        return false;
    }
    *out = (struct found){.from = at, .to = at + 2, .end = at + 2};
    out->low = (struct numeral){.from = at,
                                .to = at + 2,
                                .value_e4 = 50 * (int64_t)CLAIM_E4,
                                .place_e4 = CLAIM_E4,
                                .zeros_e4 = CLAIM_E4,
                                .scale_e4 = CLAIM_E4,
                                .hanzi = true};
    out->measure = (struct measure){.unit = CLAIM_PERCENT, .per = 1, .times = 1};
    return true;
}

/* "从10所到25所" is a change, not a range; "从200元到500元不等" is one. */
static bool is_change(const struct passage *passage, const struct found *found, bool measured)
{
    static const char *const froms[] = {"从", "由", NULL};
    static const char *const spread[] = {"不等", "之间", NULL};
    return measured && passage_ends_one(passage, found->from, froms) != NULL
           && passage_starts_one(passage, found->end, spread) == NULL;
}

/* The upper end of a range behind `next`, of which the lower end has been read. */
static bool read_upper(const struct passage *passage, size_t next, size_t clause, size_t clause_end,
                       bool measured, struct found *out)
{
    struct found lower = *out;
    if (!is_range_mark(passage_code(passage, next))) return measured;
    while (is_range_mark(passage_code(passage, next))) next++;
    if (!numeral_read(passage, next, &out->high)) return measured;
    out->range = true;
    out->to = out->end = out->high.to;
    struct measure upper = {0};
    if (!measure_read(passage, &out->high, out->to, clause, clause_end, &upper)) {
        if (!measured) return false;
        *out = lower;
        return true;
    }
    out->measure = upper;
    out->end = out->to + upper.length;
    if (measured && (lower.measure.unit != upper.unit || is_change(passage, out, measured)))
        *out = lower;
    return true;
}

/* "高2.3和4.1个百分点": the unit of the last of a row of numbers. */
static bool read_shared(const struct passage *passage, size_t clause, size_t clause_end,
                        struct found *out)
{
    enum { NUMBERS_MAX = 6 };
    static const char *const joints[] = {"和", "、", "与", "及", NULL};
    struct numeral next = out->low;
    for (int i = 0; i < NUMBERS_MAX; i++) {
        if (passage_starts_one(passage, next.to, joints) == NULL) return false;
        if (!code_is_digit(passage_code(passage, next.to + 1))) return false;
        if (!numeral_read(passage, next.to + 1, &next)) return false;
        struct measure measure;
        if (!measure_read(passage, &next, next.to, clause, clause_end, &measure)) continue;
        if (measure.unit != CLAIM_PERCENT) return false;
        out->measure = measure;
        out->measure.length = 0;
        return true;
    }
    return false;
}

bool found_read(const struct passage *passage, size_t at, size_t clause, size_t clause_end,
                struct found *out)
{
    if (read_parts(passage, at, out)) return !out->low.vague;
    if (read_half(passage, at, out)) return true;
    *out = (struct found){.from = at};
    if (!numeral_read(passage, at, &out->low)) return false;
    out->to = out->end = out->low.to;
    if (read_fraction(passage, out)) return true;
    size_t next = out->low.to;
    bool measured = measure_read(passage, &out->low, next, clause, clause_end, &out->measure);
    if (!measured && !out->low.hanzi && read_shared(passage, clause, clause_end, out)) return true;
    if (measured) next += out->measure.length;
    if (measured) out->end = next;
    return read_upper(passage, next, clause, clause_end, measured, out) && !out->low.vague;
}

bool found_is_refused(const struct passage *passage, const struct found *found)
{
    const struct numeral *number = &found->low;
    int64_t value = number->value_e4 / CLAIM_E4;
    if (is_of_a_row(passage, number) && found->measure.unit != CLAIM_PERCENT) return true;
    static const char *const denied[] = {"没有做到", "没有达到", "未达到", "未做到", NULL};
    if (passage_ends_one(passage, found->from, denied) != NULL) return true;
    if (number->positional || is_quoted_name(passage, number) || is_in_title(passage, number))
        return true;
    /* "1人校" */
    if (passage_ends(passage, found->end, "人") && passage_starts(passage, found->end, "校"))
        return true;
    static const char *const bounds[] = {"逾",   "超",   "超过", "突破", "近", "过",
                                         "不足", "不到", "将近", "接近", "约", NULL};
    bool bounded = number->more || passage_ends_one(passage, found->from, bounds) != NULL
                   || passage_starts(passage, found->end, "以上");
    if (number->bare && !bounded && found->measure.unit != CLAIM_PERCENT) return true;
    bool plain = number->hanzi && number->decimals == 0 && found->measure.unit != CLAIM_PERCENT
                 && found->measure.unit != CLAIM_YUAN;
    if (plain && value <= 1) return true;
    if (found->measure.unit == CLAIM_PERSONS && is_size(passage, found->end)) return true;
    uint32_t next = passage_code(passage, found->end);
    return found->measure.unit == CLAIM_ITEMS && next >= 'A' && next <= 'z';
}

enum claim_exactness found_exactness(const struct passage *passage, struct found *found,
                                     size_t *from)
{
    for (size_t i = 0; i < sizeof behind_words / sizeof *behind_words; i++) {
        if (!passage_starts(passage, found->end, behind_words[i].word)) continue;
        found->end += utf8_count(str_from(behind_words[i].word));
        return behind_words[i].exactness;
    }
    for (size_t i = 0; i < sizeof before_words / sizeof *before_words; i++) {
        if (!passage_ends(passage, found->from, before_words[i].word)) continue;
        size_t start = found->from - utf8_count(str_from(before_words[i].word));
        const char *other = before_words[i].not_after;
        struct str before = passage_slice(passage, start > 0 ? start - 1 : 0, start);
        if (other != NULL && before.len > 0 && str_find(str_from(other), before) != SIZE_MAX)
            continue;
        *from = start;
        return before_words[i].exactness;
    }
    return found->low.more ? CLAIM_MORE : CLAIM_EXACT;
}
