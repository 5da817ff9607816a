#include "base/csv.h"
#include "base/file.h"
#include "base/rng.h"
#include "base/scan.h"
#include "base/testing.h"
#include "link/match_load.h"
#include "link/match_read.h"

#include <stdio.h>
#include <stdlib.h>

/* Files read in chunks on all threads hold what the reader that goes row by row finds in them. */

enum { ROUNDS = 60, COLUMNS = 4 };

static const struct match_wanted wanted = {
    .names = {{"id", 2}, {"b", 1}, {"a", 1}, {"c", 1}}, .count = COLUMNS, .source = SIZE_MAX};

struct made {
    struct text text;
    struct rng rng;
    bool quotes, odd;
    char separator;
    const char *line_end;
};

static void add_cell(struct made *made, const char *plain)
{
    static const char *const odd[] = {
        "",     " ",          "\"\"", "\"a,b\"",      "\"l1\nl2\"",  "\"x\"\"y\"",
        "p\"q", "\"t\" tail", "\v",   "\xE6\x9D\x8E", "\"\r\n\n\n\""};
    uint32_t pick = rng_below(&made->rng, 40);
    bool take = pick < sizeof odd / sizeof *odd && made->odd;
    if (take && (made->quotes || strchr(odd[pick], '"') == NULL)) plain = odd[pick];
    text_add_c(&made->text, plain);
}

/* A file of some rows; every now and then a row is short, long, or holds nothing. */
static void make_file(struct made *made, uint32_t rows)
{
    text_clear(&made->text);
    if (rng_below(&made->rng, 2) == 0) text_add_c(&made->text, "\xEF\xBB\xBF");
    text_add_f(&made->text, "a%cid%cb%cc%s", made->separator, made->separator, made->separator,
               made->line_end);
    for (uint32_t r = 0; r < rows; r++) {
        char id[32], value[32];
        uint32_t cells = made->odd && rng_below(&made->rng, 50) == 0 ? 2 : 4;
        if (made->odd && rng_below(&made->rng, 60) == 0) text_add_c(&made->text, made->line_end);
        for (uint32_t c = 0; c < cells; c++) {
            if (c > 0) text_add_byte(&made->text, made->separator);
            snprintf(id, sizeof id, "N%u", r);
            snprintf(value, sizeof value, "v%u", rng_below(&made->rng, c == 0 ? 9 : 5000));
            if (c == 1)
                text_add_c(&made->text, id);
            else
                add_cell(made, value);
        }
        bool last = r + 1 == rows && rng_below(&made->rng, 2) == 0;
        if (!last) text_add_c(&made->text, made->line_end);
    }
}

static void check_column(const struct match_table *table, size_t c,
                         const struct link_column *column, size_t first)
{
    for (uint32_t r = 0; r < table->row_count; r++) {
        uint32_t value = column->values[first + r];
        assert_in_range(value, 0, column->text_count - 1);
        assert_true(str_equal(column->texts[value], table->cells[c][r]));
    }
}

/* Numbers go up by first appearance; the empty text is number 0. */
static void check_numbers(const struct link_column *column, size_t rows)
{
    uint32_t next = 1;
    assert_int_equal(column->texts[0].len, 0);
    for (size_t r = 0; r < rows; r++) {
        if (column->values[r] == next) next++;
        assert_in_range(column->values[r], 0, next - 1);
    }
    assert_int_equal(next, column->text_count);
}

static void check_files(struct arena *arena, const char *const *paths, size_t count,
                        const char *simd, size_t chunk_bytes)
{
    struct err err = ERR_INIT;
    struct str places[2] = {str_from(paths[0]), str_from(paths[count - 1])};
    struct match_wish wish = {.wanted = &wanted,
                              .count = count,
                              .paths = paths,
                              .places = places,
                              .simd = simd,
                              .chunk_bytes = chunk_bytes};
    struct match_loaded loaded;
    struct match_table tables[2];
    if (!match_load(arena, &wish, &loaded, &err)) fail_msg("%s", err.en);
    for (size_t f = 0; f < count; f++) {
        assert_true(match_table_read(arena, paths[f], wanted.names, COLUMNS, &tables[f], &err));
        assert_int_equal(loaded.first[f + 1] - loaded.first[f], tables[f].row_count);
        for (uint32_t r = 0; r < tables[f].row_count; r++) {
            assert_true(str_equal(loaded.ids[loaded.first[f] + r], tables[f].cells[0][r]));
        }
        for (size_t c = 1; c < COLUMNS; c++) {
            check_column(&tables[f], c, &loaded.columns[c], loaded.first[f]);
        }
    }
    for (size_t c = 1; c < COLUMNS; c++) check_numbers(&loaded.columns[c], loaded.record_count);
}

static void test_same_rows(void **state)
{
    (void)state;
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    static const char paths[2][32] = {"match_load_left.csv", "match_load_right.csv"};
    const struct scan *variants[SCAN_VARIANTS_MAX];
    size_t variant_count = scan_variants(variants);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct made made = {.rng = rng_branch(11, round), .separator = ",;\t"[round % 3]};
        text_init(&made.text, &arena, SIZE_MAX / 2);
        made.odd = round % 2 == 1;
        made.quotes = round % 4 == 3;
        made.line_end = ends[round / 4 % 3];
        for (size_t f = 0; f < 2; f++) {
            /* Some of several chunks and several waves, most of one. */
            make_file(&made, round % 10 == 3 ? 200000 : 1 + rng_below(&made.rng, 400));
            assert_true(file_write(paths[f], text_str(&made.text), 0600, &err));
        }
        const char *const both[] = {paths[0], paths[1]};
        const char *variant = variants[round % variant_count]->name;
        check_files(&arena, both, 1 + round % 2, variant,
                    round % 3 == 0 ? 0 : 100 + 997 * (round % 7));
        arena_free(&arena);
    }
    remove(paths[0]);
    remove(paths[1]);
}

/* A quoted cell longer than a chunk, full of what looks like rows. */
static void test_long_cell(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct text text;
    const char *path = "match_load_long.csv";
    text_init(&text, &arena, SIZE_MAX / 2);
    text_add_c(&text, "a,id,b,c\n1,A,2,\"");
    for (int i = 0; i < 80000; i++) text_add_c(&text, "x,y,z,w\n");
    text_add_c(&text, "\"\n");
    for (int i = 0; i < 90000; i++) text_add_f(&text, "3,N%d,4,\"5\"\n", i);
    text_add_c(&text, "6,Z,7,8\n");
    assert_true(file_write(path, text_str(&text), 0600, &err));
    check_files(&arena, &path, 1, NULL, 0);
    check_files(&arena, &path, 1, NULL, 5000);
    arena_free(&arena);
    remove(path);
}

/* What is refused is refused with the line where it stands, in whatever chunk. */
static void test_errors(void **state)
{
    (void)state;
    static const struct {
        const char *row, *en;
    } cases[] = {
        {"1,,2,3\n", "match_load_bad.csv: line 90004: the id is empty"},
        {"1,B,2,\"3\n", "match_load_bad.csv: line 90004: a quote is opened and never closed"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct text text;
        struct match_loaded loaded;
        const char *path = "match_load_bad.csv";
        struct str place = str_from(path);
        struct match_wish wish = {.wanted = &wanted, .count = 1, .paths = &path, .places = &place};
        text_init(&text, &arena, SIZE_MAX / 2);
        text_add_c(&text, "a,id,b,c\n1,A,2,\"3\n4\"\n");
        for (int k = 0; k < 90000; k++) text_add_f(&text, "3,N%d,4,5\n", k);
        text_add_c(&text, cases[i].row);
        for (int k = 0; k < 90000; k++) text_add_f(&text, "3,M%d,4,5\n", k);
        assert_true(file_write(path, text_str(&text), 0600, &err));
        assert_false(match_load(&arena, &wish, &loaded, &err));
        assert_int_equal(err.kind, ERR_INPUT);
        assert_string_equal(err.en, cases[i].en);
        arena_free(&arena);
        remove(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_rows),
        cmocka_unit_test(test_long_cell),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
