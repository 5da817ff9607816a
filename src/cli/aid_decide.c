#include "awards/decided.h"
#include "base/file.h"
#include "base/thread.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "cli/students.h"

static const struct report_column columns[AWARD_COLUMNS] = {
    {"id", "编号", "id", false},          {"scheme", "项目", "scheme", false},
    {"verdict", "结论", "answer", false}, {"amount_fen", "金额（分）", "fen", true},
    {"period", "期间", "period", false},  {"needs", "需补充", "needs", false},
    {"cites", "依据", "rests on", false},
};

/* In microseconds: on the clock, and of processors. */
struct lap {
    int64_t us, cpu_us;
};

enum step { STEP_RULES, STEP_READ, STEP_DECIDE, STEP_WRITE, STEP_COUNT };

struct times {
    struct lap laps[STEP_COUNT], from;
    size_t students, decisions, kinds, threads;
};

static bool put_csv(void *context, struct str bytes, uint64_t rows, struct err *err)
{
    return report_csv(context, bytes, rows, err);
}

static bool put_rows(struct cli *cli, struct report *report, const struct award_decided *decided,
                     struct err *err)
{
    struct arena scratch = {0};
    bool good = true;
    for (size_t i = 0; good && i < decided->people->rows.count; i++) {
        uint32_t row = decided->people->order[i];
        size_t at, end;
        policy_decisions_of(&decided->kinds, row, &at, &end);
        for (; good && at < end; at++) {
            struct policy_decision decision = policy_decision_at(&decided->kinds, row, at);
            const struct policy_scheme *scheme = &decided->policy->schemes[decision.scheme];
            struct str cells[AWARD_COLUMNS], shown[AWARD_COLUMNS] = {0};
            award_cells(&scratch, decided, &decision, cells);
            shown[1] = policy_word(&scheme->name, cli->lang);
            shown[2] =
                str_from(policy_verdict_text((enum policy_verdict)decision.verdict, cli->lang));
            good = report_row(report, cells, shown, err);
            arena_reset(&scratch);
        }
    }
    arena_free(&scratch);
    return good;
}

static bool write_all(struct cli *cli, const struct award_decided *decided, size_t threads,
                      struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "decisions", columns, AWARD_COLUMNS, err)) return false;
    struct award_sink sink = {put_csv, report};
    bool good = report_takes_csv(report) ? award_write_csv(decided, threads, &sink, err)
                                         : put_rows(cli, report, decided, err);
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static void tell(const struct cli *cli, const struct award_decided *decided)
{
    const uint64_t *counts = decided->verdicts;
    cli_note(cli, "%s 人：可享受 %s 项，不可 %s 项，未知 %s 项",
             "%s people: entitled %s times, not %s times, unknown %s times",
             cli_thousands(cli, decided->people->rows.count).ptr,
             cli_thousands(cli, counts[POLICY_ENTITLED]).ptr,
             cli_thousands(cli, counts[POLICY_NO]).ptr,
             cli_thousands(cli, counts[POLICY_UNKNOWN]).ptr);
}

static bool write_times(struct cli *cli, const struct times *times, struct err *err)
{
    static const struct {
        const char *us, *cpu_us;
    } steps[STEP_COUNT] = {{"rules_us", "rules_cpu_us"},
                           {"read_us", "read_cpu_us"},
                           {"decide_us", "decide_cpu_us"},
                           {"write_us", "write_cpu_us"}};
    const char *path = cli_option(cli, "--times");
    struct text text;
    struct json json;
    if (path == NULL) return true;
    report_json_begin(cli, &text, &json);
    for (int i = 0; i < STEP_COUNT; i++) {
        json_key_i64(&json, steps[i].us, times->laps[i].us);
        json_key_i64(&json, steps[i].cpu_us, times->laps[i].cpu_us);
    }
    json_key_i64(&json, "students", (int64_t)times->students);
    json_key_i64(&json, "decisions", (int64_t)times->decisions);
    json_key_i64(&json, "kinds", (int64_t)times->kinds);
    json_key_i64(&json, "threads", (int64_t)times->threads);
    json_object_end(&json);
    text_add_byte(&text, '\n');
    return file_write(path, text_str(&text), 0644, err);
}

/* What was spent since the step before. */
static void end_step(struct times *times, enum step step)
{
    struct lap now = {clock_elapsed_us(), clock_cpu_us()};
    times->laps[step] = (struct lap){now.us - times->from.us, now.cpu_us - times->from.cpu_us};
    times->from = now;
}

/* What is decided now of everybody, by all rules in force, is kept; what it says otherwise than an
 * earlier decision of the period stands as proposals. */
static bool keep(struct cli *cli, const struct aid_rules *now, const struct students *students,
                 struct err *err)
{
    const struct facts_text *text = &cli->workspace.facts;
    bool part = cli_has(cli, "--scheme") || cli_has(cli, "--packs") || cli_has(cli, "--known");
    struct award_kinds kinds;
    struct award_saved saved;
    if (students->run == NULL || part) return true;
    const struct facts *facts = &students->run->facts;
    const struct policy_decide_options options = {.subject = facts->subject, .at = students->at};
    struct policy_source *sources =
        arena_array(cli->arena, struct policy_source, now->source_count + 1);
    memcpy(sources, now->sources, now->source_count * sizeof *sources);
    sources[now->source_count] = (struct policy_source){text->source_name, text->source};
    const struct aid_rules rules = {now->policy, text, sources, now->source_count + 1};
    award_decide_kinds(cli->arena, policy_compile(cli->arena, now->policy, &options), &facts->rows,
                       &facts->open, 0, &kinds);
    if (!job_award_save(&cli->workspace, &cli->asker, &rules, students->run, &kinds,
                        students->known_ms, &saved, err)) {
        return false;
    }
    if (saved.run == 0) return true;
    cli_note(cli, "核定批次 %lld%s；待办补发、追回 %s 项",
             "decision %lld%s; proposals to pay or claim back: %s", (long long)saved.run,
             saved.same ? cli_say(cli, "（与前次相同）", " (as before)") : "",
             cli_thousands(cli, saved.open).ptr);
    return true;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct aid_rules rules;
    struct students students;
    const struct students_wish all = {0};
    struct award_decided decided;
    struct times times = {.from = {clock_elapsed_us(), clock_cpu_us()}};
    uint16_t *schemes;
    size_t scheme_count, threads = cli_threads(cli);
    if (threads == 0) threads = thread_count_default();
    if (!students_rules(cli, &rules, err)
        || !students_schemes(cli, rules.policy, &schemes, &scheme_count, err)) {
        return false;
    }
    end_step(&times, STEP_RULES);
    if (!students_read(cli, &rules, &all, &students, err)) return false;
    end_step(&times, STEP_READ);
    struct policy_decide_options options = {.subject = students.people.rows.subject,
                                            .at = students.at,
                                            .schemes = schemes,
                                            .scheme_count = scheme_count};
    award_decide_people(cli->arena, rules.policy, &students.people, &options, threads, &decided);
    end_step(&times, STEP_DECIDE);
    if (!write_all(cli, &decided, threads, err)) return false;
    end_step(&times, STEP_WRITE);
    times.students = students.people.rows.count;
    for (int v = 0; v < AWARD_VERDICTS; v++) times.decisions += decided.verdicts[v];
    times.kinds = decided.kinds.count;
    times.threads = threads;
    tell(cli, &decided);
    if (!keep(cli, &rules, &students, err)) return false;
    return write_times(cli, &times, err);
}

const struct command command_aid_decide = {
    .name = "aid decide",
    .words = "",
    .capability = CAPABILITY_LOOK,
    .zh = "判定谁应享受哪项资助、多少",
    .en = "Decides who is entitled to which aid, and to how much",
    .more_zh =
        "名单的列：id（编号）、stage（学段）、grade（年级）、boarding（寄宿）、categories（困难类别"
        "，"
        "分号分隔，无则写 none 或 "
        "无）等，即政策文本里的各输入，中英文表头和取值都认得；空格表示未知，"
        "不表示否。有认不得的词、空的学段或重复的编号，整份退回并指明行号。输出 "
        "id,scheme,verdict,amount_fen,period,needs,cites，按编号、项目排序；verdict 为 yes、no 或 "
        "unknown，needs 是还缺的输入，cites 是依据的文号。",
    .more_en =
        "Columns of the list: id, stage, grade, boarding, categories (; between, none for none) "
        "and "
        "the other inputs of the policy text, with headings and values in Chinese or English; an "
        "empty cell is unknown, never no. A word that is not known, an empty stage or a repeated "
        "id "
        "refuses the file, with the line. Writes id,scheme,verdict,amount_fen,period,needs,cites, "
        "sorted by id, then scheme; verdict is yes, no or unknown, needs are the inputs that are "
        "missing, cites the documents.",
    .options = {OPTION_OF_STUDENTS,
                OPTION_OF_SUBJECT,
                {"--at", OPTION_DAY, "DATE", NULL, "以此日为准", "the day asked about"},
                OPTION_OF_KNOWN,
                OPTION_OF_SCHEME,
                OPTION_OF_PACKS,
                OPTION_OF_OUT,
                OPTION_OF_ALL,
                {"--threads", OPTION_COUNT, "N", NULL, "线程数（默认全部核）；结果不变",
                 "threads (default: all cores); the result is the same"},
                {"--times", OPTION_LETTER, "FILE.json", NULL, "写出各步用时",
                 "writes how long each step took"}},
    .examples = {{"baoxue aid decide --at 2020-11-25 --out 核定.xlsx",
                  "工作区里的全部学生，所据来自各名册；结果留档",
                  "all students of the workspace, by its registers; the decision is kept"},
                 {"baoxue aid decide --subject teacher --at 2020-11-25",
                  "教师名册里的人：乡村教师生活补助",
                  "those of the register of teachers: the rural teachers' subsidy"},
                 {"baoxue aid decide --students students.csv --at 2024-03-01", "全部项目",
                  "all schemes"},
                 {"baoxue aid decide --students students.csv --at 2024-03-01 --scheme "
                  "boarding_subsidy --out aid.xlsx",
                  "只看寄宿生生活补助，写成表格", "the boarding subsidy only, as a workbook"}},
    .run = run,
};
