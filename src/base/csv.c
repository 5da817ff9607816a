#include "base/csv.h"

#include "base/list.h"
#include "base/word.h"

#include <string.h>

enum { SNIFF_LINES = 20 };

/* Counts a separator outside quotes in the first lines; the one that gives the same number of
 * cells on most lines wins, more cells first. */
static uint64_t separator_score(struct str text, char separator)
{
    uint64_t lines = 0, first = 0, agree = 0, here = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.len && lines < SNIFF_LINES; i++) {
        char c = text.ptr[i];
        if (c == '"') quoted = !quoted;
        if (!quoted && c == separator) here++;
        bool end = i + 1 == text.len;
        if (quoted || (c != '\n' && !(c == '\r' && !end && text.ptr[i + 1] != '\n') && !end))
            continue;
        if (lines == 0) first = here;
        if (here == first && here > 0) agree++;
        if (here > first && first == 0) first = here, agree = 1;
        here = 0;
        lines++;
    }
    return agree * 1000 + first;
}

static char find_separator(struct str text)
{
    static const char candidates[] = {',', '\t', ';', '|'};
    char best = ',';
    uint64_t best_score = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        uint64_t score = separator_score(text, candidates[i]);
        if (score > best_score) best = candidates[i], best_score = score;
    }
    return best;
}

/* "a, b, c": every separator of the first line is followed by a blank. */
static bool separators_have_blanks(struct str text, char separator)
{
    size_t seen = 0;
    for (size_t i = 0; i < text.len && text.ptr[i] != '\n' && text.ptr[i] != '\r'; i++) {
        if (text.ptr[i] == '"') return false;
        if (text.ptr[i] != separator) continue;
        if (i + 1 >= text.len || text.ptr[i + 1] != ' ') return false;
        seen++;
    }
    return seen > 0;
}

void csv_open(struct csv_reader *reader, struct str text, char separator)
{
    CHECK(reader != NULL);
    if (str_starts(text, STR("\xEF\xBB\xBF"))) text = str_slice(text, 3, text.len);
    *reader = (struct csv_reader){.rest = text, .line_next = 1};
    reader->separator = separator != 0 ? separator : find_separator(text);
    reader->blank_after = separators_have_blanks(text, reader->separator);
}

/* The length of a cell that is not quoted: up to the separator or the line's end. Most of the time
 * of reading goes here, so it looks at eight bytes at once. */
static size_t plain_length(struct str rest, char separator)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t separators = (unsigned char)separator * ones;
    size_t i = 0;
    for (; rest.len - i >= 8; i += 8) {
        uint64_t word = word_in_order(rest.ptr + i);
        uint64_t hit = word_equal_bytes(word, separators) | word_equal_bytes(word, '\n' * ones)
                       | word_equal_bytes(word, '\r' * ones);
        if (hit != 0) return i + (size_t)__builtin_ctzll(hit) / 8;
    }
    while (i < rest.len && rest.ptr[i] != separator && rest.ptr[i] != '\n' && rest.ptr[i] != '\r') {
        i++;
    }
    return i;
}

/* Reads a quoted cell at rest (which begins with the quote); *used counts its bytes with quotes. */
static bool read_quoted(struct csv_reader *reader, struct arena *arena, struct str *cell,
                        size_t *used, struct err *err)
{
    struct str rest = reader->rest;
    size_t at = 1;
    bool doubled = false;
    for (;;) {
        const char *quote = at < rest.len ? memchr(rest.ptr + at, '"', rest.len - at) : NULL;
        if (quote == NULL) {
            return err_set(err, ERR_INPUT, "line %llu: a quote is opened and never closed",
                           "第 %llu 行：引号没有闭合", (unsigned long long)reader->line);
        }
        at = (size_t)(quote - rest.ptr) + 1;
        if (at >= rest.len || rest.ptr[at] != '"') break;
        doubled = true;
        at++;
    }
    *used = at;
    *cell = str_slice(rest, 1, at - 1);
    if (at - 1 > CSV_CELL_BYTES_MAX) return true; /* the caller refuses it */
    for (size_t i = 0; i < at; i++) reader->line_next += rest.ptr[i] == '\n';
    if (!doubled) return true;
    char *copy = arena_alloc(arena, cell->len);
    size_t length = 0;
    for (size_t i = 0; i < cell->len; i++) {
        copy[length++] = cell->ptr[i];
        if (cell->ptr[i] == '"') i++;
    }
    *cell = (struct str){copy, length};
    return true;
}

/* After a closing quote some programs leave blanks or text; what stands there belongs to the cell.
 */
static struct str with_tail(struct arena *arena, struct str cell, struct str tail)
{
    struct str trimmed = str_trim(tail);
    if (trimmed.len == 0) return cell;
    char *joined = arena_alloc(arena, cell.len + tail.len);
    if (cell.len > 0) memcpy(joined, cell.ptr, cell.len);
    memcpy(joined + cell.len, tail.ptr, tail.len);
    return (struct str){joined, cell.len + tail.len};
}

static bool read_cell(struct csv_reader *reader, struct arena *arena, struct str *cell,
                      struct err *err)
{
    struct str start = reader->rest;
    if (!reader->blank_after && (start.len == 0 || start.ptr[0] != '"')) {
        size_t length = plain_length(start, reader->separator);
        if (length <= CSV_CELL_BYTES_MAX) {
            *cell = (struct str){start.ptr, length};
            reader->rest = (struct str){start.ptr + length, start.len - length};
            return true;
        }
    }
    if (reader->blank_after) {
        while (reader->rest.len > 0 && reader->rest.ptr[0] == ' ') {
            reader->rest = str_slice(reader->rest, 1, reader->rest.len);
        }
    }
    size_t used = 0;
    bool quoted = reader->rest.len > 0 && reader->rest.ptr[0] == '"';
    if (quoted && !read_quoted(reader, arena, cell, &used, err)) return false;
    struct str rest = str_slice(reader->rest, used, reader->rest.len);
    size_t plain = plain_length(rest, reader->separator);
    struct str tail = str_slice(rest, 0, plain);
    size_t length = quoted ? cell->len : plain;
    if (length > CSV_CELL_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "line %llu: a cell is larger than %d bytes",
                       "第 %llu 行：有一格超过 %d 字节", (unsigned long long)reader->line,
                       CSV_CELL_BYTES_MAX);
    }
    *cell = quoted ? with_tail(arena, *cell, tail) : tail;
    reader->rest = str_slice(rest, plain, rest.len);
    return true;
}

bool csv_next(struct csv_reader *reader, struct arena *arena, struct csv_row *row, bool *more,
              struct err *err)
{
    CHECK(reader != NULL);
    if (reader->rest.len == 0) {
        *more = false;
        return true;
    }
    reader->line = reader->line_next;
    LIST(struct str) cells = {.capacity = reader->width};
    if (reader->width > 0) cells.items = arena_array(arena, struct str, reader->width);
    for (;;) {
        struct str cell;
        if (!read_cell(reader, arena, &cell, err)) return false;
        if (cells.count == CSV_CELLS_MAX) {
            return err_set(err, ERR_LIMIT, "line %llu has more than %d cells",
                           "第 %llu 行超过 %d 格", (unsigned long long)reader->line, CSV_CELLS_MAX);
        }
        *list_push(arena, &cells) = cell;
        if (reader->rest.len == 0 || reader->rest.ptr[0] != reader->separator) break;
        reader->rest.ptr++;
        reader->rest.len--;
    }
    size_t end = 0;
    if (end < reader->rest.len && reader->rest.ptr[end] == '\r') end++;
    if (end < reader->rest.len && reader->rest.ptr[end] == '\n') end++;
    reader->rest = str_slice(reader->rest, end, reader->rest.len);
    reader->line_next++;
    reader->width = cells.count;
    *row = (struct csv_row){cells.items, cells.count};
    *more = true;
    return true;
}

/* A cell that a spreadsheet would run: =, @, tab or CR first; + or - when no number follows. */
static bool is_formula(struct str cell)
{
    if (cell.len == 0) return false;
    char c = cell.ptr[0];
    if (c == '=' || c == '@' || c == '\t' || c == '\r') return true;
    if (c != '+' && c != '-') return false;
    for (size_t i = 1; i < cell.len; i++) {
        if ((cell.ptr[i] < '0' || cell.ptr[i] > '9') && cell.ptr[i] != '.') return true;
    }
    return cell.len == 1;
}

/* Bytes that must stand in quotes. */
static bool needs_quotes(struct str cell)
{
    const uint64_t ones = 0x0101010101010101u;
    if (cell.len == 0) return false;
    if (cell.ptr[0] == ' ' || cell.ptr[cell.len - 1] == ' ') return true;
    uint64_t found = 0;
    size_t i = 0;
    for (; cell.len - i >= 8; i += 8) {
        uint64_t word = word_at(cell.ptr + i);
        found |= word_equal_bytes(word, ',' * ones) | word_equal_bytes(word, '"' * ones)
                 | word_equal_bytes(word, '\n' * ones) | word_equal_bytes(word, '\r' * ones);
    }
    for (; i < cell.len; i++) {
        char c = cell.ptr[i];
        found |= (c == ',') | (c == '"') | (c == '\n') | (c == '\r');
    }
    return found != 0;
}

void csv_put(struct text *text, struct str cell, bool first)
{
    bool formula = is_formula(cell), quote = needs_quotes(cell);
    if (!formula && !quote) {
        char *place = text_extend(text, cell.len + !first);
        if (place == NULL) return;
        if (!first) *place++ = ',';
        if (cell.len > 0) memcpy(place, cell.ptr, cell.len);
        return;
    }
    if (!first) text_add_byte(text, ',');
    if (quote) text_add_byte(text, '"');
    if (formula) text_add_byte(text, '\'');
    for (size_t i = 0; i < cell.len; i++) {
        if (cell.ptr[i] == '"') text_add_byte(text, '"');
        text_add_byte(text, cell.ptr[i]);
    }
    if (quote) text_add_byte(text, '"');
}

/* Whether some byte comes before '-': everything that must be quoted does, and '+', tab and CR;
 * digits, letters and all of UTF-8 do not. May say so of a few words more. */
static bool has_low(uint64_t word)
{
    return ((word - (uint64_t)'-' * 0x0101010101010101u) & ~word & 0x8080808080808080u) != 0;
}

/* Whether a cell surely stands as it is, which nearly all do. */
static bool is_plain(struct str cell)
{
    const char *bytes = cell.ptr;
    size_t len = cell.len;
    if (len == 0) return true;
    if (bytes[0] == '=' || bytes[0] == '@' || bytes[0] == '-') return false;
    if (len >= 8) {
        bool low = has_low(word_at(bytes + len - 8));
        for (size_t i = 0; i + 8 < len; i += 8) low |= has_low(word_at(bytes + i));
        return !low;
    }
    if (len >= 4)
        return !has_low(half_word_at(bytes) | (uint64_t)half_word_at(bytes + len - 4) << 32);
    return bytes[0] >= '-' && bytes[len / 2] >= '-' && bytes[len - 1] >= '-';
}

/* Copies a cell; most are a few bytes, for which a call would cost more than the copy. */
static char *put_bytes(char *place, struct str cell)
{
    size_t len = cell.len;
    if (len > 16) {
        memcpy(place, cell.ptr, len);
    } else if (len >= 8) {
        uint64_t first = word_at(cell.ptr), last = word_at(cell.ptr + len - 8);
        memcpy(place, &first, sizeof first);
        memcpy(place + len - 8, &last, sizeof last);
    } else if (len >= 4) {
        uint32_t first = half_word_at(cell.ptr), last = half_word_at(cell.ptr + len - 4);
        memcpy(place, &first, sizeof first);
        memcpy(place + len - 4, &last, sizeof last);
    } else {
        for (size_t i = 0; i < len; i++) place[i] = cell.ptr[i];
    }
    return place + len;
}

void csv_put_row(struct text *text, const struct str *cells, size_t count)
{
    bool plain = count > 0;
    size_t size = count;
    for (size_t i = 0; i < count && plain; i++) {
        plain = is_plain(cells[i]);
        size += cells[i].len;
    }
    if (!plain) {
        for (size_t i = 0; i < count; i++) csv_put(text, cells[i], i == 0);
        text_add_byte(text, '\n');
        return;
    }
    char *place = text_extend(text, size);
    if (place == NULL) return;
    for (size_t i = 0; i < count; i++) {
        place = put_bytes(place, cells[i]);
        *place++ = i + 1 == count ? '\n' : ',';
    }
}
