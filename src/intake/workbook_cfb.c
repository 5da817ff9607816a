#include "intake/workbook_cfb.h"

#include <string.h>

/* Layout as in [MS-CFB]: a header, then sectors; a table (FAT) names for each sector the next one
 * of its chain. Streams below a cutoff lie in 64-byte sectors of one "mini stream". */

enum { HEADER_BYTES = 512, HEADER_FATS = 109, ENTRY_BYTES = 128, ENTRIES_MAX = 65536 };

static const uint32_t SECTOR_LAST = 0xFFFFFFFA; /* from here on numbers are marks, not sectors */

static uint32_t u32(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static uint32_t u16(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8;
}

static bool damaged(struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "truncated or damaged: it begins like an xls workbook but its parts do not fit; "
                   "copy or export it again",
                   "文件不完整或已损坏：开头像 xls 工作簿，但内部结构不对，请重新复制或导出");
}

static uint64_t sector_place(const struct cfb *cfb, uint32_t sector)
{
    return ((uint64_t)sector + 1) * cfb->sector_bytes;
}

static bool read_sector(const struct cfb *cfb, uint32_t sector, unsigned char *buffer,
                        struct err *err)
{
    size_t got;
    if (sector >= SECTOR_LAST) return damaged(err);
    if (!workbook_read_at(cfb->workbook, sector_place(cfb, sector), buffer, cfb->sector_bytes, &got,
                          err)) {
        return false;
    }
    /* The last sector of a file may be short. */
    if (got == 0) return damaged(err);
    memset(buffer + got, 0xFF, cfb->sector_bytes - got);
    return true;
}

/* Appends a sector of sector numbers to a table of `capacity`. */
static bool append_table(const struct cfb *cfb, uint32_t sector, uint32_t *table, size_t *count,
                         size_t capacity, struct err *err)
{
    unsigned char buffer[4096];
    if (!read_sector(cfb, sector, buffer, err)) return false;
    for (size_t i = 0; i < cfb->sector_bytes / 4 && *count < capacity; i++) {
        table[(*count)++] = u32(buffer + 4 * i);
    }
    return true;
}

/* The FAT's own sectors are named in the header and, for files beyond 7 MB, in a chain of its own.
 */
static bool read_fat(struct cfb *cfb, const unsigned char *header, struct err *err)
{
    size_t capacity = (size_t)(cfb->workbook->size / cfb->sector_bytes) + 1;
    uint32_t left = u32(header + 44), next = u32(header + 68);
    unsigned char buffer[4096];
    cfb->fat = arena_array(cfb->arena, uint32_t, capacity);
    for (size_t i = 0; i < HEADER_FATS && left > 0; i++, left--) {
        uint32_t sector = u32(header + 76 + 4 * i);
        if (!append_table(cfb, sector, cfb->fat, &cfb->fat_count, capacity, err)) return false;
    }
    for (size_t steps = 0; left > 0 && next < SECTOR_LAST && cfb->fat_count < capacity; steps++) {
        if (steps > capacity || !read_sector(cfb, next, buffer, err)) return damaged(err);
        size_t entries = cfb->sector_bytes / 4 - 1;
        for (size_t i = 0; i < entries && left > 0; i++, left--) {
            uint32_t sector = u32(buffer + 4 * i);
            if (!append_table(cfb, sector, cfb->fat, &cfb->fat_count, capacity, err)) return false;
        }
        next = u32(buffer + 4 * entries);
    }
    return true;
}

/* The next sector of a chain; a mark when it ends or leaves the table. */
static uint32_t next_sector(const uint32_t *table, size_t count, uint32_t sector)
{
    return sector < count ? table[sector] : UINT32_MAX;
}

static bool read_mini_fat(struct cfb *cfb, const unsigned char *header, struct err *err)
{
    uint32_t sector = u32(header + 60), left = u32(header + 64);
    if (left > cfb->fat_count) left = (uint32_t)cfb->fat_count;
    size_t capacity = (size_t)left * (cfb->sector_bytes / 4);
    if (capacity == 0) return true;
    cfb->mini_fat = arena_array(cfb->arena, uint32_t, capacity);
    for (; left > 0 && sector < SECTOR_LAST; left--) {
        if (!append_table(cfb, sector, cfb->mini_fat, &cfb->mini_fat_count, capacity, err)) {
            return false;
        }
        sector = next_sector(cfb->fat, cfb->fat_count, sector);
    }
    return true;
}

struct entry {
    char name[33]; /* ASCII, others as "?" */
    unsigned type; /* 1 storage, 2 stream, 5 root, 0 unused */
    uint32_t start;
    uint64_t size;
};

static struct entry parse_entry(const struct cfb *cfb, const unsigned char *at)
{
    struct entry entry = {.type = at[66], .start = u32(at + 116), .size = u32(at + 120)};
    if (cfb->sector_bytes > 512) entry.size |= (uint64_t)u32(at + 124) << 32;
    size_t length = u16(at + 64) / 2;
    if (length > 32) length = 32;
    for (size_t i = 0; i + 1 < length; i++) {
        uint32_t unit = u16(at + 2 * i);
        entry.name[i] = unit > 0 && unit < 0x7F ? (char)unit : '?';
    }
    return entry;
}

static bool same_name(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        char x = *a >= 'A' && *a <= 'Z' ? (char)(*a | 0x20) : *a;
        char y = *b >= 'A' && *b <= 'Z' ? (char)(*b | 0x20) : *b;
        if (x != y) return false;
    }
    return *a == *b;
}

/* The first entry of that name, or of type 5 (the root) when name is NULL. */
static bool find_entry(const struct cfb *cfb, const char *name, bool *found, struct entry *out,
                       struct err *err)
{
    unsigned char buffer[4096];
    uint32_t sector = cfb->directory;
    *found = false;
    /* A chain that is longer than the file has sectors goes in a circle. */
    uint64_t left = cfb->workbook->size / cfb->sector_bytes + 1;
    for (size_t seen = 0; seen < ENTRIES_MAX && sector < SECTOR_LAST && left > 0; left--) {
        if (!read_sector(cfb, sector, buffer, err)) return false;
        for (size_t i = 0; i < cfb->sector_bytes / ENTRY_BYTES; i++, seen++) {
            struct entry entry = parse_entry(cfb, buffer + i * ENTRY_BYTES);
            bool hit = name == NULL
                           ? entry.type == 5
                           : (entry.type == 1 || entry.type == 2) && same_name(entry.name, name);
            if (!hit) continue;
            *found = true;
            *out = entry;
            return true;
        }
        sector = next_sector(cfb->fat, cfb->fat_count, sector);
    }
    return true;
}

bool cfb_open(struct cfb *cfb, struct arena *arena, const struct workbook *workbook,
              struct err *err)
{
    unsigned char header[HEADER_BYTES];
    size_t got;
    if (!workbook_read_at(workbook, 0, header, sizeof header, &got, err)) return false;
    if (got < sizeof header) return damaged(err);
    unsigned shift = u16(header + 30), mini_shift = u16(header + 32);
    if ((shift != 9 && shift != 12) || mini_shift != 6) return damaged(err);
    *cfb = (struct cfb){
        .workbook = workbook,
        .arena = arena,
        .sector_bytes = 1u << shift,
        .mini_sector_bytes = 1u << mini_shift,
        .mini_cutoff = u32(header + 56),
        .directory = u32(header + 48),
    };
    if (!read_fat(cfb, header, err) || !read_mini_fat(cfb, header, err)) return false;
    struct entry root;
    bool found;
    if (!find_entry(cfb, NULL, &found, &root, err)) return false;
    if (!found) return damaged(err);
    cfb->mini_start = root.start;
    cfb->mini_size = root.size;
    return true;
}

/* The places of a chain of `count` sectors of the FAT. */
static bool chain_places(const struct cfb *cfb, uint32_t sector, size_t count, uint64_t *places,
                         struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (sector >= SECTOR_LAST || sector_place(cfb, sector) >= cfb->workbook->size) {
            return damaged(err);
        }
        places[i] = sector_place(cfb, sector);
        sector = next_sector(cfb->fat, cfb->fat_count, sector);
    }
    return true;
}

static size_t sectors_of(uint64_t size, unsigned sector_bytes)
{
    return (size_t)((size + sector_bytes - 1) / sector_bytes);
}

/* A small stream: its sectors are pieces of the mini stream's. */
static bool open_mini(const struct cfb *cfb, const struct entry *entry, struct cfb_stream *stream,
                      struct err *err)
{
    size_t big_count = sectors_of(cfb->mini_size, cfb->sector_bytes);
    size_t count = sectors_of(entry->size, cfb->mini_sector_bytes);
    if (cfb->mini_size > cfb->workbook->size || count > cfb->mini_fat_count) return damaged(err);
    uint64_t *big = arena_array(cfb->arena, uint64_t, big_count + 1);
    uint64_t *places = arena_array(cfb->arena, uint64_t, count + 1);
    if (!chain_places(cfb, cfb->mini_start, big_count, big, err)) return false;
    uint32_t sector = entry->start;
    for (size_t i = 0; i < count; i++) {
        uint64_t offset = (uint64_t)sector * cfb->mini_sector_bytes;
        if (sector >= SECTOR_LAST || offset >= cfb->mini_size) return damaged(err);
        places[i] = big[offset / cfb->sector_bytes] + offset % cfb->sector_bytes;
        sector = next_sector(cfb->mini_fat, cfb->mini_fat_count, sector);
    }
    *stream = (struct cfb_stream){cfb->workbook, entry->size, places, cfb->mini_sector_bytes};
    return true;
}

bool cfb_find(const struct cfb *cfb, const char *name, bool *found, struct cfb_stream *stream,
              struct err *err)
{
    struct entry entry;
    bool seen;
    if (!find_entry(cfb, name, &seen, &entry, err)) return false;
    if (seen && entry.type == 2 && stream != NULL) {
        size_t count = sectors_of(entry.size, cfb->sector_bytes);
        if (entry.size > cfb->workbook->size) return damaged(err);
        if (entry.size < cfb->mini_cutoff) {
            if (!open_mini(cfb, &entry, stream, err)) return false;
        } else {
            uint64_t *places = arena_array(cfb->arena, uint64_t, count + 1);
            if (!chain_places(cfb, entry.start, count, places, err)) return false;
            *stream = (struct cfb_stream){cfb->workbook, entry.size, places, cfb->sector_bytes};
        }
    }
    *found = seen;
    return true;
}

struct cfb_stream cfb_whole_file(const struct workbook *workbook)
{
    return (struct cfb_stream){.workbook = workbook, .size = workbook->size};
}

bool cfb_read(const struct cfb_stream *stream, uint64_t offset, void *buffer, size_t size,
              size_t *got, struct err *err)
{
    if (offset >= stream->size)
        size = 0;
    else if (size > stream->size - offset)
        size = (size_t)(stream->size - offset);
    size_t done = 0, part;
    while (done < size) {
        uint64_t at = offset + done, place = at;
        size_t length = size - done;
        if (stream->places != NULL) {
            size_t sector = (size_t)(at / stream->sector_bytes), inside = at % stream->sector_bytes;
            place = stream->places[sector] + inside;
            /* Neighbours in the file are read at once. */
            size_t run = stream->sector_bytes - inside;
            while (run < length
                   && stream->places[sector + 1] == stream->places[sector] + stream->sector_bytes) {
                run += stream->sector_bytes;
                sector++;
            }
            if (run < length) length = run;
        }
        if (!workbook_read_at(stream->workbook, place, (char *)buffer + done, length, &part, err)) {
            return false;
        }
        if (part < length) return damaged(err);
        done += length;
    }
    *got = done;
    return true;
}
