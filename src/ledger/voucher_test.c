#include "ledger/voucher.h"

#include "base/testing.h"

#include "ledger/pay_testing.h"
#include "ledger/project.h"
#include "ledger/recovery.h"

/* Money comes in by a voucher; gives whether it was booked now. */
static bool receive(struct pay_office *office, bool back, int64_t fen, const char *voucher,
                    struct err *err)
{
    const struct fund_move move = {
        .back = back, .fen = fen, .voucher = str_from(voucher), .on = {18500}};
    bool made = false;
    *err = ERR_INIT;
    return fund_move(&office->ledger, &office->li, &office->fund, &move, &made, err) && made;
}

static int64_t kept(struct pay_office *office)
{
    struct store_statement *find = NULL;
    struct err err = ERR_INIT;
    assert_true(store_prepare(office->store, &find, "SELECT count(*) FROM fund_voucher", &err));
    assert_true(store_step_row(find, &err));
    int64_t count = store_i64(find, 0);
    store_finish(find);
    return count;
}

/* However its number is typed: capitals or not, full width, blanks, any dash. */
static void a_voucher_is_booked_once(void **state)
{
    static const char *const typed[] = {"国-V1", "国-v1", "国－Ｖ１", " 国 - v1 ", "国–V１"};
    struct pay_office office;
    struct err err;
    pay_office_open(&office, state, 0);
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        assert_int_equal(receive(&office, false, 5000, typed[i], &err), i == 0);
        assert_int_equal(err.kind, ERR_NONE);
        assert_false(receive(&office, false, 5001, typed[i], &err));
        assert_int_equal(err.kind, ERR_CONFLICT);
    }
    assert_int_equal(pay_office_left(&office), 5000);
    assert_int_equal(kept(&office), 1);
    assert_true(receive(&office, false, 5000, "国-v2", &err));
    assert_true(receive(&office, true, 1000, "国-V1", &err)); /* the other way */
    assert_false(receive(&office, true, 1000, "国-v1", &err));
    assert_int_equal(pay_office_left(&office), 9000);
    pay_office_close(&office);
}

/* Two that were booked when capitals told them apart: each is known as it was written. */
static void what_was_booked_apart_stays(void **state)
{
    static const char *const typed[][2] = {{"V1", "V1"}, {"v1", "v1"}, {"Ｖ1", "V1"}, {"v2", "v2"}};
    struct pay_office office;
    struct err err;
    pay_office_open(&office, state, 0);
    assert_true(receive(&office, false, 5000, "V1", &err));
    assert_true(store_exec(office.store,
                           "INSERT INTO fund_voucher (fund, kind, level, project, fen, voucher, "
                           "document, day, user, at_ms) SELECT fund, kind, level, project, 7000, "
                           "'v1', document, day, user, at_ms FROM fund_voucher",
                           &err));
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        struct voucher voucher = {.fund = office.fund.number,
                                  .kind = "receive",
                                  .level = STR("central"),
                                  .number = str_from(typed[i][0])};
        assert_true(voucher_settle(&office.ledger, &office.arena, &voucher, &err));
        assert_str_is(voucher.number, typed[i][1]);
    }
    pay_office_close(&office);
}

static void a_project_is_allotted_and_paid_once(void **state)
{
    struct pay_office office;
    struct err err = ERR_INIT;
    bool made;
    struct fund school = {.key = STR("改薄"),
                          .document = STR("甘财教〔2020〕16号"),
                          .project = true,
                          .account = STR("main"),
                          .shares = {10000, 0, 0, 0}};
    struct project plan = {.key = STR("楼"), .document = STR("文"), .planned_fen = 9000};
    const struct fund_move in = {.fen = 9000, .voucher = STR("v1"), .on = {18500}};
    struct project_move move = {.fen = 4000, .on = {18500}};
    pay_office_open(&office, state, 0);
    assert_true(fund_open(&office.ledger, &office.li, &school, &made, &err));
    assert_true(fund_move(&office.ledger, &office.li, &school, &in, &made, &err));
    assert_true(project_plan(&office.ledger, &office.li, &school, &plan, &made, &err));
    for (int pay = 0; pay < 2; pay++) {
        move.pay = pay != 0;
        move.voucher = STR("A-1");
        assert_true(
            project_move(&office.ledger, &office.li, &school, plan.key, &move, &made, &err));
        assert_true(made);
        move.voucher = STR("a－1");
        assert_true(
            project_move(&office.ledger, &office.li, &school, plan.key, &move, &made, &err));
        assert_false(made);
    }
    pay_office_close(&office);
}

static void a_return_is_booked_once(void **state)
{
    struct pay_office office;
    struct pay_proposed made;
    struct err err = ERR_INIT;
    const int64_t due[] = {50000};
    int64_t number;
    bool again;
    pay_office_open(&office, state, 250000);
    pay_office_send(&office, pay_office_propose(&office, due, 1, &made, NULL));
    assert_int_equal(pay_office_answer(&office, "P1-1", -1, "s1"), ANSWER_PAID);
    assert_true(pay_recovery_propose(&office.ledger, &office.li, 1, 100, STR("r1"), (day){18591},
                                     STR("转出"), &number, &again, &err));
    assert_false(pay_recovery_propose(&office.ledger, &office.wang, 1, 100, STR("R1"), (day){18591},
                                      STR("转出"), &number, &again, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    err = ERR_INIT;
    assert_true(pay_recovery_decide(&office.ledger, &office.wang, 1, true, STR_EMPTY, &err));
    assert_false(pay_recovery_propose(&office.ledger, &office.li, 1, 100, STR("Ｒ1"), (day){18591},
                                      STR("转出"), &number, &again, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    pay_office_close(&office);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_voucher_is_booked_once),
        cmocka_unit_test(what_was_booked_apart_stays),
        cmocka_unit_test(a_project_is_allotted_and_paid_once),
        cmocka_unit_test(a_return_is_booked_once),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
