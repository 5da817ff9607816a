#include "base/csv.h"
#include "base/testing.h"

/* Reads all rows and joins them: cells with "|", rows with "/". */
static struct str read_all(struct arena *arena, const char *text, char separator, struct err *err)
{
    struct csv_reader reader;
    struct csv_row row;
    struct text out;
    bool more = true;
    text_init(&out, arena, 4096);
    csv_open(&reader, str_from(text), separator);
    while (csv_next(&reader, arena, &row, &more, err) && more) {
        for (size_t i = 0; i < row.count; i++) {
            if (i > 0) text_add_byte(&out, '|');
            text_add(&out, row.cells[i]);
        }
        text_add_byte(&out, '/');
    }
    return text_str(&out);
}

static void test_rows(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", ""},
        {"a,b\n1,2\n", "a|b/1|2/"},
        {"a,b\r\n1,2\r\n", "a|b/1|2/"},
        {"a,b\r1,2", "a|b/1|2/"},
        {"\xEF\xBB\xBF姓名,号\n王,1\n", "姓名|号/王|1/"},
        {"a;b;c\n1;2;3\n", "a|b|c/1|2|3/"},
        {"a\tb\n1\t2\n", "a|b/1|2/"},
        {"a, b, c\n1, 2, 3\n", "a|b|c/1|2|3/"},
        {"a,b\n\"x,y\",2\n", "a|b/x,y|2/"},
        {"a,b\n\"say \"\"hi\"\"\",2\n", "a|b/say \"hi\"|2/"},
        {"a,b\n\"two\nlines\",2\n", "a|b/two\nlines|2/"},
        {"a,b\n\"x\" y,2\n", "a|b/x y|2/"},
        {"a,b\n,\n", "a|b/|/"},
        {"a,b\n\n1,2", "a|b//1|2/"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err err = ERR_INIT;
        struct str got = read_all(&arena, cases[i].text, 0, &err);
        assert_int_equal(err.kind, ERR_NONE);
        assert_string_equal(got.ptr, cases[i].want);
    }
    arena_free(&arena);
}

static void test_lines_and_errors(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct csv_reader reader;
    struct csv_row row;
    bool more;
    csv_open(&reader, STR("a,b\n\"x\ny\",1\nq,\"open\n\n"), ',');
    assert_true(csv_next(&reader, &arena, &row, &more, &err));
    assert_true(csv_next(&reader, &arena, &row, &more, &err));
    assert_int_equal(reader.line, 2);
    assert_false(csv_next(&reader, &arena, &row, &more, &err));
    assert_int_equal(reader.line, 4);
    assert_int_equal(err.kind, ERR_INPUT);
    assert_non_null(strstr(err.en, "line 4"));
    assert_non_null(strstr(err.zh, "第 4 行"));

    char *big = arena_alloc(&arena, CSV_CELL_BYTES_MAX + 3);
    memset(big, 'x', CSV_CELL_BYTES_MAX + 2);
    assert_int_equal(read_all(&arena, big, ',', &err).len, 0);
    assert_int_equal(err.kind, ERR_LIMIT);
    arena_free(&arena);
}

static void test_put(void **state)
{
    (void)state;
    static const struct {
        const char *cell, *want;
    } cases[] = {
        {"", ""},          {"王小明", "王小明"},     {"a,b", "\"a,b\""},   {"a\"b", "\"a\"\"b\""},
        {"=1+1", "'=1+1"}, {"-12.5", "-12.5"},       {"-cmd", "'-cmd"},    {"+86", "+86"},
        {"@x", "'@x"},     {" blank", "\" blank\""}, {"a\nb", "\"a\nb\""},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text out;
        text_init(&out, &arena, 100);
        csv_put(&out, str_from(cases[i].cell), true);
        assert_string_equal(out.ptr, cases[i].want);
    }
    arena_free(&arena);
}

/* A row is its cells put one by one: of all lengths, with each byte at each place. */
static void test_put_row(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct text row, cells;
    text_init(&row, &arena, 1000);
    text_init(&cells, &arena, 1000);
    for (size_t len = 0; len <= 20; len++) {
        for (size_t at = 0; at < len + (len == 0); at++) {
            for (int byte = 1; byte < 256; byte++) {
                char cell[20];
                memset(cell, 'x', sizeof cell);
                if (len > 0) cell[at] = (char)byte;
                struct str put[3] = {STR("王小明"), {cell, len}, STR("-7")};
                size_t count = byte % 3 == 0 ? 2 : 3;
                text_clear(&row);
                text_clear(&cells);
                csv_put_row(&row, put, count);
                for (size_t i = 0; i < count; i++) csv_put(&cells, put[i], i == 0);
                text_add_byte(&cells, '\n');
                assert_string_equal(row.ptr, cells.ptr);
            }
        }
    }
    text_init(&row, &arena, 10);
    csv_put_row(&row, (struct str[]){STR("123456"), STR("12345")}, 2);
    assert_true(row.cut);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_lines_and_errors),
        cmocka_unit_test(test_put),
        cmocka_unit_test(test_put_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
