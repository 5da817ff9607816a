#ifndef WEB_CASE_DESK_H
#define WEB_CASE_DESK_H

#include "cases/case_store.h"
#include "web/show.h"

/* What handlers of cases work on: a view, and the casework of its day. */
struct case_desk {
    struct view view;
    day at; /* of the snapshot; today where that speaks of no day */
    struct casework work;
};

/* Opens it; errors as show_open and casework_open. Lives as long as the request. */
MUST_USE bool case_desk_open(struct request *request, struct answer *answer, struct case_desk *out,
                             struct err *err);

#endif
