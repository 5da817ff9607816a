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

/* A number that two children carry belongs to the one who carries no other: the other row has a
 * brother's or sister's. Where a row states no day of its own, its age is then not known. */
static bool is_anothers(const struct check *check, uint32_t record)
{
    const struct person_record *row = &check->people->records[record];
    uint32_t id = row->values[PERSON_ID_NUMBER];
    uint32_t holder = check->id_holders[id], second = check->id_seconds[id];
    if (second == 0) return false;
    uint32_t other = holder == row->person + 1 ? second : holder;
    return other != row->person + 1 && check->id_counts[other - 1] <= check->id_counts[row->person];
}

/* A part that may be another child than the rest of its person, whose number the rest carries too.
 */
static bool is_of_the_rest(const struct check *check, const struct unit *unit, uint32_t record)
{
    const struct people *people = check->people;
    struct unit all = check_whole(check, unit->person);
    if (!unit->part) return false;
    for (uint32_t i = 0; i < all.count; i++) {
        const struct person_record *other = &people->records[all.records[i]];
        bool inside = false;
        for (uint32_t r = 0; r < unit->count; r++) inside |= unit->records[r] == all.records[i];
        if (!inside && other->id_kind == PERSON_ID_OWN
            && other->values[PERSON_ID_NUMBER]
                   == people->records[record].values[PERSON_ID_NUMBER]) {
            return true;
        }
    }
    return false;
}

void check_read_holders(struct check *check)
{
    const struct people *people = check->people;
    uint32_t texts = people->texts[PERSON_ID_NUMBER].count;
    check->id_holders = arena_array(check->arena, uint32_t, texts);
    check->id_seconds = arena_array(check->arena, uint32_t, texts);
    check->id_counts = arena_array(check->arena, uint8_t, people->person_count);
    for (uint32_t i = 0; i < people->record_count; i++) {
        const struct person_record *row = &people->records[i];
        if (row->id_kind != PERSON_ID_OWN) continue;
        uint32_t id = row->values[PERSON_ID_NUMBER], person = row->person + 1;
        if (check->id_holders[id] == person || check->id_seconds[id] == person) continue;
        if (check->id_holders[id] == 0)
            check->id_holders[id] = person;
        else if (check->id_seconds[id] == 0)
            check->id_seconds[id] = person;
        if (check->id_counts[person - 1] < UINT8_MAX) check->id_counts[person - 1]++;
    }
}

/* Weights are what experience with such lists gives: the police write the number, so its day is
 * surer than a day typed beside it; the first of January stands for a day that nobody knew. */
static void guess_of_record(const struct check *check, uint32_t record, bool repair, bool anothers,
                            struct guesses *guesses)
{
    const struct person_record *row = &check->people->records[record];
    struct str id = people_text(check->people, record, PERSON_ID_NUMBER);
    anothers |= row->id_kind == PERSON_ID_OWN && is_anothers(check, record);
    if (row->id_kind == PERSON_ID_OWN && !anothers) {
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
    for (uint32_t i = 0; i < count; i++) guess_of_record(check, records[i], false, false, &guesses);
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

/* The school year by which some record counts the child; INT32_MIN: none does. */
static int32_t school_year_of(const struct check *check, const struct unit *unit)
{
    for (uint32_t i = 0; i < unit->count; i++) {
        struct str grade = people_text(check->people, unit->records[i], PERSON_GRADE);
        int32_t year = people_school_year(grade);
        if (year != INT32_MIN) return year;
    }
    return INT32_MIN;
}

/* How likely an age is where no day of birth is stated: as among all who are expected, or by the
 * year of birth alone, or by the grade. Who is asked why a child is in no school, has one of age
 * before him. */
static double share_of_age(const struct check *check, const struct unit *unit, int age, int by_year,
                           int32_t school_year)
{
    static const double by_grade[] = {0.08, 0.75, 0.12, 0.05}; /* of school year + 4 … + 7 */
    enum { SEEN_FACTOR = 2000 };
    if (by_year >= 0) return age == by_year ? 0.667 : age == by_year - 1 ? 0.333 : 0;
    if (school_year != INT32_MIN) {
        int32_t off = age - school_year - 4;
        return off >= 0 && off < 4 ? by_grade[off] : 0;
    }
    bool seen = false;
    for (uint32_t i = 0; i < unit->count; i++) {
        seen |= (check->says[unit->records[i]] & SAYS(SAYS_UNSCHOOLED)) != 0;
    }
    return check->age_share[age] * (seen && within(check, age) ? SEEN_FACTOR : 1);
}

double check_chance_of_age(const struct check *check, const struct unit *unit)
{
    struct guesses guesses = {0};
    day cutoff = day_school_cutoff(check->people->when.at);
    double inside = 0, all = 0;
    for (uint32_t i = 0; i < unit->count; i++) {
        bool anothers = is_of_the_rest(check, unit, unit->records[i]);
        guess_of_record(check, unit->records[i], true, anothers, &guesses);
    }
    for (int i = 0; i < guesses.count; i++) {
        int age = age_on(guesses.days[i], cutoff);
        double weight = guesses.weights[i] * lacking_at(check, age);
        all += weight;
        if (within(check, age)) inside += weight;
    }
    if (guesses.count > 0) return all > 0 ? inside / all : 0;
    int year, month, dom;
    day_to_ymd(cutoff, &year, &month, &dom);
    int by_year = guesses.year != 0 && year >= guesses.year ? year - guesses.year : -1;
    int32_t school_year = school_year_of(check, unit);
    bool known = by_year >= 0 || school_year != INT32_MIN;
    for (int age = 0; age < CHECK_AGES; age++) {
        double share = share_of_age(check, unit, age, by_year, school_year);
        /* Where the age is stated, that no school is found says little about it. */
        double weight = known ? share : share * lacking_at(check, age);
        all += weight;
        if (within(check, age)) inside += weight;
    }
    return all > 0 ? inside / all : 0;
}
