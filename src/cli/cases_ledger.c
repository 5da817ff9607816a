#include "cases/ledger.h"

#include "cli/bar.h"
#include "cli/casework.h"
#include "cli/commands.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"person", "人员", "person", true},
    {"name", "姓名", "name", false},
    {"id_number", "证件号码", "ID number", false},
    {"birth_date", "出生日期", "birth date", false},
    {"area", "区划", "area", false},
    {"school", "学校", "school", false},
    {"standing", "就学情况", "standing", false},
    {"looks", "四查", "looked up", false},
    {"groups", "重点人群", "groups", false},
    {"case", "案卷", "case", true},
    {"status", "状态", "status", false},
    {"opened", "立案", "opened", false},
    {"confirmed", "确认", "confirmed", false},
    {"last_contact", "最近联系", "last contact", false},
    {"outcome", "核查结果", "outcome", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static const struct report_column unit_columns[] = {
    {"unit", "单位", "unit", false},
    {"name", "名称", "name", false},
    {"rows", "台账人数", "in the ledger", true},
    {"children", "适龄", "of age", true},
    {"on_roll", "有学籍", "on a roll", true},
    {"finished", "已毕业", "finished", true},
    {"lawful", "合法理由", "lawful reason", true},
    {"reported_schooled", "称在读", "said to be at school", true},
    {"not_enrolled", "无学籍", "in no school", true},
    {"suspected", "疑似", "suspected", true},
    {"dropout", "辍学", "dropped out", true},
    {"returned", "稳定期", "watched", true},
    {"looks", "四查", "looked up", false},
};

enum { UNIT_COLUMNS = sizeof unit_columns / sizeof *unit_columns };

struct ledger_call {
    struct cli *cli;
    struct casework work;
    struct ledger_text text;
    struct ledger_row *rows;
    size_t count;
};

static struct str standing_text(const struct cli *cli, enum standing standing, bool on_screen)
{
    if (on_screen) return str_from(ledger_standing_text(standing, cli->lang));
    return standing == STANDING_NOT_ASKED ? STR("not_expected") : str_from(standing_key(standing));
}

/* "household;roll" of what was found. */
static struct str marks_text(const struct cli *cli, const struct ledger_mark *marks, size_t count,
                             uint32_t bits, bool on_screen)
{
    struct text text;
    text_init(&text, cli->arena, 4096);
    for (size_t i = 0; i < count; i++) {
        if ((bits >> i & 1) == 0) continue;
        if (text.len > 0) text_add_c(&text, on_screen ? " " : ";");
        text_add(&text,
                 on_screen ? case_say(cli_words(cli), marks[i].zh, marks[i].en) : marks[i].key);
    }
    return text_str(&text);
}

static bool write_row(struct ledger_call *call, struct report *report, const struct ledger_row *row,
                      struct err *err)
{
    struct cli *cli = call->cli;
    const struct case_row *at = row->at;
    const struct ledger_text *text = &call->text;
    struct str values[COLUMNS] = {
        cli_number(cli, (uint64_t)row->number),
        row->name,
        row->id_masked,
        row->birth,
        row->area,
        row->school,
        standing_text(cli, row->standing, false),
        marks_text(cli, text->looks, text->look_count, row->looks, false),
        marks_text(cli, text->groups, text->group_count, row->groups, false),
    };
    struct str shown[COLUMNS] = {
        [4] = division_name_of(cli->workspace.divisions, row->area),
        [6] = standing_text(cli, row->standing, true),
        [7] = marks_text(cli, text->looks, text->look_count, row->looks, true),
        [8] = marks_text(cli, text->groups, text->group_count, row->groups, true),
    };
    if (at != NULL) {
        values[9] = cli_number(cli, (uint64_t)at->number);
        values[10] = str_from(case_status_key(at->status));
        values[11] = cli_date(cli, at->opened);
        values[12] = cli_date(cli, at->confirmed);
        values[13] = cli_date(cli, at->last_contact);
        values[14] = at->outcome;
        shown[10] = case_state_words(cli_words(cli), at->procedure, at->state);
        if (at->outcome.len > 0) {
            shown[14] = case_outcome_words(cli_words(cli), at->procedure, at->outcome);
        }
    }
    return report_row(report, values, shown, err);
}

static bool write_list(struct ledger_call *call, struct err *err)
{
    struct report *report = NULL;
    bool good = report_open(&report, call->cli, "children", columns, COLUMNS, err);
    if (!good) return false;
    for (size_t i = 0; good && i < call->count; i++) {
        good = write_row(call, report, &call->rows[i], err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static struct str looks_text(const struct ledger_call *call, const struct ledger_count *unit,
                             bool on_screen)
{
    struct text text;
    text_init(&text, call->cli->arena, 4096);
    for (size_t i = 0; i < call->text.look_count; i++) {
        const struct ledger_mark *mark = &call->text.looks[i];
        struct str word =
            on_screen ? case_say(cli_words(call->cli), mark->zh, mark->en) : mark->key;
        if (text.len > 0) text_add_c(&text, on_screen ? " " : ";");
        text_add_f(&text, "%.*s=%llu", STR_ARG(word), (unsigned long long)unit->looks[i]);
    }
    return text_str(&text);
}

static bool write_unit(struct ledger_call *call, struct report *report,
                       const struct ledger_count *unit, enum ledger_by by, struct err *err)
{
    struct cli *cli = call->cli;
    struct str name = by == LEDGER_BY_SCHOOL
                          ? unit->unit
                          : division_name_of(cli->workspace.divisions, unit->unit);
    struct str values[UNIT_COLUMNS] = {
        unit->unit,
        name,
        cli_number(cli, unit->rows),
        cli_number(cli, unit->children),
        cli_number(cli, unit->standings[STANDING_ON_ROLL]),
        cli_number(cli, unit->standings[STANDING_FINISHED]),
        cli_number(cli, unit->standings[STANDING_LAWFUL]),
        cli_number(cli, unit->standings[STANDING_REPORTED_SCHOOLED]),
        cli_number(cli, unit->standings[STANDING_NOT_ENROLLED]),
        cli_number(cli, unit->suspected),
        cli_number(cli, unit->dropout),
        cli_number(cli, unit->returned),
        looks_text(call, unit, false),
    };
    struct str shown[UNIT_COLUMNS] = {[12] = looks_text(call, unit, true)};
    return report_row(report, values, shown, err);
}

static bool write_units(struct ledger_call *call, enum ledger_by by, struct err *err)
{
    struct report *report = NULL;
    struct ledger_count *units;
    size_t count;
    ledger_count(call->cli->arena, call->rows, call->count, &call->text, by, &units, &count);
    bool good = report_open(&report, call->cli, "units", unit_columns, UNIT_COLUMNS, err);
    if (!good) return false;
    for (size_t i = 0; good && i < count; i++) {
        good = write_unit(call, report, &units[i], by, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct read_at when;
    struct check_run found;
    struct bar bar;
    struct ledger_call call = {.cli = cli};
    int kind = ledger_kind_of(str_from(cli->words[0]));
    const char *by = cli_option(cli, "--by");
    if (kind < 0) {
        return err_set(err, ERR_USAGE, "\"%s\" is none of children, suspected and dropout",
                       "“%s”应为 children、suspected、dropout 之一", cli->words[0]);
    }
    if (!cli_open(cli, false, err) || !cli_when(cli, &when, err)
        || !ledger_text_load(&call.text, cli->arena, cli->workspace.policies,
                             &cli->workspace.procedures, &cli->workspace.profiles, err)) {
        return false;
    }
    bar_start(&bar, cli->lang, cli->quiet);
    bool good =
        job_check(&cli->workspace, cli->arena, &cli->asker, when, &bar.progress, &found, err);
    bar_end(&bar);
    struct case_check check = {.people = &found.people,
                               .rules = &cli->workspace.rules,
                               .kept = &found.kept,
                               .at = when.at};
    if (!good || !cli_casework(cli, when, &call.work, err)
        || !ledger_rows(&call.work, cli->arena, &cli->asker, &call.text, &check,
                        (enum ledger_kind)kind, cli_area(cli), &call.rows, &call.count, err)) {
        return false;
    }
    if (by == NULL) return write_list(&call, err);
    return write_units(&call, (enum ledger_by)ledger_by_of(str_from(by)), err);
}

const struct command command_cases_ledger = {
    .name = "cases ledger",
    .words = "children|suspected|dropout",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_LOOK,
    .zh = "三本台账：适龄儿童、疑似辍学、辍学，附四查结果；或按县区、乡镇、村、学校汇总",
    .en = "The three ledgers: children of age, suspected, dropped out, with what four registers "
          "show; "
          "or counted by unit",
    .more_zh = "先比对。looks 为四查中查到的：household 户籍，roll 学籍，present 在校，poverty "
               "脱贫户和监测对象；辍学台账中有 poverty 的即脱贫户辍学学生。按区划、学校、人员编号"
               "排序。查哪些名册写在 procedures/ledgers.yaml。",
    .more_en =
        "Checks first. `looks` are the registers that have the child: household, roll, present, "
        "poverty; with poverty in the ledger of dropouts it is one of a family lifted out of "
        "poverty. Sorted by area, school, person. Which registers are looked up stands in "
        "procedures/ledgers.yaml.",
    .options = {OPTION_OF_AT,
                OPTION_OF_KNOWN,
                {"--area", OPTION_AREA, "CODE", NULL, "只看一个区划", "only one area"},
                {"--by", OPTION_CHOICE, "UNIT", "county|township|village|school", "按单位汇总",
                 "counted by unit"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue cases ledger dropout --out 辍学台账.xlsx", "辍学学生台账",
                  "the ledger of dropouts"},
                 {"baoxue cases ledger children --by township --area 620422",
                  "会宁县适龄儿童按乡镇汇总", "children of one county by township"}},
    .run = run,
};
