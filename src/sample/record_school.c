#include "sample/record.h"

/* Schools as they are equipped, the twenty baseline items, building projects, inspections. */

enum {
    ITEM_COUNT = 20,
    DORMITORY_FLOOR = 11,
    DORMITORY_BEDS = 12,
    SHOWERS = 16,
    YUAN = 100,
    TEN_THOUSAND = 10000,
    CLASS_MOST = 45
};

static bool is_compulsory(enum stage stage)
{
    return stage == STAGE_PRIMARY || stage == STAGE_JUNIOR;
}

/* `most` to `least` parts in a hundred of a number, drawn. */
static int64_t about(struct rng *rng, int64_t number, uint32_t least, uint32_t most)
{
    return number * (int64_t)(least + rng_below(rng, most - least + 1)) / 100;
}

/* Per pupil, in hundredths: rooms and grounds in m², equipment in yuan, computers, books, rooms per
 * hundred pupils. */
struct equipment {
    int64_t rooms, grounds, value, computers, books, media;
};

static const struct equipment standards[2] = {
    {460, 780, 205000, 12, 2400, 250}, /* primary */
    {600, 1060, 258000, 14, 3300, 260},
};

/* A school's teachers that the indicators count. */
struct staff_count {
    int64_t teachers, above, middle, key, arts;
};

static struct staff_count count_staff(const struct works *works, uint32_t school, bool primary)
{
    struct staff_count count = {0};
    for (uint32_t i = works->teacher_from[school]; i < works->teacher_from[school + 1]; i++) {
        const struct teacher *teacher = &works->teachers.items[i];
        struct str subject = str_from(teacher_subject(works, teacher));
        bool above = teacher->education <= 1 || (primary && teacher->education == 2);
        count.teachers++;
        count.above += above;
        count.middle += teacher->title >= 1 && teacher->title <= 3;
        count.key += teacher->level > 0;
        count.arts += str_is(subject, "体育") || str_is(subject, "音乐") || str_is(subject, "美术");
    }
    return count;
}

static void put_equipment(struct records *records, struct record *record, struct rng *rng,
                          const struct equipment *per, int64_t pupils, int64_t percent)
{
    /* A room and a ground are there however few the pupils are. */
    int64_t weight = (pupils < 30 ? 30 : pupils) * percent;
    record_put_i(records, record, "teaching_area",
                 about(rng, per->rooms * weight, 92, 118) / 10000);
    record_put_i(records, record, "sports_area",
                 about(rng, per->grounds * weight, 90, 122) / 10000);
    record_put_i(records, record, "equipment_value",
                 about(rng, per->value * weight, 92, 120) / 10000 * YUAN);
    record_put_i(records, record, "computers",
                 about(rng, per->computers * weight, 85, 120) / 10000);
    record_put_i(records, record, "books", about(rng, per->books * weight, 88, 120) / 10000);
    record_put_i(records, record, "media_rooms",
                 about(rng, per->media * weight, 92, 125) / 1000000 + 1);
}

static void add_conditions(struct works *works, struct records *records, uint32_t number, int year,
                           int64_t ago)
{
    const struct school *school = &works->city->schools.items[number];
    struct rng *rng = &records->rng;
    bool primary = school->stage == STAGE_PRIMARY;
    int64_t pupils = (int64_t)school->students * (100 + 2 * ago) / 100;
    int64_t classes = pupils / CLASS_MOST + (primary ? 6 : 3) * (pupils > 0);
    struct staff_count staff = count_staff(works, number, primary);
    struct record *record = record_add(records, school->county, year);
    record_put_school(records, record, number);
    record_put_i(records, record, "year", year);
    record_put_i(records, record, "students", pupils);
    record_put_i(records, record, "classes", classes);
    record_put_i(records, record, "class_size_most",
                 classes == 0 ? 0 : about(rng, pupils / classes, 100, 125) + 1);
    record_put_i(records, record, "staff", staff.teachers + staff.teachers / 12);
    record_put_i(records, record, "teachers", staff.teachers);
    record_put_i(records, record, "teachers_above", staff.above * (100 - 4 * ago) / 100);
    record_put_i(records, record, "teachers_middle", staff.middle * (100 - 2 * ago) / 100);
    record_put_i(records, record, "key_teachers", staff.key);
    record_put_i(records, record, "sport_art_teachers", staff.arts);
    put_equipment(records, record, rng, &standards[!primary], pupils, 100 - 9 * ago);
}

void record_conditions(struct works *works, struct records *records)
{
    const int64_t *numbers = works->settings->numbers;
    int64_t schools = 0;
    for (int year = (int)numbers[NUMBER_FROM_YEAR]; year <= numbers[NUMBER_TO_YEAR]; year++) {
        int64_t ago = numbers[NUMBER_TO_YEAR] - year;
        schools = 0;
        for (uint32_t i = 0; i < works->city->schools.count; i++) {
            if (!is_compulsory(works->city->schools.items[i].stage)) continue;
            add_conditions(works, records, i, year, ago);
            schools++;
        }
    }
    works_figure(works, "schools_with_conditions", "school", schools);
}

void record_baseline(struct works *works, struct records *records)
{
    static const char *const items[ITEM_COUNT] = {
        "消除危房", "楼梯护栏",         "墙面平整", "采光照明", "一人一桌一椅", "黑板",
        "旗台旗杆", "体育场地设施",     "围墙",     "适龄图书", "多媒体教室",   "宿舍不在地下室",
        "一人一床", "食品制作加热条件", "开水供应", "厕位够用", "淋浴设施",     "消除超大班额",
        "消防设施", "安防设施"};
    static const char *const evidences[] = {"现场核查照片", "验收单", "台账和照片",
                                            "第三方检测报告"};
    const struct city *city = works->city;
    for (uint32_t s = 0; s < city->schools.count; s++) {
        const struct school *school = &city->schools.items[s];
        if (!is_compulsory(school->stage)) continue;
        for (int i = 0; i < ITEM_COUNT; i++) {
            bool boarding = i == DORMITORY_FLOOR || i == DORMITORY_BEDS || i == SHOWERS;
            bool without = boarding && school->stage == STAGE_PRIMARY;
            struct record *record = record_add(records, school->county, 0);
            day checked;
            CHECK(day_from_ymd((int)works->settings->numbers[NUMBER_BALANCE_YEAR], 3, 1, &checked));
            checked.days += (int32_t)rng_below(&records->rng, 200);
            record_put_school(records, record, s);
            record_put_c(records, record, "item", items[i]);
            record_put_i(records, record, "item_number", i + 1);
            record_put_c(records, record, "met", "是");
            record_put_c(records, record, "evidence",
                         without ? "无寄宿生，不涉及" : evidences[rng_below(&records->rng, 4)]);
            record_put_day(records, record, "checked_on", checked);
            record_put(records, record, "checked_by",
                       record_text(records, "%.*s教育局",
                                   STR_ARG(city->settings->counties[school->county].name)));
        }
    }
    works_figure(works, "baseline_items_met", "item", (int64_t)records->rows.count);
}

/* A kind of project: where it is built, and how large it is beside the others. */
struct project_kind {
    enum record_number count;
    const char *zh, *letters;
    uint32_t least, most;
};

static const struct project_kind project_kinds[] = {
    {NUMBER_PROJECTS_KINDERGARTEN, "行政村幼儿园", "YEY", 60, 160},
    {NUMBER_PROJECTS_WEAK, "全面改薄", "GB", 90, 480},
    {NUMBER_PROJECTS_TWO, "两类学校", "LL", 80, 360},
    {NUMBER_PROJECTS_LIVELIHOOD, "省市为民办实事", "SS", 80, 420},
};

enum { PROJECT_KINDS = sizeof project_kinds / sizeof *project_kinds };

static uint32_t project_school(struct works *works, struct rng *rng, size_t kind)
{
    const struct city *city = works->city;
    for (;;) {
        uint32_t number = rng_below(rng, (uint32_t)city->schools.count);
        const struct school *school = &city->schools.items[number];
        bool kindergarten = school->stage == STAGE_PRESCHOOL;
        if (kind == 0 ? kindergarten : kind == 3 ? true : is_compulsory(school->stage))
            return number;
    }
}

static void put_progress(struct works *works, struct records *records, struct record *record,
                         int year, int64_t paid)
{
    struct rng *rng = &records->rng;
    int64_t unit = (int64_t)TEN_THOUSAND * YUAN;
    bool building = year == works->settings->numbers[NUMBER_TO_YEAR] && rng_below(rng, 3) == 0;
    int64_t allotted = building ? about(rng, paid, 105, 150) / unit * unit + unit : paid;
    int64_t planned = about(rng, allotted, 100, 108) / unit * unit + unit;
    day started, finished;
    CHECK(day_from_ymd(year, 3 + (int)rng_below(rng, 4), 10, &started));
    finished = (day){started.days + 70 + (int32_t)rng_below(rng, 60)};
    record_put_i(records, record, "planned", planned);
    record_put_i(records, record, "allotted", allotted);
    record_put_i(records, record, "paid", paid);
    record_put_day(records, record, "started", started);
    if (!building) record_put_day(records, record, "finished", finished);
    record_put_c(records, record, "status", building ? "在建" : "已竣工");
}

static void add_project(struct works *works, struct records *records, size_t kind, int year,
                        int64_t paid)
{
    const struct settings *settings = works->city->settings;
    uint32_t number = project_school(works, &records->rng, kind);
    const struct school *school = &works->city->schools.items[number];
    struct str built = kind == 0 ? STR("新建园舍") : record_word(records, WORDS_BUILDERS);
    struct record *record = record_add(records, school->county, year);
    record_put_school(records, record, number);
    record_put(records, record, "village", settings->villages[school->village].name);
    record_put(
        records, record, "project_number",
        record_text(records, "%s%d%04zu", project_kinds[kind].letters, year, records->rows.count));
    record_put(records, record, "project_name",
               record_text(records, "%.*s%.*s项目", STR_ARG(school->short_name), STR_ARG(built)));
    record_put_c(records, record, "kind", project_kinds[kind].zh);
    record_put(records, record, "content", built);
    record_put(records, record, "document",
               record_text(records, "%.3s财教〔%d〕%u号", settings->zh.ptr, year,
                           1 + rng_below(&records->rng, 90)));
    record_put_i(records, record, "year", year);
    put_progress(works, records, record, year, paid);
}

/* Sizes are drawn, then what was paid of the whole is shared out by them. */
void record_projects(struct works *works, struct records *records)
{
    const int64_t *numbers = works->settings->numbers;
    int from = (int)numbers[NUMBER_FROM_YEAR], years = (int)numbers[NUMBER_TO_YEAR] - from + 1;
    int64_t paid = 0;
    size_t count = 0;
    for (size_t k = 0; k < PROJECT_KINDS; k++)
        count += (size_t)works_target(works, project_kinds[k].count);
    int64_t *sizes = arena_array(records->arena, int64_t, count);
    int64_t *parts = arena_array(records->arena, int64_t, count);
    for (size_t k = 0, at = 0; k < PROJECT_KINDS; k++)
        for (int64_t i = works_target(works, project_kinds[k].count); i > 0; i--)
            sizes[at++] =
                project_kinds[k].least
                + rng_below(&records->rng, project_kinds[k].most - project_kinds[k].least);
    record_share(works_target(works, NUMBER_PROJECT_YUAN), sizes, count, parts);
    for (size_t k = 0, at = 0; k < PROJECT_KINDS; k++)
        for (int64_t i = works_target(works, project_kinds[k].count); i > 0; i--, at++) {
            add_project(works, records, k, from + (int)(at % (size_t)years), parts[at] * YUAN);
            paid += parts[at] * YUAN;
        }
    works_figure(works, "projects", "project", (int64_t)records->rows.count);
    works_figure(works, "projects_paid", "fen", paid);
}

void record_inspections(struct works *works, struct records *records)
{
    const struct settings *settings = works->city->settings;
    int64_t passed = 0, year = works->settings->numbers[NUMBER_BALANCE_YEAR];
    for (uint32_t county = 0; county < settings->county_count; county++) {
        if (!works->city->county_used[county]) continue;
        for (int nation = 0; nation < 2; nation++) {
            day on;
            CHECK(day_from_ymd((int)year - !nation, nation ? 8 : 6, 10 + (int)county, &on));
            struct record *record = record_add(records, county, (int)year);
            record_put(records, record, "county", settings->counties[county].name);
            record_put_c(records, record, "kind", "义务教育基本均衡");
            record_put_c(records, record, "level", nation ? "国家级" : "省级");
            record_put_c(records, record, "passed", "是");
            record_put_day(records, record, "passed_on", on);
        }
        passed++;
    }
    works_figure(works, "counties_balanced", "county", passed);
}
