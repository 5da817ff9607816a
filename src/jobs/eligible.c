#include "jobs/eligible.h"

#include "jobs/eligible_internal.h"

const char *eligible_verdict_key(uint8_t verdict)
{
    static const char *const keys[] = {
        [POLICY_NO] = "refused", [POLICY_ENTITLED] = "eligible", [POLICY_UNKNOWN] = "unknown"};
    return keys[verdict];
}

const char *eligible_verdict_text(uint8_t verdict, enum lang lang)
{
    static const char *const zh[] = {
        [POLICY_NO] = "不符合", [POLICY_ENTITLED] = "符合", [POLICY_UNKNOWN] = "待补证"};
    return lang == LANG_ZH ? zh[verdict] : eligible_verdict_key(verdict);
}

int eligible_verdict_of(struct str key)
{
    for (uint8_t i = POLICY_NO; i <= POLICY_UNKNOWN; i++) {
        if (str_is(key, eligible_verdict_key(i))) return i;
    }
    return -1;
}

static bool is_of_year(const struct eligible_candidate *who, int year)
{
    return who->year == 0 || who->year == year;
}

static void decide_applicant(const struct eligible_known *known, const struct award_kinds *kinds,
                             const struct eligible_applicant *applicant)
{
    const struct eligible_candidate *who = applicant->who;
    for (size_t p = 0; p < known->plans.count; p++) {
        struct eligible_line *line = &applicant->lines[p];
        const struct plan_text *plan = &known->plans.plans[p];
        line->asked = (who->asked_plans >> p & 1) != 0;
        if (plan->scheme == POLICY_NONE || who->row == SIZE_MAX) continue;
        const struct policy_decision *decision = award_of(kinds, who->row, plan->scheme);
        line->concerned = decision != NULL;
        if (decision == NULL) continue;
        line->verdict = decision->verdict;
        line->needs = decision->verdict == POLICY_UNKNOWN ? decision->needs : 0;
    }
}

static void decide_all(const struct eligible_known *known, struct arena *arena,
                       struct eligible *out)
{
    struct award_kinds kinds = {0};
    const struct facts *facts = known->people.facts;
    if (facts != NULL) {
        const struct policy_decide_options options = {.subject = facts->subject,
                                                      .at = out->counted};
        award_decide_kinds(arena, policy_compile(arena, known->policy, &options),
                           &known->people.rows, known->people.open, 0, &kinds);
    }
    out->applicants = arena_array(arena, struct eligible_applicant, known->candidate_count);
    for (size_t i = 0; i < known->candidate_count; i++) {
        const struct eligible_candidate *who = &known->candidates[i];
        if (!is_of_year(who, out->year)) continue;
        struct eligible_applicant *applicant = &out->applicants[out->applicant_count++];
        applicant->who = who;
        applicant->lines = arena_array(arena, struct eligible_line, known->plans.count);
        decide_applicant(known, &kinds, applicant);
    }
}

bool eligible_decide(const struct eligible_known *known, struct arena *arena, int year, day at,
                     struct eligible *out, struct err *err)
{
    struct eligible eligible = {.known = known, .year = year};
    int month, date;
    if (year == 0 && known->year_count > 0) eligible.year = known->years[0];
    if (eligible.year == 0) day_to_ymd(at, &eligible.year, &month, &date);
    if (!day_from_ymd(eligible.year, known->plans.counted_to.month, known->plans.counted_to.day,
                      &eligible.counted)) {
        return err_set(err, ERR_USAGE, "%d is no year of an examination", "%d 不是考试年份",
                       eligible.year);
    }
    decide_all(known, arena, &eligible);
    eligible_find_conflicts(&eligible, arena);
    *out = eligible;
    return true;
}

bool eligible_is_public(const struct eligible *eligible, size_t applicant, size_t plan)
{
    const struct eligible_line *line = &eligible->applicants[applicant].lines[plan];
    return line->concerned && line->asked && line->verdict == POLICY_ENTITLED
           && !eligible->known->plans.plans[plan].hidden;
}

bool job_eligible(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                  struct read_at when, const struct policy *policy, int year, struct eligible *out,
                  struct err *err)
{
    struct eligible_known *known = arena_new(arena, struct eligible_known);
    int month, date;
    if (year == 0) day_to_ymd(when.at, &year, &month, &date);
    return eligible_known_read(workspace, arena, asker, when, policy, known, err)
           && eligible_decide(known, arena, year, when.at, out, err);
}
