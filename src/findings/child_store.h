#ifndef FINDINGS_CHILD_STORE_H
#define FINDINGS_CHILD_STORE_H

#include "findings/check.h"

/* How each child stood whom the newest check over all areas expected in school: for figures about
 * everyone, which hold only as far as everyone is known of. The tables check_run and check_child,
 * made by finding_migrate; each run puts its own in the place of the one before. */

/* Writes what a check over all areas kept, in the caller's transaction if there is one. ERR_STORE.
 */
MUST_USE bool check_children_save(struct registry *registry, const struct people *people,
                                  const struct check_kept *kept, day at, struct err *err);

/* The day of the newest check that was kept; DAY_NONE: none was. ERR_STORE. */
MUST_USE bool check_children_day(struct store *store, day *out, struct err *err);

#endif
