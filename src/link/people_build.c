#include "link/people_build.h"

#include "base/list.h"
#include "identity/id_number.h"

/* What is known of an ID number text, read once for each distinct text. */
struct id_fact {
    day birth;
    uint8_t state; /* enum id_state */
    char sex;
};

struct people_builder {
    struct people *people;
    int year_now;
    LIST(struct person_record) records;
    LIST(struct id_fact) facts;        /* by text number of PERSON_ID_NUMBER */
    uint64_t *rows, *adults;           /* by register: rows added, and those set aside */
    struct households *households;     /* NULL until a row names one */
    bool chosen;                       /* see people_take_chosen */
    uint32_t last[PERSON_FIELD_COUNT]; /* the value of the row before: neighbours often agree */
};

static const char *const field_keys[PERSON_FIELD_COUNT] = {
    [PERSON_NAME] = "name",
    [PERSON_ID_NUMBER] = "id_number",
    [PERSON_BIRTH_DATE] = "birth_date",
    [PERSON_SEX] = "sex",
    [PERSON_NATION] = "nation",
    [PERSON_STUDENT_NUMBER] = "student_number",
    [PERSON_SCHOOL_NAME] = "school_name",
    [PERSON_SCHOOL_CODE] = "school_code",
    [PERSON_STAGE] = "stage",
    [PERSON_GRADE] = "grade",
    [PERSON_CLASS] = "class",
    [PERSON_STATUS] = "status",
    [PERSON_HOUSEHOLD_NUMBER] = "household_number",
    [PERSON_HEAD_NAME] = "head_name",
    [PERSON_HEAD_ID] = "head_id",
    [PERSON_RELATION] = "relation",
    [PERSON_GUARDIAN_NAME] = "guardian_name",
    [PERSON_GUARDIAN_ID] = "guardian_id",
    [PERSON_GUARDIAN2_NAME] = "guardian2_name",
    [PERSON_GUARDIAN2_ID] = "guardian2_id",
    [PERSON_PHONE] = "phone",
    [PERSON_AREA] = "area",
    [PERSON_VILLAGE] = "village",
    [PERSON_FROM] = "from",
    [PERSON_TO] = "to",
    [PERSON_REASON] = "reason",
};

const char *person_field_key(enum person_field field)
{
    CHECK(field < PERSON_FIELD_COUNT);
    return field_keys[field];
}

int person_field_of(struct str key)
{
    for (int i = 0; i < PERSON_FIELD_COUNT; i++) {
        if (str_is(key, field_keys[i])) return i;
    }
    return -1;
}

struct str people_text(const struct people *people, uint32_t record, enum person_field field)
{
    CHECK(record < people->record_count);
    CHECK(field < PERSON_FIELD_COUNT);
    return dict_text(&people->texts[field], people->records[record].values[field]);
}

int people_register(const struct people *people, const char *key)
{
    for (size_t i = 0; i < people->register_count; i++) {
        if (str_is(people->registers[i]->key, key)) return (int)i;
    }
    return -1;
}

uint32_t people_shown(const struct people *people, uint32_t person)
{
    const struct person *shown = &people->persons[person];
    int population = people_register(people, "population");
    for (uint32_t i = 0; i < shown->count; i++) {
        uint32_t record = people->order[shown->first + i];
        if ((int)people->records[record].register_number == population) return record;
    }
    return people->order[shown->first];
}

struct people_builder *people_begin(struct people *people, struct arena *arena,
                                    const struct profiles *profiles, struct read_at when,
                                    size_t rows_expected)
{
    CHECK(!day_is_none(when.at));
    *people = (struct people){.arena = arena, .when = when};
    people->registers = arena_array(arena, const struct profile *, profiles->count);
    for (size_t i = 0; i < profiles->count; i++) {
        if (profiles->items[i].people) {
            people->registers[people->register_count++] = &profiles->items[i];
        }
    }
    for (int f = 0; f < PERSON_FIELD_COUNT; f++) {
        dict_init(&people->texts[f], arena);
        uint32_t empty = dict_put(&people->texts[f], STR_EMPTY);
        CHECK(empty == 0);
    }
    struct people_builder *builder = arena_new(arena, struct people_builder);
    builder->rows = arena_array(arena, uint64_t, people->register_count);
    builder->adults = arena_array(arena, uint64_t, people->register_count);
    builder->people = people;
    int month, dom;
    day_to_ymd(when.at, &builder->year_now, &month, &dom);
    if (rows_expected > 0) {
        builder->records.items = arena_array(arena, struct person_record, rows_expected);
        builder->records.capacity = rows_expected;
    }
    *list_push(arena, &builder->facts) = (struct id_fact){.birth = DAY_NONE, .state = ID_ABSENT};
    return builder;
}

void person_date_read(struct str text, int *year, day *whole)
{
    int64_t number;
    *year = 0;
    *whole = DAY_NONE;
    if (text.len < 4 || !str_to_i64(str_slice(text, 0, 4), &number)) return;
    if (number < 1800 || number > 2200) return;
    *year = (int)number;
    if (text.len == 10 && !day_parse(text, whole)) *whole = DAY_NONE;
}

static uint32_t put_value(struct people_builder *builder, enum person_field field, struct str value)
{
    if (value.len == 0) return 0;
    struct dict *dict = &builder->people->texts[field];
    if (!str_equal(dict_text(dict, builder->last[field]), value)) {
        builder->last[field] = dict_put(dict, value);
    }
    return builder->last[field];
}

static struct id_fact read_fact(struct str text)
{
    struct id_number number;
    id_number_read(text, &number);
    return (struct id_fact){
        .birth = number.birth, .state = (uint8_t)number.state, .sex = number.sex};
}

/* What is known of a number: once for each that is kept; those of adults, who may be many, are read
 * and not kept. */
static struct id_fact id_fact_of(struct people_builder *builder, struct str text)
{
    const struct dict *dict = &builder->people->texts[PERSON_ID_NUMBER];
    uint32_t number = text.len == 0 ? 0 : dict_find(dict, text);
    if (number == DICT_NONE) return read_fact(text);
    while (builder->facts.count <= number) {
        struct str next = dict_text(dict, (uint32_t)builder->facts.count);
        *list_push(builder->people->arena, &builder->facts) = read_fact(next);
    }
    return builder->facts.items[number];
}

/* A sister or a brother is born some nine months apart, so what is near in the calendar is a slip.
 */
bool people_birth_slip(day a, day b)
{
    enum { NEAR_DAYS = 62 };
    int year[2], month[2], dom[2];
    if (a.days - b.days <= NEAR_DAYS && b.days - a.days <= NEAR_DAYS) return true;
    day_to_ymd(a, &year[0], &month[0], &dom[0]);
    day_to_ymd(b, &year[1], &month[1], &dom[1]);
    bool first_day = (month[0] == 1 && dom[0] == 1) || (month[1] == 1 && dom[1] == 1);
    if (year[0] == year[1]) {
        return first_day || dom[0] == dom[1] || (month[0] == dom[1] && dom[0] == month[1]);
    }
    return month[0] == month[1] && dom[0] == dom[1];
}

static bool is_older(const struct people_builder *builder, day birth, int years)
{
    return !day_is_none(birth) && birth.days <= builder->people->when.at.days
           && day_age(birth, builder->people->when.at) >= years;
}

static bool is_adult(const struct people_builder *builder, day birth)
{
    return is_older(builder, birth, PERSON_ADULT_YEARS);
}

static bool school_made(struct str student_number, struct str id)
{
    return student_number.len == 19
           && (student_number.ptr[0] == 'J' || student_number.ptr[0] == 'L')
           && str_equal(str_slice(student_number, 1, 19), id);
}

/* Nobody sits in a class three years above the age for it: the number is a younger sister's or
 * brother's. */
static bool is_too_young(const struct people_builder *builder, day birth, struct str grade)
{
    enum { AGE_BEFORE_FIRST_YEAR = 5, YEARS_AHEAD_MAX = 2 };
    int32_t year = people_school_year(grade);
    day cutoff = day_school_cutoff(builder->people->when.at);
    if (year < 1) return false;
    int age = birth.days <= cutoff.days ? day_age(birth, cutoff) : 0;
    return age + YEARS_AHEAD_MAX < year + AGE_BEFORE_FIRST_YEAR;
}

/* What the number is worth. The row's own statement of a birth day is stronger than the number's.
 */
static enum person_id_kind judge_id(const struct people_builder *builder,
                                    const struct str values[PERSON_FIELD_COUNT],
                                    struct id_fact fact, day stated, int stated_year)
{
    struct str id = values[PERSON_ID_NUMBER];
    if (id.len > 0 && school_made(values[PERSON_STUDENT_NUMBER], id)) return PERSON_ID_SCHOOL_MADE;
    if (fact.state == ID_WRONG_CHECK) return PERSON_ID_WRONG;
    if (fact.state != ID_VALID) return PERSON_ID_NONE;
    if (!day_is_none(stated)) {
        return people_birth_slip(stated, fact.birth) ? PERSON_ID_OWN : PERSON_ID_DOUBTFUL;
    }
    int year, month, dom;
    day_to_ymd(fact.birth, &year, &month, &dom);
    if (stated_year != 0 && (year - stated_year > 1 || stated_year - year > 1)) {
        return PERSON_ID_DOUBTFUL;
    }
    if (is_too_young(builder, fact.birth, values[PERSON_GRADE])) return PERSON_ID_DOUBTFUL;
    bool of_family = str_equal(id, values[PERSON_GUARDIAN_ID])
                     || str_equal(id, values[PERSON_GUARDIAN2_ID])
                     || str_equal(id, values[PERSON_HEAD_ID]);
    if (of_family && is_adult(builder, fact.birth)) return PERSON_ID_DOUBTFUL;
    return PERSON_ID_OWN;
}

static bool says_head(struct str relation)
{
    static const char *const words[] = {"head",       "spouse", "parent", "grandparent", "户主",
                                        "本人或户主", "配偶",   "夫",     "妻",          "父",
                                        "母",         "祖父",   "祖母"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_is(relation, words[i])) return true;
    }
    return false;
}

/* A register where hardly anybody is an adult is a list of children, whatever its profile says: an
 * adult's number in it is a parent's. The first rows are too few to tell. */
static bool is_list_of_children(const struct people_builder *builder, uint32_t register_number)
{
    enum { ROWS_MIN = 200, ADULTS_MAX_PERMILLE = 30 };
    uint64_t rows = builder->rows[register_number];
    return rows >= ROWS_MIN && builder->adults[register_number] * 1000 < rows * ADULTS_MAX_PERMILLE;
}

/* An adult by all that the row says. A child whose year was mistyped has a number that says child,
 * and a child with a parent's number has a birth day that says child: both stay. */
static bool row_is_adult(const struct people_builder *builder, const struct person_record *record,
                         const struct str values[PERSON_FIELD_COUNT], struct id_fact fact,
                         day stated, int stated_year)
{
    const struct profile *profile = builder->people->registers[record->register_number];
    if (profile->children_only || record->part > 0) return false;
    bool valid = fact.state == ID_VALID;
    if (valid && !is_adult(builder, fact.birth)) return false;
    if (!day_is_none(stated)) return is_adult(builder, stated);
    if (stated_year != 0) return stated_year < builder->year_now - PERSON_ADULT_YEARS;
    if (valid) {
        return values[PERSON_GRADE].len == 0
               && !is_list_of_children(builder, record->register_number);
    }
    return says_head(values[PERSON_RELATION]) && values[PERSON_GRADE].len == 0;
}

static void put_birth(struct people_builder *builder, struct person_record *record, day birth,
                      enum person_birth_source source)
{
    char text[DAY_TEXT_SIZE];
    int year, month, dom;
    day_to_ymd(birth, &year, &month, &dom);
    record->birth = birth;
    record->birth_year = (uint16_t)year;
    record->birth_source = (uint8_t)source;
    if (source == PERSON_BIRTH_DAMAGED) return;
    record->values[PERSON_BIRTH_DATE] =
        dict_put(&builder->people->texts[PERSON_BIRTH_DATE], str_from(day_format(birth, text)));
}

static void settle_birth(struct people_builder *builder, struct person_record *record,
                         struct id_fact fact, day stated, int stated_year)
{
    bool own = record->id_kind == PERSON_ID_OWN;
    bool damaged = record->id_kind == PERSON_ID_WRONG || record->id_kind == PERSON_ID_NONE;
    record->birth = stated;
    record->birth_year = (uint16_t)stated_year;
    if (!day_is_none(stated)) {
        record->birth_source = PERSON_BIRTH_STATED;
    } else if (own && !day_is_none(fact.birth)) {
        put_birth(builder, record, fact.birth, PERSON_BIRTH_ID);
    } else if (damaged && stated_year == 0 && !day_is_none(fact.birth)
               && !is_adult(builder, fact.birth)) {
        put_birth(builder, record, fact.birth, PERSON_BIRTH_DAMAGED);
    }
    if (own && record->values[PERSON_SEX] == 0 && fact.sex != 0) {
        record->values[PERSON_SEX] =
            dict_put(&builder->people->texts[PERSON_SEX], (struct str){&fact.sex, 1});
    }
}

static struct household_key household_of(uint32_t register_number, struct str number,
                                         struct str area)
{
    return (struct household_key){register_number, number, area};
}

/* Before adults are set aside: they are the parents. */
static void note_member(struct people_builder *builder, uint32_t register_number,
                        const struct str row[PERSON_FIELD_COUNT], struct id_fact fact, day stated)
{
    if (row[PERSON_HOUSEHOLD_NUMBER].len == 0 || row[PERSON_RELATION].len == 0) return;
    struct household_person person = {.name = row[PERSON_NAME],
                                      .id = row[PERSON_ID_NUMBER],
                                      .birth = fact.state == ID_VALID ? fact.birth : stated};
    if (builder->households == NULL) builder->households = households_open();
    households_note(builder->households,
                    household_of(register_number, row[PERSON_HOUSEHOLD_NUMBER], row[PERSON_AREA]),
                    row[PERSON_RELATION], &person, builder->people->when.at);
}

/* Fills a name and a number where the row has neither. */
static bool derive(struct people_builder *builder, struct person_record *record,
                   enum person_field name, enum person_field id,
                   const struct household_person *person)
{
    if (person->name.len == 0 || record->values[name] != 0 || record->values[id] != 0) return false;
    record->values[name] = put_value(builder, name, person->name);
    record->values[id] = put_value(builder, id, person->id);
    return true;
}

void people_put_kin(struct people_builder *builder, uint32_t number,
                    const struct household_kin *kin)
{
    CHECK(number < builder->people->record_count);
    struct person_record *record = &builder->people->records[number];
    bool named =
        record->values[PERSON_GUARDIAN_NAME] != 0 || record->values[PERSON_GUARDIAN2_NAME] != 0;
    record->head_derived |=
        derive(builder, record, PERSON_HEAD_NAME, PERSON_HEAD_ID, &kin->head);
    if (named) return;
    record->kin_derived |=
        derive(builder, record, PERSON_GUARDIAN_NAME, PERSON_GUARDIAN_ID, &kin->parents[0]);
    record->kin_derived |=
        derive(builder, record, PERSON_GUARDIAN2_NAME, PERSON_GUARDIAN2_ID, &kin->parents[1]);
}

static struct household_person derived_person(const struct people *people, uint32_t record,
                                              enum person_field name, enum person_field id)
{
    return (struct household_person){.name = people_text(people, record, name),
                                     .id = people_text(people, record, id),
                                     .birth = DAY_NONE};
}

bool people_kin(const struct people *people, uint32_t record, struct household_kin *out)
{
    const struct person_record *row = &people->records[record];
    *out = (struct household_kin){0};
    if (row->head_derived) {
        out->head = derived_person(people, record, PERSON_HEAD_NAME, PERSON_HEAD_ID);
    }
    if (row->kin_derived) {
        out->parents[0] = derived_person(people, record, PERSON_GUARDIAN_NAME, PERSON_GUARDIAN_ID);
        out->parents[1] =
            derived_person(people, record, PERSON_GUARDIAN2_NAME, PERSON_GUARDIAN2_ID);
    }
    return row->head_derived || row->kin_derived;
}

void people_take_chosen(struct people_builder *builder)
{
    builder->chosen = true;
}

void people_settle_kin(struct people_builder *builder)
{
    struct people *people = builder->people;
    for (uint32_t i = 0; i < people->record_count && builder->households != NULL; i++) {
        const struct person_record *record = &people->records[i];
        struct household_kin kin;
        struct str relation = people_text(people, i, PERSON_RELATION);
        if (record->part > 0 || relation.len == 0) continue;
        households_find(builder->households,
                        household_of(record->register_number,
                                     people_text(people, i, PERSON_HOUSEHOLD_NUMBER),
                                     people_text(people, i, PERSON_AREA)),
                        relation, record->birth, &kin);
        people_put_kin(builder, i, &kin);
    }
    households_close(builder->households);
    builder->households = NULL;
}

bool people_add(struct people_builder *builder, uint32_t register_number, int64_t statement,
                uint32_t part, const struct str values[PERSON_FIELD_COUNT])
{
    struct people *people = builder->people;
    CHECK(register_number < people->register_count);
    struct str row[PERSON_FIELD_COUNT];
    memcpy(row, values, sizeof row);
    struct str student = row[PERSON_STUDENT_NUMBER];
    if (row[PERSON_ID_NUMBER].len == 0 && student.len == 19 && student.ptr[0] == 'G') {
        row[PERSON_ID_NUMBER] = str_slice(student, 1, 19);
    }
    struct person_record record = {.register_number = register_number,
                                   .statement = statement,
                                   .person = UINT32_MAX,
                                   .part = part};
    struct id_fact fact = id_fact_of(builder, row[PERSON_ID_NUMBER]);
    int stated_year;
    day stated;
    person_date_read(row[PERSON_BIRTH_DATE], &stated_year, &stated);
    builder->rows[register_number]++;
    if (part == 0 && !builder->chosen) note_member(builder, register_number, row, fact, stated);
    if (!builder->chosen && row_is_adult(builder, &record, row, fact, stated, stated_year)) {
        builder->adults[register_number]++;
        people->adults_aside++;
        return false;
    }
    record.id_kind = (uint8_t)judge_id(builder, row, fact, stated, stated_year);
    if (record.id_kind == PERSON_ID_OWN && day_is_none(stated)
        && is_older(builder, fact.birth,
                    people->registers[register_number]->children_only ? PERSON_PUPIL_YEARS
                                                                      : PERSON_ADULT_YEARS)) {
        record.id_kind = PERSON_ID_DOUBTFUL;
    }
    for (int f = 0; f < PERSON_FIELD_COUNT; f++) {
        record.values[f] = put_value(builder, (enum person_field)f, row[f]);
    }
    settle_birth(builder, &record, fact, stated, stated_year);
    *list_push(people->arena, &builder->records) = record;
    people->records = builder->records.items;
    people->record_count = builder->records.count;
    return true;
}
