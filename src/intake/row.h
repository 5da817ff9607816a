#ifndef INTAKE_ROW_H
#define INTAKE_ROW_H

#include "base/dict.h"
#include "base/list.h"
#include "identity/id_number.h"
#include "intake/intake.h"
#include "intake/value.h"

/* From the cells of one record to its values: behind intake_next. */

/* What was read before in a column: schools, grades, days of birth repeat. */
struct column_cache {
    struct dict texts;
    LIST(struct value) values;
};

/* Fields that rows are checked by; -1 where the register has none. */
struct field_numbers {
    int name, id_number, birth_date, sex, student_number, guardian_id, guardian2_id, head_id;
    int school_name, school_code, stage, grade, class_name, area_code, county, township, village;
    int address, certificate_number, in_school, reason, to;
    int period, academic_year, paid_year, paid_month, scheme;
};

/* Reads the rows of one sheet. */
struct row_reader {
    struct arena *arena; /* of the file: holds what is cached */
    const struct sheet_plan *plan;
    const struct divisions *divisions;
    struct field_numbers fields;
    struct column_cache *caches; /* per column */
    struct value *defaults;      /* per field, read; text empty where there is none */
    struct value_context context;
    struct str around;  /* prefecture where names are looked for before more is known, or empty */
    struct dict places; /* texts of places and addresses … */
    LIST(struct str) place_codes; /* … and what divisions they name */
    struct dict schools;
    LIST(enum stage) stages;                  /* per school name */
    struct str section_school, section_grade; /* from a title row between the data */
    day on;                                   /* day the file speaks of, DAY_NONE when unknown */
    size_t name_column, number_column;
    struct str grade_texts[STAGE_COUNT][13]; /* "primary:3" */
};

/* Makes ready for the rows of a sheet. What is cached lives in `arena`. */
void row_reader_init(struct row_reader *reader, struct arena *arena, const struct sheet_plan *plan,
                     const struct intake_file *file, const struct divisions *divisions);

/* A title row between the data may name the school or class of those that follow. */
void row_reader_section(struct row_reader *reader, struct str title);

/* Reads a record. row->sheet and row->number are the caller's. */
void row_read(struct row_reader *reader, struct arena *arena, const struct workbook_row *cells,
              struct intake_row *row);

/* Remarks on a row while it is read. */
struct row_notes {
    struct arena *arena;
    LIST(struct intake_note) list;
};

/* Checks that need several cells, and what follows from them; row_check.c. `ids` per field. */
struct row_work {
    struct row_reader *reader;
    struct arena *arena;
    struct intake_row *row;
    struct row_notes notes;
    const struct workbook_row *cells;
    struct value grade, class_value;
    struct id_number id; /* the person's own */
    bool id_read;
    bool school_blank_word;
    struct text people;   /* cells of all columns about several people */
    size_t people_column; /* the first of them */
    int people_field;     /* -1 when there is none */
    const char *grade_note;
};

void row_check(struct row_work *work);

/* The period of a row whose cells say it apart: 学年 and 学期, 年份 and 月份, the name of the scheme.
 * row_period.c. */
void row_period(struct row_work *work);

/* The division of the record: an explicit code, else the names of places, else the address, else
 * what titles say; and what is known of a sheet before its first row. row_area.c. */
void row_area_init(struct row_reader *reader, const struct intake_file *file);
void row_area(struct row_work *work);

/* Adds a remark; `field` -1 and `column` SIZE_MAX for the row as a whole. */
void row_note(struct row_work *work, int field, size_t column, const char *code);

#endif
