#ifndef FINDINGS_REASON_H
#define FINDINGS_REASON_H

#include "findings/rules.h"
#include "policy/policy.h"

/* The reasons of a finding on screen. Reasons are keys with ";" between; behind those of aid stand
 * notes, "scheme=boarding_subsidy|day_subsidy", "period=2020-autumn", "due=62500" and "paid=0"
 * (fen), "needs=boarding", "not_sent=orphans,recognitions" and "students=12"; behind those of
 * candidates "candidate=" with numbers of the examination; behind those of what is overdue
 * "case=12", "step=dropout.report" and "days=5". */

/* What a step of a case is called; findings know no cases, so whoever asks brings the names. */
struct reason_step {
    struct str key, zh, en; /* "dropout.report" */
};

/* What reasons are written with. */
struct reason_words {
    const struct rules *rules;
    const struct profiles *profiles;
    const struct policy *policy; /* NULL: schemes and inputs are shown by key */
    const struct reason_step *steps;
    size_t step_count; /* 0: steps are shown by key */
    enum lang lang;
};

/* The part of reasons that is keys of the rules, and the part that is notes. Borrowed. */
struct str reason_keys(struct str reasons);
struct str reason_notes(struct str reasons);

/* "符合条件，未见发放；项目：寄宿生生活补助；2020年秋季学期；应发 625 元；实发 0 元". In the arena.
 */
struct str reason_text(struct arena *arena, const struct reason_words *words, struct str reasons);

#endif
