#ifndef LINK_ENGINE_TESTING_H
#define LINK_ENGINE_TESTING_H

#include "base/dict.h"
#include "base/rng.h"
#include "base/testing.h"
#include "link/engine.h"

#include <stdio.h>

/* Tables in memory for tests of the engine: rows of texts become a link_input. */

enum { TABLE_COLUMNS_MAX = 12 };

/* A table being filled; source_list holds four sources, each a group of its own. */
struct table {
    struct arena *arena;
    const char *names[TABLE_COLUMNS_MAX];
    size_t column_count;
    struct dict texts[TABLE_COLUMNS_MAX];
    uint32_t *values[TABLE_COLUMNS_MAX];
    uint32_t *sources, *entities;
    uint32_t count, capacity;
    struct link_source list[4];
    struct link_column columns[TABLE_COLUMNS_MAX];
    struct link_input input;
};

/* An empty table of these columns, for at most `capacity` records. */
static inline void table_open(struct table *table, struct arena *arena, uint32_t capacity,
                              const char *const *names, size_t count)
{
    *table = (struct table){.arena = arena, .column_count = count, .capacity = capacity};
    for (size_t c = 0; c < count; c++) {
        table->names[c] = names[c];
        dict_init(&table->texts[c], arena);
        table->values[c] = arena_array(arena, uint32_t, capacity);
    }
    table->sources = arena_array(arena, uint32_t, capacity);
    table->entities = arena_array(arena, uint32_t, capacity);
    for (uint32_t s = 0; s < 4; s++) {
        table->list[s] = (struct link_source){.name = STR("source"), .group = s};
    }
}

/* One record. */
static inline void table_add(struct table *table, uint32_t source, uint32_t entity,
                             const char *const *cells)
{
    assert_true(table->count < table->capacity);
    for (size_t c = 0; c < table->column_count; c++) {
        table->values[c][table->count] = dict_put(&table->texts[c], str_from(cells[c]));
    }
    table->sources[table->count] = source;
    table->entities[table->count++] = entity;
}

/* The table as the engine takes it; borrowed. */
static inline const struct link_input *table_input(struct table *table)
{
    for (size_t c = 0; c < table->column_count; c++) {
        table->columns[c] = (struct link_column){str_from(table->names[c]), table->texts[c].texts,
                                                 table->texts[c].count, table->values[c]};
    }
    table->input.record_count = table->count;
    table->input.columns = table->columns;
    table->input.column_count = table->column_count;
    table->input.sources = table->sources;
    table->input.source_list = table->list;
    table->input.source_count = 4;
    return &table->input;
}

/* A text cell of a record. */
static inline struct str table_text(const struct table *table, size_t column, uint32_t record)
{
    return table->texts[column].texts[table->values[column][record]];
}

/* A spec that must parse. */
static inline struct link_spec *spec_of(struct arena *arena, const char *text)
{
    struct err err = ERR_INIT;
    struct link_spec *spec;
    bool parsed = link_spec_parse(arena, str_from(text), "spec", &spec, &err);
    if (!parsed) print_error("%s\n", err.en);
    assert_true(parsed);
    return spec;
}

/* An engine that must open. */
static inline struct link_engine *engine_of(struct arena *arena, struct table *table,
                                            const struct link_spec *spec)
{
    struct err err = ERR_INIT;
    struct link_engine *engine;
    bool opened = link_open(arena, table_input(table), spec, &engine, &err);
    if (!opened) print_error("%s\n", err.en);
    assert_true(opened);
    return engine;
}

/* A run that must succeed. */
static inline struct link_result run_of(struct link_engine *engine, struct link_options options)
{
    struct err err = ERR_INIT;
    struct link_result result;
    bool linked = link_run(engine, &options, &result, &err);
    if (!linked) print_error("%s\n", err.en);
    assert_true(linked);
    return result;
}

/* People: columns name, born, town, phone. Each person has `copies` records at most, spoilt by the
 * rates given in a million; missing cells too. */
struct people_rates {
    uint32_t wrong, missing;
};

/* Spoils one cell, perhaps. */
static inline void people_cell(struct rng *rng, struct people_rates rates, char *cell, size_t size,
                               const char *kind, uint32_t values)
{
    if (rng_chance_ppm(rng, rates.wrong)) {
        snprintf(cell, size, "%s%u", kind, rng_below(rng, values));
    }
    if (rng_chance_ppm(rng, rates.missing)) cell[0] = '\0';
}

/* Fills the table with people; the i-th record of a person is of source i % 4. */
static inline void table_people(struct table *table, uint32_t persons, uint32_t copies,
                                struct people_rates rates, uint64_t seed)
{
    struct rng rng = rng_seed(seed);
    static const char *const kinds[] = {"name", "born", "town", "phone"};
    static const uint32_t values[] = {400, 700, 40, 5000};
    for (uint32_t p = 0; p < persons; p++) {
        uint32_t own[4], records = 1 + rng_below(&rng, copies);
        for (size_t c = 0; c < 4; c++) own[c] = rng_below(&rng, values[c]);
        for (uint32_t i = 0; i < records; i++) {
            char cells[4][32];
            const char *row[4];
            for (size_t c = 0; c < 4; c++) {
                snprintf(cells[c], sizeof cells[c], "%s%u", kinds[c], own[c]);
                people_cell(&rng, rates, cells[c], sizeof cells[c], kinds[c], values[c]);
                row[c] = cells[c];
            }
            table_add(table, i % 4, p, row);
        }
    }
}

static const char *const people_columns[] = {"name", "born", "town", "phone"};

#endif
