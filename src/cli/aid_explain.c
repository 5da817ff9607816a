#include "awards/letter.h"
#include "base/file.h"
#include "base/list.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "cli/students.h"

#include <stdio.h>

enum { LINES_BYTES_MAX = 1 << 24 };

struct explaining {
    LIST(struct award_explained) items;
};

/* Explains the schemes asked for, or all that can concern the person. */
static void explain_all(struct cli *cli, const struct policy *policy,
                        const struct students *students, size_t row, const uint16_t *schemes,
                        size_t count, struct explaining *out)
{
    size_t total = schemes == NULL ? policy->scheme_count : count;
    for (size_t i = 0; i < total; i++) {
        uint16_t scheme = schemes == NULL ? (uint16_t)i : schemes[i];
        bool mine = policy->schemes[scheme].subject == students->people.rows.subject
                    && policy->schemes[scheme].form != POLICY_DECLARED;
        struct award_explained explained;
        bool concerned = false;
        if (mine) {
            award_explain(cli->arena, policy, &students->people, row, scheme, students->at,
                          &concerned, &explained);
        }
        if (concerned) *list_push(cli->arena, &out->items) = explained;
    }
}

/* Which rows state what the explanations rest on. */
static bool add_sources(struct cli *cli, const struct students *students, size_t row,
                        struct explaining *explaining, struct err *err)
{
    struct award_sources *sources = arena_new(cli->arena, struct award_sources);
    if (students->people.facts == NULL || explaining->items.count == 0) return true;
    if (!award_sources_find(&cli->workspace.registry, cli->arena, &cli->asker,
                            students->people.facts, row, sources, err)) {
        return false;
    }
    for (size_t i = 0; i < explaining->items.count; i++) {
        explaining->items.items[i].sources = sources;
    }
    return true;
}

static bool write_lines(struct cli *cli, const struct explaining *explaining, struct err *err)
{
    struct text text;
    text_init(&text, cli->arena, LINES_BYTES_MAX);
    for (size_t i = 0; i < explaining->items.count; i++) {
        if (i > 0) text_add_byte(&text, '\n');
        award_explained_lines(cli->arena, &explaining->items.items[i], cli->lang, &text);
    }
    if (fwrite(text.ptr, 1, text.len, stdout) == text.len) return true;
    return err_set(err, ERR_IO, "could not write to standard output", "无法写入标准输出");
}

static bool write_json(struct cli *cli, const struct explaining *explaining, struct err *err)
{
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key(&json, "explanations");
    json_list(&json);
    for (size_t i = 0; i < explaining->items.count; i++) {
        award_explained_json(&json, &explaining->items.items[i]);
    }
    json_list_end(&json);
    return report_json_end(&text, &json, err);
}

static bool write_letter(struct cli *cli, const struct explaining *explaining, struct err *err)
{
    const char *path = cli_option(cli, "--letter"), *office = cli_option(cli, "--office");
    struct letter_wish wish = {.words = cli_page_words(cli)};
    struct str pdf;
    if (path == NULL) return true;
    if (office != NULL) wish.office = str_from(office);
    if (!letter_pdf(cli->arena, &explaining->items.items[0], &wish, &pdf, err)
        || !file_write(path, pdf, 0644, err)) {
        return false;
    }
    cli_note(cli, "已写入 %s", "wrote %s", path);
    return true;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct aid_rules rules;
    struct students students;
    struct explaining explaining = {0};
    uint16_t *schemes;
    size_t count;
    bool letter = cli_has(cli, "--letter");
    const char *id = cli->words[0];
    const struct students_wish asked = {.with_names = letter, .one = id};
    if (!students_rules(cli, &rules, err)
        || !students_schemes(cli, rules.policy, &schemes, &count, err)) {
        return false;
    }
    if (letter && count != 1) {
        return err_set(err, ERR_USAGE, "a letter is about one scheme: --scheme S",
                       "一封告知书只说一个项目：--scheme 项目");
    }
    if (!students_read(cli, &rules, &asked, &students, err)) return false;
    size_t row = award_people_find(&students.people, str_from(id));
    if (row == SIZE_MAX) {
        return err_set(err, ERR_NOT_FOUND, "there is no \"%s\" in the list", "名单里没有“%s”", id);
    }
    explain_all(cli, rules.policy, &students, row, schemes, count, &explaining);
    if (!add_sources(cli, &students, row, &explaining, err)) return false;
    if (explaining.items.count == 0 && (letter || !cli->json)) {
        return err_set(err, ERR_NOT_FOUND, "none of these schemes can concern \"%s\"",
                       "这些项目都与“%s”无关", id);
    }
    if (!(cli->json ? write_json : write_lines)(cli, &explaining, err)) return false;
    return write_letter(cli, &explaining, err);
}

const struct command command_aid_explain = {
    .name = "aid explain",
    .words = "ID",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_LOOK,
    .zh = "说明为什么能（不能）享受一项资助，怎样会不同",
    .en = "Says why someone is or is not entitled, and what would change it",
    .more_zh =
        "先结论，后理由（√ 成立，× 不成立，? 未知），再是缺什么、谁掌握、"
        "改变哪一点结论就不同，最后是依据的文件；待核实的内容都标明。在工作区里，每条事实下面"
        "写明出自哪册、哪份文件、哪一行，哪些名册未报送。按项目键排序。"
        "按上次全面比对的结果回答，只读此人的记录；比对日或政策文本不同，或比对之后名册、裁定有变动"
        "，"
        "则读全部人员。",
    .more_en =
        "The answer first, then the reasons (√ holds, × does not, ? unknown), what is missing "
        "and who knows it, the least that would change the answer, and the documents; what "
        "is to be confirmed is marked. In a workspace each fact is followed by the register, "
        "file and row that states it, and by the lists that were not sent. Sorted by key of "
        "scheme. Answered from the last check of everybody, reading this person's records; for "
        "another day or policy text, or when registers or decisions have changed since, everybody "
        "is read.",
    .options = {OPTION_OF_STUDENTS,
                OPTION_OF_SUBJECT,
                {"--at", OPTION_DAY, "DATE", NULL, "以此日为准", "the day asked about"},
                OPTION_OF_KNOWN,
                OPTION_OF_SCHEME,
                OPTION_OF_PACKS,
                {"--letter", OPTION_LETTER, "FILE.pdf", NULL, "写一页告知书（中英对照，或按 --lang）",
                 "writes a one-page letter (both languages, or by --lang)"},
                {"--office", OPTION_TEXT, "NAME", NULL, "告知书上的机构名称",
                 "the office that the letter names"}},
    .examples = {{"baoxue aid explain 17 --students students.csv --scheme boarding_subsidy --at "
                  "2024-03-01",
                  "一个学生的寄宿生生活补助", "one student's boarding subsidy"},
                 {"baoxue aid explain 17 --students students.csv --scheme boarding_subsidy --at "
                  "2024-03-01 --letter letter.pdf",
                  "给家长的告知书", "the letter to the family"}},
    .run = run,
};
