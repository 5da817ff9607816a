#include "placing/order.h"

#include <stdlib.h>
#include <string.h>

/* Scores are small numbers in narrow ranges, so total and ties of an applicant fit into one word of
 * 64 bits, the total in front, and the words are sorted digit by digit. Ties for which there is no
 * room are compared afterwards, within the few who are equal so far. Applicants come in the order
 * of their numbers, and digits keep the order of equals. */

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, WORD_BITS = 64 };

struct key {
    uint64_t word; /* smaller goes first */
    uint32_t applicant;
};

/* One score: its greatest value over all, and the bits that hold the distance from it. */
struct range {
    int64_t most;
    int bits;
};

static int64_t score_of(const struct place_input *input, size_t applicant, size_t score)
{
    if (score == 0) return input->applicants[applicant].total;
    return input->ties[applicant * input->rules.tie_count + score - 1];
}

static struct range range_of(const struct place_input *input, size_t score)
{
    struct range range = {.most = INT64_MIN};
    int64_t least = INT64_MAX;
    for (size_t a = 0; a < input->applicant_count; a++) {
        int64_t value = score_of(input, a, score);
        if (value > range.most) range.most = value;
        if (value < least) least = value;
    }
    uint64_t width = (uint64_t)range.most - (uint64_t)least;
    while (range.bits < WORD_BITS && width >> range.bits != 0) range.bits++;
    return range;
}

/* Puts as many scores into the words as fit; how many bits they take, and which is the first that
 * did not fit. */
static int fill(const struct place_input *input, struct key *keys, size_t *packed)
{
    size_t scores = 1 + input->rules.tie_count, score = 0;
    int bits = 0;
    for (; score < scores; score++) {
        struct range range = range_of(input, score);
        if (bits + range.bits > WORD_BITS) break;
        for (size_t a = 0; a < input->applicant_count; a++) {
            uint64_t below = (uint64_t)range.most - (uint64_t)score_of(input, a, score);
            uint64_t before = range.bits < WORD_BITS ? keys[a].word << range.bits : 0;
            keys[a].word = before | below;
        }
        bits += range.bits;
    }
    *packed = score;
    return bits;
}

/* Sorts by one digit, keeping the order of equals. */
static void sort_digit(const struct key *from, struct key *to, size_t count, int shift)
{
    size_t starts[DIGITS] = {0}, before = 0;
    for (size_t i = 0; i < count; i++) starts[from[i].word >> shift & (DIGITS - 1)]++;
    for (size_t d = 0; d < DIGITS; d++) {
        size_t own = starts[d];
        starts[d] = before;
        before += own;
    }
    for (size_t i = 0; i < count; i++) to[starts[from[i].word >> shift & (DIGITS - 1)]++] = from[i];
}

int place_compare(const struct place_input *input, uint32_t x, uint32_t y)
{
    for (size_t score = 0; score <= input->rules.tie_count; score++) {
        int64_t p = score_of(input, x, score), q = score_of(input, y, score);
        if (p != q) return p > q ? -1 : 1;
    }
    return 0;
}

/* Merges the sorted halves of a stretch. */
static void sort_rest(const struct place_input *input, uint32_t *items, uint32_t *spare,
                      size_t count)
{
    if (count < 2) return;
    size_t half = count / 2, left = 0, right = half, at = 0;
    sort_rest(input, items, spare, half);
    sort_rest(input, items + half, spare, count - half);
    memcpy(spare, items, count * sizeof *items);
    while (left < half || right < count) {
        bool take_left =
            right == count || (left < half && place_compare(input, spare[left], spare[right]) <= 0);
        items[at++] = take_left ? spare[left++] : spare[right++];
    }
}

/* Looks at the scores that did not fit into the words. */
static void order_rest(const struct place_input *input, uint32_t *order, bool *ends)
{
    struct arena scratch = {0};
    size_t count = input->applicant_count, from = 0;
    uint32_t *spare = arena_array(&scratch, uint32_t, count);
    for (size_t i = 0; i < count; i++) {
        if (!ends[i]) continue;
        sort_rest(input, order + from, spare, i + 1 - from);
        for (; from < i; from++) {
            ends[from] = place_compare(input, order[from], order[from + 1]) != 0;
        }
        from = i + 1;
    }
    arena_free(&scratch);
}

void place_order(struct arena *arena, struct arena *ends_arena, const struct place_input *input,
                 uint32_t **order, bool **ends)
{
    struct arena scratch = {0};
    size_t count = input->applicant_count, packed;
    struct key *keys = arena_array(&scratch, struct key, count);
    struct key *others = arena_array(&scratch, struct key, count);
    uint32_t *sorted = arena_array(arena, uint32_t, count);
    bool *last = arena_array(ends_arena, bool, count);
    for (size_t i = 0; i < count; i++) keys[i].applicant = (uint32_t)i;
    int bits = count > 0 ? fill(input, keys, &packed) : 0;
    for (int shift = 0; shift < bits; shift += DIGIT_BITS) {
        struct key *swapped = keys;
        sort_digit(keys, others, count, shift);
        keys = others;
        others = swapped;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = keys[i].applicant;
        last[i] = i + 1 == count || keys[i].word != keys[i + 1].word;
    }
    if (count > 0 && packed <= input->rules.tie_count) order_rest(input, sorted, last);
    arena_free(&scratch);
    *order = sorted;
    *ends = last;
}

/* What the C library does with total and first tie. */
struct bare {
    int64_t total, tie;
    uint32_t applicant;
};

static int compare_bare(const void *a, const void *b)
{
    const struct bare *x = a, *y = b;
    if (x->total != y->total) return x->total > y->total ? -1 : 1;
    if (x->tie != y->tie) return x->tie > y->tie ? -1 : 1;
    return (x->applicant > y->applicant) - (x->applicant < y->applicant);
}

void place_sort_bare(const struct place_input *input)
{
    struct arena scratch = {0};
    size_t count = input->applicant_count;
    struct bare *keys = arena_array(&scratch, struct bare, count);
    for (size_t i = 0; i < count; i++) {
        int64_t tie = input->rules.tie_count > 0 ? score_of(input, i, 1) : 0;
        keys[i] = (struct bare){score_of(input, i, 0), tie, (uint32_t)i};
    }
    if (count > 0) qsort(keys, count, sizeof *keys, compare_bare);
    arena_free(&scratch);
}
