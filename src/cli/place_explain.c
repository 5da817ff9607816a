#include "cli/commands.h"
#include "cli/place.h"
#include "cli/report.h"
#include "placing/explain.h"

#include <stdio.h>

static struct str remedy_text(const struct cli *cli, const struct place_remedy *remedy)
{
    bool zh = cli->lang == LANG_ZH;
    switch (remedy->kind) {
    case PLACE_MORE_POINTS:
        return cli_format(cli, zh ? "总分再高 %lld 分" : "%lld more points in the total",
                          (long long)remedy->points);
    case PLACE_ADJUST: return str_from(cli_say(cli, "填“服从调剂”", "agreeing to adjustment"));
    case PLACE_PROVEN_PLAN:
        return str_from(
            cli_say(cli, "经审核具有该专项计划资格", "being proven eligible for this plan"));
    case PLACE_MORE_SEATS:
        return str_from(
            cli_say(cli, "所填第一个专业多一个名额", "one more seat in the major wished first"));
    }
    return STR_EMPTY;
}

static struct str place_text(const struct cli *cli, const struct place_input *input,
                             const struct place_reason *reason)
{
    const struct place_choice *choice = reason->choice;
    return cli_format(cli,
                      cli->lang == LANG_ZH ? "批次 %.*s 第 %u 志愿 专业组 %.*s"
                                           : "batch %.*s, choice %u, group %.*s",
                      STR_ARG(input->rules.batches[choice->batch].key), choice->rank,
                      STR_ARG(input->groups[choice->group].code));
}

static void say_outcome(const struct cli *cli, const struct place_input *input,
                        const struct place_reason *reason)
{
    const struct place_fate *fate = &reason->fate;
    const char *outcome = place_outcome_text(fate->outcome, cli->lang);
    if (fate->outcome == PLACE_BARRED) {
        outcome = place_bar_text(fate->bar, cli->lang);
    }
    if (fate->programme == PLACE_NONE) {
        printf("%.*s: %s\n", STR_ARG(place_text(cli, input, reason)), outcome);
    } else {
        printf("%.*s: %s %.*s\n", STR_ARG(place_text(cli, input, reason)), outcome,
               STR_ARG(input->programmes[fate->programme].code));
    }
    if (fate->bar == PLACE_BAR_LINE) {
        printf(cli_say(cli, "    最低控制分数线 %lld\n", "    lowest line %lld\n"),
               (long long)reason->line);
    }
    if (fate->number_decided) {
        printf("    %s\n", cli_say(cli, "成绩与同分比较项都相同，按考生号先后",
                                   "equal in total and ties: decided by number"));
    }
}

static void say_reason(const struct cli *cli, const struct place_input *input,
                       const struct place_reason *reason)
{
    say_outcome(cli, input, reason);
    printf(cli_say(cli, "    计划 %lld，最多投档 %lld，实投 %llu；成绩在前的有 %llu 份\n",
                   "    %lld seats, at most %lld files, got %llu; %llu of better scores\n"),
           (long long)reason->seats, (long long)reason->capacity, (unsigned long long)reason->files,
           (unsigned long long)reason->ahead);
    if (reason->any_sent) {
        printf(cli_say(cli, "    投档最低分 %lld\n", "    lowest total sent %lld\n"),
               (long long)reason->sent_total);
    }
    if (reason->any_admitted) {
        printf(cli_say(cli, "    录取最低分 %lld\n", "    lowest total admitted %lld\n"),
               (long long)reason->admitted_total);
    }
    for (size_t i = 0; i < reason->remedy_count; i++) {
        struct str text = remedy_text(cli, &reason->remedies[i]);
        printf(cli_say(cli, "    假如%.*s，其他都不变，就会被这里录取\n",
                       "    %.*s, all else the same, would have placed the applicant here\n"),
               STR_ARG(text));
    }
}

static void say(const struct cli *cli, const struct place_input *input,
                const struct place_explanation *explanation)
{
    printf(cli_say(cli, "考生 %.*s：总分 %lld，全体第 %llu 名",
                   "applicant %.*s: total %lld, rank %llu"),
           STR_ARG(explanation->applicant->number), (long long)explanation->applicant->total,
           (unsigned long long)explanation->rank);
    if (explanation->equal > 0) {
        printf(cli_say(cli, "（另有 %llu 人完全同分）", " (%llu others are equal)"),
               (unsigned long long)explanation->equal);
    }
    printf("\n%s\n", explanation->placed == PLACE_NONE ? cli_say(cli, "没有录取", "not placed")
                                                       : cli_say(cli, "已录取", "placed"));
    for (size_t i = 0; i < explanation->reason_count; i++) {
        say_reason(cli, input, &explanation->reasons[i]);
    }
    printf("%s %s\n", cli_say(cli, "回执", "receipt"), explanation->receipt);
}

static void json_optional(struct json *json, const char *key, bool has, int64_t value)
{
    json_key(json, key);
    if (has) {
        json_i64(json, value);
    } else {
        json_null(json);
    }
}

static void json_remedies(struct json *json, const struct place_reason *reason)
{
    static const char *const kinds[] = {[PLACE_MORE_POINTS] = "points",
                                        [PLACE_ADJUST] = "adjust",
                                        [PLACE_PROVEN_PLAN] = "plan",
                                        [PLACE_MORE_SEATS] = "seats"};
    json_key(json, "remedies");
    json_list(json);
    for (size_t i = 0; i < reason->remedy_count; i++) {
        json_object(json);
        json_key_str(json, "kind", str_from(kinds[reason->remedies[i].kind]));
        json_key_i64(json, "points", reason->remedies[i].points);
        json_object_end(json);
    }
    json_list_end(json);
}

static void json_reason(struct json *json, const struct place_input *input,
                        const struct place_reason *reason)
{
    const struct place_choice *choice = reason->choice;
    const struct place_fate *fate = &reason->fate;
    struct str programme = STR_EMPTY;
    if (fate->programme != PLACE_NONE) programme = input->programmes[fate->programme].code;
    json_object(json);
    json_key_str(json, "batch", input->rules.batches[choice->batch].key);
    json_key_i64(json, "rank", choice->rank);
    json_key_str(json, "group", input->groups[choice->group].code);
    json_key_str(json, "outcome", str_from(place_outcome_key(fate->outcome)));
    json_key_str(json, "barred_by", str_from(place_bar_key(fate->bar)));
    json_key_str(json, "programme", programme);
    json_key_bool(json, "number_decided", fate->number_decided);
    json_key_i64(json, "seats", reason->seats);
    json_key_i64(json, "capacity", reason->capacity);
    json_key_i64(json, "files", (int64_t)reason->files);
    json_key_i64(json, "ahead", (int64_t)reason->ahead);
    json_optional(json, "line", reason->line != INT64_MIN, reason->line);
    json_optional(json, "lowest_sent", reason->any_sent, reason->sent_total);
    json_optional(json, "lowest_admitted", reason->any_admitted, reason->admitted_total);
    json_remedies(json, reason);
    json_object_end(json);
}

static bool say_json(const struct cli *cli, const struct place_input *input,
                     const struct place_explanation *explanation, struct err *err)
{
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_str(&json, "applicant", explanation->applicant->number);
    json_key_i64(&json, "total", explanation->applicant->total);
    json_key_i64(&json, "rank", (int64_t)explanation->rank);
    json_key_i64(&json, "equal", (int64_t)explanation->equal);
    json_key_bool(&json, "placed", explanation->placed != PLACE_NONE);
    json_key_str(&json, "receipt", str_from(explanation->receipt));
    json_key(&json, "choices");
    json_list(&json);
    for (size_t i = 0; i < explanation->reason_count; i++) {
        json_reason(&json, input, &explanation->reasons[i]);
    }
    json_list_end(&json);
    return report_json_end(&text, &json, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct place_paths paths;
    struct place_input input;
    struct place_result result;
    struct place_explanation explanation;
    if (!place_paths_of(cli, &paths, err)) return false;
    if (!place_read(cli->arena, &paths, &input, err)) return false;
    place_run(cli->arena, &input, true, &result);
    if (!place_explain(cli->arena, &input, &result, str_from(cli->words[0]), true, &explanation,
                       err)) {
        return false;
    }
    if (cli->json) return say_json(cli, &input, &explanation, err);
    say(cli, &input, &explanation);
    return true;
}

const struct command command_place_explain = {
    .name = "place explain",
    .words = "APPLICANT",
    .words_min = 1,
    .words_max = 1,
    .zh = "逐个志愿说明一名考生为什么录取、为什么没有录取",
    .en = "Why an applicant was placed or not, choice by choice",
    .more_zh = "每个志愿：是否符合条件、本人名次、计划与投档数、最低分，以及本人怎样就会被录取（每"
               "一条都重新投档"
               "验证过）。不显示其他考生，只有名次、最低分和人数。回执是本人信息和志愿的 "
               "SM3，可自行核对。",
    .more_en =
        "For each choice: eligible or not, own rank, seats and files, the lowest totals, and what "
        "of "
        "the applicant's own would have led there (each was tried by placing everybody again). "
        "Never "
        "another applicant's data: only ranks, borders and counts. The receipt is the SM3 of the "
        "applicant's own papers and wishes, for the family to check.",
    .options = {OPTIONS_OF_PLACE},
    .examples = {{"baoxue place explain 20002 --rules r.yaml --programmes p.csv --applicants a.csv "
                  "--choices c.csv",
                  "考生 20002 的每个志愿", "each choice of applicant 20002"}},
    .run = run,
};
