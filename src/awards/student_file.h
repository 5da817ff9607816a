#ifndef AWARDS_STUDENT_FILE_H
#define AWARDS_STUDENT_FILE_H

#include "awards/award_people.h"

/* The rows of a file of students (`aid decide --students FILE`), decided about without a workspace:
 * csv in UTF-8, GB18030 or UTF-16, xlsx or xls, its headings in the first row. Headings and values
 * are the words of the policy's inputs (student_cell.h). An empty cell, or a column that is not
 * there, is unknown.
 *
 * A file is taken whole or refused: a heading of an amount without a unit (学费（元）, 学费（分）,
 * fee_fen), a word that its input does not know, an empty or repeated id,
 * and an empty cell in an input that says whom schemes can concern at all (one that every scheme's
 * `applies` reads: the stage). Columns that no input knows are left aside and named. */

struct student_file {
    struct award_people people;
    struct str *ignored; /* headings of columns that were left aside, as written */
    size_t ignored_count;
};

struct student_wish {
    const struct policy *policy;
    uint16_t subject;
    const char *path;
    const char *simd; /* as scan_choose takes it */
    bool with_names;  /* read the column of names, if there is one */
};

enum { STUDENT_ROWS_MAX = 1 << 28, STUDENT_FAULTS_SHOWN = 3 };

/* Reads a file; all lives in the arena. ERR_INPUT names the file, the line and the column of what
 * is wrong, the first STUDENT_FAULTS_SHOWN of them; ERR_IO, ERR_LIMIT. */
MUST_USE bool student_file_read(struct arena *arena, const struct student_wish *wish,
                                struct student_file *out, struct err *err);

/* The row with this id, or SIZE_MAX. */
size_t award_people_find(const struct award_people *people, struct str id);

#endif
