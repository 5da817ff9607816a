#include "base/testing.h"

#include "policy/explain.h"
#include "policy/read.h"
#include "policy/trial.h"

/* A small policy, and what is wrong with texts like it. */

#define HEAD                                                                                       \
    "包 t \"试\" / \"Test\"\n主体 s \"人\" / \"person\"\n文件 d \"教〔2020〕1号\"\n"    \
    "输入 stage \"学段\" / \"stage\": 选项 (primary \"小学\" / \"primary\", "              \
    "junior \"初中\" / \"junior\")\n"                                                            \
    "输入 boarding \"寄宿\" / \"boarding\": 是否 掌握 \"学校\" / \"the school\"\n"       \
    "输入 kinds \"类别\" / \"kinds\": 多项 (low \"低保\" / \"low\", "                      \
    "orphan \"孤儿\" / \"orphan\")\n"                                                            \
    "输入 fee \"收费\" / \"fee\": 款额 元/学期\n"
#define STANDARD                                                                                   \
    "标准 rate \"补助标准\" / \"rate\": 元/年 按 学段\n"                                \
    "  小学: 1000 元 自 2019-09-01 依据 d\n"                                                 \
    "        1250 元 自 2025-03-01 依据 d\n"                                                   \
    "  初中: 1250 元 自 2019-09-01 依据 d\n"
#define SCHEME(amount)                                                                             \
    "项目 aid \"补助\" / \"aid\"\n  对象 学段 属于 (小学, 初中)\n  周期 学期\n"  \
    "  形式 现金\n  自 2019-09-01 依据 d\n"                                                 \
    "  资格: 寄宿 且 类别 含 任一 (低保, 孤儿) 依据 d\n  金额: " amount "\n"

static bool read(struct arena *arena, const char *text, const struct policy **out,
                 struct policy_faults *faults, struct err *err)
{
    struct policy_source source = {STR("t.policy"), str_from(text)};
    return policy_read(arena, &source, 1, faults, out, err);
}

static void a_policy_decides_its_cases(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    const struct policy *policy;
    struct policy_trial trial;
    const char *text = HEAD STANDARD SCHEME(
        "折学期(补助标准) 依据 d") "用例 \"一\" / \"one\" 时点 2025-03-01\n"
                                   "  学段 = 小学, 寄宿 = 是, 类别 = (低保)\n  期望 补助 是 625 元 "
                                   "2025-spring\n"
                                   "用例 \"二\" 时点 2025-02-28\n  学段 = 小学, 寄宿 = 是, 类别 = "
                                   "(低保)\n  期望 补助 是 500 元\n"
                                   "用例 \"三\" 时点 2019-08-31\n  学段 = 小学, 寄宿 = 是, 类别 = "
                                   "(低保)\n  期望 补助 否\n"
                                   "用例 \"四\" 时点 2020-09-01\n  学段 = 小学, 类别 = (低保)\n  "
                                   "期望 补助 未知 需要 寄宿\n"
                                   "用例 \"五\" 时点 2020-09-01\n  学段 = 小学, 类别 = (无)\n  "
                                   "期望 补助 否\n"
                                   "用例 \"错\" / \"wrong\" 时点 2020-09-01\n  学段 = 初中, 寄宿 = "
                                   "是, 类别 = (孤儿)\n"
                                   "  期望 补助 是 1 元\n";
    assert_true(read(&arena, text, &policy, NULL, &err));
    policy_test(&arena, policy, POLICY_NONE, &trial);
    assert_int_equal(trial.cases, 6);
    assert_int_equal(trial.failure_count, 1);
    assert_int_equal(trial.failures[0].test, 5);
    assert_true(str_find(trial.failures[0].zh, STR("625 元")) != SIZE_MAX);
    arena_free(&arena);
}

static void english_reads_as_chinese_does(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    const struct policy *policy;
    struct policy_trial trial;
    const char *text = HEAD STANDARD
        "scheme aid \"补助\" / \"aid\"\n  applies stage in (primary, junior)\n  period term\n"
        "  form cash\n  from 2019-09-01\n  right: boarding and kinds has any (low, orphan) cite d\n"
        "  amount: per_term(rate) cite d\n"
        "case \"一\" at 2025-03-01\n  stage = primary, boarding = yes, kinds = (low)\n"
        "  expect aid yes 625 yuan 2025-spring\n";
    if (!read(&arena, text, &policy, NULL, &err)) print_error("%s\n", err.en);
    assert_int_equal(err.kind, ERR_NONE);
    policy_test(&arena, policy, POLICY_NONE, &trial);
    assert_int_equal(trial.failure_count, 0);
    arena_free(&arena);
}

static const struct {
    const char *text, *en, *zh;
} bad[] = {
    {HEAD "标准 rate \"标准\": 元/年 按 学期段\n", "t.policy:8:21: expected an input to go by", ""},
    {HEAD STANDARD SCHEME("折学期(补助标淮) 依据 d"),
     "t.policy:18:11: there is no input, definition or standard called \"补助标淮\"; did you mean "
     "\"补助标准\"?",
     "t.policy:18:11：没有名为“补助标淮”的输入、定义或标准；是不是“补助标准”？"},
    {HEAD STANDARD SCHEME("补助标准 依据 d"), "t.policy:18:7: the amount is in yuan/year", ""},
    {HEAD STANDARD SCHEME("折学期(补助标准) * 1/3 依据 d"),
     "t.policy:18:20: the result may not be whole", ""},
    {HEAD STANDARD SCHEME("收费 / 3 依据 d"), "t.policy:18:10: the result may not be whole", ""},
    {HEAD STANDARD SCHEME("寄宿 依据 d"), "t.policy:18:7: expected an amount", ""},
    {HEAD "定义 a \"甲\": 乙\n定义 b \"乙\": 甲\n", "t.policy:8:11", ""},
    {HEAD "项目 x \"某\"\n  周期 学期\n", "t.policy:8:1: the scheme has no", ""},
    {HEAD "  标准\n", "t.policy:8:3", ""},
    {HEAD STANDARD "补充 标准 rate\n  小学: 900 元 自 2019-09-01\n",
     "t.policy:13:3: a row of these keys begins on the same day", ""},
    {"主体 s \"人\"\n", "t.policy:1:", ""},
    {HEAD "文件 e \"没有闭合\n", "t.policy:8:6: a quote that is not closed", ""},
    {HEAD "@\n", "t.policy:8:1: a sign that has no meaning here", ""},
};

static void faults_say_where_and_what(void **state)
{
    (void)state;
    bool all = true;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct policy_faults faults;
        const struct policy *policy;
        assert_false(read(&arena, bad[i].text, &policy, &faults, &err));
        assert_true(faults.count > 0);
        bool good = str_starts(str_from(err.en), str_from(bad[i].en))
                    && str_starts(str_from(err.zh), str_from(bad[i].zh));
        if (!good) print_error("%zu: %s | %s\n", i, err.en, err.zh);
        all = all && good;
        arena_free(&arena);
    }
    assert_true(all);
}

/* Nesting, size and rubbish end with a fault, not with the program. */
static void rubbish_is_refused(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct text text;
    const struct policy *policy;
    text_init(&text, &arena, 1 << 22);
    text_add_c(&text, HEAD "定义 a \"甲\": ");
    for (int i = 0; i < 100000; i++) text_add_byte(&text, '(');
    struct err err = ERR_INIT;
    assert_false(read(&arena, text.ptr, &policy, NULL, &err));
    text_clear(&text);
    text_add_c(&text, HEAD);
    for (int i = 0; i < 60000; i++) text_add_f(&text, "定义 a%d \"甲%d\": 寄宿\n", i, i);
    err = ERR_INIT;
    assert_false(read(&arena, text.ptr, &policy, NULL, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    err = ERR_INIT;
    assert_false(read(&arena, "\xff\xfe\x00garbage", &policy, NULL, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    arena_free(&arena);
}

#define BORN "输入 born \"出生\" / \"born\": 日期\n"
#define MORE(clauses) \
    HEAD STANDARD BORN "输入 grade \"年级\" / \"grade\": 整数 自 1 至 12\n"                 \
                       "项目 aid \"补助\" / \"aid\"\n  对象 学段 属于 (小学, 初中)\n" \
                       "  周期 学期\n  形式 现金\n  自 2019-09-01\n  资格: 寄宿\n" clauses
#define LATER(clauses) \
    HEAD STANDARD BORN "输入 grade \"年级\" / \"grade\": 整数 自 1 至 12\n" \
                       "项目 aid \"补助\" / \"aid\"\n  对象 学段 属于 (小学, 初中)\n" \
                       "  周期 学期\n  形式 现金\n  自 2019-09-01\n" \
                       "  资格 自 2021-09-01: 寄宿\n" clauses
#define SECOND \
    "项目 two \"二\" / \"two\"\n  对象 学段 为 小学\n  周期 学期\n  形式 现金\n  资格: 寄宿\n" \
    "  金额: 5 元\n"

/* What would be decided by order, or by nothing: "" where it is neither. */
static const struct {
    const char *text, *en;
} conflicts[] = {
    {MORE("  金额: 5 元\n  金额 b: 7 元\n"),
     "t.policy:21:3: another amount is in force on the same day (line 20)"},
    {MORE("  金额 a 至 2022-08-31: 5 元\n  金额 b 自 2022-09-01: 7 元\n"), ""},
    {MORE("  金额 a 至 2022-08-31: 5 元\n"),
     "t.policy:14:1: on 2022-09-01 a right"},
    {MORE("  金额 a: 5 元\n  除外 金额 b 于 a 当 学段 为 小学: 6 元\n"
          "  除外 金额 c 于 a 当 年级 > 3: 7 元\n"),
     "t.policy:22:3: this and another exception may hold together (for example 2019-09-01, stage "
     "primary, boarding yes, grade 4)"},
    /* A right that begins after the scheme: the days before it prove nothing. */
    {LATER("  金额 a: 5 元\n  除外 金额 b 于 a 当 学段 为 小学: 6 元\n"
           "  除外 金额 c 于 a 当 年级 > 3: 7 元\n"),
     "t.policy:22:3: this and another exception may hold together (for example 2021-09-01, stage "
     "primary, boarding yes, grade 4)"},
    {MORE("  金额 a: 5 元\n  除外 金额 b 于 a 当 学段 为 小学: 6 元\n"
          "  除外 金额 c 于 a 当 学段 为 初中: 7 元\n"),
     ""},
    {MORE("  金额 a: 5 元\n  除外 金额 b 于 a 当 年级 <= 3: 6 元\n"
          "  除外 金额 c 于 a 当 年级 >= 4: 7 元\n"),
     ""},
    {MORE("  金额 a: 5 元\n  除外 金额 b 于 a 当 周岁(出生) < 6: 6 元\n"
          "  除外 金额 c 于 a 当 周岁(出生) >= 6: 7 元\n"),
     ""},
    {MORE("  金额 a: 5 元\n  除外 金额 b 于 a 当 周岁(出生) <= 6: 6 元\n"
          "  除外 金额 c 于 a 当 周岁(出生) >= 6: 7 元\n"),
     "t.policy:22:3: this and another exception"},
    {MORE("  金额 a: 5 元\n  除外 金额 b 于 a 当 类别 含 低保: 6 元\n"
          "  除外 金额 c 于 a 当 类别 含 孤儿: 7 元\n"),
     "t.policy:22:3: this and another exception"},
    {MORE("  金额 a: 5 元\n  除外 金额 b 于 a 当 类别 含 低保: 6 元\n"
          "  除外 金额 c 于 a 当 类别 含 孤儿 且 非 类别 含 低保: 7 元\n"),
     ""},
    {MORE("  金额 a: 5 元\n  除外 金额 b 于 a 当 类别 含 低保: 6 元\n"
          "  除外 金额 c 于 b 当 类别 含 孤儿: 7 元\n"),
     ""},
    {MORE("  金额 a: 5 元\n  除外 金额 b 于 a 当 收费 > 9 元/学期: 6 元\n"
          "  除外 金额 c 于 a 当 收费 * 2 < 9 元/学期: 7 元\n"),
     "t.policy:22:3: this and another exception"},
    {MORE("  金额 a: 5 元\n  除外 金额 b 于 a 至 2020-01-31 当 寄宿: 6 元\n"
          "  除外 金额 c 于 a 自 2020-02-01 当 寄宿: 7 元\n"),
     ""},
    {MORE("  金额: 折学期(补助标准)\n"), ""},
    {HEAD "标准 rate \"补助标准\" / \"rate\": 元/年 按 学段\n  小学: 10 元 自 2019-09-01\n" SCHEME(
         "折学期(补助标准)"),
     "t.policy:16:3: standard \"rate\" has no value there (2019-09-01, stage junior)"},
    {HEAD "标准 rate \"补助标准\" / \"rate\": 元/年 按 学段\n  小学: 10 元 自 2019-09-01\n"
          "  初中: 10 元 自 2019-09-01\n        无 自 2021-03-01\n" SCHEME("折学期(补助标准)"),
     "t.policy:18:3: standard \"rate\" has no value there (2021-03-01, stage junior)"},
    {HEAD "标准 rate \"补助标准\" / \"rate\": 元/年 按 学段\n  小学: 10 元 自 2019-09-01\n" SCHEME(
         "折学期(补助标准 否则 8 元/年)"),
     ""},
    {HEAD "标准 rate \"补助标准\" / \"rate\": 元/年 按 学段\n  小学: 10 元 自 2019-09-01\n"
          "项目 aid \"补助\" / \"aid\"\n  对象 学段 属于 (小学, 初中)\n  周期 学期\n  形式 现金\n"
          "  自 2019-09-01\n  资格: 寄宿 且 有标准(补助标准)\n  金额: 折学期(补助标准)\n",
     ""},
    {HEAD
     "定义 a \"甲\"\n  自 2019-09-01 至 2020-08-31: 5 元\n  自 2020-09-02: 6 元\n" SCHEME("甲"),
     "t.policy:17:3: \"a\" has no definition in force on 2020-09-01"},
    {HEAD "标准 rate \"补助标准\": 元\n  5 元 自 2019-09-01 至 2020-09-01\n  6 元 自 2020-09-01\n",
     "t.policy:10:3: the row before (line 9) is still in force then"},
    {MORE("  金额: 5 元\n") SECOND "互斥 aid 先于 two\n互斥 two 先于 aid\n",
     "t.policy:27:4: exclusions lead in a circle"},
    {MORE("  金额: 5 元\n") SECOND
     "互斥 aid 先于 two 至 2020-08-31\n互斥 two 先于 aid 自 2020-09-01\n",
     ""},
    {MORE("  金额: 5 元\n") SECOND "互斥 aid 先于 two\n叠加 two 与 aid\n",
     "t.policy:28:4: \"two\" and \"aid\" exclude one another elsewhere"},
    {HEAD "文件 e \"号\"\n  条文 \"第一条\" \"人人有份\"\n定义 a \"甲\": 寄宿 依据 e \"第一条\" "
          "\"人人有\"\n",
     ""},
    {HEAD "文件 e \"号\"\n  条文 \"第一条\" \"人人有份\"\n定义 a \"甲\": 寄宿 依据 e \"第一条\" "
          "\"人人没有\"\n",
     "t.policy:10:14: the quoted words stand in no sentence kept of \"e\""},
    {MORE("  金额: 收费 - 9 元/学期\n"), "t.policy:20:7: the amount may be below nothing"},
    {MORE("  金额: 较大者(收费 - 9 元/学期, 0 元/学期)\n"), ""},
};

static void conflicts_are_refused(void **state)
{
    (void)state;
    bool all = true;
    for (size_t i = 0; i < sizeof conflicts / sizeof *conflicts; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        const struct policy *policy;
        bool fine = read(&arena, conflicts[i].text, &policy, NULL, &err);
        bool good = fine == (*conflicts[i].en == 0)
                    && str_starts(str_from(err.en), str_from(conflicts[i].en));
        if (!good) print_error("%zu: %s | %s\n", i, err.en, err.zh);
        all = all && good;
        arena_free(&arena);
    }
    assert_true(all);
}

/* What a few characters written over and over do: a fault, and soon. */
static const struct {
    const char *before, *again, *behind;
    int times;
    const char *en;
} floods[] = {
    {"定义 a \"甲\": ", "非 ", "寄宿", 100000, "t.policy:8:141: nested more than 64 deep"},
    {"定义 a \"甲\": ", "较小者(", "收费", 100000, "t.policy:8:267: nested more than 64 deep"},
    {"定义 a \"甲\": 收费", " + 收费", "", 100000,
     "t.policy:8:100016: a condition or sum of more than 20000 pieces"},
    {"定义 a \"甲\": 较小者(收费", ", 收费", ")", 100000,
     "t.policy:8:80015: a condition or sum of more than 20000 pieces"},
    {"定义 a \"甲\": 收费", " * 1/2", "", 1000, "t.policy:8:38: more than 8 factors"},
    {"定义 a \"甲\": 收费", " * 999999999999999", "", 2, "t.policy:8:14: a factor above 1000000"},
    {"定义 a \"甲\": 收费 > ", "9", "", 1000, "t.policy:8:16: a number that is too long"},
    {"", "@", "", 10000, "t.policy:8:1: a sign that has no meaning here"},
    {"", "某\n", "", 100000, "t.policy:8:1: expected a declaration (pack, subject"},
};

static void floods_are_refused(void **state)
{
    (void)state;
    bool all = true;
    for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct text text;
        const struct policy *policy;
        text_init(&text, &arena, POLICY_SOURCE_BYTES_MAX);
        text_add_c(&text, HEAD);
        text_add_c(&text, floods[i].before);
        for (int n = 0; n < floods[i].times; n++) text_add_c(&text, floods[i].again);
        text_add_c(&text, floods[i].behind);
        assert_false(read(&arena, text.ptr, &policy, NULL, &err));
        bool good = str_starts(str_from(err.en), str_from(floods[i].en));
        if (!good) print_error("%zu: %s\n", i, err.en);
        all = all && good;
        arena_free(&arena);
    }
    assert_true(all);
}

/* Definitions upon definitions: too many levels, and twice as large with each. */
static void definitions_written_out_are_bounded(void **state)
{
    static const char *const faults[] = {
        "t.policy:72:13: definitions upon definitions, more than 64",
        "t.policy:21:21: with the definitions that it uses written out"};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct text text;
        const struct policy *policy;
        text_init(&text, &arena, POLICY_SOURCE_BYTES_MAX);
        text_add_c(&text, HEAD "定义 a0 \"甲0\": 寄宿\n");
        for (int n = 1; n < 100; n++) {
            text_add_f(&text, "定义 a%d \"甲%d\": 甲%d", n, n, n - 1);
            if (i == 1) text_add_f(&text, " 且 甲%d", n - 1);
            text_add_c(&text, "\n");
        }
        assert_false(read(&arena, text.ptr, &policy, NULL, &err));
        bool good = str_starts(str_from(err.en), str_from(faults[i]));
        if (!good) print_error("%s\n", err.en);
        assert_true(good);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_policy_decides_its_cases),
        cmocka_unit_test(english_reads_as_chinese_does),
        cmocka_unit_test(faults_say_where_and_what),
        cmocka_unit_test(conflicts_are_refused),
        cmocka_unit_test(rubbish_is_refused),
        cmocka_unit_test(floods_are_refused),
        cmocka_unit_test(definitions_written_out_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
