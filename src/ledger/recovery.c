#include "ledger/recovery.h"

#include "access/approval.h"
#include "base/list.h"
#include "ledger/pay_internal.h"
#include "ledger/reference.h"
#include "ledger/statement.h"

static const struct {
    const char *key, *zh, *en;
} states[PAY_RECOVERY_STATES] = {
    [PAY_RECOVERY_WAITS] = {"proposed", "待审批", "waits for approval"},
    [PAY_RECOVERY_BOOKED] = {"approved", "已入账", "booked"},
    [PAY_RECOVERY_REFUSED] = {"refused", "已驳回", "refused"},
    [PAY_RECOVERY_OVER] = {"over", "审批逾期", "not approved in time"},
};

const char *pay_recovery_state_key(enum pay_recovery_state state)
{
    CHECK((int)state >= 0 && state < PAY_RECOVERY_STATES);
    return states[state].key;
}

const char *pay_recovery_state_text(enum pay_recovery_state state, enum lang lang)
{
    CHECK((int)state >= 0 && state < PAY_RECOVERY_STATES);
    return lang == LANG_EN ? states[state].en : states[state].zh;
}

/* By the step that decided. */
static enum pay_recovery_state state_of(struct str step)
{
    return str_is(step, states[PAY_RECOVERY_BOOKED].key) ? PAY_RECOVERY_BOOKED
                                                         : PAY_RECOVERY_REFUSED;
}

#define RECOVERY_COLUMNS                                                                           \
    "SELECT r.number, r.line, l.batch, l.person, r.fen, r.made_ms, l.area, l.scheme, l.period, "   \
    "r.voucher, r.why, r.day, r.user, d.user, d.why, d.step, "                                     \
    "(SELECT max(p.approval) FROM pay_recovery_step AS p WHERE p.recovery = r.number) "            \
    "FROM pay_recovery AS r JOIN pay_line AS l ON l.number = r.line "                              \
    "LEFT JOIN pay_recovery_step AS d ON d.recovery = r.number "                                   \
    "AND d.step IN ('approved', 'refused') "

static struct pay_recovery recovery_row(struct store_statement *row, struct arena *arena)
{
    bool decided = !store_is_null(row, 15);
    return (struct pay_recovery){
        .number = store_i64(row, 0),
        .line = store_i64(row, 1),
        .batch = store_i64(row, 2),
        .person = store_i64(row, 3),
        .fen = store_i64(row, 4),
        .made_ms = store_i64(row, 5),
        .area = str_copy(arena, store_str(row, 6)),
        .scheme = str_copy(arena, store_str(row, 7)),
        .period = str_copy(arena, store_str(row, 8)),
        .voucher = str_copy(arena, store_str(row, 9)),
        .why = str_copy(arena, store_str(row, 10)),
        .on = store_day(row, 11),
        .made_by = str_copy(arena, store_str(row, 12)),
        .decided_by = decided ? str_copy(arena, store_str(row, 13)) : STR_EMPTY,
        .decided_why = decided ? str_copy(arena, store_str(row, 14)) : STR_EMPTY,
        .state = decided ? state_of(store_str(row, 15)) : PAY_RECOVERY_WAITS,
        .approval = store_i64(row, 16)};
}

bool pay_look_at_approval(struct ledger *ledger, int64_t approval_number,
                          enum pay_recovery_state *state, struct err *err)
{
    struct arena scratch = {0};
    struct approval approval;
    if (*state != PAY_RECOVERY_WAITS) return true;
    bool good =
        approval_find(ledger->store, ledger->clock, &scratch, approval_number, &approval, err);
    if (good && approval.state == APPROVAL_OVER) *state = PAY_RECOVERY_OVER;
    arena_free(&scratch);
    return good;
}

bool pay_recovery_find(struct ledger *ledger, const struct asker *asker, int64_t number,
                       struct pay_recovery *out, struct err *err)
{
    struct store_statement *rows = NULL;
    struct pay_recovery found = {0};
    bool row = false;
    if (!store_prepare(ledger->store, &rows, RECOVERY_COLUMNS "WHERE r.number = $number", err)) {
        return false;
    }
    store_bind_i64(rows, "$number", number);
    bool good = store_step(rows, &row, err);
    if (good && row) found = recovery_row(rows, ledger->arena);
    store_finish(rows);
    if (!good) return false;
    if (!row || !asker_sees(asker, found.area)) {
        return err_set(err, ERR_NOT_FOUND, "there is no recovery %lld", "没有第 %lld 号收回",
                       (long long)number);
    }
    if (!pay_look_at_approval(ledger, found.approval, &found.state, err)) return false;
    *out = found;
    return true;
}

struct recoveries {
    LIST(struct pay_recovery) list;
};

/* Rows of a statement that is finished here. */
static bool read_rows(struct ledger *ledger, struct arena *arena, struct store_statement *rows,
                      struct recoveries *out, struct err *err)
{
    bool row = false, good = false;
    while ((good = store_step(rows, &row, err)) && row) {
        *list_push(arena, &out->list) = recovery_row(rows, arena);
    }
    store_finish(rows);
    for (size_t i = 0; good && i < out->list.count; i++) {
        good = pay_look_at_approval(ledger, out->list.items[i].approval, &out->list.items[i].state,
                                    err);
    }
    return good;
}

bool pay_recovery_list(struct ledger *ledger, const struct asker *asker, bool waiting,
                       struct pay_recovery **out, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    struct recoveries all = {0};
    size_t kept = 0;
    if (!store_prepare(ledger->store, &rows, RECOVERY_COLUMNS "ORDER BY r.number", err)
        || !read_rows(ledger, ledger->arena, rows, &all, err)) {
        return false;
    }
    for (size_t i = 0; i < all.list.count; i++) {
        struct pay_recovery *one = &all.list.items[i];
        if (!asker_sees(asker, one->area)) continue;
        if (waiting && one->state != PAY_RECOVERY_WAITS) continue;
        all.list.items[kept++] = *one;
    }
    *out = all.list.items;
    *count = kept;
    return true;
}

bool pay_recovery_waiting(struct ledger *ledger, struct str account, struct pay_recovery **out,
                          size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    struct recoveries all = {0};
    size_t kept = 0;
    if (!store_prepare(ledger->store, &rows,
                       RECOVERY_COLUMNS
                       "WHERE d.step IS NULL AND EXISTS (SELECT 1 FROM pay_batch AS b JOIN fund AS "
                       "f ON f.number = b.fund WHERE b.number = l.batch AND f.account = $account) "
                       "ORDER BY r.number",
                       err)) {
        return false;
    }
    store_bind_text(rows, "$account", account);
    if (!read_rows(ledger, ledger->arena, rows, &all, err)) return false;
    for (size_t i = 0; i < all.list.count; i++) {
        if (all.list.items[i].state != PAY_RECOVERY_WAITS) continue;
        all.list.items[kept++] = all.list.items[i];
    }
    *out = all.list.items;
    *count = kept;
    return true;
}

/* What of a payment waits to be booked as come back, and the newest with this voucher that nobody
 * decided (number 0: there is none). */
static bool read_waiting(struct ledger *ledger, struct arena *scratch, int64_t line,
                         struct str voucher, int64_t *fen, struct pay_recovery *same,
                         struct err *err)
{
    struct store_statement *rows = NULL;
    struct recoveries undecided = {0};
    *fen = 0;
    *same = (struct pay_recovery){0};
    if (!store_prepare(ledger->store, &rows,
                       RECOVERY_COLUMNS "WHERE r.line = $line AND d.step IS NULL "
                                        "ORDER BY r.number",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$line", line);
    if (!read_rows(ledger, scratch, rows, &undecided, err)) return false;
    for (size_t i = 0; i < undecided.list.count; i++) {
        const struct pay_recovery *one = &undecided.list.items[i];
        if (one->state == PAY_RECOVERY_WAITS) *fen += one->fen;
        if (reference_same(one->voucher, voucher)) *same = *one;
    }
    return true;
}

static bool put_step(struct ledger *ledger, const struct asker *asker, int64_t recovery,
                     enum pay_recovery_state step, int64_t approval, struct str why,
                     struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO pay_recovery_step (recovery, step, approval, why, user, at_ms) "
                       "VALUES ($recovery, $step, $approval, $why, $user, $now)",
                       err)) {
        return false;
    }
    store_bind_i64(put, "$recovery", recovery);
    store_bind_str(put, "$step", str_from(pay_recovery_state_key(step)));
    store_bind_i64(put, "$approval", approval);
    store_bind_text(put, "$why", why);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    return store_run_once(put, err);
}

static bool ask_approval(struct ledger *ledger, const struct asker *asker,
                         const struct pay_recovery *recovery, struct err *err)
{
    struct arena scratch = {0};
    struct text why;
    int64_t approval = 0;
    text_init(&why, &scratch, 1024);
    text_add_f(&why, "%.*s %.*s: %s", STR_ARG(recovery->scheme), STR_ARG(recovery->period),
               money_yuan(&scratch, recovery->fen).ptr);
    bool good =
        pay_ask_approval(ledger, asker, "pay_recovery", recovery->number, recovery->area,
                         text_str(&why), &approval, err)
        && put_step(ledger, asker, recovery->number, PAY_RECOVERY_WAITS, approval, STR_EMPTY, err)
        && pay_audit(ledger, asker, AUDIT_PAY, "pay_recovery", recovery->number, recovery->why,
                     err);
    arena_free(&scratch);
    return good;
}

static bool put_recovery(struct ledger *ledger, const struct asker *asker,
                         struct pay_recovery *recovery, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO pay_recovery (line, fen, voucher, day, why, user, made_ms) "
                       "VALUES ($line, $fen, $voucher, $day, $why, $user, $now)",
                       err)) {
        return false;
    }
    store_bind_i64(put, "$line", recovery->line);
    store_bind_i64(put, "$fen", recovery->fen);
    store_bind_str(put, "$voucher", recovery->voucher);
    store_bind_day(put, "$day", recovery->on);
    store_bind_str(put, "$why", recovery->why);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    if (!store_run_once(put, err)) return false;
    recovery->number = store_last_id(ledger->store);
    return true;
}

/* Whether the voucher is booked for the payment already. */
static bool check_voucher(struct ledger *ledger, int64_t line, struct str voucher, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, booked = false, good;
    if (!store_prepare(ledger->store, &rows,
                       "SELECT bank_serial FROM pay_event WHERE line = $line AND "
                       "kind = 'recovered'",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$line", line);
    while ((good = store_step(rows, &row, err)) && row && !booked) {
        booked = reference_same(store_str(rows, 0), voucher);
    }
    store_finish(rows);
    if (!good || !booked) return good;
    return err_set(err, ERR_CONFLICT, "this return of payment %lld is booked already",
                   "第 %lld 号发放的这笔退回已入账", (long long)line);
}

/* No more than is out, and not waiting to be booked as come back. */
static bool check_amount(const struct pay_recovery *recovery, const struct pay_line *line,
                         int64_t waiting, struct err *err)
{
    int64_t most = line->paid_fen - line->back_fen - waiting;
    if (recovery->fen <= most) return true;
    return err_set(err, ERR_CONFLICT,
                   "of payment %lld only %lld.%02lld yuan are still out: no more can come back",
                   "第 %lld 号发放只有 %lld.%02lld 元在外，不能收回更多", (long long)recovery->line,
                   (long long)(most / 100), (long long)(most % 100));
}

/* Money cannot have come back before it went out. A bank that states no day is not asked. */
static bool check_after(struct ledger *ledger, const struct pay_recovery *recovery, struct err *err)
{
    struct store_statement *rows = NULL;
    char text[DAY_TEXT_SIZE];
    day paid = DAY_NONE;
    if (!store_prepare(ledger->store, &rows,
                       "SELECT min(day) FROM pay_event WHERE line = $line AND kind = 'paid' AND "
                       "day IS NOT NULL",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$line", recovery->line);
    bool good = store_step_row(rows, err);
    if (good) paid = store_day(rows, 0);
    store_finish(rows);
    if (!good || day_is_none(paid) || recovery->on.days >= paid.days) return good;
    return err_set(err, ERR_INPUT,
                   "payment %lld went out on %s: it cannot have come back before; look at the day "
                   "again",
                   "第 %lld 号发放是 %s 付出的，不会在此之前收回：请核对日期",
                   (long long)recovery->line, day_format(paid, text));
}

/* The account that a payment went out of has to be open on the day when money came back. */
static bool check_period(struct ledger *ledger, const struct pay_recovery *recovery,
                         const struct pay_line *line, struct err *err)
{
    struct store_statement *rows = NULL;
    struct arena scratch = {0};
    if (!store_prepare(ledger->store, &rows,
                       "SELECT f.account FROM pay_batch AS b JOIN fund AS f ON f.number = b.fund "
                       "WHERE b.number = $batch",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$batch", line->batch);
    bool good = store_step_row(rows, err);
    struct str account = good ? str_copy(&scratch, store_str(rows, 0)) : STR_EMPTY;
    store_finish(rows);
    good = good && statement_check_open(ledger, account, recovery->on, err);
    arena_free(&scratch);
    return good;
}

static bool propose_in(struct ledger *ledger, const struct asker *asker, struct arena *scratch,
                       struct pay_recovery *recovery, bool *again, struct err *err)
{
    struct pay_line line;
    struct pay_recovery same;
    int64_t waiting;
    if (!pay_line_find(ledger, asker, recovery->line, &line, err)
        || !check_voucher(ledger, recovery->line, recovery->voucher, err)
        || !check_period(ledger, recovery, &line, err) || !check_after(ledger, recovery, err)
        || !read_waiting(ledger, scratch, recovery->line, recovery->voucher, &waiting, &same,
                         err)) {
        return false;
    }
    if (same.number != 0 && same.state == PAY_RECOVERY_WAITS) {
        return err_set(err, ERR_CONFLICT,
                       "this return of payment %lld waits for a second person's approval already: "
                       "recovery %lld",
                       "第 %lld 号发放的这笔收回已在待审批：收回 %lld", (long long)same.line,
                       (long long)same.number);
    }
    if (!check_amount(recovery, &line, waiting, err)) return false;
    *again = same.number != 0 && same.fen == recovery->fen && same.on.days == recovery->on.days
             && str_equal(same.made_by, asker->name);
    if (*again) {
        *recovery = same;
    } else {
        recovery->area = line.area;
        recovery->scheme = line.post.scheme;
        recovery->period = line.post.period;
        if (!put_recovery(ledger, asker, recovery, err)) return false;
    }
    return ask_approval(ledger, asker, recovery, err);
}

bool pay_recovery_propose(struct ledger *ledger, const struct asker *asker, int64_t line,
                          int64_t fen, struct str voucher, day on, struct str why, int64_t *number,
                          bool *again, struct err *err)
{
    struct arena scratch = {0};
    struct pay_recovery recovery = {
        .line = line, .fen = fen, .voucher = str_trim(voucher), .on = on, .why = str_trim(why)};
    bool asked = false;
    CHECK(fen > 0);
    CHECK(!day_is_none(on));
    if (!ledger_text(recovery.voucher, "the voucher", "凭证号", err)
        || !ledger_text(recovery.why, "a reason", "理由", err)
        || !store_begin(ledger->store, err)) {
        return false;
    }
    bool good =
        store_end(ledger->store, propose_in(ledger, asker, &scratch, &recovery, &asked, err), err);
    arena_free(&scratch);
    if (!good) return false;
    *number = recovery.number;
    *again = asked;
    return true;
}

static bool book_in(struct ledger *ledger, const struct asker *asker,
                    const struct pay_recovery *recovery, struct err *err)
{
    struct pay_line line;
    struct pay_batch batch;
    struct fund fund;
    if (!pay_line_find(ledger, asker, recovery->line, &line, err)) return false;
    struct pay_event event = {.line = recovery->line,
                              .kind = "recovered",
                              .fen = recovery->fen,
                              .reason = recovery->why,
                              .serial = recovery->voucher,
                              .on = recovery->on,
                              .booked = DAY_NONE};
    if (!pay_batch_find(ledger, asker, line.batch, &batch, err)
        || !fund_read(ledger, batch.fund, &fund, err)) {
        return false;
    }
    line.post.fund = &fund;
    return statement_check_open(ledger, fund.account, recovery->on, err)
           && post_back(ledger, &line.post, recovery->fen, STR("recover"), recovery->voucher, err)
           && pay_event_put(ledger, asker, &event, err);
}

static bool decide_in(struct ledger *ledger, const struct asker *asker, int64_t number, bool grant,
                      struct str why, struct err *err)
{
    struct pay_recovery recovery;
    if (!pay_recovery_find(ledger, asker, number, &recovery, err)) return false;
    if (recovery.state != PAY_RECOVERY_WAITS) {
        return err_set(err, ERR_CONFLICT, "recovery %lld does not wait for approval: %s%.0s",
                       "第 %lld 号收回不待审批：%.0s%s", (long long)number,
                       pay_recovery_state_text(recovery.state, LANG_EN),
                       pay_recovery_state_text(recovery.state, LANG_ZH));
    }
    return approval_decide(ledger->store, ledger->clock, asker, recovery.approval, grant, why, err)
           && put_step(ledger, asker, number, grant ? PAY_RECOVERY_BOOKED : PAY_RECOVERY_REFUSED, 0,
                       why, err)
           && (!grant || book_in(ledger, asker, &recovery, err))
           && pay_audit(ledger, asker, AUDIT_PAY_APPROVE, "pay_recovery", number, why, err);
}

bool pay_recovery_decide(struct ledger *ledger, const struct asker *asker, int64_t number,
                         bool grant, struct str why, struct err *err)
{
    why = str_trim(why);
    if (!grant && !ledger_text(why, "a reason", "理由", err)) return false;
    if (!store_begin(ledger->store, err)) return false;
    return store_end(ledger->store, decide_in(ledger, asker, number, grant, why, err), err);
}
