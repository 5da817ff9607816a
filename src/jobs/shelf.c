#include "jobs/shelf.h"

#include "base/thread.h"

enum { EMPTY_PART = 8 };

struct shelf {
    struct shelf_rules rules;
    pthread_mutex_t lock; /* guards all below, and of the items what is the shelf's */
    struct shelf_item *all;
    size_t count;
    uint64_t uses;
};

void shelf_open(struct shelf **out, struct arena *arena, const struct shelf_rules *rules)
{
    CHECK(rules->size >= sizeof(struct shelf_item));
    struct shelf *shelf = arena_new(arena, struct shelf);
    shelf->rules = *rules;
    CHECK(pthread_mutex_init(&shelf->lock, NULL) == 0);
    *out = shelf;
}

static void throw_away(struct shelf *shelf, struct shelf_item *item)
{
    if (shelf->rules.clear != NULL) shelf->rules.clear(item);
    CHECK(pthread_mutex_destroy(&item->lock) == 0);
    struct arena arena = item->arena;
    arena_free(&arena);
}

/* That may take a while, and nobody waits for it: the shelf is not locked. */
static void throw_all_away(struct shelf *shelf, struct shelf_item *gone)
{
    while (gone != NULL) {
        struct shelf_item *next = gone->next;
        throw_away(shelf, gone);
        gone = next;
    }
}

void shelf_close(struct shelf *shelf)
{
    if (shelf == NULL) return;
    for (struct shelf_item *item = shelf->all; item != NULL; item = item->next) {
        CHECK(item->users == 0);
    }
    throw_all_away(shelf, shelf->all);
    CHECK(pthread_mutex_destroy(&shelf->lock) == 0);
}

static struct shelf_item *make(const struct shelf *shelf, struct str key)
{
    struct arena arena = {0};
    struct shelf_item *item = arena_alloc(&arena, shelf->rules.size);
    item->key = str_copy(&arena, key);
    item->arena = arena;
    CHECK(pthread_mutex_init(&item->lock, NULL) == 0);
    return item;
}

struct shelf_item *shelf_take(struct shelf *shelf, struct str key)
{
    thread_lock(&shelf->lock);
    struct shelf_item *item = shelf->all;
    while (item != NULL && !str_equal(item->key, key)) item = item->next;
    if (item == NULL) {
        item = make(shelf, key);
        item->next = shelf->all;
        shelf->all = item;
        shelf->count++;
    }
    item->users++;
    item->used = ++shelf->uses;
    thread_unlock(&shelf->lock);
    return item;
}

static size_t bytes_of(const struct shelf *shelf)
{
    size_t bytes = 0;
    for (const struct shelf_item *item = shelf->all; item != NULL; item = item->next) {
        bytes += item->bytes;
    }
    return bytes;
}

/* Moves the item behind a link over to what goes. */
static void take_out(struct shelf *shelf, struct shelf_item **link, struct shelf_item **gone)
{
    struct shelf_item *item = *link;
    *link = item->next;
    item->next = *gone;
    *gone = item;
    shelf->count--;
}

/* Takes out what nobody uses and was used longest ago, while all are too many or too large. */
static struct shelf_item *make_room(struct shelf *shelf)
{
    struct shelf_item *gone = NULL;
    for (;;) {
        struct shelf_item **oldest = NULL;
        for (struct shelf_item **link = &shelf->all; *link != NULL; link = &(*link)->next) {
            if ((*link)->users == 0 && (oldest == NULL || (*link)->used < (*oldest)->used)) {
                oldest = link;
            }
        }
        bool fits = shelf->count <= shelf->rules.items_max
                    && (shelf->count <= 1 || bytes_of(shelf) <= shelf->rules.bytes_max);
        if (fits || oldest == NULL) return gone;
        take_out(shelf, oldest, &gone);
    }
}

void shelf_give(struct shelf *shelf, struct shelf_item *item, size_t bytes)
{
    thread_lock(&shelf->lock);
    item->users--;
    item->bytes = bytes;
    struct shelf_item *gone = make_room(shelf);
    thread_unlock(&shelf->lock);
    throw_all_away(shelf, gone);
}

void shelf_sort_out(struct shelf *shelf,
                    bool (*wanted)(const void *context, const struct shelf_item *item),
                    const void *context)
{
    struct shelf_item *gone = NULL;
    thread_lock(&shelf->lock);
    struct shelf_item **link = &shelf->all;
    while (*link != NULL) {
        if ((*link)->users > 0 || wanted(context, *link))
            link = &(*link)->next;
        else
            take_out(shelf, link, &gone);
    }
    thread_unlock(&shelf->lock);
    throw_all_away(shelf, gone);
}

bool shelf_has_room(struct shelf *shelf)
{
    thread_lock(&shelf->lock);
    bool room = shelf->count < shelf->rules.items_max - shelf->rules.items_max / EMPTY_PART
                && bytes_of(shelf) < shelf->rules.bytes_max - shelf->rules.bytes_max / EMPTY_PART;
    thread_unlock(&shelf->lock);
    return room;
}
