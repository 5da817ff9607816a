#include "sample/truth.h"

#include <stdio.h>
#include <stdlib.h>

enum { COLUMNS_MAX = 10 };

/* A plain table with these headings. */
static bool open_table(struct clerk **out, struct arena *arena, const char *folder,
                       const char *name, const char *const *headings, size_t count, struct err *err)
{
    struct layout *layout = arena_new(arena, struct layout);
    struct text path;
    layout->format = FORMAT_CSV;
    layout->headings = arena_array(arena, struct str, count);
    layout->column_count = count;
    for (size_t i = 0; i < count; i++) layout->headings[i] = str_from(headings[i]);
    text_init(&path, arena, 4096);
    text_add_f(&path, "%s/truth/%s", folder, name);
    if (!clerk_open(out, arena, path.ptr, layout, STR_EMPTY, err)) return false;
    if (clerk_sheet(*out, STR_EMPTY, err)) return true;
    clerk_abandon(*out);
    return false;
}

static bool put(struct clerk *clerk, const struct str *texts, size_t count, struct err *err)
{
    struct clerk_cell cells[COLUMNS_MAX] = {0};
    uint64_t number;
    CHECK(count <= COLUMNS_MAX);
    for (size_t i = 0; i < count; i++) cells[i].text = texts[i];
    return clerk_row(clerk, cells, count, &number, err);
}

bool truth_open(struct truth *out, struct arena *arena, const char *folder, struct err *err)
{
    static const char *const headings[] = {"file", "sheet", "row", "part", "register", "entity"};
    *out = (struct truth){.arena = arena, .folder = folder};
    return open_table(&out->records, arena, folder, "records.csv", headings, 6, err);
}

static struct str entity(char buffer[16], uint32_t child, uint32_t adult)
{
    if (adult != NOBODY)
        snprintf(buffer, 16, "A%07u", adult + 1);
    else
        snprintf(buffer, 16, "C%07u", child + 1);
    return str_from(buffer);
}

bool truth_record(struct truth *truth, struct str file, struct str sheet, uint64_t number,
                  enum source source, const struct entry *entry, const struct row *row,
                  struct err *err)
{
    char row_text[24], part_text[24], name[16];
    struct str key = str_from(sample_source_key(source));
    snprintf(row_text, sizeof row_text, "%llu", (unsigned long long)number);
    struct str cells[] = {file,     sheet, str_from(row_text),
                          STR("0"), key,   entity(name, entry->child, entry->adult)};
    if (!put(truth->records, cells, 6, err)) return false;
    for (size_t i = 0; i < row->part_count; i++) {
        snprintf(part_text, sizeof part_text, "%zu", i + 1);
        cells[3] = str_from(part_text);
        cells[5] = entity(name, row->parts[i], NOBODY);
        if (!put(truth->records, cells, 6, err)) return false;
    }
    return true;
}

static const char *situation_word(const struct child *child)
{
    static const char *const words[] = {"none",     "school", "elsewhere", "homebound",
                                        "deferred", "dead",   "moved_out", "missing"};
    return words[child->situation];
}

static bool write_people(struct truth *truth, const struct city *city, struct err *err)
{
    static const char *const headings[] = {"entity", "name", "id_number", "birth_date",
                                           "sex",    "area", "situation"};
    struct clerk *table;
    char name[16], birth[DAY_TEXT_SIZE];
    if (!open_table(&table, truth->arena, truth->folder, "people.csv", headings, 7, err))
        return false;
    bool done = true;
    for (uint32_t i = 0; done && i < city->children.count; i++) {
        const struct child *child = &city->children.items[i];
        const struct family *family = &city->families.items[child->family];
        struct str cells[] = {entity(name, i, NOBODY),
                              child->name,
                              str_from(child->id),
                              str_from(day_format(child->birth, birth)),
                              child->male ? STR("M") : STR("F"),
                              city->settings->villages[family->village].code,
                              str_from(situation_word(child))};
        done = put(table, cells, 7, err);
    }
    for (uint32_t i = 0; done && i < city->adults.count; i++) {
        const struct adult *adult = &city->adults.items[i];
        struct str cells[] = {entity(name, NOBODY, i),
                              adult->name,
                              str_from(adult->id),
                              str_from(day_format(adult->birth, birth)),
                              adult->male ? STR("M") : STR("F"),
                              STR_EMPTY,
                              STR("adult")};
        done = put(table, cells, 7, err);
    }
    if (done) return clerk_close(table, err);
    clerk_abandon(table);
    return false;
}

static bool write_missing(struct truth *truth, const struct city *city, struct err *err)
{
    static const char *const headings[] = {"entity", "name",  "id_number", "birth_date", "area",
                                           "day",    "story", "register",  "outcome"};
    static const char *const outcomes[] = {"", "school", "homebound", "deferred", "elsewhere"};
    struct clerk *table;
    char name[16], birth[DAY_TEXT_SIZE], first[DAY_TEXT_SIZE];
    day_format(city->settings->first_day, first);
    if (!open_table(&table, truth->arena, truth->folder, "missing.csv", headings, 9, err))
        return false;
    bool done = true;
    for (uint32_t i = 0; done && i < city->children.count; i++) {
        const struct child *child = &city->children.items[i];
        const struct family *family = &city->families.items[child->family];
        if (child->situation != IS_MISSING) continue;
        struct str cells[] = {entity(name, i, NOBODY),
                              child->written_name,
                              child->written_id,
                              str_from(day_format(child->birth, birth)),
                              city->settings->villages[family->village].code,
                              str_from(first),
                              str_from(sample_story_key(child->story)),
                              child->registered ? STR("population") : STR("door_survey"),
                              str_from(outcomes[child->outcome])};
        done = put(table, cells, 9, err);
    }
    if (done) return clerk_close(table, err);
    clerk_abandon(table);
    return false;
}

/* What else ought to be found of a child on the first day, kind by kind. */
static bool child_findings(struct clerk *table, const struct city *city, uint32_t i,
                           struct str first, struct err *err)
{
    const struct child *child = &city->children.items[i];
    const struct family *family = &city->families.items[child->family];
    bool compulsory = child->stage == STAGE_PRIMARY || child->stage == STAGE_JUNIOR
                      || child->stage == STAGE_SPECIAL;
    bool at_school = child->situation == IS_AT_SCHOOL;
    bool holds[] = {child->situation == IS_MISSING, child->reason_absent != STORY_NONE,
                    at_school && !child->on_roll, child->second_school != NOBODY,
                    at_school && child->on_roll && compulsory && !child->registered
                        && !(family->listed && family->lives != NOBODY)};
    static const char *const kinds[] = {"not_enrolled", "not_attending", "attending_unregistered",
                                        "enrolled_twice", "roll_unknown"};
    const char *notes[] = {sample_story_key(child->story),
                           child->presence == ABSENT ? "absent" : "not_listed", "no_roll",
                           "two_rolls", "no_household"};
    char name[16];
    for (size_t k = 0; k < 5; k++) {
        if (!holds[k]) continue;
        struct str cells[] = {str_from(kinds[k]),
                              entity(name, i, NOBODY),
                              child->written_name.len > 0 ? child->written_name : child->name,
                              child->written_name.len > 0 ? child->written_id : str_from(child->id),
                              first,
                              str_from(notes[k])};
        if (!put(table, cells, 6, err)) return false;
    }
    return true;
}

static bool write_findings(struct truth *truth, const struct city *city, struct err *err)
{
    static const char *const headings[] = {"kind", "entity", "name", "id_number", "day", "note"};
    struct clerk *table;
    char name[16], first[DAY_TEXT_SIZE];
    day_format(city->settings->first_day, first);
    if (!open_table(&table, truth->arena, truth->folder, "findings.csv", headings, 6, err))
        return false;
    bool done = true;
    for (uint32_t i = 0; done && i < city->children.count; i++)
        done = child_findings(table, city, i, str_from(first), err);
    for (size_t k = 0; done && k < truth->twice.count; k++) {
        const struct child *child = &city->children.items[truth->twice.items[k]];
        struct str cells[] = {STR("enrolled_twice"), entity(name, truth->twice.items[k], NOBODY),
                              child->name,           str_from(child->id),
                              str_from(first),       STR("two_records")};
        done = put(table, cells, 6, err);
    }
    if (done) return clerk_close(table, err);
    clerk_abandon(table);
    return false;
}

static int by_child(const void *a, const void *b)
{
    const struct payment *const *x = a, *const *y = b;
    if ((*x)->child != (*y)->child) return (*x)->child < (*y)->child ? -1 : 1;
    if ((*x)->scheme != (*y)->scheme) return (*x)->scheme < (*y)->scheme ? -1 : 1;
    return *x < *y ? -1 : *x > *y;
}

static bool put_payment(struct clerk *table, const struct city *city, const struct payment *payment,
                        struct err *err)
{
    static const char *const kinds[] = {"", "missed", "undue", "twice"};
    char name[16], period[PERIOD_TEXT_SIZE], due[24], paid[24];
    snprintf(due, sizeof due, "%lld", (long long)payment->due_fen);
    snprintf(paid, sizeof paid, "%lld", (long long)payment->each_fen * payment->times);
    struct str cells[] = {
        entity(name, payment->child, NOBODY),
        city->settings->aid.schemes[payment->scheme].key,
        str_from(period_format(city->settings->plans[payment->plan].period, period)),
        str_from(due),
        str_from(paid),
        str_from(kinds[payment->state])};
    return put(table, cells, 6, err);
}

static bool write_aid(struct truth *truth, const struct city *city, struct err *err)
{
    static const char *const headings[] = {"child",   "scheme",   "period",
                                           "due_fen", "paid_fen", "kind"};
    struct clerk *table;
    size_t count = city->payments.count;
    const struct payment **payments = arena_array(truth->arena, const struct payment *, count + 1);
    for (size_t i = 0; i < count; i++) payments[i] = &city->payments.items[i];
    qsort(payments, count, sizeof *payments, by_child);
    if (!open_table(&table, truth->arena, truth->folder, "aid.csv", headings, 6, err)) return false;
    bool done = true;
    for (size_t i = 0; done && i < count; i++) done = put_payment(table, city, payments[i], err);
    if (done) return clerk_close(table, err);
    clerk_abandon(table);
    return false;
}

/* What the bank has of each account that the list of accounts names. */
static bool write_accounts(struct truth *truth, const struct city *city, struct err *err)
{
    static const char *const headings[] = {"child", "account", "holder", "bank", "kind"};
    struct clerk *table;
    char name[16];
    if (!open_table(&table, truth->arena, truth->folder, "accounts.csv", headings, 5, err)) {
        return false;
    }
    bool done = true;
    for (size_t i = 0; done && i < city->accounts.count; i++) {
        const struct account *account = &city->accounts.items[i];
        struct str cells[] = {entity(name, account->child, NOBODY), account->number,
                              account->holder, account->bank,
                              str_from(sample_account_key(account->kind))};
        done = put(table, cells, 5, err);
    }
    if (done) return clerk_close(table, err);
    clerk_abandon(table);
    return false;
}

/* The list sent down, as it stood when the registers of the first day were all there was. */
static bool write_suspects(struct truth *truth, const struct city *city, struct err *err)
{
    static const char *const headings[] = {"entity", "name", "id_number", "area", "code", "closes"};
    struct clerk *table;
    char name[16], code[8];
    if (!open_table(&table, truth->arena, truth->folder, "suspects.csv", headings, 6, err))
        return false;
    bool done = true;
    for (uint32_t i = 0; done && i < city->children.count; i++) {
        const struct child *child = &city->children.items[i];
        const struct family *family = &city->families.items[child->family];
        if (child->suspect == 0) continue;
        bool out = child->situation == IS_MISSING || child->reason_absent != STORY_NONE;
        snprintf(code, sizeof code, "%02u", child->suspect);
        struct str cells[] = {
            entity(name, i, NOBODY), child->name,
            str_from(child->id),     city->settings->villages[family->village].code,
            str_from(code),          out ? STR("no") : STR("yes")};
        done = put(table, cells, 6, err);
    }
    if (done) return clerk_close(table, err);
    clerk_abandon(table);
    return false;
}

bool truth_close(struct truth *truth, const struct city *city, struct err *err)
{
    struct clerk *records = truth->records;
    truth->records = NULL;
    return clerk_close(records, err) && write_people(truth, city, err)
           && write_missing(truth, city, err) && write_findings(truth, city, err)
           && write_aid(truth, city, err) && write_accounts(truth, city, err)
           && write_suspects(truth, city, err);
}

void truth_abandon(struct truth *truth)
{
    clerk_abandon(truth->records);
    truth->records = NULL;
}
