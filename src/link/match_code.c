#include "link/match_code_internal.h"

#include "base/dict.h"
#include "base/prefetch.h"

#include <string.h>

/* A table of a million texts misses the caches at each step from hash to slot to text. So each
 * column has many small tables, by the upper bits of the hash, that stay in the second-level cache
 * while the cells that belong there pass, and that threads can work on side by side. Cells are put
 * in order of parts as soon as they are read, and wait until there are so many that going through
 * the parts pays. Of a column with few texts they need not wait: its tables stay in the cache
 * anyway. */

enum {
    SLOTS_FIRST = 64,
    WAVE_CELLS = 3 << 18,
    FEW_TEXTS = 1 << 14,
    POOL_BYTES = 1 << 20,
    AHEAD = 8,
};

/* The texts that so many slots are for. */
static size_t room_of(size_t slot_count)
{
    return slot_count / 4 * 3;
}

struct match_coder *match_coder_open(struct arena *arena, size_t column_count, size_t row_max,
                                     size_t wave_cells, size_t skipped, size_t counted)
{
    struct match_coder *coder = arena_new(arena, struct match_coder);
    *coder = (struct match_coder){.column_count = column_count,
                                  .row_max = row_max,
                                  .skipped = skipped,
                                  .counted = counted,
                                  .wave_cells = wave_cells == 0 ? WAVE_CELLS : wave_cells,
                                  .arena = arena};
    coder->columns = arena_array(arena, struct coding, column_count);
    for (size_t c = 0; c < column_count; c++) {
        if (c == skipped) continue;
        coder->columns[c].values = arena_room(arena, uint32_t, row_max);
    }
    coder->contents = arena_room(arena, uint64_t, row_max);
    return coder;
}

/* Room of any content, until pool_reset. */
static void *pool_take(struct code_place *place, size_t size)
{
    struct code_pool *pool = &place->pool;
    size = (size + 15) / 16 * 16;
    if (size > POOL_BYTES / 4) return arena_room(&pool->large, unsigned char, size);
    if (pool->left < size) {
        if (pool->at == pool->blocks.count) {
            *list_push(&place->blocks, &pool->blocks) =
                arena_room(&place->blocks, unsigned char, POOL_BYTES);
        }
        pool->at++;
        pool->left = POOL_BYTES;
    }
    void *piece = pool->blocks.items[pool->at - 1] + (POOL_BYTES - pool->left);
    pool->left -= size;
    return piece;
}

static void pool_reset(struct code_place *place)
{
    place->pool.at = place->pool.left = 0;
    arena_free(&place->pool.large);
}

/* Room of any content for this many words, a power of two. */
static void *take_table(struct code_place *place, size_t words)
{
    struct outgrown **list = &place->outgrown[__builtin_ctzll(words)], *table = *list;
    if (table == NULL) return arena_room(&place->tables, uint64_t, words);
    *list = table->next;
    return table;
}

static void leave_table(struct code_place *place, void *table, size_t words)
{
    struct outgrown **list = &place->outgrown[__builtin_ctzll(words)], *left = table;
    left->next = *list;
    *list = left;
}

/* Makes a part ready for this many texts: at most three slots in four are taken. Slots are written
 * at once even where they are zero: of a page that is read before it is written the system has to
 * tell all cores. */
static void grow(struct code_place *place, struct code_part *part, size_t wish)
{
    struct code_part bigger = *part;
    bigger.slot_count = SLOTS_FIRST;
    while (room_of(bigger.slot_count) < wish) bigger.slot_count *= 2;
    bigger.slots = take_table(place, bigger.slot_count);
    memset(bigger.slots, 0, bigger.slot_count * sizeof *bigger.slots);
    for (size_t i = 0; i < part->slot_count; i++) {
        if (part->slots[i] == 0) continue;
        size_t at = part->slots[i] >> 32 & (bigger.slot_count - 1);
        while (bigger.slots[at] != 0) at = (at + 1) & (bigger.slot_count - 1);
        bigger.slots[at] = part->slots[i];
    }
    if (part->slot_count > 0) leave_table(place, part->slots, part->slot_count);
    *part = bigger;
}

/* Room for the entry with the next local number. */
static struct code_entry *next_entry(struct code_place *place, struct code_part *part)
{
    uint32_t local = part->count++;
    if (local % CODE_BLOCK_ENTRIES == 0) {
        *list_push(&place->tables, &part->blocks) =
            arena_room(&place->tables, struct code_entry, CODE_BLOCK_ENTRIES);
    }
    return code_entry_at(part, local);
}

/* The local number of a cell, or UINT32_MAX with the slot where it belongs. */
static uint32_t find(const struct code_part *part, const struct match_cell *cell, size_t *slot)
{
    size_t mask = part->slot_count - 1, at = cell->hash & mask;
    uint64_t found;
    for (; (found = part->slots[at]) != 0; at = (at + 1) & mask) {
        if (found >> 32 != cell->hash) continue;
        uint32_t local = (uint32_t)found - 1;
        const struct code_entry *entry = code_entry_at(part, local);
        if (entry->length == cell->length
            && match_words_equal(cell->length, entry->words, cell->words)) {
            return local;
        }
    }
    *slot = at;
    return UINT32_MAX;
}

static size_t part_of(const struct match_cell *cell)
{
    return cell->hash >> CODE_LOCAL_BITS;
}

/* The local number of a cell that may be new, first seen in `row`; UINT32_MAX when no more fit. */
static uint32_t put(struct code_place *place, struct code_part *part, const struct match_cell *cell,
                    size_t row)
{
    size_t slot;
    uint32_t local = find(part, cell, &slot);
    if (local != UINT32_MAX || part->count == CODE_LOCAL_MAX) return local;
    local = part->count;
    struct code_entry *entry = next_entry(place, part);
    memcpy(entry->words, cell->words, sizeof entry->words);
    entry->length = cell->length;
    entry->first_row = (uint32_t)row;
    if (cell->length > MATCH_SHORT_BYTES) {
        char *kept = arena_copy(&place->texts, match_cell_long(cell), cell->length);
        entry->words[1] = (uint64_t)(uintptr_t)kept;
    }
    part->slots[slot] = (uint64_t)cell->hash << 32 | (local + 1);
    return local;
}

/* Looks up what is known already and counts the cells that wait, by part, in starts[part + 1]. */
static uint32_t count_waiting(const struct match_coder *coder, size_t column,
                              const struct match_cell *cells, size_t count, uint32_t *values,
                              uint32_t *starts)
{
    const struct coding *coding = &coder->columns[column];
    bool few = coding->few;
    uint32_t waiting = 0;
    for (size_t r = 0; r < count; r++) {
        const struct match_cell *cell = &cells[r];
        size_t p = part_of(cell), slot;
        if (cell->length == 0 && column != coder->counted) {
            values[r] = CODE_EMPTY;
            continue;
        }
        uint32_t local = few && coding->parts[p].slot_count > 0
                             ? find(&coding->parts[p], cell, &slot)
                             : UINT32_MAX;
        values[r] = CODE_WAITS;
        if (local != UINT32_MAX) {
            values[r] = (uint32_t)p << CODE_LOCAL_BITS | local;
            continue;
        }
        starts[p + 1]++;
        waiting++;
    }
    return waiting;
}

/* Adds what the cells of a column say, in a way of its own for each column. */
static void add_contents(const struct match_cell *cells, size_t count, size_t column,
                         uint64_t *contents)
{
    uint64_t factor = u64_mix(column + 1) | 1;
    for (size_t r = 0; r < count; r++) contents[r] += cells[r].hash * factor;
}

/* Puts the cells that wait in order of parts. Bytes that go with the next read are kept. */
static void fill_run(struct code_place *place, const struct match_chunk *chunk,
                     const struct match_cell *cells, const uint32_t *values, struct code_run *run)
{
    uint32_t ends[CODE_PARTS];
    memcpy(ends, run->starts, sizeof ends);
    for (size_t r = 0; r < chunk->row_count; r++) {
        if (values[r] != CODE_WAITS) continue;
        uint32_t at = ends[part_of(&cells[r])]++;
        struct match_cell *cell = &run->cells[at];
        *cell = cells[r];
        run->rows[at] = (uint32_t)r;
        if (cell->length <= MATCH_SHORT_BYTES) continue;
        const char *bytes = match_cell_long(cell);
        if ((uintptr_t)bytes - (uintptr_t)chunk->lasting.ptr < chunk->lasting.len) continue;
        char *copy = pool_take(place, cell->length);
        memcpy(copy, bytes, cell->length);
        cell->words[1] = (uint64_t)(uintptr_t)copy;
    }
}

void match_coder_take(struct match_coder *coder, size_t number, size_t thread,
                      const struct match_chunk *chunk)
{
    struct code_place *place = &coder->places[thread];
    struct code_chunk *waits = &coder->chunks.items[coder->fresh + number];
    uint64_t *contents = coder->contents + waits->row;
    CHECK(waits->row + chunk->row_count <= coder->row_max);
    memset(contents, 0, chunk->row_count * sizeof *contents);
    for (size_t c = 0; c < coder->column_count; c++) {
        if (c == coder->skipped) continue;
        const struct match_cell *cells = chunk->cells + c * chunk->row_capacity;
        uint32_t *values = coder->columns[c].values + waits->row;
        add_contents(cells, chunk->row_count, c, contents);
        struct code_run *run = &waits->runs[c];
        uint32_t waiting = count_waiting(coder, c, cells, chunk->row_count, values, run->starts);
        if (waiting == 0) continue;
        for (size_t p = 0; p < CODE_PARTS; p++) run->starts[p + 1] += run->starts[p];
        run->cells = pool_take(place, waiting * sizeof *run->cells);
        run->rows = pool_take(place, waiting * sizeof *run->rows);
        run->values = pool_take(place, waiting * sizeof *run->values);
        fill_run(place, chunk, cells, values, run);
    }
    for (size_t r = 0; r < chunk->row_count; r++) contents[r] = u64_mix(contents[r]);
}

/* Room for what a part may still get, judged by how many of the cells so far were new. */
static size_t room_wished(const struct code_part *part, size_t fresh, size_t seen, size_t left)
{
    size_t more = seen == 0 ? 1 : left * fresh / seen;
    return part->count + (more < part->count / 2 ? part->count / 2 : more) + 1;
}

/* Goes through the cells that wait for a part of a column, run by run. */
struct cursor {
    const struct match_cell *cells;
    size_t chunk; /* the next */
    uint32_t at, end;
};

static const struct match_cell *next_cell(const struct match_coder *coder, size_t column,
                                          size_t part, struct cursor *cursor)
{
    while (cursor->at == cursor->end) {
        if (cursor->chunk == coder->chunks.count) return NULL;
        const struct code_run *run = &coder->chunks.items[cursor->chunk++].runs[column];
        cursor->cells = run->cells;
        cursor->at = run->starts[part];
        cursor->end = run->starts[part + 1];
    }
    return &cursor->cells[cursor->at++];
}

/* Asks for what cells to come will touch: the slot, then the entry that it names. */
static void fetch_slot(const struct code_part *part, const struct match_cell *cell)
{
    if (cell == NULL || part->slot_count == 0) return;
    prefetch(&part->slots[cell->hash & (part->slot_count - 1)]);
    if (cell->length > MATCH_SHORT_BYTES) prefetch(match_cell_long(cell));
}

static void fetch_entry(const struct code_part *part, const struct match_cell *cell)
{
    if (cell == NULL || part->slot_count == 0) return;
    uint64_t slot = part->slots[cell->hash & (part->slot_count - 1)];
    if (slot >> 32 == cell->hash) prefetch(code_entry_at(part, (uint32_t)slot - 1));
}

/* Goes through the cells that wait for a part of a column, in order of rows. */
static void code_part(void *context, size_t number, size_t thread)
{
    struct match_coder *coder = context;
    struct code_place *place = &coder->places[thread];
    size_t c = number / CODE_PARTS, p = number % CODE_PARTS, seen = 0, total = 0;
    if (c == coder->skipped) return;
    struct code_part *part = &coder->columns[c].parts[p];
    struct cursor far = {0}, near = {0};
    uint32_t before = part->count;
    for (size_t k = 0; k < coder->chunks.count; k++) {
        const struct code_run *run = &coder->chunks.items[k].runs[c];
        total += run->starts[p + 1] - run->starts[p];
    }
    for (size_t i = 0; i < 2 * AHEAD; i++) fetch_slot(part, next_cell(coder, c, p, &far));
    for (size_t i = 0; i < AHEAD; i++) fetch_entry(part, next_cell(coder, c, p, &near));
    for (size_t k = 0; k < coder->chunks.count; k++) {
        const struct code_chunk *chunk = &coder->chunks.items[k];
        const struct code_run *run = &chunk->runs[c];
        for (uint32_t i = run->starts[p], end = run->starts[p + 1]; i < end; i++, seen++) {
            fetch_slot(part, next_cell(coder, c, p, &far));
            fetch_entry(part, next_cell(coder, c, p, &near));
            if (part->count >= room_of(part->slot_count)) {
                grow(place, part, room_wished(part, part->count - before, seen, total - seen));
            }
            uint32_t local = put(place, part, &run->cells[i], chunk->row + run->rows[i]);
            if (local == UINT32_MAX) {
                __atomic_store_n(&coder->columns[c].full, true, __ATOMIC_RELAXED);
                local = 0;
            }
            run->values[i] = (uint32_t)p << CODE_LOCAL_BITS | local;
        }
    }
}

/* Brings what the parts say back to the rows. */
static void place_chunk(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct match_coder *coder = context;
    const struct code_chunk *chunk = &coder->chunks.items[number];
    for (size_t c = 0; c < coder->column_count; c++) {
        if (c == coder->skipped) continue;
        const struct code_run *run = &chunk->runs[c];
        uint32_t *values = coder->columns[c].values + chunk->row;
        for (uint32_t i = 0; i < run->starts[CODE_PARTS]; i++)
            values[run->rows[i]] = run->values[i];
    }
}

/* All cells that wait find their parts. */
static void code_waiting(struct match_coder *coder, size_t threads)
{
    thread_run(threads, coder->column_count * CODE_PARTS, code_part, coder);
    thread_run(threads, coder->chunks.count, place_chunk, coder);
    for (size_t c = 0; c < coder->column_count; c++) {
        size_t texts = 0;
        for (size_t p = 0; p < CODE_PARTS; p++) texts += coder->columns[c].parts[p].count;
        coder->columns[c].few = texts <= FEW_TEXTS;
    }
    for (size_t t = 0; t < THREADS_MAX; t++) pool_reset(&coder->places[t]);
    arena_free(&coder->wave);
    memset(&coder->chunks, 0, sizeof coder->chunks);
    coder->waiting = coder->fresh = 0;
    coder->begun = true;
}

void match_coder_begin(struct match_coder *coder, const size_t *rows, size_t chunk_count)
{
    CHECK(coder->fresh == coder->chunks.count);
    for (size_t k = 0; k < chunk_count; k++) {
        *list_push(&coder->wave, &coder->chunks) = (struct code_chunk){
            .row = rows[k],
            .runs = arena_array(&coder->wave, struct code_run, coder->column_count)};
    }
}

void match_coder_drop(struct match_coder *coder)
{
    coder->chunks.count = coder->fresh;
}

void match_coder_end(struct match_coder *coder, size_t threads)
{
    for (; coder->fresh < coder->chunks.count; coder->fresh++) {
        for (size_t c = 0; c < coder->column_count; c++) {
            coder->waiting += coder->chunks.items[coder->fresh].runs[c].starts[CODE_PARTS];
        }
    }
    /* The first cells show which columns have few texts. */
    if (!coder->begun || coder->waiting >= coder->wave_cells) code_waiting(coder, threads);
}

static void free_place(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct code_place *place = &((struct match_coder *)context)->places[number];
    arena_free(&place->tables);
    arena_free(&place->blocks);
    arena_free(&place->texts);
}

bool match_coder_close(struct match_coder *coder, size_t threads, size_t row_count,
                       struct link_column *columns, uint64_t **contents, struct err *err)
{
    bool full = false;
    code_waiting(coder, threads);
    coder->out = columns;
    *contents = coder->contents;
    coder->row_count = row_count;
    for (size_t c = 0; c < coder->column_count; c++) full = full || coder->columns[c].full;
    match_number(coder, threads);
    thread_run(threads, THREADS_MAX, free_place, coder);
    return !full
           || err_set(err, ERR_LIMIT, "a column has too many different texts",
                      "有一列的不同取值太多");
}
