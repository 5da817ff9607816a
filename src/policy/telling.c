#include "policy/telling.h"

#include "base/dict.h"
#include "base/thread.h"

#include <stdlib.h>

struct working {
    const struct policy_program *program;
    const struct policy_rows *rows;
    uint64_t whole;   /* inputs whose values are told apart one by one */
    uint64_t amounts; /* inputs that go into amounts */
    uint64_t read;
    struct telling *out;
    struct input_work {
        struct arena arena;
        struct kind_column column;
        bool aside, matters;
    } * inputs;
};

static uint64_t bit(uint16_t input)
{
    return UINT64_C(1) << input;
}

static bool is_plain(const struct node *node)
{
    return node->op == NODE_COLUMN || node->op == NODE_AGE;
}

/* An input beside a number: the node of the input, or NULL when the comparison is another. */
static const struct node *limited(const struct policy_program *program, const struct node *node)
{
    const struct node *a = &program->nodes[node->parts[0]], *b = &program->nodes[node->parts[1]];
    if (is_plain(a) && b->op == NODE_LITERAL) return a;
    return is_plain(b) && a->op == NODE_LITERAL ? b : NULL;
}

static void find_flows(struct working *working)
{
    const struct policy_program *program = working->program;
    uint64_t *flows = working->out->flows;
    for (size_t n = 0; n < program->node_count; n++) {
        const struct node *node = &program->nodes[n];
        bool limit = node->op == NODE_COMPARE && limited(program, node) != NULL;
        if (is_plain(node)) flows[n] = bit(node->input);
        for (size_t p = 0; p < node->part_count; p++) flows[n] |= flows[node->parts[p]];
        if (node->is_value) continue;
        if (node->op == NODE_COMPARE && !limit) working->whole |= flows[n];
        flows[n] = 0;
    }
    for (size_t s = 0; s < program->scheme_count; s++) {
        uint32_t amount = program->schemes[s].amount;
        if (amount != UINT32_MAX) working->amounts |= flows[amount];
    }
}

uint64_t policy_reads(const struct policy_program *program)
{
    uint64_t reads = 0;
    for (size_t n = 0; n < program->node_count; n++) {
        const struct node *node = &program->nodes[n];
        bool leaf = node->op >= NODE_YES && node->op <= NODE_IN_LIST;
        if (leaf || is_plain(node)) reads |= bit(node->input);
        if (node->standard == NULL || node->row_count == 0) continue;
        for (size_t k = 0; k < node->standard->by_count; k++) reads |= bit(node->standard->by[k]);
    }
    return reads;
}

/* By place of a column: its class so far, and a number above all of them. */
struct dividing {
    const struct policy_column *column;
    uint64_t *classes;
    uint64_t range;
    size_t count;
};

/* Gives the classes numbers without gaps, in the order of places. */
static void close_up(struct dividing *dividing)
{
    enum { LISTED_BELOW = 1 << 16 };
    struct arena scratch = {0};
    struct u64_map map;
    uint32_t *listed = NULL, next = 0; /* number + 1 */
    u64_map_init(&map, &scratch);
    bool few = dividing->range < LISTED_BELOW;
    if (few) listed = arena_array(&scratch, uint32_t, dividing->range);
    for (size_t p = 0; p < dividing->count; p++) {
        uint64_t class = dividing->classes[p];
        uint32_t number = few ? listed[class] - 1 : u64_map_find(&map, class);
        if (number == DICT_NONE) {
            number = next++;
            if (few)
                listed[class] = number + 1;
            else
                u64_map_put(&map, class, number);
        }
        dividing->classes[p] = number;
    }
    dividing->range = next;
    arena_free(&scratch);
}

/* Makes room for `outcomes` of a further test. */
static void make_room(struct dividing *dividing, uint64_t outcomes)
{
    if (dividing->range > UINT64_MAX / outcomes) {
        close_up(dividing);
    }
    dividing->range *= outcomes;
}

/* Whether a known value meets a leaf condition, or a comparison with a number. */
static bool holds(const struct policy_program *program, const struct node *node, int64_t value)
{
    if (node->op != NODE_COMPARE) return leaf_holds(node, value);
    const struct node *side = limited(program, node);
    if (side->op == NODE_AGE) value = policy_since(side->expr->unit, value, program->at);
    const struct node *left = &program->nodes[node->parts[0]];
    int64_t limit = program->nodes[node->parts[side == left]].value;
    return side == left ? order_holds(node->order, value, limit)
                        : order_holds(node->order, limit, value);
}

static void divide_by_test(struct dividing *dividing, const struct policy_program *program,
                           const struct node *node)
{
    make_room(dividing, 2);
    for (size_t p = 0; p < dividing->count; p++) {
        bool known = dividing->column->states[p] == POLICY_KNOWN;
        bool yes = known && holds(program, node, dividing->column->values[p]);
        dividing->classes[p] = dividing->classes[p] * 2 + yes;
    }
}

static int compare_keys(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* By which key of the standard's rows it is, or that it is none. */
static void divide_by_key(struct dividing *dividing, const struct node *node, size_t key)
{
    struct arena scratch = {0};
    int64_t *keys = arena_array(&scratch, int64_t, node->row_count);
    for (size_t r = 0; r < node->row_count; r++) keys[r] = node->rows[r].keys[key];
    if (node->row_count > 0) qsort(keys, node->row_count, sizeof *keys, compare_keys);
    make_room(dividing, node->row_count + 1);
    for (size_t p = 0; p < dividing->count; p++) {
        size_t low = 0, high = node->row_count;
        int64_t value = dividing->column->values[p];
        bool known = dividing->column->states[p] == POLICY_KNOWN;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (keys[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }
        bool found = known && low < node->row_count && keys[low] == value;
        uint64_t outcome = found ? low + 1 : 0;
        dividing->classes[p] = dividing->classes[p] * (node->row_count + 1) + outcome;
    }
    arena_free(&scratch);
}

static void divide_by_node(struct dividing *dividing, const struct policy_program *program,
                           const struct node *node, uint16_t input)
{
    if (node->op >= NODE_YES && node->op <= NODE_IN_LIST && node->input == input) {
        divide_by_test(dividing, program, node);
    }
    if (node->op == NODE_COMPARE) {
        const struct node *side = limited(program, node);
        if (side != NULL && side->input == input) divide_by_test(dividing, program, node);
    }
    for (size_t k = 0; node->standard != NULL && k < node->standard->by_count; k++) {
        if (node->standard->by[k] == input) divide_by_key(dividing, node, k);
    }
}

/* Each value for itself; all that are unknown together. */
static void divide_wholly(struct dividing *dividing)
{
    for (size_t p = 0; p < dividing->count; p++) {
        bool known = dividing->column->states[p] == POLICY_KNOWN;
        dividing->classes[p] = known ? p + 1 : 0;
    }
    dividing->range = dividing->count + 1;
}

/* Divides the things that a column states by all that the program asks of them. */
static void divide(const struct working *working, uint16_t input, struct dividing *dividing,
                   bool *aside)
{
    bool whole = (working->whole & bit(input)) != 0, sums = (working->amounts & bit(input)) != 0;
    for (size_t p = 0; p < dividing->count; p++) {
        dividing->classes[p] = dividing->column->states[p] == POLICY_KNOWN;
    }
    *aside = !whole && sums && dividing->count > TELLING_ASIDE_ABOVE;
    if (whole || (sums && !*aside)) {
        divide_wholly(dividing);
    } else {
        for (size_t n = 0; n < working->program->node_count; n++) {
            divide_by_node(dividing, working->program, &working->program->nodes[n], input);
        }
    }
    close_up(dividing);
}

static void tell_input(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct working *working = context;
    struct input_work *work = &working->inputs[number];
    uint16_t input = (uint16_t)number;
    struct policy_column column = working->rows->columns[input];
    struct policy_codes codes = working->rows->codes[input];
    struct arena scratch = {0};
    if ((working->read & bit(input)) == 0 || column.states == NULL) return;
    if (codes.by_row == NULL) {
        kinds_code(&work->arena, working->rows, input, NULL, &column, &codes);
    }
    struct dividing dividing = {.column = &column, .range = 2, .count = codes.count};
    dividing.classes = arena_array(&scratch, uint64_t, codes.count);
    divide(working, input, &dividing, &work->aside);
    uint32_t *classes = arena_array(&work->arena, uint32_t, codes.count);
    for (size_t p = 0; p < codes.count; p++) classes[p] = (uint32_t)dividing.classes[p];
    work->matters = dividing.range > 1;
    work->column =
        (struct kind_column){codes.by_row, codes.width, classes, (uint32_t)dividing.range};
    arena_free(&scratch);
}

void policy_tell(struct arena *arena, const struct policy_program *program,
                 const struct policy_rows *rows, size_t threads, struct telling *out)
{
    size_t input_count = program->policy->input_count;
    struct working working = {
        .program = program, .rows = rows, .read = policy_reads(program), .out = out};
    *out = (struct telling){.flows = arena_array(arena, uint64_t, program->node_count)};
    working.inputs = arena_array(arena, struct input_work, input_count);
    find_flows(&working);
    thread_run(threads, input_count, tell_input, &working);
    for (size_t i = 0; i < input_count; i++) {
        struct input_work *work = &working.inputs[i];
        arena_join(arena, &work->arena);
        if (work->aside) out->aside |= bit((uint16_t)i);
        if (work->matters) out->columns[out->column_count++] = work->column;
    }
}
