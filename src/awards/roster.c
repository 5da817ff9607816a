#include "awards/roster.h"

#include "awards/roster_internal.h"
#include "policy/period.h"

bool roster_is_joined(const struct facts_text *text)
{
    for (size_t i = 0; i < text->state_count; i++) {
        if (text->registers[text->states[i].register_number].profile->people) return true;
    }
    return false;
}

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

static void fill(struct fact_maker *maker, struct policy_rows *rows)
{
    const struct roster *roster = maker->roster;
    struct roster_rows *spoken = arena_new(maker->arena, struct roster_rows);
    uint8_t *states[POLICY_INPUTS_MAX] = {NULL};
    int64_t *values[POLICY_INPUTS_MAX] = {NULL};
    for (uint16_t input = 0; input < maker->policy->input_count; input++) {
        if (maker->by_input[input].items.count == 0) continue;
        states[input] = arena_array(maker->arena, uint8_t, rows->count);
        values[input] = arena_array(maker->arena, int64_t, rows->count);
        rows->columns[input] = (struct policy_column){states[input], values[input]};
    }
    for (size_t i = 0; i < rows->count; i++) {
        roster_gather(maker, roster->members[i], spoken);
        for (uint16_t input = 0; input < maker->policy->input_count; input++) {
            if (states[input] == NULL) continue;
            states[input][i] = (uint8_t)roster_state_of(maker, roster->members[i], spoken, input,
                                                        &values[input][i]);
        }
    }
}

struct listing {
    struct arena *arena;
    LIST(struct fact_source) sources;
};

static void hear_source(void *context, const struct fact_source *source, bool counts)
{
    struct listing *listing = context;
    (void)counts;
    *list_push(listing->arena, &listing->sources) = *source;
}

void roster_sources(const struct fact_maker *maker, struct arena *arena, size_t row, uint16_t input,
                    struct fact_source **out, size_t *count)
{
    struct listing listing = {.arena = arena};
    const struct roster_hearer hearer = {hear_source, &listing};
    struct roster_rows *rows = arena_new(arena, struct roster_rows);
    uint32_t member = maker->roster->members[row];
    roster_gather(maker, member, rows);
    roster_say(maker, member, rows, input, &hearer);
    *out = listing.sources.items;
    *count = listing.sources.count;
}

uint32_t roster_member(const struct facts *facts, size_t row)
{
    CHECK(row < facts->rows.count);
    return facts->maker->roster->members[row];
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
                 const struct people *people, const struct fact_rows *kept, day at,
                 struct award_people *out)
{
    struct facts *facts = arena_new(arena, struct facts);
    struct people *nobody = arena_new(arena, struct people);
    struct fact_maker *maker = arena_new(arena, struct fact_maker);
    nobody->when.at = at;
    *facts = (struct facts){.text = text,
                            .policy = policy,
                            .people = people == NULL ? nobody : people,
                            .kept = kept,
                            .at = at,
                            .maker = maker,
                            .subject = policy_find_subject(policy, text->subject)};
    *maker = (struct fact_maker){.arena = arena,
                                 .text = text,
                                 .policy = policy,
                                 .people = facts->people,
                                 .kept = kept,
                                 .facts = facts,
                                 .roster = arena_new(arena, struct roster)};
    *out = (struct award_people){.rows = {.subject = facts->subject}};
    if (facts->subject == POLICY_NONE) return;
    fact_maker_year(maker);
    facts_meet_records(maker);
    facts_bind(maker);
    facts_read_schools(maker);
    facts_read_households(maker);
    find_members(maker, &maker->roster->members, &out->rows.count);
    maker->roster->count = out->rows.count;
    roster_read_numbers(maker);
    fill(maker, &out->rows);
    name_rows(maker, maker->roster->members, out);
    facts->rows = out->rows;
    out->facts = facts;
}
