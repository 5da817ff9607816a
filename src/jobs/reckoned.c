#include "jobs/reckoned.h"

#include "base/thread.h"

enum { KEY_BYTES_MAX = 8192 };

struct reckoned_item {
    struct shelf_item item;
    const void *found; /* NULL: not reckoned yet */
};

struct reckoned {
    struct shelf *shelf;
};

void reckoned_open(struct reckoned **out, struct arena *arena)
{
    static const struct shelf_rules rules = {.size = sizeof(struct reckoned_item),
                                             .items_max = RECKONED_MAX,
                                             .bytes_max = RECKONED_BYTES_MAX};
    *out = arena_new(arena, struct reckoned);
    shelf_open(&(*out)->shelf, arena, &rules);
}

void reckoned_close(struct reckoned *reckoned)
{
    if (reckoned != NULL) shelf_close(reckoned->shelf);
}

static struct str key_of(struct arena *arena, const struct reckoning *reckoning)
{
    const struct asker *asker = reckoning->asker;
    struct text text;
    text_init(&text, arena, KEY_BYTES_MAX);
    text_add_f(&text, "%s %lld %.*s", reckoning->what, (long long)reckoning->rests_on,
               STR_ARG(asker->school));
    asker_add_areas(&text, asker);
    text_add_byte(&text, '\n');
    text_add(&text, reckoning->how);
    CHECK(!text.cut);
    return text_str(&text);
}

bool reckoned_take(struct reckoned *reckoned, const struct reckoning *reckoning,
                   struct reckoned_taken *out, struct err *err)
{
    struct arena scratch = {0};
    struct reckoned_item *item =
        (struct reckoned_item *)shelf_take(reckoned->shelf, key_of(&scratch, reckoning));
    arena_free(&scratch);
    thread_lock(&item->item.lock);
    if (item->found == NULL) {
        item->found = reckoning->reckon(&item->item.arena, reckoning->context, err);
    }
    *out = (struct reckoned_taken){item->found, item};
    bool found = item->found != NULL;
    thread_unlock(&item->item.lock);
    if (!found) reckoned_give(reckoned, out);
    return found;
}

void reckoned_give(struct reckoned *reckoned, struct reckoned_taken *taken)
{
    struct reckoned_item *item = taken->item;
    thread_lock(&item->item.lock);
    size_t bytes = item->item.arena.bytes;
    thread_unlock(&item->item.lock);
    shelf_give(reckoned->shelf, &item->item, bytes);
    *taken = (struct reckoned_taken){0};
}
