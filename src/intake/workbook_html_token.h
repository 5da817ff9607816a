#ifndef INTAKE_WORKBOOK_HTML_TOKEN_H
#define INTAKE_WORKBOOK_HTML_TOKEN_H

#include "intake/workbook_decode.h"

/* HTML as a row of tags and texts, read through a decoder's window. It is lenient: whatever is no
 * tag is text. Comments, declarations, and what stands inside script, style and title are passed
 * over. */

enum { HTML_TAG_BYTES_MAX = 64 * 1024 };

/* What a token is. */
enum html_kind { HTML_TEXT, HTML_OPEN, HTML_CLOSE, HTML_OVER };

struct html_token {
    enum html_kind kind;
    char name[16];         /* of a tag: lower case, cut at 15 letters */
    struct str attributes; /* of a tag: all of them, raw */
    struct str text;       /* raw; part of a longer text may come alone, cut before "&" or after a
                              whole character */
};

struct html_reader {
    struct decoder *decoder;
    bool end;      /* the file is decoded to its end */
    size_t used;   /* of the window, by the last token */
    char skip[16]; /* "script": all is passed over to its end tag; "" when not */
};

/* Begins at the decoder's start. */
MUST_USE bool html_start(struct html_reader *reader, struct err *err);

/* The next token; its views are good until the next call. Errors: those of decoder_more. */
MUST_USE bool html_next(struct html_reader *reader, struct html_token *token, struct err *err);

/* The whole number in an attribute, or `otherwise` when absent or no number. */
uint64_t html_attribute_number(struct str attributes, const char *name, uint64_t otherwise);

/* The value of an attribute, quotes taken off; ptr NULL when absent. */
struct str html_attribute(struct str attributes, const char *name);

/* Appends text with its entities decoded and each run of blanks (no-break ones too) as one blank;
 * none at the start or after a line feed. Unknown entities stay as written. */
void html_add_text(struct text *out, struct str raw);

#endif
