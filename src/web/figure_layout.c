#include "web/figure_layout.h"

/* The day asked about, else that of the snapshot. */
static day day_of(const struct request *request)
{
    day at = request_day(request, "at");
    if (day_is_none(at)) at = request->snapshot->at;
    return day_is_none(at) ? clock_today(&request->workspace->clock) : at;
}

/* Does the work of a handler on the desk of a day, taken for as long. */
bool figure_on_desk(struct request *request, struct answer *answer, day at,
                    bool (*work)(struct request *request, struct answer *answer,
                                 struct figure_layout *layout, struct err *err),
                    struct err *err)
{
    struct figure_layout layout = {0};
    struct desks *desks = request->parts->desks;
    if (!show_open(request, answer, &layout.view, err)
        || !desks_take(desks, request->arena, &request->asker,
                       day_is_none(at) ? day_of(request) : at, &layout.taken, err)) {
        return false;
    }
    layout.desk = layout.taken.desk;
    bool good = work(request, answer, &layout, err);
    desks_give(desks, &layout.taken);
    return good;
}

void figure_words(struct json *json, const char *key, struct str zh, struct str en)
{
    json_key(json, key);
    json_object(json);
    json_key_str(json, "zh", zh);
    json_key_str(json, "en", en);
    json_object_end(json);
}
