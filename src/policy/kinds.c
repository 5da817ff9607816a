#include "policy/kinds.h"

#include "base/dict.h"
#include "base/list.h"
#include "base/thread.h"

/* The classes of a row are packed into 64 bits, and equal ones found by hashing: each piece of rows
 * by itself, then all pieces one after the other, so that numbers stand in the order of the rows
 * whatever the number of threads. Columns beyond 64 bits go into further rounds, in which the kinds
 * so far are a column like any other. */

enum { KEY_BITS = 64, BATCH = 1024, SLOTS_FIRST = 1 << 10 };

struct slot {
    uint64_t key;
    uint32_t number; /* from 1; 0: free */
};

struct table {
    struct slot *slots;
    size_t slot_count; /* a power of two; at most half are taken */
    uint32_t count;
    uint32_t *firsts; /* by number - 1: its first row */
    uint64_t *keys;
    size_t capacity; /* of the two */
};

struct piece {
    uint32_t *numbers; /* of its kinds among all */
    uint32_t *firsts;
    uint64_t *keys;
    uint32_t count;
};

struct finding {
    const struct kind_column *columns;
    const unsigned *shifts; /* by column */
    size_t column_count, row_count;
    struct arena *arenas; /* by thread */
    struct table *tables; /* by thread */
    struct piece *pieces;
    uint32_t *kind_of;
};

static size_t slot_of(const struct table *table, uint64_t key)
{
    size_t mask = table->slot_count - 1, at = (key * UINT64_C(0x9E3779B97F4A7C15)) >> 20 & mask;
    while (table->slots[at].number != 0 && table->slots[at].key != key) at = (at + 1) & mask;
    return at;
}

static void grow_table(struct arena *arena, struct table *table)
{
    struct table bigger = *table;
    bigger.slot_count = table->slot_count == 0 ? SLOTS_FIRST : table->slot_count * 2;
    bigger.slots = arena_array(arena, struct slot, bigger.slot_count);
    for (size_t i = 0; i < table->slot_count; i++) {
        if (table->slots[i].number == 0) continue;
        bigger.slots[slot_of(&bigger, table->slots[i].key)] = table->slots[i];
    }
    bigger.capacity = bigger.slot_count / 2;
    bigger.firsts = arena_array(arena, uint32_t, bigger.capacity);
    bigger.keys = arena_array(arena, uint64_t, bigger.capacity);
    if (table->count > 0) {
        memcpy(bigger.firsts, table->firsts, table->count * sizeof *bigger.firsts);
        memcpy(bigger.keys, table->keys, table->count * sizeof *bigger.keys);
    }
    arena_give_back(arena, table->slots, table->slot_count * sizeof *table->slots);
    arena_give_back(arena, table->firsts, table->capacity * sizeof *table->firsts);
    arena_give_back(arena, table->keys, table->capacity * sizeof *table->keys);
    *table = bigger;
}

/* The number of a key, from 0; a new one is noted as first seen in `row`. */
static inline uint32_t put(struct arena *arena, struct table *table, uint64_t key, size_t row)
{
    if (table->count == table->capacity) grow_table(arena, table);
    struct slot *slot = &table->slots[slot_of(table, key)];
    if (slot->number == 0) {
        table->firsts[table->count] = (uint32_t)row;
        table->keys[table->count] = key;
        *slot = (struct slot){key, ++table->count};
    }
    return slot->number - 1;
}

static void clear_table(struct table *table)
{
    table->count = 0;
    if (table->slot_count > 0) memset(table->slots, 0, table->slot_count * sizeof *table->slots);
}

/* Adds a column's classes to the keys of some rows. */
#define ADD_CLASSES(type)                                                                          \
    do {                                                                                           \
        const type *codes = (const type *)column->codes + first;                                   \
        const uint32_t *classes = column->classes;                                                 \
        for (size_t r = 0; classes == NULL && r < count; r++) {                                    \
            keys[r] |= (uint64_t)codes[r] << shift;                                                \
        }                                                                                          \
        for (size_t r = 0; classes != NULL && r < count; r++) {                                    \
            keys[r] |= (uint64_t)classes[codes[r]] << shift;                                       \
        }                                                                                          \
    } while (0)

static void add_classes(const struct kind_column *column, unsigned shift, size_t first,
                        size_t count, uint64_t *keys)
{
    if (column->width == 1)
        ADD_CLASSES(uint8_t);
    else if (column->width == 2)
        ADD_CLASSES(uint16_t);
    else
        ADD_CLASSES(uint32_t);
}

static void find_in_piece(void *context, size_t number, size_t thread)
{
    struct finding *finding = context;
    struct table *table = &finding->tables[thread];
    struct arena *arena = &finding->arenas[thread];
    struct piece *piece = &finding->pieces[number];
    size_t first = number * KINDS_PIECE_ROWS, end = first + KINDS_PIECE_ROWS;
    if (end > finding->row_count) end = finding->row_count;
    clear_table(table);
    for (size_t from = first; from < end; from += BATCH) {
        uint64_t keys[BATCH] = {0};
        size_t count = end - from < BATCH ? end - from : BATCH;
        for (size_t c = 0; c < finding->column_count; c++) {
            add_classes(&finding->columns[c], finding->shifts[c], from, count, keys);
        }
        for (size_t r = 0; r < count; r++) {
            finding->kind_of[from + r] = put(arena, table, keys[r], from + r);
        }
    }
    piece->count = table->count;
    piece->keys = arena_copy(arena, table->keys, table->count * sizeof *piece->keys);
    piece->firsts = arena_copy(arena, table->firsts, table->count * sizeof *piece->firsts);
    piece->numbers = arena_array(arena, uint32_t, table->count);
}

static void number_piece(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct finding *finding = context;
    const uint32_t *numbers = finding->pieces[number].numbers;
    size_t first = number * KINDS_PIECE_ROWS, end = first + KINDS_PIECE_ROWS;
    if (end > finding->row_count) end = finding->row_count;
    for (size_t r = first; r < end; r++) finding->kind_of[r] = numbers[finding->kind_of[r]];
}

/* One round: columns whose classes fit into a key together. */
static bool find_round(struct arena *arena, struct finding *finding, size_t threads, size_t most,
                       struct kinds *out)
{
    struct arena scratch = {0};
    struct table all = {0};
    size_t piece_count = (finding->row_count + KINDS_PIECE_ROWS - 1) / KINDS_PIECE_ROWS, sum = 0;
    finding->arenas = arena_array(&scratch, struct arena, threads);
    finding->tables = arena_array(&scratch, struct table, threads);
    finding->pieces = arena_array(&scratch, struct piece, piece_count);
    thread_run(threads, piece_count, find_in_piece, finding);
    for (size_t p = 0; p < piece_count; p++) sum += finding->pieces[p].count;
    for (size_t p = 0; sum <= most && p < piece_count; p++) {
        struct piece *piece = &finding->pieces[p];
        for (uint32_t k = 0; k < piece->count; k++) {
            piece->numbers[k] = put(&scratch, &all, piece->keys[k], piece->firsts[k]);
        }
    }
    if (sum <= most) {
        thread_run(threads, piece_count, number_piece, finding);
        *out = (struct kinds){finding->kind_of, NULL, all.count};
        out->rows = arena_copy(arena, all.firsts, all.count * sizeof *all.firsts);
    }
    for (size_t t = 0; t < threads; t++) arena_free(&finding->arenas[t]);
    arena_free(&scratch);
    return sum <= most;
}

/* Bits that hold numbers below `count`. */
static unsigned bits_of(uint32_t count)
{
    return count <= 1 ? 0 : 32 - (unsigned)__builtin_clz(count - 1);
}

bool kinds_find(struct arena *arena, const struct kind_column *columns, size_t column_count,
                size_t row_count, size_t threads, size_t most, struct kinds *out)
{
    struct arena scratch = {0};
    struct kind_column *round = arena_array(&scratch, struct kind_column, column_count + 1);
    unsigned *shifts = arena_array(&scratch, unsigned, column_count + 1), used = 0;
    size_t next = 0, taken = 0;
    bool good = true;
    struct kinds kinds = {arena_array(arena, uint32_t, row_count), NULL, 0};
    CHECK(row_count < UINT32_MAX);
    if (threads == 0) threads = thread_count_default();
    do {
        for (; next < column_count; next++, taken++) {
            unsigned bits = bits_of(columns[next].class_count);
            if (used + bits > KEY_BITS) break;
            round[taken] = columns[next];
            shifts[taken] = used < KEY_BITS ? used : 0;
            used += bits;
        }
        struct finding finding = {.columns = round,
                                  .shifts = shifts,
                                  .column_count = taken,
                                  .row_count = row_count,
                                  .kind_of = kinds.kind_of};
        good = find_round(arena, &finding, threads, most, &kinds);
        round[0] =
            (struct kind_column){kinds.kind_of, sizeof *kinds.kind_of, NULL, (uint32_t)kinds.count};
        used = bits_of((uint32_t)kinds.count);
        taken = 1;
    } while (good && next < column_count);
    arena_free(&scratch);
    if (good) *out = kinds;
    return good;
}

enum { SMALL = 256 };

struct coder {
    uint32_t small[2][SMALL]; /* by whether it is known, and value: code + 1 */
    struct u64_map others[2];
    LIST(uint8_t) states;
    LIST(int64_t) values;
};

static uint32_t code_of(struct arena *arena, struct coder *coder, bool known, int64_t value)
{
    uint32_t next = (uint32_t)coder->states.count, code;
    bool small = value >= 0 && value < SMALL;
    code = small ? coder->small[known][value] - 1
                 : u64_map_find(&coder->others[known], (uint64_t)value);
    if (code != DICT_NONE) return code;
    *list_push(arena, &coder->states) = known ? POLICY_KNOWN : POLICY_MISSING;
    *list_push(arena, &coder->values) = value;
    if (small)
        coder->small[known][value] = next + 1;
    else
        u64_map_put(&coder->others[known], (uint64_t)value, next);
    return next;
}

void kinds_code(struct arena *arena, const struct policy_rows *rows, uint16_t input,
                const uint64_t *open, struct policy_column *column, struct policy_codes *codes)
{
    struct coder *coder = arena_new(arena, struct coder);
    uint32_t *by_row = arena_array(arena, uint32_t, rows->count), last = 0;
    bool last_known = false;
    int64_t last_value = 0;
    for (int known = 0; known < 2; known++) u64_map_init(&coder->others[known], arena);
    for (size_t r = 0; r < rows->count; r++) {
        size_t place = policy_place_in(rows, input, r);
        bool known = policy_state_of(rows, input, r) == POLICY_KNOWN;
        bool counts = known || (open != NULL && open[r] != 0);
        const int64_t *values = rows->columns[input].values;
        int64_t value = counts && values != NULL ? values[place] : 0;
        if (r == 0 || known != last_known || value != last_value) {
            last = code_of(arena, coder, known, value);
            last_known = known;
            last_value = value;
        }
        by_row[r] = last;
    }
    *column = (struct policy_column){coder->states.items, coder->values.items};
    *codes = (struct policy_codes){by_row, sizeof *by_row, (uint32_t)coder->states.count};
}
