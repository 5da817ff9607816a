#include "cli/commands.h"
#include "cli/figures_open.h"
#include "cli/report.h"
#include "figures/withhold.h"

static const struct report_column columns[] = {
    {"figure", "指标", "figure", false},
    {"name", "名称", "name", false},
    {"place", "地方", "place", false},
    {"value", "数值", "value", false},
    {"unit", "单位", "unit", false},
    {"rows", "明细行", "rows", true},
    {"period", "期间", "period", false},
    {"expected", "应有", "expected", true},
    {"verified", "已核实", "verified", true},
    {"open", "在办", "open", true},
    {"unreported", "未报", "not reported", true},
    {"sources", "来源", "sources", false},
    {"definition", "口径", "definition", false},
};

enum {
    COLUMN_NAME = 1,
    COLUMN_PLACE = 2,
    COLUMN_VALUE = 3,
    COLUMN_UNIT = 4,
    COLUMN_EXPECTED = 7,
    COLUMN_SOURCES = 11,
    COLUMNS = sizeof columns / sizeof *columns,
};

static struct str integer(const struct cli *cli, int64_t number)
{
    return cli_format(cli, "%lld", (long long)number);
}

/* Keys with blanks between. */
static struct str sources_of(const struct cli *cli, const struct figure *figure)
{
    struct text text;
    text_init(&text, cli->arena, 4096);
    for (size_t i = 0; i < figure->source_count; i++) {
        text_add_f(&text, "%s%.*s", i == 0 ? "" : " ", STR_ARG(figure->sources[i]));
    }
    return text_str(&text);
}

/* "35.78" 亿 beside the number in full, for people: thousands are parted. */
static struct str shown_value(const struct cli *cli, struct str value)
{
    struct text text;
    size_t whole = str_find(value, STR("."));
    struct str rest = whole == SIZE_MAX ? STR_EMPTY : str_slice(value, whole, value.len);
    int64_t number;
    if (!str_to_i64(str_slice(value, 0, whole == SIZE_MAX ? value.len : whole), &number)
        || number < 0) {
        return value;
    }
    text_init(&text, cli->arena, 100);
    text_add(&text, cli_thousands(cli, (uint64_t)number));
    text_add(&text, rest);
    return text_str(&text);
}

static bool write_value(struct cli *cli, struct report *report, const struct cli_figures *open,
                        const struct figure *figure, struct str place,
                        const struct figure_value *value, bool withheld,
                        const struct figure_everyone *everyone, struct err *err)
{
    bool en = cli->lang == LANG_EN;
    struct str number = withheld ? STR_EMPTY : figure_value_text(cli->arena, figure, value);
    day at = open->desk.when.at;
    struct str values[COLUMNS] = {
        figure->key,
        figure->zh,
        place,
        number,
        str_from(figure_unit_key(figure->unit)),
        withheld || !value->known ? STR_EMPTY : integer(cli, value->rows),
        figure_period_text(cli->arena, figure->period, at, LANG_ZH),
        [COLUMN_SOURCES] = sources_of(cli, figure),
        figure->definition_zh,
    };
    struct str shown[COLUMNS] = {
        [COLUMN_NAME] = en ? figure->en : figure->zh,
        [COLUMN_PLACE] = cli_place(cli, place),
        [COLUMN_VALUE] = withheld          ? STR("…")
                         : number.len == 0 ? STR("-")
                                           : shown_value(cli, number),
        [COLUMN_UNIT] = str_from(figure_unit_text(figure->unit, cli->lang)),
        [6] = figure_period_text(cli->arena, figure->period, at, cli->lang),
        [COLUMN_SOURCES + 1] = en ? figure->definition_en : figure->definition_zh,
    };
    if (everyone != NULL && !withheld && value->known) {
        const int64_t counts[] = {everyone->expected, everyone->verified, everyone->open,
                                  everyone->unreported};
        for (int i = 0; i < 4; i++) values[COLUMN_EXPECTED + i] = integer(cli, counts[i]);
    }
    return report_row(report, values, shown, err);
}

static bool write_whole(struct cli *cli, struct report *report, struct cli_figures *open,
                        const struct figure *figure, struct err *err)
{
    struct figure_value value;
    struct figure_everyone everyone;
    if (!figure_count(&open->desk, figure, &value, err)
        || (figure->everyone && !figure_count_everyone(&open->desk, figure, &everyone, err))) {
        return false;
    }
    bool withheld = cli_has(cli, "--public") && figure_is_small(&open->figures, figure, &value);
    return write_value(cli, report, open, figure, cli_area(cli), &value, withheld,
                       figure->everyone ? &everyone : NULL, err);
}

static bool write_parts(struct cli *cli, struct report *report, struct cli_figures *open,
                        const struct figure *figure, enum figure_by by, struct err *err)
{
    struct figure_part_value *parts;
    size_t count;
    struct err split = ERR_INIT;
    if (!figure_count_by(&open->desk, cli->arena, figure, by, &parts, &count, &split)) {
        /* Of all figures those that can be split are. */
        if (split.kind == ERR_USAGE && open->count > 1) return true;
        *err = split;
        return false;
    }
    bool *withheld = arena_array(cli->arena, bool, count);
    if (cli_has(cli, "--public")) {
        figure_withhold(&open->figures, figure, parts, count, withheld);
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = write_value(cli, report, open, figure, parts[i].place, &parts[i].value, withheld[i],
                           NULL, err);
    }
    return good;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct cli_figures open;
    struct report *report = NULL;
    const char *by = cli_option(cli, "--by");
    struct str key = cli->word_count > 0 ? str_from(cli->words[0]) : STR_EMPTY;
    if (!cli_figures_open(cli, key, &open, err)
        || !report_open(&report, cli, "figures", columns, COLUMNS, err)) {
        return false;
    }
    struct json *json = report_json(report);
    if (json != NULL) json_key_str(json, "at", cli_date(cli, open.desk.when.at));
    bool good = true;
    for (size_t i = 0; good && i < open.count; i++) {
        const struct figure *figure = open.wanted[i];
        good = by == NULL ? write_whole(cli, report, &open, figure, err)
                          : write_parts(cli, report, &open, figure,
                                        (enum figure_by)figure_by_of(str_from(by)), err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

const struct command command_figures = {
    .name = "figures",
    .words = "[FIGURE]",
    .words_max = 1,
    .capability = CAPABILITY_LOOK,
    .zh = "各项指标：数值、单位、期间、口径和来源",
    .en = "Figures: value, unit, period, definition and sources",
    .more_zh = "指标是文本（policies/*/figures/），数值与明细出自同一条查询，因此不会不一致。"
               "--by 按县区、乡镇或学校分列，--public 隐去过小的人数（见 order.yaml）。"
               "关于“所有人”的指标另给应有、已核实、在办、未报的人数。按组别和指标名排序。",
    .more_en =
        "Figures are text (policies/*/figures/); a number and its list come from the same "
        "query and so cannot differ. --by splits by county, township or school; --public "
        "withholds small numbers of people (order.yaml). Figures about everyone say how many "
        "are expected, verified, open and not reported. Sorted by group, then key.",
    .options = {OPTION_OF_AT,
                OPTION_OF_KNOWN,
                OPTION_OF_FIGURE_AREA,
                {"--by", OPTION_CHOICE, "UNIT", "county|township|school", "分列", "splits"},
                {"--public", OPTION_FLAG, NULL, NULL, "隐去过小的人数", "withholds small numbers"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue figures", "全部指标", "all figures"},
                 {"baoxue figures enrolled_primary --by county", "小学在校生，按县区",
                  "pupils of primary schools by county"},
                 {"baoxue figures --at 2020-09-15 --json", "9 月 15 日的情况",
                  "as of 15 September"}},
    .run = run,
};
