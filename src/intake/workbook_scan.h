#ifndef INTAKE_WORKBOOK_SCAN_H
#define INTAKE_WORKBOOK_SCAN_H

#include "intake/workbook_zip.h"

#include <string.h>

/* A fast reader for the two large parts of a workbook, its sheets and shared texts: XML in UTF-8 as
 * a row of tokens. It reads less than XML is (no entities but the five and numbers, no check that
 * end tags fit), refuses document types, and stays within SCAN_TOKEN_BYTES_MAX of memory. A general
 * parser took five times as long for the same sheets, most of the time of a whole import. */

enum { SCAN_BLOCK_BYTES = 128 * 1024, SCAN_TOKEN_BYTES_MAX = 4 << 20, SCAN_ATTRIBUTES_MAX = 24 };

enum scan_kind {
    SCAN_START, /* <name a="b">, and the first half of <name/> */
    SCAN_END,   /* </name>, and the second half of <name/> */
    SCAN_TEXT,  /* between tags, raw unless `literal` */
    SCAN_OVER,  /* the part has ended */
};

struct scan_attribute {
    struct str name, value; /* without prefix; raw */
};

struct scan_token {
    enum scan_kind kind;
    struct str name; /* without prefix */
    struct str text;
    bool literal; /* of a CDATA section: nothing to decode */
};

struct xml_scan {
    struct package_part part;
    struct arena *arena;
    char *buffer;
    size_t at, end, capacity;
    bool part_ended;
    bool half;               /* the end of <name/> is owed */
    struct scan_token token; /* the last one; its texts are good until the next scan_next */
    struct scan_attribute attributes[SCAN_ATTRIBUTES_MAX]; /* of the last start; more are dropped */
    size_t attribute_count;
};

/* Whether a token's name is the literal. */
#define SCAN_IS(token, literal)                                                                    \
    ((token)->name.len == sizeof(literal) - 1                                                      \
     && memcmp((token)->name.ptr, "" literal "", sizeof(literal) - 1) == 0)

/* Opens a part; the buffer is in `arena` and is used again by a later scan_open of the same struct,
 * which must begin as zero. scan_close accepts a zeroed one. */
MUST_USE bool scan_open(struct xml_scan *scan, struct arena *arena, const struct package *package,
                        const char *name, struct err *err);
void scan_close(struct xml_scan *scan);

/* The next token, in scan->token. Comments and instructions are passed over. Errors: ERR_INPUT
 * (damaged, ended inside a tag, a document type, not UTF-8), ERR_LIMIT. */
MUST_USE bool scan_next(struct xml_scan *scan, struct err *err);

/* Reads on behind the bytes from `at` to `end`, which move to the buffer's front; for who looks at
 * the bytes without tokens. */
MUST_USE bool scan_more(struct xml_scan *scan, struct err *err);

/* The raw value of an attribute of the last start; ptr NULL when absent. */
struct str scan_attribute(const struct xml_scan *scan, const char *name);

/* Appends a text token with its entities decoded; false for an unknown one. What passes the maximum
 * of `out` is dropped. */
MUST_USE bool scan_text(const struct scan_token *token, struct text *out);

/* The number that "#123" or "#x1F" stands for, as XML and HTML write characters; false when `name`
 * is longer than `bytes_max` or no such number. */
bool scan_character_number(struct str name, size_t bytes_max, uint32_t *code);

/* The error for XML that is not what it should be. Always returns false. */
bool scan_damaged(struct err *err);

#endif
