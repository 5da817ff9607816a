#include "policy/trial_work.h"

#include "policy/cells.h"

void trial_start(struct arena *arena, const struct policy *policy, uint16_t subject, day at,
                 const uint16_t *schemes, size_t count, struct trial_worker *out)
{
    struct policy_decide_options options = {
        .subject = subject, .at = at, .schemes = schemes, .scheme_count = count};
    *out = (struct trial_worker){.program = policy_compile(arena, policy, &options)};
    block_init(arena, out->program, &out->block);
}

struct trial_answer trial_answer(const struct trial_worker *worker, size_t number, size_t row)
{
    const struct policy_program *program = worker->program;
    const struct program_scheme *scheme = &program->schemes[number];
    int64_t value;
    if (block_truth(program, &worker->block, scheme->applies, row) != POLICY_ENTITLED) {
        return (struct trial_answer){.verdict = POLICY_NOT_CONCERNED};
    }
    bool known = scheme->amount != UINT32_MAX
                 && block_value(program, &worker->block, scheme->amount, row, &value);
    if (known && value % program->nodes[scheme->amount].scale != 0
        && block_truth(program, &worker->block, scheme->right, row) == POLICY_ENTITLED) {
        return (struct trial_answer){.verdict = TRIAL_NOT_WHOLE};
    }
    struct policy_decision decision = policy_decision_of(program, &worker->block, scheme, row);
    return (struct trial_answer){decision.verdict, decision.fen, decision.needs};
}

bool trial_same(struct trial_answer a, struct trial_answer b)
{
    return a.verdict == b.verdict && a.fen == b.fen && a.needs == b.needs;
}

const bool *trial_reads(struct arena *arena, const struct policy *policy, uint16_t scheme)
{
    bool *reads = arena_array(arena, bool, policy->scheme_count);
    reads[scheme] = true;
    for (size_t turn = 0; turn < policy->exclusion_count; turn++) {
        for (size_t e = 0; e < policy->exclusion_count; e++) {
            const struct policy_exclusion *exclusion = &policy->exclusions[e];
            bool behind = false;
            for (size_t i = exclusion->count; i-- > 0;) {
                behind = behind || reads[exclusion->schemes[i]];
                if (behind) reads[exclusion->schemes[i]] = true;
            }
        }
    }
    return reads;
}

static bool uses(const struct policy *policy, const struct policy_expr *expr, bool standard,
                 uint16_t number)
{
    if (expr == NULL) return false;
    bool of_standard = expr->kind == POLICY_STANDARD || expr->kind == POLICY_LISTED;
    bool of_definition = expr->kind == POLICY_HOLDS || expr->kind == POLICY_VALUE;
    if (expr->target == number && (standard ? of_standard : of_definition)) return true;
    if (of_definition) {
        const struct policy_definition *definition = &policy->definitions[expr->target];
        for (size_t v = 0; v < definition->version_count; v++) {
            if (uses(policy, definition->versions[v].expr, standard, number)) return true;
        }
    }
    for (size_t i = 0; i < expr->part_count; i++) {
        if (uses(policy, expr->parts[i], standard, number)) return true;
    }
    return false;
}

bool trial_uses(const struct policy *policy, uint16_t number, bool standard, uint16_t used)
{
    const struct policy_scheme *scheme = &policy->schemes[number];
    bool found = uses(policy, scheme->applies, standard, used);
    for (size_t c = 0; c < scheme->clause_count && !found; c++) {
        found = uses(policy, scheme->clauses[c].condition, standard, used)
                || uses(policy, scheme->clauses[c].amount, standard, used);
    }
    return found;
}

size_t trial_pieces(struct arena *arena, const struct policy *policy, uint16_t scheme,
                    const struct policy_expr ***out)
{
    size_t most = 1, count = 0;
    const bool *reads = trial_reads(arena, policy, scheme);
    for (size_t s = 0; s < policy->scheme_count; s++) most += 2 * policy->schemes[s].clause_count;
    const struct policy_expr **exprs = arena_array(arena, const struct policy_expr *, most);
    exprs[count++] = policy->schemes[scheme].applies;
    for (size_t s = 0; s < policy->scheme_count; s++) {
        const struct policy_scheme *read = &policy->schemes[s];
        for (size_t c = 0; reads[s] && c < read->clause_count; c++) {
            if (read->clauses[c].condition != NULL) exprs[count++] = read->clauses[c].condition;
            if (read->clauses[c].amount != NULL) exprs[count++] = read->clauses[c].amount;
        }
    }
    *out = exprs;
    return count;
}

/* Of the one input that says whom a scheme concerns, only the values with which it concerns
 * somebody. */
static void keep_concerned(struct arena *arena, const struct policy *const *policies,
                           uint16_t scheme, day at, struct policy_cells *cells)
{
    const struct policy_expr *applies = policies[0]->schemes[scheme].applies;
    struct policy_cells own;
    struct policy_rows rows;
    policy_cells_of(arena, policies[0], &applies, 1, at, &own);
    if (own.count != 1) return;
    for (size_t i = 0; i < cells->count; i++) {
        if (cells->inputs[i].input != own.inputs[0].input) continue;
        own.inputs[0] = cells->inputs[i];
        policy_cells_rows(arena, &own, policies[0]->schemes[scheme].subject, false, &rows);
        bool *concerned = arena_array(arena, bool, rows.count);
        uint8_t *truths = arena_array(arena, uint8_t, rows.count);
        for (size_t p = 0; p < 2 && policies[p] != NULL; p++) {
            policy_truths(arena, policies[p], policies[p]->schemes[scheme].applies, at, &rows,
                          truths);
            for (size_t v = 0; v < rows.count; v++) {
                concerned[v] = concerned[v] || truths[v] == POLICY_ENTITLED;
            }
        }
        size_t kept = 0;
        for (size_t v = 0; v < rows.count; v++) {
            if (concerned[v]) cells->inputs[i].values[kept++] = cells->inputs[i].values[v];
        }
        cells->inputs[i].count = kept;
    }
}

bool trial_people(struct arena *arena, const struct policy *policy, const struct policy *other,
                  uint16_t scheme, day at, bool and_unknown, size_t most, struct policy_rows *out)
{
    const struct policy *policies[] = {policy, other};
    const struct policy_expr **exprs;
    struct policy_cells cells;
    size_t count = trial_pieces(arena, policy, scheme, &exprs);
    policy_cells_of(arena, policy, exprs, count, at, &cells);
    keep_concerned(arena, policies, scheme, at, &cells);
    bool unknown = and_unknown && policy_cells_count(&cells, true, most) <= most;
    if (!unknown && policy_cells_count(&cells, false, most) > most) return false;
    policy_cells_rows(arena, &cells, policy->schemes[scheme].subject, unknown, out);
    return true;
}
