#ifndef WEB_WATCH_H
#define WEB_WATCH_H

#include "base/arena.h"
#include "base/err.h"

#include <stdatomic.h>
#include <stdint.h>

/* Closes connections that take too long over a part of a request. The HTTP library ends those that
 * are silent; this ends those that send a byte now and then to keep their place (slowloris): each
 * part, the head, the body, the answer, has a time by which it must be over. */

struct watch;

/* A connection; its place is given by watch_add. */
struct watch_guest {
    _Atomic int64_t deadline_ms; /* on the steady clock; INT64_MAX: none */
    int socket;                  /* -1: free */
    struct watch_guest *next;    /* in the list of free ones */
};

/* Starts the watcher, for WEB_CONNECTIONS_MAX connections. ERR_LIMIT. */
MUST_USE bool watch_open(struct watch **out, struct arena *arena, struct err *err);
void watch_close(struct watch *watch); /* NULL accepted */

/* A connection came; NULL when there is no place. It is taken out before its socket is closed. */
struct watch_guest *watch_add(struct watch *watch, int socket);
void watch_remove(struct watch *watch, struct watch_guest *guest); /* NULL accepted */

/* From now the part may take so long; 0: as long as it wants. NULL accepted. */
void watch_allow(struct watch_guest *guest, int64_t ms);

#endif
