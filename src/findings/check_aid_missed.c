#include "findings/check_aid_internal.h"

/* Who is entitled and is on no list of what was paid. "On no list" is a claim about a payment that
 * was not found: each is looked for once more (check_second.c) among the payments of the scheme. */

struct missed {
    uint32_t person;
    int64_t due, paid;
    double chance;    /* of all but that no payment was missed */
    uint32_t nearest; /* of a payment of less than is due, or UINT32_MAX */
};

struct missed_list {
    LIST(struct missed) items;
};

/* Rows of students with what their sets hold taken away: whom the scheme concerns without it. */
static bool *due_without_sets(struct aid *aid, struct arena *work, const struct missed *items,
                              size_t count, uint16_t scheme)
{
    const struct facts *facts = aid->facts;
    struct policy_rows rows = {.subject = facts->subject, .count = count};
    struct policy_decisions decisions;
    bool *due = arena_array(work, bool, count);
    for (uint16_t i = 0; i < aid->policy->input_count; i++) {
        const struct policy_column *column = &facts->rows.columns[i];
        bool is_set = aid->policy->inputs[i].type == POLICY_SET;
        if (column->states == NULL) continue;
        uint8_t *states = arena_array(work, uint8_t, count);
        int64_t *values = arena_array(work, int64_t, count);
        for (size_t k = 0; k < count; k++) {
            uint32_t row = facts->row_of[items[k].person];
            states[k] = is_set ? POLICY_KNOWN : column->states[row];
            values[k] = is_set ? 0 : column->values[row];
        }
        rows.columns[i] = (struct policy_column){states, values};
    }
    policy_decide(work, aid->in->program, &rows, aid->check->threads, &decisions);
    for (size_t i = 0; i < decisions.count; i++) {
        const struct policy_decision *decision = &decisions.items[i];
        if (decision->scheme != scheme) continue;
        due[decision->row] = decision->verdict == POLICY_ENTITLED;
    }
    return due;
}

/* How sure it is that one of the rows that state words of a set is the person's. */
static double chance_of_sets(struct aid *aid, struct arena *work, uint32_t person)
{
    static const double household = 0.97;
    const struct facts *facts = aid->facts;
    double none = 1;
    for (uint16_t i = 0; i < aid->policy->input_count; i++) {
        struct fact_source *sources;
        size_t count;
        if (aid->policy->inputs[i].type != POLICY_SET) continue;
        if (aid->policy->inputs[i].subject != facts->subject) continue;
        facts_sources(facts, work, facts->row_of[person], i, &sources, &count);
        for (size_t s = 0; s < count; s++) {
            if (sources[s].kind != FACT_STATED) continue;
            none *= 1 - (sources[s].of_household ? household : aid_belongs(aid, sources[s].record));
        }
    }
    return 1 - none;
}

static void find_missed(struct aid *aid, uint16_t scheme, struct missed_list *out)
{
    const struct facts *facts = aid->facts;
    bool exact = aid_is_exact(aid, scheme);
    for (size_t row = 0; row < facts->rows.count; row++) {
        const struct policy_decision *decision = award_of(aid->in->kinds, row, scheme);
        uint8_t listed = aid->listed[scheme][facts->schools[row]];
        if (decision == NULL || decision->verdict != POLICY_ENTITLED || decision->fen == 0) {
            continue;
        }
        struct aid_paid paid = aid_paid_of(aid, facts->persons[row], scheme);
        if (paid.count == 0 ? listed < AID_DOUBTFUL
                            : !exact || paid.fen < 0 || paid.fen >= decision->fen) {
            continue;
        }
        *list_push(aid->check->arena, &out->items) =
            (struct missed){.person = facts->persons[row],
                            .due = decision->fen,
                            .paid = paid.count == 0 ? 0 : paid.fen,
                            .chance = listed == AID_DOUBTFUL && paid.count == 0 ? 0.4 : 1,
                            .nearest = paid.record};
    }
}

/* What a name that may mean several schemes means shows in its payee; of one who is no student here
 * it is any of them. */
static bool may_mean(const struct aid *aid, size_t payment, uint16_t scheme)
{
    const struct payment *at = &aid->payments.items[payment];
    if (aid->facts->row_of[at->person] != UINT32_MAX) return aid->scheme_of[payment] == scheme;
    for (uint16_t i = 0; i < at->scheme_count; i++) {
        if (at->schemes[i] == scheme) return true;
    }
    return false;
}

/* Marks payments of the schemes in their period for the second look; takes the marks off again. */
static void mark_payments(struct aid *aid, const uint16_t *schemes, size_t count, bool on)
{
    const struct payments *payments = &aid->payments;
    for (size_t i = 0; i < payments->count; i++) {
        bool wanted = false;
        for (size_t s = 0; s < count; s++) {
            int64_t fen;
            wanted |= may_mean(aid, i, schemes[s])
                      && payment_falls_to(&payments->items[i], aid->periods[schemes[s]], &fen);
        }
        if (wanted) aid_mark(aid, payments->items[i].record, AID_WANTED, on);
    }
}

static struct second_answer *look_for_payments(struct aid *aid, struct arena *work,
                                               const struct missed_list *list,
                                               const uint16_t *schemes, size_t count)
{
    size_t asked = list->items.count;
    struct unit *units = arena_array(work, struct unit, asked);
    struct second_answer *answers = arena_array(work, struct second_answer, asked);
    for (size_t i = 0; i < asked; i++) {
        units[i] = check_whole(aid->check, list->items.items[i].person);
    }
    mark_payments(aid, schemes, count, true);
    struct second_look look = {
        .mine = SAYS(SAYS_ENROLLED), .wanted = AID_WANTED, .units = units, .count = asked};
    check_second_look(aid->check, &look, answers);
    mark_payments(aid, schemes, count, false);
    return answers;
}

static struct str keys_of(struct aid *aid, const uint16_t *schemes, size_t count)
{
    struct text text;
    text_init(&text, aid->check->arena, 512);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_add_byte(&text, '|');
        text_add(&text, aid->policy->schemes[schemes[i]].name.key);
    }
    return text_str(&text);
}

static void add_missed(struct aid *aid, struct arena *work, struct missed_list *list,
                       const uint16_t *schemes, size_t count)
{
    struct missed *items = list->items.items;
    if (list->items.count == 0) return;
    const bool *without =
        count > 1 ? NULL : due_without_sets(aid, work, items, list->items.count, schemes[0]);
    const struct second_answer *answers = look_for_payments(aid, work, list, schemes, count);
    for (size_t i = 0; i < list->items.count; i++) {
        const char *why = items[i].nearest == UINT32_MAX ? "not_paid" : "paid_less";
        double chance = items[i].chance * aid_share(aid, why);
        if (without == NULL || !without[i]) chance *= chance_of_sets(aid, work, items[i].person);
        bool less = items[i].nearest != UINT32_MAX;
        if (less) chance *= aid_belongs(aid, items[i].nearest);
        chance *= 1 - aid_found(aid, items[i].person, &answers[i]);
        struct aid_line line = {.kind = FINDING_AID_MISSED,
                                .person = items[i].person,
                                .chance = chance,
                                .reason = why,
                                .schemes = keys_of(aid, schemes, count),
                                .period = aid->periods[schemes[0]],
                                .due_fen = items[i].due,
                                .paid_fen = items[i].paid,
                                .nearest = less ? items[i].nearest : answers[i].nearest,
                                .nearest_chance = less ? 1 : answers[i].nearest_found};
        (void)aid_add(aid, &line);
    }
}

static bool some_paid(const struct aid *aid, uint32_t person,
                      const struct policy_exclusion *exclusion)
{
    for (size_t s = 0; s < exclusion->count; s++) {
        if (aid_paid_of(aid, person, exclusion->schemes[s]).count > 0) return true;
    }
    return false;
}

static bool all_listed(const struct aid *aid, size_t row, const struct policy_exclusion *exclusion)
{
    for (size_t s = 0; s < exclusion->count; s++) {
        const uint8_t *listed = aid->listed[exclusion->schemes[s]];
        if (award_of(aid->in->kinds, row, exclusion->schemes[s]) == NULL) continue;
        if (listed == NULL || listed[aid->facts->schools[row]] != AID_LISTED) return false;
    }
    return true;
}

/* Whatever it is that is not known of a child, one of the schemes is due, and none was paid. */
static void find_missed_of_group(struct aid *aid, const struct policy_exclusion *exclusion,
                                 struct missed_list *out)
{
    const struct facts *facts = aid->facts;
    struct arena work = {0};
    const struct award_kinds *kinds = aid->in->kinds;
    struct aid_group_due *due = arena_array(&work, struct aid_group_due, kinds->count);
    bool *known = arena_array(&work, bool, kinds->count);
    for (size_t row = 0; row < facts->rows.count; row++) {
        bool unknown = false, entitled = false;
        uint32_t kind = kinds->kind_of[row];
        for (size_t s = 0; s < exclusion->count; s++) {
            const struct policy_decision *decision = award_of(kinds, row, exclusion->schemes[s]);
            if (decision == NULL) continue;
            unknown |= decision->verdict == POLICY_UNKNOWN;
            entitled |= decision->verdict == POLICY_ENTITLED;
        }
        if (!unknown || entitled || !all_listed(aid, row, exclusion)) continue;
        if (!known[kind]) due[kind] = aid_due_of_group(aid, row, exclusion);
        known[kind] = true;
        if (!due[kind].due || some_paid(aid, facts->persons[row], exclusion)) continue;
        *list_push(aid->check->arena, &out->items) = (struct missed){.person = facts->persons[row],
                                                                     .due = due[kind].least,
                                                                     .chance = 1,
                                                                     .nearest = UINT32_MAX};
    }
    arena_free(&work);
}

void aid_check_missed(struct aid *aid)
{
    for (uint16_t scheme = 0; scheme < aid->policy->scheme_count; scheme++) {
        struct arena work = {0};
        struct missed_list list = {0};
        if (aid->listed[scheme] == NULL) continue;
        find_missed(aid, scheme, &list);
        add_missed(aid, &work, &list, &scheme, 1);
        arena_free(&work);
    }
    for (size_t e = 0; e < aid->policy->exclusion_count; e++) {
        const struct policy_exclusion *exclusion = &aid->policy->exclusions[e];
        struct arena work = {0};
        struct missed_list list = {0};
        if (!policy_in_force(exclusion->span, aid->facts->at)) continue;
        if (aid->policy->schemes[exclusion->schemes[0]].subject != aid->facts->subject) continue;
        find_missed_of_group(aid, exclusion, &list);
        add_missed(aid, &work, &list, exclusion->schemes, exclusion->count);
        arena_free(&work);
    }
}
