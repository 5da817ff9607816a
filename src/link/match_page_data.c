#include "base/file.h"
#include "link/match_page.h"
#include "link/spec.h"

/* What was read, and what the blocking rules brought together. */

static void tile(struct page *page, const char *zh, const char *en)
{
    html(page, "<div class=\"tile\"><div class=\"what\">");
    page_say(page, zh, en);
    html(page, "</div><div class=\"big\">");
}

static void tile_end(struct page *page)
{
    html(page, "</div></div>\n");
}

static void tile_count(struct page *page, const char *zh, const char *en, uint64_t value)
{
    tile(page, zh, en);
    page_thousands(page, value);
    tile_end(page);
}

static void tile_percent(struct page *page, const char *zh, const char *en, uint32_t ppm)
{
    tile(page, zh, en);
    page_percent(page, ppm);
    tile_end(page);
}

void match_page_tiles(struct match_page *page)
{
    struct page *out = &page->page;
    const struct link_result *result = &page->match->result;
    int32_t threshold = link_spec_match(page->match->spec);
    struct link_expected expected;
    link_expect(page->counts.pairs, &threshold, 1, &expected);
    size_t alone = 0, records = page->match->input.record_count;
    for (size_t c = 0; c < result->cluster_count; c++) alone += page->sizes[c] == 1;
    html(out, "<div class=\"tiles\">\n");
    tile_count(out, "记录", "records", records);
    tile_count(out, "比较的对", "pairs compared", result->pairs_compared);
    tile_count(out, "达到归并阈值的对", "pairs from the match threshold on", expected.pairs);
    tile_percent(out, "预期准确率", "expected precision", expected.precision_ppm);
    tile_percent(out, "预期召回率", "expected recall", expected.recall_ppm);
    tile_count(out, "组", "clusters", result->cluster_count);
    tile_percent(out, "没有连到任何记录的", "records linked to nothing",
                 records == 0 ? 0 : (uint32_t)(alone * 1000000ull / records));
    html(out, "</div>\n");
    part_note(out,
              "预期准确率、召回率由模型给出的概率算得，不需要真值；召回率只就比较过的对而言，"
              "分块漏掉的不在其中。",
              "Expected precision and recall come from the model's own probabilities and need no "
              "truth; recall speaks of the pairs compared, not of those that blocking lost.");
}

static void file_row(struct page *out, const char *path, uint64_t records)
{
    html(out, "<tr><th scope=\"row\">");
    page_text(out, file_name(path));
    html(out, "</th>");
    part_count(out, records);
    html(out, "</tr>\n");
}

static bool is_blank(struct str text)
{
    return str_trim(text).len == 0;
}

/* Records of a stretch that have no value, and how many different values there are in all. */
static uint64_t count_missing(const struct link_column *column, size_t from, size_t end,
                              const bool *blank)
{
    uint64_t missing = 0;
    for (size_t r = from; r < end; r++) missing += blank[column->values[r]];
    return missing;
}

static void column_row(struct match_page *page, const struct link_column *column)
{
    struct page *out = &page->page;
    struct arena scratch = {0};
    size_t left = page->match->left_count, all = page->match->input.record_count;
    bool *blank = arena_array(&scratch, bool, column->text_count);
    uint64_t different = 0;
    for (uint32_t t = 0; t < column->text_count; t++) {
        blank[t] = is_blank(column->texts[t]);
        different += !blank[t];
    }
    html(out, "<tr><th scope=\"row\">");
    page_text(out, column->name);
    html(out, "</th>");
    part_count(out, different);
    part_share(out, (double)count_missing(column, 0, left, blank), (double)left);
    if (left < all) {
        part_share(out, (double)count_missing(column, left, all, blank), (double)(all - left));
    }
    html(out, "</tr>\n");
    arena_free(&scratch);
}

void match_page_read(struct match_page *page)
{
    struct page *out = &page->page;
    const struct match *match = page->match;
    size_t all = match->input.record_count;
    bool two = match->left_count < all;
    static const struct part_column files[] = {{"文件", "file", false}, {"记录", "records", true}};
    static const struct part_column columns[] = {{"列", "column", false},
                                                 {"不同的值", "different values", true},
                                                 {"甲缺失", "missing left", true},
                                                 {"乙缺失", "missing right", true}};
    static const struct part_column one[] = {
        {"列", "column", false}, {"不同的值", "different values", true}, {"缺失", "missing", true}};
    part_section(out, "read", "读入", "What was read");
    html(out, "<div class=\"two\">\n");
    part_table(out, "文件", "files", files, 2);
    file_row(out, page->asked->left, match->left_count);
    if (two) file_row(out, page->asked->right, all - match->left_count);
    part_table_end(out);
    part_table(out, "列", "columns", two ? columns : one, two ? 4 : 3);
    /* Of the columns only those that the spec reads are here; others were never looked at. */
    size_t count = match->input.column_count < match->spec->input_count ? match->input.column_count
                                                                        : match->spec->input_count;
    for (size_t c = 0; c < count; c++) column_row(page, &match->input.columns[c]);
    part_table_end(out);
    html(out, "</div>\n");
    part_note(out, "只列比对说明用到的列；空白算缺失，“不详”一类的词由比对说明中的函数处理。",
              "Only columns that the spec reads. Blank is missing here; words like \"unknown\" "
              "are the business of the spec's functions.");
    part_section_end(out);
}

static void rule_row(struct page *out, const struct link_rule_count *rule, double compared)
{
    html(out, "<tr><th scope=\"row\"><code>");
    page_text(out, rule->text);
    html(out, "</code></th>");
    part_count(out, rule->pairs);
    part_count(out, rule->pairs_new);
    part_share(out, (double)rule->pairs_new, compared);
    part_count(out, rule->blocks);
    part_count(out, rule->block_largest);
    if (rule->pairs_skipped > 0)
        html(out, "<td class=\"n warn\">");
    else
        html(out, "<td class=\"n\">");
    page_thousands(out, rule->pairs_skipped);
    html(out, "</td>");
    part_count(out, rule->blocks_skipped);
    html(out, "</tr>\n");
}

void match_page_blocking(struct match_page *page)
{
    struct page *out = &page->page;
    const struct link_result *result = &page->match->result;
    static const struct part_column columns[] = {
        {"规则", "rule", false},
        {"对", "pairs", true},
        {"新增的对", "new pairs", true},
        {"占比较的", "share of all compared", true},
        {"块", "blocks", true},
        {"最大块（条）", "largest block (records)", true},
        {"略过的对", "pairs skipped", true},
        {"略过的块", "blocks skipped", true},
    };
    part_section(out, "blocking", "分块", "Blocking");
    html(out, "<p>");
    page_say(out, "可能的对", "Pairs possible");
    html(out, ": <b>");
    page_thousands(out, result->pairs_possible);
    html(out, "</b> · ");
    page_say(out, "比较的对", "pairs compared");
    html(out, ": <b>");
    page_thousands(out, result->pairs_compared);
    html(out, "</b></p>\n");
    part_table(out, "分块规则", "blocking rules", columns, sizeof columns / sizeof *columns);
    for (size_t q = 0; q < result->rule_count; q++) {
        rule_row(out, &result->rules[q], (double)result->pairs_compared);
    }
    part_table_end(out);
    part_note(
        out,
        "一对记录只由最先覆盖它的规则比较一次。超过上限的块不展开，其中的对可能由别的规则补上。",
        "A pair is compared once, by the first rule that covers it. Blocks over the cap are "
        "not opened; other rules may bring their pairs after all.");
    part_section_end(out);
}
