#ifndef POLICY_MUTATE_H
#define POLICY_MUTATE_H

#include "base/list.h"
#include "policy/trial.h"

/* Inside of policy_mutate: a policy of one's own that can be changed and changed back, and the
 * changes to try. */

enum { MUTANT_EDITS_MAX = 4, MUTANT_VALUE_BYTES = 8 };

/* Bytes that a change writes, and those that stood there. */
struct mutant_edit {
    void *at;
    size_t size;
    unsigned char before[MUTANT_VALUE_BYTES], after[MUTANT_VALUE_BYTES];
};

struct mutant {
    struct policy_mutant told;
    struct mutant_edit edits[MUTANT_EDITS_MAX];
    size_t edit_count;
    struct policy_span window; /* the days on which it can make a difference */
    const bool *touched;       /* by scheme: that it can make one to */
};

struct mutants {
    struct mutant *items; /* by place */
    size_t count;
};

/* A copy of all that mutants change: expressions, lists, spans, rows. In the arena. */
struct policy *mutate_copy(struct arena *arena, const struct policy *policy);

/* The mutants of a pack's rules, of such a copy; at most POLICY_MUTANTS_MAX. In the arena. */
void mutate_list(struct arena *arena, struct policy *copy, uint16_t pack, struct mutants *out);

/* Makes a change in the copy, and takes it back. */
void mutate_apply(const struct mutant *mutant);
void mutate_undo(const struct mutant *mutant);

/* While mutants are listed: of what. */
struct mutate_listing {
    struct arena *arena;
    struct policy *copy;
    uint16_t pack;
    LIST(struct mutant) mutants;
    const struct policy_name *owner; /* definition, standard, scheme */
    struct policy_place place;
    struct policy_span window;
    const bool *touched;
    int64_t step; /* of an amount that is raised: the least that leaves results whole */
};

/* A sentence; and a further mutant of which it is said. NULL when there are enough. */
struct str mutate_say(struct mutate_listing *listing, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct mutant *mutate_add(struct mutate_listing *listing, struct str zh, struct str en);
/* What it writes: `size` bytes at a place of the copy. */
void mutate_edit(struct mutant *mutant, void *at, const void *after, size_t size);
/* First and last day of a span, each moved by one day both ways; `what`: whose they are. */
void mutate_span(struct mutate_listing *listing, struct policy_span *span, struct str what_zh,
                 struct str what_en);
/* Never in force. */
void mutate_end(struct mutant *mutant, struct policy_span *span);
/* The mutants of an expression that stands in a slot. */
void mutate_expr(struct mutate_listing *listing, struct policy_expr **slot);

#endif
