#include "awards/facts_internal.h"

/* "2020", "2020-09" and "2020-09-05" stand for all of their days; what cannot be read is open. */
static bool reached(struct str at, struct str from)
{
    if (from.len < 4 || from.len > 10) return true;
    return str_compare(str_slice(at, 0, from.len), from) >= 0;
}

static bool not_past(struct str at, struct str to)
{
    if (to.len < 4 || to.len > 10) return true;
    return str_compare(str_slice(at, 0, to.len), to) <= 0;
}

static bool condition_holds(const struct fact_condition *condition, struct str value)
{
    bool there = false;
    for (size_t i = 0; i < condition->word_count && !there; i++) {
        there = fact_word_fits(condition->words[i], value);
    }
    return there != condition->unless;
}

static bool is_fresh(const struct fact_maker *maker, uint32_t row)
{
    return maker->kept->rows[row].valid_from.days >= maker->fresh_from.days;
}

static bool of_school_year(const struct fact_maker *maker, const struct fact_clause *clause,
                           uint32_t row)
{
    if (clause->school_year < 0) return true;
    struct str cell = fact_text_at(maker->kept, row, clause->school_year);
    return fact_school_year(cell) == maker->school_year;
}

bool fact_clause_holds(const struct fact_maker *maker, const struct fact_clause *clause,
                       uint32_t row, bool *stale)
{
    char today[DAY_TEXT_SIZE];
    *stale = false;
    for (size_t i = 0; i < clause->condition_count; i++) {
        const struct fact_condition *condition = &clause->conditions[i];
        if (!condition_holds(condition, fact_text_at(maker->kept, row, (int)condition->slot))) {
            return false;
        }
    }
    if (clause->from >= 0 || clause->to >= 0) {
        struct str at = str_from(day_format(maker->people->when.at, today));
        if (!reached(at, fact_text_at(maker->kept, row, clause->from))) return false;
        if (!not_past(at, fact_text_at(maker->kept, row, clause->to))) return false;
    }
    *stale = (clause->fresh && !is_fresh(maker, row)) || !of_school_year(maker, clause, row);
    return !*stale;
}

bool fact_row_is_current(const struct fact_maker *maker, uint32_t row)
{
    uint32_t reg = maker->kept->rows[row].register_number;
    bool asked = false;
    for (size_t i = 0; i < maker->text->state_count; i++) {
        const struct fact_clause *clause = &maker->text->states[i];
        if (clause->register_number != reg || !maker->states[i].is_set) continue;
        asked |= clause->fresh || clause->school_year >= 0;
        if (clause->school_year >= 0
            && fact_text_at(maker->kept, row, clause->school_year).len > 0) {
            return of_school_year(maker, clause, row);
        }
    }
    return !asked || is_fresh(maker, row);
}

static bool by_words(const struct fact_clause *clause, struct str cell, struct str *out)
{
    for (size_t i = 0; i < clause->word_count; i++) {
        if (!fact_word_fits(clause->words[i].pattern, cell)) continue;
        *out = clause->words[i].value;
        return true;
    }
    return false;
}

static bool stated_text(const struct fact_clause *clause, struct str cell, struct str *out)
{
    if (cell.len == 0) return false;
    if (by_words(clause, cell, out)) return true;
    if (clause->number) {
        size_t from = cell.len;
        while (from > 0 && cell.ptr[from - 1] >= '0' && cell.ptr[from - 1] <= '9') from--;
        *out = str_slice(cell, from, cell.len);
        return out->len > 0;
    }
    if (clause->word_count > 0) return false;
    if (clause->digits > cell.len) return false;
    *out = clause->digits > 0 ? str_slice(cell, 0, clause->digits) : cell;
    return true;
}

static bool read_value(const struct policy_input *input, struct str text, int64_t *out)
{
    day when;
    int choice;
    switch (input->type) {
    case POLICY_YES_NO: *out = str_is(text, "yes"); return *out || str_is(text, "no");
    case POLICY_CHOICE:
        choice = policy_find_choice(input, text);
        *out = choice;
        return choice >= 0;
    case POLICY_SET:
        choice = policy_find_choice(input, text);
        if (choice >= 0) *out = INT64_C(1) << choice;
        return choice >= 0;
    case POLICY_NUMBER:
    case POLICY_MONEY: return str_to_i64(text, out) && *out >= input->least && *out <= input->most;
    case POLICY_CODE: return str_to_i64(text, out) && *out > 0;
    case POLICY_DAY:
        if (!day_parse(text, &when)) return false;
        *out = when.days;
        return true;
    }
    return false;
}

bool fact_clause_value(const struct fact_maker *maker, const struct bound_clause *bound,
                       uint32_t row, int64_t *value)
{
    const struct policy_input *input = &maker->policy->inputs[bound->input];
    struct str text = bound->clause->value;
    char first[DAY_TEXT_SIZE];
    if (bound->clause->field >= 0) {
        struct str cell = fact_text_at(maker->kept, row, bound->clause->field);
        if (!stated_text(bound->clause, cell, &text)) return false;
    }
    if (bound->clause->partial_first && text.len == 7) {
        memcpy(first, text.ptr, 7);
        memcpy(first + 7, "-01", 4);
        text = str_from(first);
    }
    return read_value(input, text, value);
}
