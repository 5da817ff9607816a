#include "link/queue.h"

#include "link/engine_internal.h"

static bool entry_before(const struct queue_entry *a, const struct queue_entry *b)
{
    if (a->score != b->score) return a->score > b->score;
    if (a->rank_low != b->rank_low) return a->rank_low < b->rank_low;
    return a->rank_high < b->rank_high;
}

static void heap_push(struct queue *queue, struct queue_entry entry)
{
    *list_push(queue->arena, &queue->heap) = entry;
    struct queue_entry *items = queue->heap.items;
    size_t at = queue->heap.count - 1;
    while (at > 0 && entry_before(&entry, &items[(at - 1) / 2])) {
        items[at] = items[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    items[at] = entry;
}

static struct queue_entry heap_pop(struct queue *queue)
{
    struct queue_entry *items = queue->heap.items;
    struct queue_entry top = items[0], last = items[--queue->heap.count];
    size_t at = 0, count = queue->heap.count;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= count) break;
        if (child + 1 < count && entry_before(&items[child + 1], &items[child])) child++;
        if (!entry_before(&items[child], &last)) break;
        items[at] = items[child];
        at = child;
    }
    if (count > 0) items[at] = last;
    return top;
}

void queue_push(struct queue *queue, struct queue_entry entry)
{
    if (queue->opened)
        heap_push(queue, entry);
    else
        *list_push(queue->arena, &queue->sorted) = entry;
}

void queue_open(struct queue *queue)
{
    size_t count = queue->sorted.count;
    CHECK(!queue->opened);
    CHECK(count <= UINT32_MAX);
    uint64_t *keys = arena_array(queue->arena, uint64_t, count);
    uint32_t *order = arena_array(queue->arena, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct queue_entry *entry = &queue->sorted.items[i];
        uint32_t falling = (uint32_t)((int64_t)INT32_MAX - entry->score);
        keys[i] = (uint64_t)falling << 32 | entry->rank_low;
        order[i] = i;
    }
    sort_keys(queue->arena, keys, order, count);
    struct queue_entry *sorted = arena_array(queue->arena, struct queue_entry, count);
    for (size_t i = 0; i < count; i++) {
        struct queue_entry entry = queue->sorted.items[order[i]];
        size_t at = i;
        /* Equal keys differ in the higher rank alone. */
        for (; at > 0 && entry_before(&entry, &sorted[at - 1]); at--) sorted[at] = sorted[at - 1];
        sorted[at] = entry;
    }
    queue->sorted.items = sorted;
    queue->opened = true;
}

bool queue_pop(struct queue *queue, struct queue_entry *out)
{
    bool more = queue->at < queue->sorted.count;
    if (!more && queue->heap.count == 0) return false;
    if (more && queue->heap.count > 0) {
        more = entry_before(&queue->sorted.items[queue->at], &queue->heap.items[0]);
    }
    *out = more ? queue->sorted.items[queue->at++] : heap_pop(queue);
    return true;
}
