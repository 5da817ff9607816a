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

/* What --root says was noted of the trail; entries -1 where nothing is held against it. */
static bool read_noted(const struct cli *cli, struct audit_root *out, struct err *err)
{
    const char *text = cli_option(cli, "--root");
    *out = (struct audit_root){.entries = -1};
    if (text == NULL || audit_root_read(str_from(text), out)) return true;
    return err_set(err, ERR_USAGE,
                   "--root \"%s\" is no root of the trail, such as audit verify prints",
                   "--root“%s”不是 audit verify 所印的根", text);
}

static void tell_verified(const struct cli *cli, int64_t broken_at, bool holds,
                          const struct audit_root *noted, const char *root)
{
    if (broken_at != 0) {
        cli_note(
            cli, "审计记录从第 %lld 条起不相符：有人改动、删除或插入过",
            "the audit trail does not fit from entry %lld on: something was changed, taken out or "
            "put in",
            (long long)broken_at);
        return;
    }
    if (holds) {
        cli_note(cli, "审计记录完整，没有被改动；根 %s", "the audit trail is whole; root %s", root);
        return;
    }
    cli_note(cli, "审计记录里没有当时记下的第 %lld 条：末尾被删，或整个记录被重写过；现在的根 %s",
             "the audit trail has not the entry %lld that was noted: its end was cut off, or all "
             "of it was written anew; root now %s",
             (long long)noted->entries, root);
}

static bool run_verify(struct cli *cli, int *exit_code, struct err *err)
{
    int64_t broken_at;
    struct audit_root root, noted;
    char text_of_root[AUDIT_ROOT_SIZE];
    bool holds = true;
    if (!read_noted(cli, &noted, err) || !cli_open(cli, false, err)
        || !audit_verify(cli->workspace.store, &broken_at, err)
        || !audit_root(cli->workspace.store, &root, err)
        || (noted.entries >= 0 && !audit_holds(cli->workspace.store, &noted, &holds, err))) {
        return false;
    }
    if (broken_at != 0 || !holds) *exit_code = 1;
    audit_root_text(&root, text_of_root);
    if (cli->json) {
        struct text text;
        struct json json;
        report_json_begin(cli, &text, &json);
        json_key_bool(&json, "whole", broken_at == 0 && holds);
        json_key(&json, "broken_at");
        if (broken_at == 0) {
            json_null(&json);
        } else {
            json_i64(&json, broken_at);
        }
        json_key_str(&json, "root", str_from(text_of_root));
        return report_json_end(&text, &json, err);
    }
    tell_verified(cli, broken_at, holds, &noted, text_of_root);
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
    .more_zh =
        "会印出根：条数和最后一条的散列。请记在工作区之外；下次用 --root 核对，末尾被删或整个重写"
        "也查得出来。",
    .more_en = "Prints the root: how many entries there are, and the hash of the last. Note it "
               "outside the workspace and hold the trail against it with --root: then an end cut "
               "off, or a trail written anew, is found too.",
    .options = {{"--root", OPTION_TEXT, "ROOT", NULL, "以前记下的根", "the root noted before"}},
    .examples = {{"baoxue audit verify", "检查", "verifies"}},
    .run = run_verify,
};
