#include "cli/commands.h"
#include "cli/place.h"
#include "cli/report.h"
#include "placing/rotate.h"

static const struct report_column columns[] = {
    {"wish", "志愿", "wish", true},        {"post", "岗位", "post", false},
    {"county", "县", "county", false},     {"school", "学校", "school", false},
    {"stage", "学段", "stage", false},     {"subject", "学科", "subject", false},
    {"outcome", "结果", "outcome", false}, {"cycle", "轮次", "cycle", true},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static bool explain_wish(struct cli *cli, struct report *report, const struct rotate *rotate,
                         uint32_t teacher, uint32_t wish, struct err *err)
{
    const struct rotate_post *post = &rotate->posts[rotate->teachers[teacher].wishes[wish].post];
    enum rotate_outcome outcome = rotate_outcome_of(rotate, teacher, wish);
    bool tells = outcome == ROTATE_GOT || outcome == ROTATE_GONE;
    struct str values[COLUMNS] = {
        cli_number(cli, wish + 1),
        post->code,
        post->county,
        post->school,
        post->stage,
        post->subject,
        str_from(rotate_outcome_key(outcome)),
        tells && post->cycle > 0 ? cli_number(cli, post->cycle) : STR_EMPTY,
    };
    struct str shown[COLUMNS] = {[6] = str_from(rotate_outcome_text(outcome, cli->lang))};
    return report_row(report, values, shown, err);
}

/* Each wish of one teacher. */
static bool explain(struct cli *cli, const struct rotate *rotate, struct str number,
                    struct err *err)
{
    struct report *report = NULL;
    uint32_t teacher;
    bool good = true;
    if (!rotate_find(rotate, number, &teacher, err)) return false;
    const struct rotate_teacher *who = &rotate->teachers[teacher];
    enum rotate_reason reason = rotate_reason_of(rotate, teacher);
    struct str own = rotate->posts[who->post].code, got = rotate->posts[who->placed].code;
    cli_note(cli, "教师 %.*s：%.*s → %.*s，第 %u 轮；%s",
             "teacher %.*s: %.*s to %.*s, in cycle %u; %s", STR_ARG(who->number), STR_ARG(own),
             STR_ARG(got), who->cycle, rotate_reason_text(reason, cli->lang));
    if (!report_open(&report, cli, "wishes", columns, COLUMNS, err)) return false;
    struct json *json = report_json(report);
    if (json != NULL) {
        json_key_str(json, "teacher", who->number);
        json_key_str(json, "from", own);
        json_key_str(json, "post", got);
        json_key_i64(json, "cycle", who->cycle);
        json_key_str(json, "reason", str_from(rotate_reason_key(reason)));
    }
    for (uint32_t w = 0; good && w < who->wish_count; w++) {
        good = explain_wish(cli, report, rotate, teacher, w, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

struct tally {
    uint64_t moved, by_wish, by_duty, due, unmet, cycles;
};

static struct tally count(const struct rotate *rotate)
{
    struct tally tally = {0};
    uint32_t before = 0;
    for (size_t t = 0; t < rotate->teacher_count; t++) {
        const struct rotate_teacher *who = &rotate->teachers[t];
        enum rotate_reason reason = rotate_reason_of(rotate, (uint32_t)t);
        tally.moved += who->placed != who->post;
        tally.by_wish += reason == ROTATE_BY_WISH;
        tally.by_duty += reason == ROTATE_BY_DUTY;
        tally.due += who->must_move;
        tally.unmet += reason == ROTATE_DUTY_UNMET;
    }
    for (size_t s = 0; s < rotate->teacher_count; s++) {
        const struct rotate_teacher *who = &rotate->teachers[rotate->steps[s].teacher];
        if (who->placed == who->post || who->cycle == before) continue;
        before = who->cycle;
        tally.cycles++;
    }
    return tally;
}

static bool say(struct cli *cli, const struct rotate *rotate, struct err *err)
{
    struct tally tally = count(rotate);
    struct text text;
    struct json json;
    if (!cli->json) {
        cli_note(cli,
                 "教师 %s 人，岗位 %s 个；交流 %s 人（按志愿 %s 人，按义务安排 %s 人），共 %s 轮",
                 "%s teachers, %s posts; %s moved (by wish %s, by duty %s) in %s trades",
                 cli_thousands(cli, rotate->teacher_count).ptr,
                 cli_thousands(cli, rotate->post_count).ptr, cli_thousands(cli, tally.moved).ptr,
                 cli_thousands(cli, tally.by_wish).ptr, cli_thousands(cli, tally.by_duty).ptr,
                 cli_thousands(cli, tally.cycles).ptr);
        if (tally.due > 0) {
            cli_note(cli, "应交流 %s 人，其中 %s 人没有外校岗位可以安排",
                     "must move: %s, of whom %s could not be moved",
                     cli_thousands(cli, tally.due).ptr, cli_thousands(cli, tally.unmet).ptr);
        }
        return true;
    }
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "teachers", (int64_t)rotate->teacher_count);
    json_key_i64(&json, "posts", (int64_t)rotate->post_count);
    json_key_i64(&json, "moved", (int64_t)tally.moved);
    json_key_i64(&json, "by_wish", (int64_t)tally.by_wish);
    json_key_i64(&json, "by_duty", (int64_t)tally.by_duty);
    json_key_i64(&json, "trades", (int64_t)tally.cycles);
    json_key_i64(&json, "must_move", (int64_t)tally.due);
    json_key_i64(&json, "duty_unmet", (int64_t)tally.unmet);
    return report_json_end(&text, &json, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct rotate_paths paths;
    struct rotate rotate;
    const char *teacher = cli_option(cli, "--explain"), *out;
    const char *cycles = cli_option(cli, "--cycles");
    if (!place_needs(cli, "--teachers", &paths.teachers, err)
        || !place_needs(cli, "--posts", &paths.posts, err)) {
        return false;
    }
    if (teacher == NULL && !place_needs(cli, "--out", &out, err)) return false;
    if (!rotate_read(cli->arena, &paths, &rotate, err)) return false;
    rotate_trade(cli->arena, &rotate);
    if (teacher != NULL) return explain(cli, &rotate, str_from(teacher), err);
    if (!rotate_write(out, &rotate, err)) return false;
    if (cycles != NULL && !rotate_write_cycles(cycles, &rotate, err)) return false;
    return say(cli, &rotate, err);
}

const struct command command_place_rotate = {
    .name = "place rotate",
    .words = "",
    .zh = "教师交流轮岗：按志愿互换岗位",
    .en = "Teachers exchange posts by their wishes",
    .more_zh = "岗位表：post,school,stage,subject，可加 county；教师表："
               "teacher,post（原岗）,stage,subject,must_move,wishes，可加 points；"
               "学段、学科、志愿用“;”分开，must_move 为 yes "
               "的应交流。首位交易循环（有空岗时即“我要你的岗位，"
               "你用我的顺位”）：没有交流义务的不会得到不如原岗的岗位，没有人能靠改填志愿得益，"
               "也没有一种换法能让一些人更好而没有人更差。应交流的不能留在本校；志愿都不能满足时，"
               "按代码安排本县同学段同学科的外校岗位，实在没有才保留原岗并列为 duty_unmet。"
               "空岗按应交流、points 从高到低、编号的顺序轮到。输出 "
               "teacher,from,post,choice,cycle,reason，按编号排序。不需要工作区。",
    .more_en =
        "Posts: post,school,stage,subject, if wanted county; teachers: teacher,post (the own "
        "one),stage,subject,must_move,wishes, if wanted points; stages, subjects and wishes are "
        "parted by \";\", must_move is yes for who has to. Top trading cycles (where posts are "
        "empty: you request my house, I get your turn): nobody without the duty gets a post worse "
        "than the own one, nobody gains by wishing otherwise, and no other placing is better for "
        "some and worse for none. Who must move may not stay in the school; where no wish can be "
        "had it is the first post by code of another school in the county with that stage and "
        "subject, and only where there is none the own post, as duty_unmet. Empty posts go by "
        "duty, points (more first), number. Writes teacher,from,post,choice,cycle,reason by "
        "teacher. Needs no workspace.",
    .options = {{"--teachers", OPTION_FILE, "T.csv", NULL, "教师、原岗与志愿（必填）",
                 "the teachers, their posts and wishes (needed)"},
                {"--posts", OPTION_FILE, "P.csv", NULL, "岗位，空岗在内（必填）",
                 "the posts, the empty ones too (needed)"},
                {"--out", OPTION_OUTPUT, "O.csv", NULL, "写出结果（必填）",
                 "writes who gets which post (needed)"},
                {"--cycles", OPTION_OUTPUT, "C.csv", NULL, "写出每一轮互换",
                 "writes the trades, one step a row"},
                {"--explain", OPTION_TEXT, "TEACHER", NULL, "不写结果，只说明一名教师的每个志愿",
                 "in place of the result: what became of each wish of one teacher"}},
    .examples = {{"baoxue place rotate --teachers t.csv --posts p.csv --out o.csv --cycles c.csv",
                  "交流并写出每一轮互换", "exchanges, and writes the trades"},
                 {"baoxue place rotate --teachers t.csv --posts p.csv --explain 5012",
                  "一名教师的每个志愿", "each wish of one teacher"}},
    .run = run,
};
