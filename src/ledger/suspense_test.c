#include "ledger/suspense.h"

#include "base/testing.h"

#include "ledger/pay_testing.h"

/* One payment that nobody ordered is in suspense once, however its reference was typed. */
static void a_reference_typed_otherwise_is_the_same_money(void **state)
{
    struct pay_office office;
    pay_office_open(&office, state, 250000);
    assert_int_equal(pay_office_answer(&office, "p12-5", 700, "x1"), ANSWER_UNKNOWN);
    assert_int_equal(pay_office_answer(&office, "P12-5", 700, "x1"), ANSWER_REPEATED);
    assert_int_equal(pay_office_answer(&office, "Ｐ１２－５", 700, "x1"), ANSWER_REPEATED);
    assert_int_equal(pay_office_answer(&office, "P12 — 05", 700, "x1"), ANSWER_REPEATED);
    assert_int_equal(pay_office_suspense(&office), 1);
    assert_int_equal(pay_office_answer(&office, "gz/9a", 300, "x2"), ANSWER_UNKNOWN);
    assert_int_equal(pay_office_answer(&office, "ＧＺ/9A", 300, "x2"), ANSWER_REPEATED);
    assert_int_equal(pay_office_answer(&office, "P12-5", 700, "x3"), ANSWER_UNKNOWN);
    assert_int_equal(pay_office_suspense(&office), 3);
    pay_office_whole(&office);
    pay_office_close(&office);
}

/* An order of ours is found by its reference, however that was typed, and is paid once. */
static void an_order_is_found_however_its_reference_is_typed(void **state)
{
    struct pay_office office;
    struct pay_proposed made;
    const int64_t due[] = {50000, 60000};
    pay_office_open(&office, state, 250000);
    pay_office_send(&office, pay_office_propose(&office, due, 2, &made, NULL));
    assert_int_equal(pay_office_answer(&office, "ｐ１－１", -1, "s1"), ANSWER_PAID);
    assert_int_equal(pay_office_answer(&office, " P01-01", -1, "s1"), ANSWER_REPEATED);
    assert_int_equal(pay_office_answer(&office, "P1\u20142", -1, "s2"), ANSWER_PAID);
    assert_int_equal(pay_office_answer(&office, "p1-2", -1, "s3"), ANSWER_TWICE);
    assert_int_equal(pay_office_answer(&office, "P1-2", -1, "s3"), ANSWER_REPEATED);
    assert_int_equal(pay_office_suspense(&office), 1);
    assert_int_equal(pay_office_left(&office), 500000 - 110000);
    pay_office_whole(&office);
    pay_office_close(&office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reference_typed_otherwise_is_the_same_money),
        cmocka_unit_test(an_order_is_found_however_its_reference_is_typed),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
