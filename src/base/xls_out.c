#include "base/xls_out.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* The stream of records lies first in the file, from sector 0 on, so that it can be written as it
 * comes; the tables that the header points to follow at the end, and the header is written last.
 * Records as in [MS-XLS], the file as in [MS-CFB]. */

enum {
    SECTOR_BYTES = 512,
    NUMBERS_PER_SECTOR = SECTOR_BYTES / 4,
    HEADER_FATS = 109,
    STREAM_BYTES_MIN = 4096, /* smaller ones would belong to the mini stream */
    BUFFER_BYTES = 64 * 1024,
    XF_STYLES = 15, /* style formats before the first cell format */
};

static const uint32_t CHAIN_END = 0xFFFFFFFE, SECTOR_FAT = 0xFFFFFFFD, SECTOR_DIFAT = 0xFFFFFFFC,
                      SECTOR_FREE = 0xFFFFFFFF;

struct xls_out {
    int fd;
    bool failed;
    unsigned char buffer[BUFFER_BYTES];
    size_t used;
    uint64_t written; /* bytes of the stream before the buffer */
    struct {
        uint16_t rows[2], columns[2];
    } merges[XLS_MERGES_MAX];
    size_t merge_count;
};

static void flush(struct xls_out *out)
{
    size_t done = 0;
    while (done < out->used && !out->failed) {
        ssize_t put = write(out->fd, out->buffer + done, out->used - done);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0)
            out->failed = true;
        else
            done += (size_t)put;
    }
    out->written += out->used;
    out->used = 0;
}

static void put(struct xls_out *out, const void *bytes, size_t size)
{
    if (out->used + size > BUFFER_BYTES) flush(out);
    CHECK(size <= BUFFER_BYTES);
    memcpy(out->buffer + out->used, bytes, size);
    out->used += size;
}

static void put_u8(struct xls_out *out, unsigned value)
{
    unsigned char byte = (unsigned char)value;
    put(out, &byte, 1);
}

static void put_u16(struct xls_out *out, unsigned value)
{
    unsigned char bytes[2] = {(unsigned char)value, (unsigned char)(value >> 8)};
    put(out, bytes, 2);
}

static void put_u32(struct xls_out *out, uint32_t value)
{
    put_u16(out, value & 0xFFFF);
    put_u16(out, value >> 16);
}

static void put_zeros(struct xls_out *out, size_t count)
{
    for (size_t i = 0; i < count; i++) put_u8(out, 0);
}

static void record(struct xls_out *out, unsigned type, unsigned length)
{
    put_u16(out, type);
    put_u16(out, length);
}

/* UTF-16 units of the text, at most `max`, no half pair at the end. */
static unsigned count_units(struct str text, unsigned max)
{
    unsigned units = 0;
    size_t at = 0;
    uint32_t code;
    while (utf8_next(text, &at, &code)) {
        unsigned more = code > 0xFFFF ? 2 : 1;
        if (units + more > max) break;
        units += more;
    }
    return units;
}

static void put_units(struct xls_out *out, struct str text, unsigned units)
{
    size_t at = 0;
    uint32_t code;
    put_u8(out, 1); /* two bytes a character */
    while (units > 0 && utf8_next(text, &at, &code)) {
        if (code > 0xFFFF) {
            put_u16(out, 0xD800 + ((code - 0x10000) >> 10));
            put_u16(out, 0xDC00 + ((code - 0x10000) & 0x3FF));
            units -= 2;
        } else {
            put_u16(out, code);
            units--;
        }
    }
}

static void put_start(struct xls_out *out, unsigned kind)
{
    record(out, 0x0809, 16);
    put_u16(out, 0x0600);
    put_u16(out, kind);
    put_u16(out, 0x0DBB); /* build and year of the Excel that this claims to be */
    put_u16(out, 0x07CC);
    put_u32(out, 0);
    put_u32(out, 6);
}

static void put_font(struct xls_out *out, bool bold)
{
    struct str name = STR("Arial");
    record(out, 0x0031, 16 + (unsigned)name.len);
    put_u16(out, 200); /* height in 1/20 point */
    put_u16(out, 0);
    put_u16(out, 0x7FFF);
    put_u16(out, bold ? 700 : 400);
    put_zeros(out, 6);
    put_u8(out, (unsigned)name.len);
    put_u8(out, 0);
    put(out, name.ptr, name.len);
}

static void put_format(struct xls_out *out, unsigned font, unsigned number_format, bool style)
{
    record(out, 0x00E0, 20);
    put_u16(out, font);
    put_u16(out, number_format);
    put_u16(out, style ? 0xFFF5 : 0x0001);
    put_u8(out, 0x20);
    put_zeros(out, 2);
    put_u8(out, style ? 0xF4 : 0);
    put_zeros(out, 8);
    put_u16(out, 0x20C0);
}

static void put_globals(struct xls_out *out, struct str sheet)
{
    put_start(out, 0x0005);
    record(out, 0x0042, 2); /* code page: Unicode */
    put_u16(out, 1200);
    record(out, 0x003D, 18); /* the window */
    put_u32(out, 0);
    put_u16(out, 16000);
    put_u16(out, 9000);
    put_u16(out, 0x38);
    put_u32(out, 0);
    put_u16(out, 1);
    put_u16(out, 600);
    record(out, 0x0022, 2); /* days count from 1900 */
    put_u16(out, 0);
    for (int i = 0; i < 5; i++) put_font(out, i == 4);
    for (int i = 0; i < XF_STYLES; i++) put_format(out, 0, 0, true);
    put_format(out, 0, 0, false);  /* XLS_PLAIN */
    put_format(out, 5, 0, false);  /* XLS_BOLD: fonts are numbered 0 to 3, 5 … */
    put_format(out, 0, 14, false); /* XLS_DATE */
    record(out, 0x0293, 4);        /* style "Normal" */
    put_u16(out, 0x8000);
    put_u8(out, 0);
    put_u8(out, 0xFF);
    unsigned units = count_units(sheet, 31);
    record(out, 0x0085, 8 + 2 * units);
    uint64_t here = out->written + out->used;
    put_u32(out, (uint32_t)here + 8 + 2 * units + 4); /* the sheet begins behind this and EOF */
    put_u16(out, 0);
    put_u8(out, units);
    put_units(out, sheet, units);
    record(out, 0x000A, 0);
}

struct xls_out *xls_open(struct arena *arena, int fd, const char *sheet)
{
    CHECK(fd >= 0);
    struct xls_out *out = arena_new(arena, struct xls_out);
    out->fd = fd;
    put_zeros(out, SECTOR_BYTES); /* the header's place */
    out->written -= SECTOR_BYTES; /* offsets count from behind it */
    put_globals(out, str_from(sheet));
    put_start(out, 0x0010);
    record(out, 0x0200, 14); /* what the sheet may hold at most */
    put_u32(out, 0);
    put_u32(out, XLS_ROWS_MAX);
    put_u16(out, 0);
    put_u16(out, XLS_COLUMNS_MAX);
    put_u16(out, 0);
    return out;
}

static void put_place(struct xls_out *out, unsigned row, unsigned column, enum xls_style style)
{
    CHECK(row < XLS_ROWS_MAX);
    CHECK(column < XLS_COLUMNS_MAX);
    put_u16(out, row);
    put_u16(out, column);
    put_u16(out, XF_STYLES + (unsigned)style);
}

bool xls_put_text(struct xls_out *out, unsigned row, unsigned column, struct str text,
                  enum xls_style style)
{
    unsigned units = count_units(text, XLS_CELL_UNITS_MAX);
    record(out, 0x0204, 9 + 2 * units);
    put_place(out, row, column, style);
    put_u16(out, units);
    put_units(out, text, units);
    return !out->failed;
}

bool xls_put_number(struct xls_out *out, unsigned row, unsigned column, double value,
                    enum xls_style style)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    record(out, 0x0203, 14);
    put_place(out, row, column, style);
    put_u32(out, (uint32_t)bits);
    put_u32(out, (uint32_t)(bits >> 32));
    return !out->failed;
}

void xls_merge(struct xls_out *out, unsigned row_first, unsigned row_last, unsigned column_first,
               unsigned column_last)
{
    CHECK(out->merge_count < XLS_MERGES_MAX);
    CHECK(row_first <= row_last && row_last < XLS_ROWS_MAX);
    CHECK(column_first <= column_last && column_last < XLS_COLUMNS_MAX);
    out->merges[out->merge_count].rows[0] = (uint16_t)row_first;
    out->merges[out->merge_count].rows[1] = (uint16_t)row_last;
    out->merges[out->merge_count].columns[0] = (uint16_t)column_first;
    out->merges[out->merge_count++].columns[1] = (uint16_t)column_last;
}

static void put_sheet_end(struct xls_out *out)
{
    record(out, 0x023E, 18); /* how the sheet is shown */
    put_u16(out, 0x06B6);
    put_zeros(out, 4);
    put_u32(out, 0x40);
    put_zeros(out, 8);
    if (out->merge_count > 0) {
        record(out, 0x00E5, 2 + 8 * (unsigned)out->merge_count);
        put_u16(out, (unsigned)out->merge_count);
        for (size_t i = 0; i < out->merge_count; i++) {
            put_u16(out, out->merges[i].rows[0]);
            put_u16(out, out->merges[i].rows[1]);
            put_u16(out, out->merges[i].columns[0]);
            put_u16(out, out->merges[i].columns[1]);
        }
    }
    record(out, 0x000A, 0);
}

/* How many sectors each part takes: the stream, then FAT, DIFAT and directory. */
struct layout {
    uint32_t stream, fat, difat;
};

static struct layout plan_layout(uint64_t stream_bytes)
{
    struct layout layout = {.stream = (uint32_t)(stream_bytes / SECTOR_BYTES)};
    for (uint32_t before = UINT32_MAX; before != layout.fat + layout.difat;) {
        before = layout.fat + layout.difat;
        uint32_t all = layout.stream + layout.fat + layout.difat + 1;
        layout.fat = (all + NUMBERS_PER_SECTOR - 1) / NUMBERS_PER_SECTOR;
        uint32_t beyond = layout.fat > HEADER_FATS ? layout.fat - HEADER_FATS : 0;
        layout.difat = (beyond + NUMBERS_PER_SECTOR - 2) / (NUMBERS_PER_SECTOR - 1);
    }
    return layout;
}

static void put_fat(struct xls_out *out, struct layout layout)
{
    uint32_t first_fat = layout.stream, first_difat = first_fat + layout.fat;
    uint32_t directory = first_difat + layout.difat;
    for (uint32_t i = 0; i < layout.fat * NUMBERS_PER_SECTOR; i++) {
        if (i < first_fat)
            put_u32(out, i + 1 == first_fat ? CHAIN_END : i + 1);
        else if (i < first_difat)
            put_u32(out, SECTOR_FAT);
        else if (i < directory)
            put_u32(out, SECTOR_DIFAT);
        else
            put_u32(out, i == directory ? CHAIN_END : SECTOR_FREE);
    }
    uint32_t fat = first_fat + HEADER_FATS;
    for (uint32_t i = 0; i < layout.difat; i++) {
        for (uint32_t k = 0; k + 1 < NUMBERS_PER_SECTOR; k++, fat++) {
            put_u32(out, fat < first_difat ? fat : SECTOR_FREE);
        }
        put_u32(out, i + 1 == layout.difat ? CHAIN_END : first_difat + i + 1);
    }
}

static void put_entry(struct xls_out *out, struct str name, unsigned type, uint32_t child,
                      uint32_t start, uint32_t size)
{
    for (size_t i = 0; i < 32; i++) put_u16(out, i < name.len ? (unsigned char)name.ptr[i] : 0);
    put_u16(out, name.len == 0 ? 0 : 2 * (unsigned)name.len + 2);
    put_u8(out, type);
    put_u8(out, 1);
    put_u32(out, SECTOR_FREE);
    put_u32(out, SECTOR_FREE);
    put_u32(out, child);
    put_zeros(out, 36);
    put_u32(out, start);
    put_u32(out, size);
    put_u32(out, 0);
}

static void put_header(struct xls_out *out, struct layout layout)
{
    static const unsigned char mark[] = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};
    uint32_t first_difat = layout.stream + layout.fat;
    put(out, mark, sizeof mark);
    put_zeros(out, 16);
    put_u16(out, 0x3E);
    put_u16(out, 3);
    put_u16(out, 0xFFFE);
    put_u16(out, 9);
    put_u16(out, 6);
    put_zeros(out, 10);
    put_u32(out, layout.fat);
    put_u32(out, first_difat + layout.difat);
    put_u32(out, 0);
    put_u32(out, STREAM_BYTES_MIN);
    put_u32(out, CHAIN_END); /* no mini stream */
    put_u32(out, 0);
    put_u32(out, layout.difat > 0 ? first_difat : CHAIN_END);
    put_u32(out, layout.difat);
    for (uint32_t i = 0; i < HEADER_FATS; i++) {
        put_u32(out, i < layout.fat ? layout.stream + i : SECTOR_FREE);
    }
}

bool xls_close(struct xls_out *out)
{
    put_sheet_end(out);
    uint64_t size = out->written + out->used;
    uint64_t padded = size < STREAM_BYTES_MIN ? STREAM_BYTES_MIN : size;
    padded = (padded + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES;
    for (uint64_t i = size; i < padded; i++) put_u8(out, 0);
    struct layout layout = plan_layout(padded);
    put_fat(out, layout);
    put_entry(out, STR("Root Entry"), 5, 1, CHAIN_END, 0);
    put_entry(out, STR("Workbook"), 2, SECTOR_FREE, 0, (uint32_t)padded);
    put_entry(out, STR(""), 0, SECTOR_FREE, 0, 0);
    put_entry(out, STR(""), 0, SECTOR_FREE, 0, 0);
    flush(out);
    if (lseek(out->fd, 0, SEEK_SET) != 0) out->failed = true;
    put_header(out, layout);
    flush(out);
    return !out->failed;
}
