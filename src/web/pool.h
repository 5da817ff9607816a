#ifndef WEB_POOL_H
#define WEB_POOL_H

#include "jobs/workspace.h"

/* The workers that answer requests, so that the threads that talk to clients never wait for the
 * database. Each has a workspace of its own: some read only and take what reads; two can write and
 * take what writes, so that a write that waits for another keeps no reader waiting, and at most two
 * passwords are hashed at once. */

enum { POOL_READERS_MAX = 16, POOL_WRITERS = 2 };

struct pool;

/* A piece of work; lies in memory of whoever posts it. */
struct pool_work {
    void (*run)(struct pool_work *work, struct workspace *workspace);
    struct pool_work *next;
};

/* Opens the workers' workspaces beside `workspace` and starts them; the pool lies in the arena.
 * `readers` 0 means two more than the machine has cores. Close with pool_close also after a
 * failure. ERR_STORE, ERR_LIMIT. */
MUST_USE bool pool_open(struct pool **out, struct arena *arena, const struct workspace *workspace,
                        size_t readers, struct err *err);

/* Ends the workers when nothing waits any more. NULL accepted. */
void pool_close(struct pool *pool);

/* Hands work to the next free worker that reads, or that writes. False when the pool is closing. */
MUST_USE bool pool_post(struct pool *pool, struct pool_work *work, bool writes);

#endif
