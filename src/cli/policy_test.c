#include "cli/commands.h"
#include "cli/packs.h"
#include "cli/report.h"
#include "policy/trial.h"

#include <stdio.h>

/* What was found of one pack. */
struct tried {
    uint16_t pack;
    struct policy_trial trial;
};

static void print_pack(const struct cli *cli, const struct policy *policy,
                       const struct tried *tried)
{
    bool zh = cli->lang == LANG_ZH;
    const char *pack = str_cstr(cli->arena, policy->packs[tried->pack].name.key);
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

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    struct pack_set set;
    if (!packs_of_words(cli, cli->words, cli->word_count, &set, err)) return false;
    struct tried *tried = arena_array(cli->arena, struct tried, set.policy->pack_count);
    size_t count = 0;
    for (size_t i = 0; i < set.policy->pack_count; i++) {
        if (!set.asked[i]) continue;
        tried[count].pack = (uint16_t)i;
        policy_test(cli->arena, set.policy, (uint16_t)i, &tried[count].trial);
        if (tried[count++].trial.failure_count > 0) *exit_code = 1;
    }
    if (!cli->json) {
        for (size_t i = 0; i < count; i++) print_pack(cli, set.policy, &tried[i]);
        return true;
    }
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key(&json, "packs");
    json_list(&json);
    for (size_t i = 0; i < count; i++) json_pack(&json, set.policy, &tried[i]);
    json_list_end(&json);
    return report_json_end(&text, &json, err);
}

const struct command command_policy_test = {
    .name = "policy test",
    .words = "[PACK…]",
    .words_max = WORDS_MAX,
    .zh = "运行政策包里的用例",
    .en = "Runs the cases of policy packs",
    .more_zh = "不符的用例逐条列出：文件:行:列: 期望什么、得到什么；有不符时退出码为 "
               "1。包的写法同 policy check。",
    .more_en =
        "Cases that do not hold are listed, FILE:LINE:COLUMN: what was expected and what came; "
        "the exit code is then 1. Packs are named as for policy check.",
    .examples = {{"baoxue policy test", "运行内置包的用例", "runs the cases of the packs built in"},
                 {"baoxue policy test ./my_county --json", "自己的包，结果为 JSON",
                  "a pack of your own, as JSON"}},
    .run = run,
};
