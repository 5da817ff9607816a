#include "cli/commands.h"
#include "cli/place.h"
#include "cli/report.h"
#include "placing/apportion.h"
#include "placing/read.h"

/* The table of allotments, by the number of each junior school's applicants. */

static const struct report_column columns[] = {
    {"batch", "批次", "batch", false},
    {"group", "高中（专业组）", "group", false},
    {"source", "初中", "junior school", false},
    {"seats", "名额", "seats", true},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

/* The batch that allots seats: the one that is named, or the only one. */
static bool batch_of(const struct cli *cli, const struct place_rules *rules, uint32_t *out,
                     struct err *err)
{
    const char *said = cli_option(cli, "--batch");
    *out = PLACE_NONE;
    for (uint32_t b = 0; b < rules->batch_count; b++) {
        if (rules->batches[b].allot.batch != b) continue;
        if (said != NULL && !str_is(rules->batches[b].key, said)) continue;
        if (*out != PLACE_NONE) {
            err_set(err, ERR_USAGE, "several batches allot seats: say which one",
                    "有几个按初中分配名额的批次：请指明一个");
            return err_hint(err, "--batch KEY", "--batch KEY");
        }
        *out = b;
    }
    return *out != PLACE_NONE
           || err_set(err, ERR_INPUT, "the rules have no such batch that allots seats",
                      "规则里没有这样的按初中分配名额的批次");
}

/* The share that is asked for, or the least one of the rules, which it may not be below. */
static bool share_of(const struct cli *cli, const struct place_batch *batch,
                     struct place_apportioning *asked, struct err *err)
{
    int64_t percent = cli_count(cli, "--percent", 0);
    const struct place_allot *allot = &batch->allot;
    asked->share_numerator = allot->least_numerator;
    asked->share_denominator = allot->least_denominator;
    if (percent == 0 && allot->least_numerator == 0) {
        err_set(err, ERR_USAGE,
                "the rules state no least share: say how much of each group's seats",
                "规则没有写最低比例：请写明每所学校拿出多少");
        return err_hint(err, "--percent N", "--percent N");
    }
    if (percent == 0) return true;
    if (percent > 100 || percent * allot->least_denominator < 100 * allot->least_numerator) {
        return err_set(err, ERR_USAGE,
                       "%lld %% is more than all, or less than the rules' least share",
                       "%lld%% 超过全部，或低于规则的最低比例", (long long)percent);
    }
    asked->share_numerator = percent;
    asked->share_denominator = 100;
    return true;
}

static bool write_rows(struct cli *cli, const struct place_input *input,
                       const struct place_allotment *allotments, size_t count, struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "allotments", columns, COLUMNS, err)) return false;
    for (size_t i = 0; i < count; i++) {
        struct str values[COLUMNS] = {
            input->rules.batches[allotments[i].batch].key,
            input->groups[allotments[i].group].code,
            input->sources[allotments[i].source],
            str_i64(cli->arena, allotments[i].seats),
        };
        if (report_row(report, values, NULL, err)) continue;
        report_abandon(report);
        return false;
    }
    return report_close(report, err);
}

static void say(const struct cli *cli, const struct place_input *input,
                const struct place_allotment *allotments, size_t count)
{
    uint64_t seats = 0, groups = 0, without = 0;
    for (size_t i = 0; i < count; i++) {
        seats += (uint64_t)allotments[i].seats;
        groups += i == 0 || allotments[i - 1].group != allotments[i].group;
    }
    for (size_t a = 0; a < input->applicant_count; a++)
        without += input->applicants[a].source == PLACE_NONE;
    cli_note(cli, "%s 所高中的 %s 个名额分给 %s 所初中；没有所在初中的考生 %s 人",
             "%s senior schools give %s seats to %s junior schools; applicants without one: %s",
             cli_thousands(cli, groups).ptr, cli_thousands(cli, seats).ptr,
             cli_thousands(cli, input->source_count).ptr, cli_thousands(cli, without).ptr);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    struct place_paths paths = {0};
    struct place_input input;
    struct place_allotment *allotments;
    struct place_apportioning asked = {.each = cli_count(cli, "--each", 0),
                                       .weights = cli_option(cli, "--weights")};
    size_t count;
    (void)exit_code;
    if (!place_needs(cli, "--rules", &paths.rules, err)
        || !place_needs(cli, "--programmes", &paths.programmes, err)
        || !place_needs(cli, "--applicants", &paths.applicants, err)
        || !place_read_schools(cli->arena, &paths, &input, err)
        || !batch_of(cli, &input.rules, &asked.batch, err)
        || !share_of(cli, &input.rules.batches[asked.batch], &asked, err)
        || !place_apportion(cli->arena, &input, &asked, &allotments, &count, err)
        || !write_rows(cli, &input, allotments, count, err)) {
        return false;
    }
    say(cli, &input, allotments, count);
    return true;
}

const struct command command_place_allot = {
    .name = "place allot",
    .words = "",
    .zh = "按各初中的考生人数分配高中名额（指标到校）",
    .en = "Divides seats of senior schools among junior schools by their applicants",
    .more_zh =
        "每所高中拿出计划的一定比例（默认是规则里的最低比例，向上取整），按各初中的考生人数分给有"
        "考生的初中：先按比例取整数，余下的给小数部分大的，相同的给考生多的。--each "
        "保证每所初中至少"
        "几个；--weights 是 source,weight 表，用权重（100 为平常，120 "
        "多两成）向农村初中倾斜。考生表的 "
        "source 列是所在初中，空的不计。写出 place run 的 --allotments "
        "表，按高中、初中排序；可以改了再用。",
    .more_en =
        "Each senior school gives a share of its seats (by default the least one of the rules, "
        "rounded up) to the junior schools that have applicants, by their number: whole parts "
        "first, then one each for the largest fractions, of equal ones for more applicants. --each "
        "keeps so many for every junior school; --weights is a table source,weight that lets "
        "applicants of rural schools count for more (100 is plain, 120 a fifth more). The "
        "applicants' column source is the junior school, an empty one does not count. Writes the "
        "table of place run --allotments, by senior and junior school, to be changed where wanted.",
    .options = {{"--rules", OPTION_FILE, "RULES.yaml", NULL, "规则（必填）", "the rules (needed)"},
                {"--programmes", OPTION_FILE, "P.csv", NULL, "招生计划（必填）",
                 "groups and their seats (needed)"},
                {"--applicants", OPTION_FILE, "A.csv", NULL, "考生，有 source 列（必填）",
                 "applicants with a column source (needed)"},
                {"--batch", OPTION_TEXT, "KEY", NULL, "哪个分配批次（只有一个时可不写）",
                 "which batch that allots seats (if there are several)"},
                {"--percent", OPTION_COUNT, "N", NULL, "每所高中拿出计划的百分之几",
                 "per cent of each senior school's seats"},
                {"--each", OPTION_COUNT, "N", NULL, "每所初中至少几个（默认 0）",
                 "at least so many for every junior school (default 0)"},
                {"--weights", OPTION_FILE, "W.csv", NULL, "各初中的权重",
                 "weights of junior schools"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples =
        {{"baoxue place allot --rules r.yaml --programmes p.csv --applicants a.csv --out q.csv",
          "按考生人数分配，写成分配表", "divides seats by applicants"},
         {"baoxue place allot --rules r.yaml --programmes p.csv --applicants a.csv --percent "
          "60 --each 1 --weights rural.csv",
          "拿出 60%，每校至少一个，向农村初中倾斜",
          "60 %, at least one each, more for rural schools"}},
    .run = run,
};
