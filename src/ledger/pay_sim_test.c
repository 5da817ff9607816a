#include "base/testing.h"

#include "access/audit.h"
#include "ledger/order.h"
#include "ledger/pay_sim_testing.h"
#include "ledger/prove.h"
#include "ledger/reconcile.h"
#include "ledger/recovery.h"
#include "ledger/reinstate.h"
#include "ledger/verify.h"
#include "link/people.h"
#include "store/testing.h"

#include <stdio.h>
#include <stdlib.h>

/* The whole life of payments at random, from one seed: funds that fill and run dry, two officials
 * at two handles of one workspace, a bank that loses, doubles, re-orders and partly answers files,
 * pays short, too much, twice, after a refusal or what nobody ordered; store calls that fail in the
 * middle of an action (as a process killed there would leave it: the action is then done again),
 * clocks that jump. After each step the books have to sum up and no fund may be below zero; every
 * SETTLING steps, and at the end, the bank tells what it has not told and hands over its
 * statements, returns that never were are taken back, and the books and the bank hold the same
 * money; every COMPARING steps orders, answers and statement of the account at hand are compared
 * line by line. After FIRST_RECKONING steps, after twice as many and so on, and at the end,
 * everything is derived anew from the first row, and all accounts are compared: tables only grow,
 * so a later reckoning finds whatever an earlier one would have. Every STEPS_OF_AN_ACCOUNT steps
 * the office goes on with further funds on a further account, as it does from year to year.
 *
 * The seed is printed; BAOXUE_TEST_LONG makes a million steps of it, BAOXUE_STEPS as many as it
 * says. */

enum {
    STEPS_SHORT = 10000,
    STEPS_LONG = 1000000,
    COMPARING = 10000,
    FIRST_RECKONING = 5000,
    STEPS_OF_AN_ACCOUNT = 40000,
    STEPS_OF_A_SHORT_ACCOUNT = 4000, /* where the whole run is short */
    SETTLING = 500,
    TRYING_AGAIN = 4000,
    STEPS_OF_A_PERIOD = 120,
    DUE_MAX_FEN = 90000,
};

static const struct str schemes[SIM_FUNDS] = {{"boarding_subsidy", 16}, {"senior_grant", 12}};

static void open_handle(struct sim *sim, int i)
{
    struct err err = ERR_INIT;
    assert_true(store_open(&sim->stores[i], sim->path, STORE_WRITE, &err));
    assert_true(
        ledger_open(&sim->ledgers[i], &sim->arena, sim->stores[i], sim->codec, &sim->clock, &err));
    sim->ledgers[i].arena = &sim->work;
}

/* The process is gone: whatever was under way is rolled back when the file is opened again. */
static void kill_handle(struct sim *sim, int i)
{
    ledger_close(&sim->ledgers[i]);
    store_close(sim->stores[i]);
    open_handle(sim, i);
    sim->kills++;
}

/* Does `call` with a store that may fail in the middle of it; then it is done again, as the user
 * would. ERR_STORE is the fault; everything else is an answer. */
#define TRY(sim, i, call)                                                                          \
    do {                                                                                           \
        err = ERR_INIT;                                                                            \
        if (sim_chance((sim), 12)) store_fault_set((sim)->stores[i], 1 + sim_below((sim), 60));    \
        done = (call);                                                                             \
        bool hit = !done && err.kind == ERR_STORE;                                                 \
        store_fault_set((sim)->stores[i], 0);                                                      \
        if (!hit) break;                                                                           \
        (sim)->faults++;                                                                           \
        assert_false(store_in_transaction((sim)->stores[i]));                                      \
        if (sim_chance((sim), 30)) kill_handle((sim), (i));                                        \
    } while (true)

static void receive(struct sim *sim, int i, bool back)
{
    struct err err;
    bool done, made = false;
    struct fund *fund = &sim->funds[sim_below(sim, SIM_FUNDS)];
    struct fund_move move = {.back = back,
                             .level = (enum fund_level)sim_below(sim, FUND_LEVELS),
                             .fen = 1 + sim_below(sim, back ? 200000 : 900000),
                             .on = {sim->bank_day}};
    if (fund->accounts[move.level] == 0) return;
    move.voucher = sim_keep(sim, "V%llu", ++sim->vouchers, 0);
    TRY(sim, i, fund_move(&sim->ledgers[i], &sim->askers[i], fund, &move, &made, &err));
    if (!done) assert_int_equal(err.kind, ERR_CONFLICT); /* more than is left */
    if (done && made) {
        sim_bank_moves(sim, sim->account, move.voucher, STR("国库"), back ? move.fen : -move.fen);
    }
    if (done && sim_chance(sim, 30)) {
        TRY(sim, i, fund_move(&sim->ledgers[i], &sim->askers[i], fund, &move, &made, &err));
        assert_true(done && !made);
    }
}

static struct str period_name(struct sim *sim)
{
    return sim_keep(sim, "%llu-autumn", 2000 + (unsigned long long)sim->period, 0);
}

static void new_period(struct sim *sim)
{
    sim->period++;
    for (int f = 0; f < SIM_FUNDS; f++) {
        for (int p = 0; p < SIM_PERSONS; p++) {
            sim->due[f][p] = sim_chance(sim, 80) ? 1 + sim_below(sim, DUE_MAX_FEN) : 0;
            sim->due_most[f][p] = sim->due[f][p];
        }
    }
}

static struct pay_candidate candidate_of(struct sim *sim, int fund, int person)
{
    struct pay_candidate candidate = {.person = person + 1,
                                      .name = STR("王小明"),
                                      .area = STR("620422"),
                                      .due_fen = sim->due[fund][person],
                                      .payee = {STR("农行"), STR_EMPTY, STR("王大")},
                                      .holder = PAY_HOLDER_GUARDIAN};
    candidate.payee.account =
        sim_keep(sim, "62284800%04llu%llu", (unsigned long long)person, sim_below(sim, 3));
    if (sim_chance(sim, 5)) candidate.holder = PAY_HOLDER_NONE;
    return candidate;
}

static void propose(struct sim *sim, int i)
{
    struct pay_candidate candidates[SIM_PERSONS];
    struct pay_proposed made;
    struct err err;
    bool done;
    int f = (int)sim_below(sim, SIM_FUNDS);
    struct pay_wish wish = {.scheme = schemes[f],
                            .period = period_name(sim),
                            .area = STR("620422"),
                            .fund = &sim->funds[f],
                            .at = {sim->bank_day},
                            .candidates = candidates,
                            .retry = sim_chance(sim, 50),
                            .dry = sim_chance(sim, 5)};
    for (int p = 0; p < SIM_PERSONS; p++) {
        if (sim->due[f][p] == 0 || sim_chance(sim, 40)) continue;
        candidates[wish.count++] = candidate_of(sim, f, p);
    }
    TRY(sim, i, pay_propose(&sim->ledgers[i], &sim->askers[i], &wish, &made, &err));
    if (!done) {
        assert_int_equal(err.kind, ERR_CONFLICT); /* the fund does not hold so much */
        return;
    }
    if (made.batch > sim->newest_batch) sim->newest_batch = made.batch;
    /* The other official asks for the same at once: nothing is proposed twice. */
    if (made.batch == 0 || !sim_chance(sim, 20)) return;
    wish.dry = false;
    TRY(sim, 1 - i, pay_propose(&sim->ledgers[1 - i], &sim->askers[1 - i], &wish, &made, &err));
    assert_true(done);
    assert_int_equal(made.batch, 0);
}

/* A batch near the newest that is in this step. */
static int64_t find_batch(struct sim *sim, int i, enum pay_step step, struct pay_batch *out)
{
    struct err err = ERR_INIT;
    for (int64_t n = sim->newest_batch; n > 0 && n > sim->newest_batch - 6; n--) {
        struct ledger *ledger = &sim->ledgers[i];
        if (!pay_batch_find(ledger, &sim->askers[i], n, out, &err)) continue;
        if (out->step == step && sim_chance(sim, 60)) return n;
    }
    return 0;
}

static void approve(struct sim *sim, int i)
{
    struct pay_batch batch;
    struct err err;
    bool done, grant = sim_chance(sim, 85);
    int64_t number = find_batch(sim, i, PAY_STEP_PROPOSED, &batch);
    if (number == 0) return;
    TRY(sim, i, pay_decide(&sim->ledgers[i], &sim->askers[i], number, grant, STR("看过"), &err));
    if (str_equal(batch.made_by, sim->askers[i].name)) {
        assert_false(done);
        assert_int_equal(err.kind, ERR_DENIED);
        sim->denied++;
    } else if (!done) {
        assert_int_equal(err.kind, ERR_CONFLICT); /* nobody decided in time */
    }
}

/* Funds are opened two at a time, with each account. */
static int account_of(const struct pay_batch *batch)
{
    return (int)(batch->fund - 1) / SIM_FUNDS;
}

static void send(struct sim *sim, int i)
{
    struct pay_batch batch;
    struct order_sent sent, again;
    struct err err;
    bool done;
    int64_t number = find_batch(sim, i, PAY_STEP_APPROVED, &batch);
    if (number == 0) return;
    TRY(sim, i,
        order_send(&sim->ledgers[i], &sim->askers[i], number, &sim->bank, STR("资助"), &sent,
                   &err));
    assert_true(done);
    assert_false(sent.again);
    if (sim_chance(sim, 30)) {
        TRY(sim, 1 - i,
            order_send(&sim->ledgers[1 - i], &sim->askers[1 - i], number, &sim->bank, STR("资助"),
                       &again, &err));
        assert_true(done && again.again);
        assert_true(str_equal(again.content, sent.content));
    }
    if (!sim_chance(sim, 4))
        sim_bank_takes(sim, account_of(&batch), sent.content); /* else it is lost on the way */
}

/* The account at hand, or now and then the one before: what is under way there goes on. */
static int lately(struct sim *sim)
{
    return sim->account > 0 && sim_chance(sim, 20) ? sim->account - 1 : sim->account;
}

/* An answer with some of what happened lately of an account, in any order, some of it told before.
 */
static void answer(struct sim *sim, int i, int account, bool all)
{
    struct answer file = {.name = STR("answer"), .account = sim->accounts[account].key};
    struct answer_taken taken;
    struct err err;
    bool done;
    LIST(struct answer_line) lines = {0};
    for (size_t e = all ? 0 : sim->first_event; e < sim->events.count; e++) {
        struct bank_event *event = &sim->events.items[e];
        if (event->account != account) continue;
        if (!all && !sim_chance(sim, event->told ? 3 : 50)) continue;
        if (all && event->told) continue;
        event->told = true;
        *list_push(&sim->work, &lines) = event->line;
        if (sim_chance(sim, 5)) *list_push(&sim->work, &lines) = event->line;
    }
    while (sim->first_event + 200 < sim->events.count && sim->events.items[sim->first_event].told) {
        sim->first_event++;
    }
    for (size_t n = lines.count; n > 1; n--) {
        size_t other = sim_below(sim, (uint32_t)n);
        struct answer_line swap = lines.items[n - 1];
        lines.items[n - 1] = lines.items[other];
        lines.items[other] = swap;
    }
    file.lines = lines.items;
    file.count = lines.count;
    struct str name = sim_keep(sim, "%llu %llu", ++sim->serial, sim->rng.state[0]);
    sm3_hash(name, file.hash);
    TRY(sim, i, answer_take(&sim->ledgers[i], &sim->askers[i], &file, &taken, &err));
    if (!done) fail_msg("answer: %s", err.en);
    for (int o = 0; o < ANSWER_OUTCOMES; o++) sim->outcomes[o] += taken.counts[o];
    if (!sim_chance(sim, 20)) return;
    TRY(sim, 1 - i, answer_take(&sim->ledgers[1 - i], &sim->askers[1 - i], &file, &taken, &err));
    assert_true(done && taken.unchanged);
}

static void take_back(struct sim *sim, int i)
{
    struct pay_batch batch;
    struct err err;
    bool done, lost = sim_chance(sim, 50);
    uint64_t lines;
    enum pay_step step = lost ? PAY_STEP_EXPORTED : PAY_STEP_APPROVED;
    int64_t number = find_batch(sim, i, step, &batch);
    if (number == 0) return;
    TRY(sim, i,
        pay_void(&sim->ledgers[i], &sim->askers[i], number, lost, STR("名单有误"), &lines, &err));
    if (done) assert_int_equal(lines, batch.open_lines);
    if (!done) assert_int_equal(err.kind, ERR_CONFLICT);
}

/* What came back waits for the other one, who books it or not. Never more than was paid. */
static void recover_by_two(struct sim *sim, int i, const struct bank_record *record, int64_t line,
                           int64_t fen)
{
    struct str voucher = sim_keep(sim, "R%llu", ++sim->vouchers, 0);
    struct err err = ERR_INIT;
    int64_t number = 0;
    bool done, again, grant = sim_chance(sim, 80);
    TRY(sim, i,
        pay_recovery_propose(&sim->ledgers[i], &sim->askers[i], line, fen, voucher,
                             (day){sim->bank_day}, STR("转出"), &number, &again, &err));
    if (!done) assert_int_equal(err.kind, ERR_CONFLICT);
    if (!done) return;
    i = sim_chance(sim, 30) ? i : 1 - i;
    TRY(sim, i,
        pay_recovery_decide(&sim->ledgers[i], &sim->askers[i], number, grant, STR("看过"), &err));
    if (!done) assert_int_equal(err.kind, ERR_DENIED); /* whoever proposed */
    if (done && grant) sim_bank_moves(sim, record->account, voucher, STR("收回"), -fen);
}

/* Somebody gives money back. The bank does not send back what the person gave back. */
static void recover(struct sim *sim, int i)
{
    struct store_statement *find = NULL;
    struct err err = ERR_INIT;
    struct bank_record *record = NULL;
    bool row = false;
    int64_t line = 0, fen = 1 + sim_below(sim, DUE_MAX_FEN);
    assert_true(store_prepare(sim->stores[i], &find,
                              "SELECT l.number, l.batch, l.ordinal FROM pay_event AS e JOIN "
                              "pay_line AS l ON l.number = e.line WHERE e.kind = 'paid' AND "
                              "e.number <= $most ORDER BY e.number DESC LIMIT 1",
                              &err));
    store_bind_i64(find, "$most", 1 + sim_below(sim, 1 + (uint32_t)sim->serial));
    assert_true(store_step(find, &row, &err));
    if (row) {
        line = store_i64(find, 0);
        record =
            sim_bank_record(sim, sim_keep(sim, "P%llu-%llu", (unsigned long long)store_i64(find, 1),
                                          (unsigned long long)store_i64(find, 2)));
    }
    store_finish(find);
    if (record == NULL || record->bounced) return;
    record->bounced = true;
    recover_by_two(sim, i, record, line, fen);
}

/* What the bank paid without an order: it moves some back, some is accepted, some stands. */
static void explain_one(struct sim *sim, int i, int account, struct suspense *item)
{
    struct err err;
    bool done;
    enum suspense_how how = (enum suspense_how)sim_below(sim, SUSPENSE_HOWS);
    struct str serial = sim_keep(sim, "B%llu", ++sim->serial, 0);
    struct bank_record *record = sim_bank_record(sim, item->reference);
    /* The bank told first that the money came back, then that it went out: it is back. */
    bool is_back = record != NULL && record->out_fen == 0;
    if (is_back) {
        how = SUSPENSE_RETURNED;
        serial = record->back_serial;
    }
    if (record != NULL) record->bounced = true; /* explained for good */
    TRY(sim, i,
        suspense_explain(&sim->ledgers[i], &sim->askers[i], item->number, how, STR("查清"), serial,
                         &err));
    if (!done && (how != SUSPENSE_ACCEPTED || err.kind != ERR_CONFLICT)) {
        fail_msg("suspense %lld: %s", (long long)item->number, err.en);
    }
    item->explained = done;
    if (done && how == SUSPENSE_RETURNED && !is_back) {
        sim_bank_moves(sim, account, serial, item->reference, -item->fen);
    }
}

static void explain(struct sim *sim, int i)
{
    enum { RARELY = 4, AT_ONCE = 24 }; /* the list of all that ever was in suspense grows long */
    struct suspense *list;
    size_t count;
    struct err err = ERR_INIT;
    int account = lately(sim);
    if (sim_below(sim, RARELY) > 0) return;
    assert_true(
        suspense_list(&sim->ledgers[i], sim->accounts[account].key, true, &list, &count, &err));
    for (int n = 0; n < AT_ONCE && count > 0; n++) {
        struct suspense *item = &list[sim_below(sim, (uint32_t)count)];
        if (!item->explained) explain_one(sim, i, account, item);
    }
}

static void jump(struct sim *sim)
{
    int64_t hour = 60 * 60 * 1000;
    sim->clock.fixed_ms += ((int64_t)sim_below(sim, 60) - 20) * hour;
}

static void change_due(struct sim *sim)
{
    int f = (int)sim_below(sim, SIM_FUNDS), p = (int)sim_below(sim, SIM_PERSONS);
    sim->due[f][p] = sim_below(sim, DUE_MAX_FEN);
    if (sim->due[f][p] > sim->due_most[f][p]) sim->due_most[f][p] = sim->due[f][p];
}

/* After each step: debits are credits, pending too, and no fund is below zero. */
static void look(struct sim *sim, int i)
{
    struct store_statement *sums = NULL;
    struct err err = ERR_INIT;
    assert_true(store_prepare(
        sim->stores[i], &sums,
        "SELECT sum(debits_posted) - sum(credits_posted), sum(debits_pending) - "
        "sum(credits_pending), sum(flags = 1 AND debits_posted + debits_pending > credits_posted) "
        "FROM book_balance JOIN book_account ON number = account",
        &err));
    assert_true(store_step_row(sums, &err));
    for (int c = 0; c < 3; c++) assert_int_equal(store_i64(sums, c), 0);
    store_finish(sums);
}

/* Nobody ever gets more of a period than was due at the most, and one payment at a time. */
static void look_at_payments(struct sim *sim, int i)
{
    struct store_statement *rows = NULL;
    struct err err = ERR_INIT;
    bool row = false;
    assert_true(store_prepare(
        sim->stores[i], &rows,
        "SELECT l.scheme, l.person, sum(s.kind IS NULL), sum(CASE WHEN s.kind IS NULL THEN l.fen "
        "WHEN s.kind = 'paid' THEN s.fen ELSE 0 END) - sum((SELECT coalesce(sum(b.fen), 0) FROM "
        "pay_event AS b WHERE b.line = l.number AND b.kind IN ('returned', 'recovered'))) FROM "
        "pay_line AS l LEFT JOIN pay_event AS s ON s.line = l.number AND s.kind IN ('paid', "
        "'refused', 'void') WHERE l.scheme IN ('boarding_subsidy', 'senior_grant') AND l.period = "
        "$period GROUP BY +l.scheme, +l.person",
        &err));
    store_bind_str(rows, "$period", period_name(sim));
    while (store_step(rows, &row, &err) && row) {
        int f = str_equal(store_str(rows, 0), schemes[0]) ? 0 : 1;
        assert_true(store_i64(rows, 2) <= 1);
        assert_true(store_i64(rows, 3) <= sim->due_most[f][store_i64(rows, 1) - 1]);
    }
    store_finish(rows);
}

static void step(struct sim *sim)
{
    int i = (int)sim_below(sim, 2);
    uint32_t what = sim_below(sim, 100);
    if (what < 6)
        receive(sim, i, false);
    else if (what < 7)
        receive(sim, i, true);
    else if (what < 17)
        propose(sim, i);
    else if (what < 30)
        approve(sim, i);
    else if (what < 38)
        send(sim, i);
    else if (what < 78)
        sim_bank_works(sim);
    else if (what < 88)
        answer(sim, i, lately(sim), false);
    else if (what < 89)
        take_back(sim, i);
    else if (what < 92)
        recover(sim, i);
    else if (what < 94)
        explain(sim, i);
    else if (what < 97)
        jump(sim);
    else
        change_due(sim);
    look(sim, 1 - i);
    if (what >= 7 && what < 17) look_at_payments(sim, i);
    arena_reset(&sim->work);
}

/* Proposed by the one, unless it waits already, and decided by the other. False where it cannot be
 * taken back yet. */
static bool reinstate_by_two(struct sim *sim, int64_t payment, struct pay_reinstatement *out)
{
    struct pay_reinstatement *list;
    struct err err = ERR_INIT;
    size_t count;
    int64_t number = 0;
    bool done = true;
    assert_true(pay_reinstate_list(&sim->ledgers[0], &sim->askers[0], true, &list, &count, &err));
    for (size_t n = 0; n < count; n++) {
        if (list[n].payment == payment) number = list[n].number;
    }
    if (number == 0) {
        TRY(sim, 0,
            pay_reinstate_propose(&sim->ledgers[0], &sim->askers[0], payment, STR("查清"), &number,
                                  &err));
    }
    if (done) {
        TRY(sim, 1,
            pay_reinstate_decide(&sim->ledgers[1], &sim->askers[1], number, true, STR_EMPTY, &err));
    }
    if (!done) {
        assert_int_equal(err.kind, ERR_CONFLICT);
        return false;
    }
    assert_true(pay_reinstate_find(&sim->ledgers[0], &sim->askers[0], number, out, &err));
    return true;
}

/* Returns that the statement does not have never were. What of them cannot be taken back yet is
 * left: the payment is being tried again, or the fund has spent the money. */
static void take_back_returns(struct sim *sim, struct bank_account *account, size_t steps)
{
    struct reconciled reconciled;
    struct err err = ERR_INIT;
    account->left_fen = 0;
    assert_true(reconcile(&sim->ledgers[0], account->key, &reconciled, &err));
    for (size_t r = 0; r < reconciled.count; r++) {
        const struct reconcile_item *item = &reconciled.items[r];
        struct pay_reinstatement back;
        if (item->state != RECONCILE_MISSING) continue;
        assert_true(str_is(item->what, "return") && item->payment > 0);
        if (!reinstate_by_two(sim, item->payment, &back)) {
            account->left_fen -= item->ours_fen;
            continue;
        }
        sim->reinstated++;
        sim->twice += back.suspense > 0;
    }
    account->same_day = false;
    account->again = steps + TRYING_AGAIN;
}

/* What the bank has moved back is back; what is left is looked at by people (explain). */
static void explain_what_is_back(struct sim *sim, const struct bank_account *account)
{
    struct suspense *list;
    size_t count;
    struct err err = ERR_INIT;
    assert_true(suspense_list(&sim->ledgers[0], account->key, true, &list, &count, &err));
    for (size_t n = 0; n < count; n++) {
        const struct bank_record *record = sim_bank_record(sim, list[n].reference);
        if (record == NULL || record->out_fen != 0) continue;
        bool done = suspense_explain(&sim->ledgers[0], &sim->askers[0], list[n].number,
                                     SUSPENSE_RETURNED, STR("查清"), record->back_serial, &err);
        if (!done) fail_msg("suspense %lld: %s", (long long)list[n].number, err.en);
    }
}

/* The books and the bank hold the same money, but for returns that never were and cannot be taken
 * back yet. */
static void look_at_account(struct sim *sim, const struct bank_account *account, size_t steps)
{
    struct book_account found;
    struct err err = ERR_INIT;
    struct text code;
    bool there = false;
    text_init(&code, &sim->work, 64);
    text_add_f(&code, "bank/%.*s", STR_ARG(account->key));
    assert_true(book_account_find(sim->ledgers[0].book, text_str(&code), &found, &there, &err));
    int64_t books_fen = there ? found.debits_posted - found.credits_posted : 0;
    if (books_fen - account->left_fen == account->balance_fen) return;
    fail_msg("step %zu, account %.*s: the books hold %lld fen, the bank %lld", steps,
             STR_ARG(account->key), (long long)(books_fen - account->left_fen),
             (long long)account->balance_fen);
}

/* The bank tells all that it has not told, and hands over its statements; nothing happens any more
 * on accounts of long ago but that people give money back. */
static void settle(struct sim *sim, size_t steps)
{
    for (int a = sim->account > 0 ? sim->account - 1 : 0; a <= sim->account; a++) {
        answer(sim, 0, a, true);
        explain_what_is_back(sim, &sim->accounts[a]);
        sim_bank_states(sim, &sim->accounts[a]);
        struct bank_account *account = &sim->accounts[a];
        bool due = account->left_fen > 0 && steps >= account->again;
        if (account->same_day || due) take_back_returns(sim, account, steps);
    }
    for (int a = 0; a <= sim->account; a++) {
        sim_bank_states(sim, &sim->accounts[a]);
        look_at_account(sim, &sim->accounts[a], steps);
    }
    arena_reset(&sim->work);
}

/* Orders, answers and statement of an account say the same of every movement. */
static void compare(struct sim *sim, const struct bank_account *account)
{
    struct reconciled reconciled;
    struct err err = ERR_INIT;
    assert_true(reconcile(&sim->ledgers[0], account->key, &reconciled, &err));
    assert_true(reconciled.balanced);
    for (size_t r = 0; r < reconciled.count; r++) {
        const struct reconcile_item *item = &reconciled.items[r];
        if (item->state == RECONCILE_MATCHED || item->state == RECONCILE_SUSPENSE
            || item->state == RECONCILE_UNANSWERED || item->state == RECONCILE_UNDECIDED
            || (item->state == RECONCILE_MISSING && (account->same_day || account->left_fen > 0))) {
            continue;
        }
        fail_msg("%s: %.*s %.*s, ours %lld, the bank's %lld", reconcile_state_key(item->state),
                 STR_ARG(item->what), STR_ARG(item->name), (long long)item->ours_fen,
                 (long long)item->bank_fen);
    }
    arena_reset(&sim->work);
}

static void prove(struct ledger *ledger, const struct fund *fund)
{
    struct fund_proof proof;
    struct err err = ERR_INIT;
    assert_true(prove_fund(ledger, fund, &proof, &err));
    if (proof.finding_count == 0) return;
    fail_msg("fund %.*s: %s of %lld", STR_ARG(fund->key), proof_fault_key(proof.findings[0].fault),
             (long long)proof.findings[0].number);
}

/* Everything anew: the chain, the balances, funds by the second code path (those of long ago at the
 * last), each payment, each account. */
static void reckon(struct sim *sim, int i, bool last)
{
    struct arena arena = {0};
    struct book_report report;
    struct fund *funds;
    struct ledger ledger = sim->ledgers[i];
    struct err err = ERR_INIT;
    size_t count;
    int64_t broken_at;
    ledger.arena = &arena;
    assert_true(book_verify(&arena, sim->stores[i], &report, &err));
    assert_int_equal(report.finding_count, 0);
    assert_true(report.debits == report.credits);
    assert_true(fund_list(&ledger, &sim->askers[i], &funds, &count, &err));
    assert_int_equal(count, (sim->account + 1) * SIM_FUNDS);
    for (size_t f = 0; f < count; f++) {
        bool lately = funds[f].number + 2 * SIM_FUNDS > (int64_t)count;
        if (last || lately) prove(&ledger, &funds[f]);
    }
    assert_true(audit_verify(sim->stores[i], &broken_at, &err));
    assert_int_equal(broken_at, 0);
    look_at_payments(sim, i);
    for (int a = 0; a <= sim->account; a++) compare(sim, &sim->accounts[a]);
    arena_free(&arena);
}

/* A further account, and its funds. */
static void open_account(struct sim *sim)
{
    static const char *const shares[SIM_FUNDS] = {"central=50,province=25,city=10,county=15",
                                                  "central=80,county=20"};
    struct err err = ERR_INIT;
    bool made;
    CHECK(sim->account < SIM_ACCOUNTS_MAX);
    struct str key = sim_keep(sim, "main%llu", (unsigned long long)sim->account, 0);
    sim->accounts[sim->account] = (struct bank_account){.key = key};
    for (int f = 0; f < SIM_FUNDS; f++) {
        sim->funds[f] = (struct fund){
            .key = sim_keep(sim, "f%llu-%llu", (unsigned long long)sim->account, (unsigned)f),
            .document = STR("甘财教〔2020〕15号"),
            .account = key,
            .schemes = schemes[f]};
        assert_true(fund_shares_read(str_from(shares[f]), sim->funds[f].shares, &err));
        assert_true(fund_open(&sim->ledgers[0], &sim->askers[0], &sim->funds[f], &made, &err));
        sim->funds[f].key = str_copy(&sim->arena, sim->funds[f].key);
        assert_int_equal(sim->funds[f].number, sim->account * SIM_FUNDS + f + 1);
    }
    new_period(sim);
}

static void begin(struct sim *sim, const char *path, uint64_t seed)
{
    static const unsigned char secret[CODEC_SECRET_BYTES] = {7};
    struct err err = ERR_INIT;
    *sim = (struct sim){.path = path, .rng = rng_seed(seed)};
    sim->clock = clock_fixed(1606262400000);
    sim->codec = codec_from_secret(secret);
    sim->bank_day = 18500;
    assert_true(store_open(&sim->stores[0], sim->path, STORE_CREATE, &err));
    assert_true(access_migrate(sim->stores[0], &err) && people_migrate(sim->stores[0], &err)
                && ledger_migrate(sim->stores[0], &err));
    store_close(sim->stores[0]);
    for (int i = 0; i < 2; i++) {
        open_handle(sim, i);
        sim->askers[i] = asker_local();
        sim->askers[i].name = i == 0 ? STR("li") : STR("wang");
    }
    sim_bank_read(sim);
    open_account(sim);
}

static void a_life_of_payments(void **state)
{
    bool is_long = getenv("BAOXUE_TEST_LONG") != NULL;
    const char *given = getenv("BAOXUE_SEED"), *wanted = getenv("BAOXUE_STEPS");
    uint64_t seed = given == NULL ? 20201125 : strtoull(given, NULL, 10);
    size_t steps = wanted != NULL ? strtoull(wanted, NULL, 10) : is_long ? STEPS_LONG : STEPS_SHORT;
    size_t reckoning = FIRST_RECKONING, steps_of_an_account = STEPS_OF_AN_ACCOUNT;
    struct arena own = {0};
    struct sim *sim = arena_new(&own, struct sim);
    if (steps <= STEPS_OF_AN_ACCOUNT) steps_of_an_account = STEPS_OF_A_SHORT_ACCOUNT;
    printf("seed %llu, %zu steps\n", (unsigned long long)seed, steps);
    begin(sim, test_path_fresh(state), seed);
    for (size_t n = 1; n <= steps; n++) {
        step(sim);
        if (n % STEPS_OF_A_PERIOD == 0) new_period(sim);
        if (n % SETTLING == 0) settle(sim, n);
        if (n % COMPARING == 0) compare(sim, &sim->accounts[sim->account]);
        if (n == reckoning && n < steps) {
            reckon(sim, 0, false);
            reckoning *= 2;
        }
        if (n % steps_of_an_account == 0 && n < steps) {
            sim->account++;
            open_account(sim);
        }
    }
    settle(sim, steps);
    reckon(sim, 0, true);
    for (int o = 0; o < ANSWER_OUTCOMES; o++) {
        printf("%s %zu, ", answer_outcome_key((enum answer_outcome)o), sim->outcomes[o]);
        if (o != ANSWER_UNKNOWN_REFUSED) assert_true(sim->outcomes[o] > 0);
    }
    printf("%llu returns taken back, %llu of them paid again; %llu batches, %llu faults, %llu "
           "kills, %llu denied\n",
           (unsigned long long)sim->reinstated, (unsigned long long)sim->twice,
           (unsigned long long)sim->newest_batch, (unsigned long long)sim->faults,
           (unsigned long long)sim->kills, (unsigned long long)sim->denied);
    assert_true(sim->faults > 0 && sim->kills > 0 && sim->denied > 0 && sim->reinstated > 0);
    for (int i = 0; i < 2; i++) {
        ledger_close(&sim->ledgers[i]);
        store_close(sim->stores[i]);
    }
    codec_close(sim->codec);
    arena_free(&sim->arena);
    arena_free(&sim->work);
    arena_free(&own);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_life_of_payments)};
    return cmocka_run_group_tests(tests, test_folder_make_fast, test_folder_remove);
}
