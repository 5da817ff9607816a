#include "link/match_load.h"

#include "base/csv.h"
#include "base/file.h"
#include "base/thread.h"
#include "intake/table.h"
#include "link/match_code.h"
#include "link/match_read.h"

#include <string.h>

enum {
    CHUNK_BYTES = 1 << 19, /* the cells of a chunk should stay in a cache */
    CHUNKS_A_THREAD = 8,   /* of a wave */
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
    /* Of plain text: pieces that end with lines, and how many rows may begin in each. */
    size_t *cuts, *guesses, piece_count;
    struct match_layout layout;
    const struct match_table *table; /* when not plain */
};

struct loading {
    const struct match_wish *wish;
    struct match_loaded *out;
    struct match_coder *coder;
    struct match_chunk *chunks; /* of a wave */
    struct match_chunk *rooms;  /* by thread: what a chunk is read in that is taken at once */
    size_t chunk_count, threads;
    const struct file *file;
    size_t piece;         /* the first of the wave */
    size_t *rows;         /* by chunk: its first record */
    struct arena *places; /* by thread: of ids */
    size_t *empty;        /* by chunk: first row without an id, or SIZE_MAX */
};

struct checking {
    const struct scan *scan;
    struct file *file;
    size_t *most; /* by piece: rows */
    bool *plain;  /* by piece */
};

/* Whether a piece is UTF-8 without zero bytes, and how many rows it may hold. */
static void check_piece(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct checking *checking = context;
    size_t from = checking->file->cuts[number], end = checking->file->cuts[number + 1];
    const char *bytes = checking->file->bytes.ptr + from;
    bool zero = end > from && memchr(bytes, '\0', end - from) != NULL;
    checking->plain[number] = !zero && checking->scan->utf8_valid(bytes, end - from);
    if (!checking->plain[number]) return;
    struct match_row_count count = match_count_rows(checking->scan, bytes, end - from);
    checking->file->guesses[number] = count.rows;
    checking->most[number] = count.most;
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

/* Text that can be read as it is is cut, and its rows are counted. */
static bool is_plain(struct arena *arena, const struct match_wish *wish, const struct scan *scan,
                     struct file *file)
{
    if (table_is_workbook(file->bytes) || file->bytes.len == 0) return false;
    struct arena scratch = {0};
    struct checking checking = {.scan = scan, .file = file};
    size_t size = wish->chunk_bytes == 0 ? CHUNK_BYTES : wish->chunk_bytes;
    size_t most = file->bytes.len / size + 2;
    bool plain = true;
    file->cuts = arena_array(arena, size_t, most + 1);
    file->guesses = arena_array(arena, size_t, most);
    checking.most = arena_array(&scratch, size_t, most);
    checking.plain = arena_array(&scratch, bool, most);
    file->piece_count = cut_lines(file->bytes, 0, size, most, file->cuts);
    thread_run(0, file->piece_count, check_piece, &checking);
    for (size_t i = 0; i < file->piece_count; i++) {
        plain = plain && checking.plain[i];
        file->row_max += checking.most[i];
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
    for (size_t i = 0; i < file->piece_count && file->cuts[i] < file->begin; i++) {
        size_t from = file->begin < file->cuts[i + 1] ? file->begin : file->cuts[i + 1];
        file->guesses[i] =
            match_count_rows(scan, file->bytes.ptr + from, file->cuts[i + 1] - from).rows;
    }
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
    file->plain = is_plain(arena, wish, scan, file);
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
    match_chunk_read(&loading->file->layout, &loading->chunks[number]);
}

/* Keeps the ids of a chunk. */
static void keep_ids(struct loading *loading, size_t number, size_t thread,
                     const struct match_chunk *chunk)
{
    const struct match_cell *cells = chunk->cells + loading->wish->wanted->id * chunk->row_capacity;
    struct str *ids = loading->out->ids + loading->rows[number];
    size_t bytes = 0, at = 0;
    for (size_t r = 0; r < chunk->row_count; r++) {
        bytes += cells[r].length + 1;
        if (cells[r].length > 0 || loading->empty[number] != SIZE_MAX) continue;
        loading->empty[number] = loading->rows[number] + r;
    }
    char *place = arena_room(&loading->places[thread], char, bytes);
    for (size_t r = 0; r < chunk->row_count; r++) {
        match_cell_write(&cells[r], place + at);
        place[at + cells[r].length] = '\0';
        ids[r] = (struct str){place + at, cells[r].length};
        at += cells[r].length + 1;
    }
}

static void take_chunk(struct loading *loading, size_t number, size_t thread,
                       const struct match_chunk *chunk)
{
    match_coder_take(loading->coder, number, thread, chunk);
    loading->empty[number] = SIZE_MAX;
    if (loading->wish->wanted->id != SIZE_MAX) keep_ids(loading, number, thread, chunk);
}

static void take_read(void *context, size_t number, size_t thread)
{
    struct loading *loading = context;
    take_chunk(loading, number, thread, &loading->chunks[number]);
}

/* Reads a chunk and takes it while its cells are in the cache. That can be done when it begins and
 * ends where it was cut and holds as many rows as were guessed: where the next chunk's rows begin
 * hangs on it. */
static void read_and_take(void *context, size_t number, size_t thread)
{
    struct loading *loading = context;
    struct match_chunk *chunk = &loading->chunks[number], *room = &loading->rooms[thread];
    room->from = chunk->from;
    room->end = chunk->end;
    match_chunk_read(&loading->file->layout, room);
    size_t guess = loading->file->guesses[loading->piece + number];
    chunk->stop = room->stop;
    chunk->row_count = room->row_count;
    chunk->failed = room->failed || room->stop != chunk->end || room->row_count != guess;
    if (!chunk->failed) take_chunk(loading, number, thread, room);
    file_forget(str_slice(loading->file->bytes, chunk->from, chunk->end));
}

/* Ends a wave that is taken; gives the first row without an id. */
static size_t end_wave(struct loading *loading, size_t count)
{
    size_t empty = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        loading->out->record_count += loading->chunks[i].row_count;
        if (empty == SIZE_MAX) empty = loading->empty[i];
    }
    match_coder_end(loading->coder, loading->threads);
    return empty;
}

/* Takes a wave of chunks that are read; gives the first row without an id. */
static size_t take_wave(struct loading *loading, size_t count)
{
    size_t row = loading->out->record_count;
    for (size_t i = 0; i < count; i++) {
        loading->rows[i] = row;
        row += loading->chunks[i].row_count;
    }
    match_coder_begin(loading->coder, loading->rows, count);
    thread_run(loading->threads, count, take_read, loading);
    return end_wave(loading, count);
}

/* Reads and takes a wave in one go; false, with nothing done, when a chunk is not as was guessed.
 */
static bool wave_as_guessed(struct loading *loading, size_t count, size_t *empty)
{
    size_t row = loading->out->record_count;
    bool guessed = true;
    for (size_t i = 0; i < count; i++) {
        loading->rows[i] = row;
        row += loading->file->guesses[loading->piece + i];
    }
    match_coder_begin(loading->coder, loading->rows, count);
    thread_run(loading->threads, count, read_and_take, loading);
    for (size_t i = 0; i < count; i++) guessed = guessed && !loading->chunks[i].failed;
    if (guessed)
        *empty = end_wave(loading, count);
    else
        match_coder_drop(loading->coder);
    return guessed;
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

/* Reads a wave before it is taken; false when a row is no csv. */
static bool wave_as_found(struct loading *loading, size_t count, size_t *empty)
{
    thread_run(loading->threads, count, read_chunk, loading);
    if (!settle(&loading->file->layout, loading->chunks, count)) return false;
    *empty = take_wave(loading, count);
    return true;
}

static bool load_plain(struct loading *loading, const struct file *file, size_t number,
                       struct err *err)
{
    size_t at = file->begin, empty = SIZE_MAX;
    bool guessed = true; /* so far */
    loading->file = file;
    for (loading->piece = 0; loading->piece < file->piece_count;) {
        const size_t *cuts = file->cuts + loading->piece;
        size_t count = file->piece_count - loading->piece;
        if (count > loading->chunk_count) count = loading->chunk_count;
        for (size_t i = 0; i < count; i++) {
            loading->chunks[i].from = cuts[i] < at ? at : cuts[i];
            loading->chunks[i].end = cuts[i + 1] < at ? at : cuts[i + 1];
        }
        guessed = guessed && wave_as_guessed(loading, count, &empty);
        if (!guessed && !wave_as_found(loading, count, &empty)) {
            return refuse_text(loading->wish, number, err);
        }
        if (empty != SIZE_MAX) return refuse_id(loading, number, empty, err);
        at = loading->chunks[count - 1].stop;
        if (!guessed) file_forget(str_slice(file->bytes, cuts[0], cuts[count]));
        loading->piece += count;
    }
    return true;
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
    loading->rooms = arena_array(&scratch, struct match_chunk, loading->threads);
    loading->rows = arena_array(&scratch, size_t, loading->chunk_count);
    loading->empty = arena_array(&scratch, size_t, loading->chunk_count);
    loading->places = arena_array(&scratch, struct arena, loading->threads);
    loading->out->row_room = row_max;
    loading->out->ids = arena_room(arena, struct str, row_max);
    loading->coder = match_coder_open(arena, wish->wanted->count, row_max, wish->chunk_bytes,
                                      wish->wanted->id, wish->wanted->source);
    bool done = load_files(loading, files, err);
    for (size_t i = 0; i < loading->chunk_count; i++) match_chunk_free(&loading->chunks[i]);
    for (size_t t = 0; t < loading->threads; t++) {
        match_chunk_free(&loading->rooms[t]);
        arena_join(arena, &loading->places[t]);
    }
    arena_free(&scratch);
    if (done && loading->out->record_count > INT32_MAX) {
        done = err_set(err, ERR_LIMIT, "more than 2^31 records", "记录超过 2^31 条");
    }
    struct err ignored;
    return match_coder_close(loading->coder, loading->threads, loading->out->record_count,
                             loading->out->columns, &loading->out->contents, done ? err : &ignored)
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
