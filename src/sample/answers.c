#include "sample/answers.h"

#include "base/csv.h"
#include "base/file.h"

#include <stdio.h>

enum { PATH_BYTES_MAX = 4096, KEY_BYTES_MAX = 1024 };

/* Where a child is, and the code under which the national platform clears its name
 * (教基厅函〔2024〕15号). Of the suspected the truth itself has the code. */
static const struct {
    const char *situation, *code;
} situations[] = {
    {"school", "01"},    {"elsewhere", "03"}, {"dead", "06"},    {"moved_out", "05"},
    {"homebound", "09"}, {"deferred", "09"},  {"missing", "15"}, {"none", "07"},
};

void answers_init(struct answers *answers, struct arena *arena)
{
    *answers = (struct answers){.arena = arena};
    dict_init(&answers->wanted, arena);
    dict_init(&answers->words, arena);
    u64_map_init(&answers->codes, arena);
    u64_map_init(&answers->later, arena);
}

static struct str key_of(char *buffer, struct str file, struct str sheet, struct str row,
                         struct str part)
{
    int length = snprintf(buffer, KEY_BYTES_MAX, "%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(file),
                          STR_ARG(sheet), STR_ARG(row), STR_ARG(part));
    CHECK(length >= 0);
    return str_slice(str_from(buffer), 0, (size_t)length);
}

uint32_t answers_ask(struct answers *answers, struct str file, struct str sheet, uint64_t row,
                     uint32_t part)
{
    char buffer[KEY_BYTES_MAX], row_text[24], part_text[24];
    snprintf(row_text, sizeof row_text, "%llu", (unsigned long long)row);
    snprintf(part_text, sizeof part_text, "%u", part);
    struct str key = key_of(buffer, file, sheet, str_from(row_text), str_from(part_text));
    uint32_t number = dict_put(&answers->wanted, key);
    if (number == answers->rows.count) {
        *list_push(answers->arena, &answers->rows) = (struct answer_row){0};
    }
    return number;
}

/* "C0000001" and "A0000001" by one number; 0 for anything else. */
static uint64_t entity_of(struct str text)
{
    int64_t number;
    if (text.len < 2 || !str_to_i64(str_slice(text, 1, text.len), &number) || number <= 0) return 0;
    return text.ptr[0] == 'C'   ? (uint64_t)number
           : text.ptr[0] == 'A' ? (uint64_t)number | UINT64_C(1) << 40
                                : 0;
}

static void read_record(struct answers *answers, const struct csv_row *row)
{
    char buffer[KEY_BYTES_MAX];
    if (row->count < 6) return;
    const struct str *cell = row->cells;
    uint32_t number =
        dict_find(&answers->wanted, key_of(buffer, cell[0], cell[1], cell[2], cell[3]));
    if (number == DICT_NONE) return;
    uint64_t entity = entity_of(cell[5]);
    answers->rows.items[number].entity = entity;
    if (entity != 0 && u64_map_find(&answers->codes, entity) == DICT_NONE) {
        u64_map_put(&answers->codes, entity, dict_put(&answers->words, STR_EMPTY));
    }
}

/* Only of those who were asked about. */
static void put_code(struct answers *answers, struct u64_map *codes, struct str entity_text,
                     struct str code)
{
    uint64_t entity = entity_of(entity_text);
    if (entity == 0 || u64_map_find(&answers->codes, entity) == DICT_NONE) return;
    u64_map_put(codes, entity, dict_put(&answers->words, code));
}

static void put_situation(struct answers *answers, struct u64_map *codes, struct str entity_text,
                          struct str situation)
{
    for (size_t i = 0; i < sizeof situations / sizeof *situations; i++) {
        if (!str_is(situation, situations[i].situation)) continue;
        put_code(answers, codes, entity_text, str_from(situations[i].code));
    }
}

static void read_person(struct answers *answers, const struct csv_row *row)
{
    if (row->count < 7) return;
    put_situation(answers, &answers->codes, row->cells[0], row->cells[6]);
}

static void read_missing(struct answers *answers, const struct csv_row *row)
{
    if (row->count < 9) return;
    put_situation(answers, &answers->later, row->cells[0], row->cells[8]);
}

static void read_suspect(struct answers *answers, const struct csv_row *row)
{
    if (row->count >= 5) put_code(answers, &answers->codes, row->cells[0], row->cells[4]);
}

static bool read_file(struct answers *answers, const char *folder, const char *name,
                      void (*each)(struct answers *answers, const struct csv_row *row),
                      struct err *err)
{
    struct arena arena = {0};
    struct csv_reader reader;
    struct csv_row row;
    struct str text;
    char path[PATH_BYTES_MAX];
    snprintf(path, sizeof path, "%s/truth/%s", folder, name);
    if (!file_map(path, &text, err)) return false;
    bool more = true, good = true;
    csv_open(&reader, text, ',');
    while ((good = csv_next(&reader, &arena, &row, &more, err)) && more) {
        each(answers, &row);
        arena_reset(&arena);
    }
    file_unmap(text);
    arena_free(&arena);
    return good || err_at(err, "%s", "%s", path);
}

bool answers_read(struct answers *answers, const char *folder, struct err *err)
{
    return read_file(answers, folder, "records.csv", read_record, err)
           && read_file(answers, folder, "people.csv", read_person, err)
           && read_file(answers, folder, "suspects.csv", read_suspect, err)
           && read_file(answers, folder, "missing.csv", read_missing, err);
}

uint64_t answers_entity(const struct answers *answers, uint32_t number)
{
    return answers->rows.items[number].entity;
}

struct str answers_code(const struct answers *answers, uint64_t entity, bool last)
{
    uint32_t word = last && entity != 0 ? u64_map_find(&answers->later, entity) : DICT_NONE;
    if (word == DICT_NONE && entity != 0) word = u64_map_find(&answers->codes, entity);
    return word == DICT_NONE ? STR_EMPTY : dict_text(&answers->words, word);
}
