#include "cli/case.h"

#include "base/file.h"
#include "cli/commands.h"
#include "cli/number.h"
#include "cli/report.h"

/* The day on which it happened: --day, else today where it is not before the case's own days. */
static day day_of(const struct case_call *call)
{
    day given = cli_day(call->cli, "--day");
    return day_is_none(given) ? clock_today(&call->cli->clock) : given;
}

static void add_option(const struct case_call *call, struct case_fields *fields, const char *option,
                       const char *key)
{
    const char *value = cli_option(call->cli, option);
    if (value != NULL) case_fields_add(fields, key, str_trim(str_from(value)));
}

static struct case_event event_of(const struct case_call *call, enum case_event_kind kind,
                                  const struct case_fields *fields)
{
    return (struct case_event){.kind = kind,
                               .on = day_of(call),
                               .fields = fields->items.items,
                               .field_count = fields->items.count};
}

static void tell_conflicts(struct cli *cli, const struct case_conflict *conflicts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cli_note(cli, "  %.*s：您写 %.*s，%.*s 在第 %lld 版写 %.*s",
                 "  %.*s: you write %.*s; %.*s wrote in version %lld: %.*s",
                 STR_ARG(conflicts[i].field), STR_ARG(conflicts[i].yours),
                 STR_ARG(conflicts[i].user), (long long)conflicts[i].version,
                 STR_ARG(conflicts[i].theirs));
    }
}

/* --file: kept with what is recorded. */
static bool read_file(const struct case_call *call, struct case_attachment *file, size_t *count,
                      struct err *err)
{
    const char *path = cli_option(call->cli, "--file");
    *count = path == NULL ? 0 : 1;
    return path == NULL || case_attachment_read(call->cli->arena, path, file_name(path), file, err);
}

bool case_write_call(struct case_call *call, struct case_write *write, struct err *err)
{
    struct cli *cli = call->cli;
    struct case_conflict *conflicts;
    size_t conflict_count = 0;
    int64_t version;
    write->number = call->number;
    write->seen = cli_has(cli, "--seen") ? cli_count(cli, "--seen", 0) : CASE_SEEN_ANY;
    if (!case_write(&call->work, cli->arena, &cli->asker, write, &conflicts, &conflict_count,
                    &version, err)) {
        tell_conflicts(cli, conflicts, conflict_count);
        return false;
    }
    if (!cli->json) {
        cli_note(cli, "已记入案卷 %lld，现为第 %lld 版", "recorded in case %lld, now version %lld",
                 (long long)call->number, (long long)version);
        return true;
    }
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "case", call->number);
    json_key_i64(&json, "version", version);
    return report_json_end(&text, &json, err);
}

static bool write_events(struct case_call *call, struct case_event *events, size_t count,
                         struct err *err)
{
    struct case_attachment file;
    struct case_write write = {.events = events, .count = count, .attachments = &file};
    return read_file(call, &file, &write.attachment_count, err)
           && case_write_call(call, &write, err);
}

bool case_read_fields(const struct case_call *call, struct case_fields *fields, struct err *err)
{
    const char *given = cli_option(call->cli, "--set");
    struct str rest = given == NULL ? STR_EMPTY : str_from(given), part, key;
    while (str_split(&rest, ';', &part)) {
        struct str value = part;
        if (str_find(part, STR("=")) == SIZE_MAX || !str_split(&value, '=', &key)) {
            return err_set(err, ERR_USAGE, "--set takes FIELD=VALUE, several with \";\" between",
                           "--set 应为“栏=值”，多个用“;”隔开");
        }
        case_fields_put(fields, str_trim(key), str_trim(value));
    }
    return true;
}

static bool record_nothing(struct err *err)
{
    return err_set(err, ERR_USAGE,
                   "nothing to record: a contact (--way --who --result), a step (--step), an "
                   "outcome (--outcome) or fields (--set)",
                   "没有要记的内容：联系走访（--way --who --result）、步骤（--step）、核查结果"
                   "（--outcome）或栏目（--set）");
}

/* One command may record a contact, its outcome and fields at once: all or none of it. */
static bool run_record(struct case_call *call, struct err *err)
{
    struct cli *cli = call->cli;
    struct case_fields contact = {.arena = cli->arena}, step = contact, verdict = contact,
                       set = contact;
    struct case_event events[CASE_WRITES_MAX];
    size_t count = 0;
    bool way = cli_has(cli, "--way");
    if (way) {
        add_option(call, &contact, "--way", "way");
        add_option(call, &contact, "--who", "who");
        add_option(call, &contact, "--said", "said");
        add_option(call, &contact, "--result", "result");
        add_option(call, &contact, "--step", "step");
    }
    if (!way && cli_has(cli, "--step")) {
        add_option(call, &step, "--step", "step");
        add_option(call, &step, "--said", "note");
    }
    if (cli_has(cli, "--outcome")) {
        add_option(call, &verdict, "--outcome", "outcome");
        add_option(call, &verdict, "--why", "why");
    }
    if (!case_read_fields(call, &set, err)) return false;
    if (way) events[count++] = event_of(call, EVENT_CONTACT, &contact);
    if (!way && step.items.count > 0) events[count++] = event_of(call, EVENT_STEP, &step);
    if (cli_has(cli, "--outcome")) events[count++] = event_of(call, EVENT_CONFIRMED, &verdict);
    if (set.items.count > 0) events[count++] = event_of(call, EVENT_SET, &set);
    if (count == 0) return record_nothing(err);
    return write_events(call, events, count, err);
}

static bool run_one(struct case_call *call, enum case_event_kind kind, struct err *err)
{
    struct case_fields fields = {.arena = call->cli->arena};
    add_option(call, &fields, "--outcome", "outcome");
    add_option(call, &fields, "--evidence", "evidence");
    add_option(call, &fields, "--why", "why");
    add_option(call, &fields, "--to", "area");
    struct case_event event = event_of(call, kind, &fields);
    return write_events(call, &event, 1, err);
}

static bool run_close(struct case_call *call, struct err *err)
{
    return run_one(call, EVENT_CLOSED, err);
}

static bool run_return(struct case_call *call, struct err *err)
{
    return run_one(call, EVENT_RETURNED, err);
}

static bool run_reopen(struct case_call *call, struct err *err)
{
    return run_one(call, EVENT_REOPENED, err);
}

static bool run_transfer(struct case_call *call, struct err *err)
{
    return run_one(call, EVENT_TRANSFERRED, err);
}

/* What can stand behind the number of a case. */
static const struct {
    const char *word;
    bool (*run)(struct case_call *call, struct err *err);
} words[] = {
    {"show", case_show},    {"record", run_record},  {"close", run_close},
    {"return", run_return}, {"reopen", run_reopen},  {"transfer", run_transfer},
    {"print", case_print},  {"attach", case_attach}, {"files", case_files},
};

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct case_call call = {.cli = cli};
    const char *word = cli->word_count < 2 ? "show" : cli->words[1];
    if (!number_read(cli->words[0], &call.number, err)) return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!str_is(str_from(word), words[i].word)) continue;
        return cli_open(cli, false, err) && cli_when(cli, &call.when, err)
               && cli_casework(cli, call.when, &call.work, err) && words[i].run(&call, err);
    }
    return err_set(
        err, ERR_USAGE,
        "\"%s\" is not among show, record, close, return, reopen, transfer, attach, files "
        "and print",
        "“%s”应为 show、record、close、return、reopen、transfer、attach、files、print 之一", word);
}

const struct command command_case = {
    .name = "case",
    .words =
        "ID [show|record|close|return|reopen|transfer|attach FILE...|files [VERSION]|print PAPER]",
    .words_min = 1,
    .words_max = 2 + CASE_ATTACHMENTS_MAX,
    .capability = CAPABILITY_LOOK,
    .zh = "一份案卷：看来龙去脉和各人责任，记走访，确认，销号，移交",
    .en = "One case: its story and who owes what; record a visit, confirm, close, move",
    .more_zh =
        "record 记联系走访（--way --who --said --result）、办完的步骤（--step）、不销号的核查结果"
        "（--outcome，即确认属实）和栏目（--set）；可一次记几样，要么全记要么全不记。close 销号须有"
        "核查结果和佐证（--evidence 或 --file）；return 记复学，进入稳定期；reopen 重新立案和 "
        "transfer 移交须有理由（--why）。方式：home joint school phone video elsewhere letter "
        "other；结果：promised returned refused undecided at_school ill given other，没见到人是 "
        "nobody moved。--seen "
        "写上看到的版本：其间别人改过同一栏的，不覆盖，逐栏列出。附件（--file，或 attach "
        "另附几个）连同内容加密存入案卷，"
        "每个不超过 20 MB；files 列出附件，写上版次和 --out 即取出一个，取出记入审计。",
    .more_en =
        "record takes a contact (--way --who --said --result), a step done (--step), an outcome "
        "that "
        "does not close (--outcome: it confirms) and fields (--set); several at once are all kept "
        "or "
        "none is. close needs an outcome and its evidence (--evidence or --file); return says that "
        "the "
        "child is back, to be watched; reopen and transfer need a reason (--why). Ways: home joint "
        "school phone video elsewhere letter other; results: promised returned refused undecided "
        "at_school ill given other, and nobody moved where nobody was met. --seen names the "
        "version "
        "that you have seen: what others changed since in the same field is not overwritten but "
        "listed. Attachments (--file, or several with attach) are kept in the case, contents and "
        "all, sealed, 20 MB each at most; files lists them, and with a version and --out gives one "
        "back, which the audit trail says.",
    .options = {OPTION_OF_AT,
                {"--day", OPTION_DAY, "DATE", NULL, "哪天的事（默认今天）",
                 "the day it happened (default today)"},
                {"--way", OPTION_TEXT, "WAY", NULL, "联系方式", "the way of contact"},
                {"--who", OPTION_TEXT, "NAME", NULL, "见了谁", "who was spoken with"},
                {"--said", OPTION_TEXT, "TEXT", NULL, "说了什么", "what was said"},
                {"--result", OPTION_TEXT, "RESULT", NULL, "结果", "what came of it"},
                {"--file", OPTION_FILE, "FILE", NULL, "附件，存入案卷",
                 "an attachment, kept in the case"},
                {"--step", OPTION_TEXT, "STEP", NULL, "办完的步骤", "the step that was done"},
                {"--outcome", OPTION_TEXT, "CODE", NULL, "核查结果代码", "code of the outcome"},
                {"--evidence", OPTION_TEXT, "TEXT", NULL, "佐证", "the evidence"},
                {"--set", OPTION_TEXT, "FIELD=VALUE", NULL, "填写栏目，多个用“;”隔开",
                 "fills in fields, several with \";\" between"},
                {"--to", OPTION_AREA, "CODE", NULL, "移交到的区划", "the area it is moved to"},
                {"--why", OPTION_TEXT, "REASON", NULL, "理由", "the reason"},
                {"--seen", OPTION_COUNT, "VERSION", NULL, "看到的版本",
                 "the version you have seen"},
                {"--issuer", OPTION_TEXT, "KEY", NULL, "print：发文机关（papers 列出）",
                 "print: who issues the paper (\"papers\" lists them)"},
                {"--household", OPTION_FLAG, NULL, NULL, "连同户的兄弟姐妹及其案卷一起看",
                 "with brothers and sisters of the household and their cases"},
                {"--out", OPTION_OUTPUT, "FILE", NULL,
                 "写入文件：print 为 .pdf 或 .docx，files 为取出的附件，其余为 .xlsx 或 .csv",
                 "writes a file: .pdf or .docx by print, the attachment by files, else .xlsx or "
                 ".csv"},
                OPTION_OF_REVEAL,
                OPTION_OF_ALL},
    .examples = {{"baoxue case 12", "案卷 12 的来龙去脉和各人责任", "the story of case 12"},
                 {"baoxue case 12 record --day 2020-09-17 --way home --who 父亲 --said 家里缺人手 "
                  "--result undecided",
                  "记一次入户", "records a visit"},
                 {"baoxue case 12 close --outcome 03 --evidence 就读证明 --file 证明.pdf",
                  "凭就读证明销号", "closes by a proof of attendance"},
                 {"baoxue case 12 print return_notice --issuer township --set "
                  "\"number=郭政教〔2020〕3号;due=2020-10-10\" --out 通知书.docx",
                  "劝返复学通知书，文号和期限由机关填写",
                  "a notice to return; number and term are the office's"}},
    .run = run,
};
