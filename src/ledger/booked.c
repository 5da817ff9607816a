#include "ledger/booked.h"

#include "base/list.h"

bool booked_payments(struct store *store, struct arena *arena, struct payment_booked **out,
                     size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct payment_booked) list = {0};
    bool row = false, good = false;
    if (!store_prepare(store, &rows,
                       "SELECT l.person, l.scheme, l.period, s.fen - (SELECT coalesce(sum(b.fen), "
                       "0) FROM pay_event AS b WHERE b.line = l.number AND b.kind IN ('returned', "
                       "'recovered')) AS net, s.day, s.bank_serial FROM pay_event AS s JOIN "
                       "pay_line AS l ON l.number = s.line WHERE s.kind = 'paid' ORDER BY "
                       "l.person, l.period, l.scheme, l.instalment, l.attempt",
                       err)) {
        return false;
    }
    while ((good = store_step(rows, &row, err)) && row) {
        struct payment_booked one = {
            .person = store_i64(rows, 0), .fen = store_i64(rows, 3), .paid_on = store_day(rows, 4)};
        if (one.fen <= 0 || !period_parse(store_str(rows, 2), &one.period)) continue;
        one.scheme = str_copy(arena, store_str(rows, 1));
        one.serial = str_copy(arena, store_str(rows, 5));
        *list_push(arena, &list) = one;
    }
    store_finish(rows);
    if (!good) return false;
    *out = list.items;
    *count = list.count;
    return true;
}
