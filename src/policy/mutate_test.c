#include "base/testing.h"

#include "policy/format.h"
#include "policy/trial.h"

/* A small policy, cases that notice each change of it, and what is left when one of them goes. */

static const char rules[] =
    "包 t \"试\" / \"Test\"\n主体 s \"人\" / \"person\"\n文件 d \"教〔2020〕1号\"\n"
    "输入 stage \"学段\" / \"stage\": 选项 (primary \"小学\" / \"primary\", "
    "junior \"初中\" / \"junior\", senior \"高中\" / \"senior\")\n"
    "输入 boarding \"寄宿\" / \"boarding\": 是否\n"
    "输入 grade \"年级\" / \"grade\": 整数 自 1 至 9\n"
    "输入 kinds \"类别\" / \"kinds\": 多项 (low \"低保\" / \"low\", orphan \"孤儿\" / "
    "\"orphan\", other \"其他\" / \"other\")\n"
    "标准 rate \"补助标准\" / \"rate\": 元/年 按 学段\n  小学: 1000 元 自 2019-09-01\n"
    "        1250 元 自 2025-03-01\n  初中: 1250 元 自 2019-09-01\n"
    "项目 aid \"补助\" / \"aid\"\n  对象 学段 属于 (小学, 初中)\n  周期 学期\n  形式 现金\n"
    "  自 2019-09-01\n  资格: 寄宿 且 类别 含 任一 (低保, 孤儿) 且 年级 >= 3 且 学段 属于 (小学, "
    "初中)\n"
    "  金额: 折学期(补助标准)\n"
    "项目 more \"另补\" / \"more\"\n  对象 学段 属于 (小学, 初中)\n  周期 学期\n  形式 现金\n"
    "  资格: 非 寄宿\n  金额: 10 元\n"
    "互斥 aid 先于 more\n";

static const char first_day[] =
    "用例 \"首日\" 时点 2019-09-01\n  学段 = 小学, 寄宿 = 是, 类别 = (低保), 年级 = 3\n"
    "  期望 补助 是 500 元 2019-autumn\n  期望 另补 否\n";

static const char cases[] =
    "用例 \"前一天\" 时点 2019-08-31\n  学段 = 小学, 寄宿 = 是, 类别 = (低保), 年级 = 3\n"
    "  期望 补助 否\n"
    "用例 \"提标前\" 时点 2025-02-28\n  学段 = 小学, 寄宿 = 是, 类别 = (孤儿), 年级 = 4\n"
    "  期望 补助 是 500 元\n"
    "用例 \"提标\" 时点 2025-03-01\n  学段 = 小学, 寄宿 = 是, 类别 = (孤儿), 年级 = 4\n"
    "  期望 补助 是 625 元\n"
    "用例 \"初中\" 时点 2019-09-01\n  学段 = 初中, 寄宿 = 是, 类别 = (低保), 年级 = 8\n"
    "  期望 补助 是 625 元\n"
    "用例 \"二年级\" 时点 2020-09-01\n  学段 = 小学, 寄宿 = 是, 类别 = (低保), 年级 = 2\n"
    "  期望 补助 否\n"
    "用例 \"三年级\" 时点 2020-09-01\n  学段 = 小学, 寄宿 = 是, 类别 = (孤儿), 年级 = 3\n"
    "  期望 补助 是 500 元\n"
    "用例 \"走读\" 时点 2020-09-01\n  学段 = 初中, 寄宿 = 否, 类别 = (孤儿), 年级 = 3\n"
    "  期望 补助 否\n  期望 另补 是 10 元\n"
    "用例 \"小学走读\" 时点 2020-09-01\n  学段 = 小学, 寄宿 = 否, 类别 = (无)\n"
    "  期望 另补 是 10 元\n"
    "用例 \"寄宿不明\" 时点 2020-09-01\n  学段 = 小学\n"
    "  期望 补助 未知 需要 寄宿, 年级, 类别\n  期望 另补 未知 需要 寄宿, 年级, 类别\n"
    "用例 \"其他\" 时点 2020-09-01\n  学段 = 小学, 寄宿 = 是, 类别 = (其他), 年级 = 3\n"
    "  期望 补助 否\n"
    "用例 \"高中\" 时点 2020-09-01\n  学段 = 高中, 寄宿 = 否, 类别 = (低保), 年级 = 3\n"
    "  期望 补助 不适用\n  期望 另补 不适用\n";

static const struct policy *read(struct arena *arena, const char *a, const char *b, const char *c)
{
    struct err err = ERR_INIT;
    const struct policy *policy = NULL;
    struct text text;
    text_init(&text, arena, 1 << 20);
    text_add_c(&text, a);
    text_add_c(&text, b);
    text_add_c(&text, c);
    struct policy_source source = {STR("t.policy"), text_str(&text)};
    if (!policy_read(arena, &source, 1, NULL, &policy, &err)) print_error("%s\n", err.en);
    assert_non_null(policy);
    return policy;
}

static size_t survivors(const struct policy_mutation *mutation, bool say)
{
    size_t count = 0;
    for (size_t m = 0; m < mutation->count; m++) {
        const struct policy_mutant *mutant = &mutation->mutants[m];
        if (mutant->killed || mutant->equivalent) continue;
        if (say) print_error("%d: %.*s\n", mutant->place.line, STR_ARG(mutant->en));
        count++;
    }
    return count;
}

static void good_cases_notice_every_change(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct policy_mutation mutation;
    struct policy_trial trial;
    const struct policy *policy = read(&arena, rules, first_day, cases);
    policy_test(&arena, policy, POLICY_NONE, &trial);
    assert_int_equal(trial.failure_count, 0);
    policy_mutate(&arena, policy, 0, NULL, &mutation);
    assert_true(mutation.count >= 40);
    assert_int_equal(survivors(&mutation, true), 0);
    assert_int_equal(mutation.killed + mutation.equivalent, mutation.count);
    arena_free(&arena);
}

/* Whom the scheme does not concern its right may name or not. */
static void what_changes_nothing_is_known(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct policy_mutation mutation;
    policy_mutate(&arena, read(&arena, rules, first_day, cases), 0, NULL, &mutation);
    size_t equivalent = 0, killed = 0;
    for (size_t m = 0; m < mutation.count; m++) {
        const struct policy_mutant *mutant = &mutation.mutants[m];
        if (!str_equal(mutant->zh, STR("补助：“学段”里的“高中”加入名单"))) continue;
        equivalent += mutant->equivalent;
        killed += mutant->killed;
    }
    assert_int_equal(equivalent, 1);
    assert_int_equal(killed, 1);
    arena_free(&arena);
}

/* Without the case of the first day nothing says that the scheme begins there. */
static void a_case_that_goes_is_missed(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct policy_mutation mutation;
    policy_mutate(&arena, read(&arena, rules, "", cases), 0, NULL, &mutation);
    bool found = false;
    for (size_t m = 0; m < mutation.count; m++) {
        const struct policy_mutant *mutant = &mutation.mutants[m];
        if (mutant->killed || mutant->equivalent) continue;
        assert_int_equal(mutant->place.source, 0);
        assert_true(mutant->place.line >= 8);
        found = found
                || str_equal(mutant->en, STR("rate: first day of \"primary from 2019-09-01 CNY "
                                             "1,000\", 2019-09-01, becomes 2019-09-02"));
    }
    assert_true(found);
    arena_free(&arena);
}

/* A case that is wrong fails with every mutant, and says nothing. */
static void wrong_cases_do_not_count(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct policy_mutation mutation;
    const char *wrong = "用例 \"错\" 时点 2020-09-01\n  学段 = 小学, 寄宿 = 是, 类别 = (低保), "
                        "年级 = 3\n  期望 补助 是 1 元\n";
    policy_mutate(&arena, read(&arena, rules, wrong, ""), 0, NULL, &mutation);
    assert_int_equal(mutation.killed, 0);
    arena_free(&arena);
}

/* Boundary cases read, hold, are laid out, and notice most changes by themselves. */
static void boundaries_are_cases(void **state)
{
    (void)state;
    for (int l = 0; l < 2; l++) {
        struct arena arena = {0};
        enum lang lang = l == 0 ? LANG_ZH : LANG_EN;
        struct policy_trial trial;
        struct policy_mutation mutation;
        size_t count;
        const struct policy *policy = read(&arena, rules, "", "");
        struct str text = policy_boundaries(&arena, policy, 0, lang, &count);
        assert_true(count > 10);
        struct policy_source sources[] = {{STR("t.policy"), str_from(rules)},
                                          {STR("boundaries.policy"), text}};
        struct err err = ERR_INIT;
        if (!policy_read(&arena, sources, 2, NULL, &policy, &err)) print_error("%s\n", err.en);
        assert_int_equal(err.kind, ERR_NONE);
        policy_test(&arena, policy, POLICY_NONE, &trial);
        assert_int_equal(trial.cases, count);
        assert_int_equal(trial.failure_count, 0);
        struct str laid_out;
        policy_format(&arena, policy, 1, text, lang, &laid_out);
        assert_true(str_equal(laid_out, text));
        policy_mutate(&arena, policy, 0, NULL, &mutation);
        size_t real = mutation.count - mutation.equivalent;
        assert_true(mutation.killed * 100 >= real * 95);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_cases_notice_every_change),
        cmocka_unit_test(what_changes_nothing_is_known),
        cmocka_unit_test(a_case_that_goes_is_missed),
        cmocka_unit_test(wrong_cases_do_not_count),
        cmocka_unit_test(boundaries_are_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
