#ifndef AWARDS_FACTS_INTERNAL_H
#define AWARDS_FACTS_INTERNAL_H

#include "awards/facts_known.h"
#include "base/list.h"

/* What the files that make facts share. */

/* A clause as the policy at hand understands it. */
struct bound_clause {
    const struct fact_clause *clause;
    uint16_t input; /* POLICY_NONE: the policy has no such input or word */
    bool is_set;
    int64_t value; /* constant value; a set: its bit */
    int64_t mask;  /* one_of: the words */
    size_t group;  /* one_of: in groups */
};

/* Clauses in the text's order. */
struct bound_list {
    LIST(const struct bound_clause *) items;
};

/* A register whose silence about words of a set means that they are absent. */
struct keeper {
    uint32_t register_number;
    uint16_t input;
    int64_t words;
    size_t group; /* for where it was not sent */
    bool by_school;
};

/* Somebody whose row stands for a whole household. */
struct household_head {
    uint32_t row;
    bool shared; /* several rows of the register are called so: the name tells nothing */
};

struct fact_maker {
    struct arena *arena;
    const struct facts_text *text;
    const struct policy *policy;
    const struct people *people;
    const struct fact_rows *kept;
    struct facts *facts;
    int school_year;             /* in which the day lies */
    day fresh_from;              /* what was stated from here on is of that year */
    struct bound_clause *states; /* in the text's order */
    struct bound_list by_input[POLICY_INPUTS_MAX];
    struct bound_list *by_register; /* those of sets */
    bool agrees[POLICY_INPUTS_MAX]; /* by input */
    uint32_t *row_of_record;        /* in kept.rows, or UINT32_MAX */
    LIST(struct award_group) groups;
    LIST(struct keeper) keepers;
    int64_t *aparts; /* masks, with their inputs */
    uint16_t *apart_inputs;
    size_t apart_count;
    struct dict school_codes, school_names;
    LIST(uint32_t) code_rows; /* by number in school_codes: row of the schools register */
    LIST(struct household_head) name_rows;
    struct dict head_ids, head_names; /* of those who stand for households */
    LIST(uint32_t) head_id_rows;      /* by number: first row in the chain … */
    LIST(struct household_head) head_name_rows;
    uint32_t *same_head;             /* … by row: the next with the same number, or UINT32_MAX */
    bool **sent;                     /* by keeper and row of facts */
    const struct facts_known *known; /* of the one person they are made of; NULL: of all */
    struct roster *roster;           /* of people who are not linked (roster.c); NULL: they are */
};

/* facts.c: which kept row is which record. */
void facts_meet_records(struct fact_maker *maker);

/* roster.c: facts_sources for them. */
void roster_sources(const struct fact_maker *maker, struct arena *arena, size_t row, uint16_t input,
                    struct fact_source **out, size_t *count);

/* facts.c: the school year in which the day lies. */
void fact_maker_year(struct fact_maker *maker);

/* facts_bind.c: the text's clauses as the policy understands them; groups and keepers. */
void facts_bind(struct fact_maker *maker);

/* facts_clause.c: whether a clause holds of a row, and what it states. */
bool fact_clause_holds(const struct fact_maker *maker, const struct fact_clause *clause,
                       uint32_t row, bool *stale);
bool fact_clause_value(const struct fact_maker *maker, const struct bound_clause *bound,
                       uint32_t row, int64_t *value);
/* Whether a row of a register is of the school year where the register's clauses ask for it. */
bool fact_row_is_current(const struct fact_maker *maker, uint32_t row);

/* facts_school.c: schools by code and name. The row of the schools' register for a row that names a
 * school, or UINT32_MAX; and what the school is known by. */
void facts_read_schools(struct fact_maker *maker);
uint32_t fact_school_row(const struct fact_maker *maker, uint32_t row);
struct str fact_school_text(const struct fact_maker *maker, uint32_t row);
bool fact_same_school(const struct fact_maker *maker, uint32_t a, uint32_t b);

/* facts_household.c: rows of heads that stand for a person's household, besides the person's own
 * rows; at most HOUSEHOLD_ROWS_MAX. */
enum { HOUSEHOLD_ROWS_MAX = FACT_HOUSEHOLD_ROWS_MAX };
void facts_read_households(struct fact_maker *maker);
size_t facts_household_rows(const struct fact_maker *maker, uint32_t person,
                            uint32_t out[HOUSEHOLD_ROWS_MAX]);

/* facts_sent.c: which keepers sent their register for whom. */
void facts_read_sent(struct fact_maker *maker);

/* facts_fill.c: the columns, row by row. */
void facts_fill(struct fact_maker *maker);

#endif
