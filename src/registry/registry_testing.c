#include "registry/registry_testing.h"

#include "base/csv.h"
#include "base/list.h"

#include <stdio.h>

enum { SHEETS_MAX = 4 };

struct workbook {
    struct arena arena;
    struct str sheets[SHEETS_MAX];
    struct csv_reader reader; /* of the sheet under way */
    uint64_t line;
};

static void name_column(struct sheet_plan *plan, struct arena *arena, size_t column,
                        struct str heading)
{
    plan->headings[column] = str_copy(arena, heading);
    plan->fields[column] = profile_field_number(plan->profile, str_cstr(arena, heading));
}

/* The register and day, then the columns. */
static bool plan_sheet(struct workbook *workbook, struct arena *arena,
                       const struct profiles *profiles, struct str text, struct sheet_plan *plan,
                       struct err *err)
{
    struct csv_row row;
    bool more;
    csv_open(&workbook->reader, text, ',');
    if (!csv_next(&workbook->reader, &workbook->arena, &row, &more, err)) return false;
    plan->profile = profile_find(profiles, row.cells[0]);
    if (plan->profile == NULL) {
        return err_set(err, ERR_INPUT, "no register is recognised", "认不出是哪种登记册");
    }
    plan->day_stated = DAY_NONE;
    if (row.count > 1) (void)day_parse(row.cells[1], &plan->day_stated);
    assert_true(csv_next(&workbook->reader, &workbook->arena, &row, &more, err));
    plan->column_count = row.count;
    plan->headings = arena_array(arena, struct str, row.count);
    plan->fields = arena_array(arena, int, row.count);
    for (size_t i = 0; i < row.count; i++) name_column(plan, arena, i, row.cells[i]);
    return true;
}

bool intake_open(struct intake_file *out, struct arena *arena, const char *path,
                 const struct profiles *profiles, const struct intake_options *options,
                 struct err *err)
{
    static const char *const names[SHEETS_MAX] = {"Sheet1", "Sheet2", "Sheet3", "Sheet4"};
    struct arena own = {0};
    struct str rest;
    (void)options;
    if (!file_read(&own, path, 1 << 28, &rest, err)) return false;
    struct workbook *workbook = arena_new(&own, struct workbook);
    struct sheet_plan *plans = arena_array(arena, struct sheet_plan, SHEETS_MAX);
    const struct profile **registers = arena_array(arena, const struct profile *, SHEETS_MAX);
    size_t count = 0, register_count = 0;
    workbook->arena = own;
    for (size_t at = 0; at != SIZE_MAX; count++) {
        assert_true(count < SHEETS_MAX);
        at = str_find(rest, STR("====\n"));
        workbook->sheets[count] = str_slice(rest, 0, at);
        if (at != SIZE_MAX) rest = str_slice(rest, at + 5, rest.len);
        if (!plan_sheet(workbook, arena, profiles, workbook->sheets[count], &plans[count], err)) {
            own = workbook->arena;
            arena_free(&own);
            return false;
        }
        plans[count].sheet_name = str_from(names[count]);
        bool known = false;
        for (size_t i = 0; i < register_count; i++) {
            known = known || registers[i] == plans[count].profile;
        }
        if (!known) registers[register_count++] = plans[count].profile;
    }
    *out = (struct intake_file){.workbook = workbook,
                                .plans = plans,
                                .plan_count = count,
                                .profile = plans[0].profile,
                                .registers = registers,
                                .register_count = register_count};
    return true;
}

void intake_close(struct intake_file *file)
{
    struct arena arena = file->workbook->arena;
    arena_free(&arena);
}

void intake_walk_start(struct intake_walk *walk, struct intake_file *file,
                       const struct divisions *divisions)
{
    *walk = (struct intake_walk){.file = file, .divisions = divisions};
}

unsigned workbook_done_permille(const struct workbook *workbook)
{
    return workbook->line > 1000 ? 1000 : (unsigned)workbook->line;
}

/* Stands the walk on the first row of the next sheet of its register. */
static bool next_sheet(struct intake_walk *walk, struct err *err)
{
    struct workbook *workbook = walk->file->workbook;
    if (walk->sheet_open) walk->plan++;
    walk->sheet_open = false;
    while (walk->plan < walk->file->plan_count
           && walk->file->plans[walk->plan].profile != walk->file->profile) {
        walk->plan++;
    }
    if (walk->plan == walk->file->plan_count) return true;
    struct csv_row cells;
    bool more;
    csv_open(&workbook->reader, workbook->sheets[walk->plan], ',');
    for (int i = 0; i < 2; i++) {
        if (!csv_next(&workbook->reader, &workbook->arena, &cells, &more, err)) return false;
    }
    walk->sheet_open = true;
    workbook->line = 2;
    return true;
}

static void take_cell(struct arena *arena, const struct sheet_plan *plan, size_t column,
                      struct str cell, struct intake_row *row)
{
    int field = plan->fields[column];
    size_t arrow = str_find(cell, STR(">"));
    struct str value = str_copy(arena, cell);
    if (str_is(plan->headings[column], "area")) {
        row->area = value;
    } else if (field < 0) {
        row->extra[2 * row->extra_count] = plan->headings[column];
        row->extra[2 * row->extra_count++ + 1] = value;
    } else if (arrow == SIZE_MAX) {
        row->values[field] = value;
    } else {
        row->written[field] = str_slice(value, 0, arrow);
        row->values[field] = str_slice(value, arrow + 1, value.len);
        row->outcome = ROW_WARNED;
        row->notes[row->note_count++] = (struct intake_note){field, column, STR("value_changed")};
    }
}

bool intake_next(struct intake_walk *walk, struct arena *arena, struct intake_row *row, bool *more,
                 struct err *err)
{
    struct workbook *workbook = walk->file->workbook;
    struct csv_row cells;
    *more = false;
    if (!walk->sheet_open && !next_sheet(walk, err)) return false;
    while (walk->sheet_open && !*more) {
        if (!csv_next(&workbook->reader, arena, &cells, more, err)) return false;
        if (!*more && !next_sheet(walk, err)) return false;
    }
    if (!*more) return true;
    struct sheet_plan *plan = &walk->file->plans[walk->plan];
    if (str_is(cells.cells[0], "FAIL")) {
        return err_set(err, ERR_INPUT, "row %d cannot be read", "第 %d 行无法读取",
                       (int)workbook->line + 1);
    }
    size_t fields = plan->profile->field_count;
    bool beside = str_starts(cells.cells[0], STR("&"));
    if (beside) cells.cells[0] = str_slice(cells.cells[0], 1, cells.cells[0].len);
    if (!beside) workbook->line++;
    *row = (struct intake_row){
        .sheet = walk->plan,
        .number = workbook->line,
        .values = arena_array(arena, struct str, fields),
        .written = arena_array(arena, struct str, fields),
        .notes = arena_array(arena, struct intake_note, cells.count + 1),
        .extra = arena_array(arena, struct str, 2 * cells.count),
        .area = STR(""),
    };
    for (size_t i = 0; i < cells.count && i < plan->column_count; i++) {
        take_cell(arena, plan, i, cells.cells[i], row);
    }
    if (str_is(cells.cells[0], "REJECT")) {
        row->outcome = ROW_REJECTED;
        row->notes[0] = (struct intake_note){-1, SIZE_MAX, STR("names_nobody")};
        row->note_count = 1;
    }
    return true;
}

struct world *world_open(void **state)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct world *world = arena_new(&arena, struct world);
    unsigned char secret[CODEC_SECRET_BYTES] = {7};
    world->path = test_path_fresh(state);
    assert_true(profiles_load(&world->profiles, &arena, NULL, &err));
    world->registry = (struct registry){.codec = codec_from_secret(secret),
                                        .profiles = &world->profiles,
                                        .clock = clock_fixed(1606780800000)};
    assert_true(store_open(&world->registry.store, world->path, STORE_CREATE, &err));
    assert_true(registry_migrate(&world->registry, &err));
    world->local = asker_local();
    world->arena = arena;
    return world;
}

void world_close(struct world *world)
{
    store_close(world->registry.store);
    codec_close(world->registry.codec);
    struct arena arena = world->arena;
    arena_free(&arena);
}

const char *world_file(void **state, const char *name, const char *text)
{
    struct err err = ERR_INIT;
    const char *path = test_path(state, name);
    assert_true(file_write(path, str_from(text), 0600, &err));
    return path;
}

struct load_options world_options(void)
{
    return (struct load_options){.intake = {.at = DAY_NONE}};
}

struct load_result world_load(void **state, struct world *world, const char *text,
                              struct load_options options)
{
    struct load_result result = {0};
    struct err err = ERR_INIT;
    const char *path = world_file(state, "file.csv", text);
    if (!world_load_path(world, path, &options, NULL, &result, &err)) {
        fail_msg("load failed: %s", err.en);
    }
    return result;
}

bool world_load_path(struct world *world, const char *path, const struct load_options *options,
                     const struct progress *progress, struct load_result *result, struct err *err)
{
    struct load_result *results = NULL;
    size_t count = 0;
    if (!registry_load(&world->registry, &world->arena, &world->local, path, options, progress,
                       &results, &count, err)) {
        return false;
    }
    assert_int_equal(count, 1);
    *result = results[0];
    return true;
}

struct printing {
    struct text text;
    const struct profile *profile;
    struct str keys;
};

static bool print_statement(void *context, const struct statement *statement)
{
    struct printing *printing = context;
    struct str rest = printing->keys, key;
    bool first = true;
    while (str_split(&rest, ',', &key)) {
        if (!first) text_add_byte(&printing->text, ' ');
        first = false;
        if (str_is(key, "area")) {
            text_add(&printing->text, statement->area);
            continue;
        }
        char name[64];
        snprintf(name, sizeof name, "%.*s", STR_ARG(key));
        int field = profile_field_number(printing->profile, name);
        assert_true(field >= 0);
        text_add(&printing->text, statement->values[field]);
        if (statement->written[field].ptr != NULL) {
            text_add_f(&printing->text, "(%.*s)", STR_ARG(statement->written[field]));
        }
    }
    text_add_byte(&printing->text, ';');
    return true;
}

struct str world_read_as(struct world *world, const struct asker *asker, const char *register_key,
                         const char *keys, const char *at, int64_t known_ms)
{
    struct printing printing = {.profile = profile_find(&world->profiles, str_from(register_key)),
                                .keys = str_from(keys)};
    struct read_at when = {.known_ms = known_ms};
    struct err err = ERR_INIT;
    assert_true(day_parse(str_from(at), &when.at));
    text_init(&printing.text, &world->arena, 1 << 20);
    if (!registry_read(&world->registry, asker, printing.profile, when, print_statement, &printing,
                       &err)) {
        fail_msg("read failed: %s", err.en);
    }
    return text_str(&printing.text);
}

struct str world_read(struct world *world, const char *register_key, const char *keys,
                      const char *at)
{
    return world_read_as(world, &world->local, register_key, keys, at, INT64_MAX);
}

void assert_counts(const struct load_result *result, uint64_t fresh, uint64_t repeated,
                   uint64_t replaced, uint64_t ended)
{
    if (result->status != LOAD_LOADED) fail_msg("refused: %s", result->error.en);
    assert_int_equal(result->rows, result->accepted + result->warned + result->rejected);
    assert_int_equal(result->fresh, fresh);
    assert_int_equal(result->repeated, repeated);
    assert_int_equal(result->replaced, replaced);
    assert_int_equal(result->ended, ended);
}
