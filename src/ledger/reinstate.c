#include "ledger/reinstate.h"

#include "ledger/pay_internal.h"
#include "ledger/reconcile.h"
#include "ledger/reference.h"

/* A return, as it was booked. */
struct came_back {
    int64_t event, fen;
    struct str serial;
    int64_t parts[FUND_LEVELS];
    int64_t transfer; /* number of the first in the journal */
};

/* The bank's line by which it was paid. */
struct paid_by {
    int64_t file, row;
};

static bool read_return(struct ledger *ledger, const struct pay_line *line, struct came_back *out,
                        struct paid_by *paid, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false;
    if (!store_prepare(ledger->store, &rows,
                       "SELECT e.number, e.fen, e.bank_serial, s.file, s.row FROM pay_event AS e "
                       "JOIN pay_event AS s ON s.line = e.line AND s.kind = 'paid' WHERE e.line = "
                       "$line AND e.kind = 'returned' AND NOT EXISTS (SELECT 1 FROM pay_reinstated "
                       "AS r WHERE r.event = e.number) ORDER BY e.number DESC LIMIT 1",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$line", line->post.number);
    bool good = store_step(rows, &row, err);
    if (good && row) {
        *out = (struct came_back){.event = store_i64(rows, 0),
                                  .fen = store_i64(rows, 1),
                                  .serial = str_copy(ledger->arena, store_str(rows, 2))};
        *paid = (struct paid_by){store_i64(rows, 3), store_i64(rows, 4)};
    }
    store_finish(rows);
    if (!good) return false;
    if (row)
        return post_returned(ledger, &line->post, out->serial, out->parts, &out->transfer, err);
    return err_set(err, ERR_CONFLICT, "the bank has returned nothing of payment %lld",
                   "第 %lld 号发放没有银行退回", (long long)line->post.number);
}

static bool has_name(const struct reconcile_item *item, struct str serial)
{
    return serial.len > 0 && str_equal(item->name, serial);
}

/* The statement is the proof that there was no return: it reaches the day, and does not have it. */
static bool check_statement(struct ledger *ledger, struct str account, int64_t payment,
                            const struct came_back *back, struct err *err)
{
    struct reconciled reconciled;
    bool missing = false;
    if (!reconcile(ledger, account, &reconciled, err)) return false;
    for (size_t i = 0; i < reconciled.count; i++) {
        const struct reconcile_item *item = &reconciled.items[i];
        bool ours = str_is(item->what, "return")
                    && (item->payment == payment || has_name(item, back->serial));
        missing |= ours && item->state == RECONCILE_MISSING;
        if (item->state == RECONCILE_UNKNOWN && item->bank_fen == -back->fen) {
            return err_set(err, ERR_CONFLICT,
                           "the statement has an arrival of the same amount that nobody knows, "
                           "serial number %.*s: explain it first",
                           "对账单有一笔同额的不明进账，流水号 %.*s：请先说明",
                           STR_ARG(item->name));
        }
    }
    if (missing) return true;
    return err_set(err, ERR_CONFLICT,
                   "the statement has the return of payment %lld, or does not reach its day: only "
                   "a return that is not on the statement is taken back",
                   "第 %lld 号发放的退回在对账单上，或对账单未到当日：对账单上没有的退回才能撤销",
                   (long long)payment);
}

/* Payments to a number after `back`; *under_way is one that nobody settled. */
static bool look_at_number(struct ledger *ledger, const struct pay_line *line, int64_t person,
                           const struct came_back *back, int64_t *under_way, bool *paid_again,
                           struct err *err)
{
    struct store_statement *rows = NULL;
    struct arena scratch = {0};
    bool row = false, good = false;
    if (!store_prepare(ledger->store, &rows,
                       "SELECT " PAY_LINE_COLUMNS PAY_LINE_TABLES
                       "WHERE l.scheme = $scheme AND l.person = $person AND l.period = $period AND "
                       "l.number > $number ORDER BY l.number",
                       err)) {
        return false;
    }
    store_bind_str(rows, "$scheme", line->post.scheme);
    store_bind_i64(rows, "$person", person);
    store_bind_str(rows, "$period", line->post.period);
    store_bind_i64(rows, "$number", line->post.number);
    while ((good = store_step(rows, &row, err)) && row) {
        struct pay_line later = pay_line_row(rows, &scratch);
        int64_t promised;
        good = post_promised(ledger, &later.post, &promised, err);
        if (!good) break;
        if (promised < back->transfer) continue; /* it was there before, for something else */
        if (!later.settled) *under_way = later.post.number;
        *paid_again |= later.paid_fen > later.back_fen;
    }
    store_finish(rows);
    arena_free(&scratch);
    return good;
}

/* Whether the payment was tried again after the return, under whichever number the person was
 * known, and how that stands. */
static bool look_at_later(struct ledger *ledger, const struct pay_line *line,
                          const struct came_back *back, bool *paid_again, struct err *err)
{
    struct arena scratch = {0};
    int64_t *numbers, under_way = 0;
    size_t count = 0;
    *paid_again = false;
    bool good = pay_person_numbers(ledger, &scratch, line->post.person, &numbers, &count, err);
    for (size_t i = 0; good && i < count; i++) {
        good = look_at_number(ledger, line, numbers[i], back, &under_way, paid_again, err);
    }
    arena_free(&scratch);
    if (!good || under_way == 0) return good;
    return err_set(err, ERR_CONFLICT,
                   "payment %lld tries it again and is under way: take its batch back, or wait for "
                   "the bank's answer",
                   "第 %lld 号发放正在重发：请先作废该批次，或等银行回执", (long long)under_way);
}

static bool put_suspense(struct ledger *ledger, const struct pay_line *line,
                         const struct came_back *back, const struct paid_by *paid,
                         struct str account, struct pay_reinstated *out, struct err *err)
{
    struct text name;
    bool made;
    text_init(&name, ledger->arena, 64);
    text_add_f(&name, "reinstated %lld", (long long)back->event);
    const struct suspense suspense = {.kind = SUSPENSE_TWICE,
                                      .fen = back->fen,
                                      .account = account,
                                      .reference =
                                          reference_of(ledger->arena, line->batch, line->ordinal),
                                      .serial = line->serial,
                                      .line = line->post.number,
                                      .file = paid->file,
                                      .row = paid->row,
                                      .on = line->on,
                                      .booked = DAY_NONE};
    if (!suspense_put(ledger, &suspense, text_str(&name), &made, err)) return false;
    CHECK(made);
    out->suspense = store_last_id(ledger->store);
    return true;
}

static bool pay_again(struct ledger *ledger, const struct asker *asker, const struct pay_line *line,
                      const struct pay_batch *batch, const struct fund *fund,
                      const struct came_back *back, const struct paid_by *paid, struct str why,
                      struct pay_reinstated *out, struct err *err)
{
    struct post_line again;
    if (!pay_attempt_again(ledger, asker, line, batch, fund, back->parts, why, &again, err)) {
        return false;
    }
    const struct pay_event event = {.line = again.number,
                                    .kind = "paid",
                                    .fen = again.fen,
                                    .reason = why,
                                    .serial = line->serial,
                                    .on = line->on,
                                    .booked = DAY_NONE,
                                    .file = paid->file,
                                    .row = paid->row};
    out->payment = again.number;
    return pay_attempt_paid(ledger, asker, &again, &event, err);
}

static bool put_reinstated(struct ledger *ledger, const struct asker *asker,
                           const struct came_back *back, const struct pay_reinstated *made,
                           struct str why, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(
            ledger->store, &put,
            "INSERT INTO pay_reinstated (event, line, suspense, why, user, at_ms) VALUES "
            "($event, $line, $suspense, $why, $user, $now)",
            err)) {
        return false;
    }
    store_bind_i64(put, "$event", back->event);
    store_bind_i64(put, "$line", made->payment);
    store_bind_i64(put, "$suspense", made->suspense);
    store_bind_text(put, "$why", why);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    return store_run_once(put, err);
}

static bool reinstate_in(struct ledger *ledger, const struct asker *asker, int64_t payment,
                         struct str why, struct pay_reinstated *out, struct err *err)
{
    struct pay_line line;
    struct pay_batch batch;
    struct fund fund;
    struct came_back back = {0};
    struct paid_by paid = {0};
    bool paid_again = false;
    if (!pay_line_find(ledger, asker, payment, &line, err)
        || !pay_batch_find(ledger, asker, line.batch, &batch, err)
        || !fund_read(ledger, batch.fund, &fund, err)
        || !read_return(ledger, &line, &back, &paid, err)
        || !check_statement(ledger, fund.account, payment, &back, err)
        || !look_at_later(ledger, &line, &back, &paid_again, err)) {
        return false;
    }
    out->fen = back.fen;
    bool good = paid_again
                    ? put_suspense(ledger, &line, &back, &paid, fund.account, out, err)
                    : pay_again(ledger, asker, &line, &batch, &fund, &back, &paid, why, out, err);
    return good && put_reinstated(ledger, asker, &back, out, why, err)
           && pay_audit(ledger, asker, AUDIT_PAY_REINSTATE, "pay_line", payment, why, err);
}

bool pay_reinstate(struct ledger *ledger, const struct asker *asker, int64_t payment,
                   struct str why, struct pay_reinstated *out, struct err *err)
{
    struct pay_reinstated made = {0};
    why = str_trim(why);
    if (!ledger_text(why, "a reason", "理由", err) || !store_begin(ledger->store, err)) {
        return false;
    }
    bool done = reinstate_in(ledger, asker, payment, why, &made, err);
    if (!store_end(ledger->store, done, err)) return false;
    *out = made;
    return true;
}
