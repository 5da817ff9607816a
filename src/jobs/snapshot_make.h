#ifndef JOBS_SNAPSHOT_MAKE_H
#define JOBS_SNAPSHOT_MAKE_H

#include "jobs/snapshot.h"

/* Inside of snapshot.h: its parts, each filled once while a snapshot is made. */

/* snapshot_school.c: the schools, which record is of which, and what is counted of them. Needs run,
 * batches and findings by person. */
MUST_USE bool snapshot_schools_fill(struct snapshot *snapshot, struct registry *registry,
                                    struct err *err);

/* snapshot_order.c: what stands in which order: findings by number and person, the record that
 * speaks for a person, persons by area. */
void snapshot_orders_fill(struct snapshot *snapshot);

#endif
