#ifndef AWARDS_FACTS_H
#define AWARDS_FACTS_H

#include "awards/award_decide.h"
#include "awards/facts_rows.h"

/* What the linked registers state of each student on a day, as rows for a policy: made from people
 * that were read with a collector (facts_rows.h) and linked. Which register states what is text
 * (facts_text.h). One row a person who is on a roll; ordered by the person's number.
 *
 * What no register states is POLICY_MISSING; what registers state differently POLICY_CONFLICTING;
 * what was stated for an earlier school year POLICY_STALE. A word of a set is absent only when the
 * register that would state it was sent for the person's area or school: else the set is missing,
 * with the words that are known, and `open` says what it may hold besides. */

struct facts {
    const struct facts_text *text;
    const struct policy *policy;
    const struct people *people;
    const struct fact_rows *kept;
    day at;
    uint16_t subject; /* POLICY_NONE: the policy is about no such people, there are no rows */
    struct policy_rows rows; /* by person's number */
    struct award_open open;
    uint32_t *persons;        /* by row: in people.persons */
    uint32_t *records;        /* by row: the record that makes the person a student */
    uint32_t *schools;        /* by row: number of the school in `school_texts` */
    struct dict school_texts; /* code, or name where no code is known; number 0: not known */
    struct str *school_areas; /* by row: the school's division code, may be empty */
    struct str *areas;        /* by row: the home's division code, may be empty */
    uint32_t *row_of;         /* by person: row, or UINT32_MAX */
    struct fact_maker *maker; /* for facts_sources */
};

/* Makes the facts of the people's day. In the arena; borrows all that it is given. */
void facts_make(struct arena *arena, const struct facts_text *text, const struct policy *policy,
                const struct people *people, const struct fact_rows *kept, struct facts *out);

enum fact_source_kind {
    FACT_STATED,   /* a row states it */
    FACT_STALE,    /* a row of an earlier school year states it */
    FACT_SILENT,   /* the register was sent, and has no such row: known to be absent */
    FACT_NOT_SENT, /* the register that would state it was not sent for this area or school */
};

/* Where a fact comes from. */
struct fact_source {
    enum fact_source_kind kind;
    int64_t value;            /* FACT_STATED, FACT_STALE: what it states; a set: the words */
    uint32_t register_number; /* in facts_text.registers */
    uint32_t row;             /* in fact_rows.rows; UINT32_MAX for FACT_SILENT and FACT_NOT_SENT */
    uint32_t record;          /* in people.records; UINT32_MAX where the row is no record of the
                                 person: a school's, or that of the head of the household */
    bool one_of;              /* one of the words of `value`, not known which */
    bool of_household;        /* the list names the head for the whole household */
    bool of_guardian;         /* it is the row of somebody who answers for the person */
};

/* All that speaks of an input of a row, in the order of the text's clauses. In the arena. */
void facts_sources(const struct facts *facts, struct arena *arena, size_t row, uint16_t input,
                   struct fact_source **out, size_t *count);

/* What the school that a kept row names is known by, as in `school_texts`; may be empty. */
struct str facts_school_of(const struct facts *facts, uint32_t kept_row);

/* True when a kept row states a word of a set on the day: somebody is on a list. */
bool facts_row_states_word(const struct facts *facts, uint32_t kept_row);

/* The kept row of a record (in fact_rows.rows), or UINT32_MAX. */
uint32_t facts_kept_row(const struct facts *facts, uint32_t record);

/* The row of a person's number, or SIZE_MAX. */
size_t facts_row_of(const struct facts *facts, int64_t person);

#endif
