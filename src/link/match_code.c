#include "link/match_code.h"

#include "base/thread.h"
#include "link/engine_internal.h"

#include <stdlib.h>
#include <string.h>

/* A table of a million texts misses the caches at each step from hash to slot to text. So each
 * column has many small tables, by the upper bits of the hash, that stay in the second-level cache
 * while the cells of a wave that belong there pass, and that threads can work on side by side. A
 * text's number is told at the end by counting the first appearances of others before its own. */

enum {
    PART_BITS = 6,
    PARTS = 1 << PART_BITS,
    LOCAL_BITS = 32 - PART_BITS,
    LOCAL_MAX = (1 << LOCAL_BITS) - 2, /* texts of a part */
    RAW_EMPTY = -1,                    /* as uint32_t: no part's local number */
    SLOTS_FIRST = 64,
    ROOM_BYTES_FIRST = 256,
    ROOM_BYTES_MOST = 1 << 13,
    AHEAD = 4,
    REMEMBERED = 256, /* cells of a column, to find repeats by; a power of two */
    TRIAL_ROWS = 2048,
    ROWS_A_TASK = 1 << 14,
    KEY_BYTES = 8,
    FEW = 32,
    DEPTH_MAX = 64,
};

/* Short texts, which most are, need no look at their bytes. */
struct entry {
    uint64_t words[MATCH_WORDS];
    uint32_t length;
    uint32_t first_row; /* at last: its number */
};

enum { ENTRY_SLOTS = 2 }; /* an entry's room a slot, of which there are two */

/* The texts of a column whose hashes share their upper bits. */
struct part {
    uint64_t *slots; /* hash, then local number + 1; 0 is free */
    size_t slot_count;
    struct entry *entries; /* by local number; half as many as slots */
    const char **texts;    /* by local number: the bytes */
    uint32_t count;
    char *room; /* for the bytes of texts */
    size_t room_left, room_size;
};

struct coding {
    struct part parts[PARTS];
    uint32_t *values; /* by row: part and local number, at last the number */
    uint64_t *firsts; /* a bit a row: a text appears there first */
    uint32_t *before; /* by word of firsts: bits in the words before */
    bool full;
};

/* Of a thread: parts are small, and memory of each its own would be mostly empty. */
struct place {
    struct arena tables;
    struct arena texts; /* kept */
    /* Tables outgrown, by the logarithm of their slots: all parts of a column grow at about the
     * same time, and giving memory back to the system while threads run costs all of them. */
    struct outgrown {
        struct outgrown *next;
    } * outgrown[40];
};

struct match_coder {
    struct place places[THREADS_MAX];
    size_t column_count, row_max, skipped, counted;
    struct coding *columns;
    /* The wave at work. */
    const struct match_chunk *chunks;
    size_t chunk_count, row;
    size_t *rows; /* by chunk: its first row */
    uint32_t *
        *repeats; /* by chunk, then column: the row that has the same cell, or the row itself */
    uint32_t **orders; /* by chunk, then column: rows of the chunk that repeat none, by part */
    uint32_t *starts;  /* by chunk, column, part: where the part begins there */
    struct arena wave;
    /* Closing. */
    struct link_column *out;
    size_t row_count;
};

struct match_coder *match_coder_open(struct arena *arena, size_t column_count, size_t row_max,
                                     size_t skipped, size_t counted)
{
    struct match_coder *coder = arena_new(arena, struct match_coder);
    *coder = (struct match_coder){
        .column_count = column_count, .row_max = row_max, .skipped = skipped, .counted = counted};
    coder->columns = arena_array(arena, struct coding, column_count);
    for (size_t c = 0; c < column_count; c++) {
        if (c == skipped) continue;
        coder->columns[c].values = arena_array(arena, uint32_t, row_max);
        coder->columns[c].firsts = arena_array(arena, uint64_t, row_max / 64 + 1);
    }
    return coder;
}

/* Zeroed room for eight bytes a slot. */
static void *take_table(struct place *place, size_t slot_count)
{
    size_t size = slot_count * sizeof(uint64_t);
    struct outgrown **list = &place->outgrown[__builtin_ctzll(slot_count)];
    struct outgrown *table = *list;
    if (table == NULL) return arena_alloc(&place->tables, size);
    *list = table->next;
    return memset(table, 0, size);
}

static void leave_table(struct place *place, void *table, size_t slot_count)
{
    struct outgrown **list = &place->outgrown[__builtin_ctzll(slot_count)], *left = table;
    left->next = *list;
    *list = left;
}

static void grow(struct place *place, struct part *part)
{
    CHECK(sizeof(struct entry) == 2 * ENTRY_SLOTS * sizeof(uint64_t));
    CHECK(sizeof *part->texts == sizeof(uint64_t));
    struct part bigger = *part;
    bigger.slot_count = part->slot_count == 0 ? SLOTS_FIRST : part->slot_count * 2;
    bigger.slots = take_table(place, bigger.slot_count);
    bigger.entries = take_table(place, bigger.slot_count * ENTRY_SLOTS);
    bigger.texts = take_table(place, bigger.slot_count / 2);
    if (part->count > 0) {
        memcpy(bigger.entries, part->entries, part->count * sizeof *part->entries);
        memcpy(bigger.texts, part->texts, part->count * sizeof *part->texts);
    }
    for (size_t i = 0; i < part->slot_count; i++) {
        if (part->slots[i] == 0) continue;
        size_t at = part->slots[i] >> 32 & (bigger.slot_count - 1);
        while (bigger.slots[at] != 0) at = (at + 1) & (bigger.slot_count - 1);
        bigger.slots[at] = part->slots[i];
    }
    if (part->slot_count > 0) {
        leave_table(place, part->slots, part->slot_count);
        leave_table(place, part->entries, part->slot_count * ENTRY_SLOTS);
        leave_table(place, part->texts, part->slot_count / 2);
    }
    *part = bigger;
}

static const char *keep_text(struct place *place, struct part *part, const char *bytes,
                             size_t length)
{
    if (part->room_left <= length) {
        part->room_size = part->room_size == 0 ? ROOM_BYTES_FIRST : part->room_size * 2;
        if (part->room_size > ROOM_BYTES_MOST) part->room_size = ROOM_BYTES_MOST;
        part->room_left = length >= part->room_size ? length + 1 : part->room_size;
        part->room = arena_alloc(&place->texts, part->room_left);
    }
    char *kept = part->room;
    if (length > 0) memcpy(kept, bytes, length);
    /* A zero stays behind it, as memory of an arena is zero. */
    part->room += length + 1;
    part->room_left -= length + 1;
    return kept;
}

/* The local number of a cell; a new one is noted as first seen in `row`. */
static uint32_t put(struct coding *coding, struct place *place, struct part *part,
                    const struct match_cell *cell, size_t row)
{
    if (part->count >= part->slot_count / 2) grow(place, part);
    size_t mask = part->slot_count - 1, at = cell->hash & mask;
    uint64_t slot;
    for (; (slot = part->slots[at]) != 0; at = (at + 1) & mask) {
        if (slot >> 32 != cell->hash) continue;
        uint32_t local = (uint32_t)slot - 1;
        const struct entry *entry = &part->entries[local];
        if (entry->length != cell->length || !match_words_equal(entry->words, cell->words))
            continue;
        if (cell->length <= MATCH_SHORT_BYTES) return local;
        if (memcmp(part->texts[local], cell->ptr, cell->length) == 0) return local;
    }
    if (part->count == LOCAL_MAX) {
        __atomic_store_n(&coding->full, true, __ATOMIC_RELAXED);
        return 0;
    }
    uint32_t local = part->count++;
    part->entries[local] = (struct entry){
        {cell->words[0], cell->words[1], cell->words[2]}, cell->length, (uint32_t)row};
    part->texts[local] = keep_text(place, part, cell->ptr, cell->length);
    part->slots[at] = (uint64_t)cell->hash << 32 | (local + 1);
    __atomic_fetch_or(&coding->firsts[row / 64], 1ull << row % 64, __ATOMIC_RELAXED);
    return local;
}

static size_t part_of(uint32_t hash)
{
    return hash >> LOCAL_BITS;
}

static uint32_t *starts_of(const struct match_coder *coder, size_t chunk, size_t column)
{
    return coder->starts + (chunk * coder->column_count + column) * (PARTS + 1);
}

static bool is_same(const struct match_cell *a, const struct match_cell *b)
{
    if (a->length != b->length || !match_words_equal(a->words, b->words)) return false;
    return a->length <= MATCH_SHORT_BYTES || memcmp(a->ptr, b->ptr, a->length) == 0;
}

/* Most columns say few things: a cell that some of those before it was like needs no table. Gives
 * up on a column that hardly repeats itself. */
static void find_repeats(const struct match_cell *cells, size_t count, uint32_t *repeats)
{
    uint32_t remembered[REMEMBERED] = {0}; /* row + 1 */
    size_t new = 0;
    for (size_t r = 0; r < count; r++) {
        uint32_t *slot = &remembered[cells[r].hash & (REMEMBERED - 1)];
        repeats[r] = (uint32_t)r;
        if (r >= TRIAL_ROWS && new > TRIAL_ROWS / 2) continue;
        if (*slot != 0 && is_same(&cells[*slot - 1], &cells[r])) {
            repeats[r] = *slot - 1;
        } else {
            *slot = (uint32_t)r + 1;
            new += r < TRIAL_ROWS;
        }
    }
}

/* Lists the rows of a chunk by part, for each column. */
static void order_chunk(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct match_coder *coder = context;
    const struct match_chunk *chunk = &coder->chunks[number];
    for (size_t c = 0; c < coder->column_count; c++) {
        if (c == coder->skipped) continue;
        const struct match_cell *cells = chunk->cells + c * chunk->row_capacity;
        uint32_t *starts = starts_of(coder, number, c), sum = 0;
        uint32_t *order = coder->orders[number] + c * chunk->row_count;
        uint32_t *repeats = coder->repeats[number] + c * chunk->row_count;
        find_repeats(cells, chunk->row_count, repeats);
        for (size_t r = 0; r < chunk->row_count; r++) {
            if (repeats[r] == r) starts[part_of(cells[r].hash) + 1]++;
        }
        for (size_t p = 0; p < PARTS; p++) {
            uint32_t here = starts[p + 1];
            starts[p + 1] = sum;
            sum += here;
        }
        /* starts[p + 1] is where part p begins, and after this loop where it ends. */
        for (size_t r = 0; r < chunk->row_count; r++) {
            if (repeats[r] == r) order[starts[part_of(cells[r].hash) + 1]++] = (uint32_t)r;
        }
    }
}

/* Gives rows that repeat another its value. */
static void copy_repeats(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct match_coder *coder = context;
    size_t count = coder->chunks[number].row_count;
    for (size_t c = 0; c < coder->column_count; c++) {
        if (c == coder->skipped) continue;
        uint32_t *values = coder->columns[c].values + coder->rows[number];
        const uint32_t *repeats = coder->repeats[number] + c * count;
        for (size_t r = 0; r < count; r++) values[r] = values[repeats[r]];
    }
}

/* Asks for what cells to come will touch, a step at a time: the slot, then what it points to. */
static void fetch_ahead(const struct part *part, const struct match_cell *cells,
                        const uint32_t *order, size_t left)
{
    size_t mask = part->slot_count - 1;
    if (left > 4 * (size_t)AHEAD) __builtin_prefetch(&cells[order[4 * AHEAD]]);
    if (part->slot_count == 0) return;
    if (left > 3 * (size_t)AHEAD) {
        const struct match_cell *cell = &cells[order[3 * AHEAD]];
        __builtin_prefetch(&part->slots[cell->hash & mask]);
        if (cell->length > MATCH_SHORT_BYTES) __builtin_prefetch(cell->ptr);
    }
    for (size_t step = 2; step >= 1; step--) {
        if (left <= step * AHEAD) continue;
        const struct match_cell *cell = &cells[order[step * AHEAD]];
        uint64_t slot = part->slots[cell->hash & mask];
        if (slot >> 32 != cell->hash || slot == 0) continue;
        uint32_t local = (uint32_t)slot - 1;
        if (step == 2) __builtin_prefetch(&part->entries[local]);
        if (cell->length <= MATCH_SHORT_BYTES) continue;
        if (step == 2) __builtin_prefetch(&part->texts[local]);
        if (step == 1) __builtin_prefetch(part->texts[local]);
    }
}

static void code_part(void *context, size_t number, size_t thread)
{
    struct match_coder *coder = context;
    struct place *place = &coder->places[thread];
    size_t c = number / PARTS, p = number % PARTS;
    if (c == coder->skipped) return;
    struct coding *coding = &coder->columns[c];
    struct part *part = &coding->parts[p];
    for (size_t k = 0; k < coder->chunk_count; k++) {
        const struct match_chunk *chunk = &coder->chunks[k];
        const struct match_cell *cells = chunk->cells + c * chunk->row_capacity;
        const uint32_t *starts = starts_of(coder, k, c);
        const uint32_t *order = coder->orders[k] + c * chunk->row_count;
        for (uint32_t i = starts[p], end = starts[p + 1]; i < end; i++) {
            fetch_ahead(part, cells, order + i, end - i);
            const struct match_cell *cell = &cells[order[i]];
            size_t row = coder->rows[k] + order[i];
            bool empty = cell->length == 0 && c != coder->counted;
            coding->values[row] =
                empty ? (uint32_t)RAW_EMPTY
                      : (uint32_t)p << LOCAL_BITS | put(coding, place, part, cell, row);
        }
    }
}

void match_coder_add(struct match_coder *coder, size_t threads, const struct match_chunk *chunks,
                     size_t chunk_count, size_t row)
{
    coder->chunks = chunks;
    coder->chunk_count = chunk_count;
    coder->rows = arena_array(&coder->wave, size_t, chunk_count);
    coder->repeats = arena_array(&coder->wave, uint32_t *, chunk_count);
    coder->orders = arena_array(&coder->wave, uint32_t *, chunk_count);
    coder->starts =
        arena_array(&coder->wave, uint32_t, chunk_count * coder->column_count * (PARTS + 1));
    for (size_t k = 0; k < chunk_count; k++) {
        coder->rows[k] = row;
        size_t cells = chunks[k].row_count * coder->column_count;
        coder->repeats[k] = arena_array(&coder->wave, uint32_t, cells);
        coder->orders[k] = arena_array(&coder->wave, uint32_t, cells);
        row += chunks[k].row_count;
    }
    CHECK(row <= coder->row_max);
    thread_run(threads, chunk_count, order_chunk, coder);
    thread_run(threads, coder->column_count * PARTS, code_part, coder);
    thread_run(threads, chunk_count, copy_repeats, coder);
    arena_free(&coder->wave);
}

/* Gives each text of a part its number. */
static void number_part(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct match_coder *coder = context;
    size_t c = number / PARTS;
    if (c == coder->skipped) return;
    struct coding *coding = &coder->columns[c];
    struct part *part = &coding->parts[number % PARTS];
    struct str *texts = (struct str *)(uintptr_t)coder->out[c].texts;
    for (uint32_t i = 0; i < part->count; i++) {
        struct entry *entry = &part->entries[i];
        size_t word = entry->first_row / 64;
        uint64_t earlier = coding->firsts[word] & ((1ull << entry->first_row % 64) - 1);
        uint32_t text =
            coding->before[word] + (uint32_t)__builtin_popcountll(earlier) + (c != coder->counted);
        texts[text] = (struct str){part->texts[i], entry->length};
        entry->first_row = text;
    }
}

static void number_rows(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct match_coder *coder = context;
    size_t from = number * ROWS_A_TASK, end = from + ROWS_A_TASK;
    if (end > coder->row_count) end = coder->row_count;
    for (size_t c = 0; c < coder->column_count; c++) {
        if (c == coder->skipped) continue;
        const struct coding *coding = &coder->columns[c];
        for (size_t r = from; r < end; r++) {
            uint32_t raw = coding->values[r];
            if (raw == (uint32_t)RAW_EMPTY) {
                coding->values[r] = 0;
                continue;
            }
            const struct part *part = &coding->parts[raw >> LOCAL_BITS];
            coding->values[r] = part->entries[raw & ((1u << LOCAL_BITS) - 1)].first_row;
        }
    }
}

static void open_column(const struct match_coder *coder, size_t column, struct arena *arena,
                        struct arena *scratch)
{
    struct coding *coding = &coder->columns[column];
    struct link_column *out = &coder->out[column];
    size_t words = coder->row_max / 64 + 1;
    uint32_t count = 0;
    coding->before = arena_array(scratch, uint32_t, words);
    for (size_t w = 0; w < words; w++) {
        coding->before[w] = count;
        count += (uint32_t)__builtin_popcountll(coding->firsts[w]);
    }
    out->text_count = count + (column != coder->counted);
    out->texts = arena_array(arena, struct str, out->text_count);
    out->values = coding->values;
}

bool match_coder_close(struct match_coder *coder, struct arena *arena, size_t threads,
                       size_t row_count, struct link_column *columns, struct err *err)
{
    struct arena scratch = {0};
    bool full = false;
    coder->out = columns;
    coder->row_count = row_count;
    for (size_t c = 0; c < coder->column_count; c++) {
        if (c == coder->skipped) continue;
        open_column(coder, c, arena, &scratch);
        full = full || coder->columns[c].full;
    }
    thread_run(threads, coder->column_count * PARTS, number_part, coder);
    thread_run(threads, (row_count + ROWS_A_TASK - 1) / ROWS_A_TASK, number_rows, coder);
    for (size_t t = 0; t < THREADS_MAX; t++) {
        arena_free(&coder->places[t].tables);
        arena_join(arena, &coder->places[t].texts);
    }
    arena_free(&scratch);
    return !full
           || err_set(err, ERR_LIMIT, "a column has too many different texts",
                      "有一列的不同取值太多");
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
