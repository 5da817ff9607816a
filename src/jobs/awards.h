#ifndef JOBS_AWARDS_H
#define JOBS_AWARDS_H

#include "awards/award_people.h"
#include "awards/award_store.h"
#include "awards/pack.h"
#include "findings/check_aid.h"
#include "jobs/workspace.h"

/* Aid in a workspace: the people are read and linked, what the registers state of each student is
 * gathered, and the policy decides. */

/* By which rules: those in force, or those of then. */
struct aid_rules {
    const struct policy *policy;
    const struct facts_text *text;
    const struct policy_source *sources; /* of the policy, then the facts' text: what a run keeps */
    size_t source_count;
};

/* The rules in force: all packs of the workspace's policies folder. Errors as packs_load. In the
 * arena. */
MUST_USE bool job_rules(struct workspace *workspace, struct arena *arena, struct aid_rules *out,
                        struct err *err);

/* The rules of a moment of knowledge: those in force now, unless it is past; then as the last
 * decision before it kept them (those in force where none was ever kept). */
MUST_USE bool job_rules_known(struct workspace *workspace, struct arena *arena, int64_t known_ms,
                              struct aid_rules *out, struct err *err);

struct aid_run {
    struct people people;
    struct people_link_result link;
    struct fact_rows kept;
    struct facts facts;
    struct award_people rows; /* the same for whoever prints; ids are persons' numbers */
};

/* Reads and links the people as of `when` and gathers the facts, by the rules' text and inputs. In
 * the arena, which has to live as long as `out` does; *out may not be moved. Errors as job_link. */
MUST_USE bool job_facts(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                        struct read_at when, const struct aid_rules *rules,
                        const struct progress *progress, struct aid_run *out, struct err *err);

/* Names the rows of run->facts in run->rows. In the arena. */
void job_name_rows(struct arena *arena, struct aid_run *run);

/* Two who hear the same rows. */
struct listener_pair {
    const struct people_listener *first, *second;
    struct people_listener both;
};

/* The listener for both; `first` itself where `second` is NULL. Lives as long as `pair`, which may
 * not be moved. */
const struct people_listener *listener_both(struct listener_pair *pair,
                                            const struct people_listener *first,
                                            const struct people_listener *second);

/* The same, while somebody else hears the rows that are read; `also` may be NULL. */
MUST_USE bool job_facts_heard(struct workspace *workspace, struct arena *arena,
                              const struct asker *asker, struct read_at when,
                              const struct aid_rules *rules, const struct people_listener *also,
                              const struct progress *progress, struct aid_run *out,
                              struct err *err);

/* Those of a subject whose register is not linked (teachers), as the registers state them on the
 * day (awards/roster.h). ERR_NOT_FOUND when no text says what registers state of the subject,
 * ERR_CONFLICT when they are linked people and job_facts is asked. In the arena. */
MUST_USE bool job_roster(struct workspace *workspace, struct arena *arena,
                         const struct asker *asker, struct read_at when,
                         const struct policy *policy, const char *subject, struct award_people *out,
                         struct err *err);

/* What aid was decided on for the check of what was paid. */
struct aid_check {
    struct aid_run run;
    struct aid_rules rules;
    struct award_kinds kinds;
    struct payments payments;
    bool paid; /* a payment is known: else nothing can be compared */
    struct check_aid check;
};

/* After people were linked who were read with the collector: what is due to each student, and what
 * was paid. *out is NULL when the registers name no student. In the arena. Errors as
 * job_rules_known. */
MUST_USE bool job_aid_check(struct workspace *workspace, struct arena *arena,
                            const struct asker *asker, const struct people *people,
                            struct fact_collector *collector, struct aid_check **out,
                            struct err *err);

/* Keeps what is decided now of all students and schemes (award_save) when the asker sees all areas;
 * else nothing is written and *out is empty. */
MUST_USE bool job_award_save(struct workspace *workspace, const struct asker *asker,
                             const struct aid_rules *rules, const struct aid_run *run,
                             const struct award_kinds *kinds, int64_t known_ms,
                             struct award_saved *out, struct err *err);

#endif
