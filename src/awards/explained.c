#include "awards/explained.h"

enum { LINE_BYTES_MAX = 1 << 16, HASH_SHOWN = 32 };

/* What all that may be open of a row leads to; false when nothing is open. */
static bool settle(struct arena *arena, const struct policy_program *program,
                   const struct award_people *people, size_t row, uint16_t scheme,
                   struct policy_decision *out)
{
    if (people->open == NULL || people->open->masks == NULL) return false;
    uint64_t mask = people->open->masks[row];
    struct policy_rows one = {.subject = people->rows.subject, .count = 1};
    struct award_open open = *people->open;
    struct policy_decisions decisions;
    if (mask == 0) return false;
    open.masks = &mask;
    for (uint16_t i = 0; i < POLICY_INPUTS_MAX; i++) {
        const struct policy_column *column = &people->rows.columns[i];
        if (column->states == NULL) continue;
        size_t place = policy_place_in(&people->rows, i, row);
        one.columns[i] = (struct policy_column){column->states + place, column->values + place};
    }
    award_decide(arena, program, &one, &open, 1, &decisions);
    for (size_t d = 0; d < decisions.count; d++) {
        if (decisions.items[d].scheme != scheme) continue;
        *out = decisions.items[d];
        return true;
    }
    return false;
}

/* The answer stands over the reasons, which say what is unknown. */
static void take_settled(struct arena *arena, struct award_explained *explained,
                         const struct policy_decision *decision)
{
    struct policy_explanation *explanation = &explained->explanation;
    const struct policy_name *name = &explained->policy->schemes[decision->scheme].name;
    struct text zh, en;
    explanation->decision.verdict = decision->verdict;
    explanation->decision.fen = decision->fen;
    explanation->decision.needs = decision->needs;
    explanation->way_count = 0;
    explanation->root->truth = decision->verdict;
    explained->settled = true;
    text_init(&zh, arena, LINE_BYTES_MAX);
    text_init(&en, arena, LINE_BYTES_MAX);
    text_add_f(&zh, "%.*s，%.*s：%.*s", STR_ARG(name->zh),
               STR_ARG(period_text(arena, explanation->period, LANG_ZH)),
               STR_ARG(award_answer_text(arena, explained, LANG_ZH)));
    text_add_f(&en, "%.*s, %.*s: %.*s", STR_ARG(name->en),
               STR_ARG(period_text(arena, explanation->period, LANG_EN)),
               STR_ARG(award_answer_text(arena, explained, LANG_EN)));
    explanation->root->zh = text_str(&zh);
    explanation->root->en = text_str(&en);
}

void award_explain_by(struct arena *arena, const struct policy *policy,
                      const struct policy_program *program, const struct award_people *people,
                      size_t row, uint16_t scheme, day at, bool *concerned,
                      struct award_explained *out)
{
    CHECK(row < people->rows.count);
    CHECK(scheme < policy->scheme_count);
    struct award_explained explained = {.policy = policy, .people = people, .row = row, .at = at};
    struct policy_decision settled;
    policy_explain(arena, program, &people->rows, row, scheme, concerned, &explained.explanation);
    if (!*concerned) return;
    bool unknown = explained.explanation.decision.verdict == POLICY_UNKNOWN;
    if (unknown && settle(arena, program, people, row, scheme, &settled)
        && settled.verdict != POLICY_UNKNOWN) {
        take_settled(arena, &explained, &settled);
    }
    *out = explained;
}

void award_explain(struct arena *arena, const struct policy *policy,
                   const struct award_people *people, size_t row, uint16_t scheme, day at,
                   bool *concerned, struct award_explained *out)
{
    const struct policy_decide_options options = {.subject = people->rows.subject, .at = at};
    award_explain_by(arena, policy, policy_compile(arena, policy, &options), people, row, scheme,
                     at, concerned, out);
}

static const struct policy_scheme *scheme_of(const struct award_explained *explained)
{
    return &explained->policy->schemes[explained->explanation.decision.scheme];
}

struct str award_answer_text(struct arena *arena, const struct award_explained *explained,
                             enum lang lang)
{
    const struct policy_decision *decision = &explained->explanation.decision;
    struct text text;
    text_init(&text, arena, LINE_BYTES_MAX);
    text_add_c(&text, policy_verdict_text((enum policy_verdict)decision->verdict, lang));
    if (decision->verdict == POLICY_ENTITLED && scheme_of(explained)->form != POLICY_PLACE) {
        text_add_c(&text, lang == LANG_ZH ? "，" : ", ");
        text_add(&text, policy_money_text(arena, decision->fen, lang));
    }
    return text_str(&text);
}

struct str award_cite_text(struct arena *arena, const struct policy *policy,
                           const struct policy_cite *cite, enum lang lang)
{
    const struct policy_document *document = &policy->documents[cite->document];
    struct text text;
    text_init(&text, arena, LINE_BYTES_MAX);
    text_add(&text, document->number);
    if (cite->article.len > 0) {
        text_add_byte(&text, ' ');
        text_add(&text, cite->article);
    }
    if (document->confidence == POLICY_UNCONFIRMED) {
        text_add_c(&text, lang == LANG_ZH ? "（待核实）" : " (to be confirmed)");
    }
    return text_str(&text);
}

static const char *kind_key(enum policy_node_kind kind)
{
    static const char *const keys[] = {
        [POLICY_NODE_VERDICT] = "verdict",     [POLICY_NODE_FORCE] = "force",
        [POLICY_NODE_RIGHT] = "right",         [POLICY_NODE_CONDITION] = "condition",
        [POLICY_NODE_FACT] = "fact",           [POLICY_NODE_AMOUNT] = "amount",
        [POLICY_NODE_EXCLUSION] = "exclusion",
    };
    return keys[kind];
}

static const char *state_key(enum policy_state state)
{
    static const char *const keys[] = {[POLICY_KNOWN] = "known",
                                       [POLICY_MISSING] = "missing",
                                       [POLICY_CONFLICTING] = "conflicting",
                                       [POLICY_STALE] = "stale"};
    return keys[state];
}

static void json_cites(struct json *json, const struct policy *policy,
                       const struct policy_cites *cites)
{
    json_key(json, "cites");
    json_list(json);
    for (size_t i = 0; i < cites->count; i++) {
        json_object(json);
        json_key_str(json, "document", policy->documents[cites->items[i].document].key);
        json_key_str(json, "article", cites->items[i].article);
        json_key_str(json, "quote", cites->items[i].quote);
        json_object_end(json);
    }
    json_list_end(json);
    json_key_bool(json, "unconfirmed", cites->unconfirmed);
}

/* Who states a fact. */
static void json_sources(struct json *json, const struct award_explained *explained, uint16_t input)
{
    const struct award_sources *sources = explained->sources;
    struct arena arena = {0};
    char since[DAY_TEXT_SIZE];
    if (sources == NULL) return;
    json_key(json, "sources");
    json_list(json);
    for (size_t i = 0; i < sources->counts[input]; i++) {
        const struct award_stated *stated = &sources->items[input][i];
        json_object(json);
        json_key_str(json, "kind", str_from(award_source_key(stated->source.kind)));
        json_key_str(json, "register_zh", award_source_register(sources, stated, LANG_ZH));
        json_key_str(json, "register_en", award_source_register(sources, stated, LANG_EN));
        json_key_str(json, "file", stated->file);
        json_key_i64(json, "sheet", (int64_t)stated->sheet);
        json_key_i64(json, "row", (int64_t)stated->row);
        json_key_str(json, "since",
                     str_from(day_format(award_source_day(sources, stated), since)));
        json_key_str(json, "zh", award_source_text(&arena, sources, input, stated, LANG_ZH));
        json_key_str(json, "en", award_source_text(&arena, sources, input, stated, LANG_EN));
        json_object_end(json);
    }
    json_list_end(json);
    arena_free(&arena);
}

static void json_node(struct json *json, const struct award_explained *explained,
                      const struct policy_node *node, int depth)
{
    const struct policy *policy = explained->policy;
    json_object(json);
    json_key_str(json, "kind", str_from(kind_key(node->kind)));
    json_key_str(json, "truth", str_from(policy_verdict_key((enum policy_verdict)node->truth)));
    json_key_bool(json, "decisive", node->decisive);
    json_key_str(json, "zh", node->zh);
    json_key_str(json, "en", node->en);
    if (node->input != POLICY_NONE && node->kind == POLICY_NODE_FACT) {
        json_key_str(json, "input", policy->inputs[node->input].name.key);
        json_key_str(json, "state", str_from(state_key((enum policy_state)node->state)));
        json_sources(json, explained, node->input);
    }
    json_cites(json, policy, &node->cites);
    json_key(json, "parts");
    json_list(json);
    for (size_t i = 0; i < node->part_count && depth < AWARD_NODE_DEPTH_MAX; i++) {
        json_node(json, explained, node->parts[i], depth + 1);
    }
    json_list_end(json);
    json_object_end(json);
}

static void json_needs(struct json *json, const struct award_explained *explained)
{
    uint64_t needs = explained->explanation.decision.needs;
    json_key(json, "needs");
    json_list(json);
    for (size_t i = 0; i < explained->policy->input_count; i++) {
        const struct policy_input *input = &explained->policy->inputs[i];
        if ((needs >> i & 1) == 0) continue;
        json_object(json);
        json_key_str(json, "input", input->name.key);
        json_key_str(json, "zh", input->name.zh);
        json_key_str(json, "en", input->name.en);
        json_key_str(json, "holder_zh", input->holder_zh);
        json_key_str(json, "holder_en", input->holder_en);
        json_object_end(json);
    }
    json_list_end(json);
}

static void json_amount(struct json *json, uint8_t verdict, int64_t fen)
{
    json_key_str(json, "verdict", str_from(policy_verdict_key((enum policy_verdict)verdict)));
    json_key(json, "amount_fen");
    if (verdict == POLICY_ENTITLED) {
        json_i64(json, fen);
    } else {
        json_null(json);
    }
}

static void json_ways(struct json *json, const struct award_explained *explained)
{
    struct arena arena = {0};
    json_key(json, "ways");
    json_list(json);
    for (size_t i = 0; i < explained->explanation.way_count; i++) {
        const struct policy_way *way = &explained->explanation.ways[i];
        json_object(json);
        json_amount(json, way->verdict, way->fen);
        json_key_str(json, "zh", way->zh);
        json_key_str(json, "en", way->en);
        json_key(json, "changes");
        json_list(json);
        for (size_t k = 0; k < way->change_count; k++) {
            const struct policy_input *input = &explained->policy->inputs[way->changes[k].input];
            int64_t value = way->changes[k].value;
            json_object(json);
            json_key_str(json, "input", input->name.key);
            json_key_str(json, "zh", policy_value_text(&arena, input, value, LANG_ZH));
            json_key_str(json, "en", policy_value_text(&arena, input, value, LANG_EN));
            json_object_end(json);
        }
        json_list_end(json);
        json_object_end(json);
    }
    json_list_end(json);
    arena_free(&arena);
}

static void json_documents(struct json *json, const struct award_explained *explained)
{
    static const char *const confidences[] = {[POLICY_SEEN] = "seen",
                                              [POLICY_BELIEVED] = "believed",
                                              [POLICY_UNCONFIRMED] = "unconfirmed"};
    json_key(json, "documents");
    json_list(json);
    for (size_t i = 0; i < explained->explanation.document_count; i++) {
        const struct policy_document *document =
            &explained->policy->documents[explained->explanation.documents[i]];
        char issued[DAY_TEXT_SIZE];
        json_object(json);
        json_key_str(json, "key", document->key);
        json_key_str(json, "number", document->number);
        json_key_str(json, "title_zh", document->title_zh);
        json_key_str(json, "title_en", document->title_en);
        json_key_str(json, "issued", str_from(day_format(document->issued, issued)));
        json_key_str(json, "confidence", str_from(confidences[document->confidence]));
        json_object_end(json);
    }
    json_list_end(json);
}

static void json_hash(struct json *json, const struct policy *policy)
{
    static const char digits[] = "0123456789abcdef";
    char hex[2 * HASH_SHOWN];
    for (int i = 0; i < HASH_SHOWN; i++) {
        hex[2 * i] = digits[policy->hash[i] >> 4];
        hex[2 * i + 1] = digits[policy->hash[i] & 15];
    }
    json_key_str(json, "rules", (struct str){hex, sizeof hex});
}

void award_explained_json(struct json *json, const struct award_explained *explained)
{
    const struct policy_explanation *explanation = &explained->explanation;
    const struct policy_scheme *scheme = scheme_of(explained);
    char period[PERIOD_TEXT_SIZE], at[DAY_TEXT_SIZE];
    json_object(json);
    json_key_str(json, "id", explained->people->ids[explained->row]);
    json_key_str(json, "scheme", scheme->name.key);
    json_key_str(json, "scheme_zh", scheme->name.zh);
    json_key_str(json, "scheme_en", scheme->name.en);
    json_key_str(json, "at", str_from(day_format(explained->at, at)));
    json_amount(json, explanation->decision.verdict, explanation->decision.fen);
    json_key_str(json, "period", str_from(period_format(explanation->period, period)));
    json_key_str(json, "form", str_from(policy_form_key(scheme->form)));
    json_key_str(json, "payer_zh", scheme->payer_zh);
    json_key_str(json, "payer_en", scheme->payer_en);
    json_key_bool(json, "settled", explained->settled);
    json_key_bool(json, "unconfirmed", explanation->unconfirmed);
    json_hash(json, explained->policy);
    json_needs(json, explained);
    json_key(json, "reasons");
    json_node(json, explained, explanation->root, 0);
    json_ways(json, explained);
    json_documents(json, explained);
    json_object_end(json);
}

static const char *mark_of(uint8_t truth)
{
    static const char *const marks[] = {
        [POLICY_NO] = "× ", [POLICY_ENTITLED] = "√ ", [POLICY_UNKNOWN] = "? "};
    return marks[truth];
}

static void source_lines(struct arena *arena, const struct award_explained *explained,
                         const struct policy_node *node, enum lang lang, int depth,
                         struct text *out)
{
    const struct award_sources *sources = explained->sources;
    if (sources == NULL || node->kind != POLICY_NODE_FACT) return;
    for (size_t s = 0; s < sources->counts[node->input]; s++) {
        const struct award_stated *stated = &sources->items[node->input][s];
        for (int i = 0; i <= depth + 1; i++) text_add_c(out, "  ");
        text_add_c(out, "· ");
        text_add(out, award_source_text(arena, sources, node->input, stated, lang));
        text_add_byte(out, '\n');
    }
}

static void node_line(struct arena *arena, const struct award_explained *explained,
                      const struct policy_node *node, enum lang lang, int depth, struct text *out)
{
    const struct policy *policy = explained->policy;
    bool zh = lang == LANG_ZH;
    for (int i = 0; i <= depth; i++) text_add_c(out, "  ");
    text_add_c(out, mark_of(node->truth));
    text_add(out, zh ? node->zh : node->en);
    for (size_t i = 0; i < node->cites.count; i++) {
        text_add_c(out, i == 0 ? (zh ? "（" : " (") : (zh ? "；" : "; "));
        text_add(out, award_cite_text(arena, policy, &node->cites.items[i], lang));
    }
    if (node->cites.count > 0) text_add_c(out, zh ? "）" : ")");
    if (node->cites.unconfirmed) text_add_c(out, zh ? "（待核实）" : " (to be confirmed)");
    if (node->decisive && node->part_count == 0) text_add_c(out, zh ? "〔关键〕" : " [decides]");
    text_add_byte(out, '\n');
    source_lines(arena, explained, node, lang, depth, out);
    for (size_t i = 0; i < node->part_count && depth < AWARD_NODE_DEPTH_MAX; i++) {
        node_line(arena, explained, node->parts[i], lang, depth + 1, out);
    }
}

static void need_lines(const struct award_explained *explained, enum lang lang, struct text *out)
{
    uint64_t needs = explained->explanation.decision.needs;
    bool zh = lang == LANG_ZH;
    if (needs == 0) return;
    text_add_c(out, zh ? "需补充：\n" : "needed:\n");
    for (size_t i = 0; i < explained->policy->input_count; i++) {
        const struct policy_input *input = &explained->policy->inputs[i];
        struct str holder = zh ? input->holder_zh : input->holder_en;
        if ((needs >> i & 1) == 0) continue;
        text_add_c(out, "  ");
        text_add(out, policy_word(&input->name, lang));
        if (holder.len > 0) {
            text_add_f(out, zh ? "（%.*s掌握）" : " (known to %.*s)", STR_ARG(holder));
        }
        text_add_byte(out, '\n');
    }
}

static void document_lines(const struct award_explained *explained, enum lang lang,
                           struct text *out)
{
    const struct policy_explanation *explanation = &explained->explanation;
    bool zh = lang == LANG_ZH;
    text_add_c(out, zh ? "依据：\n" : "documents:\n");
    for (size_t i = 0; i < explanation->document_count; i++) {
        const struct policy_document *document =
            &explained->policy->documents[explanation->documents[i]];
        struct str title = zh ? document->title_zh : document->title_en;
        text_add_c(out, "  ");
        text_add(out, document->number);
        if (title.len > 0) text_add_f(out, zh ? "《%.*s》" : ", %.*s", STR_ARG(title));
        text_add_byte(out, '\n');
    }
    if (explanation->unconfirmed) {
        text_add_c(out, zh ? "其中有待核实的内容，须由教育局确认\n"
                           : "part of this is to be confirmed by the bureau (待核实)\n");
    }
}

void award_explained_lines(struct arena *arena, const struct award_explained *explained,
                           enum lang lang, struct text *out)
{
    const struct policy_explanation *explanation = &explained->explanation;
    const struct policy_scheme *scheme = scheme_of(explained);
    bool zh = lang == LANG_ZH;
    text_add(out, explained->people->ids[explained->row]);
    text_add_c(out, "  ");
    text_add(out, policy_word(&scheme->name, lang));
    text_add_f(out, zh ? "（%.*s）  " : " (%.*s)  ", STR_ARG(scheme->name.key));
    text_add(out, period_text(arena, explanation->period, lang));
    text_add_c(out, zh ? "\n结论：" : "\nanswer: ");
    text_add(out, award_answer_text(arena, explained, lang));
    if (explained->settled) {
        text_add_c(out, zh ? "（有名册未报送，但无论其中怎样写，结论都一样）"
                           : " (some lists were not sent; whatever they say, this is the answer)");
    }
    text_add_c(out, zh ? "\n理由：\n" : "\nreasons:\n");
    node_line(arena, explained, explanation->root, lang, 0, out);
    need_lines(explained, lang, out);
    if (explanation->way_count > 0)
        text_add_c(out, zh ? "怎样会不同：\n" : "what would change it:\n");
    for (size_t i = 0; i < explanation->way_count; i++) {
        text_add_c(out, "  ");
        text_add(out, zh ? explanation->ways[i].zh : explanation->ways[i].en);
        text_add_byte(out, '\n');
    }
    document_lines(explained, lang, out);
}
