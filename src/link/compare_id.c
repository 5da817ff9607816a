#include "link/compare.h"

#include "identity/id_number.h"

#include <string.h>

/* Digits in front that can be relied upon when a spreadsheet turned the number into a float: all
 * before the zeros at its end, or those of the mantissa of 6.2042E+17. */
static size_t kept_digits(struct str text)
{
    size_t digits = 0;
    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '9') digits++;
    while (digits > 0 && text.ptr[digits - 1] == '0') digits--;
    return digits;
}

static void read_damaged(struct str text, struct value_id *out)
{
    char mantissa[sizeof out->text] = {0};
    size_t length = 0, at = 0;
    for (; at < text.len && length < 18; at++) {
        char c = text.ptr[at];
        if (c == '.') continue;
        if (c < '0' || c > '9') break;
        mantissa[length++] = c;
    }
    bool scientific = at < text.len && (text.ptr[at] == 'E' || text.ptr[at] == 'e');
    if (scientific) {
        memcpy(out->text, mantissa, sizeof mantissa);
        out->length = (uint8_t)length;
        /* The last digit shown was rounded. */
        out->kept = (uint8_t)(length > 0 ? length - 1 : 0);
        out->damaged = true;
        return;
    }
    out->kept = (uint8_t)kept_digits((struct str){out->text, out->length});
    out->damaged = out->length != 18 || out->kept <= 16;
}

void value_id_read(struct str text, struct value_id *out)
{
    *out = (struct value_id){0};
    struct id_number id;
    id_number_read(text, &id);
    struct str canonical = str_from(id.text);
    if (canonical.len > sizeof out->text - 1) canonical.len = sizeof out->text - 1;
    if (canonical.len > 0) memcpy(out->text, canonical.ptr, canonical.len);
    out->length = (uint8_t)canonical.len;
    out->kept = out->length;
    out->valid = id.state == ID_VALID;
    if (id.state == ID_DAMAGED) read_damaged(str_trim(text), out);
}

/* One character missing in the shorter of two texts whose lengths differ by one. */
static bool one_missing(const struct value_id *a, const struct value_id *b)
{
    const struct value_id *longer = a->length > b->length ? a : b;
    const struct value_id *shorter = a->length > b->length ? b : a;
    if (longer->length != shorter->length + 1 || longer->length < 15) return false;
    size_t at = 0;
    while (at < shorter->length && longer->text[at] == shorter->text[at]) at++;
    return memcmp(longer->text + at + 1, shorter->text + at, shorter->length - at) == 0;
}

static bool truncated(const struct value_id *a, const struct value_id *b)
{
    if (!a->damaged && !b->damaged) return false;
    size_t common = a->kept < b->kept ? a->kept : b->kept;
    return common >= 10 && memcmp(a->text, b->text, common) == 0;
}

int32_t id_facts(const struct value_id *a, const struct value_id *b)
{
    if (a->length == 0 || b->length == 0) return 0;
    int32_t facts = a->valid && b->valid ? 0 : ID_DOUBTFUL;
    if (a->length == b->length && memcmp(a->text, b->text, sizeof a->text) == 0) {
        return facts | ID_SAME | (a->valid && b->valid ? ID_SAME_VALID : 0);
    }
    if (truncated(a, b)) facts |= ID_TRUNCATED;
    if (one_missing(a, b)) facts |= ID_LOST_DIGIT;
    if (a->length != 18 || b->length != 18) return facts;
    int differ = 0, first = 0, second = 0;
    for (int i = 0; i < 18; i++) {
        if (a->text[i] == b->text[i]) continue;
        if (differ == 0) first = i;
        second = i;
        differ++;
    }
    if (differ == 1) return facts | ID_SUBSTITUTION;
    if (differ != 2) return facts;
    facts |= ID_TWO_SUBSTITUTIONS;
    bool swapped = second == first + 1 && a->text[first] == b->text[second]
                   && a->text[second] == b->text[first];
    return swapped ? facts | ID_TRANSPOSITION : facts;
}

int32_t phone_facts(struct str a, struct str b)
{
    if (a.len == 0 || b.len == 0) return 0;
    if (str_equal(a, b)) return PHONE_SAME | PHONE_ONE_DIGIT | PHONE_TAIL;
    size_t tail = a.len < b.len ? a.len : b.len;
    bool same_tail = tail >= 7 && str_ends(a, str_slice(b, b.len - tail, b.len));
    if (a.len != b.len) return same_tail ? PHONE_TAIL : 0;
    size_t differ = 0, first = 0, second = 0;
    for (size_t i = 0; i < a.len; i++) {
        if (a.ptr[i] == b.ptr[i]) continue;
        if (differ == 0) first = i;
        second = i;
        differ++;
    }
    bool swapped = differ == 2 && second == first + 1 && a.ptr[first] == b.ptr[second]
                   && a.ptr[second] == b.ptr[first];
    return differ == 1 || swapped ? PHONE_ONE_DIGIT : 0;
}

int32_t division_digits(struct str a, struct str b)
{
    static const size_t steps[] = {12, 9, 6, 4, 2};
    size_t common = 0;
    while (common < a.len && common < b.len && a.ptr[common] == b.ptr[common]) common++;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        if (common >= steps[i]) return (int32_t)steps[i];
    }
    return 0;
}
