#include "base/paper.h"
#include "base/testing.h"

#include <stdlib.h>

static struct str made(struct arena *arena, int paragraphs, struct str text, int *pages)
{
    struct str pdf = STR_EMPTY;
    struct err err = ERR_INIT;
    day on;
    assert_true(day_parse(STR("2020-11-25"), &on));
    struct paper *paper = paper_new(arena, STR("告知书"), on);
    paper_add(paper, PAPER_TITLE, 0, STR("告知书"));
    paper_pair(paper, STR("姓名"), text);
    paper_rule(paper);
    for (int i = 0; i < paragraphs; i++) paper_add(paper, PAPER_TEXT, i % 12, text);
    paper_room(paper);
    if (!paper_pdf(paper, &pdf, &err)) fail_msg("%s", err.en);
    assert_true(str_starts(pdf, STR("%PDF-")));
    assert_true(str_find(pdf, STR("20201125")) != SIZE_MAX);
    *pages = paper_pages(paper);
    return pdf;
}

static void test_same_bytes(void **state)
{
    (void)state;
    struct arena arena = {0};
    int pages;
    struct str first = made(&arena, 5, STR("寄宿生生活补助 boarding subsidy 625.00 元"), &pages);
    assert_int_equal(pages, 1);
    struct str again = made(&arena, 5, STR("寄宿生生活补助 boarding subsidy 625.00 元"), &pages);
    assert_true(str_equal(first, again));
    arena_free(&arena);
}

static void test_pages(void **state)
{
    (void)state;
    struct arena arena = {0};
    int pages;
    made(&arena, 45, STR("一行"), &pages);
    assert_int_equal(pages, 1);
    made(&arena, 65, STR("一行"), &pages);
    assert_int_equal(pages, 1);
    made(&arena, 200, STR("一行"), &pages);
    assert_in_range(pages, 2, 6);
    arena_free(&arena);
}

/* A document of many pages keeps its size, and a picture stays together. */
static void test_bars(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct str pdf;
    int pages[2];
    static const struct paper_bar bars[] = {{{"会宁县", 9}, {"12 人", 6}, 1000000},
                                            {{"靖远县", 9}, {"\xFF", 1}, 2000000},
                                            {{"", 0}, {"", 0}, 0}};
    for (int keep = 0; keep < 2; keep++) {
        struct paper *paper = paper_new(&arena, STR("报告"), DAY_NONE);
        if (keep) paper_keep_size(paper);
        for (int i = 0; i < 19; i++) paper_bars(paper, bars, 3);
        assert_true(paper_pdf(paper, &pdf, &err));
        assert_true(str_starts(pdf, STR("%PDF-")));
        pages[keep] = paper_pages(paper);
    }
    assert_int_equal(pages[0], 1);
    assert_int_equal(pages[1], 2);
    arena_free(&arena);
}

/* Rare, private, unassigned and broken characters come out somehow. */
static void test_odd(void **state)
{
    (void)state;
    struct arena arena = {0};
    int pages;
    static const char *const odd[] = {"",
                                      "\xF0\xA0\xAE\xB7\xF0\xAC\xBA\x93\xF0\xB0\x80\x80",
                                      "\xEE\x80\x80\xEF\xBF\xBF",
                                      "\xFF\xFE\xC0\x80",
                                      "a\nb\tc\x01\x7F",
                                      "\xE2\x80\xAE\xD8\xA7\xD9\x84",
                                      "\xF3\xB0\x80\x80\xF4\x8F\xBF\xBF"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        made(&arena, 2, str_from(odd[i]), &pages);
        assert_int_equal(pages, 1);
    }
    char *wide = arena_alloc(&arena, 2001);
    memset(wide, 'w', 2000);
    made(&arena, 1, str_from(wide), &pages);
    assert_in_range(pages, 1, 4);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_bars),
        cmocka_unit_test(test_odd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
