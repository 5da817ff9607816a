#ifndef LINK_PEOPLE_STORE_H
#define LINK_PEOPLE_STORE_H

#include "access/reseal.h"
#include "base/list.h"
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
struct record_place {
    int64_t register_number; /* in link_register */
    int64_t statement;
    uint32_t part;
};
struct record_place record_place_of(int64_t key);
int64_t record_key_at(struct record_place place);
uint32_t record_of_key(const struct record_keys *keys, const struct people *people, int64_t key);

/* The records of these places alone, of which it is known that they are records of the people as of
 * `when`: as people_read would read them, but for what it derives of their households
 * (people_put_kin of *builder puts that back). `choices` are in the order of records; places at
 * which nothing stands give no record. `people` stays where it is as long as the builder is used.
 * ERR_STORE. */
struct record_choice {
    uint32_t register_number; /* in people.registers */
    uint32_t part;
    int64_t statement;
    int64_t person; /* stable number; not read here */
    int64_t key;    /* record_key; not read here */
};
struct people_builder;
MUST_USE bool people_read_chosen(struct people *people, struct arena *arena,
                                 struct registry *registry, struct read_at when,
                                 const struct record_choice *choices, size_t count,
                                 struct people_builder **builder, struct err *err);

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
                          const struct link_model *model, struct str frequencies,
                          struct model_in_force *out, struct err *err);

/* Gives a model of an older program the frequencies that it lacks. */
MUST_USE bool model_freeze(struct store *store, int64_t number, struct str frequencies,
                           struct err *err);

/* What the newest run left for the next; NULL when there is nothing that can be read. */
MUST_USE bool state_read(struct arena *arena, struct registry *registry, struct link_state **out,
                         struct err *err);
/* Puts it in the place of the one before; inside the caller's transaction. */
MUST_USE bool state_write(struct registry *registry, struct str bytes, struct err *err);

/* What a run found of a record that is linked otherwise than before. */
struct record_change {
    int64_t key;           /* record_key */
    int64_t before, after; /* persons' numbers; 0: none */
    uint32_t record;       /* in people; UINT32_MAX: gone */
};
struct record_changes {
    LIST(struct record_change) list;
    struct arena *arena;
};

/* The run before, as far as it explains what changes. number 0: there was none. */
struct run_before {
    int64_t number, model, decision;
};
MUST_USE bool run_before_read(struct store *store, struct run_before *out, struct err *err);

/* Writes the changes of a run and why, and the tombstones; inside the caller's transaction. */
struct change_context {
    struct run_before before;
    int64_t run, model;
    const struct person_tie *ties;
};
MUST_USE bool changes_write(const struct people *people, const struct record_keys *keys,
                            struct store *store, const struct change_context *context,
                            const struct record_changes *changes, struct err *err);

/* Gives persons the numbers under which most of their statements were known, writes persons,
 * records and the run; inside the caller's transaction. Fills the changes of `result`, and the list
 * of changed records, by key within those that are there and those that are gone. */
MUST_USE bool persons_write(struct people *people, const struct record_keys *keys,
                            struct store *store, int64_t run, struct people_link_result *result,
                            struct record_changes *changes, struct err *err);

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

/* A doubtful pair from a row whose first columns are number, record, other, weight and probability
 * of link_doubt; false when one of its records is not in `people`. */
bool review_item_read(struct store_statement *row, const struct people *people,
                      const struct record_keys *keys, struct review_item *out);

/* What the newest run leaves for the next, to be sealed anew. */
extern const struct reseal_part link_state_reseal;

#endif
