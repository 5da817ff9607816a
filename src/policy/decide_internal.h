#ifndef POLICY_DECIDE_INTERNAL_H
#define POLICY_DECIDE_INTERNAL_H

#include "policy/explain.h"

/* The compiled form: a list of nodes, each after those that it reads. A condition node gives two
 * planes of bits over a block of rows (yes, no; neither: unknown), a value node whole numbers of
 * 1/scale and a plane of which are known. Deciding and explaining read the same planes. */

enum { BLOCK_ROWS = 1024, BLOCK_WORDS = BLOCK_ROWS / 64 };

enum node_op {
    /* Conditions. */
    NODE_CONST, /* `value`: enum policy_verdict */
    NODE_ALL,   /* and, or, not of parts */
    NODE_ANY,
    NODE_NOT,
    NODE_YES,     /* a yes/no input */
    NODE_IN_MASK, /* a choice input is in `mask` */
    NODE_HAS_ANY, /* a set input meets `mask` */
    NODE_HAS_ALL,
    NODE_IN_LIST, /* a number or code input is one of `list`, ascending */
    NODE_COMPARE, /* of two values */
    NODE_LISTED,  /* a standard has a value */
    /* Values. */
    NODE_LITERAL,
    NODE_COLUMN,
    NODE_AGE,
    NODE_STANDARD, /* parts[0], if any: otherwise */
    NODE_SUM,
    NODE_DIFFERENCE,
    NODE_SCALE,
    NODE_PRODUCT,
    NODE_LEAST,
    NODE_MOST,
    NODE_ROUND,
    NODE_CHOOSE, /* parts: the base value (or none), then condition, value of each exception */
};

/* A row of a standard that is in force on the day. */
struct node_row {
    int64_t keys[POLICY_KEYS_MAX];
    int64_t value;
};

struct node {
    enum node_op op;
    bool is_value;
    const struct policy_expr *expr; /* what it comes from; NULL: made by compiling */
    uint32_t *parts;
    size_t part_count;
    uint16_t input;
    uint64_t mask;
    int64_t value, numerator, scale;
    enum policy_order order;
    enum policy_rounding rounding;
    int64_t *list;
    size_t list_count;
    const struct policy_standard *standard;
    struct node_row *rows; /* by keys */
    size_t row_count;
    uint32_t plane; /* of conditions or of values: its place in the scratch memory */
};

struct program_scheme {
    uint16_t scheme;
    uint32_t applies, right, amount; /* right: exclusions counted in; amount: UINT32_MAX when the
                                        scheme is not in force */
    uint32_t own_right;              /* without exclusions */
    bool in_force;
    uint16_t *documents;
    size_t document_count;
    bool unconfirmed;
};

struct policy_program {
    struct arena *arena;
    const struct policy *policy;
    uint16_t subject;
    day at;
    struct node *nodes;
    size_t node_count, node_capacity;
    size_t condition_count, value_count;
    struct program_scheme *schemes; /* by key of the scheme */
    size_t scheme_count;
    uint32_t *definitions; /* by definition: its node, UINT32_MAX: not compiled yet */
};

/* The planes of one block. */
struct block {
    uint64_t *yes, *no; /* by plane of a condition, BLOCK_WORDS each */
    int64_t *values;    /* by plane of a value, BLOCK_ROWS each */
    uint64_t *known;    /* by plane of a value, BLOCK_WORDS each */
    const struct policy_rows *rows;
    const uint32_t *index; /* which rows; NULL: those from `first` on */
    size_t first, count;
};

/* A program without schemes, to which conditions are added. */
struct policy_program *program_start(struct arena *arena, const struct policy *policy,
                                     uint16_t subject, day at);
/* The node of an expression. */
uint32_t program_add(struct policy_program *program, const struct policy_expr *expr);

/* Scratch memory for a program's planes; and what fills them for `count` ≤ BLOCK_ROWS rows. */
void block_init(struct arena *arena, const struct policy_program *program, struct block *block);
void block_run(const struct policy_program *program, struct block *block,
               const struct policy_rows *rows, size_t first, size_t count);
/* The same for the rows listed in `index`, of which only the nodes `wanted` (NULL: all) are filled.
 */
void block_run_some(const struct policy_program *program, struct block *block,
                    const struct policy_rows *rows, const uint32_t *index, size_t count,
                    const bool *wanted);

/* Whether a known value meets a leaf condition; whether two numbers stand in an order. */
bool leaf_holds(const struct node *node, int64_t value);
bool order_holds(enum policy_order order, int64_t left, int64_t right);

/* How a condition node stands in a row of the block; the value of a value node, false: unknown. */
uint8_t block_truth(const struct policy_program *program, const struct block *block, uint32_t node,
                    size_t row);
bool block_value(const struct policy_program *program, const struct block *block, uint32_t node,
                 size_t row, int64_t *out);

/* The unknown inputs on which an unknown node depends in a row; 0 for a known one. */
uint64_t block_needs(const struct policy_program *program, const struct block *block, uint32_t node,
                     size_t row);

/* The decision of one scheme for a row of the block. */
struct policy_decision policy_decision_of(const struct policy_program *program,
                                          const struct block *block,
                                          const struct program_scheme *scheme, size_t row);

/* How a condition stands for one row. Scratch in the arena. */
void policy_truths_of_row(struct arena *arena, const struct policy *policy,
                          const struct policy_expr *condition, day at,
                          const struct policy_rows *rows, size_t row, uint8_t *out);

/* Fills the ways of an explanation. */
void policy_ways(struct arena *arena, const struct policy_program *program,
                 const struct policy_rows *rows, size_t row, const struct program_scheme *scheme,
                 struct policy_explanation *out);

#endif
