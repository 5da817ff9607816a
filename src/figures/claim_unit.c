#include "figures/claim_internal.h"

#include <string.h>

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
    WORD_PIECE,   /* 块: yuan, where money is spoken of */
    WORD_REGION,  /* 市 县 校: a noun that is counted without a measure word */
};

/* The longest that stands at a place is meant. `not_before`: with one of these characters behind,
 * it is another word (所有, 人民); `spoken`: goes with small Chinese numerals as well. */
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
    {"块", WORD_PIECE, CLAIM_ITEMS, NULL, false},
    {"人次", WORD_UNIT, CLAIM_PERSON_TIMES, NULL, true},
    {"人（次）", WORD_UNIT, CLAIM_PERSON_TIMES, NULL, true},
    {"人(次)", WORD_UNIT, CLAIM_PERSON_TIMES, NULL, true},
    {"人·次", WORD_UNIT, CLAIM_PERSON_TIMES, NULL, true},
    {"人/次", WORD_UNIT, CLAIM_PERSON_TIMES, NULL, true},
    {"人、次", WORD_UNIT, CLAIM_PERSON_TIMES, NULL, true},
    {"名·次", WORD_UNIT, CLAIM_PERSON_TIMES, NULL, true},
    {"生次", WORD_UNIT, CLAIM_PERSON_TIMES, NULL, true},
    {"名次", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"名", WORD_UNIT, CLAIM_PERSONS, "列单", true},
    {"人", WORD_UNIT, CLAIM_PERSONS, "民才员力类大制间工文物气体生行均份称", true},
    {"位", WORD_UNIT, CLAIM_PERSONS, "于列居一置次数", true},
    {"口人", WORD_UNIT, CLAIM_PERSONS, NULL, true},
    {"个百分点", WORD_UNIT, CLAIM_PERCENT, NULL, true},
    {"百分点", WORD_UNIT, CLAIM_PERCENT, NULL, true},
    {"%", WORD_UNIT, CLAIM_PERCENT, NULL, true},
    {"‰", WORD_UNIT, CLAIM_PERCENT, NULL, true},
    {"个月", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个多月", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个半月", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个学期", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个多学期", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个学年", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个小时", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个多小时", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个半小时", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个工作日", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个年度", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个字", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个季度", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个星期", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个多星期", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个周", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个五年", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个世纪", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个春秋", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个寒暑", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个日夜", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个年头", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个昼夜", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个钟头", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个晚上", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个假期", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"个时辰", WORD_UNIT, CLAIM_UNIT_COUNT, NULL, false},
    {"省", WORD_REGION, CLAIM_ITEMS, "级道内份力略钱厅委政直属会教", false},
    {"省份", WORD_REGION, CLAIM_ITEMS, NULL, false},
    {"省市", WORD_REGION, CLAIM_ITEMS, NULL, false},
    {"市州", WORD_REGION, CLAIM_ITEMS, NULL, false},
    {"县区", WORD_REGION, CLAIM_ITEMS, "教域内级", false},
    {"区县", WORD_REGION, CLAIM_ITEMS, "教域内级", false},
    {"县市", WORD_REGION, CLAIM_ITEMS, "区教级内", false},
    {"教学班", WORD_REGION, CLAIM_ITEMS, NULL, false},
    {"班", WORD_REGION, CLAIM_ITEMS, "级主子长额会次车组里上同干制", false},
    {"乡镇", WORD_REGION, CLAIM_ITEMS, "级长政", false},
    {"街道", WORD_REGION, CLAIM_ITEMS, "办", false},
    {"社区", WORD_REGION, CLAIM_ITEMS, "工干书党", false},
    {"市", WORD_REGION, CLAIM_ITEMS,
     "级长民场区直委内外域属政斤辖容面值县教里中州花一二三四五六七八九十", false},
    {"县", WORD_REGION, CLAIM_ITEMS, "级长城域委直内外乡政府境教区市中一二三四五六七八九十", false},
    {"区", WORD_REGION, CLAIM_ITEMS, "级长域内外间委直划块位政属别教县", false},
    {"州", WORD_REGION, CLAIM_ITEMS, "级长内委府直教", false},
    {"盟", WORD_REGION, CLAIM_ITEMS, "校", false},
    {"旗", WORD_REGION, CLAIM_ITEMS, "级帜", false},
    {"乡", WORD_REGION, CLAIM_ITEMS, "镇村级长土亲政音试里下党", false},
    {"镇", WORD_REGION, CLAIM_ITEMS, "级长区政域上中", false},
    {"村", WORD_REGION, CLAIM_VILLAGES, "民级委干医道企小校庄落里口支", false},
    {"校", WORD_REGION, CLAIM_SCHOOLS, "长园区车服舍外内友门医企级本方际史准对", false},
    {"园", WORD_REGION, CLAIM_KINDERGARTENS, "区长所丁林地艺子", false},
    {"个", WORD_GENERAL, CLAIM_ITEMS, "人性别", false},
    {"所", WORD_PLACE, CLAIM_SCHOOLS, "有谓需得", true},
    {"家", WORD_PLACE, CLAIM_ITEMS, "长庭校", true},
    {"处", WORD_PLACE, CLAIM_ITEMS, "于理长级分罚", true},
    {"份", WORD_PAPER, CLAIM_ITEMS, NULL, true},
    {"所次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"把", WORD_UNIT, CLAIM_ITEMS, "手关握控好脉守", false},
    {"剂次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"剂", WORD_UNIT, CLAIM_ITEMS, "量型", false},
    {"具", WORD_UNIT, CLAIM_ITEMS, "有体备", false},
    {"顶", WORD_UNIT, CLAIM_ITEMS, "岗替级层", false},
    {"千瓦时", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"千瓦", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"度电", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"旗县", WORD_REGION, CLAIM_ITEMS, NULL, false},
    {"盟市", WORD_REGION, CLAIM_ITEMS, NULL, false},
    {"户次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"平方公里", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"平方千米", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"平方米", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"平米", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"平方", WORD_UNIT, CLAIM_ITEMS, "和", false},
    {"㎡", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"立方米", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"公里", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"千米", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"公顷", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"公斤", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"千克", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"亩", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"吨", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"斤", WORD_UNIT, CLAIM_ITEMS, "斤", false},
    {"升", WORD_UNIT, CLAIM_ITEMS, "学级旗入格降至到", false},
    {"台套", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"台（套）", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"台(套)", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"台/套", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"件套", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"件（套）", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"套（件）", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"班次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"餐次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"车次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"条次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"处次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"场次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"站次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"课次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"批次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"件次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"遍", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"趟", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"栋", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"幢", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"套", WORD_UNIT, CLAIM_ITEMS, "餐", true},
    {"册", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"册次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"张", WORD_UNIT, CLAIM_ITEMS, "家贴", true},
    {"辆", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"户", WORD_UNIT, CLAIM_ITEMS, "籍口外", true},
    {"盏", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"棵", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"株", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"颗", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"辆次", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"只", WORD_UNIT, CLAIM_ITEMS, "要有是能", false},
    {"双", WORD_UNIT, CLAIM_ITEMS, "减一语师重优创选休向线轨数职高证倍方手人边联基", false},
    {"桶", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"瓶", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"箱", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"袋", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"盒", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"匹", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"艘", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"架", WORD_UNIT, CLAIM_ITEMS, "构桥设", false},
    {"头", WORD_UNIT, CLAIM_ITEMS, "等条号衔部雁", false},
    {"盆", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"页", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"km", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"m²", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"M²", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"米", WORD_UNIT, CLAIM_ITEMS, "饭粉面跑栏短接自", false},
    {"台", WORD_UNIT, CLAIM_ITEMS, "阶", true},
    {"本", WORD_UNIT, CLAIM_ITEMS, "科专地级市县校身次质区乡镇村人轮年月周学单", false},
    {"部", WORD_UNIT, CLAIM_ITEMS, "门分队署委属长", false},
    {"件", WORD_UNIT, CLAIM_ITEMS, NULL, true},
    {"间", WORD_UNIT, CLAIM_ITEMS, "接", true},
    {"座", WORD_UNIT, CLAIM_ITEMS, "谈", true},
    {"笔", WORD_UNIT, CLAIM_ITEMS, "试记者划墨筒", true},
    {"项", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"条", WORD_UNIT, CLAIM_ITEMS, "例件约理", false},
    {"场", WORD_UNIT, CLAIM_ITEMS, "所地馆景合", true},
    {"期", WORD_UNIT, CLAIM_ITEMS, "间末初望待盼刊权限满中", false},
    {"次", WORD_UNIT, CLAIM_ITEMS, "性数月日年生", false},
    {"批", WORD_UNIT, CLAIM_ITEMS, "准示评复", false},
    {"课时", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"学时", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"学分", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"节", WORD_UNIT, CLAIM_ITEMS, "约日目点能俭假气", false},
    {"门", WORD_UNIT, CLAIM_ITEMS, "口户类诊卫", false},
    {"支", WORD_UNIT, CLAIM_ITEMS, "教部付出持撑一援行委", false},
    {"篇", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"种", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"组", WORD_UNIT, CLAIM_ITEMS, "织成建长合", false},
    {"对", WORD_UNIT, CLAIM_ITEMS, "口一应于象比照待接外内", false},
    {"枚", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"幅", WORD_UNIT, CLAIM_ITEMS, "度", false},
    {"封", WORD_UNIT, CLAIM_ITEMS, "闭", false},
    {"床", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"轮", WORD_UNIT, CLAIM_ITEMS, "岗训换流椅胎次回值", false},
    {"堂", WORD_UNIT, CLAIM_ITEMS, "兄弟吃食哥", false},
    {"根", WORD_UNIT, CLAIM_ITEMS, "本据源", false},
    {"副", WORD_UNIT, CLAIM_ITEMS, "县市校书主教局部院会班总食刊本理高级职处科省", false},
    {"包", WORD_UNIT, CLAIM_ITEMS, "含括扶保联抓村干部户装容", false},
    {"面", WORD_UNIT, CLAIM_ITEMS, "积向对临试授谈条貌板包议", false},
    {"首", WORD_UNIT, CLAIM_ITEMS, "都次批届先个家创席付期府", false},
    {"集", WORD_UNIT, CLAIM_ITEMS, "团中体合聚镇市成约", false},
    {"卷", WORD_UNIT, CLAIM_ITEMS, "子入", false},
    {"片", WORD_UNIT, CLAIM_ITEMS, "区段面", false},
    {"桩", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"则", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"款", WORD_UNIT, CLAIM_ITEMS, "项式待", false},
    {"幕", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"扇", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"条线", WORD_UNIT, CLAIM_ITEMS, NULL, false},
    {"例", WORD_UNIT, CLAIM_ITEMS, "外如会", true},
    {"起", WORD_UNIT, CLAIM_ITEMS, "来点草步码", true},
    {"年", WORD_UNIT, CLAIM_YEARS, "级代度初末底前后内来间", false},
    {"天", WORD_UNIT, CLAIM_DAYS, "津水祝堂后内前", true},
};

/* What is said in points and not counted: "四个意识", "三个方面". Some of these words may begin the
 * name of a thing ("12个重点项目"). */
static bool is_slogan(const struct passage *passage, const struct numeral *numeral, size_t from)
{
    static const char *const slogans[] = {
        "方面", "环节", "阶段", "原则", "层面", "维度", "步骤", "确保", "坚持", "必须", "意识",
        "自信", "维护", "转变", "不",   "一批", "一",   "到位", "结合", "带头", "务必", "文明",
        "倡导", "努力", "学段", "层次", "类别", "领域", "统筹", "强化", "提升", "体系", "机制",
        "优先", "精准", "更加", "注重", "聚焦", "突出", "根本", "所有", NULL};
    static const char *const beginnings[] = {"重点", "关键", "全面", "核心", NULL};
    const char *word = passage_starts_one(passage, from, beginnings);
    if (word != NULL) {
        size_t at = from + utf8_count(str_from(word));
        return !noun_is_thing(passage, 0, at, at + 4);
    }
    if (numeral->hanzi && passage_starts(passage, from, "问题")) return true;
    return passage_starts_one(passage, from, slogans) != NULL
           && !passage_starts(passage, from, "不同");
}

/* "十项准则", "二十条措施": the name of a rule. */
static bool is_rule(const struct passage *passage, const struct numeral *numeral,
                    const struct word *word, size_t from)
{
    static const char *const rules[] = {"准则", "规定", "措施", "举措", "行动", "禁令",   "红线",
                                        "标准", "制度", "原则", "任务", "工程", "要求",   "意见",
                                        "政策", "承诺", "底线", "禁止", "纪律", "硬措施", NULL};
    bool points = strcmp(word->word, "项") == 0 || strcmp(word->word, "条") == 0;
    return points && numeral->hanzi && passage_starts_one(passage, from, rules) != NULL;
}

/* Years are claims only as a length: with decimals, or where the words before say so. */
static bool is_length(const struct passage *passage, const struct numeral *numeral, size_t clause)
{
    static const char *const lengths[] = {
        "年限",   "教龄",   "服务期", "为期",   "平均",   "工龄", "聘期",   "任期",   "学制",
        "合同期", "有效期", "试用期", "建设期", "执行期", "工期", "聘用期", "支教期", NULL};
    enum { SPOKEN_CODES_MAX = 5, CODES_MAX = 8 };
    enum { DECIMALS_MAX = 2 }; /* "1.2024年" is the first of a list */
    bool year = numeral->digits == 4 && numeral->decimals == 0;
    if (year || numeral->decimals > DECIMALS_MAX) return false;
    size_t reach = numeral->hanzi ? SPOKEN_CODES_MAX : CODES_MAX;
    size_t from = numeral->from > clause + reach ? numeral->from - reach : clause;
    return (numeral->decimals > 0 && !numeral->hanzi)
           || passage_has_one(passage, from, numeral->from, lengths);
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
    const struct word *best = NULL;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        bool longer = best == NULL || strlen(words[i].word) > strlen(best->word);
        if (longer && passage_starts(passage, at, words[i].word)) best = &words[i];
    }
    return best;
}

/* A number whose measure word is left out: "投入820亿", "3300万孩子", "由29万减至2万",
 * "6997中小学在校生". People when they are named right behind, or before; money when the words
 * before speak of it. */
static bool read_unsaid(const struct passage *passage, const struct numeral *numeral, size_t at,
                        size_t clause, struct measure *out)
{
    enum { NOUN_REACH = 8, YEAR_FIRST = 1900, YEAR_LAST = 2100, SMALL = 10 };
    static const char *const people[] = {"孩子", "学生", "农村",     "教师", "儿童",   "幼儿",
                                         "群众", "农民", "家庭",     "贫困", "师生",   "辍学",
                                         "留守", "各族", "中小学生", "城乡", "青少年", NULL};
    static const char *const counted[] = {"人口", "人数",   "学生",   "教师",   "孩子",
                                          "师生", "儿童",   "幼儿",   "在校生", "新生",
                                          "考生", "毕业生", "寄宿生", "住校生", NULL};
    static const char *const places[] = {"学位", "床位", "座位", NULL};
    static const char *const money[] = {
        "资金", "投入", "投资", "经费", "贷款", "补助", "捐款", "拨款", "金额", "总额",
        "支出", "收入", "总值", "集资", "给了", "拿出", "凑了", "筹集", "筹得", "花了",
        "挣了", "赚了", "捐了", "借了", "奖励", "拨了", "出资", "耗资", NULL};
    static const char *const ends[] = {"，", "。", "；", "、",     ",",    ";",    "减", "增",
                                       "降", "升", "（", "(",      "至",   " ",    "多", "”",
                                       "！", "）", ")",  "人民币", "左右", "以上", "的", NULL};
    int64_t value = numeral->value_e4 / CLAIM_E4;
    struct noun noun;
    *out = (struct measure){.unit = CLAIM_PERSONS, .per = 1, .times = 1};
    bool person =
        noun_behind(passage, at, at + NOUN_REACH, true, &noun) && noun.unit == CLAIM_PERSONS;
    if (numeral->scale_e4 < 10000 * (int64_t)CLAIM_E4 || numeral->bare) {
        bool year = value >= YEAR_FIRST && value <= YEAR_LAST;
        bool code = numeral->hanzi || numeral->decimals > 0 || value < SMALL;
        return person && !year && !code && passage_starts_one(passage, at, people) != NULL;
    }
    if (person || passage_starts_one(passage, at, people) != NULL) return true;
    bool ended = at >= passage->codes.count || passage_starts_one(passage, at, ends) != NULL;
    if (!ended) return false;
    if (passage_has_one(passage, clause, numeral->from, money)) {
        out->unit = CLAIM_YUAN;
        return true;
    }
    if (passage_has_one(passage, clause, numeral->from, places)) {
        out->unit = CLAIM_ITEMS;
        return true;
    }
    return passage_has_one(passage, clause, numeral->from, counted);
}

/* Tenths: 九成以上, 三成多, 四成需求, 九成五; 成立, 成员 and the like are other words. */
static bool read_tenths(const struct passage *passage, const struct numeral *numeral, size_t at,
                        struct measure *out)
{
    static const char *const others = "立员功为果绩长本年都套熟效就型品语事因形章像亲气倍交不批了";
    static const char *const nouns[] = {"本科", "年轻", "年级", "事业", "长期", NULL};
    if (!passage_starts(passage, at, "成") || numeral->value_e4 > 10 * CLAIM_E4) return false;
    *out = (struct measure){.unit = CLAIM_PERCENT, .length = 1, .per = 1, .times = 10};
    if (at + 1 >= passage->codes.count) return true;
    struct numeral rest;
    bool more = numeral_read(passage, at + 1, &rest) && rest.value_e4 < 10 * CLAIM_E4
                && rest.value_e4 > 0 && rest.decimals == 0 && rest.to == at + 2;
    if (more) {
        out->length = 2;
        out->plus_e4 = rest.value_e4;
        return true;
    }
    return passage_starts_one(passage, at + 1, nouns) != NULL
           || str_find(str_from(others), passage_slice(passage, at + 1, at + 2)) == SIZE_MAX;
}

/* "每月多拿1200块", but "更换黑板120块": money, where nothing is named that comes in pieces. */
static bool is_money(const struct passage *passage, size_t clause, size_t number, size_t behind)
{
    static const char *const money[] = {"补",   "工资", "津贴", "奖", "每月", "收入", "学费", "费",
                                        "多拿", "花",   "交",   "发", "缴",   "涨",   "价",   "钱",
                                        "挣",   "赚",   "贷款", "存", "捐",   "省下", "拿",   NULL};
    static const char *const ends[] = {"，",   "。",   "；", "、", "！", "？", "多",
                                       "左右", "以上", "的", "”",  " ",  "）", NULL};
    static const char *const paid[] = {"补",   "生活", "津贴", "工资", "奖",
                                       "学费", "路费", "费",   NULL};
    if (passage_starts_one(passage, behind, paid) != NULL) return true;
    bool ended =
        behind >= passage->codes.count || passage_starts_one(passage, behind, ends) != NULL;
    return ended && passage_has_one(passage, clause, number, money);
}

/* The unit by what the noun around the number names. */
static void measure_by_noun(const struct passage *passage, const struct numeral *numeral,
                            const struct word *word, size_t clause, size_t end, struct measure *out)
{
    struct noun noun;
    size_t behind = numeral->to + out->length;
    bool general = word->kind == WORD_GENERAL;
    out->named = noun_behind(passage, behind, end, general, &noun);
    out->plain = !out->named && !noun_before(passage, clause, numeral->from, general, &noun);
    if (out->plain) return;
    bool place = noun.unit == CLAIM_SCHOOLS || noun.unit == CLAIM_KINDERGARTENS || noun.house;
    if (word->kind == WORD_PAPER ? noun.unit == CLAIM_AGREEMENTS : general || place)
        out->unit = noun.unit;
}

/* "等5市", "14县区": with a small Chinese numeral only behind a list that ends so. */
static bool is_listed(const struct passage *passage, const struct numeral *numeral,
                      const struct word *word)
{
    bool year = numeral->digits == 4 && numeral->decimals == 0 && !numeral->more;
    return word->kind == WORD_REGION && !year && passage_ends(passage, numeral->from, "等");
}

/* "九年级12班", "高三3班" are classes by name; "扩充规模785班" counts them. */
static bool is_class_name(const struct passage *passage, const struct numeral *numeral,
                          const struct word *word)
{
    enum { COUNTED_MIN = 10 };
    static const char *const grades[] = {"级", "一", "二", "三", "四", "五",
                                         "六", "年", "（", "(",  NULL};
    if (strcmp(word->word, "班") != 0) return false;
    return numeral->value_e4 < COUNTED_MIN * (int64_t)CLAIM_E4
           || passage_ends_one(passage, numeral->from, grades) != NULL;
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
    if (small && !word->spoken && !general && word->unit != CLAIM_YEARS
        && !is_listed(passage, numeral, word)) {
        return false;
    }
    if (is_class_name(passage, numeral, word)) return false;
    if (general && is_slogan(passage, numeral, behind)) return false;
    if (general && small && !noun_is_thing(passage, numeral->from, behind, end)) return false;
    if (word->unit == CLAIM_YEARS && !is_length(passage, numeral, clause)) return false;
    if (is_norm(passage, numeral, word) || is_rule(passage, numeral, word, behind)) return false;
    if (strcmp(word->word, "‰") == 0) measure.per = 10;
    if (word->kind == WORD_PIECE && is_money(passage, clause, numeral->from, behind))
        measure.unit = CLAIM_YUAN;
    if (word->kind == WORD_PLACE || word->kind == WORD_GENERAL || word->kind == WORD_PAPER)
        measure_by_noun(passage, numeral, word, clause, end, &measure);
    *out = measure;
    return true;
}
