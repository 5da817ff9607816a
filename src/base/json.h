#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/str.h"

/* A JSON document written as a stream into a text: objects, lists, values. Commas and escapes are
 * its business; nesting is CHECKed, so a document that ends is well formed. No floats: decimals go
 * as text. */

enum { JSON_DEPTH_MAX = 160 };

struct json {
    struct text *out;
    int depth;
    bool comma[JSON_DEPTH_MAX]; /* a value stands before in this level */
    bool key;                   /* a key waits for its value */
};

void json_init(struct json *json, struct text *out);
void json_object(struct json *json);     /* { */
void json_object_end(struct json *json); /* } */
void json_list(struct json *json);       /* [ */
void json_list_end(struct json *json);   /* ] */
void json_key(struct json *json, const char *key);
void json_str(struct json *json, struct str value);
void json_i64(struct json *json, int64_t value);
void json_bool(struct json *json, bool value);
void json_null(struct json *json);
void json_ready(struct json *json, struct str value); /* one value that is JSON already */

/* Key and value at once. */
void json_key_str(struct json *json, const char *key, struct str value);
void json_key_i64(struct json *json, const char *key, int64_t value);
void json_key_bool(struct json *json, const char *key, bool value);

#endif
