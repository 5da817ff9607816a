#include "base/file.h"
#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/demo_pay.h"
#include "cli/report.h"
#include "cli/screen.h"
#include "jobs/clerks.h"
#include "sample/sample.h"

enum { DEMO_SEED = 2020, DEMO_CHILDREN_MAX = 10000000, DEMO_ERRORS_MAX = 10000 };

/* A stage of the demo: what it is called, and how long it took. */
struct stage {
    const char *key, *zh, *en;
    int64_t took_ms;
};

enum {
    STAGE_WRITE,
    STAGE_LOAD_FIRST,
    STAGE_CHECK_FIRST,
    STAGE_WORK_FIRST,
    STAGE_LOAD_LAST,
    STAGE_CHECK_LAST,
    STAGE_WORK_LAST,
    STAGE_PAY,
    STAGES
};

struct demo {
    struct cli *cli;
    const char *folder;
    struct sample_result city;
    struct stage stages[STAGES];
    uint64_t loaded, refused, rows; /* files and rows of both loads */
    struct check_summary first, last;
    struct clerks_result done[2];
    struct cashiers_result paid;
    struct bar bar;
};

static void begin(struct demo *demo, int stage)
{
    bar_start(&demo->bar, demo->cli->lang, demo->cli->quiet);
    demo->stages[stage].took_ms = clock_elapsed_ms();
}

static void end(struct demo *demo, int number)
{
    struct stage *stage = &demo->stages[number];
    bar_end(&demo->bar);
    stage->took_ms = clock_elapsed_ms() - stage->took_ms;
    cli_note(demo->cli, "%s：%lld.%lld 秒", "%s: %lld.%lld s",
             cli_say(demo->cli, stage->zh, stage->en), (long long)(stage->took_ms / 1000),
             (long long)(stage->took_ms % 1000 / 100));
}

static bool write_city(struct demo *demo, struct err *err)
{
    struct cli *cli = demo->cli;
    struct sample_options options = {
        .folder = demo->folder,
        .children = (uint32_t)cli_count(cli, "--children", 0),
        .seed = (uint64_t)cli_count(cli, "--seed", DEMO_SEED),
        .error_permille = cli_count(cli, "--errors", 1000),
        .progress = &demo->bar.progress,
    };
    begin(demo, STAGE_WRITE);
    bool good = sample_write(cli->arena, &options, &demo->city, err);
    end(demo, STAGE_WRITE);
    return good;
}

static bool load(struct demo *demo, int stage, const struct str *names, size_t count, day at,
                 struct err *err)
{
    struct cli *cli = demo->cli;
    struct load_options options = {.intake = {.at = at}};
    struct load_result *results = NULL;
    size_t result_count = 0;
    const char **paths = arena_array(cli->arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        paths[i] = cli_format(cli, "%s/files/%.*s", demo->folder, STR_ARG(names[i])).ptr;
    }
    begin(demo, stage);
    bool good = job_import(&cli->workspace, cli->arena, &cli->asker, paths, count, &options,
                           &demo->bar.progress, &results, &result_count, err);
    end(demo, stage);
    const struct load_result *failure = good ? job_import_failure(results, result_count) : NULL;
    if (failure != NULL) {
        *err = failure->error;
        return false;
    }
    for (size_t i = 0; good && i < result_count; i++) {
        demo->rows += results[i].rows;
        if (i > 0 && str_equal(results[i].file, results[i - 1].file)) continue;
        if (results[i].status != LOAD_REFUSED) {
            demo->loaded++;
            continue;
        }
        demo->refused++;
        cli_note(cli, "退回 %.*s：%s", "refused %.*s: %s", STR_ARG(results[i].file),
                 cli_sentence(cli, &results[i].error).ptr);
    }
    return good;
}

/* What the check found is worked: families are asked, doubtful pairs decided. */
static bool work(struct demo *demo, int stage, struct arena *arena, struct check_run *run,
                 struct err *err)
{
    struct cli *cli = demo->cli;
    struct clerks_result *done = &demo->done[stage == STAGE_WORK_LAST];
    begin(demo, stage);
    bool good = clerks_work(&cli->workspace, arena, &cli->asker, demo->folder, run,
                            stage == STAGE_WORK_LAST, &demo->bar.progress, done, err);
    end(demo, stage);
    if (good && !cli->json) {
        printf(cli_say(cli,
                       "\n工作人员：复核存疑记录 %s 对，判定 %s 对；案卷 %s 份，联系走访 %s 次，"
                       "排除并销号 %s 份，确认失学 %s 份。\n",
                       "\nthe clerks: of %s doubtful pairs %s decided; of %s cases %s visited, "
                       "%s ruled out and closed, %s confirmed.\n"),
               cli_thousands(cli, done->asked).ptr, cli_thousands(cli, done->decided).ptr,
               cli_thousands(cli, done->cases).ptr, cli_thousands(cli, done->contacts).ptr,
               cli_thousands(cli, done->closed).ptr, cli_thousands(cli, done->confirmed).ptr);
    }
    return good;
}

/* What is due and was not paid goes out, by the decisions of the last check. */
static bool pay(struct demo *demo, struct arena *arena, const struct check_run *run,
                struct payee_collector *payees, struct err *err)
{
    struct cli *cli = demo->cli;
    begin(demo, STAGE_PAY);
    bool good = cashiers_pay(&cli->workspace, arena, cli->arena, &cli->asker, demo->folder, run,
                             payees, &demo->bar.progress, &demo->paid, err);
    end(demo, STAGE_PAY);
    if (good && !cli->json) demo_pay_print(cli, &demo->paid);
    return good;
}

/* A check as of `at`, on one screen, and the work that comes of it; its memory is given back when
 * it is over. */
static bool check(struct demo *demo, int stage, day at, struct check_summary *summary,
                  struct err *err)
{
    struct cli *cli = demo->cli;
    struct arena arena = {0};
    struct check_run run;
    struct read_at when = {.at = at};
    struct payee_collector *payees = payee_collector_open(&arena, &cli->workspace.profiles);
    if (!registry_now(&cli->workspace.registry, &when.known_ms, err)) return false;
    begin(demo, stage);
    bool good = job_check_heard(&cli->workspace, &arena, &cli->asker, when,
                                payee_collector_listener(payees), &demo->bar.progress, &run, err);
    end(demo, stage);
    if (good) *summary = run.summary;
    if (good && !cli->json) {
        good = screen_check(cli, &run, STR_EMPTY, stdout, err);
        fflush(stdout);
    }
    good = good && work(demo, stage + (STAGE_WORK_FIRST - STAGE_CHECK_FIRST), &arena, &run, err);
    if (good && stage == STAGE_CHECK_LAST) good = pay(demo, &arena, &run, payees, err);
    arena_free(&arena);
    return good;
}

static void how_to_go_on(const struct demo *demo)
{
    struct cli *cli = demo->cli;
    char first[DAY_TEXT_SIZE], last[DAY_TEXT_SIZE];
    day_format(demo->city.first, first);
    day_format(demo->city.last, last);
    printf(cli_say(cli,
                   "\n真相在 %s/truth/：%s 真正失学 %s 人，%s 真正失学 %s 人。\n接下来可以试：\n",
                   "\nthe truth is in %s/truth/: truly out of school on %s: %s, on %s: %s.\n"
                   "how to go on:\n"),
           demo->folder, first, cli_thousands(cli, demo->city.missing_first).ptr, last,
           cli_thousands(cli, demo->city.missing_last).ptr);
    printf("  baoxue --db %s/baoxue.db check --at %s --out %s.xlsx\n", demo->folder, first,
           cli_say(cli, "线索", "findings"));
    printf("  baoxue --db %s/baoxue.db import list\n", demo->folder);
    printf("  baoxue --db %s/baoxue.db review\n", demo->folder);
    printf("  baoxue --db %s/baoxue.db registers roll\n", demo->folder);
    printf("  baoxue --db %s/baoxue.db pay list\n", demo->folder);
    printf("  baoxue --db %s/baoxue.db pay prove\n", demo->folder);
    printf("  baoxue help\n");
}

static void json_check(struct json *json, const struct demo *demo, bool is_last)
{
    const struct check_summary *summary = is_last ? &demo->last : &demo->first;
    json_object(json);
    json_key_str(json, "at", cli_date(demo->cli, is_last ? demo->city.last : demo->city.first));
    json_key_i64(json, "expected", (int64_t)summary->expected);
    json_key_i64(json, "not_enrolled", (int64_t)summary->not_enrolled);
    json_key_i64(json, "id_lookup_missing", (int64_t)summary->id_lookup_missing);
    json_key_i64(json, "truly_missing",
                 (int64_t)(is_last ? demo->city.missing_last : demo->city.missing_first));
    json_object_end(json);
}

static void json_work(struct json *json, const struct clerks_result *done)
{
    json_object(json);
    json_key_i64(json, "pairs", (int64_t)done->asked);
    json_key_i64(json, "decided", (int64_t)done->decided);
    json_key_i64(json, "cases", (int64_t)done->cases);
    json_key_i64(json, "contacts", (int64_t)done->contacts);
    json_key_i64(json, "closed", (int64_t)done->closed);
    json_key_i64(json, "confirmed", (int64_t)done->confirmed);
    json_object_end(json);
}

static bool write_json(struct demo *demo, struct err *err)
{
    struct text text;
    struct json json;
    report_json_begin(demo->cli, &text, &json);
    json_key_i64(&json, "children", (int64_t)demo->city.children);
    json_key_i64(&json, "files_loaded", (int64_t)demo->loaded);
    json_key_i64(&json, "files_refused", (int64_t)demo->refused);
    json_key_i64(&json, "rows", (int64_t)demo->rows);
    json_key(&json, "stages_ms");
    json_object(&json);
    for (int i = 0; i < STAGES; i++) {
        json_key_i64(&json, demo->stages[i].key, demo->stages[i].took_ms);
    }
    json_object_end(&json);
    json_key(&json, "checks");
    json_list(&json);
    json_check(&json, demo, false);
    json_check(&json, demo, true);
    json_list_end(&json);
    json_key(&json, "work");
    json_list(&json);
    json_work(&json, &demo->done[0]);
    json_work(&json, &demo->done[1]);
    json_list_end(&json);
    json_key(&json, "pay");
    demo_pay_json(&json, &demo->paid);
    return report_json_end(&text, &json, err);
}

static bool check_options(const struct cli *cli, struct err *err)
{
    if (cli_count(cli, "--children", 0) > DEMO_CHILDREN_MAX) {
        return err_set(err, ERR_USAGE, "--children is at most %d", "--children 最多 %d",
                       DEMO_CHILDREN_MAX);
    }
    if (cli_count(cli, "--errors", 0) > DEMO_ERRORS_MAX) {
        return err_set(err, ERR_USAGE, "--errors is at most %d", "--errors 最多 %d",
                       DEMO_ERRORS_MAX);
    }
    return true;
}

static bool run_stages(struct demo *demo, struct err *err)
{
    const struct sample_result *city = &demo->city;
    if (!write_city(demo, err)) return false;
    if (!cli_open(demo->cli, true, err)) return false;
    if (!load(demo, STAGE_LOAD_FIRST, city->first_files, city->first_file_count, city->first, err)
        || !check(demo, STAGE_CHECK_FIRST, city->first, &demo->first, err)) {
        return false;
    }
    return load(demo, STAGE_LOAD_LAST, city->last_files, city->last_file_count, city->last, err)
           && check(demo, STAGE_CHECK_LAST, city->last, &demo->last, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct demo demo = {
        .cli = cli,
        .folder = cli->words[0],
        .stages = {{"write", "写出样例文件", "writing the sample files", 0},
                   {"load_first", "导入 9 月的名册", "reading the files of September", 0},
                   {"check_first", "归并与比对", "linking and checking", 0},
                   {"work_first", "复核与走访", "reviewing and visiting", 0},
                   {"load_last", "导入 11 月的名册", "reading the files of November", 0},
                   {"check_last", "再次归并与比对", "linking and checking again", 0},
                   {"work_last", "走访余下的孩子", "visiting those who are left", 0},
                   {"pay", "发放与核平", "paying and proving", 0}},
    };
    if (!check_options(cli, err)) return false;
    cli->db = cli_format(cli, "%s/baoxue.db", demo.folder).ptr;
    if (!run_stages(&demo, err)) return false;
    if (cli->json) return write_json(&demo, err);
    how_to_go_on(&demo);
    return true;
}

const struct command command_demo = {
    .name = "demo",
    .words = "DIR",
    .words_min = 1,
    .words_max = 1,
    .zh = "写出一座样例城市的名册文件，导入并比对，由样例人员复核、走访和发放，打印一屏结果",
    .en =
        "Writes a sample city as clerks would export it, loads it, checks it, has its people work "
        "what was found and pay what is due, prints one screen",
    .more_zh =
        "文件夹须是新的或空的：files/ 是各部门的名册，truth/ 是真相，baoxue.db 是工作区。"
        "样例人员按真相判定存疑记录、记联系走访和核查结果；名册没有发到的资助，由样例财务提出、"
        "另一人审批、送样例银行、对账，pay/ 是送银行的文件、回执、对账单和证明。"
        "同一种子写出同样的文件。",
    .more_en =
        "The folder must be new or empty: files/ holds the registers, truth/ the truth, "
        "baoxue.db the workspace. The people of the sample decide doubtful pairs and record "
        "visits and outcomes as the truth has them; aid that the lists left out is proposed, "
        "approved by another, sent to the sample's bank and reconciled: pay/ holds the "
        "files for the bank, its answers, the statement and the proof. The same seed writes "
        "the same files.",
    .options = {{"--children", OPTION_COUNT, "N", NULL, "儿童和青少年人数（默认全市，约 28 万）",
                 "children and youths (default: the whole city, about 280,000)"},
                {"--seed", OPTION_COUNT, "S", NULL, "随机种子", "the seed of chance"},
                {"--errors", OPTION_COUNT, "PERMILLE", NULL, "差错率，1000 为文档所述（默认）",
                 "rates of errors, 1000 as documented (default)"}},
    .examples = {{"baoxue demo demo", "全市", "the whole city"},
                 {"baoxue demo small --children 5000 --seed 7", "小城", "a small one"}},
    .run = run,
};
