#include "awards/scheme_text.h"

enum { SPAN_BYTES = 64, LINE_BYTES_MAX = 1 << 16 };

struct str span_text(struct arena *arena, struct policy_span span, enum lang lang)
{
    bool zh = lang == LANG_ZH, from = !day_is_none(span.first), to = !day_is_none(span.last);
    char first[DAY_TEXT_SIZE], last[DAY_TEXT_SIZE];
    struct text text;
    text_init(&text, arena, SPAN_BYTES);
    day_format(span.first, first);
    day_format(span.last, last);
    if (from && to) text_add_f(&text, zh ? "%s 至 %s" : "from %s to %s", first, last);
    if (from && !to) text_add_f(&text, zh ? "%s 起" : "from %s", first);
    if (!from && to) text_add_f(&text, zh ? "至 %s" : "to %s", last);
    return text_str(&text);
}

/* Whether something is shown for the day asked about. */
static bool shows(struct policy_span span, day at)
{
    return day_is_none(at) || policy_in_force(span, at);
}

/* The standards and definitions that an expression uses, each once; definitions of those too. */
struct used {
    bool *standards, *definitions;
};

static void find_used(const struct policy *policy, const struct policy_expr *expr,
                      struct used *used)
{
    if (expr == NULL) return;
    if (expr->kind == POLICY_STANDARD || expr->kind == POLICY_LISTED) {
        used->standards[expr->target] = true;
    }
    bool defined = expr->kind == POLICY_HOLDS || expr->kind == POLICY_VALUE;
    if (defined && !used->definitions[expr->target]) {
        const struct policy_definition *definition = &policy->definitions[expr->target];
        used->definitions[expr->target] = true;
        for (size_t i = 0; i < definition->version_count; i++) {
            find_used(policy, definition->versions[i].expr, used);
        }
    }
    for (size_t i = 0; i < expr->part_count; i++) find_used(policy, expr->parts[i], used);
}

static struct used used_by(struct arena *arena, const struct policy *policy,
                           const struct policy_scheme *scheme, day at)
{
    struct used used = {arena_array(arena, bool, policy->standard_count),
                        arena_array(arena, bool, policy->definition_count)};
    find_used(policy, scheme->applies, &used);
    for (size_t i = 0; i < scheme->clause_count; i++) {
        if (!shows(scheme->clauses[i].span, at)) continue;
        find_used(policy, scheme->clauses[i].condition, &used);
        find_used(policy, scheme->clauses[i].amount, &used);
    }
    return used;
}

/* What is said of a clause, in one language. */
struct writer {
    struct arena *arena;
    const struct policy *policy;
    day at;
    enum lang lang;
    struct text *out;
};

static const char *say(const struct writer *writer, const char *zh, const char *en)
{
    return writer->lang == LANG_ZH ? zh : en;
}

static void add_span(const struct writer *writer, struct policy_span span)
{
    struct str text = span_text(writer->arena, span, writer->lang);
    if (text.len == 0) return;
    text_add_f(writer->out, say(writer, "（%.*s）", " (%.*s)"), STR_ARG(text));
}

static void add_cites(const struct writer *writer, const struct policy_cites *cites)
{
    for (size_t i = 0; i < cites->count; i++) {
        const struct policy_cite *cite = &cites->items[i];
        text_add_c(writer->out, i == 0 ? say(writer, "  依据 ", "  by ") : "; ");
        text_add(writer->out, writer->policy->documents[cite->document].number);
        if (cite->article.len > 0) text_add_f(writer->out, " %.*s", STR_ARG(cite->article));
    }
    if (cites->unconfirmed) text_add_c(writer->out, say(writer, "  待核实", "  to be confirmed"));
    text_add_byte(writer->out, '\n');
}

static const char *clause_word(const struct writer *writer, const struct policy_clause *clause)
{
    bool right = clause->kind == POLICY_RIGHT;
    if (clause->exception_to != POLICY_NONE) {
        return right ? say(writer, "除外（资格）", "except (right)")
                     : say(writer, "除外（金额）", "except (amount)");
    }
    return right ? say(writer, "资格", "right") : say(writer, "金额", "amount");
}

static void add_clause(const struct writer *writer, const struct policy_scheme *scheme,
                       const struct policy_clause *clause)
{
    const struct policy *policy = writer->policy;
    text_add_f(writer->out, "  %s", clause_word(writer, clause));
    if (clause->label.len > 0) text_add_f(writer->out, " %.*s", STR_ARG(clause->label));
    if (clause->exception_to != POLICY_NONE) {
        const struct policy_clause *other = &scheme->clauses[clause->exception_to];
        text_add_f(writer->out, " ← %.*s", STR_ARG(other->label));
    }
    add_span(writer, clause->span);
    text_add_c(writer->out, say(writer, "：", ": "));
    if (clause->condition != NULL) {
        text_add(writer->out,
                 policy_expr_text(writer->arena, policy, clause->condition, writer->lang));
    }
    if (clause->amount != NULL) {
        if (clause->condition != NULL) text_add_c(writer->out, say(writer, " 时 ", " then "));
        text_add(writer->out,
                 policy_expr_text(writer->arena, policy, clause->amount, writer->lang));
    }
    if (clause->average) text_add_c(writer->out, say(writer, "（平均标准）", " (an average)"));
    if (clause->ceiling) text_add_c(writer->out, say(writer, "（上限）", " (a ceiling)"));
    add_cites(writer, &clause->cites);
}

static void add_definitions(const struct writer *writer, const struct used *used)
{
    const struct policy *policy = writer->policy;
    for (size_t i = 0; i < policy->definition_count; i++) {
        const struct policy_definition *definition = &policy->definitions[i];
        for (size_t v = 0; used->definitions[i] && v < definition->version_count; v++) {
            const struct policy_version *version = &definition->versions[v];
            if (!shows(version->span, writer->at)) continue;
            text_add_f(writer->out, "  %s%.*s", say(writer, "定义 ", "define "),
                       STR_ARG(policy_word(&definition->name, writer->lang)));
            add_span(writer, version->span);
            text_add_c(writer->out, say(writer, "：", ": "));
            text_add(writer->out,
                     policy_expr_text(writer->arena, policy, version->expr, writer->lang));
            add_cites(writer, &version->cites);
        }
    }
}

/* A value with its unit. */
static void add_value(const struct writer *writer, const struct policy_standard *standard,
                      const struct policy_row *row)
{
    static const struct {
        const char *zh, *en;
    } units[] = {
        [POLICY_PLAIN] = {"", ""},
        [POLICY_PER_YEAR] = {"/年", " a year"},
        [POLICY_PER_TERM] = {"/学期", " a term"},
        [POLICY_PER_MONTH] = {"/月", " a month"},
        [POLICY_PER_DAY] = {"/天", " a day"},
        [POLICY_DAYS] = {" 天", " days"},
        [POLICY_MONTHS] = {" 个月", " months"},
    };
    if (row->none) {
        text_add_c(writer->out, say(writer, "无", "none"));
        return;
    }
    /* A standard that is only a list says 1 for what is on it. */
    if (standard->type == POLICY_NUMBER && standard->unit == POLICY_PLAIN && row->value == 1)
        return;
    if (standard->type == POLICY_MONEY) {
        text_add(writer->out, policy_money_text(writer->arena, row->value, writer->lang));
    } else {
        text_add_f(writer->out, "%lld", (long long)row->value);
    }
    text_add_c(writer->out, say(writer, units[standard->unit].zh, units[standard->unit].en));
}

static void add_standards(const struct writer *writer, const struct used *used)
{
    const struct policy *policy = writer->policy;
    for (size_t i = 0; i < policy->standard_count; i++) {
        const struct policy_standard *standard = &policy->standards[i];
        if (!used->standards[i]) continue;
        text_add_f(writer->out, "  %s%.*s\n", say(writer, "标准 ", "standard "),
                   STR_ARG(policy_word(&standard->name, writer->lang)));
        for (size_t r = 0; r < standard->row_count; r++) {
            const struct policy_row *row = &standard->rows[r];
            if (!shows(row->span, writer->at)) continue;
            text_add_c(writer->out, "    ");
            for (size_t k = 0; k < standard->by_count; k++) {
                text_add(writer->out,
                         policy_value_text(writer->arena, &policy->inputs[standard->by[k]],
                                           row->keys[k], writer->lang));
                text_add_c(writer->out, k + 1 < standard->by_count ? " · " : "  ");
            }
            add_value(writer, standard, row);
            add_span(writer, row->span);
            add_cites(writer, &row->cites);
        }
    }
}

static bool has_scheme(const uint16_t *schemes, size_t count, uint16_t scheme)
{
    for (size_t i = 0; i < count; i++) {
        if (schemes[i] == scheme) return true;
    }
    return false;
}

static void add_relations(const struct writer *writer, uint16_t scheme)
{
    const struct policy *policy = writer->policy;
    for (size_t i = 0; i < policy->exclusion_count; i++) {
        const struct policy_exclusion *exclusion = &policy->exclusions[i];
        if (!has_scheme(exclusion->schemes, exclusion->count, scheme)) continue;
        if (!shows(exclusion->span, writer->at)) continue;
        text_add_c(writer->out, say(writer, "  只得其一（依次）：", "  only the first of: "));
        for (size_t k = 0; k < exclusion->count; k++) {
            if (k > 0) text_add_c(writer->out, say(writer, "、", ", "));
            text_add(writer->out,
                     policy_word(&policy->schemes[exclusion->schemes[k]].name, writer->lang));
        }
        add_span(writer, exclusion->span);
        add_cites(writer, &exclusion->cites);
    }
    for (size_t i = 0; i < policy->stack_count; i++) {
        const struct policy_stack *stack = &policy->stacks[i];
        if (!has_scheme(stack->schemes, stack->count, scheme)) continue;
        text_add_c(writer->out, say(writer, "  可同时享受：", "  may be had together: "));
        for (size_t k = 0; k < stack->count; k++) {
            if (k > 0) text_add_c(writer->out, say(writer, "、", ", "));
            text_add(writer->out,
                     policy_word(&policy->schemes[stack->schemes[k]].name, writer->lang));
        }
        add_cites(writer, &stack->cites);
    }
}

static void add_head(const struct writer *writer, const struct policy_scheme *scheme)
{
    static const struct {
        const char *zh, *en;
    } periods[] = {[PERIOD_TERM] = {"按学期", "by term"},
                   [PERIOD_YEAR] = {"按学年", "by school year"},
                   [PERIOD_ONCE] = {"一次", "once"}};
    struct str payer = writer->lang == LANG_ZH ? scheme->payer_zh : scheme->payer_en;
    text_add(writer->out, policy_word(&scheme->name, writer->lang));
    text_add_f(writer->out, say(writer, "（%.*s）", " (%.*s)"), STR_ARG(scheme->name.key));
    text_add_c(writer->out, "  ");
    text_add(writer->out, policy_word(&writer->policy->packs[scheme->pack].name, writer->lang));
    add_span(writer, scheme->span);
    text_add_f(writer->out, say(writer, "，%s，%s", ", %s, %s"),
               say(writer, periods[scheme->period].zh, periods[scheme->period].en),
               policy_form_text(scheme->form, writer->lang));
    if (payer.len > 0) text_add_f(writer->out, say(writer, "，%.*s", ", %.*s"), STR_ARG(payer));
    if (scheme->confirmed_only) {
        text_add_c(writer->out, say(writer, "（由其名单确认）", " (confirmed from their lists)"));
    }
    add_cites(writer, &scheme->cites);
}

void scheme_lines(struct arena *arena, const struct policy *policy, uint16_t scheme, day at,
                  enum lang lang, struct text *out)
{
    CHECK(scheme < policy->scheme_count);
    const struct policy_scheme *shown = &policy->schemes[scheme];
    struct writer writer = {arena, policy, at, lang, out};
    add_head(&writer, shown);
    if (!shows(shown->span, at)) {
        text_add_c(out, say(&writer, "  这一天不在实施期内\n", "  not in force on this day\n"));
        return;
    }
    if (shown->applies != NULL) {
        text_add_c(out, say(&writer, "  对象：", "  applies: "));
        text_add(out, policy_expr_text(arena, policy, shown->applies, lang));
        text_add_byte(out, '\n');
    }
    for (size_t i = 0; i < shown->clause_count; i++) {
        if (shows(shown->clauses[i].span, at)) add_clause(&writer, shown, &shown->clauses[i]);
    }
    struct used used = used_by(arena, policy, shown, at);
    add_definitions(&writer, &used);
    add_standards(&writer, &used);
    add_relations(&writer, scheme);
}

static void json_lines(struct json *json, const char *key, struct arena *arena,
                       const struct policy *policy, uint16_t scheme, day at, enum lang lang)
{
    struct text text;
    text_init(&text, arena, 1 << 24);
    scheme_lines(arena, policy, scheme, at, lang, &text);
    json_key_str(json, key, text_str(&text));
}

static void json_day(struct json *json, const char *key, day d)
{
    char buffer[DAY_TEXT_SIZE];
    json_key_str(json, key, str_from(day_format(d, buffer)));
}

void scheme_json(struct json *json, const struct policy *policy, uint16_t scheme, day at)
{
    static const char *const periods[] = {
        [PERIOD_TERM] = "term", [PERIOD_YEAR] = "year", [PERIOD_ONCE] = "once"};
    const struct policy_scheme *shown = &policy->schemes[scheme];
    struct arena arena = {0};
    json_object(json);
    json_key_str(json, "scheme", shown->name.key);
    json_key_str(json, "zh", shown->name.zh);
    json_key_str(json, "en", shown->name.en);
    json_key_str(json, "pack", policy->packs[shown->pack].name.key);
    json_key_str(json, "subject", policy->subjects[shown->subject].name.key);
    json_key_str(json, "period", str_from(periods[shown->period]));
    json_key_str(json, "form", str_from(policy_form_key(shown->form)));
    json_key_str(json, "payer_zh", shown->payer_zh);
    json_key_str(json, "payer_en", shown->payer_en);
    json_key_bool(json, "confirmed_only", shown->confirmed_only);
    json_day(json, "from", shown->span.first);
    json_day(json, "until", shown->span.last);
    json_lines(json, "text_zh", &arena, policy, scheme, at, LANG_ZH);
    json_lines(json, "text_en", &arena, policy, scheme, at, LANG_EN);
    json_object_end(json);
    arena_free(&arena);
}
