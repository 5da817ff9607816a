#include "access/audit.h"
#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/packs.h"
#include "cli/report.h"
#include "jobs/public_list.h"
#include "papers/inspection.h"

#include <stdio.h>

static const struct report_column columns[] = {
    {"paper", "键", "key", false},
    {"name", "文书", "paper", false},
    {"issuers", "发文机关", "issued by", false},
    {"public", "公示", "public", false},
    {"law", "依据", "rests on", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns, LIST_BYTES_MAX = 4096 };

static struct str joined(const struct cli *cli, const struct str *items, size_t count)
{
    struct text text;
    text_init(&text, cli->arena, LIST_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) text_add_c(&text, ";");
        text_add(&text, items[i]);
    }
    return text_str(&text);
}

static struct str issuer_words(const struct cli *cli, const struct notices *notices,
                               const struct notice *notice)
{
    struct text text;
    text_init(&text, cli->arena, LIST_BYTES_MAX);
    for (size_t i = 0; i < notice->issuer_count; i++) {
        const struct notice_issuer *issuer = notice_issuer_find(notices, notice->issuers[i]);
        if (i > 0) text_add_c(&text, cli->lang == LANG_EN ? ", " : "、");
        text_add(&text, cli->lang == LANG_EN ? issuer->en : issuer->zh);
    }
    return text_str(&text);
}

static bool run_list(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct notices notices;
    struct report *report;
    if (!notices_load(&notices, cli->arena, NULL, err)
        || !report_open(&report, cli, "papers", columns, COLUMNS, err)) {
        return false;
    }
    for (size_t i = 0; i < notices.count; i++) {
        const struct notice *notice = &notices.items[i];
        struct str values[COLUMNS] = {notice->key, cli->lang == LANG_EN ? notice->en : notice->zh,
                                      joined(cli, notice->issuers, notice->issuer_count),
                                      notice->public ? STR("yes") : STR("no"),
                                      joined(cli, notice->laws, notice->law_count)};
        struct str shown[COLUMNS] = {
            [2] = issuer_words(cli, &notices, notice),
            [3] = str_from(notice->public ? cli_say(cli, "是", "yes") : cli_say(cli, "否", "no"))};
        if (report_row(report, values, shown, err)) continue;
        report_abandon(report);
        return false;
    }
    return report_close(report, err);
}

const struct command command_papers = {
    .name = "papers",
    .words = "",
    .capability = 0,
    .zh = "列出文书：谁有权发出，依据什么",
    .en = "Lists the papers: who may issue them, and by which law",
    .more_zh = "按键排序。文书是文字模板，见 docs/papers.md。",
    .more_en = "Sorted by key. Papers are texts: docs/papers.md.",
    .options = {OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue papers", "所有文书", "all papers"}},
    .run = run_list,
};

static bool find_paper(struct cli *cli, const struct notices *notices, const struct notice **out,
                       struct err *err)
{
    *out = notice_find(notices, str_from(cli->words[0]));
    if (*out != NULL) return true;
    return err_set(err, ERR_NOT_FOUND, "there is no paper \"%s\"; \"baoxue papers\" lists them",
                   "没有文书“%s”，用 baoxue papers 列出", cli->words[0]);
}

/* ID numbers leave the program only for a reason that is on record. */
static bool record(struct cli *cli, const struct notice *notice, bool *reveal, struct err *err)
{
    struct str reason = STR_EMPTY;
    if (!cli_reveal(cli, &reason, err)) return false;
    *reveal = reason.len > 0;
    struct str object = cli_format(cli, "paper %.*s", STR_ARG(notice->key));
    return audit_append(cli->workspace.store, &cli->clock, &cli->asker,
                        *reveal ? AUDIT_REVEAL : AUDIT_EXPORT, object, reason, err);
}

/* What a paper needs that only the caller can say. */
static bool check_asked(const struct cli *cli, const struct notice *notice, struct err *err)
{
    for (size_t i = 0; i < notice->need_count; i++) {
        if (!str_is(notice->needs[i], "school.name") || cli_has(cli, "--school")) continue;
        return err_set(err, ERR_USAGE, "this paper is of one school: name it with --school NAME",
                       "此文书属于一所学校，请用 --school 指定学校名称");
    }
    return true;
}

/* A name that no register writes would give a report of nobody. */
static bool check_school(const struct cli *cli, const struct people *people, struct err *err)
{
    const char *school = cli_option(cli, "--school");
    if (school == NULL
        || dict_find(&people->texts[PERSON_SCHOOL_NAME], str_from(school)) != DICT_NONE)
        return true;
    return err_set(err, ERR_NOT_FOUND,
                   "no register speaks of a school \"%s\"; write the name as the roll does",
                   "没有哪本名册写到学校“%s”，名称请按学籍所写", school);
}

static bool check(struct cli *cli, struct read_at when, struct check_run *out, struct err *err)
{
    struct bar bar;
    bar_start(&bar, cli->lang, cli->quiet);
    bool good = job_check(&cli->workspace, cli->arena, &cli->asker, when, &bar.progress, out, err);
    bar_end(&bar);
    return good;
}

/* Who issues it: as said, else the paper's only issuer. */
static struct str issuer_of(const struct cli *cli, const struct notice *notice)
{
    const char *said = cli_option(cli, "--issuer");
    if (said != NULL) return str_from(said);
    return notice->issuer_count > 0 ? notice->issuers[0] : STR_EMPTY;
}

static bool make(struct cli *cli, const struct notices *notices, const struct notice *notice,
                 struct inspection *inspection, struct err *err)
{
    enum inspection_ledger ledger;
    enum inspection_span span;
    struct notice_values values;
    const char *out = cli_option(cli, "--out");
    notice_values_init(&values, cli->arena);
    if (inspection_ledger_of(notice->key, &ledger))
        inspection_ledger(inspection, ledger, &values);
    else if (inspection_span_of(notice->key, &span))
        inspection_report(inspection, span, &values);
    else if (notice->of_case)
        return err_set(err, ERR_USAGE, "\"%.*s\" is of one case: case ID print %.*s --out FILE",
                       "“%.*s”属于个案文书，请从案卷打印：case 编号 print %.*s --out 文件",
                       STR_ARG(notice->key), STR_ARG(notice->key));
    else
        return err_set(err, ERR_USAGE, "\"%.*s\" is neither a ledger nor a report",
                       "“%.*s”不是台账或报告，本命令不写", STR_ARG(notice->key));
    if (!notice_check(notices, notice, issuer_of(cli, notice), NULL, 0, &values, err)) return false;
    if (!notice_write(notice, &values, inspection->at, out, err)) return false;
    cli_note(cli, "已写出 %s", "written: %s", out);
    return true;
}

/* What only the office can say of a list for the public. */
static bool read_public(struct cli *cli, struct public_list_wish *out, struct aid_rules *rules,
                        struct err *err)
{
    const char *scheme = cli_option(cli, "--scheme"), *school = cli_option(cli, "--school"),
               *contact = cli_option(cli, "--contact"), *issuer = cli_option(cli, "--issuer");
    uint16_t number;
    struct public_list_wish wish = {
        .area = cli_area(cli), .from = cli_day(cli, "--from"), .to = cli_day(cli, "--to")};
    if (cli_has(cli, "--reveal")) {
        return err_set(err, ERR_USAGE, "a paper for the public has no ID numbers to be revealed",
                       "公示文书不写证件号码，不能用 --reveal");
    }
    if (scheme == NULL || day_is_none(wish.from) || day_is_none(wish.to)) {
        return err_set(err, ERR_USAGE,
                       "a list for the public needs --scheme KEY, and --from DATE and --to DATE "
                       "while it hangs",
                       "公示名单需要 --scheme 项目，以及公示的起止日 --from 日期、--to 日期");
    }
    if (!job_rules(&cli->workspace, cli->arena, rules, err)
        || !packs_scheme(cli, rules->policy, scheme, &number, err)) {
        return false;
    }
    wish.scheme = rules->policy->schemes[number].name.key;
    if (school != NULL) wish.school = str_from(school);
    if (issuer != NULL) wish.issuer = str_from(issuer);
    if (contact != NULL) wish.contact = str_from(contact);
    *out = wish;
    return true;
}

/* A list for the public: no finding is looked at, and nothing is on it but what the law allows. */
static bool make_public(struct cli *cli, const struct notices *notices, const struct notice *notice,
                        struct read_at when, struct err *err)
{
    struct public_list_wish wish;
    struct public_list *list = arena_new(cli->arena, struct public_list);
    struct aid_rules rules;
    struct bar bar;
    bool reveal;
    const char *out = cli_option(cli, "--out");
    if (!read_public(cli, &wish, &rules, err)) return false;
    wish.at = when.at;
    bar_start(&bar, cli->lang, cli->quiet);
    bool good = job_public_list(&cli->workspace, cli->arena, &cli->asker, &rules, notices, &wish,
                                &bar.progress, list, err);
    bar_end(&bar);
    if (!good || !notice_check(notices, notice, list->issuer, NULL, 0, &list->values, err)
        || !record(cli, notice, &reveal, err)
        || !notice_write(notice, &list->values, wish.from, out, err)) {
        return false;
    }
    cli_note(cli, "已写出 %s：%zu 人，公示期满即撤下",
             "written: %s, %zu pupils; to be taken down after "
             "its days",
             out, list->count);
    if (list->off_roll > 0) {
        cli_note(cli, "%zu 人已核定而当日不在籍，未列入",
                 "%zu were decided for and are on no roll of the day: left out", list->off_roll);
    }
    return true;
}

static bool run_make(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct read_at when;
    struct notices notices;
    const struct notice *notice;
    struct check_run run;
    bool reveal;
    const char *school = cli_option(cli, "--school");
    if (cli_option(cli, "--out") == NULL) {
        return err_set(err, ERR_USAGE, "name the file with --out FILE (.pdf, .docx, .xlsx or .csv)",
                       "请用 --out 指定文件（.pdf、.docx、.xlsx 或 .csv）");
    }
    if (!cli_open(cli, false, err) || !cli_when(cli, &when, err)
        || !notices_load(&notices, cli->arena, cli->workspace.policies, err)
        || !find_paper(cli, &notices, &notice, err)) {
        return false;
    }
    if (notice->public) return make_public(cli, &notices, notice, when, err);
    if (!check_asked(cli, notice, err) || !record(cli, notice, &reveal, err)
        || !check(cli, when, &run, err) || !check_school(cli, &run.people, err)) {
        return false;
    }
    struct inspection inspection = {.divisions = cli->workspace.divisions,
                                    .people = &run.people,
                                    .rules = &cli->workspace.rules,
                                    .kept = &run.kept,
                                    .findings = run.findings,
                                    .entries = run.entries,
                                    .count = run.count,
                                    .at = run.at,
                                    .area = cli_area(cli),
                                    .school = school == NULL ? STR_EMPTY : str_from(school),
                                    .reveal = reveal};
    return make(cli, &notices, notice, &inspection, err);
}

const struct command command_papers_make = {
    .name = "papers make",
    .words = "PAPER",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_LOOK,
    .zh = "出台账、报告和公示名单，写成 PDF、docx 或表格",
    .en = "Makes a ledger, a report or a list for the public as PDF, docx or workbook",
    .more_zh = "证件号码脱敏，--reveal 写全号并记入审计。台账按区划、姓名排序。学校月报须写 "
               "--school。public_aid 是资助名单公示：按最近一次核定，只有序号、姓名、学校、年级、班"
               "级，须写 --scheme、--from、--to，按学校、年级、班级、姓名排序。",
    .more_en =
        "ID numbers are masked; --reveal writes them whole and is audited. Ledgers are sorted "
        "by area and name. A school's report needs --school. public_aid is the public notice of "
        "aid by the newest decision: number, name, school, grade and class, and nothing else; it "
        "needs --scheme, --from and --to, and is sorted by school, grade, class and name.",
    .options = {OPTION_OF_AT,
                OPTION_OF_KNOWN,
                {"--area", OPTION_AREA, "CODE", NULL, "哪个区划", "of which area"},
                {"--school", OPTION_TEXT, "NAME", NULL, "哪所学校（学籍中的名称）",
                 "of which school, as the roll calls it"},
                {"--issuer", OPTION_TEXT, "KEY", NULL,
                 "发文机关（默认文书所写的第一个；公示：学校，或区划的教育局）",
                 "who issues it (default: the first that the paper names; of a public list the "
                 "school, or the bureau of the area)"},
                {"--scheme", OPTION_TEXT, "S", NULL, "公示哪个资助项目（键或名称）",
                 "the scheme of a public list, by key or name"},
                {"--from", OPTION_DAY, "DATE", NULL, "公示开始", "when a public list is put up"},
                {"--to", OPTION_DAY, "DATE", NULL, "公示截止", "the last day that it hangs"},
                {"--contact", OPTION_TEXT, "TEXT", NULL, "异议向谁反映、电话（不填则留空）",
                 "whom to tell objections, and how (empty: room to write)"},
                {"--out", OPTION_OUTPUT, "FILE", NULL, "文件：.pdf、.docx、.xlsx 或 .csv",
                 "the file: .pdf, .docx, .xlsx or .csv"},
                OPTION_OF_REVEAL},
    .examples =
        {{"baoxue papers make ledger_suspected --area 620422 --out 疑似台账.pdf",
          "会宁县疑似失学辍学台账", "one county's ledger of suspected children"},
         {"baoxue papers make report_quarter --area 620422 --out 季报.docx", "会宁县季度复核报告",
          "one county's report of the quarter"},
         {"baoxue papers make public_aid --scheme boarding_subsidy --school 郭城小学 --from "
          "2020-12-01 --to 2020-12-07 --out 公示.pdf",
          "一所学校的寄宿生生活补助公示", "one school's public list of a scheme"}},
    .run = run_make,
};
