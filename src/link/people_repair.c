#include "link/people_build.h"

#include "identity/id_number.h"

enum { ID_LENGTH = 18, AREA_DIGITS = 6 };

struct repairs {
    day *out;
    size_t count;
};

static void take(struct repairs *repairs, const char text[ID_LENGTH])
{
    struct id_number number;
    for (int i = 0; i + 1 < ID_LENGTH; i++) {
        if (text[i] < '0' || text[i] > '9') return;
    }
    if (id_number_check(text) != text[ID_LENGTH - 1]) return;
    id_number_read((struct str){text, ID_LENGTH}, &number);
    if (number.state != ID_VALID || repairs->count == PEOPLE_REPAIRS_MAX) return;
    repairs->out[repairs->count++] = number.birth;
}

static bool is_form(struct str id)
{
    for (size_t i = 0; i < id.len; i++) {
        bool digit = id.ptr[i] >= '0' && id.ptr[i] <= '9';
        if (!digit && !(id.ptr[i] == 'X' && i + 1 == id.len)) return false;
    }
    return true;
}

/* The area is left as it is: clerks of one place write the same six digits all day. */
static void repair_one_wrong(struct repairs *repairs, struct str id)
{
    char text[ID_LENGTH];
    memcpy(text, id.ptr, ID_LENGTH);
    for (int at = AREA_DIGITS; at < ID_LENGTH; at++) {
        char before = text[at];
        for (char digit = '0'; digit <= '9'; digit++) {
            text[at] = digit;
            if (digit != before) take(repairs, text);
        }
        if (at == ID_LENGTH - 1 && before != 'X') {
            text[at] = 'X';
            take(repairs, text);
        }
        text[at] = before;
    }
    for (int at = AREA_DIGITS; at + 2 < ID_LENGTH; at++) {
        if (text[at] == text[at + 1]) continue;
        char first = text[at];
        text[at] = text[at + 1];
        text[at + 1] = first;
        take(repairs, text);
        text[at + 1] = text[at];
        text[at] = first;
    }
}

static void repair_one_lost(struct repairs *repairs, struct str id)
{
    char text[ID_LENGTH];
    for (size_t at = AREA_DIGITS; at < ID_LENGTH; at++) {
        memcpy(text, id.ptr, at);
        memcpy(text + at + 1, id.ptr + at, ID_LENGTH - 1 - at);
        for (char digit = '0'; digit <= '9'; digit++) {
            /* The same digit on both sides of a gap gives one number, counted once. */
            if (at + 1 < ID_LENGTH && digit == text[at + 1]) continue;
            text[at] = digit;
            take(repairs, text);
        }
    }
}

size_t people_births_repaired(struct str id, day out[PEOPLE_REPAIRS_MAX])
{
    struct repairs repairs = {out, 0};
    /* A spreadsheet cut it after fifteen digits: those that are left are right. */
    if (str_ends(id, STR("000")) || !is_form(id)) return 0;
    if (id.len == ID_LENGTH) repair_one_wrong(&repairs, id);
    if (id.len == ID_LENGTH - 1) repair_one_lost(&repairs, id);
    return repairs.count;
}
