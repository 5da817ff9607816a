#include "findings/reason.h"

enum { REASON_BYTES_MAX = 8192 };

static const struct {
    const char *key, *zh, *en;
    char between; /* several values */
} notes[] = {
    {"scheme", "项目：", "scheme: ", '|'},
    {"period", "", "", 0},
    {"due", "应发 ", "due ", 0},
    {"paid", "实发 ", "paid ", 0},
    {"needs", "缺：", "lacking: ", ','},
    {"not_sent", "未报送：", "not sent: ", ','},
    {"since", "自 ", "since ", 0},
    {"paid_on", "最晚发放日：", "last paid on ", 0},
    {"students", "学生人数：", "students: ", 0},
    {"candidate", "考生号：", "candidates: ", ','},
    {"case", "案卷 ", "case ", 0},
    {"step", "步骤：", "step: ", 0},
    {"days", "逾期天数：", "days overdue: ", 0},
};

/* Notes stand last. */
static size_t notes_from(struct str reasons)
{
    size_t equals = str_find(reasons, STR("="));
    if (equals == SIZE_MAX) return reasons.len;
    while (equals > 0 && reasons.ptr[equals - 1] != ';') equals--;
    return equals;
}

struct str reason_keys(struct str reasons)
{
    size_t end = notes_from(reasons);
    return str_slice(reasons, 0, end > 0 && end < reasons.len ? end - 1 : end);
}

struct str reason_notes(struct str reasons)
{
    return str_slice(reasons, notes_from(reasons), reasons.len);
}

static void add_money(struct text *out, struct str fen, enum lang lang)
{
    int64_t value;
    if (!str_to_i64(fen, &value)) {
        text_add(out, fen);
        return;
    }
    if (lang == LANG_EN) text_add_c(out, "CNY ");
    text_add_f(out, "%lld", (long long)(value / 100));
    if (value % 100 != 0) text_add_f(out, ".%02lld", (long long)(value % 100));
    if (lang == LANG_ZH) text_add_c(out, " 元");
}

static struct str input_word(const struct policy *policy, struct str key, enum lang lang)
{
    for (size_t i = 0; policy != NULL && i < policy->input_count; i++) {
        const struct policy_name *name = &policy->inputs[i].name;
        if (str_equal(name->key, key)) return lang == LANG_EN ? name->en : name->zh;
    }
    return key;
}

static struct str scheme_word(const struct policy *policy, struct str key, enum lang lang)
{
    uint16_t scheme = policy == NULL ? POLICY_NONE : policy_find_scheme(policy, key);
    if (scheme == POLICY_NONE) return key;
    const struct policy_name *name = &policy->schemes[scheme].name;
    return lang == LANG_EN ? name->en : name->zh;
}

static struct str step_word(const struct reason_words *words, struct str key)
{
    for (size_t i = 0; i < words->step_count; i++) {
        if (!str_equal(words->steps[i].key, key)) continue;
        return words->lang == LANG_EN ? words->steps[i].en : words->steps[i].zh;
    }
    return key;
}

static void add_value(struct text *out, const struct reason_words *words, struct str note,
                      struct str value)
{
    struct period period;
    if (str_is(note, "due") || str_is(note, "paid")) {
        add_money(out, value, words->lang);
    } else if (str_is(note, "period") && period_parse(value, &period)) {
        text_add(out, period_text(out->arena, period, words->lang));
    } else if (str_is(note, "scheme")) {
        text_add(out, scheme_word(words->policy, value, words->lang));
    } else if (str_is(note, "step")) {
        text_add(out, step_word(words, value));
    } else if (str_is(note, "needs")) {
        text_add(out, input_word(words->policy, value, words->lang));
    } else if (str_is(note, "not_sent")) {
        const struct profile *profile = profile_find(words->profiles, value);
        bool english = words->lang == LANG_EN;
        text_add(out, profile == NULL ? value : english ? profile->en : profile->zh);
    } else {
        text_add(out, value);
    }
}

static bool add_note(struct text *out, const struct reason_words *words, struct str key)
{
    size_t equals = str_find(key, STR("="));
    if (equals == SIZE_MAX) return false;
    struct str note = str_slice(key, 0, equals), rest = str_slice(key, equals + 1, key.len), value;
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        if (!str_is(note, notes[i].key)) continue;
        bool first = true;
        text_add_c(out, words->lang == LANG_EN ? notes[i].en : notes[i].zh);
        while (str_split(&rest, notes[i].between != 0 ? notes[i].between : ';', &value)) {
            if (!first) text_add_c(out, words->lang == LANG_EN ? " / " : "、");
            add_value(out, words, note, value);
            first = false;
        }
        return true;
    }
    return false;
}

struct str reason_text(struct arena *arena, const struct reason_words *words, struct str reasons)
{
    struct text text;
    struct str rest = reasons, key;
    text_init(&text, arena, REASON_BYTES_MAX);
    while (str_split(&rest, ';', &key)) {
        if (key.len == 0) continue;
        if (text.len > 0) text_add_c(&text, words->lang == LANG_EN ? "; " : "；");
        if (add_note(&text, words, key)) continue;
        text_add(&text, rules_reason_text(words->rules, key, words->lang));
    }
    return text_str(&text);
}
