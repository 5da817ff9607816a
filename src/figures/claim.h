#ifndef FIGURES_CLAIM_H
#define FIGURES_CLAIM_H

#include "base/day.h"
#include "figures/article.h"

/* The numbers that an article states: what is counted, how many, how exactly, and in which
 * sentence. Numbers that count nothing are passed over: years, days and times, numbers of
 * documents, licences and telephones, ordinals, ages, names ("五位一体", "两免一补", "靖远二中"),
 * and "一名记者".
 *
 * How exact a number is follows from how it is written. With v for the value, p for the place of
 * its last digit (one in 3635, 万 in 30万, 百万 in 35.78亿) and z for that of its last digit that
 * is not a zero (百 in 300, 万 in 7万, 十万 in 30万), a figure x agrees when
 *
 *     exact, no scale      3635         x = v
 *     exact, with a scale  35.78亿       v - h <= x < v + h, h being p/2 but at most v/10: it
 * rounds to what is stated; a percentage likewise about                约 左右 上下    |x - v| <=
 * w, w being z/2 but from v/50 to v/10; of a percentage p/2 but at least v/50 more 余 多 超 逾    v
 * <= x < v + z; percentages: v <= x nearly               近 不足 不到   v - z < x <= v, z at most
 * v/5 at least             以上 不少于    v <= x at most              以下 不超过    x <= v range
 * 3至5          low <= x <= high
 *
 * So 300余 is 300 … 399, 1200余 is 1200 … 1299, 7万余 is 70000 … 79999. */

enum claim_unit {
    CLAIM_YUAN,
    CLAIM_PERSONS,
    CLAIM_PERSON_TIMES,
    CLAIM_SCHOOLS,
    CLAIM_VILLAGES,
    CLAIM_KINDERGARTENS,
    CLAIM_AGREEMENTS,
    CLAIM_PERCENT,
    CLAIM_ITEMS,
    CLAIM_YEARS,
    CLAIM_DAYS,
    CLAIM_UNIT_COUNT,
};

/* How exactly a number is stated; see above. */
enum claim_exactness {
    CLAIM_EXACT,
    CLAIM_ABOUT,
    CLAIM_MORE,
    CLAIM_NEARLY,
    CLAIM_AT_LEAST,
    CLAIM_AT_MOST,
    CLAIM_RANGE,
    CLAIM_EXACTNESS_COUNT,
};

enum { CLAIM_E4 = 10000, CLAIMS_MAX = 4096, CLAIM_PARTS_MAX = 64 };

struct claim {
    struct str text; /* "招聘特岗教师2311名": the words of the claim. Views into the article */
    struct str subject; /* "招聘特岗教师": what is counted */
    struct str number;  /* "2311", "7万余": what a correction replaces; "无一" */
    struct str near;    /* its clause: what is said right beside the number */
    struct str sentence;
    size_t paragraph; /* of the article */
    enum claim_unit unit;
    enum claim_exactness exactness;
    int64_t value_e4;           /* ten-thousandths of the unit, from 0 */
    int64_t high_e4;            /* upper end of a range; else value_e4 */
    int64_t place_e4, zeros_e4; /* p and z above */
    int64_t scale_e4; /* the scale it is written in: CLAIM_E4 none, 10^8 for 万, 10^12 for 亿 */
    int decimals;     /* digits behind the point as written */
    bool hanzi;       /* written in Chinese numerals */
    bool everyone;    /* about all: 无一名, 全部, 全覆盖, 零辍学, 100% */
    bool goal;        /* what is to be, not what is: "力争达到" */
    bool past;        /* what was before a change: "由88%提高到95%" */
    int year_from, year_to; /* the years that the sentence speaks of; 0: none */
};

/* A total and its parts as the article states them. */
struct claim_sum {
    size_t total; /* into the claims */
    size_t parts[CLAIM_PARTS_MAX];
    size_t part_count;
    int64_t stated_e4, added_e4; /* the total; the parts together */
    int64_t slack_e4;            /* by how much rounding may part them */
    bool holds;
};

struct claims {
    const struct article *article;
    struct claim *items; /* in the order of the text */
    size_t count;
    struct claim_sum *sums; /* by their totals */
    size_t sum_count;
};

/* Reads the claims of an article into the arena. ERR_LIMIT: more than CLAIMS_MAX. */
MUST_USE bool claims_read(struct arena *arena, const struct article *article, struct claims *out,
                          struct err *err);

/* Smallest and largest figure that agrees with a claim, in ten-thousandths, both ends included. */
void claim_bounds(const struct claim *claim, int64_t *low, int64_t *high);

/* "12", "99.8": a number of ten-thousandths as a decimal. Into the arena. */
struct str claim_decimal(struct arena *arena, int64_t value_e4);

const char *claim_unit_key(enum claim_unit unit); /* "yuan", "person_times" */
const char *claim_unit_text(enum claim_unit unit, enum lang lang);
bool claim_unit_of(struct str key, enum claim_unit *out);
const char *claim_exactness_key(enum claim_exactness exactness); /* "exact", "more" */

#endif
