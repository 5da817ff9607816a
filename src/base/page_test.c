#include "base/page.h"
#include "base/testing.h"

static struct page page_of(struct arena *arena, enum page_words words)
{
    struct page page;
    page_init(&page, arena, 1 << 16, words);
    return page;
}

static void test_text_is_escaped(void **state)
{
    struct arena *arena = *state;
    const struct {
        struct str text;
        const char *out;
    } cases[] = {
        {STR("<script>alert('a')</script>"), "&lt;script&gt;alert(&#39;a&#39;)&lt;/script&gt;"},
        {STR("\" onload=\"x"), "&quot; onload=&quot;x"},
        {STR("a & b &amp; c"), "a &amp; b &amp;amp; c"},
        {STR("王小明"), "王小明"},
        {STR("a\tb\nc"), "a\tb\nc"},
        {STR("a\0b\x1B[31m\x7F"), "a\xEF\xBF\xBD"
                                  "b\xEF\xBF\xBD[31m\xEF\xBF\xBD"},
        {STR("\xC2\x85"), "\xEF\xBF\xBD"},
        {STR("\xFF<"), "\xEF\xBF\xBD&lt;"},
        {STR(""), ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct page page = page_of(arena, PAGE_BOTH);
        page_text(&page, cases[i].text);
        assert_string_equal(page.text.ptr == NULL ? "" : page.text.ptr, cases[i].out);
    }
}

static void test_languages(void **state)
{
    struct arena *arena = *state;
    static const struct {
        enum page_words words;
        const char *zh, *en, *out;
    } cases[] = {
        {PAGE_BOTH, "对", "pairs<",
         "<span class=\"zh\" lang=\"zh\">对</span> <span class=\"en\" "
         "lang=\"en\">pairs&lt;</span>"},
        {PAGE_ZH, "对", "pairs", "<span class=\"zh\" lang=\"zh\">对</span>"},
        {PAGE_EN, "对", "pairs", "<span class=\"en\" lang=\"en\">pairs</span>"},
        {PAGE_BOTH, "F1", "F1", "<span class=\"zh\" lang=\"zh\">F1</span>"},
        {PAGE_EN, "姓名", "", "<span class=\"en\" lang=\"en\">姓名</span>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct page page = page_of(arena, cases[i].words);
        page_say(&page, cases[i].zh, cases[i].en);
        assert_string_equal(page.text.ptr, cases[i].out);
    }
    struct page page = page_of(arena, PAGE_BOTH);
    page_say_plain(&page, "甲\"", "a");
    assert_string_equal(page.text.ptr, "甲&quot; · a");
}

static void test_numbers(void **state)
{
    struct arena *arena = *state;
    struct page page = page_of(arena, PAGE_EN);
    static const int64_t hundredths[] = {0, 5, -1250, 1234, 100, -7};
    for (size_t i = 0; i < 6; i++) {
        page_hundredths(&page, hundredths[i]);
        html(&page, " ");
    }
    assert_string_equal(page.text.ptr, "0 0.05 -12.5 12.34 1 -0.07 ");
    text_clear(&page.text);
    static const uint64_t thousands[] = {0, 999, 1000, 1234567, 1000000007, UINT64_MAX};
    for (size_t i = 0; i < 6; i++) {
        page_thousands(&page, thousands[i]);
        html(&page, " ");
    }
    assert_string_equal(page.text.ptr,
                        "0 999 1,000 1,234,567 1,000,000,007 18,446,744,073,709,551,615 ");
    text_clear(&page.text);
    static const struct {
        int64_t value;
        int digits;
    } thousandths[] = {{12345, 3}, {12345, 1}, {-12350, 1}, {-4, 2}, {1999, 0}, {-5, 2}};
    for (size_t i = 0; i < 6; i++) {
        page_thousandths(&page, thousandths[i].value, thousandths[i].digits);
        html(&page, " ");
    }
    assert_string_equal(page.text.ptr, "12.345 12.3 -12.4 0.00 2 -0.01 ");
    text_clear(&page.text);
    page_percent(&page, 999949);
    html(&page, " ");
    page_percent(&page, 1000000);
    page_number(&page, -42);
    assert_string_equal(page.text.ptr, "99.99 % 100.00 %-42");
}

static void test_a_full_page_is_cut(void **state)
{
    struct arena *arena = *state;
    struct page page;
    page_init(&page, arena, 8, PAGE_ZH);
    page_text_c(&page, "1234");
    assert_false(page.text.cut);
    page_text_c(&page, "567890");
    assert_true(page.text.cut);
}

static int make_arena(void **state)
{
    *state = test_calloc(1, sizeof(struct arena));
    return *state == NULL;
}

static int drop_arena(void **state)
{
    arena_free(*state);
    test_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_text_is_escaped, make_arena, drop_arena),
        cmocka_unit_test_setup_teardown(test_languages, make_arena, drop_arena),
        cmocka_unit_test_setup_teardown(test_numbers, make_arena, drop_arena),
        cmocka_unit_test_setup_teardown(test_a_full_page_is_cut, make_arena, drop_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
