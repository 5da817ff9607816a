#include "access/audit.h"

#include "cli/commands.h"
#include "cli/number.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"number", "序号", "number", true},  {"at", "时间", "at", false},
    {"user", "何人", "user", false},     {"action", "做了什么", "action", false},
    {"object", "对象", "object", false}, {"reason", "理由", "reason", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns, COLUMN_ACTION = 3 };

struct listing {
    struct cli *cli;
    struct report *report;
    struct str person; /* "person 12", or empty for all */
    bool good;
    struct err *err;
};

static bool write_entry(void *context, const struct audit_entry *entry)
{
    struct listing *listing = context;
    struct cli *cli = listing->cli;
    if (listing->person.len > 0 && !str_equal(entry->object, listing->person)) return true;
    struct str values[COLUMNS] = {
        cli_number(cli, (uint64_t)entry->number),
        cli_moment(cli, entry->at_ms),
        entry->user,
        entry->action,
        entry->object,
        entry->reason,
    };
    const struct str shown[COLUMNS] = {
        [COLUMN_ACTION] = audit_action_words(entry->action, cli->lang),
    };
    listing->good = report_row(listing->report, values, shown, listing->err);
    return listing->good;
}

static bool run_list(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct listing listing = {.cli = cli, .good = true, .err = err};
    const char *person = cli_option(cli, "--person");
    if (person != NULL) {
        int64_t number;
        if (!number_read(person, &number, err)) return false;
        listing.person = cli_format(cli, "person %lld", (long long)number);
    }
    if (!cli_open(cli, false, err)) return false;
    if (!report_open(&listing.report, cli, "entries", columns, COLUMNS, err)) return false;
    if (audit_list(cli->workspace.store, write_entry, &listing, err) && listing.good) {
        return report_close(listing.report, err);
    }
    report_abandon(listing.report);
    return false;
}

static bool run_verify(struct cli *cli, int *exit_code, struct err *err)
{
    int64_t broken_at;
    if (!cli_open(cli, false, err)) return false;
    if (!audit_verify(cli->workspace.store, &broken_at, err)) return false;
    if (broken_at != 0) *exit_code = 1;
    if (cli->json) {
        struct text text;
        struct json json;
        report_json_begin(cli, &text, &json);
        json_key_bool(&json, "whole", broken_at == 0);
        json_key(&json, "broken_at");
        if (broken_at == 0) {
            json_null(&json);
        } else {
            json_i64(&json, broken_at);
        }
        return report_json_end(&text, &json, err);
    }
    if (broken_at == 0) {
        cli_note(cli, "审计记录完整，没有被改动", "the audit trail is whole");
    } else {
        cli_note(
            cli, "审计记录从第 %lld 条起不相符：有人改动、删除或插入过",
            "the audit trail does not fit from entry %lld on: something was changed, taken out or "
            "put in",
            (long long)broken_at);
    }
    return true;
}

const struct command command_audit = {
    .name = "audit",
    .words = "",
    .capability = CAPABILITY_AUDIT,
    .zh = "列出谁在何时看了什么、做了什么",
    .en = "Lists who saw and did what, and when",
    .more_zh = "按时间先后排序。审计记录只增不改，audit verify 检查它是否被动过。",
    .more_en = "Oldest first. The trail only grows; audit verify tells whether it was touched.",
    .options = {{"--person", OPTION_COUNT, "NUMBER", NULL, "只看与某人员编号有关的",
                 "only what concerns one person"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue audit", "全部记录", "the whole trail"},
                 {"baoxue audit --person 345", "谁看过 345 号人员", "who looked at person 345"}},
    .run = run_list,
};

const struct command command_audit_verify = {
    .name = "audit verify",
    .words = "",
    .capability = CAPABILITY_AUDIT,
    .zh = "检查审计记录是否被改动过（被改动则退出码为 1）",
    .en = "Tells whether the audit trail was touched (exit code 1 if so)",
    .examples = {{"baoxue audit verify", "检查", "verifies"}},
    .run = run_verify,
};
