#include "link/engine_internal.h"
#include "link/match_code.h"

#include <stdlib.h>

/* The order of ids: by eight bytes at a time, as most ids are short and begin apart. */

enum { KEY_BYTES = 8, FEW = 32, DEPTH_MAX = 64 };

struct id_order {
    struct str id;
    uint32_t record;
};

static int compare_ids(const void *a, const void *b)
{
    const struct id_order *x = a, *y = b;
    int order = str_compare(x->id, y->id);
    if (order != 0) return order;
    return x->record < y->record ? -1 : x->record > y->record;
}

/* Puts a run of records in order by comparing whole ids. */
static void order_few(const struct str *ids, uint32_t *records, size_t count)
{
    struct arena scratch = {0};
    struct id_order *order = arena_array(&scratch, struct id_order, count);
    for (size_t i = 0; i < count; i++) order[i] = (struct id_order){ids[records[i]], records[i]};
    qsort(order, count, sizeof *order, compare_ids);
    for (size_t i = 0; i < count; i++) records[i] = order[i].record;
    arena_free(&scratch);
}

/* Eight bytes of an id as a number that orders as they do; zeros behind its end. */
static uint64_t id_key(struct str id, size_t from)
{
    uint64_t key = 0;
    for (size_t i = from; i < from + KEY_BYTES; i++) {
        key = key << 8 | (i < id.len ? (unsigned char)id.ptr[i] : 0);
    }
    return key;
}

/* Orders records whose ids are equal up to `from`: by the next eight bytes, then each run of those
 * by what follows. */
static void order_from(const struct str *ids, uint32_t *records, size_t count, size_t from)
{
    if (count < 2) return;
    if (from > 0 && (count <= FEW || from >= DEPTH_MAX)) {
        order_few(ids, records, count);
        return;
    }
    struct arena scratch = {0};
    uint64_t *keys = arena_array(&scratch, uint64_t, count);
    for (size_t i = 0; i < count; i++) keys[i] = id_key(ids[records[i]], from);
    sort_keys(&scratch, keys, records, count);
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count && keys[end] == keys[start];) end++;
        order_from(ids, records + start, end - start, from + KEY_BYTES);
    }
    arena_free(&scratch);
}

uint32_t *match_order_ids(struct arena *arena, const struct str *ids, uint32_t count)
{
    uint32_t *records = arena_array(arena, uint32_t, count);
    for (uint32_t r = 0; r < count; r++) records[r] = r;
    order_from(ids, records, count, 0);
    return records;
}
