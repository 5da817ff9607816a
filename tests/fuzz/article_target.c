#include "targets.h"

#include "figures/article_json.h"
#include "figures/match_file.h"

/* An article: read, or refused with a sentence. What is read is UTF-8, every text of a claim lies
 * in its sentence, and the answer is one JSON document. */

static const char figures_csv[] = "key,zh,unit,value,words,expected,verified\n"
                                  "a,特岗教师,persons,2311,特岗教师|教师 招聘,,\n"
                                  "b,失学辍学学生,persons,0,失学|辍学,10,9\n"
                                  "c,资助资金,yuan,725000000,资金,,\n";

static bool is_within(struct str part, struct str whole)
{
    return part.len == 0 || (part.ptr >= whole.ptr && part.ptr + part.len <= whole.ptr + whole.len);
}

static void check_claims(const struct claims *claims)
{
    for (size_t i = 0; i < claims->count; i++) {
        const struct claim *claim = &claims->items[i];
        int64_t low, high;
        CHECK(utf8_valid(claim->text));
        CHECK(utf8_valid(claim->subject));
        CHECK(utf8_valid(claim->sentence));
        CHECK(is_within(claim->number, claim->sentence));
        CHECK(is_within(claim->text, claim->sentence));
        CHECK(claim->value_e4 >= 0);
        CHECK(claim->place_e4 > 0);
        claim_bounds(claim, &low, &high);
        CHECK(claim->exactness == CLAIM_RANGE || low <= high);
    }
    for (size_t i = 0; i < claims->sum_count; i++) {
        const struct claim_sum *sum = &claims->sums[i];
        CHECK(sum->total < claims->count);
        CHECK(sum->part_count >= 2 && sum->part_count <= CLAIM_PARTS_MAX);
        for (size_t k = 0; k < sum->part_count; k++) CHECK(sum->parts[k] < claims->count);
    }
}

static void run_article(struct str input)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct article article;
    struct claims claims;
    struct match *matches;
    struct figure_known *figures;
    size_t count;
    CHECK(match_file_read(&arena, str_from(figures_csv), &figures, &count, &err));
    if (article_read(&arena, input, &article, &err)
        && claims_read(&arena, &article, &claims, &err)) {
        struct text text;
        struct json json;
        CHECK(utf8_valid(article.title));
        for (size_t i = 0; i < article.count; i++) CHECK(utf8_valid(article.paragraphs[i].text));
        check_claims(&claims);
        CHECK(match_claims(&arena, &claims, figures, count, &matches, &err));
        text_init(&text, &arena, 1 << 28);
        json_init(&json, &text);
        json_object(&json);
        article_json(&json, &arena, &claims, matches, figures);
        json_object_end(&json);
        CHECK(text.cut || utf8_valid(text_str(&text)));
    } else {
        CHECK(err.kind == ERR_INPUT || err.kind == ERR_LIMIT);
        CHECK(err.en[0] != '\0' && err.zh[0] != '\0');
    }
    (void)!match_file_read(&arena, input, &figures, &count, &err);
    arena_free(&arena);
}

struct fuzz_target fuzz_article_target(void)
{
    return (struct fuzz_target){
        "article",
        run_article,
        {STR("全市無一名失學學生，招聘特崗教師２３１１名，發(fā)放資金7.25億元。\n"),
         STR("<p>共招生6420名，其中高校216名、国家4450名、地方1754名。</p><script>x</script>"),
         STR("培训三万五千余人次，巩固率百分之九十九点八，3—5名。&nbsp;&#19968;"),
         STR("\xD5\xD0\xC6\xB8\xBD\xCC\xCA\xA6\x32\x33\x31\x31\xC3\xFB\xA1\xA3\n"),
         STR("\xFF\xFE\x59\x65\x08\x5E\x32\x00\x0D\x54"),
         STR("发布时间：2020年11月25日\næ•™è‚²覆盖690所\n鏁欒偛 锟斤拷\n"),
         STR("key,zh,unit,value\na,b,yuan,1.5\n")},
        "1亿2000万 万余 百分之 点五 其中 、 ， 。 （ ） 共计 分别 无一名 全覆盖 全部达标 以上 约 "
        "近 — 至 2020年 人次 所 个村 "
        "幼儿园 份 协议 &amp;nbsp; ( ) zhàn <br> </p> \xEF\xBF\xBD \xE2\x80\x8B 锟斤拷 鏁欒偛",
    };
}
