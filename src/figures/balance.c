#include "figures/balance.h"

#include "base/check.h"

/* Ratios in thousand-millionths; their squares and sums need more than 64 bits. */
typedef unsigned int wide __attribute__((mode(TI)));

enum { JUNIOR_WEIGHT = 110, SENIOR_WEIGHT = 132, PRIMARY_WEIGHT = 100 };
#define RATIO_ONE INT64_C(1000000000)
#define RATIO_PER_MILLIONTH (RATIO_ONE / 1000000)

/* Of a number that is not negative. */
static wide widened(int64_t number)
{
    return (uint64_t)number;
}

/* The whole part of a square root. */
static wide root_of(wide number)
{
    wide low = 0, high = (wide)1 << 62;
    while (low < high) {
        wide middle = low + (high - low + 1) / 2;
        if (middle <= number / middle)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

bool balance_coefficient(const struct balance_part *parts, size_t count, int64_t *millionths)
{
    CHECK(count <= BALANCE_PARTS_MAX);
    const wide one = widened(RATIO_ONE);
    wide pupils = 0, all = 0, sum = 0;
    for (size_t i = 0; i < count; i++) {
        CHECK(parts[i].pupils >= 0);
        CHECK(parts[i].pupils <= BALANCE_PUPILS_MAX);
        CHECK(parts[i].hundredths >= 0);
        CHECK(parts[i].hundredths <= BALANCE_HUNDREDTHS_MAX);
        if (parts[i].pupils == 0) continue;
        pupils += widened(parts[i].pupils);
        all += widened(parts[i].hundredths);
    }
    CHECK(pupils <= BALANCE_ALL_PUPILS_MAX);
    if (pupils == 0 || all == 0) return false;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].pupils == 0) continue;
        wide own = widened(parts[i].pupils);
        /* At most P / Pᵢ, so below 10^18, and its square below 10^36. */
        wide ratio = widened(parts[i].hundredths) * pupils * one / (own * all);
        wide off = ratio > one ? ratio - one : one - ratio;
        sum += off * off / pupils * own + off * off % pupils * own / pupils;
    }
    wide coefficient = root_of(sum);
    *millionths = (int64_t)((coefficient + RATIO_PER_MILLIONTH / 2) / RATIO_PER_MILLIONTH);
    return true;
}

int64_t balance_mean(const int64_t *millionths, size_t count)
{
    CHECK(count > 0);
    int64_t sum = 0, whole = (int64_t)count;
    for (size_t i = 0; i < count; i++) sum += millionths[i];
    return (sum * 2 + whole) / (whole * 2);
}

void balance_split(int64_t hundredths, const int64_t pupils[BALANCE_STAGES],
                   int64_t out[BALANCE_STAGES])
{
    static const int64_t weights[BALANCE_STAGES] = {PRIMARY_WEIGHT, JUNIOR_WEIGHT, SENIOR_WEIGHT};
    int64_t sum = 0, left = hundredths;
    int last = -1;
    CHECK(hundredths >= 0);
    for (int i = 0; i < BALANCE_STAGES; i++) {
        CHECK(pupils[i] >= 0);
        CHECK(pupils[i] <= BALANCE_PUPILS_MAX);
        sum += pupils[i] * weights[i];
        if (pupils[i] > 0) last = i;
    }
    CHECK(last >= 0);
    for (int i = 0; i < BALANCE_STAGES; i++) {
        wide part = (widened(hundredths) * widened(pupils[i] * weights[i]) * 2 + widened(sum))
                    / (widened(sum) * 2);
        int64_t own = (int64_t)part < left ? (int64_t)part : left;
        out[i] = i == last ? left : pupils[i] == 0 ? 0 : own;
        left -= out[i];
    }
    CHECK(left == 0);
}

int64_t balance_per(const struct balance_part *part, int64_t per)
{
    CHECK(part->pupils > 0);
    return (int64_t)(widened(part->hundredths) * widened(per) / widened(part->pupils));
}

int64_t balance_lacking(const struct balance_part *part, int64_t standard, int64_t per)
{
    CHECK(per > 0);
    wide needed = (widened(standard) * widened(part->pupils) + widened(per) - 1) / widened(per);
    return needed > widened(part->hundredths) ? (int64_t)(needed - widened(part->hundredths)) : 0;
}

/* What raises a part to a level, in hundredths. */
static int64_t raise_by(const struct balance_part *part, int64_t level, int64_t per, bool whole)
{
    enum { UNIT = 100 };
    if (part->pupils == 0) return 0;
    int64_t lacking = balance_lacking(part, level, per);
    return whole ? (lacking + UNIT - 1) / UNIT * UNIT : lacking;
}

/* Whether raising to a level is enough. */
static bool is_even_at(const struct balance_part *parts, size_t count, int64_t per, bool whole,
                       int64_t limit, struct balance_part *room, int64_t level)
{
    int64_t coefficient;
    for (size_t i = 0; i < count; i++) {
        room[i] = parts[i];
        room[i].hundredths += raise_by(&parts[i], level, per, whole);
    }
    return balance_coefficient(room, count, &coefficient) && coefficient <= limit;
}

bool balance_even(const struct balance_part *parts, size_t count, int64_t per, bool whole,
                  int64_t limit, struct balance_part *room, struct balance_even *out)
{
    int64_t low = 0, high = 0, coefficient;
    struct balance_even even = {0};
    if (!balance_coefficient(parts, count, &coefficient)) return false;
    for (size_t i = 0; i < count; i++) {
        int64_t level = parts[i].pupils == 0 ? 0 : balance_per(&parts[i], per) + 1;
        if (level > high) high = level;
    }
    if (coefficient > limit) {
        if (!is_even_at(parts, count, per, whole, limit, room, high)) return false;
        while (high - low > 1) {
            int64_t middle = low + (high - low) / 2;
            if (is_even_at(parts, count, per, whole, limit, room, middle))
                high = middle;
            else
                low = middle;
        }
        even.level = high;
    }
    for (size_t i = 0; i < count; i++) {
        int64_t added = even.level == 0 ? 0 : raise_by(&parts[i], even.level, per, whole);
        even.added += added;
        even.raised += added > 0;
    }
    *out = even;
    return true;
}

bool balance_decimal(struct str text, int places, int64_t *out)
{
    int64_t value = 0;
    int behind = -1;
    if (text.len == 0) return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.') {
            if (behind >= 0 || i == 0 || i + 1 == text.len) return false;
            behind = 0;
            continue;
        }
        if (c < '0' || c > '9') return false;
        if (behind >= 0 && behind++ >= places) {
            if (c != '0') return false;
            continue;
        }
        value = value * 10 + (c - '0');
        if (value > BALANCE_HUNDREDTHS_MAX) return false;
    }
    for (int i = behind < 0 ? 0 : behind; i < places; i++) value *= 10;
    if (value > BALANCE_HUNDREDTHS_MAX) return false;
    *out = value;
    return true;
}
