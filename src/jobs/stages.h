#ifndef JOBS_STAGES_H
#define JOBS_STAGES_H

#include "jobs/eligible_years.h"

/* The stages in order, each a step that is wholly done or not at all. */

/* Every file that is named, and those inside folders that are named (not hidden ones and not the
 * "~$…" of open workbooks, sorted), loaded one by one; a refused file stands in its result and the
 * others go on. A failure of store or system stops it: that file's result is LOAD_FAILED with the
 * error, those behind it LOAD_NOT_REACHED, and what was loaded before stays; the call returns true,
 * and job_import_failure tells. `results` has the files in the order loaded: registers that
 * others lean on (schools, villages) first, then by name; one entry for each register that a file
 * holds, side by side. A file is called by its path inside the
 * folder that was named; two that would be called alike by their path as named. Audited. */
MUST_USE bool job_import(struct workspace *workspace, struct arena *arena,
                         const struct asker *asker, const char *const *paths, size_t path_count,
                         const struct load_options *options, const struct progress *progress,
                         struct load_result **results, size_t *count, struct err *err);

/* The result that failed, or NULL. */
const struct load_result *job_import_failure(const struct load_result *results, size_t count);

/* Reads the people as of `when` and links them when the last link run rests on other statements (or
 * `force`); the options' listener hears the rows. *result says what a run changed; its `records` is
 * 0 when links were current. */
MUST_USE bool job_link(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                       struct read_at when, const struct people_link_options *options, bool force,
                       struct people *people, struct people_link_result *result, struct err *err);

/* What there was of each kind of thing that a check rests on: others may write meanwhile. */
struct check_state {
    int64_t revision, link_run; /* of the registers; the newest of each that follows */
    int64_t award_run, pay_line, pay_event;
};

struct check_run {
    struct check_state state; /* before anything was read; of the links, once they were made */
    struct people people;
    struct aid_check *aid;           /* what is due to each student; NULL: there are none */
    struct eligible_years *eligible; /* candidates of special plans; NULL: no register names any */
    struct finding *findings;
    struct finding_entry *entries; /* one a finding */
    size_t count;
    struct check_summary summary;
    struct people_link_result link;
    struct case_run_result cases; /* what it meant for the cases; all 0 when nothing was saved */
    struct check_kept kept;
    day at;
};

/* Links if needed, checks all kinds, and saves findings and what they mean for the cases when the
 * asker sees all areas, in one step with the row in the audit trail. What is overdue in a case
 * stands last among the findings (duty_late). */
MUST_USE bool job_check(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                        struct read_at when, const struct progress *progress, struct check_run *out,
                        struct err *err);

/* The same, while somebody else hears the rows that are read; `also` may be NULL. */
MUST_USE bool job_check_heard(struct workspace *workspace, struct arena *arena,
                              const struct asker *asker, struct read_at when,
                              const struct people_listener *also, const struct progress *progress,
                              struct check_run *out, struct err *err);

/* The day asked about when none is given: the newest day that the workspace speaks of.
 * ERR_CONFLICT in an empty workspace, saying to import first. */
MUST_USE bool job_day(struct workspace *workspace, day given, day *out, struct err *err);

#endif
