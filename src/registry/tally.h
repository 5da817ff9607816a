#ifndef REGISTRY_TALLY_H
#define REGISTRY_TALLY_H

#include "base/dict.h"
#include "base/list.h"
#include "registry/registry.h"

/* How many rows of each area and school a batch has (table batch_area): counted while it is loaded,
 * so that a list of batches for somebody who sees only some areas looks at no rows. */

/* Rows by what became of them. */
struct tally_count {
    uint64_t accepted, warned, rejected;
};

struct tally {
    struct arena *arena;
    struct dict places;              /* area and school code */
    LIST(struct tally_count) counts; /* by number in places */
};

/* No rows yet; what it holds lives in the arena. */
void tally_init(struct tally *tally, struct arena *arena);

/* One more row. */
void tally_row(struct tally *tally, struct str area, struct str school, enum row_outcome outcome);

/* Writes all counts of a new batch. */
MUST_USE bool tally_write(const struct tally *tally, struct store *store, int64_t batch,
                          struct err *err);

/* The sum of a batch over the areas and the school of the asker. *known is false for a batch that
 * was loaded before rows were counted. */
MUST_USE bool tally_read(struct store *store, const struct asker *asker, int64_t batch,
                         struct tally_count *sum, bool *known, struct err *err);

/* Calls `found` for each batch that has rows which the asker may see (more than once where they lie
 * in several areas), until it says false. */
MUST_USE bool tally_batches(struct store *store, const struct asker *asker,
                            bool (*found)(void *context, int64_t batch), void *context,
                            struct err *err);

/* The number of the first batch whose rows were counted; INT64_MAX when there is none. Those before
 * it were loaded by a program that did not count. */
MUST_USE bool tally_first(struct store *store, int64_t *number, struct err *err);

/* Whether the asker sees all rows of all batches; false also when those of one were not counted. */
MUST_USE bool tally_sees_all(struct store *store, const struct asker *asker, bool *all,
                             struct err *err);

/* Whether any batch has a row of this area, or of one inside it. */
MUST_USE bool tally_has_area(struct store *store, struct str area, bool *out, struct err *err);

/* Whether any batch has a row of the school with this code. */
MUST_USE bool tally_has_school(struct store *store, struct str school, bool *out, struct err *err);

#endif
