#ifndef CASES_CASE_UNPACK_H
#define CASES_CASE_UNPACK_H

#include "cases/case_sheet.h"
#include "cases/case_write.h"

/* Reads a case sheet back. Each filled row becomes events of its case, through case_write with all
 * its checks; each event keeps which row of which workbook it came from (fields `sheet`, and
 * `sheet_hash` of what was filled in), so that the same row read again adds nothing.
 *
 * A row is in conflict when the case went on since it was packed: somebody wrote in it, or a run
 * closed, returned, opened again or merged it. What came from other rows of the same workbook, and
 * what a run says of registers, is no conflict. Nothing is written for it unless it is kept.
 *
 * The file is one transaction, and the workbook of what was not taken is written before it ends:
 * after a success every row taken stands and every other is in that workbook; after a failure of
 * the machine nothing was written at all. */

enum unpack_result {
    UNPACK_EMPTY, /* nothing is filled in */
    UNPACK_TAKEN,
    UNPACK_ALREADY,  /* was taken before, with the same contents */
    UNPACK_CONFLICT, /* the case went on */
    UNPACK_REFUSED,
    UNPACK_RESULT_COUNT,
};

/* What both sides say of one field since; `field` is a key of case_event, or "event", or "day". */
struct unpack_conflict {
    struct str field, yours, theirs, user;
    int64_t version; /* of their event */
};

struct unpack_row {
    struct case_sheet_row *row;
    enum unpack_result result;
    int64_t number, version; /* of the case; the version afterwards; 0 where it is not known */
    struct str step;
    struct str why_zh, why_en; /* of a row in conflict or refused */
    struct unpack_conflict *conflicts;
    size_t conflict_count;
};

/* A row that is written in spite of a conflict. */
struct unpack_keep {
    struct str sheet; /* name; empty: whichever has it */
    uint64_t number;
};

enum { UNPACK_KEEP_MAX = 1000 };

struct unpack_wish {
    const char *path;
    const struct unpack_keep *keep;
    size_t keep_count;
    const char *rejects; /* workbook of what is in conflict or refused; NULL: none */
    bool dry_run;        /* all is checked, nothing is written but `rejects` */
};

struct unpack_outcome {
    struct unpack_row *rows; /* as they stand in the file */
    size_t count;
    size_t counts[UNPACK_RESULT_COUNT];
};

/* Reads which rows are kept: "5,9", or "SHEET:5,9", a line for each sheet. ERR_USAGE; in the arena.
 */
MUST_USE bool unpack_keep_read(struct arena *arena, struct str written, struct unpack_keep **out,
                               size_t *count, struct err *err);

/* ERR_INPUT when the file is no case sheet; ERR_USAGE when `keep` names a row that does not stand
 * in it once; ERR_STORE, ERR_IO. All in the arena. */
MUST_USE bool case_unpack(const struct casework *work, struct arena *arena,
                          const struct asker *asker, const struct unpack_wish *wish,
                          struct unpack_outcome *out, struct err *err);

/* "taken" "empty" "already" "conflict" "refused"; and their words. */
const char *unpack_result_key(enum unpack_result result);
const char *unpack_result_text(enum unpack_result result, enum lang lang);

#endif
