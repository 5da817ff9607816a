#include "access/audit.h"
#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "papers/suspects_return.h"

#include <stdio.h>

static const struct report_column columns[] = {
    {"file", "名单", "list", false},
    {"row", "行", "row", true},
    {"person", "人员", "person", true},
    {"name", "姓名", "name", false},
    {"id_number", "证件号码", "ID number", false},
    {"area", "区划", "area", false},
    {"code", "代码", "code", false},
    {"outcome", "核查结果", "outcome", false},
    {"state", "能否销号", "state", false},
    {"probability", "把握", "probability", false},
    {"evidence", "依据", "evidence", false},
    {"act", "须先办理", "to be done first", false},
    {"wanted", "待取佐证", "proofs to be fetched", false},
    {"nearest_record", "最接近的记载", "nearest record", false},
    {"folder", "文件夹", "folder", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

struct clearing {
    struct cli *cli;
    struct people people;
    struct outcomes outcomes;
    struct suspect *suspects;
    struct suspect_filed *filed;
    size_t count;
    struct suspects_return to;
};

/* "roll 会宁县学籍.xlsx:12;attending 到校.csv:3": those that the code rests on. */
static struct str evidence_key(const struct clearing *clearing, const struct suspect *suspect)
{
    struct text text;
    text_init(&text, clearing->cli->arena, 1 << 14);
    for (size_t i = 0; i < suspect->resting; i++) {
        const struct suspect_evidence *item = &suspect->evidence[i];
        if (text.len > 0) text_add_c(&text, ";");
        text_add_f(&text, "%.*s %.*s:%llu", STR_ARG(item->source->profile->key),
                   STR_ARG(item->file), (unsigned long long)item->row);
    }
    return text_str(&text);
}

static struct str evidence_shown(const struct clearing *clearing, const struct suspect *suspect)
{
    if (suspect->evidence_count == 0) return STR_EMPTY;
    return suspect_evidence_text(clearing->cli->arena, &suspect->evidence[0], clearing->cli->lang);
}

static struct str nearest_text(const struct clearing *clearing, const struct suspect *suspect)
{
    const struct people *people = &clearing->people;
    if (suspect->nearest == UINT32_MAX) return STR_EMPTY;
    const struct person_record *record = &people->records[suspect->nearest];
    return cli_format(
        clearing->cli, "%.*s %lld %.*s %u.%06u",
        STR_ARG(people->registers[record->register_number]->key), (long long)record->statement,
        STR_ARG(people_text(people, suspect->nearest, PERSON_NAME)),
        suspect->nearest_probability_ppm / 1000000, suspect->nearest_probability_ppm % 1000000);
}

static struct str in_language(const struct cli *cli, struct str zh, struct str en)
{
    return cli->lang == LANG_EN ? en : zh;
}

static bool write_row(struct clearing *clearing, struct report *report, size_t number,
                      struct err *err)
{
    struct cli *cli = clearing->cli;
    const struct suspect *suspect = &clearing->suspects[number];
    const struct suspect_filed *filed = &clearing->filed[number];
    const struct people *people = &clearing->people;
    bool code = suspect->code != NULL;
    uint32_t person = people->records[suspect->record].person;
    struct str values[COLUMNS] = {
        suspect->file,
        cli_number(cli, suspect->row),
        cli_number(cli, (uint64_t)people->persons[person].number),
        people_text(people, suspect->record, PERSON_NAME),
        suspect_number(&clearing->to, suspect),
        suspect->area,
        code ? suspect->code->code : STR_EMPTY,
        code ? in_language(cli, suspect->code->zh, suspect->code->en) : STR_EMPTY,
        str_from(suspect_state_key(filed->state)),
        code ? cli_probability(cli, suspect->probability_ppm) : STR_EMPTY,
        evidence_key(clearing, suspect),
        code ? in_language(cli, suspect->clause->act_zh, suspect->clause->act_en) : STR_EMPTY,
        suspect_wanted_text(cli->arena, &clearing->outcomes, suspect, filed->filed, cli->lang),
        nearest_text(clearing, suspect),
        filed->folder,
    };
    struct str shown[COLUMNS] = {
        [5] = division_name_of(cli->workspace.divisions, suspect->area),
        [8] = str_from(suspect_state_text(filed->state, cli->lang)),
        [10] = evidence_shown(clearing, suspect),
    };
    return report_row(report, values, shown, err);
}

static bool write_report(struct clearing *clearing, struct err *err)
{
    struct report *report;
    const char *state = cli_option(clearing->cli, "--state");
    if (!report_open(&report, clearing->cli, "suspects", columns, COLUMNS, err)) return false;
    for (size_t i = 0; i < clearing->count; i++) {
        const char *own = suspect_state_key(clearing->filed[i].state);
        if (state != NULL && !str_is(str_from(state), own)) continue;
        if (!write_row(clearing, report, i, err)) {
            report_abandon(report);
            return false;
        }
    }
    return report_close(report, err);
}

/* How many of each state, in words. */
static void note_states(const struct clearing *clearing)
{
    const struct cli *cli = clearing->cli;
    size_t states[SUSPECT_STATE_COUNT] = {0};
    for (size_t i = 0; i < clearing->count; i++) states[clearing->filed[i].state]++;
    cli_note(cli, "下发名单 %zu 人：", "on the list: %zu", clearing->count);
    for (int s = 0; s < SUSPECT_STATE_COUNT; s++) {
        enum suspect_state state = (enum suspect_state)s;
        if (states[s] == 0) continue;
        cli_note(cli, "    %s %zu", "    %s %zu", suspect_state_text(state, cli->lang), states[s]);
    }
    cli_note(cli, "结果由程序依名册推出，签字后方为核查结论。",
             "The program proposes; who signs the return decides.");
}

/* Who takes numbers out of the program says why, and all that leaves it stands in the trail. */
static bool record(struct clearing *clearing, struct err *err)
{
    struct cli *cli = clearing->cli;
    struct str reason = STR_EMPTY;
    bool leaves = cli_has(cli, "--out") || cli_has(cli, "--proofs");
    if (!cli_reveal(cli, &reason, err)) return false;
    clearing->to.reveal = reason.len > 0;
    if (!leaves && reason.len == 0) return true;
    struct str object = STR("suspects");
    return audit_append(cli->workspace.store, &cli->clock, &cli->asker,
                        reason.len > 0 ? AUDIT_REVEAL : AUDIT_EXPORT, object, reason, err);
}

static bool clear_list(struct clearing *clearing, struct read_at when, struct err *err)
{
    struct cli *cli = clearing->cli;
    struct people_link_options options = {0};
    struct people_link_result linked;
    struct bar bar;
    bar_start(&bar, cli->lang, cli->quiet);
    options.progress = &bar.progress;
    bool good = job_link(&cli->workspace, cli->arena, &cli->asker, when, &options, false,
                         &clearing->people, &linked, err);
    bar_end(&bar);
    if (!good) return false;
    struct suspects_input input = {.arena = cli->arena,
                                   .registry = &cli->workspace.registry,
                                   .asker = &cli->asker,
                                   .area = cli_area(cli),
                                   .people = &clearing->people,
                                   .weigher = weigher_open(cli->arena, &clearing->people, 0),
                                   .outcomes = &clearing->outcomes,
                                   .age_from = cli->workspace.rules.age_from,
                                   .age_to = cli->workspace.rules.age_to};
    return suspects_clear(&input, &clearing->suspects, &clearing->count, err);
}

static bool write_folders(struct clearing *clearing, struct err *err)
{
    struct cli *cli = clearing->cli;
    struct bar bar;
    if (!suspects_file(&clearing->to, clearing->suspects, clearing->count, &clearing->filed, err)) {
        return false;
    }
    if (clearing->to.proofs == NULL) return true;
    bar_start(&bar, cli->lang, cli->quiet);
    struct notices *notices = arena_new(cli->arena, struct notices);
    if (!notices_load(notices, cli->arena, cli->workspace.policies, err)) return false;
    bool good = suspects_sheets(&clearing->to, notices, clearing->suspects, clearing->filed,
                                clearing->count, &bar.progress, err);
    bar_end(&bar);
    return good;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct read_at when;
    struct clearing *clearing = arena_new(cli->arena, struct clearing);
    const char *out = cli_option(cli, "--out");
    clearing->cli = cli;
    if (!cli_open(cli, false, err) || !cli_when(cli, &when, err)
        || !outcomes_load(&clearing->outcomes, cli->arena, &cli->workspace.profiles,
                          &cli->workspace.procedures, cli->workspace.policies, err)) {
        return false;
    }
    clearing->to = (struct suspects_return){.arena = cli->arena,
                                            .outcomes = &clearing->outcomes,
                                            .people = &clearing->people,
                                            .divisions = cli->workspace.divisions,
                                            .proofs = cli_option(cli, "--proofs")};
    if (!record(clearing, err) || !clear_list(clearing, when, err)
        || !write_folders(clearing, err)) {
        return false;
    }
    if (out == NULL && !write_report(clearing, err)) return false;
    if (out != NULL
        && !suspects_write(&clearing->to, clearing->suspects, clearing->filed, clearing->count, out,
                           err)) {
        return false;
    }
    fflush(stdout);
    note_states(clearing);
    return true;
}

const struct command command_suspects = {
    .name = "suspects",
    .words = "",
    .capability = CAPABILITY_LOOK,
    .zh = "核查下发的疑似名单：每人可能的核查结果、依据、待取的佐证，写出回填表和佐证文件夹",
    .en = "Clears the list of suspects sent down: likely outcome of each name, evidence, proofs to "
          "be fetched; writes the return workbook and a folder of proofs for each child",
    .more_zh =
        "名单先用 import 导入。--out 按国家平台的列写回填表；--proofs "
        "为每个孩子建文件夹：核查证据页"
        "（A4）和各项待取佐证的空文件夹，扫描件放进去后再运行一次，即计为已有佐证。证件号码脱敏，"
        "--reveal 写全号并记入审计。状态：closes 可销号，needs_proof 待佐证，needs_act "
        "待办理，unsure "
        "待核实，stays_open 待劝返，unknown 待入户。按名单文件、行排序。",
    .more_en =
        "The list is imported first. --out writes the return in the platform's columns; --proofs "
        "makes "
        "a folder for each child: the evidence sheet (A4) and an empty folder for each proof to be "
        "fetched; a scan put there counts as that proof from the next run on. ID numbers are "
        "masked; "
        "--reveal writes them whole and is audited. States: closes, needs_proof, needs_act, "
        "unsure, "
        "stays_open, unknown. Sorted by the list's file and row.",
    .options = {OPTION_OF_AT,
                OPTION_OF_KNOWN,
                {"--area", OPTION_AREA, "CODE", NULL, "只看一个区划", "only one area"},
                {"--state", OPTION_CHOICE, "STATE",
                 "closes|needs_proof|needs_act|unsure|stays_open|unknown", "屏幕上只看一种状态",
                 "only one state, on the screen"},
                {"--out", OPTION_OUTPUT, "FILE", NULL, "写回填表（.xlsx 或 .csv）",
                 "writes the return workbook (.xlsx or .csv)"},
                {"--proofs", OPTION_OUTPUT, "FOLDER", NULL, "佐证文件夹", "the folder of proofs"},
                OPTION_OF_REVEAL,
                OPTION_OF_ALL},
    .examples =
        {{"baoxue suspects", "每人的核查结果和依据", "the outcome of each name, and why"},
         {"baoxue suspects --area 620422 --out 回填.xlsx --proofs 佐证 --reveal 上报国家平台",
          "会宁县的回填表和佐证文件夹", "one county's return and folders of proofs"}},
    .run = run,
};
