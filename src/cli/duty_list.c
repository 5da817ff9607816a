#include "cases/duty_units.h"

#include "cli/casework.h"
#include "cli/commands.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"position", "职务", "position", false}, {"level", "层级", "level", false},
    {"unit", "单位", "unit", false},         {"name", "名称", "name", false},
    {"holder", "责任人", "who", false},      {"cases", "未销号案卷", "open cases", true},
    {"overdue", "逾期", "overdue", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool write_unit(struct cli *cli, const struct casework *work, struct report *report,
                       const struct duty_unit *unit, struct err *err)
{
    const struct position *position = &work->chains->positions[unit->position];
    bool school = position->level == LEVEL_SCHOOL;
    struct str values[COLUMNS] = {
        position->key,
        str_from(position_level_key(position->level)),
        unit->unit,
        school ? STR_EMPTY : division_name_of(cli->workspace.divisions, unit->unit),
        unit->holder == NULL ? STR_EMPTY : unit->holder->name,
        cli_number(cli, unit->cases),
        cli_number(cli, unit->overdue),
    };
    struct str shown[COLUMNS] = {[0] = case_say(cli_words(cli), position->zh, position->en),
                                 [1] = str_from(position_level_text(position->level, cli->lang))};
    if (unit->holder == NULL) shown[4] = str_from(cli_say(cli, "（未指定）", "(nobody named)"));
    return report_row(report, values, shown, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct read_at when;
    struct casework work;
    struct duty_unit *units;
    size_t count;
    struct report *report = NULL;
    if (!cli_open(cli, false, err) || !cli_when(cli, &when, err)
        || !cli_casework(cli, when, &work, err)
        || !duty_units(&work, cli->arena, &cli->asker, cli_area(cli), when.at, &units, &count, err)
        || !report_open(&report, cli, "duties", columns, COLUMNS, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = write_unit(cli, &work, report, &units[i], err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

const struct command command_duty_list = {
    .name = "duty list",
    .words = "",
    .capability = CAPABILITY_LOOK,
    .zh = "责任人：各区划、学校谁担任哪一职务，哪里还没有指定",
    .en = "Who answers: who holds which position where, and where nobody is named",
    .more_zh = "责任人由“责任人”名册（duties：区划或学校、职务、责任人、电话）导入；案卷需要而没有"
               "指定的也列出，其责任落到上一级。按职务、单位排序。职务和责任链写在 "
               "procedures/chains.yaml。",
    .more_en =
        "Names come from the register of duties (area or school, position, name, telephone). "
        "What open cases need and nobody is named for is listed too; it lies with the next "
        "above. Sorted by position, then unit. Positions and chains stand in "
        "procedures/chains.yaml.",
    .options = {OPTION_OF_AT,
                {"--area", OPTION_AREA, "CODE", NULL, "只看一个区划", "only one area"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue import 责任人.xlsx", "导入责任人", "imports who answers"},
                 {"baoxue duty list --area 620422", "会宁县的责任人", "those of one county"}},
    .run = run,
};
