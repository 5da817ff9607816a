#include "papers/notice_block.h"
#include "papers/notice_fill.h"

#include <stdio.h>

enum { NOTICE_TEXT_BYTES_MAX = 1 << 16 };

static const char blank_line[] = "________";

const struct notice *notice_find(const struct notices *notices, struct str key)
{
    for (size_t i = 0; i < notices->count; i++) {
        if (str_equal(notices->items[i].key, key)) return &notices->items[i];
    }
    return NULL;
}

const struct notice_issuer *notice_issuer_find(const struct notices *notices, struct str key)
{
    for (size_t i = 0; i < notices->issuer_count; i++) {
        if (str_equal(notices->issuers[i].key, key)) return &notices->issuers[i];
    }
    return NULL;
}

void notice_values_init(struct notice_values *values, struct arena *arena)
{
    *values = (struct notice_values){.arena = arena};
}

void notice_set(struct notice_values *values, const char *name, struct str text)
{
    if (text.len == 0) return;
    *list_push(values->arena, &values->texts) = (struct notice_text){str_from(name), text};
}

static struct notice_rows *find_list(const struct notice_values *values, struct str name)
{
    for (size_t i = 0; i < values->lists.count; i++) {
        if (str_equal(values->lists.items[i].name, name)) return &values->lists.items[i];
    }
    return NULL;
}

const struct notice_rows *notice_list(const struct notice_values *values, struct str name)
{
    return find_list(values, name);
}

struct notice_row notice_numbered(const struct notice_values *values,
                                  const struct notice_rows *list, size_t number)
{
    CHECK(number < list->rows.count);
    const struct notice_row *from = &list->rows.items[number];
    struct notice_row row = {0};
    struct text text;
    text_init(&text, values->arena, 24);
    text_add_f(&text, "%zu", number + 1);
    for (size_t i = 0; i < from->texts.count; i++) {
        *list_push(values->arena, &row.texts) = from->texts.items[i];
    }
    *list_push(values->arena, &row.texts) = (struct notice_text){STR("serial"), text_str(&text)};
    return row;
}

void notice_row(struct notice_values *values, const char *list)
{
    struct notice_rows *rows = find_list(values, str_from(list));
    if (rows == NULL) {
        rows = list_push(values->arena, &values->lists);
        rows->name = str_from(list);
    }
    (void)list_push(values->arena, &rows->rows);
}

void notice_row_set(struct notice_values *values, const char *list, const char *name,
                    struct str text)
{
    struct notice_rows *rows = find_list(values, str_from(list));
    CHECK(rows != NULL && rows->rows.count > 0);
    struct notice_row *row = &rows->rows.items[rows->rows.count - 1];
    if (text.len == 0) return;
    *list_push(values->arena, &row->texts) = (struct notice_text){str_from(name), text};
}

static struct str value_of(const struct notice_values *values, const struct notice_row *row,
                           struct str name)
{
    for (size_t i = row == NULL ? 0 : row->texts.count; i-- > 0;) {
        if (str_equal(row->texts.items[i].name, name)) return row->texts.items[i].text;
    }
    for (size_t i = values->texts.count; i-- > 0;) {
        if (str_equal(values->texts.items[i].name, name)) return values->texts.items[i].text;
    }
    return STR_EMPTY;
}

struct str notice_fill(const struct notice_values *values, const struct notice_row *row,
                       struct str text, const char *blank)
{
    struct text out;
    text_init(&out, values->arena, NOTICE_TEXT_BYTES_MAX);
    size_t at;
    while ((at = str_find(text, STR("{"))) != SIZE_MAX) {
        text_add(&out, str_slice(text, 0, at));
        text = str_slice(text, at + 1, text.len);
        size_t end = str_find(text, STR("}"));
        if (end == SIZE_MAX) break;
        struct str value = value_of(values, row, str_slice(text, 0, end));
        if (value.len > 0)
            text_add(&out, value);
        else
            text_add_c(&out, blank);
        text = str_slice(text, end + 1, text.len);
    }
    text_add(&out, text);
    return text_str(&out);
}

static void put_line(struct document *document, const struct notice_values *values,
                     const struct notice_row *row, const struct notice_line *line, bool head)
{
    struct document_cell cells[DOCUMENT_COLUMNS_MAX];
    CHECK(line->count <= DOCUMENT_COLUMNS_MAX);
    for (size_t i = 0; i < line->count; i++) {
        const struct notice_cell *cell = &line->cells[i];
        cells[i] = (struct document_cell){.text = notice_fill(values, row, cell->text, ""),
                                          .span = cell->span,
                                          .label = cell->label,
                                          .middle = cell->middle};
    }
    document_row(document, cells, line->count, head, line->height);
}

static void put_table(struct document *document, const struct notice_values *values,
                      const struct notice_block *block)
{
    static const struct notice_row nothing;
    const struct notice_rows *list = find_list(values, block->list);
    document_table(document, block->shares, block->share_count);
    for (size_t i = 0; i < block->line_count; i++) {
        put_line(document, values, NULL, &block->lines[i], true);
    }
    size_t count = list == NULL ? 0 : list->rows.count;
    for (size_t i = 0; i < count; i++) {
        struct notice_row row = notice_numbered(values, list, i);
        put_line(document, values, &row, &block->row, false);
    }
    for (int64_t i = 0; i < block->blank; i++) {
        put_line(document, values, &nothing, &block->row, false);
    }
}

bool notice_has_list(const struct notice *notice, const char *list)
{
    for (size_t i = 0; i < notice->block_count; i++) {
        if (str_is(notice->blocks[i].list, list)) return true;
    }
    return false;
}

struct document *notice_document(const struct notice *notice, const struct notice_values *values,
                                 day made)
{
    struct document *document = document_new(values->arena, notice->kind, notice->zh, made);
    for (size_t i = 0; i < notice->block_count; i++) {
        const struct notice_block *block = &notice->blocks[i];
        if (block->only.len > 0 && value_of(values, NULL, block->only).len == 0) continue;
        switch (block->kind) {
        case NOTICE_PARAGRAPH:
            document_add(document, block->style,
                         notice_fill(values, NULL, block->text, blank_line));
            break;
        case NOTICE_FORM:
            document_table(document, block->shares, block->share_count);
            for (size_t k = 0; k < block->line_count; k++) {
                put_line(document, values, NULL, &block->lines[k], false);
            }
            break;
        case NOTICE_TABLE: put_table(document, values, block); break;
        case NOTICE_ROOM: document_room(document); break;
        case NOTICE_PAGE: document_page(document); break;
        }
    }
    return document;
}

/* One of two texts of a pair, by language: the other is printed with no width. */
static bool fail_with(struct err *err, enum err_kind kind, const char *en_text, const char *zh_text,
                      const char *en, const char *zh)
{
    char en_line[ERR_TEXT_MAX], zh_line[ERR_TEXT_MAX];
    snprintf(en_line, sizeof en_line, "%s%s", en, en_text);
    snprintf(zh_line, sizeof zh_line, "%s%s", zh, zh_text);
    return err_set(err, kind, "%s%.0s", "%.0s%s", en_line, zh_line);
}

static bool check_issuer(const struct notices *notices, const struct notice *notice,
                         struct str issuer, struct err *err)
{
    struct arena arena = {0};
    struct text zh, en;
    if (notice->issuer_count == 0) return true;
    text_init(&zh, &arena, 512);
    text_init(&en, &arena, 512);
    for (size_t i = 0; i < notice->issuer_count; i++) {
        const struct notice_issuer *one = notice_issuer_find(notices, notice->issuers[i]);
        if (str_equal(one->key, issuer)) {
            arena_free(&arena);
            return true;
        }
        text_add_f(&zh, "%s%.*s", i > 0 ? "、" : "", STR_ARG(one->zh));
        text_add_f(&en, "%s%.*s", i > 0 ? ", " : "", STR_ARG(one->en));
    }
    if (notice->issuer_law.len > 0) {
        text_add_f(&zh, "（%.*s）", STR_ARG(notice->issuer_law));
        text_add_f(&en, " (%.*s)", STR_ARG(notice->issuer_law));
    }
    (void)fail_with(err, ERR_DENIED, en.ptr, zh.ptr,
                    "this paper may only be issued by: ", "此文书只能由下列机关发出：");
    arena_free(&arena);
    return false;
}

static bool was_done(const struct notice_before *before, const struct str *steps, size_t count)
{
    for (size_t i = 0; i < before->step_count; i++) {
        for (size_t k = 0; k < count; k++) {
            if (str_equal(before->steps[i], steps[k])) return true;
        }
    }
    return false;
}

static bool check_before(const struct notice *notice, const struct str *steps, size_t count,
                         struct err *err)
{
    for (size_t i = 0; i < notice->before_count; i++) {
        const struct notice_before *before = &notice->before[i];
        if (was_done(before, steps, count)) continue;
        char en[ERR_TEXT_MAX / 2], zh[ERR_TEXT_MAX / 2];
        bool law = before->law.len > 0;
        snprintf(en, sizeof en, "%.*s%s%.*s%s", STR_ARG(before->en), law ? " (" : "",
                 STR_ARG(before->law), law ? ")" : "");
        snprintf(zh, sizeof zh, "%.*s%s%.*s%s", STR_ARG(before->zh), law ? "（" : "",
                 STR_ARG(before->law), law ? "）" : "");
        return fail_with(err, ERR_CONFLICT, en, zh,
                         "this paper cannot be made yet: ", "还不能出具此文书：");
    }
    return true;
}

bool notice_may(const struct notices *notices, const struct notice *notice, struct str issuer,
                const struct str *steps, size_t step_count, struct err *err)
{
    return check_issuer(notices, notice, issuer, err)
           && check_before(notice, steps, step_count, err);
}

/* What a name is called, where the text says so. */
static struct notice_ask ask_of(const struct notice *notice, struct str name)
{
    for (size_t i = 0; i < notice->ask_count; i++) {
        if (str_equal(notice->asks[i].name, name)) return notice->asks[i];
    }
    return (struct notice_ask){name, name, name, false};
}

bool notice_check(const struct notices *notices, const struct notice *notice, struct str issuer,
                  const struct str *steps, size_t step_count, const struct notice_values *values,
                  struct err *err)
{
    if (!notice_may(notices, notice, issuer, steps, step_count, err)) return false;
    for (size_t i = 0; i < notice->need_count; i++) {
        if (value_of(values, NULL, notice->needs[i]).len > 0) continue;
        struct notice_ask ask = ask_of(notice, notice->needs[i]);
        return err_set(err, ERR_CONFLICT, "this paper cannot be made without \"%s\"%.0s",
                       "%.0s缺少“%s”，不能出具此文书", str_cstr(values->arena, ask.en),
                       str_cstr(values->arena, ask.zh));
    }
    return true;
}

struct str notice_day(struct arena *arena, day d)
{
    int year, month, day_of_month;
    struct text text;
    if (day_is_none(d)) return STR_EMPTY;
    day_to_ymd(d, &year, &month, &day_of_month);
    text_init(&text, arena, 64);
    text_add_f(&text, "%d年%d月%d日", year, month, day_of_month);
    return text_str(&text);
}
