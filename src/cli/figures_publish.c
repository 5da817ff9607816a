#include "cli/commands.h"
#include "cli/figures_open.h"
#include "cli/report.h"
#include "figures/difference.h"

static const struct report_column columns[] = {
    {"publication", "发布号", "publication", true},
    {"figure", "指标", "figure", false},
    {"value", "数值", "value", false},
    {"unit", "单位", "unit", false},
    {"rows", "明细行", "rows", true},
    {"at", "截至", "at", false},
    {"areas", "范围", "areas", false},
    {"members_hash", "明细校验值", "hash of the members", false},
    {"definition_hash", "口径校验值", "hash of the definition", false},
    {"made", "发布时间", "published", false},
    {"user", "发布人", "by", false},
    {"reason", "事由", "reason", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static struct str hash_text(const struct cli *cli, const unsigned char *hash)
{
    char *text = arena_alloc(cli->arena, 2 * PUBLICATION_HASH_BYTES + 1);
    hex_of(hash, PUBLICATION_HASH_BYTES, text);
    return str_from(text);
}

static bool write_publication(struct cli *cli, struct report *report, const struct publication *one,
                              struct err *err)
{
    struct str values[COLUMNS] = {
        cli_format(cli, "%lld", (long long)one->number),
        one->figure,
        one->value,
        one->unit,
        cli_format(cli, "%lld", (long long)one->counted.rows),
        cli_date(cli, one->at),
        one->areas,
        hash_text(cli, one->members_hash),
        hash_text(cli, one->definition_hash),
        cli_moment(cli, one->made_ms),
        one->user_name,
        one->reason,
    };
    return report_row(report, values, NULL, err);
}

static bool write_list(struct cli *cli, const struct publication *items, size_t count,
                       struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "publications", columns, COLUMNS, err)) return false;
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = write_publication(cli, report, &items[i], err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool run_publish(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct cli_figures open;
    struct publication made;
    const char *why = cli_option(cli, "--why");
    if (!cli_figures_open(cli, str_from(cli->words[0]), &open, err)
        || !publication_make(&open.desk, cli->arena, open.wanted[0],
                             why == NULL ? STR_EMPTY : str_from(why), &made, err)) {
        return false;
    }
    return write_list(cli, &made, 1, err);
}

static bool run_published(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct publication *items;
    size_t count;
    struct str key = cli->word_count > 0 ? str_from(cli->words[0]) : STR_EMPTY;
    return cli_open(cli, false, err)
           && publication_list(cli->workspace.store, cli->arena, &cli->asker, key, &items, &count,
                               err)
           && write_list(cli, items, count, err);
}

const struct command command_figures_publish = {
    .name = "figures publish",
    .words = "FIGURE",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_EXPORT,
    .zh = "发布一项指标：数值、口径和所计的每一条记录就此固定",
    .en = "Publishes a figure: freezes the value, the definition and every record counted",
    .more_zh = "记入审计。明细校验值（SM3）可随数字一起公布，日后任何人都能核对。",
    .more_en =
        "Audited. The hash of the members (SM3) can be printed beside the number, so that it "
        "can be checked later.",
    .options = {OPTION_OF_AT,
                OPTION_OF_KNOWN,
                OPTION_OF_FIGURE_AREA,
                {"--why", OPTION_TEXT, "REASON", NULL, "事由", "the reason"},
                OPTION_OF_OUT},
    .examples = {{"baoxue figures publish children_out_of_school --at 2020-11-25 --why 专访",
                  "固定并留档", "freezes it"}},
    .run = run_publish,
};

const struct command command_figures_published = {
    .name = "figures published",
    .words = "[FIGURE]",
    .words_max = 1,
    .capability = CAPABILITY_LOOK,
    .zh = "列出已发布的指标",
    .en = "Lists what was published",
    .more_zh = "按发布号，新的在前。",
    .more_en = "By number, newest first.",
    .options = {OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue figures published", "查看", "looks"}},
    .run = run_published,
};
