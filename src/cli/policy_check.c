#include "cli/commands.h"
#include "cli/packs.h"
#include "cli/report.h"

#include <stdio.h>

static struct str fault_place(const struct cli *cli, const struct pack_faults *faults,
                              size_t number)
{
    const struct policy_place *place = &faults->list.items[number].place;
    return cli_format(cli, "%.*s:%d:%d", STR_ARG(faults->sources[place->source].name), place->line,
                      place->column);
}

static void print_faults(const struct cli *cli, const struct pack_faults *faults)
{
    for (size_t i = 0; i < faults->list.count; i++) {
        const struct policy_fault *fault = &faults->list.items[i];
        struct str place = fault_place(cli, faults, i);
        struct str said = cli->lang == LANG_EN ? fault->en : fault->zh;
        printf("%.*s: %.*s\n", STR_ARG(place), STR_ARG(said));
    }
    if (faults->list.more) {
        cli_note(cli, "只列出前 %d 处", "only the first %d are shown", POLICY_FAULTS_MAX);
    }
}

static bool json_faults(struct cli *cli, const struct pack_faults *faults, struct err *err)
{
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key(&json, "faults");
    json_list(&json);
    for (size_t i = 0; i < faults->list.count; i++) {
        const struct policy_fault *fault = &faults->list.items[i];
        json_object(&json);
        json_key_str(&json, "file", faults->sources[fault->place.source].name);
        json_key_i64(&json, "line", fault->place.line);
        json_key_i64(&json, "column", fault->place.column);
        json_key_str(&json, "zh", fault->zh);
        json_key_str(&json, "en", fault->en);
        json_object_end(&json);
    }
    json_list_end(&json);
    json_key_bool(&json, "more", faults->list.more);
    return report_json_end(&text, &json, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    struct pack_set set;
    struct pack_faults faults;
    struct pack_wish wish = {.packs = cli->words, .pack_count = cli->word_count};
    bool good = packs_load(cli->arena, &wish, &faults, &set, err);
    if (!good && faults.list.count == 0) return false;
    if (!good) *exit_code = err_exit_code(ERR_INPUT);
    if (cli->json) return json_faults(cli, &faults, err);
    print_faults(cli, &faults);
    if (good) {
        cli_note(cli, "没有错误：%zu 个包，%zu 个文件，%zu 个项目，%zu 个用例",
                 "no faults: %zu packs, %zu files, %zu schemes, %zu cases", set.policy->pack_count,
                 set.source_count, set.policy->scheme_count, set.policy->case_count);
    }
    return true;
}

const struct command command_policy_check = {
    .name = "policy check",
    .words = "[PACK…]",
    .words_max = WORDS_MAX,
    .zh = "检查政策文本：写法、名称、单位、日期、冲突、引用",
    .en = "Checks policy text: form, names, units, dates, conflicts, citations",
    .more_zh = "PACK 是内置包的名称，或一个文件夹（其中有 rules/*.policy 或 "
               "*.policy）；不写则检查全部内置包。用到的包一并读入。错误逐条列出：文件:行:列: "
               "一句话；有错误时退出码为 3。",
    .more_en =
        "PACK is the name of a pack built in, or a folder (with rules/*.policy or *.policy); "
        "without one all packs built in are checked. Packs that are used are read too. Faults "
        "are listed one a line, FILE:LINE:COLUMN: sentence, and the exit code is then 3.",
    .examples = {{"baoxue policy check", "检查内置的全部包", "checks all packs built in"},
                 {"baoxue policy check ./my_county", "检查自己写的包",
                  "checks a pack of your own"}},
    .run = run,
};
