#include "cases/risk_words.h"

enum { WORDS_BYTES_MAX = 2048 };

static bool is_set(const struct facts *facts, const struct risk_point *point)
{
    return point->source == RISK_OF_INPUT && facts->policy->inputs[point->input].type == POLICY_SET;
}

/* The number that is stated, or the words of a set; nothing for yes and no. */
static void add_value(struct text *out, const struct facts *facts, const struct risk_reason *reason,
                      const char *between, int lang)
{
    const struct risk_point *point = reason->point;
    if (is_set(facts, point)) {
        const struct policy_input *input = &facts->policy->inputs[point->input];
        bool first = true;
        for (size_t i = 0; i < input->choice_count; i++) {
            if ((reason->value >> i & 1) == 0) continue;
            if (!first) text_add_c(out, between);
            first = false;
            const struct policy_name *name = &input->choices[i].name;
            text_add(out, lang < 0 ? name->key : policy_word(name, (enum lang)lang));
        }
    } else if (reason->person != UINT32_MAX) {
        text_add_f(out, "%lld", (long long)facts->people->persons[reason->person].number);
    } else if (point->words == 0 && point->below - point->least != 1
               && (point->source == RISK_OF_INPUT || point->source == RISK_OVER_GRADE)) {
        text_add_f(out, "%lld", (long long)reason->value);
    }
}

struct str risk_reason_words(struct arena *arena, const struct facts *facts,
                             const struct risk_reason *reason, enum lang lang)
{
    struct text text, inner;
    bool zh = lang == LANG_ZH;
    text_init(&text, arena, WORDS_BYTES_MAX);
    text_init(&inner, arena, WORDS_BYTES_MAX);
    if (reason->person != UINT32_MAX) text_add_c(&inner, zh ? "人员 " : "person ");
    add_value(&inner, facts, reason, zh ? "、" : ", ", (int)lang);
    if (reason->profile != NULL) {
        char on[DAY_TEXT_SIZE];
        if (inner.len > 0) text_add_c(&inner, zh ? "；" : "; ");
        text_add(&inner, zh ? reason->profile->zh : reason->profile->en);
        text_add_f(&inner, " %s", day_format(reason->on, on));
    }
    text_add(&text, zh ? reason->point->zh : reason->point->en);
    if (inner.len == 0) return text_str(&text);
    text_add_c(&text, zh ? "（" : " (");
    text_add(&text, text_str(&inner));
    text_add_c(&text, zh ? "）" : ")");
    return text_str(&text);
}

struct str risk_reason_key(struct arena *arena, const struct facts *facts,
                           const struct risk_reason *reason)
{
    struct text text, value;
    text_init(&text, arena, WORDS_BYTES_MAX);
    text_init(&value, arena, WORDS_BYTES_MAX);
    text_add(&text, reason->point->key);
    add_value(&value, facts, reason, "|", -1);
    if (value.len > 0) text_add_f(&text, "=%.*s", STR_ARG(text_str(&value)));
    if (reason->profile != NULL) {
        char on[DAY_TEXT_SIZE];
        text_add_f(&text, "@%.*s/%s", STR_ARG(reason->profile->key), day_format(reason->on, on));
    }
    return text_str(&text);
}

/* Whether an earlier point that is not known reads the same. */
static bool is_told(const struct risk_text *text, uint32_t unknown, size_t point)
{
    const struct risk_point *mine = &text->points[point];
    for (size_t i = 0; i < point; i++) {
        const struct risk_point *other = &text->points[i];
        if ((unknown >> i & 1) == 0 || other->source != mine->source) continue;
        if (mine->source != RISK_OF_INPUT) return true;
        if (other->input == mine->input && other->words == mine->words) return true;
    }
    return false;
}

struct str risk_unknown_words(struct arena *arena, const struct risk_text *text,
                              const struct facts *facts, uint32_t unknown, enum lang lang)
{
    struct text out;
    text_init(&out, arena, WORDS_BYTES_MAX);
    for (size_t i = 0; i < text->point_count; i++) {
        const struct risk_point *point = &text->points[i];
        if ((unknown >> i & 1) == 0 || is_told(text, unknown, i)) continue;
        if (out.len > 0) text_add_c(&out, lang == LANG_ZH ? "、" : ", ");
        bool named = point->source == RISK_OF_INPUT && !is_set(facts, point);
        text_add(&out, named ? policy_word(&facts->policy->inputs[point->input].name, lang)
                       : lang == LANG_ZH ? point->zh
                                         : point->en);
    }
    return text_str(&out);
}

struct str risk_unknown_keys(struct arena *arena, const struct risk_text *text, uint32_t unknown)
{
    struct text out;
    text_init(&out, arena, WORDS_BYTES_MAX);
    for (size_t i = 0; i < text->point_count; i++) {
        if ((unknown >> i & 1) == 0 || is_told(text, unknown, i)) continue;
        if (out.len > 0) text_add_byte(&out, ';');
        text_add(&out, text->points[i].key);
    }
    return text_str(&out);
}
