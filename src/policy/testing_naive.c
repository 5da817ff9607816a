#include "policy/testing_naive.h"

typedef int wide __attribute__((mode(TI))); /* 128 bits */

/* Answers carry what they need: a known one needs nothing. */

struct person {
    const struct policy *policy;
    day at;
    const struct policy_rows *rows;
    size_t row;
};

struct truth {
    uint8_t is;
    uint64_t needs;
};

struct number {
    bool known;
    wide over, under; /* a fraction; under > 0, reduced */
    uint64_t needs;
};

static struct truth truth_of(const struct person *person, const struct policy_expr *expr);
static struct number number_of(const struct person *person, const struct policy_expr *expr);

static bool counts(const struct person *person, struct policy_span span)
{
    bool begun = day_is_none(span.first) || span.first.days <= person->at.days;
    bool ended = !day_is_none(span.last) && span.last.days < person->at.days;
    return begun && !ended;
}

static bool stated(const struct person *person, uint16_t input, int64_t *value)
{
    return policy_states(person->rows, input, person->row, value);
}

static uint64_t bit(uint16_t input)
{
    return UINT64_C(1) << input;
}

static struct truth is(bool yes)
{
    return (struct truth){yes ? POLICY_ENTITLED : POLICY_NO, 0};
}

static struct truth unsure(uint64_t needs)
{
    return (struct truth){POLICY_UNKNOWN, needs};
}

static struct truth negated(struct truth truth)
{
    if (truth.is == POLICY_UNKNOWN) return truth;
    return is(truth.is == POLICY_NO);
}

/* Kleene's and, one pair at a time. */
static struct truth both(struct truth a, struct truth b)
{
    if (a.is == POLICY_NO || b.is == POLICY_NO) return is(false);
    if (a.is == POLICY_UNKNOWN && b.is == POLICY_UNKNOWN) return unsure(a.needs | b.needs);
    return a.is == POLICY_UNKNOWN ? a : b;
}

static struct truth either(struct truth a, struct truth b)
{
    return negated(both(negated(a), negated(b)));
}

static wide shared_factor(wide a, wide b)
{
    if (a < 0) a = -a;
    while (b != 0) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static struct number fraction(wide over, wide under)
{
    wide shared = shared_factor(over, under);
    if (shared == 0) shared = 1;
    return (struct number){.known = true, .over = over / shared, .under = under / shared};
}

static struct number lacking(uint64_t needs)
{
    return (struct number){.under = 1, .needs = needs};
}

static bool is_less(struct number a, struct number b)
{
    return a.over * b.under < b.over * a.under;
}

static bool is_equal(struct number a, struct number b)
{
    return a.over == b.over && a.under == b.under;
}

static bool is_ordered(enum policy_order order, struct number a, struct number b)
{
    switch (order) {
    case POLICY_EQUAL: return is_equal(a, b);
    case POLICY_NOT_EQUAL: return !is_equal(a, b);
    case POLICY_LESS: return is_less(a, b);
    case POLICY_LESS_EQUAL: return !is_less(b, a);
    case POLICY_MORE: return is_less(b, a);
    case POLICY_MORE_EQUAL: return !is_less(a, b);
    }
    CHECK(false);
}

/* The whole number at or below a fraction. */
static wide floor_of(wide over, wide under)
{
    wide whole = over / under;
    return over % under < 0 ? whole - 1 : whole;
}

static struct number rounded(struct number a, enum policy_rounding rounding, int64_t unit)
{
    wide under = a.under * unit;
    switch (rounding) {
    case POLICY_DOWN: return fraction(floor_of(a.over, under) * unit, 1);
    case POLICY_UP: return fraction(-floor_of(-a.over, under) * unit, 1);
    case POLICY_HALF_UP: return fraction(floor_of(2 * a.over + under, 2 * under) * unit, 1);
    }
    CHECK(false);
}

/* Two known values become one. */
static struct number combined(const struct policy_expr *expr, struct number a, struct number b)
{
    switch (expr->kind) {
    case POLICY_SUM: return fraction(a.over * b.under + b.over * a.under, a.under * b.under);
    case POLICY_DIFFERENCE: return fraction(a.over * b.under - b.over * a.under, a.under * b.under);
    case POLICY_PRODUCT: return fraction(a.over * b.over, a.under * b.under);
    case POLICY_LEAST: return is_less(b, a) ? b : a;
    case POLICY_MOST: return is_less(a, b) ? b : a;
    default: CHECK(false);
    }
}

static struct number computed(const struct person *person, const struct policy_expr *expr)
{
    struct number so_far = number_of(person, expr->parts[0]);
    for (size_t p = 1; p < expr->part_count; p++) {
        struct number next = number_of(person, expr->parts[p]);
        if (so_far.known && next.known) {
            so_far = combined(expr, so_far, next);
        } else {
            so_far = lacking(so_far.needs | next.needs);
        }
    }
    return so_far;
}

/* What a standard has: `rows` of those in force that nothing known rules out, and the keys that are
 * not known. */
struct listing {
    size_t rows;
    int64_t value;
    uint64_t unknown;
};

static struct listing look_up(const struct person *person, uint16_t target)
{
    const struct policy_standard *standard = &person->policy->standards[target];
    struct listing listing = {0};
    for (size_t r = 0; r < standard->row_count; r++) {
        const struct policy_row *row = &standard->rows[r];
        bool fits = counts(person, row->span) && !row->none;
        for (size_t k = 0; k < standard->by_count; k++) {
            int64_t key;
            bool known = stated(person, standard->by[k], &key);
            if (!known) listing.unknown |= bit(standard->by[k]);
            if (known && key != row->keys[k]) fits = false;
        }
        if (!fits) continue;
        listing.rows++;
        listing.value = row->value;
    }
    return listing;
}

static struct number standard_of(const struct person *person, const struct policy_expr *expr)
{
    struct listing listing = look_up(person, expr->target);
    if (listing.rows > 0 && listing.unknown == 0) return fraction(listing.value, 1);
    struct number other = expr->part_count > 0 ? number_of(person, expr->parts[0]) : lacking(0);
    if (listing.rows == 0) return other;
    return lacking(listing.unknown | other.needs);
}

/* The version that is in force, or NULL. */
static const struct policy_expr *version_of(const struct person *person, uint16_t target)
{
    const struct policy_definition *definition = &person->policy->definitions[target];
    for (size_t v = 0; v < definition->version_count; v++) {
        if (counts(person, definition->versions[v].span)) return definition->versions[v].expr;
    }
    return NULL;
}

/* The last day of so many full months from a day on: the day before the one of the same date, or
 * before the first of the next month where that month has no such date. */
static int64_t months_end(int64_t from, int64_t months)
{
    int year, month, date;
    day next;
    day_to_ymd((day){(int32_t)from}, &year, &month, &date);
    int64_t whole = (int64_t)year * 12 + month - 1 + months;
    year = (int)(whole / 12);
    month = (int)(whole % 12) + 1;
    while (!day_from_ymd(year, month, date, &next)) {
        date = 1;
        month++;
        if (month > 12) {
            year++;
            month = 1;
        }
    }
    return next.days - 1;
}

static struct number number_of(const struct person *person, const struct policy_expr *expr)
{
    int64_t value;
    struct number part;
    switch (expr->kind) {
    case POLICY_LITERAL: return fraction(expr->value, 1);
    case POLICY_INPUT:
        if (!stated(person, expr->target, &value)) return lacking(bit(expr->target));
        return fraction(value, 1);
    case POLICY_AGE:
        if (!stated(person, expr->target, &value)) return lacking(bit(expr->target));
        if (expr->unit == POLICY_MONTHS) {
            /* The day on which so many months are full is looked for, month by month. */
            int64_t months = 0;
            while (months > -2400 && months_end(value, months) > person->at.days) months--;
            while (months_end(value, months + 1) <= person->at.days) months++;
            return fraction(months, 1);
        }
        return fraction(day_age((day){(int32_t)value}, person->at), 1);
    case POLICY_VALUE:
        CHECK(version_of(person, expr->target) != NULL);
        return number_of(person, version_of(person, expr->target));
    case POLICY_STANDARD: return standard_of(person, expr);
    case POLICY_SCALE:
        part = number_of(person, expr->parts[0]);
        if (!part.known) return part;
        return fraction(part.over * expr->numerator, part.under * expr->denominator);
    case POLICY_ROUND:
        part = number_of(person, expr->parts[0]);
        return part.known ? rounded(part, expr->rounding, expr->value) : part;
    default: return computed(person, expr);
    }
}

/* Whether one of the listed values that count on the day is the one given; of a set, whether it is
 * in the set. */
static struct truth listed(const struct person *person, const struct policy_expr *expr)
{
    int64_t value;
    bool any = false, all = true, set = expr->kind != POLICY_IN;
    if (!stated(person, expr->target, &value)) return unsure(bit(expr->target));
    for (size_t i = 0; i < expr->list_count; i++) {
        int64_t item = expr->list[i].value;
        if (!counts(person, expr->list[i].span)) continue;
        bool here = set ? ((uint64_t)value & (UINT64_C(1) << item)) != 0 : value == item;
        any = any || here;
        all = all && here;
    }
    return is(expr->kind == POLICY_HAS_ALL ? all : any);
}

static struct truth compared(const struct person *person, const struct policy_expr *expr)
{
    struct number a = number_of(person, expr->parts[0]), b = number_of(person, expr->parts[1]);
    if (!a.known || !b.known) return unsure(a.needs | b.needs);
    return is(is_ordered(expr->order, a, b));
}

static struct truth standard_has(const struct person *person, uint16_t target)
{
    struct listing listing = look_up(person, target);
    if (listing.rows == 0 || listing.unknown == 0) return is(listing.rows > 0);
    return unsure(listing.unknown);
}

static struct truth truth_of(const struct person *person, const struct policy_expr *expr)
{
    struct truth so_far;
    int64_t value;
    switch (expr->kind) {
    case POLICY_ALL:
    case POLICY_ANY:
        so_far = is(expr->kind == POLICY_ALL);
        for (size_t p = 0; p < expr->part_count; p++) {
            struct truth part = truth_of(person, expr->parts[p]);
            so_far = expr->kind == POLICY_ALL ? both(so_far, part) : either(so_far, part);
        }
        return so_far;
    case POLICY_NOT: return negated(truth_of(person, expr->parts[0]));
    case POLICY_IS:
        return stated(person, expr->target, &value) ? is(value != 0) : unsure(bit(expr->target));
    case POLICY_COMPARE: return compared(person, expr);
    case POLICY_HOLDS:
        if (version_of(person, expr->target) == NULL) return is(false);
        return truth_of(person, version_of(person, expr->target));
    case POLICY_LISTED: return standard_has(person, expr->target);
    default: return listed(person, expr);
    }
}

static bool excepts(const struct person *person, const struct policy_scheme *scheme, size_t clause,
                    size_t other)
{
    const struct policy_clause *a = &scheme->clauses[clause], *b = &scheme->clauses[other];
    return a->kind == b->kind && b->exception_to == clause && counts(person, b->span);
}

/* A ground, or an exception to one, with what is excepted from it. */
static struct truth clause_holds(const struct person *person, const struct policy_scheme *scheme,
                                 size_t clause)
{
    struct truth holds = truth_of(person, scheme->clauses[clause].condition);
    for (size_t c = 0; c < scheme->clause_count; c++) {
        if (!excepts(person, scheme, clause, c)) continue;
        holds = both(holds, negated(clause_holds(person, scheme, c)));
    }
    return holds;
}

/* The grounds of a scheme, without what goes before it. */
static struct truth grounds_hold(const struct person *person, const struct policy_scheme *scheme)
{
    struct truth any = is(false);
    if (!counts(person, scheme->span)) return any;
    for (size_t c = 0; c < scheme->clause_count; c++) {
        const struct policy_clause *clause = &scheme->clauses[c];
        if (clause->kind != POLICY_RIGHT || clause->exception_to != POLICY_NONE) continue;
        if (counts(person, clause->span)) any = either(any, clause_holds(person, scheme, c));
    }
    return any;
}

/* The right to a scheme: not where the person has it to one that goes before. */
static struct truth right_of(const struct person *person, uint16_t scheme)
{
    struct truth right = grounds_hold(person, &person->policy->schemes[scheme]);
    for (size_t e = 0; e < person->policy->exclusion_count; e++) {
        const struct policy_exclusion *exclusion = &person->policy->exclusions[e];
        size_t place = 0;
        while (place < exclusion->count && exclusion->schemes[place] != scheme) place++;
        if (place == exclusion->count || !counts(person, exclusion->span)) continue;
        for (size_t p = 0; p < place; p++) {
            uint16_t first = exclusion->schemes[p];
            struct truth concerned = truth_of(person, person->policy->schemes[first].applies);
            right = both(right, negated(both(concerned, right_of(person, first))));
        }
    }
    return right;
}

/* An amount clause: its exception's where one holds, its own where none does. */
static struct number amount_of(const struct person *person, const struct policy_scheme *scheme,
                               size_t clause)
{
    struct number own = number_of(person, scheme->clauses[clause].amount);
    uint64_t needs = 0;
    bool unsure_which = false;
    for (size_t c = 0; c < scheme->clause_count; c++) {
        if (!excepts(person, scheme, clause, c)) continue;
        struct truth when = truth_of(person, scheme->clauses[c].condition);
        if (when.is == POLICY_ENTITLED) return amount_of(person, scheme, c);
        if (when.is == POLICY_NO) continue;
        unsure_which = true;
        needs |= when.needs | amount_of(person, scheme, c).needs;
    }
    return unsure_which ? lacking(needs | own.needs) : own;
}

void naive_decide(const struct policy *policy, day at, const struct policy_rows *rows, size_t row,
                  uint16_t scheme, struct naive_answer *out)
{
    const struct person person = {policy, at, rows, row};
    const struct policy_scheme *chosen = &policy->schemes[scheme];
    struct number amount = lacking(0);
    *out = (struct naive_answer){.verdict = POLICY_NO};
    out->concerned = truth_of(&person, chosen->applies).is == POLICY_ENTITLED;
    if (!out->concerned) return;
    struct truth right = right_of(&person, scheme);
    if (right.is == POLICY_NO) return;
    for (size_t c = 0; c < chosen->clause_count; c++) {
        const struct policy_clause *clause = &chosen->clauses[c];
        if (clause->kind != POLICY_AMOUNT || clause->exception_to != POLICY_NONE) continue;
        if (counts(&person, clause->span)) amount = amount_of(&person, chosen, c);
    }
    out->verdict = POLICY_UNKNOWN;
    out->needs = right.needs | amount.needs;
    if (right.is != POLICY_ENTITLED || !amount.known) return;
    CHECK(amount.under == 1);
    out->verdict = POLICY_ENTITLED;
    out->fen = (int64_t)amount.over;
}

uint8_t naive_truth(const struct policy *policy, day at, const struct policy_rows *rows, size_t row,
                    const struct policy_expr *condition)
{
    const struct person person = {policy, at, rows, row};
    return truth_of(&person, condition).is;
}
