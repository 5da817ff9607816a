#include "link/engine_internal.h"
#include "link/match_code.h"

#include "base/word.h"

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
    MARKS_A_RECORD = 16,              /* so many stay in the cache */
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
    enum { HALF = KEY_BYTES / 2 };
    uint64_t key = 0;
    if (from == 0 && id.len >= HALF) {
        /* The second half of a short id begins inside the first. */
        size_t second = id.len < KEY_BYTES ? id.len - HALF : HALF;
        uint64_t low = (uint64_t)be32toh(half_word_at(id.ptr + second)) << 8 * (HALF - second);
        return (uint64_t)be32toh(half_word_at(id.ptr)) << 32 | (low & UINT32_MAX);
    }
    for (size_t i = from; i < from + KEY_BYTES; i++) {
        key = key << 8 | (i < id.len ? (unsigned char)id.ptr[i] : 0);
    }
    return key;
}

/* Bytes of ids are few: digits, a letter or two. So a key is a number of far fewer bits, in which
 * each byte counts as its rank among those that occur in its place; it orders as the key does. */
struct dense {
    uint64_t worth[KEY_BYTES][BYTE_VALUES]; /* by place, then byte */
    uint64_t end;                           /* above every number */
    unsigned bits;                          /* of `end`; 64: too many */
};

/* The lowest place where two keys that differ do so, which is then struck out. Ids mostly stand
 * one after another, so that few bytes differ from those of the id before. */
static size_t next_place(uint64_t *differences)
{
    size_t place = (size_t)__builtin_ctzll(*differences) / 8;
    *differences &= ~(UINT64_C(0xFF) << 8 * place);
    return place;
}

static void open_dense(const uint64_t *keys, size_t count, struct dense *out)
{
    bool seen[KEY_BYTES][BYTE_VALUES] = {{false}};
    for (size_t i = 0; i < count; i++) {
        uint64_t differences = i == 0 ? UINT64_MAX : keys[i] ^ keys[i - 1];
        while (differences != 0) {
            size_t place = next_place(&differences);
            seen[place][keys[i] >> (8 * place) & 0xFF] = true;
        }
    }
    uint64_t one = 1; /* what a rank of this place is worth */
    out->bits = 64;
    for (size_t b = 0; b < KEY_BYTES; b++) {
        uint64_t ranks = 0;
        for (size_t v = 0; v < BYTE_VALUES; v++) out->worth[b][v] = seen[b][v] ? one * ranks++ : 0;
        if (one > UINT64_MAX / BYTE_VALUES / 2) return;
        one *= ranks;
    }
    out->end = one;
    for (out->bits = 1; one >> out->bits != 0;) out->bits++;
}

/* Makes dense numbers of keys. */
static void make_dense(const struct dense *dense, uint64_t *keys, size_t count)
{
    uint64_t before = 0, sum = 0;
    for (size_t b = 0; b < KEY_BYTES; b++) sum += dense->worth[b][0];
    for (size_t i = 0; i < count; i++) {
        uint64_t key = keys[i], differences = key ^ before;
        while (differences != 0) {
            size_t place = next_place(&differences);
            const uint64_t *worth = dense->worth[place];
            sum += worth[key >> (8 * place) & 0xFF] - worth[before >> (8 * place) & 0xFF];
        }
        before = key;
        keys[i] = sum;
    }
}

/* Gives the order of keys of which no two are equal: a key's place is how many that occur are
 * smaller. False, with nothing said, when two are equal. */
static bool order_by_marks(struct arena *scratch, const uint64_t *keys, size_t count, uint64_t end,
                           uint32_t *records)
{
    size_t words = (size_t)(end / WORD_BITS) + 1;
    uint64_t *marks = arena_array(scratch, uint64_t, words);
    uint32_t *before = arena_room(scratch, uint32_t, words);
    for (size_t i = 0; i < count; i++) {
        if (word_is_marked(marks, keys[i])) return false;
        word_mark(marks, keys[i]);
    }
    (void)word_count_marks(marks, words, before);
    for (size_t i = 0, place = 0; i < count; i++) {
        bool next = i > 0 && keys[i] == keys[i - 1] + 1;
        place = next ? place + 1 : word_marks_before(marks, before, keys[i]);
        records[place] = (uint32_t)i;
    }
    return true;
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

/* All records, of which there are many, as they stand: by the first eight bytes of their ids. */
static void order_many(const struct str *ids, uint32_t *records, size_t count)
{
    struct arena scratch = {0};
    struct dense *dense = arena_new(&scratch, struct dense);
    uint64_t *keys = arena_room(&scratch, uint64_t, count);
    bool done = false;
    for (size_t i = 0; i < count; i++) keys[i] = id_key(ids[i], 0);
    open_dense(keys, count, dense);
    if (dense->bits > DENSE_BITS_MOST) {
        sort_keys(&scratch, keys, records, count);
    } else {
        make_dense(dense, keys, count);
        done = dense->end / MARKS_A_RECORD <= count
               && order_by_marks(&scratch, keys, count, dense->end, records);
        if (!done) sort_dense(&scratch, &keys, records, count, dense->bits);
    }
    for (size_t start = 0, end; start < count && !done; start = end) {
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
