#include "cli/commands.h"
#include "cli/place.h"
#include "cli/report.h"
#include "placing/posts.h"

static const struct report_column columns[] = {
    {"rank", "志愿", "rank", true},        {"post", "岗位", "post", false},
    {"county", "县", "county", false},     {"school", "学校", "school", false},
    {"stage", "学段", "stage", false},     {"subject", "学科", "subject", false},
    {"outcome", "结果", "outcome", false}, {"seats", "岗位数", "seats", true},
    {"taken", "已聘", "taken", true},      {"lowest_score", "最低分", "lowest score", true},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static struct str number_of(const struct cli *cli, int64_t number)
{
    return cli_format(cli, "%lld", (long long)number);
}

static bool explain_wish(struct cli *cli, struct report *report, const struct posts *posts,
                         uint32_t recruit, uint32_t number, struct err *err)
{
    const struct posts_wish *wish = &posts->wishes[posts->recruits[recruit].first + number];
    const struct posts_post *post = &posts->posts[wish->post];
    enum posts_outcome outcome = posts_outcome_of(posts, recruit, number);
    struct str values[COLUMNS] = {
        number_of(cli, wish->rank),
        post->code,
        post->county,
        post->school,
        post->stage,
        post->subject,
        str_from(posts_outcome_key(outcome)),
        number_of(cli, post->seats),
        number_of(cli, post->taken),
        post->taken > 0 ? number_of(cli, post->lowest) : STR_EMPTY,
    };
    struct str shown[COLUMNS] = {[6] = str_from(posts_outcome_text(outcome, cli->lang))};
    return report_row(report, values, shown, err);
}

/* Each wish of one recruit. */
static bool explain(struct cli *cli, const struct posts *posts, struct str number, struct err *err)
{
    struct report *report = NULL;
    uint32_t recruit;
    bool good = true;
    if (!posts_find(posts, number, &recruit, err)) return false;
    const struct posts_recruit *who = &posts->recruits[recruit];
    cli_note(cli, "应聘者 %.*s：%lld 分，第 %u 名", "recruit %.*s: score %lld, rank %u",
             STR_ARG(who->number), (long long)who->score, who->place);
    if (!report_open(&report, cli, "wishes", columns, COLUMNS, err)) return false;
    struct json *json = report_json(report);
    if (json != NULL) {
        json_key_str(json, "recruit", who->number);
        json_key_i64(json, "score", who->score);
        json_key_i64(json, "rank", who->place);
    }
    for (uint32_t w = 0; good && w < who->count; w++) {
        good = explain_wish(cli, report, posts, recruit, w, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool say(struct cli *cli, const struct posts *posts, struct err *err)
{
    struct text text;
    struct json json;
    if (!cli->json) {
        cli_note(
            cli, "应聘者 %s 人，岗位 %s 个（%s 个名额），志愿 %s 个；聘用 %s 人",
            "%s recruits, %s posts (%s seats), %s wishes; %s placed",
            cli_thousands(cli, posts->recruit_count).ptr, cli_thousands(cli, posts->post_count).ptr,
            cli_thousands(cli, (uint64_t)posts->seats).ptr,
            cli_thousands(cli, posts->wish_count).ptr, cli_thousands(cli, posts->placed_count).ptr);
        return true;
    }
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "recruits", (int64_t)posts->recruit_count);
    json_key_i64(&json, "posts", (int64_t)posts->post_count);
    json_key_i64(&json, "seats", posts->seats);
    json_key_i64(&json, "wishes", (int64_t)posts->wish_count);
    json_key_i64(&json, "placed", (int64_t)posts->placed_count);
    return report_json_end(&text, &json, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct posts_paths paths;
    struct posts posts;
    const char *recruit = cli_option(cli, "--explain"), *out;
    if (!place_needs(cli, "--posts", &paths.posts, err)
        || !place_needs(cli, "--recruits", &paths.recruits, err)
        || !place_needs(cli, "--wishes", &paths.wishes, err)) {
        return false;
    }
    if (recruit == NULL && !place_needs(cli, "--out", &out, err)) return false;
    if (!posts_run(cli->arena, &paths, &posts, err)) return false;
    if (recruit != NULL) return explain(cli, &posts, str_from(recruit), err);
    return posts_write(out, &posts, err) && say(cli, &posts, err);
}

const struct command command_place_posts = {
    .name = "place posts",
    .words = "",
    .zh = "按岗位、成绩和志愿分配特岗教师",
    .en = "Special-post teachers to posts",
    .more_zh =
        "岗位表：post,county,school,stage,subject,seats；应聘者表："
        "recruit,stage,subject,score,tie1…；志愿表：recruit,rank,post。按成绩和同分比较项从高"
        "到低（再按编号），每人去第一个还有名额、学段和学科都相符的志愿岗位。输出 "
        "recruit,post,choice_rank，按应聘者编号排序。不需要工作区。",
    .more_en = "Posts: post,county,school,stage,subject,seats; recruits: "
               "recruit,stage,subject,score,tie1…; wishes: recruit,rank,post. By score and ties "
               "(then number), each to the first wish with a free seat whose stage and subject are "
               "the recruit's. Writes recruit,post,choice_rank by recruit. Needs no workspace.",
    .options = {{"--posts", OPTION_FILE, "P.csv", NULL, "岗位（必填）", "the posts (needed)"},
                {"--recruits", OPTION_FILE, "R.csv", NULL, "应聘者与成绩（必填）",
                 "the recruits and their scores (needed)"},
                {"--wishes", OPTION_FILE, "W.csv", NULL, "志愿（必填）", "their wishes (needed)"},
                {"--out", OPTION_OUTPUT, "O.csv", NULL, "写出结果（必填）",
                 "writes who gets which post (needed)"},
                {"--explain", OPTION_TEXT, "RECRUIT", NULL, "不写结果，只说明一名应聘者的每个志愿",
                 "in place of the result: what became of each wish of one recruit"}},
    .examples =
        {{"baoxue place posts --posts p.csv --recruits r.csv --wishes w.csv --out o.csv",
          "分配全部应聘者", "places everybody"},
         {"baoxue place posts --posts p.csv --recruits r.csv --wishes w.csv --explain 31007",
          "一名应聘者的每个志愿", "each wish of one recruit"}},
    .run = run,
};
