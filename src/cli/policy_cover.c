#include "cli/commands.h"
#include "cli/packs.h"
#include "cli/report.h"
#include "policy/trial.h"

static const struct report_column columns[] = {
    {"document", "文件", "document", false},
    {"article", "条", "article", false},
    {"sentence", "原文", "sentence", false},
    {"clauses", "条款数", "clauses", true},
    {"place", "位置", "place", false},
    {"what_zh", "条款", "clauses", false},
    {"what_en", "条款（英文）", "in English", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool put_row(struct cli *cli, struct report *report, const struct policy *policy,
                    const struct policy_cover_row *row, struct err *err)
{
    struct str article = STR_EMPTY, sentence = STR_EMPTY, document = STR_EMPTY;
    struct str shown[COLUMNS] = {0};
    if (row->document != POLICY_NONE) {
        const struct policy_document *cited = &policy->documents[row->document];
        document = cited->number;
        if (row->sentence != UINT32_MAX) {
            article = cited->sentences[row->sentence].article;
            sentence = cited->sentences[row->sentence].text;
        }
    } else {
        shown[0] = str_from(cli_say(cli, "（没有依据）", "(cites nothing)"));
    }
    struct str values[COLUMNS] = {
        document,
        article,
        sentence,
        cli_number(cli, row->clauses),
        packs_place(cli, policy, row->place),
        row->what_zh,
        row->what_en,
    };
    return report_row(report, values, shown, err);
}

static bool put_pack(struct cli *cli, struct report *report, const struct policy *policy,
                     uint16_t pack, uint64_t *idle, uint64_t *bare, struct err *err)
{
    struct policy_cover_row *rows;
    size_t count;
    policy_cover(cli->arena, policy, pack, &rows, &count);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].document == POLICY_NONE) *bare += rows[i].clauses;
        *idle += rows[i].sentence != UINT32_MAX && rows[i].clauses == 0;
        if (!put_row(cli, report, policy, &rows[i], err)) return false;
    }
    return true;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct pack_set set;
    struct report *report = NULL;
    uint64_t idle = 0, bare = 0;
    if (!packs_of_words(cli, cli->words, cli->word_count, &set, err)) return false;
    if (!report_open(&report, cli, "rows", columns, COLUMNS, err)) return false;
    bool good = true;
    for (size_t i = 0; good && i < set.policy->pack_count; i++) {
        if (!set.asked[i]) continue;
        good = put_pack(cli, report, set.policy, (uint16_t)i, &idle, &bare, err);
    }
    if (good) good = report_close(report, err);
    if (!good) report_abandon(report);
    if (good) {
        cli_note(cli, "%s 个条款没有依据；%s 句原文没有条款用到",
                 "%s clauses cite nothing; %s sentences of documents serve no clause",
                 cli_thousands(cli, bare).ptr, cli_thousands(cli, idle).ptr);
    }
    return good;
}

const struct command command_policy_cover = {
    .name = "policy cover",
    .words = "[PACK…]",
    .words_max = WORDS_MAX,
    .zh = "哪一条款依据哪份文件的哪一句，哪些没有依据",
    .en = "Which clause rests on which sentence of which document, and which on none",
    .more_zh = "按文件、原文顺序；没有依据的条款和没有条款用到的原文也列出。",
    .more_en = "By document and sentence; clauses that cite nothing, and sentences that serve no "
               "clause, are listed too.",
    .options = {OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue policy cover", "内置包的依据", "what the packs built in rest on"},
                 {"baoxue policy cover ./my_county --out cover.xlsx", "写成表格", "as a workbook"}},
    .run = run,
};
