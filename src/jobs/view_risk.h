#ifndef JOBS_VIEW_RISK_H
#define JOBS_VIEW_RISK_H

#include "cases/risk.h"
#include "jobs/view.h"

/* The risk list of the snapshot as the asker sees it. */

struct view_risk_query {
    struct str area;   /* of the home; empty: any */
    struct str school; /* code, or name where it has none; empty: any */
    struct str point;  /* key of a point that holds; empty: any */
    int64_t least;     /* points */
    int64_t person;    /* stable number; 0: any */
    struct view_page page;
};

struct view_risk {
    struct view_line line; /* the record that speaks for the person */
    struct str school;     /* where it is on the roll */
    const struct risk_child *child;
    struct risk_reason *reasons;
    size_t reason_count;
};

/* The rows of one page, by points, and how many there are on all pages. In the view's arena. */
void view_risks(const struct view *view, const struct view_risk_query *query,
                struct view_risk **out, size_t *count, size_t *total);

#endif
