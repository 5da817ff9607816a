#include "intake/workbook_decode.h"

#include "base/file.h"
#include "base/word.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <unistd.h>

enum encoding {
    ENCODING_OPEN,
    ENCODING_UTF8,
    ENCODING_GB18030,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE
};

enum {
    SEQUENCE_BYTES_MAX = 4,
    CONVERTED_BYTES_MAX = 3 * (DECODE_BLOCK_BYTES + SEQUENCE_BYTES_MAX) + 16,
};

struct decoder {
    struct arena *arena;
    int fd; /* -1: the bytes are in memory */
    const char *bytes;
    uint64_t size, offset; /* of the file; read so far */
    enum encoding encoding;
    iconv_t conversion; /* for all but UTF-8 */
    bool converting;
    bool keeps_controls; /* U+0080 to U+009F */
    unsigned char *raw;  /* one block, after the unfinished bytes of the last */
    size_t raw_length;
    unsigned char *converted;
    size_t converted_length;
    unsigned char *window;
    size_t start, end, capacity;
};

struct decoder *decoder_open(struct arena *arena, int fd, uint64_t size)
{
    struct decoder *decoder = arena_new(arena, struct decoder);
    *decoder = (struct decoder){.arena = arena, .fd = fd, .size = size};
    decoder->raw = arena_alloc(arena, DECODE_BLOCK_BYTES + SEQUENCE_BYTES_MAX);
    return decoder;
}

void decoder_keep_controls(struct decoder *decoder)
{
    decoder->keeps_controls = true;
}

struct decoder *decoder_open_bytes(struct arena *arena, struct str bytes)
{
    struct decoder *decoder = decoder_open(arena, -1, bytes.len);
    decoder->bytes = bytes.ptr;
    return decoder;
}

void decoder_close(struct decoder *decoder)
{
    if (decoder != NULL && decoder->converting) {
        iconv_close(decoder->conversion);
        decoder->converting = false;
    }
}

void decoder_rewind(struct decoder *decoder)
{
    decoder->offset = 0;
    decoder->raw_length = decoder->converted_length = 0;
    decoder->start = decoder->end = 0;
}

struct str decoder_window(const struct decoder *decoder)
{
    if (decoder->window == NULL) return STR_EMPTY;
    return (struct str){(const char *)decoder->window + decoder->start,
                        decoder->end - decoder->start};
}

void decoder_drop(struct decoder *decoder, size_t bytes)
{
    CHECK(bytes <= decoder->end - decoder->start);
    decoder->start += bytes;
}

uint64_t decoder_bytes_read(const struct decoder *decoder)
{
    return decoder->offset;
}

/* The length of the UTF-8 character at `at`, 0 when it is broken, SIZE_MAX when the text ends
 * inside it. The table of RFC 3629, section 4: no overlong forms, no surrogates. */
static size_t utf8_length(const unsigned char *at, size_t left)
{
    unsigned char first = at[0];
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    size_t need = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (left < 2) return SIZE_MAX;
    unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < low || at[1] > high) return 0;
    for (size_t i = 2; i < need; i++) {
        if (i == left) return SIZE_MAX;
        if ((at[i] & 0xC0) != 0x80) return 0;
    }
    return need;
}

/* Counts characters beyond ASCII that are whole and bytes that are broken, read as UTF-8. */
static void count_utf8(const unsigned char *bytes, size_t size, size_t *whole, size_t *broken)
{
    bool was_broken = false;
    *whole = *broken = 0;
    for (size_t i = 0; i < size;) {
        size_t length = utf8_length(bytes + i, size - i);
        if (length == SIZE_MAX) break;
        if (length > 1) ++*whole;
        if (length == 0 && !was_broken) ++*broken;
        was_broken = length == 0;
        i += length == 0 ? 1 : length;
    }
}

/* The same for GB18030; `common` counts those in the rows of GB 2312 that Chinese text is made of
 * (symbols, digits, full-width forms, hanzi): Big5 or Latin text read as GB18030 falls elsewhere.
 */
static void count_gb18030(const unsigned char *bytes, size_t size, size_t *whole, size_t *broken,
                          size_t *common)
{
    *whole = *broken = *common = 0;
    for (size_t i = 0; i < size;) {
        unsigned char lead = bytes[i];
        if (lead < 0x80) {
            i++;
            continue;
        }
        if (i + 1 == size) break;
        unsigned char trail = bytes[i + 1];
        bool pair = lead > 0x80 && lead < 0xFF && trail >= 0x40 && trail != 0x7F && trail != 0xFF;
        bool four = lead > 0x80 && lead < 0xFF && trail >= 0x30 && trail <= 0x39 && i + 3 < size
                    && bytes[i + 2] > 0x80 && bytes[i + 2] < 0xFF && bytes[i + 3] >= 0x30
                    && bytes[i + 3] <= 0x39;
        if (pair || four)
            ++*whole;
        else
            ++*broken;
        if (pair && trail >= 0xA1
            && ((lead >= 0xB0 && lead <= 0xF7) || (lead >= 0xA1 && lead <= 0xA3))) {
            ++*common;
        }
        i += pair ? 2 : four ? 4 : 1;
    }
}

/* UTF-16 without a mark: zero bytes stand nearly always on one side, many of them, and line ends or
 * separators are among what they make. */
static enum encoding find_utf16(const unsigned char *bytes, size_t size)
{
    size_t zeros[2] = {0, 0}, breaks[2] = {0, 0};
    for (size_t i = 0; i + 1 < size; i += 2) {
        for (size_t side = 0; side < 2; side++) {
            if (bytes[i + side] != 0) continue;
            unsigned char other = bytes[i + 1 - side];
            zeros[side]++;
            breaks[side] += other == '\n' || other == '\t' || other == ',' || other == ';';
        }
    }
    for (size_t side = 0; side < 2; side++) {
        bool many = zeros[side] * 20 >= size / 2 && zeros[side] >= 4;
        if (many && breaks[side] > 0 && zeros[1 - side] * 50 <= zeros[side]) {
            return side == 1 ? ENCODING_UTF16LE : ENCODING_UTF16BE;
        }
    }
    return ENCODING_OPEN;
}

static bool starts(const struct decoder *decoder, const char *mark, size_t length)
{
    return decoder->raw_length >= length && memcmp(decoder->raw, mark, length) == 0;
}

static void drop_raw(struct decoder *decoder, size_t bytes)
{
    memmove(decoder->raw, decoder->raw + bytes, decoder->raw_length - bytes);
    decoder->raw_length -= bytes;
}

static bool unknown_encoding(struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "the text is in no known encoding (UTF-8, GB18030, UTF-16); save it as UTF-8",
                   "文字编码无法识别（可用 UTF-8、GB18030、UTF-16），请另存为 UTF-8");
}

/* At the start of the file: byte order marks. */
static bool find_mark(struct decoder *decoder, struct err *err)
{
    if (starts(decoder, "\xFF\xFE\0\0", 4) || starts(decoder, "\0\0\xFE\xFF", 4)) {
        return unknown_encoding(err); /* UTF-32 */
    }
    if (starts(decoder, "\xEF\xBB\xBF", 3)) {
        decoder->encoding = ENCODING_UTF8;
        drop_raw(decoder, 3);
    } else if (starts(decoder, "\xFF\xFE", 2)) {
        decoder->encoding = ENCODING_UTF16LE;
        drop_raw(decoder, 2);
    } else if (starts(decoder, "\xFE\xFF", 2)) {
        decoder->encoding = ENCODING_UTF16BE;
        drop_raw(decoder, 2);
    } else if (decoder->encoding == ENCODING_OPEN) {
        decoder->encoding = find_utf16(decoder->raw, decoder->raw_length);
    }
    return true;
}

/* Decides by the first block that has bytes beyond ASCII. Valid UTF-8 is UTF-8: two hanzi of
 * GB18030 look like it by chance once in sixty times, a whole heading never. */
static bool find_encoding(struct decoder *decoder, struct err *err)
{
    size_t whole, broken, common;
    count_utf8(decoder->raw, decoder->raw_length, &whole, &broken);
    if (whole == 0 && broken == 0) return true;
    if (whole >= 2 * broken) {
        decoder->encoding = ENCODING_UTF8;
        return true;
    }
    count_gb18030(decoder->raw, decoder->raw_length, &whole, &broken, &common);
    if (whole < 2 * broken || (whole >= 8 && common * 2 < whole)) return unknown_encoding(err);
    decoder->encoding = ENCODING_GB18030;
    return true;
}

static bool start_conversion(struct decoder *decoder, struct err *err)
{
    const char *name = decoder->encoding == ENCODING_GB18030   ? "GB18030"
                       : decoder->encoding == ENCODING_UTF16LE ? "UTF-16LE"
                                                               : "UTF-16BE";
    decoder->conversion = iconv_open("UTF-8", name);
    if (decoder->conversion == (iconv_t)-1) {
        return err_set(err, ERR_IO, "this system cannot convert %s text", "本机无法转换 %s 编码",
                       name);
    }
    decoder->converting = true;
    decoder->converted = arena_alloc(decoder->arena, CONVERTED_BYTES_MAX + SEQUENCE_BYTES_MAX);
    return true;
}

/* Room for `bytes` more behind the window, by moving it to the front and then by growing. */
static bool make_room(struct decoder *decoder, size_t bytes, struct err *err)
{
    size_t length = decoder->end - decoder->start;
    if (decoder->start > 0) {
        memmove(decoder->window, decoder->window + decoder->start, length);
        decoder->start = 0;
        decoder->end = length;
    }
    if (length + bytes <= decoder->capacity) return true;
    size_t capacity =
        decoder->capacity * 2 > length + bytes ? decoder->capacity * 2 : length + bytes;
    if (capacity > DECODE_WINDOW_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "a piece of text is larger than %d bytes",
                       "有一段文字超过 %d 字节", DECODE_WINDOW_BYTES_MAX);
    }
    unsigned char *bigger = arena_alloc(decoder->arena, capacity);
    if (length > 0) memcpy(bigger, decoder->window, length);
    decoder->window = bigger;
    decoder->capacity = capacity;
    return true;
}

static bool plain_eight(const unsigned char *at)
{
    uint64_t word = word_at(at);
    uint64_t high = word & 0x8080808080808080u;
    uint64_t low = (word - 0x2020202020202020u) & ~word & 0x8080808080808080u;
    uint64_t flipped = word ^ 0x7F7F7F7F7F7F7F7Fu;
    uint64_t deleted = (flipped - 0x0101010101010101u) & ~flipped & 0x8080808080808080u;
    return (high | low | deleted) == 0;
}

/* Appends clean text; gives the number of bytes used, fewer than `size` when the last character is
 * unfinished and more is to come. *zero is set when a NUL byte was met. */
static size_t append_clean(struct decoder *decoder, const unsigned char *in, size_t size, bool last,
                           bool *zero)
{
    unsigned char *out = decoder->window + decoder->end;
    size_t i = 0;
    while (i < size) {
        if (size - i >= 8 && plain_eight(in + i)) {
            memcpy(out, in + i, 8);
            out += 8, i += 8;
            continue;
        }
        unsigned char c = in[i];
        while (c >= 0xE1 && c <= 0xEC && size - i >= 4 && (in[i + 1] & in[i + 2] & 0xC0) == 0x80
               && ((in[i + 1] | in[i + 2]) & 0x40) == 0) {
            memcpy(out, in + i, 3); /* a hanzi: nearly all that is beyond ASCII */
            out += 3, i += 3;
            c = in[i];
        }
        if (c >= 0x80) {
            size_t length = utf8_length(in + i, size - i);
            if (length == SIZE_MAX && !last) break;
            if (length == 0 || length == SIZE_MAX) {
                memcpy(out, "\xEF\xBF\xBD", 3);
                out += 3, i++;
                while (i < size && (in[i] & 0xC0) == 0x80) i++; /* the rest of the same character */
                continue;
            }
            bool control = c == 0xC2 && in[i + 1] < 0xA0 && !decoder->keeps_controls;
            for (size_t k = 0; k < length && !control; k++) *out++ = in[i + k];
            i += length;
            continue;
        }
        if (c == '\r' && i + 1 == size && !last) break;
        if (c == '\r' && (i + 1 == size || in[i + 1] != '\n')) c = '\n';
        if (c == 0) *zero = true;
        if ((c >= 0x20 && c != 0x7F) || c == '\t' || c == '\n') *out++ = c;
        i++;
    }
    decoder->end = (size_t)(out - decoder->window);
    return i;
}

/* Converts the raw block to UTF-8; broken bytes become U+FFFD one at a time (UTF-16: two). */
static void convert_block(struct decoder *decoder, bool last)
{
    char *in = (char *)decoder->raw;
    size_t left = decoder->raw_length;
    char *out = (char *)decoder->converted + decoder->converted_length;
    size_t room = CONVERTED_BYTES_MAX + SEQUENCE_BYTES_MAX - decoder->converted_length;
    size_t unit = decoder->encoding == ENCODING_GB18030 ? 1 : 2;
    while (left > 0) {
        if (iconv(decoder->conversion, &in, &left, &out, &room) != (size_t)-1) continue;
        if (errno == EINVAL && !last) break;
        CHECK(errno != E2BIG);
        memcpy(out, "\xEF\xBF\xBD", 3);
        out += 3, room -= 3;
        size_t skip = left < unit ? left : unit;
        in += skip, left -= skip;
    }
    (void)iconv(decoder->conversion, NULL, NULL, NULL, NULL);
    decoder->converted_length = (size_t)(out - (char *)decoder->converted);
    drop_raw(decoder, decoder->raw_length - left);
}

static bool read_block(struct decoder *decoder, struct err *err)
{
    size_t wish = DECODE_BLOCK_BYTES;
    unsigned char *to = decoder->raw + decoder->raw_length;
    if (decoder->fd < 0) {
        uint64_t left = decoder->size - decoder->offset;
        size_t take = left < wish ? (size_t)left : wish;
        if (take > 0) memcpy(to, decoder->bytes + decoder->offset, take);
        decoder->offset += take;
        decoder->raw_length += take;
        return true;
    }
    while (wish > 0 && decoder->offset < decoder->size) {
        ssize_t got = pread(decoder->fd, to, wish, (off_t)decoder->offset);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            int code = errno;
            err_set(err, ERR_IO, "could not be read", "无法读取");
            return file_reason(err, code);
        }
        if (got == 0) decoder->size = decoder->offset; /* cut shorter meanwhile */
        decoder->offset += (uint64_t)got;
        decoder->raw_length += (size_t)got;
        to += got, wish -= (size_t)got;
    }
    return true;
}

bool decoder_more(struct decoder *decoder, bool *end, struct err *err)
{
    bool first = decoder->offset == 0;
    *end = decoder->offset >= decoder->size;
    if (*end) return true;
    if (!read_block(decoder, err)) return false;
    if (first && !find_mark(decoder, err)) return false;
    if (decoder->encoding == ENCODING_OPEN && !find_encoding(decoder, err)) return false;
    bool last = decoder->offset >= decoder->size, zero = false;
    bool utf8 = decoder->encoding == ENCODING_OPEN || decoder->encoding == ENCODING_UTF8;
    if (!utf8 && !decoder->converting && !start_conversion(decoder, err)) return false;
    if (!utf8) convert_block(decoder, last);
    const unsigned char *from = utf8 ? decoder->raw : decoder->converted;
    size_t size = utf8 ? decoder->raw_length : decoder->converted_length;
    if (!make_room(decoder, 3 * size + 16, err)) return false;
    size_t used = append_clean(decoder, from, size, last, &zero);
    if (zero) {
        return err_set(err, ERR_INPUT,
                       "NUL bytes in what should be text: not a text file, or a damaged one",
                       "文字中有空字节（NUL）：不是文本文件，或者已经损坏");
    }
    if (utf8) {
        drop_raw(decoder, used);
    } else {
        memmove(decoder->converted, decoder->converted + used, size - used);
        decoder->converted_length = size - used;
    }
    return true;
}
