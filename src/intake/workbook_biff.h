#ifndef INTAKE_WORKBOOK_BIFF_H
#define INTAKE_WORKBOOK_BIFF_H

#include "intake/workbook_cfb.h"

#include <iconv.h>

/* The records of an old Excel workbook (BIFF 2 to 8): type, length, bytes. Long ones go on in
 * CONTINUE records, which break texts in a way of their own. */

enum biff_type {
    BIFF_INTEGER_2 = 0x0002, /* BIFF 2 has its own cells */
    BIFF_NUMBER_2 = 0x0003,
    BIFF_LABEL_2 = 0x0004,
    BIFF_FORMULA = 0x0006,
    BIFF_EOF = 0x000A,
    BIFF_DATEMODE = 0x0022,
    BIFF_FILEPASS = 0x002F,
    BIFF_CONTINUE = 0x003C,
    BIFF_BOUNDSHEET = 0x0085,
    BIFF_MULRK = 0x00BD,
    BIFF_RSTRING = 0x00D6,
    BIFF_XF = 0x00E0,
    BIFF_MERGEDCELLS = 0x00E5,
    BIFF_SST = 0x00FC,
    BIFF_LABELSST = 0x00FD,
    BIFF_NUMBER = 0x0203,
    BIFF_LABEL = 0x0204,
    BIFF_BOOLERR = 0x0205,
    BIFF_STRING = 0x0207,
    BIFF_RK = 0x027E,
    BIFF_FORMAT = 0x041E,
};

enum { BIFF_BLOCK_BYTES = 128 * 1024 };

struct biff {
    struct cfb_stream stream;
    unsigned version; /* 2, 3, 4, 5 or 8 */
    iconv_t narrow;   /* GB18030, for texts before version 8 */
    bool narrow_open;
    uint64_t next; /* offset of the next record */
    unsigned char *block;
    uint64_t block_start;
    size_t block_length;
    bool held;       /* biff_next gives the same record again */
    uint64_t offset; /* of the record last read */
    unsigned type;
    const unsigned char *data; /* good until the next biff_next */
    size_t length;
    size_t at; /* what biff_text has read of the record */
};

void biff_init(struct biff *biff, struct arena *arena, struct cfb_stream stream);
void biff_close(struct biff *biff); /* a zeroed one too */

/* Goes to an offset; the next biff_next reads there. */
void biff_seek(struct biff *biff, uint64_t offset);

/* The next record; *end at the end of the stream. Errors: ERR_INPUT (a record that goes beyond the
 * stream), ERR_IO. */
MUST_USE bool biff_next(struct biff *biff, bool *end, struct err *err);

/* Whether the type is the start of a stream of records (BOF of any version). */
bool biff_is_start(unsigned type);

/* Little-endian numbers of the record; 0 beyond its end. */
uint32_t biff_u16(const struct biff *biff, size_t at);
uint32_t biff_u32(const struct biff *biff, size_t at);
double biff_double(const struct biff *biff, size_t at);

/* Appends the text at biff->at: a length of `length_bytes` (1 or 2), then the characters, read on
 * into CONTINUE records; afterwards biff->at is behind it (in the record that is then the last
 * read). With `shared`, formatting and readings that belong to a shared text are passed over as
 * well. What passes the maximum of `out` is dropped. Errors: ERR_INPUT. */
MUST_USE bool biff_text(struct biff *biff, size_t length_bytes, bool shared, struct text *out,
                        struct err *err);

/* The error for records that do not fit. Always returns false. */
bool biff_damaged(struct err *err);

#endif
