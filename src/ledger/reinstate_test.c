#include "ledger/reinstate.h"

#include "base/testing.h"

#include "access/approval.h"
#include "ledger/pay_testing.h"

/* A payment of 500 yuan that came back, as the books have it; the statement does not. */
static void open_false_return(struct pay_office *office, void **state)
{
    struct pay_proposed made;
    struct err err;
    const int64_t due[] = {50000};
    const struct pay_told told[] = {{18500, "v1", -500000, 500000}, {18591, "s1", 50000, 450000}};
    pay_office_open(office, state, 250000);
    pay_office_send(office, pay_office_propose(office, due, 1, &made, NULL));
    assert_int_equal(pay_office_answer(office, "P1-1", -1, "s1"), ANSWER_PAID);
    assert_int_equal(pay_office_answer(office, "P1-1", 0, "s0"), ANSWER_RETURNED);
    if (!pay_office_statement(office, told, 2, &err)) fail_msg("%s", err.en);
}

static int64_t propose_taking_back(struct pay_office *office, const struct asker *who,
                                   struct err *err)
{
    int64_t number = 0;
    *err = ERR_INIT;
    if (!pay_reinstate_propose(&office->ledger, who, 1, STR("对账单无此退回"), &number, err)) {
        return 0;
    }
    return number;
}

static enum pay_recovery_state state_of(struct pay_office *office, int64_t number)
{
    struct pay_reinstatement found;
    struct err err = ERR_INIT;
    assert_true(pay_reinstate_find(&office->ledger, &office->li, number, &found, &err));
    return found.state;
}

/* Nothing moves until another user has approved. */
static void taking_back_a_return_takes_two(void **state)
{
    struct pay_office office;
    struct pay_reinstatement *list, found;
    struct err err;
    size_t count;
    open_false_return(&office, state);
    int64_t left = pay_office_left(&office);
    int64_t first = propose_taking_back(&office, &office.li, &err);
    assert_int_equal(first, 1);
    assert_int_equal(pay_office_left(&office), left);
    assert_int_equal(propose_taking_back(&office, &office.wang, &err), 0);
    assert_int_equal(err.kind, ERR_CONFLICT); /* it waits */
    assert_false(pay_reinstate_decide(&office.ledger, &office.li, first, true, STR_EMPTY, &err));
    assert_int_equal(err.kind, ERR_DENIED);
    err = ERR_INIT;
    assert_false(pay_reinstate_decide(&office.ledger, &office.wang, first, false, STR(" "), &err));
    assert_int_equal(err.kind, ERR_INPUT); /* refused without a reason */
    assert_int_equal(pay_office_left(&office), left);
    err = ERR_INIT;
    assert_true(
        pay_reinstate_decide(&office.ledger, &office.wang, first, false, STR("再问银行"), &err));
    assert_int_equal(state_of(&office, first), PAY_RECOVERY_REFUSED);
    assert_int_equal(pay_office_left(&office), left);
    /* Nobody decided in time: it can be proposed again. */
    int64_t second = propose_taking_back(&office, &office.wang, &err);
    assert_int_equal(second, 2);
    office.clock.fixed_ms += APPROVAL_LIFE_MS;
    assert_int_equal(state_of(&office, second), PAY_RECOVERY_OVER);
    assert_false(pay_reinstate_decide(&office.ledger, &office.li, second, true, STR_EMPTY, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    int64_t third = propose_taking_back(&office, &office.wang, &err);
    assert_int_equal(third, 3);
    assert_true(pay_reinstate_list(&office.ledger, &office.li, true, &list, &count, &err));
    assert_int_equal(count, 1);
    assert_true(pay_reinstate_decide(&office.ledger, &office.li, third, true, STR_EMPTY, &err));
    assert_int_equal(pay_office_left(&office), left - 50000);
    assert_true(pay_reinstate_find(&office.ledger, &office.li, third, &found, &err));
    assert_int_equal(found.state, PAY_RECOVERY_BOOKED);
    assert_int_equal(found.again, 2);
    assert_str_is(found.made_by, "wang");
    assert_str_is(found.decided_by, "li");
    assert_true(pay_reinstate_list(&office.ledger, &office.li, false, &list, &count, &err));
    assert_int_equal(count, 3);
    assert_str_is(list[0].decided_why, "再问银行");
    assert_int_equal(list[0].again, 0);
    assert_int_equal(propose_taking_back(&office, &office.li, &err), 0);
    assert_int_equal(err.kind, ERR_CONFLICT); /* nothing of it came back any more */
    pay_office_whole(&office);
    pay_office_close(&office);
}

/* What is another's area's is not there. */
static void taking_back_is_for_who_sees_the_payment(void **state)
{
    struct pay_office office;
    struct pay_reinstatement found, *list;
    struct err err;
    size_t count;
    open_false_return(&office, state);
    const struct asker other = {.name = STR("hui"),
                                .areas = {STR("620421")},
                                .area_count = 1,
                                .capabilities = CAPABILITY_ALL};
    assert_int_equal(propose_taking_back(&office, &other, &err), 0);
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    int64_t number = propose_taking_back(&office, &office.li, &err);
    err = ERR_INIT;
    assert_false(pay_reinstate_decide(&office.ledger, &other, number, true, STR_EMPTY, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_false(pay_reinstate_find(&office.ledger, &other, number, &found, &err));
    assert_true(pay_reinstate_list(&office.ledger, &other, false, &list, &count, &err));
    assert_int_equal(count, 0);
    pay_office_close(&office);
}

/* The statement may show the return while it waits: then it cannot be approved any more. */
static void what_changed_while_it_waits_is_looked_at_again(void **state)
{
    struct pay_office office;
    struct err err;
    const struct pay_told told[] = {{18592, "s0", -50000, 500000}};
    open_false_return(&office, state);
    int64_t number = propose_taking_back(&office, &office.li, &err);
    if (!pay_office_statement(&office, told, 1, &err)) fail_msg("%s", err.en);
    int64_t left = pay_office_left(&office);
    assert_false(pay_reinstate_decide(&office.ledger, &office.wang, number, true, STR_EMPTY, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_int_equal(pay_office_left(&office), left);
    assert_int_equal(state_of(&office, number), PAY_RECOVERY_WAITS);
    err = ERR_INIT;
    assert_true(
        pay_reinstate_decide(&office.ledger, &office.wang, number, false, STR("已到账"), &err));
    pay_office_whole(&office);
    pay_office_close(&office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(taking_back_a_return_takes_two),
        cmocka_unit_test(taking_back_is_for_who_sees_the_payment),
        cmocka_unit_test(what_changed_while_it_waits_is_looked_at_again),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
