#include "base/file.h"
#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/money.h"
#include "cli/number.h"
#include "cli/packs.h"
#include "cli/report.h"
#include "jobs/pay_files.h"
#include "jobs/payments.h"
#include "ledger/order.h"

static const struct report_column candidate_columns[] = {
    {"person", "人员", "person", true},      {"name", "姓名", "name", false},
    {"area", "区划", "area", false},         {"due_fen", "应发（分）", "due, fen", true},
    {"outcome", "结果", "outcome", false},   {"line", "发放号", "payment", true},
    {"fen", "本次（分）", "now, fen", true}, {"holder", "户名", "holder", false},
};

enum { CANDIDATE_COLUMNS = sizeof candidate_columns / sizeof *candidate_columns };

static bool write_candidates(struct cli *cli, const struct pay_wish *wish,
                             const struct pay_proposed *made, struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "candidates", candidate_columns, CANDIDATE_COLUMNS, err)) {
        return false;
    }
    struct json *json = report_json(report);
    if (json != NULL) {
        json_key_i64(json, "batch", made->batch);
        json_key_str(json, "scheme", wish->scheme);
        json_key_str(json, "period", wish->period);
        json_key_i64(json, "lines", (int64_t)made->counts[PAY_PROPOSED]);
        json_key_i64(json, "fen", made->fen);
    }
    bool good = true;
    for (size_t i = 0; good && i < wish->count; i++) {
        const struct pay_candidate *candidate = &wish->candidates[i];
        bool proposed = candidate->outcome == PAY_PROPOSED;
        struct str values[CANDIDATE_COLUMNS] = {
            money_number(cli, candidate->person),
            candidate->name,
            candidate->area,
            money_number(cli, candidate->due_fen),
            str_from(pay_outcome_key(candidate->outcome)),
            proposed && candidate->line > 0 && made->batch > 0 ? money_number(cli, candidate->line)
                                                               : STR_EMPTY,
            proposed ? money_number(cli, candidate->fen) : STR_EMPTY,
            str_from(pay_holder_key(candidate->holder))};
        struct str shown[CANDIDATE_COLUMNS] = {
            [2] = division_name_of(cli->workspace.divisions, candidate->area),
            [4] = str_from(pay_outcome_text(candidate->outcome, cli->lang))};
        good = report_row(report, values, shown, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static void tell_proposed(const struct cli *cli, const struct pay_wish *wish,
                          const struct pay_proposed *made)
{
    if (made->batch > 0) {
        cli_note(cli, "第 %lld 号批次：%zu 笔，%s 元，待另一人审批",
                 "batch %lld: %zu payments, %s yuan; it waits for a second person's approval",
                 (long long)made->batch, made->counts[PAY_PROPOSED],
                 money_shown(cli, made->fen).ptr);
    } else if (wish->dry && made->counts[PAY_PROPOSED] > 0) {
        cli_note(cli, "试算：%zu 笔，%s 元，未保存",
                 "a trial: %zu payments, %s yuan; nothing is kept", made->counts[PAY_PROPOSED],
                 money_shown(cli, made->fen).ptr);
    } else {
        cli_note(cli, "没有可发放的", "there is nothing to pay");
    }
    if (made->asked_again > 0) {
        cli_note(cli, "%zu 个批次审批逾期，已重新申请",
                 "%zu batches were not approved in time: asked for again", made->asked_again);
    }
    for (int i = PAY_PROPOSED + 1; i < PAY_OUTCOMES; i++) {
        if (made->counts[i] == 0) continue;
        cli_note(cli, "  %s：%zu 人", "  %s: %zu", pay_outcome_text((enum pay_outcome)i, cli->lang),
                 made->counts[i]);
    }
}

static bool propose(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct pay_request request = {.at = cli_day(cli, "--at"),
                                  .area = cli_area(cli),
                                  .retry = cli_has(cli, "--retry"),
                                  .dry = cli_has(cli, "--dry-run")};
    struct pay_wish wish;
    struct pay_proposed made;
    struct pack_set set;
    struct str scheme;
    uint16_t number;
    struct bar bar;
    const char *fund = cli_option(cli, "--fund");
    if (fund != NULL) request.fund = str_from(fund);
    if (!money_text(cli, "--scheme", &scheme, err) || !packs_of_words(cli, NULL, 0, &set, err)
        || !packs_scheme(cli, set.policy, scheme.ptr, &number, err)
        || !job_day(&cli->workspace, request.at, &request.at, err)) {
        return false;
    }
    request.scheme = set.policy->schemes[number].name.key;
    bar_start(&bar, cli->lang, cli->quiet);
    bool good = job_pay_propose(&cli->workspace, ledger, &cli->asker, &request, &bar.progress,
                                &wish, &made, err);
    bar_end(&bar);
    if (!good || !write_candidates(cli, &wish, &made, err)) return false;
    tell_proposed(cli, &wish, &made);
    return true;
}

static bool run_propose(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, propose, exit_code, err);
}

static bool approve(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    int64_t batch;
    const char *why = cli_option(cli, "--why");
    bool grant = !cli_has(cli, "--refuse");
    if (!number_read(cli->words[0], &batch, err)
        || !pay_decide(ledger, &cli->asker, batch, grant, why == NULL ? STR_EMPTY : str_from(why),
                       err)) {
        return false;
    }
    if (grant) {
        cli_note(cli, "第 %lld 号批次已审批，可以送银行",
                 "batch %lld is approved: it can go to the bank", (long long)batch);
    } else {
        cli_note(cli, "第 %lld 号批次已驳回，其中发放作废",
                 "batch %lld is refused, and its payments are void", (long long)batch);
    }
    if (!cli->json) return true;
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "batch", batch);
    json_key_bool(&json, "approved", grant);
    return report_json_end(&text, &json, err);
}

static bool run_approve(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, approve, exit_code, err);
}

static bool send(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct pay_batch batch;
    struct order_sent sent;
    struct bank *banks;
    const struct bank *bank;
    struct str path, purpose;
    size_t count;
    int64_t number;
    char hash[2 * sizeof sent.hash + 1];
    const char *key = cli_option(cli, "--bank");
    if (!number_read(cli->words[0], &number, err) || !money_text(cli, "--out", &path, err)
        || !banks_load(cli->arena, cli->workspace.policies, &banks, &count, err)
        || !bank_choose(banks, count, key == NULL ? STR_EMPTY : str_from(key), &bank, err)
        || !pay_batch_find(ledger, &cli->asker, number, &batch, err)
        || !job_pay_purpose(&cli->workspace, ledger, &batch, &purpose, err)
        || !order_send(ledger, &cli->asker, number, bank, purpose, &sent, err)
        || !file_write(path.ptr, sent.content, 0600, err)) {
        return false;
    }
    hex_of(sent.hash, sizeof sent.hash, hash);
    cli_note(cli, "%s第 %lld 号批次：%lld 笔，%s 元，写入 %s\nSM3 %s",
             "%sbatch %lld: %lld payments, %s yuan, written to %s\nSM3 %s",
             sent.again ? cli_say(cli, "（与前次所送相同）", "(the file of before) ") : "",
             (long long)number, (long long)sent.lines, money_shown(cli, sent.fen).ptr, path.ptr,
             hash);
    if (!cli->json) return true;
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "batch", number);
    json_key_i64(&json, "lines", sent.lines);
    json_key_i64(&json, "fen", sent.fen);
    json_key_str(&json, "sm3", str_from(hash));
    json_key_bool(&json, "again", sent.again);
    return report_json_end(&text, &json, err);
}

static bool run_export(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, send, exit_code, err);
}

static bool take_back(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    int64_t batch;
    uint64_t lines;
    struct str why;
    if (!number_read(cli->words[0], &batch, err) || !money_text(cli, "--why", &why, err)) {
        return false;
    }
    if (!pay_void(ledger, &cli->asker, batch, cli_has(cli, "--lost"), why, &lines, err)) {
        return err->kind == ERR_CONFLICT && !cli_has(cli, "--lost")
                   ? err_hint(err, "--lost", "--lost")
                   : false;
    }
    cli_note(cli, "第 %lld 号批次作废 %llu 笔，可重新提出", "batch %lld: %llu payments are void",
             (long long)batch, (unsigned long long)lines);
    return true;
}

static bool run_void(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, take_back, exit_code, err);
}

const struct command command_pay_propose = {
    .name = "pay propose",
    .words = "",
    .capability = CAPABILITY_PAY,
    .zh = "按核定结果提出一批发放，待另一人审批",
    .en = "Proposes a batch of payments by what was decided; a second person approves it",
    .more_zh = "应发的，减去已发的和发放名册载明的，余数列入本批；同一项目、人员、学期、期次、次数"
               "只有一笔。"
               "户名须是本人，或别的名册载明的监护人。资金不足时整批不提。按人员编号排序。",
    .more_en = "What is due, less what was paid here or by the register of payments; a payment of "
               "scheme, person, period, instalment and attempt stands once. The account's holder "
               "has to be the person, or a guardian whom another register names. Where the fund "
               "does not hold enough nothing is proposed. Sorted by person.",
    .options = {{"--at", OPTION_DAY, "DATE", NULL, "发哪一学期：此日所在的",
                 "the day in whose term"},
                {"--scheme", OPTION_TEXT, "S", NULL, "资助项目（必填）", "the scheme (needed)"},
                {"--fund", OPTION_TEXT, "KEY", NULL, "用哪笔资金（只有一笔可用时可省）",
                 "out of which fund (may be left out where only one pays it)"},
                {"--area", OPTION_AREA, "CODE", NULL, "只发此区划的学校",
                 "schools of this area only"},
                {"--retry", OPTION_FLAG, NULL, NULL, "银行退过的账户也再试",
                 "also to accounts that the bank refused"},
                {"--dry-run", OPTION_FLAG, NULL, NULL, "只试算，不保存", "keeps nothing"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue pay propose --at 2020-11-25 --scheme boarding_subsidy",
                  "寄宿生生活补助，本学期", "the boarding subsidy of the term"}},
    .run = run_propose,
};

const struct command command_pay_approve = {
    .name = "pay approve",
    .words = "BATCH",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_PAY,
    .zh = "审批（或驳回）别人提出的一批发放",
    .en = "Approves (or refuses) a batch that somebody else proposed",
    .more_zh = "提出的人不能自己审批：用 --user 以另一名用户登录。",
    .more_en = "Whoever proposed cannot approve: log in as somebody else with --user.",
    .options = {{"--refuse", OPTION_FLAG, NULL, NULL, "驳回，其中发放作废",
                 "refuses: the payments are void"},
                OPTION_OF_WHY},
    .examples = {{"baoxue pay approve 12 --user zhangxm", "审批第 12 号批次", "approves batch 12"}},
    .run = run_approve,
};

const struct command command_pay_export = {
    .name = "pay export",
    .words = "BATCH",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_PAY,
    .zh = "写出送银行的文件，连同散列冻结",
    .en = "Writes the file for the bank, and freezes it with its hash",
    .more_zh = "写过的再写，字节相同。文件含完整账号，只有本人可读。",
    .more_en =
        "Written again it is the same to the byte. It holds accounts in full, and is readable "
        "by its owner alone.",
    .options = {{"--out", OPTION_OUTPUT, "FILE", NULL, "写入的文件（必填）", "the file (needed)"},
                OPTION_OF_BANK},
    .examples = {{"baoxue pay export 12 --out 代发12.csv", "第 12 号批次", "batch 12"}},
    .run = run_export,
};

const struct command command_pay_void = {
    .name = "pay void",
    .words = "BATCH",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_PAY,
    .zh = "作废一批中未结的发放，之后可重新提出",
    .en = "Voids what is open of a batch, so that it can be proposed again",
    .options = {OPTION_OF_WHY,
                {"--lost", OPTION_FLAG, NULL, NULL, "已送银行，银行确认未办理",
                 "it went to the bank, which says that it has not carried it out"}},
    .examples = {{"baoxue pay void 12 --why 名单有误", "作废第 12 号批次", "voids batch 12"}},
    .run = run_void,
};
