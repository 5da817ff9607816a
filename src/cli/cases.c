#include "cli/casework.h"
#include "cli/commands.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"case", "案卷", "case", true},
    {"procedure", "程序", "procedure", false},
    {"status", "状态", "status", false},
    {"state", "阶段", "state", false},
    {"person", "人员", "person", true},
    {"name", "姓名", "name", false},
    {"id_number", "证件号码", "ID number", false},
    {"birth_date", "出生日期", "birth date", false},
    {"area", "区划", "area", false},
    {"school", "学校", "school", false},
    {"step", "待办", "step", false},
    {"position", "在谁处", "lies with", false},
    {"holder", "责任人", "who", false},
    {"due", "期限", "due", false},
    {"overdue_days", "逾期天数", "days overdue", true},
    {"level", "上报级数", "came up", true},
    {"opened", "立案", "opened", false},
    {"contacts", "联系次数", "contacts", true},
    {"relapses", "复辍次数", "relapses", true},
    {"outcome", "核查结果", "outcome", false},
    {"version", "版本", "version", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static struct str overdue_text(const struct cli *cli, const struct case_row *row, day at)
{
    if (day_is_none(row->due) || row->due.days >= at.days) return STR("0");
    return cli_number(cli, (uint64_t)(at.days - row->due.days));
}

static bool write_row(struct cli *cli, const struct casework *work, struct report *report,
                      const struct case_row *row, day at, struct err *err)
{
    int position = row->position.len == 0 ? -1 : position_find(work->chains, row->position);
    const struct holder *holder = position < 0
                                      ? NULL
                                      : holder_of(&work->holders, work->chains, (size_t)position,
                                                  row->area, row->school_code, row->school);
    struct str values[COLUMNS] = {
        cli_number(cli, (uint64_t)row->number),
        row->procedure_key,
        str_from(case_status_key(row->status)),
        row->state,
        row->person == 0 ? STR_EMPTY : cli_number(cli, (uint64_t)row->person),
        row->person == 0 ? row->unit : row->name,
        row->id_masked,
        row->birth,
        row->area,
        row->school,
        row->step,
        row->position,
        holder == NULL ? STR_EMPTY : holder->name,
        cli_date(cli, row->due),
        overdue_text(cli, row, at),
        cli_number(cli, (uint64_t)row->level),
        cli_date(cli, row->opened),
        cli_number(cli, (uint64_t)row->contacts),
        cli_number(cli, (uint64_t)row->relapses),
        row->outcome,
        cli_number(cli, (uint64_t)row->version),
    };
    struct str shown[COLUMNS] = {[2] = str_from(case_status_text(row->status, cli->lang))};
    if (row->procedure != NULL) {
        shown[1] = case_say(cli_words(cli), row->procedure->zh, row->procedure->en);
        shown[3] = case_state_words(cli_words(cli), row->procedure, row->state);
        shown[10] = case_step_words(cli_words(cli), row->procedure, row->step);
        if (row->outcome.len > 0) {
            shown[19] = case_outcome_words(cli_words(cli), row->procedure, row->outcome);
        }
    }
    shown[8] = division_name_of(cli->workspace.divisions, row->area);
    if (position >= 0) {
        const struct position *text = &work->chains->positions[position];
        shown[11] = case_say(cli_words(cli), text->zh, text->en);
        if (holder == NULL) shown[12] = str_from(cli_say(cli, "（未指定）", "(nobody named)"));
    }
    return report_row(report, values, shown, err);
}

/* As case_filter takes it. */
static int status_asked(const struct cli *cli)
{
    const char *status = cli_option(cli, "--status");
    if (status == NULL || str_is(str_from(status), "open")) return -1;
    return str_is(str_from(status), "all") ? -2 : case_status_of(str_from(status));
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct read_at when;
    struct casework work;
    struct case_row *rows;
    size_t count;
    struct report *report = NULL;
    const char *role = cli_option(cli, "--role");
    const char *procedure = cli_option(cli, "--procedure");
    struct case_filter filter = {.area = cli_area(cli), .role = -1, .due = cli_day(cli, "--due")};
    if (role != NULL) filter.role = role_of(str_from(role));
    if (procedure != NULL) filter.procedure = str_from(procedure);
    filter.person = cli_count(cli, "--person", 0);
    filter.most = (size_t)cli_count(cli, "--limit", 0);
    filter.status = status_asked(cli);
    if (!cli_open(cli, false, err) || !cli_when(cli, &when, err)
        || !cli_casework(cli, when, &work, err)) {
        return false;
    }
    filter.at = when.at;
    if (procedure != NULL && procedure_find(work.procedures, filter.procedure) == NULL) {
        return err_set(err, ERR_USAGE, "there is no procedure \"%s\"", "没有“%s”这一程序",
                       procedure);
    }
    if (!case_list(&work, cli->arena, &cli->asker, &filter, &rows, &count, err)
        || !report_open(&report, cli, "cases", columns, COLUMNS, err)) {
        return false;
    }
    if (report_json(report) != NULL)
        json_key_str(report_json(report), "at", cli_date(cli, when.at));
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = write_row(cli, &work, report, &rows[i], when.at, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

const struct command command_cases = {
    .name = "cases",
    .words = "",
    .capability = CAPABILITY_LOOK,
    .zh = "案卷清单：谁该在哪天以前办什么",
    .en = "The work list: who owes what by when",
    .more_zh = "默认只列未销号的；按期限、案卷编号排序，没有待办的在最后。--role 只列在该日落到"
               "这一角色的待办（逾期的会逐级上报）。position 是目前在谁处，holder 是登记的责任人"
               "（duty list），无人登记的照样列出。",
    .more_en =
        "Open cases, unless another --status is asked for; sorted by due day, then case, what "
        "is not owed last. --role lists what lies with that role on the day, what came up "
        "the chain included. `position` is with whom it lies, `holder` who is named for it "
        "(duty list); a position without a name is listed all the same.",
    .options = {OPTION_OF_AT,
                {"--area", OPTION_AREA, "CODE", NULL, "只看一个区划", "only one area"},
                {"--role", OPTION_CHOICE, "ROLE", "school|township|county|city",
                 "只看落到这一角色的", "only what lies with this role"},
                {"--due", OPTION_DAY, "DATE", NULL, "只看这一天或以前到期的",
                 "only what is due on or before that day"},
                {"--procedure", OPTION_TEXT, "KEY", NULL, "只看一个程序（dropout …）",
                 "only one procedure (dropout …)"},
                {"--status", OPTION_CHOICE, "STATUS",
                 "open|suspected|confirmed|returned|closed|all", "只看这一状态（默认 open）",
                 "only this status (default open)"},
                {"--person", OPTION_COUNT, "NUMBER", NULL, "只看一个人员", "only one person"},
                {"--limit", OPTION_COUNT, "N", NULL, "只要前 N 行", "only the first N"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue cases", "全部待办", "all that is owed"},
                 {"baoxue cases --area 620422 --role township --due 2020-09-22",
                  "会宁县各乡镇 9 月 22 日前到期的", "what townships of one county owe by then"},
                 {"baoxue cases --procedure dropout --status confirmed --out 辍学.xlsx",
                  "确认辍学失学的写成表格", "a workbook of those confirmed"}},
    .run = run,
};
