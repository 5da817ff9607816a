#include "findings/check_internal.h"

#include <math.h>
#include <stdlib.h>

/* One child that two registers of residents name in two ways stands once in the list: those who are
 * suspected are weighed against one another. */

struct entry {
    uint64_t key;
    uint32_t unit;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return x->unit < y->unit ? -1 : x->unit > y->unit;
}

/* Of the children whom a second register names without a school, about half are named by the first;
 * of those whom one register names, few are named by it twice, and that two registers err alike
 * over one child is rarer still. */
static const double share_between = 0.5, share_within = 0.03;

static double share_of_doubles(const struct check *check, const struct unit *a,
                               const struct unit *b)
{
    const struct people *people = check->people;
    double share = 1;
    for (uint32_t i = 0; i < a->count; i++) {
        uint32_t number = people->records[a->records[i]].register_number;
        bool seen = false, common = false;
        for (uint32_t k = 0; k < i; k++) {
            seen |= people->records[a->records[k]].register_number == number;
        }
        for (uint32_t j = 0; j < b->count; j++) {
            common |= people->records[b->records[j]].register_number == number;
        }
        if (common && !seen) share *= share_within;
    }
    return share < 1 ? share : share_between;
}

static bool is_same(struct check *check, const struct unit *a, const struct unit *b,
                    double suspects)
{
    struct wholes wholes = {0};
    int32_t doubled;
    for (uint32_t i = 0; i < a->count; i++) {
        check_add_to_wholes(wholes.a, &wholes.a_count, a->records[i]);
    }
    for (uint32_t j = 0; j < b->count; j++) {
        check_add_to_wholes(wholes.b, &wholes.b_count, b->records[j]);
    }
    (void)check_weigh_wholes(check, &wholes, &doubled);
    return exp2(doubled / 1000.0) * share_of_doubles(check, a, b) / suspects > 1;
}

void check_find_doubles(struct check *check, const struct unit *units, const bool *missing,
                        size_t count, uint32_t *same_as)
{
    enum { BLOCK_MAX = 40 };
    LIST(struct entry) entries = {0};
    double suspects = 1;
    for (uint32_t u = 0; u < count; u++) {
        same_as[u] = u;
        if (!missing[u]) continue;
        suspects++;
        for (uint32_t r = 0; r < units[u].count; r++) {
            uint64_t keys[WEIGHER_KEYS_MAX];
            size_t found = weigher_keys(check->weigher, units[u].records[r], false, keys);
            for (size_t k = 0; k < found; k++) {
                *list_push(check->arena, &entries) = (struct entry){keys[k], u};
            }
        }
    }
    if (entries.count == 0) return;
    qsort(entries.items, entries.count, sizeof *entries.items, compare_entries);
    for (size_t i = 0; i < entries.count; i++) {
        for (size_t j = i + 1; j < entries.count && j < i + BLOCK_MAX; j++) {
            if (entries.items[j].key != entries.items[i].key) break;
            uint32_t a = entries.items[i].unit, b = entries.items[j].unit;
            while (same_as[a] != a) a = same_as[a];
            while (same_as[b] != b) b = same_as[b];
            if (a == b || !is_same(check, &units[a], &units[b], suspects)) continue;
            /* The one that the clauses name first stands for both. */
            bool first = check_rank(check, &units[a]) <= check_rank(check, &units[b]);
            same_as[first ? b : a] = first ? a : b;
        }
    }
}
