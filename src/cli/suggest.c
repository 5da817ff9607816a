#include "cli/suggest.h"

#include <string.h>

enum { SUGGEST_BYTES_MAX = 40 };

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment; both texts are short. */
static size_t distance(struct str a, struct str b)
{
    size_t rows[SUGGEST_BYTES_MAX + 1][SUGGEST_BYTES_MAX + 1];
    for (size_t i = 0; i <= a.len; i++) rows[i][0] = i;
    for (size_t j = 0; j <= b.len; j++) rows[0][j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        for (size_t j = 1; j <= b.len; j++) {
            size_t cost = a.ptr[i - 1] == b.ptr[j - 1] ? 0 : 1;
            size_t best = least(rows[i - 1][j] + 1, rows[i][j - 1] + 1);
            best = least(best, rows[i - 1][j - 1] + cost);
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1]) {
                best = least(best, rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    return rows[a.len][b.len];
}

struct suggestion suggest_start(struct str typed)
{
    return (struct suggestion){.typed = typed, .distance_best = typed.len / 3 + 1};
}

void suggest_try(struct suggestion *suggestion, const char *word)
{
    struct str known = str_from(word);
    if (known.len > SUGGEST_BYTES_MAX || suggestion->typed.len > SUGGEST_BYTES_MAX) return;
    size_t found = distance(suggestion->typed, known);
    if (found >= suggestion->distance_best) return;
    suggestion->distance_best = found;
    suggestion->word = word;
}
