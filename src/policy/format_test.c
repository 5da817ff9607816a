#include "base/asset.h"
#include "base/testing.h"
#include "policy/format.h"

/* A policy as text without places: two that are written alike decide alike. */

static void put_name(struct text *out, const struct policy_name *name)
{
    text_add_f(out, "%.*s|%.*s|%.*s", STR_ARG(name->key), STR_ARG(name->zh), STR_ARG(name->en));
    for (size_t i = 0; i < name->also_count; i++) text_add_f(out, "|%.*s", STR_ARG(name->also[i]));
    text_add_c(out, "\n");
}

static void put_span(struct text *out, struct policy_span span)
{
    text_add_f(out, " %d..%d", span.first.days, span.last.days);
}

static void put_cites(struct text *out, const struct policy_cites *cites)
{
    for (size_t i = 0; i < cites->count; i++) {
        text_add_f(out, " cite %d %.*s %.*s", cites->items[i].document,
                   STR_ARG(cites->items[i].article), STR_ARG(cites->items[i].quote));
    }
    text_add_c(out, cites->unconfirmed ? " ?\n" : "\n");
}

static void put_expr(struct text *out, const struct policy_expr *expr)
{
    if (expr == NULL) return;
    text_add_f(out, " (%d %d %d %d %d %d %lld %lld/%lld %lld", expr->kind, expr->type, expr->unit,
               expr->target, expr->order, expr->rounding, (long long)expr->value,
               (long long)expr->numerator, (long long)expr->denominator, (long long)expr->scale);
    for (size_t i = 0; i < expr->list_count; i++) {
        text_add_f(out, " %lld", (long long)expr->list[i].value);
        put_span(out, expr->list[i].span);
        if (expr->list[i].unconfirmed) text_add_c(out, "?");
    }
    for (size_t i = 0; i < expr->part_count; i++) put_expr(out, expr->parts[i]);
    text_add_c(out, ")");
}

static void put_input(struct text *out, const struct policy_input *input)
{
    put_name(out, &input->name);
    text_add_f(out, "%d %d %d %lld..%lld %.*s %.*s\n", input->subject, input->type, input->unit,
               (long long)input->least, (long long)input->most, STR_ARG(input->holder_zh),
               STR_ARG(input->holder_en));
    for (size_t c = 0; c < input->choice_count; c++) put_name(out, &input->choices[c].name);
}

static void put_standard(struct text *out, const struct policy_standard *standard)
{
    put_name(out, &standard->name);
    text_add_f(out, "%d %d", standard->type, standard->unit);
    for (size_t k = 0; k < standard->by_count; k++) text_add_f(out, " by %d", standard->by[k]);
    for (size_t r = 0; r < standard->row_count; r++) {
        const struct policy_row *row = &standard->rows[r];
        text_add_f(out, "\n %lld %lld %lld: %lld %d pack %d", (long long)row->keys[0],
                   (long long)row->keys[1], (long long)row->keys[2], (long long)row->value,
                   row->none, row->pack);
        put_span(out, row->span);
        put_cites(out, &row->cites);
    }
}

static void put_scheme(struct text *out, const struct policy_scheme *scheme)
{
    put_name(out, &scheme->name);
    put_expr(out, scheme->applies);
    text_add_f(out, " %d %d %.*s %.*s %d", scheme->period, scheme->form, STR_ARG(scheme->payer_zh),
               STR_ARG(scheme->payer_en), scheme->confirmed_only);
    put_span(out, scheme->span);
    put_cites(out, &scheme->cites);
    for (size_t c = 0; c < scheme->clause_count; c++) {
        const struct policy_clause *clause = &scheme->clauses[c];
        text_add_f(out, " %d %.*s to %d %d %d", clause->kind, STR_ARG(clause->label),
                   clause->exception_to, clause->average, clause->ceiling);
        put_span(out, clause->span);
        put_expr(out, clause->condition);
        put_expr(out, clause->amount);
        put_cites(out, &clause->cites);
    }
}

static void put_case(struct text *out, const struct policy_case *test)
{
    text_add_f(out, "%.*s %.*s %d", STR_ARG(test->title_zh), STR_ARG(test->title_en),
               test->at.days);
    for (size_t g = 0; g < test->given_count; g++) {
        text_add_f(out, " %d=%lld", test->given[g].input, (long long)test->given[g].value);
    }
    for (size_t e = 0; e < test->expected_count; e++) {
        const struct policy_expectation *expected = &test->expected[e];
        text_add_f(out, " %d %d %d %lld %d %d %d %llx\n", expected->scheme, expected->verdict,
                   expected->has_amount, (long long)expected->fen, expected->has_period,
                   expected->period.year, expected->period.spring,
                   (unsigned long long)expected->needs);
    }
}

static void put_documents(struct text *out, const struct policy *policy)
{
    for (size_t d = 0; d < policy->document_count; d++) {
        const struct policy_document *document = &policy->documents[d];
        text_add_f(out, "%.*s %.*s %.*s %.*s %d %d\n", STR_ARG(document->key),
                   STR_ARG(document->number), STR_ARG(document->title_zh),
                   STR_ARG(document->title_en), document->issued.days, document->confidence);
        for (size_t s = 0; s < document->sentence_count; s++) {
            text_add_f(out, " %.*s %.*s\n", STR_ARG(document->sentences[s].article),
                       STR_ARG(document->sentences[s].text));
        }
    }
}

static struct str written(struct arena *arena, const struct policy *policy)
{
    struct text out;
    text_init(&out, arena, 1 << 24);
    for (size_t p = 0; p < policy->pack_count; p++) put_name(&out, &policy->packs[p].name);
    for (size_t s = 0; s < policy->subject_count; s++) put_name(&out, &policy->subjects[s].name);
    put_documents(&out, policy);
    for (size_t i = 0; i < policy->input_count; i++) put_input(&out, &policy->inputs[i]);
    for (size_t d = 0; d < policy->definition_count; d++) {
        const struct policy_definition *definition = &policy->definitions[d];
        put_name(&out, &definition->name);
        for (size_t v = 0; v < definition->version_count; v++) {
            put_span(&out, definition->versions[v].span);
            put_expr(&out, definition->versions[v].expr);
            put_cites(&out, &definition->versions[v].cites);
        }
    }
    for (size_t s = 0; s < policy->standard_count; s++) put_standard(&out, &policy->standards[s]);
    for (size_t s = 0; s < policy->scheme_count; s++) put_scheme(&out, &policy->schemes[s]);
    for (size_t e = 0; e < policy->exclusion_count; e++) {
        const struct policy_exclusion *exclusion = &policy->exclusions[e];
        for (size_t i = 0; i < exclusion->count; i++) {
            text_add_f(&out, "%d before ", exclusion->schemes[i]);
        }
        put_span(&out, exclusion->span);
        put_cites(&out, &exclusion->cites);
    }
    for (size_t s = 0; s < policy->stack_count; s++) {
        const struct policy_stack *stack = &policy->stacks[s];
        for (size_t i = 0; i < stack->count; i++) text_add_f(&out, "%d with ", stack->schemes[i]);
        put_cites(&out, &stack->cites);
    }
    for (size_t c = 0; c < policy->case_count; c++) put_case(&out, &policy->cases[c]);
    assert_false(out.cut);
    return text_str(&out);
}

enum { SOURCES_MAX = 64 };

static const struct policy *read(struct arena *arena, const struct policy_source *sources,
                                 size_t count)
{
    struct err err = ERR_INIT;
    const struct policy *policy = NULL;
    if (!policy_read(arena, sources, count, NULL, &policy, &err)) print_error("%s\n", err.en);
    assert_non_null(policy);
    return policy;
}

static void lay_out(struct arena *arena, const struct policy_source *sources, size_t count,
                    enum lang lang, struct policy_source *out)
{
    const struct policy *policy = read(arena, sources, count);
    for (size_t s = 0; s < count; s++) {
        out[s].name = sources[s].name;
        policy_format(arena, policy, (uint16_t)s, sources[s].text, lang, &out[s].text);
    }
}

static void assert_same(const struct policy_source *a, const struct policy_source *b, size_t count)
{
    for (size_t s = 0; s < count; s++) {
        if (str_equal(a[s].text, b[s].text)) continue;
        print_error("%.*s\n---\n%.*s\n", STR_ARG(a[s].text), STR_ARG(b[s].text));
        fail();
    }
}

/* What the header promises, of these sources. */
static void assert_promises(const struct policy_source *sources, size_t count)
{
    struct arena arena = {0};
    struct policy_source zh[SOURCES_MAX], en[SOURCES_MAX], again[SOURCES_MAX];
    struct str before = written(&arena, read(&arena, sources, count));
    lay_out(&arena, sources, count, LANG_ZH, zh);
    assert_true(str_equal(written(&arena, read(&arena, zh, count)), before));
    lay_out(&arena, zh, count, LANG_ZH, again);
    assert_same(again, zh, count);
    lay_out(&arena, zh, count, LANG_EN, en);
    assert_true(str_equal(written(&arena, read(&arena, en, count)), before));
    lay_out(&arena, en, count, LANG_EN, again);
    assert_same(again, en, count);
    lay_out(&arena, sources, count, LANG_EN, again);
    assert_same(again, en, count);
    lay_out(&arena, en, count, LANG_ZH, again);
    assert_same(again, zh, count);
    for (size_t s = 0; s < count; s++) {
        assert_int_equal(policy_text_lang(&arena, zh[s].text), LANG_ZH);
        assert_int_equal(policy_text_lang(&arena, en[s].text), LANG_EN);
    }
    arena_free(&arena);
}

static void shipped_packs_keep_their_meaning(void **state)
{
    static const char *const packs[] = {"policies/national/rules/", "policies/gansu/rules/",
                                        "policies/baiyin/rules/"};
    (void)state;
    struct policy_source sources[SOURCES_MAX];
    size_t count = 0;
    for (size_t p = 0; p < sizeof packs / sizeof *packs; p++) {
        const struct asset *assets;
        size_t asset_count;
        asset_range(packs[p], &assets, &asset_count);
        for (size_t a = 0; a < asset_count; a++) {
            if (!str_ends(str_from(assets[a].name), STR(".policy"))) continue;
            assert_true(count < SOURCES_MAX);
            struct str content = {(const char *)assets[a].bytes, assets[a].size};
            sources[count++] = (struct policy_source){str_from(assets[a].name), content};
        }
    }
    assert_true(count > 5);
    assert_promises(sources, count);
}

/* Everything that the language has, laid out oddly, and comments in odd places. */
static const char all_forms[] =
    "# above\n"
    "\n"
    "# a pack\n"
    "包 t \"试\" / \"Test\"   # behind it\n"
    "\n"
    "\n"
    "\n"
    "主体  s \"人\" / \"person\"\n"
    "  # of the subject\n"
    "# of the document\n"
    "文件 d \"教〔2020〕1号\" \"办法\" / \"Rules\" 印发 2020-01-01 见原文\n"
    "    条文 \"第一条\" “写作\"补助\"的一句”   条文 \"另一句\"\n"
    "document e \"2\" unconfirmed\n"
    "输入 stage \"学段\" / \"stage\"： 选项 （primary \"小学\" / \"primary\" 又称 \"完小\"，\n"
    "# in a list\n"
    " junior \"初中（普通）\" / \"junior\"， debt \"贷款\" / \"debt\"）\n"
    "input boarding \"寄宿\" / \"boarding\": yes_no holder \"学校\" / \"the school\"\n"
    "输入 kinds \"类别\" / \"kinds\": 多项 (low \"低保\" / \"low\", orphan \"孤儿\" / \"orphan\")\n"
    "输入 fee \"收费\" / \"fee\": 金额 元/学期\n"
    "输入 days_served \"供餐天数\" / \"days served\": 整数 天 自 0 天 至 200 天\n"
    "输入 born \"出生\" / \"born\": 日期\n"
    "输入 county \"县区\" / \"county\": 区划代码\n"
    "输入 grade \"年级\" / \"grade\": 整数 自 1 至 9\n"
    "定义 poor \"困难\" / \"poor\":\n"
    "  类别 含 任一 (低保, 孤儿 自 2021-09-01 至 2022-08-31 待核实) 依据 d \"第一条\" \"补助\"\n"
    "定义 old \"大龄\" / \"old\"\n"
    "  自 2020-01-01 至 2020-12-31: 周岁(出生) >= 7 依据 d\n"
    "  自 2021-01-01: 非 非 周岁(出生) >= 8 或 出生 < 2010-01-01 且 (寄宿 = 否 或 寄宿 != 是) # "
    "why\n"
    "    待核实\n"
    "标准 rate \"补助标准\" / \"rate\": 元/年 按 学段, 寄宿\n"
    "  小学, 是: 1000 元/年 自 2019-09-01 依据 d 待核实\n"
    "   1250 元 自 2025-03-01\n"
    "  junior, 否: 0.12 万元 自 2019-09-01\n"
    "  \"贷款\", 是: 无 自 2020-01-01\n"
    "标准 tiers \"分档\" / \"tiers\": 元/年 按 学段\n"
    "标准 meal \"餐标\" / \"meal\": 元/天\n"
    "  4 元/天 自 2019-09-01\n"
    "标准 listed_counties \"名单\" / \"list of counties\": 名单 按 县区\n"
    "  620421 自 2019-09-01\n"
    "  620422: 1 自 2019-09-01 至 2022-08-31 依据 d\n"
    "项目 aid \"补助\" / \"aid\" 又称 \"寄宿补\", \"生活补助\"\n"
    "  对象 学段 属于 (小学, junior)\n"
    "  周期 学期 形式 现金\n"
    "  发放 \"局\" / \"the bureau\" 名单确认\n"
    "  自 2019-09-01 至 2030-08-31 依据 d\n"
    "  资格 甲 自 2019-09-01: 寄宿 且 (困难 或 非 大龄 且 有标准(listed_counties)) 或 困难 且 年级 "
    "= 3 依据 d 依据 e\n"
    "  资格 乙: (学段) 为 小学 且 类别 含 全部 (低保, 孤儿) 且 县区 为 620421\n"
    "  除外 资格 丙 于 甲 自 2020-01-01: 年级 属于 (7, 8, 9 自 2021-01-01) 依据 d\n"
    "  金额 平均数 平均: 折学期(分档 否则 2000 元/年) 依据 d\n"
    "  除外 金额 多 到 平均数 自 2020-01-01 当 困难 且 寄宿: 较大者(折学期(3000 元/年) * 50% + 1 "
    "元/学期, 收费 - 收费) 依据 d\n"
    "项目 meals \"供餐\" / \"meals\"\n"
    "  applies stage in (primary, junior) period term form in_kind 自 2019-09-01\n"
    "  right: boarding or boarding and poor or boarding and poor and grade >= 3 or boarding and "
    "grade <= 2 or grade = 9 # long\n"
    "  amount ceiling: round_half_up(meal * days_served / 3, 1 yuan) unconfirmed\n"
    "项目 free \"免费\" / \"free\"\n"
    "  对象 学段 为 小学 周期 学年 形式 宣示 资格: 学段 为 小学\n"
    "项目 book \"书费\" / \"books\"\n"
    "  对象 学段 为 \"贷款\" 周期 一次 形式 贷款 资格: 寄宿 金额: 12 分\n"
    "互斥 aid 先于 供餐 自 2020-01-01 依据 d\n"
    "叠加 免费 与 aid\n"
    "# before a case\n"
    "用例 \"一\" 时点 2020-11-25\n"
    "  学段 = \"贷款\", 寄宿 is 否, 类别 = (无), 收费 = 1.5 元,\n"
    "  days_served = 3 天, 出生 = 2012-01-01, county = 620421\n"
    "  期望 aid 不适用 期望 书费 否\n"
    "用例 \"二\" / \"two\" 时点 2020-11-25\n"
    "  学段 = 小学, 类别 = (低保, orphan)\n"
    "  期望 供餐 未知 需要 寄宿, 供餐天数, 年级 期望 免费 不适用\n"
    "\n"
    "  # the end\n"
    "\n"
    "# of all\n";

static void odd_texts_keep_their_meaning(void **state)
{
    (void)state;
    struct policy_source source = {STR("t.policy"), str_from(all_forms)};
    assert_promises(&source, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_packs_keep_their_meaning),
        cmocka_unit_test(odd_texts_keep_their_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
