#ifndef INTAKE_WORKBOOK_DECODE_H
#define INTAKE_WORKBOOK_DECODE_H

#include "base/err.h"
#include "base/str.h"

/* A text file of unknown encoding as a window of clean UTF-8 that moves over it: no byte order
 * mark, no control characters but tab and line feed, line ends as one line feed, U+FFFD for broken
 * bytes. The encoding is told from the bytes: a byte order mark; UTF-16 without one when
 * unmistakable; then the first bytes beyond ASCII are UTF-8 or GB18030, or the text is refused. */

enum { DECODE_BLOCK_BYTES = 256 * 1024, DECODE_WINDOW_BYTES_MAX = 32 * 1024 * 1024 };

struct decoder;

/* `fd` stays the caller's; reading begins at offset 0, with the first decoder_more. */
struct decoder *decoder_open(struct arena *arena, int fd, uint64_t size);

/* The same over bytes that are in memory, which stay the caller's. */
struct decoder *decoder_open_bytes(struct arena *arena, struct str bytes);
void decoder_close(struct decoder *decoder); /* NULL accepted */

/* Keeps the controls U+0080 to U+009F too: in text that was once read in a wrong encoding they
 * stand for bytes of it. */
void decoder_keep_controls(struct decoder *decoder);

/* Back to the start of the file; the encoding stays as found. */
void decoder_rewind(struct decoder *decoder);

/* What is decoded and not dropped yet; good until the next decoder_more. */
struct str decoder_window(const struct decoder *decoder);

/* Drops `bytes` from the window's start. */
void decoder_drop(struct decoder *decoder, size_t bytes);

/* Decodes the next block behind the window; *end is true when the file was already exhausted.
 * Errors: ERR_INPUT (NUL bytes, no known encoding), ERR_LIMIT (the window would pass its limit),
 * ERR_IO. */
MUST_USE bool decoder_more(struct decoder *decoder, bool *end, struct err *err);

/* Bytes of the file that are read. */
uint64_t decoder_bytes_read(const struct decoder *decoder);

#endif
