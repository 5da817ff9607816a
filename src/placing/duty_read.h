#ifndef PLACING_DUTY_READ_H
#define PLACING_DUTY_READ_H

#include "base/dict.h"
#include "base/list.h"
#include "placing/duty.h"

/* Inside duty_find: the registers as they are read, before anything is reckoned. */

enum { DUTY_FIELDS_MAX = 16 };

/* A day as stated: one day, or any of a month or a year. */
struct duty_span {
    struct str text; /* empty: none stated */
    day first, last;
};
struct duty_span duty_span_of(struct arena *arena, struct str text);

/* A school as the registers name it; what is not known of it is empty. */
struct duty_school {
    struct str code, name, county, area, stage;
};

/* One on the list of teachers. */
struct duty_row {
    int64_t record;
    struct str name, stage, subject;
    uint32_t school;
    bool key;
    struct duty_span since, hired;
    struct duty_span posted; /* for a special post of this school */
    int64_t posting;
    uint32_t moved_from; /* school; DICT_NONE: did not exchange in this school year */
    uint32_t first_move; /* index + 1 of the last of the moves, which are chained; 0: none */
};

/* An exchange of one on the list. */
struct duty_move {
    int64_t record;
    uint32_t from, to; /* schools */
    struct duty_span begins, ends;
    uint32_t next; /* index + 1 */
};

/* Who exchanged in this school year and is not on the list. */
struct duty_extra {
    int64_t record; /* of the register rotations */
    uint32_t school;
    bool key;
};

struct duty_reading {
    struct arena *arena;
    const struct duty_rules *rules;
    struct registry *registry;
    struct duty_found *found;
    struct dict schools;  /* by code, or by name where none is known */
    struct dict names;    /* of schools */
    LIST(uint32_t) named; /* by number in names: the school; DICT_NONE: several */
    LIST(struct duty_school) school_rows;
    struct dict people, extra_people; /* by ID number, or by name and school */
    LIST(uint32_t) person_rows;       /* by number in people: the row; DICT_NONE: several */
    LIST(struct duty_row) rows;
    LIST(struct duty_move) moves;
    LIST(struct duty_extra) extras;
    int fields[DUTY_FIELDS_MAX]; /* numbers of the fields of the register being read, or -1 */
};

/* Reads schools, teachers, rotations and postings, in this order. */
MUST_USE bool duty_read(struct duty_reading *reading, const struct asker *asker,
                        struct read_at when, struct err *err);

#endif
