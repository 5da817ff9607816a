#include "base/file.h"
#include "cli/commands.h"
#include "cli/place.h"
#include "cli/report.h"
#include "placing/explain.h"

bool place_needs(const struct cli *cli, const char *option, const char **out, struct err *err)
{
    *out = cli_option(cli, option);
    return *out != NULL
           || err_set(err, ERR_USAGE, "%s needs %s FILE", "%s 需要 %s FILE", cli->command->name,
                      option);
}

bool place_paths_of(const struct cli *cli, struct place_paths *out, struct err *err)
{
    out->allotments = cli_option(cli, "--allotments");
    return place_needs(cli, "--rules", &out->rules, err)
           && place_needs(cli, "--programmes", &out->programmes, err)
           && place_needs(cli, "--applicants", &out->applicants, err)
           && place_needs(cli, "--choices", &out->choices, err);
}

/* What one batch gave. */
struct tally {
    uint64_t placed, adjusted;
    int64_t seats; /* of its groups, or those it allots; 0 for a batch that fills another's */
};

static struct tally *tally_of(const struct cli *cli, const struct place_input *input,
                              const struct place_result *result)
{
    struct tally *tallies = arena_array(cli->arena, struct tally, input->rules.batch_count);
    for (size_t g = 0; g < input->group_count; g++) {
        tallies[input->groups[g].batch].seats += input->groups[g].quota;
    }
    for (size_t i = 0; i < input->allotment_count; i++) {
        tallies[input->allotments[i].batch].seats += input->allotments[i].seats;
    }
    for (size_t a = 0; a < input->applicant_count; a++) {
        if (result->placed[a] == PLACE_NONE) continue;
        struct tally *tally = &tallies[input->choices[result->placed[a]].batch];
        tally->placed++;
        tally->adjusted += result->wishes[a] == 0;
    }
    return tallies;
}

static bool say_json(struct cli *cli, const struct place_input *input,
                     const struct place_result *result, const struct tally *tallies,
                     struct err *err)
{
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "applicants", (int64_t)input->applicant_count);
    json_key_i64(&json, "choices", (int64_t)input->choice_count);
    json_key_i64(&json, "groups", (int64_t)input->group_count);
    json_key_i64(&json, "placed", (int64_t)result->placed_count);
    json_key(&json, "batches");
    json_list(&json);
    for (size_t b = 0; b < input->rules.batch_count; b++) {
        json_object(&json);
        json_key_str(&json, "batch", input->rules.batches[b].key);
        json_key_i64(&json, "seats", tallies[b].seats);
        json_key_i64(&json, "placed", (int64_t)tallies[b].placed);
        json_key_i64(&json, "adjusted", (int64_t)tallies[b].adjusted);
        json_object_end(&json);
    }
    json_list_end(&json);
    return report_json_end(&text, &json, err);
}

static void say(const struct cli *cli, const struct place_input *input,
                const struct place_result *result, const struct tally *tallies)
{
    cli_note(cli, "考生 %s 人，志愿 %s 个；录取 %s 人", "%s applicants, %s choices; %s placed",
             cli_thousands(cli, input->applicant_count).ptr,
             cli_thousands(cli, input->choice_count).ptr,
             cli_thousands(cli, result->placed_count).ptr);
    for (size_t b = 0; b < input->rules.batch_count; b++) {
        cli_note(cli, "  批次 %.*s：计划 %s，录取 %s，其中调剂 %s",
                 "  batch %.*s: %s seats, %s placed, %s of them by adjustment",
                 STR_ARG(input->rules.batches[b].key),
                 cli_thousands(cli, (uint64_t)tallies[b].seats).ptr,
                 cli_thousands(cli, tallies[b].placed).ptr,
                 cli_thousands(cli, tallies[b].adjusted).ptr);
    }
}

/* A junior school that was given seats and has no applicant is often one that two files write
 * differently. */
static void warn_of_sources(const struct cli *cli, const struct place_input *input)
{
    size_t without = 0, first = 0;
    bool *given = arena_array(cli->arena, bool, input->source_count);
    for (size_t i = 0; i < input->allotment_count; i++) {
        if (input->allotments[i].seats > 0) given[input->allotments[i].source] = true;
    }
    for (size_t a = 0; input->source_count > 0 && a < input->applicant_count; a++) {
        uint32_t source = input->applicants[a].source;
        if (source != PLACE_NONE) given[source] = false;
    }
    for (size_t s = input->source_count; s > 0; s--) {
        if (!given[s - 1]) continue;
        without++;
        first = s - 1;
    }
    if (without == 0) return;
    cli_note(cli, "分到名额、却没有考生的初中 %zu 所，如“%.*s”：请核对两份表的校名",
             "junior schools that were given seats and have no applicant: %zu, such as \"%.*s\"; "
             "compare how the two files write them",
             without, STR_ARG(input->sources[first]));
}

/* How long each step took. Sorting is no step: a bare sort of the same applicants, which placing is
 * measured against. */
struct times {
    int64_t read_us, sort_us, place_us, write_us;
};

static bool write_times(struct cli *cli, const struct times *times, struct err *err)
{
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "read_ms", times->read_us / 1000);
    json_key_i64(&json, "sort_ms", times->sort_us / 1000);
    json_key_i64(&json, "place_ms", times->place_us / 1000);
    json_key_i64(&json, "write_ms", times->write_us / 1000);
    json_key_i64(&json, "sort_us", times->sort_us);
    json_key_i64(&json, "place_us", times->place_us);
    json_object_end(&json);
    text_add_byte(&text, '\n');
    return file_write(cli_option(cli, "--times"), text_str(&text), 0644, err);
}

/* The steady clock's difference since *from, which moves on. */
static int64_t lap(int64_t *from)
{
    int64_t now = clock_elapsed_us(), spent = now - *from;
    *from = now;
    return spent;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct times times = {0};
    int64_t from = clock_elapsed_us();
    const char *out, *trace = cli_option(cli, "--trace");
    struct place_paths paths;
    struct place_input input;
    struct place_result result;
    if (!place_paths_of(cli, &paths, err) || !place_needs(cli, "--out", &out, err)) return false;
    if (!place_read(cli->arena, &paths, &input, err)) return false;
    times.read_us = lap(&from);
    if (cli_has(cli, "--times")) place_sort_bare(&input);
    times.sort_us = lap(&from);
    place_run(cli->arena, &input, trace != NULL, &result);
    times.place_us = lap(&from);
    if (!place_write(out, &input, &result, err)) return false;
    if (trace != NULL && !place_write_trace(trace, &input, &result, err)) return false;
    const char *receipts = cli_option(cli, "--receipts");
    if (receipts != NULL && !place_write_receipts(receipts, &input, err)) return false;
    times.write_us = lap(&from);
    if (cli_has(cli, "--times") && !write_times(cli, &times, err)) return false;
    const struct tally *tallies = tally_of(cli, &input, &result);
    warn_of_sources(cli, &input);
    if (cli->json) return say_json(cli, &input, &result, tallies, err);
    say(cli, &input, &result, tallies);
    return true;
}

const struct command command_place_run = {
    .name = "place run",
    .words = "",
    .zh = "按计划、成绩和志愿投档录取",
    .en = "Places applicants by seats, scores and wishes",
    .more_zh = "逐批次投档：平行志愿按总分和同分比较项从高到低，每人一次，投进志愿单上第一个尚未投"
               "满的专业组"
               "（计划数×比例，向上取整）；顺序志愿先投所有人的第一志愿。投档结束后各组按分数看档："
               "先按专业"
               "志愿，再按是否服从调剂，否则退档。输出 "
               "applicant,batch,group,programme,choice_rank,via，按考生号"
               "排序；--trace 写出每个志愿的结果。高中招生指标到校：规则里有按初中分配名额的批次"
               "（allot）时，用 --allotments 给出 batch,group,source,seats，考生表有 source "
               "列（所在初中）。不需要工作区。规则文件和各表的写法见 docs/placing.md。",
    .more_en =
        "Batch by batch: in a parallel one files go by total and ties, each once, to the first "
        "group "
        "on its list that still takes files (seats × ratio, rounded up); in a sequential one all "
        "first choices go first. Then each group goes through its files: wished majors, "
        "adjustment, "
        "else returned. Writes applicant,batch,group,programme,choice_rank,via by applicant; "
        "--trace "
        "what became of each choice. For senior schools that give seats to junior schools "
        "(a batch with \"allot\"): --allotments with batch,group,source,seats, and a column "
        "\"source\" of the applicants. Needs no workspace. docs/placing.md describes rules and "
        "files.",
    .options = {OPTIONS_OF_PLACE,
                {"--out", OPTION_OUTPUT, "O.csv", NULL, "写出录取结果（必填）",
                 "writes who is placed where (needed)"},
                {"--trace", OPTION_OUTPUT, "T.csv", NULL,
                 "写出每个志愿的结果：sent full barred admitted adjusted returned",
                 "writes what became of each choice"},
                {"--receipts", OPTION_OUTPUT, "R.csv", NULL,
                 "写出每名考生的回执（本人信息与志愿的 SM3），供家庭核对",
                 "writes each applicant's receipt (SM3 of own papers and wishes)"},
                {"--times", OPTION_LETTER, "FILE", NULL,
                 "写出读取、排序（对照）、投档、写出各用多少毫秒",
                 "writes how long reading, a bare sort to compare with, placing and writing took"}},
    .examples = {{"baoxue place run --rules r.yaml --programmes p.csv --applicants a.csv --choices "
                  "c.csv --out o.csv",
                  "投档录取", "places everybody"},
                 {"baoxue place run --rules r.yaml --programmes p.csv --applicants a.csv --choices "
                  "c.csv --out o.csv --trace t.csv",
                  "连同每个志愿的经过", "with what became of each choice"},
                 {"baoxue place run --rules r.yaml --programmes p.csv --applicants a.csv --choices "
                  "c.csv --allotments q.csv --out o.csv",
                  "高中招生，名额分配到初中", "senior schools that give seats to junior schools"}},
    .run = run,
};
