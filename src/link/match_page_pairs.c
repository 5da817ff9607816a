#include "link/engine_internal.h"
#include "link/match_page.h"

#include <math.h>
#include <stdlib.h>

/* The commonest agreement patterns, and a few pairs field by field. */

enum { PATTERNS_SHOWN = 15, WATERFALL_WIDTH = 320 };

struct pattern_row {
    uint32_t number;
    uint64_t pairs, joined;
    int32_t least, most; /* weights, millibits */
    double matches;      /* expected */
};

static int compare_rows(const void *a, const void *b)
{
    const struct pattern_row *x = a, *y = b;
    if (x->pairs != y->pairs) return x->pairs > y->pairs ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

/* The listed pairs by pattern, commonest first. Returns how many patterns there are. */
static size_t count_patterns(struct match_page *page, struct pattern_row **out)
{
    const struct link_result *result = &page->match->result;
    struct pattern_row *rows = arena_array(&page->arena, struct pattern_row, result->pattern_count);
    for (size_t p = 0; p < result->pattern_count; p++) {
        rows[p] =
            (struct pattern_row){.number = (uint32_t)p, .least = INT32_MAX, .most = INT32_MIN};
    }
    for (size_t i = 0; i < result->pair_count; i++) {
        const struct link_pair *pair = &result->pairs[i];
        struct pattern_row *row = &rows[pair->pattern];
        row->pairs++;
        row->joined += result->clusters[pair->a] == result->clusters[pair->b];
        row->matches += pair->probability_ppm / 1e6;
        if (pair->weight_millibits < row->least) row->least = pair->weight_millibits;
        if (pair->weight_millibits > row->most) row->most = pair->weight_millibits;
    }
    if (result->pattern_count > 1) qsort(rows, result->pattern_count, sizeof *rows, compare_rows);
    *out = rows;
    return result->pattern_count;
}

/* A level as a chip whose colour says whether it speaks for or against. */
static void level_cell(const struct match_page *page, struct page *out, size_t c, unsigned part)
{
    const struct link_model *model = page->match->result.model;
    if (part == 0) {
        html(out, "<td class=\"chip none\">");
        page_say(out, "缺", "missing");
        html(out, "</td>");
        return;
    }
    const struct link_model_comparison *learnt = &model->comparisons[c];
    const struct spec_level *level = &page->match->spec->comparisons[c].levels[part - 1];
    if (learnt->m[part - 1] >= learnt->u[part - 1])
        html(out, "<td class=\"chip for\">");
    else
        html(out, "<td class=\"chip against\">");
    page_say_str(out, level->label_zh, level->label_en);
    html(out, "</td>");
}

static void pattern_rows(struct match_page *page, const struct pattern_row *rows, size_t count)
{
    struct page *out = &page->page;
    const struct link_result *result = &page->match->result;
    for (size_t i = 0; i < count && i < PATTERNS_SHOWN && rows[i].pairs > 0; i++) {
        uint64_t pattern = result->patterns[rows[i].number];
        html(out, "<tr>");
        for (size_t c = 0; c < page->match->spec->comparison_count; c++) {
            level_cell(page, out, c, pattern_part(pattern, c));
        }
        part_count(out, rows[i].pairs);
        part_count(out, rows[i].joined);
        html(out, "<td class=\"n\">");
        page_percent(out, (uint32_t)lround(1e6 * rows[i].matches / (double)rows[i].pairs));
        html(out, "</td><td class=\"n\">");
        page_thousandths(out, rows[i].least, 1);
        if (rows[i].most != rows[i].least) {
            html(out, " … ");
            page_thousandths(out, rows[i].most, 1);
        }
        html(out, "</td></tr>\n");
    }
}

void match_page_patterns(struct match_page *page)
{
    struct page *out = &page->page;
    const struct link_spec *spec = page->match->spec;
    struct pattern_row *rows;
    size_t count = count_patterns(page, &rows);
    struct part_column columns[LINK_COMPARISONS_MAX + 4];
    static const struct part_column last[] = {{"对", "pairs", true},
                                              {"其中归并", "joined", true},
                                              {"平均可能性", "mean probability", true},
                                              {"权重（比特）", "weight (bits)", true}};
    for (size_t c = 0; c < spec->comparison_count; c++) {
        columns[c].zh = str_cstr(&page->arena, spec->comparisons[c].label_zh);
        columns[c].en = str_cstr(&page->arena, spec->comparisons[c].label_en);
        columns[c].number = false;
    }
    for (size_t i = 0; i < 4; i++) columns[spec->comparison_count + i] = last[i];
    part_section(out, "patterns", "最常见的比对结果", "The commonest agreement patterns");
    part_table(out, "比对结果", "agreement patterns", columns, spec->comparison_count + 4);
    pattern_rows(page, rows, count);
    part_table_end(out);
    html(out, "<p>");
    page_say(out, "列出的对里不同的比对结果", "Different patterns among the pairs listed");
    html(out, ": ");
    page_thousands(out, count);
    html(out, "</p>\n");
    part_section_end(out);
}

/* A stretch of the waterfall, on the pair's own scale. */
struct scale {
    int32_t low, high; /* millibits */
};

static int64_t scale_place(const struct scale *scale, int64_t millibits)
{
    double share = (double)(millibits - scale->low) / ((double)scale->high - (double)scale->low);
    return llround(100 * (2 + share * (WATERFALL_WIDTH - 4)));
}

static void scale_hold(struct scale *scale, int32_t millibits)
{
    if (millibits < scale->low) scale->low = millibits;
    if (millibits > scale->high) scale->high = millibits;
}

static void scale_line(struct page *out, const struct scale *scale, int32_t at, const char *class)
{
    html(out, "<line class=\"");
    page_text_c(out, class);
    html(out, "\" y1=\"0\" y2=\"22\" x1=\"");
    page_hundredths(out, scale_place(scale, at));
    html(out, "\" x2=\"");
    page_hundredths(out, scale_place(scale, at));
    html(out, "\"/>");
}

static void fall_cell(struct page *out, const struct scale *scale, int32_t match, int32_t from,
                      int32_t to, const char *series)
{
    int32_t left = from < to ? from : to, right = from < to ? to : from;
    html(out, "<td class=\"fall\"><svg aria-hidden=\"true\" width=\"320\" height=\"22\" "
              "viewBox=\"0 0 320 22\">");
    scale_line(out, scale, 0, "axis");
    scale_line(out, scale, match, "goal");
    html(out, "<rect class=\"bar ");
    page_text_c(out, series);
    html(out, "\" y=\"4\" height=\"14\" x=\"");
    page_hundredths(out, scale_place(scale, left));
    html(out, "\" width=\"");
    int64_t width = scale_place(scale, right) - scale_place(scale, left);
    page_hundredths(out, width < 100 ? 100 : width);
    html(out, "\"/></svg></td>");
}

static void value_cell(const struct match_page *page, struct page *out, struct str value)
{
    html(out, "<td>");
    if (value.len == 0)
        html(out, "—");
    else if (page->asked->values)
        page_text(out, value);
    else
        html(out, "•••");
    html(out, "</td>");
}

/* Rows for the prior, each field and the sum. */
static void fall_rows(const struct match_page *page, struct page *out,
                      const struct link_explanation *why)
{
    int32_t match = link_spec_match(page->match->spec), sum = why->prior_millibits;
    struct scale scale = {0, 1000};
    scale_hold(&scale, match);
    scale_hold(&scale, sum);
    for (size_t f = 0; f < why->field_count; f++) {
        sum += why->fields[f].weight_millibits + why->fields[f].frequency_millibits;
        scale_hold(&scale, sum);
    }
    sum = why->prior_millibits;
    html(out, "<tr><th scope=\"row\">");
    page_say(out, "起点", "prior");
    html(out, "</th><td></td><td></td><td></td>");
    part_bits(out, sum);
    fall_cell(out, &scale, match, 0, sum, "below");
    html(out, "</tr>\n");
    for (size_t f = 0; f < why->field_count; f++) {
        const struct link_field *field = &why->fields[f];
        int32_t bits = field->weight_millibits + field->frequency_millibits;
        html(out, "<tr><th scope=\"row\">");
        page_say_str(out, field->label_zh, field->label_en);
        html(out, "</th><td>");
        page_say_str(out, field->level_zh, field->level_en);
        html(out, "</td>");
        if (f < page->match->spec->comparison_count) {
            value_cell(page, out, field->left);
            value_cell(page, out, field->right);
        } else {
            html(out, "<td></td><td></td>");
        }
        part_bits(out, bits);
        fall_cell(out, &scale, match, sum, sum + bits, bits < 0 ? "against" : "for");
        html(out, "</tr>\n");
        sum += bits;
    }
    html(out, "<tr class=\"at\"><th scope=\"row\">");
    page_say(out, "合计", "sum");
    html(out, "</th><td></td><td></td><td></td>");
    part_bits(out, sum);
    fall_cell(out, &scale, match, 0, sum, sum >= match ? "good" : "doubt");
    html(out, "</tr>\n");
}

static void record_name(const struct match_page *page, struct page *out, uint32_t record)
{
    bool right = record >= page->match->left_count;
    if (page->match->left_count < page->match->input.record_count) {
        if (right)
            page_say(out, "乙", "right");
        else
            page_say(out, "甲", "left");
        html(out, " ");
    }
    page_say(out, "记录", "record");
    html(out, " ");
    page_thousands(out, (uint64_t)record - (right ? page->match->left_count : 0) + 1);
    if (!page->asked->values) return;
    html(out, " (<code>");
    page_text(out, page->match->ids[record]);
    html(out, "</code>)");
}

static void example(struct match_page *page, const struct link_pair *pair, const char *zh,
                    const char *en)
{
    struct page *out = &page->page;
    static const struct part_column columns[] = {
        {"比较项", "comparison", false}, {"等级", "level", false}, {"甲", "left", false},
        {"乙", "right", false},          {"比特", "bits", true},   {"累计", "running sum", false},
    };
    struct link_explanation why;
    link_explain(&page->arena, page->match->engine, page->match->result.model, pair->a, pair->b,
                 &why);
    html(out, "<h3>");
    page_say(out, zh, en);
    html(out, "</h3>\n<p>");
    record_name(page, out, pair->a);
    html(out, " — ");
    record_name(page, out, pair->b);
    html(out, " · ");
    page_say(out, "可能性", "probability");
    html(out, " <b>");
    page_percent(out, why.probability_ppm);
    html(out, "</b></p>\n");
    part_table(out, zh, en, columns, 6);
    fall_rows(page, out, &why);
    part_table_end(out);
}

/* Of the listed pairs: the heaviest, the lightest from `match` on, the least certain before it. */
static void find_examples(const struct match_page *page, const struct link_pair *out[3])
{
    const struct link_result *result = &page->match->result;
    int32_t match = link_spec_match(page->match->spec);
    out[0] = out[1] = out[2] = NULL;
    for (size_t i = 0; i < result->pair_count; i++) {
        const struct link_pair *pair = &result->pairs[i];
        int32_t weight = pair->weight_millibits;
        if (out[0] == NULL || weight > out[0]->weight_millibits) out[0] = pair;
        if (weight >= match) {
            if (out[1] == NULL || weight < out[1]->weight_millibits) out[1] = pair;
        } else if (out[2] == NULL || abs(weight) < abs(out[2]->weight_millibits)) {
            out[2] = pair;
        }
    }
}

void match_page_examples(struct match_page *page)
{
    struct page *out = &page->page;
    const struct link_pair *pairs[3];
    find_examples(page, pairs);
    part_section(out, "examples", "几个例子，逐项说明", "A few pairs, field by field");
    if (!page->asked->values) {
        part_note(out, "值已遮盖；要看原值，加 --report-values。",
                  "Values are masked; --report-values shows them.");
    }
    if (pairs[0] != NULL) example(page, pairs[0], "最强的一对", "The strongest pair");
    if (pairs[1] != NULL)
        example(page, pairs[1], "刚够归并的一对", "Just above the match threshold");
    if (pairs[2] != NULL) example(page, pairs[2], "最拿不准的一对", "The most doubtful pair");
    if (page->counts.has_below) {
        example(page, &page->counts.below, "刚好没有列出的一对", "Just below the review threshold");
    }
    part_note(out, "虚线是归并阈值，实线是零（一半对一半）。",
              "The dashed line is the match threshold, the solid one zero (even odds).");
    part_section_end(out);
}
