#ifndef FIGURES_BALANCE_H
#define FIGURES_BALANCE_H

#include "base/err.h"
#include "base/str.h"

/* How evenly schools are equipped: the arithmetic of balanced compulsory education
 * (教督〔2012〕3号, 教督〔2017〕6号), in whole numbers. Pure.
 *
 * A resource (m², yuan, books, teachers) is given in hundredths of its unit, for a school with two
 * stages has parts of it. */

enum balance_stage { BALANCE_PRIMARY, BALANCE_JUNIOR, BALANCE_SENIOR, BALANCE_STAGES };

/* What the pupils of one school, or of one of its stages, have of one resource. */
struct balance_part {
    int64_t pupils;
    int64_t hundredths;
};

enum {
    BALANCE_PARTS_MAX = 100000,
    BALANCE_PUPILS_MAX = 10000000,       /* of one part */
    BALANCE_ALL_PUPILS_MAX = 1000000000, /* of all together */
};

/* Largest resource of one part, in hundredths; and of all together the same. */
#define BALANCE_HUNDREDTHS_MAX INT64_C(1000000000000000)

/* The coefficient of variation between schools, in millionths, rounded half up:
 *
 *   X̄ = Σxᵢ / ΣPᵢ      S = √(Σ Pᵢ/P · (xᵢ/Pᵢ − X̄)²)      S / X̄
 *
 * so a school counts by its pupils. Each school's ratio to the mean is cut at a thousand-millionth;
 * the result is right to a millionth. Parts without pupils are left out. False when nothing is
 * left, or nobody has anything. */
bool balance_coefficient(const struct balance_part *parts, size_t count, int64_t *millionths);

/* The mean of coefficients (综合差异系数), in millionths, rounded half up; count is at least 1. */
int64_t balance_mean(const int64_t *millionths, size_t count);

/* Splits what a school with several stages has by its pupils, a pupil of a junior stage counting
 * 1.1 and of a senior stage 1.32 (so junior to senior as 1 to 1.2). Each part but the last with
 * pupils is rounded half up, the last gets the rest: they sum to the whole. At least one stage has
 * pupils. */
void balance_split(int64_t hundredths, const int64_t pupils[BALANCE_STAGES],
                   int64_t out[BALANCE_STAGES]);

/* What a part has for `per` pupils (1 or 100), in hundredths of the unit, rounded down; it has
 * pupils. */
int64_t balance_per(const struct balance_part *part, int64_t per);

/* What is lacking to `standard` hundredths for `per` pupils, in hundredths, rounded up; 0 when
 * nothing is. */
int64_t balance_lacking(const struct balance_part *part, int64_t standard, int64_t per);

/* How parts are made even without taking from any: those that have less are raised to one level. */
struct balance_even {
    int64_t level; /* hundredths of the unit for `per` pupils; 0: nothing has to be raised */
    int64_t added; /* hundredths of the unit, to all parts that are raised */
    size_t raised; /* how many are */
};

/* The least level with which the coefficient is at most `limit` millionths. Where `whole`, each
 * part that is raised gets whole units. `room` holds `count` parts. False when there is no
 * coefficient, or whole units alone cannot do it. */
bool balance_even(const struct balance_part *parts, size_t count, int64_t per, bool whole,
                  int64_t limit, struct balance_part *room, struct balance_even *out);

/* "4.25" with 2 places is 425; "12" is 1200. False for what is no decimal, has more places that are
 * not zero, or is larger than BALANCE_HUNDREDTHS_MAX. No sign. */
bool balance_decimal(struct str text, int places, int64_t *out);

#endif
