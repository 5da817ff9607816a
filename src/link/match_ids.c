#include "link/engine_internal.h"
#include "link/match_code.h"

#include <stdlib.h>
#include <string.h>

/* The order of ids: by eight bytes at a time, as most ids are short and begin apart. */

enum {
    KEY_BYTES = 8,
    FEW = 32,
    MANY = 1 << 12,
    DEPTH_MAX = 64,
    BYTE_VALUES = 256,
    DIGIT_BITS = 11,
    DIGITS = 1 << DIGIT_BITS,
    DENSE_BITS_MOST = 4 * DIGIT_BITS, /* above it sorting by bytes takes no more passes */
};

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

/* Bytes of ids are few: digits, a letter or two. So a key is a number of far fewer bits, in which
 * each byte counts as its rank among those that occur in its place; it orders as the key does. */
struct dense {
    uint64_t worth[KEY_BYTES][BYTE_VALUES]; /* by place, then byte */
    unsigned bits;                          /* of the largest number; 64: too many */
};

static void open_dense(const uint64_t *keys, size_t count, struct dense *out)
{
    bool seen[KEY_BYTES][BYTE_VALUES] = {{false}};
    for (size_t i = 0; i < count; i++) {
        for (size_t b = 0; b < KEY_BYTES; b++) seen[b][keys[i] >> (8 * b) & 0xFF] = true;
    }
    uint64_t one = 1; /* what a rank of this place is worth */
    out->bits = 64;
    for (size_t b = 0; b < KEY_BYTES; b++) {
        uint64_t ranks = 0;
        for (size_t v = 0; v < BYTE_VALUES; v++) out->worth[b][v] = seen[b][v] ? one * ranks++ : 0;
        if (one > UINT64_MAX / BYTE_VALUES / 2) return;
        one *= ranks;
    }
    for (out->bits = 1; one >> out->bits != 0;) out->bits++;
}

static uint64_t dense_key(const struct dense *dense, uint64_t key)
{
    uint64_t sum = 0;
    for (size_t b = 0; b < KEY_BYTES; b++) sum += dense->worth[b][key >> (8 * b) & 0xFF];
    return sum;
}

/* Sorts by keys below 2^bits, which come out in order too: by counting, DIGIT_BITS at a time. */
static void sort_dense(struct arena *scratch, uint64_t **keys, uint32_t *records, size_t count,
                       unsigned bits)
{
    uint64_t *from = *keys, *to = arena_room(scratch, uint64_t, count);
    uint32_t *own = records, *other = arena_room(scratch, uint32_t, count);
    for (unsigned shift = 0; shift < bits; shift += DIGIT_BITS) {
        size_t places[DIGITS] = {0}, sum = 0;
        for (size_t i = 0; i < count; i++) places[from[i] >> shift & (DIGITS - 1)]++;
        for (size_t d = 0; d < DIGITS; d++) {
            size_t here = places[d];
            places[d] = sum;
            sum += here;
        }
        for (size_t i = 0; i < count; i++) {
            size_t at = places[from[i] >> shift & (DIGITS - 1)]++;
            to[at] = from[i];
            other[at] = own[i];
        }
        uint64_t *keys_before = from;
        uint32_t *records_before = own;
        from = to, to = keys_before;
        own = other, other = records_before;
    }
    *keys = from;
    if (own != records) memcpy(records, own, count * sizeof *records);
}

static void order_from(const struct str *ids, uint32_t *records, size_t count, size_t from);

/* The first eight bytes of many ids. */
static void order_many(const struct str *ids, uint32_t *records, size_t count)
{
    struct arena scratch = {0};
    struct dense *dense = arena_new(&scratch, struct dense);
    uint64_t *keys = arena_room(&scratch, uint64_t, count);
    for (size_t i = 0; i < count; i++) keys[i] = id_key(ids[records[i]], 0);
    open_dense(keys, count, dense);
    if (dense->bits > DENSE_BITS_MOST) {
        sort_keys(&scratch, keys, records, count);
    } else {
        for (size_t i = 0; i < count; i++) keys[i] = dense_key(dense, keys[i]);
        sort_dense(&scratch, &keys, records, count, dense->bits);
    }
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count && keys[end] == keys[start];) end++;
        order_from(ids, records + start, end - start, KEY_BYTES);
    }
    arena_free(&scratch);
}

/* Orders records whose ids are equal up to `from`: by the next eight bytes, then each run of those
 * by what follows. */
static void order_from(const struct str *ids, uint32_t *records, size_t count, size_t from)
{
    if (count < 2) return;
    if (from == 0 && count >= MANY) {
        order_many(ids, records, count);
        return;
    }
    if (from > 0 && (count <= FEW || from >= DEPTH_MAX)) {
        order_few(ids, records, count);
        return;
    }
    struct arena scratch = {0};
    uint64_t *keys = arena_room(&scratch, uint64_t, count);
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
    uint32_t *records = arena_room(arena, uint32_t, count);
    for (uint32_t r = 0; r < count; r++) records[r] = r;
    order_from(ids, records, count, 0);
    return records;
}
