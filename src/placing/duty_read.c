#include "placing/duty_read.h"

/* The registers, each by its fields. */

enum { YEAR_DIGITS = 4, MONTH_DIGITS = 7, DAY_DIGITS = 10, COUNTY_DIGITS = 6 };

/* A field that a register lacks is -1 and reads as empty. */
static struct str at(const struct duty_reading *reading, const struct statement *statement, int use)
{
    int field = reading->fields[use];
    return field < 0 ? STR_EMPTY : statement->values[field];
}

struct duty_span duty_span_of(struct arena *arena, struct str text)
{
    struct duty_span none = {.first = DAY_NONE, .last = DAY_NONE}, span = none;
    int64_t year, month = 0;
    if (text.len == DAY_DIGITS && day_parse(text, &span.first)) {
        span.last = span.first;
    } else if (text.len < YEAR_DIGITS || !str_to_i64(str_slice(text, 0, YEAR_DIGITS), &year)) {
        return none;
    } else if (text.len == YEAR_DIGITS) {
        if (!day_from_ymd((int)year, 1, 1, &span.first)
            || !day_from_ymd((int)year, 12, 31, &span.last))
            return none;
    } else {
        bool whole = text.len == MONTH_DIGITS && str_to_i64(str_slice(text, 5, 7), &month);
        int next = month == 12 ? 1 : (int)month + 1;
        if (!whole || !day_from_ymd((int)year, (int)month, 1, &span.first)
            || !day_from_ymd((int)year + (month == 12), next, 1, &span.last))
            return none;
        span.last.days--;
    }
    span.text = str_copy(arena, text);
    return span;
}

/* By code; one of whom only the name is known is the school that has it alone. */
static uint32_t school_of(struct duty_reading *reading, struct str code, struct str name,
                          struct str county, struct str area)
{
    struct arena *arena = reading->arena;
    uint32_t known = name.len > 0 ? dict_find(&reading->names, name) : DICT_NONE;
    if (code.len == 0 && name.len == 0) return DICT_NONE;
    if (code.len == 0 && known != DICT_NONE && reading->named.items[known] != DICT_NONE)
        return reading->named.items[known];
    uint32_t number = dict_put(&reading->schools, code.len > 0 ? code : name);
    if (number == reading->school_rows.count) {
        *list_push(arena, &reading->school_rows) =
            (struct duty_school){.code = str_copy(arena, code), .name = str_copy(arena, name)};
        uint32_t place = name.len > 0 ? dict_put(&reading->names, name) : DICT_NONE;
        if (place == reading->named.count) {
            *list_push(arena, &reading->named) = number;
        } else if (place != DICT_NONE) {
            reading->named.items[place] = DICT_NONE;
        }
    }
    struct duty_school *school = &reading->school_rows.items[number];
    if (school->county.len == 0) school->county = str_copy(arena, county);
    if (school->area.len == 0) school->area = str_copy(arena, area);
    return number;
}

enum { S_CODE, S_NAME, S_COUNTY, S_STAGE, S_FIELDS };
static const char *const school_fields[S_FIELDS] = {"school_code", "school_name", "county",
                                                    "stage"};

static bool take_school(void *context, const struct statement *statement)
{
    struct duty_reading *reading = context;
    uint32_t number =
        school_of(reading, at(reading, statement, S_CODE), at(reading, statement, S_NAME),
                  at(reading, statement, S_COUNTY), statement->area);
    if (number != DICT_NONE)
        reading->school_rows.items[number].stage =
            str_copy(reading->arena, at(reading, statement, S_STAGE));
    return true;
}

static bool among(struct str word, const struct str *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(words[i], word)) return true;
    return false;
}

static bool is_outside(const struct duty_rules *rules, const struct statement *statement)
{
    for (size_t i = 0; i < rules->outside_count; i++) {
        const struct duty_outside *outside = &rules->outside[i];
        if (among(statement->values[outside->field], outside->values, outside->count)) return true;
    }
    return false;
}

/* "name" and school, parted by a byte that no cell holds. */
static struct str person_key(struct duty_reading *reading, struct str name, uint32_t school)
{
    struct text text;
    text_init(&text, reading->arena, 4096);
    text_add(&text, name);
    text_add_byte(&text, 0x1f);
    text_add_f(&text, "%u", school);
    return text_str(&text);
}

static void put_person(struct duty_reading *reading, struct str key, uint32_t row)
{
    uint32_t number = dict_put(&reading->people, key);
    if (number == reading->person_rows.count) {
        *list_push(reading->arena, &reading->person_rows) = row;
    } else {
        reading->person_rows.items[number] = DICT_NONE;
    }
}

static struct duty_row *find_person(const struct duty_reading *reading, struct str key)
{
    uint32_t number = key.len > 0 ? dict_find(&reading->people, key) : DICT_NONE;
    uint32_t row = number == DICT_NONE ? DICT_NONE : reading->person_rows.items[number];
    return row == DICT_NONE ? NULL : &reading->rows.items[row];
}

enum {
    T_NAME,
    T_ID,
    T_CODE,
    T_SCHOOL,
    T_COUNTY,
    T_STAGE,
    T_SUBJECT,
    T_KEY,
    T_SINCE,
    T_HIRED,
    T_FIELDS
};
static const char *const teacher_fields[T_FIELDS] = {
    "name",  "id_number", "school_code", "school_name",     "county",
    "stage", "subject",   "key_teacher", "at_school_since", "hired_on"};

static bool take_teacher(void *context, const struct statement *statement)
{
    struct duty_reading *reading = context;
    const struct duty_rules *rules = reading->rules;
    struct arena *arena = reading->arena;
    struct str stage = at(reading, statement, T_STAGE), id = at(reading, statement, T_ID);
    struct str name = at(reading, statement, T_NAME);
    uint32_t school =
        school_of(reading, at(reading, statement, T_CODE), at(reading, statement, T_SCHOOL),
                  at(reading, statement, T_COUNTY), statement->area);
    if (stage.len == 0 && school != DICT_NONE) stage = reading->school_rows.items[school].stage;
    if (stage.len == 0) reading->found->stageless++;
    if (!among(stage, rules->stages, rules->stage_count)) return true;
    if (is_outside(rules, statement) || school == DICT_NONE) {
        reading->found->outside++;
        return true;
    }
    uint32_t number = (uint32_t)reading->rows.count;
    *list_push(arena, &reading->rows) = (struct duty_row){
        .record = statement->number,
        .name = str_copy(arena, name),
        .stage = str_copy(arena, stage),
        .subject = str_copy(arena, at(reading, statement, T_SUBJECT)),
        .school = school,
        .key = among(at(reading, statement, T_KEY), rules->levels, rules->level_count),
        .since = duty_span_of(arena, at(reading, statement, T_SINCE)),
        .hired = duty_span_of(arena, at(reading, statement, T_HIRED)),
        .posted = {.first = DAY_NONE, .last = DAY_NONE},
        .moved_from = DICT_NONE,
    };
    if (id.len > 0) put_person(reading, id, number);
    if (name.len > 0) put_person(reading, person_key(reading, name, school), number);
    return true;
}

enum {
    R_NAME,
    R_ID,
    R_KIND,
    R_FROM_CODE,
    R_FROM,
    R_TO_CODE,
    R_TO,
    R_STAGE,
    R_KEY,
    R_YEAR,
    R_BEGINS,
    R_ENDS,
    R_WITHIN,
    R_FIELDS
};
static const char *const rotation_fields[R_FIELDS] = {
    "name",  "id_number",   "kind",        "from_code", "from_school", "to_code",      "to_school",
    "stage", "key_teacher", "school_year", "from",      "to",          "within_county"};

/* The day it begins; a bare year, as a school year alone, means that school year. */
static struct duty_span begin_of(struct duty_reading *reading, const struct statement *statement)
{
    const struct duty_rules *rules = reading->rules;
    struct str written = at(reading, statement, R_BEGINS), year = at(reading, statement, R_YEAR);
    struct duty_span span = duty_span_of(reading->arena, written);
    if (span.text.len > YEAR_DIGITS) return span;
    if (span.text.len == 0) span = duty_span_of(reading->arena, str_slice(year, 0, YEAR_DIGITS));
    int64_t number;
    if (span.text.len == 0 || !str_to_i64(span.text, &number)) return span;
    if (!day_from_ymd((int)number, rules->on_month, rules->on_day, &span.first))
        return (struct duty_span){.first = DAY_NONE, .last = DAY_NONE};
    span.last = span.first;
    return span;
}

/* "yes", or not said and not known to be of two counties. */
static bool is_within(const struct duty_reading *reading, struct str said, uint32_t from,
                      uint32_t to)
{
    if (said.len > 0) return str_is(said, "yes");
    if (from == DICT_NONE || to == DICT_NONE) return true;
    struct str a = reading->school_rows.items[from].area, b = reading->school_rows.items[to].area;
    return a.len < COUNTY_DIGITS || b.len < COUNTY_DIGITS
           || str_equal(str_slice(a, 0, COUNTY_DIGITS), str_slice(b, 0, COUNTY_DIGITS));
}

/* Somebody exchanged in the school year, within the county: once, however often it is stated. */
static void count_move(struct duty_reading *reading, const struct statement *statement,
                       struct duty_row *row, uint32_t from)
{
    struct str said = at(reading, statement, R_KEY), id = at(reading, statement, R_ID);
    if (row != NULL) {
        if (row->moved_from != DICT_NONE) return;
        row->moved_from = from != DICT_NONE ? from : row->school;
        if (said.len > 0) row->key = str_is(said, "yes");
        return;
    }
    struct str key = id.len > 0 ? id : person_key(reading, at(reading, statement, R_NAME), from);
    if (from == DICT_NONE || dict_find(&reading->extra_people, key) != DICT_NONE) return;
    (void)dict_put(&reading->extra_people, key);
    *list_push(reading->arena, &reading->extras) = (struct duty_extra){
        .record = statement->number, .school = from, .key = str_is(said, "yes")};
    reading->found->unmatched++;
}

static bool take_rotation(void *context, const struct statement *statement)
{
    struct duty_reading *reading = context;
    struct duty_found *found = reading->found;
    struct str name = at(reading, statement, R_NAME), stage = at(reading, statement, R_STAGE);
    uint32_t from = school_of(reading, at(reading, statement, R_FROM_CODE),
                              at(reading, statement, R_FROM), STR_EMPTY, STR_EMPTY);
    uint32_t to = school_of(reading, at(reading, statement, R_TO_CODE),
                            at(reading, statement, R_TO), STR_EMPTY, STR_EMPTY);
    if (from != DICT_NONE && reading->school_rows.items[from].area.len == 0)
        reading->school_rows.items[from].area = str_copy(reading->arena, statement->area);
    struct duty_row *row = find_person(reading, at(reading, statement, R_ID));
    if (row == NULL && from != DICT_NONE)
        row = find_person(reading, person_key(reading, name, from));
    if (row == NULL && to != DICT_NONE) row = find_person(reading, person_key(reading, name, to));
    struct duty_span begins = begin_of(reading, statement);
    if (begins.text.len == 0) {
        found->undated++;
        return true;
    }
    if (row != NULL) {
        *list_push(reading->arena, &reading->moves) =
            (struct duty_move){.record = statement->number,
                               .from = from,
                               .to = to,
                               .begins = begins,
                               .ends = duty_span_of(reading->arena, at(reading, statement, R_ENDS)),
                               .next = row->first_move};
        row->first_move = (uint32_t)reading->moves.count;
    }
    if (begins.first.days < found->first.days || begins.first.days >= found->next.days) return true;
    if (row != NULL) stage = row->stage;
    if (stage.len == 0 && from != DICT_NONE) stage = reading->school_rows.items[from].stage;
    if (stage.len > 0 && !among(stage, reading->rules->stages, reading->rules->stage_count))
        return true;
    if (str_is(at(reading, statement, R_KIND), "head")) {
        found->heads++;
    } else if (!is_within(reading, at(reading, statement, R_WITHIN), from, to)) {
        found->beyond++;
    } else {
        count_move(reading, statement, row, from);
    }
    return true;
}

enum { P_NAME, P_ID, P_CODE, P_SCHOOL, P_STATUS, P_HIRED, P_YEAR, P_FIELDS };
static const char *const posting_fields[P_FIELDS] = {
    "name", "id_number", "school_code", "school_name", "status", "hired_on", "year"};

/* Only of the school where the teacher is: a special post elsewhere says nothing of this one. */
static bool take_posting(void *context, const struct statement *statement)
{
    struct duty_reading *reading = context;
    struct str status = at(reading, statement, P_STATUS);
    if (str_is(status, "vacant") || str_is(status, "declined")) return true;
    uint32_t school = school_of(reading, at(reading, statement, P_CODE),
                                at(reading, statement, P_SCHOOL), STR_EMPTY, STR_EMPTY);
    struct duty_row *row = find_person(reading, at(reading, statement, P_ID));
    if (row == NULL && school != DICT_NONE)
        row = find_person(reading, person_key(reading, at(reading, statement, P_NAME), school));
    if (row == NULL || row->school != school || row->posted.text.len > 0) return true;
    row->posted = duty_span_of(reading->arena, at(reading, statement, P_HIRED));
    if (row->posted.text.len == 0)
        row->posted = duty_span_of(reading->arena, at(reading, statement, P_YEAR));
    row->posting = statement->number;
    return true;
}

bool duty_read(struct duty_reading *reading, const struct asker *asker, struct read_at when,
               struct err *err)
{
    static const struct {
        const char *key;
        const char *const *fields;
        size_t count;
        bool (*take)(void *context, const struct statement *);
    } registers[] = {{"schools", school_fields, S_FIELDS, take_school},
                     {"teachers", teacher_fields, T_FIELDS, take_teacher},
                     {"rotations", rotation_fields, R_FIELDS, take_rotation},
                     {"postings", posting_fields, P_FIELDS, take_posting}};
    dict_init(&reading->schools, reading->arena);
    dict_init(&reading->names, reading->arena);
    dict_init(&reading->people, reading->arena);
    dict_init(&reading->extra_people, reading->arena);
    for (size_t i = 0; i < sizeof registers / sizeof *registers; i++) {
        const struct profile *profile =
            profile_find(reading->registry->profiles, str_from(registers[i].key));
        if (profile == NULL) continue;
        for (size_t f = 0; f < registers[i].count; f++)
            reading->fields[f] = profile_field_number(profile, registers[i].fields[f]);
        if (!registry_read(reading->registry, asker, profile, when, registers[i].take, reading,
                           err))
            return false;
    }
    return true;
}
