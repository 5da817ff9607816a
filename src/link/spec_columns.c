#include "base/list.h"
#include "base/yaml.h"
#include "link/spec_keys.h"

/* Expressions: "COLUMN | function ARGUMENT | function". */

enum argument { ARGUMENT_NONE, ARGUMENT_NUMBER, ARGUMENT_COLUMN, ARGUMENT_WORDS };

static const struct {
    const char *name;
    enum argument argument;
    int32_t least, most; /* of a number */
    bool many;
} functions[FUNCTION_COUNT] = {
    [FUNCTION_CLEAN] = {"clean", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_NFKC] = {"nfkc", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_LOWER] = {"lower", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_LETTERS] = {"letters", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_SQUEEZE] = {"squeeze", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_DIGITS] = {"digits", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_FIRST] = {"first", ARGUMENT_NUMBER, 1, 1000, false},
    [FUNCTION_LAST] = {"last", ARGUMENT_NUMBER, 1, 1000, false},
    [FUNCTION_AT_LEAST] = {"at_least", ARGUMENT_NUMBER, 1, 1000, false},
    [FUNCTION_BLANK] = {"blank", ARGUMENT_WORDS, 0, 0, false},
    [FUNCTION_WORD] = {"word", ARGUMENT_NUMBER, -100, 100, false},
    [FUNCTION_SORT_WORDS] = {"sort_words", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_INITIALS] = {"initials", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_SOUNDEX] = {"soundex", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_SKELETON] = {"skeleton", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_NAME] = {"name", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_SURNAME] = {"surname", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_GIVEN] = {"given", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_READING] = {"reading", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_READING_CLASS] = {"reading_class", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_DATE] = {"date", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_YEAR] = {"year", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_MONTH] = {"month", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_DAY] = {"day", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_YEAR_MONTH] = {"year_month", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_MONTH_DAY] = {"month_day", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_ID] = {"id", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_ID_VALID] = {"id_valid", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_ID_BIRTH] = {"id_birth", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_ID_AREA] = {"id_area", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_ID_SEX] = {"id_sex", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_PHONE] = {"phone", ARGUMENT_NONE, 0, 0, false},
    [FUNCTION_DIVISION] = {"division", ARGUMENT_NUMBER, 2, 12, false},
    [FUNCTION_OR] = {"or", ARGUMENT_COLUMN, 0, 0, false},
    [FUNCTION_JOIN] = {"join", ARGUMENT_COLUMN, 0, 0, false},
    [FUNCTION_TOKENS] = {"tokens", ARGUMENT_NONE, 0, 0, true},
    [FUNCTION_WILDCARDS] = {"wildcards", ARGUMENT_NONE, 0, 0, true},
    [FUNCTION_DELETES] = {"deletes", ARGUMENT_NONE, 0, 0, true},
    [FUNCTION_GRAMS] = {"grams", ARGUMENT_NUMBER, 1, 8, true},
    [FUNCTION_PAIRS] = {"token_pairs", ARGUMENT_NONE, 0, 0, true},
};

bool function_is_many(enum function function)
{
    CHECK(function < FUNCTION_COUNT);
    return functions[function].many;
}

bool spec_function_at(size_t number, struct spec_function *out)
{
    static const char *const arguments[] = {[ARGUMENT_NONE] = "",
                                            [ARGUMENT_NUMBER] = "N",
                                            [ARGUMENT_COLUMN] = "COLUMN",
                                            [ARGUMENT_WORDS] = "WORD …"};
    if (number >= FUNCTION_COUNT) return false;
    *out = (struct spec_function){functions[number].name, arguments[functions[number].argument],
                                  functions[number].least, functions[number].most,
                                  functions[number].many};
    return true;
}

enum { SPELLING_BYTES_MAX = 1000 };

static void spell_column(const struct link_spec *spec, uint32_t number, struct text *out);

static void spell_step(const struct link_spec *spec, const struct spec_step *step, struct text *out)
{
    text_add_f(out, " | %s", functions[step->function].name);
    switch (functions[step->function].argument) {
    case ARGUMENT_NONE: break;
    case ARGUMENT_NUMBER: text_add_f(out, " %d", step->number); break;
    case ARGUMENT_WORDS:
        for (size_t i = 0; i < step->word_count; i++) {
            text_add_byte(out, ' ');
            text_add(out, step->words[i]);
        }
        break;
    case ARGUMENT_COLUMN: {
        bool derived = spec->columns[step->column].base != SPEC_NONE;
        text_add_c(out, derived ? " (" : " ");
        spell_column(spec, step->column, out);
        if (derived) text_add_byte(out, ')');
        break;
    }
    }
}

static void spell_column(const struct link_spec *spec, uint32_t number, struct text *out)
{
    const struct spec_column *column = &spec->columns[number];
    if (out->cut) return; /* columns that double with each step would take for ever */
    if (column->base == SPEC_NONE) {
        text_add(out, utf8_cut(column->text, SPELLING_BYTES_MAX - out->len));
        return;
    }
    spell_column(spec, column->base, out);
    for (size_t i = 0; i < column->step_count; i++) spell_step(spec, &column->steps[i], out);
}

struct str spec_column_spelling(struct arena *arena, const struct link_spec *spec, uint32_t column)
{
    struct text out;
    CHECK(column < spec->column_count);
    text_init(&out, arena, SPELLING_BYTES_MAX);
    spell_column(spec, column, &out);
    return text_str(&out);
}

static bool fail_word(const struct spec_reader *reader, const struct yaml_node *node,
                      struct str word, const char *en, const char *zh)
{
    struct text in_english, in_chinese;
    word = utf8_cut(word, 60);
    text_init(&in_english, reader->arena, ERR_TEXT_MAX / 2);
    text_add_f(&in_english, "\"%.*s\" %s", STR_ARG(word), en);
    text_init(&in_chinese, reader->arena, ERR_TEXT_MAX / 2);
    text_add_f(&in_chinese, "“%.*s”%s", STR_ARG(word), zh);
    return yaml_fail(node, reader->name, reader->err, in_english.ptr, in_chinese.ptr);
}

/* The next word of *rest; false when only blanks are left. */
static bool next_word(struct str *rest, struct str *word)
{
    *rest = str_trim(*rest);
    if (rest->len == 0) return false;
    size_t end = 0;
    while (end < rest->len && rest->ptr[end] != ' ' && rest->ptr[end] != '\t') end++;
    *word = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end, rest->len);
    return true;
}

static uint32_t add_column(struct spec_reader *reader, struct spec_column column)
{
    struct link_spec *spec = reader->spec;
    CHECK(spec->column_count < SPEC_DERIVED_MAX);
    spec->columns[spec->column_count] = column;
    return (uint32_t)spec->column_count++;
}

static bool room_for_column(struct spec_reader *reader, const struct yaml_node *node)
{
    if (reader->spec->column_count < SPEC_DERIVED_MAX) return true;
    return yaml_fail(node, reader->name, reader->err, "more than 256 columns are derived",
                     "派生列超过 256 个");
}

/* The column of a bare name: a derived one, or else an input column. */
static bool named_column(struct spec_reader *reader, const struct yaml_node *node, struct str name,
                         uint32_t *out)
{
    struct link_spec *spec = reader->spec;
    for (size_t i = 0; i < reader->derived_count; i++) {
        if (!str_equal(reader->derived_names[i], name)) continue;
        if (str_equal(reader->defining, name)) continue;
        *out = reader->derived_columns[i];
        return true;
    }
    size_t input = 0;
    while (input < spec->input_count && !str_equal(spec->inputs[input], name)) input++;
    if (input == spec->input_count) {
        if (input == LINK_COLUMNS_MAX) {
            return yaml_fail(node, reader->name, reader->err,
                             "more than 64 input columns are named", "用到的输入列超过 64 个");
        }
        spec->inputs[spec->input_count++] = name;
    }
    for (uint32_t i = 0; i < spec->column_count; i++) {
        const struct spec_column *column = &spec->columns[i];
        if (column->base != SPEC_NONE || column->step_count > 0) continue;
        if (column->input != input) continue;
        *out = i;
        return true;
    }
    if (!room_for_column(reader, node)) return false;
    *out = add_column(reader, (struct spec_column){.text = name,
                                                   .input = (uint32_t)input,
                                                   .base = SPEC_NONE,
                                                   .touches = 1ull << input});
    return true;
}

static bool read_argument(struct spec_reader *reader, const struct yaml_node *node, struct str rest,
                          struct spec_step *step)
{
    struct str word;
    enum argument argument = functions[step->function].argument;
    if (argument == ARGUMENT_WORDS) {
        LIST(struct str) words = {0};
        while (next_word(&rest, &word)) *list_push(reader->arena, &words) = word;
        step->words = words.items;
        step->word_count = words.count;
        return true;
    }
    if (argument == ARGUMENT_NONE) {
        if (!next_word(&rest, &word)) return true;
        return fail_word(reader, node, word, "stands behind a function that takes no argument",
                         "多余：这个函数不带参数");
    }
    if (!next_word(&rest, &word)) {
        return yaml_fail(node, reader->name, reader->err, "a function lacks its argument",
                         "函数缺少参数");
    }
    if (argument == ARGUMENT_COLUMN) return named_column(reader, node, word, &step->column);
    int64_t number;
    if (!str_to_i64(word, &number) || number < functions[step->function].least
        || number > functions[step->function].most || number == 0) {
        return fail_word(reader, node, word, "is not a number that this function takes",
                         "不是这个函数能用的数");
    }
    step->number = (int32_t)number;
    return true;
}

static bool read_step(struct spec_reader *reader, const struct yaml_node *node, struct str text,
                      struct spec_step *step)
{
    struct str word;
    if (!next_word(&text, &word)) {
        return yaml_fail(node, reader->name, reader->err, "a function is missing behind \"|\"",
                         "“|”之后缺少函数");
    }
    for (int i = 0; i < FUNCTION_COUNT; i++) {
        if (!str_is(word, functions[i].name)) continue;
        step->function = (enum function)i;
        return read_argument(reader, node, text, step);
    }
    return fail_word(reader, node, word, "is no function", "不是可用的函数");
}

/* Looks for a column with the same text, so that equal expressions are derived once. */
static bool find_same(const struct spec_reader *reader, uint32_t base, struct str text,
                      uint32_t *out)
{
    for (uint32_t i = 0; i < reader->spec->column_count; i++) {
        const struct spec_column *column = &reader->spec->columns[i];
        if (column->base != base || !str_equal(column->text, text)) continue;
        *out = i;
        return true;
    }
    return false;
}

static bool read_steps(struct spec_reader *reader, const struct yaml_node *node, struct str rest,
                       struct spec_column *column)
{
    struct str part;
    column->steps = arena_array(reader->arena, struct spec_step, SPEC_STEPS_MAX);
    while (str_split(&rest, '|', &part)) {
        if (column->step_count == SPEC_STEPS_MAX) {
            return yaml_fail(node, reader->name, reader->err, "more than 16 functions in a row",
                             "连续的函数超过 16 个");
        }
        struct spec_step *step = &column->steps[column->step_count];
        if (!read_step(reader, node, part, step)) return false;
        column->step_count++;
        column->many = column->many || functions[step->function].many;
        if (functions[step->function].argument != ARGUMENT_COLUMN) continue;
        const struct spec_column *other = &reader->spec->columns[step->column];
        if (column->many || other->many) {
            return yaml_fail(node, reader->name, reader->err,
                             "\"or\" and \"join\" take columns of single values",
                             "“or”和“join”只用于单值的列");
        }
        column->by_record = true;
        column->touches |= other->touches;
    }
    return true;
}

bool spec_column_read(struct spec_reader *reader, const struct yaml_node *node, struct str text,
                      uint32_t *out)
{
    CHECK(reader != NULL);
    text = str_trim(text);
    struct str rest = text, name;
    if (text.len == 0 || !str_split(&rest, '|', &name) || str_trim(name).len == 0) {
        return yaml_fail(node, reader->name, reader->err, "expected the name of a column",
                         "此处应为列名");
    }
    uint32_t start;
    if (!named_column(reader, node, str_trim(name), &start)) return false;
    if (rest.ptr == NULL) {
        *out = start;
        return true;
    }
    if (find_same(reader, start, text, out)) return true;
    struct spec_column base = reader->spec->columns[start];
    struct spec_column column = {.text = text,
                                 .input = base.input,
                                 .base = start,
                                 .many = base.many,
                                 .by_record = base.by_record,
                                 .touches = base.touches};
    if (!read_steps(reader, node, rest, &column)) return false;
    if (!room_for_column(reader, node)) return false;
    *out = add_column(reader, column);
    return true;
}
