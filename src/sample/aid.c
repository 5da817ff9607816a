#include "sample/city.h"

/* Which aid is due to whom, and what was paid. A small reading of a few schemes, by the settings'
 * table; the truth of the sample rests on it. */

enum { PAY_LABEL = 400, MAJOR_LABEL = 401, CHILD_BITS = 24 };

/* One list that is being paid. */
struct payer {
    struct city *city;
    uint32_t plan_number;
    const struct file_plan *plan;
    int years_back; /* school years between its term and the story */
};

/* One child on it. */
struct pupil {
    uint32_t number, school;
    enum stage stage;
    uint8_t grade;
    uint32_t facts;
};

static bool is_poor_county(const struct settings *settings, uint32_t village)
{
    struct str code = settings->counties[village_county(settings, village)].code;
    for (size_t i = 0; i < settings->aid.poor_county_count; i++)
        if (str_equal(settings->aid.poor_counties[i], code)) return true;
    return false;
}

uint32_t city_aid_facts(const struct city *city, uint32_t number)
{
    const struct child *child = &city->children.items[number];
    const struct family *family = &city->families.items[child->family];
    bool rural = !city->settings->villages[family->village].urban;
    bool known = child->situation != IS_DEAD && child->situation != IS_MOVED_OUT;
    bool listed = known && child->registered;
    const bool holds[AID_FACT_COUNT] = {
        [AID_POVERTY_LIFTED] = listed && family->poverty,
        [AID_DIBAO_RURAL] = listed && family->dibao && rural,
        [AID_DIBAO_URBAN] = listed && family->dibao && !rural,
        [AID_DESTITUTE_RURAL] = known && family->destitute && child->age < 18 && rural,
        [AID_DESTITUTE_URBAN] = known && family->destitute && child->age < 18 && !rural,
        [AID_ORPHAN] = known && child->orphan && child->age < 18,
        [AID_DISABLED] = listed && child->disability_kind > 0 && child->age >= 3,
        [AID_RECOGNISED] = child->recognised && child->on_roll && child->stage >= STAGE_PRIMARY,
        [AID_AGRICULTURE_MEDICINE] =
            child->stage == STAGE_VOCATIONAL
            && city->settings->aid.major_classes[child->major] == MAJOR_AGRICULTURE_MEDICINE,
        [AID_POOR_COUNTY] = listed && rural && is_poor_county(city->settings, family->village),
    };
    uint32_t facts = 0;
    for (size_t i = 0; i < AID_FACT_COUNT; i++)
        if (holds[i]) facts |= 1u << i;
    return facts;
}

int64_t city_school_fee(const struct city *city, uint32_t school)
{
    const struct aid_settings *aid = &city->settings->aid;
    bool charges = city->schools.items[school].stage == STAGE_SENIOR && aid->school_fee_count > 0;
    return charges ? aid->school_fees[school % aid->school_fee_count] : 0;
}

/* A school's pupil by the last day: on its roll, or at school and put on it. Pupils of special
 * schools count as those of a primary school. */
static bool read_pupil(const struct payer *payer, uint32_t number, struct pupil *out)
{
    const struct city *city = payer->city;
    const struct child *child = &city->children.items[number];
    bool here = child->on_roll && child->situation != IS_DEFERRED;
    uint32_t school = child->school;
    if (payer->years_back == 0) {
        here = here || child->situation == IS_AT_SCHOOL;
        if (child->outcome == OUTCOME_SCHOOL) {
            here = true;
            school = child->outcome_school;
        }
    }
    if (!here || school == NOBODY || child->grade <= payer->years_back) return false;
    enum stage stage = city->schools.items[school].stage;
    *out = (struct pupil){.number = number,
                          .school = school,
                          .stage = stage == STAGE_SPECIAL ? STAGE_PRIMARY : stage,
                          .grade = (uint8_t)(child->grade - payer->years_back),
                          .facts = city_aid_facts(city, number)};
    /* Who was recognised in an earlier school year is not known. */
    if (payer->years_back > 0) out->facts &= ~(1u << AID_RECOGNISED);
    return true;
}

static int64_t amount_of(const struct payer *payer, const struct aid_scheme *scheme,
                         const struct pupil *pupil)
{
    const struct aid_settings *aid = &payer->city->settings->aid;
    if (scheme->fee) return city_school_fee(payer->city, pupil->school);
    enum major_class major = aid->major_classes[payer->city->children.items[pupil->number].major];
    bool by_class = pupil->stage == STAGE_VOCATIONAL && scheme->fen_by_class[major] > 0;
    return by_class ? scheme->fen_by_class[major] : scheme->fen[pupil->stage];
}

static void push(const struct payer *payer, const struct pupil *pupil, int scheme, bool due,
                 enum payment_state state, uint8_t times)
{
    struct city *city = payer->city;
    int64_t fen = amount_of(payer, &city->settings->aid.schemes[scheme], pupil);
    *list_push(city->arena, &city->payments) = (struct payment){.child = pupil->number,
                                                                .school = pupil->school,
                                                                .plan = payer->plan_number,
                                                                .scheme = (uint8_t)scheme,
                                                                .grade = pupil->grade,
                                                                .times = times,
                                                                .due_fen = due ? fen : 0,
                                                                .each_fen = fen,
                                                                .state = state};
}

/* What is paid of one scheme to one pupil. Of a term before the story only what was right, or paid
 * twice: the registers do not tell who had a right to it then. */
static void pay(const struct payer *payer, const struct pupil *pupil, int number)
{
    const struct city *city = payer->city;
    const struct aid_settings *aid = &city->settings->aid;
    const struct aid_scheme *scheme = &aid->schemes[number];
    if (!scheme->stages[pupil->stage]) return;
    bool boarding = city->children.items[pupil->number].boarding;
    bool fits = boarding ? scheme->boarders : scheme->day_pupils;
    bool due = fits && pupil->grade <= scheme->grade_most
               && (scheme->who == 0 || (pupil->facts & scheme->who) != 0);
    struct rng rng =
        rng_branch(city->seed, ((uint64_t)PAY_LABEL << 40) + ((uint64_t)payer->plan_number << 32)
                                   + ((uint64_t)number << CHILD_BITS) + pupil->number);
    bool now = payer->years_back == 0;
    bool missed = sample_chance(&rng, (uint32_t)aid->missed);
    bool undue = sample_chance(&rng, (uint32_t)aid->undue);
    bool twice = sample_chance(&rng, (uint32_t)aid->twice);
    bool together = scheme->excludes >= 0 && (payer->plan->schemes >> scheme->excludes & 1) != 0
                    && rng_below(&rng, 2) == 0;
    if (!due) {
        if (now && fits && undue) push(payer, pupil, number, false, PAYMENT_UNDUE, 1);
    } else if (now && missed) {
        push(payer, pupil, number, true, PAYMENT_MISSED, 0);
    } else if (twice && together) {
        push(payer, pupil, number, true, PAYMENT_RIGHT, 1);
        push(payer, pupil, scheme->excludes, false, PAYMENT_TWICE, 1);
    } else {
        push(payer, pupil, number, true, twice ? PAYMENT_TWICE : PAYMENT_RIGHT, twice ? 2 : 1);
    }
}

static void draw_majors(struct city *city)
{
    const struct weighted_list *majors = &city->settings->aid.majors;
    for (uint32_t i = 0; i < city->children.count; i++) {
        struct rng rng = rng_branch(city->seed, ((uint64_t)MAJOR_LABEL << 40) + i);
        if (city->children.items[i].stage != STAGE_VOCATIONAL) continue;
        city->children.items[i].major = (uint8_t)(weighted_draw(majors, &rng) - majors->items);
    }
}

void city_aid(struct city *city)
{
    const struct settings *settings = city->settings;
    struct period now = period_of(PERIOD_YEAR, settings->first_day);
    draw_majors(city);
    for (uint32_t p = 0; p < settings->plan_count; p++) {
        const struct file_plan *plan = &settings->plans[p];
        if (plan->source != SOURCE_AWARDS_PAID) continue;
        struct period then = period_of(PERIOD_YEAR, period_first(plan->period));
        const struct payer payer = {city, p, plan, now.year - then.year};
        for (uint32_t i = 0; i < city->children.count; i++) {
            struct pupil pupil;
            if (!read_pupil(&payer, i, &pupil)) continue;
            for (size_t k = 0; k < settings->aid.scheme_count; k++)
                if ((plan->schemes >> k & 1) != 0) pay(&payer, &pupil, (int)k);
        }
    }
}
