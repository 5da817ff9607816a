#ifndef CASES_CASE_RUN_INTERNAL_H
#define CASES_CASE_RUN_INTERNAL_H

#include "base/dict.h"
#include "cases/case_event.h"
#include "cases/case_evidence.h"

/* What the files of a run share. */

/* A child, a school or an office of which something was found under one procedure. */
struct subject {
    const struct procedure *procedure;
    size_t row;      /* in rows; SIZE_MAX: it has no case yet */
    uint32_t person; /* in people.persons, or UINT32_MAX */
    int64_t number;  /* of the person; 0 */
    struct str unit;
    size_t first;            /* finding, then by `next`; SIZE_MAX: none */
    bool lawful;             /* a lawful reason asks for the case */
    enum case_status status; /* of its case, after the run */
};

/* What a case states of its subject. */
struct subject_facts {
    struct case_facts who;
    struct str kinds, queue, reason, findings;
};

struct case_runner {
    const struct casework *work;
    const struct case_check *check;
    struct case_run_result *out;
    struct arena *arena;  /* of the run */
    struct arena scratch; /* of one case */
    int64_t now_ms;
    struct dict keys; /* of subjects, by number */
    struct subject *subjects;
    size_t subject_count, subject_capacity;
    size_t *next;           /* by finding: another of the same subject, or SIZE_MAX */
    struct u64_map persons; /* in people.persons, by the person's number */
    struct case_row *rows;
    size_t row_count;
    uint32_t *subject_of; /* by row: in subjects, or DICT_NONE */
};

/* An event of this run; fields are borrowed, NULL: none. */
struct case_event case_run_event(const struct case_runner *run, enum case_event_kind kind,
                                 const struct case_fields *fields);

/* Adds the events to the case of a row, or opens one (number 0). */
MUST_USE bool case_run_append(struct case_runner *run, struct case_row *row,
                              struct case_event *events, size_t count, struct err *err);

/* Cases whose person's number was joined into another's go on under that one, or are merged with
 * the case it has. Before the subjects are taken. */
MUST_USE bool case_run_move(struct case_runner *run, struct err *err);

/* Cases of which nothing was found: ended or watched by what the registers prove, or left open. */
MUST_USE bool case_run_settle(struct case_runner *run, struct err *err);

/* The subject of a person under a procedure, or SIZE_MAX. */
size_t case_run_subject(const struct case_runner *run, struct str procedure, int64_t person);

#endif
