#include "base/testing.h"
#include "intake/date.h"
#include "intake/fold.h"
#include "intake/grade.h"
#include "intake/note.h"
#include "intake/value.h"

#include <stdio.h>
#include <string.h>

static const char *const states[DATE_STATE_COUNT] = {"", "ambiguous", "unreal", "unreadable"};

/* `read` is "from" or "from..to" ("from.." open), or the word for why it is not read. */
struct date_case {
    const char *written, *read;
    bool number;
    enum date_order order;
};

static const struct date_case date_cases[] = {
    {"2012-03-05", "2012-03-05", 0, 0},
    {"2012/3/5", "2012-03-05", 0, 0},
    {"2012.3.5", "2012-03-05", 0, 0},
    {"2012．03．05", "2012-03-05", 0, 0},
    {"20120305", "2012-03-05", 0, 0},
    {"２０１２０３０５", "2012-03-05", 0, 0},
    {"2012年3月5日", "2012-03-05", 0, 0},
    {"2012 年 3 月 5 日", "2012-03-05", 0, 0},
    {"2012年3月5号", "2012-03-05", 0, 0},
    {"2012年03月05日生", "2012-03-05", 0, 0},
    {"二〇一二年三月五日", "2012-03-05", 0, 0},
    {"二○一二年十二月二十五日", "2012-12-25", 0, 0},
    {"二零一二年十月十日", "2012-10-10", 0, 0},
    {"2012-03-05 00:00:00", "2012-03-05", 0, 0},
    {"2012/3/5 0:00", "2012-03-05", 0, 0},
    {"2012-03-05T08:30:00", "2012-03-05", 0, 0},
    {"20120305000000", "2012-03-05", 0, 0},
    {"2012-03", "2012-03", 0, 0},
    {"2012.03", "2012-03", 0, 0},
    {"2012.3", "2012-03", 0, 0},
    {"2012年3月", "2012-03", 0, 0},
    {"2012年3月份", "2012-03", 0, 0},
    {"201203", "2012-03", 0, 0},
    {"2012", "2012", 0, 0},
    {"2012年", "2012", 0, 0},
    {"2020届", "2020", 0, 0},
    {"2012-03-00", "2012-03", 0, 0},
    {"40973", "2012-03-05", 1, 0},
    {"40973", "2012-03-05", 0, 0},
    {"40973.5", "2012-03-05", 1, 0},
    {"2012.1", "2012-01", 0, 0},
    {"2012.1", "ambiguous", 1, 0},
    {"2012.11", "2012-11", 1, 0},
    {"12-03-05", "2012-03-05", 0, 0},
    {"12.3.5", "2012-03-05", 0, 0},
    {"12年3月5日", "2012-03-05", 0, 0},
    {"98-12-31", "1998-12-31", 0, 0},
    {"120305", "2012-03-05", 0, 0},
    {"3/25/2012", "2012-03-25", 0, 0},
    {"25/3/2012", "2012-03-25", 0, 0},
    {"5/5/2012", "2012-05-05", 0, 0},
    {"3/5/2012", "ambiguous", 0, 0},
    {"3/5/2012", "2012-03-05", 0, DATE_MONTH_FIRST},
    {"3/5/2012", "2012-05-03", 0, DATE_DAY_FIRST},
    {"12/03/05", "ambiguous", 0, 0},
    {"12/03/05", "2012-03-05", 0, DATE_YEAR_FIRST},
    {"3/25/12", "2012-03-25", 0, 0},
    {"13/3/5", "2013-03-05", 0, 0},
    {"5-Mar-2012", "2012-03-05", 0, 0},
    {"Mar 5, 2012", "2012-03-05", 0, 0},
    {"05-MAR-12", "2012-03-05", 0, 0},
    {"2012-02-30", "unreal", 0, 0},
    {"20121305", "unreal", 0, 0},
    {"2012-13", "unreal", 0, 0},
    {"1012-03-05", "unreadable", 0, 0},
    {"不记得", "unreadable", 0, 0},
    {"农历2012年3月5日", "unreadable", 0, 0},
    {"约2012年", "unreadable", 0, 0},
    {"12345678901", "unreadable", 0, 0},
    {"8岁", "unreadable", 0, 0},
    {"2020.9-2021.7", "2020-09..2021-07", 0, 0},
    {"2020.09.01至2021.07.31", "2020-09-01..2021-07-31", 0, 0},
    {"2020年9月—2021年7月", "2020-09..2021-07", 0, 0},
    {"2020-09-01~2021-07-31", "2020-09-01..2021-07-31", 0, 0},
    {"2020-09-01-2021-07-31", "2020-09-01..2021-07-31", 0, 0},
    {"2020/9/1 - 2021/7/31", "2020-09-01..2021-07-31", 0, 0},
    {"2020/9/1--2021/7/31", "2020-09-01..2021-07-31", 0, 0},
    {"20200901-20210731", "2020-09-01..2021-07-31", 0, 0},
    {"202009-202107", "2020-09..2021-07", 0, 0},
    {"2020年9月1日至12月31日", "2020-09-01..2020-12-31", 0, 0},
    {"2020.9.1-9.30", "2020-09-01..2020-09-30", 0, 0},
    {"2020年9月起至2021年8月止", "2020-09..2021-08", 0, 0},
    {"自2020年9月1日起", "2020-09-01", 0, 0},
    {"2020年9月1日至今", "2020-09-01..", 0, 0},
    {"2020.9至今", "2020-09..", 0, 0},
    {"2020-09-01至长期", "2020-09-01..", 0, 0},
    {"长期", "..", 0, 0},
    {"2020-2021学年", "2020-09..2021-08", 0, 0},
    {"2020-2021学年第二学期", "2021-03..2021-08", 0, 0},
    {"2020-2021学年第一学期", "2020-09..2021-02", 0, 0},
    {"2020年秋季", "2020-09", 0, 0},
    {"一年", "unreadable", 0, 0},
};

static void test_dates(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < sizeof date_cases / sizeof *date_cases; i++) {
        struct date date;
        char read[64];
        date_read(str_from(date_cases[i].written), date_cases[i].number, date_cases[i].order,
                  &date);
        snprintf(read, sizeof read, "%s%s%s%s", states[date.state], date.from,
                 date.span ? ".." : "", date.to);
        if (strcmp(read, date_cases[i].read) == 0) continue;
        fprintf(stderr, "%s: is %s, not %s\n", date_cases[i].written, read, date_cases[i].read);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void test_title_days(void **state)
{
    (void)state;
    static const struct {
        const char *title, *day;
    } cases[] = {
        {"红堡子小学2020年秋季在校学生花名册", "2020-09-01"},
        {"会宁县2020年9月15日到校情况", "2020-09-15"},
        {"在校生20200915", "2020-09-15"},
        {"到校_2020-09-15", "2020-09-15"},
        {"学籍202009", "2020-09-01"},
        {"2020年9月在校学生", "2020-09-01"},
        {"2020-2021学年第二学期学生名册", "2021-03-01"},
        {"2020-2021学年度第一学期", "2020-09-01"},
        {"2020-2021学年家庭经济困难学生", "2020-09-01"},
        {"2020年春季学期花名册", "2020-03-01"},
        {"2020年在校学生", ""},
        {"三年级2班", ""},
        {"第3稿", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[DAY_TEXT_SIZE];
        day_format(date_in_title(str_from(cases[i].title)), text);
        if (strcmp(text, cases[i].day) != 0) fail_msg("%s: %s", cases[i].title, text);
    }
}

/* `read` is "stage:year class", with `school` the stage of the school, on 2020-11-25. */
struct grade_case {
    const char *written, *read;
    enum stage school;
    bool class_column;
};

static const struct grade_case grade_cases[] = {
    {"三年级", "primary:3", 0, 0},
    {"3年级", "primary:3", 0, 0},
    {"小学三年级", "primary:3", 0, 0},
    {"３年级", "primary:3", 0, 0},
    {"三", "primary:3", 0, 0},
    {"3", "primary:3", 0, 0},
    {"03", "primary:3", 0, 0},
    {"3.0", "primary:3", 0, 0},
    {"G3", "primary:3", 0, 0},
    {"Grade 3", "primary:3", 0, 0},
    {"初一", "junior:1", 0, 0},
    {"七年级", "junior:1", 0, 0},
    {"初中七年级", "junior:1", 0, 0},
    {"初中二年级", "junior:2", 0, 0},
    {"9", "junior:3", 0, 0},
    {"初二(3)班", "junior:2 3班", 0, 0},
    {"初三2班", "junior:3 2班", 0, 0},
    {"八年级（2）班", "junior:2 2班", 0, 0},
    {"八(2)班", "junior:2 2班", 0, 0},
    {"高一", "senior:1", 0, 0},
    {"高中二年级", "senior:2", 0, 0},
    {"普通高中三年级", "senior:3", 0, 0},
    {"十一年级", "senior:2", 0, 0},
    {"高三（12）班", "senior:3 12班", 0, 0},
    {"中职一年级", "vocational:1", 0, 0},
    {"一年级", "vocational:1", STAGE_VOCATIONAL, 0},
    {"一年级", "junior:1", STAGE_JUNIOR, 0},
    {"七年级", "junior:1", STAGE_JUNIOR, 0},
    {"二", "senior:2", STAGE_SENIOR, 0},
    {"大班", "preschool:3", 0, 0},
    {"中班", "preschool:2", 0, 0},
    {"小一班", "preschool:1 1班", 0, 0},
    {"大(2)班", "preschool:3 2班", 0, 0},
    {"幼儿园大班", "preschool:3", 0, 0},
    {"学前班", "preschool:3", 0, 0},
    {"2018级", "primary:3", STAGE_PRIMARY, 0},
    {"2018级", "junior:3", STAGE_JUNIOR, 0},
    {"18级", "junior:3", STAGE_JUNIOR, 0},
    {"初2018级", "junior:3", 0, 0},
    {"小学2018级", "primary:3", 0, 0},
    {"2018级3班", "primary:3 3班", STAGE_PRIMARY, 0},
    {"2018级", "", 0, 0},
    {"三(2)班", "primary:3 2班", 0, 0},
    {"三.2班", "primary:3 2班", 0, 0},
    {"三年级二班", "primary:3 2班", 0, 0},
    {"三年级甲班", "primary:3 甲班", 0, 0},
    {"301班", "primary:3 1班", 0, 0},
    {"高职高专一年级", "college:1", 0, 0},
    {"本科二年级", "undergraduate:2", 0, 0},
    {"大二", "undergraduate:2", 0, 0},
    {"硕士研究生一年级", "postgraduate:1", 0, 0},
    {"红堡子小学三年级", "primary:3", 0, 0},
    {"2班", " 2班", 0, 1},
    {"(2)班", " 2班", 0, 1},
    {"二班", " 2班", 0, 1},
    {"2", " 2班", 0, 1},
    {"三年级2班", "primary:3 2班", 0, 1},
    {"三(2)班", "primary:3 2班", 0, 1},
    {"三年级", "primary:3", 0, 1},
    {"火箭班", " 火箭班", 0, 1},
    {"毕业班", "", 0, 0},
    {"13", "", 0, 0},
    {"无此年级的说明", "", 0, 0},
};

static void test_grades(void **state)
{
    (void)state;
    day on;
    int wrong = 0;
    assert_true(day_parse(STR("2020-11-25"), &on));
    for (size_t i = 0; i < sizeof grade_cases / sizeof *grade_cases; i++) {
        struct grade grade;
        enum stage stage;
        int year;
        char read[128] = "", place[40] = "";
        grade_read(str_from(grade_cases[i].written), grade_cases[i].class_column, &grade);
        bool known = grade_resolve(&grade, grade_cases[i].school, on, &stage, &year);
        if (known) snprintf(place, sizeof place, "%s:%d", stage_key(stage), year);
        snprintf(read, sizeof read, "%s%s%s", place, grade.class_name[0] == '\0' ? "" : " ",
                 grade.class_name);
        if (strcmp(read, grade_cases[i].read) == 0) continue;
        fprintf(stderr, "%s: is \"%s\", not \"%s\"\n", grade_cases[i].written, read,
                grade_cases[i].read);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

static void test_schools(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum stage stage;
    } cases[] = {
        {"红堡子小学", STAGE_PRIMARY},
        {"会宁县郭城驿镇中心小学", STAGE_PRIMARY},
        {"新堡子教学点", STAGE_PRIMARY},
        {"会宁县第一幼儿园", STAGE_PRESCHOOL},
        {"红堡子小学附属幼儿园", STAGE_PRESCHOOL},
        {"郭城驿初级中学", STAGE_JUNIOR},
        {"会宁县第一中学", STAGE_NONE},
        {"大芦九年制学校", STAGE_NONE},
        {"新庄九年一贯制学校", STAGE_NONE},
        {"会宁县特殊教育学校", STAGE_SPECIAL},
        {"会宁县职业中等专业学校", STAGE_VOCATIONAL},
        {"靖远县高级中学", STAGE_SENIOR},
        {"兰州大学", STAGE_UNDERGRADUATE},
        {"兰州职业技术学院", STAGE_COLLEGE},
        {"", STAGE_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(stage_of_school_name(str_from(cases[i].name)), cases[i].stage);
    }
    assert_int_equal(stage_of_school_code(STR("2162000123")), STAGE_PRIMARY);
    assert_int_equal(stage_of_school_code(STR("3162000123")), STAGE_NONE);
    assert_int_equal(stage_of_school_code(STR("21620")), STAGE_NONE);
    for (int i = 1; i < STAGE_COUNT; i++) {
        assert_int_equal(stage_from_key(str_from(stage_key((enum stage)i))), i);
    }
}

struct value_case {
    enum field_type type;
    const char *written, *read, *note; /* note NULL: none */
};

static const struct value_case value_cases[] = {
    {FIELD_SEX, "男", "M", NULL},
    {FIELD_SEX, "女性", "F", NULL},
    {FIELD_SEX, "1", "M", NULL},
    {FIELD_SEX, " 2 ", "F", NULL},
    {FIELD_SEX, "ｆ", "F", NULL},
    {FIELD_SEX, "Male", "M", NULL},
    {FIELD_SEX, "未知", "", NULL},
    {FIELD_SEX, "男孩子气", "男孩子气", NOTE_SEX_UNREADABLE},
    {FIELD_YES_NO, "是", "yes", NULL},
    {FIELD_YES_NO, "否", "no", NULL},
    {FIELD_YES_NO, "√", "yes", NULL},
    {FIELD_YES_NO, "×", "no", NULL},
    {FIELD_YES_NO, "有", "yes", NULL},
    {FIELD_YES_NO, "无", "no", NULL},
    {FIELD_YES_NO, "1", "yes", NULL},
    {FIELD_YES_NO, "N", "no", NULL},
    {FIELD_YES_NO, "未入学", "no", NULL},
    {FIELD_YES_NO, "/", "", NULL},
    {FIELD_YES_NO, "看情况", "看情况", NOTE_YES_NO_UNREADABLE},
    {FIELD_INTEGER, "12", "12", NULL},
    {FIELD_INTEGER, "１２人", "12", NULL},
    {FIELD_INTEGER, "1,234", "1234", NULL},
    {FIELD_INTEGER, "3.0", "3", NULL},
    {FIELD_INTEGER, "十二", "12", NULL},
    {FIELD_INTEGER, "约30人", "30", NULL},
    {FIELD_INTEGER, "3.5", "3.5", NOTE_NUMBER_UNREADABLE},
    {FIELD_INTEGER, "若干", "若干", NOTE_NUMBER_UNREADABLE},
    {FIELD_DECIMAL, "12.50", "12.50", NULL},
    {FIELD_MONEY, "1234.5", "123450", NULL},
    {FIELD_MONEY, "1,234.50元", "123450", NULL},
    {FIELD_MONEY, "￥500", "50000", NULL},
    {FIELD_MONEY, "1.2万元", "1200000", NULL},
    {FIELD_MONEY, "500元/月", "50000", NULL},
    {FIELD_MONEY, "0.01", "1", NULL},
    {FIELD_MONEY, "-3", "-300", NULL},
    {FIELD_MONEY, "0.001", "0.001", NOTE_MONEY_UNREADABLE},
    {FIELD_MONEY, "很多", "很多", NOTE_MONEY_UNREADABLE},
    {FIELD_PHONE, "13800000000", "13800000000", NULL},
    {FIELD_PHONE, "138 0000 0000", "13800000000", NULL},
    {FIELD_PHONE, "+86-13800000000", "13800000000", NULL},
    {FIELD_PHONE, "0943-8221234", "09438221234", NULL},
    {FIELD_PHONE, "13800000000/13900000000", "13800000000;13900000000", NULL},
    {FIELD_PHONE, "1380000000013900000000", "13800000000;13900000000", NULL},
    {FIELD_PHONE, "13800000000（父）", "13800000000", NULL},
    {FIELD_PHONE, "123", "123", NOTE_PHONE_UNREADABLE},
    {FIELD_PHONE, "无", "", NULL},
    {FIELD_SCHOOL_CODE, "2162000123", "2162000123", NULL},
    {FIELD_SCHOOL_CODE, "２１６２０００１２３", "2162000123", NULL},
    {FIELD_SCHOOL_CODE, "216200012", "216200012", NOTE_SCHOOL_CODE_WRONG},
    {FIELD_STUDENT_NUMBER, "G620422201203050013", "G620422201203050013", NULL},
    {FIELD_STUDENT_NUMBER, " g62042220120305001x", "G62042220120305001X", NULL},
    {FIELD_STUDENT_NUMBER, "620422201203050013", "620422201203050013", NOTE_STUDENT_NUMBER_WRONG},
    {FIELD_NAME, "张 三", "张三", NULL},
    {FIELD_NAME, "　王小明　", "王小明", NULL},
    {FIELD_NAME, "买买提·吐尔逊", "买买提·吐尔逊", NULL},
    {FIELD_NAME, "Anna Lee", "Anna Lee", NULL},
    {FIELD_NAME, "12345", "12345", NOTE_NAME_NO_NAME},
    {FIELD_NAME, "王?明", "王?明", NOTE_NAME_DAMAGED},
    {FIELD_NAME, "李红 620422201104120020", "李红", NOTE_NAME_NO_NAME},
    {FIELD_NAME, "李大山13893012345", "李大山", NOTE_NAME_NO_NAME},
    {FIELD_NAME, "620422201104120020", "620422201104120020", NOTE_NAME_NO_NAME},
    {FIELD_NAME, "无", "", NULL},
    {FIELD_TEXT, " 汉族 ", "汉族", NULL},
    {FIELD_TEXT, "——", "", NULL},
    {FIELD_PEOPLE, "张三(620422201203050013),李四 男 2012-03-05",
     "张三|620422201203050013|;李四||2012-03-05", NULL},
    {FIELD_PEOPLE, "长子王小明，次女王小红", "王小明||;王小红||", NULL},
    {FIELD_PEOPLE, "王 明、张三", "王明||;张三||", NULL},
    {FIELD_PEOPLE, "王小明620422201203050013；王小红620422201309110241",
     "王小明|620422201203050013|;王小红|620422201309110241|", NULL},
    {FIELD_PEOPLE, "王小明/王小红", "王小明||;王小红||", NULL},
    {FIELD_PEOPLE, "王小明，男，2012年3月5日，汉族；王小红，女，8岁", "王小明||2012-03-05;王小红||",
     NULL},
    {FIELD_PEOPLE, "2人", "2人", NOTE_PEOPLE_UNREADABLE},
    {FIELD_PEOPLE, "无", "", NULL},
    {FIELD_DIVISION, "620422000000", "620422", NULL},
    {FIELD_DIVISION, "620422101200", "620422101200", NULL},
    {FIELD_DATE, "2012年3月5日", "2012-03-05", NULL},
    {FIELD_DATE, "2012-02-30", "2012-02-30", NOTE_DATE_UNREAL},
    {FIELD_PERIOD, " 2020-2021学年第二学期", "2021-spring", NULL},
    {FIELD_PERIOD, "2020-2021", "2020-2021", NULL},
    {FIELD_PERIOD, "2020", "2020", NOTE_PERIOD_UNREADABLE},
    {FIELD_PERIOD, "无", "", NULL},
};

static void test_values(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct value_context context = {0};
    int wrong = 0;
    for (size_t i = 0; i < sizeof value_cases / sizeof *value_cases; i++) {
        const struct value_case *at = &value_cases[i];
        struct profile_field field = {.key = STR("x"), .type = at->type};
        struct cell cell = {.kind = CELL_TEXT, .text = str_from(at->written)};
        struct value value;
        value_read(&arena, &field, &context, &cell, &value);
        const char *note = at->note == NULL ? "" : at->note;
        const char *found = value.note == NULL ? "" : value.note;
        if (str_is(value.text, at->read) && strcmp(note, found) == 0) continue;
        fprintf(stderr, "%s: is \"%.*s\" %s, not \"%s\" %s\n", at->written, STR_ARG(value.text),
                found, at->read, note);
        wrong++;
    }
    arena_free(&arena);
    assert_int_equal(wrong, 0);
}

/* register, field, word, choice or "" */
static void test_choices(void **state)
{
    (void)state;
    static const struct {
        const char *profile, *field, *written, *read;
    } cases[] = {
        {"roll", "status", "在籍在读", "active"},
        {"roll", "status", "01-在读", "active"},
        {"roll", "status", "休学", "suspended"},
        {"roll", "status", "已办理休学手续", "suspended"},
        {"roll", "status", "转出（县外）", "transferred_out"},
        {"roll", "status", "其他离校", "left_other"},
        {"roll", "status", "出国", "abroad"},
        {"roll", "status", "辍 学", "dropped_out"},
        {"roll", "status", "未辍学", ""},
        {"attending", "status", "√", "present"},
        {"attending", "status", "到校", "present"},
        {"attending", "status", "未到校", "absent"},
        {"attending", "status", "否", "absent"},
        {"attending", "status", "疑似辍学", "dropped_out"},
        {"attending", "status", "病假三天", "on_leave"},
        {"population", "status", "正常", "normal"},
        {"population", "status", "死亡注销", "cancelled_death"},
        {"population", "status", "迁出", "moved_out"},
        {"population", "status", "迁往宁夏银川市", "moved_out"},
        {"population", "status", "重户", "duplicate"},
        {"roll", "boarding", "1走读", "no"},
        {"roll", "boarding", "2 住校", "yes"},
        {"deferred", "kind", "因病休学一年", "suspension"},
        {"deferred", "kind", "延缓入学", "deferral"},
        {"roll", "stage", "普通高中", "senior"},
        {"awards_paid", "scheme", "寄宿生生活补助", "boarding_subsidy"},
        {"awards_paid", "scheme", "2020年秋季学期家庭经济困难寄宿生生活费补助资金",
         "boarding_subsidy"},
        {"awards_paid", "scheme", "2020年秋季学期义务教育阶段家庭经济困难非寄宿生生活补助资金",
         "day_subsidy"},
        {"awards_paid", "scheme", "非寄宿贫困生补助", "day_subsidy"},
        {"awards_paid", "scheme", "寄宿补", "boarding_subsidy"},
        {"awards_paid", "scheme", "生活补助费", "living_subsidy"},
        {"awards_paid", "scheme", "国家助学金", "national_grant"},
        {"awards_paid", "scheme", "中职国助金", "national_grant"},
        {"awards_paid", "scheme", "普高国家助学金（二等）", "senior_grant"},
        {"awards_paid", "scheme", "中等职业学校免学费补助", "vocational_fee"},
        {"awards_paid", "scheme", "免学杂费", "senior_fee"},
        {"awards_paid", "scheme", "雨露计划", "yulu"},
        {"awards_paid", "scheme", "泛海助学行动", ""},
    };
    struct arena arena = {0};
    struct profiles profiles;
    int wrong = 0;
    assert_true(profiles_load(&profiles, &arena, NULL, NULL));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct profile *profile = profile_find(&profiles, str_from(cases[i].profile));
        int number = profile_field_number(profile, cases[i].field);
        struct cell cell = {.kind = CELL_TEXT, .text = str_from(cases[i].written)};
        struct value_context context = {0};
        struct value value;
        value_read(&arena, &profile->fields[number], &context, &cell, &value);
        struct str read = value.understood ? value.text : STR_EMPTY;
        if (str_is(read, cases[i].read)) continue;
        fprintf(stderr, "%s: is \"%.*s\", not \"%s\"\n", cases[i].written, STR_ARG(read),
                cases[i].read);
        wrong++;
    }
    arena_free(&arena);
    assert_int_equal(wrong, 0);
}

static void test_blank(void **state)
{
    (void)state;
    static const char *const blank[] = {"",   "无",  "不详", "/",      "-",  "—",
                                        "——", "N/A", "null", "（空）", "//", "****"};
    static const char *const stated[] = {"无锡", "0", "不详细", "张", "N", "/1", "王-", "未就学"};
    for (size_t i = 0; i < sizeof blank / sizeof *blank; i++) {
        assert_true(fold_is_blank(str_from(blank[i])));
    }
    for (size_t i = 0; i < sizeof stated / sizeof *stated; i++) {
        assert_false(fold_is_blank(str_from(stated[i])));
    }
}

static void test_people_cells(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        size_t count;
        const char *name, *id; /* of the last */
    } cases[] = {
        {"", 0, "", ""},
        {"无", 0, "", ""},
        {"王小明", 1, "王小明", ""},
        {"王小明、王小红", 2, "王小红", ""},
        {"王小明620422201203050013", 1, "王小明", "620422201203050013"},
        {"子:王小明 女:王小红（62042220120305001X）", 2, "王小红", "62042220120305001X"},
        {"王小明（2014年生）；李四", 2, "李四", ""},
        {"儿子 王小明\n女儿 王小红", 2, "王小红", ""},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str rest = STR_EMPTY, name = STR_EMPTY, id = STR_EMPTY, birth;
        size_t count = 0;
        bool read = people_cell_read(&arena, str_from(cases[i].cell), &rest);
        assert_int_equal(read, cases[i].count > 0);
        while (people_cell_next(&rest, &name, &id, &birth)) count++;
        assert_int_equal(count, cases[i].count);
        if (count == 0) continue;
        assert_str_is(name, cases[i].name);
        assert_str_is(id, cases[i].id);
    }
    arena_free(&arena);
}

static void test_people_walk(void **state)
{
    (void)state;
    struct str rest = STR("张三|620422201203050013|;李四||2012-03-05"), name, id, birth;
    assert_true(people_cell_next(&rest, &name, &id, &birth));
    assert_str_is(name, "张三");
    assert_str_is(id, "620422201203050013");
    assert_str_is(birth, "");
    assert_true(people_cell_next(&rest, &name, &id, &birth));
    assert_str_is(name, "李四");
    assert_str_is(birth, "2012-03-05");
    assert_false(people_cell_next(&rest, &name, &id, &birth));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_people_cells), cmocka_unit_test(test_dates),
        cmocka_unit_test(test_title_days),   cmocka_unit_test(test_grades),
        cmocka_unit_test(test_schools),      cmocka_unit_test(test_values),
        cmocka_unit_test(test_choices),      cmocka_unit_test(test_blank),
        cmocka_unit_test(test_people_walk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
