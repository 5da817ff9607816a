#include "ledger/batch.h"

#include "base/testing.h"

#include "ledger/pay_testing.h"
#include "ledger/prove.h"
#include "ledger/suspense.h"

/* Person 9 is 1 by the links of now. */
static bool nine_is_one(void *context, int64_t person, int64_t *now, struct err *err)
{
    (void)context;
    (void)err;
    *now = person == 9 ? 1 : person;
    return true;
}

static struct pay_candidate child(int64_t person, const char *name, const char *account)
{
    return (struct pay_candidate){.person = person,
                                  .name = str_from(name),
                                  .area = STR("620422"),
                                  .due_fen = 50000,
                                  .payee = {STR("农行"), str_from(account), STR("王大")},
                                  .holder = PAY_HOLDER_GUARDIAN};
}

static int64_t propose_to(struct pay_office *office, struct pay_candidate *children, size_t count)
{
    struct err err = ERR_INIT;
    struct pay_proposed made;
    struct pay_wish wish = {.scheme = STR("aid"),
                            .period = STR("2020-autumn"),
                            .fund = &office->fund,
                            .at = {18500},
                            .candidates = children,
                            .count = count,
                            .follow = nine_is_one};
    if (!pay_propose(&office->ledger, &office->li, &wish, &made, &err)) fail_msg("%s", err.en);
    return made.batch;
}

static void open_paid_as_nine(struct pay_office *office, void **state)
{
    struct pay_candidate nine[] = {child(9, "王晓明", "6228X")};
    pay_office_open(office, state, 250000);
    pay_office_send(office, propose_to(office, nine, 1));
    assert_int_equal(pay_office_answer(office, "P1-1", -1, "s1"), ANSWER_PAID);
}

/* Two numbers that became one: what was paid to the one that ended is paid. */
static void what_a_joined_number_was_paid_is_paid(void **state)
{
    struct pay_office office;
    open_paid_as_nine(&office, state);
    struct pay_candidate one[] = {child(1, "王小明", "6228A")};
    assert_int_equal(propose_to(&office, one, 1), 0);
    assert_int_equal(one[0].outcome, PAY_PAID);
    pay_office_close(&office);
}

/* They were joined by mistake, and parted: the child of that name and account, which has a new
 * number, was paid; the other was not. A brother or sister of the same account is another child. */
static void what_was_paid_goes_with_the_child_that_is_parted(void **state)
{
    struct pay_office office;
    open_paid_as_nine(&office, state);
    struct pay_candidate children[] = {child(1, "王小明", "6228A"), child(11, "王红", "6228X"),
                                       child(12, "王晓明", "6228X")};
    assert_int_equal(propose_to(&office, children, 3), 2);
    assert_int_equal(children[0].outcome, PAY_PROPOSED);
    assert_int_equal(children[1].outcome, PAY_PROPOSED);
    assert_int_equal(children[2].outcome, PAY_PAID);
    pay_office_whole(&office);
    pay_office_close(&office);
}

/* As if linking had joined 1 into 2. */
static void join_one_into_two(struct pay_office *office)
{
    struct err err = ERR_INIT;
    if (!store_exec(office->store,
                    "INSERT INTO link_model (number, name, at, made_ms, records, model) VALUES (1, "
                    "'m', '2020-09-01', 1, 1, '');"
                    "INSERT INTO link_run (number, at, made_ms, fingerprint, model, records, "
                    "persons) VALUES (1, '2020-09-01', 1, '', 1, 1, 1);"
                    "INSERT INTO person (number, began_run, ended_run) VALUES (1, 1, 1), (2, 1, "
                    "NULL);"
                    "INSERT INTO person_move (run, person, other, records) VALUES (1, 1, 2, 1);",
                    &err)) {
        fail_msg("%s", err.en);
    }
}

/* Refused under one number and paid under the other, which is the same child now: what the bank
 * then pays on the refused order after all is one payment too many, and cannot be accepted. */
static void a_joined_number_that_was_paid_stands_against_accepting(void **state)
{
    struct pay_office office;
    struct err err = ERR_INIT;
    struct person_payment *payments;
    size_t count;
    pay_office_open(&office, state, 250000);
    struct pay_candidate first[] = {child(1, "王小明", "6228A")},
                         second[] = {child(2, "王小明", "6228B")};
    pay_office_send(&office, propose_to(&office, first, 1));
    assert_int_equal(pay_office_answer(&office, "P1-1", 0, "s1"), ANSWER_REFUSED);
    join_one_into_two(&office);
    pay_office_send(&office, propose_to(&office, second, 1));
    assert_int_equal(pay_office_answer(&office, "P2-1", -1, "s2"), ANSWER_PAID);
    assert_int_equal(pay_office_answer(&office, "P1-1", 50000, "s3"), ANSWER_AFTER_REFUSAL);
    assert_false(suspense_explain(&office.ledger, &office.li, 1, SUSPENSE_ACCEPTED, STR("认可"),
                                  STR_EMPTY, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    /* What the child got, under whatever number. */
    err = ERR_INIT;
    assert_true(prove_person(&office.ledger, &office.li, 2, &payments, &count, &err));
    assert_int_equal(count, 2);
    assert_int_equal(payments[0].person, 1);
    assert_int_equal(payments[1].person, 2);
    assert_true(payments[1].transfer > 0);
    pay_office_close(&office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_joined_number_was_paid_is_paid),
        cmocka_unit_test(a_joined_number_that_was_paid_stands_against_accepting),
        cmocka_unit_test(what_was_paid_goes_with_the_child_that_is_parted),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
