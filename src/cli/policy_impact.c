#include "awards/impact.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "cli/students.h"
#include "policy/explain.h"

static const struct report_column columns[] = {
    {"id", "编号", "id", false},
    {"scheme", "项目", "scheme", false},
    {"change", "变化", "change", false},
    {"before", "原结论", "before", false},
    {"after", "新结论", "after", false},
    {"before_fen", "原金额（分）", "fen before", true},
    {"after_fen", "新金额（分）", "fen after", true},
    {"difference_fen", "差额（分）", "difference", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

/* One of the two policies, and what it decides. */
struct side {
    struct pack_set set;
    struct students students;
    struct award_decided decided;
};

/* A pack stands alone with what it uses. */
static bool decide_side(struct cli *cli, const char *pack, struct side *out, struct err *err)
{
    if (!packs_of_words(cli, &pack, 1, &out->set, err)) return false;
    const struct aid_rules rules = {.policy = out->set.policy};
    const struct students_wish all = {0};
    if (!students_read(cli, &rules, &all, &out->students, err)) return false;
    struct policy_decide_options options = {.subject = out->students.people.rows.subject,
                                            .at = out->students.at};
    award_decide_people(cli->arena, out->set.policy, &out->students.people, &options, 0,
                        &out->decided);
    return true;
}

static const char *verdict_key(uint8_t verdict)
{
    return verdict == AWARD_NOT_CONCERNED ? "" : policy_verdict_key((enum policy_verdict)verdict);
}

static bool put_row(struct cli *cli, struct report *report, const struct side *old,
                    const struct award_impact_row *row, struct err *err)
{
    struct arena scratch = {0};
    struct cli brief = *cli;
    brief.arena = &scratch;
    bool before = row->before == POLICY_ENTITLED, after = row->after == POLICY_ENTITLED;
    struct str values[COLUMNS] = {
        old->students.people.ids[row->row],
        row->scheme,
        str_from(award_change_key(row->change)),
        str_from(verdict_key(row->before)),
        str_from(verdict_key(row->after)),
        before ? cli_format(&brief, "%lld", (long long)row->before_fen) : STR_EMPTY,
        after ? cli_format(&brief, "%lld", (long long)row->after_fen) : STR_EMPTY,
        cli_format(&brief, "%lld", (long long)(row->after_fen - row->before_fen)),
    };
    struct str shown[COLUMNS] = {
        [2] = str_from(award_change_text(row->change, cli->lang)),
    };
    bool good = report_row(report, values, shown, err);
    arena_free(&scratch);
    return good;
}

static void json_totals(struct json *json, const struct award_impact *impact)
{
    json_key(json, "schemes");
    json_list(json);
    for (size_t i = 0; i < impact->total_count; i++) {
        const struct award_impact_total *total = &impact->totals[i];
        json_object(json);
        json_key_str(json, "scheme", total->scheme);
        for (int c = 0; c < AWARD_CHANGE_COUNT; c++) {
            json_key_i64(json, award_change_key((enum award_change)c), (int64_t)total->people[c]);
        }
        json_key_i64(json, "before_fen", total->before_fen);
        json_key_i64(json, "after_fen", total->after_fen);
        json_object_end(json);
    }
    json_list_end(json);
}

/* One line a scheme in which something changes, and the sum. */
static void tell(const struct cli *cli, const struct award_impact *impact)
{
    int64_t before = 0, after = 0;
    for (size_t i = 0; i < impact->total_count; i++) {
        const struct award_impact_total *total = &impact->totals[i];
        bool changed = false;
        before += total->before_fen;
        after += total->after_fen;
        for (int c = 0; c < AWARD_CHANGE_COUNT; c++) changed = changed || total->people[c] > 0;
        if (!changed) continue;
        cli_note(cli, "%.*s：新享受 %s 人，不再享受 %s 人，增加 %s 人，减少 %s 人；%s → %s",
                 "%.*s: %s gain, %s lose, %s get more, %s get less; %s → %s",
                 STR_ARG(total->scheme), cli_thousands(cli, total->people[AWARD_GAINS]).ptr,
                 cli_thousands(cli, total->people[AWARD_LOSES]).ptr,
                 cli_thousands(cli, total->people[AWARD_MORE]).ptr,
                 cli_thousands(cli, total->people[AWARD_LESS]).ptr,
                 str_cstr(cli->arena, policy_money_text(cli->arena, total->before_fen, cli->lang)),
                 str_cstr(cli->arena, policy_money_text(cli->arena, total->after_fen, cli->lang)));
    }
    cli_note(cli, "合计 %s → %s", "in all %s → %s",
             str_cstr(cli->arena, policy_money_text(cli->arena, before, cli->lang)),
             str_cstr(cli->arena, policy_money_text(cli->arena, after, cli->lang)));
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct side *old = arena_new(cli->arena, struct side);
    struct side *fresh = arena_new(cli->arena, struct side);
    struct award_impact impact;
    struct report *report = NULL;
    if (!decide_side(cli, cli->words[0], old, err)
        || !decide_side(cli, cli->words[1], fresh, err)) {
        return false;
    }
    award_impact(cli->arena, &old->decided, &fresh->decided, &impact);
    if (!report_open(&report, cli, "rows", columns, COLUMNS, err)) return false;
    struct json *json = report_json(report);
    if (json != NULL) json_totals(json, &impact);
    bool good = true;
    for (size_t i = 0; good && i < impact.row_count; i++) {
        good = put_row(cli, report, old, &impact.rows[i], err);
    }
    if (good) good = report_close(report, err);
    if (!good) report_abandon(report);
    if (good) tell(cli, &impact);
    return good;
}

const struct command command_policy_impact = {
    .name = "policy impact",
    .words = "OLD_PACK NEW_PACK",
    .words_min = 2,
    .words_max = 2,
    .capability = CAPABILITY_LOOK,
    .zh = "换一个政策包，谁多得、谁少得、多少人、多少钱",
    .en = "What another pack would change: who gains, who loses, how many, how much",
    .more_zh =
        "两个包各连同其用到的包，对同一批人、同一天判定，列出有变化的人和项目，按编号、项目排序；"
        "各项目的人数和金额合计写在标准错误或 JSON 的 schemes 里。change：gains 新享受，loses "
        "不再享受，more 增加，less 减少，clears 不再未知，clouds 变为未知。",
    .more_en =
        "Each pack, with those that it uses, decides the same people on the same day; people "
        "and schemes for whom something changes are listed, sorted by id, then scheme; sums by "
        "scheme go to standard error, or under \"schemes\" in JSON. change is one of gains, "
        "loses, more, less, clears (no longer unknown), clouds (becomes unknown).",
    .options = {OPTION_OF_STUDENTS,
                OPTION_OF_SUBJECT,
                {"--at", OPTION_DAY, "DATE", NULL, "以此日为准", "the day asked about"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue policy impact gansu ./gansu_2026 --students students.csv --at 2026-03-01",
                  "新文件会带来什么", "what a new document would bring"}},
    .run = run,
};
