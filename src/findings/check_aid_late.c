#include "findings/check_aid_internal.h"

#include <stdlib.h>

/* What was paid after its term was over: help that came late. One line for each school, scheme and
 * period: lists are paid as a whole, and whoever keeps them answers for all of it. */

struct late {
    uint32_t school; /* in facts.school_texts */
    uint16_t scheme;
    struct period period;
    uint32_t row; /* one of its pupils */
    uint64_t pupils;
    int64_t fen; /* paid late; -1: an amount is not stated */
    day last;    /* of the payments */
};

/* The payments of this school year and the one before, known by the day, that came late. */
static bool is_late(const struct aid *aid, const struct payment *payment)
{
    const day at = aid->facts->at;
    day due = payment_due(&aid->facts->text->paid, payment->period);
    struct period year = period_of(PERIOD_YEAR, at);
    year.year--;
    return !day_is_none(due) && !day_is_none(payment->paid_on) && payment->paid_on.days > due.days
           && payment->paid_on.days <= at.days
           && period_first(payment->period).days >= period_first(year).days;
}

static int compare_late(const void *a, const void *b)
{
    const struct late *x = a, *y = b;
    if (x->school != y->school) return x->school < y->school ? -1 : 1;
    if (x->scheme != y->scheme) return x->scheme < y->scheme ? -1 : 1;
    int32_t first = period_first(x->period).days, other = period_first(y->period).days;
    if (first != other) return first < other ? -1 : 1;
    if (x->period.kind != y->period.kind) return x->period.kind < y->period.kind ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static bool is_same_list(const struct late *a, const struct late *b)
{
    return a->school == b->school && a->scheme == b->scheme && period_equal(a->period, b->period);
}

static void add_late(struct aid *aid, const struct late *late)
{
    struct arena *arena = aid->check->arena;
    char period[PERIOD_TEXT_SIZE], last[DAY_TEXT_SIZE];
    struct finding finding = aid_of_school(aid, FINDING_AID_LATE, QUEUE_PAY, late->row, "paid_late",
                                           (uint32_t)(aid_share(aid, "paid_late") * 1000000));
    finding.paid_fen = late->fen;
    finding.scheme = aid->policy->schemes[late->scheme].name.key;
    finding.period = str_copy(arena, str_from(period_format(late->period, period)));
    aid_note(aid, &finding, "scheme", finding.scheme);
    aid_note(aid, &finding, "period", finding.period);
    aid_note(aid, &finding, "paid_on", str_from(day_format(late->last, last)));
    aid_note_number(aid, &finding, "students", (int64_t)late->pupils);
    struct text key;
    text_init(&key, arena, 1024);
    text_add_f(&key, "late/%.*s/%.*s/%.*s",
               STR_ARG(dict_text(&aid->facts->school_texts, late->school)), STR_ARG(finding.scheme),
               STR_ARG(finding.period));
    finding.key = text_str(&key);
    aid_add_school(aid, &finding);
}

/* Several payments to one pupil stand side by side. */
static void put_together(struct late *into, const struct late *more, bool same_pupil)
{
    if (!same_pupil) into->pupils++;
    into->fen = into->fen < 0 || more->fen < 0 ? -1 : into->fen + more->fen;
    if (more->last.days > into->last.days) into->last = more->last;
}

void aid_check_late(struct aid *aid)
{
    struct arena work = {0};
    LIST(struct late) list = {0};
    const struct payments *payments = &aid->payments;
    for (size_t i = 0; i < payments->count; i++) {
        const struct payment *payment = &payments->items[i];
        uint32_t row = aid->facts->row_of[payment->person];
        if (row == UINT32_MAX || !is_late(aid, payment)) continue;
        *list_push(&work, &list) = (struct late){.school = aid->facts->schools[row],
                                                 .scheme = aid->scheme_of[i],
                                                 .period = payment->period,
                                                 .row = row,
                                                 .pupils = 1,
                                                 .fen = payment->fen,
                                                 .last = payment->paid_on};
    }
    if (list.count > 1) qsort(list.items, list.count, sizeof *list.items, compare_late);
    for (size_t i = 0; i < list.count;) {
        struct late all = list.items[i];
        for (i++; i < list.count && is_same_list(&all, &list.items[i]); i++) {
            const struct late *more = &list.items[i];
            put_together(&all, more, more->row == list.items[i - 1].row);
        }
        add_late(aid, &all);
    }
    arena_free(&work);
}
