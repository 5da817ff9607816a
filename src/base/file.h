#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/str.h"

/* Files: read whole or mapped, written so that a reader sees the old one or the new one. Errors
 * are ERR_IO ("could not read …: no such file") or ERR_LIMIT, with the path quoted. */

/* Reads at most `size_max` bytes into the arena. ERR_LIMIT when the file is larger. */
MUST_USE bool file_read(struct arena *arena, const char *path, size_t size_max, struct str *out,
                        struct err *err);

/* A file mapped read-only; close with file_unmap. An empty file maps as an empty text. A file cut
 * shorter by another program while it is mapped ends the process: inputs that others may be
 * writing are read with file_read. */
MUST_USE bool file_map(const char *path, struct str *out, struct err *err);
void file_unmap(struct str mapped);

/* Says that a stretch of a mapped file is not needed for now; it stays readable. */
void file_forget(struct str mapped);

/* Has the disk begin with bytes that were written to a file, where the system can, so that there is
 * less to wait for in the end. Nothing is promised: what must be on the disk is flushed. */
void file_begin_flush(int fd, uint64_t from, uint64_t size);

/* Writes the whole file under a temporary name beside `path`, flushes it to disk and renames it,
 * so that `path` holds either the old or the new content. `mode` as for open(2), e.g. 0644. */
MUST_USE bool file_write(const char *path, struct str content, unsigned mode, struct err *err);

/* For files that grow piece by piece: the temporary name that belongs to `path` and this process;
 * and what puts such a file in the place of `path`: it is flushed to disk, renamed, and on failure
 * removed. ERR_IO also where a device or a pipe has that name, which would be lost. */
const char *file_temporary(struct arena *arena, const char *path);
MUST_USE bool file_replace(const char *temporary, const char *path, struct err *err);

/* Brings the names in the folder of `path` to the disk, where the file system can do that: after a
 * file was made or renamed, or a power cut could undo it. */
void file_sync_folder(const char *path);

/* Puts the reason of the system, an errno, behind what `err` says already: "…: permission denied",
 * in both languages. Always returns false. Nothing happens when `err` is NULL or holds no error. */
bool file_reason(struct err *err, int code);

/* Sets ERR_IO from errno: "could not EN "path": reason" and the same in Chinese ("读取" …). Always
 * returns false. */
bool file_failed(struct err *err, const char *en, const char *zh, const char *path);

/* The names in a folder (not "." and "..", no hidden ones), sorted bytewise. */
MUST_USE bool file_list(struct arena *arena, const char *folder, struct str **names, size_t *count,
                        struct err *err);

/* Makes the folder and those above it; one that is there already is no error. */
MUST_USE bool file_make_folder(const char *path, struct err *err);

/* Whether something, or a folder, is there under this path. */
bool file_exists(const char *path);
bool file_is_folder(const char *path);

/* The last part of a path: "a/b.csv" gives "b.csv". Borrowed from `path`. */
struct str file_name(const char *path);

#endif
