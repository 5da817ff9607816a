#ifndef CASES_RISK_TEXT_H
#define CASES_RISK_TEXT_H

#include "awards/facts.h"

/* The points of the risk list as text: policies/national/rules/risk.yaml, which says what each line
 * means. */

enum { RISK_POINTS_MAX = 32, RISK_STAGES_MAX = 8 };

/* What a point reads: an input of the facts, or one of what the program finds itself. */
enum risk_source {
    RISK_OF_INPUT,
    RISK_OVER_GRADE,
    RISK_OTHER_TOWNSHIP,
    RISK_SIBLING_OUT,
    RISK_LEFT_BEFORE,
    RISK_SOURCE_COUNT,
};

struct risk_point {
    struct str key, zh, en, confidence; /* confidence may be empty */
    int64_t points;                     /* 1 … 100 */
    enum risk_source source;
    uint16_t input;       /* RISK_OF_INPUT */
    int64_t words;        /* of a choice, a set or yes and no: bits of those that hold it; else 0 */
    int64_t least, below; /* of a number: it holds from `least` on and below `below` */
};

struct risk_stage {
    int64_t word;      /* place of the stage among the words of the input `stage` */
    int64_t first_age; /* completed years on 31 August before its first grade */
};

struct risk_text {
    struct str zh, en;
    struct str procedure; /* whose cases tell of brothers, sisters and the past */
    uint16_t stage_input, grade_input;
    struct risk_stage stages[RISK_STAGES_MAX];
    size_t stage_count;
    struct risk_point points[RISK_POINTS_MAX];
    size_t point_count;
};

/* Reads the text built in, or of `folder` when not NULL, for the facts' policy and subject.
 * ERR_INPUT with file and line for an unknown input, word, key or a point that holds by nothing. */
MUST_USE bool risk_text_load(struct risk_text *out, struct arena *arena, const char *folder,
                             const struct facts *facts, struct err *err);

#endif
