#include "link/match_tables.h"

#include "base/dict.h"

#include "link/match_code.h"
#include "link/spec.h"

#include <string.h>

void match_wanted_find(const struct link_spec *spec, struct match_wanted *wanted)
{
    const struct str *names;
    wanted->count = link_spec_columns(spec, &names);
    memcpy(wanted->names, names, wanted->count * sizeof *names);
    wanted->id = wanted->source = SIZE_MAX;
    if (spec->id_column.len > 0) {
        wanted->id = wanted->count;
        wanted->names[wanted->count++] = spec->id_column;
    }
    if (spec->source_column.len > 0) {
        wanted->source = wanted->count;
        wanted->names[wanted->count++] = spec->source_column;
    }
}

/* Ids of one file: as written, or its rows counted from 1 when the spec names no column. */
static bool read_ids(struct arena *arena, const struct match_table *table,
                     const struct match_wanted *wanted, struct str *ids, struct err *err)
{
    for (uint32_t r = 0; r < table->row_count; r++) {
        if (wanted->id == SIZE_MAX) {
            struct text text;
            text_init(&text, arena, 16);
            text_add_f(&text, "%u", r + 1);
            ids[r] = text_str(&text);
            continue;
        }
        ids[r] = table->cells[wanted->id][r];
        if (ids[r].len > 0) continue;
        return err_set(err, ERR_INPUT, "line %llu: the id is empty", "第 %llu 行：编号是空的",
                       (unsigned long long)table->lines[r]);
    }
    return true;
}

/* Refuses an id that stands twice in one file, at the first place where one does. */
static bool check_ids(const struct match *match, const struct match_table *tables,
                      const struct str *places, struct err *err)
{
    uint32_t count = (uint32_t)match->input.record_count, first = count;
    for (uint32_t i = 1; i < count; i++) {
        uint32_t before = match->order[i - 1], here = match->order[i];
        bool apart = before < match->left_count && here >= match->left_count;
        if (here >= first || apart || !str_equal(match->ids[before], match->ids[here])) continue;
        first = here;
    }
    if (first == count) return true;
    size_t t = first < match->left_count ? 0 : 1;
    uint32_t row = t == 0 ? first : first - match->left_count;
    err_set(err, ERR_INPUT, "line %llu: the id stands twice", "第 %llu 行：编号重复",
            (unsigned long long)tables[t].lines[row]);
    return err_at(err, "%.*s", "%.*s", STR_ARG(places[t]));
}

static bool set_sources(struct match *match, const struct match_wanted *wanted,
                        const struct link_column *columns, bool two, struct err *err)
{
    struct link_input *input = &match->input;
    struct link_source *list;
    if (wanted->source != SIZE_MAX) {
        const struct link_column *column = &columns[wanted->source];
        if (column->text_count > LINK_SOURCES_MAX) {
            return err_set(err, ERR_LIMIT, "the column \"%.*s\" names more than %d sources",
                           "“%.*s”列的来源超过 %d 个", STR_ARG(column->name), LINK_SOURCES_MAX);
        }
        list = arena_array(match->arena, struct link_source, column->text_count);
        for (uint32_t s = 0; s < column->text_count; s++) list[s].name = column->texts[s];
        input->sources = column->values;
        input->source_count = column->text_count;
    } else {
        uint32_t *sources = arena_array(match->arena, uint32_t, input->record_count);
        for (size_t r = match->left_count; r < input->record_count; r++) sources[r] = 1;
        list = arena_array(match->arena, struct link_source, 2);
        list[0].name = STR("left");
        list[1].name = STR("right");
        input->sources = sources;
        input->source_count = two ? 2 : 1;
    }
    for (size_t s = 0; s < input->source_count; s++) {
        list[s].once_per_entity = match->spec->once;
        list[s].group = (uint32_t)(s < LINK_GROUPS_MAX ? s : LINK_GROUPS_MAX - 1);
    }
    input->source_list = list;
    return true;
}

static bool use_ids(struct match *match, const struct match_wanted *wanted,
                    const struct match_table *tables, const struct str *places, size_t count,
                    struct err *err)
{
    struct arena scratch = {0};
    size_t total = match->input.record_count;
    struct str *ids = arena_array(&scratch, struct str, total);
    uint32_t at = 0;
    bool done = true;
    for (size_t t = 0; t < count && done; t++) {
        done = read_ids(&scratch, &tables[t], wanted, ids + at, err)
               || err_at(err, "%.*s", "%.*s", STR_ARG(places[t]));
        at += tables[t].row_count;
    }
    if (done) {
        match->ids = match_keep_texts(match->arena, ids, total);
        match->order = match_order_ids(match->arena, match->ids, (uint32_t)total);
        done = wanted->id == SIZE_MAX || check_ids(match, tables, places, err);
    }
    arena_free(&scratch);
    return done;
}

/* Keys of records: of the list they are in and their ids. */
static const uint64_t *make_keys(const struct match *match)
{
    uint64_t *keys = arena_array(match->arena, uint64_t, match->input.record_count);
    for (uint32_t r = 0; r < match->input.record_count; r++) {
        keys[r] = u64_mix(str_hash(match->ids[r]) + (r >= match->left_count));
    }
    return keys;
}

bool match_use_tables(struct match *match, const struct match_wanted *wanted,
                      const struct match_table *tables, const struct str *places, size_t count,
                      struct err *err)
{
    CHECK(match->spec != NULL);
    CHECK(count == 1 || count == 2);
    size_t total = 0;
    struct link_input *input = &match->input;
    for (size_t t = 0; t < count; t++) total += tables[t].row_count;
    if (total > INT32_MAX) {
        return err_set(err, ERR_LIMIT, "more than 2^31 records", "记录超过 2^31 条");
    }
    if (count == 2 && !match->spec->between_stated) match->spec->between = true;
    input->record_count = total;
    match->left_count = tables[0].row_count;
    if (!use_ids(match, wanted, tables, places, count, err)) return false;
    struct link_column *columns = arena_array(match->arena, struct link_column, wanted->count);
    match_code_columns(match->arena, tables, count, wanted->count, wanted->id, columns);
    input->columns = columns;
    input->column_count = wanted->id == SIZE_MAX ? wanted->count : wanted->id;
    if (!set_sources(match, wanted, columns, count == 2, err)) return false;
    if (match->keyed) input->keys = make_keys(match);
    /* The engine has an input of its own, so that a match can be moved. */
    match->engine_input = arena_copy(match->arena, input, sizeof *input);
    return link_open(match->arena, match->engine_input, match->spec, &match->engine, err);
}
