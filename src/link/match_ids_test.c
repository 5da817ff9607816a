#include "base/rng.h"
#include "base/testing.h"
#include "link/match_code.h"

#include <stdlib.h>

/* Ids of every kind come in the order of their bytes, equal ones in that of their records. */

enum { MANY = 6000 };

/* How a number becomes an id. */
enum shape { PLAIN, LEFT, RIGHT, EIGHT, SEVEN, SIXTEENS, CHINESE, LONG, LONGER, SAME, SAME_AS };

struct kind {
    enum shape first, second; /* of both halves of the records */
    uint32_t step;            /* from one number to the next; 0: by chance */
    uint32_t below;
};

static const struct kind kinds[] = {
    {LEFT, LEFT, 1, MANY},                                    /* one list, numbered */
    {LEFT, RIGHT, 1, MANY},                                   /* two */
    {PLAIN, PLAIN, 1, MANY / 2},                              /* two numbered alike */
    {PLAIN, PLAIN, MANY - 1, MANY},                           /* the last one first */
    {PLAIN, PLAIN, 7919, 100000},                             /* all over the place */
    {EIGHT, SEVEN, 0, 9000000},     {PLAIN, SIXTEENS, 0, 40}, /* few, most of them often */
    {CHINESE, CHINESE, 0, 9000},    {LONG, LONGER, 0, UINT32_MAX}, {SAME, SAME_AS, 1, MANY},
};

static const struct str *compared; /* while qsort runs */

static int by_bytes(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;
    int order = str_compare(compared[one], compared[two]);
    if (order != 0) return order;
    return one < two ? -1 : one > two;
}

static void check_order(const struct str *ids, uint32_t count)
{
    struct arena arena = {0};
    uint32_t *right = arena_array(&arena, uint32_t, count);
    for (uint32_t r = 0; r < count; r++) right[r] = r;
    compared = ids;
    qsort(right, count, sizeof *right, by_bytes);
    const uint32_t *order = match_order_ids(&arena, ids, count);
    for (uint32_t r = 0; r < count; r++) assert_int_equal(order[r], right[r]);
    arena_free(&arena);
}

static void add_id(struct text *text, enum shape shape, uint32_t number)
{
    switch (shape) {
    case PLAIN: text_add_f(text, "%u", number); break;
    case LEFT: text_add_f(text, "L%u", number); break;
    case RIGHT: text_add_f(text, "R%u", number); break;
    case EIGHT: text_add_f(text, "%08u", number); break;
    case SEVEN: text_add_f(text, "%07u", number); break;
    case SIXTEENS: text_add_f(text, "%x", number); break;
    case CHINESE: text_add_f(text, "\xE5\x8C\x97\xE4\xBA\xAC-%u", number); break;
    case LONG: text_add_f(text, "%010u/%u", number, number % 7); break;
    case LONGER: text_add_f(text, "%010u-a-longer-one-%x", number % 4, number); break;
    case SAME: text_add_c(text, "same"); break;
    case SAME_AS: text_add_c(text, "same as"); break;
    }
}

/* Ids side by side, the last at the end of its memory, so that a sanitizer sees who reads on. */
static void make_ids(struct arena *arena, const struct kind *kind, struct rng rng, struct str *ids)
{
    struct arena scratch = {0};
    struct text text;
    uint32_t number = 0;
    text_init(&text, &scratch, SIZE_MAX / 2);
    for (uint32_t r = 0; r < MANY; r++) {
        size_t before = text.len;
        add_id(&text, r < MANY / 2 ? kind->first : kind->second, number);
        ids[r].len = text.len - before;
        number += kind->step == 0 ? rng_below(&rng, kind->below) : kind->step;
        number %= kind->below;
    }
    const char *at = arena_copy(arena, text_str(&text).ptr, text.len);
    for (uint32_t r = 0; r < MANY; r++) {
        ids[r].ptr = at;
        at += ids[r].len;
    }
    arena_free(&scratch);
}

static void test_kinds(void **state)
{
    (void)state;
    static const uint32_t counts[] = {MANY, MANY - 1, 300, 1};
    struct str ids[MANY];
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        struct arena arena = {0};
        make_ids(&arena, &kinds[k], rng_branch(5, (uint32_t)k), ids);
        for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) check_order(ids, counts[i]);
        arena_free(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kinds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
