#include "sample/office.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The row of each entry, as its office writes it. */

struct writer {
    struct office *office;
    const struct city *city;
    const struct settings *settings;
    struct arena *arena;
    struct spoiler spoiler;
    const struct entry *entry;
    const struct child *child;   /* NULL for schools and villages */
    const struct family *family; /* likewise */
    struct row *row;
};

static const char *const disability_names[] = {"",     "视力", "听力", "言语",
                                               "肢体", "智力", "精神", "多重"};
static const char *const grade_names[] = {"", "一级", "二级", "三级", "四级"};

static struct str words(struct writer *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static struct str words(struct writer *w, const char *format, ...)
{
    struct text out;
    char buffer[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(buffer, sizeof buffer, format, args);
    va_end(args);
    CHECK(length >= 0);
    text_init(&out, w->arena, sizeof buffer);
    text_add_c(&out, buffer);
    return text_str(&out);
}

static void put(struct writer *w, enum column column, struct str text)
{
    w->row->cells[column] = text;
}

static void put_c(struct writer *w, enum column column, const char *text)
{
    w->row->cells[column] = str_from(text);
}

static uint32_t below(struct writer *w, uint32_t bound)
{
    return rng_below(&w->spoiler.rng, bound);
}

static struct str day_text(struct writer *w, day d)
{
    char buffer[DAY_TEXT_SIZE];
    return str_copy(w->arena, str_from(day_format(d, buffer)));
}

/* A day between two. */
static struct str some_day(struct writer *w, const char *from, uint32_t days)
{
    day d;
    CHECK(day_parse(str_from(from), &d));
    return day_text(w, (day){d.days + (int32_t)below(w, days)});
}

/* The address in one of the forms that people write: whole, without province and city, or only as
 * it is called at home. */
static void put_address(struct writer *w, const struct village *village,
                        const struct township *township, const struct county *county)
{
    static const char *const numerals[] = {"一", "二", "三", "四", "五", "六", "七", "八", "九"};
    uint32_t number = w->family == NULL ? 0 : w->family->number % 9;
    uint32_t form = w->office->source == SOURCE_POPULATION ? 0 : below(w, 5);
    struct text out;
    text_init(&out, w->arena, 512);
    if (form < 2) {
        text_add(&out, w->settings->province);
        text_add(&out, w->settings->zh);
    }
    if (form < 4) text_add(&out, county->name);
    text_add(&out, township->name);
    text_add(&out, village->short_name);
    if (village->urban)
        text_add_f(&out, "社区%u号楼", number + 1);
    else if (form < 3)
        text_add_f(&out, "村%u组", number + 1);
    else
        text_add_f(&out, "村%s社", numerals[number]);
    put(w, COLUMN_ADDRESS, text_str(&out));
}

static void put_place(struct writer *w, uint32_t number)
{
    const struct village *village = &w->settings->villages[number];
    const struct township *township = &w->settings->townships[village->township];
    const struct county *county = &w->settings->counties[township->county];
    put(w, COLUMN_COUNTY, county->name);
    put(w, COLUMN_TOWNSHIP, township->name);
    put(w, COLUMN_VILLAGE,
        below(w, 4) == 0 || village->urban ? village->name
                                           : words(w, "%.*s村", STR_ARG(village->short_name)));
    put(w, COLUMN_AREA_CODE, village->code);
    put(w, COLUMN_STATION, words(w, "%.*s派出所", STR_ARG(township->name)));
    put_address(w, village, township, county);
}

static bool is_grandparent(const struct writer *w, uint32_t adult)
{
    return adult == w->family->elder;
}

static struct str guardian_relation(const struct writer *w, uint32_t adult)
{
    bool male = w->city->adults.items[adult].male;
    if (is_grandparent(w, adult)) return male ? STR("祖父") : STR("祖母");
    return male ? STR("父亲") : STR("母亲");
}

static void put_guardians(struct writer *w)
{
    struct spoiler *spoiler = &w->spoiler;
    uint32_t first = family_guardian(w->family), second = family_guardian2(w->family);
    if (second != NOBODY && spoil_hits(spoiler, SPOIL_GUARDIAN_OTHER)) {
        uint32_t swap = first;
        first = second;
        second = swap;
    }
    for (int i = 0; i < 2; i++) {
        uint32_t number = i == 0 ? first : second;
        if (number == NOBODY) continue;
        const struct adult *adult = &w->city->adults.items[number];
        struct str name = adult->name;
        if (spoil_hits(spoiler, SPOIL_GUARDIAN_NAME)) {
            uint32_t kept = spoiler->rates[SPOIL_HOMOPHONE];
            spoiler->rates[SPOIL_HOMOPHONE] = 900000;
            name = spoil_name(spoiler, name);
            spoiler->rates[SPOIL_HOMOPHONE] = kept;
        }
        struct str id = spoil_adult_id(spoiler, str_from(adult->id), SPOIL_GUARDIAN_ID_MISSING,
                                       SPOIL_GUARDIAN_ID_DIGIT, SPOIL_GUARDIAN_ID_15);
        put(w, i == 0 ? COLUMN_GUARDIAN_NAME : COLUMN_GUARDIAN2_NAME, name);
        put(w, i == 0 ? COLUMN_GUARDIAN_ID : COLUMN_GUARDIAN2_ID, id);
        if (i == 0) put(w, COLUMN_GUARDIAN_RELATION, guardian_relation(w, number));
    }
    put(w, COLUMN_PHONE, words(w, "%llu", (unsigned long long)w->family->phone));
}

static void put_household(struct writer *w, uint32_t village)
{
    const struct adult *head = &w->city->adults.items[w->family->head];
    struct str county = w->settings->counties[village_county(w->settings, village)].code;
    put(w, COLUMN_HOUSEHOLD_NUMBER, words(w, "%.6s%08u", county.ptr, w->family->number));
    put(w, COLUMN_HEAD_NAME, head->name);
    put(w, COLUMN_HEAD_ID, str_from(head->id));
    bool grand = is_grandparent(w, w->family->head);
    put_c(w, COLUMN_RELATION, w->child->male ? grand ? "孙子" : "子" : grand ? "孙女" : "女");
}

/* What every register writes of a child. */
static void put_child(struct writer *w, uint32_t village)
{
    struct spoiler *spoiler = &w->spoiler;
    enum spoil how;
    put(w, COLUMN_NAME, spoil_name(spoiler, w->child->name));
    put(w, COLUMN_ID_NUMBER, spoil_id(spoiler, w->child, &how));
    put_c(w, COLUMN_ID_KIND, w->row->cells[COLUMN_ID_NUMBER].len == 0 ? "其他" : "居民身份证");
    put_c(w, COLUMN_SEX, w->child->male ? "M" : "F");
    put_c(w, COLUMN_NATION, nation_names[w->child->nation]);
    put(w, COLUMN_BIRTH_DATE, spoil_birth(spoiler, w->child->birth, &w->row->birth_odd));
    w->row->date_odd = below(w, DATE_CELL);
    put(w, COLUMN_AGE, words(w, "%d", day_age(w->child->birth, w->office->at)));
    put_household(w, village);
    put_place(w, spoil_village(spoiler, village));
    put_guardians(w);
}

static void population_row(struct writer *w)
{
    const struct child *child = w->child;
    uint32_t village = w->entry->place;
    bool second = w->entry->variant == VARIANT_SECOND;
    if (second) {
        const struct county *county = &w->settings->counties[village_county(w->settings, village)];
        const struct township *township =
            &w->settings->townships[county->township_from + below(w, county->township_count)];
        village = township->village_from + below(w, township->village_count);
    }
    put_child(w, village);
    put_c(w, COLUMN_STATUS, "正常");
    if (child->situation == IS_MOVED_OUT) put_c(w, COLUMN_STATUS, "迁出");
    if (child->situation == IS_DEAD && below(w, 5) < 2) put_c(w, COLUMN_STATUS, "死亡注销");
    bool never = w->family->residence == LIVES_NEVER_SEEN && !child->listed_elsewhere
                 && child->situation == IS_ELSEWHERE;
    if (never) put_c(w, COLUMN_STATUS, "重户");
    if (second) {
        put(w, COLUMN_ID_NUMBER, spoil_school_made(&w->spoiler, child));
        if (below(w, 2) == 0) put_c(w, COLUMN_STATUS, "双重户籍");
    }
    put(w, COLUMN_FROM, day_text(w, child_moved_in(child, &w->spoiler.rng)));
}

/* "王小明（620…）、王小红": the children in one cell. */
static void companions_row(struct writer *w)
{
    const struct adult *adult = &w->city->adults.items[w->entry->adult];
    struct text cell;
    text_init(&cell, w->arena, 1024);
    bool numbers = below(w, 4) > 0;
    for (uint32_t i = 0; i < w->family->child_count; i++) {
        uint32_t number = w->family->first_child + i;
        const struct child *child = &w->city->children.items[number];
        enum spoil how;
        bool known = child->situation != IS_DEAD && child->situation != IS_MOVED_OUT;
        if (!known || child->age > 17) continue;
        if (cell.len > 0) text_add_c(&cell, "、");
        text_add(&cell, spoil_name(&w->spoiler, child->name));
        struct str id = str_trim(spoil_id(&w->spoiler, child, &how));
        if (numbers && id.len > 0) text_add_f(&cell, "（%.*s）", STR_ARG(id));
        w->row->parts[w->row->part_count++] = number;
    }
    put(w, COLUMN_NAME, adult->name);
    put(w, COLUMN_ID_NUMBER, str_from(adult->id));
    put_c(w, COLUMN_SEX, adult->male ? "M" : "F");
    put(w, COLUMN_BIRTH_DATE, day_text(w, adult->birth));
    put_c(w, COLUMN_NATION, nation_names[w->child->nation]);
    put(w, COLUMN_COMPANIONS, text_str(&cell));
    put(w, COLUMN_PHONE, words(w, "%llu", (unsigned long long)w->family->phone));
    put_place(w, w->family->lives);
}

static void residents_row(struct writer *w)
{
    if (w->entry->variant == VARIANT_COMPANIONS)
        companions_row(w);
    else
        put_child(w, w->family->lives);
    const struct village *registered = &w->settings->villages[w->family->village];
    const struct township *township = &w->settings->townships[registered->township];
    put(w, COLUMN_ORIGIN_ADDRESS,
        w->family->residence == LIVES_INCOMER
            ? w->settings->outside[w->family->outside].name
            : words(w, "%.*s%.*s%.*s%.*s", STR_ARG(w->settings->zh),
                    STR_ARG(w->settings->counties[township->county].name), STR_ARG(township->name),
                    STR_ARG(registered->short_name)));
    put(w, COLUMN_PERMIT,
        words(w, "%.6s%u%08u", w->settings->city.ptr, 2018 + below(w, 3), w->family->number));
    put(w, COLUMN_FROM, some_day(w, "2017-03-01", 1200));
    static const char *const reasons[] = {"务工", "经商", "随迁", "投靠亲属", "就学"};
    put_c(w, COLUMN_REASON, reasons[below(w, 5)]);
}

static const char *story_words(const struct child *child)
{
    switch (child->story) {
    case STORY_WORK: return "外出打工";
    case STORY_WEARY: return "厌学在家";
    case STORY_MARRIAGE: return "早婚";
    case STORY_POOR: return "因贫失学";
    case STORY_NEVER_ENROLLED: return "未登记入学";
    case STORY_DISABLED: return "残疾，无法到校";
    case STORY_NO_HOUSEHOLD: return "无户口，未入学";
    default: return "失学在家";
    }
}

/* A school outside the city, as the family tells it. */
static struct str outside_school(struct writer *w)
{
    static const char *const stages[STAGE_COUNT] = {"小学", "幼儿园",   "小学", "中学",
                                                    "中学", "职业学校", "小学"};
    static const char *const heads[] = {"第一", "第二", "第三", "实验",
                                        "育才", "红旗", "新城", "东关"};
    struct str name = w->settings->outside[w->family->outside].name;
    return words(w, "%.*s%s%s", STR_ARG(name), heads[w->family->number % 8],
                 stages[w->child->stage]);
}

static void put_grade(struct writer *w, enum stage stage, int grade)
{
    w->row->stage = stage;
    w->row->grade = grade;
    put(w, COLUMN_CLASS,
        words(w, "%d班", w->child->class_number == 0 ? 1 : w->child->class_number));
}

static void put_school(struct writer *w, uint32_t number)
{
    static const char *const stages[STAGE_COUNT] = {"",     "学前", "小学", "初中",
                                                    "高中", "中职", "特教"};
    const struct school *school = &w->city->schools.items[number];
    put(w, COLUMN_SCHOOL_NAME, school->name);
    put(w, COLUMN_SCHOOL_SHORT, school->short_name);
    put(w, COLUMN_SCHOOL_CODE, str_from(school->code));
    put_c(w, COLUMN_STAGE, stages[school->stage]);
    put_grade(w, school->stage, w->child->grade);
}

static void door_survey_row(struct writer *w)
{
    static const char *const visitors[] = {"村主任", "包村干部", "班主任", "文书", "包社教师"};
    const struct child *child = w->child;
    put_child(w, w->entry->place);
    put_c(w, COLUMN_REGISTERED, child->registered ? "有" : "无");
    put_c(w, COLUMN_VISITOR, visitors[below(w, 5)]);
    put(w, COLUMN_DAY, day_text(w, (day){w->office->at.days - (int32_t)below(w, 9)}));
    if (child->situation == IS_MISSING)
        put_c(w, COLUMN_REASON, story_words(child));
    else if (child->situation == IS_ELSEWHERE)
        put(w, COLUMN_SCHOOL_SHORT, outside_school(w));
    else if (child->school != NOBODY && child->situation == IS_AT_SCHOOL)
        put_school(w, child->school);
    else if (child->situation == IS_HOMEBOUND)
        put_c(w, COLUMN_REMARK, "送教上门");
    else if (child->situation == IS_DEFERRED)
        put_c(w, COLUMN_REMARK, "已批准缓学（休学）");
}

/* What the school once wrote into its roll as number of the document and of the student: the
 * attendance list copies them from there. */
static void roll_numbers(struct writer *w, struct str *id, struct str *number)
{
    struct spoiler spoiler = w->spoiler;
    enum spoil how;
    spoiler.rng = rng_branch(w->city->seed, (200ull << 40) + w->entry->child);
    spoiler.source = SOURCE_ROLL;
    memcpy(spoiler.rates, w->office->roll_rates, sizeof spoiler.rates);
    *id = spoil_id(&spoiler, w->child, &how);
    bool typed_wrong = how == SPOIL_ID_DIGIT || how == SPOIL_ID_SWAP || how == SPOIL_ID_PARENT
                       || how == SPOIL_ID_SIBLING;
    if (how == SPOIL_ID_STUDENT_NUMBER)
        *number = words(w, "J%.*s", STR_ARG(*id));
    else if (how == SPOIL_ID_MISSING && rng_below(&spoiler.rng, 2) == 0) {
        struct str made = spoil_school_made(&spoiler, w->child);
        *number = words(w, "J%.*s", STR_ARG(made));
    } else if (how == SPOIL_ID_MISSING) {
        int year, month, day_of_month;
        day_to_ymd(w->child->birth, &year, &month, &day_of_month);
        *number =
            words(w, "L%.6s%04d%02d%02d%04u",
                  w->settings->counties[village_county(w->settings, w->family->village)].code.ptr,
                  year, month, day_of_month, rng_below(&spoiler.rng, 10000));
    } else if (typed_wrong && rng_below(&spoiler.rng, 10) < 7)
        *number = words(w, "G%.*s", STR_ARG(str_trim(*id)));
    else
        *number = words(w, "G%s", w->child->id);
}

static uint32_t lived_in(const struct writer *w)
{
    return w->family->lives == NOBODY ? w->family->village : w->family->lives;
}

static void roll_row(struct writer *w)
{
    static const char *const states[] = {
        [VARIANT_PLAIN] = "在读",       [VARIANT_SECOND] = "在读",   [VARIANT_SUSPENDED] = "休学",
        [VARIANT_TRANSFERRED] = "转出", [VARIANT_LEFT] = "其他离校", [VARIANT_RETURNED] = "在读"};
    struct str id, number;
    put_child(w, lived_in(w));
    roll_numbers(w, &id, &number);
    put(w, COLUMN_ID_NUMBER, id);
    put_c(w, COLUMN_ID_KIND, id.len == 0 ? "其他" : "居民身份证");
    put(w, COLUMN_STUDENT_NUMBER, number);
    put_school(w, w->entry->place);
    put_c(w, COLUMN_STATUS, states[w->entry->variant]);
    put_c(w, COLUMN_BOARDING, w->child->boarding ? "住校" : "走读");
    if (w->city->schools.items[w->entry->place].stage == STAGE_VOCATIONAL)
        put(w, COLUMN_MAJOR, w->settings->aid.majors.items[w->child->major].text);
    const struct village *registered = &w->settings->villages[w->family->village];
    const struct township *township = &w->settings->townships[registered->township];
    put(w, COLUMN_ORIGIN_ADDRESS,
        w->family->residence == LIVES_INCOMER
            ? w->settings->outside[w->family->outside].name
            : words(w, "%.*s%.*s%.*s%.*s", STR_ARG(w->settings->province), STR_ARG(w->settings->zh),
                    STR_ARG(w->settings->counties[township->county].name),
                    STR_ARG(township->name)));
    int year, month, day_of_month;
    day_to_ymd(w->settings->first_day, &year, &month, &day_of_month);
    bool back = w->entry->variant == VARIANT_RETURNED;
    put(w, COLUMN_FROM,
        back ? day_text(w, w->office->at) : words(w, "%d-09-01", year - w->child->grade + 1));
}

static void attending_row(struct writer *w)
{
    struct str id, number;
    put_child(w, lived_in(w));
    roll_numbers(w, &id, &number);
    /* A pupil who is on no roll yet is written with G and the ID number, as the number will be. */
    put(w, COLUMN_STUDENT_NUMBER, number);
    if (below(w, 2) == 0) put(w, COLUMN_ID_NUMBER, id);
    put_school(w, w->entry->place);
    put(w, COLUMN_DAY, day_text(w, w->office->at));
    enum presence presence = w->child->presence;
    if (w->entry->variant == VARIANT_RETURNED) presence = PRESENT;
    put_c(w, COLUMN_STATUS,
          presence == PRESENT    ? "到校"
          : presence == ON_LEAVE ? "请假"
                                 : "未到校");
    put_c(w, COLUMN_TIMES, presence == PRESENT ? "0" : presence == ON_LEAVE ? "2" : "10");
}

static void graduates_row(struct writer *w)
{
    int year, month, day_of_month;
    struct str id, number;
    day_to_ymd(w->settings->first_day, &year, &month, &day_of_month);
    bool junior = w->entry->variant == VARIANT_JUNIOR;
    put_child(w, w->family->village);
    roll_numbers(w, &id, &number);
    put(w, COLUMN_STUDENT_NUMBER, number);
    put_school(w, w->entry->place);
    put_c(w, COLUMN_STAGE, junior ? "初中" : "小学");
    put(w, COLUMN_YEAR, words(w, "%d-07", junior ? year - (w->child->grade - 1) : year));
}

static void elsewhere_row(struct writer *w)
{
    struct str name = w->settings->outside[w->family->outside].name;
    static const char *const proofs[] = {"就读证明", "学籍截图", "学校回执", "电话核实"};
    put_child(w, w->entry->place);
    put(w, COLUMN_SCHOOL_NAME, outside_school(w));
    put(w, COLUMN_SCHOOL_SHORT, w->row->cells[COLUMN_SCHOOL_NAME]);
    size_t at = 0, characters = 0;
    uint32_t code;
    bool city = str_starts(name, STR("北京")) || str_starts(name, STR("上海"));
    size_t wanted = city ? 3 : str_find(name, STR("自治区")) != SIZE_MAX ? 0 : 3;
    while (characters++ < wanted) utf8_next(name, &at, &code);
    if (wanted == 0) at = str_find(name, STR("自治区")) + strlen("自治区");
    put(w, COLUMN_PROVINCE, str_slice(name, 0, at));
    put_grade(w, w->child->stage, w->child->grade);
    put_c(w, COLUMN_PROOF,
          w->entry->variant == VARIANT_RETURNED ? "就读证明" : proofs[below(w, 4)]);
    put_c(w, COLUMN_REASON, "随父母外出");
}

static void homebound_row(struct writer *w)
{
    static const char *const teachers[] = {"张老师", "李老师", "王老师",
                                           "马老师", "刘老师", "陈老师"};
    put_child(w, w->entry->place);
    uint32_t school = w->child->school != NOBODY ? w->child->school : w->child->outcome_school;
    if (school != NOBODY) put_school(w, school);
    put_c(w, COLUMN_KIND, disability_names[w->child->disability_kind]);
    put_c(w, COLUMN_LEVEL, grade_names[w->child->disability_grade]);
    put_c(w, COLUMN_TEACHER, teachers[below(w, 6)]);
    put_c(w, COLUMN_TIMES, below(w, 3) == 0 ? "4" : "2");
    put(w, COLUMN_FROM, w->entry->last ? day_text(w, w->office->at) : STR("2020-09-01"));
}

static void deferred_row(struct writer *w)
{
    bool young = w->child->age <= 7;
    put_child(w, w->entry->place);
    put_c(w, COLUMN_KIND, young ? "缓学" : "休学");
    put_c(w, COLUMN_FROM, "2020-09-01");
    put_c(w, COLUMN_TO, "2021-08-31");
    put_c(w, COLUMN_TERM, "2020.09.01-2021.08.31");
    put_c(w, COLUMN_REASON, young ? "身体发育迟缓" : "因病");
    put(w, COLUMN_APPROVED_BY, words(w, "%.*s教育局", STR_ARG(w->row->cells[COLUMN_COUNTY])));
    put(w, COLUMN_APPROVAL_NUMBER, words(w, "教基〔2020〕%u号", 10 + below(w, 90)));
}

static void deaths_row(struct writer *w)
{
    put_child(w, w->entry->place);
    int32_t lived = w->office->at.days - w->child->birth.days;
    uint32_t ago = below(w, lived < 1100 ? (uint32_t)lived : 1100);
    put(w, COLUMN_FROM, day_text(w, (day){w->office->at.days - (int32_t)ago}));
    put(w, COLUMN_TO, day_text(w, (day){w->office->at.days - (int32_t)(ago / 2)}));
}

/* An adult of a household on a list of hardship. */
static void adult_cells(struct writer *w, uint32_t number)
{
    const struct adult *adult = &w->city->adults.items[number];
    struct spoiler *spoiler = &w->spoiler;
    put(w, COLUMN_NAME, spoil_name(spoiler, adult->name));
    put(w, COLUMN_ID_NUMBER,
        spoil_adult_id(spoiler, str_from(adult->id), SPOIL_ID_MISSING, SPOIL_ID_DIGIT,
                       SPOIL_ID_15));
    put_c(w, COLUMN_SEX, adult->male ? "M" : "F");
    put(w, COLUMN_BIRTH_DATE, day_text(w, adult->birth));
    put_c(w, COLUMN_NATION, nation_names[w->child->nation]);
    put_household(w, w->family->village);
    put_place(w, w->family->village);
    const char *relation = number == w->family->head             ? "户主"
                           : number == w->family->elder          ? adult->male ? "父亲" : "母亲"
                           : w->family->head == w->family->elder ? adult->male ? "之子" : "之儿媳"
                                                                 : "配偶";
    put_c(w, COLUMN_RELATION, relation);
    put(w, COLUMN_PHONE, words(w, "%llu", (unsigned long long)w->family->phone));
}

static const char *school_state(const struct child *child)
{
    static const char *const junior[] = {"七年级", "七年级", "八年级", "九年级"};
    bool learning = child->situation == IS_AT_SCHOOL || child->situation == IS_ELSEWHERE;
    if (child->age < 3) return "学龄前儿童";
    if (!learning) return "";
    switch (child->stage) {
    case STAGE_PRESCHOOL: return "学前教育";
    case STAGE_PRIMARY:
    case STAGE_SPECIAL: return "小学";
    case STAGE_JUNIOR: return junior[child->grade & 3];
    case STAGE_SENIOR: return child->grade == 1 ? "普通高中一年级" : "普通高中二年级";
    case STAGE_VOCATIONAL: return child->grade == 1 ? "中职一年级" : "中职二年级";
    default: return "";
    }
}

static void poverty_row(struct writer *w)
{
    static const char *const watched[] = {"", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户"};
    if (w->entry->adult != NOBODY)
        adult_cells(w, w->entry->adult);
    else {
        put_child(w, w->family->village);
        put_c(w, COLUMN_STATUS, school_state(w->child));
        bool head_old = w->family->head == w->family->elder;
        put_c(w, COLUMN_RELATION,
              w->child->male ? head_old ? "之孙子" : "之子"
              : head_old     ? "之孙女"
                             : "之女");
    }
    struct str household = words(w, "62%08u", w->family->number);
    put(w, COLUMN_HOUSEHOLD_NUMBER, household);
    put(w, COLUMN_PERSON_NUMBER,
        words(w, "%.*s%02u", STR_ARG(household), (unsigned)(w->entry->order & 0xFF) + 1));
    put_c(w, COLUMN_KIND, w->family->poverty ? "脱贫户" : "一般农户");
    put_c(w, COLUMN_LEVEL, watched[w->family->watch]);
    put(w, COLUMN_YEAR, words(w, "%u", 2013 + w->family->number % 5));
    put(w, COLUMN_MEMBERS, words(w, "%u", w->family->child_count + 2));
}

static void dibao_row(struct writer *w)
{
    static const char *const classes[] = {"一类", "二类", "三类", "四类"};
    if (w->entry->adult != NOBODY)
        adult_cells(w, w->entry->adult);
    else
        put_child(w, w->family->village);
    put_c(w, COLUMN_KIND, classes[w->family->number % 4]);
    put_c(w, COLUMN_URBAN, w->settings->villages[w->family->village].urban ? "城市" : "农村");
    put(w, COLUMN_FROM,
        words(w, "%u-%02u", 2014 + w->family->number % 6, 1 + w->family->number % 12));
}

static void destitute_row(struct writer *w)
{
    put_child(w, w->family->village);
    put_c(w, COLUMN_URBAN, w->settings->villages[w->family->village].urban ? "城市" : "农村");
    put_c(w, COLUMN_KIND, w->family->number % 5 == 0 ? "集中供养" : "分散供养");
    put(w, COLUMN_FROM, words(w, "%u-01", 2015 + w->family->number % 5));
}

static void orphans_row(struct writer *w)
{
    put_child(w, w->family->village);
    put_c(w, COLUMN_KIND, w->family->number % 3 == 0 ? "事实无人抚养儿童" : "孤儿");
    put_c(w, COLUMN_LEVEL, w->family->number % 9 == 0 ? "集中养育" : "散居");
}

static void disabled_row(struct writer *w)
{
    put_child(w, w->family->village);
    put(w, COLUMN_CERTIFICATE,
        spoil_certificate(&w->spoiler, w->child,
                          spoil_hits(&w->spoiler, SPOIL_ID_DIGIT)
                              ? spoil_digit(&w->spoiler, str_from(w->child->id))
                              : str_from(w->child->id)));
    put_c(w, COLUMN_KIND, disability_names[w->child->disability_kind]);
    put_c(w, COLUMN_LEVEL, grade_names[w->child->disability_grade]);
    put(w, COLUMN_FROM, some_day(w, "2012-01-01", 3000));
}

static void recognitions_row(struct writer *w)
{
    static const char *const levels[] = {"特别困难", "困难", "一般困难"};
    struct str id, number;
    put_child(w, lived_in(w));
    roll_numbers(w, &id, &number);
    put(w, COLUMN_STUDENT_NUMBER, number);
    put_school(w, w->entry->place);
    put_c(w, COLUMN_YEAR, "2020-2021");
    put_c(w, COLUMN_LEVEL, levels[below(w, 3)]);
    put_c(w, COLUMN_REASON,
          w->family->poverty              ? "建档立卡"
          : w->family->dibao              ? "低保"
          : w->child->disability_kind > 0 ? "残疾"
                                          : "家庭经济困难");
}

static struct str yuan(struct writer *w, int64_t fen)
{
    long long whole = fen / 100, part = fen % 100;
    if (part == 0) return words(w, "%lld", whole);
    return part % 10 == 0 ? words(w, "%lld.%lld", whole, part / 10)
                          : words(w, "%lld.%02lld", whole, part);
}

/* The term in the forms of different clerks. */
static void put_period(struct writer *w, struct period period)
{
    int from = period.spring ? period.year - 1 : period.year;
    const char *name = period.spring ? "第二学期" : "第一学期";
    put(w, COLUMN_PERIOD, words(w, "%d年%s季学期", period.year, period.spring ? "春" : "秋"));
    put(w, COLUMN_PERIOD_LONG, words(w, "%d-%d学年%s", from, from + 1, name));
    put(w, COLUMN_PERIOD_CODE, words(w, "%d-%d-%d", from, from + 1, period.spring ? 2 : 1));
    put(w, COLUMN_SCHOOL_YEAR, words(w, "%d-%d", from, from + 1));
    put_c(w, COLUMN_TERM_NAME, name);
}

/* When it was paid, to which card. A second payment comes some days after the first. */
static void put_transfer(struct writer *w, const struct payment *payment)
{
    int year, month, day_of_month;
    uint32_t county = w->city->schools.items[payment->school].county;
    day paid = {w->office->at.days - 3 - 2 * (int32_t)county};
    uint32_t holder = city_account_holder(w->city, w->entry->child);
    if (w->entry->variant == VARIANT_SECOND) paid.days += 2;
    day_to_ymd(paid, &year, &month, &day_of_month);
    put(w, COLUMN_PAID_ON, day_text(w, paid));
    put(w, COLUMN_PAID_YEAR, words(w, "%d", year));
    put(w, COLUMN_PAID_MONTH, words(w, "%d", month));
    put(w, COLUMN_BANK_SERIAL,
        words(w, "%04d%02d%02d%08u", year, month, day_of_month, below(w, 100000000)));
    put(w, COLUMN_BANK, city_account_bank(w->city, w->entry->child));
    put(w, COLUMN_ACCOUNT, city_account_number(w->city, w->arena, w->entry->child));
    put(w, COLUMN_PAYEE_NAME,
        holder == NOBODY ? w->child->name : w->city->adults.items[holder].name);
}

static void awards_row(struct writer *w)
{
    const struct payment *payment = w->entry->payment;
    const struct aid_scheme *scheme = &w->settings->aid.schemes[payment->scheme];
    bool abbreviated = sample_chance(&w->spoiler.rng, (uint32_t)w->settings->aid.abbreviated);
    struct str id, number;
    put_child(w, lived_in(w));
    roll_numbers(w, &id, &number);
    put(w, COLUMN_STUDENT_NUMBER, number);
    put_school(w, payment->school);
    w->row->grade = payment->grade;
    put_period(w, w->settings->plans[payment->plan].period);
    size_t short_names = scheme->name_count - 1;
    bool whole = !abbreviated || short_names == 0;
    put(w, COLUMN_SCHEME, scheme->names[whole ? 0 : 1 + below(w, (uint32_t)short_names)]);
    put(w, COLUMN_AMOUNT, yuan(w, payment->each_fen));
    put_c(w, COLUMN_REASON,
          w->family->poverty              ? "建档立卡"
          : w->family->dibao              ? "低保"
          : w->child->disability_kind > 0 ? "残疾"
                                          : "家庭经济困难");
    put_transfer(w, payment);
}

/* As schools collect them: the list says what the clerk was told, or copied. */
static void accounts_row(struct writer *w)
{
    const struct account *account = w->entry->account;
    uint32_t holder = account->holder_adult;
    struct str id, number;
    put_child(w, lived_in(w));
    roll_numbers(w, &id, &number);
    put(w, COLUMN_STUDENT_NUMBER, number);
    put_school(w, account->school);
    if (account->kind == ACCOUNT_LACKING) {
        put_c(w, COLUMN_REMARK, "未办卡");
        return;
    }
    put(w, COLUMN_BANK, account->bank);
    put(w, COLUMN_ACCOUNT, account->stated_number);
    put(w, COLUMN_PAYEE_NAME, account->stated_holder);
    put(w, COLUMN_OPENED_ON, some_day(w, "2014-03-01", 2200));
    put_c(w, COLUMN_ACCOUNT_STATE, account->kind == ACCOUNT_CLOSED ? "未激活" : "正常");
    if (account->kind == ACCOUNT_OTHER) {
        put_c(w, COLUMN_PAYEE_RELATION, "亲戚");
    } else if (holder == NOBODY) {
        put_c(w, COLUMN_PAYEE_RELATION, "本人");
        put(w, COLUMN_PAYEE_ID, str_from(w->child->id));
    } else {
        put(w, COLUMN_PAYEE_RELATION, guardian_relation(w, holder));
        put(w, COLUMN_PAYEE_ID, str_from(w->city->adults.items[holder].id));
    }
}

/* Made from the register of the police by number, without a clerk. */
static void suspects_row(struct writer *w)
{
    bool on_roll = w->child->reason_absent != STORY_NONE;
    put_child(w, w->entry->place);
    put_c(w, COLUMN_KIND, on_roll ? "疑似辍学" : "疑似失学");
    put_c(w, COLUMN_LEVEL, "2020年秋季第一批");
}

static void schools_row(struct writer *w)
{
    static const char *const kinds[STAGE_COUNT] = {
        "", "幼儿园", "小学", "初级中学", "高级中学", "中等职业学校", "特殊教育学校"};
    const struct school *school = &w->city->schools.items[w->entry->place];
    bool urban = w->settings->villages[school->village].urban;
    put(w, COLUMN_SCHOOL_NAME, school->name);
    put(w, COLUMN_SCHOOL_CODE, str_from(school->code));
    put_c(w, COLUMN_KIND, kinds[school->stage]);
    put_place(w, school->village);
    put_c(w, COLUMN_URBAN, urban ? "城市" : school->stage >= STAGE_JUNIOR ? "镇区" : "乡村");
    put_c(w, COLUMN_SPONSOR,
          school->stage == STAGE_PRESCHOOL && w->entry->place % 5 == 0 ? "民办" : "县级教育部门");
    int64_t fee = city_school_fee(w->city, w->entry->place);
    if (fee > 0) put(w, COLUMN_FEE, yuan(w, fee));
    put(w, COLUMN_STUDENTS, words(w, "%u", school->students));
    put(w, COLUMN_TEACHERS, words(w, "%u", city_school_teachers(school)));
    if (school->stage == STAGE_PRESCHOOL)
        put_c(w, COLUMN_CENTRAL, city_school_central(w->city, w->entry->place) ? "是" : "否");
}

static void villages_row(struct writer *w)
{
    uint32_t number = w->entry->place;
    const struct village *village = &w->settings->villages[number];
    const struct village_fact *fact = &w->city->facts[number];
    put_place(w, number);
    put(w, COLUMN_VILLAGE, village->name);
    put_c(w, COLUMN_URBAN, village->urban ? "城镇" : "乡村");
    put_c(w, COLUMN_POOR_VILLAGE, fact->poor ? "是" : "否");
    if (fact->poor) {
        int year, month, day_of_month;
        day_to_ymd(fact->exited, &year, &month, &day_of_month);
        put(w, COLUMN_EXIT_YEAR, words(w, "%d", year));
        put(w, COLUMN_EXITED_ON, day_text(w, fact->exited));
        put_c(w, COLUMN_ASSURED, "是");
        put(w, COLUMN_ASSURED_ON, day_text(w, fact->assured));
    }
    put(w, COLUMN_POPULATION, words(w, "%u", 600 + below(w, 1800)));
    put(w, COLUMN_PRESCHOOLERS, words(w, "%u", 10 + below(w, 60)));
    if (fact->kindergarten != NOBODY)
        put(w, COLUMN_KINDERGARTEN, w->city->schools.items[fact->kindergarten].short_name);
    else
        put_c(w, COLUMN_KINDERGARTEN, "无");
    put_c(w, COLUMN_NEEDS, fact->needs ? "有" : "无");
    put_c(w, COLUMN_HAS, fact->has ? "有" : "无");
    if (fact->shared_with == NOBODY) return;
    put(w, COLUMN_SHARED_WITH, w->settings->villages[fact->shared_with].name);
    put(w, COLUMN_DISTANCE, words(w, "%u.%u", fact->metres / 1000, fact->metres % 1000 / 100));
}

void office_row(struct office *office, struct arena *arena, const struct entry *entry,
                struct row *row)
{
    void (*const write[SOURCE_COUNT])(struct writer *) = {
        population_row,   residents_row, door_survey_row, roll_row,     attending_row,
        graduates_row,    elsewhere_row, homebound_row,   deferred_row, deaths_row,
        poverty_row,      dibao_row,     destitute_row,   orphans_row,  disabled_row,
        recognitions_row, schools_row,   villages_row,    awards_row,   suspects_row,
        accounts_row,
    };
    struct city *city = office->city;
    struct writer writer = {.office = office,
                            .city = city,
                            .settings = city->settings,
                            .arena = arena,
                            .entry = entry,
                            .row = row};
    uint64_t who = entry->child != NOBODY ? entry->child : entry->place;
    if (entry->adult != NOBODY) who = entry->adult + (1ull << 33);
    if (entry->payment != NULL) {
        struct period period = city->settings->plans[entry->payment->plan].period;
        uint64_t term = (uint64_t)(period.year * 2 + period.spring) & 31;
        who += ((uint64_t)(entry->payment->scheme + 1) << 24) + (term << 29);
    }
    *row = (struct row){0};
    if (entry->child != NOBODY) {
        writer.child = &city->children.items[entry->child];
        writer.family = &city->families.items[writer.child->family];
    }
    uint64_t label =
        ((uint64_t)(office->source + 1) << 40) + ((uint64_t)entry->variant << 34) + who;
    if (entry->last) label ^= 1ull << 60;
    writer.spoiler = (struct spoiler){.arena = arena,
                                      .city = city,
                                      .rng = rng_branch(city->seed, label),
                                      .source = office->source};
    memcpy(writer.spoiler.rates, office->rates, sizeof office->rates);
    write[office->source](&writer);
}

bool office_writes_twice(const struct office *office, const struct entry *entry)
{
    struct rng rng = rng_branch(office->city->seed,
                                (300ull << 40) + ((uint64_t)office->source << 34) + entry->order);
    bool person =
        entry->child != NOBODY && entry->adult == NOBODY && entry->variant == VARIANT_PLAIN;
    return person && sample_chance(&rng, office->rates[SPOIL_DUPLICATE]);
}
