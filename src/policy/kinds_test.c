#include "base/testing.h"

#include "base/dict.h"
#include "base/rng.h"
#include "policy/kinds.h"

/* Kinds beside a table of whole rows: many pieces, keys beyond 64 bits, columns of each width. */

enum { ROWS = 2 * KINDS_PIECE_ROWS + 777, COLUMNS_MAX = 12 };

struct table {
    struct kind_column columns[COLUMNS_MAX];
    uint32_t values[COLUMNS_MAX][ROWS]; /* classes */
    size_t count;
};

/* Classes below `most`; a column that goes by classes says each of them in some ways. */
static void add_column(struct arena *arena, struct rng *rng, uint32_t most, uint32_t width,
                       bool classes, struct table *table)
{
    enum { WAYS = 3 };
    uint32_t codes = classes ? most * WAYS : most;
    struct kind_column *column = &table->columns[table->count];
    uint8_t *bytes = arena_array(arena, uint8_t, ROWS);
    uint16_t *pairs = arena_array(arena, uint16_t, ROWS);
    uint32_t *words = arena_array(arena, uint32_t, ROWS);
    uint32_t *of = arena_array(arena, uint32_t, classes ? codes : 0);
    for (uint32_t c = 0; classes && c < codes; c++) of[c] = c % most;
    for (size_t r = 0; r < ROWS; r++) {
        /* Half of the rows are like the one 1,000 before them. */
        bool like = table->count > 0 ? r % 2 == 0 && r >= 1000 : r >= 1000;
        words[r] = like ? words[r - 1000] : rng_below(rng, codes);
        bytes[r] = (uint8_t)words[r];
        pairs[r] = (uint16_t)words[r];
        table->values[table->count][r] = classes ? of[words[r]] : words[r];
    }
    const void *by_width[] = {NULL, bytes, pairs, NULL, words};
    *column = (struct kind_column){by_width[width], width, classes ? of : NULL, most};
    table->count++;
}

static void compare(struct arena *arena, const struct table *table, const struct kinds *kinds)
{
    struct dict dict;
    dict_init(&dict, arena);
    for (size_t r = 0; r < ROWS; r++) {
        uint32_t row[COLUMNS_MAX] = {0}, before = dict.count;
        for (size_t c = 0; c < table->count; c++) row[c] = table->values[c][r];
        uint32_t number = dict_put(&dict, (struct str){(const char *)row, sizeof row});
        assert_int_equal(kinds->kind_of[r], number);
        if (number == before) assert_int_equal(kinds->rows[number], r);
    }
    assert_int_equal(kinds->count, dict.count);
}

static void kinds_are_those_of_whole_rows(void **state)
{
    static const struct {
        uint32_t most, width;
        bool classes;
    } tables[][COLUMNS_MAX] = {
        {{3, 1, false}, {5, 1, true}, {1, 1, false}},
        {{200, 1, false}, {3000, 2, true}, {60000, 2, false}, {7, 4, true}},
        {{1u << 31, 4, false},
         {1u << 31, 4, false},
         {1u << 15, 4, true},
         {9, 1, false},
         {1u << 30, 4, false},
         {60000, 2, false},
         {2, 1, true}},
    };
    (void)state;
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++) {
        for (size_t threads = 1; threads <= 3; threads += 2) {
            struct arena arena = {0};
            struct table *table = arena_new(&arena, struct table);
            struct rng rng = rng_branch(7, t);
            struct kinds kinds;
            for (size_t c = 0; tables[t][c].most > 0; c++) {
                add_column(&arena, &rng, tables[t][c].most, tables[t][c].width,
                           tables[t][c].classes, table);
            }
            assert_true(
                kinds_find(&arena, table->columns, table->count, ROWS, threads, SIZE_MAX, &kinds));
            compare(&arena, table, &kinds);
            assert_true(kinds_find(&arena, table->columns, table->count, ROWS, threads,
                                   4 * kinds.count, &kinds));
            assert_false(kinds_find(&arena, table->columns, table->count, ROWS, threads,
                                    kinds.count - 1, &kinds));
            arena_free(&arena);
        }
    }
}

static void no_rows_and_no_columns(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct kinds kinds;
    assert_true(kinds_find(&arena, NULL, 0, 0, 2, SIZE_MAX, &kinds));
    assert_int_equal(kinds.count, 0);
    assert_true(kinds_find(&arena, NULL, 0, 5, 2, SIZE_MAX, &kinds));
    assert_int_equal(kinds.count, 1);
    assert_int_equal(kinds.kind_of[4], 0);
    arena_free(&arena);
}

static void codes_keep_what_counts(void **state)
{
    (void)state;
    struct arena arena = {0};
    const uint8_t states[] = {POLICY_KNOWN,   POLICY_STALE, POLICY_KNOWN, POLICY_MISSING,
                              POLICY_MISSING, POLICY_KNOWN, POLICY_KNOWN};
    const int64_t values[] = {4, 4, -70000, 6, 6, 4, 70000};
    const uint64_t open[] = {0, 0, 0, 1, 0, 8, 0};
    const uint32_t wanted[] = {0, 1, 2, 1, 1, 0, 3}, with_open[] = {0, 1, 2, 3, 1, 0, 4};
    struct policy_rows rows = {.count = 7, .columns[2] = {states, values}};
    struct policy_column column;
    struct policy_codes codes;
    for (int turn = 0; turn < 2; turn++) {
        kinds_code(&arena, &rows, 2, turn == 0 ? NULL : open, &column, &codes);
        const uint32_t *by_row = codes.by_row;
        assert_int_equal(codes.width, 4);
        assert_int_equal(codes.count, turn == 0 ? 4 : 5);
        for (size_t r = 0; r < rows.count; r++) {
            assert_int_equal(by_row[r], turn == 0 ? wanted[r] : with_open[r]);
            bool known = column.states[by_row[r]] == POLICY_KNOWN;
            assert_int_equal(known, states[r] == POLICY_KNOWN);
            if (known) assert_int_equal(column.values[by_row[r]], values[r]);
        }
    }
    assert_int_equal(column.values[3], 6);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_are_those_of_whole_rows),
        cmocka_unit_test(no_rows_and_no_columns),
        cmocka_unit_test(codes_keep_what_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
