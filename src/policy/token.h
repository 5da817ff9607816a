#ifndef POLICY_TOKEN_H
#define POLICY_TOKEN_H

#include "policy/period.h"
#include "policy/word.h"

/* A policy text cut into tokens. Full-width punctuation is read as the half-width; comments and
 * blanks are left out, but each token knows its place. */

enum token_kind {
    TOKEN_END,    /* of the text; also what stands behind the last */
    TOKEN_NAME,   /* a key or word that is no keyword */
    TOKEN_WORD,   /* `word` */
    TOKEN_TEXT,   /* in quotes; `text` is what stands between them */
    TOKEN_NUMBER, /* digits, with up to two decimals */
    TOKEN_DAY,
    TOKEN_PERIOD, /* 2024-autumn, 2024-2025 */
    TOKEN_SIGN,   /* one of ( ) , : / * + - % = < > and the two-letter ones */
};

/* A sign is its character, those of two characters a number of their own. */
enum sign {
    SIGN_OPEN = '(',
    SIGN_CLOSE = ')',
    SIGN_COMMA = ',',
    SIGN_COLON = ':',
    SIGN_SLASH = '/',
    SIGN_TIMES = '*',
    SIGN_PLUS = '+',
    SIGN_MINUS = '-',
    SIGN_PERCENT = '%',
    SIGN_EQUAL = '=',
    SIGN_LESS = '<',
    SIGN_MORE = '>',
    SIGN_NOT_EQUAL = 256,
    SIGN_LESS_EQUAL,
    SIGN_MORE_EQUAL,
};

struct token {
    enum token_kind kind;
    enum word word;
    int sign;
    struct str text;    /* as written, without quotes */
    int64_t hundredths; /* of a number: 12.5 is 1250 */
    bool decimals;      /* it has some */
    day day;
    struct period period;
    int line, column; /* from 1; columns count characters */
    size_t at, end;   /* bytes in the text, quotes included */
};

/* Why a text cannot be cut, and where. */
struct token_fault {
    int line, column;
    const char *zh, *en;
};

enum { TOKENS_MAX = 1 << 21 };

/* Cuts a text; the tokens end with one TOKEN_END. False, with the first thing that is no token, or
 * where there are more than TOKENS_MAX. In the arena; texts are borrowed from `text`. */
bool tokens_of(struct arena *arena, struct str text, struct token **out, size_t *count,
               struct token_fault *fault);

#endif
