#include "papers/notice_block.h"

#include "base/asset.h"
#include "base/file.h"
#include "base/yaml.h"

#include <stdlib.h>
#include <string.h>

enum { NOTICE_FILE_BYTES_MAX = 1 << 20 };

static const char *const style_words[DOCUMENT_STYLE_COUNT] = {
    "title", "number", "to", "body", "heading", "plain", "right", "signed", "small"};
static const char *const kind_words[DOCUMENT_KIND_COUNT] = {"letter", "form", "wide"};

struct reader {
    struct notices *out;
    struct arena *arena;
    const char *name; /* of the file */
};

static bool fail(const struct reader *reader, const struct yaml_node *node, struct err *err,
                 const char *en, const char *zh)
{
    return yaml_fail(node, reader->name, err, en, zh);
}

static bool is_list(const struct yaml_node *node)
{
    return node != NULL && node->kind == YAML_LIST;
}

/* "#姓名" names what stands beside; "3|…" is three columns wide; "=…" stands in the middle. */
static bool read_cell(const struct reader *reader, const struct yaml_node *node,
                      struct notice_cell *out, struct err *err)
{
    struct str text = node->text;
    if (node->kind != YAML_SCALAR) {
        return fail(reader, node, err, "a cell is a text", "单元格应为一段文字");
    }
    *out = (struct notice_cell){.span = 1};
    if (text.len > 0 && text.ptr[0] == '#') out->label = true;
    if (text.len > 0 && text.ptr[0] == '=') out->middle = true;
    if (out->label || out->middle) text = str_slice(text, 1, text.len);
    if (text.len > 1 && text.ptr[0] >= '1' && text.ptr[0] <= '9') {
        size_t bar = text.ptr[1] == '|' ? 1 : text.len > 2 && text.ptr[2] == '|' ? 2 : 0;
        int64_t span;
        if (bar > 0 && str_to_i64(str_slice(text, 0, bar), &span)) {
            out->span = (int)span;
            text = str_slice(text, bar + 1, text.len);
        }
    }
    out->text = text;
    return true;
}

/* A row: a list of cells, or {height, cells}. */
static bool read_line(const struct reader *reader, struct yaml_node *node, size_t columns,
                      struct notice_line *out, struct err *err)
{
    struct yaml_node *cells = node;
    int64_t height = 0;
    size_t width = 0;
    if (node != NULL && node->kind == YAML_MAP) {
        cells = yaml_get(node, "cells");
        if (!yaml_integer_or(node, "height", reader->name, 0, &height, err)) return false;
    }
    if (!is_list(cells)) {
        return fail(reader, node, err, "a row is a list of cells", "一行应为单元格的列表");
    }
    out->cells = arena_array(reader->arena, struct notice_cell, cells->count);
    out->count = cells->count;
    out->height = (double)height;
    for (size_t i = 0; i < cells->count; i++) {
        if (!read_cell(reader, cells->items[i], &out->cells[i], err)) return false;
        width += (size_t)out->cells[i].span;
    }
    if (width == columns) return true;
    return fail(reader, node, err, "the cells of this row do not come to the columns of the table",
                "此行各格的列数之和与表的列数不符");
}

static bool read_shares(const struct reader *reader, struct yaml_node *node,
                        struct notice_block *out, struct err *err)
{
    struct yaml_node *list = yaml_get(node, "shares");
    if (!is_list(list) || list->count == 0 || list->count > DOCUMENT_COLUMNS_MAX) {
        return fail(reader, node, err, "a table needs \"shares\", one number a column",
                    "表应写明 shares，每列一个数字");
    }
    out->shares = arena_array(reader->arena, int, list->count);
    out->share_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        int64_t share;
        if (!str_to_i64(list->items[i]->text, &share) || share < 1 || share > 1000) {
            return fail(reader, list->items[i], err, "a share is a number from 1 to 1000",
                        "列宽份额应为 1 至 1000 的数字");
        }
        out->shares[i] = (int)share;
    }
    return true;
}

static bool read_lines(const struct reader *reader, struct yaml_node *list,
                       struct notice_block *out, struct err *err)
{
    out->lines = arena_array(reader->arena, struct notice_line, list->count);
    out->line_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (!read_line(reader, list->items[i], out->share_count, &out->lines[i], err)) return false;
    }
    return true;
}

static bool read_form(const struct reader *reader, struct yaml_node *node, struct notice_block *out,
                      struct err *err)
{
    out->kind = NOTICE_FORM;
    if (!read_shares(reader, node, out, err)) return false;
    struct yaml_node *rows = yaml_get(node, "rows");
    if (!is_list(rows)) return fail(reader, node, err, "a form needs \"rows\"", "表格应写明 rows");
    return read_lines(reader, rows, out, err);
}

static bool read_table(const struct reader *reader, struct yaml_node *node,
                       struct notice_block *out, struct err *err)
{
    struct yaml_node *head = yaml_get(node, "head"), *row = yaml_get(node, "row");
    out->kind = NOTICE_TABLE;
    if (!read_shares(reader, node, out, err)
        || !yaml_text(node, "list", reader->name, &out->list, err)
        || !yaml_integer_or(node, "blank", reader->name, 0, &out->blank, err)) {
        return false;
    }
    if (!is_list(head) || row == NULL || out->blank < 0 || out->blank > 40) {
        return fail(reader, node, err, "a table needs \"head\" (rows of cells) and \"row\" (cells)",
                    "表应写明 head（表头各行）和 row（数据行各格）");
    }
    return read_lines(reader, head, out, err)
           && read_line(reader, row, out->share_count, &out->row, err);
}

static bool read_block(const struct reader *reader, struct yaml_node *node,
                       struct notice_block *out, struct err *err)
{
    *out = (struct notice_block){.kind = NOTICE_PARAGRAPH};
    if (node->kind == YAML_SCALAR && str_is(node->text, "room")) {
        out->kind = NOTICE_ROOM;
        return true;
    }
    if (node->kind == YAML_SCALAR && str_is(node->text, "page")) {
        out->kind = NOTICE_PAGE;
        return true;
    }
    if (!yaml_text_or(node, "only", reader->name, STR_EMPTY, &out->only, err)) return false;
    struct yaml_node *form = yaml_get(node, "form"), *table = yaml_get(node, "table");
    if (form != NULL) return read_form(reader, form, out, err);
    if (table != NULL) return read_table(reader, table, out, err);
    for (int s = 0; s < DOCUMENT_STYLE_COUNT; s++) {
        if (yaml_get(node, style_words[s]) == NULL) continue;
        out->style = (enum document_style)s;
        return yaml_text(node, style_words[s], reader->name, &out->text, err);
    }
    return fail(reader, node, err,
                "expected one of: title, number, to, body, heading, plain, right, signed, small, "
                "form, table, room, page",
                "此处应为 title、number、to、body、heading、plain、right、signed、small、form、"
                "table、room、page 之一");
}

static bool read_blocks(const struct reader *reader, struct yaml_node *root, struct notice *out,
                        struct err *err)
{
    struct yaml_node *list = yaml_get(root, "paper");
    if (!is_list(list) || list->count == 0) {
        return fail(reader, root, err, "\"paper\" with what stands on it is missing",
                    "缺少 paper（文书内容）");
    }
    out->blocks = arena_array(reader->arena, struct notice_block, list->count);
    out->block_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (!read_block(reader, list->items[i], &out->blocks[i], err)) return false;
    }
    return true;
}

static bool read_before(const struct reader *reader, struct yaml_node *root, struct notice *out,
                        struct err *err)
{
    struct yaml_node *list = yaml_get(root, "after");
    if (list == NULL) return true;
    if (!is_list(list) || list->count > NOTICE_STEPS_MAX) {
        return fail(reader, list, err, "\"after\" is a list of at most eight steps",
                    "after 应为至多八项的列表");
    }
    out->before = arena_array(reader->arena, struct notice_before, list->count);
    out->before_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        struct notice_before *before = &out->before[i];
        struct yaml_node *node = list->items[i];
        if (!yaml_texts(reader->arena, node, "step", reader->name, &before->steps,
                        &before->step_count, err)
            || !yaml_text(node, "zh", reader->name, &before->zh, err)
            || !yaml_text(node, "en", reader->name, &before->en, err)
            || !yaml_text_or(node, "law", reader->name, STR_EMPTY, &before->law, err)) {
            return false;
        }
    }
    return true;
}

static bool read_asks(const struct reader *reader, struct yaml_node *root, struct notice *out,
                      struct err *err)
{
    struct yaml_node *list = yaml_get(root, "asks");
    if (list == NULL) return true;
    if (!is_list(list)) return fail(reader, list, err, "\"asks\" is a list", "asks 应为列表");
    out->asks = arena_array(reader->arena, struct notice_ask, list->count);
    out->ask_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        struct notice_ask *ask = &out->asks[i];
        struct yaml_node *node = list->items[i];
        if (!yaml_text(node, "name", reader->name, &ask->name, err)
            || !yaml_text(node, "zh", reader->name, &ask->zh, err)
            || !yaml_text(node, "en", reader->name, &ask->en, err)
            || !yaml_bool_or(node, "day", reader->name, false, &ask->is_day, err)) {
            return false;
        }
    }
    return true;
}

static bool read_issuers_of(const struct reader *reader, struct yaml_node *root, struct notice *out,
                            struct err *err)
{
    if (!yaml_texts(reader->arena, root, "issuers", reader->name, &out->issuers, &out->issuer_count,
                    err)
        || !yaml_text_or(root, "issuer_law", reader->name, STR_EMPTY, &out->issuer_law, err)) {
        return false;
    }
    for (size_t i = 0; i < out->issuer_count; i++) {
        if (notice_issuer_find(reader->out, out->issuers[i]) != NULL) continue;
        return fail(reader, yaml_get(root, "issuers"), err, "no issuer has this name",
                    "没有这个发文机关");
    }
    return true;
}

static bool is_allowed(const struct notices *notices, struct str name)
{
    for (size_t i = 0; i < notices->allowed_count; i++) {
        if (str_equal(notices->allowed[i], name)) return true;
    }
    return false;
}

/* The one place that decides what the public may see. */
static bool check_names(const struct reader *reader, const struct yaml_node *node, struct str text,
                        struct err *err)
{
    size_t at;
    while ((at = str_find(text, STR("{"))) != SIZE_MAX) {
        text = str_slice(text, at + 1, text.len);
        size_t end = str_find(text, STR("}"));
        if (end == SIZE_MAX) return fail(reader, node, err, "\"}\" is missing", "缺少 }");
        struct str name = str_slice(text, 0, end);
        if (!is_allowed(reader->out, name)) {
            return fail(reader, node, err, "a paper for the public may not hold what is named here",
                        "公示文书不得载有此项")
                   || err_at(err, "{%.*s}", "{%.*s}", STR_ARG(name));
        }
        text = str_slice(text, end + 1, text.len);
    }
    return true;
}

static bool check_line(const struct reader *reader, const struct yaml_node *node,
                       const struct notice_line *line, struct err *err)
{
    for (size_t i = 0; i < line->count; i++) {
        if (!check_names(reader, node, line->cells[i].text, err)) return false;
    }
    return true;
}

static bool check_public(const struct reader *reader, struct yaml_node *root,
                         const struct notice *notice, struct err *err)
{
    if (!notice->public) return true;
    const struct yaml_node *list = yaml_get(root, "paper");
    for (size_t i = 0; i < notice->block_count; i++) {
        const struct notice_block *block = &notice->blocks[i];
        const struct yaml_node *node = list->items[i];
        if (!check_names(reader, node, block->text, err)) return false;
        for (size_t k = 0; k < block->line_count; k++) {
            if (!check_line(reader, node, &block->lines[k], err)) return false;
        }
        if (!check_line(reader, node, &block->row, err)) return false;
    }
    return true;
}

static bool read_kind(const struct reader *reader, struct yaml_node *root, struct notice *out,
                      struct err *err)
{
    struct str word;
    if (!yaml_text(root, "kind", reader->name, &word, err)) return false;
    for (int i = 0; i < DOCUMENT_KIND_COUNT; i++) {
        if (!str_is(word, kind_words[i])) continue;
        out->kind = (enum document_kind)i;
        return true;
    }
    return fail(reader, yaml_get(root, "kind"), err, "expected letter, form or wide",
                "此处应为 letter、form 或 wide");
}

static bool read_notice(struct reader *reader, struct str text, struct notice *out, struct err *err)
{
    struct yaml_node *root;
    return yaml_parse(reader->arena, text, reader->name, &root, err)
           && yaml_text(root, "key", reader->name, &out->key, err)
           && yaml_text(root, "zh", reader->name, &out->zh, err)
           && yaml_text(root, "en", reader->name, &out->en, err)
           && read_kind(reader, root, out, err)
           && yaml_bool_or(root, "public", reader->name, false, &out->public, err)
           && yaml_bool_or(root, "of_case", reader->name, false, &out->of_case, err)
           && read_issuers_of(reader, root, out, err) && read_before(reader, root, out, err)
           && read_asks(reader, root, out, err)
           && yaml_texts(reader->arena, root, "needs", reader->name, &out->needs, &out->need_count,
                         err)
           && yaml_texts(reader->arena, root, "law", reader->name, &out->laws, &out->law_count, err)
           && read_blocks(reader, root, out, err) && check_public(reader, root, out, err)
           && yaml_check_used(root, reader->name, err);
}

static bool read_issuers(struct reader *reader, struct str text, struct err *err)
{
    struct yaml_node *root;
    struct notices *out = reader->out;
    if (!yaml_parse(reader->arena, text, reader->name, &root, err)) return false;
    struct yaml_node *map = yaml_get(root, "issuers");
    if (map == NULL || map->kind != YAML_MAP) {
        return fail(reader, root, err, "\"issuers\" is missing", "缺少 issuers");
    }
    out->issuers = arena_array(reader->arena, struct notice_issuer, map->count);
    for (size_t i = 0; i < map->count; i++) {
        struct notice_issuer *issuer = &out->issuers[i];
        struct yaml_node *node = yaml_get(map, str_cstr(reader->arena, map->keys[i]->text));
        issuer->key = map->keys[i]->text;
        if (!yaml_text(node, "zh", reader->name, &issuer->zh, err)
            || !yaml_text(node, "en", reader->name, &issuer->en, err)
            || !yaml_text_or(node, "suffix", reader->name, STR_EMPTY, &issuer->suffix, err)) {
            return false;
        }
        out->issuer_count++;
    }
    return yaml_check_used(root, reader->name, err);
}

static bool read_public(struct reader *reader, struct str text, struct err *err)
{
    struct yaml_node *root;
    return yaml_parse(reader->arena, text, reader->name, &root, err)
           && yaml_texts(reader->arena, root, "allowed", reader->name, &reader->out->allowed,
                         &reader->out->allowed_count, err)
           && yaml_texts(reader->arena, root, "hidden_schemes", reader->name,
                         &reader->out->hidden_schemes, &reader->out->hidden_scheme_count, err)
           && yaml_check_used(root, reader->name, err);
}

struct source {
    const char *name;
    struct str text;
};

/* What lies in the folder of papers, by name. */
static bool list_sources(struct arena *arena, const char *folder, struct source **out,
                         size_t *count, struct err *err)
{
    static const char prefix[] = "policies/national/papers/";
    struct text path;
    struct str *names;
    if (folder == NULL) {
        const struct asset *first;
        asset_range(prefix, &first, count);
        *out = arena_array(arena, struct source, *count);
        for (size_t i = 0; i < *count; i++) {
            (*out)[i] =
                (struct source){first[i].name, {(const char *)first[i].bytes, first[i].size}};
        }
        return true;
    }
    text_init(&path, arena, 4096);
    text_add_f(&path, "%s/national/papers", folder);
    if (!file_list(arena, path.ptr, &names, count, err)) return false;
    *out = arena_array(arena, struct source, *count);
    for (size_t i = 0; i < *count; i++) {
        struct text file;
        text_init(&file, arena, 4096);
        text_add_f(&file, "%s/%.*s", path.ptr, STR_ARG(names[i]));
        (*out)[i].name = file.ptr;
        if (!file_read(arena, file.ptr, NOTICE_FILE_BYTES_MAX, &(*out)[i].text, err)) return false;
    }
    return true;
}

static int compare_notices(const void *a, const void *b)
{
    const struct notice *x = a, *y = b;
    return str_compare(x->key, y->key);
}

/* issuers.yaml and public.yaml come first, for the others are read by them. */
static bool read_all(struct reader *reader, const struct source *sources, size_t count,
                     struct err *err)
{
    struct notices *out = reader->out;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < count; i++) {
            struct str name = file_name(sources[i].name);
            bool issuers = str_is(name, "issuers.yaml"), public = str_is(name, "public.yaml");
            reader->name = sources[i].name;
            if (round == 0 && issuers && !read_issuers(reader, sources[i].text, err)) return false;
            if (round == 0 && public && !read_public(reader, sources[i].text, err)) return false;
            if (round == 0 || issuers || public || !str_ends(name, STR(".yaml"))) continue;
            struct notice notice = {0};
            if (!read_notice(reader, sources[i].text, &notice, err)) return false;
            if (out->count == NOTICES_MAX || notice_find(out, notice.key) != NULL) {
                return err_set(err, ERR_INPUT, "%s: this paper stands twice, or there are too many",
                               "%s：文书重复或过多", sources[i].name);
            }
            out->items[out->count++] = notice;
        }
    }
    return true;
}

bool notices_load(struct notices *out, struct arena *arena, const char *folder, struct err *err)
{
    struct notices notices = {.items = arena_array(arena, struct notice, NOTICES_MAX)};
    struct reader reader = {.out = &notices, .arena = arena};
    struct source *sources;
    size_t count;
    if (!list_sources(arena, folder, &sources, &count, err)) return false;
    if (!read_all(&reader, sources, count, err)) return false;
    if (notices.count > 1) {
        qsort(notices.items, notices.count, sizeof *notices.items, compare_notices);
    }
    *out = notices;
    return true;
}
