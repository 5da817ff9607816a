#ifndef AWARDS_STUDENT_CELL_H
#define AWARDS_STUDENT_CELL_H

#include "base/dict.h"
#include "policy/policy.h"

/* What headings and cells of a file of students mean. Words come from the policy's inputs (key,
 * Chinese, English, also) and are compared folded: width and case do not matter, blanks and
 * traditional characters neither. */

enum { STUDENT_ID = -1, STUDENT_NAME = -2, STUDENT_UNKNOWN = -3 };

/* In what an amount is written, as the end of its heading says: fee_fen, 学费（分）; 学费元,
 * 学费（元）; 学费（万元）. */
enum student_unit { STUDENT_UNIT_NONE, STUDENT_FEN, STUDENT_YUAN, STUDENT_TEN_THOUSAND };
enum student_unit student_unit(struct str heading);

/* What a heading names: an input of the subject by its number, STUDENT_ID, STUDENT_NAME (only used
 * by letters) or STUDENT_UNKNOWN. An amount may have its unit in brackets behind its name. */
int student_heading(const struct policy *policy, uint16_t subject, struct str written);

/* The words of one input, ready to be looked up. */
struct student_words {
    const struct policy_input *input;
    struct dict words;      /* folded, of a choice or set */
    int64_t *places;        /* by number in `words`: the place among the choices */
    enum student_unit unit; /* of an amount */
};

/* Prepares an input; `heading` is what stands over its column. In the arena. */
void student_words_make(struct arena *arena, const struct policy_input *input, struct str heading,
                        struct student_words *out);

/* Reads a trimmed cell that is not empty: true with the value as policy/rows.h keeps it, false when
 * the input knows no such word or the number is outside its limits. What it needs in between lies
 * in `scratch`.
 *
 *   yes/no    yes, no, 是, 否, y, n, true, false, 1, 0, √, ×
 *   choice    one of its words
 *   set       words with ; between (、 and , too), or `none` (无) alone
 *   number    digits; of the input `grade` also 三年级, 初二, 大班
 *   money     fen as a whole number, yuan with at most two decimals, or 万元 with at most six; an
 *             amount without a unit is not understood
 *   day       2012-03-05 and the other forms of intake/date.h that name a whole day
 *   code      six digits */
bool student_cell(struct arena *scratch, const struct student_words *words, struct str cell,
                  int64_t *value);

/* What an input would have understood, for a message: its words, the first of them, or the form of
 * its numbers. In the arena. */
struct str student_expected(struct arena *arena, const struct student_words *words, enum lang lang);

#endif
