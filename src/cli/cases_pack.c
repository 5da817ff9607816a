#include "cases/case_pack.h"
#include "cli/casework.h"
#include "cli/commands.h"
#include "identity/division_tree.h"

enum { PLACES_MAX = 64 };

/* A division code, or the name of one place. */
static bool read_area(struct cli *cli, struct str *out, struct err *err)
{
    const char *given = cli_option(cli, "--area");
    struct division_node *nodes;
    size_t count, found = 0;
    *out = STR_EMPTY;
    if (given == NULL) return true;
    *out = division_code_read(cli->arena, str_from(given));
    if (out->len > 0) return true;
    division_tree_find(cli->workspace.divisions, cli->arena, str_from(given), PLACES_MAX, &nodes,
                       &count);
    for (size_t i = 0; i < count; i++) {
        if (!str_is(nodes[i].division->name, given)) continue;
        *out = nodes[i].division->code;
        found++;
    }
    if (found == 0) {
        *out = division_of_address(cli->workspace.divisions, str_from(given), STR_EMPTY);
        if (out->len > 0) return true;
    }
    if (found == 1) return true;
    if (found == 0) {
        return err_set(err, ERR_USAGE, "no place is called \"%s\"; give the division code",
                       "没有叫“%s”的地方，请给区划代码", given);
    }
    return err_set(err, ERR_USAGE, "%zu places are called \"%s\"; give the division code",
                   "有 %zu 处叫“%s”，请给区划代码", found, given);
}

static bool read_position(struct cli *cli, const struct chains *chains, int *out, struct err *err)
{
    const char *given = cli_option(cli, "--position");
    *out = -1;
    if (given == NULL) return true;
    for (size_t i = 0; i < chains->position_count; i++) {
        const struct position *position = &chains->positions[i];
        if (str_is(position->key, given) || str_is(position->zh, given)
            || str_is(position->en, given)) {
            *out = (int)i;
            return true;
        }
    }
    return err_set(err, ERR_USAGE, "there is no position \"%s\"", "没有职务“%s”", given);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct read_at when;
    struct casework work;
    struct case_pack_result packed;
    const char *school = cli_option(cli, "--school");
    struct case_pack_wish wish = {.path = cli->words[0]};
    if (school != NULL) wish.school = str_from(school);
    if (!cli_open(cli, false, err) || !cli_when(cli, &when, err)
        || !cli_casework(cli, when, &work, err) || !read_area(cli, &wish.area, err)
        || !read_position(cli, work.chains, &wish.position, err)) {
        return false;
    }
    wish.at = when.at;
    if (!case_pack(&work, cli->arena, &cli->asker, cli->workspace.divisions, &wish, &packed, err)) {
        return false;
    }
    cli_note(cli, "已写出 %s：%zu 份案卷的 %zu 项待办",
             "written: %s, %zu cases with %zu steps owed", wish.path, packed.cases, packed.rows);
    return true;
}

const struct command command_cases_pack = {
    .name = "cases pack",
    .words = "OUT.xlsx",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_WORK,
    .zh = "把一个区划的待办写成离线工作簿，没有网络也能填写，填好再用 cases unpack 导回",
    .en = "Writes what is owed in an area as a workbook that is filled in without a network and "
          "read back with \"cases unpack\"",
    .more_zh = "每项待办一行；方式、联系结果、核查结果有下拉列表。每行带签章：改动过的固定格、"
               "别的工作区写出的行，导回时会指出。证件号码脱敏。写出记入审计。",
    .more_en = "One row a step owed, with lists to choose from. Each row is sealed: a fixed cell "
               "that was changed, or a row of another workspace, is told when it is read back. ID "
               "numbers are masked. Packing is audited.",
    .options = {OPTION_OF_AT,
                {"--area", OPTION_TEXT, "AREA", NULL, "区划代码或名称",
                 "division code, or the name of a place"},
                {"--school", OPTION_TEXT, "SCHOOL", NULL, "只要一所学校（标识码或名称）",
                 "only one school, by code or name"},
                {"--position", OPTION_TEXT, "POSITION", NULL, "只要落到这一职务的待办",
                 "only what lies with this position"}},
    .examples = {{"baoxue cases pack --area 郭城驿镇 郭城驿.xlsx", "一个镇的离线工作簿",
                  "the workbook of one township"}},
    .run = run,
};
