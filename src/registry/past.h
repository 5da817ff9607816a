#ifndef REGISTRY_PAST_H
#define REGISTRY_PAST_H

#include "registry/reading.h"
#include "registry/scope.h"

/* What a register says before a file is loaded, in memory: for each statement that holds on the
 * file's day, or is stated again later, hashes of what tells its record and of all it says. Rows of
 * the file are matched against it one after the other.
 *
 * Only what the file touches is read, when its first such row comes: the statements of a unit, for
 * a few units of one batch, then all the rest of that batch; and the statements of no known unit.
 * So files of single schools cost no more for there being many. */

enum { PAST_TIERS_MAX = 8 };
#define PAST_NONE UINT32_MAX

/* Fields that together tell a record. */
struct past_tier {
    int fields[2];
    size_t field_count;
};

struct past_entry {
    int64_t number, batch;
    uint64_t content;
    uint64_t name;
    uint32_t unit;   /* number in units */
    uint32_t filled; /* bit t: tier t is filled */
    bool holds;      /* on the file's day */
    bool taken;      /* a row of the file is this record */
    bool repeated;   /* and says the same */
};

/* What a reading takes of a batch. */
enum past_wish { PAST_NOTHING, PAST_UNIT, PAST_REST };

/* A live batch of the register, as `timeline.batches`. */
struct past_batch {
    struct dict units;      /* that it covers */
    struct dict read_units; /* whose statements are read */
    int touches;            /* how often a unit of the file was sought in it */
    bool whole;             /* all is read */
    enum past_wish wish;    /* of the reading at hand */
};

/* Whether the file covers a unit. */
struct past_cover {
    bool in_file;     /* some row of the file has it */
    bool touches;     /* or one that it touches */
    size_t looked_at; /* how many of the file's units were looked at for that */
};

struct past {
    struct arena *arena;
    struct registry *registry;
    const struct layout *layout;
    const struct timeline *timeline;
    const struct schools *schools;
    day at;
    struct scope_fields scope;
    int name_field;
    struct past_tier tiers[PAST_TIERS_MAX];
    size_t tier_count;
    struct past_batch *batches;
    size_t batches_waiting;    /* not whole */
    bool *batches_wanted;      /* scratch of one reading */
    struct str asked;          /* the unit that a reading seeks */
    bool unplaced_read;        /* the rows of no known unit, of all batches */
    struct str *row_values;    /* scratch: of a row's plain columns, those that name its unit */
    struct text row_text;      /* scratch: its unit */
    struct dict units;         /* of the past and of the file */
    struct past_cover *covers; /* by unit */
    size_t cover_capacity;
    uint32_t *file_units; /* those of the file so far, each once */
    size_t file_unit_count, file_unit_capacity;
    struct text unit_text;
    struct past_entry *entries; /* those of a batch together, by number */
    size_t count, capacity;
    uint64_t *keys; /* tier_count + 1 for each entry; the last is the content */
    size_t keys_capacity;
    struct u64_map heads; /* key to the first entry of its chain */
    uint32_t *chain;      /* the next entry, as `keys` */
    size_t chain_capacity;
    bool after_the_fact; /* some batch is of a later day */
};

/* A row of the file as it is compared. */
struct past_row {
    uint64_t keys[PAST_TIERS_MAX + 1];
    uint64_t content;
    uint64_t name;
    uint32_t filled;
    uint32_t unit; /* in past.units; set by past_unit */
};

/* Gets ready; everything lives in the arena. */
MUST_USE bool past_open(struct past *past, struct arena *arena, struct registry *registry,
                        const struct layout *layout, const struct timeline *timeline,
                        const struct schools *schools, day at, struct err *err);

/* Hashes a row; nothing needed when the register has no batch. Any thread. */
void past_hash(const struct past *past, const struct str *values, struct str area,
               struct past_row *row);

/* The unit of a row of the file; reads the past that a new unit touches. */
MUST_USE bool past_unit(struct past *past, const struct str *values, struct str area,
                        uint32_t *unit, struct err *err);

/* True when some row given to past_unit has this unit. */
bool past_unit_in_file(const struct past *past, uint32_t unit);

/* True when the unit is one of those, or an area above or below one, or unknown. */
bool past_covers(struct past *past, uint32_t unit);

/* The entry that is the same record, taken by this call, or PAST_NONE. Of several the one that says
 * the same goes first, then one of the same name, then of the same unit. Only of units that the
 * file covers: what others state is not this file's to change. *elsewhere is true when none was
 * found but one in a unit that no row has touched so far, though rows to come may. */
uint32_t past_match(struct past *past, const struct past_row *row, bool *elsewhere);

/* For a file that comes after the fact, once all its rows have passed past_unit: the first day
 * after it on which the record is stated again by a batch that covers the row's unit, or on which a
 * complete export of the unit does not have it; and by which batch. DAY_NONE: neither. */
day past_stated_later(const struct past *past, const struct past_row *row, int64_t *by);

#endif
