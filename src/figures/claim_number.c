#include "figures/claim_internal.h"

#include <string.h>

enum {
    DIGITS_MAX = 15, /* in front of the point */
    DECIMALS_MAX = 8,
    HANZI_DECIMALS_MAX = 4,
    HANZI_NUMERAL_CODES_MAX = 24,
};

/* The largest value: 10^14 of the unit in ten-thousandths, so that twice as much still fits. */
static const int64_t value_max_e4 = 1000000000000000000;

static int64_t scale_of(uint32_t code)
{
    switch (code) {
    case 0x5341: return 10;        /* 十 */
    case 0x767E: return 100;       /* 百 */
    case 0x5343: return 1000;      /* 千 */
    case 0x4E07: return 10000;     /* 万 */
    case 0x842C: return 10000;     /* 萬 */
    case 0x4EBF: return 100000000; /* 亿 */
    case 0x5104: return 100000000; /* 億 */
    default: return 0;
    }
}

static int hanzi_digit(uint32_t code)
{
    static const uint32_t digits[10][3] = {
        {0x96F6, 0x3007, 0x25CB}, {0x4E00, 0x58F9, 0}, {0x4E8C, 0x4E24, 0x8D30},
        {0x4E09, 0x53C1, 0},      {0x56DB, 0x8086, 0}, {0x4E94, 0x4F0D, 0},
        {0x516D, 0x9646, 0},      {0x4E03, 0x67D2, 0}, {0x516B, 0x634C, 0},
        {0x4E5D, 0x7396, 0},
    };
    for (int d = 0; d < 10; d++) {
        for (int k = 0; k < 3; k++) {
            if (digits[d][k] != 0 && digits[d][k] == code) return d;
        }
    }
    return -1;
}

/* Scales as cheques are written, behind a digit: 壹佰贰拾万. */
static int64_t formal_scale_of(uint32_t code)
{
    switch (code) {
    case 0x62FE: return 10;   /* 拾 */
    case 0x4F70: return 100;  /* 佰 */
    case 0x4EDF: return 1000; /* 仟 */
    default: return 0;
    }
}

/* 廿 and 卅 are tens in one character. */
static int64_t tens_of(uint32_t code)
{
    return code == 0x5EFF ? 20 : code == 0x5345 ? 30 : 0;
}

static bool is_more(uint32_t code)
{
    return code == 0x4F59 || code == 0x591A || code == 0x6765; /* 余 多 来 */
}

static bool is_vague(uint32_t code)
{
    return code == 0x51E0 || code == 0x6570; /* 几 数 */
}

static bool is_comma(uint32_t code)
{
    return code == ',' || code == 0xFF0C;
}

static bool is_group(const struct passage *passage, size_t at)
{
    for (size_t i = 0; i < 3; i++) {
        if (!code_is_digit(passage_code(passage, at + i))) return false;
    }
    return !code_is_digit(passage_code(passage, at + 3));
}

static int64_t power_of_ten(int exponent)
{
    int64_t power = 1;
    for (int i = 0; i < exponent; i++) power *= 10;
    return power;
}

static bool multiply(int64_t *value, int64_t by)
{
    int64_t product;
    if (__builtin_mul_overflow(*value, by, &product) || product > value_max_e4) return false;
    *value = product;
    return true;
}

/* Digits with separators and decimals: sets value, decimals and digits. */
static bool read_digits(const struct passage *passage, size_t *at, struct numeral *out)
{
    int64_t value = 0;
    size_t i = *at;
    while (code_is_digit(passage_code(passage, i)) && out->digits <= DIGITS_MAX) {
        value = value * 10 + (int64_t)(passage_code(passage, i++) - '0');
        out->digits++;
    }
    if (out->digits == 0 || out->digits > DIGITS_MAX) return false;
    if (out->digits <= 3) {
        while (is_comma(passage_code(passage, i)) && is_group(passage, i + 1) && out->digits < 13) {
            for (size_t k = 1; k <= 3; k++)
                value = value * 10 + (int64_t)(passage_code(passage, i + k) - '0');
            out->digits += 3;
            out->grouped = true;
            i += 4;
        }
    }
    uint32_t mark = passage_code(passage, i);
    bool point = (mark == '.' || mark == 0xB7) && code_is_digit(passage_code(passage, i + 1));
    for (i += point; point && code_is_digit(passage_code(passage, i)); i++) {
        if (++out->decimals > DECIMALS_MAX || out->digits + out->decimals > DIGITS_MAX + 2)
            return false;
        value = value * 10 + (int64_t)(passage_code(passage, i) - '0');
    }
    int places = out->decimals;
    for (; places < 4; places++) {
        if (!multiply(&value, 10)) return false;
    }
    if (value > value_max_e4) return false;
    out->finer = power_of_ten(places - 4);
    out->value_e4 = value;
    *at = i;
    return true;
}

/* Scales behind digits: 万, 千万, 万亿. */
static bool read_scale(const struct passage *passage, size_t *at, int64_t *scale)
{
    int64_t step;
    *scale = 1;
    while ((step = scale_of(passage_code(passage, *at))) > 0) {
        if (*scale > 1000000000000 / step) return false;
        *scale *= step;
        ++*at;
    }
    return true;
}

/* A part behind a scale: the 2000万 of 1亿2000万. It must be smaller than the scale. */
static void read_rest(const struct passage *passage, size_t *at, struct numeral *out)
{
    struct numeral rest = {0};
    int64_t scale;
    size_t i = *at;
    if (!code_is_digit(passage_code(passage, i)) || out->decimals > 0) return;
    if (!read_digits(passage, &i, &rest) || rest.decimals > 0) return;
    if (!read_scale(passage, &i, &scale) || scale >= out->scale_e4 / CLAIM_E4) return;
    if (!multiply(&rest.value_e4, scale) || rest.value_e4 >= out->scale_e4) return;
    if (scale == 1 && rest.digits < 3) return;
    out->value_e4 += rest.value_e4;
    out->scale_e4 = scale * CLAIM_E4;
    *at = i;
}

static bool read_arabic(const struct passage *passage, size_t at, struct numeral *out)
{
    int64_t scale;
    size_t i = at;
    if (!read_digits(passage, &i, out)) return false;
    bool more = is_more(passage_code(passage, i)) && scale_of(passage_code(passage, i + 1)) > 0;
    if (more) i++;
    out->more = more;
    if (!read_scale(passage, &i, &scale) || !multiply(&out->value_e4, scale)) return false;
    out->value_e4 /= out->finer;
    out->scale_e4 = scale * CLAIM_E4;
    if (scale > 1 && !more) read_rest(passage, &i, out);
    out->to = i;
    return true;
}

/* Sections of four digits as Chinese counts: 三千六百三十五, 九十八点五万. */
struct hanzi_count {
    int64_t total, section, digit; /* whole units */
    int64_t last_scale;
    bool any_digit, any_scale, zero;
    int64_t decimals_e4;
    int decimals;
};

/* Takes one scale; false where the order is not that of a number. */
static bool take_scale(struct hanzi_count *count, int64_t scale, bool bare)
{
    int64_t by = count->digit > 0 ? count->digit : 1;
    if (scale < 10000) {
        if (count->digit == 0 && !bare && scale != 10) return false;
        count->section += by * scale;
    } else {
        int64_t whole = count->section + count->digit;
        if (whole == 0 && count->total == 0) whole = bare ? 1 : 0;
        if (whole == 0) {
            if (count->total == 0 || scale < 100000000) return false;
            whole = count->total;
            count->total = 0;
        }
        if (scale == 100000000 && count->total > 0) {
            whole += count->total;
            count->total = 0;
        }
        count->total += whole * scale;
        count->section = 0;
    }
    count->digit = 0;
    count->last_scale = scale;
    count->any_scale = true;
    return count->total < value_max_e4 / CLAIM_E4;
}

static void read_point(const struct passage *passage, size_t *at, struct hanzi_count *count)
{
    int64_t unit = CLAIM_E4;
    size_t i = *at + 1;
    int digit;
    for (; (digit = hanzi_digit(passage_code(passage, i))) >= 0
           && count->decimals < HANZI_DECIMALS_MAX;
         i++) {
        unit /= 10;
        count->decimals_e4 += unit * digit;
        count->decimals++;
    }
    *at = i;
}

static bool read_hanzi_positional(const struct passage *passage, size_t at, struct numeral *out)
{
    int64_t value = 0;
    size_t i = at;
    int digit;
    while ((digit = hanzi_digit(passage_code(passage, i))) >= 0 && i - at < DIGITS_MAX) {
        value = value * 10 + digit;
        i++;
    }
    if (i - at < 2 || scale_of(passage_code(passage, i)) > 0) return false;
    *out = (struct numeral){.from = at,
                            .to = i,
                            .value_e4 = value * CLAIM_E4,
                            .scale_e4 = CLAIM_E4,
                            .hanzi = true,
                            .positional = true};
    return out->value_e4 <= value_max_e4;
}

/* 九十八点五万: what stands before the point times the scale behind. */
static bool finish_point(const struct passage *passage, size_t *at, struct hanzi_count *count,
                         struct numeral *out)
{
    int64_t scale, whole = count->total + count->section + count->digit;
    if (!read_scale(passage, at, &scale)) return false;
    out->value_e4 = whole * CLAIM_E4 + count->decimals_e4;
    out->scale_e4 = scale * CLAIM_E4;
    out->decimals = count->decimals;
    return multiply(&out->value_e4, scale);
}

/* "七八十名", "三五百": two digits side by side are a guess. */
static bool skip_guess(const struct passage *passage, size_t at, struct numeral *out)
{
    while (hanzi_digit(passage_code(passage, at)) >= 0 || scale_of(passage_code(passage, at)) > 0)
        at++;
    out->vague = out->hanzi = true;
    out->to = at;
    return true;
}

static bool read_hanzi(const struct passage *passage, size_t at, struct numeral *out)
{
    struct hanzi_count count = {.last_scale = 1};
    size_t i = at;
    if (read_hanzi_positional(passage, at, out)) return true;
    out->bare = scale_of(passage_code(passage, at)) > 10;
    for (; i - at < HANZI_NUMERAL_CODES_MAX; i++) {
        uint32_t code = passage_code(passage, i);
        int digit = hanzi_digit(code);
        int64_t scale = scale_of(code);
        if (scale == 0 && count.digit > 0) scale = formal_scale_of(code);
        if (tens_of(code) > 0 && i == at) {
            count.section += tens_of(code);
            count.last_scale = 10;
            count.any_scale = true;
        } else if (digit >= 0) {
            if (count.digit > 0) return skip_guess(passage, i, out);
            count.digit = digit;
            count.any_digit = true;
            count.zero = digit == 0;
        } else if (scale > 0) {
            if (!take_scale(&count, scale, out->bare)) return false;
            count.zero = false;
        } else if (is_more(code) && i > at && scale_of(passage_code(passage, i + 1)) > 0) {
            out->more = true;
        } else {
            break;
        }
    }
    if (i == at) return false;
    out->hanzi = true;
    if (passage_code(passage, i) == 0x70B9 && hanzi_digit(passage_code(passage, i + 1)) >= 0) {
        read_point(passage, &i, &count);
        out->to = i;
        bool good = finish_point(passage, &i, &count, out);
        out->to = i;
        return good;
    }
    int64_t tail = count.digit;
    if (tail > 0 && count.last_scale >= 100 && !out->bare) {
        uint32_t before = passage_code(passage, i - 2); /* 三万五: the five is of thousands */
        if (scale_of(before) == count.last_scale) tail *= count.last_scale / 10;
    }
    out->value_e4 = count.total + count.section + tail;
    out->scale_e4 =
        count.digit == 0 && count.last_scale >= 10000 ? count.last_scale * CLAIM_E4 : CLAIM_E4;
    out->to = i;
    return multiply(&out->value_e4, CLAIM_E4);
}

/* The place of the last digit that is not zero. */
static int64_t zeros_of(const struct numeral *numeral)
{
    int64_t place = numeral->place_e4;
    if (numeral->value_e4 == 0) return place;
    while (place <= numeral->value_e4 / 10 && numeral->value_e4 % (place * 10) == 0) place *= 10;
    return place;
}

bool numeral_read(const struct passage *passage, size_t at, struct numeral *out)
{
    struct numeral numeral = {.from = at, .scale_e4 = CLAIM_E4};
    uint32_t first = passage_code(passage, at);
    if (is_vague(first)) {
        size_t i = at + 1;
        while (scale_of(passage_code(passage, i)) > 0) i++;
        if (i == at + 1) return false;
        *out = (struct numeral){.from = at, .to = i, .vague = true, .hanzi = true};
        return true;
    }
    bool arabic = code_is_digit(first);
    if (!arabic && hanzi_digit(first) < 0 && scale_of(first) == 0 && tens_of(first) == 0)
        return false;
    if (!(arabic ? read_arabic : read_hanzi)(passage, at, &numeral)) return false;
    numeral.place_e4 = numeral.scale_e4 / power_of_ten(numeral.decimals);
    if (numeral.place_e4 == 0) numeral.place_e4 = 1;
    numeral.zeros_e4 = zeros_of(&numeral);
    if (is_vague(passage_code(passage, numeral.to))) {
        numeral.vague = numeral.hanzi;
        numeral.more = true;
        numeral.to++;
    }
    if (!numeral.more && is_more(passage_code(passage, numeral.to))) {
        numeral.more = true;
        numeral.to++;
    }
    *out = numeral;
    return true;
}
