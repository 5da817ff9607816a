#include "awards/facts_internal.h"

/* Gets what is said of one person, one thing at a time, until it returns false. */
struct hearer {
    bool (*hear)(void *context, const struct bound_clause *bound, const struct fact_source *source);
    void *context;
};

static bool say(const struct fact_maker *maker, const struct bound_clause *bound, uint32_t row,
                uint32_t record, bool of_household, const struct hearer *hearer)
{
    bool stale;
    bool holds = fact_clause_holds(maker, bound->clause, row, &stale);
    struct fact_source source = {.kind = stale ? FACT_STALE : FACT_STATED,
                                 .value = bound->is_set ? bound->value | bound->mask : 0,
                                 .register_number = maker->kept->rows[row].register_number,
                                 .row = row,
                                 .record = record,
                                 .one_of = bound->mask != 0,
                                 .of_household = of_household};
    if (!holds && !stale) return true;
    if ((!bound->is_set || bound->clause->field >= 0)
        && !fact_clause_value(maker, bound, row, &source.value)) {
        return true;
    }
    return hearer->hear(hearer->context, bound, &source);
}

/* The person's newest row of the clause's register that states something; of the register of
 * students only the row that makes the person one. */
static bool say_scalar(const struct fact_maker *maker, const struct facts *facts, size_t row,
                       const struct bound_clause *bound, const struct hearer *hearer)
{
    const struct people *people = maker->people;
    const struct fact_rows *kept = maker->kept;
    const struct person *person = &people->persons[facts->persons[row]];
    uint32_t student = facts->records[row], own = maker->row_of_record[student];
    uint32_t reg = (uint32_t)bound->clause->register_number;
    if (!maker->text->registers[reg].profile->people) {
        uint32_t school = fact_school_row(maker, own);
        return school == UINT32_MAX || say(maker, bound, school, UINT32_MAX, false, hearer);
    }
    if (kept->rows[own].register_number == reg) {
        return say(maker, bound, own, student, false, hearer);
    }
    uint32_t best = UINT32_MAX, best_record = 0;
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t record = people->order[person->first + i], at = maker->row_of_record[record];
        int64_t value;
        if (at == UINT32_MAX || kept->rows[at].register_number != reg) continue;
        if (best != UINT32_MAX
            && kept->rows[at].valid_from.days <= kept->rows[best].valid_from.days)
            continue;
        if (!fact_clause_value(maker, bound, at, &value)) continue;
        best = at;
        best_record = record;
    }
    return best == UINT32_MAX || say(maker, bound, best, best_record, false, hearer);
}

static bool say_row(const struct fact_maker *maker, uint16_t input, uint32_t row, uint32_t record,
                    bool of_household, const struct hearer *hearer)
{
    const struct bound_list *list = &maker->by_register[maker->kept->rows[row].register_number];
    bool stated = false;
    for (size_t i = 0; i < list->items.count; i++) {
        const struct bound_clause *bound = list->items.items[i];
        bool stale;
        if (bound->input != input) continue;
        /* "One of them" is for rows that do not say which. */
        if (bound->mask != 0 && stated) continue;
        stated |= fact_clause_holds(maker, bound->clause, row, &stale);
        if (!say(maker, bound, row, record, of_household, hearer)) return false;
    }
    return true;
}

static void say_set(const struct fact_maker *maker, const struct facts *facts, size_t row,
                    uint16_t input, const struct hearer *hearer)
{
    const struct people *people = maker->people;
    const struct person *person = &people->persons[facts->persons[row]];
    uint32_t heads[HOUSEHOLD_ROWS_MAX];
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t record = people->order[person->first + i], at = maker->row_of_record[record];
        if (at == UINT32_MAX) continue;
        if (!say_row(maker, input, at, record, false, hearer)) return;
    }
    size_t count = facts_household_rows(maker, facts->persons[row], heads);
    for (size_t i = 0; i < count; i++) {
        if (!say_row(maker, input, heads[i], UINT32_MAX, true, hearer)) return;
    }
}

/* What has been heard of one input of one person. */
struct heard {
    const struct fact_maker *maker;
    bool agrees; /* all have to say the same */
    bool known, stale, conflicting;
    int64_t value;
    uint64_t open; /* groups */
};

static bool hear_scalar(void *context, const struct bound_clause *bound,
                        const struct fact_source *source)
{
    struct heard *heard = context;
    (void)bound;
    if (source->kind == FACT_STALE) {
        heard->stale = true;
        return true;
    }
    if (!heard->known) {
        heard->known = true;
        heard->value = source->value;
        return heard->agrees;
    }
    heard->conflicting |= source->value != heard->value;
    return true;
}

static bool hear_set(void *context, const struct bound_clause *bound,
                     const struct fact_source *source)
{
    struct heard *heard = context;
    if (source->kind == FACT_STALE) return true;
    if (bound->mask != 0) {
        heard->open |= UINT64_C(1) << bound->group;
    } else {
        heard->value |= source->value;
    }
    return true;
}

/* Words of which only one can be true: one of those stated is, and it is not known which. */
static void settle_aparts(const struct fact_maker *maker, uint16_t input, struct heard *heard)
{
    for (size_t i = 0; i < maker->apart_count; i++) {
        uint64_t both = (uint64_t)(heard->value & maker->aparts[i]);
        if (maker->apart_inputs[i] != input || (both & (both - 1)) == 0) continue;
        heard->conflicting = true;
        for (size_t g = 0; g < maker->groups.count; g++) {
            const struct award_group *group = &maker->groups.items[g];
            bool of_these = group->input == input && group->option_count > 0;
            for (size_t o = 0; o < group->option_count && of_these; o++) {
                int64_t option = group->options[o];
                of_these = option != 0 && (option & ~maker->aparts[i]) == 0;
            }
            if (of_these) heard->open |= UINT64_C(1) << g;
        }
        heard->value &= ~maker->aparts[i];
    }
    /* What is stated by one row outweighs "one of them" of another. */
    for (size_t g = 0; g < maker->groups.count; g++) {
        const struct award_group *group = &maker->groups.items[g];
        if (heard->conflicting || (heard->open & (UINT64_C(1) << g)) == 0) continue;
        for (size_t o = 0; o < group->option_count; o++) {
            if (group->options[o] != 0 && (heard->value & group->options[o]) != 0) {
                heard->open &= ~(UINT64_C(1) << g);
            }
        }
    }
}

static void fill_set(const struct fact_maker *maker, const struct facts *facts, size_t row,
                     uint16_t input, uint8_t *state, int64_t *value, uint64_t *open)
{
    struct heard heard = {.maker = maker};
    const struct hearer hearer = {hear_set, &heard};
    say_set(maker, facts, row, input, &hearer);
    settle_aparts(maker, input, &heard);
    for (size_t k = 0; k < maker->keepers.count; k++) {
        const struct keeper *keeper = &maker->keepers.items[k];
        if (keeper->input != input || maker->sent[k][row]) continue;
        heard.open |= UINT64_C(1) << keeper->group;
    }
    *state = heard.conflicting ? POLICY_CONFLICTING
             : heard.open != 0 ? POLICY_MISSING
                               : POLICY_KNOWN;
    *value = heard.value;
    *open |= heard.open;
}

static void fill_scalar(const struct fact_maker *maker, const struct facts *facts, size_t row,
                        uint16_t input, uint8_t *state, int64_t *value)
{
    struct heard heard = {.maker = maker, .agrees = maker->agrees[input]};
    const struct hearer hearer = {hear_scalar, &heard};
    const struct bound_list *list = &maker->by_input[input];
    for (size_t i = 0; i < list->items.count; i++) {
        if (!say_scalar(maker, facts, row, list->items.items[i], &hearer)) break;
    }
    *state = heard.conflicting ? POLICY_CONFLICTING
             : heard.known     ? POLICY_KNOWN
             : heard.stale     ? POLICY_STALE
                               : POLICY_MISSING;
    *value = heard.known && !heard.conflicting ? heard.value : 0;
}

void facts_fill(struct fact_maker *maker)
{
    struct facts *facts = maker->facts;
    size_t rows = facts->rows.count;
    uint64_t *open = arena_array(maker->arena, uint64_t, rows);
    for (uint16_t input = 0; input < maker->policy->input_count; input++) {
        const struct policy_input *at = &maker->policy->inputs[input];
        bool is_set = at->type == POLICY_SET;
        if (at->subject != facts->subject) continue;
        if (!is_set && maker->by_input[input].items.count == 0) continue;
        uint8_t *states = arena_array(maker->arena, uint8_t, rows);
        int64_t *values = arena_array(maker->arena, int64_t, rows);
        for (size_t row = 0; row < rows; row++) {
            if (is_set) {
                fill_set(maker, facts, row, input, &states[row], &values[row], &open[row]);
            } else {
                fill_scalar(maker, facts, row, input, &states[row], &values[row]);
            }
        }
        facts->rows.columns[input] = (struct policy_column){states, values};
    }
    facts->open = (struct award_open){maker->groups.items, maker->groups.count, open};
}

struct listing {
    struct arena *arena;
    LIST(struct fact_source) sources;
};

static bool hear_source(void *context, const struct bound_clause *bound,
                        const struct fact_source *source)
{
    struct listing *listing = context;
    (void)bound;
    *list_push(listing->arena, &listing->sources) = *source;
    return true;
}

static void add_silences(const struct fact_maker *maker, size_t row, uint16_t input,
                         struct listing *listing)
{
    for (size_t k = 0; k < maker->keepers.count; k++) {
        const struct keeper *keeper = &maker->keepers.items[k];
        bool stated = false;
        if (keeper->input != input) continue;
        for (size_t i = 0; i < listing->sources.count; i++) {
            const struct fact_source *source = &listing->sources.items[i];
            stated |=
                source->kind == FACT_STATED && source->register_number == keeper->register_number;
        }
        if (stated && maker->sent[k][row]) continue;
        *list_push(listing->arena, &listing->sources) =
            (struct fact_source){.kind = maker->sent[k][row] ? FACT_SILENT : FACT_NOT_SENT,
                                 .register_number = keeper->register_number,
                                 .value = keeper->words,
                                 .row = UINT32_MAX,
                                 .record = UINT32_MAX};
    }
}

void facts_sources(const struct facts *facts, struct arena *arena, size_t row, uint16_t input,
                   struct fact_source **out, size_t *count)
{
    const struct fact_maker *maker = facts->maker;
    struct listing listing = {.arena = arena};
    const struct hearer hearer = {hear_source, &listing};
    CHECK(row < facts->rows.count);
    CHECK(input < maker->policy->input_count);
    if (maker->roster != NULL) {
        roster_sources(maker, arena, row, input, out, count);
        return;
    }
    if (maker->policy->inputs[input].type == POLICY_SET) {
        say_set(maker, facts, row, input, &hearer);
        add_silences(maker, row, input, &listing);
    } else {
        const struct bound_list *list = &maker->by_input[input];
        for (size_t i = 0; i < list->items.count; i++) {
            (void)say_scalar(maker, facts, row, list->items.items[i], &hearer);
        }
    }
    *out = listing.sources.items;
    *count = listing.sources.count;
}
