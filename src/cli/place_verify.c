#include "cli/commands.h"
#include "cli/place.h"
#include "cli/report.h"
#include "verifying/verifying.h"

static const struct report_column columns[] = {
    {"code", "问题", "what is wrong", false},    {"applicant", "考生", "applicant", false},
    {"batch", "批次", "batch", false},           {"group", "专业组", "group", false},
    {"programme", "专业", "programme", false},   {"detail", "说明", "detail", false},
    {"component", "关联块", "component", false},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void json_head(struct json *json, const struct verify_report *found)
{
    if (json == NULL) return;
    json_key_bool(json, "in_order", found->violation_count == 0);
    json_key_i64(json, "applicants", (int64_t)found->applicants);
    json_key_i64(json, "choices", (int64_t)found->choices);
    json_key_i64(json, "groups", (int64_t)found->groups);
    json_key_i64(json, "placed", (int64_t)found->rows);
    json_key_i64(json, "files_sent", (int64_t)found->files);
    json_key_i64(json, "components", (int64_t)found->component_count);
    json_key(json, "touched");
    json_list(json);
    for (size_t c = 0; c < found->component_count; c++) {
        const struct verify_component *component = &found->components[c];
        if (component->violations == 0) continue;
        json_object(json);
        json_key_str(json, "component", component->name);
        json_key_i64(json, "groups", (int64_t)component->groups);
        json_key_i64(json, "applicants", (int64_t)component->applicants);
        json_key_i64(json, "violations", (int64_t)component->violations);
        json_object_end(json);
    }
    json_list_end(json);
}

static bool write_rows(struct cli *cli, const struct verify_report *found, struct err *err)
{
    struct report *report = NULL;
    bool good = true;
    if (!report_open(&report, cli, "violations", columns, COLUMNS, err)) return false;
    json_head(report_json(report), found);
    for (size_t i = 0; good && i < found->violation_count; i++) {
        const struct verify_violation *violation = &found->violations[i];
        struct str component = STR_EMPTY;
        if (violation->component != VERIFY_NONE) {
            component = found->components[violation->component].name;
        }
        struct str values[COLUMNS] = {
            str_from(verify_code_key(violation->code)),
            violation->applicant,
            violation->batch,
            violation->group,
            violation->programme,
            str_from(cli_say(cli, violation->zh, violation->en)),
            component,
        };
        struct str shown[COLUMNS] = {str_from(verify_code_text(violation->code, cli->lang))};
        good = report_row(report, values, shown, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

/* What is in order, and which groups the violations touch: what is wrong in one component says
 * nothing about the others. */
static void say(const struct cli *cli, const struct verify_report *found)
{
    enum { SHOWN_MAX = 20 };
    uint64_t groups = 0, applicants = 0, shown = 0;
    cli_note(cli, "考生 %s 人，志愿 %s 个，录取 %s 人；推算投档 %s 份",
             "%s applicants, %s choices, %s placed; %s files were to be sent",
             cli_thousands(cli, found->applicants).ptr, cli_thousands(cli, found->choices).ptr,
             cli_thousands(cli, found->rows).ptr, cli_thousands(cli, found->files).ptr);
    if (found->violation_count == 0) {
        cli_note(cli, "核验通过：资格、计划数、投档、专业、调剂和退档都没有问题",
                 "in order: eligibility, quotas, files sent, majors, adjustment and returns");
        return;
    }
    cli_note(cli, "发现 %s 处问题", "violations: %s",
             cli_thousands(cli, found->violation_count).ptr);
    for (size_t c = 0; c < found->component_count; c++) {
        const struct verify_component *component = &found->components[c];
        if (component->violations == 0) {
            groups += component->groups;
            applicants += component->applicants;
            continue;
        }
        if (shown++ >= SHOWN_MAX) continue;
        cli_note(cli, "  关联块 %.*s：专业组 %s 个，考生 %s 人，问题 %s 处",
                 "  component %.*s: groups %s, applicants %s, violations %s",
                 STR_ARG(component->name), cli_thousands(cli, component->groups).ptr,
                 cli_thousands(cli, component->applicants).ptr,
                 cli_thousands(cli, component->violations).ptr);
    }
    if (shown > SHOWN_MAX) {
        cli_note(cli, "  另有 %s 个关联块有问题", "  more components with violations: %s",
                 cli_thousands(cli, shown - SHOWN_MAX).ptr);
    }
    cli_note(cli, "其余 %s 个关联块（专业组 %s 个，考生 %s 人）没有问题",
             "the rest is in order: components %s, groups %s, applicants %s",
             cli_thousands(cli, found->component_count - found->touched_count).ptr,
             cli_thousands(cli, groups).ptr, cli_thousands(cli, applicants).ptr);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    struct place_paths four;
    struct verify_paths paths;
    struct verify_report found;
    if (!place_paths_of(cli, &four, err) || !place_needs(cli, "--result", &paths.result, err)) {
        return false;
    }
    paths.rules = four.rules;
    paths.programmes = four.programmes;
    paths.applicants = four.applicants;
    paths.choices = four.choices;
    paths.allotments = four.allotments;
    if (!verify_run(cli->arena, &paths, &found, err)) return false;
    if (!write_rows(cli, &found, err)) return false;
    say(cli, &found);
    if (found.violation_count > 0) *exit_code = 1;
    return true;
}

const struct command command_place_verify = {
    .name = "place verify",
    .words = "",
    .zh = "独立核验录取结果",
    .en = "Checks a result independently",
    .more_zh =
        "与投档程序不共用代码。核对每一行：考生、批次、专业组、专业是否存在，是否填报过，志愿"
        "序号和录取方式是否属实，资格是否符合，有没有重复录取、超计划；再推算每个专业组应收到"
        "的档案，核对有没有越过分数高的考生、越过靠前的专业志愿、该录未录、不服从调剂却被调剂"
        "。名额分配到初中的，另核对本校名额、最低分、留给初中的名额和最低比例。有问题时退出码为 "
        "1，逐条列出，并指出涉及哪些相互关联的专业组，其余没有问题。按批次、专业组、考生号排"
        "序。",
    .more_en =
        "Shares no code with placing. Each row: do applicant, batch, group and programme "
        "exist, was it chosen, are rank and way of placing true, is the applicant eligible, "
        "is nobody placed twice and no programme overfilled; then, from the files that each "
        "group was to get: was nobody passed over for a worse file, no earlier wish passed "
        "over, nobody returned who could be placed, nobody adjusted against their will; where "
        "seats are given to junior schools, their number, floor, reserve and least share. "
        "Exits 1 with each violation and the component of groups that it touches; the rest "
        "is in order. Sorted by batch, group and applicant.",
    .options = {OPTIONS_OF_PLACE,
                {"--result", OPTION_FILE, "O.csv", NULL, "要核验的录取结果（必填）",
                 "the result to check (needed)"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue place verify --rules r.yaml --programmes p.csv --applicants a.csv "
                  "--choices c.csv --result o.csv",
                  "核验录取结果", "checks a result"}},
    .run = run,
};
