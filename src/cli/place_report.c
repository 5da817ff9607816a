#include "cli/commands.h"
#include "cli/place.h"
#include "cli/report.h"
#include "placing/account.h"

static const struct report_column columns[] = {
    {"plan", "计划", "plan", false},      {"county", "县区", "county", false},
    {"group", "专业组", "group", false},  {"programme", "专业", "programme", false},
    {"seats", "计划数", "seats", true},   {"placed", "录取数", "placed", true},
    {"free", "缺额", "free", true},       {"applicants", "有资格考生", "eligible", true},
    {"lowest", "最低分", "lowest", true}, {"highest", "最高分", "highest", true},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const struct report_column use_columns[] = {
    {"source", "所在初中", "junior school", false},
    {"batch", "批次", "batch", false},
    {"group", "高中（专业组）", "group", false},
    {"given", "分配名额", "given", true},
    {"used", "使用", "used", true},
    {"flowed_back", "回流", "flowed back", true},
    {"left_empty", "空缺", "left empty", true},
    {"applicants", "考生", "applicants", true},
    {"placed", "录取合计", "placed in all", true},
    {"lowest", "名额录取最低分", "lowest", true},
    {"highest", "名额录取最高分", "highest", true},
};
enum { USE_COLUMNS = sizeof use_columns / sizeof *use_columns };

static struct str integer(const struct cli *cli, int64_t number)
{
    return cli_format(cli, "%lld", (long long)number);
}

/* By county seats that are open to all counties cannot be set against one of them. */
static bool write_line(struct cli *cli, struct report *report, enum place_by by,
                       const struct place_count *line, struct err *err)
{
    bool open = by == PLACE_BY_COUNTY && line->seats == 0;
    struct str values[COLUMNS] = {
        line->plan,
        line->county,
        line->group,
        line->programme,
        open ? STR_EMPTY : integer(cli, line->seats),
        integer(cli, line->placed),
        open || by == PLACE_BY_COUNTY ? STR_EMPTY : integer(cli, line->seats - line->placed),
        by == PLACE_BY_PLAN ? integer(cli, line->applicants) : STR_EMPTY,
        line->placed == 0 ? STR_EMPTY : integer(cli, line->lowest),
        line->placed == 0 ? STR_EMPTY : integer(cli, line->highest),
    };
    struct str shown[COLUMNS] = {STR_EMPTY};
    return report_row(report, values, shown, err);
}

/* "6,420 places: 216 of university, 4,450 of nation …", as a bureau publishes it. */
static void say(const struct cli *cli, const struct place_count *counts, size_t count)
{
    int64_t seats = 0, placed = 0;
    struct text text;
    text_init(&text, cli->arena, 4096);
    for (size_t i = 0; i < count; i++) {
        const struct place_count *line = &counts[i];
        seats += line->seats;
        placed += line->placed;
        bool last = i + 1 == count || !str_equal(counts[i + 1].plan, line->plan);
        if (!last) continue;
        int64_t of = 0;
        for (size_t k = 0; k <= i; k++) {
            if (str_equal(counts[k].plan, line->plan)) of += counts[k].placed;
        }
        text_add_f(&text, "%s%.*s %lld", text.len == 0 ? "" : cli_say(cli, "，", ", "),
                   STR_ARG(line->plan), (long long)of);
    }
    cli_note(cli, "计划 %s 名，录取 %s 名：%.*s", "%s seats, %s placed: %.*s",
             cli_thousands(cli, (uint64_t)seats).ptr, cli_thousands(cli, (uint64_t)placed).ptr,
             (int)text.len, text.ptr);
}

static bool write_use(struct cli *cli, struct report *report, bool by_source,
                      const struct place_use *use, struct err *err)
{
    struct str values[USE_COLUMNS] = {
        use->source,
        use->batch,
        use->group,
        integer(cli, use->given),
        integer(cli, use->used),
        integer(cli, use->flowed_back),
        integer(cli, use->left_empty),
        by_source ? integer(cli, use->applicants) : STR_EMPTY,
        by_source ? integer(cli, use->placed) : STR_EMPTY,
        use->used == 0 ? STR_EMPTY : integer(cli, use->lowest),
        use->used == 0 ? STR_EMPTY : integer(cli, use->highest),
    };
    struct str shown[USE_COLUMNS] = {STR_EMPTY};
    if (by_source && use->source.len == 0) shown[0] = str_from(cli_say(cli, "（无）", "(none)"));
    return report_row(report, values, shown, err);
}

/* What junior schools were given, and what they used. */
static bool report_uses(struct cli *cli, const struct place_input *input, const char *result,
                        bool by_source, struct err *err)
{
    struct place_use *uses;
    struct report *report = NULL;
    size_t count;
    int64_t given = 0, used = 0, back = 0;
    if (!place_account_use(cli->arena, input, result, by_source, &uses, &count, err)
        || !report_open(&report, cli, "allotments", use_columns, USE_COLUMNS, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        given += uses[i].given;
        used += uses[i].used;
        back += uses[i].flowed_back;
        if (write_use(cli, report, by_source, &uses[i], err)) continue;
        report_abandon(report);
        return false;
    }
    if (!report_close(report, err)) return false;
    cli_note(cli, "分给初中的名额 %s 个，使用 %s 个，回流 %s 个",
             "%s seats were given to junior schools, %s used, %s flowed back",
             cli_thousands(cli, (uint64_t)given).ptr, cli_thousands(cli, (uint64_t)used).ptr,
             cli_thousands(cli, (uint64_t)back).ptr);
    return true;
}

static bool report_counts(struct cli *cli, const struct place_input *input, const char *result,
                          enum place_by by, struct err *err)
{
    struct place_count *counts;
    struct report *report = NULL;
    size_t count;
    if (!place_account(cli->arena, input, result, by, &counts, &count, err)
        || !report_open(&report, cli, "plans", columns, COLUMNS, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (write_line(cli, report, by, &counts[i], err)) continue;
        report_abandon(report);
        return false;
    }
    if (!report_close(report, err)) return false;
    say(cli, counts, count);
    return true;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct place_paths paths;
    struct place_input input;
    const char *result, *said = cli_option(cli, "--by");
    struct str by = said == NULL ? STR("plan") : str_from(said);
    if (!place_paths_of(cli, &paths, err) || !place_needs(cli, "--result", &result, err)
        || !place_read(cli->arena, &paths, &input, err)) {
        return false;
    }
    if (str_is(by, "source") || str_is(by, "allotment")) {
        return report_uses(cli, &input, result, str_is(by, "source"), err);
    }
    return report_counts(cli, &input, result, (enum place_by)place_by_of(by), err);
}

const struct command command_place_report = {
    .name = "place report",
    .words = "",
    .zh = "招生计划与录取结果对照",
    .en = "Sets plans against results",
    .more_zh =
        "按计划、县区、专业组或专业列出计划数、录取数、缺额和录取的最低、最高分；按计划的另列有"
        "资格的考生数，按县区的是考生所在县区。结果可以是 place run "
        "的，也可以是省里发来的。按规则里计划的次序，再按县区、专业组、专业排序。名额分配到初中的，"
        "--by source 按初中、--by allotment 按批次、高中和初中列出分配、使用、回流的名额。",
    .more_en =
        "By plan, county, group or programme: seats, placed, free seats, and the lowest and "
        "highest "
        "total that was placed; by plan how many are eligible, by county those who come from it. "
        "The result is that of place run, or one that a province sent. In the order of the rules' "
        "plans, then county, group and programme. Where seats are given to junior schools: --by "
        "source (junior school) or --by allotment (batch, group and junior school) lists seats "
        "given, used and flowed back.",
    .options = {OPTIONS_OF_PLACE,
                {"--result", OPTION_FILE, "O.csv", NULL, "录取结果（必填）", "the result (needed)"},
                {"--by", OPTION_CHOICE, "UNIT", "plan|county|group|programme|source|allotment",
                 "按什么列（默认 plan 计划）", "by what (default: plan)"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue place report --rules r.yaml --programmes p.csv --applicants a.csv "
                  "--choices c.csv --result o.csv",
                  "按计划对照", "by plan"},
                 {"baoxue place report --rules r.yaml --programmes p.csv --applicants a.csv "
                  "--choices c.csv --allotments q.csv --result o.csv --by source",
                  "按初中看名额的分配、使用和回流",
                  "seats given to each junior school, used and flowed back"}},
    .run = run,
};
