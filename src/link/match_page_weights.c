#include "link/match_page.h"

#include <math.h>
#include <stdlib.h>

/* How the pairs spread over the weights, and what the thresholds cost. */

enum { ROWS_MAX = 22, CURVE_STEPS_PER_BIT = 4 };

double match_page_tick(double span)
{
    return span > 80 ? 10 : span > 30 ? 5 : span > 12 ? 2 : 1;
}

void match_page_mark(const struct match_page *page, const struct chart *chart)
{
    double review = link_spec_review(page->match->spec) / 1000.0;
    double match = link_spec_match(page->match->spec) / 1000.0;
    chart_mark(chart, review, "doubt", 0, "列出", "review");
    chart_mark(chart, match, "good", 1, "归并", "match");
}

/* Pairs of a bin of one bit, from `bit` up. */
static uint64_t bin_count(const uint64_t *counts, int32_t bit)
{
    uint64_t count = 0;
    for (int32_t w = 0; w < 1000; w++) {
        int32_t place = bit * 1000 + w + LINK_WEIGHT_MAX;
        if (place >= 0 && place < LINK_WEIGHTS) count += counts[place];
    }
    return count;
}

static void histogram_bar(struct match_page *page, const struct chart *chart, int32_t bit,
                          uint64_t count)
{
    const struct link_spec *spec = page->match->spec;
    struct text title;
    if (count == 0) return;
    text_init(&title, &page->arena, 128);
    text_add_f(&title, "%d … %d: %llu", bit, bit + 1, (unsigned long long)count);
    int32_t from = bit * 1000;
    const char *series = from >= link_spec_match(spec)    ? "good"
                         : from >= link_spec_review(spec) ? "doubt"
                                                          : "below";
    chart_bar(chart, bit, bit + 1, log10((double)count) + 0.15, series, text_str(&title));
}

void match_page_weights(struct match_page *page)
{
    struct page *out = &page->page;
    uint64_t most = 1;
    for (int32_t bit = page->low; bit < page->high; bit++) {
        uint64_t count = bin_count(page->counts.pairs, bit);
        if (count > most) most = count;
    }
    struct chart chart = {.page = out,
                          .height = 320,
                          .x_from = page->low,
                          .x_to = page->high,
                          .y_from = -0.15,
                          .y_to = ceil(log10((double)most) + 0.2)};
    part_section(out, "weights", "权重的分布", "The spread of the weights");
    html(out, "<figure>");
    chart_open(&chart, "各权重的对数（对数刻度）", "pairs by weight (log scale)");
    chart_axis_y(&chart, CHART_COUNTS, 1);
    chart_axis_x(&chart, CHART_BITS, match_page_tick(page->high - page->low), "权重（比特）",
                 "weight (bits)");
    for (int32_t bit = page->low; bit < page->high; bit++) {
        histogram_bar(page, &chart, bit, bin_count(page->counts.pairs, bit));
    }
    match_page_mark(page, &chart);
    chart_close(&chart);
    html(out, "<figcaption>");
    part_key(out, "below", "不列出", "not listed");
    part_key(out, "doubt", "存疑", "doubtful");
    part_key(out, "good", "归并", "match");
    html(out, "</figcaption></figure>\n");
    part_note(out,
              "所有比较过的对，每根柱一比特，纵轴为对数。两座山分得越开，谷底越空，判得越清楚。",
              "All pairs compared, a bar for each bit, log scale. The further the two hills stand "
              "apart and the emptier the valley, the clearer the decision.");
    part_section_end(out);
}

static int compare_thresholds(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return x < y ? -1 : x > y;
}

/* Whole bits around the thresholds, and the thresholds themselves: ascending, each once. */
static size_t list_thresholds(const struct match_page *page, int32_t low, int32_t high,
                              int32_t out[ROWS_MAX + 4])
{
    size_t count = 0, kept = 0;
    int32_t step = (high - low + ROWS_MAX - 1) / ROWS_MAX;
    if (step < 1) step = 1;
    for (int32_t bit = low; bit <= high && count < ROWS_MAX + 2; bit += step) {
        out[count++] = bit * 1000;
    }
    out[count++] = link_spec_review(page->match->spec);
    out[count++] = link_spec_match(page->match->spec);
    qsort(out, count, sizeof *out, compare_thresholds);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || out[i] != out[i - 1]) out[kept++] = out[i];
    }
    return kept;
}

static void expected_row(const struct match_page *page, struct page *out,
                         const struct link_expected *expected)
{
    bool match = expected->threshold_millibits == link_spec_match(page->match->spec);
    bool review = expected->threshold_millibits == link_spec_review(page->match->spec);
    if (match)
        html(out, "<tr class=\"at good\"><th scope=\"row\" class=\"n\">");
    else if (review)
        html(out, "<tr class=\"at doubt\"><th scope=\"row\" class=\"n\">");
    else
        html(out, "<tr><th scope=\"row\" class=\"n\">");
    page_thousandths(out, expected->threshold_millibits, 1);
    html(out, "</th>");
    part_count(out, expected->pairs);
    double wrong = (double)expected->pairs - expected->matches;
    html(out, "<td class=\"n\">");
    page_thousandths(out, llround(1000 * fmax(wrong, 0)), 1);
    html(out, "</td><td class=\"n\">");
    page_thousandths(out, llround(1000 * expected->missed), 1);
    html(out, "</td>");
    part_percent(out, expected->false_discovery_ppm);
    part_percent(out, expected->false_negative_ppm);
    part_percent(out, expected->precision_ppm);
    part_percent(out, expected->recall_ppm);
    html(out, "<td>");
    if (match) page_say(out, "归并", "match");
    if (match && review) html(out, " ");
    if (review) page_say(out, "列出", "review");
    html(out, "</td></tr>\n");
}

static double rate_exponent(uint32_t ppm)
{
    return ppm == 0 ? -6 : log10(ppm / 1e6);
}

static void expected_chart(struct match_page *page, int32_t low, int32_t high)
{
    struct page *out = &page->page;
    size_t count = (size_t)(high - low) * CURVE_STEPS_PER_BIT + 1;
    int32_t *thresholds = arena_array(&page->arena, int32_t, count);
    struct link_expected *expected = arena_array(&page->arena, struct link_expected, count);
    struct chart_point *wrong = arena_array(&page->arena, struct chart_point, count);
    struct chart_point *missed = arena_array(&page->arena, struct chart_point, count);
    for (size_t i = 0; i < count; i++) {
        thresholds[i] = low * 1000 + (int32_t)i * (1000 / CURVE_STEPS_PER_BIT);
    }
    link_expect(page->counts.pairs, thresholds, count, expected);
    for (size_t i = 0; i < count; i++) {
        double x = thresholds[i] / 1000.0;
        wrong[i] = (struct chart_point){x, rate_exponent(expected[i].false_discovery_ppm)};
        missed[i] = (struct chart_point){x, rate_exponent(expected[i].false_negative_ppm)};
    }
    struct chart chart = {
        .page = out, .height = 300, .x_from = low, .x_to = high, .y_from = -6, .y_to = 0};
    html(out, "<figure>");
    chart_open(&chart, "预期错误率（对数刻度）", "expected error rates (log scale)");
    chart_axis_y(&chart, CHART_RATES, 1);
    chart_axis_x(&chart, CHART_BITS, match_page_tick(high - low), "阈值（比特）",
                 "threshold (bits)");
    chart_line(&chart, wrong, count, "bad");
    chart_line(&chart, missed, count, "calm");
    match_page_mark(page, &chart);
    chart_close(&chart);
    html(out, "<figcaption>");
    part_key(out, "bad", "误连率（FDR）", "false discovery rate");
    part_key(out, "calm", "漏连率（FNR）", "false negative rate");
    html(out, "</figcaption></figure>\n");
}

void match_page_expected(struct match_page *page)
{
    struct page *out = &page->page;
    static const struct part_column columns[] = {
        {"阈值（比特）", "threshold (bits)", true},
        {"达到的对", "pairs", true},
        {"预期误连", "expected false", true},
        {"预期漏连", "expected missed", true},
        {"误连率", "FDR", true},
        {"漏连率", "FNR", true},
        {"准确率", "precision", true},
        {"召回率", "recall", true},
        {"", "", false},
    };
    int32_t low = link_spec_review(page->match->spec) / 1000 - 10;
    int32_t high = link_spec_match(page->match->spec) / 1000 + 25;
    if (low < page->low) low = page->low;
    if (high > page->high) high = page->high;
    if (high <= low) high = low + 1;
    int32_t thresholds[ROWS_MAX + 4];
    struct link_expected expected[ROWS_MAX + 4];
    size_t count = list_thresholds(page, low, high, thresholds);
    link_expect(page->counts.pairs, thresholds, count, expected);
    part_section(out, "errors", "不用真值的预期错误", "Expected errors, without labels");
    expected_chart(page, low, high);
    part_table(out, "各阈值的预期错误", "expected errors by threshold", columns,
               sizeof columns / sizeof *columns);
    for (size_t i = 0; i < count; i++) expected_row(page, out, &expected[i]);
    part_table_end(out);
    part_note(
        out,
        "由每一对的概率相加而得：以某阈值归并，达到它的对里预期有多少不是同一个，没达到的对里预期有"
        "多少是"
        "同一个。只及比较过的对，也只和模型一样可靠；归并还要看整组的证据。",
        "Sums of the pairs' probabilities: what is false among pairs at or above a threshold, "
        "and what is true below it. Only of pairs that were compared, and no better than the "
        "model; joining also weighs the evidence of whole clusters.");
    part_section_end(out);
}
