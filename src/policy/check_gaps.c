#include "policy/check.h"

/* That there is a value where one is used: a standard has a row, or names what counts otherwise,
 * for all that a clause can concern on every day on which it is in force; a definition that is a
 * value has a version; a scheme with a ground has an amount. */

/* A clause at one of the days between which nothing changes. */
struct spot {
    struct checker *checker;
    const struct policy_scheme *scheme;
    const struct policy_expr *guard; /* where this can be yes or unknown the clause matters */
    struct policy_place place;
    day at;
};

static const char *day_text(day at, char buffer[DAY_TEXT_SIZE])
{
    return day_is_none(at) ? "" : day_format(at, buffer);
}

/* Only what the standard goes by is known; codes and numbers by their rows and one beside them. */
static void keys_of(struct spot *spot, const struct policy_expr *listed, struct policy_cells *out)
{
    const struct policy *policy = spot->checker->policy;
    const struct policy_standard *standard = &policy->standards[listed->target];
    const struct policy_expr *exprs[] = {listed, spot->guard};
    size_t kept = 0;
    policy_cells_of(spot->checker->arena, policy, exprs, 2, spot->at, out);
    for (size_t i = 0; i < out->count; i++) {
        bool key = false;
        for (size_t k = 0; k < standard->by_count; k++) {
            key = key || standard->by[k] == out->inputs[i].input;
        }
        if (key) out->inputs[kept++] = out->inputs[i];
    }
    out->count = kept;
}

static bool lacks(struct spot *spot, const struct policy_standard *standard,
                  const struct policy_cells *cells, const struct policy_rows *rows, size_t row)
{
    struct checker *checker = spot->checker;
    struct str zh = check_example(checker, cells, rows, row, spot->at, LANG_ZH);
    struct str en = check_example(checker, cells, rows, row, spot->at, LANG_EN);
    return fault_said(checker->reader, spot->place,
                      say(checker->reader, "标准“%.*s”没有这时的值（%.*s）：请补上一行，或写“否则”",
                          STR_ARG(standard->name.zh), STR_ARG(zh)),
                      say(checker->reader,
                          "standard \"%.*s\" has no value there (%.*s): add a row, or write "
                          "\"otherwise\"",
                          STR_ARG(standard->name.en), STR_ARG(en)));
}

static bool is_complete(struct spot *spot, const struct policy_expr *use)
{
    struct checker *checker = spot->checker;
    const struct policy_standard *standard = &checker->policy->standards[use->target];
    struct policy_expr listed = {.kind = POLICY_LISTED,
                                 .type = POLICY_YES_NO,
                                 .target = use->target,
                                 .scale = 1,
                                 .place = use->place};
    struct policy_cells cells;
    struct policy_rows rows;
    keys_of(spot, &listed, &cells);
    size_t count = policy_cells_count(&cells, false, CHECK_WORK_MAX);
    if (!check_work(checker, spot->place, CHECK_TRIAL_WORK + count)) return false;
    policy_cells_rows(checker->arena, &cells, spot->scheme->subject, false, &rows);
    uint8_t *has = arena_array(checker->arena, uint8_t, rows.count);
    uint8_t *matters = arena_array(checker->arena, uint8_t, rows.count);
    policy_truths(checker->arena, checker->policy, &listed, spot->at, &rows, has);
    policy_truths(checker->arena, checker->policy, spot->guard, spot->at, &rows, matters);
    for (size_t r = 0; r < rows.count; r++) {
        if (has[r] == POLICY_NO && matters[r] != POLICY_NO) {
            return lacks(spot, standard, &cells, &rows, r);
        }
    }
    return true;
}

static bool has_values(struct spot *spot, const struct policy_expr *expr);

static bool has_version(struct spot *spot, const struct policy_expr *expr)
{
    const struct policy *policy = spot->checker->policy;
    const struct policy_definition *definition = &policy->definitions[expr->target];
    char buffer[DAY_TEXT_SIZE];
    for (size_t v = 0; v < definition->version_count; v++) {
        if (!policy_in_force(definition->versions[v].span, spot->at)) continue;
        return has_values(spot, definition->versions[v].expr);
    }
    if (definition->type == POLICY_YES_NO) return true;
    return fault_at(spot->checker->reader, spot->place, "“%.*s”在 %s 没有有效的定义",
                    "\"%.*s\" has no definition in force on %s", STR_ARG(definition->name.key),
                    day_text(spot->at, buffer));
}

/* Whether all that an expression uses is there on the day. */
static bool has_values(struct spot *spot, const struct policy_expr *expr)
{
    if (expr == NULL) return true;
    bool definition = expr->kind == POLICY_VALUE || expr->kind == POLICY_HOLDS;
    if (definition && !has_version(spot, expr)) return false;
    bool bare = expr->kind == POLICY_STANDARD && expr->part_count == 0;
    if (bare && !is_complete(spot, expr)) return false;
    for (size_t i = 0; i < expr->part_count; i++) {
        if (!has_values(spot, expr->parts[i])) return false;
    }
    return true;
}

/* The grounds of a scheme that are in force on a day; any of them makes its amounts matter. */
static size_t grounds_of(const struct policy_scheme *scheme, day at, struct policy_expr **out)
{
    size_t count = 0;
    for (size_t c = 0; c < scheme->clause_count; c++) {
        const struct policy_clause *clause = &scheme->clauses[c];
        bool ground = clause->kind == POLICY_RIGHT && clause->exception_to == POLICY_NONE;
        if (ground && policy_in_force(clause->span, at)) out[count++] = clause->condition;
    }
    return count;
}

static struct policy_expr condition_of(enum policy_expr_kind kind, struct policy_expr **parts,
                                       size_t count)
{
    return (struct policy_expr){.kind = kind,
                                .type = POLICY_YES_NO,
                                .target = POLICY_NONE,
                                .scale = 1,
                                .parts = parts,
                                .part_count = count};
}

/* A clause on a day: its condition for all whom the scheme concerns, its amount for those whom it
 * also entitles and whom the condition may concern. */
static bool clause_has_values(struct checker *checker, const struct policy_scheme *scheme,
                              const struct policy_clause *clause, day at)
{
    struct policy_expr *grounds[POLICY_CLAUSES_MAX], *parts[3] = {scheme->applies};
    size_t count = grounds_of(scheme, at, grounds);
    struct policy_expr any = condition_of(POLICY_ANY, grounds, count);
    parts[1] = &any;
    parts[2] = clause->condition;
    struct policy_expr all = condition_of(POLICY_ALL, parts, clause->condition == NULL ? 2 : 3);
    struct spot spot = {checker, scheme, scheme->applies, clause->place, at};
    if (!has_values(&spot, clause->condition)) return false;
    spot.guard = &all;
    return count == 0 || has_values(&spot, clause->amount);
}

static void check_clause(struct checker *checker, const struct policy_scheme *scheme,
                         const struct policy_clause *clause)
{
    struct policy_span span;
    day *days;
    if (!spans_cut(scheme->span, clause->span, &span)) return;
    const struct policy_expr *exprs[POLICY_CLAUSES_MAX + 3] = {scheme->applies, clause->condition,
                                                               clause->amount};
    size_t count = 3;
    for (size_t c = 0; c < scheme->clause_count; c++) {
        const struct policy_clause *other = &scheme->clauses[c];
        if (other->kind == POLICY_RIGHT) exprs[count++] = other->condition;
    }
    size_t day_count = check_days(checker, exprs, count, span, &days);
    for (size_t d = 0; d < day_count && !checker->spent; d++) {
        if (!clause_has_values(checker, scheme, clause, days[d])) return;
    }
}

/* An amount on each day on which a ground is in force. */
static void check_amount_days(struct checker *checker, const struct policy_scheme *scheme)
{
    struct policy_expr *grounds[POLICY_CLAUSES_MAX];
    char buffer[DAY_TEXT_SIZE];
    for (size_t c = 0; c < scheme->clause_count; c++) {
        struct policy_span span = scheme->clauses[c].span;
        day days[] = {scheme->span.first, span.first,
                      day_is_none(span.last) ? DAY_NONE : (day){span.last.days + 1}};
        for (size_t d = 0; d < sizeof days / sizeof *days; d++) {
            if (day_is_none(days[d]) || !policy_in_force(scheme->span, days[d])) continue;
            if (grounds_of(scheme, days[d], grounds) == 0) continue;
            size_t amount = 0;
            while (amount < scheme->clause_count
                   && !(scheme->clauses[amount].kind == POLICY_AMOUNT
                        && scheme->clauses[amount].exception_to == POLICY_NONE
                        && policy_in_force(scheme->clauses[amount].span, days[d]))) {
                amount++;
            }
            if (amount < scheme->clause_count) continue;
            fault_at(checker->reader, scheme->place, "%s 有资格有效，却没有金额",
                     "on %s a right is in force and no amount", day_text(days[d], buffer));
            return;
        }
    }
}

void check_gaps(struct checker *checker)
{
    const struct policy *policy = checker->policy;
    for (size_t s = 0; s < policy->scheme_count; s++) {
        const struct policy_scheme *scheme = &policy->schemes[s];
        if (scheme->form == POLICY_DECLARED || scheme->form == POLICY_PLACE) continue;
        check_amount_days(checker, scheme);
        for (size_t c = 0; c < scheme->clause_count && !checker->spent; c++) {
            if (checker->reader->more_faults) return;
            check_clause(checker, scheme, &scheme->clauses[c]);
            arena_reset(checker->arena);
        }
    }
}
