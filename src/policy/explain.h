#ifndef POLICY_EXPLAIN_H
#define POLICY_EXPLAIN_H

#include "policy/decide.h"

/* Why, why not, what is unknown and who holds it, and the least change that would alter the answer:
 * a tree of sentences in both languages, made from the same program that decided. */

enum policy_node_kind {
    POLICY_NODE_VERDICT,  /* the whole */
    POLICY_NODE_FORCE,    /* the scheme is (not) in force */
    POLICY_NODE_RIGHT,    /* a ground, or an exception to one */
    POLICY_NODE_CONDITION,
    POLICY_NODE_FACT,     /* what an input states */
    POLICY_NODE_AMOUNT,   /* how the amount comes about: a step of the sum */
    POLICY_NODE_EXCLUSION,
};

struct policy_node {
    enum policy_node_kind kind;
    uint8_t truth;          /* enum policy_verdict: holds, does not, unknown */
    bool decisive;          /* the answer would be another if this were */
    struct str zh, en;      /* one sentence, without full stop */
    uint16_t input;         /* POLICY_NODE_FACT, else POLICY_NONE */
    uint8_t state;          /* of the input: enum policy_state */
    struct policy_cites cites; /* of the clause, if it is one */
    struct policy_node **parts;
    size_t part_count;
};

/* A value that an input would have to have. */
struct policy_change {
    uint16_t input;
    int64_t value;
};

/* One way to another answer: all its changes together; no part of it would do. */
struct policy_way {
    struct policy_change *changes;
    size_t change_count;
    uint8_t verdict; /* that it leads to */
    int64_t fen;
    struct str zh, en; /* "若登记为寄宿生，即可享受每学期 625.00 元" */
};

struct policy_explanation {
    struct policy_decision decision;
    struct period period;
    struct policy_node *root;
    struct policy_way *ways; /* fewest changes first; all of the least number of changes, at most
                                POLICY_WAYS_MAX; for `unknown`: what each possible value leads to */
    size_t way_count;
    bool unconfirmed;        /* rests on something marked 待核实 */
    const uint16_t *documents; /* as policy_cited */
    size_t document_count;
};

enum { POLICY_WAYS_MAX = 12, POLICY_WAY_CHANGES_MAX = 3 };

/* Explains the decision of one row and scheme on the day of the program. *concerned is false, and
 * nothing else is set, when the scheme does not apply to the row. In the arena. */
void policy_explain(struct arena *arena, const struct policy_program *program,
                    const struct policy_rows *rows, size_t row, uint16_t scheme, bool *concerned,
                    struct policy_explanation *out);

/* The same without the ways to another answer, which cost most of it. */
void policy_explain_reasons(struct arena *arena, const struct policy_program *program,
                            const struct policy_rows *rows, size_t row, uint16_t scheme,
                            bool *concerned, struct policy_explanation *out);

/* A value of an input as people say it: "小学", "是", "低保、残疾", "1,250.00 元", "无" for the empty
 * set. In the arena. */
struct str policy_value_text(struct arena *arena, const struct policy_input *input, int64_t value,
                             enum lang lang);

/* "1,250.00 元", "1,250 元" where there are no fen; "CNY 1,250.00". In the arena. */
struct str policy_money_text(struct arena *arena, int64_t fen, enum lang lang);

/* A condition or a sum as a sentence of the rule, without a person: for `policy show`. */
struct str policy_expr_text(struct arena *arena, const struct policy *policy,
                            const struct policy_expr *expr, enum lang lang);

#endif
