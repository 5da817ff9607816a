#include "intake/value.h"

#include "identity/id_number.h"
#include "identity/mask.h"
#include "intake/fold.h"
#include "intake/note.h"
#include "intake/period_cell.h"

#include <string.h>

enum {
    VALUE_BYTES_MAX = 65536,
    NUMBER_DIGITS_MAX = 15,
    SHORT_CELL_BYTES = 60,
    LONG_CELL_BYTES = 300
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void give(struct value *out, struct str text)
{
    out->text = text;
    out->understood = true;
}

static void read_date(struct arena *arena, const struct value_context *context,
                      const struct cell *cell, struct str trimmed, struct value *out)
{
    static const char *const codes[DATE_STATE_COUNT] = {
        [DATE_READ] = NULL,
        [DATE_AMBIGUOUS] = NOTE_DATE_AMBIGUOUS,
        [DATE_UNREAL] = NOTE_DATE_UNREAL,
        [DATE_UNREADABLE] = NOTE_DATE_UNREADABLE,
    };
    struct date date;
    date_read(trimmed, cell->kind == CELL_NUMBER, context->order, &date);
    out->note = codes[date.state];
    if (date.state != DATE_READ) return;
    out->span = date.span;
    give(out, str_copy(arena, str_from(date.from)));
    if (date.to[0] != '\0') out->to = str_copy(arena, str_from(date.to));
}

static void read_sex(struct str folded, struct value *out)
{
    static const char *const male[] = {"男",   "1",   "m",    "male", "男性", "男孩", "男生",
                                       "boy",  "♂",   "男童", "男的", "01",   "1.男", "1男",
                                       "1-男", "man", "nan",  "1.0",  NULL};
    static const char *const female[] = {"女",   "2",     "f",    "female", "女性", "女孩", "女生",
                                         "girl", "♀",     "女童", "女的",   "02",   "2.女", "2女",
                                         "2-女", "woman", "nv",   "nü",     "2.0",  NULL};
    static const char *const unknown[] = {"0", "9", "未知", "未说明", "未知的性别", "未说明的性别",
                                          NULL};
    if (fold_is_one_of(folded, male)) {
        give(out, STR("M"));
    } else if (fold_is_one_of(folded, female)) {
        give(out, STR("F"));
    } else if (fold_is_one_of(folded, unknown)) {
        give(out, STR_EMPTY);
    } else {
        out->note = NOTE_SEX_UNREADABLE;
    }
}

static void read_yes_no(struct str folded, struct value *out)
{
    static const char *const yes[] = {"√", "1", "y", "yes", "t",  "true", "对",
                                      "✓", "✔", "☑", "v",   "ok", "1.0",  NULL};
    static const char *const no[] = {"×", "0", "n", "no", "f",   "false", "x",
                                     "✗", "✘", "╳", "非", "0.0", "☒",     NULL};
    static const char *const not [] = {"否", "不", "未", "没", "无", "非", NULL};
    static const char *const does[] = {"是",   "有",   "已", "在",   "正",   "就读",
                                       "入学", "上学", "能", "享受", "属于", NULL};
    if (fold_is_one_of(folded, no) || fold_starts_one_of(folded, not, NULL)) {
        give(out, STR("no"));
    } else if (fold_is_one_of(folded, yes) || fold_starts_one_of(folded, does, NULL)) {
        give(out, STR("yes"));
    } else {
        out->note = NOTE_YES_NO_UNREADABLE;
    }
}

/* Digits with one point, commas left out, a unit behind. *units gets what stands behind. */
static bool read_decimal_text(struct arena *arena, struct str folded, struct str *number,
                              struct str *units)
{
    struct text text;
    text_init(&text, arena, 64);
    size_t at = 0, digits = 0, points = 0;
    static const char *const signs[] = {"¥", "￥", "$", "人民币", NULL};
    size_t which;
    if (fold_starts_one_of(folded, signs, &which)) at = strlen(signs[which]);
    if (at < folded.len && (folded.ptr[at] == '-' || folded.ptr[at] == '+')) {
        if (folded.ptr[at] == '-') text_add_byte(&text, '-');
        at++;
    }
    for (; at < folded.len; at++) {
        char c = folded.ptr[at];
        if (c == ',' && digits > 0) continue;
        if (c == '.') points++;
        if (!is_digit(c) && c != '.') break;
        digits += is_digit(c);
        text_add_byte(&text, c);
    }
    if (digits == 0 || points > 1 || digits > NUMBER_DIGITS_MAX) return false;
    *number = text_str(&text);
    *units = str_slice(folded, at, folded.len);
    return true;
}

static void read_integer(struct arena *arena, struct str folded, struct value *out)
{
    struct str number, units;
    size_t used, at = 0;
    int digits;
    int64_t value;
    out->note = NOTE_NUMBER_UNREADABLE;
    if (str_starts(folded, STR("约")) || str_starts(folded, STR("共"))) at = STR("约").len;
    folded = str_slice(folded, at, folded.len);
    struct text text;
    text_init(&text, arena, 32);
    if (read_decimal_text(arena, folded, &number, &units)) {
        size_t point = str_find(number, STR("."));
        struct str fraction =
            point == SIZE_MAX ? STR_EMPTY : str_slice(number, point + 1, number.len);
        for (size_t i = 0; i < fraction.len; i++) {
            if (fraction.ptr[i] != '0') return;
        }
        if (point != SIZE_MAX) number = str_slice(number, 0, point);
        if (!str_to_i64(number, &value)) return;
        bool foreign = units.len > 0 && (unsigned char)units.ptr[0] < 0x80;
        if (foreign) return;
        text_add_f(&text, "%lld", (long long)value);
    } else {
        int hanzi = fold_hanzi_number(folded, &used, &digits);
        if (used == 0) return;
        text_add_f(&text, "%d", hanzi);
    }
    out->note = NULL;
    give(out, text_str(&text));
}

static void read_decimal(struct arena *arena, struct str folded, struct value *out)
{
    struct str number, units;
    if (!read_decimal_text(arena, folded, &number, &units)) {
        out->note = NOTE_NUMBER_UNREADABLE;
        return;
    }
    give(out, number);
}

/* Exact: yuan (or 万元) with decimals to fen; a third decimal that is not zero is unreadable. */
static bool to_fen(struct str number, bool ten_thousands, int64_t *fen)
{
    int64_t whole = 0, scale = ten_thousands ? 1000000 : 100;
    size_t at = 0;
    bool minus = number.len > 0 && number.ptr[0] == '-';
    if (minus) at = 1;
    for (; at < number.len && number.ptr[at] != '.'; at++) {
        whole = whole * 10 + (number.ptr[at] - '0');
    }
    if (__builtin_mul_overflow(whole, scale, &whole)) return false;
    for (at++; at < number.len; at++) {
        int digit = number.ptr[at] - '0';
        if (scale == 1 && digit != 0) return false;
        if (scale > 1) scale /= 10;
        whole += digit * scale;
    }
    *fen = minus ? -whole : whole;
    return true;
}

static void read_money(struct arena *arena, struct str folded, bool ten_thousands,
                       struct value *out)
{
    struct str number, units;
    int64_t fen;
    out->note = NOTE_MONEY_UNREADABLE;
    if (!read_decimal_text(arena, folded, &number, &units)) return;
    if (units.len > 0) ten_thousands = str_starts(units, STR("万"));
    if (units.len > 0 && (unsigned char)units.ptr[0] < 0x80 && units.ptr[0] != '/') return;
    if (!to_fen(number, ten_thousands, &fen)) return;
    struct text text;
    text_init(&text, arena, 32);
    text_add_f(&text, "%lld", (long long)fen);
    out->note = NULL;
    give(out, text_str(&text));
}

/* A word for a choice, also with what clerks put around it: "1-在读", "在读(复学)", "A.走读". */
static int find_choice(struct arena *arena, const struct profile_field *field, struct str written)
{
    struct str inside, cleaned = heading_split(arena, written, &inside);
    int number = profile_choice_number(field, cleaned);
    if (number >= 0) return number;
    size_t skip = 0;
    while (
        skip < cleaned.len
        && (is_digit(cleaned.ptr[skip]) || (cleaned.ptr[skip] >= 'a' && cleaned.ptr[skip] <= 'z')))
        skip++;
    struct str rest = str_slice(cleaned, skip, cleaned.len);
    if (skip > 0 && rest.len > 0) number = profile_choice_number(field, rest);
    if (number < 0 && inside.len > 0) number = profile_choice_number(field, inside);
    return number;
}

/* "已办理休学手续" holds 休学. Two characters at least; in a sentence four. */
int value_choice_inside(const struct profile_field *field, struct str cleaned)
{
    static const char *const not [] = {"未", "不", "非", "没", "无", NULL};
    size_t best = cleaned.len <= SHORT_CELL_BYTES ? 5 : 11;
    int found = -1;
    for (size_t i = 0; i < field->choice_count; i++) {
        for (size_t j = 0; j < field->choices[i].word_count; j++) {
            struct str word = field->choices[i].words[j];
            size_t at = str_find(cleaned, word);
            if (word.len <= best || at == SIZE_MAX) continue;
            if (at >= 3 && fold_starts_one_of(str_slice(cleaned, at - 3, at), not, NULL)) continue;
            best = word.len;
            found = (int)i;
        }
    }
    return found;
}

static void read_choice(struct arena *arena, const struct profile_field *field, struct str written,
                        struct value *out)
{
    int number = find_choice(arena, field, written);
    if (number < 0) {
        struct str cleaned = heading_clean(arena, written);
        if (cleaned.len <= LONG_CELL_BYTES) number = value_choice_inside(field, cleaned);
    }
    if (number < 0) {
        out->note = NOTE_CHOICE_UNKNOWN;
        return;
    }
    give(out, field->choices[number].key);
}

static void read_division(struct arena *arena, const struct value_context *context,
                          struct str written, struct value *out)
{
    struct str code = division_code_read(arena, written);
    if (code.len == 0 && context->divisions != NULL) {
        code = division_of_address(context->divisions, written, context->hint);
    }
    if (code.len == 0) {
        out->note = NOTE_AREA_UNKNOWN;
        return;
    }
    give(out, code);
}

/* One number: 11 digits of a mobile phone or 7 to 12 of a landline. */
static bool add_phone(struct text *text, const char *digits, size_t count)
{
    if (count == 13 && memcmp(digits, "86", 2) == 0) digits += 2, count -= 2;
    if (count < 7 || count > 12) return false;
    if (text->len > 0) text_add_byte(text, ';');
    text_add(text, (struct str){digits, count});
    return true;
}

static void read_phone(struct arena *arena, const struct cell *cell, struct str folded,
                       struct value *out)
{
    char digits[64];
    size_t count = 0;
    bool good = true;
    struct text text;
    text_init(&text, arena, 256);
    out->note = NOTE_PHONE_UNREADABLE;
    if (cell->lost_digits) {
        out->note = NOTE_DIGITS_LOST;
        return;
    }
    if (str_ends(folded, STR(".0"))) folded.len -= 2;
    for (size_t i = 0; i < folded.len; i++) {
        char c = folded.ptr[i];
        if (is_digit(c) && count < sizeof digits) {
            digits[count++] = c;
            continue;
        }
        bool inside = c == '-' || c == '+' || c == '(' || c == ')' || c == '.';
        if (inside || count == 0) continue;
        good = add_phone(&text, digits, count) && good;
        count = 0;
    }
    if (count == 22 && text.len == 0) { /* two mobile numbers run together */
        good = add_phone(&text, digits, 11) && add_phone(&text, digits + 11, 11);
        count = 0;
    }
    if (count > 0) good = add_phone(&text, digits, count) && good;
    if (!good || text.len == 0) return;
    out->note = NULL;
    give(out, text_str(&text));
}

static void read_school_code(const struct cell *cell, struct str folded, struct value *out)
{
    if (str_ends(folded, STR(".0"))) folded.len -= 2;
    size_t digits = 0;
    while (digits < folded.len && is_digit(folded.ptr[digits])) digits++;
    if (cell->lost_digits) {
        out->note = NOTE_DIGITS_LOST;
    } else if (digits != 10 || folded.len != 10) {
        out->note = NOTE_SCHOOL_CODE_WRONG;
    } else {
        give(out, folded);
    }
}

static bool is_student_number(struct str s)
{
    if (s.len != 19 || (s.ptr[0] != 'G' && s.ptr[0] != 'J' && s.ptr[0] != 'L')) return false;
    for (size_t i = 1; i < 18; i++) {
        if (!is_digit(s.ptr[i])) return false;
    }
    return is_digit(s.ptr[18]) || s.ptr[18] == 'X';
}

static void read_student_number(struct arena *arena, struct str folded, struct value *out)
{
    struct text text;
    text_init(&text, arena, 64);
    for (size_t i = 0; i < folded.len && folded.len <= 40; i++) {
        char c = folded.ptr[i];
        if (c == '-' || c == '_' || c == '"' || c == '`') continue;
        text_add_byte(&text, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
    }
    struct str number = text_str(&text);
    if (is_student_number(number))
        give(out, number);
    else
        out->note = NOTE_STUDENT_NUMBER_WRONG;
}

static void read_people(struct arena *arena, struct str written, struct value *out)
{
    struct str people;
    if (people_cell_read(arena, written, &people))
        give(out, people);
    else
        out->note = NOTE_PEOPLE_UNREADABLE;
}

struct str value_name(struct arena *arena, struct str written)
{
    struct str trimmed = fold_trim(written);
    bool blank = false, hanzi = true;
    size_t at = 0, before = 0;
    uint32_t code;
    while (before = at, utf8_next(trimmed, &at, &code)) {
        bool gap = code <= ' ' || code == 0xA0 || code == 0x3000 || code == 0xFEFF
                   || (code >= 0x2000 && code <= 0x200F);
        if (gap) blank = true;
        bool latin = (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
        if (latin) hanzi = false;
    }
    if (!blank || !hanzi) return trimmed;
    struct text text;
    text_init(&text, arena, VALUE_BYTES_MAX);
    for (at = 0; before = at, utf8_next(trimmed, &at, &code);) {
        bool gap = code <= ' ' || code == 0xA0 || code == 0x3000 || code == 0xFEFF
                   || (code >= 0x2000 && code <= 0x200F);
        if (!gap) text_add(&text, str_slice(trimmed, before, at));
    }
    return text_str(&text);
}

bool value_is_name(struct str trimmed)
{
    if (fold_is_blank(trimmed) || trimmed.len > 120) return false;
    size_t at = 0, letters = 0, digits = 0;
    uint32_t code;
    while (utf8_next(trimmed, &at, &code)) {
        bool latin = (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
        if (fold_is_hanzi(code) || latin || code == 0xFFFD || code >= 0x80) letters++;
        if (code >= '0' && code <= '9') digits++;
    }
    return letters > 0 && letters > digits;
}

static void read_name(struct arena *arena, struct str written, struct value *out)
{
    struct str name = value_name(arena, written), alone = mask_people_out(arena, name);
    bool numbered = alone.ptr != name.ptr;
    if (numbered) alone = value_name(arena, alone);
    /* A number beside the name is none of it; where nothing else stands it may be a row that is
     * shifted, which is seen by the other cells. */
    give(out, numbered && value_is_name(alone) ? alone : name);
    if (numbered) out->note = NOTE_NAME_NO_NAME;
    if (str_find(out->text, STR("\xEF\xBF\xBD")) != SIZE_MAX
        || str_find(out->text, STR("?")) != SIZE_MAX) {
        out->note = NOTE_NAME_DAMAGED;
    } else if (!value_is_name(out->text)) {
        out->note = NOTE_NAME_NO_NAME;
    }
}

static void read_grade(struct arena *arena, const struct profile_field *field, struct str trimmed,
                       struct value *out)
{
    bool class_column = field->type != FIELD_GRADE;
    grade_read(trimmed, class_column, &out->grade);
    if (!class_column && out->grade.kind == GRADE_NONE) out->note = NOTE_GRADE_UNREADABLE;
    if (class_column && out->grade.class_name[0] != '\0') {
        give(out, str_copy(arena, str_from(out->grade.class_name)));
    }
}

static void read_period(struct arena *arena, const struct cell *cell, struct str trimmed,
                        struct value *out)
{
    struct period period;
    char name[PERIOD_TEXT_SIZE];
    if (period_cell_read(arena, trimmed, cell->kind == CELL_NUMBER, &period))
        give(out, str_copy(arena, str_from(period_format(period, name))));
    else
        out->note = NOTE_PERIOD_UNREADABLE;
}

/* Types whose words are compared without blanks and width. */
static void read_folded(struct arena *arena, const struct profile_field *field,
                        const struct value_context *context, const struct cell *cell,
                        struct str trimmed, struct value *out)
{
    struct str folded = fold_text(arena, trimmed);
    switch (field->type) {
    case FIELD_SEX: read_sex(folded, out); break;
    case FIELD_YES_NO: read_yes_no(folded, out); break;
    case FIELD_INTEGER: read_integer(arena, folded, out); break;
    case FIELD_DECIMAL: read_decimal(arena, folded, out); break;
    case FIELD_MONEY: read_money(arena, folded, context->ten_thousands, out); break;
    case FIELD_PHONE: read_phone(arena, cell, folded, out); break;
    case FIELD_SCHOOL_CODE: read_school_code(cell, folded, out); break;
    default:
        /* All other types are read on the text as written. */
        CHECK(field->type == FIELD_STUDENT_NUMBER);
        read_student_number(arena, folded, out);
    }
}

static bool states_nothing(struct arena *arena, const struct profile_field *field,
                           struct str trimmed, struct value *out)
{
    bool word = field->type != FIELD_YES_NO && field->type != FIELD_CHOICE;
    bool blank = word ? fold_is_blank(trimmed) : trimmed.len == 0;
    if (!blank && field->blank.count > 0 && trimmed.len <= 48) {
        out->blank_word = profile_has_word(&field->blank, heading_clean(arena, trimmed));
    }
    return blank || out->blank_word;
}

void value_read(struct arena *arena, const struct profile_field *field,
                const struct value_context *context, const struct cell *cell, struct value *out)
{
    struct str trimmed = fold_trim(cell->text);
    *out = (struct value){0};
    if (field->type == FIELD_STUDENT_NUMBER && is_student_number(trimmed)) {
        give(out, trimmed);
        return;
    }
    if (states_nothing(arena, field, trimmed, out)) {
        out->understood = true;
        return;
    }
    out->text = trimmed;
    switch (field->type) {
    case FIELD_TEXT:
        out->understood = true;
        if (str_is(field->key, "class")) read_grade(arena, field, trimmed, out);
        break;
    case FIELD_PLACE:
    case FIELD_ADDRESS:
    case FIELD_ID_NUMBER: out->understood = true; break;
    case FIELD_NAME: read_name(arena, trimmed, out); break;
    case FIELD_DATE: read_date(arena, context, cell, trimmed, out); break;
    case FIELD_CHOICE: read_choice(arena, field, trimmed, out); break;
    case FIELD_DIVISION: read_division(arena, context, trimmed, out); break;
    case FIELD_GRADE: read_grade(arena, field, trimmed, out); break;
    case FIELD_PERIOD: read_period(arena, cell, trimmed, out); break;
    case FIELD_PEOPLE: read_people(arena, trimmed, out); break;
    default: read_folded(arena, field, context, cell, trimmed, out); break;
    }
    /* A stroke for "no" and a stroke for "nothing" look alike; without a word it states nothing. */
    if (out->note != NULL && fold_is_blank(trimmed)) *out = (struct value){.understood = true};
}
