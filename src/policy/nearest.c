#include "policy/nearest.h"

enum { NAME_CODES_MAX = 40 };

struct codes {
    uint32_t items[NAME_CODES_MAX];
    size_t count;
};

static bool codes_of(struct str text, struct codes *out)
{
    size_t at = 0;
    uint32_t code;
    out->count = 0;
    while (utf8_next(text, &at, &code)) {
        if (out->count == NAME_CODES_MAX) return false;
        out->items[out->count++] = code;
    }
    return true;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment. */
static size_t distance(const struct codes *a, const struct codes *b)
{
    size_t rows[NAME_CODES_MAX + 1][NAME_CODES_MAX + 1];
    for (size_t i = 0; i <= a->count; i++) rows[i][0] = i;
    for (size_t j = 0; j <= b->count; j++) rows[0][j] = j;
    for (size_t i = 1; i <= a->count; i++) {
        for (size_t j = 1; j <= b->count; j++) {
            size_t cost = a->items[i - 1] == b->items[j - 1] ? 0 : 1;
            size_t best = least(rows[i - 1][j] + 1, rows[i][j - 1] + 1);
            best = least(best, rows[i - 1][j - 1] + cost);
            if (i > 1 && j > 1 && a->items[i - 1] == b->items[j - 2]
                && a->items[i - 2] == b->items[j - 1]) {
                best = least(best, rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    return rows[a->count][b->count];
}

struct str nearest_of(struct str name, const struct str *known, size_t count)
{
    struct codes typed, other;
    struct str best = STR_EMPTY;
    if (!codes_of(name, &typed) || typed.count < 2) return best;
    size_t least_so_far = typed.count / 3 + 1;
    if (typed.count < 4) least_so_far = 2;
    for (size_t i = 0; i < count; i++) {
        if (!codes_of(known[i], &other)) continue;
        size_t found = distance(&typed, &other);
        if (found >= least_so_far) continue;
        least_so_far = found;
        best = known[i];
    }
    return best;
}
