#include "intake/groups.h"

#include "base/dict.h"
#include "intake/fold.h"

enum { CELLS_LEAST = 3, GROUPS_LEAST = 2, EMPTY_PERCENT_LEAST = 20 };

/* How a column is filled. */
struct filling {
    uint64_t pattern; /* hash of which rows are empty; 0 when the column is no candidate */
    bool distinct;    /* no text stands in two groups */
};

/* Rows with one or two cells are titles and totals, not members of a group. */
static bool is_full_row(const struct sample *sample, size_t row)
{
    size_t filled = 0;
    for (size_t column = 0; column < sample->rows[row].count; column++) {
        filled += sample->rows[row].cells[column].text.len > 0;
    }
    return filled >= CELLS_LEAST;
}

static struct filling look(struct arena *arena, const struct sample *sample, size_t first,
                           size_t column)
{
    struct dict seen;
    struct filling out = {.distinct = true};
    uint64_t pattern = 0x9E3779B97F4A7C15u;
    size_t rows = 0, empty = 0;
    dict_init(&seen, arena);
    for (size_t row = first; row < sample->row_count; row++) {
        if (!is_full_row(sample, row)) continue;
        struct str text = sample_cell(sample, row, column).text;
        rows++;
        if (text.len == 0 && rows == 1) return (struct filling){0};
        pattern = u64_mix(pattern ^ (text.len == 0 ? row * 2 : row * 2 + 1));
        empty += text.len == 0;
        if (text.len == 0) continue;
        uint32_t before = seen.count;
        if (dict_put(&seen, text) < before) out.distinct = false;
    }
    bool groups = rows - empty >= GROUPS_LEAST && empty * 100 >= rows * EMPTY_PERCENT_LEAST;
    if (groups) out.pattern = pattern;
    return out;
}

bool *groups_find(struct arena *arena, const struct sample *sample, size_t first,
                  size_t column_count)
{
    struct filling *fillings = arena_array(arena, struct filling, column_count);
    bool *grouped = arena_array(arena, bool, column_count);
    for (size_t i = 0; i < column_count; i++) fillings[i] = look(arena, sample, first, i);
    for (size_t i = 0; i < column_count; i++) {
        size_t alike = 0;
        bool distinct = false;
        for (size_t j = 0; j < column_count && fillings[i].pattern != 0; j++) {
            if (fillings[j].pattern != fillings[i].pattern) continue;
            alike++;
            distinct = distinct || fillings[j].distinct;
        }
        grouped[i] = alike >= 2 && distinct;
    }
    return grouped;
}
