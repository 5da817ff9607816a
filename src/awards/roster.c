#include "awards/roster.h"

#include "awards/facts_internal.h"
#include "policy/period.h"

bool roster_is_of(const struct facts_text *text)
{
    for (size_t i = 0; i < text->member_count; i++) {
        if (text->registers[text->members[i].register_number].profile->people) return false;
    }
    return text->member_count > 0;
}

/* Rows that make somebody one of the subject. */
static void find_members(struct fact_maker *maker, uint32_t **out, size_t *count)
{
    const struct facts_text *text = maker->text;
    *out = arena_array(maker->arena, uint32_t, maker->kept->row_count);
    *count = 0;
    for (uint32_t row = 0; row < maker->kept->row_count; row++) {
        for (size_t i = 0; i < text->member_count; i++) {
            const struct fact_clause *clause = &text->members[i];
            bool stale;
            if (clause->register_number != maker->kept->rows[row].register_number) continue;
            if (!fact_clause_holds(maker, clause, row, &stale)) continue;
            (*out)[(*count)++] = row;
            break;
        }
    }
}

/* What the first clause says that says anything of the row or of its school. */
static enum policy_state state_of(const struct fact_maker *maker, uint16_t input, uint32_t row,
                                  int64_t *value)
{
    const struct bound_list *list = &maker->by_input[input];
    bool stale_one = false;
    for (size_t i = 0; i < list->items.count; i++) {
        const struct bound_clause *bound = list->items.items[i];
        uint32_t from = row;
        bool stale;
        if (bound->clause->register_number != maker->kept->rows[row].register_number) {
            from = fact_school_row(maker, row);
        }
        if (from == UINT32_MAX
            || bound->clause->register_number != maker->kept->rows[from].register_number) {
            continue;
        }
        bool holds = fact_clause_holds(maker, bound->clause, from, &stale);
        if (!holds && !stale) continue;
        if (!fact_clause_value(maker, bound, from, value)) continue;
        if (holds) return POLICY_KNOWN;
        stale_one = true;
    }
    return stale_one ? POLICY_STALE : POLICY_MISSING;
}

static void fill(const struct fact_maker *maker, const uint32_t *members, struct policy_rows *rows)
{
    for (uint16_t input = 0; input < maker->policy->input_count; input++) {
        if (maker->by_input[input].items.count == 0) continue;
        uint8_t *states = arena_array(maker->arena, uint8_t, rows->count);
        int64_t *values = arena_array(maker->arena, int64_t, rows->count);
        for (size_t i = 0; i < rows->count; i++) {
            states[i] = (uint8_t)state_of(maker, input, members[i], &values[i]);
        }
        rows->columns[input] = (struct policy_column){states, values};
    }
}

/* What output calls each row, and a letter. */
static void name_rows(const struct fact_maker *maker, const uint32_t *members,
                      struct award_people *out)
{
    size_t count = out->rows.count;
    struct str *ids = arena_array(maker->arena, struct str, count);
    struct str *names = arena_array(maker->arena, struct str, count);
    uint32_t *order = arena_array(maker->arena, uint32_t, count);
    for (size_t i = 0; i < count; i++) {
        const struct fact_row *row = &maker->kept->rows[members[i]];
        const struct fact_register *reg = &maker->text->registers[row->register_number];
        struct text id;
        text_init(&id, maker->arena, reg->key.len + 32);
        text_add(&id, reg->key);
        text_add_f(&id, "/%lld", (long long)row->statement);
        ids[i] = text_str(&id);
        names[i] = fact_text_at(maker->kept, members[i], reg->name);
        order[i] = (uint32_t)i;
    }
    out->ids = ids;
    out->names = names;
    out->order = order;
}

void roster_make(struct arena *arena, const struct facts_text *text, const struct policy *policy,
                 const struct fact_rows *kept, day at, struct award_people *out)
{
    struct facts *facts = arena_new(arena, struct facts);
    struct people *nobody = arena_new(arena, struct people);
    struct fact_maker *maker = arena_new(arena, struct fact_maker);
    uint32_t *members;
    nobody->when.at = at;
    *facts = (struct facts){.text = text,
                            .policy = policy,
                            .kept = kept,
                            .at = at,
                            .subject = policy_find_subject(policy, text->subject)};
    *maker = (struct fact_maker){.arena = arena,
                                 .text = text,
                                 .policy = policy,
                                 .people = nobody,
                                 .kept = kept,
                                 .facts = facts};
    *out = (struct award_people){.rows = {.subject = facts->subject}};
    if (facts->subject == POLICY_NONE) return;
    fact_maker_year(maker);
    facts_bind(maker);
    facts_read_schools(maker);
    find_members(maker, &members, &out->rows.count);
    fill(maker, members, &out->rows);
    name_rows(maker, members, out);
}
