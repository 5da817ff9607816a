#ifndef CASES_CASE_RUN_H
#define CASES_CASE_RUN_H

#include "cases/case_store.h"
#include "findings/finding_store.h"

/* What a check over all areas means for the cases: opens what is new, keeps what stands, opens
 * again what has come back, and ends what the registers prove. A case ends by evidence, never by
 * absence: findings that are gone without a record that says why leave it open. An event is added
 * only where something changed, so a second run of the same day adds nothing. */

struct case_check {
    const struct people *people;
    const struct rules *rules;
    const struct check_kept *kept;
    const struct finding *findings;
    struct finding_entry *entries; /* of the findings: saved, with their numbers; status is set */
    size_t count;
    day at;
    bool past; /* as known at a moment since which files came or went */
};

struct case_run_result {
    bool skipped; /* `past`, or a later day was compared before: cases were left as they are */
    uint64_t opened, reopened, relapsed, returned, closed, unfound, merged;
    uint64_t open; /* not closed, after the run */
};

/* Inside the caller's transaction, after the findings were saved. Their status becomes that of
 * their case: suspected, confirmed by a named person, closed with an outcome that still holds. */
MUST_USE bool case_run(const struct casework *work, struct arena *arena,
                       const struct case_check *check, struct case_run_result *out,
                       struct err *err);

/* What is owed and overdue on day `at`, one finding (kind duty_late, queue urge) for each case that
 * the asker sees, by due day, then case; in the arena. Its reason names case, step and days. */
MUST_USE bool case_late(const struct casework *work, struct arena *arena, const struct asker *asker,
                        const struct people *people, day at, struct finding **out, size_t *count,
                        struct err *err);

#endif
