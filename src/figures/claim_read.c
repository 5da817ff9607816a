#include "figures/claim_internal.h"

#include "base/list.h"

#include <string.h>

enum {
    CLAUSE_CODES_MAX = 300,    /* on either side of a number */
    SENTENCE_CODES_MAX = 2000, /* longer ones are read in pieces */
};

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
    {"有余", CLAIM_MORE},     {"开外", CLAIM_MORE},       {"出头", CLAIM_MORE},
    {"不到", CLAIM_NEARLY},   {"余", CLAIM_MORE},         {"多", CLAIM_MORE},
};

bool claim_add(struct claim_reader *reader, const struct claim *claim,
               const struct claim_span *span, struct err *err)
{
    struct claims *out = reader->out;
    if (out->count == CLAIMS_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d numbers are stated", "文中数字超过 %d 个",
                       CLAIMS_MAX);
    }
    /* Universal claims are found after the others: keep the order of the text. */
    size_t at = out->count;
    while (at > reader->first && reader->spans[at - 1].from > span->from) {
        out->items[at] = out->items[at - 1];
        reader->spans[at] = reader->spans[at - 1];
        at--;
    }
    out->items[at] = *claim;
    reader->spans[at] = *span;
    out->count++;
    return true;
}

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
    bool small = numeral->hanzi && numeral->value_e4 < 10 * CLAIM_E4;
    if (small && passage_ends_one(passage, numeral->from, these) != NULL) return true;
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

/* What is found at one number. */
struct found {
    struct numeral low, high;
    bool range;
    struct measure measure;
    size_t from; /* with 百分之 */
    size_t to;   /* behind the numeral */
    size_t end;  /* behind the unit, and 余 or 以上 behind it */
};

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

/* Reads one number with its unit; `end` of `out` is where reading goes on even when it is none. */
static bool read_number(const struct passage *passage, size_t at, size_t clause, size_t clause_end,
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

static bool is_refused(const struct passage *passage, const struct found *found)
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

static enum claim_exactness exactness_of(const struct passage *passage, struct found *found,
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

/* A clause about all of those that it counts. */
static bool is_about_all(const struct passage *passage, const struct claim *claim,
                         const struct claim_span *span)
{
    static const char *const all[] = {"全部", "均已", "均达", "均实",     "均通",
                                      "全员", "所有", "100%", "百分之百", NULL};
    static const char *const dropout[] = {"辍学", "失学", "流失", NULL};
    bool counted = claim->unit == CLAIM_PERCENT || claim->unit == CLAIM_PERSONS;
    if (counted && claim->value_e4 == 0 && claim->exactness == CLAIM_EXACT)
        return passage_has_one(passage, span->clause, span->clause_end, dropout);
    if (claim->unit == CLAIM_PERCENT)
        return claim->value_e4 == 100 * CLAIM_E4 && claim->exactness == CLAIM_EXACT;
    if (claim->unit != CLAIM_PERSONS && claim->unit != CLAIM_VILLAGES
        && claim->unit != CLAIM_SCHOOLS && claim->unit != CLAIM_KINDERGARTENS) {
        return false;
    }
    size_t end = span->clause_end;
    return passage_has_one(passage, span->end, end, all)
           || passage_has_one(passage, span->end, end, (const char *const[]){"全覆盖", NULL});
}

static void fill(struct claim_reader *reader, const struct found *found, struct claim_span *span,
                 struct claim *claim)
{
    const struct passage *passage = &reader->passage;
    const struct numeral *last = found->range ? &found->high : &found->low;
    int64_t low = found->low.value_e4, scale = last->scale_e4;
    bool shared = found->range && found->low.scale_e4 == CLAIM_E4 && scale > CLAIM_E4;
    if (shared) low *= scale / CLAIM_E4;
    *claim = (struct claim){
        .unit = found->measure.unit,
        .value_e4 = low * found->measure.times / found->measure.per + found->measure.plus_e4,
        .high_e4 =
            (found->range ? found->high.value_e4 : low) * found->measure.times / found->measure.per
            + found->measure.plus_e4,
        .place_e4 = last->place_e4 * found->measure.times / found->measure.per,
        .zeros_e4 = last->zeros_e4 * found->measure.times / found->measure.per,
        .scale_e4 = scale,
        .decimals = last->decimals,
        .hanzi = last->hanzi,
        .paragraph = reader->paragraph,
        .number = passage_slice(passage, found->from, found->to),
    };
    if (claim->place_e4 == 0) claim->place_e4 = claim->zeros_e4 = 1;
    if (found->measure.plus_e4 > 0) claim->place_e4 = claim->zeros_e4 = CLAIM_E4;
    span->from = found->from;
    span->to = found->to;
    span->general = found->measure.general;
    span->inherited = found->measure.inherited;
    size_t behind = found->to + found->measure.length;
    span->measure = passage_slice(passage, found->to, behind);
    if (found->measure.named) span->noun = passage_slice(passage, behind, behind + 2);
}

/* Whether a number by which another is compared: "比上年增加36所", "从166所增加到350所". */
static bool is_compared(const struct passage *passage, size_t from, size_t to)
{
    static const char *const words[] = {"比",   "较",   "增加", "减少", "净增", "增长", "下降",
                                        "提高", "上升", "扩大", "增至", "减至", "降至", "升至",
                                        "达到", "→",    "➡",    "⇒",    "->",   "=>",   "变为",
                                        "到",   "至",   "下调", "减到", "缩减", "每年", NULL};
    return passage_has_one(passage, from, to, words);
}

/* "幼儿园、小学分别新建3所、2所": by its place behind 分别, what the list before names there. */
static bool follow_list(const struct claim_reader *reader, const struct claim_span *span,
                        const struct found *found, struct measure *measure)
{
    const struct passage *passage = &reader->passage;
    size_t at = SIZE_MAX, place = 0;
    for (size_t i = span->sentence; i < found->from; i++) {
        if (passage_starts(passage, i, "分别")) at = i;
    }
    if (at == SIZE_MAX) return false;
    for (size_t i = reader->first; i < reader->out->count; i++) place += reader->spans[i].from > at;
    struct noun noun;
    if (!noun_listed(passage, span->sentence, at, place, &noun)) return false;
    if (noun.unit != CLAIM_SCHOOLS && noun.unit != CLAIM_KINDERGARTENS) return false;
    measure->unit = noun.unit;
    return true;
}

/* What 所 or 个 counts where no noun says it is what it counted before: "共245个班，其中小学173个",
 * "幼儿园6973所，比上年增加36所". */
static void inherit(const struct claim_reader *reader, const struct claim_span *span,
                    const struct found *found, struct measure *measure)
{
    enum { GAP_CODES_MAX = 20 };
    const struct passage *passage = &reader->passage;
    struct noun noun;
    bool place = passage_ends(passage, found->end, "所");
    if (measure->named || (place && follow_list(reader, span, found, measure))) return;
    /* "公办园：完成32所": the noun of an earlier clause. */
    if (measure->plain && !measure->general
        && noun_before(passage, span->sentence, found->from, false, &noun)
        && noun.unit == CLAIM_KINDERGARTENS) {
        measure->unit = noun.unit;
    }
    if (reader->out->count == reader->first) return;
    const struct claim_span *last = &reader->spans[reader->out->count - 1];
    const struct claim *claim = &reader->out->items[reader->out->count - 1];
    if (last->sentence != span->sentence) return;
    struct str word = passage_slice(passage, found->end - measure->length, found->end);
    bool near = found->from <= last->end + GAP_CODES_MAX && str_equal(word, last->measure);
    if (measure->plain && near && is_compared(passage, last->end, found->from)) {
        measure->unit = claim->unit;
        return;
    }
    if (!measure->general || !last->general) return;
    bool parts = passage_has(passage, last->end, span->wide + 3, "其中", NULL);
    if (!parts && !last->inherited) return;
    measure->unit = claim->unit;
    measure->inherited = true;
}

/* "由88%提高到95%": the second number counts what the first did, and the first is past. */
static bool follow_change(struct claim_reader *reader, struct claim_span *span,
                          const struct found *found)
{
    static const char *const changes[] = {
        "提高到", "提升到", "增加到", "上升到", "增长到", "扩大到", "下降到", "减少到",
        "降低到", "提高至", "提升至", "增加至", "上升至", "增长至", "减少至", "降低至",
        "下降至", "增至",   "降至",   "升至",   "减至",   "降到",   "升到",   "压减到",
        "压减至", "扩大至", "缩小到", "缩小至", "压缩到", "压缩至", "调整到", "调整为",
        "提高为", "下降为", "减少为", "变为",   "变成",   "增为",   "上调到", "上调至",
        "提标到", "提标至", "改为",   "翻到",   "到",     "→",      "➡",      "⇒",
        "->",     "=>",     "—>",     "➜",      "⟶",      "—→",     NULL};
    static const char *const froms[] = {"由", "从", NULL};
    if (reader->out->count == reader->first) return false;
    const struct passage *passage = &reader->passage;
    const struct claim_span *last = &reader->spans[reader->out->count - 1];
    const struct claim *claim = &reader->out->items[reader->out->count - 1];
    enum { GAP_CODES_MAX = 14 };
    if (last->sentence != span->sentence || claim->unit != found->measure.unit) return false;
    if (found->from > last->end + GAP_CODES_MAX) return false;
    if (!passage_has_one(passage, last->end, found->from, changes)) return false;
    static const char *const arrows[] = {"→", "➡", "⇒", ">", "➜", "⟶", NULL};
    if (!passage_has_one(passage, last->wide, last->from, froms)
        && !passage_has_one(passage, last->end, found->from, arrows)) {
        return false;
    }
    span->wide = last->wide;
    return true;
}

/* The bounds of the clause around `at`: "、" parts clauses too. A thousands separator does not. */
static void clause_of(const struct passage *passage, size_t at, struct claim_span *span)
{
    size_t i = at,
           last = at > span->sentence + CLAUSE_CODES_MAX ? at - CLAUSE_CODES_MAX : span->sentence;
    while (i > last && !code_ends_clause(passage_code(passage, i - 1))) i--;
    span->clause = i;
    while (i > last
           && (!code_ends_clause(passage_code(passage, i - 1))
               || passage_code(passage, i - 1) == 0x3001)) {
        i--;
    }
    span->wide = i;
    last = span->sentence_end > at + CLAUSE_CODES_MAX ? at + CLAUSE_CODES_MAX : span->sentence_end;
    for (i = at; i < last && !code_ends_clause(passage_code(passage, i)); i++) {
    }
    span->clause_end = i;
}

/* Characters with which a numeral may begin: a quick look before a slow one. */
static bool may_begin(uint32_t code)
{
    return code_is_digit(code) || (code >= 0x3007 && code <= 0x9FFF) || code == 0x25CB;
}

/* What stands beside a number ends where the next number begins. */
static void end_near(struct claim_reader *reader, size_t first)
{
    for (size_t i = first; i + 1 < reader->out->count; i++) {
        struct claim *claim = &reader->out->items[i];
        const char *next = reader->out->items[i + 1].number.ptr;
        if (next > claim->near.ptr && next < claim->near.ptr + claim->near.len)
            claim->near.len = (size_t)(next - claim->near.ptr);
    }
}

static bool read_sentence(struct claim_reader *reader, size_t from, size_t to, struct err *err)
{
    const struct passage *passage = &reader->passage;
    size_t first = reader->out->count;
    for (size_t i = from; i < to;) {
        struct found found;
        if (!may_begin(passage_code(passage, i))) {
            i++;
            continue;
        }
        struct claim_span span = {.sentence = from, .sentence_end = to};
        clause_of(passage, i, &span);
        if (reader->out->count > reader->first) {
            size_t before = reader->spans[reader->out->count - 1].end;
            if (before > span.wide) span.wide = before;
        }
        size_t clause_end = span.clause_end;
        bool good = read_number(passage, i, span.wide, clause_end, &found);
        if (found.end <= i) {
            i++;
            continue;
        }
        i = found.end;
        if (!good || is_refused(passage, &found)) continue;
        inherit(reader, &span, &found, &found.measure);
        bool changed = follow_change(reader, &span, &found);
        struct claim claim;
        size_t start = found.from;
        enum claim_exactness exactness = exactness_of(passage, &found, &start);
        fill(reader, &found, &span, &claim);
        if (found.end > i) i = found.end;
        span.end = found.end;
        for (clause_end = span.end; clause_end < to && clause_end < span.end + CLAUSE_CODES_MAX
                                    && !code_ends_clause(passage_code(passage, clause_end));
             clause_end++) {
        }
        span.clause_end = clause_end;
        claim.exactness = found.range && exactness == CLAIM_EXACT ? CLAIM_RANGE : exactness;
        claim.everyone = is_about_all(passage, &claim, &span);
        if (changed) reader->out->items[reader->out->count - 1].past = true;
        claim.goal = claim_is_goal(reader, &span);
        claim_words(reader, &claim, &span);
        claim_years(reader, &claim, &span);
        if (!claim_add(reader, &claim, &span, err)) return false;
    }
    end_near(reader, first);
    return true;
}

/* Behind the number of a heading: "一、", "（二）", "3.". */
static size_t heading_end(const struct passage *passage)
{
    size_t i = 0;
    bool bracket = passage_code(passage, 0) == 0xFF08 || passage_code(passage, 0) == '(';
    struct numeral number;
    if (bracket) i++;
    if (!numeral_read(passage, i, &number) || number.value_e4 > 50 * CLAIM_E4) return 0;
    if (number.decimals > 0 || number.to > i + 2) return 0;
    uint32_t mark = passage_code(passage, number.to);
    bool closed = mark == 0xFF09 || mark == ')';
    bool plain = mark == 0x3001 || mark == '.' || mark == 0xFF0E || closed;
    return (bracket ? closed : plain) ? number.to + 1 : 0;
}

static bool read_paragraph(struct claim_reader *reader, struct str text, struct err *err)
{
    reader->passage = (struct passage){.text = text, .codes = codes_of(reader->arena, text)};
    reader->first = reader->out->count;
    const struct passage *passage = &reader->passage;
    size_t from = reader->passage.start = heading_end(passage);
    for (size_t i = from; i <= passage->codes.count; i++) {
        bool end = i == passage->codes.count || code_ends_sentence(passage_code(passage, i))
                   || i - from >= SENTENCE_CODES_MAX;
        if (!end) continue;
        while (
            i + 1 < passage->codes.count
            && (passage_code(passage, i + 1) == 0x201D || passage_code(passage, i + 1) == 0x2019)) {
            i++;
        }
        size_t to = i < passage->codes.count ? i + 1 : i;
        if (to > from && !read_sentence(reader, from, to, err)) return false;
        from = to;
    }
    if (!claims_of_everyone(reader, err)) return false;
    claims_sums(reader);
    return true;
}

/* A page may say its first sentence again as its title: it is read once. */
static bool is_said_below(const struct article *article)
{
    for (size_t i = 0; i < article->count; i++) {
        if (str_equal(article->paragraphs[i].text, article->title)) return true;
    }
    return false;
}

bool claims_read(struct arena *arena, const struct article *article, struct claims *out,
                 struct err *err)
{
    struct claims claims = {.article = article};
    struct claim_reader reader = {.arena = arena, .out = &claims, .published = article->published};
    claims.items = arena_array(arena, struct claim, CLAIMS_MAX);
    claims.sums = arena_array(arena, struct claim_sum, CLAIMS_MAX);
    reader.spans = arena_array(arena, struct claim_span, CLAIMS_MAX);
    reader.paragraph = SIZE_MAX;
    bool titled = article->title.len > 0 && !is_said_below(article);
    if (titled && !read_paragraph(&reader, article->title, err)) return false;
    for (size_t i = 0; i < article->count; i++) {
        reader.paragraph = i;
        if (!read_paragraph(&reader, article->paragraphs[i].text, err)) return false;
    }
    *out = claims;
    return true;
}
