#include "cli/commands.h"
#include "cli/figures_open.h"
#include "cli/report.h"
#include "figures/article_json.h"
#include "figures/figure_known.h"
#include "figures/match_file.h"

#include "base/file.h"

#include <unistd.h>

static const struct report_column columns[] = {
    {"verdict", "结论", "verdict", false},   {"text", "文中说法", "claim", false},
    {"value", "文中数字", "stated", false},  {"unit", "单位", "unit", false},
    {"figure", "对应指标", "figure", false}, {"ours", "台账数字", "ours", false},
    {"off", "相差", "off by", false},        {"note", "说明", "note", false},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

enum { FIGURES_BYTES_MAX = 16 << 20 };

/* What was read and what came out. */
struct checked {
    struct article article;
    struct claims claims;
    struct match *matches;
    struct figure_known *figures;
    size_t figure_count;
};

static struct str figure_name(const struct cli *cli, const struct figure_known *figure)
{
    struct str name = cli->lang == LANG_ZH || figure->en.len == 0 ? figure->zh : figure->en;
    return name.len > 0 ? name : figure->key;
}

/* The corrected sentence; how far the proofs reach; between which figures nobody can tell. */
static struct str note_of(const struct cli *cli, const struct checked *checked, size_t number)
{
    const struct match *match = &checked->matches[number];
    if (match->corrected.len > 0) {
        return cli_format(cli, cli_say(cli, "改为：%.*s", "should read: %.*s"),
                          STR_ARG(match->corrected));
    }
    if (match->verdict == VERDICT_INCOMPLETE) {
        const struct figure_known *figure = &checked->figures[match->figure];
        return cli_format(cli,
                          cli_say(cli, "应核实 %lld，已核实 %lld，办理中 %lld，未上报 %lld",
                                  "expected %lld, verified %lld, open %lld, not reported %lld"),
                          (long long)figure->expected, (long long)figure->verified,
                          (long long)figure->open, (long long)figure->unreported);
    }
    if (match->second != MATCH_NONE) {
        struct str second = figure_name(cli, &checked->figures[match->second]);
        return cli_format(cli, cli_say(cli, "不能确定是不是“%.*s”", "not certain to be \"%.*s\""),
                          STR_ARG(second));
    }
    return checked->claims.items[number].goal
               ? str_from(cli_say(cli, "目标，不作核对", "a goal: not checked"))
               : STR_EMPTY;
}

static struct str stated_text(const struct cli *cli, const struct claim *claim)
{
    struct str low = claim_decimal(cli->arena, claim->value_e4);
    if (claim->exactness != CLAIM_RANGE) return low;
    struct str high = claim_decimal(cli->arena, claim->high_e4);
    return cli_format(cli, "%.*s-%.*s", STR_ARG(low), STR_ARG(high));
}

static bool write_claim(const struct cli *cli, struct report *report, const struct checked *checked,
                        size_t number, struct err *err)
{
    const struct claim *claim = &checked->claims.items[number];
    const struct match *match = &checked->matches[number];
    const struct figure_known *figure =
        match->figure == MATCH_NONE ? NULL : &checked->figures[match->figure];
    bool off = match->verdict == VERDICT_DIFFERS;
    struct str values[COLUMNS] = {
        str_from(verdict_key(match->verdict)),
        claim->text,
        stated_text(cli, claim),
        str_from(claim_unit_key(claim->unit)),
        figure == NULL ? STR_EMPTY : figure->key,
        figure != NULL && figure->has_value ? claim_decimal(cli->arena, figure->value_e4)
                                            : STR_EMPTY,
        off ? claim_decimal(cli->arena, match->off_e4) : STR_EMPTY,
        note_of(cli, checked, number),
    };
    struct str shown[COLUMNS] = {
        [0] = str_from(verdict_text(match->verdict, cli->lang)),
        [3] = str_from(claim_unit_text(claim->unit, cli->lang)),
        [4] = figure == NULL ? STR_EMPTY : figure_name(cli, figure),
    };
    return report_row(report, values, shown, err);
}

static bool write_claims(struct cli *cli, const struct checked *checked, struct err *err)
{
    struct report *report = NULL;
    bool good = true;
    if (!report_open(&report, cli, "claims", columns, COLUMNS, err)) return false;
    for (size_t i = 0; good && i < checked->claims.count; i++)
        good = write_claim(cli, report, checked, i, err);
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static void say_repairs(const struct cli *cli, const struct repairs *repairs)
{
    for (int kind = 0; kind < REPAIR_KIND_COUNT; kind++) {
        if (repairs->counts[kind] == 0) continue;
        const struct repair *first = NULL;
        for (size_t i = 0; i < repairs->shown_count && first == NULL; i++)
            if ((int)repairs->shown[i].kind == kind) first = &repairs->shown[i];
        const char *name = repair_kind_text((enum repair_kind)kind, cli->lang);
        if (first == NULL) {
            cli_note(cli, "  %s：%llu 处", "  %s: %llu", name,
                     (unsigned long long)repairs->counts[kind]);
        } else {
            cli_note(cli, "  %s：%llu 处，首处在第 %zu 行：%.*s",
                     "  %s: %llu, first in line %zu: %.*s", name,
                     (unsigned long long)repairs->counts[kind], first->line,
                     STR_ARG(first->before));
        }
    }
}

static void say_sums(const struct cli *cli, const struct claims *claims)
{
    for (size_t i = 0; i < claims->sum_count; i++) {
        const struct claim_sum *sum = &claims->sums[i];
        struct str total = claim_decimal(cli->arena, sum->stated_e4);
        struct str added = claim_decimal(cli->arena, sum->added_e4);
        if (sum->holds) {
            cli_note(cli, "分项合计：总数 %.*s，%zu 项相加 %.*s，相符",
                     "sum: total %.*s, %zu parts together %.*s: holds", STR_ARG(total),
                     sum->part_count, STR_ARG(added));
        } else {
            cli_note(cli, "分项合计：总数 %.*s，%zu 项相加 %.*s，不相符",
                     "sum: total %.*s, %zu parts together %.*s: does not hold", STR_ARG(total),
                     sum->part_count, STR_ARG(added));
        }
    }
}

static void say_head(const struct cli *cli, const struct article *article)
{
    cli_note(cli, "%.*s", "%.*s", STR_ARG(article->title));
    if (!day_is_none(article->published)) {
        cli_note(cli, "发布日期 %s", "published %s", cli_date(cli, article->published).ptr);
    }
    say_repairs(cli, &article->repairs);
}

static void say_result(const struct cli *cli, const struct checked *checked)
{
    size_t counts[VERDICT_COUNT] = {0};
    for (size_t i = 0; i < checked->claims.count; i++) counts[checked->matches[i].verdict]++;
    say_sums(cli, &checked->claims);
    cli_note(cli, "数字 %zu 个：一致 %zu，不一致 %zu，尚未核实完 %zu，未统计 %zu",
             "%zu numbers: %zu agree, %zu differ, %zu incomplete, %zu not tracked",
             checked->claims.count, counts[VERDICT_AGREES], counts[VERDICT_DIFFERS],
             counts[VERDICT_INCOMPLETE], counts[VERDICT_NOT_TRACKED]);
}

/* Those of the workspace, on the day of the article; none where there is no workspace, so that its
 * claims and sums can be looked at all the same. */
static bool count_figures(struct cli *cli, struct checked *checked, struct err *err)
{
    struct cli_figures open;
    if (!store_is_there(cli->db) && cli->user == NULL) return true;
    return cli_figures_open_at(cli, STR_EMPTY, checked->article.published, &open, err)
           && figures_known(&open.desk, cli->arena, open.wanted, open.count, &checked->figures,
                            &checked->figure_count, err);
}

static bool read_figures(struct cli *cli, struct checked *checked, struct err *err)
{
    const char *path = cli_option(cli, "--figures");
    struct str text;
    if (path == NULL) return count_figures(cli, checked, err);
    if (!file_read(cli->arena, path, FIGURES_BYTES_MAX, &text, err)) return false;
    if (!utf8_valid(text)) {
        err_set(err, ERR_INPUT, "the figures are not UTF-8", "指标文件不是 UTF-8 编码");
        return err_at(err, "%s", "%s", path);
    }
    if (match_file_read(cli->arena, text, &checked->figures, &checked->figure_count, err))
        return true;
    return err_at(err, "%s", "%s", path);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    struct checked checked = {0};
    struct str bytes;
    if (!file_read(cli->arena, cli->words[0], ARTICLE_BYTES_MAX, &bytes, err)) return false;
    if (!article_read(cli->arena, bytes, &checked.article, err)
        || !claims_read(cli->arena, &checked.article, &checked.claims, err)) {
        return err_at(err, "%s", "%s", cli->words[0]);
    }
    if (!read_figures(cli, &checked, err)) return false;
    if (!match_claims(cli->arena, &checked.claims, checked.figures, checked.figure_count,
                      &checked.matches, err)) {
        return false;
    }
    *exit_code = article_is_wrong(&checked.claims, checked.matches) ? 1 : 0;
    if (cli->json) {
        struct text text;
        struct json json;
        report_json_begin(cli, &text, &json);
        article_json(&json, cli->arena, &checked.claims, checked.matches, checked.figures);
        return report_json_end(&text, &json, err);
    }
    say_head(cli, &checked.article);
    if (!write_claims(cli, &checked, err)) return false;
    say_result(cli, &checked);
    return true;
}

const struct command command_figures_check = {
    .name = "figures check",
    .words = "ARTICLE",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_LOOK,
    .zh = "核对文章中的数字",
    .en = "Holds an article's numbers against the figures",
    .more_zh = "读入要发布或已发布的文章（文本或网页，复制时带入的广告、导航、括注拼音、乱码、断行"
               "都会还原并"
               "列明），找出其中的数字和“无一名”“全覆盖”一类说法，逐条与指标核对：一致、不一致（差"
               "多少，句子"
               "应怎样改）、尚未核实完（说的是全体，而记录没有覆盖全体）、未统计；并核对文中的分项"
               "合计。按文中"
               "顺序排列。核对只给本人看，不留存。有不一致或合计不符时退出码为 1。",
    .more_en =
        "Reads an article before or after it is published (text or a page; advertising, menus, "
        "pinyin "
        "in brackets, wrong encodings and broken lines that came with copying are repaired and "
        "named), "
        "finds its numbers and what it says of everyone (\"no child\", \"all covered\"), and holds "
        "each "
        "against the figures: agrees, differs (by how much, and how the sentence should read), "
        "incomplete (it is said of everyone, and the records do not cover everyone), not tracked. "
        "Stated sums are added up. In the order of the text. Nothing is kept. Exits 1 when a "
        "number "
        "differs or a sum does not hold.",
    .options =
        {OPTION_OF_AT,
         OPTION_OF_KNOWN,
         OPTION_OF_FIGURE_AREA,
         {"--figures", OPTION_FILE, "FILE", NULL,
          "用文件里的指标核对（CSV：key,zh,unit,value,words,expected,verified,…），不用工作区",
          "figures from a file (CSV: key,zh,unit,value,words,expected,verified,…), no workspace"},
         OPTION_OF_OUT,
         OPTION_OF_ALL},
    .examples = {{"baoxue figures check 稿件.txt", "核对一篇稿件", "checks an article"},
                 {"baoxue figures check 稿件.html --figures 指标.csv --json", "按文件里的指标核对",
                  "against figures in a file"}},
    .run = run,
};
