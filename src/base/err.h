#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/check.h"

#include <stdbool.h>

/* Errors that happen to a correct program: a file that is not there, a row that cannot be read.
 *
 * A fallible function returns bool, takes `struct err *err` last, is MUST_USE, touches no output
 * on failure and does not log. The error carries one sentence in English and one in Chinese: lower
 * case, no full stop, names quoted, the value shown, what to do where that helps; never personal
 * data beyond a record's number. Callers add the place with err_at. The sentence is read on the
 * command line and on pages alike; what to type on the command line for it is a hint apart. */

enum err_kind {
    ERR_NONE,      /* no error yet */
    ERR_USAGE,     /* the command line or the call asks for something that does not exist */
    ERR_INPUT,     /* a file or a value given by a user cannot be taken */
    ERR_NOT_FOUND, /* a record, batch or person that the user named does not exist */
    ERR_CONFLICT,  /* the record was changed, is needed by another, or lacks what comes first */
    ERR_DENIED,    /* the asker may not do this */
    ERR_LIMIT,     /* a stated limit (size, count, time, memory) is exceeded */
    ERR_STORE,     /* the database failed, or there is none */
    ERR_IO,        /* the file system or the network failed */
};

/* The languages of what is said to people: Chinese first. */
enum lang { LANG_ZH, LANG_EN };

enum { ERR_TEXT_MAX = 1024 };

struct err {
    enum err_kind kind;
    char en[ERR_TEXT_MAX]; /* one sentence in English, zero-terminated, cut at whole characters */
    char zh[ERR_TEXT_MAX]; /* the same in Chinese */
    const char *hint_en;   /* "--yes": for those who type commands; NULL: none */
    const char *hint_zh;
};

/* An error with nothing in it: `struct err err = ERR_INIT;` */
#define ERR_INIT ((struct err){.kind = ERR_NONE})

/* Fills `err` (which may be NULL) from two printf formats that take the same arguments in the same
 * order. Always returns false, so that a function can end with
 * `return err_set(err, …);`. */
bool err_set(struct err *err, enum err_kind kind, const char *en, const char *zh, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));

/* Puts a place before the sentence: err_at(err, "row %d", "第 %d 行", n) makes "row 7: …".
 * Always returns false. Nothing happens when `err` is NULL or holds no error. */
bool err_at(struct err *err, const char *en, const char *zh, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* Adds what to type on the command line: err_hint(err, "--at DAY", "--at 日期"). Both are literals.
 * Always returns false. Nothing happens when `err` is NULL or holds no error. */
bool err_hint(struct err *err, const char *en, const char *zh);

/* The sentence in the language asked for; "" when there is no error. Borrowed from `err`. */
const char *err_text(const struct err *err, enum lang lang);

/* The exit code that the command line promises for a kind: 0 none, 2 usage and not found (a number
 * that does not exist is a wrong argument), 3 input and limit, 5 denied, 4 all else. */
int err_exit_code(enum err_kind kind);

#endif
