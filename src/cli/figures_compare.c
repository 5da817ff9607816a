#include "cli/commands.h"
#include "cli/report.h"
#include "figures/difference.h"

static const struct report_column columns[] = {
    {"change", "变化", "change", false}, {"part", "部分", "part", false},
    {"of", "名册", "register", false},   {"record", "记录", "record", true},
    {"person", "人员", "person", true},  {"was", "原值", "was", true},
    {"now", "现值", "now", true},        {"why", "原因", "why", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static struct str integer(const struct cli *cli, int64_t number)
{
    return cli_format(cli, "%lld", (long long)number);
}

static bool write_difference(struct cli *cli, struct report *report, const struct difference *one,
                             struct err *err)
{
    struct str values[COLUMNS] = {
        str_from(difference_kind_key(one->kind)),
        str_from(figure_part_key(one->part)),
        one->of,
        integer(cli, one->record),
        one->person == 0 ? STR_EMPTY : integer(cli, one->person),
        integer(cli, one->was),
        integer(cli, one->now),
        str_from(difference_why_key(one->why)),
    };
    struct str shown[COLUMNS] = {
        [0] = str_from(difference_kind_text(one->kind, cli->lang)),
        [7] = str_from(difference_why_text(one->why, cli->lang)),
    };
    return report_row(report, values, shown, err);
}

static bool write_list(struct cli *cli, const struct publication *first,
                       const struct publication *second, const struct difference *items,
                       size_t count, struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "differences", columns, COLUMNS, err)) return false;
    struct json *json = report_json(report);
    bool same = str_equal(first->definition, second->definition);
    if (json != NULL) {
        json_key_str(json, "figure", first->figure);
        json_key_str(json, "was", first->value);
        json_key_str(json, "now", second->value);
        json_key_bool(json, "same_definition", same);
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) good = write_difference(cli, report, &items[i], err);
    if (!good) {
        report_abandon(report);
        return false;
    }
    cli_note(cli, "%.*s：%.*s → %.*s", "%.*s: %.*s → %.*s", STR_ARG(first->figure),
             STR_ARG(first->value), STR_ARG(second->value));
    if (!same) cli_note(cli, "两次的口径不同", "the two definitions differ");
    return report_close(report, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct publication first, second;
    struct difference *items;
    size_t count;
    int64_t numbers[2];
    struct store *store;
    for (int i = 0; i < 2; i++) {
        if (str_to_i64(str_from(cli->words[i]), &numbers[i])) continue;
        return err_set(err, ERR_USAGE, "\"%s\" is not the number of a publication",
                       "“%s”不是发布号", cli->words[i]);
    }
    if (!cli_open(cli, false, err)) return false;
    store = cli->workspace.store;
    return publication_find(store, cli->arena, &cli->asker, numbers[0], &first, err)
           && publication_find(store, cli->arena, &cli->asker, numbers[1], &second, err)
           && publication_compare(&cli->workspace.registry, cli->arena, &first, &second, &items,
                                  &count, err)
           && write_list(cli, &first, &second, items, count, err);
}

const struct command command_figures_compare = {
    .name = "figures compare",
    .words = "FIRST SECOND",
    .words_min = 2,
    .words_max = 2,
    .capability = CAPABILITY_LOOK,
    .zh = "同一指标的两次发布为何不同，逐条列出",
    .en = "Why two publications of a figure differ, row by row",
    .more_zh =
        "FIRST、SECOND 是发布号（figures published）。原因 why：stated 后来报送，ended 后来终止，"
        "undone 所在文件已撤回，restated 同一人的另一条记录，counted "
        "记录未变而口径、期间或归并不同。"
        "按部分、名册、记录号排序。",
    .more_en =
        "FIRST and SECOND are numbers of publications. why: stated (since the first), ended, "
        "undone (its file was taken back), restated (another record of the same person), "
        "counted (the record is the same; definition, period or links differ). Sorted by "
        "part, register, then record.",
    .options = {OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue figures compare 3 8", "第 3 号到第 8 号", "from 3 to 8"}},
    .run = run,
};
