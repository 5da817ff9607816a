#include "access/audit.h"
#include "cli/bar.h"
#include "cli/casework.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "identity/id_number.h"
#include "jobs/person_facts.h"

#include <stdlib.h>

static const struct report_column columns[] = {
    {"person", "人员", "person", true},
    {"name", "姓名", "name", false},
    {"id_number", "证件号码", "ID number", false},
    {"birth_date", "出生日期", "born", false},
    {"area", "区划", "area", false},
    {"school", "学校", "school", false},
    {"grade", "年级", "grade", false},
    {"points", "分", "points", true},
    {"reasons", "原因", "reasons", false},
    {"unknown", "不详", "not known", false},
    {"cases", "以往和目前的案卷", "cases", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns, TEXT_BYTES_MAX = 1 << 14 };

/* What the rows are written from. */
struct listing {
    struct cli *cli;
    const struct casework *work;
    const struct risk_list *list;
    struct case_row *cases; /* by person, then number */
    size_t case_count;
    struct report *report;
};

static int by_person(const void *a, const void *b)
{
    const struct case_row *x = a, *y = b;
    if (x->person != y->person) return x->person < y->person ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* Of one person, or of all (0). */
static bool read_cases(struct listing *listing, day at, int64_t person, struct err *err)
{
    struct cli *cli = listing->cli;
    const struct case_filter filter = {
        .role = -1, .status = -2, .due = DAY_NONE, .at = at, .person = person, .bare = true};
    if (!case_list(listing->work, cli->arena, &cli->asker, &filter, &listing->cases,
                   &listing->case_count, err)) {
        return false;
    }
    if (listing->case_count > 1) {
        qsort(listing->cases, listing->case_count, sizeof *listing->cases, by_person);
    }
    return true;
}

/* "12 dropout closed 01" for each case of the person. */
static void add_cases(const struct listing *listing, int64_t person, struct text *keys,
                      struct text *words)
{
    struct case_words say = cli_words(listing->cli);
    size_t low = 0, high = listing->case_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (listing->cases[middle].person < person) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < listing->case_count && listing->cases[low].person == person; low++) {
        const struct case_row *row = &listing->cases[low];
        if (keys->len > 0) {
            text_add_c(keys, ";");
            text_add_c(words, "；");
        }
        text_add_f(keys, "%lld %.*s %s%s%.*s", (long long)row->number, STR_ARG(row->procedure_key),
                   case_status_key(row->status), row->outcome.len > 0 ? " " : "",
                   STR_ARG(row->outcome));
        text_add_f(words, "%lld ", (long long)row->number);
        if (row->procedure == NULL) continue;
        text_add(words, case_say(say, row->procedure->zh, row->procedure->en));
        text_add_c(words, " ");
        text_add(words, row->outcome.len > 0 ? case_outcome_words(say, row->procedure, row->outcome)
                                             : case_state_words(say, row->procedure, row->state));
    }
}

static void add_reasons(const struct listing *listing, const struct risk_child *child,
                        struct text *keys, struct text *words)
{
    struct risk_reason *reasons;
    size_t count;
    const struct risk_list *list = listing->list;
    struct arena *arena = listing->cli->arena;
    risk_reasons(arena, &list->text, list->facts, &list->known, child, &reasons, &count);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            text_add_c(keys, ";");
            text_add_c(words, listing->cli->lang == LANG_ZH ? "；" : "; ");
        }
        text_add(keys, risk_reason_key(arena, list->facts, &reasons[i]));
        text_add(words, risk_reason_words(arena, list->facts, &reasons[i], listing->cli->lang));
    }
}

static bool write_child(const struct listing *listing, const struct risk_child *child,
                        struct err *err)
{
    struct cli *cli = listing->cli;
    const struct facts *facts = listing->list->facts;
    const struct people *people = facts->people;
    uint32_t shown = people_shown(people, child->person), roll = facts->records[child->row];
    int64_t person = people->persons[child->person].number;
    struct text keys, words, case_keys, case_text;
    struct arena scratch = {0};
    struct arena *kept = cli->arena;
    cli->arena = &scratch;
    text_init(&keys, &scratch, TEXT_BYTES_MAX);
    text_init(&words, &scratch, TEXT_BYTES_MAX);
    text_init(&case_keys, &scratch, TEXT_BYTES_MAX);
    text_init(&case_text, &scratch, TEXT_BYTES_MAX);
    add_reasons(listing, child, &keys, &words);
    add_cases(listing, person, &case_keys, &case_text);
    struct str values[COLUMNS] = {
        cli_number(cli, (uint64_t)person),
        people_text(people, shown, PERSON_NAME),
        id_number_mask(&scratch, people_text(people, shown, PERSON_ID_NUMBER)),
        cli_date(cli, people->records[shown].birth),
        facts->areas[child->row],
        people_text(people, roll, PERSON_SCHOOL_NAME),
        people_text(people, roll, PERSON_GRADE),
        cli_number(cli, (uint64_t)child->points),
        text_str(&keys),
        risk_unknown_keys(&scratch, &listing->list->text, child->unknown),
        text_str(&case_keys),
    };
    struct str on_screen[COLUMNS] = {
        [4] = division_name_of(cli->workspace.divisions, facts->areas[child->row]),
        [8] = text_str(&words),
        [9] = risk_unknown_words(&scratch, &listing->list->text, facts, child->unknown, cli->lang),
        [10] = text_str(&case_text),
    };
    /* What the report keeps for a terminal lives as long as the report. */
    cli->arena = kept;
    bool good = report_row(listing->report, values, on_screen, err);
    arena_free(&scratch);
    return good;
}

static bool is_wanted(const struct listing *listing, const struct risk_child *child)
{
    struct cli *cli = listing->cli;
    const struct facts *facts = listing->list->facts;
    const char *school = cli_option(cli, "--school");
    struct str area = cli_area(cli);
    uint32_t roll = facts->records[child->row];
    int64_t person = cli_count(cli, "--person", 0);
    if (child->points < cli_count(cli, "--min", 1)) return false;
    if (person != 0 && facts->people->persons[child->person].number != person) return false;
    if (area.len > 0 && !area_covers(area, facts->areas[child->row])) return false;
    if (school == NULL) return true;
    struct str wanted = str_from(school);
    return str_equal(wanted, people_text(facts->people, roll, PERSON_SCHOOL_CODE))
           || str_equal(wanted, people_text(facts->people, roll, PERSON_SCHOOL_NAME));
}

static bool write_all(struct listing *listing, struct err *err)
{
    struct cli *cli = listing->cli;
    uint64_t written = 0, most = (uint64_t)cli_count(cli, "--limit", 0);
    for (size_t i = 0; i < listing->list->count; i++) {
        const struct risk_child *child = &listing->list->children[i];
        if (!is_wanted(listing, child)) continue;
        if (most > 0 && written == most) break;
        if (!write_child(listing, child, err)) {
            report_abandon(listing->report);
            return false;
        }
        written++;
    }
    return report_close(listing->report, err);
}

/* Of one person, or of all (0). */
static bool read_list(struct cli *cli, struct read_at when, const struct casework *work,
                      int64_t person, struct risk_list *list, struct err *err)
{
    struct bar bar;
    bool by_index;
    const struct facts_question question = {
        .when = when, .now = !cli_has(cli, "--known"), .person = person};
    bar_start(&bar, cli->lang, cli->quiet);
    bool good = person == 0
                    ? job_risk(&cli->workspace, cli->arena, &cli->asker, when, work, &bar.progress,
                               list, err)
                    : job_risk_of_person(&cli->workspace, cli->arena, &cli->asker, &question, work,
                                         &bar.progress, list, &by_index, err);
    bar_end(&bar);
    return good;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct read_at when;
    struct casework work;
    struct risk_list list;
    struct listing listing = {.cli = cli, .work = &work, .list = &list};
    int64_t person = cli_count(cli, "--person", 0);
    if (!cli_open(cli, false, err) || !cli_when(cli, &when, err)
        || !cli_casework(cli, when, &work, err)) {
        return false;
    }
    if (!read_list(cli, when, &work, person, &list, err)
        || !read_cases(&listing, when.at, person, err)
        || !audit_append(cli->workspace.store, &cli->clock, &cli->asker, AUDIT_LOOK, STR("risk"),
                         STR_EMPTY, err)
        || !report_open(&listing.report, cli, "children", columns, COLUMNS, err)) {
        return false;
    }
    struct json *json = report_json(listing.report);
    if (json != NULL) json_key_str(json, "at", cli_date(cli, when.at));
    return write_all(&listing, err);
}

const struct command command_risk = {
    .name = "risk",
    .words = "",
    .capability = CAPABILITY_LOOK,
    .zh = "辍学风险排查：谁最该先去看看，每一分都写明原因和出处；只排先后，不作任何认定",
    .en = "Who may leave school next, each point with its reason and source; an order to look in, "
          "never a decision",
    .more_zh =
        "义务教育阶段在籍学生按分值从高到低。分值写在 policies/national/rules/risk.yaml，各地可改。"
        "reasons 是记分的原因、所载的值和名册日期；unknown "
        "是名册没有记载的，不计分也不当作没有风险；"
        "cases "
        "是以往和目前的案卷。只看一个人员时按上次全面比对的结果回答，不读全部人员；比对日不同，"
        "或比对之后名册、裁定有变动，则读全部人员。分值只用来排先后：不能据此对任何孩子作决定，也不"
        "对外公布。"
        "证件号码脱敏；查看记入审计。",
    .more_en =
        "Pupils of the compulsory stages by points, most first. The points are text "
        "(policies/national/rules/risk.yaml); a place puts its own. `reasons` are the points that "
        "hold with what is stated, by which list of which day; `unknown` what no register tells, "
        "which counts for nothing and is not taken as no risk; `cases` what was done before and is "
        "under way. One person (--person) is answered from the last check of everybody, without "
        "reading all; for another day, or when registers or decisions have changed since, all are "
        "read. The points only put a list into order: nothing about a child is decided by "
        "them, and they are never published. ID numbers are masked; looking is audited.",
    .options = {OPTION_OF_AT,
                OPTION_OF_KNOWN,
                {"--area", OPTION_AREA, "CODE", NULL, "只看一个区划", "only one area"},
                {"--school", OPTION_TEXT, "SCHOOL", NULL, "只看一所学校（标识码或名称）",
                 "only one school (code or name)"},
                {"--min", OPTION_COUNT, "N", NULL, "只要 N 分以上的（默认 1）",
                 "only N points or more (default 1)"},
                {"--person", OPTION_COUNT, "NUMBER", NULL, "只看一个人员", "only one person"},
                {"--limit", OPTION_COUNT, "N", NULL, "只要前 N 行", "only the first N"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue risk --area 620422 --limit 50", "会宁县最该先看的 50 人",
                  "the fifty of one county to look at first"},
                 {"baoxue risk --school 2162000123 --min 3 --out 关注.xlsx",
                  "一所学校 3 分以上的写成表格",
                  "a workbook of those with 3 points at one school"}},
    .run = run,
};
