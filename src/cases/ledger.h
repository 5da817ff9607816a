#ifndef CASES_LEDGER_H
#define CASES_LEDGER_H

#include "cases/case_run.h"

/* The three ledgers of 四查三比对: every child of compulsory-school age (适龄儿童), those suspected
 * (疑似辍学) and those confirmed (辍学), each with what the four registers show of it; and the same
 * counted by county, township, village or school. Which registers are looked up stands in
 * procedures/ledgers.yaml. */

enum ledger_kind { LEDGER_CHILDREN, LEDGER_SUSPECTED, LEDGER_DROPOUT };
enum ledger_by { LEDGER_BY_COUNTY, LEDGER_BY_TOWNSHIP, LEDGER_BY_VILLAGE, LEDGER_BY_SCHOOL };

enum { LEDGER_MARKS_MAX = 16 };

/* A look-up in registers: a child has it when a record of one of them is its own. */
struct ledger_mark {
    struct str key, zh, en;
    struct str *registers;
    size_t register_count;
};

struct ledger_text {
    struct str procedure; /* whose cases the second and third ledger are */
    struct ledger_mark *looks, *groups;
    size_t look_count, group_count;
};

/* ERR_INPUT with file and line. */
MUST_USE bool ledger_text_load(struct ledger_text *out, struct arena *arena, const char *folder,
                               const struct procedures *procedures, const struct profiles *profiles,
                               struct err *err);

struct ledger_row {
    uint32_t person; /* in people.persons; UINT32_MAX: in no register any more */
    int64_t number;
    struct str name, id_masked, birth, area, school;
    uint32_t looks, groups; /* bits in the order of the text */
    enum standing standing;
    const struct case_row *at; /* its case; NULL: none */
};

/* The rows that the asker sees (of `area`, where it is not empty), by area, school, then person;
 * in the arena. A school sees the children whose school it is. The check must be one over all that
 * the asker sees. */
MUST_USE bool ledger_rows(const struct casework *work, struct arena *arena,
                          const struct asker *asker, const struct ledger_text *text,
                          const struct case_check *check, enum ledger_kind kind, struct str area,
                          struct ledger_row **out, size_t *count, struct err *err);

/* What a unit comes to. */
struct ledger_count {
    struct str unit; /* division code, or name of the school; empty: not known */
    uint64_t children;
    uint64_t standings[STANDING_COUNT];
    uint64_t suspected, dropout, returned; /* by their cases */
    uint64_t looks[LEDGER_MARKS_MAX];      /* of the children of the row kind asked for */
    uint64_t rows;                         /* of the ledger */
};

/* Rows counted by unit, in the order of units; in the arena. */
void ledger_count(struct arena *arena, const struct ledger_row *rows, size_t row_count,
                  const struct ledger_text *text, enum ledger_by by, struct ledger_count **out,
                  size_t *count);

/* "有学籍", "on a roll". */
const char *ledger_standing_text(enum standing standing, enum lang lang);

/* "children" "suspected" "dropout", and "county" "township" "village" "school"; or -1. */
int ledger_kind_of(struct str key);
int ledger_by_of(struct str key);

/* "适龄儿童台账", "ledger of children of age". */
const char *ledger_kind_text(enum ledger_kind kind, enum lang lang);

#endif
