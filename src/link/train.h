#ifndef LINK_TRAIN_H
#define LINK_TRAIN_H

#include "link/engine_internal.h"

/* The inside of learning: train.c finds two classes of pairs, matches and others; train_kin.c tells
 * matches from pairs that only share a household. */

enum { TRAIN_ROUNDS_MAX = 500, TRAIN_STARTS = 3, LEVELS = LINK_LEVELS_MAX + 1 };

/* The largest change of an m in the last round. */
#define TRAIN_CONVERGED 1e-5

/* What is learnt. */
struct parameters {
    double m[LINK_COMPARISONS_MAX][LEVELS], u[LINK_COMPARISONS_MAX][LEVELS];
    double matches;                                         /* expected among all possible pairs */
    double together[LINK_INTERACTIONS_MAX][LEVELS][LEVELS]; /* log2, of interactions */
};

/* Sums over tallies, by how probably each pattern is a match. */
struct sums {
    double free[LINK_COMPARISONS_MAX][LEVELS];    /* matches that show m */
    double matches[LINK_COMPARISONS_MAX][LEVELS]; /* all covered matches */
    double others[LINK_COMPARISONS_MAX][LEVELS];  /* covered non-matches */
    /* Of interactions, by both levels: matches that show both m, covered non-matches. */
    double joint_free[LINK_INTERACTIONS_MAX][LEVELS][LEVELS];
    double joint_others[LINK_INTERACTIONS_MAX][LEVELS][LEVELS];
    double total;
    double likelihood; /* log2, of the covered pairs */
};

/* What it is learnt from. */
struct training {
    const struct link_engine *engine;
    const struct link_spec *spec;
    const struct tallies *tallies;
    const struct random_levels *random;
    double possible;
    double first_m[LINK_COMPARISONS_MAX][LEVELS];
};

/* Counts a tally of which `matches` pairs are matches. */
void train_add(const struct training *training, const struct tally *tally, double matches,
               struct sums *sums);

/* The parameters that sums show; gives how far they moved. */
double train_maximise(const struct training *training, const struct sums *sums,
                      struct parameters *next);

/* Pools neighbouring levels until m / u falls from level to level. */
void train_monotone(double *m, const double *u, size_t levels);

/* Of a spec with shared comparisons: finds a third class, pairs that share those and are as
 * unlike as any two otherwise, takes it out of the matches, and fills parameters and sums anew.
 * Leaves both as they are when no matches remain. */
void train_kin(const struct training *training, struct parameters *found, struct sums *sums);

#endif
