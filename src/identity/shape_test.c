#include "base/clock.h"
#include "base/str.h"
#include "base/testing.h"
#include "identity/shape.h"

static void codes_of(const char *pair, uint32_t *a, uint32_t *b)
{
    size_t at = 0;
    assert_true(utf8_next(str_from(pair), &at, a) && utf8_next(str_from(pair), &at, b));
}

/* Pairs that clerks are known to take for each other. */
static void test_known_confusions(void **state)
{
    (void)state;
    static const char *const pairs[] = {
        "己已", "已巳", "己巳", "晓哓", "钰珏", "末未", "戊戌", "戌戍", "戊戍", "炅灵",
        "祎袆", "玟纹", "睿容", "婷停", "佳住", "浩洁", "博搏", "瑄暄", "昊吴", "莹茔",
        "莹萤", "俊峻", "媛援", "杨扬", "妍研", "桦烨", "烨晔", "佑祐", "帅师", "宇字",
        "琪淇", "倩清", "王玉", "土士", "志忠", "辰晨", "丽俪", "琦椅", "文父",
    };
    size_t missed = 0;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        uint32_t a, b;
        codes_of(pairs[i], &a, &b);
        if (!shape_near(a, b)) {
            print_message("%s %d\n", pairs[i], shape_alike(a, b));
            missed++;
        }
    }
    assert_int_equal(missed, 0);
}

static void test_not_alike(void **state)
{
    (void)state;
    static const char *const pairs[] = {"王李", "芳海", "丽明", "一龙", "a王", "小晓", "国华"};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        uint32_t a, b;
        codes_of(pairs[i], &a, &b);
        assert_int_equal(shape_alike(a, b), 0);
        assert_false(shape_near(a, b));
    }
    assert_int_equal(shape_alike(0x738B, 0x738B), 1000);
    assert_int_equal(shape_alike('a', 'a'), 1000);
    assert_false(shape_near(0x738B, 0x738B));
}

/* Alike is mutual, neighbours are near and stand nearest first. */
static void test_properties(void **state)
{
    (void)state;
    size_t pairs = 0;
    for (uint32_t code = 0x3400; code < 0x2D000; code++) {
        uint32_t near[SHAPE_NEIGHBOURS_MAX];
        int count = shape_neighbours(code, near), before = 1000;
        assert_true(count >= 0 && count <= SHAPE_NEIGHBOURS_MAX);
        for (int i = 0; i < count; i++) {
            int alike = shape_alike(code, near[i]);
            assert_true(alike > 0 && alike <= before);
            assert_int_equal(alike, shape_alike(near[i], code));
            before = alike;
        }
        pairs += (size_t)count;
    }
    assert_true(pairs > 80000);
}

/* Far above what is measured, so that a slow machine passes and a wrong algorithm does not. */
static void test_speed(void **state)
{
    (void)state;
    enum { ROUNDS = 1000000 };
    size_t near = 0;
    int64_t start = clock_elapsed_ms();
    for (uint32_t i = 0; i < ROUNDS; i++) {
        near += shape_near(0x4E00 + i % 20000, 0x4E00 + (i * 7) % 20000);
    }
    int64_t spent_ms = clock_elapsed_ms() - start;
    print_message("%d pairs in %d ms\n", ROUNDS, (int)spent_ms);
    assert_true(near < ROUNDS && spent_ms < 4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_confusions),
        cmocka_unit_test(test_not_alike),
        cmocka_unit_test(test_properties),
        cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
