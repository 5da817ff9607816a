#ifndef WEB_HEAD_H
#define WEB_HEAD_H

#include "base/str.h"

/* The rules for what stands before the body of a request: pure functions over header lines as the
 * HTTP library split them, stricter than it. What two programs on the way could read in two ways
 * (two lengths, a length and a transfer coding, a name with a blank behind it) is refused, so that
 * no request can be smuggled through a proxy; a host that is not ours is refused, so that a foreign
 * page cannot reach a server on this machine by a name of its own (DNS rebinding). */

struct header {
    struct str name, value;
};

struct head_rules {
    bool loopback;     /* listens on this machine only: just its names are hosts */
    bool behind_proxy; /* what a proxy tells about its client is believed */
    bool proxy_secure; /* and that client came by TLS */
    bool tls;          /* this server's own */
    const char *name;  /* the one host besides, or NULL: then any, unless loopback */
};

struct head {
    struct str host; /* with port, as sent */
    bool has_body;   /* a length above 0, or chunked */
    bool chunked;
    uint64_t length;          /* of the body as announced; 0 when chunked */
    struct str media_type;    /* of the body, lower-case letters left as sent, without parameters */
    struct str session;       /* value of the session cookie; empty: none, or more than one */
    struct str request_token; /* X-Baoxue-Token */
    struct str origin, fetch_site;
    struct str if_none_match;
    struct str client; /* of the proxy's client; empty when there is no proxy */
    bool takes_gzip;
    bool secure; /* the browser came by TLS */
};

enum {
    HEAD_BAD = 400,
    HEAD_TOO_MANY = 431,
    HEAD_WRONG_HOST = 421,
};

/* Reads the header lines. On failure *status is the HTTP status to answer with, and the connection
 * is to be closed. Texts are views of the lines'. */
MUST_USE bool head_read(const struct header *headers, size_t count, const struct head_rules *rules,
                        struct head *out, unsigned *status, struct err *err);

/* Whether a changing request comes from a page of ours, or from no page at all: by Sec-Fetch-Site,
 * else by Origin against Host. */
bool head_same_origin(const struct head *head);

/* The session cookie that a browser keeps, as the value of Set-Cookie, in the arena. With an empty
 * token the browser forgets it. */
struct str head_cookie(struct arena *arena, struct str token, bool secure);

/* Whether an ETag ("\"…\"") stands in an If-None-Match. */
bool head_etag_matches(struct str if_none_match, struct str etag);

/* Splits "/path?query" and decodes the path into the arena. Refused: what does not begin with "/",
 * escapes that are none, a zero, control characters, "\", segments "." and "..", what is not UTF-8.
 */
MUST_USE bool head_path(struct arena *arena, struct str uri, struct str *path, struct str *query);

/* Decodes one "name=value" of a query or form; "+" is a blank. Refused as above. */
MUST_USE bool head_decode(struct arena *arena, struct str written, bool plus, struct str *out);

/* The address of HOST in "HOST:PORT", "[::1]:PORT"; *port -1 when there is none. False when it is
 * neither a name nor an address. */
bool head_host_split(struct str host, struct str *name, int *port);

/* Whether a name or address is of this machine alone. */
bool head_host_is_loopback(struct str name);

#endif
