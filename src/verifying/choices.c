#include "verifying/world.h"

#include "base/file.h"

enum { C_APPLICANT, C_BATCH, C_RANK, C_GROUP, C_MAJORS, C_ADJUST, C_COLUMNS };

static bool read_majors(struct verify_world *world, const struct table *table, struct str cell,
                        struct verify_choice *choice, struct err *err)
{
    struct str rest = cell, part;
    if (world->majors.count > UINT32_MAX - VERIFY_MAJORS_MAX) {
        return err_set(err, ERR_LIMIT, "there are too many majors", "专业志愿太多");
    }
    choice->majors = (uint32_t)world->majors.count;
    while (rest.len > 0 && str_split(&rest, ';', &part)) {
        part = str_trim(part);
        if (part.len == 0) continue;
        uint32_t programme = verify_programme_of(world, choice->group, part);
        if (programme == VERIFY_NONE) {
            return verify_refuse(table, err, "the chosen group has no programme \"%.*s\"",
                                 "所选专业组没有专业“%.*s”", part);
        }
        if (choice->major_count == world->batches[choice->batch].majors_max) {
            return verify_refuse(table, err, "\"%.*s\": too many majors", "“%.*s”：专业志愿太多",
                                 cell);
        }
        *list_push(world->arena, &world->majors) = (uint16_t)programme;
        choice->major_count++;
    }
    return true;
}

static bool read_adjust(const struct table *table, struct str cell, bool *out, struct err *err)
{
    if (str_is(cell, "yes") || str_is(cell, "是")) {
        *out = true;
    } else if (str_is(cell, "no") || str_is(cell, "否")) {
        *out = false;
    } else {
        return verify_refuse(table, err, "adjust is yes or no, not \"%.*s\"",
                             "是否服从调剂填 yes 或 no，不能填“%.*s”", cell);
    }
    return true;
}

static bool read_choice(struct verify_world *world, struct table *table,
                        const struct table_row *row, struct verify_choice *out, struct err *err)
{
    const struct str *cells = row->cells;
    uint32_t batch = verify_batch_of(world, cells[C_BATCH]);
    int64_t rank;
    out->applicant = dict_find(&world->applicants_by_number, cells[C_APPLICANT]);
    out->group = dict_find(&world->groups_by_code, cells[C_GROUP]);
    out->line = (uint32_t)row->line;
    if (out->applicant == DICT_NONE) {
        return verify_refuse(table, err, "nobody is applicant \"%.*s\"", "没有考生“%.*s”",
                             cells[C_APPLICANT]);
    }
    if (batch == VERIFY_NONE) {
        return verify_refuse(table, err, "there is no batch \"%.*s\"", "没有批次“%.*s”",
                             cells[C_BATCH]);
    }
    if (out->group == DICT_NONE || world->groups[out->group].batch != world->batches[batch].home) {
        return verify_refuse(table, err, "the batch has no group \"%.*s\"",
                             "这个批次没有专业组“%.*s”", cells[C_GROUP]);
    }
    if (!table_number(table, row, C_RANK, &rank, err)) return false;
    if (rank < 1 || rank > world->batches[batch].choices_max) {
        return verify_refuse(table, err, "rank %.*s is not within choices_max",
                             "志愿序号 %.*s 不在 choices_max 之内", cells[C_RANK]);
    }
    out->batch = (uint8_t)batch;
    out->rank = (uint16_t)rank;
    return read_adjust(table, cells[C_ADJUST], &out->adjust, err)
           && read_majors(world, table, cells[C_MAJORS], out, err);
}

/* Brings the choices of one applicant together, in the order of the file. */
static void gather(struct verify_world *world, struct verify_choice *read, size_t room)
{
    struct verify_choice *choices =
        arena_array(world->arena, struct verify_choice, world->choice_count);
    uint64_t before = 0;
    for (size_t i = 0; i < world->choice_count; i++) {
        world->applicants[read[i].applicant].count++;
    }
    for (size_t a = 0; a < world->applicant_count; a++) {
        world->applicants[a].first = before;
        before += world->applicants[a].count;
        world->applicants[a].count = 0;
    }
    for (size_t i = 0; i < world->choice_count; i++) {
        struct verify_applicant *applicant = &world->applicants[read[i].applicant];
        choices[applicant->first + applicant->count++] = read[i];
    }
    arena_give_back(world->arena, read, room * sizeof *read);
    world->choices = choices;
}

static bool goes_before(const struct verify_choice *x, const struct verify_choice *y)
{
    return x->batch != y->batch ? x->batch < y->batch : x->rank < y->rank;
}

static bool refuse_twice(const struct verify_world *world, const struct verify_choice *x,
                         const struct verify_choice *y, struct err *err)
{
    struct str name = file_name(world->paths->choices);
    err_set(err, ERR_INPUT, "a rank or a group is used twice by one applicant in one batch",
            "同一考生在同一批次里重复使用志愿序号或专业组");
    return err_at(err, "%.*s: line %lu", "%.*s：第 %lu 行", STR_ARG(name),
                  (unsigned long)(x->line > y->line ? x->line : y->line));
}

/* By batch and rank, and no rank or group twice in a batch. */
static bool order_choices(struct verify_world *world, const struct verify_applicant *applicant,
                          struct err *err)
{
    struct verify_choice *own = &world->choices[applicant->first];
    for (uint32_t i = 1; i < applicant->count; i++) {
        struct verify_choice moved = own[i];
        uint32_t to = i;
        for (; to > 0 && goes_before(&moved, &own[to - 1]); to--) own[to] = own[to - 1];
        own[to] = moved;
    }
    for (uint32_t i = 0; i < applicant->count; i++) {
        for (uint32_t k = i + 1; k < applicant->count && own[k].batch == own[i].batch; k++) {
            if (own[k].rank != own[i].rank && own[k].group != own[i].group) continue;
            return refuse_twice(world, &own[i], &own[k], err);
        }
    }
    return true;
}

bool verify_read_choices(struct verify_world *world, struct err *err)
{
    static const char *const columns[C_COLUMNS] = {"applicant", "batch",  "rank",
                                                   "group",     "majors", "adjust"};
    struct table *table;
    struct table_row row;
    LIST(struct verify_choice) read = {0};
    bool more, good;
    if (!table_open(&table, world->arena, world->paths->choices, columns, NULL, C_COLUMNS, err)) {
        return false;
    }
    read.capacity = table_rows_most(table);
    read.items = arena_array(world->arena, struct verify_choice, read.capacity);
    while ((good = verify_next(table, &row, &more, err)) && more) {
        struct verify_choice choice = {0};
        if (!(good = read_choice(world, table, &row, &choice, err))) break;
        *list_push(world->arena, &read) = choice;
    }
    table_close(table);
    if (!good) return false;
    world->choice_count = read.count;
    gather(world, read.items, read.capacity);
    for (size_t a = 0; a < world->applicant_count; a++) {
        if (!order_choices(world, &world->applicants[a], err)) return false;
    }
    return true;
}
