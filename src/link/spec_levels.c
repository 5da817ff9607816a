#include "link/compare.h"
#include "link/spec_keys.h"

#include "base/yaml.h"

#include <math.h>
#include <stdlib.h>

/* Levels: tests in order, written as "METHOD ARGUMENT", joined by "&", with the number of a column
 * before them where a comparison has several. */

enum { TEST_BYTES_MAX = 256 }; /* more than four clauses take */

enum argument { ARGUMENT_NONE, ARGUMENT_SHARE, ARGUMENT_COUNT, ARGUMENT_AMOUNT };

struct method {
    const char *name;
    enum measure measure;
    enum relation relation;
    enum argument argument;
    int32_t limit; /* when there is no argument */
    const char *en, *zh;
};

static const struct method methods[] = {
    {"exact", MEASURE_EQUAL, RELATION_AT_LEAST, ARGUMENT_NONE, 1, "equal", "相同"},
    {"crossed", MEASURE_CROSS, RELATION_AT_LEAST, ARGUMENT_NONE, 1, "columns swapped", "两栏互换"},
    {"crossed_jaro_winkler", MEASURE_CROSS_JARO, RELATION_AT_LEAST, ARGUMENT_SHARE, 0,
     "columns swapped, similar", "两栏互换且相近"},
    {"jaro_winkler", MEASURE_JARO, RELATION_AT_LEAST, ARGUMENT_SHARE, 0, "similar", "相近"},
    {"levenshtein", MEASURE_LEVENSHTEIN, RELATION_AT_MOST, ARGUMENT_COUNT, 0, "few edits",
     "相差几字"},
    {"damerau", MEASURE_DAMERAU, RELATION_AT_MOST, ARGUMENT_COUNT, 0, "few edits", "相差几字"},
    {"tokens", MEASURE_TOKENS, RELATION_AT_LEAST, ARGUMENT_SHARE, 0, "words in common",
     "有相同的词"},
    {"grams", MEASURE_GRAMS, RELATION_AT_LEAST, ARGUMENT_SHARE, 0, "pairs of letters in common",
     "有相同的字对"},
    {"prefix", MEASURE_PREFIX, RELATION_AT_LEAST, ARGUMENT_COUNT, 0, "same beginning", "开头相同"},
    {"contains", MEASURE_TEXT, RELATION_BITS, ARGUMENT_NONE, TEXT_CONTAINS,
     "one contains the other", "一方包含另一方"},
    {"initial", MEASURE_TEXT, RELATION_BITS, ARGUMENT_NONE, TEXT_INITIAL, "initial only",
     "只有首字母"},
    {"name", MEASURE_NAME, RELATION_BITS, ARGUMENT_NONE, NAME_SAME, "same name", "姓名相同"},
    {"order", MEASURE_NAME, RELATION_BITS, ARGUMENT_NONE, NAME_ORDER, "characters in other order",
     "字序不同"},
    {"homophone", MEASURE_NAME, RELATION_BITS, ARGUMENT_NONE, NAME_HOMOPHONE, "same sound", "同音"},
    {"near_homophone", MEASURE_NAME, RELATION_BITS, ARGUMENT_NONE, NAME_NEAR_HOMOPHONE,
     "nearly the same sound", "近音"},
    {"shape", MEASURE_NAME, RELATION_BITS, ARGUMENT_NONE, NAME_SHAPE, "characters look alike",
     "形近"},
    {"missing_character", MEASURE_NAME, RELATION_BITS, ARGUMENT_NONE, NAME_MISSING,
     "characters missing", "缺字"},
    {"one_character", MEASURE_NAME, RELATION_BITS, ARGUMENT_NONE, NAME_ONE_CHARACTER,
     "one character differs", "一字不同"},
    {"given", MEASURE_NAME, RELATION_BITS, ARGUMENT_NONE, NAME_GIVEN,
     "only the given name is equal", "只有名相同"},
    {"surname", MEASURE_NAME, RELATION_BITS, ARGUMENT_NONE, NAME_SURNAME,
     "only the surname is equal", "只有姓相同"},
    {"id", MEASURE_ID, RELATION_BITS, ARGUMENT_NONE, ID_SAME_VALID, "equal and valid",
     "有效且相同"},
    {"id_equal", MEASURE_ID, RELATION_BITS, ARGUMENT_NONE, ID_SAME, "equal", "相同"},
    {"substitution", MEASURE_ID, RELATION_BITS, ARGUMENT_NONE, ID_SUBSTITUTION, "one digit differs",
     "一位不同"},
    {"transposition", MEASURE_ID, RELATION_BITS, ARGUMENT_NONE, ID_TRANSPOSITION,
     "two neighbouring digits swapped", "相邻两位互换"},
    {"two_substitutions", MEASURE_ID, RELATION_BITS, ARGUMENT_NONE, ID_TWO_SUBSTITUTIONS,
     "two digits differ", "两位不同"},
    {"truncated", MEASURE_ID, RELATION_BITS, ARGUMENT_NONE, ID_TRUNCATED,
     "equal as far as the damaged one goes", "残缺部分一致"},
    {"lost_digit", MEASURE_ID, RELATION_BITS, ARGUMENT_NONE, ID_LOST_DIGIT,
     "a digit missing or added", "多或少一位"},
    {"id_doubtful", MEASURE_ID, RELATION_BITS, ARGUMENT_NONE, ID_DOUBTFUL,
     "different, one is not valid", "不同，其一无效"},
    {"date", MEASURE_DATE, RELATION_BITS, ARGUMENT_NONE, DATE_SAME, "same day", "同日"},
    {"day_month_swapped", MEASURE_DATE, RELATION_BITS, ARGUMENT_NONE, DATE_SWAPPED,
     "day and month swapped", "日月互换"},
    {"one_digit", MEASURE_DATE, RELATION_BITS, ARGUMENT_NONE, DATE_ONE_DIGIT, "one digit differs",
     "一位数字不同"},
    {"digits_swapped", MEASURE_DATE, RELATION_BITS, ARGUMENT_NONE, DATE_DIGITS_SWAPPED,
     "two neighbouring digits swapped", "相邻两位互换"},
    {"default_day", MEASURE_DATE, RELATION_BITS, ARGUMENT_NONE, DATE_DEFAULT,
     "same year, one is a default day", "同年，其一为默认日期"},
    {"partial", MEASURE_DATE, RELATION_BITS, ARGUMENT_NONE, DATE_PARTIAL,
     "equal as far as both are stated", "所填部分相同"},
    {"lunar", MEASURE_DATE, RELATION_BITS, ARGUMENT_NONE, DATE_LUNAR,
     "as far apart as lunar and solar date", "农历与公历之差"},
    {"year_month", MEASURE_DATE, RELATION_BITS, ARGUMENT_NONE, DATE_YEAR_MONTH, "same month",
     "同年同月"},
    {"month_day", MEASURE_DATE, RELATION_BITS, ARGUMENT_NONE, DATE_MONTH_DAY,
     "same day of another year", "月日相同"},
    {"year", MEASURE_DATE, RELATION_BITS, ARGUMENT_NONE, DATE_YEAR, "same year", "同年"},
    {"days", MEASURE_DAYS, RELATION_AT_MOST, ARGUMENT_COUNT, 0, "few days apart", "相差几天"},
    {"years", MEASURE_YEARS, RELATION_AT_MOST, ARGUMENT_COUNT, 0, "few years apart", "相差几年"},
    {"phone", MEASURE_PHONE, RELATION_BITS, ARGUMENT_NONE, PHONE_SAME, "same number", "号码相同"},
    {"phone_one_digit", MEASURE_PHONE, RELATION_BITS, ARGUMENT_NONE, PHONE_ONE_DIGIT,
     "one digit differs or two swapped", "一位不同或两位互换"},
    {"phone_tail", MEASURE_PHONE, RELATION_BITS, ARGUMENT_NONE, PHONE_TAIL,
     "same without the area code", "去掉区号后相同"},
    {"division", MEASURE_DIVISION, RELATION_AT_LEAST, ARGUMENT_COUNT, 0, "same division",
     "同一区划"},
    {"within", MEASURE_NUMBER, RELATION_AT_MOST, ARGUMENT_AMOUNT, 0, "close", "数值相近"},
    {"ratio", MEASURE_RATIO, RELATION_AT_LEAST, ARGUMENT_SHARE, 0, "close", "数值相近"},
};

static const struct {
    const char *name;
    const char *levels[LINK_LEVELS_MAX];
    const char *otherwise_en, *otherwise_zh;
} presets[] = {
    {"chinese_name",
     {"name", "homophone", "shape", "order", "near_homophone", "missing_character", "one_character",
      "given", "surname"},
     "different names",
     "姓名不同"},
    {"id_number",
     {"id", "id_equal", "substitution", "transposition", "truncated", "lost_digit",
      "two_substitutions", "id_doubtful"},
     "both valid, different",
     "均有效而不同"},
    {"date",
     {"date", "digits_swapped", "day_month_swapped", "one_digit", "partial", "default_day", "lunar",
      "year_month", "month_day", "year"},
     "different dates",
     "日期不同"},
    {"phone", {"phone", "phone_one_digit", "phone_tail"}, "different numbers", "号码不同"},
    {"division", {"division 12", "division 9", "division 6", "division 4"}, "elsewhere", "异地"},
    {"text", {"exact", "jaro_winkler 0.92", "jaro_winkler 0.8"}, "different", "不同"},
};

bool spec_method_at(size_t number, struct spec_method *out)
{
    if (number >= sizeof methods / sizeof *methods) return false;
    const struct method *method = &methods[number];
    *out = (struct spec_method){method->name,
                                method->argument == ARGUMENT_SHARE,
                                method->argument == ARGUMENT_COUNT,
                                method->argument == ARGUMENT_AMOUNT,
                                method->en,
                                method->zh};
    return true;
}

bool spec_set_at(size_t number, const char **name)
{
    if (number >= sizeof presets / sizeof *presets) return false;
    *name = presets[number].name;
    return true;
}

static bool next_word(struct str *rest, struct str *word)
{
    *rest = str_trim(*rest);
    if (rest->len == 0) return false;
    size_t end = 0;
    while (end < rest->len && rest->ptr[end] != ' ') end++;
    *word = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end, rest->len);
    return true;
}

static bool fail(const struct spec_reader *reader, const struct yaml_node *node, const char *en,
                 const char *zh)
{
    return yaml_fail(node, reader->name, reader->err, en, zh);
}

static int32_t scale_of(enum argument argument)
{
    return argument == ARGUMENT_SHARE ? 1000000 : argument == ARGUMENT_AMOUNT ? 1000 : 1;
}

static bool read_limit(const struct spec_reader *reader, const struct yaml_node *node,
                       const struct method *method, struct str rest, int32_t *limit)
{
    struct str word;
    bool given = next_word(&rest, &word);
    if (given != (method->argument != ARGUMENT_NONE)) {
        return fail(reader, node,
                    given ? "this method takes no number" : "a number is missing behind the method",
                    given ? "这个方法不带数字" : "方法之后缺少数字");
    }
    *limit = method->limit;
    if (!given) return true;
    char *end;
    double value = strtod(str_cstr(reader->arena, word), &end);
    bool good = *end == '\0' && value >= 0 && value <= 1e6;
    if (method->argument == ARGUMENT_SHARE) good = good && value > 0 && value <= 1;
    if (method->argument == ARGUMENT_COUNT) good = good && value == floor(value);
    if (!good) {
        return fail(reader, node, "this is not a number that the method takes",
                    "不是这个方法能用的数");
    }
    *limit = (int32_t)lround(value * scale_of(method->argument));
    return true;
}

/* A test of one method, in one spelling however its number was written. */
static void spell_clause(struct text *out, int64_t column, const struct method *method,
                         int32_t limit)
{
    int32_t scale = scale_of(method->argument), rest = limit % scale;
    if (out->len > 0) text_add_c(out, " & ");
    if (column > 0) text_add_f(out, "%lld ", (long long)column);
    text_add_c(out, method->name);
    if (method->argument == ARGUMENT_NONE) return;
    text_add_f(out, " %d", limit / scale);
    if (rest > 0) text_add_byte(out, '.');
    for (; rest > 0; rest = rest * 10 % scale) text_add_byte(out, (char)('0' + rest * 10 / scale));
}

/* The number of the measure in the comparison's list; added when it is new. */
static bool find_measure(const struct spec_reader *reader, const struct yaml_node *node,
                         struct spec_comparison *comparison, enum measure measure, uint8_t field,
                         int32_t limit, uint8_t *out)
{
    for (size_t i = 0; i < comparison->measure_count; i++) {
        struct spec_measure *known = &comparison->measures[i];
        if (known->measure != measure || known->field != field) continue;
        if (limit < known->least) known->least = limit;
        if (limit > known->most) known->most = limit;
        *out = (uint8_t)i;
        return true;
    }
    if (comparison->measure_count == SPEC_MEASURES_MAX) {
        return fail(reader, node, "more than 8 different measures in one comparison",
                    "一项比较中的度量超过 8 种");
    }
    *out = (uint8_t)comparison->measure_count;
    comparison->measures[comparison->measure_count++] =
        (struct spec_measure){measure, field, limit, limit};
    return true;
}

static bool add_clause(const struct spec_reader *reader, const struct yaml_node *node,
                       struct spec_comparison *comparison, struct spec_level *level,
                       const struct method *method, uint8_t field, int32_t limit)
{
    if (level->clause_count == SPEC_CLAUSES_MAX) {
        return fail(reader, node, "more than 4 tests joined in one level", "一级中的条件超过 4 个");
    }
    struct spec_clause *clause = &level->clauses[level->clause_count];
    clause->relation = method->relation;
    clause->limit = limit;
    if (!find_measure(reader, node, comparison, method->measure, field, limit, &clause->measure)) {
        return false;
    }
    level->clause_count++;
    return true;
}

static struct str column_name(const struct spec_reader *reader,
                              const struct spec_comparison *comparison, int64_t number)
{
    return reader->spec->columns[comparison->fields[number - 1]].text;
}

/* "similar", or "surname: similar" where a test looks at one of several columns. */
static struct str label_of(struct arena *arena, struct str column, const char *words)
{
    if (column.len == 0) return str_from(words);
    struct text text;
    text_init(&text, arena, 4096);
    text_add_f(&text, "%.*s: %s", STR_ARG(column), words);
    return text_str(&text);
}

/* "2 jaro_winkler 0.9": without a number the test is asked of every column. */
static bool read_clause(const struct spec_reader *reader, const struct yaml_node *node,
                        struct str text, struct spec_comparison *comparison,
                        struct spec_level *level, struct text *spelling)
{
    struct str word;
    if (!next_word(&text, &word)) return fail(reader, node, "a test is missing", "缺少条件");
    int64_t number = 0;
    if (str_to_i64(word, &number)) {
        if (number < 1 || (size_t)number > comparison->field_count) {
            return fail(reader, node, "there is no column of this number", "没有这个序号的列");
        }
        if (!next_word(&text, &word)) return fail(reader, node, "a test is missing", "缺少条件");
    }
    const struct method *method = NULL;
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        if (str_is(word, methods[i].name)) method = &methods[i];
    }
    if (method == NULL) return fail(reader, node, "this method is not known", "没有这个方法");
    int32_t limit = 0;
    if (!read_limit(reader, node, method, text, &limit)) return false;
    spell_clause(spelling, number, method, limit);
    if (level->label_en.len == 0) {
        struct str column = number == 0 ? STR_EMPTY : column_name(reader, comparison, number);
        level->label_en = label_of(reader->arena, column, method->en);
        level->label_zh = label_of(reader->arena, column, method->zh);
    }
    bool crossed = method->measure == MEASURE_CROSS || method->measure == MEASURE_CROSS_JARO;
    if (crossed && comparison->field_count != 2) {
        return fail(reader, node, "only two columns can be crossed", "只有两列才能互换");
    }
    size_t first = number == 0 ? 0 : (size_t)number - 1;
    size_t end = number == 0 && !crossed ? comparison->field_count : first + 1;
    for (size_t field = first; field < end; field++) {
        if (!add_clause(reader, node, comparison, level, method, (uint8_t)field, limit)) {
            return false;
        }
    }
    return true;
}

static bool read_test(const struct spec_reader *reader, const struct yaml_node *node,
                      struct str text, struct spec_comparison *comparison, struct spec_level *level)
{
    struct str part, rest = text;
    struct text spelling;
    text_init(&spelling, reader->arena, TEST_BYTES_MAX);
    while (str_split(&rest, '&', &part)) {
        if (!read_clause(reader, node, part, comparison, level, &spelling)) return false;
    }
    level->text = text_str(&spelling);
    if (level->clause_count > 1 && str_find(text, STR("&")) != SIZE_MAX) {
        level->label_en = level->text;
        level->label_zh = level->text;
    }
    return true;
}

static bool read_level(struct spec_reader *reader, struct yaml_node *node,
                       struct spec_comparison *comparison, struct spec_level *level)
{
    if (node->kind == YAML_SCALAR) {
        return read_test(reader, node, node->text, comparison, level);
    }
    struct str test;
    if (!yaml_text(node, "test", reader->name, &test, reader->err)) return false;
    if (!read_test(reader, node, test, comparison, level)) return false;
    if (!spec_label_read(reader, node, "label", &level->label_en, &level->label_zh)) return false;
    struct yaml_node *frequency = yaml_get(node, "frequency");
    level->frequency_stated = frequency != NULL;
    return frequency == NULL
           || spec_frequency_read(reader, frequency, comparison, level->frequency);
}

static bool read_otherwise(struct spec_reader *reader, struct yaml_node *map,
                           struct spec_comparison *comparison)
{
    struct spec_level *last = &comparison->levels[comparison->level_count - 1];
    last->text = STR("otherwise");
    if (last->label_en.len == 0) {
        last->label_en = STR("otherwise different");
        last->label_zh = STR("其余不同");
    }
    last->frequency[0] = last->frequency[1] = SPEC_NONE;
    return spec_label_read(reader, map, "otherwise", &last->label_en, &last->label_zh);
}

static bool read_preset(struct spec_reader *reader, const struct yaml_node *node,
                        struct spec_comparison *comparison)
{
    for (size_t i = 0; i < sizeof presets / sizeof *presets; i++) {
        if (!str_is(node->text, presets[i].name)) continue;
        size_t count = 0;
        for (; count < LINK_LEVELS_MAX && presets[i].levels[count] != NULL; count++) {
            if (!read_test(reader, node, str_from(presets[i].levels[count]), comparison,
                           &comparison->levels[count])) {
                return false;
            }
        }
        comparison->levels[count].label_en = str_from(presets[i].otherwise_en);
        comparison->levels[count].label_zh = str_from(presets[i].otherwise_zh);
        comparison->level_count = count + 1;
        return true;
    }
    return fail(reader, node, "this set of levels is not known", "没有这组级别");
}

bool spec_levels_read(struct spec_reader *reader, struct yaml_node *map,
                      struct spec_comparison *comparison)
{
    CHECK(comparison->field_count > 0);
    struct yaml_node *node = yaml_get(map, "levels");
    comparison->levels = arena_array(reader->arena, struct spec_level, LINK_LEVELS_MAX + 1);
    for (size_t i = 0; i <= LINK_LEVELS_MAX; i++) {
        comparison->levels[i].frequency[0] = comparison->levels[i].frequency[1] = SPEC_NONE;
    }
    if (node == NULL || node->kind == YAML_MAP || (node->kind == YAML_LIST && node->count == 0)) {
        return fail(reader, node == NULL ? map : node,
                    "expected levels: a list of tests or the name of a set",
                    "此处应为级别：条件的列表或一组级别的名称");
    }
    if (node->kind == YAML_SCALAR) {
        return read_preset(reader, node, comparison) && read_otherwise(reader, map, comparison);
    }
    if (node->count > LINK_LEVELS_MAX) {
        return fail(reader, node, "more than 14 levels", "级别超过 14 个");
    }
    for (size_t i = 0; i < node->count; i++) {
        if (!read_level(reader, node->items[i], comparison, &comparison->levels[i])) return false;
        node->items[i]->used = true;
    }
    comparison->level_count = node->count + 1;
    return read_otherwise(reader, map, comparison);
}
