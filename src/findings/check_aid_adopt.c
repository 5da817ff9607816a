#include "findings/check_aid_internal.h"

#include <stdlib.h>

/* A payment whose row linking could not join to anybody on a roll (no number, a parent's) is looked
 * at again before it makes one child missed and another one undue: it counts as that of the child
 * to whom it most likely belongs. */

struct orphans {
    LIST(size_t) payments; /* the first of each person */
    LIST(struct unit) units;
};

static void find_orphans(const struct aid *aid, struct arena *work, struct orphans *out)
{
    const struct payments *payments = aid->in->payments;
    for (size_t i = 0; i < payments->count; i++) {
        uint32_t person = payments->items[i].person;
        bool first = i == payments->firsts[person];
        if (!first || aid->facts->row_of[person] != UINT32_MAX) continue;
        if ((aid->check->children[person].says & SAYS(SAYS_ENROLLED)) != 0) continue;
        *list_push(work, &out->payments) = i;
        *list_push(work, &out->units) = check_whole(aid->check, person);
    }
}

static void mark(struct aid *aid, const struct orphans *orphans, bool on)
{
    for (size_t i = 0; i < orphans->payments.count; i++) {
        const struct payment *payment = &aid->in->payments->items[orphans->payments.items[i]];
        aid_mark(aid, payment->record, AID_MINE, on);
    }
}

static int compare_payments(const void *a, const void *b)
{
    const struct payment *x = a, *y = b;
    if (x->person != y->person) return x->person < y->person ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* All payments of a person go to the student who was found. */
static void move(struct aid *aid, size_t first, const struct second_answer *answer)
{
    const struct people *people = aid->check->people;
    struct payment *items = aid->payments.items;
    uint32_t from = items[first].person, to = people->records[answer->nearest].person;
    for (size_t i = first; i < aid->payments.count && items[i].person == from; i++) {
        items[i].person = to;
        aid->adopted_ppm[items[i].record] = (uint32_t)(answer->nearest_found * 1000000);
    }
}

void aid_adopt_payments(struct aid *aid)
{
    static const double likely = 0.5;
    struct arena work = {0};
    struct orphans orphans = {0};
    const struct payments *given = aid->in->payments;
    struct arena *arena = aid->check->arena;
    size_t persons = aid->check->people->person_count;
    aid->payments = *given;
    aid->payments.items = arena_array(arena, struct payment, given->count);
    memcpy(aid->payments.items, given->items, given->count * sizeof *given->items);
    aid->adopted_ppm = arena_array(arena, uint32_t, aid->check->people->record_count);
    find_orphans(aid, &work, &orphans);
    size_t count = orphans.units.count;
    struct second_answer *answers = arena_array(&work, struct second_answer, count);
    struct second_look look = {.mine = AID_MINE,
                               .wanted = SAYS(SAYS_ENROLLED),
                               .units = orphans.units.items,
                               .count = count};
    mark(aid, &orphans, true);
    check_second_look(aid->check, &look, answers);
    mark(aid, &orphans, false);
    for (size_t i = 0; i < count; i++) {
        uint32_t nearest = answers[i].nearest;
        if (nearest == UINT32_MAX || answers[i].nearest_found < likely) continue;
        uint32_t to = aid->check->people->records[nearest].person;
        if (aid->facts->row_of[to] == UINT32_MAX) continue;
        move(aid, orphans.payments.items[i], &answers[i]);
    }
    arena_free(&work);
    if (given->count > 1) {
        qsort(aid->payments.items, given->count, sizeof *aid->payments.items, compare_payments);
    }
    aid->payments.firsts = arena_array(arena, size_t, persons + 1);
    for (size_t p = 0, at = 0; p <= persons; p++) {
        while (at < given->count && aid->payments.items[at].person < p) at++;
        aid->payments.firsts[p] = at;
    }
}
