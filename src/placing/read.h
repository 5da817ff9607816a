#ifndef PLACING_READ_H
#define PLACING_READ_H

#include "base/file.h"
#include "intake/table.h"
#include "placing/placing.h"

/* Inside place_read: what the readers of the files share. */

struct place_reading {
    struct arena *arena;
    struct arena scratch;
    const struct place_paths *paths;
    struct place_input *input;
    struct dict words;   /* tracks, counties, subjects */
    struct dict groups;  /* codes, numbered as input->groups */
    struct dict numbers; /* of applicants, in the order of their file */
    uint32_t *places;    /* by number in `numbers`: in input->applicants */
    struct dict sources; /* junior schools as they come */
};

/* The batch (or round) with this key, the plan with this word; PLACE_NONE. */
uint32_t place_batch_of(const struct place_rules *rules, struct str key);
uint32_t place_plan_of(const struct place_rules *rules, struct str plan);

/* table_next, and refuses a row that is wider than the headings. */
MUST_USE bool place_next(struct table *table, struct table_row *row, bool *more, struct err *err);

/* Gives each row of a file to `take`, until it is false. */
typedef bool place_take(void *context, struct table *table, const struct table_row *row,
                        struct err *err);
MUST_USE bool place_rows(struct arena *arena, const char *path, const char *const *columns,
                         const bool *optional, size_t count, place_take *take, void *context,
                         struct err *err);

/* Refuses the row last read: two formats with one "%.*s" for `shown`. False. */
bool place_refuse(const struct table *table, struct err *err, const char *en, const char *zh,
                  struct str shown);

/* Reads and checks the allotments, their junior schools by number in `sources`; nothing where there
 * is no file of them and the rules need none. */
MUST_USE bool place_read_allotments(struct place_reading *reading, struct err *err);

/* Numbers junior schools by text, and puts allotments in order: when all files are read. */
void place_settle_sources(struct place_reading *reading);

/* Reads and checks the choices, and sorts them by applicant, batch and rank. */
MUST_USE bool place_read_choices(struct place_reading *reading, struct err *err);

#endif
