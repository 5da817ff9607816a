#include "base/file.h"
#include "cli/commands.h"
#include "cli/money.h"
#include "cli/report.h"
#include "ledger/journal.h"
#include "ledger/verify.h"

#include <stdio.h>
#include <string.h>

static const struct report_column columns[] = {
    {"fault", "问题", "fault", false},
    {"transfer", "账页", "transfer", true},
    {"account", "账户", "account", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool write_findings(struct cli *cli, const struct book_report *found, const char *root,
                           struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "faults", columns, COLUMNS, err)) return false;
    struct json *json = report_json(report);
    if (json != NULL) {
        json_key_bool(json, "whole", found->finding_count == 0);
        json_key_i64(json, "transfers", (int64_t)found->transfers);
        json_key_i64(json, "accounts", (int64_t)found->accounts);
        json_key_i64(json, "seals", (int64_t)found->seals);
        json_key_i64(json, "debits_fen", found->debits);
        json_key_i64(json, "credits_fen", found->credits);
        json_key_str(json, "root", str_from(root));
    }
    bool good = true;
    for (size_t i = 0; good && i < found->finding_count; i++) {
        const struct book_finding *finding = &found->findings[i];
        struct str values[COLUMNS] = {str_from(book_fault_key(finding->fault)),
                                      money_number(cli, finding->number),
                                      money_number(cli, finding->account)};
        struct str shown[COLUMNS] = {str_from(book_fault_text(finding->fault, cli->lang))};
        good = report_row(report, values, shown, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool verify(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    struct book_report found;
    char root[2 * BOOK_HASH_BYTES + 1];
    if (!book_verify(cli->arena, ledger->store, &found, err)) return false;
    hex_of(found.root, sizeof found.root, root);
    if (found.finding_count > 0) *exit_code = 1;
    if (!write_findings(cli, &found, root, err)) return false;
    if (found.finding_count == 0) {
        cli_note(
            cli, "账簿完整：%llu 笔，%llu 个账户，借贷各 %s 元，根 %s",
            "the books are whole: %llu transfers, %llu accounts, %s yuan on each side, root %s",
            (unsigned long long)found.transfers, (unsigned long long)found.accounts,
            money_shown(cli, found.debits).ptr, root);
    } else {
        cli_note(cli, "账簿有 %zu 处不符%s", "the books do not fit in %zu places%s",
                 found.finding_count, found.more ? cli_say(cli, "（还有）", " (and more)") : "");
    }
    return true;
}

static bool run_verify(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, verify, exit_code, err);
}

struct writing {
    FILE *file;
    const char *path;
};

static bool put(void *context, struct str piece, struct err *err)
{
    const struct writing *writing = context;
    if (fwrite(piece.ptr, 1, piece.len, writing->file) == piece.len) return true;
    return file_failed(err, "write", "写入", writing->path);
}

static bool write_journal(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    const char *form = cli_option(cli, "--format"), *path = cli_option(cli, "--out");
    enum journal_form wanted =
        form != NULL && strcmp(form, "beancount") == 0 ? JOURNAL_BEANCOUNT : JOURNAL_HLEDGER;
    if (path == NULL) {
        struct writing out = {stdout, "-"};
        if (!journal_write(ledger, wanted, put, &out, err)) return false;
        return fflush(stdout) == 0 || file_failed(err, "write", "写入", "-");
    }
    const char *temporary = file_temporary(cli->arena, path);
    struct writing writing = {fopen(temporary, "w"), path};
    if (writing.file == NULL) return file_failed(err, "write", "写入", path);
    bool good = journal_write(ledger, wanted, put, &writing, err);
    if (fclose(writing.file) != 0 && good) good = file_failed(err, "write", "写入", path);
    if (good) return file_replace(temporary, path, err);
    remove(temporary);
    return false;
}

static bool run_export(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, write_journal, exit_code, err);
}

static bool seal(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    day on = cli_day(cli, "--day");
    int64_t number = 0;
    unsigned char root[BOOK_HASH_BYTES];
    char hex[2 * BOOK_HASH_BYTES + 1] = "";
    if (day_is_none(on)) on = clock_today(&cli->clock);
    if (!store_begin(ledger->store, err)
        || !store_end(ledger->store, book_seal(ledger->book, on, &number, root, err), err)) {
        return false;
    }
    if (number > 0) hex_of(root, sizeof root, hex);
    if (number == 0) {
        cli_note(cli, "上次封存以来没有新账", "nothing came since the last seal");
    } else {
        cli_note(cli, "已封存至第 %lld 笔，根 %s", "sealed up to transfer %lld, root %s",
                 (long long)number, hex);
    }
    if (!cli->json) return true;
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "transfer", number);
    json_key_str(&json, "root", str_from(hex));
    return report_json_end(&text, &json, err);
}

static bool run_seal(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, seal, exit_code, err);
}

const struct command command_ledger_verify = {
    .name = "ledger verify",
    .words = "",
    .capability = CAPABILITY_VERIFY,
    .zh = "从流水另行重算，检查账簿和散列链（有问题则退出码为 1）",
    .en =
        "Proves the books from the journal: sums, limits, the hash chain (exit code 1 for a fault)",
    .more_zh = "按发现的先后列出。",
    .more_en = "Faults in the order found.",
    .options = {OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue ledger verify", "检查账簿", "verifies the books"}},
    .run = run_verify,
};

const struct command command_ledger_export = {
    .name = "ledger export",
    .words = "",
    .capability = CAPABILITY_PAY,
    .zh = "把流水写成 hledger 或 beancount 的格式，供别人核账",
    .en = "Writes the journal for hledger or beancount, so that others can check the books",
    .more_zh = "在途的写成注释，不在余额里。按流水的先后。",
    .more_en = "What is pending stands as a comment: it is in no balance. In the journal's order.",
    .options = {{"--format", OPTION_CHOICE, "FORMAT", "hledger|beancount",
                 "哪种格式（默认 hledger，ledger 也能读）",
                 "which form (default hledger; ledger reads it too)"},
                {"--out", OPTION_OUTPUT, "FILE", NULL, "写入文件（默认标准输出）",
                 "writes a file (default: standard output)"}},
    .examples = {{"baoxue ledger export --out books.journal && hledger -f books.journal balance",
                  "用 hledger 核账", "checked with hledger"}},
    .run = run_export,
};

const struct command command_ledger_seal = {
    .name = "ledger seal",
    .words = "",
    .capability = CAPABILITY_PAY,
    .zh = "封存当日账簿，给出根散列，可印在报表上",
    .en = "Seals the journal of the day and gives its root, to be printed on reports",
    .options = {{"--day", OPTION_DAY, "DATE", NULL, "封存哪一天（默认今天）",
                 "the day (default today)"}},
    .examples = {{"baoxue ledger seal", "封存到今天", "up to today"}},
    .run = run_seal,
};
