#ifndef LINK_CLUSTER_H
#define LINK_CLUSTER_H

#include "base/dict.h"
#include "base/list.h"
#include "link/engine_internal.h"
#include "link/queue.h"

/* The inside of clustering: cluster.c joins the records of one component, cluster_run.c finds the
 * components and gives them to the threads. */

/* Joins of one thread, in the order in which they came. */
struct join_list {
    struct arena *arena;
    LIST(struct link_join) list;
};

/* A comparison or an interaction summed over pairs across two clusters; arrays of these hold the
 * comparisons first, then the interactions. */
struct evidence {
    int64_t sum;
    uint32_t count;
};

/* Two clusters with kept pairs between them. */
struct bond {
    uint32_t ends[2];
    struct evidence *evidence; /* NULL: of the one pair alone */
    const struct link_pair *pair;
    uint64_t known; /* pairs that the evidence speaks of */
    int32_t score;
    uint32_t version;
    uint32_t stamps[2]; /* of the clusters when scored */
    bool dead, forbidden;
};

struct half {
    uint32_t bond, next; /* next + 1; 0 ends the list */
};

struct group {
    uint32_t first, last, count; /* members: local numbers, linked by `following` */
    uint32_t halves;             /* first half + 1 */
    uint32_t half_count, stamp;
    uint32_t rank; /* least of its members */
    bool dead;
};

struct component {
    struct arena *arena;
    const struct link_engine *engine;
    const struct weights *weights;
    const struct link_result *result;
    struct level_cache *cache;
    int32_t match;           /* joins from here on */
    bool any_once;           /* some source lists an entity once */
    const uint32_t *records; /* by local number */
    uint32_t count;
    uint32_t *ranks;      /* by local number: an order that depends on contents alone */
    uint32_t *following;  /* next member + 1 */
    struct group *groups; /* by local number */
    struct u64_map bond_of;
    LIST(struct bond) bonds;
    LIST(struct half) halves;
    struct queue queue;
    uint64_t records_tied, records_greedy;
    struct join_list *joins; /* NULL: nobody asks */
    int32_t level;           /* the least score that was taken so far */
};

/* Joins `from` to `to`, without a look at bonds. */
void cluster_append(struct component *component, uint32_t to, uint32_t from, int32_t level);

/* Adds a kept pair of two local records; `group_of` by local record. */
void cluster_add_pair(struct component *component, const uint32_t *group_of, uint32_t a, uint32_t b,
                      const struct link_pair *pair);

/* Groups that a person said are different. */
void cluster_forbid(struct component *component, uint32_t one, uint32_t two);

/* Joins what is to be joined, once all pairs are added. */
void cluster_join_all(struct component *component);

#endif
