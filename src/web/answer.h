#ifndef WEB_ANSWER_H
#define WEB_ANSWER_H

#include "base/day.h"
#include "base/json.h"

/* What goes back to the client. A handler writes one JSON value, or names a file, or a task whose
 * progress is told; the rest (status 200, headers that all answers have, errors, packing) is done
 * for it. */

struct request;

enum { ANSWER_HEADERS_MAX = 8 };

/* A header line of an answer. */
struct answer_header {
    const char *name;
    struct str value;
};

struct answer {
    struct arena *arena;
    const struct request *request; /* that it answers */
    unsigned status;               /* 0: 200, or what the error's kind says */
    const char *type;              /* media type of the body */
    struct text text;              /* the body, unless `bytes` or a file */
    struct str bytes;              /* a body that lives as long as the program */
    struct str nonce;              /* that styles of the page carry; empty: none */
    bool cached;                   /* may be kept by the browser for ever */
    struct json json;
    bool begun; /* answer_json was called */
    struct answer_header headers[ANSWER_HEADERS_MAX];
    size_t header_count;
    const char *file;  /* path of a file to send instead; removed when it is sent if … */
    bool file_is_ours; /* … this is set */
    int64_t task;      /* number of a task whose progress is told until it ends; 0: none */
    bool secret;       /* never packed, since it holds a token */
    bool close;        /* the connection ends with it */
};

/* An empty answer whose texts live in the arena. */
void answer_init(struct answer *answer, struct arena *arena, const struct request *request);

/* The body as JSON: write one value. ERR_LIMIT is answered when it grows beyond
 * WEB_ANSWER_BYTES_MAX. */
struct json *answer_json(struct answer *answer);

/* A list of rows: between these two, write the rows. It ends with total and which page it is. */
struct json *answer_rows(struct answer *answer);
void answer_rows_end(struct answer *answer, const struct request *request, uint64_t total);

/* The same end for rows that are all there at once: total alone. */
void answer_rows_all(struct answer *answer, uint64_t total);

/* A header more; the value must live as long as the request. */
void answer_header(struct answer *answer, const char *name, struct str value);

/* A file to be saved under `name` (any characters; sent as RFC 6266 says). */
void answer_file(struct answer *answer, const char *path, bool is_ours, struct str name,
                 const char *type);

/* Says which version the answer is (a text that is the same only while the answer would be). True
 * when the client has that version: then nothing more is to be written. */
bool answer_unchanged(struct answer *answer, const struct request *request, struct str version);

/* In place of whatever was written: the error, with the status of its kind unless one is set. What
 * the system failed at goes to the log, and out as a number alone (jobs/failure.h). */
void answer_error(struct answer *answer, const struct err *err);

/* The same for "not logged in" (401), and for what has no kind of its own. */
void answer_refuse(struct answer *answer, unsigned status, const char *kind, const char *en,
                   const char *zh);

/* As answer_refuse, and as answer_error for an ERR_CONFLICT; but the object is left open for keys
 * that stand beside "error", and for its end. Two people at one thing are told by "theirs" and
 * "yours": what stands there now, and what was asked for. */
struct json *answer_refuse_with(struct answer *answer, unsigned status, const char *kind,
                                const char *en, const char *zh);
struct json *answer_conflict(struct answer *answer, const struct err *err);

/* A key with a day ("2020-11-25", null for none), a probability ("0.987654"), and a text in both
 * languages ({"key","zh","en"}). */
void answer_day(struct json *json, const char *key, day value);
void answer_ppm(struct json *json, const char *key, uint32_t ppm);
void answer_words(struct json *json, struct str key, struct str zh, struct str en);

#endif
