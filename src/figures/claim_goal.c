#include "figures/claim_internal.h"

#include <string.h>

/* What is to be done is no record of what was. A goal is said by a word before the number in its
 * clause (力争, 将建, 规划120个班), by one that rules the sentence (到2025年, 下一步), or goes on
 * from the number before, until a word says that this is done. */

/* "拟聘人员" are people who were chosen, whatever is yet to be done with them. */
static bool is_intended(const struct passage *passage, size_t clause, size_t at)
{
    static const char *const chosen[] = {
        "拟聘人员", "拟录人员", "拟聘用人员", "拟录用人员", "拟招聘人员", "拟任人选", "拟资助",
        "拟推荐",   "虚拟",     "模拟",       "拟表彰",     "拟认定",     NULL};
    for (size_t i = clause; i < at; i++) {
        if (!passage_starts(passage, i, "拟")) continue;
        bool other = passage_starts_one(passage, i, chosen) != NULL
                     || (i > 0 && passage_starts_one(passage, i - 1, chosen) != NULL);
        if (!other) return true;
    }
    return false;
}

/* "将建", "将再投入": what will be. "将320名教师派往" is what was done with them. */
static bool says_will(const struct passage *passage, size_t clause, size_t at)
{
    static const char *const others[] = {"即将", "麻将", "大将", "主将", "小将", "将军", NULL};
    static const char *const froms[] = {"从", "由", NULL};
    static const char *const changes[] = {"到", "至", "为", "→", NULL};
    static const char *const verbs[] = {
        "再",   "继续", "陆续", "分批",   "分别",  "在",   "会",   "有",   "投",     "新",   "建",
        "招",   "达",   "增",   "补充",   "补助",  "为",   "对",   "向",   "组织",   "开",   "选派",
        "完成", "实施", "安排", "启动",   "用",    "力争", "逐步", "全面", "进一步", "重点", "优先",
        "统筹", "按",   "提供", "资助",   "培",    "提高", "提升", "扩",   "改",     "购",   "配备",
        "覆盖", "惠及", "实现", "突破",   "超过",  "迎",   "拿出", "拨",   "设",     "筹",   "争取",
        "支持", "撤并", "减少", "，竣工", ",竣工", "累计", "持续", "免费", "着力",   "推动", "加大",
        "投用", "至少", "通过", "参加",   "发放",  "引进", "聘",   "接收", "打造",   "创建", "评选",
        "表彰", "带动", "吸纳", "容纳",   "解决",  "满足", "缓解", "于",   NULL};
    for (size_t i = clause; i < at; i++) {
        if (!passage_starts(passage, i, "将")) continue;
        bool other = passage_starts_one(passage, i, others) != NULL
                     || (i > 0 && passage_starts_one(passage, i - 1, others) != NULL);
        if (other && !passage_ends(passage, i, "即")) continue;
        /* "将从39%提高到45%": the second is the goal. */
        if (passage_starts_one(passage, i + 1, froms) != NULL
            && passage_has_one(passage, i + 2, at, changes))
            return true;
        if (passage_starts_one(passage, i + 1, verbs) != NULL) return true;
    }
    return false;
}

/* "规划120个班", "规划建设", but not "编制规划12个". */
static bool says_planned(const struct passage *passage, size_t clause, size_t at)
{
    static const char *const behind[] = {"建", "新",   "设",   "总",   "学位", "用地", "占地",
                                         "班", "招",   "到",   "投",   "容纳", "办学", "改",
                                         "用", "面积", "校舍", "床位", "在",   NULL};
    static const char *const made[] = {"编制", "制定", "出台", "印发", "完善", "专项",
                                       "布局", "城市", "城乡", "发展", NULL};
    for (size_t i = clause; i < at; i++) {
        if (!passage_starts(passage, i, "规划")) continue;
        if (passage_ends_one(passage, i, made) != NULL) continue;
        if (i + 2 == at || passage_starts_one(passage, i + 2, behind) != NULL) return true;
    }
    return false;
}

/* "到2025年" in an article of an earlier year, or of one that does not say when it is. */
static bool says_until(const struct claim_reader *reader, size_t from, size_t at)
{
    enum { FIVE_YEARS = 5, FIRST = 2025 };
    const struct passage *passage = &reader->passage;
    int published = 0, month, date;
    if (!day_is_none(reader->published)) day_to_ymd(reader->published, &published, &month, &date);
    for (size_t i = from; i + 5 < at; i++) {
        struct numeral year;
        if (!passage_starts(passage, i, "到") || !code_is_digit(passage_code(passage, i + 1)))
            continue;
        if (!numeral_read(passage, i + 1, &year) || year.digits != 4 || year.decimals > 0) continue;
        if (!passage_starts(passage, year.to, "年")) continue;
        int value = (int)(year.value_e4 / CLAIM_E4);
        if (published > 0 ? value > published : value >= FIRST && value % FIVE_YEARS == 0)
            return true;
    }
    return false;
}

/* "计划新建", but not a plan by name (营养改善计划) nor one of places to be filled (计划招生). */
static bool says_plan(const struct passage *passage, size_t clause, size_t at)
{
    static const char *const verbs[] = {
        "到",   "于",   "新",   "投",   "建",   "改",   "再",   "在",   "实施", "完成", "总投",
        "购",   "增",   "培",   "开",   "选派", "安排", "扩",   "筹",   "利用", "通过", "对",
        "从",   "用三", "用两", "用5",  "用3",  "用2",  "用4",  "分",   "为",   "今年", "年内",
        "组织", "举办", "拿出", "发放", "资助", "覆盖", "引进", "配备", NULL};
    for (size_t i = clause; i < at; i++) {
        if (!passage_starts(passage, i, "计划") || passage_ends(passage, i, "原")) continue;
        if (i == clause && i + 2 == at) return true; /* "计划500套" */
        if (passage_starts_one(passage, i + 2, verbs) != NULL) return true;
    }
    return false;
}

/* "目标30所" */
static bool says_aim(const struct passage *passage, size_t at)
{
    static const char *const aims[] = {"目标", "任务数", "目标任务", NULL};
    return passage_ends_one(passage, at, aims) != NULL;
}

/* The words that say a goal in the clause of the number. */
static bool says_goal(const struct passage *passage, size_t clause, size_t at)
{
    static const char *const goals[] = {
        "力争",   "争取到20", "争取在",   "争取用", "争取达", "争取新", "争取完成", "预计",
        "预期到", "预期将",   "预期目标", "确保",   "目标是", "目标为", "目标值",   "努力",
        "防止",   "要求",     "不得",     "年底前", "有望",   "要达到", "要完成",   "要实现",
        "要新建", "要建成",   "要争取",   "明年",   "后年",   "下一步", "下一阶段", "打算",
        "准备新", "准备再",   "目标：",   "务必",   NULL};
    return passage_has_one(passage, clause, at, goals) || is_intended(passage, clause, at)
           || says_will(passage, clause, at) || says_planned(passage, clause, at)
           || says_plan(passage, clause, at) || says_aim(passage, at);
}

/* Behind the last word that says that something is so already. */
static size_t behind_done(const struct passage *passage, size_t from, size_t at)
{
    static const char *const done[] = {"已",     "目前",   "现有",  "截至", "截止",   "完成投资",
                                       "实际",   "完成率", "去年",  "上年", "较上",   "较去",
                                       "较20",   "比上",   "比去",  "比20", "比往",   "达到了",
                                       "建成了", "今年1",  "过去",  "现在", "实现了", "全年完成",
                                       "完成了", "，竣工", ",竣工", NULL};
    for (size_t i = at; i-- > from;) {
        const char *word = passage_starts_one(passage, i, done);
        if (word != NULL) return i + utf8_count(str_from(word));
    }
    return from;
}

/* Words that rule all that stands behind them in the sentence. */
static bool rules_sentence(const struct claim_reader *reader, size_t from, size_t at)
{
    static const char *const strong[] = {"力争",   "下一步", "下一阶段", "未来",   "今后", "目标是",
                                         "目标为", "接下来", "规划到",   "计划到", NULL};
    return passage_has_one(&reader->passage, from, at, strong) || says_until(reader, from, at);
}

/* Whether the number before is a goal that goes on: in the same part of the sentence, with nothing
 * said to be done since, which is behind `done`. */
static bool goes_on(const struct claim_reader *reader, const struct claim_span *span, size_t done)
{
    static const char *const breaks[] = {"；", ";", NULL};
    const struct passage *passage = &reader->passage;
    for (size_t i = reader->out->count; i-- > reader->first;) {
        const struct claim_span *last = &reader->spans[i];
        if (last->from >= span->from) continue;
        /* "目标30所，完成32所" */
        bool met = passage_has(passage, last->end, span->from, "完成", NULL)
                   && str_equal(last->measure, passage_slice(passage, span->to, span->end));
        if (met) return false;
        return last->sentence == span->sentence && reader->out->items[i].goal && done <= last->end
               && !passage_has_one(passage, last->end, span->from, breaks);
    }
    return false;
}

/* Where the words begin that no other number has claimed: behind the last one of the sentence. */
static size_t behind_numbers(const struct claim_reader *reader, const struct claim_span *span)
{
    size_t from = span->sentence;
    for (size_t i = reader->first; i < reader->out->count; i++) {
        const struct claim_span *other = &reader->spans[i];
        if (other->from < span->from && other->end > from) from = other->end;
    }
    return from;
}

/* "预计到2020年，实现投资1000万元": said in a clause before that has no number of its own. */
static bool says_before(const struct passage *passage, size_t from, size_t at)
{
    static const char *const words[] = {"预计", "有望", "力争", NULL};
    return passage_has_one(passage, from, at, words) || says_plan(passage, from, at);
}

/* Whether the paragraph, its heading or the article is of what is yet to be: from a sentence that
 * begins so on. */
static bool is_ahead(const struct claim_reader *reader, const struct claim_span *span)
{
    static const char *const begins[] = {"下一步",   "下步",   "接下来", "下阶段",
                                         "下一阶段", "今后，", NULL};
    const struct passage *passage = &reader->passage;
    if (reader->plan || reader->ahead_level > 0) return true;
    for (size_t i = passage->start; i < span->sentence; i++) {
        bool begin = i == passage->start || code_ends_sentence(passage_code(passage, i - 1));
        if (begin && passage_starts_one(passage, i, begins) != NULL) return true;
    }
    return false;
}

bool claim_is_goal(const struct claim_reader *reader, const struct claim_span *span)
{
    const struct passage *passage = &reader->passage;
    size_t done = behind_done(passage, span->sentence, span->from);
    if (says_goal(passage, done > span->wide ? done : span->wide, span->from)) return true;
    if (rules_sentence(reader, done, span->from)) return true;
    size_t from = behind_numbers(reader, span);
    if (says_before(passage, done > from ? done : from, span->from)) return true;
    if (done <= span->sentence && is_ahead(reader, span)) return true;
    return goes_on(reader, span, done);
}
