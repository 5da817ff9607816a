#include "sample/city.h"

/* What goes wrong with the schooling of children, and how it is put right by the last day. */

enum { TRIES_A_CHILD = 400, TRIES_MORE = 20000 };

struct teller {
    struct city *city;
    struct rng rng;
};

static const struct family *family_of(const struct city *city, const struct child *child)
{
    return &city->families.items[child->family];
}

/* How many children a rate in a million of those of age gives. */
static uint32_t wanted_of(const struct city *city, uint32_t ppm)
{
    return (uint32_t)(((uint64_t)city->of_age * ppm + PPM / 2) / PPM);
}

static bool is_pupil(const struct city *city, const struct child *child)
{
    const struct family *family = family_of(city, child);
    return child_of_age(child) && child->situation == IS_AT_SCHOOL && child->on_roll
           && child->registered && child->story == STORY_NONE && child->second_school == NOBODY
           && child->reason_absent == STORY_NONE
           && (family->residence == LIVES_AT_HOME || family->residence == LIVES_IN_TOWN);
}

static bool fits(const struct city *city, const struct child *child, enum story story)
{
    if (story == STORY_UNREACHABLE)
        return child_of_age(child) && child->situation == IS_ELSEWHERE
               && family_of(city, child)->residence == LIVES_AWAY;
    if (!is_pupil(city, child)) return false;
    switch (story) {
    case STORY_WORK: return child->age >= 13;
    case STORY_WEARY: return child->age >= 11;
    case STORY_MARRIAGE: return child->age >= 13 && !child->male;
    case STORY_POOR: return child->age >= 8;
    case STORY_NEVER_ENROLLED: return child->age >= 6 && child->age <= 8;
    case STORY_DISABLED: return true;
    case STORY_NO_HOUSEHOLD: return child->age <= 10;
    default: return false;
    }
}

static enum trace draw_trace(struct teller *teller, const struct child *child, enum story story)
{
    if (story == STORY_NEVER_ENROLLED || story == STORY_DISABLED || story == STORY_NO_HOUSEHOLD
        || story == STORY_UNREACHABLE || child->age < 8)
        return TRACE_NONE;
    uint32_t at = rng_below(&teller->rng, 100);
    if (child->primary_done && at < 60) return TRACE_GRADUATE;
    if (at < 12) return TRACE_TRANSFERRED;
    return at < 22 ? TRACE_LEFT : TRACE_NONE;
}

static enum outcome draw_outcome(struct teller *teller, enum story story)
{
    uint32_t at = rng_below(&teller->rng, 100);
    if (story == STORY_DISABLED) return at < 70 ? OUTCOME_HOMEBOUND : OUTCOME_SCHOOL;
    if (story == STORY_NEVER_ENROLLED) return at < 88 ? OUTCOME_SCHOOL : OUTCOME_DEFERRED;
    if (story == STORY_UNREACHABLE) return at < 80 ? OUTCOME_ELSEWHERE : OUTCOME_SCHOOL;
    return at < 94 ? OUTCOME_SCHOOL : OUTCOME_ELSEWHERE;
}

/* Any school of the stage in the county where the family is registered. */
static uint32_t school_in_county(struct teller *teller, uint32_t county, enum stage stage)
{
    const struct city *city = teller->city;
    uint32_t found = NOBODY, seen = 0;
    for (uint32_t i = 0; i < city->schools.count; i++) {
        const struct school *school = &city->schools.items[i];
        if (school->stage != stage) continue;
        if (school->county != county && found != NOBODY) continue;
        if (rng_below(&teller->rng, ++seen) == 0 || found == NOBODY) found = i;
    }
    return found;
}

static void make_missing(struct teller *teller, struct child *child, enum story story)
{
    struct city *city = teller->city;
    child->story = story;
    child->situation = IS_MISSING;
    child->trace = draw_trace(teller, child, story);
    child->outcome = draw_outcome(teller, story);
    child->outcome_school = child->school;
    if (child->outcome_school == NOBODY)
        child->outcome_school = school_in_county(
            teller, village_county(city->settings, family_of(city, child)->village), child->stage);
    if (child->on_roll) city->schools.items[child->school].students--;
    if (child->left_open) child->trace = TRACE_TRANSFERRED;
    child->on_roll = child->left_open = false;
    child->listed_elsewhere = false;
    child->recognised = false;
    if (story == STORY_DISABLED && child->disability_kind == 0) {
        child->disability_kind = (uint8_t)(4 + rng_below(&teller->rng, 4));
        child->disability_grade = (uint8_t)(1 + rng_below(&teller->rng, 2));
    }
    if (story == STORY_NO_HOUSEHOLD) {
        child->registered = false;
        child->id[0] = '\0';
    }
    city->first_missing++;
}

/* A child drawn at random for which the story can be told, or NULL. */
static struct child *draw_child(struct teller *teller, enum story story)
{
    struct city *city = teller->city;
    struct child *child =
        &city->children.items[rng_below(&teller->rng, (uint32_t)city->children.count)];
    return fits(city, child, story) ? child : NULL;
}

static void tell_missing(struct teller *teller, enum story story, uint32_t wanted)
{
    struct city *city = teller->city;
    uint64_t tries = (uint64_t)wanted * TRIES_A_CHILD + TRIES_MORE;
    uint32_t told = 0;
    for (uint64_t i = 0; i < tries && told < wanted; i++) {
        struct child *child = draw_child(teller, story);
        if (child == NULL) continue;
        if (story != STORY_UNREACHABLE) {
            make_missing(teller, child, story);
            told++;
            continue;
        }
        /* Nobody of the family is reached: all its children of age are missing. */
        const struct family *family = family_of(city, child);
        for (uint32_t k = 0; k < family->child_count; k++) {
            struct child *one = &city->children.items[family->first_child + k];
            if (!fits(city, one, story)) continue;
            make_missing(teller, one, story);
            told++;
        }
    }
}

static bool in_compulsory_school(const struct city *city, const struct child *child)
{
    return is_pupil(city, child) && child->stage != STAGE_PRESCHOOL
           && city->schools.items[child->school].reports;
}

static void tell_absent(struct teller *teller, struct child *child)
{
    static const enum story reasons[] = {STORY_WEARY, STORY_WORK, STORY_POOR};
    child->presence = rng_below(&teller->rng, 100) < 70 ? ABSENT : NOT_LISTED;
    child->reason_absent = reasons[rng_below(&teller->rng, 3)];
}

static void tell_two_rolls(struct teller *teller, struct child *child)
{
    uint32_t county = rng_below(&teller->rng, (uint32_t)teller->city->settings->county_count);
    if (rng_below(&teller->rng, 2) == 0)
        county = village_county(teller->city->settings, family_of(teller->city, child)->village);
    uint32_t other = school_in_county(teller, county, child->stage);
    if (other != child->school) child->second_school = other;
}

static void tell_unregistered(struct teller *teller, struct child *child)
{
    child->on_roll = false;
    teller->city->schools.items[child->school].students--;
    child->recognised = false;
}

static void tell_others(struct teller *teller)
{
    struct city *city = teller->city;
    const uint32_t *shares = city->settings->shares;
    void (*const tell[])(struct teller *, struct child *) = {tell_absent, tell_two_rolls,
                                                             tell_unregistered};
    const enum share kinds[] = {SHARE_NOT_ATTENDING, SHARE_ROLL_TWICE, SHARE_UNREGISTERED};
    for (size_t kind = 0; kind < 3; kind++) {
        uint32_t wanted = wanted_of(city, shares[kinds[kind]]), told = 0;
        uint64_t tries = (uint64_t)wanted * TRIES_A_CHILD + TRIES_MORE;
        for (uint64_t i = 0; i < tries && told < wanted; i++) {
            struct child *child =
                &city->children.items[rng_below(&teller->rng, (uint32_t)city->children.count)];
            if (!in_compulsory_school(city, child)) continue;
            tell[kind](teller, child);
            told++;
        }
    }
}

/* A few middling schools have not sent their attendance list. A sample with few schools has none.
 */
static void hold_back_schools(struct teller *teller)
{
    struct city *city = teller->city;
    uint32_t held = 0;
    if (city->schools.count < 40) return;
    for (uint32_t i = 0; i < TRIES_MORE && held < city->settings->schools_not_reported; i++) {
        struct school *school =
            &city->schools.items[rng_below(&teller->rng, (uint32_t)city->schools.count)];
        bool fits_here = school->stage == STAGE_PRIMARY || school->stage == STAGE_JUNIOR;
        if (!fits_here || !school->reports || school->students < 60 || school->students > 400)
            continue;
        school->reports = false;
        held++;
    }
}

/* A township's list of children at school elsewhere comes only by the last day. */
static void hold_back_townships(struct teller *teller)
{
    struct city *city = teller->city;
    const struct settings *settings = city->settings;
    uint32_t used = 0, held = 0;
    for (size_t i = 0; i < settings->township_count; i++) used += city->township_used[i];
    if (used < 12) return;
    while (held < settings->townships_late && held < used / 12) {
        uint32_t at = rng_below(&teller->rng, (uint32_t)settings->township_count);
        const struct township *township = &settings->townships[at];
        bool seat = city->seat_township[township->county] == at;
        if (!city->township_used[at] || city->township_late[at] || township->street || seat)
            continue;
        city->township_late[at] = true;
        held++;
    }
    for (size_t i = 0; i < city->children.count; i++) {
        struct child *child = &city->children.items[i];
        uint32_t village = family_of(city, child)->village;
        if (city->township_late[settings->villages[village].township])
            child->listed_late = child->listed_elsewhere;
    }
}

void city_stories(struct city *city)
{
    struct teller teller = {.city = city, .rng = rng_branch(city->seed, 3)};
    for (size_t i = 1; i < STORY_COUNT; i++) {
        uint32_t wanted = wanted_of(city, city->settings->missing[i]);
        if (i == STORY_WORK && wanted == 0 && city->settings->missing[i] > 0) wanted = 1;
        tell_missing(&teller, (enum story)i, wanted);
    }
    hold_back_schools(&teller);
    tell_others(&teller);
    hold_back_townships(&teller);
}
