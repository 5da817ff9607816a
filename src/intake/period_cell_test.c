#include "base/testing.h"
#include "intake/period_cell.h"

#include <stdio.h>

/* `name` is empty where no period, or no single one, is written. */
struct period_case {
    const char *written, *name;
};

static const struct period_case cells[] = {
    {"2020-2021学年第一学期", "2020-autumn"},
    {"2020-2021学年第二学期", "2021-spring"},
    {"2020—2021学年度第一学期", "2020-autumn"},
    {"２０２０－２０２１学年第１学期", "2020-autumn"},
    {"2020-2021學年第二學期", "2021-spring"},
    {"2020～2021学年度下学期", "2021-spring"},
    {"2020-2021学年 上", "2020-autumn"},
    {"2020-2021学年（一）", "2020-autumn"},
    {"2020-2021学年第一学期（秋季）", "2020-autumn"},
    {"2020-2021学年秋季学期", "2020-autumn"},
    {"2020-2021学年春季学期", "2021-spring"},
    {"2020/2021 第2学期", "2021-spring"},
    {"2020年至2021年第一学期", "2020-autumn"},
    {"20-21学年第一学期", "2020-autumn"},
    {"2020-21学年第二学期", "2021-spring"},
    {"2020-2021-1", "2020-autumn"},
    {"2020-2021-2", "2021-spring"},
    {"2020_2021_1", "2020-autumn"},
    {"2020-2021-01", "2020-autumn"},
    {"2020-2021 semester 2", "2021-spring"},
    {"2020学年第一学期", "2020-autumn"},
    {"2020学年度第二学期", "2021-spring"},
    {"2020年秋季学期", "2020-autumn"},
    {"2020年秋季", "2020-autumn"},
    {"2020年秋", "2020-autumn"},
    {"2020秋", "2020-autumn"},
    {"20秋", "2020-autumn"},
    {"20年春季学期", "2020-spring"},
    {"2021年春季学期", "2021-spring"},
    {"2021 春", "2021-spring"},
    {"二〇二〇年秋季学期", "2020-autumn"},
    {"二零二零年春季", "2020-spring"},
    {"秋季（2020年）", "2020-autumn"},
    {"秋季学期2020", "2020-autumn"},
    {"2020年秋季第一学期", "2020-autumn"},
    {"2020年上半年", "2020-spring"},
    {"2020下半年", "2020-autumn"},
    {"2020-autumn", "2020-autumn"},
    {"2021-spring", "2021-spring"},
    {"Autumn 2020", "2020-autumn"},
    {"2020 Fall", "2020-autumn"},
    {"2020-2021", "2020-2021"},
    {"2020-2021学年", "2020-2021"},
    {"2020—2021学年度", "2020-2021"},
    {"2020至2021学年", "2020-2021"},
    {"2020学年", "2020-2021"},
    {"2020-21", "2020-2021"},
    {"二〇二〇至二〇二一学年", "2020-2021"},
    {"2020年秋季学期（2020-2021学年第一学期）", "2020-autumn"},
    {"2020年秋季学期寄宿生补助", "2020-autumn"},
    /* months and days */
    {"2020年9月", "2020-autumn"},
    {"2020-09", "2020-autumn"},
    {"202009", "2020-autumn"},
    {"2020-12", "2020-autumn"},
    {"2021年1月", "2020-autumn"},
    {"2020-02", "2019-autumn"},
    {"2020-03", "2020-spring"},
    {"2020-11-20", "2020-autumn"},
    {"2020.8.31", "2020-spring"},
    {"2021-02-28", "2020-autumn"},
    {"2020.9-2021.1", "2020-autumn"},
    {"2020年9月-12月", "2020-autumn"},
    {"2021年3月至7月", "2021-spring"},
    {"2020.9-2021.7", "2020-2021"},
    {"2020年9月至2021年8月", "2020-2021"},
    /* what may mean two */
    {"2020年上学期", ""},
    {"2020年第一学期", ""},
    {"2020年度第二学期", ""},
    {"2020学年春季", ""},
    {"2020-1", ""},
    {"2020.2", ""},
    {"2010-11", ""},
    {"2020年春季、秋季", ""},
    {"2020年春季学期2020年秋季学期", ""},
    {"2020年秋季第二学期", ""},
    {"2020年6月-10月", ""},
    {"2020年9月至今", ""},
    /* what is none */
    {"", ""},
    {"2020", ""},
    {"2020年", ""},
    {"2020年度", ""},
    {"秋季", ""},
    {"第一学期", ""},
    {"1880年秋季", ""},
    {"2020-2023学年", ""},
    {"2020-2021-3", ""},
    {"全年", ""},
    {"上", ""},
    {"秋季学期共12人", ""},
};

static const struct period_case texts[] = {
    {"白银区2020年秋季学期义务教育家庭经济困难学生生活补助发放花名册", "2020-autumn"},
    {"会宁县2020-2021学年度第二学期普通高中国家助学金", "2021-spring"},
    {"2020-2021学年雨露计划补助名单（第一学期）", "2020-autumn"},
    {"2020-2021学年资助名单", "2020-2021"},
    {"2020-2021学年一年级资助名单", "2020-2021"},
    {"2020-2021学年资助名单 2020年秋季学期", "2020-autumn"},
    {"2020春助学金", ""},
    {"2020年11月15日发放", ""},
    {"财教〔2019〕121号", ""},
    {"2020年春季学期、2020年秋季学期资助名单", ""},
    {"2020-2021学年第一学期及第二学期资助名单", ""},
    {"2020-2021学年资助名单（春季、秋季）", ""},
    {"红堡子小学", ""},
};

static int count_wrong(const struct period_case *cases, size_t count, bool inside)
{
    struct arena arena = {0};
    int wrong = 0;
    for (size_t i = 0; i < count; i++) {
        struct period period;
        struct str written = str_from(cases[i].written);
        char name[PERIOD_TEXT_SIZE] = "";
        bool read = inside ? period_in_text(&arena, written, &period)
                           : period_cell_read(&arena, written, false, &period);
        if (read) period_format(period, name);
        if (strcmp(name, cases[i].name) == 0) continue;
        fprintf(stderr, "%s: is \"%s\", not \"%s\"\n", cases[i].written, name, cases[i].name);
        wrong++;
    }
    arena_free(&arena);
    return wrong;
}

static void test_cells(void **state)
{
    (void)state;
    assert_int_equal(count_wrong(cells, sizeof cells / sizeof *cells, false), 0);
}

static void test_texts(void **state)
{
    (void)state;
    assert_int_equal(count_wrong(texts, sizeof texts / sizeof *texts, true), 0);
}

/* What is written canonically is read back, whatever the year. */
static void test_round(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (int year = 1990; year <= 2100; year++) {
        for (int way = 0; way < 3; way++) {
            struct period period = {way == 2 ? PERIOD_YEAR : PERIOD_TERM, year, way == 1}, back;
            char name[PERIOD_TEXT_SIZE];
            period_format(period, name);
            assert_true(period_cell_read(&arena, str_from(name), false, &back));
            assert_true(period_equal(period, back));
        }
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
