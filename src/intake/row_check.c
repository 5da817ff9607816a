#include "intake/row.h"

#include "intake/fold.h"
#include "intake/note.h"

#include <stdlib.h>
#include <string.h>

enum {
    PARENT_YEARS_LEAST = 12,
    ADULT_YEARS = 25,
    GRADUATE_JUNIOR_AGE = 14,
    GRADUATE_SENIOR_AGE = 17
};

static struct str value_of(const struct row_work *work, int field)
{
    return field < 0 ? STR_EMPTY : work->row->values[field];
}

static size_t column_of(const struct row_work *work, int field)
{
    const struct sheet_plan *plan = work->reader->plan;
    for (size_t i = 0; i < plan->column_count && field >= 0; i++) {
        if (plan->fields[i] == field) return i;
    }
    return SIZE_MAX;
}

static int year_of(struct str text)
{
    int year = 0;
    for (size_t i = 0; i < 4; i++) {
        if (i >= text.len || text.ptr[i] < '0' || text.ptr[i] > '9') return 0;
        year = year * 10 + (text.ptr[i] - '0');
    }
    return year;
}

/* Whether a canonical date agrees with the eight digits of an ID number, as far as it goes. */
static bool birth_agrees(struct str stated, const char *eight)
{
    if (stated.len < 4 || memcmp(stated.ptr, eight, 4) != 0) return false;
    if (stated.len >= 7 && memcmp(stated.ptr + 5, eight + 4, 2) != 0) return false;
    return stated.len < 10 || memcmp(stated.ptr + 8, eight + 6, 2) == 0;
}

static bool same_number(const struct row_work *work, int field)
{
    struct str own = value_of(work, work->reader->fields.id_number), other = value_of(work, field);
    return own.len >= 15 && str_equal(own, other);
}

/* A parent's number in a child's row: the same number stands in a parent's column, or it is of
 * somebody much older than the row says, or of an adult in a list of children. */
static bool is_not_own(const struct row_work *work, struct str birth)
{
    const struct field_numbers *fields = &work->reader->fields;
    bool children = work->reader->plan->profile->children_only;
    if (same_number(work, fields->guardian_id) || same_number(work, fields->guardian2_id)) {
        return true;
    }
    if (children && same_number(work, fields->head_id)) return true;
    int born = year_of(str_from(work->id.text + 6));
    int stated = year_of(birth);
    if (stated > 0) return stated - born >= PARENT_YEARS_LEAST;
    if (!children || day_is_none(work->reader->on)) return false;
    return day_age(work->id.birth, work->reader->on) >= ADULT_YEARS;
}

static void check_id(struct row_work *work)
{
    const struct field_numbers *fields = &work->reader->fields;
    const struct id_number *id = &work->id;
    if (!work->id_read || strlen(id->text) != 18 || day_is_none(id->birth)) return;
    if (id->state != ID_VALID && id->state != ID_WRONG_CHECK) return;
    struct str birth = value_of(work, fields->birth_date), sex = value_of(work, fields->sex);
    bool readable = year_of(birth) > 0 && birth.len <= 10;
    size_t column = column_of(work, fields->id_number);
    if (is_not_own(work, readable ? birth : STR_EMPTY)) {
        row_note(work, fields->id_number, column, NOTE_ID_NOT_OWN);
        return;
    }
    if (readable && !birth_agrees(birth, id->text + 6)) {
        row_note(work, fields->birth_date, column_of(work, fields->birth_date),
                 NOTE_ID_BIRTH_DIFFERS);
    }
    bool stated = str_is(sex, "M") || str_is(sex, "F");
    if (id->state == ID_VALID && stated && sex.ptr[0] != id->sex && id->sex != 0) {
        row_note(work, fields->sex, column_of(work, fields->sex), NOTE_ID_SEX_DIFFERS);
    }
}

/* A student number without its letter is G and the ID number where the two agree. */
static void check_student_number(struct row_work *work)
{
    int field = work->reader->fields.student_number;
    struct str number = value_of(work, field);
    struct str id = value_of(work, work->reader->fields.id_number);
    if (number.len != 18 || !str_equal(number, id)) return;
    struct text text;
    text_init(&text, work->arena, 32);
    text_add_byte(&text, 'G');
    text_add(&text, number);
    if (work->row->written[field].ptr == NULL) work->row->written[field] = number;
    work->row->values[field] = text_str(&text);
    for (size_t i = 0; i < work->notes.list.count; i++) {
        if (work->notes.list.items[i].field != field) continue;
        work->notes.list.items[i] = work->notes.list.items[--work->notes.list.count];
        return;
    }
}

/* The stage of a school by its name, then by its code; cached by name. */
static enum stage stage_of_school(struct row_work *work)
{
    struct row_reader *reader = work->reader;
    struct str name = value_of(work, reader->fields.school_name);
    struct str code = value_of(work, reader->fields.school_code);
    enum stage stage = STAGE_NONE;
    if (name.len > 0) {
        uint32_t number = dict_put(&reader->schools, name);
        if (number == reader->stages.count) {
            *list_push(reader->arena, &reader->stages) = stage_of_school_name(name);
        }
        stage = reader->stages.items[number];
    }
    return stage != STAGE_NONE ? stage : stage_of_school_code(code);
}

/* A list of those who leave a school with several stages: the age tells which one they finished. */
static enum stage stage_by_age(struct row_work *work)
{
    struct str left = value_of(work, work->reader->fields.to);
    bool graduates = str_is(work->reader->plan->profile->key, "graduates");
    int year = year_of(left);
    if (!graduates || year == 0) return STAGE_NONE;
    int born = year_of(value_of(work, work->reader->fields.birth_date));
    bool id = work->id_read && !day_is_none(work->id.birth);
    if (born == 0 && id) born = year_of(str_from(work->id.text + 6));
    if (born == 0) return STAGE_NONE;
    int age = year - born;
    if (age >= 22 || age < 9) return STAGE_NONE;
    if (age > GRADUATE_SENIOR_AGE) return STAGE_SENIOR;
    return age >= GRADUATE_JUNIOR_AGE ? STAGE_JUNIOR : STAGE_PRIMARY;
}

static void put_derived(struct row_work *work, int field, struct str value)
{
    if (field < 0 || value.len == 0) return;
    struct str before = work->row->values[field];
    if (work->row->written[field].ptr == NULL && before.len > 0 && !str_equal(before, value)) {
        work->row->written[field] = before;
    }
    work->row->values[field] = value;
}

static const struct grade *grade_of(struct row_work *work)
{
    bool own = work->grade.grade.kind != GRADE_NONE;
    return own ? &work->grade.grade : &work->class_value.grade;
}

/* A cell that names a grade and a class fills both columns. */
static void split_class(struct row_work *work, const struct grade *grade)
{
    int field = work->reader->fields.class_name;
    if (field < 0 || grade->class_name[0] == '\0') return;
    if (value_of(work, field).len > 0) return;
    work->row->values[field] = str_copy(work->arena, str_from(grade->class_name));
}

/* "红堡子小学三年级" in the school's column: the grade goes where it belongs. */
static void split_school(struct row_work *work)
{
    const struct field_numbers *fields = &work->reader->fields;
    struct str name = value_of(work, fields->school_name);
    if (fields->grade < 0 || value_of(work, fields->grade).len > 0 || name.len < 18) return;
    static const char *const ends[] = {"小学", "中学", "学校", "幼儿园", "教学点", NULL};
    for (size_t i = 0; ends[i] != NULL; i++) {
        size_t at = str_find(name, str_from(ends[i]));
        if (at == SIZE_MAX || at == 0) continue;
        struct str rest = str_slice(name, at + strlen(ends[i]), name.len);
        struct grade grade;
        grade_read(rest, false, &grade);
        if (grade.kind != GRADE_NUMBERED && grade.kind != GRADE_COHORT) continue;
        put_derived(work, fields->school_name, str_slice(name, 0, at + strlen(ends[i])));
        work->row->values[fields->grade] = rest;
        work->grade.grade = grade;
        return;
    }
}

static void check_grade(struct row_work *work)
{
    const struct field_numbers *fields = &work->reader->fields;
    split_school(work);
    const struct grade *grade = grade_of(work);
    struct str stated = value_of(work, fields->stage);
    enum stage school = stage_from_key(stated), stage = STAGE_NONE;
    enum stage named = school == STAGE_NONE ? stage_of_school(work) : school;
    enum stage titled = STAGE_NONE;
    if (fields->stage >= 0) {
        titled = stage_from_key(work->reader->defaults[fields->stage].text);
    }
    if (named == STAGE_NONE) named = titled;
    int year = 0;
    bool resolved = grade_resolve(grade, named, work->reader->on, &stage, &year);
    if (resolved && fields->grade >= 0) {
        put_derived(work, fields->grade, work->reader->grade_texts[stage][year]);
    }
    bool unread = fields->grade >= 0 && !resolved && value_of(work, fields->grade).len > 0
                  && grade->kind != GRADE_STAGE;
    if (unread) {
        row_note(work, fields->grade, column_of(work, fields->grade), NOTE_GRADE_UNREADABLE);
    }
    split_class(work, grade);
    if (fields->stage < 0 || stated.len > 0) return;
    if (named == STAGE_SPECIAL) stage = STAGE_SPECIAL;
    if (stage == STAGE_NONE && grade->kind == GRADE_STAGE) stage = grade->stage;
    if (stage == STAGE_NONE) stage = named;
    if (stage == STAGE_NONE) stage = stage_by_age(work);
    struct str code = value_of(work, fields->school_code);
    bool junior_code = code.len == 10 && str_starts(code, STR("31"));
    if (stage == STAGE_NONE && junior_code
        && str_find(value_of(work, fields->school_name), STR("九年")) == SIZE_MAX) {
        stage = STAGE_JUNIOR;
    }
    put_derived(work, fields->stage, str_from(stage_key(stage)));
}

/* 是否就学：否, or 辍学 where the school belongs, tells that the child is at no school. */
static void check_schooling(struct row_work *work)
{
    const struct field_numbers *fields = &work->reader->fields;
    if (fields->reason < 0 || value_of(work, fields->reason).len > 0) return;
    if (work->school_blank_word && fields->in_school >= 0) {
        work->row->values[fields->reason] = work->row->written[fields->school_name];
    } else if (str_is(value_of(work, fields->in_school), "no")) {
        work->row->values[fields->reason] = STR("未就学");
    }
}

/* A certificate holds the ID number. */
static void check_certificate(struct row_work *work)
{
    const struct field_numbers *fields = &work->reader->fields;
    if (fields->certificate_number < 0 || value_of(work, fields->id_number).len > 0) return;
    struct str certificate = value_of(work, fields->certificate_number);
    if (certificate.len < 18) return;
    id_number_read(certificate, &work->id);
    if (work->id.state != ID_VALID) return;
    work->id_read = true;
    work->row->values[fields->id_number] = str_copy(work->arena, str_from(work->id.text));
}

/* Name and number stand in each other's column. */
static void check_shift(struct row_work *work)
{
    const struct field_numbers *fields = &work->reader->fields;
    if (fields->name < 0 || fields->id_number < 0) return;
    struct str name = value_of(work, fields->name), number = value_of(work, fields->id_number);
    bool digits = name.len >= 15 && name.len <= 20 && name.ptr[0] >= '1' && name.ptr[0] <= '9';
    if (!digits || (number.len > 0 && number.ptr[0] < 0x7F && (unsigned char)number.ptr[0] < 0x80))
        return;
    struct str written = work->row->written[fields->id_number];
    struct str moved = written.ptr != NULL ? written : number;
    id_number_read(name, &work->id);
    if (work->id.state != ID_VALID || (moved.len > 0 && !value_is_name(fold_trim(moved)))) return;
    work->row->values[fields->id_number] = str_copy(work->arena, str_from(work->id.text));
    work->row->values[fields->name] = value_name(work->arena, moved);
    work->row->written[fields->name] = name;
    work->row->written[fields->id_number] = moved;
    work->id_read = true;
    row_note(work, -1, SIZE_MAX, NOTE_ROW_SHIFTED);
}

static bool names_nobody(const struct row_work *work)
{
    const struct profile *profile = work->reader->plan->profile;
    for (size_t i = 0; i < profile->field_count; i++) {
        if (profile->fields[i].required && work->row->values[i].len > 0) return false;
    }
    return true;
}

void row_check(struct row_work *work)
{
    check_shift(work);
    check_certificate(work);
    check_student_number(work);
    check_id(work);
    check_grade(work);
    check_schooling(work);
    row_period(work);
    if (names_nobody(work)) {
        row_note(work, -1, SIZE_MAX, NOTE_ROW_NAMES_NOBODY);
        work->row->outcome = ROW_REJECTED;
        return;
    }
    work->row->outcome = work->notes.list.count > 0 ? ROW_WARNED : ROW_ACCEPTED;
}
