#include "policy/reader.h"

#include <stdlib.h>

/* What an amount may come to: never beyond what 63 bits hold, and whole where it leaves a scheme.
 * Where all that it is made of is known (literals and standards) the values are tried one by one;
 * what rests on an input must name its rounding. */

enum { VALUES_MAX = 4096 };
#define MAGNITUDE_MAX (INT64_MAX / 4)

struct values {
    int64_t *items; /* raw, at the expression's scale */
    size_t count;
    bool known; /* false: rests on an input, or too many */
};

static bool times(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_mul_overflow(a, b, out) && *out <= MAGNITUDE_MAX;
}

static int64_t standard_most(const struct standard_read *read)
{
    int64_t most = 0;
    for (size_t r = 0; r < read->rows.count; r++) {
        if (read->rows.items[r].value > most) most = read->rows.items[r].value;
    }
    return most;
}

/* The largest that an expression may come to, without its sign; false beyond the limit. */
static bool bound(const struct reader *reader, const struct policy_expr *expr, int64_t *out)
{
    int64_t part = 0, most = 0;
    switch (expr->kind) {
    case POLICY_LITERAL: *out = llabs(expr->value); return true;
    case POLICY_INPUT:
    case POLICY_AGE: *out = POLICY_VALUE_MAX; return true;
    case POLICY_VALUE:
        return bound(reader, reader->definitions.items[expr->target].versions[0].expr, out);
    case POLICY_STANDARD:
        *out = standard_most(&reader->standards.items[expr->target]);
        if (expr->part_count > 0 && !bound(reader, expr->parts[0], &part)) return false;
        if (!times(*out, expr->scale, out)) return false;
        *out = part > *out ? part : *out;
        return true;
    default: break;
    }
    for (size_t i = 0; i < expr->part_count; i++) {
        const struct policy_expr *of = expr->parts[i];
        if (!bound(reader, of, &part)) return false;
        if (expr->kind == POLICY_PRODUCT) {
            if (i == 0)
                most = part;
            else if (!times(most, part, &most))
                return false;
            continue;
        }
        if (expr->kind == POLICY_SCALE && !times(part, expr->numerator, &part)) return false;
        bool brought = expr->kind != POLICY_SCALE && expr->kind != POLICY_ROUND;
        if (brought && !times(part, expr->scale / of->scale, &part)) return false;
        bool sums = expr->kind == POLICY_SUM || expr->kind == POLICY_DIFFERENCE;
        most = sums ? most + part : part > most ? part : most;
        if (most > MAGNITUDE_MAX) return false;
    }
    *out = most;
    return true;
}

static struct values unknown_values(void)
{
    return (struct values){NULL, 0, false};
}

static void add_value(struct values *values, int64_t value)
{
    for (size_t i = 0; i < values->count; i++) {
        if (values->items[i] == value) return;
    }
    if (values->count == VALUES_MAX) {
        values->known = false;
        return;
    }
    values->items[values->count++] = value;
}

static struct values new_values(struct reader *reader)
{
    return (struct values){arena_array(reader->arena, int64_t, VALUES_MAX), 0, true};
}

static struct values values_of(struct reader *reader, const struct policy_expr *expr);

static struct values standard_values(struct reader *reader, const struct policy_expr *expr)
{
    const struct standard_read *read = &reader->standards.items[expr->target];
    struct values out = new_values(reader);
    for (size_t r = 0; r < read->rows.count && out.known; r++) {
        if (!read->rows.items[r].none) add_value(&out, read->rows.items[r].value * expr->scale);
    }
    if (expr->part_count == 0 || !out.known) return out;
    struct values other = values_of(reader, expr->parts[0]);
    for (size_t i = 0; i < other.count && out.known; i++) add_value(&out, other.items[i]);
    if (!other.known) out.known = false;
    return out;
}

static int64_t combine(const struct policy_expr *expr, int64_t a, int64_t b)
{
    switch (expr->kind) {
    case POLICY_SUM: return a + b;
    case POLICY_DIFFERENCE: return a - b;
    case POLICY_PRODUCT: return a * b;
    case POLICY_LEAST: return a < b ? a : b;
    default: return a > b ? a : b;
    }
}

static struct values combined(struct reader *reader, const struct policy_expr *expr)
{
    struct values sum = unknown_values();
    for (size_t p = 0; p < expr->part_count; p++) {
        const struct policy_expr *part = expr->parts[p];
        struct values next = values_of(reader, part), out = new_values(reader);
        if (!next.known) return unknown_values();
        int64_t factor = expr->kind == POLICY_SCALE     ? expr->numerator
                         : expr->kind == POLICY_PRODUCT ? 1
                                                        : expr->scale / part->scale;
        for (size_t i = 0; i < next.count; i++) next.items[i] *= factor;
        if (p == 0) {
            sum = next;
            continue;
        }
        for (size_t i = 0; i < sum.count && out.known; i++) {
            for (size_t j = 0; j < next.count && out.known; j++) {
                add_value(&out, combine(expr, sum.items[i], next.items[j]));
            }
        }
        if (!out.known) return unknown_values();
        sum = out;
    }
    return sum;
}

static struct values values_of(struct reader *reader, const struct policy_expr *expr)
{
    struct values out = new_values(reader);
    switch (expr->kind) {
    case POLICY_LITERAL: add_value(&out, expr->value); return out;
    case POLICY_STANDARD: return standard_values(reader, expr);
    case POLICY_VALUE: {
        const struct policy_definition *definition = &reader->definitions.items[expr->target];
        for (size_t v = 0; v < definition->version_count; v++) {
            struct values own = values_of(reader, definition->versions[v].expr);
            if (!own.known) return unknown_values();
            for (size_t i = 0; i < own.count && out.known; i++) add_value(&out, own.items[i]);
        }
        return out;
    }
    case POLICY_INPUT:
    case POLICY_AGE:
    case POLICY_ROUND: return unknown_values();
    default: return combined(reader, expr);
    }
}

static bool fits_period(const struct policy_scheme *scheme, const struct policy_expr *amount)
{
    if (amount->unit == POLICY_PLAIN) return true;
    return (scheme->period == PERIOD_TERM && amount->unit == POLICY_PER_TERM)
           || (scheme->period == PERIOD_YEAR && amount->unit == POLICY_PER_YEAR);
}

static void check_amount(struct reader *reader, const struct policy_scheme *scheme,
                         const struct policy_clause *clause)
{
    int64_t most;
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
    if (!bound(reader, amount, &most)) {
        fault_at(reader, amount->place, "金额可能超出可记的范围",
                 "this may come to more than can be held");
        return;
    }
    if (amount->scale == 1) return;
    struct values values = values_of(reader, amount);
    for (size_t i = 0; values.known && i < values.count; i++) {
        if (values.items[i] % amount->scale == 0) continue;
        fault_at(reader, amount->place,
                 "有的标准算出来不是整分：请写明取整（向下取整、四舍五入……）",
                 "for some standard this is not whole fen: name the rounding (round_down, …)");
        return;
    }
    if (!values.known) {
        fault_at(reader, amount->place, "结果可能不是整分：请写明取整（向下取整、四舍五入……）",
                 "the result may not be whole fen: name the rounding (round_down, …)");
    }
}

void check_amounts(struct reader *reader)
{
    for (size_t s = 0; s < reader->schemes.count; s++) {
        const struct scheme_read *read = &reader->schemes.items[s];
        if (reader->declarations.items[read->declaration].faulty) continue;
        for (size_t a = 0; a < read->amounts.count; a++) {
            check_amount(reader, &read->scheme, &read->amounts.items[a]);
        }
    }
}
