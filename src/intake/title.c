#include "intake/title.h"

#include "intake/date.h"
#include "intake/fold.h"
#include "intake/grade.h"

#include <string.h>

/* Blanks and signs end a school's name, as do words about time and kind before it. */
static bool is_break(uint32_t code)
{
    return code <= ' ' || (code < 0x80 && strchr("_-:;,.()[]+|\"'", (int)code) != NULL)
           || code == 0xFF1A || code == 0x3000 || code == 0xFF08 || code == 0xFF09 || code == 0x3010
           || code == 0x3011 || code == 0x300A || code == 0x300B || code == 0xFF0C || code == 0x3001
           || code == 0x2014;
}

static const char *const words_before[] = {"学期", "学年度", "学年", "年度", "春季", "秋季",
                                           "年",   "月",     "日",   "附件", "附表", "关于",
                                           "级",   "届",     "号",   "表",   "报",   NULL};

/* Where the name that ends at `end` begins. */
static size_t name_start(struct str text, size_t end)
{
    size_t start = 0, at = 0;
    uint32_t code;
    while (at < end) {
        size_t before = at, which;
        struct str rest = str_slice(text, at, end);
        if (fold_starts_one_of(rest, words_before, &which)
            && before + strlen(words_before[which]) < end) {
            bool numbered =
                before > 0 && (text.ptr[before - 1] >= '0' && text.ptr[before - 1] <= '9');
            bool always = strlen(words_before[which]) > 3;
            at += strlen(words_before[which]);
            if (numbered || always) {
                while (at < end && text.ptr[at] >= '0' && text.ptr[at] <= '9') at++;
                start = at;
            }
            continue;
        }
        utf8_next(text, &at, &code);
        if (is_break(code)) start = at;
    }
    return start;
}

/* Words that speak of many schools, or of none in particular. */
static bool is_general(struct str name, struct str suffix)
{
    static const char *const words[] = {
        "全县",     "全市",     "全区",     "全镇",     "全乡",     "各学校",
        "各小学",   "各中学",   "所有",     "中小学",   "辖区",     "学段",
        "就读学校", "毕业学校", "送教学校", "所在学校", "义务教育", "学籍",
        "学生",     "适龄",     "在校",     "名册",     "我校",     "本校",
        "公办",     "民办",     "农村小学", "乡镇小学", "城区小学", "随迁",
        "残疾",     "家庭",     "控辍",     "人口",     "统计",     NULL};
    static const char *const general_ends[] = {"县", "市", "区", "省", "州", "的",
                                               "各", "与", "和", "及", NULL};
    if (fold_has_one_of(name, words)) return true;
    struct str before = str_slice(name, 0, name.len - suffix.len);
    if (before.len < 3) return true;
    if (str_is(suffix, "幼儿园") || str_is(suffix, "教学点")) return false;
    for (size_t i = 0; general_ends[i] != NULL; i++) {
        if (str_ends(before, str_from(general_ends[i]))) return true;
    }
    return false;
}

static struct str find_school(struct str text)
{
    static const char *const suffixes[] = {"小学", "中学", "学校",   "幼儿园", "教学点", "初级中学",
                                           "完小", "职专", "一中",   "二中",   "三中",   "四中",
                                           "五中", "六中", "中心校", NULL};
    struct str best = STR_EMPTY;
    for (size_t i = 0; suffixes[i] != NULL; i++) {
        struct str suffix = str_from(suffixes[i]), rest = text;
        size_t offset = 0, at;
        while ((at = str_find(rest, suffix)) != SIZE_MAX) {
            size_t end = offset + at + suffix.len;
            struct str name = str_slice(text, name_start(text, end), end);
            if (name.len > suffix.len && name.len <= 96 && !is_general(name, suffix)
                && name.len > best.len) {
                best = name;
            }
            offset = end;
            rest = str_slice(text, end, text.len);
        }
    }
    return best;
}

/* The value behind a label: "学校：红堡子小学  班级：…". */
static struct str labelled(struct str text, const char *const *labels)
{
    static const char *const colons[] = {"：", ":", NULL};
    for (size_t i = 0; labels[i] != NULL; i++) {
        size_t at = str_find(text, str_from(labels[i]));
        if (at == SIZE_MAX) continue;
        struct str rest = str_slice(text, at + strlen(labels[i]), text.len);
        if (str_starts(rest, STR("（盖章）")))
            rest = str_slice(rest, STR("（盖章）").len, rest.len);
        if (str_starts(rest, STR("(盖章)"))) rest = str_slice(rest, STR("(盖章)").len, rest.len);
        rest = fold_trim(rest);
        size_t which;
        if (!fold_starts_one_of(rest, colons, &which)) continue;
        rest = fold_trim(str_slice(rest, strlen(colons[which]), rest.len));
        size_t end = 0;
        uint32_t code;
        for (size_t next = 0; utf8_next(rest, &next, &code) && code > ' ' && code != 0x3000
                              && code != 0xFF0C && code != ',' && code != 0xFF1B;) {
            end = next;
        }
        if (end > 0 && end <= 120) return str_slice(rest, 0, end);
    }
    return STR_EMPTY;
}

/* "三年级2班", "2018级", "初一(3)班" inside a longer text. */
static struct str find_grade(struct str text)
{
    static const char *const words[] = {"年级", "级",   "初一", "初二", "初三", "高一",
                                        "高二", "高三", "大班", "中班", "小班", NULL};
    for (size_t i = 0; words[i] != NULL; i++) {
        size_t at = str_find(text, str_from(words[i]));
        if (at == SIZE_MAX) continue;
        size_t start = at, end = at + strlen(words[i]);
        bool number = i <= 1;
        while (number && start > 0) {
            size_t before = start - 1, used = start - 1;
            while (before > 0 && ((unsigned char)text.ptr[before] & 0xC0) == 0x80) before--;
            int value, digits;
            used = before;
            if (!fold_number(text, &used, 4, &value, &digits)) break;
            start = before;
        }
        if (number && start == at) continue;
        struct str tail = str_slice(text, end, text.len);
        size_t class_end = str_find(tail, STR("班"));
        if (class_end != SIZE_MAX && class_end <= 12) end += class_end + STR("班").len;
        return str_slice(text, start, end);
    }
    return STR_EMPTY;
}

static struct str find_graduation(struct str text)
{
    size_t at = str_find(text, STR("届"));
    if (at == SIZE_MAX || at < 4) return STR_EMPTY;
    struct str year = str_slice(text, at - 4, at);
    int64_t value;
    return str_to_i64(year, &value) && value >= 1980 && value <= 2100 ? year : STR_EMPTY;
}

void title_read(struct str text, struct title_facts *facts)
{
    static const char *const school_labels[] = {
        "学校名称", "学校全称", "填报学校", "学校", "填报单位", "单位名称", "单位", "校名", NULL};
    static const char *const grade_labels[] = {"年级班级", "班级", "年级", NULL};
    static const char *const day_labels[] = {"统计日期", "统计时间", "填报日期", "填报时间",
                                             "填表日期", "填表时间", "上报日期", "上报时间",
                                             "截止日期", "截至日期", "截止",     "截至",
                                             "日期",     "时间",     NULL};
    if (facts->school.len == 0) {
        struct str named = labelled(text, school_labels);
        static const char *const ends[] = {"学", "校", "园", "点", "中", "小", NULL};
        for (size_t i = 0; ends[i] != NULL && facts->school.len == 0; i++) {
            if (named.len >= 6 && str_ends(named, str_from(ends[i]))) facts->school = named;
        }
        if (facts->school.len == 0) facts->school = find_school(text);
    }
    if (facts->grade.len == 0) {
        facts->grade = labelled(text, grade_labels);
        struct grade grade;
        grade_read(text, false, &grade);
        if (facts->grade.len == 0 && grade.kind == GRADE_NUMBERED && text.len >= 3
            && text.len <= 24) {
            facts->grade = text;
        }
        if (facts->grade.len == 0) facts->grade = find_grade(text);
    }
    if (facts->graduated.len == 0) facts->graduated = find_graduation(text);
    if (day_is_none(facts->stated)) {
        struct str named = labelled(text, day_labels);
        if (named.len > 0) facts->stated = date_in_title(named);
        if (day_is_none(facts->stated)) facts->stated = date_in_title(text);
    }
}
