#include "cli/commands.h"
#include "cli/place.h"
#include "cli/report.h"
#include "verifying/rotation.h"

static const struct report_column columns[] = {
    {"code", "问题", "what is wrong", false},
    {"teacher", "教师", "teacher", false},
    {"post", "岗位", "post", false},
    {"detail", "说明", "detail", false},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void json_head(struct json *json, const struct rotation_report *found)
{
    if (json == NULL) return;
    json_key_bool(json, "in_order", found->violation_count == 0);
    json_key_i64(json, "teachers", (int64_t)found->teachers);
    json_key_i64(json, "posts", (int64_t)found->posts);
    json_key_i64(json, "moved", (int64_t)found->moved);
    json_key(json, "duty_unmet");
    json_list(json);
    for (size_t i = 0; i < found->unmet_count; i++) json_str(json, found->unmet[i]);
    json_list_end(json);
}

static bool write_rows(struct cli *cli, const struct rotation_report *found, struct err *err)
{
    struct report *report = NULL;
    bool good = true;
    if (!report_open(&report, cli, "violations", columns, COLUMNS, err)) return false;
    json_head(report_json(report), found);
    for (size_t i = 0; good && i < found->violation_count; i++) {
        const struct rotation_violation *violation = &found->violations[i];
        struct str values[COLUMNS] = {
            str_from(rotation_code_key(violation->code)),
            violation->teacher,
            violation->post,
            str_from(cli_say(cli, violation->zh, violation->en)),
        };
        struct str shown[COLUMNS] = {str_from(rotation_code_text(violation->code, cli->lang))};
        good = report_row(report, values, shown, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static void say(const struct cli *cli, const struct rotation_report *found)
{
    enum { SHOWN_MAX = 20 };
    cli_note(cli, "教师 %s 人，岗位 %s 个，交流 %s 人", "%s teachers, %s posts, %s moved",
             cli_thousands(cli, found->teachers).ptr, cli_thousands(cli, found->posts).ptr,
             cli_thousands(cli, found->moved).ptr);
    for (size_t i = 0; i < found->unmet_count && i < SHOWN_MAX; i++) {
        cli_note(cli, "应交流而保留原岗：教师 %.*s",
                 "must move and keeps the own post: teacher %.*s", STR_ARG(found->unmet[i]));
    }
    if (found->unmet_count > SHOWN_MAX) {
        cli_note(cli, "应交流而保留原岗的另有 %s 人", "and %s more",
                 cli_thousands(cli, found->unmet_count - SHOWN_MAX).ptr);
    }
    if (found->violation_count == 0) {
        cli_note(cli, "核验通过：人人有岗、一岗一人、资格、不差于原岗、交流义务、没有可改进的互换",
                 "in order: a post each, one each, qualified, none worse than the own, duty, and "
                 "no swap left that would be better");
        return;
    }
    cli_note(cli, "发现 %s 处问题", "violations: %s",
             cli_thousands(cli, found->violation_count).ptr);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    struct rotation_paths paths;
    struct rotation_report found;
    if (!place_needs(cli, "--teachers", &paths.teachers, err)
        || !place_needs(cli, "--posts", &paths.posts, err)
        || !place_needs(cli, "--result", &paths.result, err)) {
        return false;
    }
    if (!rotation_verify(cli->arena, &paths, &found, err)) return false;
    if (!write_rows(cli, &found, err)) return false;
    say(cli, &found);
    if (found.violation_count > 0) *exit_code = 1;
    return true;
}

const struct command command_place_rotate_verify = {
    .name = "place rotate-verify",
    .words = "",
    .zh = "独立核验交流轮岗结果",
    .en = "Checks an exchange of posts independently",
    .more_zh =
        "与交流程序不共用代码，也不重新交流。核对：人人恰有一个岗位，一岗一人，学段学科相符，"
        "没有义务的不差于原岗，应交流的不在本校；再查有没有人更想要的岗位空着、有没有互换能让"
        "几个人都更好、有没有几个人用原岗自行交换就都更好。有问题时退出码为 1，逐条列出，"
        "按教师编号排序。应交流而没有岗位可去的，另行列名。空岗轮到的先后不在结果里，不核对。",
    .more_en =
        "Shares no code with the exchange and trades nothing. Checks that each has exactly one "
        "post and no post has two, that teachers are qualified, that nobody without the duty is "
        "worse off than with the own post and nobody with it stays in the school; then looks for "
        "empty posts that somebody would rather have, for swaps of what was got and for trades of "
        "what they came with by which each would be better off. Exits 1 with each violation, by "
        "teacher. Those who must move and cannot are named apart. In what order turns came at "
        "empty posts is not in a result, and not checked.",
    .options = {{"--teachers", OPTION_FILE, "T.csv", NULL, "教师、原岗与志愿（必填）",
                 "the teachers, their posts and wishes (needed)"},
                {"--posts", OPTION_FILE, "P.csv", NULL, "岗位，空岗在内（必填）",
                 "the posts, the empty ones too (needed)"},
                {"--result", OPTION_FILE, "O.csv", NULL, "要核验的结果（必填）",
                 "the result to check (needed)"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue place rotate-verify --teachers t.csv --posts p.csv --result o.csv",
                  "核验交流结果", "checks an exchange"}},
    .run = run,
};
