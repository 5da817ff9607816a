#include "figures/standards.h"
#include "cli/commands.h"
#include "cli/report.h"

/* Schools' gaps to the standards, and how even counties are. */

static const struct report_column gap_columns[] = {
    {"county", "县区", "county", false},       {"school_code", "学校标识码", "school code", false},
    {"school", "学校", "school", false},       {"stage", "学段", "stage", false},
    {"pupils", "学生数", "pupils", true},      {"indicator", "指标", "indicator", false},
    {"value", "现有", "has", false},           {"least", "标准", "standard", false},
    {"lacking", "缺", "lacking", false},       {"unit", "单位", "unit", false},
    {"met", "达标项", "indicators met", true}, {"asked", "指标项", "indicators", true},
};

static const struct report_column county_columns[] = {
    {"set", "标准", "standard", false},        {"county", "县区", "county", false},
    {"stage", "学段", "stage", false},         {"schools", "学校数", "schools", true},
    {"indicator", "指标", "indicator", false}, {"coefficient", "差异系数", "coefficient", false},
    {"limit", "上限", "limit", false},         {"met", "是否达标", "met", false},
};

enum {
    GAP_COLUMNS = sizeof gap_columns / sizeof *gap_columns,
    COUNTY_COLUMNS = sizeof county_columns / sizeof *county_columns,
};

static struct str hundredths(const struct cli *cli, int64_t value)
{
    return cli_format(cli, "%lld.%02lld", (long long)(value / 100), (long long)(value % 100));
}

/* Four places, rounded half up, as reports print coefficients. */
static struct str coefficient(const struct cli *cli, int64_t millionths)
{
    int64_t shown = (millionths + 50) / 100;
    return cli_format(cli, "%lld.%04lld", (long long)(shown / 10000), (long long)(shown % 10000));
}

static struct str stage_shown(const struct cli *cli, enum balance_stage stage)
{
    bool primary = stage == BALANCE_PRIMARY;
    return str_from(cli_say(cli, primary ? "小学" : "初中", primary ? "primary" : "junior"));
}

static struct str words_of(const struct cli *cli, struct str zh, struct str en)
{
    return cli->lang == LANG_ZH ? zh : en;
}

static bool load_sets(struct cli *cli, struct standards *standards, struct read_at *when,
                      struct err *err)
{
    return cli_open(cli, false, err)
           && standards_load(standards, cli->arena, NULL, &cli->workspace.profiles, err)
           && cli_when(cli, when, err);
}

/* The set that --set names. */
static bool find_set(const struct cli *cli, const struct standards *standards,
                     const struct standard_set **out, struct err *err)
{
    const char *key = cli_option(cli, "--set");
    return standard_set_find(standards, key == NULL ? STR_EMPTY : str_from(key), out, err);
}

static bool find(struct cli *cli, const struct standard_set *set, struct read_at when,
                 struct standards_found *found, struct err *err)
{
    return standards_find(found, cli->arena, set, &cli->workspace.registry, &cli->asker, when,
                          (int)cli_count(cli, "--year", 0), err);
}

static bool write_gap(struct report *report, const struct cli *cli, const struct standard_set *set,
                      const struct standards_found *found, const struct standard_gap *gap,
                      struct err *err)
{
    const struct standard_school *school = &found->schools[gap->school];
    const struct standard_indicator *indicator = &set->indicators[gap->indicator];
    struct str values[GAP_COLUMNS] = {
        school->county,
        school->code,
        school->name,
        school->stage == BALANCE_PRIMARY ? STR("primary") : STR("junior"),
        cli_number(cli, (uint64_t)school->pupils),
        indicator->key,
        hundredths(cli, gap->value),
        hundredths(cli, gap->least),
        standard_lacking_text(cli->arena, indicator, gap),
        words_of(cli, indicator->unit_zh, indicator->unit_en),
        cli_number(cli, school->met),
        cli_number(cli, school->asked),
    };
    struct str shown[GAP_COLUMNS] = {
        [3] = stage_shown(cli, school->stage),
        [5] = words_of(cli, indicator->zh, indicator->en),
    };
    return report_row(report, values, shown, err);
}

static bool run_gaps(struct cli *cli, int *exit_code, struct err *err)
{
    struct standards standards;
    const struct standard_set *set = NULL;
    struct standards_found found;
    struct read_at when;
    struct report *report = NULL;
    size_t meeting = 0;
    (void)exit_code;
    if (!load_sets(cli, &standards, &when, err) || !find_set(cli, &standards, &set, err)
        || !find(cli, set, when, &found, err)
        || !report_open(&report, cli, "gaps", gap_columns, GAP_COLUMNS, err))
        return false;
    for (size_t i = 0; i < found.gap_count; i++)
        if (!write_gap(report, cli, set, &found, &found.gaps[i], err)) {
            report_abandon(report);
            return false;
        }
    if (!report_close(report, err)) return false;
    for (size_t i = 0; i < found.school_count; i++) meeting += found.schools[i].meets;
    if (found.school_count == 0) {
        cli_note(
            cli, "没有哪所学校的办学条件可比：名册未报送，或没有这一年的",
            "no school's conditions to compare: the register has not come, or not of that year");
        return true;
    }
    cli_note(cli, "%d 年：%zu 所学校（按学段）中 %zu 所达到%.*s的校级标准；%zu 处差距",
             "%d: of %zu schools (by stage) %zu meet the standards for schools of %.*s; %zu gaps",
             found.year, found.school_count, meeting, STR_ARG(words_of(cli, set->zh, set->en)),
             found.gap_count);
    return true;
}

static bool write_county(struct report *report, const struct cli *cli,
                         const struct standard_set *set, const struct standard_county *county,
                         struct err *err)
{
    bool mean = county->indicator == SIZE_MAX;
    const struct standard_indicator *indicator = mean ? NULL : &set->indicators[county->indicator];
    struct str values[COUNTY_COLUMNS] = {
        set->key,
        county->name.len > 0 ? county->name : county->code,
        county->stage == BALANCE_PRIMARY ? STR("primary") : STR("junior"),
        cli_number(cli, county->schools),
        mean ? STR("mean") : indicator->key,
        coefficient(cli, county->coefficient),
        county->limit > 0 ? coefficient(cli, county->limit) : STR_EMPTY,
        !county->judged ? STR_EMPTY
        : county->met   ? STR("yes")
                        : STR("no"),
    };
    struct str shown[COUNTY_COLUMNS] = {
        words_of(cli, set->zh, set->en),
        [2] = stage_shown(cli, county->stage),
        [4] = mean ? str_from(cli_say(cli, "综合差异系数", "mean of all"))
                   : words_of(cli, indicator->zh, indicator->en),
        [7] = !county->judged
                  ? STR_EMPTY
                  : str_from(cli_say(cli, county->met ? "是" : "否", county->met ? "yes" : "no")),
    };
    return report_row(report, values, shown, err);
}

static const struct report_column line_columns[] = {
    {"set", "标准", "standard", false},
    {"county", "县区", "county", false},
    {"indicator", "指标", "indicator", false},
    {"primary", "小学差异系数", "primary coefficient", false},
    {"junior", "初中差异系数", "junior coefficient", false},
    {"below", "不达标学校", "schools below", true},
    {"lacking", "达标缺", "lacking to the standard", false},
    {"raised", "须补学校", "schools to raise", true},
    {"added", "均衡须补", "to be even", false},
    {"unit", "单位", "unit", false},
    {"lacking_yuan", "达标费用（元）", "cost of the standard (yuan)", false},
    {"added_yuan", "均衡费用（元）", "cost of evenness (yuan)", false},
};
enum { LINE_COLUMNS = sizeof line_columns / sizeof *line_columns };

/* "0.6210" with a mark where it is above the limit. */
static struct str uneven(const struct cli *cli, const struct standard_line_stage *stage)
{
    if (stage->schools == 0) return STR_EMPTY;
    return cli_format(cli, "%s%s", coefficient(cli, stage->coefficient).ptr,
                      stage->uneven ? " >" : "");
}

static bool write_line(struct report *report, const struct cli *cli, const struct standard_set *set,
                       const struct standard_line *line, struct err *err)
{
    const struct standard_indicator *indicator = &set->indicators[line->indicator];
    struct str none = str_from(cli_say(cli, "未给单价", "no price given"));
    struct str values[LINE_COLUMNS] = {
        set->key,
        line->name.len > 0 ? line->name : line->code,
        indicator->key,
        uneven(cli, &line->stages[0]),
        uneven(cli, &line->stages[1]),
        cli_number(cli, line->below),
        hundredths(cli, line->lacking),
        cli_number(cli, line->raised),
        hundredths(cli, line->added),
        words_of(cli, indicator->unit_zh, indicator->unit_en),
        line->lacking_fen < 0 ? STR_EMPTY : hundredths(cli, line->lacking_fen),
        line->added_fen < 0 ? STR_EMPTY : hundredths(cli, line->added_fen),
    };
    struct str shown[LINE_COLUMNS] = {
        words_of(cli, set->zh, set->en),
        [2] = words_of(cli, indicator->zh, indicator->en),
        [10] = line->lacking_fen < 0 ? none : STR_EMPTY,
        [11] = line->added_fen < 0 ? none : STR_EMPTY,
    };
    return report_row(report, values, shown, err);
}

/* One line for each county and indicator, with what would close it. */
static bool write_lines(struct report *report, const struct cli *cli,
                        const struct standard_set *set, const struct standards_found *found,
                        struct err *err)
{
    struct standard_line *lines;
    size_t count;
    standards_lines(found, cli->arena, set, &lines, &count);
    for (size_t i = 0; i < count; i++) {
        if (!asker_sees(&cli->asker, lines[i].code)) continue;
        if (!write_line(report, cli, set, &lines[i], err)) return false;
    }
    return true;
}

static bool run_counties(struct cli *cli, int *exit_code, struct err *err)
{
    struct standards standards;
    struct read_at when;
    struct report *report = NULL;
    const struct standard_set *only = NULL;
    bool done = true, close = cli_has(cli, "--close");
    (void)exit_code;
    if (!load_sets(cli, &standards, &when, err)
        || (cli_option(cli, "--set") != NULL && !find_set(cli, &standards, &only, err))
        || !report_open(&report, cli, "counties", close ? line_columns : county_columns,
                        close ? (size_t)LINE_COLUMNS : (size_t)COUNTY_COLUMNS, err))
        return false;
    for (size_t k = 0; done && k < standards.set_count; k++) {
        const struct standard_set *set = &standards.sets[k];
        struct standards_found found;
        if (only != NULL && only != set) continue;
        done = find(cli, set, when, &found, err);
        if (done && close) done = write_lines(report, cli, set, &found, err);
        for (size_t i = 0; done && !close && i < found.county_count; i++)
            done = write_county(report, cli, set, &found.counties[i], err);
    }
    if (!done) report_abandon(report);
    return done && report_close(report, err);
}

#define OPTION_OF_SET                                                                              \
    {                                                                                              \
        "--set", OPTION_TEXT, "SET", NULL, "哪一套标准：基本均衡 basic、优质均衡 quality",         \
            "which standards: basic or quality (high-quality balance)"                             \
    }
#define OPTION_OF_YEAR                                                                             \
    {                                                                                              \
        "--year", OPTION_COUNT, "YEAR", NULL, "哪一年的办学条件（默认最近一年）",                  \
            "of which year (default: the newest)"                                                  \
    }

const struct command command_standards = {
    .name = "standards",
    .words = "",
    .capability = CAPABILITY_LOOK,
    .zh = "列出学校离办学标准的差距，以及补多少才达标",
    .en = "Lists what schools lack to the standards, and what would close each gap",
    .more_zh =
        "一行是一所学校一个学段的一项指标，按涉及学生数从多到少。一贯制学校和完全中学的资源按"
        "小学 1、初中 1.1、高中 1.32 的权重按学生数分到各学段。达标项、指标项是该校达到和有数据的"
        "指标数。标准在 policies/national/standards/balance.yaml，默认优质均衡。",
    .more_en =
        "A row is one indicator of one stage of a school, by pupils concerned, most first. What a "
        "school with several stages has is split by its pupils, weighted 1, 1.1 and 1.32. met and "
        "asked count the school's indicators. The standards are "
        "policies/national/standards/balance.yaml; high-quality balance unless --set says else.",
    .options = {OPTION_OF_SET, OPTION_OF_YEAR, OPTION_OF_AT, OPTION_OF_KNOWN, OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue standards", "各校差距", "gaps of schools"},
                 {"baoxue standards --year 2018 --out 差距.xlsx", "2018 年的差距写入表格",
                  "those of 2018 as a workbook"}},
    .run = run_gaps,
};

const struct command command_standards_counties = {
    .name = "standards counties",
    .words = "",
    .capability = CAPABILITY_LOOK,
    .zh = "各县区校际差异系数与均衡验收上限",
    .en = "Coefficients of variation between a county's schools, and their limits",
    .more_zh = "基本均衡看八项的平均（综合差异系数），优质均衡看七项中的每一项。系数算到百万分之一"
               "，显示四位。--close 一个县区一项指标一行：不达标的学校共缺多少，把低的学校补到同一"
               "水平使系数不超上限（>）须补多少，以及费用；单价是 balance.yaml 里的 yuan。",
    .more_en =
        "Basic balance limits the mean of eight, high-quality balance each of seven. Reckoned to a "
        "millionth, shown with four places. --close gives a line for each county and indicator: "
        "what schools lack to the standard, what raising the lowest to one level takes until the "
        "coefficient (marked >) is within the limit, and the cost at the prices of balance.yaml.",
    .options = {{"--close", OPTION_FLAG, NULL, NULL, "补齐各项差距要多少",
                 "what would close the gaps"},
                OPTION_OF_SET,
                OPTION_OF_YEAR,
                OPTION_OF_AT,
                OPTION_OF_KNOWN,
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue standards counties --set basic --year 2018", "2018 年基本均衡",
                  "basic balance in 2018"}},
    .run = run_counties,
};
