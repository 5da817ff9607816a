#include "intake/workbook_biff.h"

#include <errno.h>
#include <string.h>

enum { RECORD_HEAD_BYTES = 4 };

bool biff_damaged(struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "truncated or damaged: the xls workbook's records do not fit; save it as xlsx",
                   "文件不完整或已损坏：xls 工作簿的记录不对，请另存为 xlsx");
}

void biff_init(struct biff *biff, struct arena *arena, struct cfb_stream stream)
{
    *biff = (struct biff){.stream = stream, .block = arena_alloc(arena, BIFF_BLOCK_BYTES)};
}

void biff_close(struct biff *biff)
{
    if (biff->narrow_open) iconv_close(biff->narrow);
    biff->narrow_open = false;
}

void biff_seek(struct biff *biff, uint64_t offset)
{
    biff->next = offset;
    biff->held = false;
}

/* Brings `size` bytes at the next record's place into the block; *enough false when the stream ends
 * before. */
static bool load(struct biff *biff, size_t size, bool *enough, struct err *err)
{
    uint64_t end = biff->block_start + biff->block_length;
    if (biff->next < biff->block_start || biff->next + size > end) {
        size_t got;
        if (!cfb_read(&biff->stream, biff->next, biff->block, BIFF_BLOCK_BYTES, &got, err)) {
            return false;
        }
        biff->block_start = biff->next;
        biff->block_length = got;
    }
    *enough = biff->next + size <= biff->block_start + biff->block_length;
    return true;
}

bool biff_next(struct biff *biff, bool *end, struct err *err)
{
    *end = false;
    biff->at = 0;
    if (biff->held) {
        biff->held = false;
        return true;
    }
    bool enough;
    if (!load(biff, RECORD_HEAD_BYTES, &enough, err)) return false;
    if (!enough) {
        *end = true;
        return true;
    }
    const unsigned char *head = biff->block + (biff->next - biff->block_start);
    unsigned type = (unsigned)(head[0] | head[1] << 8);
    size_t length = (size_t)(head[2] | head[3] << 8);
    if (!load(biff, RECORD_HEAD_BYTES + length, &enough, err)) return false;
    if (!enough) return biff_damaged(err);
    biff->type = type;
    biff->length = length;
    biff->data = biff->block + (biff->next - biff->block_start) + RECORD_HEAD_BYTES;
    biff->offset = biff->next;
    biff->next += RECORD_HEAD_BYTES + length;
    return true;
}

bool biff_is_start(unsigned type)
{
    return type == 0x0009 || type == 0x0209 || type == 0x0409 || type == 0x0809;
}

uint32_t biff_u16(const struct biff *biff, size_t at)
{
    if (at + 2 > biff->length) return 0;
    return (uint32_t)biff->data[at] | (uint32_t)biff->data[at + 1] << 8;
}

uint32_t biff_u32(const struct biff *biff, size_t at)
{
    if (at + 4 > biff->length) return 0;
    return biff_u16(biff, at) | biff_u16(biff, at + 2) << 16;
}

double biff_double(const struct biff *biff, size_t at)
{
    uint64_t bits = (uint64_t)biff_u32(biff, at + 4) << 32 | biff_u32(biff, at);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* On to the CONTINUE record that must follow. */
static bool go_on(struct biff *biff, struct err *err)
{
    bool end;
    if (!biff_next(biff, &end, err)) return false;
    return !end && biff->type == BIFF_CONTINUE ? true : biff_damaged(err);
}

static bool skip(struct biff *biff, uint64_t bytes, struct err *err)
{
    while (bytes > biff->length - biff->at) {
        bytes -= biff->length - biff->at;
        if (!go_on(biff, err)) return false;
    }
    biff->at += (size_t)bytes;
    return true;
}

static void add_unit(struct text *out, uint32_t unit, uint32_t *high)
{
    if (out->max - out->len < 4) return;
    bool low = unit >= 0xDC00 && unit <= 0xDFFF;
    if (*high != 0 && low) {
        text_add_code(out, 0x10000 + ((*high - 0xD800) << 10) + (unit - 0xDC00));
        *high = 0;
        return;
    }
    if (*high != 0) text_add_code(out, 0xFFFD);
    *high = unit >= 0xD800 && unit <= 0xDBFF ? unit : 0;
    if (*high == 0) text_add_code(out, low ? 0xFFFD : unit);
}

/* The characters of a BIFF 8 text; where they go on in a CONTINUE record they begin with a byte
 * that says anew how wide they are. */
static bool add_characters(struct biff *biff, size_t count, bool wide, struct text *out,
                           struct err *err)
{
    uint32_t high = 0;
    while (count > 0) {
        if (biff->at >= biff->length) {
            if (!go_on(biff, err)) return false;
            if (biff->length == 0) return biff_damaged(err);
            wide = biff->data[0] & 1;
            biff->at = 1;
        }
        size_t size = wide ? 2 : 1, here = (biff->length - biff->at) / size;
        if (here == 0) {
            biff->at = biff->length; /* half a character: damaged, but only here */
            continue;
        }
        if (here > count) here = count;
        for (size_t i = 0; i < here; i++, biff->at += size) {
            add_unit(out, wide ? biff_u16(biff, biff->at) : biff->data[biff->at], &high);
        }
        count -= here;
    }
    if (high != 0) add_unit(out, 0xFFFD, &high);
    return true;
}

/* Before version 8 texts are bytes in the code page of the writer's Windows: in China GBK. */
static bool add_narrow(struct biff *biff, size_t count, struct text *out, struct err *err)
{
    if (!biff->narrow_open) {
        biff->narrow = iconv_open("UTF-8", "GB18030");
        if (biff->narrow == (iconv_t)-1) {
            return err_set(err, ERR_IO, "this system cannot convert GB18030 text",
                           "本机无法转换 GB18030 编码");
        }
        biff->narrow_open = true;
    }
    if (count > biff->length - biff->at) count = biff->length - biff->at;
    char *in = (char *)(uintptr_t)(biff->data + biff->at);
    size_t left = count;
    biff->at += count;
    while (left > 0) {
        char buffer[256], *to = buffer;
        size_t room = sizeof buffer;
        size_t result = iconv(biff->narrow, &in, &left, &to, &room);
        struct str part = {buffer, (size_t)(to - buffer)};
        text_add(out, str_slice(part, 0, out->max - out->len));
        if (result == (size_t)-1 && errno != E2BIG) {
            if (out->max - out->len >= 3) text_add_code(out, 0xFFFD);
            in++;
            left--;
        }
    }
    (void)iconv(biff->narrow, NULL, NULL, NULL, NULL);
    return true;
}

bool biff_text(struct biff *biff, size_t length_bytes, bool shared, struct text *out,
               struct err *err)
{
    bool wide_version = biff->version >= 8;
    if (shared && biff->at >= biff->length && !go_on(biff, err)) return false;
    if (biff->at + length_bytes + wide_version > biff->length) return biff_damaged(err);
    size_t count = length_bytes == 1 ? biff->data[biff->at] : biff_u16(biff, biff->at);
    biff->at += length_bytes;
    if (!wide_version) return add_narrow(biff, count, out, err);
    unsigned flags = biff->data[biff->at++];
    uint64_t extra = 0;
    if (shared && flags & 8) {
        if (biff->at + 2 > biff->length) return biff_damaged(err);
        extra += 4 * (uint64_t)biff_u16(biff, biff->at);
        biff->at += 2;
    }
    if (shared && flags & 4) {
        if (biff->at + 4 > biff->length) return biff_damaged(err);
        extra += biff_u32(biff, biff->at);
        biff->at += 4;
    }
    return add_characters(biff, count, flags & 1, out, err) && skip(biff, extra, err);
}
