#include "base/file.h"
#include "cli/commands.h"
#include "cli/place.h"
#include "cli/report.h"
#include "jobs/placing_keep.h"

#include <stdlib.h>
#include <unistd.h>

/* A run kept in the workspace, for the console to answer families from. */

/* A private folder for the result that placing makes. */
static bool make_folder(char path[], struct err *err)
{
    return mkdtemp(path) != NULL || file_failed(err, "make", "建立", path);
}

static size_t files_of(const struct cli *cli, const struct place_paths *paths,
                       struct placing_file files[KEPT_PARTS])
{
    const char *result = cli_option(cli, "--result");
    const char *const all[] = {paths->rules, paths->programmes, paths->applicants, paths->choices,
                               result,       paths->allotments};
    size_t count = 0;
    for (size_t i = 0; i < KEPT_PARTS; i++)
        if (all[i] != NULL) files[count++] = (struct placing_file){file_name(all[i]), all[i]};
    return count;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    char folder[] = "/tmp/baoxue-placing-XXXXXX";
    struct place_paths paths;
    struct placing_file files[KEPT_PARTS];
    struct kept_run kept;
    struct text text;
    struct json json;
    (void)exit_code;
    if (cli_area(cli).len == 0)
        return err_set(err, ERR_USAGE, "place keep needs --area CODE",
                       "place keep 需要 --area CODE");
    if (!place_paths_of(cli, &paths, err) || !cli_open(cli, false, err)
        || !make_folder(folder, err))
        return false;
    size_t count = files_of(cli, &paths, files);
    bool done = job_placing_keep(&cli->workspace, &cli->asker, cli->arena, files, count, folder,
                                 str_from(cli->words[0]), cli_area(cli), &kept, err);
    (void)rmdir(folder);
    if (!done) return false;
    if (!cli->json) {
        cli_note(cli, "已保存为第 %lld 号：考生 %s 人，录取 %s 人，核验问题 %s 处",
                 "kept as number %lld: %s applicants, %s placed, %s violations",
                 (long long)kept.number, cli_thousands(cli, (uint64_t)kept.applicants).ptr,
                 cli_thousands(cli, (uint64_t)kept.placed).ptr,
                 cli_thousands(cli, (uint64_t)kept.violations).ptr);
        return true;
    }
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "run", kept.number);
    json_key_i64(&json, "applicants", kept.applicants);
    json_key_i64(&json, "seats", kept.seats);
    json_key_i64(&json, "placed", kept.placed);
    json_key_i64(&json, "violations", kept.violations);
    return report_json_end(&text, &json, err);
}

const struct command command_place_keep = {
    .name = "place keep",
    .words = "NAME",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_IMPORT,
    .zh = "把一次投档保存到工作区，供网页对照计划、答复家长",
    .en = "Keeps a run of placing in the workspace, for the console",
    .more_zh = "四份文件（可加分给各初中的名额、录取结果）原样加密保存，先逐项检查，再由独立的核验"
               "程序核对结果；"
               "没有结果的，按规则投档。每份至多 64 MB。网页“投档与结果”“为什么没录取”读它。",
    .more_en = "The four files, allotments and the result if given, are checked, verified "
               "independently and "
               "kept sealed as they came; without a result placing makes it. At most 64 MB each. "
               "The console's pages of placing read it.",
    .options = {OPTIONS_OF_PLACE,
                {"--result", OPTION_FILE, "O.csv", NULL, "录取结果（默认按规则投档）",
                 "the result (default: placing makes it)"},
                {"--area", OPTION_AREA, "CODE", NULL, "所属区划（必填）", "its area (needed)"}},
    .examples =
        {{"baoxue place keep 2020年模拟投档 --area 620400 --rules r.yaml --programmes p.csv "
          "--applicants a.csv --choices c.csv",
          "保存一次投档", "keeps a run"}},
    .run = run,
};
