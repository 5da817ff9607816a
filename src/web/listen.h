#ifndef WEB_LISTEN_H
#define WEB_LISTEN_H

#include "base/err.h"

/* The socket that the server listens on. */

enum { LISTEN_TEXT_SIZE = 80 };

/* An address that is listened on. */
struct listen_place {
    int socket;
    bool loopback; /* reached from this machine only */
    bool v6;
    char text[LISTEN_TEXT_SIZE]; /* "127.0.0.1:8620" with the port that it has */
};

/* Reads "127.0.0.1:8620", "localhost:8620", "[::1]:8620" (numbers, not names; port 0: any that is
 * free). ERR_USAGE. Says whether other machines can reach it; opens nothing. */
MUST_USE bool listen_is_loopback(const char *where, bool *loopback, struct err *err);

/* Opens it; the caller closes the socket. ERR_USAGE, ERR_IO when the address is taken or not of
 * this machine. */
MUST_USE bool listen_open(const char *where, struct listen_place *out, struct err *err);

#endif
