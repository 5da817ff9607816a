#include "jobs/retention.h"

#include "cli/commands.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"kind", "数据", "kind", false}, {"then", "到期后", "then", false},
    {"days", "天数", "days", true},  {"rows", "现有", "rows", true},
    {"due", "到期", "due", true},    {"law", "依据", "law", false},
    {"why", "说明", "why", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns, COLUMN_KIND = 0, COLUMN_THEN = 1 };

static struct str laws_of(const struct cli *cli, const struct retention_kind *kind)
{
    struct text text;
    text_init(&text, cli->arena, 4096);
    for (size_t i = 0; i < kind->law_count; i++) {
        text_add_f(&text, "%s%.*s", i == 0 ? "" : "; ", STR_ARG(kind->laws[i]));
    }
    return text_str(&text);
}

/* `erased`: only what was erased. */
static bool write_dues(struct cli *cli, const struct retention_due *dues, bool erased,
                       struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, erased ? "erased" : "kinds", columns, COLUMNS, err)) {
        return false;
    }
    bool good = true, zh = cli->lang != LANG_EN;
    for (size_t i = 0; good && i < cli->workspace.retention.count; i++) {
        const struct retention_kind *kind = dues[i].kind;
        bool counted = kind->then == RETENTION_ERASE;
        if (erased && dues[i].due == 0) continue;
        struct str values[COLUMNS] = {
            kind->key,
            str_from(retention_then_key(kind->then)),
            kind->days == 0 ? STR_EMPTY : cli_number(cli, (uint64_t)kind->days),
            counted ? cli_number(cli, (uint64_t)dues[i].rows) : STR_EMPTY,
            counted ? cli_number(cli, (uint64_t)dues[i].due) : STR_EMPTY,
            laws_of(cli, kind),
            zh ? kind->why_zh : kind->why_en,
        };
        struct str shown[COLUMNS] = {
            [COLUMN_KIND] = zh ? kind->zh : kind->en,
            [COLUMN_THEN] = str_from(retention_then_text(kind->then, cli->lang)),
        };
        good = report_row(report, values, shown, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    struct retention_due *dues = NULL;
    (void)exit_code;
    return cli_open(cli, false, err)
           && retention_look(cli->workspace.store, &cli->clock, &cli->workspace.retention,
                             cli->arena, &dues, err)
           && write_dues(cli, dues, false, err);
}

static bool run_apply(struct cli *cli, int *exit_code, struct err *err)
{
    struct retention_due *dues = NULL;
    int64_t erased = 0;
    (void)exit_code;
    if (!cli_has(cli, "--yes")) {
        err_set(err, ERR_USAGE,
                "what is erased does not come back; look at \"baoxue retention\" first, then "
                "confirm",
                "清除后不能恢复；请先看 baoxue retention，再确认");
        return err_hint(err, "--yes", "--yes");
    }
    if (!cli_open(cli, false, err)
        || !retention_apply(cli->workspace.store, &cli->clock, &cli->asker,
                            &cli->workspace.retention, cli->arena, &dues, err)
        || !write_dues(cli, dues, true, err)) {
        return false;
    }
    for (size_t i = 0; i < cli->workspace.retention.count; i++) erased += dues[i].due;
    if (erased == 0) {
        cli_note(cli, "没有到期的数据", "nothing is due");
    } else {
        cli_note(cli, "已清除 %lld 条；以前的备份里仍有，请另备份并销毁旧备份",
                 "%lld erased; older backups still have them: make a new one and destroy those",
                 (long long)erased);
    }
    return true;
}

const struct command command_retention = {
    .name = "retention",
    .words = "",
    .capability = CAPABILITY_SYSTEM,
    .zh = "列出各类数据保存多久、依据什么，哪些已到期",
    .en = "Lists how long each kind of data is kept, by which law, and what is due",
    .more_zh =
        "规则在 policies/national/rules/retention.yaml。then 为 erase 的到期可清除，keep 的不清除，"
        "by_itself 的由程序自行更替。rows、due 只对可清除的给出。名册记载、批次、裁定、线索和"
        "审计不清除：任何一天、按任何一天所知的答案都以它们为据。",
    .more_en = "The rules are in policies/national/rules/retention.yaml. What says erase may be "
               "erased when due, keep never is, by_itself is replaced by the program. rows and due "
               "are given for what may be erased. Statements, batches, decisions, findings and the "
               "trail stay: answers about any day as known on any day rest on them.",
    .options = {OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue retention", "查看", "looks"}},
    .run = run,
};

const struct command command_retention_apply = {
    .name = "retention apply",
    .words = "",
    .capability = CAPABILITY_SYSTEM,
    .zh = "清除到期且可以清除的数据，记入审计",
    .en = "Erases what is due and may be erased; audited",
    .more_zh = "一次全部完成，或什么都不改。拒收的行清除的是内容；哪一行、为何拒收仍可查。",
    .more_en = "All at once or nothing. Of rejected rows the contents go; which row it was and why "
               "it was rejected stays.",
    .options = {{"--yes", OPTION_FLAG, NULL, NULL, "确认清除", "confirms"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue retention apply --yes", "清除", "erases"}},
    .run = run_apply,
};
