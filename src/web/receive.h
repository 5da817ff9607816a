#ifndef WEB_RECEIVE_H
#define WEB_RECEIVE_H

#include "base/str.h"

#include <microhttpd.h>

/* Files that come with a request (multipart/form-data), written to disk as they come: memory stays
 * small whatever their size. Each lies in a folder of its own under its own name made harmless,
 * since names of files say what is in them. */

struct receive;

/* What came as a plain value of the form. */
struct receive_field {
    struct str name, value;
};

/* A file that came, on disk. */
struct receive_file {
    struct str name;
    const char *path;
    uint64_t bytes;
};

/* Begins to read the body of `connection` into `folder`, which is there and is private: files
 * become folder/1/NAME, folder/2/NAME … NULL when the body is no multipart. Lives in the arena. */
struct receive *receive_begin(struct arena *arena, struct MHD_Connection *connection,
                              const char *folder);

/* The next piece of the body. What is wrong is told by receive_end. */
void receive_take(struct receive *receive, const char *data, size_t size);

/* The body is over: ERR_INPUT when it was cut off or held no file, ERR_LIMIT for too many or too
 * large files or fields, ERR_IO. Files and fields in the order they came. To be called once; what
 * is on disk stays there also after a failure. */
MUST_USE bool receive_end(struct receive *receive, struct receive_file **files, size_t *file_count,
                          struct receive_field **fields, size_t *field_count, struct err *err);

/* Lets go without an end. NULL, and one that has ended, are accepted. */
void receive_abandon(struct receive *receive);

/* The last part of a name that a client gave, without control characters, leading dots and what
 * other systems do not allow; "file" when nothing is left. */
struct str receive_name(struct arena *arena, struct str written);

#endif
