#include "base/file.h"
#include "base/testing.h"
#include "figures/article.h"
#include "figures/claim.h"

#include <iconv.h>
#include <stdlib.h>

/* What copying made of a text, and the first paragraph that is read. */
static const struct {
    const char *damaged, *read;
    enum repair_kind kind;
} damages[] = {
    {"網(wǎng)絡(luò)教育覆蓋農(nóng)村學校，效果明顯。", "网络教育覆盖农村学校，效果明显。",
     REPAIR_PINYIN},
    {"戰(zhan)勝困難，辦好農村義務教育。", "战胜困难，办好农村义务教育。", REPAIR_PINYIN},
    {"對於貧困學生，著力資助，顯著改善。", "对于贫困学生，着力资助，显著改善。",
     REPAIR_TRADITIONAL},
    {"招聘教师２３１１名，巩固率９９．８％，很好。", "招聘教师2311名，巩固率99.8%，很好。",
     REPAIR_WIDTH},
    {"招聘教师2 311名，投入35. 78亿元资金。", "招聘教师2311名，投入35.78亿元资金。", REPAIR_BLANK},
    {"招聘教师&nbsp;2311&nbsp;名，&ldquo;两免一补&rdquo;落实。", "招聘教师2311名，“两免一补”落实。",
     REPAIR_ENTITY},
    {"招聘教师2311名，完成教师培训7万余\n人次，效果很好。",
     "招聘教师2311名，完成教师培训7万余人次，效果很好。", REPAIR_LINE_BREAK},
    {"全市\xE2\x80\x8B教育系统，成效\xEF\xBF\xBD明显提高了。", "全市教育系统，成效明显提高了。",
     REPAIR_LOST},
    {"全市æ•™è‚²系统，成效明显提高了很多。", "全市教育系统，成效明显提高了很多。", REPAIR_MOJIBAKE},
    {"<p>招聘教师<b>2311</b>名，</p><script>var a = 5;</script>", "招聘教师2311名，", REPAIR_HTML},
};

static void test_damages(void **state)
{
    (void)state;
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        struct article article;
        assert_true(article_read(&arena, str_from(damages[i].damaged), &article, NULL));
        struct str got = article.count > 0 ? article.paragraphs[0].text : article.title;
        if (!str_is(got, damages[i].read))
            print_error("%s\n  got %.*s\n", damages[i].damaged, STR_ARG(got));
        assert_str_is(got, damages[i].read);
        assert_true(article.repairs.counts[damages[i].kind] > 0);
    }
    arena_free(&arena);
}

static void test_encodings(void **state)
{
    (void)state;
    static const char *const encodings[] = {"GB18030", "UTF-16", "UTF-16LE", "UTF-8"};
    const char *text =
        "我市教育成效明显\n发布时间：2020年11月25日\n全市招聘特岗教师2311名，投入资金35.78亿元。\n";
    struct arena arena = {0};
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
        char bytes[1024], *in = (char *)(uintptr_t)text, *out = bytes;
        size_t left = strlen(text), room = sizeof bytes;
        char name[DAY_TEXT_SIZE];
        struct article article;
        iconv_t conversion = iconv_open(encodings[i], "UTF-8");
        assert_true(conversion != (iconv_t)-1);
        if (strcmp(encodings[i], "UTF-16LE") == 0) {
            memcpy(out, "\xFF\xFE", 2);
            out += 2, room -= 2;
        }
        assert_true(iconv(conversion, &in, &left, &out, &room) != (size_t)-1);
        iconv_close(conversion);
        struct str all = {bytes, sizeof bytes - room};
        assert_true(article_read(&arena, all, &article, NULL));
        assert_str_is(article.title, "我市教育成效明显");
        assert_string_equal(day_format(article.published, name), "2020-11-25");
        assert_int_equal(article.count, 1);
    }
    arena_free(&arena);
}

static void test_refused(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct article article;
    struct err err = ERR_INIT;
    assert_false(article_read(&arena, STR(""), &article, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    err = ERR_INIT;
    assert_false(article_read(&arena, STR("a\0b"), &article, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    arena_free(&arena);
}

/* The interview as published, claim by claim. */
static const char *const interview[] = {
    "0 persons 失学辍学学生",
    "302 villages 贫困村",
    "3578000000 yuan 投入资金",
    "100 percent 实现乡镇中心幼儿园和有需求的行政村幼儿园",
    "2311 persons 招聘特岗教师",
    "70000 person_times 完成市级以上教师培训",
    "3635 person_times 县域内教师交流轮岗",
    "194000000 yuan 落实乡村教师生活补助",
    "725000000 yuan 发放各类资助资金",
    "985000 person_times 惠及学生",
    "6420 persons 完成各类专项招生",
    "216 persons 高校专项计划招生",
    "4450 persons 国家(贫困地区)专项计划招生",
    "990 persons 地方专项计划招生",
    "401 persons 精准扶贫专项计划招生",
    "363 persons 革命老区专项计划招生",
    "389 persons 教育管理人员和一线教师",
    "98 persons 教师",
    "78 agreements 双方共签订联盟校协议",
    "690 schools 覆盖我市中小学校",
};

static void test_interview(void **state)
{
    (void)state;
    const char *data = getenv("BAOXUE_DATA");
    struct arena arena = {0};
    struct str path, bytes;
    struct text name;
    text_init(&name, &arena, 4096);
    text_add_f(&name, "%s/interview-2020-11-25.txt", data == NULL ? "../shared/data" : data);
    path = text_str(&name);
    if (!file_exists(path.ptr)) {
        arena_free(&arena);
        skip();
    }
    struct article article;
    struct claims claims;
    char day_text[DAY_TEXT_SIZE];
    assert_true(file_read(&arena, path.ptr, ARTICLE_BYTES_MAX, &bytes, NULL));
    assert_true(article_read(&arena, bytes, &article, NULL));
    assert_true(claims_read(&arena, &article, &claims, NULL));
    assert_str_is(article.title, "打赢教育脱贫攻坚战——访市教育局党组书记、局长任文贵");
    assert_string_equal(day_format(article.published, day_text), "2020-11-25");
    assert_int_equal(claims.count, sizeof interview / sizeof *interview);
    for (size_t i = 0; i < claims.count; i++) {
        const struct claim *claim = &claims.items[i];
        struct str value = claim_decimal(&arena, claim->value_e4);
        struct text got;
        text_init(&got, &arena, 1024);
        text_add_f(&got, "%.*s %s %.*s", STR_ARG(value), claim_unit_key(claim->unit),
                   STR_ARG(claim->subject));
        assert_string_equal(got.ptr, interview[i]);
        assert_true(claim->everyone == (i == 0 || i == 1 || i == 3));
        assert_true((claim->exactness == CLAIM_MORE) == (i == 5));
    }
    assert_int_equal(claims.sum_count, 1);
    assert_int_equal(claims.sums[0].part_count, 5);
    assert_true(claims.sums[0].holds);
    assert_int_equal(claims.sums[0].slack_e4, 0);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_damages),
        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_interview),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
