#include "awards/award_store_internal.h"

enum { INPUTS_BYTES_MAX = 4096 };

static void add_words(struct text *out, const struct policy_input *input, int64_t value)
{
    bool first = true;
    for (size_t i = 0; i < input->choice_count; i++) {
        if (((uint64_t)value & (UINT64_C(1) << i)) == 0) continue;
        if (!first) text_add_byte(out, ',');
        text_add(out, input->choices[i].name.key);
        first = false;
    }
    if (first) text_add_c(out, "none");
}

static void add_value(struct text *out, const struct policy_input *input, int64_t value)
{
    switch (input->type) {
    case POLICY_YES_NO: text_add_c(out, value != 0 ? "yes" : "no"); break;
    case POLICY_CHOICE: text_add(out, input->choices[value].name.key); break;
    case POLICY_SET: add_words(out, input, value); break;
    default: text_add_f(out, "%lld", (long long)value);
    }
}

struct str award_inputs(struct arena *arena, const struct facts *facts,
                        const struct award_kinds *kinds, size_t kind)
{
    struct text out;
    uint32_t row = kinds->rows[kind];
    text_init(&out, arena, INPUTS_BYTES_MAX);
    for (uint16_t i = 0; i < facts->policy->input_count; i++) {
        const struct policy_input *input = &facts->policy->inputs[i];
        const struct policy_column *column = &facts->rows.columns[i];
        if (column->states == NULL || (kinds->inputs >> i & 1) == 0) continue;
        bool known = column->states[row] == POLICY_KNOWN;
        bool partly = !known && input->type == POLICY_SET && column->values[row] != 0;
        if (out.len > 0) text_add_byte(&out, ';');
        text_add(&out, input->name.key);
        if (!known && !partly) {
            text_add_byte(&out, '?');
            continue;
        }
        text_add_byte(&out, '=');
        add_value(&out, input, column->values[row]);
        if (partly) text_add_byte(&out, '+');
    }
    return text_str(&out);
}

struct str award_kept_needs(struct arena *arena, const struct facts *facts,
                            const struct policy_decision *decision)
{
    struct text out;
    text_init(&out, arena, INPUTS_BYTES_MAX);
    for (uint16_t i = 0; i < facts->policy->input_count; i++) {
        if (decision->verdict != POLICY_UNKNOWN) break;
        if ((decision->needs & (UINT64_C(1) << i)) == 0) continue;
        if (out.len > 0) text_add_byte(&out, ';');
        text_add(&out, facts->policy->inputs[i].name.key);
    }
    return text_str(&out);
}

char *award_period(const struct award_run *run, const struct policy_decision *decision,
                   char buffer[PERIOD_TEXT_SIZE])
{
    const struct policy_scheme *scheme = &run->facts->policy->schemes[decision->scheme];
    return period_format(period_of(scheme->period, run->at), buffer);
}

int64_t award_fen(const struct policy_decision *decision)
{
    return decision->verdict == POLICY_ENTITLED ? decision->fen : 0;
}

void award_hash(const struct award_run *run, unsigned char out[32])
{
    struct arena work = {0};
    struct text all;
    text_init(&all, &work, SIZE_MAX / 2);
    const struct award_kinds *kinds = run->kinds;
    for (size_t kind = 0; kind < kinds->count; kind++) {
        text_add(&all, award_inputs(&work, run->facts, kinds, kind));
        for (size_t i = kinds->firsts[kind]; i < kinds->firsts[kind + 1]; i++) {
            const struct policy_decision *decision = &kinds->decisions[i];
            text_add_f(&all, "\n%.*s %d %lld %llx",
                       STR_ARG(run->facts->policy->schemes[decision->scheme].name.key),
                       decision->verdict, (long long)award_fen(decision),
                       (unsigned long long)decision->needs);
        }
        text_add_byte(&all, '\n');
    }
    for (size_t row = 0; row < run->facts->rows.count; row++) {
        text_add_f(&all, "%lld %u\n",
                   (long long)run->facts->people->persons[run->facts->persons[row]].number,
                   kinds->kind_of[row]);
    }
    sm3_hash(text_str(&all), out);
    arena_free(&work);
}
