#ifndef REGISTRY_LAYOUT_H
#define REGISTRY_LAYOUT_H

#include "intake/intake.h"
#include "store/store.h"

/* How a profile's rows lie on the disk: the table register_KEY with one plain column for each
 * field that does not identify, and one blob, sealed whole, for the fields that do, for values as
 * written, and for columns without a field. Before sealing the blob is a run of
 *
 *     tag, length, bytes        with tag = number * 4 + kind, numbers in LEB128
 *
 * kind 0: value of field `number`; 1: the field as written; 2: the cell of column `number` that was
 * kept aside; 3: the same with its heading (tag, length, heading, length, bytes). Empty values are
 * left out. Field numbers are those of the profile when the batch came (batch.fields). */

/* Columns before those of the fields, in this order. */
enum {
    COLUMN_STATEMENT,
    COLUMN_BATCH,
    COLUMN_SHEET,
    COLUMN_ROW,
    COLUMN_AREA,
    COLUMN_BLIND, /* first 8 bytes of the blind index of id_number, as a number; null without one */
    COLUMN_SEALED,
    COLUMN_FIELDS, /* the first field's */
};

struct layout {
    const struct profile *profile;
    const char *table; /* "register_roll" */
    struct store_column *columns;
    const char **names; /* of the columns */
    size_t count;
    int *fields;  /* per column from COLUMN_FIELDS on: its field */
    int id_field; /* number of id_number, or -1 */
};

/* The layout of a profile, in the arena. */
void layout_make(struct layout *layout, struct arena *arena, const struct profile *profile);

/* The plain column of a field, or -1 when it is sealed or no field (-1). */
int layout_column(const struct layout *layout, int field);

/* A row's sealed part before sealing, in the arena; may be empty. `plan` is its sheet's. */
struct str layout_pack(struct arena *arena, const struct profile *profile,
                       const struct sheet_plan *plan, const struct intake_row *row);

/* A cell that was kept aside: its column, or its heading where the column is SIZE_MAX. */
struct layout_aside {
    size_t place;
    struct str heading;
    struct str value;
};

/* Takes a packed blob apart. `map` turns its field numbers into today's (-1: no longer there);
 * `values` and `written` have room for all fields of today's profile and keep what is not in the
 * blob. Texts point into `packed`; `asides` (may be NULL) go into the arena. ERR_STORE when the
 * bytes make no sense. */
MUST_USE bool layout_unpack(struct arena *arena, struct str packed, const int *map,
                            size_t map_count, struct str *values, struct str *written,
                            struct layout_aside **asides, size_t *aside_count, struct err *err);

/* The value of field `number` in a packed blob; empty when it has none. Borrowed from it. */
struct str layout_packed_value(struct str packed, uint64_t number);

/* What binds a seal to its place: "register_roll:12", in `buffer`. */
enum { LAYOUT_CONTEXT_BYTES = 96 };
struct str layout_context(const char *table, int64_t number, char buffer[LAYOUT_CONTEXT_BYTES]);

/* The first 8 bytes of a blind index as a number. */
int64_t layout_blind(const unsigned char *blind);

#endif
