#include "policy/cells.h"

#include "base/list.h"

#include <stdlib.h>
#include <string.h>

/* What the expressions name, input by input. */
struct gathering {
    struct arena *arena;
    const struct policy *policy;
    day at;
    bool *seen;      /* by definition */
    bool *read;      /* by input */
    uint64_t *words; /* by input: words that a list names */
    struct numbers {
        LIST(int64_t) items;
    } * numbers; /* by input: limits and codes */
};

static void add_number(struct gathering *gathering, uint16_t input, int64_t value)
{
    gathering->read[input] = true;
    *list_push(gathering->arena, &gathering->numbers[input].items) = value;
}

static void gather(struct gathering *gathering, const struct policy_expr *expr);

static void gather_definition(struct gathering *gathering, uint16_t number)
{
    const struct policy_definition *definition = &gathering->policy->definitions[number];
    if (gathering->seen[number]) return;
    gathering->seen[number] = true;
    for (size_t v = 0; v < definition->version_count; v++) {
        if (!policy_in_force(definition->versions[v].span, gathering->at)) continue;
        gather(gathering, definition->versions[v].expr);
    }
}

static void gather_standard(struct gathering *gathering, uint16_t number)
{
    const struct policy_standard *standard = &gathering->policy->standards[number];
    for (size_t k = 0; k < standard->by_count; k++) gathering->read[standard->by[k]] = true;
    for (size_t r = 0; r < standard->row_count; r++) {
        const struct policy_row *row = &standard->rows[r];
        if (row->none || !policy_in_force(row->span, gathering->at)) continue;
        for (size_t k = 0; k < standard->by_count; k++) {
            add_number(gathering, standard->by[k], row->keys[k]);
        }
    }
}

static void gather_list(struct gathering *gathering, const struct policy_expr *expr)
{
    enum policy_type type = gathering->policy->inputs[expr->target].type;
    gathering->read[expr->target] = true;
    for (size_t i = 0; i < expr->list_count; i++) {
        const struct policy_item *item = &expr->list[i];
        if (type == POLICY_CHOICE || type == POLICY_SET) {
            gathering->words[expr->target] |= (uint64_t)1 << item->value;
        } else {
            add_number(gathering, expr->target, item->value);
        }
    }
}

/* Who completes so many years on the day; the days beside it are told apart with it. */
static void add_birthday(struct gathering *gathering, uint16_t input, int64_t years)
{
    enum { YEARS_MAX = 200 };
    int year, month, day_of_month;
    day born;
    day_to_ymd(gathering->at, &year, &month, &day_of_month);
    if (years < 0 || years > YEARS_MAX) return;
    if (month == 2 && day_of_month == 29) day_of_month = 28;
    if (day_from_ymd(year - (int)years, month, day_of_month, &born)) {
        add_number(gathering, input, born.days);
        add_number(gathering, input, born.days + 1);
    }
}

/* Who has so many full months on the day. */
static void add_months(struct gathering *gathering, uint16_t input, int64_t months)
{
    enum { MONTHS_MAX = 2400 };
    int year, month, day_of_month;
    day from;
    if (months < 0 || months > MONTHS_MAX) return;
    day_to_ymd((day){gathering->at.days + 1}, &year, &month, &day_of_month);
    int64_t whole = (int64_t)year * 12 + month - 1 - months;
    year = (int)(whole / 12);
    month = (int)(whole % 12) + 1;
    while (!day_from_ymd(year, month, day_of_month, &from)) day_of_month--;
    add_number(gathering, input, from.days);
    add_number(gathering, input, from.days + 1);
}

/* A limit that an input is compared with: the numbers around it are told apart. */
static void gather_limit(struct gathering *gathering, const struct policy_expr *input,
                         const struct policy_expr *limit)
{
    if (limit->kind != POLICY_LITERAL) return;
    if (input->kind == POLICY_INPUT) add_number(gathering, input->target, limit->value);
    if (input->kind != POLICY_AGE) return;
    void (*add)(struct gathering *, uint16_t, int64_t) =
        input->unit == POLICY_MONTHS ? add_months : add_birthday;
    add(gathering, input->target, limit->value);
    add(gathering, input->target, limit->value + 1);
}

static void gather(struct gathering *gathering, const struct policy_expr *expr)
{
    switch (expr->kind) {
    case POLICY_IS:
    case POLICY_INPUT:
    case POLICY_AGE: gathering->read[expr->target] = true; break;
    case POLICY_IN:
    case POLICY_HAS_ANY:
    case POLICY_HAS_ALL: gather_list(gathering, expr); break;
    case POLICY_HOLDS:
    case POLICY_VALUE: gather_definition(gathering, expr->target); break;
    case POLICY_LISTED:
    case POLICY_STANDARD: gather_standard(gathering, expr->target); break;
    case POLICY_COMPARE:
        gather_limit(gathering, expr->parts[0], expr->parts[1]);
        gather_limit(gathering, expr->parts[1], expr->parts[0]);
        break;
    default: break;
    }
    for (size_t i = 0; i < expr->part_count; i++) gather(gathering, expr->parts[i]);
}

static int compare_values(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void sort_values(struct policy_cell_values *values)
{
    size_t kept = 0;
    if (values->count == 0) return;
    qsort(values->values, values->count, sizeof *values->values, compare_values);
    for (size_t i = 0; i < values->count; i++) {
        if (kept > 0 && values->values[kept - 1] == values->values[i]) continue;
        values->values[kept++] = values->values[i];
    }
    values->count = kept;
}

/* No word, each named word alone, one that is not named, and a named one beside it. */
static void set_values(const struct policy_input *input, uint64_t named,
                       struct policy_cell_values *out)
{
    uint64_t other = 0;
    for (size_t c = 0; c < input->choice_count && other == 0; c++) {
        if ((named >> c & 1) == 0) other = (uint64_t)1 << c;
    }
    out->values[out->count++] = 0;
    if (other != 0) out->values[out->count++] = (int64_t)other;
    for (size_t c = 0; c < input->choice_count; c++) {
        if ((named >> c & 1) == 0) continue;
        out->values[out->count++] = (int64_t)((uint64_t)1 << c);
    }
    if (named != 0) out->values[out->count++] = (int64_t)(named | other);
}

/* The numbers named and those beside them, as far as a file may state them. */
static void number_values(const struct policy_input *input, const struct numbers *numbers,
                          struct policy_cell_values *out)
{
    bool code = input->type == POLICY_CODE, free_of_limits = code || input->type == POLICY_DAY;
    int64_t least = free_of_limits ? INT64_MIN : input->least;
    int64_t most = free_of_limits ? INT64_MAX : input->most;
    for (size_t i = 0; i < numbers->items.count; i++) {
        for (int64_t near = -1; near <= 1; near++) {
            int64_t value = numbers->items.items[i] + near;
            if (code && near != 0) continue;
            if (value >= least && value <= most) out->values[out->count++] = value;
        }
    }
    if (code) out->values[out->count++] = 999999; /* no division has this code */
    if (out->count == 0) out->values[out->count++] = free_of_limits || least < 0 ? 0 : least;
}

static void values_of(struct gathering *gathering, uint16_t number, struct policy_cell_values *out)
{
    const struct policy_input *input = &gathering->policy->inputs[number];
    size_t most = input->choice_count + 4 + 3 * gathering->numbers[number].items.count;
    *out = (struct policy_cell_values){.input = number};
    out->values = arena_array(gathering->arena, int64_t, most);
    if (input->type == POLICY_YES_NO || input->type == POLICY_CHOICE) {
        size_t count = input->type == POLICY_YES_NO ? 2 : input->choice_count;
        for (size_t c = 0; c < count; c++) out->values[out->count++] = (int64_t)c;
    } else if (input->type == POLICY_SET) {
        set_values(input, gathering->words[number], out);
    } else {
        number_values(input, &gathering->numbers[number], out);
    }
    sort_values(out);
}

void policy_cells_of(struct arena *arena, const struct policy *policy,
                     const struct policy_expr *const *exprs, size_t count, day at,
                     struct policy_cells *out)
{
    struct gathering gathering = {.arena = arena, .policy = policy, .at = at};
    gathering.seen = arena_array(arena, bool, policy->definition_count);
    gathering.read = arena_array(arena, bool, policy->input_count);
    gathering.words = arena_array(arena, uint64_t, policy->input_count);
    gathering.numbers = arena_array(arena, struct numbers, policy->input_count);
    for (size_t e = 0; e < count; e++) {
        if (exprs[e] != NULL) gather(&gathering, exprs[e]);
    }
    *out = (struct policy_cells){0};
    out->inputs = arena_array(arena, struct policy_cell_values, policy->input_count);
    for (size_t i = 0; i < policy->input_count; i++) {
        if (gathering.read[i]) values_of(&gathering, (uint16_t)i, &out->inputs[out->count++]);
    }
}

size_t policy_cells_count(const struct policy_cells *cells, bool and_unknown, size_t limit)
{
    size_t count = 1;
    for (size_t i = 0; i < cells->count; i++) {
        if (__builtin_mul_overflow(count, cells->inputs[i].count + and_unknown, &count)
            || count > limit) {
            return limit + 1;
        }
    }
    return count;
}

void policy_cells_rows(struct arena *arena, const struct policy_cells *cells, uint16_t subject,
                       bool and_unknown, struct policy_rows *out)
{
    size_t count = policy_cells_count(cells, and_unknown, SIZE_MAX - 1), turns = count;
    *out = (struct policy_rows){.subject = subject, .count = count};
    for (size_t i = 0; i < cells->count; i++) {
        const struct policy_cell_values *input = &cells->inputs[i];
        size_t choices = input->count + and_unknown;
        uint8_t *states = arena_array(arena, uint8_t, count);
        int64_t *values = arena_array(arena, int64_t, count);
        turns /= choices;
        for (size_t r = 0; r < count; r++) {
            size_t choice = r / turns % choices;
            states[r] = choice < input->count ? POLICY_KNOWN : POLICY_MISSING;
            values[r] = choice < input->count ? input->values[choice] : 0;
        }
        out->columns[input->input] = (struct policy_column){states, values};
    }
}
