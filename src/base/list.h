#ifndef BASE_LIST_H
#define BASE_LIST_H

#include "base/arena.h"

#include <string.h>

/* A growing array in an arena:
 *
 *     LIST(struct row) rows = {0};
 *     *list_push(arena, &rows) = row;
 *     for (size_t i = 0; i < rows.count; i++) use(&rows.items[i]);
 *
 * Growing copies into a larger piece and gives the old one back. Pointers to items are good until
 * the next push. */
#define LIST(type)       \
    struct {             \
        type *items;     \
        size_t count;    \
        size_t capacity; \
    }

/* Room for one more, zeroed; gives a pointer to it. */
#define list_push(arena, list)                                                                   \
    (list_grow((arena), (void **)&(list)->items, &(list)->capacity, (list)->count,               \
               sizeof *(list)->items),                                                           \
     &(list)->items[(list)->count++])

/* Behind list_push: makes room for `count + 1` items of `size` bytes. */
static inline void list_grow(struct arena *arena, void **items, size_t *capacity, size_t count,
                             size_t size)
{
    if (count < *capacity) return;
    size_t bigger = *capacity == 0 ? 8 : *capacity * 2;
    void *fresh = arena_alloc_array(arena, bigger, size);
    if (count > 0) memcpy(fresh, *items, count * size);
    arena_give_back(arena, *items, *capacity * size);
    *items = fresh;
    *capacity = bigger;
}

#endif
