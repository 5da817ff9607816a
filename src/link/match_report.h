#ifndef LINK_MATCH_REPORT_H
#define LINK_MATCH_REPORT_H

#include "base/page.h"
#include "link/evaluate.h"
#include "link/match.h"

/* One HTML file that says what a linkage did and how far it can be trusted. It needs no network, no
 * script and no font of its own, and follows the reader's choice of light or dark. */

enum { MATCH_REPORT_BYTES_MAX = 64 << 20 };

struct match_report {
    enum page_words words;
    bool values; /* shows ids and values of the example pairs; else they are masked */
    const char *spec, *left, *right; /* paths; only their last parts are shown; right may be NULL */
    const char *truth;               /* as match_evaluate's; NULL when the truth is not known */
    size_t threads;
    const struct progress *progress; /* may be NULL */
};

/* Writes the report of a match that has run. Compares the pairs once more, to say how they spread
 * over the weights. Errors: ERR_IO, those of match_evaluate_result, ERR_LIMIT when the page would
 * be larger than MATCH_REPORT_BYTES_MAX. */
MUST_USE bool match_write_report(const struct match *match, const struct match_report *report,
                                 const char *path, struct err *err);

/* Writes a page of how good a list of pairs is, against the truth. */
MUST_USE bool match_write_evaluation(const struct evaluation_report *evaluated, const char *pairs,
                                     enum page_words words, const char *path, struct err *err);

#endif
