#include "base/dict.h"
#include "base/list.h"
#include "base/rng.h"
#include "base/testing.h"

#include <stdio.h>

static void test_dict(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct dict dict;
    dict_init(&dict, &arena);
    assert_int_equal(dict_find(&dict, STR("a")), DICT_NONE);
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 10000; i++) {
            char text[16];
            int length = snprintf(text, sizeof text, "%u", i * 7919);
            assert_int_equal(dict_put(&dict, (struct str){text, (size_t)length}), i);
        }
    }
    assert_int_equal(dict.count, 10000);
    assert_str_is(dict_text(&dict, 3), "23757");
    assert_int_equal(dict_find(&dict, STR("23757")), 3);
    arena_free(&arena);
}

static void test_map(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct u64_map map;
    u64_map_init(&map, &arena);
    for (uint64_t i = 0; i < 5000; i++) u64_map_put(&map, i << 40, (uint32_t)i);
    u64_map_put(&map, 7ull << 40, 99);
    assert_int_equal(map.count, 5000);
    assert_int_equal(u64_map_find(&map, 7ull << 40), 99);
    assert_int_equal(u64_map_find(&map, 4999ull << 40), 4999);
    assert_int_equal(u64_map_find(&map, 1), DICT_NONE);
    arena_free(&arena);
}

static void test_arena(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct rng rng = rng_seed(1);
    LIST(unsigned char *) pieces = {0};
    for (size_t i = 0; i < 3000; i++) {
        size_t size = rng_below(&rng, 100) == 0 ? 100000 : rng_below(&rng, 200);
        unsigned char *piece = arena_alloc(&arena, size + 1);
        assert_int_equal((uintptr_t)piece % 16, 0);
        for (size_t j = 0; j <= size; j++) assert_int_equal(piece[j], 0);
        memset(piece, (int)(i % 250) + 1, size + 1);
        *list_push(&arena, &pieces) = piece;
    }
    for (size_t i = 0; i < pieces.count; i++) assert_int_equal(pieces.items[i][0], i % 250 + 1);
    arena_reset(&arena);
    assert_int_equal(*(unsigned char *)arena_alloc(&arena, 64), 0);
    arena_free(&arena);
}

static void test_arena_join(void **state)
{
    (void)state;
    struct arena arena = {0}, other = {0}, empty = {0};
    char *mine = arena_copy(&arena, "mine", 5);
    char *small = arena_copy(&other, "small", 6);
    char *large = arena_alloc(&other, 300000);
    large[299999] = 'x';
    size_t bytes = arena.bytes + other.bytes;
    arena_join(&arena, &other);
    arena_join(&arena, &empty);
    assert_null(other.chunks);
    assert_int_equal(arena.bytes, bytes);
    assert_string_equal(mine, "mine");
    assert_string_equal(small, "small");
    assert_int_equal(large[299999], 'x');
    arena_join(&empty, &arena);
    assert_string_equal(small, "small");
    arena_free(&empty);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dict),
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_arena),
        cmocka_unit_test(test_arena_join),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
