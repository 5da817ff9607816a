#include "verifying/world.h"

#include <stdlib.h>

/* Programmes and applicants. */

enum { P_BATCH, P_PLAN, P_GROUP, P_PROGRAMME, P_QUOTA, P_TRACK, P_COUNTY, P_SUBJECTS, P_COLUMNS };

bool verify_refuse(const struct table *table, struct err *err, const char *en, const char *zh,
                   struct str shown)
{
    err_set(err, ERR_INPUT, en, zh, STR_ARG(shown));
    return table_fail(table, err);
}

bool verify_next(struct table *table, struct table_row *row, bool *more, struct err *err)
{
    if (!table_next(table, row, more, err)) return false;
    if (!*more || !row->wider) return true;
    return verify_refuse(table, err, "there are cells beyond the headings%.*s",
                         "这一行有超出表头的格%.*s", STR_EMPTY);
}

/* "physics;chemistry|biology": a set of bits for each part. */
static bool read_wanted(struct verify_world *world, const struct table *table, struct str cell,
                        struct verify_programme *programme, struct err *err)
{
    struct str parts = cell, part;
    LIST(uint64_t) wanted = {0};
    while (parts.len > 0 && str_split(&parts, ';', &part)) {
        struct str words = str_trim(part), word;
        uint64_t bits = 0;
        if (words.len == 0) continue;
        while (words.len > 0 && str_split(&words, '|', &word)) {
            word = str_trim(word);
            if (word.len == 0) continue;
            uint32_t bit = dict_put(&world->subjects, word);
            if (bit >= VERIFY_SUBJECTS_MAX) {
                return verify_refuse(table, err, "\"%.*s\": too many different subjects",
                                     "“%.*s”：不同的科目太多", word);
            }
            bits |= (uint64_t)1 << bit;
        }
        *list_push(world->arena, &wanted) = bits;
    }
    programme->wanted = wanted.items;
    programme->wanted_count = wanted.count;
    return true;
}

/* What each row of a group says of the group. */
static bool read_group(struct verify_world *world, const struct table *table,
                       const struct str *cells, struct verify_group *out, struct err *err)
{
    struct verify_group group = {.batch = verify_batch_of(world, cells[P_BATCH]),
                                 .plan = dict_find(&world->plans, cells[P_PLAN])};
    if (group.batch == VERIFY_NONE || world->batches[group.batch].home != group.batch
        || world->batches[group.batch].own != group.batch) {
        return verify_refuse(table, err, "there is no batch \"%.*s\"", "没有批次“%.*s”",
                             cells[P_BATCH]);
    }
    if (group.plan == VERIFY_NONE) {
        return verify_refuse(table, err, "there is no plan \"%.*s\"", "没有计划类别“%.*s”",
                             cells[P_PLAN]);
    }
    group.track = dict_put(&world->words, cells[P_TRACK]);
    group.county = dict_put(&world->words, cells[P_COUNTY]);
    *out = group;
    return true;
}

struct programme_list {
    LIST(struct verify_programme) rows;
    LIST(struct verify_group) groups;
};

static bool read_programme(struct verify_world *world, struct programme_list *list,
                           struct table *table, const struct table_row *row, struct err *err)
{
    const struct str *cells = row->cells;
    struct verify_programme programme = {.line = row->line};
    struct verify_group group;
    if (cells[P_GROUP].len == 0 || cells[P_PROGRAMME].len == 0) {
        return verify_refuse(table, err, "a code is empty%.*s", "代码是空的%.*s", STR_EMPTY);
    }
    if (!read_group(world, table, cells, &group, err)
        || !table_number(table, row, P_QUOTA, &programme.quota, err)
        || !read_wanted(world, table, cells[P_SUBJECTS], &programme, err)) {
        return false;
    }
    if (programme.quota < 0 || programme.quota > VERIFY_SEATS_MAX) {
        return verify_refuse(table, err, "\"%.*s\" is no possible quota", "计划数不可能是“%.*s”",
                             cells[P_QUOTA]);
    }
    programme.code = str_copy(world->arena, cells[P_PROGRAMME]);
    programme.group = dict_put(&world->groups_by_code, cells[P_GROUP]);
    if (programme.group == list->groups.count) {
        *list_push(world->arena, &list->groups) = group;
    }
    struct verify_group *known = &list->groups.items[programme.group];
    if (known->batch != group.batch || known->plan != group.plan || known->track != group.track
        || known->county != group.county) {
        return verify_refuse(table, err,
                             "group \"%.*s\" has another batch, plan, track or county "
                             "in an earlier row",
                             "专业组“%.*s”在前面的行里批次、计划、科类或县不同", cells[P_GROUP]);
    }
    *list_push(world->arena, &list->rows) = programme;
    return true;
}

static int by_group_and_code(const void *a, const void *b)
{
    const struct verify_programme *x = a, *y = b;
    if (x->group != y->group) return x->group < y->group ? -1 : 1;
    int order = str_compare(x->code, y->code);
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static bool count_programmes(struct verify_world *world, struct err *err)
{
    int64_t seats = 0;
    for (size_t i = 0; i < world->programme_count; i++) {
        struct verify_programme *programme = &world->programmes[i];
        struct verify_group *group = &world->groups[programme->group];
        if (group->count == 0) {
            group->first = (uint32_t)i;
            seats = 0;
        } else if (str_equal(programme[-1].code, programme->code)) {
            err_set(err, ERR_INPUT, "programme \"%.*s\" stands twice in its group",
                    "专业“%.*s”在同一组里出现两次", STR_ARG(programme->code));
            return err_at(err, "line %llu", "第 %llu 行", (unsigned long long)programme->line);
        }
        seats += programme->quota;
        if (++group->count > UINT16_MAX || seats > VERIFY_SEATS_MAX) {
            return err_set(err, ERR_LIMIT, "group \"%.*s\" has too many programmes or seats",
                           "专业组“%.*s”的专业或计划数太多",
                           STR_ARG(dict_text(&world->groups_by_code, programme->group)));
        }
    }
    return true;
}

bool verify_read_programmes(struct verify_world *world, struct err *err)
{
    static const char *const columns[P_COLUMNS] = {"batch", "plan",  "group",  "programme",
                                                   "quota", "track", "county", "subjects"};
    static const bool optional[P_COLUMNS] = {[P_SUBJECTS] = true};
    struct programme_list list = {0};
    struct table *table;
    struct table_row row;
    bool more, good;
    if (!table_open(&table, world->arena, world->paths->programmes, columns, optional, P_COLUMNS,
                    err)) {
        return false;
    }
    while ((good = verify_next(table, &row, &more, err)) && more) {
        if (!(good = read_programme(world, &list, table, &row, err))) break;
    }
    table_close(table);
    if (!good) return false;
    world->programmes = list.rows.items;
    world->programme_count = list.rows.count;
    world->groups = list.groups.items;
    world->group_count = list.groups.count;
    if (list.rows.count > 0) {
        qsort(world->programmes, list.rows.count, sizeof *world->programmes, by_group_and_code);
    }
    return count_programmes(world, err);
}

uint32_t verify_programme_of(const struct verify_world *world, uint32_t group, struct str code)
{
    uint32_t low = 0, high = world->groups[group].count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        int order = str_compare(world->programmes[world->groups[group].first + middle].code, code);
        if (order == 0) return middle;
        *(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
    }
    return VERIFY_NONE;
}

enum { A_NUMBER, A_TRACK, A_COUNTY, A_TOTAL, A_PLANS, A_SUBJECTS, A_SOURCE, A_TIES };

static bool read_applicant(struct verify_world *world, struct table *table,
                           const struct table_row *row, struct verify_applicant *out,
                           int64_t *scores, struct err *err)
{
    const struct str *cells = row->cells;
    struct str rest, part;
    uint32_t count = world->applicants_by_number.count;
    if (cells[A_NUMBER].len == 0) {
        return verify_refuse(table, err, "a number is empty%.*s", "考生号是空的%.*s", STR_EMPTY);
    }
    if (dict_put(&world->applicants_by_number, cells[A_NUMBER]) != count) {
        return verify_refuse(table, err, "applicant \"%.*s\" stands twice", "考生“%.*s”出现两次",
                             cells[A_NUMBER]);
    }
    out->row = out->source = VERIFY_NONE;
    if (world->allotment_count > 0 && cells[A_SOURCE].len > 0) {
        out->source = dict_put(&world->sources, cells[A_SOURCE]);
    }
    out->track = dict_put(&world->words, cells[A_TRACK]);
    out->county = dict_put(&world->words, cells[A_COUNTY]);
    if (!table_number(table, row, A_TOTAL, &out->total, err)) return false;
    for (size_t t = 0; t < world->tie_count; t++) {
        if (!table_number(table, row, A_TIES + t, &scores[t], err)) return false;
    }
    for (rest = cells[A_PLANS]; rest.len > 0 && str_split(&rest, ';', &part);) {
        part = str_trim(part);
        uint32_t plan = dict_find(&world->plans, part);
        if (part.len == 0) continue;
        if (plan == DICT_NONE) {
            return verify_refuse(table, err, "there is no plan \"%.*s\"", "没有计划类别“%.*s”",
                                 part);
        }
        out->plans |= (uint64_t)1 << plan;
    }
    for (rest = cells[A_SUBJECTS]; rest.len > 0 && str_split(&rest, ';', &part);) {
        uint32_t subject = dict_find(&world->subjects, str_trim(part));
        if (subject != DICT_NONE) out->subjects |= (uint64_t)1 << subject;
    }
    return true;
}

/* One applicant with what it is ordered by: qsort hands on no context. */
struct standing {
    int64_t total;
    const int64_t *scores;
    size_t score_count;
    struct str number;
    uint32_t applicant;
};

static int by_scores(const struct standing *x, const struct standing *y)
{
    if (x->total != y->total) return x->total > y->total ? -1 : 1;
    for (size_t t = 0; t < x->score_count; t++) {
        if (x->scores[t] != y->scores[t]) return x->scores[t] > y->scores[t] ? -1 : 1;
    }
    return 0;
}

static int by_scores_and_number(const void *a, const void *b)
{
    const struct standing *x = a, *y = b;
    int order = by_scores(x, y);
    return order != 0 ? order : str_compare(x->number, y->number);
}

/* Who stands before whom, and who is equal to whom. */
static void order_applicants(struct verify_world *world)
{
    size_t count = world->applicant_count;
    struct arena scratch = {0};
    struct standing *standings = arena_array(&scratch, struct standing, count);
    for (size_t a = 0; a < count; a++) {
        standings[a] = (struct standing){
            .total = world->applicants[a].total,
            .scores = world->tie_count == 0 ? NULL : &world->scores[a * world->tie_count],
            .score_count = world->tie_count,
            .number = dict_text(&world->applicants_by_number, (uint32_t)a),
            .applicant = (uint32_t)a,
        };
    }
    if (count > 0) qsort(standings, count, sizeof *standings, by_scores_and_number);
    uint32_t equals = 0;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && by_scores(&standings[i - 1], &standings[i]) != 0) equals++;
        world->applicants[standings[i].applicant].order = (uint32_t)i;
        world->applicants[standings[i].applicant].equals = equals;
    }
    arena_free(&scratch);
}

static bool read_rows(struct verify_world *world, struct table *table, struct err *err)
{
    LIST(struct verify_applicant) applicants = {0};
    LIST(int64_t) scores = {0};
    struct table_row row;
    bool more;
    for (;;) {
        if (!verify_next(table, &row, &more, err)) return false;
        if (!more) break;
        struct verify_applicant *applicant = list_push(world->arena, &applicants);
        size_t first = scores.count;
        for (size_t t = 0; t < world->tie_count; t++) *list_push(world->arena, &scores) = 0;
        if (!read_applicant(world, table, &row, applicant,
                            scores.items == NULL ? NULL : &scores.items[first], err)) {
            return false;
        }
    }
    world->applicants = applicants.items;
    world->applicant_count = applicants.count;
    world->scores = scores.items;
    return true;
}

bool verify_read_applicants(struct verify_world *world, struct err *err)
{
    static const char *const fixed[A_TIES] = {"applicant", "track",    "county", "total",
                                              "plans",     "subjects", "source"};
    size_t count = A_TIES + world->tie_count;
    const char **columns = arena_array(world->arena, const char *, count);
    bool *optional = arena_array(world->arena, bool, count);
    struct table *table;
    memcpy(columns, fixed, sizeof fixed);
    for (size_t t = 0; t < world->tie_count; t++) {
        columns[A_TIES + t] = str_cstr(world->arena, world->ties[t]);
    }
    optional[A_SUBJECTS] = world->subjects.count == 0;
    optional[A_SOURCE] = world->allotment_count == 0;
    if (!table_open(&table, world->arena, world->paths->applicants, columns, optional, count,
                    err)) {
        return false;
    }
    bool good = read_rows(world, table, err);
    table_close(table);
    if (!good) return false;
    order_applicants(world);
    return true;
}
