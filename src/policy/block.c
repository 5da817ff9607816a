#include "policy/decide_internal.h"

#include <string.h>

/* Planes of 64 rows a word. Bits beyond the rows of a block may hold anything. */

static uint64_t *yes_of(const struct block *block, const struct node *node)
{
    return block->yes + (size_t)node->plane * BLOCK_WORDS;
}

static uint64_t *no_of(const struct block *block, const struct node *node)
{
    return block->no + (size_t)node->plane * BLOCK_WORDS;
}

static int64_t *values_of(const struct block *block, const struct node *node)
{
    return block->values + (size_t)node->plane * BLOCK_ROWS;
}

static uint64_t *known_of(const struct block *block, const struct node *node)
{
    return block->known + (size_t)node->plane * BLOCK_WORDS;
}

/* The row of the people that is row `row` of the block. */
static inline size_t row_of(const struct block *block, size_t row)
{
    return block->index == NULL ? block->first + row : block->index[row];
}

void block_init(struct arena *arena, const struct policy_program *program, struct block *block)
{
    *block = (struct block){0};
    block->yes = arena_array(arena, uint64_t, program->condition_count * BLOCK_WORDS);
    block->no = arena_array(arena, uint64_t, program->condition_count * BLOCK_WORDS);
    block->values = arena_array(arena, int64_t, program->value_count * BLOCK_ROWS);
    block->known = arena_array(arena, uint64_t, program->value_count * BLOCK_WORDS);
}

static void run_const(const struct node *node, uint64_t *yes, uint64_t *no)
{
    memset(yes, node->value == POLICY_ENTITLED ? 0xFF : 0, BLOCK_WORDS * sizeof *yes);
    memset(no, node->value == POLICY_NO ? 0xFF : 0, BLOCK_WORDS * sizeof *no);
}

static void run_joined(const struct policy_program *program, const struct block *block,
                       const struct node *node, uint64_t *yes, uint64_t *no)
{
    bool all = node->op == NODE_ALL;
    memset(yes, all ? 0xFF : 0, BLOCK_WORDS * sizeof *yes);
    memset(no, all ? 0 : 0xFF, BLOCK_WORDS * sizeof *no);
    for (size_t p = 0; p < node->part_count; p++) {
        const struct node *part = &program->nodes[node->parts[p]];
        const uint64_t *part_yes = yes_of(block, part), *part_no = no_of(block, part);
        for (size_t w = 0; w < BLOCK_WORDS; w++) {
            yes[w] = all ? yes[w] & part_yes[w] : yes[w] | part_yes[w];
            no[w] = all ? no[w] | part_no[w] : no[w] & part_no[w];
        }
    }
}

static void run_not(const struct policy_program *program, const struct block *block,
                    const struct node *node, uint64_t *yes, uint64_t *no)
{
    const struct node *part = &program->nodes[node->parts[0]];
    memcpy(yes, no_of(block, part), BLOCK_WORDS * sizeof *yes);
    memcpy(no, yes_of(block, part), BLOCK_WORDS * sizeof *no);
}

static bool is_listed(const struct node *node, int64_t value)
{
    size_t low = 0, high = node->list_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (node->list[middle] == value) return true;
        if (node->list[middle] < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return false;
}

bool leaf_holds(const struct node *node, int64_t value)
{
    switch (node->op) {
    case NODE_YES: return value != 0;
    case NODE_IN_MASK: return (node->mask >> value & 1) != 0;
    case NODE_HAS_ANY: return ((uint64_t)value & node->mask) != 0;
    case NODE_HAS_ALL: return ((uint64_t)value & node->mask) == node->mask;
    default: return is_listed(node, value);
    }
}

static void run_leaf(const struct block *block, const struct node *node, uint64_t *yes,
                     uint64_t *no)
{
    memset(yes, 0, BLOCK_WORDS * sizeof *yes);
    memset(no, 0, BLOCK_WORDS * sizeof *no);
    for (size_t r = 0; r < block->count; r++) {
        uint64_t bit = (uint64_t)1 << r % 64;
        int64_t value;
        if (!policy_states(block->rows, node->input, row_of(block, r), &value)) continue;
        if (leaf_holds(node, value)) {
            yes[r / 64] |= bit;
        } else {
            no[r / 64] |= bit;
        }
    }
}

bool order_holds(enum policy_order order, int64_t left, int64_t right)
{
    switch (order) {
    case POLICY_EQUAL: return left == right;
    case POLICY_NOT_EQUAL: return left != right;
    case POLICY_LESS: return left < right;
    case POLICY_LESS_EQUAL: return left <= right;
    case POLICY_MORE: return left > right;
    default: return left >= right;
    }
}

static void run_compare(const struct policy_program *program, const struct block *block,
                        const struct node *node, uint64_t *yes, uint64_t *no)
{
    const struct node *left = &program->nodes[node->parts[0]];
    const struct node *right = &program->nodes[node->parts[1]];
    const int64_t *x = values_of(block, left), *y = values_of(block, right);
    const uint64_t *x_known = known_of(block, left), *y_known = known_of(block, right);
    memset(yes, 0, BLOCK_WORDS * sizeof *yes);
    memset(no, 0, BLOCK_WORDS * sizeof *no);
    for (size_t r = 0; r < block->count; r++) {
        uint64_t bit = (uint64_t)1 << r % 64;
        if ((x_known[r / 64] & y_known[r / 64] & bit) == 0) continue;
        if (order_holds(node->order, x[r] * right->scale, y[r] * left->scale)) {
            yes[r / 64] |= bit;
        } else {
            no[r / 64] |= bit;
        }
    }
}

/* What a standard has for the keys of a row. */
enum found { FOUND_NONE, FOUND_VALUE, FOUND_UNKNOWN };

/* The key at hand, false when it is not known. */
static bool key_of(const struct block *block, const struct policy_standard *standard, size_t key,
                   size_t row, int64_t *out)
{
    return policy_states(block->rows, standard->by[key], row_of(block, row), out);
}

static enum found look_up(const struct block *block, const struct node *node, size_t row,
                          int64_t *value)
{
    const struct policy_standard *standard = node->standard;
    int64_t keys[POLICY_KEYS_MAX] = {0};
    bool known[POLICY_KEYS_MAX] = {0}, all = true;
    for (size_t k = 0; k < standard->by_count; k++) {
        known[k] = key_of(block, standard, k, row, &keys[k]);
        all = all && known[k];
    }
    for (size_t r = 0; r < node->row_count; r++) {
        bool fits = true;
        for (size_t k = 0; k < standard->by_count && fits; k++) {
            fits = !known[k] || node->rows[r].keys[k] == keys[k];
        }
        if (!fits) continue;
        if (!all) return FOUND_UNKNOWN;
        *value = node->rows[r].value;
        return FOUND_VALUE;
    }
    return FOUND_NONE;
}

static void run_listed(const struct block *block, const struct node *node, uint64_t *yes,
                       uint64_t *no)
{
    memset(yes, 0, BLOCK_WORDS * sizeof *yes);
    memset(no, 0, BLOCK_WORDS * sizeof *no);
    for (size_t r = 0; r < block->count; r++) {
        int64_t value;
        enum found found = look_up(block, node, r, &value);
        if (found == FOUND_VALUE) yes[r / 64] |= (uint64_t)1 << r % 64;
        if (found == FOUND_NONE) no[r / 64] |= (uint64_t)1 << r % 64;
    }
}

static void run_standard(const struct policy_program *program, const struct block *block,
                         const struct node *node, int64_t *values, uint64_t *known)
{
    const struct node *otherwise = node->part_count > 0 ? &program->nodes[node->parts[0]] : NULL;
    memset(known, 0, BLOCK_WORDS * sizeof *known);
    for (size_t r = 0; r < block->count; r++) {
        uint64_t bit = (uint64_t)1 << r % 64;
        int64_t value = 0;
        enum found found = look_up(block, node, r, &value);
        bool falls_back = found == FOUND_NONE && otherwise != NULL;
        if (falls_back && (known_of(block, otherwise)[r / 64] & bit) != 0) {
            values[r] = values_of(block, otherwise)[r] * (node->scale / otherwise->scale);
        } else if (found == FOUND_VALUE) {
            values[r] = value * node->scale;
        } else {
            continue;
        }
        known[r / 64] |= bit;
    }
}

static void run_column(const struct policy_program *program, const struct block *block,
                       const struct node *node, int64_t *values, uint64_t *known)
{
    memset(known, 0, BLOCK_WORDS * sizeof *known);
    for (size_t r = 0; r < block->count; r++) {
        int64_t value;
        if (!policy_states(block->rows, node->input, row_of(block, r), &value)) continue;
        values[r] =
            node->op == NODE_AGE ? policy_since(node->expr->unit, value, program->at) : value;
        known[r / 64] |= (uint64_t)1 << r % 64;
    }
}

static int64_t rounded(const struct node *node, int64_t value, int64_t scale)
{
    int64_t unit = node->value * scale, down = value / unit, rest = value % unit;
    if (rest < 0) {
        rest += unit;
        down--;
    }
    bool up = node->rounding == POLICY_UP        ? rest > 0
              : node->rounding == POLICY_HALF_UP ? rest >= unit - rest
                                                 : false;
    return (down + up) * node->value;
}

/* One value from those of its parts, brought to the node's scale. */
static int64_t compute(const struct node *node, int64_t so_far, int64_t next, size_t part)
{
    if (part == 0) return next;
    switch (node->op) {
    case NODE_SUM: return so_far + next;
    case NODE_DIFFERENCE: return so_far - next;
    case NODE_PRODUCT: return so_far * next;
    case NODE_LEAST: return next < so_far ? next : so_far;
    default: return next > so_far ? next : so_far;
    }
}

static int64_t scaled(const struct node *node, const struct node *part, int64_t value)
{
    switch (node->op) {
    case NODE_SCALE: return value * node->numerator;
    case NODE_ROUND: return rounded(node, value, part->scale);
    case NODE_PRODUCT: return value;
    default: return value * (node->scale / part->scale);
    }
}

static void run_computed(const struct policy_program *program, const struct block *block,
                         const struct node *node, int64_t *values, uint64_t *known)
{
    memset(known, 0xFF, BLOCK_WORDS * sizeof *known);
    for (size_t p = 0; p < node->part_count; p++) {
        const struct node *part = &program->nodes[node->parts[p]];
        const int64_t *given = values_of(block, part);
        const uint64_t *given_known = known_of(block, part);
        for (size_t w = 0; w < BLOCK_WORDS; w++) known[w] &= given_known[w];
        for (size_t r = 0; r < block->count; r++) {
            if ((known[r / 64] >> r % 64 & 1) == 0) continue;
            values[r] = compute(node, values[r], scaled(node, part, given[r]), p);
        }
    }
}

/* The base where no exception holds, an exception's where it does (no two do), else unknown. */
static void run_choose(const struct policy_program *program, const struct block *block,
                       const struct node *node, int64_t *values, uint64_t *known)
{
    const struct node *base = &program->nodes[node->parts[0]];
    uint64_t none[BLOCK_WORDS];
    for (size_t r = 0; r < block->count; r++) {
        values[r] = values_of(block, base)[r] / base->scale;
    }
    memset(none, 0xFF, sizeof none);
    memset(known, 0, BLOCK_WORDS * sizeof *known);
    for (size_t p = 1; p + 1 < node->part_count; p += 2) {
        const struct node *when = &program->nodes[node->parts[p]];
        const struct node *value = &program->nodes[node->parts[p + 1]];
        const uint64_t *yes = yes_of(block, when), *no = no_of(block, when);
        const uint64_t *has = known_of(block, value);
        for (size_t w = 0; w < BLOCK_WORDS; w++) {
            none[w] &= no[w];
            known[w] |= has[w] & yes[w];
        }
        for (size_t r = 0; r < block->count; r++) {
            if ((yes[r / 64] >> r % 64 & 1) == 0) continue;
            values[r] = values_of(block, value)[r] / value->scale;
        }
    }
    for (size_t w = 0; w < BLOCK_WORDS; w++) known[w] |= none[w] & known_of(block, base)[w];
}

static void run_condition(const struct policy_program *program, const struct block *block,
                          const struct node *node)
{
    uint64_t *yes = yes_of(block, node), *no = no_of(block, node);
    switch (node->op) {
    case NODE_CONST: run_const(node, yes, no); break;
    case NODE_ALL:
    case NODE_ANY: run_joined(program, block, node, yes, no); break;
    case NODE_NOT: run_not(program, block, node, yes, no); break;
    case NODE_COMPARE: run_compare(program, block, node, yes, no); break;
    case NODE_LISTED: run_listed(block, node, yes, no); break;
    default: run_leaf(block, node, yes, no); break;
    }
}

static void run_value(const struct policy_program *program, const struct block *block,
                      const struct node *node)
{
    int64_t *values = values_of(block, node);
    uint64_t *known = known_of(block, node);
    switch (node->op) {
    case NODE_LITERAL:
        for (size_t r = 0; r < BLOCK_ROWS; r++) values[r] = node->value * node->scale;
        memset(known, 0xFF, BLOCK_WORDS * sizeof *known);
        break;
    case NODE_COLUMN:
    case NODE_AGE: run_column(program, block, node, values, known); break;
    case NODE_STANDARD: run_standard(program, block, node, values, known); break;
    case NODE_CHOOSE: run_choose(program, block, node, values, known); break;
    default: run_computed(program, block, node, values, known); break;
    }
}

static void run_all(const struct policy_program *program, struct block *block, const bool *wanted)
{
    CHECK(block->count <= BLOCK_ROWS);
    for (size_t n = 0; n < program->node_count; n++) {
        const struct node *node = &program->nodes[n];
        if (wanted != NULL && !wanted[n]) continue;
        if (node->is_value) {
            run_value(program, block, node);
        } else {
            run_condition(program, block, node);
        }
    }
}

void block_run(const struct policy_program *program, struct block *block,
               const struct policy_rows *rows, size_t first, size_t count)
{
    block->rows = rows;
    block->index = NULL;
    block->first = first;
    block->count = count;
    run_all(program, block, NULL);
}

void block_run_some(const struct policy_program *program, struct block *block,
                    const struct policy_rows *rows, const uint32_t *index, size_t count,
                    const bool *wanted)
{
    block->rows = rows;
    block->index = index;
    block->count = count;
    run_all(program, block, wanted);
}

uint8_t block_truth(const struct policy_program *program, const struct block *block, uint32_t node,
                    size_t row)
{
    const struct node *at = &program->nodes[node];
    CHECK(!at->is_value);
    if ((yes_of(block, at)[row / 64] >> row % 64 & 1) != 0) return POLICY_ENTITLED;
    return (no_of(block, at)[row / 64] >> row % 64 & 1) != 0 ? POLICY_NO : POLICY_UNKNOWN;
}

bool block_value(const struct policy_program *program, const struct block *block, uint32_t node,
                 size_t row, int64_t *out)
{
    const struct node *at = &program->nodes[node];
    CHECK(at->is_value);
    if ((known_of(block, at)[row / 64] >> row % 64 & 1) == 0) return false;
    *out = values_of(block, at)[row];
    return true;
}

static bool is_unknown(const struct policy_program *program, const struct block *block,
                       uint32_t node, size_t row)
{
    int64_t value;
    return program->nodes[node].is_value ? !block_value(program, block, node, row, &value)
                                         : block_truth(program, block, node, row) == POLICY_UNKNOWN;
}

static uint64_t key_needs(const struct block *block, const struct policy_standard *standard,
                          size_t row)
{
    uint64_t needs = 0;
    for (size_t k = 0; k < standard->by_count; k++) {
        int64_t key;
        if (!key_of(block, standard, k, row, &key)) needs |= (uint64_t)1 << standard->by[k];
    }
    return needs;
}

/* Where an exception holds only its value matters; else those that may hold, and the base. */
static uint64_t choose_needs(const struct policy_program *program, const struct block *block,
                             const struct node *node, size_t row)
{
    uint64_t needs = block_needs(program, block, node->parts[0], row);
    for (size_t p = 1; p + 1 < node->part_count; p += 2) {
        uint8_t when = block_truth(program, block, node->parts[p], row);
        uint64_t value = block_needs(program, block, node->parts[p + 1], row);
        if (when == POLICY_ENTITLED) return value;
        if (when == POLICY_UNKNOWN)
            needs |= value | block_needs(program, block, node->parts[p], row);
    }
    return needs;
}

uint64_t block_needs(const struct policy_program *program, const struct block *block, uint32_t node,
                     size_t row)
{
    const struct node *at = &program->nodes[node];
    int64_t value;
    uint64_t needs = 0;
    if (!is_unknown(program, block, node, row)) return 0;
    switch (at->op) {
    case NODE_CONST:
    case NODE_LITERAL: return 0;
    case NODE_YES:
    case NODE_IN_MASK:
    case NODE_IN_LIST:
    case NODE_HAS_ANY:
    case NODE_HAS_ALL:
    case NODE_COLUMN:
    case NODE_AGE: return (uint64_t)1 << at->input;
    case NODE_CHOOSE: return choose_needs(program, block, at, row);
    case NODE_LISTED:
    case NODE_STANDARD:
        if (look_up(block, at, row, &value) == FOUND_UNKNOWN) {
            needs = key_needs(block, at->standard, row);
        }
        break;
    default: break;
    }
    for (size_t p = 0; p < at->part_count; p++) {
        needs |= block_needs(program, block, at->parts[p], row);
    }
    return needs;
}
