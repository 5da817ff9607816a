#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "link/match.h"

static const struct report_column columns[] = {
    {"comparison", "比较项", "comparison", false},
    {"level", "等级", "level", false},
    {"left", "甲", "left", false},
    {"right", "乙", "right", false},
    {"weight_millibits", "权重（毫比特）", "millibits", true},
    {"frequency_millibits", "其中稀有程度", "for rarity", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static void json_total(const struct cli *cli, struct json *json,
                       const struct link_explanation *explanation)
{
    json_key_i64(json, "prior_millibits", explanation->prior_millibits);
    json_key_i64(json, "weight_millibits", explanation->weight_millibits);
    json_key_str(json, "probability", cli_probability(cli, explanation->probability_ppm));
    json_key_bool(json, "compared", explanation->rule >= 0);
}

static bool write_fields(struct cli *cli, const struct link_explanation *explanation,
                         struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "fields", columns, COLUMNS, err)) return false;
    struct json *json = report_json(report);
    if (json != NULL) json_total(cli, json, explanation);
    for (size_t i = 0; i < explanation->field_count; i++) {
        const struct link_field *field = &explanation->fields[i];
        struct str values[COLUMNS] = {
            field->comparison,
            field->level_en,
            field->left,
            field->right,
            cli_format(cli, "%ld", (long)(field->weight_millibits + field->frequency_millibits)),
            cli_format(cli, "%ld", (long)field->frequency_millibits),
        };
        struct str shown[COLUMNS] = {
            [0] = cli->lang == LANG_EN ? field->label_en : field->label_zh,
            [1] = cli->lang == LANG_EN ? field->level_en : field->level_zh,
        };
        if (!report_row(report, values, shown, err)) return false;
    }
    return report_close(report, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    const char *spec = cli_option(cli, "--spec");
    struct match match = {0};
    struct link_explanation explanation;
    struct bar bar;
    if (spec == NULL) {
        return err_set(err, ERR_USAGE, "match needs a spec: --spec SPEC.yaml",
                       "match 需要比对说明：--spec SPEC.yaml");
    }
    if (!match_open(&match, cli->arena, spec, cli->words[2],
                    cli->word_count > 3 ? cli->words[3] : NULL, err)) {
        return false;
    }
    bar_start(&bar, cli->lang, cli->quiet);
    struct match_options options = {.progress = &bar.progress,
                                    .model_in = cli_option(cli, "--model")};
    bool good = match_explain(&match, cli->arena, &options, str_from(cli->words[0]),
                              str_from(cli->words[1]), &explanation, err);
    bar_end(&bar);
    if (!good || !write_fields(cli, &explanation, err)) return false;
    cli_note(cli, "起点 %s，合计 %s 比特，同一人的可能性 %s",
             "prior %s, total %s bits, probability %s",
             cli_bits(cli, explanation.prior_millibits).ptr,
             cli_bits(cli, explanation.weight_millibits).ptr,
             cli_probability(cli, explanation.probability_ppm).ptr);
    if (explanation.rule < 0) {
        cli_note(cli, "没有分块规则覆盖这一对，归并时不会比较它",
                 "no blocking rule covers this pair: match does not compare it");
    }
    return true;
}

const struct command command_match_explain = {
    .name = "match explain",
    .words = "LEFT_ID RIGHT_ID LEFT.csv [RIGHT.csv]",
    .words_min = 3,
    .words_max = 4,
    .zh = "逐项说明一对记录为什么是（不是）同一个",
    .en = "Explains a pair field by field, with the bits that each contributes",
    .more_zh = "按比对说明中的顺序。权重之和加上起点就是归并所依据的数。",
    .more_en =
        "In the order of the spec. The weights and the prior add up to what match decides by.",
    .options = {{"--spec", OPTION_FILE, "SPEC.yaml", NULL, "比对说明（必填）", "the spec (needed)"},
                {"--model", OPTION_FILE, "MODEL.json", NULL, "用已有的模型，不学习",
                 "uses a model instead of learning one"}},
    .examples = {{"baoxue match explain a17 b4 a.csv b.csv --spec spec.yaml", "两份文件中的一对",
                  "a pair of two files"}},
    .run = run,
};
