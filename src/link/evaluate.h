#ifndef LINK_EVALUATE_H
#define LINK_EVALUATE_H

#include "link/match.h"

/* How good a linkage is, measured against the truth: what `baoxue match evaluate` does. Counts are
 * of unordered pairs of ids; a true pair that the pairs file does not list counts as missed, be it
 * lost in blocking or weighed too little. Ids are told apart by text alone, so two files must not
 * use one id for different records. */

struct evaluation {
    uint64_t true_pairs;                        /* all there are */
    uint64_t found;                             /* true pairs listed */
    uint64_t wrong;                             /* other pairs listed */
    uint32_t precision_ppm, recall_ppm, f1_ppm; /* 0 where nothing is listed or nothing is true */
    int32_t threshold_millibits;                /* pairs of at least this weight are listed */
};

enum {
    EVALUATION_STEPS_MAX = 512, /* thresholds of a curve */
    EVALUATION_STEP_MILLIBITS = 250,
};

struct evaluation_report {
    struct evaluation at;       /* at the threshold asked for */
    struct evaluation best;     /* at the threshold of the best F1; the highest such */
    struct evaluation clusters; /* pairs inside clusters; threshold 0 */
    bool has_clusters;
    /* The curve: each quarter of a bit from just below the heaviest pair down to just below the
     * lightest, at most EVALUATION_STEPS_MAX of them. */
    struct evaluation steps[EVALUATION_STEPS_MAX];
    size_t step_count;
    uint64_t
        pairs_possible; /* pairs that might have been listed, true ones too; 0 when not known */
};

/* `truth` has the columns `id,entity` (true are all pairs of one entity) or `left_id,right_id`
 * (true are the pairs listed). `pairs` is what match writes. `clusters` may be NULL. INT32_MIN for
 * threshold_millibits counts every pair of the file. ERR_INPUT: a column is missing, a weight is no
 * number, an id stands twice in the truth; with file and line. An id that the truth does not know
 * belongs to no true pair. */
MUST_USE bool match_evaluate(const char *pairs, const char *truth, const char *clusters,
                             int32_t threshold_millibits, struct evaluation_report *out,
                             struct err *err);

/* The same for a linkage just made: `at` stands at the spec's `match`, `clusters` are the match's
 * own, and pairs_possible is known. */
MUST_USE bool match_evaluate_result(const struct match *match, const char *truth,
                                    struct evaluation_report *out, struct err *err);

#endif
