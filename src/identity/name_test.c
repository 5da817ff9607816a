#include "base/clock.h"
#include "base/rng.h"
#include "base/testing.h"
#include "identity/name.h"

#include <stdio.h>

struct name_case {
    const char *written;
    const char *clean;
    const char *surname;
    const char *given;
    bool chinese;
};

static const struct name_case names[] = {
    {"王小明", "王小明", "王", "小明", true},
    {"王 芳", "王芳", "王", "芳", true},
    {"王　　芳 ", "王芳", "王", "芳", true},
    {"\uFEFF王\u200B芳", "王芳", "王", "芳", true},
    {"王\t芳\r\n", "王芳", "王", "芳", true},
    {"欧阳娜娜", "欧阳娜娜", "欧阳", "娜娜", true},
    {"歐陽娜娜", "欧阳娜娜", "欧阳", "娜娜", true},
    {"诸葛亮", "诸葛亮", "诸葛", "亮", true},
    {"欧阳", "欧阳", "欧", "阳", true},
    {"尉迟恭", "尉迟恭", "尉迟", "恭", true},
    {"王李小明", "王李小明", "王", "李小明", true},
    {"劉曉東", "刘晓东", "刘", "晓东", true},
    {"徐乾", "徐乾", "徐", "乾", true},
    {"羣峯", "群峰", "群", "峰", true},
    {"买买提·吐尔逊", "买买提·吐尔逊", "买买提", "吐尔逊", true},
    {"买买提•吐尔逊", "买买提·吐尔逊", "买买提", "吐尔逊", true},
    {"买买提．吐尔逊", "买买提·吐尔逊", "买买提", "吐尔逊", true},
    {"买买提.吐尔逊", "买买提·吐尔逊", "买买提", "吐尔逊", true},
    {"买买提。吐尔逊", "买买提·吐尔逊", "买买提", "吐尔逊", true},
    {"买买提‧吐尔逊", "买买提·吐尔逊", "买买提", "吐尔逊", true},
    {"买买提・吐尔逊", "买买提·吐尔逊", "买买提", "吐尔逊", true},
    {"买买提 · 吐尔逊", "买买提·吐尔逊", "买买提", "吐尔逊", true},
    {"买买提-吐尔逊", "买买提·吐尔逊", "买买提", "吐尔逊", true},
    {"·阿依古丽·", "阿依古丽", "阿", "依古丽", true},
    {"张三（转学）", "张三", "张", "三", true},
    {"张三(曾用名李四)", "张三", "张", "三", true},
    {"张三【双胞胎】", "张三", "张", "三", true},
    {"张三(已转走", "张三", "张", "三", true},
    {"(张三)", "张三", "张", "三", true},
    {"张(立早)三", "张三", "张", "三", true},
    {"*张三", "张三", "张", "三", true},
    {"1、张三", "张三", "张", "三", true},
    {"张三1", "张三", "张", "三", true},
    {"张三2。", "张三", "张", "三", true},
    {"张三B", "张三", "张", "三", true},
    {"王A", "王a", "王", "a", false},
    {"张?三", "张?三", "张", "?三", false},
    {"王𠮷", "王𠮷", "王", "𠮷", true},
    {"王㛃", "王㛃", "王", "㛃", true},
    {"王\uE863", "王\uE863", "王", "\uE863", true},
    {"王\U000F0001", "王\U000F0001", "王", "\U000F0001", true},
    {"⽅⽂山", "方文山", "方", "文山", true},
    {"凌\uF9F4", "凌林", "凌", "林", true},
    {"John  SMITH", "john smith", "john", "smith", false},
    {"Ｌｉ Ｍｉｎｇ", "li ming", "li", "ming", false},
    {"Smith, John F.", "smith john f", "smith", "john f", false},
    {"O'Brien", "o'brien", "o'brien", "", false},
    {"Anna-Maria", "anna-maria", "anna-maria", "", false},
    {"王", "王", "王", "", true},
    {"", "", "", "", false},
    {" ", "", "", "", false},
    {"---", "", "", "", false},
    {"…", "…", "…", "", false},
};

static void test_names(void **state)
{
    (void)state;
    struct arena arena = {0};
    int wrong = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct name_case *c = &names[i];
        struct name name;
        name_read(&arena, str_from(c->written), &name);
        if (str_is(name.clean, c->clean) && str_is(name.surname, c->surname)
            && str_is(name.given, c->given) && name.chinese == c->chinese) {
            continue;
        }
        print_message("%s: %.*s = %.*s + %.*s, chinese %d\n", c->written, STR_ARG(name.clean),
                      STR_ARG(name.surname), STR_ARG(name.given), name.chinese);
        wrong++;
    }
    assert_int_equal(wrong, 0);
    arena_free(&arena);
}

static void test_blank(void **state)
{
    (void)state;
    static const char *const blank[] = {"",
                                        "  ",
                                        "无",
                                        "不详",
                                        "合计",
                                        "合 计",
                                        "合计：35人",
                                        "小计",
                                        "总计",
                                        "35",
                                        "1.5",
                                        "---",
                                        "/",
                                        "——",
                                        "填表人：王五",
                                        "填表人 王五",
                                        "审核人:",
                                        "单位负责人：",
                                        "制表人",
                                        "N/A",
                                        "NULL",
                                        "姓名",
                                        "姓　名",
                                        "同上",
                                        "？？？",
                                        "xxx",
                                        "注：本表一式三份",
                                        "男",
                                        "2020年11月25日",
                                        "单位（盖章）：",
                                        "班主任签字：",
                                        "*"};
    static const char *const names_[] = {"王五",   "单位明", "何计", "校长富", "女娲",
                                         "无名氏", "John",   "李",   "𠮷",     "吴不详",
                                         "张合计", "艾x",    "Xia"};
    for (size_t i = 0; i < sizeof blank / sizeof *blank; i++) {
        if (!name_is_blank(str_from(blank[i]))) print_message("not blank: %s\n", blank[i]);
        assert_true(name_is_blank(str_from(blank[i])));
    }
    for (size_t i = 0; i < sizeof names_ / sizeof *names_; i++) {
        if (name_is_blank(str_from(names_[i]))) print_message("blank: %s\n", names_[i]);
        assert_false(name_is_blank(str_from(names_[i])));
    }
}

static void test_simplify(void **state)
{
    (void)state;
    struct arena arena = {0};
    assert_str_is(hanzi_simplify(&arena, STR("劉曉東 abc 於")), "刘晓东 abc 於");
    assert_str_is(hanzi_simplify(&arena, STR("刘晓东")), "刘晓东");
    assert_str_is(hanzi_simplify(&arena, STR("")), "");
    arena_free(&arena);
}

/* Cleaning what is clean changes nothing, whatever the cell held. */
static void test_clean_is_stable(void **state)
{
    (void)state;
    static const char *const pieces[] = {"王", "欧", "阳",     "東", "·",    ".", " ",
                                         "　", "a",  "B",      "1",  "(",    ")", "-",
                                         "*",  "𠮷", "\uE863", "?",  "\xFF", ","};
    struct arena arena = {0};
    struct rng rng = rng_seed(3);
    for (int i = 0; i < 50000; i++) {
        char written[128] = "";
        struct name once, twice;
        size_t count = rng_below(&rng, 10);
        for (size_t k = 0; k < count; k++) strncat(written, pieces[rng_below(&rng, 20)], 8);
        arena_reset(&arena);
        name_read(&arena, str_from(written), &once);
        name_read(&arena, once.clean, &twice);
        if (!str_equal(once.clean, twice.clean)) {
            print_message("%s: %.*s, then %.*s\n", written, STR_ARG(once.clean),
                          STR_ARG(twice.clean));
        }
        assert_true(str_equal(once.clean, twice.clean));
        assert_true(utf8_valid(once.clean));
        assert_true(once.surname.len + once.given.len <= once.clean.len);
    }
    arena_free(&arena);
}

/* Far above what is measured, so that a slow machine passes and a wrong algorithm does not. */
static void test_speed(void **state)
{
    (void)state;
    enum { ROUNDS = 200000 };
    struct arena arena = {0};
    size_t bytes = 0, blank = 0;
    int64_t start = clock_elapsed_ms();
    for (size_t i = 0; i < ROUNDS; i++) {
        struct name name;
        if (i % 1000 == 0) arena_reset(&arena);
        name_read(&arena, str_from(names[i % 12].written), &name);
        bytes += name.clean.len;
    }
    int64_t read_ms = clock_elapsed_ms() - start;
    for (size_t i = 0; i < ROUNDS; i++) blank += name_is_blank(str_from(names[i % 12].written));
    int64_t spent_ms = clock_elapsed_ms() - start;
    print_message("%d names in %d ms, asked if blank in %d ms\n", ROUNDS, (int)read_ms,
                  (int)(spent_ms - read_ms));
    assert_true(bytes > 0 && blank == 0 && spent_ms < 4000);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),    cmocka_unit_test(test_blank),
        cmocka_unit_test(test_simplify), cmocka_unit_test(test_clean_is_stable),
        cmocka_unit_test(test_speed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
