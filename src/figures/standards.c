#include "figures/standards.h"

#include "base/dict.h"

#include <stdlib.h>
#include <string.h>

/* Reading conditions, then gaps and coefficients. */

enum { COUNTY_DIGITS = 6, YEAR_DIGITS = 4, PERCENT = 100, HUNDREDTHS = 100 };

/* Fields of the register that tell school, year and pupils. */
struct field_places {
    int year, code, name, county, stage, students;
    int by_stage[BALANCE_STAGES];
};

/* A school's row of a year. */
struct stated_row {
    struct str code, name, county, area;
    int year;
    enum balance_stage stage;
    bool staged; /* `stage` is a stage of these standards */
    int64_t students, by_stage[BALANCE_STAGES];
    int64_t has[STANDARD_INDICATORS_MAX];
    bool stated[STANDARD_INDICATORS_MAX];
};

struct reading {
    struct arena *arena;
    const struct standard_set *set;
    struct field_places places;
    int wanted; /* year, or 0 */
    int year;   /* newest so far */
    struct dict schools;
    LIST(struct stated_row) rows; /* of `year`, by number in schools */
};

static struct str value_at(const struct statement *statement, int field)
{
    return field < 0 ? STR_EMPTY : statement->values[field];
}

static int64_t whole_at(const struct statement *statement, int field)
{
    int64_t number;
    return str_to_i64(value_at(statement, field), &number) && number > 0
                   && number <= BALANCE_PUPILS_MAX
               ? number
               : 0;
}

static int year_at(const struct statement *statement, int field)
{
    struct str text = value_at(statement, field);
    int64_t year;
    if (text.len < YEAR_DIGITS) return 0;
    return str_to_i64(str_slice(text, 0, YEAR_DIGITS), &year) ? (int)year : 0;
}

static void read_resources(const struct reading *reading, const struct statement *statement,
                           struct stated_row *row)
{
    for (size_t i = 0; i < reading->set->indicator_count; i++) {
        const struct standard_indicator *indicator = &reading->set->indicators[i];
        struct str text = value_at(statement, indicator->number);
        row->stated[i] = balance_decimal(text, indicator->money ? 0 : 2, &row->has[i]);
    }
}

static bool take(void *context, const struct statement *statement)
{
    struct reading *reading = context;
    const struct field_places *places = &reading->places;
    int year = year_at(statement, places->year);
    struct str code = value_at(statement, places->code), name = value_at(statement, places->name);
    struct str stage = value_at(statement, places->stage);
    if (reading->wanted != 0 && year != reading->wanted) return true;
    if (year < reading->year || (code.len == 0 && name.len == 0)) return true;
    if (year > reading->year) {
        reading->year = year;
        dict_init(&reading->schools, reading->arena);
        reading->rows.count = 0;
    }
    uint32_t number = dict_put(&reading->schools, code.len > 0 ? code : name);
    if (number == reading->rows.count) (void)list_push(reading->arena, &reading->rows);
    struct stated_row *row = &reading->rows.items[number];
    *row =
        (struct stated_row){.code = str_copy(reading->arena, code),
                            .name = str_copy(reading->arena, name),
                            .county = str_copy(reading->arena, value_at(statement, places->county)),
                            .area = str_copy(reading->arena, statement->area),
                            .year = year,
                            .staged = str_is(stage, "primary") || str_is(stage, "junior"),
                            .stage = str_is(stage, "junior") ? BALANCE_JUNIOR : BALANCE_PRIMARY,
                            .students = whole_at(statement, places->students)};
    for (int i = 0; i < BALANCE_STAGES; i++)
        row->by_stage[i] = whole_at(statement, places->by_stage[i]);
    read_resources(reading, statement, row);
    return true;
}

/* What a school has, by stage: what each has of an indicator in `parts`. */
static bool stages_of(const struct stated_row *row, int64_t pupils[BALANCE_STAGES])
{
    int64_t sum = 0;
    for (int i = 0; i < BALANCE_STAGES; i++) {
        pupils[i] = row->by_stage[i];
        sum += pupils[i];
    }
    if (sum > 0) return true;
    if (!row->staged || row->students == 0) return false;
    pupils[row->stage] = row->students;
    return true;
}

static bool is_met(const struct standard_indicator *indicator, const struct standard_school *school,
                   size_t number, int64_t percent)
{
    struct balance_part part = {school->pupils, school->has[number]};
    int64_t least = indicator->least[school->stage] * percent / PERCENT;
    return balance_lacking(&part, least, indicator->per) == 0;
}

static void judge(const struct standard_set *set, struct standard_school *school)
{
    bool rest = true;
    for (size_t i = 0; i < set->indicator_count; i++) {
        const struct standard_indicator *indicator = &set->indicators[i];
        if (indicator->least[school->stage] == 0 || !school->stated[i]) continue;
        bool met = is_met(indicator, school, i, PERCENT);
        school->asked++;
        school->met += met;
        rest = rest && (met || is_met(indicator, school, i, set->rest_percent));
    }
    school->meets = rest && school->met >= (size_t)set->met_least;
}

static void add_schools(const struct reading *reading, const struct stated_row *row,
                        struct standards_found *out)
{
    int64_t pupils[BALANCE_STAGES] = {0}, parts[STANDARD_INDICATORS_MAX][BALANCE_STAGES];
    if (!stages_of(row, pupils)) return;
    for (size_t i = 0; i < reading->set->indicator_count; i++)
        balance_split(row->stated[i] ? row->has[i] : 0, pupils, parts[i]);
    for (int stage = 0; stage < STANDARD_STAGES; stage++) {
        if (pupils[stage] < reading->set->pupils_least) continue;
        struct standard_school *school = &out->schools[out->school_count++];
        *school = (struct standard_school){.code = row->code,
                                           .name = row->name,
                                           .county = row->county,
                                           .area = row->area,
                                           .stage = (enum balance_stage)stage,
                                           .pupils = pupils[stage]};
        for (size_t i = 0; i < reading->set->indicator_count; i++) {
            school->has[i] = parts[i][stage];
            school->stated[i] = row->stated[i];
        }
        judge(reading->set, school);
    }
}

/* Six digits of the division, else the county as it is named. */
static struct str county_key(const struct standard_school *school)
{
    bool coded = school->area.len >= COUNTY_DIGITS;
    return coded ? str_slice(school->area, 0, COUNTY_DIGITS) : school->county;
}

static int by_county(const void *a, const void *b)
{
    const struct standard_school *x = a, *y = b;
    int order = str_compare(county_key(x), county_key(y));
    if (order == 0) order = str_compare(x->code, y->code);
    if (order == 0) order = str_compare(x->name, y->name);
    return order != 0 ? order : (int)x->stage - (int)y->stage;
}

/* Rounded up: part of a post or of a room closes no gap. */
static int64_t whole_up(int64_t hundredths)
{
    return (hundredths + HUNDREDTHS - 1) / HUNDREDTHS * HUNDREDTHS;
}

struct str standard_lacking_text(struct arena *arena, const struct standard_indicator *indicator,
                                 const struct standard_gap *gap)
{
    struct text text;
    text_init(&text, arena, 32);
    text_add_f(&text, "%lld", (long long)(gap->lacking / HUNDREDTHS));
    if (!indicator->whole) text_add_f(&text, ".%02lld", (long long)(gap->lacking % HUNDREDTHS));
    return text_str(&text);
}

/* Gaps carry what they are sorted by. */
struct sorted_gap {
    struct standard_gap gap;
    int64_t pupils;
};

static int by_pupils(const void *a, const void *b)
{
    const struct sorted_gap *x = a, *y = b;
    if (x->pupils != y->pupils) return x->pupils > y->pupils ? -1 : 1;
    if (x->gap.school != y->gap.school) return x->gap.school < y->gap.school ? -1 : 1;
    return x->gap.indicator < y->gap.indicator ? -1 : x->gap.indicator > y->gap.indicator;
}

static void find_gaps(struct arena *arena, const struct standard_set *set,
                      struct standards_found *out)
{
    LIST(struct sorted_gap) gaps = {0};
    for (size_t s = 0; s < out->school_count; s++)
        for (size_t i = 0; i < set->indicator_count; i++) {
            const struct standard_school *school = &out->schools[s];
            const struct standard_indicator *indicator = &set->indicators[i];
            struct balance_part part = {school->pupils, school->has[i]};
            if (!school->stated[i]) continue;
            int64_t least = indicator->least[school->stage];
            int64_t lacking = balance_lacking(&part, least, indicator->per);
            if (lacking == 0) continue;
            if (indicator->whole) lacking = whole_up(lacking);
            *list_push(arena, &gaps) = (struct sorted_gap){
                {(uint32_t)s, (uint32_t)i, balance_per(&part, indicator->per), least, lacking},
                school->pupils};
        }
    if (gaps.count > 1) qsort(gaps.items, gaps.count, sizeof *gaps.items, by_pupils);
    out->gaps = arena_array(arena, struct standard_gap, gaps.count);
    out->gap_count = gaps.count;
    for (size_t i = 0; i < gaps.count; i++) out->gaps[i] = gaps.items[i].gap;
}

/* The coefficients of one stage of the schools [from, to), which are of one county. */
static void county_stage(const struct standard_set *set, struct standards_found *out, size_t from,
                         size_t to, enum balance_stage stage, struct balance_part *parts)
{
    int64_t coefficients[STANDARD_INDICATORS_MAX];
    size_t measured = 0, most = 0;
    struct standard_county row = {
        .code = county_key(&out->schools[from]), .name = out->schools[from].county, .stage = stage};
    for (size_t i = 0; i < set->indicator_count; i++) {
        row.schools = 0;
        for (size_t s = from; s < to; s++) {
            const struct standard_school *school = &out->schools[s];
            if (school->stage != stage || !school->stated[i]) continue;
            parts[row.schools++] = (struct balance_part){school->pupils, school->has[i]};
        }
        if (!balance_coefficient(parts, row.schools, &row.coefficient)) continue;
        row.indicator = i;
        row.limit = set->mean ? 0 : set->limit[stage];
        row.judged = !set->mean;
        row.met = row.judged && row.coefficient <= row.limit;
        coefficients[measured++] = row.coefficient;
        if (row.schools > most) most = row.schools;
        out->counties[out->county_count++] = row;
    }
    if (!set->mean || measured == 0) return;
    row.indicator = SIZE_MAX;
    row.schools = most;
    row.coefficient = balance_mean(coefficients, measured);
    row.limit = set->limit[stage];
    row.judged = measured == set->indicator_count;
    row.met = row.judged && row.coefficient <= row.limit;
    out->counties[out->county_count++] = row;
}

static void find_counties(struct arena *arena, const struct standard_set *set,
                          struct standards_found *out)
{
    struct balance_part *parts = arena_array(arena, struct balance_part, out->school_count + 1);
    size_t most = (out->school_count + 1) * STANDARD_STAGES * (set->indicator_count + 1);
    out->counties = arena_array(arena, struct standard_county, most);
    for (size_t from = 0, to; from < out->school_count; from = to) {
        struct str key = county_key(&out->schools[from]);
        for (to = from; to < out->school_count; to++)
            if (!str_equal(county_key(&out->schools[to]), key)) break;
        for (int stage = 0; stage < STANDARD_STAGES; stage++)
            county_stage(set, out, from, to, (enum balance_stage)stage, parts);
    }
}

bool standards_find(struct standards_found *out, struct arena *arena,
                    const struct standard_set *set, struct registry *registry,
                    const struct asker *asker, struct read_at when, int year, struct err *err)
{
    const struct profile *profile = profile_find(registry->profiles, STR("conditions"));
    CHECK(profile != NULL);
    struct reading reading = {.arena = arena, .set = set, .wanted = year};
    reading.places =
        (struct field_places){.year = profile_field_number(profile, "year"),
                              .code = profile_field_number(profile, "school_code"),
                              .name = profile_field_number(profile, "school_name"),
                              .county = profile_field_number(profile, "county"),
                              .stage = profile_field_number(profile, "stage"),
                              .students = profile_field_number(profile, "students"),
                              .by_stage = {profile_field_number(profile, "primary_students"),
                                           profile_field_number(profile, "junior_students"),
                                           profile_field_number(profile, "senior_students")}};
    dict_init(&reading.schools, arena);
    if (!registry_read(registry, asker, profile, when, take, &reading, err)) return false;
    struct standards_found found = {.year = reading.year};
    found.schools =
        arena_array(arena, struct standard_school, reading.rows.count * STANDARD_STAGES + 1);
    for (size_t i = 0; i < reading.rows.count; i++)
        add_schools(&reading, &reading.rows.items[i], &found);
    if (found.school_count > 1)
        qsort(found.schools, found.school_count, sizeof *found.schools, by_county);
    find_gaps(arena, set, &found);
    find_counties(arena, set, &found);
    *out = found;
    return true;
}
