#include "sample/record.h"

#include <string.h>

/* Teachers of every school, and the special posts by which some came. */

enum {
    STAFF_LABEL = 710,
    POSTS_LABEL = 711,
    FIRST_SEQUENCE = 30, /* of ID numbers: those below are the households' */
    POST_AGE_LEAST = 21,
    STAYED_PPM = 880000, /* of those hired: still there */
    CAME_FIRST_YEAR = 2002,
    CAME_YEARS = 14,
};

static const char *const subjects[STAGE_COUNT][16] = {
    [STAGE_PRESCHOOL] = {"学前教育"},
    [STAGE_PRIMARY] = {"语文", "数学", "语文", "数学", "英语", "道德与法治", "体育", "语文", "数学",
                       "音乐", "科学", "美术", "信息技术"},
    [STAGE_JUNIOR] = {"语文", "数学", "英语", "物理", "化学", "道德与法治", "历史", "语文", "数学",
                      "英语", "地理", "生物", "体育", "音乐", "美术", "信息技术"},
    [STAGE_SENIOR] = {"语文", "数学", "英语", "物理", "化学", "生物", "政治", "历史", "地理",
                      "语文", "数学", "英语", "体育", "信息技术", "音乐", "美术"},
    [STAGE_VOCATIONAL] = {"专业课", "语文", "数学", "英语", "专业课", "政治", "体育", "专业课",
                          "信息技术"},
    [STAGE_SPECIAL] = {"特殊教育"},
};
static const char *const educations[] = {"本科", "研究生", "大专", "中师"};
static const char *const titles[] = {"二级教师", "一级教师", "高级教师", "正高级教师", "未评"};
static const char *const levels[] = {"否", "县级", "市级", "省级"};

bool works_rural(const struct works *works, uint32_t school)
{
    return !works->city->settings->villages[works->city->schools.items[school].village].urban;
}

struct str works_name(struct works *works, struct rng *rng, day birth, bool male)
{
    const struct settings *settings = works->city->settings;
    int year, month, day_of_month;
    struct text name;
    day_to_ymd(birth, &year, &month, &day_of_month);
    int generation = year < 1965   ? GENERATION_OLD
                     : year < 1996 ? GENERATION_MIDDLE
                                   : GENERATION_YOUNG;
    const struct weighted_list *given = &settings->given[generation][male];
    text_init(&name, works->arena, 128);
    text_add(&name, weighted_draw(&settings->surnames, rng)->text);
    text_add(&name, weighted_draw(given, rng)->text);
    if (!sample_chance(rng, 240000)) text_add(&name, weighted_draw(given, rng)->text);
    return text_str(&name);
}

void works_id(struct works *works, char out[19], uint32_t county, day birth, bool male)
{
    uint64_t key =
        ((uint64_t)county << 34) + ((uint64_t)(uint32_t)(birth.days + 50000) << 1) + male;
    uint32_t sequence = u64_map_find(&works->ids, key);
    if (sequence == DICT_NONE) sequence = FIRST_SEQUENCE;
    sample_id_number(out, works->city->settings->counties[county].code, birth, male, sequence);
    u64_map_put(&works->ids, key, sequence + 1);
}

static day birth_at(struct rng *rng, int year)
{
    day first;
    CHECK(day_from_ymd(year, 1, 1, &first));
    return (day){first.days + (int32_t)rng_below(rng, 365)};
}

static uint8_t draw_of(struct rng *rng, const uint32_t *ppm, size_t count)
{
    uint32_t at = rng_below(rng, PPM), sum = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        sum += ppm[i];
        if (at < sum) return (uint8_t)i;
    }
    return (uint8_t)(count - 1);
}

static void draw_teacher(struct works *works, struct rng *rng, uint32_t number, uint32_t at,
                         struct teacher *out)
{
    static const uint32_t education_ppm[STAGE_COUNT][4] = {
        [STAGE_PRESCHOOL] = {420000, 4000, 480000, 96000},
        [STAGE_PRIMARY] = {610000, 8000, 330000, 52000},
        [STAGE_JUNIOR] = {830000, 22000, 148000, 0},
        [STAGE_SENIOR] = {880000, 110000, 10000, 0},
        [STAGE_VOCATIONAL] = {860000, 60000, 80000, 0},
        [STAGE_SPECIAL] = {700000, 10000, 290000, 0},
    };
    static const uint32_t level_ppm[] = {870000, 90000, 30000, 10000};
    const struct school *school = &works->city->schools.items[number];
    int last = (int)works->settings->numbers[NUMBER_TO_YEAR];
    size_t count = 0;
    while (count < 16 && subjects[school->stage][count] != NULL) count++;
    int age = 23 + (int)rng_below(rng, 36);
    *out = (struct teacher){.school = number, .male = rng_below(rng, 100) < 46};
    out->birth = birth_at(rng, last - age);
    out->hired = birth_at(rng, last - age + 22);
    out->rural = works_rural(works, number);
    out->subject = (uint8_t)((at + number) % count);
    out->education = draw_of(rng, education_ppm[school->stage], 4);
    out->title = age < 26 ? 4 : age < 33 ? 0 : (uint8_t)(rng_below(rng, 100) < 62 ? 1 : 2);
    if (out->title == 2 && rng_below(rng, 100) < 2) out->title = 3;
    out->level = draw_of(rng, level_ppm, 4);
    out->name = works_name(works, rng, out->birth, out->male);
    works_id(works, out->id, school->county, out->birth, out->male);
}

/* Hired for three years, young, with the degree that the posts ask for. */
static void take_post(struct works *works, struct rng *rng, struct teacher *teacher, int year)
{
    teacher->post_year = (uint16_t)year;
    teacher->birth = birth_at(rng, year - POST_AGE_LEAST - 1 - (int)rng_below(rng, 8));
    CHECK(day_from_ymd(year, 9, 1, &teacher->hired));
    teacher->education = rng_below(rng, 100) < 92 ? 0 : 2;
    teacher->title = 4;
    teacher->level = 0;
    teacher->name = works_name(works, rng, teacher->birth, teacher->male);
    works_id(works, teacher->id, works->city->schools.items[teacher->school].county, teacher->birth,
             teacher->male);
}

/* Schools where posts stand, by weight. */
struct post_schools {
    struct weighted_list weights;
    uint32_t *numbers; /* item i is school numbers[i] */
};

/* Posts stand at village schools, most of them in the poor counties. */
static struct post_schools find_post_schools(struct works *works)
{
    const struct city *city = works->city;
    const struct aid_settings *aid = &city->settings->aid;
    size_t count = city->schools.count;
    struct post_schools out = {.weights.items = arena_array(works->arena, struct weighted, count),
                               .numbers = arena_array(works->arena, uint32_t, count)};
    for (int strict = 1; out.weights.sum == 0 && strict >= 0; strict--)
        for (uint32_t i = 0; i < count; i++) {
            const struct school *school = &city->schools.items[i];
            bool stage = school->stage == STAGE_PRIMARY || school->stage == STAGE_JUNIOR;
            if (strict && (!stage || !works_rural(works, i))) continue;
            struct str code = city->settings->counties[school->county].code;
            uint32_t weight = 1 + school->students;
            for (size_t k = 0; k < aid->poor_county_count; k++)
                if (str_equal(aid->poor_counties[k], code)) weight *= 3;
            out.numbers[out.weights.count] = i;
            out.weights.items[out.weights.count++] =
                (struct weighted){STR_EMPTY, weight, out.weights.sum};
            out.weights.sum += weight;
        }
    return out;
}

static uint32_t free_teacher(const struct works *works, uint32_t school)
{
    for (uint32_t i = works->teacher_from[school]; i < works->teacher_from[school + 1]; i++)
        if (works->teachers.items[i].post_year == 0 && works->teachers.items[i].title != 3)
            return i;
    return NOBODY;
}

static void draw_posts(struct works *works)
{
    struct rng rng = rng_branch(works->city->seed, POSTS_LABEL);
    const int64_t *numbers = works->settings->numbers;
    uint32_t years = (uint32_t)(numbers[NUMBER_TO_YEAR] - numbers[NUMBER_FROM_YEAR] + 1);
    int64_t wanted = works_target(works, NUMBER_SPECIAL_POSTS);
    struct post_schools schools = find_post_schools(works);
    for (int64_t i = 0; i < wanted; i++) {
        struct special_post post = {.teacher = NOBODY};
        post.school =
            schools.numbers[weighted_draw(&schools.weights, &rng) - schools.weights.items];
        post.year = (int)numbers[NUMBER_FROM_YEAR] + (int)(i % years);
        if (sample_chance(&rng, STAYED_PPM)) post.teacher = free_teacher(works, post.school);
        if (post.teacher != NOBODY)
            take_post(works, &rng, &works->teachers.items[post.teacher], post.year);
        *list_push(works->arena, &works->posts) = post;
    }
}

void works_staff(struct works *works)
{
    const struct city *city = works->city;
    works->teacher_from = arena_array(works->arena, uint32_t, city->schools.count + 1);
    for (uint32_t s = 0; s < city->schools.count; s++) {
        struct rng rng = rng_branch(city->seed, ((uint64_t)STAFF_LABEL << 40) + s);
        works->teacher_from[s] = (uint32_t)works->teachers.count;
        uint32_t count = city_school_teachers(&city->schools.items[s]);
        for (uint32_t i = 0; i < count; i++)
            draw_teacher(works, &rng, s, i, list_push(works->arena, &works->teachers));
    }
    works->teacher_from[city->schools.count] = (uint32_t)works->teachers.count;
    draw_posts(works);
}

const char *teacher_subject(const struct works *works, const struct teacher *teacher)
{
    return subjects[works->city->schools.items[teacher->school].stage][teacher->subject];
}

void record_put_teacher(struct works *works, struct records *records, struct record *record,
                        const struct teacher *teacher)
{
    (void)works;
    record_put_school(records, record, teacher->school);
    record_put(records, record, "name", teacher->name);
    record_put_c(records, record, "id_number", teacher->id);
    record_put_c(records, record, "sex", teacher->male ? "男" : "女");
}

/* Some have been at their school since they were hired, others came to it on a 1 September before
 * the years that the exchanges tell of. */
static day at_school_since(const struct teacher *teacher)
{
    day came;
    int number = teacher->id[15] * 10 + teacher->id[16];
    CHECK(day_from_ymd(CAME_FIRST_YEAR + number % CAME_YEARS, 9, 1, &came));
    return number % 3 == 0 || came.days < teacher->hired.days ? teacher->hired : came;
}

void record_teachers(struct works *works, struct records *records)
{
    static const char *const sources[] = {"公开招聘", "分配", "公费师范生", "转正"};
    for (size_t i = 0; i < works->teachers.count; i++) {
        const struct teacher *teacher = &works->teachers.items[i];
        const struct school *school = &works->city->schools.items[teacher->school];
        struct record *record = record_add(records, school->county, 0);
        record_put_teacher(works, records, record, teacher);
        record_put_day(records, record, "birth_date", teacher->birth);
        record_put_c(records, record, "subject", teacher_subject(works, teacher));
        record_put_c(records, record, "education", educations[teacher->education]);
        record_put_c(records, record, "title", titles[teacher->title]);
        record_put_c(records, record, "key_teacher", levels[teacher->level]);
        record_put_c(records, record, "source",
                     teacher->post_year > 0 ? "特岗" : sources[teacher->id[16] % 4]);
        if (teacher->post_year > 0) {
            record_put_i(records, record, "special_post_year", teacher->post_year);
            record_put_c(records, record, "service_years", "3年");
        }
        record_put_day(records, record, "hired_on", teacher->hired);
        record_put_day(records, record, "at_school_since", at_school_since(teacher));
        struct str tier = teacher_tier(works, teacher->school);
        if (tier.len > 0) record_put(records, record, "rural_tier", tier);
        record_put_c(records, record, "full_time", "是");
        record_put_c(records, record, "status", "在岗");
    }
    works_figure(works, "teachers", "person", (int64_t)works->teachers.count);
}

static void put_post(struct works *works, struct records *records, uint32_t school, int year,
                     struct record **out)
{
    const struct school *at = &works->city->schools.items[school];
    static const char *const wanted[] = {"语文", "数学", "英语", "物理",
                                         "化学", "体育", "音乐", "美术"};
    struct record *record = record_add(records, at->county, year);
    record_put_school(records, record, school);
    record_put_i(records, record, "year", year);
    record_put_i(records, record, "posts", 1);
    record_put_c(records, record, "subject", wanted[rng_below(&records->rng, 8)]);
    record_put(records, record, "post_number",
               record_text(records, "TG%d%.6s%04zu", year,
                           works->city->settings->counties[at->county].code.ptr,
                           records->rows.count));
    *out = record;
}

/* Somebody who was hired and is not there any more, or never came. */
static void put_stranger(struct works *works, struct records *records, struct record *record,
                         uint32_t school, int year)
{
    bool male = rng_below(&records->rng, 100) < 40;
    day birth = birth_at(&records->rng, year - 24 - (int)rng_below(&records->rng, 6));
    char id[19];
    works_id(works, id, works->city->schools.items[school].county, birth, male);
    record_put(records, record, "name", works_name(works, &records->rng, birth, male));
    record_put(records, record, "id_number", str_copy(records->arena, str_from(id)));
    record_put_c(records, record, "sex", male ? "男" : "女");
}

void record_postings(struct works *works, struct records *records)
{
    const int64_t *numbers = works->settings->numbers;
    struct record *record;
    int64_t still = 0, open = works_target(works, NUMBER_SPECIAL_POSTS_OPEN);
    for (size_t i = 0; i < works->posts.count; i++) {
        const struct special_post *post = &works->posts.items[i];
        put_post(works, records, post->school, post->year, &record);
        day hired;
        CHECK(day_from_ymd(post->year, 9, 1, &hired));
        record_put_day(records, record, "hired_on", hired);
        bool serving = post->year + 3 > numbers[NUMBER_TO_YEAR];
        if (post->teacher == NOBODY) {
            put_stranger(works, records, record, post->school, post->year);
            record_put_c(records, record, "education", "本科");
            record_put_c(records, record, "status", serving ? "中途离岗" : "离岗");
            continue;
        }
        const struct teacher *teacher = &works->teachers.items[post->teacher];
        record_put_teacher(works, records, record, teacher);
        record_put_c(records, record, "subject", teacher_subject(works, teacher));
        record_put_c(records, record, "education", educations[teacher->education]);
        record_put_c(records, record, "status", serving ? "服务期内" : "期满留任");
        still++;
    }
    for (int64_t i = 0; i < open && works->posts.count > 0; i++) {
        const struct special_post *post =
            &works->posts.items[rng_below(&records->rng, (uint32_t)works->posts.count)];
        put_post(works, records, post->school, post->year, &record);
        bool declined = i % 3 == 0;
        if (declined) put_stranger(works, records, record, post->school, post->year);
        record_put_c(records, record, "status", declined ? "放弃" : "未招满");
    }
    works_figure(works, "special_post_recruits", "person", (int64_t)works->posts.count);
    works_figure(works, "special_post_recruits_at_work", "person", still);
}
