#ifndef SAMPLE_SPOIL_H
#define SAMPLE_SPOIL_H

#include "sample/city.h"

/* What clerks do to a row: each error with its rate, drawn from the row's own stream of chance, so
 * that one register's errors do not move another's. docs/sample.md describes each. */

struct spoiler {
    struct arena *arena; /* of the row: texts made here live there */
    const struct city *city;
    struct rng rng;
    enum source source;
    uint32_t rates[SPOIL_COUNT]; /* ppm, scaled */
};

/* The rates of a register, scaled by `error_permille`. */
void spoil_rates(uint32_t rates[SPOIL_COUNT], const struct settings *settings, enum source source,
                 int64_t error_permille);

/* True when this error happens now. */
bool spoil_hits(struct spoiler *spoiler, enum spoil what);

/* A name as the clerk writes it. */
struct str spoil_name(struct spoiler *spoiler, struct str name);

/* The ID number of a child as written: also a parent's or a brother's; empty when it is left out.
 * *how is the error made, or SPOIL_COUNT. */
struct str spoil_id(struct spoiler *spoiler, const struct child *child, enum spoil *how);

/* A number of a school's own making in the form of an ID number: valid, and nobody's. */
struct str spoil_school_made(struct spoiler *spoiler, const struct child *child);

/* The certificate of a disabled child: its ID number, kind and grade, and at times a reissue. */
struct str spoil_certificate(struct spoiler *spoiler, const struct child *child, struct str id);

/* The ID number of an adult. */
struct str spoil_adult_id(struct spoiler *spoiler, struct str id, enum spoil missing,
                          enum spoil digit, enum spoil old);

/* The day of birth, in the form 2012-03-05; empty when it is left out. *odd is set when the clerk
 * writes it in another form than the rest of the file. */
struct str spoil_birth(struct spoiler *spoiler, day birth, bool *odd);

/* The village written: at times a neighbouring one. */
uint32_t spoil_village(struct spoiler *spoiler, uint32_t village);

/* One digit of a number made another (not the check character). */
struct str spoil_digit(struct spoiler *spoiler, struct str id);

#endif
