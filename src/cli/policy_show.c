#include "awards/scheme_text.h"
#include "cli/commands.h"
#include "cli/packs.h"
#include "cli/report.h"

#include <stdio.h>

enum { TEXT_BYTES_MAX = 1 << 24 };

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct pack_set set;
    uint16_t scheme;
    struct text text;
    day at = cli_day(cli, "--at");
    if (!packs_of_option(cli, &set, err)
        || !packs_scheme(cli, set.policy, cli->words[0], &scheme, err)) {
        return false;
    }
    text_init(&text, cli->arena, TEXT_BYTES_MAX);
    if (cli->json) {
        struct json json;
        json_init(&json, &text);
        scheme_json(&json, set.policy, scheme, at);
        return report_write_json(&text, err);
    }
    scheme_lines(cli->arena, set.policy, scheme, at, cli->lang, &text);
    text_add_f(&text, "  %s\n",
               packs_place(cli, set.policy, set.policy->schemes[scheme].place).ptr);
    if (fwrite(text.ptr, 1, text.len, stdout) == text.len) return true;
    return err_set(err, ERR_IO, "could not write to standard output", "无法写入标准输出");
}

const struct command command_policy_show = {
    .name = "policy show",
    .words = "SCHEME",
    .words_min = 1,
    .words_max = 1,
    .zh = "用语句写出一个项目：对象、资格、金额、标准、依据",
    .en = "Writes a scheme out in words: whom, on which grounds, how much, by which document",
    .more_zh = "SCHEME 是键或名称。--at 只写这一天有效的内容；不写则列出全部，连同起止日期。",
    .more_en = "SCHEME is a key or a name. --at shows what is in force on that day; without it "
               "everything, with its dates.",
    .options = {{"--at", OPTION_DAY, "DATE", NULL, "只看这一天有效的内容",
                 "only what is in force on that day"},
                OPTION_OF_PACKS},
    .examples = {{"baoxue policy show boarding_subsidy --at 2024-03-01", "这一天的规则",
                  "the rule on that day"},
                 {"baoxue policy show 寄宿生生活补助", "历年的规则和标准",
                  "the rule and its standards over the years"}},
    .run = run,
};
