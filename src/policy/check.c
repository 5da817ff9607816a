#include "policy/check.h"

#include "policy/explain.h"

#include <stdlib.h>

/* A case may look through the rows of a standard, of which `edges` tells how many there are. */
bool check_work(struct checker *checker, struct policy_place place, size_t cases)
{
    enum { ROWS_AS_ONE_CASE = 256 };
    if (cases < CHECK_WORK_MAX) cases *= 1 + checker->edges / ROWS_AS_ONE_CASE;
    bool fits = checker->work <= CHECK_WORK_MAX && cases <= CHECK_WORK_MAX - checker->work;
    if (fits) {
        checker->work += cases;
        return true;
    }
    if (!checker->spent) {
        fault_at(checker->reader, place,
                 "情形太多，无法逐一核对：请写得简单些，或用“否则”写明其余情形",
                 "too many cases to check one by one: write it simpler, or name the rest by "
                 "\"otherwise\"");
    }
    checker->spent = true;
    return false;
}

bool spans_cut(struct policy_span a, struct policy_span b, struct policy_span *out)
{
    struct policy_span both = a;
    if (day_is_none(a.first) || (!day_is_none(b.first) && b.first.days > a.first.days)) {
        both.first = b.first;
    }
    if (day_is_none(a.last) || (!day_is_none(b.last) && b.last.days < a.last.days)) {
        both.last = b.last;
    }
    *out = both;
    return day_is_none(both.first) || day_is_none(both.last) || both.first.days <= both.last.days;
}

struct finding {
    struct checker *checker;
    bool *seen; /* by definition, then by standard */
    LIST(day) days;
};

static void find_edges(struct finding *finding, struct policy_span span)
{
    struct arena *arena = finding->checker->arena;
    if (!day_is_none(span.first)) *list_push(arena, &finding->days) = span.first;
    if (!day_is_none(span.last)) *list_push(arena, &finding->days) = (day){span.last.days + 1};
}

static void find_expr(struct finding *finding, const struct policy_expr *expr)
{
    const struct policy *policy = finding->checker->policy;
    if (expr == NULL) return;
    for (size_t i = 0; i < expr->list_count; i++) find_edges(finding, expr->list[i].span);
    for (size_t i = 0; i < expr->part_count; i++) find_expr(finding, expr->parts[i]);
    bool definition = expr->kind == POLICY_HOLDS || expr->kind == POLICY_VALUE;
    bool standard = expr->kind == POLICY_STANDARD || expr->kind == POLICY_LISTED;
    if (!definition && !standard) return;
    bool *seen = &finding->seen[expr->target + (standard ? policy->definition_count : 0)];
    if (*seen) return;
    *seen = true;
    if (standard) {
        const struct policy_standard *target = &policy->standards[expr->target];
        for (size_t r = 0; r < target->row_count; r++) find_edges(finding, target->rows[r].span);
        return;
    }
    const struct policy_definition *target = &policy->definitions[expr->target];
    for (size_t v = 0; v < target->version_count; v++) {
        find_edges(finding, target->versions[v].span);
        find_expr(finding, target->versions[v].expr);
    }
}

static int compare_days(const void *a, const void *b)
{
    const day *x = a, *y = b;
    return (x->days > y->days) - (x->days < y->days);
}

/* Where a span has no first day, the day before the first edge stands for all before it. */
size_t check_days(struct checker *checker, const struct policy_expr *const *exprs, size_t count,
                  struct policy_span span, day **out)
{
    struct finding finding = {.checker = checker};
    size_t seen = checker->policy->definition_count + checker->policy->standard_count, kept = 0;
    finding.seen = arena_array(checker->arena, bool, seen);
    for (size_t e = 0; e < count; e++) find_expr(&finding, exprs[e]);
    checker->edges = finding.days.count;
    checker->work += finding.days.count;
    if (finding.days.count > 0) {
        qsort(finding.days.items, finding.days.count, sizeof(day), compare_days);
    }
    day first = span.first;
    if (day_is_none(first)) {
        first = finding.days.count > 0 ? (day){finding.days.items[0].days - 1} : (day){0};
        if (!day_is_none(span.last) && span.last.days < first.days) first = span.last;
    }
    day *days = arena_array(checker->arena, day, finding.days.count + 1);
    days[kept++] = first;
    for (size_t i = 0; i < finding.days.count; i++) {
        day at = finding.days.items[i];
        if (at.days <= days[kept - 1].days || !policy_in_force(span, at)) continue;
        days[kept++] = at;
    }
    *out = days;
    return kept;
}

struct str check_example(struct checker *checker, const struct policy_cells *cells,
                         const struct policy_rows *rows, size_t row, day at, enum lang lang)
{
    enum { EXAMPLE_BYTES_MAX = 400 };
    struct text text;
    char buffer[DAY_TEXT_SIZE];
    bool zh = lang == LANG_ZH;
    text_init(&text, checker->reader->arena, EXAMPLE_BYTES_MAX);
    text_add_c(&text, day_format(at, buffer));
    for (size_t i = 0; i < cells->count; i++) {
        const struct policy_column *column = &rows->columns[cells->inputs[i].input];
        const struct policy_input *input = &checker->policy->inputs[cells->inputs[i].input];
        if (column->states == NULL || column->states[row] != POLICY_KNOWN) continue;
        struct str value = policy_value_text(checker->arena, input, column->values[row], lang);
        struct str name = policy_word(&input->name, lang);
        text_add_f(&text, zh ? "，%.*s为%.*s" : ", %.*s %.*s", STR_ARG(name), STR_ARG(value));
    }
    return text_str(&text);
}

void check_policy(struct reader *reader, const struct policy *policy)
{
    struct arena scratch = {0};
    struct checker checker = {.arena = &scratch, .reader = reader, .policy = policy};
    check_quotations(&checker);
    check_meetings(&checker);
    check_gaps(&checker);
    arena_free(&scratch);
}
