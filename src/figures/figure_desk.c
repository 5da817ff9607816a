#include "figures/figure_desk_internal.h"

#include "base/list.h"
#include "link/people.h"
#include "policy/period.h"
#include "registry/timeline.h"

#include <string.h>

enum { SQL_TEXT_MAX = 1 << 18 };

static const struct store_desk_column finding_columns[] = {
    {"record", STORE_INTEGER, "number", NULL},
    {"kind", STORE_TEXT, "kind", NULL},
    {"status", STORE_TEXT, NULL,
     STORE_EXPRESSION("CASE WHEN s.status = 'closed' AND s.closed > $at THEN 'suspected' "
                      "ELSE s.status END")},
    {"open", STORE_INTEGER, NULL,
     STORE_EXPRESSION("CASE WHEN s.status = 'closed' AND s.closed <= $at THEN 0 ELSE 1 END")},
    {"opened", STORE_TEXT, "opened", NULL},
    {"closed", STORE_TEXT, "closed", NULL},
    {"area", STORE_TEXT, "area", NULL},
    {"person", STORE_INTEGER, "person", NULL},
    {"queue", STORE_TEXT, "queue", NULL},
    {"reason", STORE_TEXT, "reason", NULL},
};

static const struct store_desk_column expected_columns[] = {
    {"record", STORE_INTEGER, "person", NULL},
    {"person", STORE_INTEGER, "person", NULL},
    {"area", STORE_TEXT, "area", NULL},
    {"standing", STORE_TEXT, "standing", NULL},
    {"reported", STORE_INTEGER, "reported", NULL},
    {"checked", STORE_TEXT, NULL, STORE_EXPRESSION("(SELECT max(at) FROM check_run)")},
};

/* As they stood on the day: a case that was closed later was open then. */
static const struct store_desk_column case_columns[] = {
    {"record", STORE_INTEGER, "number", NULL},
    {"procedure", STORE_TEXT, "procedure", NULL},
    {"person", STORE_INTEGER, "person", NULL},
    {"area", STORE_TEXT, "area", NULL},
    {"status", STORE_TEXT, NULL,
     STORE_EXPRESSION("CASE WHEN s.status = 'closed' AND s.closed > $at THEN 'open' "
                      "ELSE s.status END")},
    {"outcome", STORE_TEXT, NULL,
     STORE_EXPRESSION("CASE WHEN s.status = 'closed' AND s.closed > $at THEN '' "
                      "ELSE s.outcome END")},
    {"opened", STORE_TEXT, "opened", NULL},
    {"returned", STORE_TEXT, "returned", NULL},
    {"closed", STORE_TEXT, "closed", NULL},
    {"contacts", STORE_INTEGER, "contacts", NULL},
    {"kinds", STORE_TEXT, "kinds", NULL},
};

/* What our own books paid and what of it still stands, by the day; where the bank states none, as
 * if it had always been so. */
static const struct store_desk_column payment_columns[] = {
    {"record", STORE_INTEGER, "number", NULL},
    {"person", STORE_INTEGER, "person", NULL},
    {"area", STORE_TEXT, "area", NULL},
    {"scheme", STORE_TEXT, "scheme", NULL},
    {"period", STORE_TEXT, "period", NULL},
    {"paid_on", STORE_TEXT, NULL,
     STORE_EXPRESSION("(SELECT e.day FROM pay_event AS e WHERE e.line = s.number AND e.kind = "
                      "'paid' AND coalesce(e.day, '') <= $at)")},
    {"fen", STORE_INTEGER, NULL,
     STORE_EXPRESSION("(SELECT coalesce(sum(CASE e.kind WHEN 'paid' THEN e.fen ELSE -e.fen END), "
                      "0) FROM pay_event AS e WHERE e.line = s.number AND e.kind IN ('paid', "
                      "'returned', 'recovered') AND coalesce(e.day, '') <= $at)")},
    {"serial", STORE_TEXT, NULL,
     STORE_EXPRESSION("(SELECT e.bank_serial FROM pay_event AS e WHERE e.line = s.number AND "
                      "e.kind = 'paid')")},
};

#define COLUMNS(list) .columns = (list), .count = sizeof(list) / sizeof *(list)

static const struct desk_engine engine_tables[] = {
    {"findings", "finding", COLUMNS(finding_columns), .work = true, .opened = true},
    {"payments", "pay_line", COLUMNS(payment_columns), .work = true, .books = true},
    {"expected", "check_child", COLUMNS(expected_columns)},
    {"cases", "case_file", COLUMNS(case_columns), .work = true, .opened = true},
};
enum { ENGINE_TABLES = sizeof engine_tables / sizeof *engine_tables, DUTY_TABLES = 2 };

bool figure_at(const struct figure *figure, enum figure_part part, struct err *err)
{
    return err_at(err, "%.*s, line %d, %s", "%.*s 第 %d 行 %s", STR_ARG(figure->file),
                  figure->queries[part].line, figure_part_key(part));
}

/* Statement, batch, row, area and person, then the fields that do not identify. */
static void register_columns(struct arena *arena, const struct profile *profile,
                             struct desk_table *table)
{
    static const struct store_desk_column own[] = {
        {"record", STORE_INTEGER, "statement", NULL},
        {"batch", STORE_INTEGER, "batch", NULL},
        {"line", STORE_INTEGER, "row", NULL},
        {"area", STORE_TEXT, "area", NULL},
        {"person", STORE_INTEGER, NULL, STORE_EXPRESSION("desk_number(s.statement)")},
        {"holder", STORE_INTEGER, "blind", NULL},
    };
    enum { OWN = sizeof own / sizeof *own };
    size_t most = OWN + profile->field_count;
    table->columns = arena_array(arena, struct store_desk_column, most);
    memcpy(table->columns, own, sizeof own);
    table->count = OWN;
    for (size_t i = 0; i < profile->field_count; i++) {
        const struct profile_field *field = &profile->fields[i];
        bool number = field->type == FIELD_INTEGER || field->type == FIELD_MONEY;
        bool taken = false;
        for (size_t k = 0; k < OWN; k++) taken = taken || str_is(field->key, own[k].name);
        if (field->identifying || taken) continue;
        const char *key = str_cstr(arena, field->key);
        table->columns[table->count++] = (struct store_desk_column){
            .name = key, .type = number ? STORE_INTEGER : STORE_TEXT, .from = key};
    }
    table->used = arena_array(arena, bool, table->count);
}

static void add_register(struct figure_desk *desk, struct desk_table *table, struct str name,
                         const struct profile *profile, day at)
{
    struct layout layout;
    layout_make(&layout, desk->arena, profile);
    *table =
        (struct desk_table){.name = name, .profile = profile, .source = layout.table, .at = at};
    register_columns(desk->arena, profile, table);
}

static struct desk_table *find_table(const struct figure_desk *desk, const char *name)
{
    for (size_t i = 0; i < desk->table_count; i++) {
        if (str_is(desk->tables[i].name, name)) return &desk->tables[i];
    }
    return NULL;
}

/* Two figures may mean the same register on the same day by one name, but not two. */
static bool add_dated(struct figure_desk *desk, const struct figure *figure,
                      const struct figure_table *wanted, struct err *err)
{
    const struct profile *profile = profile_find(desk->registry->profiles, wanted->register_key);
    day at = figure_table_day(wanted, desk->when.at);
    const struct desk_table *there = find_table(desk, str_cstr(desk->arena, wanted->name));
    if (profile == NULL) {
        return err_set(err, ERR_INPUT, "%.*s: there is no register \"%.*s\"",
                       "%.*s：没有名册“%.*s”", STR_ARG(figure->file),
                       STR_ARG(wanted->register_key));
    }
    if (there == NULL) {
        add_register(desk, &desk->tables[desk->table_count++], wanted->name, profile, at);
        return true;
    }
    if (there->profile == profile && there->at.days == at.days) return true;
    return err_set(err, ERR_INPUT, "%.*s: the table \"%.*s\" means something else elsewhere",
                   "%.*s：表“%.*s”在别处另有所指", STR_ARG(figure->file), STR_ARG(wanted->name));
}

static void add_duty(struct figure_desk *desk, const char *name, enum figure_duty_table which)
{
    struct desk_table *table = &desk->tables[desk->table_count++];
    size_t count;
    const struct store_desk_column *columns = figure_duty_columns(which, &count);
    *table = (struct desk_table){
        .name = str_from(name), .at = desk->when.at, .count = count, .duty = which};
    table->columns = arena_copy(desk->arena, columns, count * sizeof *columns);
    table->used = arena_array(desk->arena, bool, count);
}

static bool list_tables(struct figure_desk *desk, const struct figure *const *figures, size_t count,
                        struct err *err)
{
    const struct profiles *profiles = desk->registry->profiles;
    size_t most = profiles->count + ENGINE_TABLES + DUTY_TABLES;
    for (size_t i = 0; i < count; i++) most += figures[i]->table_count;
    desk->tables = arena_array(desk->arena, struct desk_table, most);
    for (size_t i = 0; i < ENGINE_TABLES; i++) {
        struct desk_table *table = &desk->tables[desk->table_count++];
        *table = (struct desk_table){.name = str_from(engine_tables[i].name),
                                     .engine = &engine_tables[i],
                                     .source = engine_tables[i].source,
                                     .at = desk->when.at,
                                     .count = engine_tables[i].count};
        table->columns = arena_array(desk->arena, struct store_desk_column, table->count);
        memcpy(table->columns, engine_tables[i].columns, table->count * sizeof *table->columns);
        table->used = arena_array(desk->arena, bool, table->count);
    }
    add_duty(desk, "duty_teachers", FIGURE_DUTY_TEACHERS);
    add_duty(desk, "duty_places", FIGURE_DUTY_PLACES);
    for (size_t i = 0; i < profiles->count; i++) {
        const struct profile *profile = &profiles->items[i];
        if (find_table(desk, str_cstr(desk->arena, profile->key)) != NULL) continue;
        add_register(desk, &desk->tables[desk->table_count++], profile->key, profile,
                     desk->when.at);
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < figures[i]->table_count; k++) {
            if (!add_dated(desk, figures[i], &figures[i]->tables[k], err)) return false;
        }
    }
    return true;
}

static bool make_tables(struct figure_desk *desk, struct err *err)
{
    struct store *store = desk->registry->store;
    bool done = true;
    if (!store_desk_begin(store, err)) return false;
    for (size_t i = 0; done && i < desk->table_count; i++) {
        const struct desk_table *table = &desk->tables[i];
        done = store_desk_table(store, str_cstr(desk->arena, table->name), table->columns,
                                table->count, err);
    }
    return store_desk_end(store, done, err);
}

struct looking {
    struct figure_desk *desk;
    struct desk_query *query;
};

static void note_column(void *context, const char *name, const char *column)
{
    struct looking *looking = context;
    struct desk_table *table = find_table(looking->desk, name);
    if (table == NULL) return;
    table->read = true;
    looking->query->reads[table - looking->desk->tables] = true;
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->columns[i].name, column) == 0) table->used[i] = true;
    }
}

static bool has_column(const struct store_statement *statement, const char *name)
{
    for (size_t i = 0; i < store_column_count(statement); i++) {
        if (strcmp(store_column_name(statement, i), name) == 0) return true;
    }
    return false;
}

/* A query is looked at before the tables are filled: which columns it reads, and that it gives what
 * the engine needs. */
static bool look_at(struct figure_desk *desk, const struct figure *figure, enum figure_part part,
                    struct err *err)
{
    const struct figure_query *query = &figure->queries[part];
    struct desk_query *read = &desk->queries[desk->query_count++];
    *read = (struct desk_query){
        .figure = figure, .part = part, .reads = arena_array(desk->arena, bool, desk->table_count)};
    struct looking looking = {desk, read};
    const struct store_desk_reader reader = {note_column, &looking};
    struct store_statement *statement = NULL;
    if (find_table(desk, str_cstr(desk->arena, query->of)) == NULL) {
        err_set(err, ERR_INPUT, "there is no table \"%.*s\" whose records could be listed",
                "没有可列出记录的表“%.*s”", STR_ARG(query->of));
        return figure_at(figure, part, err);
    }
    if (!store_desk_prepare(desk->registry->store, &statement, query->sql, FIGURE_STEPS_MAX,
                            &reader, err)) {
        return figure_at(figure, part, err);
    }
    bool good =
        has_column(statement, "record")
        && (figure->measure != FIGURE_SUM || part != FIGURE_ROWS || has_column(statement, "value"));
    store_finish(statement);
    if (good) return true;
    err_set(err, ERR_INPUT, "a query gives a column \"record\", and one of a sum \"value\"",
            "查询语句须给出 record 列，求和的指标还须给出 value 列");
    return figure_at(figure, part, err);
}

/* As asker_sees, in SQL: the code begins with that of one of the asker's areas. */
#define IN_SCOPE "($all = 1 OR desk_within(s.area))"

/* What IN_SCOPE means until store_desk_end. */
static void bind_scope(struct figure_desk *desk, struct store_statement *fill)
{
    const struct asker *asker = desk->asker;
    struct str *prefixes = arena_array(desk->arena, struct str, asker->area_count);
    for (size_t i = 0; i < asker->area_count; i++) prefixes[i] = area_prefix(asker->areas[i]);
    store_desk_prefixes(desk->registry->store, prefixes, asker->area_count);
    store_bind_i64(fill, "$all", asker->all_areas);
}

/* The columns that somebody reads, and always that which tells rows apart. */
static size_t used_columns(const struct desk_table *table, struct store_desk_column *out)
{
    size_t count = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (i == 0 || table->used[i]) out[count++] = table->columns[i];
    }
    return count;
}

/* The batch that states it; statements ascend with the numbers of batches. */
static const struct timeline_batch *batch_of(const struct timeline *timeline, int64_t statement)
{
    size_t low = 0, high = timeline->batch_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (timeline->batches[middle].last < statement)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == timeline->batch_count || timeline->batches[low].first > statement) return NULL;
    return &timeline->batches[low];
}

/* What a later word ended is taken off again; the timeline alone says what holds. */
static bool take_ended(struct figure_desk *desk, const struct desk_table *table,
                       const struct timeline *timeline, struct err *err)
{
    int64_t *ended = arena_array(desk->arena, int64_t, timeline->ending_count);
    size_t count = 0;
    int64_t last = -1;
    for (size_t i = 0; i < timeline->ending_count; i++) {
        int64_t number = timeline->endings[i].statement;
        if (number == last) continue;
        last = number;
        const struct timeline_batch *batch = batch_of(timeline, number);
        if (batch == NULL || timeline_holds(timeline, batch, number, table->at)) continue;
        ended[count++] = number;
    }
    return store_desk_take_off(desk->registry->store, str_cstr(desk->arena, table->name),
                               table->columns[0].name, ended, count, err);
}

/* Whose each statement of the register is, by number of statement: one pass over the links costs a
 * tenth of looking each up. */
static bool tell_persons(struct figure_desk *desk, const struct desk_table *table,
                         const struct timeline *timeline, struct err *err)
{
    struct store *store = desk->registry->store;
    struct store_statement *links = NULL;
    int64_t record = 0, step = 0;
    if (timeline->batch_count == 0) return true;
    int64_t first = timeline->batches[0].first;
    int64_t last = timeline->batches[timeline->batch_count - 1].last;
    if (last < first) return true;
    if (!people_record_numbers(store, table->profile->key, &record, &step, err)
        || !store_prepare(store, &links,
                          "SELECT record, person FROM person_record "
                          "WHERE record BETWEEN $first AND $last",
                          err)) {
        return false;
    }
    int64_t *numbers = arena_array(desk->arena, int64_t, (size_t)(last - first + 1));
    store_bind_i64(links, "$first", record + first * step);
    store_bind_i64(links, "$last", record + last * step);
    bool row = false, done = false;
    while ((done = store_step(links, &row, err)) && row) {
        int64_t place = store_i64(links, 0) - record - first * step;
        if (place % step == 0) numbers[place / step] = store_i64(links, 1);
    }
    store_finish(links);
    if (!done) return false;
    store_desk_numbers(store, first, numbers, (size_t)(last - first + 1));
    return true;
}

static bool fill_batches(const struct desk_table *table, const struct timeline *timeline,
                         struct store_statement *fill, struct err *err)
{
    bool done = true;
    for (size_t i = 0; done && i < timeline->batch_count; i++) {
        const struct timeline_batch *batch = &timeline->batches[i];
        if (batch->at.days > table->at.days) continue;
        /* Neighbouring batches of that time are taken together. */
        int64_t last = batch->last;
        while (i + 1 < timeline->batch_count && timeline->batches[i + 1].first == last + 1
               && timeline->batches[i + 1].at.days <= table->at.days) {
            last = timeline->batches[++i].last;
        }
        store_bind_i64(fill, "$first", batch->first);
        store_bind_i64(fill, "$last", last);
        done = store_run(fill, err);
    }
    return done;
}

static bool reads(const struct store_desk_column *columns, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(columns[i].name, name) == 0) return true;
    }
    return false;
}

/* Prepares the taking of statements $first to $last from the register. */
static bool prepare_reading(struct figure_desk *desk, const struct desk_table *table,
                            const struct timeline *timeline, struct store_statement **out,
                            struct err *err)
{
    struct store *store = desk->registry->store;
    struct store_desk_column *columns =
        arena_array(desk->arena, struct store_desk_column, table->count);
    size_t count = used_columns(table, columns);
    if ((reads(columns, count, "person") && !tell_persons(desk, table, timeline, err))
        || !store_desk_fill(store, out, str_cstr(desk->arena, table->name), table->source, columns,
                            count, "s.statement BETWEEN $first AND $last AND " IN_SCOPE, err)) {
        return false;
    }
    bind_scope(desk, *out);
    return true;
}

static bool fill_read(struct figure_desk *desk, const struct desk_table *table,
                      const struct timeline *timeline, struct err *err)
{
    struct store_statement *fill = NULL;
    if (!prepare_reading(desk, table, timeline, &fill, err)) return false;
    bool done = fill_batches(table, timeline, fill, err);
    store_finish(fill);
    return done && take_ended(desk, table, timeline, err);
}

/* The table of the same register as of the day asked about, when it lies on the desk already. */
static const struct desk_table *table_of_day(const struct figure_desk *desk,
                                             const struct desk_table *table)
{
    for (size_t i = 0; i < desk->table_count; i++) {
        const struct desk_table *other = &desk->tables[i];
        if (other == table) return NULL;
        if (other->profile == table->profile && other->read) return other;
    }
    return NULL;
}

/* Which statements hold on the table's day, from the first batch's on: 1. False when none does. */
static bool mark_holding(const struct desk_table *table, const struct timeline *timeline,
                         int64_t first, int64_t *holds)
{
    bool some = false;
    for (size_t i = 0; i < timeline->batch_count; i++) {
        const struct timeline_batch *batch = &timeline->batches[i];
        if (batch->at.days > table->at.days) continue;
        for (int64_t k = batch->first; k <= batch->last; k++) holds[k - first] = 1;
        some = true;
    }
    for (size_t i = 0; i < timeline->ending_count; i++) {
        int64_t number = timeline->endings[i].statement;
        const struct timeline_batch *batch = batch_of(timeline, number);
        if (batch == NULL || timeline_holds(timeline, batch, number, table->at)) continue;
        holds[number - first] = 0;
    }
    return some;
}

/* Reads what held on the table's day and had ended by that of the table copied from. */
static bool read_ended_since(struct figure_desk *desk, const struct desk_table *table,
                             const struct desk_table *from, const struct timeline *timeline,
                             const int64_t *holds, struct err *err)
{
    struct store_statement *fill = NULL;
    int64_t first = timeline->batches[0].first, last = -1;
    bool done = true;
    for (size_t i = 0; done && i < timeline->ending_count; i++) {
        int64_t number = timeline->endings[i].statement;
        const struct timeline_batch *batch = batch_of(timeline, number);
        if (number == last || batch == NULL || holds[number - first] == 0
            || timeline_holds(timeline, batch, number, from->at)) {
            continue;
        }
        last = number;
        if (fill == NULL && !prepare_reading(desk, table, timeline, &fill, err)) return false;
        store_bind_i64(fill, "$first", number);
        store_bind_i64(fill, "$last", number);
        done = store_run(fill, err);
    }
    store_finish(fill);
    return done;
}

/* Most of what held earlier holds still: it is copied, and only what ended since is read. */
static bool fill_copied(struct figure_desk *desk, const struct desk_table *table,
                        const struct desk_table *from, const struct timeline *timeline,
                        struct err *err)
{
    struct store *store = desk->registry->store;
    struct store_statement *fill = NULL;
    struct store_desk_column *columns =
        arena_array(desk->arena, struct store_desk_column, table->count);
    if (timeline->batch_count == 0) return true;
    int64_t first = timeline->batches[0].first;
    size_t count = (size_t)(timeline->batches[timeline->batch_count - 1].last - first + 1);
    int64_t *holds = arena_array(desk->arena, int64_t, count);
    if (!mark_holding(table, timeline, first, holds)) return true;
    store_desk_numbers(store, first, holds, count);
    return store_desk_copy(store, &fill, str_cstr(desk->arena, table->name),
                           str_cstr(desk->arena, from->name), columns, used_columns(table, columns),
                           "desk_number(s.record) = 1", err)
           && store_run_once(fill, err)
           && read_ended_since(desk, table, from, timeline, holds, err);
}

static bool fill_register(struct figure_desk *desk, struct desk_table *table, struct err *err)
{
    struct timeline timeline;
    const struct desk_table *from = table_of_day(desk, table);
    if (!timeline_read(&timeline, desk->arena, desk->registry, table->profile, desk->when.known_ms,
                       err)) {
        return false;
    }
    for (size_t i = 0; i < timeline.batch_count; i++) {
        table->stated = table->stated || timeline.batches[i].at.days <= table->at.days;
    }
    return from != NULL ? fill_copied(desk, table, from, &timeline, err)
                        : fill_read(desk, table, &timeline, err);
}

static bool check_has_run(struct store *store, bool *has, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(store, &select, "SELECT count(*) FROM check_run", err)) return false;
    bool done = store_step_row(select, err);
    if (done) *has = store_i64(select, 0) > 0;
    store_finish(select);
    return done;
}

/* Whether anything was ever stated: a check has run, or money was paid. */
static bool find_stated(struct store *store, struct desk_table *table, struct err *err)
{
    struct store_statement *find = NULL;
    if (!table->engine->books) return check_has_run(store, &table->stated, err);
    if (!store_prepare(store, &find, "SELECT 1 FROM pay_line LIMIT 1", err)) return false;
    bool done = store_step(find, &table->stated, err);
    store_finish(find);
    return done;
}

/* What engines found is of the day of its run; of findings and cases those opened by the day asked
 * about. */
static bool fill_engine(struct figure_desk *desk, struct desk_table *table, struct err *err)
{
    struct store_statement *fill = NULL;
    struct store *store = desk->registry->store;
    const char *name = str_cstr(desk->arena, table->name);
    bool done = table->engine->opened
                    ? store_desk_fill(store, &fill, name, table->source, table->columns,
                                      table->count, "s.opened <= $at AND " IN_SCOPE, err)
                    : store_desk_fill(store, &fill, name, table->source, table->columns,
                                      table->count, IN_SCOPE, err);
    if (!done) return false;
    if (store_has(fill, "$at")) store_bind_day(fill, "$at", table->at);
    bind_scope(desk, fill);
    return store_run_once(fill, err) && find_stated(store, table, err);
}

/* What is copied from a table has to be on it. */
static void share_columns(struct figure_desk *desk)
{
    for (size_t i = 0; i < desk->table_count; i++) {
        struct desk_table *table = &desk->tables[i];
        if (!table->read || table->profile == NULL) continue;
        const struct desk_table *from = table_of_day(desk, table);
        for (size_t k = 0; from != NULL && k < table->count; k++) {
            from->used[k] = from->used[k] || table->used[k];
        }
    }
}

static bool fill_tables(struct figure_desk *desk, struct err *err)
{
    bool done = true;
    struct store *store = desk->registry->store;
    share_columns(desk);
    if (!store_desk_begin(store, err)) return false;
    for (size_t i = 0; done && i < desk->table_count; i++) {
        struct desk_table *table = &desk->tables[i];
        if (!table->read) continue;
        if (table->profile != NULL) done = fill_register(desk, table, err);
        if (table->engine != NULL) done = fill_engine(desk, table, err);
    }
    done = done
           && figure_duty_fill(desk, find_table(desk, "duty_teachers"),
                               find_table(desk, "duty_places"), err);
    return store_desk_end(store, done, err);
}

bool figure_desk_renew(struct figure_desk *desk, struct err *err)
{
    struct store *store = desk->registry->store;
    bool done = true;
    if (!store_desk_begin(store, err)) return false;
    for (size_t i = 0; done && i < desk->table_count; i++) {
        struct desk_table *table = &desk->tables[i];
        if (!table->read || table->engine == NULL || !table->engine->work) continue;
        done = store_desk_table(store, str_cstr(desk->arena, table->name), table->columns,
                                table->count, err)
               && fill_engine(desk, table, err);
        for (size_t k = 0; k < desk->query_count; k++) {
            struct desk_query *query = &desk->queries[k];
            if (!query->reads[i]) continue;
            query->counted = false;
            query->split = false;
            query->kept[0] = '\0';
        }
    }
    return store_desk_end(store, done, err);
}

bool figure_desk_open(struct figure_desk *desk, struct arena *arena, struct registry *registry,
                      const struct asker *asker, struct read_at when,
                      const struct figure *const *figures, size_t count, struct err *err)
{
    CHECK(asker != NULL);
    *desk =
        (struct figure_desk){.arena = arena, .registry = registry, .asker = asker, .when = when};
    if (!list_tables(desk, figures, count, err) || !make_tables(desk, err)) return false;
    desk->queries = arena_array(arena, struct desk_query, count * FIGURE_QUERIES);
    for (size_t i = 0; i < count; i++) {
        for (int part = 0; part < FIGURE_QUERIES; part++) {
            if (figures[i]->queries[part].sql.len == 0) continue;
            if (!look_at(desk, figures[i], (enum figure_part)part, err)) return false;
        }
    }
    return fill_tables(desk, err);
}

static void bind_text(struct store_statement *statement, struct arena *arena, const char *name,
                      struct str text)
{
    if (store_has(statement, name)) store_bind_str(statement, name, str_copy(arena, text));
}

static void bind_day(struct store_statement *statement, const char *name, day value)
{
    if (store_has(statement, name)) store_bind_day(statement, name, value);
}

void figure_desk_bind(struct figure_desk *desk, struct store_statement *statement,
                      const struct figure *figure)
{
    struct figure_days days = figure_days_of(figure->period, desk->when.at);
    char from[DAY_TEXT_SIZE], to[DAY_TEXT_SIZE], period[PERIOD_TEXT_SIZE];
    bind_day(statement, "$at", days.at);
    day from_day = days.from;
    if (day_is_none(from_day)) CHECK(day_from_ymd(1900, 1, 1, &from_day));
    bind_day(statement, "$from", from_day);
    bind_day(statement, "$to", days.to);
    bind_day(statement, "$cutoff", day_school_cutoff(days.to));
    day_format(from_day, from);
    day_format(days.to, to);
    bind_text(statement, desk->arena, "$from_year", str_slice(str_from(from), 0, 4));
    bind_text(statement, desk->arena, "$to_year", str_slice(str_from(to), 0, 4));
    bind_text(statement, desk->arena, "$school_year",
              str_from(period_format(period_of(PERIOD_YEAR, days.to), period)));
    bind_text(statement, desk->arena, "$term",
              str_from(period_format(period_of(PERIOD_TERM, days.to), period)));
    for (size_t i = 0; i < figure->rule_count; i++) {
        const struct figure_rule *rule = &figure->rules[i];
        bind_text(statement, desk->arena, rule->parameter, rule->value);
    }
}

struct str figure_query_text(const struct figure *figure, enum figure_part part)
{
    struct str query = str_trim(figure->queries[part].sql);
    while (query.len > 0 && query.ptr[query.len - 1] == ';') {
        query = str_trim(str_slice(query, 0, query.len - 1));
    }
    return query;
}

struct desk_query *figure_desk_query(const struct figure_desk *desk, const struct figure *figure,
                                     enum figure_part part)
{
    struct desk_query *found = NULL;
    for (size_t i = 0; found == NULL && i < desk->query_count; i++) {
        struct desk_query *query = &desk->queries[i];
        if (query->figure == figure && query->part == part) found = query;
    }
    CHECK(found != NULL);
    return found;
}

/* The query was read by itself before (look_at), so its brackets close; a comment may stand at its
 * end. */
bool figure_desk_prepare_literal(struct figure_desk *desk, struct store_statement **out,
                                 const struct figure *figure, enum figure_part part,
                                 const char *before, const char *after, struct err *err)
{
    struct arena scratch = {0};
    struct text sql;
    const char *kept = figure_desk_query(desk, figure, part)->kept;
    text_init(&sql, &scratch, SQL_TEXT_MAX);
    if (kept[0] != '\0') {
        text_add_f(&sql, "%s%s%s", before, kept, after);
    } else {
        text_add_f(&sql, "%s(%.*s\n)%s", before, STR_ARG(figure_query_text(figure, part)), after);
    }
    bool done =
        store_desk_prepare(desk->registry->store, out, text_str(&sql), FIGURE_STEPS_MAX, NULL, err);
    arena_free(&scratch);
    if (!done) return figure_at(figure, part, err);
    figure_desk_bind(desk, *out, figure);
    return true;
}

const struct profile *figure_desk_profile(const struct figure_desk *desk, struct str table)
{
    for (size_t i = 0; i < desk->table_count; i++) {
        if (str_equal(desk->tables[i].name, table)) return desk->tables[i].profile;
    }
    return NULL;
}

day figure_desk_day(const struct figure_desk *desk, struct str table)
{
    for (size_t i = 0; i < desk->table_count; i++) {
        if (str_equal(desk->tables[i].name, table)) return desk->tables[i].at;
    }
    return desk->when.at;
}

bool figure_desk_lists_stated(const struct figure_desk *desk, const struct figure *figure,
                              enum figure_part part)
{
    const struct desk_table *table =
        find_table(desk, str_cstr(desk->arena, figure->queries[part].of));
    return table != NULL && table->stated;
}

bool figure_desk_is_stated(const struct figure_desk *desk, const struct figure *figure,
                           enum figure_part part)
{
    const struct desk_query *query = figure_desk_query(desk, figure, part);
    for (size_t i = 0; i < desk->table_count; i++) {
        if (query->reads[i] && desk->tables[i].stated) return true;
    }
    return false;
}
