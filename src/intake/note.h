#ifndef INTAKE_NOTE_H
#define INTAKE_NOTE_H

/* The codes of what intake remarks about a cell or a row. A row with NOTE_ROW_NAMES_NOBODY is
 * rejected; every other note is a warning, and the value is kept as written. The sentences come
 * from intake_note_text (intake/intake.h) and are listed in docs/registers.md. */

#define NOTE_ROW_NAMES_NOBODY "row_names_nobody"
#define NOTE_ROW_SHIFTED "row_shifted"
#define NOTE_NAME_DAMAGED "name_damaged"
#define NOTE_NAME_NO_NAME "name_no_name"
#define NOTE_ID_WRONG_CHECK "id_wrong_check"
#define NOTE_ID_DAMAGED "id_damaged"
#define NOTE_ID_NOT_OWN "id_not_own"
#define NOTE_ID_BIRTH_DIFFERS "id_birth_differs"
#define NOTE_ID_SEX_DIFFERS "id_sex_differs"
#define NOTE_STUDENT_NUMBER_WRONG "student_number_wrong"
#define NOTE_DATE_UNREADABLE "date_unreadable"
#define NOTE_DATE_AMBIGUOUS "date_ambiguous"
#define NOTE_DATE_UNREAL "date_unreal"
#define NOTE_SEX_UNREADABLE "sex_unreadable"
#define NOTE_YES_NO_UNREADABLE "yes_no_unreadable"
#define NOTE_CHOICE_UNKNOWN "choice_unknown"
#define NOTE_NUMBER_UNREADABLE "number_unreadable"
#define NOTE_MONEY_UNREADABLE "money_unreadable"
#define NOTE_AREA_UNKNOWN "area_unknown"
#define NOTE_PHONE_UNREADABLE "phone_unreadable"
#define NOTE_SCHOOL_CODE_WRONG "school_code_wrong"
#define NOTE_GRADE_UNREADABLE "grade_unreadable"
#define NOTE_PERIOD_UNREADABLE "period_unreadable"
#define NOTE_PEOPLE_UNREADABLE "people_unreadable"
#define NOTE_DIGITS_LOST "digits_lost"

#endif
