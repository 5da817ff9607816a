#include "link/match_load.h"

#include "base/csv.h"
#include "base/file.h"
#include "base/thread.h"
#include "intake/table.h"
#include "link/match_code.h"
#include "link/match_read.h"

#include <string.h>

enum {
    CHUNK_BYTES = 1 << 20,
    CHUNKS_A_THREAD = 4, /* of a wave: its cells should stay in a cache */
    CHUNKS_MOST = 256,
    TABLE_CHUNK_ROWS = 1 << 14,
    ID_BYTES = 12, /* of a number of 32 bits, at most */
};

/* One file at work. Of a csv text the rows are counted at most, of a table exactly. */
struct file {
    const char *path;
    struct str bytes; /* mapped */
    bool plain;
    size_t begin; /* where the rows below the headings begin */
    size_t row_max;
    struct match_layout layout;
    const struct match_table *table; /* when not plain */
};

struct loading {
    const struct match_wish *wish;
    struct match_loaded *out;
    struct match_coder *coder;
    struct match_chunk *chunks;
    size_t chunk_count, threads;
    const struct match_layout *layout;
    size_t *rows;         /* by chunk: its first record */
    struct arena *places; /* by thread: of ids */
    size_t *empty;        /* by chunk: first row without an id, or SIZE_MAX */
};

struct checking {
    const struct scan *scan;
    struct str bytes;
    size_t *cuts, *lines;
    bool *plain;
    char separator;
};

/* Whether a stretch is UTF-8 without zero bytes, and how many rows it may hold. */
static void check_stretch(void *context, size_t number, size_t thread)
{
    enum { BLOCKS = 64 };
    (void)thread;
    struct checking *checking = context;
    size_t from = checking->cuts[number], end = checking->cuts[number + 1];
    const char *bytes = checking->bytes.ptr;
    bool zero = end > from && memchr(bytes + from, '\0', end - from) != NULL;
    checking->plain[number] = !zero && checking->scan->utf8_valid(bytes + from, end - from);
    checking->lines[number] = 1;
    if (!checking->plain[number]) return;
    uint64_t cells[BLOCKS], lines[BLOCKS];
    for (size_t at = from; end - at >= SCAN_BLOCK_BYTES;) {
        size_t blocks = (end - at) / SCAN_BLOCK_BYTES;
        if (blocks > BLOCKS) blocks = BLOCKS;
        checking->scan->csv_marks(bytes + at, blocks, ',', cells, lines);
        for (size_t b = 0; b < blocks; b++) {
            checking->lines[number] += (size_t)__builtin_popcountll(lines[b]);
        }
        at += blocks * SCAN_BLOCK_BYTES;
    }
    checking->lines[number] += SCAN_BLOCK_BYTES;
}

/* The end of the line that a place stands in, as far as `end`. */
static size_t line_end(struct str bytes, size_t place, size_t end)
{
    if (place >= end) return end;
    const char *feed = memchr(bytes.ptr + place, '\n', end - place);
    return feed == NULL ? end : (size_t)(feed - bytes.ptr) + 1;
}

/* Cuts text into pieces that end with lines; `cuts` has room for the bytes over `size` and two. */
static size_t cut_lines(struct str bytes, size_t from, size_t size, size_t most, size_t *cuts)
{
    size_t count = 0;
    cuts[0] = from;
    while (count < most && cuts[count] < bytes.len) {
        size_t end = bytes.len - cuts[count] > size ? cuts[count] + size : bytes.len;
        cuts[count + 1] = line_end(bytes, end - 1, bytes.len);
        count++;
    }
    return count;
}

/* Text that can be read as it is; also tells how many rows it may hold. */
static bool is_plain(const struct scan *scan, struct str bytes, size_t *rows)
{
    if (table_is_workbook(bytes) || bytes.len == 0) return false;
    struct arena scratch = {0};
    struct checking checking = {.scan = scan, .bytes = bytes};
    size_t most = bytes.len / CHUNK_BYTES + 2;
    bool plain = true;
    checking.cuts = arena_array(&scratch, size_t, most + 1);
    checking.lines = arena_array(&scratch, size_t, most);
    checking.plain = arena_array(&scratch, bool, most);
    size_t count = cut_lines(bytes, 0, CHUNK_BYTES, most, checking.cuts);
    thread_run(0, count, check_stretch, &checking);
    *rows = 0;
    for (size_t i = 0; i < count; i++) {
        plain = plain && checking.plain[i];
        *rows += checking.lines[i];
    }
    arena_free(&scratch);
    return plain;
}

/* Reads the headings of a plain file. */
static bool open_plain(struct arena *arena, const struct match_wish *wish, const struct scan *scan,
                       struct file *file, struct err *err)
{
    struct csv_reader reader;
    struct csv_row row;
    bool more;
    size_t *places = arena_array(arena, size_t, wish->wanted->count);
    csv_open(&reader, file->bytes, 0);
    do {
        if (!csv_next(&reader, arena, &row, &more, err)) return false;
        if (!more) return err_set(err, ERR_INPUT, "the file is empty", "文件是空的");
    } while (row.count == 1 && str_trim(row.cells[0]).len == 0);
    if (!match_find_columns(row.cells, row.count, wish->wanted->names, wish->wanted->count, places,
                            err)) {
        return false;
    }
    file->begin = file->bytes.len - reader.rest.len;
    file->layout = (struct match_layout){.scan = scan,
                                         .text = file->bytes,
                                         .separator = reader.separator,
                                         .blank_after = reader.blank_after,
                                         .places = places,
                                         .column_count = wish->wanted->count};
    return true;
}

static bool open_file(struct arena *arena, const struct match_wish *wish, const struct scan *scan,
                      size_t number, struct file *file, struct err *err)
{
    if (wish->paths == NULL) {
        file->table = &wish->tables[number];
        file->row_max = file->table->row_count;
        return true;
    }
    const char *path = wish->paths[number];
    if (!file_map(path, &file->bytes, err)) return false;
    file->plain = is_plain(scan, file->bytes, &file->row_max);
    if (file->plain) {
        return open_plain(arena, wish, scan, file, err)
               || err_at(err, "%.*s", "%.*s", STR_ARG(wish->places[number]));
    }
    struct match_table *table = arena_new(arena, struct match_table);
    if (!match_table_read(arena, path, wish->wanted->names, wish->wanted->count, table, err)) {
        return false;
    }
    file->table = table;
    file->row_max = table->row_count;
    return true;
}

static void read_chunk(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct loading *loading = context;
    match_chunk_read(loading->layout, &loading->chunks[number]);
}

/* Keeps the ids of a chunk. */
static void keep_ids(void *context, size_t number, size_t thread)
{
    struct loading *loading = context;
    const struct match_chunk *chunk = &loading->chunks[number];
    const struct match_cell *cells = chunk->cells + loading->wish->wanted->id * chunk->row_capacity;
    struct str *ids = loading->out->ids + loading->rows[number];
    size_t bytes = 0, at = 0;
    loading->empty[number] = SIZE_MAX;
    for (size_t r = 0; r < chunk->row_count; r++) {
        bytes += cells[r].length + 1;
        if (cells[r].length > 0 || loading->empty[number] != SIZE_MAX) continue;
        loading->empty[number] = loading->rows[number] + r;
    }
    char *place = arena_alloc(&loading->places[thread], bytes);
    for (size_t r = 0; r < chunk->row_count; r++) {
        match_cell_write(&cells[r], place + at);
        ids[r] = (struct str){place + at, cells[r].length};
        at += cells[r].length + 1;
    }
}

/* Takes over the chunks of a wave, whose rows are now known; gives the first row without an id. */
static size_t take_wave(struct loading *loading, size_t count)
{
    size_t row = loading->out->record_count, empty = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        loading->rows[i] = loading->out->record_count;
        loading->out->record_count += loading->chunks[i].row_count;
    }
    match_coder_add(loading->coder, loading->threads, loading->chunks, count, row);
    if (loading->wish->wanted->id == SIZE_MAX) return SIZE_MAX;
    thread_run(loading->threads, count, keep_ids, loading);
    for (size_t i = 0; i < count && empty == SIZE_MAX; i++) empty = loading->empty[i];
    return empty;
}

/* Chunks that were begun inside a row are read again, from where the one before stopped. */
static bool settle(const struct match_layout *layout, struct match_chunk *chunks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && chunks[i - 1].stop != chunks[i].from) {
            chunks[i].from = chunks[i - 1].stop;
            if (chunks[i].end < chunks[i].from) chunks[i].end = chunks[i].from;
            match_chunk_read(layout, &chunks[i]);
        }
        if (chunks[i].failed) return false;
    }
    return true;
}

static bool refuse_id(const struct loading *loading, size_t file, size_t row, struct err *err)
{
    uint64_t line;
    struct str name = loading->wish->places[file];
    if (!match_line(loading->wish, file, row - loading->out->first[file], &line, err)) return false;
    err_set(err, ERR_INPUT, "line %llu: the id is empty", "第 %llu 行：编号是空的",
            (unsigned long long)line);
    return err_at(err, "%.*s", "%.*s", STR_ARG(name));
}

/* Why a csv text cannot be read, said by the reader that goes row by row. */
static bool refuse_text(const struct match_wish *wish, size_t file, struct err *err)
{
    struct arena scratch = {0};
    struct match_table table;
    bool done = match_table_read(&scratch, wish->paths[file], wish->wanted->names,
                                 wish->wanted->count, &table, err);
    arena_free(&scratch);
    CHECK(!done);
    return false;
}

static bool load_plain(struct loading *loading, const struct file *file, size_t number,
                       struct err *err)
{
    struct arena scratch = {0};
    size_t size = loading->wish->chunk_bytes == 0 ? CHUNK_BYTES : loading->wish->chunk_bytes;
    size_t *cuts = arena_array(&scratch, size_t, loading->chunk_count + 1);
    bool done = true;
    loading->layout = &file->layout;
    for (size_t at = file->begin; done && at < file->bytes.len;) {
        size_t count = cut_lines(file->bytes, at, size, loading->chunk_count, cuts);
        for (size_t i = 0; i < count; i++) {
            loading->chunks[i].from = cuts[i];
            loading->chunks[i].end = cuts[i + 1];
        }
        thread_run(loading->threads, count, read_chunk, loading);
        if (!settle(&file->layout, loading->chunks, count)) {
            done = refuse_text(loading->wish, number, err);
            break;
        }
        at = loading->chunks[count - 1].stop;
        size_t empty = take_wave(loading, count);
        if (empty != SIZE_MAX) done = refuse_id(loading, number, empty, err);
        file_forget(str_slice(file->bytes, cuts[0], cuts[count]));
    }
    arena_free(&scratch);
    return done;
}

static bool load_table(struct loading *loading, const struct file *file, size_t number,
                       struct err *err)
{
    size_t columns = file->table->column_count;
    for (size_t from = 0; from < file->table->row_count;) {
        struct match_chunk *chunk = &loading->chunks[0];
        size_t count = file->table->row_count - from;
        if (count > TABLE_CHUNK_ROWS) count = TABLE_CHUNK_ROWS;
        match_chunk_room(chunk, count, columns);
        for (size_t c = 0; c < columns; c++) {
            for (size_t r = 0; r < count; r++) {
                struct str cell = file->table->cells[c][from + r];
                match_cell_fill(cell.ptr, cell.len, &chunk->cells[c * chunk->row_capacity + r]);
            }
        }
        chunk->row_count = count;
        chunk->lasting = (struct str){NULL, SIZE_MAX};
        size_t empty = take_wave(loading, 1);
        if (empty != SIZE_MAX) return refuse_id(loading, number, empty, err);
        from += count;
    }
    return true;
}

static bool too_many_rows(size_t rows, struct err *err)
{
    return rows > MATCH_ROWS_MAX
               ? err_set(err, ERR_LIMIT, "more than %d rows", "超过 %d 行", MATCH_ROWS_MAX)
               : true;
}

static bool load_files(struct loading *loading, const struct file *files, struct err *err)
{
    struct match_loaded *out = loading->out;
    for (size_t f = 0; f < loading->wish->count; f++) {
        bool done = files[f].plain ? load_plain(loading, &files[f], f, err)
                                   : load_table(loading, &files[f], f, err);
        if (!done) return false;
        struct str name = loading->wish->places[f];
        if (!too_many_rows(out->record_count - out->first[f], err)) {
            return err_at(err, "%.*s", "%.*s", STR_ARG(name));
        }
        out->first[f + 1] = out->record_count;
    }
    return true;
}

/* Ids of files that have none: their rows counted from 1. */
static void count_ids(struct arena *arena, const struct match_wish *wish, struct match_loaded *out)
{
    for (size_t f = 0; f < wish->count; f++) {
        size_t count = out->first[f + 1] - out->first[f];
        char *place = arena_alloc(arena, count * ID_BYTES + 20);
        for (size_t r = 0; r < count; r++) {
            size_t length = u64_digits(r + 1, place);
            out->ids[out->first[f] + r] = (struct str){place, length};
            place += length + 1;
        }
    }
}

static bool load_all(struct arena *arena, struct loading *loading, const struct file *files,
                     struct err *err)
{
    struct arena scratch = {0};
    const struct match_wish *wish = loading->wish;
    size_t row_max = 0;
    for (size_t f = 0; f < wish->count; f++) row_max += files[f].row_max;
    loading->threads = thread_count_default();
    loading->chunk_count = loading->threads * CHUNKS_A_THREAD;
    if (loading->chunk_count > CHUNKS_MOST) loading->chunk_count = CHUNKS_MOST;
    loading->chunks = arena_array(&scratch, struct match_chunk, loading->chunk_count);
    loading->rows = arena_array(&scratch, size_t, loading->chunk_count);
    loading->empty = arena_array(&scratch, size_t, loading->chunk_count);
    loading->places = arena_array(&scratch, struct arena, loading->threads);
    loading->out->row_room = row_max;
    loading->out->ids = arena_array(arena, struct str, row_max);
    loading->coder = match_coder_open(arena, wish->wanted->count, row_max, wish->chunk_bytes,
                                      wish->wanted->id, wish->wanted->source);
    bool done = load_files(loading, files, err);
    for (size_t i = 0; i < loading->chunk_count; i++) match_chunk_free(&loading->chunks[i]);
    for (size_t t = 0; t < loading->threads; t++) arena_join(arena, &loading->places[t]);
    arena_free(&scratch);
    if (done && loading->out->record_count > INT32_MAX) {
        done = err_set(err, ERR_LIMIT, "more than 2^31 records", "记录超过 2^31 条");
    }
    struct err ignored;
    return match_coder_close(loading->coder, loading->threads, loading->out->record_count,
                             loading->out->columns, done ? err : &ignored)
           && done;
}

bool match_load(struct arena *arena, const struct match_wish *wish, struct match_loaded *out,
                struct err *err)
{
    CHECK(wish->count >= 1);
    CHECK(wish->count <= 2);
    struct arena scratch = {0};
    struct file files[2] = {0};
    struct match_loaded loaded = {0};
    struct loading loading = {.wish = wish, .out = &loaded};
    const struct scan *scan;
    bool done = scan_choose(wish->simd, &scan, err);
    loaded.columns = arena_array(arena, struct link_column, wish->wanted->count);
    for (size_t f = 0; done && f < wish->count; f++) {
        done = open_file(&scratch, wish, scan, f, &files[f], err);
    }
    done = done && load_all(arena, &loading, files, err);
    for (size_t c = 0; done && c < wish->wanted->count; c++) {
        loaded.columns[c].name = wish->wanted->names[c];
    }
    if (done && wish->wanted->id == SIZE_MAX) count_ids(arena, wish, &loaded);
    for (size_t f = 0; f < wish->count; f++) file_unmap(files[f].bytes);
    arena_free(&scratch);
    if (done) *out = loaded;
    return done;
}

bool match_line(const struct match_wish *wish, size_t file, size_t row, uint64_t *line,
                struct err *err)
{
    if (wish->paths == NULL) {
        CHECK(row < wish->tables[file].row_count);
        *line = wish->tables[file].lines[row];
        return true;
    }
    struct arena scratch = {0};
    struct match_table table;
    bool done = match_table_read(&scratch, wish->paths[file], wish->wanted->names,
                                 wish->wanted->count, &table, err);
    if (done) CHECK(row < table.row_count);
    if (done) *line = table.lines[row];
    arena_free(&scratch);
    return done;
}
