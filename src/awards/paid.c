#include "awards/paid.h"

#include "base/list.h"

#include <stdlib.h>

static bool holds_name(struct str written, const struct policy_name *name, size_t *longest)
{
    struct str words[] = {name->zh, name->en};
    bool held = false;
    for (size_t i = 0; i < name->also_count + 2; i++) {
        struct str word = i < 2 ? words[i] : name->also[i - 2];
        if (word.len <= *longest || str_find(written, word) == SIZE_MAX) continue;
        *longest = word.len;
        held = true;
    }
    return held;
}

size_t payment_schemes(const struct facts_text *text, const struct policy *policy,
                       struct str written, uint16_t out[PAYMENT_SCHEMES_MAX])
{
    enum { NAME_BYTES_MIN = 6 };
    size_t count = 0, longest = NAME_BYTES_MIN - 1;
    for (size_t i = 0; i < text->paid.either_count; i++) {
        const struct fact_either *either = &text->paid.eithers[i];
        if (!str_equal(either->name, written)) continue;
        for (size_t s = 0; s < either->scheme_count && count < PAYMENT_SCHEMES_MAX; s++) {
            uint16_t scheme = policy_find_scheme(policy, either->schemes[s]);
            if (scheme != POLICY_NONE) out[count++] = scheme;
        }
        return count;
    }
    uint16_t scheme = policy_find_scheme(policy, written);
    for (uint16_t s = 0; scheme == POLICY_NONE && s < policy->scheme_count; s++) {
        if (holds_name(written, &policy->schemes[s].name, &longest)) {
            out[0] = s;
            count = 1;
        }
    }
    if (scheme == POLICY_NONE) return count;
    out[0] = scheme;
    return 1;
}

/* What was read of a row's scheme, once for each distinct text. */
struct reading {
    uint16_t schemes[PAYMENT_SCHEMES_MAX];
    uint16_t count;
    bool known; /* was looked at */
};

struct reader {
    const struct facts *facts;
    const struct fact_paid *paid;
    struct reading *readings; /* by number in fact_rows.texts */
    LIST(struct payment) list;
    size_t unknown;
};

static int64_t amount_of(const struct reader *reader, uint32_t row)
{
    for (size_t i = 0; i < sizeof reader->paid->amounts / sizeof *reader->paid->amounts; i++) {
        int64_t fen;
        struct str cell = fact_text_at(reader->facts->kept, row, reader->paid->amounts[i]);
        if (str_to_i64(cell, &fen) && fen >= 0 && fen <= POLICY_VALUE_MAX) return fen;
    }
    return -1;
}

static bool period_of_row(const struct reader *reader, uint32_t row, struct payment *payment)
{
    const struct fact_rows *kept = reader->facts->kept;
    struct str paid_on = fact_text_at(kept, row, reader->paid->paid_on);
    if (!day_parse(paid_on, &payment->paid_on)) payment->paid_on = DAY_NONE;
    if (period_parse(fact_text_at(kept, row, reader->paid->period), &payment->period)) return true;
    day when = day_is_none(payment->paid_on) ? kept->rows[row].valid_from : payment->paid_on;
    enum period_kind kind = reader->facts->policy->schemes[payment->schemes[0]].period;
    payment->period = period_of(kind, when);
    return true;
}

static const struct reading *read_scheme(struct reader *reader, uint32_t row)
{
    const struct fact_rows *kept = reader->facts->kept;
    uint32_t number = fact_value_at(kept, row, reader->paid->scheme);
    struct reading *reading = &reader->readings[number];
    if (!reading->known) {
        reading->known = true;
        reading->count =
            (uint16_t)payment_schemes(reader->facts->text, reader->facts->policy,
                                      dict_text(&kept->texts, number), reading->schemes);
    }
    return reading;
}

static void read_record(struct reader *reader, struct arena *arena, uint32_t record, uint32_t row)
{
    const struct fact_rows *kept = reader->facts->kept;
    const struct reading *reading = read_scheme(reader, row);
    if (reading->count == 0) {
        reader->unknown++;
        return;
    }
    struct payment payment = {.row = row,
                              .record = record,
                              .person = reader->facts->people->records[record].person,
                              .scheme_count = reading->count,
                              .fen = amount_of(reader, row),
                              .serial = fact_text_at(kept, row, reader->paid->serial)};
    memcpy(payment.schemes, reading->schemes, sizeof payment.schemes);
    if (period_of_row(reader, row, &payment)) *list_push(arena, &reader->list) = payment;
}

static int compare_payments(const void *a, const void *b)
{
    const struct payment *x = a, *y = b;
    if (x->person != y->person) return x->person < y->person ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static bool is_repeated(const struct payment *items, size_t count, const struct payment *payment)
{
    for (size_t i = count; i-- > 0 && items[i].person == payment->person;) {
        if (payment->serial.len > 0 && str_equal(items[i].serial, payment->serial)
            && items[i].schemes[0] == payment->schemes[0]
            && period_equal(items[i].period, payment->period)) {
            return true;
        }
    }
    return false;
}

static void find_firsts(struct arena *arena, size_t persons, struct payments *payments)
{
    payments->firsts = arena_array(arena, size_t, persons + 1);
    for (size_t p = 0, at = 0; p <= persons; p++) {
        while (at < payments->count && payments->items[at].person < p) at++;
        payments->firsts[p] = at;
    }
}

void payments_read(struct arena *arena, const struct facts *facts, struct payments *out)
{
    const struct facts_text *text = facts->text;
    const struct people *people = facts->people;
    struct reader reader = {.facts = facts, .paid = &text->paid};
    *out = (struct payments){0};
    find_firsts(arena, people->person_count, out);
    if (text->paid.register_number < 0 || facts->subject == POLICY_NONE) return;
    struct arena work = {0};
    reader.readings = arena_array(&work, struct reading, facts->kept->texts.count);
    for (uint32_t i = 0; i < people->record_count; i++) {
        uint32_t row = facts_kept_row(facts, i);
        if (row == UINT32_MAX) continue;
        if ((int)facts->kept->rows[row].register_number != text->paid.register_number) continue;
        read_record(&reader, arena, i, row);
    }
    arena_free(&work);
    size_t count = reader.list.count;
    if (count > 1) qsort(reader.list.items, count, sizeof *reader.list.items, compare_payments);
    for (size_t i = 0; i < count; i++) {
        struct payment *items = reader.list.items;
        if (!is_repeated(items, out->count, &items[i])) items[out->count++] = items[i];
    }
    out->items = reader.list.items;
    out->unknown = reader.unknown;
    find_firsts(arena, people->person_count, out);
}

/* A record of the person of which a row was kept. */
static uint32_t record_of(const struct facts *facts, uint32_t person)
{
    const struct people *people = facts->people;
    const struct person *at = &people->persons[person];
    if (facts->row_of[person] != UINT32_MAX) return facts->records[facts->row_of[person]];
    for (uint32_t i = 0; i < at->count; i++) {
        uint32_t record = people->order[at->first + i];
        if (facts_kept_row(facts, record) != UINT32_MAX) return record;
    }
    return UINT32_MAX;
}

static bool is_stated(const struct payments *payments, const struct payment *booked)
{
    size_t from = payments->firsts[booked->person], to = payments->firsts[booked->person + 1];
    for (size_t i = from; i < to; i++) {
        const struct payment *payment = &payments->items[i];
        bool of_scheme = false;
        for (uint16_t s = 0; s < payment->scheme_count; s++) {
            of_scheme |= payment->schemes[s] == booked->schemes[0];
        }
        if (!of_scheme || !period_equal(payment->period, booked->period)) continue;
        if (payment->serial.len > 0 ? str_equal(payment->serial, booked->serial)
                                    : payment->fen == booked->fen || payment->fen < 0) {
            return true;
        }
    }
    return false;
}

void payments_add(struct arena *arena, const struct facts *facts,
                  const struct payment_booked *booked, size_t count, struct payments *payments)
{
    struct payments all = {.unknown = payments->unknown};
    if (facts->subject == POLICY_NONE) return;
    all.items = arena_array(arena, struct payment, payments->count + count);
    if (payments->count > 0) {
        memcpy(all.items, payments->items, payments->count * sizeof *all.items);
    }
    all.count = payments->count;
    for (size_t i = 0; i < count; i++) {
        size_t person = people_find(facts->people, booked[i].person);
        if (person == SIZE_MAX) continue;
        struct payment payment = {.person = (uint32_t)person,
                                  .schemes = {policy_find_scheme(facts->policy, booked[i].scheme)},
                                  .scheme_count = 1,
                                  .period = booked[i].period,
                                  .fen = booked[i].fen,
                                  .paid_on = booked[i].paid_on,
                                  .serial = booked[i].serial};
        if (payment.schemes[0] == POLICY_NONE) continue;
        payment.record = record_of(facts, payment.person);
        if (payment.record == UINT32_MAX || is_stated(payments, &payment)) continue;
        payment.row = facts_kept_row(facts, payment.record);
        if (payment.row != UINT32_MAX) all.items[all.count++] = payment;
    }
    if (all.count > 1) qsort(all.items, all.count, sizeof *all.items, compare_payments);
    find_firsts(arena, facts->people->person_count, &all);
    *payments = all;
}

bool payment_falls_to(const struct payment *payment, struct period period, int64_t *fen)
{
    struct period paid = payment->period;
    bool paid_term = paid.kind == PERIOD_TERM, term = period.kind == PERIOD_TERM;
    *fen = payment->fen;
    if (paid_term == term) return period_equal(paid, period);
    struct period year = period_of(PERIOD_YEAR, period_first(term ? period : paid));
    if (!period_equal(year, term ? paid : period)) return false;
    if (term && payment->fen >= 0) *fen = payment->fen / 2;
    return true;
}

day payment_due(const struct fact_paid *text, struct period period)
{
    const struct month_day *by = period.kind != PERIOD_TERM ? &text->by_year
                                 : period.spring            ? &text->by_spring
                                                            : &text->by_autumn;
    day due;
    if (by->month == 0) return DAY_NONE;
    for (int year = period.year; year <= period.year + 1; year++) {
        if (!day_from_ymd(year, by->month, by->day, &due)) continue;
        if (due.days >= period_first(period).days) return due;
    }
    return period_last(period);
}
