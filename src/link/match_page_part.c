#include "link/match_page.h"

#include <math.h>

void part_section(struct page *page, const char *id, const char *zh, const char *en)
{
    html(page, "<section id=\"");
    page_text_c(page, id);
    html(page, "\"><h2>");
    page_say(page, zh, en);
    html(page, "</h2>\n");
}

void part_section_end(struct page *page)
{
    html(page, "</section>\n");
}

void part_note(struct page *page, const char *zh, const char *en)
{
    html(page, "<p class=\"note\">");
    page_say(page, zh, en);
    html(page, "</p>\n");
}

void part_table(struct page *page, const char *zh, const char *en,
                const struct part_column *columns, size_t count)
{
    html(page, "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"");
    page_say_plain(page, zh, en);
    html(page, "\"><table><thead><tr>");
    for (size_t i = 0; i < count; i++) {
        if (columns[i].number)
            html(page, "<th scope=\"col\" class=\"n\">");
        else
            html(page, "<th scope=\"col\">");
        page_say(page, columns[i].zh, columns[i].en);
        html(page, "</th>");
    }
    html(page, "</tr></thead><tbody>\n");
}

void part_table_end(struct page *page)
{
    html(page, "</tbody></table></div>\n");
}

void part_count(struct page *page, uint64_t value)
{
    html(page, "<td class=\"n\">");
    page_thousands(page, value);
    html(page, "</td>");
}

void part_bits(struct page *page, int64_t millibits)
{
    html(page, "<td class=\"n\">");
    page_thousandths(page, millibits, 2);
    html(page, "</td>");
}

void part_percent(struct page *page, uint32_t ppm)
{
    html(page, "<td class=\"n\">");
    page_percent(page, ppm);
    html(page, "</td>");
}

void part_share(struct page *page, double part, double whole)
{
    double share = whole > 0 ? part / whole : 0;
    html(page, "<td class=\"n share\">");
    page_percent(page, (uint32_t)lround(1e6 * share));
    html(page, " <svg class=\"tiny\" aria-hidden=\"true\" width=\"80\" height=\"10\" "
               "viewBox=\"0 0 80 10\"><rect class=\"rail\" width=\"80\" height=\"10\"/>"
               "<rect class=\"fill\" height=\"10\" width=\"");
    page_hundredths(page, llround(8000 * share));
    html(page, "\"/></svg></td>");
}

void part_key(struct page *page, const char *series, const char *zh, const char *en)
{
    html(page, "<span class=\"key\"><svg width=\"14\" height=\"10\" aria-hidden=\"true\">"
               "<rect class=\"bar ");
    page_text_c(page, series);
    html(page, "\" width=\"14\" height=\"10\"/></svg> ");
    page_say(page, zh, en);
    html(page, "</span> ");
}
