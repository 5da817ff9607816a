#include "link/match_code.h"

#include "base/thread.h"
#include "link/engine_internal.h"

#include <stdlib.h>
#include <string.h>

/* A column of a million texts misses the caches at each step from hash to slot to text. So rows go
 * in batches: each step is asked for ahead, for all of a batch, before the next one looks. */

enum { BATCH = 64, SLOTS_FIRST = 1 << 12, KEY_BYTES = 8, FEW = 32, DEPTH_MAX = 64 };

/* Slots hold the upper half of the hash, which is also the place, and the number + 1. */
struct coder {
    struct arena arena; /* of what follows; given back whenever it grows */
    struct str *texts;  /* by number; half as many as slots */
    uint64_t *slots;
    uint64_t slot_count;
    uint32_t count;
};

static void coder_grow(struct coder *coder)
{
    struct coder bigger = {.count = coder->count};
    bigger.slot_count = coder->slot_count == 0 ? SLOTS_FIRST : coder->slot_count * 2;
    bigger.texts = arena_array(&bigger.arena, struct str, bigger.slot_count / 2);
    bigger.slots = arena_array(&bigger.arena, uint64_t, bigger.slot_count);
    /* Written before it is read at random: else each page costs two faults. */
    memset(bigger.slots, 0, bigger.slot_count * sizeof *bigger.slots);
    if (coder->count > 0) {
        memcpy(bigger.texts, coder->texts, coder->count * sizeof *coder->texts);
    }
    for (uint64_t i = 0; i < coder->slot_count; i++) {
        if (coder->slots[i] == 0) continue;
        uint64_t at = coder->slots[i] >> 32 & (bigger.slot_count - 1);
        while (bigger.slots[at] != 0) at = (at + 1) & (bigger.slot_count - 1);
        bigger.slots[at] = coder->slots[i];
    }
    arena_free(&coder->arena);
    *coder = bigger;
}

static uint32_t coder_put(struct coder *coder, struct str text, uint64_t hash)
{
    uint64_t mask = coder->slot_count - 1, at = hash & mask, slot;
    for (; (slot = coder->slots[at]) != 0; at = (at + 1) & mask) {
        if (slot >> 32 != hash) continue;
        uint32_t number = (uint32_t)slot - 1;
        if (str_equal(coder->texts[number], text)) return number;
    }
    uint32_t number = coder->count++;
    coder->texts[number] = text;
    coder->slots[at] = hash << 32 | (number + 1);
    return number;
}

static void code_batch(struct coder *coder, const struct str *cells, size_t count, uint32_t *values)
{
    uint64_t hashes[BATCH] = {0};
    while (coder->count + count > coder->slot_count / 2) coder_grow(coder);
    uint64_t mask = coder->slot_count - 1;
    for (size_t i = 0; i < count; i++) {
        hashes[i] = str_hash(cells[i]) >> 32;
        __builtin_prefetch(&coder->slots[hashes[i] & mask]);
    }
    for (size_t step = 0; step < 2; step++) {
        for (size_t i = 0; i < count; i++) {
            uint64_t slot = coder->slots[hashes[i] & mask];
            if (slot >> 32 != hashes[i] || slot == 0) continue;
            const struct str *text = &coder->texts[(uint32_t)slot - 1];
            __builtin_prefetch(step == 0 ? (const void *)text : text->ptr);
        }
    }
    for (size_t i = 0; i < count; i++) values[i] = coder_put(coder, cells[i], hashes[i]);
}

struct code_task {
    const struct match_table *tables;
    size_t table_count, skipped;
    struct link_column *columns;
    struct arena *keep; /* by column */
};

static void code_column(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct code_task *task = context;
    if (number == task->skipped) return;
    struct arena *arena = &task->keep[number];
    struct link_column *column = &task->columns[number];
    struct coder coder = {.count = 0};
    size_t rows = 0, at = 0;
    for (size_t t = 0; t < task->table_count; t++) rows += task->tables[t].row_count;
    uint32_t *values = arena_array(arena, uint32_t, rows);
    for (size_t t = 0; t < task->table_count; t++) {
        const struct str *cells = task->tables[t].cells[number];
        for (size_t r = 0; r < task->tables[t].row_count; r += BATCH) {
            size_t count = task->tables[t].row_count - r;
            if (count > BATCH) count = BATCH;
            code_batch(&coder, cells + r, count, values + at);
            at += count;
        }
    }
    column->name = task->tables[0].names[number];
    column->text_count = coder.count;
    column->texts = match_keep_texts(arena, coder.texts, coder.count);
    column->values = values;
    arena_free(&coder.arena);
}

struct str *match_keep_texts(struct arena *arena, const struct str *texts, size_t count)
{
    size_t bytes = 0, at = 0;
    for (size_t i = 0; i < count; i++) bytes += texts[i].len + 1;
    struct str *kept = arena_array(arena, struct str, count);
    char *place = arena_alloc(arena, bytes);
    for (size_t i = 0; i < count; i++) {
        if (texts[i].len > 0) memcpy(place + at, texts[i].ptr, texts[i].len);
        kept[i] = (struct str){place + at, texts[i].len};
        at += texts[i].len + 1; /* memory of an arena is zero */
    }
    return kept;
}

void match_code_columns(struct arena *arena, const struct match_table *tables, size_t table_count,
                        size_t column_count, size_t skipped, struct link_column *columns)
{
    CHECK(table_count >= 1);
    struct code_task task = {
        .tables = tables, .table_count = table_count, .skipped = skipped, .columns = columns};
    task.keep = arena_array(arena, struct arena, column_count);
    thread_run(0, column_count, code_column, &task);
    for (size_t c = 0; c < column_count; c++) arena_join(arena, &task.keep[c]);
}

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
