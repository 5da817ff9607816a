#include "link/match_report.h"

#include "base/file.h"
#include "link/match_page.h"

/* The frame of the page, and the order of its sections. */

static void put_colours(struct page *page)
{
    html(page, ":root{color-scheme:light dark;--paper:#fff;--panel:#f6f8fa;--ink:#1b1f24;"
               "--muted:#57606a;--rule:#d0d7de;--good:#1a7f37;--doubt:#9a6700;--bad:#b42318;"
               "--calm:#0b5cad;--below:#7d8590;--for-soft:#dcf3e2;--against-soft:#fde3e0}\n"
               "@media (prefers-color-scheme:dark){:root{--paper:#0d1117;--panel:#161b22;"
               "--ink:#e6edf3;--muted:#9aa4af;--rule:#30363d;--good:#3fb950;--doubt:#d29922;"
               "--bad:#ff7b72;--calm:#58a6ff;--below:#7d8590;--for-soft:#12331c;"
               "--against-soft:#46201d}}\n");
}

static void put_style(struct page *page)
{
    html(page, "<style>\n");
    put_colours(page);
    html(page,
         "*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);"
         "font:15px/1.55 system-ui,\"PingFang SC\",\"Microsoft YaHei\",\"Noto Sans CJK SC\","
         "\"Source Han Sans SC\",sans-serif}\n"
         "main,header,footer{max-width:1120px;margin:0 auto;padding:0 24px}\n"
         "header{padding-top:28px}h1{font-size:26px;line-height:1.3;margin:0 0 4px}\n"
         "h2{font-size:20px;line-height:1.3;margin:0 0 12px}h3{font-size:16px;margin:22px 0 6px}\n"
         "section{padding:26px 0 8px;border-top:1px solid var(--rule);margin-top:22px}\n"
         "p{margin:6px 0 10px}.note,.sub,figcaption,footer{color:var(--muted);font-size:13.5px}\n"
         ".note{max-width:86ch}a{color:var(--calm)}code{font:13px ui-monospace,Menlo,Consolas,"
         "monospace}.test{color:var(--muted);margin-left:6px}\n"
         "nav{display:flex;flex-wrap:wrap;gap:4px 16px;margin:14px 0 18px;font-size:14px}\n"
         ".both .en{color:var(--muted);font-size:.88em;font-weight:400}\n"
         ".both thead th .en,.both .what .en,.both .note .en{display:block}\n"
         ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(138px,1fr));gap:10px;"
         "margin:0 0 10px}.tile{background:var(--panel);border:1px solid var(--rule);"
         "border-radius:8px;padding:10px 12px;display:flex;flex-direction:column;"
         "justify-content:space-between}\n"
         ".what{font-size:13px;line-height:1.35}.big{font-size:21px;font-weight:600;"
         "font-variant-numeric:tabular-nums;margin-top:4px}\n"
         ".two{display:flex;flex-wrap:wrap;gap:0 28px;align-items:flex-start}\n"
         ".wide{overflow-x:auto;margin:6px 0 12px;max-width:100%}"
         ".wide:focus-visible{outline:2px solid var(--calm)}\n"
         "table{border-collapse:collapse;font-size:13.5px;line-height:1.4}th,td{padding:5px 10px;"
         "border-bottom:1px solid var(--rule);text-align:left;vertical-align:middle}\n"
         "thead th{background:var(--panel);vertical-align:bottom;font-weight:600}"
         "tbody th{font-weight:500}.n{text-align:right;font-variant-numeric:tabular-nums;"
         "white-space:nowrap}thead th.n{white-space:normal}\n"
         ".warn{color:var(--bad);font-weight:600}tr.at>*{font-weight:600;"
         "background:var(--panel)}tr.at.good>:first-child{box-shadow:inset 3px 0 var(--good)}"
         "tr.at.doubt>:first-child{box-shadow:inset 3px 0 var(--doubt)}\n");
    html(page,
         "figure{margin:8px 0 4px}figcaption{display:flex;flex-wrap:wrap;gap:4px 18px;"
         "padding-left:8px}.chart{display:block;width:100%;max-width:960px;height:auto}\n"
         "svg text{font-size:12.5px;fill:var(--muted)}.middle{text-anchor:middle}"
         ".end{text-anchor:end}.start{text-anchor:start}\n"
         ".grid{stroke:var(--rule);stroke-width:.6}.axis{stroke:var(--muted);stroke-width:1}\n"
         ".line{fill:none;stroke-width:2.2;stroke-linejoin:round}.bar,.dot{stroke:none}\n"
         ".bar.good,.dot.good,.bar.for{fill:var(--good)}.bar.doubt,.dot.doubt{fill:var(--doubt)}"
         ".bar.bad,.bar.against{fill:var(--bad)}.bar.calm{fill:var(--calm)}"
         ".bar.below{fill:var(--below)}.line.good{stroke:var(--good)}"
         ".line.bad{stroke:var(--bad)}.line.calm{stroke:var(--calm)}\n"
         ".mark .rule{stroke-width:1.4;stroke-dasharray:5 3}.mark.good .rule{stroke:var(--good)}"
         ".mark.doubt .rule{stroke:var(--doubt)}.mark.good text{fill:var(--good)}"
         ".mark.doubt text{fill:var(--doubt)}.mark text{font-weight:600;"
         "paint-order:stroke;stroke:var(--paper);stroke-width:4px}\n"
         ".goal{stroke:var(--good);stroke-width:1.4;stroke-dasharray:3 2}"
         ".rail{fill:var(--rule)}.fill{fill:var(--calm)}.tiny{margin-left:6px}\n"
         ".chip{font-size:13px}.chip.for{background:var(--for-soft)}"
         ".chip.against{background:var(--against-soft)}.chip.none,.both .chip.none .en"
         "{color:var(--muted)}.both .chip .en{display:block;color:inherit}\n"
         ".fall{padding-top:0;padding-bottom:0}.fall svg,.bits{display:block}\n"
         "summary{cursor:pointer;color:var(--calm);margin:6px 0}"
         "footer{padding-top:18px;padding-bottom:36px;border-top:1px solid var(--rule);"
         "margin-top:26px}@media (max-width:620px){main,header,footer{padding-left:14px;"
         "padding-right:14px}}\n"
         "@media print{nav{display:none}section{break-inside:auto}tr,figure{break-inside:avoid}"
         ".wide{overflow:visible}}\n</style>\n");
}

static void put_head(struct page *page, const char *zh, const char *en)
{
    html(page, "<!DOCTYPE html>\n<html lang=\"");
    page_text_c(page, page->words == PAGE_EN ? "en" : "zh");
    html(page, "\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
               "style-src 'unsafe-inline'\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
               "<title>");
    page_say_plain(page, zh, en);
    html(page, "</title>\n");
    put_style(page);
    html(page, "</head>\n<body class=\"");
    page_text_c(page, page->words == PAGE_BOTH ? "both" : "one");
    html(page, "\">\n<header><h1>");
    page_say(page, zh, en);
    html(page, "</h1>\n");
}

static void put_end(struct page *page)
{
    html(page, "</main>\n<footer>");
    page_say(page, "由 baoxue match 生成；本页不联网，也不含脚本。",
             "Made by baoxue match; this page asks no network and holds no script.");
    html(page, "</footer>\n</body>\n</html>\n");
}

static bool write_page(struct page *page, const char *path, struct err *err)
{
    if (page->text.cut) {
        return err_set(err, ERR_LIMIT, "the report would be larger than %d bytes",
                       "报告超过 %d 字节", (int)page->text.max);
    }
    return file_write(path, text_str(&page->text), 0644, err);
}

static void put_link(struct page *page, const char *id, const char *zh, const char *en)
{
    html(page, "<a href=\"#");
    page_text_c(page, id);
    html(page, "\">");
    page_say(page, zh, en);
    html(page, "</a>\n");
}

static void put_nav(const struct match_page *page, struct page *out)
{
    html(out, "<nav>\n");
    put_link(out, "read", "读入", "read");
    put_link(out, "blocking", "分块", "blocking");
    put_link(out, "model", "模型", "model");
    put_link(out, "weights", "权重", "weights");
    put_link(out, "errors", "预期错误", "expected errors");
    put_link(out, "clusters", "组", "clusters");
    put_link(out, "patterns", "比对结果", "patterns");
    put_link(out, "examples", "例子", "examples");
    if (page->evaluated != NULL) put_link(out, "truth", "真值", "truth");
    html(out, "</nav>\n");
}

/* Whole bits that hold every pair and both thresholds. */
static void find_range(struct match_page *page)
{
    int32_t low = link_spec_review(page->match->spec), high = link_spec_match(page->match->spec);
    for (int32_t w = 0; w < LINK_WEIGHTS; w++) {
        if (page->counts.pairs[w] == 0) continue;
        int32_t weight = w - LINK_WEIGHT_MAX;
        if (weight < low) low = weight;
        if (weight > high) high = weight;
    }
    page->low = low / 1000 - 1;
    page->high = high / 1000 + 2;
}

static void count_records(struct match_page *page)
{
    const struct match *match = page->match;
    const struct link_result *result = &match->result;
    page->sizes = arena_array(&page->arena, uint32_t, result->cluster_count);
    page->linked = arena_array(&page->arena, uint32_t, match->input.record_count);
    for (size_t r = 0; r < match->input.record_count; r++) page->sizes[result->clusters[r]]++;
    for (size_t i = 0; i < result->pair_count; i++) {
        if (result->pairs[i].weight_millibits < link_spec_match(match->spec)) continue;
        page->linked[result->pairs[i].a]++;
        page->linked[result->pairs[i].b]++;
    }
}

enum { STEPS_SHOWN = 40 };

static bool count_steps(struct match_page *page, struct err *err)
{
    const struct match_report *asked = page->asked;
    int32_t thresholds[STEPS_SHOWN];
    page->step_count = match_step_thresholds(page->match, STEPS_SHOWN, thresholds);
    page->steps = arena_array(&page->arena, struct match_step, page->step_count);
    return match_steps(page->match, asked->truth, thresholds, page->step_count, asked->threads,
                       page->steps, err);
}

static void put_title(struct match_page *page)
{
    struct page *out = &page->page;
    put_head(out, "记录比对报告", "Record linkage report");
    html(out, "<p class=\"sub\">");
    page_text(out, file_name(page->asked->left));
    if (page->asked->right != NULL) {
        html(out, " ↔ ");
        page_text(out, file_name(page->asked->right));
    }
    html(out, " · ");
    page_say(out, "比对说明", "spec");
    html(out, " ");
    page_text(out, file_name(page->asked->spec));
    html(out, "</p>\n");
}

/* Without a model there is nothing to say of weights; what was read and what the rules brought
 * together tells why. */
static void put_unlearnt(struct match_page *page)
{
    struct page *out = &page->page;
    put_title(page);
    html(out, "</header>\n<main>\n<p class=\"warn\">");
    page_say(out, page->match->unlearnt.zh, page->match->unlearnt.en);
    html(out, "</p>\n");
    match_page_read(page);
    match_page_blocking(page);
    if (page->evaluated != NULL) match_page_truth(out, page->evaluated, NULL);
    put_end(out);
}

static void put_sections(struct match_page *page)
{
    struct page *out = &page->page;
    put_title(page);
    put_nav(page, out);
    html(out, "</header>\n<main>\n");
    match_page_tiles(page);
    match_page_read(page);
    match_page_blocking(page);
    match_page_model(page);
    match_page_weights(page);
    match_page_expected(page);
    match_page_clusters(page);
    match_page_patterns(page);
    match_page_examples(page);
    if (page->evaluated != NULL) {
        int32_t threshold = page->evaluated->at.threshold_millibits;
        struct link_expected expected;
        link_expect(page->counts.pairs, &threshold, 1, &expected);
        match_page_truth(out, page->evaluated, &expected);
    }
    put_end(out);
}

bool match_write_report(const struct match *match, const struct match_report *report,
                        const char *path, struct err *err)
{
    CHECK(match->result.model != NULL || match->unlearnt.kind != ERR_NONE);
    CHECK(report->left != NULL);
    struct match_page page = {.match = match, .asked = report};
    struct evaluation_report evaluated;
    if (report->truth != NULL) {
        if (!match_evaluate_result(match, report->truth, &evaluated, err)) return false;
        page.evaluated = &evaluated;
    }
    page_init(&page.page, &page.arena, MATCH_REPORT_BYTES_MAX, report->words);
    bool done = true;
    if (match->result.model == NULL) {
        put_unlearnt(&page);
    } else {
        link_count_weights(match->engine, match->result.model, report->threads, report->progress,
                           &page.counts);
        find_range(&page);
        count_records(&page);
        done = count_steps(&page, err);
        if (done) put_sections(&page);
    }
    done = done && write_page(&page.page, path, err);
    arena_free(&page.arena);
    return done;
}

bool match_write_evaluation(const struct evaluation_report *evaluated, const char *pairs,
                            enum page_words words, const char *path, struct err *err)
{
    struct arena arena = {0};
    struct page page;
    page_init(&page, &arena, MATCH_REPORT_BYTES_MAX, words);
    put_head(&page, "记录比对评价", "Evaluation of a record linkage");
    html(&page, "<p class=\"sub\">");
    page_text(&page, file_name(pairs));
    html(&page, "</p></header>\n<main>\n");
    match_page_truth(&page, evaluated, NULL);
    put_end(&page);
    bool done = write_page(&page, path, err);
    arena_free(&arena);
    return done;
}
