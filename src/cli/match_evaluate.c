#include "link/match_report.h"

#include "cli/commands.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"what", "口径", "what", false},
    {"threshold_millibits", "阈值（毫比特）", "threshold", true},
    {"true_pairs", "真对", "true pairs", true},
    {"found", "找到", "found", true},
    {"wrong", "找错", "wrong", true},
    {"precision", "准确率", "precision", false},
    {"recall", "召回率", "recall", false},
    {"f1", "F1", "F1", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool write_row(struct cli *cli, struct report *report, const char *what, const char *zh,
                      const char *en, const struct evaluation *evaluation, struct err *err)
{
    bool everything = evaluation->threshold_millibits == INT32_MIN;
    struct str values[COLUMNS] = {
        str_from(what),
        everything ? STR_EMPTY : cli_format(cli, "%ld", (long)evaluation->threshold_millibits),
        cli_number(cli, evaluation->true_pairs),
        cli_number(cli, evaluation->found),
        cli_number(cli, evaluation->wrong),
        cli_probability(cli, evaluation->precision_ppm),
        cli_probability(cli, evaluation->recall_ppm),
        cli_probability(cli, evaluation->f1_ppm),
    };
    struct str shown[COLUMNS] = {[0] = str_from(cli_say(cli, zh, en))};
    return report_row(report, values, shown, err);
}

/* Whole bits only: the quarters are for curves. */
static bool write_steps(struct cli *cli, struct report *report,
                        const struct evaluation_report *evaluated, struct err *err)
{
    for (size_t i = 0; i < evaluated->step_count; i++) {
        const struct evaluation *step = &evaluated->steps[i];
        if (step->threshold_millibits % 1000 != 0) continue;
        if (!write_row(cli, report, "step", "逐比特", "each bit", step, err)) return false;
    }
    return true;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    const char *truth = cli_option(cli, "--truth");
    int64_t threshold = cli_count(cli, "--threshold", INT32_MIN);
    struct evaluation_report evaluated;
    struct report *report = NULL;
    if (truth == NULL) {
        return err_set(err, ERR_USAGE, "evaluate needs the truth: --truth TRUTH.csv",
                       "evaluate 需要真值：--truth TRUTH.csv");
    }
    if (!match_evaluate(cli->words[0], truth, cli_option(cli, "--clusters"), (int32_t)threshold,
                        &evaluated, err)) {
        return false;
    }
    const char *page = cli_option(cli, "--report");
    if (page != NULL
        && !match_write_evaluation(&evaluated, cli->words[0], cli_page_words(cli), page, err)) {
        return false;
    }
    if (!report_open(&report, cli, "evaluations", columns, COLUMNS, err)) return false;
    if (!write_row(cli, report, "threshold", "给定阈值", "at the threshold", &evaluated.at, err)
        || !write_row(cli, report, "best", "最佳阈值", "at the best threshold", &evaluated.best,
                      err)) {
        return false;
    }
    if (evaluated.has_clusters
        && !write_row(cli, report, "clusters", "归并组内", "inside clusters", &evaluated.clusters,
                      err)) {
        return false;
    }
    if (cli_has(cli, "--steps") && !write_steps(cli, report, &evaluated, err)) return false;
    return report_close(report, err);
}

const struct command command_match_evaluate = {
    .name = "match evaluate",
    .words = "PAIRS.csv",
    .words_min = 1,
    .words_max = 1,
    .zh = "用真值衡量归并结果：准确率、召回率、F1",
    .en = "Measures a linkage against the truth: precision, recall and F1",
    .more_zh =
        "真值是 id,entity（同一 entity 的两两成对）或 left_id,right_id。没有列出的真对都算漏掉，"
        "包括分块时丢掉的。三行依次为：给定阈值、最佳阈值、归并组内。",
    .more_en =
        "The truth is id,entity (all pairs of one entity) or left_id,right_id. A true pair "
        "that is not listed is missed, also one lost in blocking. Rows: at the threshold, at "
        "the best threshold, inside clusters.",
    .options = {{"--truth", OPTION_FILE, "TRUTH.csv", NULL, "真值（必填）", "the truth (needed)"},
                {"--threshold", OPTION_NUMBER, "MILLIBITS", NULL,
                 "权重不低于此的算列出（默认全部）",
                 "pairs of at least this weight count (default: all)"},
                {"--clusters", OPTION_FILE, "CLUSTERS.csv", NULL, "另衡量归并组内的对",
                 "also measures the pairs inside clusters"},
                {"--steps", OPTION_FLAG, NULL, NULL, "另列出每一整比特的阈值",
                 "also lists each whole bit as a threshold"},
                {"--report", OPTION_OUTPUT, "FILE.html", NULL,
                 "写一页报告：准确率—召回率曲线、ROC 曲线、阈值表",
                 "writes a page: precision–recall and ROC curves, table of thresholds"}},
    .examples = {{"baoxue match evaluate pairs.csv --truth truth.csv --clusters groups.csv", "衡量",
                  "measures"}},
    .run = run,
};
