#include "jobs/payments.h"

#include <stdlib.h>

/* A county's code; a shorter one, or none, as it is. */
static struct str county_of(struct str area)
{
    return area.len > 6 ? str_slice(area, 0, 6) : area;
}

static int by_place(const void *a, const void *b)
{
    const struct pay_candidate *const *x = a, *const *y = b;
    int order = str_compare(county_of((*x)->area), county_of((*y)->area));
    if (order == 0) order = str_compare((*x)->school, (*y)->school);
    if (order != 0) return order;
    return ((*x)->person > (*y)->person) - ((*x)->person < (*y)->person);
}

static void add_to(struct pay_place *place, const struct pay_candidate *candidate)
{
    bool proposed = candidate->outcome == PAY_PROPOSED;
    bool over =
        candidate->outcome == PAY_PAID || candidate->outcome == PAY_PAID_ELSEWHERE || proposed;
    place->lines += proposed;
    place->fen += proposed ? candidate->fen : 0;
    place->held += !over;
}

static void sum_places(struct arena *arena, const struct pay_wish *wish, struct pay_summary *out)
{
    const struct pay_candidate **order =
        arena_array(arena, const struct pay_candidate *, wish->count);
    struct pay_place *places = arena_array(arena, struct pay_place, 2 * wish->count);
    struct pay_place *county = NULL, *school = NULL;
    for (size_t i = 0; i < wish->count; i++) order[i] = &wish->candidates[i];
    if (wish->count > 0) qsort(order, wish->count, sizeof *order, by_place);
    for (size_t i = 0; i < wish->count; i++) {
        struct str area = county_of(order[i]->area);
        if (county == NULL || !str_equal(county->area, area)) {
            county = &places[out->place_count++];
            *county = (struct pay_place){.area = area};
            school = NULL;
        }
        if (school == NULL || !str_equal(school->school, order[i]->school)) {
            school = &places[out->place_count++];
            *school = (struct pay_place){
                .area = area,
                .school = order[i]->school,
                .name = order[i]->school_name.len > 0 ? order[i]->school_name : order[i]->school};
        }
        add_to(county, order[i]);
        add_to(school, order[i]);
    }
    out->places = places;
}

/* A trial has taken nothing yet. */
static bool read_left(struct ledger *ledger, const struct pay_wish *wish, bool booked,
                      struct pay_summary *out, struct err *err)
{
    for (int i = 0; i < FUND_LEVELS; i++) {
        struct fund_balance balance = {0};
        if (wish->fund->shares[i] > 0
            && !fund_balance(ledger, wish->fund, (enum fund_level)i, &balance, err)) {
            return false;
        }
        out->left_fen[i] = balance.left - (booked ? 0 : out->takes_fen[i]);
    }
    return true;
}

bool job_pay_summary(struct ledger *ledger, const struct pay_wish *wish,
                     const struct pay_proposed *made, struct pay_summary *out, struct err *err)
{
    *out = (struct pay_summary){0};
    for (size_t i = 0; i < wish->count; i++) {
        const struct pay_candidate *candidate = &wish->candidates[i];
        int64_t parts[FUND_LEVELS];
        bool proposed = candidate->outcome == PAY_PROPOSED;
        out->due_lines++;
        out->due_fen += candidate->due_fen;
        out->lines[candidate->outcome]++;
        out->fen[candidate->outcome] += proposed ? candidate->fen : candidate->due_fen;
        if (!proposed) continue;
        post_parts(wish->fund, candidate->fen, parts);
        for (int level = 0; level < FUND_LEVELS; level++) out->takes_fen[level] += parts[level];
    }
    sum_places(ledger->arena, wish, out);
    return read_left(ledger, wish, made->batch > 0, out, err);
}
