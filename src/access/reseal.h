#ifndef ACCESS_RESEAL_H
#define ACCESS_RESEAL_H

#include "access/codec.h"
#include "store/store.h"

/* Rows sealed anew, under a new data key (data_key.h), some thousands in a transaction: each module
 * says for its tables what lies where (struct reseal_part), and this goes over them. Where it
 * stopped is written in the transaction of the rows, so that a run that was killed goes on there.
 * Nobody else has the workspace open meanwhile. */

/* A row on its way. */
struct reseal_row {
    int64_t a, b;                           /* the numbers that name it */
    struct str extra;                       /* the select's fourth column */
    struct str sealed;                      /* as it lies there; empty: erased, and left alone */
    struct str fresh;                       /* what takes its place; ptr NULL: nothing */
    unsigned char blind[CODEC_BLIND_BYTES]; /* its new index, where `index` made one */
    bool has_blind;
};

struct reseal_part {
    const char *name; /* "case_event": a constant of the workspace's life */
    /* Whether rows are named by `a` and `b`, and taken in the order of both; else by `a` alone, and
     * rows of one `a` are done together. */
    bool two;
    /* "SELECT a, b, sealed, extra … WHERE a > $after ORDER BY a", of two
     * "… WHERE (a, b) > ($after, $after_b) ORDER BY a, b": read as far as is done at once. */
    bool (*select)(struct store *store, const void *context, struct store_statement **out,
                   struct err *err);
    /* "SELECT count(*) …", with the same WHERE. */
    bool (*count)(struct store *store, const void *context, struct store_statement **out,
                  struct err *err);
    /* "UPDATE … SET … = $sealed …", and what is bound in it but $sealed. */
    bool (*update)(struct store *store, const void *context, struct store_statement **out,
                   struct err *err);
    void (*bind)(struct store_statement *update, const struct reseal_row *row);
    /* What the seal is bound to, in the arena. */
    struct str (*place)(struct arena *arena, const struct reseal_row *row, const void *context);
    /* Makes the blind index anew from the plain text; NULL: there is none. By any thread. */
    void (*index)(struct codec *fresh, struct str plain, struct reseal_row *row,
                  const void *context);
    const void *context;
};

struct reseal {
    struct store *store;
    struct codec *old, *fresh;
    bool checking; /* the second time over: what the new key opens stays */
};

/* A function for `select`, `count` or `update` of a part whose statement is the literal. */
#define RESEAL_STATEMENT(name, literal)                                                            \
    static bool name(struct store *store, const void *context, struct store_statement **out,       \
                     struct err *err)                                                              \
    {                                                                                              \
        (void)context;                                                                             \
        return store_prepare(store, out, literal, err);                                            \
    }

/* How far a part is done. */
struct reseal_place {
    int64_t a, b;
};
#define RESEAL_START ((struct reseal_place){INT64_MIN, INT64_MIN})

/* What one step did. */
struct reseal_step {
    struct reseal_place last; /* rows of the part up to here are done */
    uint64_t rows;            /* looked at; 0: the part is done */
    uint64_t damaged;         /* opened by neither key; left as they are */
};

/* Seals the next rows behind `after` anew, inside the caller's transaction. ERR_STORE. */
MUST_USE bool reseal_step(struct reseal *reseal, const struct reseal_part *part,
                          struct reseal_place after, struct reseal_step *out, struct err *err);

/* How many rows lie behind `after`. ERR_STORE. */
MUST_USE bool reseal_count(struct store *store, const struct reseal_part *part,
                           struct reseal_place after, uint64_t *out, struct err *err);

/* Where a run stands. */
struct reseal_state {
    bool under_way, checking;
    struct str part; /* in the arena */
    struct reseal_place after;
    uint64_t rows, damaged; /* of those looked at once more, by all runs so far */
};

/* Reads it; ERR_STORE. */
MUST_USE bool reseal_read(struct store *store, struct arena *arena, struct reseal_state *out,
                          struct err *err);
/* Writes it, of a run that is under way, in the transaction of the rows. ERR_STORE. */
MUST_USE bool reseal_write(struct store *store, const struct reseal_state *state, struct err *err);

/* The parts of this module: what users have of second factors. */
enum { USER_RESEAL_PARTS = 2 };
extern const struct reseal_part user_reseal_parts[USER_RESEAL_PARTS];

#endif
