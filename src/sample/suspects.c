#include "sample/spoil.h"

/* The list that the national platform sends down, made by comparing numbers: those truly missing,
 * and far more who are only so by their papers. */

enum { STREAM_OF_LIST = 400, STREAM_OF_ROLL = 200 };

/* Outcome codes of policies/national/rules/suspects.yaml, as truth. */
enum {
    CODE_LATE = 1,
    CODE_NO_ROLL = 2,
    CODE_OTHER_PROVINCE = 3,
    CODE_WRONG_NUMBER = 4,
    CODE_REGISTRATION = 5,
    CODE_DEAD = 6,
    CODE_FINISHED = 7,
    CODE_ILL = 9,
};

bool city_roll_number_is_wrong(const struct city *city, uint32_t child, int64_t error_permille,
                               struct arena *scratch)
{
    enum spoil how;
    struct spoiler spoiler = {.arena = scratch,
                              .city = city,
                              .rng =
                                  rng_branch(city->seed, ((uint64_t)STREAM_OF_ROLL << 40) + child),
                              .source = SOURCE_ROLL};
    spoil_rates(spoiler.rates, city->settings, SOURCE_ROLL, error_permille);
    (void)spoil_id(&spoiler, &city->children.items[child], &how);
    return how == SPOIL_ID_MISSING || how == SPOIL_ID_PARENT || how == SPOIL_ID_SIBLING
           || how == SPOIL_ID_STUDENT_NUMBER || how == SPOIL_ID_DIGIT || how == SPOIL_ID_SWAP
           || how == SPOIL_ID_SHORT || how == SPOIL_ID_FLOAT;
}

static uint8_t code_of_story(enum story story)
{
    switch (story) {
    case STORY_WORK: return 11;
    case STORY_MARRIAGE: return 12;
    case STORY_WEARY: return 14;
    case STORY_NEVER_ENROLLED: return 15;
    case STORY_POOR: return 16;
    case STORY_DISABLED: return CODE_ILL;
    case STORY_UNREACHABLE: return 10;
    default: return 0;
    }
}

static bool same_province(const struct city *city, const struct family *family)
{
    struct str code = city->settings->outside[family->outside].code;
    return str_starts(code, str_slice(city->settings->city, 0, 2));
}

static uint8_t code_elsewhere(const struct city *city, const struct child *child,
                              const struct family *family, enum suspect_share *share)
{
    *share = SUSPECT_ELSEWHERE;
    if (family->residence == LIVES_NEVER_SEEN && !child->listed_elsewhere) {
        *share = SUSPECT_EMPTY_HOUSEHOLD;
        return CODE_REGISTRATION;
    }
    return same_province(city, family) ? CODE_NO_ROLL : CODE_OTHER_PROVINCE;
}

static uint8_t code_at_school(const struct city *city, uint32_t number, int64_t error_permille,
                              struct arena *scratch, enum suspect_share *share)
{
    const struct child *child = &city->children.items[number];
    *share = SUSPECT_UNREGISTERED;
    if (!child->on_roll) return CODE_NO_ROLL;
    *share = SUSPECT_NOT_ATTENDING;
    if (child->reason_absent != STORY_NONE) return code_of_story(child->reason_absent);
    *share = SUSPECT_WRONG_NUMBER;
    if (city_roll_number_is_wrong(city, number, error_permille, scratch)) return CODE_WRONG_NUMBER;
    *share = SUSPECT_LATE;
    return CODE_LATE;
}

/* The right code of a child if it is on the list, and the share of its like that is. */
static uint8_t code_of(const struct city *city, uint32_t number, int64_t error_permille,
                       struct arena *scratch, enum suspect_share *share)
{
    const struct child *child = &city->children.items[number];
    const struct family *family = &city->families.items[child->family];
    *share = SUSPECT_MISSING;
    switch (child->situation) {
    case IS_MISSING: return code_of_story(child->story);
    case IS_AT_SCHOOL: return code_at_school(city, number, error_permille, scratch, share);
    case IS_ELSEWHERE: return code_elsewhere(city, child, family, share);
    case IS_HOMEBOUND:
    case IS_DEFERRED: *share = SUSPECT_ILL; return CODE_ILL;
    case IS_DEAD: *share = SUSPECT_DEAD; return CODE_DEAD;
    case IS_MOVED_OUT: *share = SUSPECT_MOVED_OUT; return CODE_REGISTRATION;
    default: return 0;
    }
}

void city_suspects(struct city *city, int64_t error_permille)
{
    struct arena scratch = {0};
    for (uint32_t i = 0; i < city->children.count; i++) {
        struct child *child = &city->children.items[i];
        struct rng rng = rng_branch(city->seed, ((uint64_t)STREAM_OF_LIST << 40) + i);
        enum suspect_share share;
        bool of_age = child->age >= 6 && child->age <= 14;
        if (!child->registered || child->id[0] == '\0') continue;
        uint8_t code = code_of(city, i, error_permille, &scratch, &share);
        if (child->finished && (child->age == 15 || child->age == 16)
            && child->situation == IS_AT_SCHOOL) {
            share = SUSPECT_FINISHED;
            code = CODE_FINISHED;
        } else if (!of_age || (child->situation == IS_AT_SCHOOL && child->stage == STAGE_PRESCHOOL)
                   || child->finished) {
            continue;
        }
        if (sample_chance(&rng, city->settings->suspects[share])) child->suspect = code;
        arena_reset(&scratch);
    }
    arena_free(&scratch);
}
