#ifndef LINK_CHART_H
#define LINK_CHART_H

#include "base/page.h"

/* Pictures for a page: axes, lines and bars as inline SVG. Colours come from the classes of the
 * page's style sheet (grid, axis, label, line, bar and the class of a series), so that a picture is
 * light or dark with its page. Coordinates are whole hundredths of a unit. */

enum {
    CHART_WIDTH = 960, /* units; a page shows them as pixels, or smaller */
    CHART_LEFT = 84,   /* margins */
    CHART_RIGHT = 28,
    CHART_TOP = 20,
    CHART_BOTTOM = 36,
};

struct chart {
    struct page *page;
    int height;                        /* with margins */
    double x_from, x_to, y_from, y_to; /* what the axes span; of a log axis, the exponents of ten */
};

/* Opens and closes the picture; the titles are what a screen reader says. */
void chart_open(const struct chart *chart, const char *zh, const char *en);
void chart_close(const struct chart *chart);

/* What is written at the ticks of an axis. */
enum chart_ticks {
    CHART_BITS,   /* whole numbers */
    CHART_SHARE,  /* 0 to 1 as 0 % to 100 % */
    CHART_COUNTS, /* exponents of ten as 1, 10, 100 … */
    CHART_RATES,  /* exponents of ten as 0.001 % … 100 % */
    CHART_POWERS, /* exponents of ten as 10⁻⁸ */
};
void chart_axis_x(const struct chart *chart, enum chart_ticks ticks, double step, const char *zh,
                  const char *en);
void chart_axis_y(const struct chart *chart, enum chart_ticks ticks, double step);

/* A line through points; outside the axes it is held at the edge. `series` is a class. */
struct chart_point {
    double x, y;
};
void chart_line(const struct chart *chart, const struct chart_point *points, size_t count,
                const char *series);

/* A bar from x_from to x_to up to y, with words that show when pointed at. */
void chart_bar(const struct chart *chart, double x_from, double x_to, double y, const char *series,
               struct str title);

/* An upright mark with a word at its top; `line` 0, 1 sets marks apart that stand close. */
void chart_mark(const struct chart *chart, double x, const char *series, int line, const char *zh,
                const char *en);

/* A dot. */
void chart_dot(const struct chart *chart, double x, double y, const char *series, struct str title);

#endif
