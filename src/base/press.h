#ifndef BASE_PRESS_H
#define BASE_PRESS_H

#include "base/day.h"

#include <pango/pangocairo.h>

/* What all that is printed as PDF stands on: a surface that ends as bytes in an arena, and text set
 * in the fonts that are installed. Chinese serifs come first (仿宋, then Noto Serif CJK); a
 * character that no font knows comes as a box with its number. The same calls on the same machine
 * give the same bytes: the only day in the file is the one given. One press is used by one thread.
 */

struct press {
    struct arena *arena;
    struct text bytes;
    cairo_surface_t *surface;
    cairo_t *cairo;
    PangoContext *context;
};

enum { PRESS_BYTES_MAX = 64 << 20, PRESS_TEXT_BYTES_MAX = 8000 };

/* Begins a file of pages of this size in points; `title` stands in its properties, `made` is the
 * day that they name (DAY_NONE: 2000-01-01). ERR_IO when no font at all is installed. */
MUST_USE bool press_open(struct press *press, struct arena *arena, double width, double height,
                         struct str title, day made, struct err *err);

/* Ends it: the file, in the arena. The press is gone after either of these. ERR_LIMIT. */
MUST_USE bool press_close(struct press *press, struct str *out, struct err *err);
void press_abandon(struct press *press);

/* A paragraph of `width` points, set in `size` points; g_object_unref it. */
PangoLayout *press_layout(const struct press *press, struct str text, double size, bool bold,
                          double width);

/* A text as it can be set: bytes that are not UTF-8 and control characters become U+FFFD, line ends
 * and tabs blanks (or stay, with `lines`), what is longer than PRESS_TEXT_BYTES_MAX is cut ("…").
 */
struct str press_clean(struct arena *arena, struct str written, bool lines);

#endif
