#include "figures/claim_internal.h"

#include <string.h>

/* What is counted, by its noun. The longest noun that stands at a place is the one meant, so the
 * tables need no order. */

enum { NOUN_CODES_MAX = 24 };

static const char *const kindergartens[] = {
    "幼儿园",     "公办园",       "民办园", "普惠园",     "中心园",   "中心幼儿园", "村级园",
    "分园",       "普惠性民办园", "公立园", "私立园",     "示范园",   "附属园",     "乡镇园",
    "农村园",     "城区园",       "配套园", "小区园",     "普惠性园", "等级园",     "优质园",
    "新园",       "村园",         "薄弱园", "巡回支教点", "托幼园所", "幼教点",     "村幼",
    "公办幼儿园", "民办幼儿园",   NULL};
static const char *const schools[] = {
    "中小学",   "中小学校", "学校",   "小学",   "初中",       "中学",       "高中",     "中职",
    "中专",     "技校",     "教学点", "院校",   "高校",       "职校",       "完小",     "村小",
    "学院",     "大学",     "人校",   "县中",   "完中",       "职高",       "一贯制",   "九年制",
    "特校",     "特教学校", "分校",   "新校",   "名校",       "强校",       "弱校",     "薄弱校",
    "样本校",   "试点校",   "示范校", "成员校", "联盟校",     "特色校",     "核心校",   "牵头校",
    "帮扶校",   "受援校",   "结对校", "盟校",   "基地校",     "实验校",     "共建校",   "民校",
    "技工学校", "党校",     "母校",   "办学点", "小规模学校", "寄宿制学校", "初级中学", "高级中学",
    "附小",     "附中",     "高职",   "中心校", "村校",       NULL};
static const char *const villages[] = {"贫困村", "行政村", "自然村", "建制村", "脱贫村",
                                       "示范村", "重点村", "村",     NULL};
static const char *const agreements[] = {"协议书", "协议", "合同", NULL};
static const char *const people[] = {
    "学生",     "教师",   "儿童",       "孩子",   "娃",       "娃娃",     "老师",     "家长",
    "干部",     "党员",   "学员",       "校长",   "园长",     "学子",     "少年",     "幼儿",
    "同学",     "志愿者", "大学生",     "毕业生", "新生",     "小学生",   "中学生",   "初中生",
    "高中生",   "中职生", "研究生",     "寄宿生", "住校生",   "走读生",   "贫困生",   "特岗生",
    "师范生",   "男生",   "女生",       "男孩",   "女孩",     "教职工",   "教职员工", "职工",
    "专家",     "学者",   "教练",       "辅导员", "工作人员", "留守儿童", "残疾儿童", "孤儿",
    "青少年",   "青年",   "村民",       "农民",   "群众",     "人才",     "代表",     "委员",
    "督学",     "保安",   "厨师",       "工人",   "婴幼儿",   "考生",     "师生",     "教授",
    "博士",     "硕士",   "院士",       "学困生", "后进生",   "插班生",   "住宿生",   "队员",
    "选手",     "运动员", "骨干",       "名师",   "班主任",   "生活老师", "保育员",   "宝宝",
    "姊妹",     "姐妹",   "兄妹",       "姐弟",   "姊妹",     "姐妹",     "兄弟",     "兄妹",
    "姐弟",     "学童",   "儿童青少年", "农民工", "老人",     "妇女",     "护士",     "医生",
    "医务人员", "伢",     NULL};
/* What a school has or an office makes: counted by any measure word as it is. */
static const char *const things[] = {
    "幼儿班", "学前班", "学位",   "食堂",   "小组",   "教学班", "班级",   "班",     "县区",
    "乡镇",   "工作室", "基地",   "项目",   "实验室", "教室",   "图书室", "功能室", "专业",
    "床位",   "座位",   "岗位",   "名额",   "团队",   "集团",   "操场",   "县",     "社团",
    "课程",   "平台",   "工作站", "站点",   "考点",   "考场",   "考区",   "校区",   "园区",
    "学区",   "片区",   "街道",   "社区",   "市州",   "区县",   "县市",   "省份",   "城市",
    "地区",   "地市",   "部门",   "单位",   "支部",   "党组织", "党支部", "联盟",   "共同体",
    "联合体", "课题",   "奖项",   "奖",     "机构",   "企业",   "公司",   "工程",   "家庭",
    "窗口",   "网点",   "宿舍",   "公寓",   "厕所",   "浴室",   "厨房",   "餐厅",   "运动场",
    "球场",   "体育馆", "图书角", "书屋",   "图书馆", "案例",   "问题",   "隐患",   "活动",
    "年级",   "专班",   "工作组", "督导组", "检查组", "服务队", "宣讲团", "讲师团", "站",
    "试点",   "教研组", "学科",   "品牌",   "批次",   "微课",   "课件",   "课例",   "网站",
    "之家",   "中心",   "大队",   "中队",   "分队",   "队",     "营地",   "示范区", "实验区",
    "合作社", "车间",   "机房",   "录播室", "舞蹈室", "音乐室", "心理室", "卫生室", "书包",
    "孵化园", "产业园", "公园",   "果园",   "菜园",   "花园",   "校园",   "小区",   "民族",
    "国家",   "省",     "市",     "区",     "镇",     "乡",     "州",     "课时",   "学分",
    NULL};
/* What 所 counts without its being a school. */
static const char *const houses[] = {"医院",   "卫生院", "研究院", "研究所", "科研院所", "派出所",
                                     "图书馆", "博物馆", "科技馆", "少年宫", "体育馆",   "机构",
                                     "中心",   "福利院", "监狱",   "银行",   "食堂",     "卫生室",
                                     "书屋",   "工作室", "基地",   "托育园", "托儿所",   NULL};

static const struct kind {
    const char *const *words;
    struct noun noun;
} kinds[] = {
    {kindergartens, {CLAIM_KINDERGARTENS, false}},
    {schools, {CLAIM_SCHOOLS, false}},
    {villages, {CLAIM_VILLAGES, false}},
    {agreements, {CLAIM_AGREEMENTS, false}},
    {people, {CLAIM_PERSONS, false}},
    {houses, {CLAIM_ITEMS, true}},
    {things, {CLAIM_ITEMS, false}},
};

/* Words in which 村, 校, 园 and the like are no noun of their own. */
static const char *const within[] = {
    "村民", "村级",   "村委", "村干", "村医", "村道", "村企", "校长", "校园", "校区", "校车",
    "校服", "校舍",   "校外", "校内", "校友", "校门", "校医", "校企", "校级", "校本", "校方",
    "校际", "校史",   "园区", "园长", "园所", "园丁", "园林", "县级", "县长", "县委", "县城",
    "县域", "县直",   "县乡", "县内", "县外", "省级", "省道", "市级", "市民", "市场", "市长",
    "市直", "市委",   "区级", "区域", "区长", "区内", "区委", "乡村", "乡级", "乡长", "镇级",
    "镇长", "州级",   "站在", "奖励", "奖补", "奖金", "队伍", "班主", "班子", "班额", "班长",
    "班车", "代表队", "省内", "省外", "市内", NULL};

static const char *longest(const struct passage *passage, size_t at, const char *const *words)
{
    const char *best = NULL;
    for (; *words != NULL; words++) {
        bool longer = best == NULL || strlen(*words) > strlen(best);
        if (longer && passage_starts(passage, at, *words)) best = *words;
    }
    return best;
}

/* The noun at a place; its length in characters, 0: none. "村" is none in 农村, 乡村. */
static size_t noun_at(const struct passage *passage, size_t at, struct noun *out)
{
    const char *best = NULL, *other = longest(passage, at, within);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *word = longest(passage, at, kinds[i].words);
        if (word == NULL || (best != NULL && strlen(word) <= strlen(best))) continue;
        best = word;
        *out = kinds[i].noun;
    }
    if (best == NULL || (other != NULL && strlen(other) >= strlen(best))) return 0;
    bool village = strcmp(best, "村") == 0;
    uint32_t before = at > 0 ? passage_code(passage, at - 1) : 0;
    if (village && (before == 0x519C || before == 0x4E61)) return 0;
    return utf8_count(str_from(best));
}

/* What stands between the nouns of one phrase: "教师培训基地" counts bases, not teachers. */
static size_t modifier_at(const struct passage *passage, size_t at)
{
    static const char *const modifiers[] = {
        "培训", "资助", "发展", "研修", "活动", "交流", "示范", "实践", "研学", "劳动",
        "心理", "健康", "教育", "管理", "服务", "工作", "建设", "保障", "实训", "创新",
        "成长", "帮扶", "关爱", "辅导", "学习", "阅读", "体育", "艺术", "科技", "信息",
        "合作", "营养", "安全", "宣传", "志愿", "临时", "党",   "团",   NULL};
    const char *word = longest(passage, at, modifiers);
    return word == NULL ? 0 : utf8_count(str_from(word));
}

/* Goes to the last noun of the phrase whose first ends at `i`. */
static void phrase_end(const struct passage *passage, size_t i, size_t end, bool compound,
                       struct noun *out)
{
    for (;;) {
        size_t at = i, step;
        struct noun noun;
        while (compound && at < end && noun_at(passage, at, &noun) == 0
               && (step = modifier_at(passage, at)) > 0) {
            at += step;
        }
        size_t length = at < end ? noun_at(passage, at, &noun) : 0;
        /* "教师培训班" is a class, but "幼儿园教师" of 所 and 个 stays with what was named. */
        if (length == 0 || (at > i && noun.unit != CLAIM_ITEMS)) return;
        bool both = out->unit == CLAIM_SCHOOLS && noun.unit == CLAIM_KINDERGARTENS;
        /* "38所学校食堂": 所 counts the schools. */
        bool school = out->unit == CLAIM_SCHOOLS || out->unit == CLAIM_KINDERGARTENS;
        if (!compound && school && noun.unit == CLAIM_ITEMS) return;
        if (!both) *out = noun;
        i = at + length;
    }
}

bool noun_behind(const struct passage *passage, size_t from, size_t end, bool compound,
                 struct noun *out)
{
    static const char *const stops[] = {"的", "到", "在", "全部", "均", "已", "与", "来", NULL};
    if (end > from + NOUN_CODES_MAX) end = from + NOUN_CODES_MAX;
    for (size_t i = from; i < end; i++) {
        struct noun noun;
        const char *stop = i > from ? passage_starts_one(passage, i, stops) : NULL;
        /* "230个有需求的行政村": what is described stands right behind. */
        bool described =
            stop != NULL && strcmp(stop, "的") == 0 && noun_at(passage, i + 1, &noun) > 0;
        if (stop != NULL && !described) return false;
        uint32_t code = passage_code(passage, i);
        if (code_is_digit(code) || code == 0xFF08 || code == '(') return false;
        size_t length = noun_at(passage, i, out);
        if (length == 0) continue;
        phrase_end(passage, i + length, end, compound, out);
        return true;
    }
    return false;
}

bool noun_before(const struct passage *passage, size_t from, size_t to, bool beside_only,
                 struct noun *out)
{
    bool found = false;
    size_t last_end = 0;
    if (to > NOUN_CODES_MAX && from < to - NOUN_CODES_MAX) from = to - NOUN_CODES_MAX;
    for (size_t i = from; i < to;) {
        struct noun noun;
        size_t length = noun_at(passage, i, &noun);
        if (length <= 1 && (length == 0 || noun.unit == CLAIM_ITEMS)) { /* the 市 of 全市 */
            i++;
            continue;
        }
        enum { BETWEEN_MAX = 3 }; /* "小学和希望幼儿园" */
        uint32_t between = passage_code(passage, last_end);
        bool joined = between == 0x3001 || between == 0x548C || between == 0x53CA
                      || between == 0xFF08 || between == '(';
        bool beside = found && (i == last_end || (joined && i <= last_end + BETWEEN_MAX));
        bool both = beside && out->unit == CLAIM_SCHOOLS && noun.unit == CLAIM_KINDERGARTENS;
        if (!both) *out = noun;
        found = true;
        i += length;
        last_end = i;
    }
    return found && (!beside_only || claim_only_leads(passage, last_end, to));
}

bool noun_is_thing(const struct passage *passage, size_t number, size_t from, size_t end)
{
    size_t reach = from + 10 < end ? from + 10 : end;
    for (size_t i = from; i < reach; i++) {
        struct noun noun;
        if (noun_at(passage, i, &noun) > 0) return true;
    }
    enum { BACK_CODES_MAX = 5 };
    for (size_t i = number > BACK_CODES_MAX ? number - BACK_CODES_MAX : 0; i < number; i++) {
        struct noun noun;
        if (i + noun_at(passage, i, &noun) == number) return true;
    }
    return false;
}

bool noun_listed(const struct passage *passage, size_t from, size_t to, size_t place,
                 struct noun *out)
{
    enum { LIST_MAX = 12 };
    struct noun list[LIST_MAX];
    size_t count = 0;
    for (size_t i = from; i < to;) {
        size_t length = noun_at(passage, i, &list[count]);
        if (length <= 1) {
            i++;
            continue;
        }
        i += length;
        uint32_t next = passage_code(passage, i);
        bool more = next == 0x3001 || next == 0x548C || next == 0x53CA || next == 0x4E0E;
        if (++count == LIST_MAX) return false;
        if (more) continue;
        if (count > 1 && place < count) {
            *out = list[place];
            return true;
        }
        count = 0;
    }
    return false;
}
