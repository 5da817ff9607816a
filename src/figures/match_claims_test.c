#include "base/testing.h"
#include "figures/match_file.h"

/* Figures, an article's text, and what becomes of its claims: "figure verdict" each. */
static const char figures_csv[] =
    "key,zh,unit,value,words,expected,verified,open,unreported,from,to\n"
    "posts,招聘特岗教师,persons,2311,特岗教师 招聘,,,,,,\n"
    "trained,教师培训,person_times,73210,培训 教师,,,,,,\n"
    "rotated,教师交流轮岗,person_times,3635,轮岗 交流,,,,,,\n"
    "aid,学生资助资金,yuan,725000000,资助 资金 发放,,,,,,\n"
    "aid_2019,2019 年学生资助资金,yuan,150000000,资助 资金 发放,,,,,2019-01-01,2019-12-31\n"
    "aid_2020,2020 年学生资助资金,yuan,160000000,资助 资金 发放,,,,,2020-01-01,2020-12-31\n"
    "plans,专项招生,persons,6420,专项 招生 各类,,,,,,\n"
    "plan_state,国家专项招生,persons,4450,国家专项|国家（贫困地区）专项|国家(贫困地区)专项 "
    "招生,,,,,,\n"
    "plan_local,地方专项招生,persons,990,地方专项 招生,,,,,,\n"
    "dropout,失学辍学,persons,0,失学|辍学 学生,1000,990,4,6,,\n"
    "coverage,幼儿园覆盖,percent,100,行政村幼儿园 覆盖,200,200,0,0,,\n"
    "north,北区教师,persons,10,教师 在岗,,,,,,\n"
    "south,南区教师,persons,20,教师 在岗,,,,,,\n";

static const struct {
    const char *text, *matches;
} articles[] = {
    {"招聘特岗教师2311名，完成教师培训7万余人次，教师交流轮岗3645人次。",
     "posts agrees;trained agrees;rotated differs -10"},
    {"完成各类专项招生6420名，其中国家专项招生4450名、地方专项招生909名。",
     "plans agrees;plan_state agrees;plan_local differs 81"},
    {"全市无一名失学辍学学生。", "dropout incomplete"},
    {"实现行政村幼儿园全覆盖。", "coverage agrees"},
    {"2019年发放资助资金1.5亿元，2020年发放资助资金1.6亿元。", "aid_2019 agrees;aid_2020 agrees"},
    {"在岗教师30名。", "- not_tracked"},
    {"种植树木2311棵，建成食堂12个。", "- not_tracked;- not_tracked"},
    {"全省招聘特岗教师2311名。", "- not_tracked"},
    {"靖远县招聘特岗教师300名。", "- not_tracked"},
    {"力争招聘特岗教师2500名。", "- not_tracked"},
    {"招聘特岗教师2311名。近年来，招聘特岗教师2311名。", "posts agrees;posts agrees"},
    {"落实补助6420元。", "- not_tracked"},
};

static struct figure_known *read_figures(struct arena *arena, size_t *count)
{
    struct figure_known *figures;
    struct err err = ERR_INIT;
    if (!match_file_read(arena, str_from(figures_csv), &figures, count, &err))
        fail_msg("%s", err.en);
    return figures;
}

static void test_matches(void **state)
{
    (void)state;
    struct arena arena = {0};
    size_t count;
    struct figure_known *figures = read_figures(&arena, &count);
    for (size_t i = 0; i < sizeof articles / sizeof *articles; i++) {
        struct paragraph paragraph = {.text = str_from(articles[i].text), .line = 1};
        struct article article = {.published = DAY_NONE, .paragraphs = &paragraph, .count = 1};
        struct claims claims;
        struct match *matches;
        struct text out;
        text_init(&out, &arena, 4096);
        assert_true(claims_read(&arena, &article, &claims, NULL));
        assert_true(match_claims(&arena, &claims, figures, count, &matches, NULL));
        for (size_t c = 0; c < claims.count; c++) {
            struct str key =
                matches[c].figure == MATCH_NONE ? STR("-") : figures[matches[c].figure].key;
            text_add_f(&out, "%s%.*s %s", c > 0 ? ";" : "", STR_ARG(key),
                       verdict_key(matches[c].verdict));
            if (matches[c].verdict != VERDICT_DIFFERS) continue;
            text_add_f(&out, " %.*s", STR_ARG(claim_decimal(&arena, matches[c].off_e4)));
        }
        if (!str_is(text_str(&out), articles[i].matches))
            print_error("%s\n  got \"%s\"\n  not \"%s\"\n", articles[i].text, out.ptr,
                        articles[i].matches);
        assert_str_is(text_str(&out), articles[i].matches);
    }
    arena_free(&arena);
}

/* A sentence whose number is wrong, ours, and the sentence as it should read. */
static const struct {
    const char *sentence, *value, *words, *unit, *corrected;
} fixes[] = {
    {"招聘特岗教师2311名。", "2312", "特岗教师", "persons", "招聘特岗教师2312名。"},
    {"投入资金35.78亿元。", "3612345678", "资金", "yuan", "投入资金36.12亿元。"},
    {"培训教师7万余人次。", "85210", "教师", "person_times", "培训教师8万余人次。"},
    {"培训教师近7万人次。", "85210", "教师", "person_times", "培训教师近9万人次。"},
    {"培训教师三千六百人次。", "3653", "教师", "person_times", "培训教师3653人次。"},
    {"培训教师7万人次。", "120", "教师", "person_times", "培训教师120人次。"},
    {"巩固率百分之九十九。", "95.4", "巩固率", "percent", "巩固率95%。"},
    {"巩固率99.8%。", "95.46", "巩固率", "percent", "巩固率95.5%。"},
    {"无一名失学学生。", "3", "失学", "persons", "有3名失学学生。"},
    {"幼儿园实现全覆盖。", "98.5", "幼儿园", "percent", "幼儿园实现覆盖98.5%。"},
};

static void test_fixes(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof fixes / sizeof *fixes; i++) {
        struct text csv;
        struct figure_known *figures;
        size_t count;
        text_init(&csv, &arena, 4096);
        text_add_f(&csv, "key,zh,unit,value,words\na,a,%s,%s,%s\n", fixes[i].unit, fixes[i].value,
                   fixes[i].words);
        assert_true(match_file_read(&arena, text_str(&csv), &figures, &count, NULL));
        struct paragraph paragraph = {.text = str_from(fixes[i].sentence), .line = 1};
        struct article article = {.published = DAY_NONE, .paragraphs = &paragraph, .count = 1};
        struct claims claims;
        struct match *matches;
        assert_true(claims_read(&arena, &article, &claims, NULL));
        assert_int_equal(claims.count, 1);
        assert_true(match_claims(&arena, &claims, figures, count, &matches, NULL));
        assert_int_equal(matches[0].verdict, VERDICT_DIFFERS);
        if (!str_is(matches[0].corrected, fixes[i].corrected))
            print_error("%s\n  got %.*s\n", fixes[i].sentence, STR_ARG(matches[0].corrected));
        assert_str_is(matches[0].corrected, fixes[i].corrected);
    }
    arena_free(&arena);
}

/* Files of figures that are refused, and what the sentence says of them. */
static const struct {
    const char *csv, *says;
} refused[] = {
    {"", "no row"},
    {"key,zh\na,b\n", "unit"},
    {"key,zh,unit\na,b,litres\n", "line 2"},
    {"key,zh,unit,value\na,b,yuan,1.23456\n", "value"},
    {"key,zh,unit,value\na,b,yuan,-1\n", "value"},
    {"key,zh,unit,expected\na,b,yuan,x\n", "expected"},
    {"key,zh,unit,from\na,b,yuan,2020\n", "from"},
};

static void test_refused(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct figure_known *figures;
        size_t count;
        struct err err = ERR_INIT;
        assert_false(match_file_read(&arena, str_from(refused[i].csv), &figures, &count, &err));
        assert_int_equal(err.kind, ERR_INPUT);
        assert_non_null(strstr(err.en, refused[i].says));
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches),
        cmocka_unit_test(test_fixes),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
