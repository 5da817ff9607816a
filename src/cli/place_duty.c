#include "cli/commands.h"
#include "cli/place.h"
#include "cli/report.h"
#include "placing/duty.h"

/* Who is due to exchange posts, by county and school; the rows; and the files for place rotate. */

static const struct report_column count_columns[] = {
    {"county", "县区", "county", false},
    {"code", "代码", "code", false},
    {"school", "学校", "school", false},
    {"teachers", "教师", "teachers", true},
    {"eligible", "符合条件", "eligible", true},
    {"not_yet", "未满年限", "not yet", true},
    {"unknown", "年限不明", "unknown", true},
    {"required", "应交流", "required", true},
    {"required_most", "至多应交流", "required at most", true},
    {"exchanged", "已交流", "exchanged", true},
    {"share", "交流比例%", "share %", false},
    {"lacking", "还差", "lacking", true},
    {"key_exchanged", "其中骨干", "key teachers", true},
    {"key_share", "骨干比例%", "their share %", false},
    {"key_lacking", "骨干还差", "key lacking", true},
};

static const struct report_column row_columns[] = {
    {"county", "县区", "county", false},
    {"school_code", "学校标识码", "school code", false},
    {"school", "学校", "school", false},
    {"teacher", "教师记录", "teacher's record", true},
    {"name", "姓名", "name", false},
    {"stage", "学段", "stage", false},
    {"subject", "学科", "subject", false},
    {"key_teacher", "骨干", "key teacher", false},
    {"state", "条件", "state", false},
    {"years", "满年", "years", true},
    {"since", "自", "since", false},
    {"evidence", "依据", "evidence", false},
    {"record", "依据记录", "its record", true},
    {"exchanged", "本学年已交流", "exchanged", false},
    {"due", "应安排", "due", false},
};

enum {
    COUNT_COLUMNS = sizeof count_columns / sizeof *count_columns,
    ROW_COLUMNS = sizeof row_columns / sizeof *row_columns,
};

static struct str integer(const struct cli *cli, int64_t number)
{
    return str_i64(cli->arena, number);
}

static struct str yes_no(bool yes)
{
    return yes ? STR("yes") : STR("no");
}

static struct str yes_no_shown(const struct cli *cli, bool yes)
{
    return str_from(cli_say(cli, yes ? "是" : "否", yes ? "yes" : "no"));
}

static bool write_count(struct report *report, const struct cli *cli,
                        const struct duty_count *count, bool school, struct err *err)
{
    struct str values[COUNT_COLUMNS] = {
        count->county,
        count->code,
        school ? count->name : STR_EMPTY,
        integer(cli, count->teachers),
        integer(cli, count->eligible),
        integer(cli, count->not_yet),
        integer(cli, count->unknown),
        integer(cli, count->required),
        integer(cli, count->required_most),
        integer(cli, count->exchanged),
        duty_percent(cli->arena, count->exchanged, count->eligible),
        integer(cli, count->lacking),
        integer(cli, count->key_exchanged),
        duty_percent(cli->arena, count->key_exchanged, count->exchanged),
        integer(cli, count->key_lacking),
    };
    return report_row(report, values, NULL, err);
}

static bool write_teacher(struct report *report, const struct cli *cli,
                          const struct duty_teacher *teacher, struct err *err)
{
    struct str values[ROW_COLUMNS] = {
        teacher->county,
        teacher->school_code,
        teacher->school,
        integer(cli, teacher->record),
        teacher->name,
        teacher->stage,
        teacher->subject,
        yes_no(teacher->key),
        str_from(duty_state_key(teacher->state)),
        teacher->years < 0 ? STR_EMPTY : integer(cli, teacher->years),
        teacher->since,
        str_from(duty_evidence_key(teacher->evidence)),
        teacher->source == 0 ? STR_EMPTY : integer(cli, teacher->source),
        yes_no(teacher->exchanged),
        yes_no(teacher->due),
    };
    struct str shown[ROW_COLUMNS] = {
        [7] = yes_no_shown(cli, teacher->key),
        [8] = str_from(duty_state_text(teacher->state, cli->lang)),
        [11] = str_from(duty_evidence_text(teacher->evidence, cli->lang)),
        [13] = yes_no_shown(cli, teacher->exchanged),
        [14] = yes_no_shown(cli, teacher->due),
    };
    return report_row(report, values, shown, err);
}

/* How even a part of a county does its duty says nothing: counties are for those who see them. */
static bool write_counts(struct report *report, const struct cli *cli,
                         const struct duty_found *found, bool schools, struct err *err)
{
    const struct duty_count *counts = schools ? found->schools : found->counties;
    size_t count = schools ? found->school_count : found->county_count;
    for (size_t i = 0; i < count; i++) {
        if (!schools && !asker_sees(&cli->asker, counts[i].area)) continue;
        if (!write_count(report, cli, &counts[i], schools, err)) return false;
    }
    return true;
}

/* Whether --rows asks for the teacher. */
static bool is_wanted(const struct duty_teacher *teacher, struct str which)
{
    if (str_is(which, "all")) return true;
    if (str_is(which, "due")) return teacher->due;
    if (str_is(which, "exchanged")) return teacher->exchanged;
    return str_is(which, duty_state_key(teacher->state));
}

static bool write_rows(struct report *report, const struct cli *cli, const struct duty_found *found,
                       struct err *err)
{
    struct str which = str_from(cli_option(cli, "--rows"));
    for (size_t i = 0; i < found->teacher_count; i++)
        if (is_wanted(&found->teachers[i], which)
            && !write_teacher(report, cli, &found->teachers[i], err))
            return false;
    return true;
}

static void say(const struct cli *cli, const struct duty_rules *rules,
                const struct duty_found *found)
{
    cli_note(cli,
             "%d 学年：同一学校满 %lld 年（截至 %.*s）为符合条件，其中每学年交流不少于 %lld%%，"
             "交流的人中骨干不少于 %lld%%，人数向上取整（%.*s）",
             "school year %d: eligible after %lld years at one school (up to %.*s); at least "
             "%lld%% of them exchange, of those at least %lld%% key teachers, rounded up to "
             "persons (%.*s)",
             found->year, (long long)rules->years, STR_ARG(cli_date(cli, found->on)),
             (long long)rules->share_percent, (long long)rules->key_percent,
             STR_ARG(rules->share_cites));
    cli_note(cli,
             "另计：不在名单 %lld 人，学段不明 %lld 人；已交流而教师册没有的 %lld 人（已计入），"
             "校长 %lld 人、跨县 %lld 人、没有日期 %lld 行（不计入）",
             "besides: %lld not on the list, %lld of no known stage; exchanged and not in the "
             "register of teachers %lld (counted), heads %lld, beyond the county %lld, rows "
             "without a day %lld (not counted)",
             (long long)found->outside, (long long)found->stageless, (long long)found->unmatched,
             (long long)found->heads, (long long)found->beyond, (long long)found->undated);
}

/* Whether all who are eligible have to move, not only those picked. */
static bool move_all(const struct cli *cli)
{
    const char *move = cli_option(cli, "--move");
    return move != NULL && str_is(STR("eligible"), move);
}

/* The files for place rotate, where they are asked for. */
static bool write_files(struct cli *cli, const struct duty_found *found, struct err *err)
{
    const char *teachers = cli_option(cli, "--teachers"), *posts = cli_option(cli, "--posts");
    size_t left_out = 0;
    if (teachers == NULL && posts == NULL) return true;
    if (!place_needs(cli, "--teachers", &teachers, err) || !place_needs(cli, "--posts", &posts, err)
        || !duty_write_teachers(teachers, found, move_all(cli), cli->arena, &left_out, err)
        || !duty_write_posts(posts, found, cli->arena, err))
        return false;
    cli_note(cli, "已写出 %s 和 %s，接着运行 place rotate；没有学科的 %zu 人未写入",
             "wrote %s and %s for place rotate; %zu without a subject are left out", teachers,
             posts, left_out);
    return true;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    struct duty_rules rules;
    struct duty_found found;
    struct read_at when;
    struct report *report = NULL;
    bool rows = cli_option(cli, "--rows") != NULL;
    const char *by = cli_option(cli, "--by");
    (void)exit_code;
    if (!cli_open(cli, false, err)
        || !duty_rules_load(&rules, cli->arena, NULL, &cli->workspace.profiles, err)
        || !cli_when(cli, &when, err)
        || !duty_find(&found, cli->arena, &rules, &cli->workspace.registry, &cli->asker, when,
                      (int)cli_count(cli, "--year", 0), err)
        || !write_files(cli, &found, err)
        || !report_open(&report, cli, rows ? "teachers" : "duties",
                        rows ? row_columns : count_columns, rows ? ROW_COLUMNS : COUNT_COLUMNS,
                        err))
        return false;
    bool good =
        rows ? write_rows(report, cli, &found, err)
             : write_counts(report, cli, &found, by != NULL && str_is(STR("school"), by), err);
    if (!good) {
        report_abandon(report);
        return false;
    }
    if (!report_close(report, err)) return false;
    say(cli, &rules, &found);
    return true;
}

const struct command command_place_duty = {
    .name = "place duty",
    .words = "",
    .capability = CAPABILITY_LOOK,
    .zh = "教师交流轮岗义务：各县区应交流、已交流、还差多少",
    .en = "The duty to exchange teachers, by county: required, done, lacking",
    .more_zh =
        "从教师、交流轮岗、特岗岗位名册算出：义务教育学校教师中在同一学校满年限的（符合条件）、"
        "年限不明的（另列，不猜）、本学年在县域内交流的和其中的骨干教师，与应交流人数对照。"
        "年限、比例、骨干级别写在 policies/national/standards/rotation.yaml。"
        "“至多应交流”把年限不明的都算作符合条件。还差的人从在校最久的开始安排（due），"
        "骨干缺几人先安排几人。--rows 逐人列出自何时在校和依据。--teachers、--posts 写出 place "
        "rotate 的两个输入文件，填上志愿（也可以不填）即可互换。县区按区划代码、"
        "学校按标识码排序。",
    .more_en =
        "From the registers teachers, rotations and postings: teachers of compulsory schools who "
        "have taught in one school for the years asked (eligible), those of whom nothing says so "
        "(unknown, apart, never guessed), who exchanged within the county this school year and of "
        "them key teachers, against what is required. Years, shares and grades are "
        "policies/national/standards/rotation.yaml. required_most takes all the unknown as "
        "eligible. What is lacking is filled by those longest at their school (due), key teachers "
        "first for as many as are lacking. --rows lists the teachers, since when and what says "
        "so. --teachers and --posts write the two files for place rotate; wishes may be filled "
        "in. By division code of the county, and code of the school.",
    .options = {{"--by", OPTION_CHOICE, "UNIT", "county|school", "按县区（默认）或学校",
                 "by county (default) or school"},
                {"--rows", OPTION_CHOICE, "WHICH", "all|eligible|not_yet|unknown|exchanged|due",
                 "逐人列出：全部、符合条件、未满年限、年限不明、已交流、应安排",
                 "lists teachers: all, eligible, not yet, unknown, exchanged, due"},
                {"--year", OPTION_COUNT, "YEAR", NULL, "哪一学年（起始年份，默认所在学年）",
                 "of which school year, by the year it begins in (default: the one of the day)"},
                {"--teachers", OPTION_OUTPUT, "T.csv", NULL, "写出 place rotate 的教师表",
                 "writes the teachers for place rotate"},
                {"--posts", OPTION_OUTPUT, "P.csv", NULL, "写出 place rotate 的岗位表",
                 "writes the posts for place rotate"},
                {"--move", OPTION_CHOICE, "WHO", "due|eligible",
                 "教师表里谁应交流：只有应安排的（默认），或符合条件的都算",
                 "who must move in that file: those picked (default), or all who are eligible"},
                OPTION_OF_AT,
                OPTION_OF_KNOWN,
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue place duty", "各县区的交流义务", "by county"},
                 {"baoxue place duty --rows due --out 应交流.xlsx", "应安排交流的教师",
                  "who is to exchange, as a workbook"},
                 {"baoxue place duty --teachers t.csv --posts p.csv", "从名册到互换的两个文件",
                  "from the registers to the files of the exchange"}},
    .run = run,
};
