#include "ledger/close.h"

#include "base/testing.h"

#include "ledger/pay_testing.h"
#include "ledger/project.h"
#include "ledger/reconcile.h"
#include "ledger/statement.h"

/* 5,000 yuan came, of which the bank paid 500 to the first person on day 18591; it is day 18601. */
static const struct pay_told paid_lines[] = {{18500, "v1", -500000, 500000},
                                             {18591, "s1", 50000, 450000}};

static void open_paid(struct pay_office *office, void **state)
{
    struct pay_proposed made;
    struct err err;
    const int64_t due[] = {50000};
    pay_office_open(office, state, 250000);
    pay_office_send(office, pay_office_propose(office, due, 1, &made, NULL));
    assert_int_equal(pay_office_answer(office, "P1-1", -1, "s1"), ANSWER_PAID);
    if (!pay_office_statement(office, paid_lines, 2, &err)) fail_msg("%s", err.en);
    office->clock.fixed_ms = INT64_C(18601) * 24 * 60 * 60 * 1000;
}

/* Money claimed back and not decided holds up its period; what the statement has of it is no
 * unknown that goes into suspense, for it would then be booked twice. */
static void money_claimed_back_and_undecided_holds_up_closing(void **state)
{
    struct pay_office office;
    struct reconciled reconciled;
    struct err err;
    int64_t number;
    bool again;
    const struct pay_told more[] = {{18600, "r1", -20000, 470000}};
    open_paid(&office, state);
    assert_true(pay_office_statement(&office, more, 1, &err));
    assert_true(pay_recovery_propose(&office.ledger, &office.li, 1, 20000, STR("r1"), (day){18600},
                                     STR("转出"), &number, &again, &err));
    assert_false(pay_office_close_through(&office, 18600, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_int_equal(pay_office_suspense(&office), 0);
    assert_true(reconcile(&office.ledger, STR("main"), &reconciled, &err));
    assert_int_equal(reconciled.counts[RECONCILE_UNDECIDED], 1);
    for (size_t i = 0; i < reconciled.count; i++) {
        if (reconciled.items[i].state != RECONCILE_UNDECIDED) continue;
        assert_true(str_is(reconciled.items[i].name, "r1"));
        assert_int_equal(reconciled.items[i].ours_fen, -20000);
        assert_int_equal(reconciled.items[i].payment, 1);
    }
    assert_true(pay_office_close_through(&office, 18595, &err)); /* it came later */
    if (!pay_recovery_decide(&office.ledger, &office.wang, number, true, STR_EMPTY, &err)) {
        fail_msg("%s", err.en);
    }
    if (!pay_office_close_through(&office, 18600, &err)) fail_msg("%s", err.en);
    assert_int_equal(pay_office_suspense(&office), 0);
    pay_office_whole(&office);
    pay_office_close(&office);
}

/* A refused claim, and one that nobody decided in time, hold up nothing; nor does one on another
 * account. */
static void a_claim_that_counts_no_more_holds_up_nothing(void **state)
{
    struct pay_office office;
    struct reconciled reconciled;
    struct err err;
    int64_t number;
    bool again;
    open_paid(&office, state);
    assert_true(pay_recovery_propose(&office.ledger, &office.li, 1, 20000, STR("r1"), (day){18591},
                                     STR("转出"), &number, &again, &err));
    assert_true(pay_recovery_propose(&office.ledger, &office.li, 1, 10000, STR("r2"), (day){18591},
                                     STR("转出"), &number, &again, &err));
    assert_true(
        pay_recovery_decide(&office.ledger, &office.wang, number, false, STR("没到"), &err));
    assert_true(reconcile(&office.ledger, STR("other"), &reconciled, &err));
    assert_int_equal(reconciled.counts[RECONCILE_UNDECIDED], 0);
    assert_false(pay_office_close_through(&office, 18591, &err));
    office.clock.fixed_ms += (int64_t)24 * 60 * 60 * 1000;
    if (!pay_office_close_through(&office, 18591, &err)) fail_msg("%s", err.en);
    pay_office_close(&office);
}

/* A file that was edited: what is kept, and behind its first line another one whose balance follows
 * from that one. The kept lines are the bank's; nothing is slipped in between them. */
static void a_line_slipped_in_between_kept_ones_is_refused(void **state)
{
    struct pay_office office;
    struct err err;
    const struct pay_told slipped[] = {{18500, "v1", -500000, 500000}, {18591, "x1", 100, 499900}},
                          overlapping[] = {{18591, "s1", 50000, 450000}, {18592, "s2", 1, 449999}};
    open_paid(&office, state);
    assert_false(pay_office_statement(&office, slipped, 2, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    if (!pay_office_statement(&office, overlapping, 2, &err)) fail_msg("%s", err.en);
    pay_office_close(&office);
}

/* What a voucher says of a closed day would never be compared with a statement any more. */
static void a_closed_period_takes_no_voucher(void **state)
{
    struct pay_office office;
    struct err err;
    bool made, again;
    int64_t number;
    struct fund school = {.key = STR("p"),
                          .document = STR("甘财教〔2020〕16号"),
                          .account = STR("main"),
                          .project = true,
                          .shares = {10000}};
    const struct project plan = {.key = STR("食堂"), .document = STR("批复"), .planned_fen = 1000};
    struct fund_move move = {.fen = 1000, .voucher = STR("v9"), .on = {18591}};
    struct project_move allot = {.fen = 1000, .voucher = STR("a1"), .on = {18591}};
    open_paid(&office, state);
    assert_true(fund_open(&office.ledger, &office.li, &school, &made, &err));
    assert_true(project_plan(&office.ledger, &office.li, &school, &plan, &made, &err));
    if (!pay_office_close_through(&office, 18591, &err)) fail_msg("%s", err.en);
    assert_false(fund_move(&office.ledger, &office.li, &school, &move, &made, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    move.on.days++;
    assert_true(fund_move(&office.ledger, &office.li, &school, &move, &made, &err));
    assert_false(project_move(&office.ledger, &office.li, &school, plan.key, &allot, &made, &err));
    allot.on.days++;
    assert_true(project_move(&office.ledger, &office.li, &school, plan.key, &allot, &made, &err));
    assert_false(pay_recovery_propose(&office.ledger, &office.li, 1, 20000, STR("r1"), (day){18591},
                                      STR("转出"), &number, &again, &err));
    assert_true(pay_recovery_propose(&office.ledger, &office.li, 1, 20000, STR("r1"), (day){18592},
                                     STR("转出"), &number, &again, &err));
    /* What was booked before the closing is known when it is asked for again. */
    move = (struct fund_move){.fen = 250000, .voucher = STR("v1"), .on = {18500}};
    assert_true(fund_move(&office.ledger, &office.li, &office.fund, &move, &made, &err));
    assert_false(made);
    pay_office_whole(&office);
    pay_office_close(&office);
}

/* On a day that is not over the bank may still move something, and no new line of a closed period
 * would be taken. */
static void a_day_that_is_not_over_cannot_be_closed(void **state)
{
    struct pay_office office;
    unsigned char root[BOOK_HASH_BYTES];
    struct err err = ERR_INIT;
    open_paid(&office, state);
    office.clock.fixed_ms = INT64_C(18591) * 24 * 60 * 60 * 1000 + 1;
    assert_false(close_period(&office.ledger, &office.li, STR("main"), (day){18591}, root, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_non_null(strstr(err.en, "2020-11-25 is not over"));
    if (!pay_office_close_through(&office, 18591, &err)) fail_msg("%s", err.en);
    pay_office_close(&office);
}

/* What the bank says of an account cannot be parted by area: to somebody who does not see all its
 * funds the orders of the others would look like none of ours. */
static void what_the_bank_says_takes_who_sees_the_account(void **state)
{
    struct pay_office office;
    struct answer_taken taken;
    struct err err;
    const struct pay_told more[] = {{18592, "fee", 100, 449900}};
    struct answer_line line = {
        .reference = STR("X9"), .paid = true, .fen = 700, .serial = STR("x"), .on = DAY_NONE};
    struct answer answer = {
        .name = STR("answer"), .account = STR("main"), .lines = &line, .count = 1};
    open_paid(&office, state);
    assert_int_equal(pay_office_answer(&office, "X8", 700, "x8"), ANSWER_UNKNOWN);
    struct asker county = {.name = STR("hui"),
                           .areas = {STR("620422")},
                           .area_count = 1,
                           .capabilities = CAPABILITY_ALL},
                 all = office.li;
    err = ERR_INIT;
    assert_false(answer_take(&office.ledger, &county, &answer, &taken, &err));
    assert_int_equal(err.kind, ERR_DENIED);
    assert_false(
        suspense_explain(&office.ledger, &county, 1, SUSPENSE_NOTED, STR("无"), STR_EMPTY, &err));
    assert_int_equal(err.kind, ERR_DENIED);
    office.li = county;
    assert_false(pay_office_statement(&office, more, 1, &err));
    assert_int_equal(err.kind, ERR_DENIED);
    assert_false(pay_office_close_through(&office, 18591, &err));
    assert_int_equal(err.kind, ERR_DENIED);
    office.li = all;
    assert_true(answer_take(&office.ledger, &office.li, &answer, &taken, &err));
    assert_false(taken.unchanged);
    pay_office_close(&office);
}

/* What the bank paid beyond an order of ours left the account that the order's fund lies in,
 * whichever account the answer was said to be of. */
static void a_surplus_is_in_suspense_on_the_account_that_paid_it(void **state)
{
    struct pay_office office;
    struct pay_proposed made;
    struct suspense *list;
    struct err err = ERR_INIT;
    size_t count;
    bool fresh;
    const int64_t due[] = {50000};
    pay_office_open(&office, state, 250000);
    office.fund = (struct fund){.key = STR("g"),
                                .document = STR("甘财教〔2020〕17号"),
                                .account = STR("other"),
                                .schemes = STR("aid"),
                                .shares = {10000}};
    const struct fund_move move = {.fen = 90000, .voucher = STR("v2"), .on = {18500}};
    assert_true(fund_open(&office.ledger, &office.li, &office.fund, &fresh, &err));
    assert_true(fund_move(&office.ledger, &office.li, &office.fund, &move, &fresh, &err));
    pay_office_send(&office, pay_office_propose(&office, due, 1, &made, NULL));
    assert_int_equal(pay_office_answer(&office, "P1-1", 60000, "s1"), ANSWER_MORE);
    assert_int_equal(pay_office_answer(&office, "P1-1", 60000, "s2"), ANSWER_TWICE);
    assert_true(suspense_list(&office.ledger, STR("main"), true, &list, &count, &err));
    assert_int_equal(count, 0);
    assert_true(suspense_list(&office.ledger, STR("other"), true, &list, &count, &err));
    assert_int_equal(count, 2);
    pay_office_whole(&office);
    pay_office_close(&office);
}

/* Nothing proves a movement of a day before the statement begins: it holds up its period, and the
 * refusal names it. The statement of the days before is the way out, though it comes later. */
static void what_lies_before_the_statement_holds_up_its_period(void **state)
{
    struct pay_office office;
    struct pay_proposed made;
    struct reconciled reconciled;
    struct err err = ERR_INIT;
    bool fresh;
    const int64_t due[] = {50000};
    const struct pay_told late[] = {{18600, "v2", -100, 450100}},
                          early[] = {{18500, "v1", -500000, 500000}, {18591, "s1", 50000, 450000}},
                          other[] = {{18500, "v1", -500000, 500000}, {18591, "s1", 50001, 449999}};
    const struct fund_move move = {.fen = 100, .voucher = STR("v2"), .on = {18600}};
    pay_office_open(&office, state, 250000);
    pay_office_send(&office, pay_office_propose(&office, due, 1, &made, NULL));
    assert_int_equal(pay_office_answer(&office, "P1-1", -1, "s1"), ANSWER_PAID);
    office.clock.fixed_ms = INT64_C(18601) * 24 * 60 * 60 * 1000;
    assert_true(fund_move(&office.ledger, &office.li, &office.fund, &move, &fresh, &err));
    if (!pay_office_statement(&office, late, 1, &err)) fail_msg("%s", err.en);
    assert_true(reconcile(&office.ledger, STR("main"), &reconciled, &err));
    assert_int_equal(reconciled.counts[RECONCILE_UNPROVEN], 2);
    assert_false(reconcile_is_clean(&reconciled));
    assert_false(pay_office_close_through(&office, 18600, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_non_null(strstr(err.en, "v1 of 2020-08-26, s1 of 2020-11-25"));
    assert_false(pay_office_statement(&office, other, 2, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    if (!pay_office_statement(&office, early, 2, &err)) fail_msg("%s", err.en);
    if (!pay_office_close_through(&office, 18600, &err)) fail_msg("%s", err.en);
    assert_true(reconcile(&office.ledger, STR("main"), &reconciled, &err));
    assert_int_equal(reconciled.counts[RECONCILE_MATCHED], reconciled.count);
    assert_int_equal(reconciled.from.days, 18500);
    assert_int_equal(reconciled.bank_fen, 450100);
    pay_office_close(&office);
}

/* A day that the statement reaches, and a movement of ours that is not on it, is another thing. */
static void what_the_statement_should_have_is_missing(void **state)
{
    struct pay_office office;
    struct err err;
    bool made;
    const struct fund_move move = {.fen = 100, .voucher = STR("v2"), .on = {18550}};
    open_paid(&office, state);
    assert_true(fund_move(&office.ledger, &office.li, &office.fund, &move, &made, &err));
    assert_false(pay_office_close_through(&office, 18591, &err));
    assert_non_null(strstr(err.en, "not on the statement: v2 of 2020-10-15"));
    pay_office_close(&office);
}

/* An earlier statement may overlap with what is kept, and belongs to a period that is open. */
static void an_earlier_statement_leads_to_what_is_kept(void **state)
{
    struct pay_office office;
    struct reconciled reconciled;
    struct err err;
    const struct pay_told late[] = {{18592, "fee2", 100, 499800}},
                          middle[] = {{18591, "fee1", 100, 499900}, {18592, "fee2", 100, 499800}},
                          early[] = {{18500, "v1", -500000, 500000}},
                          older[] = {{18400, "old", 7, 0}};
    pay_office_open(&office, state, 250000);
    if (!pay_office_statement(&office, late, 1, &err)) fail_msg("%s", err.en);
    if (!pay_office_statement(&office, middle, 2, &err)) fail_msg("%s", err.en);
    if (!pay_office_statement(&office, early, 1, &err)) fail_msg("%s", err.en);
    assert_true(reconcile(&office.ledger, STR("main"), &reconciled, &err));
    assert_int_equal(reconciled.from.days, 18500);
    assert_int_equal(reconciled.through.days, 18592);
    assert_int_equal(reconciled.counts[RECONCILE_MATCHED], 1);
    assert_int_equal(reconciled.counts[RECONCILE_UNKNOWN], 2);
    assert_false(pay_office_close_through(&office, 18592, &err));
    for (int64_t n = 1; n <= 2; n++) {
        assert_true(suspense_explain(&office.ledger, &office.li, n, SUSPENSE_NOTED, STR("手续费"),
                                     STR_EMPTY, &err));
    }
    if (!pay_office_close_through(&office, 18592, &err)) fail_msg("%s", err.en);
    assert_false(pay_office_statement(&office, older, 1, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    pay_office_close(&office);
}

/* What was sent and is not answered holds up closing before anything goes into suspense: the line
 * of the statement that nobody knows may be its payment. */
static void what_is_not_answered_is_not_put_in_suspense(void **state)
{
    struct pay_office office;
    struct pay_proposed made;
    struct err err;
    const int64_t due[] = {50000};
    pay_office_open(&office, state, 250000);
    pay_office_send(&office, pay_office_propose(&office, due, 1, &made, NULL));
    if (!pay_office_statement(&office, paid_lines, 2, &err)) fail_msg("%s", err.en);
    assert_false(pay_office_close_through(&office, 18591, &err));
    assert_non_null(strstr(err.en, "P1"));
    assert_int_equal(pay_office_suspense(&office), 0);
    assert_int_equal(pay_office_answer(&office, "P1-1", -1, "s1"), ANSWER_PAID);
    if (!pay_office_close_through(&office, 18591, &err)) fail_msg("%s", err.en);
    pay_office_whole(&office);
    pay_office_close(&office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lies_before_the_statement_holds_up_its_period),
        cmocka_unit_test(what_the_statement_should_have_is_missing),
        cmocka_unit_test(an_earlier_statement_leads_to_what_is_kept),
        cmocka_unit_test(what_is_not_answered_is_not_put_in_suspense),
        cmocka_unit_test(money_claimed_back_and_undecided_holds_up_closing),
        cmocka_unit_test(a_line_slipped_in_between_kept_ones_is_refused),
        cmocka_unit_test(a_closed_period_takes_no_voucher),
        cmocka_unit_test(a_day_that_is_not_over_cannot_be_closed),
        cmocka_unit_test(what_the_bank_says_takes_who_sees_the_account),
        cmocka_unit_test(a_surplus_is_in_suspense_on_the_account_that_paid_it),
        cmocka_unit_test(a_claim_that_counts_no_more_holds_up_nothing),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
