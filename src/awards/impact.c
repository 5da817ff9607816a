#include "awards/impact.h"

#include "base/list.h"

#include <stdlib.h>

static const struct {
    const char *key, *zh, *en;
} changes[AWARD_CHANGE_COUNT] = {
    [AWARD_GAINS] = {"gains", "新享受", "gains"},
    [AWARD_LOSES] = {"loses", "不再享受", "loses"},
    [AWARD_MORE] = {"more", "增加", "gets more"},
    [AWARD_LESS] = {"less", "减少", "gets less"},
    [AWARD_CLEARS] = {"clears", "不再未知", "no longer unknown"},
    [AWARD_CLOUDS] = {"clouds", "变为未知", "becomes unknown"},
};

const char *award_change_key(enum award_change change)
{
    CHECK(change < AWARD_CHANGE_COUNT);
    return changes[change].key;
}

const char *award_change_text(enum award_change change, enum lang lang)
{
    CHECK(change < AWARD_CHANGE_COUNT);
    return lang == LANG_ZH ? changes[change].zh : changes[change].en;
}

struct comparing {
    struct arena *arena;
    const struct award_decided *sides[2];
    uint32_t *totals[2]; /* by scheme of a side: its total */
    struct award_impact *out;
    LIST(struct award_impact_row) rows;
};

static int compare_totals(const void *a, const void *b)
{
    const struct award_impact_total *x = a, *y = b;
    return str_compare(x->scheme, y->scheme);
}

/* All schemes of both sides, each once. */
static void make_totals(struct comparing *comparing)
{
    struct award_impact *out = comparing->out;
    const struct policy *a = comparing->sides[0]->policy, *b = comparing->sides[1]->policy;
    size_t most = a->scheme_count + b->scheme_count, kept = 0;
    out->totals = arena_array(comparing->arena, struct award_impact_total, most);
    for (size_t i = 0; i < a->scheme_count; i++) out->totals[i].scheme = a->schemes[i].name.key;
    for (size_t i = 0; i < b->scheme_count; i++) {
        out->totals[a->scheme_count + i].scheme = b->schemes[i].name.key;
    }
    if (most > 0) qsort(out->totals, most, sizeof *out->totals, compare_totals);
    for (size_t i = 0; i < most; i++) {
        if (kept > 0 && str_equal(out->totals[kept - 1].scheme, out->totals[i].scheme)) continue;
        out->totals[kept++] = out->totals[i];
    }
    out->total_count = kept;
    for (int side = 0; side < 2; side++) {
        const struct policy *policy = comparing->sides[side]->policy;
        comparing->totals[side] = arena_array(comparing->arena, uint32_t, policy->scheme_count);
        for (size_t i = 0; i < policy->scheme_count; i++) {
            struct award_impact_total wanted = {.scheme = policy->schemes[i].name.key};
            struct award_impact_total *found =
                bsearch(&wanted, out->totals, kept, sizeof wanted, compare_totals);
            CHECK(found != NULL);
            comparing->totals[side][i] = (uint32_t)(found - out->totals);
        }
    }
}

/* What happened, or AWARD_CHANGE_COUNT for nothing. */
static enum award_change change_of(const struct award_impact_row *row)
{
    bool had = row->before == POLICY_ENTITLED, has = row->after == POLICY_ENTITLED;
    bool cloudy = row->before == POLICY_UNKNOWN, clouded = row->after == POLICY_UNKNOWN;
    if (has && !had) return AWARD_GAINS;
    if (had && !has) return AWARD_LOSES;
    if (has && row->after_fen > row->before_fen) return AWARD_MORE;
    if (has && row->after_fen < row->before_fen) return AWARD_LESS;
    if (cloudy && !clouded) return AWARD_CLEARS;
    if (clouded && !cloudy) return AWARD_CLOUDS;
    return AWARD_CHANGE_COUNT;
}

/* One person and scheme; a side that does not concern the person is NULL. */
static void compare_one(struct comparing *comparing, uint32_t person, uint32_t total_number,
                        const struct policy_decision *before, const struct policy_decision *after)
{
    struct award_impact_total *total = &comparing->out->totals[total_number];
    struct award_impact_row row = {.row = person,
                                   .scheme = total->scheme,
                                   .before = AWARD_NOT_CONCERNED,
                                   .after = AWARD_NOT_CONCERNED};
    if (before != NULL) row.before = before->verdict;
    if (after != NULL) row.after = after->verdict;
    if (row.before == POLICY_ENTITLED) row.before_fen = before->fen;
    if (row.after == POLICY_ENTITLED) row.after_fen = after->fen;
    total->before_fen += row.before_fen;
    total->after_fen += row.after_fen;
    row.change = change_of(&row);
    if (row.change == AWARD_CHANGE_COUNT) return;
    total->people[row.change]++;
    *list_push(comparing->arena, &comparing->rows) = row;
}

/* Both sides list a person's schemes by key. */
static void compare_person(struct comparing *comparing, uint32_t person)
{
    const struct policy_kinds *sides[] = {&comparing->sides[0]->kinds, &comparing->sides[1]->kinds};
    size_t at[2], end[2];
    for (int i = 0; i < 2; i++) policy_decisions_of(sides[i], person, &at[i], &end[i]);
    while (at[0] < end[0] || at[1] < end[1]) {
        struct policy_decision decisions[2];
        uint32_t totals[] = {UINT32_MAX, UINT32_MAX};
        for (int i = 0; i < 2; i++) {
            if (at[i] == end[i]) continue;
            decisions[i] = policy_decision_at(sides[i], person, at[i]);
            totals[i] = comparing->totals[i][decisions[i].scheme];
        }
        uint32_t total = totals[0] < totals[1] ? totals[0] : totals[1];
        compare_one(comparing, person, total, totals[0] == total ? &decisions[0] : NULL,
                    totals[1] == total ? &decisions[1] : NULL);
        for (int i = 0; i < 2; i++) at[i] += totals[i] == total;
    }
}

void award_impact(struct arena *arena, const struct award_decided *before,
                  const struct award_decided *after, struct award_impact *out)
{
    CHECK(before->people->rows.count == after->people->rows.count);
    struct award_impact impact = {0};
    struct comparing comparing = {.arena = arena, .sides = {before, after}, .out = &impact};
    make_totals(&comparing);
    for (size_t i = 0; i < before->people->rows.count; i++) {
        compare_person(&comparing, before->people->order[i]);
    }
    impact.rows = comparing.rows.items;
    impact.row_count = comparing.rows.count;
    *out = impact;
}
