#include "cli/commands.h"
#include "cli/packs.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"pack", "包", "pack", false},         {"scheme", "项目", "scheme", false},
    {"zh", "名称", "Chinese", false},      {"en", "英文名称", "English", false},
    {"subject", "主体", "subject", false}, {"period", "周期", "period", false},
    {"form", "形式", "form", false},       {"payer_zh", "发放", "payer", false},
    {"from", "自", "from", false},         {"until", "至", "until", false},
    {"cases", "用例", "cases", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static size_t cases_of(const struct policy *policy, uint16_t scheme)
{
    size_t count = 0;
    for (size_t i = 0; i < policy->case_count; i++) {
        for (size_t k = 0; k < policy->cases[i].expected_count; k++) {
            count += policy->cases[i].expected[k].scheme == scheme;
        }
    }
    return count;
}

static bool put_scheme(struct cli *cli, struct report *report, const struct policy *policy,
                       uint16_t number, struct err *err)
{
    static const struct {
        const char *key, *zh, *en;
    } periods[] = {[PERIOD_TERM] = {"term", "学期", "term"},
                   [PERIOD_YEAR] = {"year", "学年", "year"},
                   [PERIOD_ONCE] = {"once", "一次", "once"}};
    const struct policy_scheme *scheme = &policy->schemes[number];
    struct str values[COLUMNS] = {
        policy->packs[scheme->pack].name.key,
        scheme->name.key,
        scheme->name.zh,
        scheme->name.en,
        policy->subjects[scheme->subject].name.key,
        str_from(periods[scheme->period].key),
        str_from(policy_form_key(scheme->form)),
        scheme->payer_zh,
        cli_date(cli, scheme->span.first),
        cli_date(cli, scheme->span.last),
        cli_number(cli, cases_of(policy, number)),
    };
    struct str shown[COLUMNS] = {
        [5] = str_from(cli_say(cli, periods[scheme->period].zh, periods[scheme->period].en)),
        [6] = str_from(policy_form_text(scheme->form, cli->lang)),
        [7] = cli->lang == LANG_EN ? scheme->payer_en : scheme->payer_zh,
    };
    return report_row(report, values, shown, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct pack_set set;
    struct report *report = NULL;
    if (!packs_of_words(cli, cli->words, cli->word_count, &set, err)) return false;
    if (!report_open(&report, cli, "schemes", columns, COLUMNS, err)) return false;
    bool good = true;
    for (size_t i = 0; good && i < set.policy->scheme_count; i++) {
        if (!set.asked[set.policy->schemes[i].pack]) continue;
        good = put_scheme(cli, report, set.policy, (uint16_t)i, err);
    }
    if (good) good = report_close(report, err);
    if (!good) report_abandon(report);
    if (good) {
        cli_note(cli, "%zu 个包，%zu 个文件，%zu 份文件依据", "%zu packs, %zu files, %zu documents",
                 set.policy->pack_count, set.source_count, set.policy->document_count);
    }
    return good;
}

const struct command command_policy_list = {
    .name = "policy list",
    .words = "[PACK…]",
    .words_max = WORDS_MAX,
    .zh = "列出政策包里的项目",
    .en = "Lists the schemes of the policy packs",
    .more_zh = "按项目键排序。包的写法同 policy check。",
    .more_en = "Sorted by key. Packs are named as for policy check.",
    .options = {OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue policy list", "全部项目", "all schemes"},
                 {"baoxue policy list gansu", "甘肃包里的项目", "the schemes of pack gansu"}},
    .run = run,
};
