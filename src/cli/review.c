#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/number.h"
#include "cli/report.h"
#include "cli/words.h"
#include "identity/id_number.h"
#include "jobs/person_told.h"

#include <string.h>

static const struct report_column columns[] = {
    {"pair", "对", "pair", true},
    {"left_register", "名册甲", "register A", false},
    {"left_name", "姓名甲", "name A", false},
    {"left_id_number", "证件号甲", "ID A", false},
    {"left_birth_date", "出生甲", "born A", false},
    {"right_register", "名册乙", "register B", false},
    {"right_name", "姓名乙", "name B", false},
    {"right_id_number", "证件号乙", "ID B", false},
    {"right_birth_date", "出生乙", "born B", false},
    {"probability", "同一人的可能性", "one person", false},
    {"joined", "暂归并", "joined", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static void fill_side(struct cli *cli, const struct people *people, uint32_t record,
                      struct str values[4])
{
    values[0] = people->registers[people->records[record].register_number]->key;
    values[1] = people_text(people, record, PERSON_NAME);
    values[2] = id_number_mask(cli->arena, people_text(people, record, PERSON_ID_NUMBER));
    values[3] = people_text(people, record, PERSON_BIRTH_DATE);
}

static struct str register_text(const struct cli *cli, const struct people *people, uint32_t record)
{
    return words_register(cli, people->registers[people->records[record].register_number]);
}

static bool write_items(struct cli *cli, const struct people *people,
                        const struct review_item *items, size_t count, struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "pairs", columns, COLUMNS, err)) return false;
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        struct str values[COLUMNS];
        values[0] = cli_number(cli, (uint64_t)items[i].number);
        fill_side(cli, people, items[i].record, &values[1]);
        fill_side(cli, people, items[i].other, &values[5]);
        values[9] = cli_probability(cli, items[i].probability_ppm);
        values[10] = items[i].joined ? STR("yes") : STR("no");
        struct str shown[COLUMNS] = {
            [1] = register_text(cli, people, items[i].record),
            [5] = register_text(cli, people, items[i].other),
            [10] = str_from(items[i].joined ? cli_say(cli, "是", "yes") : cli_say(cli, "否", "no")),
        };
        good = report_row(report, values, shown, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool run_list(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct people people;
    struct people_question question = {.now = !cli_has(cli, "--known")};
    struct review_item *items = NULL;
    size_t count = 0;
    struct bar bar;
    if (!cli_open(cli, false, err)) return false;
    if (!cli_when(cli, &question.when, err)) return false;
    bar_start(&bar, cli->lang, cli->quiet);
    bool good = job_people_doubtful(&cli->workspace, cli->arena, &cli->asker, &question,
                                    &bar.progress, &people, err);
    bar_end(&bar);
    if (!good) return false;
    if (!review_list(&people, &cli->workspace.registry, &cli->asker, &items, &count, err))
        return false;
    if (!write_items(cli, &people, items, count, err)) return false;
    if (count > 0) {
        cli_note(cli, "裁定：baoxue review decide 编号 same|different|visit --why \"理由\"",
                 "decide: baoxue review decide PAIR same|different|visit --why \"REASON\"");
    }
    return true;
}

static bool run_decide(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    int64_t number;
    enum review_verdict verdict;
    const char *word = cli->words[1], *why = cli_option(cli, "--why");
    if (!number_read(cli->words[0], &number, err)) return false;
    if (strcmp(word, "same") == 0) {
        verdict = REVIEW_SAME;
    } else if (strcmp(word, "different") == 0) {
        verdict = REVIEW_DIFFERENT;
    } else if (strcmp(word, "visit") == 0) {
        verdict = REVIEW_VISIT;
    } else {
        return err_set(err, ERR_USAGE, "\"%s\" is no decision; it is same, different or visit",
                       "“%s”不是裁定，应为 same（同一人）、different（两个人）或 visit（去核实）",
                       word);
    }
    if (why == NULL || str_trim(str_from(why)).len == 0) {
        return err_set(err, ERR_USAGE, "a decision needs a reason: --why \"REASON\"",
                       "裁定需要理由：--why \"理由\"");
    }
    if (!cli_open(cli, false, err)) return false;
    if (!review_decide(&cli->workspace.registry, &cli->asker, number, verdict, str_from(why),
                       REVIEW_SEEN_ANY, NULL, err)) {
        return false;
    }
    if (cli->json) {
        struct text text;
        struct json json;
        report_json_begin(cli, &text, &json);
        json_key_i64(&json, "pair", number);
        json_key_str(&json, "decision", str_from(word));
        return report_json_end(&text, &json, err);
    }
    cli_note(cli, "已记下；下次归并起生效", "noted; it holds from the next link on");
    return true;
}

const struct command command_review = {
    .name = "review",
    .words = "",
    .capability = CAPABILITY_LOOK,
    .zh = "列出存疑的记录对，由人裁定是不是同一个人",
    .en = "Lists the doubtful pairs, for a person to decide",
    .more_zh = "最拿不准的在前，其次按编号。证件号码脱敏。",
    .more_en = "The most doubtful first, then by number. ID numbers are masked.",
    .options = {OPTION_OF_AT, OPTION_OF_KNOWN, OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue review", "列出存疑的对", "lists the doubtful pairs"},
                 {"baoxue review --out 存疑.xlsx", "写成表格分给学校", "a workbook to hand out"}},
    .run = run_list,
};

const struct command command_review_decide = {
    .name = "review decide",
    .words = "PAIR same|different|visit",
    .words_min = 2,
    .words_max = 2,
    .capability = CAPABILITY_REVIEW,
    .zh = "裁定一个存疑的对：same 同一人，different 两个人，visit 去核实",
    .en = "Decides a doubtful pair: same person, different persons, or a visit first",
    .more_zh = "裁定胜过任何权重，再次裁定即改正；记入审计。",
    .more_en = "A decision is stronger than any weight; deciding again corrects it; it is audited.",
    .options = {{"--why", OPTION_TEXT, "REASON", NULL, "理由（必填）", "the reason (needed)"}},
    .examples = {{"baoxue review decide 17 same --why \"班主任确认\"", "第 17 对是同一人",
                  "pair 17 is one person"}},
    .run = run_decide,
};
