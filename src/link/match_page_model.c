#include "link/match_page.h"
#include "link/spec.h"

#include <math.h>
#include <stdlib.h>

/* What the model says a level is worth: m, u and their bits, a bar each. */

enum { BAR_WIDTH = 240, BAR_MIDDLE = BAR_WIDTH / 2 };

/* A bar to the right for what speaks for a match, to the left for what speaks against it. */
static void bits_bar(struct page *out, int32_t millibits, int32_t most)
{
    int64_t length = most == 0 ? 0 : llround(100.0 * (BAR_MIDDLE - 2) * abs(millibits) / most);
    html(out, "<td><svg class=\"bits\" aria-hidden=\"true\" width=\"240\" height=\"14\" "
              "viewBox=\"0 0 240 14\"><line class=\"axis\" x1=\"120\" x2=\"120\" y1=\"0\" "
              "y2=\"14\"/><rect class=\"bar ");
    page_text_c(out, millibits < 0 ? "against" : "for");
    html(out, "\" y=\"2\" height=\"10\" x=\"");
    page_hundredths(out, 100 * BAR_MIDDLE - (millibits < 0 ? length : 0));
    html(out, "\" width=\"");
    page_hundredths(out, length);
    html(out, "\"/></svg></td>");
}

/* A chance given as log2 in millibits: as a percentage while that can be read, else as one in N. */
static void chance(struct page *out, int32_t log2_millibits)
{
    double share = exp2(log2_millibits / 1000.0);
    html(out, "<td class=\"n\">");
    if (share >= 0.00005 || share <= 0) {
        page_percent(out, (uint32_t)lround(1e6 * fmin(share, 1)));
    } else {
        html(out, "1 / ");
        page_thousands(out, (uint64_t)llround(fmin(1 / share, 1e15)));
    }
    html(out, "</td>");
}

static int32_t heaviest_level(const struct link_model *model)
{
    int32_t most = 0;
    for (size_t c = 0; c < model->comparison_count; c++) {
        const struct link_model_comparison *comparison = &model->comparisons[c];
        for (size_t k = 0; k < comparison->level_count; k++) {
            int32_t bits = abs(comparison->m[k] - comparison->u[k]);
            if (bits > most) most = bits;
        }
    }
    return most;
}

static void comparison_rows(struct page *out, const struct spec_comparison *comparison,
                            const struct link_model_comparison *learnt, int32_t most)
{
    for (size_t k = 0; k < learnt->level_count; k++) {
        html(out, "<tr>");
        if (k == 0) {
            html(out, "<th scope=\"rowgroup\" rowspan=\"");
            page_number(out, (int64_t)learnt->level_count);
            html(out, "\">");
            page_say_str(out, comparison->label_zh, comparison->label_en);
            html(out, "</th>");
        }
        html(out, "<td>");
        page_say_str(out, comparison->levels[k].label_zh, comparison->levels[k].label_en);
        const struct spec_level *level = &comparison->levels[k];
        if (level->clause_count > 0 && !str_equal(level->text, level->label_en)) {
            html(out, " <code class=\"test\">");
            page_text(out, level->text);
            html(out, "</code>");
        }
        html(out, "</td>");
        chance(out, learnt->m[k]);
        chance(out, learnt->u[k]);
        part_bits(out, learnt->m[k] - learnt->u[k]);
        bits_bar(out, learnt->m[k] - learnt->u[k], most);
        html(out, "</tr>\n");
    }
}

static void interaction_rows(struct page *out, const struct link_spec *spec,
                             const struct link_model *model)
{
    for (size_t i = 0; i < model->interaction_count; i++) {
        const struct spec_comparison *one = &spec->comparisons[spec->interactions[i].first];
        const struct spec_comparison *two = &spec->comparisons[spec->interactions[i].second];
        const struct link_model_interaction *learnt = &model->interactions[i];
        int32_t least = 0, most = 0;
        for (size_t k = 0; k < one->level_count; k++) {
            for (size_t l = 0; l < two->level_count; l++) {
                if (learnt->bits[k][l] < least) least = learnt->bits[k][l];
                if (learnt->bits[k][l] > most) most = learnt->bits[k][l];
            }
        }
        html(out, "<tr><th scope=\"row\">");
        page_say_str(out, one->label_zh, one->label_en);
        html(out, " + ");
        page_say_str(out, two->label_zh, two->label_en);
        html(out, "</th>");
        part_bits(out, learnt->bits[0][0]);
        part_bits(out, least);
        part_bits(out, most);
        html(out, "</tr>\n");
    }
}

static void prior(struct page *out, int32_t millibits)
{
    html(out, "<p>");
    page_say(out, "起点（任意两条记录是同一个的先验）", "Prior (two records drawn at random)");
    html(out, ": <b>");
    page_thousandths(out, millibits, 2);
    html(out, "</b> ");
    page_say(out, "比特，约", "bits, about");
    html(out, " 1 / ");
    page_thousands(out, (uint64_t)llround(fmin(exp2(-millibits / 1000.0) + 1, 1e15)));
    html(out, "</p>\n");
}

void match_page_model(struct match_page *page)
{
    struct page *out = &page->page;
    const struct link_spec *spec = page->match->spec;
    const struct link_model *model = page->match->result.model;
    static const struct part_column columns[] = {
        {"比较项", "comparison", false},
        {"等级", "level", false},
        {"m", "m", true},
        {"u", "u", true},
        {"比特", "bits", true},
        {"反对 ◂ ▸ 支持", "against ◂ ▸ for", false},
    };
    static const struct part_column together[] = {
        {"两项一起", "two together", false},
        {"两项都最接近时", "both at their closest", true},
        {"最少", "least", true},
        {"最多", "most", true},
    };
    part_section(out, "model", "模型", "The model");
    prior(out, model->prior);
    part_table(out, "各等级的权重", "weights of the levels", columns,
               sizeof columns / sizeof *columns);
    for (size_t c = 0; c < model->comparison_count; c++) {
        comparison_rows(out, &spec->comparisons[c], &model->comparisons[c], heaviest_level(model));
    }
    part_table_end(out);
    if (model->interaction_count > 0) {
        html(out, "<h3>");
        page_say(out, "相依的项（另加的比特）",
                 "Comparisons that depend on one another (bits on top)");
        html(out, "</h3>\n");
        part_table(out, "相依的项", "interactions", together, 4);
        interaction_rows(out, spec, model);
        part_table_end(out);
    }
    part_note(out,
              "m：同一个的两条记录落在这一等级的可能；u：不是同一个的落在这一等级的可能；比特 = "
              "log2(m/u)。缺失不加不减；稀有的值另加，常见的值另减。",
              "m: the chance of the level among records of one entity; u: among records of "
              "different ones; bits = log2(m/u). Missing adds nothing; a rare value adds more, a "
              "common one less.");
    part_section_end(out);
}
