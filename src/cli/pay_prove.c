#include "cli/commands.h"
#include "cli/money.h"
#include "cli/number.h"
#include "cli/report.h"
#include "ledger/prove.h"

static const struct report_column fund_columns[] = {
    {"fund", "资金", "fund", false},
    {"level", "层级", "level", false},
    {"received_fen", "收入（分）", "received, fen", true},
    {"paid_fen", "已发（分）", "paid, fen", true},
    {"returned_fen", "上缴（分）", "handed back, fen", true},
    {"pending_fen", "在途（分）", "promised, fen", true},
    {"allotted_fen", "拨给项目（分）", "allotted, fen", true},
    {"unspent_fen", "结余（分）", "unspent, fen", true},
    {"back_fen", "其中收回（分）", "of it came back, fen", true},
    {"holds", "平", "holds", false},
};

enum { FUND_COLUMNS_COUNT = sizeof fund_columns / sizeof *fund_columns };

static const struct report_column person_columns[] = {
    {"line", "发放号", "payment", true},
    {"scheme", "项目", "scheme", false},
    {"period", "学期", "period", false},
    {"instalment", "期次", "instalment", true},
    {"attempt", "次数", "attempt", true},
    {"fen", "金额（分）", "fen", true},
    {"status", "结果", "status", false},
    {"paid_fen", "已付（分）", "paid, fen", true},
    {"back_fen", "收回（分）", "came back, fen", true},
    {"fund", "资金", "fund", false},
    {"document", "文号", "document", false},
    {"batch", "批次", "batch", true},
    {"bank_serial", "银行流水", "bank serial", false},
    {"bank_day", "银行日期", "bank's day", false},
    {"answer", "回执", "answer", false},
    {"answer_row", "行", "row", true},
    {"transfer", "账页", "transfer", true},
    {"award_run", "核定批次", "decision", true},
    {"rests_on", "依据", "rests on", false},
    {"booked_day", "记账日期（银行日期已结账的）", "booked on, where the bank's day was closed",
     false},
};

enum { PERSON_COLUMNS = sizeof person_columns / sizeof *person_columns };

static bool write_sums(struct cli *cli, struct report *report, const struct fund *fund,
                       const char *level, const char *words, const struct fund_sums *sums,
                       struct err *err)
{
    bool holds = fund_sums_hold(sums);
    struct str values[FUND_COLUMNS_COUNT] = {fund->key,
                                             str_from(level),
                                             money_number(cli, sums->received),
                                             money_number(cli, sums->paid),
                                             money_number(cli, sums->returned),
                                             money_number(cli, sums->pending),
                                             money_number(cli, sums->allotted),
                                             money_number(cli, sums->unspent),
                                             money_number(cli, sums->back),
                                             holds ? STR("yes") : STR("no")};
    struct str shown[FUND_COLUMNS_COUNT] = {
        [1] = str_from(words),
        [9] = str_from(holds ? cli_say(cli, "是", "yes") : cli_say(cli, "否", "no"))};
    return report_row(report, values, shown, err);
}

static bool write_proof(struct cli *cli, struct report *report, const struct fund *fund,
                        const struct fund_proof *proof, struct err *err)
{
    for (int i = 0; i < FUND_LEVELS; i++) {
        if (fund->shares[i] == 0) continue;
        if (!write_sums(cli, report, fund, fund_level_key((enum fund_level)i),
                        fund_level_text((enum fund_level)i, cli->lang), &proof->levels[i], err)) {
            return false;
        }
    }
    return write_sums(cli, report, fund, "all", cli_say(cli, "合计", "all"), &proof->sum, err);
}

static void tell_proof(const struct cli *cli, const struct fund *fund,
                       const struct fund_proof *proof)
{
    char root[2 * sizeof proof->root + 1];
    hex_of(proof->root, sizeof proof->root, root);
    cli_note(
        cli, "%.*s：发放 %lld 笔，已付 %lld，退回或作废 %lld，未结 %lld；账 %lld 笔，根 %s",
        "%.*s: %lld payments, %lld paid, %lld refused or void, %lld open; %lld transfers, root %s",
        STR_ARG(fund->key), (long long)proof->lines, (long long)proof->paid_lines,
        (long long)proof->refused_lines, (long long)proof->open_lines, (long long)proof->transfers,
        root);
    for (size_t i = 0; i < proof->finding_count; i++) {
        cli_note(cli, "  %s：%lld", "  %s: %lld",
                 proof_fault_text(proof->findings[i].fault, cli->lang),
                 (long long)proof->findings[i].number);
    }
    if (proof->more) cli_note(cli, "  ……还有", "  … and more");
}

static bool prove_funds(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    struct fund *funds = NULL;
    size_t count = 1;
    struct report *report = NULL;
    const char *key = cli_option(cli, "--fund");
    if (key != NULL) {
        funds = arena_new(cli->arena, struct fund);
        if (!fund_find(ledger, &cli->asker, str_from(key), funds, err)) return false;
    } else if (!fund_list(ledger, &cli->asker, &funds, &count, err)) {
        return false;
    }
    struct fund_proof *proofs = arena_array(cli->arena, struct fund_proof, count);
    for (size_t i = 0; i < count; i++) {
        if (!prove_fund(ledger, &funds[i], &proofs[i], err)) return false;
        if (proofs[i].finding_count > 0) *exit_code = 1;
    }
    if (!report_open(&report, cli, "funds", fund_columns, FUND_COLUMNS_COUNT, err)) return false;
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = write_proof(cli, report, &funds[i], &proofs[i], err);
    }
    if (!good) {
        report_abandon(report);
        return false;
    }
    if (!report_close(report, err)) return false;
    for (size_t i = 0; i < count; i++) tell_proof(cli, &funds[i], &proofs[i]);
    return true;
}

/* What was decided of the person in the payment's scheme and period: the inputs, as kept. */
static struct str rests_on(const struct award_past *past, size_t count,
                           const struct person_payment *payment)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(past[i].scheme, payment->scheme)
            && str_equal(past[i].period, payment->period)) {
            return past[i].inputs;
        }
    }
    return STR_EMPTY;
}

static bool write_payment(struct cli *cli, struct report *report,
                          const struct person_payment *payment, struct str rests, struct err *err)
{
    struct str values[PERSON_COLUMNS] = {money_number(cli, payment->line),
                                         payment->scheme,
                                         payment->period,
                                         money_number(cli, payment->instalment),
                                         money_number(cli, payment->attempt),
                                         money_number(cli, payment->fen),
                                         payment->status,
                                         money_number(cli, payment->paid_fen),
                                         money_number(cli, payment->back_fen),
                                         payment->fund,
                                         payment->document,
                                         money_number(cli, payment->batch),
                                         payment->serial,
                                         cli_date(cli, payment->on),
                                         payment->file,
                                         payment->row == 0 ? STR_EMPTY
                                                           : money_number(cli, payment->row),
                                         money_number(cli, payment->transfer),
                                         money_number(cli, payment->award_run),
                                         rests,
                                         cli_date(cli, payment->booked)};
    return report_row(report, values, NULL, err);
}

static bool prove_one(struct cli *cli, struct ledger *ledger, int64_t person, struct err *err)
{
    struct person_payment *payments;
    struct award_past *past;
    size_t count, past_count;
    int64_t paid = 0;
    struct report *report = NULL;
    if (!prove_person(ledger, &cli->asker, person, &payments, &count, err)
        || !award_history(ledger->store, cli->arena, person, &past, &past_count, err)
        || !report_open(&report, cli, "payments", person_columns, PERSON_COLUMNS, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        paid += payments[i].paid_fen - payments[i].back_fen;
        good =
            write_payment(cli, report, &payments[i], rests_on(past, past_count, &payments[i]), err);
    }
    if (!good) {
        report_abandon(report);
        return false;
    }
    if (!report_close(report, err)) return false;
    cli_note(cli, "第 %lld 号人员：%zu 笔，实得 %s 元",
             "person %lld: %zu payments, %s yuan received", (long long)person, count,
             money_shown(cli, paid).ptr);
    if (count > 0) {
        cli_note(cli, "为何应发：baoxue aid explain %lld --scheme %.*s --at 日期",
                 "why it was due: baoxue aid explain %lld --scheme %.*s --at DATE",
                 (long long)person, STR_ARG(payments[0].scheme));
    }
    return true;
}

static bool prove(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    const char *person = cli_option(cli, "--person");
    int64_t number;
    if (person == NULL) return prove_funds(cli, ledger, exit_code, err);
    if (cli_has(cli, "--fund")) {
        return err_set(err, ERR_USAGE, "--fund or --person, not both",
                       "--fund 和 --person 只用其一");
    }
    return number_read(person, &number, err) && prove_one(cli, ledger, number, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, prove, exit_code, err);
}

const struct command command_pay_prove = {
    .name = "pay prove",
    .words = "",
    .capability = CAPABILITY_PAY,
    .zh = "证明每一元：资金的收入等于已发、上缴、在途和结余；或一个人的每一笔（不平则退出码为 1）",
    .en = "Proves every yuan: of a fund, or all that a person got (exit code 1 where it does not "
          "hold)",
    .more_zh = "从流水另行重算，与余额、发放和银行回执核对。资金按代号、层级；个人按学期、项目。",
    .more_en =
        "Summed up anew from the journal by other code, and held against balances, payments and "
        "the bank's answers. Funds by key and level; a person's by period and scheme.",
    .options = {{"--fund", OPTION_TEXT, "KEY", NULL, "只看这笔资金（默认全部）",
                 "this fund (default: all)"},
                {"--person", OPTION_COUNT, "NUMBER", NULL, "一个人员编号的全部发放",
                 "all payments to a person"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue pay prove --fund 2020-生活补助", "一笔资金", "a fund"},
                 {"baoxue pay prove --person 345", "一个人，直到银行流水",
                  "a person, to the bank's line"}},
    .run = run,
};
