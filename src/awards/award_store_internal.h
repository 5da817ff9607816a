#ifndef AWARDS_AWARD_STORE_INTERNAL_H
#define AWARDS_AWARD_STORE_INTERNAL_H

#include "awards/award_store.h"
#include "base/list.h"

/* What the files of the award store share. */

/* What was stated of a kind, in the order of inputs: "stage=primary;boarding?;categories=orphan+".
 * A `?` stands behind an input that is not known, and `+` behind a set that may hold more; an input
 * that no rule in force reads is left out. */
struct str award_inputs(struct arena *arena, const struct facts *facts,
                        const struct award_kinds *kinds, size_t kind);

/* The inputs that a decision needs, by key with ";" between. */
struct str award_kept_needs(struct arena *arena, const struct facts *facts,
                            const struct policy_decision *decision);

/* The period of a decision; and its amount, 0 unless it entitles. */
char *award_period(const struct award_run *run, const struct policy_decision *decision,
                   char buffer[PERIOD_TEXT_SIZE]);
int64_t award_fen(const struct policy_decision *decision);

/* SM3 over all that a run says. */
void award_hash(const struct award_run *run, unsigned char out[32]);

/* award_proposal.c: proposals of a run that was just written against those before; *changed is how
 * many decisions differ. */
MUST_USE bool award_propose(struct registry *registry, struct arena *arena,
                            const struct award_run *run, int64_t number, uint64_t *changed,
                            struct err *err);
MUST_USE bool award_count_open(struct store *store, uint64_t *out, struct err *err);

#endif
