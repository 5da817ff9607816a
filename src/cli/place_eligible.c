#include "base/csv.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/packs.h"
#include "cli/place.h"
#include "cli/report.h"
#include "intake/table.h"
#include "jobs/eligible.h"

#include <stdlib.h>

/* Who is proven to be allowed to ask for which special plan; counts, conflicts, the public list,
 * and the applicants' file of place run. */

static const struct report_column line_columns[] = {
    {"applicant", "考生号", "applicant", false},
    {"record", "记录", "record", true},
    {"name", "姓名", "name", false},
    {"county", "报名县区", "county", false},
    {"school", "毕业学校", "school", false},
    {"plan", "专项", "plan", false},
    {"asked", "申报", "asked", false},
    {"verdict", "结论", "verdict", false},
    {"reason", "理由", "reason", false},
    {"needs", "缺", "needs", false},
    {"ask", "向谁补证", "ask for", false},
    {"evidence", "依据", "evidence", false},
    {"cites", "文件", "documents", false},
};

static const struct report_column count_columns[] = {
    {"unit", "单位", "unit", false},
    {"plan", "专项", "plan", false},
    {"applicants", "考生", "applicants", true},
    {"asked", "申报", "asked", true},
    {"eligible", "符合", "eligible", true},
    {"refused", "不符合", "refused", true},
    {"unknown", "待补证", "unknown", true},
};

static const struct report_column finding_columns[] = {
    {"conflict", "问题", "conflict", false}, {"applicant", "考生号", "applicant", false},
    {"other", "另一考生号", "other", false}, {"county", "报名县区", "county", false},
    {"school", "毕业学校", "school", false}, {"plans", "专项", "plans", false},
    {"detail", "说明", "detail", false},
};

enum {
    LINE_COLUMNS = sizeof line_columns / sizeof *line_columns,
    COUNT_COLUMNS = sizeof count_columns / sizeof *count_columns,
    FINDING_COLUMNS = sizeof finding_columns / sizeof *finding_columns,
    FILE_BYTES_MAX = 1 << 28,
    COUNTY_DIGITS = 6,
};

static struct str county_of(const struct cli *cli, struct str area)
{
    struct str name = division_name_of(cli->workspace.divisions, str_slice(area, 0, COUNTY_DIGITS));
    return name.len > 0 ? name : area;
}

static struct str plan_name(const struct cli *cli, const struct eligible *eligible, size_t plan)
{
    return eligible_plan_word(eligible->known, plan, cli->lang);
}

static bool is_wanted(const struct cli *cli, const struct eligible_line *line)
{
    const char *which = cli_option(cli, "--verdict");
    if (!line->concerned || (cli_has(cli, "--asked") && !line->asked)) return false;
    return which == NULL || str_is(str_from(which), eligible_verdict_key(line->verdict));
}

static bool write_line(const struct cli *cli, struct report *report,
                       const struct eligible *eligible, const struct eligible_applicant *applicant,
                       const struct eligible_told *told, size_t plan, struct err *err)
{
    const struct eligible_line *line = &applicant->lines[plan];
    const struct eligible_candidate *who = applicant->who;
    struct str yes_no = line->asked ? STR("yes") : STR("no");
    struct str values[LINE_COLUMNS] = {who->number,  str_i64(cli->arena, who->record),
                                       who->name,    county_of(cli, who->area),
                                       who->school,  eligible->known->plans.plans[plan].scheme_key,
                                       yes_no,       str_from(eligible_verdict_key(line->verdict)),
                                       told->reason, told->needs,
                                       told->asks,   told->evidence,
                                       told->cites};
    struct str shown[LINE_COLUMNS] = {
        [5] = plan_name(cli, eligible, plan),
        [6] = str_from(cli_say(cli, line->asked ? "是" : "否", line->asked ? "yes" : "no")),
        [7] = str_from(eligible_verdict_text(line->verdict, cli->lang))};
    return report_row(report, values, shown, err);
}

/* The wanted lines of one applicant. */
static bool write_applicant(struct cli *cli, struct report *report,
                            const struct eligible_teller *teller, size_t number, struct err *err)
{
    const struct eligible *eligible = teller->eligible;
    const struct eligible_applicant *who = &eligible->applicants[number];
    size_t plans = eligible->known->plans.count;
    struct eligible_told *told;
    struct arena work = {0};
    uint64_t mask = 0;
    for (size_t p = 0; p < plans; p++) {
        if (is_wanted(cli, &who->lines[p])) mask |= (uint64_t)1 << p;
    }
    bool good = mask == 0 || eligible_tell(teller, &work, number, mask, cli->lang, &told, err);
    for (size_t p = 0; good && p < plans; p++) {
        if ((mask >> p & 1) != 0) good = write_line(cli, report, eligible, who, &told[p], p, err);
    }
    arena_free(&work);
    return good;
}

static bool write_lines(struct cli *cli, struct report *report, const struct eligible *eligible,
                        struct err *err)
{
    struct eligible_teller teller;
    if (!eligible_teller_open(&teller, cli->arena, eligible, &cli->workspace.registry, &cli->asker,
                              err)) {
        return false;
    }
    for (size_t i = 0; i < eligible->applicant_count; i++) {
        if (!write_applicant(cli, report, &teller, i, err)) return false;
    }
    return true;
}

static bool write_findings(const struct cli *cli, struct report *report,
                           const struct eligible *eligible, struct err *err)
{
    for (size_t i = 0; i < eligible->finding_count; i++) {
        const struct eligible_finding *finding = &eligible->findings[i];
        struct str values[FINDING_COLUMNS] = {
            str_from(eligible_conflict_key(finding->kind)),
            finding->number,
            finding->other,
            county_of(cli, finding->area),
            finding->school,
            eligible_plan_keys(eligible->known, cli->arena, finding->plans),
            cli->lang == LANG_ZH ? finding->detail_zh : finding->detail_en};
        struct str shown[FINDING_COLUMNS] = {
            str_from(eligible_conflict_text(finding->kind, cli->lang))};
        if (!report_row(report, values, shown, err)) return false;
    }
    return true;
}

/* What a count is of: all, a county, a school. */
static struct str unit_of(const struct cli *cli, const struct eligible_candidate *who)
{
    struct str by = str_from(cli_option(cli, "--by"));
    if (str_is(by, "school")) return who->school;
    return str_is(by, "county") ? county_of(cli, who->area) : STR_EMPTY;
}

struct count {
    struct str unit;
    size_t plan;
    int64_t all, asked, verdicts[3];
};

static int compare_counts(const void *a, const void *b)
{
    const struct count *x = a, *y = b;
    int order = str_compare(x->unit, y->unit);
    if (order != 0) return order;
    return x->plan < y->plan ? -1 : x->plan > y->plan;
}

static bool write_counts(const struct cli *cli, struct report *report,
                         const struct eligible *eligible, struct err *err)
{
    size_t plans = eligible->known->plans.count, units = 0;
    struct dict names;
    dict_init(&names, cli->arena);
    struct count *counts = arena_array(cli->arena, struct count, eligible->applicant_count * plans);
    for (size_t i = 0; i < eligible->applicant_count; i++) {
        const struct eligible_applicant *who = &eligible->applicants[i];
        uint32_t unit = dict_put(&names, unit_of(cli, who->who));
        for (size_t p = 0; p < plans; p++) {
            struct count *count = &counts[unit * plans + p];
            const struct eligible_line *line = &who->lines[p];
            count->unit = dict_text(&names, unit);
            count->plan = p;
            count->all += line->concerned;
            count->asked += line->asked;
            if (line->concerned) count->verdicts[line->verdict]++;
        }
    }
    units = names.count * plans;
    if (units > 1) qsort(counts, units, sizeof *counts, compare_counts);
    for (size_t i = 0; i < units; i++) {
        const struct count *count = &counts[i];
        struct str values[COUNT_COLUMNS] = {count->unit,
                                            eligible->known->plans.plans[count->plan].scheme_key,
                                            str_i64(cli->arena, count->all),
                                            str_i64(cli->arena, count->asked),
                                            str_i64(cli->arena, count->verdicts[POLICY_ENTITLED]),
                                            str_i64(cli->arena, count->verdicts[POLICY_NO]),
                                            str_i64(cli->arena, count->verdicts[POLICY_UNKNOWN])};
        struct str shown[COUNT_COLUMNS] = {[1] = plan_name(cli, eligible, count->plan)};
        if (!report_row(report, values, shown, err)) return false;
    }
    return true;
}

/* Who is eligible for what they asked for, with nothing but name, school, county and plan: what the
 * rules for public notices let the public see. */
static bool write_public(struct cli *cli, const struct eligible *eligible, struct err *err)
{
    const char *path = cli_option(cli, "--public");
    struct text text;
    size_t shown = 0;
    if (path == NULL) return true;
    text_init(&text, cli->arena, FILE_BYTES_MAX);
    text_add_c(&text, cli_say(cli, "姓名,学校,报名县区,专项\n", "name,school,county,plan\n"));
    for (size_t i = 0; i < eligible->applicant_count; i++) {
        const struct eligible_applicant *who = &eligible->applicants[i];
        for (size_t p = 0; p < eligible->known->plans.count; p++) {
            if (!eligible_is_public(eligible, i, p)) continue;
            csv_put(&text, who->who->name, true);
            csv_put(&text, who->who->school, false);
            csv_put(&text, county_of(cli, who->who->area), false);
            csv_put(&text, plan_name(cli, eligible, p), false);
            text_add_byte(&text, '\n');
            shown++;
        }
    }
    if (!file_write(path, text_str(&text), 0644, err)) return false;
    cli_note(cli, "公示名单 %zu 项已写入 %s：只有姓名、学校、县区和专项；公示期满请撤下",
             "%zu lines for the public in %s: name, school, county and plan only; take it down "
             "when the notice is over",
             shown, path);
    return true;
}

/* The plans that an applicant is proven eligible for, as `place run` reads them. */
static struct str proven(const struct cli *cli, const struct eligible *eligible, struct str number)
{
    struct text text;
    text_init(&text, cli->arena, 1024);
    for (size_t i = 0; i < eligible->applicant_count; i++) {
        const struct eligible_applicant *who = &eligible->applicants[i];
        if (!str_equal(who->who->number, number)) continue;
        for (size_t p = 0; p < eligible->known->plans.count; p++) {
            const struct eligible_line *line = &who->lines[p];
            if (!line->concerned || line->verdict != POLICY_ENTITLED) continue;
            if (text.len > 0) text_add_byte(&text, ';');
            text_add(&text, eligible->known->plans.plans[p].place);
        }
    }
    return text_str(&text);
}

/* The applicants' file with its column `plans` filled from what is proven. */
static bool fill_applicants(struct cli *cli, const struct eligible *eligible, struct err *err)
{
    const char *from = cli_option(cli, "--applicants"), *to = cli_option(cli, "--filled");
    struct str source;
    struct csv_reader reader;
    struct csv_row row;
    struct text text;
    size_t applicant = SIZE_MAX, plans = SIZE_MAX, rows = 0;
    bool more, head = true;
    if (from == NULL && to == NULL) return true;
    if (!place_needs(cli, "--applicants", &from, err) || !place_needs(cli, "--filled", &to, err)
        || !file_read(cli->arena, from, FILE_BYTES_MAX, &source, err)) {
        return false;
    }
    text_init(&text, cli->arena, FILE_BYTES_MAX);
    csv_open(&reader, source, 0);
    for (;;) {
        if (!csv_next(&reader, cli->arena, &row, &more, err)) return false;
        if (!more) break;
        if (row.count == 1 && row.cells[0].len == 0) continue;
        for (size_t c = 0; c < row.count && head; c++) {
            if (str_is(row.cells[c], "applicant")) applicant = c;
            if (str_is(row.cells[c], "plans")) plans = c;
        }
        if (applicant == SIZE_MAX) {
            return err_set(err, ERR_INPUT, "%s has no column \"applicant\"", "%s 没有“applicant”列",
                           from);
        }
        for (size_t c = 0; c < row.count; c++) {
            bool fill = !head && c == plans;
            csv_put(&text, fill ? proven(cli, eligible, row.cells[applicant]) : row.cells[c],
                    c == 0);
        }
        if (plans == SIZE_MAX) {
            struct str last = head                    ? STR("plans")
                              : applicant < row.count ? proven(cli, eligible, row.cells[applicant])
                                                      : STR_EMPTY;
            csv_put(&text, last, false);
        }
        text_add_byte(&text, '\n');
        rows += !head;
        head = false;
    }
    if (!file_write(to, text_str(&text), 0644, err)) return false;
    cli_note(cli, "已写入 %s：%zu 名考生的 plans 列按核定结果填写，可交 place run",
             "wrote %s: the column plans of %zu applicants, for place run", to, rows);
    return true;
}

static void say(const struct cli *cli, const struct eligible *eligible)
{
    char counted[DAY_TEXT_SIZE];
    uint64_t verdicts[3] = {0};
    for (size_t i = 0; i < eligible->applicant_count; i++) {
        for (size_t p = 0; p < eligible->known->plans.count; p++) {
            const struct eligible_line *line = &eligible->applicants[i].lines[p];
            if (line->concerned) verdicts[line->verdict]++;
        }
    }
    cli_note(cli,
             "%d 年考生 %zu 人，户籍、学籍算到 %s：符合 %llu 项，不符合 %llu 项，待补证 %llu "
             "项；矛盾 %zu 项（--conflicts）",
             "%d: %zu applicants, registrations counted to %s: eligible %llu, refused %llu, not "
             "known %llu; %zu conflicts (--conflicts)",
             eligible->year, eligible->applicant_count, day_format(eligible->counted, counted),
             (unsigned long long)verdicts[POLICY_ENTITLED], (unsigned long long)verdicts[POLICY_NO],
             (unsigned long long)verdicts[POLICY_UNKNOWN], eligible->finding_count);
}

static bool write_report(struct cli *cli, const struct eligible *eligible, struct err *err)
{
    struct report *report = NULL;
    bool conflicts = cli_has(cli, "--conflicts"), counts = cli_option(cli, "--by") != NULL, good;
    if (conflicts) {
        good = report_open(&report, cli, "conflicts", finding_columns, FINDING_COLUMNS, err)
               && write_findings(cli, report, eligible, err);
    } else if (counts) {
        good = report_open(&report, cli, "counts", count_columns, COUNT_COLUMNS, err)
               && write_counts(cli, report, eligible, err);
    } else {
        good = report_open(&report, cli, "eligibility", line_columns, LINE_COLUMNS, err)
               && write_lines(cli, report, eligible, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    struct pack_set set;
    struct eligible eligible;
    struct read_at when;
    (void)exit_code;
    if (!cli_open(cli, false, err) || !packs_of_option(cli, &set, err) || !cli_when(cli, &when, err)
        || !job_eligible(&cli->workspace, cli->arena, &cli->asker, when, set.policy,
                         (int)cli_count(cli, "--year", 0), &eligible, err)
        || !write_public(cli, &eligible, err) || !fill_applicants(cli, &eligible, err)
        || !write_report(cli, &eligible, err)) {
        return false;
    }
    say(cli, &eligible);
    return true;
}

const struct command command_place_eligible = {
    .name = "place eligible",
    .words = "",
    .capability = CAPABILITY_LOOK,
    .zh = "专项计划报考资格：谁符合、谁不符合、为什么、还缺什么证明",
    .en = "Who may ask for which special plan, who may not and why, and what evidence is missing",
    .more_zh =
        "考生名册里当年的每名考生，对每项专项计划：符合、不符合（哪一条、依据什么）、待补证（缺什"
        "么、向谁要）。事实出自户籍、学籍、脱贫人口、学校名录等名册，每条写明名册、文件、行和从哪"
        "天起这样记载；名册里查不到的从不当作“不符合”。条件和年限是政策文本（applicant.policy），"
        "年限算到 applicant_plans.yaml 写的那一天。--conflicts "
        "列出矛盾：重复报名、同年按两项专项录取、申报互斥的专项、迁入或入学过晚。--public "
        "写出公示名单，只有姓名、学校、县区、专项。--applicants 与 --filled 把核定结果填进 place "
        "run 的考生表。按考生号、专项排序。",
    .more_en =
        "Each candidate of the year and each special plan: eligible; refused, by which condition "
        "and on what evidence; or not known, what is missing and who has it. Facts come from the "
        "registers of population, rolls, poverty and schools, each with register, file, row and "
        "the day since which it is so stated; what no register states is never a refusal. "
        "Conditions and months are policy text (applicant.policy), counted to the day that "
        "applicant_plans.yaml names. --conflicts lists who is registered twice, admitted under "
        "two plans in a year, asks for plans that exclude one another, or came too late. --public "
        "writes a list of name, school, county and plan only. --applicants and --filled put what "
        "is proven into the applicants' file of place run. By number of the applicant and plan.",
    .options = {{"--year", OPTION_COUNT, "YEAR", NULL, "高考年份（默认 --at 那一年）",
                 "year of the examination (default: that of --at)"},
                {"--by", OPTION_CHOICE, "UNIT", "plan|county|school",
                 "只列人数：按专项、县区或学校", "counts only: by plan, county or school"},
                {"--conflicts", OPTION_FLAG, NULL, NULL, "列出矛盾", "lists conflicts"},
                {"--asked", OPTION_FLAG, NULL, NULL, "只看申报了的专项",
                 "only plans that were asked for"},
                {"--verdict", OPTION_CHOICE, "V", "eligible|refused|unknown", "只看一种结论",
                 "only one verdict"},
                {"--public", OPTION_OUTPUT, "P.csv", NULL, "写出公示名单（申报且符合的）",
                 "writes the list for the public: asked for and eligible"},
                {"--applicants", OPTION_FILE, "A.csv", NULL, "place run 的考生表",
                 "the applicants of place run"},
                {"--filled", OPTION_OUTPUT, "B.csv", NULL, "填好 plans 列的考生表",
                 "the same with its column plans filled"},
                OPTION_OF_PACKS,
                OPTION_OF_AT,
                OPTION_OF_KNOWN,
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue place eligible --at 2021-05-01 --asked --out 资格审查.xlsx",
                  "申报的专项逐人审查，写成表格", "what was asked for, as a workbook"},
                 {"baoxue place eligible --by county", "各县区各专项多少人符合",
                  "how many are eligible, by county"},
                 {"baoxue place eligible --conflicts", "矛盾之处", "conflicts"},
                 {"baoxue place eligible --applicants a.csv --filled b.csv",
                  "把资格填进 place run 的考生表", "eligibility for place run"}},
    .run = run,
};
