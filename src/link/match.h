#ifndef LINK_MATCH_H
#define LINK_MATCH_H

#include "link/engine.h"

/* Links any two files, or finds the duplicates in one: what `baoxue match` does.
 *
 *     match_open → match_run → match_write_pairs, match_write_clusters
 *               └→ match_explain
 *
 * Files are csv in UTF-8 (with or without a byte order mark; fast), or anything that
 * intake/workbook.h reads: the first sheet, its first row the headings. The spec is YAML
 * (docs/linking.md). Records are numbered from 0: the left file's rows in order, then the right's.
 * A file that is refused is named before the reason, with the line. */

struct match {
    struct arena *arena;
    struct link_spec *spec;
    bool keyed; /* records are known by list and id, so that runs can rest on one another */
    struct link_input input;
    struct link_engine *engine;
    struct link_input *engine_input; /* what the engine borrows; takes decisions before a run */
    struct str *ids;                 /* by record */
    uint32_t *order;                 /* records by id as bytes, then by number */
    struct str files[2];             /* what errors call them; the second may be empty */
    uint32_t left_count;             /* records of the left file; the others are of the right */
    size_t row_room;                 /* records that the numbers of a column have room for */
    struct link_result result;       /* once run */
    struct err unlearnt; /* why no model was learnt; ERR_NONE when one was, or was given */
};

/* Reads the spec and the files and derives the columns. `right` may be NULL: duplicates inside the
 * left file. With two files only pairs between them are compared unless the spec says `pairs`.
 * Errors: ERR_IO, ERR_INPUT (spec: line and column; file: a column that is missing, an id that is
 * empty or stands twice in one file, with its line), ERR_LIMIT. All lives in the arena. */
MUST_USE bool match_open(struct match *out, struct arena *arena, const char *spec, const char *left,
                         const char *right, struct err *err);

/* How that is done; what is found is the same. */
struct match_how {
    const char *simd;      /* which variant reads csv (base/scan.h); NULL: the fastest */
    bool keyed;            /* the match rests on an earlier run or leaves a state for a later one:
                              records are known by file and id */
    uint64_t memory_bytes; /* what may be held at once; 0: no bound. ERR_LIMIT when linking surely
                              needs more */
};
MUST_USE bool match_open_as(struct match *out, struct arena *arena, const char *spec,
                            const char *left, const char *right, const struct match_how *how,
                            struct err *err);

struct match_options {
    size_t threads;
    const struct progress *progress;
    const char *model_in;  /* a model file to use instead of learning; may be NULL */
    const char *model_out; /* where to write the model used; may be NULL */
    /* Of a match opened as keyed: the state of an earlier run to rest on, and where to write this
     * run's; each may be NULL. A state holds the model with its frequencies, which is used. */
    const char *previous, *state;
    uint64_t memory_bytes; /* as link_options has it */
};

/* Learns the weights (or reads them) and links. Where the records have nothing to learn from there
 * is no model and no pair, every record is a cluster of its own, no model is written, and
 * `match->unlearnt` says why. Errors otherwise as link_run, ERR_IO. */
MUST_USE bool match_run(struct match *match, const struct match_options *options, struct err *err);

/* In match_state.c: what a run of a keyed match leaves for a later one, as bytes: model,
 * frequencies and state. Reading: ERR_INPUT (no state, damaged, of another version, or the model
 * does not fit the spec). */
struct str match_state_put(struct arena *arena, const struct link_result *result);
MUST_USE bool match_state_take(struct arena *arena, const struct link_spec *spec, struct str bytes,
                               struct link_model **model, struct link_state **state,
                               struct err *err);

/* The same from and to a file; ERR_IO. Errors name the file. Writing replaces the file as a whole;
 * only the owner may read it. */
MUST_USE bool match_state_read(struct match *match, const char *path, struct link_model **model,
                               struct link_state **state, struct err *err);
MUST_USE bool match_state_write(const struct match *match, const char *path, struct err *err);

/* Counts the pairs that would be compared, by rule, and compares none. In the match's arena. */
void match_count(struct match *match, size_t threads, const struct progress *progress,
                 struct link_rule_count **rules, size_t *rule_count);

/* `left_id,right_id,weight_millibits,probability`, sorted by the first two as bytes; every pair at
 * or above `review`. Inside one file the smaller id stands left. A workbook where the name ends in
 * ".xlsx"; "-" writes csv to stdout. */
MUST_USE bool match_write_pairs(const struct match *match, const char *path, struct err *err);

/* `id,source,cluster`, sorted by id, then source. Source is the spec's source column, else `left`
 * or `right`. Clusters are numbered from 1 in the order of their first id. */
MUST_USE bool match_write_clusters(const struct match *match, const char *path, struct err *err);

/* Both side by side; either path may be NULL. When one fails the other may have been written. The
 * last thing that is done with the engine and the columns: their memory is given back while others
 * wait for the disk; afterwards match->engine is NULL and there are no columns. */
MUST_USE bool match_write(struct match *match, const char *pairs, const char *clusters,
                          struct err *err);

/* Explains the pair of a record of the left file and one of the right (or of the left, when there
 * is one file). Learns a model when match_run was not called; ERR_INPUT when none can be learnt.
 * ERR_NOT_FOUND names the id and the file, and how records are named there. */
MUST_USE bool match_explain(struct match *match, struct arena *arena,
                            const struct match_options *options, struct str left_id,
                            struct str right_id, struct link_explanation *out, struct err *err);

#endif
