#ifndef AWARDS_FACTS_KNOWN_H
#define AWARDS_FACTS_KNOWN_H

#include "access/codec.h"
#include "awards/facts.h"

/* What the facts of one person (facts.h) need to know of all: whether a list was sent at all is
 * told by numbers over all students, and which row names the head of a household by all rows of its
 * file. Who makes the facts of everybody keeps these few bytes of each student, and who asks for
 * one makes the same facts of that person's own rows and of what is kept.
 *
 *     facts_pack, facts_packed_save   →   facts_known_read → fact_collector_take → facts_make_known
 *
 * The module's tables: fact_run, fact_part; sealed, so that what was changed is told. */

/* What facts rest on besides the rows: `people` is what the people and their links rest on, the
 * rest are the rules. In the arena. */
struct str facts_rests(struct arena *arena, struct str people, const struct policy *policy,
                       const struct facts_text *text);

/* What is to be kept of facts; empty, and never saved, where there are none. In the arena. */
struct facts_packed;
struct facts_packed *facts_pack(struct arena *arena, struct codec *codec,
                                const struct facts *facts);

/* Puts it in the place of what was there, inside the caller's transaction. ERR_STORE. */
MUST_USE bool facts_packed_save(struct store *store, struct str rests,
                                const struct facts_packed *packed, struct err *err);
MUST_USE bool facts_known_forget(struct store *store, struct err *err);

/* A row of a register of the text. */
struct fact_place {
    uint32_t register_number;
    int64_t statement;
};

enum { FACT_HOUSEHOLD_ROWS_MAX = 4 };

struct facts_known {
    int64_t person;
    bool student;  /* else the rest is empty */
    uint64_t sent; /* bits by number of the register and input of which it is asked (keepers) */
    struct fact_place household[FACT_HOUSEHOLD_ROWS_MAX]; /* rows that stand for the household */
    size_t household_count;
};

/* What is kept of a person. *there is false when nothing is kept that rests on this, and when what
 * is kept cannot be opened: *damaged says which. ERR_STORE. */
MUST_USE bool facts_known_read(struct store *store, struct codec *codec, struct str rests,
                               int64_t person, struct facts_known *out, bool *there, bool *damaged,
                               struct err *err);

/* In place of hearing all rows: keeps those by which the person of `known` is in `people`, and
 * those that stand for the household, as if all had been heard. `is_record` says whether the row
 * itself, of a register of the people, is somebody's record (else it is an adult's). ERR_STORE. */
struct fact_taking {
    const struct people *people;
    uint32_t person; /* in people->persons */
    const struct facts_known *known;
    bool (*is_record)(void *context, uint32_t register_number, int64_t statement, bool *out,
                      struct err *err);
    void *context;
};
MUST_USE bool fact_collector_take(struct fact_collector *collector, struct registry *registry,
                                  const struct fact_taking *taking, struct err *err);

/* facts_make of that person alone: one row, or none. */
void facts_make_known(struct arena *arena, const struct facts_text *text,
                      const struct policy *policy, const struct people *people,
                      const struct fact_rows *kept, const struct facts_known *known,
                      struct facts *out);

#endif
