#include "sample/city.h"

#include <string.h>

/* Schools by township and village, and who goes to which. */

/* Schools of a stage stand together, by county and township. */
struct range {
    uint32_t from, count;
};

struct school_map {
    struct range *townships[STAGE_COUNT];
    struct range *counties[STAGE_COUNT];
    struct range all[STAGE_COUNT];
};

struct placer {
    struct city *city;
    const struct settings *settings;
    struct rng rng;
    uint32_t *living;  /* children by village */
    uint32_t *numbers; /* 第几 of a county, by stage and county */
};

static const char *const code_heads[STAGE_COUNT] = {"", "11", "21", "31", "34", "36", "51"};
static const char *const count_words[] = {"一", "二", "三", "四", "五",
                                          "六", "七", "八", "九", "十"};

static void add_count_word(struct text *name, uint32_t number)
{
    if (number >= 1 && number <= 10)
        text_add_c(name, count_words[number - 1]);
    else if (number < 20)
        text_add_f(name, "十%s", count_words[number - 11]);
    else
        text_add_f(name, "%u", number);
}

/* What a school is called inside its county. */
static void short_name(struct placer *placer, const struct school *school, bool first,
                       struct text *name)
{
    const struct settings *settings = placer->settings;
    const struct village *village = &settings->villages[school->village];
    const struct township *township = &settings->townships[school->township];
    const struct county *county = &settings->counties[school->county];
    bool seat = placer->city->seat_township[school->county] == school->township;
    uint32_t number = ++placer->numbers[school->stage * settings->county_count + school->county];
    switch (school->stage) {
    case STAGE_PRESCHOOL:
        if (first)
            text_add_f(name, "%.*s中心幼儿园", STR_ARG(township->name));
        else
            text_add_f(name, "%.*s%s幼儿园", STR_ARG(village->short_name),
                       village->urban ? "" : "村");
        return;
    case STAGE_PRIMARY:
        if (first && !seat)
            text_add_f(name, "%.*s中心小学", STR_ARG(township->name));
        else
            text_add_f(name, "%.*s小学", STR_ARG(village->short_name));
        return;
    case STAGE_JUNIOR:
        if (first && !seat)
            text_add_f(name, "%.*s初级中学", STR_ARG(township->name));
        else if (!seat)
            text_add_f(name, "%.*s中学", STR_ARG(village->short_name));
        else {
            text_add_f(name, "%.*s第", STR_ARG(county->name));
            add_count_word(name, number + 5);
            text_add_c(name, "初级中学");
        }
        return;
    case STAGE_SENIOR:
        text_add_f(name, "%.*s第", STR_ARG(county->name));
        add_count_word(name, number);
        text_add_c(name, "中学");
        return;
    case STAGE_VOCATIONAL:
        text_add_f(name, "%.*s", STR_ARG(county->name));
        if (number > 1) text_add_c(name, "第"), add_count_word(name, number);
        text_add_c(name, "职业中等专业学校");
        return;
    default: text_add_f(name, "%.*s特殊教育学校", STR_ARG(county->name)); return;
    }
}

static void add_school(struct placer *placer, enum stage stage, uint32_t village, bool first)
{
    struct city *city = placer->city;
    const struct settings *settings = placer->settings;
    struct school school = {.stage = stage, .village = village, .reports = true};
    school.township = settings->villages[village].township;
    school.county = settings->townships[school.township].county;
    school.district = city->township_district[school.township];
    const struct county *county = &settings->counties[school.county];
    struct text code, name, full;
    text_init(&code, city->arena, 10);
    text_init(&name, city->arena, 200);
    text_init(&full, city->arena, 300);
    text_add_f(&code, "%s%.2s%06u", code_heads[stage], settings->city.ptr,
               (uint32_t)city->schools.count + 900001u);
    memcpy(school.code, code.ptr, code.len + 1);
    short_name(placer, &school, first, &name);
    school.short_name = text_str(&name);
    if (!str_starts(school.short_name, county->name)) text_add(&full, county->name);
    bool village_school =
        stage <= STAGE_JUNIOR
        && !str_starts(school.short_name, settings->townships[school.township].name) && full.len > 0
        && !settings->townships[school.township].street;
    if (village_school) text_add(&full, settings->townships[school.township].name);
    text_add(&full, school.short_name);
    school.name = text_str(&full);
    *list_push(city->arena, &city->schools) = school;
}

/* Places `wanted` schools along the villages so that each serves about as many children: village i
 * gets as many as the running sum passes. Senior schools and the like stand in the county's seat.
 */
static void place_stage(struct placer *placer, enum stage stage, uint64_t wanted)
{
    struct city *city = placer->city;
    const struct settings *settings = placer->settings;
    uint64_t total = 0, passed = 0;
    for (size_t i = 0; i < settings->village_count; i++) total += placer->living[i];
    for (uint32_t t = 0; t < settings->township_count; t++) {
        const struct township *township = &settings->townships[t];
        struct range *range = &placer->city->map->townships[stage][t];
        range->from = (uint32_t)city->schools.count;
        if (!city->township_used[t]) continue;
        for (uint32_t v = 0; v < township->village_count; v++) {
            uint32_t village = township->village_from + v;
            uint64_t before = (passed * wanted + total / 2) / total;
            passed += placer->living[village];
            uint64_t after = (passed * wanted + total / 2) / total;
            uint32_t place = village;
            if (stage >= STAGE_SENIOR)
                place = settings->townships[city->seat_township[township->county]].village_from;
            for (; before < after; before++)
                add_school(placer, stage, place, range->from == city->schools.count);
        }
        range->count = (uint32_t)city->schools.count - range->from;
        struct range *county = &placer->city->map->counties[stage][township->county];
        if (county->count == 0) county->from = range->from;
        county->count += range->count;
    }
}

static void place_schools(struct placer *placer)
{
    struct city *city = placer->city;
    const struct settings *settings = placer->settings;
    placer->living = arena_array(city->arena, uint32_t, settings->village_count);
    placer->numbers = arena_array(city->arena, uint32_t, STAGE_COUNT * settings->county_count);
    for (size_t i = 0; i < city->children.count; i++) {
        const struct family *family = &city->families.items[city->children.items[i].family];
        if (family->lives != NOBODY) placer->living[family->lives]++;
    }
    for (size_t stage = 1; stage < STAGE_COUNT; stage++) {
        placer->city->map->townships[stage] =
            arena_array(city->arena, struct range, settings->township_count);
        placer->city->map->counties[stage] =
            arena_array(city->arena, struct range, settings->county_count);
        placer->city->map->all[stage].from = (uint32_t)city->schools.count;
        uint64_t wanted =
            ((uint64_t)settings->schools[stage] * city->children_wanted + settings->children / 2)
            / settings->children;
        place_stage(placer, (enum stage)stage, wanted < 1 ? 1 : wanted);
        placer->city->map->all[stage].count =
            (uint32_t)city->schools.count - placer->city->map->all[stage].from;
    }
}

uint32_t city_school_near(const struct city *city, enum stage stage, uint32_t village)
{
    const struct settings *settings = city->settings;
    uint32_t number = settings->villages[village].township;
    const struct township *township = &settings->townships[number];
    struct range near = city->map->townships[stage][number];
    if (near.count > 0)
        return near.from
               + (village - township->village_from) * near.count / township->village_count;
    near = city->map->counties[stage][township->county];
    if (near.count == 0) near = city->map->all[stage];
    CHECK(near.count > 0);
    return near.from + number % near.count;
}

uint32_t city_school_teachers(const struct school *school)
{
    return school->students / 13 + 2;
}

bool city_school_central(const struct city *city, uint32_t number)
{
    const struct school *school = &city->schools.items[number];
    const struct range *range = &city->map->townships[STAGE_PRESCHOOL][school->township];
    return school->stage == STAGE_PRESCHOOL && range->count > 0 && range->from == number;
}

/* As city_school_near, but at times one in the county's seat, and any senior school of the county.
 */
static uint32_t school_for(struct placer *placer, enum stage stage, uint32_t village, bool seat)
{
    uint32_t county = village_county(placer->settings, village);
    struct range range = placer->city->map->counties[stage][county];
    if (seat) range = placer->city->map->townships[stage][placer->city->seat_township[county]];
    if (range.count == 0 || (!seat && stage < STAGE_SENIOR))
        return city_school_near(placer->city, stage, village);
    return range.from + rng_below(&placer->rng, range.count);
}

/* Years of school begun: 1 in the first grade of primary school; 0 and less before. */
static int school_years(struct placer *placer, const struct child *child)
{
    const uint32_t *shares = placer->settings->shares;
    int year, month, day_of_month, years = child->age - 5;
    day_to_ymd(child->birth, &year, &month, &day_of_month);
    if (sample_chance(&placer->rng, shares[SHARE_LATE_ENTRY]))
        years--;
    else if (month >= 9 && sample_chance(&placer->rng, shares[SHARE_EARLY_ENTRY] * 3))
        years++;
    if (years > 2 && sample_chance(&placer->rng, shares[SHARE_REPEATS])) years--;
    return years;
}

static void enrol(struct placer *placer, struct child *child, enum stage stage, int grade)
{
    const struct family *family = &placer->city->families.items[child->family];
    const uint32_t *shares = placer->settings->shares;
    child->stage = stage;
    child->grade = (uint8_t)grade;
    if (family->lives == NOBODY) {
        child->situation = IS_ELSEWHERE;
        return;
    }
    bool rural = !placer->settings->villages[family->lives].urban;
    bool seat =
        (stage == STAGE_PRIMARY && sample_chance(&placer->rng, shares[SHARE_SEAT_PRIMARY]))
        || (stage == STAGE_JUNIOR && sample_chance(&placer->rng, shares[SHARE_SEAT_JUNIOR]));
    child->situation = IS_AT_SCHOOL;
    child->on_roll = true;
    child->school = school_for(placer, stage, family->lives, seat);
    uint32_t ppm = stage == STAGE_PRIMARY  ? shares[SHARE_BOARDING_PRIMARY]
                   : stage == STAGE_JUNIOR ? shares[SHARE_BOARDING_JUNIOR]
                                           : 500000;
    child->boarding = stage >= STAGE_PRIMARY && rural && sample_chance(&placer->rng, ppm);
    child->recognised = sample_chance(
        &placer->rng, family->poverty || family->dibao ? 900000 : shares[SHARE_RECOGNISED] / 4);
    if (sample_chance(&placer->rng, shares[SHARE_SICK_LEAVE])) child->presence = ON_LEAVE;
}

static void school_child(struct placer *placer, struct child *child)
{
    const uint32_t *shares = placer->settings->shares;
    int years = school_years(placer, child);
    if (years >= 10) child->finished = true;
    child->primary_done = years == 7;
    if (years <= 0) {
        uint32_t ppm = child->age == 3   ? shares[SHARE_PRESCHOOL_AT_3]
                       : child->age == 4 ? shares[SHARE_PRESCHOOL_AT_4]
                       : child->age == 5 ? shares[SHARE_PRESCHOOL_AT_5]
                       : child->age >= 6 ? PPM
                                         : 0;
        int grade = child->age - 2 > 3 ? 3 : child->age - 2;
        if (sample_chance(&placer->rng, ppm)) enrol(placer, child, STAGE_PRESCHOOL, grade);
    } else if (years <= 6) {
        enrol(placer, child, STAGE_PRIMARY, years);
    } else if (years <= 9) {
        enrol(placer, child, STAGE_JUNIOR, years - 6);
    } else if (years <= 12) {
        uint32_t at = rng_below(&placer->rng, PPM);
        if (at < shares[SHARE_SENIOR])
            enrol(placer, child, STAGE_SENIOR, years - 9);
        else if (at < shares[SHARE_SENIOR] + shares[SHARE_VOCATIONAL])
            enrol(placer, child, STAGE_VOCATIONAL, years - 9);
        child->grade = (uint8_t)(years - 9);
    }
}

static void draw_disability(struct placer *placer, struct child *child)
{
    child->disability_kind = (uint8_t)(1 + rng_below(&placer->rng, 7));
    child->disability_grade = (uint8_t)(1 + rng_below(&placer->rng, 4));
}

/* Those who are in no school here for a lawful reason, or are not there any more. */
static void special_case(struct placer *placer, struct child *child)
{
    const uint32_t *shares = placer->settings->shares;
    struct rng *rng = &placer->rng;
    const struct family *family = &placer->city->families.items[child->family];
    child->orphan = family->orphaned;
    if (sample_chance(rng, shares[SHARE_DISABLED])) draw_disability(placer, child);
    if (family->residence == LIVES_INCOMER) return;
    if (sample_chance(rng, shares[SHARE_DEAD]))
        child->situation = IS_DEAD;
    else if (sample_chance(rng, shares[SHARE_MOVED_OUT]))
        child->situation = IS_MOVED_OUT;
    else if (child->situation == IS_ELSEWHERE) {
        child->listed_elsewhere = sample_chance(rng, shares[SHARE_ELSEWHERE_LISTED]);
        child->left_open =
            child->stage <= STAGE_JUNIOR && sample_chance(rng, shares[SHARE_ROLL_LEFT_OPEN]);
        if (family->residence == LIVES_NEVER_SEEN)
            child->listed_elsewhere = sample_chance(rng, 900000), child->left_open = false;
        if (child->left_open)
            child->school = school_for(placer, child->stage, family->village, false);
    } else if (child_of_age(child) && sample_chance(rng, shares[SHARE_HOMEBOUND])) {
        child->situation = IS_HOMEBOUND;
        draw_disability(placer, child);
        child->disability_grade = (uint8_t)(1 + rng_below(rng, 2));
        child->on_roll = sample_chance(rng, 500000);
    } else if (child_of_age(child) && sample_chance(rng, shares[SHARE_DEFERRED])) {
        child->situation = IS_DEFERRED;
        child->on_roll = child->age > 7;
    } else if (child->disability_kind > 0 && child->stage == STAGE_PRIMARY
               && sample_chance(rng, 150000)) {
        child->stage = STAGE_SPECIAL;
        child->school = school_for(placer, STAGE_SPECIAL, family->lives, false);
    }
    if (child->situation == IS_DEAD || child->situation == IS_MOVED_OUT) {
        child->on_roll = child->left_open = false;
        child->school = NOBODY;
    }
}

/* Classes of at most 50, filled in turn. */
static void form_classes(struct city *city)
{
    enum { CLASS_MAX = 50 };
    for (size_t i = 0; i < city->children.count; i++) {
        struct child *child = &city->children.items[i];
        if (child->school == NOBODY) continue;
        struct school *school = &city->schools.items[child->school];
        if (child->on_roll) school->students++;
        child->class_number = (uint8_t)(1 + school->grades[child->grade % 10] / CLASS_MAX);
        school->grades[child->grade % 10]++;
    }
}

void city_schools(struct city *city)
{
    struct placer placer = {
        .city = city, .settings = city->settings, .rng = rng_branch(city->seed, 2)};
    city->map = arena_new(city->arena, struct school_map);
    place_schools(&placer);
    for (size_t i = 0; i < city->children.count; i++) {
        school_child(&placer, &city->children.items[i]);
        special_case(&placer, &city->children.items[i]);
        if (child_of_age(&city->children.items[i])) city->of_age++;
    }
    form_classes(city);
}
