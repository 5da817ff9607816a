#include "policy/check.h"

/* That nothing is decided by order: of the amounts of a scheme one is in force on a day, two
 * exceptions to it never hold for the same person, no scheme comes before itself. */

static struct policy_expr joined(enum policy_expr_kind kind, struct policy_expr **parts,
                                 size_t count)
{
    return (struct policy_expr){.kind = kind,
                                .type = POLICY_YES_NO,
                                .target = POLICY_NONE,
                                .scale = 1,
                                .parts = parts,
                                .part_count = count};
}

/* Inputs of comparisons that cells do not tell apart: sums, one input with another. What rests on
 * them counts as possible. */
static void find_uncertain(const struct policy *policy, const struct policy_expr *expr, bool inside,
                           bool *inputs)
{
    bool input = expr->kind == POLICY_INPUT || expr->kind == POLICY_AGE;
    if (inside && input) inputs[expr->target] = true;
    if (inside && expr->kind == POLICY_STANDARD) {
        const struct policy_standard *standard = &policy->standards[expr->target];
        for (size_t k = 0; k < standard->by_count; k++) inputs[standard->by[k]] = true;
    }
    if (expr->kind == POLICY_HOLDS || expr->kind == POLICY_VALUE) {
        const struct policy_definition *definition = &policy->definitions[expr->target];
        for (size_t v = 0; v < definition->version_count; v++) {
            find_uncertain(policy, definition->versions[v].expr, inside, inputs);
        }
    }
    if (expr->kind == POLICY_COMPARE) {
        const struct policy_expr *a = expr->parts[0], *b = expr->parts[1];
        bool plain =
            (a->kind == POLICY_INPUT || a->kind == POLICY_AGE) && b->kind == POLICY_LITERAL;
        bool turned =
            (b->kind == POLICY_INPUT || b->kind == POLICY_AGE) && a->kind == POLICY_LITERAL;
        inside = inside || (!plain && !turned);
    }
    for (size_t i = 0; i < expr->part_count; i++) {
        find_uncertain(policy, expr->parts[i], inside, inputs);
    }
}

/* All sets of the words that a proof has to tell apart. */
static bool spread_set(struct checker *checker, struct policy_cell_values *values)
{
    enum { WORDS_MAX = 12 };
    uint64_t all = 0, mask = 0;
    for (size_t i = 0; i < values->count; i++) all |= (uint64_t)values->values[i];
    if (__builtin_popcountll(all) > WORDS_MAX) return false;
    values->values = arena_array(checker->arena, int64_t, (size_t)1 << __builtin_popcountll(all));
    values->count = 0;
    do {
        values->values[values->count++] = (int64_t)mask;
        mask = (mask - all) & all;
    } while (mask != 0);
    return true;
}

/* How a day is looked at: as it stands, in years, in months. Years and months move with the day of
 * the decision, so that of two ways of looking one day proves nothing about the next. */
static void find_ways(const struct policy *policy, const struct policy_expr *expr, uint8_t *ways)
{
    if (expr->kind == POLICY_INPUT) ways[expr->target] |= 1;
    if (expr->kind == POLICY_AGE) ways[expr->target] |= expr->unit == POLICY_MONTHS ? 2 : 4;
    if (expr->kind == POLICY_HOLDS || expr->kind == POLICY_VALUE) {
        const struct policy_definition *definition = &policy->definitions[expr->target];
        for (size_t v = 0; v < definition->version_count; v++) {
            find_ways(policy, definition->versions[v].expr, ways);
        }
    }
    for (size_t i = 0; i < expr->part_count; i++) find_ways(policy, expr->parts[i], ways);
}

static bool cells_for_proof(struct checker *checker, const struct policy_expr *condition, day at,
                            struct policy_cells *out)
{
    const struct policy *policy = checker->policy;
    bool *uncertain = arena_array(checker->arena, bool, policy->input_count);
    size_t kept = 0;
    uint8_t *ways = arena_array(checker->arena, uint8_t, policy->input_count);
    find_uncertain(policy, condition, false, uncertain);
    find_ways(policy, condition, ways);
    for (size_t i = 0; i < policy->input_count; i++) uncertain[i] |= (ways[i] & (ways[i] - 1)) != 0;
    policy_cells_of(checker->arena, policy, &condition, 1, at, out);
    for (size_t i = 0; i < out->count; i++) {
        struct policy_cell_values *values = &out->inputs[i];
        if (uncertain[values->input]) continue;
        bool set = policy->inputs[values->input].type == POLICY_SET;
        if (set && !spread_set(checker, values)) return false;
        out->inputs[kept++] = *values;
    }
    out->count = kept;
    return policy_cells_count(out, false, CHECK_CELLS_MAX) <= CHECK_CELLS_MAX;
}

/* Looks for somebody for whom the condition may hold on the day. */
static bool find_person(struct checker *checker, const struct policy_scheme *scheme,
                        const struct policy_expr *condition, const struct policy_clause *clause,
                        day at)
{
    struct policy_cells cells;
    struct policy_rows rows;
    if (!check_work(checker, clause->place, CHECK_TRIAL_WORK)) return true;
    if (!cells_for_proof(checker, condition, at, &cells)) {
        check_work(checker, clause->place, SIZE_MAX);
        return true;
    }
    policy_cells_rows(checker->arena, &cells, scheme->subject, false, &rows);
    if (!check_work(checker, clause->place, rows.count)) return true;
    uint8_t *truths = arena_array(checker->arena, uint8_t, rows.count);
    policy_truths(checker->arena, checker->policy, condition, at, &rows, truths);
    for (size_t r = 0; r < rows.count; r++) {
        if (truths[r] == POLICY_NO) continue;
        struct str zh = check_example(checker, &cells, &rows, r, at, LANG_ZH);
        struct str en = check_example(checker, &cells, &rows, r, at, LANG_EN);
        fault_said(
            checker->reader, clause->place,
            say(checker->reader,
                "与另一条除外可能同时成立，金额无从确定（例如 %.*s）：请使两者条件互斥，"
                "或写成除外的除外",
                STR_ARG(zh)),
            say(checker->reader,
                "this and another exception may hold together (for example %.*s): make their "
                "conditions exclude one another, or make one an exception to the other",
                STR_ARG(en)));
        return true;
    }
    return false;
}

/* Whether two exceptions to one amount meet: for somebody whom the scheme concerns and entitles,
 * where what they except holds. */
static bool exceptions_meet(struct checker *checker, const struct policy_scheme *scheme,
                            const struct policy_clause *a, const struct policy_clause *b,
                            struct policy_span span)
{
    struct policy_expr *parts[POLICY_DEPTH_MAX + 4];
    size_t count = 0;
    parts[count++] = scheme->applies;
    parts[count++] = a->condition;
    parts[count++] = b->condition;
    for (uint16_t c = a->exception_to; scheme->clauses[c].exception_to != POLICY_NONE;
         c = scheme->clauses[c].exception_to) {
        parts[count++] = scheme->clauses[c].condition;
    }
    /* Ground by ground: each has days of its own on which it begins. */
    for (size_t c = 0; c < scheme->clause_count; c++) {
        const struct policy_clause *ground = &scheme->clauses[c];
        struct policy_span both;
        day *days;
        if (ground->kind != POLICY_RIGHT || ground->exception_to != POLICY_NONE) continue;
        if (!spans_cut(span, ground->span, &both)) continue;
        parts[count] = ground->condition;
        size_t day_count =
            check_days(checker, (const struct policy_expr *const *)parts, count + 1, both, &days);
        struct policy_expr all = joined(POLICY_ALL, parts, count + 1);
        for (size_t d = 0; d < day_count; d++) {
            if (find_person(checker, scheme, &all, b, days[d])) return true;
        }
    }
    return false;
}

static void amounts_overlap(struct checker *checker, const struct policy_clause *before,
                            const struct policy_clause *clause)
{
    fault_at(checker->reader, clause->place,
             "这一天已有另一条金额有效（第 %d 行）：请写明起止日期，或写成除外",
             "another amount is in force on the same day (line %d): give them first and last days, "
             "or make it an exception",
             before->place.line);
}

static void check_scheme(struct checker *checker, const struct policy_scheme *scheme)
{
    for (size_t i = 0; i < scheme->clause_count; i++) {
        const struct policy_clause *a = &scheme->clauses[i];
        if (a->kind != POLICY_AMOUNT) continue;
        for (size_t j = i + 1; j < scheme->clause_count; j++) {
            const struct policy_clause *b = &scheme->clauses[j];
            struct policy_span both;
            if (b->exception_to != a->exception_to) continue;
            if (!spans_cut(a->span, b->span, &both) || !spans_cut(both, scheme->span, &both)) {
                continue;
            }
            if (checker->reader->more_faults) return;
            if (a->exception_to == POLICY_NONE)
                amounts_overlap(checker, a, b);
            else if (exceptions_meet(checker, scheme, a, b, both))
                return;
        }
        arena_reset(checker->arena);
    }
}

/* Schemes before schemes on one day, as a walk that must not come back to where it began. */
struct walk {
    struct checker *checker;
    const struct policy_exclusion *from;
    day at;
    uint8_t *marks; /* by scheme: 1 on the way, 2 done */
};

static bool comes_back(struct walk *walk, uint16_t scheme, int depth)
{
    const struct policy *policy = walk->checker->policy;
    if (walk->marks[scheme] == 2) return false;
    if (walk->marks[scheme] == 1 || depth > POLICY_DEPTH_MAX) return true;
    if (!check_work(walk->checker, walk->from->place, policy->exclusion_count + 1)) return false;
    walk->marks[scheme] = 1;
    for (size_t e = 0; e < policy->exclusion_count; e++) {
        const struct policy_exclusion *exclusion = &policy->exclusions[e];
        if (!policy_in_force(exclusion->span, walk->at)) continue;
        walk->checker->work += exclusion->count;
        for (size_t i = 0; i + 1 < exclusion->count; i++) {
            if (exclusion->schemes[i] != scheme) continue;
            if (comes_back(walk, exclusion->schemes[i + 1], depth + 1)) return true;
        }
    }
    walk->marks[scheme] = 2;
    return false;
}

static void check_exclusion(struct checker *checker, const struct policy_exclusion *exclusion)
{
    const struct policy *policy = checker->policy;
    uint16_t subject = policy->schemes[exclusion->schemes[0]].subject;
    for (size_t i = 1; i < exclusion->count; i++) {
        if (policy->schemes[exclusion->schemes[i]].subject == subject) continue;
        fault_at(checker->reader, exclusion->place, "互斥的项目须属于同一主体",
                 "schemes that exclude one another are about one subject");
        return;
    }
    struct walk walk = {.checker = checker, .from = exclusion, .at = exclusion->span.first};
    if (day_is_none(walk.at)) walk.at = (day){-100000};
    walk.marks = arena_array(checker->arena, uint8_t, policy->scheme_count);
    if (comes_back(&walk, exclusion->schemes[0], 0)) {
        fault_at(checker->reader, exclusion->place,
                 "互斥的先后绕成了圈（或超过 %d 层）：一个项目先于自己",
                 "exclusions lead in a circle (or above %d long): a scheme comes before itself",
                 POLICY_DEPTH_MAX);
    }
    arena_reset(checker->arena);
}

static bool excludes(const struct policy_exclusion *exclusion, uint16_t a, uint16_t b)
{
    bool has_a = false, has_b = false;
    for (size_t i = 0; i < exclusion->count; i++) {
        has_a = has_a || exclusion->schemes[i] == a;
        has_b = has_b || exclusion->schemes[i] == b;
    }
    return has_a && has_b;
}

static bool is_contradicted(const struct policy *policy, const struct policy_stack *stack, size_t i,
                            size_t j)
{
    if (stack->schemes[i] == stack->schemes[j]) return true;
    for (size_t e = 0; e < policy->exclusion_count; e++) {
        if (excludes(&policy->exclusions[e], stack->schemes[i], stack->schemes[j])) return true;
    }
    return false;
}

static void check_stack(struct checker *checker, const struct policy_stack *stack)
{
    const struct policy *policy = checker->policy;
    for (size_t i = 0; i < stack->count; i++) {
        for (size_t j = i + 1; j < stack->count; j++) {
            if (!check_work(checker, stack->place, policy->exclusion_count + 1)) return;
            if (!is_contradicted(policy, stack, i, j)) continue;
            struct str a = policy->schemes[stack->schemes[i]].name.key;
            struct str b = policy->schemes[stack->schemes[j]].name.key;
            fault_at(checker->reader, stack->place, "“%.*s”与“%.*s”在别处写为互斥，不能叠加",
                     "\"%.*s\" and \"%.*s\" exclude one another elsewhere, and cannot stack",
                     STR_ARG(a), STR_ARG(b));
            return;
        }
    }
}

void check_meetings(struct checker *checker)
{
    const struct policy *policy = checker->policy;
    for (size_t s = 0; s < policy->scheme_count; s++) check_scheme(checker, &policy->schemes[s]);
    checker->edges = 0;
    for (size_t e = 0; e < policy->exclusion_count; e++) {
        check_exclusion(checker, &policy->exclusions[e]);
    }
    for (size_t s = 0; s < policy->stack_count; s++) check_stack(checker, &policy->stacks[s]);
}
