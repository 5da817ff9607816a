#include "figures/match_file.h"

#include "base/csv.h"
#include "base/list.h"

enum column {
    COLUMN_KEY,
    COLUMN_ZH,
    COLUMN_UNIT,
    COLUMN_EN,
    COLUMN_WORDS,
    COLUMN_VALUE,
    COLUMN_EXPECTED,
    COLUMN_VERIFIED,
    COLUMN_OPEN,
    COLUMN_UNREPORTED,
    COLUMN_FROM,
    COLUMN_TO,
    COLUMN_COUNT,
};

static const char *const column_keys[COLUMN_COUNT] = {
    "key",      "zh",       "unit", "en",         "words", "value",
    "expected", "verified", "open", "unreported", "from",  "to",
};

struct head {
    size_t at[COLUMN_COUNT]; /* SIZE_MAX: not there */
};

static bool read_head(const struct csv_row *row, struct head *head, struct err *err)
{
    for (int c = 0; c < COLUMN_COUNT; c++) {
        head->at[c] = SIZE_MAX;
        for (size_t i = 0; i < row->count; i++) {
            if (str_is(str_trim(row->cells[i]), column_keys[c])) head->at[c] = i;
        }
        if (c <= COLUMN_UNIT && head->at[c] == SIZE_MAX) {
            return err_set(err, ERR_INPUT,
                           "the first row has no column \"%s\" (key, zh and unit are needed)",
                           "首行没有“%s”列（必须有 key、zh、unit）", column_keys[c]);
        }
    }
    return true;
}

static struct str cell(const struct csv_row *row, const struct head *head, enum column column)
{
    size_t at = head->at[column];
    return at < row->count ? str_trim(row->cells[at]) : STR_EMPTY;
}

/* A decimal with up to four places, from 0, in ten-thousandths. */
static bool read_decimal(struct str text, int64_t *out)
{
    size_t point = str_find(text, STR(".")), places = 0;
    int64_t whole, part = 0;
    struct str front = str_slice(text, 0, point), behind = STR_EMPTY;
    if (point != SIZE_MAX) behind = str_slice(text, point + 1, text.len);
    if (!str_to_i64(front, &whole) || whole < 0 || whole > INT64_MAX / CLAIM_E4 / 2) return false;
    for (; places < behind.len; places++) {
        char c = behind.ptr[places];
        if (c < '0' || c > '9' || places >= 4) return false;
        part = part * 10 + (c - '0');
    }
    if (point != SIZE_MAX && places == 0) return false;
    for (; places < 4; places++) part *= 10;
    *out = whole * CLAIM_E4 + part;
    return true;
}

static bool wrong_cell(const char *column, struct str value, struct err *err)
{
    return err_set(err, ERR_INPUT, "\"%.*s\" is no value for column \"%s\"",
                   "“%.*s”不能作“%s”列的值", STR_ARG(value), column);
}

static bool read_count(const struct csv_row *row, const struct head *head, enum column column,
                       int64_t *out, bool *given, struct err *err)
{
    struct str text = cell(row, head, column);
    if (text.len == 0) return true;
    if (!str_to_i64(text, out) || *out < 0) return wrong_cell(column_keys[column], text, err);
    *given = true;
    return true;
}

static bool read_day(const struct csv_row *row, const struct head *head, enum column column,
                     day *out, struct err *err)
{
    struct str text = cell(row, head, column);
    *out = DAY_NONE;
    if (text.len == 0 || day_parse(text, out)) return true;
    return wrong_cell(column_keys[column], text, err);
}

static bool read_row(struct arena *arena, const struct csv_row *row, const struct head *head,
                     struct figure_known *out, struct err *err)
{
    struct figure_known figure = {0};
    struct str unit = cell(row, head, COLUMN_UNIT), value = cell(row, head, COLUMN_VALUE);
    figure.key = str_copy(arena, cell(row, head, COLUMN_KEY));
    figure.zh = str_copy(arena, cell(row, head, COLUMN_ZH));
    figure.en = str_copy(arena, cell(row, head, COLUMN_EN));
    figure.words = str_copy(arena, cell(row, head, COLUMN_WORDS));
    if (figure.key.len == 0) return wrong_cell("key", figure.key, err);
    if (!claim_unit_of(unit, &figure.unit)) return wrong_cell("unit", unit, err);
    if (value.len > 0 && !read_decimal(value, &figure.value_e4))
        return wrong_cell("value", value, err);
    figure.has_value = value.len > 0;
    bool expected = false, verified = false, other = false;
    if (!read_count(row, head, COLUMN_EXPECTED, &figure.expected, &expected, err)
        || !read_count(row, head, COLUMN_VERIFIED, &figure.verified, &verified, err)
        || !read_count(row, head, COLUMN_OPEN, &figure.open, &other, err)
        || !read_count(row, head, COLUMN_UNREPORTED, &figure.unreported, &other, err)
        || !read_day(row, head, COLUMN_FROM, &figure.from, err)
        || !read_day(row, head, COLUMN_TO, &figure.to, err)) {
        return false;
    }
    figure.has_counts = expected && verified;
    *out = figure;
    return true;
}

bool match_file_read(struct arena *arena, struct str text, struct figure_known **out, size_t *count,
                     struct err *err)
{
    struct csv_reader reader;
    struct csv_row row;
    struct head head;
    bool more;
    LIST(struct figure_known) figures = {0};
    csv_open(&reader, text, 0);
    if (!csv_next(&reader, arena, &row, &more, err)) return false;
    if (!more) return err_set(err, ERR_INPUT, "there is no row in it", "其中一行也没有");
    if (!read_head(&row, &head, err)) return false;
    for (;;) {
        if (!csv_next(&reader, arena, &row, &more, err)) return false;
        if (!more) break;
        if (row.count == 1 && str_trim(row.cells[0]).len == 0) continue;
        if (figures.count == FIGURES_KNOWN_MAX) {
            return err_set(err, ERR_LIMIT, "more than %d figures", "指标超过 %d 个",
                           FIGURES_KNOWN_MAX);
        }
        struct figure_known figure;
        if (!read_row(arena, &row, &head, &figure, err)) {
            return err_at(err, "line %llu", "第 %llu 行", (unsigned long long)reader.line);
        }
        *list_push(arena, &figures) = figure;
    }
    *out = figures.items;
    *count = figures.count;
    return true;
}
