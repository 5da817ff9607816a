#include "ledger/answer.h"

#include "base/testing.h"

#include "ledger/pay_testing.h"
#include "ledger/prove.h"
#include "ledger/reconcile.h"

/* What the bank says of days that are closed. The books of a closed period never change: a late
 * answer counts on the first day of the open one, and the bank's own day is kept beside. */

enum { CLOSED = 18591, OPEN };

static const struct pay_told first_lines[] = {{18500, "v1", -500000, 500000},
                                              {CLOSED, "s1", 50000, 450000}};

/* Three payments were sent: the first is paid and on the statement, its period is closed; the
 * second batch, of persons 2 and 3, went to the bank afterwards. */
static void open_closed(struct pay_office *office, void **state)
{
    struct pay_proposed made;
    struct err err;
    const int64_t one[] = {50000}, more[] = {0, 60000, 70000};
    pay_office_open(office, state, 250000);
    pay_office_send(office, pay_office_propose(office, one, 1, &made, NULL));
    assert_int_equal(pay_office_answer(office, "P1-1", -1, "s1"), ANSWER_PAID);
    if (!pay_office_statement(office, first_lines, 2, &err)
        || !pay_office_close_through(office, CLOSED, &err)) {
        fail_msg("%s", err.en);
    }
    office->clock.fixed_ms = INT64_C(18601) * 24 * 60 * 60 * 1000;
    pay_office_send(office, pay_office_propose(office, more, 3, &made, NULL));
}

static enum answer_outcome tell(struct pay_office *office, const char *reference, int64_t fen,
                                const char *serial, int32_t on, struct answer_line *out,
                                struct answer_taken *taken)
{
    struct err err;
    *out = (struct answer_line){.reference = str_from(reference),
                                .paid = fen != 0,
                                .fen = fen > 0 ? fen : -1,
                                .serial = str_from(serial),
                                .on = {on}};
    if (!pay_office_take(office, out, taken, &err)) fail_msg("%s", err.en);
    return out->outcome;
}

/* The line of the comparison with this name. */
static struct reconcile_item look_up(struct pay_office *office, const char *name)
{
    struct reconciled reconciled;
    struct err err = ERR_INIT;
    assert_true(reconcile(&office->ledger, STR("main"), &reconciled, &err));
    assert_true(reconciled.balanced);
    for (size_t i = 0; i < reconciled.count; i++) {
        if (str_is(reconciled.items[i].name, name)) return reconciled.items[i];
    }
    fail_msg("nothing is named %s", name);
    return (struct reconcile_item){0};
}

/* How many lines of the closed period there are, all of them matched. */
static void the_closed_period_is_as_it_was(struct pay_office *office)
{
    struct reconciled reconciled;
    struct err err = ERR_INIT;
    size_t count = 0;
    assert_true(reconcile(&office->ledger, STR("main"), &reconciled, &err));
    for (size_t i = 0; i < reconciled.count; i++) {
        if (reconciled.items[i].on.days > CLOSED) continue;
        assert_int_equal(reconciled.items[i].state, RECONCILE_MATCHED);
        count++;
    }
    assert_int_equal(count, 2);
}

static void a_late_answer_counts_on_the_first_open_day(void **state)
{
    struct pay_office office;
    struct answer_line line;
    struct answer_taken taken;
    struct person_payment *payments;
    struct err err = ERR_INIT;
    size_t count;
    const struct pay_told rest[] = {{18597, "s2", 60000, 390000}};
    open_closed(&office, state);
    assert_int_equal(tell(&office, "P2-1", -1, "s2", 18590, &line, &taken), ANSWER_PAID);
    assert_int_equal(line.booked.days, OPEN);
    assert_int_equal(taken.late, 1);
    the_closed_period_is_as_it_was(&office);
    struct reconcile_item item = look_up(&office, "s2");
    assert_int_equal(item.state, RECONCILE_NOT_YET);
    assert_int_equal(item.on.days, OPEN);
    assert_true(prove_person(&office.ledger, &office.li, 2, &payments, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(payments[0].on.days, 18590); /* the bank's own day */
    assert_int_equal(payments[0].booked.days, OPEN);
    /* On an open day it counts on that day, and where the bank states none. */
    assert_int_equal(tell(&office, "P2-2", -1, "s3", OPEN, &line, &taken), ANSWER_PAID);
    assert_true(day_is_none(line.booked));
    assert_int_equal(taken.late, 0);
    if (!pay_office_statement(&office, rest, 1, &err)) fail_msg("%s", err.en);
    assert_int_equal(look_up(&office, "s2").state, RECONCILE_MATCHED);
    the_closed_period_is_as_it_was(&office);
    pay_office_whole(&office);
    pay_office_close(&office);
}

/* What no statement has holds up the period in which it counts, not the closed one. */
static void a_late_answer_that_no_statement_has_holds_up_the_open_period(void **state)
{
    struct pay_office office;
    struct answer_line line;
    struct answer_taken taken;
    struct err err;
    const struct pay_told rest[] = {{18597, "s3", 70000, 380000}};
    open_closed(&office, state);
    assert_int_equal(tell(&office, "P2-1", -1, "s2", 18590, &line, &taken), ANSWER_PAID);
    assert_int_equal(tell(&office, "P2-2", -1, "s3", 18597, &line, &taken), ANSWER_PAID);
    if (!pay_office_statement(&office, rest, 1, &err)) fail_msg("%s", err.en);
    assert_int_equal(look_up(&office, "s2").state, RECONCILE_MISSING);
    the_closed_period_is_as_it_was(&office);
    assert_false(pay_office_close_through(&office, 18597, &err));
    assert_non_null(strstr(err.en, "s2 of 2020-11-26"));
    pay_office_close(&office);
}

/* A return, and what nobody ordered. */
static void a_late_return_counts_on_the_first_open_day(void **state)
{
    struct pay_office office;
    struct answer_line line;
    struct answer_taken taken;
    struct err err;
    const struct pay_told rest[] = {{OPEN, "r1", -50000, 500000}, {OPEN, "x1", 700, 499300}};
    open_closed(&office, state);
    assert_int_equal(tell(&office, "P1-1", 0, "r1", CLOSED, &line, &taken), ANSWER_RETURNED);
    assert_int_equal(line.booked.days, OPEN);
    assert_int_equal(tell(&office, "X9", 700, "x1", 18580, &line, &taken), ANSWER_UNKNOWN);
    assert_int_equal(line.booked.days, OPEN);
    assert_int_equal(tell(&office, "P2-1", 0, "", 18580, &line, &taken), ANSWER_REFUSED);
    assert_int_equal(look_up(&office, "r1").on.days, OPEN);
    assert_int_equal(look_up(&office, "x1").on.days, OPEN);
    the_closed_period_is_as_it_was(&office);
    if (!pay_office_statement(&office, rest, 2, &err)) fail_msg("%s", err.en);
    assert_int_equal(look_up(&office, "r1").state, RECONCILE_MATCHED);
    assert_int_equal(look_up(&office, "x1").state, RECONCILE_MATCHED);
    pay_office_whole(&office);
    pay_office_close(&office);
}

/* What the bank repeats of a closed period moves nothing, and is not late. */
static void a_late_answer_that_is_known_moves_nothing(void **state)
{
    struct pay_office office;
    struct answer_line line;
    struct answer_taken taken;
    open_closed(&office, state);
    assert_int_equal(tell(&office, "P1-1", -1, "s1", 18590, &line, &taken), ANSWER_REPEATED);
    assert_int_equal(taken.late, 0);
    assert_true(day_is_none(line.booked));
    the_closed_period_is_as_it_was(&office);
    pay_office_close(&office);
}

/* What closing put into suspense from the statement is the same money when the bank speaks of it
 * afterwards: a second booking would double it. */
static void what_the_statement_put_in_suspense_is_not_booked_again(void **state)
{
    struct pay_office office;
    struct pay_proposed made;
    struct answer_line line;
    struct answer_taken taken;
    struct err err;
    uint64_t lines;
    const int64_t one[] = {50000};
    const struct pay_told told[] = {
        {18500, "v1", -500000, 500000}, {CLOSED, "s1", 50000, 450000}, {CLOSED, "x1", 700, 449300}};
    pay_office_open(&office, state, 250000);
    pay_office_send(&office, pay_office_propose(&office, one, 1, &made, NULL));
    if (!pay_void(&office.ledger, &office.li, 1, true, STR("银行未办"), &lines, &err)
        || !pay_office_statement(&office, told, 3, &err)) {
        fail_msg("%s", err.en);
    }
    assert_false(pay_office_close_through(&office, CLOSED, &err));
    for (int64_t n = 1; n <= 2; n++) {
        assert_true(suspense_explain(&office.ledger, &office.li, n, SUSPENSE_NOTED, STR("查问"),
                                     STR_EMPTY, &err));
    }
    if (!pay_office_close_through(&office, CLOSED, &err)) fail_msg("%s", err.en);
    assert_int_equal(tell(&office, "P1-1", -1, "s1", CLOSED, &line, &taken), ANSWER_REPEATED);
    assert_int_equal(tell(&office, "X9", 700, "x1", CLOSED, &line, &taken), ANSWER_REPEATED);
    assert_int_equal(pay_office_suspense(&office), 2);
    assert_int_equal(look_up(&office, "s1").state, RECONCILE_MATCHED);
    assert_int_equal(look_up(&office, "x1").state, RECONCILE_MATCHED);
    assert_int_equal(tell(&office, "X9", 800, "x1", CLOSED, &line, &taken), ANSWER_UNKNOWN);
    pay_office_whole(&office);
    pay_office_close(&office);
}

/* A payment of ours that went into suspense from the statement before the bank had answered leaves
 * it with the answer, explained or not; but not when the bank is said to have moved it back. */
static void a_payment_leaves_suspense_when_it_is_answered(void **state)
{
    for (int how = -1; how < SUSPENSE_HOWS; how++) {
        struct pay_office office;
        struct answer_line line;
        struct answer_taken taken;
        struct err err = ERR_INIT;
        bool put;
        const struct suspense in_suspense = {.kind = SUSPENSE_STATEMENT,
                                             .account = STR("main"),
                                             .fen = 60000,
                                             .reference = STR("s2"),
                                             .serial = STR("s2"),
                                             .row = 3,
                                             .on = {OPEN}};
        const struct pay_told rest[] = {{OPEN, "s2", 60000, 390000}};
        if (how == SUSPENSE_ACCEPTED) continue;
        open_closed(&office, state);
        if (!pay_office_statement(&office, rest, 1, &err)) fail_msg("%s", err.en);
        assert_true(store_begin(office.store, &err));
        assert_true(store_end(
            office.store,
            suspense_put(&office.ledger, &in_suspense, STR("statement s2"), &put, &err), &err));
        if (how >= 0) {
            assert_true(suspense_explain(&office.ledger, &office.li, 1, (enum suspense_how)how,
                                         STR("查问"), STR("b2"), &err));
        }
        assert_int_equal(tell(&office, "P2-1", -1, "s2", OPEN, &line, &taken), ANSWER_PAID);
        assert_int_equal(pay_office_suspense(&office), 1);
        if (how == SUSPENSE_RETURNED) {
            assert_int_equal(look_up(&office, "s2").state, RECONCILE_DIFFERS);
        } else {
            assert_int_equal(look_up(&office, "s2").state, RECONCILE_MATCHED);
            assert_int_equal(tell(&office, "P2-2", -1, "s3", OPEN, &line, &taken), ANSWER_PAID);
        }
        pay_office_whole(&office);
        pay_office_close(&office);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_late_answer_counts_on_the_first_open_day),
        cmocka_unit_test(a_late_answer_that_no_statement_has_holds_up_the_open_period),
        cmocka_unit_test(a_late_return_counts_on_the_first_open_day),
        cmocka_unit_test(a_late_answer_that_is_known_moves_nothing),
        cmocka_unit_test(what_the_statement_put_in_suspense_is_not_booked_again),
        cmocka_unit_test(a_payment_leaves_suspense_when_it_is_answered),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
