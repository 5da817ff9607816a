#include "link/match_tables.h"

#include "base/dict.h"
#include "base/file.h"
#include "base/prefetch.h"
#include "base/thread.h"
#include "link/match_code.h"
#include "link/match_load.h"
#include "link/spec.h"

#include <string.h>

void match_wanted_find(const struct link_spec *spec, struct match_wanted *wanted)
{
    const struct str *names;
    wanted->count = link_spec_columns(spec, &names);
    memcpy(wanted->names, names, wanted->count * sizeof *names);
    wanted->spec_count = wanted->count;
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

enum { IDS_A_TASK = 1 << 15, FETCH_AHEAD = 16 };

struct twice_task {
    const struct match *match;
    uint32_t *firsts; /* by task: the first record whose id one before it has; or their number */
};

/* In three steps as far as ids go: the record, its id, the bytes. */
static void find_twice(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct twice_task *task = context;
    const struct match *match = task->match;
    const uint32_t *order = match->order;
    size_t count = match->input.record_count, from = number * IDS_A_TASK, end = from + IDS_A_TASK;
    uint32_t first = (uint32_t)count;
    if (end > count) end = count;
    for (size_t i = from == 0 ? 1 : from; i < end; i++) {
        if (i + 2 * (size_t)FETCH_AHEAD < end) {
            prefetch(&match->ids[order[i + 2 * (size_t)FETCH_AHEAD]]);
            prefetch(match->ids[order[i + FETCH_AHEAD]].ptr);
        }
        uint32_t before = order[i - 1], here = order[i];
        bool apart = before < match->left_count && here >= match->left_count;
        if (here >= first || apart || !str_equal(match->ids[before], match->ids[here])) continue;
        first = here;
    }
    task->firsts[number] = first;
}

/* Refuses an id that stands twice in one file, at the first place where one does. */
static bool check_ids(const struct match *match, const struct match_wish *wish, struct err *err)
{
    struct arena scratch = {0};
    uint32_t count = (uint32_t)match->input.record_count, first = count;
    size_t tasks = ((size_t)count + IDS_A_TASK - 1) / IDS_A_TASK;
    struct twice_task task = {match, arena_array(&scratch, uint32_t, tasks)};
    thread_run(0, tasks, find_twice, &task);
    for (size_t i = 0; i < tasks; i++) first = task.firsts[i] < first ? task.firsts[i] : first;
    arena_free(&scratch);
    if (first == count) return true;
    size_t t = first < match->left_count ? 0 : 1;
    uint32_t row = t == 0 ? first : first - match->left_count;
    uint64_t line;
    if (!match_line(wish, t, row, &line, err)) return false;
    err_set(err, ERR_INPUT, "line %llu: the id stands twice", "第 %llu 行：编号重复",
            (unsigned long long)line);
    return err_at(err, "%.*s", "%.*s", STR_ARG(wish->places[t]));
}

/* `contents` tells records of two files apart afterwards, as it does those of named sources. */
static bool set_sources(struct match *match, const struct match_wanted *wanted,
                        const struct link_column *columns, bool two, uint64_t *contents,
                        struct err *err)
{
    struct link_input *input = &match->input;
    struct link_source *list;
    if (wanted->source != SIZE_MAX) {
        const struct link_column *column = &columns[wanted->source];
        if (column->text_count > LINK_SOURCES_MAX) {
            return err_set(err, ERR_LIMIT, "the column \"%.*s\" names more than %d sources",
                           "“%.*s”列的来源超过 %d 个", STR_ARG(column->name), LINK_SOURCES_MAX);
        }
        /* Without rows none is named; one there is all the same. */
        input->source_count = column->text_count == 0 ? 1 : column->text_count;
        list = arena_array(match->arena, struct link_source, input->source_count);
        for (uint32_t s = 0; s < column->text_count; s++) list[s].name = column->texts[s];
        input->sources = column->values;
    } else {
        uint32_t *sources = arena_array(match->arena, uint32_t, input->record_count);
        for (size_t r = match->left_count; r < input->record_count; r++) {
            sources[r] = 1;
            contents[r] = u64_mix(contents[r] + 1);
        }
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

/* Two things that need nothing of each other: the order of ids and the engine. */
struct open_task {
    struct match *match;
    struct arena arena; /* of the order */
    struct err err;
    bool done;
};

static void open_one(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct open_task *task = context;
    struct match *match = task->match;
    uint32_t count = (uint32_t)match->input.record_count;
    if (number == 0)
        match->order = match_order_ids(&task->arena, match->ids, count);
    else
        task->done =
            link_open(match->arena, match->engine_input, match->spec, &match->engine, &task->err);
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

/* What is held when the engine is open: records, which stand in the arena, engine and program. */
static uint64_t bytes_to_open(const struct match *match)
{
    enum { PROGRAM_BYTES = 16 << 20 };
    return match->arena->bytes + link_memory_to_open(match->engine_input, match->spec)
           + PROGRAM_BYTES;
}

static bool use_loaded(struct match *match, const struct match_wish *wish,
                       const struct match_loaded *loaded, struct err *err)
{
    const struct match_wanted *wanted = wish->wanted;
    struct link_input *input = &match->input;
    bool two = wish->count == 2;
    if (two && !match->spec->between_stated) match->spec->between = true;
    match->ids = loaded->ids;
    for (size_t f = 0; f < wish->count; f++) {
        match->files[f] = str_copy(match->arena, wish->places[f]);
    }
    match->left_count = (uint32_t)loaded->first[1];
    match->row_room = loaded->row_room;
    input->record_count = loaded->record_count;
    input->columns = loaded->columns;
    input->column_count = wanted->spec_count;
    input->contents = loaded->contents;
    if (!set_sources(match, wanted, loaded->columns, two, loaded->contents, err)) return false;
    if (match->keyed) input->keys = make_keys(match);
    /* The engine has an input of its own, so that a match can be moved. */
    match->engine_input = arena_copy(match->arena, input, sizeof *input);
    uint64_t needed = wish->memory_bytes == 0 ? 0 : bytes_to_open(match);
    if (needed > wish->memory_bytes) return link_memory_refuse(needed, wish->memory_bytes, err);
    struct open_task task = {.match = match};
    thread_run(0, 2, open_one, &task);
    arena_join(match->arena, &task.arena);
    if (wanted->id != SIZE_MAX && !check_ids(match, wish, err)) return false;
    if (!task.done) *err = task.err;
    return task.done;
}

bool match_use_tables(struct match *match, const struct match_wanted *wanted,
                      const struct match_table *tables, const struct str *places, size_t count,
                      struct err *err)
{
    CHECK(match->spec != NULL);
    struct match_wish wish = {.wanted = wanted, .count = count, .tables = tables, .places = places};
    struct match_loaded loaded;
    return match_load(match->arena, &wish, &loaded, err) && use_loaded(match, &wish, &loaded, err);
}

bool match_use_files(struct match *match, const char *const *paths, size_t count,
                     const struct match_how *how, struct err *err)
{
    CHECK(match->spec != NULL);
    struct match_wanted wanted;
    struct match_loaded loaded;
    struct str places[2] = {file_name(paths[0])};
    if (count == 2) places[1] = file_name(paths[1]);
    match_wanted_find(match->spec, &wanted);
    struct match_wish wish = {.wanted = &wanted,
                              .count = count,
                              .paths = paths,
                              .places = places,
                              .simd = how->simd,
                              .memory_bytes = how->memory_bytes};
    return match_load(match->arena, &wish, &loaded, err) && use_loaded(match, &wish, &loaded, err);
}
