#include "awards/facts_collector.h"

#include <stdlib.h>

enum { COUNTY_KEY_BYTES = 64 };

static void note_county(struct fact_collector *collector, size_t register_number, struct str area)
{
    struct kept *kept = &collector->kept[register_number];
    struct text key;
    struct arena work = {0};
    if (area.len < FACT_COUNTY_DIGITS) return;
    if (memcmp(kept->county, area.ptr, FACT_COUNTY_DIGITS) == 0) return;
    memcpy(kept->county, area.ptr, FACT_COUNTY_DIGITS);
    text_init(&key, &work, COUNTY_KEY_BYTES);
    text_add_f(&key, "%zu/%.*s", register_number, FACT_COUNTY_DIGITS, area.ptr);
    dict_put(&collector->counties, text_str(&key));
    arena_free(&work);
}

bool fact_collector_passes(struct fact_collector *collector, size_t register_number,
                           const struct statement *statement, bool set_aside)
{
    const struct fact_register *reg = &collector->text->registers[register_number];
    if (reg->keeps_households || reg->id_number < 0) return false;
    struct str id = statement->values[reg->fields[reg->id_number]];
    if (id.len > 0 && dict_find(collector->ids, id) != DICT_NONE) return false;
    if (reg->area >= 0) note_county(collector, register_number, statement->area);
    if (set_aside && id.len > 0) {
        *list_push(collector->arena, &collector->kept[register_number].passed) =
            (struct passed_row){str_hash(id), statement->number};
    }
    return true;
}

void fact_collector_narrow(struct fact_collector *collector, const struct dict *ids)
{
    collector->ids = ids;
}

/* A row to fetch. */
struct wanted_row {
    size_t register_number; /* of the text */
    int64_t statement;
    bool set_aside;
};

struct fetching {
    struct fact_collector *collector;
    const struct people *people;
    int *registers;  /* by register of people: of the text, or -1 */
    bool *is_kept;   /* by record */
    bool *concerned; /* by person */
    struct dict guardians;
    LIST(struct wanted_row) wanted;
};

/* Both the records and the rows of a register stand by statement. */
static void meet_records(struct fetching *fetching)
{
    const struct people *people = fetching->people;
    struct arena *arena = fetching->collector->arena;
    size_t *next = arena_array(arena, size_t, people->register_count);
    for (size_t i = 0; i < people->record_count; i++) {
        const struct person_record *record = &people->records[i];
        uint32_t r = record->register_number;
        if (fetching->registers[r] < 0) continue;
        const struct kept *kept = &fetching->collector->kept[fetching->registers[r]];
        while (next[r] < kept->rows.count
               && kept->rows.items[next[r]].statement < record->statement) {
            next[r]++;
        }
        fetching->is_kept[i] =
            next[r] < kept->rows.count && kept->rows.items[next[r]].statement == record->statement;
    }
}

/* Of registers that keep all rows a kept row says nothing of who is concerned. */
static bool names_candidate(const struct fetching *fetching, size_t record)
{
    const struct people *people = fetching->people;
    int number = fetching->registers[people->records[record].register_number];
    return fetching->is_kept[record]
           && (!fetching->collector->text->registers[number].keeps_households
               || dict_find(fetching->collector->ids,
                            people_text(people, (uint32_t)record, PERSON_ID_NUMBER))
                      != DICT_NONE);
}

static void want_record(struct fetching *fetching, uint32_t record)
{
    const struct person_record *row = &fetching->people->records[record];
    int number = fetching->registers[row->register_number];
    if (number < 0 || fetching->is_kept[record]) return;
    fetching->is_kept[record] = true;
    *list_push(fetching->collector->arena, &fetching->wanted) =
        (struct wanted_row){(size_t)number, row->statement, false};
}

static void want_person(struct fetching *fetching, uint32_t person)
{
    static const enum person_field guardians[] = {PERSON_GUARDIAN_ID, PERSON_GUARDIAN2_ID};
    const struct people *people = fetching->people;
    const struct person *whole = &people->persons[person];
    for (uint32_t i = 0; i < whole->count; i++) {
        uint32_t record = people->order[whole->first + i];
        want_record(fetching, record);
        for (size_t g = 0; g < sizeof guardians / sizeof *guardians; g++) {
            struct str id = people_text(people, record, guardians[g]);
            if (id.len > 0) dict_put(&fetching->guardians, id);
        }
    }
}

/* Their rows are found by the number. */
static void want_guardians(struct fetching *fetching)
{
    const struct people *people = fetching->people;
    const struct dict *texts = &people->texts[PERSON_ID_NUMBER];
    struct arena *arena = fetching->collector->arena;
    bool *named = arena_array(arena, bool, texts->count);
    struct u64_map hashes;
    u64_map_init(&hashes, arena);
    for (uint32_t g = 0; g < fetching->guardians.count; g++) {
        struct str id = dict_text(&fetching->guardians, g);
        uint32_t number = dict_find(texts, id);
        if (number != DICT_NONE) named[number] = true;
        u64_map_put(&hashes, str_hash(id), g);
    }
    for (uint32_t i = 0; i < people->record_count; i++) {
        if (named[people->records[i].values[PERSON_ID_NUMBER]]) want_record(fetching, i);
    }
    for (size_t r = 0; r < fetching->collector->text->register_count; r++) {
        const struct kept *kept = &fetching->collector->kept[r];
        for (size_t i = 0; i < kept->passed.count; i++) {
            const struct passed_row *row = &kept->passed.items[i];
            if (u64_map_find(&hashes, row->id_hash) == DICT_NONE) continue;
            *list_push(arena, &fetching->wanted) = (struct wanted_row){r, row->statement, true};
        }
    }
}

static int compare_rows(const void *a, const void *b)
{
    const struct fact_row *x = a, *y = b;
    return x->statement < y->statement ? -1 : x->statement > y->statement;
}

/* A child named in the row of another is a second record of one row. */
static bool is_repeated(const struct fetching *fetching, size_t i)
{
    const struct wanted_row *rows = fetching->wanted.items;
    return i > 0 && rows[i - 1].register_number == rows[i].register_number
           && rows[i - 1].statement == rows[i].statement;
}

static int compare_wanted(const void *a, const void *b)
{
    const struct wanted_row *x = a, *y = b;
    if (x->register_number != y->register_number) {
        return x->register_number < y->register_number ? -1 : 1;
    }
    return x->statement < y->statement ? -1 : x->statement > y->statement;
}

static bool fetch_rows(struct fetching *fetching, struct registry *registry,
                       const struct asker *asker, struct err *err)
{
    struct fact_collector *collector = fetching->collector;
    struct arena work = {0};
    bool good = true;
    if (fetching->wanted.count > 1) {
        qsort(fetching->wanted.items, fetching->wanted.count, sizeof *fetching->wanted.items,
              compare_wanted);
    }
    for (size_t i = 0; good && i < fetching->wanted.count; i++) {
        const struct wanted_row *row = &fetching->wanted.items[i];
        struct statement statement;
        if (is_repeated(fetching, i)) continue;
        arena_reset(&work);
        good = registry_statement(registry, &work, asker,
                                  collector->text->registers[row->register_number].profile,
                                  row->statement, &statement, err);
        if (good) fact_collector_keep(collector, row->register_number, &statement, row->set_aside);
    }
    arena_free(&work);
    for (size_t r = 0; good && r < collector->text->register_count; r++) {
        struct kept *kept = &collector->kept[r];
        if (kept->rows.count > 1) {
            qsort(kept->rows.items, kept->rows.count, sizeof *kept->rows.items, compare_rows);
        }
    }
    return good;
}

bool fact_collector_fetch(struct fact_collector *collector, struct registry *registry,
                          const struct asker *asker, const struct people *people, struct err *err)
{
    struct fetching fetching = {.collector = collector, .people = people};
    struct arena *arena = collector->arena;
    if (collector->ids == NULL) return true;
    dict_init(&fetching.guardians, arena);
    fetching.registers = arena_array(arena, int, people->register_count);
    fetching.is_kept = arena_array(arena, bool, people->record_count);
    fetching.concerned = arena_array(arena, bool, people->person_count);
    for (size_t r = 0; r < people->register_count; r++) {
        fetching.registers[r] = facts_text_register(collector->text, people->registers[r]->key);
    }
    meet_records(&fetching);
    for (size_t i = 0; i < people->record_count; i++) {
        if (names_candidate(&fetching, i)) fetching.concerned[people->records[i].person] = true;
    }
    for (uint32_t p = 0; p < people->person_count; p++) {
        if (fetching.concerned[p]) want_person(&fetching, p);
    }
    want_guardians(&fetching);
    return fetch_rows(&fetching, registry, asker, err);
}
