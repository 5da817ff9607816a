#include "web/case_desk.h"

bool case_desk_open(struct request *request, struct answer *answer, struct case_desk *out,
                    struct err *err)
{
    struct workspace *workspace = request->workspace;
    if (!show_open(request, answer, &out->view, err)) return false;
    /* An empty workspace speaks of no day, and has no case. */
    out->at = out->view.snapshot->at;
    if (day_is_none(out->at)) out->at = clock_today(&workspace->clock);
    const struct read_at when = {.at = out->at, .known_ms = out->view.snapshot->made_ms};
    return casework_open(&out->work, request->arena, &workspace->registry, &workspace->procedures,
                         &workspace->chains, when, err);
}
