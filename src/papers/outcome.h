#ifndef PAPERS_OUTCOME_H
#define PAPERS_OUTCOME_H

#include "cases/procedure.h"
#include "profile/profile.h"

/* How a suspicion ends, as text: policies/PACK/rules/suspects.yaml has, for the outcome codes
 * (核查结果) of a procedure, the proofs that each needs, and the clauses by which what registers
 * say of a child gives a code. The engine knows no register, no code and no proof by name. */

enum { OUTCOME_FACTS_MAX = 64 };

struct outcome_proof {
    struct str key, zh, en;
    struct str of_zh, of_en; /* whom to ask for it */
    uint64_t held_by;        /* facts that show that it is at hand: bits by number of the fact */
};

struct outcome_code {
    struct str code; /* "01" */
    struct str zh, en;
    bool closes;            /* a case may end with it, once proofs are at hand */
    const uint32_t *proofs; /* numbers in outcomes.proofs */
    size_t proof_count;
    struct str act_zh, act_en; /* what has to be done before it closes; empty: nothing */
};

/* One register's way to state a fact; several sources of one key are one fact. */
struct outcome_condition {
    int field;         /* of the profile */
    struct str *words; /* see suspects.yaml: "", "*", "WORD*", "*WORD*", "@province" */
    size_t word_count;
    bool unless;
};

struct outcome_source {
    uint32_t fact; /* number in outcomes.facts */
    const struct profile *profile;
    struct outcome_condition *conditions;
    size_t condition_count;
    bool term;        /* the day must lie between the fields from and to */
    int from, to;     /* their numbers; -1: the register has none */
    const int *shows; /* fields that evidence quotes */
    size_t show_count;
};

struct outcome_clause {
    uint32_t code;          /* number in outcomes.codes */
    uint64_t all, none;     /* facts, as bits */
    const uint32_t *proofs; /* of the clause, else of its code */
    size_t proof_count;
    struct str act_zh, act_en;
};

/* Facts that no single record states, found by the program; the first of outcomes.facts. */
enum outcome_found {
    OUTCOME_NUMBER_DIFFERS, /* the list's number is not the one on the roll or attendance list */
    OUTCOME_OVER_AGE,
    OUTCOME_UNDER_AGE,
    OUTCOME_ALONE,      /* no register knows the child */
    OUTCOME_NOT_LISTED, /* on the roll of a school that lists who is present, and not listed */
    OUTCOME_FOUND_COUNT,
};

/* A column of the return workbook. */
enum outcome_column_is {
    OUTCOME_COLUMN_FIELD,
    OUTCOME_COLUMN_SERIAL,
    OUTCOME_COLUMN_PLACE,
    OUTCOME_COLUMN_CODE,
    OUTCOME_COLUMN_OUTCOME,
    OUTCOME_COLUMN_STATE,
    OUTCOME_COLUMN_CERTAINTY,
    OUTCOME_COLUMN_EVIDENCE,
    OUTCOME_COLUMN_ACT,
    OUTCOME_COLUMN_PROOFS_HELD,
    OUTCOME_COLUMN_PROOFS_WANTED,
    OUTCOME_COLUMN_FOLDER,
    OUTCOME_COLUMN_SOURCE,
    OUTCOME_COLUMN_IS_COUNT,
};

struct outcome_column {
    struct str heading;
    enum outcome_column_is is;
    int field; /* of the list's profile, for OUTCOME_COLUMN_FIELD */
    int width; /* characters */
};

struct outcomes {
    struct str key, zh, en;
    int64_t sure_permille, likely_permille;
    struct outcome_code *codes;
    size_t code_count;
    struct outcome_proof *proofs;
    size_t proof_count;
    uint64_t number_facts;            /* facts of records whose number is compared */
    const struct profile *presence;   /* register of those present, or NULL */
    const struct profile **residence; /* registers of those who live here */
    size_t residence_count;
    uint64_t against;               /* facts that say the child is in no school */
    const struct profile *list;     /* the register of the list: it has the rules' key */
    struct outcome_column *columns; /* of the return workbook */
    size_t column_count;
    struct str *facts; /* keys, by number; at most OUTCOME_FACTS_MAX */
    size_t fact_count;
    struct outcome_source *sources;
    size_t source_count;
    struct outcome_clause *clauses;
    size_t clause_count;
};

/* Loads rules/suspects.yaml of the embedded packs, or of `folder` when not NULL. The profiles and
 * procedures live as long. ERR_INPUT with file, line and column: an unknown register, field, fact,
 * proof, code or key is an error. */
MUST_USE bool outcomes_load(struct outcomes *out, struct arena *arena,
                            const struct profiles *profiles, const struct procedures *procedures,
                            const char *folder, struct err *err);

/* The code with this text, or NULL. */
const struct outcome_code *outcome_find(const struct outcomes *outcomes, struct str code);

/* Whether a record with these values (by field of its profile) states the source's fact. `at` is
 * "2020-09-18"; `province` what the place's province is called ("甘肃"), may be empty. */
bool outcome_source_holds(const struct outcome_source *source, const struct str *values,
                          struct str at, struct str province);

/* The first clause that the facts meet, or NULL. */
const struct outcome_clause *outcome_decide(const struct outcomes *outcomes, uint64_t facts);

#endif
