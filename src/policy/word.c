#include "policy/word.h"

/* `to` is 于 where an exception names what it excepts. Where a language has two ways to write a
 * word the second stands in `more`. */
static const struct {
    const char *zh, *en, *more;
} words[WORD_COUNT] = {
    [WORD_PACK] = {"包", "pack", NULL},
    [WORD_USES] = {"引用", "uses", NULL},
    [WORD_SUBJECT] = {"主体", "subject", NULL},
    [WORD_DOCUMENT] = {"文件", "document", NULL},
    [WORD_TEXT] = {"条文", "text", NULL},
    [WORD_INPUT] = {"输入", "input", NULL},
    [WORD_DEFINE] = {"定义", "define", NULL},
    [WORD_STANDARD] = {"标准", "standard", NULL},
    [WORD_SCHEME] = {"项目", "scheme", NULL},
    [WORD_EXCLUSION] = {"互斥", "exclusion", NULL},
    [WORD_STACK] = {"叠加", "stack", NULL},
    [WORD_EXTEND] = {"补充", "extend", NULL},
    [WORD_CASE] = {"用例", "case", NULL},
    [WORD_ALSO] = {"又称", "also", NULL},
    [WORD_HOLDER] = {"掌握", "holder", NULL},
    [WORD_ON] = {"印发", "on", NULL},
    [WORD_SEEN] = {"见原文", "seen", NULL},
    [WORD_BELIEVED] = {"据信", "believed", NULL},
    [WORD_UNCONFIRMED] = {"待核实", "unconfirmed", NULL},
    [WORD_CITE] = {"依据", "cite", NULL},
    [WORD_FROM] = {"自", "from", NULL},
    [WORD_UNTIL] = {"至", "until", NULL},
    [WORD_BY] = {"按", "by", NULL},
    [WORD_NONE] = {"无", "none", NULL},
    [WORD_INSTEAD] = {"取代", "instead", NULL},
    [WORD_APPLIES] = {"对象", "applies", NULL},
    [WORD_PERIOD] = {"周期", "period", NULL},
    [WORD_FORM] = {"形式", "form", NULL},
    [WORD_PAYER] = {"发放", "payer", NULL},
    [WORD_CONFIRMED] = {"名单确认", "confirmed", NULL},
    [WORD_RIGHT] = {"资格", "right", NULL},
    [WORD_AMOUNT] = {"金额", "amount", NULL},
    [WORD_EXCEPT] = {"除外", "except", NULL},
    [WORD_TO] = {"于", "to", "到"},
    [WORD_WHEN] = {"当", "when", NULL},
    [WORD_AVERAGE] = {"平均", "average", NULL},
    [WORD_CEILING] = {"上限", "ceiling", NULL},
    [WORD_BEFORE] = {"先于", "before", NULL},
    [WORD_WITH] = {"与", "with", NULL},
    [WORD_AT] = {"时点", "at", NULL},
    [WORD_EXPECT] = {"期望", "expect", NULL},
    [WORD_NEEDS] = {"需要", "needs", NULL},
    [WORD_UNKNOWN] = {"未知", "unknown", NULL},
    [WORD_NOT_CONCERNED] = {"不适用", "not_concerned", NULL},
    [WORD_LIST] = {"名单", "list", NULL},
    [WORD_YES_NO] = {"是否", "yes_no", NULL},
    [WORD_CHOICE] = {"选项", "choice", NULL},
    [WORD_SET] = {"多项", "set", NULL},
    [WORD_NUMBER] = {"整数", "number", NULL},
    [WORD_MONEY] = {"款额", "money", NULL},
    [WORD_DAY] = {"日期", "day", NULL},
    [WORD_CODE] = {"区划代码", "code", NULL},
    [WORD_TERM] = {"学期", "term", NULL},
    [WORD_YEAR] = {"学年", "year", "年"},
    [WORD_MONTH] = {"月", "month", NULL},
    [WORD_ONCE] = {"一次", "once", NULL},
    [WORD_CASH] = {"现金", "cash", NULL},
    [WORD_WAIVER] = {"减免", "waiver", NULL},
    [WORD_IN_KIND] = {"实物", "in_kind", NULL},
    [WORD_LOAN] = {"贷款", "loan", NULL},
    [WORD_DECLARED] = {"宣示", "declared", NULL},
    [WORD_PLACE] = {"名额", "place", NULL},
    [WORD_OR] = {"或", "or", NULL},
    [WORD_AND] = {"且", "and", NULL},
    [WORD_NOT] = {"非", "not", NULL},
    [WORD_IS] = {"为", "is", NULL},
    [WORD_IN] = {"属于", "in", NULL},
    [WORD_HAS] = {"含", "has", NULL},
    [WORD_ANY] = {"任一", "any", NULL},
    [WORD_ALL] = {"全部", "all", NULL},
    [WORD_LISTED] = {"有标准", "listed", NULL},
    [WORD_OTHERWISE] = {"否则", "otherwise", NULL},
    [WORD_PER_TERM] = {"折学期", "per_term", NULL},
    [WORD_LEAST] = {"较小者", "least", NULL},
    [WORD_MOST] = {"较大者", "most", NULL},
    [WORD_ROUND_DOWN] = {"向下取整", "round_down", NULL},
    [WORD_ROUND_UP] = {"向上取整", "round_up", NULL},
    [WORD_ROUND_HALF_UP] = {"四舍五入", "round_half_up", NULL},
    [WORD_AGE] = {"周岁", "age", NULL},
    [WORD_FULL_MONTHS] = {"满月数", "full_months", NULL},
    [WORD_YES] = {"是", "yes", NULL},
    [WORD_NO] = {"否", "no", NULL},
    [WORD_YUAN] = {"元", "yuan", NULL},
    [WORD_FEN] = {"分", "fen", NULL},
    [WORD_TEN_THOUSAND] = {"万元", "ten_thousand_yuan", NULL},
    [WORD_DAYS] = {"天", "days", NULL},
    [WORD_MONTHS] = {"个月", "months", NULL},
};

/* A text of many names asks for each: the first byte decides most. */
static bool is_written(struct str text, const char *word)
{
    return word != NULL && *word == *text.ptr && str_is(text, word);
}

enum word word_of(struct str text)
{
    if (text.len == 0) return WORD_COUNT;
    for (int w = 0; w < WORD_COUNT; w++) {
        if (is_written(text, words[w].zh) || is_written(text, words[w].en)
            || is_written(text, words[w].more)) {
            return (enum word)w;
        }
    }
    return WORD_COUNT;
}

const char *word_text(enum word word, enum lang lang)
{
    CHECK(word < WORD_COUNT);
    return lang == LANG_ZH ? words[word].zh : words[word].en;
}
