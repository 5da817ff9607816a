#include "policy/reader.h"

/* What values may come to: a range, and a number of which all are multiples. Ranges keep every step
 * within what 63 bits hold; multiples prove that what leaves a scheme is whole fen (a half of
 * amounts that are all even). Definitions and standards are looked through once. */

#define MAGNITUDE_MAX (INT64_MAX / 4)

/* At the expression's scale. */
struct range {
    int64_t least, most;
    int64_t multiple; /* 0: all are nothing */
    bool fits;        /* no step leaves ±MAGNITUDE_MAX */
};

struct checking {
    struct reader *reader;
    struct range *definitions; /* by number */
    struct range *standards;
};

static int64_t gcd(int64_t a, int64_t b)
{
    a = a < 0 ? -a : a;
    b = b < 0 ? -b : b;
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static int64_t lesser(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t greater(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static bool is_held(int64_t value)
{
    return value >= -MAGNITUDE_MAX && value <= MAGNITUDE_MAX;
}

static struct range range_from(int64_t least, int64_t most, int64_t multiple)
{
    return (struct range){least, most, multiple, is_held(least) && is_held(most)};
}

static struct range beyond(void)
{
    return (struct range){0};
}

/* All of two. */
static struct range joined(struct range a, struct range b)
{
    struct range all =
        range_from(lesser(a.least, b.least), greater(a.most, b.most), gcd(a.multiple, b.multiple));
    all.fits = a.fits && b.fits;
    return all;
}

static struct range times(struct range a, struct range b)
{
    int64_t corners[4], multiple;
    bool over = __builtin_mul_overflow(a.least, b.least, &corners[0])
                || __builtin_mul_overflow(a.least, b.most, &corners[1])
                || __builtin_mul_overflow(a.most, b.least, &corners[2])
                || __builtin_mul_overflow(a.most, b.most, &corners[3]);
    if (over || !a.fits || !b.fits) return beyond();
    if (__builtin_mul_overflow(a.multiple, b.multiple, &multiple)) multiple = a.multiple;
    return range_from(lesser(lesser(corners[0], corners[1]), lesser(corners[2], corners[3])),
                      greater(greater(corners[0], corners[1]), greater(corners[2], corners[3])),
                      multiple);
}

static struct range plus(struct range a, struct range b)
{
    if (!a.fits || !b.fits) return beyond();
    return range_from(a.least + b.least, a.most + b.most, gcd(a.multiple, b.multiple));
}

/* Of two values one: the lesser or the greater. */
static struct range picked(struct range a, struct range b, bool least)
{
    struct range out = joined(a, b);
    if (least)
        out.most = lesser(a.most, b.most);
    else
        out.least = greater(a.least, b.least);
    return out;
}

static struct range literal(int64_t value)
{
    return range_from(value, value, value < 0 ? -value : value);
}

static struct range range_of(const struct checking *checking, const struct policy_expr *expr);

/* A part, at the scale of the whole. */
static struct range part_of(const struct checking *checking, const struct policy_expr *expr,
                            size_t number)
{
    const struct policy_expr *part = expr->parts[number];
    return times(range_of(checking, part), literal(expr->scale / part->scale));
}

static struct range combined(const struct checking *checking, const struct policy_expr *expr)
{
    struct range all = part_of(checking, expr, 0);
    for (size_t i = 1; i < expr->part_count; i++) {
        struct range next = part_of(checking, expr, i);
        if (expr->kind == POLICY_SUM)
            all = plus(all, next);
        else if (expr->kind == POLICY_DIFFERENCE)
            all = plus(all, times(next, literal(-1)));
        else
            all = picked(all, next, expr->kind == POLICY_LEAST);
    }
    return all;
}

static struct range rounded(const struct checking *checking, const struct policy_expr *expr)
{
    struct range part = range_of(checking, expr->parts[0]);
    int64_t scale = expr->parts[0]->scale, multiple = expr->value;
    if (!part.fits || multiple > MAGNITUDE_MAX / scale) return beyond();
    struct range out =
        range_from(part.least / scale - multiple, part.most / scale + multiple, multiple);
    if (part.least >= 0 && out.least < 0) out.least = 0;
    return out;
}

static struct range range_of(const struct checking *checking, const struct policy_expr *expr)
{
    const struct policy_input *input;
    struct range range;
    switch (expr->kind) {
    case POLICY_LITERAL: return literal(expr->value);
    case POLICY_AGE: return range_from(-POLICY_VALUE_MAX, POLICY_VALUE_MAX, 1);
    case POLICY_INPUT:
        input = &checking->reader->inputs.items[expr->target];
        if (input->type == POLICY_DAY || input->type == POLICY_CODE) {
            return range_from(-POLICY_VALUE_MAX, POLICY_VALUE_MAX, 1);
        }
        return range_from(input->least, input->most, 1);
    case POLICY_VALUE: return checking->definitions[expr->target];
    case POLICY_STANDARD:
        range = times(checking->standards[expr->target], literal(expr->scale));
        return expr->part_count == 0 ? range : joined(range, part_of(checking, expr, 0));
    case POLICY_SCALE: return times(range_of(checking, expr->parts[0]), literal(expr->numerator));
    case POLICY_PRODUCT:
        return times(range_of(checking, expr->parts[0]), range_of(checking, expr->parts[1]));
    case POLICY_ROUND: return rounded(checking, expr);
    default: return combined(checking, expr);
    }
}

static bool too_large(struct reader *reader, const struct policy_expr *expr)
{
    return fault_at(reader, expr->place, "数值可能超出可记的范围：请给输入写明范围",
                    "this may come to more than can be held: give the inputs their ranges");
}

/* Two values are compared at the scale that holds both. */
static void check_comparison(const struct checking *checking, const struct policy_expr *expr)
{
    const struct policy_expr *a = expr->parts[0], *b = expr->parts[1];
    int64_t shared = gcd(a->scale, b->scale);
    bool fits = times(range_of(checking, a), literal(b->scale / shared)).fits
                && times(range_of(checking, b), literal(a->scale / shared)).fits;
    if (!fits) too_large(checking->reader, expr);
}

static void check_condition(const struct checking *checking, const struct policy_expr *expr)
{
    if (expr == NULL) return;
    if (expr->kind == POLICY_COMPARE) check_comparison(checking, expr);
    bool joins = expr->kind == POLICY_ALL || expr->kind == POLICY_ANY || expr->kind == POLICY_NOT;
    for (size_t i = 0; joins && i < expr->part_count; i++) {
        check_condition(checking, expr->parts[i]);
    }
}

static struct range standard_range(const struct standard_read *read)
{
    struct range range = {.fits = true};
    bool first = true;
    for (size_t r = 0; r < read->rows.count; r++) {
        const struct policy_row *row = &read->rows.items[r];
        if (row->none) continue;
        range = first ? literal(row->value) : joined(range, literal(row->value));
        first = false;
    }
    return range;
}

/* Each definition uses only those before it. */
static void check_definition(const struct checking *checking, size_t number)
{
    const struct policy_definition *definition = &checking->reader->definitions.items[number];
    struct range *range = &checking->definitions[number];
    for (size_t v = 0; v < definition->version_count; v++) {
        const struct policy_expr *expr = definition->versions[v].expr;
        if (definition->type == POLICY_YES_NO) {
            check_condition(checking, expr);
            continue;
        }
        struct range own = range_of(checking, expr);
        if (!own.fits) too_large(checking->reader, expr);
        *range = v == 0 ? own : joined(*range, own);
    }
}

static bool fits_period(const struct policy_scheme *scheme, const struct policy_expr *amount)
{
    if (amount->unit == POLICY_PLAIN) return true;
    return (scheme->period == PERIOD_TERM && amount->unit == POLICY_PER_TERM)
           || (scheme->period == PERIOD_YEAR && amount->unit == POLICY_PER_YEAR);
}

static void check_amount(const struct checking *checking, const struct policy_scheme *scheme,
                         const struct policy_clause *clause)
{
    struct reader *reader = checking->reader;
    const struct policy_expr *amount = clause->amount;
    if (!fits_period(scheme, amount)) {
        fault_said(reader, amount->place,
                   say(reader, "金额按%s算，而项目按%s发；按年的标准请写 折学期(…)",
                       unit_text(POLICY_MONEY, amount->unit, LANG_ZH),
                       scheme->period == PERIOD_TERM ? "学期" : "学年或一次"),
                   say(reader,
                       "the amount is in %s, and the scheme is paid by %s; of a yearly "
                       "standard write per_term(…)",
                       unit_text(POLICY_MONEY, amount->unit, LANG_EN),
                       scheme->period == PERIOD_TERM ? "term" : "year or once"));
        return;
    }
    struct range range = range_of(checking, amount);
    if (!range.fits) {
        too_large(reader, amount);
        return;
    }
    if (range.least < 0) {
        fault_at(reader, amount->place, "金额可能小于零：请写 较大者(…, 0 元)",
                 "the amount may be below nothing: write most(…, 0 yuan)");
        return;
    }
    if (range.multiple % amount->scale == 0) return;
    fault_at(reader, amount->place, "结果可能不是整分：请写明取整（向下取整、向上取整、四舍五入）",
             "the result may not be whole fen: name the rounding (round_down, round_up, "
             "round_half_up)");
}

static void check_scheme(const struct checking *checking, const struct scheme_read *read)
{
    check_condition(checking, read->scheme.applies);
    for (size_t r = 0; r < read->rights.count; r++) {
        check_condition(checking, read->rights.items[r].condition);
    }
    for (size_t a = 0; a < read->amounts.count; a++) {
        check_condition(checking, read->amounts.items[a].condition);
        check_amount(checking, &read->scheme, &read->amounts.items[a]);
    }
}

void check_amounts(struct reader *reader)
{
    struct checking checking = {.reader = reader};
    checking.definitions = arena_array(reader->arena, struct range, reader->definitions.count);
    checking.standards = arena_array(reader->arena, struct range, reader->standards.count);
    for (size_t s = 0; s < reader->standards.count; s++) {
        checking.standards[s] = standard_range(&reader->standards.items[s]);
    }
    for (size_t d = 0; d < reader->definitions.count; d++) check_definition(&checking, d);
    for (size_t s = 0; s < reader->schemes.count; s++) {
        check_scheme(&checking, &reader->schemes.items[s]);
    }
}
