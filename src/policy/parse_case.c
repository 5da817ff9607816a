#include "policy/reader.h"

/* Cases: what is known of a person, and what is to come out. */

static bool read_set(struct reader *reader, const struct policy_input *input, int64_t *out)
{
    *out = 0;
    if (take_word(reader, WORD_NONE)) return true;
    if (!expect_sign(reader, SIGN_OPEN)) return false;
    if (take_word(reader, WORD_NONE)) return expect_sign(reader, SIGN_CLOSE);
    do {
        const struct token *token = peek(reader);
        int found = policy_find_choice(input, token->text);
        if (found < 0) return unknown_choice(reader, input, token->text);
        take(reader);
        *out |= (int64_t)((uint64_t)1 << found);
    } while (take_sign(reader, SIGN_COMMA));
    return expect_sign(reader, SIGN_CLOSE);
}

static bool read_value(struct reader *reader, const struct policy_input *input, int64_t *out)
{
    const struct token *token = peek(reader);
    enum policy_type type;
    enum policy_unit unit;
    day given;
    int found;
    switch (input->type) {
    case POLICY_YES_NO:
        *out = is_word(reader, WORD_YES);
        return take_word(reader, WORD_YES) || take_word(reader, WORD_NO)
               || expected(reader, "是或否", "yes or no");
    case POLICY_CHOICE:
        found = policy_find_choice(input, token->text);
        if (found < 0) return unknown_choice(reader, input, token->text);
        *out = found;
        take(reader);
        return true;
    case POLICY_SET: return read_set(reader, input, out);
    case POLICY_DAY:
        if (!read_day(reader, &given)) return false;
        *out = given.days;
        return true;
    default:
        if (!read_quantity(reader, out, &type, &unit)) return false;
        return (type == POLICY_MONEY) == (input->type == POLICY_MONEY)
               || fault(reader, "值与输入的类型不符", "the value is not of the input's type");
    }
}

static bool read_input_name(struct reader *reader, uint16_t *out)
{
    const struct token *token = peek(reader);
    const struct thing *thing = find_thing(reader, token->text);
    if (thing == NULL || thing->kind != THING_INPUT) {
        return unknown_name(reader, "输入", "input", token->text, reader->words.items,
                            reader->words.count);
    }
    take(reader);
    *out = thing->number;
    return true;
}

static bool read_given(struct reader *reader, struct policy_case *out)
{
    LIST(struct policy_given) given = {0};
    while (!is_word(reader, WORD_EXPECT) && peek(reader)->kind != TOKEN_END) {
        struct policy_given value = {0};
        if (given.count > 0 && !expect_sign(reader, SIGN_COMMA)) return false;
        if (!read_input_name(reader, &value.input)) return false;
        for (size_t i = 0; i < given.count; i++) {
            if (given.items[i].input != value.input) continue;
            return fault(reader, "同一输入写了两次", "this input is given twice");
        }
        if (!take_sign(reader, SIGN_EQUAL) && !expect_word(reader, WORD_IS)) return false;
        if (!read_value(reader, &reader->inputs.items[value.input], &value.value)) return false;
        *list_push(reader->arena, &given) = value;
    }
    out->given = given.items;
    out->given_count = given.count;
    return true;
}

static bool read_needs(struct reader *reader, struct policy_expectation *out)
{
    out->verdict = 2;
    if (!take_word(reader, WORD_NEEDS)) return true;
    do {
        uint16_t input;
        if (!read_input_name(reader, &input)) return false;
        out->needs |= (uint64_t)1 << input;
    } while (take_sign(reader, SIGN_COMMA));
    return true;
}

static bool read_outcome(struct reader *reader, struct policy_expectation *out)
{
    enum policy_type type;
    enum policy_unit unit;
    if (take_word(reader, WORD_UNKNOWN)) return read_needs(reader, out);
    if (take_word(reader, WORD_NOT_CONCERNED)) {
        out->verdict = POLICY_NOT_CONCERNED;
        return true;
    }
    bool yes = is_word(reader, WORD_YES);
    if (!take_word(reader, WORD_YES) && !take_word(reader, WORD_NO)) {
        return expected(reader, "是、否、未知或不适用", "yes, no, unknown or not_concerned");
    }
    out->verdict = yes;
    if (yes && peek(reader)->kind == TOKEN_NUMBER) {
        if (!read_quantity(reader, &out->fen, &type, &unit)) return false;
        if (type != POLICY_MONEY) return fault(reader, "这里应是金额", "expected an amount");
        out->has_amount = true;
    }
    if (peek(reader)->kind == TOKEN_PERIOD) {
        out->period = take(reader)->period;
        out->has_period = true;
    }
    return true;
}

static bool read_expectations(struct reader *reader, struct policy_case *out)
{
    LIST(struct policy_expectation) expected_ones = {0};
    while (is_word(reader, WORD_EXPECT)) {
        struct policy_expectation expectation = {.place = place_here(reader)};
        take(reader);
        const struct token *token = peek(reader);
        const struct dict *names = &reader->scheme_names.names;
        uint32_t number = dict_find(names, token->text);
        if (number == DICT_NONE) {
            return unknown_name(reader, "项目", "scheme", token->text, names->texts, names->count);
        }
        take(reader);
        expectation.scheme = reader->scheme_names.numbers.items[number];
        if (!read_outcome(reader, &expectation)) return false;
        take_sign(reader, SIGN_COMMA);
        if (peek(reader)->kind == TOKEN_PERIOD) {
            expectation.period = take(reader)->period;
            expectation.has_period = true;
        }
        *list_push(reader->arena, &expected_ones) = expectation;
    }
    if (expected_ones.count == 0) return expected(reader, "期望", "expect");
    out->expected = expected_ones.items;
    out->expected_count = expected_ones.count;
    return true;
}

bool read_case(struct reader *reader)
{
    struct declaration *here = declaration_here(reader);
    struct policy_case out = {
        .place = place_here(reader), .pack = here->pack, .subject = here->subject};
    if (here->subject == POLICY_NONE) {
        return fault(reader, "此前须先写明主体", "a subject must stand before this in the file");
    }
    if (!read_words(reader, &out.title_zh, &out.title_en)) return false;
    if (!expect_word(reader, WORD_AT) || !read_day(reader, &out.at)) return false;
    if (!read_given(reader, &out) || !read_expectations(reader, &out)) return false;
    *list_push(reader->arena, &reader->cases) = out;
    return peek(reader)->kind == TOKEN_END || expected(reader, "期望", "expect");
}
