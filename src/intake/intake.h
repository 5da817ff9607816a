#ifndef INTAKE_INTAKE_H
#define INTAKE_INTAKE_H

#include "base/day.h"
#include "base/list.h"
#include "base/progress.h"
#include "identity/division.h"
#include "intake/workbook.h"
#include "profile/profile.h"

/* From a clerk's file to checked rows: finds in each sheet the header (by synonyms and by what the
 * cells hold, below title rows, in one or two rows), recognises the register, reads every row by
 * the profile, and says of each whether it is accepted, accepted with warnings, or rejected and
 * why. Rows that are no records (titles, totals, signatures, repeated headers, blank rows) are
 * passed over and counted. Pure: writes nothing; registry stores what it gives. */

/* How one sheet is read. */
struct sheet_plan {
    size_t sheet; /* number in the workbook */
    struct str sheet_name;
    const struct profile *profile; /* NULL: no register recognised, the sheet is passed over */
    uint64_t header_row;           /* row number of the (last) header row */
    uint64_t data_row;             /* row number of the first data row */
    struct str *headings;          /* per column, as written (two-row headers joined with "/") */
    int *fields; /* per column: field number, -1 for a column that is kept aside, or -2 for one
                    that only counts rows */
    size_t column_count;   /* of one panel */
    struct str *defaults;  /* per field: what title, sheet or file name say about all rows, as
                              written; ptr NULL otherwise. NULL when profile is */
    unsigned char *orders; /* per column: enum date_order that its days prove */
    unsigned char
        *flags;         /* per column: number of the choice + 1 that it says yes or no to, else 0 */
    bool *repeats;      /* per column: an empty cell repeats the one above (groups of rows) */
    size_t panels;      /* times that the columns stand side by side, each a record; 1 is usual */
    struct str place;   /* prefecture ("620400") that most ID numbers are from, or empty: where
                           names of townships are looked for when no text says */
    struct str title;   /* text above the header, joined with blanks */
    day day_stated;     /* a day or month that title, sheet or file name states, or DAY_NONE */
    int score_permille; /* how sure */
};

/* What somebody who has looked at a file says of it before it is imported: that a column is a field
 * (or none), over what its heading and cells seem to say; and what a cell should have been. Columns
 * and places count from 0; a sheet is named, "" in text files. */
struct intake_column {
    struct str sheet;
    size_t place;
    struct str heading; /* as it stands in the file: also helps to find the header row */
    struct str field;   /* key; empty: leave the column aside */
};
struct intake_fix {
    struct str sheet;
    uint64_t row;
    size_t place; /* over the whole width of the sheet */
    struct str value;
};

struct intake_options {
    struct str as;        /* register key given by the user; empty: recognise */
    const char *map_file; /* YAML that maps headings to fields, or NULL */
    struct str area;      /* --area: default division code, may be empty */
    day at;               /* --at, or DAY_NONE */
    const struct intake_column *columns;
    size_t column_count;
    const struct intake_fix *fixes;
    size_t fix_count;
};

struct intake_file {
    struct workbook *workbook;
    struct sheet_plan *plans; /* one per sheet */
    size_t plan_count;
    const struct profile *profile; /* the register that a walk reads: at first the one that most of
                                      the file's rows are of (registers of people before others) */
    const struct profile **registers; /* all that its sheets are read as: schools and places first,
                                         for others lean on them, then in the order of the sheets */
    size_t register_count;
    struct arena *arena; /* given to intake_open */
    struct str name;     /* of the file, without folders */
    struct intake_options options;
};

/* Opens the file and plans every sheet by itself: sheets of one register belong together, and a
 * file may hold several registers. Beside a register of people, a list of schools or places counts
 * only where it has their codes, and a sheet that calls itself a summary or a specimen never, for
 * such sheets often stand in front; the arena holds the plans, and a walk adds to it what it
 * remembers from row to row, so no other thread may use it meanwhile. Refused (ERR_INPUT) when no
 * sheet is recognised: the sentence names the headings seen, the nearest register and what it
 * lacks. Close with intake_close. */
MUST_USE bool intake_open(struct intake_file *out, struct arena *arena, const char *path,
                          const struct profiles *profiles, const struct intake_options *options,
                          struct err *err);
void intake_close(struct intake_file *file);

/* Every row ends as one of these; a rejected one names nobody or cannot be read. */
enum row_outcome { ROW_ACCEPTED, ROW_WARNED, ROW_REJECTED };

/* What is remarked about one cell or row; texts in intake/note.h by code. */
struct intake_note {
    int field;       /* field number, or -1 for the row */
    size_t column;   /* column from 0, or SIZE_MAX */
    struct str code; /* "id_wrong_check", "date_unreadable", … */
};

/* One row as read. Memory lives in the arena given to intake_next or in that of intake_open. */
struct intake_row {
    size_t sheet;
    uint64_t number;
    enum row_outcome outcome;
    struct str *values;  /* per field of the profile: canonical where understood, else as written;
                            empty when the cell is empty or the column absent */
    struct str *written; /* per field: as written where that differs from `values`, else ptr NULL */
    struct intake_note *notes;
    size_t note_count;
    struct str *extra;  /* columns without a field: heading, value, heading, value … */
    size_t extra_count; /* of pairs */
    struct str area;    /* division code (6, 9, 12) of the record, best known: explicit code, else
                           place names, else address; else empty (registry adds --area) */
};

/* A cell that was corrected, as the walk met it; texts in the arena of the file. */
struct intake_corrected {
    size_t sheet; /* number */
    uint64_t row;
    size_t place;
    struct str was, value;
};

/* A walk over all rows of all sheets of one register of the file (file->profile, which may be set
 * to each of `registers` in turn). */
struct intake_walk {
    struct intake_file *file;
    const struct divisions *divisions;
    size_t plan; /* current */
    bool sheet_open;
    uint64_t rows, accepted, warned, rejected, passed_over; /* so far, over all sheets */
    LIST(struct intake_corrected) corrected;                /* so far */
    void *state;                                            /* of the module */
};

/* Starts before the first row; borrows `file` and `divisions` until the walk is over. */
void intake_walk_start(struct intake_walk *walk, struct intake_file *file,
                       const struct divisions *divisions);

/* The next record row (rejected ones too). *more is false at the end. */
MUST_USE bool intake_next(struct intake_walk *walk, struct arena *arena, struct intake_row *row,
                          bool *more, struct err *err);

/* The sentence for a note's code; NULL code texts never come back: an unknown code is CHECKed. */
const char *intake_note_text(struct str code, enum lang lang);

/* The codes one by one, from 0; NULL behind the last. */
const char *intake_note_code(size_t number);

#endif
