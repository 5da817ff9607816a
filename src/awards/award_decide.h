#ifndef AWARDS_AWARD_DECIDE_H
#define AWARDS_AWARD_DECIDE_H

#include "policy/decide.h"

/* Decides people of whom a set is known in part: an area that sent the list of 低保 and not that of
 * orphans knows of a child that it is on the former, and not whether it is on the latter. Where all
 * that the missing lists could say leads to one answer, that is the answer; else it stays unknown.
 */

/* Something not known of a set: one of the options, each a mask of words, belongs to it. */
struct award_group {
    uint16_t input;
    int64_t *options;
    size_t option_count;
};

/* Of which rows what is not known. The set's column holds the words that are known, though its
 * state is not POLICY_KNOWN. */
struct award_open {
    struct award_group *groups;
    size_t group_count;    /* at most AWARD_GROUPS_MAX */
    const uint64_t *masks; /* by row: a bit for each group; NULL: none for all */
};

/* Rows with more combinations than AWARD_COMPLETIONS_MAX stay as unknown as they are. */
enum { AWARD_GROUPS_MAX = 64, AWARD_COMPLETIONS_MAX = 512 };

/* Rows that state the same are decided once: a city of 280,000 has a few thousand kinds. */
struct award_kinds {
    uint64_t inputs;   /* a bit for each that tells kinds apart: those that rules in force read */
    uint32_t *kind_of; /* by row */
    uint32_t *rows;    /* by kind: its first row */
    size_t count;
    size_t *firsts;                    /* by kind: its first decision; one more at the end */
    struct policy_decision *decisions; /* by kind, then scheme key; `row` is the kind's first row */
};
void award_decide_kinds(struct arena *arena, const struct policy_program *program,
                        const struct policy_rows *rows, const struct award_open *open,
                        size_t threads, struct award_kinds *out);

/* As policy_decide, with what is open (NULL: nothing). In the arena. */
void award_decide(struct arena *arena, const struct policy_program *program,
                  const struct policy_rows *rows, const struct award_open *open, size_t threads,
                  struct policy_decisions *out);

/* The decision of a row and scheme, or NULL when the scheme does not concern it. */
const struct policy_decision *award_of(const struct award_kinds *kinds, size_t row,
                                       uint16_t scheme);

#endif
