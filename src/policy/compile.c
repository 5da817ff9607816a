#include "policy/decide_internal.h"

#include "base/list.h"

#include <stdlib.h>
#include <string.h>

/* Depth of recursion is bounded: expressions by POLICY_DEPTH_MAX, definitions use only those before
 * them, exceptions stand behind what they except. */

struct building {
    struct policy_program *program;
    uint32_t *rights; /* by scheme: node with exclusions; UINT32_MAX: not yet */
    uint32_t *own;    /* by scheme: without */
    bool *busy;       /* by scheme: at work */
    bool *cited;      /* by document, of the scheme at work */
};

static uint32_t add_node(struct policy_program *program, struct node node)
{
    if (program->node_count == program->node_capacity) {
        size_t more = program->node_capacity == 0 ? 256 : program->node_capacity * 2;
        struct node *fresh = arena_array(program->arena, struct node, more);
        if (program->node_count > 0) {
            memcpy(fresh, program->nodes, program->node_count * sizeof *fresh);
        }
        program->nodes = fresh;
        program->node_capacity = more;
    }
    node.is_value = node.op >= NODE_LITERAL;
    node.plane = (uint32_t)(node.is_value ? program->value_count++ : program->condition_count++);
    if (node.scale == 0) node.scale = 1;
    program->nodes[program->node_count] = node;
    return (uint32_t)program->node_count++;
}

static uint32_t add_const(struct policy_program *program, enum policy_verdict verdict)
{
    return add_node(program, (struct node){.op = NODE_CONST, .value = verdict});
}

static uint32_t add_parts(struct policy_program *program, enum node_op op, const uint32_t *parts,
                          size_t count)
{
    struct node node = {.op = op, .part_count = count};
    node.parts = arena_copy(program->arena, parts, count * sizeof *parts);
    return add_node(program, node);
}

static int compare_numbers(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The items of a list that count on the day: as a mask of words, or as numbers. */
static void take_list(struct policy_program *program, const struct policy_expr *expr,
                      struct node *node, bool as_mask)
{
    if (!as_mask) node->list = arena_array(program->arena, int64_t, expr->list_count);
    for (size_t i = 0; i < expr->list_count; i++) {
        const struct policy_item *item = &expr->list[i];
        if (!policy_in_force(item->span, program->at)) continue;
        if (as_mask) {
            node->mask |= (uint64_t)1 << item->value;
        } else {
            node->list[node->list_count++] = item->value;
        }
    }
    if (node->list_count > 0) {
        qsort(node->list, node->list_count, sizeof *node->list, compare_numbers);
    }
}

static int compare_rows(const void *a, const void *b)
{
    const struct node_row *x = a, *y = b;
    for (size_t k = 0; k < POLICY_KEYS_MAX; k++) {
        if (x->keys[k] != y->keys[k]) return x->keys[k] < y->keys[k] ? -1 : 1;
    }
    return 0;
}

static void take_standard(struct policy_program *program, const struct policy_expr *expr,
                          struct node *node)
{
    node->standard = &program->policy->standards[expr->target];
    node->rows = arena_array(program->arena, struct node_row, node->standard->row_count);
    for (size_t r = 0; r < node->standard->row_count; r++) {
        const struct policy_row *row = &node->standard->rows[r];
        if (row->none || !policy_in_force(row->span, program->at)) continue;
        struct node_row *kept = &node->rows[node->row_count++];
        for (size_t k = 0; k < node->standard->by_count; k++) kept->keys[k] = row->keys[k];
        kept->value = row->value;
    }
    if (node->row_count > 0) qsort(node->rows, node->row_count, sizeof *node->rows, compare_rows);
}

static uint32_t add_definition(struct policy_program *program, uint16_t number)
{
    const struct policy_definition *definition = &program->policy->definitions[number];
    if (program->definitions[number] != UINT32_MAX) return program->definitions[number];
    uint32_t node = UINT32_MAX;
    for (size_t v = 0; v < definition->version_count; v++) {
        if (!policy_in_force(definition->versions[v].span, program->at)) continue;
        node = program_add(program, definition->versions[v].expr);
    }
    if (node == UINT32_MAX && definition->type == POLICY_YES_NO) {
        node = add_const(program, POLICY_NO);
    }
    /* A value without a version is used by nothing that is in force: reading has checked it. */
    if (node == UINT32_MAX) node = add_node(program, (struct node){.op = NODE_LITERAL});
    program->definitions[number] = node;
    return node;
}

static enum node_op op_of(const struct policy_expr *expr)
{
    static const enum node_op ops[] = {
        [POLICY_ALL] = NODE_ALL,         [POLICY_ANY] = NODE_ANY,
        [POLICY_NOT] = NODE_NOT,         [POLICY_IS] = NODE_YES,
        [POLICY_COMPARE] = NODE_COMPARE, [POLICY_HAS_ANY] = NODE_HAS_ANY,
        [POLICY_HAS_ALL] = NODE_HAS_ALL, [POLICY_LISTED] = NODE_LISTED,
        [POLICY_LITERAL] = NODE_LITERAL, [POLICY_INPUT] = NODE_COLUMN,
        [POLICY_AGE] = NODE_AGE,         [POLICY_STANDARD] = NODE_STANDARD,
        [POLICY_SUM] = NODE_SUM,         [POLICY_DIFFERENCE] = NODE_DIFFERENCE,
        [POLICY_SCALE] = NODE_SCALE,     [POLICY_PRODUCT] = NODE_PRODUCT,
        [POLICY_LEAST] = NODE_LEAST,     [POLICY_MOST] = NODE_MOST,
        [POLICY_ROUND] = NODE_ROUND,
    };
    return ops[expr->kind];
}

uint32_t program_add(struct policy_program *program, const struct policy_expr *expr)
{
    struct node node = {.expr = expr,
                        .input = expr->target,
                        .value = expr->value,
                        .order = expr->order,
                        .rounding = expr->rounding,
                        .scale = expr->scale,
                        .numerator = expr->numerator};
    if (expr->kind == POLICY_HOLDS || expr->kind == POLICY_VALUE) {
        return add_definition(program, expr->target);
    }
    if (expr->kind == POLICY_IN) {
        bool choice = program->policy->inputs[expr->target].type == POLICY_CHOICE;
        node.op = choice ? NODE_IN_MASK : NODE_IN_LIST;
        take_list(program, expr, &node, choice);
        return add_node(program, node);
    }
    node.op = op_of(expr);
    if (expr->kind == POLICY_HAS_ANY || expr->kind == POLICY_HAS_ALL) {
        take_list(program, expr, &node, true);
    }
    bool standard = expr->kind == POLICY_STANDARD || expr->kind == POLICY_LISTED;
    if (standard) take_standard(program, expr, &node);
    /* The keys that LISTED names are those that the standard goes by. */
    size_t parts = expr->kind == POLICY_LISTED ? 0 : expr->part_count;
    node.parts = arena_array(program->arena, uint32_t, parts);
    for (size_t i = 0; i < parts; i++) {
        node.parts[node.part_count++] = program_add(program, expr->parts[i]);
    }
    return add_node(program, node);
}

struct policy_program *program_start(struct arena *arena, const struct policy *policy,
                                     uint16_t subject, day at)
{
    struct policy_program *program = arena_new(arena, struct policy_program);
    *program =
        (struct policy_program){.arena = arena, .policy = policy, .subject = subject, .at = at};
    program->definitions = arena_array(arena, uint32_t, policy->definition_count);
    for (size_t i = 0; i < policy->definition_count; i++) program->definitions[i] = UINT32_MAX;
    return program;
}

/* A ground or exception that holds, and none of the exceptions to it. */
static uint32_t add_effective(struct policy_program *program, const struct policy_scheme *scheme,
                              size_t clause)
{
    const struct policy_clause *self = &scheme->clauses[clause];
    uint32_t parts[2], *against = arena_array(program->arena, uint32_t, scheme->clause_count);
    size_t count = 0;
    parts[0] = self->condition == NULL ? add_const(program, POLICY_ENTITLED)
                                       : program_add(program, self->condition);
    for (size_t c = clause + 1; c < scheme->clause_count; c++) {
        const struct policy_clause *other = &scheme->clauses[c];
        bool mine = other->kind == self->kind && other->exception_to == clause;
        if (!mine || !policy_in_force(other->span, program->at)) continue;
        against[count++] = add_effective(program, scheme, c);
    }
    if (count == 0) return parts[0];
    uint32_t any = add_parts(program, NODE_ANY, against, count);
    parts[1] = add_parts(program, NODE_NOT, &any, 1);
    return add_parts(program, NODE_ALL, parts, 2);
}

static uint32_t add_right(struct policy_program *program, const struct policy_scheme *scheme)
{
    uint32_t *grounds = arena_array(program->arena, uint32_t, scheme->clause_count);
    size_t count = 0;
    if (!policy_in_force(scheme->span, program->at)) return add_const(program, POLICY_NO);
    for (size_t c = 0; c < scheme->clause_count; c++) {
        const struct policy_clause *clause = &scheme->clauses[c];
        if (clause->kind != POLICY_RIGHT || clause->exception_to != POLICY_NONE) continue;
        if (!policy_in_force(clause->span, program->at)) continue;
        grounds[count++] = add_effective(program, scheme, c);
    }
    if (count == 0) return add_const(program, POLICY_NO);
    return count == 1 ? grounds[0] : add_parts(program, NODE_ANY, grounds, count);
}

/* The value of an amount clause: its own, or that of the exception whose condition holds. */
static uint32_t add_amount(struct policy_program *program, const struct policy_scheme *scheme,
                           size_t clause)
{
    const struct policy_clause *self = &scheme->clauses[clause];
    uint32_t *parts = arena_array(program->arena, uint32_t, 2 * scheme->clause_count + 1);
    size_t count = 0;
    parts[count++] = program_add(program, self->amount);
    for (size_t c = clause + 1; c < scheme->clause_count; c++) {
        const struct policy_clause *other = &scheme->clauses[c];
        if (other->kind != POLICY_AMOUNT || other->exception_to != clause) continue;
        if (!policy_in_force(other->span, program->at)) continue;
        parts[count++] = program_add(program, other->condition);
        parts[count++] = add_amount(program, scheme, c);
    }
    if (count == 1) return parts[0];
    return add_parts(program, NODE_CHOOSE, parts, count);
}

static uint32_t find_amount(struct policy_program *program, const struct policy_scheme *scheme)
{
    if (scheme->form == POLICY_PLACE) {
        return add_node(program, (struct node){.op = NODE_LITERAL, .scale = 1});
    }
    for (size_t c = 0; c < scheme->clause_count; c++) {
        const struct policy_clause *clause = &scheme->clauses[c];
        if (clause->kind != POLICY_AMOUNT || clause->exception_to != POLICY_NONE) continue;
        if (policy_in_force(clause->span, program->at)) return add_amount(program, scheme, c);
    }
    return UINT32_MAX;
}

static uint32_t right_of(struct building *building, uint16_t number);

/* The rights that go before a scheme's in exclusions of the day, each once, as far as the scheme
 * concerns the person at all. */
static uint32_t *rights_before(struct building *building, uint16_t number, size_t *count)
{
    struct policy_program *program = building->program;
    const struct policy *policy = program->policy;
    LIST(uint16_t) schemes = {0};
    for (size_t e = 0; e < policy->exclusion_count; e++) {
        const struct policy_exclusion *exclusion = &policy->exclusions[e];
        size_t place = 0;
        while (place < exclusion->count && exclusion->schemes[place] != number) place++;
        if (place == exclusion->count || !policy_in_force(exclusion->span, program->at)) continue;
        for (size_t p = 0; p < place; p++) {
            size_t known = 0;
            while (known < schemes.count && schemes.items[known] != exclusion->schemes[p]) known++;
            if (known < schemes.count) continue;
            *list_push(program->arena, &schemes) = exclusion->schemes[p];
        }
    }
    uint32_t *out = arena_array(program->arena, uint32_t, schemes.count);
    for (size_t i = 0; i < schemes.count; i++) {
        uint32_t parts[] = {program_add(program, policy->schemes[schemes.items[i]].applies),
                            right_of(building, schemes.items[i])};
        out[i] = add_parts(program, NODE_ALL, parts, 2);
    }
    *count = schemes.count;
    return out;
}

/* What comes first in an exclusion takes the right away from those behind it. */
static uint32_t right_of(struct building *building, uint16_t number)
{
    struct policy_program *program = building->program;
    if (building->rights[number] != UINT32_MAX) return building->rights[number];
    CHECK(!building->busy[number]);
    building->busy[number] = true;
    size_t count;
    uint32_t *before = rights_before(building, number, &count), parts[2];
    building->own[number] = parts[0] = add_right(program, &program->policy->schemes[number]);
    if (count > 0) {
        uint32_t any = add_parts(program, NODE_ANY, before, count);
        parts[1] = add_parts(program, NODE_NOT, &any, 1);
        parts[0] = add_parts(program, NODE_ALL, parts, 2);
    }
    building->busy[number] = false;
    return building->rights[number] = parts[0];
}

static void cite(struct building *building, struct program_scheme *scheme,
                 const struct policy_cites *cites)
{
    if (cites->unconfirmed) scheme->unconfirmed = true;
    for (size_t i = 0; i < cites->count; i++) {
        uint16_t document = cites->items[i].document;
        if (building->program->policy->documents[document].confidence == POLICY_UNCONFIRMED) {
            scheme->unconfirmed = true;
        }
        if (building->cited[document]) continue;
        building->cited[document] = true;
        scheme->documents[scheme->document_count++] = document;
    }
}

static void cite_expr(struct building *building, struct program_scheme *scheme,
                      const struct policy_expr *expr)
{
    const struct policy *policy = building->program->policy;
    day at = building->program->at;
    if (expr == NULL) return;
    for (size_t i = 0; i < expr->list_count; i++) {
        bool counts = policy_in_force(expr->list[i].span, at);
        if (expr->list[i].unconfirmed && counts) scheme->unconfirmed = true;
    }
    if (expr->kind == POLICY_HOLDS || expr->kind == POLICY_VALUE) {
        const struct policy_definition *definition = &policy->definitions[expr->target];
        for (size_t v = 0; v < definition->version_count; v++) {
            if (!policy_in_force(definition->versions[v].span, at)) continue;
            cite(building, scheme, &definition->versions[v].cites);
            cite_expr(building, scheme, definition->versions[v].expr);
        }
    }
    if (expr->kind == POLICY_STANDARD || expr->kind == POLICY_LISTED) {
        const struct policy_standard *standard = &policy->standards[expr->target];
        for (size_t r = 0; r < standard->row_count; r++) {
            if (policy_in_force(standard->rows[r].span, at)) {
                cite(building, scheme, &standard->rows[r].cites);
            }
        }
    }
    for (size_t i = 0; i < expr->part_count; i++) cite_expr(building, scheme, expr->parts[i]);
}

static void cite_scheme(struct building *building, struct program_scheme *out)
{
    struct policy_program *program = building->program;
    const struct policy_scheme *scheme = &program->policy->schemes[out->scheme];
    building->cited = arena_array(program->arena, bool, program->policy->document_count);
    out->documents = arena_array(program->arena, uint16_t, program->policy->document_count);
    cite(building, out, &scheme->cites);
    for (size_t c = 0; c < scheme->clause_count; c++) {
        const struct policy_clause *clause = &scheme->clauses[c];
        if (!policy_in_force(clause->span, program->at)) continue;
        cite(building, out, &clause->cites);
        cite_expr(building, out, clause->condition);
        cite_expr(building, out, clause->amount);
    }
}

static bool is_wanted(const struct policy *policy, const struct policy_decide_options *options,
                      uint16_t number)
{
    const struct policy_scheme *scheme = &policy->schemes[number];
    if (scheme->subject != options->subject || scheme->form == POLICY_DECLARED) return false;
    if (options->schemes == NULL) return true;
    for (size_t i = 0; i < options->scheme_count; i++) {
        if (options->schemes[i] == number) return true;
    }
    return false;
}

struct policy_program *policy_compile(struct arena *arena, const struct policy *policy,
                                      const struct policy_decide_options *options)
{
    struct policy_program *program = program_start(arena, policy, options->subject, options->at);
    struct building building = {.program = program};
    building.rights = arena_array(arena, uint32_t, policy->scheme_count);
    building.own = arena_array(arena, uint32_t, policy->scheme_count);
    building.busy = arena_array(arena, bool, policy->scheme_count);
    program->schemes = arena_array(arena, struct program_scheme, policy->scheme_count);
    for (size_t s = 0; s < policy->scheme_count; s++) building.rights[s] = UINT32_MAX;
    for (uint16_t s = 0; s < policy->scheme_count; s++) {
        if (!is_wanted(policy, options, s)) continue;
        struct program_scheme *out = &program->schemes[program->scheme_count++];
        const struct policy_scheme *scheme = &policy->schemes[s];
        out->scheme = s;
        out->in_force = policy_in_force(scheme->span, options->at);
        out->applies = program_add(program, scheme->applies);
        out->right = right_of(&building, s);
        out->own_right = building.own[s];
        out->amount = out->in_force ? find_amount(program, scheme) : UINT32_MAX;
        cite_scheme(&building, out);
    }
    return program;
}

void policy_cited(const struct policy_program *program, uint16_t scheme, const uint16_t **documents,
                  size_t *count, bool *unconfirmed)
{
    for (size_t s = 0; s < program->scheme_count; s++) {
        if (program->schemes[s].scheme != scheme) continue;
        *documents = program->schemes[s].documents;
        *count = program->schemes[s].document_count;
        *unconfirmed = program->schemes[s].unconfirmed;
        return;
    }
    *documents = NULL;
    *count = 0;
    *unconfirmed = false;
}
