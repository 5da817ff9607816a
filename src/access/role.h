#ifndef ACCESS_ROLE_H
#define ACCESS_ROLE_H

#include "base/str.h"

/* What a user is, and what that allows. Roles are fixed and few, so that anybody can say who may do
 * what; which rows a user sees is a second question, answered by areas and school (asker.h).
 *
 * The three administrators are separate: who runs the machine (system), who makes users (security)
 * and who reads the trail (auditor) see no children, and none of them can do the work of another.
 */

enum capability {
    CAPABILITY_LOOK = 1 << 0,   /* children, findings and schools of the own areas */
    CAPABILITY_REVEAL = 1 << 1, /* ID numbers in full, with a reason */
    CAPABILITY_IMPORT = 1 << 2, /* load files and take them back */
    CAPABILITY_REVIEW = 1 << 3, /* decide doubtful pairs */
    CAPABILITY_EXPORT = 1 << 4, /* take lists out of the system */
    CAPABILITY_USERS = 1 << 5,  /* make, change and disable users */
    CAPABILITY_AUDIT = 1 << 6,  /* read and verify the trail */
    CAPABILITY_SYSTEM = 1 << 7, /* backups, keys, the state of the installation */
    CAPABILITY_WORK = 1 << 8,   /* record in cases what was done */
    CAPABILITY_PAY = 1 << 9,    /* funds, batches of payments, what the bank says */
    CAPABILITY_VERIFY = 1 << 10, /* the books against themselves; tells nothing of persons */
    CAPABILITY_COUNT = 11,
    CAPABILITY_ALL = (1 << CAPABILITY_COUNT) - 1,
};

enum role {
    ROLE_SCHOOL,
    ROLE_TOWNSHIP,
    ROLE_COUNTY,
    ROLE_CITY,
    ROLE_FINANCE,
    ROLE_AUDITOR,
    ROLE_SECURITY,
    ROLE_SYSTEM,
    ROLE_COUNT,
};

/* What the role may do: enum capability or-ed. */
uint32_t role_capabilities(enum role role);

/* What a user of the role belongs to: nothing, areas, or a school. */
enum role_place { ROLE_PLACE_NONE, ROLE_PLACE_AREAS, ROLE_PLACE_SCHOOL };
enum role_place role_place(enum role role);

/* "none", "areas", "school". */
const char *role_place_key(enum role_place place);

/* "county"; "县区教育局" and "county bureau". role_of gives -1 for a key that is none. */
const char *role_key(enum role role);
const char *role_text(enum role role, enum lang lang);
int role_of(struct str key);

/* The capability with number 0 … CAPABILITY_COUNT - 1: "look"; "查看" and "look at children". */
const char *capability_key(int number);
const char *capability_text(int number, enum lang lang);

#endif
