#include "policy/mutate.h"

#include "policy/trial_work.h"

#include <stdlib.h>
#include <string.h>

/* Each mutant is compiled for the days of those cases only that it can touch, and the cases of a
 * day are rows of one block. What no case notices is decided for all people who can be told apart,
 * on each day on which it can matter. */

/* Of one scheme on one day; with more, a mutant is not called equivalent. */
enum { PEOPLE_MAX = 1 << 18 };

/* Cases of one day and subject. */
struct trial_day {
    day at;
    uint16_t subject;
    const struct policy_case **cases; /* by row */
    bool **holds;                     /* by row, expectation: in the policy as it is */
    struct policy_rows rows;
    bool *asks; /* by scheme: an expectation speaks of it */
};

struct mutating {
    struct arena *arena;
    struct arena scratch; /* reset between mutants */
    const struct policy *policy;
    struct policy *copy;
    LIST(struct trial_day) days;
};

static bool meets(struct trial_answer answer, const struct policy_expectation *expected)
{
    return answer.verdict == expected->verdict
           && (!expected->has_amount || answer.fen == expected->fen)
           && (answer.verdict != POLICY_UNKNOWN || answer.needs == expected->needs);
}

static void fill_row(struct policy_rows *rows, const struct policy_case *test, size_t row)
{
    for (size_t g = 0; g < test->given_count; g++) {
        const struct policy_column *column = &rows->columns[test->given[g].input];
        ((uint8_t *)column->states)[row] = POLICY_KNOWN;
        ((int64_t *)column->values)[row] = test->given[g].value;
    }
}

static struct trial_day *find_day(struct mutating *mutating, const struct policy_case *test)
{
    for (size_t d = 0; d < mutating->days.count; d++) {
        struct trial_day *found = &mutating->days.items[d];
        bool room = found->rows.count < BLOCK_ROWS;
        if (found->at.days == test->at.days && found->subject == test->subject && room) {
            return found;
        }
    }
    struct arena *arena = mutating->arena;
    struct trial_day *fresh = list_push(arena, &mutating->days);
    *fresh = (struct trial_day){.at = test->at, .subject = test->subject};
    fresh->rows.subject = test->subject;
    fresh->cases = arena_array(arena, const struct policy_case *, BLOCK_ROWS);
    fresh->holds = arena_array(arena, bool *, BLOCK_ROWS);
    fresh->asks = arena_array(arena, bool, mutating->policy->scheme_count);
    for (size_t i = 0; i < mutating->policy->input_count; i++) {
        uint8_t *states = arena_array(arena, uint8_t, BLOCK_ROWS);
        memset(states, POLICY_MISSING, BLOCK_ROWS);
        fresh->rows.columns[i] =
            (struct policy_column){states, arena_array(arena, int64_t, BLOCK_ROWS)};
    }
    return fresh;
}

static void gather_cases(struct mutating *mutating)
{
    const struct policy *policy = mutating->policy;
    for (size_t c = 0; c < policy->case_count; c++) {
        const struct policy_case *test = &policy->cases[c];
        struct trial_day *found = find_day(mutating, test);
        size_t row = found->rows.count++;
        found->cases[row] = test;
        found->holds[row] = arena_array(mutating->arena, bool, test->expected_count);
        fill_row(&found->rows, test, row);
        for (size_t e = 0; e < test->expected_count; e++) {
            found->asks[test->expected[e].scheme] = true;
        }
    }
}

/* The schemes of a program that stand in both lists; gives how many. */
static size_t wanted_schemes(const struct policy *policy, const struct trial_day *tried,
                             const bool *touched, uint16_t *out)
{
    size_t count = 0;
    for (uint16_t s = 0; s < policy->scheme_count; s++) {
        if (tried->asks[s] && (touched == NULL || touched[s])) out[count++] = s;
    }
    return count;
}

/* Runs the cases of a day. `learn`: notes which expectations hold; else true as soon as one that
 * held fails. */
static bool try_day(struct mutating *mutating, const struct policy *policy, struct trial_day *tried,
                    const bool *touched, bool learn)
{
    struct trial_worker worker;
    struct arena *scratch = &mutating->scratch;
    uint16_t *schemes = arena_array(scratch, uint16_t, policy->scheme_count);
    size_t count = wanted_schemes(policy, tried, touched, schemes);
    if (count == 0) return false;
    trial_start(scratch, policy, tried->subject, tried->at, schemes, count, &worker);
    block_run(worker.program, &worker.block, &tried->rows, 0, tried->rows.count);
    for (size_t r = 0; r < tried->rows.count; r++) {
        const struct policy_case *test = tried->cases[r];
        for (size_t e = 0; e < test->expected_count; e++) {
            const struct policy_expectation *expected = &test->expected[e];
            for (size_t s = 0; s < worker.program->scheme_count; s++) {
                if (worker.program->schemes[s].scheme != expected->scheme) continue;
                bool good = meets(trial_answer(&worker, s, r), expected);
                if (learn) tried->holds[r][e] = good;
                if (!learn && tried->holds[r][e] && !good) return true;
            }
        }
    }
    return false;
}

static bool is_killed(struct mutating *mutating, const struct mutant *mutant)
{
    for (size_t d = 0; d < mutating->days.count; d++) {
        struct trial_day *tried = &mutating->days.items[d];
        if (!policy_in_force(mutant->window, tried->at)) continue;
        if (try_day(mutating, mutating->copy, tried, mutant->touched, false)) return true;
    }
    return false;
}

static bool differs_for(struct mutating *mutating, uint16_t scheme, day at,
                        const struct policy_rows *rows)
{
    struct trial_worker before, after;
    uint16_t subject = mutating->policy->schemes[scheme].subject;
    trial_start(&mutating->scratch, mutating->policy, subject, at, &scheme, 1, &before);
    trial_start(&mutating->scratch, mutating->copy, subject, at, &scheme, 1, &after);
    for (size_t first = 0; first < rows->count; first += BLOCK_ROWS) {
        size_t count = rows->count - first < BLOCK_ROWS ? rows->count - first : BLOCK_ROWS;
        block_run(before.program, &before.block, rows, first, count);
        block_run(after.program, &after.block, rows, first, count);
        for (size_t r = 0; r < count; r++) {
            if (!trial_same(trial_answer(&before, 0, r), trial_answer(&after, 0, r))) return true;
        }
    }
    return false;
}

static bool differs_on(struct mutating *mutating, uint16_t scheme, day at, bool *sure)
{
    const struct policy *both[] = {mutating->policy, mutating->copy};
    for (size_t p = 0; p < 2; p++) {
        struct policy_rows rows;
        if (!trial_people(&mutating->scratch, both[p], both[1 - p], scheme, at, true, PEOPLE_MAX,
                          &rows)) {
            *sure = false;
            continue;
        }
        if (differs_for(mutating, scheme, at, &rows)) return true;
    }
    return false;
}

/* The days of the window between which nothing changes. */
static size_t days_of(struct mutating *mutating, const struct mutant *mutant, day **out)
{
    day *edges;
    size_t count = policy_edges(&mutating->scratch, mutating->policy, &edges), kept = 0;
    day *days = arena_array(&mutating->scratch, day, count + 1);
    struct policy_span window = mutant->window;
    bool open = day_is_none(window.first);
    if (!open) days[kept++] = window.first;
    if (open && count > 0) days[kept++] = (day){edges[0].days - 1};
    for (size_t e = 0; e < count; e++) {
        if (!open && edges[e].days <= window.first.days) continue;
        if (policy_in_force(window, edges[e])) days[kept++] = edges[e];
    }
    *out = days;
    return kept;
}

static bool is_equivalent(struct mutating *mutating, const struct mutant *mutant)
{
    bool sure = true;
    day *days;
    size_t count = days_of(mutating, mutant, &days);
    for (size_t d = 0; d < count; d++) {
        for (uint16_t s = 0; s < mutating->policy->scheme_count; s++) {
            if (mutant->touched[s] && differs_on(mutating, s, days[d], &sure)) return false;
        }
    }
    return sure;
}

static void try_mutant(struct mutating *mutating, struct mutant *mutant)
{
    mutate_apply(mutant);
    mutant->told.killed = is_killed(mutating, mutant);
    if (!mutant->told.killed) mutant->told.equivalent = is_equivalent(mutating, mutant);
    mutate_undo(mutant);
    arena_reset(&mutating->scratch);
}

void policy_mutate(struct arena *arena, const struct policy *policy, uint16_t pack,
                   const struct progress *progress, struct policy_mutation *out)
{
    struct mutating mutating = {.arena = arena, .policy = policy};
    struct mutants mutants;
    struct policy_mutation mutation = {0};
    mutating.copy = mutate_copy(arena, policy);
    mutate_list(arena, mutating.copy, pack, &mutants);
    gather_cases(&mutating);
    for (size_t d = 0; d < mutating.days.count; d++) {
        try_day(&mutating, policy, &mutating.days.items[d], NULL, true);
    }
    mutation.mutants = arena_array(arena, struct policy_mutant, mutants.count);
    for (size_t m = 0; m < mutants.count; m++) {
        progress_report(progress, "trying mutants", "试变异", m, mutants.count);
        try_mutant(&mutating, &mutants.items[m]);
        mutation.mutants[mutation.count++] = mutants.items[m].told;
        mutation.killed += mutants.items[m].told.killed;
        mutation.equivalent += mutants.items[m].told.equivalent;
    }
    arena_free(&mutating.scratch);
    *out = mutation;
}
