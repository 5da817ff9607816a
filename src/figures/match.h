#ifndef FIGURES_MATCH_H
#define FIGURES_MATCH_H

#include "figures/claim.h"

/* Holds an article's claims against figures that are known. Which figure a claim speaks of is told
 * by words, unit and period alone, never by the number, or a wrong number would find another
 * figure. Each figure goes to the claims that speak of it, the claims as a whole to the figures
 * with the best words (one to one; what the article says again goes with the first). Where two
 * figures fit about as well, the claim is not tracked rather than held against the wrong one. */

/* A figure as the checker needs it: the figures engine fills it, or a file (match_file.h). Views
 * live as long as whoever filled it says. */
struct figure_known {
    struct str key;    /* "special_posts" */
    struct str zh, en; /* its name */
    struct str words; /* words of articles, blank between: "特岗教师|特设岗位 招聘|录用 !培训". Each
                         stands for one thing said; "|" parts other ways to say it; "!" before a
                         word: with it beside the number, another figure is meant. Empty: the
                         pairs of characters of `zh` */
    enum claim_unit unit;
    bool has_value;
    int64_t value_e4;   /* in ten-thousandths of the unit: 35.78 亿元 is 35780000000000, 99.8 % is
                           998000 */
    bool has_counts;    /* for figures about everyone: whether all that are expected are known */
    int64_t expected;   /* how many there should be */
    int64_t verified;   /* of these, with a proof */
    int64_t open;       /* being worked on */
    int64_t unreported; /* nobody has said anything: expected = verified + open + unreported */
    day from, to;       /* what it covers; DAY_NONE: not limited on that side */
};

enum { FIGURES_KNOWN_MAX = 4096 };

enum verdict {
    VERDICT_NOT_TRACKED, /* no figure, or no certain one */
    VERDICT_AGREES,
    VERDICT_DIFFERS,
    VERDICT_INCOMPLETE, /* about everyone, and the records do not cover everyone */
    VERDICT_COUNT,
};

enum { MATCH_NONE = -1 };

/* What came out for one claim. */
struct match {
    int figure; /* into the figures; MATCH_NONE */
    int score;  /* 0 … 1000: how well the words fit */
    int second; /* why none was taken: another figure that fits about as well, or the one of which
                   another claim speaks as well; MATCH_NONE */
    enum verdict verdict;
    int64_t off_e4;       /* VERDICT_DIFFERS: ours less the claim's, in ten-thousandths */
    struct str corrected; /* VERDICT_DIFFERS: the sentence with our number, written as the article
                             writes it (in 万, with 余); empty where there is none */
};

/* One match a claim, in the claims' order, into the arena. ERR_LIMIT: more figures than
 * FIGURES_KNOWN_MAX. */
MUST_USE bool match_claims(struct arena *arena, const struct claims *claims,
                           const struct figure_known *figures, size_t figure_count,
                           struct match **out, struct err *err);

/* Whether `ours` is what the claim says, by the rules in claim.h. */
bool match_agrees(const struct claim *claim, int64_t ours_e4);

const char *verdict_key(enum verdict verdict); /* "agrees", "not_tracked" */
const char *verdict_text(enum verdict verdict, enum lang lang);

#endif
