#ifndef SAMPLE_OFFICE_H
#define SAMPLE_OFFICE_H

#include "sample/spoil.h"

/* What each office knows: who stands in its register (entries), and the row of each as it writes
 * it, spoilt. */

enum variant {
    VARIANT_PLAIN,
    VARIANT_SECOND,      /* population: in another household; roll: on a second school's; payments:
                            paid again */
    VARIANT_SUSPENDED,   /* roll */
    VARIANT_TRANSFERRED, /* roll: 转出 */
    VARIANT_LEFT,        /* roll: 其他离校 */
    VARIANT_RETURNED,    /* roll, attending: back at school by the last day */
    VARIANT_COMPANIONS,  /* residents: an adult with children in one cell */
    VARIANT_PRIMARY,     /* graduates */
    VARIANT_JUNIOR,
};

struct entry {
    uint32_t child;    /* NOBODY for adults, schools and villages */
    uint32_t adult;    /* or NOBODY */
    uint32_t place;    /* school number (registers of schools), village number otherwise */
    uint32_t township; /* of the place */
    enum variant variant;
    enum stage stage;
    const struct payment *payment; /* of a list of payments, else NULL */
    const struct account *account; /* of a list of accounts, else NULL */
    bool last;                     /* comes by the last day only */
    uint64_t order;                /* rows of a file stand in this order */
};

struct entries {
    LIST(struct entry) list;
};

/* True when the places of a register are schools. */
bool source_of_schools(enum source source);

/* Everyone who stands in a register of `source`, by township, place and then `order`. */
void office_entries(struct entries *out, struct arena *arena, const struct city *city,
                    enum source source);

/* A row as written; texts live in the spoiler's arena. Days are canonical; form follows. */
struct row {
    struct str cells[COLUMN_COUNT];
    bool birth_odd;                      /* the birth date is written in another form */
    uint32_t date_odd;                   /* which */
    enum stage stage;                    /* of the grade */
    int grade;                           /* 0: none */
    uint32_t parts[FAMILY_CHILDREN_MAX]; /* children named in COLUMN_COMPANIONS */
    size_t part_count;
};

struct office {
    struct city *city;
    enum source source;
    day at; /* the day the file speaks of */
    uint32_t rates[SPOIL_COUNT];
    uint32_t roll_rates[SPOIL_COUNT];
};

/* The row of an entry. Draws only from a stream of its own: seed, register and entry. */
void office_row(struct office *office, struct arena *arena, const struct entry *entry,
                struct row *row);

/* True when the clerk writes this row twice. */
bool office_writes_twice(const struct office *office, const struct entry *entry);

#endif
