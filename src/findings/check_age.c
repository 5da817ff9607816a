#include "findings/check_internal.h"
#include "link/people_build.h"

enum { GUESSES_MAX = 96 };

/* Days on which a child may have been born, each with a weight. */
struct guesses {
    day days[GUESSES_MAX];
    double weights[GUESSES_MAX];
    int count;
    double total;
    int year; /* of a record that states no more; 0: none */
};

static void guess(struct guesses *guesses, day birth, double weight)
{
    int at = 0;
    while (at < guesses->count && guesses->days[at].days != birth.days) at++;
    if (at == GUESSES_MAX) return;
    if (at == guesses->count) {
        guesses->days[at] = birth;
        guesses->weights[at] = 0;
        guesses->count++;
    }
    guesses->weights[at] += weight;
    guesses->total += weight;
}

/* Digits 7 to 14 of a valid number. */
static day birth_of_number(struct str id)
{
    int64_t digits;
    day out = DAY_NONE;
    if (id.len == 18 && str_to_i64(str_slice(id, 6, 14), &digits)) {
        (void)day_from_ymd((int)(digits / 10000), (int)(digits / 100 % 100), (int)(digits % 100),
                           &out);
    }
    return out;
}

/* Weights are what experience with such lists gives: the police write the number, so its day is
 * surer than a day typed beside it; the first of January stands for a day that nobody knew. */
static void guess_of_record(const struct check *check, uint32_t record, bool repair,
                            struct guesses *guesses)
{
    const struct person_record *row = &check->people->records[record];
    struct str id = people_text(check->people, record, PERSON_ID_NUMBER);
    if (row->id_kind == PERSON_ID_OWN) {
        day by_number = birth_of_number(id);
        if (!day_is_none(by_number)) guess(guesses, by_number, 9);
    }
    if (row->birth_source == PERSON_BIRTH_STATED) {
        int year, month, dom;
        day_to_ymd(row->birth, &year, &month, &dom);
        guess(guesses, row->birth, month == 1 && dom == 1 ? 4 : 6);
    }
    if (day_is_none(row->birth) && row->birth_year != 0) guesses->year = row->birth_year;
    if (row->birth_source == PERSON_BIRTH_DAMAGED && !repair) guess(guesses, row->birth, 2);
    if (repair && (row->birth_source == PERSON_BIRTH_DAMAGED || day_is_none(row->birth))
        && row->id_kind != PERSON_ID_OWN) {
        day births[PEOPLE_REPAIRS_MAX];
        size_t count = people_births_repaired(id, births);
        for (size_t i = 0; i < count; i++) guess(guesses, births[i], 2.0 / (double)count);
        if (count == 0 && !day_is_none(row->birth)) guess(guesses, row->birth, 2);
    }
}

static bool within(const struct check *check, int age)
{
    return age >= check->rules->age_from && age <= check->rules->age_to;
}

static int age_on(day birth, day cutoff)
{
    return birth.days <= cutoff.days ? day_age(birth, cutoff) : 0;
}

void check_settle_birth(const struct check *check, const uint32_t *records, uint32_t count,
                        struct child *child)
{
    struct guesses guesses = {0};
    day cutoff = day_school_cutoff(check->people->when.at);
    for (uint32_t i = 0; i < count; i++) guess_of_record(check, records[i], false, &guesses);
    child->birth = DAY_NONE;
    child->age = -1;
    int best = -1, inside = 0;
    for (int i = 0; i < guesses.count; i++) {
        if (best < 0 || guesses.weights[i] > guesses.weights[best]) best = i;
        inside += within(check, age_on(guesses.days[i], cutoff));
    }
    if (best >= 0) {
        child->birth = guesses.days[best];
        child->age = (int16_t)age_on(child->birth, cutoff);
        child->age_sure = inside == 0 || inside == guesses.count;
    } else if (guesses.year != 0) {
        /* Two in three of a year are born before September. */
        int year, month, dom;
        day_to_ymd(cutoff, &year, &month, &dom);
        child->age = (int16_t)(year > guesses.year ? year - guesses.year : 0);
    }
    child->of_age = child->age >= 0 && within(check, child->age);
}

void check_learn_ages(struct check *check)
{
    double *known = arena_array(check->arena, double, CHECK_AGES);
    double *lacking = arena_array(check->arena, double, CHECK_AGES), all = 0;
    for (size_t p = 0; p < check->people->person_count; p++) {
        const struct child *child = &check->children[p];
        if ((child->says & SAYS(SAYS_EXPECTED)) == 0 || !child->age_sure) continue;
        if (day_is_none(child->birth) || child->age >= CHECK_AGES) continue;
        known[child->age]++;
        lacking[child->age] += (child->says & CHECK_IN_SCHOOL) == 0;
        all++;
    }
    for (int age = 0; age < CHECK_AGES; age++) {
        lacking[age] = (lacking[age] + 0.5) / (known[age] + 1);
        known[age] = (known[age] + 0.1) / (all + 0.1 * CHECK_AGES);
    }
    check->age_share = known;
    check->lacking_share = lacking;
}

static double lacking_at(const struct check *check, int age)
{
    return check->lacking_share[age < CHECK_AGES ? age : CHECK_AGES - 1];
}

double check_chance_of_age(const struct check *check, const uint32_t *records, uint32_t count)
{
    struct guesses guesses = {0};
    day cutoff = day_school_cutoff(check->people->when.at);
    double inside = 0, all = 0;
    for (uint32_t i = 0; i < count; i++) guess_of_record(check, records[i], true, &guesses);
    for (int i = 0; i < guesses.count; i++) {
        int age = age_on(guesses.days[i], cutoff);
        double weight = guesses.weights[i] * lacking_at(check, age);
        all += weight;
        if (within(check, age)) inside += weight;
    }
    if (guesses.count > 0) return all > 0 ? inside / all : 0;
    int year, month, dom;
    day_to_ymd(cutoff, &year, &month, &dom);
    for (int age = 0; age < CHECK_AGES; age++) {
        double share = check->age_share[age];
        if (guesses.year != 0) {
            share = age == year - guesses.year ? 0.667 : age == year - guesses.year - 1 ? 0.333 : 0;
        }
        all += share * lacking_at(check, age);
        if (within(check, age)) inside += share * lacking_at(check, age);
    }
    return all > 0 ? inside / all : 0;
}
