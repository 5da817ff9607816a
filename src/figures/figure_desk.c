#include "figures/figure_desk_internal.h"

#include "base/list.h"
#include "policy/period.h"
#include "registry/layout.h"

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
    {"findings", "finding", COLUMNS(finding_columns), .work = true, .kind = FIGURE_FINDINGS,
     .opened = true},
    {"payments", "pay_line", COLUMNS(payment_columns), .work = true, .kind = FIGURE_PAYMENTS,
     .books = true},
    {"expected", "check_child", COLUMNS(expected_columns)},
    {"cases", "case_file", COLUMNS(case_columns), .work = true, .kind = FIGURE_CASES,
     .opened = true},
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

struct desk_table *figure_desk_table(const struct figure_desk *desk, const char *name)
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
    const struct desk_table *there = figure_desk_table(desk, str_cstr(desk->arena, wanted->name));
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
        if (figure_desk_table(desk, str_cstr(desk->arena, profile->key)) != NULL) continue;
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
    struct desk_table *table = figure_desk_table(looking->desk, name);
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
    if (figure_desk_table(desk, str_cstr(desk->arena, query->of)) == NULL) {
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
    return figure_fill(desk, err);
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
        figure_desk_table(desk, str_cstr(desk->arena, figure->queries[part].of));
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
