#include "verifying/world.h"

#include <stdio.h>
#include <string.h>

/* The rows of the result, each looked at alone: does it name what exists, was it chosen, is it what
 * it says. */

enum { R_APPLICANT, R_BATCH, R_GROUP, R_PROGRAMME, R_RANK, R_VIA, R_COLUMNS };

struct reader {
    struct verify_world *world;
    const struct str *cells;
    uint64_t line;
};

/* Notes what is wrong with the row at work, in its own words. */
static void note(const struct reader *reader, enum verify_code code, struct str cell,
                 const char *zh, const char *en)
{
    struct verify_world *world = reader->world;
    struct verify_words words = verify_say(world->arena, zh, en, STR_ARG(cell));
    struct verify_violation *violation = verify_note(world, code, NULL, VERIFY_NONE, words);
    violation->applicant = str_copy(world->arena, reader->cells[R_APPLICANT]);
    violation->batch = str_copy(world->arena, reader->cells[R_BATCH]);
    violation->group = str_copy(world->arena, reader->cells[R_GROUP]);
    violation->programme = str_copy(world->arena, reader->cells[R_PROGRAMME]);
    violation->batch_place = verify_batch_of(world, reader->cells[R_BATCH]);
    violation->line = reader->line;
}

/* The numbers of what the row names; false when something does not exist, which is noted. */
static bool resolve(const struct reader *reader, struct verify_row *row)
{
    struct verify_world *world = reader->world;
    const struct str *cells = reader->cells;
    uint32_t batch = verify_batch_of(world, cells[R_BATCH]), programme;
    row->applicant = dict_find(&world->applicants_by_number, cells[R_APPLICANT]);
    row->group = dict_find(&world->groups_by_code, cells[R_GROUP]);
    row->line = (uint32_t)reader->line;
    if (row->applicant == DICT_NONE) {
        note(reader, VERIFY_UNKNOWN_APPLICANT, cells[R_APPLICANT], "没有考生“%.*s”",
             "nobody is applicant \"%.*s\"");
        return false;
    }
    if (batch == VERIFY_NONE) {
        note(reader, VERIFY_UNKNOWN_BATCH, cells[R_BATCH], "规则里没有批次“%.*s”",
             "the rules have no batch \"%.*s\"");
        return false;
    }
    if (row->group == DICT_NONE) {
        note(reader, VERIFY_UNKNOWN_GROUP, cells[R_GROUP], "没有专业组“%.*s”",
             "there is no group \"%.*s\"");
        return false;
    }
    programme = verify_programme_of(world, row->group, cells[R_PROGRAMME]);
    if (programme == VERIFY_NONE) {
        note(reader, VERIFY_UNKNOWN_PROGRAMME, cells[R_PROGRAMME], "专业组里没有专业“%.*s”",
             "the group has no programme \"%.*s\"");
        return false;
    }
    row->batch = (uint8_t)batch;
    row->programme = world->groups[row->group].first + programme;
    return true;
}

/* The applicant's choice of this group in this batch. */
static uint64_t choice_of(const struct verify_world *world, const struct verify_row *row)
{
    const struct verify_applicant *applicant = &world->applicants[row->applicant];
    for (uint64_t c = applicant->first; c < applicant->first + applicant->count; c++) {
        const struct verify_choice *choice = &world->choices[c];
        if (choice->batch == row->batch && choice->group == row->group) return c;
    }
    return SIZE_MAX;
}

/* "wish2" of a choice: 2 when the programme is its second wish, 0 for anything else. */
static uint32_t wish_of(const struct verify_world *world, const struct verify_row *row,
                        const struct verify_choice *choice, struct str via)
{
    for (uint32_t m = 0; m < choice->major_count; m++) {
        char text[16];
        int length = snprintf(text, sizeof text, "wish%u", m + 1);
        uint32_t wished = world->groups[row->group].first + world->majors.items[choice->majors + m];
        if (wished != row->programme) continue;
        if (via.len == 0 || str_equal(via, (struct str){text, (size_t)length})) return m + 1;
    }
    return 0;
}

static void look_at_choice(const struct reader *reader, struct verify_row *row)
{
    struct verify_world *world = reader->world;
    const struct verify_choice *choice = &world->choices[row->choice];
    const struct str *cells = reader->cells;
    struct verify_words rank = verify_say(world->arena, "%u", "%u", choice->rank);
    if (!str_is(cells[R_RANK], rank.en)) {
        note(reader, VERIFY_WRONG_RANK, str_from(rank.en), "填的是第 %.*s 志愿",
             "it is choice %.*s");
    }
    if (str_is(cells[R_VIA], "adjusted")) {
        if (choice->adjust) return;
        note(reader, VERIFY_ADJUSTED_UNASKED, STR_EMPTY, "考生填了不服从调剂%.*s",
             "the applicant did not agree to adjustment%.*s");
        return;
    }
    row->wish = wish_of(world, row, choice, cells[R_VIA]);
    if (row->wish > 0 && cells[R_VIA].len > 0) return;
    row->wish = wish_of(world, row, choice, STR_EMPTY);
    note(reader, VERIFY_WRONG_VIA, cells[R_VIA], "录取方式“%.*s”与所填专业不符",
         "\"%.*s\" is not how the programme stands among the wishes");
}

static void look_at_row(const struct reader *reader, struct verify_row *row)
{
    struct verify_world *world = reader->world;
    struct verify_applicant *applicant = &world->applicants[row->applicant];
    row->counts = applicant->row == VERIFY_NONE;
    row->choice = choice_of(world, row);
    if (row->counts) {
        applicant->row = (uint32_t)world->rows.count;
    } else {
        struct verify_words words =
            verify_say(world->arena, "第 %u 行已经录取", "line %u places the applicant already",
                       world->rows.items[applicant->row].line);
        verify_note(world, VERIFY_PLACED_TWICE, row, row->applicant, words);
    }
    if (row->choice == SIZE_MAX) {
        note(reader, VERIFY_NOT_CHOSEN, STR_EMPTY, "考生在这个批次没有填报这个专业组%.*s",
             "the applicant did not choose this group in this batch%.*s");
    } else {
        look_at_choice(reader, row);
    }
    if (!verify_fits(applicant, &world->programmes[row->programme])) {
        note(reader, VERIFY_BARRED, STR_EMPTY, "选考科目不符合这个专业的要求%.*s",
             "the applicant lacks subjects that this programme asks for%.*s");
    }
}

/* Programmes with more rows than seats; the row whose applicant stands last is named. */
static void find_overfilled(struct verify_world *world)
{
    struct arena scratch = {0};
    int64_t *placed = arena_array(&scratch, int64_t, world->programme_count);
    uint32_t *last = arena_array(&scratch, uint32_t, world->programme_count);
    for (size_t r = 0; r < world->rows.count; r++) {
        const struct verify_row *row = &world->rows.items[r];
        uint32_t order = world->applicants[row->applicant].order;
        const struct verify_row *other = &world->rows.items[last[row->programme]];
        if (placed[row->programme]++ == 0 || order > world->applicants[other->applicant].order) {
            last[row->programme] = (uint32_t)r;
        }
    }
    for (size_t p = 0; p < world->programme_count; p++) {
        if (placed[p] <= world->programmes[p].quota) continue;
        const struct verify_row *row = &world->rows.items[last[p]];
        verify_note(world, VERIFY_OVERFILLED, row, row->applicant,
                    verify_say(world->arena, "计划 %lld 人，录取了 %lld 人",
                               "%lld seats, %lld placed", (long long)world->programmes[p].quota,
                               (long long)placed[p]));
    }
    arena_free(&scratch);
}

struct str verify_as_was(struct str cell)
{
    bool guarded = cell.len > 1 && cell.ptr[0] == '\'' && strchr("=+-@", cell.ptr[1]) != NULL;
    return guarded ? str_slice(cell, 1, cell.len) : cell;
}

static bool read_rows(struct verify_world *world, struct table *table, struct err *err)
{
    struct table_row read;
    struct text before; /* the number in the row before */
    bool more;
    text_init(&before, world->arena, 1 << 20);
    for (;;) {
        if (!verify_next(table, &read, &more, err)) return false;
        if (!more) return true;
        struct reader reader = {world, read.cells, read.line};
        for (size_t c = 0; c <= R_PROGRAMME; c++) read.cells[c] = verify_as_was(read.cells[c]);
        struct verify_row row = {0};
        if (str_compare(text_str(&before), read.cells[R_APPLICANT]) > 0) {
            note(&reader, VERIFY_UNSORTED, text_str(&before), "排在考生“%.*s”之后",
                 "it stands behind applicant \"%.*s\"");
        }
        text_clear(&before);
        text_add(&before, read.cells[R_APPLICANT]);
        world->result_rows++;
        if (!resolve(&reader, &row)) continue;
        look_at_row(&reader, &row);
        *list_push(world->arena, &world->rows) = row;
    }
}

bool verify_read_result(struct verify_world *world, struct err *err)
{
    static const char *const columns[R_COLUMNS] = {"applicant", "batch",       "group",
                                                   "programme", "choice_rank", "via"};
    struct table *table;
    if (!table_open(&table, world->arena, world->paths->result, columns, NULL, R_COLUMNS, err)) {
        return false;
    }
    bool good = read_rows(world, table, err);
    table_close(table);
    if (!good) return false;
    find_overfilled(world);
    return true;
}
