#ifndef INTAKE_WORKBOOK_CFB_H
#define INTAKE_WORKBOOK_CFB_H

#include "intake/workbook_reader.h"

/* Compound files ("OLE", first bytes D0CF11E0): the small file system inside old Office files and
 * inside workbooks with a password. Nothing in it is believed: chains that loop or leave the file
 * are ERR_INPUT. Memory is at most 16 bytes for each 512 of the file. */

struct cfb {
    const struct workbook *workbook;
    struct arena *arena;
    unsigned sector_bytes, mini_sector_bytes;
    uint32_t mini_cutoff; /* smaller streams are in the mini stream */
    uint32_t *fat, *mini_fat;
    size_t fat_count, mini_fat_count;
    uint32_t directory;  /* first sector */
    uint32_t mini_start; /* of the mini stream */
    uint64_t mini_size;
};

/* A stream of bytes inside, or a whole file. */
struct cfb_stream {
    const struct workbook *workbook;
    uint64_t size;
    uint64_t *places; /* of each sector in the file; NULL: the stream is the file */
    size_t sector_bytes;
};

/* Reads the tables of the file; the arena holds them. Errors: ERR_INPUT, ERR_IO. */
MUST_USE bool cfb_open(struct cfb *cfb, struct arena *arena, const struct workbook *workbook,
                       struct err *err);

/* Finds a stream or storage by name (ASCII, any case) anywhere in the directory; *found false when
 * there is none. */
MUST_USE bool cfb_find(const struct cfb *cfb, const char *name, bool *found,
                       struct cfb_stream *stream, struct err *err);

/* The file itself as a stream: some programs write workbooks without the compound file around. */
struct cfb_stream cfb_whole_file(const struct workbook *workbook);

/* Reads up to `size` bytes; *got is smaller only at the stream's end. Errors: ERR_INPUT when the
 * file ends before the stream, ERR_IO. */
MUST_USE bool cfb_read(const struct cfb_stream *stream, uint64_t offset, void *buffer, size_t size,
                       size_t *got, struct err *err);

#endif
