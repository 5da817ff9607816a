#include "link/match_report.h"

#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/match_steps.h"
#include "cli/report.h"

#include <stdlib.h>

static const struct report_column columns[] = {
    {"left_id", "甲", "left", false},
    {"right_id", "乙", "right", false},
    {"weight_millibits", "权重（毫比特）", "millibits", true},
    {"probability", "同一个的可能性", "probability", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

struct row {
    struct str left, right;
    const struct link_pair *pair;
};

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = str_compare(x->left, y->left);
    return order != 0 ? order : str_compare(x->right, y->right);
}

/* As match_write_pairs: inside one file the smaller id stands left. */
static struct row *sorted_rows(const struct cli *cli, const struct match *match)
{
    size_t count = match->result.pair_count;
    struct row *rows = arena_array(cli->arena, struct row, count);
    for (size_t i = 0; i < count; i++) {
        const struct link_pair *pair = &match->result.pairs[i];
        rows[i] = (struct row){match->ids[pair->a], match->ids[pair->b], pair};
        bool one_file = match->left_count == match->input.record_count;
        if (one_file && str_compare(rows[i].left, rows[i].right) > 0) {
            rows[i].left = match->ids[pair->b];
            rows[i].right = match->ids[pair->a];
        }
    }
    if (count > 0) qsort(rows, count, sizeof *rows, compare_rows);
    return rows;
}

static bool write_pairs(struct cli *cli, const struct match *match, struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "pairs", columns, COLUMNS, err)) return false;
    const struct row *rows = sorted_rows(cli, match);
    for (size_t i = 0; i < match->result.pair_count; i++) {
        struct str values[COLUMNS] = {
            rows[i].left,
            rows[i].right,
            cli_format(cli, "%ld", (long)rows[i].pair->weight_millibits),
            cli_probability(cli, rows[i].pair->probability_ppm),
        };
        if (!report_row(report, values, NULL, err)) return false;
    }
    return report_close(report, err);
}

static void json_rules(struct json *json, const struct match *match)
{
    json_key(json, "rules");
    json_list(json);
    for (size_t i = 0; i < match->result.rule_count; i++) {
        const struct link_rule_count *rule = &match->result.rules[i];
        json_object(json);
        json_key_str(json, "rule", rule->text);
        json_key_i64(json, "pairs", (int64_t)rule->pairs);
        json_key_i64(json, "pairs_new", (int64_t)rule->pairs_new);
        json_key_i64(json, "pairs_skipped", (int64_t)rule->pairs_skipped);
        json_object_end(json);
    }
    json_list_end(json);
}

static bool write_json(struct cli *cli, const struct match *match, const struct steps *steps,
                       struct err *err)
{
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "records", (int64_t)match->input.record_count);
    json_key_i64(&json, "clusters", (int64_t)match->result.cluster_count);
    json_key_i64(&json, "pairs_possible", (int64_t)match->result.pairs_possible);
    json_key_i64(&json, "pairs_compared", (int64_t)match->result.pairs_compared);
    json_key_i64(&json, "records_tied", (int64_t)match->result.records_tied);
    json_key_i64(&json, "records_greedy", (int64_t)match->result.records_greedy);
    json_key_bool(&json, "resumed", match->result.resumed);
    json_key_i64(&json, "records_fresh", (int64_t)match->result.records_fresh);
    json_key(&json, "unlearnt");
    if (match->unlearnt.kind == ERR_NONE) {
        json_null(&json);
    } else {
        json_str(&json, str_from(err_text(&match->unlearnt, cli->lang)));
    }
    json_rules(&json, match);
    if (steps->count > 0) steps_json(cli, &json, steps);
    json_key(&json, "pairs");
    json_list(&json);
    const struct row *rows = sorted_rows(cli, match);
    for (size_t i = 0; i < match->result.pair_count; i++) {
        json_object(&json);
        json_key_str(&json, "left_id", rows[i].left);
        json_key_str(&json, "right_id", rows[i].right);
        json_key_i64(&json, "weight_millibits", rows[i].pair->weight_millibits);
        json_key_str(&json, "probability", cli_probability(cli, rows[i].pair->probability_ppm));
        json_object_end(&json);
    }
    json_list_end(&json);
    return report_json_end(&text, &json, err);
}

static void tell(const struct cli *cli, const struct match *match)
{
    if (match->unlearnt.kind != ERR_NONE) {
        cli_note(cli, "%s；因此不列出任何对，每条记录自成一组",
                 "%s; so no pair is listed and every record is a cluster of its own",
                 err_text(&match->unlearnt, cli->lang));
        if (cli_has(cli, "--save-model")) cli_note(cli, "没有写出模型", "no model was written");
        return;
    }
    cli_note(cli, "%s 条记录；比较了 %s 对（共可能 %s 对）；列出 %s 对，归并为 %s 组",
             "%s records; %s pairs compared of %s possible; %s pairs listed, %s clusters",
             cli_thousands(cli, match->input.record_count).ptr,
             cli_thousands(cli, match->result.pairs_compared).ptr,
             cli_thousands(cli, match->result.pairs_possible).ptr,
             cli_thousands(cli, match->result.pair_count).ptr,
             cli_thousands(cli, match->result.cluster_count).ptr);
    if (match->result.resumed) {
        cli_note(cli, "在上次结果上继续：只有 %s 条记录是新的或有变化",
                 "resting on the earlier run: only %s records are new or changed",
                 cli_thousands(cli, match->result.records_fresh).ptr);
    } else if (cli_has(cli, "--previous")) {
        cli_note(cli, "没有沿用上次结果：规格变了，或新记录太多；已全部比较",
                 "the earlier run could not serve: the spec is another, or too much is new; "
                 "everything was compared");
    }
    size_t doubtful;
    if (match->result.model != NULL && link_model_is_household(match->result.model, &doubtful)) {
        struct str name = match->result.model->comparisons[doubtful].name;
        cli_note(
            cli,
            "请留意：看似相同的对里，一半以上在“%.*s”上并不一致，可能是同一家人而不是同一个人；"
            "请给一家人共有的比较项（电话、住址、监护人）加上 shared: yes",
            "beware: of what looks alike more than half disagree in \"%.*s\": it may be one "
            "household, not one entity; mark comparisons that a household has in common "
            "(phone, address, guardian) with shared: yes",
            STR_ARG(name));
    }
    if (match->result.records_tied > 0) {
        cli_note(cli, "一一对应：%s 条记录有同样好的对象，未归并，待人核对",
                 "one to one: %s records have partners that are as good as one another; not "
                 "joined, for a person to decide",
                 cli_thousands(cli, match->result.records_tied).ptr);
    }
    if (match->result.records_greedy > 0) {
        cli_note(cli, "一一对应：%s 条记录所在的组太大，按权重从高到低逐对归并",
                 "one to one: %s records stand in groups too large to be assigned as a whole; "
                 "their pairs were taken in turn, the heaviest first",
                 cli_thousands(cli, match->result.records_greedy).ptr);
    }
    for (size_t i = 0; i < match->result.rule_count; i++) {
        const struct link_rule_count *rule = &match->result.rules[i];
        if (rule->pairs_skipped == 0) continue;
        cli_note(cli, "分块规则“%.*s”有过大的块，略过 %s 对",
                 "blocking rule \"%.*s\" has blocks that are too large: %s pairs passed over",
                 STR_ARG(rule->text), cli_thousands(cli, rule->pairs_skipped).ptr);
    }
}

static bool write_report(const struct cli *cli, const struct match *match,
                         const struct progress *progress, struct err *err)
{
    const char *path = cli_option(cli, "--report");
    if (path == NULL) return true;
    struct match_report report = {
        .words = cli_page_words(cli),
        .values = cli_has(cli, "--report-values"),
        .spec = cli_option(cli, "--spec"),
        .left = cli->words[0],
        .right = cli->word_count > 1 ? cli->words[1] : NULL,
        .truth = cli_option(cli, "--truth"),
        .threads = cli_threads(cli),
        .progress = progress,
    };
    return match_write_report(match, &report, path, err);
}

static bool check_options(const struct cli *cli, struct err *err)
{
    if (cli_option(cli, "--spec") == NULL) {
        return err_set(err, ERR_USAGE, "match needs a spec: --spec SPEC.yaml",
                       "match 需要比对说明：--spec SPEC.yaml");
    }
    if (cli_has(cli, "--report-values") && !cli_has(cli, "--report")) {
        return err_set(err, ERR_USAGE,
                       "--report-values says what the report shows; give --report FILE.html too",
                       "--report-values 用于报告，请同时给出 --report FILE.html");
    }
    if (cli_has(cli, "--truth") && !cli_has(cli, "--report") && !cli_has(cli, "--clusters-at")) {
        return err_set(err, ERR_USAGE,
                       "--truth goes with --report FILE.html or --clusters-at BITS,…; a list of "
                       "pairs is measured by match evaluate",
                       "--truth 须与 --report FILE.html 或 --clusters-at BITS,… "
                       "同用；记录对由 match evaluate 衡量");
    }
    if (cli_has(cli, "--previous") && cli_has(cli, "--model")) {
        return err_set(err, ERR_USAGE,
                       "--previous brings its own model; leave --model out, or the state",
                       "--previous 的状态中已有模型，不能同时给出 --model");
    }
    if (cli_has(cli, "--previous") && cli_has(cli, "--report")) {
        return err_set(err, ERR_USAGE,
                       "a report counts all pairs, which --previous spares; give one of the two",
                       "报告要统计全部记录对，与 --previous 不能同时使用");
    }
    return steps_check(cli, err);
}

/* "2G", "800M": a whole number of gigabytes or megabytes. */
static bool read_memory(const struct cli *cli, uint64_t *bytes, struct err *err)
{
    const char *value = cli_option(cli, "--memory");
    if (value == NULL) return true;
    struct str text = str_from(value);
    int64_t number = 0;
    unsigned shift = str_ends(text, STR("G")) ? 30 : 20;
    bool unit = shift == 30 || str_ends(text, STR("M"));
    bool good = unit && str_to_i64(str_slice(text, 0, text.len - 1), &number) && number > 0
                && number < 1 << 30;
    if (!good) {
        return err_set(err, ERR_USAGE, "--memory \"%s\" is no size; write 800M or 2G",
                       "--memory“%s”不是大小，请写成 800M 或 2G", value);
    }
    *bytes = (uint64_t)number << shift;
    return true;
}

static const struct report_column count_columns[] = {
    {"rule", "分块规则", "rule", false},
    {"pairs", "块内的对", "pairs", true},
    {"pairs_new", "要比较的对", "to compare", true},
    {"pairs_skipped", "略过的对", "passed over", true},
    {"blocks", "块数", "blocks", true},
    {"blocks_skipped", "过大的块", "too large", true},
    {"block_largest", "最大块的记录", "largest block", true},
};

enum { COUNT_COLUMNS = sizeof count_columns / sizeof *count_columns };

/* Says what would be compared, and compares nothing. */
static bool run_count(struct cli *cli, struct match *match, const struct match_options *options,
                      struct bar *bar, struct err *err)
{
    struct link_rule_count *rules;
    struct report *report = NULL;
    uint64_t pairs = 0;
    size_t count;
    match_count(match, options->threads, options->progress, &rules, &count);
    bar_end(bar);
    if (!report_open(&report, cli, "rules", count_columns, COUNT_COLUMNS, err)) return false;
    for (size_t i = 0; i < count; i++) {
        struct str values[COUNT_COLUMNS] = {
            rules[i].text,
            cli_format(cli, "%llu", (unsigned long long)rules[i].pairs),
            cli_format(cli, "%llu", (unsigned long long)rules[i].pairs_new),
            cli_format(cli, "%llu", (unsigned long long)rules[i].pairs_skipped),
            cli_format(cli, "%u", rules[i].blocks),
            cli_format(cli, "%u", rules[i].blocks_skipped),
            cli_format(cli, "%u", rules[i].block_largest),
        };
        pairs += rules[i].pairs_new;
        if (!report_row(report, values, NULL, err)) return false;
    }
    if (!report_close(report, err)) return false;
    cli_note(cli, "%s 条记录；要比较 %s 对", "%s records; %s pairs to compare",
             cli_thousands(cli, match->input.record_count).ptr, cli_thousands(cli, pairs).ptr);
    return true;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    const char *spec = cli_option(cli, "--spec"), *out = cli_option(cli, "--out");
    const char *clusters = cli_option(cli, "--clusters");
    struct match match = {0};
    struct bar bar;
    if (!check_options(cli, err)) return false;
    const char *right = cli->word_count > 1 ? cli->words[1] : NULL;
    struct match_how how = {.simd = getenv("BAOXUE_SIMD")};
    how.keyed = cli_has(cli, "--previous") || cli_has(cli, "--state");
    if (!read_memory(cli, &how.memory_bytes, err)) return false;
    /* Of large files what is kept is not all used again. */
    if (how.memory_bytes == 0) arena_keep_freed();
    if (!match_open_as(&match, cli->arena, spec, cli->words[0], right, &how, err)) return false;
    bar_start(&bar, cli->lang, cli->quiet);
    struct match_options options = {
        .threads = cli_threads(cli),
        .progress = &bar.progress,
        .model_in = cli_option(cli, "--model"),
        .model_out = cli_option(cli, "--save-model"),
        .previous = cli_option(cli, "--previous"),
        .state = cli_option(cli, "--state"),
        .memory_bytes = how.memory_bytes,
    };
    if (cli_has(cli, "--count")) return run_count(cli, &match, &options, &bar, err);
    struct steps *steps = arena_new(cli->arena, struct steps);
    bool good = match_run(&match, &options, err) && steps_run(cli, &match, steps, err)
                && write_report(cli, &match, options.progress, err);
    bar_end(&bar);
    if (!good) return false;
    if (!match_write(&match, out, clusters, err)) return false;
    if (cli->json) return write_json(cli, &match, steps, err);
    if (steps->count > 0 && !steps_write(cli, steps, err)) return false;
    bool asked = steps->count > 0 || out != NULL || clusters != NULL || cli_has(cli, "--report");
    if (!asked && !write_pairs(cli, &match, err)) return false;
    tell(cli, &match);
    return true;
}

const struct command command_match = {
    .name = "match",
    .words = "LEFT.csv [RIGHT.csv]",
    .words_min = 1,
    .words_max = 2,
    .zh = "归并任意两份文件，或在一份文件里找重复",
    .en = "Links any two files, or finds the duplicates in one",
    .more_zh =
        "输出 "
        "left_id,right_id,weight_millibits,probability，按前两列排序。比对说明（YAML）写明编号列、"
        "各列怎样比较、分块规则和阈值，见 docs/linking.md。不需要工作区。",
    .more_en = "Writes left_id,right_id,weight_millibits,probability, sorted by the first two. The "
               "spec (YAML) names the id column, how columns are compared, the blocking rules and "
               "the thresholds: docs/linking.md. Needs no workspace.",
    .options =
        {{"--spec", OPTION_FILE, "SPEC.yaml", NULL, "比对说明（必填）", "the spec (needed)"},
         {"--out", OPTION_OUTPUT, "PAIRS.csv", NULL, "写出记录对", "writes the pairs"},
         {"--clusters", OPTION_OUTPUT, "CLUSTERS.csv", NULL, "写出归并组 id,source,cluster",
          "writes the clusters: id,source,cluster"},
         {"--threads", OPTION_COUNT, "N", NULL, "线程数（默认全部核）；结果不变",
          "threads (default: all cores); the result is the same"},
         {"--memory", OPTION_TEXT, "SIZE", NULL,
          "最多用多少内存，如 800M、2G；放不下就事先说明需要多少；结果不变",
          "memory that may be used, as 800M or 2G; says beforehand how much it needs when that is "
          "too little; the result is the same"},
         {"--count", OPTION_FLAG, NULL, NULL, "只数每条分块规则要比较多少对，不比较",
          "only counts the pairs that each blocking rule would have compared"},
         {"--model", OPTION_FILE, "MODEL.json", NULL, "用已有的模型，不学习",
          "uses a model instead of learning one"},
         {"--save-model", OPTION_OUTPUT, "MODEL.json", NULL, "写出所用的模型",
          "writes the model used"},
         {"--state", OPTION_OUTPUT, "STATE", NULL,
          "写出状态，供下次 --previous 使用（与数据同样保密）",
          "writes the state for a later --previous (as confidential as the data)"},
         {"--previous", OPTION_FILE, "STATE", NULL,
          "沿用该状态及其模型，只比较新的和有变化的记录；结果与全部比较相同",
          "rests on this state and its model: compares only new and changed records; the result is "
          "that of comparing everything"},
         {"--report", OPTION_OUTPUT, "FILE.html", NULL,
          "写一页报告：读入、分块、模型、权重、预期错误、组、例子；不联网。中英对照，或按 --lang",
          "writes a page about it all: input, blocking, model, weights, expected errors, "
          "clusters, examples; needs no network. In both languages, or by --lang"},
         {"--report-values", OPTION_FLAG, NULL, NULL, "报告里的例子显示编号和原值（默认遮盖）",
          "the report's examples show ids and values (masked by default)"},
         {"--clusters-at", OPTION_TEXT, "BITS,…", NULL,
          "列出各归并阈值（比特，如 1,2.5,10；all 为每一整比特）下的组数、最大组和组内的对",
          "lists clusters, the largest and the pairs inside at each of these match thresholds "
          "(bits: 1,2.5,10; all: each whole bit)"},
         {"--truth", OPTION_FILE, "TRUTH.csv", NULL,
          "报告和 --clusters-at 另与真值相比（见 match evaluate）",
          "--report and --clusters-at also measure against the truth (see match evaluate)"}},
    .examples = {{"baoxue match a.csv b.csv --spec spec.yaml --out pairs.csv", "归并两份文件",
                  "links two files"},
                 {"baoxue match list.csv --spec spec.yaml --clusters groups.csv",
                  "在一份文件里找重复", "finds duplicates in one file"},
                 {"baoxue match list.csv --spec spec.yaml --clusters-at all --truth truth.csv",
                  "各归并阈值下的组，与真值相比", "clusters at each threshold, against the truth"},
                 {"baoxue match a.csv b.csv --spec spec.yaml --report report.html",
                  "写一页可以转发的报告", "writes a report to pass on"}},
    .run = run,
};
