#include "sample/record.h"

#include <stdio.h>

/* The living subsidy of rural teachers, and the aid that schools count: amounts are made so that
 * they sum to the settings' targets. */

enum {
    FEN = 100,
    STANDARD_LEAST = 300,
    STANDARD_STEP = 10,
    MONTHS = 12,
    STANDARD_MAX = 3000,
    FEW_RURAL = 6
};

static const char *const tiers[] = {"", "一类", "二类", "三类"};

/* 0: no rural school. The farther a village stands in its township's list, the higher. A sample of
 * a few townships has hardly any: there all schools of the compulsory stages count. */
static uint32_t tier_number(const struct works *works, uint32_t number)
{
    const struct city *city = works->city;
    const struct school *school = &city->schools.items[number];
    const struct township *township = &city->settings->townships[school->township];
    bool stage = school->stage == STAGE_PRIMARY || school->stage == STAGE_JUNIOR;
    bool seat = city->seat_township[school->county] == school->township;
    bool rural = works_rural(works, number);
    if (stage && works->few_rural) return 3;
    if (!stage || township->street || (seat && !rural)) return 0;
    if (!rural || school->stage == STAGE_JUNIOR) return 3;
    uint32_t place = school->village - township->village_from;
    return place * 3 >= township->village_count * 2 ? 1
           : place * 3 >= township->village_count   ? 2
                                                    : 3;
}

struct str teacher_tier(const struct works *works, uint32_t school)
{
    return str_from(tiers[tier_number(works, school)]);
}

void works_rural_schools(struct works *works)
{
    size_t rural = 0;
    works->few_rural = false;
    for (size_t i = 0; i < works->teachers.count; i++)
        rural += tier_number(works, works->teachers.items[i].school) > 0;
    works->few_rural = rural * FEW_RURAL < works->teachers.count;
}

/* What one teacher has in one year, in yuan. */
struct allowance {
    uint32_t teacher, tier;
    int year;
    int64_t months, standard, back; /* back: taken back of what was paid too much before */
};

struct allowances {
    LIST(struct allowance) list;
    int64_t sum, months;
};

static int64_t standard_of(uint32_t tier)
{
    return STANDARD_LEAST + 100 * (3 - (int64_t)tier);
}

static void collect_allowances(struct works *works, struct arena *arena, struct allowances *out)
{
    const int64_t *numbers = works->settings->numbers;
    for (uint32_t i = 0; i < works->teachers.count; i++) {
        const struct teacher *teacher = &works->teachers.items[i];
        uint32_t tier = tier_number(works, teacher->school);
        int hired, month, day_of_month;
        day_to_ymd(teacher->hired, &hired, &month, &day_of_month);
        for (int year = (int)numbers[NUMBER_FROM_YEAR]; year <= numbers[NUMBER_TO_YEAR]; year++) {
            int64_t months = hired > year ? 0 : hired == year ? MONTHS + 1 - month : MONTHS;
            if (year == numbers[NUMBER_TO_YEAR] && months > MONTHS - 4) months = MONTHS - 4;
            if (tier == 0 || months < 1) continue;
            *list_push(arena, &out->list) =
                (struct allowance){i, tier, year, months, standard_of(tier), 0};
            out->sum += months * standard_of(tier);
            out->months += months;
        }
    }
}

/* Raises the standards until they give enough, then takes months away, and the rest from a few. */
static void meet_allowances(struct allowances *allowances, const uint32_t *order, int64_t wanted)
{
    size_t count = allowances->list.count;
    int64_t more = 0;
    while (allowances->sum + more * allowances->months < wanted && more < STANDARD_MAX)
        more += STANDARD_STEP;
    int64_t over = allowances->sum + more * allowances->months - wanted;
    for (size_t i = 0; i < count; i++) allowances->list.items[i].standard += more;
    for (bool moved = true; moved;) {
        moved = false;
        for (size_t i = 0; i < count; i++) {
            struct allowance *allowance = &allowances->list.items[order[i]];
            if (allowance->months < 2 || over < allowance->standard) continue;
            allowance->months--;
            over -= allowance->standard;
            moved = true;
        }
    }
    for (size_t i = 0; i < count && over > 0; i++) {
        struct allowance *allowance = &allowances->list.items[order[i]];
        int64_t paid = allowance->months * allowance->standard;
        allowance->back = over < paid ? over : paid;
        over -= allowance->back;
    }
}

void record_rural_allowances(struct works *works, struct records *records)
{
    struct allowances allowances = {0};
    int64_t paid = 0;
    collect_allowances(works, records->arena, &allowances);
    uint32_t *order =
        record_shuffled(records->arena, &records->rng, (uint32_t)allowances.list.count);
    meet_allowances(&allowances, order, works_target(works, NUMBER_RURAL_YUAN));
    for (size_t i = 0; i < allowances.list.count; i++) {
        const struct allowance *allowance = &allowances.list.items[i];
        const struct teacher *teacher = &works->teachers.items[allowance->teacher];
        int64_t amount = allowance->months * allowance->standard - allowance->back;
        day on;
        if (amount <= 0) continue;
        int month = allowance->year == works->settings->numbers[NUMBER_TO_YEAR] ? 9 : 12;
        CHECK(day_from_ymd(allowance->year, month, 5 + (int)(i % 5), &on));
        struct record *record = record_add(
            records, works->city->schools.items[teacher->school].county, allowance->year);
        record_put_teacher(works, records, record, teacher);
        record_put_i(records, record, "year", allowance->year);
        record_put_i(records, record, "months", allowance->months);
        record_put_c(records, record, "tier", tiers[allowance->tier]);
        record_put_i(records, record, "standard", allowance->standard * FEN);
        record_put_i(records, record, "amount", amount * FEN);
        record_put_day(records, record, "paid_on", on);
        if (allowance->back > 0) record_put_c(records, record, "remark", "扣回上年多发");
        paid += amount;
    }
    works_figure(works, "rural_allowances", "fen", paid * FEN);
    works_figure(works, "rural_allowance_rows", "person-year", (int64_t)records->rows.count);
}

/* A school's share of a scheme in a term. */
struct part {
    uint32_t school;
    const struct record_aid *aid;
    struct period term;
    int64_t weight, persons, yuan_weight, fen;
};

struct parts {
    LIST(struct part) list;
};

static struct period next_term(struct period term)
{
    term.year += term.spring ? 0 : 1;
    term.spring = !term.spring;
    return term;
}

/* Not after `last`: 2020-spring stands before 2020-autumn. */
static bool is_by(struct period term, struct period last)
{
    if (term.year != last.year) return term.year < last.year;
    return term.spring || !last.spring;
}

static void collect_parts(struct works *works, struct arena *arena, struct parts *out)
{
    const struct city *city = works->city;
    for (size_t a = 0; a < works->settings->aid_count; a++) {
        const struct record_aid *aid = &works->settings->aids[a];
        for (struct period term = aid->from; is_by(term, aid->to); term = next_term(term))
            for (uint32_t s = 0; s < city->schools.count; s++) {
                const struct school *school = &city->schools.items[s];
                int64_t ago = works->settings->numbers[NUMBER_TO_YEAR] - term.year;
                int64_t pupils = (int64_t)school->students * (100 + 3 * ago);
                if (school->stage != aid->stage || school->students == 0) continue;
                *list_push(arena, &out->list) = (struct part){
                    .school = s, .aid = aid, .term = term, .weight = pupils * aid->share / PPM};
            }
    }
}

/* How many, and how much, are paid by name in the lists of the city. */
static void paid_by_name(const struct city *city, int64_t *persons, int64_t *fen)
{
    *persons = *fen = 0;
    for (size_t i = 0; i < city->payments.count; i++) {
        const struct payment *payment = &city->payments.items[i];
        *persons += payment->times;
        *fen += payment->each_fen * payment->times;
    }
}

/* Persons by pupils and shares; the amounts that standards fix; the rest over what is flexible. */
static void meet_aid(struct works *works, struct arena *arena, struct parts *parts)
{
    size_t count = parts->list.count, last = SIZE_MAX;
    int64_t *weights = arena_array(arena, int64_t, count);
    int64_t *shares = arena_array(arena, int64_t, count);
    int64_t named_persons, named_fen;
    paid_by_name(works->city, &named_persons, &named_fen);
    int64_t left = works_target(works, NUMBER_AID_YUAN) * FEN - named_fen;
    for (size_t i = 0; i < count; i++) weights[i] = parts->list.items[i].weight;
    record_share(works_target(works, NUMBER_AID_PERSONS) - named_persons, weights, count, shares);
    for (size_t i = 0; i < count; i++) {
        struct part *part = &parts->list.items[i];
        part->persons = shares[i];
        weights[i] = 0;
        if (part->persons == 0) continue;
        if (part->aid->flexible) {
            weights[i] = part->persons * (part->aid->fen / FEN);
            last = i;
        } else {
            part->fen = part->persons * part->aid->fen;
            left -= part->fen;
        }
    }
    CHECK(last != SIZE_MAX);
    CHECK(left > 0);
    record_share(left / FEN, weights, count, shares);
    for (size_t i = 0; i < count; i++) parts->list.items[i].fen += shares[i] * FEN;
    parts->list.items[last].fen += left % FEN;
}

void record_aid_totals(struct works *works, struct records *records)
{
    struct parts parts = {0};
    int64_t persons, fen;
    collect_parts(works, records->arena, &parts);
    meet_aid(works, records->arena, &parts);
    paid_by_name(works->city, &persons, &fen);
    works_figure(works, "aid_by_name", "person-time", persons);
    for (size_t i = 0; i < parts.list.count; i++) {
        const struct part *part = &parts.list.items[i];
        if (part->persons == 0) continue;
        struct record *record =
            record_add(records, works->city->schools.items[part->school].county, part->term.year);
        record_put_school(records, record, part->school);
        record_put(records, record, "scheme", part->aid->name);
        record_put(records, record, "period", period_text(records->arena, part->term, LANG_ZH));
        record_put_i(records, record, "year", part->term.year);
        record_put_i(records, record, "persons", part->persons);
        record_put_i(records, record, "amount", part->fen);
        persons += part->persons;
        fen += part->fen;
    }
    works_figure(works, "aid_persons", "person-time", persons);
    works_figure(works, "aid_paid", "fen", fen);
}
