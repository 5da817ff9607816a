#ifndef JOBS_SHELF_H
#define JOBS_SHELF_H

#include "base/arena.h"
#include "base/str.h"

#include <pthread.h>

/* Things that were made from the workspace and are kept between requests, for who asks for the same
 * again: each under a key that says all that decides about it. Those used last stay, as many as
 * fit. All functions may be called from any thread.
 *
 * Who keeps things has a structure of their own that begins with this one; where a thing was not
 * there it comes zeroed, and is made under its lock. */

struct shelf_item {
    struct shelf_item *next;
    pthread_mutex_t lock; /* the user's: guards what stands in the item */
    struct arena arena;   /* of the structure; used under that lock */
    struct str key;
    size_t users, bytes; /* the shelf's, as is `used` */
    uint64_t used;
};

struct shelf_rules {
    size_t size; /* of the structure */
    size_t items_max, bytes_max;
    void (*clear)(struct shelf_item *item); /* before it is thrown away; may be NULL */
};

struct shelf;

void shelf_open(struct shelf **out, struct arena *arena, const struct shelf_rules *rules);
void shelf_close(struct shelf *shelf); /* nothing may be in use; NULL accepted */

/* The thing of this key, made empty when there is none; it stays until it is given back. */
struct shelf_item *shelf_take(struct shelf *shelf, struct str key);
/* `bytes`: what it holds now. What has to make room goes. */
void shelf_give(struct shelf *shelf, struct shelf_item *item, size_t bytes);

/* Throws away what nobody uses and nobody wants. */
void shelf_sort_out(struct shelf *shelf,
                    bool (*wanted)(const void *context, const struct shelf_item *item),
                    const void *context);

/* Whether a part of it is still empty: what is made for nobody in particular takes no more. */
bool shelf_has_room(struct shelf *shelf);

#endif
