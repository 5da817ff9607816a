#ifndef AWARDS_ROSTER_INTERNAL_H
#define AWARDS_ROSTER_INTERNAL_H

#include "awards/facts_internal.h"

/* What the files of the roster share: its members, and how rows of other registers are theirs. */

enum { ROSTER_ROWS_MAX = 64, ROSTER_GUARDIANS_MAX = 4 };

/* The rows that speak of one member. */
struct roster_rows {
    uint32_t own[ROSTER_ROWS_MAX]; /* kept rows; the member's own row first */
    size_t own_count;
    uint32_t household[HOUSEHOLD_ROWS_MAX]; /* of the head, for the whole household */
    size_t household_count;
    struct str guardians[ROSTER_GUARDIANS_MAX]; /* ID numbers */
    size_t guardian_count;
};

struct roster {
    uint32_t *members; /* by row of facts: kept row */
    size_t count;
    struct dict ids;        /* ID numbers of rows of registers of people */
    LIST(uint32_t) id_rows; /* by number in ids: the first row in the chain … */
    uint32_t *same_id;      /* … by kept row: the next with the same number, or UINT32_MAX */
    uint32_t *record_of;    /* by kept row: record in people.records, or UINT32_MAX */
    struct dict counties;   /* "REGISTER/620422" of registers that have a row there */
    const struct roster_rows *rows; /* of the member asked about last */
};

/* roster_join.c: numbers and records of the kept rows; and the rows that speak of a member. */
void roster_read_numbers(struct fact_maker *maker);
void roster_gather(const struct fact_maker *maker, uint32_t member, struct roster_rows *out);

/* The first row with an ID number, or UINT32_MAX. */
uint32_t roster_row_of_id(const struct roster *roster, struct str id);

/* Whether a register has a row in a county: its list came. */
bool roster_was_sent(const struct fact_maker *maker, size_t register_number, int64_t county);

/* roster_say.c: what the clauses say of an input of a member, in the text's order. What only says
 * that a list came or did not (FACT_SILENT without a value that counts, FACT_NOT_SENT) has `counts`
 * false. */
struct roster_hearer {
    void (*hear)(void *context, const struct fact_source *source, bool counts);
    void *context;
};
void roster_say(const struct fact_maker *maker, uint32_t member, const struct roster_rows *rows,
                uint16_t input, const struct roster_hearer *hearer);

/* The first that counts. */
enum policy_state roster_state_of(const struct fact_maker *maker, uint32_t member,
                                  const struct roster_rows *rows, uint16_t input, int64_t *value);

#endif
