#include "base/file.h"
#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/packs.h"
#include "cli/report.h"
#include "policy/trial.h"

#include <stdio.h>

/* What was found of one pack. */
struct tried {
    uint16_t pack;
    struct policy_trial trial;
    struct policy_mutation mutation;
};

static const char *pack_key(const struct cli *cli, const struct policy *policy, uint16_t pack)
{
    return str_cstr(cli->arena, policy->packs[pack].name.key);
}

static void print_pack(const struct cli *cli, const struct policy *policy,
                       const struct tried *tried)
{
    bool zh = cli->lang == LANG_ZH;
    const char *pack = pack_key(cli, policy, tried->pack);
    for (size_t i = 0; i < tried->trial.failure_count; i++) {
        const struct policy_failure *failure = &tried->trial.failures[i];
        struct str said = zh ? failure->zh : failure->en;
        printf("%s: %.*s\n", packs_place(cli, policy, failure->place).ptr, STR_ARG(said));
    }
    cli_note(cli, "%s：%zu 个用例，%zu 项期望，%zu 项不符",
             "%s: %zu cases, %zu expectations, %zu fail", pack, tried->trial.cases,
             tried->trial.expectations, tried->trial.failure_count);
}

static void json_place(struct json *json, const struct policy *policy, struct policy_place place)
{
    json_key_str(json, "file", policy->sources[place.source].name);
    json_key_i64(json, "line", place.line);
    json_key_i64(json, "column", place.column);
}

static void json_pack(struct json *json, const struct policy *policy, const struct tried *tried)
{
    json_object(json);
    json_key_str(json, "pack", policy->packs[tried->pack].name.key);
    json_key_i64(json, "cases", (int64_t)tried->trial.cases);
    json_key_i64(json, "expectations", (int64_t)tried->trial.expectations);
    json_key(json, "failures");
    json_list(json);
    for (size_t i = 0; i < tried->trial.failure_count; i++) {
        const struct policy_failure *failure = &tried->trial.failures[i];
        json_object(json);
        json_place(json, policy, failure->place);
        json_key_str(json, "case_zh", policy->cases[failure->test].title_zh);
        json_key_str(json, "case_en", policy->cases[failure->test].title_en);
        json_key_str(json, "zh", failure->zh);
        json_key_str(json, "en", failure->en);
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
}

static bool tell_cases(struct cli *cli, const struct policy *policy, const struct tried *tried,
                       size_t count, struct err *err)
{
    if (!cli->json) {
        for (size_t i = 0; i < count; i++) print_pack(cli, policy, &tried[i]);
        return true;
    }
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key(&json, "packs");
    json_list(&json);
    for (size_t i = 0; i < count; i++) json_pack(&json, policy, &tried[i]);
    json_list_end(&json);
    return report_json_end(&text, &json, err);
}

/* In tenths of a percent; a pack without anything to change has them all. */
static int64_t score_of(const struct policy_mutation *mutation)
{
    size_t real = mutation->count - mutation->equivalent;
    return real == 0 ? 1000 : (int64_t)(mutation->killed * 1000 / real);
}

static const struct report_column columns[] = {
    {"pack", "包", "pack", false},
    {"place", "位置", "place", false},
    {"zh", "没有用例发现的变异", "mutants that no case noticed", false},
    {"en", "英文", "in English", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool put_survivors(struct cli *cli, struct report *report, const struct policy *policy,
                          const struct tried *tried, struct err *err)
{
    for (size_t i = 0; i < tried->mutation.count; i++) {
        const struct policy_mutant *mutant = &tried->mutation.mutants[i];
        if (mutant->killed || mutant->equivalent) continue;
        struct str values[COLUMNS] = {policy->packs[tried->pack].name.key,
                                      packs_place(cli, policy, mutant->place), mutant->zh,
                                      mutant->en};
        struct str shown[COLUMNS] = {0};
        if (!report_row(report, values, shown, err)) return false;
    }
    return true;
}

static void json_scores(struct json *json, const struct policy *policy, const struct tried *tried,
                        size_t count)
{
    json_key(json, "packs");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        const struct policy_mutation *mutation = &tried[i].mutation;
        json_object(json);
        json_key_str(json, "pack", policy->packs[tried[i].pack].name.key);
        json_key_i64(json, "mutants", (int64_t)mutation->count);
        json_key_i64(json, "killed", (int64_t)mutation->killed);
        json_key_i64(json, "equivalent", (int64_t)mutation->equivalent);
        json_key_i64(json, "score_permille", score_of(mutation));
        json_object_end(json);
    }
    json_list_end(json);
}

static bool tell_mutants(struct cli *cli, const struct policy *policy, const struct tried *tried,
                         size_t count, struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "survivors", columns, COLUMNS, err)) return false;
    struct json *json = report_json(report);
    if (json != NULL) json_scores(json, policy, tried, count);
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = put_survivors(cli, report, policy, &tried[i], err);
    }
    if (good) good = report_close(report, err);
    if (!good) report_abandon(report);
    for (size_t i = 0; good && i < count; i++) {
        const struct policy_mutation *mutation = &tried[i].mutation;
        cli_note(cli, "%s：%zu 个变异，用例发现 %zu 个，%zu 个不改变任何结论，得分 %lld.%lld%%",
                 "%s: %zu mutants, %zu noticed by cases, %zu that change no decision, score "
                 "%lld.%lld %%",
                 pack_key(cli, policy, tried[i].pack), mutation->count, mutation->killed,
                 mutation->equivalent, (long long)(score_of(mutation) / 10),
                 (long long)(score_of(mutation) % 10));
    }
    return good;
}

static bool mutate(struct cli *cli, const struct policy *policy, struct tried *tried, size_t count,
                   int *exit_code, struct err *err)
{
    enum { PERCENT_MAX = 100 };
    int64_t least = cli_count(cli, "--least", PERCENT_MAX);
    struct bar bar;
    if (least > PERCENT_MAX) {
        return err_set(err, ERR_USAGE, "--least is a percentage, at most 100",
                       "--least 是百分数，不超过 100");
    }
    bar_start(&bar, cli->lang, cli->quiet);
    for (size_t i = 0; i < count; i++) {
        policy_mutate(cli->arena, policy, tried[i].pack, &bar.progress, &tried[i].mutation);
        if (score_of(&tried[i].mutation) < least * 10) *exit_code = 1;
    }
    bar_end(&bar);
    return tell_mutants(cli, policy, tried, count, err);
}

static bool write_boundaries(struct cli *cli, const struct policy *policy,
                             const struct tried *tried, size_t count, struct err *err)
{
    struct text text;
    const char *path = cli_option(cli, "--out");
    size_t total = 0;
    text_init(&text, cli->arena, 2 * POLICY_SOURCE_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        size_t here;
        text_add(&text, policy_boundaries(cli->arena, policy, tried[i].pack, cli->lang, &here));
        total += here;
    }
    if (text.cut) {
        return err_set(err, ERR_LIMIT, "too many cases: name one pack", "用例太多：请只写一个包");
    }
    cli_note(cli, "%zu 个界线用例，期望按现行文本写出：核对后再留用",
             "%zu cases at boundaries, with what the text decides now: check them before you keep "
             "them",
             total);
    if (path != NULL) return file_write(path, text_str(&text), 0644, err);
    if (fwrite(text.ptr, 1, text.len, stdout) == text.len) return true;
    return err_set(err, ERR_IO, "could not write to standard output", "无法写入标准输出");
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    struct pack_set set;
    if (cli_has(cli, "--mutate") && cli_has(cli, "--boundaries")) {
        return err_set(err, ERR_USAGE, "--mutate and --boundaries do not go together",
                       "--mutate 与 --boundaries 只能用一个");
    }
    if (!packs_of_words(cli, cli->words, cli->word_count, &set, err)) return false;
    struct tried *tried = arena_array(cli->arena, struct tried, set.policy->pack_count);
    size_t count = 0;
    for (size_t i = 0; i < set.policy->pack_count; i++) {
        if (set.asked[i]) tried[count++].pack = (uint16_t)i;
    }
    if (cli_has(cli, "--boundaries")) {
        return write_boundaries(cli, set.policy, tried, count, err);
    }
    if (cli_has(cli, "--mutate")) return mutate(cli, set.policy, tried, count, exit_code, err);
    for (size_t i = 0; i < count; i++) {
        policy_test(cli->arena, set.policy, tried[i].pack, &tried[i].trial);
        if (tried[i].trial.failure_count > 0) *exit_code = 1;
    }
    return tell_cases(cli, set.policy, tried, count, err);
}

const struct command command_policy_test = {
    .name = "policy test",
    .words = "[PACK…]",
    .words_max = WORDS_MAX,
    .zh = "运行政策包里的用例，试它们够不够，或写出界线上的用例",
    .en = "Runs the cases of policy packs, tries whether they are enough, or writes boundary cases",
    .more_zh =
        "不符的用例逐条列出：文件:行:列: 期望什么、得到什么；有不符时退出码为 1。包的写法同 policy "
        "check。--mutate 把规则逐处改动一点（日期差一天、名单少一项、“且”改为“或”、金额多一点……），"
        "列出没有一个用例发现的改动；对任何人都不改变结论的改动不计。得分低于 --least（默认 "
        "100）时退出码为 1。--boundaries "
        "为每个日期和每条界线写出两侧的用例，期望是现行文本的结论。",
    .more_en =
        "Cases that do not hold are listed, FILE:LINE:COLUMN: what was expected and what came; "
        "the exit code is then 1. Packs are named as for policy check. --mutate changes the rules "
        "in one place at a time (a day by one, a word out of a list, \"or\" for \"and\", an amount "
        "a little more …) and lists the changes that no case noticed; those that change no "
        "decision for anybody do not count. The exit code is 1 when the score is below --least "
        "(100 if not given). --boundaries writes cases for both sides of each day and limit, with "
        "what the text decides now.",
    .options = {{"--mutate", OPTION_FLAG, NULL, NULL, "改动规则，看用例是否发现",
                 "changes the rules and sees whether cases notice"},
                {"--least", OPTION_COUNT, "PERCENT", NULL, "--mutate 至少要有的得分（默认 100）",
                 "the score that --mutate has to reach (100 if not given)"},
                {"--boundaries", OPTION_FLAG, NULL, NULL, "写出界线两侧的用例",
                 "writes cases for both sides of each boundary"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue policy test", "运行内置包的用例", "runs the cases of the packs built in"},
                 {"baoxue policy test ./my_county --json", "自己的包，结果为 JSON",
                  "a pack of your own, as JSON"},
                 {"baoxue policy test gansu --mutate", "甘肃包的用例够不够",
                  "whether the cases of Gansu are enough"},
                 {"baoxue policy test ./my_county --boundaries --out boundaries.policy",
                  "写出自己包的界线用例", "writes the boundary cases of a pack of your own"}},
    .run = run,
};
