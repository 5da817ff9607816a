#include "link/chart.h"

#include <math.h>

static double held(double value, double from, double to)
{
    if (value < from) return from;
    return value > to ? to : value;
}

/* Hundredths of a unit from the left and from the top. */
static int64_t place_x(const struct chart *chart, double x)
{
    double share =
        (held(x, chart->x_from, chart->x_to) - chart->x_from) / (chart->x_to - chart->x_from);
    return llround(100 * (CHART_LEFT + share * (CHART_WIDTH - CHART_LEFT - CHART_RIGHT)));
}

static int64_t place_y(const struct chart *chart, double y)
{
    double share =
        (held(y, chart->y_from, chart->y_to) - chart->y_from) / (chart->y_to - chart->y_from);
    return llround(100 * (CHART_TOP + (1 - share) * (chart->height - CHART_TOP - CHART_BOTTOM)));
}

void chart_open(const struct chart *chart, const char *zh, const char *en)
{
    CHECK(chart->x_from < chart->x_to);
    CHECK(chart->y_from < chart->y_to);
    struct page *page = chart->page;
    html(page, "<svg class=\"chart\" role=\"img\" viewBox=\"0 0 ");
    page_number(page, CHART_WIDTH);
    html(page, " ");
    page_number(page, chart->height);
    html(page, "\"><title>");
    page_say_plain(page, zh, en);
    html(page, "</title>\n");
}

void chart_close(const struct chart *chart)
{
    html(chart->page, "</svg>\n");
}

static void put_line(struct page *page, const char *series, int64_t x1, int64_t y1, int64_t x2,
                     int64_t y2)
{
    html(page, "<line class=\"");
    page_text_c(page, series);
    html(page, "\" x1=\"");
    page_hundredths(page, x1);
    html(page, "\" y1=\"");
    page_hundredths(page, y1);
    html(page, "\" x2=\"");
    page_hundredths(page, x2);
    html(page, "\" y2=\"");
    page_hundredths(page, y2);
    html(page, "\"/>");
}

/* Opens a text; the caller writes it and closes the tag. */
static void open_text(struct page *page, const char *classes, int64_t x, int64_t y)
{
    html(page, "<text class=\"");
    page_text_c(page, classes);
    html(page, "\" x=\"");
    page_hundredths(page, x);
    html(page, "\" y=\"");
    page_hundredths(page, y);
    html(page, "\">");
}

/* "0.001 %" for a rate of ten to the `exponent`. */
static void put_rate(struct page *page, int exponent)
{
    int power = exponent + 2;
    if (power >= 0) {
        page_text_c(page, power == 0 ? "1" : power == 1 ? "10" : "100");
    } else {
        html(page, "0.");
        for (int i = -1; i > power; i--) html(page, "0");
        html(page, "1");
    }
    html(page, " %");
}

/* "10⁻⁸". */
static void put_power(struct page *page, int exponent)
{
    static const char *const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    unsigned size = exponent < 0 ? 0u - (unsigned)exponent : (unsigned)exponent;
    html(page, "10");
    if (exponent < 0) html(page, "⁻");
    if (size >= 10) page_text_c(page, digits[size / 10 % 10]);
    page_text_c(page, digits[size % 10]);
}

static void put_tick(struct page *page, enum chart_ticks ticks, double value)
{
    switch (ticks) {
    case CHART_BITS: page_number(page, llround(value)); break;
    case CHART_SHARE:
        page_hundredths(page, llround(1000 * value) * 10);
        html(page, " %");
        break;
    case CHART_COUNTS: page_thousands(page, (uint64_t)llround(pow(10, value))); break;
    case CHART_RATES: put_rate(page, (int)lround(value)); break;
    case CHART_POWERS: put_power(page, (int)lround(value)); break;
    }
}

void chart_axis_x(const struct chart *chart, enum chart_ticks ticks, double step, const char *zh,
                  const char *en)
{
    CHECK(step > 0);
    struct page *page = chart->page;
    int64_t bottom = 100 * (chart->height - CHART_BOTTOM), top = 100 * CHART_TOP;
    for (double x = ceil(chart->x_from / step) * step; x <= chart->x_to + step / 1e6; x += step) {
        int64_t at = place_x(chart, x);
        put_line(page, "grid", at, top, at, bottom);
        open_text(page, "label middle", at, bottom + 1500);
        put_tick(page, ticks, x);
        html(page, "</text>\n");
    }
    put_line(page, "axis", 100 * CHART_LEFT, bottom, 100 * (CHART_WIDTH - CHART_RIGHT), bottom);
    open_text(page, "label end", 100 * (CHART_WIDTH - CHART_RIGHT), bottom + 3200);
    page_say_plain(page, zh, en);
    html(page, "</text>\n");
}

void chart_axis_y(const struct chart *chart, enum chart_ticks ticks, double step)
{
    CHECK(step > 0);
    struct page *page = chart->page;
    for (double y = ceil(chart->y_from / step) * step; y <= chart->y_to + step / 1e6; y += step) {
        int64_t at = place_y(chart, y);
        put_line(page, "grid", 100 * CHART_LEFT, at, 100 * (CHART_WIDTH - CHART_RIGHT), at);
        open_text(page, "label end", 100 * (CHART_LEFT - 8), at + 400);
        put_tick(page, ticks, y);
        html(page, "</text>\n");
    }
}

void chart_line(const struct chart *chart, const struct chart_point *points, size_t count,
                const char *series)
{
    struct page *page = chart->page;
    html(page, "<polyline class=\"line ");
    page_text_c(page, series);
    html(page, "\" points=\"");
    for (size_t i = 0; i < count; i++) {
        if (i > 0) html(page, " ");
        page_hundredths(page, place_x(chart, points[i].x));
        html(page, ",");
        page_hundredths(page, place_y(chart, points[i].y));
    }
    html(page, "\"/>\n");
}

void chart_bar(const struct chart *chart, double x_from, double x_to, double y, const char *series,
               struct str title)
{
    struct page *page = chart->page;
    int64_t left = place_x(chart, x_from), right = place_x(chart, x_to);
    int64_t top = place_y(chart, y), bottom = place_y(chart, chart->y_from);
    if (right - left > 300) right -= 100;
    html(page, "<rect class=\"bar ");
    page_text_c(page, series);
    html(page, "\" x=\"");
    page_hundredths(page, left);
    html(page, "\" y=\"");
    page_hundredths(page, top);
    html(page, "\" width=\"");
    page_hundredths(page, right - left);
    html(page, "\" height=\"");
    page_hundredths(page, bottom - top);
    html(page, "\"><title>");
    page_text(page, title);
    html(page, "</title></rect>\n");
}

void chart_mark(const struct chart *chart, double x, const char *series, int line, const char *zh,
                const char *en)
{
    struct page *page = chart->page;
    int64_t at = place_x(chart, x);
    bool right = at > 100 * (CHART_WIDTH * 3 / 4);
    html(page, "<g class=\"mark ");
    page_text_c(page, series);
    html(page, "\">");
    put_line(page, "rule", at, 100 * (CHART_TOP - 12), at, 100 * (chart->height - CHART_BOTTOM));
    open_text(page, right ? "end" : "start", at + (right ? -500 : 500),
              100 * (CHART_TOP - 6 + 15 * line));
    page_say_plain(page, zh, en);
    html(page, "</text></g>\n");
}

void chart_dot(const struct chart *chart, double x, double y, const char *series, struct str title)
{
    struct page *page = chart->page;
    html(page, "<circle class=\"dot ");
    page_text_c(page, series);
    html(page, "\" r=\"5\" cx=\"");
    page_hundredths(page, place_x(chart, x));
    html(page, "\" cy=\"");
    page_hundredths(page, place_y(chart, y));
    html(page, "\"><title>");
    page_text(page, title);
    html(page, "</title></circle>\n");
}
