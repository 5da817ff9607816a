#ifndef WEB_LIMITS_H
#define WEB_LIMITS_H

/* What one client may ask of the server. What is above is refused, never cut. */

enum {
    WEB_CONNECTIONS_MAX = 1000,
    WEB_CONNECTION_BYTES = 48 * 1024, /* for what one connection reads and writes */
    WEB_HEADERS_MAX = 64,             /* lines */
    WEB_URI_BYTES_MAX = 4096,
    WEB_BODY_BYTES_MAX = 1 << 20,  /* of a JSON body */
    WEB_DRAIN_BYTES_MAX = 8 << 20, /* of a body that is thrown away */
    WEB_UPLOAD_FILES_MAX = 200,
    WEB_UPLOAD_FIELDS_MAX = 16,
    WEB_UPLOAD_FIELD_BYTES_MAX = 4096,
    WEB_FILE_NAME_BYTES_MAX = 200,
    WEB_ANSWER_BYTES_MAX = 64 << 20, /* of a JSON answer */
    WEB_PACK_BYTES_MIN = 1400,       /* smaller answers are sent as they are */
    WEB_EVENTS_MAX = 200,            /* streams of events at once */
    WEB_PAGE_SIZE = 50,
    WEB_PAGE_SIZE_MAX = 500,
    WEB_PAGE_MAX = 1000000,

    WEB_SILENCE_S = 30,          /* without a byte */
    WEB_IDLE_MS_MAX = 75 * 1000, /* of a connection between two requests */
    WEB_HEAD_MS_MAX = 20 * 1000, /* from the first line to the last header */
    WEB_BODY_MS_MAX = 60 * 1000, /* of a JSON body */
    WEB_UPLOAD_MS_MAX = 3600 * 1000,
    WEB_SEND_MS_MAX = 3600 * 1000, /* of an answer */
    WEB_WAIT_MS_MAX = 30 * 1000,   /* for a worker */
    WEB_STOP_MS_MAX = 30 * 1000,   /* for what is in flight when the server stops */
    WEB_HEARTBEAT_MS = 15 * 1000,  /* between two signs of life of a stream of events */
    WEB_EVENT_EVERY_MS = 200,      /* changes in between are told together */
    WEB_BUSY_WAIT_MS = 60 * 1000,  /* for another writer of the database */
};

#define WEB_UPLOAD_BYTES_MAX ((uint64_t)1 << 30) /* of all files of an upload */

#endif
