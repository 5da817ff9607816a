#include "awards/facts_internal.h"

static uint16_t input_of(const struct fact_maker *maker, struct str name)
{
    return policy_find_input(maker->policy, maker->facts->subject, name);
}

static int64_t word_bit(const struct fact_maker *maker, uint16_t input, struct str word)
{
    int choice = policy_find_choice(&maker->policy->inputs[input], word);
    return choice < 0 ? 0 : (int64_t)(UINT64_C(1) << choice);
}

static size_t add_group(struct fact_maker *maker, uint16_t input)
{
    if (maker->groups.count == AWARD_GROUPS_MAX) return AWARD_GROUPS_MAX - 1;
    *list_push(maker->arena, &maker->groups) = (struct award_group){.input = input};
    return maker->groups.count - 1;
}

static void add_option(struct fact_maker *maker, struct award_group *group, int64_t words)
{
    enum { OPTIONS_MAX = 64 };
    if (group->options == NULL) group->options = arena_array(maker->arena, int64_t, OPTIONS_MAX);
    if (group->option_count < OPTIONS_MAX) group->options[group->option_count++] = words;
}

/* One of several words: clauses with the same words share a group. */
static void bind_one_of(struct fact_maker *maker, struct bound_clause *bound)
{
    for (size_t i = 0; i < bound->clause->one_of_count; i++) {
        bound->mask |= word_bit(maker, bound->input, bound->clause->one_of[i]);
    }
    for (struct bound_clause *before = maker->states; before < bound; before++) {
        if (before->input != bound->input || before->mask != bound->mask) continue;
        bound->group = before->group;
        return;
    }
    bound->group = add_group(maker, bound->input);
    struct award_group *group = &maker->groups.items[bound->group];
    for (uint64_t rest = (uint64_t)bound->mask; rest != 0; rest &= rest - 1) {
        add_option(maker, group, (int64_t)(rest & (~rest + 1)));
    }
}

static void bind(struct fact_maker *maker, const struct fact_clause *clause,
                 struct bound_clause *bound)
{
    *bound = (struct bound_clause){.clause = clause, .input = input_of(maker, clause->input)};
    if (bound->input == POLICY_NONE) return;
    bound->is_set = maker->policy->inputs[bound->input].type == POLICY_SET;
    if (clause->one_of_count > 0) {
        bind_one_of(maker, bound);
        if (!bound->is_set || bound->mask == 0) bound->input = POLICY_NONE;
    } else if (clause->value.len > 0 && bound->is_set) {
        bound->value = word_bit(maker, bound->input, clause->value);
        if (bound->value == 0) bound->input = POLICY_NONE;
    }
}

static void bind_aparts(struct fact_maker *maker)
{
    maker->aparts = arena_array(maker->arena, int64_t, maker->text->apart_count);
    maker->apart_inputs = arena_array(maker->arena, uint16_t, maker->text->apart_count);
    for (size_t i = 0; i < maker->text->apart_count; i++) {
        const struct fact_apart *apart = &maker->text->aparts[i];
        uint16_t input = input_of(maker, apart->input);
        if (input == POLICY_NONE || maker->policy->inputs[input].type != POLICY_SET) continue;
        size_t at = maker->apart_count++;
        maker->apart_inputs[at] = input;
        for (size_t w = 0; w < apart->word_count; w++) {
            maker->aparts[at] |= word_bit(maker, input, apart->words[w]);
        }
    }
}

static struct keeper *keeper_of(struct fact_maker *maker, size_t register_number, uint16_t input)
{
    for (size_t i = 0; i < maker->keepers.count; i++) {
        struct keeper *keeper = &maker->keepers.items[i];
        if (keeper->register_number == register_number && keeper->input == input) return keeper;
    }
    const struct profile *profile = maker->text->registers[register_number].profile;
    struct keeper *keeper = list_push(maker->arena, &maker->keepers);
    *keeper = (struct keeper){.register_number = (uint32_t)register_number,
                              .input = input,
                              .group = add_group(maker, input),
                              .by_school = str_is(profile->scope, "school")};
    return keeper;
}

static bool is_apart(const struct fact_maker *maker, uint16_t input, int64_t words)
{
    for (size_t i = 0; i < maker->apart_count; i++) {
        uint64_t both = (uint64_t)(words & maker->aparts[i]);
        if (maker->apart_inputs[i] == input && (both & (both - 1)) != 0) return false;
    }
    return true;
}

/* All that a list that was not sent could say of somebody. */
static void add_silent_options(struct fact_maker *maker, const struct keeper *keeper)
{
    struct award_group *group = &maker->groups.items[keeper->group];
    int64_t words = 0;
    do {
        if (is_apart(maker, keeper->input, words)) add_option(maker, group, words);
        words = (words - keeper->words) & keeper->words;
    } while (words != 0);
}

void facts_bind(struct fact_maker *maker)
{
    const struct facts_text *text = maker->text;
    maker->states = arena_array(maker->arena, struct bound_clause, text->state_count);
    bind_aparts(maker);
    for (size_t i = 0; i < text->state_count; i++) {
        bind(maker, &text->states[i], &maker->states[i]);
    }
    for (size_t i = 0; i < text->state_count; i++) {
        const struct bound_clause *bound = &maker->states[i];
        if (bound->input == POLICY_NONE || !bound->is_set || bound->clause->extra) continue;
        struct keeper *keeper = keeper_of(maker, bound->clause->register_number, bound->input);
        keeper->words |= bound->value | bound->mask;
    }
    maker->by_register = arena_array(maker->arena, struct bound_list, text->register_count);
    for (size_t i = 0; i < text->state_count; i++) {
        const struct bound_clause *bound = &maker->states[i];
        if (bound->input == POLICY_NONE) continue;
        struct bound_list *list = bound->is_set
                                      ? &maker->by_register[bound->clause->register_number]
                                      : &maker->by_input[bound->input];
        *list_push(maker->arena, &list->items) = bound;
    }
    for (size_t i = 0; i < maker->keepers.count; i++) {
        add_silent_options(maker, &maker->keepers.items[i]);
    }
    for (size_t i = 0; i < text->agree_count; i++) {
        uint16_t input = input_of(maker, text->agree[i]);
        if (input != POLICY_NONE) maker->agrees[input] = true;
    }
}
