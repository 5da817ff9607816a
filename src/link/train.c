#include "link/train.h"

#include <math.h>

/* Learns a model by expectation and maximisation over tallies of patterns.
 *
 * Every possible pair is accounted for: those that rules cover are weighed by pattern; all others
 * count as non-matches. So u of a level is what is left of its count among all possible pairs when
 * the expected matches are taken out, and the prior speaks of two records drawn at random, whatever
 * the rules. m of a comparison is estimated from pairs that some rule covers which does not depend
 * on it: rules that ask for equality would make it look too good. A missing value says nothing.
 * Levels are pooled until closer ones never weigh less than farther ones. */

static const double sample_pairs = 4e6;
static const double prior_matches = 2; /* pseudo-pairs behind the first guess of each m */
static const double matches_least = 5;
static const double joint_smoothing = 50;  /* pseudo-pairs without dependence */
static const double interaction_most = 20; /* bits */

static void first_guess(struct training *training)
{
    for (size_t c = 0; c < training->spec->comparison_count; c++) {
        size_t levels = training->spec->comparisons[c].level_count;
        double *m = training->first_m[c];
        double middle = levels > 2 ? 0.15 / (double)(levels - 2) : 0;
        for (size_t k = 0; k < levels; k++) m[k] = middle;
        m[0] = 0.8;
        m[levels - 1] = levels > 2 ? 0.05 : 0.2;
    }
}

static void start(const struct training *training, double matches, struct parameters *out)
{
    *out = (struct parameters){.matches = matches};
    for (size_t c = 0; c < training->spec->comparison_count; c++) {
        size_t levels = training->spec->comparisons[c].level_count;
        double present = training->random->present[c];
        for (size_t k = 0; k < levels; k++) {
            double count = training->random->counts[c][k] + training->random->least[c][k] + 0.5;
            out->m[c][k] = training->first_m[c][k];
            out->u[c][k] = count / (present + 0.5 * (double)levels);
        }
    }
}

/* What the interactions add to the weight of a pattern. */
static double together(const struct link_spec *spec, const struct parameters *now, uint64_t pattern)
{
    double sum = 0;
    for (size_t i = 0; i < spec->interaction_count; i++) {
        unsigned first = pattern_part(pattern, spec->interactions[i].first);
        unsigned second = pattern_part(pattern, spec->interactions[i].second);
        if (first > 0 && second > 0) sum += now->together[i][first - 1][second - 1];
    }
    return sum;
}

static void add_joint(const struct link_spec *spec, const struct tally *tally, double matches,
                      struct sums *sums)
{
    for (size_t i = 0; i < spec->interaction_count; i++) {
        const struct spec_interaction *pair = &spec->interactions[i];
        unsigned first = pattern_part(tally->pattern, pair->first);
        unsigned second = pattern_part(tally->pattern, pair->second);
        if (first == 0 || second == 0) continue;
        sums->joint_others[i][first - 1][second - 1] += tally->count - matches;
        uint32_t both = 1u << pair->first | 1u << pair->second;
        if ((tally->free & both) == both) sums->joint_free[i][first - 1][second - 1] += matches;
    }
}

void train_add(const struct training *training, const struct tally *tally, double matches,
               struct sums *sums)
{
    sums->total += matches;
    for (size_t c = 0; c < training->spec->comparison_count; c++) {
        unsigned part = pattern_part(tally->pattern, c);
        if (part == 0) continue;
        sums->matches[c][part - 1] += matches;
        sums->others[c][part - 1] += tally->count - matches;
        if ((tally->free & 1u << c) != 0) sums->free[c][part - 1] += matches;
    }
    add_joint(training->spec, tally, matches, sums);
}

/* How probably each tally is a match, and what follows from it. `anchored`: a pair at the first
 * level of an anchor is a match, no other pair is. */
static void expect(const struct training *training, const struct parameters *now, bool anchored,
                   struct sums *sums)
{
    const struct link_spec *spec = training->spec;
    double weights[LINK_COMPARISONS_MAX][16] = {{0}}, log_u[LINK_COMPARISONS_MAX][16] = {{0}};
    double prior = log2(now->matches / (training->possible - now->matches));
    double log_rest = log2(1 - now->matches / training->possible);
    for (size_t c = 0; c < spec->comparison_count; c++) {
        for (size_t k = 0; k < spec->comparisons[c].level_count; k++) {
            weights[c][k + 1] = log2(now->m[c][k] / now->u[c][k]);
            log_u[c][k + 1] = log2(now->u[c][k]);
        }
    }
    *sums = (struct sums){0};
    for (size_t i = 0; i < training->tallies->count; i++) {
        const struct tally *tally = &training->tallies->items[i];
        double weight = prior, others = log_rest;
        bool anchor = false;
        for (size_t c = 0; c < spec->comparison_count; c++) {
            unsigned part = pattern_part(tally->pattern, c);
            weight += weights[c][part];
            others += log_u[c][part];
            anchor = anchor || (spec->comparisons[c].anchor && part == 1);
        }
        weight += together(spec, now, tally->pattern);
        double odds = exp2(weight > 60 ? 60 : weight);
        double share = anchored ? (double)anchor : odds / (1 + odds);
        sums->likelihood += tally->count * (others + log2(1 + odds));
        train_add(training, tally, tally->count * share, sums);
    }
}

/* Pools neighbouring levels until m / u falls from level to level; sums of m stay. */
void train_monotone(double *m, const double *u, size_t levels)
{
    double pooled_m[LEVELS], pooled_u[LEVELS];
    size_t first[LEVELS], pools = 0;
    for (size_t k = 0; k < levels; k++) {
        pooled_m[pools] = m[k];
        pooled_u[pools] = u[k];
        first[pools++] = k;
        while (pools > 1
               && pooled_m[pools - 2] * pooled_u[pools - 1]
                      < pooled_m[pools - 1] * pooled_u[pools - 2]) {
            pooled_m[pools - 2] += pooled_m[pools - 1];
            pooled_u[pools - 2] += pooled_u[pools - 1];
            pools--;
        }
    }
    for (size_t p = 0; p < pools; p++) {
        size_t end = p + 1 < pools ? first[p + 1] : levels;
        for (size_t k = first[p]; k < end; k++) m[k] = u[k] * pooled_m[p] / pooled_u[p];
    }
}

static double maximise_one(const struct training *training, const struct sums *sums, size_t c,
                           struct parameters *next)
{
    const struct random_levels *random = training->random;
    size_t levels = training->spec->comparisons[c].level_count;
    double counts[LEVELS], all_m = prior_matches, all_u = 0, change = 0, before[LEVELS];
    for (size_t k = 0; k < levels; k++) {
        double covered = sums->matches[c][k] + sums->others[c][k];
        double elsewhere = random->counts[c][k] - covered;
        counts[k] = sums->others[c][k] + (elsewhere > 0 ? elsewhere : 0);
        if (counts[k] < random->least[c][k]) counts[k] = random->least[c][k];
        counts[k] += 0.5;
        all_u += counts[k];
        all_m += sums->free[c][k];
        before[k] = next->m[c][k];
    }
    for (size_t k = 0; k < levels; k++) {
        next->u[c][k] = counts[k] / all_u;
        next->m[c][k] = (sums->free[c][k] + prior_matches * training->first_m[c][k]) / all_m;
    }
    train_monotone(next->m[c], next->u[c], levels);
    for (size_t k = 0; k < levels; k++) {
        double moved = fabs(next->m[c][k] - before[k]);
        if (moved > change) change = moved;
    }
    return change;
}

/* log2 of how much likelier each two levels are together than apart, in a table of counts. */
static void dependence(const double counts[LEVELS][LEVELS], const double *first, size_t first_count,
                       const double *second, size_t second_count, double smoothing, double sign,
                       double out[LEVELS][LEVELS])
{
    double smooth[LEVELS][LEVELS], rows[LEVELS] = {0}, columns[LEVELS] = {0}, all = 0;
    for (size_t k = 0; k < first_count; k++) {
        for (size_t l = 0; l < second_count; l++) {
            smooth[k][l] = counts[k][l] + smoothing * first[k] * second[l];
            rows[k] += smooth[k][l];
            columns[l] += smooth[k][l];
            all += smooth[k][l];
        }
    }
    for (size_t k = 0; k < first_count; k++) {
        for (size_t l = 0; l < second_count; l++) {
            double ratio = smooth[k][l] * all / (rows[k] * columns[l]);
            out[k][l] += sign * fmax(-interaction_most, fmin(interaction_most, log2(ratio)));
        }
    }
}

/* Pairs that no rule covers are taken to show no dependence; there are so many that the smoothing
 * of non-matches is their number. */
static void maximise_interaction(const struct training *training, const struct sums *sums, size_t i,
                                 struct parameters *next)
{
    const struct spec_interaction *pair = &training->spec->interactions[i];
    size_t first_count = training->spec->comparisons[pair->first].level_count;
    size_t second_count = training->spec->comparisons[pair->second].level_count;
    double elsewhere = training->possible - training->tallies->pairs;
    double present = training->random->present[pair->first]
                     * training->random->present[pair->second]
                     / (training->possible * training->possible);
    for (size_t k = 0; k < LEVELS; k++) {
        for (size_t l = 0; l < LEVELS; l++) next->together[i][k][l] = 0;
    }
    dependence(sums->joint_free[i], next->m[pair->first], first_count, next->m[pair->second],
               second_count, joint_smoothing, 1, next->together[i]);
    dependence(sums->joint_others[i], next->u[pair->first], first_count, next->u[pair->second],
               second_count, elsewhere * present + 1, -1, next->together[i]);
}

double train_maximise(const struct training *training, const struct sums *sums,
                      struct parameters *next)
{
    double change = 0;
    for (size_t c = 0; c < training->spec->comparison_count; c++) {
        double moved = maximise_one(training, sums, c, next);
        if (moved > change) change = moved;
    }
    for (size_t i = 0; i < training->spec->interaction_count; i++) {
        maximise_interaction(training, sums, i, next);
    }
    double matches = sums->total > 0.5 ? sums->total : 0.5;
    double most = training->possible * 0.999;
    change = fmax(change, fabs(matches - next->matches) / (next->matches + matches));
    next->matches = matches > most ? most : matches;
    return change;
}

/* Runs to convergence from one start; gives the log-likelihood of all pairs. */
static double run_from(const struct training *training, double matches, bool anchored,
                       struct parameters *out, struct sums *sums)
{
    start(training, matches, out);
    for (int round = 0; round < TRAIN_ROUNDS_MAX; round++) {
        expect(training, out, anchored && round == 0, sums);
        if (train_maximise(training, sums, out) < TRAIN_CONVERGED && round > 1) break;
    }
    expect(training, out, false, sums);
    double elsewhere = training->possible - training->tallies->pairs;
    return sums->likelihood + elsewhere * log2(1 - out->matches / training->possible);
}

static bool has_anchor(const struct link_spec *spec)
{
    for (size_t c = 0; c < spec->comparison_count; c++) {
        if (spec->comparisons[c].anchor) return true;
    }
    return false;
}

static bool has_shared(const struct link_spec *spec)
{
    for (size_t c = 0; c < spec->comparison_count; c++) {
        if (spec->comparisons[c].shared) return true;
    }
    return false;
}

static void best_of_starts(const struct training *training, struct parameters *best,
                           struct sums *sums)
{
    static const double shares[TRAIN_STARTS] = {0.5, 0.05, 2.0};
    double best_likelihood = -INFINITY;
    bool anchored = has_anchor(training->spec);
    for (size_t i = 0; i < (anchored ? 1 : TRAIN_STARTS); i++) {
        double matches = shares[i] * training->engine->record_count;
        double most = 0.9 * training->tallies->pairs;
        if (matches > most) matches = most;
        struct parameters here;
        struct sums here_sums;
        double likelihood = run_from(training, matches, anchored, &here, &here_sums);
        if (likelihood <= best_likelihood + 1e-6 * fabs(best_likelihood) && i > 0) continue;
        best_likelihood = likelihood;
        *best = here;
        *sums = here_sums;
    }
}

/* A comparison that every rule depends on shows no m of its own. */
static bool check_rules(const struct training *training, struct err *err)
{
    const struct link_spec *spec = training->spec;
    for (size_t c = 0; c < spec->comparison_count; c++) {
        bool seen = false;
        for (size_t q = 0; q < spec->rule_count; q++) {
            seen = seen || (spec->rules[q].touches & spec->comparisons[c].touches) == 0;
        }
        if (seen) continue;
        struct str key = spec->comparisons[c].key;
        return err_set(
            err, ERR_INPUT,
            "no weights can be learnt for \"%.*s\": every blocking rule depends on it; "
            "add a rule without it or give a model",
            "无法学习“%.*s”的权重：每条分块规则都用到它；请增加一条不用它的规则，或给出模型",
            STR_ARG(key));
    }
    return true;
}

/* Too few matches were seen: says whether blocks that were passed over may hold them. */
static bool refuse_few(const struct training *training, double matches, struct err *err)
{
    uint64_t skipped = 0;
    double pairs = training->tallies->pairs;
    for (size_t q = 0; q < training->spec->rule_count; q++) {
        skipped += training->engine->rules[q].count.pairs_skipped;
    }
    if (skipped == 0) {
        return err_set(
            err, ERR_NOT_FOUND,
            "no weights can be learnt: only %.0f pairs, of %.0f compared, look like "
            "matches; loosen the blocking rules or give a model",
            "无法学习权重：只有 %.0f 对（共比较 %.0f 对）像是相同；请放宽分块规则，或给出模型",
            matches, pairs);
    }
    return err_set(
        err, ERR_NOT_FOUND,
        "no weights can be learnt: only %.0f pairs, of %.0f compared, look like "
        "matches; %llu pairs were passed over because their blocks have more records "
        "than block_max allows: raise block_max, block by more columns, or give a model",
        "无法学习权重：只有 %.0f 对（共比较 %.0f 对）像是相同；另有 %llu 对因所在的块超过 "
        "block_max 而跳过：请调大 block_max、用更多的列分块，或给出模型",
        matches, pairs, (unsigned long long)skipped);
}

static bool check_outcome(const struct training *training, const struct parameters *found,
                          const struct sums *sums, struct err *err)
{
    const struct link_spec *spec = training->spec;
    if (sums->total < matches_least) return refuse_few(training, sums->total, err);
    for (size_t c = 0; c < spec->comparison_count; c++) {
        double free = 0, seen = 0;
        for (size_t k = 0; k < spec->comparisons[c].level_count; k++) {
            free += sums->free[c][k];
            seen += sums->matches[c][k];
        }
        if (seen < matches_least || free >= 1) continue;
        struct str key = spec->comparisons[c].key;
        return err_set(err, ERR_NOT_FOUND,
                       "no weights can be learnt for \"%.*s\": the rules that do not depend on it "
                       "find no matches; add a rule without it or give a model",
                       "无法学习“%.*"
                       "s”的权重：不用它的规则没有找到相同的对；请增加一条不用它的规则，或给出模型",
                       STR_ARG(key));
    }
    double best = 0;
    for (size_t c = 0; c < spec->comparison_count; c++) {
        best += log2(found->m[c][0] / found->u[c][0]);
    }
    if (best + log2(found->matches / training->possible) > 0) return true;
    return err_set(err, ERR_NOT_FOUND,
                   "no weights can be learnt: even pairs equal in everything are not told apart "
                   "from chance; compare more columns or give a model",
                   "无法学习权重：即使各项全部相同，也无法与巧合区分；请比较更多的列，或给出模型");
}

static int32_t millibits(double value)
{
    double bits = 1000 * log2(value);
    return bits < -60000 ? -60000 : (int32_t)lround(bits);
}

static void write_model(const struct training *training, const struct parameters *found,
                        struct link_model *model)
{
    const struct link_spec *spec = training->spec;
    model->comparison_count = spec->comparison_count;
    model->prior = millibits(found->matches / (training->possible - found->matches));
    for (size_t c = 0; c < spec->comparison_count; c++) {
        struct link_model_comparison *out = &model->comparisons[c];
        out->name = spec->comparisons[c].key;
        out->asked = &spec->comparisons[c];
        out->level_count = spec->comparisons[c].level_count;
        for (size_t k = 0; k < out->level_count; k++) {
            double inverse = training->random->inverse[c][k];
            out->m[k] = millibits(found->m[c][k]);
            out->u[k] = millibits(found->u[c][k]);
            /* Rounding by itself must not turn the order of two levels that weigh the same. */
            int32_t most = k == 0 ? INT32_MAX : out->m[k - 1] - out->u[k - 1];
            if (out->m[k] - out->u[k] > most) out->m[k] = out->u[k] + most;
            /* Among equal values the mean frequency is u itself, matches taken out. */
            out->frequency_base[k] = training->random->equal[c][k] ? out->u[k]
                                     : inverse > 0                 ? millibits(1 / inverse)
                                                                   : 0;
        }
    }
}

static void write_interactions(const struct training *training, const struct parameters *found,
                               struct link_model *model)
{
    const struct link_spec *spec = training->spec;
    model->interaction_count = spec->interaction_count;
    for (size_t i = 0; i < spec->interaction_count; i++) {
        const struct spec_interaction *pair = &spec->interactions[i];
        struct link_model_interaction *out = &model->interactions[i];
        out->first = spec->comparisons[pair->first].key;
        out->second = spec->comparisons[pair->second].key;
        for (size_t k = 0; k < LEVELS; k++) {
            for (size_t l = 0; l < LEVELS; l++) {
                out->bits[k][l] = (int32_t)lround(1000 * found->together[i][k][l]);
            }
        }
    }
}

bool model_train(struct link_engine *engine, size_t threads, const struct progress *progress,
                 struct link_model **out, struct err *err)
{
    struct arena scratch = {0};
    struct tallies tallies;
    struct random_levels *random = arena_new(&scratch, struct random_levels);
    struct training training = {.engine = engine,
                                .spec = engine->spec,
                                .tallies = &tallies,
                                .random = random,
                                .possible = (double)engine->pairs_possible};
    bool done = check_rules(&training, err);
    if (done) {
        tally_blocked(engine, threads, (uint64_t)sample_pairs, progress, &tallies);
        tally_random(engine, threads, random);
        first_guess(&training);
        struct parameters found = {.matches = 0};
        struct sums sums = {0};
        if (tallies.count > 0) best_of_starts(&training, &found, &sums);
        if (tallies.count > 0 && has_shared(engine->spec)) train_kin(&training, &found, &sums);
        done = check_outcome(&training, &found, &sums, err);
        if (done) {
            struct link_model *model = arena_new(engine->arena, struct link_model);
            write_model(&training, &found, model);
            write_interactions(&training, &found, model);
            *out = model;
        }
    }
    arena_free(&scratch);
    return done;
}

bool link_model_is_household(const struct link_model *model, size_t *comparison)
{
    CHECK(model != NULL);
    for (size_t c = 0; c < model->comparison_count; c++) {
        const struct link_model_comparison *learnt = &model->comparisons[c];
        double speaking = 0;
        for (size_t k = 0; k < learnt->level_count; k++) {
            if (learnt->m[k] - learnt->u[k] >= 1000) speaking += exp2(learnt->m[k] / 1000.0);
        }
        if (speaking >= 0.5) continue;
        *comparison = c;
        return true;
    }
    return false;
}
