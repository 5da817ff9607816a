#ifndef PAPERS_NOTICE_H
#define PAPERS_NOTICE_H

#include "base/document.h"
#include "base/list.h"

/* Papers as text: policies/PACK/papers/KEY.yaml says what a paper is called, who may issue it, what
 * must have happened before, and what stands on it, with names in braces for what is filled in
 * (docs/papers.md). Here a template meets named texts and rows; it knows no case and no register.
 *
 * Two promises are kept in this one place: a paper is not made for an issuer whom the law does not
 * name, nor before the steps that must precede it; and a paper for the public holds nothing but the
 * names of policies/national/papers/public.yaml. */

enum { NOTICES_MAX = 64, NOTICE_ISSUERS_MAX = 8, NOTICE_STEPS_MAX = 8 };

/* A step that must have been done before; of several keys in one, any will do. */
struct notice_before {
    struct str *steps;
    size_t step_count;
    struct str zh, en; /* why, as a sentence */
    struct str law;    /* may be empty */
};

/* What only the office can say of a paper: asked of whoever makes it. */
struct notice_ask {
    struct str name, zh, en;
    bool is_day;
};

struct notice_block;

struct notice {
    struct str key, zh, en;
    enum document_kind kind;
    bool public;         /* for the public: only whitelisted names */
    bool of_case;        /* a case and its registers fill it in */
    struct str *issuers; /* keys of issuers; none: anybody who works on the case */
    size_t issuer_count;
    struct str issuer_law;
    struct notice_before *before;
    size_t before_count;
    struct notice_ask *asks;
    size_t ask_count;
    struct str *needs; /* names that must be filled in */
    size_t need_count;
    struct str *laws;
    size_t law_count;
    struct notice_block *blocks;
    size_t block_count;
};

/* An office that may issue papers. */
struct notice_issuer {
    struct str key, zh, en;
    struct str suffix; /* behind the name of its area: "人民政府" */
};

struct notices {
    struct notice *items; /* by key */
    size_t count;
    struct notice_issuer *issuers;
    size_t issuer_count;
    struct str *allowed; /* names that papers for the public may hold */
    size_t allowed_count;
    struct str *hidden_schemes; /* of which no list is for the public: to be on it tells why */
    size_t hidden_scheme_count;
};

/* Loads all papers of the embedded packs, or of `folder` when not NULL. ERR_INPUT with file, line
 * and column: an unknown issuer, key or style is an error, and so is a paper for the public that
 * names anything that is not allowed. */
MUST_USE bool notices_load(struct notices *out, struct arena *arena, const char *folder,
                           struct err *err);

/* NULL when there is none. */
const struct notice *notice_find(const struct notices *notices, struct str key);
const struct notice_issuer *notice_issuer_find(const struct notices *notices, struct str key);

/* True when the paper has a table of this list of rows. */
bool notice_has_list(const struct notice *notice, const char *list);

/* What is filled in: texts by name, and rows by the name of their list. Texts are borrowed. */
struct notice_text {
    struct str name, text;
};
struct notice_row {
    LIST(struct notice_text) texts;
};
struct notice_rows {
    struct str name;
    LIST(struct notice_row) rows;
};
struct notice_values {
    struct arena *arena;
    LIST(struct notice_text) texts;
    LIST(struct notice_rows) lists;
};

/* Empty ones; what is put in lives in the arena. */
void notice_values_init(struct notice_values *values, struct arena *arena);

/* Sets a text; of two of one name the later holds. Empty texts count as not there. */
void notice_set(struct notice_values *values, const char *name, struct str text);

/* Adds a row to a list (made when it is not there), and texts to the row added last. */
void notice_row(struct notice_values *values, const char *list);
void notice_row_set(struct notice_values *values, const char *list, const char *name,
                    struct str text);

/* Whether the paper may be made at all: by this issuer, after these steps. Errors as notice_check.
 */
MUST_USE bool notice_may(const struct notices *notices, const struct notice *notice,
                         struct str issuer, const struct str *steps, size_t step_count,
                         struct err *err);

/* Whether the paper may be made now: by this issuer (a key; empty: not stated), after these steps.
 * ERR_DENIED for an issuer whom the law does not name; ERR_CONFLICT, saying what must come first
 * and by which law, or what is still to be filled in. */
MUST_USE bool notice_check(const struct notices *notices, const struct notice *notice,
                           struct str issuer, const struct str *steps, size_t step_count,
                           const struct notice_values *values, struct err *err);

/* The paper, in the arena of the values. A name without a text leaves a line to write on in a
 * sentence, an empty cell in a table. */
struct document *notice_document(const struct notice *notice, const struct notice_values *values,
                                 day made);

/* The paper's first table as a workbook or CSV, by the ending of `path`. ERR_USAGE when it has
 * none; ERR_IO. */
MUST_USE bool notice_sheet(const struct notice *notice, const struct notice_values *values,
                           const char *path, struct err *err);

/* Writes the paper to a file: .pdf, .docx, .xlsx or .csv by the ending of `path`. ERR_USAGE for
 * another; errors as document_pdf, notice_sheet; ERR_IO. */
MUST_USE bool notice_write(const struct notice *notice, const struct notice_values *values,
                           day made, const char *path, struct err *err);

/* "2020年9月20日"; empty for DAY_NONE. */
struct str notice_day(struct arena *arena, day d);

#endif
