#include "awards/student_cell.h"

#include "intake/date.h"
#include "intake/fold.h"
#include "intake/grade.h"

enum { CELL_BYTES_MAX = 4096, EXPECTED_BYTES_MAX = 240, EXPECTED_WORDS_MAX = 12 };

static bool folds_to(struct arena *scratch, struct str word, struct str folded)
{
    return word.len > 0 && str_equal(fold_text(scratch, word), folded);
}

static bool names(struct arena *scratch, const struct policy_name *name, struct str folded)
{
    bool found = folds_to(scratch, name->key, folded) || folds_to(scratch, name->zh, folded)
                 || folds_to(scratch, name->en, folded);
    for (size_t i = 0; !found && i < name->also_count; i++) {
        found = folds_to(scratch, name->also[i], folded);
    }
    return found;
}

enum student_unit student_unit(struct str heading)
{
    struct arena scratch = {0};
    struct str folded = fold_text(&scratch, heading);
    enum student_unit unit = STUDENT_UNIT_NONE;
    if (str_ends(folded, STR(")"))) folded.len--;
    if (str_ends(folded, STR("fen")) || str_ends(folded, STR("分"))) unit = STUDENT_FEN;
    if (str_ends(folded, STR("yuan")) || str_ends(folded, STR("元"))) unit = STUDENT_YUAN;
    if (str_ends(folded, STR("万元"))) unit = STUDENT_TEN_THOUSAND;
    arena_free(&scratch);
    return unit;
}

/* "学费" of "学费(元)"; the whole when nothing stands in brackets at the end. */
static struct str without_unit(struct str folded)
{
    size_t open = str_find(folded, STR("("));
    bool bracket = open != SIZE_MAX && open > 0 && str_ends(folded, STR(")"))
                   && student_unit(folded) != STUDENT_UNIT_NONE;
    while (bracket && str_find(str_slice(folded, open + 1, folded.len), STR("(")) != SIZE_MAX) {
        open += 1 + str_find(str_slice(folded, open + 1, folded.len), STR("("));
    }
    return bracket ? str_slice(folded, 0, open) : folded;
}

static bool names_input(struct arena *scratch, const struct policy_input *input, struct str folded)
{
    return names(scratch, &input->name, folded)
           || (input->type == POLICY_MONEY && names(scratch, &input->name, without_unit(folded)));
}

/* An input comes first: a policy may ask for something that it calls 编号. */
int student_heading(const struct policy *policy, uint16_t subject, struct str written)
{
    static const char *const ids[] = {"id", "编号", "学生编号", "studentid", NULL};
    static const char *const people[] = {"name", "姓名", "学生姓名", NULL};
    struct arena scratch = {0};
    struct str folded = fold_text(&scratch, str_trim(written));
    int found = STUDENT_UNKNOWN;
    if (fold_is_one_of(folded, ids)) found = STUDENT_ID;
    if (fold_is_one_of(folded, people)) found = STUDENT_NAME;
    for (size_t i = 0; folded.len > 0 && i < policy->input_count; i++) {
        if (policy->inputs[i].subject != subject) continue;
        if (!names_input(&scratch, &policy->inputs[i], folded)) continue;
        found = (int)i;
        break;
    }
    arena_free(&scratch);
    return found;
}

static void add_word(struct arena *arena, struct student_words *words, struct str word,
                     size_t place)
{
    if (word.len == 0) return;
    uint32_t before = words->words.count;
    uint32_t number = dict_put(&words->words, fold_text(arena, word));
    if (number == before) words->places[number] = (int64_t)place;
}

void student_words_make(struct arena *arena, const struct policy_input *input, struct str heading,
                        struct student_words *out)
{
    size_t count = 0;
    for (size_t i = 0; i < input->choice_count; i++) {
        count += 3 + input->choices[i].name.also_count;
    }
    struct student_words words = {.input = input};
    dict_init(&words.words, arena);
    words.places = arena_array(arena, int64_t, count);
    for (size_t i = 0; i < input->choice_count; i++) {
        const struct policy_name *name = &input->choices[i].name;
        add_word(arena, &words, name->key, i);
        add_word(arena, &words, name->zh, i);
        add_word(arena, &words, name->en, i);
        for (size_t k = 0; k < name->also_count; k++) add_word(arena, &words, name->also[k], i);
    }
    if (input->type == POLICY_MONEY) words.unit = student_unit(heading);
    *out = words;
}

static bool read_yes_no(struct str folded, int64_t *value)
{
    static const char *const yes[] = {"yes", "是", "y", "true", "1", "√", "✓", NULL};
    static const char *const no[] = {"no", "否", "n", "false", "0", "×", "✗", NULL};
    *value = fold_is_one_of(folded, yes);
    return *value == 1 || fold_is_one_of(folded, no);
}

static bool read_choice(const struct student_words *words, struct str folded, int64_t *value)
{
    uint32_t number = dict_find(&words->words, folded);
    if (number == DICT_NONE) return false;
    *value = words->places[number];
    return true;
}

static bool is_between(uint32_t code)
{
    return code == ';' || code == ',' || code == 0x3001;
}

static bool read_set(const struct student_words *words, struct str folded, int64_t *value)
{
    static const char *const none[] = {"none", "无", NULL};
    uint64_t bits = 0;
    size_t at = 0, from = 0;
    uint32_t code;
    *value = 0;
    if (fold_is_one_of(folded, none)) return true;
    for (bool more = true; more;) {
        size_t end = at;
        int64_t place;
        more = utf8_next(folded, &at, &code);
        if (more && !is_between(code)) continue;
        struct str word = str_slice(folded, from, end);
        from = at;
        if (word.len == 0) continue;
        if (!read_choice(words, word, &place)) return false;
        bits |= UINT64_C(1) << place;
    }
    *value = (int64_t)bits;
    return bits != 0;
}

static bool is_digits(struct str text, size_t most)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
    }
    return text.len > 0 && text.len <= most;
}

static bool has_hanzi(struct str text)
{
    size_t at = 0;
    uint32_t code;
    while (utf8_next(text, &at, &code)) {
        if (fold_is_hanzi(code)) return true;
    }
    return false;
}

static bool read_number(const struct policy_input *input, struct str folded, int64_t *value)
{
    enum { DIGITS_MOST = 18 };
    if (is_digits(folded, DIGITS_MOST)) return str_to_i64(folded, value);
    struct grade grade;
    if (!str_is(input->name.key, "grade") || !has_hanzi(folded)) return false;
    grade_read(folded, false, &grade);
    *value = grade.number;
    return grade.kind == GRADE_NUMBERED;
}

/* At most as many decimals as leave whole fen. */
static bool read_money(enum student_unit unit, struct str folded, int64_t *value)
{
    enum { DIGITS_MOST = 12 };
    static const size_t decimals[] = {
        [STUDENT_FEN] = 0, [STUDENT_YUAN] = 2, [STUDENT_TEN_THOUSAND] = 6};
    struct str rest = folded, whole;
    int64_t fen, part = 0;
    if (unit == STUDENT_UNIT_NONE) return false;
    str_split(&rest, '.', &whole);
    if (!is_digits(whole, DIGITS_MOST) || !str_to_i64(whole, &fen)) return false;
    if (rest.ptr != NULL && (!is_digits(rest, decimals[unit]) || !str_to_i64(rest, &part))) {
        return false;
    }
    for (size_t d = 0; d < decimals[unit]; d++) {
        fen *= 10;
        if (rest.ptr == NULL || d >= rest.len) part *= 10;
    }
    *value = fen + part;
    return true;
}

static bool read_day(struct str cell, int64_t *value)
{
    struct date date;
    day read;
    date_read(cell, false, DATE_ORDER_UNKNOWN, &date);
    if (date.state != DATE_READ || date.span) return false;
    if (!day_parse(str_from(date.from), &read)) return false;
    *value = read.days;
    return true;
}

static bool read_folded(const struct student_words *words, struct str folded, int64_t *value)
{
    const struct policy_input *input = words->input;
    switch (input->type) {
    case POLICY_YES_NO: return read_yes_no(folded, value);
    case POLICY_CHOICE: return read_choice(words, folded, value);
    case POLICY_SET: return read_set(words, folded, value);
    case POLICY_NUMBER: return read_number(input, folded, value);
    case POLICY_MONEY: return read_money(words->unit, folded, value);
    case POLICY_DAY: return read_day(folded, value);
    case POLICY_CODE: return folded.len == 6 && is_digits(folded, 6) && str_to_i64(folded, value);
    }
    return false;
}

bool student_cell(struct arena *scratch, const struct student_words *words, struct str cell,
                  int64_t *value)
{
    const struct policy_input *input = words->input;
    int64_t read = 0;
    bool good = cell.len <= CELL_BYTES_MAX && read_folded(words, fold_text(scratch, cell), &read);
    bool bounded = input->type == POLICY_NUMBER || input->type == POLICY_MONEY;
    if (bounded) good = good && read >= input->least && read <= input->most;
    if (good) *value = read;
    return good;
}

static struct str expected_words(struct arena *arena, const struct policy_input *input,
                                 enum lang lang)
{
    struct text text;
    text_init(&text, arena, EXPECTED_BYTES_MAX);
    for (size_t i = 0; i < input->choice_count && i <= EXPECTED_WORDS_MAX; i++) {
        const struct policy_name *name = &input->choices[i].name;
        if (i > 0) text_add_c(&text, lang == LANG_ZH ? "、" : ", ");
        if (i == EXPECTED_WORDS_MAX) {
            text_add_c(&text, "…");
        } else {
            text_add(&text, lang == LANG_ZH ? name->zh : name->key);
        }
    }
    return text_str(&text);
}

static struct str expected_number(struct arena *arena, const struct policy_input *input,
                                  enum lang lang)
{
    struct text text;
    text_init(&text, arena, EXPECTED_BYTES_MAX);
    text_add_f(&text, lang == LANG_ZH ? "%lld 至 %lld 的整数" : "a whole number from %lld to %lld",
               (long long)input->least, (long long)input->most);
    return text_str(&text);
}

static struct str expected_money(enum student_unit unit, bool zh)
{
    switch (unit) {
    case STUDENT_YUAN: return zh ? STR("金额（元）") : STR("an amount in yuan");
    case STUDENT_TEN_THOUSAND: return zh ? STR("金额（万元）") : STR("an amount in 万元");
    default: return zh ? STR("金额（分）") : STR("an amount in fen");
    }
}

struct str student_expected(struct arena *arena, const struct student_words *words, enum lang lang)
{
    const struct policy_input *input = words->input;
    bool zh = lang == LANG_ZH;
    switch (input->type) {
    case POLICY_CHOICE:
    case POLICY_SET: return expected_words(arena, input, lang);
    case POLICY_NUMBER: return expected_number(arena, input, lang);
    case POLICY_YES_NO: return zh ? STR("是、否") : STR("yes, no");
    case POLICY_MONEY: return expected_money(words->unit, zh);
    case POLICY_DAY: return STR("2012-03-05");
    case POLICY_CODE: return zh ? STR("6 位区划代码") : STR("a division code of six digits");
    }
    return STR_EMPTY;
}
