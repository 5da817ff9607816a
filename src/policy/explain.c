#include "policy/explain.h"

#include "base/list.h"
#include "policy/cells.h"
#include "policy/decide_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The program is run on a block of this one row, and the tree is read off its planes. */

struct explaining {
    struct arena *arena;
    const struct policy_program *program;
    const struct policy *policy;
    const struct policy_rows *rows;
    size_t row;
    struct block block;
};

static struct str say(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static struct str say(struct arena *arena, const char *format, ...)
{
    char buffer[4096];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    size_t kept = length < 0 ? 0 : (size_t)length;
    if (kept >= sizeof buffer) kept = sizeof buffer - 1;
    return str_copy(arena, (struct str){buffer, kept});
}

static struct policy_node *new_node(const struct explaining *explaining, enum policy_node_kind kind,
                                    uint8_t truth, struct str zh, struct str en)
{
    struct policy_node *node = arena_new(explaining->arena, struct policy_node);
    *node = (struct policy_node){
        .kind = kind, .truth = truth, .zh = zh, .en = en, .input = POLICY_NONE};
    return node;
}

static void add_part(const struct explaining *explaining, struct policy_node *node,
                     struct policy_node *part)
{
    struct policy_node **parts =
        arena_array(explaining->arena, struct policy_node *, node->part_count + 1);
    if (node->part_count > 0) memcpy(parts, node->parts, node->part_count * sizeof *parts);
    parts[node->part_count++] = part;
    node->parts = parts;
}

/* Why an input is not known, who knows it, and of a set the words that are known. */
static struct str unknown_text(const struct explaining *explaining, uint16_t number, uint8_t state,
                               enum lang lang)
{
    static const char *const why_zh[] = {"", "未知", "各处所记不一致", "记载过时"};
    static const char *const why_en[] = {"", "not known", "stated differently by registers",
                                         "stated too long ago"};
    const struct policy_input *input = &explaining->policy->inputs[number];
    const struct policy_column *column = &explaining->rows->columns[number];
    bool zh = lang == LANG_ZH;
    struct str holder = zh ? input->holder_zh : input->holder_en;
    struct text text;
    text_init(&text, explaining->arena, 4096);
    text_add(&text, policy_word(&input->name, lang));
    text_add_c(&text, zh ? "：" : ": ");
    size_t place = policy_place_in(explaining->rows, number, explaining->row);
    if (input->type == POLICY_SET && column->states != NULL && column->values[place] != 0) {
        text_add(&text, policy_value_text(explaining->arena, input, column->values[place], lang));
        text_add_c(&text, zh ? "，其余" : "; others ");
    }
    text_add_c(&text, zh ? why_zh[state] : why_en[state]);
    if (holder.len > 0) text_add_f(&text, zh ? "，请向%.*s核实" : "; ask %.*s", STR_ARG(holder));
    return text_str(&text);
}

/* What an input states, or why it does not and who can. */
static struct policy_node *fact_node(const struct explaining *explaining, uint16_t number,
                                     uint8_t truth)
{
    struct arena *arena = explaining->arena;
    const struct policy_input *input = &explaining->policy->inputs[number];
    uint8_t state = policy_state_of(explaining->rows, number, explaining->row);
    struct str name_zh = input->name.zh, name_en = input->name.en, zh, en;
    if (state != POLICY_KNOWN) truth = POLICY_UNKNOWN;
    int64_t value;
    if (policy_states(explaining->rows, number, explaining->row, &value)) {
        zh = say(arena, "%.*s：%.*s", STR_ARG(name_zh),
                 STR_ARG(policy_value_text(arena, input, value, LANG_ZH)));
        en = say(arena, "%.*s: %.*s", STR_ARG(name_en),
                 STR_ARG(policy_value_text(arena, input, value, LANG_EN)));
    } else {
        zh = unknown_text(explaining, number, state, LANG_ZH);
        en = unknown_text(explaining, number, state, LANG_EN);
    }
    struct policy_node *node = new_node(explaining, POLICY_NODE_FACT, truth, zh, en);
    node->input = number;
    node->state = state;
    return node;
}

/* How an expression stands: Kleene's tables over its parts, leaves from the program. */
static uint8_t truth_of(const struct explaining *explaining, const struct policy_expr *expr)
{
    uint8_t out;
    policy_truths_of_row(explaining->arena, explaining->policy, expr, explaining->program->at,
                         explaining->rows, explaining->row, &out);
    return out;
}

static struct policy_node *condition_node(const struct explaining *explaining,
                                          const struct policy_expr *expr);

static void add_inputs(const struct explaining *explaining, struct policy_node *node,
                       const struct policy_expr *expr, uint8_t truth)
{
    if (expr->kind == POLICY_INPUT || expr->kind == POLICY_AGE) {
        add_part(explaining, node, fact_node(explaining, expr->target, truth));
    }
    if (expr->kind == POLICY_STANDARD || expr->kind == POLICY_LISTED) {
        const struct policy_standard *standard = &explaining->policy->standards[expr->target];
        for (size_t k = 0; k < standard->by_count; k++) {
            add_part(explaining, node, fact_node(explaining, standard->by[k], truth));
        }
    }
    for (size_t p = 0; p < expr->part_count; p++) {
        add_inputs(explaining, node, expr->parts[p], truth);
    }
}

static void add_definition(const struct explaining *explaining, struct policy_node *node,
                           uint16_t number)
{
    const struct policy_definition *definition = &explaining->policy->definitions[number];
    for (size_t v = 0; v < definition->version_count; v++) {
        const struct policy_version *version = &definition->versions[v];
        if (!policy_in_force(version->span, explaining->program->at)) continue;
        node->cites = version->cites;
        add_part(explaining, node, condition_node(explaining, version->expr));
    }
}

static struct policy_node *condition_node(const struct explaining *explaining,
                                          const struct policy_expr *expr)
{
    struct arena *arena = explaining->arena;
    uint8_t truth = truth_of(explaining, expr);
    struct policy_node *node = new_node(explaining, POLICY_NODE_CONDITION, truth,
                                        policy_expr_text(arena, explaining->policy, expr, LANG_ZH),
                                        policy_expr_text(arena, explaining->policy, expr, LANG_EN));
    switch (expr->kind) {
    case POLICY_ALL:
    case POLICY_ANY:
    case POLICY_NOT:
        for (size_t p = 0; p < expr->part_count; p++) {
            add_part(explaining, node, condition_node(explaining, expr->parts[p]));
        }
        break;
    case POLICY_HOLDS: add_definition(explaining, node, expr->target); break;
    case POLICY_COMPARE:
    case POLICY_LISTED: add_inputs(explaining, node, expr, truth); break;
    default: add_part(explaining, node, fact_node(explaining, expr->target, truth)); break;
    }
    return node;
}

static struct policy_node *clause_node(const struct explaining *explaining,
                                       const struct policy_scheme *scheme, size_t number)
{
    const struct policy_clause *clause = &scheme->clauses[number];
    struct arena *arena = explaining->arena;
    bool exception = clause->exception_to != POLICY_NONE;
    uint8_t truth = truth_of(explaining, clause->condition);
    struct str zh = policy_expr_text(arena, explaining->policy, clause->condition, LANG_ZH);
    struct str en = policy_expr_text(arena, explaining->policy, clause->condition, LANG_EN);
    struct policy_node *node =
        new_node(explaining, POLICY_NODE_RIGHT, truth,
                 say(arena, "%s%.*s", exception ? "除外：" : "资格：", STR_ARG(zh)),
                 say(arena, "%s%.*s", exception ? "except: " : "entitled: ", STR_ARG(en)));
    node->cites = clause->cites;
    const struct policy_node *inner = condition_node(explaining, clause->condition);
    for (size_t p = 0; p < inner->part_count; p++) add_part(explaining, node, inner->parts[p]);
    for (size_t c = number + 1; c < scheme->clause_count; c++) {
        const struct policy_clause *other = &scheme->clauses[c];
        bool mine = other->kind == POLICY_RIGHT && other->exception_to == number;
        if (!mine || !policy_in_force(other->span, explaining->program->at)) continue;
        add_part(explaining, node, clause_node(explaining, scheme, c));
    }
    return node;
}

static struct policy_node *force_node(const struct explaining *explaining,
                                      const struct policy_scheme *scheme)
{
    char first[DAY_TEXT_SIZE], at[DAY_TEXT_SIZE];
    struct arena *arena = explaining->arena;
    bool in_force = policy_in_force(scheme->span, explaining->program->at);
    day_format(explaining->program->at, at);
    day_format(scheme->span.first, first);
    struct str zh = in_force ? say(arena, "项目在 %s 有效（自 %s 起）", at, first)
                             : say(arena, "项目在 %s 未施行（自 %s 起施行）", at, first);
    struct str en = in_force ? say(arena, "the scheme is in force on %s (from %s)", at, first)
                             : say(arena, "the scheme is not in force on %s (from %s)", at, first);
    struct policy_node *node =
        new_node(explaining, POLICY_NODE_FORCE, in_force ? POLICY_ENTITLED : POLICY_NO, zh, en);
    node->cites = scheme->cites;
    return node;
}

static void add_rights(const struct explaining *explaining, struct policy_node *root,
                       const struct policy_scheme *scheme)
{
    for (size_t c = 0; c < scheme->clause_count; c++) {
        const struct policy_clause *clause = &scheme->clauses[c];
        if (clause->kind != POLICY_RIGHT || clause->exception_to != POLICY_NONE) continue;
        if (!policy_in_force(clause->span, explaining->program->at)) continue;
        add_part(explaining, root, clause_node(explaining, scheme, c));
    }
}

/* What another scheme, which goes first, does to this one. */
static void add_exclusions(const struct explaining *explaining, struct policy_node *root,
                           const struct program_scheme *scheme)
{
    uint8_t own = block_truth(explaining->program, &explaining->block, scheme->own_right, 0);
    uint8_t all = block_truth(explaining->program, &explaining->block, scheme->right, 0);
    if (own == all) return;
    for (size_t e = 0; e < explaining->policy->exclusion_count; e++) {
        const struct policy_exclusion *exclusion = &explaining->policy->exclusions[e];
        for (size_t p = 1; p < exclusion->count; p++) {
            if (exclusion->schemes[p] != scheme->scheme) continue;
            const struct policy_scheme *before =
                &explaining->policy->schemes[exclusion->schemes[0]];
            struct policy_node *node = new_node(
                explaining, POLICY_NODE_EXCLUSION, all,
                say(explaining->arena, "与“%.*s”不可同享，先享受前者", STR_ARG(before->name.zh)),
                say(explaining->arena, "not together with \"%.*s\", which goes first",
                    STR_ARG(before->name.en)));
            node->cites = exclusion->cites;
            add_part(explaining, root, node);
        }
    }
}

static void add_amount(const struct explaining *explaining, struct policy_node *root,
                       const struct policy_scheme *scheme, const struct program_scheme *compiled)
{
    struct arena *arena = explaining->arena;
    int64_t value = 0;
    if (compiled->amount == UINT32_MAX) return;
    bool known = block_value(explaining->program, &explaining->block, compiled->amount, 0, &value);
    int64_t fen = value / explaining->program->nodes[compiled->amount].scale;
    for (size_t c = 0; c < scheme->clause_count; c++) {
        const struct policy_clause *clause = &scheme->clauses[c];
        if (clause->kind != POLICY_AMOUNT || clause->exception_to != POLICY_NONE) continue;
        if (!policy_in_force(clause->span, explaining->program->at)) continue;
        struct str zh = policy_expr_text(arena, explaining->policy, clause->amount, LANG_ZH);
        struct str en = policy_expr_text(arena, explaining->policy, clause->amount, LANG_EN);
        const char *mark_zh = clause->average ? "（平均标准）" : clause->ceiling ? "（上限）" : "";
        const char *mark_en = clause->average   ? " (an average)"
                              : clause->ceiling ? " (at most)"
                                                : "";
        if (known) {
            zh = say(arena, "金额%s：%.*s = %.*s", mark_zh, STR_ARG(zh),
                     STR_ARG(policy_money_text(arena, fen, LANG_ZH)));
            en = say(arena, "amount%s: %.*s = %.*s", mark_en, STR_ARG(en),
                     STR_ARG(policy_money_text(arena, fen, LANG_EN)));
        } else {
            zh = say(arena, "金额%s：%.*s，尚不能确定", mark_zh, STR_ARG(zh));
            en = say(arena, "amount%s: %.*s, not known yet", mark_en, STR_ARG(en));
        }
        struct policy_node *node = new_node(explaining, POLICY_NODE_AMOUNT,
                                            known ? POLICY_ENTITLED : POLICY_UNKNOWN, zh, en);
        node->cites = clause->cites;
        add_inputs(explaining, node, clause->amount, node->truth);
        add_part(explaining, root, node);
    }
}

/* A part decides its whole when the whole would be another if only the part were. */
static void mark(struct policy_node *node, bool any)
{
    size_t same = 0;
    node->decisive = true;
    for (size_t p = 0; p < node->part_count; p++) same += node->parts[p]->truth == node->truth;
    for (size_t p = 0; p < node->part_count; p++) {
        struct policy_node *part = node->parts[p];
        bool alone = part->truth == node->truth && same == 1;
        bool each = node->truth == (any ? POLICY_NO : POLICY_ENTITLED);
        bool single = node->part_count == 1;
        if (single || alone || (each && part->truth == node->truth)) mark(part, false);
    }
}

static const struct program_scheme *scheme_of(const struct policy_program *program, uint16_t scheme)
{
    for (size_t s = 0; s < program->scheme_count; s++) {
        if (program->schemes[s].scheme == scheme) return &program->schemes[s];
    }
    return NULL;
}

static struct policy_node *root_node(const struct explaining *explaining,
                                     const struct program_scheme *compiled,
                                     const struct policy_explanation *done)
{
    struct arena *arena = explaining->arena;
    const struct policy_scheme *scheme = &explaining->policy->schemes[compiled->scheme];
    uint8_t verdict = done->decision.verdict;
    struct str period_zh = period_text(arena, done->period, LANG_ZH);
    struct str period_en = period_text(arena, done->period, LANG_EN);
    struct str zh = say(arena, "%.*s，%.*s：%s", STR_ARG(scheme->name.zh), STR_ARG(period_zh),
                        policy_verdict_text(verdict, LANG_ZH));
    struct str en = say(arena, "%.*s, %.*s: %s", STR_ARG(scheme->name.en), STR_ARG(period_en),
                        policy_verdict_text(verdict, LANG_EN));
    if (verdict == POLICY_ENTITLED && scheme->form != POLICY_PLACE) {
        zh = say(arena, "%.*s，%.*s", STR_ARG(zh),
                 STR_ARG(policy_money_text(arena, done->decision.fen, LANG_ZH)));
        en = say(arena, "%.*s, %.*s", STR_ARG(en),
                 STR_ARG(policy_money_text(arena, done->decision.fen, LANG_EN)));
    }
    struct policy_node *root = new_node(explaining, POLICY_NODE_VERDICT, verdict, zh, en);
    add_part(explaining, root, force_node(explaining, scheme));
    if (compiled->in_force) {
        add_rights(explaining, root, scheme);
        add_exclusions(explaining, root, compiled);
        if (verdict != POLICY_NO && scheme->form != POLICY_PLACE) {
            add_amount(explaining, root, scheme, compiled);
        }
    }
    mark(root, false);
    return root;
}

void policy_explain_reasons(struct arena *arena, const struct policy_program *program,
                            const struct policy_rows *rows, size_t row, uint16_t scheme,
                            bool *concerned, struct policy_explanation *out)
{
    struct explaining explaining = {
        .arena = arena, .program = program, .policy = program->policy, .rows = rows, .row = row};
    const struct program_scheme *compiled = scheme_of(program, scheme);
    CHECK(row < rows->count);
    *concerned = false;
    if (compiled == NULL) return;
    block_init(arena, program, &explaining.block);
    block_run(program, &explaining.block, rows, row, 1);
    if (block_truth(program, &explaining.block, compiled->applies, 0) != POLICY_ENTITLED) return;
    *concerned = true;
    *out = (struct policy_explanation){0};
    out->decision = policy_decision_of(program, &explaining.block, compiled, 0);
    out->period = period_of(program->policy->schemes[scheme].period, program->at);
    out->root = root_node(&explaining, compiled, out);
    policy_cited(program, scheme, &out->documents, &out->document_count, &out->unconfirmed);
}

void policy_explain(struct arena *arena, const struct policy_program *program,
                    const struct policy_rows *rows, size_t row, uint16_t scheme, bool *concerned,
                    struct policy_explanation *out)
{
    policy_explain_reasons(arena, program, rows, row, scheme, concerned, out);
    if (!*concerned) return;
    const struct program_scheme *compiled = scheme_of(program, scheme);
    if (compiled->in_force) policy_ways(arena, program, rows, row, compiled, out);
}
