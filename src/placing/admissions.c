#include "placing/admissions.h"

#include "base/dict.h"
#include "base/list.h"
#include "identity/division.h"

#include <stdlib.h>

enum { COUNTY_DIGITS = 6, YEAR_DIGITS = 4, YEARS_MAX = 200 };
enum { F_NUMBER, F_YEAR, F_PLAN, F_COUNTY, F_SCHOOL, F_CODE, F_INSTITUTION, F_MAJOR, FIELDS };

static const char *const fields[FIELDS] = {"exam_number", "year",        "plan",        "county",
                                           "school_name", "school_code", "institution", "major"};
static const char *const keys[ADMISSION_BY_COUNT] = {"year", "county", "school", "institution",
                                                     "major"};

const char *admission_by_key(enum admission_by by)
{
    return keys[by];
}

int admission_by_of(struct str key)
{
    for (int i = 0; i < ADMISSION_BY_COUNT; i++)
        if (str_is(key, keys[i])) return i;
    return -1;
}

/* One admission: where it counts, and by which plan. */
struct admission {
    uint32_t unit;
    int plan; /* -1: none */
};

struct admission_reading {
    struct arena *arena;
    const struct profile_field *plan;
    const struct divisions *divisions;
    int places[FIELDS];
    enum admission_by by;
    int from, to;
    struct dict units, candidates;
    LIST(struct admission_count) counts; /* by number in units */
    LIST(struct admission) rows;         /* by number in candidates */
    bool years[YEARS_MAX];               /* from YEAR_FIRST */
};
enum { YEAR_FIRST = 1900 };

static struct str at(const struct admission_reading *reading, const struct statement *statement,
                     int field)
{
    int place = reading->places[field];
    return place < 0 ? STR_EMPTY : statement->values[place];
}

static int plan_of(const struct admission_reading *reading, struct str key)
{
    for (size_t i = 0; i < reading->plan->choice_count && i < ADMISSION_PLANS_MAX; i++)
        if (str_equal(reading->plan->choices[i].key, key)) return (int)i;
    return -1;
}

/* Code and name of the unit that a row counts for. */
static void unit_of(const struct admission_reading *reading, const struct statement *statement,
                    struct str *code, struct str *name)
{
    *code = STR_EMPTY;
    switch (reading->by) {
    case ADMISSION_BY_YEAR:
        *name = str_slice(at(reading, statement, F_YEAR), 0, YEAR_DIGITS);
        break;
    case ADMISSION_BY_COUNTY:
        *name = at(reading, statement, F_COUNTY);
        if (statement->area.len < COUNTY_DIGITS) break;
        *code = str_slice(statement->area, 0, COUNTY_DIGITS);
        *name = division_name_of(reading->divisions, *code);
        break;
    case ADMISSION_BY_SCHOOL:
        *code = at(reading, statement, F_CODE);
        *name = at(reading, statement, F_SCHOOL);
        break;
    case ADMISSION_BY_INSTITUTION: *name = at(reading, statement, F_INSTITUTION); break;
    default: *name = at(reading, statement, F_MAJOR); break;
    }
}

static uint32_t put_unit(struct admission_reading *reading, const struct statement *statement)
{
    struct str code, name;
    unit_of(reading, statement, &code, &name);
    uint32_t unit = dict_put(&reading->units, code.len > 0 ? code : name);
    if (unit == reading->counts.count)
        *list_push(reading->arena, &reading->counts) = (struct admission_count){
            .code = str_copy(reading->arena, code), .name = str_copy(reading->arena, name)};
    return unit;
}

/* "2019 20620422000123": one candidate of one year. */
static uint32_t put_candidate(struct admission_reading *reading, int year,
                              const struct statement *statement)
{
    struct text text;
    text_init(&text, reading->arena, 1024);
    text_add_f(&text, "%d %.*s", year, STR_ARG(at(reading, statement, F_NUMBER)));
    return dict_put(&reading->candidates, text_str(&text));
}

static bool take(void *context, const struct statement *statement)
{
    struct admission_reading *reading = context;
    int64_t year = 0;
    if (!str_to_i64(str_slice(at(reading, statement, F_YEAR), 0, YEAR_DIGITS), &year)) year = 0;
    if (year >= YEAR_FIRST && year < YEAR_FIRST + YEARS_MAX)
        reading->years[year - YEAR_FIRST] = true;
    if ((reading->from > 0 && year < reading->from) || (reading->to > 0 && year > reading->to))
        return true;
    uint32_t candidate = put_candidate(reading, (int)year, statement);
    if (candidate == reading->rows.count) (void)list_push(reading->arena, &reading->rows);
    reading->rows.items[candidate] =
        (struct admission){.unit = put_unit(reading, statement),
                           .plan = plan_of(reading, at(reading, statement, F_PLAN))};
    return true;
}

static void add(struct admission_count *count, int plan)
{
    count->total++;
    ++*(plan < 0 ? &count->none : &count->by_plan[plan]);
}

static int most_first(const void *a, const void *b)
{
    const struct admission_count *x = a, *y = b;
    if (x->total != y->total) return x->total > y->total ? -1 : 1;
    int order = str_compare(x->code, y->code);
    return order != 0 ? order : str_compare(x->name, y->name);
}

/* Years by themselves read newest first. */
static int newest_first(const void *a, const void *b)
{
    const struct admission_count *x = a, *y = b;
    return -str_compare(x->name, y->name);
}

static void count_all(struct admission_reading *reading, struct admissions *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < reading->rows.count; i++) {
        add(&reading->counts.items[reading->rows.items[i].unit], reading->rows.items[i].plan);
        add(&out->total, reading->rows.items[i].plan);
    }
    /* A unit whose only rows were said anew has nobody left. */
    for (size_t i = 0; i < reading->counts.count; i++)
        if (reading->counts.items[i].total > 0)
            reading->counts.items[kept++] = reading->counts.items[i];
    out->rows = reading->counts.items;
    out->count = kept;
    if (kept > 1)
        qsort(out->rows, kept, sizeof *out->rows,
              reading->by == ADMISSION_BY_YEAR ? newest_first : most_first);
    out->years = arena_array(reading->arena, int, YEARS_MAX);
    for (int i = YEARS_MAX - 1; i >= 0; i--)
        if (reading->years[i]) out->years[out->year_count++] = YEAR_FIRST + i;
}

bool admissions_find(struct admissions *out, struct arena *arena, struct registry *registry,
                     const struct asker *asker, struct read_at when, enum admission_by by, int from,
                     int to, struct err *err)
{
    const struct profile *profile = profile_find(registry->profiles, STR("admissions"));
    struct admission_reading reading = {
        .arena = arena, .divisions = registry->divisions, .by = by, .from = from, .to = to};
    struct admissions found = {0};
    CHECK(profile != NULL);
    for (int i = 0; i < FIELDS; i++) reading.places[i] = profile_field_number(profile, fields[i]);
    CHECK(reading.places[F_PLAN] >= 0);
    reading.plan = &profile->fields[reading.places[F_PLAN]];
    dict_init(&reading.units, arena);
    dict_init(&reading.candidates, arena);
    if (!registry_read(registry, asker, profile, when, take, &reading, err)) return false;
    found.plans = reading.plan->choices;
    found.plan_count = reading.plan->choice_count < ADMISSION_PLANS_MAX ? reading.plan->choice_count
                                                                        : ADMISSION_PLANS_MAX;
    count_all(&reading, &found);
    *out = found;
    return true;
}
