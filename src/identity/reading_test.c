#include "base/clock.h"
#include "base/testing.h"
#include "identity/reading.h"

#include <stdio.h>

static uint32_t code_of(const char *character)
{
    size_t at = 0;
    uint32_t code = 0;
    assert_true(utf8_next(str_from(character), &at, &code));
    return code;
}

static void test_readings(void **state)
{
    (void)state;
    static const struct {
        const char *character;
        const char *readings; /* "le yue" */
    } cases[] = {
        {"王", "wang"},      {"女", "nv"},      {"乐", "le yue"}, {"单", "dan chan shan"},
        {"曾", "zeng ceng"}, {"茜", "qian xi"}, {"婷", "ting"},   {"㛃", "jie"},
        {"琤", "cheng"},     {"祎", "yi"},      {"𬀩", "wei"},  {"a", ""},
        {"·", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint16_t readings[READINGS_PER_CHARACTER_MAX];
        char text[64] = "";
        size_t count = reading_of(code_of(cases[i].character), readings);
        for (size_t k = 0; k < count; k++) {
            if (k > 0) strncat(text, " ", 2);
            strncat(text, reading_text(readings[k]), 8);
        }
        if (strcmp(text, cases[i].readings) != 0) print_message("%s\n", cases[i].character);
        assert_string_equal(text, cases[i].readings);
    }
}

static void test_surnames(void **state)
{
    (void)state;
    static const char *const surnames = "单shan仇qiu曾zeng解xie区ou任ren查zha盖ge朴piao召shao种chon"
                                        "g翟zhai黑he缪miao哈ha纪ji那na宁ning"
                                        "宓mi祭zhai繁po员yun燕yan华hua王wang李li覃qin乐yue张zhang";
    size_t at = 0;
    uint32_t code;
    struct str text = str_from(surnames);
    while (utf8_next(text, &at, &code)) {
        size_t end = at;
        while (end < text.len && (unsigned char)text.ptr[end] < 0x80) end++;
        const char *reading = reading_text(reading_of_surname(code));
        assert_str_is(str_slice(text, at, end), reading);
        at = end;
    }
    assert_int_equal(reading_of_surname('a'), 0);
    assert_string_equal(reading_text(0), "");
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *surname;
        const char *given;
        const char *reading;
    } cases[] = {
        {"王", "小明", "wangxiaoming"},
        {"单", "单", "shandan"},
        {"尉迟", "恭", "yuchigong"},
        {"万俟", "宁", "moqining"},
        {"欧阳", "娜", "ouyangna"},
        {"吕", "女", "lvnv"},
        {"李", "𠮷", "li𠮷"},
        {"john", "smith", "johnsmith"},
        {"", "", ""},
        {"买买提", "吐尔逊", "maimaitituerxun"},
        {"长孙", "无忌", "zhangsunwuji"},
    };
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str reading =
            reading_name(&arena, str_from(cases[i].surname), str_from(cases[i].given));
        if (!str_is(reading, cases[i].reading)) print_message("%.*s\n", STR_ARG(reading));
        assert_str_is(reading, cases[i].reading);
    }
    arena_free(&arena);
}

static void test_alike(void **state)
{
    (void)state;
    static const struct {
        const char *a;
        const char *b;
        bool same;
        bool near;
    } cases[] = {
        {"芳", "方", true, true},   {"娜", "那", true, true},  {"静", "婧", true, true},
        {"静", "金", false, true},  {"陈", "程", false, true}, {"李", "倪", false, true},
        {"张", "臧", false, true},  {"飞", "辉", false, true}, {"冯", "红", false, true},
        {"春", "聪", false, true},  {"军", "炯", false, true}, {"福", "虎", false, true},
        {"安", "昂", false, true},  {"山", "三", false, true}, {"王", "李", false, false},
        {"芳", "芬", false, false}, {"a", "a", false, false},  {"吕", "鲁", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t a = code_of(cases[i].a), b = code_of(cases[i].b);
        if (reading_same(a, b) != cases[i].same || reading_near(a, b) != cases[i].near) {
            print_message("%s %s\n", cases[i].a, cases[i].b);
        }
        assert_int_equal(reading_same(a, b), cases[i].same);
        assert_int_equal(reading_same(b, a), cases[i].same);
        assert_int_equal(reading_near(a, b), cases[i].near);
        assert_int_equal(reading_near(b, a), cases[i].near);
    }
}

/* "chan/shan/dan yu fei": all ways to read each character, with "/" and blanks between. */
static void test_ways(void **state)
{
    static const struct {
        const char *surname, *given, *want;
    } cases[] = {
        {"曾", "重庆", "zeng/ceng chong/zhong qing"},
        {"单", "明", "shan/dan/chan ming"},
        {"欧阳", "·A", "ou yang"},
        {"", "", ""},
    };
    struct arena arena = {0};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct name_readings readings;
        struct text text;
        text_init(&text, &arena, 4096);
        reading_of_name(str_from(cases[i].surname), str_from(cases[i].given), &readings);
        for (size_t c = 0; c < readings.count; c++) {
            for (size_t w = 0; w < readings.characters[c].count; w++) {
                text_add_f(&text, "%s%s",
                           w > 0   ? "/"
                           : c > 0 ? " "
                                   : "",
                           reading_text(readings.characters[c].syllables[w]));
            }
        }
        if (!str_is(text_str(&text), cases[i].want)) print_message("%s\n", text.ptr);
        assert_str_is(text_str(&text), cases[i].want);
    }
    arena_free(&arena);
}

/* Every syllable that any character gives is inside the stated limits. */
static void test_limits(void **state)
{
    (void)state;
    size_t read = 0;
    for (uint32_t code = 0x3400; code < 0x32000; code++) {
        uint16_t readings[READINGS_PER_CHARACTER_MAX];
        size_t count = reading_of(code, readings);
        assert_true(count <= READINGS_PER_CHARACTER_MAX);
        read += count > 0;
        for (size_t i = 0; i < count; i++) {
            assert_true(readings[i] > 0 && readings[i] < READING_SYLLABLES_MAX);
            assert_true(strlen(reading_text(readings[i])) <= 6);
            assert_true(reading_class(readings[i]) < READING_SYLLABLES_MAX);
        }
    }
    assert_true(read > 40000);
}

/* Far above what is measured, so that a slow machine passes and a wrong algorithm does not. */
static void test_speed(void **state)
{
    (void)state;
    enum { ROUNDS = 1000000 };
    size_t near = 0;
    int64_t start = clock_elapsed_ms();
    for (uint32_t i = 0; i < ROUNDS; i++) {
        near += reading_near(0x4E00 + i % 20000, 0x4E00 + (i * 7) % 20000);
    }
    int64_t spent_ms = clock_elapsed_ms() - start;
    print_message("%d pairs in %d ms\n", ROUNDS, (int)spent_ms);
    assert_true(near > 0 && spent_ms < 4000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_readings), cmocka_unit_test(test_surnames),
        cmocka_unit_test(test_names),    cmocka_unit_test(test_alike),
        cmocka_unit_test(test_ways),     cmocka_unit_test(test_limits),
        cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
