#ifndef AWARDS_FACTS_TEXT_H
#define AWARDS_FACTS_TEXT_H

#include "profile/profile.h"

/* What the registers state of a subject of the policy, as text: policies/PACK/rules/SUBJECT_facts
 * .yaml says which row makes a student, which field of which register states which input, and whose
 * silence means "no" (docs/awards.md describes the format). The engine knows no register and no
 * input by name.
 *
 * Values of fields are compared with words: a word may hold `*` (any text) and `?` (any one
 * character); `""` is an empty cell, and `*` alone any value but that. */

/* A field of a register whose values are kept while people are read; by place among the kept ones.
 */
enum { FACT_SLOTS_MAX = 48, FACT_CLAUSES_MAX = 1024, FACT_WORDS_MAX = 256 };

/* In place of a field: the row's area, the first day that it speaks of. */
enum { FACT_AREA = -1, FACT_STATED_ON = -2 };

struct fact_condition {
    size_t slot;
    struct str *words;
    size_t word_count;
    bool unless; /* the clause holds only when none of the words is there */
};

/* A value of a field and what it states. */
struct fact_word {
    struct str pattern, value;
};

struct fact_clause {
    size_t register_number; /* in facts_text.registers */
    struct str input; /* of the policy; empty for clauses that tell who is one of the subject */
    struct fact_condition *conditions;
    size_t condition_count;
    int from, to;    /* slots of days between which it holds, or -1 */
    int school_year; /* slot of a school year that has to be the day's, or -1 */
    bool fresh;      /* only a row of the day's school year speaks */

    /* Of people who are found by the ID number of a list that is not linked (roster.h). */
    bool of_guardian;  /* the rows of those who answer for the person speak */
    int through;       /* of a school: the one that a row of this register names; -1: the own row */
    struct str within; /* an input that is a code: "yes" only where the row's area lies in it */
    struct str silent; /* what is so where the list came and nobody of the household is on it */
    bool partial_first; /* a month stands for its first day */
    bool extra;         /* the register's silence about this says nothing */

    /* One of these says what is stated. */
    struct str value;   /* this value */
    struct str *one_of; /* words of a set: one of them, not known which; only where the row
                           states none of them otherwise */
    size_t one_of_count;
    int field;               /* the value of this slot, or -1 */
    struct fact_word *words; /* … by these words; what none of them fits states nothing */
    size_t word_count;
    bool number;   /* … the digits at its end, where no word fits */
    size_t digits; /* … its first so many digits; 0: all of it */
};

/* A register that some clause reads. */
struct fact_register {
    struct str key;
    const struct profile *profile;
    int fields[FACT_SLOTS_MAX]; /* by slot: field of the profile, or FACT_AREA, FACT_STATED_ON */
    size_t slot_count;
    bool speaks_for_absent; /* a constant is stated by its rows: rows of adults show that it came */
    bool keeps_adults;      /* rows of adults are kept: somebody is found among them by ID number */
    bool keeps_households;  /* its list may name the head of a household for all of it */
    int counted;            /* slot of how many of the household it covers, or -1 */
    /* Slots that telling schools and households apart needs, or -1. */
    int name, id_number, relation, household_number, school_code, school_name, area;
};

/* Words of a set of which at most one is true. */
struct fact_apart {
    struct str input;
    struct str *words;
    size_t word_count;
};

/* A name of payments that may mean several schemes. */
struct fact_either {
    struct str name;
    struct str *schemes; /* keys of the policy */
    size_t scheme_count;
};

/* A day of each year; month 0: none. */
struct month_day {
    int month, day;
};

/* The register of what was paid; slots of its fields, or -1. */
struct fact_paid {
    int register_number; /* in facts_text.registers; -1: the text names none */
    int scheme, period, paid_on, serial;
    int amounts[2];
    struct fact_either *eithers;
    size_t either_count;
    struct month_day by_autumn, by_spring, by_year; /* the last day to pay a period, inside of it */
};

struct facts_text {
    struct str source_name, source; /* the text itself, as rule sets keep it */
    struct str key, subject, zh, en;
    struct month_day school_year_from; /* from here on a school speaks of the year that begins */
    int64_t expected_rows_min; /* an area without a row where at least so many would be expected has
                                  not sent the list */
    struct fact_register *registers;
    size_t register_count;
    struct fact_clause *members; /* who is of the subject: the first that holds, the newest row */
    size_t member_count;
    struct fact_clause *attends; /* which of several rows counts: that of whom such a row of the
                                    same school confirms */
    size_t attend_count;
    struct fact_clause *states; /* what is stated; of one input the first to state it speaks */
    size_t state_count;
    struct str *home; /* registers whose area is a person's home, the surest first */
    size_t home_count;
    struct str *agree; /* inputs of which all registers that state them have to say the same */
    size_t agree_count;
    struct fact_apart *aparts;
    size_t apart_count;
    struct fact_paid paid;
};

/* Loads rules/SUBJECT_facts.yaml of the embedded packs, or of `folder` when not NULL.
 * ERR_NOT_FOUND when there is none of the subject; ERR_INPUT with file, line and column for a
 * register, field or key that is not known. Whether inputs and
 * words are the policy's is seen when facts are made (facts.h): a policy need not use them all. */
MUST_USE bool facts_text_load(struct facts_text *out, struct arena *arena,
                              const struct profiles *profiles, const char *folder,
                              const char *subject, struct err *err);

/* The same from a text that is at hand: that of an old rule set. */
MUST_USE bool facts_text_read(struct facts_text *out, struct arena *arena,
                              const struct profiles *profiles, struct str name, struct str source,
                              struct err *err);

/* The number of the register in facts_text.registers, or -1. */
int facts_text_register(const struct facts_text *text, struct str key);

/* True when `value` fits the word. */
bool fact_word_fits(struct str word, struct str value);

/* The school year that a cell names, by the year in which it begins: 2020 for "2020-2021",
 * "2020—2021学年", "2020年秋季", "2021年春季学期", "2020学年"; 0 when it names none. */
int fact_school_year(struct str cell);

#endif
