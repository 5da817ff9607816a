#include "link/people_store.h"

#include "intake/people_cell.h"
#include "link/people_build.h"

/* Which fields of a register are read, found once for each register. */
struct reader {
    struct people_builder *builder;
    const struct people *people;
    const struct people_listener *listener; /* may be NULL */
    const struct progress *progress;
    uint64_t done, total;
    uint32_t register_number;
    int places[PERSON_FIELD_COUNT]; /* field number in the profile, or -1 */
    const int *people_fields;       /* fields of several people */
    size_t people_field_count;
    uint64_t parts; /* a bit for each part of the row that is read */
};

#define ALL_PARTS UINT64_MAX

enum { REPORT_EVERY = 8192 };

static const char stage_en[] = "reading people", stage_zh[] = "读取人员";

/* A child named in a cell of somebody's row: that person's household, with the person as guardian.
 */
static void add_mention(struct reader *reader, const struct statement *statement, uint32_t part,
                        const struct str row[PERSON_FIELD_COUNT], struct str name, struct str id,
                        struct str birth)
{
    struct str values[PERSON_FIELD_COUNT] = {0};
    static const enum person_field kept[] = {
        PERSON_AREA,      PERSON_VILLAGE, PERSON_HOUSEHOLD_NUMBER,
        PERSON_HEAD_NAME, PERSON_HEAD_ID, PERSON_PHONE,
        PERSON_FROM,      PERSON_TO};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) values[kept[i]] = row[kept[i]];
    values[PERSON_NAME] = name;
    values[PERSON_ID_NUMBER] = id;
    values[PERSON_BIRTH_DATE] = birth;
    values[PERSON_GUARDIAN_NAME] = row[PERSON_NAME];
    values[PERSON_GUARDIAN_ID] = row[PERSON_ID_NUMBER];
    (void)people_add(reader->builder, reader->register_number, statement->number, part, values);
}

/* A cell in which intake could read no people stands as it was written, without a bar. */
static uint32_t add_mentions(struct reader *reader, const struct statement *statement,
                             uint32_t part, const struct str row[PERSON_FIELD_COUNT],
                             struct str cell)
{
    struct str name, id, birth;
    if (str_find(cell, STR("|")) == SIZE_MAX) return part;
    while (people_cell_next(&cell, &name, &id, &birth) && part < PERSON_MENTIONS_MAX) {
        if (name.len == 0) continue;
        part++;
        if ((reader->parts >> part & 1) == 0) continue;
        add_mention(reader, statement, part, row, name, id, birth);
    }
    return part;
}

static void take_row(struct reader *reader, const struct statement *statement)
{
    struct str row[PERSON_FIELD_COUNT];
    for (int f = 0; f < PERSON_FIELD_COUNT; f++) {
        row[f] = reader->places[f] < 0 ? STR_EMPTY : statement->values[reader->places[f]];
    }
    if (statement->area.len > 0) row[PERSON_AREA] = statement->area;
    bool kept = (reader->parts & 1) != 0
                && people_add(reader->builder, reader->register_number, statement->number, 0, row);
    if (reader->listener != NULL) {
        reader->listener->row(reader->listener->context, reader->register_number, statement, !kept);
    }
    uint32_t part = 0;
    for (size_t i = 0; i < reader->people_field_count; i++) {
        part =
            add_mentions(reader, statement, part, row, statement->values[reader->people_fields[i]]);
    }
}

static bool take_statement(void *context, const struct statement *statement)
{
    struct reader *reader = context;
    take_row(reader, statement);
    if (++reader->done % REPORT_EVERY == 0) {
        progress_report(reader->progress, stage_en, stage_zh, reader->done, reader->total);
    }
    return true;
}

static void find_fields(struct reader *reader, const struct profile *profile, int *several)
{
    reader->people_fields = several;
    reader->people_field_count = 0;
    for (int f = 0; f < PERSON_FIELD_COUNT; f++) {
        const char *key = f == PERSON_AREA ? "area_code" : person_field_key((enum person_field)f);
        reader->places[f] = profile_field_number(profile, key);
    }
    for (size_t i = 0; i < profile->field_count; i++) {
        if (profile->fields[i].type == FIELD_PEOPLE) several[reader->people_field_count++] = (int)i;
    }
}

static bool count_statements(const struct people *people, struct registry *registry,
                             uint64_t *total, struct err *err)
{
    *total = 0;
    for (size_t i = 0; i < people->register_count; i++) {
        uint64_t statements, batches;
        if (!registry_count(registry, people->registers[i], &statements, &batches, err)) {
            return false;
        }
        *total += statements;
    }
    return true;
}

bool people_read(struct people *people, struct arena *arena, struct registry *registry,
                 const struct asker *asker, struct read_at when, const struct progress *progress,
                 struct err *err)
{
    return people_read_heard(people, arena, registry, asker, when, NULL, progress, err);
}

bool people_read_heard(struct people *people, struct arena *arena, struct registry *registry,
                       const struct asker *asker, struct read_at when,
                       const struct people_listener *listener, const struct progress *progress,
                       struct err *err)
{
    CHECK(registry->profiles != NULL);
    struct people fresh;
    struct reader reader = {
        .people = &fresh, .listener = listener, .progress = progress, .parts = ALL_PARTS};
    struct arena scratch = {0};
    (void)people_begin(&fresh, &scratch, registry->profiles, when, 0);
    bool counted = count_statements(&fresh, registry, &reader.total, err);
    arena_free(&scratch);
    if (!counted) return false;
    reader.builder = people_begin(&fresh, arena, registry->profiles, when, reader.total);
    bool read = true;
    for (uint32_t i = 0; read && i < fresh.register_count; i++) {
        const struct profile *profile = fresh.registers[i];
        int *several = arena_array(arena, int, profile->field_count);
        reader.register_number = i;
        find_fields(&reader, profile, several);
        read = registry_read(registry, asker, profile, when, take_statement, &reader, err);
    }
    people_settle_kin(reader.builder);
    if (!read) return false;
    progress_report(progress, stage_en, stage_zh, reader.total, reader.total);
    fresh.all_areas = asker->all_areas;
    *people = fresh;
    return true;
}

/* The statements of one register, and which parts of each are wanted. */
struct choosing {
    struct reader *reader;
    const int64_t *statements;
    const uint64_t *parts;
    size_t at, count;
};

static void take_chosen(void *context, const struct statement *statement)
{
    struct choosing *choosing = context;
    while (choosing->at < choosing->count
           && choosing->statements[choosing->at] != statement->number) {
        choosing->at++;
    }
    CHECK(choosing->at < choosing->count);
    choosing->reader->parts = choosing->parts[choosing->at];
    take_row(choosing->reader, statement);
}

/* Reads those of one register; gives where the next begin. */
static bool read_chosen(struct reader *reader, struct registry *registry,
                        const struct record_choice *choices, size_t count, size_t *next,
                        struct err *err)
{
    struct arena work = {0};
    uint32_t number = choices[0].register_number;
    const struct profile *profile = reader->people->registers[number];
    int64_t *statements = arena_array(&work, int64_t, count);
    uint64_t *parts = arena_array(&work, uint64_t, count);
    struct choosing choosing = {.reader = reader, .statements = statements, .parts = parts};
    size_t i = 0;
    for (; i < count && choices[i].register_number == number; i++) {
        CHECK(choices[i].part < 64);
        if (i == 0 || choices[i].statement != choices[i - 1].statement) {
            statements[choosing.count++] = choices[i].statement;
        }
        parts[choosing.count - 1] |= UINT64_C(1) << choices[i].part;
    }
    *next = i;
    reader->register_number = number;
    find_fields(reader, profile, arena_array(&work, int, profile->field_count));
    bool read =
        registry_pick(registry, profile, statements, choosing.count, take_chosen, &choosing, err);
    arena_free(&work);
    return read;
}

bool people_read_chosen(struct people *people, struct arena *arena, struct registry *registry,
                        struct read_at when, const struct record_choice *choices, size_t count,
                        struct people_builder **builder, struct err *err)
{
    struct reader reader = {.people = people};
    reader.builder = people_begin(people, arena, registry->profiles, when, count);
    people_take_chosen(reader.builder);
    for (size_t from = 0, taken = 0; from < count; from += taken) {
        if (!read_chosen(&reader, registry, choices + from, count - from, &taken, err)) {
            return false;
        }
    }
    people->all_areas = true;
    *builder = reader.builder;
    return true;
}

size_t people_find(const struct people *people, int64_t number)
{
    size_t low = 0, high = people->person_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (people->persons[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < people->person_count && people->persons[low].number == number ? low : SIZE_MAX;
}
