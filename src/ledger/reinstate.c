#include "ledger/reinstate.h"

#include "access/approval.h"
#include "base/list.h"
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

/* What became of it. */
struct reinstated {
    int64_t payment;  /* number of the further attempt; 0: it is in suspense */
    int64_t suspense; /* number in suspense; 0: it is paid */
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
                         struct str account, struct reinstated *out, struct err *err)
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
                      struct reinstated *out, struct err *err)
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
                           const struct came_back *back, const struct reinstated *made,
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

/* What taking back the newest return of a payment rests on. */
struct ground {
    struct pay_line line;
    struct pay_batch batch;
    struct fund fund;
    struct came_back back;
    struct paid_by paid;
    bool paid_again;
};

static bool read_ground(struct ledger *ledger, const struct asker *asker, int64_t payment,
                        struct ground *out, struct err *err)
{
    *out = (struct ground){0};
    return pay_line_find(ledger, asker, payment, &out->line, err)
           && pay_batch_find(ledger, asker, out->line.batch, &out->batch, err)
           && fund_read(ledger, out->batch.fund, &out->fund, err)
           && read_return(ledger, &out->line, &out->back, &out->paid, err)
           && look_at_later(ledger, &out->line, &out->back, &out->paid_again, err)
           && check_statement(ledger, out->fund.account, payment, &out->back, err);
}

static bool book_in(struct ledger *ledger, const struct asker *asker,
                    const struct pay_reinstatement *reinstatement, struct err *err)
{
    struct ground ground;
    struct reinstated made = {0};
    if (!read_ground(ledger, asker, reinstatement->payment, &ground, err)) return false;
    if (ground.back.event != reinstatement->event) {
        return err_set(err, ERR_CONFLICT,
                       "payment %lld came back once more since this was proposed: propose it anew",
                       "第 %lld 号发放在提出之后又有退回，请重新提出",
                       (long long)reinstatement->payment);
    }
    bool good = ground.paid_again
                    ? put_suspense(ledger, &ground.line, &ground.back, &ground.paid,
                                   ground.fund.account, &made, err)
                    : pay_again(ledger, asker, &ground.line, &ground.batch, &ground.fund,
                                &ground.back, &ground.paid, reinstatement->why, &made, err);
    return good && put_reinstated(ledger, asker, &ground.back, &made, reinstatement->why, err)
           && pay_audit(ledger, asker, AUDIT_PAY_REINSTATE, "pay_line", reinstatement->payment,
                        reinstatement->why, err);
}

#define REINSTATEMENT_COLUMNS                                                                      \
    "SELECT r.number, e.line, l.batch, l.person, e.fen, r.made_ms, l.area, l.scheme, l.period, "   \
    "r.why, r.user, r.approval, d.step, d.user, d.why, coalesce(b.line, 0), "                      \
    "coalesce(b.suspense, 0), r.event FROM pay_reinstatement AS r JOIN pay_event AS e "            \
    "ON e.number = r.event JOIN pay_line AS l ON l.number = e.line "                               \
    "LEFT JOIN pay_reinstatement_decided AS d ON d.reinstatement = r.number "                      \
    "LEFT JOIN pay_reinstated AS b ON b.event = r.event AND d.step = 'approved' "

static struct pay_reinstatement reinstatement_row(struct store_statement *row, struct arena *arena)
{
    bool decided = !store_is_null(row, 12);
    bool granted = decided && str_is(store_str(row, 12), "approved");
    return (struct pay_reinstatement){
        .number = store_i64(row, 0),
        .payment = store_i64(row, 1),
        .batch = store_i64(row, 2),
        .person = store_i64(row, 3),
        .fen = store_i64(row, 4),
        .made_ms = store_i64(row, 5),
        .area = str_copy(arena, store_str(row, 6)),
        .scheme = str_copy(arena, store_str(row, 7)),
        .period = str_copy(arena, store_str(row, 8)),
        .why = str_copy(arena, store_str(row, 9)),
        .made_by = str_copy(arena, store_str(row, 10)),
        .approval = store_i64(row, 11),
        .state = !decided  ? PAY_RECOVERY_WAITS
                 : granted ? PAY_RECOVERY_BOOKED
                           : PAY_RECOVERY_REFUSED,
        .decided_by = decided ? str_copy(arena, store_str(row, 13)) : STR_EMPTY,
        .decided_why = decided ? str_copy(arena, store_str(row, 14)) : STR_EMPTY,
        .again = store_i64(row, 15),
        .suspense = store_i64(row, 16),
        .event = store_i64(row, 17)};
}

bool pay_reinstate_list(struct ledger *ledger, const struct asker *asker, bool waiting,
                        struct pay_reinstatement **out, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct pay_reinstatement) list = {0};
    size_t kept = 0;
    bool row = false, good = false;
    if (!store_prepare(ledger->store, &rows,
                       REINSTATEMENT_COLUMNS "WHERE $waiting = 0 OR d.step IS NULL ORDER BY "
                                             "r.number",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$waiting", waiting);
    while ((good = store_step(rows, &row, err)) && row) {
        if (!asker_sees(asker, store_str(rows, 6))) continue;
        *list_push(ledger->arena, &list) = reinstatement_row(rows, ledger->arena);
    }
    store_finish(rows);
    for (size_t i = 0; good && i < list.count; i++) {
        good = pay_look_at_approval(ledger, list.items[i].approval, &list.items[i].state, err);
        if (!good || (waiting && list.items[i].state != PAY_RECOVERY_WAITS)) continue;
        list.items[kept++] = list.items[i];
    }
    if (!good) return false;
    *out = list.items;
    *count = kept;
    return true;
}

bool pay_reinstate_find(struct ledger *ledger, const struct asker *asker, int64_t number,
                        struct pay_reinstatement *out, struct err *err)
{
    struct store_statement *rows = NULL;
    struct pay_reinstatement found = {0};
    bool row = false;
    if (!store_prepare(ledger->store, &rows, REINSTATEMENT_COLUMNS "WHERE r.number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$number", number);
    bool good = store_step(rows, &row, err);
    if (good && row) found = reinstatement_row(rows, ledger->arena);
    store_finish(rows);
    if (!good) return false;
    if (!row || !asker_sees(asker, found.area)) {
        return err_set(err, ERR_NOT_FOUND, "there is no reinstatement %lld",
                       "没有第 %lld 号撤销退回", (long long)number);
    }
    if (!pay_look_at_approval(ledger, found.approval, &found.state, err)) return false;
    *out = found;
    return true;
}

/* ERR_CONFLICT where the same return waits for a second person already. */
static bool check_none_waits(struct ledger *ledger, const struct asker *asker, int64_t payment,
                             struct err *err)
{
    struct pay_reinstatement *list;
    size_t count;
    if (!pay_reinstate_list(ledger, asker, true, &list, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        if (list[i].payment != payment) continue;
        return err_set(err, ERR_CONFLICT,
                       "taking back the return of payment %lld waits for a second person's "
                       "approval already: reinstatement %lld",
                       "撤销第 %lld 号发放的退回已在待审批：撤销 %lld", (long long)payment,
                       (long long)list[i].number);
    }
    return true;
}

static bool next_number(struct ledger *ledger, int64_t *out, struct err *err)
{
    struct store_statement *most = NULL;
    if (!store_prepare(ledger->store, &most,
                       "SELECT coalesce(max(number), 0) + 1 FROM pay_reinstatement", err)) {
        return false;
    }
    bool good = store_step_row(most, err);
    if (good) *out = store_i64(most, 0);
    store_finish(most);
    return good;
}

static bool put_reinstatement(struct ledger *ledger, const struct asker *asker, int64_t number,
                              int64_t event, int64_t approval, struct str why, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO pay_reinstatement (number, event, approval, why, user, "
                       "made_ms) VALUES ($number, $event, $approval, $why, $user, $now)",
                       err)) {
        return false;
    }
    store_bind_i64(put, "$number", number);
    store_bind_i64(put, "$event", event);
    store_bind_i64(put, "$approval", approval);
    store_bind_text(put, "$why", why);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    return store_run_once(put, err);
}

static bool propose_in(struct ledger *ledger, const struct asker *asker, int64_t payment,
                       struct str why, int64_t *number, struct err *err)
{
    struct ground ground;
    struct text words;
    struct arena scratch = {0};
    int64_t approval = 0;
    if (!check_none_waits(ledger, asker, payment, err)
        || !read_ground(ledger, asker, payment, &ground, err)
        || !next_number(ledger, number, err)) {
        return false;
    }
    text_init(&words, &scratch, 1024);
    text_add_f(&words, "%.*s %.*s: %s", STR_ARG(ground.line.post.scheme),
               STR_ARG(ground.line.post.period), money_yuan(&scratch, ground.back.fen).ptr);
    bool good = pay_ask_approval(ledger, asker, "pay_reinstatement", *number, ground.line.area,
                                 text_str(&words), &approval, err)
                && put_reinstatement(ledger, asker, *number, ground.back.event, approval, why, err)
                && pay_audit(ledger, asker, AUDIT_PAY, "pay_reinstatement", *number, why, err);
    arena_free(&scratch);
    return good;
}

bool pay_reinstate_propose(struct ledger *ledger, const struct asker *asker, int64_t payment,
                           struct str why, int64_t *number, struct err *err)
{
    int64_t made = 0;
    why = str_trim(why);
    if (!ledger_text(why, "a reason", "理由", err) || !store_begin(ledger->store, err)) {
        return false;
    }
    bool done = propose_in(ledger, asker, payment, why, &made, err);
    if (!store_end(ledger->store, done, err)) return false;
    *number = made;
    return true;
}

static bool put_decided(struct ledger *ledger, const struct asker *asker, int64_t number,
                        bool grant, struct str why, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO pay_reinstatement_decided (reinstatement, step, why, user, "
                       "at_ms) VALUES ($number, $step, $why, $user, $now)",
                       err)) {
        return false;
    }
    store_bind_i64(put, "$number", number);
    store_bind_str(put, "$step", grant ? STR("approved") : STR("refused"));
    store_bind_text(put, "$why", why);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    return store_run_once(put, err);
}

static bool decide_in(struct ledger *ledger, const struct asker *asker, int64_t number, bool grant,
                      struct str why, struct err *err)
{
    struct pay_reinstatement found;
    if (!pay_reinstate_find(ledger, asker, number, &found, err)) return false;
    if (found.state != PAY_RECOVERY_WAITS) {
        return err_set(err, ERR_CONFLICT, "reinstatement %lld does not wait for approval: %s%.0s",
                       "第 %lld 号撤销退回不待审批：%.0s%s", (long long)number,
                       pay_recovery_state_text(found.state, LANG_EN),
                       pay_recovery_state_text(found.state, LANG_ZH));
    }
    return approval_decide(ledger->store, ledger->clock, asker, found.approval, grant, why, err)
           && put_decided(ledger, asker, number, grant, why, err)
           && (!grant || book_in(ledger, asker, &found, err))
           && pay_audit(ledger, asker, AUDIT_PAY_APPROVE, "pay_reinstatement", number, why, err);
}

bool pay_reinstate_decide(struct ledger *ledger, const struct asker *asker, int64_t number,
                          bool grant, struct str why, struct err *err)
{
    why = str_trim(why);
    if (!grant && !ledger_text(why, "a reason", "理由", err)) return false;
    if (!store_begin(ledger->store, err)) return false;
    return store_end(ledger->store, decide_in(ledger, asker, number, grant, why, err), err);
}
