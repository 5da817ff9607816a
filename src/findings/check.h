#ifndef FINDINGS_CHECK_H
#define FINDINGS_CHECK_H

#include "findings/check_aid.h"
#include "findings/rules.h"
#include "link/people_weigh.h"

/* The comparison of what ought to be with what is, child by child: who is of compulsory-school age
 * and in no school (not_enrolled), at school without a roll (attending_unregistered), on a roll and
 * not at school (not_attending), on two rolls (enrolled_twice), on a roll and in no register of
 * residents (roll_unknown); which school or office has not reported (not_reported; nobody is
 * suspected for that); and, where it is given what the policy decides and what was paid, to whom
 * aid is due that was not paid (aid_missed), who got what is not due (aid_undue) or got it twice
 * (aid_twice), what has to be asked for before it can be decided (aid_unknown), and what was paid
 * after its term (aid_late). What each record says is rule text (rules.h); this module knows no
 * register.
 *
 * A program suspects, a person confirms. "In no register" is a claim about links that were not
 * found: each line carries the probability that the finding is true, the nearest record that was
 * compared and not joined, and why it was not. Pure: reads `people` (linked), writes nothing. */

enum finding_kind {
    FINDING_NOT_ENROLLED,
    FINDING_ATTENDING_UNREGISTERED,
    FINDING_NOT_ATTENDING,
    FINDING_ENROLLED_TWICE,
    FINDING_ROLL_UNKNOWN,
    FINDING_NOT_REPORTED,
    FINDING_AID_MISSED,
    FINDING_AID_UNDUE,
    FINDING_AID_TWICE,
    FINDING_AID_UNKNOWN,
    FINDING_AID_LATE,
    FINDING_HOUSEHOLD_WATCHED, /* given by the job of the check, which knows how it stood before */
    FINDING_STANDARD_LOST,     /* the same */
    FINDING_EXAM_TWICE,        /* of candidates: given by the job of the check too */
    FINDING_PLANS_EXCLUSIVE,   /* the same */
    FINDING_MOVED_LATE,        /* the same */
    FINDING_DUTY_LATE, /* given by whoever keeps the cases, never by a check itself */
    FINDING_KIND_COUNT,
};

struct finding {
    enum finding_kind kind;
    enum queue queue;
    uint32_t person;   /* in people.persons, or UINT32_MAX (of a school or office as a whole) */
    uint32_t record;   /* whose name and number are shown: population first; UINT32_MAX if none */
    day birth;         /* DAY_NONE when not known */
    struct str area;   /* division code, may be empty */
    struct str school; /* name of the school concerned, may be empty */
    uint32_t probability_ppm; /* that the finding is true */
    uint32_t nearest;         /* record in people.records, or UINT32_MAX */
    int32_t nearest_weight_millibits;
    uint32_t nearest_probability_ppm;
    struct str reason;         /* keys of rules.reasons with ";" between, the strongest first */
    struct str scheme;         /* of aid: its key, or several with "|" between; else empty */
    struct str period;         /* of aid: "2020-autumn" */
    int64_t due_fen, paid_fen; /* of aid: -1: not stated or not known */
    struct str key; /* tells the finding from others of its kind: person, school or office */
};

/* How a person stands, by which check_summary counts those expected. */
enum standing {
    STANDING_NOT_ASKED, /* not expected here, or not of age */
    STANDING_ON_ROLL,
    STANDING_FINISHED,
    STANDING_LAWFUL,
    STANDING_REPORTED_SCHOOLED,
    STANDING_NOT_ENROLLED,
    STANDING_COUNT,
};

const char *standing_key(enum standing standing); /* "on_roll" */

/* What a check knows beside its findings, in its arena. */
struct check_kept {
    const struct weigher *weigher;
    const uint16_t *says;          /* by record: a bit for each enum rule_says */
    const uint8_t *standings;      /* by person: enum standing */
    const uint32_t *areas;         /* by person: text number of PERSON_AREA, 0: not known */
    const bool *id_lookup_missing; /* by person: see check_summary */
    const bool *unreported; /* by person: nothing is suspected, for a list that would show the child
                               at school has not come in */
};

struct check_options {
    const struct rules *rules;
    struct str area; /* only findings of this area; empty: all */
    size_t threads;  /* 0: as many as the machine offers; findings do not depend on it */
    const struct progress *progress; /* may be NULL */
    const struct check_aid *aid;     /* NULL: aid is not looked at */
    struct check_kept *kept;         /* out; may be NULL */
};

/* What the check saw of the area asked about, for the one-screen summary: counts of persons. */
struct check_summary {
    uint64_t expected; /* of compulsory-school age and expected here */
    uint64_t on_roll, finished, lawful, reported_schooled, not_enrolled;
    uint64_t findings[FINDING_KIND_COUNT];
    uint64_t queues[QUEUE_COUNT];
    uint64_t id_lookup_missing; /* whom a look-up by ID number alone would list as not enrolled */
};

/* Findings sorted by kind, then most truly missing children per hour of work first (probability
 * over the queue's work_minutes), then area, then person number. In the arena. */
MUST_USE bool check_people(struct arena *arena, const struct people *people,
                           const struct check_options *options, struct finding **out, size_t *count,
                           struct check_summary *summary, struct err *err);

/* True when a finding is of the area (empty: any), or is a list not reported of a wider one. */
bool finding_concerns(const struct finding *finding, struct str area);

/* The counts for one area (empty: all), from what a check over more has kept. */
void check_summarise(const struct people *people, const struct check_kept *kept,
                     const struct finding *findings, size_t count, struct str area,
                     struct check_summary *out);

/* "not_enrolled"; "疑似失学" and "suspected of being in no school". */
const char *finding_kind_key(enum finding_kind kind);
const char *finding_kind_text(enum finding_kind kind, enum lang lang);
int finding_kind_of(struct str key); /* or -1 */

#endif
