#include "access/audit.h"
#include "cli/commands.h"
#include "cli/figures_open.h"
#include "cli/report.h"
#include "figures/figure_rows.h"

#include <stdio.h>

/* Columns that every list has; behind them those of the query. */
static const struct report_column columns[] = {
    {"of", "名册", "register", false},
    {"record", "记录", "record", true},
    {"person", "人员", "person", true},
    {"name", "姓名（名称）", "name", false},
    {"id_number", "证件号码", "ID number", false},
    {"area", "区划", "area", false},
    {"school", "学校", "school", false},
    {"value", "数值", "value", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

struct showing {
    struct cli *cli;
    struct report *report;
    struct figure_columns more;
};

static struct str integer(const struct cli *cli, int64_t number)
{
    return cli_format(cli, "%lld", (long long)number);
}

static bool write_row(void *context, const struct figure_row *row, struct err *err)
{
    struct showing *showing = context;
    const struct cli *cli = showing->cli;
    struct str values[REPORT_COLUMNS_MAX] = {
        row->of,
        integer(cli, row->record),
        row->person == 0 ? STR_EMPTY : integer(cli, row->person),
        row->name,
        row->id_number,
        row->area,
        row->school,
        row->has_value ? integer(cli, row->value) : STR_EMPTY,
    };
    struct str shown[REPORT_COLUMNS_MAX] = {[5] = cli_place(cli, row->area)};
    for (size_t i = 0; i < showing->more.count; i++) values[COLUMNS + i] = row->more[i];
    return report_row(showing->report, values, shown, err);
}

static size_t all_columns(const struct showing *showing, struct report_column *out)
{
    struct arena *arena = showing->cli->arena;
    for (size_t i = 0; i < COLUMNS; i++) out[i] = columns[i];
    for (size_t i = 0; i < showing->more.count; i++) {
        const char *key = str_cstr(arena, showing->more.names[i]);
        out[COLUMNS + i] = (struct report_column){key, key, key, false};
    }
    return COLUMNS + showing->more.count;
}

/* What leaves the system is on record, by number of rows it is not: the figure and the day are. */
static bool record_list(struct cli *cli, const struct figure *figure, struct read_at when,
                        struct err *err)
{
    if (cli_option(cli, "--out") == NULL) return true;
    struct str object =
        cli_format(cli, "figure %.*s %.*s", STR_ARG(figure->key), STR_ARG(cli_date(cli, when.at)));
    return audit_append(cli->workspace.store, &cli->clock, &cli->asker, AUDIT_EXPORT, object,
                        STR_EMPTY, err);
}

static bool list_rows(struct cli *cli, struct cli_figures *open, enum figure_part part,
                      struct err *err)
{
    const struct figure *figure = open->wanted[0];
    struct showing showing = {.cli = cli};
    struct report_column *all = arena_array(cli->arena, struct report_column, REPORT_COLUMNS_MAX);
    const struct figure_listener listener = {write_row, &showing};
    int64_t skip = cli_count(cli, "--skip", 0), most = cli_count(cli, "--most", -1);
    if (!figure_columns_read(&open->desk, figure, part, &showing.more, err)) return false;
    size_t count = all_columns(&showing, all);
    if (!record_list(cli, figure, open->desk.when, err)
        || !report_open(&showing.report, cli, "rows", all, count, err)) {
        return false;
    }
    struct json *json = report_json(showing.report);
    if (json != NULL) json_key_str(json, "figure", figure->key);
    bool good =
        most < 0 && skip == 0
            ? figure_rows_all(&open->desk, figure, part, &listener, err)
            : figure_rows_page(&open->desk, figure, part, (uint64_t)skip,
                               (uint64_t)(most < 0 ? FIGURE_ROWS_PAGE_MAX : most), &listener, err);
    if (good) return report_close(showing.report, err);
    report_abandon(showing.report);
    return false;
}

static void say(const struct cli *cli, const char *zh, const char *en, struct str value)
{
    if (value.len > 0) printf("%s%.*s\n", cli_say(cli, zh, en), STR_ARG(value));
}

static bool show(struct cli *cli, struct cli_figures *open, struct err *err)
{
    const struct figure *figure = open->wanted[0];
    bool en = cli->lang == LANG_EN;
    struct figure_value value;
    struct figure_everyone all;
    if (!figure_count(&open->desk, figure, &value, err)
        || (figure->everyone && !figure_count_everyone(&open->desk, figure, &all, err))) {
        return false;
    }
    struct str number = figure_value_text(cli->arena, figure, &value);
    printf("%.*s (%.*s)\n", STR_ARG(en ? figure->en : figure->zh), STR_ARG(figure->key));
    say(cli, "数值：", "value: ",
        cli_format(cli, "%.*s %s", STR_ARG(number), figure_unit_text(figure->unit, cli->lang)));
    if (figure->measure == FIGURE_SHARE) {
        say(cli, "分子、分母：", "above and below the line: ",
            cli_format(cli, "%lld / %lld", (long long)value.amount, (long long)value.over));
    }
    if (figure->everyone) {
        say(cli, "应有、已核实、在办、未报：", "expected, verified, open, not reported: ",
            cli_format(cli, "%lld, %lld, %lld, %lld", (long long)all.expected,
                       (long long)all.verified, (long long)all.open, (long long)all.unreported));
    }
    say(cli, "明细行：", "rows: ", integer(cli, value.rows));
    say(cli, "期间：",
        "period: ", figure_period_text(cli->arena, figure->period, open->desk.when.at, cli->lang));
    say(cli, "口径：", "definition: ", en ? figure->definition_en : figure->definition_zh);
    say(cli, "依据：", "by: ", figure->cites);
    say(cli, "文本：", "text: ", figure->file);
    for (int part = 0; part < FIGURE_QUERIES; part++) {
        const struct figure_query *query = &figure->queries[part];
        if (query->sql.len == 0) continue;
        printf("\n%s (%.*s):\n%.*s\n", figure_part_key((enum figure_part)part), STR_ARG(query->of),
               STR_ARG(str_trim(query->sql)));
    }
    return true;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct cli_figures open;
    const char *word = cli_option(cli, "--part");
    int part = word == NULL ? FIGURE_ROWS : figure_part_of(str_from(word));
    if (cli_count(cli, "--most", 0) > FIGURE_ROWS_PAGE_MAX) {
        return err_set(err, ERR_USAGE, "--most is at most %d", "--most 最多 %d",
                       (int)FIGURE_ROWS_PAGE_MAX);
    }
    if (!cli_figures_open(cli, str_from(cli->words[0]), &open, err)) return false;
    if (open.wanted[0]->queries[part].sql.len == 0) {
        return err_set(err, ERR_USAGE, "the figure \"%s\" has no part \"%s\"",
                       "指标“%s”没有“%s”这一部分", cli->words[0], word);
    }
    bool rows = cli_has(cli, "--rows") || cli_option(cli, "--out") != NULL || cli->json;
    return rows ? list_rows(cli, &open, (enum figure_part)part, err) : show(cli, &open, err);
}

const struct command command_figures_show = {
    .name = "figures show",
    .words = "FIGURE",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_LOOK,
    .zh = "一项指标的口径；--rows 列出所计的每一条记录",
    .en = "One figure and how it is defined; --rows lists exactly the records counted",
    .more_zh = "明细与数值出自同一条查询。证件号码脱敏；写入文件记入审计。按记录号排序。"
               "--part 列出比率的分母（over），或“所有人”指标的应有、已核实、在办（expected、"
               "verified、open）。",
    .more_en =
        "Rows and number come from the same query. ID numbers are masked; writing a file is "
        "audited. Sorted by record. --part lists what is below the line of a share (over), or "
        "who is expected, verified, open for a figure about everyone.",
    .options = {OPTION_OF_AT,
                OPTION_OF_KNOWN,
                OPTION_OF_FIGURE_AREA,
                {"--rows", OPTION_FLAG, NULL, NULL, "列出明细", "lists the rows"},
                {"--part", OPTION_CHOICE, "PART", "rows|over|expected|verified|open",
                 "列哪一部分（默认 rows）", "which part (default rows)"},
                {"--skip", OPTION_COUNT, "N", NULL, "跳过前 N 行", "passes over the first N"},
                {"--most", OPTION_COUNT, "N", NULL, "最多 N 行", "at most N rows"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue figures show enrolled_primary", "口径和查询", "definition and query"},
                 {"baoxue figures show enrolled_primary --rows --out 明细.xlsx", "明细写成表格",
                  "the rows as a workbook"}},
    .run = run,
};
