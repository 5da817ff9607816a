#include "link/library.h"

#include "base/thread.h"

#include <stdio.h>
#include <string.h>

/* The outside of the engine as include/baoxue/link.h promises it: whatever a caller does wrong is
 * answered with a status, never by a CHECK. */

enum { ROWS_FIRST = 1 << 10, ERROR_TEXT_MAX = sizeof((struct baoxue_link_error *)0)->en };

_Static_assert((int)ERROR_TEXT_MAX >= (int)ERR_TEXT_MAX, "a sentence fits");
_Static_assert((int)BAOXUE_LINK_THREADS_MAX == (int)THREADS_MAX, "one limit");
_Static_assert((int)BAOXUE_LINK_ROWS_MAX == (int)MATCH_ROWS_MAX, "one limit");
_Static_assert((int)BAOXUE_LINK_STEPS_MAX == (int)MATCH_STEPS_MAX, "one limit");

enum baoxue_link_status library_fail(const struct err *err, struct baoxue_link_error *error)
{
    enum baoxue_link_status status = BAOXUE_LINK_INPUT;
    switch (err->kind) {
    case ERR_USAGE: status = BAOXUE_LINK_MISUSE; break;
    case ERR_LIMIT: status = BAOXUE_LINK_LIMIT; break;
    case ERR_IO: status = BAOXUE_LINK_IO; break;
    default: break;
    }
    if (error == NULL) return status;
    error->status = status;
    memcpy(error->en, err->en, sizeof err->en);
    memcpy(error->zh, err->zh, sizeof err->zh);
    return status;
}

enum baoxue_link_status library_misuse(struct baoxue_link_error *error, const char *en,
                                       const char *zh)
{
    struct err err = {.kind = ERR_USAGE};
    snprintf(err.en, sizeof err.en, "%s", en);
    snprintf(err.zh, sizeof err.zh, "%s", zh);
    return library_fail(&err, error);
}

const char *baoxue_link_version(void)
{
    return BAOXUE_LINK_VERSION;
}

uint32_t baoxue_link_version_number(void)
{
    return BAOXUE_LINK_VERSION_NUMBER;
}

static enum baoxue_link_status check_version(uint32_t version, struct baoxue_link_error *error)
{
    struct err err = ERR_INIT;
    if (version / 10000 == BAOXUE_LINK_VERSION_MAJOR
        && version / 100 <= BAOXUE_LINK_VERSION_NUMBER / 100) {
        return BAOXUE_LINK_OK;
    }
    (void)!err_set(&err, ERR_USAGE,
                   "the program was compiled for version %u.%u of the library, this is %s",
                   "程序按 %u.%u 版的库编译，现在的库是 %s", version / 10000, version / 100 % 100,
                   BAOXUE_LINK_VERSION);
    library_fail(&err, error);
    if (error != NULL) error->status = BAOXUE_LINK_VERSIONS;
    return BAOXUE_LINK_VERSIONS;
}

static bool parse_spec(struct arena *arena, struct str text, struct link_spec **out,
                       struct err *err)
{
    if (text.len > BAOXUE_LINK_SPEC_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "the spec is larger than %d bytes", "比对说明超过 %d 字节",
                       BAOXUE_LINK_SPEC_BYTES_MAX);
    }
    /* The engine keeps pointing into the text. */
    return link_spec_parse(arena, str_copy(arena, text), "spec", out, err);
}

enum baoxue_link_status baoxue_link_open_version(struct baoxue_link **link, const char *spec,
                                                 size_t length, uint32_t version,
                                                 struct baoxue_link_error *error)
{
    struct err err = ERR_INIT;
    struct arena arena = {0};
    struct link_spec *parsed;
    if (link == NULL || spec == NULL) {
        return library_misuse(error, "a handle and a spec are needed", "需要句柄和比对说明");
    }
    enum baoxue_link_status status = check_version(version, error);
    if (status != BAOXUE_LINK_OK) return status;
    struct str text = {spec, length == BAOXUE_LINK_ALL ? strlen(spec) : length};
    if (!parse_spec(&arena, text, &parsed, &err)) {
        arena_free(&arena);
        return library_fail(&err, error);
    }
    struct baoxue_link *made = arena_new(&arena, struct baoxue_link);
    made->spec = parsed;
    match_wanted_find(parsed, &made->wanted);
    made->names = arena_array(&arena, const char *, made->wanted.count);
    for (size_t c = 0; c < made->wanted.count; c++) {
        made->names[c] = str_cstr(&arena, made->wanted.names[c]);
    }
    made->arena = arena;
    u64_map_init(&made->decided, &made->arena);
    *link = made;
    return BAOXUE_LINK_OK;
}

void baoxue_link_close(struct baoxue_link *link)
{
    if (link == NULL) return;
    for (size_t side = 0; side < 2; side++) arena_free(&link->lists[side].arena);
    arena_free(&link->given);
    /* The handle itself lives there. */
    struct arena arena = link->arena;
    arena_free(&arena);
}

enum baoxue_link_status baoxue_link_set_threads(struct baoxue_link *link, uint32_t threads)
{
    if (link == NULL || threads > BAOXUE_LINK_THREADS_MAX) return BAOXUE_LINK_MISUSE;
    link->threads = threads;
    return BAOXUE_LINK_OK;
}

static void report_progress(void *context, const char *stage_en, const char *stage_zh,
                            uint64_t done, uint64_t total)
{
    const struct baoxue_link *link = context;
    link->callback(link->callback_context, stage_en, stage_zh, done, total);
}

void baoxue_link_set_progress(struct baoxue_link *link, baoxue_link_progress progress,
                              void *context)
{
    if (link == NULL) return;
    link->callback = progress;
    link->callback_context = context;
    link->progress =
        (struct progress){.report = progress == NULL ? NULL : report_progress, .context = link};
}

size_t baoxue_link_memory(const struct baoxue_link *link)
{
    if (link == NULL) return 0;
    return link->arena.bytes + link->given.bytes + link->lists[0].arena.bytes
           + link->lists[1].arena.bytes;
}

size_t baoxue_link_column_count(const struct baoxue_link *link)
{
    return link == NULL ? 0 : link->wanted.count;
}

const char *baoxue_link_column(const struct baoxue_link *link, size_t number)
{
    return link == NULL || number >= link->wanted.count ? NULL : link->names[number];
}

/* Room for `more` rows behind those that are there. */
static void reserve(struct baoxue_link *link, struct library_list *list, size_t more)
{
    struct match_table *table = &list->table;
    size_t needed = table->row_count + more, capacity = list->capacity;
    if (table->cells == NULL) {
        table->names = link->wanted.names;
        table->column_count = link->wanted.count;
        table->cells = arena_array(&list->arena, struct str *, table->column_count);
    }
    if (needed <= capacity) return;
    while (capacity < needed) capacity = capacity == 0 ? ROWS_FIRST : capacity * 2;
    uint64_t *lines = arena_array(&list->arena, uint64_t, capacity);
    if (table->row_count > 0) memcpy(lines, table->lines, table->row_count * sizeof *lines);
    arena_give_back(&list->arena, table->lines, list->capacity * sizeof *lines);
    table->lines = lines;
    for (size_t c = 0; c < table->column_count; c++) {
        struct str *cells = arena_array(&list->arena, struct str, capacity);
        if (table->row_count > 0) {
            memcpy(cells, table->cells[c], table->row_count * sizeof *cells);
        }
        arena_give_back(&list->arena, table->cells[c], list->capacity * sizeof *cells);
        table->cells[c] = cells;
    }
    list->capacity = capacity;
}

static bool check_room(const struct library_list *list, size_t more, struct err *err)
{
    if (list->table.row_count + more <= MATCH_ROWS_MAX) return true;
    return err_set(err, ERR_LIMIT, "more than %d rows", "超过 %d 行", MATCH_ROWS_MAX);
}

static bool check_cell(const struct baoxue_link *link, size_t column, struct str cell,
                       struct err *err)
{
    struct str name = link->wanted.names[column];
    if (cell.len > BAOXUE_LINK_CELL_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "\"%.*s\": a cell is larger than %d bytes",
                       "“%.*s”：一格超过 %d 字节", STR_ARG(name), BAOXUE_LINK_CELL_BYTES_MAX);
    }
    bool zero = cell.len > 0 && memchr(cell.ptr, '\0', cell.len) != NULL;
    if (!zero && utf8_valid(cell)) return true;
    return err_set(err, ERR_INPUT, "\"%.*s\": a cell is not UTF-8 text",
                   "“%.*s”：内容不是 UTF-8 文本", STR_ARG(name));
}

static bool put_row(struct baoxue_link *link, struct library_list *list, const char *const *cells,
                    const size_t *lengths, struct err *err)
{
    struct str texts[MATCH_COLUMNS_MAX];
    size_t count = link->wanted.count;
    if (!check_room(list, 1, err)) return false;
    for (size_t c = 0; c < count; c++) {
        texts[c] = STR_EMPTY;
        if (cells[c] == NULL) continue;
        texts[c] = (struct str){cells[c], lengths == NULL ? strlen(cells[c]) : lengths[c]};
        if (!check_cell(link, c, texts[c], err)) return false;
    }
    reserve(link, list, 1);
    uint32_t row = list->table.row_count++;
    list->table.lines[row] = row + 1;
    for (size_t c = 0; c < count; c++) {
        list->table.cells[c][row] = str_copy(&list->arena, str_trim(texts[c]));
    }
    return true;
}

static enum baoxue_link_status check_adding(const struct baoxue_link *link,
                                            enum baoxue_link_side side,
                                            struct baoxue_link_error *error)
{
    if (link == NULL) return library_misuse(error, "a handle is needed", "需要句柄");
    if (side != BAOXUE_LINK_LEFT && side != BAOXUE_LINK_RIGHT) {
        return library_misuse(error, "a list is left or right", "名单只有左、右两份");
    }
    if (!link->prepared) return BAOXUE_LINK_OK;
    return library_misuse(error, "the lists are closed: rows come before prepare",
                          "名单已经封闭，应在 prepare 之前添加");
}

enum baoxue_link_status baoxue_link_add_row(struct baoxue_link *link, enum baoxue_link_side side,
                                            const char *const *cells, const size_t *lengths,
                                            struct baoxue_link_error *error)
{
    struct err err = ERR_INIT;
    enum baoxue_link_status status = check_adding(link, side, error);
    if (status != BAOXUE_LINK_OK) return status;
    if (cells == NULL) return library_misuse(error, "a row needs its cells", "一行需要各格内容");
    struct library_list *list = &link->lists[side];
    if (put_row(link, list, cells, lengths, &err)) return BAOXUE_LINK_OK;
    (void)!err_at(&err, "row %u", "第 %u 行", list->table.row_count + 1);
    return library_fail(&err, error);
}

static bool put_file(struct baoxue_link *link, struct library_list *list, const char *path,
                     struct err *err)
{
    struct match_table read;
    struct arena arena = {0};
    bool done = match_table_read(&arena, path, link->wanted.names, link->wanted.count, &read, err)
                && check_room(list, read.row_count, err);
    if (done && list->table.row_count == 0) {
        list->table = read;
        list->capacity = read.row_count;
    } else if (done) {
        reserve(link, list, read.row_count);
        uint32_t at = list->table.row_count;
        memcpy(list->table.lines + at, read.lines, read.row_count * sizeof *read.lines);
        for (size_t c = 0; c < read.column_count; c++) {
            memcpy(list->table.cells[c] + at, read.cells[c],
                   read.row_count * sizeof *read.cells[c]);
        }
        list->table.row_count += read.row_count;
    }
    if (done) arena_join(&list->arena, &arena);
    arena_free(&arena);
    return done;
}

enum baoxue_link_status baoxue_link_add_file(struct baoxue_link *link, enum baoxue_link_side side,
                                             const char *path, struct baoxue_link_error *error)
{
    struct err err = ERR_INIT;
    enum baoxue_link_status status = check_adding(link, side, error);
    if (status != BAOXUE_LINK_OK) return status;
    if (path == NULL) return library_misuse(error, "a file needs its name", "需要文件名");
    if (put_file(link, &link->lists[side], path, &err)) return BAOXUE_LINK_OK;
    return library_fail(&err, error);
}

static bool prepare(struct baoxue_link *link, struct err *err)
{
    struct match match = {.arena = &link->arena, .spec = link->spec, .keyed = link->keyed};
    struct match_table tables[2] = {link->lists[0].table, link->lists[1].table};
    const struct str places[2] = {STR("left"), STR("right")};
    size_t count = tables[1].row_count > 0 ? 2 : 1;
    if (tables[0].row_count == 0) {
        return err_set(err, ERR_INPUT, "the left list holds no record", "左边的名单没有记录");
    }
    if (!match_use_tables(&match, &link->wanted, tables, places, count, err)) return false;
    link->match = match;
    for (size_t side = 0; side < 2; side++) arena_free(&link->lists[side].arena);
    return true;
}

enum baoxue_link_status baoxue_link_prepare(struct baoxue_link *link,
                                            struct baoxue_link_error *error)
{
    struct err err = ERR_INIT;
    if (link == NULL) return library_misuse(error, "a handle is needed", "需要句柄");
    if (link->prepared) return BAOXUE_LINK_OK;
    if (!prepare(link, &err)) return library_fail(&err, error);
    link->prepared = true;
    return BAOXUE_LINK_OK;
}

uint32_t baoxue_link_record_count(const struct baoxue_link *link)
{
    return link == NULL || !link->prepared ? 0 : (uint32_t)link->match.input.record_count;
}

uint32_t baoxue_link_left_count(const struct baoxue_link *link)
{
    return link == NULL || !link->prepared ? 0 : link->match.left_count;
}

const char *baoxue_link_record_id(const struct baoxue_link *link, uint32_t record)
{
    return record >= baoxue_link_record_count(link) ? NULL : link->match.ids[record].ptr;
}

uint32_t baoxue_link_find(const struct baoxue_link *link, enum baoxue_link_side side,
                          const char *id)
{
    uint32_t low = 0, high = baoxue_link_record_count(link);
    if (high == 0 || id == NULL) return BAOXUE_LINK_NONE;
    /* Records by id, equal ones by number: at most one of each list. */
    uint32_t count = high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        struct str there = link->match.ids[link->match.order[middle]];
        if (str_compare(there, str_from(id)) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < count && str_is(link->match.ids[link->match.order[low]], id); low++) {
        uint32_t record = link->match.order[low];
        if ((record >= link->match.left_count) == (side == BAOXUE_LINK_RIGHT)) return record;
    }
    return BAOXUE_LINK_NONE;
}
