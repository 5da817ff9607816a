#include "link/match_page.h"

#include <math.h>

/* How good the linkage is where the truth is known. */

static void truth_row(struct page *out, const char *zh, const char *en, bool threshold,
                      const struct evaluation *evaluation)
{
    html(out, "<tr><th scope=\"row\">");
    page_say(out, zh, en);
    html(out, "</th>");
    if (threshold && evaluation->threshold_millibits != INT32_MIN)
        part_bits(out, evaluation->threshold_millibits);
    else
        html(out, "<td></td>");
    part_count(out, evaluation->true_pairs);
    part_count(out, evaluation->found);
    part_count(out, evaluation->wrong);
    part_percent(out, evaluation->precision_ppm);
    part_percent(out, evaluation->recall_ppm);
    part_percent(out, evaluation->f1_ppm);
    html(out, "</tr>\n");
}

/* What the model expected of the same threshold, beside what is true. */
static void expected_row(struct page *out, const struct link_expected *expected)
{
    double wrong = (double)expected->pairs - expected->matches;
    double matches = expected->matches + expected->missed, both = matches + (double)expected->pairs;
    struct evaluation row = {
        .true_pairs = (uint64_t)llround(matches),
        .found = (uint64_t)llround(expected->matches),
        .wrong = (uint64_t)llround(fmax(wrong, 0)),
        .precision_ppm = expected->precision_ppm,
        .recall_ppm = expected->recall_ppm,
        .f1_ppm = both <= 0 ? 0 : (uint32_t)lround(2e6 * expected->matches / both),
        .threshold_millibits = expected->threshold_millibits,
    };
    truth_row(out, "给定阈值，模型预期", "at the threshold, as the model expected", true, &row);
}

static void open_table(struct page *out)
{
    static const struct part_column columns[] = {
        {"口径", "what", false},      {"阈值（比特）", "threshold (bits)", true},
        {"真对", "true pairs", true}, {"找到", "found", true},
        {"找错", "wrong", true},      {"准确率", "precision", true},
        {"召回率", "recall", true},   {"F1", "F1", true},
    };
    part_table(out, "与真值相比", "against the truth", columns, 8);
}

static void truth_table(struct page *out, const struct evaluation_report *evaluated,
                        const struct link_expected *expected)
{
    open_table(out);
    truth_row(out, "给定阈值", "at the threshold", true, &evaluated->at);
    if (expected != NULL) expected_row(out, expected);
    truth_row(out, "最佳阈值", "at the best threshold", true, &evaluated->best);
    if (evaluated->has_clusters) {
        truth_row(out, "归并组内", "inside clusters", false, &evaluated->clusters);
    }
    part_table_end(out);
    html(out, "<details><summary>");
    page_say(out, "每一整比特的阈值", "Each whole bit as a threshold");
    html(out, "</summary>\n");
    open_table(out);
    for (size_t i = 0; i < evaluated->step_count; i++) {
        const struct evaluation *step = &evaluated->steps[i];
        if (step->threshold_millibits % 1000 != 0) continue;
        truth_row(out, "逐比特", "each bit", true, step);
    }
    part_table_end(out);
    html(out, "</details>\n");
}

/* Where an axis of shares begins, so that curves near the top can be told apart. */
static double share_floor(uint32_t least_ppm)
{
    return least_ppm >= 950000 ? 0.9 : least_ppm >= 850000 ? 0.8 : least_ppm >= 550000 ? 0.5 : 0;
}

static uint32_t least_precision(const struct evaluation_report *evaluated)
{
    uint32_t least = 1000000;
    for (size_t i = 0; i < evaluated->step_count; i++) {
        const struct evaluation *step = &evaluated->steps[i];
        if (step->precision_ppm < least && step->found > 0) least = step->precision_ppm;
    }
    return least;
}

static struct chart_point *points_of(struct arena *arena, const struct evaluation_report *evaluated)
{
    return arena_array(arena, struct chart_point, evaluated->step_count + 1);
}

static void precision_chart(struct page *out, struct arena *arena,
                            const struct evaluation_report *evaluated)
{
    uint32_t recall = evaluated->at.recall_ppm < evaluated->best.recall_ppm
                          ? evaluated->at.recall_ppm
                          : evaluated->best.recall_ppm;
    double from = share_floor(least_precision(evaluated));
    struct chart chart = {.page = out,
                          .height = 340,
                          .x_from = recall >= 990000 ? 0.9 : 0,
                          .x_to = 1,
                          .y_from = from,
                          .y_to = 1};
    struct chart_point *points = points_of(arena, evaluated);
    size_t count = 0;
    for (size_t i = 0; i < evaluated->step_count; i++) {
        if (evaluated->steps[i].recall_ppm < chart.x_from * 1e6) continue;
        points[count++] = (struct chart_point){evaluated->steps[i].recall_ppm / 1e6,
                                               evaluated->steps[i].precision_ppm / 1e6};
    }
    html(out, "<figure>");
    chart_open(&chart, "准确率与召回率", "precision and recall");
    chart_axis_y(&chart, CHART_SHARE, (1 - from) / 5);
    chart_axis_x(&chart, CHART_SHARE, (1 - chart.x_from) / 5, "召回率（纵轴：准确率）",
                 "recall (upright: precision)");
    chart_line(&chart, points, count, "calm");
    chart_dot(&chart, evaluated->best.recall_ppm / 1e6, evaluated->best.precision_ppm / 1e6, "good",
              STR("F1"));
    chart_dot(&chart, evaluated->at.recall_ppm / 1e6, evaluated->at.precision_ppm / 1e6, "doubt",
              STR_EMPTY);
    chart_close(&chart);
    html(out, "<figcaption>");
    part_key(out, "good", "最佳 F1", "best F1");
    part_key(out, "doubt", "给定阈值", "at the threshold");
    html(out, "</figcaption></figure>\n");
}

/* Precision, recall and F1 over the threshold. */
static void threshold_chart(struct page *out, struct arena *arena,
                            const struct evaluation_report *evaluated)
{
    static const char *const series[] = {"good", "calm", "bad"};
    const struct evaluation *first = &evaluated->steps[0];
    const struct evaluation *last = &evaluated->steps[evaluated->step_count - 1];
    double from = floor(last->threshold_millibits / 1000.0);
    double to = ceil(first->threshold_millibits / 1000.0 + 0.001);
    struct chart chart = {
        .page = out, .height = 300, .x_from = from, .x_to = to, .y_from = 0, .y_to = 1};
    struct chart_point *points = points_of(arena, evaluated);
    html(out, "<figure>");
    chart_open(&chart, "各阈值的准确率、召回率、F1", "precision, recall and F1 by threshold");
    chart_axis_y(&chart, CHART_SHARE, 0.2);
    chart_axis_x(&chart, CHART_BITS,
                 to - from > 30   ? 5
                 : to - from > 12 ? 2
                                  : 1,
                 "阈值（比特）", "threshold (bits)");
    for (size_t s = 0; s < 3; s++) {
        for (size_t i = 0; i < evaluated->step_count; i++) {
            const struct evaluation *step = &evaluated->steps[i];
            uint32_t ppm = s == 0 ? step->precision_ppm : s == 1 ? step->recall_ppm : step->f1_ppm;
            points[i] = (struct chart_point){step->threshold_millibits / 1000.0, ppm / 1e6};
        }
        chart_line(&chart, points, evaluated->step_count, series[s]);
    }
    chart_close(&chart);
    html(out, "<figcaption>");
    part_key(out, "good", "准确率", "precision");
    part_key(out, "calm", "召回率", "recall");
    part_key(out, "bad", "F1", "F1");
    html(out, "</figcaption></figure>\n");
}

/* Nearly all pairs are false, so the false-positive rate lives in the first millionths: the axis is
 * a log one, of rates where the number of false pairs is known, else of wrong pairs. */
static void roc_chart(struct page *out, struct arena *arena,
                      const struct evaluation_report *evaluated)
{
    uint64_t possible = evaluated->pairs_possible, truth = evaluated->at.true_pairs;
    bool rates = possible > truth;
    double false_pairs = rates ? (double)(possible - truth) : 1;
    double lowest = floor(log10(1 / false_pairs));
    uint64_t most = evaluated->steps[evaluated->step_count - 1].wrong;
    struct chart chart = {.page = out,
                          .height = 300,
                          .x_from = lowest,
                          .x_to = fmax(ceil(log10((double)(most + 1) / false_pairs)), lowest + 1),
                          .y_from = 0,
                          .y_to = 1};
    struct chart_point *points = points_of(arena, evaluated);
    for (size_t i = 0; i < evaluated->step_count; i++) {
        const struct evaluation *step = &evaluated->steps[i];
        double x = step->wrong == 0 ? lowest : log10((double)step->wrong / false_pairs);
        points[i] = (struct chart_point){x, step->recall_ppm / 1e6};
    }
    html(out, "<figure>");
    chart_open(&chart, "ROC 曲线", "ROC curve");
    chart_axis_y(&chart, CHART_SHARE, 0.2);
    if (rates) {
        chart_axis_x(&chart, CHART_POWERS, 1, "假阳性率，对数（纵轴：召回率）",
                     "false positive rate, log (upright: recall)");
    } else {
        chart_axis_x(&chart, CHART_COUNTS, 1, "找错的对，对数（纵轴：召回率）",
                     "wrong pairs, log (upright: recall)");
    }
    chart_line(&chart, points, evaluated->step_count, "calm");
    chart_close(&chart);
    html(out, "</figure>\n");
}

static void heading(struct page *out, const char *zh, const char *en)
{
    html(out, "<h3>");
    page_say(out, zh, en);
    html(out, "</h3>\n");
}

void match_page_truth(struct page *page, const struct evaluation_report *evaluated,
                      const struct link_expected *expected)
{
    struct arena scratch = {0};
    part_section(page, "truth", "与真值相比", "Against the truth");
    truth_table(page, evaluated, expected);
    part_note(page, "没有列出的真对都算漏掉，包括分块时丢掉的；模型的预期不知道分块丢掉的。",
              "A true pair that is not listed counts as missed, also one lost in blocking, of "
              "which the model's expectation knows nothing.");
    if (evaluated->step_count > 0) {
        heading(page, "准确率—召回率曲线", "Precision and recall");
        precision_chart(page, &scratch, evaluated);
        heading(page, "各阈值", "By threshold");
        threshold_chart(page, &scratch, evaluated);
        heading(page, "ROC 曲线", "ROC curve");
        roc_chart(page, &scratch, evaluated);
    }
    part_section_end(page);
    arena_free(&scratch);
}
