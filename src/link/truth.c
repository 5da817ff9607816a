#include "link/truth.h"

#include "base/file.h"
#include "link/match_read.h"

#include <stdlib.h>

uint64_t truth_key(uint32_t a, uint32_t b)
{
    return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

int truth_compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

uint64_t truth_pairs_of(uint64_t count)
{
    return count == 0 ? 0 : count * (count - 1) / 2;
}

static bool read_entities(struct truth *truth, const char *path, struct err *err)
{
    const struct str names[] = {STR("id"), STR("entity")};
    struct match_table table;
    struct arena scratch = {0};
    struct dict entities;
    if (!match_table_read(&truth->arena, path, names, 2, &table, err)) return false;
    dict_init(&entities, &scratch);
    truth->entities = arena_array(&truth->arena, uint32_t, table.row_count);
    uint64_t *sizes = arena_array(&scratch, uint64_t, table.row_count);
    bool good = true;
    for (uint32_t r = 0; r < table.row_count && good; r++) {
        if (dict_put(&truth->ids, table.cells[0][r]) != r) {
            struct str name = file_name(path);
            good = err_set(err, ERR_INPUT, "%.*s: line %llu: the id stands twice",
                           "%.*s：第 %llu 行：编号重复", STR_ARG(name),
                           (unsigned long long)table.lines[r]);
            break;
        }
        truth->entities[r] = dict_put(&entities, table.cells[1][r]);
        sizes[truth->entities[r]]++;
    }
    for (uint32_t e = 0; e < entities.count; e++) truth->true_pairs += truth_pairs_of(sizes[e]);
    truth->entity_count = entities.count;
    truth->by_entity = true;
    arena_free(&scratch);
    return good;
}

static bool read_true_pairs(struct truth *truth, const char *path, struct err *err)
{
    const struct str names[] = {STR("left_id"), STR("right_id")};
    struct match_table table;
    if (!match_table_read(&truth->arena, path, names, 2, &table, err)) return false;
    truth->pairs = arena_array(&truth->arena, uint64_t, table.row_count);
    size_t count = 0;
    for (uint32_t r = 0; r < table.row_count; r++) {
        uint32_t a = dict_put(&truth->ids, table.cells[0][r]);
        uint32_t b = dict_put(&truth->ids, table.cells[1][r]);
        if (a != b) truth->pairs[count++] = truth_key(a, b);
    }
    if (count > 1) qsort(truth->pairs, count, sizeof *truth->pairs, truth_compare_keys);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && truth->pairs[i] == truth->pairs[i - 1]) continue;
        truth->pairs[truth->pair_count++] = truth->pairs[i];
    }
    truth->true_pairs = truth->pair_count;
    return true;
}

bool truth_read(struct truth *truth, const char *path, struct err *err)
{
    bool by_entity;
    dict_init(&truth->ids, &truth->arena);
    if (!match_table_has(&truth->arena, path, "entity", &by_entity, err)) return false;
    return by_entity ? read_entities(truth, path, err) : read_true_pairs(truth, path, err);
}

bool truth_same(const struct truth *truth, uint32_t a, uint32_t b)
{
    if (a == b || a == DICT_NONE || b == DICT_NONE) return false;
    if (truth->by_entity) return truth->entities[a] == truth->entities[b];
    uint64_t key = truth_key(a, b);
    return truth->pair_count > 0
           && bsearch(&key, truth->pairs, truth->pair_count, sizeof key, truth_compare_keys)
                  != NULL;
}

void evaluation_finish(struct evaluation *evaluation)
{
    uint64_t listed = evaluation->found + evaluation->wrong;
    uint64_t both = listed + evaluation->true_pairs;
    double found = 1e6 * (double)evaluation->found;
    evaluation->precision_ppm = listed == 0 ? 0 : (uint32_t)(found / (double)listed + 0.5);
    evaluation->recall_ppm =
        evaluation->true_pairs == 0 ? 0 : (uint32_t)(found / (double)evaluation->true_pairs + 0.5);
    evaluation->f1_ppm = both == 0 ? 0 : (uint32_t)(2 * found / (double)both + 0.5);
}
