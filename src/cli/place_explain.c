#include "base/file.h"
#include "cli/commands.h"
#include "cli/place.h"
#include "cli/report.h"
#include "placing/letter.h"

#include <stdio.h>

static void say_outcome(const struct cli *cli, const struct place_input *input,
                        const struct place_reason *reason)
{
    struct str text = place_reason_text(cli->arena, input, reason, cli->lang);
    printf("%.*s\n", STR_ARG(text));
    if (reason->fate.bar == PLACE_BAR_LINE) {
        printf(cli_say(cli, "    最低控制分数线 %lld\n", "    lowest line %lld\n"),
               (long long)reason->line);
    }
    if (reason->fate.number_decided) {
        printf("    %s\n", cli_say(cli, "成绩与同分比较项都相同，按考生号先后",
                                   "equal in total and ties: decided by number"));
    }
}

static void say_reason(const struct cli *cli, const struct place_input *input,
                       const struct place_reason *reason, struct str source)
{
    say_outcome(cli, input, reason);
    struct str allotted = place_allotted_text(cli->arena, reason, source, cli->lang);
    if (allotted.len > 0) printf("    %.*s\n", STR_ARG(allotted));
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
        struct str text = place_remedy_text(cli->arena, &reason->remedies[i], cli->lang);
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
        say_reason(cli, input, &explanation->reasons[i], explanation->source);
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
    json_key(json, "remedies");
    json_list(json);
    for (size_t i = 0; i < reason->remedy_count; i++) {
        json_object(json);
        json_key_str(json, "kind", str_from(place_remedy_key(reason->remedies[i].kind)));
        json_key_i64(json, "points", reason->remedies[i].points);
        json_object_end(json);
    }
    json_list_end(json);
}

static void json_allotted(struct json *json, const struct place_reason *reason)
{
    json_key_bool(json, "allotted", reason->allotted);
    json_key_i64(json, "reserved", reason->reserved);
    json_key_i64(json, "ahead_by_allotment", (int64_t)reason->behind);
    json_optional(json, "general_line", reason->general != INT64_MIN, reason->general);
    json_optional(json, "floor", reason->floor != INT64_MIN, reason->floor);
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
    if (input->has_sources) json_allotted(json, reason);
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
    if (input->has_sources) json_key_str(&json, "source", explanation->source);
    json_key_str(&json, "receipt", str_from(explanation->receipt));
    json_key(&json, "choices");
    json_list(&json);
    for (size_t i = 0; i < explanation->reason_count; i++) {
        json_reason(&json, input, &explanation->reasons[i]);
    }
    json_list_end(&json);
    return report_json_end(&text, &json, err);
}

/* By the ending of the name: docx, else PDF. */
static bool write_letter(struct cli *cli, const struct place_input *input,
                         const struct place_explanation *explanation, const char *path,
                         struct err *err)
{
    const char *name = cli_option(cli, "--name");
    if (name == NULL) name = cli_say(cli, "本次投档", "this run");
    const struct place_letter letter = {
        .run = str_from(name), .made = cli_day(cli, "--at"), .lang = cli->lang};
    struct document *document = place_letter_make(cli->arena, input, explanation, &letter);
    struct str file;
    bool done = str_ends(str_from(path), STR(".docx")) ? document_docx(document, &file, err)
                                                       : document_pdf(document, &file, err);
    return done && file_write(path, file, 0600, err);
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
    const char *path = cli_option(cli, "--letter");
    if (path != NULL && !write_letter(cli, &input, &explanation, path, err)) return false;
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
               "SM3，可自行核对。名额分配到初中的，写明本校名额、最低分，以及有几人凭名额"
               "排在前面录取。",
    .more_en =
        "For each choice: eligible or not, own rank, seats and files, the lowest totals, and what "
        "of "
        "the applicant's own would have led there (each was tried by placing everybody again). "
        "Never "
        "another applicant's data: only ranks, borders and counts. The receipt is the SM3 of the "
        "applicant's own papers and wishes, for the family to check. Where seats are given to "
        "junior schools: the own one's seats and floor, and how many went ahead by them.",
    .options = {OPTIONS_OF_PLACE,
                {"--letter", OPTION_LETTER, "FILE", NULL, "另写成给家长的信（.pdf 或 .docx，A4）",
                 "also as a letter to the family (.pdf or .docx, A4)"},
                {"--name", OPTION_TEXT, "NAME", NULL, "信里怎样称呼这次投档",
                 "how the letter calls the run"},
                {"--at", OPTION_DAY, "DATE", NULL, "信的日期（默认不写）",
                 "the letter's day (default: none)"}},
    .examples = {{"baoxue place explain 20002 --rules r.yaml --programmes p.csv --applicants a.csv "
                  "--choices c.csv",
                  "考生 20002 的每个志愿", "each choice of applicant 20002"}},
    .run = run,
};
