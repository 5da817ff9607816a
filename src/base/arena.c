#include "base/arena.h"

#include "base/thread.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { CHUNK_BYTES = 64 * 1024, PIECE_ALONE_BYTES = 64 * 1024, ALIGNMENT = 16 };

enum { LARGE_PAGE_BYTES = 2 * 1024 * 1024, LARGE_PIECE_BYTES = 8 * 1024 * 1024 };

/* By what the heap grows at least where freed memory is kept; it never does so else. What needs
 * little would hold pages that it does not use. */
enum {
    HEAP_STEP_BYTES = 8 * 1024 * 1024,
    STEP_PIECE_BYTES = 2 * 1024 * 1024,
    HEAP_LARGE_BYTES = 48 * 1024 * 1024,
};

struct arena_chunk {
    struct arena_chunk *next;
    size_t size; /* bytes of data */
    size_t used;
    alignas(ALIGNMENT) unsigned char data[];
};

/* Asks for large pages under a large piece: what is read here and there would wait for the tables
 * of small ones most of the time. Where each part of a large page has to be asked for outside, as
 * in some virtual machines after a pause, its first touch costs up to 4 ms, a tenth of a run of a
 * second; but without them runs of some seconds take a fifth more. */
static void use_large_pages(void *piece, size_t size)
{
#ifdef MADV_HUGEPAGE
    uintptr_t from = ((uintptr_t)piece + LARGE_PAGE_BYTES - 1) / LARGE_PAGE_BYTES;
    uintptr_t end = ((uintptr_t)piece + size) / LARGE_PAGE_BYTES;
    if (size < LARGE_PIECE_BYTES || end <= from) return;
    /* Where the system has none the piece is as good as before. */
    (void)madvise((void *)(from * LARGE_PAGE_BYTES), (end - from) * LARGE_PAGE_BYTES,
                  MADV_HUGEPAGE);
#else
    (void)piece;
    (void)size;
#endif
}

/* Where the heap ends. */
static uintptr_t heap_end(void)
{
#ifdef __GLIBC__
    return (uintptr_t)sbrk(0);
#else
    return 0;
#endif
}

static bool heap_is_large(void)
{
#if defined __GLIBC__ && __GLIBC_PREREQ(2, 33)
    return mallinfo2().arena >= HEAP_LARGE_BYTES;
#else
    return false;
#endif
}

/* A step by which the heap has grown. */
struct step {
    uintptr_t from, end; /* whole pages */
};

static void touch_piece(void *context, size_t number, size_t thread)
{
    (void)thread;
#ifdef MADV_POPULATE_WRITE
    const struct step *step = context;
    uintptr_t from = step->from + number * STEP_PIECE_BYTES;
    size_t size = step->end - from < STEP_PIECE_BYTES ? step->end - from : STEP_PIECE_BYTES;
    /* A system that does not know it gives pages one by one. */
    (void)madvise((void *)from, size, MADV_POPULATE_WRITE);
#else
    (void)context;
    (void)number;
#endif
}

/* Asks for all pages of a large step in one go, which costs two thirds of what it costs when each
 * is asked for as it is touched. What is much larger than a step is asked for when nobody else
 * works: on all threads. */
static void touch_step(uintptr_t from, uintptr_t end)
{
    if (end < from || end - from < HEAP_STEP_BYTES / 2 || !heap_is_large()) return;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    struct step step = {(from + page - 1) / page * page, end};
    size_t pieces = (end - from + STEP_PIECE_BYTES - 1) / STEP_PIECE_BYTES;
    bool alone = end - from > HEAP_STEP_BYTES + HEAP_STEP_BYTES / 4;
    thread_run(alone ? 0 : 1, pieces, touch_piece, &step);
}

static struct arena_chunk *chunk_new(size_t size, bool zeroed)
{
    CHECK(size <= SIZE_MAX - sizeof(struct arena_chunk));
    uintptr_t before = heap_end();
    struct arena_chunk *chunk =
        zeroed ? calloc(1, sizeof *chunk + size) : malloc(sizeof *chunk + size);
    if (chunk == NULL) {
        fprintf(stderr, "baoxue: out of memory, %zu bytes asked / 内存不足\n", size);
        _Exit(4);
    }
    uintptr_t end = heap_end();
    touch_step(before, end);
    /* A piece of the heap has its pages, or takes those of a piece before it. */
    if ((uintptr_t)chunk >= end) use_large_pages(chunk, sizeof *chunk + size);
    chunk->size = size;
    chunk->used = 0;
    chunk->next = NULL;
    return chunk;
}

void arena_return_freed(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 1 << 20);
#endif
}

void arena_keep_freed(void)
{
#ifdef __GLIBC__
    /* One heap, so that what one thread gave back serves the others; it grows in large steps, as
     * threads that touch memory wait meanwhile. Pieces above the largest threshold that the library
     * takes still come and go by themselves. */
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, HEAP_STEP_BYTES);
#endif
}

void arena_trim(void)
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

void arena_init(struct arena *arena)
{
    CHECK(arena != NULL);
    *arena = (struct arena){0};
}

void arena_free(struct arena *arena)
{
    if (arena == NULL) return;
    struct arena_chunk *chunk = arena->chunks;
    while (chunk != NULL) {
        struct arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    *arena = (struct arena){0};
}

void arena_reset(struct arena *arena)
{
    CHECK(arena != NULL);
    struct arena_chunk *keep = arena->chunks;
    if (keep == NULL) return;
    struct arena_chunk *rest = keep->next;
    keep->next = NULL;
    struct arena old = {.chunks = rest};
    arena_free(&old);
    memset(keep->data, 0, keep->used);
    keep->used = 0;
    arena->bytes = keep->size;
}

void arena_join(struct arena *arena, struct arena *from)
{
    CHECK(arena != NULL);
    CHECK(from != NULL);
    if (from->chunks == NULL) return;
    struct arena_chunk *last = from->chunks;
    while (last->next != NULL) last = last->next;
    if (arena->chunks == NULL) {
        arena->chunks = from->chunks;
    } else {
        /* Behind the newest chunk, which still has room. */
        last->next = arena->chunks->next;
        arena->chunks->next = from->chunks;
    }
    arena->bytes += from->bytes;
    *from = (struct arena){0};
}

static size_t aligned(size_t size)
{
    CHECK(size <= SIZE_MAX - ALIGNMENT);
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

void arena_give_back(struct arena *arena, void *piece, size_t size)
{
    CHECK(arena != NULL);
    if (piece == NULL || aligned(size) <= CHUNK_BYTES / 2) return;
    struct arena_chunk **at = &arena->chunks;
    while (*at != NULL && (void *)(*at)->data != piece) at = &(*at)->next;
    struct arena_chunk *chunk = *at;
    if (chunk == NULL || chunk->size != aligned(size)) return;
    *at = chunk->next;
    arena->bytes -= chunk->size;
    free(chunk);
}

static size_t chunk_size_for(const struct arena *arena, size_t size)
{
    /* Chunks grow with the arena, so that a large one costs few calls and wastes at most a part
     * of what it uses; a large piece gets a chunk of its own, which can be given back. */
    size_t wish = arena->bytes / 4;
    if (wish < CHUNK_BYTES) wish = CHUNK_BYTES;
    if (wish > 4u * 1024 * 1024) wish = 4u * 1024 * 1024;
    return size > wish / 2 || size >= PIECE_ALONE_BYTES ? size : wish;
}

static void *take_piece(struct arena *arena, size_t size, bool zeroed)
{
    CHECK(arena != NULL);
    size = aligned(size);
    struct arena_chunk *chunk = arena->chunks;
    if (chunk == NULL || chunk->size - chunk->used < size || size >= PIECE_ALONE_BYTES) {
        size_t fresh_size = chunk_size_for(arena, size);
        struct arena_chunk *fresh = chunk_new(fresh_size, zeroed || fresh_size != size);
        arena->bytes += fresh_size;
        if (chunk != NULL && fresh_size == size) {
            /* A piece with its own chunk goes behind the current one, which still has room. */
            fresh->used = size;
            fresh->next = chunk->next;
            chunk->next = fresh;
            return fresh->data;
        }
        fresh->next = chunk;
        arena->chunks = chunk = fresh;
    }
    void *piece = chunk->data + chunk->used;
    chunk->used += size;
    return piece;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    return take_piece(arena, size, true);
}

void *arena_copy(struct arena *arena, const void *bytes, size_t size)
{
    void *copy = arena_alloc(arena, size);
    if (size > 0) memcpy(copy, bytes, size);
    return copy;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    CHECK(!__builtin_mul_overflow(count, size, &total));
    return arena_alloc(arena, total);
}

void *arena_room_array(struct arena *arena, size_t count, size_t size)
{
    size_t total;
    CHECK(!__builtin_mul_overflow(count, size, &total));
    return take_piece(arena, total, false);
}
