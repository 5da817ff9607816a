#ifndef REGISTRY_TIMELINE_H
#define REGISTRY_TIMELINE_H

#include "base/day.h"
#include "registry/layout.h"
#include "registry/registry.h"

/* When the statements of one register hold, as known at one moment. A batch says of a statement
 * that it holds (it is the batch's own, or repeated by it) or that it has ended; the last word said
 * on or before a day decides, by day and then by batch number. */

struct timeline_repeat {
    int64_t first, last; /* statement numbers */
};

struct timeline_batch {
    int64_t number;
    day at;
    bool complete;
    int64_t first, last; /* its statements */
    const int *map;      /* its field numbers to those of the profile today, or -1 */
    size_t map_count;
    struct timeline_repeat *repeats; /* ascending */
    size_t repeat_count;
};

/* `batch` says that the statement does not hold from this day on. */
struct timeline_ending {
    int64_t statement;
    day on;
    int64_t batch;
};

struct timeline {
    struct timeline_batch *batches; /* live ones, by number; their statements ascend too */
    size_t batch_count;
    struct timeline_ending *endings; /* by statement */
    size_t ending_count;
};

/* In which of the timeline's batches rows of the asker's areas can be, by the counts that were made
 * while they were loaded (table batch_area): nothing else of a batch is looked at. *out is NULL for
 * who sees all areas; else it lies in the arena. ERR_STORE. */
MUST_USE bool timeline_seen(const struct timeline *timeline, struct arena *arena,
                            struct registry *registry, const struct profile *profile,
                            const struct asker *asker, const bool **out, struct err *err);

/* Later than every day. */
#define TIMELINE_END ((day){INT32_MAX})

/* Reads the timeline of a register as known at `known_ms`, into the arena. */
MUST_USE bool timeline_read(struct timeline *timeline, struct arena *arena,
                            struct registry *registry, const struct profile *profile,
                            int64_t known_ms, struct err *err);

/* The field numbers of one batch, live or not, as in struct timeline_batch; ERR_NOT_FOUND. */
MUST_USE bool timeline_map(struct registry *registry, struct arena *arena,
                           const struct profile *profile, int64_t batch, const int **map,
                           size_t *count, struct err *err);

/* The newest moment at which a batch was imported or taken back, 0 when there is none. */
MUST_USE bool timeline_newest_moment(struct registry *registry, int64_t *ms, struct err *err);

/* The moment at which the next batch is known or taken back: now by the clock, but always after the
 * earlier ones, so that a clock that was set back does not change what was known. */
MUST_USE bool timeline_moment(struct registry *registry, int64_t *ms, struct err *err);

/* True when statement `number` of `batch` holds on day `at`. */
bool timeline_holds(const struct timeline *timeline, const struct timeline_batch *batch,
                    int64_t number, day at);

/* The first batch of a day after `at` that states it (again), among those that `counts` says yes to
 * (NULL: all); NULL when there is none. */
const struct timeline_batch *
timeline_next(const struct timeline *timeline, const struct timeline_batch *batch, int64_t number,
              day at, bool (*counts)(void *context, const struct timeline_batch *batch),
              void *context);

/* True when the batch repeats one of the statements first … last. */
bool timeline_repeats(const struct timeline_batch *batch, int64_t first, int64_t last);

/* The live batch with this number, or NULL. */
const struct timeline_batch *timeline_batch_find(const struct timeline *timeline, int64_t number);

#endif
