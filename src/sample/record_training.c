#include "sample/record.h"

/* Trainings, and teachers who go to another school for a time. */

enum { TRY_MAX = 400, LEVEL_COUNT = 4, SESSION_MONTHS = 6, RUN_MAX = 64 };

/* The trainings of one level in one year. */
struct course_level {
    const char *zh;
    enum record_words words;
    int64_t weight; /* of those at city level and above */
};

static const struct course_level course_levels[LEVEL_COUNT] = {
    {"国家级", WORDS_TRAININGS_NATION, 12},
    {"省级", WORDS_TRAININGS_PROVINCE, 24},
    {"市级", WORDS_TRAININGS_CITY, 64},
    {"县级", WORDS_TRAININGS_COUNTY, 0},
};

/* One training: its name, and days behind a bar ("国培计划|10"). */
struct course {
    struct str name;
    day from, to;
    int64_t days;
};

static struct course course_of(struct records *records, struct str words, int year, size_t number)
{
    struct course course = {.days = 3};
    size_t bar = str_find(words, STR("|"));
    if (bar != SIZE_MAX && !str_to_i64(str_slice(words, bar + 1, words.len), &course.days))
        course.days = 3;
    struct str name = str_slice(words, 0, bar == SIZE_MAX ? words.len : bar);
    course.name = record_text(records, "%d年%.*s", year, STR_ARG(name));
    CHECK(day_from_ymd(year, 3 + (int)(number % SESSION_MONTHS), 4 + (int)(number * 3 % 12),
                       &course.from));
    course.to = (day){course.from.days + (int32_t)course.days - 1};
    return course;
}

static void add_training(struct works *works, struct records *records,
                         const struct teacher *teacher, const struct course *course,
                         const struct course_level *level, int year)
{
    const struct school *school = &works->city->schools.items[teacher->school];
    struct record *record = record_add(records, school->county, year);
    record_put_teacher(works, records, record, teacher);
    record_put_c(records, record, "subject", teacher_subject(works, teacher));
    record_put(records, record, "project", course->name);
    record_put_c(records, record, "level", level->zh);
    record_put_i(records, record, "year", year);
    record_put_day(records, record, "from", course->from);
    record_put_day(records, record, "to", course->to);
    record_put_i(records, record, "days", course->days);
    record_put_i(records, record, "hours", course->days * 8);
    record_put_c(records, record, "passed", "是");
}

/* `count` different teachers, who were there by then, in a course. */
static void fill_course(struct works *works, struct records *records, const uint32_t *order,
                        const struct course *course, const struct course_level *level, int year,
                        int64_t count)
{
    uint32_t teachers = (uint32_t)works->teachers.count;
    uint32_t at = rng_below(&records->rng, teachers);
    for (uint32_t seen = 0; count > 0; seen++, at = (at + 1) % teachers) {
        const struct teacher *teacher = &works->teachers.items[order[at]];
        /* A small city asks some of them twice. */
        if (teacher->hired.days > course->from.days && seen < teachers) continue;
        add_training(works, records, teacher, course, level, year);
        count--;
    }
}

static void train_year(struct works *works, struct records *records, const uint32_t *order,
                       const struct course_level *level, int year, int64_t count)
{
    const struct weighted_list *words = &works->settings->words[level->words];
    int64_t weights[RUN_MAX], sizes[RUN_MAX];
    size_t courses = words->count < RUN_MAX ? words->count : RUN_MAX;
    for (size_t i = 0; i < courses; i++) weights[i] = words->items[i].weight;
    record_share(count, weights, courses, sizes);
    for (size_t i = 0; i < courses; i++) {
        struct course course = course_of(records, words->items[i].text, year, i);
        fill_course(works, records, order, &course, level, year, sizes[i]);
    }
}

void record_trainings(struct works *works, struct records *records)
{
    const int64_t *numbers = works->settings->numbers;
    int from = (int)numbers[NUMBER_FROM_YEAR], to = (int)numbers[NUMBER_TO_YEAR];
    size_t years = (size_t)(to - from + 1);
    CHECK(years <= RUN_MAX / LEVEL_COUNT);
    int64_t weights[RUN_MAX], sizes[RUN_MAX], even[RUN_MAX], county[RUN_MAX];
    for (size_t y = 0; y < years; y++) {
        even[y] = 1;
        for (size_t l = 0; l < LEVEL_COUNT; l++)
            weights[y * LEVEL_COUNT + l] = course_levels[l].weight;
    }
    int64_t wanted = works_target(works, NUMBER_TRAININGS);
    record_share(wanted, weights, years * LEVEL_COUNT, sizes);
    record_share(works_target(works, NUMBER_TRAININGS_COUNTY), even, years, county);
    for (size_t y = 0; y < years; y++) {
        uint32_t *order =
            record_shuffled(records->arena, &records->rng, (uint32_t)works->teachers.count);
        for (size_t l = 0; l < LEVEL_COUNT; l++)
            train_year(works, records, order, &course_levels[l], from + (int)y,
                       course_levels[l].weight == 0 ? county[y] : sizes[y * LEVEL_COUNT + l]);
    }
    works_figure(works, "trainings_city_and_above", "person-time", wanted);
    works_figure(works, "trainings", "person-time", (int64_t)records->rows.count);
}

/* A school of the same stage, in the county of `school` or out of it, to which a teacher may go. */
static uint32_t other_school(struct works *works, struct rng *rng, uint32_t school, bool within)
{
    const struct city *city = works->city;
    const struct school *own = &city->schools.items[school];
    for (int i = 0; i < TRY_MAX; i++) {
        uint32_t other = rng_below(rng, (uint32_t)city->schools.count);
        const struct school *there = &city->schools.items[other];
        if (other == school || there->stage != own->stage) continue;
        if ((there->county == own->county) == within) return other;
    }
    return NOBODY;
}

static bool add_rotation(struct works *works, struct records *records, uint32_t number, int year,
                         bool within)
{
    const struct city *city = works->city;
    const struct teacher *teacher = &works->teachers.items[number];
    uint32_t to = other_school(works, &records->rng, teacher->school, within);
    day from, until;
    CHECK(day_from_ymd(year, 9, 1, &from));
    if (to == NOBODY || teacher->hired.days > from.days) return false;
    CHECK(day_from_ymd(year + 1 + (int)rng_below(&records->rng, 2), 7, 15, &until));
    struct record *record = record_add(records, city->schools.items[teacher->school].county, year);
    record_put_teacher(works, records, record, teacher);
    record_put_c(records, record, "kind",
                 teacher->title >= 1 && teacher->title <= 3 && number % 11 == 0 ? "校长" : "教师");
    record_put(records, record, "to_school", city->schools.items[to].name);
    record_put_c(records, record, "to_code", city->schools.items[to].code);
    record_put_c(records, record, "subject", teacher_subject(works, teacher));
    record_put_c(records, record, "key_teacher", teacher->level > 0 ? "是" : "否");
    record_put(records, record, "school_year", record_text(records, "%d-%d", year, year + 1));
    record_put_day(records, record, "from", from);
    record_put_day(records, record, "to", until);
    record_put_c(records, record, "within_county", within ? "是" : "否");
    return true;
}

/* Who goes, goes once in a school year; a small city has nowhere to send some of them. */
static int64_t rotate(struct works *works, struct records *records, int64_t wanted, bool within,
                      const uint32_t *order, size_t *at)
{
    const int64_t *numbers = works->settings->numbers;
    uint32_t years = (uint32_t)(numbers[NUMBER_TO_YEAR] - numbers[NUMBER_FROM_YEAR] + 1);
    int64_t done = 0;
    size_t teachers = works->teachers.count, tries = 0, most = teachers * years;
    for (; done < wanted && tries < most; tries++, (*at)++) {
        int year = (int)numbers[NUMBER_FROM_YEAR] + (int)(done % years);
        done += add_rotation(works, records, order[*at % teachers], year, within);
    }
    return done;
}

void record_rotations(struct works *works, struct records *records)
{
    uint32_t *order =
        record_shuffled(records->arena, &records->rng, (uint32_t)works->teachers.count);
    size_t at = 0;
    int64_t within =
        rotate(works, records, works_target(works, NUMBER_ROTATIONS), true, order, &at);
    (void)rotate(works, records, works_target(works, NUMBER_ROTATIONS_BEYOND), false, order, &at);
    works_figure(works, "rotations_within_county", "person-time", within);
    works_figure(works, "rotations", "person-time", (int64_t)records->rows.count);
}
