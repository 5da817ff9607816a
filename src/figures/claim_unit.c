#include "figures/claim_internal.h"

#include <string.h>

enum { NOUN_CODES_MAX = 24 };

static const struct {
    const char *key, *zh, *en;
} units[CLAIM_UNIT_COUNT] = {
    [CLAIM_YUAN] = {"yuan", "元", "yuan"},
    [CLAIM_PERSONS] = {"persons", "人", "persons"},
    [CLAIM_PERSON_TIMES] = {"person_times", "人次", "person-times"},
    [CLAIM_SCHOOLS] = {"schools", "所", "schools"},
    [CLAIM_VILLAGES] = {"villages", "个村", "villages"},
    [CLAIM_KINDERGARTENS] = {"kindergartens", "所幼儿园", "kindergartens"},
    [CLAIM_AGREEMENTS] = {"agreements", "份协议", "agreements"},
    [CLAIM_PERCENT] = {"percent", "%", "%"},
    [CLAIM_ITEMS] = {"items", "个", "items"},
    [CLAIM_YEARS] = {"years", "年", "years"},
    [CLAIM_DAYS] = {"days", "天", "days"},
};

const char *claim_unit_key(enum claim_unit unit)
{
    CHECK(unit < CLAIM_UNIT_COUNT);
    return units[unit].key;
}

const char *claim_unit_text(enum claim_unit unit, enum lang lang)
{
    CHECK(unit < CLAIM_UNIT_COUNT);
    return lang == LANG_ZH ? units[unit].zh : units[unit].en;
}

bool claim_unit_of(struct str key, enum claim_unit *out)
{
    for (int i = 0; i < CLAIM_UNIT_COUNT; i++) {
        if (!str_is(key, units[i].key)) continue;
        *out = (enum claim_unit)i;
        return true;
    }
    return false;
}

/* What a measure word is before its noun is looked at. */
enum word_kind {
    WORD_UNIT,    /* the unit itself */
    WORD_PLACE,   /* 所 家 处: schools unless the noun says kindergartens or else */
    WORD_GENERAL, /* 个: what the noun says */
    WORD_PAPER,   /* 份: agreements or items */
};

/* Longer words before their beginnings. `not_before`: with one of these characters behind, it is
 * another word (所有, 人民); `spoken`: goes with small Chinese numerals as well. */
static const struct word {
    const char *word;
    enum word_kind kind;
    enum claim_unit unit;
    const char *not_before;
    bool spoken;
} words[] = {
    {"亿元", WORD_UNIT, CLAIM_YUAN, NULL, true}, /* after 余: 35余亿元 */
    {"万元", WORD_UNIT, CLAIM_YUAN, NULL, true},
    {"人民币", WORD_UNIT, CLAIM_YUAN, NULL, true},
    {"块钱", WORD_UNIT, CLAIM_YUAN, NULL, true},
    {"元", WORD_UNIT, CLAIM_YUAN, "旦月宵素老", true},
    {"人次", WORD_UNIT, CLAIM_PERSON_TIMES, NULL, true},
    {"人（次）", WORD_UNIT, CLAIM_PERSON_TIMES, NULL, true},
    {"人(次)", WORD_UNIT, CLAIM_PERSON_TIMES, NULL, true},
    {"人·次", WORD_UNIT, CLAIM_PERSON_TIMES, NULL, true},
    {"名次", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"名", WORD_UNIT, CLAIM_PERSONS, "列单", true},
    {"人", WORD_UNIT, CLAIM_PERSONS, "民才员力类大制间工文物气体生行", true},
    {"位", WORD_UNIT, CLAIM_PERSONS, "于列居一置次数", true},
    {"个百分点", WORD_UNIT, CLAIM_PERCENT, NULL, true},
    {"百分点", WORD_UNIT, CLAIM_PERCENT, NULL, true},
    {"%", WORD_UNIT, CLAIM_PERCENT, NULL, true},
    {"‰", WORD_UNIT, CLAIM_PERCENT, NULL, true},
    {"个月", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个学期", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个学年", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个小时", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个工作日", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个年", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"省", WORD_UNIT, CLAIM_ITEMS, "级道内份力略钱", false},
    {"个", WORD_GENERAL, CLAIM_ITEMS, "人性别", false},
    {"所", WORD_PLACE, CLAIM_SCHOOLS, "有谓需得", true},
    {"家", WORD_PLACE, CLAIM_ITEMS, "长庭校", true},
    {"处", WORD_PLACE, CLAIM_ITEMS, "于理长", true},
    {"份", WORD_PAPER, CLAIM_ITEMS, NULL, true},
    {"户次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"户", WORD_UNIT, CLAIM_ITEMS, "籍口外", true},
    {"平方公里", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"平方米", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"平米", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"㎡", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"公里", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"公顷", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"公斤", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"亩", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"吨", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"米", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"台套", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"台（套）", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"台(套)", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"台", WORD_UNIT, CLAIM_ITEMS, "阶", true},
    {"套", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"册", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"本", WORD_UNIT, CLAIM_ITEMS, "科专地级市县校身次质级", false},
    {"部", WORD_UNIT, CLAIM_ITEMS, "门分队署委", true},
    {"件", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"张", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"间", WORD_UNIT, CLAIM_ITEMS, "接", true},
    {"栋", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"幢", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"座", WORD_UNIT, CLAIM_ITEMS, "谈", true},
    {"辆", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"笔", WORD_UNIT, CLAIM_ITEMS, "试记者划墨筒", true},
    {"项", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"条", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"场次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"场", WORD_UNIT, CLAIM_ITEMS, "所地馆景合", true},
    {"期", WORD_UNIT, CLAIM_ITEMS, "间末初望待盼", false},
    {"次", WORD_UNIT, CLAIM_ITEMS, "性数", false},
    {"批次", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"批", WORD_UNIT, CLAIM_ITEMS, "准示评复", false},
    {"课时", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"学时", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"节", WORD_UNIT, CLAIM_ITEMS, "约日目点能俭", false},
    {"门", WORD_UNIT, CLAIM_ITEMS, "口户类", false},
    {"支", WORD_UNIT, CLAIM_ITEMS, "教部付出持撑一援", false},
    {"例", WORD_UNIT, CLAIM_ITEMS, "外如", true},
    {"起", WORD_UNIT, CLAIM_ITEMS, "来点", true},
    {"篇", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"种", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"组", WORD_UNIT, CLAIM_ITEMS, "织成建长", false},
    {"对", WORD_UNIT, CLAIM_ITEMS, "口一应于象", false},
    {"枚", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"幅", WORD_UNIT, CLAIM_ITEMS, "度", false},
    {"封", WORD_UNIT, CLAIM_ITEMS, "闭", false},
    {"床", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"年", WORD_UNIT, CLAIM_YEARS, "级代度初末底前后内来间", false},
    {"天", WORD_UNIT, CLAIM_DAYS, "津水祝堂后内前", true},
};

/* Nouns that decide what 所, 个 and 份 count. */
static const struct noun {
    const char *word;
    enum claim_unit unit;
} nouns[] = {
    {"公办园", CLAIM_KINDERGARTENS},
    {"民办园", CLAIM_KINDERGARTENS},
    {"普惠园", CLAIM_KINDERGARTENS},
    {"中心园", CLAIM_KINDERGARTENS},
    {"村级园", CLAIM_KINDERGARTENS},
    {"分园", CLAIM_KINDERGARTENS},
    {"普惠性民办园", CLAIM_KINDERGARTENS},
    {"幼儿园", CLAIM_KINDERGARTENS},
    {"幼儿班", CLAIM_ITEMS},
    {"学前班", CLAIM_ITEMS},
    {"中小学", CLAIM_SCHOOLS},
    {"学校", CLAIM_SCHOOLS},
    {"小学", CLAIM_SCHOOLS},
    {"初中", CLAIM_SCHOOLS},
    {"中学", CLAIM_SCHOOLS},
    {"高中", CLAIM_SCHOOLS},
    {"中职", CLAIM_SCHOOLS},
    {"教学点", CLAIM_SCHOOLS},
    {"院校", CLAIM_SCHOOLS},
    {"高校", CLAIM_SCHOOLS},
    {"职校", CLAIM_SCHOOLS},
    {"完小", CLAIM_SCHOOLS},
    {"村小", CLAIM_SCHOOLS},
    {"学院", CLAIM_SCHOOLS},
    {"大学", CLAIM_SCHOOLS},
    {"贫困村", CLAIM_VILLAGES},
    {"行政村", CLAIM_VILLAGES},
    {"自然村", CLAIM_VILLAGES},
    {"建制村", CLAIM_VILLAGES},
    {"脱贫村", CLAIM_VILLAGES},
    {"村", CLAIM_VILLAGES},
    {"协议书", CLAIM_AGREEMENTS},
    {"协议", CLAIM_AGREEMENTS},
    {"合同", CLAIM_AGREEMENTS},
    {"人校", CLAIM_SCHOOLS},
    {"学位", CLAIM_ITEMS},
    {"食堂", CLAIM_ITEMS},
    {"小组", CLAIM_ITEMS},
    {"教学班", CLAIM_ITEMS},
    {"班级", CLAIM_ITEMS},
    {"班", CLAIM_ITEMS},
    {"县区", CLAIM_ITEMS},
    {"乡镇", CLAIM_ITEMS},
    {"工作室", CLAIM_ITEMS},
    {"基地", CLAIM_ITEMS},
    {"项目", CLAIM_ITEMS},
    {"实验室", CLAIM_ITEMS},
    {"教室", CLAIM_ITEMS},
    {"图书室", CLAIM_ITEMS},
    {"功能室", CLAIM_ITEMS},
    {"专业", CLAIM_ITEMS},
    {"床位", CLAIM_ITEMS},
    {"座位", CLAIM_ITEMS},
    {"岗位", CLAIM_ITEMS},
    {"名额", CLAIM_ITEMS},
    {"团队", CLAIM_ITEMS},
    {"集团", CLAIM_ITEMS},
    {"操场", CLAIM_ITEMS},
    {"县", CLAIM_ITEMS},
    {"社团", CLAIM_ITEMS},
    {"课程", CLAIM_ITEMS},
    {"平台", CLAIM_ITEMS},
    {"学生", CLAIM_PERSONS},
    {"教师", CLAIM_PERSONS},
    {"儿童", CLAIM_PERSONS},
};

/* A noun at a place; NULL: none. "村" counts only where it is not part of 村民, 村级 and the like,
 * nor of 农村, 乡村. */
static const struct noun *noun_at(const struct passage *passage, size_t at)
{
    static const char *const within[] = {"村民", "村级", "村小", "村委", "村干",
                                         "村校", "村医", "村道", "村企", NULL};
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++) {
        if (!passage_starts(passage, at, nouns[i].word)) continue;
        bool single = strlen(nouns[i].word) == 3;
        if (single && passage_starts_one(passage, at, within) != NULL) return NULL;
        if (single && at > 0
            && (passage_code(passage, at - 1) == 0x519C
                || passage_code(passage, at - 1) == 0x4E61)) {
            return NULL;
        }
        return &nouns[i];
    }
    return NULL;
}

/* The unit of a noun phrase behind the measure: its first noun, or that which stands right behind
 * it ("行政村幼儿园"). */
static bool noun_behind(const struct passage *passage, size_t from, size_t end,
                        enum claim_unit *out)
{
    static const char *const stops[] = {"的", "到", "在", "全部", "均", "已", "与", "来", NULL};
    if (end > from + NOUN_CODES_MAX) end = from + NOUN_CODES_MAX;
    for (size_t i = from; i < end; i++) {
        const char *stop = i > from ? passage_starts_one(passage, i, stops) : NULL;
        /* "230个有需求的行政村": what is described stands right behind. */
        bool described = stop != NULL && strcmp(stop, "的") == 0 && noun_at(passage, i + 1) != NULL;
        if (stop != NULL && !described) return false;
        if (code_is_digit(passage_code(passage, i))) return false;
        const struct noun *noun = noun_at(passage, i);
        if (noun == NULL) continue;
        *out = noun->unit;
        for (;;) {
            i += utf8_count(str_from(noun->word));
            noun = i < end ? noun_at(passage, i) : NULL;
            if (noun == NULL) return true;
            bool both = *out == CLAIM_SCHOOLS && noun->unit == CLAIM_KINDERGARTENS;
            if (!both) *out = noun->unit;
        }
    }
    return false;
}

/* The unit of what stands before the number: its last noun (right before it, where `beside_only`);
 * schools when kindergartens are named beside them ("中小学、幼儿园36所"). */
static bool noun_before(const struct passage *passage, size_t from, size_t to, bool beside_only,
                        enum claim_unit *out)
{
    bool found = false;
    size_t last_end = 0;
    if (to > NOUN_CODES_MAX && from < to - NOUN_CODES_MAX) from = to - NOUN_CODES_MAX;
    for (size_t i = from; i < to;) {
        const struct noun *noun = noun_at(passage, i);
        if (noun == NULL) {
            i++;
            continue;
        }
        uint32_t between = passage_code(passage, last_end);
        bool beside =
            found && i <= last_end + 1
            && (i == last_end || between == 0x3001 || between == 0x548C || between == 0x53CA);
        bool both = beside && *out == CLAIM_SCHOOLS && noun->unit == CLAIM_KINDERGARTENS;
        if (!both) *out = noun->unit;
        found = true;
        i += utf8_count(str_from(noun->word));
        last_end = i;
    }
    return found && (!beside_only || claim_only_leads(passage, last_end, to));
}

/* Whether the phrase behind 个, or right before the number, names something that can be counted by
 * anyone, as opposed to the points of a speech ("四个意识", "两个方面"). */
static bool is_thing(const struct passage *passage, size_t number, size_t from, size_t end)
{
    static const char *const things[] = {
        "县",     "区",   "乡",     "镇",   "市",   "学校",   "幼儿园", "教学点", "班",
        "项目",   "专业", "学位",   "座位", "床位", "岗位",   "名额",   "家庭",   "工作室",
        "基地",   "中心", "站",     "团队", "小组", "支部",   "党组织", "平台",   "单位",
        "部门",   "课程", "社团",   "集团", "联盟", "共同体", "食堂",   "操场",   "图书室",
        "实验室", "教室", "功能室", "课题", "奖项", "社区",   "机构",   "企业",   "公司",
        "校区",   "工程", "贫困",   "村",   "学生", "儿童",   "教师",   NULL};
    size_t reach = from + 10 < end ? from + 10 : end;
    return passage_has_one(passage, from, reach, things)
           || passage_ends_one(passage, number, things) != NULL;
}

static bool is_slogan(const struct passage *passage, size_t from)
{
    static const char *const slogans[] = {
        "方面", "环节", "阶段", "原则", "层面", "维度", "步骤", "确保", "坚持", "必须",
        "意识", "自信", "维护", "全面", "转变", "不",   "一批", "一",   "到位", "结合",
        "统筹", "强化", "提升", "重点", "关键", "问题", "体系", "机制", "带头", "务必",
        "文明", "倡导", "努力", "学段", "层次", "类别", "领域", NULL};
    return passage_starts_one(passage, from, slogans) != NULL;
}

/* Years are claims only as a length: with decimals, or where the words before say so. */
static bool is_length(const struct passage *passage, const struct numeral *numeral, size_t clause)
{
    static const char *const lengths[] = {"年限", "教龄", "服务期", "为期", "平均", "工龄", NULL};
    bool year = numeral->digits == 4 && numeral->decimals == 0;
    if (numeral->hanzi || year) return false;
    size_t from = numeral->from > clause + 8 ? numeral->from - 8 : clause;
    return numeral->decimals > 0 || passage_has_one(passage, from, numeral->from, lengths);
}

/* What is asked of each in so many years, by which a rule is called: "五年360学时培训". */
static bool is_norm(const struct passage *passage, const struct numeral *numeral,
                    const struct word *word)
{
    static const char *const years[] = {"年", NULL};
    return strcmp(word->word, "学时") == 0
           && passage_ends_one(passage, numeral->from, years) != NULL;
}

static const struct word *word_at(const struct passage *passage, size_t at)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (passage_starts(passage, at, words[i].word)) return &words[i];
    }
    return NULL;
}

/* A number in 万 or 亿 whose measure word is left out: "投入820亿", "3300万孩子", "由29万减至2万".
 * People when they are named right behind, or before; money when the words before speak of it. */
static bool read_unsaid(const struct passage *passage, const struct numeral *numeral, size_t at,
                        size_t clause, struct measure *out)
{
    static const char *const people[] = {"孩子", "学生",     "农村",   "教师", "儿童", "幼儿",
                                         "群众", "农民",     "家庭",   "贫困", "师生", "辍学",
                                         "留守", "中小学生", "青少年", NULL};
    static const char *const counted[] = {"人口", "人数", "学生", "教师", "孩子",
                                          "师生", "儿童", "幼儿", NULL};
    static const char *const money[] = {"资金", "投入", "投资", "经费", "贷款", "补助",
                                        "捐款", "拨款", "金额", "总额", NULL};
    static const char *const ends[] = {"，", "。", "；", "、", ",",  "减",   "增",   "降", "升",
                                       "（", "(",  "至", " ",  "多", "左右", "以上", "”",  NULL};
    if (numeral->scale_e4 < 10000 * (int64_t)CLAIM_E4 || numeral->bare) return false;
    *out = (struct measure){.unit = CLAIM_PERSONS, .per = 1, .times = 1};
    if (passage_starts_one(passage, at, people) != NULL) return true;
    bool ended = at >= passage->codes.count || passage_starts_one(passage, at, ends) != NULL;
    if (!ended) return false;
    if (passage_has_one(passage, clause, numeral->from, money)) {
        out->unit = CLAIM_YUAN;
        return true;
    }
    return passage_has_one(passage, clause, numeral->from, counted);
}

/* Tenths: 九成以上, 三成多; 成立, 成员 and the like are other words. */
static bool read_tenths(const struct passage *passage, const struct numeral *numeral, size_t at,
                        struct measure *out)
{
    static const char *const behind[] = {"以上", "以下", "左右", "多", "的",
                                         "，",   "。",   "；",   "、", NULL};
    if (!passage_starts(passage, at, "成") || numeral->value_e4 > 10 * CLAIM_E4) return false;
    if (at + 1 < passage->codes.count && passage_starts_one(passage, at + 1, behind) == NULL)
        return false;
    *out = (struct measure){.unit = CLAIM_PERCENT, .length = 1, .per = 1, .times = 10};
    return true;
}

bool measure_read(const struct passage *passage, const struct numeral *numeral, size_t at,
                  size_t clause, size_t end, struct measure *out)
{
    if (read_tenths(passage, numeral, at, out)) return true;
    const struct word *word = word_at(passage, at);
    if (word == NULL) return read_unsaid(passage, numeral, at, clause, out);
    if (word->unit == CLAIM_UNIT_COUNT) return false;
    size_t behind = at + utf8_count(str_from(word->word));
    struct str next = passage_slice(passage, behind, behind + (behind < passage->codes.count));
    if (word->not_before != NULL && next.len > 0
        && str_find(str_from(word->not_before), next) != SIZE_MAX) {
        return false;
    }
    bool small = numeral->hanzi && numeral->value_e4 < 10 * CLAIM_E4 && numeral->decimals == 0;
    bool general = word->kind == WORD_GENERAL;
    struct measure measure = {
        .unit = word->unit, .length = behind - at, .per = 1, .times = 1, .general = general};
    if (small && !word->spoken && !general) return false;
    if (general && is_slogan(passage, behind)) return false;
    if (general && numeral->hanzi && numeral->value_e4 < 10 * CLAIM_E4
        && !is_thing(passage, numeral->from, behind, end))
        return false;
    if (word->unit == CLAIM_YEARS && !is_length(passage, numeral, clause)) return false;
    if (is_norm(passage, numeral, word)) return false;
    if (strcmp(word->word, "‰") == 0) measure.per = 10;
    enum claim_unit noun;
    measure.named = word->kind != WORD_UNIT && noun_behind(passage, behind, end, &noun);
    if (word->kind != WORD_UNIT
        && (measure.named || noun_before(passage, clause, numeral->from, general, &noun))) {
        bool person = noun == CLAIM_PERSONS && word->kind != WORD_GENERAL;
        bool agreement = noun == CLAIM_AGREEMENTS;
        if (word->kind == WORD_PAPER ? agreement : !person) measure.unit = noun;
        if (word->kind == WORD_PLACE && (noun == CLAIM_VILLAGES || agreement))
            measure.unit = word->unit;
    }
    *out = measure;
    return true;
}
