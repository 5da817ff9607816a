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
    uint32_t found;          /* and of another's that a second look takes for the child's own */
    day birth;               /* what most records say; DAY_NONE */
    int16_t age;             /* completed years on the last 31 August; -1: not known */
    bool of_age;             /* by `age`, within the rules' bounds */
    bool age_sure;           /* all that is stated of the birth agrees on it */
    bool still_preschool;    /* only kindergartens speak for it, past the age for them */
    bool compulsory_roll;    /* enrolled in a stage of compulsory schooling */
    bool compulsory_attends; /* attending one */
};

struct check {
    struct arena *arena;
    const struct people *people;
    const struct rules *rules;
    size_t threads;
    const struct progress *progress;
    struct str area;
    uint16_t *says;         /* by record: SAYS bits */
    struct child *children; /* by person */
    struct weigher *weigher;
    LIST(struct finding) findings;
    bool has[SAYS_COUNT];  /* some record says so */
    uint32_t *id_holders;  /* by text of PERSON_ID_NUMBER: a person who carries it, plus 1 */
    uint32_t *id_seconds;  /* and another one */
    bool *unreported;      /* by person: a list that would show the child at school is missing */
    uint8_t *id_counts;    /* by person: how many valid numbers it carries */
    double *age_share;     /* by age below CHECK_AGES: how many of those expected are so old */
    double *lacking_share; /* by age: how many of them no record shows in school */
};

enum { CHECK_AGES = 26 };

/* SAYS bits that show a child to be in school, to have finished, or to have a lawful reason. */
#define CHECK_IN_SCHOOL                                                                            \
    (SAYS(SAYS_ENROLLED) | SAYS(SAYS_ATTENDING) | SAYS(SAYS_FINISHED) | SAYS(SAYS_LAWFUL)          \
     | SAYS(SAYS_ABSENT))

/* Records that are looked at as one child: all of a person, or a part that may be another child. */
struct unit {
    uint32_t person;
    const uint32_t *records;
    uint32_t count;
    bool part; /* not all records of the person */
};

/* check_child.c: what each record and each person says. */
void check_read_says(struct check *check);
void check_read_children(struct check *check);
void check_read_child(const struct check *check, const uint32_t *records, uint32_t count,
                      struct child *out);

/* check_age.c: what all that is stated of a birth comes to (fills birth, age, of_age, age_sure). */
void check_settle_birth(const struct check *check, const uint32_t *records, uint32_t count,
                        struct child *child);

/* Who carries which valid number; before check_read_children. */
void check_read_holders(struct check *check);

/* How many of each age are expected, and how many of them lack a school: learnt from those whose
 * age is sure. */
void check_learn_ages(struct check *check);

/* The chance that a child of whom no record shows a school is of age. A number with one wrong digit
 * stands for all numbers one slip away, and a child of twenty in no school is likelier than one of
 * ten: so a doubtful age weighs against the finding more than its share of the digits. */
double check_chance_of_age(const struct check *check, const struct unit *unit);

/* The clause by which a record says this, or NULL. */
const struct rule_clause *check_clause(const struct check *check, uint32_t record,
                                       enum rule_says says);

/* True when a record is of a kindergarten. */
bool check_is_preschool(const struct check *check, uint32_t record);

/* The record of a child whose name and number are shown: the first that says `says`, in the order
 * of the clauses; UINT32_MAX when none does. */
uint32_t check_record_saying(const struct check *check, const struct unit *unit,
                             enum rule_says says);
uint32_t check_shown(const struct check *check, const struct unit *unit);

/* check_summary.c: how every person stands, and whom a look-up by ID number would list. */
void check_read_standings(const struct check *check, struct check_kept *out);

/* The area of a child: of the record shown, else the first that has one; as text number of
 * PERSON_AREA and as text. */
uint32_t check_area_number(const struct check *check, const struct unit *unit);
struct str check_area_of(const struct check *check, const struct unit *unit);

/* check_second.c: a second look for children that lack records of a kind. */
struct second_look {
    uint32_t mine;   /* SAYS bits by which the children asked about are known */
    uint32_t wanted; /* SAYS bits that they lack */
    bool compulsory; /* the units sit in a stage of compulsory schooling: who has records of other
                        stages only is hardly ever one of them */
    const struct unit *units;
    size_t count;
};
struct second_answer {
    uint32_t record, nearest; /* the unit's record and the nearest of another; UINT32_MAX: none */
    int32_t weight_millibits; /* of the two, without the odds before looking */
    double found;             /* chance that a record of the wanted kind is this child's */
    double nearest_found;     /* the part of it that rests on the nearest */
};

/* Fills one answer a unit. A unit may be part of a person that holds wanted records: those are
 * weighed as if they were another's. */
void check_second_look(struct check *check, const struct second_look *look,
                       struct second_answer *answers);

/* Two children weighed by all that is known of each: for each field the two records that agree
 * best, so that one record's silence does not hide what another says. At least one record each.
 * *doubled is the weight if the two are registrations of one child under two numbers. Of more than
 * WHOLE_RECORDS_MAX records the first count. */
enum { WHOLE_RECORDS_MAX = 12 };
struct wholes {
    uint32_t a[WHOLE_RECORDS_MAX], b[WHOLE_RECORDS_MAX];
    uint32_t a_count, b_count;
};
void check_add_to_wholes(uint32_t list[WHOLE_RECORDS_MAX], uint32_t *count, uint32_t record);
int32_t check_weigh_wholes(const struct check *check, const struct wholes *wholes,
                           int32_t *doubled);

/* check_twice.c: the number of a resident under a number of its own (text number of
 * PERSON_ID_NUMBER), or 0: two such are two children, whatever they are called. */
uint32_t check_own_number(const struct check *check, uint32_t person);

/* check_double.c: for each unit the one that stands for the same child (itself, as a rule), among
 * those that are `missing`. */
void check_find_doubles(struct check *check, const struct unit *units, const bool *missing,
                        size_t count, uint32_t *same_as);

/* Where in the clauses the record shown of a unit is first said to be expected: the order in which
 * records are shown. */
size_t check_rank(const struct check *check, const struct unit *unit);

/* check_unit.c: the children that a person's records may be. Units of persons without `wanted`
 * records are whole; a person with such records gives a unit for each part that says `mine` and
 * that nothing sure by itself ties to a record that says `wanted`. Appends to `units`. */
struct unit_list {
    LIST(struct unit) items;
};
void check_units_lacking(struct check *check, uint32_t person, uint32_t mine, uint32_t wanted,
                         struct unit_list *units);

/* All records of a person as a unit. */
struct unit check_whole(const struct check *check, uint32_t person);

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

/* By area (village, township, county, all) and band of age: `missing` tells for each unit whether
 * it would be suspected; all persons expected and of age are the base. */
void check_unreported_areas(struct check *check, const struct unit *units, const bool *missing,
                            size_t count, struct unreported *out);

/* check_kinds.c: the findings of each kind. */
void check_not_enrolled(struct check *check);
void check_attending_unregistered(struct check *check);
void check_not_attending(struct check *check);
void check_enrolled_twice(struct check *check);
void check_roll_unknown(struct check *check);

/* Appends a finding with the fields that all kinds share; NULL when it is below the listing bound
 * or outside the area asked about. */
struct finding *check_add(struct check *check, enum finding_kind kind, const struct unit *unit,
                          double probability);
void check_add_reason(struct check *check, struct finding *finding, const char *key);

#endif
