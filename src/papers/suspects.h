#ifndef PAPERS_SUSPECTS_H
#define PAPERS_SUSPECTS_H

#include "findings/rules.h"
#include "link/people_weigh.h"
#include "papers/outcome.h"

/* The list of suspects that the national platform sends down (register `suspects`): each name is a
 * person of the workspace like any other row; what registers say of that person gives the likely
 * outcome code, with the evidence (register, file, row, what it says), how sure it is that the
 * evidence is this child's, and the proofs that are still to be fetched. A program proposes; who
 * signs the return decides. Where nothing is known no code is given: somebody has to go there.
 *
 * Reads `people` (linked) and statements, writes nothing. */

enum suspect_state {
    SUSPECT_CLOSES,      /* sure, all proofs at hand: may be closed (可销号) */
    SUSPECT_NEEDS_PROOF, /* sure, proofs are to be fetched (待佐证) */
    SUSPECT_NEEDS_ACT,   /* sure, something has to be done first (待办理) */
    SUSPECT_UNSURE,      /* a likely code, to be confirmed (待核实) */
    SUSPECT_STAYS_OPEN,  /* truly out of school by what is known: to be brought back (劝返) */
    SUSPECT_UNKNOWN,     /* nothing found: to be visited (待入户) */
    SUSPECT_STATE_COUNT,
};

struct suspect_evidence {
    uint32_t record; /* in people.records */
    const struct outcome_source *source;
    struct str file;
    uint64_t sheet, row;      /* sheet from 1; row as a reader counts it */
    struct str says;          /* "第三小学，三年级": as the register writes it */
    uint32_t probability_ppm; /* that the record is this child's */
    bool apart;               /* linking left it apart; found by a second look */
};

struct suspect_proof {
    uint32_t proof; /* in outcomes.proofs */
    bool held;      /* a register shows it */
};

struct suspect {
    uint32_t record; /* of the list, in people.records */
    struct str file;
    uint64_t sheet, row;
    struct str area;                     /* of the row, may be empty */
    const struct str *values;            /* of the row, by field of the register */
    const struct str *written;           /* as written where that differs; ptr NULL otherwise */
    uint64_t facts;                      /* bits by number of the fact */
    const struct outcome_clause *clause; /* NULL: nothing found */
    const struct outcome_code *code;     /* of the clause */
    enum suspect_state state;
    uint32_t probability_ppm;          /* that all that the code rests on is this child's */
    struct suspect_evidence *evidence; /* what the code rests on first, then the rest */
    size_t evidence_count;
    size_t resting; /* how many of them the code rests on */
    struct suspect_proof *proofs;
    size_t proof_count;
    uint32_t nearest; /* likeliest record of another that the code does not rest on, or
                         UINT32_MAX */
    uint32_t nearest_probability_ppm;
};

struct suspects_input {
    struct arena *arena;
    struct registry *registry;
    const struct asker *asker;
    struct str area; /* only rows of this area; empty: all that the asker sees */
    const struct people *people;
    const struct weigher *weigher;
    const struct outcomes *outcomes;
    int age_from, age_to; /* of the compulsory rules */
};

/* All rows of the list that hold at people.when and that were read for the asker, in the order of
 * file, sheet, row. In the arena. ERR_CONFLICT when no list is loaded; ERR_STORE. */
MUST_USE bool suspects_clear(const struct suspects_input *input, struct suspect **out,
                             size_t *count, struct err *err);

/* State with the proofs that lie in folders counted as held (`filed` by proof of the suspect). */
enum suspect_state suspect_state_with(const struct suspect *suspect,
                                      const struct outcomes *outcomes, const bool *filed);

/* "closes" …; "可销号" and "may be closed". */
const char *suspect_state_key(enum suspect_state state);
const char *suspect_state_text(enum suspect_state state, enum lang lang);

/* suspects_near.c: of each person in `asked`, the likeliest record among persons who stand in no
 * register of residence, with its probability; UINT32_MAX where none is likelier than one in a
 * hundred. */
struct suspect_near {
    uint32_t record;
    uint32_t probability_ppm;
};
void suspects_look_near(const struct suspects_input *input, const uint32_t *asked, size_t count,
                        struct suspect_near *out);

#endif
