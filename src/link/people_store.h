#ifndef LINK_PEOPLE_STORE_H
#define LINK_PEOPLE_STORE_H

#include "link/people.h"

/* What of links is kept in the workspace, for the files of this module. */

/* A record of `people` as one number that stays: register (by the workspace's own numbering),
 * statement and part. Limits: 2^15 registers, 2^40 statements a register, parts below 64. */
struct record_keys {
    int64_t *registers; /* by register of `people`: its number in link_register */
};
MUST_USE bool record_keys_open(struct record_keys *keys, struct arena *arena,
                               const struct people *people, struct store *store, bool make,
                               struct err *err);
int64_t record_key(const struct record_keys *keys, const struct people *people, uint32_t record);

/* The record of `people` with this key, or UINT32_MAX. Records must be in their order. */
uint32_t record_of_key(const struct record_keys *keys, const struct people *people, int64_t key);

/* What links rest on: the statements, the spec, the decisions, the day. 16 hexadecimal digits. */
MUST_USE bool people_fingerprint(const struct people *people, const struct record_keys *keys,
                                 struct store *store, char out[17], struct err *err);

/* The decisions that hold, as pairs of records of `people`; "visit" and those about records that
 * are not among them are left out. */
MUST_USE bool decisions_read(struct arena *arena, const struct people *people,
                             const struct record_keys *keys, struct store *store,
                             struct link_decision **out, size_t *count, struct err *err);

/* The model in force (its number, name, how many records it was learnt from); number 0: none yet.
 * NULL model when none. */
struct model_in_force {
    int64_t number;
    struct str name;
    int64_t records;
    struct link_model *model;
};
MUST_USE bool model_read(struct arena *arena, struct store *store, struct model_in_force *out,
                         struct err *err);
MUST_USE bool model_write(struct arena *arena, struct registry *registry, day at, size_t records,
                          const struct link_model *model, struct model_in_force *out,
                          struct err *err);

/* Gives persons the numbers under which most of their statements were known, writes persons,
 * records and the run; inside the caller's transaction. Fills the changes of `result`. */
MUST_USE bool persons_write(struct people *people, const struct record_keys *keys,
                            struct store *store, int64_t run, struct people_link_result *result,
                            struct err *err);

/* Writes this run's doubtful pairs; inside the caller's transaction. */
MUST_USE bool doubts_write(const struct people *people, const struct record_keys *keys,
                           struct store *store, int64_t run, const struct link_pair *doubts,
                           size_t count, struct err *err);

/* The spec of people, parsed. */
MUST_USE bool people_spec(struct arena *arena, struct link_spec **out, struct str *text,
                          struct err *err);

/* Sorts persons by number and sets first, count, order and each record's person. `person_of` has a
 * number by record (any numbers); persons get them as `number`. */
void people_arrange(struct people *people, const int64_t *number_of);

#endif
