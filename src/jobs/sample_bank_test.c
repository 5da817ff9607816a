#include "jobs/sample_bank.h"

#include "base/file.h"
#include "base/testing.h"
#include "base/testing_folder.h"
#include "ledger/answer.h"
#include "ledger/statement.h"
#include "sample/settings.h"

/* The bank of the sample city: what it reads, answers and states is what the office takes in. */

static const char book[] = "child,account,holder,bank,kind\r\n"
                           "C0000001,6217000001,王大明,甘肃银行,\r\n"
                           "C0000002,6217000001,王大明,甘肃银行,malformed\r\n"
                           "C0000003,,,,lacking\r\n"
                           "C0000004,6217000004,李小红,甘肃银行,stopped\r\n"
                           "C0000005,6217000005,赵刚,甘肃银行,closed\r\n";

struct branch {
    struct arena arena;
    struct cashier_text text;
    struct bank *banks;
    size_t bank_count;
    struct sample_bank bank;
    const char *order, *answer, *statement;
};

static void open_branch(struct branch *branch, struct test_folder *folder)
{
    struct err err = ERR_INIT;
    struct text truth;
    struct arena *arena = &branch->arena;
    text_init(&truth, arena, 4096);
    text_add_f(&truth, "%s/truth", folder->path);
    assert_true(file_make_folder(truth.ptr, &err));
    text_add_c(&truth, "/accounts.csv");
    assert_true(file_write(truth.ptr, str_from(book), 0600, &err));
    assert_true(cashier_text_load(&branch->text, arena, NULL, &err));
    assert_true(banks_load(arena, NULL, &branch->banks, &branch->bank_count, &err));
    assert_true(branch->bank_count > 0);
    assert_true(sample_bank_open(&branch->bank, arena, folder->path, &branch->banks[0],
                                 &branch->text, &err));
    branch->order = test_folder_path(folder, "order.csv");
    branch->answer = test_folder_path(folder, "answer.csv");
    branch->statement = test_folder_path(folder, "statement.csv");
}

/* Refused are an account that is not there, one in another name, and two that are not in use. */
static void test_answer_and_statement(void **state)
{
    struct branch branch = {0};
    struct err err = ERR_INIT;
    struct sample_bank_answered answered;
    struct answer answer;
    struct statement_file statement;
    day received, paid;
    open_branch(&branch, *state);
    assert_true(day_parse(STR("2020-11-12"), &received));
    assert_true(day_parse(STR("2020-11-27"), &paid));
    assert_true(file_write(branch.order,
                           STR("序号,业务编号,户名,账号,开户银行,金额,用途\r\n"
                               "1,P1-1,王大明,6217000001,甘肃银行,500.00,补助\r\n"
                               "2,P1-2,王小明,6217000001,甘肃银行,500.00,补助\r\n"
                               "3,P1-3,王大明,621700001,甘肃银行,312.50,补助\r\n"
                               "4,P1-4,李小红,6217000004,甘肃银行,312.50,补助\r\n"
                               "5,P1-5,赵刚,6217000005,甘肃银行,312.50,补助\r\n"
                               "6,P1-6,王大明,6217000001,甘肃银行,312.50,补助\r\n"),
                           0600, &err));
    sample_bank_receive(&branch.bank, received, STR("国库-1"), 200000);
    assert_true(
        sample_bank_answer(&branch.bank, branch.order, branch.answer, paid, &answered, &err));
    assert_int_equal(answered.paid, 2);
    assert_int_equal(answered.paid_fen, 81250);
    assert_int_equal(answered.holder, 1);
    assert_int_equal(answered.unknown, 1);
    assert_int_equal(answered.stopped, 2);
    assert_true(
        answer_read(&branch.arena, branch.answer, branch.banks, branch.bank_count, &answer, &err));
    static const bool good[] = {true, false, false, false, false, true};
    assert_int_equal(answer.count, sizeof good / sizeof *good);
    for (size_t i = 0; i < answer.count; i++) {
        const struct answer_line *line = &answer.lines[i];
        assert_int_equal(line->paid, good[i]);
        assert_int_equal(line->serial.len > 0, good[i]);
        assert_int_equal(line->reason.len > 0, !good[i]);
        assert_int_equal(line->on.days, paid.days);
    }
    assert_true(sample_bank_statement(&branch.bank, branch.statement, &err));
    assert_true(statement_read(&branch.arena, branch.statement, branch.banks, branch.bank_count,
                               &statement, &err));
    assert_int_equal(statement.count, 3);
    assert_int_equal(statement.lines[0].in_fen, 200000);
    assert_true(str_find(statement.lines[0].words, STR("国库-1")) != SIZE_MAX);
    assert_true(str_equal(statement.lines[2].serial, answer.lines[5].serial));
    assert_int_equal(statement.lines[2].balance_fen, 118750);
    arena_free(&branch.arena);
}

static void test_what_is_no_order(void **state)
{
    static const char *const orders[] = {
        "序号,业务编号,户名,账号,金额\r\n1,P1-1,王大明,6217000001,半\r\n",
        "序号,业务编号,户名,账号,金额\r\n1,P1-1,王大明,6217000001,0.00\r\n",
        "序号,业务编号,户名,金额\r\n1,P1-1,王大明,5.00\r\n",
    };
    struct branch branch = {0};
    open_branch(&branch, *state);
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct sample_bank_answered answered;
        struct err err = ERR_INIT;
        assert_true(file_write(branch.order, str_from(orders[i]), 0600, &err));
        assert_false(sample_bank_answer(&branch.bank, branch.order, branch.answer, (day){18000},
                                        &answered, &err));
        assert_int_equal(err.kind, ERR_INPUT);
        assert_int_equal(branch.bank.moves.count, 0);
    }
    arena_free(&branch.arena);
}

/* The text that ships, and what is refused of one that somebody changed. */
static void test_text(void **state)
{
    struct test_folder *folder = *state;
    struct arena arena = {0};
    struct cashier_text text;
    struct err err = ERR_INIT;
    struct str shipped, name;
    assert_true(cashier_text_load(&text, &arena, NULL, &err));
    assert_true(text.fund_count > 1);
    for (size_t i = 0; i < text.fund_count; i++) {
        int64_t sum = 0;
        for (int level = 0; level < FUND_LEVELS; level++) sum += text.funds[i].shares[level];
        assert_int_equal(sum, FUND_SHARES_SUM);
        assert_true(text.funds[i].scheme_count > 0);
    }
    static const struct {
        const char *from, *to;
    } changes[] = {{"approves: 样例资助科长", "approves: 样例会计"},
                   {"step_yuan: 1000", "step_yuan: 0"},
                   {"central=50", "central=51"},
                   {"received: 2020-11-12", "received: soon"},
                   {"bank_days: 2", "bank_days: 2\nbank_dais: 3"},
                   {"schemes: [senior_grant]", "schemes: []"}};
    assert_true(
        sample_pack_read(&arena, NULL, "sample_payments.yaml", true, &shipped, &name, &err));
    const char *place = test_folder_path(folder, "packs/place");
    assert_true(file_make_folder(place, &err));
    struct str sample, sample_name;
    assert_true(sample_pack_read(&arena, NULL, "sample.yaml", true, &sample, &sample_name, &err));
    assert_true(
        file_write(test_folder_path(folder, "packs/place/sample.yaml"), sample, 0600, &err));
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct err refused = ERR_INIT;
        struct text changed;
        size_t at = str_find(shipped, str_from(changes[i].from));
        assert_true(at != SIZE_MAX);
        text_init(&changed, &arena, 1 << 16);
        text_add(&changed, str_slice(shipped, 0, at));
        text_add_c(&changed, changes[i].to);
        text_add(&changed, str_slice(shipped, at + strlen(changes[i].from), shipped.len));
        assert_true(file_write(test_folder_path(folder, "packs/place/sample_payments.yaml"),
                               text_str(&changed), 0600, &err));
        assert_false(cashier_text_load(&text, &arena, test_folder_path(folder, "packs"), &refused));
        assert_int_equal(refused.kind, ERR_INPUT);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_answer_and_statement, test_folder_make,
                                        test_folder_remove),
        cmocka_unit_test_setup_teardown(test_what_is_no_order, test_folder_make,
                                        test_folder_remove),
        cmocka_unit_test_setup_teardown(test_text, test_folder_make, test_folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
