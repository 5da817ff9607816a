#include "base/asset.h"
#include "cli/commands.h"
#include "cli/place.h"
#include "cli/report.h"

#include <stdio.h>
#include <string.h>

/* Texts of rules that come with the program: policies/PACK/placing/NAME.yaml is called PACK/NAME.
 */

static const struct report_column columns[] = {
    {"name", "名称", "name", false},
    {"about", "说明", "about", false},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* "gansu/senior" of "policies/gansu/placing/senior.yaml"; empty for another asset. */
static struct str name_of(struct arena *arena, const struct asset *asset)
{
    struct str rest = str_from(asset->name), top, pack, folder;
    struct text name;
    if (!str_split(&rest, '/', &top) || !str_split(&rest, '/', &pack)
        || !str_split(&rest, '/', &folder) || !str_is(folder, "placing")
        || !str_ends(rest, STR(".yaml"))) {
        return STR_EMPTY;
    }
    text_init(&name, arena, pack.len + rest.len + 2);
    text_add_f(&name, "%.*s/%.*s", STR_ARG(pack), (int)(rest.len - strlen(".yaml")), rest.ptr);
    return text_str(&name);
}

/* Its first line, without the sign of a comment. */
static struct str about(const struct asset *asset)
{
    struct str rest = {(const char *)asset->bytes, asset->size}, line;
    if (!str_split(&rest, '\n', &line) || line.len == 0 || line.ptr[0] != '#') return STR_EMPTY;
    return str_trim(str_slice(line, 1, line.len));
}

static bool list(struct cli *cli, struct err *err)
{
    struct report *report = NULL;
    const struct asset *first;
    size_t count;
    bool good = report_open(&report, cli, "rules", columns, COLUMNS, err);
    asset_range("policies/", &first, &count);
    for (size_t i = 0; good && i < count; i++) {
        struct str values[COLUMNS] = {name_of(cli->arena, &first[i]), about(&first[i])};
        if (values[0].len > 0) good = report_row(report, values, NULL, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    const struct asset *first;
    size_t count;
    (void)exit_code;
    if (cli->word_count == 0) return list(cli, err);
    asset_range("policies/", &first, &count);
    for (size_t i = 0; i < count; i++) {
        if (!str_is(name_of(cli->arena, &first[i]), cli->words[0])) continue;
        return fwrite(first[i].bytes, 1, first[i].size, stdout) == first[i].size
               || err_set(err, ERR_IO, "cannot write to standard output", "不能写到标准输出");
    }
    return err_set(err, ERR_NOT_FOUND, "no rules of placing come with the program as \"%s\"",
                   "程序没有带名为“%s”的投档规则", cli->words[0]);
}

const struct command command_place_rules = {
    .name = "place rules",
    .words = "[NAME]",
    .words_max = 1,
    .zh = "列出或写出随程序带的投档规则",
    .en = "Lists the rules of placing that come with the program, or writes one",
    .more_zh = "规则文件是文本，改成当年通知的数再用：没有查到公开出处的数都标着“待核实”。"
               "写到标准输出；按名称排序。",
    .more_en =
        "Rules are text, to be filled with the numbers of the year's notice: those for which "
        "no public source was found are marked 待核实 (to be confirmed). Writes to standard "
        "output. Sorted by name.",
    .options = {OPTION_OF_ALL},
    .examples = {{"baoxue place rules", "有哪些规则", "which there are"},
                 {"baoxue place rules gansu/senior > rules.yaml",
                  "高中招生、指标到校的规则，改好再用",
                  "rules for senior schools that give seats to junior schools"}},
    .run = run,
};
