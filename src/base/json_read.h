#ifndef BASE_JSON_READ_H
#define BASE_JSON_READ_H

#include "base/str.h"

/* A JSON document read whole (RFC 8259), strictly: UTF-8 only, no key twice in an object, no zero
 * characters, nothing behind the value. Meant for what clients send, so depth and keys are limited;
 * the caller limits the bytes. */

enum { JSON_READ_DEPTH_MAX = 16, JSON_READ_KEYS_MAX = 256 };

enum json_kind {
    JSON_IS_NULL,
    JSON_IS_BOOL,
    JSON_IS_INTEGER, /* written without point and exponent, and fits */
    JSON_IS_NUMBER,  /* any other; `text` as written */
    JSON_IS_TEXT,
    JSON_IS_LIST,
    JSON_IS_OBJECT,
};

struct json_value {
    enum json_kind kind;
    int64_t number;           /* of an integer; 1 for true */
    struct str text;          /* of a text, without its escapes; of a number, as written */
    struct str *keys;         /* of an object, in the order written */
    struct json_value *items; /* of an object or list */
    size_t count;
};

/* Everything lives in the arena (a text without escapes is a view of `document`). ERR_INPUT with
 * line and column, ERR_LIMIT for depth and keys. */
MUST_USE bool json_read(struct arena *arena, struct str document, struct json_value *out,
                        struct err *err);

/* The value under a key of an object; NULL when it is not there, or null, or `object` is none. */
const struct json_value *json_get(const struct json_value *object, const char *key);

#endif
