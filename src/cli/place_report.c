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

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct place_paths paths;
    struct place_input input;
    struct place_count *counts;
    struct report *report = NULL;
    const char *result, *said = cli_option(cli, "--by");
    size_t count;
    enum place_by by = said == NULL ? PLACE_BY_PLAN : (enum place_by)place_by_of(str_from(said));
    if (!place_paths_of(cli, &paths, err) || !place_needs(cli, "--result", &result, err)
        || !place_read(cli->arena, &paths, &input, err)
        || !place_account(cli->arena, &input, result, by, &counts, &count, err)
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

const struct command command_place_report = {
    .name = "place report",
    .words = "",
    .zh = "招生计划与录取结果对照",
    .en = "Sets plans against results",
    .more_zh =
        "按计划、县区、专业组或专业列出计划数、录取数、缺额和录取的最低、最高分；按计划的另列有"
        "资格的考生数，按县区的是考生所在县区。结果可以是 place run "
        "的，也可以是省里发来的。按规则里计划的次序，再按县区、专业组、专业排序。",
    .more_en =
        "By plan, county, group or programme: seats, placed, free seats, and the lowest and "
        "highest "
        "total that was placed; by plan how many are eligible, by county those who come from it. "
        "The result is that of place run, or one that a province sent. In the order of the rules' "
        "plans, then county, group and programme.",
    .options = {OPTIONS_OF_PLACE,
                {"--result", OPTION_FILE, "O.csv", NULL, "录取结果（必填）", "the result (needed)"},
                {"--by", OPTION_CHOICE, "UNIT", "plan|county|group|programme",
                 "按什么列（默认 plan 计划）", "by what (default: plan)"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue place report --rules r.yaml --programmes p.csv --applicants a.csv "
                  "--choices c.csv --result o.csv",
                  "按计划对照", "by plan"}},
    .run = run,
};
