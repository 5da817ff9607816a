#include "targets.h"

#include "policy/format.h"
#include "policy/trial.h"

/* A policy text: refused with a place inside it, or read; then it is laid out, in either language,
 * as format.h promises, and its cases are tried. */

enum { TEXT_BYTES_MAX = 1 << 14 };

static const struct policy *read(struct arena *arena, struct str text)
{
    struct policy_source source = {STR("fuzz.policy"), text};
    struct policy_faults faults;
    const struct policy *policy = NULL;
    struct err err = ERR_INIT;
    if (policy_read(arena, &source, 1, &faults, &policy, &err)) return policy;
    CHECK(err.kind == ERR_INPUT || err.kind == ERR_LIMIT);
    CHECK(faults.count > 0);
    for (size_t i = 0; i < faults.count; i++) {
        CHECK(faults.items[i].place.line >= 1);
        CHECK(faults.items[i].place.column >= 1);
        CHECK(faults.items[i].zh.len > 0 && faults.items[i].en.len > 0);
    }
    return NULL;
}

static struct str laid_out(struct arena *arena, struct str text, enum lang lang)
{
    struct str out;
    const struct policy *policy = read(arena, text);
    CHECK(policy != NULL);
    policy_format(arena, policy, 0, text, lang, &out);
    return out;
}

static void run_policy(struct str input)
{
    struct arena arena = {0};
    struct policy_trial trial;
    struct str text = str_slice(input, 0, TEXT_BYTES_MAX);
    const struct policy *policy = read(&arena, text);
    if (policy != NULL) {
        struct str zh = laid_out(&arena, text, LANG_ZH);
        CHECK(str_equal(laid_out(&arena, zh, LANG_ZH), zh));
        struct str en = laid_out(&arena, zh, LANG_EN);
        CHECK(str_equal(laid_out(&arena, en, LANG_EN), en));
        CHECK(str_equal(laid_out(&arena, en, LANG_ZH), zh));
        policy_test(&arena, policy, POLICY_NONE, &trial);
        CHECK(trial.cases == policy->case_count);
    }
    arena_free(&arena);
}

#define HEAD \
    "包 t \"试\" / \"Test\"\n主体 s \"人\" / \"person\"\n文件 d \"1号\" 见原文\n" \
    "输入 stage \"学段\" / \"stage\": 选项 (primary \"小学\" / \"primary\", junior \"初中\")\n" \
    "输入 boarding \"寄宿\": 是否\n输入 grade \"年级\": 整数 自 1 至 9\n" \
    "输入 kinds \"类别\": 多项 (low \"低保\" / \"low\", orphan \"孤儿\")\n"

struct fuzz_target fuzz_policy_target(void)
{
    return (struct fuzz_target){
        "policy",
        run_policy,
        {STR(HEAD
             "标准 rate \"补助标准\": 元/年 按 学段\n  小学: 1000 元 自 2019-09-01 依据 d\n"
             "   1250 元 自 2025-03-01 # more\n  初中: 1250 元 自 2019-09-01\n"
             "项目 aid \"补助\"\n  对象 学段 属于 (小学, 初中) 周期 学期 形式 现金\n"
             "  自 2019-09-01\n  资格 甲: 寄宿 且 类别 含 任一 (低保, 孤儿 自 2021-09-01) 依据 d\n"
             "  除外 资格 大 到 甲: 年级 >= 7\n  金额: 折学期(补助标准)\n"),
         STR(HEAD "define a \"甲\"\n  from 2020-01-01: not boarding or grade in (1, 2) and "
                  "kinds has all (low, orphan) cite d\n"
                  "scheme aid \"补助\"\n  applies stage is primary period year form waiver\n"
                  "  right x: a\n  except right y to x: grade < 3\n"
                  "  amount: round_down(1.5 yuan * 1/3 + 12 fen, 1 fen)\n"
                  "case \"一\" at 2020-11-25\n  stage = primary, boarding is no, kinds = (none)\n"
                  "  expect aid yes 0.62 yuan 2020-2021\n"),
         STR(HEAD
             "输入 born \"出生\": 日期\n输入 county \"县\": 区划代码\n"
             "标准 l \"名单\": 名单 按 县\n  620421 自 2019-09-01\n  620422: 无 自 2020-01-01\n"
             "项目 m \"餐\"\n 对象 学段 为 小学\n 周期 一次\n 形式 实物\n"
             " 资格: 有标准(l) 且 (周岁(出生) < 16 或 学段 != 初中)\n 金额 上限: 0.1 万元\n"
             "项目 n \"车\"\n 对象 (学段) = 小学\n 周期 学期\n 形式 现金\n 资格: 寄宿 = 否\n"
             " 金额: 较小者(5 元, 10 元) - 1 元\n互斥 m 先于 n\n")},
        "包 主体 文件 输入 定义 标准 项目 互斥 叠加 补充 用例 期望 未知 需要 自 至 依据 待核实 "
        "取代 除外 "
        "资格 金额 当 为 属于 含 任一 全部 有标准 否则 折学期 且 或 非 ( ) : , / = # \n 2020-11-25 "
        "2020-autumn 元/年 万元 50% * 1/2 \" “ ” 无 学段 stage 小学 aid 甲",
    };
}
