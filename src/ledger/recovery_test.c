#include "ledger/recovery.h"

#include "base/testing.h"

#include "access/approval.h"
#include "ledger/pay_testing.h"

/* Proposes a recovery of payment 1 by `who`; gives its number, or 0 with *err. */
static int64_t propose_recovery(struct pay_office *office, const struct asker *who, int64_t fen,
                                const char *voucher, struct err *err)
{
    int64_t number = 0;
    bool again;
    *err = ERR_INIT;
    if (!pay_recovery_propose(&office->ledger, who, 1, fen, str_from(voucher), (day){18591},
                              STR("转出"), &number, &again, err)) {
        return 0;
    }
    return number;
}

static enum pay_recovery_state recovery_state(struct pay_office *office, int64_t number)
{
    struct pay_recovery recovery;
    struct err err = ERR_INIT;
    assert_true(pay_recovery_find(&office->ledger, &office->li, number, &recovery, &err));
    return recovery.state;
}

/* Nothing moves until another user has approved; what waits counts as gone, and no more once its
 * day has passed. */
static void a_recovery_takes_two(void **state)
{
    struct pay_office office;
    struct pay_proposed made;
    struct pay_recovery *list;
    struct err err = ERR_INIT;
    size_t count;
    const int64_t due[] = {50000};
    pay_office_open(&office, state, 250000);
    pay_office_send(&office, pay_office_propose(&office, due, 1, &made, NULL));
    assert_int_equal(pay_office_answer(&office, "P1-1", -1, "s1"), ANSWER_PAID);
    int64_t left = pay_office_left(&office);
    int64_t first = propose_recovery(&office, &office.li, 30000, "r1", &err);
    assert_int_equal(first, 1);
    assert_int_equal(pay_office_left(&office), left);
    assert_false(pay_recovery_decide(&office.ledger, &office.li, first, true, STR_EMPTY, &err));
    assert_int_equal(err.kind, ERR_DENIED);
    assert_int_equal(propose_recovery(&office, &office.wang, 30000, "r1", &err), 0);
    assert_int_equal(err.kind, ERR_CONFLICT); /* the same waits */
    assert_int_equal(propose_recovery(&office, &office.wang, 20001, "r2", &err), 0);
    assert_int_equal(err.kind, ERR_CONFLICT); /* more than is out and does not wait */
    assert_true(pay_recovery_list(&office.ledger, &office.li, true, &list, &count, &err));
    assert_int_equal(count, 1);
    /* Nobody decided in time: it counts no more, and its maker may ask again. */
    office.clock.fixed_ms += APPROVAL_LIFE_MS;
    assert_int_equal(recovery_state(&office, first), PAY_RECOVERY_OVER);
    err = ERR_INIT;
    assert_false(pay_recovery_decide(&office.ledger, &office.wang, first, true, STR_EMPTY, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_int_equal(propose_recovery(&office, &office.li, 30000, "r1", &err), first);
    err = ERR_INIT;
    assert_false(pay_recovery_decide(&office.ledger, &office.wang, first, false, STR(" "), &err));
    assert_int_equal(err.kind, ERR_INPUT); /* refused without a reason */
    assert_true(pay_recovery_decide(&office.ledger, &office.wang, first, true, STR_EMPTY, &err));
    assert_int_equal(recovery_state(&office, first), PAY_RECOVERY_BOOKED);
    assert_int_equal(pay_office_left(&office), left + 30000);
    assert_int_equal(propose_recovery(&office, &office.li, 30000, "r1", &err), 0); /* is booked */
    int64_t second = propose_recovery(&office, &office.wang, 20000, "r2", &err);
    assert_int_equal(second, 2);
    assert_true(
        pay_recovery_decide(&office.ledger, &office.li, second, false, STR("没到账"), &err));
    assert_int_equal(recovery_state(&office, second), PAY_RECOVERY_REFUSED);
    assert_int_equal(pay_office_left(&office), left + 30000);
    assert_int_equal(propose_recovery(&office, &office.wang, 20000, "r2", &err), 3);
    assert_true(pay_recovery_list(&office.ledger, &office.li, false, &list, &count, &err));
    assert_int_equal(count, 3);
    assert_true(str_is(list[1].decided_why, "没到账"));
    pay_office_whole(&office);
    pay_office_close(&office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_recovery_takes_two)};
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
