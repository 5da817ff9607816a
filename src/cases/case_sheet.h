#ifndef CASES_CASE_SHEET_H
#define CASES_CASE_SHEET_H

#include "access/codec.h"
#include "base/list.h"
#include "cases/procedure.h"

/* A case sheet: the steps owed in an area as a workbook that is filled in where there is no
 * network, and read back (case_pack.h, case_unpack.h). Here is what both sides share: the columns,
 * the seal of a row, the workbook itself.
 *
 * A row stands for one step owed in one case. Its seal, in a hidden column, is the row as it was
 * packed (all fixed cells, the version of the case, who packed it and when) under codec_seal: an
 * HMAC-SM3 with the workspace's key. So a row is known by itself, wherever it stands: rows may be
 * sorted, taken out, or put together from several files; a fixed cell that was changed is told from
 * what the seal says, and a seal of another workspace is known by the mark in front of it. */

enum {
    CASE_SHEET_ROWS_MAX = 5000,
    CASE_SHEET_SHEETS_MAX = 64,
    CASE_SHEET_HEADER_ROWS_MAX = 20, /* above the rows: the header is looked for so far down */
};

enum case_sheet_column {
    SHEET_CASE, /* fixed */
    SHEET_NAME,
    SHEET_ID_NUMBER, /* masked */
    SHEET_SCHOOL,
    SHEET_AREA,
    SHEET_STATE,
    SHEET_STEP,
    SHEET_OWES,
    SHEET_DUE,
    SHEET_OVERDUE,
    SHEET_DAY, /* to be filled in */
    SHEET_WAY,
    SHEET_WHO,
    SHEET_SAID,
    SHEET_RESULT,
    SHEET_OUTCOME,
    SHEET_EVIDENCE,
    SHEET_NOTE,
    SHEET_SEAL, /* hidden */
    SHEET_COLUMN_COUNT,
    SHEET_FIXED_COUNT = SHEET_DAY,
};

/* "日期" and "day": the heading has both. */
const char *case_sheet_heading(enum case_sheet_column column, enum lang lang);

/* "入户 at home": a word as it stands in a list to choose from, and in the cell when it was chosen;
 * in the arena. */
struct str case_sheet_choice(struct arena *arena, const struct procedure_word *word);

/* A row as it was packed. Texts hold no control characters. */
struct case_sheet_seal {
    struct str pack;         /* which workbook: 16 digits in hexadecimal */
    int64_t row, rows;       /* which row of how many, from 1 */
    struct str by;           /* who packed it */
    day at;                  /* for which day */
    int64_t number, version; /* of the case; the version seen */
    struct str step;         /* key */
    struct str fixed[SHEET_FIXED_COUNT];
};

/* "1.WORKSPACE.…", in the arena. */
struct str case_sheet_seal_write(struct codec *codec, struct arena *arena,
                                 const struct case_sheet_seal *seal);

/* Opens one. ERR_INPUT: there is none, it is of another workspace, or it was changed. */
MUST_USE bool case_sheet_seal_read(struct codec *codec, struct arena *arena, struct str text,
                                   struct case_sheet_seal *out, struct err *err);

/* The mark of the workspace that stands in front of a seal, 16 digits; in the arena. */
struct str case_sheet_workspace(struct codec *codec, struct arena *arena);

/* A row as it stands in a workbook. */
struct case_sheet_row {
    struct str sheet;                     /* name; empty in files that have none */
    uint64_t number;                      /* as the user sees it, from 1 */
    bool number_day;                      /* the day's cell is a number without the form of a day */
    struct str cells[SHEET_COLUMN_COUNT]; /* trimmed */
    const struct procedure *procedure;    /* for the outcomes to choose from; may be NULL */
    struct str problem_zh, problem_en;    /* what was wrong when it was read; may be empty */
};

/* Who made the workbook, for its title and its last sheet. */
struct case_sheet_head {
    struct str pack, workspace, by, area_name;
    day at;
    bool problems; /* with a column for what was wrong */
};

/* Writes the workbook: the rows in their order, the words and codes to choose from, and how to fill
 * it in. `path` ends in ".xlsx": ERR_USAGE where it does not; ERR_IO, ERR_LIMIT. */
MUST_USE bool case_sheet_write(struct arena *arena, const struct procedures *procedures,
                               const struct case_sheet_head *head,
                               const struct case_sheet_row *rows, size_t count, const char *path,
                               struct err *err);

/* Reads the rows of all sheets of a file that have the header of a case sheet, by sheet, then as
 * they stand; rows without a text are left out. ERR_INPUT when no sheet has it; ERR_LIMIT beyond
 * CASE_SHEET_ROWS_MAX; others as workbook_open. */
MUST_USE bool case_sheet_read(struct arena *arena, const char *path, struct case_sheet_row **out,
                              size_t *count, struct err *err);

#endif
