#include "figures/figure_desk_internal.h"

#include "link/people.h"
#include "registry/timeline.h"

#include <string.h>

/* What the tables of a desk are filled with: statements that hold on the day, of the asker's areas,
 * and what engines found. */

/* The filling of one table; what is read for it goes when it is done. */
struct filling {
    struct figure_desk *desk;
    struct desk_table *table;
    struct arena arena;
    struct timeline timeline;
    const bool *seen; /* by batch: whether a row of the asker's areas can be in it; NULL: all */
};

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

static const char *name_of(struct filling *filling)
{
    return str_cstr(&filling->arena, filling->table->name);
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

static bool is_seen(const struct filling *filling, const struct timeline_batch *batch)
{
    return filling->seen == NULL || filling->seen[batch - filling->timeline.batches];
}

/* The batch that states it, when it can be on the desk; statements ascend with the numbers of
 * batches. */
static const struct timeline_batch *batch_of(const struct filling *filling, int64_t statement)
{
    const struct timeline *timeline = &filling->timeline;
    size_t low = 0, high = timeline->batch_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (timeline->batches[middle].last < statement)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == timeline->batch_count || timeline->batches[low].first > statement) return NULL;
    return is_seen(filling, &timeline->batches[low]) ? &timeline->batches[low] : NULL;
}

/* What a later word ended is taken off again; the timeline alone says what holds. */
static bool take_ended(struct filling *filling, struct err *err)
{
    const struct timeline *timeline = &filling->timeline;
    int64_t *ended = arena_array(&filling->arena, int64_t, timeline->ending_count);
    size_t count = 0;
    int64_t last = -1;
    for (size_t i = 0; i < timeline->ending_count; i++) {
        int64_t number = timeline->endings[i].statement;
        if (number == last) continue;
        last = number;
        const struct timeline_batch *batch = batch_of(filling, number);
        if (batch == NULL || timeline_holds(timeline, batch, number, filling->table->at)) continue;
        ended[count++] = number;
    }
    return store_desk_take_off(filling->desk->registry->store, name_of(filling),
                               filling->table->columns[0].name, ended, count, err);
}

/* Statements of the table's day and the asker's areas, from the batch *next on: neighbouring
 * batches are taken together. False when there are no more. */
static bool next_range(const struct filling *filling, size_t *next, int64_t *first, int64_t *last)
{
    const struct timeline *timeline = &filling->timeline;
    bool open = false;
    for (; *next < timeline->batch_count; ++*next) {
        const struct timeline_batch *batch = &timeline->batches[*next];
        bool wanted = batch->at.days <= filling->table->at.days && is_seen(filling, batch);
        if (open && (!wanted || batch->first != *last + 1)) return true;
        if (!wanted) continue;
        if (!open) *first = batch->first;
        *last = batch->last;
        open = true;
    }
    return open;
}

static bool read_links(struct filling *filling, struct store_statement *links, int64_t first,
                       int64_t *numbers, struct err *err)
{
    struct store *store = filling->desk->registry->store;
    int64_t record = 0, step = 0, from = 0, to = 0;
    size_t next = 0;
    bool done = people_record_numbers(store, filling->table->profile->key, &record, &step, err);
    while (done && next_range(filling, &next, &from, &to)) {
        bool row = false;
        store_bind_i64(links, "$first", record + from * step);
        store_bind_i64(links, "$last", record + to * step);
        while ((done = store_step(links, &row, err)) && row) {
            int64_t place = store_i64(links, 0) - record - first * step;
            if (place % step == 0) numbers[place / step] = store_i64(links, 1);
        }
    }
    return done;
}

/* Whose each statement of the register is, by number of statement: one pass over the links costs a
 * tenth of looking each up. */
static bool tell_persons(struct filling *filling, struct err *err)
{
    const struct timeline *timeline = &filling->timeline;
    struct store *store = filling->desk->registry->store;
    struct store_statement *links = NULL;
    if (timeline->batch_count == 0) return true;
    int64_t first = timeline->batches[0].first;
    int64_t last = timeline->batches[timeline->batch_count - 1].last;
    if (last < first) return true;
    int64_t *numbers = arena_array(&filling->arena, int64_t, (size_t)(last - first + 1));
    bool done = store_prepare(store, &links,
                              "SELECT record, person FROM person_record "
                              "WHERE record BETWEEN $first AND $last",
                              err)
                && read_links(filling, links, first, numbers, err);
    store_finish(links);
    if (done) store_desk_numbers(store, first, numbers, (size_t)(last - first + 1));
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
static bool prepare_reading(struct filling *filling, struct store_statement **out, struct err *err)
{
    const struct desk_table *table = filling->table;
    struct store_desk_column *columns =
        arena_array(&filling->arena, struct store_desk_column, table->count);
    size_t count = used_columns(table, columns);
    if ((reads(columns, count, "person") && !tell_persons(filling, err))
        || !store_desk_fill(filling->desk->registry->store, out, name_of(filling), table->source,
                            columns, count, "s.statement BETWEEN $first AND $last AND " IN_SCOPE,
                            err)) {
        return false;
    }
    bind_scope(filling->desk, *out);
    return true;
}

static bool fill_read(struct filling *filling, struct err *err)
{
    struct store_statement *fill = NULL;
    int64_t first = 0, last = 0;
    size_t next = 0;
    bool done = true;
    if (!prepare_reading(filling, &fill, err)) return false;
    while (done && next_range(filling, &next, &first, &last)) {
        store_bind_i64(fill, "$first", first);
        store_bind_i64(fill, "$last", last);
        done = store_run(fill, err);
    }
    store_finish(fill);
    return done && take_ended(filling, err);
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
static bool mark_holding(const struct filling *filling, int64_t first, int64_t *holds)
{
    const struct timeline *timeline = &filling->timeline;
    int64_t from = 0, to = 0;
    size_t next = 0;
    bool some = false;
    while (next_range(filling, &next, &from, &to)) {
        for (int64_t k = from; k <= to; k++) holds[k - first] = 1;
        some = true;
    }
    for (size_t i = 0; i < timeline->ending_count; i++) {
        int64_t number = timeline->endings[i].statement;
        const struct timeline_batch *batch = batch_of(filling, number);
        if (batch == NULL || timeline_holds(timeline, batch, number, filling->table->at)) continue;
        holds[number - first] = 0;
    }
    return some;
}

/* Reads what held on the table's day and had ended by that of the table copied from. */
static bool read_ended_since(struct filling *filling, const struct desk_table *from,
                             const int64_t *holds, struct err *err)
{
    const struct timeline *timeline = &filling->timeline;
    struct store_statement *fill = NULL;
    int64_t first = timeline->batches[0].first, last = -1;
    bool done = true;
    for (size_t i = 0; done && i < timeline->ending_count; i++) {
        int64_t number = timeline->endings[i].statement;
        const struct timeline_batch *batch = batch_of(filling, number);
        if (number == last || batch == NULL || holds[number - first] == 0
            || timeline_holds(timeline, batch, number, from->at)) {
            continue;
        }
        last = number;
        if (fill == NULL && !prepare_reading(filling, &fill, err)) return false;
        store_bind_i64(fill, "$first", number);
        store_bind_i64(fill, "$last", number);
        done = store_run(fill, err);
    }
    store_finish(fill);
    return done;
}

/* Most of what held earlier holds still: it is copied, and only what ended since is read. */
static bool fill_copied(struct filling *filling, const struct desk_table *from, struct err *err)
{
    const struct timeline *timeline = &filling->timeline;
    const struct desk_table *table = filling->table;
    struct figure_desk *desk = filling->desk;
    struct store *store = desk->registry->store;
    struct store_statement *fill = NULL;
    struct store_desk_column *columns =
        arena_array(&filling->arena, struct store_desk_column, table->count);
    if (timeline->batch_count == 0) return true;
    int64_t first = timeline->batches[0].first;
    size_t count = (size_t)(timeline->batches[timeline->batch_count - 1].last - first + 1);
    int64_t *holds = arena_array(&filling->arena, int64_t, count);
    if (!mark_holding(filling, first, holds)) return true;
    store_desk_numbers(store, first, holds, count);
    return store_desk_copy(store, &fill, name_of(filling), str_cstr(&filling->arena, from->name),
                           columns, used_columns(table, columns), "desk_number(s.record) = 1", err)
           && store_run_once(fill, err) && read_ended_since(filling, from, holds, err);
}

static bool fill_register(struct figure_desk *desk, struct desk_table *table, struct err *err)
{
    struct filling filling = {.desk = desk, .table = table};
    struct timeline *timeline = &filling.timeline;
    const struct desk_table *from = table_of_day(desk, table);
    bool done = timeline_read(timeline, &filling.arena, desk->registry, table->profile,
                              desk->when.known_ms, err)
                && timeline_seen(timeline, &filling.arena, desk->registry, table->profile,
                                 desk->asker, &filling.seen, err);
    for (size_t i = 0; done && i < timeline->batch_count; i++) {
        table->stated = table->stated || timeline->batches[i].at.days <= table->at.days;
    }
    if (done) done = from != NULL ? fill_copied(&filling, from, err) : fill_read(&filling, err);
    store_desk_numbers(desk->registry->store, 0, NULL, 0);
    arena_free(&filling.arena);
    return done;
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

bool figure_fill(struct figure_desk *desk, struct err *err)
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
           && figure_duty_fill(desk, figure_desk_table(desk, "duty_teachers"),
                               figure_desk_table(desk, "duty_places"), err);
    return store_desk_end(store, done, err);
}

/* What was counted and kept of it is true no more. */
static void forget(struct figure_desk *desk, size_t table)
{
    for (size_t i = 0; i < desk->query_count; i++) {
        struct desk_query *query = &desk->queries[i];
        if (!query->reads[table]) continue;
        query->counted = false;
        query->split = false;
        query->kept[0] = '\0';
    }
}

bool figure_desk_renew(struct figure_desk *desk, const struct figure_desk_version *was,
                       const struct figure_desk_version *is, struct err *err)
{
    struct store *store = desk->registry->store;
    bool done = true;
    CHECK(was->registers == is->registers);
    if (!store_desk_begin(store, err)) return false;
    for (size_t i = 0; done && i < desk->table_count; i++) {
        struct desk_table *table = &desk->tables[i];
        const struct desk_engine *engine = table->engine;
        if (!table->read || engine == NULL || !engine->work
            || was->work[engine->kind] == is->work[engine->kind]) {
            continue;
        }
        done = store_desk_table(store, str_cstr(desk->arena, table->name), table->columns,
                                table->count, err)
               && fill_engine(desk, table, err);
        forget(desk, i);
    }
    return store_desk_end(store, done, err);
}
