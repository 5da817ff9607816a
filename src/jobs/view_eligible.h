#ifndef JOBS_VIEW_ELIGIBLE_H
#define JOBS_VIEW_ELIGIBLE_H

#include "jobs/view_person.h"

/* Who may ask for which special plan (eligible.h) as pages show it: of the snapshot, in which all
 * years are decided already, and of the applicants whom the asker sees: those who registered in one
 * of their areas, and for a school those of that school. ID numbers are masked.
 *
 * What is decided rests on the registers of all areas; of the rows behind it the asker is told the
 * file and row only where they may see that row. */

struct view_eligible {
    const struct eligible *eligible; /* NULL: no register names candidates of the year */
    bool *seen;                      /* by applicant */
    size_t seen_count;
};

/* The year (0: see eligible_years_find); of one area where the asker is narrowed to it. */
void view_eligible(const struct view *view, int year, struct view_eligible *out);

/* What of it a list shows. */
struct view_eligible_query {
    int plan;          /* -1: all; else the verdict and `asked` are of this plan */
    int verdict;       /* enum policy_verdict; -1: any */
    bool asked;        /* only plans that were asked for */
    struct str school; /* as the row names it, or its code; empty: any */
    struct str text;   /* part of the name, beginning of the number of the examination, or the whole
                          ID number; empty: any */
    struct view_page page;
};

/* The applicants of whom some line is wanted, by number of the examination: places in
 * eligible->applicants. *total counts all pages. */
void view_eligible_rows(const struct view *view, const struct view_eligible *of,
                        const struct view_eligible_query *query, size_t **out, size_t *count,
                        size_t *total);

/* Whether a line is one of those asked for. */
bool view_eligible_wants(const struct view_eligible_query *query, size_t plan,
                         const struct eligible_line *line);

enum view_eligible_by { ELIGIBLE_BY_ALL, ELIGIBLE_BY_COUNTY, ELIGIBLE_BY_SCHOOL };
struct view_eligible_count {
    struct str unit, name; /* of a county: code and name; of a school its name twice; else empty */
    size_t plan;
    int64_t applicants, asked; /* whom the plan concerns; who asked for it */
    int64_t verdicts[3];       /* by enum policy_verdict, of all whom it concerns */
    int64_t asked_verdicts[3]; /* of those who asked */
};

/* By unit, then plan in the text's order; of one plan where `plan` is not -1. */
void view_eligible_counts(const struct view *view, const struct view_eligible *of,
                          enum view_eligible_by by, int plan, struct view_eligible_count **out,
                          size_t *count);

/* The conflicts of which the asker sees one of those concerned; of one kind, or all (-1). */
void view_eligible_conflicts(const struct view *view, const struct view_eligible *of, int kind,
                             const struct eligible_finding ***out, size_t *count);

/* The applicant with this record, in the newest year that has it; *of is opened for that year.
 * ERR_NOT_FOUND when there is none whom the asker sees. */
MUST_USE bool view_eligible_find(const struct view *view, int64_t record, struct view_eligible *of,
                                 size_t *out, struct err *err);

/* Who tells the reasons of an applicant: from all files of the snapshot; where a row stands is told
 * only where the asker may see it. */
void view_eligible_teller(const struct view *view, const struct view_eligible *of,
                          struct eligible_teller *out);

/* The applicant in one line, and the linked person's number where the asker sees that person; 0. */
void view_eligible_line(const struct view *view, const struct eligible_applicant *applicant,
                        struct view_line *out);
struct str view_eligible_county(const struct view *view, struct str area);

/* The sealed values of the applicant's row in full, for who has given a reason that is on record.
 * ERR_STORE. */
MUST_USE bool view_eligible_reveal(const struct view *view,
                                   const struct eligible_applicant *applicant,
                                   struct view_revealed **out, size_t *count, struct err *err);

/* The list for the public: who asked for a plan and is eligible, with name, school, county and plan
 * and nothing else; plans that would tell of a household's poverty are left out. `path` ends in
 * ".xlsx" or ".csv". *count says how many lines. Errors as sheet_out.h. */
MUST_USE bool view_eligible_public(const struct view *view, const struct view_eligible *of,
                                   const char *path, size_t *count, struct err *err);

/* A workbook for people: the lines that the query wants, with reasons and evidence; the counts by
 * county and school; the conflicts. `path` ends in ".xlsx". Errors as sheet_out.h and
 * eligible_tell.
 */
MUST_USE bool view_eligible_export(const struct view *view, const struct view_eligible *of,
                                   const struct view_eligible_query *query, const char *path,
                                   size_t *count, struct err *err);

#endif
