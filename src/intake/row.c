#include "intake/row.h"

#include "identity/mask.h"
#include "intake/fold.h"
#include "intake/note.h"
#include "intake/title.h"

#include <stdio.h>
#include <string.h>

enum { CACHE_TEXTS_MAX = 1 << 15, CACHE_BYTES_MAX = 200 };

static int number_of(const struct profile *profile, const char *key)
{
    return profile_field_number(profile, key);
}

static void find_fields(struct field_numbers *out, const struct profile *profile)
{
    *out = (struct field_numbers){
        .name = number_of(profile, "name"),
        .id_number = number_of(profile, "id_number"),
        .birth_date = number_of(profile, "birth_date"),
        .sex = number_of(profile, "sex"),
        .student_number = number_of(profile, "student_number"),
        .guardian_id = number_of(profile, "guardian_id"),
        .guardian2_id = number_of(profile, "guardian2_id"),
        .head_id = number_of(profile, "head_id"),
        .school_name = number_of(profile, "school_name"),
        .school_code = number_of(profile, "school_code"),
        .stage = number_of(profile, "stage"),
        .grade = number_of(profile, "grade"),
        .class_name = number_of(profile, "class"),
        .area_code = number_of(profile, "area_code"),
        .county = number_of(profile, "county"),
        .township = number_of(profile, "township"),
        .village = number_of(profile, "village"),
        .address = number_of(profile, "address"),
        .certificate_number = number_of(profile, "certificate_number"),
        .in_school = number_of(profile, "in_school"),
        .reason = number_of(profile, "reason"),
        .to = number_of(profile, "to"),
        .period = number_of(profile, "period"),
        .academic_year = number_of(profile, "academic_year"),
        .paid_year = number_of(profile, "paid_year"),
        .paid_month = number_of(profile, "paid_month"),
        .scheme = number_of(profile, "scheme"),
    };
    bool certificate = out->certificate_number >= 0
                       && profile->fields[out->certificate_number].type == FIELD_ID_NUMBER;
    if (!certificate) out->certificate_number = -1;
    if (out->grade >= 0 && profile->fields[out->grade].type != FIELD_GRADE) out->grade = -1;
}

static size_t column_of(const struct sheet_plan *plan, int field)
{
    for (size_t i = 0; i < plan->column_count && field >= 0; i++) {
        if (plan->fields[i] == field) return i;
    }
    return SIZE_MAX;
}

/* The column that says who: of the name, else of the first required field that has one. */
static size_t who_column(const struct row_reader *reader)
{
    const struct profile *profile = reader->plan->profile;
    size_t column = column_of(reader->plan, reader->fields.name);
    for (size_t i = 0; i < profile->field_count && column == SIZE_MAX; i++) {
        if (profile->fields[i].required && profile->fields[i].type != FIELD_ID_NUMBER) {
            column = column_of(reader->plan, (int)i);
        }
    }
    return column;
}

static void read_defaults(struct row_reader *reader)
{
    const struct profile *profile = reader->plan->profile;
    reader->defaults = arena_array(reader->arena, struct value, profile->field_count);
    for (size_t i = 0; i < profile->field_count; i++) {
        struct str text = reader->plan->defaults[i];
        if (text.ptr == NULL) continue;
        struct cell cell = {.kind = CELL_TEXT, .text = text};
        value_read(reader->arena, &profile->fields[i], &reader->context, &cell,
                   &reader->defaults[i]);
    }
}

static void make_grade_texts(struct row_reader *reader)
{
    for (int stage = 1; stage < STAGE_COUNT; stage++) {
        for (int year = 0; year <= 12; year++) {
            struct text text;
            text_init(&text, reader->arena, 40);
            text_add_f(&text, "%s:%d", stage_key((enum stage)stage), year);
            reader->grade_texts[stage][year] = text_str(&text);
        }
    }
}

void row_reader_init(struct row_reader *reader, struct arena *arena, const struct sheet_plan *plan,
                     const struct intake_file *file, const struct divisions *divisions)
{
    *reader = (struct row_reader){.arena = arena, .plan = plan, .divisions = divisions};
    find_fields(&reader->fields, plan->profile);
    reader->caches = arena_array(arena, struct column_cache, plan->column_count);
    for (size_t i = 0; i < plan->column_count; i++) dict_init(&reader->caches[i].texts, arena);
    dict_init(&reader->schools, arena);
    reader->context.divisions = divisions;
    row_area_init(reader, file);
    reader->on = day_is_none(plan->day_stated) ? file->options.at : plan->day_stated;
    reader->name_column = who_column(reader);
    reader->number_column = column_of(plan, reader->fields.id_number);
    make_grade_texts(reader);
    read_defaults(reader);
}

void row_reader_section(struct row_reader *reader, struct str title)
{
    struct title_facts facts = {.stated = DAY_NONE};
    title_read(str_copy(reader->arena, title), &facts);
    if (facts.school.len > 0) {
        reader->section_school = facts.school;
        reader->section_grade = STR_EMPTY;
    }
    if (facts.grade.len > 0) reader->section_grade = facts.grade;
}

void row_note(struct row_work *work, int field, size_t column, const char *code)
{
    *list_push(work->arena, &work->notes.list) =
        (struct intake_note){.field = field, .column = column, .code = str_from(code)};
}

static bool is_cached(enum field_type type)
{
    return type != FIELD_NAME && type != FIELD_ID_NUMBER && type != FIELD_ADDRESS
           && type != FIELD_PEOPLE && type != FIELD_STUDENT_NUMBER && type != FIELD_PHONE;
}

/* 计划投资（万元）, or 单位：万元 above the table where the heading names no unit of its own. */
static bool in_ten_thousands(const struct sheet_plan *plan, size_t column)
{
    struct str heading = plan->headings[column];
    if (str_find(heading, STR("万元")) != SIZE_MAX) return true;
    bool own =
        str_find(heading, STR("（元")) != SIZE_MAX || str_find(heading, STR("(元")) != SIZE_MAX;
    return !own && str_find(plan->title, STR("单位：万元")) != SIZE_MAX;
}

static void read_plain(struct row_reader *reader, struct arena *arena,
                       const struct profile_field *field, const struct cell *cell, size_t column,
                       struct value *out)
{
    struct value_context context = reader->context;
    context.order = (enum date_order)reader->plan->orders[column];
    if (field->type == FIELD_MONEY) context.ten_thousands = in_ten_thousands(reader->plan, column);
    value_read(arena, field, &context, cell, out);
    out->text = str_copy(arena, out->text);
}

/* Through the column's cache where that pays; a number's decimals mean other than a text's. */
static void read_value(struct row_reader *reader, struct arena *arena,
                       const struct profile_field *field, const struct cell *cell, size_t column,
                       struct value *out)
{
    struct column_cache *cache = &reader->caches[column];
    bool odd = cell->lost_digits
               || (field->type == FIELD_DATE && cell->kind == CELL_NUMBER && cell->text.len < 8);
    if (!is_cached(field->type) || odd || cell->text.len > CACHE_BYTES_MAX) {
        read_plain(reader, arena, field, cell, column, out);
        return;
    }
    if (cache->texts.count >= CACHE_TEXTS_MAX) {
        uint32_t number = dict_find(&cache->texts, cell->text);
        if (number == DICT_NONE)
            read_plain(reader, arena, field, cell, column, out);
        else
            *out = cache->values.items[number];
        return;
    }
    uint32_t number = dict_put(&cache->texts, cell->text);
    if (number == cache->values.count) {
        struct value *fresh = list_push(reader->arena, &cache->values);
        read_plain(reader, reader->arena, field, cell, column, fresh);
    }
    *out = cache->values.items[number];
}

/* The value and, where it differs, what stood in the cell. */
static void put(struct row_work *work, int field, struct str value, struct str cell)
{
    work->row->values[field] = value;
    if (!str_equal(value, cell)) work->row->written[field] = str_copy(work->arena, cell);
}

static void note_id(struct row_work *work, int field, size_t column, const struct cell *cell,
                    const struct id_number *id)
{
    if (cell->lost_digits && id->state != ID_VALID) {
        row_note(work, field, column, NOTE_ID_DAMAGED);
    } else if (id->state == ID_WRONG_CHECK) {
        row_note(work, field, column, NOTE_ID_WRONG_CHECK);
    } else if (id->state == ID_DAMAGED) {
        row_note(work, field, column, NOTE_ID_DAMAGED);
    }
}

static void read_id(struct row_work *work, int field, size_t column, const struct cell *cell)
{
    struct id_number id;
    id_number_read(cell->text, &id);
    bool own = field == work->reader->fields.id_number;
    bool float_form = cell->lost_digits && cell->text.len >= 16;
    if (float_form && id.state == ID_VALID) id.state = ID_DAMAGED;
    struct str text = str_copy(work->arena, str_from(id.text));
    if (field == work->reader->fields.certificate_number && id.from_disability) {
        text = str_copy(work->arena, fold_trim(cell->text)); /* kind and grade stand at its end */
    }
    if (id.state == ID_ABSENT) text = STR_EMPTY;
    if (id.state == ID_DAMAGED) text = str_copy(work->arena, fold_trim(cell->text));
    note_id(work, field, column, cell, &id);
    int student = work->reader->fields.student_number;
    if (own && id.from_student_number && student >= 0 && work->row->values[student].len == 0) {
        struct value value = {0};
        struct value_context context = {0};
        value_read(work->arena, &work->reader->plan->profile->fields[student], &context, cell,
                   &value);
        if (value.understood) work->row->values[student] = str_copy(work->arena, value.text);
        if (id.state == ID_OTHER) text = STR_EMPTY; /* J and L numbers are nobody's ID number */
    }
    put(work, field, text, cell->text);
    if (own) {
        work->id = id;
        work->id_read = true;
    }
}

/* Columns about several people are read as one text: name, number, name, number. */
static void add_people(struct row_work *work, int field, size_t column, struct str text)
{
    if (fold_is_blank(fold_trim(text))) return;
    if (work->people_field < 0) {
        text_init(&work->people, work->arena, WORKBOOK_CELL_BYTES_MAX);
        work->people_field = field;
        work->people_column = column;
    } else {
        text_add_c(&work->people, text.ptr[0] >= '0' && text.ptr[0] <= '9' ? " " : "、");
    }
    text_add(&work->people, text);
}

static void read_people(struct row_work *work)
{
    if (work->people_field < 0) return;
    int field = work->people_field;
    struct cell cell = {.kind = CELL_TEXT, .text = text_str(&work->people)};
    struct value value;
    struct value_context context = {0};
    value_read(work->arena, &work->reader->plan->profile->fields[field], &context, &cell, &value);
    if (value.note != NULL) row_note(work, field, work->people_column, value.note);
    put(work, field, value.text, cell.text);
}

/* 是否辍学：是, or a day of moving out, says more than the usual state (the first choice). */
static void read_flag(struct row_work *work, size_t column)
{
    static const char *const no[] = {"否", "无", "不", "未", "没", "0",
                                     "n",  "N",  "×",  "x",  "X",  NULL};
    struct str text = fold_trim(work->cells->cells[column].text);
    if (fold_is_blank(text) || fold_starts_one_of(text, no, NULL)) return;
    const struct sheet_plan *plan = work->reader->plan;
    int field = plan->fields[column];
    const struct profile_field *of = &plan->profile->fields[field];
    struct str before = work->row->values[field];
    bool usual = before.len == 0 || str_equal(before, of->choices[0].key);
    if (!usual && profile_choice_number(of, before) >= 0) return;
    work->row->values[field] = of->choices[plan->flags[column] - 1].key;
    if (work->row->written[field].ptr == NULL) {
        work->row->written[field] = str_copy(work->arena, text);
    }
}

static void read_cell(struct row_work *work, size_t column)
{
    const struct cell *cell = &work->cells->cells[column];
    int field = work->reader->plan->fields[column];
    if (field < 0 || cell->text.len == 0) return;
    const struct profile_field *of = &work->reader->plan->profile->fields[field];
    if (work->reader->plan->flags[column] != 0) return;
    if (of->type == FIELD_ID_NUMBER) {
        read_id(work, field, column, cell);
        return;
    }
    if (of->type == FIELD_PEOPLE) {
        add_people(work, field, column, cell->text);
        return;
    }
    struct value value;
    read_value(work->reader, work->arena, of, cell, column, &value);
    const struct field_numbers *fields = &work->reader->fields;
    if (field == fields->grade) {
        work->grade = value;
        work->grade_note = value.note;
    } else if (value.note != NULL && field != fields->period) {
        row_note(work, field, column, value.note);
    }
    if (field == fields->class_name) work->class_value = value;
    if (field == fields->school_name) work->school_blank_word = value.blank_word;
    put(work, field, value.text, cell->text);
    bool begins = value.span && fields->to >= 0 && field != fields->to;
    if (begins && work->row->values[fields->to].len == 0) {
        work->row->values[fields->to] = value.to;
    } else if (value.span && field == fields->to && value.to.len > 0) {
        work->row->values[field] = value.to;
    }
}

/* Columns that no field takes are kept with their headings. */
static void keep_aside(struct row_work *work)
{
    const struct sheet_plan *plan = work->reader->plan;
    size_t count = 0;
    for (size_t column = 0; column < work->cells->count; column++) {
        bool aside = column >= plan->column_count || plan->fields[column] == -1;
        count += aside && work->cells->cells[column].text.len > 0;
    }
    if (count == 0) return;
    work->row->extra = arena_array(work->arena, struct str, 2 * count);
    for (size_t column = 0; column < work->cells->count; column++) {
        bool aside = column >= plan->column_count || plan->fields[column] == -1;
        struct str text = work->cells->cells[column].text;
        if (!aside || text.len == 0) continue;
        struct str *pair = &work->row->extra[2 * work->row->extra_count++];
        pair[0] = column < plan->column_count ? plan->headings[column] : STR_EMPTY;
        pair[1] = str_copy(work->arena, text);
    }
}

/* What title, sheet and file name say fills what the row leaves empty. */
static void use_defaults(struct row_work *work)
{
    const struct row_reader *reader = work->reader;
    const struct profile *profile = reader->plan->profile;
    for (size_t i = 0; i < profile->field_count; i++) {
        if (work->row->values[i].len > 0 || reader->defaults[i].text.len == 0) continue;
        bool school = (int)i == reader->fields.school_name;
        if (school && work->school_blank_word) continue;
        if ((int)i == reader->fields.stage) continue; /* the grade and the school know better */
        work->row->values[i] = reader->defaults[i].text;
        if ((int)i == reader->fields.grade) work->grade = reader->defaults[i];
    }
    int school = reader->fields.school_name, grade = reader->fields.grade;
    bool no_school = school >= 0 && column_of(reader->plan, school) == SIZE_MAX;
    if (no_school && reader->section_school.len > 0) {
        work->row->values[school] = reader->section_school;
    }
    bool no_grade = grade >= 0 && column_of(reader->plan, grade) == SIZE_MAX;
    if (no_grade && reader->section_grade.len > 0) {
        work->row->values[grade] = reader->section_grade;
        grade_read(reader->section_grade, false, &work->grade.grade);
    }
}

/* Numbers of people that stand where none is asked for, in a remark or beside a name: the open
 * column has them masked, and the cell as written is sealed with the others. Household numbers are
 * left alone, for some are made from the head's number and would all look alike. */
static void hide_numbers(struct row_work *work)
{
    const struct profile *profile = work->reader->plan->profile;
    for (size_t i = 0; i < profile->field_count; i++) {
        const struct profile_field *field = &profile->fields[i];
        struct str value = work->row->values[i];
        if (field->identifying || str_is(field->key, "household_number")) continue;
        work->row->values[i] = mask_people(work->arena, value);
        if (work->row->values[i].ptr == value.ptr || work->row->written[i].ptr != NULL) continue;
        work->row->written[i] = value;
    }
}

void row_read(struct row_reader *reader, struct arena *arena, const struct workbook_row *cells,
              struct intake_row *row)
{
    size_t count = reader->plan->profile->field_count;
    struct row_work work = {.reader = reader,
                            .arena = arena,
                            .row = row,
                            .cells = cells,
                            .notes = {.arena = arena},
                            .people_field = -1};
    row->values = arena_array(arena, struct str, count);
    row->written = arena_array(arena, struct str, count);
    row->extra_count = 0;
    row->extra = NULL;
    row->area = STR_EMPTY;
    for (size_t column = 0; column < cells->count && column < reader->plan->column_count;
         column++) {
        read_cell(&work, column);
    }
    read_people(&work);
    for (size_t column = 0; column < cells->count && column < reader->plan->column_count;
         column++) {
        if (reader->plan->flags[column] != 0) read_flag(&work, column);
    }
    keep_aside(&work);
    use_defaults(&work);
    row_check(&work);
    row_area(&work);
    hide_numbers(&work);
    row->notes = work.notes.list.items;
    row->note_count = work.notes.list.count;
}
