#ifndef REGISTRY_READING_H
#define REGISTRY_READING_H

#include "registry/timeline.h"

/* The one way statements are read back: in number order, opened on several threads, handed over on
 * the caller's. */

struct reading {
    struct registry *registry;
    const struct layout *layout;
    const struct timeline *timeline;
    /* Asked before a row is opened, with the columns of the layout; on the caller's thread. */
    bool (*wanted)(void *context, const struct timeline_batch *batch, struct store_statement *row);
    /* Given each wanted row, borrowed for the call; false stops. */
    bool (*each)(void *context, const struct timeline_batch *batch,
                 const struct statement *statement);
    void *context;
    const bool *batches; /* which of the timeline's batches to read; NULL: all */
    bool without_area;   /* only rows of no known area */
};

/* Goes over the statements of all batches of the timeline. `each` may use the store. */
MUST_USE bool reading_run(const struct reading *reading, struct err *err);

/* Opens one row at which `row` of "SELECT @columns FROM @table" stands. The statement's texts live
 * in the arena; `asides` may be NULL. */
MUST_USE bool reading_open(struct arena *arena, struct codec *codec, const struct layout *layout,
                           const int *map, size_t map_count, struct store_statement *row,
                           struct statement *out, struct layout_aside **asides, size_t *aside_count,
                           struct err *err);

#endif
