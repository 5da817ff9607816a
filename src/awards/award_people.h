#ifndef AWARDS_AWARD_PEOPLE_H
#define AWARDS_AWARD_PEOPLE_H

#include "policy/rows.h"

/* The people of one subject as a policy sees them, whatever they were read from: a file of students
 * or the linked registers of a workspace. What decides, explains, compares and prints takes this
 * and nothing else. */

struct award_open; /* award_decide.h */
struct facts;      /* facts.h */

struct award_people {
    struct policy_rows rows; /* what is stated of each; at most UINT32_MAX rows */
    const struct str *ids;   /* by row: what output calls them; each stands once, none is empty */
    const uint32_t *order;   /* all rows, in the order in which output lists them: by id */
    const struct str *names; /* by row: what a letter calls them; NULL when none are known */
    const struct award_open *open; /* what else sets may hold; NULL: nothing */
    const struct facts *facts; /* whose rows these are, and which registers state them; or NULL */
};

#endif
