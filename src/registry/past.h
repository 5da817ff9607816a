#ifndef REGISTRY_PAST_H
#define REGISTRY_PAST_H

#include "registry/reading.h"
#include "registry/scope.h"

/* What a register says before a file is loaded, in memory: for each statement that holds on the
 * file's day, or is stated again later, hashes of what tells its record and of all it says. Rows of
 * the file are matched against it one after the other. */

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
    day next;        /* when it is stated again after the file's day, or DAY_NONE */
    int64_t next_by; /* by which batch */
};

struct past {
    struct arena *arena;
    day at;
    struct scope_fields scope;
    const struct schools *schools;
    int name_field;
    struct past_tier tiers[PAST_TIERS_MAX];
    size_t tier_count;
    struct dict units; /* of the past and of the file */
    bool *in_file;     /* by unit: some row of the file has it */
    size_t in_file_capacity;
    struct text unit_text;
    struct past_entry *entries; /* by statement number */
    size_t count, capacity;
    uint64_t *keys; /* tier_count + 1 for each entry; the last is the content */
    size_t keys_capacity;
    struct u64_map heads; /* key to the first entry of its chain */
    uint32_t *chain;      /* the next entry, as `keys` */
    bool later;           /* some entry is stated again later */
};

/* A row of the file as it is compared. */
struct past_row {
    uint64_t keys[PAST_TIERS_MAX + 1];
    uint64_t content;
    uint64_t name;
    uint32_t filled;
    uint32_t unit; /* in past.units, which also takes the file's own */
};

/* Reads what there is of `layout`'s register on day `at`, as `timeline` has it. */
MUST_USE bool past_read(struct past *past, struct arena *arena, struct registry *registry,
                        const struct layout *layout, const struct timeline *timeline,
                        const struct schools *schools, day at, struct err *err);

/* Hashes a row. Its unit is known even when there is no past. */
void past_row_of(struct past *past, const struct str *values, struct str area,
                 struct past_row *row);

/* True when some row given to past_row_of has this unit. */
bool past_unit_in_file(const struct past *past, uint32_t unit);

/* The entry that is the same record, taken by this call, or PAST_NONE. Of several the one that says
 * the same goes first, then one of the same name, then of the same unit. */
uint32_t past_match(struct past *past, const struct past_row *row);

/* The first day after the file's on which the record is stated again, and by which batch; DAY_NONE.
 */
day past_stated_later(const struct past *past, const struct past_row *row, int64_t *by);

#endif
