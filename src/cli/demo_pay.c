#include "cli/demo_pay.h"

#include "cli/money.h"
#include "cli/report.h"

#include <stdio.h>

static void print_batches(struct cli *cli, const struct cashiers_result *done)
{
    size_t lines = 0, refused = 0, paid = 0;
    int64_t fen = 0, paid_fen = 0;
    for (size_t i = 0; i < done->batch_count; i++) {
        const struct cashiers_batch *batch = &done->batches[i];
        printf(cli_say(cli, "  %.*s：核定 %s 人 %s 元，名册载明已发 %s 人；本次提出 %s 笔 %s 元\n",
                       "  %.*s: decided for %s, %s yuan, of whom lists say %s were paid; proposed "
                       "now: %s, %s yuan\n"),
               STR_ARG(cli->lang == LANG_EN ? batch->en : batch->zh),
               cli_thousands(cli, (uint64_t)batch->due_lines).ptr,
               money_shown(cli, batch->due_fen).ptr,
               cli_thousands(cli, batch->counts[PAY_PAID_ELSEWHERE]).ptr,
               cli_thousands(cli, batch->counts[PAY_PROPOSED]).ptr,
               money_shown(cli, batch->fen).ptr);
        lines += batch->counts[PAY_PROPOSED];
        fen += batch->fen;
        paid += batch->paid;
        paid_fen += batch->paid_fen;
        refused += batch->refused;
    }
    for (int outcome = PAY_PROPOSED + 1; outcome < PAY_OUTCOMES; outcome++) {
        size_t held = 0;
        if (outcome == PAY_PAID_ELSEWHERE) continue;
        for (size_t i = 0; i < done->batch_count; i++) held += done->batches[i].counts[outcome];
        if (held == 0) continue;
        printf(cli_say(cli, "  未列入 %s 人：%s\n", "  held back: %s, %s\n"),
               cli_thousands(cli, held).ptr,
               pay_outcome_text((enum pay_outcome)outcome, cli->lang));
    }
    printf(cli_say(cli, "%.*s 提出 %s 笔 %s 元，%.*s 审批；银行已付 %s 笔 %s 元，退回 %s 笔",
                   "%.*s proposed %s payments, %s yuan, and %.*s approved them; the bank paid %s, "
                   "%s yuan, and refused %s"),
           STR_ARG(done->proposed_by), cli_thousands(cli, lines).ptr, money_shown(cli, fen).ptr,
           STR_ARG(done->approved_by), cli_thousands(cli, paid).ptr, money_shown(cli, paid_fen).ptr,
           cli_thousands(cli, refused).ptr);
    const char *between = cli_say(cli, "：", ": ");
    for (size_t i = 0; i < sizeof done->reasons / sizeof *done->reasons; i++) {
        if (done->reasons[i].count == 0) continue;
        printf("%s%.*s %zu", between, STR_ARG(done->reasons[i].words), done->reasons[i].count);
        between = cli_say(cli, "、", ", ");
    }
    putchar('\n');
}

static void print_reconciled(struct cli *cli, const struct reconciled *reconciled)
{
    printf(
        cli_say(cli, "对账：账上 %s 元，对账单 %s 元", "reconciled: books %s yuan, statement %s"),
        money_shown(cli, reconciled->books_fen).ptr, money_shown(cli, reconciled->bank_fen).ptr);
    for (int i = 0; i < RECONCILE_STATES; i++) {
        if (reconciled->counts[i] == 0) continue;
        printf(cli_say(cli, "，%s %s", ", %s %s"),
               reconcile_state_text((enum reconcile_state)i, cli->lang),
               cli_thousands(cli, reconciled->counts[i]).ptr);
    }
    putchar('\n');
}

static void print_proofs(struct cli *cli, const struct cashiers_result *done)
{
    for (size_t i = 0; i < done->fund_count; i++) {
        const struct cashiers_fund *fund = &done->funds[i];
        const struct fund_sums *sum = &fund->proof.sum;
        bool holds = fund->proof.finding_count == 0;
        printf(cli_say(cli, "  %.*s（%.*s）：收入 %s = 已发 %s + 上缴 %s + 在途 %s + 结余 %s，%s\n",
                       "  %.*s (%.*s): received %s = paid %s + handed back %s + promised %s + "
                       "unspent %s: %s\n"),
               STR_ARG(fund->fund.key), STR_ARG(fund->fund.document),
               money_shown(cli, sum->received).ptr, money_shown(cli, sum->paid).ptr,
               money_shown(cli, sum->returned).ptr, money_shown(cli, sum->pending).ptr,
               money_shown(cli, sum->unspent).ptr,
               holds ? cli_say(cli, "平", "it holds") : cli_say(cli, "不平", "it does not hold"));
    }
}

void demo_pay_print(struct cli *cli, const struct cashiers_result *done)
{
    printf("%s", cli_say(cli, "\n发放：名册上没有发到的，本学期补发\n",
                         "\npaying: what the lists of the term left out\n"));
    print_batches(cli, done);
    print_reconciled(cli, &done->reconciled);
    printf("%s", cli_say(cli, "核平（元）：\n", "the proof, in yuan:\n"));
    print_proofs(cli, done);
    printf(cli_say(cli,
                   "送银行的文件、银行回执、对账单和证明在 %s/：代发*.csv、回执*.csv、对账单.csv、"
                   "证明.csv\n",
                   "the files for the bank, its answers, the statement and the proof are in %s/: "
                   "代发*.csv, 回执*.csv, 对账单.csv, 证明.csv\n"),
           done->folder);
    fflush(stdout);
}

static void json_batch(struct json *json, const struct cashiers_batch *batch)
{
    json_object(json);
    json_key_str(json, "scheme", batch->scheme);
    json_key_i64(json, "batch", batch->batch);
    json_key_i64(json, "due", batch->due_lines);
    json_key_i64(json, "due_fen", batch->due_fen);
    json_key_i64(json, "fen", batch->fen);
    json_key_i64(json, "paid", (int64_t)batch->paid);
    json_key_i64(json, "paid_fen", batch->paid_fen);
    json_key_i64(json, "refused", (int64_t)batch->refused);
    json_key(json, "outcomes");
    json_object(json);
    for (int i = 0; i < PAY_OUTCOMES; i++) {
        json_key_i64(json, pay_outcome_key((enum pay_outcome)i), (int64_t)batch->counts[i]);
    }
    json_object_end(json);
    json_object_end(json);
}

static void json_fund(struct json *json, const struct cashiers_fund *fund)
{
    const struct fund_sums *sum = &fund->proof.sum;
    json_object(json);
    json_key_str(json, "fund", fund->fund.key);
    json_key_i64(json, "received_fen", sum->received);
    json_key_i64(json, "paid_fen", sum->paid);
    json_key_i64(json, "returned_fen", sum->returned);
    json_key_i64(json, "pending_fen", sum->pending);
    json_key_i64(json, "allotted_fen", sum->allotted);
    json_key_i64(json, "unspent_fen", sum->unspent);
    json_key_bool(json, "holds", fund->proof.finding_count == 0);
    json_object_end(json);
}

void demo_pay_json(struct json *json, const struct cashiers_result *done)
{
    json_object(json);
    json_key_str(json, "folder", str_from(done->folder));
    json_key_bool(json, "clean", reconcile_is_clean(&done->reconciled));
    json_key_i64(json, "matched", (int64_t)done->reconciled.counts[RECONCILE_MATCHED]);
    json_key(json, "batches");
    json_list(json);
    for (size_t i = 0; i < done->batch_count; i++) json_batch(json, &done->batches[i]);
    json_list_end(json);
    json_key(json, "funds");
    json_list(json);
    for (size_t i = 0; i < done->fund_count; i++) json_fund(json, &done->funds[i]);
    json_list_end(json);
    json_object_end(json);
}
