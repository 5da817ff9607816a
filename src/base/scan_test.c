#include "base/rng.h"
#include "base/scan.h"
#include "base/testing.h"

#include <string.h>

/* Every variant that the machine offers against the plainest one can think of. */

enum { SIZE_MOST = 400, ROUNDS = 3000 };

static bool marked(const uint64_t *marks, size_t i)
{
    return (marks[i / 64] >> (i % 64) & 1) != 0;
}

static void check_marks(const struct scan *scan, const char *bytes, size_t blocks, char separator)
{
    uint64_t cells[SIZE_MOST / 64 + 1], lines[SIZE_MOST / 64 + 1];
    scan->csv_marks(bytes, blocks, separator, cells, lines);
    for (size_t i = 0; i < blocks * 64; i++) {
        assert_int_equal(marked(cells, i), bytes[i] == separator);
        assert_int_equal(marked(lines, i), bytes[i] == '\n' || bytes[i] == '\r');
    }
}

static void test_marks(void **state)
{
    (void)state;
    static const char few[] = ",\n\r\";\t| a\xE5\x80\xFF\x0B\x0D\x2B\x2D\x8A\xAC";
    const struct scan *variants[SCAN_VARIANTS_MAX];
    size_t count = scan_variants(variants);
    struct rng rng = rng_branch(7, 0);
    for (int round = 0; round < ROUNDS; round++) {
        char bytes[SIZE_MOST];
        for (size_t i = 0; i < sizeof bytes; i++) {
            bytes[i] =
                round % 2 == 0 ? (char)rng_below(&rng, 256) : few[rng_below(&rng, sizeof few - 1)];
        }
        size_t from = rng_below(&rng, 60);
        char separator = ",;\t|"[rng_below(&rng, 4)];
        for (size_t v = 0; v < count; v++) check_marks(variants[v], bytes + from, 5, separator);
    }
}

/* As the standard's table 3-7 has it, byte by byte. */
static size_t character_length(const unsigned char *at, size_t left)
{
    static const struct {
        unsigned char first_least, first_most, second_least, second_most, length;
    } rows[] = {{0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
                {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3},
                {0xEE, 0xEF, 0x80, 0xBF, 3}, {0xF0, 0xF0, 0x90, 0xBF, 4},
                {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
    if (at[0] < 0x80) return 1;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (at[0] < rows[i].first_least || at[0] > rows[i].first_most) continue;
        if (left < rows[i].length) return 0;
        if (at[1] < rows[i].second_least || at[1] > rows[i].second_most) return 0;
        for (size_t k = 2; k < rows[i].length; k++) {
            if (at[k] < 0x80 || at[k] > 0xBF) return 0;
        }
        return rows[i].length;
    }
    return 0;
}

static bool naive_valid(const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        size_t length = character_length((const unsigned char *)bytes + at, size - at);
        if (length == 0) return false;
        at += length;
    }
    return true;
}

static void check_valid(const char *bytes, size_t size)
{
    const struct scan *variants[SCAN_VARIANTS_MAX];
    size_t count = scan_variants(variants);
    bool good = naive_valid(bytes, size);
    for (size_t v = 0; v < count; v++) {
        assert_int_equal(variants[v]->utf8_valid(bytes, size), good);
    }
    assert_int_equal(utf8_valid((struct str){bytes, size}), good);
}

/* Every pair of bytes, and every second and third behind each first, at every place around the ends
 * of the blocks that the variants work by. */
static void test_utf8_sequences(void **state)
{
    (void)state;
    static const unsigned char tails[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                          0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0xFF};
    static const size_t places[] = {0, 13, 29, 30, 31, 61, 62, 63};
    char bytes[96];
    for (unsigned first = 0; first < 256; first++) {
        for (unsigned second = 0; second < 256; second += first < 0xC0 ? 17 : 1) {
            for (size_t t = 0; t < sizeof tails * sizeof tails; t++) {
                size_t place = places[t % 8];
                memset(bytes, 'a', sizeof bytes);
                bytes[place] = (char)first;
                bytes[place + 1] = (char)second;
                bytes[place + 2] = (char)tails[t % sizeof tails];
                bytes[place + 3] = (char)tails[t / sizeof tails];
                check_valid(bytes, t % 3 == 0 ? sizeof bytes : place + 1 + t % 4);
            }
        }
    }
}

/* Good text of all lengths of characters, then with one byte changed, cut off or put in. */
static void test_utf8_random(void **state)
{
    (void)state;
    static const char *const good[] = {"a",
                                       "Z",
                                       "\xC3\xA9",
                                       "\xE4\xB8\xAD",
                                       "\xE6\x9D\x8E",
                                       "\xEF\xBF\xBD",
                                       "\xED\x9F\xBF",
                                       "\xF0\xA0\x80\x80",
                                       "\xF4\x8F\xBF\xBF",
                                       "0123456789abcdef0123456789abcdef"};
    struct rng rng = rng_branch(8, 0);
    for (int round = 0; round < ROUNDS * 10; round++) {
        char bytes[SIZE_MOST];
        size_t size = 0, most = rng_below(&rng, SIZE_MOST - 40);
        uint32_t kinds = 1 + rng_below(&rng, sizeof good / sizeof *good);
        while (size < most) {
            const char *next = good[rng_below(&rng, kinds)];
            memcpy(bytes + size, next, strlen(next));
            size += strlen(next);
        }
        check_valid(bytes, size);
        if (size == 0) continue;
        size_t place = rng_below(&rng, (uint32_t)size);
        check_valid(bytes, place);
        check_valid(bytes + place, size - place);
        bytes[place] = (char)rng_below(&rng, 256);
        check_valid(bytes, size);
    }
}

static void test_choice(void **state)
{
    (void)state;
    const struct scan *variants[SCAN_VARIANTS_MAX], *chosen = NULL;
    size_t count = scan_variants(variants);
    struct err err = {0};
    for (size_t v = 0; v < count; v++) {
        assert_true(scan_choose(variants[v]->name, &chosen, &err));
        assert_ptr_equal(chosen, variants[v]);
    }
    assert_false(scan_choose("abacus", &chosen, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    assert_true(scan_choose("", &chosen, &err));
    assert_ptr_equal(chosen, variants[count - 1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_utf8_sequences),
        cmocka_unit_test(test_utf8_random),
        cmocka_unit_test(test_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
