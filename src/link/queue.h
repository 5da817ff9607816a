#ifndef LINK_QUEUE_H
#define LINK_QUEUE_H

#include "base/list.h"

#include <stdbool.h>
#include <stdint.h>

/* Bonds of a component in the order in which they are tried: highest score first, equal ones by the
 * ranks of their clusters. What is there at the start is sorted once; what comes later, and that is
 * little, waits in a heap. */

struct queue_entry {
    int32_t score;
    uint32_t rank_low, rank_high; /* of the two clusters, the smaller first */
    uint32_t bond, version;
};

struct queue {
    struct arena *arena;
    bool opened;
    size_t at; /* next of the sorted ones */
    LIST(struct queue_entry) sorted;
    LIST(struct queue_entry) heap;
};

/* Adds an entry; before queue_open to those that are sorted, then to the heap. */
void queue_push(struct queue *queue, struct queue_entry entry);

/* Sorts what was pushed. */
void queue_open(struct queue *queue);

/* Takes the first; false when the queue is empty. */
bool queue_pop(struct queue *queue, struct queue_entry *out);

#endif
