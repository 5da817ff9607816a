#ifndef WEB_FIGURE_LAYOUT_H
#define WEB_FIGURE_LAYOUT_H

#include "jobs/desks.h"
#include "web/show.h"

/* What handlers of figures begin with: the desk of who asks, taken for as long as they work. */

struct figure_layout {
    struct view view;
    struct desk_taken taken;
    struct figure_desk *desk;
    const struct figure **wanted; /* the figures asked about, which the handler chooses */
    size_t count;
};

/* Does the work of a handler on the desk of a day; DAY_NONE: the parameter `at` of the request,
 * which its row must have, else the day of the snapshot. */
MUST_USE bool figure_on_desk(struct request *request, struct answer *answer, day at,
                             bool (*work)(struct request *request, struct answer *answer,
                                          struct figure_layout *layout, struct err *err),
                             struct err *err);

/* {"zh":…,"en":…} under a key. */
void figure_words(struct json *json, const char *key, struct str zh, struct str en);

#endif
