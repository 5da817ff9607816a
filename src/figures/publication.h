#ifndef FIGURES_PUBLICATION_H
#define FIGURES_PUBLICATION_H

#include "base/dict.h"
#include "figures/figure_count.h"

/* Numbers as they were published: the value with the definition by which it was counted and every
 * record that it counted, frozen. Two hashes can be printed beside the number: SM3 of the
 * definition (words, period, queries), and SM3 of the members: lines "part TAB table TAB record TAB
 * value LF", parts in the order rows, over; tables and records ascending; value empty where there
 * is none. The module's tables: publication, publication_member; they only grow. */

enum { PUBLICATION_HASH_BYTES = 32 };

/* The module's tables at their newest version. ERR_STORE. */
MUST_USE bool publication_migrate(struct store *store, struct err *err);

struct publication {
    int64_t number;
    struct str figure; /* its key */
    day at;
    int64_t known_ms, made_ms;
    struct str areas, unit, value, definition, reason, user_name;
    struct figure_value counted;
    unsigned char definition_hash[PUBLICATION_HASH_BYTES];
    unsigned char members_hash[PUBLICATION_HASH_BYTES];
};

/* A record that was counted. */
struct publication_member {
    uint32_t of; /* in tables */
    int64_t record;
    int64_t person; /* 0: none */
    int64_t value;
    bool has_value;
};

struct publication_members {
    struct dict tables;               /* whose records they are */
    struct publication_member *items; /* by table, then record */
    size_t count;
};

/* What a figure counts now. ERR_INPUT: a query gives a record twice, so that its rows
 * cannot be told apart. In the arena. */
MUST_USE bool publication_members_now(struct figure_desk *desk, struct arena *arena,
                                      const struct figure *figure, enum figure_part part,
                                      struct publication_members *out, struct err *err);

/* The hash of what a figure counts now, as a publication of it would have. Errors as above. */
MUST_USE bool publication_hash_now(struct figure_desk *desk, const struct figure *figure,
                                   unsigned char out[PUBLICATION_HASH_BYTES], struct err *err);

/* Freezes a figure as it is on the desk, audited, in one transaction; fills `out` (texts in the
 * arena). ERR_DENIED for an asker who may not export. */
MUST_USE bool publication_make(struct figure_desk *desk, struct arena *arena,
                               const struct figure *figure, struct str reason,
                               struct publication *out, struct err *err);

/* The same for several figures of one desk in one transaction: all of them, or on any failure none.
 * `out` has room for `count`. */
MUST_USE bool publications_make(struct figure_desk *desk, struct arena *arena,
                                const struct figure *const *figures, size_t count,
                                struct str reason, struct publication *out, struct err *err);

/* All publications of areas that the asker sees, newest first; of one figure unless `figure` is
 * empty. */
MUST_USE bool publication_list(struct store *store, struct arena *arena, const struct asker *asker,
                               struct str figure, struct publication **out, size_t *count,
                               struct err *err);

/* One, by number. ERR_NOT_FOUND also when its areas are not the asker's. */
MUST_USE bool publication_find(struct store *store, struct arena *arena, const struct asker *asker,
                               int64_t number, struct publication *out, struct err *err);

/* The records that it counted. ERR_STORE when they are not those of its hash. */
MUST_USE bool publication_members_read(struct store *store, struct arena *arena,
                                       const struct publication *publication, enum figure_part part,
                                       struct publication_members *out, struct err *err);

#endif
