#include "base/arena.h"
#include "base/list.h"
#include "base/testing.h"

#include <stdbool.h>

enum { SMALL = 48, LARGE = 1 << 20 };

static bool is_filled(const unsigned char *piece, size_t size, unsigned char with)
{
    for (size_t i = 0; i < size; i++) {
        if (piece[i] != with) return false;
    }
    return true;
}

static void gives_back_what_is_large(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, SMALL, 1000, 40000, 64 * 1024, 100001, LARGE};
    struct arena arena = {0}, other = {0};
    unsigned char *before = arena_alloc(&arena, SMALL);
    memset(before, 1, SMALL);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *piece = arena_alloc(&arena, sizes[i]);
        assert_true(is_filled(piece, sizes[i], 0));
        memset(piece, 2, sizes[i]);
        unsigned char *after = arena_alloc(&arena, SMALL);
        memset(after, 3, SMALL);
        size_t bytes = arena.bytes;
        arena_give_back(&other, piece, sizes[i]);
        assert_int_equal(arena.bytes, bytes);
        arena_give_back(&arena, piece, sizes[i]);
        if (sizes[i] >= 64 * 1024) assert_true(arena.bytes + sizes[i] <= bytes);
        assert_true(is_filled(before, SMALL, 1));
        assert_true(is_filled(after, SMALL, 3));
    }
    arena_give_back(&arena, NULL, LARGE);
    arena_free(&arena);
    assert_int_equal(arena.bytes, 0);
}

static void a_grown_list_holds_one_copy(void **state)
{
    (void)state;
    enum { COUNT = 300000 };
    struct arena arena = {0};
    LIST(uint64_t) list = {0};
    for (uint64_t i = 0; i < COUNT; i++) *list_push(&arena, &list) = i;
    for (uint64_t i = 0; i < COUNT; i++) assert_int_equal(list.items[i], i);
    assert_true(arena.bytes < list.capacity * sizeof *list.items + 256 * 1024);
    arena_free(&arena);
}

static void starts_afresh_when_reset(void **state)
{
    (void)state;
    struct arena arena = {0}, joined = {0};
    for (int round = 0; round < 3; round++) {
        unsigned char *small = arena_alloc(&arena, SMALL), *large = arena_alloc(&arena, LARGE);
        assert_true(is_filled(small, SMALL, 0));
        assert_true(is_filled(large, LARGE, 0));
        memset(small, 9, SMALL);
        memset(large, 9, LARGE);
        arena_reset(&arena);
    }
    unsigned char *kept = arena_copy(&arena, "abc", 4);
    arena_join(&joined, &arena);
    assert_int_equal(arena.bytes, 0);
    assert_string_equal((char *)kept, "abc");
    arena_free(&joined);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_back_what_is_large),
        cmocka_unit_test(a_grown_list_holds_one_copy),
        cmocka_unit_test(starts_afresh_when_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
