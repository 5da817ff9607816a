#include "policy/trial.h"

#include "base/list.h"
#include "policy/explain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A case is one row of its subject, decided on its day like any other. */

struct testing {
    struct arena *arena;
    const struct policy *policy;
    struct policy_trial *trial;
    LIST(struct policy_failure) failures;
};

static struct str say(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static struct str say(struct arena *arena, const char *format, ...)
{
    char buffer[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    size_t kept = length < 0 ? 0 : (size_t)length;
    if (kept >= sizeof buffer) kept = sizeof buffer - 1;
    return str_copy(arena, (struct str){buffer, kept});
}

static void row_of(struct arena *arena, const struct policy *policy, const struct policy_case *test,
                   struct policy_rows *out)
{
    *out = (struct policy_rows){.subject = test->subject, .count = 1};
    for (size_t i = 0; i < policy->input_count; i++) {
        uint8_t *state = arena_new(arena, uint8_t);
        int64_t *value = arena_new(arena, int64_t);
        *state = POLICY_MISSING;
        for (size_t g = 0; g < test->given_count; g++) {
            if (test->given[g].input != i) continue;
            *state = POLICY_KNOWN;
            *value = test->given[g].value;
        }
        out->columns[i] = (struct policy_column){state, value};
    }
}

static void add_needs(struct testing *testing, struct text *text, uint64_t needs, enum lang lang)
{
    bool first = true;
    for (size_t i = 0; i < testing->policy->input_count; i++) {
        if ((needs >> i & 1) == 0) continue;
        text_add_c(text, first ? " " : lang == LANG_ZH ? "、" : ", ");
        text_add(text, policy_word(&testing->policy->inputs[i].name, lang));
        first = false;
    }
}

/* "符合 625 元 2024-spring", "未知 寄宿"; "not concerned". */
static struct str outcome(struct testing *testing, uint8_t verdict, bool has_amount, int64_t fen,
                          const struct period *period, uint64_t needs, enum lang lang)
{
    struct text text;
    char name[PERIOD_TEXT_SIZE];
    text_init(&text, testing->arena, 1024);
    if (verdict == POLICY_NOT_CONCERNED) {
        text_add_c(&text, lang == LANG_ZH ? "不适用" : "not concerned");
        return text_str(&text);
    }
    text_add_c(&text, policy_verdict_text((enum policy_verdict)verdict, lang));
    if (has_amount) {
        struct str money = policy_money_text(testing->arena, fen, lang);
        text_add_f(&text, " %.*s", STR_ARG(money));
    }
    if (period != NULL) text_add_f(&text, " %s", period_format(*period, name));
    if (verdict == POLICY_UNKNOWN) add_needs(testing, &text, needs, lang);
    return text_str(&text);
}

static void judge(struct testing *testing, uint32_t number,
                  const struct policy_expectation *expected, const struct policy_decision *decision)
{
    const struct policy_case *test = &testing->policy->cases[number];
    const struct policy_scheme *scheme = &testing->policy->schemes[expected->scheme];
    struct period period = period_of(scheme->period, test->at);
    uint8_t verdict = decision == NULL ? POLICY_NOT_CONCERNED : decision->verdict;
    int64_t fen = decision == NULL ? 0 : decision->fen;
    uint64_t needs = decision == NULL ? 0 : decision->needs;
    bool good = verdict == expected->verdict && (!expected->has_amount || fen == expected->fen)
                && (!expected->has_period || period_equal(period, expected->period))
                && (verdict != POLICY_UNKNOWN || needs == expected->needs);
    testing->trial->expectations++;
    if (good) return;
    struct policy_failure *failure = list_push(testing->arena, &testing->failures);
    struct str texts[4];
    for (int l = 0; l < 2; l++) {
        enum lang lang = l == 0 ? LANG_ZH : LANG_EN;
        texts[l] = outcome(testing, expected->verdict, expected->has_amount, expected->fen,
                           expected->has_period ? &expected->period : NULL, expected->needs, lang);
        texts[2 + l] =
            outcome(testing, verdict, verdict == POLICY_ENTITLED, fen, &period, needs, lang);
    }
    failure->test = number;
    failure->place = expected->place;
    failure->zh = say(testing->arena, "“%.*s”：%.*s 期望 %.*s，得到 %.*s", STR_ARG(test->title_zh),
                      STR_ARG(scheme->name.zh), STR_ARG(texts[0]), STR_ARG(texts[2]));
    failure->en =
        say(testing->arena, "\"%.*s\": %.*s expected %.*s, got %.*s", STR_ARG(test->title_en),
            STR_ARG(scheme->name.key), STR_ARG(texts[1]), STR_ARG(texts[3]));
}

static void run_case(struct testing *testing, uint32_t number)
{
    const struct policy_case *test = &testing->policy->cases[number];
    struct arena scratch = {0};
    struct policy_rows rows;
    struct policy_decisions decisions;
    struct policy_decide_options options = {.subject = test->subject, .at = test->at};
    row_of(&scratch, testing->policy, test, &rows);
    const struct policy_program *program = policy_compile(&scratch, testing->policy, &options);
    policy_decide(&scratch, program, &rows, 1, &decisions);
    testing->trial->cases++;
    for (size_t e = 0; e < test->expected_count; e++) {
        const struct policy_decision *found = NULL;
        for (size_t d = 0; d < decisions.count; d++) {
            if (decisions.items[d].scheme == test->expected[e].scheme) found = &decisions.items[d];
        }
        judge(testing, number, &test->expected[e], found);
    }
    arena_free(&scratch);
}

void policy_test(struct arena *arena, const struct policy *policy, uint16_t pack,
                 struct policy_trial *out)
{
    struct policy_trial trial = {0};
    struct testing testing = {.arena = arena, .policy = policy, .trial = &trial};
    for (size_t c = 0; c < policy->case_count; c++) {
        if (pack == POLICY_NONE || policy->cases[c].pack == pack) run_case(&testing, (uint32_t)c);
    }
    trial.failures = testing.failures.items;
    trial.failure_count = testing.failures.count;
    *out = trial;
}
