#include "identity/id_number.h"

#include <string.h>

enum { CELL_MAX = 64, ID_LENGTH = 18, FIRST_GENERATION_LENGTH = 15, DOUBLE_DIGITS = 15 };

/* What a cell says once blanks, quotes and hyphens are gone and wide forms are narrow. */
struct cell {
    char ascii[CELL_MAX + 1]; /* the characters that are ASCII, letters upper case */
    int length;
    int digits;    /* how many of them are digits */
    int letters;   /* how many of them are A to Z */
    bool hanzi;    /* holds something that is not ASCII */
    bool too_long; /* had more than CELL_MAX characters */
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Characters that clerks and spreadsheets put around and inside numbers without meaning. */
static bool is_noise(uint32_t code)
{
    static const uint32_t noise[] = {
        '\'',   '"',    '`',    '-',    '_',    '=',    0xA0,   0xAD,   0xB4,
        0x2018, 0x2019, 0x201A, 0x201B, 0x201C, 0x201D, 0x2032, 0x2033, 0x2212,
        0x3000, 0x301D, 0x301E, 0x3161, 0xFE58, 0xFE63, 0xFEFF, 0x2060, 0x205F,
    };
    if (code <= ' ' || code == 0x7F) return true;
    if (code > ' ' && code < 0x7F && code != '\'' && code != '"' && code != '`' && code != '-'
        && code != '_' && code != '=') {
        return false;
    }
    if ((code >= 0x2000 && code <= 0x2015) || (code >= 0x2028 && code <= 0x202F)) return true;
    for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
        if (noise[i] == code) return true;
    }
    return false;
}

static uint32_t narrow(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E) code -= 0xFEE0;
    if (code >= 'a' && code <= 'z') return code - 'a' + 'A';
    switch (code) {
    case 0x3002: return '.';
    case 0xD7:   /* × */
    case 0x2715: /* ✕ */
    case 0x2716: /* ✖ */
    case 0x3A7:  /* Greek Χ */
    case 0x3C7:
    case 0x425: /* Cyrillic Х */
    case 0x445:
    case 0x2169: /* Ⅹ */
    case 0x2179: return 'X';
    default: return code;
    }
}

static void cell_put(struct cell *cell, uint32_t code)
{
    if (cell->length == CELL_MAX) {
        cell->too_long = true;
        return;
    }
    char c = (char)code;
    cell->ascii[cell->length++] = c;
    if (is_digit(c)) cell->digits++;
    if (is_letter(c)) cell->letters++;
}

/* The cleaned text also goes to `text`, cut at a whole character. */
static void cell_read(struct str written, struct cell *cell, char text[25])
{
    size_t at = 0, length = 0;
    uint32_t code;
    *cell = (struct cell){0};
    while (utf8_next(written, &at, &code)) {
        code = narrow(code);
        if (is_noise(code)) continue;
        if (code < 0x80) {
            cell_put(cell, code);
            if (length < 24) text[length++] = (char)code;
            continue;
        }
        cell->hanzi = true;
        size_t size = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
        if (length + size > 24 || at < size || code == 0xFFFD) continue;
        memcpy(text + length, written.ptr + at - size, size);
        length += size;
    }
    text[length] = 0;
}

char id_number_check(const char digits17[17])
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    for (int i = 0; i < 17; i++) {
        CHECK(is_digit(digits17[i]));
        sum += (digits17[i] - '0') * weights[i];
    }
    return "10X98765432"[sum % 11];
}

static bool all_digits(const char *text, int count)
{
    for (int i = 0; i < count; i++) {
        if (!is_digit(text[i])) return false;
    }
    return true;
}

static int number_at(const char *text, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++) number = number * 10 + (text[i] - '0');
    return number;
}

/* The day that eight digits YYYYMMDD write; DAY_NONE when they write none. */
static day day_at(const char *eight)
{
    day birth;
    if (!day_from_ymd(number_at(eight, 4), number_at(eight + 4, 2), number_at(eight + 6, 2),
                      &birth)) {
        return DAY_NONE;
    }
    return birth;
}

static bool has_id_form(const char *text)
{
    return all_digits(text, 17) && (is_digit(text[17]) || text[17] == 'X');
}

/* A spreadsheet keeps 15 digits of a number and writes zeros for the rest. */
static bool ends_as_float(const char *eighteen)
{
    return memcmp(eighteen + DOUBLE_DIGITS, "000", 3) == 0;
}

static void set_text(struct id_number *out, const char *text, int length)
{
    memcpy(out->text, text, (size_t)length);
    out->text[length] = 0;
}

/* 18 characters of the right form, already known to be so. */
static void read_18(const char *eighteen, struct id_number *out)
{
    set_text(out, eighteen, ID_LENGTH);
    out->birth = day_at(eighteen + 6);
    bool right = id_number_check(eighteen) == eighteen[17];
    if (!right && ends_as_float(eighteen)) {
        out->state = ID_DAMAGED;
        return;
    }
    out->sex = (eighteen[16] - '0') % 2 == 1 ? 'M' : 'F';
    out->state = right && !day_is_none(out->birth) ? ID_VALID : ID_WRONG_CHECK;
}

static bool province_exists(const char *two)
{
    static const char provinces[] = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 "
                                    "46 50 51 52 53 54 61 62 63 64 65 71 81 82 91 ";
    for (const char *p = provinces; *p != 0; p += 3) {
        if (p[0] == two[0] && p[1] == two[1]) return true;
    }
    return false;
}

/* First generation: 6 of division, YYMMDD, 3 of sequence; no check character, so the form must be
 * flawless. They were last given out in September 1999. Of somebody born in the 1920s or before
 * hardly any is left in use, while programs that write the old form make fifteen digits of a child
 * of 2012: such a number is worth nothing as evidence of a day. Nor is an 18-character number that
 * lost its last three, which has 15 digits too and may read as of someone born in 1920. */
static bool is_first_generation(const char *fifteen, day birth)
{
    enum { LAST_DAY = 10864 /* 1999-09-30 */, FIRST_YEAR = 30 };
    bool shortened = (memcmp(fifteen + 6, "19", 2) == 0 || memcmp(fifteen + 6, "20", 2) == 0)
                     && !day_is_none(day_at(fifteen + 6));
    return province_exists(fifteen) && !day_is_none(birth) && birth.days <= LAST_DAY
           && number_at(fifteen + 6, 2) >= FIRST_YEAR && !shortened;
}

static void read_15(const char *fifteen, struct id_number *out)
{
    char raised[ID_LENGTH];
    set_text(out, fifteen, FIRST_GENERATION_LENGTH);
    out->state = ID_DAMAGED;
    memcpy(raised, fifteen, 6);
    memcpy(raised + 6, "19", 2);
    memcpy(raised + 8, fifteen + 6, 9);
    if (!is_first_generation(fifteen, day_at(raised + 6))) return;
    raised[17] = id_number_check(raised);
    read_18(raised, out);
    CHECK(out->state == ID_VALID);
    out->from_15 = true;
}

/* A disabled person's certificate: the ID number, kind, grade, and "B1" … after a reissue. */
static bool read_disability(const struct cell *cell, struct id_number *out)
{
    const char *text = cell->ascii;
    if (cell->length != 20 && cell->length != 22) return false;
    if (!has_id_form(text)) return false;
    if (text[18] < '1' || text[18] > '7' || text[19] < '1' || text[19] > '4') return false;
    if (cell->length == 22 && (!(text[20] == 'B' || is_digit(text[20])) || !is_digit(text[21]))) {
        return false;
    }
    read_18(text, out);
    out->from_disability = true;
    out->disability_kind = text[18];
    out->disability_grade = text[19];
    return true;
}

/* Student numbers: G and the ID number; J and a number made by the ministry in the same form for a
 * child without one; L and division, birth and four digits, for the time being. */
static bool read_student(const struct cell *cell, struct id_number *out)
{
    const char *text = cell->ascii;
    if (cell->length != 19 || !has_id_form(text + 1)) return false;
    if (text[0] != 'G' && text[0] != 'J' && text[0] != 'L') return false;
    read_18(text + 1, out);
    out->from_student_number = true;
    if (text[0] == 'G') return true;
    out->state = ID_OTHER;
    set_text(out, text, cell->length);
    if (text[0] == 'L') out->sex = 0;
    return true;
}

/* "6.20422201203050E+17" or "…E17": all digits may still be there, else at least the birthday. */
static bool read_scientific(const struct cell *cell, struct id_number *out)
{
    const char *text = cell->ascii;
    char digits[CELL_MAX];
    int count = 0, at = 0;
    if (!is_digit(text[0])) return false;
    digits[count++] = text[at++];
    if (text[at] == '.') {
        at++;
        while (is_digit(text[at])) digits[count++] = text[at++];
    }
    if (text[at++] != 'E') return false;
    if (text[at] == '+') at++;
    int exponent_digits = cell->length - at;
    if (exponent_digits < 1 || exponent_digits > 2 || !all_digits(text + at, exponent_digits)) {
        return false;
    }
    int exponent = number_at(text + at, exponent_digits);
    out->state = ID_DAMAGED;
    if (exponent == 17 && count == ID_LENGTH && !ends_as_float(digits)) {
        read_18(digits, out);
    } else if (exponent == 14 && count == FIRST_GENERATION_LENGTH) {
        read_15(digits, out);
    } else if (exponent == 17 && count >= DOUBLE_DIGITS) {
        out->birth = day_at(digits + 6);
    }
    return true;
}

/* "620422201203049984.0": a number went through a double, whose neighbours lie 2^(k-52) apart;
 * what is one of them may be another number rounded. */
static bool read_decimal(const struct cell *cell, struct id_number *out)
{
    const char *text = cell->ascii;
    int whole = 0;
    while (is_digit(text[whole])) whole++;
    if (text[whole] != '.') return false;
    for (int i = whole + 1; i < cell->length; i++) {
        if (text[i] != '0') return false;
    }
    out->state = ID_DAMAGED;
    if (whole == FIRST_GENERATION_LENGTH) {
        read_15(text, out);
    } else if (whole == ID_LENGTH) {
        uint64_t number = 0;
        for (int i = 0; i < whole; i++) number = number * 10 + (uint64_t)(text[i] - '0');
        int bits = 64 - __builtin_clzll(number | 1);
        uint64_t apart = bits > 53 ? (uint64_t)1 << (bits - 53) : 1;
        if (number % apart != 0) read_18(text, out);
    }
    return true;
}

/* Passports, permits for Hong Kong, Macao and Taiwan, birth certificates, residence cards: one to
 * three letters and six to twelve digits, HK numbers with a bracketed last one. */
static bool is_other_document(const struct cell *cell)
{
    const char *text = cell->ascii;
    int letters = 0, at = 0, digits = 0;
    while (is_letter(text[at])) {
        at++;
        letters++;
    }
    while (is_digit(text[at])) {
        at++;
        digits++;
    }
    if (text[at] == '(' && (is_digit(text[at + 1]) || text[at + 1] == 'A') && text[at + 2] == ')') {
        at += 3;
    }
    return letters >= 1 && letters <= 3 && digits >= 6 && digits <= 12 && at == cell->length;
}

/* The cell names a document by its Chinese name: 护照E12345678, 军字第…号. */
static bool names_document(struct str written)
{
    static const char *const words[] = {"护照", "通行证", "居留", "居住证", "出生",
                                        "军官", "军字",   "士兵", "武字",   "旅行证"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_find(written, str_from(words[i])) != SIZE_MAX) return true;
    }
    return false;
}

/* Nothing that could be a number: empty, strokes, 无 and other words, zeros, a spreadsheet's
 * "#N/A". Row of "#" alone is a column too narrow for its number: that is damage, not absence. */
static bool is_absent(const struct cell *cell)
{
    static const char *const words[] = {"NULL",   "NONE",   "NAN",     "N/A",    "NA",
                                        "NIL",    "#N/A",   "#REF!",   "NO",     "#VALUE!",
                                        "#NAME?", "#NULL!", "#DIV/0!", "UNKNOWN"};
    const char *text = cell->ascii;
    if (cell->digits == 0 && cell->hanzi) return true;
    bool strokes = true, zeros = true;
    for (int i = 0; i < cell->length; i++) {
        if (strchr("/\\.,;:?!|~()0", text[i]) == NULL) strokes = false;
        if (text[i] != '0') zeros = false;
    }
    if (strokes && (cell->digits == 0 || zeros)) return !cell->hanzi;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(text, words[i]) == 0) return true;
    }
    return false;
}

/* Takes a label such as 身份证号: off the front, and one full stop or comma off the end. */
static struct str strip_label(struct str written)
{
    static const char *const labels[] = {"公民身份号码", "身份证号码", "身份证件号",
                                         "身份证号",     "身份证",     "学籍号"};
    struct str text = str_trim(written);
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        struct str label = str_from(labels[i]);
        if (!str_starts(text, label)) continue;
        struct str rest = str_slice(text, label.len, text.len);
        if (str_starts(rest, STR(":"))) return str_slice(rest, 1, rest.len);
        if (str_starts(rest, STR("："))) return str_slice(rest, STR("：").len, rest.len);
        if (rest.len > 0 && is_digit(rest.ptr[0])) return rest;
    }
    return text;
}

static void strip_end(struct cell *cell)
{
    while (cell->length > 1 && strchr(".,;:", cell->ascii[cell->length - 1]) != NULL) {
        cell->ascii[--cell->length] = 0;
    }
}

static void read_slowly(struct str written, struct id_number *out)
{
    struct cell cell;
    struct str text = strip_label(written);
    cell_read(text, &cell, out->text);
    strip_end(&cell);
    out->state = ID_DAMAGED;
    if (is_absent(&cell)) {
        out->state = ID_ABSENT;
        if (cell.hanzi && names_document(text)) out->state = ID_OTHER;
        if (!cell.hanzi) out->text[0] = 0;
        return;
    }
    if (cell.hanzi) {
        if (names_document(text)) out->state = ID_OTHER;
        return;
    }
    if (cell.too_long) return;
    if (cell.length == ID_LENGTH && has_id_form(cell.ascii)) {
        read_18(cell.ascii, out);
    } else if (cell.length == FIRST_GENERATION_LENGTH && cell.digits == FIRST_GENERATION_LENGTH) {
        read_15(cell.ascii, out);
    } else if (!read_disability(&cell, out) && !read_student(&cell, out)
               && !read_scientific(&cell, out) && !read_decimal(&cell, out)
               && is_other_document(&cell)) {
        out->state = ID_OTHER;
    }
}

void id_number_read(struct str written, struct id_number *out)
{
    *out = (struct id_number){.birth = DAY_NONE};
    if (written.len == ID_LENGTH && written.ptr[0] != '0' && has_id_form(written.ptr)) {
        read_18(written.ptr, out);
    } else {
        read_slowly(written, out);
    }
    CHECK(out->state != ID_VALID || strlen(out->text) == ID_LENGTH);
}

struct str id_number_mask(struct arena *arena, struct str number)
{
    struct text text;
    size_t count = utf8_count(number), at = 0, place = 0;
    size_t head = count == ID_LENGTH ? 6 : 0;
    size_t tail = count / 2 < 4 ? count / 2 : 4;
    uint32_t code;
    text_init(&text, arena, number.len + 3 * count); /* a broken byte becomes three */
    while (utf8_next(number, &at, &code)) {
        bool shown = place < head || place >= count - tail;
        if (shown) text_add_code(&text, code);
        if (!shown) text_add_byte(&text, '*');
        place++;
    }
    return text_str(&text);
}

int id_number_distance(struct str a, struct str b, bool *swapped)
{
    int different = 0, first = -1, last = -1;
    *swapped = false;
    if (a.len != ID_LENGTH || b.len != ID_LENGTH) return ID_LENGTH;
    for (int i = 0; i < ID_LENGTH; i++) {
        if (a.ptr[i] == b.ptr[i]) continue;
        if (first < 0) first = i;
        last = i;
        different++;
    }
    *swapped = different == 2 && last == first + 1 && a.ptr[first] == b.ptr[last]
               && a.ptr[last] == b.ptr[first];
    return different;
}
