#include "sample/city.h"

#include "base/dict.h"
#include "identity/id_number.h"

#include <stdio.h>
#include <string.h>

/* Families: where they live, their parents and grandparents, their children, names and numbers. */

enum {
    YEAR_DAYS = 365,
    CHILDREN_A_TOWNSHIP = 3600, /* in the whole city; a smaller sample has fewer townships */
    CHILDREN_A_COUNTY = 3000,
    DISTRICT_TOWNSHIPS = 4,
    HIGH_SEQUENCES = 50, /* 900 … 999 by sex */
};

const char *const nation_names[NATION_COUNT] = {"汉族", "回族", "东乡族",
                                                "藏族", "满族", "维吾尔族"};

bool sample_chance(struct rng *rng, uint32_t ppm)
{
    return rng_chance_ppm(rng, ppm);
}

uint32_t village_county(const struct settings *settings, uint32_t village)
{
    CHECK(village < settings->village_count);
    return settings->townships[settings->villages[village].township].county;
}

uint32_t family_guardian(const struct family *family)
{
    if (family->left_behind && family->elder != NOBODY) return family->elder;
    if (family->father != NOBODY) return family->father;
    return family->mother != NOBODY ? family->mother : family->elder;
}

uint32_t family_guardian2(const struct family *family)
{
    uint32_t first = family_guardian(family);
    if (first != family->father && family->father != NOBODY) return family->father;
    if (first != family->mother && family->mother != NOBODY) return family->mother;
    return first != family->elder ? family->elder : NOBODY;
}

bool child_of_age(const struct child *child)
{
    if (child->situation == IS_DEAD || child->situation == IS_MOVED_OUT) return false;
    return child->age >= 6 && child->age <= 14 && !child->finished;
}

day child_moved_in(const struct child *child, struct rng *rng)
{
    enum { ONE_IN = 6, SPAN_DAYS = 2800 };
    day from;
    if (rng_below(rng, ONE_IN) > 0) return DAY_NONE;
    int32_t drawn = (int32_t)rng_below(rng, SPAN_DAYS);
    CHECK(day_from_ymd(2012, 3, 1, &from));
    int32_t left = from.days + SPAN_DAYS - child->birth.days;
    if (child->birth.days <= from.days) return (day){from.days + drawn};
    if (left <= 0) return DAY_NONE;
    return (day){child->birth.days + drawn * left / SPAN_DAYS};
}

void sample_id_number(char out[19], struct str division, day birth, bool male, uint32_t sequence)
{
    CHECK(division.len >= 6);
    int year, month, day_of_month;
    day_to_ymd(birth, &year, &month, &day_of_month);
    uint32_t start = (uint32_t)birth.days * 7u % HIGH_SEQUENCES;
    uint32_t number = sequence < HIGH_SEQUENCES ? 900 + 2 * ((start + sequence) % HIGH_SEQUENCES)
                                                : 898 - 2 * ((sequence - HIGH_SEQUENCES) % 400);
    if (male) number++;
    char digits[64];
    snprintf(digits, sizeof digits, "%.6s%04d%02d%02d%03u", division.ptr, year, month, day_of_month,
             number % 1000);
    memcpy(out, digits, 17);
    out[17] = id_number_check(out);
    out[18] = '\0';
}

/* The next number of a division, a day and a sex; twins get neighbours. */
static void next_id(char out[19], struct u64_map *given, struct str division, day birth, bool male)
{
    uint64_t key = 0;
    for (size_t i = 0; i < 6; i++) key = key * 10 + (uint64_t)(division.ptr[i] - '0');
    key = key * 200000 + (uint64_t)(uint32_t)(birth.days + 50000);
    key = key * 2 + male;
    uint32_t sequence = u64_map_find(given, key);
    if (sequence == DICT_NONE) sequence = 0;
    sample_id_number(out, division, birth, male, sequence);
    u64_map_put(given, key, sequence + 1);
}

struct maker {
    struct city *city;
    const struct settings *settings;
    struct rng rng;
    struct u64_map ids;
};

static struct str given_name(struct maker *maker, int generation, bool male, uint32_t one_ppm)
{
    const struct weighted_list *list = &maker->settings->given[generation][male];
    struct text name;
    text_init(&name, maker->city->arena, 64);
    text_add(&name, weighted_draw(list, &maker->rng)->text);
    if (generation != GENERATION_DOTTED && !sample_chance(&maker->rng, one_ppm))
        text_add(&name, weighted_draw(list, &maker->rng)->text);
    return text_str(&name);
}

static struct str joined(struct arena *arena, struct str a, struct str b)
{
    struct text name;
    text_init(&name, arena, 256);
    text_add(&name, a);
    text_add(&name, b);
    return text_str(&name);
}

/* The county where an adult's number was first given: mostly that of the household. */
static struct str birth_division(struct maker *maker, const struct family *family,
                                 uint32_t else_ppm)
{
    const struct settings *settings = maker->settings;
    const struct outside *outside = settings->outside;
    bool elsewhere = sample_chance(&maker->rng, else_ppm);
    if (family->residence == LIVES_INCOMER) return outside[family->outside].code;
    if (!elsewhere) return settings->counties[village_county(settings, family->village)].code;
    if (sample_chance(&maker->rng, 600000))
        return settings->counties[rng_below(&maker->rng, (uint32_t)settings->county_count)].code;
    const struct weighted *drawn = weighted_draw(&settings->outside_weights, &maker->rng);
    return outside[drawn - settings->outside_weights.items].code;
}

static uint32_t add_adult(struct maker *maker, const struct family *family, struct str surname,
                          bool male, day birth, uint32_t else_ppm)
{
    struct adult adult = {.birth = birth, .male = male};
    int year, month, day_of_month;
    day_to_ymd(birth, &year, &month, &day_of_month);
    int generation = year < 1965 ? GENERATION_OLD : GENERATION_MIDDLE;
    adult.name = joined(maker->city->arena, surname, given_name(maker, generation, male, 260000));
    next_id(adult.id, &maker->ids, birth_division(maker, family, else_ppm), birth, male);
    *list_push(maker->city->arena, &maker->city->adults) = adult;
    return (uint32_t)maker->city->adults.count - 1;
}

static day before(struct rng *rng, day of, uint32_t years_from, uint32_t years_to)
{
    uint32_t days = years_from * YEAR_DAYS + rng_below(rng, (years_to - years_from) * YEAR_DAYS);
    return (day){of.days - (int32_t)days};
}

static void add_parents(struct maker *maker, struct family *family, struct str surname, day eldest)
{
    struct rng *rng = &maker->rng;
    const uint32_t *shares = maker->settings->shares;
    day mother_birth = before(rng, eldest, 20, 33);
    day father_birth = before(rng, mother_birth, 0, 6);
    uint32_t lacking = NOBODY;
    family->orphaned = sample_chance(rng, shares[SHARE_ORPHAN]);
    if (sample_chance(rng, shares[SHARE_SINGLE_PARENT])) lacking = rng_below(rng, 5) < 3;
    family->father = family->mother = family->elder = NOBODY;
    if (!family->orphaned && lacking != 0)
        family->father = add_adult(maker, family, surname, true, father_birth, 60000);
    if (!family->orphaned && lacking != 1) {
        struct str own = weighted_draw(&maker->settings->surnames, rng)->text;
        family->mother = add_adult(maker, family, own, false, mother_birth, 300000);
    }
    if (family->orphaned || sample_chance(rng, shares[SHARE_ELDER])) {
        bool male = rng_below(rng, 2) == 1;
        struct str own = male ? surname : weighted_draw(&maker->settings->surnames, rng)->text;
        family->elder =
            add_adult(maker, family, own, male, before(rng, father_birth, 21, 33), 90000);
    }
    bool elder_heads = family->elder != NOBODY && rng_below(rng, 3) == 0;
    family->head = elder_heads || family->orphaned ? family->elder
                   : family->father != NOBODY      ? family->father
                                                   : family->mother;
}

static uint32_t seat_village(struct maker *maker, uint32_t county)
{
    const struct township *seat = &maker->settings->townships[maker->city->seat_township[county]];
    return seat->village_from + rng_below(&maker->rng, seat->village_count);
}

static void draw_residence(struct maker *maker, struct family *family)
{
    struct rng *rng = &maker->rng;
    const struct settings *settings = maker->settings;
    const uint32_t *shares = settings->shares;
    uint32_t at = rng_below(rng, PPM), sum = shares[SHARE_INCOMER];
    const struct weighted *outside = weighted_draw(&settings->outside_weights, rng);
    family->outside = (uint32_t)(outside - settings->outside_weights.items);
    family->residence = LIVES_AT_HOME;
    if (at < sum)
        family->residence = LIVES_INCOMER;
    else if (at < (sum += shares[SHARE_AWAY]))
        family->residence = LIVES_AWAY;
    else if (at < (sum += shares[SHARE_EMPTY_HOUSEHOLD]))
        family->residence = LIVES_NEVER_SEEN;
    else if (at < sum + shares[SHARE_MOVED_TO_TOWN])
        family->residence = LIVES_IN_TOWN;
    family->lives = family->village;
    uint32_t seat = seat_village(maker, village_county(settings, family->village));
    if (family->residence == LIVES_INCOMER) family->lives = family->village = seat;
    if (family->residence == LIVES_IN_TOWN) family->lives = seat;
    if (family->residence == LIVES_AWAY || family->residence == LIVES_NEVER_SEEN)
        family->lives = NOBODY;
    if (family->residence == LIVES_INCOMER)
        family->listed = sample_chance(rng, shares[SHARE_INCOMER_LISTED]);
    if (family->residence == LIVES_IN_TOWN)
        family->listed = sample_chance(rng, shares[SHARE_TOWN_LISTED]);
    if (family->residence == LIVES_AT_HOME)
        family->left_behind = sample_chance(rng, shares[SHARE_LEFT_BEHIND]);
}

static void draw_hardship(struct maker *maker, struct family *family)
{
    const uint32_t *shares = maker->settings->shares;
    bool rural = !maker->settings->villages[family->village].urban;
    if (family->residence == LIVES_INCOMER || family->residence == LIVES_NEVER_SEEN) return;
    family->poverty = rural && sample_chance(&maker->rng, shares[SHARE_POVERTY]);
    if (!family->poverty && rural && sample_chance(&maker->rng, 25000)) family->watch = 2;
    if (family->poverty && sample_chance(&maker->rng, 60000)) family->watch = 1;
    family->dibao = sample_chance(&maker->rng, shares[SHARE_DIBAO] * (family->poverty ? 3 : 1));
    family->destitute = family->orphaned || sample_chance(&maker->rng, shares[SHARE_DESTITUTE]);
}

/* Births of the children, the eldest first. */
static size_t draw_births(struct maker *maker, day births[FAMILY_CHILDREN_MAX])
{
    struct rng *rng = &maker->rng;
    const struct settings *settings = maker->settings;
    uint32_t sum = 0, age = 0, wanted = 0, count_sum = 0;
    for (size_t i = 0; i < AGES; i++) sum += settings->youngest_by_age[i];
    for (size_t i = 0; i < FAMILY_CHILDREN_MAX; i++) count_sum += settings->children_in_family[i];
    CHECK(sum > 0);
    CHECK(count_sum > 0);
    uint32_t at = rng_below(rng, sum);
    while (at >= settings->youngest_by_age[age]) at -= settings->youngest_by_age[age++];
    at = rng_below(rng, count_sum);
    while (at >= settings->children_in_family[wanted]) at -= settings->children_in_family[wanted++];
    int year, month, day_of_month;
    day_to_ymd(maker->city->cutoff, &year, &month, &day_of_month);
    day youngest = DAY_NONE, found[FAMILY_CHILDREN_MAX];
    CHECK(day_from_ymd(year - (int)age, month, day_of_month, &youngest));
    youngest.days -= (int32_t)rng_below(rng, YEAR_DAYS);
    size_t count = 0;
    for (found[count++] = youngest; count < wanted + 1; count++) {
        int32_t gap = sample_chance(rng, settings->shares[SHARE_TWINS] * 2)
                          ? 0
                          : (int32_t)(400 + rng_below(rng, 1500));
        found[count] = (day){found[count - 1].days - gap};
        if (day_age(found[count], maker->city->cutoff) >= AGES) break;
    }
    for (size_t i = 0; i < count; i++) births[i] = found[count - 1 - i];
    return count;
}

/* A name unlike those of the brothers and sisters. */
static void name_child(struct maker *maker, struct child *child, const struct family *family,
                       bool dotted, struct str father)
{
    struct city *city = maker->city;
    const uint32_t *shares = maker->settings->shares;
    struct rng *rng = &maker->rng;
    uint32_t last = city->village_last[child->male][family->village];
    struct str given = given_name(maker, dotted ? GENERATION_DOTTED : GENERATION_YOUNG, child->male,
                                  shares[SHARE_ONE_CHARACTER]);
    if (dotted) {
        struct str tail = joined(city->arena, STR("·"), father);
        child->name = joined(city->arena, given, tail);
        return;
    }
    const struct child *elder = city->children.count > family->first_child
                                    ? &city->children.items[city->children.count - 1]
                                    : NULL;
    if (last != NOBODY && sample_chance(rng, shares[SHARE_NAMESAKE])) {
        const struct child *other = &city->children.items[last];
        if (str_starts(other->name, other->surname) && other->family != child->family)
            given = str_slice(other->name, other->surname.len, other->name.len);
    } else if (elder != NULL && sample_chance(rng, shares[SHARE_SIBLING_CHARACTER])) {
        /* 浩然, 浩宇: the same first character. */
        size_t at = elder->surname.len, from = at;
        uint32_t code;
        if (utf8_next(elder->name, &at, &code) && at < elder->name.len) {
            const struct weighted_list *list =
                &maker->settings->given[GENERATION_YOUNG][child->male];
            given = joined(city->arena, str_slice(elder->name, from, at),
                           weighted_draw(list, rng)->text);
        }
    }
    child->name = joined(city->arena, child->surname, given);
}

static bool name_taken(const struct city *city, const struct family *family, struct str name)
{
    for (size_t i = family->first_child; i < city->children.count; i++)
        if (str_equal(city->children.items[i].name, name)) return true;
    return false;
}

static void add_child(struct maker *maker, struct family *family, day birth, struct str surname,
                      bool dotted)
{
    struct city *city = maker->city;
    struct rng *rng = &maker->rng;
    struct child child = {.family = (uint32_t)city->families.count - 1, .birth = birth};
    child.age = (uint8_t)day_age(birth, city->cutoff);
    child.male = rng_below(rng, 1000) < 523;
    child.surname = surname;
    child.school = child.second_school = child.outcome_school = NOBODY;
    struct str father = weighted_draw(&maker->settings->given[GENERATION_DOTTED][1], rng)->text;
    do {
        name_child(maker, &child, family, dotted, father);
    } while (name_taken(city, family, child.name));
    next_id(child.id, &maker->ids,
            birth_division(maker, family, maker->settings->shares[SHARE_BORN_ELSEWHERE]), birth,
            child.male);
    child.registered = family->residence != LIVES_INCOMER;
    *list_push(city->arena, &city->children) = child;
    city->village_last[child.male][family->village] = (uint32_t)city->children.count - 1;
    if (child.age >= 3) city->counted++;
}

static uint8_t draw_nation(struct maker *maker, bool dotted)
{
    if (dotted) return NATION_COUNT - 1;
    if (!sample_chance(&maker->rng, maker->settings->shares[SHARE_MINORITY])) return 0;
    return rng_below(&maker->rng, 10) < 8 ? 1 : (uint8_t)(2 + rng_below(&maker->rng, 3));
}

static void add_family(struct maker *maker)
{
    struct city *city = maker->city;
    const uint32_t *shares = maker->settings->shares;
    const struct weighted *drawn = weighted_draw(&city->villages, &maker->rng);
    struct family family = {.number = (uint32_t)city->families.count + 1};
    family.village = city->village_of[drawn - city->villages.items];
    draw_residence(maker, &family);
    draw_hardship(maker, &family);
    family.phone = 14100000000u + (uint64_t)rng_below(&maker->rng, 100000000);
    bool dotted = family.residence == LIVES_INCOMER
                  && sample_chance(&maker->rng, shares[SHARE_DOTTED_NAME] * 20);
    struct str surname = sample_chance(&maker->rng, shares[SHARE_VILLAGE_SURNAME])
                             ? city->village_surname[family.village]
                             : weighted_draw(&maker->settings->surnames, &maker->rng)->text;
    day births[FAMILY_CHILDREN_MAX];
    size_t count = draw_births(maker, births);
    add_parents(maker, &family, surname, births[0]);
    uint8_t nation = draw_nation(maker, dotted);
    family.first_child = (uint32_t)city->children.count;
    family.child_count = (uint32_t)count;
    *list_push(city->arena, &city->families) = family;
    struct str used = surname;
    if (family.mother != NOBODY && sample_chance(&maker->rng, shares[SHARE_MOTHER_SURNAME]))
        used = weighted_draw(&maker->settings->surnames, &maker->rng)->text;
    for (size_t i = 0; i < count; i++) {
        add_child(maker, &family, births[i], used, dotted);
        city->children.items[city->children.count - 1].nation = nation;
    }
}

static void mark_townships(struct city *city, uint32_t county, double share)
{
    const struct settings *settings = city->settings;
    const struct county *c = &settings->counties[county];
    uint32_t wanted = (uint32_t)(c->township_count * share + 0.999);
    if (wanted < 1) wanted = 1;
    if (wanted > c->township_count) wanted = c->township_count;
    for (uint32_t i = 0; i < wanted; i++) {
        uint32_t township = c->township_from + i * c->township_count / wanted;
        city->township_used[township] = true;
        city->township_district[township] = city->district_count + i / DISTRICT_TOWNSHIPS;
    }
    city->district_count += (wanted + DISTRICT_TOWNSHIPS - 1) / DISTRICT_TOWNSHIPS;
}

/* Which counties and townships a sample of this size has: few whole townships rather than a child
 * or two in each village. */
static void choose_places(struct city *city)
{
    const struct settings *settings = city->settings;
    size_t counties = city->children_wanted / CHILDREN_A_COUNTY;
    if (counties < 1) counties = 1;
    if (counties > settings->county_count) counties = settings->county_count;
    double share = (double)city->children_wanted
                   / ((double)CHILDREN_A_TOWNSHIP * (double)settings->township_count);
    for (size_t i = 0; i < settings->county_count; i++) {
        size_t heavier = 0;
        for (size_t k = 0; k < settings->county_count; k++)
            if (settings->counties[k].weight > settings->counties[i].weight
                || (settings->counties[k].weight == settings->counties[i].weight && k < i))
                heavier++;
        city->county_used[i] = heavier < counties;
        if (city->county_used[i]) mark_townships(city, (uint32_t)i, share);
    }
}

/* How many live in each village, drawn anew; neighbourhoods are larger than villages. */
static void weigh_villages(struct city *city, struct rng *rng)
{
    const struct settings *settings = city->settings;
    size_t count = settings->village_count;
    uint32_t *weights = arena_array(city->arena, uint32_t, count);
    uint64_t *county_sums = arena_array(city->arena, uint64_t, settings->county_count);
    uint64_t *township_sums = arena_array(city->arena, uint64_t, settings->township_count);
    for (size_t i = 0; i < count; i++) {
        const struct village *village = &settings->villages[i];
        city->village_surname[i] = weighted_draw(&settings->surnames, rng)->text;
        weights[i] = village->urban ? 500 + rng_below(rng, 700) : 120 + rng_below(rng, 260);
        if (!city->township_used[village->township]) weights[i] = 0;
        county_sums[village_county(settings, (uint32_t)i)] += weights[i];
        township_sums[village->township] += weights[i];
    }
    city->villages.items = arena_array(city->arena, struct weighted, count);
    for (size_t i = 0; i < count; i++) {
        uint32_t county = village_county(settings, (uint32_t)i);
        if (weights[i] == 0) continue;
        uint64_t weight = 1000000ull * settings->counties[county].weight / 100 * weights[i];
        struct weighted *item = &city->villages.items[city->villages.count];
        city->village_of[city->villages.count++] = (uint32_t)i;
        *item = (struct weighted){.from = city->villages.sum,
                                  .weight = (uint32_t)(weight / county_sums[county] + 1)};
        city->villages.sum += item->weight;
    }
    for (size_t i = 0; i < settings->township_count; i++) {
        uint32_t *seat = &city->seat_township[settings->townships[i].county];
        if (!city->township_used[i]) continue;
        if (*seat == NOBODY || township_sums[i] > township_sums[*seat]) *seat = (uint32_t)i;
    }
}

void city_people(struct city *city, struct arena *arena, const struct settings *settings,
                 uint32_t children, uint64_t seed)
{
    *city = (struct city){.arena = arena, .settings = settings, .seed = seed};
    city->cutoff = day_school_cutoff(settings->first_day);
    city->children_wanted = children;
    city->county_used = arena_array(arena, bool, settings->county_count);
    city->township_used = arena_array(arena, bool, settings->township_count);
    city->township_late = arena_array(arena, bool, settings->township_count);
    city->township_district = arena_array(arena, uint32_t, settings->township_count);
    city->seat_township = arena_array(arena, uint32_t, settings->county_count);
    memset(city->seat_township, 0xFF, settings->county_count * sizeof(uint32_t));
    city->village_of = arena_array(arena, uint32_t, settings->village_count);
    city->village_surname = arena_array(arena, struct str, settings->village_count);
    for (size_t i = 0; i < 2; i++) {
        city->village_last[i] = arena_array(arena, uint32_t, settings->village_count);
        memset(city->village_last[i], 0xFF, settings->village_count * sizeof(uint32_t));
    }
    choose_places(city);
    struct maker maker = {.city = city, .settings = settings, .rng = rng_branch(seed, 1)};
    weigh_villages(city, &maker.rng);
    u64_map_init(&maker.ids, arena);
    while (city->counted < children) add_family(&maker);
}
