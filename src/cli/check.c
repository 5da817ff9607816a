#include "access/audit.h"
#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "cli/screen.h"
#include "cli/words.h"
#include "identity/id_number.h"
#include "jobs/snapshot.h"

static const struct report_column columns[] = {
    {"finding", "线索", "finding", true},
    {"kind", "类别", "kind", false},
    {"queue", "分工", "queue", false},
    {"person", "人员", "person", true},
    {"name", "姓名", "name", false},
    {"id_number", "证件号码", "ID number", false},
    {"birth_date", "出生日期", "birth date", false},
    {"area", "区划", "area", false},
    {"school", "学校", "school", false},
    {"probability", "可能性", "probability", false},
    {"nearest_record", "最接近的记录", "nearest record", false},
    {"reason", "原因", "reason", false},
    {"opened", "发现日", "opened", false},
    {"status", "状态", "status", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

/* "roll 1234 张小明 2012-03-05 郭城小学 0.412300": register, statement and what it says. */
static struct str nearest_text(const struct cli *cli, const struct check_run *run,
                               const struct finding *finding, bool on_screen)
{
    if (finding->nearest == UINT32_MAX) return STR_EMPTY;
    const struct people *people = &run->people;
    const struct person_record *record = &people->records[finding->nearest];
    struct str name = people_text(people, finding->nearest, PERSON_NAME);
    struct str birth = people_text(people, finding->nearest, PERSON_BIRTH_DATE);
    struct str school = people_text(people, finding->nearest, PERSON_SCHOOL_NAME);
    const struct profile *profile = people->registers[record->register_number];
    struct str key = on_screen ? words_register(cli, profile) : profile->key;
    return cli_format(cli, "%.*s %lld %.*s%s%.*s%s%.*s %u.%06u", STR_ARG(key),
                      (long long)record->statement, STR_ARG(name), birth.len > 0 ? " " : "",
                      STR_ARG(birth), school.len > 0 ? " " : "", STR_ARG(school),
                      finding->nearest_probability_ppm / 1000000,
                      finding->nearest_probability_ppm % 1000000);
}

/* Name and number as the register writes them, so that its clerk finds the row; a masked number is
 * the one understood, since a mask over odd forms would hide too little. */
static bool find_who(struct cli *cli, const struct check_run *run, uint32_t number,
                     struct str *name, struct str *id, struct err *err)
{
    struct snapshot_who understood, written;
    if (!snapshot_who_read(&cli->workspace.registry, cli->arena, &run->people, number, &understood,
                           &written, err)) {
        return false;
    }
    *name = written.name;
    *id = cli_has(cli, "--reveal") ? written.id_number
                                   : id_number_mask(cli->arena, understood.id_number);
    return true;
}

static bool write_finding(struct cli *cli, struct report *report, const struct check_run *run,
                          size_t number, struct err *err)
{
    const struct finding *finding = &run->findings[number];
    const struct finding_entry *entry = &run->entries[number];
    struct str name = STR_EMPTY, id = STR_EMPTY;
    if (finding->record != UINT32_MAX && !find_who(cli, run, finding->record, &name, &id, err)) {
        return false;
    }
    struct str values[COLUMNS] = {
        cli_number(cli, (uint64_t)entry->number),
        str_from(finding_kind_key(finding->kind)),
        str_from(queue_key(finding->queue)),
        finding->person == UINT32_MAX
            ? STR_EMPTY
            : cli_number(cli, (uint64_t)run->people.persons[finding->person].number),
        name,
        id,
        cli_date(cli, finding->birth),
        finding->area,
        finding->school,
        cli_probability(cli, finding->probability_ppm),
        nearest_text(cli, run, finding, false),
        finding->reason,
        cli_date(cli, entry->opened),
        str_from(finding_status_key(entry->status)),
    };
    struct str shown[COLUMNS] = {
        [1] = str_from(finding_kind_text(finding->kind, cli->lang)),
        [2] = str_from(queue_text(finding->queue, cli->lang)),
        [7] = division_name_of(cli->workspace.divisions, finding->area),
        [10] = nearest_text(cli, run, finding, true),
        [11] = words_reasons(cli, run->aid == NULL ? NULL : run->aid->rules.policy,
                             finding->reason),
        [13] = str_from(finding_status_text(entry->status, cli->lang)),
    };
    return report_row(report, values, shown, err);
}

static void json_summary(struct json *json, const struct check_summary *summary, struct str at,
                         struct str area)
{
    json_key_str(json, "at", at);
    if (area.len > 0) json_key_str(json, "area", area);
    json_key(json, "summary");
    json_object(json);
    json_key_i64(json, "expected", (int64_t)summary->expected);
    json_key_i64(json, "on_roll", (int64_t)summary->on_roll);
    json_key_i64(json, "finished", (int64_t)summary->finished);
    json_key_i64(json, "lawful", (int64_t)summary->lawful);
    json_key_i64(json, "reported_schooled", (int64_t)summary->reported_schooled);
    json_key_i64(json, "not_enrolled", (int64_t)summary->not_enrolled);
    json_key_i64(json, "id_lookup_missing", (int64_t)summary->id_lookup_missing);
    json_key(json, "findings");
    json_object(json);
    for (int i = 0; i < FINDING_KIND_COUNT; i++) {
        json_key_i64(json, finding_kind_key((enum finding_kind)i), (int64_t)summary->findings[i]);
    }
    json_object_end(json);
    json_object_end(json);
}

static bool write_list(struct cli *cli, const struct check_run *run, struct err *err)
{
    const char *kind = cli_option(cli, "--kind");
    struct str area = cli_area(cli);
    struct report *report = NULL;
    if (!report_open(&report, cli, "findings", columns, COLUMNS, err)) return false;
    struct json *json = report_json(report);
    if (json != NULL) {
        struct check_summary summary;
        check_summarise(&run->people, &run->kept, run->findings, run->count, area, &summary);
        json_summary(json, &summary, cli_date(cli, run->at), area);
    }
    bool good = true;
    for (size_t i = 0; good && i < run->count; i++) {
        const struct finding *finding = &run->findings[i];
        if (kind != NULL && (int)finding->kind != finding_kind_of(str_from(kind))) continue;
        if (!finding_concerns(finding, area)) continue;
        good = write_finding(cli, report, run, i, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

/* Nobody sees a full number before the reason is on record. */
static bool record_reveal(struct cli *cli, struct read_at when, struct err *err)
{
    struct str reason = STR_EMPTY;
    if (!cli_reveal(cli, &reason, err)) return false;
    if (reason.len == 0) return true;
    struct str object = cli_format(cli, "check %.*s", STR_ARG(cli_date(cli, when.at)));
    return audit_append(cli->workspace.store, &cli->clock, &cli->asker, AUDIT_REVEAL, object,
                        reason, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct read_at when;
    struct check_run result;
    struct bar bar;
    if (!cli_open(cli, false, err)) return false;
    if (!cli_when(cli, &when, err)) return false;
    if (!record_reveal(cli, when, err)) return false;
    bar_start(&bar, cli->lang, cli->quiet);
    bool good =
        job_check(&cli->workspace, cli->arena, &cli->asker, when, &bar.progress, &result, err);
    bar_end(&bar);
    if (!good) return false;
    if (!write_list(cli, &result, err)) return false;
    fflush(stdout);
    if (cli->json) return true;
    return screen_check(cli, &result, cli_area(cli), stderr, err);
}

const struct command command_check = {
    .name = "check",
    .words = "",
    .capability = CAPABILITY_LOOK,
    .zh = "比对：哪些适龄儿童不在学校，依据是什么，该谁去办",
    .en = "Compares what ought to be with what is: which children are in no school, and why we "
          "think so",
    .more_zh =
        "终端上是表格，否则是 CSV；--out 写成文件，--json 输出 JSON。名册有变化时自动先归并。"
        "证件号码脱敏，--reveal 显示全号并记入审计。排序：类别，每小时工作找到真失学儿童多的在前，"
        "区划，人员编号。"
        "分工：visit 去入户，ask_elsewhere 查外地学籍，fix_data 改数据，report_missing 缺报表，"
        "pay 核资助，collect 补信息，watch "
        "关注（防止反复）。资助只比对发放名册（awards_paid）写到的项目、学期和地方。",
    .more_en =
        "A table on a terminal, else CSV; --out writes a file, --json a document. Links first when "
        "registers changed. ID numbers are masked; --reveal shows them and is audited. Sorted by "
        "kind, "
        "then most truly missing children per hour of work first, then area and person. Queues: "
        "visit, "
        "ask_elsewhere, fix_data, report_missing, pay, collect, watch. Aid is compared where the "
        "register "
        "of "
        "payments (awards_paid) speaks of the scheme, the period and the place.",
    .options =
        {OPTION_OF_AT,
         OPTION_OF_KNOWN,
         {"--kind", OPTION_CHOICE, "KIND",
          "not_enrolled|attending_unregistered|not_attending|enrolled_twice|roll_unknown|"
          "not_reported|aid_missed|aid_undue|aid_twice|aid_unknown|aid_late|household_watched|"
          "standard_lost|exam_twice|plans_exclusive|moved_late|duty_late",
          "只看一类", "only one kind"},
         {"--area", OPTION_AREA, "CODE", NULL, "只看一个区划", "only one area"},
         OPTION_OF_OUT,
         OPTION_OF_REVEAL,
         OPTION_OF_ALL},
    .examples = {{"baoxue check", "按最近的名册比对", "checks the newest registers"},
                 {"baoxue check --kind not_enrolled --area 620422 --out 会宁.xlsx",
                  "会宁县疑似失学儿童写成表格", "a workbook of one county's suspected children"},
                 {"baoxue check --at 2020-09-15 --known 2020-09-20",
                  "9 月 15 日的情况，按 9 月 20 日所知", "15 September as known on 20 September"}},
    .run = run,
};
