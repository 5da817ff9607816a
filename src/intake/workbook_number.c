#include "intake/workbook_number.h"

#include "base/day.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGITS_EXACT = 15,      /* a spreadsheet keeps no more */
    PLAIN_EXPONENT_MAX = 24 /* larger numbers are written with an exponent */
};

static struct cell plain(struct str text)
{
    return (struct cell){.kind = CELL_NUMBER, .text = text};
}

/* The shortest digits that give the same double again, as "d.ddde±xx" without trailing zeros. */
static void shortest_digits(double value, char digits[24], int *count, int *exponent)
{
    char text[40];
    for (int precision = DIGITS_EXACT - 1; precision <= 16; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, value);
        if (strtod(text, NULL) == value) break;
    }
    int n = 0;
    const char *at = text;
    for (; *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9') digits[n++] = *at;
    }
    *exponent = (int)strtol(at + 1, NULL, 10);
    while (n > 1 && digits[n - 1] == '0') n--;
    *count = n;
}

struct cell number_cell_double(double value, char buffer[NUMBER_TEXT_SIZE])
{
    if (!isfinite(value)) return (struct cell){.kind = CELL_TEXT, .text = STR("#NUM!")};
    if (value == 0) return plain(STR("0"));
    char digits[24];
    int count, exponent, length = 0;
    shortest_digits(fabs(value), digits, &count, &exponent);
    if (value < 0) buffer[length++] = '-';
    if (exponent > PLAIN_EXPONENT_MAX || exponent < -PLAIN_EXPONENT_MAX) {
        buffer[length++] = digits[0];
        if (count > 1) buffer[length++] = '.';
        memcpy(buffer + length, digits + 1, (size_t)count - 1);
        length += count - 1;
        length +=
            snprintf(buffer + length, (size_t)(NUMBER_TEXT_SIZE - length), "E%+03d", exponent);
        return plain((struct str){buffer, (size_t)length});
    }
    for (int place = exponent < 0 ? 0 : exponent; place > exponent - count || place >= 0; place--) {
        int digit = exponent - place;
        if (place == -1) buffer[length++] = '.';
        buffer[length++] = digit < 0 || digit >= count ? '0' : digits[digit];
    }
    struct cell cell = plain((struct str){buffer, (size_t)length});
    cell.lost_digits = exponent >= DIGITS_EXACT;
    return cell;
}

/* Whole digits that no double has: then a program wrote them, not a spreadsheet. Digits that end in
 * as many zeros as exceed fifteen were cut by a spreadsheet before they were written. */
static bool digits_are_whole(struct str digits, double value)
{
    char rounded[NUMBER_TEXT_SIZE];
    size_t zeros = 0;
    while (zeros < digits.len && digits.ptr[digits.len - 1 - zeros] == '0') zeros++;
    if (digits.len - zeros <= DIGITS_EXACT || digits.len >= sizeof rounded) return false;
    snprintf(rounded, sizeof rounded, "%.0f", value);
    return !str_is(digits, rounded);
}

static bool is_digits(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
    }
    return text.len > 0;
}

/* Only what a number may be made of, so that strtod's "inf", "nan" and "0x" never come in. */
static bool parse(struct str text, double *value)
{
    char copy[NUMBER_TEXT_SIZE];
    if (text.len == 0 || text.len >= sizeof copy) return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\0' || strchr("0123456789+-.eE", text.ptr[i]) == NULL) return false;
    }
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    char *end;
    *value = strtod(copy, &end);
    return end == copy + text.len && end != copy;
}

struct cell number_cell(struct str written, char buffer[NUMBER_TEXT_SIZE])
{
    struct str text = str_trim(written);
    bool digits = is_digits(text);
    if (digits && text.len <= DIGITS_EXACT && (text.ptr[0] != '0' || text.len == 1)) {
        return plain(text);
    }
    double value;
    if (!parse(text, &value)) return (struct cell){.kind = CELL_TEXT, .text = written};
    if (digits && text.ptr[0] != '0' && digits_are_whole(text, value)) return plain(text);
    return number_cell_double(value, buffer);
}

struct cell date_cell_double(double serial, bool date1904, char buffer[NUMBER_TEXT_SIZE])
{
    if (!(serial >= 1 && serial < 200000)) return number_cell_double(serial, buffer);
    /* A time just before midnight is a rounding error of the next day. */
    int64_t days = (int64_t)floor(serial + 1e-6);
    day base, date, checked;
    CHECK(day_from_ymd(date1904 ? 1904 : 1899, date1904 ? 1 : 12, date1904 ? 1 : 30, &base));
    /* Serial 60 is 29 February 1900, a day that never was; before it the count is one off. */
    if (!date1904 && days == 60) return number_cell_double(serial, buffer);
    if (!date1904 && days < 60) days++;
    date.days = base.days + (int32_t)days;
    int year, month, day_of_month;
    day_to_ymd(date, &year, &month, &day_of_month);
    if (!day_from_ymd(year, month, day_of_month, &checked))
        return number_cell_double(serial, buffer);
    day_format(date, buffer);
    return (struct cell){.kind = CELL_DATE, .text = str_from(buffer)};
}

struct cell date_cell(struct str written, bool date1904, char buffer[NUMBER_TEXT_SIZE])
{
    double serial;
    if (!parse(str_trim(written), &serial)) return number_cell(written, buffer);
    return date_cell_double(serial, date1904, buffer);
}

bool format_builtin_is_date(uint64_t number)
{
    /* 27 to 58 are the built-in formats of Chinese Excel: 32 to 35, 55 and 56 are times. */
    return (number >= 14 && number <= 17) || number == 22 || (number >= 27 && number <= 31)
           || number == 36 || (number >= 50 && number <= 54) || number == 57 || number == 58;
}

/* Steps over what a format shows as it is: "quoted", \x, _x, *x, [colour or locale]. */
static size_t skip_literal(struct str code, size_t at)
{
    char c = code.ptr[at];
    char close = c == '"' ? '"' : c == '[' ? ']' : '\0';
    if (close != '\0') {
        size_t end = at + 1;
        while (end < code.len && code.ptr[end] != close) end++;
        return end + 1;
    }
    return c == '\\' || c == '_' || c == '*' ? at + 2 : at;
}

bool format_is_date(struct str code)
{
    bool day_or_year = false, month = false, time = false;
    size_t at = 0;
    while (at < code.len && code.ptr[at] != ';') {
        size_t next = skip_literal(code, at);
        if (next > at) {
            at = next;
            continue;
        }
        char c = (char)(code.ptr[at] | 0x20);
        if (str_starts(str_slice(code, at, code.len), STR("General"))) {
            at += 7;
            continue;
        }
        bool digit = c == '0' || code.ptr[at] == '#' || c == '?';
        if (digit && !day_or_year && !time) return false; /* else parts of a second */
        day_or_year |= c == 'y' || c == 'd' || c == 'e';
        day_or_year |= str_starts(str_slice(code, at, code.len), STR("aaa"));
        month |= c == 'm';
        time |= c == 'h' || c == 's';
        at++;
    }
    return day_or_year || (month && !time);
}
