#include "base/csv.h"
#include "base/prefetch.h"
#include "base/sheet_out.h"
#include "base/thread.h"
#include "link/engine_internal.h"
#include "link/match.h"

#include <stdlib.h>

/* Both lists are cut into blocks of rows, which all threads put into words side by side; each block
 * waits for its turn to be written. Rows go by id, so what they show lies anywhere: it is asked for
 * ahead. */

enum {
    BLOCK_ROWS = 1 << 13,
    BLOCK_BYTES = 1 << 20,    /* a block larger than this is written in pieces */
    ROW_BYTES_MAX = 64 << 20, /* seldom more than some tens */
    FETCH_AHEAD = 16,
    FEW = 32,
    CELLS = 4,
};

/* What the cells of a row that is being made lie in. */
struct row_text {
    char one[24], two[24];
};

/* One of the two lists. */
struct listing {
    const struct match *match;
    const char *path, *name;
    const struct str *header;
    size_t columns, rows, block_count;
    void (*prepare)(struct listing *listing);
    void (*row)(const struct listing *listing, size_t number, struct row_text *text,
                struct str *cells);
    struct arena arena; /* of what rows are made from */
    /* Pairs: by row. `places` of records in the order of ids, where left and right are told by it;
     * else the smaller record is the left one. */
    const uint32_t *numbers, *places;
    const uint32_t *clusters; /* by row: numbers as they are given */
    struct sheet_out *sheet;
    struct err err;
    bool failed, ready; /* under the mutex */
    size_t turn;        /* the block to be written next */
};

struct writing {
    struct listing lists[2]; /* pairs, clusters */
    struct match *over;      /* of which all but rows and results is given back; may be NULL */
    struct text *texts;      /* by thread */
    struct arena *arenas;
    pthread_mutex_t mutex;
    pthread_cond_t moved;
};

/* By the order of ids: left first, then right. */
static const uint32_t *sort_pairs(struct listing *listing)
{
    const struct match *match = listing->match;
    size_t count = match->result.pair_count;
    struct arena scratch = {0};
    uint32_t *places = arena_array(&listing->arena, uint32_t, match->input.record_count);
    for (uint32_t i = 0; i < match->input.record_count; i++) places[match->order[i]] = i;
    uint64_t *keys = arena_array(&scratch, uint64_t, count);
    uint32_t *numbers = arena_array(&listing->arena, uint32_t, count);
    for (uint32_t p = 0; p < count; p++) {
        uint32_t a = match->result.pairs[p].a, b = match->result.pairs[p].b;
        bool across = a < match->left_count && b >= match->left_count;
        bool swap = !across && places[a] > places[b];
        keys[p] = (uint64_t)places[swap ? b : a] << 32 | places[swap ? a : b];
        numbers[p] = p;
    }
    sort_keys(&scratch, keys, numbers, count);
    arena_free(&scratch);
    listing->places = places;
    return numbers;
}

/* By record: where its pairs begin. False when some pair is not of a left and a right record, or
 * a record has more than a few. */
static bool index_lefts(const struct match *match, uint32_t *starts)
{
    uint32_t at = 0;
    size_t count = match->result.pair_count;
    for (uint32_t r = 0; r < match->left_count; r++) {
        uint32_t first = at;
        starts[r] = at;
        for (; at < count && match->result.pairs[at].a == r; at++) {
            if (match->result.pairs[at].b < match->left_count) return false;
        }
        if (at - first > FEW) return false;
    }
    starts[match->left_count] = at;
    return at == count;
}

static void sort_few(const struct match *match, uint32_t *numbers, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        uint32_t number = numbers[i], at = i;
        struct str id = match->ids[match->result.pairs[number].b];
        for (; at > 0 && str_compare(match->ids[match->result.pairs[numbers[at - 1]].b], id) > 0;
             at--) {
            numbers[at] = numbers[at - 1];
        }
        numbers[at] = number;
    }
}

/* The same of pairs between two files: they stand by left record already. */
static const uint32_t *list_pairs(struct listing *listing)
{
    const struct match *match = listing->match;
    size_t count = match->result.pair_count, at = 0;
    CHECK(count < UINT32_MAX);
    struct arena scratch = {0};
    uint32_t *starts = arena_array(&scratch, uint32_t, (size_t)match->left_count + 1);
    if (!index_lefts(match, starts)) {
        arena_free(&scratch);
        return NULL;
    }
    uint32_t *numbers = arena_array(&listing->arena, uint32_t, count);
    for (size_t i = 0; i < match->input.record_count; i++) {
        if (i + FETCH_AHEAD < match->input.record_count) {
            uint32_t ahead = match->order[i + FETCH_AHEAD];
            if (ahead < match->left_count) prefetch(&starts[ahead]);
        }
        uint32_t record = match->order[i];
        if (record >= match->left_count) continue;
        uint32_t here = starts[record + 1] - starts[record];
        for (uint32_t k = 0; k < here; k++) numbers[at + k] = starts[record] + k;
        if (here > 1) sort_few(match, numbers + at, here);
        at += here;
    }
    arena_free(&scratch);
    return numbers;
}

static void prepare_pairs(struct listing *listing)
{
    listing->numbers = list_pairs(listing);
    if (listing->numbers == NULL) listing->numbers = sort_pairs(listing);
}

static void pair_ends(const struct listing *listing, const struct link_pair *pair, uint32_t *left,
                      uint32_t *right)
{
    const struct match *match = listing->match;
    bool across = pair->a < match->left_count && pair->b >= match->left_count;
    bool swap = !across && listing->places[pair->a] > listing->places[pair->b];
    *left = swap ? pair->b : pair->a;
    *right = swap ? pair->a : pair->b;
}

/* In three steps: the pair, its records' ids, their bytes. */
static void fetch_pair(const struct listing *listing, size_t number)
{
    const struct match *match = listing->match;
    const struct link_pair *pairs = match->result.pairs;
    if (number + 3 * (size_t)FETCH_AHEAD < listing->rows) {
        prefetch(&pairs[listing->numbers[number + 3 * (size_t)FETCH_AHEAD]]);
    }
    if (number + 2 * (size_t)FETCH_AHEAD < listing->rows) {
        const struct link_pair *pair = &pairs[listing->numbers[number + 2 * (size_t)FETCH_AHEAD]];
        prefetch(&match->ids[pair->a]);
        prefetch(&match->ids[pair->b]);
    }
    if (number + FETCH_AHEAD >= listing->rows) return;
    const struct link_pair *pair = &pairs[listing->numbers[number + FETCH_AHEAD]];
    prefetch(match->ids[pair->a].ptr);
    prefetch(match->ids[pair->b].ptr);
}

static void pair_row(const struct listing *listing, size_t number, struct row_text *text,
                     struct str *cells)
{
    uint32_t left, right;
    fetch_pair(listing, number);
    const struct link_pair *pair = &listing->match->result.pairs[listing->numbers[number]];
    pair_ends(listing, pair, &left, &right);
    size_t sign = pair->weight_millibits < 0;
    text->one[0] = '-';
    uint64_t weight = (uint64_t)llabs(pair->weight_millibits);
    size_t length = sign + u64_digits(weight, text->one + sign);
    /* One millionth and more, as 0.000001 … 1.000000: a seventh digit in front keeps the zeros. */
    u64_digits(10000000 + pair->probability_ppm, text->two);
    text->two[0] = text->two[1];
    text->two[1] = '.';
    cells[0] = listing->match->ids[left];
    cells[1] = listing->match->ids[right];
    cells[2] = (struct str){text->one, length};
    cells[3] = (struct str){text->two, 8};
}

/* Clusters are numbered in the order of their first rows. */
static void prepare_clusters(struct listing *listing)
{
    const struct match *match = listing->match;
    size_t count = match->input.record_count;
    struct arena scratch = {0};
    uint32_t *numbers = arena_array(&scratch, uint32_t, match->result.cluster_count), given = 0;
    uint32_t *clusters = arena_array(&listing->arena, uint32_t, count);
    for (size_t i = 0; i < count; i++) {
        if (i + 2 * (size_t)FETCH_AHEAD < count) {
            prefetch(&match->result.clusters[match->order[i + 2 * (size_t)FETCH_AHEAD]]);
        }
        if (i + FETCH_AHEAD < count) {
            uint32_t ahead = match->result.clusters[match->order[i + FETCH_AHEAD]];
            prefetch(&numbers[ahead]);
        }
        uint32_t *number = &numbers[match->result.clusters[match->order[i]]];
        if (*number == 0) *number = ++given;
        clusters[i] = *number;
    }
    arena_free(&scratch);
    listing->clusters = clusters;
}

static void cluster_row(const struct listing *listing, size_t number, struct row_text *text,
                        struct str *cells)
{
    const struct match *match = listing->match;
    if (number + 2 * (size_t)FETCH_AHEAD < listing->rows) {
        uint32_t ahead = match->order[number + 2 * (size_t)FETCH_AHEAD];
        prefetch(&match->ids[ahead]);
        prefetch(&match->input.sources[ahead]);
    }
    if (number + FETCH_AHEAD < listing->rows) {
        prefetch(match->ids[match->order[number + FETCH_AHEAD]].ptr);
    }
    uint32_t record = match->order[number];
    cells[0] = match->ids[record];
    cells[1] = match->input.source_list[match->input.sources[record]].name;
    cells[2] = (struct str){text->one, u64_digits(listing->clusters[number], text->one)};
}

/* Nobody looks at the list any more. */
static void close_listing(struct listing *listing)
{
    if (listing->failed)
        sheet_abandon(listing->sheet);
    else
        listing->failed = !sheet_close(listing->sheet, &listing->err);
    arena_free(&listing->arena);
}

/* Makes the rows ready; where the file is no csv also writes them. */
static void open_rows(struct writing *writing, struct listing *listing)
{
    struct str cells[CELLS];
    struct row_text text;
    bool good =
        sheet_header(listing->sheet, listing->header, listing->columns, NULL, &listing->err);
    if (good) listing->prepare(listing);
    for (size_t i = 0; good && listing->block_count == 0 && i < listing->rows; i++) {
        listing->row(listing, i, &text, cells);
        good = sheet_row(listing->sheet, cells, listing->columns, &listing->err);
    }
    thread_lock(&writing->mutex);
    listing->failed = !good;
    listing->ready = true;
    CHECK(pthread_cond_broadcast(&writing->moved) == 0);
    thread_unlock(&writing->mutex);
    if (listing->block_count == 0) close_listing(listing);
}

/* Waits until the rows can be made, or (`turn`) all blocks before are written; false when there is
 * nothing more to be done. */
static bool wait_for(struct writing *writing, struct listing *listing, const size_t *turn)
{
    thread_lock(&writing->mutex);
    while (!listing->ready || (turn != NULL && listing->turn != *turn)) {
        CHECK(pthread_cond_wait(&writing->moved, &writing->mutex) == 0);
    }
    bool good = !listing->failed;
    thread_unlock(&writing->mutex);
    return good;
}

static bool write_text(struct writing *writing, struct listing *listing, size_t block,
                       struct text *text)
{
    CHECK(!text->cut);
    bool good = wait_for(writing, listing, &block)
                && sheet_csv(listing->sheet, text_str(text), &listing->err);
    text_clear(text);
    return good;
}

static void write_block(struct writing *writing, struct listing *listing, size_t block,
                        size_t thread)
{
    struct text own = writing->texts[thread], *text = &own; /* apart from the other threads' */
    struct str cells[CELLS];
    struct row_text row;
    size_t end = (block + 1) * BLOCK_ROWS;
    if (end > listing->rows) end = listing->rows;
    bool good = wait_for(writing, listing, NULL);
    for (size_t i = block * BLOCK_ROWS; i < end && good; i++) {
        listing->row(listing, i, &row, cells);
        csv_put_row(text, cells, listing->columns);
        if (text->len > BLOCK_BYTES) good = write_text(writing, listing, block, text);
    }
    good = good && write_text(writing, listing, block, text);
    (void)wait_for(writing, listing, &block);
    writing->texts[thread] = own;
    thread_lock(&writing->mutex);
    listing->failed = listing->failed || !good;
    listing->turn++;
    CHECK(pthread_cond_broadcast(&writing->moved) == 0);
    thread_unlock(&writing->mutex);
    if (block + 1 == listing->block_count) close_listing(listing);
}

/* Gives back what neither rows nor results are made of. The system takes it while the disk is
 * waited for, which it would else do when the process ends. */
static void give_back(struct match *match)
{
    if (match->engine != NULL) link_give_back(match->engine);
    match->engine = NULL;
    for (size_t c = 0; c < match->input.column_count; c++) {
        const struct link_column *column = &match->input.columns[c];
        arena_give_back(match->arena, (void *)(uintptr_t)column->values,
                        match->row_room * sizeof *column->values);
        arena_give_back(match->arena, (void *)(uintptr_t)column->texts,
                        column->text_count * sizeof *column->texts);
    }
    arena_give_back(match->arena, (void *)(uintptr_t)match->input.contents,
                    match->row_room * sizeof *match->input.contents);
    match->input.column_count = 0;
    match->input.contents = NULL;
    arena_trim();
}

/* First both lists are made ready, then come the blocks: whoever waits, waits for a task that was
 * begun before. Memory is given back when the first list goes to the disk, for which one waits. */
static void write_task(void *context, size_t number, size_t thread)
{
    struct writing *writing = context;
    struct listing *pairs = &writing->lists[0], *clusters = &writing->lists[1];
    size_t clusters_end = 2 + clusters->block_count;
    if (number < 2) {
        if (writing->lists[number].sheet != NULL) open_rows(writing, &writing->lists[number]);
    } else if (number < clusters_end) {
        write_block(writing, clusters, number - 2, thread);
    } else if (number == clusters_end) {
        if (writing->over != NULL) give_back(writing->over);
    } else {
        write_block(writing, pairs, number - clusters_end - 1, thread);
    }
}

static void open_listing(struct listing *listing)
{
    if (listing->path == NULL) return;
    if (!sheet_open(&listing->sheet, listing->path, listing->name, false, &listing->err)) {
        listing->sheet = NULL;
        listing->failed = true;
    } else if (sheet_is_csv(listing->sheet)) {
        listing->block_count = (listing->rows + BLOCK_ROWS - 1) / BLOCK_ROWS;
    }
}

static bool write_lists(const struct match *match, struct match *over, const char *pairs,
                        const char *clusters, struct err *err)
{
    const struct str pair_header[] = {STR("left_id"), STR("right_id"), STR("weight_millibits"),
                                      STR("probability")};
    const struct str cluster_header[] = {STR("id"), STR("source"), STR("cluster")};
    struct arena scratch = {0};
    struct writing writing = {
        .over = over, .mutex = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
    /* One more, for while one waits for the disk. */
    size_t threads = thread_count_default() + 1;
    if (threads > THREADS_MAX) threads = THREADS_MAX;
    writing.lists[0] = (struct listing){.match = match,
                                        .path = pairs,
                                        .name = "pairs",
                                        .header = pair_header,
                                        .columns = 4,
                                        .rows = match->result.pair_count,
                                        .prepare = prepare_pairs,
                                        .row = pair_row};
    writing.lists[1] = (struct listing){.match = match,
                                        .path = clusters,
                                        .name = "clusters",
                                        .header = cluster_header,
                                        .columns = 3,
                                        .rows = match->input.record_count,
                                        .prepare = prepare_clusters,
                                        .row = cluster_row};
    for (size_t i = 0; i < 2; i++) open_listing(&writing.lists[i]);
    writing.texts = arena_array(&scratch, struct text, threads);
    writing.arenas = arena_array(&scratch, struct arena, threads);
    for (size_t t = 0; t < threads; t++) {
        text_init(&writing.texts[t], &writing.arenas[t], ROW_BYTES_MAX);
    }
    size_t block_count = writing.lists[0].block_count + writing.lists[1].block_count;
    thread_run(threads, 2 + block_count + 1, write_task, &writing);
    bool good = true;
    for (size_t i = 2; i-- > 0;) {
        if (writing.lists[i].failed) *err = writing.lists[i].err;
        good = good && !writing.lists[i].failed;
    }
    for (size_t t = 0; t < threads; t++) arena_free(&writing.arenas[t]);
    arena_free(&scratch);
    return good;
}

bool match_write(struct match *match, const char *pairs, const char *clusters, struct err *err)
{
    return write_lists(match, match, pairs, clusters, err);
}

bool match_write_pairs(const struct match *match, const char *path, struct err *err)
{
    return write_lists(match, NULL, path, NULL, err);
}

bool match_write_clusters(const struct match *match, const char *path, struct err *err)
{
    return write_lists(match, NULL, NULL, path, err);
}
