#ifndef JOBS_VIEW_FINDING_H
#define JOBS_VIEW_FINDING_H

#include "jobs/view.h"

/* Lists of findings: filtered, in the order of check_people, by pages. */

enum { VIEW_NUMBERS_MAX = 200 };

struct view_finding_query {
    int kind, queue, status; /* enum finding_kind, queue, finding_status; -1: any */
    struct str area;         /* a division code: findings that concern it; empty: any */
    struct str school;       /* code or name of a school; empty: any */
    struct str scheme;       /* key: findings about aid of this scheme; empty: any */
    uint32_t probability_min_ppm;
    day opened_since, opened_until; /* opened on these days or between; DAY_NONE: any */
    const int64_t *numbers;         /* only findings with these numbers … */
    size_t number_count;            /* … at most VIEW_NUMBERS_MAX; 0: any */
    struct view_page page;
};

struct view_finding {
    int64_t number;
    enum finding_kind kind;
    enum queue queue;
    enum finding_status status;
    int64_t person;             /* stable number; 0: about a school or office */
    struct str name;            /* as its register writes it */
    struct str id_number;       /* masked */
    struct str id_number_whole; /* for exports with a logged reason, and for nothing else */
    day birth;
    int age; /* -1: not known */
    struct str area, area_name, school;
    uint32_t probability_ppm;
    bool has_nearest;
    struct view_line nearest;
    uint32_t nearest_probability_ppm;
    int32_t nearest_weight_millibits;
    struct str reason;             /* keys with ";" between, and notes (findings/reason.h) */
    struct str scheme, period;     /* of aid; else empty */
    int64_t due_fen, paid_fen;     /* of aid: -1: not stated */
    struct str notes_zh, notes_en; /* the notes in words; empty when there are none */
    day opened;
};

/* What one finding of the snapshot shows to the asker, who must see it (CHECKed). */
void view_finding(const struct view *view, size_t finding, struct view_finding *out);

/* Reasons of a finding as reason.h writes them, with the words of this snapshot. In the arena. */
struct str view_reason(const struct view *view, struct str reasons, enum lang lang);

/* Whether a finding about aid is about a scheme: it may name several, "|" between. */
bool view_names_scheme(const struct finding *finding, struct str scheme);

/* The rows of one page, and how many there are on all pages. Never fails: an unknown area or school
 * gives an empty list. */
void view_findings(const struct view *view, const struct view_finding_query *query,
                   struct view_finding **out, size_t *count, size_t *total);

#endif
