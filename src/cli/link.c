#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/report.h"

static bool write_json(struct cli *cli, const struct people_link_result *result, bool current,
                       struct err *err)
{
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key(&json, "current");
    json_bool(&json, current);
    json_key(&json, "changed");
    json_bool(&json, !current);
    json_key_str(&json, "model", result->model);
    json_key(&json, "trained");
    json_bool(&json, result->trained);
    json_key_i64(&json, "records", (int64_t)result->records);
    json_key_i64(&json, "persons", (int64_t)result->persons);
    json_key_i64(&json, "persons_new", (int64_t)result->persons_new);
    json_key_i64(&json, "persons_gone", (int64_t)result->persons_gone);
    json_key_i64(&json, "records_moved", (int64_t)result->records_moved);
    json_key_i64(&json, "pairs_compared", (int64_t)result->pairs_compared);
    json_key_i64(&json, "pairs_review", (int64_t)result->pairs_review);
    json_object_end(&json);
    return report_write_json(&text, err);
}

static void tell(const struct cli *cli, const struct people_link_result *result)
{
    cli_note(cli, "模型 %.*s%s：%s 条记录归并为 %s 人；比较了 %s 对，存疑 %s 对",
             "model %.*s%s: %s records are %s persons; %s pairs compared, %s doubtful",
             STR_ARG(result->model), result->trained ? cli_say(cli, "（新学）", " (new)") : "",
             cli_thousands(cli, result->records).ptr, cli_thousands(cli, result->persons).ptr,
             cli_thousands(cli, result->pairs_compared).ptr,
             cli_thousands(cli, result->pairs_review).ptr);
    cli_note(cli, "与上次相比：新编号 %s 个，并入他人 %s 个，改归他人的记录 %s 条",
             "since the last run: %s new numbers, %s merged into others, %s records moved",
             cli_thousands(cli, result->persons_new).ptr,
             cli_thousands(cli, result->persons_gone).ptr,
             cli_thousands(cli, result->records_moved).ptr);
    if (result->pairs_review > 0) {
        cli_note(cli, "存疑的由人裁定：baoxue review",
                 "the doubtful ones are for you: baoxue review");
    }
}

static bool link_with(struct cli *cli, bool train, struct err *err)
{
    struct read_at when;
    struct people people;
    struct people_link_result result = {0};
    struct bar bar;
    if (!cli_open(cli, false, err)) return false;
    if (!cli_when(cli, &when, err)) return false;
    bar_start(&bar, cli->lang, cli->quiet);
    struct people_link_options options = {.progress = &bar.progress, .train = train};
    bool good = job_link(&cli->workspace, cli->arena, &cli->asker, when, &options, train, &people,
                         &result, err);
    bar_end(&bar);
    if (!good) return false;
    bool current = result.records == 0;
    if (current && !people_link_state(&people, &cli->workspace.registry, &result, err)) {
        return false;
    }
    if (cli->json) return write_json(cli, &result, current, err);
    if (current) {
        cli_note(cli, "名册没有变化，归并结果仍然有效：%s 条记录，%s 人",
                 "no register changed: the links are current, %s records of %s persons",
                 cli_thousands(cli, result.records).ptr, cli_thousands(cli, result.persons).ptr);
        return true;
    }
    tell(cli, &result);
    return true;
}

static bool run_link(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    return link_with(cli, false, err);
}

static bool run_train(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    return link_with(cli, true, err);
}

const struct command command_link = {
    .name = "link",
    .words = "",
    .capability = CAPABILITY_IMPORT,
    .zh = "把各名册中同一个人的记录归并到一起",
    .en = "Links the records of one person across all registers",
    .more_zh = "人员编号每次运行保持不变。check 会在名册有变化时自动先归并。",
    .more_en = "Person numbers are stable from run to run. check links by itself when registers "
               "changed.",
    .options = {OPTION_OF_AT, OPTION_OF_KNOWN},
    .examples = {{"baoxue link", "归并", "links"},
                 {"baoxue link --at 2020-09-15", "按 9 月 15 日的名册归并",
                  "links the registers as of 15 September"}},
    .run = run_link,
};

const struct command command_link_train = {
    .name = "link train",
    .words = "",
    .capability = CAPABILITY_IMPORT,
    .zh = "从现有名册重新学习归并模型，命名并启用",
    .en = "Learns a new linking model from the registers, names it and puts it in force",
    .more_zh = "一个学期内宜沿用同一模型，使结果可比。",
    .more_en = "Keep one model for a term, so that results can be compared.",
    .options = {OPTION_OF_AT, OPTION_OF_KNOWN},
    .examples = {{"baoxue link train", "学期初学一次", "once at the start of a term"}},
    .run = run_train,
};
