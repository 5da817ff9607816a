#include "cases/case_unpack.h"
#include "cli/casework.h"
#include "cli/commands.h"
#include "cli/report.h"

#include <stdio.h>

static const struct report_column columns[] = {
    {"sheet", "工作表", "sheet", false}, {"row", "行", "row", true},
    {"case", "案卷", "case", true},      {"step", "待办", "step", false},
    {"result", "结果", "result", false}, {"version", "版本", "version", true},
    {"field", "栏", "field", false},     {"yours", "本表", "yours", false},
    {"theirs", "案卷", "theirs", false}, {"user", "何人", "who", false},
    {"why", "原因", "why", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool read_keep(struct cli *cli, struct unpack_wish *wish, struct err *err)
{
    const char *given = cli_option(cli, "--keep-mine");
    struct unpack_keep *keep;
    if (given == NULL) return true;
    if (!unpack_keep_read(cli->arena, str_from(given), &keep, &wish->keep_count, err)) return false;
    wish->keep = keep;
    return true;
}

/* A row of the list; of a conflict, a line for each field. */
static bool write_row(struct cli *cli, struct report *report, const struct unpack_row *row,
                      const struct unpack_conflict *conflict, struct err *err)
{
    int64_t version = conflict != NULL ? conflict->version : row->version;
    struct str values[COLUMNS] = {
        row->row->sheet,
        cli_number(cli, row->row->number),
        row->number == 0 ? STR_EMPTY : cli_number(cli, (uint64_t)row->number),
        row->step,
        str_from(unpack_result_key(row->result)),
        version == 0 ? STR_EMPTY : cli_number(cli, (uint64_t)version),
        conflict == NULL ? STR_EMPTY : conflict->field,
        conflict == NULL ? STR_EMPTY : conflict->yours,
        conflict == NULL ? STR_EMPTY : conflict->theirs,
        conflict == NULL ? STR_EMPTY : conflict->user,
        case_say(cli_words(cli), row->why_zh, row->why_en),
    };
    struct str shown[COLUMNS] = {[4] = str_from(unpack_result_text(row->result, cli->lang))};
    return report_row(report, values, shown, err);
}

static bool write_list(struct cli *cli, const struct unpack_outcome *outcome, struct err *err)
{
    struct report *report = NULL;
    bool good = report_open(&report, cli, "rows", columns, COLUMNS, err);
    if (!good) return false;
    for (size_t i = 0; good && i < outcome->count; i++) {
        const struct unpack_row *row = &outcome->rows[i];
        if (row->result == UNPACK_EMPTY) continue;
        bool fields = row->result == UNPACK_CONFLICT;
        for (size_t c = 0; good && fields && c < row->conflict_count; c++) {
            good = write_row(cli, report, row, &row->conflicts[c], err);
        }
        if (!fields) good = write_row(cli, report, row, NULL, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    struct read_at when;
    struct casework work;
    struct unpack_outcome outcome;
    struct unpack_wish wish = {.path = cli->words[0],
                               .rejects = cli_option(cli, "--rejects"),
                               .dry_run = cli_has(cli, "--dry-run")};
    if (!read_keep(cli, &wish, err) || !cli_open(cli, false, err) || !cli_when(cli, &when, err)
        || !cli_casework(cli, when, &work, err)) {
        return false;
    }
    if (!case_unpack(&work, cli->arena, &cli->asker, &wish, &outcome, err)) return false;
    if (!write_list(cli, &outcome, err)) return false;
    fflush(stdout);
    const size_t *counts = outcome.counts;
    cli_note(cli, "%s：录入 %zu 行，此前已录入 %zu，未填 %zu，冲突 %zu，未录入 %zu",
             "%s: %zu rows taken, %zu taken before, %zu empty, %zu in conflict, %zu refused",
             wish.dry_run ? cli_say(cli, "试算，未写入", "nothing was written")
                          : cli_say(cli, "已导回", "read back"),
             counts[UNPACK_TAKEN], counts[UNPACK_ALREADY], counts[UNPACK_EMPTY],
             counts[UNPACK_CONFLICT], counts[UNPACK_REFUSED]);
    if (counts[UNPACK_REFUSED] > 0) {
        *exit_code = err_exit_code(ERR_INPUT);
    } else if (counts[UNPACK_CONFLICT] > 0) {
        *exit_code = err_exit_code(ERR_CONFLICT);
    }
    return true;
}

const struct command command_cases_unpack = {
    .name = "cases unpack",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_WORK,
    .zh = "导回填好的离线工作簿：逐行记入案卷，冲突逐栏列出，不覆盖",
    .en = "Reads a case sheet back: each filled row goes into its case; conflicts are shown field "
          "by field, and nothing is overwritten",
    .more_zh = "result：taken 已录入；already 此前已录入；conflict 写出之后案卷已有新进展，未录入，"
               "每栏一行列出双方；refused 未录入及原因。未填的行不列。整个文件一次写入；"
               "未录入的行由 --rejects 写成工作簿，改正后再导。有冲突时退出码 4，有未录入的为 3。",
    .more_en = "result: taken; already (taken before); conflict (the case went on since it was "
               "packed: nothing is written, a line for each field shows both sides); refused, with "
               "the reason. Empty rows are not listed. The file is one transaction; --rejects "
               "writes what was not taken as a workbook to be corrected and read again. Exit code "
               "4 with conflicts, 3 with refused rows.",
    .options = {{"--dry-run", OPTION_FLAG, NULL, NULL, "只说会怎样，不写入",
                 "says what would be done, and writes nothing"},
                {"--keep-mine", OPTION_TEXT, "ROWS", NULL, "这些行虽有冲突仍录入，如 5,9；有几张表时写“表名:5,9”",
                 "writes these rows in spite of a conflict: 5,9, or SHEET:5,9"},
                {"--rejects", OPTION_OUTPUT, "FILE", NULL, "冲突和未录入的行写成工作簿（.xlsx）",
                 "writes rows in conflict and refused as a workbook (.xlsx)"},
                OPTION_OF_AT,
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue cases unpack 郭城驿.xlsx --rejects 退回.xlsx", "导回，未录入的写出",
                  "reads it back; what was not taken is written"},
                 {"baoxue cases unpack 郭城驿.xlsx --keep-mine 5", "第 5 行仍以本表为准",
                  "row 5 is written in spite of the conflict"}},
    .run = run,
};
