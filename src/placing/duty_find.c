#include "placing/duty_read.h"

#include "identity/division.h"

#include <stdlib.h>

/* Since when each teacher is at the school, and the numbers of counties and schools. */

enum { COUNTY_DIGITS = 6, YEAR_LEAST = 1900, YEAR_MOST = 2199 };

/* What speaks of a stay, the latest so far. */
struct stay {
    struct duty_span span;
    enum duty_evidence evidence;
    int64_t source;
};

static void consider(struct stay *stay, struct duty_span span, enum duty_evidence evidence,
                     int64_t source)
{
    if (span.text.len == 0) return;
    bool same = stay->span.text.len > 0 && span.last.days == stay->span.last.days;
    if (stay->span.text.len > 0 && span.last.days < stay->span.last.days) return;
    /* Of one day: who went away is away, whatever else is said of it. */
    if (same && (evidence != DUTY_AWAY || stay->evidence == DUTY_AWAY)) return;
    *stay = (struct stay){span, evidence, source};
}

/* Exchanges before this school year to and from the school. */
static void consider_moves(const struct duty_reading *reading, const struct duty_row *row,
                           uint32_t school, struct stay *stay)
{
    const struct duty_found *found = reading->found;
    for (uint32_t m = row->first_move; m > 0; m = reading->moves.items[m - 1].next) {
        const struct duty_move *move = &reading->moves.items[m - 1];
        if (move->begins.first.days >= found->first.days) continue;
        bool ended = move->ends.text.len > 0 && move->ends.last.days <= found->on.days;
        if (move->to == school) {
            consider(stay, move->begins, DUTY_CAME, move->record);
        } else if (move->from == school) {
            consider(stay, ended ? move->ends : move->begins, ended ? DUTY_RETURNED : DUTY_AWAY,
                     move->record);
        }
    }
}

static struct stay stay_of(const struct duty_reading *reading, const struct duty_row *row,
                           uint32_t school)
{
    struct stay stay = {.evidence = DUTY_NOTHING};
    bool moved = row->moved_from != DICT_NONE;
    /* What is stated of one who has moved may be of the new school. */
    if (!moved || row->since.last.days < reading->found->first.days)
        consider(&stay, row->since, DUTY_STATED, row->record);
    consider_moves(reading, row, school, &stay);
    if (stay.evidence == DUTY_NOTHING && school == row->school)
        consider(&stay, row->posted, DUTY_POSTED, row->posting);
    return stay;
}

static int years_between(day from, day on)
{
    return from.days >= on.days ? 0 : day_age(from, on);
}

static void judge(const struct duty_reading *reading, const struct duty_row *row,
                  struct duty_teacher *out)
{
    day on = reading->found->on;
    int64_t asked = reading->rules->years;
    uint32_t school = row->moved_from != DICT_NONE ? row->moved_from : row->school;
    struct stay stay = stay_of(reading, row, school);
    out->state = DUTY_UNKNOWN;
    out->years = -1;
    if (stay.evidence == DUTY_NOTHING) {
        if (row->hired.text.len == 0 || years_between(row->hired.first, on) >= asked) {
            out->evidence = DUTY_NOTHING;
            return;
        }
        stay = (struct stay){row->hired, DUTY_HIRED, row->record};
    }
    out->evidence = stay.evidence;
    out->since = stay.span.text;
    out->source = stay.source;
    out->years = years_between(stay.span.last, on);
    if (stay.evidence == DUTY_AWAY || years_between(stay.span.first, on) < asked) {
        out->state = DUTY_NOT_YET;
    } else if (out->years >= asked) {
        out->state = DUTY_ELIGIBLE;
    }
}

static struct str county_code(const struct duty_school *school)
{
    return str_slice(school->area, 0, school->area.len >= COUNTY_DIGITS ? COUNTY_DIGITS : 0);
}

static struct str county_name(const struct duty_reading *reading, const struct duty_school *school)
{
    struct str code = county_code(school), name = STR_EMPTY;
    if (code.len > 0) name = division_name_of(reading->registry->divisions, code);
    if (name.len == 0 || (str_equal(name, code) && school->county.len > 0)) name = school->county;
    return name.len > 0 ? name : code;
}

static int by_place(const void *a, const void *b)
{
    const struct duty_teacher *x = a, *y = b;
    int order =
        str_compare(str_slice(x->area, 0, COUNTY_DIGITS), str_slice(y->area, 0, COUNTY_DIGITS));
    if (order == 0) order = str_compare(x->county, y->county);
    if (order == 0) order = str_compare(x->school_code, y->school_code);
    if (order == 0) order = str_compare(x->school, y->school);
    return order != 0 ? order : (x->record > y->record) - (x->record < y->record);
}

static void write_teachers(const struct duty_reading *reading, struct duty_found *found)
{
    found->teachers = arena_array(reading->arena, struct duty_teacher, reading->rows.count + 1);
    found->teacher_count = reading->rows.count;
    for (size_t i = 0; i < reading->rows.count; i++) {
        const struct duty_row *row = &reading->rows.items[i];
        bool moved = row->moved_from != DICT_NONE;
        const struct duty_school *school =
            &reading->school_rows.items[moved ? row->moved_from : row->school];
        struct duty_teacher *out = &found->teachers[i];
        *out = (struct duty_teacher){.record = row->record,
                                     .name = row->name,
                                     .area = school->area,
                                     .county = county_name(reading, school),
                                     .school_code = school->code,
                                     .school = school->name,
                                     .stage = row->stage,
                                     .subject = row->subject,
                                     .key = row->key,
                                     .exchanged = moved};
        judge(reading, row, out);
    }
    if (found->teacher_count > 1)
        qsort(found->teachers, found->teacher_count, sizeof *found->teachers, by_place);
}

static int by_code(const void *a, const void *b)
{
    const struct duty_count *x = a, *y = b;
    int order =
        str_compare(str_slice(x->area, 0, COUNTY_DIGITS), str_slice(y->area, 0, COUNTY_DIGITS));
    if (order == 0) order = str_compare(x->county, y->county);
    if (order == 0) order = str_compare(x->code, y->code);
    return order != 0 ? order : str_compare(x->name, y->name);
}

/* Counts being made, one for each distinct key. */
struct counting {
    struct arena *arena;
    struct dict keys;
    LIST(struct duty_count) rows;
};

static struct duty_count *count_of(struct counting *counting, struct str key,
                                   const struct duty_count *fresh)
{
    uint32_t number = dict_put(&counting->keys, key);
    if (number == counting->rows.count) *list_push(counting->arena, &counting->rows) = *fresh;
    return &counting->rows.items[number];
}

static void add(struct duty_count *count, const struct duty_teacher *teacher)
{
    count->teachers++;
    count->eligible += teacher->state == DUTY_ELIGIBLE;
    count->not_yet += teacher->state == DUTY_NOT_YET;
    count->unknown += teacher->state == DUTY_UNKNOWN;
    count->exchanged += teacher->exchanged;
    count->key_exchanged += teacher->exchanged && teacher->key;
}

static void add_extra(struct duty_count *count, const struct duty_extra *extra)
{
    count->exchanged++;
    count->key_exchanged += extra->key;
}

/* The count of a county, and that of a school in it. */
static struct duty_count *county_count(struct counting *counting, struct str area,
                                       struct str county)
{
    struct str code = str_slice(area, 0, area.len >= COUNTY_DIGITS ? COUNTY_DIGITS : 0);
    struct duty_count fresh = {.code = code, .name = county, .county = county, .area = code};
    return count_of(counting, code.len > 0 ? code : county, &fresh);
}

static struct duty_count *school_count(struct counting *counting, struct str area,
                                       struct str county, struct str code, struct str name)
{
    struct duty_count fresh = {.code = code, .name = name, .county = county, .area = area};
    return count_of(counting, code.len > 0 ? code : name, &fresh);
}

static void finish(const struct duty_rules *rules, struct counting *counting,
                   struct duty_count **out, size_t *count)
{
    *out = counting->rows.items;
    *count = counting->rows.count;
    for (size_t i = 0; i < *count; i++) duty_reckon(rules, &(*out)[i]);
    if (*count > 1) qsort(*out, *count, sizeof **out, by_code);
}

static void write_others(const struct duty_reading *reading, struct duty_found *found)
{
    found->others = arena_array(reading->arena, struct duty_other, reading->extras.count + 1);
    found->other_count = reading->extras.count;
    for (size_t i = 0; i < reading->extras.count; i++) {
        const struct duty_extra *extra = &reading->extras.items[i];
        const struct duty_school *school = &reading->school_rows.items[extra->school];
        found->others[i] = (struct duty_other){.record = extra->record,
                                               .area = school->area,
                                               .school_code = school->code,
                                               .school = school->name,
                                               .key = extra->key};
    }
}

static void write_counts(const struct duty_reading *reading, struct duty_found *found)
{
    struct counting counties = {.arena = reading->arena}, schools = {.arena = reading->arena};
    dict_init(&counties.keys, reading->arena);
    dict_init(&schools.keys, reading->arena);
    for (size_t i = 0; i < found->teacher_count; i++) {
        const struct duty_teacher *one = &found->teachers[i];
        add(county_count(&counties, one->area, one->county), one);
        add(school_count(&schools, one->area, one->county, one->school_code, one->school), one);
    }
    for (size_t i = 0; i < reading->extras.count; i++) {
        const struct duty_extra *extra = &reading->extras.items[i];
        const struct duty_school *school = &reading->school_rows.items[extra->school];
        struct str county = county_name(reading, school);
        add_extra(county_count(&counties, school->area, county), extra);
        add_extra(school_count(&schools, school->area, county, school->code, school->name), extra);
    }
    finish(reading->rules, &counties, &found->counties, &found->county_count);
    finish(reading->rules, &schools, &found->schools, &found->school_count);
}

/* The school year that a day falls in, or the one asked for. */
static void set_year(struct duty_found *found, const struct duty_rules *rules, day at, int year)
{
    int y, m, d;
    day_to_ymd(at, &y, &m, &d);
    if (m < rules->from_month || (m == rules->from_month && d < rules->from_day)) y--;
    if (year > 0) y = year;
    found->year = y;
    CHECK(day_from_ymd(y, rules->from_month, rules->from_day, &found->first));
    CHECK(day_from_ymd(y + 1, rules->from_month, rules->from_day, &found->next));
    CHECK(day_from_ymd(y, rules->on_month, rules->on_day, &found->on));
}

bool duty_find(struct duty_found *out, struct arena *arena, const struct duty_rules *rules,
               struct registry *registry, const struct asker *asker, struct read_at when, int year,
               struct err *err)
{
    struct duty_found found = {0};
    struct duty_reading reading = {
        .arena = arena, .rules = rules, .registry = registry, .found = &found};
    if (year != 0 && (year < YEAR_LEAST || year > YEAR_MOST))
        return err_set(err, ERR_USAGE, "there is no school year %d", "没有 %d 学年", year);
    set_year(&found, rules, when.at, year);
    if (!duty_read(&reading, asker, when, err)) return false;
    write_teachers(&reading, &found);
    write_others(&reading, &found);
    write_counts(&reading, &found);
    duty_pick(&found, arena);
    *out = found;
    return true;
}
