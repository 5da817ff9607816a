#include "ledger/bank.h"

#include "base/asset.h"
#include "base/file.h"
#include "base/list.h"
#include "base/yaml.h"
#include "intake/date.h"
#include "intake/fold.h"
#include "intake/workbook.h"
#include "profile/profile.h"

#include <stdlib.h>

enum { BANK_FILE_BYTES_MAX = 1 << 20 };

static const char *const value_keys[BANK_VALUES] = {"ordinal", "reference", "batch",     "account",
                                                    "holder",  "bank",      "yuan",      "fen",
                                                    "purpose", "lines",     "total_yuan"};
static const char *const answer_keys[ANSWER_COLUMNS] = {"reference", "result", "amount",
                                                        "reason",    "serial", "day"};
static const char *const statement_keys[STATEMENT_COLUMNS] = {"day", "serial", "words",  "out",
                                                              "in",  "amount", "balance"};

static bool read_words(struct arena *arena, struct yaml_node *map, const char *key,
                       const char *name, bool headings, struct bank_words *out, struct err *err)
{
    if (!yaml_texts(arena, map, key, name, &out->words, &out->count, err)) return false;
    for (size_t i = 0; i < out->count; i++) {
        out->words[i] =
            headings ? heading_clean(arena, out->words[i]) : fold_text(arena, out->words[i]);
    }
    return true;
}

static bool read_value(struct yaml_node *node, struct str word, const char *name,
                       enum bank_value *out, struct err *err)
{
    for (int i = 0; i < BANK_VALUES; i++) {
        if (!str_is(word, value_keys[i])) continue;
        *out = (enum bank_value)i;
        return true;
    }
    return yaml_fail(node, name, err, "no such value of a column", "没有这种列的取值");
}

static bool read_columns(struct bank_order *order, struct yaml_node *node, const char *name,
                         struct err *err)
{
    struct yaml_node *columns = yaml_get(node, "columns");
    bool has_reference = false;
    if (columns == NULL || columns->kind != YAML_LIST || columns->count == 0
        || columns->count > BANK_COLUMNS_MAX) {
        return yaml_fail(node, name, err, "`columns` is a list of 1 to 32 columns",
                         "columns 应为 1 至 32 列的列表");
    }
    for (size_t i = 0; i < columns->count; i++) {
        struct yaml_node *column = columns->items[i];
        struct str value;
        if (!yaml_text(column, "heading", name, &order->names[i], err)
            || !yaml_text(column, "value", name, &value, err)
            || !read_value(column, value, name, &order->values[i], err)) {
            return false;
        }
        has_reference |= order->values[i] == BANK_REFERENCE;
    }
    order->count = columns->count;
    if (has_reference) return true;
    return yaml_fail(columns, name, err,
                     "a column has to hold the reference, or no answer is known",
                     "须有一列为 reference，否则回执无从对应");
}

static bool read_totals(struct arena *arena, struct bank_order *order, struct yaml_node *node,
                        const char *name, struct err *err)
{
    struct str *words;
    if (!yaml_texts(arena, node, "totals", name, &words, &order->total_count, err)) return false;
    if (order->total_count > BANK_COLUMNS_MAX) order->total_count = BANK_COLUMNS_MAX;
    for (size_t i = 0; i < order->total_count; i++) {
        if (!read_value(node, words[i], name, &order->totals[i], err)) return false;
    }
    return true;
}

static bool read_order(struct arena *arena, struct bank_order *order, struct yaml_node *node,
                       const char *name, struct err *err)
{
    struct str encoding, separator, line_end;
    if (!yaml_text(node, "encoding", name, &encoding, err)
        || !yaml_text_or(node, "separator", name, STR(","), &separator, err)
        || !yaml_text_or(node, "line_end", name, STR("crlf"), &line_end, err)
        || !yaml_bool_or(node, "headings", name, true, &order->headings, err)) {
        return false;
    }
    order->gb18030 = str_is(encoding, "gb18030");
    if (!order->gb18030 && !str_is(encoding, "utf-8")) {
        return yaml_fail(node, name, err, "encoding is gb18030 or utf-8",
                         "encoding 应为 gb18030 或 utf-8");
    }
    if (str_is(separator, "tab")) separator = STR("\t");
    if (separator.len != 1) {
        return yaml_fail(node, name, err, "separator is one character, or tab",
                         "separator 应为一个字符或 tab");
    }
    order->separator = separator.ptr[0];
    order->line_end = str_is(line_end, "lf") ? "\n" : "\r\n";
    return read_columns(order, node, name, err) && read_totals(arena, order, node, name, err);
}

bool bank_read(struct arena *arena, struct str text, const char *name, struct bank *out,
               struct err *err)
{
    struct yaml_node *root;
    struct bank bank = {.source = text};
    if (!yaml_parse(arena, text, name, &root, err) || !yaml_text(root, "key", name, &bank.key, err)
        || !yaml_text(root, "zh", name, &bank.zh, err)
        || !yaml_text(root, "en", name, &bank.en, err)) {
        return false;
    }
    struct yaml_node *order = yaml_get(root, "order"), *answer = yaml_get(root, "answer"),
                     *statement = yaml_get(root, "statement");
    if (order == NULL || answer == NULL || statement == NULL) {
        return yaml_fail(root, name, err, "order, answer and statement are needed",
                         "须有 order、answer 和 statement");
    }
    if (!read_order(arena, &bank.order, order, name, err)
        || !read_words(arena, answer, "paid", name, false, &bank.paid, err)
        || !read_words(arena, answer, "refused", name, false, &bank.refused, err)
        || !read_words(arena, answer, "totals", name, false, &bank.totals, err)) {
        return false;
    }
    for (int i = 0; i < ANSWER_COLUMNS; i++) {
        if (!read_words(arena, answer, answer_keys[i], name, true, &bank.answer[i], err))
            return false;
    }
    for (int i = 0; i < STATEMENT_COLUMNS; i++) {
        if (!read_words(arena, statement, statement_keys[i], name, true, &bank.statement[i], err)) {
            return false;
        }
    }
    if (!yaml_check_used(root, name, err)) return false;
    *out = bank;
    return true;
}

struct source {
    const char *name;
    struct str text;
};
typedef LIST(struct source) source_list;

static void list_built_in(struct arena *arena, source_list *list)
{
    const struct asset *assets;
    size_t count;
    asset_range("policies/", &assets, &count);
    for (size_t i = 0; i < count; i++) {
        if (str_find(str_from(assets[i].name), STR("/banks/")) == SIZE_MAX) continue;
        *list_push(arena, list) =
            (struct source){assets[i].name, {(const char *)assets[i].bytes, assets[i].size}};
    }
}

static bool list_folder(struct arena *arena, const char *folder, source_list *list, struct err *err)
{
    struct str *packs;
    size_t pack_count;
    struct text path;
    text_init(&path, arena, 4096);
    if (!file_list(arena, folder, &packs, &pack_count, err)) return false;
    for (size_t p = 0; p < pack_count; p++) {
        struct str *names;
        size_t count;
        text_clear(&path);
        text_add_f(&path, "%s/%.*s/banks", folder, STR_ARG(packs[p]));
        const char *banks = str_cstr(arena, text_str(&path));
        if (!file_is_folder(banks)) continue;
        if (!file_list(arena, banks, &names, &count, err)) return false;
        for (size_t i = 0; i < count; i++) {
            struct source source;
            if (!str_ends(names[i], STR(".yaml"))) continue;
            text_clear(&path);
            text_add_f(&path, "%s/%.*s", banks, STR_ARG(names[i]));
            source.name = str_cstr(arena, text_str(&path));
            if (!file_read(arena, source.name, BANK_FILE_BYTES_MAX, &source.text, err)) {
                return false;
            }
            *list_push(arena, list) = source;
        }
    }
    return true;
}

static int by_key(const void *a, const void *b)
{
    return str_compare(((const struct bank *)a)->key, ((const struct bank *)b)->key);
}

bool banks_load(struct arena *arena, const char *folder, struct bank **out, size_t *count,
                struct err *err)
{
    source_list sources = {0};
    if (folder == NULL) {
        list_built_in(arena, &sources);
    } else if (!list_folder(arena, folder, &sources, err)) {
        return false;
    }
    struct bank *banks = arena_array(arena, struct bank, sources.count);
    for (size_t i = 0; i < sources.count; i++) {
        const struct source *source = &sources.items[i];
        if (!bank_read(arena, source->text, source->name, &banks[i], err)) return false;
    }
    if (sources.count > 0) qsort(banks, sources.count, sizeof *banks, by_key);
    for (size_t i = 1; i < sources.count; i++) {
        if (!str_equal(banks[i - 1].key, banks[i].key)) continue;
        return err_set(err, ERR_INPUT, "two banks are called \"%.*s\"", "有两家银行都叫“%.*s”",
                       STR_ARG(banks[i].key));
    }
    *out = banks;
    *count = sources.count;
    return true;
}

bool bank_choose(const struct bank *banks, size_t count, struct str key, const struct bank **out,
                 struct err *err)
{
    if (key.len == 0 && count == 1) {
        *out = &banks[0];
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (!str_equal(banks[i].key, key)) continue;
        *out = &banks[i];
        return true;
    }
    if (key.len == 0) {
        err_set(err, ERR_USAGE, "there are %zu banks: say which", "有 %zu 家银行，请指明是哪家",
                count);
        return err_hint(err, "--bank KEY", "--bank 代号");
    }
    return err_set(err, ERR_USAGE, "there is no bank \"%.*s\"", "没有银行“%.*s”", STR_ARG(key));
}

bool bank_says(const struct bank_words *words, struct str cell)
{
    struct arena scratch = {0};
    struct str clean = fold_text(&scratch, cell);
    bool said = false;
    for (size_t i = 0; !said && i < words->count; i++) said = str_equal(words->words[i], clean);
    arena_free(&scratch);
    return said;
}

bool bank_day(struct str cell, day *out)
{
    struct date date;
    date_read(cell, false, DATE_YEAR_FIRST, &date);
    return date.state == DATE_READ && day_parse(str_from(date.from), out);
}

/* Which cell of a row holds which column; false when a needed one is missing. */
static bool match_heading(struct arena *arena, const struct workbook_row *row,
                          const struct bank_words *columns, size_t count, uint32_t needed,
                          int *places)
{
    uint32_t have = 0;
    for (size_t c = 0; c < count; c++) places[c] = -1;
    for (size_t i = 0; i < row->count; i++) {
        struct str clean = heading_clean(arena, row->cells[i].text);
        for (size_t c = 0; clean.len > 0 && c < count; c++) {
            if (places[c] >= 0) continue;
            for (size_t w = 0; w < columns[c].count; w++) {
                if (!str_equal(columns[c].words[w], clean)) continue;
                places[c] = (int)i;
                have |= 1u << c;
                break;
            }
            if (places[c] == (int)i) break;
        }
    }
    return (have & needed) == needed;
}

struct finding {
    struct arena *arena;
    const struct bank_words *columns;
    size_t count;
    uint32_t needed;
    LIST(struct bank_row) rows;
};

static void take_row(struct finding *finding, const struct workbook_row *row, const int *places)
{
    struct str *cells = arena_array(finding->arena, struct str, finding->count);
    bool says = false;
    for (size_t c = 0; c < finding->count; c++) {
        if (places[c] < 0 || (size_t)places[c] >= row->count) continue;
        const struct cell *cell = &row->cells[places[c]];
        cells[c] = str_copy(finding->arena, str_trim(cell->text));
        says |= (finding->needed & 1u << c) != 0 && cells[c].len > 0 && !cell->merged;
    }
    if (says) *list_push(finding->arena, &finding->rows) = (struct bank_row){row->number, cells};
}

static bool read_sheet(struct workbook *workbook, struct finding *finding, int *places, bool *found,
                       struct err *err)
{
    struct workbook_row row;
    bool more = true;
    for (size_t n = 0; !*found && n < BANK_HEADING_ROWS; n++) {
        if (!workbook_next(workbook, &row, &more, err)) return false;
        if (!more) return true;
        *found = match_heading(finding->arena, &row, finding->columns, finding->count,
                               finding->needed, places);
    }
    while (*found && more) {
        if (!workbook_next(workbook, &row, &more, err)) return false;
        if (!more) break;
        if (finding->rows.count == BANK_ROWS_MAX) {
            return err_set(err, ERR_LIMIT, "more than %d lines", "超过 %d 行", BANK_ROWS_MAX);
        }
        take_row(finding, &row, places);
    }
    return true;
}

bool bank_rows_read(struct arena *arena, const char *path, const struct bank_words *columns,
                    size_t count, uint32_t needed, struct bank_rows *out, bool *found,
                    struct err *err)
{
    struct workbook *workbook = NULL;
    struct finding finding = {.arena = arena, .columns = columns, .count = count, .needed = needed};
    int places[BANK_COLUMNS_MAX];
    CHECK(count <= BANK_COLUMNS_MAX);
    *found = false;
    bool good = workbook_open(&workbook, path, err);
    for (size_t s = 0; good && !*found && s < workbook_sheet_count(workbook); s++) {
        good =
            workbook_sheet(workbook, s, err) && read_sheet(workbook, &finding, places, found, err);
    }
    workbook_release(workbook);
    struct str name = file_name(path);
    if (!good) return err_at(err, "%.*s", "%.*s", STR_ARG(name));
    *out = (struct bank_rows){finding.rows.items, finding.rows.count};
    return true;
}
