#include "policy/cells.h"
#include "policy/decide_internal.h"
#include "policy/explain.h"

#include <string.h>

/* The least that would alter an answer is found by asking: rows like this one with one, two or
 * three inputs changed to each value that the rules tell apart are decided like any others. */

enum { TRIALS_MAX = 40000 };

struct trying {
    struct arena *arena;
    const struct policy_program *program;
    const struct policy_rows *rows;
    size_t row;
    const struct program_scheme *scheme;
    struct policy_cells cells; /* without the inputs that decide whom the scheme concerns */
    struct policy_explanation *out;
    struct policy_change (*trials)[POLICY_WAY_CHANGES_MAX];
    size_t trial_count;
};

static bool is_read_by(const struct policy_expr *expr, uint16_t input)
{
    if (expr->target == input
        && (expr->kind == POLICY_IS || expr->kind == POLICY_IN || expr->kind == POLICY_HAS_ANY
            || expr->kind == POLICY_HAS_ALL || expr->kind == POLICY_INPUT)) {
        return true;
    }
    for (size_t p = 0; p < expr->part_count; p++) {
        if (is_read_by(expr->parts[p], input)) return true;
    }
    return false;
}

static bool is_known(const struct trying *trying, uint16_t input, int64_t *value)
{
    return policy_states(trying->rows, input, trying->row, value);
}

/* What the scheme and those that exclude it read. */
static void find_cells(struct trying *trying)
{
    const struct policy *policy = trying->program->policy;
    const struct policy_scheme *scheme = &policy->schemes[trying->scheme->scheme];
    struct policy_cells all;
    size_t most = 0, count = 0, kept = 0;
    for (size_t s = 0; s < policy->scheme_count; s++) most += 2 * policy->schemes[s].clause_count;
    const struct policy_expr **exprs =
        arena_array(trying->arena, const struct policy_expr *, most + 1);
    for (size_t c = 0; c < scheme->clause_count; c++) {
        if (!policy_in_force(scheme->clauses[c].span, trying->program->at)) continue;
        exprs[count++] = scheme->clauses[c].condition;
        exprs[count++] = scheme->clauses[c].amount;
    }
    policy_cells_of(trying->arena, policy, exprs, count, trying->program->at, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (!is_read_by(scheme->applies, all.inputs[i].input)) all.inputs[kept++] = all.inputs[i];
    }
    all.count = kept;
    trying->cells = all;
}

/* Adds all ways to change `left` more inputs, from cell `from` on. */
static void add_trials(struct trying *trying, struct policy_change *so_far, size_t done,
                       size_t left, size_t from)
{
    if (trying->trial_count == TRIALS_MAX) return;
    if (left == 0) {
        memcpy(trying->trials[trying->trial_count++], so_far, done * sizeof *so_far);
        return;
    }
    bool only_needed = trying->out->decision.verdict == POLICY_UNKNOWN;
    for (size_t i = from; i < trying->cells.count; i++) {
        const struct policy_cell_values *input = &trying->cells.inputs[i];
        int64_t now = 0;
        bool known = is_known(trying, input->input, &now);
        if (only_needed && (trying->out->decision.needs >> input->input & 1) == 0) continue;
        for (size_t v = 0; v < input->count; v++) {
            if (known && input->values[v] == now) continue;
            so_far[done] = (struct policy_change){input->input, input->values[v]};
            add_trials(trying, so_far, done + 1, left - 1, i + 1);
        }
    }
}

/* A row for each trial: this person, with the changes. */
static void make_rows(const struct trying *trying, size_t changes, struct policy_rows *out)
{
    size_t inputs = trying->program->policy->input_count;
    *out = (struct policy_rows){.subject = trying->rows->subject, .count = trying->trial_count};
    for (size_t i = 0; i < inputs; i++) {
        uint8_t *states = arena_array(trying->arena, uint8_t, trying->trial_count);
        int64_t *values = arena_array(trying->arena, int64_t, trying->trial_count);
        int64_t now = 0;
        bool known = is_known(trying, (uint16_t)i, &now);
        for (size_t t = 0; t < trying->trial_count; t++) {
            states[t] = known ? POLICY_KNOWN : POLICY_MISSING;
            values[t] = now;
            for (size_t c = 0; c < changes; c++) {
                if (trying->trials[t][c].input != i) continue;
                states[t] = POLICY_KNOWN;
                values[t] = trying->trials[t][c].value;
            }
        }
        out->columns[i] = (struct policy_column){states, values};
    }
}

static void say_way(const struct trying *trying, struct policy_way *way, enum lang lang,
                    struct str *out)
{
    const struct policy *policy = trying->program->policy;
    bool zh = lang == LANG_ZH;
    struct text text;
    text_init(&text, trying->arena, 4096);
    text_add_c(&text, zh ? "若" : "if ");
    for (size_t c = 0; c < way->change_count; c++) {
        const struct policy_input *input = &policy->inputs[way->changes[c].input];
        struct str value = policy_value_text(trying->arena, input, way->changes[c].value, lang);
        if (c > 0) text_add_c(&text, zh ? "，且" : " and ");
        text_add_f(&text, zh ? "“%.*s”为“%.*s”" : "\"%.*s\" were \"%.*s\"",
                   STR_ARG(policy_word(&input->name, lang)), STR_ARG(value));
    }
    text_add_f(&text, zh ? "，则%s" : ": %s",
               policy_verdict_text((enum policy_verdict)way->verdict, lang));
    bool place = policy->schemes[trying->scheme->scheme].form == POLICY_PLACE;
    if (way->verdict == POLICY_ENTITLED && !place) {
        struct str money = policy_money_text(trying->arena, way->fen, lang);
        text_add_f(&text, zh ? "，%.*s" : ", %.*s", STR_ARG(money));
    }
    *out = text_str(&text);
}

static void keep_way(const struct trying *trying, size_t trial, size_t changes,
                     const struct policy_decision *decision)
{
    struct policy_explanation *out = trying->out;
    struct policy_way *way = &out->ways[out->way_count++];
    way->changes = arena_copy(trying->arena, trying->trials[trial], changes * sizeof *way->changes);
    way->change_count = changes;
    way->verdict = decision->verdict;
    way->fen = decision->fen;
    say_way(trying, way, LANG_ZH, &way->zh);
    say_way(trying, way, LANG_EN, &way->en);
}

/* Decides all trials with so many changes and keeps those that alter the answer. */
static void try_changes(struct trying *trying, size_t changes)
{
    struct policy_change so_far[POLICY_WAY_CHANGES_MAX];
    struct policy_rows rows;
    struct policy_decisions decisions;
    trying->trial_count = 0;
    add_trials(trying, so_far, 0, changes, 0);
    if (trying->trial_count == 0) return;
    make_rows(trying, changes, &rows);
    policy_decide(trying->arena, trying->program, &rows, 1, &decisions);
    for (size_t d = 0; d < decisions.count; d++) {
        const struct policy_decision *decision = &decisions.items[d];
        if (decision->scheme != trying->scheme->scheme) continue;
        if (decision->verdict == POLICY_UNKNOWN
            || decision->verdict == trying->out->decision.verdict) {
            continue;
        }
        if (trying->out->way_count == POLICY_WAYS_MAX) return;
        keep_way(trying, decision->row, changes, decision);
    }
}

void policy_ways(struct arena *arena, const struct policy_program *program,
                 const struct policy_rows *rows, size_t row, const struct program_scheme *scheme,
                 struct policy_explanation *out)
{
    struct trying trying = {
        .arena = arena, .program = program, .rows = rows, .row = row, .scheme = scheme, .out = out};
    out->ways = arena_array(arena, struct policy_way, POLICY_WAYS_MAX);
    trying.trials = arena_alloc_array(arena, TRIALS_MAX, sizeof *trying.trials);
    find_cells(&trying);
    for (size_t changes = 1; changes <= POLICY_WAY_CHANGES_MAX && out->way_count == 0; changes++) {
        try_changes(&trying, changes);
    }
}
