#include "base/testing.h"
#include "figures/claim.h"

#include <stdio.h>

/* A sentence, and the claims in it as "value unit exactness", with " all" for what is said of
 * everyone and " goal" for what is yet to be; ";" between. */
static const struct {
    const char *sentence, *claims;
} sentences[] = {
    {"我们招聘特岗教师2311名。", "2311 persons exact"},
    {"投入资金35.78亿元，完成教师培训7万余人次。", "3578000000 yuan exact;70000 person_times more"},
    {"全市302个贫困村全部达标退出。", "302 villages exact all"},
    {"义务教育阶段无一名失学辍学学生。", "0 persons exact all"},
    {"实现行政村幼儿园全覆盖。", "100 percent exact all"},
    {"签约联盟校协议78份，覆盖中小学校690所。", "78 agreements exact;690 schools exact"},
    {"新建农村幼儿园二十三所。", "23 kindergartens exact"},
    {"交流轮岗三千六百三十五人次。", "3635 person_times exact"},
    {"培训教师九十八点五万人次。", "985000 person_times exact"},
    {"巩固率达到百分之九十九点八。", "99.8 percent exact"},
    {"巩固率达到99.8%以上。", "99.8 percent at_least"},
    {"近7万名学生受益，超过300名教师参加。", "70000 persons nearly;300 persons more"},
    {"约1，234名学生，共1,234,567元。", "1234 persons about;1234567 yuan exact"},
    {"3—5名教师，3万至5万元。", "3 persons range;30000 yuan range"},
    {"两所学校，两名教师。", "2 schools exact;2 persons exact"},
    {"万余名学生，百余所学校。", "10000 persons more;100 schools more"},
    {"1亿2000万元，3万5千册图书。", "120000000 yuan exact;35000 items exact"},
    {"到2025年力争招聘教师500名。", "500 persons exact goal"},
    /* shares in words, and what measure words and nouns say */
    {"就业率达九成五，四成需求，约四分之一，近一半的教师。",
     "95 percent exact;40 percent exact;25 percent about;50 percent nearly"},
    {"38个孩子，2名校长，6所县中，3所乡镇卫生院，5个教师培训基地。",
     "38 persons exact;2 persons exact;6 schools exact;3 items exact;5 items exact"},
    {"福州、泉州等5市，14县区，45村，跑了4趟。",
     "5 items exact;14 items exact;45 villages exact;4 items exact"},
    {"幼儿园6973所，比上年增加36所。", "6973 kindergartens exact;36 kindergartens exact"},
    {"幼儿园、小学分别新建3所、2所。", "3 kindergartens exact;2 schools exact"},
    {"学校从19所➡74所，学位从10个到25个。",
     "19 schools exact;74 schools exact;10 items exact;25 items exact"},
    {"聘期三年，每月多拿1200块，换黑板36块。", "3 years exact;1200 yuan exact;36 items exact"},
    {"高于全省2.3和4.1个百分点，人均1·2万元。",
     "2.3 percent exact;4.1 percent exact;12000 yuan exact"},
    {"壹佰贰拾万元，廿三所村小。", "1200000 yuan exact;23 schools exact"},
    /* what is yet to be */
    {"县里将再投入680万元，为52所学校改造食堂。", "6800000 yuan exact goal;52 schools exact goal"},
    {"力争年底前视频监控全覆盖。", "100 percent exact all goal"},
    {"到2025年教师要达到600名，开设300个班。", "600 persons exact goal;300 items exact goal"},
    {"计划新建30所学校，目前已建成12所。", "30 schools exact goal;12 schools exact"},
    {"将320名教师派往乡村，今年计划招收新生3870名。", "320 persons exact;3870 persons exact"},
    /* none of dropout, however it is said */
    {"控辍台账上有12人。去年台账清零。", "12 persons exact;0 persons exact all"},
    {"义务教育阶段无因贫失学学生，辍学率0%。", "0 persons exact all;0 percent exact all"},
    /* numbers that count nothing */
    {"三五百人，七八十名学生，两三所学校，这三个孩子，前三名。", ""},
    {"学习《教师职业行为十项准则》，落实二十条措施，一成不变。", ""},
    {"2018年11月25日，一名记者采访了“五位一体”工作。", ""},
    {"“十四五”期间，落实“两免一补”政策。", ""},
    {"根据甘教〔2020〕15号文件，第3名获得二等奖。", ""},
    {"电话0943-8221234，邮编730900。", ""},
    {"3—6岁儿童，九年义务教育，消除66人以上大班额。", ""},
    {"坚持“四个意识”，抓好三个方面，数十名教师。", ""},
    {"靖远二中、白银市第九小学和101中学。", ""},
    {"G109线，5G网络，A4纸，12345热线。", ""},
    {"确保无一名学生失学辍学。", ""},
};

static struct str claims_text(struct arena *arena, const char *sentence)
{
    struct paragraph paragraph = {.text = str_from(sentence), .line = 1};
    struct article article = {.published = DAY_NONE, .paragraphs = &paragraph, .count = 1};
    struct claims claims;
    struct text out;
    text_init(&out, arena, 4096);
    assert_true(claims_read(arena, &article, &claims, NULL));
    for (size_t i = 0; i < claims.count; i++) {
        const struct claim *claim = &claims.items[i];
        struct str value = claim_decimal(arena, claim->value_e4);
        text_add_f(&out, "%s%.*s %s %s%s%s", i > 0 ? ";" : "", STR_ARG(value),
                   claim_unit_key(claim->unit), claim_exactness_key(claim->exactness),
                   claim->everyone ? " all" : "", claim->goal ? " goal" : "");
    }
    return text_str(&out);
}

static void test_sentences(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        struct str got = claims_text(&arena, sentences[i].sentence);
        if (!str_is(got, sentences[i].claims))
            print_error("%s\n  got \"%.*s\"\n  not \"%s\"\n", sentences[i].sentence, STR_ARG(got),
                        sentences[i].claims);
        assert_str_is(got, sentences[i].claims);
    }
    arena_free(&arena);
}

/* A sentence with one claim, and figures from and to which it agrees; the numbers next to them do
 * not. In ten-thousandths where `e4`. */
static const struct {
    const char *sentence;
    int64_t low, high; /* high 0: no end */
    int64_t unit;      /* 1 for whole numbers, CLAIM_E4 for ten-thousandths */
} bounds[] = {
    {"招聘教师2311名。", 2311, 2311, 1},
    {"投入35.78亿元。", 3577500000, 3578499999, 1},
    {"惠及98.5万人次。", 984500, 985499, 1},
    {"投入30万元。", 295000, 304999, 1},
    {"投入1万元。", 9000, 10999, 1},
    {"巩固率90%左右。", 882000, 918000, CLAIM_E4},
    {"培训7万余人次。", 70000, 79999, 1},
    {"培训300余人次。", 300, 399, 1},
    {"培训1200多人次。", 1200, 1299, 1},
    {"培训超过3万人次。", 30000, 39999, 1},
    {"培训近7万人次。", 60001, 70000, 1},
    {"培训不足500人次。", 401, 500, 1},
    {"培训约7万人次。", 65000, 75000, 1},
    {"培训1000人次左右。", 900, 1100, 1},
    {"培训2315人次左右。", 2269, 2361, 1},
    {"培训不少于360人次。", 360, 0, 1},
    {"培训30至50人次。", 30, 50, 1},
    {"巩固率99.8%。", 997500, 998499, CLAIM_E4},
    {"巩固率98%以上。", 980000, 0, CLAIM_E4},
    {"巩固率超过98%。", 980000, 0, CLAIM_E4},
    {"覆盖率100%。", 1000000, 1000000, CLAIM_E4},
};

static void test_bounds(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        struct paragraph paragraph = {.text = str_from(bounds[i].sentence), .line = 1};
        struct article article = {.published = DAY_NONE, .paragraphs = &paragraph, .count = 1};
        struct claims claims;
        int64_t low, high, step = CLAIM_E4 / bounds[i].unit;
        assert_true(claims_read(&arena, &article, &claims, NULL));
        assert_int_equal(claims.count, 1);
        claim_bounds(&claims.items[0], &low, &high);
        bool fits = low <= bounds[i].low * step && low > (bounds[i].low - 1) * step;
        bool open = bounds[i].high == 0
                        ? high == INT64_MAX
                        : high >= bounds[i].high * step && high < (bounds[i].high + 1) * step;
        if (!fits || !open)
            print_error("%s: %lld … %lld\n", bounds[i].sentence, (long long)low, (long long)high);
        assert_true(fits);
        assert_true(open);
    }
    arena_free(&arena);
}

/* A text and its sums as "total=parts+…" with "!" behind one that does not hold. */
static const struct {
    const char *text, *sums;
} sums[] = {
    {"招生6420名，其中，高校专项216名、国家专项4450名、地方专项1754名。", "6420=216+4450+1754"},
    {"招生6420名，其中，高校专项216名、国家专项4450名、地方专项1755名。", "6420=216+4450+1755!"},
    {"共有学校173所，其中小学120所、初中45所、高中8所。", "173=120+45+8"},
    {"共有学校173所（小学120所、初中45所、高中8所）。", "173=120+45+8"},
    {"投入资金7.25亿元，其中中央3.20亿元、省级2.05亿元、市县2.01亿元。",
     "725000000=320000000+205000000+201000000"},
    {"投入资金7.25亿元，其中中央3.20亿元、省级2.05亿元、市县2.50亿元。",
     "725000000=320000000+205000000+250000000!"},
    {"小学120所、初中45所、高中8所，共计173所。", "173=120+45+8"},
    {"小学120所、初中45所、高中8所，共计183所。", "183=120+45+8!"},
    {"有教师2311名，其中女教师120名、支教教师98名等。", ""},
    {"有教师2311名，其中女教师120名。", ""},
    {"入园率96%，其中市区98%、县90%。", ""},
    {"输送学生近4万人，其中博士500多人，硕士1000多人，学士近20000人。", ""},
    {"报名3126人，其中文科1203人、理科1923人；600分以上42人。", "3126=1203+1923"},
    {"招聘170名，比去年增加42名。其中，幼儿园40名、小学115名、中学15名。", "170=40+115+15"},
    {"共有学校173所。小学120所，招生60人；初中45所，招生50人；高中8所。", "173=120+45+8"},
    {"共有学校183所。小学120所，招生60人；初中45所，招生50人；高中8所。", ""},
    {"有学生3万余名，其中小学生2.1万名、初中生1.2万名。", "30000=21000+12000"},
    {"共招聘教师500人，甲、乙、丙三县分别招聘200人、180人、120人。", "500=200+180+120"},
};

static void test_sums(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        struct paragraph paragraph = {.text = str_from(sums[i].text), .line = 1};
        struct article article = {.published = DAY_NONE, .paragraphs = &paragraph, .count = 1};
        struct claims claims;
        struct text out;
        text_init(&out, &arena, 4096);
        assert_true(claims_read(&arena, &article, &claims, NULL));
        for (size_t s = 0; s < claims.sum_count; s++) {
            const struct claim_sum *sum = &claims.sums[s];
            struct str total = claim_decimal(&arena, sum->stated_e4);
            text_add_f(&out, "%s%.*s=", s > 0 ? ";" : "", STR_ARG(total));
            for (size_t p = 0; p < sum->part_count; p++) {
                struct str part = claim_decimal(&arena, claims.items[sum->parts[p]].value_e4);
                text_add_f(&out, "%s%.*s", p > 0 ? "+" : "", STR_ARG(part));
            }
            if (!sum->holds) text_add_c(&out, "!");
        }
        if (!str_is(text_str(&out), sums[i].sums))
            print_error("%s\n  got \"%s\"\n  not \"%s\"\n", sums[i].text,
                        out.ptr == NULL ? "" : out.ptr, sums[i].sums);
        assert_str_is(text_str(&out), sums[i].sums);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sentences),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
