#ifndef POLICY_WORD_H
#define POLICY_WORD_H

#include "base/str.h"

/* The words that the language keeps for itself: each in Chinese and in English, one table for the
 * reader, the formatter and the documents. */

enum word {
    /* Declarations. */
    WORD_PACK,
    WORD_USES,
    WORD_SUBJECT,
    WORD_DOCUMENT,
    WORD_TEXT,
    WORD_INPUT,
    WORD_DEFINE,
    WORD_STANDARD,
    WORD_SCHEME,
    WORD_EXCLUSION,
    WORD_STACK,
    WORD_EXTEND,
    WORD_CASE,
    /* Inside of them. */
    WORD_ALSO,
    WORD_HOLDER,
    WORD_ON,
    WORD_SEEN,
    WORD_BELIEVED,
    WORD_UNCONFIRMED,
    WORD_CITE,
    WORD_FROM,
    WORD_UNTIL,
    WORD_BY,
    WORD_NONE,
    WORD_INSTEAD,
    WORD_APPLIES,
    WORD_PERIOD,
    WORD_FORM,
    WORD_PAYER,
    WORD_CONFIRMED,
    WORD_RIGHT,
    WORD_AMOUNT,
    WORD_EXCEPT,
    WORD_TO,
    WORD_WHEN,
    WORD_AVERAGE,
    WORD_CEILING,
    WORD_BEFORE,
    WORD_WITH,
    WORD_AT,
    WORD_EXPECT,
    WORD_NEEDS,
    WORD_UNKNOWN,
    WORD_NOT_CONCERNED,
    /* Types, periods and forms. */
    WORD_YES_NO,
    WORD_CHOICE,
    WORD_SET,
    WORD_NUMBER,
    WORD_MONEY,
    WORD_DAY,
    WORD_CODE,
    WORD_LIST,
    WORD_TERM,
    WORD_YEAR,
    WORD_MONTH,
    WORD_ONCE,
    WORD_CASH,
    WORD_WAIVER,
    WORD_IN_KIND,
    WORD_LOAN,
    WORD_DECLARED,
    WORD_PLACE,
    /* Expressions. */
    WORD_OR,
    WORD_AND,
    WORD_NOT,
    WORD_IS,
    WORD_IN,
    WORD_HAS,
    WORD_ANY,
    WORD_ALL,
    WORD_LISTED,
    WORD_OTHERWISE,
    WORD_PER_TERM,
    WORD_LEAST,
    WORD_MOST,
    WORD_ROUND_DOWN,
    WORD_ROUND_UP,
    WORD_ROUND_HALF_UP,
    WORD_AGE,
    WORD_FULL_MONTHS,
    WORD_YES,
    WORD_NO,
    /* Units. */
    WORD_YUAN,
    WORD_FEN,
    WORD_TEN_THOUSAND,
    WORD_DAYS,
    WORD_MONTHS,
    WORD_COUNT,
};

/* The word that a text is, in either language; WORD_COUNT when it is none. */
enum word word_of(struct str text);

/* How a word is written: "资格", "right". */
const char *word_text(enum word word, enum lang lang);

#endif
