#include "ledger/line.h"

#include "base/list.h"
#include "ledger/pay_internal.h"

#define LINE_COLUMNS                                                                               \
    "SELECT l.number, l.batch, l.ordinal, l.person, l.instalment, l.attempt, l.fen, l.name, "      \
    "l.area, l.holder, l.payee, coalesce(s.kind, 'open'), s.fen, s.reason, s.bank_serial, s.day, " \
    "(SELECT coalesce(sum(b.fen), 0) FROM pay_event AS b WHERE b.line = l.number AND b.kind IN "   \
    "('returned', 'recovered'))" PAY_LINE_TABLES

static bool line_row(struct ledger *ledger, struct store_statement *row, struct line_view *out,
                     struct err *err)
{
    struct arena *arena = ledger->arena;
    *out = (struct line_view){.number = store_i64(row, 0),
                              .batch = store_i64(row, 1),
                              .ordinal = store_i64(row, 2),
                              .person = store_i64(row, 3),
                              .instalment = store_i64(row, 4),
                              .attempt = store_i64(row, 5),
                              .fen = store_i64(row, 6),
                              .name = str_copy(arena, store_str(row, 7)),
                              .area = str_copy(arena, store_str(row, 8)),
                              .holder = str_copy(arena, store_str(row, 9)),
                              .status = str_copy(arena, store_str(row, 11)),
                              .reason = str_copy(arena, store_str(row, 13)),
                              .serial = str_copy(arena, store_str(row, 14)),
                              .on = store_day(row, 15),
                              .back_fen = store_i64(row, 16)};
    if (str_is(out->status, "paid")) out->paid_fen = store_i64(row, 12);
    return pay_payee_open(ledger, arena, out->number, store_str(row, 10), &out->payee, err);
}

static bool count_lines(struct ledger *ledger, int64_t batch, struct str status, size_t *total,
                        struct err *err)
{
    struct store_statement *row = NULL;
    if (!store_prepare(ledger->store, &row,
                       "SELECT count(*)" PAY_LINE_TABLES
                       "WHERE l.batch = $batch AND ($status = '' OR coalesce(s.kind, 'open') = "
                       "$status)",
                       err)) {
        return false;
    }
    store_bind_i64(row, "$batch", batch);
    store_bind_text(row, "$status", status);
    bool good = store_step_row(row, err);
    if (good) *total = (size_t)store_i64(row, 0);
    store_finish(row);
    return good;
}

bool line_list(struct ledger *ledger, const struct asker *asker, int64_t batch, struct str status,
               size_t first, size_t most, struct line_view **out, size_t *count, size_t *total,
               struct err *err)
{
    struct store_statement *rows = NULL;
    struct pay_batch found;
    LIST(struct line_view) list = {0};
    bool row = false, good = false;
    if (!pay_batch_find(ledger, asker, batch, &found, err)
        || !count_lines(ledger, batch, status, total, err)
        || !store_prepare(ledger->store, &rows,
                          LINE_COLUMNS
                          "WHERE l.batch = $batch AND ($status = '' OR coalesce(s.kind, 'open') = "
                          "$status) ORDER BY l.ordinal LIMIT $most OFFSET $first",
                          err)) {
        return false;
    }
    store_bind_i64(rows, "$batch", batch);
    store_bind_text(rows, "$status", status);
    store_bind_i64(rows, "$most", (int64_t)most);
    store_bind_i64(rows, "$first", (int64_t)first);
    while ((good = store_step(rows, &row, err)) && row) {
        good = line_row(ledger, rows, list_push(ledger->arena, &list), err);
        if (!good) break;
    }
    store_finish(rows);
    if (!good) return false;
    *out = list.items;
    *count = list.count;
    return true;
}

static bool find(struct ledger *ledger, const struct asker *asker, int64_t number,
                 struct line_view *out, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false;
    if (!store_prepare(ledger->store, &rows, LINE_COLUMNS "WHERE l.number = $number", err)) {
        return false;
    }
    store_bind_i64(rows, "$number", number);
    bool good = store_step(rows, &row, err) && (!row || line_row(ledger, rows, out, err));
    store_finish(rows);
    if (!good || (row && asker_sees(asker, out->area))) return good;
    return err_set(err, ERR_NOT_FOUND, "there is no payment %lld", "没有第 %lld 号发放",
                   (long long)number);
}

bool line_reveal(struct ledger *ledger, const struct asker *asker, int64_t number,
                 struct str reason, struct line_view *out, struct err *err)
{
    struct line_view line;
    if (!ledger_text(reason, "a reason", "理由", err) || !find(ledger, asker, number, &line, err)
        || !pay_audit(ledger, asker, AUDIT_REVEAL, "pay_line", number, reason, err)) {
        return false;
    }
    *out = line;
    return true;
}
