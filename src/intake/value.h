#ifndef INTAKE_VALUE_H
#define INTAKE_VALUE_H

#include "identity/division.h"
#include "intake/date.h"
#include "intake/grade.h"
#include "intake/people_cell.h"
#include "intake/workbook.h"
#include "profile/profile.h"

/* What a cell says, by the type of its field. Canonical forms:
 *
 *   date            "2012-03-05", "2012-03", "2012"
 *   sex             "M", "F"
 *   yes_no          "yes", "no"
 *   integer         "-12"; decimal "12.50" as written without commas and units
 *   money           fen: "123450"; a cell's own unit counts before the column's
 *   choice          the choice's key
 *   division        6, 9 or 12 digits
 *   place, address, text   as written, without blanks around
 *   name            as written, without blanks inside a Chinese name
 *   phone           digits; several joined by ";"
 *   school_code     10 digits
 *   student_number  G, J or L and 18 characters
 *   grade           "primary:3" (stage and year); made by grade_resolve from `grade`
 *   period          "2020-autumn", "2021-spring", "2020-2021": intake/period_cell.h
 *   people          "name|id|birth;name|id|birth": intake/people_cell.h
 *
 * ID numbers are identity/id_number.h's. What is not understood stays as written, with a note. */

struct value {
    struct str text;    /* canonical, else as written (trimmed); empty when nothing is stated */
    const char *note;   /* a code of intake/note.h, or NULL */
    struct str to;      /* of a date: the end of a span */
    bool span;          /* of a date: a span was written */
    bool blank_word;    /* a word that the field's `blank` lists stood in the cell */
    bool understood;    /* text is canonical */
    struct grade grade; /* of a grade or a class */
};

struct value_context {
    const struct divisions *divisions;
    struct str area; /* division code that a title or the user names, may be empty */
    struct str hint; /* where names of places are looked for: area, or where most ID numbers of
                        the sheet are from; may be empty */
    enum date_order order; /* of the column */
    bool ten_thousands;    /* money without a unit is 万元 */
};

/* Reads a cell; `written` is the cell's text as it stands. Text may be views of `written`, or live
 * in the arena. FIELD_ID_NUMBER is taken as text here. */
void value_read(struct arena *arena, const struct profile_field *field,
                const struct value_context *context, const struct cell *cell, struct value *out);

/* The choice whose longest word stands in a longer text, or -1; negated words are left alone. */
int value_choice_inside(const struct profile_field *field, struct str cleaned);

/* A name as stored: blanks around and inside a Chinese name removed. */
struct str value_name(struct arena *arena, struct str written);

/* True when a cell of the person's own name column can be a name: not a number, a total or a
 * placeholder. */
bool value_is_name(struct str trimmed);

#endif
