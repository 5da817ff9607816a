#ifndef FINDINGS_CHECK_AID_INTERNAL_H
#define FINDINGS_CHECK_AID_INTERNAL_H

#include "findings/check_aid.h"
#include "findings/check_internal.h"

/* What the files of the check of aid share. A scheme is compared for the period in which the day
 * lies, at the schools that the register of payments speaks of. */

/* What a person got of a scheme in its period of the day. */
struct aid_paid {
    size_t count;
    int64_t fen;     /* -1: an amount is not stated */
    uint32_t record; /* of the first payment; UINT32_MAX when there is none */
};

/* How a scheme stands at a school, and in a county. */
enum aid_listed {
    AID_NOT_SPOKEN_OF, /* nothing of it was paid in the county: no list yet */
    AID_NOT_SENT,      /* the county's lists lack the school, of which so many would stand there */
    AID_DOUBTFUL,      /* the school has nobody on them, but is too small to be sure */
    AID_LISTED,
};

struct aid {
    struct check *check;
    const struct check_aid *in;
    const struct facts *facts;
    const struct policy *policy;
    struct period *periods;   /* by scheme: the one in which the day lies */
    struct payments payments; /* each with the student whose it most likely is */
    uint32_t *adopted_ppm;    /* by record: how likely that is, where linking did not say so */
    struct award_kinds full;  /* the decisions if each set held all of its words: what would be
 due to whoever is in hardship */
    struct policy_rows full_rows;
    int64_t *most;               /* by scheme: the most that is due to anybody, fen */
    uint16_t *scheme_of;         /* by payment: what its name means */
    struct str *names;           /* by payment: the scheme's key, or those that it may mean */
    uint32_t *row_schools;       /* by row: school in facts.school_texts */
    struct str *school_counties; /* by school: county, may be empty */
    uint8_t **listed;            /* by scheme, then school: enum aid_listed; NULL: never paid */
    bool *twice;                 /* by payment: a finding already says that it was paid twice */
};

/* SAYS bits, above those of rules, by which records are marked for one second look. */
#define AID_WANTED ((uint16_t)(1u << 15))
#define AID_MINE ((uint16_t)(1u << 14))

/* Marks a record, and its person, for a look; or takes the mark off. */
void aid_mark(struct aid *aid, uint32_t record, uint16_t bit, bool on);

/* check_aid_adopt.c: fills aid->payments. */
void aid_adopt_payments(struct aid *aid);

/* check_aid_listed.c: which scheme was paid at which schools. Reports lists that have not come. */
void aid_read_listed(struct aid *aid);

/* What a person got of a scheme in its period of the day. */
struct aid_paid aid_paid_of(const struct aid *aid, uint32_t person, uint16_t scheme);

/* The decision about a person; NULL: the scheme does not concern them, or they are no student. */
const struct policy_decision *aid_decision(const struct aid *aid, uint32_t person, uint16_t scheme);

/* True when the amount is what the scheme would pay the student of a row, were they in hardship and
 * did one yes or no read otherwise: 500 yuan to a day pupil are the boarders' subsidy. */
bool aid_pays_so_much(const struct aid *aid, uint32_t row, uint16_t scheme, int64_t fen);

/* What is due of a scheme, or would be to whoever is in hardship; where that is not known either,
 * the most that is due to anybody; -1 when nobody is known to whom it is. */
int64_t aid_due_at_most(const struct aid *aid, uint32_t person, uint16_t scheme);

/* The amount clause that counts is exact: neither an average nor a ceiling. */
bool aid_is_exact(const struct aid *aid, uint16_t scheme);
bool aid_is_ceiling(const struct aid *aid, uint16_t scheme);

/* How sure it is that a record is the person's: by the heaviest tie to the person's records of
 * other registers. */
double aid_belongs(const struct aid *aid, uint32_t record);

/* The chance that what a person lacks was found by a second look. Two who are registered under
 * numbers of their own are two, however alike a number that a list has cut off. */
double aid_found(const struct aid *aid, uint32_t person, const struct second_answer *answer);

/* How many of a thousand such lines prove true. */
double aid_share(const struct aid *aid, const char *reason);

/* A finding about a student or payee. `schemes` has one or more keys with "|" between; amounts of
 * -1 are not stated. */
struct aid_line {
    enum finding_kind kind;
    uint32_t person;
    double chance;
    const char *reason;
    struct str schemes;
    struct period period;
    int64_t due_fen, paid_fen;
    uint32_t nearest; /* record shown beside, or UINT32_MAX */
    double nearest_chance;
};
struct finding *aid_add(struct aid *aid, const struct aid_line *line);

/* A finding about a school as a whole, that of a student's row, with its first reason; the caller
 * puts in the rest and its key, and adds it with aid_add_school. */
struct finding aid_of_school(struct aid *aid, enum finding_kind kind, enum queue queue,
                             uint32_t row, const char *reason, uint32_t probability_ppm);
void aid_add_school(struct aid *aid, const struct finding *finding);

/* Adds "key=value" to a finding's reasons. */
void aid_note(struct aid *aid, struct finding *finding, const char *key, struct str value);
void aid_note_number(struct aid *aid, struct finding *finding, const char *key, int64_t number);

/* check_aid_late.c, check_aid_missed.c, check_aid_undue.c, check_aid_twice.c, check_aid_unknown.c.
 */
void aid_check_late(struct aid *aid);
void aid_check_missed(struct aid *aid);
void aid_check_undue(struct aid *aid);
void aid_check_twice(struct aid *aid);
void aid_check_unknown(struct aid *aid);

/* What is due of a group of schemes that exclude one another, whatever the unknown inputs are. */
struct aid_group_due {
    bool due;      /* one of them is, in each case */
    int64_t least; /* fen, of the case in which it is least */
};
struct aid_group_due aid_due_of_group(const struct aid *aid, size_t row,
                                      const struct policy_exclusion *exclusion);

/* check_aid.c: the whole; nothing when options->aid is NULL. */
void check_aid(struct check *check, const struct check_aid *in);

#endif
