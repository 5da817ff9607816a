#include "link/train.h"

#include <math.h>
#include <string.h>

/* Brothers and sisters share a guardian, a telephone and an address. Where there are more of them
 * than of records of one child, two classes of pairs are households and strangers, and the weights
 * learnt say that a household is one child. Only knowledge of what the columns mean tells the two
 * apart: the spec says which comparisons several entities can share. Then there are three classes.
 * Matches begin as alike in everything; kin as alike in what is shared and as any two records in
 * the rest; what each class then shows is learnt. Matches alone count as matches: kin are
 * non-matches, which show how often shared things go together without one entity behind. */

enum { CLASS_MATCH, CLASS_KIN, CLASS_REST, CLASSES };

struct classes {
    double shares[CLASSES]; /* of all possible pairs */
    double levels[CLASSES][LINK_COMPARISONS_MAX][LEVELS];
};

struct class_sums {
    double total[CLASSES];
    double levels[CLASSES][LINK_COMPARISONS_MAX][LEVELS];
    double free[LINK_COMPARISONS_MAX][LEVELS]; /* matches that show m */
};

static void start_classes(const struct training *training, struct classes *out)
{
    double records = training->engine->record_count;
    out->shares[CLASS_MATCH] = fmin(0.1 * records / training->possible, 0.1);
    out->shares[CLASS_KIN] = fmin(0.5 * records / training->possible, 0.3);
    out->shares[CLASS_REST] = 1 - out->shares[CLASS_MATCH] - out->shares[CLASS_KIN];
    for (size_t c = 0; c < training->spec->comparison_count; c++) {
        size_t levels = training->spec->comparisons[c].level_count;
        double all = training->random->present[c] + 0.5 * (double)levels;
        for (size_t k = 0; k < levels; k++) {
            double count = training->random->counts[c][k] + training->random->least[c][k] + 0.5;
            out->levels[CLASS_MATCH][c][k] = training->first_m[c][k];
            out->levels[CLASS_REST][c][k] = count / all;
            out->levels[CLASS_KIN][c][k] =
                training->spec->comparisons[c].shared ? training->first_m[c][k] : count / all;
        }
    }
}

/* How probably a tally is of each class. */
static void class_odds(const struct training *training, const struct classes *now, uint64_t pattern,
                       double out[CLASSES])
{
    double logs[CLASSES], most = -INFINITY, sum = 0;
    for (size_t class = 0; class < CLASSES; class ++) {
        logs[class] = log2(now->shares[class]);
        for (size_t c = 0; c < training->spec->comparison_count; c++) {
            unsigned part = pattern_part(pattern, c);
            if (part > 0) logs[class] += log2(now->levels[class][c][part - 1]);
        }
        most = fmax(most, logs[class]);
    }
    for (size_t class = 0; class < CLASSES; class ++) sum += exp2(logs[class] - most);
    for (size_t class = 0; class < CLASSES; class ++) out[class] = exp2(logs[class] - most) / sum;
}

static void sum_classes(const struct training *training, const struct classes *now,
                        struct class_sums *sums)
{
    memset(sums, 0, sizeof *sums);
    for (size_t i = 0; i < training->tallies->count; i++) {
        const struct tally *tally = &training->tallies->items[i];
        double odds[CLASSES];
        class_odds(training, now, tally->pattern, odds);
        for (size_t class = 0; class < CLASSES; class ++) {
            double pairs = tally->count * odds[class];
            sums->total[class] += pairs;
            for (size_t c = 0; c < training->spec->comparison_count; c++) {
                unsigned part = pattern_part(tally->pattern, c);
                if (part == 0) continue;
                sums->levels[class][c][part - 1] += pairs;
                bool shows = class == CLASS_MATCH && (tally->free & 1u << c) != 0;
                if (shows) sums->free[c][part - 1] += pairs;
            }
        }
    }
}

/* A share of each level, from counts with some pseudo-pairs of a first guess behind. */
static double move_levels(const double *counts, const double *guess, double pseudo, size_t levels,
                          double *out)
{
    double all = pseudo, change = 0;
    for (size_t k = 0; k < levels; k++) all += counts[k];
    for (size_t k = 0; k < levels; k++) {
        double fresh = (counts[k] + pseudo * guess[k]) / all;
        change = fmax(change, fabs(fresh - out[k]));
        out[k] = fresh;
    }
    return change;
}

static double move_classes(const struct training *training, const struct class_sums *sums,
                           const struct classes *first, struct classes *now)
{
    enum { PSEUDO = 2 };
    double change = 0;
    for (size_t c = 0; c < training->spec->comparison_count; c++) {
        size_t levels = training->spec->comparisons[c].level_count;
        double rest[LEVELS];
        for (size_t k = 0; k < levels; k++) {
            double taken = sums->levels[CLASS_MATCH][c][k] + sums->levels[CLASS_KIN][c][k];
            rest[k] = fmax(training->random->counts[c][k] - taken, training->random->least[c][k]);
        }
        const double *guess = training->first_m[c];
        double moved =
            move_levels(sums->free[c], guess, PSEUDO, levels, now->levels[CLASS_MATCH][c]);
        change = fmax(change, moved);
        moved = move_levels(sums->levels[CLASS_KIN][c], first->levels[CLASS_KIN][c], PSEUDO, levels,
                            now->levels[CLASS_KIN][c]);
        change = fmax(change, moved);
        move_levels(rest, first->levels[CLASS_REST][c], 1, levels, now->levels[CLASS_REST][c]);
        train_monotone(now->levels[CLASS_MATCH][c], now->levels[CLASS_REST][c], levels);
    }
    now->shares[CLASS_MATCH] = fmax(sums->total[CLASS_MATCH], 0.5) / training->possible;
    now->shares[CLASS_KIN] = fmax(sums->total[CLASS_KIN], 0.5) / training->possible;
    now->shares[CLASS_REST] = 1 - now->shares[CLASS_MATCH] - now->shares[CLASS_KIN];
    return change;
}

void train_kin(const struct training *training, struct parameters *found, struct sums *sums)
{
    struct classes first, now;
    struct class_sums class_sums;
    start_classes(training, &first);
    now = first;
    for (int round = 0; round < TRAIN_ROUNDS_MAX; round++) {
        sum_classes(training, &now, &class_sums);
        if (move_classes(training, &class_sums, &first, &now) < TRAIN_CONVERGED && round > 1) break;
    }
    struct sums fresh = {0};
    for (size_t i = 0; i < training->tallies->count; i++) {
        const struct tally *tally = &training->tallies->items[i];
        double odds[CLASSES];
        class_odds(training, &now, tally->pattern, odds);
        train_add(training, tally, tally->count * odds[CLASS_MATCH], &fresh);
    }
    *sums = fresh;
    train_maximise(training, sums, found);
}
