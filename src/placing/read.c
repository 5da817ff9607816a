#include "placing/read.h"

#include "base/list.h"

#include <stdlib.h>
#include <string.h>

enum { QUOTA_MAX = 1000000000, GROUP_PROGRAMMES_MAX = 60000 };

enum { P_BATCH, P_PLAN, P_GROUP, P_PROGRAMME, P_QUOTA, P_TRACK, P_COUNTY, P_SUBJECTS, P_COLUMNS };
static const char *const programme_columns[P_COLUMNS] = {"batch", "plan",  "group",  "programme",
                                                         "quota", "track", "county", "subjects"};

/* A row of the programmes' file. */
struct seat_row {
    struct str group, programme, track, county, subjects;
    uint32_t batch, plan;
    int64_t quota;
    uint64_t line;
};

uint32_t place_batch_of(const struct place_rules *rules, struct str key)
{
    for (size_t i = 0; i < rules->batch_count; i++) {
        if (str_equal(rules->batches[i].key, key)) return (uint32_t)i;
    }
    return PLACE_NONE;
}

uint32_t place_plan_of(const struct place_rules *rules, struct str plan)
{
    for (size_t i = 0; i < rules->plan_count; i++) {
        if (str_equal(rules->plans[i], plan)) return (uint32_t)i;
    }
    return PLACE_NONE;
}

bool place_next(struct table *table, struct table_row *row, bool *more, struct err *err)
{
    if (!table_next(table, row, more, err)) return false;
    return !*more || !row->wider
           || place_refuse(table, err, "the row has more cells than there are headings%.*s",
                           "这一行的格数多于表头%.*s", STR_EMPTY);
}

bool place_rows(struct arena *arena, const char *path, const char *const *columns,
                const bool *optional, size_t count, place_take *take, void *context,
                struct err *err)
{
    struct table *table;
    struct table_row row;
    bool more, good;
    if (!table_open(&table, arena, path, columns, optional, count, err)) return false;
    while ((good = place_next(table, &row, &more, err)) && more) {
        if (!(good = take(context, table, &row, err))) break;
    }
    table_close(table);
    return good;
}

bool place_refuse(const struct table *table, struct err *err, const char *en, const char *zh,
                  struct str shown)
{
    err_set(err, ERR_INPUT, en, zh, STR_ARG(shown));
    return table_fail(table, err);
}

static bool read_seat(struct place_reading *reading, struct table *table,
                      const struct table_row *row, struct seat_row *out, struct err *err)
{
    const struct place_rules *rules = &reading->input->rules;
    struct arena *arena = reading->arena;
    struct str *cells = row->cells;
    out->batch = place_batch_of(rules, cells[P_BATCH]);
    out->plan = place_plan_of(rules, cells[P_PLAN]);
    if (out->batch == PLACE_NONE || rules->batches[out->batch].round_of != out->batch) {
        return place_refuse(table, err, "the rules have no batch \"%.*s\"", "规则里没有批次“%.*s”",
                            cells[P_BATCH]);
    }
    if (out->plan == PLACE_NONE) {
        return place_refuse(table, err, "the rules have no plan \"%.*s\"",
                            "规则里没有计划类别“%.*s”", cells[P_PLAN]);
    }
    if (cells[P_GROUP].len == 0 || cells[P_PROGRAMME].len == 0) {
        return place_refuse(table, err, "the group or the programme is empty%.*s",
                            "专业组或专业代码是空的%.*s", STR_EMPTY);
    }
    if (!table_number(table, row, P_QUOTA, &out->quota, err)) return false;
    if (out->quota < 0 || out->quota > QUOTA_MAX) {
        return place_refuse(table, err, "a quota of %.*s is not possible", "计划数 %.*s 不可能",
                            cells[P_QUOTA]);
    }
    out->group = str_copy(arena, cells[P_GROUP]);
    out->programme = str_copy(arena, cells[P_PROGRAMME]);
    out->track = dict_text(&reading->words, dict_put(&reading->words, cells[P_TRACK]));
    out->county = dict_text(&reading->words, dict_put(&reading->words, cells[P_COUNTY]));
    out->subjects = dict_text(&reading->words, dict_put(&reading->words, cells[P_SUBJECTS]));
    out->line = row->line;
    return true;
}

static int compare_seats(const void *a, const void *b)
{
    const struct seat_row *x = a, *y = b;
    int order = str_compare(x->group, y->group);
    if (order == 0) order = str_compare(x->programme, y->programme);
    if (order == 0) order = (x->line > y->line) - (x->line < y->line);
    return order;
}

static bool seat_fails(const char *path, const struct seat_row *row, struct err *err,
                       const char *en, const char *zh)
{
    struct str name = file_name(path);
    err_set(err, ERR_INPUT, en, zh, STR_ARG(row->group), STR_ARG(row->programme));
    return err_at(err, "%.*s: line %llu", "%.*s：第 %llu 行", STR_ARG(name),
                  (unsigned long long)row->line);
}

/* Rows that are sorted become groups; those of one group say the same of it. */
static bool make_groups(struct place_reading *reading, const struct seat_row *rows, size_t count,
                        struct err *err)
{
    struct place_input *input = reading->input;
    const char *path = reading->paths->programmes;
    input->programmes = arena_array(reading->arena, struct place_programme, count);
    input->groups = arena_array(reading->arena, struct place_group, count);
    for (size_t i = 0; i < count; i++) {
        const struct seat_row *row = &rows[i], *before = i > 0 ? &rows[i - 1] : NULL;
        bool begins = before == NULL || !str_equal(before->group, row->group);
        if (begins) {
            input->groups[input->group_count++] = (struct place_group){.code = row->group,
                                                                       .batch = row->batch,
                                                                       .plan = row->plan,
                                                                       .track = row->track,
                                                                       .county = row->county,
                                                                       .first = (uint32_t)i};
        } else if (str_equal(before->programme, row->programme)) {
            return seat_fails(path, row, err, "group \"%.*s\" has programme \"%.*s\" twice",
                              "专业组“%.*s”的专业“%.*s”出现两次");
        }
        struct place_group *group = &input->groups[input->group_count - 1];
        if (row->batch != group->batch || row->plan != group->plan
            || !str_equal(row->track, group->track) || !str_equal(row->county, group->county)) {
            return seat_fails(path, row, err,
                              "group \"%.*s\", programme \"%.*s\": batch, plan, track or county is "
                              "not that of the group's other rows",
                              "专业组“%.*s”专业“%.*s”的批次、计划、科类或县与同组其他行不一致");
        }
        if (++group->count > GROUP_PROGRAMMES_MAX) {
            return seat_fails(path, row, err,
                              "group \"%.*s\" has too many programmes (at \"%.*s\")",
                              "专业组“%.*s”的专业太多（到“%.*s”）");
        }
        group->quota += row->quota;
        if (group->quota > QUOTA_MAX) {
            return seat_fails(path, row, err, "group \"%.*s\" has too many seats (at \"%.*s\")",
                              "专业组“%.*s”的计划数太多（到“%.*s”）");
        }
        input->programmes[input->programme_count++] = (struct place_programme){
            .code = row->programme, .subjects = row->subjects, .quota = row->quota};
        if (row->subjects.len > 0) input->has_subjects = true;
    }
    return true;
}

static bool read_programmes(struct place_reading *reading, struct err *err)
{
    struct table *table;
    struct table_row row;
    bool more, good = true, optional[P_COLUMNS] = {[P_SUBJECTS] = true};
    LIST(struct seat_row) rows = {0};
    if (!table_open(&table, reading->arena, reading->paths->programmes, programme_columns, optional,
                    P_COLUMNS, err)) {
        return false;
    }
    while ((good = place_next(table, &row, &more, err)) && more) {
        struct seat_row seat;
        good = read_seat(reading, table, &row, &seat, err);
        if (!good) break;
        *list_push(reading->arena, &rows) = seat;
    }
    table_close(table);
    if (!good) return false;
    if (rows.count > 0) qsort(rows.items, rows.count, sizeof *rows.items, compare_seats);
    if (!make_groups(reading, rows.items, rows.count, err)) return false;
    for (size_t g = 0; g < reading->input->group_count; g++) {
        dict_put(&reading->groups, reading->input->groups[g].code);
    }
    return true;
}

static const char *const applicant_columns[] = {"applicant", "track",    "county", "total",
                                                "plans",     "subjects", "source"};
enum { A_NUMBER, A_TRACK, A_COUNTY, A_TOTAL, A_PLANS, A_SUBJECTS, A_SOURCE, A_FIXED };

static bool read_plans(struct place_reading *reading, const struct table *table, struct str cell,
                       uint64_t *out, struct err *err)
{
    struct str rest = cell, part;
    *out = 0;
    while (rest.len > 0 && str_split(&rest, ';', &part)) {
        part = str_trim(part);
        if (part.len == 0) continue;
        uint32_t plan = place_plan_of(&reading->input->rules, part);
        if (plan == PLACE_NONE) {
            return place_refuse(table, err, "the rules have no plan \"%.*s\"",
                                "规则里没有计划类别“%.*s”", part);
        }
        *out |= (uint64_t)1 << plan;
    }
    return true;
}

static bool read_applicant(struct place_reading *reading, struct table *table,
                           const struct table_row *row, struct place_applicant *out, int64_t *ties,
                           struct err *err)
{
    struct str *cells = row->cells;
    struct dict *words = &reading->words;
    uint32_t known = reading->numbers.count;
    if (cells[A_NUMBER].len == 0) {
        return place_refuse(table, err, "the applicant's number is empty%.*s", "考生号是空的%.*s",
                            STR_EMPTY);
    }
    uint32_t number = dict_put(&reading->numbers, cells[A_NUMBER]);
    if (number != known) {
        return place_refuse(table, err, "applicant \"%.*s\" stands in an earlier row too",
                            "考生“%.*s”在前面的行里已经有了", cells[A_NUMBER]);
    }
    out->number = dict_text(&reading->numbers, number);
    out->track = dict_text(words, dict_put(words, cells[A_TRACK]));
    out->county = dict_text(words, dict_put(words, cells[A_COUNTY]));
    out->subjects = dict_text(words, dict_put(words, cells[A_SUBJECTS]));
    out->source = PLACE_NONE; /* an empty cell is none */
    if (reading->input->has_sources && cells[A_SOURCE].len > 0) {
        out->source = dict_put(&reading->sources, cells[A_SOURCE]);
    }
    if (!table_number(table, row, A_TOTAL, &out->total, err)) return false;
    for (size_t t = 0; t < reading->input->rules.tie_count; t++) {
        if (!table_number(table, row, A_FIXED + t, &ties[t], err)) return false;
    }
    return read_plans(reading, table, cells[A_PLANS], &out->plans, err);
}

struct by_number {
    struct str number;
    uint32_t place;
};

static int compare_numbers(const void *a, const void *b)
{
    const struct by_number *x = a, *y = b;
    return str_compare(x->number, y->number);
}

/* Brings applicants and their ties into the order of their numbers, and notes where each went. */
static void sort_applicants(struct place_reading *reading)
{
    struct place_input *input = reading->input;
    size_t count = input->applicant_count, ties = input->rules.tie_count;
    struct arena *scratch = &reading->scratch;
    struct by_number *order = arena_array(scratch, struct by_number, count);
    reading->places = arena_array(reading->arena, uint32_t, count);
    bool sorted = true;
    for (size_t i = 0; i < count; i++) {
        order[i] = (struct by_number){input->applicants[i].number, (uint32_t)i};
        reading->places[i] = (uint32_t)i;
        if (i > 0 && compare_numbers(&order[i - 1], &order[i]) > 0) sorted = false;
    }
    if (sorted) return;
    qsort(order, count, sizeof *order, compare_numbers);
    struct place_applicant *applicants = arena_array(reading->arena, struct place_applicant, count);
    int64_t *moved = arena_array(reading->arena, int64_t, count * ties);
    for (size_t i = 0; i < count; i++) {
        applicants[i] = input->applicants[order[i].place];
        reading->places[order[i].place] = (uint32_t)i;
        for (size_t t = 0; t < ties; t++) {
            moved[i * ties + t] = input->ties[order[i].place * ties + t];
        }
    }
    arena_give_back(reading->arena, input->applicants, count * sizeof *applicants);
    input->applicants = applicants;
    input->ties = moved;
}

/* Room for so many applicants; those that are there move. */
static void make_room(struct place_reading *reading, size_t capacity)
{
    struct place_input *input = reading->input;
    size_t ties = input->rules.tie_count, count = input->applicant_count;
    struct place_applicant *applicants =
        arena_array(reading->arena, struct place_applicant, capacity);
    int64_t *more_ties = arena_array(reading->arena, int64_t, capacity * ties);
    if (count > 0) memcpy(applicants, input->applicants, count * sizeof *applicants);
    if (count * ties > 0) memcpy(more_ties, input->ties, count * ties * sizeof *more_ties);
    input->applicants = applicants;
    input->ties = more_ties;
}

static bool read_rows(struct place_reading *reading, struct table *table, size_t most,
                      struct err *err)
{
    struct place_input *input = reading->input;
    struct table_row row;
    bool more;
    size_t ties = input->rules.tie_count, capacity = most;
    make_room(reading, capacity);
    for (;;) {
        if (!place_next(table, &row, &more, err)) return false;
        if (!more) return true;
        if (input->applicant_count == capacity) make_room(reading, capacity *= 2);
        size_t number = input->applicant_count++;
        if (!read_applicant(reading, table, &row, &input->applicants[number],
                            ties == 0 ? NULL : &input->ties[number * ties], err)) {
            return false;
        }
    }
}

static bool read_applicants(struct place_reading *reading, struct err *err)
{
    struct place_input *input = reading->input;
    size_t count = A_FIXED + input->rules.tie_count;
    const char **columns = arena_array(reading->arena, const char *, count);
    bool *optional = arena_array(reading->arena, bool, count);
    struct table *table;
    memcpy(columns, applicant_columns, sizeof applicant_columns);
    optional[A_SUBJECTS] = !input->has_subjects;
    optional[A_SOURCE] = !reading->input->has_sources;
    for (size_t t = 0; t < input->rules.tie_count; t++) {
        columns[A_FIXED + t] = str_cstr(reading->arena, input->rules.ties[t]);
    }
    if (!table_open(&table, reading->arena, reading->paths->applicants, columns, optional, count,
                    err)) {
        return false;
    }
    bool good = read_rows(reading, table, table_rows_most(table), err);
    table_close(table);
    if (!good) return false;
    sort_applicants(reading);
    return true;
}

static struct place_reading begin(struct arena *arena, const struct place_paths *paths,
                                  struct place_input *input)
{
    struct place_reading reading = {.arena = arena, .paths = paths, .input = input};
    dict_init(&reading.words, arena);
    dict_init(&reading.groups, arena);
    dict_init(&reading.numbers, arena);
    dict_init(&reading.sources, arena);
    return reading;
}

bool place_read_schools(struct arena *arena, const struct place_paths *paths,
                        struct place_input *out, struct err *err)
{
    struct place_input input = {0};
    struct place_reading reading = begin(arena, paths, &input);
    input.has_sources = true;
    bool good = place_rules_read(arena, paths->rules, &input.rules, err)
                && read_programmes(&reading, err) && read_applicants(&reading, err);
    if (good) place_settle_sources(&reading);
    arena_free(&reading.scratch);
    if (good) *out = input;
    return good;
}

bool place_read(struct arena *arena, const struct place_paths *paths, struct place_input *out,
                struct err *err)
{
    struct place_input input = {0};
    struct place_reading reading = begin(arena, paths, &input);
    bool good = place_rules_read(arena, paths->rules, &input.rules, err)
                && read_programmes(&reading, err) && place_read_allotments(&reading, err)
                && read_applicants(&reading, err) && place_read_choices(&reading, err);
    if (good) place_settle_sources(&reading);
    arena_free(&reading.scratch);
    if (good) *out = input;
    return good;
}
