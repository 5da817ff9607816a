#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"file", "文件", "file", false},        {"register", "名册", "register", false},
    {"status", "结果", "status", false},    {"rows", "行数", "rows", true},
    {"accepted", "接收", "accepted", true}, {"warned", "带提示", "warned", true},
    {"rejected", "拒收", "rejected", true}, {"batch", "批次", "batch", true},
    {"new", "新增", "new", true},           {"ended", "终止", "ended", true},
    {"scope", "范围", "scope", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static const char *status_key(enum load_status status)
{
    static const char *const keys[] = {"loaded", "unchanged", "refused", "failed", "not_reached"};
    return keys[status];
}

static const char *status_text(const struct cli *cli, enum load_status status)
{
    static const char *const zh[] = {"已导入", "未变", "退回", "出错", "未读"};
    static const char *const en[] = {"loaded", "unchanged", "refused", "failed", "not reached"};
    return cli_say(cli, zh[status], en[status]);
}

/* The name of a register on screen; the key when no profile has it. */
static struct str register_text(const struct cli *cli, struct str key)
{
    const struct profile *profile = profile_find(&cli->workspace.profiles, key);
    if (profile == NULL) return key;
    return cli->lang == LANG_EN ? profile->en : profile->zh;
}

static void json_sheets(struct json *json, const struct load_result *result)
{
    json_key(json, "sheets");
    json_list(json);
    for (size_t i = 0; i < result->sheet_count; i++) {
        const struct load_sheet *sheet = &result->sheets[i];
        if (sheet->elsewhere) continue;
        json_object(json);
        json_key_str(json, "name", sheet->name);
        json_key(json, "register");
        if (sheet->register_key.len == 0) {
            json_null(json);
        } else {
            json_str(json, sheet->register_key);
        }
        json_key_i64(json, "rows", (int64_t)sheet->rows);
        json_key_i64(json, "accepted", (int64_t)sheet->accepted);
        json_key_i64(json, "warned", (int64_t)sheet->warned);
        json_key_i64(json, "rejected", (int64_t)sheet->rejected);
        json_object_end(json);
    }
    json_list_end(json);
}

static void json_file(const struct cli *cli, struct json *json, const struct load_result *result)
{
    json_object(json);
    json_key_str(json, "file", result->file);
    json_key(json, "register");
    if (result->register_key.len == 0) {
        json_null(json);
    } else {
        json_str(json, result->register_key);
    }
    json_key_str(json, "status", str_from(status_key(result->status)));
    json_key_i64(json, "rows", (int64_t)result->rows);
    json_key_i64(json, "accepted", (int64_t)result->accepted);
    json_key_i64(json, "warned", (int64_t)result->warned);
    json_key_i64(json, "rejected", (int64_t)result->rejected);
    json_key(json, "error");
    if (result->error.kind != ERR_NONE) {
        json_str(json, cli_sentence(cli, &result->error));
    } else {
        json_null(json);
    }
    json_sheets(json, result);
    json_key_i64(json, "batch", result->batch);
    json_key_i64(json, "passed_over", (int64_t)result->passed_over);
    json_key_i64(json, "new", (int64_t)result->fresh);
    json_key_i64(json, "repeated", (int64_t)result->repeated);
    json_key_i64(json, "replaced", (int64_t)result->replaced);
    json_key_i64(json, "ended", (int64_t)result->ended);
    json_key_str(json, "scope", result->scope);
    json_object_end(json);
}

static bool write_json(struct cli *cli, const struct load_result *results, size_t count,
                       struct err *err)
{
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key(&json, "files");
    json_list(&json);
    for (size_t i = 0; i < count; i++) json_file(cli, &json, &results[i]);
    json_list_end(&json);
    return report_json_end(&text, &json, err);
}

static bool write_table(struct cli *cli, const struct load_result *results, size_t count,
                        struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "files", columns, COLUMNS, err)) return false;
    for (size_t i = 0; i < count; i++) {
        const struct load_result *result = &results[i];
        struct str values[COLUMNS] = {
            result->file,
            result->register_key,
            str_from(status_key(result->status)),
            cli_number(cli, result->rows),
            cli_number(cli, result->accepted),
            cli_number(cli, result->warned),
            cli_number(cli, result->rejected),
            result->batch == 0 ? STR_EMPTY : cli_number(cli, (uint64_t)result->batch),
            cli_number(cli, result->fresh),
            cli_number(cli, result->ended),
            result->scope,
        };
        struct str shown[COLUMNS] = {
            [1] = register_text(cli, result->register_key),
            [2] = str_from(status_text(cli, result->status)),
        };
        if (!report_row(report, values, shown, err)) return false;
    }
    return report_close(report, err);
}

/* A sentence for each refused file, with its name before it. */
static void tell_refused(const struct cli *cli, const struct load_result *result)
{
    struct str sentence = cli_sentence(cli, &result->error);
    if (str_find(sentence, result->file) != SIZE_MAX) {
        cli_note(cli, "退回：%s", "refused: %s", sentence.ptr);
        return;
    }
    struct str file = str_copy(cli->arena, result->file);
    cli_note(cli, "退回 %s：%s", "refused %s: %s", file.ptr, sentence.ptr);
}

/* How the file ended whose first result is `first`; *end gets the first of the next file. */
static enum load_status file_status(const struct load_result *results, size_t count, size_t first,
                                    size_t *end)
{
    enum load_status status = results[first].status;
    size_t i = first + 1;
    for (; i < count && str_equal(results[i].file, results[first].file); i++) {
        /* What is refused is refused whole; what is loaded may stand beside what was there. */
        if (status == LOAD_UNCHANGED) status = results[i].status;
    }
    *end = i;
    return status;
}

static void tell_total(const struct cli *cli, const struct load_result *results, size_t count,
                       bool dry_run)
{
    uint64_t rows = 0, rejected = 0;
    size_t status[LOAD_STATUS_COUNT] = {0}, files = 0;
    for (size_t i = 0, end; i < count; i = end, files++) {
        status[file_status(results, count, i, &end)]++;
        for (size_t k = i; k < end; k++) {
            rows += results[k].rows;
            rejected += results[k].rejected;
        }
        for (size_t k = i; k < end; k++) {
            if (results[k].status != LOAD_REFUSED) continue;
            tell_refused(cli, &results[k]);
            break;
        }
    }
    cli_note(cli, "%s%zu 份文件：导入 %zu，未变 %zu，退回 %zu；共 %s 行，拒收 %s 行",
             "%sfiles: %zu, of them %zu loaded, %zu unchanged, %zu refused; rows: %s, %s rejected",
             dry_run ? cli_say(cli, "试运行，没有写入任何内容。", "a trial, nothing was written. ")
                     : "",
             files, status[LOAD_LOADED], status[LOAD_UNCHANGED], status[LOAD_REFUSED],
             cli_thousands(cli, rows).ptr, cli_thousands(cli, rejected).ptr);
    if (status[LOAD_FAILED] > 0) {
        cli_note(cli,
                 "在出错的文件处停下：它没有留下任何内容，其后 %zu 份未读，此前导入的仍然有效；"
                 "排除故障后把同样的文件再导入一次即可",
                 "stopped at the file that failed: nothing of it was kept, %zu behind it were not "
                 "reached, what was loaded before stays; repair the cause and import the same "
                 "files again",
                 status[LOAD_NOT_REACHED]);
    }
    for (size_t i = 0; i < count; i++) {
        if (results[i].rejected == 0 || results[i].batch == 0) continue;
        cli_note(cli, "拒收和提示的行：baoxue import rejects %lld",
                 "the rejected and warned rows: baoxue import rejects %lld",
                 (long long)results[i].batch);
        break;
    }
}

static bool load_now(struct cli *cli, const struct load_options *options,
                     struct load_result **results, size_t *count, struct err *err)
{
    struct str as = options->intake.as;
    struct bar bar;
    if (as.len > 0 && profile_find(&cli->workspace.profiles, as) == NULL) {
        return err_set(err, ERR_USAGE, "there is no register \"%.*s\"; baoxue registers lists them",
                       "没有“%.*s”这个名册；baoxue registers 列出全部名册", STR_ARG(as));
    }
    bar_start(&bar, cli->lang, cli->quiet);
    bool good = job_import(&cli->workspace, cli->arena, &cli->asker, cli->words, cli->word_count,
                           options, &bar.progress, results, count, err);
    bar_end(&bar);
    return good;
}

static bool any_taken(const struct load_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (results[i].status == LOAD_LOADED) return true;
    }
    return false;
}

/* Where there is no workspace yet, one in memory first looks for a file that will be taken: when
 * all are refused, or cannot be read, none is made. */
static bool load(struct cli *cli, const struct load_options *options, struct load_result **results,
                 size_t *count, struct err *err)
{
    struct load_options trial = *options;
    if (!options->dry_run && store_is_there(cli->db))
        return cli_open(cli, true, err) && load_now(cli, options, results, count, err);
    trial.one_is_enough = !options->dry_run;
    trial.dry_run = true;
    if (!cli_open_trial(cli, err) || !load_now(cli, &trial, results, count, err)) return false;
    if (options->dry_run || !any_taken(*results, *count)) return true;
    cli_close(cli);
    return cli_open(cli, true, err) && load_now(cli, options, results, count, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    const char *as = cli_option(cli, "--as");
    struct load_options options = {
        .intake = {.as = as == NULL ? STR_EMPTY : str_from(as),
                   .map_file = cli_option(cli, "--map"),
                   .area = cli_area(cli),
                   .at = cli_day(cli, "--at")},
        .complete = cli_has(cli, "--complete"),
        .yes = cli_has(cli, "--yes"),
        .dry_run = cli_has(cli, "--dry-run"),
    };
    struct load_result *results = NULL;
    size_t count = 0;
    if (!load(cli, &options, &results, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        if (results[i].status == LOAD_REFUSED) *exit_code = err_exit_code(ERR_INPUT);
    }
    if (!(cli->json ? write_json : write_table)(cli, results, count, err)) return false;
    tell_total(cli, results, count, options.dry_run);
    const struct load_result *failure = job_import_failure(results, count);
    if (failure != NULL) *err = failure->error;
    return failure == NULL;
}

const struct command command_import = {
    .name = "import",
    .words = "FILE…",
    .words_min = 1,
    .words_max = WORDS_MAX,
    .capability = CAPABILITY_IMPORT,
    .zh = "导入各部门的名册（xlsx、xls、csv，或整个文件夹）",
    .en = "Reads the files that offices send (xlsx, xls, csv, or a whole folder)",
    .more_zh =
        "名册按表头识别。每份文件单独成败：退回的文件不留下任何内容，其余照常导入，退出码为 3。"
        "同一文件再导入一次不会改变什么。工作簿里有几种名册的，逐张工作表辨认，各成一个批次、"
        "各列一行，整份文件同成败。输出按学校、行政村在先，其余按文件名排序。"
        "文件夹里的文件以其在文件夹内的路径称呼。磁盘写满等系统故障时就此停下，"
        "逐份说明哪些已导入、哪份出错（failed）、哪些未读（not_reached），退出码为 4。",
    .more_en =
        "Registers are recognised by their headings. Each file stands alone: a refused one "
        "changes nothing, the others are loaded, and the exit code is 3. The same file twice "
        "changes nothing. A workbook may hold several registers: each sheet is recognised by "
        "itself, each register is a batch and a line here, and the file is taken whole or not at "
        "all. Sorted by file name, schools and villages first. A file of a folder is "
        "called by its path inside it. A full disk or another failure of the system stops the "
        "import; each file is then told as loaded, failed or not_reached, and the exit code is 4.",
    .options = {{"--as", OPTION_TEXT, "REGISTER", NULL, "指定名册，不用识别",
                 "the register, instead of recognising it"},
                {"--at", OPTION_DAY, "DATE", NULL, "名册所述的日期", "the day the file speaks of"},
                {"--area", OPTION_AREA, "CODE", NULL, "行内没有区划时所属的区划",
                 "the area of rows that name none"},
                {"--map", OPTION_FILE, "FILE", NULL, "表头与字段的对照（YAML）",
                 "which heading is which field (YAML)"},
                {"--complete", OPTION_FLAG, NULL, NULL,
                 "这是其范围内的完整导出：表中没有的即已终止",
                 "a complete export of its scope: rows gone have ended"},
                {"--yes", OPTION_FLAG, NULL, NULL, "终止超过 5 % 时也照办",
                 "also when more than 5 % would end"},
                {"--dry-run", OPTION_FLAG, NULL, NULL, "只说会怎样，不写入",
                 "says what would happen and changes nothing"}},
    .examples = {{"baoxue import 学籍.xlsx 户籍.csv", "导入两份文件", "reads two files"},
                 {"baoxue import 九月名册/ --at 2020-09-15", "导入整个文件夹",
                  "reads a whole folder"},
                 {"baoxue import 学籍.xlsx --complete", "表中没有的学生视为已离册",
                  "students who are not in it have left the roll"}},
    .run = run,
};
