#include "findings/check_aid_internal.h"

/* The same scheme paid twice for one period, whichever it is, or two that exclude one another. What
 * is due may be paid in parts: payments that together are no more than is due are none. */

/* What was due of a scheme in a period that is not that of the day, to people as they are known. */
struct dues {
    struct aid *aid;
    struct arena *work;
    struct policy_program *programs[64];
    struct period periods[64];
    size_t count;
};

static const struct policy_program *program_of(struct dues *dues, struct period period)
{
    for (size_t i = 0; i < dues->count; i++) {
        bool same = period_equal(dues->periods[i], period);
        if (same) return dues->programs[i];
    }
    if (dues->count == sizeof dues->programs / sizeof *dues->programs) return NULL;
    const struct policy_decide_options options = {.subject = dues->aid->facts->subject,
                                                  .at = period_last(period)};
    dues->periods[dues->count] = period;
    dues->programs[dues->count] = policy_compile(dues->work, dues->aid->policy, &options);
    return dues->programs[dues->count++];
}

static int64_t due_of(struct dues *dues, uint32_t person, uint16_t scheme, struct period period)
{
    const struct aid *aid = dues->aid;
    uint32_t row = aid->facts->row_of[person];
    if (row == UINT32_MAX || period_equal(period, aid->periods[scheme])) {
        return aid_due_at_most(aid, person, scheme);
    }
    const struct policy_program *program = program_of(dues, period);
    struct policy_rows rows = {.subject = aid->facts->subject, .count = 1};
    struct policy_decisions decisions;
    if (program == NULL) return aid_due_at_most(aid, person, scheme);
    for (uint16_t i = 0; i < aid->policy->input_count; i++) {
        const struct policy_column *column = &aid->facts->rows.columns[i];
        if (column->states == NULL) continue;
        rows.columns[i] = (struct policy_column){column->states + row, column->values + row};
    }
    policy_decide(dues->work, program, &rows, 1, &decisions);
    for (size_t i = 0; i < decisions.count; i++) {
        const struct policy_decision *decision = &decisions.items[i];
        if (decision->scheme == scheme && decision->verdict == POLICY_ENTITLED) {
            return decision->fen;
        }
    }
    return aid_due_at_most(aid, person, scheme);
}

/* Two payments that are more than parts of one. An average is paid by tiers, the highest some half
 * above it. */
static bool is_twice(const struct aid *aid, const struct payment *a, const struct payment *b,
                     uint16_t scheme, int64_t all, int64_t due)
{
    uint32_t row = aid->facts->row_of[a->person];
    int64_t first = a->fen, second = b->fen;
    if (first < 0 || second < 0 || all < 0) return true;
    if (due < 0) return row == UINT32_MAX || !aid_pays_so_much(aid, row, scheme, all);
    if (aid_is_exact(aid, scheme) || aid_is_ceiling(aid, scheme)) return all > due;
    int64_t less = first < second ? first : second;
    return all * 4 > due * 5 && less * 2 >= due;
}

static void add_twice(struct aid *aid, const struct payment *first, const struct payment *second,
                      const char *reason, struct str schemes, int64_t due, int64_t paid)
{
    double chance =
        aid_belongs(aid, first->record) * aid_belongs(aid, second->record) * aid_share(aid, reason);
    struct aid_line line = {.kind = FINDING_AID_TWICE,
                            .person = first->person,
                            .chance = chance,
                            .reason = reason,
                            .schemes = schemes,
                            .period = first->period,
                            .due_fen = due,
                            .paid_fen = paid,
                            .nearest = second->record,
                            .nearest_chance = 1};
    (void)aid_add(aid, &line);
}

/* Payments of the scheme and period of one, from it on. */
static void check_payment(struct dues *dues, size_t at, size_t end)
{
    struct aid *aid = dues->aid;
    const struct payment *items = aid->payments.items, *first = &items[at];
    uint16_t scheme = aid->scheme_of[at];
    int64_t all = first->fen;
    size_t second = 0, count = 1;
    if (scheme == POLICY_NONE || aid->twice[at]) return;
    for (size_t i = at + 1; i < end; i++) {
        if (aid->scheme_of[i] != scheme || !period_equal(items[i].period, first->period)) continue;
        if (count++ == 1) second = i;
        all = all < 0 || items[i].fen < 0 ? -1 : all + items[i].fen;
    }
    if (count == 1) return;
    int64_t due = due_of(dues, first->person, scheme, first->period);
    bool twice = is_twice(aid, first, &items[second], scheme, all, due);
    if (!twice) return;
    for (size_t i = at; i < end; i++) {
        aid->twice[i] |=
            aid->scheme_of[i] == scheme && period_equal(items[i].period, first->period);
    }
    add_twice(aid, first, &items[second], "paid_twice", aid->names[at], due, all);
}

static bool exclude_one_another(const struct aid *aid, uint16_t a, uint16_t b, struct period period)
{
    for (size_t e = 0; a != b && e < aid->policy->exclusion_count; e++) {
        const struct policy_exclusion *exclusion = &aid->policy->exclusions[e];
        bool has_a = false, has_b = false;
        if (!policy_in_force(exclusion->span, period_first(period))
            && !policy_in_force(exclusion->span, period_last(period))) {
            continue;
        }
        for (size_t s = 0; s < exclusion->count; s++) {
            has_a |= exclusion->schemes[s] == a;
            has_b |= exclusion->schemes[s] == b;
        }
        if (has_a && has_b) return true;
    }
    return false;
}

static void check_excluded(struct aid *aid, size_t at, size_t end)
{
    const struct payment *items = aid->payments.items, *first = &items[at];
    uint16_t one = aid->scheme_of[at];
    for (size_t i = at + 1; one != POLICY_NONE && i < end; i++) {
        uint16_t other = aid->scheme_of[i];
        struct text keys;
        if (other == POLICY_NONE || !period_equal(items[i].period, first->period)) continue;
        if (!exclude_one_another(aid, one, other, first->period)) continue;
        if (aid->twice[at] && aid->twice[i]) continue;
        bool in_order =
            str_compare(aid->policy->schemes[one].name.key, aid->policy->schemes[other].name.key)
            < 0;
        text_init(&keys, aid->check->arena, 256);
        text_add(&keys, aid->policy->schemes[in_order ? one : other].name.key);
        text_add_byte(&keys, '|');
        text_add(&keys, aid->policy->schemes[in_order ? other : one].name.key);
        aid->twice[at] = aid->twice[i] = true;
        int64_t all = first->fen < 0 || items[i].fen < 0 ? -1 : first->fen + items[i].fen;
        add_twice(aid, first, &items[i], "paid_both", text_str(&keys), -1, all);
    }
}

void aid_check_twice(struct aid *aid)
{
    struct arena work = {0};
    struct dues dues = {.aid = aid, .work = &work};
    const struct payments *payments = &aid->payments;
    for (uint32_t p = 0; p < aid->check->people->person_count; p++) {
        size_t end = payments->firsts[p + 1];
        if (end < payments->firsts[p] + 2) continue;
        for (size_t i = payments->firsts[p]; i < end; i++) check_payment(&dues, i, end);
        for (size_t i = payments->firsts[p]; i < end; i++) check_excluded(aid, i, end);
    }
    arena_free(&work);
}
