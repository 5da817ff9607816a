#include "figures/publication.h"

#include "access/audit.h"
#include "base/asset.h"
#include "base/list.h"
#include "figures/figure_rows.h"
#include "figures/member_pack.h"

#include <string.h>

enum {
    MEMBERS_AT_ONCE = 100000,
    MEMBERS_TEXT_MAX = 1 << 30,
    DEFINITION_TEXT_MAX = 1 << 20,
    AREAS_TEXT_MAX = 4096,
};

bool publication_migrate(struct store *store, struct err *err)
{
    struct str script;
    CHECK(asset_find("src/figures/schema.sql", &script));
    return store_migrate(store, "figures", &script, 1, err);
}

/* Columns of a figure's query that a publication keeps; -1: none. */
struct member_columns {
    int record, person, value, of;
};

static struct member_columns member_columns_of(const struct store_statement *query)
{
    struct member_columns columns = {-1, -1, -1, -1};
    for (size_t i = 0; i < store_column_count(query); i++) {
        const char *name = store_column_name(query, i);
        if (strcmp(name, "record") == 0) columns.record = (int)i;
        if (strcmp(name, "person") == 0) columns.person = (int)i;
        if (strcmp(name, "value") == 0) columns.value = (int)i;
        if (strcmp(name, "register") == 0) columns.of = (int)i;
    }
    return columns;
}

static bool prepare_members(struct figure_desk *desk, const struct figure *figure,
                            enum figure_part part, struct store_statement **query,
                            struct member_columns *columns, struct err *err)
{
    if (!figure_desk_prepare(desk, query, figure, part, "SELECT * FROM ", " ORDER BY record",
                             err)) {
        return false;
    }
    *columns = member_columns_of(*query);
    if (columns->of < 0) return true;
    store_finish(*query);
    *query = NULL;
    return figure_desk_prepare(desk, query, figure, part, "SELECT * FROM ",
                               " ORDER BY register, record", err);
}

static struct publication_member member_at(struct store_statement *query,
                                           const struct member_columns *columns, uint32_t of)
{
    return (struct publication_member){
        .of = of,
        .record = store_i64(query, columns->record),
        .person = columns->person >= 0 ? store_i64(query, columns->person) : 0,
        .has_value = columns->value >= 0 && !store_is_null(query, columns->value),
        .value = columns->value >= 0 ? store_i64(query, columns->value) : 0};
}

/* Records alone, without looking up of whom they speak. */
bool publication_members_now(struct figure_desk *desk, struct arena *arena,
                             const struct figure *figure, enum figure_part part,
                             struct publication_members *out, struct err *err)
{
    struct store_statement *query = NULL;
    struct member_list list = {0};
    struct member_columns columns;
    struct dict tables;
    bool row = false, done = prepare_members(desk, figure, part, &query, &columns, err);
    dict_init(&tables, arena);
    uint32_t of = dict_put(&tables, figure->queries[part].of);
    while (done && (done = store_step(query, &row, err)) && row) {
        if (columns.of >= 0) of = dict_put(&tables, store_str(query, columns.of));
        struct publication_member member = member_at(query, &columns, of);
        const struct publication_member *last =
            list.count == 0 ? NULL : &list.items[list.count - 1];
        if (last != NULL && last->record == member.record && last->of == of) {
            done = err_set(err, ERR_INPUT, "record %lld is counted twice", "记录 %lld 被计了两次",
                           (long long)member.record);
        } else {
            *list_push(arena, &list) = member;
        }
    }
    store_finish(query);
    if (!done) return figure_at(figure, part, err);
    *out = (struct publication_members){tables, list.items, list.count};
    return true;
}

static void add_members(struct text *text, enum figure_part part,
                        const struct publication_members *members)
{
    for (size_t i = 0; i < members->count; i++) {
        const struct publication_member *member = &members->items[i];
        text_add_f(text, "%s\t%.*s\t%lld\t", figure_part_key(part),
                   STR_ARG(dict_text(&members->tables, member->of)), (long long)member->record);
        if (member->has_value) text_add_f(text, "%lld", (long long)member->value);
        text_add_byte(text, '\n');
    }
}

/* The parts of a figure that its value rests on. */
static size_t part_count(enum figure_measure measure)
{
    return measure == FIGURE_SHARE ? 2 : 1;
}

/* What makes the number what it is, in words and in SQL; one line for each, so that two can be
 * compared. */
static struct str definition_text(struct arena *arena, const struct figure *figure)
{
    struct text text;
    text_init(&text, arena, DEFINITION_TEXT_MAX);
    text_add_f(&text, "%.*s\n%.*s\n%.*s\n%.*s\n%s\n%s\n%s\n%.*s\n", STR_ARG(figure->zh),
               STR_ARG(figure->en), STR_ARG(figure->definition_zh), STR_ARG(figure->definition_en),
               figure_unit_key(figure->unit), figure_measure_key(figure->measure),
               figure_period_key(figure->period), STR_ARG(figure->cites));
    for (size_t i = 0; i < figure->table_count; i++) {
        const struct figure_table *table = &figure->tables[i];
        text_add_f(&text, "%.*s = %.*s %02d-%02d -%d\n", STR_ARG(table->name),
                   STR_ARG(table->register_key), table->month, table->day, table->years_back);
    }
    for (size_t i = 0; i < part_count(figure->measure); i++) {
        const struct figure_query *query = &figure->queries[i];
        text_add_f(&text, "%s of %.*s:\n%.*s\n", figure_part_key((enum figure_part)i),
                   STR_ARG(query->of), STR_ARG(str_trim(query->sql)));
    }
    CHECK(!text.cut);
    return text_str(&text);
}

static struct str areas_text(struct arena *arena, const struct asker *asker)
{
    struct text text;
    text_init(&text, arena, AREAS_TEXT_MAX);
    if (asker->all_areas) return STR("*");
    for (size_t i = 0; i < asker->area_count; i++) {
        text_add_f(&text, "%s%.*s", i == 0 ? "" : ",", STR_ARG(asker->areas[i]));
    }
    return text_str(&text);
}

static bool write_head(struct store *store, struct publication *made, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(store, &put,
                       "INSERT INTO publication (figure, at, known_ms, areas, unit, row_count, "
                       "amount, over, value, definition, definition_hash, members_hash, reason, "
                       "user_name, made_ms) VALUES ($figure, $at, $known, $areas, $unit, $rows, "
                       "$amount, $over, $value, $definition, $definition_hash, $members_hash, "
                       "$reason, $user, $made)",
                       err)) {
        return false;
    }
    store_bind_str(put, "$figure", made->figure);
    store_bind_day(put, "$at", made->at);
    store_bind_i64(put, "$known", made->known_ms);
    store_bind_text(put, "$areas", made->areas);
    store_bind_str(put, "$unit", made->unit);
    store_bind_i64(put, "$rows", made->counted.rows);
    store_bind_i64(put, "$amount", made->counted.amount);
    store_bind_i64(put, "$over", made->counted.over);
    store_bind_text(put, "$value", made->value);
    store_bind_str(put, "$definition", made->definition);
    store_bind_blob(put, "$definition_hash",
                    (struct str){(const char *)made->definition_hash, PUBLICATION_HASH_BYTES});
    store_bind_blob(put, "$members_hash",
                    (struct str){(const char *)made->members_hash, PUBLICATION_HASH_BYTES});
    store_bind_text(put, "$reason", made->reason);
    store_bind_text(put, "$user", made->user_name);
    store_bind_i64(put, "$made", made->made_ms);
    if (!store_run_once(put, err)) return false;
    made->number = store_last_id(store);
    return true;
}

static bool write_members(struct store *store, struct arena *arena, int64_t number,
                          enum figure_part part, const struct publication_members *members,
                          struct err *err)
{
    struct store_statement *put = NULL;
    bool done = true;
    if (!store_prepare(store, &put,
                       "INSERT INTO publication_member (publication, part, register, ordinal, "
                       "members) VALUES ($publication, $part, $register, $ordinal, $members)",
                       err)) {
        return false;
    }
    size_t at = 0;
    for (int64_t ordinal = 0; done && at < members->count; ordinal++) {
        uint32_t of = members->items[at].of;
        size_t count = 0;
        while (at + count < members->count && members->items[at + count].of == of
               && count < MEMBERS_AT_ONCE) {
            count++;
        }
        store_bind_i64(put, "$publication", number);
        store_bind_str(put, "$part", str_from(figure_part_key(part)));
        store_bind_str(put, "$register", dict_text(&members->tables, of));
        store_bind_i64(put, "$ordinal", ordinal);
        store_bind_blob(put, "$members", members_pack(arena, members->items + at, count));
        done = store_run(put, err);
        at += count;
    }
    store_finish(put);
    return done;
}

static bool write_all(struct figure_desk *desk, struct arena *arena, struct publication *made,
                      const struct publication_members members[2], size_t parts, struct err *err)
{
    struct store *store = desk->registry->store;
    if (!write_head(store, made, err)) return false;
    for (size_t i = 0; i < parts; i++) {
        if (!write_members(store, arena, made->number, (enum figure_part)i, &members[i], err)) {
            return false;
        }
    }
    struct text object;
    text_init(&object, arena, 200);
    text_add_f(&object, "publication %lld", (long long)made->number);
    return audit_append(store, &desk->registry->clock, desk->asker, AUDIT_PUBLISH,
                        text_str(&object), made->reason, err);
}

/* The members of each part, in the arena, and the hash of them all. */
static bool hash_members(struct figure_desk *desk, struct arena *arena, const struct figure *figure,
                         struct publication_members members[2], unsigned char *out, struct err *err)
{
    struct arena scratch = {0};
    struct text text;
    bool done = true;
    text_init(&text, &scratch, MEMBERS_TEXT_MAX);
    for (size_t i = 0; done && i < part_count(figure->measure); i++) {
        enum figure_part part = (enum figure_part)i;
        done = publication_members_now(desk, arena, figure, part, &members[i], err);
        if (done) add_members(&text, part, &members[i]);
    }
    if (done && text.cut) {
        done = err_set(err, ERR_LIMIT, "the figure \"%.*s\" counts too many records",
                       "指标“%.*s”的明细过多", STR_ARG(figure->key));
    }
    if (done) sm3_hash(text_str(&text), out);
    arena_free(&scratch);
    return done;
}

bool publication_hash_now(struct figure_desk *desk, const struct figure *figure,
                          unsigned char out[PUBLICATION_HASH_BYTES], struct err *err)
{
    struct arena arena = {0};
    struct publication_members members[2] = {{.count = 0}, {.count = 0}};
    bool done = hash_members(desk, &arena, figure, members, out, err);
    arena_free(&arena);
    return done;
}

/* A publication before it is written: what it says, and the members of its parts. */
struct making {
    const struct figure *figure;
    struct publication made;
    struct publication_members members[2];
};

static bool prepare(struct figure_desk *desk, struct arena *arena, struct making *making,
                    struct err *err)
{
    const struct figure *figure = making->figure;
    struct publication *made = &making->made;
    if (!figure_count(desk, figure, &made->counted, err)) return false;
    if (!made->counted.known) {
        return err_set(err, ERR_CONFLICT, "nothing was imported that the figure \"%.*s\" rests on",
                       "指标“%.*s”的来源名册尚未导入", STR_ARG(figure->key));
    }
    if (!hash_members(desk, arena, figure, making->members, made->members_hash, err)) return false;
    CHECK((int64_t)making->members[0].count == made->counted.rows);
    sm3_hash(made->definition, made->definition_hash);
    made->value = figure_value_text(arena, figure, &made->counted);
    return true;
}

bool publications_make(struct figure_desk *desk, struct arena *arena,
                       const struct figure *const *figures, size_t count, struct str reason,
                       struct publication *out, struct err *err)
{
    CHECK(desk != NULL);
    struct making *all = arena_array(arena, struct making, count);
    struct store *store = desk->registry->store;
    if (!asker_may(desk->asker, CAPABILITY_EXPORT)) {
        return err_set(err, ERR_DENIED, "you may not publish figures", "您无权发布指标");
    }
    for (size_t i = 0; i < count; i++) {
        all[i].figure = figures[i];
        all[i].made = (struct publication){.figure = figures[i]->key,
                                           .at = desk->when.at,
                                           .known_ms = desk->when.known_ms,
                                           .made_ms = clock_now_ms(&desk->registry->clock),
                                           .areas = areas_text(arena, desk->asker),
                                           .unit = str_from(figure_unit_key(figures[i]->unit)),
                                           .definition = definition_text(arena, figures[i]),
                                           .reason = reason,
                                           .user_name = desk->asker->name};
        if (!prepare(desk, arena, &all[i], err)) return false;
    }
    if (!store_begin(store, err)) return false;
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        done = write_all(desk, arena, &all[i].made, all[i].members,
                         part_count(all[i].figure->measure), err);
    }
    if (!store_end(store, done, err)) return false;
    for (size_t i = 0; i < count; i++) out[i] = all[i].made;
    return true;
}

bool publication_make(struct figure_desk *desk, struct arena *arena, const struct figure *figure,
                      struct str reason, struct publication *out, struct err *err)
{
    return publications_make(desk, arena, &figure, 1, reason, out, err);
}

static void take_hash(struct store_statement *row, int column, unsigned char *out)
{
    struct str bytes = store_str(row, column);
    if (bytes.len == PUBLICATION_HASH_BYTES) memcpy(out, bytes.ptr, PUBLICATION_HASH_BYTES);
}

static void take_row(struct arena *arena, struct store_statement *row, struct publication *out)
{
    *out = (struct publication){
        .number = store_i64(row, 0),
        .figure = str_copy(arena, store_str(row, 1)),
        .at = store_day(row, 2),
        .known_ms = store_i64(row, 3),
        .areas = str_copy(arena, store_str(row, 4)),
        .unit = str_copy(arena, store_str(row, 5)),
        .counted = {true, store_i64(row, 6), store_i64(row, 7), store_i64(row, 8)},
        .value = str_copy(arena, store_str(row, 9)),
        .definition = str_copy(arena, store_str(row, 10)),
        .reason = str_copy(arena, store_str(row, 13)),
        .user_name = str_copy(arena, store_str(row, 14)),
        .made_ms = store_i64(row, 15),
    };
    take_hash(row, 11, out->definition_hash);
    take_hash(row, 12, out->members_hash);
}

/* Seen by who sees all that it covers. */
static bool is_seen(const struct asker *asker, struct str areas)
{
    struct str rest = areas, area;
    if (asker->all_areas) return true;
    if (str_is(areas, "*")) return false;
    while (str_split(&rest, ',', &area)) {
        if (!asker_sees(asker, area)) return false;
    }
    return areas.len > 0;
}

bool publication_list(struct store *store, struct arena *arena, const struct asker *asker,
                      struct str figure, struct publication **out, size_t *count, struct err *err)
{
    struct store_statement *select = NULL;
    LIST(struct publication) list = {0};
    bool row = false, done = false;
    if (!store_prepare(store, &select,
                       "SELECT number, figure, at, known_ms, areas, unit, row_count, amount, over, "
                       "value, definition, definition_hash, members_hash, reason, user_name, "
                       "made_ms FROM publication WHERE $figure IS NULL OR figure = $figure "
                       "ORDER BY number DESC",
                       err)) {
        return false;
    }
    if (figure.len > 0) {
        store_bind_str(select, "$figure", figure);
    } else {
        store_bind_null(select, "$figure");
    }
    while ((done = store_step(select, &row, err)) && row) {
        if (is_seen(asker, store_str(select, 4))) {
            take_row(arena, select, list_push(arena, &list));
        }
    }
    store_finish(select);
    if (!done) return false;
    *out = list.items;
    *count = list.count;
    return true;
}

bool publication_find(struct store *store, struct arena *arena, const struct asker *asker,
                      int64_t number, struct publication *out, struct err *err)
{
    struct publication *all;
    size_t count;
    if (!publication_list(store, arena, asker, STR_EMPTY, &all, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        if (all[i].number != number) continue;
        *out = all[i];
        return true;
    }
    return err_set(err, ERR_NOT_FOUND, "there is no publication %lld", "没有第 %lld 号发布",
                   (long long)number);
}

static bool read_part(struct store *store, struct arena *arena, int64_t number,
                      enum figure_part part, struct publication_members *out, struct err *err)
{
    struct store_statement *select = NULL;
    struct member_list list = {0};
    struct dict tables;
    bool row = false, done = false;
    dict_init(&tables, arena);
    if (!store_prepare(store, &select,
                       "SELECT members, register FROM publication_member "
                       "WHERE publication = $publication AND part = $part ORDER BY ordinal",
                       err)) {
        return false;
    }
    store_bind_i64(select, "$publication", number);
    store_bind_str(select, "$part", str_from(figure_part_key(part)));
    while ((done = store_step(select, &row, err)) && row) {
        size_t before = list.count;
        uint32_t of = dict_put(&tables, store_str(select, 1));
        done = members_unpack(arena, store_str(select, 0), &list, err);
        for (size_t i = before; i < list.count; i++) list.items[i].of = of;
        if (!done) break;
    }
    store_finish(select);
    *out = (struct publication_members){tables, list.items, list.count};
    return done;
}

bool publication_members_read(struct store *store, struct arena *arena,
                              const struct publication *publication, enum figure_part part,
                              struct publication_members *out, struct err *err)
{
    struct publication_members members[2] = {{.count = 0}, {.count = 0}};
    unsigned char hash[PUBLICATION_HASH_BYTES];
    struct arena scratch = {0};
    struct text text;
    CHECK(part <= FIGURE_OVER);
    text_init(&text, &scratch, MEMBERS_TEXT_MAX);
    for (int i = 0; i <= FIGURE_OVER; i++) {
        enum figure_part one = (enum figure_part)i;
        if (!read_part(store, arena, publication->number, one, &members[i], err)) {
            arena_free(&scratch);
            return false;
        }
        add_members(&text, one, &members[i]);
    }
    sm3_hash(text_str(&text), hash);
    arena_free(&scratch);
    if (memcmp(hash, publication->members_hash, sizeof hash) != 0) {
        return err_set(err, ERR_STORE, "the records of publication %lld are not those of its hash",
                       "第 %lld 号发布的明细与其校验值不符", (long long)publication->number);
    }
    *out = members[part];
    return true;
}
