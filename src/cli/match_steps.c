#include "cli/match_steps.h"

#include "cli/commands.h"
#include "cli/report.h"

#include <stdlib.h>
#include <string.h>

static const struct report_column columns[] = {
    {"threshold_millibits", "阈值（毫比特）", "threshold", true},
    {"clusters", "组", "clusters", true},
    {"linked", "连上的记录", "records linked", true},
    {"largest", "最大组", "largest", true},
    {"pairs", "组内的对", "pairs inside", true},
    {"true_pairs", "真对", "true pairs", true},
    {"found", "找到", "found", true},
    {"wrong", "找错", "wrong", true},
    {"precision", "准确率", "precision", false},
    {"recall", "召回率", "recall", false},
    {"f1", "F1", "F1", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns, COLUMNS_PLAIN = 5, DECIMALS = 3 };

/* Bits with at most three decimals. */
static bool read_bits(struct str text, int32_t *out)
{
    struct str rest = str_trim(text), whole, decimals;
    int64_t number, thousandths = 0, sign = 1;
    if (str_starts(rest, STR("-"))) {
        sign = -1;
        rest = str_slice(rest, 1, rest.len);
    }
    if (rest.len == 0 || rest.ptr[0] < '0' || rest.ptr[0] > '9') return false;
    if (!str_split(&rest, '.', &whole) || !str_to_i64(whole, &number) || number > 1000)
        return false;
    if (str_split(&rest, '.', &decimals)) {
        if (decimals.len == 0 || decimals.len > DECIMALS || rest.len > 0) return false;
        for (size_t i = 0; i < DECIMALS; i++) {
            char digit = i < decimals.len ? decimals.ptr[i] : '0';
            if (digit < '0' || digit > '9') return false;
            thousandths = thousandths * 10 + (digit - '0');
        }
    }
    *out = (int32_t)(sign * (number * 1000 + thousandths));
    return true;
}

static int compare_thresholds(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

/* Nothing for "all", which only the pairs can tell. */
static bool read_thresholds(struct str text, int32_t *out, size_t *out_count, struct err *err)
{
    struct str item, whole = text;
    size_t count = 0, kept = 0;
    *out_count = 0;
    if (str_is(text, "all")) return true;
    while (str_split(&text, ',', &item)) {
        if (count == MATCH_STEPS_MAX) {
            return err_set(err, ERR_USAGE, "--clusters-at takes at most %d thresholds",
                           "--clusters-at 最多 %d 个阈值", MATCH_STEPS_MAX);
        }
        if (read_bits(item, &out[count++])) continue;
        return err_set(err, ERR_USAGE,
                       "--clusters-at \"%.*s\": expected bits, as in 1,2.5,10, or all",
                       "--clusters-at“%.*s”应为若干比特数（如 1,2.5,10）或 all", STR_ARG(whole));
    }
    qsort(out, count, sizeof *out, compare_thresholds);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || out[i] != out[i - 1]) out[kept++] = out[i];
    }
    *out_count = kept;
    return true;
}

bool steps_check(const struct cli *cli, struct err *err)
{
    int32_t thresholds[MATCH_STEPS_MAX];
    size_t count;
    const char *text = cli_option(cli, "--clusters-at");
    return text == NULL || read_thresholds(str_from(text), thresholds, &count, err);
}

bool steps_run(const struct cli *cli, const struct match *match, struct steps *out, struct err *err)
{
    int32_t thresholds[MATCH_STEPS_MAX];
    const char *text = cli_option(cli, "--clusters-at"), *truth = cli_option(cli, "--truth");
    out->count = 0;
    if (text == NULL) return true;
    if (!read_thresholds(str_from(text), thresholds, &out->count, err)) return false;
    if (out->count == 0) out->count = match_step_thresholds(match, MATCH_STEPS_MAX, thresholds);
    out->truth = truth != NULL;
    return match_steps(match, truth, thresholds, out->count, cli_threads(cli),
                       out->list, err);
}

/* The same run without --out, which names the file of the pairs. */
static struct cli *without_out(const struct cli *cli)
{
    struct cli *copy = arena_copy(cli->arena, cli, sizeof *cli);
    copy->value_count = 0;
    for (size_t i = 0; i < cli->value_count; i++) {
        bool out = strcmp(cli->values[i].option->name, "--out") == 0;
        if (!out) copy->values[copy->value_count++] = cli->values[i];
    }
    return copy;
}

bool steps_write(struct cli *cli, const struct steps *steps, struct err *err)
{
    struct report *report = NULL;
    cli = without_out(cli);
    size_t count = steps->truth ? COLUMNS : COLUMNS_PLAIN;
    if (!report_open(&report, cli, "clusters_at", columns, count, err)) return false;
    for (size_t i = 0; i < steps->count; i++) {
        const struct match_step *step = &steps->list[i];
        struct str values[COLUMNS] = {
            cli_format(cli, "%ld", (long)step->threshold_millibits),
            cli_number(cli, step->clusters),
            cli_number(cli, step->linked),
            cli_number(cli, step->largest),
            cli_number(cli, step->pairs),
            cli_number(cli, step->inside.true_pairs),
            cli_number(cli, step->inside.found),
            cli_number(cli, step->inside.wrong),
            cli_probability(cli, step->inside.precision_ppm),
            cli_probability(cli, step->inside.recall_ppm),
            cli_probability(cli, step->inside.f1_ppm),
        };
        if (!report_row(report, values, NULL, err)) return false;
    }
    return report_close(report, err);
}

void steps_json(struct cli *cli, struct json *json, const struct steps *steps)
{
    json_key(json, "clusters_at");
    json_list(json);
    for (size_t i = 0; i < steps->count; i++) {
        const struct match_step *step = &steps->list[i];
        json_object(json);
        json_key_i64(json, "threshold_millibits", step->threshold_millibits);
        json_key_i64(json, "clusters", step->clusters);
        json_key_i64(json, "linked", step->linked);
        json_key_i64(json, "largest", step->largest);
        json_key_i64(json, "pairs", (int64_t)step->pairs);
        if (steps->truth) {
            json_key_i64(json, "true_pairs", (int64_t)step->inside.true_pairs);
            json_key_i64(json, "found", (int64_t)step->inside.found);
            json_key_i64(json, "wrong", (int64_t)step->inside.wrong);
            json_key_str(json, "precision", cli_probability(cli, step->inside.precision_ppm));
            json_key_str(json, "recall", cli_probability(cli, step->inside.recall_ppm));
            json_key_str(json, "f1", cli_probability(cli, step->inside.f1_ppm));
        }
        json_object_end(json);
    }
    json_list_end(json);
}
