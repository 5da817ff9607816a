#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/check.h"

#include <stddef.h>

/* Memory by lifetime. What is allocated in an arena lives until the arena is reset or freed; single
 * pieces are not freed, but large ones that were outgrown can be given back. A function that takes
 * `struct arena *` first allocates, and its result lives as long as that arena. Three lifetimes are
 * usual: the program, a job (one run or request) and a batch. When memory runs out the process ends
 * with a sentence; the transaction rolls back.
 *
 * An arena is used by one thread at a time. No module outside base calls malloc. */

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* newest first */
    size_t bytes;               /* bytes held from the system by all chunks */
};

/* An empty arena; holds no memory yet. `struct arena a = {0};` does the same. */
void arena_init(struct arena *arena);

/* Gives all memory back; the arena is empty and can be used again. NULL is accepted. */
void arena_free(struct arena *arena);

/* Forgets every allocation but keeps the newest chunk for reuse. */
void arena_reset(struct arena *arena);

/* Moves all that `from` holds into `arena`, where it lives on; `from` is empty afterwards. */
void arena_join(struct arena *arena, struct arena *from);

/* Gives back a piece of `size` bytes before the arena goes; nobody may use it any more. Only large
 * pieces have memory of their own and come back at once; a small one stays until the arena goes, as
 * does a piece that is not of this arena. NULL is accepted. */
void arena_give_back(struct arena *arena, void *piece, size_t size);

/* `size` zeroed bytes, aligned to 16. Never NULL; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of `size` bytes. */
void *arena_copy(struct arena *arena, const void *bytes, size_t size);

/* `count` zeroed elements; the product is checked for overflow. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* The same of which it is not known what they hold: for what is filled at once, by several threads
 * where it is large. */
void *arena_room_array(struct arena *arena, size_t count, size_t size);

/* What becomes of memory that arenas give back, for all of the process; said before other threads
 * run. Nothing where the C library has no word for it. As a program begins: large pieces go back to
 * the system at once, however many came before. */
void arena_return_freed(void);

/* For a command that does one thing and ends: it stays with the process and is used again, since
 * what comes from the system costs more to touch than to fill. */
void arena_keep_freed(void);

/* What the process kept so goes back to the system: for when it waits for something else anyway,
 * and will not ask for much again. */
void arena_trim(void);

#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))
#define arena_room(arena, type, count) ((type *)arena_room_array((arena), (count), sizeof(type)))

#endif
