#include "sample/record.h"

/* Who sat the entrance examination for the special plans, and who was admitted by which plan.
 * Youths of the city's households, as far as there are enough of the right age. */

enum { EXAM_LABEL = 730, EXAM_AGE = 18, PAPERS = 4 };

struct plan {
    enum record_number number;
    const char *zh, *batch;
};

/* The plans that ask most come first. */
static const struct plan plans[] = {
    {NUMBER_PLAN_POVERTY, "精准扶贫专项", "本科提前批E段"},
    {NUMBER_PLAN_OLD_AREA, "革命老区专项", "本科提前批F段"},
    {NUMBER_PLAN_UNIVERSITY, "高校专项", "本科一批高校专项"},
    {NUMBER_PLAN_NATION, "国家专项", "本科提前批B段"},
    {NUMBER_PLAN_LOCAL, "地方专项", "本科提前批D段"},
    {NUMBER_PLAN_GENERAL, "普通计划", "本科二批"},
    {NUMBER_NOT_ADMITTED, "", ""},
};

enum { PLAN_COUNT = sizeof plans / sizeof *plans };

struct exam {
    struct works *works;
    struct rng rng;
    bool *used; /* by child */
    uint32_t *pool;
    size_t pool_count;
};

static bool is_poor_county(const struct works *works, uint32_t county)
{
    const struct settings *settings = works->city->settings;
    for (size_t i = 0; i < settings->aid.poor_county_count; i++)
        if (str_equal(settings->aid.poor_counties[i], settings->counties[county].code)) return true;
    return false;
}

static bool is_old_area(const struct works *works, uint32_t county)
{
    const struct weighted_list *areas = &works->settings->words[WORDS_OLD_AREAS];
    for (size_t i = 0; i < areas->count; i++)
        if (str_equal(areas->items[i].text, works->city->settings->counties[county].code))
            return true;
    return false;
}

/* What a plan asks of the household; `strict` false: whoever is there, in a city too small. */
static bool may_apply(const struct works *works, uint32_t number, enum record_number plan,
                      bool strict)
{
    const struct city *city = works->city;
    const struct family *family = &city->families.items[city->children.items[number].family];
    uint32_t county = village_county(city->settings, family->village);
    bool rural = !city->settings->villages[family->village].urban;
    switch (plan) {
    case NUMBER_PLAN_POVERTY: return family->poverty || !strict;
    case NUMBER_PLAN_OLD_AREA: return is_old_area(works, county) || !strict;
    case NUMBER_PLAN_UNIVERSITY: return (is_poor_county(works, county) && rural) || !strict;
    case NUMBER_PLAN_NATION: return is_poor_county(works, county) || !strict;
    case NUMBER_PLAN_LOCAL: return rural || !strict;
    default: return true;
    }
}

static void find_pool(struct exam *exam, int year)
{
    const struct city *city = exam->works->city;
    int first, month, day_of_month;
    day_to_ymd(city->cutoff, &first, &month, &day_of_month);
    exam->pool_count = 0;
    for (uint32_t i = 0; i < city->children.count; i++) {
        const struct child *child = &city->children.items[i];
        const struct family *family = &city->families.items[child->family];
        bool there = child->registered && child->situation != IS_DEAD
                     && child->situation != IS_MOVED_OUT && family->residence != LIVES_INCOMER;
        if (child->age != EXAM_AGE + first - year || !there || exam->used[i]) continue;
        exam->pool[exam->pool_count++] = i;
    }
    for (size_t i = exam->pool_count; i > 1; i--) {
        size_t other = rng_below(&exam->rng, (uint32_t)i);
        uint32_t kept = exam->pool[i - 1];
        exam->pool[i - 1] = exam->pool[other];
        exam->pool[other] = kept;
    }
}

static uint32_t pick(struct exam *exam, enum record_number plan)
{
    for (int strict = 1; strict >= 0; strict--)
        for (size_t i = 0; i < exam->pool_count; i++) {
            uint32_t child = exam->pool[i];
            if (exam->used[child] || !may_apply(exam->works, child, plan, strict)) continue;
            exam->used[child] = true;
            exam->pool[i] = exam->pool[--exam->pool_count];
            return child;
        }
    return NOBODY;
}

static uint32_t senior_school(struct exam *exam, uint32_t county)
{
    const struct city *city = exam->works->city;
    uint32_t found = NOBODY, count = 0, any = 0;
    for (uint32_t i = 0; i < city->schools.count; i++) {
        if (city->schools.items[i].stage != STAGE_SENIOR) continue;
        any = i;
        if (city->schools.items[i].county != county) continue;
        if (rng_below(&exam->rng, ++count) == 0) found = i;
    }
    return found == NOBODY ? any : found;
}

static void add_examinee(struct exam *exam, enum record_number plan, int year)
{
    struct works *works = exam->works;
    const struct city *city = works->city;
    struct examinee *out = list_push(works->arena, &works->examinees);
    *out = (struct examinee){.child = pick(exam, plan), .year = year, .plan = plan};
    if (out->child != NOBODY) {
        const struct child *child = &city->children.items[out->child];
        out->name = child->name;
        out->male = child->male;
        for (size_t i = 0; i < sizeof out->id; i++) out->id[i] = child->id[i];
        out->county = village_county(city->settings, city->families.items[child->family].village);
    } else {
        day birth;
        while (!city->county_used[out->county]) out->county++;
        CHECK(day_from_ymd(year - EXAM_AGE, 1, 1, &birth));
        birth.days += (int32_t)rng_below(&exam->rng, 240);
        out->male = rng_below(&exam->rng, 2) == 0;
        out->name = works_name(works, &exam->rng, birth, out->male);
        works_id(works, out->id, out->county, birth, out->male);
    }
    uint32_t lift = plan == NUMBER_PLAN_UNIVERSITY ? 18 : plan == NUMBER_NOT_ADMITTED ? 0 : 8;
    out->science = rng_below(&exam->rng, 100) < 66;
    out->school = senior_school(exam, out->county);
    out->marks[0] = 82 + lift / 2 + rng_below(&exam->rng, 34);
    out->marks[1] = 66 + lift + rng_below(&exam->rng, 56);
    out->marks[2] = 68 + lift + rng_below(&exam->rng, 52);
    out->marks[3] = 140 + 2 * lift + rng_below(&exam->rng, 90);
}

void works_exam(struct works *works)
{
    const int64_t *numbers = works->settings->numbers;
    const struct city *city = works->city;
    int from = (int)numbers[NUMBER_FROM_YEAR], to = (int)numbers[NUMBER_TO_YEAR];
    struct arena arena = {0};
    struct exam exam = {.works = works, .rng = rng_branch(city->seed, EXAM_LABEL)};
    exam.used = arena_array(&arena, bool, city->children.count);
    exam.pool = arena_array(&arena, uint32_t, city->children.count);
    for (int year = from; year <= to; year++) {
        find_pool(&exam, year);
        for (size_t p = 0; p < PLAN_COUNT; p++) {
            int64_t whole = works_target(works, plans[p].number);
            int64_t before = whole * (year - from) / (to - from + 1);
            int64_t after = whole * (year - from + 1) / (to - from + 1);
            for (; before < after; before++) add_examinee(&exam, plans[p].number, year);
        }
    }
    arena_free(&arena);
}

static struct record *put_examinee(struct works *works, struct records *records, size_t number)
{
    const struct examinee *examinee = &works->examinees.items[number];
    const struct settings *settings = works->city->settings;
    struct record *record = record_add(records, examinee->county, examinee->year);
    record_put_school(records, record, examinee->school);
    record_put(records, record, "county", settings->counties[examinee->county].name);
    record_put(records, record, "name", examinee->name);
    record_put_c(records, record, "id_number", examinee->id);
    record_put_c(records, record, "sex", examinee->male ? "男" : "女");
    record_put(records, record, "exam_number",
               record_text(records, "%02d%.6s1%05zu", examinee->year % 100,
                           settings->counties[examinee->county].code.ptr, number + 1));
    record_put_i(records, record, "year", examinee->year);
    record_put_c(records, record, "track", examinee->science ? "理工" : "文史");
    record_put_i(records, record, "total",
                 examinee->marks[0] + examinee->marks[1] + examinee->marks[2] + examinee->marks[3]);
    return record;
}

/* One in so many registers again, in the county next on the list. Nothing is drawn for it: the
 * other files stay what they are. */
static bool registers_twice(size_t number)
{
    enum { ONE_IN = 37, AT = 9 };
    return number % ONE_IN == AT;
}

static void put_again(struct works *works, struct records *records, size_t number)
{
    const struct settings *settings = works->city->settings;
    const struct examinee *examinee = &works->examinees.items[number];
    uint32_t county = examinee->county;
    do {
        county = (county + 1) % (uint32_t)settings->county_count;
    } while (!works->city->county_used[county] && county != examinee->county);
    if (county == examinee->county) return;
    struct record *record = put_examinee(works, records, number);
    record_put(records, record, "county", settings->counties[county].name);
    record_put(records, record, "exam_number",
               record_text(records, "%02d%.6s2%05zu", examinee->year % 100,
                           settings->counties[county].code.ptr, number + 1));
    record_put_c(records, record, "asked", "地方专项");
}

void record_candidates(struct works *works, struct records *records)
{
    static const char *const papers[PAPERS] = {"chinese", "mathematics", "foreign", "combined"};
    for (size_t i = 0; i < works->examinees.count; i++) {
        const struct examinee *examinee = &works->examinees.items[i];
        struct record *record = put_examinee(works, records, i);
        for (size_t k = 0; k < PAPERS; k++)
            record_put_i(records, record, papers[k], examinee->marks[k]);
        for (size_t p = 0; p < PLAN_COUNT; p++) {
            if (plans[p].number != examinee->plan) continue;
            record_put_c(records, record, "plans", plans[p].zh);
            if (plans[p].number == NUMBER_PLAN_GENERAL) continue;
            record_put_c(records, record, "asked", plans[p].zh);
        }
        record_put_c(records, record, "attended", "是");
        if (registers_twice(i)) put_again(works, records, i);
    }
    works_figure(works, "candidates", "person", (int64_t)works->examinees.count);
}

void record_admissions(struct works *works, struct records *records)
{
    static const char *const keys[] = {"admissions_poverty",    "admissions_old_area",
                                       "admissions_university", "admissions_nation",
                                       "admissions_local",      "admissions_general"};
    int64_t counts[PLAN_COUNT] = {0}, special = 0;
    for (size_t i = 0; i < works->examinees.count; i++) {
        const struct examinee *examinee = &works->examinees.items[i];
        if (examinee->plan == NUMBER_NOT_ADMITTED) continue;
        bool sought = examinee->plan == NUMBER_PLAN_UNIVERSITY;
        size_t plan = 0;
        while (plans[plan].number != examinee->plan) plan++;
        struct record *record = put_examinee(works, records, i);
        record_put_c(records, record, "plan", plans[plan].zh);
        record_put_c(records, record, "admission_batch", plans[plan].batch);
        record_put(records, record, "institution",
                   record_word(records, sought ? WORDS_INSTITUTIONS_SOUGHT : WORDS_INSTITUTIONS));
        record_put(records, record, "major", record_word(records, WORDS_MAJORS));
        counts[plan]++;
        special += examinee->plan != NUMBER_PLAN_GENERAL;
    }
    for (size_t p = 0; p + 1 < PLAN_COUNT; p++) works_figure(works, keys[p], "person", counts[p]);
    works_figure(works, "admissions_special", "person", special);
}
