#ifndef LINK_ASSIGN_H
#define LINK_ASSIGN_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* One to one: the edges of a bipartite graph, at most one at each end, whose gains have the largest
 * sum (maximum-weight assignment; nobody has to be assigned). All in whole numbers, so it is exact.
 *
 * Where several choices have the same largest sum, the edges that they all share are certain; about
 * the others nothing but the order of records could decide, so they are only counted. What is
 * certain does not depend on the order of edges or the numbering of ends. */

/* An edge between two ends. */
struct assign_edge {
    uint32_t left, right; /* numbers below left_count and right_count */
    int32_t gain;         /* at least 1 */
    bool chosen;          /* out: in every best assignment */
    bool tied;            /* out: in some best assignments, not in all */
    bool greedy;          /* out: of a part too large to solve, where edges were taken in turn */
};

/* The work that a connected part may take, as ends of its smaller side times edges; seldom is it
 * nearly as much. In larger parts edges are taken in the order given, while both ends are free. */
#define ASSIGN_WORK_MAX ((uint64_t)1 << 30)

/* Fills `chosen`, `tied` and `greedy` of all edges. Each pair of ends stands at most once.
 * `work_max` is ASSIGN_WORK_MAX, or less in tests. Memory comes from the arena: some 100 bytes an
 * end and 20 an edge. */
void assign_solve(struct arena *scratch, struct assign_edge *edges, size_t edge_count,
                  uint32_t left_count, uint32_t right_count, uint64_t work_max);

#endif
