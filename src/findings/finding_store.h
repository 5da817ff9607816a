#ifndef FINDINGS_FINDING_STORE_H
#define FINDINGS_FINDING_STORE_H

#include "findings/check.h"

/* Findings over time: a number that stays, the day it was opened, its status. The module's tables:
 * finding, check_run and check_child (child_store.h), told_run and told_finding (told_store.h).
 * A run opens what is new, keeps what stands, and closes what is no longer found; nothing is
 * appended twice by running again. */

enum finding_status { FINDING_SUSPECTED, FINDING_CONFIRMED, FINDING_CLOSED };

struct finding_entry {
    int64_t number;
    day opened; /* the day asked about when it was first found */
    enum finding_status status;
};

/* The module's table at its newest version. ERR_STORE. */
MUST_USE bool finding_migrate(struct store *store, struct err *err);

/* Writes a run over all areas and kinds, in one transaction (the caller's if there is one), and
 * gives for each finding its entry
 * (same order). A finding is known by kind, stable person number and key. */
MUST_USE bool finding_save(struct registry *registry, const struct people *people,
                           const struct finding *findings, size_t count, day at,
                           struct finding_entry *entries, struct err *err);

/* The same in parts, inside the caller's transaction: nothing has been seen yet; these are found;
 * what was not seen is closed. */
MUST_USE bool finding_save_begin(struct store *store, struct err *err);
MUST_USE bool finding_save_part(struct store *store, const struct people *people,
                                const struct finding *findings, size_t count, day at,
                                struct finding_entry *entries, struct err *err);
MUST_USE bool finding_save_end(struct store *store, day at, struct err *err);

/* The highest number given so far; 0: none. ERR_STORE. */
MUST_USE bool finding_newest(struct store *store, int64_t *out, struct err *err);

/* What a case says of a finding that stands: suspected, confirmed by a named person, or closed on
 * day `at` with an outcome that explains it. ERR_STORE. */
MUST_USE bool finding_mark(struct store *store, int64_t number, enum finding_status status, day at,
                           struct err *err);

const char *finding_status_key(enum finding_status status); /* "suspected" "confirmed" "closed" */
const char *finding_status_text(enum finding_status status, enum lang lang);

#endif
