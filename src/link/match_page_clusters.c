#include "link/match_page.h"

#include <math.h>

/* What was joined, what was not, and what would be at other thresholds. */

enum { SIZE_CLASSES = 9 };

static size_t size_class(uint32_t size)
{
    return size <= 5 ? size - 1 : size <= 10 ? 5 : size <= 20 ? 6 : size <= 50 ? 7 : 8;
}

static void cluster_rows(const struct match_page *page, struct page *out)
{
    static const char *const names[SIZE_CLASSES] = {"1",    "2",     "3",     "4",   "5",
                                                    "6–10", "11–20", "21–50", "> 50"};
    uint64_t clusters[SIZE_CLASSES] = {0}, records[SIZE_CLASSES] = {0};
    for (size_t c = 0; c < page->match->result.cluster_count; c++) {
        size_t class = size_class(page->sizes[c]);
        clusters[class]++;
        records[class] += page->sizes[c];
    }
    for (size_t i = 0; i < SIZE_CLASSES; i++) {
        if (clusters[i] == 0) continue;
        html(out, "<tr><th scope=\"row\" class=\"n\">");
        page_text_c(out, names[i]);
        html(out, "</th>");
        part_count(out, clusters[i]);
        part_count(out, records[i]);
        part_share(out, (double)records[i], (double)page->match->input.record_count);
        html(out, "</tr>\n");
    }
}

static void unlinked_row(const struct match_page *page, struct page *out, size_t from, size_t end,
                         const char *zh, const char *en)
{
    const struct match *match = page->match;
    uint64_t no_pair = 0, alone = 0;
    for (size_t r = from; r < end; r++) {
        no_pair += page->linked[r] == 0;
        alone += page->sizes[match->result.clusters[r]] == 1;
    }
    html(out, "<tr><th scope=\"row\">");
    page_say(out, zh, en);
    html(out, "</th>");
    part_count(out, end - from);
    part_count(out, alone);
    part_share(out, (double)alone, (double)(end - from));
    part_count(out, no_pair);
    html(out, "</tr>\n");
}

static void unlinkable(struct match_page *page)
{
    struct page *out = &page->page;
    const struct link_spec *spec = page->match->spec;
    uint64_t thin = 0;
    for (int64_t w = 0; w < link_spec_match(spec) + (int64_t)LINK_WEIGHT_MAX && w < LINK_WEIGHTS;
         w++) {
        thin += page->counts.records[w];
    }
    html(out, "<p>");
    page_say(out, "内容太少、与自己的副本也达不到归并阈值的记录",
             "Records that hold too little: they would not reach the match threshold even with a "
             "copy of themselves");
    html(out, ": <b>");
    page_thousands(out, thin);
    html(out, "</b> (");
    size_t records = page->match->input.record_count;
    page_percent(out, records == 0 ? 0 : (uint32_t)(thin * 1000000 / records));
    html(out, ")</p>\n");
}

/* What one to one left to a person, or could not assign as a whole. */
static void one_to_one(struct match_page *page)
{
    struct page *out = &page->page;
    const struct link_result *result = &page->match->result;
    if (result->records_tied > 0) {
        html(out, "<p>");
        page_say(out, "一一对应：有同样好的对象、未归并、待人核对的记录",
                 "One to one: records whose partners are as good as one another, left to a person");
        html(out, ": <b>");
        page_thousands(out, result->records_tied);
        html(out, "</b></p>\n");
    }
    if (result->records_greedy > 0) {
        html(out, "<p>");
        page_say(
            out, "一一对应：所在的组太大、按权重逐对归并的记录",
            "One to one: records in groups too large to be assigned as a whole, taken in turn");
        html(out, ": <b>");
        page_thousands(out, result->records_greedy);
        html(out, "</b></p>\n");
    }
}

static double exponent_of(uint64_t count)
{
    return count == 0 ? -0.15 : log10((double)count);
}

/* Clusters of two records or more. */
static uint32_t joined_clusters(const struct match_page *page, const struct match_step *step)
{
    size_t alone = page->match->input.record_count - step->linked;
    return (uint32_t)(step->clusters - alone);
}

static void steps_chart(struct match_page *page)
{
    struct page *out = &page->page;
    size_t count = page->step_count;
    if (count < 2) return;
    struct chart_point *clusters = arena_array(&page->arena, struct chart_point, count);
    struct chart_point *largest = arena_array(&page->arena, struct chart_point, count);
    double most = 1;
    for (size_t i = 0; i < count; i++) {
        double x = page->steps[i].threshold_millibits / 1000.0;
        clusters[i] = (struct chart_point){x, exponent_of(joined_clusters(page, &page->steps[i]))};
        largest[i] = (struct chart_point){x, exponent_of(page->steps[i].largest)};
        most = fmax(most, fmax(clusters[i].y, largest[i].y));
    }
    struct chart chart = {.page = out,
                          .height = 260,
                          .x_from = clusters[0].x,
                          .x_to = clusters[count - 1].x,
                          .y_from = -0.15,
                          .y_to = ceil(most + 0.2)};
    html(out, "<h3>");
    page_say(out, "各归并阈值下的组", "Clusters at other thresholds");
    html(out, "</h3>\n<figure>");
    chart_open(&chart, "各归并阈值下的组数和最大组（对数刻度）",
               "clusters and the largest cluster by threshold (log scale)");
    chart_axis_y(&chart, CHART_COUNTS, 1);
    chart_axis_x(&chart, CHART_BITS, match_page_tick(chart.x_to - chart.x_from), "阈值（比特）",
                 "threshold (bits)");
    chart_line(&chart, clusters, count, "calm");
    chart_line(&chart, largest, count, "bad");
    match_page_mark(page, &chart);
    chart_close(&chart);
    html(out, "<figcaption>");
    part_key(out, "calm", "两条以上记录的组", "clusters of two records or more");
    part_key(out, "bad", "最大组的记录数", "records in the largest cluster");
    html(out, "</figcaption></figure>\n");
    part_note(out,
              "把 match 改成别的阈值会怎样归并，与真的那样运行一次所得相同。最大组突然变大的地方，"
              "说明阈值低到把不同的人连成了串。",
              "What another `match` would join, exactly as a run with it. Where the largest "
              "cluster suddenly grows, the threshold is so low that different entities chain up.");
}

static void steps_table(struct match_page *page)
{
    struct page *out = &page->page;
    static const struct part_column columns[] = {{"阈值（比特）", "threshold (bits)", true},
                                                 {"组", "clusters", true},
                                                 {"两条以上的组", "of two or more", true},
                                                 {"连上的记录", "records linked", true},
                                                 {"最大组", "largest", true},
                                                 {"组内的对", "pairs inside", true},
                                                 {"准确率", "precision", true},
                                                 {"召回率", "recall", true},
                                                 {"F1", "F1", true}};
    bool truth = page->evaluated != NULL;
    html(out, "<details><summary>");
    page_say(out, "各阈值的数字", "the figures");
    html(out, "</summary>\n");
    part_table(out, "各归并阈值下的组", "clusters by threshold", columns, truth ? 9 : 6);
    for (size_t i = 0; i < page->step_count; i++) {
        const struct match_step *step = &page->steps[i];
        html(out, "<tr><th scope=\"row\" class=\"n\">");
        page_thousandths(out, step->threshold_millibits, 0);
        html(out, "</th>");
        part_count(out, step->clusters);
        part_count(out, joined_clusters(page, step));
        part_count(out, step->linked);
        part_count(out, step->largest);
        part_count(out, step->pairs);
        if (truth) part_percent(out, step->inside.precision_ppm);
        if (truth) part_percent(out, step->inside.recall_ppm);
        if (truth) part_percent(out, step->inside.f1_ppm);
        html(out, "</tr>\n");
    }
    part_table_end(out);
    html(out, "</details>\n");
}

void match_page_clusters(struct match_page *page)
{
    struct page *out = &page->page;
    static const struct part_column columns[] = {{"组内记录数", "records in a cluster", true},
                                                 {"组", "clusters", true},
                                                 {"记录", "records", true},
                                                 {"占记录", "share of records", true}};
    static const struct part_column alone[] = {
        {"文件", "file", false},
        {"记录", "records", true},
        {"没有连到任何记录的", "linked to nothing", true},
        {"占比", "share", true},
        {"没有一对达到归并阈值的", "in no pair from match on", true}};
    size_t left = page->match->left_count, all = page->match->input.record_count;
    part_section(out, "clusters", "组的大小，没有连上的记录",
                 "Clusters, and records linked to nothing");
    html(out, "<div class=\"two\">\n");
    part_table(out, "组的大小", "cluster sizes", columns, 4);
    cluster_rows(page, out);
    part_table_end(out);
    part_table(out, "没有连上的记录", "records linked to nothing", alone, 5);
    if (left < all) {
        unlinked_row(page, out, 0, left, "甲", "left");
        unlinked_row(page, out, left, all, "乙", "right");
    }
    unlinked_row(page, out, 0, all, "合计", "all");
    part_table_end(out);
    html(out, "</div>\n");
    unlinkable(page);
    one_to_one(page);
    steps_chart(page);
    steps_table(page);
    part_section_end(out);
}
