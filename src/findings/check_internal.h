#ifndef FINDINGS_CHECK_INTERNAL_H
#define FINDINGS_CHECK_INTERNAL_H

#include "base/list.h"
#include "findings/check.h"
#include "link/people_weigh.h"

/* What the files of the check share. */

#define SAYS(says) (1u << (says))

/* What is known of one person, from all its records. */
struct child {
    uint32_t says;           /* SAYS bits of all records */
    day birth;               /* what most records say; DAY_NONE */
    int16_t age;             /* completed years on the last 31 August; -1: not known */
    uint16_t age_permille;   /* chance that the age lies within the rules' bounds */
    bool still_preschool;    /* only kindergartens speak for it, past the age for them */
    bool compulsory_roll;    /* enrolled in a stage of compulsory schooling */
    bool compulsory_attends; /* attending one */
};

struct check {
    struct arena *arena;
    const struct people *people;
    const struct rules *rules;
    const struct progress *progress;
    struct str area;
    uint16_t *says;         /* by record: SAYS bits */
    struct child *children; /* by person */
    struct weigher *weigher;
    LIST(struct finding) findings;
    struct check_summary *summary;
    bool has[SAYS_COUNT]; /* some record says so */
};

/* check_child.c: what each record and each person says. */
void check_read_says(struct check *check);
void check_read_children(struct check *check);

/* The clause by which a record says this, or NULL. */
const struct rule_clause *check_clause(const struct check *check, uint32_t record,
                                       enum rule_says says);

/* True when a record is of a kindergarten. */
bool check_is_preschool(const struct check *check, uint32_t record);

/* The record of a person whose name and number are shown: the first that says `says`, in the order
 * of the clauses; UINT32_MAX when none does. */
uint32_t check_record_saying(const struct check *check, uint32_t person, enum rule_says says);
uint32_t check_shown(const struct check *check, uint32_t person);

/* The area of a person: of the record shown, else the first that has one. */
struct str check_area_of(const struct check *check, uint32_t person);

/* check_second.c: a second look for persons that lack records of a kind. */
struct second_look {
    uint32_t mine;   /* SAYS bits by which the persons asked about are known */
    uint32_t wanted; /* SAYS bits that they lack */
    const uint32_t *persons;
    size_t count;
};
struct second_answer {
    uint32_t record, nearest; /* the person's record and the nearest of another; UINT32_MAX: none */
    int32_t weight_millibits; /* of the two, the odds before looking included */
    double found;             /* chance that a record of the wanted kind is this person's */
    double nearest_found;     /* the part of it that rests on the nearest */
};

/* Fills one answer a person asked about. A person may lack the wanted records altogether, or hold
 * some by a thread (check_hangs_by_a_thread): those are weighed as if they were another's. */
void check_second_look(struct check *check, const struct second_look *look,
                       struct second_answer *answers);

/* True when a person's records that say `mine` and those that say `wanted` are held together by
 * nothing that is sure by itself. */
bool check_hangs_by_a_thread(struct check *check, uint32_t person, uint32_t mine, uint32_t wanted);

/* check_reported.c: what schools and offices have not reported. A comparison with a list that was
 * not sent suspects nobody.
 *
 * By school: of the persons known by `mine` records at a school, at least the rules' share lack
 * `wanted` ones. Says so by person: true where the person's school has not reported. */
struct unreported {
    bool *persons;      /* by person: lies in a school or area that has not reported */
    bool *empty_school; /* by person: its school shows nobody, but is too small to be sure */
};
void check_unreported_schools(struct check *check, uint32_t mine, uint32_t wanted,
                              const uint32_t *persons, size_t count, const char *reason,
                              struct unreported *out);

/* By area (village, township, county, all) and band of age: `missing` tells for each of `persons`
 * whether it would be suspected; `count` of them are asked about, all persons expected and of age
 * are the base. */
void check_unreported_areas(struct check *check, const uint32_t *persons, const bool *missing,
                            size_t count, struct unreported *out);

/* check_kinds.c: the findings of each kind. */
void check_not_enrolled(struct check *check);
void check_attending_unregistered(struct check *check);
void check_not_attending(struct check *check);
void check_enrolled_twice(struct check *check);
void check_roll_unknown(struct check *check);

/* Appends a finding with the fields that all kinds share; NULL when it is below the listing bound
 * or outside the area asked about. */
struct finding *check_add(struct check *check, enum finding_kind kind, uint32_t person,
                          double probability);
void check_add_reason(struct check *check, struct finding *finding, const char *key);

#endif
