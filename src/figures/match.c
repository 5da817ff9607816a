#include "figures/match_internal.h"

#include "base/list.h"
#include "link/assign.h"

static const struct {
    const char *key, *zh, *en;
} verdicts[VERDICT_COUNT] = {
    [VERDICT_NOT_TRACKED] = {"not_tracked", "未统计", "not tracked"},
    [VERDICT_AGREES] = {"agrees", "一致", "agrees"},
    [VERDICT_DIFFERS] = {"differs", "不一致", "differs"},
    [VERDICT_INCOMPLETE] = {"incomplete", "尚未核实完", "incomplete"},
};

const char *verdict_key(enum verdict verdict)
{
    CHECK(verdict < VERDICT_COUNT);
    return verdicts[verdict].key;
}

const char *verdict_text(enum verdict verdict, enum lang lang)
{
    CHECK(verdict < VERDICT_COUNT);
    return lang == LANG_ZH ? verdicts[verdict].zh : verdicts[verdict].en;
}

bool match_agrees(const struct claim *claim, int64_t ours_e4)
{
    int64_t low, high;
    claim_bounds(claim, &low, &high);
    return ours_e4 >= low && ours_e4 <= high;
}

/* The scores of one claim, as a row of `figure_count`. */
struct scores {
    const struct claims *claims;
    size_t figure_count;
    int16_t *items;
};

static int score_of(const struct scores *scores, size_t claim, size_t figure)
{
    return scores->items[claim * scores->figure_count + figure];
}

/* Another figure than `figure` that fits the claim about as well and that no other claim has. */
static int rival_of(const struct scores *scores, const struct match *matches, size_t claim,
                    int figure)
{
    int best = MATCH_NONE, best_score = 0;
    for (size_t f = 0; f < scores->figure_count; f++) {
        int score = score_of(scores, claim, f);
        if ((int)f == figure || score < MATCH_SCORE_MIN || score <= best_score) continue;
        if (score + MATCH_MARGIN < score_of(scores, claim, (size_t)figure)) continue;
        bool taken = false;
        for (size_t c = 0; c < scores->claims->count && !taken; c++)
            taken = c != claim && matches[c].figure == (int)f;
        if (taken) continue;
        best = (int)f;
        best_score = score;
    }
    return best;
}

/* Of claims that speak of one figure alike, the first has it. */
static void assign(struct arena *arena, const struct scores *scores, struct match *matches)
{
    LIST(struct assign_edge) edges = {0};
    for (size_t c = 0; c < scores->claims->count; c++) {
        for (size_t f = 0; f < scores->figure_count; f++) {
            int score = score_of(scores, c, f);
            if (score < MATCH_SCORE_MIN) continue;
            *list_push(arena, &edges) =
                (struct assign_edge){.left = (uint32_t)c,
                                     .right = (uint32_t)f,
                                     .gain = score * CLAIMS_MAX + CLAIMS_MAX - 1 - (int)c};
        }
    }
    if (edges.count == 0) return;
    assign_solve(arena, edges.items, edges.count, (uint32_t)scores->claims->count,
                 (uint32_t)scores->figure_count, ASSIGN_WORK_MAX);
    for (size_t i = 0; i < edges.count; i++) {
        const struct assign_edge *edge = &edges.items[i];
        struct match *match = &matches[edge->left];
        if (edge->chosen) {
            match->figure = (int)edge->right;
            match->score = score_of(scores, edge->left, edge->right);
        } else if (edge->tied && match->figure == MATCH_NONE) {
            match->second = (int)edge->right;
        }
    }
}

/* Another claim that speaks of the figure about as well and states another number: of the two none
 * is sure, unless the words of both leave no doubt. */
static bool is_contested(const struct scores *scores, size_t claim, int figure)
{
    const struct claims *claims = scores->claims;
    int score = score_of(scores, claim, (size_t)figure);
    for (size_t c = 0; c < claims->count && score < MATCH_SURE; c++) {
        if (c == claim || claims->items[c].value_e4 == claims->items[claim].value_e4) continue;
        if (score_of(scores, c, (size_t)figure) + MATCH_MARGIN < score) continue;
        int best = 0;
        for (size_t f = 0; f < scores->figure_count; f++) {
            if ((int)f != figure && score_of(scores, c, f) > best) best = score_of(scores, c, f);
        }
        if (best < score_of(scores, c, (size_t)figure)) return true;
    }
    return false;
}

/* Where words fit another free figure about as well, the claim is left alone. */
static void drop_doubtful(const struct scores *scores, struct match *matches)
{
    for (size_t c = 0; c < scores->claims->count; c++) {
        if (matches[c].figure == MATCH_NONE) continue;
        int rival = rival_of(scores, matches, c, matches[c].figure);
        if (is_contested(scores, c, matches[c].figure)) rival = matches[c].figure;
        if (rival == MATCH_NONE) continue;
        matches[c].second = rival;
        matches[c].figure = MATCH_NONE;
    }
}

static size_t holder_of(const struct scores *scores, const struct match *matches, int figure)
{
    for (size_t c = 0; c < scores->claims->count; c++) {
        if (matches[c].figure == figure) return c;
    }
    return SIZE_MAX;
}

/* What an article says again belongs to the figure that has it first: the same number, or words
 * that leave no doubt. */
static void add_repeated(const struct scores *scores, struct match *matches)
{
    const struct claims *claims = scores->claims;
    for (size_t c = 0; c < claims->count; c++) {
        if (matches[c].figure != MATCH_NONE) continue;
        int best = MATCH_NONE, best_score = 0, next = 0;
        for (size_t f = 0; f < scores->figure_count; f++) {
            int score = score_of(scores, c, f);
            if (score > best_score) {
                next = best_score;
                best = (int)f;
                best_score = score;
            } else if (score > next) {
                next = score;
            }
        }
        if (best_score < MATCH_SCORE_MIN || best_score < next + MATCH_MARGIN) continue;
        size_t holder = holder_of(scores, matches, best);
        if (holder == SIZE_MAX) continue;
        bool same = claims->items[c].value_e4 == claims->items[holder].value_e4;
        bool sure = best_score >= MATCH_SURE && best_score >= matches[holder].score;
        if (!same && !sure) continue;
        matches[c] = (struct match){.figure = best, .score = best_score, .second = MATCH_NONE};
    }
}

static void judge(struct arena *arena, const struct claim *claim, const struct figure_known *figure,
                  struct match *match)
{
    bool covered = !figure->has_counts || figure->verified >= figure->expected;
    match->verdict = VERDICT_NOT_TRACKED;
    if (!figure->has_value) {
        if (claim->everyone && !covered) match->verdict = VERDICT_INCOMPLETE;
        return;
    }
    if (!match_agrees(claim, figure->value_e4)) {
        match->verdict = VERDICT_DIFFERS;
        match->off_e4 = figure->value_e4 - claim->value_e4;
        match->corrected = match_corrected(arena, claim, figure->value_e4);
    } else {
        match->verdict = claim->everyone && !covered ? VERDICT_INCOMPLETE : VERDICT_AGREES;
    }
}

bool match_claims(struct arena *arena, const struct claims *claims,
                  const struct figure_known *figures, size_t figure_count, struct match **out,
                  struct err *err)
{
    if (figure_count > FIGURES_KNOWN_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d figures", "指标超过 %d 个", FIGURES_KNOWN_MAX);
    }
    struct match *matches = arena_array(arena, struct match, claims->count);
    struct match_words *words = match_words_of(arena, figures, figure_count);
    struct scores scores = {.claims = claims, .figure_count = figure_count};
    scores.items = arena_array(arena, int16_t, claims->count * figure_count);
    for (size_t c = 0; c < claims->count; c++) {
        matches[c] = (struct match){.figure = MATCH_NONE, .second = MATCH_NONE};
        for (size_t f = 0; f < figure_count; f++) {
            scores.items[c * figure_count + f] =
                (int16_t)match_score(words, claims, &claims->items[c], f);
        }
    }
    assign(arena, &scores, matches);
    drop_doubtful(&scores, matches);
    add_repeated(&scores, matches);
    for (size_t c = 0; c < claims->count; c++) {
        if (matches[c].figure == MATCH_NONE) continue;
        judge(arena, &claims->items[c], &figures[matches[c].figure], &matches[c]);
    }
    *out = matches;
    return true;
}
