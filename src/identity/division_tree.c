#include "identity/division_tree.h"

#include "base/dict.h"

#include <stdlib.h>
#include <string.h>

enum { COUNTY_DIGITS = 6, TOWNSHIP_DIGITS = 9, VILLAGE_DIGITS = 12 };

static const char *level_of(struct str code)
{
    if (code.len == VILLAGE_DIGITS) return "village";
    if (code.len == TOWNSHIP_DIGITS) return "township";
    if (str_ends(code, STR("0000"))) return "province";
    return str_ends(code, STR("00")) ? "prefecture" : "county";
}

/* The smallest known division that this one lies in. */
static const struct division *parent_of(const struct divisions *divisions, struct str code)
{
    static const struct {
        size_t digits;
        const char *zeros;
    } uppers[] = {{9, ""}, {6, ""}, {4, "00"}, {2, "0000"}};
    for (size_t i = 0; i < sizeof uppers / sizeof *uppers; i++) {
        char bytes[VILLAGE_DIGITS];
        size_t zeros = strlen(uppers[i].zeros);
        struct str upper = {bytes, uppers[i].digits + zeros};
        if (code.len < upper.len) continue;
        memcpy(bytes, code.ptr, uppers[i].digits);
        memcpy(bytes + uppers[i].digits, uppers[i].zeros, zeros);
        if (str_equal(upper, code)) continue;
        const struct division *found = division_find(divisions, upper);
        if (found != NULL) return found;
    }
    return NULL;
}

static bool has_below(const struct divisions *divisions, struct str code)
{
    for (int digits = COUNTY_DIGITS; digits <= VILLAGE_DIGITS; digits += 3) {
        const struct division *first;
        size_t count;
        division_below(divisions, code, digits, &first, &count);
        if (count > 0) return true;
    }
    return false;
}

static int compare_nodes(const void *a, const void *b)
{
    const struct division_node *x = a, *y = b;
    return str_compare(x->division->code, y->division->code);
}

/* Makes nodes of the codes put together, in code order. */
static void finish(const struct divisions *divisions, struct arena *arena, const struct dict *codes,
                   struct division_node **out, size_t *count)
{
    struct division_node *nodes = arena_array(arena, struct division_node, codes->count);
    for (uint32_t i = 0; i < codes->count; i++) {
        const struct division *division = division_find(divisions, dict_text(codes, i));
        nodes[i] = (struct division_node){
            .division = division,
            .parent = parent_of(divisions, division->code),
            .level = level_of(division->code),
            .more = has_below(divisions, division->code),
        };
    }
    if (codes->count > 0) qsort(nodes, codes->count, sizeof *nodes, compare_nodes);
    *out = nodes;
    *count = codes->count;
}

static void put_with_uppers(const struct divisions *divisions, struct dict *codes,
                            const struct division *division)
{
    for (; division != NULL; division = parent_of(divisions, division->code)) {
        dict_put(codes, division->code);
    }
}

void division_tree_top(const struct divisions *divisions, struct arena *arena,
                       struct division_node **out, size_t *count)
{
    struct dict codes;
    const struct division *all;
    size_t all_count;
    dict_init(&codes, arena);
    division_below(divisions, STR_EMPTY, TOWNSHIP_DIGITS, &all, &all_count);
    for (size_t i = 0; i < all_count; i++) {
        put_with_uppers(divisions, &codes, &all[i]);
    }
    division_below(divisions, STR_EMPTY, COUNTY_DIGITS, &all, &all_count);
    for (size_t i = 0; codes.count == 0 && i < all_count; i++) {
        if (parent_of(divisions, all[i].code) == NULL) dict_put(&codes, all[i].code);
    }
    finish(divisions, arena, &codes, out, count);
}

void division_tree_below(const struct divisions *divisions, struct arena *arena, struct str code,
                         struct division_node **out, size_t *count)
{
    struct dict codes;
    const struct division *upper = division_find(divisions, code);
    dict_init(&codes, arena);
    for (int digits = COUNTY_DIGITS; upper != NULL && digits <= VILLAGE_DIGITS; digits += 3) {
        const struct division *all;
        size_t all_count;
        division_below(divisions, code, digits, &all, &all_count);
        for (size_t i = 0; i < all_count; i++) {
            if (parent_of(divisions, all[i].code) == upper) dict_put(&codes, all[i].code);
        }
        if (codes.count > 0) break;
    }
    finish(divisions, arena, &codes, out, count);
}

void division_tree_find(const struct divisions *divisions, struct arena *arena, struct str text,
                        size_t most, struct division_node **out, size_t *count)
{
    struct dict codes;
    size_t found = 0;
    dict_init(&codes, arena);
    for (int digits = COUNTY_DIGITS; digits <= VILLAGE_DIGITS; digits += 3) {
        const struct division *all;
        size_t all_count;
        division_below(divisions, STR_EMPTY, digits, &all, &all_count);
        for (size_t i = 0; found < most && i < all_count; i++) {
            if (str_find(all[i].name, text) == SIZE_MAX && !str_starts(all[i].code, text)) continue;
            put_with_uppers(divisions, &codes, &all[i]);
            found++;
        }
    }
    finish(divisions, arena, &codes, out, count);
}
