#ifndef REGISTRY_LOAD_H
#define REGISTRY_LOAD_H

#include "base/list.h"
#include "registry/conveyor.h"
#include "registry/past.h"
#include "registry/tally.h"
#include "registry/villages.h"

/* What the parts of registry_load share; nobody else includes it. load_file.c opens the file and
 * its transaction, load.c takes one register of it, load_rows.c takes the rows through the belt,
 * load_settle.c writes what is known only at the end. */

enum { LOAD_SLOT_ROWS = 512 };

/* What a row of the file is against the past. */
enum load_fate { FATE_FRESH, FATE_REPLACES, FATE_REPEATS };

struct load_row {
    struct intake_row row;
    const struct sheet_plan *plan;
    bool rejected;
    struct str area;
    int64_t number;      /* of its statement; of the reject */
    struct past_row key; /* hashed when there is a past */
    bool has_blind;
    int64_t blind;
    struct str sealed;
};

/* Rows on their way over the belt. */
struct load_slot {
    struct arena arena;
    struct load_row *rows;
    size_t count;
    bool more;
    unsigned done_permille;
};

/* A row that is looked at again when all rows are in: that no record was found for while some of
 * the past was not read yet, or that comes after the fact. */
struct load_again {
    struct past_row key;
    int64_t number;    /* of its statement */
    size_t past_count; /* that was read then */
    size_t unit_count; /* of the file, seen then */
    bool fresh;
};

/* One register of a file. */
struct load {
    struct registry *registry;
    const struct asker *asker;
    const struct load_options *options;
    const struct progress *progress;
    struct load_result *result;
    struct arena *arena; /* the caller's, for the result */
    struct arena job;    /* the caller's thread only */

    struct intake_file *file;
    struct str file_hash;
    const struct profile *profile;
    struct layout layout;
    struct intake_walk walk;
    struct schools schools;
    struct villages villages;
    struct timeline timeline;
    struct past past;

    day at;
    int64_t batch;
    int64_t statement_first, statement_next, reject_next; /* numbers, given out while filling */
    int64_t note_next;
    int64_t now_ms; /* the moment from which the file is known: one for all its registers */

    struct load_slot slots[CONVEYOR_SLOTS];
    bool first_ready; /* slot 0 was read ahead, to find the day */
    struct codec *codecs[CONVEYOR_WORKERS_MAX + 1];
    struct store_statement *insert, *note, *reject, *ending;

    struct tally tally;
    int school_field; /* number of school_code, or -1 */
    LIST(uint32_t) replaced; /* entries of past that a row replaces */
    LIST(struct load_again) again;
};

/* Takes the sheets of load->profile in, inside the caller's transaction; everything above `profile`
 * and `now_ms` are set. *refused is true when the failure is the file's. load_finish gives back
 * what a load holds, also after a failure. */
MUST_USE bool load_register(struct load *load, bool *refused, struct err *err);
void load_finish(struct load *load);

/* Reads the next rows into a slot; nothing is matched yet. Fails as intake fails. */
MUST_USE bool load_read_slot(struct load *load, struct load_slot *slot, struct err *err);

/* Takes all rows into the tables. *refused is true when the failure is the file's. */
MUST_USE bool load_rows(struct load *load, bool *refused, struct err *err);

/* Endings, repeats, scope, sheets, columns and the batch's counts. ERR_CONFLICT when too many
 * records would end. */
MUST_USE bool load_settle(struct load *load, struct err *err);

/* The cells of a row in the order of its columns, joined with tabs, in the arena. */
struct str load_row_written(struct arena *arena, const struct sheet_plan *plan,
                            const struct intake_row *row);

#endif
