#ifndef JOBS_VIEW_REVIEW_H
#define JOBS_VIEW_REVIEW_H

#include "jobs/view_person.h"

/* Doubtful pairs, for a person to decide. A pair is shown to who sees both of its records. */

struct view_review {
    int64_t number;
    int32_t weight_millibits;
    uint32_t probability_ppm;
    bool joined;                 /* what the program did meanwhile */
    enum review_verdict verdict; /* REVIEW_OPEN: undecided, and the three below are empty */
    struct str why, decided_by;
    int64_t decided_ms;
    int64_t version; /* of what was decided last, for who decides next; 0: nothing yet */
    struct view_line left, right;
};

/* Pairs that wait, most doubtful first, or those decided, newest decision first. What was decided
 * since the snapshot was made counts. */
MUST_USE bool view_reviews(const struct view *view, bool decided, const struct view_page *page,
                           struct view_review **out, size_t *count, size_t *total, struct err *err);

struct view_review_pair {
    struct view_review review;
    struct explanation explanation;
    struct view_record left, right;
    struct view_line *left_others, *right_others; /* other records of their persons */
    size_t left_count, right_count;
};

/* One pair side by side. ERR_NOT_FOUND also when the asker does not see both records. */
MUST_USE bool view_review(const struct view *view, int64_t number, struct view_review_pair *out,
                          struct err *err);

#endif
