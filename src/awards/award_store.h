#ifndef AWARDS_AWARD_STORE_H
#define AWARDS_AWARD_STORE_H

#include "awards/facts.h"
#include "policy/read.h"

/* Decisions over time: the rule sets that were ever used, with their texts; runs, each a decision
 * of all students on a day; and proposals, where a later run of a period says something else than
 * an earlier one. Runs and rule sets are never changed: what was decided can be looked up and, by
 * the rules of then and the registers as known then, made again to the byte. The module's tables:
 * rule_set, rule_source, award_run, award_kind, award_verdict, award_person, award_proposal. */

/* The module's tables at their newest version. ERR_STORE. */
MUST_USE bool award_migrate(struct store *store, struct err *err);

/* The texts of the rule set that was in use at a moment: the newest kept until then, else the
 * first. *count is 0 when none was ever kept. ERR_STORE too when they are not those whose hash was
 * kept. In the arena. */
MUST_USE bool award_rules_known(struct store *store, struct arena *arena, int64_t known_ms,
                                struct policy_source **sources, size_t *count, struct err *err);

/* What a run is made of. */
struct award_run {
    const struct facts *facts;
    const struct award_kinds *kinds;
    day at;
    int64_t known_ms;
    const struct policy_source *sources; /* of the policy, and of the facts' text */
    size_t source_count;
};

struct award_saved {
    int64_t run;      /* its number */
    bool same;        /* as the newest run of the day, rules and all: nothing was written */
    uint64_t changed; /* decisions that differ from the run before of their period */
    uint64_t open;    /* proposals that are open now */
};

/* Keeps a run over all areas, its rule set, and proposals against the newest run before of the same
 * term (for schemes paid by year: of the same school year), in one transaction (the caller's if
 * there is one), audited as `award`. A person whose number ended is followed to the new one. */
MUST_USE bool award_save(struct registry *registry, const struct asker *asker,
                         const struct award_run *run, struct award_saved *out, struct err *err);

/* To pay what was not due before, to claim back what is not due any more, or to look again: what
 * was due is not certain any more. */
enum award_proposal_kind { AWARD_BACK_PAY, AWARD_RECOVERY, AWARD_REVIEW };
const char *award_proposal_key(enum award_proposal_kind kind); /* "back_pay" … */
const char *award_proposal_text(enum award_proposal_kind kind, enum lang lang);

struct award_proposal {
    int64_t number, person;
    struct str scheme, period, area;
    enum award_proposal_kind kind;
    struct str was_verdict, now_verdict; /* policy_verdict_key; "none": no student (any more) */
    int64_t was_fen, now_fen;
    int64_t was_run, now_run;
};

/* The open proposals of people in the asker's areas, by scheme, period, kind, then person. In the
 * arena. */
MUST_USE bool award_proposals(struct store *store, struct arena *arena, const struct asker *asker,
                              struct award_proposal **out, size_t *count, struct err *err);

/* Somebody to whom something is due. */
struct award_due {
    int64_t person, fen;
};

/* To whom the newest run of a period says that something of a scheme is due, by person's number;
 * *run is 0 where the period was never decided, else that run's number. `period` is of the scheme's
 * kind. In the arena. */
MUST_USE bool award_due(struct store *store, struct arena *arena, struct str scheme,
                        struct period period, struct award_due **out, size_t *count, int64_t *run,
                        struct err *err);

/* The days for which all students were decided, of the newest run first; a day that was decided
 * again stands once. In the arena. */
MUST_USE bool award_days(struct store *store, struct arena *arena, day **out, size_t *count,
                         struct err *err);

/* What was decided of a person, by the newest run of each period. */
struct award_past {
    int64_t run;
    day at;
    struct str scheme, period, verdict, needs, inputs;
    int64_t fen;
};

/* By scheme, then run, newest first. In the arena. */
MUST_USE bool award_history(struct store *store, struct arena *arena, int64_t person,
                            struct award_past **out, size_t *count, struct err *err);

#endif
