#include "figures/claim_internal.h"

#include <string.h>

enum { SUBJECT_CODES_MAX = 40, GAP_CODES_MAX = 3 };

/* Words that lead into a number or into a clause and are no part of what is counted. */
static const char *const leads[] = {
    "达到",   "达",     "约为",   "约有",   "约",     "共计", "合计", "总计",   "累计",   "共有",
    "共",     "为",     "是",     "有",     "近",     "超过", "超",   "逾",     "突破",   "不少于",
    "不低于", "至少",   "计",     "了",     "至",     "到",   "增至", "增加到", "提高到", "提升到",
    "提高至", "提升至", "降至",   "下降到", "分别",   "就",   "：",   ":",      "“",      "‘",
    "（",     "(",      "总数",   " ",      "已",     "大约", "接近", "将近",   "不足",   "高于",
    "多于",   "上升到", "百分之", "千分之", "不超过", "仅",   "只",   NULL};
static const char *const starts[] = {
    "全市", "全县", "全区", "我市", "我县", "我区", "全省", "其中", "共",   "先后", "累计",
    "我们", "目前", "截至", "今年", "去年", "同时", "并",   "已",   "：",   ":",    "“",
    "‘",    "（",   "(",    " ",    "，",   "当前", "现有", "现",   "有",   "另",   "以及",
    "及",   "和",   "还",   "”",    "’",    "）",   ")",    "全部", "中，", "、",   NULL};

/* What ends the noun phrase behind a number. */
static const char *const stops[] = {
    "到",   "来",   "参加", "接受", "享受", "获",   "被",   "在",   "全部", "均",   "已",   "都",
    "通过", "进行", "实现", "进",   "去",   "赴",   "用于", "惠及", "顺利", "同比", "占",   "其",
    "以上", "左右", "（",   "(",    "‘",    "“",    "比",   "较",   "从",   "按",   "返",   "得到",
    "完成", "达",   "上",   "无",   "没有", "为",   "是",   "受",   "将",   "因",   "，",   " ",
    "”",    "’",    "）",   ")",    "的",   "覆盖", "投入", "投用", "入学", "入园", "取得", "脱贫",
    "退出", "不",   "未",   "人均", "升",   "考",   NULL};

/* The end of the noun phrase that starts at `from`. */
static size_t noun_end(const struct passage *passage, size_t from, size_t end)
{
    size_t i = from;
    for (; i < end && i - from < SUBJECT_CODES_MAX; i++) {
        if (i > from && code_is_digit(passage_code(passage, i))) break;
        if (passage_starts_one(passage, i, stops) != NULL) {
            bool name = i > from
                        && (passage_starts(passage, i, "进城") || passage_starts(passage, i, "的"));
            if (!name) break;
        }
    }
    return i;
}

static size_t skip_starts(const struct passage *passage, size_t from, size_t to)
{
    for (;;) {
        const char *lead = passage_starts_one(passage, from, starts);
        size_t length = lead == NULL ? 0 : utf8_count(str_from(lead));
        if (length == 0 || from + length > to) return from;
        from += length;
    }
}

static size_t drop_leads(const struct passage *passage, size_t from, size_t to)
{
    for (;;) {
        const char *lead = passage_ends_one(passage, to, leads);
        size_t length = lead == NULL ? 0 : utf8_count(str_from(lead));
        if (length == 0 || from + length > to) return to;
        to -= length;
    }
}

bool claim_only_leads(const struct passage *passage, size_t from, size_t to)
{
    return drop_leads(passage, from, to) == from;
}

/* "2021年", "2020年秋季", which say when and not what. */
static size_t skip_year(const struct passage *passage, size_t from, size_t to)
{
    static const char *const behind[] = {"以来", "秋季", "春季", "全年", "底",
                                         "末",   "度",   "，",   NULL};
    size_t i = from;
    while (i < to && i < from + 5 && code_is_digit(passage_code(passage, i))) i++;
    if (i != from + 4 || passage_code(passage, i) != 0x5E74) return from;
    const char *word = passage_starts_one(passage, ++i, behind);
    if (word != NULL) i += utf8_count(str_from(word));
    return i < to ? i : from;
}

/* Where the clause before begins, for numbers that begin their own ("，690所"). */
static size_t clause_before(const struct passage *passage, size_t clause, size_t sentence)
{
    size_t at = clause > sentence ? clause - 1 : sentence;
    while (at > sentence && !code_ends_clause(passage_code(passage, at - 1))) at--;
    return at;
}

void claim_words(struct claim_reader *reader, struct claim *claim, const struct claim_span *span)
{
    const struct passage *passage = &reader->passage;
    size_t tail = noun_end(passage, span->end, span->clause_end);
    size_t from = skip_starts(passage, span->wide, span->from);
    from = skip_starts(passage, skip_year(passage, from, span->from), span->from);
    size_t to = drop_leads(passage, from, span->from);
    claim->near = passage_slice(passage, span->wide, span->clause_end);
    claim->sentence = passage_slice(passage, span->sentence, span->sentence_end);
    claim->text = passage_slice(passage, from, tail);
    if (tail >= span->end + 2) {
        claim->subject = passage_slice(passage, span->end, tail);
    } else if (to > from) {
        claim->subject = passage_slice(passage, from, to);
    } else {
        size_t before = clause_before(passage, span->clause, span->sentence);
        size_t last = span->clause > before ? span->clause - 1 : before;
        before = skip_starts(passage, before, last);
        claim->subject = passage_slice(passage, before, drop_leads(passage, before, last));
    }
}

/* "2020年", "2016—2020年", "“十三五”": the last that the sentence names before the claim. */
void claim_years(const struct claim_reader *reader, struct claim *claim,
                 const struct claim_span *span)
{
    const struct passage *passage = &reader->passage;
    int published = 0, month, date;
    if (!day_is_none(reader->published)) day_to_ymd(reader->published, &published, &month, &date);
    for (size_t i = span->sentence; i < span->from; i++) {
        struct numeral year;
        if (passage_starts(passage, i, "十三五")) claim->year_from = 2016, claim->year_to = 2020;
        if (passage_starts(passage, i, "十四五")) claim->year_from = 2021, claim->year_to = 2025;
        if (passage_starts(passage, i, "今年") && published > 0)
            claim->year_from = claim->year_to = published;
        if (passage_starts(passage, i, "去年") && published > 0)
            claim->year_from = claim->year_to = published - 1;
        if (!code_is_digit(passage_code(passage, i)) || !numeral_read(passage, i, &year)) continue;
        int64_t value = year.value_e4 / CLAIM_E4;
        if (year.digits == 4 && value >= 1949 && value <= 2100 && year.decimals == 0) {
            uint32_t next = passage_code(passage, year.to);
            bool range = next == '-' || next == 0x2014 || next == 0x2013 || next == 0x81F3
                         || next == '~' || next == 0xFF0D || next == 0xFF5E;
            bool second = claim->year_to == 0 && claim->year_from > 0;
            if (next == 0x5E74) { /* 年 */
                if (!second) claim->year_from = (int)value;
                claim->year_to = (int)value;
            } else if (range) {
                claim->year_from = (int)value;
                claim->year_to = 0;
            }
        }
        i = year.to - 1;
    }
    if (claim->year_to == 0) claim->year_from = 0;
}
